//! Writing a referral, sending it, reading it through the gate, and every move of it.

use super::{
    clocks,
    convert::{by, content, into_wire, reason_word, right, transition, urgency_word},
    guests::{self, Guest},
    opinions::{
        self,
        policy::{Moved, move_faults, names_nobody, new_faults},
        store::Tie,
    },
    policy::{self, PURPOSE},
    state::{self, Move, Side},
    store::{self, Asked, Change, Content, Direction, Filter, Named, Row},
};
use crate::{
    audit::{self, Event},
    consents::{self, Document, policy::Permit},
    database::{AsyncPgConnection, Db, Tx, ids::new_id},
    events::PublicUrl,
    http::{ApiError, IfMatch, PageRequest, Posted, Reply, Routes, validation::Check},
    identity::{Actor, Principal, policy::Right},
    patients, referral_links, shares,
};
use actix_web::{
    get,
    guard::GuardContext,
    post,
    web::{Data, Path, Query},
};
use chrono::Datelike;
use rapport_contract::{
    Sensitive,
    consents::{Category, RecipientChoice},
    referrals::{
        NewReferral, Referral, ReferralKind, ReferralList, ReferralMove, ReferralState, ReferralTimeline, ReferralVerb,
        Urgency,
    },
};
use serde::Deserialize;
use uuid::Uuid;

/// The most services and shares that go with a referral.
const MOST: usize = 20;

/// Registers the routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(create_referral)
        .service(list_referrals)
        .service(get_referral)
        .service(get_referral_timeline)
        .service(move_referral)
        .configure(super::messages::routes::routes);
    clocks::routes::routes(routes);
}

/// Whether it names somebody who has an account.
fn check_directory(check: &mut Check, pointer: &'static str, choice: &RecipientChoice) {
    consents::check_recipient(check, pointer, choice);
    let has_account = choice.practitioner_id.is_some() || choice.clinic_id.is_some();
    check.ensure(has_account, pointer, "no_account", "Name a clinic or a practitioner of the directory.");
}

fn check_new(new: &NewReferral) -> Result<(), ApiError> {
    let mut check = Check::new();
    // Whoever has no account reads, declines, and takes a patient up: an opinion is given by who has one.
    match new.kind {
        ReferralKind::Referral => consents::check_recipient(&mut check, "/recipient", &new.recipient),
        _ => check_directory(&mut check, "/recipient", &new.recipient),
    }
    check.ensure(new.urgency != Urgency::Unknown, "/urgency", "unknown_value", "One of routine, urgent, emergent.");
    check.text("/condition", new.condition.as_str(), 2000);
    check.text("/reason", new.reason.as_str(), 2000);
    check.optional_text("/question", new.question.as_ref().map(Sensitive::as_str), 2000);
    let few = |count: usize| count <= MOST;
    check.ensure(few(new.requested_services.len()), "/requested_services", "too_many", "At most 20.");
    check.ensure(few(new.share_ids.len()), "/share_ids", "too_many", "At most 20.");
    let is_for_a_guest = new.recipient.email.is_some();
    let has_none = !is_for_a_guest || new.share_ids.is_empty();
    check.ensure(has_none, "/share_ids", "not_taken", "What is shared with a guest has a link of its own.");
    for (index, service) in new.requested_services.iter().enumerate() {
        check.text(format!("/requested_services/{index}"), service.as_str(), 200);
    }
    check.done()
}

