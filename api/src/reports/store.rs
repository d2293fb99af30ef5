//! The SQL of reports and their signed versions.

use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{members, report_versions, reports},
    },
    http::PageRequest,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
pub(crate) struct ReportRow {
    pub(crate) id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) author_id: Uuid,
    pub(super) draft: Option<String>,
    pub(super) sensitive: Vec<String>,
    pub(crate) current_version: Option<i32>,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct AuthorRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) profession: Option<String>,
}

/// A signed version as a row.
#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = report_versions, treat_none_as_default_value = false)]
pub(crate) struct VersionRow {
    pub(crate) report_id: Uuid,
    pub(crate) number: i32,
    pub(crate) clinic_id: Uuid,
    pub(crate) kind: String,
    pub(crate) body: String,
    pub(crate) content_hash: String,
    pub(crate) sensitive: Vec<String>,
    pub(crate) signed_by: Uuid,
    pub(crate) signer_name: String,
    pub(crate) signer_profession: Option<String>,
    pub(crate) signed_at: DateTime<Utc>,
    pub(crate) amendment_reason: Option<String>,
}

/// A new draft.
pub(super) struct Draft<'d> {
    pub(super) patient: Uuid,
    pub(super) kind: &'d str,
    pub(super) body: &'d str,
    pub(super) sensitive: Vec<&'d str>,
}

pub(super) async fn insert(tx: &mut Tx<'_>, clinic: Uuid, author: Uuid, draft: &Draft<'_>) -> QueryResult<ReportRow> {
    use reports as columns;
    let now = tx.now();
    diesel::insert_into(reports::table)
        .values((
            columns::id.eq(new_id()),
            columns::clinic_id.eq(clinic),
            columns::patient_id.eq(draft.patient),
            columns::kind.eq(draft.kind),
            columns::state.eq("draft"),
            columns::author_id.eq(author),
            columns::draft.eq(draft.body),
            columns::sensitive.eq(&draft.sensitive),
            columns::created_at.eq(now),
            columns::updated_at.eq(now),
        ))
        .returning(ReportRow::as_returning())
        .get_result(tx.conn())
        .await
}

/// A report of this clinic with its author.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<(ReportRow, AuthorRow)>> {
    reports::table
        .inner_join(members::table.on(reports::author_id.eq(members::id)))
        .filter(reports::clinic_id.eq(clinic))
        .filter(reports::id.eq(id))
        .select((ReportRow::as_select(), AuthorRow::as_select()))
        .first(tx.conn())
        .await
        .optional()
}

/// What to list.
#[derive(Default)]
pub(super) struct Filter<'f> {
    pub(super) patient: Option<Uuid>,
    pub(super) state: Option<&'f str>,
}

pub(super) async fn page(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    filter: &Filter<'_>,
    page: &PageRequest,
) -> QueryResult<Vec<ReportRow>> {
    let mut query = reports::table.filter(reports::clinic_id.eq(clinic)).select(ReportRow::as_select()).into_boxed();
    if let Some(patient) = filter.patient {
        query = query.filter(reports::patient_id.eq(patient));
    }
    if let Some(state) = filter.state {
        query = query.filter(reports::state.eq(state));
    }
    if let Some(after) = page.after {
        query = query.filter(reports::id.lt(after.0));
    }
    query.order(reports::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// What a change of a draft writes; `None` leaves as it is.
#[derive(AsChangeset)]
#[diesel(table_name = reports)]
pub(super) struct DraftChanges<'c> {
    pub(super) kind: Option<&'c str>,
    pub(super) draft: Option<&'c str>,
    pub(super) sensitive: Option<Vec<&'c str>>,
    pub(super) updated_at: DateTime<Utc>,
}

/// Changes a draft, unless it was changed or signed since this version was read.
pub(super) async fn update_draft(
    tx: &mut Tx<'_>,
    seen: &ReportRow,
    changes: &DraftChanges<'_>,
) -> QueryResult<Option<ReportRow>> {
    let unchanged =
        reports::table.find(seen.id).filter(reports::version.eq(seen.version)).filter(reports::state.eq("draft"));
    diesel::update(unchanged)
        .set((changes, reports::version.eq(reports::version + 1)))
        .returning(ReportRow::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}

/// Adds a signed version, unless the report was changed since it was read: `None`, and nothing is written.
pub(super) async fn insert_version(
    tx: &mut Tx<'_>,
    seen: &ReportRow,
    version: &VersionRow,
) -> QueryResult<Option<ReportRow>> {
    let now = tx.now();
    let unchanged = reports::table.find(seen.id).filter(reports::version.eq(seen.version));
    let row = diesel::update(unchanged)
        .set((
            reports::state.eq("signed"),
            reports::draft.eq(None::<String>),
            reports::sensitive.eq(&version.sensitive),
            reports::current_version.eq(version.number),
            reports::signed_at.eq(version.signed_at),
            reports::updated_at.eq(now),
            reports::version.eq(reports::version + 1),
        ))
        .returning(ReportRow::as_returning())
        .get_result(tx.conn())
        .await
        .optional()?;
    if row.is_some() {
        diesel::insert_into(report_versions::table).values(version).execute(tx.conn()).await?;
    }
    Ok(row)
}

/// A signed version of a report of this clinic.
pub(crate) async fn signed_version(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<Option<VersionRow>> {
    signed_version_beside(tx.conn(), clinic, report, number).await
}

/// The same on a connection on which something else is on its way too.
pub(crate) async fn signed_version_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<Option<VersionRow>> {
    report_versions::table
        .filter(report_versions::clinic_id.eq(clinic))
        .filter(report_versions::report_id.eq(report))
        .filter(report_versions::number.eq(number))
        .select(VersionRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()
}

/// The versions of a report before this number, newest first.
pub(super) async fn versions(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    before: Option<i32>,
    rows: i64,
) -> QueryResult<Vec<VersionRow>> {
    let mut query = report_versions::table
        .filter(report_versions::clinic_id.eq(clinic))
        .filter(report_versions::report_id.eq(report))
        .select(VersionRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(report_versions::number.lt(before));
    }
    query.order(report_versions::number.desc()).limit(rows).load(tx.conn()).await
}
