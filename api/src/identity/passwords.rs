//! Passwords: argon2id with 19 MiB, two passes, one lane (OWASP's floor), over a peppered HMAC, one or two at once.

use super::secrets::Secrets;
use crate::http::ApiError;
use anyhow::anyhow;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        CustomizedPasswordHasher, Error, PasswordHasher, PasswordVerifier, Result as Hashed,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroize;

/// The shortest password taken (NIST SP 800-63B-4, for a password that may stand alone).
pub const SHORTEST: usize = 15;
/// The longest.
pub const LONGEST: usize = 1024;

/// What a hash costs: 19 MiB, in KiB, and how often it goes through them.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Verified against when there is no such account, so that the answer takes as long. It is the hash of nothing: that no account is
/// known is what says no.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3MgYWNjb3VudA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// At once, at most: each hash takes a core for some 40 ms.
const MOST_AT_ONCE: usize = 2;
/// Waiting: more than these are told to come back.
const WAITING: usize = 32;
/// The longest wait.
const WAIT: Duration = Duration::from_secs(2);

/// Hashes and verifies, bounded apart from everything else, so that a flood of sign-ins can't slow a reading down.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    secrets: Arc<Secrets>,
    hasher: Hasher,
    at_once: usize,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Passwords {
    /// Ready to hash.
    ///
    /// # Errors
    /// If the parameters are not taken, which a test would show.
    pub fn new(secrets: Arc<Secrets>) -> anyhow::Result<Self> {
        let params =
            Params::new(MEMORY, PASSES, 1, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(|e| anyhow!("argon2: {e}"))?;
        // Half of the cores are always left to everything else.
        let at_once = (thread::available_parallelism().map_or(1, NonZeroUsize::get) / 2).clamp(1, MOST_AT_ONCE);
        Ok(Self(Arc::new(Inner {
            secrets,
            hasher: Hasher { params, kept: Mutex::default() },
            at_once,
            permits: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
        })))
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `unavailable` when too many are waiting.
    pub async fn hash(&self, password: &str) -> Result<String, ApiError> {
        let peppered = self.0.secrets.peppered(&normalised(password));
        self.bounded(move |inner| {
            let hash = inner.hasher.hash_password(peppered.as_bytes()).map_err(|e| anyhow!("argon2: {e}"))?;
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
            let parsed =
                PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(|e| anyhow!("a stored hash: {e}"))?;
            let is_right = inner.hasher.verify_password(peppered.as_bytes(), &parsed).is_ok();
            Ok(is_right && is_known)
        })
        .await
    }

    async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, ApiError> {
        let _place = Place::take(&self.0.waiting, self.0.at_once + WAITING).ok_or_else(|| ApiError::unavailable(2))?;
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.0.permits).acquire_owned())
            .await
            .map_err(|_| ApiError::unavailable(2))?
            .map_err(ApiError::internal)?;
        let inner = Arc::clone(&self.0);
        // The permit goes along: nothing ends a hash halfway, also when whoever asked for it goes away meanwhile.
        let outcome = tokio::task::spawn_blocking(move || {
            let outcome = work(&inner);
            drop(permit);
            outcome
        });
        outcome.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

/// argon2, in memory that is kept. What is asked for and given back for each hash stays with the allocator all the same, one piece
/// for each thread that ever hashed, and has to be made zero by the operating system each time.
struct Hasher {
    params: Params,
    /// As many as there ever were hashes at once. Nothing of a password is in them.
    kept: Mutex<Vec<Vec<Block>>>,
}

impl Hasher {
    fn kept(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        // What a thread leaves behind that panics is a list still.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> Hashed<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let names = ParamsString::try_from(&params)?;
        let (blocks, length) = (params.block_count(), params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN));
        let argon = Argon2::new(algorithm, version, params);
        let mut output = [0; Output::MAX_LENGTH];
        let output = output.get_mut(..length).ok_or(Error::OutputSize)?;
        let mut memory = self.kept().pop().unwrap_or_default();
        memory.resize(blocks.max(memory.len()), Block::new());
        let hashed = argon.hash_password_into_with_memory(password, salt, output, &mut memory);
        memory.iter_mut().zeroize();
        self.kept().push(memory);
        hashed?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: names,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(output)?),
        })
    }
}

