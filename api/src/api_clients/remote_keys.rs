//! Keys that a client publishes at an address, as far as we have them: fetched outside of any transaction, by one at a time,
//! kept no longer than `Cache-Control` says within a floor and a ceiling. What can't be fetched is remembered too.

use super::keys::{PublicKey, read_all};
use crate::http::Outbound;
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// An address is asked once in so many seconds at most, whatever comes of it.
const FLOOR: i64 = 10;
/// Keys are kept for so many seconds at most: a key that its owner takes away is gone after these.
const CEILING: i64 = 3600;
/// And so many where the address does not say.
const ORDINARY: i64 = 300;
/// The largest set of keys, in bytes.
const LARGEST: usize = 64 * 1024;
/// So many addresses are remembered.
const MOST: usize = 1000;

type Slot = Arc<tokio::sync::Mutex<Option<Held>>>;

/// What was found at an address; no keys, if nothing was.
struct Held {
    keys: Vec<PublicKey>,
    fetched_at: DateTime<Utc>,
    good_until: DateTime<Utc>,
}

/// The keys of all clients that publish theirs.
pub struct RemoteKeys {
    outbound: Outbound,
    slots: Mutex<HashMap<String, Slot>>,
}

impl RemoteKeys {
    /// None yet.
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, slots: Mutex::default() }
    }

    /// Whether an address may be fetched from, as far as its text tells.
    pub(super) fn is_possible(&self, address: &str) -> bool {
        self.outbound.address(address).is_some()
    }

    /// The key of this name at this address. One that is not known yet is looked for again: its owner has rotated.
    pub(crate) async fn find(&self, address: &str, kid: &str, now: DateTime<Utc>) -> Option<PublicKey> {
        let slot = self.slot(address);
        // Held while it fetches: whoever waits finds what was fetched.
        let mut held = slot.lock().await;
        let named = |held: &Held| held.keys.iter().find(|key| key.kid == kid).cloned();
        if let Some(held) = &*held {
            let key = named(held).filter(|_| now < held.good_until);
            if key.is_some() || now < held.fetched_at + TimeDelta::seconds(FLOOR) {
                return key;
            }
        }
        let fetched = held.insert(self.fetch(address, now).await);
        named(fetched)
    }

    async fn fetch(&self, address: &str, now: DateTime<Utc>) -> Held {
        let fetched = self.outbound.get(address, LARGEST).await.and_then(|fetched| {
            let keys = read_all(&serde_json::from_slice(&fetched.body)?);
            let said = fetched.max_age.map_or(ORDINARY, |age| i64::try_from(age.as_secs()).unwrap_or(CEILING));
            Ok((keys, said.clamp(FLOOR, CEILING)))
        });
        let (keys, seconds) = fetched.unwrap_or_else(|error| {
            // For whoever runs the service: the client hears nothing of why.
            tracing::info!(error = format!("{error:#}"), "keys of a client could not be fetched");
            (Vec::new(), FLOOR)
        });
        Held { keys, fetched_at: now, good_until: now + TimeDelta::seconds(seconds) }
    }

    fn slot(&self, address: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(address) {
            // Those that nobody waits for. They are fetched again when they are needed.
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(address.to_owned()).or_default())
    }
}
