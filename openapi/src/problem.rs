//! Every error has one shape (RFC 9457) and one of a closed list of kinds.

use serde::{Deserialize, Serialize};

/// What went wrong, as `application/problem+json` (RFC 9457).
///
/// It never holds health information, a submitted value, SQL, a path or a stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "type": "/problems/consent-too-narrow", "title": "The consent does not cover all of this", "status": 403,
    "detail": "The patient's consent does not cover: history.", "request_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
    "categories": ["history"]
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Problem {
    /// The kind, as the address of a page that explains it: `/problems/<slug>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words, the same each time.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What to change, for the person who reads it.
    pub detail: String,
    /// Quote it when you ask us about this request.
    pub request_id: String,
    /// Of `validation` and `report-incomplete`: each field that was refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Of `illegal-transition`: the verbs open to this caller now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// Of `consent-too-narrow`: the categories that the consent lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<crate::consents::Category>>,
    /// Of the OAuth endpoints: the word of RFC 6749, 5.2, such as `invalid_client`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Of the OAuth endpoints: the detail again, under the name that RFC 6749, 5.2 has for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

impl Problem {
    /// The kind of this problem; `None` for one that this version does not know.
    pub fn kind(&self) -> Option<Kind> {
        self.kind.rsplit('/').next().and_then(Kind::from_slug)
    }
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct FieldError {
    /// Where in the request body, as a JSON pointer (RFC 6901); empty for the body as a whole. A query parameter or a
    /// header is named by itself.
    pub pointer: String,
    /// A stable word for the rule that was broken: `required`, `unknown_field`, `invalid_type`, `too_long`, ...
    pub code: String,
    /// The rule, in a sentence.
    pub message: String,
    /// Which part of the field it is, where it is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub span: Option<Span>,
}

/// A part of a text, in characters (Unicode scalar values, counted from 0; neither bytes nor units of UTF-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Span {
    /// The first character of it.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub start: usize,
    /// The first character after it.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub end: usize,
}

/// Every kind of problem. Slugs may be added and are never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The request could not be read at all.
    BadRequest,
    /// The kind of grant is not offered.
    UnsupportedGrantType,
    /// None of the scopes is granted, or one is unknown.
    InvalidScope,
    /// No valid access token.
    Unauthenticated,
    /// E-mail address or password is wrong.
    InvalidCredentials,
    /// The code or the second fact is wrong.
    VerificationFailed,
    /// The API client did not prove itself.
    InvalidClient,
    /// The caller's role does not allow this.
    Forbidden,
    /// There is no consent of this patient.
    ConsentMissing,
    /// The consent is not in force yet.
    ConsentPending,
    /// The consent ended by its date.
    ConsentExpired,
    /// The patient took the consent back.
    ConsentRevoked,
    /// The consent names other recipients.
    RecipientNotNamed,
    /// The consent was given for another purpose.
    PurposeMismatch,
    /// The consent covers less than this.
    ConsentTooNarrow,
    /// The sender withdrew the share.
    ShareWithdrawn,
    /// Nothing of this address is within the caller's reach.
    NotFound,
    /// The address does not know this method.
    MethodNotAllowed,
    /// None of the acceptable media types can be served.
    NotAcceptable,
    /// It would contradict something that exists.
    Conflict,
    /// The object's state does not allow this move.
    IllegalTransition,
    /// The first request with this idempotency key is still running.
    IdempotencyInProgress,
    /// The object was changed since the caller read it.
    Stale,
    /// The body is larger than this route takes.
    ContentTooLarge,
    /// The clinic keeps as many files as it may.
    QuotaExceeded,
    /// The body's media type or encoding is not taken.
    UnsupportedMediaType,
    /// Fields of the request were refused.
    Validation,
    /// The report lacks parts that a signature needs.
    ReportIncomplete,
    /// The idempotency key was used for another request.
    IdempotencyKeyReused,
    /// The change needs an `If-Match` header.
    PreconditionRequired,
    /// Too many requests.
    RateLimited,
    /// A fault of the service.
    Internal,
    /// The service is busy or its database can't be reached.
    Unavailable,
}