impl PasswordHasher<PasswordHash> for Hasher {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> Hashed<PasswordHash> {
        self.hash_password_with_params(password, salt, self.params.clone())
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
    async fn without_an_account_as_much_is_computed_as_with_one() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let somebody = passwords().hash("correct horse battery staple").await.unwrap();
        let somebody = PasswordHash::new(&somebody).unwrap();
        assert_eq!(
            (nobody.algorithm, nobody.version, nobody.params),
            (somebody.algorithm, somebody.version, somebody.params)
        );
        assert_eq!(nobody.hash.map(|hash| hash.len()), somebody.hash.map(|hash| hash.len()));
        assert_eq!(nobody.salt.map(|salt| salt.len()), somebody.salt.map(|salt| salt.len()));
        // It is computed to the end, and does not fail for another reason before that.
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let refused = passwords().0.hasher.verify_password(b"correct horse battery staple", &nobody);
        assert!(matches!(refused, Err(Error::PasswordInvalid)), "{refused:?}");
    }

    #[tokio::test]
    async fn memory_is_kept_and_nothing_of_a_password_in_it() {
        let passwords = passwords();
        let hash = passwords.hash("correct horse battery staple").await.unwrap();
        for _ in 0..3 {
            assert!(passwords.verify("correct horse battery staple", Some(hash.clone())).await.unwrap());
        }
        let kept = passwords.0.hasher.kept();
        assert_eq!(kept.iter().map(Vec::len).collect::<Vec<_>>(), [MEMORY as usize]);
        assert!(kept.iter().flatten().flat_map(AsRef::<[u64]>::as_ref).all(|word| *word == 0));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_goes_away_does_not_make_room_for_one_more_at_once() {
        let passwords = passwords();
        for _ in 0..12 {
            let impatient = Duration::from_millis(3);
            tokio::time::timeout(impatient, passwords.verify("correct horse battery staple", None)).await.ok();
        }
        // What was begun holds on to it, until it ends.
        while Arc::strong_count(&passwords.0) > 1 {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        assert!((1..=passwords.0.at_once).contains(&passwords.0.hasher.kept().len()));
    }

    #[test]
    fn a_hash_is_what_the_library_makes_in_memory_of_its_own() {
        let hasher = Hasher { params: Params::new(64, 2, 1, Some(32)).unwrap(), kept: Mutex::default() };
        let library = Argon2::new(Algorithm::Argon2id, Version::V0x13, hasher.params.clone());
        let salt = [7; 16];
        let theirs: PasswordHash = library.hash_password_with_salt(b"somebody", &salt).unwrap();
        assert_eq!(hasher.hash_password_with_salt(b"somebody", &salt).unwrap(), theirs);
        // With other costs than what is kept was made for, too.
        let larger = Argon2::new(Algorithm::Argon2i, Version::V0x10, Params::new(128, 3, 2, Some(24)).unwrap());
        let theirs: PasswordHash = larger.hash_password_with_salt(b"somebody", &salt).unwrap();
        hasher.verify_password(b"somebody", &theirs).unwrap();
        hasher.verify_password(b"nobody", &theirs).unwrap_err();
        hasher.verify_password(b"somebody", &library.hash_password_with_salt(b"somebody", &salt).unwrap()).unwrap();
    }

    #[tokio::test]
    async fn letters_composed_or_not_are_the_same_password() {
        let passwords = passwords();
        let hash = passwords.hash("caf\u{e9} caf\u{e9} caf\u{e9} caf\u{e9}").await.unwrap();
        assert!(passwords.verify("cafe\u{301} cafe\u{301} cafe\u{301} cafe\u{301}", Some(hash)).await.unwrap());
    }
}
