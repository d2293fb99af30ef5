//! Ids that can't be taken for one another: an id of a patient is no id of a report, and the compiler says so.

use crate::{
    api_clients::{ApiClient, ApiClientSecret},
    attachments::Attachment,
    audit::{AuditEvent, Disclosure},
    clinics::Clinic,
    consents::Consent,
    emergency_access::EmergencyAccess,
    events::Event,
    identity::Session,
    incidents::Incident,
    members::Member,
    patients::Patient,
    referral_messages::ReferralMessage,
    referrals::Referral,
    reports::Report,
    shares::Share,
    webhooks::{Webhook, WebhookSecret},
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};
use uuid::Uuid;

/// The id of one `T`: a UUID (RFC 9562) that knows what it is of. It crosses the wire as the UUID alone.
#[derive(Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id that this UUID is, by the word of the caller.
    pub const fn new(id: Uuid) -> Self {
        Self(id, PhantomData)
    }

    /// The UUID, which no longer knows what it is of.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialEq<Uuid> for Id<T> {
    fn eq(&self, other: &Uuid) -> bool {
        self.0 == *other
    }
}

impl<T> PartialEq<Id<T>> for Uuid {
    fn eq(&self, other: &Id<T>) -> bool {
        *self == other.0
    }
}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<T> FromStr for Id<T> {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Self::new)
    }
}

impl<T> From<Uuid> for Id<T> {
    fn from(id: Uuid) -> Self {
        Self::new(id)
    }
}

impl<T> From<Id<T>> for Uuid {
    fn from(id: Id<T>) -> Self {
        id.0
    }
}

/// Of a machine.
pub type ApiClientId = Id<ApiClient>;
/// Of one of a machine's secrets.
pub type ApiClientSecretId = Id<ApiClientSecret>;
/// Of a file that goes with a report.
pub type AttachmentId = Id<Attachment>;
/// Of a line of the audit log.
pub type AuditEventId = Id<AuditEvent>;
/// Of a clinic.
pub type ClinicId = Id<Clinic>;
/// Of what a patient was asked for.
pub type ConsentId = Id<Consent>;
/// Of what left to whom.
pub type DisclosureId = Id<Disclosure>;
/// Of one emergency access.
pub type EmergencyAccessId = Id<EmergencyAccess>;
/// Of something that happened.
pub type EventId = Id<Event>;
/// Of what went astray.
pub type IncidentId = Id<Incident>;
/// Of somebody who works at a clinic; practitioners are members.
pub type MemberId = Id<Member>;
/// Of a patient's record at one clinic.
pub type PatientId = Id<Patient>;
/// Of a message in a referral.
pub type ReferralMessageId = Id<ReferralMessage>;
/// Of a referral or a second opinion.
pub type ReferralId = Id<Referral>;
/// Of a report.
pub type ReportId = Id<Report>;
/// Of a session of somebody signed in.
pub type SessionId = Id<Session>;
/// Of a share.
pub type ShareId = Id<Share>;
/// Of an address that is told of events.
pub type WebhookId = Id<Webhook>;
/// Of one of a webhook's secrets.
pub type WebhookSecretId = Id<WebhookSecret>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_travels_prints_and_compares_as_its_uuid() {
        let uuid = Uuid::from_u128(7);
        let id = PatientId::new(uuid);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{uuid}\""));
        assert_eq!(serde_json::from_str::<PatientId>(&format!("\"{uuid}\"")).unwrap(), id);
        assert_eq!((id.to_string(), format!("{id:?}")), (uuid.to_string(), format!("{uuid:?}")));
        assert_eq!(id.to_string().parse::<PatientId>().unwrap(), uuid);
        assert!(id < PatientId::new(Uuid::from_u128(8)) && "7".parse::<PatientId>().is_err());
        assert_eq!(Uuid::from(id), id.uuid());
    }
}
