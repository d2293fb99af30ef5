//! The SQL of emergency access.

use super::policy::{self, Terms};
use crate::{
    database::{
        Tx, clock_timestamp,
        ids::new_id,
        schema::{audit_events, data_keys, emergency_accesses, patients},
    },
    events::{self, Happened},
    http::PageRequest,
    identity::Fresh,
    vault::{self, DataKey, KeyRow, Place},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count_star, exists, not},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use rapport_contract::{emergency_access::EmergencyAccessState, events::EventType};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

diesel::define_sql_function! {
    /// Holds the present member's emergency accesses against being ended until the transaction does, and tells when it did.
    fn hold_emergency_accesses(shift_ms: diesel::sql_types::BigInt) -> diesel::sql_types::Timestamptz;
}

/// What of an emergency access decides.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = emergency_accesses)]
pub(super) struct TermsRow {
    pub(super) clinic_id: Uuid,
    pub(super) member_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) started_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// An emergency access as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = emergency_accesses)]
pub(super) struct Row {
    pub(super) id: Uuid,
    #[diesel(embed)]
    pub(super) terms: TermsRow,
    pub(super) reason: String,
    explanation: Vec<u8>,
    pub(super) ended_by: Option<Uuid>,
    pub(super) finding: Option<String>,
    note: Option<Vec<u8>>,
    pub(super) reviewed_at: Option<DateTime<Utc>>,
    pub(super) reviewed_by: Option<Uuid>,
    pub(super) version: i32,
}

/// An emergency access, opened.
pub(super) struct Told {
    pub(super) row: Row,
    pub(super) explanation: String,
    pub(super) note: Option<String>,
    key: Arc<DataKey>,
}

fn place(column: &'static str, access: Uuid) -> Place {
    Place::new("emergency_accesses", column, access)
}

#[diesel::dsl::auto_type]
fn its_key() -> _ {
    data_keys::clinic_id
        .eq(emergency_accesses::clinic_id)
        .and(data_keys::subject_id.eq(emergency_accesses::patient_id))
        .and(data_keys::version.eq(emergency_accesses::key_version))
}

async fn tell(tx: &mut Tx<'_>, rows: Vec<(Row, KeyRow)>) -> QueryResult<Vec<Told>> {
    let mut told = Vec::with_capacity(rows.len());
    for (row, key) in rows {
        let key = vault::unlock(tx, &key).await?;
        let explanation = key.open_text(&place("explanation", row.id), &row.explanation)?;
        let note = row.note.as_deref().map(|sealed| key.open_text(&place("note", row.id), sealed)).transpose()?;
        told.push(Told { row, explanation, note, key: Arc::new(key) });
    }
    Ok(told)
}

/// The emergency accesses of the present member that have not ended, held; the transaction's time is that of the hold.
pub(super) async fn hold_of_member(tx: &mut Tx<'_>, clinic: Uuid, member: Uuid) -> QueryResult<Vec<Terms>> {
    let shift = tx.clock_shift();
    let at = diesel::select(hold_emergency_accesses(shift)).get_result::<DateTime<Utc>>(tx.conn()).await?;
    tx.decides_at(at);
    let rows: Vec<TermsRow> = emergency_accesses::table
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::member_id.eq(member))
        .filter(emergency_accesses::ends_at.gt(at))
        .select(TermsRow::as_select())
        .load(tx.conn())
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Whether the member has one to this patient that has not ended.
pub(super) async fn has_open(tx: &mut Tx<'_>, clinic: Uuid, member: Uuid, patient: Uuid) -> QueryResult<bool> {
    let now = tx.now();
    let open = emergency_accesses::table
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::member_id.eq(member))
        .filter(emergency_accesses::patient_id.eq(patient))
        .filter(emergency_accesses::ends_at.gt(now))
        .filter(emergency_accesses::ended_at.is_null());
    diesel::select(exists(open)).get_result(tx.conn()).await
}

/// A new one.
pub(super) struct Opened<'o> {
    pub(super) clinic: Uuid,
    pub(super) patient: Uuid,
    pub(super) reason: &'static str,
    pub(super) explanation: &'o str,
}

/// Opens one for who showed the second factor, unless there is one that has not ended; then `None`.
pub(super) async fn open(tx: &mut Tx<'_>, fresh: &Fresh, new: &Opened<'_>) -> QueryResult<Option<Told>> {
    use emergency_accesses as columns;
    // Of two at once the second sees the first.
    let patient = patients::table.filter(patients::clinic_id.eq(new.clinic)).filter(patients::id.eq(new.patient));
    patient.select(patients::id).for_no_key_update().first::<Uuid>(tx.conn()).await?;
    if has_open(tx, new.clinic, fresh.member(), new.patient).await? {
        return Ok(None);
    }
    let (id, now) = (new_id(), tx.now());
    let key = vault::newest(tx, new.clinic, new.patient).await?.ok_or(diesel::result::Error::NotFound)?;
    let row: Row = diesel::insert_into(emergency_accesses::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(new.clinic),
            columns::member_id.eq(fresh.member()),
            columns::patient_id.eq(new.patient),
            columns::reason.eq(new.reason),
            columns::explanation.eq(key.seal(&place("explanation", id), new.explanation.as_bytes())?),
            columns::key_version.eq(key.version()),
            columns::started_at.eq(now),
            columns::ends_at.eq(policy::ends(now)),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await?;
    let happened = Happened { kind: EventType::EmergencyAccessOpened, object: row.id, version: row.version };
    events::publish(tx, happened, [new.clinic]);
    Ok(Some(Told { row, explanation: new.explanation.to_owned(), note: None, key: Arc::new(key) }))
}

/// One of this clinic.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Told>> {
    let found = emergency_accesses::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .first(tx.conn())
        .await
        .optional()?;
    Ok(tell(tx, found.into_iter().collect()).await?.pop())
}

