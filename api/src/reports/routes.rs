//! Drafting, signing, amending and reading a clinic's own reports.

use super::{
    convert::{Content, canonical, into_report, kind_name},
    document,
    policy::{is_same_name, missing_parts},
    store::{self, AuthorRow, Draft, DraftChanges, Filter, ReportRow, Version},
};
use crate::{
    audit::{self, Event},
    clinics,
    database::{AsyncPgConnection, Db, Tx},
    emergency_access,
    http::{
        ApiError, Body, Cursor, IfMatch, PageRequest, Posted, Reply, Routes, body::Empty, paging::ListQuery,
        validation::Check,
    },
    identity::{Actor, Person, Principal, policy::Right},
    pages::Templates,
    patients, vault,
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    patch, post,
    web::{Data, Path, Query},
};
use futures_util::future::try_join3;
use rapport_contract::{
    Sensitive,
    consents::Category,
    problem::Kind,
    reports::{
        AmendReport, NewReport, Report, ReportBody, ReportKind, ReportList, ReportPatch, ReportVersion,
        ReportVersionList,
    },
};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(create_report)
        .service(list_reports)
        .service(get_report)
        .service(update_report)
        .service(sign_report)
        .service(amend_report)
        .service(list_report_versions)
        .service(get_report_version)
        .service(get_report_document);
}

/// The longest prose of a section, in characters.
const LONGEST_PROSE: usize = 20_000;

fn check_body(check: &mut Check, body: &ReportBody) {
    let text = Sensitive::as_str;
    if let Some(treatment) = &body.treatment {
        check_length(check, "/body/treatment/what".into(), Some(text(&treatment.what)), LONGEST_PROSE);
        check_length(check, "/body/treatment/why".into(), Some(text(&treatment.why)), LONGEST_PROSE);
    }
    if let Some(schedule) = &body.schedule {
        check_length(check, "/body/schedule/frequency".into(), Some(text(&schedule.frequency)), 1000);
        check_length(check, "/body/schedule/duration".into(), Some(text(&schedule.duration)), 1000);
        for (name, visits) in [
            ("visits_planned", schedule.visits_planned),
            ("visits_attended", schedule.visits_attended),
            ("reexamination_after_visits", schedule.reexamination_after_visits),
        ] {
            let is_plausible = visits.is_none_or(|visits| visits <= 1000);
            check.ensure(is_plausible, format!("/body/schedule/{name}"), "out_of_range", "At most 1000 visits.");
        }
    }
    for (name, items, most) in [
        ("goals", body.goals.len(), 50),
        ("measures", body.measures.len(), 50),
        ("citations", body.citations.len(), 20),
    ] {
        check.ensure(items <= most, format!("/body/{name}"), "too_many", format!("At most {most}."));
    }
    for (index, goal) in body.goals.iter().enumerate() {
        check_length(check, format!("/body/goals/{index}/goal"), Some(text(&goal.goal)), 2000);
        let outcome = goal.anticipated_outcome.as_ref().map(text);
        check_length(check, format!("/body/goals/{index}/anticipated_outcome"), outcome, 2000);
        check_length(check, format!("/body/goals/{index}/measure"), goal.measure.as_ref().map(text), 200);
    }
    for (index, measure) in body.measures.iter().enumerate() {
        check_length(check, format!("/body/measures/{index}/name"), Some(text(&measure.name)), 200);
        check_length(check, format!("/body/measures/{index}/unit"), measure.unit.as_deref(), 60);
        check_length(check, format!("/body/measures/{index}/note"), measure.note.as_ref().map(text), 2000);
        let is_first = !body.measures.iter().take(index).any(|before| is_same_name(&before.name, &measure.name));
        check.ensure(is_first, format!("/body/measures/{index}/name"), "duplicate", "Another measure has this name.");
    }
    for (name, prose) in [
        ("condition", &body.condition),
        ("summary", &body.summary),
        ("history", &body.history),
        ("reexamination", &body.reexamination),
        ("follow_up", &body.follow_up),
        ("co_management", &body.co_management),
        ("questions", &body.questions),
    ] {
        check_length(check, format!("/body/{name}"), prose.as_ref().map(text), LONGEST_PROSE);
    }
    for (index, citation) in body.citations.iter().enumerate() {
        check.line(format!("/body/citations/{index}/text"), &citation.text, 1000);
        let is_doi = citation.doi.as_deref().is_none_or(is_doi);
        check.ensure(
            is_doi,
            format!("/body/citations/{index}/doi"),
            "invalid_doi",
            "A DOI starts with 10. and has a slash.",
        );
        check_length(check, format!("/body/citations/{index}/relevance"), citation.relevance.as_deref(), 1000);
    }
}

