//! Making, changing and ending webhooks, their secrets, and what they were told. The owner only: a webhook is a way out.

use super::{
    Courier,
    convert::{delivery, into_wire, shown},
    policy::{MOST_SECRETS, MOST_WEBHOOKS, OVERLAP},
    signature::Secret,
    store::{self, Changes, Row},
};
use crate::{
    audit::{self, Event},
    database::{Db, Tx, ids::new_id},
    http::{
        ApiError, Body, Cursor, IfMatch, PageRequest, Posted, Reply, Routes, body::Empty, paging::ListQuery,
        validation::Check,
    },
    identity::{Actor, Principal, policy::Right},
};
use actix_web::{
    delete, get,
    http::StatusCode,
    patch, post,
    web::{Data, Path, Query},
};
use rapport_contract::{
    events::EventType,
    webhooks::{
        DeliveryState, MadeWebhook, NewWebhook, NewWebhookSecret, Webhook, WebhookDelivery, WebhookDeliveryList,
        WebhookList, WebhookPatch,
    },
};
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Registers the routes.
pub(in crate::events) fn routes(routes: &mut Routes<'_>) {
    routes
        .service(create_webhook)
        .service(list_webhooks)
        .service(get_webhook)
        .service(update_webhook)
        .service(end_webhook)
        .service(challenge_webhook)
        .service(add_webhook_secret)
        .service(end_webhook_secret)
        .service(list_webhook_deliveries)
        .service(resend_webhook_delivery);
}

fn check_url(check: &mut Check, courier: &Courier, url: &str) {
    let message = "Give an https address of a public name at the standard port, as a browser would write it.";
    check.ensure(courier.is_possible(url), "/url", "invalid_uri", message);
}

fn check_types(check: &mut Check, types: &[EventType]) {
    check.ensure(types.len() <= 100, "/types", "too_many", "At most 100.");
    for (index, kind) in types.iter().enumerate() {
        let is_known = *kind != EventType::Unknown;
        check.ensure(is_known, format!("/types/{index}"), "unknown_value", "This type is not known.");
    }
}

/// In one order and once each.
fn names(types: &[EventType]) -> Vec<String> {
    let types: BTreeSet<EventType> = types.iter().copied().collect();
    types.into_iter().map(|kind| kind.as_str().to_owned()).collect()
}

/// The webhook as it is now, with its good secrets.
async fn whole(tx: &mut Tx<'_>, row: Row) -> Result<Webhook, ApiError> {
    let secrets = store::secrets_of(tx, row.clinic_id, &[row.id]).await?.remove(&row.id);
    Ok(into_wire(row, secrets.unwrap_or_default()))
}

fn answer(webhook: &Webhook) -> Result<Reply, ApiError> {
    Ok(Reply::ok(webhook)?.version(webhook.version))
}

/// Make a webhook
///
/// The address is asked at once whether it wants this: it gets a POST of `{"type": "webhook.challenge", "challenge": ...}` and
/// answers 200 with `{"challenge": ...}`, the same. Then it is told of what happens from there on. The secret is shown this once.
#[utoipa::path(tag = "webhooks", request_body = NewWebhook, responses((status = 201, body = MadeWebhook)))]
#[post("/v1/webhooks")]
async fn create_webhook(
    db: Data<Db>,
    courier: Data<Courier>,
    actor: Actor,
    posted: Posted<NewWebhook>,
) -> Result<Reply, ApiError> {
    let new = posted.body;
    let mut check = Check::new();
    check_url(&mut check, &courier, &new.url);
    check_types(&mut check, &new.types);
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.create");
        let authorise = async |tx: &mut Tx<'_>| me.require(tx, Right::ManageWebhooks, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, ()| {
                if store::count(tx, me.clinic_id).await? >= MOST_WEBHOOKS {
                    let detail = format!("The clinic has {MOST_WEBHOOKS} webhooks already; end one of them first.");
                    return Err(ApiError::illegal_transition(detail, vec!["end"]));
                }
                let now = tx.now();
                let row = Row {
                    id: new_id(),
                    clinic_id: me.clinic_id,
                    url: new.url.clone(),
                    types: names(&new.types),
                    state: "pending".to_owned(),
                    disabled_because: None,
                    authorised_by: me.person()?.id,
                    challenge_at: Some(now),
                    challenges: 0,
                    failing_since: None,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                store::insert(tx, &row).await?;
                let secret = Secret::new().map_err(ApiError::internal)?;
                let kept = store::insert_secret(tx, &row, &secret).await?;
                audit::record(tx, event.clone().on(row.id));
                tx.event_was_published();
                let made = MadeWebhook { secret: shown(&kept, &secret)?, webhook: into_wire(row, vec![kept]) };
                Ok(Reply::created(format!("/v1/webhooks/{}", made.webhook.id), &made)?.version(made.webhook.version))
            })
            .await
    })
    .await
}

