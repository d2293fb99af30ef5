//! A patient's written permission (45 CFR 164.508), asked for, given, taken back.

use crate::{
    Sensitive,
    ids::{ClinicId, ConsentId, MemberId, PatientId},
    page::Page,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A kind of information that a consent can cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Category {
    /// Treatment plans, with the measures they set out from.
    TreatmentPlan,
    /// Progress reports, with the measures they show.
    ProgressReport,
    /// Objective measures by themselves.
    OutcomeMeasures,
    /// Patient history.
    History,
    /// Files that go with a report.
    Attachments,
    /// Referrals and what goes to and fro in them.
    Referral,
    /// Mental health. No other category implies it.
    MentalHealth,
    /// Substance use. No other category implies it.
    SubstanceUse,
    /// Reproductive health. No other category implies it.
    ReproductiveHealth,
    /// One that this version does not know; never granted, never sent.
    #[serde(other)]
    Unknown,
}

/// A category that an author labels a report with, because nothing else implies it.
#[cfg(feature = "openapi")]
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum SensitiveCategory {
    /// Mental health.
    MentalHealth,
    /// Substance use.
    SubstanceUse,
    /// Reproductive health.
    ReproductiveHealth,
}

impl Category {
    /// Every category that can be granted.
    pub const ALL: [Self; 9] = [
        Self::TreatmentPlan,
        Self::ProgressReport,
        Self::OutcomeMeasures,
        Self::History,
        Self::Attachments,
        Self::Referral,
        Self::MentalHealth,
        Self::SubstanceUse,
        Self::ReproductiveHealth,
    ];

    /// Whether a report carries it only as a label of its author, because nothing else implies it.
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::MentalHealth | Self::SubstanceUse | Self::ReproductiveHealth)
    }

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TreatmentPlan => "treatment_plan",
            Self::ProgressReport => "progress_report",
            Self::OutcomeMeasures => "outcome_measures",
            Self::History => "history",
            Self::Attachments => "attachments",
            Self::Referral => "referral",
            Self::MentalHealth => "mental_health",
            Self::SubstanceUse => "substance_use",
            Self::ReproductiveHealth => "reproductive_health",
            Self::Unknown => "unknown",
        }
    }

    /// The category of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == name)
    }
}

/// Whom to name: exactly one of a practitioner, a clinic (which covers its practitioners), or a name with an e-mail
/// address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"
})))]
pub struct RecipientChoice {
    /// This practitioner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub practitioner_id: Option<MemberId>,
    /// This clinic and its practitioners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub clinic_id: Option<ClinicId>,
    /// Somebody without an account: the name ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 200))]
    pub name: Option<Sensitive<String>>,
    /// ... and the e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "email", min_length = 1, max_length = 254))]
    pub email: Option<Sensitive<String>>,
}

impl RecipientChoice {
    /// A practitioner.
    pub fn practitioner(id: impl Into<MemberId>) -> Self {
        Self { practitioner_id: Some(id.into()), ..Self::default() }
    }

    /// A clinic.
    pub fn clinic(id: impl Into<ClinicId>) -> Self {
        Self { clinic_id: Some(id.into()), ..Self::default() }
    }

    /// Somebody without an account.
    pub fn guest(name: impl Into<Sensitive<String>>, email: impl Into<Sensitive<String>>) -> Self {
        Self { name: Some(name.into()), email: Some(email.into()), ..Self::default() }
    }
}

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum RecipientKind {
    /// One practitioner.
    Practitioner,
    /// A clinic and its practitioners.
    Clinic,
    /// Somebody without an account.
    Guest,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A recipient, as the patient was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "kind": "clinic", "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13", "name": "South Family Practice"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Recipient {
    /// What it is.
    pub kind: RecipientKind,
    /// The practitioner, where it is one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub practitioner_id: Option<MemberId>,
    /// The clinic, or the practitioner's clinic.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub clinic_id: Option<ClinicId>,
    /// The name; of a practitioner with the clinic's.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Sensitive<String>,
    /// The address of somebody without an account.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: Option<Sensitive<String>>,
}

/// Asks the patient.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "recipients": [{"clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"}],
    "categories": ["treatment_plan", "progress_report", "outcome_measures"],
    "purpose": "treatment", "expires_at": "2027-11-23T00:00:00Z", "two_way": true
})))]
pub struct NewConsent {
    /// Who may receive, 1 to 10.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub recipients: Vec<RecipientChoice>,
    /// What may be shared.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 9))]
    pub categories: Vec<Category>,
    /// What for: `treatment`, `care_coordination`, `second_opinion`, or a purpose in your own words. A share must name
    /// the same one.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub purpose: String,
    /// From when; from the signature on, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when (the moment itself is outside).
    pub expires_at: DateTime<Utc>,
    /// Whether the recipients may report back to this clinic.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(default = false))]
    pub two_way: bool,
}

