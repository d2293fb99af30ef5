//! Partial changes: a field left out stays, `null` clears it (RFC 7396).

use serde::{Deserialize, Deserializer};

/// Reads a field that is there: `null` becomes `Some(None)`; a field left out is `None` by `#[serde(default)]`.
///
/// # Errors
/// Whatever reading `T` answers.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
