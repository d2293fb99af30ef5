//! Access tokens: JWTs signed with EdDSA (RFC 9068, RFC 8037), and the public keys that others verify them with.

use super::Subject;
use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use rapport_contract::{Sensitive, api_clients::Scope};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// How long an access token lives, in seconds.
pub const LIFETIME: u32 = 300;
/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4096;
/// How far the clocks of two of our machines may be apart, in seconds.
const LEEWAY: u32 = 10;
const AUDIENCE: &str = "rapport-api";
const TYPE: &str = "at+jwt";
/// The `client_id` of people's tokens: our own sign-in is what they come from.
const OURSELVES: &str = "rapport";

/// What an access token says. It carries no health information.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: Uuid,
    client_id: String,
    /// The member or the client.
    sub: Uuid,
    /// The clinic.
    cid: Uuid,
    /// The session of a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    /// What a client may do, at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// All that the header of one of our tokens holds (RFC 7515, 4.1). Whatever else a header can say is about keys, criticality
/// and compression: a token that brings such a thing is none of ours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
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
        self.encode(&Claims { sid: Some(session), ..self.claims(OURSELVES.to_owned(), member, clinic) })
    }

    /// A token for a client (RFC 6749, 4.4), good for these scopes at most.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_for_client(&self, client: Uuid, clinic: Uuid, scopes: &[Scope]) -> anyhow::Result<Sensitive<String>> {
        let scope = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
        self.encode(&Claims { scope: Some(scope), ..self.claims(client.to_string(), client, clinic) })
    }

    fn claims(&self, client_id: String, sub: Uuid, cid: Uuid) -> Claims {
        let now = wall_clock().timestamp();
        Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            exp: now + i64::from(LIFETIME),
            nbf: now,
            iat: now,
            jti: crate::database::ids::new_id(),
            client_id,
            sub,
            cid,
            sid: None,
            scope: None,
        }
    }

    fn encode(&self, claims: &Claims) -> anyhow::Result<Sensitive<String>> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        header.typ = Some(TYPE.to_owned());
        Ok(jsonwebtoken::encode(&header, claims, &self.encoding)?.into())
    }

    /// Whom a token speaks for, and of which clinic: if it is ours, for us, of the right type, and within its time (RFC 8725).
    pub fn verify(&self, token: &str) -> Option<(Subject, Uuid)> {
        let claims = self.verified(token)?;
        let subject = match (claims.sid, claims.scope) {
            (Some(session), None) if claims.client_id == OURSELVES => Subject::Member { id: claims.sub, session },
            // Its own grant is its own client (RFC 9068, 2.2).
            (None, Some(scope)) if claims.client_id == claims.sub.to_string() => {
                let scopes = scope.split(' ').filter_map(Scope::parse).collect();
                Subject::Client { id: claims.sub, token: claims.jti, scopes }
            }
            _ => return None,
        };
        Some((subject, claims.cid))
    }

    /// How long a token is good still.
    pub fn time_left(&self, token: &str) -> Duration {
        let seconds = self.verified(token).map_or(0, |claims| claims.exp - wall_clock().timestamp());
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    fn verified(&self, token: &str) -> Option<Claims> {
        if token.len() > LONGEST {
            return None;
        }
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        let header: StrictHeader = serde_json::from_slice(&header).ok()?;
        if header.alg != "EdDSA" || header.typ != TYPE || header.kid != self.kid {
            return None;
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        // We make none that is from the future or lives longer.
        let is_possible = claims.iat <= wall_clock().timestamp() + i64::from(LEEWAY)
            && claims.exp - claims.iat <= i64::from(LIFETIME);
        is_possible.then_some(claims)
    }
}

fn validation(issuer: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY.into();
    validation
}

/// Tokens are checked by others too, so their times are the wall clock's and not the database's.
#[expect(clippy::disallowed_methods, reason = "the times inside a token are for other machines' wall clocks")]
pub(crate) fn wall_clock() -> DateTime<Utc> {
    Utc::now()
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
        let (id, clinic, session) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let token = ours.sign(id, clinic, session).unwrap();
        assert_eq!(ours.verify(token.as_str()).unwrap(), (Subject::Member { id, session }, clinic));
        assert!(others.verify(token.as_str()).is_none());
        assert!(ours.verify("").is_none());
        assert!(ours.verify(&format!("{}x", token.as_str())).is_none());
    }

    #[test]
    fn a_token_of_a_client_tells_its_scopes_and_is_no_session() {
        let keys = token_keys();
        let (id, clinic) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let scopes = vec![Scope::PatientsRead, Scope::SharesRead];
        let token = keys.sign_for_client(id, clinic, &scopes).unwrap();
        let (subject, of) = keys.verify(token.as_str()).unwrap();
        let Subject::Client { id: client, scopes: told, .. } = subject else { panic!("{subject:?}") };
        assert_eq!((client, told, of), (id, scopes, clinic));
    }

    #[test]
    fn a_token_of_another_type_issuer_or_audience_is_refused() {
        let keys = token_keys();
        let now = wall_clock().timestamp();
        let good = Claims { sid: Some(Uuid::nil()), ..keys.claims(OURSELVES.into(), Uuid::nil(), Uuid::nil()) };
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
        assert!(!verify(&header, &Claims { exp: now - 60, ..good.clone() }));
        assert!(!verify(&header, &Claims { nbf: now + 60, ..good.clone() }));
        assert!(!verify(&header, &Claims { iat: now + 60, ..good.clone() }));
        assert!(!verify(&header, &Claims { exp: good.exp + 1, ..good.clone() }));
        assert!(!verify(&header, &Claims { client_id: Uuid::nil().to_string(), ..good.clone() }));
        assert!(!verify(&header, &Claims { scope: Some("patients:read".into()), ..good.clone() }));
        assert!(!verify(&header, &Claims { sid: None, ..good.clone() }));
    }
}
