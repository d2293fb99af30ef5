//! The patient's side of consent: prove who opens the link, read, sign or decline, and later revoke.

use crate::{Client, Error, Request, Result, link, link::AtLink};
use chrono::NaiveDate;
use rapport_contract::{
    Sensitive,
    consent_links::{LinkChallenge, LinkCodeSent, LinkConsent, LinkSignature, OpenLinkSession},
};
use reqwest::Method;
use uuid::Uuid;

/// Where patients' links are opened. A link's own secret is the right to it; nobody signs in.
///
/// ```no_run
/// # async fn example(
/// #     client: rapport_sdk::Client, address: &str, born: chrono::NaiveDate, code: String,
/// # ) -> rapport_sdk::Result<()> {
/// let link = client.consent_links().open_address(address)?;
/// println!("look for the code at {}", link.challenge().await?.sent_to);
/// let patient = link.session(born, code).await?;
/// let asked = patient.get().await?;
/// // Show `asked.statement`; what is signed is what was read.
/// let signed = patient.sign(&asked, "Casey Sample").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ConsentLinks {
    client: Client,
}

impl ConsentLinks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The link of this id and secret. Nothing is sent yet.
    pub fn open(&self, id: Uuid, secret: impl Into<Sensitive<String>>) -> ConsentLink {
        ConsentLink { client: self.client.clone(), id, secret: secret.into() }
    }

    /// The link as it stands in the mail: `https://host/consent/{id}#{secret}`. Nothing is sent yet.
    ///
    /// # Errors
    /// Without a kind, if it has another form. Whether there is such a link shows with [`ConsentLink::challenge`].
    pub fn open_address(&self, address: &str) -> Result<ConsentLink> {
        let (id, secret) = link::parts(address)
            .ok_or_else(|| Error::unusable("a consent link has the form https://host/consent/{id}#{secret}"))?;
        Ok(self.open(id, secret))
    }
}

/// One link, before it is known who opens it.
#[derive(Debug, Clone)]
pub struct ConsentLink {
    client: Client,
    id: Uuid,
    secret: Sensitive<String>,
}

impl ConsentLink {
    /// The link's id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Has a one-time code sent to the contact that the clinic has on file.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the link is unknown or locked by wrong tries, its consent is
    /// neither open nor in force any more, or the clinic has no address of the patient on file: ask the clinic.
    /// [`Kind::RateLimited`](crate::Kind::RateLimited) for five seconds after a code was sent.
    pub async fn challenge(&self) -> Result<LinkCodeSent> {
        let challenge = LinkChallenge { secret: self.secret.clone() };
        self.client.post(format!("/v1/consent_links/{}/challenge", self.id)).json(&challenge).send().await
    }

    /// Proves who opens the link, by a date of birth and the code that was sent.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the date of birth or the code is wrong, and
    /// which is not told: five of these end the link. [`Kind::NotFound`](crate::Kind::NotFound) as of
    /// [`challenge`](Self::challenge). It is not sent again once it may have counted.
    pub async fn session(&self, birth_date: NaiveDate, code: impl Into<Sensitive<String>>) -> Result<LinkSession> {
        let path = format!("/v1/consent_links/{}", self.id);
        let open = OpenLinkSession { secret: self.secret.clone(), birth_date: birth_date.into(), code: code.into() };
        Ok(LinkSession(AtLink::open(&self.client, path, &open).await?))
    }
}

/// The patient, at the link. It ends after 15 minutes in which nothing was done.
#[derive(Debug, Clone)]
pub struct LinkSession(AtLink);

impl LinkSession {
    /// What the patient is asked, or has agreed to.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended: [`ConsentLink::challenge`]
    /// again. [`Kind::NotFound`](crate::Kind::NotFound) once the patient's record is gone.
    pub async fn get(&self) -> Result<LinkConsent> {
        self.request(Method::GET, "").send().await
    }

    /// Signs the statement as it was read, with the name that the patient typed.
    ///
    /// # Errors
    /// [`Kind::Conflict`](crate::Kind::Conflict) if the statement is not the one that was read: [`get`](Self::get) it,
    /// show it, and ask again. [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it was answered already,
    /// be it at this moment, or has lapsed; [`Kind::Validation`](crate::Kind::Validation) if the name is blank;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended.
    pub async fn sign(&self, read: &LinkConsent, signed_name: impl Into<Sensitive<String>>) -> Result<LinkConsent> {
        let signature = LinkSignature { signed_name: signed_name.into(), statement_hash: read.statement_hash.clone() };
        self.request(Method::POST, "/signature").json(&signature).send().await
    }

