//! Asking the patient, recording a signature on paper, revoking on the patient's word.

use super::{
    category_in_words,
    convert::{compared_address, compared_purpose, compared_recipients},
    state::{self, Verb},
    statement::{self, Terms},
    store::{self, Asked, Form, Opened, Row, Signed},
};
use crate::{
    attachments::{self, Files, Offer},
    audit::{self, Event},
    clinics, consent_links,
    database::{Db, Tx, ids::new_id},
    events::PublicUrl,
    http::{
        ApiError, IfMatch, Posted, Reply, Routes,
        body::PostedScan,
        etag::OptionalIfMatch,
        paging::ListQuery,
        validation::{Check, normalised_email},
    },
    identity::{Actor, Principal, policy::Right, secrets::sha256_hex},
    patients, practitioners, vault,
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Path, Query},
};
use chrono::{Datelike, TimeDelta};
use rapport_contract::{
    Sensitive,
    consents::{
        Category, Consent, ConsentList, NewConsent, PaperSignature, Recipient, RecipientChoice, RecipientKind,
        RevokeConsent,
    },
    patients::Patient,
};
use uuid::Uuid;

/// A question stays open for these days.
const QUESTION_DAYS: i64 = 14;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(ask_consent)
        .service(list_consents)
        .service(get_consent)
        .service(record_paper_signature)
        .service(get_consent_form)
        .service(revoke_consent);
}

fn check_new(new: &NewConsent) -> Result<(), ApiError> {
    let mut check = Check::new();
    check.ensure((1..=10).contains(&new.recipients.len()), "/recipients", "out_of_range", "Name 1 to 10 recipients.");
    for (index, recipient) in new.recipients.iter().enumerate() {
        check_recipient(&mut check, &format!("/recipients/{index}"), recipient);
    }
    check.ensure(!new.categories.is_empty(), "/categories", "required", "Name at least one category.");
    for (index, category) in new.categories.iter().enumerate() {
        let is_known = *category != Category::Unknown;
        check.ensure(is_known, format!("/categories/{index}"), "unknown_value", "This category is not known.");
    }
    check.line("/purpose", &new.purpose, 200);
    check.ensure(new.expires_at.year() <= 9999, "/expires_at", "out_of_range", "A year has four digits.");
    let begins_in_time = new.starts_at.is_none_or(|starts_at| starts_at < new.expires_at);
    check.ensure(begins_in_time, "/starts_at", "out_of_range", "A consent starts before it ends.");
    check.done()
}

/// Exactly one of the three ways to name a recipient.
pub(crate) fn check_recipient(check: &mut Check, pointer: &str, recipient: &RecipientChoice) {
    let is_guest = recipient.name.is_some() || recipient.email.is_some();
    let ways = [recipient.practitioner_id.is_some(), recipient.clinic_id.is_some(), is_guest];
    let is_one = ways.into_iter().filter(|is_given| *is_given).count() == 1;
    check.ensure(is_one, pointer, "one_of", "Give either practitioner_id, or clinic_id, or name and email together.");
    if is_one && is_guest {
        check.line(format!("{pointer}/name"), recipient.name.as_ref().map_or("", Sensitive::as_str), 200);
        check.email(format!("{pointer}/email"), recipient.email.as_ref().map_or("", Sensitive::as_str));
    }
}

/// The recipients as the patient will be told them. An id that leads nowhere is refused like any other wrong field.
async fn resolve(tx: &mut Tx<'_>, choices: &[RecipientChoice]) -> Result<Vec<Recipient>, ApiError> {
    let mut recipients: Vec<Recipient> = Vec::new();
    let mut check = Check::new();
    for (index, choice) in choices.iter().enumerate() {
        match resolve_one(tx, choice).await? {
            Some(recipient) if recipients.contains(&recipient) => {
                check.refuse(format!("/recipients/{index}"), "duplicate", "This recipient is named twice.");
            }
            Some(recipient) => recipients.push(recipient),
            None => check.refuse(format!("/recipients/{index}"), "unknown_recipient", "There is no such recipient."),
        }
    }
    check.done()?;
    // In one order, so that the same recipients named in another order are the same.
    recipients.sort_by(|one, other| {
        (one.clinic_id, one.practitioner_id, &one.email).cmp(&(other.clinic_id, other.practitioner_id, &other.email))
    });
    Ok(recipients)
}