/// A draft may be unfinished, so a blank text is taken; one that is too long or holds control characters is not.
fn check_length(check: &mut Check, pointer: String, value: Option<&str>, longest: usize) {
    if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
        check.text(pointer, value, longest);
    }
}

fn is_doi(text: &str) -> bool {
    // What a schema's pattern takes for blank is one more than what Rust does.
    let is_graphic = |c: char| !c.is_whitespace() && !c.is_control() && c != '\u{feff}';
    text.chars().count() <= 200 && text.starts_with("10.") && text.contains('/') && text.chars().all(is_graphic)
}

fn check_sensitive(check: &mut Check, categories: &[Category]) {
    for (index, category) in categories.iter().enumerate() {
        check.ensure(
            category.is_sensitive(),
            format!("/sensitive_categories/{index}"),
            "unknown_value",
            "One of mental_health, substance_use, reproductive_health.",
        );
    }
}

fn check_kind(check: &mut Check, kind: Option<ReportKind>) {
    let is_known = kind != Some(ReportKind::Unknown);
    check.ensure(is_known, "/kind", "unknown_value", "One of treatment_plan, progress_report.");
}

fn names(categories: &[Category]) -> Vec<&'static str> {
    let mut names: Vec<_> = categories.iter().map(|category| category.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Draft a report
///
/// A draft may be incomplete. It is seen by the clinic's own practitioners only and can't be shared.
#[utoipa::path(tag = "reports", request_body = NewReport, responses((status = 201, body = Report)))]
#[post("/v1/reports")]
async fn create_report(db: Data<Db>, actor: Actor, posted: Posted<NewReport>) -> Result<Reply, ApiError> {
    let new = posted.body;
    let mut check = Check::new();
    check_kind(&mut check, Some(new.kind));
    check_body(&mut check, &new.body);
    check_sensitive(&mut check, &new.sensitive_categories);
    check.done()?;
    let (body, _) = canonical(&new.body)?;
    let patient = new.patient_id.into();
    let beside = async |conn: &AsyncPgConnection| {
        try_join3(
            posted.once.ask(conn, actor.id()),
            patients::find_beside(conn, actor.clinic, patient),
            vault::newest_beside(conn, actor.clinic, patient),
        )
        .await
    };
    db.tenant_beside(&actor, beside, async |tx, me, (asked, found, key)| {
        let event = Event::new(me.clinic_id, "report.create").patient(patient);
        let authorise =
            async |tx: &mut Tx<'_>| patients::reached(tx, me, found, Right::WriteReports, event.clone()).await;
        posted
            .once
            .run_asked(tx, me.id, asked, authorise, async |tx, patient| {
                let key = vault::unlock_unless_shredded(tx, key).await?.ok_or_else(ApiError::not_found)?;
                let draft = Draft {
                    patient: patient.id.into(),
                    kind: kind_name(new.kind),
                    body: &body,
                    sensitive: names(&new.sensitive_categories),
                };
                let author = me.author()?;
                let row = store::insert(tx, me.clinic_id, author.id, &draft, &key)?;
                audit::record(tx, event.clone().on(row.id));
                let (id, version) = (row.id, row.version);
                let report = into_report(row, author_row(author), &Content::Draft(body.clone()))?;
                Ok(Reply::created(format!("/v1/reports/{id}"), &report)?.version(version))
            })
            .await
    })
    .await
}

fn author_row(author: &Person) -> AuthorRow {
    AuthorRow { id: author.id, name: author.name.clone(), profession: author.profession.clone() }
}

/// What to list of the clinic's reports.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportQuery {
    /// Only this patient's.
    patient_id: Option<Uuid>,
    /// Only those in this state: `draft` or `signed`.
    #[param(value_type = Option<rapport_contract::reports::ReportState>, inline)]
    state: Option<String>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List the clinic's reports
///
/// Everything but their content.
#[utoipa::path(tag = "reports", params(ReportQuery), responses((status = 200, body = ReportList)))]
#[get("/v1/reports")]
async fn list_reports(db: Data<Db>, actor: Actor, query: Query<ReportQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    let is_state = query.state.as_deref().is_none_or(|state| matches!(state, "draft" | "signed"));
    check.ensure(is_state, "state", "unknown_value", "One of draft, signed.");
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let mut event = Event::new(me.clinic_id, "report.list");
        event.patient = query.patient_id;
        me.require(tx, Right::ListReports, event.clone()).await?;
        // In an emergency there are the patient's drafts, too.
        if query.patient_id.is_some() && !me.may(Right::ReadReports) {
            emergency_access::hold(tx, me).await?;
        }
        let filter = Filter { patient: query.patient_id, state: query.state.as_deref() };
        let rows = store::page(tx, me.clinic_id, &filter, &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |row| row.id);
        Reply::ok(&ReportList { items: rows.into_iter().map(Into::into).collect(), next_cursor })
    })
    .await
}

