//! Opening, seeing, ending and reviewing emergency accesses.

use super::{
    convert::{Beside, finding_name, into_wire, reason_name},
    state::{Verb, check},
    store::{self, Opened, Reviewed, Told},
};
use crate::{
    audit::{self, Event},
    clinics::{self, Guardian},
    database::{Db, Tx},
    events::{letters, mail},
    http::{
        ApiError, IfMatch, PageRequest, Posted, Reply, Routes, body::Empty, etag::OptionalIfMatch, validation::Check,
    },
    identity::{Actor, Principal, policy::Right, step_up},
    patients,
};
use actix_web::{
    get, post,
    web::{Data, Path, Query},
};
use rapport_contract::{
    emergency_access::{
        EmergencyAccess, EmergencyAccessList, EmergencyAccessState, EmergencyReason, Finding, OpenEmergencyAccess,
        ReviewEmergencyAccess,
    },
    problem::Kind,
};
use serde::Deserialize;
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(open_emergency_access)
        .service(list_emergency_access)
        .service(get_emergency_access)
        .service(end_emergency_access)
        .service(review_emergency_access);
}

/// Open a patient's reports in an emergency
///
/// For a member whose role does not read reports: those of this patient can be read for an hour, and nothing else. It takes a
/// fresh code of the caller's authenticator; after five wrong ones none is looked at for a while. The clinic's owners and
/// privacy officers are told at once, every reading is on record, and the review stays open until one of them closes it.
#[utoipa::path(tag = "emergency access", params(("id" = Uuid, Path, description = "The patient")),
    request_body = OpenEmergencyAccess, responses((status = 201, body = EmergencyAccess)))]
#[post("/v1/patients/{id}/emergency_access")]
async fn open_emergency_access(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    posted: Posted<OpenEmergencyAccess>,
) -> Result<Reply, ApiError> {
    let asked = posted.body;
    let mut check = Check::new();
    let words = "One of treatment_emergency, patient_request_urgent, safety, other.";
    check.ensure(asked.reason != EmergencyReason::Unknown, "/reason", "unknown_value", words);
    check.text("/explanation", asked.explanation.as_str(), 2000);
    let code = asked.code.as_str();
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    check.ensure(is_code, "/code", "invalid_code", "Six digits, as the authenticator shows them.");
    check.done()?;
    let event = Event::new(actor.clinic, "emergency_access.open").patient(*id);
    let right = Right::OpenEmergencyAccess;
    // First all that takes no code: nobody tries codes here who may not use one, and no code is used up in vain.
    let answered = db
        .tenant(&actor, async |tx, me| {
            let authorise = async |tx: &mut Tx<'_>| patients::reach(tx, me, *id, right, event.clone()).await;
            let answered = posted.once.answered(tx, me.id, authorise).await?;
            if answered.is_none() && store::has_open(tx, me.clinic_id, me.id, *id).await? {
                return Err(is_open());
            }
            Ok(answered)
        })
        .await?;
    if let Some(reply) = answered {
        return Ok(reply);
    }
    let fresh = step_up(&db, &actor, code, event.clone()).await?;
    let reply = db
        .tenant(&actor, async |tx, me| {
            let authorise = async |tx: &mut Tx<'_>| patients::reach(tx, me, *id, right, event.clone()).await;
            posted
                .once
                .run(tx, me.id, authorise, async |tx, patient| {
                    let new = Opened {
                        clinic: me.clinic_id,
                        patient: patient.id.into(),
                        reason: reason_name(asked.reason),
                        explanation: asked.explanation.as_str(),
                    };
                    let told = store::open(tx, &fresh, &new).await?.ok_or_else(is_open)?;
                    let (id, version) = (told.row.id, told.row.version);
                    audit::record(tx, event.clone().on(id));
                    let guardians = tell(tx, me.clinic_id, id).await?;
                    let access = into_wire(told, &Beside { at: tx.now(), ..beside(&guardians, me.id) });
                    Ok(Reply::created(format!("/v1/emergency_access/{id}"), &access)?.version(version))
                })
                .await
        })
        .await?;
    if !reply.replayed {
        metrics::counter!("rapport_emergency_accesses_total", "reason" => reason_name(asked.reason)).increment(1);
        tracing::warn!(
            request_id = actor.request.as_str(),
            clinic = %actor.clinic,
            member = %actor.id(),
            emergency_access = reply.location.as_deref().and_then(|place| place.rsplit('/').next()),
            "emergency access was opened"
        );
    }
    Ok(reply)
}

