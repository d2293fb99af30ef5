//! The SQL of keys. What it reads is wrapped: of no use to whoever has the database alone.

use super::{
    cipher::{self, DataKey, Error, Key, Secret},
    clinics::{context_of_clinic, context_of_subject},
    index::Index,
    root::Wrapped,
};
use crate::database::{
    Tx,
    schema::{clinic_keys, data_keys},
};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::sync::Arc;
use uuid::Uuid;

/// The subject of a clinic's index, which is no patient and no office.
const INDEX: Uuid = Uuid::nil();

/// A data key as a row, wrapped.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = data_keys)]
pub(crate) struct KeyRow {
    pub(crate) clinic_id: Uuid,
    pub(crate) subject_id: Uuid,
    pub(crate) version: i32,
    /// Nothing where nobody has sealed yet.
    pub(crate) clinic_key_version: Option<i32>,
    /// Nothing once it was shredded.
    pub(crate) wrapped: Option<Vec<u8>>,
}

/// Unlocks a data key.
///
/// # Errors
/// If the clinic's key can't be had, or the data key was shredded; whatever the database answers.
pub(crate) async fn unlock(tx: &mut Tx<'_>, row: &KeyRow) -> QueryResult<DataKey> {
    let wrapped = row.wrapped.as_deref().ok_or(diesel::result::Error::NotFound)?;
    let secret = unwrap(tx, row, wrapped).await?;
    Ok(DataKey { clinic: row.clinic_id, subject: row.subject_id, version: row.version, key: Key::new(&secret)? })
}

async fn unwrap(tx: &mut Tx<'_>, row: &KeyRow, wrapped: &[u8]) -> QueryResult<Secret> {
    let version = row.clinic_key_version.ok_or(Error::Refused)?;
    let clinic = clinic_key(tx, row.clinic_id, version).await?;
    Ok(clinic.unwrap(&context_of_subject(row.clinic_id, row.subject_id, row.version), wrapped)?)
}

/// A clinic's key. Read once: a key of one version never changes.
pub(super) async fn clinic_key(tx: &mut Tx<'_>, clinic: Uuid, version: i32) -> QueryResult<Arc<Key>> {
    if let Some(kept) = tx.vault().kept_key(clinic, version) {
        return Ok(kept);
    }
    let (root, key) = clinic_keys::table
        .find((clinic, version))
        .select((clinic_keys::root_id, clinic_keys::wrapped))
        .first::<(String, Vec<u8>)>(tx.conn())
        .await?;
    let key = tx.vault().unwrap(clinic, version, &Wrapped { root, key }).await.inspect_err(|error| {
        tracing::error!(error = %error, %clinic, "a clinic's key can't be unwrapped; its data can't be read");
    })?;
    Ok(tx.vault().keep_key(clinic, version, key))
}

