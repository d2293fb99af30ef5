//! Row -> wire.

use super::{
    signature::Secret,
    store::{DeliveryRow, Row, SecretRow},
};
use crate::{events::store::Row as EventRow, http::ApiError};
use rapport_contract::{
    events::EventType,
    webhooks::{
        DeliveryState, DisabledBecause, NewWebhookSecret, Webhook, WebhookDelivery, WebhookSecret, WebhookState,
    },
};

fn because(word: &str) -> DisabledBecause {
    match word {
        "unverified" => DisabledBecause::Unverified,
        "gone" => DisabledBecause::Gone,
        "failing" => DisabledBecause::Failing,
        "unauthorised" => DisabledBecause::Unauthorised,
        _ => DisabledBecause::Unknown,
    }
}

/// A webhook with its good secrets.
pub(super) fn into_wire(row: Row, secrets: Vec<SecretRow>) -> Webhook {
    Webhook {
        id: row.id.into(),
        url: row.url,
        types: row.types.iter().map(|name| EventType::parse(name).unwrap_or(EventType::Unknown)).collect(),
        state: match row.state.as_str() {
            "pending" => WebhookState::Pending,
            "active" => WebhookState::Active,
            "disabled" => WebhookState::Disabled,
            "ended" => WebhookState::Ended,
            _ => WebhookState::Unknown,
        },
        disabled_because: row.disabled_because.as_deref().map(because),
        failing_since: row.failing_since,
        authorised_by: row.authorised_by.into(),
        secrets: secrets.into_iter().map(Into::into).collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    }
}

impl From<SecretRow> for WebhookSecret {
    fn from(row: SecretRow) -> Self {
        Self { id: row.id.into(), public_key: row.public_key, created_at: row.created_at, ends_at: row.ends_at }
    }
}

/// A secret, to be shown this once.
pub(super) fn shown(row: &SecretRow, secret: &Secret) -> Result<NewWebhookSecret, ApiError> {
    Ok(NewWebhookSecret {
        id: row.id.into(),
        secret: secret.shown().into(),
        public_key: secret.public_key().map_err(ApiError::internal)?,
        created_at: row.created_at,
    })
}

/// A delivery and what it tells.
pub(super) fn delivery((row, event): (DeliveryRow, EventRow)) -> WebhookDelivery {
    let state = DeliveryState::parse(&row.state).unwrap_or(DeliveryState::Unknown);
    WebhookDelivery {
        event: event.into(),
        state,
        attempts: row.attempts,
        last_attempt_at: row.last_attempt_at,
        last_status: row.last_status,
        next_attempt_at: (state == DeliveryState::Pending).then_some(row.next_attempt_at),
    }
}
