//! Row -> wire.

use super::store::Row;
use rapport_contract::audit::{ActorKind, AuditEvent, Outcome};

impl From<Row> for AuditEvent {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            occurred_at: row.occurred_at,
            outcome: outcome(&row.outcome),
            reason: row.reason,
            actor_kind: match row.actor_kind.as_str() {
                "member" => ActorKind::Member,
                "client" => ActorKind::Client,
                "patient" => ActorKind::Patient,
                "guest" => ActorKind::Guest,
                "anonymous" => ActorKind::Anonymous,
                "system" => ActorKind::System,
                _ => ActorKind::Unknown,
            },
            actor_id: row.actor_id,
            actor_clinic_id: row.actor_clinic_id.map(Into::into),
            action: row.action,
            object_type: row.object_type,
            object_id: row.object_id,
            patient_id: row.patient_id.map(Into::into),
            consent_id: row.consent_id.map(Into::into),
            request_id: row.request_id,
        }
    }
}

/// Whether it was done or refused, from its column's word.
pub(crate) fn outcome(text: &str) -> Outcome {
    match text {
        "permitted" => Outcome::Permitted,
        "denied" => Outcome::Denied,
        _ => Outcome::Unknown,
    }
}