/// Write a referral
///
/// It stays a draft until it is sent. A guest, who has no account, is sent a link to it then. Shares of reports that go with it
/// are made before, to the same recipient. A second opinion names nobody unless it is told to: the recipient is told of no
/// patient, everything that is written is looked through for the identifiers of 45 CFR 164.514(b)(2), each of which refuses it
/// with its `span`, and it goes without consent.
#[utoipa::path(tag = "referrals", request_body = NewReferral, responses((status = 201, body = Referral)))]
#[post("/v1/referrals")]
async fn create_referral(db: Data<Db>, actor: Actor, posted: Posted<NewReferral>) -> Result<Reply, ApiError> {
    let new = posted.body;
    check_new(&new)?;
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral.create");
        let right = Right::WriteReferrals;
        let authorise = async |tx: &mut Tx<'_>| match new.patient_id {
            Some(id) => patients::reach(tx, me, id.into(), right, event.clone().patient(id.into())).await.map(Some),
            None => me.require(tx, right, event.clone()).await.map(|()| None),
        };
        posted
            .once
            .run(tx, me.id, authorise, async |tx, patient| {
                let recipient = consents::resolve_other(tx, me.clinic_id, "/recipient", &new.recipient).await?;
                let mut check = Check::new();
                for (pointer, code, words) in new_faults(&new, tx.now().year()) {
                    check.refuse(pointer, code, words);
                }
                check.done()?;
                let share_ids: Vec<Uuid> = new.share_ids.iter().copied().map(Into::into).collect();
                let known = match (recipient.clinic_id, &patient) {
                    (Some(clinic), Some(patient)) => {
                        let to = shares::To {
                            clinic: clinic.into(),
                            practitioner: recipient.practitioner_id.map(Into::into),
                            since: None,
                        };
                        shares::sent_to(tx, me.clinic_id, patient.id.into(), &to, &share_ids).await?
                    }
                    _ => Vec::new(),
                };
                let guest = Guest::of(&recipient);
                let mut check = Check::new();
                for (index, share) in share_ids.iter().enumerate() {
                    let words = "A share of this patient's reports to the same recipient that was not withdrawn.";
                    check.ensure(known.contains(share), format!("/share_ids/{index}"), "unknown_share", words);
                }
                check.done()?;
                if let Some(opinion) = new.from_opinion {
                    check_opinion(tx, me, opinion.into(), new.patient_id.map(Into::into)).await?;
                }
                let author = me.author()?;
                let (names_nobody, about) = (names_nobody(&new), patient.as_ref().map(|patient| patient.id));
                let mut row = Row {
                    id: new_id(),
                    clinic_id: me.clinic_id,
                    kind: kind_word(new.kind).to_owned(),
                    patient_id: about.filter(|_| !names_nobody).map(Into::into),
                    sent_by: author.id,
                    sender_name: author.name.clone(),
                    sender_profession: author.profession.clone(),
                    recipient_clinic_id: recipient.clinic_id.map(Into::into),
                    recipient_practitioner_id: recipient.practitioner_id.map(Into::into),
                    recipient_name: if guest.is_some() { "" } else { recipient.name.as_str() }.to_owned(),
                    recipient_patient_id: None,
                    instead_clinic_id: None,
                    instead_practitioner_id: None,
                    instead_name: None,
                    urgency: urgency_word(new.urgency).to_owned(),
                    state: ReferralState::Draft.as_str().to_owned(),
                    state_before: None,
                    share_ids,
                    closing_share_id: None,
                    created_at: tx.now(),
                    sent_at: None,
                    received_at: None,
                    accepted_at: None,
                    appointment_at: None,
                    started_at: None,
                    closed_at: None,
                    version: 1,
                    guest_address: None,
                    envelope: None,
                    office_key_version: None,
                };
                if let Some(guest) = &guest {
                    guests::seal(tx, &mut row, guest).await?;
                }
                let words = |text: &Sensitive<String>| text.as_str().trim().to_owned();
                let asked = if names_nobody {
                    let clinic = recipient.clinic_id.ok_or_else(ApiError::not_found)?;
                    Asked::OfNobody(opinions::ask(tx, me, &new, patient.as_ref(), clinic.into()).await?)
                } else {
                    Asked::OfPatient(Content {
                        condition: words(&new.condition),
                        reason: words(&new.reason),
                        question: new.question.as_ref().map(words),
                        requested_services: new.requested_services.iter().map(words).collect(),
                        about: None,
                    })
                };
                let tie = Tie {
                    patient_id: (about.filter(|_| names_nobody)).map(Into::into),
                    opinion_id: new.from_opinion.map(Into::into),
                };
                store::insert(tx, &row, &asked, tie, by(me)).await?;
                let name = crate::clinics::letterhead(tx, me.clinic_id).await?.ok_or_else(ApiError::not_found)?.name;
                let named = Named { row, clinic: name, clock: None, tie, guest };
                audit::record(tx, event_seen(&named, "referral.create"));
                let referral = into_wire(named, me, tx.now());
                Ok(Reply::created(format!("/v1/referrals/{}", referral.id), &referral)?.version(referral.version))
            })
            .await
    })
    .await
}

