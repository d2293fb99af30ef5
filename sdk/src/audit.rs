//! The record of who did what, and of what left to whom.

use crate::{Client, List};
use rapport_contract::audit::{AuditEventList, DisclosureList, SharingHistory};
use uuid::Uuid;

/// The audit log of the signed-in clinic.
#[derive(Debug, Clone)]
pub struct Audit {
    client: Client,
}

impl Audit {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The events, newest first. For the privacy officer and the owner.
    pub fn events(&self) -> List<AuditEventList> {
        List::new(self.client.get("/v1/audit_events"))
    }

    /// The accounting of a patient's disclosures (45 CFR 164.528), newest first.
    pub fn disclosures(&self, patient_id: Uuid) -> List<DisclosureList> {
        List::new(self.client.get(format!("/v1/patients/{patient_id}/disclosures")))
    }

    /// All sharing about a patient in plain words, newest first.
    pub fn sharing_history(&self, patient_id: Uuid) -> List<SharingHistory> {
        List::new(self.client.get(format!("/v1/patients/{patient_id}/sharing_history")))
    }
}

impl List<AuditEventList> {
    /// Those that concern a patient.
    pub fn patient(self, id: Uuid) -> Self {
        self.filter("patient_id", id)
    }

    /// Those of an action, such as `share.read`.
    pub fn action(self, action: &str) -> Self {
        self.filter("action", action)
    }
}