fn is_open() -> ApiError {
    ApiError::new(Kind::Conflict, "You have emergency access to this patient's reports; it has not ended.")
}

/// Tells those who guard the clinic's records. Where there is nobody to be told, it would be silent, and it does not happen.
async fn tell(tx: &mut Tx<'_>, clinic: Uuid, access: Uuid) -> Result<Vec<Guardian>, ApiError> {
    let guardians = clinics::guardians(tx, clinic).await?;
    if guardians.is_empty() {
        return Err(ApiError::new(
            Kind::Conflict,
            "The clinic has neither owner nor privacy officer to be told of it.",
        ));
    }
    for guardian in &guardians {
        mail::queue(tx, clinic, &guardian.email, letters::emergency_access(&access.to_string())).await?;
    }
    Ok(guardians)
}

/// What stands beside one that is new.
fn beside(guardians: &[Guardian], member: Uuid) -> Beside {
    let has_reviewer = guardians.iter().any(|guardian| guardian.id != member);
    Beside { at: chrono::DateTime::UNIX_EPOCH, readings: 0, has_reviewer }
}

/// What to list of a clinic's emergency accesses.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EmergencyAccessQuery {
    /// Only those in this state: `open_review`, `closed`, or `active`, which are those under which something can be read now.
    #[param(value_type = Option<EmergencyAccessState>, inline)]
    state: Option<String>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List emergency accesses
///
/// Who read in an emergency, why, and how often, newest first. For the privacy officer and the owner.
#[utoipa::path(tag = "emergency access", params(EmergencyAccessQuery), responses((status = 200, body = EmergencyAccessList)))]
#[get("/v1/emergency_access")]
async fn list_emergency_access(
    db: Data<Db>,
    actor: Actor,
    query: Query<EmergencyAccessQuery>,
) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let state = match query.state.as_deref() {
        None => None,
        Some("open_review") => Some(EmergencyAccessState::OpenReview),
        Some("closed") => Some(EmergencyAccessState::Closed),
        Some("active") => Some(EmergencyAccessState::Active),
        Some(_) => {
            let mut check = Check::new();
            check.refuse("state", "unknown_value", "One of open_review, closed, active.");
            return Err(check.done().err().unwrap_or_else(ApiError::not_found));
        }
    };
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "emergency_access.list");
        me.require(tx, Right::ReviewEmergencyAccess, event.clone()).await?;
        let told = store::page(tx, me.clinic_id, state, &page).await?;
        audit::record(tx, event);
        let (told, next_cursor) = page.cut(told, |told| told.row.id);
        Reply::ok(&EmergencyAccessList { items: tell_all(tx, me.clinic_id, told).await?, next_cursor })
    })
    .await
}

async fn tell_all(tx: &mut Tx<'_>, clinic: Uuid, told: Vec<Told>) -> Result<Vec<EmergencyAccess>, ApiError> {
    let guardians = clinics::guardians(tx, clinic).await?;
    let ids: Vec<Uuid> = told.iter().map(|told| told.row.id).collect();
    let readings = store::readings(tx, clinic, &ids).await?;
    let at = tx.now();
    let all = told.into_iter().map(|told| {
        let readings = readings.get(&told.row.id).copied().unwrap_or_default();
        let beside = Beside { at, readings, ..beside(&guardians, told.row.terms.member_id) };
        into_wire(told, &beside)
    });
    Ok(all.collect())
}

async fn answer(tx: &mut Tx<'_>, clinic: Uuid, told: Told) -> Result<Reply, ApiError> {
    let version = told.row.version;
    let access = tell_all(tx, clinic, vec![told]).await?.pop().ok_or_else(ApiError::not_found)?;
    Ok(Reply::ok(&access)?.version(version))
}

/// Refuses who has to do with no emergency access at all. Whose the others are is decided by [`is_within_reach`].
async fn require_any(tx: &mut Tx<'_>, me: &Principal, event: Event) -> Result<(), ApiError> {
    if me.may(Right::ReviewEmergencyAccess) {
        return Ok(());
    }
    me.require(tx, Right::OpenEmergencyAccess, event).await
}