/// One recipient, if there is one.
async fn resolve_one(tx: &mut Tx<'_>, choice: &RecipientChoice) -> Result<Option<Recipient>, ApiError> {
    if let Some(id) = choice.practitioner_id {
        let found = practitioners::addressee(tx, id.into()).await?;
        return Ok(found.map(|addressee| Recipient {
            kind: RecipientKind::Practitioner,
            practitioner_id: Some(id),
            clinic_id: Some(addressee.clinic_id.into()),
            name: addressee.name.into(),
            email: None,
        }));
    }
    if let Some(id) = choice.clinic_id {
        let found = clinics::letterhead(tx, id.into()).await?;
        return Ok(found.map(|clinic| Recipient {
            kind: RecipientKind::Clinic,
            practitioner_id: None,
            clinic_id: Some(clinic.id.into()),
            name: clinic.name.into(),
            email: None,
        }));
    }
    Ok(choice.name.as_ref().zip(choice.email.as_ref()).map(|(name, email)| Recipient {
        kind: RecipientKind::Guest,
        practitioner_id: None,
        clinic_id: None,
        name: name.as_str().trim().into(),
        email: Some(normalised_email(email.as_str()).into()),
    }))
}

/// A recipient that is not one's own clinic or of it.
pub(crate) async fn resolve_other(
    tx: &mut Tx<'_>,
    own: Uuid,
    pointer: &'static str,
    choice: &RecipientChoice,
) -> Result<Recipient, ApiError> {
    let mut check = Check::new();
    let found = resolve_one(tx, choice).await?;
    check.ensure(found.is_some(), pointer, "unknown_recipient", "There is no such recipient.");
    let is_own = found.as_ref().is_some_and(|recipient| recipient.clinic_id == Some(own.into()));
    check.ensure(!is_own, pointer, "own_clinic", "This is your own clinic: name another one.");
    check.done()?;
    found.ok_or_else(ApiError::not_found)
}

/// Ask a patient for consent
///
/// Writes the statement (45 CFR 164.508(c)) and sends the patient a link to it. It comes into force only by the patient's
/// own signature. Without an e-mail address on file it waits for a signature on paper.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The patient")), request_body = NewConsent,
    responses((status = 201, body = Consent)))]
#[post("/v1/patients/{id}/consents")]
async fn ask_consent(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    actor: Actor,
    id: Path<Uuid>,
    posted: Posted<NewConsent>,
) -> Result<Reply, ApiError> {
    let new = posted.body;
    check_new(&new)?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "consent.ask").patient(*id);
        let authorise = async |tx: &mut Tx<'_>| patients::reach(tx, me, *id, Right::AskConsents, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, patient| {
                let (row, asked) = draft(tx, me, &patient, &new).await?;
                let consent = store::insert(tx, row, asked).await?;
                consent_links::send(tx, &consent.row, &patient, &public_url).await?;
                let (id, version) = (consent.row.id, consent.row.version);
                audit::record(tx, event.clone().on(id).consent(id));
                Ok(Reply::created(format!("/v1/consents/{id}"), &consent.into_wire(tx.now()))?.version(version))
            })
            .await
    })
    .await
}

