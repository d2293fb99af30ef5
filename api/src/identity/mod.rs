//! Who is calling: passwords, second factors, tokens, sessions, and the [`Actor`] in a handler's signature.
//!
//! An [`Actor`] is a claim that a signature proves. It becomes a [`Principal`], with a role or scopes that count, only inside
//! a transaction that reads the session and the membership again, or the clinic's API client.

mod delays;
pub mod keys;
pub mod passwords;
pub mod policy;
pub mod routes;
pub mod secrets;
mod step_up;
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
use policy::{Right, grants, may};
use rapport_contract::{api_clients::Scope, members::Role, problem::Kind};
use std::{
    future::{Ready, ready},
    time::Duration,
};
use uuid::Uuid;

pub(crate) use step_up::{Fresh, step_up};
pub(crate) use store::{end_session_of, end_sessions, forget_lapsed, live, person, revoke_token, use_assertion};

/// So many wrong codes in the time that a challenge lives, and an account takes none for a while: at this rate a code is
/// guessed in months.
const MOST_WRONG_TRIES: i64 = 20;

/// Who a valid access token speaks for. A handler without it in its signature is public.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who.
    pub subject: Subject,
    /// The subject's clinic: the tenant, which no request ever names.
    pub clinic: Uuid,
    /// The request that it came with.
    pub request: RequestId,
}

/// Whom a token was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person, in a session.
    Member {
        /// The member.
        id: Uuid,
        /// The session that the token belongs to.
        session: Uuid,
    },
    /// A machine of the clinic.
    Client {
        /// The API client.
        id: Uuid,
        /// The token itself: it can be revoked.
        token: Uuid,
        /// What the token is good for, at most.
        scopes: Vec<Scope>,
    },
}

impl Actor {
    /// Reads and verifies the bearer token.
    pub fn from_headers(headers: &HeaderMap, keys: &tokens::TokenKeys, request: &RequestId) -> Option<Self> {
        let (subject, clinic) = keys.verify(bearer(headers)?)?;
        Some(Self { subject, clinic, request: request.clone() })
    }

    /// The member's or the client's id.
    pub fn id(&self) -> Uuid {
        match self.subject {
            Subject::Member { id, .. } | Subject::Client { id, .. } => id,
        }
    }

    /// The session; machines have none.
    pub fn session(&self) -> Option<Uuid> {
        match self.subject {
            Subject::Member { session, .. } => Some(session),
            Subject::Client { .. } => None,
        }
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

/// How long the bearer token is good still.
pub(crate) fn time_left(headers: &HeaderMap, keys: &tokens::TokenKeys) -> Duration {
    bearer(headers).map_or(Duration::ZERO, |token| keys.time_left(token))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    // Two headers are one too many: a proxy and we might not read the same one.
    let scheme_ends = value.find(' ').filter(|_| values.next().is_none())?;
    let (scheme, token) = value.split_at(scheme_ends);
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// Who calls, as this transaction read it from the database: a member in a session, or an API client of the clinic.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The member's id, of a practitioner the practitioner's id too; or the client's.
    pub id: Uuid,
    /// The clinic.
    pub clinic_id: Uuid,
    /// A person or a machine.
    pub who: Who,
}

/// A person or a machine, with what it may do.
#[derive(Debug, Clone)]
pub enum Who {
    /// A member.
    Member(Person),
    /// An API client.
    Client {
        /// What both its token and its clinic grant.
        scopes: Vec<Scope>,
        /// The member in whose name it writes, if the clinic has named one whose membership is in force.
        author: Option<Person>,
    },
}

/// A member as others see it: the author of a report, the sender of a share.
#[derive(Debug, Clone)]
pub struct Person {
    /// The id.
    pub id: Uuid,
    /// What the member may do.
    pub role: Role,
    /// The name.
    pub name: String,
    /// The profession of a practitioner.
    pub profession: Option<String>,
}

impl Person {
    /// Whether role and profession allow it.
    fn may(&self, right: Right) -> bool {
        may(self.role, right) && (!right.needs_profession() || self.profession.is_some())
    }
}

impl Principal {
    /// Refuses, on record, what the role or the scopes do not allow. What a client writes stands under the name of its
    /// author, so that it takes the author's right too.
    ///
    /// # Errors
    /// `forbidden`
    pub async fn require(&self, tx: &mut Tx<'_>, right: Right, event: Event) -> Result<(), ApiError> {
        let refusal = match &self.who {
            Who::Member(person) if person.may(right) => return Ok(()),
            Who::Member(_) => "Your role in the clinic does not allow this.",
            Who::Client { scopes, author } => {
                let has_author = author.as_ref().is_some_and(|author| author.may(right));
                match scopes.iter().any(|scope| grants(*scope, right)) {
                    true if has_author || !right.needs_author() => return Ok(()),
                    true => {
                        "This is written in somebody's name: the client needs an author_id of a member who may do it."
                    }
                    false => "The scopes of this token do not allow this, or it takes a person.",
                }
            }
        };
        Err(audit::refuse(tx, event, ApiError::new(Kind::Forbidden, refusal)))
    }

    /// Whether role or scopes allow it, where a no is not the end of it. What is refused is refused by [`Self::require`].
    pub fn may(&self, right: Right) -> bool {
        match &self.who {
            Who::Member(person) => person.may(right),
            Who::Client { scopes, author } => {
                let has_author = author.as_ref().is_some_and(|author| author.may(right));
                scopes.iter().any(|scope| grants(*scope, right)) && (has_author || !right.needs_author())
            }
        }
    }

    /// In whose name this principal writes, once [`Self::require`] has let it.
    ///
    /// # Errors
    /// `forbidden`
    pub fn author(&self) -> Result<&Person, ApiError> {
        let author = match &self.who {
            Who::Member(person) => Some(person),
            Who::Client { author, .. } => author.as_ref(),
        };
        author.ok_or_else(|| ApiError::new(Kind::Forbidden, "This is written in somebody's name."))
    }

    /// The person who calls: what is signed or attested takes one.
    ///
    /// # Errors
    /// `forbidden`
    pub fn person(&self) -> Result<&Person, ApiError> {
        match &self.who {
            Who::Member(person) => Ok(person),
            Who::Client { .. } => Err(ApiError::new(Kind::Forbidden, "This takes a person.")),
        }
    }
}
