//! Entity tags: an object's version in quotes, demanded back before it is changed (RFC 9110, 13.1.1).

use super::problem::ApiError;
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use rapport_contract::problem::Kind;
use std::future::{Ready, ready};

/// The `If-Match` header of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever version there is.
    Any,
    /// One of these tags.
    Tags(Vec<String>),
}

impl IfMatch {
    /// Refuses a change of a version that the caller has not seen.
    ///
    /// # Errors
    /// `stale`
    pub fn check(&self, version: i32) -> Result<(), ApiError> {
        match self {
            Self::Any => Ok(()),
            Self::Tags(tags) if tags.iter().any(|tag| *tag == etag(version)) => Ok(()),
            Self::Tags(_) => Err(ApiError::stale()),
        }
    }

    fn read(request: &HttpRequest) -> Option<Self> {
        let value = request.headers().get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
        Some(if value == "*" {
            Self::Any
        } else {
            // Weak tags never match in a strong comparison; they stay in the list and fail it.
            Self::Tags(value.split(',').map(|tag| tag.trim().to_owned()).collect())
        })
    }
}

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            Self::read(request).ok_or_else(|| {
                ApiError::new(Kind::PreconditionRequired, "Send the object's ETag in an If-Match header.")
            }),
        )
    }
}

/// An `If-Match` that may be left out: where nothing is overwritten, and where nothing may stand in the way, as in a
/// revocation.
#[derive(Debug, Clone)]
pub struct OptionalIfMatch(Option<IfMatch>);

impl OptionalIfMatch {
    /// Refuses a change of a version that the caller has not seen, if it says which one it saw.
    ///
    /// # Errors
    /// `stale`
    pub fn check(&self, version: i32) -> Result<(), ApiError> {
        self.0.as_ref().map_or(Ok(()), |if_match| if_match.check(version))
    }
}

impl FromRequest for OptionalIfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(IfMatch::read(request))))
    }
}

/// The tag of a version.
pub fn etag(version: i32) -> String {
    format!("\"{version}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(tags: &[&str]) -> IfMatch {
        IfMatch::Tags(tags.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn only_the_version_that_was_seen_may_be_changed() {
        assert!(tags(&["\"3\""]).check(3).is_ok());
        assert!(tags(&["\"2\"", "\"3\""]).check(3).is_ok());
        assert!(IfMatch::Any.check(3).is_ok());
        for other in [tags(&["\"2\""]), tags(&["W/\"3\""]), tags(&["3"]), tags(&[""])] {
            assert!(other.check(3).is_err(), "{other:?}");
        }
    }
}
