//! Adding a file to a report, looking at it, handing it out, taking it away.

use super::{
    Files, Kept, Offer, ToRead, policy,
    store::{self, Found, New},
};
use crate::{
    audit::{self, Event},
    database::{Db, Tx},
    emergency_access,
    http::{ApiError, Posted, Reply, Routes, body::PostedScan, paging::ListQuery, validation::Check},
    identity::{Actor, Principal, policy::Right},
    reports::{self, reach_report, reach_report_to_read},
};
use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post,
    web::{Data, Path, Query},
};
use rapport_contract::{
    attachments::{Attachment, AttachmentList, NewAttachment},
    problem::Kind,
};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The longest name that is read, in characters.
const LONGEST_NAME: usize = 255;
/// What a browser may do with a file: nothing. It is saved and not shown.
const SANDBOX: &str = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(add_attachment)
        .service(list_attachments)
        .service(get_attachment)
        .service(get_attachment_content)
        .service(delete_attachment);
}

/// A name as it is kept: in one form of Unicode, so that what looks the same is the same.
fn kept_name(given: &str, kept: &Kept) -> String {
    policy::clean_name(&given.nfc().collect::<String>(), kept.kind)
}

/// The answer to a clinic that keeps as much as it may.
pub(crate) async fn refuse_quota(tx: &mut Tx<'_>, event: Event) -> ApiError {
    let text = "Your clinic keeps as much in attachments and scanned forms as it may.";
    audit::refuse(tx, event, ApiError::new(Kind::QuotaExceeded, text))
}

/// Counts a file that is about to be kept. A refusal is recorded.
pub(crate) async fn count(
    tx: &mut Tx<'_>,
    files: &Files,
    clinic: Uuid,
    kept: &Kept,
    event: &Event,
) -> Result<(), ApiError> {
    if store::reserve(tx, clinic, kept.size, files.quota).await? {
        return Ok(());
    }
    Err(refuse_quota(tx, event.clone()).await)
}

/// Add a file to a report
///
/// PDF, PNG, JPEG or plain text, by its content. Images are written anew without metadata; a document that runs scripts or
/// carries files is refused. It is signed with the report's next version; what was signed and shared before is without it.
#[utoipa::path(tag = "attachments", params(("id" = Uuid, Path, description = "The report")), request_body = NewAttachment,
    responses((status = 201, body = Attachment)))]
#[post("/v1/reports/{id}/attachments")]
async fn add_attachment(
    db: Data<Db>,
    files: Data<Files>,
    actor: Actor,
    id: Path<Uuid>,
    posted: PostedScan<NewAttachment>,
) -> Result<Reply, ApiError> {
    let PostedScan(Posted { body: new, once }) = posted;
    let mut check = Check::new();
    let length = new.file_name.as_str().chars().count();
    check.ensure((1..=LONGEST_NAME).contains(&length), "/file_name", "out_of_range", "A name has 1 to 255 characters.");
    let offer = Offer::read(&mut check, "", &new.media_type, new.content.as_str(), false);
    check.done()?;
    let offer = offer.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a file was neither read nor refused")))?;
    let event = |me: &Principal| Event::new(me.clinic_id, "attachment.add").on(*id);
    let may = async |tx: &mut Tx<'_>, me: &Principal| reach_report(tx, me, *id, Right::WriteReports, event(me)).await;
    // Nobody's file is looked into who may not add one, and no file twice.
    let ahead = db.tenant(&actor, async |tx, me| {
        let answered = once.answered(tx, me.id, async |tx: &mut Tx<'_>| may(tx, me).await).await?;
        Ok((answered, me.clinic_id))
    });
    let kept = match ahead.await? {
        (Some(reply), _) => return Ok(reply),
        (None, clinic) => files.take(clinic, offer).await?,
    };
    db.tenant(&actor, async |tx, me| {
        let authorise = async |tx: &mut Tx<'_>| may(tx, me).await;
        once.run(tx, me.id, authorise, async |tx, report| {
            let event = event(me).patient(report.patient_id);
            count(tx, &files, me.clinic_id, &kept, &event).await?;
            // Who signs what was read before is told that something has come to it since.
            reports::touch(tx, me.clinic_id, report.id).await?;
            let new = New {
                clinic: me.clinic_id,
                patient: report.patient_id,
                report: report.id,
                added_by: me.author()?.id,
                file_name: kept_name(new.file_name.as_str(), &kept),
                kept: &kept,
            };
            let found = store::insert(tx, new).await?;
            audit::record(tx, event.on(found.row.id));
            let attachment = found.into_wire();
            Reply::created(format!("/v1/attachments/{}", attachment.id), &attachment)
        })
        .await
    })
    .await
}

/// List the files of a report
///
/// Those that were signed with a version of it, and those that will be with the next.
#[utoipa::path(tag = "attachments", params(("id" = Uuid, Path, description = "The report"), ListQuery),
    responses((status = 200, body = AttachmentList)))]
