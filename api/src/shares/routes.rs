//! Sending, reading through the gate, acknowledging, withdrawing.

use super::{
    convert::{envelope, into_wire, recipient_word},
    reading::{self, check_open, event_of},
    state::{Side, Verb},
    store::{self, Named, Row},
};
use crate::{
    attachments::{self, Files},
    audit::{self, Event},
    clinics,
    consents::{self, Document, policy::Recipient as GateRecipient},
    database::{AsyncPgConnection, Db, Tx, ids::new_id},
    events::PublicUrl,
    http::{
        ApiError, IfMatch, PageRequest, Posted, Reply, Routes, body::Empty, etag::OptionalIfMatch, paging::ListQuery,
        validation::Check,
    },
    identity::{Actor, Principal, policy::Right},
    referrals,
    reports::{self, reach_report},
    share_links,
};
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Path, Query},
};
use futures_util::future::try_join3;
use rapport_contract::{
    Sensitive,
    consents::{Category, Recipient},
    reports::{ReportBody, Section},
    shares::{NewShare, Share, ShareList},
};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(share_report)
        .service(list_report_shares)
        .service(list_inbox)
        .service(get_share)
        .service(get_shared_attachment)
        .service(acknowledge_share)
        .service(withdraw_share);
}

fn check_new(new: &NewShare) -> Result<(), ApiError> {
    let mut check = Check::new();
    consents::check_recipient(&mut check, "/recipient", &new.recipient);
    check.line("/purpose", &new.purpose, 200);
    check.optional_text("/cover_letter", new.cover_letter.as_ref().map(Sensitive::as_str), 5000);
    let sections = new.sections.as_deref();
    check.ensure(
        sections.is_none_or(|sections| !sections.is_empty()),
        "/sections",
        "required",
        "Name at least one section.",
    );
    for (index, section) in sections.unwrap_or_default().iter().enumerate() {
        let is_known = *section != Section::Unknown;
        check.ensure(is_known, format!("/sections/{index}"), "unknown_value", "This section is not known.");
    }
    check.done()
}

/// The sections to share: those that were asked for, or all that the version has, its files among them.
fn choose_sections(
    asked: Option<&[Section]>,
    body: &ReportBody,
    has_attachments: bool,
) -> Result<Vec<Section>, ApiError> {
    let mut there = reports::sections_of(body);
    there.extend(has_attachments.then_some(Section::Attachments));
    let Some(asked) = asked else { return Ok(there) };
    let mut check = Check::new();
    for (index, section) in asked.iter().enumerate() {
        let is_there = there.contains(section);
        check.ensure(
            is_there,
            format!("/sections/{index}"),
            "absent_section",
            "The signed version does not have this section.",
        );
    }
    check.done()?;
    Ok(there.into_iter().filter(|section| asked.contains(section)).collect())
}

/// Who receives, and as whom the gate knows them. One's own clinic needs no share.
async fn addressee(
    tx: &mut Tx<'_>,
    me: &Principal,
    new: &NewShare,
) -> Result<(Recipient, Option<String>, GateRecipient), ApiError> {
    let recipient = consents::resolve_other(tx, me.clinic_id, "/recipient", &new.recipient).await?;
    let address = match &recipient.email {
        Some(email) => Some(consents::comparable_address(tx, me.clinic_id, email.as_str()).await?),
        None => None,
    };
    let gate = match (recipient.practitioner_id, recipient.clinic_id, &address) {
        (Some(id), Some(clinic), _) => GateRecipient::Practitioner { id: id.into(), clinic: clinic.into() },
        (None, Some(id), _) => GateRecipient::Clinic { id: id.into() },
        (_, None, Some(address)) => consents::guest(address),
        _ => return Err(ApiError::not_found()),
    };
    Ok((recipient, address, gate))
}

/// Share a report
///
/// The newest signed version, cut to sections, to a practitioner, a clinic, or a guest, who is sent a link. It takes the
/// patient's consent now, and each reading takes it again. A report on a patient who was referred goes back to the clinic
/// that referred under the `two_way` consent which the patient gave there, too.
#[utoipa::path(tag = "shares", params(("id" = Uuid, Path, description = "The report")), request_body = NewShare,
    responses((status = 201, body = Share)))]
