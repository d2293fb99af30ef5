//! Row <-> domain <-> wire.

use super::{
    guests,
    state::{Side, Standing, allowed},
    store::{By, Named, Row, Said, Transition},
};
use crate::{
    consents::{self, policy::Recipient as GateRecipient},
    http::ApiError,
    identity::{Principal, policy::Right},
};
use chrono::{DateTime, Utc};
use rapport_contract::{
    clinics::ClinicName,
    consents::{Recipient, RecipientKind},
    opinions::OpinionAnswer,
    referrals::{
        Referral, ReferralContent, ReferralKind, ReferralNote, ReferralReason, ReferralState, ReferralTransition,
        ReferralVerb, ReferredPatient, Urgency,
    },
    reports::Author,
};
use uuid::Uuid;

/// The right that a verb takes. Appointments are made at the front desk too.
pub(super) const fn right(verb: ReferralVerb) -> Right {
    use ReferralVerb as V;
    match verb {
        V::Send | V::ProvideInformation | V::Cancel | V::RequestCancellation | V::EnterInError => Right::WriteReferrals,
        V::Waitlist | V::Schedule | V::NoShow | V::CancelAppointment => Right::ScheduleReferrals,
        V::Accept
        | V::Decline
        | V::Redirect
        | V::RequestInformation
        | V::Start
        | V::Complete
        | V::Discontinue
        | V::ConfirmCancellation
        | V::RefuseCancellation
        // Never said: no path leads to it.
        | V::Unknown => Right::AnswerReferrals,
    }
}

/// The word of a reason's column.
pub(super) const fn reason_word(reason: ReferralReason) -> &'static str {
    match reason {
        ReferralReason::OutOfScope => "out_of_scope",
        ReferralReason::NoCapacity => "no_capacity",
        ReferralReason::Insurance => "insurance",
        ReferralReason::MissingInformation => "missing_information",
        ReferralReason::Conflict => "conflict",
        ReferralReason::PatientDeclined => "patient_declined",
        ReferralReason::Unreachable => "unreachable",
        ReferralReason::NoLongerNeeded => "no_longer_needed",
        ReferralReason::Mistaken => "mistaken",
        ReferralReason::Other => "other",
        ReferralReason::Unknown => "unknown",
    }
}

fn reason(word: &str) -> ReferralReason {
    match word {
        "out_of_scope" => ReferralReason::OutOfScope,
        "no_capacity" => ReferralReason::NoCapacity,
        "insurance" => ReferralReason::Insurance,
        "missing_information" => ReferralReason::MissingInformation,
        "conflict" => ReferralReason::Conflict,
        "patient_declined" => ReferralReason::PatientDeclined,
        "unreachable" => ReferralReason::Unreachable,
        "no_longer_needed" => ReferralReason::NoLongerNeeded,
        "mistaken" => ReferralReason::Mistaken,
        "other" => ReferralReason::Other,
        _ => ReferralReason::Unknown,
    }
}

/// The word of an urgency's column.
pub(super) const fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Routine => "routine",
        Urgency::Urgent => "urgent",
        Urgency::Emergent => "emergent",
        Urgency::Unknown => "unknown",
    }
}

fn urgency(word: &str) -> Urgency {
    match word {
        "routine" => Urgency::Routine,
        "urgent" => Urgency::Urgent,
        "emergent" => Urgency::Emergent,
        _ => Urgency::Unknown,
    }
}

fn state(word: &str) -> ReferralState {
    ReferralState::parse(word).unwrap_or(ReferralState::Unknown)
}

impl Row {
    /// Where it stands.
    pub(super) fn standing(&self) -> Standing {
        Standing { state: state(&self.state), before: self.state_before.as_deref().map(state) }
    }

    /// How soon.
    pub(super) fn urgency(&self) -> Urgency {
        urgency(&self.urgency)
    }

    /// On which side of it the principal is.
    pub(super) fn side_of(&self, me: &Principal) -> Side {
        if self.clinic_id == me.clinic_id { Side::Sender } else { Side::Recipient }
    }

    /// Whether it is addressed to the principal, or to all of its clinic.
    pub(super) fn is_addressed_to(&self, me: &Principal) -> bool {
        self.recipient_clinic_id == Some(me.clinic_id) && self.recipient_practitioner_id.is_none_or(|id| id == me.id)
    }

    /// Whom it is for, as the gate is asked. Of a guest it is asked for the address that the consent names, also once the guest
    /// has taken the referral up: the claim proved that it is the same person.
    pub(super) fn gate_recipient(&self) -> Result<GateRecipient, ApiError> {
        match (&self.guest_address, self.recipient_practitioner_id, self.recipient_clinic_id) {
            (Some(address), _, _) => Ok(consents::guest(address)),
            (None, Some(id), Some(clinic)) => Ok(GateRecipient::Practitioner { id, clinic }),
            (None, None, Some(id)) => Ok(GateRecipient::Clinic { id }),
            _ => Err(ApiError::internal(anyhow::anyhow!("a referral has no recipient"))),
        }
    }

    fn instead(&self) -> Option<Recipient> {
        let (clinic, name) = (self.instead_clinic_id?, self.instead_name.as_deref()?);
        Some(named(self.instead_practitioner_id, clinic, name))
    }
}

