//! The SQL of referrals, and the one function that discloses what they say.

use super::{
    clocks::store::{self as clocks, Row as ClockRow},
    guests::{Guest, unsealed},
    opinions::{self, About, Words, store::Tie},
    state::{Standing, is_final},
};
use crate::{
    audit::{self, Event},
    consents::{Basis, policy::Permit},
    database::{
        Tx,
        ids::new_id,
        prepared::Prepare,
        schema::{clinics, referral_clocks, referral_texts, referral_ties, referral_transitions, referrals},
    },
    events::{self, Happened},
    http::{ApiError, PageRequest},
    patients::{self, Identity, SealedIdentity},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{
    consents::Recipient,
    events::EventType,
    opinions::OpinionAttestation,
    referrals::{ReferralState, ReferralVerb},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A referral as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = referrals, treat_none_as_default_value = false)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(super) kind: String,
    /// The sender's patient; nothing where nobody is named.
    pub(crate) patient_id: Option<Uuid>,
    pub(super) sent_by: Uuid,
    pub(super) sender_name: String,
    pub(super) sender_profession: Option<String>,
    pub(super) recipient_clinic_id: Option<Uuid>,
    pub(super) recipient_practitioner_id: Option<Uuid>,
    pub(super) recipient_name: String,
    pub(super) recipient_patient_id: Option<Uuid>,
    pub(super) instead_clinic_id: Option<Uuid>,
    pub(super) instead_practitioner_id: Option<Uuid>,
    pub(super) instead_name: Option<String>,
    pub(super) urgency: String,
    pub(super) state: String,
    pub(super) state_before: Option<String>,
    pub(super) share_ids: Vec<Uuid>,
    pub(super) closing_share_id: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) received_at: Option<DateTime<Utc>>,
    pub(super) accepted_at: Option<DateTime<Utc>>,
    pub(super) appointment_at: Option<DateTime<Utc>>,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) closed_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
    pub(super) guest_address: Option<String>,
    pub(super) envelope: Option<Vec<u8>>,
    pub(super) office_key_version: Option<i32>,
}

/// A referral with the name of the clinic that sends it.
#[derive(Clone)]
pub(crate) struct Named {
    pub(crate) row: Row,
    pub(crate) clinic: String,
    /// Once it was sent.
    pub(super) clock: Option<ClockRow>,
    /// Nothing for anybody but the sender.
    pub(super) tie: Tie,
    /// Whom it is for, as long as that is a guest.
    pub(crate) guest: Option<Guest>,
}

pub(super) type Found = (Row, String, Option<ClockRow>, Option<Tie>);

impl Named {
    pub(super) fn new((row, clinic, clock, tie): Found, guest: Option<Guest>) -> Self {
        Self { row, clinic, clock, tie: tie.unwrap_or_default(), guest }
    }
}

/// What is asked, as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) condition: String,
    pub(super) reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) question: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) requested_services: Vec<String>,
    /// Of an opinion that names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<About>,
}

/// The answer to a second opinion, as it is sealed: the words of the move that closes it.
#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) assessment: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) suggestions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) red_flags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// Whether a verb closes the loop: with a report, or with an answer.
pub(super) fn closes(verb: ReferralVerb) -> bool {
    matches!(verb, ReferralVerb::Complete | ReferralVerb::Discontinue)
}

/// A move as a row.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = referral_transitions, treat_none_as_default_value = false)]
pub(super) struct Transition {
    clinic_id: Uuid,
    referral_id: Uuid,
    pub(super) number: i32,
    pub(super) from_state: Option<String>,
    pub(super) to_state: String,
    pub(super) verb: Option<String>,
    pub(super) at: DateTime<Utc>,
    pub(super) by_clinic: Option<Uuid>,
    pub(super) by_id: Option<Uuid>,
    pub(super) by_name: Option<String>,
    pub(super) by_profession: Option<String>,
    pub(super) reason: Option<String>,
    text_id: Option<Uuid>,
}

/// Who moves a referral.
#[derive(Clone)]
pub(super) struct By {
    pub(super) clinic: Uuid,
    pub(super) id: Uuid,
    /// Of a machine only where it writes in somebody's name.
    pub(super) name: Option<String>,
    pub(super) profession: Option<String>,
}

