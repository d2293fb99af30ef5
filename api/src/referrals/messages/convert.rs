//! Row -> wire.

use super::store::Message;
use rapport_contract::{referral_messages::ReferralMessage, reports::Author};

/// A message.
pub(super) fn into_wire(message: Message) -> ReferralMessage {
    let Message { row, text } = message;
    let reader = row.read_by.zip(row.read_by_name);
    ReferralMessage {
        id: row.id.into(),
        clinic_id: row.by_clinic.into(),
        by: Author { id: row.by_id.into(), name: row.by_name, profession: row.by_profession },
        written_at: row.written_at,
        text: text.into(),
        read_at: row.read_at,
        read_by: reader.map(|(id, name)| Author { id: id.into(), name, profession: row.read_by_profession }),
    }
}