/// What to list of a clinic's referrals.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReferralQuery {
    /// Only those that were `sent`, or `received`; both if left out.
    #[param(pattern = "^(sent|received)$")]
    direction: Option<String>,
    /// Only those in this state.
    #[param(value_type = Option<ReferralState>, inline)]
    state: Option<String>,
    /// Only those of which something is past due, or only those of which nothing is.
    overdue: Option<bool>,
    /// How many items a page holds, 1 to 100; 25 if left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List referrals
///
/// Those that the clinic sent and was sent, without what they say and without a patient's name: that takes a reading.
#[utoipa::path(tag = "referrals", params(ReferralQuery), responses((status = 200, body = ReferralList)))]
#[get("/v1/referrals")]
async fn list_referrals(db: Data<Db>, actor: Actor, query: Query<ReferralQuery>) -> Result<Reply, ApiError> {
    let page = PageRequest::parse(query.limit, query.cursor.as_deref())?;
    let mut check = Check::new();
    let direction = match query.direction.as_deref() {
        None => Some(Direction::Both),
        Some("sent") => Some(Direction::Sent),
        Some("received") => Some(Direction::Received),
        Some(_) => None,
    };
    check.ensure(direction.is_some(), "direction", "unknown_value", "One of sent, received.");
    let state = query.state.as_deref().map(ReferralState::parse);
    check.ensure(state != Some(None), "state", "unknown_value", "A state of the document.");
    check.done()?;
    let (direction, state) = (direction.unwrap_or(Direction::Both), state.flatten());
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral.list");
        me.require(tx, Right::ListReferrals, event.clone()).await?;
        let filter = Filter { direction, state, overdue: query.overdue };
        let rows = store::page(tx, me.clinic_id, filter, &page).await?;
        let now = tx.now();
        audit::record(tx, event);
        let (rows, next_cursor) = page.cut(rows, |named| named.row.id);
        Reply::ok(&ReferralList {
            items: rows.into_iter().map(|named| into_wire(named, me, now)).collect(),
            next_cursor,
        })
    })
    .await
}

/// The referral, if the principal may do this and its clinic is on one side of it.
pub(super) async fn reach(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    right: Right,
    event: Event,
) -> Result<Named, ApiError> {
    me.require(tx, right, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(named) => Ok(named),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}

/// Passes the gate for what a referral says.
pub(super) async fn pass(tx: &mut Tx<'_>, row: &Row, event: Event) -> Result<Permit, ApiError> {
    let document = Document {
        discloser: row.clinic_id,
        patient: row.patient_id.ok_or_else(ApiError::not_found)?,
        recipient: row.gate_recipient()?,
        categories: &[Category::Referral],
        purpose: PURPOSE,
        basis: None,
    };
    consents::pass_gate(tx, &document, event).await
}

pub(super) fn event_of(row: &Row, action: &'static str) -> Event {
    Event::new(row.clinic_id, action).on(row.id).patient_if(row.patient_id)
}

/// The same, of the patient whom only the sender knows, too.
fn event_seen(named: &Named, action: &'static str) -> Event {
    event_of(&named.row, action).patient_if(named.row.patient_id.or(named.tie.patient_id))
}

/// Whether the clinic had this opinion, and of no other patient.
async fn check_opinion(tx: &mut Tx<'_>, me: &Principal, id: Uuid, patient: Option<Uuid>) -> Result<(), ApiError> {
    let opinion = store::find(tx, me.clinic_id, id).await?.filter(|named| {
        let about = named.row.patient_id.or(named.tie.patient_id);
        let is_own = named.row.is_opinion() && named.row.clinic_id == me.clinic_id;
        is_own
            && named.row.standing().state == ReferralState::Completed
            && about.is_none_or(|about| Some(about) == patient)
    });
    let mut check = Check::new();
    let words = "An opinion that your clinic was given, about no other patient.";
    check.ensure(opinion.is_some(), "/from_opinion", "unknown_opinion", words);
    check.done()
}

/// The word of a kind's column.
const fn kind_word(kind: ReferralKind) -> &'static str {
    match kind {
        ReferralKind::Referral => "referral",
        ReferralKind::SecondOpinion => "second_opinion",
        ReferralKind::Unknown => "unknown",
    }
}