fn place(text: Uuid) -> Place {
    Place::new("referral_texts", "body", text)
}

/// Seals words with the key of the sender's patient, whichever side they are from.
async fn insert_text(tx: &mut Tx<'_>, row: &Row, by_clinic: Uuid, words: &[u8]) -> QueryResult<Uuid> {
    use referral_texts as columns;
    let id = new_id();
    let patient = row.patient_id.ok_or(diesel::result::Error::NotFound)?;
    let key = vault::newest(tx, row.clinic_id, patient).await?.ok_or(diesel::result::Error::NotFound)?;
    diesel::insert_into(referral_texts::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(row.clinic_id),
            columns::patient_id.eq(patient),
            columns::referral_id.eq(row.id),
            columns::by_clinic.eq(by_clinic),
            columns::body.eq(key.seal(&place(id), words)?),
            columns::key_version.eq(key.version()),
        ))
        .execute(tx.conn())
        .await?;
    Ok(id)
}

/// What is asked: of a patient, or with nobody named, which was looked through.
pub(super) enum Asked {
    OfPatient(Content),
    OfNobody(Words),
}

/// Keeps a new referral, what it says, and that it was written.
pub(super) async fn insert(tx: &mut Tx<'_>, row: &Row, asked: &Asked, tie: Tie, by: By) -> QueryResult<()> {
    diesel::insert_into(referrals::table).values(row).execute(tx.conn()).await?;
    opinions::store::tie(tx, row, tie).await?;
    let text = match asked {
        Asked::OfPatient(content) => {
            // What can't be written can't be read either.
            let words =
                serde_json::to_vec(content).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
            Some(insert_text(tx, row, row.clinic_id, &words).await?)
        }
        Asked::OfNobody(words) => {
            opinions::store::insert(tx, row, row.clinic_id, words).await?;
            None
        }
    };
    let written = Moved { from: None, verb: None, reason: None, text };
    insert_transition(tx, row, Some(by), written).await
}

pub(super) struct Moved {
    pub(super) from: Option<String>,
    pub(super) verb: Option<ReferralVerb>,
    pub(super) reason: Option<&'static str>,
    pub(super) text: Option<Uuid>,
}

/// Keeps a move, by somebody of a clinic, by a guest, or by the clock.
pub(super) async fn insert_transition(tx: &mut Tx<'_>, row: &Row, by: Option<By>, moved: Moved) -> QueryResult<()> {
    let transition = Transition {
        clinic_id: row.clinic_id,
        referral_id: row.id,
        // Each move is a version of the referral.
        number: row.version,
        from_state: moved.from,
        to_state: row.state.clone(),
        verb: moved.verb.map(|verb| verb.as_str().to_owned()),
        at: tx.now(),
        by_clinic: by.as_ref().map(|by| by.clinic),
        by_id: by.as_ref().map(|by| by.id),
        by_name: by.as_ref().and_then(|by| by.name.clone()),
        by_profession: by.and_then(|by| by.profession),
        reason: moved.reason.map(ToOwned::to_owned),
        text_id: moved.text,
    };
    diesel::insert_into(referral_transitions::table).values(&transition).execute(tx.conn()).await?;
    let kind = ReferralState::parse(&row.state).map_or(EventType::Unknown, EventType::of_referral);
    // Nobody but its sender hears of what was never sent.
    let audience = std::iter::once(row.clinic_id).chain(row.sent_at.and(row.recipient_clinic_id));
    events::publish(tx, Happened { kind, object: row.id, version: row.version }, audience);
    Ok(())
}

#[diesel::dsl::auto_type]
pub(super) fn its_clock() -> _ {
    referral_clocks::clinic_id.eq(referrals::clinic_id).and(referral_clocks::referral_id.eq(referrals::id))
}

