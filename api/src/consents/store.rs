//! The SQL of consents.

use super::state;
use crate::{
    attachments::{Details, Kept, ToRead},
    database::{
        Tx, clock_timestamp,
        schema::{consent_forms, consents, data_keys, referrals, shares},
    },
    events::{self, Happened},
    http::PageRequest,
    vault::{self, DataKey, KeyRow, Place},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{
    consents::{ConsentState, Recipient},
    events::EventType,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

diesel::define_sql_function! {
    /// Holds the consents of a patient against change until the transaction ends, and tells when it did; the migrations tell
    /// how and why.
    fn hold_consents_of(
        patient: diesel::sql_types::Uuid,
        shift_ms: diesel::sql_types::BigInt,
    ) -> diesel::sql_types::Timestamptz;
}

diesel::define_sql_function! {
    /// Waits for the readings that hold a patient's consents, and keeps later ones waiting until the transaction ends.
    fn await_readings_of(patient: diesel::sql_types::Uuid) -> diesel::sql_types::Bool;
}

/// A consent as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = consents, treat_none_as_default_value = false)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(crate) state: String,
    pub(crate) recipients: serde_json::Value,
    pub(crate) categories: Vec<String>,
    pub(crate) purpose: String,
    pub(crate) two_way: bool,
    pub(crate) starts_at: Option<DateTime<Utc>>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) asked_by: Uuid,
    pub(crate) asked_at: DateTime<Utc>,
    pub(crate) lapses_at: DateTime<Utc>,
    pub(crate) statement_version: String,
    pub(crate) signed_at: Option<DateTime<Utc>>,
    pub(crate) signature_method: Option<String>,
    pub(crate) paper_signed_on: Option<NaiveDate>,
    pub(crate) paper_form_hash: Option<String>,
    pub(crate) revoked_at: Option<DateTime<Utc>>,
    pub(crate) revocation_method: Option<String>,
    pub(crate) superseded_by: Option<Uuid>,
    pub(crate) version: i32,
    pub(super) terms: Vec<u8>,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) key_version: i32,
}

/// What the patient is asked, exactly as the patient sees it. It is sealed, and never changes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) purpose: String,
    pub(crate) statement: String,
    pub(crate) statement_hash: String,
}

#[derive(Serialize, Deserialize)]
struct Signature {
    signed_name: String,
}

#[derive(Serialize, Deserialize)]
struct Revocation {
    note: String,
}

/// A consent, opened.
pub(crate) struct Opened {
    pub(crate) row: Row,
    pub(crate) asked: Asked,
    pub(super) signed_name: Option<String>,
    key: Arc<DataKey>,
}

impl Opened {
    /// The same consent, moved on.
    fn moved(self, row: Row) -> Self {
        Self { row, ..self }
    }
}

fn place(column: &'static str, consent: Uuid) -> Place {
    Place::new("consents", column, consent)
}

fn open(key: Arc<DataKey>, row: Row) -> QueryResult<Opened> {
    let asked = key.open_json(&place("terms", row.id), &row.terms)?;
    let signature: Option<Signature> =
        row.signature.as_deref().map(|sealed| key.open_json(&place("signature", row.id), sealed)).transpose()?;
    Ok(Opened { asked, signed_name: signature.map(|signature| signature.signed_name), row, key })
}

#[diesel::dsl::auto_type]
fn its_key() -> _ {
    data_keys::clinic_id
        .eq(consents::clinic_id)
        .and(data_keys::subject_id.eq(consents::patient_id))
        .and(data_keys::version.eq(consents::key_version))
}

impl Row {
    /// The clinics that it names, or practitioners of which.
    fn clinics_named(&self) -> Vec<Uuid> {
        let named = self.recipients.as_array().into_iter().flatten();
        named.filter_map(|named| named.get("clinic_id")?.as_str()?.parse().ok()).collect()
    }

    /// Where it stands at this time.
    pub(crate) fn state_at(&self, now: DateTime<Utc>) -> ConsentState {
        state::effective(&self.state, self.expires_at, self.lapses_at, now)
    }
}

/// Keeps a question to a patient.
pub(super) async fn insert(tx: &mut Tx<'_>, mut row: Row, asked: Asked) -> QueryResult<Opened> {
    let key = vault::newest(tx, row.clinic_id, row.patient_id).await?.ok_or(diesel::result::Error::NotFound)?;
    row.terms = key.seal_json(&place("terms", row.id), &asked)?;
    row.key_version = key.version();
    diesel::insert_into(consents::table).values(&row).execute(tx.conn()).await?;
    Ok(Opened { row, asked, signed_name: None, key: Arc::new(key) })
}

