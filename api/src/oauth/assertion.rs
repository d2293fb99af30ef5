//! A client's assertion: a JWT with which it proves that it has its private key (RFC 7523, 3; SMART Backend Services).

use crate::{api_clients::PublicKey, identity::secrets};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;
use uuid::Uuid;

/// The longest assertion that is looked at, in bytes.
const LONGEST: usize = 4096;
/// An assertion ends so many seconds ahead at most.
const LIFETIME: i64 = 300;
/// How far the clocks of the client and ours may be apart, in seconds.
const LEEWAY: u32 = 10;
/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 255;

/// All that a header may hold. A key, the address of a key, a compression or a condition of its own is refused by being there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: Algorithm,
    typ: String,
    kid: String,
}

/// Only who it says it is from, before anything is proved.
#[derive(Deserialize)]
struct Issuer {
    iss: Uuid,
}

/// Times are whole seconds: what comes as a text or a fraction is refused and not passed over. `aud` is one text: a list would
/// let an assertion that was made for another service be used here.
#[derive(Deserialize)]
struct Claims {
    iss: Uuid,
    sub: Uuid,
    aud: String,
    exp: i64,
    jti: String,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    nbf: Option<i64>,
}

/// An assertion that is well-formed. Nothing in it is proved yet.
pub(super) struct Unproved<'a> {
    token: &'a str,
    algorithm: Algorithm,
    /// Which of the client's keys is said to have signed it.
    pub(super) kid: String,
    /// Who is said to have.
    pub(super) client: Uuid,
}

/// What has to be remembered of an assertion, so that it is good once.
pub(super) struct Proved {
    pub(super) jti_hash: Vec<u8>,
    pub(super) expires_at: DateTime<Utc>,
}

impl<'a> Unproved<'a> {
    pub(super) fn read(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let mut parts = token.split('.');
        let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let Issuer { iss } = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let is_typed = matches!(header.typ.as_str(), "JWT" | "client-authentication+jwt");
        is_typed.then_some(Self { token, algorithm: header.alg, kid: header.kid, client: iss })
    }

    /// Proves it by the client's key: by the key's one algorithm, for us alone, within its time.
    pub(super) fn prove(&self, key: &PublicKey, issuer: &str, now: DateTime<Utc>) -> Option<Proved> {
        if self.algorithm != key.algorithm || self.kid != key.kid {
            return None;
        }
        let mut validation = Validation::new(key.algorithm);
        validation.set_audience(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
        validation.leeway = LEEWAY.into();
        validation.validate_nbf = true;
        let claims = jsonwebtoken::decode::<Claims>(self.token, &key.decoding, &validation).ok()?.claims;
        let (now, leeway) = (now.timestamp(), i64::from(LEEWAY));
        let is_own = claims.iss == self.client && claims.sub == self.client;
        let is_short = claims.exp > now - leeway && claims.exp <= now + LIFETIME + leeway;
        let has_begun = [claims.iat, claims.nbf].into_iter().flatten().all(|at| at <= now + leeway);
        let has_id = (1..=LONGEST_ID).contains(&claims.jti.len());
        let expires_at = DateTime::from_timestamp(claims.exp, 0)? + TimeDelta::seconds(leeway);
        let is_good = is_own && is_short && has_begun && has_id && claims.aud == issuer;
        is_good.then(|| Proved { jti_hash: secrets::hash(&claims.jti), expires_at })
    }
}
