//! Challenge, session, reading, signing, refusing, revoking: the patient's side.

use super::store::{self, Link};
use crate::{
    audit::{self, Event, Origin},
    clinics,
    consents::{self, Opened, Signed, state::Verb},
    database::{Db, Reason, Tx},
    events::PublicUrl,
    http::{ApiError, Body, Posted, Reply, Routes, body::Empty, validation::Check},
    identity::secrets::{self, Secrets},
    links::{self, NewSession, Presented, Site, Visitor},
    patients,
};
use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use rapport_contract::{
    consent_links::{LinkChallenge, LinkCodeSent, LinkConsent, LinkSession, LinkSignature, OpenLinkSession},
    consents::ConsentState,
    patients::Patient,
    problem::Kind,
};
use uuid::Uuid;

/// The links of patients.
struct Consents;

/// A patient with a session.
type AtLink = Presented<Consents>;

impl Site for Consents {
    const COOKIE: &'static str = "rapport_consent";
    const PATH: &'static str = "/v1/consent_links";
}

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(challenge_consent_link)
        .service(open_consent_link_session)
        .service(get_linked_consent)
        .service(sign_linked_consent)
        .service(refuse_linked_consent)
        .service(revoke_linked_consent);
}

/// What a live link leads to.
struct Reached {
    link: Link,
    patient: Patient,
    event: Event,
}

/// The patient of a link, if its secret is right and it has not ended. The answer to all else is one 404. A
/// member of a clinic may not open it: the signature would not be the patient's own.
async fn reach(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    id: Uuid,
    secret: &str,
    action: &'static str,
) -> Result<Reached, ApiError> {
    let link = store::find_alive(tx, id).await?.ok_or_else(ApiError::not_found)?;
    if !secrets::is_same(&link.secret_hash, &secrets::hash(secret)) {
        return Err(ApiError::not_found());
    }
    let consent = consents::find(tx, link.clinic_id, link.consent_id).await?.ok_or_else(ApiError::not_found)?;
    // A link ends with its consent: what was answered with no, ran out or was taken back leads nowhere any more.
    let consent = consent.row;
    if !matches!(consent.state_at(tx.now()), ConsentState::Pending | ConsentState::Active) {
        return Err(ApiError::not_found());
    }
    let patient = patients::find(tx, link.clinic_id, consent.patient_id).await?.ok_or_else(ApiError::not_found)?;
    let event = Event::new(link.clinic_id, action).on(link.id).consent(consent.id).patient(patient.id.into());
    visitor.refuse_member(tx, |_| true, event.clone()).await?;
    Ok(Reached { link, patient, event })
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
    visitor: Visitor,
    body: Body<LinkChallenge>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&visitor.request), async |tx| {
        let reached = reach(tx, &visitor, *id, body.0.secret.as_str(), "consent_link.challenge").await?;
        let Reached { link, patient, event } = reached;
        let email = patient.email.as_ref().ok_or_else(ApiError::not_found)?.as_str();
        link.code().check_pause(tx.now())?;
        let (code, sent) = links::send_code(tx, &keys, link.clinic_id, link.id, email).await?;
        store::keep_code(tx, &link, &code).await?;
        audit::record(tx, event);
        Reply::with(StatusCode::ACCEPTED, &sent)
    })
    .await
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
    visitor: Visitor,
    body: Body<OpenLinkSession>,
) -> Result<HttpResponse, ApiError> {
    let given = body.0;
    let opened = db
        .system(Reason::ConsentLink(*id), Origin::patient(&visitor.request), async |tx| {
            let reached = reach(tx, &visitor, *id, given.secret.as_str(), "consent_link.open").await?;
            let Reached { link, patient, event } = reached;
            let is_code = link.code().fits(&keys, link.id, given.code.as_str(), tx.now());
            if !(is_code && given.birth_date == patient.birth_date) {
                store::count_wrong_try(tx, &link).await?;
                let refusal = ApiError::new(
                    Kind::VerificationFailed,
                    "The date of birth or the code is wrong. Five wrong tries end the link.",
                );
                return Err(audit::refuse(tx, event, refusal));
            }
            let session = NewSession::new()?;
            store::open_session(tx, &link, &session).await?;
            audit::record(tx, event);
            Ok(session)
        })
        .await?;
    Ok(opened.answer::<Consents>(*id, &public_url))
}