/// The report, if the principal may do this with it and it is of the own clinic.
async fn reach(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    right: Right,
    event: Event,
) -> Result<(ReportRow, AuthorRow), ApiError> {
    me.require(tx, right, event.clone()).await?;
    let found = store::find(tx, me.clinic_id, id).await?;
    found.ok_or_else(|| audit::refuse_unknown(tx, event))
}

/// The report, if its content may be read: because of the role, or in an emergency. What is read in an emergency is on record
/// as that.
async fn reach_to_read(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    event: Event,
) -> Result<(ReportRow, AuthorRow, Event), ApiError> {
    if !me.may(Right::ReadReports) {
        let emergencies = emergency_access::hold(tx, me).await?;
        if !emergencies.is_empty()
            && let Some((row, author)) = store::find(tx, me.clinic_id, id).await?
            && emergencies.permit(row.patient_id).is_some()
        {
            return Ok((row, author, event.because(emergency_access::GROUND)));
        }
    }
    let (row, author) = reach(tx, me, id, Right::ReadReports, event.clone()).await?;
    Ok((row, author, event))
}

/// [`reach_to_read`] for other slices, without the author.
pub(crate) async fn reach_report_to_read(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    event: Event,
) -> Result<(ReportRow, Event), ApiError> {
    let (row, _, event) = reach_to_read(tx, me, id, event).await?;
    Ok((row, event))
}

/// [`reach`] for other slices, without the author.
pub(crate) async fn reach_report(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    right: Right,
    event: Event,
) -> Result<ReportRow, ApiError> {
    Ok(reach(tx, me, id, right, event).await?.0)
}

/// What a report says now. Nothing, once its patient's key was shredded.
async fn content_of(tx: &mut Tx<'_>, me: &Principal, row: &ReportRow) -> Result<Content, ApiError> {
    let content = match row.current_version {
        Some(number) => {
            store::signed_version(tx, me.clinic_id, row.id, number).await?.map(Box::new).map(Content::Signed)
        }
        None => store::draft(tx, me.clinic_id, row.id).await?.map(Content::Draft),
    };
    content.ok_or_else(ApiError::not_found)
}

/// Get a report
///
/// The draft, or the newest signed version.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report")),
    responses((status = 200, body = Report)))]
#[get("/v1/reports/{id}")]
async fn get_report(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "report.read").on(*id);
        let (row, author, event) = reach_to_read(tx, me, *id, event).await?;
        let content = content_of(tx, me, &row).await?;
        audit::record(tx, event.patient(row.patient_id));
        let etag = row.version;
        Ok(Reply::ok(&into_report(row, author, &content)?)?.version(etag))
    })
    .await
}

/// Change a draft
///
/// `body` is replaced as a whole. What is signed is changed by an amendment.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report")), request_body = ReportPatch,
    responses((status = 200, body = Report)))]
#[patch("/v1/reports/{id}")]
async fn update_report(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<ReportPatch>,
) -> Result<Reply, ApiError> {
    let patch = body.0;
    let mut check = Check::new();
    check_kind(&mut check, patch.kind);
    check_body(&mut check, patch.body.as_ref().unwrap_or(&ReportBody::default()));
    check_sensitive(&mut check, patch.sensitive_categories.as_deref().unwrap_or_default());
    check.done()?;
    let text = patch.body.as_ref().map(canonical).transpose()?.map(|(text, _)| text);
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "report.update").on(*id);
        let (seen, author) = reach(tx, me, *id, Right::WriteReports, event.clone()).await?;
        if_match.check(seen.version)?;
        if seen.state != "draft" {
            return Err(ApiError::illegal_transition("The report is signed; amend it.", vec!["amendments", "shares"]));
        }
        let changes = DraftChanges {
            kind: patch.kind.map(kind_name),
            draft: text.as_deref(),
            sensitive: patch.sensitive_categories.as_deref().map(names),
        };
        let row = store::update_draft(tx, me.clinic_id, &seen, &changes).await?.ok_or_else(ApiError::stale)?;
        let content = content_of(tx, me, &row).await?;
        audit::record(tx, event.patient(row.patient_id));
        let etag = row.version;
        Ok(Reply::ok(&into_report(row, author, &content)?)?.version(etag))
    })
    .await
}

