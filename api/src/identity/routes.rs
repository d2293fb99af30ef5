//! Signing in and out.
//!
//! `Idempotency-Key` is accepted here like on every POST and changes nothing: an answer that holds a token is never
//! stored. Each of these is safe to repeat by its own rules: a code works once, and a refresh token leads to the same
//! successor within its grace.

use super::{
    Actor, MOST_WRONG_TRIES, MfaToken, delays,
    passwords::Passwords,
    policy::Right,
    secrets::{self, Secrets},
    store,
    tokens::{self, TokenKeys},
    totp,
};
use crate::{
    audit::{self, Event, Origin},
    database::{Db, Reason, Tx},
    http::{
        ApiError, Block, Body, Reply, RequestId, Routes, body::Empty, conventions::Edge, paging::ListQuery,
        validation::normalised_email,
    },
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    cookie::{Cookie, SameSite, time::Duration},
    delete,
    dev::Payload,
    get, post,
    web::{Data, Path, Query},
};
use chrono::TimeDelta;
use rapport_contract::{
    identity::{Login, MfaCode, MfaEnrolment, MfaNeeded, Refresh, Session, SessionList, Tokens},
    problem::Kind,
};
use secrecy::{ExposeSecret, SecretString};
use std::future::{Ready, ready};
use uuid::Uuid;

/// A browser that was signed in before says so by this cookie, wherever it is by now. It opens nothing.
const DEVICE: &str = "rapport_device";

/// From where somebody tries to sign in.
struct TriedFrom {
    block: Block,
    device: Option<SecretString>,
    is_https: bool,
}

impl FromRequest for TriedFrom {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // What we did not make is not looked at: it would be a source of its own for each try.
        let device = request.cookie(DEVICE).map(|cookie| cookie.value().to_owned()).filter(|value| value.len() == 43);
        let block = Block::from_request(request, payload).into_inner();
        let is_https = request.app_data::<Data<Edge>>().is_some_and(|edge| edge.is_https);
        ready(block.map(|block| Self { block, device: device.map(Into::into), is_https }))
    }
}

impl TriedFrom {
    fn address(&self, keys: &Secrets) -> Vec<u8> {
        keys.counted("address", &self.block.text())
    }

    fn device(&self, keys: &Secrets) -> Option<Vec<u8>> {
        self.device.as_ref().map(|device| keys.counted("device", device.expose_secret()))
    }
}

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(log_in)
        .service(enrol_mfa)
        .service(verify_mfa)
        .service(refresh_tokens)
        .service(log_out)
        .service(list_sessions)
        .service(end_session)
        .service(end_sessions)
        .service(get_jwks);
}

