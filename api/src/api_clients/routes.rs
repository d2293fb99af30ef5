//! Making, changing and ending the clinic's clients, and their secrets. The owner only: a machine is a way in.

use super::{
    RemoteKeys,
    convert::into_wire,
    keys,
    store::{self, Changes, Row},
};
use crate::{
    audit::{self, Event},
    database::{Db, Tx, ids::new_id},
    http::{ApiError, Body, IfMatch, Posted, Reply, Routes, body::Empty, paging::ListQuery, validation::Check},
    identity::{Actor, Principal, policy::Right, secrets},
};
use actix_web::{
    delete, get, patch, post,
    web::{Data, Path, Query},
};
use rapport_contract::api_clients::{
    ApiClient, ApiClientList, ApiClientPatch, Jwks, NewApiClient, NewApiClientSecret, Scope,
};
use secrecy::ExposeSecret;
use std::collections::BTreeSet;
use uuid::Uuid;

/// So many secrets of a client are good at a time: the one in use, and the one that takes its place.
const MOST_SECRETS: i64 = 2;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(create_api_client)
        .service(list_api_clients)
        .service(get_api_client)
        .service(update_api_client)
        .service(end_api_client)
        .service(add_api_client_secret)
        .service(end_api_client_secret);
}

fn check_scopes(check: &mut Check, scopes: &[Scope]) {
    check.ensure(!scopes.is_empty(), "/scopes", "required", "Name at least one scope.");
    for (index, scope) in scopes.iter().enumerate() {
        let is_known = *scope != Scope::Unknown;
        check.ensure(is_known, format!("/scopes/{index}"), "unknown_value", "This scope is not known.");
    }
}

fn check_jwks(check: &mut Check, jwks: Option<&Jwks>) {
    let Some(jwks) = jwks else { return };
    check.ensure((1..=10).contains(&jwks.keys.len()), "/jwks/keys", "out_of_range", "Give 1 to 10 keys.");
    let mut names = BTreeSet::new();
    for (index, jwk) in jwks.keys.iter().enumerate() {
        let is_taken = keys::read(jwk).is_some();
        let message = "A key is P-384 for ES384, RSA of 2048 bits or more for RS384, or Ed25519 for EdDSA, with a kid.";
        check.ensure(is_taken, format!("/jwks/keys/{index}"), "unsupported_key", message);
        let is_new = names.insert(&jwk.kid);
        check.ensure(is_new, format!("/jwks/keys/{index}/kid"), "duplicate", "Another key of the set has this kid.");
    }
}

fn check_jwks_uri(check: &mut Check, remote: &RemoteKeys, uri: Option<&str>) {
    let message = "Give an https address of a public name at the standard port, as a browser would write it.";
    check.ensure(uri.is_none_or(|uri| remote.is_possible(uri)), "/jwks_uri", "invalid_uri", message);
}

fn check_one_place(check: &mut Check, has_jwks: bool, has_jwks_uri: bool) {
    let message = "Give the keys or the address where they are, and not both.";
    check.ensure(!(has_jwks && has_jwks_uri), "/jwks_uri", "one_of", message);
}

async fn check_author(tx: &mut Tx<'_>, me: &Principal, author: Option<Uuid>) -> Result<(), ApiError> {
    let is_there = match author {
        Some(id) => store::is_member(tx, me.clinic_id, id).await?,
        None => true,
    };
    let mut check = Check::new();
    check.ensure(is_there, "/author_id", "unknown_member", "No member of the clinic has this id.");
    check.done()
}

/// In one order and once each, so that the same scopes are the same.
fn names(scopes: &[Scope]) -> Vec<String> {
    let scopes: BTreeSet<Scope> = scopes.iter().copied().collect();
    scopes.into_iter().map(|scope| scope.as_str().to_owned()).collect()
}

/// The client as it is now, with its good secrets.
async fn whole(tx: &mut Tx<'_>, row: Row) -> Result<ApiClient, ApiError> {
    let secrets = store::secrets_of(tx, row.clinic_id, &[row.id]).await?.remove(&row.id);
    into_wire(row, secrets.unwrap_or_default())
}

fn answer(client: &ApiClient) -> Result<Reply, ApiError> {
    Ok(Reply::ok(client)?.version(client.version))
}

