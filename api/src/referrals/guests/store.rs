//! The SQL of referrals to guests.

use crate::{
    consents,
    database::{
        Tx,
        schema::{clinics, referral_clocks, referrals},
    },
    http::ApiError,
    referrals::{
        clocks::store::{self as clocks, Row as ClockRow},
        state::{Standing, is_final},
        store::{Found, Moved, Named, Row, insert_transition, its_clock},
    },
    vault::{self, Keyring, Place},
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::{
    consents::Recipient,
    referrals::{ReferralState, ReferralVerb},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who a guest is: what is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Guest {
    name: String,
    email: String,
}

impl Guest {
    /// The guest whom a referral is for, if it is for one.
    pub(in crate::referrals) fn of(recipient: &Recipient) -> Option<Self> {
        let email = recipient.email.as_ref()?;
        Some(Self { name: recipient.name.as_str().to_owned(), email: email.as_str().to_owned() })
    }

    pub(in crate::referrals) fn name(&self) -> &str {
        &self.name
    }

    pub(in crate::referrals) fn email(&self) -> &str {
        &self.email
    }
}

fn place(referral: Uuid) -> Place {
    Place::new("referrals", "envelope", referral)
}

/// Seals who a new referral is for, with the key of the clinic's office, and notes the address as the gate compares it.
pub(in crate::referrals) async fn seal(tx: &mut Tx<'_>, row: &mut Row, guest: &Guest) -> Result<(), ApiError> {
    let office = vault::office(tx, row.clinic_id).await?;
    row.envelope = Some(office.seal_json(&place(row.id), guest).map_err(diesel::result::Error::from)?);
    row.office_key_version = Some(office.version());
    row.guest_address = Some(consents::comparable_address(tx, row.clinic_id, &guest.email).await?);
    Ok(())
}

async fn open(
    tx: &mut Tx<'_>,
    keys: &mut Keyring,
    (clinic, id): (Uuid, Uuid),
    sealed: Option<(&[u8], i32)>,
) -> QueryResult<Option<Guest>> {
    let Some((sealed, version)) = sealed else { return Ok(None) };
    let office = keys.of(tx, clinic, clinic, version).await?;
    Ok(Some(office.open_json(&place(id), sealed)?))
}

/// Referrals that were read with the names of their senders; of those that wait for a guest it is opened who that is. Whoever else
/// has taken one up is told of nobody's address.
pub(in crate::referrals) async fn unsealed(tx: &mut Tx<'_>, rows: Vec<Found>) -> QueryResult<Vec<Named>> {
    let mut keys = Keyring::default();
    let mut all = Vec::with_capacity(rows.len());
    for found in rows {
        let row = &found.0;
        let sealed = row.envelope.as_deref().zip(row.office_key_version).filter(|_| row.recipient_clinic_id.is_none());
        let guest = open(tx, &mut keys, (row.clinic_id, row.id), sealed).await?;
        all.push(Named::new(found, guest));
    }
    Ok(all)
}

/// Of a referral to a guest, whom it went to, as other slices tell it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = referrals)]
pub(crate) struct SentToGuest {
    id: Uuid,
    clinic_id: Uuid,
    envelope: Option<Vec<u8>>,
    office_key_version: Option<i32>,
}

impl SentToGuest {
    /// The guest.
    pub(crate) async fn open(self, tx: &mut Tx<'_>, keys: &mut Keyring) -> QueryResult<Recipient> {
        let sealed = self.envelope.as_deref().zip(self.office_key_version);
        let guest = open(tx, keys, (self.clinic_id, self.id), sealed).await?;
        Ok(super::recipient(guest.as_ref()))
    }
}

/// A referral to a guest, with who that is closed.
pub(crate) struct Unopened {
    pub(crate) row: Row,
    clinic: String,
    clock: Option<ClockRow>,
}

impl Unopened {
    /// Opens who it is for.
    pub(crate) async fn open(self, tx: &mut Tx<'_>) -> Result<Named, ApiError> {
        let opened = unsealed(tx, vec![(self.row, self.clinic, self.clock, None)]).await?.pop();
        opened.ok_or_else(ApiError::not_found)
    }
}

/// A referral that this clinic sent to a guest.
pub(crate) async fn find_for_guest(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Unopened>> {
    let found = referrals::table
        .inner_join(clinics::table.on(clinics::id.eq(referrals::clinic_id)))
        .filter(referrals::clinic_id.eq(clinic))
        .filter(referrals::id.eq(id))
        .filter(referrals::guest_address.is_not_null())
        .left_join(referral_clocks::table.on(its_clock()))
        .select((Row::as_select(), clinics::name, Option::<ClockRow>::as_select()))
        .first(tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(row, clinic, clock)| Unopened { row, clinic, clock }))
}

/// Moves a referral on as its guest and keeps the move, unless it was moved since it was read; then `None`. A guest changes no more
/// of it than this.
pub(super) async fn advance(
    tx: &mut Tx<'_>,
    seen: &Named,
    to: Standing,
    verb: Option<ReferralVerb>,
    reason: Option<&'static str>,
) -> QueryResult<Option<Named>> {
    let now = tx.now();
    let received = (to.state == ReferralState::Received).then_some(now);
    let unchanged = referrals::table.find(seen.row.id).filter(referrals::version.eq(seen.row.version));
    let row = diesel::update(unchanged)
        .set((
            referrals::state.eq(to.state.as_str()),
            referrals::received_at.eq(seen.row.received_at.or(received)),
            referrals::closed_at.eq(is_final(to.state).then_some(now)),
            referrals::version.eq(referrals::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let moved = Moved { from: Some(seen.row.state.clone()), verb, reason, text: None };
    insert_transition(tx, &row, None, moved).await?;
    let clock = clocks::turn(tx, &row, seen.row.standing().state, verb, seen.clock.clone()).await?;
    Ok(Some(Named { row, clock, ..seen.clone() }))
}

/// The practitioner whom a guest has become.
pub(crate) struct Claimant {
    pub(crate) clinic: Uuid,
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

/// Makes it this practitioner's, unless somebody has it, or it was moved since it was read; then `None`.
pub(super) async fn claim(tx: &mut Tx<'_>, seen: &Row, claimant: &Claimant) -> QueryResult<Option<Row>> {
    let unclaimed = referrals::table
        .find(seen.id)
        .filter(referrals::version.eq(seen.version))
        .filter(referrals::recipient_clinic_id.is_null());
    diesel::update(unclaimed)
        .set((
            referrals::recipient_clinic_id.eq(claimant.clinic),
            referrals::recipient_practitioner_id.eq(claimant.id),
            referrals::recipient_name.eq(&claimant.name),
            referrals::version.eq(referrals::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}
