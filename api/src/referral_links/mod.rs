//! A guest at a link to a referral: no account, a secret in the fragment, a code to the own address, and this one referral; and the
//! way from there to an account that has it.
//!
//! The links themselves, their codes, tries and sessions, are those of [`crate::share_links`], and so are their rules: what leads
//! nowhere answers one 404 after the same work, and reading a page changes nothing. A link is good for as long as the guest can
//! answer: a referral that was declined, taken back or taken up has none.

pub mod routes;

use crate::{
    audit::{self, Event},
    database::Tx,
    events::PublicUrl,
    http::ApiError,
    referrals,
    share_links::{self, Destination, LINK_DAYS, Leads, Link},
};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::share_links::ShareLinkStatus;

/// Sends the guest of a referral that was just sent a link to it. Whoever has an account needs none.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn send(
    tx: &mut Tx<'_>,
    referral: &referrals::Named,
    until: DateTime<Utc>,
    public_url: &PublicUrl,
) -> Result<(), ApiError> {
    let Some(to) = destination(referral) else { return Ok(()) };
    let expires_at = until.min(tx.now() + TimeDelta::days(LINK_DAYS));
    let link = share_links::send_number(tx, to, 1, expires_at, public_url).await?;
    audit::record(tx, event_of(&link, &referral.row, "referral_link.send"));
    Ok(())
}

/// How the newest link of a referral fares, if it went to a guest.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn status(tx: &mut Tx<'_>, referral: &referrals::Named) -> Result<Option<ShareLinkStatus>, ApiError> {
    if !referral.row.went_to_a_guest() {
        return Ok(None);
    }
    let links = share_links::of_referral(tx, referral.row.clinic_id, referral.row.id).await?;
    Ok(share_links::told(&links, !referral.row.waits_for_a_guest(), tx.now()))
}

/// Where the links of a referral go, as long as it is for a guest.
fn destination(referral: &referrals::Named) -> Option<Destination<'_>> {
    let (clinic, leads) = (referral.row.clinic_id, Leads::Referral(referral.row.id));
    Some(Destination { clinic, clinic_name: &referral.clinic, leads, email: referral.guest_address()? })
}

/// The event of something that happens at a link: it stands in the records of who referred.
fn event_of(link: &Link, referral: &referrals::Row, action: &'static str) -> Event {
    Event::new(link.clinic_id, action).on(link.id).patient_if(referral.patient_id)
}
