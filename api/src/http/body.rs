//! Request bodies: strict JSON of a bounded size, and for a POST the fingerprint that its idempotency key is held to.

use super::{idempotency::Once, problem::ApiError};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::{Method, header},
    web,
};
use aws_lc_rs::digest;
use futures_util::{StreamExt, future::LocalBoxFuture};
use rapport_contract::problem::{FieldError, Kind};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::time::{Duration, Instant};

/// The largest JSON body of an ordinary route, in bytes.
pub const LIMIT: usize = 256 * 1024;

/// The largest body of the route that takes a scanned form: 8 MiB in base 64, and its frame.
pub const LIMIT_WITH_SCAN: usize = 12 * 1024 * 1024;

/// Whoever sends a body gets this long, and as much more as it would take at [`SLOWEST`].
const GRACE: Duration = Duration::from_secs(10);
/// The slowest that a body may come after that, in bytes a second: a connection that sends a byte now and then holds its place
/// no longer than one that is used.
const SLOWEST: u64 = 8 * 1024;

/// The body of a change that is not kept for a key: of a PATCH, a PUT, or a POST that is safe to repeat by its own rules.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// The body of a POST, and the key under which its answer is kept.
#[derive(Debug)]
pub struct Posted<T> {
    /// The body.
    pub body: T,
    /// Sees to it that the effect happens once.
    pub once: Once,
}

/// A body of up to [`LIMIT_WITH_SCAN`].
#[derive(Debug)]
pub struct PostedScan<T>(pub Posted<T>);

/// The largest form, in bytes.
const LIMIT_OF_FORM: usize = 16 * 1024;

/// The body of a POST as a form, for the endpoints of OAuth: parameters that are not known are passed over, and none may
/// stand there twice (RFC 6749, 3.2).
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if request.content_type() != "application/x-www-form-urlencoded" {
                let detail = "Send the body as application/x-www-form-urlencoded.";
                return Err(ApiError::new(Kind::UnsupportedMediaType, detail).oauth("invalid_request"));
            }
            let unreadable = |detail| ApiError::new(Kind::BadRequest, detail).oauth("invalid_request");
            // What stands in an address stands in logs.
            if !request.query_string().is_empty() {
                return Err(unreadable("Send every parameter in the body, and none in the address."));
            }
            let bytes = collect(&request, &mut payload, LIMIT_OF_FORM).await?;
            let form = serde_urlencoded::from_bytes(&bytes);
            Ok(Self(form.map_err(|_| unreadable("A parameter is missing, stands there twice or is not UTF-8."))?))
        })
    }
}

/// The body of a POST that has none, or `{}`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = collect(&request, &mut payload, LIMIT).await?;
            // A change of nothing, or all of it got lost on the way.
            if bytes.is_empty() && request.method() != Method::POST {
                return Err(ApiError::new(Kind::BadRequest, "Send a body: what is to change."));
            }
            Ok(Self(parse(&request, &bytes)?))
        })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        posted(request.clone(), payload.take(), LIMIT)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for PostedScan<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = posted(request.clone(), payload.take(), LIMIT_WITH_SCAN);
        Box::pin(async move { posted.await.map(Self) })
    }
}

fn posted<T: DeserializeOwned + 'static>(
    request: HttpRequest,
    mut payload: Payload,
    limit: usize,
) -> LocalBoxFuture<'static, Result<Posted<T>, ApiError>> {
    Box::pin(async move {
        let bytes = collect(&request, &mut payload, limit).await?;
        let once = Once::of(&request, digest::digest(&digest::SHA256, &bytes).as_ref())?;
        Ok(Posted { body: parse(&request, &bytes)?, once })
    })
}

/// Reads at most `limit` bytes. What is announced as larger is refused before it is read.
async fn collect(request: &HttpRequest, payload: &mut Payload, limit: usize) -> Result<web::BytesMut, ApiError> {
    let too_large = || ApiError::new(Kind::ContentTooLarge, format!("This route takes at most {limit} bytes."));
    let announced =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = web::BytesMut::with_capacity(announced.unwrap_or(1024).min(limit));
    let began = Instant::now();
    loop {
        let earned = Duration::from_secs(u64::try_from(bytes.len()).unwrap_or_default() / SLOWEST);
        let left = (GRACE + earned).saturating_sub(began.elapsed());
        let chunk = tokio::time::timeout(left, payload.next())
            .await
            .map_err(|_| ApiError::new(Kind::BadRequest, "The body came too slowly and was not waited for."))?;
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|_| ApiError::new(Kind::BadRequest, "The body was cut off."))?;
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Reads JSON, and names the place of what it can't read. A POST whose fields are all optional may have no body at all.
fn parse<T: DeserializeOwned>(request: &HttpRequest, bytes: &[u8]) -> Result<T, ApiError> {
    let bytes = if bytes.is_empty() { b"{}".as_slice() } else { bytes };
    let is_json = request.content_type().is_empty() || request.content_type() == "application/json";
    if !is_json {
        return Err(ApiError::new(Kind::UnsupportedMediaType, "Send the body as application/json."));
    }
    // Serde reads a list as an object whose fields come in their order: nobody who sends one means that.
    if bytes.trim_ascii_start().starts_with(b"[") && serde_json::from_slice::<IgnoredAny>(bytes).is_ok() {
        return Err(ApiError::validation(vec![field_error("", "invalid type: list, expected an object")]));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let cause = error.inner();
        // Only the whole text tells whether it is JSON: what fits no field may stand before what breaks the syntax, and a
        // number where a word of a list belongs is bad syntax to serde_json.
        if serde_json::from_slice::<IgnoredAny>(bytes).is_err() {
            return ApiError::new(Kind::BadRequest, "The body is not valid JSON.");
        }
        ApiError::validation(vec![field_error(&pointer(error.path()), &cause.to_string())])
    })?;
    deserializer.end().map_err(|_| ApiError::new(Kind::BadRequest, "The body is more than one JSON value."))?;
    Ok(value)
}

/// Serde's sentence, without what was submitted: an error never repeats a value.
fn field_error(pointer: &str, cause: &str) -> FieldError {
    let quoted = || cause.split('`').nth(1).unwrap_or_default();
    let (pointer, code, message) = if cause.starts_with("missing field") {
        (format!("{pointer}/{}", quoted()), "required", "This field is required.".to_owned())
    } else if cause.starts_with("unknown field") {
        // The name is the caller's own; it is told by the pointer as far as serde knows the place, and not repeated.
        (pointer.to_owned(), "unknown_field", "This field is not known here.".to_owned())
    } else if ["invalid type", "invalid value", "expected value"].iter().any(|start| cause.starts_with(start)) {
        // From the last one on the words are ours: what was submitted stands before it, and may hold the same words.
        let expected = cause.rsplit_once(", expected ").and_then(|(_, rest)| rest.split(" at line").next());
        let message =
            expected.map_or_else(|| "The type is wrong.".to_owned(), |expected| format!("Expected {expected}."));
        (pointer.to_owned(), "invalid_type", message)
    } else if cause.starts_with("duplicate field") {
        (pointer.to_owned(), "duplicate_field", "This field stands here twice.".to_owned())
    } else {
        (pointer.to_owned(), "invalid", "The value has the wrong form.".to_owned())
    };
    FieldError { pointer, code: code.to_owned(), message, span: None }
}

/// A JSON pointer (RFC 6901) from serde's path.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}