/// Sign in: the first factor
///
/// Answers the token of the second step: an `mfa_token` where an authenticator is enrolled, an `mfa_enrolment_token` the
/// first time. After failures it takes longer and longer until the next try is looked at, with `Retry-After`; whoever signed in
/// from the same place before waits for their own failures only.
#[utoipa::path(tag = "auth", request_body = Login, responses((status = 200, body = MfaNeeded)), security(()))]
#[post("/v1/auth/login")]
async fn log_in(
    db: Data<Db>,
    passwords: Data<Passwords>,
    keys: Data<Secrets>,
    tried: TriedFrom,
    request: RequestId,
    body: Body<Login>,
) -> Result<Reply, ApiError> {
    let email = normalised_email(body.0.email.as_str());
    let origin = Origin::anonymous(&request);
    // The database takes no NUL in a text, so that nobody's address holds one.
    let is_possible = !email.contains('\0');
    let counted = keys.counted("account", &email);
    let device = tried.device(&keys);
    let (account, source) = db
        .system(Reason::SignIn, origin.clone(), async |tx| {
            let source = match device {
                Some(device) if store::is_known_source(tx, &counted, &device).await? => device,
                _ => tried.address(&keys),
            };
            if let Some(wait) = store::count_try(tx, &counted, &source).await? {
                let refusal = format!("Signing in failed too often. Try again in {wait} seconds.");
                return Err(ApiError::new(Kind::RateLimited, refusal).retry_after(wait));
            }
            let account = if is_possible { store::account_by_email(tx, &email).await? } else { None };
            Ok((account, source))
        })
        .await?;
    // Outside any transaction: hashing takes longer than all our SQL.
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let verified = passwords.verify(body.0.password.as_str(), hash).await;
    db.system(Reason::SignIn, origin, async |tx| {
        let is_right = match verified {
            Ok(is_right) => is_right,
            // Nobody has looked at the password, so nothing failed.
            Err(busy) => {
                store::uncount_try(tx, &counted, &source).await?;
                return Err(busy.recorded());
            }
        };
        let wrong = || ApiError::new(Kind::InvalidCredentials, "The e-mail address or the password is wrong.");
        let Some(account) = &account else {
            store::confirm_try(tx, &counted).await?;
            return Err(wrong().recorded());
        };
        let event = Event::new(account.clinic_id, "session.password").on(account.id);
        if !is_right {
            return Err(audit::refuse(tx, event, wrong()));
        }
        store::uncount_try(tx, &counted, &source).await?;
        let token = secrets::token().map_err(ApiError::internal)?;
        let is_enrolled = account.totp_confirmed_at.is_some();
        let purpose = if is_enrolled { "verify" } else { "enrol" };
        store::insert_challenge(tx, &secrets::hash(token.expose_secret()), account, purpose).await?;
        audit::record(tx, event);
        let token = Some(token.expose_secret().to_owned().into());
        let (mfa_token, mfa_enrolment_token) = if is_enrolled { (token, None) } else { (None, token) };
        let expires_in = u32::try_from(store::CHALLENGE_MINUTES * 60).unwrap_or(u32::MAX);
        Reply::ok(&MfaNeeded { mfa_token, mfa_enrolment_token, expires_in })
    })
    .await
}

/// Enrol an authenticator
///
/// With the `mfa_enrolment_token` as bearer token. Answers the secret; the first accepted code confirms it.
#[utoipa::path(tag = "auth", responses((status = 200, body = MfaEnrolment)), security(("mfa_token" = [])))]
#[post("/v1/auth/mfa/enrol")]
async fn enrol_mfa(db: Data<Db>, token: MfaToken, request: RequestId, _: Body<Empty>) -> Result<Reply, ApiError> {
    let hash = secrets::hash(token.0.expose_secret());
    db.system(Reason::SignIn, Origin::anonymous(&request), async |tx| {
        let challenge = store::challenged(tx, &hash).await?;
        let (account, _) = challenge.filter(|(_, purpose)| purpose == "enrol").ok_or_else(ApiError::unauthenticated)?;
        let secret = totp::new_secret().map_err(ApiError::internal)?;
        if store::keep_secret(tx, &account, &secret).await? == 0 {
            return Err(ApiError::unauthenticated());
        }
        audit::record(tx, Event::new(account.clinic_id, "session.enrol").on(account.id));
        Reply::ok(&totp::enrolment(&secret, &account.email).map_err(ApiError::internal)?)
    })
    .await
}

