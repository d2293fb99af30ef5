//! Every failure is one [`ApiError`], and one function renders it (RFC 9457).

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use rapport_contract::{
    consents::Category,
    problem::{FieldError, Kind, Problem},
};
use std::fmt;

/// A failure with its answer. `detail` is for the caller; `source` is for our log and is never rendered.
#[derive(Debug)]
pub struct ApiError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    detail: String,
    errors: Vec<FieldError>,
    allowed: Option<Vec<&'static str>>,
    categories: Option<Vec<Category>>,
    retry_after: Option<u64>,
    allow: Option<String>,
    oauth: Option<&'static str>,
    recorded: bool,
    source: Option<anyhow::Error>,
}

impl ApiError {
    /// A failure of this kind, with a sentence for the caller that says what to change.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            allowed: None,
            categories: None,
            retry_after: None,
            allow: None,
            oauth: None,
            recorded: false,
            source: None,
        }))
    }

    /// Nothing of this address is within the caller's reach. The same bytes for what is missing and for what is another's.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "There is nothing at this address, or it is not within your reach.")
    }

    /// No valid access token.
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "Send a valid access token in the Authorization header.")
    }

    /// The object was changed since the caller read it.
    pub fn stale() -> Self {
        Self::new(Kind::Stale, "The object was changed since you read it. Read it again and repeat your change.")
    }

    /// A move that the object's state does not allow, with the verbs that are open.
    pub fn illegal_transition(detail: impl Into<String>, allowed: Vec<&'static str>) -> Self {
        let mut error = Self::new(Kind::IllegalTransition, detail);
        error.0.allowed = Some(allowed);
        error
    }

    /// Fields that were refused.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        Self::fields(Kind::Validation, "Some fields were refused; `errors` names each of them.", errors)
    }

    /// A failure that names fields.
    pub fn fields(kind: Kind, detail: impl Into<String>, errors: Vec<FieldError>) -> Self {
        let mut error = Self::new(kind, detail);
        error.0.errors = errors;
        error
    }

    /// A fault of ours; the cause goes to the log.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        Self::new(Kind::Internal, "The service failed. Nothing was changed.").because(source)
    }

    /// Busy, or without its database.
    pub fn unavailable(retry_after: u64) -> Self {
        Self::new(Kind::Unavailable, "The service is busy. Nothing was changed; try again in a moment.")
            .retry_after(retry_after)
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What lies behind it, for a terminal or a log.
    pub fn cause(&self) -> Option<&anyhow::Error> {
        self.0.source.as_ref()
    }

    /// Names the consent categories that are lacking.
    #[must_use]
    pub fn lacking(mut self, categories: Vec<Category>) -> Self {
        self.0.categories = Some(categories);
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Says which methods the address knows (RFC 9110, 15.5.6).
    #[must_use]
    pub fn allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Adds what RFC 6749, 5.2 demands of the OAuth endpoints, as extension members of the problem (RFC 9457, 3.2): so that
    /// one body is both. The detail must keep to the characters that the RFC allows: no quotation mark, no backslash.
    #[must_use]
    pub fn oauth(mut self, error: &'static str) -> Self {
        self.0.oauth = Some(error);
        self
    }

    /// Marks that the refusal stands in the audit log, so that its transaction has to commit.
    #[must_use]
    pub fn recorded(mut self) -> Self {
        self.0.recorded = true;
        self
    }

    /// Whether the refusal stands in the audit log.
    pub fn is_recorded(&self) -> bool {
        self.0.recorded
    }

    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The body of the answer.
    pub fn problem(&self, request_id: &str) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.0.kind.slug()),
            title: self.0.kind.title().to_owned(),
            status: self.0.kind.status(),
            detail: self.0.detail.clone(),
            request_id: request_id.to_owned(),
            errors: self.0.errors.clone(),
            allowed: self.0.allowed.as_ref().map(|verbs| verbs.iter().map(ToString::to_string).collect()),
            categories: self.0.categories.clone(),
            error: self.0.oauth.map(ToOwned::to_owned),
            error_description: self.0.oauth.map(|_| self.0.detail.clone()),
        }
    }

    /// The whole answer. The one place where a failure becomes bytes.
    pub fn render(&self, request_id: &str) -> HttpResponse {
        if let Some(source) = &self.0.source {
            tracing::error!(request_id, kind = self.0.kind.slug(), error = format!("{source:#}"), "request failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.0.retry_after {
            response.insert_header(("retry-after", seconds.to_string()));
        }
        if let Some(methods) = &self.0.allow {
            response.insert_header(("allow", methods.as_str()));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            // RFC 9110, 11.6.1: a 401 names the scheme.
            let scheme = if self.0.kind == Kind::InvalidClient { "Basic" } else { "Bearer" };
            response.insert_header(("www-authenticate", scheme));
        }
        match serde_json::to_vec(&self.problem(request_id)) {
            Ok(body) => response.content_type("application/problem+json").body(body),
            Err(_) => response.finish(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.kind.slug())
    }
}

impl std::error::Error for ApiError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The request id is not known here: the failure travels to [`super::conventions`] in the response's extensions.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(Rendering(Self(Box::new(Inner {
            kind: self.0.kind,
            detail: self.0.detail.clone(),
            errors: self.0.errors.clone(),
            allowed: self.0.allowed.clone(),
            categories: self.0.categories.clone(),
            retry_after: self.0.retry_after,
            allow: self.0.allow.clone(),
            oauth: self.0.oauth,
            recorded: self.0.recorded,
            source: self.0.source.as_ref().map(|source| anyhow::anyhow!("{source:#}")),
        }))));
        response
    }
}

