//! The directory: public, professional facts about people who treat.

use crate::{clinics::ClinicName, ids::MemberId, page::Page, patch};
use serde::{Deserialize, Serialize};

/// A practitioner as every signed-in clinic sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10", "name": "Ada Example", "profession": "massage_therapist",
    "nucc_code": "225700000X", "npi": "1234567893", "focus": ["chronic_pain"], "is_accepting": true,
    "clinic": {"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11", "name": "North Massage Therapy (demo)"}, "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Practitioner {
    /// The id to name in a consent or a share.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The profession.
    pub profession: String,
    /// The Health Care Provider Taxonomy code (NUCC) of the profession, where there is one.
    pub nucc_code: Option<String>,
    /// The National Provider Identifier. It says that the person is enumerated, not that a licence is in force.
    pub npi: Option<String>,
    /// What the practitioner concentrates on, such as `chronic_pain`.
    pub focus: Vec<String>,
    /// Whether new patients are welcome.
    pub is_accepting: bool,
    /// Where the practitioner works.
    pub clinic: ClinicName,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A change of one's own entry; a field left out stays, `null` clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "focus": ["chronic_pain", "sports"], "is_accepting": true
})))]
pub struct PractitionerPatch {
    /// The profession.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 80))]
    pub profession: Option<String>,
    /// The National Provider Identifier, ten digits; `null` takes it out.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[12][0-9]{9}$"))]
    pub npi: Option<Option<String>>,
    /// What the practitioner concentrates on, at most 20 words.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_items = 20))]
    pub focus: Option<Vec<String>>,
    /// Whether new patients are welcome.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub is_accepting: Option<bool>,
}

/// A page of the directory.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct PractitionerList {
    /// The practitioners, newest first.
    pub items: Vec<Practitioner>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for PractitionerList {
    type Item = Practitioner;
    fn into_parts(self) -> (Vec<Practitioner>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