/// What is to be signed.
struct ToSign<'c> {
    number: i32,
    kind: ReportKind,
    body: &'c ReportBody,
    sensitive: Vec<String>,
    reason: Option<&'c str>,
}

/// Freezes a version under the person's name, if all four parts are there.
async fn freeze(
    tx: &mut Tx<'_>,
    me: &Principal,
    seen: &ReportRow,
    content: ToSign<'_>,
) -> Result<(ReportRow, Content), ApiError> {
    let missing = missing_parts(content.kind, content.body);
    if !missing.is_empty() {
        let parts: Vec<_> = missing.iter().map(|error| error.pointer.trim_start_matches("/body/")).collect();
        let detail = format!("The report can't be signed yet; it lacks: {}.", parts.join(", "));
        return Err(ApiError::fields(Kind::ReportIncomplete, detail, missing));
    }
    let signer = me.person()?;
    let (body, content_hash) = canonical(content.body)?;
    let version = Version {
        report_id: seen.id,
        number: content.number,
        clinic_id: me.clinic_id,
        patient_id: seen.patient_id,
        kind: kind_name(content.kind).to_owned(),
        body,
        content_hash,
        sensitive: content.sensitive,
        signed_by: signer.id,
        signer_name: signer.name.clone(),
        signer_profession: signer.profession.clone(),
        signed_at: tx.now(),
        amendment_reason: content.reason.map(ToOwned::to_owned),
    };
    let row = store::insert_version(tx, seen, &version).await?.ok_or_else(ApiError::stale)?;
    Ok((row, Content::Signed(Box::new(version))))
}

/// Sign a report
///
/// Freezes version 1: content hash, signer, time. All four parts must be there; what is missing is named.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report")),
    responses((status = 200, body = Report)))]
#[post("/v1/reports/{id}/signature")]
async fn sign_report(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    let beside = async |conn: &AsyncPgConnection| {
        try_join3(
            posted.once.ask(conn, actor.id()),
            store::find_beside(conn, actor.clinic, *id),
            store::draft_beside(conn, actor.clinic, *id),
        )
        .await
    };
    db.tenant_beside(&actor, beside, async |tx, me, (asked, found, draft)| {
        let event = Event::new(me.clinic_id, "report.sign").on(*id);
        let authorise = async |tx: &mut Tx<'_>| {
            me.require(tx, Right::SignReports, event.clone()).await?;
            found.ok_or_else(|| audit::refuse_unknown(tx, event.clone()))
        };
        posted
            .once
            .run_asked(tx, me.id, asked, authorise, async |tx, (seen, author)| {
                if_match.check(seen.version)?;
                if seen.state != "draft" {
                    return Err(ApiError::illegal_transition("The report is signed.", vec!["amendments", "shares"]));
                }
                // Signed since it was read.
                let draft = store::open_draft(tx, seen.id, draft).await?.ok_or_else(ApiError::stale)?;
                let content = ToSign {
                    number: 1,
                    kind: super::kind_from(&seen.kind),
                    body: &super::parse_body(&draft)?,
                    sensitive: seen.sensitive.clone(),
                    reason: None,
                };
                let (row, content) = freeze(tx, me, &seen, content).await?;
                audit::record(tx, event.clone().patient(row.patient_id));
                let etag = row.version;
                Ok(Reply::ok(&into_report(row, author, &content)?)?.version(etag))
            })
            .await
    })
    .await
}

/// Amend a signed report
///
/// Adds the next version, signed at once by who sends it. The versions before it stay as they are, and so do shares of them.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report")), request_body = AmendReport,
    responses((status = 201, body = Report)))]
