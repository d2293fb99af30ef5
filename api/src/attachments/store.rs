//! The SQL of attachments, and the one function that lets a recipient have one.

use super::{Kept, ToRead};
use crate::{
    consents::policy::Permit,
    database::{
        Tx,
        schema::{attachment_usage, attachments, consent_forms, data_keys, version_attachments},
    },
    http::PageRequest,
    vault::{self, DataKey, FileKey, KeyRow, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An attachment as a row.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) report_id: Uuid,
    pub(super) media_type: String,
    pub(super) size: i32,
    pub(super) sha256: String,
    pub(super) details: Vec<u8>,
    pub(super) key_version: i32,
    pub(super) added_by: Uuid,
    pub(super) added_at: DateTime<Utc>,
}

/// What is sealed of a file in its row: what it is called, and the key of its bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Details {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) file_name: String,
    file_key: String,
}

impl Details {
    /// Of a file that lies in the storage.
    pub(crate) fn of(kept: &Kept, file_name: String) -> Self {
        Self { file_name, file_key: kept.key.to_text().to_string() }
    }

    /// The key of the bytes.
    pub(crate) fn key(&self) -> QueryResult<FileKey> {
        Ok(FileKey::from_text(&self.file_key)?)
    }
}

/// An attachment, opened, with the signed versions that hold it.
pub(super) struct Found {
    pub(super) row: Row,
    pub(super) details: Details,
    pub(super) versions: Vec<i32>,
}

/// An attachment of a shared version. Its reader has passed the gate.
pub(crate) struct Shared(pub(super) Found);

fn place(attachment: Uuid) -> Place {
    Place::new("attachments", "details", attachment)
}

fn open(key: &DataKey, row: Row, versions: Vec<i32>) -> QueryResult<Found> {
    let details = key.open_json(&place(row.id), &row.details)?;
    Ok(Found { row, details, versions })
}

#[diesel::dsl::auto_type]
fn its_key() -> _ {
    data_keys::clinic_id
        .eq(attachments::clinic_id)
        .and(data_keys::subject_id.eq(attachments::patient_id))
        .and(data_keys::version.eq(attachments::key_version))
}

impl Found {
    pub(super) fn to_read(&self) -> QueryResult<ToRead> {
        Ok(ToRead {
            clinic: self.row.clinic_id,
            object: self.row.id,
            key: self.details.key()?,
            media_type: self.row.media_type.clone(),
            file_name: self.details.file_name.clone(),
            sha256: self.row.sha256.clone(),
        })
    }
}

/// Counts bytes that a clinic is about to keep; `false` if it may not. Of many at once each waits for the one before.
pub(super) async fn reserve(tx: &mut Tx<'_>, clinic: Uuid, bytes: i32, quota: i64) -> QueryResult<bool> {
    use attachment_usage as columns;
    let bytes = i64::from(bytes);
    diesel::insert_into(attachment_usage::table)
        .values((columns::clinic_id.eq(clinic), columns::bytes.eq(0)))
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    let fits = attachment_usage::table.find(clinic).filter(columns::bytes.le(quota - bytes));
    let counted = diesel::update(fits).set(columns::bytes.eq(columns::bytes + bytes)).execute(tx.conn()).await?;
    Ok(counted > 0)
}