impl NewConsent {
    /// Asks for this recipient, these categories and this purpose, until then, and for nothing that goes the other way.
    pub fn new(
        recipient: RecipientChoice,
        categories: impl Into<Vec<Category>>,
        purpose: impl Into<String>,
        expires_at: DateTime<Utc>,
    ) -> Self {
        Self {
            recipients: vec![recipient],
            categories: categories.into(),
            purpose: purpose.into(),
            starts_at: None,
            expires_at,
            two_way: false,
        }
    }

    /// For this recipient too.
    #[must_use]
    pub fn and_for(mut self, recipient: RecipientChoice) -> Self {
        self.recipients.push(recipient);
        self
    }

    /// From then on; else from the signature on.
    #[must_use]
    pub fn starting_at(mut self, at: DateTime<Utc>) -> Self {
        self.starts_at = Some(at);
        self
    }

    /// The recipient may report back under it.
    #[must_use]
    pub fn both_ways(mut self) -> Self {
        self.two_way = true;
        self
    }
}

/// Where a consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ConsentState {
    /// The patient has been asked.
    Pending,
    /// Signed and in force.
    Active,
    /// Taken back by the patient.
    Revoked,
    /// Ended by its date.
    Expired,
    /// Replaced by a newer one for the same recipients and purpose.
    Superseded,
    /// Refused by the patient.
    Declined,
    /// Not answered in time.
    Lapsed,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How a consent was signed or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ConsentMethod {
    /// By the patient, at the link.
    Link,
    /// On paper, attested by a member of the clinic.
    Paper,
    /// By the clinic on the patient's word (revocation only).
    Word,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A signature under a consent.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ConsentSignature {
    /// How it was given.
    pub method: ConsentMethod,
    /// The name that was signed with.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub signed_name: Sensitive<String>,
    /// When it was given; of a paper form, when the clinic recorded it.
    pub signed_at: DateTime<Utc>,
    /// The date on the paper form.
    pub paper_signed_on: Option<NaiveDate>,
    /// SHA-256 of the scanned form, in hex.
    pub paper_form_hash: Option<String>,
}

/// A consent, with the text that the patient saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", "state": "pending",
    "categories": ["progress_report", "outcome_measures"], "purpose": "treatment", "expires_at": "2027-05-23T00:00:00Z",
    "two_way": false, "asked_at": "2026-11-23T09:00:00Z", "asked_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
    "lapses_at": "2026-12-07T09:00:00Z",
    "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
    "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "statement_version": "1", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Consent {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ConsentId,
    /// Whose it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// Where it stands now.
    pub state: ConsentState,
    /// Who may receive.
    pub recipients: Vec<Recipient>,
    /// What may be shared.
    pub categories: Vec<Category>,
    /// What for.
    pub purpose: String,
    /// From when, where that is not the signature.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Whether the recipients may report back.
    pub two_way: bool,
    /// When the patient was asked.
    pub asked_at: DateTime<Utc>,
    /// The member who asked.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub asked_by: MemberId,
    /// When the question lapses if it stays unanswered.
    pub lapses_at: DateTime<Utc>,
    /// The text, exactly as the patient sees it.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub statement: Sensitive<String>,
    /// SHA-256 of the text's UTF-8 bytes, in hex.
    pub statement_hash: String,
    /// The version of the text's wording.
    pub statement_version: String,
    /// The signature, once there is one.
    pub signature: Option<ConsentSignature>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// How it was revoked.
    pub revocation_method: Option<ConsentMethod>,
    /// The consent that replaced it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub superseded_by: Option<ConsentId>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A page of consents.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ConsentList {
    /// The consents, newest first.
    pub items: Vec<Consent>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ConsentList {
    type Item = Consent;
    fn into_parts(self) -> (Vec<Consent>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Records a signature on paper.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "signed_name": "Casey Sample", "signed_on": "2026-11-20", "attested": true,
    "form": {"media_type": "application/pdf", "content": "JVBERi0xLjQKJcOkw7zDtsOfCg=="}
})))]
pub struct PaperSignature {
    /// The name under the form.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub signed_name: Sensitive<String>,
    /// The date beside the signature.
    pub signed_on: NaiveDate,
    /// Must be `true`: the member attests that this form was signed by this patient.
    pub attested: bool,
    /// The scan.
    pub form: PaperForm,
}

/// A scanned form.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaperForm {
    /// `application/pdf`, `image/png` or `image/jpeg`; the content must be of that type.
    #[cfg_attr(feature = "openapi", schema(pattern = "^(application/pdf|image/png|image/jpeg)$"))]
    pub media_type: String,
    /// The file in base 64 (RFC 4648), at most 8 MiB decoded.
    #[cfg_attr(feature = "openapi", schema(value_type = String, content_encoding = "base64"))]
    pub content: Sensitive<String>,
}

/// Revokes on the patient's word. It needs no reason, and the body may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"note": "By telephone"})))]
pub struct RevokeConsent {
    /// How the patient said it, for the clinic's own record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 1000))]
    pub note: Option<Sensitive<String>>,
}
