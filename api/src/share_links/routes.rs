//! Challenge, session, reading, acknowledging, a new link, and "this was not meant for me": the guest's side.

use super::{
    destination, event_of,
    state::{Verb, allows},
    steps,
    store::{self, Link},
};
use crate::{
    attachments::{self, Files},
    audit::{self, Event, Origin},
    database::{Db, Reason, Tx},
    events::PublicUrl,
    http::{ApiError, Body, Posted, Reply, Routes, body::Empty},
    identity::secrets::Secrets,
    incidents,
    links::{self, Presented, Site, Visitor},
    shares,
};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Path},
};
use rapport_contract::{
    consent_links::{LinkCodeSent, LinkSession},
    share_links::{OpenShareLinkSession, ReportMisdirected, ShareLinkRenewed, ShareLinkSecret, ShareLinkState},
    shares::Share,
};
use uuid::Uuid;

/// The links of guests.
struct Guests;

/// A guest with a session.
type AtLink = Presented<Guests>;

impl Site for Guests {
    const COOKIE: &'static str = "rapport_share";
    const PATH: &'static str = "/v1/share_links";
}

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
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
    let is_right = steps::is_right(found.as_ref(), secret);
    let (clinic, share) = found.as_ref().map_or((id, id), |link| (link.clinic_id, link.share_id.unwrap_or(id)));
    let share = shares::find_for_guest(tx, clinic, share).await?;
    let Some((link, share)) = found.zip(share).filter(|_| is_right) else { return Err(ApiError::not_found()) };
    let state = link.state(share.row.is_withdrawn(), tx.now());
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
    let share = link.share_id.ok_or_else(links::no_session)?;
    let share = shares::find_for_guest(tx, link.clinic_id, share).await?.ok_or_else(ApiError::not_found)?;
    let event = event_of(&link, &share.row, "share_link.resume");
    presented.visitor.refuse_member(tx, |actor| actor.clinic == link.clinic_id, event.clone()).await?;
    if is_change {
        presented.check_csrf(&csrf)?;
    }
    // Sessions end with their link: withdrawn, renewed, misdirected, locked or lapsed while the page was open.
    let state = link.state(share.row.is_withdrawn(), tx.now());
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
        let email = share.guest_address().ok_or_else(ApiError::not_found)?;
        let sent = steps::challenge(tx, &keys, &link, email).await?;
        audit::record(tx, event);
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
            steps::prove(tx, &keys, &link, given.code.as_str(), event.clone()).await?;
            steps::open(tx, &link, event).await
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
            audit::record(tx, shares::event_of(&reached.share.row, "share.misdirected"));
            let share = &reached.share.row;
            let astray = incidents::Astray {
                clinic: share.clinic_id,
                patient: share.patient_id,
                leads: reached.link.leads(),
                was_read: share.was_read(),
            };
            incidents::misdirected(tx, &astray).await?;
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
        let to = destination(&share).ok_or_else(ApiError::not_found)?;
        let renewed = steps::renew(tx, &link, to, &public_url).await?;
        audit::record(tx, event);
        Reply::with(StatusCode::ACCEPTED, &renewed)
    })
    .await
}
