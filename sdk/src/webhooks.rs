//! Webhooks: where a clinic wants to be told of events, and the other side of it: verifying what one is told.
//!
//! ```
//! use rapport_sdk::{contract::events::Event, webhooks};
//!
//! # fn example(headers: &[(&str, &str)], body: &[u8], secret: &str) -> Result<(), Box<dyn std::error::Error>> {
//! webhooks::verify(secret, |name| headers.iter().find(|(is, _)| *is == name).map(|(_, value)| *value), body)?;
//! let event: Event = serde_json::from_slice(body)?;
//! // Told twice is one event: its id is the same.
//! # Ok(())
//! # }
//! ```

use crate::{Client, List, Result, list::word, retry::Repeat};
use aws_lc_rs::{
    hmac,
    signature::{ED25519, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::{
    ids::{EventId, WebhookId, WebhookSecretId},
    webhooks::{
        DeliveryState, MadeWebhook, NewWebhook, NewWebhookSecret, Webhook, WebhookChallenge, WebhookDelivery,
        WebhookDeliveryList, WebhookList, WebhookPatch,
    },
};
use std::fmt;

/// How far the time of a message may be from ours: an older one may be an old one that is sent again by somebody else.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// The webhooks of the signed-in clinic. Only the owner may.
///
/// ```no_run
/// use rapport_sdk::contract::{events::EventType, webhooks::NewWebhook};
///
/// # async fn example(owner: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// let types = vec![EventType::ShareDelivered];
/// let new = NewWebhook { url: "https://intake.example.org/rapport".to_owned(), types };
/// let made = owner.webhooks().create(&new).await?;
/// // Keep `made.secret` where nobody else reads: it is not shown again.
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Webhooks {
    client: Client,
}

/// Marks the list of a webhook's deliveries, which can be narrowed by state.
#[derive(Debug, Clone, Copy)]
pub enum DeliveriesOfWebhook {}

impl Webhooks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a webhook. Its address is asked at once whether it wants this ([`echo`]); the secret is shown this once.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) if the address or a type is refused;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if the clinic has 20 already: end one.
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner. An address that does not want it is no
    /// error here, but a [state](Webhook::state).
    pub async fn create(&self, new: &NewWebhook) -> Result<MadeWebhook> {
        self.client.post("/v1/webhooks").json(new).send().await
    }

    /// The webhooks, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub fn list(&self) -> List<WebhookList> {
        List::new(self.client.get("/v1/webhooks"))
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such webhook;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn get(&self, id: WebhookId) -> Result<Webhook> {
        self.client.get(format!("/v1/webhooks/{id}")).send().await
    }

    /// Changes a webhook, as it was read. Another address is asked first.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since, by a delivery that disabled it for one;
    /// [`Kind::Validation`](crate::Kind::Validation) as of [`create`](Self::create);
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub async fn update(&self, webhook: &Webhook, patch: &WebhookPatch) -> Result<Webhook> {
        let path = format!("/v1/webhooks/{}", webhook.id);
        self.client.patch(path).if_match(webhook.version).json(patch).send().await
    }

    /// Ends a webhook, as it was read.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended already;
    /// [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub async fn end(&self, webhook: &Webhook) -> Result<()> {
        self.client.delete(format!("/v1/webhooks/{}", webhook.id)).if_match(webhook.version).send_only().await
    }

    /// Has the address asked again whether it wants this: for a webhook that is disabled or was never answered.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub async fn challenge(&self, id: WebhookId) -> Result<Webhook> {
        self.client.post(format!("/v1/webhooks/{id}/challenge")).send().await
    }

    /// Makes another secret, which is shown this once; the one before signs beside it for a day.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if two are good already, and then `end_secret` is
    /// what is [allowed](crate::Problem::allowed), or if the webhook has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub async fn add_secret(&self, id: WebhookId) -> Result<NewWebhookSecret> {
        self.client.post(format!("/v1/webhooks/{id}/secrets")).unkeyed(Repeat::Unapplied).send().await
    }

    /// Ends a secret.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is the only one that is good:
    /// [`add_secret`](Self::add_secret) first. [`Kind::NotFound`](crate::Kind::NotFound) if it is not a good secret of
    /// this webhook; [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn end_secret(&self, id: WebhookId, secret_id: WebhookSecretId) -> Result<()> {
        self.client.delete(format!("/v1/webhooks/{id}/secrets/{secret_id}")).send_only().await
    }

    /// What a webhook was told and is to be told, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub fn deliveries(&self, id: WebhookId) -> List<WebhookDeliveryList, DeliveriesOfWebhook> {
        List::new(self.client.get(format!("/v1/webhooks/{id}/deliveries")))
    }

    /// Sends a delivery again, whatever came of it before.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the webhook was never to be told of this event;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn resend(&self, id: WebhookId, event_id: EventId) -> Result<WebhookDelivery> {
        self.client.post(format!("/v1/webhooks/{id}/deliveries/{event_id}/resend")).send().await
    }
}

