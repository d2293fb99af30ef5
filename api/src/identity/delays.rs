//! How long a sign-in has to wait after others failed (NIST SP 800-63B-4, 3.2.2).
//!
//! Failures count twice. Where they come from (an address, or the browser that was signed in before), they delay that source
//! alone. For the account as a whole, wherever they come from, they delay only sources that nobody signed in from before. So an
//! outsider who guesses slows themselves, and many outsiders slow newcomers; whoever has the password and comes from where they
//! came before is never kept out by somebody else. A try is counted before the password is looked at and taken back when it
//! fits, so that many at once are counted like one after the other.

use chrono::{DateTime, TimeDelta, Utc};

/// So many failures from one source cost no wait.
pub(super) const FREE_FROM_A_SOURCE: i32 = 5;
/// So many failures of one account cost newcomers no wait.
pub(super) const FREE_OF_AN_ACCOUNT: i32 = 20;
/// After so many in a row none is taken any more until they are forgotten (NIST SP 800-63B-4, 3.2.2).
const MOST: i32 = 100;
/// Failures are forgotten when this long nothing was tried, in hours.
pub(super) const FORGOTTEN_AFTER_HOURS: i64 = 24;
/// The longest wait between two tries, in seconds.
const LONGEST_WAIT: i64 = 900;
/// A source from which somebody signed in counts as known for this long, in days.
pub(super) const KNOWN_FOR_DAYS: i64 = 90;

/// Failures in a row, and when the last one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failures {
    pub(super) count: i32,
    pub(super) last_at: DateTime<Utc>,
}

impl Failures {
    /// Those that are not forgotten.
    pub(super) fn remembered(self, now: DateTime<Utc>) -> i32 {
        if now < self.forgotten_at() { self.count } else { 0 }
    }

    fn forgotten_at(self) -> DateTime<Utc> {
        self.last_at + TimeDelta::hours(FORGOTTEN_AFTER_HOURS)
    }

    /// How many seconds the next try has to wait from now on: none for the first `free`, then twice as long each time.
    pub(super) fn wait(self, free: i32, now: DateTime<Utc>) -> Option<u64> {
        let count = self.remembered(now);
        if count < free {
            return None;
        }
        let until = if count >= MOST {
            self.forgotten_at()
        } else {
            let doublings = u32::try_from(count - free).unwrap_or_default() + 1;
            let seconds = 2_i64.checked_pow(doublings).map_or(LONGEST_WAIT, |seconds| seconds.min(LONGEST_WAIT));
            self.last_at + TimeDelta::seconds(seconds)
        };
        // A part of a second is a second: who comes back when they were told to is not sent away again.
        let left = (until - now).num_milliseconds();
        u64::try_from(left).ok().filter(|left| *left > 0).map(|left| left.div_ceil(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(count: i32, seconds: i64) -> Option<u64> {
        let last_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Failures { count, last_at }.wait(FREE_FROM_A_SOURCE, last_at + TimeDelta::seconds(seconds))
    }

    #[test]
    fn the_first_failures_are_free_and_each_later_one_doubles_the_wait() {
        assert!((0..FREE_FROM_A_SOURCE).all(|count| after(count, 0).is_none()));
        let waits: Vec<_> = (5..16).map(|count| after(count, 0).unwrap()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!((after(8, 15), after(8, 16)), (Some(1), None), "half-open");
        assert_eq!(after(40, 0), Some(900), "a large count does not overflow");
    }

    #[test]
    fn after_a_hundred_in_a_row_none_is_taken_until_they_are_forgotten() {
        assert_eq!(after(99, 900), None);
        assert_eq!(after(100, 900), Some(24 * 3600 - 900));
        assert_eq!(after(100, 24 * 3600), None);
    }
}
