//! Calls from the pages of other origins (the Fetch standard's CORS protocol): none, but for those that a setting names.

use actix_cors::Cors;
use actix_web::http::Uri;

/// Cross-origin calls from the pages of whoever makes a frontend: exact origins, never all. Cookies are let through for them,
/// since the session of a link is one; what changes something takes an anti-CSRF token besides.
pub fn cors(origins: &[String]) -> Cors {
    let cors = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    cors.supports_credentials()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "accept",
            "authorization",
            "content-type",
            "idempotency-key",
            "if-match",
            "traceparent",
            "x-csrf-token",
            "x-request-id",
        ])
        .expose_headers([
            "etag",
            "idempotency-replayed",
            "location",
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "x-request-id",
        ])
        .max_age(600)
}

/// Whether a browser could send this as an `Origin` (RFC 6454, 6.2). It is compared letter by letter, so that anything else
/// would never match.
pub fn is_origin(text: &str) -> bool {
    let uri: Option<Uri> = text.parse().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?.as_str())));
    parts.is_some_and(|(scheme, authority)| {
        matches!(scheme, "http" | "https")
            && !authority.contains(['@', '*'])
            && text == format!("{scheme}://{authority}").to_lowercase()
    })
}
