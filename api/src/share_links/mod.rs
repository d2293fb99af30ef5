//! A guest at a link: no account, a secret in the fragment, a code to the own address, and this one share.
//!
//! A wrong secret, an unknown link, one that lapsed, was used up or ended answer the same 404, after the same work; the
//! sender sees which it was. Reading a page changes nothing: every step takes a POST. Reading the report is the recipient's
//! reading of [`crate::shares`]: one way, one gate, one record.

pub mod routes;
mod state;
mod steps;
mod store;

pub(crate) use state::{Verb, allows};
pub(crate) use steps::{Destination, challenge, is_right, open, prove, renew, send_number, told};
pub(crate) use store::{Leads, Link, end, find as find_link, of_referral, touch};

use crate::{
    audit::{self, Event},
    database::Tx,
    events::PublicUrl,
    http::ApiError,
    shares,
};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::share_links::ShareLinkStatus;
use std::collections::HashMap;
use uuid::Uuid;

/// A link lives these days, and no longer than the consent that carries the share.
pub(crate) const LINK_DAYS: i64 = 7;

/// Sends the guest of a new share a link to it. Whoever has an account needs none.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn send(
    tx: &mut Tx<'_>,
    share: &shares::Named,
    until: DateTime<Utc>,
    public_url: &PublicUrl,
) -> Result<Option<ShareLinkStatus>, ApiError> {
    let Some(to) = destination(share) else { return Ok(None) };
    let expires_at = until.min(tx.now() + TimeDelta::days(LINK_DAYS));
    let link = send_number(tx, to, 1, expires_at, public_url).await?;
    audit::record(tx, event_of(&link, &share.row, "share_link.send"));
    Ok(told(&[link], share.row.is_withdrawn(), tx.now()))
}

/// Where the links of a share go, if it is for a guest.
fn destination(share: &shares::Named) -> Option<Destination<'_>> {
    let (clinic, leads) = (share.row.clinic_id, Leads::Share(share.row.id));
    Some(Destination { clinic, clinic_name: &share.clinic, leads, email: share.guest_address()? })
}

/// Ends the links of a share that its sender takes back. It waits for the readings that go on at them.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, share: &shares::Row) -> Result<(), ApiError> {
    if share.is_for_a_guest() {
        store::end_all(tx, share.clinic_id, share.id, "withdrawal").await?;
    }
    Ok(())
}

/// How the links of these shares fare, by share.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn status(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    shares: &[shares::Named],
) -> Result<HashMap<Uuid, ShareLinkStatus>, ApiError> {
    let to_guests: Vec<_> = shares.iter().map(|share| &share.row).filter(|row| row.is_for_a_guest()).collect();
    if to_guests.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = to_guests.iter().map(|row| row.id).collect();
    let links = store::of_shares(tx, clinic, &ids).await?;
    let now = tx.now();
    let of_each = to_guests.into_iter().filter_map(|row| {
        let own: Vec<_> = links.iter().filter(|link| link.share_id == Some(row.id)).cloned().collect();
        Some((row.id, told(&own, row.is_withdrawn(), now)?))
    });
    Ok(of_each.collect())
}

/// The event of something that happens at a link: it stands in the discloser's records.
fn event_of(link: &store::Link, share: &shares::Row, action: &'static str) -> Event {
    Event::new(link.clinic_id, action).on(link.id).patient(share.patient_id)
}