/// List the clinic's webhooks
///
/// Newest first, those that ended among them. Only the owner may.
#[utoipa::path(tag = "webhooks", params(ListQuery), responses((status = 200, body = WebhookList)))]
#[get("/v1/webhooks")]
async fn list_webhooks(db: Data<Db>, actor: Actor, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.list");
        me.require(tx, Right::ManageWebhooks, event.clone()).await?;
        let (rows, next_cursor) = page.cut(store::page(tx, me.clinic_id, &page).await?, |row| row.id);
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut secrets = store::secrets_of(tx, me.clinic_id, &ids).await?;
        audit::record(tx, event);
        let items = rows.into_iter().map(|row| {
            let own = secrets.remove(&row.id).unwrap_or_default();
            into_wire(row, own)
        });
        Reply::ok(&WebhookList { items: items.collect(), next_cursor })
    })
    .await
}

/// The webhook, if the principal may manage webhooks and it is of the own clinic; held against others who change it.
async fn reach(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<Row, ApiError> {
    me.require(tx, Right::ManageWebhooks, event.clone()).await?;
    match store::hold(tx, me.clinic_id, id).await? {
        Some(row) => Ok(row),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

/// The same to read it.
async fn look_at(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<Row, ApiError> {
    me.require(tx, Right::ManageWebhooks, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(row) => Ok(row),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

fn check_living(row: &Row) -> Result<(), ApiError> {
    if row.state == "ended" {
        return Err(ApiError::illegal_transition("The webhook has ended.", Vec::new()));
    }
    Ok(())
}

/// Get a webhook
///
/// Where it delivers, what it is told, and why it is disabled where it is.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 200, body = Webhook)))]
#[get("/v1/webhooks/{id}")]
async fn get_webhook(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.read").on(*id);
        let row = look_at(tx, me, *id, event.clone()).await?;
        audit::record(tx, event);
        answer(&whole(tx, row).await?)
    })
    .await
}

/// Change a webhook
///
/// Another address is asked first whether it wants this. From now on it delivers by the right of who changes it.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook")), request_body = WebhookPatch,
    responses((status = 200, body = Webhook)))]
#[patch("/v1/webhooks/{id}")]
async fn update_webhook(
    db: Data<Db>,
    courier: Data<Courier>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<WebhookPatch>,
) -> Result<Reply, ApiError> {
    let patch = body.0;
    let mut check = Check::new();
    if let Some(url) = &patch.url {
        check_url(&mut check, &courier, url);
    }
    check_types(&mut check, patch.types.as_deref().unwrap_or_default());
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.update").on(*id);
        let seen = reach(tx, me, *id, event.clone()).await?;
        if_match.check(seen.version)?;
        check_living(&seen)?;
        let by = me.person()?.id;
        let is_moved = patch.url.as_ref().is_some_and(|url| *url != seen.url);
        let base = if is_moved { Changes::challenged(tx.now(), by) } else { Changes::default() };
        let types = patch.types.as_deref().map(names);
        let changes = Changes { url: patch.url.clone(), types, authorised_by: Some(by), ..base };
        let row = store::update(tx, &seen, &changes).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        tx.event_was_published();
        answer(&whole(tx, row).await?)
    })
    .await
}

/// End a webhook
///
/// It is told nothing more, and its secrets sign nothing more.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook")), responses((status = 204)))]
#[delete("/v1/webhooks/{id}")]
async fn end_webhook(db: Data<Db>, actor: Actor, id: Path<Uuid>, if_match: IfMatch) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.end").on(*id);
        let seen = reach(tx, me, *id, event.clone()).await?;
        if_match.check(seen.version)?;
        check_living(&seen)?;
        let now = tx.now();
        for secret in store::secrets_of(tx, me.clinic_id, &[seen.id]).await?.remove(&seen.id).unwrap_or_default() {
            store::end_secrets(tx, &seen, Some(secret.id), now).await?;
        }
        let ended = Changes {
            state: Some("ended"),
            disabled_because: Some(None),
            challenge_at: Some(None),
            ..Changes::default()
        };
        store::update(tx, &seen, &ended).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}

/// Ask the address again
///
/// Whether it wants this: for a webhook that is disabled, or whose address did not answer yet. It is told nothing until it has
/// said so; what waits is told then. From now on it delivers by the right of who asks for this.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 202, body = Webhook)))]
#[post("/v1/webhooks/{id}/challenge")]
async fn challenge_webhook(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.challenge").on(*id);
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, *id, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                check_living(&seen)?;
                let changes = Changes::challenged(tx.now(), me.person()?.id);
                let row = store::update(tx, &seen, &changes).await?.ok_or_else(ApiError::stale)?;
                audit::record(tx, event.clone());
                tx.event_was_published();
                let webhook = whole(tx, row).await?;
                Ok(Reply::with(StatusCode::ACCEPTED, &webhook)?.version(webhook.version))
            })
            .await
    })
    .await
}

