//! The record of who did what, and of what left to whom.

use crate::{
    Sensitive,
    audit_log::LogEvent,
    ids::{AuditEventId, ClinicId, ConsentId, DisclosureId, PatientId, ReferralId, ShareId},
    page::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Outcome {
    /// It was done.
    Permitted,
    /// It was refused.
    Denied,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ActorKind {
    /// A member of a clinic.
    Member,
    /// An API client of a clinic.
    Client,
    /// A patient at a link.
    Patient,
    /// A guest at the link to a share.
    Guest,
    /// Nobody who had signed in.
    Anonymous,
    /// The service itself.
    System,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// One event of the audit log: ids and words of a closed list, never a patient's name or a clinical value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32", "occurred_at": "2026-11-23T09:30:00Z", "action": "share.read", "outcome": "permitted",
    "actor_kind": "member", "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13", "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
    "object_type": "share", "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22", "request_id": "7f6c1a2e"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditEvent {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: AuditEventId,
    /// When, by the database's clock.
    pub occurred_at: DateTime<Utc>,
    /// What was done or tried, such as `share.read`.
    pub action: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it was refused: a problem's slug. Of what was read under an emergency access: `emergency-access`.
    pub reason: Option<String>,
    /// Who acted.
    pub actor_kind: ActorKind,
    /// The member or the client who acted.
    pub actor_id: Option<Uuid>,
    /// The clinic of the member or client who acted.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub actor_clinic_id: Option<ClinicId>,
    /// What it was done to: `patient`, `consent`, `report`, `share`, ...
    pub object_type: String,
    /// Its id.
    pub object_id: Option<Uuid>,
    /// The patient concerned, in the records of the clinic that this event belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub patient_id: Option<PatientId>,
    /// The consent that carried it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub consent_id: Option<ConsentId>,
    /// The request.
    pub request_id: String,
}

/// A page of audit events.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditEventList {
    /// The events, newest first.
    pub items: Vec<AuditEvent>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for AuditEventList {
    type Item = AuditEvent;
    fn into_parts(self) -> (Vec<AuditEvent>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// One reading by a recipient, with what 45 CFR 164.528(b)(2) asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a33", "disclosed_at": "2026-11-23T09:30:00Z", "recipient_name": "Jordan Sample",
    "recipient_clinic": "South Family Practice", "description": "Progress report, version 1: treatment, goals, measures",
    "purpose": "treatment", "basis": "Treatment, with the patient's consent", "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22",
    "share_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "is_required": false
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Disclosure {
    /// The audit event that records it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: DisclosureId,
    /// When (164.528(b)(2)(i)).
    pub disclosed_at: DateTime<Utc>,
    /// Who received it (164.528(b)(2)(ii)): the person who read; the clinic, where one of its API clients did.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub recipient_name: Sensitive<String>,
    /// The clinic of that person or client; a guest has none.
    pub recipient_clinic: Option<String>,
    /// The address of that clinic, where known; of a guest the e-mail address.
    pub recipient_address: Option<String>,
    /// What was disclosed, in brief (164.528(b)(2)(iii)).
    pub description: String,
    /// What for (164.528(b)(2)(iv)).
    pub purpose: String,
    /// On what ground: `authorization`, the patient's own signed consent (164.508).
    pub basis: String,
    /// Whether 164.528(a)(1) demands that it be accounted for. Disclosures under an authorization are exempt; they are
    /// listed all the same.
    pub is_required: bool,
    /// The consent that carried it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub consent_id: Option<ConsentId>,
    /// The share, where it was one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub share_id: Option<ShareId>,
    /// The referral, where it was one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub referral_id: Option<ReferralId>,
}

/// A page of disclosures.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct DisclosureList {
    /// The disclosures, newest first.
    pub items: Vec<Disclosure>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for DisclosureList {
    type Item = Disclosure;
    fn into_parts(self) -> (Vec<Disclosure>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// One line of a patient's sharing history, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14", "occurred_at": "2026-11-23T10:00:00Z", "action": "share.read",
    "outcome": "permitted", "in_words": "Dr. Sam Example (South Family Practice) read a progress report."
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SharingHistoryEntry {
    /// The audit event behind it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: AuditEventId,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// What was done or tried.
    pub action: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The same as a sentence.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub in_words: Sensitive<String>,
}

/// A page of a sharing history.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SharingHistory {
    /// The entries, newest first.
    pub items: Vec<SharingHistoryEntry>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for SharingHistory {
    type Item = SharingHistoryEntry;
    fn into_parts(self) -> (Vec<SharingHistoryEntry>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A signed root of the log: how many events it held at a time, and the root of their Merkle tree (RFC 9162).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "size": 1024, "root": "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=", "sealed_at": "2026-11-24T10:00:00Z",
    "previous_root": "9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=",
    "key_id": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "note": "rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14\n1024\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n..."
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditCheckpoint {
    /// How many events the tree holds.
    pub size: u64,
    /// The root of the tree, in base64.
    pub root: String,
    /// When it was sealed, by the database's clock.
    pub sealed_at: DateTime<Utc>,
    /// The root of the checkpoint before, in base64; `null` of the first.
    pub previous_root: Option<String>,
    /// The key that signed it: a `kid` of `/.well-known/jwks.json`, or of a key that was there before.
    pub key_id: String,
    /// That key (Ed25519), in base64url. It proves nothing to who has not had it from elsewhere before.
    pub public_key: String,
    /// The same as a signed note (C2SP tlog-checkpoint and signed-note): this is what is signed.
    pub note: String,
}

/// A page of checkpoints.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditCheckpointList {
    /// The checkpoints, newest first.
    pub items: Vec<AuditCheckpoint>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for AuditCheckpointList {
    type Item = AuditCheckpoint;
    fn into_parts(self) -> (Vec<AuditCheckpoint>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// The proof that an event is in the log as it was sealed (RFC 9162, section 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "event": {"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a32", "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10",
        "occurred_at": "2026-11-23T09:30:00Z", "action": "share.read", "outcome": "permitted", "actor_kind": "member",
        "actor_clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13", "actor_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14",
        "object_type": "share", "object_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "request_id": "7f6c1a2e",
        "transaction_id": 90211, "salt": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a35"},
    "encoding": 1, "leaf_index": 1017, "hashes": ["9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg="]
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditProof {
    /// The event, with everything that its leaf is the hash of.
    pub event: LogEvent,
    /// The version of the encoding that the leaf was made by.
    pub encoding: i16,
    /// The event's place in the log, from 0.
    pub leaf_index: u64,
    /// The hashes beside the way from the leaf to the root, in base64, from the leaf up.
    pub hashes: Vec<String>,
    /// The checkpoint whose root they lead to.
    pub checkpoint: AuditCheckpoint,
}

/// The proof that a later log begins with an earlier one, unchanged (RFC 9162, section 2.1.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "from": 3, "to": 4, "hashes": ["qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs="]
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuditConsistency {
    /// The size of the earlier log.
    pub from: u64,
    /// The size of the later log.
    pub to: u64,
    /// The hashes that lead from the one root to the other, in base64.
    pub hashes: Vec<String>,
}
