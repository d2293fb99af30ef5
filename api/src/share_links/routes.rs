//! Challenge, session, reading, acknowledging, a new link, and "this was not meant for me": the guest's side.

use super::{
    LINK_DAYS, event_of, send_number,
    state::{MOST_LINKS, Verb, allows},
    store::{self, Link},
};
use crate::{
    attachments::{self, Files},
    audit::{self, Event, Origin},
    database::{Db, Reason, Tx},
    events::PublicUrl,
    http::{ApiError, Body, Posted, Reply, body::Empty},
    identity::secrets::{self, Secrets},
    incidents,
    links::{self, NewSession, Presented, Site, Visitor},
    shares,
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use chrono::TimeDelta;
use rapport_contract::{
    consent_links::{LinkCodeSent, LinkSession},
    problem::Kind,
    share_links::{OpenShareLinkSession, ReportMisdirected, ShareLinkRenewed, ShareLinkSecret, ShareLinkState},
    shares::Share,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// So many codes a link sends.
const MOST_CODES: i32 = 15;
/// A new link can be asked for when the one before is this old, in seconds.
const RENEWAL_PAUSE_SECONDS: i64 = 60;

/// The links of guests.
struct Guests;

/// A guest with a session.
type AtLink = Presented<Guests>;

impl Site for Guests {
    const COOKIE: &'static str = "rapport_share";
    const PATH: &'static str = "/v1/share_links";
}

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(challenge_share_link)
        .service(open_share_link_session)
        .service(get_linked_share)
        .service(get_linked_attachment)
        .service(acknowledge_linked_share)
        .service(report_misdirected_share)
        .service(renew_share_link);
}

/// What a link leads to.
struct Reached {
    link: Link,
    share: shares::Named,
    state: ShareLinkState,
    event: Event,
}

/// The link and the share of an id and a secret, if the link is good for this. The answer to all else is one 404, after the
/// same work: whether there is such a link, or was one, is nobody's business who does not know its secret.
async fn reach(
    tx: &mut Tx<'_>,
    visitor: &Visitor,
    id: Uuid,
    secret: &str,
    verb: Verb,
    action: &'static str,
) -> Result<Reached, ApiError> {
    let found = store::find(tx, id).await?;
    let kept = found.as_ref().map_or([0; 32].as_slice(), |link| &link.secret_hash);
    let is_right = secrets::is_same(kept, &secrets::hash(secret));
    let (clinic, share) = found.as_ref().map_or((id, id), |link| (link.clinic_id, link.share_id));
    let share = shares::find_for_guest(tx, clinic, share).await?;
    let Some((link, share)) = found.zip(share).filter(|_| is_right) else { return Err(ApiError::not_found()) };
    let state = link.state(&share.row, tx.now());
    if !allows(state, verb) {
        return Err(ApiError::not_found());
    }
    let event = event_of(&link, &share.row, action);
    visitor.refuse_member(tx, |actor| actor.clinic == link.clinic_id, event.clone()).await?;
    let share = share.open(tx).await?;
    Ok(Reached { link, share, state, event })
}

/// The link and the share of a live session. A change needs the anti-CSRF token too.
async fn resume(tx: &mut Tx<'_>, id: Uuid, presented: &AtLink, is_change: bool) -> Result<Reached, ApiError> {
    let link = store::find(tx, id).await?.ok_or_else(links::no_session)?;
    let csrf = store::touch(tx, &link, &presented.cookie).await?.ok_or_else(links::no_session)?;
    let share = shares::find_for_guest(tx, link.clinic_id, link.share_id).await?.ok_or_else(ApiError::not_found)?;
    let event = event_of(&link, &share.row, "share_link.resume");
    presented.visitor.refuse_member(tx, |actor| actor.clinic == link.clinic_id, event.clone()).await?;
    if is_change {
        presented.check_csrf(&csrf)?;
    }
    // Sessions end with their link: withdrawn, renewed, misdirected, locked or lapsed while the page was open.
    let state = link.state(&share.row, tx.now());
    if !allows(state, Verb::GoOn) {
        return Err(ApiError::not_found());
    }
    let share = share.open(tx).await?;
    Ok(Reached { link, share, state, event })
}

/// Ask for a code
///
/// Sends six digits to the address that the share is for, never to one that is typed in.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")), request_body = ShareLinkSecret,
    responses((status = 202, body = LinkCodeSent)), security(()))]