/// Makes the keys of a new clinic: its own, its office's and its index's.
pub(crate) async fn make_for_clinic(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<()> {
    make_clinic_key(tx, clinic, 1).await?;
    make(tx, clinic, clinic, 1, 1).await?;
    make(tx, clinic, INDEX, 1, 1).await?;
    Ok(())
}

/// Makes a key of a clinic.
pub(crate) async fn make_clinic_key(tx: &mut Tx<'_>, clinic: Uuid, version: i32) -> QueryResult<()> {
    let (secret, now) = (cipher::random()?, tx.now());
    let wrapped = tx.vault().root().wrap(&context_of_clinic(clinic, version), &secret).await?;
    diesel::insert_into(clinic_keys::table)
        .values((
            clinic_keys::clinic_id.eq(clinic),
            clinic_keys::version.eq(version),
            clinic_keys::root_id.eq(wrapped.root),
            clinic_keys::wrapped.eq(wrapped.key),
            clinic_keys::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Makes the first data key of a new subject.
pub(crate) async fn make_for_subject(tx: &mut Tx<'_>, clinic: Uuid, subject: Uuid) -> QueryResult<DataKey> {
    let newest = newest_clinic_key(tx, clinic).await?;
    make(tx, clinic, subject, 1, newest).await
}

/// The version of the key that wraps a clinic's new data keys.
pub(crate) async fn newest_clinic_key(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<i32> {
    clinic_keys::table
        .filter(clinic_keys::clinic_id.eq(clinic))
        .order(clinic_keys::version.desc())
        .select(clinic_keys::version)
        .first(tx.conn())
        .await
}

/// Makes a data key.
pub(crate) async fn make(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    subject: Uuid,
    version: i32,
    clinic_key_version: i32,
) -> QueryResult<DataKey> {
    let (secret, now) = (cipher::random()?, tx.now());
    let key = clinic_key(tx, clinic, clinic_key_version).await?;
    let wrapped = key.wrap(&context_of_subject(clinic, subject, version), &secret)?;
    diesel::insert_into(data_keys::table)
        .values((
            data_keys::clinic_id.eq(clinic),
            data_keys::subject_id.eq(subject),
            data_keys::version.eq(version),
            data_keys::clinic_key_version.eq(clinic_key_version),
            data_keys::wrapped.eq(wrapped),
            data_keys::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(DataKey { clinic, subject, version, key: Key::new(&secret)? })
}

/// Whether a clinic has keys yet.
pub(crate) async fn has_keys(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<bool> {
    let keys = clinic_keys::table.filter(clinic_keys::clinic_id.eq(clinic));
    diesel::select(diesel::dsl::exists(keys)).get_result(tx.conn()).await
}

/// A data key wrapped by another version of its clinic's key; nothing where it was shredded.
pub(crate) async fn rewrapped(tx: &mut Tx<'_>, row: &KeyRow, clinic_key_version: i32) -> QueryResult<Option<Vec<u8>>> {
    let Some(wrapped) = row.wrapped.as_deref() else { return Ok(None) };
    let secret = unwrap(tx, row, wrapped).await?;
    let clinic = clinic_key(tx, row.clinic_id, clinic_key_version).await?;
    Ok(Some(clinic.wrap(&context_of_subject(row.clinic_id, row.subject_id, row.version), &secret)?))
}

/// A clinic's key wrapped by the newest root key.
pub(crate) async fn wrapped_anew(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    version: i32,
    wrapped: &Wrapped,
) -> QueryResult<Wrapped> {
    let (root, context) = (tx.vault().root(), context_of_clinic(clinic, version));
    let secret = root.unwrap(&context, wrapped).await?;
    Ok(root.wrap(&context, &secret).await?)
}

/// The data key that a subject's new values are sealed with; `None` if there is no such subject, or its keys were shredded.
pub(crate) async fn newest(tx: &mut Tx<'_>, clinic: Uuid, subject: Uuid) -> QueryResult<Option<DataKey>> {
    let row = newest_beside(tx.conn(), clinic, subject).await?;
    unlock_unless_shredded(tx, row).await
}

/// The same as it stands there, on a connection on which something else is on its way too.
pub(crate) async fn newest_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    subject: Uuid,
) -> QueryResult<Option<KeyRow>> {
    data_keys::table
        .filter(data_keys::clinic_id.eq(clinic))
        .filter(data_keys::subject_id.eq(subject))
        .order(data_keys::version.desc())
        .select(KeyRow::as_select())
        .first(&mut &*conn)
        .await
        .optional()
}

/// The data key of this version; `None` if there is none, or it was shredded.
pub(crate) async fn of_version(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    subject: Uuid,
    version: i32,
) -> QueryResult<Option<DataKey>> {
    let row = data_keys::table
        .find((clinic, subject, version))
        .select(KeyRow::as_select())
        .first(tx.conn())
        .await
        .optional()?;
    unlock_unless_shredded(tx, row).await
}

/// Unlocks a key that was found and not shredded.
pub(crate) async fn unlock_unless_shredded(tx: &mut Tx<'_>, row: Option<KeyRow>) -> QueryResult<Option<DataKey>> {
    match row.filter(|row| row.wrapped.is_some()) {
        Some(row) => Ok(Some(unlock(tx, &row).await?)),
        None => Ok(None),
    }
}

/// The newest data key of a clinic's office, for what is about no patient.
pub(crate) async fn office(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<DataKey> {
    newest(tx, clinic, clinic).await?.ok_or(diesel::result::Error::NotFound)
}

/// A clinic's index.
pub(crate) async fn index_of(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<Arc<Index>> {
    if let Some(kept) = tx.vault().kept_index(clinic) {
        return Ok(kept);
    }
    let row = data_keys::table.find((clinic, INDEX, 1)).select(KeyRow::as_select()).first(tx.conn()).await?;
    let wrapped = row.wrapped.as_deref().ok_or(Error::Refused)?;
    let index = Index::derive(&unwrap(tx, &row, wrapped).await?)?;
    Ok(tx.vault().keep_index(clinic, index))
}

/// The data keys that one piece of work has unlocked: most values of it stand under the same one.
#[derive(Default)]
pub(crate) struct Keyring(Vec<DataKey>);

impl Keyring {
    fn place(&self, clinic: Uuid, subject: Uuid, version: i32) -> Option<usize> {
        self.0.iter().position(|key| key.clinic == clinic && key.subject == subject && key.version == version)
    }

    fn at(&self, place: usize) -> QueryResult<&DataKey> {
        self.0.get(place).ok_or(diesel::result::Error::NotFound)
    }

    /// Unlocks a key that was read.
    pub(crate) async fn unlock(&mut self, tx: &mut Tx<'_>, row: &KeyRow) -> QueryResult<&DataKey> {
        if let Some(place) = self.place(row.clinic_id, row.subject_id, row.version) {
            return self.at(place);
        }
        self.0.push(unlock(tx, row).await?);
        self.at(self.0.len() - 1)
    }

    /// The key of this version, read if it is not here yet.
    ///
    /// # Errors
    /// `NotFound` if there is none, or it was shredded; whatever the database answers.
    pub(crate) async fn of(
        &mut self,
        tx: &mut Tx<'_>,
        clinic: Uuid,
        subject: Uuid,
        version: i32,
    ) -> QueryResult<&DataKey> {
        if let Some(place) = self.place(clinic, subject, version) {
            return self.at(place);
        }
        let key = of_version(tx, clinic, subject, version).await?;
        self.0.push(key.ok_or(diesel::result::Error::NotFound)?);
        self.at(self.0.len() - 1)
    }
}
