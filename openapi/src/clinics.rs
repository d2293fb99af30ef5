//! Clinics, and how one signs up.

use crate::{Sensitive, ids::ClinicId, members::Member};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Signs a clinic up, with its first member, the owner.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "clinic": {"name": "North Massage Therapy (demo)", "phone": "555-0100", "address": "1 Example Street, Springfield"},
    "owner": {"name": "Ada Example", "email": "ada@north.example.org", "password": "correct horse battery staple",
              "profession": "massage_therapist", "npi": "1234567893"}
})))]
pub struct SignUp {
    /// The clinic.
    pub clinic: NewClinic,
    /// Its owner.
    pub owner: NewOwner,
}

/// A clinic that signs up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewClinic {
    /// The name that patients know it by.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// A telephone number.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 40))]
    pub phone: Option<String>,
    /// The postal address, on one line.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 300))]
    pub address: Option<String>,
    /// The organisation's National Provider Identifier (type 2), ten digits.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[12][0-9]{9}$"))]
    pub npi: Option<String>,
}

/// The person who signs a clinic up.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewOwner {
    /// The person's name, as it stands under reports.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub name: Sensitive<String>,
    /// The address to sign in with.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "email", min_length = 1, max_length = 254))]
    pub email: Sensitive<String>,
    /// At least 15 characters; a sentence is fine, no kind of character is demanded (NIST SP 800-63B-4).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "password", min_length = 15, max_length = 1024))]
    pub password: Sensitive<String>,
    /// The profession, such as `massage_therapist`, `physical_therapist`, `physician`, `counselor`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub profession: String,
    /// The person's National Provider Identifier (type 1), ten digits. Not everybody has one.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[12][0-9]{9}$"))]
    pub npi: Option<String>,
}

/// A clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10", "name": "North Massage Clinic", "phone": "555-0100",
    "created_at": "2026-11-23T09:00:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Clinic {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ClinicId,
    /// Its name.
    pub name: String,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its postal address.
    pub address: Option<String>,
    /// Its National Provider Identifier.
    pub npi: Option<String>,
    /// When it signed up.
    pub created_at: DateTime<Utc>,
}

/// A clinic, as others name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10", "name": "North Massage Clinic"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ClinicName {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ClinicId,
    /// Its name.
    pub name: String,
}

/// What a sign-up made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SignedUp {
    /// The clinic.
    pub clinic: Clinic,
    /// Its owner, who now signs in at `/v1/auth/login`.
    pub owner: Member,
}
