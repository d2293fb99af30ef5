//! The SQL of patient records.

use super::name::search_key;
use crate::{
    audit::{self, Event},
    database::{
        Tx,
        ids::new_id,
        schema::{data_keys, patient_tokens, patients},
    },
    http::PageRequest,
    vault::{self, DataKey, Index, KeyRow, Place},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{
    Sensitive,
    patients::{NewPatient, Patient, PatientPatch, PatientSearch},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A patient as a row: who it is stands in it sealed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = patients)]
pub(crate) struct Row {
    id: Uuid,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    version: i32,
    identity: Vec<u8>,
}

/// Who a patient is: what is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) birth_date: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mrn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
}

fn place(patient: Uuid) -> Place {
    Place::new("patients", "identity", patient)
}

impl Identity {
    /// Opens what stands in a patient's row.
    pub(crate) fn open(key: &DataKey, patient: Uuid, sealed: &[u8]) -> QueryResult<Self> {
        Ok(key.open_json(&place(patient), sealed)?)
    }

    fn seal(&self, key: &DataKey, patient: Uuid) -> QueryResult<Vec<u8>> {
        Ok(key.seal_json(&place(patient), self)?)
    }

    /// By what the patient is found: every number of first letters of the family name, the date of birth, the record number.
    pub(crate) fn tokens(&self, index: &Index) -> Vec<i64> {
        let name = search_key(&self.family_name);
        let ends = name.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let mut tokens: Vec<i64> =
            ends.filter_map(|end| name.get(..end)).map(|begin| index.family_name(begin)).collect();
        tokens.push(index.birth_date(&self.birth_date.to_string()));
        tokens.extend(self.mrn_token(index));
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }

    pub(crate) fn mrn_token(&self, index: &Index) -> Option<i64> {
        self.mrn.as_deref().map(|mrn| index.mrn(mrn))
    }

    fn matches(&self, search: &PatientSearch) -> bool {
        text(&search.family_name).is_none_or(|name| search_key(&self.family_name).starts_with(&search_key(name)))
            && search.birth_date.as_ref().is_none_or(|date| *date.expose() == self.birth_date)
            && text(&search.mrn).is_none_or(|mrn| self.mrn.as_deref() == Some(mrn))
    }
}