/// The referral without what it says, and for its sender how the link of a guest fares.
async fn with_link(tx: &mut Tx<'_>, named: Named, me: &Principal) -> Result<Referral, ApiError> {
    let is_senders = named.row.side_of(me) == Side::Sender;
    let link = if is_senders { referral_links::status(tx, &named).await? } else { None };
    Ok(Referral { link, ..into_wire(named, me, tx.now()) })
}

/// How far a referral has come that the principal's clinic sent or was sent.
///
/// # Errors
/// `not-found`
pub(crate) async fn status(tx: &mut Tx<'_>, me: &Principal, id: Uuid) -> Result<Referral, ApiError> {
    let named = store::find(tx, me.clinic_id, id).await?.ok_or_else(ApiError::not_found)?;
    audit::record(tx, event_of(&named.row, "referral.status"));
    with_link(tx, named, me).await
}

/// Read a referral
///
/// Its sender reads what it wrote. Whom it is for reads through the gate: the consent is checked now, the reading is
/// recorded, and only then is there an answer; the first reading tells the sender that it was received. An opinion that names
/// nobody takes no consent, and is recorded as well. Who may not read content, and whom it is not addressed to, sees how far it has come.
#[utoipa::path(tag = "referrals", params(("id" = Uuid, Path, description = "The referral")),
    responses((status = 200, body = Referral)))]
#[get("/v1/referrals/{id}")]
async fn get_referral(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral.status").on(*id);
        let named = reach(tx, me, *id, Right::ListReferrals, event).await?;
        let (side, row) = (named.row.side_of(me), named.row.clone());
        let reads = me.may(Right::ReadReferrals) && (side == Side::Sender || row.is_addressed_to(me));
        if !reads || (side == Side::Recipient && !policy::is_open(row.standing().state)) {
            audit::record(tx, event_of(&row, "referral.status"));
            let referral = with_link(tx, named, me).await?;
            return Ok(Reply::ok(&referral)?.version(referral.version));
        }
        if side == Side::Sender {
            let said = match row.names_nobody() {
                Some(asked) => opinions::store::said(tx, asked).await?,
                None => store::said(tx, &row).await?,
            };
            audit::record(tx, event_seen(&named, "referral.review"));
            let referral = Referral { content: Some(content(said, &row, None)), ..with_link(tx, named, me).await? };
            return Ok(Reply::ok(&referral)?.version(referral.version));
        }
        let (said, until) = match row.names_nobody() {
            Some(asked) => (opinions::store::disclose(tx, asked).await?, None),
            None => {
                let permit = pass(tx, &row, event_of(&row, "referral.read")).await?;
                (store::disclose(tx, &row, &permit).await?, Some(permit.until()))
            }
        };
        let named = match state::next(row.standing(), side, Move::FirstReading) {
            Ok(to) => match store::advance(tx, &named, to, by(me), Change::default()).await? {
                Some(moved) => moved,
                // Somebody else was faster; what became of it is in the next answer.
                None => store::find(tx, me.clinic_id, *id).await?.unwrap_or(named),
            },
            Err(_) => named,
        };
        // What has come to nothing meanwhile is nobody's to read any more.
        let is_open = policy::is_open(named.row.standing().state);
        let content = is_open.then(|| content(said, &row, until));
        let referral = Referral { content, ..into_wire(named, me, tx.now()) };
        Ok(Reply::ok(&referral)?.version(referral.version))
    })
    .await
}

/// Get a referral's timeline
///
/// Each of its moves: who, when, and why in a word. What was said with them is read with the referral.
#[utoipa::path(tag = "referrals", params(("id" = Uuid, Path, description = "The referral")),
    responses((status = 200, body = ReferralTimeline)))]
