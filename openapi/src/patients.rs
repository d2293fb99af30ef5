//! A clinic's own patient records. No other clinic ever sees one.

use crate::{Sensitive, ids::PatientId, page::Page, patch};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A new patient record.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "given_name": "Casey", "family_name": "Sample", "birth_date": "1953-04-17", "mrn": "N-1001",
    "email": "casey@patients.example.org", "phone": "555-0111"
})))]
pub struct NewPatient {
    /// Given names.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub given_name: Sensitive<String>,
    /// Family name.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub family_name: Sensitive<String>,
    /// Date of birth; the patient's second fact when opening a consent link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date"))]
    pub birth_date: Sensitive<NaiveDate>,
    /// The clinic's own record number, unique within it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 64))]
    pub mrn: Option<Sensitive<String>>,
    /// Where consent links and codes go.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "email", min_length = 1, max_length = 254))]
    pub email: Option<Sensitive<String>>,
    /// A telephone number.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 40))]
    pub phone: Option<Sensitive<String>>,
}

impl NewPatient {
    /// A record with what each must have.
    pub fn new(
        given_name: impl Into<Sensitive<String>>,
        family_name: impl Into<Sensitive<String>>,
        birth_date: NaiveDate,
    ) -> Self {
        Self {
            given_name: given_name.into(),
            family_name: family_name.into(),
            birth_date: birth_date.into(),
            mrn: None,
            email: None,
            phone: None,
        }
    }

    /// Where consent links and codes go.
    #[must_use]
    pub fn email(mut self, address: impl Into<Sensitive<String>>) -> Self {
        self.email = Some(address.into());
        self
    }

    /// A telephone number.
    #[must_use]
    pub fn phone(mut self, number: impl Into<Sensitive<String>>) -> Self {
        self.phone = Some(number.into());
        self
    }

    /// The clinic's own record number.
    #[must_use]
    pub fn mrn(mut self, number: impl Into<Sensitive<String>>) -> Self {
        self.mrn = Some(number.into());
        self
    }
}

/// A change of a patient record; a field left out stays, `null` clears.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"phone": "555-0112"})))]
pub struct PatientPatch {
    /// Given names.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, min_length = 1, max_length = 200))]
    pub given_name: Option<Sensitive<String>>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, min_length = 1, max_length = 200))]
    pub family_name: Option<Sensitive<String>>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, format = "date"))]
    pub birth_date: Option<Sensitive<NaiveDate>>,
    /// The clinic's own record number.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 64))]
    pub mrn: Option<Option<Sensitive<String>>>,
    /// Where consent links and codes go.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "email", min_length = 1, max_length = 254))]
    pub email: Option<Option<Sensitive<String>>>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 40))]
    pub phone: Option<Option<Sensitive<String>>>,
}

/// What to look for. At least one field; all that are given must match.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"family_name": "Sam"})))]
pub struct PatientSearch {
    /// The first letters of a family name; case and accents do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 200))]
    pub family_name: Option<Sensitive<String>>,
    /// The exact date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = "date"))]
    pub birth_date: Option<Sensitive<NaiveDate>>,
    /// The exact record number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 64))]
    pub mrn: Option<Sensitive<String>>,
}

/// A patient record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", "given_name": "Casey", "family_name": "Sample",
    "birth_date": "1953-04-17", "mrn": "N-1001", "email": "casey@patients.example.org", "phone": "555-0111",
    "created_at": "2026-11-23T09:00:00Z", "updated_at": "2026-11-23T09:00:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Patient {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: PatientId,
    /// Given names.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub given_name: Sensitive<String>,
    /// Family name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub family_name: Sensitive<String>,
    /// Date of birth.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date"))]
    pub birth_date: Sensitive<NaiveDate>,
    /// The clinic's own record number.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub mrn: Option<Sensitive<String>>,
    /// Where consent links and codes go.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: Option<Sensitive<String>>,
    /// A telephone number.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub phone: Option<Sensitive<String>>,
    /// When the record was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A page of patients.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct PatientList {
    /// The patients, the newest record first.
    pub items: Vec<Patient>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for PatientList {
    type Item = Patient;
    fn into_parts(self) -> (Vec<Patient>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
