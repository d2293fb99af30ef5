//! What the links of patients and of guests have in common: six digits by mail, and a session in a cookie that is good for
//! one link.
//!
//! The secret of a link stands behind its `#` and is sent in a body, once. A session's cookie comes by itself with every
//! request, so a change needs the anti-CSRF token too, which only the page that opened the session knows.

use crate::{
    audit::{self, Event, Origin},
    database::Tx,
    events::{PublicUrl, letters, mail},
    http::{ApiError, RequestId},
    identity::{
        Actor,
        secrets::{self, Secrets},
    },
};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    dev::Payload,
    web::Data,
};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::{
    consent_links::{LinkCodeSent, LinkSession},
    problem::Kind,
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    future::{Ready, ready},
    marker::PhantomData,
};
use uuid::Uuid;

/// A code is good for these minutes.
const CODE_MINUTES: i64 = 10;
/// While a code is unused, a new one can be asked for after these seconds.
const CODE_PAUSE_SECONDS: i64 = 5;
/// A session does nothing for at most these minutes ...
const IDLE_MINUTES: i64 = 15;
/// ... and lives at most these.
const LONGEST_MINUTES: i64 = 60;
/// Wrong tries that a link bears.
pub const TRIES: i32 = 5;
const CSRF_HEADER: &str = "x-csrf-token";

/// When a session was last seen at the latest, if it is alive now.
pub fn idle_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::minutes(IDLE_MINUTES)
}

/// When a session that is opened now ends, whatever is done in it.
pub fn ends_at(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::minutes(LONGEST_MINUTES)
}

/// A kind of links: what the cookie of a session is called, and where alone the browser sends it.
pub trait Site: 'static {
    /// The cookie's name, where people reach the service without TLS.
    const COOKIE: &'static str;
    /// The address of the links, without the slash at its end.
    const PATH: &'static str;
}

/// The cookie's name. By TLS it has the prefix that no other host of the domain can set (RFC 6265bis, 4.1.3.2), which takes
/// the path `/`; so the link stands in the name, or two links in one browser would meet.
fn cookie_name<S: Site>(link: Uuid, public_url: &PublicUrl) -> String {
    if public_url.is_https() { format!("__Host-{}-{link}", S::COOKIE) } else { S::COOKIE.to_owned() }
}

/// Whoever stands at a link: the request, and the member of a clinic if it came with a token.
#[derive(Debug)]
pub struct Visitor {
    /// The request.
    pub request: RequestId,
    actor: Option<Actor>,
}

impl FromRequest for Visitor {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let actor = request.extensions().get::<Actor>().cloned();
        ready(RequestId::from_request(request, payload).into_inner().map(|request| Self { request, actor }))
    }
}

impl Visitor {
    /// Refuses, on record and by name, a clinic's member at a link that is not for members.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn refuse_member(
        &self,
        tx: &mut Tx<'_>,
        is_refused: impl FnOnce(&Actor) -> bool,
        event: Event,
    ) -> Result<(), ApiError> {
        let Some(actor) = self.actor.as_ref().filter(|actor| is_refused(actor)) else { return Ok(()) };
        tx.set_origin(Origin::actor(actor));
        let refusal = ApiError::new(Kind::Forbidden, "This link is not for the clinic's own people: sign out first.");
        Err(audit::refuse(tx, event, refusal))
    }
}

/// The secrets of a session, as its browser sends them.
pub struct Presented<S> {
    /// Who sends them.
    pub visitor: Visitor,
    /// The SHA-256 by which the session is found.
    pub cookie: Vec<u8>,
    csrf: Option<Vec<u8>>,
    site: PhantomData<S>,
}

impl<S: Site> FromRequest for Presented<S> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visitor = Visitor::from_request(request, payload).into_inner();
        let csrf = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(secrets::hash);
        let cookie = || {
            let public_url = request.app_data::<Data<PublicUrl>>()?;
            let link = request.match_info().get("id")?.parse().ok()?;
            request.cookie(&cookie_name::<S>(link, public_url))
        };
        let presented = cookie().zip(visitor.ok()).map(|(cookie, visitor)| Self {
            visitor,
            cookie: secrets::hash(cookie.value()),
            csrf,
            site: PhantomData,
        });
        ready(presented.ok_or_else(no_session))
    }
}

impl<S> Presented<S> {
    /// Refuses a change without the session's anti-CSRF token: the cookie alone comes by itself.
    ///
    /// # Errors
    /// `forbidden`
    pub fn check_csrf(&self, kept: &[u8]) -> Result<(), ApiError> {
        if self.csrf.as_ref().is_some_and(|given| secrets::is_same(given, kept)) {
            return Ok(());
        }
        Err(ApiError::new(Kind::Forbidden, "Send the session's csrf_token in the X-CSRF-Token header."))
    }
}

/// The answer to who has no session at the link.
pub fn no_session() -> ApiError {
    ApiError::new(Kind::Unauthenticated, "Open the link again: ask for a code and send it.")
}

/// A session's two secrets, new.
pub struct NewSession {
    session: SecretString,
    csrf: SecretString,
}

