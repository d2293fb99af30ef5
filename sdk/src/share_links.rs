//! A guest's side of a share: prove who opens the link, read, acknowledge, or say that it went astray.

use crate::{Client, Error, Result, link, link::AtLink};
use rapport_contract::{
    Sensitive,
    consent_links::LinkCodeSent,
    ids::AttachmentId,
    share_links::{OpenShareLinkSession, ReportMisdirected, ShareLinkRenewed, ShareLinkSecret},
    shares::Share,
};
use reqwest::Method;
use uuid::Uuid;

/// Where guests' links are opened. A link's own secret is the right to it; nobody signs in.
///
/// ```no_run
/// # async fn example(client: rapport_sdk::Client, address: &str, code: String) -> rapport_sdk::Result<()> {
/// let link = client.share_links().open_address(address)?;
/// link.challenge().await?;
/// let guest = link.session(code).await?;
/// let share = guest.get().await?;
/// guest.acknowledge().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ShareLinks {
    client: Client,
}

impl ShareLinks {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The link of this id and secret. Nothing is sent yet.
    pub fn open(&self, id: Uuid, secret: impl Into<Sensitive<String>>) -> ShareLink {
        ShareLink { client: self.client.clone(), id, secret: secret.into() }
    }

    /// The link as it stands in the mail: `https://host/share/{id}#{secret}`. Nothing is sent yet.
    ///
    /// # Errors
    /// Without a kind, if it has another form. Whether there is such a link shows with [`ShareLink::challenge`].
    pub fn open_address(&self, address: &str) -> Result<ShareLink> {
        let (id, secret) = link::parts(address)
            .ok_or_else(|| Error::unusable("a share link has the form https://host/share/{id}#{secret}"))?;
        Ok(self.open(id, secret))
    }
}

/// One link, before it is known who opens it.
#[derive(Debug, Clone)]
pub struct ShareLink {
    client: Client,
    id: Uuid,
    secret: Sensitive<String>,
}

impl ShareLink {
    /// The link's id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    fn path(&self) -> String {
        format!("/v1/share_links/{}", self.id)
    }

    fn secret(&self) -> ShareLinkSecret {
        ShareLinkSecret { secret: self.secret.clone() }
    }

    /// Has a one-time code sent to the address that the share is for.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the link is unknown, locked by wrong tries or ended, or is used up
    /// or has lapsed: then [`renew`](Self::renew) sends another. [`Kind::RateLimited`](crate::Kind::RateLimited) for
    /// five seconds after a code was sent, and once the link has sent as many as it may.
    pub async fn challenge(&self) -> Result<LinkCodeSent> {
        self.client.post(format!("{}/challenge", self.path())).json(&self.secret()).send().await
    }

    /// Proves who opens the link, by the code that was sent.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong, and five of these end the
    /// link; [`Kind::NotFound`](crate::Kind::NotFound) as of [`challenge`](Self::challenge). It is not sent again once
    /// it may have counted.
    pub async fn session(&self, code: impl Into<Sensitive<String>>) -> Result<GuestSession> {
        let open = OpenShareLinkSession { secret: self.secret.clone(), code: code.into() };
        Ok(GuestSession(AtLink::open(&self.client, self.path(), &open).await?))
    }

    /// Says, without opening it, that it was not meant for the reader. The link ends, and the sender's clinic is told.
    /// Saying it twice changes nothing.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the link is unknown, or ended otherwise.
    pub async fn misdirected(&self) -> Result<()> {
        let report = ReportMisdirected { secret: Some(self.secret.clone()) };
        self.client.post(format!("{}/misdirected", self.path())).json(&report).send_only().await
    }

    /// Has a new link sent to the same address. This one ends.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the sender has taken the share back, the link is locked by wrong
    /// tries, or no further link is to be had: ask the sender. [`Kind::RateLimited`](crate::Kind::RateLimited) right
    /// after a link was sent, until [`retry_after`](Error::retry_after).
    pub async fn renew(&self) -> Result<ShareLinkRenewed> {
        self.client.post(format!("{}/renewal", self.path())).json(&self.secret()).send().await
    }
}

