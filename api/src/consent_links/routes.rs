//! Challenge, session, reading, signing, refusing, revoking: the patient's side.

use super::store::{self, IDLE_MINUTES, Link};
use crate::{
    audit::{self, Event, Origin},
    clinics,
    consents::{self, Row, Signed, state::Verb},
    database::{Db, Reason, Tx},
    events::{PublicUrl, mail},
    http::{ApiError, Body, Posted, Reply, RequestId, body::Empty, validation::Check},
    identity::secrets::{self, Secrets},
    patients,
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    dev::Payload,
    get,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use chrono::TimeDelta;
use rapport_contract::{
    consent_links::{LinkChallenge, LinkCodeSent, LinkConsent, LinkSession, LinkSignature, OpenLinkSession},
    consents::ConsentState,
    patients::Patient,
    problem::Kind,
};
use secrecy::ExposeSecret;
use std::future::{Ready, ready};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// A code is good for these minutes.
const CODE_MINUTES: i64 = 10;
/// While a code is unused, a new one can be asked for after these seconds.
const CODE_PAUSE_SECONDS: i64 = 5;
const COOKIE: &str = "rapport_consent";
const CSRF_HEADER: &str = "x-csrf-token";

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(challenge_consent_link)
        .service(open_consent_link_session)
        .service(get_linked_consent)
        .service(sign_linked_consent)
        .service(refuse_linked_consent)
        .service(revoke_linked_consent);
}

/// The secrets of a session, as its browser sends them.
struct Presented {
    cookie: Vec<u8>,
    csrf: Option<Vec<u8>>,
    request: RequestId,
}

impl FromRequest for Presented {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = RequestId::from_request(request, payload).into_inner();
        let csrf = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(secrets::hash);
        let presented = request.cookie(COOKIE).zip(id.ok()).map(|(cookie, request)| Self {
            cookie: secrets::hash(cookie.value()),
            csrf,
            request,
        });
        ready(presented.ok_or_else(no_session))
    }
}

fn no_session() -> ApiError {
    ApiError::new(Kind::Unauthenticated, "Open the link again: ask for a code and send it with the date of birth.")
}

/// What a live link leads to.
struct Reached {
    link: Link,
    consent: Row,
    patient: Patient,
}

/// The consent and patient of a link, if its secret is right and it has not ended. The answer to all else is one 404.
async fn reach(tx: &mut Tx<'_>, id: Uuid, secret: &str) -> Result<Reached, ApiError> {
    let link = store::find_alive(tx, id).await?.ok_or_else(ApiError::not_found)?;
    if !secrets::is_same(&link.secret_hash, &secrets::hash(secret)) {
        return Err(ApiError::not_found());
    }
    let consent = consents::find(tx, link.clinic_id, link.consent_id).await?.ok_or_else(ApiError::not_found)?;
    // A link ends with its consent: what was answered with no, ran out or was taken back leads nowhere any more.
    if !matches!(consent.state_at(tx.now()), ConsentState::Pending | ConsentState::Active) {
        return Err(ApiError::not_found());
    }
    let patient = patients::find(tx, link.clinic_id, consent.patient_id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Reached { link, consent, patient })
}

/// Ask for a code
///
/// Sends six digits to the contact that the clinic has on file, never to one that is typed in.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")), request_body = LinkChallenge,
    responses((status = 202, body = LinkCodeSent)), security(()))]
