//! Challenge, session, reading, declining, a new link, "this was not meant for me", and taking it up with an account.

use super::{destination, event_of};
use crate::{
    audit::{self, Event, Origin},
    database::{Db, Reason, Tx},
    events::PublicUrl,
    http::{ApiError, Body, Posted, Reply, Routes, validation::Check},
    identity::{Actor, policy::Right, secrets::Secrets},
    incidents,
    links::{self, Presented, Site, Visitor},
    referrals::{self, Claimant},
    share_links::{self, Link, Verb, allows},
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use rapport_contract::{
    consent_links::{LinkCodeSent, LinkSession},
    referral_links::{ClaimReferral, DeclineLinkedReferral},
    referrals::{Referral, ReferralReason},
    share_links::{OpenShareLinkSession, ReportMisdirected, ShareLinkRenewed, ShareLinkSecret, ShareLinkState},
};
use uuid::Uuid;

/// The links of guests to referrals. A session is a guest's, whatever the link leads to.
struct Guests;

/// A guest with a session.
type AtLink = Presented<Guests>;

impl Site for Guests {
    const COOKIE: &'static str = "rapport_share";
    const PATH: &'static str = "/v1/referral_links";
}

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(challenge_referral_link)
        .service(open_referral_link_session)
        .service(get_linked_referral)
        .service(decline_linked_referral)
        .service(report_misdirected_referral)
        .service(renew_referral_link)
        .service(claim_linked_referral);
}

/// What a link leads to.
struct Reached {
    link: Link,
    referral: referrals::Named,
    state: ShareLinkState,
    event: Event,
}

/// The link and the referral of an id and a secret, if they are good for this. The answer to all else is one 404, after the same
/// work.
async fn reach(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    id: Uuid,
    secret: &str,
    is_good: impl FnOnce(ShareLinkState, &referrals::Row) -> bool,
    action: &'static str,
) -> Result<Reached, ApiError> {
    let found = share_links::find_link(tx, id).await?;
    let is_right = share_links::is_right(found.as_ref(), secret);
    let (clinic, referral) = found.as_ref().map_or((id, id), |link| (link.clinic_id, link.referral_id.unwrap_or(id)));
    let referral = referrals::find_for_guest(tx, clinic, referral).await?;
    let Some((link, referral)) = found.zip(referral).filter(|_| is_right) else { return Err(ApiError::not_found()) };
    let state = link.state(!referral.row.waits_for_a_guest(), tx.now());
    if !is_good(state, &referral.row) {
        return Err(ApiError::not_found());
    }
    let event = event_of(&link, &referral.row, action);
    visitor.refuse_member(tx, |actor| actor.clinic == link.clinic_id, event.clone()).await?;
    let referral = referral.open(tx).await?;
    Ok(Reached { link, referral, state, event })
}

/// The link and the referral of a live session. A change needs the anti-CSRF token too.
async fn resume(
    tx: &mut Tx<'_>,
    id: Uuid,
    presented: &AtLink,
    is_change: bool,
    is_good: impl FnOnce(ShareLinkState, &referrals::Row) -> bool,
) -> Result<Reached, ApiError> {
    let link = share_links::find_link(tx, id).await?.ok_or_else(links::no_session)?;
    let csrf = share_links::touch(tx, &link, &presented.cookie).await?.ok_or_else(links::no_session)?;
    let referral = link.referral_id.ok_or_else(links::no_session)?;
    let referral = referrals::find_for_guest(tx, link.clinic_id, referral).await?.ok_or_else(ApiError::not_found)?;
    let event = event_of(&link, &referral.row, "referral_link.resume");
    presented.visitor.refuse_member(tx, |actor| actor.clinic == link.clinic_id, event.clone()).await?;
    if is_change {
        presented.check_csrf(&csrf)?;
    }
    // Sessions end with their link: taken back, answered, renewed, misdirected, locked or lapsed while the page was open.
    let state = link.state(!referral.row.waits_for_a_guest(), tx.now());
    if !is_good(state, &referral.row) {
        return Err(ApiError::not_found());
    }
    let referral = referral.open(tx).await?;
    Ok(Reached { link, referral, state, event })
}

