//! The token endpoint, revocation, and what a client needs to know before it starts.

use super::assertion::{Proved, Unproved};
use crate::{
    api_clients::{self, PublicKey, RemoteKeys, SigningIn},
    audit::{self, Event, Origin},
    database::{Db, Reason, Tx},
    events::PublicUrl,
    http::{ApiError, Form, Reply, RequestId, Routes},
    identity::{
        self, Subject, secrets,
        tokens::{self, TokenKeys},
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header::AUTHORIZATION},
    post,
    web::Data,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use rapport_contract::{
    Sensitive,
    api_clients::Scope,
    oauth::{AuthorizationServer, JWT_BEARER, RevocationRequest, TokenRequest, TokenResponse},
    problem::Kind,
};
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(request_token)
        .service(revoke_token)
        .service(get_authorization_server)
        .service(get_smart_configuration);
}

fn invalid_request(detail: &str) -> ApiError {
    ApiError::new(Kind::BadRequest, detail).oauth("invalid_request")
}

/// The one answer to every way in which a client can fail to prove itself.
fn invalid_client() -> ApiError {
    ApiError::new(Kind::InvalidClient, "The client is not known here or did not prove itself.").oauth("invalid_client")
}

/// How a client means to prove itself.
enum Proof {
    Secret { client: Uuid, hash: Vec<u8> },
    Assertion(Sensitive<String>),
}

/// What of a form is about the client.
struct Given<'f> {
    client_id: Option<&'f str>,
    secret: Option<&'f Sensitive<String>>,
    assertion_type: Option<&'f str>,
    assertion: Option<&'f Sensitive<String>>,
}

impl Proof {
    /// Reads it, if there is any; there may be one way only (RFC 6749, 2.3).
    fn read(request: &HttpRequest, given: &Given<'_>) -> Result<Option<Self>, ApiError> {
        let basic = basic_credentials(request)?;
        let ways = [basic.is_some(), given.secret.is_some(), given.assertion.is_some()];
        if ways.into_iter().filter(|is_taken| *is_taken).count() > 1 {
            return Err(invalid_request("Prove yourself in one way, and not in several."));
        }
        let is_of = |client: &str| given.client_id.is_none_or(|id| id == client);
        if let Some((client, secret)) = basic {
            let id = client.parse().ok().filter(|_| is_of(&client)).ok_or_else(invalid_client)?;
            return Ok(Some(Self::Secret { client: id, hash: secrets::hash(&secret) }));
        }
        if let Some(secret) = given.secret {
            let id = given.client_id.and_then(|id| id.parse().ok()).ok_or_else(invalid_client)?;
            return Ok(Some(Self::Secret { client: id, hash: secrets::hash(secret.as_str()) }));
        }
        let Some(assertion) = given.assertion else { return Ok(None) };
        if given.assertion_type != Some(JWT_BEARER) {
            return Err(invalid_request("The client_assertion_type must be the one of RFC 7523."));
        }
        let unproved = Unproved::read(assertion.as_str()).ok_or_else(invalid_client)?;
        if !is_of(&unproved.client.to_string()) {
            return Err(invalid_client());
        }
        Ok(Some(Self::Assertion(assertion.clone())))
    }
}

/// The pair of an `Authorization: Basic` header (RFC 6749, 2.3.1). Ids and secrets of ours hold nothing that would be encoded.
fn basic_credentials(request: &HttpRequest) -> Result<Option<(String, String)>, ApiError> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else { return Ok(None) };
    let text = value.to_str().map_err(|_| invalid_client())?;
    let basic = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let Some((_, encoded)) = basic else { return Ok(None) };
    let pair = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = pair.and_then(|pair| pair.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned())));
    pair.map(Some).ok_or_else(invalid_client)
}

/// What proving a client takes.
struct Desk<'d> {
    db: &'d Db,
    remote: &'d RemoteKeys,
    issuer: &'d str,
    request: &'d RequestId,
}