/// A clinic or a practitioner of the directory.
fn named(practitioner: Option<Uuid>, clinic: Uuid, name: &str) -> Recipient {
    Recipient {
        kind: if practitioner.is_some() { RecipientKind::Practitioner } else { RecipientKind::Clinic },
        practitioner_id: practitioner.map(Into::into),
        clinic_id: Some(clinic.into()),
        name: name.into(),
        email: None,
    }
}

impl Named {
    /// Whom it is for.
    fn recipient(&self) -> Recipient {
        match (self.row.recipient_clinic_id, &self.guest) {
            (Some(clinic), _) => named(self.row.recipient_practitioner_id, clinic, &self.row.recipient_name),
            (None, guest) => guests::recipient(guest.as_ref()),
        }
    }
}

/// Who moves, as it is kept.
pub(super) fn by(me: &Principal) -> By {
    let author = me.author().ok();
    By {
        clinic: me.clinic_id,
        id: me.id,
        name: author.map(|author| author.name.clone()),
        profession: author.and_then(|author| author.profession.clone()),
    }
}

/// A referral without what it says, with the verbs that are open to the principal.
pub(super) fn into_wire(named: Named, me: &Principal, now: DateTime<Utc>) -> Referral {
    let row = &named.row;
    let side = row.side_of(me);
    let may = |verb: &ReferralVerb| {
        let right = right(*verb);
        row.takes(*verb) && me.may(right) && (right != Right::AnswerReferrals || row.is_addressed_to(me))
    };
    let allowed = allowed(row.standing(), side).into_iter().filter(may).collect();
    seen_from(named, side, allowed, now)
}

/// A referral without what it says, as one side sees it.
pub(super) fn seen_from(named: Named, side: Side, allowed: Vec<ReferralVerb>, now: DateTime<Utc>) -> Referral {
    let recipient = named.recipient();
    let Named { row, clinic, clock, tie, .. } = named;
    let (answered_at, scheduled_at) = clock.as_ref().map_or((None, None), |row| (row.answered_at, row.scheduled_at));
    let clock = clock.map(|row| row.clock()).unwrap_or_default();
    Referral {
        kind: if row.is_opinion() { ReferralKind::SecondOpinion } else { ReferralKind::Referral },
        deidentified: row.names_nobody().is_some(),
        from_opinion: tie.opinion_id.map(Into::into),
        state: row.standing().state,
        urgency: row.urgency(),
        allowed,
        recipient,
        instead: row.instead(),
        patient_id: if side == Side::Sender {
            row.patient_id.or(tie.patient_id).map(Into::into)
        } else {
            row.recipient_patient_id.map(Into::into)
        },
        id: row.id.into(),
        sender_clinic: ClinicName { id: row.clinic_id.into(), name: clinic },
        sent_by: Author { id: row.sent_by.into(), name: row.sender_name, profession: row.sender_profession },
        created_at: row.created_at,
        sent_at: row.sent_at,
        received_at: row.received_at,
        accepted_at: row.accepted_at,
        appointment_at: row.appointment_at,
        started_at: row.started_at,
        closed_at: row.closed_at,
        answered_at,
        scheduled_at,
        awaits: clock.awaits,
        due_at: clock.due_at,
        overdue: clock.due_at.is_some_and(|due_at| due_at <= now),
        expires_at: clock.expires_at,
        closing_share_id: row.closing_share_id.map(Into::into),
        version: row.version,
        link: None,
        content: None,
    }
}

/// What a referral says.
pub(super) fn content(said: Said, row: &Row, consent_expires_at: Option<DateTime<Utc>>) -> ReferralContent {
    let Said { content, patient, notes, attestation, answer } = said;
    ReferralContent {
        patient: patient.map(|patient| ReferredPatient {
            given_name: patient.given_name.into(),
            family_name: patient.family_name.into(),
            birth_date: patient.birth_date.into(),
            email: patient.email.map(Into::into),
            phone: patient.phone.map(Into::into),
        }),
        about: content.about.map(Into::into),
        attestation,
        answer: answer.map(|answer| OpinionAnswer {
            assessment: answer.assessment.into(),
            suggestions: answer.suggestions.into_iter().map(Into::into).collect(),
            red_flags: answer.red_flags.into_iter().map(Into::into).collect(),
        }),
        condition: content.condition.into(),
        reason: content.reason.into(),
        question: content.question.map(Into::into),
        requested_services: content.requested_services.into_iter().map(Into::into).collect(),
        share_ids: row.share_ids.iter().copied().map(Into::into).collect(),
        notes: notes
            .into_iter()
            .filter_map(|note| {
                let verb = ReferralVerb::parse(&note.verb)?;
                Some(ReferralNote { at: note.at, verb, clinic_id: note.clinic.into(), text: note.text.into() })
            })
            .collect(),
        consent_expires_at,
    }
}

/// A move.
pub(super) fn transition(moved: Transition) -> ReferralTransition {
    let by = moved.by_id.zip(moved.by_name);
    ReferralTransition {
        from: moved.from_state.as_deref().map(state),
        to: state(&moved.to_state),
        verb: moved.verb.as_deref().and_then(ReferralVerb::parse),
        at: moved.at,
        clinic_id: moved.by_clinic.map(Into::into),
        by: by.map(|(id, name)| Author { id: id.into(), name, profession: moved.by_profession }),
        reason: moved.reason.as_deref().map(reason),
    }
}
