//! Server-sent events: each is read from the database as the caller may have it at that moment, and no connection is held
//! while there is nothing to tell.

use super::store::{self, Which};
use crate::{
    database::{Db, Signals},
    http::ApiError,
    identity::{Actor, policy::Right},
};
use futures_util::{Stream, stream};
use rapport_contract::{
    events::{Event, EventType},
    problem::Kind,
};
use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;

/// So many streams an account may have at a time.
const MOST: usize = 10;
/// After so long without an event there is a comment, so that nobody on the way takes the line for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// So many events are read at a time.
const BATCH: i64 = 100;

/// Who follows, on this service.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<Uuid, usize>>>);

/// A place among the streams of an account, given back when it is dropped.
pub(super) struct Place {
    streams: Streams,
    account: Uuid,
}

impl Streams {
    /// Takes a place.
    pub(super) fn enter(&self, account: Uuid) -> Result<Place, ApiError> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(account).or_default();
        if *count >= MOST {
            let text = format!("You follow {MOST} times already; end one of these streams first.");
            return Err(ApiError::new(Kind::RateLimited, text).retry_after(5));
        }
        *count += 1;
        Ok(Place { streams: self.clone(), account })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.account);
            }
        }
    }
}

/// Somebody who follows.
pub(super) struct Follower {
    db: Db,
    signals: Signals,
    actor: Actor,
    after: i64,
    kinds: Vec<EventType>,
    _place: Place,
}

/// What was read at once.
struct Read {
    events: Vec<Event>,
    /// Everything up to here was looked at.
    up_to: i64,
}

impl Follower {
    pub(super) fn new(db: Db, signals: Signals, actor: Actor, after: i64, kinds: Vec<EventType>, place: Place) -> Self {
        Self { db, signals, actor, after, kinds, _place: place }
    }

    /// What happens, as long as it lasts: until the time is over, the session is, or the service ends.
    pub(super) fn run(self, lasts: Duration) -> impl Stream<Item = String> {
        let ends_at = Instant::now() + lasts;
        stream::unfold(Some((self, true)), move |state| async move {
            let (mut follower, is_first) = state?;
            let text = follower.next(ends_at, is_first).await?;
            let goes_on = Instant::now() < ends_at && !follower.signals.is_ending();
            Some((text, goes_on.then_some((follower, false))))
        })
    }

    /// The next piece; `None` at the end.
    async fn next(&mut self, ends_at: Instant, is_first: bool) -> Option<String> {
        let quiet_until = (Instant::now() + HEARTBEAT).min(ends_at);
        // The place to come back to, for who is cut off before the first event.
        let opening = if is_first { format!("retry: 1000\nid: {}\n\n", self.after) } else { String::new() };
        loop {
            let read = self.read().await?;
            self.after = read.up_to;
            if is_first || !read.events.is_empty() {
                return Some(format!("{opening}{}", written(&read.events)));
            }
            if Instant::now() >= quiet_until {
                return Some(format!(":\nid: {}\n\n", self.after));
            }
            if self.signals.is_ending() {
                return None;
            }
            self.signals.event_was_counted(quiet_until).await;
        }
    }

    /// Who follows is looked up again each time: whoever signed out, or may not follow any more, hears nothing more.
    async fn read(&self) -> Option<Read> {
        let read = self.db.tenant(&self.actor, async |tx, me| {
            if !me.may(Right::ReadEvents) {
                return Err(ApiError::unauthenticated());
            }
            let newest = store::newest(tx, me.clinic_id).await?;
            if newest <= self.after {
                return Ok(Read { events: Vec::new(), up_to: self.after });
            }
            let which = Which::After { sequence: self.after, rows: BATCH, kinds: &self.kinds };
            let events = store::page_for(tx, me, which).await?;
            // A full page may be followed by another; what is behind a page that is not full is nothing for the caller.
            let is_full = i64::try_from(events.len()).is_ok_and(|count| count >= BATCH);
            let last = events.last().map_or(newest, |event| event.sequence);
            Ok(Read { up_to: if is_full { last } else { last.max(newest) }, events })
        });
        // A database that is away for a moment ends the stream too: whoever follows comes back.
        read.await.ok()
    }
}

/// Events as they are told (HTML Living Standard, 9.2). JSON holds no line break.
fn written(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        let Ok(data) = serde_json::to_string(event) else { continue };
        // Writing into a string does not fail.
        write!(text, "id: {}\ndata: {data}\n\n", event.sequence).ok();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_follows_so_many_times_and_no_more_and_gives_its_place_back() {
        let (streams, one, other) = (Streams::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let mut places: Vec<Place> = (0..MOST).map(|_| streams.enter(one).ok().unwrap()).collect();
        assert!(streams.enter(one).is_err());
        assert!(streams.enter(other).is_ok());
        places.pop();
        assert!(streams.enter(one).is_ok());
        places.clear();
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
