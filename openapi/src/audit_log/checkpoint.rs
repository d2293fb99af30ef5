//! Signed roots of the tree, in the C2SP formats tlog-checkpoint and signed-note.
//!
//! ```text
//! rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14     the log
//! 1024                                                   how many entries it has
//! qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=           the root of their tree
//! time 2026-11-24T10:00:00.000000Z                       when it was sealed, by the database's clock
//! previous 9mXeuqtEi+hPPvT2Vv6XcjbdO8TWuY0EnrWxLI0hGtg=  the root of the checkpoint before it
//!
//! — rapport-audit/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14 Az3grl...
//! ```
//! The signature is Ed25519 (RFC 8032) over the lines above the empty one, the last line break included. Its first four
//! bytes say which key made it. Others may sign beneath.

use super::merkle::Hash;
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, UnparsedPublicKey},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use std::fmt;

/// The kind of signature in a note's key: Ed25519.
const ED25519_NOTE: u8 = 1;

/// How large the log was at a time, and what was in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log; it stays the same for as long as the log lives.
    pub origin: String,
    /// How many entries the log has.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// When, by the database's clock, to the microsecond.
    pub sealed_at: DateTime<Utc>,
    /// The root of the checkpoint before; none of the first one.
    pub previous_root: Option<Hash>,
}

/// A line beneath a checkpoint.
struct NoteSignature {
    hint: [u8; 4],
    signature: Vec<u8>,
}

/// Why a text is no checkpoint of the log that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Invalid {
    /// It is not in the format.
    Malformed,
    /// None of the keys that are trusted signed it.
    UnknownKey,
    /// The signature does not fit what is signed.
    Signature,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "it is no checkpoint",
            Self::UnknownKey => "no key that is trusted signed it",
            Self::Signature => "its signature is not valid",
        })
    }
}

impl std::error::Error for Invalid {}

impl Checkpoint {
    /// What is signed.
    pub fn body(&self) -> String {
        let time = self.sealed_at.format("%Y-%m-%dT%H:%M:%S%.6fZ");
        let mut body = format!("{}\n{}\n{}\ntime {time}\n", self.origin, self.size, STANDARD.encode(self.root));
        if let Some(previous) = &self.previous_root {
            body.push_str(&format!("previous {}\n", STANDARD.encode(previous)));
        }
        body
    }

    /// The whole text, with the signature of this key.
    pub fn note(&self, key: &PublicKey, signature: &[u8]) -> String {
        let mut signed = key.hint(&self.origin).to_vec();
        signed.extend(signature);
        format!("{}\n\u{2014} {} {}\n", self.body(), self.origin, STANDARD.encode(signed))
    }

    /// Reads a checkpoint without asking who signed it.
    ///
    /// # Errors
    /// [`Invalid::Malformed`]
    pub fn read(note: &str) -> Result<Self, Invalid> {
        Self::parse(note).map(|(checkpoint, _)| checkpoint).ok_or(Invalid::Malformed)
    }

    /// Reads a checkpoint that one of these keys signed.
    ///
    /// # Errors
    /// Why it is not to be trusted.
    pub fn verify(note: &str, keys: &[PublicKey]) -> Result<Self, Invalid> {
        let (checkpoint, signatures) = Self::parse(note).ok_or(Invalid::Malformed)?;
        let mut why = Invalid::UnknownKey;
        for NoteSignature { hint, signature } in &signatures {
            for key in keys.iter().filter(|key| key.hint(&checkpoint.origin) == *hint) {
                if key.has_signed(checkpoint.body().as_bytes(), signature) {
                    return Ok(checkpoint);
                }
                why = Invalid::Signature;
            }
        }
        Err(why)
    }

    fn parse(note: &str) -> Option<(Self, Vec<NoteSignature>)> {
        let (head, tail) = note.split_once("\n\n")?;
        let mut lines = head.lines();
        let origin = lines.next().filter(|origin| !origin.is_empty())?.to_owned();
        let size = lines.next()?.parse().ok()?;
        let root = hash(lines.next()?)?;
        let time = lines.next()?.strip_prefix("time ")?;
        let sealed_at = DateTime::parse_from_rfc3339(time).ok()?.to_utc();
        let previous_root = match lines.next() {
            Some(line) => Some(hash(line.strip_prefix("previous ")?)?),
            None => None,
        };
        let checkpoint = Self { origin, size, root, sealed_at, previous_root };
        // What was signed is what we would have written: there is one way to write it, and nothing besides.
        if checkpoint.body().strip_suffix('\n') != Some(head) {
            return None;
        }
        let mut signatures = Vec::new();
        for line in tail.lines() {
            let (name, signed) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let signed = STANDARD.decode(signed).ok()?;
            let (hint, signature) = signed.split_first_chunk::<4>()?;
            if name == checkpoint.origin {
                signatures.push(NoteSignature { hint: *hint, signature: signature.to_vec() });
            }
        }
        Some((checkpoint, signatures))
    }
}

fn hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// The public half of a key that signs checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From the 32 bytes of an Ed25519 public key.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads what `/.well-known/jwks.json` has as `x` (base64url), the same in plain base64, or a signed-note verifier key
    /// (`name+hint+key`).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut parts = text.splitn(3, '+');
        if let (Some(name), Some(hint), Some(key)) = (parts.next(), parts.next(), parts.next())
            && let Some((&ED25519_NOTE, bytes)) = STANDARD.decode(key).ok()?.split_first()
        {
            let key = Self(bytes.try_into().ok()?);
            let known: String = key.hint(name).iter().map(|byte| format!("{byte:02x}")).collect();
            return (known == hint).then_some(key);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD.decode(text)).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// In base64url, as a JWK has it (RFC 8037).
    pub fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The key's id: its JWK thumbprint (RFC 7638).
    pub fn id(&self) -> String {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(digest(&SHA256, jwk.as_bytes()))
    }

    /// How a note names the key: the first bytes of the SHA-256 of the log's name, a line break, the kind and the key.
    fn hint(&self, name: &str) -> [u8; 4] {
        let mut bytes = name.as_bytes().to_vec();
        bytes.extend([b'\n', ED25519_NOTE]);
        bytes.extend(self.0);
        let mut hint = [0; 4];
        for (to, from) in hint.iter_mut().zip(digest(&SHA256, &bytes).as_ref()) {
            *to = *from;
        }
        hint
    }

    /// Whether the signature is this key's and of this message.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(message, signature).is_ok()
    }
}
