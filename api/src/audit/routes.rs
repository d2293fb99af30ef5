//! Reading the log.

use super::{Event, record, store};
use crate::{
    database::Db,
    http::{ApiError, PageRequest, Reply, Routes, validation::Check},
    identity::{Actor, policy::Right},
};
use actix_web::{
    get,
    web::{Data, Query},
};
use chrono::{DateTime, Utc};
use rapport_contract::audit::AuditEventList;
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(list_audit_events).configure(super::seal::routes::routes);
}

/// What to list of the log.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only what concerns this patient.
    patient_id: Option<Uuid>,
    /// Only this action, such as `share.read`.
    #[param(min_length = 1, max_length = 60)]
    action: Option<String>,
    /// Only what this member or client did or tried.
    actor_id: Option<Uuid>,
    /// Only what was refused for this reason, such as `forbidden`; or `emergency-access`, for what was read under one.
    #[param(min_length = 1, max_length = 60)]
    reason: Option<String>,
    /// Only from this time on.
    from: Option<DateTime<Utc>>,
    /// Only before this time.
    until: Option<DateTime<Utc>>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List the clinic's audit events
///
/// Who did or tried what in the clinic's records, and what its people did in the records of others. For the privacy
/// officer and the owner (45 CFR 164.312(b)).
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, body = AuditEventList)))]
#[get("/v1/audit_events")]
async fn list_audit_events(db: Data<Db>, actor: Actor, query: Query<AuditQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    check.optional_line("action", query.action.as_deref(), 60);
    check.optional_line("reason", query.reason.as_deref(), 60);
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        me.require(tx, Right::ReadAudit, Event::new(me.clinic_id, "audit.read")).await?;
        let filter = store::Filter {
            clinic: me.clinic_id,
            patient: query.patient_id,
            action: query.action.as_deref(),
            actor: query.actor_id,
            reason: query.reason.as_deref(),
            from: query.from,
            until: query.until,
        };
        let rows = store::page(tx, &filter, &page).await?;
        record(tx, Event::new(me.clinic_id, "audit.read"));
        let (rows, next_cursor) = page.cut(rows, |row| row.id);
        Reply::ok(&AuditEventList { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}