/// A guest, at the link. It ends after 15 minutes in which nothing was done, and with the link.
#[derive(Debug, Clone)]
pub struct GuestSession(AtLink);

impl GuestSession {
    /// The share with its content. That is a disclosure on the record.
    ///
    /// # Errors
    /// Whichever kind of the [gate](crate#the-gate) says no: the consent is weighed at each reading.
    /// [`Kind::NotFound`](crate::Kind::NotFound) once the link has ended, by a share that was withdrawn for one;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has.
    pub async fn get(&self) -> Result<Share> {
        self.0.request(Method::GET, "").send().await
    }

    /// The bytes of a file of the share. That is a disclosure on the record.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Kind::NotFound`](crate::Kind::NotFound) if the share has no such file, too;
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) while the storage is.
    pub async fn attachment(&self, id: AttachmentId) -> Result<Vec<u8>> {
        self.0.request(Method::GET, &format!("/attachments/{id}/content")).bytes().await
    }

    /// Tells the sender that it was read.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has not been read, or was acknowledged
    /// already; else as [`get`](Self::get).
    pub async fn acknowledge(&self) -> Result<Share> {
        self.0.request(Method::POST, "/acknowledgement").send().await
    }

    /// Says that it was not meant for the reader. The link and its sessions end, and the sender's clinic is told.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) once the link has ended;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has.
    pub async fn misdirected(&self) -> Result<()> {
        self.0.request(Method::POST, "/misdirected").json(&ReportMisdirected::default()).send_only().await
    }
}

#[cfg(test)]
mod tests {
    use crate::fake::{Fake, Reply, json, problem};
    use uuid::Uuid;

    #[tokio::test]
    async fn a_guest_acts_with_the_cookie_and_the_token_of_the_session_and_no_other_right() {
        let fake = Fake::start(|_, asked| match asked.path.rsplit('/').next() {
            Some("challenge") => json(202, r#"{"sent_to": "k…@example.org", "expires_in": 600}"#),
            Some("session") => Reply::Say(
                200,
                "set-cookie: __Host-share-1=cookie-1; Path=/; Secure; HttpOnly; SameSite=Strict\r\n".to_owned(),
                r#"{"csrf_token": "csrf-1", "expires_in": 900}"#.to_owned(),
            ),
            _ => problem(404, "not-found"),
        })
        .await;
        let id = Uuid::nil();
        let link = fake.signed_in(300).share_links().open_address(&format!("https://h.example.org/share/{id}#s-1"));
        let link = link.unwrap();
        assert_eq!(link.id(), id);
        link.challenge().await.unwrap();
        let session = link.session("123456").await.unwrap();
        session.get().await.unwrap_err();
        session.acknowledge().await.unwrap_err();
        session.misdirected().await.unwrap_err();

        let asked = fake.asked();
        let base = format!("/v1/share_links/{id}");
        assert_eq!(asked[0].body, r#"{"secret":"s-1"}"#);
        assert_eq!(asked[1].body, r#"{"secret":"s-1","code":"123456"}"#);
        assert_eq!((asked[2].method.as_str(), &asked[2].path), ("GET", &base));
        assert_eq!(asked[4].path, format!("{base}/misdirected"));
        assert!(asked.iter().all(|asked| asked.header("authorization").is_none() && !asked.path.contains("s-1")));
        assert!(asked[2..].iter().all(|asked| asked.header("cookie") == Some("__Host-share-1=cookie-1")));
        let tokens: Vec<_> = asked[2..].iter().map(|asked| asked.header("x-csrf-token")).collect();
        assert_eq!(tokens, [None, Some("csrf-1"), Some("csrf-1")]);
        let printed = format!("{link:?} {session:?}");
        assert!(!["s-1", "cookie-1", "csrf-1"].iter().any(|it| printed.contains(it)), "{printed}");
    }
}
