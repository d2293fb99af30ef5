//! What a handler answers, in a form that an idempotency key can store.

use super::{etag::etag, problem::ApiError};
use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::StatusCode};
use serde::Serialize;

/// An answer: status, entity tag, location and body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// The version of the object in the body.
    pub version: Option<i32>,
    /// Where a new object is.
    pub location: Option<String>,
    /// The newest checkpoint of the audit log: its signed note in base64.
    pub checkpoint: Option<String>,
    /// JSON, or empty.
    pub body: String,
    /// Whether it was stored by an earlier request with the same key.
    pub replayed: bool,
}

impl Reply {
    /// 200 with a body.
    ///
    /// # Errors
    /// `internal` if the body can't be serialised.
    pub fn ok(body: &impl Serialize) -> Result<Self, ApiError> {
        Self::with(StatusCode::OK, body)
    }

    /// 201 with a body and its address.
    ///
    /// # Errors
    /// `internal` if the body can't be serialised.
    pub fn created(location: String, body: &impl Serialize) -> Result<Self, ApiError> {
        Ok(Self { location: Some(location), ..Self::with(StatusCode::CREATED, body)? })
    }

    /// A body with another status.
    ///
    /// # Errors
    /// `internal` if the body can't be serialised.
    pub fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_string(body).map_err(ApiError::internal)?;
        Ok(Self { status, version: None, location: None, checkpoint: None, body, replayed: false })
    }

    /// 204.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            version: None,
            location: None,
            checkpoint: None,
            body: String::new(),
            replayed: false,
        }
    }

    /// Adds the entity tag.
    #[must_use]
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }

    /// Adds a checkpoint of the audit log.
    #[must_use]
    pub fn checkpoint(mut self, note: String) -> Self {
        self.checkpoint = Some(note);
        self
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if let Some(version) = self.version {
            response.insert_header(("etag", etag(version)));
        }
        if let Some(location) = self.location {
            response.insert_header(("location", location));
        }
        if let Some(checkpoint) = self.checkpoint {
            response.insert_header(("rapport-checkpoint", checkpoint));
        }
        if self.replayed {
            response.insert_header(("idempotency-replayed", "true"));
        }
        if self.body.is_empty() { response.finish() } else { response.content_type("application/json").body(self.body) }
    }
}
