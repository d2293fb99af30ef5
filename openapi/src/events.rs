//! What happened, for other systems to follow: ids and words of a closed list, never health information.

use crate::{ids::EventId, page::Page, referrals::ReferralState};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened. The first word is what it happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum EventType {
    /// The patient signed.
    #[serde(rename = "consent.activated")]
    ConsentActivated,
    /// The patient said no.
    #[serde(rename = "consent.declined")]
    ConsentDeclined,
    /// The patient took it back.
    #[serde(rename = "consent.revoked")]
    ConsentRevoked,
    /// Another consent took its place.
    #[serde(rename = "consent.superseded")]
    ConsentSuperseded,
    /// A version was signed.
    #[serde(rename = "report.signed")]
    ReportSigned,
    /// It is with whom it is for.
    #[serde(rename = "share.delivered")]
    ShareDelivered,
    /// It was read for the first time.
    #[serde(rename = "share.opened")]
    ShareOpened,
    /// Whom it is for said that it was read.
    #[serde(rename = "share.acknowledged")]
    ShareAcknowledged,
    /// The sender took it back.
    #[serde(rename = "share.withdrawn")]
    ShareWithdrawn,
    /// It was written. Its sender alone hears of that.
    #[serde(rename = "referral.draft")]
    ReferralDraft,
    /// It is in the recipient's list.
    #[serde(rename = "referral.sent")]
    ReferralSent,
    /// The recipient has read it.
    #[serde(rename = "referral.received")]
    ReferralReceived,
    /// The recipient asked something.
    #[serde(rename = "referral.information_requested")]
    ReferralInformationRequested,
    /// The recipient takes the patient.
    #[serde(rename = "referral.accepted")]
    ReferralAccepted,
    /// The recipient does not.
    #[serde(rename = "referral.declined")]
    ReferralDeclined,
    /// The recipient named somebody else.
    #[serde(rename = "referral.redirected")]
    ReferralRedirected,
    /// The recipient takes the patient, later.
    #[serde(rename = "referral.waitlisted")]
    ReferralWaitlisted,
    /// There is an appointment.
    #[serde(rename = "referral.scheduled")]
    ReferralScheduled,
    /// The patient did not come to it.
    #[serde(rename = "referral.no_show")]
    ReferralNoShow,
    /// The patient is being treated.
    #[serde(rename = "referral.in_care")]
    ReferralInCare,
    /// The sender asks to end it.
    #[serde(rename = "referral.cancellation_requested")]
    ReferralCancellationRequested,
    /// A signed report went back.
    #[serde(rename = "referral.completed")]
    ReferralCompleted,
    /// Care ended early, with a signed report.
    #[serde(rename = "referral.discontinued")]
    ReferralDiscontinued,
    /// It was ended before care was.
    #[serde(rename = "referral.cancelled")]
    ReferralCancelled,
    /// Nobody answered in time.
    #[serde(rename = "referral.expired")]
    ReferralExpired,
    /// It should not have been written.
    #[serde(rename = "referral.entered_in_error")]
    ReferralEnteredInError,
    /// One side wrote to the other.
    #[serde(rename = "referral.message")]
    ReferralMessage,
    /// Something went where it should not have gone.
    #[serde(rename = "incident.opened")]
    IncidentOpened,
    /// Somebody read in an emergency what their role does not read.
    #[serde(rename = "emergency_access.opened")]
    EmergencyAccessOpened,
    /// One that this version does not know.
    #[serde(rename = "unknown", other)]
    Unknown,
}

