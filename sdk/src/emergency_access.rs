//! Reading in an emergency what one's role does not read, and the review of it.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    Sensitive,
    audit::AuditEventList,
    emergency_access::{
        EmergencyAccess, EmergencyAccessList, EmergencyAccessState, EmergencyReason, Finding, OpenEmergencyAccess,
        ReviewEmergencyAccess,
    },
    ids::{EmergencyAccessId, PatientId},
};

/// The emergency accesses of the signed-in clinic.
///
/// ```no_run
/// use rapport_sdk::contract::emergency_access::{EmergencyReason, Finding};
/// # use rapport_sdk::{Client, ids::PatientId};
///
/// # async fn example(desk: Client, officer: Client, patient: PatientId, code: String) -> rapport_sdk::Result<()> {
/// let reason = EmergencyReason::TreatmentEmergency;
/// let access = desk.emergency_access().open(patient, reason, "Fainted in the waiting room.", code).await?;
/// // Within the hour `desk` reads this patient's reports; then, with another pair of eyes:
/// let ended = officer.emergency_access().end(access.id).await?;
/// officer.emergency_access().review(&ended, Finding::Justified, "The reports were needed.").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct EmergencyAccesses {
    client: Client,
}

/// Marks the list of emergency accesses, which can be narrowed by state.
#[derive(Debug, Clone, Copy)]
pub enum Emergencies {}

impl EmergencyAccesses {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Opens a patient's reports to the caller, whose role does not read them, for an hour. It takes a fresh code of the
    /// caller's authenticator ([`totp_code`](crate::totp_code)), and is told at once to the clinic's owners and privacy
    /// officers.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong or was used before;
    /// [`Kind::RateLimited`](crate::Kind::RateLimited) after five wrong ones, until
    /// [`retry_after`](crate::Error::retry_after); [`Kind::Conflict`](crate::Kind::Conflict) if the caller has one for
    /// this patient that has not ended, or nobody is there to be told of it;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to who reads reports anyway, and to machines;
    /// [`Kind::Validation`](crate::Kind::Validation) if the explanation is blank or the code is not six digits;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the patient is not of this clinic.
    pub async fn open(
        &self,
        patient_id: PatientId,
        reason: EmergencyReason,
        explanation: impl Into<Sensitive<String>>,
        code: impl Into<Sensitive<String>>,
    ) -> Result<EmergencyAccess> {
        let open = OpenEmergencyAccess { reason, explanation: explanation.into(), code: code.into() };
        self.client.post(format!("/v1/patients/{patient_id}/emergency_access")).json(&open).send().await
    }

    /// The clinic's emergency accesses, newest first. For the privacy officer and the owner.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to who is neither privacy officer nor owner.
    pub fn list(&self) -> List<EmergencyAccessList, Emergencies> {
        List::new(self.client.get("/v1/emergency_access"))
    }

    /// One of them. For the privacy officer, the owner, and who used it.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not of this clinic, or is somebody else's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role neither opens nor reviews one.
    pub async fn get(&self, id: EmergencyAccessId) -> Result<EmergencyAccess> {
        self.client.get(format!("/v1/emergency_access/{id}")).send().await
    }

    /// Ends one before its time: who used it, a privacy officer or an owner. Nothing is read under it any more.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended: `review` is what is
    /// [allowed](crate::Problem::allowed) until that is done; [`Kind::NotFound`](crate::Kind::NotFound) and
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`get`](Self::get).
    pub async fn end(&self, id: EmergencyAccessId) -> Result<EmergencyAccess> {
        self.client.post(format!("/v1/emergency_access/{id}/end")).send().await
    }

    /// Closes the review of one that has ended, as it was read.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to who used it, and to who is neither privacy officer nor owner;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has not ended, and `end` is what is
    /// [allowed](crate::Problem::allowed), or if the review is closed; [`Kind::Stale`](crate::Kind::Stale) if it was
    /// changed since; [`Kind::Validation`](crate::Kind::Validation) if the note is blank;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not of this clinic.
    pub async fn review(
        &self,
        access: &EmergencyAccess,
        finding: Finding,
        note: impl Into<Sensitive<String>>,
    ) -> Result<EmergencyAccess> {
        let review = ReviewEmergencyAccess { finding, note: note.into() };
        let path = format!("/v1/emergency_access/{}/review", access.id);
        self.client.post(path).if_match(access.version).json(&review).send().await
    }

    /// What was read under one of them, newest first, as the audit log has it. For the privacy officer and the owner.
    ///
    /// # Errors
    /// When it is read: as [`Audit::events`](crate::Audit::events).
    pub fn readings(&self, access: &EmergencyAccess) -> List<AuditEventList> {
        self.client
            .audit()
            .events()
            .patient(access.patient_id)
            .actor(access.member_id)
            .reason("emergency-access")
            .from(access.started_at)
            .until(access.ended_at.unwrap_or(access.ends_at))
    }
}

impl List<EmergencyAccessList, Emergencies> {
    /// Those in a state.
    pub fn state(self, state: EmergencyAccessState) -> Self {
        self.filter("state", word(&state))
    }
}
