//! The SQL of the directory.

use super::professions::nucc_code;
use crate::{
    database::{
        Tx,
        schema::{clinics, members},
    },
    http::PageRequest,
};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::{
    clinics::ClinicName,
    practitioners::{Practitioner, PractitionerPatch},
};
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
struct Row {
    id: Uuid,
    name: String,
    profession: Option<String>,
    npi: Option<String>,
    focus: Vec<String>,
    is_accepting: bool,
    version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = clinics)]
struct ClinicRow {
    id: Uuid,
    name: String,
}

fn entry((row, clinic): (Row, ClinicRow)) -> Practitioner {
    let profession = row.profession.unwrap_or_default();
    Practitioner {
        id: row.id.into(),
        name: row.name,
        nucc_code: nucc_code(&profession).map(ToOwned::to_owned),
        profession,
        npi: row.npi,
        focus: row.focus,
        is_accepting: row.is_accepting,
        clinic: ClinicName { id: clinic.id.into(), name: clinic.name },
        version: row.version,
    }
}

/// What to look for in the directory.
#[derive(Default)]
pub(super) struct Filter<'f> {
    /// Letters of the name or the clinic's name.
    pub(super) q: Option<&'f str>,
    pub(super) profession: Option<&'f str>,
    pub(super) focus: Option<&'f str>,
    pub(super) is_accepting: Option<bool>,
}

pub(super) async fn page(tx: &mut Tx<'_>, filter: &Filter<'_>, page: &PageRequest) -> QueryResult<Vec<Practitioner>> {
    let mut query = members::table
        .inner_join(clinics::table)
        .filter(members::state.eq("active"))
        .filter(members::profession.is_not_null())
        .select((Row::as_select(), ClinicRow::as_select()))
        .into_boxed();
    if let Some(q) = filter.q {
        let pattern = format!("%{}%", escaped(q));
        query = query.filter(members::name.ilike(pattern.clone()).or(clinics::name.ilike(pattern)));
    }
    if let Some(profession) = filter.profession {
        query = query.filter(members::profession.eq(profession));
    }
    if let Some(focus) = filter.focus {
        query = query.filter(members::focus.contains(vec![focus]));
    }
    if let Some(is_accepting) = filter.is_accepting {
        query = query.filter(members::is_accepting.eq(is_accepting));
    }
    if let Some(after) = page.after {
        query = query.filter(members::id.lt(after.0));
    }
    let rows = query.order(members::id.desc()).limit(page.rows()).load::<(Row, ClinicRow)>(tx.conn()).await?;
    Ok(rows.into_iter().map(entry).collect())
}

/// The letters as they are, none of them a wildcard.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

pub(super) async fn find(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<Practitioner>> {
    let row = members::table
        .inner_join(clinics::table)
        .filter(members::id.eq(id))
        .filter(members::state.eq("active"))
        .filter(members::profession.is_not_null())
        .select((Row::as_select(), ClinicRow::as_select()))
        .first::<(Row, ClinicRow)>(tx.conn())
        .await
        .optional()?;
    Ok(row.map(entry))
}

#[derive(AsChangeset)]
#[diesel(table_name = members)]
struct Changes<'p> {
    profession: Option<&'p str>,
    npi: Option<Option<&'p str>>,
    focus: Option<&'p [String]>,
    is_accepting: Option<bool>,
    updated_at: chrono::DateTime<chrono::Utc>,
}

/// Changes an entry, unless it was changed since this version was read.
pub(super) async fn update(tx: &mut Tx<'_>, id: Uuid, version: i32, patch: &PractitionerPatch) -> QueryResult<bool> {
    let changes = Changes {
        profession: patch.profession.as_deref().map(str::trim),
        npi: patch.npi.as_ref().map(Option::as_deref),
        focus: patch.focus.as_deref(),
        is_accepting: patch.is_accepting,
        updated_at: tx.now(),
    };
    let count = diesel::update(members::table.find(id).filter(members::version.eq(version)))
        .set((&changes, members::version.eq(members::version + 1)))
        .execute(tx.conn())
        .await?;
    Ok(count == 1)
}

/// A practitioner as somebody to send to.
pub(crate) struct Addressee {
    pub(crate) clinic_id: Uuid,
    pub(crate) name: String,
}

/// Finds a practitioner to send to, of any clinic.
pub(crate) async fn addressee(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<Addressee>> {
    let found = find(tx, id).await?;
    Ok(found.map(|practitioner| Addressee {
        name: format!("{}, {}", practitioner.name, practitioner.clinic.name),
        clinic_id: practitioner.clinic.id.into(),
    }))
}