impl Desk<'_> {
    /// Runs `act` for a client that proves itself, in the transaction that uses its assertion up.
    async fn proved<T>(
        &self,
        proof: &Proof,
        action: &'static str,
        act: impl AsyncFnOnce(&mut Tx<'_>, &SigningIn) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let origin = Origin::anonymous(self.request);
        let (client, evidence) = match proof {
            Proof::Secret { client, hash } => (*client, Evidence::Secret(hash)),
            Proof::Assertion(assertion) => {
                let unproved = Unproved::read(assertion.as_str()).ok_or_else(invalid_client)?;
                (unproved.client, Evidence::Assertion(self.assertion(&unproved, &origin).await?))
            }
        };
        self.db
            .system(Reason::SignIn, origin, async |tx| {
                let client = api_clients::signing_in(tx, client).await?.ok_or_else(invalid_client)?;
                let is_proved = match &evidence {
                    Evidence::Secret(hash) => api_clients::has_secret(tx, &client, hash).await?,
                    Evidence::Assertion(None) => false,
                    // Of many uses at once exactly one finds the assertion unused.
                    Evidence::Assertion(Some(proved)) if client.is_active() => {
                        let Proved { jti_hash, expires_at } = proved;
                        identity::use_assertion(tx, client.clinic_id, client.id, jti_hash, *expires_at).await?
                    }
                    Evidence::Assertion(Some(_)) => false,
                };
                if !is_proved || !client.is_active() {
                    let event = Event::new(client.clinic_id, action).on(client.id);
                    return Err(audit::refuse(tx, event, invalid_client()));
                }
                tx.set_origin(Origin::client(client.id, client.clinic_id, self.request));
                act(tx, &client).await
            })
            .await
    }

    /// The assertion, if the client's key proves it. A key at an address is fetched here, where no transaction is open.
    async fn assertion(&self, unproved: &Unproved<'_>, origin: &Origin) -> Result<Option<Proved>, ApiError> {
        let found = self.db.system(Reason::SignIn, origin.clone(), async |tx| {
            Ok((api_clients::signing_in(tx, unproved.client).await?, tx.now()))
        });
        let (client, now) = found.await?;
        let client = client.filter(SigningIn::is_active).ok_or_else(invalid_client)?;
        let key = self.key(&client, &unproved.kid, now).await;
        Ok(key.and_then(|key| unproved.prove(&key, self.issuer, tokens::wall_clock())))
    }

    async fn key(&self, client: &SigningIn, kid: &str, now: DateTime<Utc>) -> Option<PublicKey> {
        match (&client.jwks, &client.jwks_uri) {
            (Some(jwks), _) => api_clients::read_all(jwks).into_iter().find(|key| key.kid == kid),
            (None, Some(address)) => self.remote.find(address, kid, now).await,
            (None, None) => None,
        }
    }
}

/// What there is of a proof.
enum Evidence<'p> {
    Secret(&'p [u8]),
    Assertion(Option<Proved>),
}

/// The scopes of a token: those that were asked for, or all, as far as the client has them.
fn granted(asked: Option<&str>, client: &SigningIn) -> Result<Vec<Scope>, ApiError> {
    let own: Vec<Scope> = client.scopes.iter().filter_map(|name| Scope::parse(name)).collect();
    let invalid_scope = |detail: &str| ApiError::new(Kind::InvalidScope, detail).oauth("invalid_scope");
    let Some(asked) = asked else { return Ok(own) };
    let asked: Option<Vec<Scope>> = asked.split(' ').filter(|word| !word.is_empty()).map(Scope::parse).collect();
    let asked = asked.ok_or_else(|| invalid_scope("One of the scopes is not known here."))?;
    let granted: Vec<Scope> = own.into_iter().filter(|scope| asked.contains(scope)).collect();
    if granted.is_empty() { Err(invalid_scope("The client has none of these scopes.")) } else { Ok(granted) }
}

/// Sign a machine in
///
/// `client_credentials` by an assertion that the client's key has signed, or by a secret, in the body or in a Basic header.
/// An assertion is good once.
#[utoipa::path(tag = "oauth",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenResponse)), security(()))]
#[post("/oauth/token")]
async fn request_token(
    db: Data<Db>,
    keys: Data<TokenKeys>,
    remote: Data<RemoteKeys>,
    public_url: Data<PublicUrl>,
    id: RequestId,
    request: HttpRequest,
    form: Form<TokenRequest>,
) -> Result<Reply, ApiError> {
    let form = form.0;
    let given = Given {
        client_id: form.client_id.as_deref(),
        secret: form.client_secret.as_ref(),
        assertion_type: form.client_assertion_type.as_deref(),
        assertion: form.client_assertion.as_ref(),
    };
    if form.grant_type.is_empty() {
        return Err(invalid_request("The grant_type is missing."));
    }
    if form.grant_type != "client_credentials" {
        let detail = "The token endpoint knows the grant_type client_credentials alone.";
        return Err(ApiError::new(Kind::UnsupportedGrantType, detail).oauth("unsupported_grant_type"));
    }
    let proof = Proof::read(&request, &given)?.ok_or_else(invalid_client)?;
    let desk = Desk { db: &db, remote: &remote, issuer: public_url.as_str(), request: &id };
    desk.proved(&proof, "api_client.token", async |tx, client| {
        let event = Event::new(client.clinic_id, "api_client.token").on(client.id);
        let scopes = event.clone().unless(tx, granted(form.scope.as_deref(), client))?;
        let token = keys.sign_for_client(client.id, client.clinic_id, &scopes).map_err(ApiError::internal)?;
        audit::record(tx, event);
        Reply::ok(&TokenResponse {
            access_token: token,
            token_type: "Bearer".to_owned(),
            expires_in: tokens::LIFETIME,
            scope: scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
        })
    })
    .await
}