/// A failure on its way to be rendered.
pub struct Rendering(pub ApiError);

impl From<diesel::result::Error> for ApiError {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind as Database, Error};
        match &error {
            // A statement or lock timeout, a cut connection: trying again may help.
            Error::DatabaseError(Database::ClosedConnection | Database::UnableToSendCommand, _) => {
                Self::unavailable(1).because(error)
            }
            Error::DatabaseError(_, info) if passes(info.message()) => Self::unavailable(1).because(error),
            Error::DatabaseError(Database::SerializationFailure, _) | Error::BrokenTransactionManager => {
                Self::unavailable(1).because(error)
            }
            // The key that a value was sealed with was rotated away meanwhile; the newest one is read the next time.
            Error::DatabaseError(Database::ForeignKeyViolation, info)
                if info.constraint_name().is_some_and(|name| name.ends_with("_data_key")) =>
            {
                Self::unavailable(1).because(error)
            }
            _ => Self::internal(error),
        }
    }
}

/// Whether what the database says is over soon: a timeout, a deadlock, or that it is ending, starting or recovering. Diesel keeps
/// the sentence only and not its code; the service's role has it in English (`database::roles`).
fn passes(message: &str) -> bool {
    message.contains("timeout")
        || message.starts_with("terminating connection")
        || message.starts_with("the database system is")
        || message.starts_with("deadlock detected")
}

impl From<diesel_async::pooled_connection::deadpool::PoolError> for ApiError {
    fn from(error: diesel_async::pooled_connection::deadpool::PoolError) -> Self {
        Self::unavailable(1).because(anyhow::anyhow!("no connection: {error}"))
    }
}

/// The kind for an answer of the framework's own.
pub fn kind_of_status(status: StatusCode) -> Kind {
    match status {
        StatusCode::UNAUTHORIZED => Kind::Unauthenticated,
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::NOT_FOUND => Kind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed,
        StatusCode::NOT_ACCEPTABLE => Kind::NotAcceptable,
        StatusCode::CONFLICT => Kind::Conflict,
        StatusCode::PRECONDITION_FAILED => Kind::Stale,
        StatusCode::PAYLOAD_TOO_LARGE => Kind::ContentTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::UnsupportedMediaType,
        StatusCode::UNPROCESSABLE_ENTITY => Kind::Validation,
        StatusCode::TOO_MANY_REQUESTS => Kind::RateLimited,
        StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable,
        status if status.is_client_error() => Kind::BadRequest,
        _ => Kind::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::result::{DatabaseErrorKind, Error};

    #[test]
    fn what_is_over_soon_is_worth_another_try_and_a_fault_is_not() {
        for (said, kind) in [
            ("canceling statement due to statement timeout", Kind::Unavailable),
            ("terminating connection because of crash of another server process", Kind::Unavailable),
            ("terminating connection due to administrator command", Kind::Unavailable),
            ("the database system is in recovery mode", Kind::Unavailable),
            ("deadlock detected", Kind::Unavailable),
            ("column \"timed_out\" does not exist", Kind::Internal),
        ] {
            let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
            assert_eq!(ApiError::from(error).kind(), kind, "{said}");
        }
        assert_eq!(ApiError::from(Error::BrokenTransactionManager).kind(), Kind::Unavailable);
    }
}