impl EventType {
    /// Every type.
    pub const ALL: [Self; 29] = [
        Self::ConsentActivated,
        Self::ConsentDeclined,
        Self::ConsentRevoked,
        Self::ConsentSuperseded,
        Self::ReportSigned,
        Self::ShareDelivered,
        Self::ShareOpened,
        Self::ShareAcknowledged,
        Self::ShareWithdrawn,
        Self::ReferralDraft,
        Self::ReferralSent,
        Self::ReferralReceived,
        Self::ReferralInformationRequested,
        Self::ReferralAccepted,
        Self::ReferralDeclined,
        Self::ReferralRedirected,
        Self::ReferralWaitlisted,
        Self::ReferralScheduled,
        Self::ReferralNoShow,
        Self::ReferralInCare,
        Self::ReferralCancellationRequested,
        Self::ReferralCompleted,
        Self::ReferralDiscontinued,
        Self::ReferralCancelled,
        Self::ReferralExpired,
        Self::ReferralEnteredInError,
        Self::ReferralMessage,
        Self::IncidentOpened,
        Self::EmergencyAccessOpened,
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConsentActivated => "consent.activated",
            Self::ConsentDeclined => "consent.declined",
            Self::ConsentRevoked => "consent.revoked",
            Self::ConsentSuperseded => "consent.superseded",
            Self::ReportSigned => "report.signed",
            Self::ShareDelivered => "share.delivered",
            Self::ShareOpened => "share.opened",
            Self::ShareAcknowledged => "share.acknowledged",
            Self::ShareWithdrawn => "share.withdrawn",
            Self::ReferralDraft => "referral.draft",
            Self::ReferralSent => "referral.sent",
            Self::ReferralReceived => "referral.received",
            Self::ReferralInformationRequested => "referral.information_requested",
            Self::ReferralAccepted => "referral.accepted",
            Self::ReferralDeclined => "referral.declined",
            Self::ReferralRedirected => "referral.redirected",
            Self::ReferralWaitlisted => "referral.waitlisted",
            Self::ReferralScheduled => "referral.scheduled",
            Self::ReferralNoShow => "referral.no_show",
            Self::ReferralInCare => "referral.in_care",
            Self::ReferralCancellationRequested => "referral.cancellation_requested",
            Self::ReferralCompleted => "referral.completed",
            Self::ReferralDiscontinued => "referral.discontinued",
            Self::ReferralCancelled => "referral.cancelled",
            Self::ReferralExpired => "referral.expired",
            Self::ReferralEnteredInError => "referral.entered_in_error",
            Self::ReferralMessage => "referral.message",
            Self::IncidentOpened => "incident.opened",
            Self::EmergencyAccessOpened => "emergency_access.opened",
            Self::Unknown => "unknown",
        }
    }

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// That a referral came into this state.
    pub const fn of_referral(state: ReferralState) -> Self {
        match state {
            ReferralState::Draft => Self::ReferralDraft,
            ReferralState::Sent => Self::ReferralSent,
            ReferralState::Received => Self::ReferralReceived,
            ReferralState::InformationRequested => Self::ReferralInformationRequested,
            ReferralState::Accepted => Self::ReferralAccepted,
            ReferralState::Declined => Self::ReferralDeclined,
            ReferralState::Redirected => Self::ReferralRedirected,
            ReferralState::Waitlisted => Self::ReferralWaitlisted,
            ReferralState::Scheduled => Self::ReferralScheduled,
            ReferralState::NoShow => Self::ReferralNoShow,
            ReferralState::InCare => Self::ReferralInCare,
            ReferralState::CancellationRequested => Self::ReferralCancellationRequested,
            ReferralState::Completed => Self::ReferralCompleted,
            ReferralState::Discontinued => Self::ReferralDiscontinued,
            ReferralState::Cancelled => Self::ReferralCancelled,
            ReferralState::Expired => Self::ReferralExpired,
            ReferralState::EnteredInError => Self::ReferralEnteredInError,
            ReferralState::Unknown => Self::Unknown,
        }
    }

    /// The kind of the object that it happens to: the first word of its name.
    pub const fn object(self) -> EventObjectType {
        match self {
            Self::ConsentActivated | Self::ConsentDeclined | Self::ConsentRevoked | Self::ConsentSuperseded => {
                EventObjectType::Consent
            }
            Self::ReportSigned => EventObjectType::Report,
            Self::ShareDelivered | Self::ShareOpened | Self::ShareAcknowledged | Self::ShareWithdrawn => {
                EventObjectType::Share
            }
            Self::IncidentOpened => EventObjectType::Incident,
            Self::EmergencyAccessOpened => EventObjectType::EmergencyAccess,
            Self::Unknown => EventObjectType::Unknown,
            _ => EventObjectType::Referral,
        }
    }
}

/// What something happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum EventObjectType {
    /// A consent, at `/v1/consents/{id}`; of another clinic's, only that there is one.
    Consent,
    /// A report, at `/v1/reports/{id}`.
    Report,
    /// A share, at `/v1/shares/{id}`.
    Share,
    /// A referral, at `/v1/referrals/{id}`.
    Referral,
    /// An incident, at `/v1/incidents/{id}`.
    Incident,
    /// An emergency access, at `/v1/emergency_access/{id}`.
    EmergencyAccess,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl EventObjectType {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Consent, Self::Report, Self::Share, Self::Referral, Self::Incident, Self::EmergencyAccess];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Report => "report",
            Self::Share => "share",
            Self::Referral => "referral",
            Self::Incident => "incident",
            Self::EmergencyAccess => "emergency_access",
            Self::Unknown => "unknown",
        }
    }
}

/// The object of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct EventObject {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EventObjectType,
    /// Its id.
    pub id: Uuid,
    /// Its version after what happened: of what has come since, there is another event.
    pub version: i32,
}

/// Something that happened. It says that there is something to read, and reading it is another matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "type": "share.delivered", "occurred_at": "2026-11-23T09:30:00Z",
    "sequence": 42, "object": {"type": "share", "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "version": 1}
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Event {
    /// Its id, the same however often it is told: what has it already is told twice.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: EventId,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Counts the clinic's events. Whoever has seen one has seen all before it that it may see.
    pub sequence: i64,
    /// To what.
    pub object: EventObject,
}

/// A page of events.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct EventList {
    /// The events, oldest first.
    pub items: Vec<Event>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for EventList {
    type Item = Event;
    fn into_parts(self) -> (Vec<Event>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_the_name_that_it_has_on_the_wire_and_starts_with_its_object() {
        for kind in EventType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(kind.as_str().split('.').next(), Some(kind.object().as_str()));
            assert_eq!(EventType::parse(kind.as_str()), Some(kind));
        }
        for state in ReferralState::ALL {
            assert_eq!(EventType::of_referral(state).as_str(), format!("referral.{}", state.as_str()));
        }
        let later: EventType = serde_json::from_str("\"share.lost\"").unwrap();
        assert_eq!(later, EventType::Unknown);
    }
}