#[post("/v1/reports/{id}/shares")]
async fn share_report(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    actor: Actor,
    id: Path<Uuid>,
    posted: Posted<NewShare>,
) -> Result<Reply, ApiError> {
    let new = posted.body;
    check_new(&new)?;
    let beside = async |conn: &AsyncPgConnection| {
        try_join3(
            posted.once.ask(conn, actor.id()),
            reports::report_beside(conn, actor.clinic, *id),
            clinics::letterhead_beside(conn, actor.clinic),
        )
        .await
    };
    db.tenant_beside(&actor, beside, async |tx, me, (asked, report, clinic)| {
        let event = Event::new(me.clinic_id, "share.create");
        let authorise = async |tx: &mut Tx<'_>| {
            let event = event.clone().on(*id);
            me.require(tx, Right::ShareReports, event.clone()).await?;
            report.ok_or_else(|| audit::refuse_unknown(tx, event))
        };
        posted
            .once
            .run_asked(tx, me.id, asked, authorise, async |tx, report| {
                let Some(number) = report.current_version else {
                    return Err(ApiError::illegal_transition(
                        "The report is a draft; sign it first.",
                        vec!["signature"],
                    ));
                };
                let (version, has_attachments) =
                    reports::signed_version_with_files(tx, me.clinic_id, report.id, number).await?;
                let version = version.ok_or_else(ApiError::not_found)?;
                let body = reports::parse_body(&version.body)?;
                let sections = choose_sections(new.sections.as_deref(), &body, has_attachments)?;
                let sensitive: Vec<Category> =
                    version.sensitive.iter().map(|name| Category::parse(name).unwrap_or(Category::Unknown)).collect();
                let categories = reports::categories_needed(reports::kind_from(&version.kind), &sections, &sensitive);
                let (recipient, address, gate_recipient) = addressee(tx, me, &new).await?;
                let purpose = consents::comparable_purpose(tx, me.clinic_id, &new.purpose).await?;
                let event = event.clone().patient(report.patient_id);
                let document = Document {
                    discloser: me.clinic_id,
                    patient: report.patient_id,
                    recipient: gate_recipient,
                    categories: &categories,
                    purpose: &purpose,
                    basis: None,
                };
                let back = async |tx: &mut Tx<'_>| match recipient.clinic_id {
                    Some(to) => {
                        Ok(referrals::basis_of_report_back(tx, me.clinic_id, report.patient_id, to.into()).await?)
                    }
                    None => Ok(None),
                };
                let denied = event.clone().on(report.id);
                let (permit, basis) = consents::pass_gate_or_back(tx, document, denied, back).await?;
                let sender = me.author()?;
                let envelope = envelope(new.purpose.trim(), &purpose, &recipient);
                let row = Row {
                    id: new_id(),
                    clinic_id: me.clinic_id,
                    report_id: report.id,
                    report_version: number,
                    patient_id: report.patient_id,
                    kind: version.kind.clone(),
                    recipient_kind: recipient_word(recipient.kind).to_owned(),
                    recipient_practitioner_id: recipient.practitioner_id.map(Into::into),
                    recipient_clinic_id: recipient.clinic_id.map(Into::into),
                    recipient_name: if address.is_some() { "" } else { recipient.name.as_str() }.to_owned(),
                    recipient_email: address,
                    sections: sections.iter().map(|section| section.as_str().to_owned()).collect(),
                    categories: categories.iter().map(|category| category.as_str().to_owned()).collect(),
                    purpose,
                    sent_by: sender.id,
                    sender_name: sender.name.clone(),
                    sender_profession: sender.profession.clone(),
                    state: "delivered".to_owned(),
                    delivered_at: tx.now(),
                    opened_at: None,
                    acknowledged_at: None,
                    withdrawn_at: None,
                    version: 1,
                    letter: None,
                    key_version: 0,
                    envelope: None,
                    office_key_version: None,
                    basis_clinic_id: basis.map(|basis| basis.clinic),
                    basis_patient_id: basis.map(|basis| basis.patient),
                };
                let letter = new.cover_letter.as_ref().map(Sensitive::as_str);
                let row = store::insert(tx, row, letter, envelope.as_ref()).await?;
                audit::record(tx, event.on(row.id).consent(permit.consent()));
                let clinic = clinic.ok_or_else(ApiError::not_found)?;
                let share = Named { row, clinic: clinic.name, envelope };
                let link = share_links::send(tx, &share, permit.until(), &public_url).await?;
                let share = Share { link, ..into_wire(share) };
                Ok(Reply::created(format!("/v1/shares/{}", share.id), &share)?.version(share.version))
            })
            .await
    })
    .await
}