impl List<WebhookDeliveryList, DeliveriesOfWebhook> {
    /// Those in a state.
    pub fn state(self, state: DeliveryState) -> Self {
        self.filter("state", word(&state))
    }
}

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotVerified {
    /// The secret is none: it starts with `whsec_` or `whpk_`.
    Secret,
    /// A header is missing or has the wrong form.
    Headers,
    /// It was signed too long ago, or by a clock that goes wrong.
    Time,
    /// No signature fits.
    Signature,
}

impl fmt::Display for NotVerified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret => "this is not the secret or the public key of a webhook",
            Self::Headers => "a header of the message is missing or has the wrong form",
            Self::Time => "the message was signed too long ago, or its clock goes wrong",
            Self::Signature => "no signature of the message fits",
        })
    }
}

impl std::error::Error for NotVerified {}

/// Verifies a message: `header` gives the value of a header by its name in lower case, `body` is the body as it came, byte for byte.
/// A secret that starts with `whsec_` verifies `v1` signatures, a public key that starts with `whpk_` those of `v1a`. Of several
/// signatures one has to fit: two secrets are good while one takes the place of the other.
///
/// # Errors
/// [`NotVerified`] says why it is not believed. Whatever it is: refuse the message, and take nothing from its body.
pub fn verify<'h>(
    secret: &str,
    header: impl Fn(&str) -> Option<&'h str>,
    body: &[u8],
) -> std::result::Result<(), NotVerified> {
    verify_at(secret, header, body, Utc::now())
}

/// The same at another time than now.
///
/// # Errors
/// As [`verify`].
pub fn verify_at<'h>(
    secret: &str,
    header: impl Fn(&str) -> Option<&'h str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> std::result::Result<(), NotVerified> {
    let key = Key::read(secret).ok_or(NotVerified::Secret)?;
    let get = |name| header(name).ok_or(NotVerified::Headers);
    let (id, timestamp, signatures) = (get("webhook-id")?, get("webhook-timestamp")?, get("webhook-signature")?);
    let seconds = timestamp.parse().map_err(|_| NotVerified::Headers)?;
    let at = DateTime::from_timestamp(seconds, 0).ok_or(NotVerified::Headers)?;
    if (now - at).abs() > TOLERANCE {
        return Err(NotVerified::Time);
    }
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(body);
    let fits = |signature: &str| {
        let (kind, text) = signature.split_once(',')?;
        let bytes = STANDARD.decode(text).ok().filter(|_| kind == key.kind())?;
        key.fits(&signed, &bytes).then_some(())
    };
    signatures.split(' ').find_map(fits).ok_or(NotVerified::Signature)
}

enum Key {
    Shared(Box<hmac::Key>),
    Public(Vec<u8>),
}

impl Key {
    fn read(text: &str) -> Option<Self> {
        if let Some(shared) = text.strip_prefix("whsec_") {
            let bytes = STANDARD.decode(shared).ok().filter(|bytes| bytes.len() >= 24)?;
            return Some(Self::Shared(Box::new(hmac::Key::new(hmac::HMAC_SHA256, &bytes))));
        }
        let bytes = STANDARD.decode(text.strip_prefix("whpk_")?).ok().filter(|bytes| bytes.len() == 32)?;
        Some(Self::Public(bytes))
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Shared(_) => "v1",
            Self::Public(_) => "v1a",
        }
    }

    fn fits(&self, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            // In constant time.
            Self::Shared(key) => hmac::verify(key, signed, signature).is_ok(),
            Self::Public(key) => UnparsedPublicKey::new(&ED25519, key).verify(signed, signature).is_ok(),
        }
    }
}