#[post("/v1/share_links/{id}/challenge")]
async fn challenge_share_link(
    db: Data<Db>,
    keys: Data<Secrets>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<ShareLinkSecret>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ShareLink(*id), Origin::guest(&visitor.request), async |tx| {
        let action = "share_link.challenge";
        let reached = reach(tx, &visitor, *id, body.0.secret.as_str(), Verb::Open, action).await?;
        let Reached { link, share, event, .. } = reached;
        let now = tx.now();
        link.code().check_pause(now)?;
        if link.codes_sent >= MOST_CODES {
            let wait = (link.expires_at - now).num_seconds().unsigned_abs();
            let text = "This link has sent as many codes as it may. Ask for a new link.";
            return Err(ApiError::new(Kind::RateLimited, text).retry_after(wait));
        }
        let email = share.guest_address().ok_or_else(ApiError::not_found)?;
        let (code, sent) = links::send_code(tx, &keys, link.clinic_id, link.id, email).await?;
        store::keep_code(tx, &link, &code).await?;
        audit::record(tx, event).await?;
        Reply::with(StatusCode::ACCEPTED, &sent)
    })
    .await
}

/// Open a session at the link
///
/// With the secret and the code. It lives 15 minutes when nothing is done and an hour at most, and its right is this share
/// alone. Five wrong tries end the link.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")), request_body = OpenShareLinkSession,
    responses((status = 200, body = LinkSession, headers(("Set-Cookie" = String, description = "HttpOnly, for this link alone")))),
    security(()))]
#[post("/v1/share_links/{id}/session")]
async fn open_share_link_session(
    db: Data<Db>,
    keys: Data<Secrets>,
    public_url: Data<PublicUrl>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<OpenShareLinkSession>,
) -> Result<HttpResponse, ApiError> {
    let given = body.0;
    let opened = db
        .system(Reason::ShareLink(*id), Origin::guest(&visitor.request), async |tx| {
            let reached = reach(tx, &visitor, *id, given.secret.as_str(), Verb::Open, "share_link.open").await?;
            let Reached { link, event, .. } = reached;
            if !link.code().fits(&keys, link.id, given.code.as_str(), tx.now()) {
                store::count_wrong_try(tx, &link).await?;
                let refusal =
                    ApiError::new(Kind::VerificationFailed, "The code is wrong. Five wrong tries end the link.");
                return Err(audit::refuse(tx, event, refusal).await);
            }
            let session = NewSession::new()?;
            store::open_session(tx, &link, &session).await?;
            audit::record(tx, event).await?;
            Ok(session)
        })
        .await?;
    Ok(opened.answer::<Guests>(*id, &public_url))
}

/// Read what was shared
///
/// Through the gate: the patient's consent is checked now, the reading is recorded, and only then is there an answer. The
/// sender sees that it was opened.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = Share)), security(("guest_session" = [])))]
#[get("/v1/share_links/{id}")]
async fn get_linked_share(db: Data<Db>, id: Path<Uuid>, presented: AtLink) -> Result<Reply, ApiError> {
    db.system(Reason::ShareLink(*id), Origin::guest(&presented.visitor.request), async |tx| {
        let reached = resume(tx, *id, &presented, false).await?;
        Reply::ok(&shares::read(tx, reached.share).await?)
    })
    .await
}

/// Get a file of what was shared
///
/// Through the gate, like the share itself: the consent is checked now, the reading is recorded, and only then are there
/// bytes, to be saved and not shown.
#[utoipa::path(tag = "share links",
    params(("id" = Uuid, Path, description = "The link"), ("attachment_id" = Uuid, Path, description = "The file")),
    responses((status = 200, body = String, content_type = "application/octet-stream",
        description = "The bytes, under the media type of the file.")), security(("guest_session" = [])))]
