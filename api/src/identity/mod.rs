//! Who is calling: passwords, second factors, tokens, sessions, and the [`Actor`] in a handler's signature.
//!
//! An [`Actor`] is a claim that a signature proves. It becomes a [`Member`], with a role that counts, only inside a
//! transaction that reads the session and the membership again.

mod delays;
pub mod keys;
pub mod passwords;
pub mod policy;
pub mod routes;
pub mod secrets;
mod store;
pub mod tokens;
mod totp;

use crate::{
    audit::{self, Event},
    database::Tx,
    http::{ApiError, RequestId},
};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
};
use chrono::{DateTime, Utc};
use policy::{Right, may};
use rapport_contract::{members::Role, problem::Kind, reports::Author};
use std::future::{Ready, ready};
use uuid::Uuid;

pub(crate) use store::{Live, end_sessions, forget_lapsed, live_member};

/// Who a valid access token speaks for. A handler without it in its signature is public.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The member.
    pub member: Uuid,
    /// The member's clinic: the tenant, which no request ever names.
    pub clinic: Uuid,
    /// The session that the token belongs to.
    pub session: Uuid,
    /// The request that it came with.
    pub request: RequestId,
}

impl Actor {
    /// Reads and verifies the bearer token.
    pub fn from_headers(headers: &HeaderMap, keys: &tokens::TokenKeys, request: &RequestId) -> Option<Self> {
        let claims = keys.verify(bearer(headers)?)?;
        Some(Self { member: claims.sub, clinic: claims.cid, session: claims.sid, request: request.clone() })
    }
}

impl FromRequest for Actor {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or_else(ApiError::unauthenticated))
    }
}

/// The bearer token of the second step of signing in. It is no access token and opens nothing else.
#[derive(Debug)]
pub struct MfaToken(secrecy::SecretString);

impl FromRequest for MfaToken {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let token = bearer(request.headers()).map(|token| Self(token.to_owned().into()));
        ready(token.ok_or_else(ApiError::unauthenticated))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    // Two headers are one too many: a proxy and we might not read the same one.
    let scheme_ends = value.find(' ').filter(|_| values.next().is_none())?;
    let (scheme, token) = value.split_at(scheme_ends);
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// A member whose session and membership were read in this transaction.
#[derive(Debug, Clone)]
pub struct Member {
    /// The id; of a practitioner the practitioner's id too.
    pub id: Uuid,
    /// The clinic.
    pub clinic_id: Uuid,
    /// What the member may do.
    pub role: Role,
    /// The name.
    pub name: String,
    /// The profession of a practitioner.
    pub profession: Option<String>,
}

impl Member {
    /// Refuses, on record, what the role does not allow.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn require(&self, tx: &mut Tx<'_>, right: Right, event: Event) -> Result<(), ApiError> {
        if may(self.role, right) && (!right.needs_profession() || self.profession.is_some()) {
            return Ok(());
        }
        let refusal = ApiError::new(Kind::Forbidden, "Your role in the clinic does not allow this.");
        Err(audit::refuse(tx, event, refusal).await)
    }

    /// As the author of a report or the sender of a share.
    pub fn author(&self) -> Author {
        Author { id: self.id, name: self.name.clone(), profession: self.profession.clone() }
    }
}

impl Live {
    /// The member, if session and membership are in force at this time.
    ///
    /// # Errors
    /// `unauthenticated`
    pub(crate) fn at(self, now: DateTime<Utc>) -> Result<Member, ApiError> {
        if self.is_in_force(now) { self.into_member() } else { Err(ApiError::unauthenticated()) }
    }
}
