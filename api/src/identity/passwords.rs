//! Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's floor), over a peppered HMAC, one or two at once.

use super::secrets::Secrets;
use crate::http::ApiError;
use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::Semaphore,
};
use unicode_normalization::UnicodeNormalization;

/// The shortest password taken (NIST SP 800-63B-4, for a password that may stand alone).
pub const SHORTEST: usize = 15;
/// The longest.
pub const LONGEST: usize = 1024;

/// At once, at most: each hash takes a core for some 40 ms and 19 MiB.
const MOST_AT_ONCE: usize = 2;
/// Waiting: more than these are told to come back.
const WAITING: usize = 32;
/// So long a thread stays that has nothing to do.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest wait.
const WAIT: Duration = Duration::from_secs(2);

/// Hashes and verifies, bounded apart from everything else, so that a flood of sign-ins can't slow a reading down.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    secrets: Arc<Secrets>,
    argon: Argon2<'static>,
    at_once: usize,
    permits: Semaphore,
    waiting: AtomicUsize,
    /// As many as may be at work, and always the same: the memory of a hash stays with the thread that needed it, and any of the
    /// hundreds that do what blocks might have been one. It is there until this is dropped.
    threads: Option<Runtime>,
    /// Verified against when there is no such account, so that the answer takes as long.
    dummy: String,
}

impl Passwords {
    /// Ready to hash.
    ///
    /// # Errors
    /// If the parameters are not taken, which a test would show.
    pub fn new(secrets: Arc<Secrets>) -> anyhow::Result<Self> {
        let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow!("argon2: {e}"))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = argon.hash_password(b"nobody's password").map_err(|e| anyhow!("argon2: {e}"))?.to_string();
        // Half of the cores are always left to everything else.
        let at_once = (thread::available_parallelism().map_or(1, NonZeroUsize::get) / 2).clamp(1, MOST_AT_ONCE);
        let threads = Builder::new_current_thread().max_blocking_threads(at_once).thread_keep_alive(KEPT).build()?;
        Ok(Self(Arc::new(Inner {
            secrets,
            argon,
            at_once,
            permits: Semaphore::new(at_once),
            waiting: AtomicUsize::new(0),
            threads: Some(threads),
            dummy,
        })))
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn hash(&self, password: &str) -> Result<String, ApiError> {
        let peppered = self.0.secrets.peppered(&normalised(password));
        self.bounded(move |inner| {
            let hash = inner.argon.hash_password(peppered.as_bytes()).map_err(|e| anyhow!("argon2: {e}"))?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password is the one that was hashed. Without a hash it takes as long and is not.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, ApiError> {
        let peppered = self.0.secrets.peppered(&normalised(password));
        self.bounded(move |inner| {
            let is_known = hash.is_some();
            let hash = hash.unwrap_or_else(|| inner.dummy.clone());
            let parsed = PasswordHash::new(&hash).map_err(|e| anyhow!("a stored hash: {e}"))?;
            let is_right = inner.argon.verify_password(peppered.as_bytes(), &parsed).is_ok();
            Ok(is_right && is_known)
        })
        .await
    }

    async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let _place = Place::take(&self.0.waiting, self.0.at_once + WAITING).ok_or_else(|| ApiError::unavailable(2))?;
        let permit = tokio::time::timeout(WAIT, self.0.permits.acquire())
            .await
            .map_err(|_| ApiError::unavailable(2))?
            .map_err(ApiError::internal)?;
        let inner = Arc::clone(&self.0);
        let threads = self.0.threads.as_ref().ok_or_else(|| ApiError::internal(anyhow!("the threads have ended")))?;
        let outcome = threads.spawn_blocking(move || work(&inner)).await.map_err(ApiError::internal)?;
        drop(permit);
        outcome.map_err(ApiError::internal)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Whoever drops it may be at work on a runtime, which must not wait.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// A place in the queue, given back when it is dropped, also when the caller goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, places: usize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Self(waiting);
        (before < places).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The same letters typed on different keyboards are the same password (NIST SP 800-63B-4, 3.1.1.2).
fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(Secrets::derive(&[1; 32]).unwrap())).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = passwords();
        let hash = passwords.hash("correct horse battery staple").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse battery staple", Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horse battery stapler", Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody's password", None).await.unwrap());
    }

    #[tokio::test]
    async fn letters_composed_or_not_are_the_same_password() {
        let passwords = passwords();
        let hash = passwords.hash("caf\u{e9} caf\u{e9} caf\u{e9} caf\u{e9}").await.unwrap();
        assert!(passwords.verify("cafe\u{301} cafe\u{301} cafe\u{301} cafe\u{301}", Some(hash)).await.unwrap());
    }
}
