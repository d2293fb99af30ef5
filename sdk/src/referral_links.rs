//! A guest's side of a referral: prove who opens the link, read, decline, say that it went astray, or take it up with an account.

use crate::{Client, Error, Result, link, link::AtLink};
use rapport_contract::{
    Sensitive,
    consent_links::LinkCodeSent,
    referral_links::{ClaimReferral, DeclineLinkedReferral},
    referrals::{Referral, ReferralReason},
    share_links::{OpenShareLinkSession, ReportMisdirected, ShareLinkRenewed, ShareLinkSecret},
};
use reqwest::Method;
use uuid::Uuid;

/// Where guests' links to referrals are opened. A link's own secret is the right to it; only to take a referral up somebody signs
/// in.
///
/// ```no_run
/// # async fn example(client: rapport_sdk::Client, address: &str, code: String) -> rapport_sdk::Result<()> {
/// let link = client.referral_links().open_address(address)?;
/// link.challenge().await?;
/// let guest = link.session(code).await?;
/// println!("{:?}", guest.get().await?.urgency);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ReferralLinks {
    client: Client,
    signed_in: Client,
}

impl ReferralLinks {
    pub(crate) fn new(client: Client, signed_in: Client) -> Self {
        Self { client, signed_in }
    }

    /// The link of this id and secret. Nothing is sent yet.
    pub fn open(&self, id: Uuid, secret: impl Into<Sensitive<String>>) -> ReferralLink {
        let (client, signed_in) = (self.client.clone(), self.signed_in.clone());
        ReferralLink { client, signed_in, id, secret: secret.into() }
    }

    /// The link as it stands in the mail: `https://host/referral/{id}#{secret}`. Nothing is sent yet.
    ///
    /// # Errors
    /// Without a kind, if it has another form. Whether there is such a link shows with [`ReferralLink::challenge`].
    pub fn open_address(&self, address: &str) -> Result<ReferralLink> {
        let (id, secret) = link::parts(address)
            .ok_or_else(|| Error::unusable("a referral link has the form https://host/referral/{id}#{secret}"))?;
        Ok(self.open(id, secret))
    }
}

/// One link, before it is known who opens it.
#[derive(Debug, Clone)]
pub struct ReferralLink {
    client: Client,
    signed_in: Client,
    id: Uuid,
    secret: Sensitive<String>,
}

impl ReferralLink {
    /// The link's id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    fn path(&self) -> String {
        format!("/v1/referral_links/{}", self.id)
    }

    fn secret(&self) -> ShareLinkSecret {
        ShareLinkSecret { secret: self.secret.clone() }
    }

    /// Has a one-time code sent to the address that the referral is for.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the link is unknown, locked by wrong tries or ended, the referral
    /// is answered, or the link is used up or has lapsed: then [`renew`](Self::renew) sends another.
    /// [`Kind::RateLimited`](crate::Kind::RateLimited) for five seconds after a code was sent, and once the link has
    /// sent as many as it may.
    pub async fn challenge(&self) -> Result<LinkCodeSent> {
        self.client.post(format!("{}/challenge", self.path())).json(&self.secret()).send().await
    }

    /// Proves who opens the link, by the code that was sent.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong, and five of these end the
    /// link; [`Kind::NotFound`](crate::Kind::NotFound) as of [`challenge`](Self::challenge). It is not sent again once
    /// it may have counted.
    pub async fn session(&self, code: impl Into<Sensitive<String>>) -> Result<ReferralGuest> {
        let open = OpenShareLinkSession { secret: self.secret.clone(), code: code.into() };
        Ok(ReferralGuest(AtLink::open(&self.client, self.path(), &open).await?))
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
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the referral is answered or taken back, the link is locked by wrong
    /// tries, or no further link is to be had: ask the sender. [`Kind::RateLimited`](crate::Kind::RateLimited) right
    /// after a link was sent, until [`retry_after`](Error::retry_after).
    pub async fn renew(&self) -> Result<ShareLinkRenewed> {
        self.client.post(format!("{}/renewal", self.path())).json(&self.secret()).send().await
    }

    /// Takes the referral up: it is the signed-in practitioner's from then on, and the link ends.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong, which counts as at
    /// [`session`](Self::session); [`Kind::NotFound`](crate::Kind::NotFound) if the link leads nowhere;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role answers no referrals, to machines, and to the clinic
    /// that sent it; [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) if the client that this came of is not
    /// signed in.
    pub async fn claim(&self, code: impl Into<Sensitive<String>>) -> Result<Referral> {
        let claim = ClaimReferral { secret: self.secret.clone(), code: code.into() };
        self.signed_in.post(format!("{}/claim", self.path())).json(&claim).send().await
    }
}

/// A guest, at the link. It ends after 15 minutes in which nothing was done, and with the link.
#[derive(Debug, Clone)]
pub struct ReferralGuest(AtLink);

impl ReferralGuest {
    /// The referral with what it says. That is a disclosure on the record; the first one tells the sender that it was received.
    ///
    /// # Errors
    /// Whichever kind of the [gate](crate#the-gate) says no: the consent is weighed at each reading.
    /// [`Kind::NotFound`](crate::Kind::NotFound) once the link has ended;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has.
    pub async fn get(&self) -> Result<Referral> {
        self.0.request(Method::GET, "").send().await
    }

    /// Declines it. The link ends.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it was declined already, or the sender takes it back
    /// at this moment;
    /// [`Kind::NotFound`](crate::Kind::NotFound) once the link has ended otherwise;
    /// [`Kind::Validation`](crate::Kind::Validation) if the reason is `Unknown`;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended.
    pub async fn decline(&self, reason: ReferralReason) -> Result<Referral> {
        self.0.request(Method::POST, "/decline").json(&DeclineLinkedReferral { reason }).send().await
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