/// The consent of a live session. A change needs the anti-CSRF token too.
async fn resume(tx: &mut Tx<'_>, link: Uuid, presented: &AtLink, is_change: bool) -> Result<Opened, ApiError> {
    let (clinic, consent, csrf) = store::resume(tx, link, &presented.cookie).await?.ok_or_else(links::no_session)?;
    let event = Event::new(clinic, "consent_link.resume").on(link).consent(consent);
    presented.visitor.refuse_member(tx, |_| true, event).await?;
    if is_change {
        presented.check_csrf(&csrf)?;
    }
    consents::find(tx, clinic, consent).await?.ok_or_else(ApiError::not_found)
}

async fn answer(tx: &mut Tx<'_>, consent: Opened) -> Result<Reply, ApiError> {
    let Opened { row, asked, .. } = consent;
    let clinic = clinics::letterhead(tx, row.clinic_id).await?.ok_or_else(ApiError::not_found)?;
    let patient = patients::find(tx, row.clinic_id, row.patient_id).await?.ok_or_else(ApiError::not_found)?;
    let categories = row.categories();
    let version = row.version;
    let consent = LinkConsent {
        consent_id: row.id.into(),
        state: row.state_at(tx.now()),
        clinic_name: clinic.name,
        patient_name: format!("{} {}", patient.given_name.as_str(), patient.family_name.as_str()).into(),
        recipients: asked.recipients,
        categories_in_words: consents::categories_in_words(&categories),
        categories,
        purpose: consents::purpose_in_words(&asked.purpose),
        starts_at: row.starts_at,
        expires_at: row.expires_at,
        two_way: row.two_way,
        statement_hash: asked.statement_hash,
        signed_at: row.signed_at,
        revoked_at: row.revoked_at,
        revocation_method: row.revocation_method(),
        statement: asked.statement.into(),
    };
    Ok(Reply::ok(&consent)?.version(version))
}

/// Read what is asked
///
/// The statement and its hash, and the same in plain words.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[get("/v1/consent_links/{id}")]
async fn get_linked_consent(db: Data<Db>, id: Path<Uuid>, presented: AtLink) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.visitor.request), async |tx| {
        let consent = resume(tx, *id, &presented, false).await?;
        let row = &consent.row;
        let event = Event::new(row.clinic_id, "consent.read").on(row.id).consent(row.id).patient(row.patient_id);
        audit::record(tx, event);
        answer(tx, consent).await
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
    presented: AtLink,
    posted: Posted<LinkSignature>,
) -> Result<Reply, ApiError> {
    let signature = posted.body;
    let mut check = Check::new();
    check.line("/signed_name", signature.signed_name.as_str(), 200);
    check.done()?;
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.visitor.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                consents::check_open(&seen.row, Verb::Sign, tx)?;
                if signature.statement_hash != seen.asked.statement_hash {
                    return Err(ApiError::new(
                        Kind::Conflict,
                        "This is not the hash of the text to be signed. Read it again.",
                    ));
                }
                let signed = Signed { method: "link", name: signature.signed_name.as_str().trim(), paper: None };
                let which = (seen.row.clinic_id, seen.row.id);
                match consents::activate(tx, seen, &signed, "consent.sign").await? {
                    Some(consent) => answer(tx, consent).await,
                    None => Err(consents::closed_meanwhile(tx, which, Verb::Sign).await),
                }
            })
            .await
    })
    .await
}

/// Decline
///
/// The patient says no, and nobody may be sent anything under this consent. The clinic is told.
#[utoipa::path(tag = "consent links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = LinkConsent)), security(("link_session" = [])))]
#[post("/v1/consent_links/{id}/refusal")]
async fn refuse_linked_consent(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: AtLink,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.visitor.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                consents::check_open(&seen.row, Verb::Refuse, tx)?;
                let which = (seen.row.clinic_id, seen.row.id);
                let Some(consent) = consents::decline(tx, seen).await? else {
                    return Err(consents::closed_meanwhile(tx, which, Verb::Refuse).await);
                };
                let row = &consent.row;
                let event =
                    Event::new(row.clinic_id, "consent.refuse").on(row.id).consent(row.id).patient(row.patient_id);
                audit::record(tx, event);
                answer(tx, consent).await
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
    presented: AtLink,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ConsentLink(*id), Origin::patient(&presented.visitor.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| resume(tx, *id, &presented, true).await;
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| {
                let consent = consents::revoke(tx, seen, "link", None).await?;
                answer(tx, consent).await
            })
            .await
    })
    .await
}
