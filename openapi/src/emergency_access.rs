//! A member reads in an emergency what their role does not read: one patient's reports, for an hour at most. It is told at
//! once to those who guard the clinic's records, and stays open for review until one of them closes it.

use crate::{
    Sensitive,
    ids::{EmergencyAccessId, MemberId, PatientId},
    page::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What kind of emergency it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum EmergencyReason {
    /// The patient needs treatment now, and nobody who may read is at hand.
    TreatmentEmergency,
    /// The patient asks for it and can't wait.
    PatientRequestUrgent,
    /// Somebody's safety is at stake.
    Safety,
    /// Something else, which the explanation tells.
    Other,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Whether anybody has looked into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReviewState {
    /// Nobody has.
    Open,
    /// Somebody has, with a finding.
    Closed,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// What a review found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Finding {
    /// There was an emergency, and what was read was needed in it.
    Justified,
    /// There was none, or more was read than it took.
    NotJustified,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// What to list of a clinic's emergency accesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum EmergencyAccessState {
    /// Those whose review nobody has closed, whether they have ended or not.
    OpenReview,
    /// Those whose review is closed.
    Closed,
    /// Those under which something can be read now.
    Active,
}

/// The review of an emergency access. It stays open until somebody other than who used it closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct EmergencyReview {
    /// Whether anybody has looked into it.
    pub state: ReviewState,
    /// Whether the clinic has anybody who may: a privacy officer or an owner who is not the one who used it. Where it has
    /// nobody, the review stays open.
    pub has_reviewer: bool,
    /// What was found.
    pub finding: Option<Finding>,
    /// What was found, in words.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub note: Option<Sensitive<String>>,
    /// When it was closed.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// The member who closed it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub reviewed_by: Option<MemberId>,
}

/// An emergency access (45 CFR 164.312(a)(2)(ii)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a19", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
    "member_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", "reason": "treatment_emergency",
    "explanation": "The patient fainted at the desk, and nobody who treats is in the house.",
    "started_at": "2026-11-26T10:00:00Z", "ends_at": "2026-11-26T11:00:00Z", "ended_at": null, "ended_by": null,
    "is_active": true, "readings": 2,
    "review": {"state": "open", "has_reviewer": true, "finding": null, "note": null, "reviewed_at": null,
        "reviewed_by": null},
    "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct EmergencyAccess {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: EmergencyAccessId,
    /// The patient whose reports can be read under it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// The member who reads.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub member_id: MemberId,
    /// What kind of emergency it was.
    pub reason: EmergencyReason,
    /// The same in words.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub explanation: Sensitive<String>,
    /// From when.
    pub started_at: DateTime<Utc>,
    /// Until when at the latest: an hour later.
    pub ends_at: DateTime<Utc>,
    /// When it was ended before that.
    pub ended_at: Option<DateTime<Utc>>,
    /// The member who ended it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub ended_by: Option<MemberId>,
    /// Whether something can be read under it now.
    pub is_active: bool,
    /// How often something was read under it. Each time is an event of the audit log, with the reason `emergency-access`.
    pub readings: u32,
    /// Its review.
    pub review: EmergencyReview,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A page of emergency accesses.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct EmergencyAccessList {
    /// The emergency accesses, newest first.
    pub items: Vec<EmergencyAccess>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for EmergencyAccessList {
    type Item = EmergencyAccess;
    fn into_parts(self) -> (Vec<EmergencyAccess>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Opens a patient's reports in an emergency.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "reason": "treatment_emergency", "code": "123456",
    "explanation": "The patient fainted at the desk, and nobody who treats is in the house."
})))]
pub struct OpenEmergencyAccess {
    /// What kind of emergency it is.
    pub reason: EmergencyReason,
    /// The same in words.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 2000))]
    pub explanation: Sensitive<String>,
    /// The six digits that the caller's authenticator shows now. A code works once.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Sensitive<String>,
}

/// Closes the review of an emergency access.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "finding": "justified", "note": "The ambulance needed to know of the treatment. Nothing else was read."
})))]
pub struct ReviewEmergencyAccess {
    /// What was found.
    pub finding: Finding,
    /// The same in words.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 5000))]
    pub note: Sensitive<String>,
}
