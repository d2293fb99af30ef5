//! The SQL of shares, and the one function that discloses.

use super::convert::state_from;
use crate::{
    audit::{self, Event},
    consents::{self, Held, policy::Permit},
    database::{
        Tx,
        schema::{clinics, patients, shares},
    },
    http::{ApiError, PageRequest},
    identity::Principal,
    reports::{self, VersionRow},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::shares::ShareState;
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
    pub(super) cover_letter: Option<String>,
    pub(super) sent_by: Uuid,
    pub(super) sender_name: String,
    pub(super) sender_profession: Option<String>,
    pub(super) state: String,
    pub(super) delivered_at: DateTime<Utc>,
    pub(super) opened_at: Option<DateTime<Utc>>,
    pub(super) acknowledged_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
    pub(crate) recipient_email: Option<String>,
}

/// A share and the name of the clinic that sent it.
pub(crate) type Named = (Row, String);

pub(super) async fn insert(tx: &mut Tx<'_>, row: &Row) -> QueryResult<()> {
    diesel::insert_into(shares::table).values(row).execute(tx.conn()).await?;
    Ok(())
}

/// A share that this clinic sent or received.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Named>> {
    shares::table
        .inner_join(clinics::table)
        .filter(shares::id.eq(id))
        .filter(shares::clinic_id.eq(clinic).or(shares::recipient_clinic_id.eq(clinic).assume_not_null()))
        .select((Row::as_select(), clinics::name))
        .first(tx.conn())
        .await
        .optional()
}

/// A share that this clinic sent to a guest.
pub(crate) async fn find_for_guest(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Named>> {
    shares::table
        .inner_join(clinics::table)
        .filter(shares::clinic_id.eq(clinic))
        .filter(shares::id.eq(id))
        .filter(shares::recipient_kind.eq("guest"))
        .select((Row::as_select(), clinics::name))
        .first(tx.conn())
        .await
        .optional()
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
    query.order(shares::id.desc()).limit(page.rows()).load(tx.conn()).await
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
    query.order(shares::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// Moves a share on, unless it was changed since it was read; then `None`.
pub(super) async fn advance(tx: &mut Tx<'_>, seen: &Row, to: &'static str) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unchanged = shares::table.find(seen.id).filter(shares::version.eq(seen.version));
    let at = |state: &str, before: Option<DateTime<Utc>>| if to == state { Some(now) } else { before };
    diesel::update(unchanged)
        .set((
            shares::state.eq(to),
            shares::opened_at.eq(at("opened", seen.opened_at)),
            shares::acknowledged_at.eq(at("acknowledged", seen.acknowledged_at)),
            shares::withdrawn_at.eq(at("withdrawn", seen.withdrawn_at)),
            shares::version.eq(shares::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
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
    let (held, state) = consents::hold(tx, share.clinic_id, share.patient_id, state).await?;
    Ok((held, state.as_deref().map(state_from)))
}

/// Marks a share as opened, unless another reading just did; then `None`.
pub(super) async fn open(tx: &mut Tx<'_>, seen: &Row) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unopened = shares::table.find(seen.id).filter(shares::state.eq("delivered"));
    diesel::update(unopened)
        .set((shares::state.eq("opened"), shares::opened_at.eq(now), shares::version.eq(shares::version + 1)))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}

/// The patient, as far as a recipient has to know.
#[derive(Queryable, Selectable)]
#[diesel(table_name = patients)]
pub(super) struct PatientRow {
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) birth_date: NaiveDate,
}

/// Reads what was shared and records that it was: the record, the version and the patient's name are one round trip in one
/// transaction. No permit, no call; no record, no answer.
pub(super) async fn disclose(
    tx: &mut Tx<'_>,
    share: &Row,
    permit: &Permit,
) -> Result<(VersionRow, PatientRow), ApiError> {
    let event =
        Event::new(share.clinic_id, "share.read").on(share.id).patient(share.patient_id).consent(permit.consent());
    let read = async |conn: &AsyncPgConnection| {
        let version = reports::signed_version_beside(conn, share.clinic_id, share.report_id, share.report_version);
        futures_util::future::try_join(version, patient(conn, share)).await
    };
    let (version, patient) = audit::insert_beside(tx, &event, read).await?;
    version.zip(patient).ok_or_else(|| ApiError::internal(anyhow::anyhow!("a share leads to no version or patient")))
}

async fn patient(conn: &AsyncPgConnection, share: &Row) -> QueryResult<Option<PatientRow>> {
    patients::table
        .filter(patients::clinic_id.eq(share.clinic_id))
        .filter(patients::id.eq(share.patient_id))
        .select(PatientRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()
}