/// Make an API client
///
/// For a machine of the clinic, which signs in at `/oauth/token` with a key, or with a secret that is made afterwards.
#[utoipa::path(tag = "api clients", request_body = NewApiClient, responses((status = 201, body = ApiClient)))]
#[post("/v1/api_clients")]
async fn create_api_client(
    db: Data<Db>,
    remote: Data<RemoteKeys>,
    actor: Actor,
    posted: Posted<NewApiClient>,
) -> Result<Reply, ApiError> {
    let new = posted.body;
    let mut check = Check::new();
    check.line("/name", &new.name, 200);
    check_scopes(&mut check, &new.scopes);
    check_jwks(&mut check, new.jwks.as_ref());
    check_jwks_uri(&mut check, &remote, new.jwks_uri.as_deref());
    check_one_place(&mut check, new.jwks.is_some(), new.jwks_uri.is_some());
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.create");
        let authorise = async |tx: &mut Tx<'_>| me.require(tx, Right::ManageClients, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, ()| {
                check_author(tx, me, new.author_id.map(Into::into)).await?;
                let now = tx.now();
                let row = Row {
                    id: new_id(),
                    clinic_id: me.clinic_id,
                    name: new.name.trim().to_owned(),
                    scopes: names(&new.scopes),
                    state: "active".to_owned(),
                    jwks: new.jwks.as_ref().map(serde_json::to_value).transpose().map_err(ApiError::internal)?,
                    jwks_uri: new.jwks_uri.clone(),
                    author_id: new.author_id.map(Into::into),
                    created_by: me.person()?.id,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                store::insert(tx, &row).await?;
                audit::record(tx, event.clone().on(row.id));
                let client = into_wire(row, Vec::new())?;
                Ok(Reply::created(format!("/v1/api_clients/{}", client.id), &client)?.version(client.version))
            })
            .await
    })
    .await
}

/// List the clinic's API clients
///
/// Newest first, those that ended among them. Only the owner may.
#[utoipa::path(tag = "api clients", params(ListQuery), responses((status = 200, body = ApiClientList)))]
#[get("/v1/api_clients")]
async fn list_api_clients(db: Data<Db>, actor: Actor, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.list");
        me.require(tx, Right::ManageClients, event.clone()).await?;
        let (rows, next_cursor) = page.cut(store::page(tx, me.clinic_id, &page).await?, |row| row.id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut secrets = store::secrets_of(tx, me.clinic_id, &ids).await?;
        audit::record(tx, event);
        let items = rows.into_iter().map(|row| {
            let own = secrets.remove(&row.id).unwrap_or_default();
            into_wire(row, own)
        });
        Reply::ok(&ApiClientList { items: items.collect::<Result<_, _>>()?, next_cursor })
    })
    .await
}

/// The client, if the principal may manage clients and it is of the own clinic; held against others who change it.
async fn reach(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<Row, ApiError> {
    me.require(tx, Right::ManageClients, event.clone()).await?;
    match store::hold(tx, me.clinic_id, id).await? {
        Some(row) => Ok(row),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

fn check_active(row: &Row) -> Result<(), ApiError> {
    if row.state == "active" { Ok(()) } else { Err(ApiError::illegal_transition("The client has ended.", Vec::new())) }
}

/// Get an API client
///
/// Its scopes, keys and the ids of its secrets; no secret is ever shown again.
#[utoipa::path(tag = "api clients", params(("id" = Uuid, Path, description = "The client")),
    responses((status = 200, body = ApiClient)))]
#[get("/v1/api_clients/{id}")]
async fn get_api_client(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.read").on(*id);
        me.require(tx, Right::ManageClients, event.clone()).await?;
        let Some(row) = store::find(tx, me.clinic_id, *id).await? else {
            return Err(audit::refuse_unknown(tx, event));
        };
        audit::record(tx, event);
        answer(&whole(tx, row).await?)
    })
    .await
}

/// Change an API client
///
/// At once, for tokens that it has already too: what is not among the scopes any more is refused from now on.
#[utoipa::path(tag = "api clients", params(("id" = Uuid, Path, description = "The client")),
    request_body = ApiClientPatch, responses((status = 200, body = ApiClient)))]
