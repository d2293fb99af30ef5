//! Signing in, and the sessions that come of it.

use crate::{Sensitive, ids::SessionId, page::Page};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The first factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "email": "ada@north.example.org", "password": "correct horse battery staple"
})))]
pub struct Login {
    /// The e-mail address of the account.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "email", min_length = 1, max_length = 254))]
    pub email: Sensitive<String>,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "password", min_length = 1, max_length = 1024))]
    pub password: Sensitive<String>,
}

/// The second step: one of the two tokens, to be sent as the bearer token of `/v1/auth/mfa/*`. It lives 10 minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "mfa_token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5", "expires_in": 600
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct MfaNeeded {
    /// The account has an authenticator: send a code to `/v1/auth/mfa/verify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub mfa_token: Option<Sensitive<String>>,
    /// The account has none yet: fetch its secret at `/v1/auth/mfa/enrol`, then send a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub mfa_enrolment_token: Option<Sensitive<String>>,
    /// How long the token lives, in seconds.
    pub expires_in: u32,
}

/// What an authenticator app needs (RFC 6238: SHA-1, 6 digits, 30 seconds).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "otpauth_uri": "otpauth://totp/Rapport:ada%40north.example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Rapport",
    "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct MfaEnrolment {
    /// The `otpauth://` address, for a QR code.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub otpauth_uri: Sensitive<String>,
    /// The same secret in base 32, to be typed.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub secret: Sensitive<String>,
}

/// The second factor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"code": "123456"})))]
pub struct MfaCode {
    /// The six digits that the authenticator shows now. A code works once.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Sensitive<String>,
}

/// A session's tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "access_token": "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 300,
    "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
})))]
pub struct Tokens {
    /// A JWT (RFC 9068) signed with EdDSA; its keys are at `/.well-known/jwks.json`.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub access_token: Sensitive<String>,
    /// Always `Bearer`.
    pub token_type: String,
    /// How long the access token lives, in seconds.
    pub expires_in: u32,
    /// Good for one refresh, which brings the next one.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub refresh_token: Sensitive<String>,
}

/// Asks for the next pair of tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "refresh_token": "mJ0w9f3k2l1n5b7v8c6x4z2a0s9d8f7g6h5j4k3l2q1"
})))]
pub struct Refresh {
    /// The newest refresh token of the session.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub refresh_token: Sensitive<String>,
}

/// A place where this account is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a34", "created_at": "2026-11-23T09:00:00Z", "refreshed_at": "2026-11-23T09:04:00Z",
    "expires_at": "2026-11-23T09:34:00Z", "is_current": true
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Session {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: SessionId,
    /// When the second factor was accepted.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last refreshed.
    pub refreshed_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// A page of sessions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SessionList {
    /// The sessions, newest first.
    pub items: Vec<Session>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for SessionList {
    type Item = Session;
    fn into_parts(self) -> (Vec<Session>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