/// Ask for a code
///
/// Sends six digits to the address that the referral is for, never to one that is typed in.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = ShareLinkSecret, responses((status = 202, body = LinkCodeSent)), security(()))]
#[post("/v1/referral_links/{id}/challenge")]
async fn challenge_referral_link(
    db: Data<Db>,
    keys: Data<Secrets>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<ShareLinkSecret>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ReferralLink(*id), Origin::guest(&visitor.request), async |tx| {
        let (secret, action) = (body.0.secret.as_str(), "referral_link.challenge");
        let reached = reach(tx, &visitor, *id, secret, |state, _| allows(state, Verb::Open), action).await?;
        let email = reached.referral.guest_address().ok_or_else(ApiError::not_found)?;
        let sent = share_links::challenge(tx, &keys, &reached.link, email).await?;
        audit::record(tx, reached.event);
        Reply::with(StatusCode::ACCEPTED, &sent)
    })
    .await
}

/// Open a session at the link
///
/// With the secret and the code. It lives 15 minutes when nothing is done and an hour at most, and its right is this referral
/// alone. Five wrong tries end the link.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = OpenShareLinkSession,
    responses((status = 200, body = LinkSession, headers(("Set-Cookie" = String, description = "HttpOnly, for this link alone")))),
    security(()))]
#[post("/v1/referral_links/{id}/session")]
async fn open_referral_link_session(
    db: Data<Db>,
    keys: Data<Secrets>,
    public_url: Data<PublicUrl>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<OpenShareLinkSession>,
) -> Result<HttpResponse, ApiError> {
    let given = body.0;
    let opened = db
        .system(Reason::ReferralLink(*id), Origin::guest(&visitor.request), async |tx| {
            let (secret, action) = (given.secret.as_str(), "referral_link.open");
            let reached = reach(tx, &visitor, *id, secret, |state, _| allows(state, Verb::Open), action).await?;
            let Reached { link, event, .. } = reached;
            share_links::prove(tx, &keys, &link, given.code.as_str(), event.clone()).await?;
            share_links::open(tx, &link, event).await
        })
        .await?;
    Ok(opened.answer::<Guests>(*id, &public_url))
}

/// Read what was referred
///
/// Through the gate: the patient's consent is checked now, the reading is recorded, and only then is there an answer. The
/// first reading tells the sender that it was received.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = Referral)), security(("guest_session" = [])))]
#[get("/v1/referral_links/{id}")]
async fn get_linked_referral(db: Data<Db>, id: Path<Uuid>, presented: AtLink) -> Result<Reply, ApiError> {
    db.system(Reason::ReferralLink(*id), Origin::guest(&presented.visitor.request), async |tx| {
        let reached = resume(tx, *id, &presented, false, |state, _| allows(state, Verb::GoOn)).await?;
        Reply::ok(&referrals::read(tx, reached.referral).await?)
    })
    .await
}

/// Decline what was referred
///
/// With a reason in a word. The link ends: there is nothing behind it any more.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = DeclineLinkedReferral, responses((status = 200, body = Referral)), security(("guest_session" = [])))]
#[post("/v1/referral_links/{id}/decline")]
async fn decline_linked_referral(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: AtLink,
    posted: Posted<DeclineLinkedReferral>,
) -> Result<Reply, ApiError> {
    let reason = posted.body.reason;
    let mut check = Check::new();
    check.ensure(reason != ReferralReason::Unknown, "/reason", "unknown_value", "This reason is not known.");
    check.done()?;
    db.system(Reason::ReferralLink(*id), Origin::guest(&presented.visitor.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| {
            // Whoever has declined may hear so again.
            let is_good =
                |state, row: &referrals::Row| allows(state, Verb::GoOn) || row.is_declined() && state == WITHDRAWN;
            Ok(resume(tx, *id, &presented, true, is_good).await?.referral)
        };
        posted
            .once
            .run(tx, *id, authorise, async |tx, seen| Reply::ok(&referrals::decline(tx, seen, reason).await?))
            .await
    })
    .await
}

const WITHDRAWN: ShareLinkState = ShareLinkState::Withdrawn;

