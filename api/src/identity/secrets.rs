//! Secrets that we make, and how they are kept: random, shown once, stored as a hash.

use anyhow::{Context, ensure};
use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

/// A token of 256 random bits in base64url (43 characters).
///
/// # Errors
/// If the operating system has no randomness to give.
pub fn token() -> anyhow::Result<SecretString> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok().context("no randomness")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}

/// Six random digits, each pair of them as likely as any other.
///
/// # Errors
/// If the operating system has no randomness to give.
pub fn six_digits() -> anyhow::Result<SecretString> {
    loop {
        let mut bytes = [0; 4];
        SystemRandom::new().fill(&mut bytes).ok().context("no randomness")?;
        let number = u32::from_be_bytes(bytes);
        // Numbers beyond the largest multiple of a million would make low codes likelier.
        if number < u32::MAX - u32::MAX % 1_000_000 {
            return Ok(format!("{:06}", number % 1_000_000).into());
        }
    }
}

/// A random number from 0 up to 1, for what should not happen everywhere at once.
///
/// # Errors
/// If the operating system has no randomness to give.
pub fn fraction() -> anyhow::Result<f64> {
    let mut bytes = [0; 4];
    SystemRandom::new().fill(&mut bytes).ok().context("no randomness")?;
    Ok(f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0))
}

/// How a token is stored and found: by its SHA-256. It has 256 bits of its own, so it needs no salt and no stretching.
pub fn hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

/// Compares in constant time.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

/// SHA-256 in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    digest::digest(&digest::SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The seed of the key that signs the audit log's checkpoints, from at least 32 bytes. It is a key of its own: what it signs
/// is no access token, and who may verify it need not trust any.
///
/// # Errors
/// If the secret is shorter.
pub fn audit_seed(root: &[u8]) -> anyhow::Result<[u8; 32]> {
    ensure!(root.len() >= 32, "the secret key must hold at least 32 random bytes");
    let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"rapport/secret/v1").extract(root);
    let mut seed = [0; 32];
    let derived = root.expand(&[b"audit-checkpoint"], hkdf::HKDF_SHA256).ok().context("a key could not be derived")?;
    derived.fill(&mut seed).ok().context("a key could not be derived")?;
    Ok(seed)
}

/// What is derived from the service's secret: the pepper of passwords, the successor of a refresh token, the hash of a
/// short code. Each use has a key of its own.
pub struct Secrets {
    pepper: hmac::Key,
    refresh: hmac::Key,
    code: hmac::Key,
    request: hmac::Key,
    database: hmac::Key,
    sign_in: hmac::Key,
    answer: hmac::Key,
}

impl Secrets {
    /// Derives the keys from at least 32 bytes.
    ///
    /// # Errors
    /// If the secret is shorter.
    pub fn derive(root: &[u8]) -> anyhow::Result<Self> {
        ensure!(root.len() >= 32, "the secret key must hold at least 32 random bytes");
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"rapport/secret/v1").extract(root);
        let key = |purpose: &'static [u8]| -> anyhow::Result<hmac::Key> {
            let purposes = [purpose];
            let derived = root.expand(&purposes, hmac::HMAC_SHA256).ok().context("a key could not be derived")?;
            Ok(derived.into())
        };
        Ok(Self {
            pepper: key(b"password-pepper")?,
            refresh: key(b"refresh-successor")?,
            code: key(b"one-time-code")?,
            request: key(b"request-fingerprint")?,
            database: key(b"database-login")?,
            sign_in: key(b"sign-in-failures")?,
            answer: key(b"stored-answer")?,
        })
    }

    /// What is stretched instead of the password itself: a stolen table of hashes is of no use without the service's key.
    pub(super) fn peppered(&self, password: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.pepper, password.as_bytes()))
    }

    /// The refresh token that follows this one. Derived, so that the same old token leads to the same successor within the
    /// grace, without the successor being stored.
    pub(super) fn successor(&self, token: &str) -> SecretString {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.refresh, token.as_bytes())).into()
    }

    /// How a request is recognised when it comes again, without what it said being kept.
    pub fn fingerprint(&self, digest: &[u8]) -> Vec<u8> {
        hmac::sign(&self.request, digest).as_ref().to_vec()
    }

    /// What a stored answer is sealed with: it takes the service's secret and the key that the request came with, which the
    /// client alone keeps.
    pub fn answer_key(&self, scope: &[u8], key: &str) -> [u8; 32] {
        self.of_answer(b"seal", scope, key)
    }

    /// How a stored answer is found, without the key that it was asked with being kept.
    pub fn answer_hash(&self, scope: &[u8], key: &str) -> [u8; 32] {
        self.of_answer(b"find", scope, key)
    }

    fn of_answer(&self, what: &[u8], scope: &[u8], key: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.answer);
        [what, b"\0", scope, key.as_bytes()].into_iter().for_each(|part| context.update(part));
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// The password of a login role of the database.
    pub fn database_password(&self, login: &str) -> SecretString {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.database, login.as_bytes())).into()
    }

    /// How an account or the source of a sign-in is recognised where failures are counted. The kind keeps the one from being
    /// taken for the other.
    pub(super) fn counted(&self, kind: &str, text: &str) -> Vec<u8> {
        hmac::sign(&self.sign_in, format!("{kind}:{text}").as_bytes()).as_ref().to_vec()
    }

    /// How a six-digit code is stored. A plain hash of it could be undone by trying a million; this takes the key.
    pub fn code_hash(&self, context: &[u8], code: &str) -> Vec<u8> {
        let mut message = context.to_vec();
        message.extend_from_slice(code.as_bytes());
        hmac::sign(&self.code, &message).as_ref().to_vec()
    }
}

/// The text of a secret, on purpose.
pub fn expose(secret: &SecretString) -> &str {
    secret.expose_secret()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_codes_have_their_length_and_differ() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(expose(&one).len(), 43);
        assert_ne!(expose(&one), expose(&other));
        assert!((0..1000).all(|_| expose(&six_digits().unwrap()).len() == 6));
    }

    #[test]
    fn a_refresh_token_has_one_successor_and_each_key_its_own_use() {
        let secrets = Secrets::derive(&[7; 32]).unwrap();
        assert_eq!(expose(&secrets.successor("a")), expose(&secrets.successor("a")));
        assert_ne!(expose(&secrets.successor("a")), expose(&secrets.successor("b")));
        assert_ne!(expose(&secrets.successor("a")), secrets.peppered("a"));
        assert!(Secrets::derive(&[7; 31]).is_err());
    }
}
