//! The SQL of shares, and the one function that discloses.

use super::convert::{recipient_kind, state_from};
use crate::{
    attachments::{self, Shared},
    audit::{self, Event},
    consents::{self, Basis, Held, policy::Permit},
    database::{
        Tx,
        prepared::Prepare,
        schema::{clinics, shares},
    },
    events::{self, Happened},
    http::{ApiError, PageRequest},
    identity::Principal,
    patients::{self, Identity},
    reports::{self, Version},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{consents::Recipient, events::EventType, reports::Section, shares::ShareState};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A share as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = shares, treat_none_as_default_value = false)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(super) report_id: Uuid,
    pub(super) report_version: i32,
    pub(crate) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) recipient_kind: String,
    pub(super) recipient_practitioner_id: Option<Uuid>,
    pub(super) recipient_clinic_id: Option<Uuid>,
    pub(super) recipient_name: String,
    pub(super) sections: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) purpose: String,
    pub(super) sent_by: Uuid,
    pub(super) sender_name: String,
    pub(super) sender_profession: Option<String>,
    pub(super) state: String,
    pub(super) delivered_at: DateTime<Utc>,
    pub(super) opened_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
    pub(super) recipient_email: Option<String>,
    pub(super) letter: Option<Vec<u8>>,
    pub(super) key_version: i32,
    pub(super) envelope: Option<Vec<u8>>,
    pub(super) office_key_version: Option<i32>,
    pub(super) basis_clinic_id: Option<Uuid>,
    pub(super) basis_patient_id: Option<Uuid>,
}

/// What the recipient is shown before a reading, where it is not for everybody: what is sealed of it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) purpose: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recipient_email: Option<String>,
}

/// A share with the name of the clinic that sent it and its envelope, opened.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) row: Row,
    pub(crate) clinic: String,
    pub(super) envelope: Option<Envelope>,
}

/// Of a share whom it is for and what for, as other slices tell it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = shares)]
pub(crate) struct Addressed {
    id: Uuid,
    clinic_id: Uuid,
    recipient_kind: String,
    recipient_practitioner_id: Option<Uuid>,
    recipient_clinic_id: Option<Uuid>,
    recipient_name: String,
    purpose: String,
    envelope: Option<Vec<u8>>,
    office_key_version: Option<i32>,
}

impl Addressed {
    /// The recipient and the purpose.
    pub(crate) async fn open(self, tx: &mut Tx<'_>, keys: &mut Keyring) -> QueryResult<(Recipient, String)> {
        let sealed = self.envelope.as_deref().zip(self.office_key_version);
        let envelope = open_envelope(tx, keys, self.clinic_id, self.id, sealed).await?;
        let (mut name, mut email, mut purpose) = (self.recipient_name, None, self.purpose);
        if let Some(envelope) = envelope {
            name = envelope.recipient_name.unwrap_or(name);
            email = envelope.recipient_email;
            purpose = envelope.purpose;
        }
        let recipient = Recipient {
            kind: recipient_kind(&self.recipient_kind),
            practitioner_id: self.recipient_practitioner_id.map(Into::into),
            clinic_id: self.recipient_clinic_id.map(Into::into),
            name: name.into(),
            email: email.map(Into::into),
        };
        Ok((recipient, purpose))
    }
}

fn place(column: &'static str, share: Uuid) -> Place {
    Place::new("shares", column, share)
}

/// Keeps a share, for a clinic with whatever else is written last. Its letter is sealed with the patient's key, its envelope with that of the clinic's office.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    mut row: Row,
    letter: Option<&str>,
    envelope: Option<&Envelope>,
) -> QueryResult<Row> {
    let key = vault::newest(tx, row.clinic_id, row.patient_id).await?.ok_or(diesel::result::Error::NotFound)?;
    row.letter = letter.map(|letter| key.seal(&place("letter", row.id), letter.as_bytes())).transpose()?;
    row.key_version = key.version();
    if let Some(envelope) = envelope {
        let office = vault::office(tx, row.clinic_id).await?;
        row.envelope = Some(office.seal_json(&place("envelope", row.id), envelope)?);
        row.office_key_version = Some(office.version());
    }
    if row.is_for_a_guest() {
        // The link refers to it.
        diesel::insert_into(shares::table).values(&row).execute(tx.conn()).await?;
    } else {
        let new = row.clone();
        tx.write_last(|conn| {
            Box::pin(async move { diesel::insert_into(shares::table).values(&new).execute(&mut &*conn).await })
        });
    }
    tell(tx, EventType::ShareDelivered, &row);
    Ok(row)
}

