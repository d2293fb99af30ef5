//! Row -> wire.

use super::store::{Row, SecretRow};
use crate::http::ApiError;
use rapport_contract::api_clients::{ApiClient, ApiClientSecret, ApiClientState, Scope};

/// A client with its good secrets.
pub(super) fn into_wire(row: Row, secrets: Vec<SecretRow>) -> Result<ApiClient, ApiError> {
    Ok(ApiClient {
        id: row.id.into(),
        name: row.name,
        scopes: row.scopes.iter().map(|name| Scope::parse(name).unwrap_or(Scope::Unknown)).collect(),
        state: match row.state.as_str() {
            "active" => ApiClientState::Active,
            "ended" => ApiClientState::Ended,
            _ => ApiClientState::Unknown,
        },
        jwks: row.jwks.map(serde_json::from_value).transpose().map_err(ApiError::internal)?,
        jwks_uri: row.jwks_uri,
        author_id: row.author_id.map(Into::into),
        secrets: secrets.into_iter().map(Into::into).collect(),
        created_by: row.created_by.into(),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    })
}

impl From<SecretRow> for ApiClientSecret {
    fn from(row: SecretRow) -> Self {
        Self { id: row.id.into(), created_at: row.created_at }
    }
}
