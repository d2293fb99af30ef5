//! Whether the service lives and can serve.

use crate::{
    audit::Origin,
    database::{Db, Reason, migrations},
    http::{ApiError, Reply},
};
use actix_web::{get, web::Data};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_health).service(get_readiness);
}

/// Tell whether the service is alive
#[utoipa::path(tag = "service", responses((status = 200, body = serde_json::Value, example = json!({"status": "alive"}))), security(()))]
#[get("/healthz")]
async fn get_health() -> Result<Reply, ApiError> {
    Reply::ok(&json!({"status": "alive"}))
}

/// Tell whether the service can serve
///
/// That is: its database answers, and every migration is applied.
#[utoipa::path(tag = "service", responses((status = 200, body = serde_json::Value, example = json!({"status": "ready"}))), security(()))]
#[get("/readyz")]
async fn get_readiness(db: Data<Db>) -> Result<Reply, ApiError> {
    let is_current =
        db.system(Reason::Health, Origin::system(), async |tx| Ok(migrations::are_current(tx).await?)).await?;
    if is_current { Reply::ok(&json!({"status": "ready"})) } else { Err(ApiError::unavailable(10)) }
}
