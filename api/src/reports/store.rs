//! The SQL of reports and their signed versions.

use crate::{
    attachments,
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

/// A report with its author.
pub(super) type Found = (ReportRow, AuthorRow);

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

/// Keeps a new draft, with whatever else is written last. It is put together here and not read back.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    author: Uuid,
    draft: &Draft<'_>,
    key: &DataKey,
) -> QueryResult<ReportRow> {
    use reports as columns;
    let now = tx.now();
    let row = ReportRow {
        id: new_id(),
        patient_id: draft.patient,
        kind: draft.kind.to_owned(),
        state: "draft".to_owned(),
        author_id: author,
        sensitive: draft.sensitive.iter().map(|name| (*name).to_owned()).collect(),
        current_version: None,
        signed_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let values = (
        columns::id.eq(row.id),
        columns::clinic_id.eq(clinic),
        columns::patient_id.eq(row.patient_id),
        columns::kind.eq(row.kind.clone()),
        columns::state.eq(row.state.clone()),
        columns::author_id.eq(row.author_id),
        columns::draft.eq(key.seal(&place_of_draft(row.id), draft.body.as_bytes())?),
        columns::key_version.eq(key.version()),
        columns::sensitive.eq(row.sensitive.clone()),
        columns::created_at.eq(row.created_at),
        columns::updated_at.eq(row.updated_at),
        columns::version.eq(row.version),
    );
    tx.write_last(|conn| {
        Box::pin(async move { diesel::insert_into(reports::table).values(values).execute(&mut &*conn).await })
    });
    Ok(row)
}

/// A report of this clinic with its author.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Found>> {
    find_beside(tx.conn(), clinic, id).await
}

/// The same on a connection on which something else is on its way too.
pub(super) async fn find_beside(conn: &AsyncPgConnection, clinic: Uuid, id: Uuid) -> QueryResult<Option<Found>> {
    reports::table
        .inner_join(members::table.on(reports::author_id.eq(members::id)))
        .filter(reports::clinic_id.eq(clinic))
        .filter(reports::id.eq(id))
        .select((ReportRow::as_select(), AuthorRow::as_select()))
        .first(&mut &*conn)
        .await
        .optional()
}

/// The same for other slices, without the author.
pub(crate) async fn report_beside(conn: &AsyncPgConnection, clinic: Uuid, id: Uuid) -> QueryResult<Option<ReportRow>> {
    Ok(find_beside(conn, clinic, id).await?.map(|(row, _)| row))
}

/// What a draft of this clinic says.
pub(super) async fn draft(tx: &mut Tx<'_>, clinic: Uuid, report: Uuid) -> QueryResult<Option<String>> {
    let sealed = draft_beside(tx.conn(), clinic, report).await?;
    open_draft(tx, report, sealed).await
}

/// What a draft says, unless it was signed, and the key of it.
pub(super) type SealedDraft = (Option<Vec<u8>>, KeyRow);

/// The same as it stands there, on a connection on which something else is on its way too.
pub(super) async fn draft_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    report: Uuid,
) -> QueryResult<Option<SealedDraft>> {
    reports::table
        .inner_join(data_keys::table.on(key_of_report()))
        .filter(reports::clinic_id.eq(clinic))
        .filter(reports::id.eq(report))
        .filter(data_keys::wrapped.is_not_null())
        .select((reports::draft, KeyRow::as_select()))
        .first(&mut &*conn)
        .await
        .optional()
}

/// Opens what a draft says, if it is one.
pub(super) async fn open_draft(
    tx: &mut Tx<'_>,
    report: Uuid,
    sealed: Option<SealedDraft>,
) -> QueryResult<Option<String>> {
    let Some((Some(sealed), key)) = sealed else { return Ok(None) };
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

/// Adds a signed version with the report's files, unless the report was changed since it was read: `None`, and nothing is written.
pub(super) async fn insert_version(
    tx: &mut Tx<'_>,
    seen: &ReportRow,
    version: &Version,
) -> QueryResult<Option<ReportRow>> {
    let now = tx.now();
    let conn: &AsyncPgConnection = tx.conn();
    let key = vault::newest_beside(conn, version.clinic_id, version.patient_id);
    // A file that comes in between changes the report.
    let files = attachments::beside(conn, version.clinic_id, version.report_id);
    let (key, files) = futures_util::future::try_join(key, files).await?;
    let key = vault::unlock_unless_shredded(tx, key).await?;
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
        let (clinic, number) = (version.clinic_id, version.number);
        tx.write_last(|conn| {
            Box::pin(
                async move { diesel::insert_into(report_versions::table).values(&version).execute(&mut &*conn).await },
            )
        });
        attachments::freeze(tx, clinic, (row.patient_id, row.id), number, files);
        let happened = Happened { kind: EventType::ReportSigned, object: row.id, version: row.version };
        events::publish(tx, happened, [clinic]);
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

/// The same, and whether files were signed with it.
pub(crate) async fn signed_version_with_files(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<(Option<Version>, bool)> {
    let conn: &AsyncPgConnection = tx.conn();
    let version = sealed_version_beside(conn, clinic, report, number);
    let has_files = attachments::is_with_version(conn, clinic, report, number);
    let (version, has_files) = futures_util::future::try_join(version, has_files).await?;
    let Some(sealed) = version else { return Ok((None, has_files)) };
    Ok((Some(open_version(tx, &mut Keyring::default(), sealed).await?), has_files))
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
