//! The machines of a clinic: what they are called, what they may, and what they prove themselves by.

use serde::{Deserialize, Serialize};

/// What a client may do (RFC 6749, 3.3), always within its own clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Read patient records and search them.
    #[serde(rename = "patients:read")]
    PatientsRead,
    /// Make and change patient records.
    #[serde(rename = "patients:write")]
    PatientsWrite,
    /// Read consents.
    #[serde(rename = "consents:read")]
    ConsentsRead,
    /// Ask patients for consent, and revoke on a patient's word. To attest a signature on paper takes a person.
    #[serde(rename = "consents:write")]
    ConsentsWrite,
    /// Read reports.
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Draft reports. To sign one takes a person.
    #[serde(rename = "reports:write")]
    ReportsWrite,
    /// Read what came in for the clinic as a whole, and see what went out.
    #[serde(rename = "shares:read")]
    SharesRead,
    /// Share signed reports, withdraw shares, and acknowledge those that came in.
    #[serde(rename = "shares:write")]
    SharesWrite,
    /// Read the audit log and the accounting of disclosures.
    #[serde(rename = "audit:read")]
    AuditRead,
    /// One that this version does not know.
    #[serde(rename = "unknown", other)]
    Unknown,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 9] = [
        Self::PatientsRead,
        Self::PatientsWrite,
        Self::ConsentsRead,
        Self::ConsentsWrite,
        Self::ReportsRead,
        Self::ReportsWrite,
        Self::SharesRead,
        Self::SharesWrite,
        Self::AuditRead,
    ];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PatientsRead => "patients:read",
            Self::PatientsWrite => "patients:write",
            Self::ConsentsRead => "consents:read",
            Self::ConsentsWrite => "consents:write",
            Self::ReportsRead => "reports:read",
            Self::ReportsWrite => "reports:write",
            Self::SharesRead => "shares:read",
            Self::SharesWrite => "shares:write",
            Self::AuditRead => "audit:read",
            Self::Unknown => "unknown",
        }
    }

    /// The scope of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}
