//! The states of a share, as one table.

use rapport_contract::shares::ShareState;

/// Which clinic acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that sent it.
    Sender,
    /// The one that it is for.
    Recipient,
}

/// What happens to a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// The recipient reads it.
    Read,
    /// The recipient says so.
    Acknowledge,
    /// The sender takes it back.
    Withdraw,
}

const VERBS: [(Verb, &str); 3] =
    [(Verb::Read, "read"), (Verb::Acknowledge, "acknowledgement"), (Verb::Withdraw, "withdrawal")];

/// The whole protocol. What is not listed is refused, with the verbs that are open to this side.
pub(super) fn next(state: ShareState, side: Side, verb: Verb) -> Result<ShareState, Vec<&'static str>> {
    step(state, side, verb).ok_or_else(|| {
        VERBS.into_iter().filter(|(open, _)| step(state, side, *open).is_some()).map(|(_, name)| name).collect()
    })
}

fn step(state: ShareState, side: Side, verb: Verb) -> Option<ShareState> {
    use ShareState::{Acknowledged, Delivered, Opened, Withdrawn};
    match (side, state, verb) {
        (Side::Recipient, Delivered | Opened, Verb::Read) => Some(Opened),
        (Side::Recipient, Acknowledged, Verb::Read) => Some(Acknowledged),
        (Side::Recipient, Opened, Verb::Acknowledge) => Some(Acknowledged),
        (Side::Sender, Delivered | Opened | Acknowledged, Verb::Withdraw) => Some(Withdrawn),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_states_sides_and_verbs() {
        use ShareState::{Acknowledged, Delivered, Opened, Withdrawn};
        let table = [
            (Delivered, Side::Recipient, "read"),
            (Opened, Side::Recipient, "read acknowledgement"),
            (Acknowledged, Side::Recipient, "read"),
            (Withdrawn, Side::Recipient, ""),
            (Delivered, Side::Sender, "withdrawal"),
            (Opened, Side::Sender, "withdrawal"),
            (Acknowledged, Side::Sender, "withdrawal"),
            (Withdrawn, Side::Sender, ""),
        ];
        for (state, side, open) in table {
            let allowed: Vec<_> =
                VERBS.into_iter().filter(|(verb, _)| next(state, side, *verb).is_ok()).map(|(_, name)| name).collect();
            assert_eq!(allowed.join(" "), open, "{state:?} {side:?}");
        }
        assert_eq!(next(Opened, Side::Recipient, Verb::Withdraw), Err(vec!["read", "acknowledgement"]));
    }
}
