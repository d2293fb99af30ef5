//! When a delivery is tried again, and when it is enough. Pure rules.

use chrono::{DateTime, TimeDelta, Utc};

/// For so long a delivery is tried, and for so long an address may fail.
pub(super) const PATIENCE: TimeDelta = TimeDelta::days(3);
/// So long the secret before goes on to sign when another takes its place.
pub(super) const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// So many secrets are good at a time.
pub(super) const MOST_SECRETS: usize = 2;
/// So many webhooks a clinic has that are not over.
pub(super) const MOST_WEBHOOKS: i64 = 20;
/// So many webhooks have their turn at a time.
pub(super) const MOST_AT_ONCE: usize = 16;
/// So many of them are of one clinic: addresses of its that never answer hold up no other clinic's.
pub(super) const MOST_OF_A_CLINIC: i64 = 8;
/// So many tries of one webhook go on at a time.
pub(super) const TRIES_OF_ONE: usize = 4;
/// So often an address is asked whether it wants this.
pub(super) const MOST_CHALLENGES: i32 = 5;
/// The longest wait between two tries.
const LONGEST: TimeDelta = TimeDelta::hours(6);
/// Twice this is the longest wait after the first one.
const SHORTEST: TimeDelta = TimeDelta::seconds(5);

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The address took it.
    Taken,
    /// It wants nothing more.
    Gone,
    /// Anything else, a redirection too: where it leads was not challenged.
    Failed,
}

/// What a status says; there is none where nobody answered.
pub(super) const fn outcome(status: Option<u16>) -> Outcome {
    match status {
        Some(200..=299) => Outcome::Taken,
        Some(410) => Outcome::Gone,
        _ => Outcome::Failed,
    }
}

/// How long to wait after so many tries: anything up to twice as long as after the one before, so that many that failed at once
/// do not come back at once. `jitter` is of 0 to 1.
pub(super) fn wait(attempts: i32, jitter: f64) -> TimeDelta {
    let doubled = SHORTEST * 2_i32.saturating_pow(attempts.clamp(1, 13).unsigned_abs());
    let most = doubled.min(LONGEST);
    let part = (most.num_milliseconds() as f64 * jitter.clamp(0.0, 1.0)) as i64;
    TimeDelta::milliseconds(part.max(500))
}

/// Whether an address has failed for too long.
pub(super) fn is_over(failing_since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - failing_since >= PATIENCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_2xx_is_a_yes_and_only_a_410_a_no_for_good() {
        for (status, expected) in [
            (Some(200), Outcome::Taken),
            (Some(204), Outcome::Taken),
            (Some(299), Outcome::Taken),
            (Some(301), Outcome::Failed),
            (Some(307), Outcome::Failed),
            (Some(404), Outcome::Failed),
            (Some(410), Outcome::Gone),
            (Some(429), Outcome::Failed),
            (Some(500), Outcome::Failed),
            (None, Outcome::Failed),
        ] {
            assert_eq!(outcome(status), expected, "{status:?}");
        }
    }

    #[test]
    fn waits_grow_to_a_ceiling_and_are_spread_over_all_of_it() {
        let most: Vec<i64> = (1..=14).map(|attempts| wait(attempts, 1.0).num_seconds()).collect();
        assert_eq!(most[..4], [10, 20, 40, 80]);
        assert!(most.is_sorted() && most[13] == LONGEST.num_seconds());
        assert_eq!(wait(3, 0.5).num_seconds(), 20);
        assert_eq!(wait(3, 0.0).num_milliseconds(), 500);
        // Within three days there are enough of them, even if the dice fall on the longest wait each time.
        let mut waited = TimeDelta::zero();
        let tries = (1..).take_while(|attempts| {
            waited += wait(*attempts, 1.0);
            waited < PATIENCE
        });
        assert!(tries.count() >= 15);
    }

    #[test]
    fn an_address_that_fails_for_three_days_is_over() {
        let since = DateTime::UNIX_EPOCH;
        assert!(!is_over(since, since + PATIENCE - TimeDelta::seconds(1)));
        assert!(is_over(since, since + PATIENCE));
    }
}