/// Make another secret of a webhook
///
/// It signs from now on, beside the one before for another day, so that there is time to take it up. It is shown this once, and
/// not kept for an `Idempotency-Key` either: whoever lost the answer ends the secret that nobody has, and makes another.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook")),
    responses((status = 201, body = NewWebhookSecret)))]
#[post("/v1/webhooks/{id}/secrets")]
async fn add_webhook_secret(db: Data<Db>, actor: Actor, id: Path<Uuid>, _: Body<Empty>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.add_secret").on(*id);
        let webhook = reach(tx, me, *id, event.clone()).await?;
        check_living(&webhook)?;
        let good = store::secrets_of(tx, me.clinic_id, &[webhook.id]).await?.remove(&webhook.id).unwrap_or_default();
        if good.len() >= MOST_SECRETS {
            let detail = "Two secrets are good already; wait for the end of the older one, or end one of them.";
            return Err(ApiError::illegal_transition(detail, vec!["end_secret"]));
        }
        let ends_at = tx.now() + OVERLAP;
        store::end_secrets(tx, &webhook, None, ends_at).await?;
        let secret = Secret::new().map_err(ApiError::internal)?;
        let kept = store::insert_secret(tx, &webhook, &secret).await?;
        store::update(tx, &webhook, &Changes::default()).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        let made = shown(&kept, &secret)?;
        Reply::created(format!("/v1/webhooks/{id}/secrets/{}", made.id), &made)
    })
    .await
}

/// End a secret of a webhook
///
/// It signs nothing more. The last one can't be ended: make another first, or end the webhook.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook"),
    ("secret_id" = Uuid, Path, description = "The secret")), responses((status = 204)))]
#[delete("/v1/webhooks/{id}/secrets/{secret_id}")]
async fn end_webhook_secret(db: Data<Db>, actor: Actor, path: Path<(Uuid, Uuid)>) -> Result<Reply, ApiError> {
    let (id, secret) = path.into_inner();
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.end_secret").on(id);
        let webhook = reach(tx, me, id, event.clone()).await?;
        let good = store::secrets_of(tx, me.clinic_id, &[webhook.id]).await?.remove(&webhook.id).unwrap_or_default();
        if !good.iter().any(|known| known.id == secret) {
            return Err(audit::refuse_unknown(tx, event));
        }
        if good.len() == 1 {
            let detail = "It is the only secret that is good; make another first.";
            return Err(ApiError::illegal_transition(detail, vec!["add_secret"]));
        }
        let now = tx.now();
        store::end_secrets(tx, &webhook, Some(secret), now).await?;
        // The one that is left has no end: something has to sign.
        store::keep_secrets(tx, &webhook).await?;
        store::update(tx, &webhook, &Changes::default()).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}

/// Which deliveries to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeliveryQuery {
    /// Only those in this state: `pending`, `delivered`, `failed` or `refused`.
    #[param(value_type = Option<DeliveryState>, inline)]
    state: Option<String>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List what a webhook was told
///
/// And what it is to be told, newest first: how often it was tried, what the address answered, when it is tried next.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook"), DeliveryQuery),
    responses((status = 200, body = WebhookDeliveryList)))]
#[get("/v1/webhooks/{id}/deliveries")]
async fn list_webhook_deliveries(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<DeliveryQuery>,
) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    let is_state = query.state.as_deref().is_none_or(|state| DeliveryState::parse(state).is_some());
    check.ensure(is_state, "state", "unknown_value", "One of pending, delivered, failed, refused.");
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.list_deliveries").on(*id);
        let webhook = look_at(tx, me, *id, event.clone()).await?;
        let rows = store::deliveries(tx, &webhook, query.state.as_deref(), &page).await?;
        audit::record(tx, event);
        let items: Vec<WebhookDelivery> = rows.into_iter().map(delivery).collect();
        let (items, next_cursor) = page.cut(items, |delivery| Cursor::sequence(delivery.event.sequence).0);
        Reply::ok(&WebhookDeliveryList { items, next_cursor })
    })
    .await
}

/// Send a delivery again
///
/// Whatever came of it before, and for three days if need be. It has the same id: whoever has it already is told twice.
#[utoipa::path(tag = "webhooks", params(("id" = Uuid, Path, description = "The webhook"),
    ("event_id" = Uuid, Path, description = "The event that it tells")),
    responses((status = 202, body = WebhookDelivery)))]
#[post("/v1/webhooks/{id}/deliveries/{event_id}/resend")]
async fn resend_webhook_delivery(
    db: Data<Db>,
    actor: Actor,
    path: Path<(Uuid, Uuid)>,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    let (id, told) = path.into_inner();
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "webhook.resend").on(id);
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, id, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, webhook| {
                check_living(&webhook)?;
                let Some(row) = store::resend(tx, &webhook, told).await? else {
                    return Err(audit::refuse_unknown(tx, event.clone()));
                };
                audit::record(tx, event.clone());
                tx.event_was_published();
                Reply::with(StatusCode::ACCEPTED, &delivery(row))
            })
            .await
    })
    .await
}
