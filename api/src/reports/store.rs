//! The SQL of reports and their signed versions.

use crate::{
    database::{
        Tx,
        ids::new_id,
        prepared::Prepare,
        schema::{data_keys, members, report_versions, reports},
    },
    events::{self, Happened},
    http::PageRequest,
    identity::secrets::sha256_hex,
    vault::{self, DataKey, KeyRow, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::events::EventType;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = reports)]
pub(crate) struct ReportRow {
    pub(crate) id: Uuid,
    pub(crate) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) author_id: Uuid,
    pub(super) sensitive: Vec<String>,
    pub(crate) current_version: Option<i32>,
    pub(super) signed_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) version: i32,
}

fn place_of_draft(report: Uuid) -> Place {
    Place::new("reports", "draft", report)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct AuthorRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) profession: Option<String>,
}

/// A signed version, opened.
pub(crate) struct Version {
    pub(crate) report_id: Uuid,
    pub(crate) number: i32,
    pub(crate) clinic_id: Uuid,
    pub(crate) patient_id: Uuid,
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

/// A signed version as a row: what it says is sealed.
#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = report_versions, treat_none_as_default_value = false)]
pub(crate) struct VersionRow {
    report_id: Uuid,
    number: i32,
    clinic_id: Uuid,
    patient_id: Uuid,
    kind: String,
    body: Vec<u8>,
    content_hash: String,
    sensitive: Vec<String>,
    signed_by: Uuid,
    signer_name: String,
    signer_profession: Option<String>,
    signed_at: DateTime<Utc>,
    amendment_reason: Option<Vec<u8>>,
    key_version: i32,
}

/// A version's row and the key of what it says.
pub(crate) type Sealed = (VersionRow, KeyRow);

fn place_of_version(column: &'static str, report: Uuid, number: i32) -> Place {
    Place { number, ..Place::new("report_versions", column, report) }
}

impl VersionRow {
    fn seal(version: &Version, key: &DataKey) -> QueryResult<Self> {
        let place = |column| place_of_version(column, version.report_id, version.number);
        let reason = version.amendment_reason.as_deref();
        Ok(Self {
            report_id: version.report_id,
            number: version.number,
            clinic_id: version.clinic_id,
            patient_id: version.patient_id,
            kind: version.kind.clone(),
            body: key.seal(&place("body"), version.body.as_bytes())?,
            content_hash: version.content_hash.clone(),
            sensitive: version.sensitive.clone(),
            signed_by: version.signed_by,
            signer_name: version.signer_name.clone(),
            signer_profession: version.signer_profession.clone(),
            signed_at: version.signed_at,
            amendment_reason: reason
                .map(|reason| key.seal(&place("amendment_reason"), reason.as_bytes()))
                .transpose()?,
            key_version: key.version(),
        })
    }
}

/// Opens what a version says, and holds it against the hash that was signed (45 CFR 164.312(c)(1)).
pub(crate) async fn open_version(tx: &mut Tx<'_>, keys: &mut Keyring, (row, key): Sealed) -> QueryResult<Version> {
    let key = keys.unlock(tx, &key).await?;
    let place = |column| place_of_version(column, row.report_id, row.number);
    let body = key.open_text(&place("body"), &row.body)?;
    if sha256_hex(body.as_bytes()) != row.content_hash {
        tracing::error!(report = %row.report_id, number = row.number, "a signed version is not what was signed");
        return Err(vault::Error::Refused.into());
    }
    let reason = row.amendment_reason.as_deref();
    Ok(Version {
        amendment_reason: reason.map(|sealed| key.open_text(&place("amendment_reason"), sealed)).transpose()?,
        body,
        report_id: row.report_id,
        number: row.number,
        clinic_id: row.clinic_id,
        patient_id: row.patient_id,
        kind: row.kind,
        content_hash: row.content_hash,
        sensitive: row.sensitive,
        signed_by: row.signed_by,
        signer_name: row.signer_name,
        signer_profession: row.signer_profession,
        signed_at: row.signed_at,
    })
}

/// A signed version without what it says.
#[derive(Queryable, Selectable)]
#[diesel(table_name = report_versions)]
pub(super) struct SummaryRow {
    pub(super) number: i32,
    pub(super) content_hash: String,
    pub(super) signed_by: Uuid,
    pub(super) signer_name: String,
    pub(super) signer_profession: Option<String>,
    pub(super) signed_at: DateTime<Utc>,
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
    let (id, now) = (new_id(), tx.now());
    let key = vault::newest(tx, clinic, draft.patient).await?.ok_or(diesel::result::Error::NotFound)?;
    diesel::insert_into(reports::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(clinic),
            columns::patient_id.eq(draft.patient),
            columns::kind.eq(draft.kind),
            columns::state.eq("draft"),
            columns::author_id.eq(author),
            columns::draft.eq(key.seal(&place_of_draft(id), draft.body.as_bytes())?),
            columns::key_version.eq(key.version()),
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

/// What a draft of this clinic says.
pub(super) async fn draft(tx: &mut Tx<'_>, clinic: Uuid, report: Uuid) -> QueryResult<Option<String>> {
    let found = reports::table
        .inner_join(data_keys::table.on(key_of_report()))
        .filter(reports::clinic_id.eq(clinic))
        .filter(reports::id.eq(report))
        .filter(data_keys::wrapped.is_not_null())
        .select((reports::draft, KeyRow::as_select()))
        .first::<(Option<Vec<u8>>, KeyRow)>(tx.conn())
        .await
        .optional()?;
    let Some((Some(sealed), key)) = found else { return Ok(None) };
    let key = vault::unlock(tx, &key).await?;
    Ok(Some(key.open_text(&place_of_draft(report), &sealed)?))
}

#[diesel::dsl::auto_type]
fn key_of_report() -> _ {
    data_keys::clinic_id
        .eq(reports::clinic_id)
        .and(data_keys::subject_id.eq(reports::patient_id))
        .and(data_keys::version.eq(reports::key_version))
}

#[diesel::dsl::auto_type]
fn key_of_version() -> _ {
    data_keys::clinic_id
        .eq(report_versions::clinic_id)
        .and(data_keys::subject_id.eq(report_versions::patient_id))
        .and(data_keys::version.eq(report_versions::key_version))
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
pub(super) struct DraftChanges<'c> {
    pub(super) kind: Option<&'c str>,
    pub(super) draft: Option<&'c str>,
    pub(super) sensitive: Option<Vec<&'c str>>,
}

#[derive(AsChangeset)]
#[diesel(table_name = reports)]
struct Changes<'c> {
    kind: Option<&'c str>,
    draft: Option<Vec<u8>>,
    key_version: Option<i32>,
    sensitive: Option<&'c [&'c str]>,
    updated_at: DateTime<Utc>,
}

/// Changes a draft, unless it was changed or signed since this version was read.
pub(super) async fn update_draft(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    seen: &ReportRow,
    changes: &DraftChanges<'_>,
) -> QueryResult<Option<ReportRow>> {
    let (draft, key_version) = match changes.draft {
        None => (None, None),
        Some(text) => {
            let key = vault::newest(tx, clinic, seen.patient_id).await?.ok_or(diesel::result::Error::NotFound)?;
            (Some(key.seal(&place_of_draft(seen.id), text.as_bytes())?), Some(key.version()))
        }
    };
    let changes = Changes {
        kind: changes.kind,
        draft,
        key_version,
        sensitive: changes.sensitive.as_deref(),
        updated_at: tx.now(),
    };
    let unchanged =
        reports::table.find(seen.id).filter(reports::version.eq(seen.version)).filter(reports::state.eq("draft"));
    diesel::update(unchanged)
        .set((&changes, reports::version.eq(reports::version + 1)))
        .returning(ReportRow::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}

/// Adds a signed version, unless the report was changed since it was read: `None`, and nothing is written.
pub(super) async fn insert_version(
    tx: &mut Tx<'_>,
    seen: &ReportRow,
    version: &Version,
) -> QueryResult<Option<ReportRow>> {
    let now = tx.now();
    let key = vault::newest(tx, version.clinic_id, version.patient_id).await?;
    let version = VersionRow::seal(version, &key.ok_or(diesel::result::Error::NotFound)?)?;
    let unchanged = reports::table.find(seen.id).filter(reports::version.eq(seen.version));
    let row = diesel::update(unchanged)
        .set((
            reports::state.eq("signed"),
            reports::draft.eq(None::<Vec<u8>>),
            reports::sensitive.eq(&version.sensitive),
            reports::current_version.eq(version.number),
            reports::signed_at.eq(version.signed_at),
            reports::updated_at.eq(now),
            reports::version.eq(reports::version + 1),
        ))
        .returning(ReportRow::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()?;
    if let Some(row) = &row {
        diesel::insert_into(report_versions::table).values(&version).execute(tx.conn()).await?;
        let happened = Happened { kind: EventType::ReportSigned, object: row.id, version: row.version };
        events::publish(tx, happened, [version.clinic_id]).await?;
    }
    Ok(row)
}

/// Holds a report against signatures and changes until this transaction ends.
pub(crate) async fn hold(tx: &mut Tx<'_>, clinic: Uuid, report: Uuid) -> QueryResult<()> {
    let it = reports::table.filter(reports::clinic_id.eq(clinic)).filter(reports::id.eq(report));
    it.select(reports::id).for_no_key_update().first::<Uuid>(tx.conn()).await?;
    Ok(())
}

/// Counts a change of what belongs to a report: whoever read it before has read another one.
pub(crate) async fn touch(tx: &mut Tx<'_>, clinic: Uuid, report: Uuid) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(reports::table.filter(reports::clinic_id.eq(clinic)).filter(reports::id.eq(report)))
        .set((reports::updated_at.eq(now), reports::version.eq(reports::version + 1)))
        .prepared()
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A signed version of a report of this clinic.
pub(crate) async fn signed_version(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<Option<Version>> {
    match sealed_version_beside(tx.conn(), clinic, report, number).await? {
        Some(sealed) => Ok(Some(open_version(tx, &mut Keyring::default(), sealed).await?)),
        None => Ok(None),
    }
}

/// The same as it stands there, on a connection on which something else is on its way too.
pub(crate) async fn sealed_version_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<Option<Sealed>> {
    report_versions::table
        .inner_join(data_keys::table.on(key_of_version()))
        .filter(report_versions::clinic_id.eq(clinic))
        .filter(report_versions::report_id.eq(report))
        .filter(report_versions::number.eq(number))
        .filter(data_keys::wrapped.is_not_null())
        .select((VersionRow::as_select(), KeyRow::as_select()))
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
) -> QueryResult<Vec<SummaryRow>> {
    let mut query = report_versions::table
        .filter(report_versions::clinic_id.eq(clinic))
        .filter(report_versions::report_id.eq(report))
        .select(SummaryRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(report_versions::number.lt(before));
    }
    query.order(report_versions::number.desc()).limit(rows).load(tx.conn()).await
}