fn wire(row: Row, identity: Identity) -> Patient {
    Patient {
        id: row.id.into(),
        given_name: identity.given_name.into(),
        family_name: identity.family_name.into(),
        birth_date: identity.birth_date.into(),
        mrn: identity.mrn.map(Into::into),
        email: identity.email.map(Into::into),
        phone: identity.phone.map(Into::into),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

/// How writing a record went.
pub(super) enum Written {
    Done(Patient),
    /// Another patient of the clinic has the record number.
    NumberTaken,
    /// Changed since it was read.
    Stale,
}

fn text(value: &Option<Sensitive<String>>) -> Option<&str> {
    value.as_ref().map(|value| value.as_str().trim())
}

fn owned(value: &Option<Sensitive<String>>) -> Option<String> {
    text(value).map(ToOwned::to_owned)
}

pub(super) async fn insert(tx: &mut Tx<'_>, clinic: Uuid, new: &NewPatient) -> QueryResult<Written> {
    use patients as columns;
    let (id, now) = (new_id(), tx.now());
    let identity = Identity {
        given_name: new.given_name.as_str().trim().to_owned(),
        family_name: new.family_name.as_str().trim().to_owned(),
        birth_date: *new.birth_date.expose(),
        mrn: owned(&new.mrn),
        email: owned(&new.email),
        phone: owned(&new.phone),
    };
    let index = vault::index_of(tx, clinic).await?;
    let key = vault::make_for_subject(tx, clinic, id).await?;
    let row = diesel::insert_into(patients::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(clinic),
            columns::identity.eq(identity.seal(&key, id)?),
            columns::key_version.eq(key.version()),
            columns::mrn_token.eq(identity.mrn_token(&index)),
            columns::created_at.eq(now),
            columns::updated_at.eq(now),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await;
    written(tx, clinic, row, identity, &index).await
}

/// What became of a row, and by what it is found from now on.
async fn written(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    row: QueryResult<Row>,
    identity: Identity,
    index: &Index,
) -> QueryResult<Written> {
    match row {
        Ok(row) => {
            insert_tokens(tx, clinic, row.id, &identity.tokens(index)).await?;
            Ok(Written::Done(wire(row, identity)))
        }
        Err(Error::NotFound) => Ok(Written::Stale),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Written::NumberTaken),
        Err(error) => Err(error),
    }
}

async fn insert_tokens(tx: &mut Tx<'_>, clinic: Uuid, patient: Uuid, tokens: &[i64]) -> QueryResult<()> {
    use patient_tokens as columns;
    let rows: Vec<_> = tokens
        .iter()
        .map(|token| (columns::clinic_id.eq(clinic), columns::token.eq(*token), columns::patient_id.eq(patient)))
        .collect();
    diesel::insert_into(patient_tokens::table).values(rows).execute(tx.conn()).await?;
    Ok(())
}

#[diesel::dsl::auto_type]
fn its_key() -> _ {
    data_keys::clinic_id
        .eq(patients::clinic_id)
        .and(data_keys::subject_id.eq(patients::id))
        .and(data_keys::version.eq(patients::key_version))
}

/// A patient of this clinic. One whose key was shredded is not there any more.
pub(crate) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Patient>> {
    match find_beside(tx.conn(), clinic, id).await? {
        Some(found) => Ok(Some(open(tx, found).await?)),
        None => Ok(None),
    }
}

/// A patient as a row, with the key of what is sealed of it.
pub(crate) type Sealed = (Row, KeyRow);

/// The same as it stands there, on a connection on which something else is on its way too.
pub(crate) async fn find_beside(conn: &AsyncPgConnection, clinic: Uuid, id: Uuid) -> QueryResult<Option<Sealed>> {
    patients::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq(id))
        .filter(data_keys::wrapped.is_not_null())
        .select((Row::as_select(), KeyRow::as_select()))
        .first(&mut &*conn)
        .await
        .optional()
}

/// Who a patient is, sealed, and which of the patient's keys opens it.
pub(crate) struct SealedIdentity {
    patient: Uuid,
    sealed: Vec<u8>,
    pub(crate) key_version: i32,
}

impl SealedIdentity {
    /// Opens it with the patient's key of that version.
    pub(crate) fn open(&self, key: &DataKey) -> QueryResult<Identity> {
        Identity::open(key, self.patient, &self.sealed)
    }
}

/// Who a patient is, read on a connection on which something else is on its way too.
pub(crate) async fn identity_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    id: Uuid,
) -> QueryResult<Option<SealedIdentity>> {
    let found = patients::table
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq(id))
        .select((patients::identity, patients::key_version))
        .first::<(Vec<u8>, i32)>(&mut &*conn)
        .await
        .optional()?;
    Ok(found.map(|(sealed, key_version)| SealedIdentity { patient: id, sealed, key_version }))
}

pub(super) async fn open(tx: &mut Tx<'_>, (row, key): Sealed) -> QueryResult<Patient> {
    let key = vault::unlock(tx, &key).await?;
    let identity = Identity::open(&key, row.id, &row.identity)?;
    Ok(wire(row, identity))
}