/// Tells both sides what happened to a share. A guest is told by mail, if at all.
fn tell(tx: &mut Tx<'_>, kind: EventType, row: &Row) {
    let happened = Happened { kind, object: row.id, version: row.version };
    events::publish(tx, happened, std::iter::once(row.clinic_id).chain(row.recipient_clinic_id));
}

/// Opens the envelopes of shares that were read with the names of their clinics.
async fn named(tx: &mut Tx<'_>, rows: Vec<(Row, String)>) -> QueryResult<Vec<Named>> {
    let mut keys = Keyring::default();
    let mut named = Vec::with_capacity(rows.len());
    for (row, clinic) in rows {
        let envelope = row.open_envelope(tx, &mut keys).await?;
        named.push(Named { row, clinic, envelope });
    }
    Ok(named)
}

impl Row {
    /// Whose consents it rests on where they are not those of the discloser's own patient.
    pub(super) fn basis(&self) -> Option<Basis> {
        let (clinic, patient) = self.basis_clinic_id.zip(self.basis_patient_id)?;
        Some(Basis { clinic, patient })
    }

    /// The clinic and its record of the patient whose consents it rests on.
    pub(super) fn rests_on(&self) -> (Uuid, Uuid) {
        self.basis().map_or((self.clinic_id, self.patient_id), |basis| (basis.clinic, basis.patient))
    }

    async fn open_envelope(&self, tx: &mut Tx<'_>, keys: &mut Keyring) -> QueryResult<Option<Envelope>> {
        let sealed = self.envelope.as_deref().zip(self.office_key_version);
        open_envelope(tx, keys, self.clinic_id, self.id, sealed).await
    }
}

/// Opens a share's envelope, if it has one.
async fn open_envelope(
    tx: &mut Tx<'_>,
    keys: &mut Keyring,
    clinic: Uuid,
    share: Uuid,
    sealed: Option<(&[u8], i32)>,
) -> QueryResult<Option<Envelope>> {
    let Some((sealed, version)) = sealed else { return Ok(None) };
    let office = keys.of(tx, clinic, clinic, version).await?;
    Ok(Some(office.open_json(&place("envelope", share), sealed)?))
}

/// Opens the envelope of one that was found.
pub(super) async fn named_one(tx: &mut Tx<'_>, found: Option<Closed>) -> QueryResult<Option<Named>> {
    Ok(named(tx, found.into_iter().collect()).await?.pop())
}

/// A share that this clinic sent or received.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Named>> {
    let found = find_beside(tx.conn(), clinic, id).await?;
    named_one(tx, found).await
}

/// A share with the name of the clinic that sent it and its envelope closed.
pub(super) type Closed = (Row, String);

/// The same as it stands there, on a connection on which something else is on its way too.
pub(super) async fn find_beside(conn: &AsyncPgConnection, clinic: Uuid, id: Uuid) -> QueryResult<Option<Closed>> {
    shares::table
        .inner_join(clinics::table)
        .filter(shares::id.eq(id))
        .filter(shares::clinic_id.eq(clinic).or(shares::recipient_clinic_id.eq(clinic).assume_not_null()))
        .select((Row::as_select(), clinics::name))
        .first(&mut &*conn)
        .await
        .optional()
}

/// A share to a guest, with its envelope closed.
pub(crate) struct Unopened {
    pub(crate) row: Row,
    clinic: String,
}

