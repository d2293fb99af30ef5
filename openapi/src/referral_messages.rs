//! What the two sides of a referral write to each other besides its moves.

use crate::{
    Sensitive,
    ids::{ClinicId, ReferralMessageId},
    page::Page,
    reports::Author,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Writes to the other side of a referral.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "text": "She can come on Tuesdays only. Would a morning do?"
})))]
pub struct NewReferralMessage {
    /// The words.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 5000))]
    pub text: Sensitive<String>,
}

/// What one side of a referral wrote to the other, and whether it has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
    "by": {"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13", "name": "Ada Example", "profession": "massage_therapist"},
    "written_at": "2026-11-27T09:00:00Z", "text": "She can come on Tuesdays only. Would a morning do?",
    "read_at": null, "read_by": null
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralMessage {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ReferralMessageId,
    /// The clinic that it comes from.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub clinic_id: ClinicId,
    /// Who wrote it, or in whose name it was written.
    pub by: Author,
    /// When.
    pub written_at: DateTime<Utc>,
    /// The words.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub text: Sensitive<String>,
    /// When somebody of the other side first read it. The author's own reading is none.
    pub read_at: Option<DateTime<Utc>>,
    /// Who that was; `null` where it was a system of the other clinic.
    pub read_by: Option<Author>,
}

/// A page of messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralMessageList {
    /// The messages, newest first.
    pub items: Vec<ReferralMessage>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ReferralMessageList {
    type Item = ReferralMessage;
    fn into_parts(self) -> (Vec<ReferralMessage>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