#[post("/v1/reports/{id}/amendments")]
async fn amend_report(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    posted: Posted<AmendReport>,
) -> Result<Reply, ApiError> {
    let amendment = posted.body;
    let mut check = Check::new();
    check.text("/reason", amendment.reason.as_str(), 2000);
    check_body(&mut check, &amendment.body);
    check_sensitive(&mut check, amendment.sensitive_categories.as_deref().unwrap_or_default());
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "report.amend").on(*id);
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, *id, Right::SignReports, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, (seen, author)| {
                if_match.check(seen.version)?;
                let Some(number) = seen.current_version else {
                    return Err(ApiError::illegal_transition(
                        "The report is a draft; change it and sign it.",
                        vec!["signature"],
                    ));
                };
                let sensitive = match &amendment.sensitive_categories {
                    Some(categories) => names(categories).into_iter().map(ToOwned::to_owned).collect(),
                    None => seen.sensitive.clone(),
                };
                let content = ToSign {
                    number: number + 1,
                    kind: super::kind_from(&seen.kind),
                    body: &amendment.body,
                    sensitive,
                    reason: Some(amendment.reason.as_str()),
                };
                let (row, content) = freeze(tx, me, &seen, content).await?;
                audit::record(tx, event.clone().patient(row.patient_id));
                let etag = row.version;
                let location = format!("/v1/reports/{}/versions/{}", row.id, number + 1);
                Ok(Reply::created(location, &into_report(row, author, &content)?)?.version(etag))
            })
            .await
    })
    .await
}

/// List the signed versions of a report
///
/// Newest first: each with who signed it, when, and the hash of its content.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report"), ListQuery),
    responses((status = 200, body = ReportVersionList)))]
#[get("/v1/reports/{id}/versions")]
async fn list_report_versions(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    query: Query<ListQuery>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "report.list_versions").on(*id);
        let (row, _, event) = reach_to_read(tx, me, *id, event).await?;
        // The cursor carries the version's number where other lists have an id.
        let before = page.after.and_then(|cursor| i32::try_from(cursor.0.as_u128()).ok());
        let rows = store::versions(tx, me.clinic_id, *id, before, page.rows()).await?;
        audit::record(tx, event.patient(row.patient_id));
        let (rows, next_cursor) = page.cut(rows, |row| Cursor::number(row.number).0);
        Reply::ok(&ReportVersionList { items: rows.into_iter().map(Into::into).collect(), next_cursor })
    })
    .await
}

/// Get a signed version of a report
///
/// As it was signed. A version never changes; an amendment is another one.
#[utoipa::path(tag = "reports",
    params(("id" = Uuid, Path, description = "The report"), ("number" = i32, Path, description = "The version's number", minimum = 1)),
    responses((status = 200, body = ReportVersion)))]
#[get("/v1/reports/{id}/versions/{number}")]
async fn get_report_version(db: Data<Db>, actor: Actor, path: Path<(Uuid, i32)>) -> Result<Reply, ApiError> {
    let (id, number) = path.into_inner();
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "report.read").on(id);
        let (row, _, event) = reach_to_read(tx, me, id, event).await?;
        let Some(version) = store::signed_version(tx, me.clinic_id, id, number).await? else {
            return Err(audit::refuse_unknown(tx, event));
        };
        audit::record(tx, event.patient(row.patient_id));
        Reply::ok(&version.into_wire()?)
    })
    .await
}

/// Get a report as a document
///
/// As HTML fit for print. A draft says on its face that it is one.
#[utoipa::path(tag = "reports", params(("id" = Uuid, Path, description = "The report")),
    responses((status = 200, body = String, content_type = "text/html")))]
#[get("/v1/reports/{id}/document")]
async fn get_report_document(
    db: Data<Db>,
    templates: Data<Templates>,
    actor: Actor,
    id: Path<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    if !accepts_html(&request) {
        return Err(ApiError::new(Kind::NotAcceptable, "The document can be had as text/html."));
    }
    let html = db
        .tenant(&actor, async |tx, me| {
            let event = Event::new(me.clinic_id, "report.document").on(*id);
            let (row, author, event) = reach_to_read(tx, me, *id, event).await?;
            let content = content_of(tx, me, &row).await?;
            let clinic = clinics::letterhead(tx, me.clinic_id).await?.ok_or_else(ApiError::not_found)?;
            let patient = patients::find(tx, me.clinic_id, row.patient_id).await?.ok_or_else(ApiError::not_found)?;
            audit::record(tx, event.patient(row.patient_id));
            let report = into_report(row, author, &content)?;
            document::render(&templates, &clinic, &patient, &report, content.amendment_reason())
        })
        .await?;
    Ok(crate::pages::html(html))
}

/// Whether `Accept` takes HTML; no header takes anything (RFC 9110, 12.5.1).
fn accepts_html(request: &HttpRequest) -> bool {
    request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_none_or(|accept| {
        accept.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_html = matches!(parts.next(), Some("text/html" | "text/*" | "*/*"));
            is_html && !parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    })
}