impl Unopened {
    /// Opens the envelope.
    pub(crate) async fn open(self, tx: &mut Tx<'_>) -> QueryResult<Named> {
        let envelope = self.row.open_envelope(tx, &mut Keyring::default()).await?;
        Ok(Named { row: self.row, clinic: self.clinic, envelope })
    }
}

/// A share that this clinic sent to a guest.
pub(crate) async fn find_for_guest(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Unopened>> {
    let found = shares::table
        .inner_join(clinics::table)
        .filter(shares::clinic_id.eq(clinic))
        .filter(shares::id.eq(id))
        .filter(shares::recipient_kind.eq("guest"))
        .select((Row::as_select(), clinics::name))
        .first(tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(row, clinic)| Unopened { row, clinic }))
}

/// What went out of a report, newest first.
pub(super) async fn page_of_report(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    page: &PageRequest,
) -> QueryResult<Vec<Named>> {
    let mut query = shares::table
        .inner_join(clinics::table)
        .filter(shares::clinic_id.eq(clinic))
        .filter(shares::report_id.eq(report))
        .select((Row::as_select(), clinics::name))
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(shares::id.lt(after.0));
    }
    let rows = query.order(shares::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    named(tx, rows).await
}

/// What came in for this principal: addressed to the clinic, or to the member alone.
pub(super) async fn inbox(
    tx: &mut Tx<'_>,
    me: &Principal,
    state: Option<&str>,
    page: &PageRequest,
) -> QueryResult<Vec<Named>> {
    let mut query = shares::table
        .inner_join(clinics::table)
        .filter(shares::recipient_clinic_id.eq(me.clinic_id))
        .filter(
            shares::recipient_practitioner_id
                .is_null()
                .or(shares::recipient_practitioner_id.eq(me.id).assume_not_null()),
        )
        .select((Row::as_select(), clinics::name))
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(shares::state.eq(state));
    }
    if let Some(after) = page.after {
        query = query.filter(shares::id.lt(after.0));
    }
    let rows = query.order(shares::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    named(tx, rows).await
}

/// Whom shares are for.
pub(crate) struct To {
    /// A clinic.
    pub(crate) clinic: Uuid,
    /// One of its practitioners, who reads what is for the clinic too.
    pub(crate) practitioner: Option<Uuid>,
    /// Only those from then on.
    pub(crate) since: Option<DateTime<Utc>>,
}

/// Which of these shares a clinic sent of this patient to them, and has not withdrawn.
pub(crate) async fn sent_to(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    patient: Uuid,
    to: &To,
    ids: &[Uuid],
) -> QueryResult<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = shares::table
        .filter(shares::clinic_id.eq(clinic))
        .filter(shares::id.eq_any(ids))
        .filter(shares::patient_id.eq(patient))
        .filter(shares::recipient_clinic_id.eq(to.clinic))
        .filter(shares::state.ne("withdrawn"))
        .select(shares::id)
        .into_boxed();
    if let Some(since) = to.since {
        query = query.filter(shares::delivered_at.ge(since));
    }
    let for_all = shares::recipient_practitioner_id.is_null();
    query = match to.practitioner {
        Some(id) => query.filter(for_all.or(shares::recipient_practitioner_id.eq(id).assume_not_null())),
        None => query.filter(for_all),
    };
    query.load(tx.conn()).await
}

/// Moves a share on and tells both sides, unless it was changed since it was read; then `None`.
pub(super) async fn advance(tx: &mut Tx<'_>, seen: &Row, to: &'static str) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unchanged = shares::table.find(seen.id).filter(shares::version.eq(seen.version));
    let at = |state: &str, before: Option<DateTime<Utc>>| if to == state { Some(now) } else { before };
    let moved = diesel::update(unchanged)
        .set((
            shares::state.eq(to),
            shares::opened_at.eq(at("opened", seen.opened_at)),
            shares::acknowledged_at.eq(at("acknowledged", seen.acknowledged_at)),
            shares::withdrawn_at.eq(at("withdrawn", seen.withdrawn_at)),
            shares::version.eq(shares::version + 1),
        ))
        .returning(Row::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()?;
    let kind = match to {
        "opened" => Some(EventType::ShareOpened),
        "acknowledged" => Some(EventType::ShareAcknowledged),
        "withdrawn" => Some(EventType::ShareWithdrawn),
        _ => None,
    };
    if let Some((row, kind)) = moved.as_ref().zip(kind) {
        tell(tx, kind, row);
    }
    Ok(moved)
}

