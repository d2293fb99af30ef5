//! A guest at a link: no account, a secret in the fragment, a code to the own address, and this one share.
//!
//! A wrong secret, an unknown link, one that lapsed, was used up or ended answer the same 404, after the same work; the
//! sender sees which it was. Reading a page changes nothing: every step takes a POST. Reading the report is the recipient's
//! reading of [`crate::shares`]: one way, one gate, one record.

pub mod routes;
mod state;
mod store;

use crate::{
    audit::{self, Event},
    database::Tx,
    events::{PublicUrl, letters, mail},
    http::ApiError,
    identity::secrets,
    shares,
};
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::share_links::ShareLinkStatus;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use uuid::Uuid;

/// A link lives these days, and no longer than the consent that carries the share.
const LINK_DAYS: i64 = 7;

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
    if share.guest_address().is_none() {
        return Ok(None);
    }
    let expires_at = until.min(tx.now() + TimeDelta::days(LINK_DAYS));
    let link = send_number(tx, share, 1, expires_at, public_url).await?;
    audit::record(tx, event_of(&link, &share.row, "share_link.send")).await?;
    Ok(told(&[link], &share.row, tx.now()))
}

async fn send_number(
    tx: &mut Tx<'_>,
    share: &shares::Named,
    number: i32,
    expires_at: DateTime<Utc>,
    public_url: &PublicUrl,
) -> Result<store::Link, ApiError> {
    let email = share.guest_address().ok_or_else(ApiError::not_found)?;
    let secret = secrets::token().map_err(ApiError::internal)?;
    let link = store::insert(tx, &share.row, number, &secrets::hash(secret.expose_secret()), expires_at).await?;
    let address = public_url.join(&format!("/share/{}#{}", link.id, secret.expose_secret()));
    mail::queue(tx, share.row.clinic_id, email, letters::share_link(&share.clinic, &address, LINK_DAYS)).await?;
    Ok(link)
}

/// Ends the links of a share that its sender takes back. It waits for the readings that go on at them.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, share: &shares::Row) -> Result<(), ApiError> {
    if share.is_for_a_guest() {
        store::end_all(tx, share, "withdrawal").await?;
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
        let own: Vec<_> = links.iter().filter(|link| link.share_id == row.id).cloned().collect();
        Some((row.id, told(&own, row, now)?))
    });
    Ok(of_each.collect())
}

/// What the sender is told of a share's links, the newest of which comes first.
fn told(links: &[store::Link], share: &shares::Row, now: DateTime<Utc>) -> Option<ShareLinkStatus> {
    let newest = links.first()?;
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    Some(ShareLinkStatus {
        state: newest.state(share, now),
        sent_at: newest.created_at,
        expires_at: newest.expires_at,
        links_sent: count(newest.number),
        openings: links.iter().map(|link| count(link.openings)).sum(),
        last_opened_at: newest.opened_at,
        tries_left: count(newest.tries_left),
        misdirected_at: newest.ended_at.filter(|_| newest.ended_by.as_deref() == Some("misdirected")),
    })
}

/// The event of something that happens at a link: it stands in the discloser's records.
fn event_of(link: &store::Link, share: &shares::Row, action: &'static str) -> Event {
    Event::new(link.clinic_id, action).on(link.id).patient(share.patient_id)
}
