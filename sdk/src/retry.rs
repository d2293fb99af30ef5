//! When to try again, as a pure function: no clock, no randomness, no HTTP, so that a table can test it.

use std::time::Duration;

/// How often and how patiently a call is repeated.
///
/// The wait before a repetition is a random part of `base` doubled with each attempt, at most `cap`; where the service
/// says `Retry-After`, that much is waited first. No wait goes past the call's overall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How many attempts a call gets, the first one included.
    pub attempts: u32,
    /// The longest wait before the second attempt.
    pub base: Duration,
    /// The longest wait before any attempt.
    pub cap: Duration,
}

impl Policy {
    /// One attempt, whatever comes of it.
    pub const NEVER: Self = Self { attempts: 1, base: Duration::ZERO, cap: Duration::ZERO };

    /// How long to wait before the next attempt, or `None` to give the caller what we have.
    ///
    /// `left` is the rest of the call's time, `jitter` a random number in `[0, 1)`.
    pub(crate) fn next(&self, attempt: &Attempt, left: Duration, jitter: f64) -> Option<Duration> {
        if attempt.number >= self.attempts || !attempt.repeat.allows(attempt.outcome) {
            return None;
        }
        let doubled = self.base.saturating_mul(1 << attempt.number.saturating_sub(1).min(16));
        let backoff = doubled.min(self.cap).mul_f64(jitter.clamp(0.0, 1.0));
        // On top of `Retry-After`, not instead: everybody was told the same number.
        let wait = attempt.retry_after.unwrap_or_default().saturating_add(backoff);
        (wait < left).then_some(wait)
    }
}

impl Default for Policy {
    /// Four attempts; waits of up to 0.25 s, 0.5 s and 1 s.
    fn default() -> Self {
        Self { attempts: 4, base: Duration::from_millis(250), cap: Duration::from_secs(8) }
    }
}

/// What one attempt taught us.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// What the request can bear.
    pub(crate) repeat: Repeat,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// How long the service asked us to wait.
    pub(crate) retry_after: Option<Duration>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was no connection: the service never heard of it.
    Unsent,
    /// It may have been carried out; the answer never came, or not all of it.
    Lost,
    /// The service answered.
    Answered {
        /// The status code.
        status: u16,
        /// Whether the problem is that the first request with this key still runs.
        in_progress: bool,
    },
}

impl Outcome {
    /// Whether the work may have been done although nobody told us so.
    pub(crate) const fn may_have_happened(self) -> bool {
        match self {
            Self::Unsent => false,
            Self::Lost => true,
            // A gateway answers 502 and 504 when it lost the service's answer.
            Self::Answered { status, in_progress } => in_progress || matches!(status, 502 | 504),
        }
    }

    /// Whether another try may end differently.
    pub(crate) const fn is_transient(self) -> bool {
        match self {
            Self::Unsent | Self::Lost => true,
            Self::Answered { status, in_progress } => in_progress || matches!(status, 429 | 502..=504),
        }
    }
}

/// What a request can bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Doing it twice is doing it once: it reads, it is idempotent by its method, or it carries an idempotency key.
    Freely,
    /// Only when nothing can have been done yet.
    Unapplied,
    /// Only when the answer was lost: for a refresh, whose successor is given out once more for a few seconds.
    LostAnswer,
}

impl Repeat {
    const fn allows(self, outcome: Outcome) -> bool {
        match self {
            Self::Freely => outcome.is_transient(),
            Self::Unapplied => outcome.is_transient() && !outcome.may_have_happened(),
            Self::LostAnswer => matches!(outcome, Outcome::Unsent | Outcome::Lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Outcome, Policy, Repeat};
    use std::time::Duration;

    const fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, in_progress: false }
    }

    #[test]
    fn what_is_repeated_depends_on_the_outcome_and_on_what_the_request_can_bear() {
        let in_progress = Outcome::Answered { status: 409, in_progress: true };
        // outcome, freely, unapplied, lost answer
        let table = [
            (Outcome::Unsent, true, true, true),
            (Outcome::Lost, true, false, true),
            (answered(429), true, true, false),
            (answered(502), true, false, false),
            (answered(503), true, true, false),
            (answered(504), true, false, false),
            (in_progress, true, false, false),
            (answered(200), false, false, false),
            (answered(400), false, false, false),
            (answered(401), false, false, false),
            (answered(409), false, false, false),
            (answered(412), false, false, false),
            (answered(422), false, false, false),
            (answered(500), false, false, false),
        ];
        for (outcome, freely, unapplied, lost_answer) in table {
            for (repeat, expected) in
                [(Repeat::Freely, freely), (Repeat::Unapplied, unapplied), (Repeat::LostAnswer, lost_answer)]
            {
                let attempt = Attempt { number: 1, repeat, outcome, retry_after: None };
                let next = Policy::default().next(&attempt, Duration::from_secs(60), 0.5);
                assert_eq!(next.is_some(), expected, "{repeat:?} after {outcome:?}");
            }
        }
    }

    #[test]
    fn waits_double_up_to_the_cap_and_attempts_run_out() {
        let policy = Policy { attempts: 6, base: Duration::from_secs(1), cap: Duration::from_secs(5) };
        let wait = |number, jitter| {
            let attempt = Attempt { number, repeat: Repeat::Freely, outcome: Outcome::Lost, retry_after: None };
            policy.next(&attempt, Duration::from_secs(60), jitter).map(|wait| wait.as_millis())
        };
        assert_eq!([1, 2, 3, 4, 5].map(|number| wait(number, 1.0)), [1000, 2000, 4000, 5000, 5000].map(Some));
        assert_eq!(wait(3, 0.0), Some(0));
        assert_eq!(wait(3, 0.25), Some(1000));
        assert_eq!(wait(6, 0.5), None);
        assert_eq!(wait(u32::MAX, 0.5), None);
    }

    #[test]
    fn retry_after_is_waited_first_and_no_wait_goes_past_the_time_left() {
        let policy = Policy { attempts: 3, base: Duration::from_secs(2), cap: Duration::from_secs(8) };
        let wait = |retry_after, left| {
            let attempt = Attempt {
                number: 1,
                repeat: Repeat::Freely,
                outcome: answered(429),
                retry_after: Some(Duration::from_secs(retry_after)),
            };
            policy.next(&attempt, Duration::from_secs(left), 0.5).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(10, 60), Some(11));
        assert_eq!(wait(10, 11), None);
        assert_eq!(wait(u64::MAX, 60), None);
    }
}