/// List what went out of a report
///
/// With how far each share has come.
#[utoipa::path(tag = "shares", params(("id" = Uuid, Path, description = "The report"), ListQuery),
    responses((status = 200, body = ShareList)))]
#[get("/v1/reports/{id}/shares")]
async fn list_report_shares(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "share.list").on(*id);
        let report = reach_report(tx, me, *id, Right::ListShares, event.clone()).await?;
        let rows = store::page_of_report(tx, me.clinic_id, *id, &page).await?;
        audit::record(tx, event.patient(report.patient_id));
        let (rows, next_cursor) = page.cut(rows, |share| share.row.id);
        let mut links = share_links::status(tx, me.clinic_id, &rows).await?;
        let items = rows.into_iter().map(|share| Share { link: links.remove(&share.row.id), ..into_wire(share) });
        Reply::ok(&ShareList { items: items.collect(), next_cursor })
    })
    .await
}

/// What to list of what came in.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InboxQuery {
    /// Only those in this state: `delivered`, `opened`, `acknowledged` or `withdrawn`.
    #[param(value_type = Option<rapport_contract::shares::ShareState>, inline)]
    state: Option<String>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List what came in
///
/// Shares addressed to you or to your clinic, without content and without the patient's name: that takes a reading.
#[utoipa::path(tag = "shares", params(InboxQuery), responses((status = 200, body = ShareList)))]
#[get("/v1/inbox")]
async fn list_inbox(db: Data<Db>, actor: Actor, query: Query<InboxQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    let states = ["delivered", "opened", "acknowledged", "withdrawn"];
    let is_state = query.state.as_deref().is_none_or(|state| states.contains(&state));
    check.ensure(is_state, "state", "unknown_value", "One of delivered, opened, acknowledged, withdrawn.");
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "share.inbox");
        me.require(tx, Right::ListShares, event.clone()).await?;
        let rows = store::inbox(tx, me, query.state.as_deref(), &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |share| share.row.id);
        Reply::ok(&ShareList { items: rows.into_iter().map(into_wire).collect(), next_cursor })
    })
    .await
}

/// The share, if it is addressed to this principal, who may do this with what others shared. To everybody else it does not
/// exist.
async fn addressed(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    found: Option<Named>,
    right: Right,
    action: &'static str,
) -> Result<Named, ApiError> {
    let event = Event::new(me.clinic_id, action).on(id);
    me.require(tx, right, event.clone()).await?;
    // What is addressed to a person alone is nothing for the clinic's machines.
    let is_for_me = |row: &Row| {
        row.recipient_clinic_id == Some(me.clinic_id)
            && row.recipient_practitioner_id.is_none_or(|addressee| addressee == me.id)
    };
    match found.filter(|share| is_for_me(&share.row)) {
        Some(named) => Ok(named),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

/// Read a share
///
/// The recipient reads through the gate: the consent is checked now, the reading is recorded, and only then is there an
/// answer. The sender sees how far it has come, without the content.
#[utoipa::path(tag = "shares", params(("id" = Uuid, Path, description = "The share")),
    responses((status = 200, body = Share)))]
#[get("/v1/shares/{id}")]
async fn get_share(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    let beside = async |conn: &AsyncPgConnection| store::find_beside(conn, actor.clinic, *id).await;
    db.tenant_beside(&actor, beside, async |tx, me, found| {
        let share = match store::named_one(tx, found).await? {
            Some(sent) if sent.row.clinic_id == me.clinic_id => return status(tx, me, sent).await,
            found => addressed(tx, me, *id, found, Right::ReadShares, "share.read").await?,
        };
        let share = reading::read(tx, share).await?;
        Ok(Reply::ok(&share)?.version(share.version))
    })
    .await
}

