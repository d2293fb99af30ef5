//! What patients allowed.

use crate::{Client, List, Result};
use rapport_contract::{
    consents::{Consent, ConsentList, NewConsent, PaperSignature, RevokeConsent},
    ids::{ConsentId, PatientId},
};

/// The consents that the signed-in clinic asked for.
///
/// ```no_run
/// use rapport_sdk::contract::consents::{Category, NewConsent, RecipientChoice, RevokeConsent};
/// # use rapport_sdk::{chrono::{DateTime, Utc}, ids::{ClinicId, PatientId}};
///
/// # async fn example(
/// #     north: rapport_sdk::Client, patient: PatientId, south: ClinicId, until: DateTime<Utc>,
/// # ) -> rapport_sdk::Result<()> {
/// let question = NewConsent::new(RecipientChoice::clinic(south), [Category::ProgressReport], "treatment", until);
/// let asked = north.consents().ask(patient, &question).await?;
/// // Later, on the patient's word:
/// let revoked = north.consents().revoke(asked.id, &RevokeConsent::default()).await?;
/// # Ok(())
/// # }
/// ```
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
    /// [`Kind::Validation`](crate::Kind::Validation) names each field that is refused, a recipient that there is not
    /// for one; [`Kind::Forbidden`](crate::Kind::Forbidden) to privacy officers, and to a machine that writes in
    /// nobody's name.
    pub async fn ask(&self, patient_id: PatientId, consent: &NewConsent) -> Result<Consent> {
        self.client.post(format!("/v1/patients/{patient_id}/consents")).json(consent).send().await
    }

    /// The consents of a patient, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient.
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
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since; [`Kind::Validation`](crate::Kind::Validation) if it
    /// is not attested, is dated later than today, or the scan is refused as by
    /// [`Attachments::add`](crate::Attachments::add); [`Kind::QuotaExceeded`](crate::Kind::QuotaExceeded) and
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) as there; [`Kind::NotFound`](crate::Kind::NotFound);
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to machines and privacy officers.
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
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's, or was not signed on paper;
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) while the storage is.
    pub async fn form(&self, id: ConsentId) -> Result<Vec<u8>> {
        self.client.get(format!("/v1/consents/{id}/form")).bytes().await
    }

    /// Revokes on the patient's word. It needs no reason and no version: nothing may stand in its way.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is not in force;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's;
    /// [`Kind::Validation`](crate::Kind::Validation) if the note is longer than 1000 characters. Nothing else: no role
    /// and no version stands in its way, only a machine needs `consents:write`.
    pub async fn revoke(&self, id: ConsentId, revocation: &RevokeConsent) -> Result<Consent> {
        self.client.post(format!("/v1/consents/{id}/revocation")).json(revocation).send().await
    }
}
