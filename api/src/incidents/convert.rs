//! Row -> wire.

use super::store::{Row, Told};
use rapport_contract::incidents::{Incident, IncidentKind, IncidentState};

impl Row {
    /// Whether somebody has dealt with it.
    pub(super) fn state(&self) -> IncidentState {
        if self.closed_at.is_some() { IncidentState::Closed } else { IncidentState::Open }
    }
}

pub(super) fn into_wire(told: Told) -> Incident {
    let Told { row, note, report_id, recipient, .. } = told;
    Incident {
        state: row.state(),
        kind: match row.kind.as_str() {
            "misdirected" => IncidentKind::Misdirected,
            _ => IncidentKind::Unknown,
        },
        recipient,
        id: row.id.into(),
        share_id: row.share_id.map(Into::into),
        referral_id: row.referral_id.map(Into::into),
        report_id: report_id.map(Into::into),
        patient_id: row.patient_id.into(),
        was_read: row.was_read,
        reported_at: row.reported_at,
        closed_at: row.closed_at,
        closed_by: row.closed_by.map(Into::into),
        note: note.map(Into::into),
        version: row.version,
    }
}
