//! What went astray, for the clinic's owners and privacy officers.

use super::{
    convert::into_wire,
    store::{self, Told},
};
use crate::{
    audit::{self, Event},
    database::{Db, Tx},
    http::{ApiError, PageRequest, Posted, Reply, Routes, etag::OptionalIfMatch, validation::Check},
    identity::{Actor, Principal, policy::Right},
};
use actix_web::{
    get, post,
    web::{Data, Path, Query},
};
use rapport_contract::incidents::{CloseIncident, Incident, IncidentList, IncidentState};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_incidents).service(get_incident).service(close_incident);
}

/// What to list of a clinic's incidents.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IncidentQuery {
    /// Only those in this state: `open` or `closed`.
    #[param(value_type = Option<IncidentState>, inline)]
    state: Option<String>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List incidents
///
/// What went where it should not have gone, newest first.
#[utoipa::path(tag = "incidents", params(IncidentQuery), responses((status = 200, body = IncidentList)))]
#[get("/v1/incidents")]
async fn list_incidents(db: Data<Db>, actor: Actor, query: Query<IncidentQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let is_open = match query.state.as_deref() {
        None => None,
        Some("open") => Some(true),
        Some("closed") => Some(false),
        Some(_) => {
            let mut check = Check::new();
            check.refuse("state", "unknown_value", "One of open, closed.");
            return Err(check.done().err().unwrap_or_else(ApiError::not_found));
        }
    };
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "incident.list");
        me.require(tx, Right::HandleIncidents, event.clone()).await?;
        let rows = store::page(tx, me.clinic_id, is_open, &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |told| told.row.id);
        Reply::ok(&IncidentList { items: rows.into_iter().map(into_wire).collect(), next_cursor })
    })
    .await
}

/// The incident, if the member may deal with it and it is of the member's clinic.
async fn reach(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<Told, ApiError> {
    me.require(tx, Right::HandleIncidents, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(told) => Ok(told),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

fn answer(told: Told) -> Result<Reply, ApiError> {
    let incident = into_wire(told);
    Ok(Reply::ok(&incident)?.version(incident.version))
}

/// Get an incident
///
/// What went astray, who reported it, and how it was closed.
#[utoipa::path(tag = "incidents", params(("id" = Uuid, Path, description = "The incident")),
    responses((status = 200, body = Incident)))]
#[get("/v1/incidents/{id}")]
async fn get_incident(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "incident.read").on(*id);
        let told = reach(tx, me, *id, event.clone()).await?;
        audit::record(tx, event.patient(told.row.patient_id));
        answer(told)
    })
    .await
}

/// Close an incident
///
/// With a note of what was found and done. It stays closed, and the note stays as it is.
#[utoipa::path(tag = "incidents", params(("id" = Uuid, Path, description = "The incident")), request_body = CloseIncident,
    responses((status = 200, body = Incident)))]
#[post("/v1/incidents/{id}/closure")]
async fn close_incident(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: OptionalIfMatch,
    posted: Posted<CloseIncident>,
) -> Result<Reply, ApiError> {
    let note = posted.body.note;
    let mut check = Check::new();
    check.text("/note", note.as_str(), 5000);
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "incident.close").on(*id);
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, *id, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                let closed = || ApiError::illegal_transition("The incident is closed.", Vec::new());
                if seen.row.state() == IncidentState::Closed {
                    return Err(closed());
                }
                let told = store::close(tx, seen, me.clinic_id, me.id, note.as_str()).await?.ok_or_else(closed)?;
                audit::record(tx, event.clone().patient(told.row.patient_id));
                answer(told)
            })
            .await
    })
    .await
}