impl NewSession {
    /// Makes them.
    ///
    /// # Errors
    /// `internal` if there is no randomness.
    pub fn new() -> Result<Self, ApiError> {
        let token = || secrets::token().map_err(ApiError::internal);
        Ok(Self { session: token()?, csrf: token()? })
    }

    /// How the session is found.
    pub fn hash(&self) -> Vec<u8> {
        secrets::hash(self.session.expose_secret())
    }

    /// How its anti-CSRF token is kept.
    pub fn csrf_hash(&self) -> Vec<u8> {
        secrets::hash(self.csrf.expose_secret())
    }

    /// The answer that hands them out.
    pub fn answer<S: Site>(&self, link: Uuid, public_url: &PublicUrl) -> HttpResponse {
        let path = if public_url.is_https() { "/".to_owned() } else { format!("{}/{link}", S::PATH) };
        let cookie = Cookie::build(cookie_name::<S>(link, public_url), self.session.expose_secret().to_owned())
            .path(path)
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(public_url.is_https())
            .max_age(CookieAge::minutes(LONGEST_MINUTES))
            .finish();
        let answer =
            LinkSession { csrf_token: self.csrf.expose_secret().to_owned().into(), expires_in: seconds(IDLE_MINUTES) };
        HttpResponse::Ok().cookie(cookie).json(answer)
    }
}

fn seconds(minutes: i64) -> u32 {
    u32::try_from(minutes * 60).unwrap_or(u32::MAX)
}

/// A code as a link keeps it.
#[derive(Debug, Default)]
pub struct KeptCode {
    /// Its hash, until it is used.
    pub hash: Option<Vec<u8>>,
    /// When it lapses.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

impl KeptCode {
    /// Refuses a new code for a moment while one is unused: it may still be on its way, and a second click sends no second
    /// mail.
    ///
    /// # Errors
    /// `rate-limited`
    pub fn check_pause(&self, now: DateTime<Utc>) -> Result<(), ApiError> {
        let unused_since = self.sent_at.filter(|_| self.hash.is_some());
        let wait = unused_since.map(|sent| (sent + TimeDelta::seconds(CODE_PAUSE_SECONDS) - now).num_seconds());
        match wait.filter(|wait| *wait > 0) {
            Some(wait) => {
                let text = "A code was sent a moment ago. Look for it, or ask again soon.";
                Err(ApiError::new(Kind::RateLimited, text).retry_after(wait.unsigned_abs()))
            }
            None => Ok(()),
        }
    }

    /// Whether these are the digits that were sent, in time.
    pub fn fits(&self, keys: &Secrets, link: Uuid, digits: &str, now: DateTime<Utc>) -> bool {
        let given = keys.code_hash(link.as_bytes(), digits);
        self.hash.as_ref().is_some_and(|kept| secrets::is_same(kept, &given))
            && self.expires_at.is_some_and(|expires_at| now < expires_at)
    }
}

/// Sends six digits to an address that is on file: what the link is to keep of them, and what to answer.
///
/// # Errors
/// Whatever the database answers; `internal` if there is no randomness.
pub async fn send_code(
    tx: &mut Tx<'_>,
    keys: &Secrets,
    clinic: Uuid,
    link: Uuid,
    email: &str,
) -> Result<(KeptCode, LinkCodeSent), ApiError> {
    let (now, digits) = (tx.now(), secrets::six_digits().map_err(ApiError::internal)?);
    let kept = KeptCode {
        hash: Some(keys.code_hash(link.as_bytes(), digits.expose_secret())),
        expires_at: Some(now + TimeDelta::minutes(CODE_MINUTES)),
        sent_at: Some(now),
    };
    mail::queue(tx, clinic, email, letters::one_time_code(digits.expose_secret(), CODE_MINUTES)).await?;
    Ok((kept, LinkCodeSent { sent_to: hidden(email), expires_in: seconds(CODE_MINUTES) }))
}

/// An address that its owner recognises and nobody else learns.
pub fn hidden(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Doors;

    impl Site for Doors {
        const COOKIE: &'static str = "rapport_door";
        const PATH: &'static str = "/v1/doors";
    }

    #[test]
    fn by_tls_no_other_host_can_set_the_cookie_and_without_it_no_other_address_gets_it() {
        let link = Uuid::from_u128(7);
        let set = |url: &str| {
            let answer = NewSession::new().unwrap().answer::<Doors>(link, &PublicUrl::new(url));
            answer.headers().get("set-cookie").unwrap().to_str().unwrap().to_owned()
        };
        let secure = set("https://h.example.org");
        assert!(secure.starts_with(&format!("__Host-rapport_door-{link}=")), "{secure}");
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict", "Max-Age=3600"] {
            assert!(secure.split("; ").any(|part| part == attribute), "{attribute} is not in {secure}");
        }
        assert!(!secure.contains("Domain"));
        let plain = set("http://127.0.0.1:8080");
        assert!(plain.starts_with("rapport_door=") && plain.contains(&format!("Path=/v1/doors/{link};")), "{plain}");
    }

    #[test]
    fn an_address_is_hidden_but_for_its_first_letter_and_its_host() {
        assert_eq!(hidden("kim@guest.example.org"), "k…@guest.example.org");
        assert_eq!(hidden("nonsense"), "n…@");
    }
}