async fn draft(tx: &mut Tx<'_>, me: &Principal, patient: &Patient, new: &NewConsent) -> Result<(Row, Asked), ApiError> {
    let now = tx.now();
    let mut check = Check::new();
    check.ensure(new.expires_at > now, "/expires_at", "out_of_range", "A consent ends in the future.");
    check.done()?;
    let recipients = resolve(tx, &new.recipients).await?;
    let clinic = clinics::letterhead(tx, me.clinic_id).await?.ok_or_else(ApiError::not_found)?;
    let mut categories = new.categories.clone();
    categories.sort_unstable();
    categories.dedup();
    let names: Vec<String> = recipients.iter().map(|recipient| recipient.name.as_str().to_owned()).collect();
    let contact: Vec<&str> = [clinic.address.as_deref(), clinic.phone.as_deref()].into_iter().flatten().collect();
    let contact = contact.join(", ");
    let text = statement::write(&Terms {
        patient: &format!("{} {}", patient.given_name.as_str(), patient.family_name.as_str()),
        clinic: &clinic.name,
        clinic_contact: Some(contact.as_str()).filter(|contact| !contact.is_empty()),
        recipients: &names,
        categories: &categories,
        purpose: &new.purpose,
        starts_at: new.starts_at,
        expires_at: new.expires_at,
        two_way: new.two_way,
    });
    let index = vault::index_of(tx, me.clinic_id).await?;
    let row = Row {
        id: new_id(),
        clinic_id: me.clinic_id,
        patient_id: patient.id.into(),
        state: "pending".to_owned(),
        recipients: compared_recipients(&index, &recipients).map_err(ApiError::internal)?,
        categories: categories.iter().map(|category| category.as_str().to_owned()).collect(),
        purpose: compared_purpose(&index, &new.purpose),
        two_way: new.two_way,
        starts_at: new.starts_at,
        expires_at: new.expires_at,
        asked_by: me.author()?.id,
        asked_at: now,
        lapses_at: new.expires_at.min(now + TimeDelta::days(QUESTION_DAYS)),
        statement_version: statement::VERSION.to_owned(),
        signed_at: None,
        signature_method: None,
        paper_signed_on: None,
        paper_form_hash: None,
        revoked_at: None,
        revocation_method: None,
        superseded_by: None,
        version: 1,
        terms: Vec::new(),
        signature: None,
        key_version: 0,
    };
    let asked = Asked {
        recipients,
        purpose: new.purpose.trim().to_owned(),
        statement_hash: sha256_hex(text.as_bytes()),
        statement: text,
    };
    Ok((row, asked))
}

/// List a patient's consents
///
/// Of one patient, newest first, in whatever state.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The patient"), ListQuery),
    responses((status = 200, body = ConsentList)))]
#[get("/v1/patients/{id}/consents")]
async fn list_consents(db: Data<Db>, actor: Actor, id: Path<Uuid>, query: Query<ListQuery>) -> Result<Reply, ApiError> {
    let page = query.page()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "consent.list").patient(*id);
        patients::reach(tx, me, *id, Right::ReadConsents, event.clone()).await?;
        let rows = store::page_of_patient(tx, me.clinic_id, *id, &page).await?;
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |consent| consent.row.id);
        let now = tx.now();
        let items = rows.into_iter().map(|consent| consent.into_wire(now)).collect();
        Reply::ok(&ConsentList { items, next_cursor })
    })
    .await
}

/// The consent, if the principal may do this with it and it is of the own clinic.
async fn reach(tx: &mut Tx<'_>, me: &Principal, id: Uuid, right: Right, event: Event) -> Result<Opened, ApiError> {
    me.require(tx, right, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(consent) => Ok(consent),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

fn answer(consent: Opened, tx: &Tx<'_>) -> Result<Reply, ApiError> {
    let version = consent.row.version;
    Ok(Reply::ok(&consent.into_wire(tx.now()))?.version(version))
}

/// Get a consent
///
/// What was asked, in the words that the patient reads, and where it stands.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The consent")),
    responses((status = 200, body = Consent)))]
#[get("/v1/consents/{id}")]
async fn get_consent(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "consent.read").on(*id);
        let consent = reach(tx, me, *id, Right::ReadConsents, event.clone()).await?;
        audit::record(tx, event.patient(consent.row.patient_id).consent(*id));
        answer(consent, tx)
    })
    .await
}

