//! What left of a patient's information, and the history of its sharing.

use super::store;
use crate::{
    audit::{self, Event},
    database::Db,
    http::{ApiError, Reply, paging::ListQuery},
    identity::{Actor, policy::Right},
    patients,
};
use actix_web::{
    get,
    web::{Data, Path, Query},
};
use rapport_contract::audit::{DisclosureList, SharingHistory};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_disclosures).service(list_sharing_history);
}

/// The sharing of a patient's reports, from the question to the last reading.
const SHARING: &[&str] = &[
    "consent.ask",
    "consent.sign",
    "consent.record_paper",
    "consent.refuse",
    "consent.revoke",
    "consent.supersede",
    "share.create",
    "share.read",
    "share.acknowledge",
    "share.misdirected",
    "share.withdraw",
];

/// List the disclosures of a patient's information
///
/// Every reading by a recipient, with what 45 CFR 164.528(b)(2) asks for. Disclosures under the patient's own
/// authorization are exempt from the accounting that the law demands; they are listed all the same, and say so.
#[utoipa::path(tag = "audit", params(("id" = Uuid, Path, description = "The patient"), ListQuery),
    responses((status = 200, body = DisclosureList)))]
#[get("/v1/patients/{id}/disclosures")]
async fn list_disclosures(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "disclosures.read").on(*id).patient(*id);
        patients::reach(tx, me, *id, Right::ReadDisclosures, event.clone()).await?;
        let rows = store::told(tx, me.clinic_id, *id, &["share.read"], true, &page).await?;
        audit::record(tx, event).await?;
        let (rows, next_cursor) = page.cut(rows, |told| told.event.id);
        Reply::ok(&DisclosureList { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}

/// List the sharing history of a patient
///
/// Everything about the sharing of the patient's reports in plain words: what was asked, signed, sent, read, refused and
/// taken back.
#[utoipa::path(tag = "audit", params(("id" = Uuid, Path, description = "The patient"), ListQuery),
    responses((status = 200, body = SharingHistory)))]
#[get("/v1/patients/{id}/sharing_history")]
async fn list_sharing_history(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "sharing_history.read").on(*id).patient(*id);
        patients::reach(tx, me, *id, Right::ReadDisclosures, event.clone()).await?;
        let rows = store::told(tx, me.clinic_id, *id, SHARING, false, &page).await?;
        audit::record(tx, event).await?;
        let (rows, next_cursor) = page.cut(rows, |told| told.event.id);
        Reply::ok(&SharingHistory { items: rows.into_iter().map(Into::into).collect(), next_cursor })?
            .with_newest(tx)
            .await
    })
    .await
}
