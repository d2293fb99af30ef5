//! How much one caller may ask for, told in `RateLimit` and `RateLimit-Policy` (IETF draft of the HTTPAPI group).
//!
//! An account, a client and a tenant have budgets of their own, so that one who floods can't lock the others of the house out;
//! an address is counted for those who have not signed in, a link for whoever has it. The counters are this process's own and
//! bounded: where there are too many callers, those are forgotten who have the most of their budget left.

use super::{address::Block, problem::ApiError};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use rapport_contract::problem::Kind;
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A member.
    Account(Uuid),
    /// An API client.
    Client(Uuid),
    /// A clinic: all of its people and clients together.
    Tenant(Uuid),
    /// A link to a patient or a guest.
    Link(Uuid),
    /// Where somebody asks from who has not signed in.
    Address(Block),
    /// The same at what takes a password: each try costs us tens of milliseconds.
    SignIn(Block),
}

/// Requests a minute, of each kind of caller.
#[derive(Debug, Clone, Copy)]
pub struct Budgets {
    /// A member.
    pub account: NonZeroU32,
    /// An API client.
    pub client: NonZeroU32,
    /// A clinic.
    pub tenant: NonZeroU32,
    /// A link.
    pub link: NonZeroU32,
    /// An address without an account.
    pub address: NonZeroU32,
    /// An address, at what takes a password.
    pub sign_in: NonZeroU32,
}

impl Budgets {
    /// The same for all. Tests that are about something else take a large one.
    #[doc(hidden)]
    pub const fn all(per_minute: NonZeroU32) -> Self {
        Self {
            account: per_minute,
            client: per_minute,
            tenant: per_minute,
            link: per_minute,
            address: per_minute,
            sign_in: per_minute,
        }
    }
}

/// The budgets, and what is left of them.
pub struct Limits {
    account: Scope,
    client: Scope,
    tenant: Scope,
    link: Scope,
    address: Scope,
    sign_in: Scope,
}

struct Scope {
    name: &'static str,
    per_minute: u32,
    limiter: RateLimiter<Caller, Bounded, DefaultClock, StateInformationMiddleware>,
}

/// What is left of the budgets that a request was taken from.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    policies: Vec<Left>,
}

#[derive(Debug, Clone)]
struct Left {
    name: &'static str,
    per_minute: u32,
    remaining: u32,
}

impl Limits {
    /// Budgets that nobody has used yet.
    pub fn new(budgets: Budgets) -> Self {
        Self {
            account: Scope::new("account", budgets.account),
            client: Scope::new("client", budgets.client),
            tenant: Scope::new("tenant", budgets.tenant),
            link: Scope::new("link", budgets.link),
            address: Scope::new("address", budgets.address),
            sign_in: Scope::new("sign-in", budgets.sign_in),
        }
    }

    fn scope(&self, caller: &Caller) -> &Scope {
        match caller {
            Caller::Account(_) => &self.account,
            Caller::Client(_) => &self.client,
            Caller::Tenant(_) => &self.tenant,
            Caller::Link(_) => &self.link,
            Caller::Address(_) => &self.address,
            Caller::SignIn(_) => &self.sign_in,
        }
    }

    /// Takes one request out of each budget, the narrowest first: what the first refuses costs the second nothing.
    ///
    /// # Errors
    /// `rate-limited` with the time to wait, and the budgets for its headers.
    pub fn take(&self, callers: &[Caller]) -> Result<Budget, (ApiError, Budget)> {
        let mut budget = Budget::default();
        for caller in callers {
            let scope = self.scope(caller);
            let (name, per_minute) = (scope.name, scope.per_minute);
            match scope.limiter.check_key(caller) {
                Ok(state) => {
                    budget.policies.push(Left { name, per_minute, remaining: state.remaining_burst_capacity() });
                }
                Err(until) => {
                    let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                    budget.policies.push(Left { name, per_minute, remaining: 0 });
                    let refusal = ApiError::new(Kind::RateLimited, format!("Try again in {wait} seconds."));
                    return Err((refusal.retry_after(wait), budget));
                }
            }
        }
        Ok(budget)
    }

    /// Forgets callers that have their whole budget back, so that the tables shrink after a flood.
    pub fn forget_idle(&self) {
        for scope in [&self.account, &self.client, &self.tenant, &self.link, &self.address, &self.sign_in] {
            scope.limiter.retain_recent();
            scope.limiter.shrink_to_fit();
        }
    }
}

impl Scope {
    fn new(name: &'static str, per_minute: NonZeroU32) -> Self {
        let (quota, callers) = (Quota::per_minute(per_minute), Bounded::new(MOST_CALLERS));
        Self { name, per_minute: per_minute.get(), limiter: RateLimiter::new(quota, callers, DefaultClock::default()) }
    }
}

