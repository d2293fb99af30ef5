//! The actix application: every slice's routes, and what stands around them.

use crate::{
    api_clients::{self, RemoteKeys},
    attachments::{self, Files},
    audit, clinics, consent_links, consents,
    database::{Db, Signals},
    disclosures, emergency_access,
    events::{self, PublicUrl, Streams, webhooks::Courier},
    http::{
        ApiError,
        conventions::{Edge, admission, conventions},
        cors::cors,
        limits::Limits,
        routes::{Operations, Routes},
    },
    identity::{self, passwords::Passwords, secrets::Secrets, tokens::TokenKeys},
    incidents, oauth,
    pages::{self, Templates},
    patients, practitioners, referral_links, referrals, reports,
    service::{self, Stopping},
    share_links, shares,
    vault::Vault,
};
use actix_web::{
    App, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, SizedStream},
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::header,
    middleware::{Condition, from_fn},
    web::{self, Bytes, Data},
};
use futures_util::stream;
use rapport_contract::problem::{FieldError, Kind};
use std::{convert::Infallible, sync::Arc};
use utoipa_swagger_ui::{Config as DocsConfig, SwaggerUi};

/// What every worker of the service shares.
#[derive(Clone)]
pub struct Shared {
    /// The database's address; each worker has a pool of its own, whose connections live on its thread.
    pub database_url: String,
    /// Connections per worker.
    pub pool_size: usize,
    /// Wake-ups and the clock's shift.
    pub signals: Signals,
    /// What unlocks the keys of sealed data.
    pub vault: Arc<Vault>,
    /// Signs and verifies access tokens.
    pub tokens: Data<TokenKeys>,
    /// What is derived from the service's secret.
    pub secrets: Data<Secrets>,
    /// Hashes and verifies passwords.
    pub passwords: Data<Passwords>,
    /// Counts requests.
    pub limits: Data<Limits>,
    /// How the service is reached: its proxies, and whether by TLS.
    pub edge: Data<Edge>,
    /// The origins of pages that may call.
    pub cors_origins: Vec<String>,
    /// Whether it is about to end.
    pub stopping: Data<Stopping>,
    /// Where people reach the service.
    pub public_url: Data<PublicUrl>,
    /// The keys that clients publish.
    pub remote_keys: Data<RemoteKeys>,
    /// The storage of attachments.
    pub files: Data<Files>,
    /// The way out to webhooks.
    pub courier: Data<Courier>,
    /// Who follows events.
    pub streams: Data<Streams>,
    /// Pages.
    pub templates: Data<Templates>,
}

/// The routes of the API. What is registered here is what the document describes.
pub fn api_routes(routes: &mut Routes<'_>) {
    routes
        .configure(service::routes)
        .configure(identity::routes::routes)
        .configure(oauth::routes::routes)
        .configure(clinics::routes::routes)
        .configure(api_clients::routes::routes)
        .configure(practitioners::routes::routes)
        .configure(patients::routes::routes)
        .configure(consents::routes::routes)
        .configure(consent_links::routes::routes)
        .configure(reports::routes::routes)
        .configure(attachments::routes::routes)
        .configure(shares::routes::routes)
        .configure(share_links::routes::routes)
        .configure(incidents::routes::routes)
        .configure(referrals::routes::routes)
        .configure(referral_links::routes::routes)
        .configure(events::routes::routes)
        .configure(emergency_access::routes::routes)
        .configure(audit::routes::routes)
        .configure(disclosures::routes::routes);
}

/// The application of one worker.
///
/// # Errors
/// If its pool can't be built.
pub fn app(
    shared: &Shared,
) -> anyhow::Result<
    App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    >,
> {
    let db = Db::new(&shared.database_url, shared.pool_size, shared.signals.clone(), Arc::clone(&shared.vault))?;
    let db = db.for_requests();
    let mut operations = Operations::default();
    let app = App::new()
        .app_data(Data::new(db))
        .app_data(shared.tokens.clone())
        .app_data(shared.secrets.clone())
        .app_data(shared.passwords.clone())
        .app_data(shared.limits.clone())
        .app_data(shared.edge.clone())
        .app_data(shared.stopping.clone())
        .app_data(shared.public_url.clone())
        .app_data(shared.remote_keys.clone())
        .app_data(shared.files.clone())
        .app_data(shared.courier.clone())
        .app_data(shared.streams.clone())
        .app_data(Data::new(shared.signals.clone()))
        .app_data(shared.templates.clone())
        // An id that is none leads to nothing, like one that nobody has.
        .app_data(web::PathConfig::default().error_handler(|_, _| ApiError::not_found().into()))
        .app_data(web::QueryConfig::default().error_handler(|error, _| query_error(&error).into()))
        .configure(|config| api_routes(&mut Routes::new(config, &mut operations)))
        .app_data(Data::new(operations))
        .configure(pages::routes)
        .configure(docs)
        .default_service(web::to(unmatched))
        .wrap(from_fn(admission))
        .wrap(Condition::new(!shared.cors_origins.is_empty(), cors(&shared.cors_origins)))
        .wrap(from_fn(conventions));
    Ok(app)
}

fn docs(config: &mut web::ServiceConfig) {
    let to_docs = || async { HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish() };
    config.route("/docs", web::get().to(to_docs)).route("/openapi.json", web::get().to(openapi_json)).service(
        SwaggerUi::new("/docs/{_:.*}").config(DocsConfig::new(["/openapi.json"]).display_request_duration(true)),
    );
}

/// So much of the document is written at a time: more would be copied for each reader who is slow to take it, in bytes.
const PIECE: usize = 32 * 1024;

/// The document as it is committed, which is what the routes say of themselves: tests compare the two.
async fn openapi_json() -> HttpResponse {
    let whole = rapport_contract::DOCUMENT.as_bytes();
    let pieces = whole.chunks(PIECE).map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece)));
    HttpResponse::Ok().content_type("application/json").body(SizedStream::new(whole.len() as u64, stream::iter(pieces)))
}

/// A query that can't be read. The parser's sentence names the parameter and its rule, and may repeat the value: so only the
/// name of an unknown parameter's rule is told.
fn query_error(error: &actix_web::error::QueryPayloadError) -> ApiError {
    let text = error.to_string();
    let (code, message) = if text.contains("unknown field") {
        ("unknown_field", "A query parameter is not known here.")
    } else if text.contains("duplicate field") {
        ("duplicate_field", "A query parameter stands here twice.")
    } else {
        ("invalid_type", "A query parameter has the wrong type.")
    };
    ApiError::validation(vec![FieldError {
        pointer: String::new(),
        code: code.into(),
        message: message.into(),
        span: None,
    }])
}

/// Where no route fits: 405 with `Allow` if the address knows other methods, else 404.
async fn unmatched(request: HttpRequest, operations: Data<Operations>) -> HttpResponse {
    let methods = operations.methods_of(request.path());
    if methods.is_empty() || methods.contains(&request.method().as_str()) {
        return ApiError::not_found().error_response();
    }
    let allow = methods.join(", ");
    ApiError::new(Kind::MethodNotAllowed, format!("This address knows: {allow}.")).allow(allow).error_response()
}
