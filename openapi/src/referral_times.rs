//! How soon a clinic wants its referrals answered and reported on, and how its loops have closed.

use crate::clinics::ClinicName;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The times that go with one urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UrgencyTimes {
    /// Hours from when it is somebody's turn to answer to when the answer is due. 1 to 2160.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2160))]
    pub answer_hours: i32,
    /// Days from the acceptance to when the report is due. 1 to 730.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 730))]
    pub report_days: i32,
    /// Days after which a referral that was sent and not accepted lapses. 1 to 365, and not before an answer is due.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 365))]
    pub expiry_days: i32,
}

/// The times that a clinic sets for the referrals that it sends. Those that were sent before keep the times of then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "routine": {"answer_hours": 72, "report_days": 60, "expiry_days": 30},
    "urgent": {"answer_hours": 24, "report_days": 30, "expiry_days": 14},
    "emergent": {"answer_hours": 4, "report_days": 14, "expiry_days": 7}
})))]
pub struct SetReferralTimes {
    /// For what is seen in its turn.
    pub routine: UrgencyTimes,
    /// For what is seen before others.
    pub urgent: UrgencyTimes,
    /// For what is seen at once.
    pub emergent: UrgencyTimes,
}

/// The times that a clinic has set, or those that hold until it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "routine": {"answer_hours": 48, "report_days": 60, "expiry_days": 30}, "urgent": {"answer_hours": 8, "report_days": 30, "expiry_days": 7},
    "emergent": {"answer_hours": 1, "report_days": 7, "expiry_days": 1}, "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralTimes {
    /// For what is seen in its turn.
    pub routine: UrgencyTimes,
    /// For what is seen before others.
    pub urgent: UrgencyTimes,
    /// For what is seen at once.
    pub emergent: UrgencyTimes,
    /// Counts the changes; the `ETag` is this number in quotes. 0 until they were set for the first time.
    pub version: i32,
}

/// How many referrals came how far. Whole numbers of referrals that were sent in the time that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "sent": 12, "received": 11, "answered": 10, "accepted": 9, "reported": 7, "turned_down": 1, "cancelled": 1, "expired": 0,
    "open": 3, "overdue": 1, "median_days_to_answer": 1.5, "median_days_to_report": 34.0
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralFigures {
    /// Sent.
    pub sent: i64,
    /// Of these, read.
    pub received: i64,
    /// Answered: accepted, declined, redirected, or asked back.
    pub answered: i64,
    /// Accepted.
    pub accepted: i64,
    /// The loop closed: a signed report went back.
    pub reported: i64,
    /// Declined or redirected.
    pub turned_down: i64,
    /// Cancelled, or entered in error.
    pub cancelled: i64,
    /// Lapsed without an answer.
    pub expired: i64,
    /// Still open.
    pub open: i64,
    /// Of the open ones, past what was due.
    pub overdue: i64,
    /// The median time from sending to the first answer, in days. `null` while there is none.
    pub median_days_to_answer: Option<f64>,
    /// The median time from sending to the report, in days. `null` while there is none.
    pub median_days_to_report: Option<f64>,
}

/// The referrals between the caller's clinic and another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct PartnerFigures {
    /// The other clinic.
    pub clinic: ClinicName,
    /// What went there.
    pub sent: Option<ReferralFigures>,
    /// What came from there.
    pub received: Option<ReferralFigures>,
}

/// How a clinic's referrals fared. Counts only: no patient, and no ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"since": "2026-08-25T00:00:00Z"})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralSummary {
    /// Counted are those that were sent from here on.
    pub since: DateTime<Utc>,
    /// All that the clinic sent.
    pub sent: ReferralFigures,
    /// All that came in.
    pub received: ReferralFigures,
    /// By the clinic on the other side, the busiest first, at most 100.
    pub partners: Vec<PartnerFigures>,
}
