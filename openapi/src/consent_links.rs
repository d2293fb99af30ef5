//! What the patient does at the link: prove who opens it, read, sign or decline, and later revoke.

use crate::{
    Sensitive,
    consents::{Category, ConsentMethod, ConsentState, Recipient},
    ids::ConsentId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Asks for a one-time code, sent to the contact that the clinic has on file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
})))]
pub struct LinkChallenge {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub secret: Sensitive<String>,
}

/// Where the code went.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "sent_to": "c…@patients.example.org", "expires_in": 600
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct LinkCodeSent {
    /// The address, all but hidden.
    pub sent_to: String,
    /// How long the code lives, in seconds.
    pub expires_in: u32,
}

/// Opens a session for this link alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5", "birth_date": "1953-04-17", "code": "123456"
})))]
pub struct OpenLinkSession {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub secret: Sensitive<String>,
    /// The patient's date of birth.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date"))]
    pub birth_date: Sensitive<NaiveDate>,
    /// The six digits that were sent.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Sensitive<String>,
}

/// An open session. Its right is in an `HttpOnly` cookie; changes need the token too.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"csrf_token": "u6mL0pHkqDqg0lC0JqvN1w", "expires_in": 1800})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct LinkSession {
    /// To be sent as `X-CSRF-Token` with each change.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub csrf_token: Sensitive<String>,
    /// How long the session lives when nothing is done, in seconds.
    pub expires_in: u32,
}

/// What the patient is asked, in plain words and as the statement to sign.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "consent_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a22", "state": "pending", "clinic_name": "North Massage Clinic",
    "patient_name": "Casey Sample", "categories": ["progress_report"], "categories_in_words": ["Progress reports"],
    "purpose": "treatment", "expires_at": "2027-05-23T00:00:00Z", "two_way": false,
    "statement": "North Massage Clinic may give South Family Practice the progress report for treatment until 2027-05-23.",
    "statement_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct LinkConsent {
    /// The consent's id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub consent_id: ConsentId,
    /// Where it stands now.
    pub state: ConsentState,
    /// The clinic that asks.
    pub clinic_name: String,
    /// The patient's name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub patient_name: Sensitive<String>,
    /// Who may receive.
    pub recipients: Vec<Recipient>,
    /// What may be shared.
    pub categories: Vec<Category>,
    /// The same in plain words, one for each category.
    pub categories_in_words: Vec<String>,
    /// What for, in plain words.
    pub purpose: String,
    /// From when, where that is not the signature.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Whether the recipients may report back to the clinic.
    pub two_way: bool,
    /// The text to sign, exactly as it will be kept.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub statement: Sensitive<String>,
    /// SHA-256 of the text's UTF-8 bytes, in hex; sent back with the signature.
    pub statement_hash: String,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// How it was revoked.
    pub revocation_method: Option<ConsentMethod>,
}

/// The patient's signature.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "signed_name": "Casey Sample", "statement_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
})))]
pub struct LinkSignature {
    /// The name, typed by the patient.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub signed_name: Sensitive<String>,
    /// The hash of the text that the patient saw.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub statement_hash: String,
}