/// Holds a clinic's count until this transaction ends.
pub(super) async fn hold_usage(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<()> {
    let held = attachment_usage::table.find(clinic).select(attachment_usage::clinic_id).for_update();
    held.first::<Uuid>(tx.conn()).await.optional()?;
    Ok(())
}

async fn release(tx: &mut Tx<'_>, clinic: Uuid, bytes: i32) -> QueryResult<()> {
    use attachment_usage as columns;
    diesel::update(attachment_usage::table.find(clinic))
        .set(columns::bytes.eq(columns::bytes - i64::from(bytes)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A new attachment of a report.
pub(super) struct New<'n> {
    pub(super) clinic: Uuid,
    pub(super) patient: Uuid,
    pub(super) report: Uuid,
    pub(super) added_by: Uuid,
    pub(super) file_name: String,
    pub(super) kept: &'n Kept,
}

pub(super) async fn insert(tx: &mut Tx<'_>, new: New<'_>) -> QueryResult<Found> {
    let key = vault::newest(tx, new.clinic, new.patient).await?.ok_or(diesel::result::Error::NotFound)?;
    let details = Details::of(new.kept, new.file_name);
    let row = Row {
        id: new.kept.object,
        clinic_id: new.clinic,
        patient_id: new.patient,
        report_id: new.report,
        media_type: new.kept.media_type().to_owned(),
        size: new.kept.size,
        sha256: new.kept.sha256.clone(),
        details: key.seal_json(&place(new.kept.object), &details)?,
        key_version: key.version(),
        added_by: new.added_by,
        added_at: tx.now(),
    };
    diesel::insert_into(attachments::table).values(&row).execute(tx.conn()).await?;
    Ok(Found { row, details, versions: Vec::new() })
}

/// An attachment of this clinic. Nothing, once its patient's key was shredded.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Found>> {
    let found = attachments::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(attachments::clinic_id.eq(clinic))
        .filter(attachments::id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .first::<(Row, KeyRow)>(tx.conn())
        .await
        .optional()?;
    let Some((row, key)) = found else { return Ok(None) };
    let key = vault::unlock(tx, &key).await?;
    let versions = versions(tx, clinic, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(open(&key, row, versions)?))
}

/// The signed versions that hold each of these, by attachment.
async fn versions(tx: &mut Tx<'_>, clinic: Uuid, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, Vec<i32>>> {
    let rows: Vec<(Uuid, i32)> = version_attachments::table
        .filter(version_attachments::clinic_id.eq(clinic))
        .filter(version_attachments::attachment_id.eq_any(ids))
        .order((version_attachments::attachment_id, version_attachments::number))
        .select((version_attachments::attachment_id, version_attachments::number))
        .load(tx.conn())
        .await?;
    let mut versions: HashMap<Uuid, Vec<i32>> = HashMap::new();
    for (id, number) in rows {
        versions.entry(id).or_default().push(number);
    }
    Ok(versions)
}

/// The attachments of a report, newest first.
pub(super) async fn page(tx: &mut Tx<'_>, clinic: Uuid, report: Uuid, page: &PageRequest) -> QueryResult<Vec<Found>> {
    let mut query = attachments::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(attachments::clinic_id.eq(clinic))
        .filter(attachments::report_id.eq(report))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(attachments::id.lt(after.0));
    }
    let rows: Vec<(Row, KeyRow)> = query.order(attachments::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.id).collect();
    let mut versions = versions(tx, clinic, &ids).await?;
    let mut keys = Keyring::default();
    let mut found = Vec::with_capacity(rows.len());
    for (row, key) in rows {
        let versions = versions.remove(&row.id).unwrap_or_default();
        found.push(open(keys.unlock(tx, &key).await?, row, versions)?);
    }
    Ok(found)
}

/// Takes an attachment away. Its object is left to the sweeper. The report must be held: a signature waits, or was waited for.
pub(super) async fn delete(tx: &mut Tx<'_>, row: &Row) -> QueryResult<()> {
    let it = attachments::table.filter(attachments::clinic_id.eq(row.clinic_id)).filter(attachments::id.eq(row.id));
    if diesel::delete(it).execute(tx.conn()).await? > 0 {
        release(tx, row.clinic_id, row.size).await?;
    }
    Ok(())
}

/// Which files a report has and what is in each, on a connection on which something else is on its way too.
pub(crate) async fn beside(conn: &AsyncPgConnection, clinic: Uuid, report: Uuid) -> QueryResult<Vec<(Uuid, String)>> {
    attachments::table
        .filter(attachments::clinic_id.eq(clinic))
        .filter(attachments::report_id.eq(report))
        .select((attachments::id, attachments::sha256))
        .load(&mut &*conn)
        .await
}

/// Fixes which files belong to a version: all that the report has. The report must be held, and unchanged since they were read.
pub(crate) fn freeze(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    (patient, report): (Uuid, Uuid),
    number: i32,
    files: Vec<(Uuid, String)>,
) {
    if files.is_empty() {
        return;
    }
    use version_attachments as columns;
    let rows: Vec<_> = files
        .into_iter()
        .map(|(id, sha256)| {
            (
                columns::clinic_id.eq(clinic),
                columns::patient_id.eq(patient),
                columns::report_id.eq(report),
                columns::number.eq(number),
                columns::attachment_id.eq(id),
                columns::sha256.eq(sha256),
            )
        })
        .collect();
    tx.write_last(|conn| {
        Box::pin(async move { diesel::insert_into(version_attachments::table).values(rows).execute(&mut &*conn).await })
    });
}

/// Whether files were signed with a version of this clinic's.
pub(crate) async fn is_with_version(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    report: Uuid,
    number: i32,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        version_attachments::table
            .filter(version_attachments::clinic_id.eq(clinic))
            .filter(version_attachments::report_id.eq(report))
            .filter(version_attachments::number.eq(number)),
    ))
    .get_result(&mut &*conn)
    .await
}

