//! Whether the service lives and can serve.

use crate::{
    audit::Origin,
    database::{Db, Reason, migrations},
    http::{ApiError, Reply, Routes},
};
use actix_web::{get, web::Data};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Whether the service is about to end. It says so to balancers before it stops to take connections.
#[derive(Debug, Clone, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on it is.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(get_health).service(get_readiness);
}

/// Tell whether the service is alive
///
/// The process answers. Whether it can do its work is asked at `/readyz`.
#[utoipa::path(tag = "service", responses((status = 200, body = serde_json::Value, example = json!({"status": "alive"}))), security(()))]
#[get("/healthz")]
async fn get_health() -> Result<Reply, ApiError> {
    Reply::ok(&json!({"status": "alive"}))
}

/// Tell whether the service can serve
///
/// That is: its database answers, every migration is applied, and it is not about to end.
#[utoipa::path(tag = "service", responses((status = 200, body = serde_json::Value, example = json!({"status": "ready"}))), security(()))]
#[get("/readyz")]
async fn get_readiness(db: Data<Db>, stopping: Data<Stopping>) -> Result<Reply, ApiError> {
    if stopping.has_begun() {
        return Err(ApiError::unavailable(10));
    }
    let is_current =
        db.system(Reason::Health, Origin::system(), async |tx| Ok(migrations::are_current(tx).await?)).await?;
    if is_current { Reply::ok(&json!({"status": "ready"})) } else { Err(ApiError::unavailable(10)) }
}
