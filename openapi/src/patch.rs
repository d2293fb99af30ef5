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

/// Reads a field that is there and has a value: it may be left out, but `null` is no value of it.
///
/// # Errors
/// Whatever reading `T` answers.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