    /// Declines.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it was answered already, be it at this moment: one
    /// that was signed is [revoked](Self::revoke);
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended.
    pub async fn refuse(&self) -> Result<LinkConsent> {
        self.request(Method::POST, "/refusal").send().await
    }

    /// Takes the consent back. It needs no reason and takes effect at once.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is not in force;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended.
    pub async fn revoke(&self) -> Result<LinkConsent> {
        self.request(Method::POST, "/revocation").send().await
    }

    fn request(&self, method: Method, of_link: &str) -> Request {
        self.0.request(method, of_link)
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, Reply, json, problem};
    use chrono::NaiveDate;
    use rapport_contract::{consent_links::LinkConsent, consents::ConsentState};
    use uuid::Uuid;

    fn consent() -> serde_json::Value {
        serde_json::json!({
            "consent_id": Uuid::nil(), "state": "pending", "clinic_name": "North (demo)", "patient_name": "Casey Sample",
            "recipients": [], "categories": ["progress_report"], "categories_in_words": ["Progress reports"],
            "purpose": "treatment", "starts_at": null, "expires_at": "2027-11-23T00:00:00Z", "two_way": false,
            "statement": "I allow it.", "statement_hash": "abc", "signed_at": null, "revoked_at": null,
            "revocation_method": null
        })
    }

    #[tokio::test]
    async fn the_patient_signs_with_the_cookie_and_the_token_of_the_session_and_no_other_right() {
        let fake = Fake::start(|_, asked| match asked.path.rsplit('/').next() {
            Some("challenge") => json(202, r#"{"sent_to": "c…@example.org", "expires_in": 600}"#),
            Some("session") => Reply::Say(
                200,
                "set-cookie: link=cookie-1; Path=/v1/consent_links/x; HttpOnly; SameSite=Strict\r\n".to_owned(),
                r#"{"csrf_token": "csrf-1", "expires_in": 900}"#.to_owned(),
            ),
            _ => json(200, consent()),
        })
        .await;
        let id = Uuid::nil();
        let link = fake.signed_in(300).consent_links().open_address(&format!("https://h.example.org/consent/{id}#s-1"));
        let link = link.unwrap();
        assert_eq!(link.id(), id);
        link.challenge().await.unwrap();
        let session = link.session(NaiveDate::from_ymd_opt(1953, 4, 17).unwrap(), "123456").await.unwrap();
        let read: LinkConsent = session.get().await.unwrap();
        assert_eq!(read.state, ConsentState::Pending);
        session.sign(&read, "Casey Sample").await.unwrap();
        session.revoke().await.unwrap();

        let asked = fake.asked();
        let base = format!("/v1/consent_links/{id}");
        assert_eq!(asked[0].body, r#"{"secret":"s-1"}"#);
        assert_eq!(asked[1].body, r#"{"secret":"s-1","birth_date":"1953-04-17","code":"123456"}"#);
        assert_eq!((asked[2].method.as_str(), &asked[2].path), ("GET", &base));
        assert_eq!(asked[3].path, format!("{base}/signature"));
        assert_eq!(asked[3].body, r#"{"signed_name":"Casey Sample","statement_hash":"abc"}"#);
        assert_eq!(asked[4].path, format!("{base}/revocation"));
        assert!(asked.iter().all(|asked| asked.header("authorization").is_none() && !asked.path.contains("s-1")));
        assert!(asked[2..].iter().all(|asked| asked.header("cookie") == Some("link=cookie-1")));
        let tokens: Vec<_> = asked[2..].iter().map(|asked| asked.header("x-csrf-token")).collect();
        assert_eq!(tokens, [None, Some("csrf-1"), Some("csrf-1")]);
        let printed = format!("{link:?} {session:?} {read:?}");
        assert!(!["s-1", "cookie-1", "csrf-1", "Casey", "I allow"].iter().any(|it| printed.contains(it)), "{printed}");
    }

    #[tokio::test]
    async fn a_code_is_not_tried_twice_unasked() {
        let fake = Fake::start(|_, _| Reply::HangUp).await;
        let link = fake.client().consent_links().open(Uuid::nil(), "s-1");
        let birth_date = NaiveDate::from_ymd_opt(1953, 4, 17).unwrap();
        assert!(!link.session(birth_date, "123456").await.unwrap_err().is_retryable());
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn an_address_of_another_form_is_no_link() {
        let fake = Fake::start(|_, _| problem(404, "not-found")).await;
        let links = fake.client().consent_links();
        for address in ["", "https://h/consent/1#s", "https://h/consent/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", "x#y"] {
            assert!(links.open_address(address).is_err(), "{address}");
        }
    }
}
