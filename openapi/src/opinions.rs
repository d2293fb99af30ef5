//! What belongs to a second opinion besides what every referral has: whom it is about in general terms, and the answer.
//!
//! An opinion that names nobody goes without the patient's consent (45 CFR 164.514(b)(2)). Whatever is written in it is looked
//! through for the eighteen kinds of identifiers; each that is found refuses the request with `validation`: `code` is the kind
//! (`name`, `geography`, `date`, `phone`, `fax`, `email`, `ssn`, `medical_record_number`, `health_plan_number`, `account_number`,
//! `license_number`, `vehicle`, `device`, `url`, `ip_address`, `biometric`, `photograph`, `other_identifier`), and `span` says where.

use crate::Sensitive;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A patient's sex, where it matters to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Intersex.
    Intersex,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Whom an opinion that names nobody is about, as far as that may be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewOpinionSubject {
    /// The age in years. Of a patient of the sender's own records it is taken from there, and not taken here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>, minimum = 0, maximum = 125))]
    pub age: Option<Sensitive<u32>>,
    /// The sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Sex>))]
    pub sex: Option<Sensitive<Sex>>,
    /// The state of the United States, in two letters: nothing smaller is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[A-Z]{2}$"))]
    pub state: Option<Sensitive<String>>,
    /// The year in which it began: of a date nothing else is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i32>))]
    pub onset_year: Option<Sensitive<i32>>,
}

/// Whom an opinion that names nobody is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct OpinionSubject {
    /// The age in years when it was written, in figures; `90 or older` for whoever is.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub age: Option<Sensitive<String>>,
    /// The sex.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Sex>))]
    pub sex: Option<Sensitive<Sex>>,
    /// The state, in two letters.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub state: Option<Sensitive<String>>,
    /// The year in which it began.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i32>))]
    pub onset_year: Option<Sensitive<i32>>,
}

/// What the asked practitioner thinks: the answer that closes a second opinion in the place of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "assessment": "This fits cervicogenic headache with a migraine besides; the range improved, the index did not by enough.",
    "suggestions": ["Add deep neck flexor training", "Measure the index again after six weeks"],
    "red_flags": ["Any new neurological sign: refer the same day"]
})))]
pub struct OpinionAnswer {
    /// What it thinks of it.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 4000))]
    pub assessment: Sensitive<String>,
    /// What it would do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, max_items = 20))]
    pub suggestions: Vec<Sensitive<String>>,
    /// What must not be missed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, max_items = 20))]
    pub red_flags: Vec<Sensitive<String>>,
}

/// That its author knows of nothing in it that tells who the patient is (45 CFR 164.514(b)(2)(ii)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct OpinionAttestation {
    /// Who says so.
    pub by: String,
    /// Since when.
    pub at: DateTime<Utc>,
}