#[patch("/v1/api_clients/{id}")]
async fn update_api_client(
    db: Data<Db>,
    remote: Data<RemoteKeys>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ApiClientPatch>,
) -> Result<Reply, ApiError> {
    let patch = body.0;
    let mut check = Check::new();
    check.optional_line("/name", patch.name.as_deref(), 200);
    if let Some(scopes) = &patch.scopes {
        check_scopes(&mut check, scopes);
    }
    check_jwks(&mut check, patch.jwks.as_ref().and_then(Option::as_ref));
    check_jwks_uri(&mut check, &remote, patch.jwks_uri.as_ref().and_then(Option::as_deref));
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.update").on(*id);
        let seen = reach(tx, me, *id, event.clone()).await?;
        if_match.check(seen.version)?;
        check_active(&seen)?;
        check_author(tx, me, patch.author_id.flatten().map(Into::into)).await?;
        let mut check = Check::new();
        let has_jwks = patch.jwks.as_ref().map_or(seen.jwks.is_some(), Option::is_some);
        check_one_place(&mut check, has_jwks, patch.jwks_uri.as_ref().map_or(seen.jwks_uri.is_some(), Option::is_some));
        check.done()?;
        let jwks = patch.jwks.as_ref().map(|jwks| jwks.as_ref().map(serde_json::to_value).transpose());
        let changes = Changes {
            name: patch.name.as_ref().map(|name| name.trim().to_owned()),
            scopes: patch.scopes.as_deref().map(names),
            state: None,
            jwks: jwks.transpose().map_err(ApiError::internal)?,
            jwks_uri: patch.jwks_uri.clone(),
            author_id: patch.author_id.map(|id| id.map(Into::into)),
        };
        let row = store::update(tx, &seen, &changes).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        answer(&whole(tx, row).await?)
    })
    .await
}

/// End an API client
///
/// It can't sign in any more, and its tokens are dead at once. What it did stays on the record.
#[utoipa::path(tag = "api clients", params(("id" = Uuid, Path, description = "The client")),
    responses((status = 204)))]
#[delete("/v1/api_clients/{id}")]
async fn end_api_client(db: Data<Db>, actor: Actor, id: Path<Uuid>, if_match: IfMatch) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.end").on(*id);
        let seen = reach(tx, me, *id, event.clone()).await?;
        if_match.check(seen.version)?;
        check_active(&seen)?;
        store::end_secrets(tx, &seen, None).await?;
        let ended = Changes { state: Some("ended"), ..Changes::default() };
        store::update(tx, &seen, &ended).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}

/// Make a secret of an API client
///
/// It is shown this once: 256 random bits, of which only the hash is kept. Two can be good at a time, so that the machine
/// can change from one to the other. It is not kept for an `Idempotency-Key` either: whoever lost the answer ends the secret
/// that nobody has, and makes another.
#[utoipa::path(tag = "api clients", params(("id" = Uuid, Path, description = "The client")),
    responses((status = 201, body = NewApiClientSecret)))]
#[post("/v1/api_clients/{id}/secrets")]
async fn add_api_client_secret(db: Data<Db>, actor: Actor, id: Path<Uuid>, _: Body<Empty>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.add_secret").on(*id);
        let client = reach(tx, me, *id, event.clone()).await?;
        check_active(&client)?;
        if store::count_secrets(tx, &client).await? >= MOST_SECRETS {
            let detail = "Two secrets are good already; end one of them first.";
            return Err(ApiError::illegal_transition(detail, vec!["end_secret"]));
        }
        let secret = secrets::token().map_err(ApiError::internal)?;
        let row = store::insert_secret(tx, &client, &secrets::hash(secret.expose_secret())).await?;
        store::update(tx, &client, &Changes::default()).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        let made = NewApiClientSecret {
            id: row.id.into(),
            client_secret: secret.expose_secret().to_owned().into(),
            created_at: row.created_at,
        };
        Reply::created(format!("/v1/api_clients/{id}/secrets/{}", made.id), &made)
    })
    .await
}

/// End a secret of an API client
///
/// Nobody signs in with it any more. Tokens that were made with it live on for their five minutes; to end these too, end
/// the client.
#[utoipa::path(tag = "api clients", params(("id" = Uuid, Path, description = "The client"),
    ("secret_id" = Uuid, Path, description = "The secret")), responses((status = 204)))]
#[delete("/v1/api_clients/{id}/secrets/{secret_id}")]
async fn end_api_client_secret(db: Data<Db>, actor: Actor, path: Path<(Uuid, Uuid)>) -> Result<Reply, ApiError> {
    let (id, secret) = path.into_inner();
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "api_client.end_secret").on(id);
        let client = reach(tx, me, id, event.clone()).await?;
        if store::end_secrets(tx, &client, Some(secret)).await? == 0 {
            return Err(audit::refuse_unknown(tx, event));
        }
        store::update(tx, &client, &Changes::default()).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}