#[post("/v1/consent_links/{id}/challenge")]
async fn challenge_consent_link(
    db: Data<Db>,
    keys: Data<Secrets>,
    id: Path<Uuid>,
    request: RequestId,
    body: Body<LinkChallenge>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&request), async |tx| {
        let Reached { link, consent, patient } = reach(tx, *id, body.0.secret.as_str()).await?;
        let email = patient.email.as_ref().ok_or_else(ApiError::not_found)?.as_str();
        let now = tx.now();
        // One that was sent a moment ago and not used yet may still be on its way: a second click sends no second mail.
        let unused_since = link.code_sent_at.filter(|_| link.code_hash.is_some());
        let wait = unused_since.map(|sent| (sent + TimeDelta::seconds(CODE_PAUSE_SECONDS) - now).num_seconds());
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            let error =
                ApiError::new(Kind::RateLimited, "A code was sent a moment ago. Look for it, or ask again soon.");
            return Err(error.retry_after(wait.unsigned_abs()));
        }
        let code = secrets::six_digits().map_err(ApiError::internal)?;
        let hash = keys.code_hash(link.id.as_bytes(), code.expose_secret());
        store::keep_code(tx, &link, &hash, now + TimeDelta::minutes(CODE_MINUTES)).await?;
        mail::queue(tx, link.clinic_id, email, mail::one_time_code(code.expose_secret(), CODE_MINUTES)).await?;
        let event =
            Event::new(link.clinic_id, "consent_link.challenge").on(link.id).consent(consent.id).patient(patient.id);
        audit::record(tx, event).await?;
        let expires_in = u32::try_from(CODE_MINUTES * 60).unwrap_or(u32::MAX);
        Reply::with(StatusCode::ACCEPTED, &LinkCodeSent { sent_to: hidden(email), expires_in })
    })
    .await
}

/// An address that its owner recognises and nobody else learns.
fn hidden(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = local.chars().next().map(String::from).unwrap_or_default();
    format!("{first}…@{domain}")
}

/// Open a session at the link
///
/// With the secret, the patient's date of birth and the code. It lives 15 minutes when nothing is done, and its right is
/// this consent alone. Which of the two facts was wrong is not told; five wrong tries end the link.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")), request_body = OpenLinkSession,
    responses((status = 200, body = LinkSession, headers(("Set-Cookie" = String, description = "HttpOnly, for this link alone")))),
    security(()))]
#[post("/v1/consent_links/{id}/session")]
async fn open_consent_link_session(
    db: Data<Db>,
    keys: Data<Secrets>,
    public_url: Data<PublicUrl>,
    id: Path<Uuid>,
    request: RequestId,
    body: Body<OpenLinkSession>,
) -> Result<HttpResponse, ApiError> {
    let given = body.0;
    let opened = db
        .system(Reason::ConsentLink(*id), Origin::patient(&request), async |tx| {
            let Reached { link, consent, patient } = reach(tx, *id, given.secret.as_str()).await?;
            let event =
                Event::new(link.clinic_id, "consent_link.open").on(link.id).consent(consent.id).patient(patient.id);
            let code = keys.code_hash(link.id.as_bytes(), given.code.as_str());
            let is_code = link.code_hash.as_ref().is_some_and(|kept| secrets::is_same(kept, &code))
                && link.code_expires_at.is_some_and(|expires_at| tx.now() < expires_at);
            if !(is_code && given.birth_date == patient.birth_date) {
                store::count_wrong_try(tx, &link).await?;
                let refusal = ApiError::new(
                    Kind::VerificationFailed,
                    "The date of birth or the code is wrong. Five wrong tries end the link.",
                );
                return Err(audit::refuse(tx, event, refusal).await);
            }
            let (session, csrf) =
                (secrets::token().map_err(ApiError::internal)?, secrets::token().map_err(ApiError::internal)?);
            let hash = secrets::hash(session.expose_secret());
            store::open_session(tx, &link, &hash, &secrets::hash(csrf.expose_secret())).await?;
            audit::record(tx, event).await?;
            Ok((session, csrf))
        })
        .await?;
    let (session, csrf) = opened;
    // For this link's own addresses only: two links in one browser do not meet.
    let cookie = Cookie::build(COOKIE, session.expose_secret().to_owned())
        .path(format!("/v1/consent_links/{id}"))
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(public_url.is_https())
        .max_age(CookieAge::hours(1))
        .finish();
    let expires_in = u32::try_from(IDLE_MINUTES * 60).unwrap_or(u32::MAX);
    let answer = LinkSession { csrf_token: csrf.expose_secret().to_owned().into(), expires_in };
    Ok(HttpResponse::Ok().cookie(cookie).json(answer))
}