/// What an address answers, with status 200, to a verified message that is a challenge; `None` if it is none, but an event.
pub fn echo(body: &[u8]) -> Option<String> {
    let asked: WebhookChallenge = serde_json::from_slice(body).ok()?;
    (asked.kind == "webhook.challenge").then(|| serde_json::json!({"challenge": asked.challenge}).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const AT: i64 = 1_614_265_330;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(AT, 0).unwrap()
    }

    fn check(
        secret: &str,
        id: &str,
        at: &str,
        signature: &str,
        body: &str,
        now: DateTime<Utc>,
    ) -> std::result::Result<(), NotVerified> {
        let header = |name: &str| match name {
            "webhook-id" => Some(id),
            "webhook-timestamp" => Some(at),
            "webhook-signature" => Some(signature),
            _ => None,
        };
        verify_at(secret, header, body.as_bytes(), now)
    }

    /// The example of the specification's own tests.
    #[test]
    fn a_v1_signature_of_the_specification_fits_and_nothing_beside_it() {
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
        let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(check(SECRET, id, at, good, body, now()), Ok(()));
        let two = format!("v1,AAAA v2,{good} v1a,{good} nothing {good}");
        assert_eq!(check(SECRET, id, at, &two, body, now()), Ok(()), "one of them fits");
        for (secret, id, at, signature, body, why) in [
            (SECRET, "msg_other", at, good, body, NotVerified::Signature),
            (SECRET, id, "1614265331", good, body, NotVerified::Signature),
            (SECRET, id, at, good, "{}", NotVerified::Signature),
            (SECRET, id, at, "", body, NotVerified::Signature),
            (SECRET, id, at, "v1,", body, NotVerified::Signature),
            (SECRET, id, at, &good.replace("v1,", "v1a,"), body, NotVerified::Signature),
            ("whsec_BfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, at, good, body, NotVerified::Signature),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id, at, good, body, NotVerified::Secret),
            ("whsec_AAAA", id, at, good, body, NotVerified::Secret),
            ("whpk_AAAA", id, at, good, body, NotVerified::Secret),
            (SECRET, id, "soon", good, body, NotVerified::Headers),
        ] {
            assert_eq!(
                check(secret, id, at, signature, body, now()),
                Err(why),
                "{secret} {id} {at} {signature} {body}"
            );
        }
        for (shift, is_good) in [(299, true), (-299, true), (301, false), (-301, false)] {
            let then = now() + TimeDelta::seconds(shift);
            assert_eq!(check(SECRET, id, at, good, body, then).is_ok(), is_good, "{shift}");
        }
        assert_eq!(verify_at(SECRET, |_| None, b"", now()), Err(NotVerified::Headers));
    }

    #[test]
    fn a_v1a_signature_fits_its_public_key() {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let public = format!("whpk_{}", STANDARD.encode(pair.public_key().as_ref()));
        let signed = format!("one.{AT}.body");
        let signature = format!("v1,AAAA v1a,{}", STANDARD.encode(pair.sign(signed.as_bytes())));
        let at = AT.to_string();
        assert_eq!(check(&public, "one", &at, &signature, "body", now()), Ok(()));
        assert_eq!(check(&public, "two", &at, &signature, "body", now()), Err(NotVerified::Signature));
        let other = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
        let other = format!("whpk_{}", STANDARD.encode(other.public_key().as_ref()));
        assert_eq!(check(&other, "one", &at, &signature, "body", now()), Err(NotVerified::Signature));
    }

    #[test]
    fn a_challenge_is_echoed_and_an_event_is_none() {
        let id = uuid::Uuid::nil();
        let asked = format!(r#"{{"type": "webhook.challenge", "webhook_id": "{id}", "challenge": "abc"}}"#);
        assert_eq!(echo(asked.as_bytes()).as_deref(), Some(r#"{"challenge":"abc"}"#));
        assert_eq!(echo(asked.replace("webhook.challenge", "share.opened").as_bytes()), None);
        assert_eq!(echo(b"{}"), None);
    }
}
