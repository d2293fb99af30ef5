//! Row -> wire.

use super::store::{Row, Share};
use rapport_contract::{
    consents::{Recipient, RecipientKind},
    incidents::{Incident, IncidentKind, IncidentState},
};

impl Row {
    /// Whether somebody has dealt with it.
    pub(super) fn state(&self) -> IncidentState {
        if self.closed_at.is_some() { IncidentState::Closed } else { IncidentState::Open }
    }
}

pub(super) fn into_wire((row, share): (Row, Share)) -> Incident {
    Incident {
        state: row.state(),
        kind: match row.kind.as_str() {
            "misdirected" => IncidentKind::Misdirected,
            _ => IncidentKind::Unknown,
        },
        recipient: Recipient {
            kind: match share.recipient_kind.as_str() {
                "practitioner" => RecipientKind::Practitioner,
                "clinic" => RecipientKind::Clinic,
                "guest" => RecipientKind::Guest,
                _ => RecipientKind::Unknown,
            },
            practitioner_id: share.recipient_practitioner_id,
            clinic_id: share.recipient_clinic_id,
            name: share.recipient_name.into(),
            email: share.recipient_email.map(Into::into),
        },
        id: row.id,
        share_id: row.share_id,
        report_id: share.report_id,
        patient_id: row.patient_id,
        was_read: row.was_read,
        reported_at: row.reported_at,
        closed_at: row.closed_at,
        closed_by: row.closed_by,
        note: row.note.map(Into::into),
        version: row.version,
    }
}
