//! What a delivery is signed with (Standard Webhooks 1.0.0): `v1` by HMAC-SHA-256, whose key both sides have, and `v1a` by
//! Ed25519, whose private half is ours alone. The id and the time are signed along, so that an old one can't be passed off as new.

use anyhow::{Context, anyhow};
use aws_lc_rs::{
    hmac,
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Both keys of a secret, in base64. It is sealed as it is.
#[derive(Serialize, Deserialize)]
pub(super) struct Secret {
    hmac: String,
    ed25519: String,
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok().context("no randomness")?;
    Ok(STANDARD.encode(bytes))
}

impl Secret {
    /// A new one, of 256 random bits for each of its keys.
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self { hmac: random()?, ed25519: random()? })
    }

    /// What the other side verifies `v1` with.
    pub(super) fn shown(&self) -> String {
        format!("whsec_{}", self.hmac)
    }

    /// What the other side, or anybody, verifies `v1a` with.
    pub(super) fn public_key(&self) -> anyhow::Result<String> {
        Ok(format!("whpk_{}", STANDARD.encode(self.pair()?.public_key().as_ref())))
    }

    fn pair(&self) -> anyhow::Result<Ed25519KeyPair> {
        let seed = STANDARD.decode(&self.ed25519)?;
        Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| anyhow!("not a seed of Ed25519"))
    }

    fn sign(&self, signed: &[u8]) -> anyhow::Result<String> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(&self.hmac)?);
        let (v1, v1a) = (hmac::sign(&key, signed), self.pair()?.sign(signed));
        Ok(format!("v1,{} v1a,{}", STANDARD.encode(v1), STANDARD.encode(v1a)))
    }
}

/// The headers of a delivery, signed with each secret that is good.
pub(super) fn headers(
    secrets: &[Secret],
    id: Uuid,
    timestamp: i64,
    body: &str,
) -> anyhow::Result<[(&'static str, String); 3]> {
    let signed = format!("{id}.{timestamp}.{body}");
    let signatures = secrets.iter().map(|secret| secret.sign(signed.as_bytes())).collect::<Result<Vec<_>, _>>()?;
    Ok([
        ("webhook-id", id.to_string()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

    #[test]
    fn each_good_secret_signs_both_ways_and_each_signature_verifies() {
        let secrets = [Secret::new().unwrap(), Secret::new().unwrap()];
        let (id, body) = (Uuid::from_u128(7), r#"{"type":"share.delivered"}"#);
        let [(_, told), (_, at), (_, signatures)] = headers(&secrets, id, 1_800_000_000, body).unwrap();
        let signed = format!("{told}.{at}.{body}");
        let signatures: Vec<_> = signatures.split(' ').map(|part| part.split_once(',').unwrap()).collect();
        assert_eq!(signatures.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["v1", "v1a", "v1", "v1a"]);
        for (secret, pair) in secrets.iter().zip(signatures.chunks(2)) {
            let key = STANDARD.decode(secret.shown().strip_prefix("whsec_").unwrap()).unwrap();
            assert_eq!(key.len(), 32);
            let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
            hmac::verify(&key, signed.as_bytes(), &STANDARD.decode(pair[0].1).unwrap()).unwrap();
            let public = STANDARD.decode(secret.public_key().unwrap().strip_prefix("whpk_").unwrap()).unwrap();
            let public = UnparsedPublicKey::new(&ED25519, public);
            public.verify(signed.as_bytes(), &STANDARD.decode(pair[1].1).unwrap()).unwrap();
            assert!(public.verify(b"something else", &STANDARD.decode(pair[1].1).unwrap()).is_err());
        }
    }
}