impl Budget {
    /// Adds the two headers: every policy, and of the budgets the one that will be used up first.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let policies: Vec<_> =
            self.policies.iter().map(|left| format!("\"{}\";q={};w=60", left.name, left.per_minute)).collect();
        let Some(tightest) = self.policies.iter().min_by_key(|left| left.remaining) else { return };
        // A budget comes back evenly: so many seconds until it is whole again.
        let used = u64::from(tightest.per_minute - tightest.remaining.min(tightest.per_minute));
        let seconds = (used * 60).div_ceil(u64::from(tightest.per_minute.max(1)));
        let left = format!("\"{}\";r={};t={seconds}", tightest.name, tightest.remaining);
        for (name, value) in [("ratelimit-policy", policies.join(", ")), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// So many callers of a kind are remembered: some 6 MiB of them.
const MOST_CALLERS: usize = 65_536;
const SHARDS: usize = 16;

/// Each caller's theoretical arrival time (the one number of the generic cell rate algorithm), for so many callers at most.
struct Bounded {
    shards: Vec<Mutex<HashMap<Caller, Nanos>>>,
    most_in_a_shard: usize,
    hasher: RandomState,
}

impl Bounded {
    fn new(most: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            most_in_a_shard: most / SHARDS,
            hasher: RandomState::new(),
        }
    }

    fn all(&self) -> impl Iterator<Item = MutexGuard<'_, HashMap<Caller, Nanos>>> {
        // A number is written whole or not at all: after a panic the table is as good as before.
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StateStore for Bounded {
    type Key = Caller;

    fn measure_and_replace<T, F, E>(&self, key: &Caller, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let shard = usize::try_from(self.hasher.hash_one(key) % SHARDS as u64).ok().and_then(|at| self.shards.get(at));
        // The remainder is less than the number of shards, so there always is one.
        let Some(shard) = shard else { return decide(None).map(|(value, _)| value) };
        let mut callers = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let (value, arrival) = decide(callers.get(key).copied())?;
        if callers.len() >= self.most_in_a_shard && !callers.contains_key(key) {
            forget_half(&mut callers);
        }
        callers.insert(key.clone(), arrival);
        Ok(value)
    }
}

/// Forgets the half whose arrival times lie furthest back: those callers lose the least of what was held against them.
fn forget_half(callers: &mut HashMap<Caller, Nanos>) {
    let mut arrivals: Vec<u64> = callers.values().map(|arrival| arrival.as_u64()).collect();
    let middle = arrivals.len() / 2;
    let (_, median, _) = arrivals.select_nth_unstable(middle);
    let median = *median;
    callers.retain(|_, arrival| arrival.as_u64() > median);
}

impl ShrinkableKeyedStateStore<Caller> for Bounded {
    fn retain_recent(&self, drop_below: Nanos) {
        self.all().for_each(|mut shard| shard.retain(|_, arrival| *arrival > drop_below));
    }

    fn shrink_to_fit(&self) {
        self.all().for_each(|mut shard| shard.shrink_to_fit());
    }

    fn len(&self) -> usize {
        self.all().map(|shard| shard.len()).sum()
    }

    fn is_empty(&self) -> bool {
        self.all().all(|shard| shard.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(per_minute: u32) -> Limits {
        Limits::new(Budgets::all(NonZeroU32::new(per_minute).unwrap()))
    }

    #[test]
    fn each_caller_has_a_budget_of_its_own() {
        let limits = limits(2);
        let (one, other) = (Caller::Account(Uuid::from_u128(1)), Caller::Account(Uuid::from_u128(2)));
        assert!(limits.take(std::slice::from_ref(&one)).is_ok());
        assert!(limits.take(std::slice::from_ref(&one)).is_ok());
        let (refused, budget) = limits.take(std::slice::from_ref(&one)).unwrap_err();
        assert_eq!(refused.kind(), Kind::RateLimited);
        assert_eq!(budget.policies.first().unwrap().remaining, 0);
        assert!(limits.take(&[other]).is_ok());
    }

    #[test]
    fn what_an_account_may_not_costs_its_clinic_nothing() {
        let limits = Limits::new(Budgets { tenant: NonZeroU32::new(3).unwrap(), ..Budgets::all(NonZeroU32::MIN) });
        let tenant = Caller::Tenant(Uuid::from_u128(9));
        let of = |account| [Caller::Account(Uuid::from_u128(account)), tenant.clone()];
        assert!(limits.take(&of(1)).is_ok());
        for _ in 0..10 {
            assert!(limits.take(&of(1)).is_err());
        }
        assert!(limits.take(&of(2)).is_ok() && limits.take(&of(3)).is_ok());
        let (_, budget) = limits.take(&of(4)).unwrap_err();
        assert_eq!(budget.policies.last().unwrap().name, "tenant");
    }

    #[test]
    fn the_headers_name_every_policy_and_the_tightest_budget() {
        let limits =
            Limits::new(Budgets { tenant: NonZeroU32::new(100).unwrap(), ..Budgets::all(NonZeroU32::new(6).unwrap()) });
        let budget = limits.take(&[Caller::Account(Uuid::nil()), Caller::Tenant(Uuid::nil())]).unwrap();
        let mut headers = HeaderMap::new();
        budget.tell(&mut headers);
        assert_eq!(headers.get("ratelimit-policy").unwrap(), "\"account\";q=6;w=60, \"tenant\";q=100;w=60");
        assert_eq!(headers.get("ratelimit").unwrap(), "\"account\";r=5;t=10");
    }

    #[test]
    fn a_flood_of_callers_takes_bounded_memory_and_frees_nobody_who_used_the_budget_up() {
        let limits = limits(60);
        let greedy = Caller::Link(Uuid::from_u128(7));
        while limits.take(std::slice::from_ref(&greedy)).is_ok() {}
        for number in 0..200_000 {
            assert!(limits.take(&[Caller::Link(Uuid::from_u128(1_000 + number))]).is_ok());
        }
        assert!(limits.link.limiter.len() <= MOST_CALLERS, "{}", limits.link.limiter.len());
        // What comes back in the time that the flood takes is far less than what would be free if it had been forgotten.
        let free = (0..60).filter(|_| limits.take(std::slice::from_ref(&greedy)).is_ok()).count();
        assert!(free < 30, "{free}");
    }
}