#[get("/v1/referrals/{id}/timeline")]
async fn get_referral_timeline(db: Data<Db>, actor: Actor, id: Path<Uuid>) -> Result<Reply, ApiError> {
    db.tenant(&actor, async |tx, me| {
        let event = Event::new(me.clinic_id, "referral.timeline").on(*id);
        let named = reach(tx, me, *id, Right::ListReferrals, event).await?;
        let moves = store::transitions(tx, named.row.clinic_id, *id).await?;
        audit::record(tx, event_of(&named.row, "referral.timeline"));
        Reply::ok(&ReferralTimeline { items: moves.into_iter().map(transition).collect() })
    })
    .await
}

/// Whether the address ends with a verb: other words are other addresses.
fn is_verb(context: &GuardContext<'_>) -> bool {
    context.head().uri.path().rsplit('/').next().is_some_and(|word| ReferralVerb::parse(word).is_some())
}

/// Move a referral
///
/// Each verb is open to one side and in some states; `allowed` of the referral has those that are open to you now. Of two
/// moves at once one is done. It completes only with a share of a signed report to the sender; a second opinion with its
/// `answer`, in the place of a report. Where nobody is named, what is said with a move is looked through as the question was.
#[utoipa::path(tag = "referrals",
    params(("id" = Uuid, Path, description = "The referral"), ("verb" = ReferralVerb, Path, description = "What to do")),
    request_body = ReferralMove, responses((status = 200, body = Referral)))]
#[post("/v1/referrals/{id}/{verb}", guard = "is_verb")]
async fn move_referral(
    db: Data<Db>,
    public_url: Data<PublicUrl>,
    actor: Actor,
    path: Path<(Uuid, String)>,
    if_match: IfMatch,
    posted: Posted<ReferralMove>,
) -> Result<Reply, ApiError> {
    let (id, verb) = path.into_inner();
    let verb = ReferralVerb::parse(&verb).ok_or_else(ApiError::not_found)?;
    let given = posted.body;
    let mut check = Check::new();
    for (pointer, code, words) in policy::faults(verb, &given) {
        check.refuse(pointer, code, words);
    }
    if let Some(instead) = &given.instead {
        check_directory(&mut check, "/instead", instead);
    }
    check.optional_text("/note", given.note.as_ref().map(Sensitive::as_str), 2000);
    if let Some(answer) = &given.answer {
        opinions::check_answer(&mut check, answer);
    }
    check.done()?;
    let action = policy::action(verb);
    let beside = async |conn: &AsyncPgConnection| posted.once.ask(conn, actor.id()).await;
    db.tenant_beside(&actor, beside, async |tx, me, asked| {
        let authorise = async |tx: &mut Tx<'_>| {
            let right = right(verb);
            let event = Event::new(me.clinic_id, action).on(id);
            let named = reach(tx, me, id, right, event.clone()).await?;
            if right == Right::AnswerReferrals
                && !named.row.is_addressed_to(me)
                && named.row.side_of(me) == Side::Recipient
            {
                return Err(audit::refuse_unknown(tx, event));
            }
            Ok(named)
        };
        posted
            .once
            .run_asked(tx, me.id, asked, authorise, async |tx, seen| {
                if_match.check(seen.row.version)?;
                let row = &seen.row;
                let side = row.side_of(me);
                let to = state::next(row.standing(), side, Move::Verb(verb)).ok().filter(|_| row.takes(verb));
                let to = to.ok_or_else(|| {
                    let allowed = state::allowed(row.standing(), side).into_iter().filter(|verb| row.takes(*verb));
                    let words = format!("The referral is {}.", row.state.replace('_', " "));
                    ApiError::illegal_transition(words, allowed.map(ReferralVerb::as_str).collect())
                })?;
                let names_nobody = row.names_nobody().is_some();
                let moved = Moved { is_opinion: row.is_opinion(), names_nobody, by_sender: side == Side::Sender };
                let mut check = Check::new();
                for (pointer, code, words) in move_faults(moved, verb, &given) {
                    check.refuse(pointer, code, words);
                }
                check.done()?;
                let mut event = event_seen(&seen, action_of(&seen, verb));
                let note = given.note.as_ref().map(|note| note.as_str().trim());
                let answer = given.answer.as_ref().map(|answer| opinions::answer(answer, note)).transpose()?;
                let mut change = Change {
                    verb: Some(verb),
                    reason: given.reason.map(reason_word),
                    note: answer.as_deref().or(note).filter(|_| !names_nobody),
                    words: if names_nobody { opinions::say(tx, me, &seen, &given).await? } else { None },
                    appointment_at: given.appointment_at,
                    ..Change::default()
                };
                let mut until = None;
                match verb {
                    // There is nobody whose consent it would take, and nobody to take over.
                    ReferralVerb::Send | ReferralVerb::Accept if names_nobody => {}
                    ReferralVerb::Complete | ReferralVerb::Discontinue if names_nobody => {}
                    ReferralVerb::Complete | ReferralVerb::Discontinue if row.is_opinion() => {
                        let permit = pass(tx, row, event_of(row, "referral.answer")).await?;
                        event = event.consent(permit.consent());
                    }
                    ReferralVerb::Send => {
                        let permit = pass(tx, row, event_of(row, action)).await?;
                        until = Some(permit.until());
                        event = event.consent(permit.consent());
                    }
                    ReferralVerb::Accept => {
                        let permit = pass(tx, row, event_of(row, action)).await?;
                        change.recipient_patient =
                            Some(take_over(tx, me, row, &permit, given.patient_id.map(Into::into)).await?);
                        event = event.consent(permit.consent());
                    }
                    ReferralVerb::Redirect => {
                        if let Some(choice) = &given.instead {
                            change.instead = Some(consents::resolve_other(tx, me.clinic_id, "/instead", choice).await?);
                        }
                    }
                    ReferralVerb::Complete | ReferralVerb::Discontinue => {
                        let share = given.share_id.ok_or_else(ApiError::not_found)?;
                        change.closing_share = Some(closing(tx, me, row, share.into()).await?);
                    }
                    _ => {}
                }
                let moved = store::advance(tx, &seen, to, by(me), change).await?.ok_or_else(ApiError::stale)?;
                audit::record(tx, event);
                if let Some(until) = until {
                    referral_links::send(tx, &moved, until, &public_url).await?;
                }
                let referral = with_link(tx, moved, me).await?;
                Ok(Reply::ok(&referral)?.version(referral.version))
            })
            .await
    })
    .await
}