/// Makes the consent active and ends the older ones that it replaces. `None` if it was changed since it was read.
pub(crate) async fn activate(
    tx: &mut Tx<'_>,
    seen: Opened,
    signed: &Signed<'_>,
    action: &'static str,
) -> Result<Option<Opened>, ApiError> {
    let Some(consent) = store::sign(tx, seen, signed).await? else { return Ok(None) };
    let row = &consent.row;
    for older in store::supersede_older(tx, row).await? {
        let event = Event::new(row.clinic_id, "consent.supersede").on(older).consent(older).patient(row.patient_id);
        audit::record(tx, event);
    }
    let event = Event::new(row.clinic_id, action).on(row.id).consent(row.id).patient(row.patient_id);
    audit::record(tx, event);
    Ok(Some(consent))
}

/// Why a verb came to nothing that was open a moment before: somebody was faster, and this is what is open now. Whoever sends no
/// `If-Match` is told no more of versions.
pub(crate) async fn closed_meanwhile(tx: &mut Tx<'_>, (clinic, id): (Uuid, Uuid), verb: Verb) -> ApiError {
    match store::find(tx, clinic, id).await {
        // Only its key was changed.
        Ok(Some(now)) => check_open(&now.row, verb, tx).err().unwrap_or_else(|| ApiError::unavailable(1)),
        Ok(None) => ApiError::not_found(),
        Err(error) => error.into(),
    }
}

/// Refuses a verb that the consent's state does not allow.
pub(crate) fn check_open(row: &Row, verb: Verb, tx: &Tx<'_>) -> Result<(), ApiError> {
    let state = row.state_at(tx.now());
    match state::next(state, verb) {
        Ok(_) => Ok(()),
        Err(allowed) => {
            let state = serde_json::to_value(state).ok();
            let state = state.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            Err(ApiError::illegal_transition(format!("The consent is {state}."), allowed))
        }
    }
}

/// Record a signature on paper
///
/// With the scanned form, and the attestation of the member who sends it.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The consent")), request_body = PaperSignature,
    responses((status = 200, body = Consent)))]
#[post("/v1/consents/{id}/paper_signature")]
async fn record_paper_signature(
    db: Data<Db>,
    files: Data<Files>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: IfMatch,
    posted: PostedScan<PaperSignature>,
) -> Result<Reply, ApiError> {
    let PostedScan(Posted { body: paper, once }) = posted;
    let mut check = Check::new();
    check.line("/signed_name", paper.signed_name.as_str(), 200);
    check.ensure(paper.attested, "/attested", "required", "You must attest that this patient signed this form.");
    let form = &paper.form;
    let offer = Offer::read(&mut check, "/form", &form.media_type, form.content.as_str(), true);
    check.done()?;
    let offer = offer.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a scan was neither read nor refused")))?;
    let event = |me: &Principal| Event::new(me.clinic_id, "consent.record_paper").on(*id);
    let may = async |tx: &mut Tx<'_>, me: &Principal| reach(tx, me, *id, Right::RecordSignatures, event(me)).await;
    let is_open = |seen: &Opened, tx: &Tx<'_>| {
        if_match.check(seen.row.version)?;
        check_open(&seen.row, Verb::Sign, tx)?;
        let mut check = Check::new();
        let today = tx.now().date_naive().succ_opt();
        check.ensure(Some(paper.signed_on) <= today, "/signed_on", "out_of_range", "The form was signed before today.");
        check.done()
    };
    // Nobody's scan is looked into who may not record it, and none for a consent that is not open.
    let ahead = db.tenant(&actor, async |tx, me| {
        let answered = once.answered(tx, me.id, async |tx: &mut Tx<'_>| may(tx, me).await).await?;
        if answered.is_none() {
            let seen = may(tx, me).await?;
            is_open(&seen, tx)?;
        }
        Ok((answered, me.clinic_id))
    });
    let kept = match ahead.await? {
        (Some(reply), _) => return Ok(reply),
        (None, clinic) => files.take(clinic, offer).await?,
    };
    db.tenant(&actor, async |tx, me| {
        let authorise = async |tx: &mut Tx<'_>| may(tx, me).await;
        once.run(tx, me.id, authorise, async |tx, seen| {
            is_open(&seen, tx)?;
            attachments::count(tx, &files, me.clinic_id, &kept, &event(me).patient(seen.row.patient_id)).await?;
            let signed = Signed {
                method: "paper",
                name: paper.signed_name.as_str().trim(),
                paper: Some((paper.signed_on, &kept.sha256)),
            };
            let consent = activate(tx, seen, &signed, "consent.record_paper").await?.ok_or_else(ApiError::stale)?;
            store::insert_form(tx, &consent.row, &kept, me.person()?.id).await?;
            answer(consent, tx)
        })
        .await
    })
    .await
}

