//! A wrapper for what must never be printed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A clinical or personal value, or a secret. It crosses the wire as it is; `Debug` prints a dash, and there is no
/// `Display`, so that it cannot slip into a log line or an error text.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, on purpose.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, on purpose, for good.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Sensitive<String> {
    /// The text, on purpose.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Sensitive<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("–")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn a_sensitive_value_prints_as_nothing_and_travels_as_it_is() {
        let name = Sensitive::<String>::from("Ada Example");
        assert_eq!(format!("{name:?}"), "–");
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Ada Example\"");
    }
}