/// A move as the log has it: that nobody was named is another thing than a referral, and an answer another than a report.
fn action_of(named: &Named, verb: ReferralVerb) -> &'static str {
    match verb {
        ReferralVerb::Send if named.row.names_nobody().is_some() => "referral.send_deidentified",
        ReferralVerb::Complete | ReferralVerb::Discontinue if named.row.is_opinion() => "referral.answer",
        _ => policy::action(verb),
    }
}

/// The recipient's own record of the patient: the one that it names, or a new one with what the referral brought.
async fn take_over(
    tx: &mut Tx<'_>,
    me: &Principal,
    row: &Row,
    permit: &Permit,
    own: Option<Uuid>,
) -> Result<Uuid, ApiError> {
    if let Some(own) = own {
        let mut check = Check::new();
        let is_own = patients::find(tx, me.clinic_id, own).await?.is_some();
        check.ensure(is_own, "/patient_id", "unknown_patient", "Your clinic has no such patient.");
        check.done()?;
        return Ok(own);
    }
    let said = store::disclose(tx, row, permit).await?;
    let patient = patients::add(tx, me.clinic_id, said.patient.ok_or_else(ApiError::not_found)?).await?;
    audit::record(tx, Event::new(me.clinic_id, "patient.create").on(patient).patient(patient));
    Ok(patient)
}

/// The share that closes the loop: of the recipient's own record of the patient, to the clinic that referred.
async fn closing(tx: &mut Tx<'_>, me: &Principal, row: &Row, share: Uuid) -> Result<Uuid, ApiError> {
    let patient = row.recipient_patient_id.ok_or_else(ApiError::not_found)?;
    let to = shares::To { clinic: row.clinic_id, practitioner: Some(row.sent_by), since: row.accepted_at };
    let known = shares::sent_to(tx, me.clinic_id, patient, &to, &[share]).await?;
    let mut check = Check::new();
    let words = "A share of this patient's signed report to the sender, made since the referral was accepted and not withdrawn.";
    check.ensure(known.contains(&share), "/share_id", "unknown_share", words);
    check.done()?;
    Ok(share)
}
