//! When the next step of a referral is due, and who is told of it when. Pure rules.

use super::super::state::is_final;
use chrono::{DateTime, TimeDelta, Utc};
use rapport_contract::{
    referral_times::{SetReferralTimes, UrgencyTimes},
    referrals::{ReferralSide, ReferralState, ReferralVerb, Urgency},
};

/// The times that hold until a clinic sets its own.
pub(crate) const DEFAULTS: SetReferralTimes = SetReferralTimes {
    routine: UrgencyTimes { answer_hours: 72, report_days: 60, expiry_days: 30 },
    urgent: UrgencyTimes { answer_hours: 24, report_days: 30, expiry_days: 14 },
    emergent: UrgencyTimes { answer_hours: 4, report_days: 14, expiry_days: 7 },
};
/// What is late is told again as often as this.
const AGAIN: TimeDelta = TimeDelta::days(7);

/// The times of an urgency.
pub(crate) fn times_of(times: &SetReferralTimes, urgency: Urgency) -> UrgencyTimes {
    match urgency {
        Urgency::Routine => times.routine,
        Urgency::Urgent => times.urgent,
        // What is not known waits the least.
        Urgency::Emergent | Urgency::Unknown => times.emergent,
    }
}

/// What is wrong with times: a field's pointer and words.
pub(crate) fn faults(times: &SetReferralTimes) -> Vec<(String, &'static str)> {
    let mut faults = Vec::new();
    for (name, given) in [("routine", times.routine), ("urgent", times.urgent), ("emergent", times.emergent)] {
        let fields = [
            ("answer_hours", given.answer_hours, 2160, "1 to 2160 hours."),
            ("report_days", given.report_days, 730, "1 to 730 days."),
            ("expiry_days", given.expiry_days, 365, "1 to 365 days."),
        ];
        for (field, value, most, words) in fields {
            if !(1..=most).contains(&value) {
                faults.push((format!("/{name}/{field}"), words));
            }
        }
        if TimeDelta::days(given.expiry_days.into()) < TimeDelta::hours(given.answer_hours.into()) {
            faults.push((format!("/{name}/expiry_days"), "A referral can't lapse before its answer is due."));
        }
    }
    faults
}

/// A referral's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Clock {
    /// Whose turn it is.
    pub(crate) awaits: Option<ReferralSide>,
    /// When that is due.
    pub(crate) due_at: Option<DateTime<Utc>>,
    /// When the report is due, once it was accepted.
    pub(crate) report_due_at: Option<DateTime<Utc>>,
    /// When it lapses.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// When whoever it awaits is told, or told again.
    pub(crate) remind_at: Option<DateTime<Utc>>,
}

/// Whose turn it is in a state.
pub(crate) const fn awaits(state: ReferralState) -> Option<ReferralSide> {
    use ReferralState as S;
    match state {
        S::InformationRequested => Some(ReferralSide::Sender),
        S::Sent
        | S::Received
        | S::Accepted
        | S::Waitlisted
        | S::Scheduled
        | S::NoShow
        | S::InCare
        | S::CancellationRequested => Some(ReferralSide::Recipient),
        _ => None,
    }
}

/// Whether a referral in this state lapses when its time is up.
pub(crate) const fn can_expire(state: ReferralState) -> bool {
    matches!(state, ReferralState::Sent | ReferralState::Received | ReferralState::InformationRequested)
}

/// Whether the verb answers what was asked.
pub(crate) const fn is_answer(verb: ReferralVerb) -> bool {
    use ReferralVerb as V;
    matches!(verb, V::Accept | V::Decline | V::Redirect | V::RequestInformation)
}

/// The clock after a move: it starts anew where the turn goes to the other side, and goes on where it does not.
pub(crate) fn turned(
    was: Clock,
    from: ReferralState,
    to: ReferralState,
    times: UrgencyTimes,
    now: DateTime<Utc>,
) -> Clock {
    use ReferralState as S;
    if is_final(to) {
        return Clock { report_due_at: was.report_due_at, ..Clock::default() };
    }
    let answer = now + TimeDelta::hours(times.answer_hours.into());
    let asked = |due_at| Clock { awaits: awaits(to), due_at: Some(due_at), remind_at: Some(now), ..was };
    match (from, to) {
        (S::Draft, S::Sent) => {
            let expires_at = Some(now + TimeDelta::days(times.expiry_days.into()));
            Clock { expires_at, ..asked(answer) }
        }
        (_, S::InformationRequested | S::CancellationRequested) | (S::InformationRequested, S::Received) => {
            asked(answer)
        }
        (S::Sent | S::Received, S::Accepted) => {
            let due = now + TimeDelta::days(times.report_days.into());
            Clock {
                awaits: awaits(to),
                due_at: Some(due),
                report_due_at: Some(due),
                expires_at: None,
                remind_at: reminder(due, span(to, times), now),
            }
        }
        // The cancellation was refused: the report is due as before.
        (S::CancellationRequested, _) => {
            let remind_at = was.report_due_at.and_then(|due| reminder(due, span(to, times), now));
            Clock { awaits: awaits(to), due_at: was.report_due_at, remind_at, ..was }
        }
        _ => was,
    }
}