/// The same, held for a change. It waits for the readings under it, so that what is timed by it comes after them.
pub(super) async fn hold(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Told>> {
    emergency_accesses::table
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::id.eq(id))
        .select(emergency_accesses::id)
        .for_update()
        .first::<Uuid>(tx.conn())
        .await
        .optional()?;
    let at = diesel::select(clock_timestamp()).get_result(tx.conn()).await?;
    tx.waited_until(at);
    find(tx, clinic, id).await
}

/// Those of this clinic, newest first; only those in a state, if that is asked for.
pub(super) async fn page(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    state: Option<EmergencyAccessState>,
    page: &PageRequest,
) -> QueryResult<Vec<Told>> {
    let now = tx.now();
    let mut query = emergency_accesses::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .into_boxed();
    query = match state {
        Some(EmergencyAccessState::OpenReview) => query.filter(emergency_accesses::reviewed_at.is_null()),
        Some(EmergencyAccessState::Closed) => query.filter(emergency_accesses::reviewed_at.is_not_null()),
        Some(EmergencyAccessState::Active) => query
            .filter(emergency_accesses::started_at.le(now))
            .filter(emergency_accesses::ends_at.gt(now))
            .filter(emergency_accesses::ended_at.is_null()),
        None => query,
    };
    if let Some(after) = page.after {
        query = query.filter(emergency_accesses::id.lt(after.0));
    }
    let rows = query.order(emergency_accesses::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    tell(tx, rows).await
}

/// How often something was read under each of these; those under which nothing was are left out.
pub(super) async fn readings(tx: &mut Tx<'_>, clinic: Uuid, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, i64>> {
    let is_over = emergency_accesses::ended_at.assume_not_null().le(audit_events::occurred_at);
    let is_under = audit_events::clinic_id
        .eq(emergency_accesses::clinic_id)
        .and(audit_events::patient_id.assume_not_null().eq(emergency_accesses::patient_id))
        .and(audit_events::actor_id.assume_not_null().eq(emergency_accesses::member_id))
        .and(audit_events::occurred_at.ge(emergency_accesses::started_at))
        .and(audit_events::occurred_at.lt(emergency_accesses::ends_at))
        .and(emergency_accesses::ended_at.is_null().or(not(is_over)));
    let counts: Vec<(Uuid, i64)> = emergency_accesses::table
        .inner_join(audit_events::table.on(is_under))
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::id.eq_any(ids))
        .filter(audit_events::outcome.eq("permitted"))
        .filter(audit_events::reason.eq(super::GROUND))
        .group_by(emergency_accesses::id)
        .select((emergency_accesses::id, count_star()))
        .load(tx.conn())
        .await?;
    Ok(counts.into_iter().collect())
}

/// Ends one that is held.
pub(super) async fn end(tx: &mut Tx<'_>, seen: Told, clinic: Uuid, by: Uuid) -> QueryResult<Told> {
    let now = tx.now();
    let held = emergency_accesses::table
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::id.eq(seen.row.id));
    let row = diesel::update(held)
        .set((
            emergency_accesses::ended_at.eq(now),
            emergency_accesses::ended_by.eq(by),
            emergency_accesses::version.eq(emergency_accesses::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await?;
    Ok(Told { row, ..seen })
}

/// What a review found.
pub(super) struct Reviewed<'r> {
    pub(super) by: Uuid,
    pub(super) finding: &'static str,
    pub(super) note: &'r str,
}

/// Closes the review of one that is held. The note takes the key of its row.
pub(super) async fn review(tx: &mut Tx<'_>, seen: Told, clinic: Uuid, review: &Reviewed<'_>) -> QueryResult<Told> {
    let now = tx.now();
    let held = emergency_accesses::table
        .filter(emergency_accesses::clinic_id.eq(clinic))
        .filter(emergency_accesses::id.eq(seen.row.id));
    let row = diesel::update(held)
        .set((
            emergency_accesses::finding.eq(review.finding),
            emergency_accesses::note.eq(seen.key.seal(&place("note", seen.row.id), review.note.as_bytes())?),
            emergency_accesses::reviewed_at.eq(now),
            emergency_accesses::reviewed_by.eq(review.by),
            emergency_accesses::version.eq(emergency_accesses::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await?;
    Ok(Told { row, note: Some(review.note.to_owned()), ..seen })
}