/// Get a file of a share
///
/// Through the gate, like the share itself: the consent is checked now, the reading is recorded, and only then are there
/// bytes, to be saved and not shown. A file that came to the report after this version was signed is no part of the share.
#[utoipa::path(tag = "shares",
    params(("id" = Uuid, Path, description = "The share"), ("attachment_id" = Uuid, Path, description = "The file")),
    responses((status = 200, body = String, content_type = "application/octet-stream",
        description = "The bytes, under the media type of the file.")))]
#[get("/v1/shares/{id}/attachments/{attachment_id}/content")]
async fn get_shared_attachment(
    db: Data<Db>,
    files: Data<Files>,
    actor: Actor,
    path: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, ApiError> {
    let (id, attachment) = path.into_inner();
    let file = db
        .tenant(&actor, async |tx, me| {
            let found = store::find(tx, me.clinic_id, id).await?;
            let share = addressed(tx, me, id, found, Right::ReadShares, "share.read_attachment").await?;
            reading::read_attachment(tx, share, attachment).await
        })
        .await?;
    attachments::served(&files, file).await
}

/// What the sender sees: how far the share has come.
async fn status(tx: &mut Tx<'_>, me: &Principal, sent: Named) -> Result<Reply, ApiError> {
    let event = Event::new(me.clinic_id, "share.status").on(sent.row.id).patient(sent.row.patient_id);
    me.require(tx, Right::ListShares, event.clone()).await?;
    audit::record(tx, event);
    let link = share_links::status(tx, me.clinic_id, std::slice::from_ref(&sent)).await?.remove(&sent.row.id);
    let share = Share { link, ..into_wire(sent) };
    Ok(Reply::ok(&share)?.version(share.version))
}

/// Acknowledge a share
///
/// Tells the sender that it was received and read.
#[utoipa::path(tag = "shares", params(("id" = Uuid, Path, description = "The share")),
    responses((status = 200, body = Share)))]
#[post("/v1/shares/{id}/acknowledgement")]
async fn acknowledge_share(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: OptionalIfMatch,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let authorise = async |tx: &mut Tx<'_>| {
            let found = store::find(tx, me.clinic_id, *id).await?;
            let share = addressed(tx, me, *id, found, Right::AcknowledgeShares, "share.acknowledge").await?;
            reading::pass_again(tx, &share.row, "share.acknowledge").await?;
            Ok(share)
        };
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                let share = reading::acknowledge(tx, seen).await?;
                Ok(Reply::ok(&share)?.version(share.version))
            })
            .await
    })
    .await
}

/// Withdraw a share
///
/// The recipient can't read it any more; a guest's link and sessions end with it. What was read before is on the record.
#[utoipa::path(tag = "shares", params(("id" = Uuid, Path, description = "The share")), responses((status = 204)))]
#[delete("/v1/shares/{id}")]
async fn withdraw_share(db: Data<Db>, actor: Actor, id: Path<Uuid>, if_match: IfMatch) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "share.withdraw").on(*id);
        me.require(tx, Right::ShareReports, event.clone()).await?;
        let sent = store::find(tx, me.clinic_id, *id).await?.filter(|share| share.row.clinic_id == me.clinic_id);
        let Some(Named { row: seen, .. }) = sent else { return Err(audit::refuse_unknown(tx, event)) };
        if_match.check(seen.version)?;
        let to = check_open(&seen, Side::Sender, Verb::Withdraw)?;
        // Links come first, as they do for a guest who reads: of two that wait for each other's rows neither would end.
        share_links::withdraw(tx, &seen).await?;
        consents::await_readings(tx, seen.rests_on().1).await?;
        let row = store::advance(tx, &seen, to).await?.ok_or_else(ApiError::stale)?;
        audit::record(tx, event_of(&row, "share.withdraw"));
        Ok(Reply::no_content())
    })
    .await
}
