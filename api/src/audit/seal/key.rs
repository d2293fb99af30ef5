//! The key that signs checkpoints.

use crate::identity::secrets;
use anyhow::Context;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, KeyAlgorithm, OctetKeyPairParameters, OctetKeyPairType,
    PublicKeyUse,
};
use rapport_contract::audit_log::{Checkpoint, PublicKey};

/// Signs checkpoints, and nothing else.
pub struct SealKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl SealKey {
    /// Derives it from the service's secret, so that there is no further file to keep.
    ///
    /// # Errors
    /// If the secret is too short.
    pub fn derive(secret: &[u8]) -> anyhow::Result<Self> {
        let seed = secrets::audit_seed(secret)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok().context("the key of the audit log is none")?;
        let bytes = pair.public_key().as_ref().try_into().context("the key of the audit log has no public half")?;
        Ok(Self { public: PublicKey::new(bytes), pair })
    }

    /// The half that others check with.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The same as a JWK (RFC 7517, RFC 8037). Its `use` is one of its own, so that nobody takes it for a key of tokens.
    pub fn jwk(&self) -> Jwk {
        Jwk {
            common: CommonParameters {
                public_key_use: Some(PublicKeyUse::Other("audit-checkpoint".to_owned())),
                key_algorithm: Some(KeyAlgorithm::EdDSA),
                key_id: Some(self.public.id()),
                ..CommonParameters::default()
            },
            algorithm: AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
                key_type: OctetKeyPairType::OctetKeyPair,
                curve: EllipticCurve::Ed25519,
                x: self.public.x(),
            }),
        }
    }

    pub(super) fn sign(&self, checkpoint: &Checkpoint) -> Vec<u8> {
        self.pair.sign(checkpoint.body().as_bytes()).as_ref().to_vec()
    }
}