/// How long there is for what is awaited in a state.
pub(crate) fn span(state: ReferralState, times: UrgencyTimes) -> TimeDelta {
    let is_answer = can_expire(state) || matches!(state, ReferralState::CancellationRequested);
    if is_answer { TimeDelta::hours(times.answer_hours.into()) } else { TimeDelta::days(times.report_days.into()) }
}

/// When whoever is awaited is told next: when a quarter of the time is left, when it is due, and every week after.
pub(crate) fn reminder(due_at: DateTime<Utc>, span: TimeDelta, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let before = due_at - span / 4;
    if now < before {
        return Some(before);
    }
    if now < due_at {
        return Some(due_at);
    }
    let weeks = (now - due_at).num_milliseconds() / AGAIN.num_milliseconds() + 1;
    let wait = AGAIN.checked_mul(i32::try_from(weeks).ok()?)?;
    due_at.checked_add_signed(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: UrgencyTimes = UrgencyTimes { answer_hours: 72, report_days: 60, expiry_days: 30 };

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn after(steps: &[(i64, ReferralState)]) -> Clock {
        let start = (Clock::default(), ReferralState::Draft);
        steps.iter().fold(start, |(clock, from), (hours, to)| (turned(clock, from, *to, TIMES, at(*hours)), *to)).0
    }

    #[test]
    fn an_answer_is_due_from_when_it_is_somebodys_turn() {
        use ReferralState as S;
        let sent = after(&[(0, S::Sent)]);
        let expected = Clock {
            awaits: Some(ReferralSide::Recipient),
            due_at: Some(at(72)),
            report_due_at: None,
            expires_at: Some(at(720)),
            remind_at: Some(at(0)),
        };
        assert_eq!(sent, expected);
        assert_eq!(after(&[(0, S::Sent), (5, S::Received)]), expected, "a reading answers nothing");
        let asked = after(&[(0, S::Sent), (5, S::InformationRequested)]);
        assert_eq!((asked.awaits, asked.due_at), (Some(ReferralSide::Sender), Some(at(77))));
        let told = after(&[(0, S::Sent), (5, S::InformationRequested), (50, S::Received)]);
        assert_eq!((told.awaits, told.due_at), (Some(ReferralSide::Recipient), Some(at(122))));
        assert_eq!(told.expires_at, Some(at(720)), "asking back does not keep it alive for ever");
    }

    #[test]
    fn a_report_is_due_from_the_acceptance_whatever_comes_between() {
        use ReferralState as S;
        let due = Some(at(10 + 60 * 24));
        let accepted = after(&[(0, S::Sent), (10, S::Accepted)]);
        assert_eq!((accepted.due_at, accepted.expires_at), (due, None));
        assert_eq!(accepted.remind_at, Some(at(10 + 45 * 24)), "when a quarter of the time is left");
        for on in [S::Waitlisted, S::Scheduled, S::NoShow, S::InCare] {
            assert_eq!(after(&[(0, S::Sent), (10, S::Accepted), (20, on)]), accepted, "{on:?}");
        }
        let asked = after(&[(0, S::Sent), (10, S::Accepted), (20, S::InCare), (30, S::CancellationRequested)]);
        assert_eq!((asked.due_at, asked.report_due_at), (Some(at(102)), due));
        let refused =
            after(&[(0, S::Sent), (10, S::Accepted), (20, S::InCare), (30, S::CancellationRequested), (40, S::InCare)]);
        assert_eq!(refused, accepted);
    }

    #[test]
    fn what_is_over_awaits_nobody() {
        for over in ReferralState::ALL.into_iter().filter(|state| is_final(*state)) {
            let clock = after(&[(0, ReferralState::Sent), (1, over)]);
            assert_eq!(clock, Clock::default(), "{over:?}");
            assert_eq!(awaits(over), None);
        }
    }

    #[test]
    fn reminders_come_before_it_is_due_then_and_weekly() {
        let told = |hours| reminder(at(72), TimeDelta::hours(72), at(hours));
        assert_eq!(told(0), Some(at(54)));
        assert_eq!(told(54), Some(at(72)));
        assert_eq!(told(72), Some(at(72 + 168)));
        assert_eq!(told(72 + 167), Some(at(72 + 168)));
        assert_eq!(told(72 + 168), Some(at(72 + 336)));
    }

    #[test]
    fn times_that_make_no_sense_are_named() {
        assert_eq!(faults(&DEFAULTS), []);
        let odd = UrgencyTimes { answer_hours: 49, report_days: 0, expiry_days: 2 };
        let pointers: Vec<_> =
            faults(&SetReferralTimes { urgent: odd, ..DEFAULTS }).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/urgent/report_days", "/urgent/expiry_days"]);
    }
}
