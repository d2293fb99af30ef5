//! The states of a referral, as one table. The published machines that it answers to: 360X, BSeR, Gravity, and COW for the
//! cancellation, which once care has begun takes both sides.

use rapport_contract::referrals::{ReferralState, ReferralVerb};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The clinic that refers.
    Sender,
    /// The clinic that is referred to.
    Recipient,
    /// The clock.
    Timer,
}

/// What happens to a referral: a verb that somebody calls, the first reading, or that its time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// A verb.
    Verb(ReferralVerb),
    /// The recipient reads it for the first time.
    FirstReading,
    /// Nobody answered in time.
    TimeIsUp,
}

/// Where a referral stands, and where it stood when its cancellation was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    /// Now.
    pub(super) state: ReferralState,
    /// Before the cancellation was asked for.
    pub(super) before: Option<ReferralState>,
}

/// The whole protocol. What is not listed is refused, with the verbs that are open to this side.
pub(super) fn next(standing: Standing, side: Side, step: Move) -> Result<Standing, Vec<&'static str>> {
    to(standing, side, step).ok_or_else(|| allowed(standing, side).iter().map(|verb| verb.as_str()).collect())
}

/// The verbs that are open to this side.
pub(super) fn allowed(standing: Standing, side: Side) -> Vec<ReferralVerb> {
    let is_open = |verb: &ReferralVerb| to(standing, side, Move::Verb(*verb)).is_some();
    ReferralVerb::ALL.into_iter().filter(is_open).collect()
}

/// Whether nothing can happen to it any more.
pub(super) fn is_final(state: ReferralState) -> bool {
    use ReferralState as S;
    matches!(
        state,
        S::Declined | S::Redirected | S::Completed | S::Discontinued | S::Cancelled | S::Expired | S::EnteredInError
    )
}

