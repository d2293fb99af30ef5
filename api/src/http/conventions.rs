//! What holds for every request and every answer, the framework's own answers included: [`conventions`] around everything,
//! and [`admission`] before the routes.

use super::{
    address::{Block, Proxies},
    limits::{Budget, Caller, Limits},
    problem::{ApiError, Rendering, kind_of_status},
    request_id::{RequestId, trace_id},
};
use crate::identity::{Actor, Subject, tokens::TokenKeys};
use actix_web::{
    HttpMessage, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use rapport_contract::problem::Kind;
use std::time::Instant;
use uuid::Uuid;

/// How the service is reached.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The proxies in front of it.
    pub proxies: Proxies,
    /// Whether people reach it by TLS, so that browsers may insist on that.
    pub is_https: bool,
}

/// Gives a request its id, renders every failure in one shape, sets the headers that hold for all answers, and tells the log
/// and the metrics.
///
/// # Errors
/// None of ours: every failure of a handler is an answer.
pub async fn conventions(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = RequestId::of(request.headers());
    let trace = trace_id(request.headers());
    let is_https = request.app_data::<Data<Edge>>().is_some_and(|edge| edge.is_https);
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    // HEAD is a GET whose body the server leaves out (RFC 9110, 9.3.2).
    let mut request = request;
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }

    // A handler's failure is an answer already.
    let (http_request, response) = next.call(request).await?.into_parts();
    let (mut response, problem) = render(response.map_into_boxed_body(), &id);
    finish_headers(response.headers_mut(), &id, http_request.path(), is_https);

    // The route's template, never the address itself: ids of patients do not belong into a log.
    let route = http_request.match_pattern().unwrap_or_else(|| "unmatched".into());
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    metrics::counter!("rapport_http_requests_total", "method" => method_label(&method), "route" => route.clone(), "status" => status.to_string()).increment(1);
    if let Some(kind) = problem {
        metrics::counter!("rapport_http_problems_total", "method" => method_label(&method), "route" => route.clone(), "problem" => kind.slug()).increment(1);
    }
    metrics::histogram!("rapport_http_request_seconds", "route" => route.clone()).record(seconds);
    tracing::info!(
        request_id = id.as_str(),
        trace_id = trace,
        method = method_label(&method),
        route,
        status,
        ms = seconds * 1e3,
        "request"
    );
    Ok(ServiceResponse::new(http_request, response))
}

/// A method's name, if it is one that we know: any other is the caller's own word, and has no place in a log or a label.
fn method_label(method: &Method) -> &'static str {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        .iter()
        .zip(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        .find_map(|(known, name)| (known == method).then_some(name))
        .unwrap_or("other")
}

/// Finds out who calls and from where, refuses what no route takes, and counts it.
///
/// # Errors
/// None of ours: a refusal is an answer.
pub async fn admission(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let (mut response, budget) = match admit(&request) {
        Err((error, budget)) => (request.into_response(error.error_response()), budget),
        Ok(budget) => (next.call(request).await?.map_into_boxed_body(), budget),
    };
    budget.tell(response.headers_mut());
    Ok(response)
}

/// The routes at which a password is hashed. Each try costs us tens of milliseconds, and the caller nothing.
const SIGN_IN: &[&str] = &["/v1/auth/login", "/v1/clinics", "/v1/members/accept"];

fn admit(request: &ServiceRequest) -> Result<Budget, (ApiError, Budget)> {
    let id = request.extensions().get::<RequestId>().cloned();
    if let Some(id) = id
        && let Some(keys) = request.app_data::<Data<TokenKeys>>()
        && let Some(actor) = Actor::from_headers(request.headers(), keys, &id)
    {
        request.extensions_mut().insert(actor);
    }
    let peer = request.peer_addr().map(|address| address.ip());
    let proxies = request.app_data::<Data<Edge>>().map(|edge| &edge.proxies);
    let block = Block::of(proxies.unwrap_or(&Proxies::none()).caller(peer, request.headers()));
    request.extensions_mut().insert(block);
    let budget = match request.app_data::<Data<Limits>>() {
        None => Budget::default(),
        Some(limits) => limits.take(&callers(request, block))?,
    };
    // No other method's body is read.
    let has_body = [Method::POST, Method::PUT, Method::PATCH].contains(request.method());
    let is_encoded = request.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    if has_body && is_encoded {
        let error = ApiError::new(Kind::UnsupportedMediaType, "Send the body without a Content-Encoding.");
        return Err((error, budget));
    }
    Ok(budget)
}

/// Whose budgets a request is taken from.
fn callers(request: &ServiceRequest, block: Block) -> Vec<Caller> {
    if let Some(actor) = request.extensions().get::<Actor>() {
        let account = match actor.subject {
            Subject::Member { id, .. } => Caller::Account(id),
            Subject::Client { id, .. } => Caller::Client(id),
        };
        return vec![account, Caller::Tenant(actor.clinic)];
    }
    let mut callers = Vec::with_capacity(2);
    if request.method() == Method::POST && SIGN_IN.contains(&request.path()) {
        callers.push(Caller::SignIn(block));
    }
    callers.push(Caller::Address(block));
    // Counted after the address, so that whoever makes links up pays with that.
    let mut parts = request.path().split('/').skip(2);
    if matches!(parts.next(), Some("consent_links" | "share_links" | "referral_links"))
        && let Some(link) = parts.next().and_then(|id| Uuid::parse_str(id).ok())
    {
        callers.push(Caller::Link(link));
    }
    callers
}

/// Turns every failure, the framework's own included, into the one shape, and tells its kind.
fn render(mut response: HttpResponse, id: &RequestId) -> (HttpResponse, Option<Kind>) {
    let ours = response.extensions_mut().remove::<Rendering>();
    let error = match ours {
        Some(Rendering(error)) => error,
        None if response.status().as_u16() < 400 => return (response, None),
        None => {
            let kind = kind_of_status(response.status());
            if kind == Kind::NotFound { ApiError::not_found() } else { ApiError::new(kind, kind.explanation()) }
        }
    };
    let mut rendered = error.render(id.as_str());
    // What was said about the answer as such, such as who may read it, holds for the problem too.
    for (name, value) in response.headers() {
        if !rendered.headers().contains_key(name) || name == header::VARY {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    (rendered, Some(error.kind()))
}

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// The interactive documentation brings its own scripts and sets styles from them.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// None of our pages needs a device, and what is not allowed can't be asked for by what is smuggled in.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), xr-spatial-tracking=()";

/// The headers of every answer. A route that knows better, such as a page, has set its own before.
fn finish_headers(headers: &mut HeaderMap, id: &RequestId, path: &str, is_https: bool) {
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    // A year, for this host alone: what else stands under the clinic's name is not ours to bind.
    let transport = is_https.then_some(("strict-transport-security", "max-age=31536000"));
    let of_all = [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", if path.starts_with("/docs") { DOCS_POLICY } else { API_POLICY }),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", PERMISSIONS),
    ];
    for (name, value) in of_all.into_iter().chain(transport) {
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}
