//! The steps at a link that are the same whatever it leads to: it goes out, sends a code, takes a proof, and gives way to
//! another one.

use super::{
    LINK_DAYS,
    state::MOST_LINKS,
    store::{self, Leads, Link},
};
use crate::{
    audit::{self, Event},
    database::Tx,
    events::{PublicUrl, letters, mail},
    http::ApiError,
    identity::secrets::{self, Secrets},
    links::{self, NewSession},
};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::{
    consent_links::LinkCodeSent,
    problem::Kind,
    share_links::{ShareLinkRenewed, ShareLinkStatus},
};
use secrecy::ExposeSecret;
use uuid::Uuid;

/// So many codes a link sends.
const MOST_CODES: i32 = 15;
/// A new link can be asked for when the one before is this old, in seconds.
const RENEWAL_PAUSE_SECONDS: i64 = 60;

/// Where a link goes, and what it leads to.
#[derive(Clone, Copy)]
pub(crate) struct Destination<'d> {
    pub(crate) clinic: Uuid,
    pub(crate) clinic_name: &'d str,
    pub(crate) leads: Leads,
    pub(crate) email: &'d str,
}

/// Makes a link and queues the mail with it.
pub(crate) async fn send_number(
    tx: &mut Tx<'_>,
    to: Destination<'_>,
    number: i32,
    expires_at: DateTime<Utc>,
    public_url: &PublicUrl,
) -> Result<Link, ApiError> {
    let secret = secrets::token().map_err(ApiError::internal)?;
    let hash = secrets::hash(secret.expose_secret());
    let link = store::insert(tx, (to.clinic, to.leads), number, &hash, expires_at).await?;
    let page = match to.leads {
        Leads::Share(_) => "share",
        Leads::Referral(_) => "referral",
    };
    let address = public_url.join(&format!("/{page}/{}#{}", link.id, secret.expose_secret()));
    mail::queue(tx, to.clinic, to.email, letters::share_link(to.clinic_name, &address, LINK_DAYS)).await?;
    Ok(link)
}

/// Whether this is the secret of the link that was found. It takes the same work where none was.
pub(crate) fn is_right(found: Option<&Link>, secret: &str) -> bool {
    let kept = found.map_or([0; 32].as_slice(), |link| &link.secret_hash);
    secrets::is_same(kept, &secrets::hash(secret))
}

/// Sends a code.
pub(crate) async fn challenge(
    tx: &mut Tx<'_>,
    keys: &Secrets,
    link: &Link,
    email: &str,
) -> Result<LinkCodeSent, ApiError> {
    let now = tx.now();
    link.code().check_pause(now)?;
    if link.codes_sent >= MOST_CODES {
        let wait = (link.expires_at - now).num_seconds().unsigned_abs();
        let text = "This link has sent as many codes as it may. Ask for a new link.";
        return Err(ApiError::new(Kind::RateLimited, text).retry_after(wait));
    }
    let (code, sent) = links::send_code(tx, keys, link.clinic_id, link.id, email).await?;
    store::keep_code(tx, link, &code).await?;
    Ok(sent)
}

/// Takes the code as a proof. A wrong one counts, and is on record.
pub(crate) async fn prove(
    tx: &mut Tx<'_>,
    keys: &Secrets,
    link: &Link,
    code: &str,
    event: Event,
) -> Result<(), ApiError> {
    if link.code().fits(keys, link.id, code, tx.now()) {
        return Ok(());
    }
    store::count_wrong_try(tx, link).await?;
    let refusal = ApiError::new(Kind::VerificationFailed, "The code is wrong. Five wrong tries end the link.");
    Err(audit::refuse(tx, event, refusal))
}

/// Opens a session, on record.
pub(crate) async fn open(tx: &mut Tx<'_>, link: &Link, event: Event) -> Result<NewSession, ApiError> {
    let session = NewSession::new()?;
    store::open_session(tx, link, &session).await?;
    audit::record(tx, event);
    Ok(session)
}

/// Sends another link to the same address; this one ends.
pub(crate) async fn renew(
    tx: &mut Tx<'_>,
    link: &Link,
    to: Destination<'_>,
    public_url: &PublicUrl,
) -> Result<ShareLinkRenewed, ApiError> {
    if link.number >= MOST_LINKS {
        return Err(ApiError::not_found());
    }
    let (now, age) = (tx.now(), (tx.now() - link.created_at).num_seconds());
    if age < RENEWAL_PAUSE_SECONDS {
        let error = ApiError::new(Kind::RateLimited, "A link was sent a moment ago. Look for it, or ask again soon.");
        return Err(error.retry_after((RENEWAL_PAUSE_SECONDS - age).unsigned_abs()));
    }
    store::end(tx, link, "renewal").await?;
    let expires_at = now + TimeDelta::days(LINK_DAYS);
    send_number(tx, to, link.number + 1, expires_at, public_url).await?;
    Ok(ShareLinkRenewed { sent_to: links::hidden(to.email), expires_at })
}

/// What the sender is told of the links to one thing, the newest of which comes first.
pub(crate) fn told(links: &[Link], is_withdrawn: bool, now: DateTime<Utc>) -> Option<ShareLinkStatus> {
    let newest = links.first()?;
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    Some(ShareLinkStatus {
        state: newest.state(is_withdrawn, now),
        sent_at: newest.created_at,
        expires_at: newest.expires_at,
        links_sent: count(newest.number),
        openings: links.iter().map(|link| count(link.openings)).sum(),
        last_opened_at: newest.opened_at,
        tries_left: count(newest.tries_left),
        misdirected_at: newest.ended_at.filter(|_| newest.ended_by.as_deref() == Some("misdirected")),
    })
}
