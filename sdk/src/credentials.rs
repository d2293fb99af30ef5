//! What a machine proves itself by: a secret, or a private key (RFC 7523, SMART Backend Services).

use crate::{Error, Result};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rapport_contract::{
    Sensitive,
    api_clients::Scope,
    ids::ApiClientId,
    oauth::{JWT_BEARER, RevocationRequest, TokenRequest},
};
use serde::Serialize;
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// How long an assertion is good for, in seconds: for its way there, and for clocks that are a little apart.
const LIFETIME: i64 = 60;

/// What a private key signs with. It is the one algorithm of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// ECDSA on P-384.
    Es384,
    /// RSA (PKCS #1, 1.5) with SHA-384.
    Rs384,
    /// Ed25519.
    EdDsa,
}

/// Shared by every clone of a client.
#[derive(Clone)]
pub(crate) struct Credentials {
    client_id: ApiClientId,
    proof: Arc<Proof>,
    scopes: Arc<[Scope]>,
}

enum Proof {
    Secret(Sensitive<String>),
    Key { key: EncodingKey, header: Box<Header> },
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: Uuid,
    sub: Uuid,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: Uuid,
}

/// The ways in which a form tells who sends it.
#[derive(Default)]
struct Told {
    client_id: Option<String>,
    client_secret: Option<Sensitive<String>>,
    client_assertion_type: Option<String>,
    client_assertion: Option<Sensitive<String>>,
}

impl Credentials {
    pub(crate) fn secret(client_id: ApiClientId, secret: Sensitive<String>) -> Self {
        Self { client_id, proof: Arc::new(Proof::Secret(secret)), scopes: Arc::new([]) }
    }

    pub(crate) fn key(client_id: ApiClientId, pem: &[u8], algorithm: KeyAlgorithm, kid: String) -> Result<Self> {
        let (algorithm, key) = match algorithm {
            KeyAlgorithm::Es384 => (Algorithm::ES384, EncodingKey::from_ec_pem(pem)),
            KeyAlgorithm::Rs384 => (Algorithm::RS384, EncodingKey::from_rsa_pem(pem)),
            KeyAlgorithm::EdDsa => (Algorithm::EdDSA, EncodingKey::from_ed_pem(pem)),
        };
        // The cause is dropped: it may quote the key.
        let key = key.map_err(|_| Error::unusable("the private key is not one of this algorithm in PEM"))?;
        let header = Box::new(Header { kid: Some(kid), ..Header::new(algorithm) });
        Ok(Self { client_id, proof: Arc::new(Proof::Key { key, header }), scopes: Arc::new([]) })
    }

    pub(crate) fn for_scopes(self, scopes: Vec<Scope>) -> Self {
        Self { scopes: scopes.into(), ..self }
    }

    pub(crate) fn token_request(&self, audience: &str) -> Result<TokenRequest> {
        let Told { client_id, client_secret, client_assertion_type, client_assertion } = self.tell(audience)?;
        let scopes = self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
        Ok(TokenRequest {
            grant_type: "client_credentials".to_owned(),
            scope: Some(scopes).filter(|scopes| !scopes.is_empty()),
            client_id,
            client_secret,
            client_assertion_type,
            client_assertion,
        })
    }

    pub(crate) fn revocation(&self, audience: &str, token: Sensitive<String>) -> Result<RevocationRequest> {
        let Told { client_id, client_secret, client_assertion_type, client_assertion } = self.tell(audience)?;
        let token_type_hint = Some("access_token".to_owned());
        Ok(RevocationRequest {
            token,
            token_type_hint,
            client_id,
            client_secret,
            client_assertion_type,
            client_assertion,
        })
    }

    fn tell(&self, audience: &str) -> Result<Told> {
        match &*self.proof {
            Proof::Secret(secret) => Ok(Told {
                client_id: Some(self.client_id.to_string()),
                client_secret: Some(secret.clone()),
                ..Told::default()
            }),
            Proof::Key { key, header } => {
                let now = chrono::Utc::now().timestamp();
                let (iss, sub, jti) = (self.client_id.uuid(), self.client_id.uuid(), Uuid::new_v4());
                let claims = Claims { iss, sub, aud: audience, iat: now, exp: now + LIFETIME, jti };
                let assertion = jsonwebtoken::encode(header, &claims, key)
                    .map_err(|_| Error::unusable("the private key can't sign"))?;
                Ok(Told {
                    client_assertion_type: Some(JWT_BEARER.to_owned()),
                    client_assertion: Some(assertion.into()),
                    ..Told::default()
                })
            }
        }
    }
}