/// A referral that this clinic sent or was sent.
pub(super) async fn find(tx: &mut Tx<'_>, clinic: Uuid, id: Uuid) -> QueryResult<Option<Named>> {
    let is_sent = referrals::sent_at.is_not_null();
    let found = referrals::table
        .inner_join(clinics::table.on(clinics::id.eq(referrals::clinic_id)))
        .left_join(referral_ties::table.on(is_tied(clinic)))
        .filter(referrals::id.eq(id))
        .filter(
            referrals::clinic_id
                .eq(clinic)
                .or(referrals::recipient_clinic_id.assume_not_null().eq(clinic).and(is_sent)),
        )
        .left_join(referral_clocks::table.on(its_clock()))
        .select((Row::as_select(), clinics::name, Option::<ClockRow>::as_select(), Option::<Tie>::as_select()))
        .first::<Found>(tx.conn())
        .await
        .optional()?;
    Ok(unsealed(tx, found.into_iter().collect()).await?.pop())
}

/// Which ties are told: those of the own referrals.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_tied(clinic: Uuid) -> _ {
    let of_referral = referral_ties::referral_id.eq(referrals::id);
    referral_ties::clinic_id.eq(clinic).and(of_referral).and(referrals::clinic_id.eq(clinic))
}

/// Which referrals of a clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Sent,
    Received,
    Both,
}

/// What to list of a clinic's referrals.
pub(super) struct Filter {
    pub(super) direction: Direction,
    pub(super) state: Option<ReferralState>,
    /// Whether something about it is past due.
    pub(super) overdue: Option<bool>,
}

/// A clinic's referrals, newest first.
pub(super) async fn page(tx: &mut Tx<'_>, clinic: Uuid, filter: Filter, page: &PageRequest) -> QueryResult<Vec<Named>> {
    let Filter { direction, state, overdue } = filter;
    let mut query = referrals::table
        .inner_join(clinics::table.on(clinics::id.eq(referrals::clinic_id)))
        .left_join(referral_ties::table.on(is_tied(clinic)))
        .left_join(referral_clocks::table.on(its_clock()))
        .select((Row::as_select(), clinics::name, Option::<ClockRow>::as_select(), Option::<Tie>::as_select()))
        .into_boxed();
    let came_in = referrals::recipient_clinic_id.assume_not_null().eq(clinic).and(referrals::sent_at.is_not_null());
    query = match direction {
        Direction::Sent => query.filter(referrals::clinic_id.eq(clinic)),
        Direction::Received => query.filter(came_in),
        Direction::Both => query.filter(referrals::clinic_id.eq(clinic).or(came_in)),
    };
    if let Some(state) = state {
        query = query.filter(referrals::state.eq(state.as_str()));
    }
    let is_late = referral_clocks::due_at.le(tx.now());
    match overdue {
        Some(true) => query = query.filter(is_late),
        Some(false) => query = query.filter(diesel::dsl::not(is_late).or(referral_clocks::due_at.is_null())),
        None => {}
    }
    if let Some(after) = page.after {
        query = query.filter(referrals::id.lt(after.0));
    }
    let rows: Vec<Found> = query.order(referrals::id.desc()).limit(page.rows()).load(tx.conn()).await?;
    unsealed(tx, rows).await
}

/// The record of this clinic's patient in the clinic that referred the patient here, if it did and the patient was taken.
pub(crate) async fn basis_of_report_back(
    tx: &mut Tx<'_>,
    clinic: Uuid,
    patient: Uuid,
    to: Uuid,
) -> QueryResult<Option<Basis>> {
    let found = referrals::table
        .filter(referrals::recipient_clinic_id.eq(clinic))
        .filter(referrals::recipient_patient_id.eq(patient))
        .filter(referrals::clinic_id.eq(to))
        .filter(referrals::accepted_at.is_not_null())
        .filter(referrals::patient_id.is_not_null())
        .order(referrals::id.desc())
        .select((referrals::clinic_id, referrals::patient_id.assume_not_null()))
        .first::<(Uuid, Uuid)>(tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(clinic, patient)| Basis { clinic, patient }))
}

/// What a move changes besides the state.
#[derive(Default)]
pub(super) struct Change<'c> {
    pub(super) verb: Option<ReferralVerb>,
    pub(super) reason: Option<&'static str>,
    pub(super) note: Option<&'c str>,
    /// The same where nobody is named, looked through.
    pub(super) words: Option<Words>,
    pub(super) appointment_at: Option<DateTime<Utc>>,
    pub(super) recipient_patient: Option<Uuid>,
    pub(super) instead: Option<Recipient>,
    pub(super) closing_share: Option<Uuid>,
}