/// Say that it was not meant for you
///
/// The link and its sessions end at once, and the clinic that sent it is told. It takes an open session and its anti-CSRF
/// token, or the link's secret: nobody should have to read first what is not for them. Saying it twice changes nothing.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = ReportMisdirected, responses((status = 204)), security(("guest_session" = []), ()))]
#[post("/v1/referral_links/{id}/misdirected")]
async fn report_misdirected_referral(
    db: Data<Db>,
    id: Path<Uuid>,
    visitor: Visitor,
    request: HttpRequest,
    body: Body<ReportMisdirected>,
) -> Result<Reply, ApiError> {
    let presented = match &body.0.secret {
        Some(_) => None,
        None => Some(AtLink::extract(&request).await?),
    };
    db.system(Reason::ReferralLink(*id), Origin::guest(&visitor.request), async |tx| {
        let Reached { link, referral, state, .. } = match (&body.0.secret, &presented) {
            (Some(secret), _) => {
                let (secret, action) = (secret.as_str(), "referral_link.misdirected");
                reach(tx, &visitor, *id, secret, |state, _| allows(state, Verb::Report), action).await?
            }
            (None, Some(presented)) => resume(tx, *id, presented, true, |state, _| allows(state, Verb::GoOn)).await?,
            (None, None) => return Err(links::no_session()),
        };
        if state != ShareLinkState::Misdirected {
            let row = &referral.row;
            share_links::end(tx, &link, "misdirected").await?;
            // Only what is about a patient goes to guests.
            let patient = row.patient_id.ok_or_else(ApiError::not_found)?;
            let event = Event::new(row.clinic_id, "referral.misdirected").on(row.id).patient(patient);
            audit::record(tx, event);
            let astray =
                incidents::Astray { clinic: row.clinic_id, patient, leads: link.leads(), was_read: row.was_read() };
            incidents::misdirected(tx, &astray).await?;
        }
        Ok(Reply::no_content())
    })
    .await
}

/// Ask for a new link
///
/// Sent to the same address; the link that asks for it ends. For one that lapsed or was used up too, as long as the referral is
/// neither answered nor taken back.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = ShareLinkSecret, responses((status = 202, body = ShareLinkRenewed)), security(()))]
#[post("/v1/referral_links/{id}/renewal")]
async fn renew_referral_link(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<ShareLinkSecret>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ReferralLink(*id), Origin::guest(&visitor.request), async |tx| {
        let (secret, action) = (body.0.secret.as_str(), "referral_link.renew");
        let reached = reach(tx, &visitor, *id, secret, |state, _| allows(state, Verb::Renew), action).await?;
        let to = destination(&reached.referral).ok_or_else(ApiError::not_found)?;
        let renewed = share_links::renew(tx, &reached.link, to, &public_url).await?;
        audit::record(tx, reached.event);
        Reply::with(StatusCode::ACCEPTED, &renewed)
    })
    .await
}

/// Take a referral up with your account
///
/// For a guest who has signed up since: with the secret of the link and a code that it sends. The referral is then this
/// practitioner's, who reads, accepts and reports as everybody who has an account; the link ends. The patient's consent names the
/// guest's address, and every reading still rests on that.
#[utoipa::path(tag = "referral links", params(("id" = Uuid, Path, description = "The link")),
    request_body = ClaimReferral, responses((status = 200, body = Referral)))]
#[post("/v1/referral_links/{id}/claim")]
async fn claim_linked_referral(
    db: Data<Db>,
    keys: Data<Secrets>,
    actor: Actor,
    visitor: Visitor,
    id: Path<Uuid>,
    body: Body<ClaimReferral>,
) -> Result<Reply, ApiError> {
    let given = body.0;
    let claimant = db
        .tenant(&actor, async |tx, me| {
            let event = Event::new(me.clinic_id, "referral.claim");
            me.require(tx, Right::AnswerReferrals, event.clone()).await?;
            let person = event.unless(tx, me.person())?;
            Ok(Claimant { clinic: me.clinic_id, id: me.id, name: person.name.clone() })
        })
        .await?;
    let referral = db
        .system(Reason::ReferralLink(*id), Origin::actor(&actor), async |tx| {
            // Whoever has it may hear so again: the answer may have been lost.
            let is_good = |state, row: &referrals::Row| {
                allows(state, Verb::Open) || state == ShareLinkState::Claimed && row.is_claimed_by(&claimant)
            };
            let secret = given.secret.as_str();
            let reached = reach(tx, &visitor, *id, secret, is_good, "referral_link.claim").await?;
            let Reached { link, referral, state, event } = reached;
            if state != ShareLinkState::Claimed {
                share_links::prove(tx, &keys, &link, given.code.as_str(), event.clone()).await?;
                referrals::claim(tx, &referral, &claimant).await?;
                share_links::end(tx, &link, "claim").await?;
                audit::record(tx, event);
            }
            Ok(referral.row.id)
        })
        .await?;
    db.tenant(&actor, async |tx, me| Reply::ok(&referrals::status(tx, me, referral).await?)).await
}
