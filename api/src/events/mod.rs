//! What leaves the service besides answers: written in the transaction of its cause, delivered by a worker.

pub mod letters;
pub mod mail;
pub mod worker;

/// The address that people reach the service by, for links.
#[derive(Debug, Clone)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// An address without a slash at its end.
    pub fn new(url: &str) -> Self {
        Self(url.trim_end_matches('/').to_owned())
    }

    /// The address of a path.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether people reach it by TLS, and cookies may insist on that.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The issuer of access tokens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
