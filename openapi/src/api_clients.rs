//! The machines of a clinic: what they are called, what they may, and what they prove themselves by.

use crate::{
    Sensitive,
    ids::{ApiClientId, ApiClientSecretId, MemberId},
    page::Page,
    patch,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a client may do (RFC 6749, 3.3), always within its own clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
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
    /// See referrals and read what they say.
    #[serde(rename = "referrals:read")]
    ReferralsRead,
    /// Write referrals, answer them, and make appointments. To accept one makes a record of the patient.
    #[serde(rename = "referrals:write")]
    ReferralsWrite,
    /// Read the audit log and the accounting of disclosures.
    #[serde(rename = "audit:read")]
    AuditRead,
    /// Follow what happens, of the objects that the other scopes list.
    #[serde(rename = "events:read")]
    EventsRead,
    /// One that this version does not know.
    #[serde(rename = "unknown", other)]
    Unknown,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 12] = [
        Self::PatientsRead,
        Self::PatientsWrite,
        Self::ConsentsRead,
        Self::ConsentsWrite,
        Self::ReportsRead,
        Self::ReportsWrite,
        Self::SharesRead,
        Self::SharesWrite,
        Self::ReferralsRead,
        Self::ReferralsWrite,
        Self::AuditRead,
        Self::EventsRead,
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
            Self::ReferralsRead => "referrals:read",
            Self::ReferralsWrite => "referrals:write",
            Self::AuditRead => "audit:read",
            Self::EventsRead => "events:read",
            Self::Unknown => "unknown",
        }
    }

    /// The scope of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A public key (RFC 7517): P-384 for ES384, RSA of 2048 bits or more for RS384, Ed25519 for EdDSA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwk {
    /// `EC`, `RSA` or `OKP`.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 10))]
    pub kty: String,
    /// What an assertion names the key by; unlike every other one of the set.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub kid: String,
    /// The one algorithm of the key; it follows from the type, and may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 10))]
    pub alg: Option<String>,
    /// `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 10))]
    pub key_use: Option<String>,
    /// `verify`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_items = 10))]
    pub key_ops: Option<Vec<String>>,
    /// `P-384` or `Ed25519`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 20))]
    pub crv: Option<String>,
    /// Of a curve, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 100))]
    pub x: Option<String>,
    /// Of P-384, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 100))]
    pub y: Option<String>,
    /// The modulus of RSA, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 1400))]
    pub n: Option<String>,
    /// The exponent of RSA, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 10))]
    pub e: Option<String>,
}

/// A set of public keys (RFC 7517, 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwks {
    /// The keys, 1 to 10.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 10))]
    pub keys: Vec<Jwk>,
}

/// A new client. It proves itself by a key, given here or at an address, or by a secret, which is made afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "name": "Practice software", "scopes": ["patients:read", "reports:read"],
    "jwks_uri": "https://software.example.org/.well-known/jwks.json"
})))]
pub struct NewApiClient {
    /// What the clinic calls it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub name: String,
    /// What it may do.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 20))]
    pub scopes: Vec<Scope>,
    /// The public keys, or else `jwks_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Jwks>,
    /// Where the public keys are: https, a name and no number, the standard port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 500))]
    pub jwks_uri: Option<String>,
    /// The member in whose name it writes: drafts, questions to patients, shares. Without one it writes none of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub author_id: Option<MemberId>,
}

impl NewApiClient {
    /// A machine that signs in by a secret, and writes in nobody's name.
    pub fn new(name: impl Into<String>, scopes: impl Into<Vec<Scope>>) -> Self {
        Self { name: name.into(), scopes: scopes.into(), jwks: None, jwks_uri: None, author_id: None }
    }

    /// Signs in by these keys.
    #[must_use]
    pub fn jwks(mut self, keys: Jwks) -> Self {
        self.jwks = Some(keys);
        self
    }

    /// Signs in by the keys that are published there.
    #[must_use]
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Writes in the name of this member.
    #[must_use]
    pub fn author(mut self, id: MemberId) -> Self {
        self.author_id = Some(id);
        self
    }
}

/// A change of a client; a field left out stays, `null` clears it. It holds for tokens that were made before, too.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"scopes": ["patients:read"]})))]
pub struct ApiClientPatch {
    /// What the clinic calls it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_length = 1, max_length = 200))]
    pub name: Option<String>,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, min_items = 1, max_items = 20))]
    pub scopes: Option<Vec<Scope>>,
    /// The public keys.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Jwks>))]
    pub jwks: Option<Option<Jwks>>,
    /// Where the public keys are.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 500))]
    pub jwks_uri: Option<Option<String>>,
    /// The member in whose name it writes.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "patch::nullable")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub author_id: Option<Option<MemberId>>,
}

/// Where a client stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ApiClientState {
    /// It can sign in.
    Active,
    /// It can't any more, and none of its tokens is good.
    Ended,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A machine of the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a30", "name": "Practice software", "scopes": ["patients:read", "shares:read"], "state": "active",
    "jwks_uri": "https://software.example.org/jwks.json", "secrets": [], "created_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
    "created_at": "2026-11-23T09:00:00Z", "updated_at": "2026-11-23T09:00:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ApiClient {
    /// Its id: the `client_id` of its assertions.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ApiClientId,
    /// What the clinic calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Where it stands.
    pub state: ApiClientState,
    /// The public keys, where they were given.
    pub jwks: Option<Jwks>,
    /// Where the public keys are.
    pub jwks_uri: Option<String>,
    /// The member in whose name it writes.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub author_id: Option<MemberId>,
    /// The secrets that are good.
    pub secrets: Vec<ApiClientSecret>,
    /// The member who made it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub created_by: MemberId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes; the `ETag`.
    pub version: i32,
}

/// A secret that is good, without itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ApiClientSecret {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ApiClientSecretId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A secret, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14", "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1",
    "created_at": "2026-11-23T09:30:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct NewApiClientSecret {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ApiClientSecretId,
    /// The secret: 256 random bits in base64url. Only its hash is kept.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub client_secret: Sensitive<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A page of clients.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ApiClientList {
    /// The clients, newest first.
    pub items: Vec<ApiClient>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ApiClientList {
    type Item = ApiClient;
    fn into_parts(self) -> (Vec<ApiClient>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
