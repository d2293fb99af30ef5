//! The SQL of patient records.

use super::name::search_key;
use crate::{
    database::{Tx, ids::new_id, schema::patients},
    http::PageRequest,
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::RunQueryDsl;
use rapport_contract::{
    Sensitive,
    patients::{NewPatient, Patient, PatientPatch, PatientSearch},
};
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = patients)]
struct Row {
    id: Uuid,
    given_name: String,
    family_name: String,
    birth_date: NaiveDate,
    mrn: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    version: i32,
}

impl From<Row> for Patient {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            given_name: row.given_name.into(),
            family_name: row.family_name.into(),
            birth_date: row.birth_date.into(),
            mrn: row.mrn.map(Into::into),
            email: row.email.map(Into::into),
            phone: row.phone.map(Into::into),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
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

fn written(result: QueryResult<Row>) -> QueryResult<Written> {
    match result {
        Ok(row) => Ok(Written::Done(row.into())),
        Err(Error::NotFound) => Ok(Written::Stale),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Written::NumberTaken),
        Err(error) => Err(error),
    }
}

fn text(value: &Option<Sensitive<String>>) -> Option<&str> {
    value.as_ref().map(|value| value.as_str().trim())
}

pub(super) async fn insert(tx: &mut Tx<'_>, clinic: Uuid, new: &NewPatient) -> QueryResult<Written> {
    use patients as columns;
    let now = tx.now();
    let family_name = new.family_name.as_str().trim();
    let row = diesel::insert_into(patients::table)
        .values((
            columns::id.eq(new_id()),
            columns::clinic_id.eq(clinic),
            columns::given_name.eq(new.given_name.as_str().trim()),
            columns::family_name.eq(family_name),
            columns::family_key.eq(search_key(family_name)),
            columns::birth_date.eq(*new.birth_date.expose()),
            columns::mrn.eq(text(&new.mrn)),
            columns::email.eq(text(&new.email)),
            columns::phone.eq(text(&new.phone)),
            columns::created_at.eq(now),
            columns::updated_at.eq(now),
        ))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await;
    written(row)
}

/// A patient of this clinic.
pub(crate) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Patient>> {
    let row = patients::table
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn())
        .await
        .optional()?;
    Ok(row.map(Into::into))
}

#[derive(AsChangeset)]
#[diesel(table_name = patients)]
struct Changes<'p> {
    given_name: Option<&'p str>,
    family_name: Option<&'p str>,
    family_key: Option<String>,
    birth_date: Option<NaiveDate>,
    mrn: Option<Option<&'p str>>,
    email: Option<Option<&'p str>>,
    phone: Option<Option<&'p str>>,
    updated_at: DateTime<Utc>,
}

/// Changes a record, unless it was changed since this version was read.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    seen: &Patient,
    patch: &PatientPatch,
) -> QueryResult<Written> {
    let family_name = text(&patch.family_name);
    let changes = Changes {
        given_name: text(&patch.given_name),
        family_name,
        family_key: family_name.map(search_key),
        birth_date: patch.birth_date.as_ref().map(|date| *date.expose()),
        mrn: patch.mrn.as_ref().map(text),
        email: patch.email.as_ref().map(text),
        phone: patch.phone.as_ref().map(text),
        updated_at: tx.now(),
    };
    let unchanged = patients::table
        .filter(patients::clinic_id.eq(clinic))
        .filter(patients::id.eq(seen.id))
        .filter(patients::version.eq(seen.version));
    let row = diesel::update(unchanged)
        .set((&changes, patients::version.eq(patients::version + 1)))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await;
    written(row)
}

/// Finds patients of this clinic by the first letters of a family name, birth date, record number; by family name.
pub(super) async fn search(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    search: &PatientSearch,
    page: &PageRequest,
) -> QueryResult<Vec<Patient>> {
    let mut query = patients::table.filter(patients::clinic_id.eq(clinic)).select(Row::as_select()).into_boxed();
    if let Some(family_name) = text(&search.family_name) {
        // A range over plain bytes uses the index, and no letter of it is a wildcard.
        let from = search_key(family_name);
        let to = format!("{from}\u{10ffff}");
        query = query.filter(patients::family_key.ge(from)).filter(patients::family_key.lt(to));
    }
    if let Some(birth_date) = &search.birth_date {
        query = query.filter(patients::birth_date.eq(*birth_date.expose()));
    }
    if let Some(mrn) = text(&search.mrn) {
        query = query.filter(patients::mrn.eq(mrn));
    }
    if let Some(after) = page.after {
        // The cursor is an id; the name to go on from is looked up here, so that no name stands in an address.
        let key = patients::table
            .filter(patients::clinic_id.eq(clinic))
            .filter(patients::id.eq(after.0))
            .select(patients::family_key)
            .first::<String>(tx.conn())
            .await
            .optional()?
            .unwrap_or_default();
        query = query.filter(
            patients::family_key.gt(key.clone()).or(patients::family_key.eq(key).and(patients::id.gt(after.0))),
        );
    }
    let rows = query.order((patients::family_key, patients::id)).limit(page.rows()).load(tx.conn()).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