/// Sign in: the second factor
///
/// With the `mfa_token` or `mfa_enrolment_token` as bearer token. A code works once; five wrong ones end the attempt.
#[utoipa::path(tag = "auth", request_body = MfaCode, responses((status = 200, body = Tokens)), security(("mfa_token" = [])))]
#[post("/v1/auth/mfa/verify")]
async fn verify_mfa(
    db: Data<Db>,
    keys: Data<TokenKeys>,
    secrets: Data<Secrets>,
    tried: TriedFrom,
    token: MfaToken,
    request: HttpRequest,
    body: Body<MfaCode>,
) -> Result<HttpResponse, ApiError> {
    let hash = self::secrets::hash(token.0.expose_secret());
    let device = match tried.device.clone() {
        Some(device) => device,
        None => self::secrets::token().map_err(ApiError::internal)?,
    };
    let reply = db
        .system(Reason::SignIn, Origin::anonymous(&RequestId::of_request(&request)), async |tx| {
            let (account, _) = store::challenged(tx, &hash).await?.ok_or_else(ApiError::unauthenticated)?;
            let event = Event::new(account.clinic_id, "session.start").on(account.id);
            // Each sign-in brings new tries, so they are counted for the account too: whoever has the password alone could go on
            // guessing else. Nobody without the password can use them up.
            if store::recent_wrong_tries(tx, &account).await? >= MOST_WRONG_TRIES {
                let refusal = ApiError::new(Kind::RateLimited, "Too many wrong codes. Try again in a few minutes.");
                return Err(audit::refuse(tx, event, refusal.retry_after(60)));
            }
            let secret = store::totp_secret(tx, &account).await?.ok_or_else(|| {
                ApiError::new(Kind::VerificationFailed, "Enrol an authenticator at /v1/auth/mfa/enrol first.")
            })?;
            let step = totp::accepted_step(&secret, body.0.code.as_str(), tx.now(), account.totp_last_step)
                .map_err(ApiError::internal)?;
            let is_accepted = match step {
                Some(step) => store::use_code(tx, account.id, step).await?,
                None => false,
            };
            if !is_accepted {
                store::count_wrong_try(tx, &hash).await?;
                let refusal =
                    ApiError::new(Kind::VerificationFailed, "The code is wrong, too old, or was used before.");
                return Err(audit::refuse(tx, event, refusal));
            }
            store::delete_challenge(tx, &hash).await?;
            let session = store::insert_session(tx, account.clinic_id, account.id).await?;
            let refresh = self::secrets::token().map_err(ApiError::internal)?;
            store::insert_refresh_token(tx, &self::secrets::hash(refresh.expose_secret()), session).await?;
            let known = [tried.address(&secrets), secrets.counted("device", device.expose_secret())];
            let counted = secrets.counted("account", &account.email);
            store::sign_in_succeeded(tx, &counted, &known.each_ref().map(Vec::as_slice)).await?;
            audit::record(tx, event);
            Reply::ok(&token_pair(&keys, account.id, account.clinic_id, session, &refresh)?)
        })
        .await?;
    let mut response = reply.respond_to(&request);
    let cookie = Cookie::build(DEVICE, device.expose_secret())
        .path("/v1/auth")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(tried.is_https)
        .max_age(Duration::days(delays::KNOWN_FOR_DAYS))
        .finish();
    response.add_cookie(&cookie).map_err(ApiError::internal)?;
    Ok(response)
}

/// Refresh the tokens
///
/// A refresh token is good for one refresh. The same one within 10 seconds leads to the same successor, so that a lost
/// answer or two tabs end no session; later it counts as stolen and ends the session.
#[utoipa::path(tag = "auth", request_body = Refresh, responses((status = 200, body = Tokens)), security(()))]
#[post("/v1/auth/refresh")]
async fn refresh_tokens(
    db: Data<Db>,
    keys: Data<TokenKeys>,
    secrets: Data<Secrets>,
    request: RequestId,
    body: Body<Refresh>,
) -> Result<Reply, ApiError> {
    let given = body.0.refresh_token.as_str();
    let hash = self::secrets::hash(given);
    db.system(Reason::SignIn, Origin::anonymous(&request), async |tx| {
        let successor = secrets.successor(given);
        let session = match store::consume_refresh_token(tx, &hash).await? {
            Some(session) => {
                store::insert_refresh_token(tx, &self::secrets::hash(successor.expose_secret()), session).await?;
                store::touch_session(tx, session).await?;
                session
            }
            None => session_within_grace(tx, &hash).await?,
        };
        let (member, clinic) = store::session_in_force(tx, session).await?.ok_or_else(ApiError::unauthenticated)?;
        Reply::ok(&token_pair(&keys, member, clinic, session, &successor)?)
    })
    .await
}

