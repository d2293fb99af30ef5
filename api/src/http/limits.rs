//! How much one caller may ask for, told in `RateLimit` and `RateLimit-Policy` (IETF draft of the HTTPAPI group).

use super::problem::ApiError;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use rapport_contract::problem::Kind;
use std::{net::IpAddr, num::NonZeroU32};
use uuid::Uuid;

/// Who is counted: an account, a client, or the address of a caller that has not signed in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A member.
    Member(Uuid),
    /// An API client.
    Client(Uuid),
    /// An address.
    Address(IpAddr),
}

/// A budget of requests per minute for each caller.
pub struct Limits {
    per_minute: u32,
    limiter: RateLimiter<Caller, DashMapStateStore<Caller>, DefaultClock, StateInformationMiddleware>,
}

/// What is left of a budget.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    per_minute: u32,
    remaining: u32,
}

impl Limits {
    /// A budget of this many requests a minute.
    pub fn new(per_minute: NonZeroU32) -> Self {
        let limiter =
            RateLimiter::dashmap(Quota::per_minute(per_minute)).with_middleware::<StateInformationMiddleware>();
        Self { per_minute: per_minute.get(), limiter }
    }

    /// Takes one request out of the caller's budget.
    ///
    /// # Errors
    /// `rate-limited` with the time to wait.
    pub fn take(&self, caller: &Caller) -> Result<Budget, ApiError> {
        match self.limiter.check_key(caller) {
            Ok(snapshot) => Ok(Budget { per_minute: self.per_minute, remaining: snapshot.remaining_burst_capacity() }),
            Err(until) => {
                let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                Err(ApiError::new(Kind::RateLimited, format!("Try again in {wait} seconds.")).retry_after(wait))
            }
        }
    }

    /// What to tell a caller whose budget is used up.
    pub fn exhausted(&self) -> Budget {
        Budget { per_minute: self.per_minute, remaining: 0 }
    }

    /// Forgets callers that have their whole budget back, so that the table does not grow for ever.
    pub fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

impl Budget {
    /// Adds the two headers.
    pub fn tell(self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w=60", self.per_minute);
        let left = format!("\"default\";r={};t=60", self.remaining);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_a_budget_of_its_own() {
        let limits = Limits::new(NonZeroU32::new(2).unwrap());
        let (one, other) = (Caller::Member(Uuid::from_u128(1)), Caller::Member(Uuid::from_u128(2)));
        assert_eq!(limits.take(&one).unwrap().remaining, 1);
        assert_eq!(limits.take(&one).unwrap().remaining, 0);
        let refused = limits.take(&one).unwrap_err();
        assert_eq!(refused.kind(), Kind::RateLimited);
        assert!(limits.take(&other).is_ok());
    }
}
