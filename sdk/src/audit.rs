//! The record of who did what, and of what left to whom.

use crate::{AuditLog, CheckpointStore, Client, List, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use rapport_contract::{
    audit::{AuditCheckpointList, AuditConsistency, AuditEventList, AuditProof, DisclosureList, SharingHistory},
    audit_log::PublicKey,
    ids::{AuditEventId, PatientId},
};
use uuid::Uuid;

/// The audit log of the signed-in clinic.
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn example(officer: rapport_sdk::Client, patient: rapport_sdk::ids::PatientId) -> rapport_sdk::Result<()> {
/// let mut accounting = std::pin::pin!(officer.audit().disclosures(patient).stream());
/// while let Some(disclosure) = accounting.try_next().await? {
///     println!("{} {:?}: {}", disclosure.disclosed_at, disclosure.recipient_clinic, disclosure.purpose);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Audit {
    client: Client,
}

impl Audit {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The events, newest first. For the privacy officer and the owner.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to who is neither privacy officer nor owner, and to
    /// a machine without `audit:read`; [`Kind::Validation`](crate::Kind::Validation) if an action or a reason is blank
    /// or longer than 60 characters.
    pub fn events(&self) -> List<AuditEventList> {
        List::new(self.client.get("/v1/audit_events"))
    }

    /// The signed roots of the log, newest first, as they come: [`AuditLog`] is what checks them.
    ///
    /// # Errors
    /// When it is read: nothing of its own. They hold no content, and everybody who has signed in may read them.
    pub fn checkpoints(&self) -> List<AuditCheckpointList> {
        List::new(self.client.get("/v1/audit/checkpoints"))
    }

    /// The proof that an event is in the log, against the checkpoint of this size or the newest one, as it comes:
    /// [`AuditLog::prove`] is what checks it. For the privacy officer and the owner.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) while the event is not sealed, some seconds from its act on: by
    /// then the SDK has asked again as often as its [`Policy`](crate::Policy) says;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is no event of this clinic's record, or the checkpoint is not
    /// there or older than the event; [`Kind::Forbidden`](crate::Kind::Forbidden) to who may not read
    /// [`events`](Self::events).
    pub async fn proof(&self, event_id: AuditEventId, size: Option<u64>) -> Result<AuditProof> {
        let mut request = self.client.get(format!("/v1/audit/proofs/{event_id}"));
        if let Some(size) = size {
            request = request.query("size", size);
        }
        request.send().await
    }

    /// The proof that the log of size `to` begins with the log of size `from`, as it comes.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) if `from` is 0 or more than `to`, or the log has not been as large
    /// as `to`.
    pub async fn consistency(&self, from: u64, to: u64) -> Result<AuditConsistency> {
        self.client.get("/v1/audit/consistency").query("from", from).query("to", to).send().await
    }

    /// The keys that sign checkpoints now, as the service publishes them. Fetch them once, from somewhere you trust, and keep
    /// them: a service that rewrote its log would publish another key too.
    ///
    /// # Errors
    /// Nothing of its own: nobody has to sign in for it. A key that this version can't read is left out.
    pub async fn keys(&self) -> Result<Vec<PublicKey>> {
        #[derive(serde::Deserialize)]
        struct Keys {
            keys: Vec<Key>,
        }
        #[derive(serde::Deserialize)]
        struct Key {
            #[serde(rename = "use", default)]
            purpose: String,
            #[serde(default)]
            x: String,
        }
        let published: Keys = self.client.get("/.well-known/jwks.json").send().await?;
        let ours = published.keys.iter().filter(|key| key.purpose == "audit-checkpoint");
        Ok(ours.filter_map(|key| PublicKey::parse(&key.x)).collect())
    }

    /// The log as it can be checked: signed by one of these keys, and never other than it was when `store` last saw it.
    pub fn log(&self, keys: Vec<PublicKey>, store: impl CheckpointStore + 'static) -> AuditLog {
        AuditLog::new(self.clone(), keys, store)
    }

    /// The accounting of a patient's disclosures (45 CFR 164.528), newest first: the six years before today, unless it is
    /// narrowed.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient;
    /// [`Kind::Validation`](crate::Kind::Validation) if it begins more than six years ago, or ends before it begins;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role accounts for none, staff for one.
    pub fn disclosures(&self, patient_id: PatientId) -> List<DisclosureList> {
        List::new(self.client.get(format!("/v1/patients/{patient_id}/disclosures")))
    }

    /// All sharing about a patient in plain words, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`disclosures`](Self::disclosures).
    pub fn sharing_history(&self, patient_id: PatientId) -> List<SharingHistory> {
        List::new(self.client.get(format!("/v1/patients/{patient_id}/sharing_history")))
    }
}

impl List<DisclosureList> {
    /// From this day on (UTC), at most six years ago.
    pub fn from(self, day: chrono::NaiveDate) -> Self {
        self.filter("from", day)
    }

    /// Up to the end of this day (UTC).
    pub fn until(self, day: chrono::NaiveDate) -> Self {
        self.filter("until", day)
    }
}

impl List<AuditEventList> {
    /// Those that concern a patient.
    pub fn patient(self, id: PatientId) -> Self {
        self.filter("patient_id", id)
    }

    /// Those of an action, such as `share.read`.
    pub fn action(self, action: &str) -> Self {
        self.filter("action", action)
    }

    /// What this member or client did or tried.
    pub fn actor(self, id: impl Into<Uuid>) -> Self {
        self.filter("actor_id", id.into())
    }

    /// What was refused for this reason, such as `forbidden`; or `emergency-access`, for what was read under one.
    pub fn reason(self, reason: &str) -> Self {
        self.filter("reason", reason)
    }

    /// From this time on.
    pub fn from(self, at: DateTime<Utc>) -> Self {
        self.filter("from", at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// Before this time.
    pub fn until(self, at: DateTime<Utc>) -> Self {
        self.filter("until", at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
