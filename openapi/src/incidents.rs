//! Something went where it should not have gone. It stays open until somebody closes it.

use crate::{
    Sensitive,
    consents::Recipient,
    ids::{IncidentId, MemberId, PatientId, ReferralId, ReportId, ShareId},
    page::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum IncidentKind {
    /// Who received a share or a referral said that it was not meant for them.
    Misdirected,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Whether somebody has dealt with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum IncidentState {
    /// Nobody has.
    Open,
    /// Somebody has, with a note.
    Closed,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// An incident, as owners and privacy officers see it. Whether it is a breach (45 CFR 164.402) is for them to find out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15", "kind": "misdirected", "state": "open",
    "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a16", "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a17", "referral_id": null,
    "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
    "recipient": {"kind": "guest", "practitioner_id": null, "clinic_id": null, "name": "Kim Guest",
        "email": "kim@guest.example.org"},
    "was_read": false, "reported_at": "2026-11-23T10:00:00Z", "closed_at": null, "closed_by": null, "note": null,
    "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Incident {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: IncidentId,
    /// What happened.
    pub kind: IncidentKind,
    /// Whether somebody has dealt with it.
    pub state: IncidentState,
    /// The share that went astray; `null` where it was a referral.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub share_id: Option<ShareId>,
    /// The report that it holds.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub report_id: Option<ReportId>,
    /// The referral that went astray.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub referral_id: Option<ReferralId>,
    /// The patient whom it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// Whom it was sent to.
    pub recipient: Recipient,
    /// Whether it had been read by then.
    pub was_read: bool,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The member who closed it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub closed_by: Option<MemberId>,
    /// What was found and done.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub note: Option<Sensitive<String>>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A page of incidents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct IncidentList {
    /// The incidents, newest first.
    pub items: Vec<Incident>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for IncidentList {
    type Item = Incident;
    fn into_parts(self) -> (Vec<Incident>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Closes an incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "note": "The address had a wrong letter. The patient was told, and the right colleague was sent a link."
})))]
pub struct CloseIncident {
    /// What was found and done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 5000))]
    pub note: Sensitive<String>,
}
