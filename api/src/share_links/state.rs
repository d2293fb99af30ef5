//! What a guest's link is good for: from the row, what it leads to, and the clock.

use chrono::{DateTime, Utc};
use rapport_contract::share_links::ShareLinkState;

/// So often a session may be opened at one link.
pub(super) const MOST_OPENINGS: i32 = 10;
/// So many links a share may have, the first one included.
pub(super) const MOST_LINKS: i32 = 5;

/// What is known of a link.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'f> {
    /// Why it ended, if somebody ended it.
    pub(super) ended_by: Option<&'f str>,
    /// Whether there is nothing behind it any more: the sender has taken it back, or the guest has answered it.
    pub(super) is_withdrawn: bool,
    /// Wrong tries that it still bears.
    pub(super) tries_left: i32,
    /// How often a session was opened.
    pub(super) openings: i32,
    /// When it lapses.
    pub(super) expires_at: DateTime<Utc>,
}

/// What somebody wants of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// A code, or a session.
    Open,
    /// Anything within an open session.
    GoOn,
    /// A new link in place of this one.
    Renew,
    /// To say that it was not meant for them.
    Report,
}

/// Where a link stands. What somebody did on purpose comes first, the clock last.
pub(super) fn state(facts: Facts<'_>, now: DateTime<Utc>) -> ShareLinkState {
    match facts.ended_by {
        Some("misdirected") => ShareLinkState::Misdirected,
        Some("claim") => ShareLinkState::Claimed,
        _ if facts.is_withdrawn => ShareLinkState::Withdrawn,
        Some("withdrawal") => ShareLinkState::Withdrawn,
        Some("renewal") => ShareLinkState::Renewed,
        Some(_) => ShareLinkState::Unknown,
        None if facts.tries_left <= 0 => ShareLinkState::Locked,
        None if now >= facts.expires_at => ShareLinkState::Lapsed,
        None if facts.openings >= MOST_OPENINGS => ShareLinkState::UsedUp,
        None => ShareLinkState::Active,
    }
}

/// Whether a link in this state is good for this. What is not listed is not.
pub(crate) const fn allows(state: ShareLinkState, verb: Verb) -> bool {
    use ShareLinkState::{Active, Lapsed, Locked, Misdirected, UsedUp};
    matches!(
        (state, verb),
        (Active, Verb::Open | Verb::GoOn | Verb::Renew | Verb::Report)
            // The last opening that it has is still open.
            | (UsedUp, Verb::GoOn | Verb::Renew | Verb::Report)
            | (Lapsed, Verb::Renew | Verb::Report)
            | (Locked, Verb::Report)
            // Said twice it is as true, and changes nothing.
            | (Misdirected, Verb::Report)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_200, 0).unwrap()
    }

    fn facts() -> Facts<'static> {
        let expires_at = noon() + TimeDelta::days(7);
        Facts { ended_by: None, is_withdrawn: false, tries_left: 5, openings: 0, expires_at }
    }

    #[test]
    fn the_table_of_facts_states_and_verbs() {
        let verbs = [(Verb::Open, "open"), (Verb::GoOn, "go on"), (Verb::Renew, "renew"), (Verb::Report, "report")];
        let ended = |by| Facts { ended_by: Some(by), ..facts() };
        for (facts, expected, open) in [
            (facts(), ShareLinkState::Active, "open, go on, renew, report"),
            (Facts { openings: MOST_OPENINGS - 1, ..facts() }, ShareLinkState::Active, "open, go on, renew, report"),
            (Facts { openings: MOST_OPENINGS, ..facts() }, ShareLinkState::UsedUp, "go on, renew, report"),
            (Facts { expires_at: noon(), ..facts() }, ShareLinkState::Lapsed, "renew, report"),
            (Facts { tries_left: 0, ..facts() }, ShareLinkState::Locked, "report"),
            (Facts { tries_left: 0, expires_at: noon(), ..facts() }, ShareLinkState::Locked, "report"),
            (Facts { is_withdrawn: true, ..facts() }, ShareLinkState::Withdrawn, ""),
            (Facts { is_withdrawn: true, ..ended("renewal") }, ShareLinkState::Withdrawn, ""),
            (ended("withdrawal"), ShareLinkState::Withdrawn, ""),
            (Facts { is_withdrawn: true, ..ended("claim") }, ShareLinkState::Claimed, ""),
            (ended("renewal"), ShareLinkState::Renewed, ""),
            (ended("misdirected"), ShareLinkState::Misdirected, "report"),
            (ended("what nobody knows"), ShareLinkState::Unknown, ""),
        ] {
            let state = state(facts, noon());
            let allowed: Vec<_> =
                verbs.into_iter().filter(|(verb, _)| allows(state, *verb)).map(|(_, name)| name).collect();
            assert_eq!((state, allowed.join(", ").as_str()), (expected, open), "{facts:?}");
        }
    }
}
