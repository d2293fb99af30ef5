//! The SQL of clinics and their members.

use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{clinics, members},
    },
    http::PageRequest,
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{
    clinics::{Clinic, NewClinic},
    members::{Member, MemberState, Role},
};
use uuid::Uuid;

/// Whether an e-mail address was free.
pub(super) enum Inserted<T> {
    Yes(T),
    AddressTaken,
}

pub(super) async fn insert_clinic(tx: &mut Tx<'_>, new: &NewClinic) -> QueryResult<Clinic> {
    let (id, now) = (new_id(), tx.now());
    let clinic = Clinic {
        id: id.into(),
        name: new.name.trim().to_owned(),
        phone: new.phone.clone(),
        address: new.address.clone(),
        npi: new.npi.clone(),
        created_at: now,
    };
    diesel::insert_into(clinics::table)
        .values((
            clinics::id.eq(id),
            clinics::name.eq(&clinic.name),
            clinics::phone.eq(&clinic.phone),
            clinics::address.eq(&clinic.address),
            clinics::npi.eq(&clinic.npi),
            clinics::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(clinic)
}

/// What a new member is made of.
#[derive(Insertable)]
#[diesel(table_name = members)]
pub(super) struct NewMember {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) state: String,
    pub(super) profession: Option<String>,
    pub(super) npi: Option<String>,
    pub(super) password_hash: Option<String>,
    pub(super) invitation_hash: Option<Vec<u8>>,
    pub(super) invitation_expires_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct Row {
    id: Uuid,
    name: String,
    email: String,
    role: String,
    profession: Option<String>,
    state: String,
    created_at: DateTime<Utc>,
    pub(super) version: i32,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            name: row.name.into(),
            email: row.email.into(),
            role: match row.role.as_str() {
                "owner" => Role::Owner,
                "practitioner" => Role::Practitioner,
                "staff" => Role::Staff,
                "privacy_officer" => Role::PrivacyOfficer,
                _ => Role::Unknown,
            },
            profession: row.profession,
            state: match row.state.as_str() {
                "invited" => MemberState::Invited,
                "active" => MemberState::Active,
                "ended" => MemberState::Ended,
                _ => MemberState::Unknown,
            },
            created_at: row.created_at,
            version: row.version,
        }
    }
}

pub(super) async fn insert_member(tx: &mut Tx<'_>, new: &NewMember) -> QueryResult<Inserted<Member>> {
    let inserted =
        diesel::insert_into(members::table).values(new).returning(Row::as_returning()).get_result(tx.conn()).await;
    match inserted {
        Ok(row) => Ok(Inserted::Yes(row.into())),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Inserted::AddressTaken),
        Err(error) => Err(error),
    }
}

pub(super) async fn page(tx: &mut Tx<'_>, clinic: Uuid, page: &PageRequest) -> QueryResult<Vec<Member>> {
    let mut query = members::table.filter(members::clinic_id.eq(clinic)).select(Row::as_select()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(members::id.lt(after.0));
    }
    let rows = query.order(members::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Member>> {
    let row = members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn())
        .await
        .optional()?;
    Ok(row.map(Into::into))
}

/// Turns an open invitation into an account, in one statement: it works once.
pub(super) async fn accept(
    tx: &mut Tx<'_>,
    invitation: &[u8],
    password_hash: &str,
) -> QueryResult<Option<(Uuid, Member)>> {
    let now = tx.now();
    let open = members::table
        .filter(members::invitation_hash.eq(invitation))
        .filter(members::state.eq("invited"))
        .filter(members::invitation_expires_at.gt(now));
    let row = diesel::update(open)
        .set((
            members::state.eq("active"),
            members::password_hash.eq(password_hash),
            members::invitation_hash.eq(None::<Vec<u8>>),
            members::updated_at.eq(now),
            members::version.eq(members::version + 1),
        ))
        .returning((members::clinic_id, Row::as_returning()))
        .get_result::<(Uuid, Row)>(tx.conn())
        .await
        .optional()?;
    Ok(row.map(|(clinic, row)| (clinic, row.into())))
}

/// Whether an invitation can still be accepted.
pub(super) async fn is_invited(tx: &mut Tx<'_>, invitation: &[u8]) -> QueryResult<bool> {
    let now = tx.now();
    let open = members::table
        .filter(members::invitation_hash.eq(invitation))
        .filter(members::state.eq("invited"))
        .filter(members::invitation_expires_at.gt(now));
    diesel::select(diesel::dsl::exists(open)).get_result(tx.conn()).await
}

/// Ends a membership, unless it was changed since this version was read.
pub(super) async fn end(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid, version: i32) -> QueryResult<bool> {
    let now = tx.now();
    let seen = members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::id.eq(id))
        .filter(members::version.eq(version));
    let count = diesel::update(seen)
        .set((
            members::state.eq("ended"),
            members::invitation_hash.eq(None::<Vec<u8>>),
            members::updated_at.eq(now),
            members::version.eq(members::version + 1),
        ))
        .execute(tx.conn())
        .await?;
    Ok(count == 1)
}

/// What stands at the head of a clinic's letters.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clinics)]
pub(crate) struct Letterhead {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) address: Option<String>,
}

/// The head of a clinic's letters. Public, professional facts: any clinic may see another's.
pub(crate) async fn letterhead(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<Option<Letterhead>> {
    letterhead_beside(tx.conn(), clinic).await
}

/// The same on a connection on which something else is on its way too.
pub(crate) async fn letterhead_beside(conn: &AsyncPgConnection, clinic: Uuid) -> QueryResult<Option<Letterhead>> {
    clinics::table.find(clinic).select(Letterhead::as_select()).first(&mut &*conn).await.optional()
}

/// Somebody who guards a clinic's records.
#[derive(Queryable, Selectable)]
#[diesel(table_name = members)]
pub(crate) struct Guardian {
    pub(crate) id: Uuid,
    pub(crate) email: String,
}

/// Those who guard the clinic's records: its owners and privacy officers.
pub(crate) async fn guardians(tx: &mut Tx<'_>, clinic: Uuid) -> QueryResult<Vec<Guardian>> {
    members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::state.eq("active"))
        .filter(members::role.eq_any(["owner", "privacy_officer"]))
        .order(members::id)
        .select(Guardian::as_select())
        .load(tx.conn())
        .await
}
