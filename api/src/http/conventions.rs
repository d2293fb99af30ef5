//! The one middleware: what holds for every request and every answer, the framework's own answers included.

use super::{
    limits::{Budget, Caller, Limits},
    problem::{ApiError, Rendering, kind_of_status},
    request_id::{RequestId, trace_id},
};
use crate::identity::{Actor, Subject, tokens::TokenKeys};
use actix_web::{
    HttpMessage,
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
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Instant,
};

/// Gives a request its id and its caller, refuses what no route takes, counts it, renders every failure in one shape, and
/// sets the headers that hold for all answers.
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
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    // HEAD is a GET whose body the server leaves out (RFC 9110, 9.3.2).
    let mut request = request;
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }

    let (http_request, response, budget) = match admit(&request, &id) {
        Err((error, budget)) => (request.into_parts().0, error.render(id.as_str()), budget),
        // A handler's failure is an answer already. The request is cloned only afterwards: routing wants it for itself.
        Ok(budget) => {
            let (http_request, response) = next.call(request).await?.into_parts();
            (http_request, render(response.map_into_boxed_body(), &id), budget)
        }
    };
    let mut response = response;
    if let Some(budget) = budget {
        budget.tell(response.headers_mut());
    }
    finish_headers(response.headers_mut(), &id, http_request.path());

    // The route's template, never the address itself: ids of patients do not belong into a log.
    let route = http_request.match_pattern().unwrap_or_else(|| "unmatched".into());
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    metrics::counter!("rapport_http_requests_total", "method" => method_label(&method), "route" => route.clone(), "status" => status.to_string()).increment(1);
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

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// The interactive documentation brings its own scripts and sets styles from them.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Finds out who calls, and refuses what must not reach a handler.
fn admit(request: &ServiceRequest, id: &RequestId) -> Result<Option<Budget>, (ApiError, Option<Budget>)> {
    if let Some(keys) = request.app_data::<Data<TokenKeys>>()
        && let Some(actor) = Actor::from_headers(request.headers(), keys, id)
    {
        request.extensions_mut().insert(actor);
    }
    let budget = match request.app_data::<Data<Limits>>() {
        None => None,
        Some(limits) => Some(limits.take(&caller(request)).map_err(|error| (error, Some(limits.exhausted())))?),
    };
    let is_encoded = request.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity");
    if is_encoded {
        let error = ApiError::new(Kind::UnsupportedMediaType, "Send the body without a Content-Encoding.");
        return Err((error, budget));
    }
    Ok(budget)
}

fn caller(request: &ServiceRequest) -> Caller {
    request.extensions().get::<Actor>().map_or_else(
        || Caller::Address(request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip())),
        |actor| match actor.subject {
            Subject::Member { id, .. } => Caller::Member(id),
            Subject::Client { id, .. } => Caller::Client(id),
        },
    )
}

/// Turns every failure, the framework's own included, into the one shape.
fn render(mut response: actix_web::HttpResponse, id: &RequestId) -> actix_web::HttpResponse {
    let ours = response.extensions_mut().remove::<Rendering>();
    if let Some(Rendering(error)) = ours {
        return error.render(id.as_str());
    }
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/problem+json"));
    if response.status().as_u16() < 400 || is_problem {
        return response;
    }
    let kind = kind_of_status(response.status());
    let error = if kind == Kind::NotFound { ApiError::not_found() } else { ApiError::new(kind, kind.explanation()) };
    error.render(id.as_str())
}

/// The headers of every answer. A route that knows better, such as a page, has set its own before.
fn finish_headers(headers: &mut HeaderMap, id: &RequestId, path: &str) {
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", if path.starts_with("/docs") { DOCS_POLICY } else { API_POLICY }),
        ("x-frame-options", "DENY"),
    ] {
        if !headers.contains_key(name) {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}