impl Kind {
    /// Every kind, in the order of their status codes.
    pub const ALL: &'static [Self] = &[
        Self::BadRequest,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::Unauthenticated,
        Self::InvalidCredentials,
        Self::VerificationFailed,
        Self::InvalidClient,
        Self::Forbidden,
        Self::ConsentMissing,
        Self::ConsentPending,
        Self::ConsentExpired,
        Self::ConsentRevoked,
        Self::RecipientNotNamed,
        Self::PurposeMismatch,
        Self::ConsentTooNarrow,
        Self::ShareWithdrawn,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::Conflict,
        Self::IllegalTransition,
        Self::IdempotencyInProgress,
        Self::Stale,
        Self::ContentTooLarge,
        Self::QuotaExceeded,
        Self::UnsupportedMediaType,
        Self::Validation,
        Self::ReportIncomplete,
        Self::IdempotencyKeyReused,
        Self::PreconditionRequired,
        Self::RateLimited,
        Self::Internal,
        Self::Unavailable,
    ];

    /// The last segment of the problem's `type`.
    pub const fn slug(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status code it travels with.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// The problem in a few words.
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// What it means and what to do, for the page at its address.
    pub const fn explanation(self) -> &'static str {
        self.row().3
    }

    /// The kind of this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }

    /// The whole list in one table: slug, status, title, explanation.
    const fn row(self) -> (&'static str, u16, &'static str, &'static str) {
        match self {
            Self::BadRequest => (
                "bad-request",
                400,
                "The request could not be read",
                "The body is not JSON, a header or a part of the address has the wrong form, or the request was cut off. Mend it and send it again.",
            ),
            Self::UnsupportedGrantType => (
                "unsupported-grant-type",
                400,
                "The kind of grant is not offered",
                "The token endpoint knows `grant_type=client_credentials` alone (RFC 6749, 4.4). People sign in at /v1/auth/login.",
            ),
            Self::InvalidScope => (
                "invalid-scope",
                400,
                "The scope can't be granted",
                "One of the scopes is unknown, or the client has been granted none of them. /.well-known/oauth-authorization-server lists the scopes; the clinic's owner grants them.",
            ),
            Self::Unauthenticated => (
                "unauthenticated",
                401,
                "Sign in first",
                "The request carries no access token, or one that is expired, forged, of an ended session or meant for something else. Refresh it or sign in again.",
            ),
            Self::InvalidCredentials => (
                "invalid-credentials",
                401,
                "The e-mail address or the password is wrong",
                "No account answers to this pair. Which of the two is wrong is not told to anybody.",
            ),
            Self::VerificationFailed => (
                "verification-failed",
                401,
                "The code or the second fact is wrong",
                "The one-time code was wrong, used before or too old, or the second fact does not match. After five wrong tries a link is dead and a new one has to be asked for.",
            ),
            Self::InvalidClient => (
                "invalid-client",
                401,
                "The client did not prove itself",
                "The client is not known or has ended, the secret or the signature is wrong, or the assertion is used up, too old, too long-lived or meant for another service. Which of these it is, is not told to anybody.",
            ),
            Self::Forbidden => (
                "forbidden",
                403,
                "Your role does not allow this",
                "The caller is known, the object is within its clinic, and its role may not do this. Ask the clinic's owner.",
            ),
            Self::ConsentMissing => (
                "consent-missing",
                403,
                "There is no consent of the patient",
                "Nothing of a report leaves without the patient's signed consent. Ask for one at POST /v1/patients/{id}/consents.",
            ),
            Self::ConsentPending => (
                "consent-pending",
                403,
                "The consent is not in force yet",
                "The patient has been asked and has not signed, or the consent starts later.",
            ),
            Self::ConsentExpired => {
                ("consent-expired", 403, "The consent has ended by its date", "Ask the patient for a new one.")
            }
            Self::ConsentRevoked => (
                "consent-revoked",
                403,
                "The patient has revoked the consent",
                "Revocation needs no reason and takes effect at once. What had been read before is on the record.",
            ),
            Self::RecipientNotNamed => (
                "recipient-not-named",
                403,
                "The consent names other recipients",
                "A consent that names a clinic covers its practitioners; one that names a practitioner covers nobody else. Ask for a consent that names this recipient.",
            ),
            Self::PurposeMismatch => (
                "purpose-mismatch",
                403,
                "The consent was given for another purpose",
                "Share for a purpose that the patient agreed to, or ask for a new consent.",
            ),
            Self::ConsentTooNarrow => (
                "consent-too-narrow",
                403,
                "The consent does not cover all of this",
                "The member `categories` names what the consent lacks. Leave those sections out of the share, or ask for a wider consent.",
            ),
            Self::ShareWithdrawn => (
                "share-withdrawn",
                403,
                "The sender has withdrawn this share",
                "Ask the sending clinic if you need it again.",
            ),
            Self::NotFound => (
                "not-found",
                404,
                "There is nothing here for you",
                "It does not exist, or it is not within your reach: the answer is the same for both.",
            ),
            Self::MethodNotAllowed => (
                "method-not-allowed",
                405,
                "This address does not know that method",
                "The `Allow` header lists those that it knows.",
            ),
            Self::NotAcceptable => (
                "not-acceptable",
                406,
                "None of the types you accept can be served",
                "Widen the `Accept` header; the documentation of the operation lists what it can serve.",
            ),
            Self::Conflict => (
                "conflict",
                409,
                "It contradicts something that exists",
                "For example a record number that another patient of the clinic has, or an e-mail address that already signs in.",
            ),
            Self::IllegalTransition => (
                "illegal-transition",
                409,
                "The state does not allow this move",
                "The member `allowed` lists the verbs that are open to you now.",
            ),
            Self::IdempotencyInProgress => (
                "idempotency-in-progress",
                409,
                "The first request with this key is still running",
                "Wait a moment and send the same request again: you will get its answer.",
            ),
            Self::Stale => (
                "stale",
                412,
                "It was changed since you read it",
                "Read it again, look at what changed, and repeat your change with the new `ETag` in `If-Match`.",
            ),
            Self::ContentTooLarge => {
                ("content-too-large", 413, "The body is too large", "The detail names the route's limit.")
            }
            Self::QuotaExceeded => (
                "quota-exceeded",
                413,
                "Your clinic's room for files is used up",
                "Attachments and scanned forms of a clinic together have a limit, which whoever runs the service sets (--attachment-quota). Take files away from drafts, or ask for more room.",
            ),
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                415,
                "The body's type or encoding is not taken",
                "Send `Content-Type: application/json` and no `Content-Encoding`: compressed request bodies are not read.",
            ),
            Self::Validation => (
                "validation",
                422,
                "Fields of the request were refused",
                "The member `errors` names each field by a JSON pointer, with the rule that it breaks. Unknown fields are refused too.",
            ),
            Self::ReportIncomplete => (
                "report-incomplete",
                422,
                "The report lacks parts that a signature needs",
                "A professional report has four parts: the treatment and why, its schedule, goals that are each tied to a measure, and objective measures. The member `errors` names each one that is missing.",
            ),
            Self::IdempotencyKeyReused => (
                "idempotency-key-reused",
                422,
                "The idempotency key belongs to another request",
                "The same key came with another body or to another address. Make a new key for each new intent.",
            ),
            Self::PreconditionRequired => (
                "precondition-required",
                428,
                "The change needs an If-Match header",
                "Read the object, and send its `ETag` in `If-Match`, so that nobody's change is overwritten unseen.",
            ),
            Self::RateLimited => (
                "rate-limited",
                429,
                "Too many requests",
                "Wait as long as `Retry-After` says; `RateLimit` and `RateLimit-Policy` tell the budget.",
            ),
            Self::Internal => (
                "internal",
                500,
                "A fault of the service",
                "Nothing was changed. Try again, and tell us the request id if it stays.",
            ),
            Self::Unavailable => (
                "unavailable",
                503,
                "The service is busy",
                "Nothing was changed. Try again after `Retry-After` seconds.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn slugs_are_unique_and_lead_back_to_their_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_slug(kind.slug()), Some(*kind));
        }
        let mut slugs: Vec<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), Kind::ALL.len());
    }
}
