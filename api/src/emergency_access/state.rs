//! What can be done with an emergency access, by how far it has come.

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Something can be read under it.
    Open,
    /// It has ended, and nobody has reviewed it.
    Ended,
    /// Somebody has.
    Reviewed,
}

/// What happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// It is ended before its time.
    End,
    /// Its review is closed.
    Review,
}

/// Whether it can be done; else what can. A review waits for the end: until then there may be more to look at.
pub(super) fn check(state: State, verb: Verb) -> Result<(), Vec<&'static str>> {
    match (state, verb) {
        (State::Open, Verb::End) | (State::Ended, Verb::Review) => Ok(()),
        (State::Open, Verb::Review) => Err(vec!["end"]),
        (State::Ended, Verb::End) => Err(vec!["review"]),
        (State::Reviewed, _) => Err(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_can_be_ended_and_what_has_ended_reviewed_once() {
        for state in [State::Open, State::Ended, State::Reviewed] {
            for verb in [Verb::End, Verb::Review] {
                let name = if verb == Verb::End { "end" } else { "review" };
                match check(state, verb) {
                    Ok(()) => assert!(matches!((state, verb), (State::Open, Verb::End) | (State::Ended, Verb::Review))),
                    Err(open) => assert!(!open.contains(&name), "{state:?} {verb:?}"),
                }
            }
        }
    }
}