/// The files that were signed with a version, for somebody who has passed the gate. No permit, no call; whoever calls records.
pub(crate) async fn disclose(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    report: Uuid,
    number: i32,
    _permit: &Permit,
) -> QueryResult<Vec<Shared>> {
    let rows: Vec<(Row, KeyRow)> = version_attachments::table
        .inner_join(attachments::table)
        .inner_join(data_keys::table.on(its_key()))
        .filter(version_attachments::clinic_id.eq(clinic))
        .filter(version_attachments::report_id.eq(report))
        .filter(version_attachments::number.eq(number))
        .filter(attachments::clinic_id.eq(clinic))
        .filter(data_keys::wrapped.is_not_null())
        .order(attachments::id)
        .select((Row::as_select(), KeyRow::as_select()))
        .load(tx.conn())
        .await?;
    let mut keys = Keyring::default();
    let mut shared = Vec::with_capacity(rows.len());
    for (row, key) in rows {
        shared.push(Shared(open(keys.unlock(tx, &key).await?, row, Vec::new())?));
    }
    Ok(shared)
}

impl Shared {
    /// Its id.
    pub(crate) fn id(&self) -> Uuid {
        self.0.row.id
    }

    /// What it takes to fetch it.
    pub(crate) fn to_read(&self) -> QueryResult<ToRead> {
        self.0.to_read()
    }
}

/// Of objects in the storage those that a row names, and of clinics those that keep files by this database.
pub(super) async fn named(
    tx: &mut Tx<'_>,
    objects: &[Uuid],
    clinics: &[Uuid],
) -> QueryResult<(HashSet<Uuid>, HashSet<Uuid>)> {
    let attached: Vec<Uuid> = attachments::table
        .filter(attachments::clinic_id.eq_any(clinics))
        .filter(attachments::id.eq_any(objects))
        .select(attachments::id)
        .load(tx.conn())
        .await?;
    let forms: Vec<Option<Uuid>> = consent_forms::table
        .filter(consent_forms::clinic_id.eq_any(clinics))
        .filter(consent_forms::object_id.eq_any(objects))
        .select(consent_forms::object_id)
        .load(tx.conn())
        .await?;
    let known: Vec<Uuid> = attachment_usage::table
        .filter(attachment_usage::clinic_id.eq_any(clinics))
        .select(attachment_usage::clinic_id)
        .load(tx.conn())
        .await?;
    Ok((attached.into_iter().chain(forms.into_iter().flatten()).collect(), known.into_iter().collect()))
}