#[get("/v1/share_links/{id}/attachments/{attachment_id}/content")]
async fn get_linked_attachment(
    db: Data<Db>,
    files: Data<Files>,
    presented: AtLink,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, ApiError> {
    let (id, attachment) = path.into_inner();
    let file = db
        .system(Reason::ShareLink(id), Origin::guest(&presented.visitor.request), async |tx| {
            let reached = resume(tx, id, &presented, false).await?;
            shares::read_attachment(tx, reached.share, attachment).await
        })
        .await?;
    attachments::served(&files, file).await
}

/// Acknowledge what was shared
///
/// Tells the sender that it was received and read.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")),
    responses((status = 200, body = Share)), security(("guest_session" = [])))]
#[post("/v1/share_links/{id}/acknowledgement")]
async fn acknowledge_linked_share(
    db: Data<Db>,
    id: Path<Uuid>,
    presented: AtLink,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ShareLink(*id), Origin::guest(&presented.visitor.request), async |tx| {
        let authorise = async |tx: &mut Tx<'_>| {
            let reached = resume(tx, *id, &presented, true).await?;
            shares::pass_again(tx, &reached.share.row, "share.acknowledge").await?;
            Ok(reached.share)
        };
        posted.once.run(tx, *id, authorise, async |tx, seen| Reply::ok(&shares::acknowledge(tx, seen).await?)).await
    })
    .await
}

/// Say that it was not meant for you
///
/// The link and its sessions end at once, and the clinic that sent it is told. It takes an open session and its anti-CSRF
/// token, or the link's secret: nobody should have to read first what is not for them. Saying it twice changes nothing.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")), request_body = ReportMisdirected,
    responses((status = 204)), security(("guest_session" = []), ()))]
#[post("/v1/share_links/{id}/misdirected")]
async fn report_misdirected_share(
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
    db.system(Reason::ShareLink(*id), Origin::guest(&visitor.request), async |tx| {
        let reached = match (&body.0.secret, &presented) {
            (Some(secret), _) => {
                reach(tx, &visitor, *id, secret.as_str(), Verb::Report, "share_link.misdirected").await?
            }
            (None, Some(presented)) => resume(tx, *id, presented, true).await?,
            (None, None) => return Err(links::no_session()),
        };
        if reached.state != ShareLinkState::Misdirected {
            store::end(tx, &reached.link, "misdirected").await?;
            audit::record(tx, shares::event_of(&reached.share.row, "share.misdirected")).await?;
            incidents::misdirected(tx, &reached.share.row).await?;
        }
        Ok(Reply::no_content())
    })
    .await
}

/// Ask for a new link
///
/// Sent to the same address; the link that asks for it ends. For one that lapsed or was used up too, as long as the sender
/// has not taken the share back.
#[utoipa::path(tag = "share links", params(("id" = Uuid, Path, description = "The link")), request_body = ShareLinkSecret,
    responses((status = 202, body = ShareLinkRenewed)), security(()))]
#[post("/v1/share_links/{id}/renewal")]
async fn renew_share_link(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    id: Path<Uuid>,
    visitor: Visitor,
    body: Body<ShareLinkSecret>,
) -> Result<Reply, ApiError> {
    db.system(Reason::ShareLink(*id), Origin::guest(&visitor.request), async |tx| {
        let reached = reach(tx, &visitor, *id, body.0.secret.as_str(), Verb::Renew, "share_link.renew").await?;
        let Reached { link, share, event, .. } = reached;
        if link.number >= MOST_LINKS {
            return Err(ApiError::not_found());
        }
        let (now, age) = (tx.now(), (tx.now() - link.created_at).num_seconds());
        if age < RENEWAL_PAUSE_SECONDS {
            let error =
                ApiError::new(Kind::RateLimited, "A link was sent a moment ago. Look for it, or ask again soon.");
            return Err(error.retry_after((RENEWAL_PAUSE_SECONDS - age).unsigned_abs()));
        }
        let email = share.guest_address().ok_or_else(ApiError::not_found)?;
        store::end(tx, &link, "renewal").await?;
        let expires_at = now + TimeDelta::days(LINK_DAYS);
        send_number(tx, &share, link.number + 1, expires_at, &public_url).await?;
        audit::record(tx, event).await?;
        Reply::with(StatusCode::ACCEPTED, &ShareLinkRenewed { sent_to: links::hidden(email), expires_at })
    })
    .await
}