/// Holds what a reading of this share rests on: the patient's consents, and how far the share has come.
pub(super) async fn hold(tx: &mut Tx<'_>, share: &Row) -> QueryResult<(Held, Option<ShareState>)> {
    let state = async |conn: &AsyncPgConnection| {
        shares::table
            .filter(shares::clinic_id.eq(share.clinic_id))
            .filter(shares::id.eq(share.id))
            .select(shares::state)
            .first::<String>(&mut &*conn)
            .await
            .optional()
    };
    let (clinic, patient) = share.rests_on();
    let (held, state) = consents::hold(tx, clinic, patient, state).await?;
    Ok((held, state.as_deref().map(state_from)))
}

/// Marks a share as opened, unless another reading just did; then `None`.
pub(super) async fn open(tx: &mut Tx<'_>, seen: &Row) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unopened = shares::table.find(seen.id).filter(shares::state.eq("delivered"));
    let opened = diesel::update(unopened)
        .set((shares::state.eq("opened"), shares::opened_at.eq(now), shares::version.eq(shares::version + 1)))
        .returning(Row::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()?;
    if let Some(row) = &opened {
        tell(tx, EventType::ShareOpened, row);
    }
    Ok(opened)
}

/// What a reading discloses.
pub(super) struct Disclosed {
    pub(super) version: Version,
    pub(super) patient: Identity,
    pub(super) letter: Option<String>,
    pub(super) attachments: Vec<Shared>,
}

/// The files of a share, if it has that section: those that were signed with its version.
pub(super) async fn attachments(tx: &mut Tx<'_>, share: &Row, permit: &Permit) -> QueryResult<Vec<Shared>> {
    if !share.sections.iter().any(|section| section == Section::Attachments.as_str()) {
        return Ok(Vec::new());
    }
    attachments::disclose(tx, share.clinic_id, share.report_id, share.report_version, permit).await
}

/// Reads what was shared and records that it was: the record, the version and the patient's name are one round trip in one
/// transaction. No permit, no call; no record, no answer. Nothing is left of a patient whose key was shredded.
pub(super) async fn disclose(tx: &mut Tx<'_>, share: &Row, permit: &Permit) -> Result<Disclosed, ApiError> {
    let event =
        Event::new(share.clinic_id, "share.read").on(share.id).patient(share.patient_id).consent(permit.consent());
    let read = async |conn: &AsyncPgConnection| {
        let version = reports::sealed_version_beside(conn, share.clinic_id, share.report_id, share.report_version);
        let patient = patients::identity_beside(conn, share.clinic_id, share.patient_id);
        futures_util::future::try_join(version, patient).await
    };
    let (version, patient) = audit::insert_beside(tx, &event, read).await?;
    let (version, patient) = version.zip(patient).ok_or_else(ApiError::not_found)?;
    let mut keys = Keyring::default();
    let version = reports::open_version(tx, &mut keys, version).await?;
    let key = keys.of(tx, share.clinic_id, share.patient_id, patient.key_version).await?;
    let patient = patient.open(key)?;
    let letter = match &share.letter {
        None => None,
        Some(sealed) => {
            let key = keys.of(tx, share.clinic_id, share.patient_id, share.key_version).await?;
            Some(key.open_text(&place("letter", share.id), sealed).map_err(diesel::result::Error::from)?)
        }
    };
    let attachments = attachments(tx, share, permit).await?;
    Ok(Disclosed { version, patient, letter, attachments })
}