#[get("/v1/reports/{id}/attachments")]
async fn list_attachments(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "attachment.list").on(*id);
        let (report, event) = reach_report_to_read(tx, me, *id, event).await?;
        let rows = store::page(tx, me.clinic_id, *id, &page).await?;
        audit::record(tx, event.patient(report.patient_id));
        let (rows, next_cursor) = page.cut(rows, |found| found.row.id);
        Reply::ok(&AttachmentList { items: rows.into_iter().map(Found::into_wire).collect(), next_cursor })
    })
    .await
}

/// The attachment, if the principal may do this with it and it is of the own clinic.
async fn reach(tx: &mut Tx<'_>, me: &Principal, id: Uuid, right: Right, event: Event) -> Result<Found, ApiError> {
    me.require(tx, right, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(found) => Ok(found),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

/// [`reach`] to read, because of the role or in an emergency. What is read in an emergency is on record as that.
async fn reach_to_read(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<(Found, Event), ApiError> {
    if !me.may(Right::ReadReports) {
        let emergencies = emergency_access::hold(tx, me).await?;
        if !emergencies.is_empty()
            && let Some(found) = store::find(tx, me.clinic_id, id).await?
            && emergencies.permit(found.row.patient_id).is_some()
        {
            return Ok((found, event.because(emergency_access::GROUND)));
        }
    }
    Ok((reach(tx, me, id, Right::ReadReports, event.clone()).await?, event))
}

/// Get a file's description
///
/// What is known of the file: its type, size and SHA-256, and the signed versions that it belongs to.
#[utoipa::path(tag = "attachments", params(("id" = Uuid, Path, description = "The attachment")),
    responses((status = 200, body = Attachment)))]
#[get("/v1/attachments/{id}")]
async fn get_attachment(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "attachment.describe").on(*id);
        let (found, event) = reach_to_read(tx, me, *id, event).await?;
        audit::record(tx, event.patient(found.row.patient_id));
        Reply::ok(&found.into_wire())
    })
    .await
}

/// Get a file
///
/// Its bytes, to be saved and not shown: under a policy that lets no browser run any of it.
#[utoipa::path(tag = "attachments", params(("id" = Uuid, Path, description = "The attachment")),
    responses((status = 200, body = String, content_type = "application/octet-stream",
        description = "The bytes, under the media type of the file.")))]
#[get("/v1/attachments/{id}/content")]
async fn get_attachment_content(
    db: Data<Db>,
    files: Data<Files>,
    actor: Actor,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let file = db
        .tenant(&actor, async |tx, me| {
            let event = Event::new(me.clinic_id, "attachment.read").on(*id);
            let (found, event) = reach_to_read(tx, me, *id, event).await?;
            audit::record(tx, event.patient(found.row.patient_id));
            Ok(found.to_read()?)
        })
        .await?;
    served(&files, file).await
}

/// Take a file away
///
/// As long as no signed version holds it. What was signed stays as it was signed.
#[utoipa::path(tag = "attachments", params(("id" = Uuid, Path, description = "The attachment")), responses((status = 204)))]
#[delete("/v1/attachments/{id}")]
async fn delete_attachment(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "attachment.delete").on(*id);
        let seen = reach(tx, me, *id, Right::WriteReports, event.clone()).await?;
        // In the order in which a file is added. From here on a signature waits; one that was faster is seen.
        store::hold_usage(tx, me.clinic_id).await?;
        reports::hold(tx, me.clinic_id, seen.row.report_id).await?;
        let Some(found) = store::find(tx, me.clinic_id, *id).await? else {
            return Err(audit::refuse_unknown(tx, event));
        };
        if !found.versions.is_empty() {
            return Err(ApiError::illegal_transition("The file was signed with the report.", Vec::new()));
        }
        reports::touch(tx, me.clinic_id, found.row.report_id).await?;
        store::delete(tx, &found.row).await?;
        audit::record(tx, event.patient(found.row.patient_id));
        Ok(Reply::no_content())
    })
    .await
}

/// Fetches a file whose reading is on record, and hands it out.
///
/// # Errors
/// `unavailable` if the storage is.
pub(crate) async fn served(files: &Files, file: ToRead) -> Result<HttpResponse, ApiError> {
    let bytes = files.fetch(&file).await?;
    Ok(handed_out(&file.media_type, &file.file_name, bytes.to_vec()))
}

/// Bytes as a download.
pub(crate) fn handed_out(media_type: &str, file_name: &str, bytes: Vec<u8>) -> HttpResponse {
    let media_type = if media_type == "text/plain" { "text/plain; charset=utf-8" } else { media_type };
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, policy::disposition(file_name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .body(bytes)
}
