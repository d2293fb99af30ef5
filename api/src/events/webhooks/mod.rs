//! Where a clinic wants to be told of events: by Standard Webhooks, signed, and never before the address has said that it
//! wants this.
//!
//! An event that was counted becomes a delivery of each webhook that takes its type. Deliveries are tried for three days, ever
//! more rarely; of one object each waits for the one before it. At every try the owner's right, the webhook and the object are
//! looked up again: what is not within reach any more is not told. No network call happens inside a transaction, a try that
//! nobody finished is made again, and the address has to bear that it is told the same twice.

mod convert;
pub(super) mod deliver;
mod policy;
pub(super) mod routes;
mod signature;
mod store;

use crate::http::Outbound;
use chrono::TimeDelta;
use policy::{MOST_AT_ONCE, TRIES_OF_ONE};
use std::time::Duration;

/// The way out to webhooks.
pub struct Courier {
    outbound: Outbound,
    patience: Duration,
}

impl Courier {
    /// With so long for each answer. `development` are origins on this machine that may be told all the same.
    ///
    /// # Errors
    /// If no client can be made.
    pub fn new(development: Vec<String>, patience: Duration) -> anyhow::Result<Self> {
        Ok(Self { outbound: Outbound::patient(development, patience, MOST_AT_ONCE * TRIES_OF_ONE)?, patience })
    }

    /// Whether an address may be told, as far as its text tells.
    fn is_possible(&self, address: &str) -> bool {
        self.outbound.address(address).is_some()
    }

    /// For so long what was taken up is nobody else's: as long as the tries of one round may last, and some.
    fn lease(&self) -> TimeDelta {
        TimeDelta::from_std(self.patience * 3).unwrap_or_default() + TimeDelta::seconds(10)
    }
}
