//! What patients allowed.

use crate::{Client, List, Result};
use rapport_contract::{
    consents::{Consent, ConsentList, NewConsent, PaperSignature, RevokeConsent},
    ids::{ConsentId, PatientId},
};

/// The consents that the signed-in clinic asked for.
#[derive(Debug, Clone)]
pub struct Consents {
    client: Client,
}

impl Consents {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Asks a patient, who gets a mail with a link.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient;
    /// [`Kind::Validation`](crate::Kind::Validation).
    pub async fn ask(&self, patient_id: PatientId, consent: &NewConsent) -> Result<Consent> {
        self.client.post(format!("/v1/patients/{patient_id}/consents")).json(consent).send().await
    }

    /// The consents of a patient, newest first.
    pub fn of_patient(&self, patient_id: PatientId) -> List<ConsentList> {
        List::new(self.client.get(format!("/v1/patients/{patient_id}/consents")))
    }

    /// One consent.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's.
    pub async fn get(&self, id: ConsentId) -> Result<Consent> {
        self.client.get(format!("/v1/consents/{id}")).send().await
    }

    /// Records a signature on paper, attested by the caller.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is no longer pending;
    /// [`Kind::Stale`](crate::Kind::Stale); [`Kind::Validation`](crate::Kind::Validation) if the scan is not of its
    /// type or is not attested.
    pub async fn record_paper_signature(&self, consent: &Consent, signature: &PaperSignature) -> Result<Consent> {
        self.client
            .post(format!("/v1/consents/{}/paper_signature", consent.id))
            .if_match(consent.version)
            .json(signature)
            .send()
            .await
    }

    /// The bytes of the scanned form, of a consent that was signed on paper.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if there is none.
    pub async fn form(&self, id: ConsentId) -> Result<Vec<u8>> {
        self.client.get(format!("/v1/consents/{id}/form")).bytes().await
    }

    /// Revokes on the patient's word. It needs no reason and no version: nothing may stand in its way.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is not in force.
    pub async fn revoke(&self, id: ConsentId, revocation: &RevokeConsent) -> Result<Consent> {
        self.client.post(format!("/v1/consents/{id}/revocation")).json(revocation).send().await
    }
}
