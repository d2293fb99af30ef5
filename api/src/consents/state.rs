//! The states of a consent: what is stored, what the clock makes of it, and which moves are open.

use chrono::{DateTime, Utc};
use rapport_contract::consents::ConsentState;

/// What happens to a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// The patient signs, at the link or on paper.
    Sign,
    /// The patient says no.
    Refuse,
    /// The patient takes it back.
    Revoke,
}

impl Verb {
    const ALL: [Self; 3] = [Self::Sign, Self::Refuse, Self::Revoke];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "signature",
            Self::Refuse => "refusal",
            Self::Revoke => "revocation",
        }
    }
}

/// What the clock makes of a stored state: nothing is written when time runs out.
pub fn effective(
    stored: &str,
    expires_at: DateTime<Utc>,
    lapses_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> ConsentState {
    match stored {
        "pending" if now >= lapses_at || now >= expires_at => ConsentState::Lapsed,
        "pending" => ConsentState::Pending,
        "active" if now >= expires_at => ConsentState::Expired,
        "active" => ConsentState::Active,
        "revoked" => ConsentState::Revoked,
        "superseded" => ConsentState::Superseded,
        "declined" => ConsentState::Declined,
        _ => ConsentState::Unknown,
    }
}

/// The whole protocol. A pair that is not listed is refused.
///
/// # Errors
/// The verbs that are open instead.
pub fn next(state: ConsentState, verb: Verb) -> Result<ConsentState, Vec<&'static str>> {
    match (state, verb) {
        (ConsentState::Pending, Verb::Sign) => Ok(ConsentState::Active),
        (ConsentState::Pending, Verb::Refuse) => Ok(ConsentState::Declined),
        (ConsentState::Active, Verb::Revoke) => Ok(ConsentState::Revoked),
        _ => Err(Verb::ALL.into_iter().filter(|open| is_open(state, *open)).map(Verb::as_str).collect()),
    }
}

fn is_open(state: ConsentState, verb: Verb) -> bool {
    matches!((state, verb), (ConsentState::Pending, Verb::Sign | Verb::Refuse) | (ConsentState::Active, Verb::Revoke))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    const STATES: [ConsentState; 7] = [
        ConsentState::Pending,
        ConsentState::Active,
        ConsentState::Revoked,
        ConsentState::Expired,
        ConsentState::Superseded,
        ConsentState::Declined,
        ConsentState::Lapsed,
    ];

    #[test]
    fn every_pair_of_state_and_verb_is_decided() {
        for state in STATES {
            for verb in Verb::ALL {
                let outcome = next(state, verb);
                assert_eq!(outcome.is_ok(), is_open(state, verb), "{state:?} {verb:?}");
                if let Err(allowed) = outcome {
                    assert!(!allowed.contains(&verb.as_str()), "{state:?} {verb:?}");
                }
            }
        }
        assert_eq!(next(ConsentState::Active, Verb::Sign), Err(vec!["revocation"]));
        assert_eq!(next(ConsentState::Revoked, Verb::Revoke), Err(vec![]));
    }

    #[test]
    fn time_alone_ends_a_consent_and_a_question() {
        let now = DateTime::from_timestamp(1_795_435_200, 0).unwrap();
        let (later, day) = (now + TimeDelta::seconds(1), TimeDelta::days(1));
        assert_eq!(effective("active", later, now - day, now), ConsentState::Active);
        assert_eq!(effective("active", now, now - day, now), ConsentState::Expired);
        assert_eq!(effective("pending", now + day, later, now), ConsentState::Pending);
        assert_eq!(effective("pending", now + day, now, now), ConsentState::Lapsed);
        assert_eq!(effective("revoked", now - day, now - day, now), ConsentState::Revoked);
    }
}
