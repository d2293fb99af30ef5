//! Reading what happened, and following it as it happens.

use super::{
    store::{self, Which},
    stream::{self, Streams},
};
use crate::{
    audit,
    database::{Db, Signals},
    http::{ApiError, Cursor, PageRequest, Reply, Routes, validation::Check},
    identity::{self, Actor, policy::Right, tokens::TokenKeys},
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Bytes, Data, Query},
};
use futures_util::StreamExt;
use rapport_contract::events::{EventList, EventType};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_events).service(follow_events).configure(super::webhooks::routes::routes);
}

/// Which events to list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// Only those of this type, such as `share.delivered`.
    #[serde(rename = "type")]
    #[param(rename = "type", value_type = Option<EventType>, inline)]
    kind: Option<String>,
    /// Only those after the event of this `sequence`.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

fn check_after(check: &mut Check, after: Option<i64>) -> i64 {
    check.ensure(after.is_none_or(|after| after >= 0), "after", "out_of_range", "A sequence is 0 or more.");
    after.unwrap_or(0)
}

fn check_kind(check: &mut Check, kind: Option<&str>) -> Vec<EventType> {
    let kind = kind.map(EventType::parse);
    check.ensure(kind != Some(None), "type", "unknown_value", "A type of the document.");
    kind.flatten().into_iter().collect()
}

/// List what happened
///
/// Oldest first, of the objects that you may list. Whoever keeps the last `sequence` and asks for what came `after` misses
/// nothing, however late it was committed.
#[utoipa::path(tag = "events", params(EventQuery), responses((status = 200, body = EventList)))]
#[get("/v1/events")]
async fn list_events(db: Data<Db>, actor: Actor, query: Query<EventQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    let after = check_after(&mut check, query.after);
    let kinds = check_kind(&mut check, query.kind.as_deref());
    check.done()?;
    // The cursor carries a number where other lists have an id.
    let sequence = page.after.map_or(after, |cursor| cursor.as_sequence().max(after));
    db.tenant(&actor, async |tx, me| {
        let event = audit::Event::new(me.clinic_id, "event.list");
        me.require(tx, Right::ReadEvents, event.clone()).await?;
        let which = Which::After { sequence, rows: page.rows(), kinds: &kinds };
        let events = store::page_for(tx, me, which).await?;
        audit::record(tx, event);
        let (items, next_cursor) = page.cut(events, |event| Cursor::sequence(event.sequence).0);
        Reply::ok(&EventList { items, next_cursor })
    })
    .await
}

/// What to follow.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StreamQuery {
    /// Only events of this type, such as `share.delivered`.
    #[serde(rename = "type")]
    #[param(rename = "type", value_type = Option<EventType>, inline)]
    kind: Option<String>,
    /// From the event after this `sequence` on; from now on, if left out. `Last-Event-ID` comes before it.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// For how many seconds, 0 to 300; as long as the access token is good, if left out.
    #[param(minimum = 0, maximum = 300)]
    seconds: Option<u32>,
}

/// Follow what happens
///
/// As server-sent events: `id` is the `sequence`, `data` the event. Whoever is cut off sends the last id as `Last-Event-ID` and
/// goes on from there. It ends with the access token or the session, and each event is held against your rights as it is told.
#[utoipa::path(tag = "events",
    params(StreamQuery,
        ("Last-Event-ID" = Option<i64>, Header, description = "The last `id` that you have.", minimum = 0)),
    responses((status = 200, body = String, content_type = "text/event-stream",
        description = "Events as they happen, and a comment now and then to show that it lives.")))]
#[get("/v1/events/stream")]
async fn follow_events(
    db: Data<Db>,
    tokens: Data<TokenKeys>,
    signals: Data<Signals>,
    streams: Data<Streams>,
    actor: Actor,
    query: Query<StreamQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let mut check = Check::new();
    let after = query.after.map(|after| check_after(&mut check, Some(after)));
    let kinds = check_kind(&mut check, query.kind.as_deref());
    check.ensure(query.seconds.is_none_or(|seconds| seconds <= 300), "seconds", "out_of_range", "At most 300.");
    // Whoever sends what is none would miss events and not know it.
    let last = request.headers().get("last-event-id").map(|id| id.to_str().ok()?.trim().parse::<i64>().ok());
    let is_sequence = last.is_none_or(|id| id.is_some_and(|id| id >= 0));
    check.ensure(is_sequence, "Last-Event-ID", "invalid_type", "The last id that you have, a number.");
    check.done()?;
    let place = streams.enter(actor.id())?;
    let from = db
        .tenant(&actor, async |tx, me| {
            let event = audit::Event::new(me.clinic_id, "event.follow");
            me.require(tx, Right::ReadEvents, event.clone()).await?;
            audit::record(tx, event);
            match last.flatten().or(after) {
                Some(after) => Ok(after.max(0)),
                None => Ok(store::newest(tx, me.clinic_id).await?),
            }
        })
        .await?;
    let left = identity::time_left(request.headers(), &tokens);
    let lasts = query.seconds.map_or(left, |seconds| left.min(Duration::from_secs(seconds.into())));
    let follower = stream::Follower::new(db.get_ref().clone(), signals.get_ref().clone(), actor, from, kinds, place);
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        // A proxy that collects answers would keep it all to itself.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(follower.run(lasts).map(|text| Ok::<_, Infallible>(Bytes::from(text)))))
}