/// Take a token back
///
/// A client takes its own access token back, and proves itself as for a token. A person's refresh token or access token ends
/// the session; whoever has it may. A token that is not known or has ended is taken back already (RFC 7009, 2.2).
#[utoipa::path(tag = "oauth",
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token is good for nothing any more.")), security(()))]
#[post("/oauth/revoke")]
async fn revoke_token(
    db: Data<Db>,
    keys: Data<TokenKeys>,
    remote: Data<RemoteKeys>,
    public_url: Data<PublicUrl>,
    id: RequestId,
    request: HttpRequest,
    form: Form<RevocationRequest>,
) -> Result<Reply, ApiError> {
    let form = form.0;
    let given = Given {
        client_id: form.client_id.as_deref(),
        secret: form.client_secret.as_ref(),
        assertion_type: form.client_assertion_type.as_deref(),
        assertion: form.client_assertion.as_ref(),
    };
    let done = Reply { status: StatusCode::OK, ..Reply::no_content() };
    let token = keys.verify(form.token.as_str());
    if let Some(proof) = Proof::read(&request, &given)? {
        let desk = Desk { db: &db, remote: &remote, issuer: public_url.as_str(), request: &id };
        return desk
            .proved(&proof, "api_client.revoke_token", async |tx, client| {
                let event = Event::new(client.clinic_id, "api_client.revoke_token").on(client.id);
                match token {
                    Some((Subject::Client { id, token, .. }, clinic)) if id == client.id => {
                        identity::revoke_token(tx, clinic, id, token).await?;
                        audit::record(tx, event);
                        Ok(done)
                    }
                    Some(_) => {
                        let refusal = ApiError::new(Kind::BadRequest, "The token was not made for this client.");
                        Err(audit::refuse(tx, event, refusal.oauth("unauthorized_client")))
                    }
                    None => Ok(done),
                }
            })
            .await;
    }
    let refresh_token = secrets::hash(form.token.as_str());
    db.system(Reason::SignIn, Origin::anonymous(&id), async |tx| {
        let ended = match token {
            Some((Subject::Client { .. }, _)) => return Err(invalid_client()),
            Some((Subject::Member { id, session }, clinic)) => {
                let count = identity::end_sessions(tx, clinic, id, Some(session)).await?;
                Some((id, clinic)).filter(|_| count > 0)
            }
            None => identity::end_session_of(tx, &refresh_token).await?,
        };
        if let Some((member, clinic)) = ended {
            audit::record(tx, Event::new(clinic, "session.end").on(member));
        }
        Ok(done)
    })
    .await
}

fn authorization_server(public_url: &PublicUrl) -> HttpResponse {
    let text = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    let methods = ["private_key_jwt", "client_secret_basic", "client_secret_post"];
    HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(AuthorizationServer {
        issuer: public_url.as_str().to_owned(),
        token_endpoint: public_url.join("/oauth/token"),
        revocation_endpoint: public_url.join("/oauth/revoke"),
        jwks_uri: public_url.join("/.well-known/jwks.json"),
        grant_types_supported: text(&["client_credentials"]),
        response_types_supported: Vec::new(),
        token_endpoint_auth_methods_supported: text(&methods),
        token_endpoint_auth_signing_alg_values_supported: text(&["ES384", "RS384", "EdDSA"]),
        revocation_endpoint_auth_methods_supported: text(&methods),
        scopes_supported: Scope::ALL.iter().map(|scope| scope.as_str().to_owned()).collect(),
        capabilities: text(&["client-confidential-asymmetric", "client-confidential-symmetric"]),
    })
}

/// Get what an OAuth client needs to know
///
/// RFC 8414.
#[utoipa::path(tag = "service", responses((status = 200, body = AuthorizationServer)), security(()))]
#[get("/.well-known/oauth-authorization-server")]
async fn get_authorization_server(public_url: Data<PublicUrl>) -> HttpResponse {
    authorization_server(&public_url)
}

/// Get what a SMART client needs to know
///
/// The same under the name that SMART Backend Services looks for.
#[utoipa::path(tag = "service", responses((status = 200, body = AuthorizationServer)), security(()))]
#[get("/.well-known/smart-configuration")]
async fn get_smart_configuration(public_url: Data<PublicUrl>) -> HttpResponse {
    authorization_server(&public_url)
}
