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
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::header,
    middleware::{Condition, from_fn},
    web::{self, Data},
};
use rapport_contract::problem::{FieldError, Kind};
use serde_json::Value;
use std::sync::Arc;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};
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
    /// The OpenAPI document.
    pub document: Data<Document>,
}

/// The OpenAPI document and the paths in it.
pub struct Document {
    json: String,
    operations: Vec<(String, Vec<String>)>,
}

impl Document {
    /// Renders it once.
    ///
    /// # Errors
    /// If it can't be made, which a test would show.
    pub fn new() -> anyhow::Result<Self> {
        let document = crate::openapi::document()?;
        let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = paths
            .map(|(path, item)| {
                let methods = item.as_object().into_iter().flat_map(|item| item.keys());
                (path.clone(), methods.map(|method| method.to_uppercase()).collect())
            })
            .collect();
        Ok(Self { json: serde_json::to_string(&document)?, operations })
    }

    /// The methods that an address knows. Of templates that fit, a word is nearer than a parameter.
    fn methods_of(&self, address: &str) -> Vec<String> {
        let is_of = |template: &str| {
            let (mut template, mut address) = (template.split('/'), address.split('/'));
            loop {
                match (template.next(), address.next()) {
                    (None, None) => return true,
                    (Some(part), Some(given)) if part == given || (part.starts_with('{') && !given.is_empty()) => {}
                    _ => return false,
                }
            }
        };
        let fitting = || self.operations.iter().filter(|(template, _)| is_of(template));
        let parameters = |template: &str| template.matches('{').count();
        let fewest = fitting().map(|(template, _)| parameters(template)).min();
        let nearest = fitting().filter(|(template, _)| Some(parameters(template)) == fewest);
        nearest.flat_map(|(_, methods)| methods.iter().cloned()).collect()
    }
}

/// The routes of the API. What is registered here is what the document describes.
pub fn api_routes(config: &mut ServiceConfig<'_>) {
    config
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
    let app = App::new()
        .into_utoipa_app()
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
        .app_data(shared.document.clone())
        // An id that is none leads to nothing, like one that nobody has.
        .app_data(web::PathConfig::default().error_handler(|_, _| ApiError::not_found().into()))
        .app_data(web::QueryConfig::default().error_handler(|error, _| query_error(&error).into()))
        .configure(api_routes)
        .into_app()
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

async fn openapi_json(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.json.clone())
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
async fn unmatched(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    let methods = document.methods_of(request.path());
    if methods.is_empty() || methods.iter().any(|method| method == request.method().as_str()) {
        return ApiError::not_found().error_response();
    }
    let allow = methods.join(", ");
    ApiError::new(Kind::MethodNotAllowed, format!("This address knows: {allow}.")).allow(allow).error_response()
}
