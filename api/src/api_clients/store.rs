//! The SQL of API clients and their secrets.

use crate::{
    database::{
        Tx,
        ids::new_id,
        schema::{api_client_secrets, api_clients, members},
    },
    http::PageRequest,
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count_star, exists},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// A client as a row.
#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = api_clients, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) state: String,
    pub(super) jwks: Option<Value>,
    pub(super) jwks_uri: Option<String>,
    pub(super) author_id: Option<Uuid>,
    pub(super) created_by: Uuid,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) version: i32,
}

/// A secret that is good, without itself.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_client_secrets)]
pub(super) struct SecretRow {
    pub(super) id: Uuid,
    pub(super) client_id: Uuid,
    pub(super) created_at: DateTime<Utc>,
}

pub(super) async fn insert(tx: &mut Tx<'_>, row: &Row) -> QueryResult<()> {
    diesel::insert_into(api_clients::table).values(row).execute(tx.conn()).await?;
    Ok(())
}

/// A client of this clinic.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Row>> {
    api_clients::table
        .filter(api_clients::clinic_id.eq(clinic))
        .filter(api_clients::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn())
        .await
        .optional()
}

/// A client of this clinic, held against others who change it or its secrets.
pub(super) async fn hold(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Row>> {
    api_clients::table
        .filter(api_clients::clinic_id.eq(clinic))
        .filter(api_clients::id.eq(id))
        .select(Row::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()
}

pub(super) async fn page(tx: &mut Tx<'_>, clinic: Uuid, page: &PageRequest) -> QueryResult<Vec<Row>> {
    let mut query = api_clients::table.filter(api_clients::clinic_id.eq(clinic)).select(Row::as_select()).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(api_clients::id.lt(after.0));
    }
    query.order(api_clients::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// The good secrets of these clients, oldest first.
pub(super) async fn secrets_of(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    clients: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<SecretRow>>> {
    let rows: Vec<SecretRow> = api_client_secrets::table
        .filter(api_client_secrets::clinic_id.eq(clinic))
        .filter(api_client_secrets::client_id.eq_any(clients.to_vec()))
        .filter(api_client_secrets::ended_at.is_null())
        .select(SecretRow::as_select())
        .order(api_client_secrets::id)
        .load(tx.conn())
        .await?;
    let mut by_client: HashMap<Uuid, Vec<SecretRow>> = HashMap::new();
    for row in rows {
        by_client.entry(row.client_id).or_default().push(row);
    }
    Ok(by_client)
}

/// Whether this is a member of the clinic whose membership is in force.
pub(super) async fn is_member(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<bool> {
    let member = members::table
        .filter(members::clinic_id.eq(clinic))
        .filter(members::id.eq(id))
        .filter(members::state.eq("active"))
        .select(members::id);
    diesel::select(exists(member)).get_result(tx.conn()).await
}

/// What changes; a field left out stays.
#[derive(AsChangeset, Default)]
#[diesel(table_name = api_clients)]
pub(super) struct Changes {
    pub(super) name: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) state: Option<&'static str>,
    pub(super) jwks: Option<Option<Value>>,
    pub(super) jwks_uri: Option<Option<String>>,
    pub(super) author_id: Option<Option<Uuid>>,
}

/// Changes a client, unless it was changed since this version was read.
pub(super) async fn update(tx: &mut Tx<'_>, seen: &Row, changes: &Changes) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let unchanged = api_clients::table
        .filter(api_clients::clinic_id.eq(seen.clinic_id))
        .filter(api_clients::id.eq(seen.id))
        .filter(api_clients::version.eq(seen.version));
    diesel::update(unchanged)
        .set((changes, api_clients::updated_at.eq(now), api_clients::version.eq(api_clients::version + 1)))
        .returning(Row::as_returning())
        .get_result(tx.conn())
        .await
        .optional()
}

/// How many secrets of a client are good.
pub(super) async fn count_secrets(tx: &mut Tx<'_>, client: &Row) -> QueryResult<i64> {
    api_client_secrets::table
        .filter(api_client_secrets::clinic_id.eq(client.clinic_id))
        .filter(api_client_secrets::client_id.eq(client.id))
        .filter(api_client_secrets::ended_at.is_null())
        .select(count_star())
        .first(tx.conn())
        .await
}

pub(super) async fn insert_secret(tx: &mut Tx<'_>, client: &Row, hash: &[u8]) -> QueryResult<SecretRow> {
    use api_client_secrets as columns;
    let now = tx.now();
    diesel::insert_into(api_client_secrets::table)
        .values((
            columns::id.eq(new_id()),
            columns::clinic_id.eq(client.clinic_id),
            columns::client_id.eq(client.id),
            columns::hash.eq(hash),
            columns::created_at.eq(now),
        ))
        .returning(SecretRow::as_returning())
        .get_result(tx.conn())
        .await
}

/// Ends one secret of a client, or with `None` all of them; answers how many.
pub(super) async fn end_secrets(tx: &mut Tx<'_>, client: &Row, secret: Option<Uuid>) -> QueryResult<usize> {
    let now = tx.now();
    let mut good = diesel::update(api_client_secrets::table)
        .filter(api_client_secrets::clinic_id.eq(client.clinic_id))
        .filter(api_client_secrets::client_id.eq(client.id))
        .filter(api_client_secrets::ended_at.is_null())
        .set(api_client_secrets::ended_at.eq(now))
        .into_boxed();
    if let Some(id) = secret {
        good = good.filter(api_client_secrets::id.eq(id));
    }
    good.execute(tx.conn()).await
}

/// What signing a client in takes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = api_clients)]
pub(crate) struct SigningIn {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(crate) scopes: Vec<String>,
    state: String,
    pub(crate) jwks: Option<Value>,
    pub(crate) jwks_uri: Option<String>,
}

impl SigningIn {
    /// Whether it has not ended.
    pub(crate) fn is_active(&self) -> bool {
        self.state == "active"
    }
}

/// A client of whichever clinic, before it has proved itself.
pub(crate) async fn signing_in(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<SigningIn>> {
    api_clients::table.find(id).select(SigningIn::as_select()).first(tx.conn()).await.optional()
}

/// Whether a good secret of this client has this hash.
pub(crate) async fn has_secret(tx: &mut Tx<'_>, client: &SigningIn, hash: &[u8]) -> QueryResult<bool> {
    let good = api_client_secrets::table
        .filter(api_client_secrets::clinic_id.eq(client.clinic_id))
        .filter(api_client_secrets::client_id.eq(client.id))
        .filter(api_client_secrets::hash.eq(hash))
        .filter(api_client_secrets::ended_at.is_null())
        .select(api_client_secrets::id);
    diesel::select(exists(good)).get_result(tx.conn()).await
}