/// The session of a token that was used moments ago. One that was used before that is in two hands: its session ends.
async fn session_within_grace(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Uuid, ApiError> {
    let (session, used_at) = store::used_refresh_token(tx, hash).await?.ok_or_else(ApiError::unauthenticated)?;
    let Some(used_at) = used_at else { return Err(ApiError::unauthenticated()) };
    if tx.now() <= used_at + TimeDelta::seconds(store::GRACE_SECONDS) {
        return Ok(session);
    }
    match store::end_family(tx, session).await? {
        Some((member, clinic)) => {
            let event = Event::new(clinic, "session.refresh_reuse").on(member);
            Err(audit::refuse(tx, event, ApiError::unauthenticated()))
        }
        None => Err(ApiError::unauthenticated()),
    }
}

fn token_pair(
    keys: &TokenKeys,
    member: Uuid,
    clinic: Uuid,
    session: Uuid,
    refresh: &SecretString,
) -> Result<Tokens, ApiError> {
    Ok(Tokens {
        access_token: keys.sign(member, clinic, session).map_err(ApiError::internal)?,
        token_type: "Bearer".to_owned(),
        expires_in: tokens::LIFETIME,
        refresh_token: refresh.expose_secret().to_owned().into(),
    })
}

/// Sign out
///
/// Ends the session of the access token, at once.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[post("/v1/auth/logout")]
async fn log_out(db: Data<Db>, actor: Actor, _: Body<Empty>) -> Result<Reply, ApiError> {
    end(&db, &actor, Which::This).await
}

/// List the places where you are signed in
///
/// Where the caller is signed in, newest first, and which of them this is.
#[utoipa::path(tag = "auth", params(ListQuery), responses((status = 200, body = SessionList)))]
#[get("/v1/auth/sessions")]
async fn list_sessions(db: Data<Db>, actor: Actor, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        me.require(tx, Right::OwnSessions, Event::new(me.clinic_id, "session.list")).await?;
        let (rows, next_cursor) = page.cut(store::sessions_of(tx, me, &page).await?, |row| row.id);
        let items = rows
            .into_iter()
            .map(|row| Session {
                id: row.id.into(),
                created_at: row.created_at,
                refreshed_at: row.refreshed_at,
                expires_at: row.expires_at,
                is_current: Some(row.id) == actor.session(),
            })
            .collect();
        Reply::ok(&SessionList { items, next_cursor })
    })
    .await
}

/// End one of your sessions
///
/// Its tokens are refused from the next request on.
#[utoipa::path(tag = "auth", params(("id" = Uuid, Path, description = "The session")), responses((status = 204)))]
#[delete("/v1/auth/sessions/{id}")]
async fn end_session(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    end(&db, &actor, Which::One(*id)).await
}

/// End all of your sessions
///
/// This one too.
#[utoipa::path(tag = "auth", responses((status = 204)))]
#[delete("/v1/auth/sessions")]
async fn end_sessions(db: Data<Db>, actor: Actor) -> Result<Reply, ApiError> {
    end(&db, &actor, Which::All).await
}

/// Which of the caller's sessions.
#[derive(Clone, Copy)]
enum Which {
    /// The one that the token belongs to.
    This,
    /// Any of them.
    One(Uuid),
    /// Every one.
    All,
}

async fn end(db: &Db, actor: &Actor, which: Which) -> Result<Reply, ApiError> {
    db.tenant(actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "session.end").on(me.id);
        me.require(tx, Right::OwnSessions, event.clone()).await?;
        let session = match which {
            Which::This => Some(actor.session().ok_or_else(ApiError::not_found)?),
            Which::One(id) => Some(id),
            Which::All => None,
        };
        if store::end_sessions(tx, me.clinic_id, me.id, session).await? == 0 {
            return Err(ApiError::not_found());
        }
        audit::record(tx, event);
        Ok(Reply::no_content())
    })
    .await
}

/// Get the public keys of access tokens
///
/// A JSON Web Key Set (RFC 7517), for whoever wants to verify an access token.
#[utoipa::path(tag = "service", responses((status = 200, body = serde_json::Value, example = json!({"keys": []}))), security(()))]
#[get("/.well-known/jwks.json")]
async fn get_jwks(keys: Data<TokenKeys>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(keys.jwks())
}
