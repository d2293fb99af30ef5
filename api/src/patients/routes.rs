//! Making, reading, changing and finding patient records.

use super::{
    reach,
    store::{self, Written},
};
use crate::{
    audit::{self, Event},
    database::{Db, Tx},
    http::{ApiError, Body, IfMatch, Posted, Reply, Routes, paging::ListQuery, validation::Check},
    identity::{Actor, policy::Right},
};
use actix_web::{
    get, patch, post,
    web::{Data, Path, Query},
};
use chrono::NaiveDate;
use rapport_contract::{
    Sensitive,
    patients::{NewPatient, Patient, PatientList, PatientPatch, PatientSearch},
    problem::Kind,
};
use uuid::Uuid;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes.service(create_patient).service(search_patients).service(get_patient).service(update_patient);
}

fn check_birth_date(check: &mut Check, birth_date: Option<&Sensitive<NaiveDate>>) {
    let earliest = NaiveDate::from_ymd_opt(1880, 1, 1).unwrap_or_default();
    let is_plausible = birth_date.is_none_or(|date| *date.expose() >= earliest);
    check.ensure(is_plausible, "/birth_date", "out_of_range", "A date of birth is after 1880.");
}

/// Nobody is born after today; "today" is a day ahead, because the patient's may be.
fn refuse_unborn(tx: &Tx<'_>, birth_date: Option<&Sensitive<NaiveDate>>) -> Result<(), ApiError> {
    let mut check = Check::new();
    let tomorrow = tx.now().date_naive().succ_opt();
    let is_born = birth_date.is_none_or(|date| Some(*date.expose()) <= tomorrow);
    check.ensure(is_born, "/birth_date", "out_of_range", "A date of birth is not in the future.");
    check.done()
}

fn optional(value: &Option<Option<Sensitive<String>>>) -> Option<&str> {
    value.as_ref().and_then(Option::as_ref).map(Sensitive::as_str)
}

fn answer(written: Written) -> Result<Patient, ApiError> {
    match written {
        Written::Done(patient) => Ok(patient),
        Written::NumberTaken => {
            Err(ApiError::new(Kind::Conflict, "Another patient of the clinic has this record number."))
        }
        Written::Stale => Err(ApiError::stale()),
    }
}

/// Create a patient record
///
/// A record of the clinic's own. Names, dates and contacts are sealed under the patient's own key.
#[utoipa::path(tag = "patients", request_body = NewPatient, responses((status = 201, body = Patient)))]
#[post("/v1/patients")]
async fn create_patient(db: Data<Db>, actor: Actor, posted: Posted<NewPatient>) -> Result<Reply, ApiError> {
    let new = posted.body;
    let mut check = Check::new();
    check.line("/given_name", new.given_name.as_str(), 200);
    check.line("/family_name", new.family_name.as_str(), 200);
    check_birth_date(&mut check, Some(&new.birth_date));
    check.optional_line("/mrn", new.mrn.as_ref().map(Sensitive::as_str), 64);
    check.optional_line("/phone", new.phone.as_ref().map(Sensitive::as_str), 40);
    if let Some(email) = &new.email {
        check.email("/email", email.as_str().trim());
    }
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "patient.create");
        let authorise = async |tx: &mut Tx<'_>| me.require(tx, Right::WritePatients, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, ()| {
                refuse_unborn(tx, Some(&new.birth_date))?;
                let patient = answer(store::insert(tx, me.clinic_id, &new).await?)?;
                audit::record(tx, event.clone().on(patient.id.into()).patient(patient.id.into()));
                Ok(Reply::created(format!("/v1/patients/{}", patient.id), &patient)?.version(patient.version))
            })
            .await
    })
    .await
}

/// Get a patient record
///
/// Of the own clinic only. The reading is on the record.
#[utoipa::path(tag = "patients", params(("id" = Uuid, Path, description = "The patient")),
    responses((status = 200, body = Patient)))]
#[get("/v1/patients/{id}")]
async fn get_patient(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "patient.read").on(*id).patient(*id);
        let patient = reach(tx, me, *id, Right::ReadPatients, event.clone()).await?;
        audit::record(tx, event);
        Ok(Reply::ok(&patient)?.version(patient.version))
    })
    .await
}

/// Change a patient record
///
/// A field left out stays as it is, `null` takes an optional one away.
#[utoipa::path(tag = "patients", params(("id" = Uuid, Path, description = "The patient")), request_body = PatientPatch,
    responses((status = 200, body = Patient)))]
#[patch("/v1/patients/{id}")]
async fn update_patient(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Body<PatientPatch>,
) -> Result<Reply, ApiError> {
    let patch = body.0;
    let mut check = Check::new();
    check.optional_line("/given_name", patch.given_name.as_ref().map(Sensitive::as_str), 200);
    check.optional_line("/family_name", patch.family_name.as_ref().map(Sensitive::as_str), 200);
    check_birth_date(&mut check, patch.birth_date.as_ref());
    check.optional_line("/mrn", optional(&patch.mrn), 64);
    check.optional_line("/phone", optional(&patch.phone), 40);
    if let Some(email) = optional(&patch.email) {
        check.email("/email", email.trim());
    }
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "patient.update").on(*id).patient(*id);
        let seen = reach(tx, me, *id, Right::WritePatients, event.clone()).await?;
        if_match.check(seen.version)?;
        refuse_unborn(tx, patch.birth_date.as_ref())?;
        let patient = answer(store::update(tx, me.clinic_id, &seen, &patch).await?)?;
        audit::record(tx, event);
        Ok(Reply::ok(&patient)?.version(patient.version))
    })
    .await
}

/// Search the clinic's patients
///
/// By the first letters of a family name, birth date, record number; all that are given must match. A POST, so that no
/// name stands in an address. The newest record comes first: names are sealed, so that the database can't order by them.
#[utoipa::path(tag = "patients", params(ListQuery), request_body = PatientSearch,
    responses((status = 200, body = PatientList)))]
#[post("/v1/patients/search")]
async fn search_patients(
    db: Data<Db>,
    actor: Actor,
    query: Query<ListQuery>,
    posted: Posted<PatientSearch>,
) -> Result<Reply, ApiError> {
    let page = query.page()?;
    let search = posted.body;
    let mut check = Check::new();
    check.optional_line("/family_name", search.family_name.as_ref().map(Sensitive::as_str), 200);
    check.optional_line("/mrn", search.mrn.as_ref().map(Sensitive::as_str), 64);
    let is_empty = search.family_name.is_none() && search.birth_date.is_none() && search.mrn.is_none();
    check.ensure(!is_empty, "", "required", "Give at least one of family_name, birth_date, mrn.");
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "patient.search");
        let authorise = async |tx: &mut Tx<'_>| me.require(tx, Right::ReadPatients, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, ()| {
                let found = store::search(tx, me.clinic_id, &search, &page, &event).await?;
                let (items, next_cursor) = page.cut(found, |patient| patient.id.into());
                Reply::ok(&PatientList { items, next_cursor })
            })
            .await
    })
    .await
}