/// The consent of a live session. A change needs the anti-CSRF token too: the cookie alone comes by itself.
async fn resume(tx: &mut Tx<'_>, link: Uuid, presented: &Presented, is_change: bool) -> Result<Row, ApiError> {
    let (clinic, consent, csrf) = store::resume(tx, link, &presented.cookie).await?.ok_or_else(no_session)?;
    if is_change && !presented.csrf.as_ref().is_some_and(|given| secrets::is_same(given, &csrf)) {
        return Err(ApiError::new(Kind::Forbidden, "Send the session's csrf_token in the X-CSRF-Token header."));
    }
    consents::find(tx, clinic, consent).await?.ok_or_else(ApiError::not_found)
}

async fn answer(tx: &mut Tx<'_>, row: Row) -> Result<Reply, ApiError> {
    let clinic = clinics::letterhead(tx, row.clinic_id).await?.ok_or_else(ApiError::not_found)?;
    let patient = patients::find(tx, row.clinic_id, row.patient_id).await?.ok_or_else(ApiError::not_found)?;
    let categories = row.categories();
    let version = row.version;
    let consent = LinkConsent {
        consent_id: row.id,
        state: row.state_at(tx.now()),
        clinic_name: clinic.name,
        patient_name: format!("{} {}", patient.given_name.as_str(), patient.family_name.as_str()).into(),
        recipients: row.recipients()?,
        categories_in_words: consents::categories_in_words(&categories),
        categories,
        purpose: consents::purpose_in_words(&row.purpose),
        starts_at: row.starts_at,
        expires_at: row.expires_at,
        two_way: row.two_way,
        statement_hash: row.statement_hash.clone(),
        signed_at: row.signed_at,
        revoked_at: row.revoked_at,
        revocation_method: row.revocation_method(),
        statement: row.statement.into(),
    };
    Ok(Reply::ok(&consent)?.version(version))
}

/// Read what is asked
///
/// The statement and its hash, and the same in plain words.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[get("/v1/consent_links/{id}")]
async fn get_linked_consent(db: Data<Db>, id: Path<Uuid>, presented: Presented) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.request), async |tx| {
        let row = resume(tx, *id, &presented, false).await?;
        let event = Event::new(row.clinic_id, "consent.read").on(row.id).consent(row.id).patient(row.patient_id);
        audit::record(tx, event).await?;
        answer(tx, row).await
    })
    .await
}

/// Sign
///
/// With the name typed and the hash of the text that was read.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")), request_body = LinkSignature,
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[post("/v1/consent_links/{id}/signature")]
async fn sign_linked_consent(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: Presented,
    posted: Posted<LinkSignature>,
) -> Result<Reply, ApiError> {
    let signature = posted.body;
    let mut check = Check::new();
    check.line("/signed_name", signature.signed_name.as_str(), 200);
    check.done()?;
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                consents::check_open(&seen, Verb::Sign, tx)?;
                if signature.statement_hash != seen.statement_hash {
                    return Err(ApiError::new(
                        Kind::Conflict,
                        "This is not the hash of the text to be signed. Read it again.",
                    ));
                }
                let signed = Signed { method: "link", name: signature.signed_name.as_str().trim(), paper: None };
                let row = consents::activate(tx, &seen, &signed, "consent.sign").await?;
                answer(tx, row).await
            })
            .await
    })
    .await
}

/// Decline
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[post("/v1/consent_links/{id}/refusal")]
async fn refuse_linked_consent(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: Presented,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                consents::check_open(&seen, Verb::Refuse, tx)?;
                let row = consents::decline(tx, &seen).await?.ok_or_else(ApiError::stale)?;
                let event =
                    Event::new(row.clinic_id, "consent.refuse").on(row.id).consent(row.id).patient(row.patient_id);
                audit::record(tx, event).await?;
                answer(tx, row).await
            })
            .await
    })
    .await
}

/// Revoke
///
/// At any time, without a reason, at the same link. No reading commits after this has answered.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[post("/v1/consent_links/{id}/revocation")]
async fn revoke_linked_consent(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: Presented,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                let row = consents::revoke(tx, &seen, "link", None).await?;
                answer(tx, row).await
            })
            .await
    })
    .await
}
