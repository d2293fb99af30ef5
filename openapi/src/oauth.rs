//! Signing a machine in (RFC 6749, 4.4; RFC 7523; SMART Backend Services), and taking tokens back (RFC 7009).
//!
//! Requests are forms, as the RFCs have them; an unknown parameter is passed over (RFC 6749, 3.2).

use crate::Sensitive;
use serde::{Deserialize, Serialize};

/// What `client_assertion_type` has to be (RFC 7523, 2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Asks for a token.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "grant_type": "client_credentials", "scope": "patients:read reports:read",
    "client_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a15",
    "client_secret": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
})))]
pub struct TokenRequest {
    /// `client_credentials`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required, max_length = 100))]
    pub grant_type: String,
    /// Scopes with blanks between them; all that the client has, if left out. What it has not is left out of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 500))]
    pub scope: Option<String>,
    /// The client; may be left out beside an assertion or a Basic header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100))]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 200))]
    pub client_secret: Option<Sensitive<String>>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 100))]
    pub client_assertion_type: Option<String>,
    /// A JWT that the client has signed: `iss` and `sub` are the client's id, `aud` is the issuer of this service as the
    /// only one, `exp` at most 5 minutes ahead, `jti` new each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 4096))]
    pub client_assertion: Option<Sensitive<String>>,
}

/// A machine's access token. There is no refresh token: it asks again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 300,
    "scope": "patients:read reports:read"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct TokenResponse {
    /// A JWT (RFC 9068) signed with EdDSA.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub access_token: Sensitive<String>,
    /// Always `Bearer`.
    pub token_type: String,
    /// How long it lives, in seconds.
    pub expires_in: u32,
    /// What it is good for.
    pub scope: String,
}

/// Takes a token back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
})))]
pub struct RevocationRequest {
    /// A person's refresh or access token, which ends the session, or a client's access token, with the client's proof.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub token: Sensitive<String>,
    /// Passed over: what it is, the token tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub token_type_hint: Option<String>,
    /// The client; may be left out beside an assertion or a Basic header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false))]
    pub client_secret: Option<Sensitive<String>>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub client_assertion_type: Option<String>,
    /// A JWT that the client has signed, as for a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false))]
    pub client_assertion: Option<Sensitive<String>>,
}

/// What an OAuth client needs to know of this service (RFC 8414), and a SMART one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "issuer": "https://rapport.example.org", "token_endpoint": "https://rapport.example.org/oauth/token",
    "revocation_endpoint": "https://rapport.example.org/oauth/revoke",
    "jwks_uri": "https://rapport.example.org/.well-known/jwks.json", "grant_types_supported": ["client_credentials"],
    "response_types_supported": [],
    "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "client_secret_post"],
    "token_endpoint_auth_signing_alg_values_supported": ["ES384", "RS384", "EdDSA"],
    "revocation_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic", "client_secret_post"],
    "scopes_supported": ["shares:read", "referrals:read"],
    "capabilities": ["client-confidential-asymmetric", "client-confidential-symmetric"]
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AuthorizationServer {
    /// What stands in `iss` of our tokens, and has to stand in `aud` of an assertion.
    pub issuer: String,
    /// Where tokens are made.
    pub token_endpoint: String,
    /// Where tokens are taken back.
    pub revocation_endpoint: String,
    /// Our public keys.
    pub jwks_uri: String,
    /// `client_credentials`.
    pub grant_types_supported: Vec<String>,
    /// None: nobody is sent here to authorize.
    pub response_types_supported: Vec<String>,
    /// How a client proves itself.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// What an assertion may be signed with: by each key its own.
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// How a client proves itself to take a token back.
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// Every scope.
    pub scopes_supported: Vec<String>,
    /// Of SMART: `client-confidential-asymmetric`, `client-confidential-symmetric`.
    pub capabilities: Vec<String>,
}
