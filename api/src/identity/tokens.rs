//! Access tokens: JWTs signed with EdDSA (RFC 9068, RFC 8037), and the public keys that others verify them with.

use anyhow::Context;
use chrono::Utc;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use rapport_contract::Sensitive;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long an access token lives, in seconds.
pub const LIFETIME: u32 = 300;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4096;
/// How far the clocks of two of our machines may be apart, in seconds.
const LEEWAY: u64 = 10;
const AUDIENCE: &str = "rapport-api";
const TYPE: &str = "at+jwt";

/// What an access token says. It carries no health information.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
    client_id: String,
    /// The member.
    pub sub: Uuid,
    /// The clinic.
    pub cid: Uuid,
    /// The session.
    pub sid: Uuid,
}

/// The key pair that signs, and its public half as others fetch it.
pub struct TokenKeys {
    issuer: String,
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    jwks: JwkSet,
}

impl TokenKeys {
    /// Reads an Ed25519 private key in PEM (PKCS #8).
    ///
    /// # Errors
    /// If it is not one.
    pub fn from_pem(pem: &[u8], issuer: String) -> anyhow::Result<Self> {
        let encoding = EncodingKey::from_ed_pem(pem).context("the signing key is not an Ed25519 key in PEM")?;
        let mut jwk =
            Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).context("the signing key has no public half")?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).context("the signing key has no thumbprint")?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let decoding = DecodingKey::from_jwk(&jwk).context("the signing key has no public half")?;
        Ok(Self { validation: validation(&issuer), issuer, kid, encoding, decoding, jwks: JwkSet { keys: vec![jwk] } })
    }

    /// Publishes a public key beside that of access tokens, for another use.
    #[must_use]
    pub fn publishing(mut self, key: Jwk) -> Self {
        self.jwks.keys.push(key);
        self
    }

    /// The public keys (RFC 7517).
    pub fn jwks(&self) -> &JwkSet {
        &self.jwks
    }

    /// A token for a session.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign(&self, member: Uuid, clinic: Uuid, session: Uuid) -> anyhow::Result<Sensitive<String>> {
        let now = wall_clock();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            exp: now + i64::from(LIFETIME),
            nbf: now,
            iat: now,
            jti: crate::database::ids::new_id(),
            client_id: "rapport".to_owned(),
            sub: member,
            cid: clinic,
            sid: session,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        header.typ = Some(TYPE.to_owned());
        Ok(jsonwebtoken::encode(&header, &claims, &self.encoding)?.into())
    }

    /// What a token says, if it is ours, for us, of the right type, and within its time (RFC 8725).
    pub fn verify(&self, token: &str) -> Option<Claims> {
        if token.len() > LONGEST {
            return None;
        }
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?;
        let header = decoded.header;
        let is_ours = header.kid.as_deref() == Some(self.kid.as_str()) && header.typ.as_deref() == Some(TYPE);
        // A key that comes with the token proves nothing.
        let brings_a_key = header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some();
        (is_ours && !brings_a_key).then_some(decoded.claims)
    }
}

fn validation(issuer: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    validation
}

/// Tokens are checked by others too, so their times are the wall clock's and not the database's.
#[expect(clippy::disallowed_methods, reason = "the times inside a token are for other machines' wall clocks")]
fn wall_clock() -> i64 {
    Utc::now().timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::keys;

    fn token_keys() -> TokenKeys {
        TokenKeys::from_pem(keys::new_signing_key().unwrap().as_bytes(), "http://127.0.0.1".into()).unwrap()
    }

    #[test]
    fn a_token_is_good_for_those_who_have_its_key_only() {
        let (ours, others) = (token_keys(), token_keys());
        let session = Uuid::from_u128(3);
        let token = ours.sign(Uuid::from_u128(1), Uuid::from_u128(2), session).unwrap();
        assert_eq!(ours.verify(token.as_str()).unwrap().sid, session);
        assert!(others.verify(token.as_str()).is_none());
        assert!(ours.verify("").is_none());
        assert!(ours.verify(&format!("{}x", token.as_str())).is_none());
    }

    #[test]
    fn a_token_of_another_type_issuer_or_audience_is_refused() {
        let keys = token_keys();
        let good = Claims {
            iss: keys.issuer.clone(),
            aud: AUDIENCE.into(),
            exp: wall_clock() + 60,
            nbf: wall_clock(),
            iat: wall_clock(),
            jti: Uuid::nil(),
            client_id: String::new(),
            sub: Uuid::nil(),
            cid: Uuid::nil(),
            sid: Uuid::nil(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(keys.kid.clone());
        header.typ = Some(TYPE.into());
        let verify = |header: &Header, claims: &Claims| {
            keys.verify(&jsonwebtoken::encode(header, claims, &keys.encoding).unwrap()).is_some()
        };
        assert!(verify(&header, &good));
        assert!(!verify(&Header { typ: Some("JWT".into()), ..header.clone() }, &good));
        assert!(!verify(&Header { kid: Some("other".into()), ..header.clone() }, &good));
        assert!(!verify(&header, &Claims { iss: "http://other".into(), ..good.clone() }));
        assert!(!verify(&header, &Claims { aud: "other".into(), ..good.clone() }));
        assert!(!verify(&header, &Claims { exp: wall_clock() - 60, ..good.clone() }));
        assert!(!verify(&header, &Claims { nbf: wall_clock() + 60, ..good.clone() }));
    }
}
