//! What a guest does at the link to a share: prove who opens it, read, acknowledge, or say that it went astray.

use crate::Sensitive;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The secret of a link: asks for a one-time code, or for a new link, sent to the address that the share is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
})))]
pub struct ShareLinkSecret {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub secret: Sensitive<String>,
}

/// Opens a session for this share alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5", "code": "123456"
})))]
pub struct OpenShareLinkSession {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub secret: Sensitive<String>,
    /// The six digits that were sent.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Sensitive<String>,
}

/// Says that it was not meant for the reader. In an open session the body may be left out; with the secret it takes no
/// session, because nobody should have to read first what is not for them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5"
})))]
pub struct ReportMisdirected {
    /// What stands behind the `#` of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 200))]
    pub secret: Option<Sensitive<String>>,
}

/// A new link is on its way; the one before has ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "sent_to": "k…@guest.example.org", "expires_at": "2026-11-30T09:00:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ShareLinkRenewed {
    /// The address, all but hidden.
    pub sent_to: String,
    /// When the new link lapses.
    pub expires_at: DateTime<Utc>,
}

/// What a link is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ShareLinkState {
    /// It can be opened.
    Active,
    /// It was opened as often as it may be.
    UsedUp,
    /// It was not renewed in time.
    Lapsed,
    /// Ended by wrong tries.
    Locked,
    /// A newer one was sent on the guest's request.
    Renewed,
    /// Ended with what it led to: taken back by its sender, or answered.
    Withdrawn,
    /// Ended by who received it: it was not meant for them.
    Misdirected,
    /// Of a referral: whom it was for has an account now, and has it there.
    Claimed,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How the newest link to a guest fares, for the sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "state": "active", "sent_at": "2026-11-23T09:00:00Z", "expires_at": "2026-11-30T09:00:00Z", "links_sent": 1,
    "openings": 2, "last_opened_at": "2026-11-23T10:00:00Z", "tries_left": 5, "misdirected_at": null
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ShareLinkStatus {
    /// What it is good for now.
    pub state: ShareLinkState,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// How many links were sent for this share, this one included.
    pub links_sent: u32,
    /// How often a session was opened, at this link and those before it.
    pub openings: u32,
    /// When a session was last opened at this link.
    pub last_opened_at: Option<DateTime<Utc>>,
    /// Wrong tries that it still bears.
    pub tries_left: u32,
    /// When who received it said that it was not meant for them.
    pub misdirected_at: Option<DateTime<Utc>>,
}