/// Changes a record, unless it was changed since this version was read.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    seen: &Patient,
    patch: &PatientPatch,
) -> QueryResult<Written> {
    let changed = |patch: &Option<Option<Sensitive<String>>>, seen: &Option<Sensitive<String>>| {
        patch.as_ref().map_or_else(|| owned(seen), owned)
    };
    let identity = Identity {
        given_name: text(&patch.given_name).unwrap_or(seen.given_name.as_str()).to_owned(),
        family_name: text(&patch.family_name).unwrap_or(seen.family_name.as_str()).to_owned(),
        birth_date: *patch.birth_date.as_ref().unwrap_or(&seen.birth_date).expose(),
        mrn: changed(&patch.mrn, &seen.mrn),
        email: changed(&patch.email, &seen.email),
        phone: changed(&patch.phone, &seen.phone),
    };
    let index = vault::index_of(tx, clinic).await?;
    let Some(key) = vault::newest(tx, clinic, seen.id.into()).await? else { return Ok(Written::Stale) };
    let now = tx.now();
    let unchanged = patients::table
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq(seen.id.uuid()))
        .filter(patients::version.eq(seen.version));
    let row = diesel::update(unchanged)
        .set((
            patients::identity.eq(identity.seal(&key, seen.id.into())?),
            patients::key_version.eq(key.version()),
            patients::mrn_token.eq(identity.mrn_token(&index)),
            patients::updated_at.eq(now),
            patients::version.eq(patients::version + 1),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await;
    if row.is_ok() {
        let old = patient_tokens::table
            .filter(patient_tokens::clinic_id.eq(clinic))
            .filter(patient_tokens::patient_id.eq(seen.id.uuid()));
        diesel::delete(old).execute(tx.conn()).await?;
    }
    written(tx, clinic, row, identity, &index).await
}

/// Finds patients of this clinic by the first letters of a family name, birth date, record number; the newest record first. The
/// names are sealed, so that the database can't put them in order. That they were looked for is on record in the same round trip.
pub(super) async fn search(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    search: &PatientSearch,
    page: &PageRequest,
    event: &Event,
) -> QueryResult<Vec<Patient>> {
    let index = vault::index_of(tx, clinic).await?;
    let family_name = text(&search.family_name).map(|name| index.family_name(&search_key(name)));
    let birth_date = search.birth_date.as_ref().map(|date| index.birth_date(&date.expose().to_string()));
    let mrn = text(&search.mrn).map(|mrn| index.mrn(mrn));
    let mut tokens = [mrn, birth_date, family_name].into_iter().flatten();
    // The narrowest leads.
    let Some(token) = tokens.next() else {
        audit::record(tx, event.clone());
        return Ok(Vec::new());
    };
    // Whose they are is looked up before anything else: as one join, what the planner took to be few would decide where it begins.
    // Where a key was shredded, the tokens went with it, so that none of these goes missing from the page.
    let mut theirs = patient_tokens::table
        .filter(patient_tokens::clinic_id.eq(clinic))
        .filter(patient_tokens::token.eq(token))
        .select(patient_tokens::patient_id)
        .into_boxed();
    for token in tokens {
        let also = diesel::alias!(patient_tokens as also);
        theirs = theirs.filter(diesel::dsl::exists(
            also.filter(also.field(patient_tokens::clinic_id).eq(clinic))
                .filter(also.field(patient_tokens::token).eq(token))
                .filter(also.field(patient_tokens::patient_id).eq(patient_tokens::patient_id)),
        ));
    }
    if let Some(after) = page.after {
        theirs = theirs.filter(patient_tokens::patient_id.lt(after.0));
    }
    let theirs = theirs.order(patient_tokens::patient_id.desc()).limit(page.rows());
    let query = patients::table
        .inner_join(data_keys::table.on(its_key()))
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq_any(diesel::dsl::array(theirs)))
        .filter(data_keys::wrapped.is_not_null())
        .order(patients::id.desc())
        .select((Row::as_select(), KeyRow::as_select()));
    let find = async |conn: &AsyncPgConnection| query.load::<Sealed>(&mut &*conn).await;
    let rows = audit::insert_beside(tx, event, find).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (row, key) in rows {
        let key = vault::unlock(tx, &key).await?;
        let identity = Identity::open(&key, row.id, &row.identity)?;
        // Of two texts with one token, which chance alone could bring about, one was not asked for.
        if identity.matches(search) {
            found.push(wire(row, identity));
        }
    }
    Ok(found)
}