/// One's own, or any for whoever may review.
fn is_within_reach(me: &Principal, told: &Told) -> bool {
    me.may(Right::ReviewEmergencyAccess) || told.row.terms.member_id == me.id
}

/// Get an emergency access
///
/// For the privacy officer, the owner, and who used it.
#[utoipa::path(tag = "emergency access", params(("id" = Uuid, Path, description = "The emergency access")),
    responses((status = 200, body = EmergencyAccess)))]
#[get("/v1/emergency_access/{id}")]
async fn get_emergency_access(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "emergency_access.read").on(*id);
        require_any(tx, me, event.clone()).await?;
        let told = store::find(tx, me.clinic_id, *id).await?.filter(|told| is_within_reach(me, told));
        let Some(told) = told else { return Err(audit::refuse_unknown(tx, event)) };
        audit::record(tx, event.patient(told.row.terms.patient_id));
        answer(tx, me.clinic_id, told).await
    })
    .await
}

/// The emergency access, held for a change.
async fn hold(tx: &mut Tx<'_>, me: &Principal, id: Uuid, event: Event) -> Result<Told, ApiError> {
    match store::hold(tx, me.clinic_id, id).await?.filter(|told| is_within_reach(me, told)) {
        Some(told) => Ok(told),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

/// End an emergency access
///
/// Before its hour is over: by who used it, a privacy officer or an owner. From the answer on nothing is read under it.
#[utoipa::path(tag = "emergency access", params(("id" = Uuid, Path, description = "The emergency access")),
    responses((status = 200, body = EmergencyAccess)))]
#[post("/v1/emergency_access/{id}/end")]
async fn end_emergency_access(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: OptionalIfMatch,
    posted: Posted<Empty>,
) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "emergency_access.end").on(*id);
        let authorise = async |tx: &mut Tx<'_>| {
            require_any(tx, me, event.clone()).await?;
            hold(tx, me, *id, event.clone()).await
        };
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                check(seen.row.state(tx.now()), Verb::End)
                    .map_err(|open| ApiError::illegal_transition("The emergency access has ended.", open))?;
                let told = store::end(tx, seen, me.clinic_id, me.id).await?;
                audit::record(tx, event.clone().patient(told.row.terms.patient_id));
                answer(tx, me.clinic_id, told).await
            })
            .await
    })
    .await
}

/// Close the review of an emergency access
///
/// With a finding, once it has ended; by a privacy officer or an owner who is not the one who used it. It stays closed, and the
/// finding stays as it is.
#[utoipa::path(tag = "emergency access", params(("id" = Uuid, Path, description = "The emergency access")),
    request_body = ReviewEmergencyAccess, responses((status = 200, body = EmergencyAccess)))]
#[post("/v1/emergency_access/{id}/review")]
async fn review_emergency_access(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    posted: Posted<ReviewEmergencyAccess>,
) -> Result<Reply, ApiError> {
    let found = posted.body;
    let mut fields = Check::new();
    fields.ensure(found.finding != Finding::Unknown, "/finding", "unknown_value", "One of justified, not_justified.");
    fields.text("/note", found.note.as_str(), 5000);
    fields.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "emergency_access.review").on(*id);
        let authorise = async |tx: &mut Tx<'_>| {
            me.require(tx, Right::ReviewEmergencyAccess, event.clone()).await?;
            let told = hold(tx, me, *id, event.clone()).await?;
            if told.row.terms.member_id == me.id {
                let refusal = "Nobody reviews their own emergency access: another privacy officer or owner does.";
                let refusal = ApiError::new(Kind::Forbidden, refusal);
                return Err(audit::refuse(tx, event.clone().patient(told.row.terms.patient_id), refusal));
            }
            Ok(told)
        };
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                check(seen.row.state(tx.now()), Verb::Review).map_err(|open| {
                    let why = if open.is_empty() { "The review is closed." } else { "It has not ended; end it first." };
                    ApiError::illegal_transition(why, open)
                })?;
                let finding = finding_name(found.finding);
                let review = Reviewed { by: me.id, finding, note: found.note.as_str() };
                let told = store::review(tx, seen, me.clinic_id, &review).await?;
                audit::record(tx, event.clone().patient(told.row.terms.patient_id));
                answer(tx, me.clinic_id, told).await
            })
            .await
    })
    .await
}