fn to(standing: Standing, side: Side, step: Move) -> Option<Standing> {
    use ReferralState as S;
    use ReferralVerb as V;
    let is_asked_back = matches!((side, step), (Side::Recipient, Move::Verb(V::RefuseCancellation)));
    if standing.state == S::CancellationRequested && is_asked_back {
        return Some(Standing { state: standing.before?, before: None });
    }
    let state = match (side, step, standing.state) {
        (Side::Sender, Move::Verb(verb), state) => match (verb, state) {
            (V::Send, S::Draft) => S::Sent,
            (V::ProvideInformation, S::InformationRequested) => S::Received,
            (V::Cancel, S::Draft | S::Sent | S::Received | S::InformationRequested) => S::Cancelled,
            (V::RequestCancellation, S::Accepted | S::Waitlisted | S::Scheduled | S::NoShow | S::InCare) => {
                S::CancellationRequested
            }
            (V::EnterInError, S::Draft | S::Sent | S::Received) => S::EnteredInError,
            _ => return None,
        },
        (Side::Recipient, Move::FirstReading, S::Sent) => S::Received,
        (Side::Timer, Move::TimeIsUp, S::Sent | S::Received | S::InformationRequested) => S::Expired,
        (Side::Recipient, Move::Verb(verb), state) => match (verb, state) {
            (V::Accept, S::Sent | S::Received) => S::Accepted,
            (V::Decline, S::Sent | S::Received) => S::Declined,
            (V::Redirect, S::Sent | S::Received) => S::Redirected,
            (V::RequestInformation, S::Sent | S::Received) => S::InformationRequested,
            (V::Waitlist, S::Accepted) => S::Waitlisted,
            (V::Schedule, S::Accepted | S::Waitlisted | S::Scheduled | S::NoShow) => S::Scheduled,
            (V::NoShow, S::Scheduled) => S::NoShow,
            (V::CancelAppointment, S::Scheduled) => S::Accepted,
            (V::Start, S::Accepted | S::Scheduled) => S::InCare,
            (V::Complete, S::Accepted | S::Scheduled | S::InCare | S::CancellationRequested) => S::Completed,
            (V::Discontinue, S::InCare) => S::Discontinued,
            (V::ConfirmCancellation, S::CancellationRequested) => S::Cancelled,
            _ => return None,
        },
        _ => return None,
    };
    let before = (state == S::CancellationRequested).then_some(standing.state);
    Some(Standing { state, before })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is open in each state to each side, written down a second time: by state, and not by verb.
    const TABLE: &[(ReferralState, &str, &str)] = {
        use ReferralState as S;
        &[
            (S::Draft, "send cancel enter_in_error", ""),
            (S::Sent, "cancel enter_in_error", "accept decline redirect request_information"),
            (S::Received, "cancel enter_in_error", "accept decline redirect request_information"),
            (S::InformationRequested, "provide_information cancel", ""),
            (S::Accepted, "request_cancellation", "waitlist schedule start complete"),
            (S::Waitlisted, "request_cancellation", "schedule"),
            (S::Scheduled, "request_cancellation", "schedule no_show cancel_appointment start complete"),
            (S::NoShow, "request_cancellation", "schedule"),
            (S::InCare, "request_cancellation", "complete discontinue"),
            (S::CancellationRequested, "", "complete confirm_cancellation refuse_cancellation"),
            (S::Declined, "", ""),
            (S::Redirected, "", ""),
            (S::Completed, "", ""),
            (S::Discontinued, "", ""),
            (S::Cancelled, "", ""),
            (S::Expired, "", ""),
            (S::EnteredInError, "", ""),
            (S::Unknown, "", ""),
        ]
    };

    /// What lapses when its time is up.
    const LAPSING: [ReferralState; 3] =
        [ReferralState::Sent, ReferralState::Received, ReferralState::InformationRequested];

    fn standing(state: ReferralState) -> Standing {
        let before = (state == ReferralState::CancellationRequested).then_some(ReferralState::InCare);
        Standing { state, before }
    }

    fn in_words(verbs: &[ReferralVerb]) -> String {
        verbs.iter().map(|verb| verb.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_table_of_every_state_every_side_and_every_verb() {
        for (state, sender, recipient) in TABLE {
            let at = standing(*state);
            assert_eq!(in_words(&allowed(at, Side::Sender)), *sender, "{state:?}");
            assert_eq!(in_words(&allowed(at, Side::Recipient)), *recipient, "{state:?}");
            assert_eq!(allowed(at, Side::Timer), [], "{state:?}");
            for side in [Side::Sender, Side::Recipient, Side::Timer] {
                let reads = side == Side::Recipient && *state == ReferralState::Sent;
                assert_eq!(next(at, side, Move::FirstReading).is_ok(), reads, "{state:?} {side:?}");
                let lapses = side == Side::Timer && LAPSING.contains(state);
                let lapsed = next(at, side, Move::TimeIsUp).map(|lapsed| lapsed.state);
                assert_eq!(lapsed.ok(), lapses.then_some(ReferralState::Expired), "{state:?} {side:?}");
            }
            let is_over = sender.is_empty() && recipient.is_empty() && *state != ReferralState::Unknown;
            assert_eq!(is_final(*state), is_over, "{state:?}");
        }
        let told: Vec<_> = TABLE.iter().map(|(state, ..)| *state).collect();
        assert!(ReferralState::ALL.iter().all(|state| told.contains(state)), "a state is not in the table");
    }

    #[test]
    fn each_verb_leads_where_the_contract_says() {
        use ReferralState as S;
        use ReferralVerb as V;
        let table = [
            (V::Send, S::Draft, S::Sent),
            (V::Accept, S::Received, S::Accepted),
            (V::Decline, S::Received, S::Declined),
            (V::Redirect, S::Sent, S::Redirected),
            (V::RequestInformation, S::Sent, S::InformationRequested),
            (V::ProvideInformation, S::InformationRequested, S::Received),
            (V::Waitlist, S::Accepted, S::Waitlisted),
            (V::Schedule, S::NoShow, S::Scheduled),
            (V::NoShow, S::Scheduled, S::NoShow),
            (V::CancelAppointment, S::Scheduled, S::Accepted),
            (V::Start, S::Accepted, S::InCare),
            (V::Complete, S::InCare, S::Completed),
            (V::Discontinue, S::InCare, S::Discontinued),
            (V::Cancel, S::InformationRequested, S::Cancelled),
            (V::RequestCancellation, S::NoShow, S::CancellationRequested),
            (V::ConfirmCancellation, S::CancellationRequested, S::Cancelled),
            (V::RefuseCancellation, S::CancellationRequested, S::InCare),
            (V::EnterInError, S::Draft, S::EnteredInError),
        ];
        for (verb, from, to) in table {
            let reached: Vec<_> = [Side::Sender, Side::Recipient]
                .into_iter()
                .filter_map(|side| next(standing(from), side, Move::Verb(verb)).ok())
                .collect();
            assert_eq!(reached.iter().map(|standing| standing.state).collect::<Vec<_>>(), [to], "{verb:?}");
        }
        assert_eq!(table.len(), ReferralVerb::ALL.len());
    }

    #[test]
    fn a_refused_cancellation_leads_back_to_where_it_was_asked_from() {
        use ReferralState as S;
        for from in [S::Accepted, S::Waitlisted, S::Scheduled, S::NoShow, S::InCare] {
            let asked = next(standing(from), Side::Sender, Move::Verb(ReferralVerb::RequestCancellation)).unwrap();
            assert_eq!(asked, Standing { state: S::CancellationRequested, before: Some(from) });
            let refused = next(asked, Side::Recipient, Move::Verb(ReferralVerb::RefuseCancellation)).unwrap();
            assert_eq!(refused, Standing { state: from, before: None });
        }
    }

    #[test]
    fn a_refusal_names_what_is_open() {
        let refused = next(standing(ReferralState::Waitlisted), Side::Recipient, Move::Verb(ReferralVerb::Complete));
        assert_eq!(refused, Err(vec!["schedule"]));
    }
}
