//! Where a clinic wants to be told of events, by [Standard Webhooks](https://www.standardwebhooks.com).

use crate::{
    Sensitive,
    events::{Event, EventType},
    ids::{MemberId, WebhookId, WebhookSecretId},
    page::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A new webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "url": "https://software.example.org/rapport", "types": ["share.delivered", "consent.revoked"]
})))]
pub struct NewWebhook {
    /// Where to: https, a name and no number, the standard port, written as a browser would.
    #[cfg_attr(feature = "openapi", schema(format = "uri", min_length = 1, max_length = 500))]
    pub url: String,
    /// Which events; all of them if left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub types: Vec<EventType>,
}

/// A change of a webhook; a field left out stays. It delivers by the right of who changed it last.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"types": ["share.delivered"]})))]
pub struct WebhookPatch {
    /// Where to. Another address is asked first whether it wants this.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, format = "uri", min_length = 1, max_length = 500))]
    pub url: Option<String>,
    /// Which events; all of them if it is empty.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_items = 100))]
    pub types: Option<Vec<EventType>>,
}

/// Where a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum WebhookState {
    /// The address is being asked whether it wants this. It is told nothing yet.
    Pending,
    /// It is told.
    Active,
    /// It is not told any more, until it is asked again.
    Disabled,
    /// It is over.
    Ended,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Why a webhook is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum DisabledBecause {
    /// The address did not answer the challenge.
    Unverified,
    /// It answered 410.
    Gone,
    /// It has failed for three days.
    Failing,
    /// The owner by whose right it delivered is none any more.
    Unauthorised,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A secret that is good, without itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct WebhookSecret {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: WebhookSecretId,
    /// What its `v1a` signatures are verified with: `whpk_` and an Ed25519 key in base64.
    pub public_key: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it signs, once another one has taken its place.
    pub ends_at: Option<DateTime<Utc>>,
}

/// A secret, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    "public_key": "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "created_at": "2026-11-23T09:30:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct NewWebhookSecret {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: WebhookSecretId,
    /// What its `v1` signatures are verified with: `whsec_` and 32 random bytes in base64.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub secret: Sensitive<String>,
    /// What its `v1a` signatures are verified with: `whpk_` and an Ed25519 key in base64.
    pub public_key: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40", "url": "https://software.example.org/rapport", "types": ["share.delivered", "consent.revoked"],
    "state": "pending", "authorised_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
    "secrets": [{"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a41", "public_key": "whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
        "created_at": "2026-11-23T09:00:00Z"}],
    "created_at": "2026-11-23T09:00:00Z", "updated_at": "2026-11-23T09:00:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Webhook {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: WebhookId,
    /// Where to.
    pub url: String,
    /// Which events; all of them if it is empty.
    pub types: Vec<EventType>,
    /// Where it stands.
    pub state: WebhookState,
    /// Why it is disabled.
    pub disabled_because: Option<DisabledBecause>,
    /// Since when it has failed, if it does.
    pub failing_since: Option<DateTime<Utc>>,
    /// The owner by whose right it delivers.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub authorised_by: MemberId,
    /// The secrets that are good.
    pub secrets: Vec<WebhookSecret>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes; the `ETag`.
    pub version: i32,
}

/// A new webhook with its secret, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct MadeWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// What its deliveries are signed with.
    pub secret: NewWebhookSecret,
}

/// A page of webhooks.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct WebhookList {
    /// The webhooks, newest first.
    pub items: Vec<Webhook>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for WebhookList {
    type Item = Webhook;
    fn into_parts(self) -> (Vec<Webhook>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum DeliveryState {
    /// It will be tried, or tried again.
    Pending,
    /// The address has taken it.
    Delivered,
    /// It was tried for three days.
    Failed,
    /// What it is about is not within the webhook's reach any more.
    Refused,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl DeliveryState {
    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "pending" => Self::Pending,
            "delivered" => Self::Delivered,
            "failed" => Self::Failed,
            "refused" => Self::Refused,
            _ => return None,
        })
    }
}

/// An event on its way to a webhook. It goes by the id of the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "state": "pending", "attempts": 2, "last_attempt_at": "2026-11-23T09:35:12Z", "last_status": 503,
    "next_attempt_at": "2026-11-23T10:05:40Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct WebhookDelivery {
    /// What is told.
    pub event: Event,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was tried last.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// What the address answered then; nothing, if it did not.
    pub last_status: Option<i32>,
    /// When it will be tried next.
    pub next_attempt_at: Option<DateTime<Utc>>,
}

/// A page of deliveries.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct WebhookDeliveryList {
    /// The deliveries, newest first.
    pub items: Vec<WebhookDelivery>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for WebhookDeliveryList {
    type Item = WebhookDelivery;
    fn into_parts(self) -> (Vec<WebhookDelivery>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// What an address is asked before it is told anything. It answers 200 with `{"challenge": ...}`, the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "type": "webhook.challenge", "webhook_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a40", "challenge": "mJ3o6gq0QJ5mS0m0e8r9dA"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct WebhookChallenge {
    /// `webhook.challenge`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The webhook.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub webhook_id: WebhookId,
    /// What to answer.
    pub challenge: String,
}
