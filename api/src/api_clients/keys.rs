//! Public keys of clients (RFC 7517): each is good for one algorithm, which follows from its type.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use rapport_contract::api_clients::Jwk;
use serde_json::Value;

/// So many keys of a set are looked at.
const MOST: usize = 20;

/// A public key and the one algorithm that it verifies.
#[derive(Clone)]
pub(crate) struct PublicKey {
    pub(crate) kid: String,
    pub(crate) algorithm: Algorithm,
    pub(crate) decoding: DecodingKey,
}

/// The key, if it is one that we take: P-384 for ES384, RSA of 2048 to 8192 bits for RS384, Ed25519 for EdDSA.
pub(super) fn read(jwk: &Jwk) -> Option<PublicKey> {
    let length =
        |part: &Option<String>| part.as_ref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).map(|b| b.len());
    let (algorithm, decoding) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("EC", Some("P-384")) if length(&jwk.x) == Some(48) && length(&jwk.y) == Some(48) => {
            (Algorithm::ES384, DecodingKey::from_ec_components(jwk.x.as_ref()?, jwk.y.as_ref()?))
        }
        ("RSA", None) if (256..=1024).contains(&length(&jwk.n)?) && (1..=4).contains(&length(&jwk.e)?) => {
            (Algorithm::RS384, DecodingKey::from_rsa_components(jwk.n.as_ref()?, jwk.e.as_ref()?))
        }
        ("OKP", Some("Ed25519")) if length(&jwk.x) == Some(32) => {
            (Algorithm::EdDSA, DecodingKey::from_ed_components(jwk.x.as_ref()?))
        }
        _ => return None,
    };
    let is_named = (1..=128).contains(&jwk.kid.len()) && jwk.kid.bytes().all(|b| b.is_ascii_graphic());
    let is_of_algorithm = jwk.alg.as_deref().is_none_or(|alg| alg == name(algorithm));
    let is_to_verify = jwk.key_use.as_deref().is_none_or(|key_use| key_use == "sig")
        && jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|operation| operation == "verify"));
    let decoding = decoding.ok().filter(|_| is_named && is_of_algorithm && is_to_verify)?;
    Some(PublicKey { kid: jwk.kid.clone(), algorithm, decoding })
}

/// The keys of a set as it stands in the database or at an address. Keys of other kinds are passed over (RFC 7517, 5), and so
/// is one that is published with its private half.
pub(crate) fn read_all(set: &Value) -> Vec<PublicKey> {
    let keys = set.get("keys").and_then(Value::as_array).into_iter().flatten().take(MOST);
    keys.filter(|key| ["d", "p", "q", "k"].iter().all(|private| key.get(private).is_none()))
        .filter_map(|key| {
            let text = |name: &str| key.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            read(&Jwk {
                kty: text("kty")?,
                kid: text("kid")?,
                alg: text("alg"),
                key_use: text("use"),
                key_ops: key.get("key_ops").and_then(|operations| serde_json::from_value(operations.clone()).ok()),
                crv: text("crv"),
                x: text("x"),
                y: text("y"),
                n: text("n"),
                e: text("e"),
            })
        })
        .collect()
}

/// The algorithm's name (RFC 7518, 3.1).
const fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES384 => "ES384",
        Algorithm::RS384 => "RS384",
        Algorithm::EdDSA => "EdDSA",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn count(key: Value) -> usize {
        read_all(&json!({"keys": [key]})).len()
    }

    #[test]
    fn only_keys_of_the_three_kinds_are_taken_and_no_private_ones() {
        let (x32, x48) = (URL_SAFE_NO_PAD.encode([7; 32]), URL_SAFE_NO_PAD.encode([7; 48]));
        let (n2048, n1024) = (URL_SAFE_NO_PAD.encode([7; 256]), URL_SAFE_NO_PAD.encode([7; 128]));
        let ed = json!({"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x32});
        let ec = json!({"kty": "EC", "crv": "P-384", "kid": "a", "x": x48, "y": x48, "alg": "ES384", "use": "sig"});
        let rsa = json!({"kty": "RSA", "kid": "a", "n": n2048, "e": "AQAB", "x5c": ["ignored"]});
        for good in [&ed, &ec, &rsa] {
            assert_eq!(count(good.clone()), 1, "{good}");
        }
        let changed = |key: &Value, name: &str, value: Value| {
            let mut key = key.clone();
            key[name] = value;
            key
        };
        for bad in [
            changed(&ed, "d", json!("secret")),
            changed(&ed, "x", json!(x48)),
            changed(&ed, "crv", json!("X25519")),
            changed(&ed, "alg", json!("ES384")),
            changed(&ed, "kid", json!("")),
            changed(&ed, "kid", json!("a b")),
            changed(&ed, "kid", json!(null)),
            changed(&ec, "crv", json!("P-256")),
            changed(&ec, "y", json!(x32)),
            changed(&ec, "use", json!("enc")),
            changed(&ec, "alg", json!("ES256")),
            changed(&rsa, "n", json!(n1024)),
            changed(&rsa, "e", json!("")),
            changed(&rsa, "alg", json!("RS256")),
            json!({"kty": "oct", "kid": "a", "k": x32}),
            json!("key"),
        ] {
            assert_eq!(count(bad.clone()), 0, "{bad}");
        }
        assert!(read_all(&json!([])).is_empty() && read_all(&json!({"keys": "x"})).is_empty());
    }
}
