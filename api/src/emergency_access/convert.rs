//! Row <-> domain <-> wire.

use super::{
    policy::Terms,
    state::State,
    store::{Row, TermsRow, Told},
};
use chrono::{DateTime, Utc};
use rapport_contract::emergency_access::{EmergencyAccess, EmergencyReason, EmergencyReview, Finding, ReviewState};

pub(super) const fn reason_name(reason: EmergencyReason) -> &'static str {
    match reason {
        EmergencyReason::TreatmentEmergency => "treatment_emergency",
        EmergencyReason::PatientRequestUrgent => "patient_request_urgent",
        EmergencyReason::Safety => "safety",
        EmergencyReason::Other => "other",
        EmergencyReason::Unknown => "unknown",
    }
}

fn reason_from(name: &str) -> EmergencyReason {
    match name {
        "treatment_emergency" => EmergencyReason::TreatmentEmergency,
        "patient_request_urgent" => EmergencyReason::PatientRequestUrgent,
        "safety" => EmergencyReason::Safety,
        "other" => EmergencyReason::Other,
        _ => EmergencyReason::Unknown,
    }
}

pub(super) const fn finding_name(finding: Finding) -> &'static str {
    match finding {
        Finding::Justified => "justified",
        Finding::NotJustified => "not_justified",
        Finding::Unknown => "unknown",
    }
}

fn finding_from(name: &str) -> Finding {
    match name {
        "justified" => Finding::Justified,
        "not_justified" => Finding::NotJustified,
        _ => Finding::Unknown,
    }
}

impl From<TermsRow> for Terms {
    fn from(row: TermsRow) -> Self {
        Self {
            clinic: row.clinic_id,
            member: row.member_id,
            patient: row.patient_id,
            started_at: row.started_at,
            ends_at: row.ends_at,
            ended_at: row.ended_at,
        }
    }
}

impl Row {
    /// How far it has come at this time.
    pub(super) fn state(&self, at: DateTime<Utc>) -> State {
        if self.is_open(at) {
            State::Open
        } else if self.reviewed_at.is_none() {
            State::Ended
        } else {
            State::Reviewed
        }
    }

    /// Whether something can be read under it at this time.
    fn is_open(&self, at: DateTime<Utc>) -> bool {
        Terms::from(self.terms.clone()).is_open(at)
    }
}

/// What the row itself does not tell.
pub(super) struct Beside {
    pub(super) at: DateTime<Utc>,
    pub(super) readings: i64,
    pub(super) has_reviewer: bool,
}

pub(super) fn into_wire(Told { row, explanation, note, .. }: Told, beside: &Beside) -> EmergencyAccess {
    EmergencyAccess {
        id: row.id.into(),
        patient_id: row.terms.patient_id.into(),
        member_id: row.terms.member_id.into(),
        reason: reason_from(&row.reason),
        explanation: explanation.into(),
        started_at: row.terms.started_at,
        ends_at: row.terms.ends_at,
        ended_at: row.terms.ended_at,
        ended_by: row.ended_by.map(Into::into),
        is_active: row.is_open(beside.at),
        readings: u32::try_from(beside.readings).unwrap_or(u32::MAX),
        review: EmergencyReview {
            state: if row.reviewed_at.is_some() { ReviewState::Closed } else { ReviewState::Open },
            has_reviewer: beside.has_reviewer,
            finding: row.finding.as_deref().map(finding_from),
            note: note.map(Into::into),
            reviewed_at: row.reviewed_at,
            reviewed_by: row.reviewed_by.map(Into::into),
        },
        version: row.version,
    }
}
