//! What each verb takes. Pure rules.

use rapport_contract::referrals::{ReferralMove, ReferralReason, ReferralState, ReferralVerb};

/// A referral is for this, and the consent has to be.
pub(super) const PURPOSE: &str = "treatment";

/// A verb as the audit log has it.
pub(super) const fn action(verb: ReferralVerb) -> &'static str {
    use ReferralVerb as V;
    match verb {
        V::Send => "referral.send",
        V::Accept => "referral.accept",
        V::Decline => "referral.decline",
        V::Redirect => "referral.redirect",
        V::RequestInformation => "referral.request_information",
        V::ProvideInformation => "referral.provide_information",
        V::Waitlist => "referral.waitlist",
        V::Schedule => "referral.schedule",
        V::NoShow => "referral.no_show",
        V::CancelAppointment => "referral.cancel_appointment",
        V::Start => "referral.start",
        V::Complete => "referral.complete",
        V::Discontinue => "referral.discontinue",
        V::Cancel => "referral.cancel",
        V::RequestCancellation => "referral.request_cancellation",
        V::ConfirmCancellation => "referral.confirm_cancellation",
        V::RefuseCancellation => "referral.refuse_cancellation",
        V::EnterInError => "referral.enter_in_error",
        V::Unknown => "referral.unknown",
    }
}

/// Whether whom it is for may read what it says, if the gate permits it: what came to nothing is nobody's to read any more.
pub(super) const fn is_open(state: ReferralState) -> bool {
    use ReferralState as S;
    !matches!(
        state,
        S::Draft | S::Declined | S::Redirected | S::Cancelled | S::Expired | S::EnteredInError | S::Unknown
    )
}

/// A field that is missing, or that the verb does not take.
pub(super) type Fault = (&'static str, &'static str, &'static str);

/// What is wrong with what came with a verb.
pub(super) fn faults(verb: ReferralVerb, given: &ReferralMove) -> Vec<Fault> {
    use ReferralVerb as V;
    let needs_reason =
        matches!(verb, V::Decline | V::Cancel | V::RequestCancellation | V::Discontinue | V::EnterInError);
    let needs_note =
        matches!(verb, V::RequestInformation | V::ProvideInformation) || given.reason == Some(ReferralReason::Other);
    let needs_share = matches!(verb, V::Complete | V::Discontinue);
    let fields = [
        ("/reason", given.reason.is_some(), needs_reason, needs_reason || verb == V::Redirect),
        ("/note", given.note.is_some(), needs_note, true),
        ("/appointment_at", given.appointment_at.is_some(), verb == V::Schedule, verb == V::Schedule),
        ("/instead", given.instead.is_some(), verb == V::Redirect, verb == V::Redirect),
        ("/patient_id", given.patient_id.is_some(), false, verb == V::Accept),
        ("/share_id", given.share_id.is_some(), needs_share && given.answer.is_none(), needs_share),
        ("/answer", given.answer.is_some(), false, needs_share),
    ];
    let mut faults = Vec::new();
    for (pointer, is_given, is_needed, is_taken) in fields {
        if is_needed && !is_given {
            faults.push((pointer, "required", "This verb needs it."));
        }
        if is_given && !is_taken {
            faults.push((pointer, "not_taken", "This verb does not take it."));
        }
    }
    if given.reason == Some(ReferralReason::Unknown) {
        faults.push(("/reason", "unknown_value", "This reason is not known."));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_takes_its_own_and_nothing_else() {
        let pointers = |verb, given: &ReferralMove| -> String {
            faults(verb, given)
                .iter()
                .map(|(pointer, code, _)| format!("{pointer} {code}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let nothing = ReferralMove::default();
        let needed = |verb| pointers(verb, &nothing);
        for verb in ReferralVerb::ALL {
            let expected = match verb.as_str() {
                "decline" | "cancel" | "request_cancellation" | "enter_in_error" => "/reason required",
                "discontinue" => "/reason required, /share_id required",
                "complete" => "/share_id required",
                "request_information" | "provide_information" => "/note required",
                "schedule" => "/appointment_at required",
                "redirect" => "/instead required",
                _ => "",
            };
            assert_eq!(needed(verb), expected, "{verb:?}");
        }
        let other = ReferralMove { reason: Some(ReferralReason::Other), ..ReferralMove::default() };
        assert_eq!(pointers(ReferralVerb::Decline, &other), "/note required");
        assert_eq!(pointers(ReferralVerb::Start, &other), "/reason not_taken, /note required");
        let unknown = ReferralMove { reason: Some(ReferralReason::Unknown), ..ReferralMove::default() };
        assert_eq!(pointers(ReferralVerb::Cancel, &unknown), "/reason unknown_value");
    }
}