/// Get the form that was signed on paper
///
/// The scan, to be saved and not shown.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The consent")),
    responses((status = 200, body = String, content_type = "application/octet-stream",
        description = "The bytes, under the media type of the scan.")))]
#[get("/v1/consents/{id}/form")]
async fn get_consent_form(
    db: Data<Db>,
    files: Data<Files>,
    actor: Actor,
    id: Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let form = db
        .tenant(&actor, async |tx, me| {
            let event = Event::new(me.clinic_id, "consent.read_form").on(*id);
            let consent = reach(tx, me, *id, Right::ReadConsents, event.clone()).await?;
            let Some(form) = store::form(tx, &consent.row).await? else {
                return Err(audit::refuse_unknown(tx, event));
            };
            audit::record(tx, event.patient(consent.row.patient_id).consent(*id));
            Ok(form)
        })
        .await?;
    match form {
        Form::Stored(file) => attachments::served(&files, file).await,
        Form::Here { media_type, file_name, bytes } => Ok(attachments::handed_out(&media_type, &file_name, bytes)),
    }
}

/// Revoke on the patient's word
///
/// It needs no reason and takes effect at once: no reading commits after this has answered. `If-Match` may be left out,
/// because nothing may stand in the way of a no.
#[utoipa::path(tag = "consents", params(("id" = Uuid, Path, description = "The consent")),
    request_body = RevokeConsent, responses((status = 200, body = Consent)))]
#[post("/v1/consents/{id}/revocation")]
async fn revoke_consent(
    db: Data<Db>,
    actor: Actor,
    id: Path<Uuid>,
    if_match: OptionalIfMatch,
    posted: Posted<RevokeConsent>,
) -> Result<Reply, ApiError> {
    let note = posted.body.note;
    let mut check = Check::new();
    check.optional_text("/note", note.as_ref().map(Sensitive::as_str), 1000);
    check.done()?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "consent.revoke").on(*id).consent(*id);
        let authorise = async |tx: &mut Tx<'_>| reach(tx, me, *id, Right::RevokeConsents, event.clone()).await;
        posted
            .once
            .run(tx, me.id, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                answer(revoke(tx, seen, "word", note.as_ref().map(Sensitive::as_str)).await?, tx)
            })
            .await
    })
    .await
}

/// Revokes, and records it.
pub(crate) async fn revoke(
    tx: &mut Tx<'_>,
    seen: Opened,
    method: &'static str,
    note: Option<&str>,
) -> Result<Opened, ApiError> {
    check_open(&seen.row, Verb::Revoke, tx)?;
    let revoked = store::revoke(tx, seen, method, note).await?;
    let revoked =
        revoked.ok_or_else(|| ApiError::illegal_transition("The consent is not active any more.", Vec::new()))?;
    let row = &revoked.row;
    let event = Event::new(row.clinic_id, "consent.revoke").on(row.id).consent(row.id).patient(row.patient_id);
    audit::record(tx, event);
    Ok(revoked)
}

/// The categories in a patient's words.
pub(crate) fn categories_in_words(categories: &[Category]) -> Vec<String> {
    categories.iter().map(|category| category_in_words(*category).to_owned()).collect()
}

/// A purpose as the gate of this clinic compares it.
pub(crate) async fn comparable_purpose(tx: &mut Tx<'_>, clinic: Uuid, purpose: &str) -> Result<String, ApiError> {
    Ok(compared_purpose(&*vault::index_of(tx, clinic).await?, purpose))
}

/// A guest's address as the gate of this clinic compares it.
pub(crate) async fn comparable_address(tx: &mut Tx<'_>, clinic: Uuid, address: &str) -> Result<String, ApiError> {
    Ok(compared_address(&*vault::index_of(tx, clinic).await?, address))
}