/// Moves a referral on and keeps the move, unless it was moved since it was read; then `None`.
pub(super) async fn advance(
    tx: &mut Tx<'_>,
    seen: &Named,
    to: Standing,
    by: By,
    change: Change<'_>,
) -> QueryResult<Option<Named>> {
    use ReferralState as S;
    let (now, before) = (tx.now(), &seen.row);
    let first = |state: S, since: Option<DateTime<Utc>>| since.or((to.state == state).then_some(now));
    let appointment = match to.state {
        S::Scheduled => change.appointment_at.or(before.appointment_at),
        // There is none any more.
        S::NoShow | S::Accepted => None,
        _ => before.appointment_at,
    };
    let unchanged = referrals::table.find(before.id).filter(referrals::version.eq(before.version));
    let row = diesel::update(unchanged)
        .set((
            referrals::state.eq(to.state.as_str()),
            referrals::state_before.eq(to.before.map(S::as_str)),
            referrals::sent_at.eq(first(S::Sent, before.sent_at)),
            referrals::received_at.eq(first(S::Received, before.received_at)),
            referrals::accepted_at.eq(first(S::Accepted, before.accepted_at)),
            referrals::appointment_at.eq(appointment),
            referrals::started_at.eq(first(S::InCare, before.started_at)),
            referrals::closed_at.eq(is_final(to.state).then_some(now)),
            referrals::recipient_patient_id.eq(change.recipient_patient.or(before.recipient_patient_id)),
            referrals::closing_share_id.eq(change.closing_share),
            referrals::instead_clinic_id
                .eq(change.instead.as_ref().and_then(|instead| instead.clinic_id.map(Uuid::from))),
            referrals::instead_practitioner_id
                .eq(change.instead.as_ref().and_then(|instead| instead.practitioner_id.map(Uuid::from))),
            referrals::instead_name.eq(change.instead.as_ref().map(|instead| instead.name.as_str())),
            referrals::version.eq(referrals::version + 1),
        ))
        .returning(Row::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    if let Some(words) = &change.words {
        opinions::store::insert(tx, &row, by.clinic, words).await?;
    }
    let text = match change.note {
        Some(note) => Some(insert_text(tx, &row, by.clinic, note.as_bytes()).await?),
        None => None,
    };
    let moved = Moved { from: Some(before.state.clone()), verb: change.verb, reason: change.reason, text };
    insert_transition(tx, &row, Some(by), moved).await?;
    let clock = clocks::turn(tx, &row, before.standing().state, change.verb, seen.clock.clone()).await?;
    Ok(Some(Named { row, clock, ..seen.clone() }))
}

/// Ends a referral because its time is up. It is held.
pub(super) async fn lapse(tx: &mut Tx<'_>, seen: &Row, to: Standing) -> QueryResult<()> {
    let now = tx.now();
    let row = diesel::update(referrals::table.find(seen.id))
        .set((
            referrals::state.eq(to.state.as_str()),
            referrals::closed_at.eq(now),
            referrals::version.eq(referrals::version + 1),
        ))
        .returning(Row::as_returning())
        .prepared()
        .get_result(tx.conn())
        .await?;
    let moved = Moved { from: Some(seen.state.clone()), verb: None, reason: None, text: None };
    insert_transition(tx, &row, None, moved).await
}

/// The moves of a referral that the caller can see, in order.
pub(super) async fn transitions(tx: &mut Tx<'_>, clinic: Uuid, referral: Uuid) -> QueryResult<Vec<Transition>> {
    transitions_beside(tx.conn(), clinic, referral).await
}

pub(super) async fn transitions_beside(
    conn: &AsyncPgConnection,
    clinic: Uuid,
    referral: Uuid,
) -> QueryResult<Vec<Transition>> {
    referral_transitions::table
        .filter(referral_transitions::clinic_id.eq(clinic))
        .filter(referral_transitions::referral_id.eq(referral))
        .order(referral_transitions::number)
        .select(Transition::as_select())
        .load(&mut &*conn)
        .await
}

/// Words with a move.
pub(super) struct Note {
    pub(super) at: DateTime<Utc>,
    pub(super) verb: String,
    pub(super) clinic: Uuid,
    pub(super) text: String,
}

/// What a referral says.
pub(super) struct Said {
    pub(super) content: Content,
    /// Nothing where nobody is named.
    pub(super) patient: Option<Identity>,
    pub(super) notes: Vec<Note>,
    pub(super) attestation: Option<OpinionAttestation>,
    pub(super) answer: Option<Answer>,
}

/// What it says, sealed.
struct Sealed {
    identity: Option<SealedIdentity>,
    texts: Vec<(Uuid, Vec<u8>, i32)>,
    moves: Vec<Transition>,
}

/// Reads it in one round trip, on a connection on which something else may be on its way too.
async fn read(conn: &AsyncPgConnection, row: &Row) -> QueryResult<Sealed> {
    let texts = async {
        referral_texts::table
            .filter(referral_texts::clinic_id.eq(row.clinic_id))
            .filter(referral_texts::referral_id.eq(row.id))
            .order(referral_texts::id)
            .select((referral_texts::id, referral_texts::body, referral_texts::key_version))
            .load(&mut &*conn)
            .await
    };
    let patient = row.patient_id.ok_or(diesel::result::Error::NotFound)?;
    let identity = patients::identity_beside(conn, row.clinic_id, patient);
    let moves = transitions_beside(conn, row.clinic_id, row.id);
    let (identity, texts, moves) = futures_util::future::try_join3(identity, texts, moves).await?;
    Ok(Sealed { identity, texts, moves })
}

async fn open(tx: &mut Tx<'_>, row: &Row, sealed: Sealed) -> Result<Said, ApiError> {
    let Sealed { identity, texts, moves } = sealed;
    let identity = identity.ok_or_else(ApiError::not_found)?;
    let subject = row.patient_id.ok_or_else(ApiError::not_found)?;
    let mut keys = Keyring::default();
    let patient = identity.open(keys.of(tx, row.clinic_id, subject, identity.key_version).await?)?;
    let (mut content, mut answer, mut notes) = (None, None, Vec::new());
    for (id, body, version) in texts {
        let key = keys.of(tx, row.clinic_id, subject, version).await?;
        let Some(step) = moves.iter().find(|step| step.text_id == Some(id)) else { continue };
        match (&step.verb, step.by_clinic) {
            (Some(verb), Some(clinic)) if row.is_opinion() && ReferralVerb::parse(verb).is_some_and(closes) => {
                let given: Answer = key.open_json(&place(id), &body).map_err(diesel::result::Error::from)?;
                let note = |text| Note { at: step.at, verb: verb.clone(), clinic, text };
                notes.extend(given.note.clone().map(note));
                answer = Some(given);
            }
            (Some(verb), Some(clinic)) => {
                let text = key.open_text(&place(id), &body).map_err(diesel::result::Error::from)?;
                notes.push(Note { at: step.at, verb: verb.clone(), clinic, text });
            }
            _ => content = Some(key.open_json(&place(id), &body).map_err(diesel::result::Error::from)?),
        }
    }
    let content = content.ok_or_else(ApiError::not_found)?;
    Ok(Said { content, patient: Some(patient), notes, attestation: None, answer })
}

/// What it says, for the clinic that sends it.
pub(super) async fn said(tx: &mut Tx<'_>, row: &Row) -> Result<Said, ApiError> {
    let sealed = read(tx.conn(), row).await?;
    open(tx, row, sealed).await
}

/// What it says, for the clinic that it is for, and that it was read: the record travels with the reading. No permit, no call;
/// no record, no answer.
pub(super) async fn disclose(tx: &mut Tx<'_>, row: &Row, permit: &Permit) -> Result<Said, ApiError> {
    let patient = row.patient_id.ok_or_else(ApiError::not_found)?;
    let event = Event::new(row.clinic_id, "referral.read").on(row.id).patient(patient);
    let event = event.consent(permit.consent());
    let sealed = audit::insert_beside(tx, &event, async |conn: &AsyncPgConnection| read(conn, row).await).await?;
    open(tx, row, sealed).await
}