/// A consent of this clinic.
pub(crate) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Opened>> {
    let found = consents::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(consents::clinic_id.eq(clinic))
        .filter(consents::id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .first::<(Row, KeyRow)>(tx.conn())
        .await
        .optional()?;
    let Some((row, key)) = found else { return Ok(None) };
    Ok(Some(open(Arc::new(vault::unlock(tx, &key).await?), row)?))
}

pub(super) async fn page_of_patient(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    patient: Uuid,
    page: &PageRequest,
) -> QueryResult<Vec<Opened>> {
    let mut query = consents::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(consents::clinic_id.eq(clinic))
        .filter(consents::patient_id.eq(patient))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(consents::id.lt(after.0));
    }
    let rows: Vec<(Row, KeyRow)> = query.order(consents::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    let mut keys: Vec<Arc<DataKey>> = Vec::new();
    let mut opened = Vec::with_capacity(rows.len());
    for (row, wrapped) in rows {
        let known = keys.iter().find(|key| key.version() == wrapped.version).cloned();
        let key = match known {
            Some(key) => key,
            None => Arc::new(vault::unlock(tx, &wrapped).await?),
        };
        keys.push(Arc::clone(&key));
        opened.push(open(key, row)?);
    }
    Ok(opened)
}

/// What the gate needs of a consent, and nothing more of it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct Terms {
    pub id: Uuid,
    pub clinic_id: Uuid,
    pub state: String,
    pub recipients: serde_json::Value,
    pub categories: Vec<String>,
    pub purpose: String,
    pub two_way: bool,
    pub signed_at: Option<DateTime<Utc>>,
    pub starts_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

/// A patient's consents, held against change, and the time at which they were.
pub(crate) struct Held {
    pub(crate) at: DateTime<Utc>,
    pub(crate) consents: Vec<Terms>,
}

/// Holds a patient's consents against change until this transaction ends, and reads them and whatever else must not change
/// meanwhile. The statements travel together; the later ones see what was committed before the first got its lock, and the
/// time is taken once it has. Their order is sure even when one of them has to be prepared first: the driver prepares one at
/// a time, in the order asked.
pub(crate) async fn hold<T>(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    patient: Uuid,
    beside: impl AsyncFnOnce(&AsyncPgConnection) -> QueryResult<T>,
) -> QueryResult<(Held, T)> {
    let shift = tx.clock_shift();
    let conn: &AsyncPgConnection = tx.conn();
    let lock =
        async { diesel::select(hold_consents_of(patient, shift)).get_result::<DateTime<Utc>>(&mut &*conn).await };
    let terms = async {
        consents::table
            .filter(consents::clinic_id.eq(clinic))
            .filter(consents::patient_id.eq(patient))
            .select(Terms::as_select())
            .load(&mut &*conn)
            .await
    };
    let (at, consents, beside) = futures_util::future::try_join3(lock, terms, beside(conn)).await?;
    tx.decides_at(at);
    Ok((Held { at, consents }, beside))
}

/// Waits for the readings of a patient's reports before a consent or a share of them ends. It comes before the first row is touched, or two
/// changes could wait for each other; and the change is timed by its end, or a reading that it waited for would stand on
/// record as later than the revocation.
pub(crate) async fn await_readings(tx: &mut Tx<'_>, patient: Uuid) -> QueryResult<()> {
    let alone = diesel::select((await_readings_of(patient), clock_timestamp()));
    let (_, alone_at) = alone.get_result::<(bool, DateTime<Utc>)>(tx.conn()).await?;
    tx.waited_until(alone_at);
    Ok(())
}

/// Tells of a change of a consent whoever has something that rests on it: the clinic that asked, and of those that it names the
/// clinics that were sent something of this patient. To the others it is nobody's business that there was a question.
async fn tell(tx: &mut Tx<'_>, kind: EventType, row: &Row) -> QueryResult<()> {
    let named = row.clinics_named();
    let mut hearing = Vec::new();
    if !named.is_empty() {
        hearing = shares::table
            .filter(shares::clinic_id.eq(row.clinic_id))
            .filter(shares::patient_id.eq(row.patient_id))
            .filter(shares::recipient_clinic_id.eq_any(&named))
            .select(shares::recipient_clinic_id.assume_not_null())
            .distinct()
            .load::<Uuid>(tx.conn())
            .await?;
        let referred = referrals::table
            .filter(referrals::clinic_id.eq(row.clinic_id))
            .filter(referrals::patient_id.eq(row.patient_id))
            .filter(referrals::recipient_clinic_id.eq_any(&named))
            .filter(referrals::sent_at.is_not_null())
            .select(referrals::recipient_clinic_id.assume_not_null())
            .distinct()
            .load::<Uuid>(tx.conn())
            .await?;
        hearing.extend(referred);
    }
    hearing.retain(|clinic| *clinic != row.clinic_id);
    hearing.sort_unstable();
    hearing.dedup();
    let happened = Happened { kind, object: row.id, version: row.version };
    events::publish(tx, happened, std::iter::once(row.clinic_id).chain(hearing));
    Ok(())
}

/// A signature to be kept.
pub(crate) struct Signed<'s> {
    pub(crate) method: &'static str,
    pub(crate) name: &'s str,
    pub(crate) paper: Option<(NaiveDate, &'s str)>,
}

/// Makes a pending consent active, unless it was changed, or sealed anew, since it was read; then `None`.
pub(crate) async fn sign(tx: &mut Tx<'_>, seen: Opened, signed: &Signed<'_>) -> QueryResult<Option<Opened>> {
    await_readings(tx, seen.row.patient_id).await?;
    let now = tx.now();
    let signature = Signature { signed_name: signed.name.to_owned() };
    let unchanged = consents::table
        .find(seen.row.id)
        .filter(consents::version.eq(seen.row.version))
        .filter(consents::key_version.eq(seen.row.key_version));
    let row = diesel::update(unchanged)
        .set((
            consents::state.eq("active"),
            consents::signed_at.eq(now),
            consents::signature_method.eq(signed.method),
            consents::signature.eq(seen.key.seal_json(&place("signature", seen.row.id), &signature)?),
            consents::paper_signed_on.eq(signed.paper.map(|(date, _)| date)),
            consents::paper_form_hash.eq(signed.paper.map(|(_, hash)| hash)),
            consents::version.eq(consents::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    if let Some(row) = &row {
        tell(tx, EventType::ConsentActivated, row).await?;
    }
    Ok(row.map(|row| Opened { signed_name: Some(signature.signed_name), ..seen.moved(row) }))
}

/// Ends older consents of the patient for the same recipients and purpose: the new one says what holds now. They are the
/// same by what the gate goes by, however they were written and whatever they were called then; if an old one that the gate
/// takes for the same stayed in force, a narrower consent would narrow nothing.
pub(super) async fn supersede_older(tx: &mut Tx<'_>, by: &Row) -> QueryResult<Vec<Uuid>> {
    let active: Vec<Row> = consents::table
        .filter(consents::clinic_id.eq(by.clinic_id))
        .filter(consents::patient_id.eq(by.patient_id))
        .filter(consents::state.eq("active"))
        .filter(consents::id.ne(by.id))
        .select(Row::as_select())
        .load(tx.conn())
        .await?;
    let older: Vec<Uuid> = active.iter().filter(|row| row.is_replaced_by(by)).map(|row| row.id).collect();
    let superseded: Vec<Row> = diesel::update(consents::table.filter(consents::id.eq_any(older)))
        .set((
            consents::state.eq("superseded"),
            consents::superseded_by.eq(by.id),
            consents::version.eq(consents::version + 1),
        ))
        .returning(Row::as_returning())
        .get_results(tx.conn())
        .await?;
    for row in &superseded {
        tell(tx, EventType::ConsentSuperseded, row).await?;
    }
    Ok(superseded.into_iter().map(|row| row.id).collect())
}

/// Ends a pending consent by the patient's refusal, unless it was changed since it was read; then `None`.
pub(crate) async fn decline(tx: &mut Tx<'_>, seen: Opened) -> QueryResult<Option<Opened>> {
    await_readings(tx, seen.row.patient_id).await?;
    let unchanged = consents::table.find(seen.row.id).filter(consents::version.eq(seen.row.version));
    let row = diesel::update(unchanged)
        .set((consents::state.eq("declined"), consents::version.eq(consents::version + 1)))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    if let Some(row) = &row {
        tell(tx, EventType::ConsentDeclined, row).await?;
    }
    Ok(row.map(|row| seen.moved(row)))
}

/// Revokes an active consent. Its version does not matter: whatever else was changed, the patient's no holds. `None` if
/// it is not active any more.
pub(crate) async fn revoke(
    tx: &mut Tx<'_>,
    mut seen: Opened,
    method: &'static str,
    note: Option<&str>,
) -> QueryResult<Option<Opened>> {
    await_readings(tx, seen.row.patient_id).await?;
    loop {
        let now = tx.now();
        let note = note.map(|note| Revocation { note: note.to_owned() });
        let sealed = note.map(|note| seen.key.seal_json(&place("revocation", seen.row.id), &note)).transpose()?;
        let active = consents::table
            .find(seen.row.id)
            .filter(consents::state.eq("active"))
            .filter(consents::key_version.eq(seen.row.key_version));
        let row = diesel::update(active)
            .set((
                consents::state.eq("revoked"),
                consents::revoked_at.eq(now),
                consents::revocation_method.eq(method),
                consents::revocation.eq(sealed),
                consents::version.eq(consents::version + 1),
            ))
            .returning(Row::as_returning())
            .get_result(tx.conn())
            .await
            .optional()?;
        if let Some(row) = row {
            tell(tx, EventType::ConsentRevoked, &row).await?;
            return Ok(Some(seen.moved(row)));
        }
        // Sealed anew since it was read: nothing may stand in the way of a no.
        match find(tx, seen.row.clinic_id, seen.row.id).await? {
            Some(now) if now.row.key_version != seen.row.key_version => seen = now,
            _ => return Ok(None),
        }
    }
}

/// The name of a scan, apart from its extension.
const FORM_NAME: &str = "consent";

fn place_of_form(column: &'static str, consent: Uuid) -> Place {
    Place::new("consent_forms", column, consent)
}

/// Keeps the scan of a signed form, which lies in the storage.
pub(super) async fn insert_form(tx: &mut Tx<'_>, consent: &Row, kept: &Kept, attested_by: Uuid) -> QueryResult<()> {
    use consent_forms as columns;
    let now = tx.now();
    let key = vault::newest(tx, consent.clinic_id, consent.patient_id).await?.ok_or(diesel::result::Error::NotFound)?;
    let details = key.seal_json(&place_of_form("details", consent.id), &Details::of(kept, String::new()))?;
    diesel::insert_into(consent_forms::table)
        .values((
            columns::consent_id.eq(consent.id),
            columns::clinic_id.eq(consent.clinic_id),
            columns::patient_id.eq(consent.patient_id),
            columns::media_type.eq(kept.media_type()),
            columns::object_id.eq(kept.object),
            columns::size.eq(kept.size),
            columns::details.eq(details),
            columns::key_version.eq(key.version()),
            columns::attested_by.eq(attested_by),
            columns::recorded_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A scan: in the storage, or, of before there was one, here.
pub(super) enum Form {
    Stored(ToRead),
    Here { media_type: String, file_name: String, bytes: Vec<u8> },
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = consent_forms)]
struct FormRow {
    media_type: String,
    content: Option<Vec<u8>>,
    object_id: Option<Uuid>,
    details: Option<Vec<u8>>,
}

#[diesel::dsl::auto_type]
fn key_of_form() -> _ {
    data_keys::clinic_id
        .eq(consent_forms::clinic_id)
        .and(data_keys::subject_id.eq(consent_forms::patient_id))
        .and(data_keys::version.eq(consent_forms::key_version))
}

/// The scan of a consent that was signed on paper, if it was.
pub(super) async fn form(tx: &mut Tx<'_>, consent: &Row) -> QueryResult<Option<Form>> {
    let found = consent_forms::table
        .inner_join(data_keys::table.on(key_of_form()))
        .filter(consent_forms::clinic_id.eq(consent.clinic_id))
        .filter(consent_forms::consent_id.eq(consent.id))
        .filter(data_keys::wrapped.is_not_null())
        .select((FormRow::as_select(), KeyRow::as_select()))
        .first::<(FormRow, KeyRow)>(tx.conn())
        .await
        .optional()?;
    let Some((row, key)) = found else { return Ok(None) };
    let key = vault::unlock(tx, &key).await?;
    let extension = row.media_type.rsplit('/').next().unwrap_or_default();
    let file_name = format!("{FORM_NAME}.{extension}");
    Ok(match row {
        FormRow { object_id: Some(object), details: Some(details), media_type, .. } => {
            let details: Details = key.open_json(&place_of_form("details", consent.id), &details)?;
            let sha256 = consent.paper_form_hash.clone().unwrap_or_default();
            let (clinic, key) = (consent.clinic_id, details.key()?);
            Some(Form::Stored(ToRead { clinic, object, key, media_type, file_name, sha256 }))
        }
        FormRow { content: Some(content), media_type, .. } => {
            let bytes = key.open(&place_of_form("content", consent.id), &content)?.to_vec();
            Some(Form::Here { media_type, file_name, bytes })
        }
        _ => None,
    })
}
