//! The root keys: what wraps the clinics' keys, kept apart from the database.

use super::cipher::{Error, Secret};
use futures_util::future::BoxFuture;

/// A clinic's key as a root key wrapped it, and which one did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Names the root key.
    pub root: String,
    /// The key, sealed.
    pub key: Vec<u8>,
}

/// Something that keeps root keys and works with them: a file, or a key management service, which never lets them out.
pub trait RootKeys: Send + Sync {
    /// Wraps a key with the newest root key. The context comes back at the unwrapping.
    fn wrap<'r>(&'r self, context: &'r [u8], key: &'r Secret32) -> BoxFuture<'r, Result<Wrapped, Error>>;

    /// Unwraps a key.
    fn unwrap<'r>(&'r self, context: &'r [u8], wrapped: &'r Wrapped) -> BoxFuture<'r, Result<Secret32, Error>>;

    /// Names the root key that wraps what is made now.
    fn newest(&self) -> BoxFuture<'_, Result<String, Error>>;
}

/// 256 bits of key, wiped when they are dropped.
pub type Secret32 = Secret;
