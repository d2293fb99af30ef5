//! The SQL of opinions that name nobody: what they say, and what only their sender knows.

use super::{NamesNobody, Words};
use crate::{
    audit::{self, Event},
    database::{
        Tx,
        ids::new_id,
        schema::{opinion_texts, referral_ties},
    },
    http::ApiError,
    referrals::store::{self, Note, Row, Said, Transition},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::{opinions::OpinionAttestation, referrals::ReferralVerb};
use uuid::Uuid;

fn place(text: Uuid) -> Place {
    Place::new("opinion_texts", "body", text)
}

/// Seals words with the key of the sender's office, whichever side they are from: they are of no patient.
pub(in crate::referrals) async fn insert(
    tx: &mut Tx<'_>,
    row: &Row,
    by_clinic: Uuid,
    words: &Words,
) -> QueryResult<()> {
    use opinion_texts as columns;
    let (id, now) = (new_id(), tx.now());
    let key = vault::office(tx, row.clinic_id).await?;
    let attested = words.attested_by.as_ref();
    diesel::insert_into(opinion_texts::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(row.clinic_id),
            columns::referral_id.eq(row.id),
            columns::number.eq(row.version),
            columns::by_clinic.eq(by_clinic),
            columns::attested_by.eq(attested.map(|(id, _)| *id)),
            columns::attested_name.eq(attested.map(|(_, name)| name.as_str())),
            columns::attested_at.eq(attested.map(|_| now)),
            columns::body.eq(key.seal(&place(id), &words.body)?),
            columns::office_key_version.eq(key.version()),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What only its sender knows of a referral.
#[derive(Clone, Copy, Default, Queryable, Selectable)]
#[diesel(table_name = referral_ties)]
pub(in crate::referrals) struct Tie {
    /// Whom an opinion that names nobody is about.
    pub(in crate::referrals) patient_id: Option<Uuid>,
    /// The opinion that led to it.
    pub(in crate::referrals) opinion_id: Option<Uuid>,
}

/// Keeps what only its sender knows.
pub(in crate::referrals) async fn tie(tx: &mut Tx<'_>, row: &Row, tie: Tie) -> QueryResult<()> {
    if tie.patient_id.is_none() && tie.opinion_id.is_none() {
        return Ok(());
    }
    diesel::insert_into(referral_ties::table)
        .values((
            referral_ties::clinic_id.eq(row.clinic_id),
            referral_ties::referral_id.eq(row.id),
            referral_ties::patient_id.eq(tie.patient_id),
            referral_ties::opinion_id.eq(tie.opinion_id),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A text as a row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = opinion_texts)]
struct Text {
    id: Uuid,
    number: i32,
    by_clinic: Uuid,
    attested_name: Option<String>,
    attested_at: Option<DateTime<Utc>>,
    body: Vec<u8>,
    office_key_version: i32,
}

struct Sealed {
    texts: Vec<Text>,
    moves: Vec<Transition>,
}

async fn read(conn: &AsyncPgConnection, row: &Row) -> QueryResult<Sealed> {
    let texts = async {
        opinion_texts::table
            .filter(opinion_texts::clinic_id.eq(row.clinic_id))
            .filter(opinion_texts::referral_id.eq(row.id))
            .order(opinion_texts::number)
            .select(Text::as_select())
            .load(&mut &*conn)
            .await
    };
    let moves = store::transitions_beside(conn, row.clinic_id, row.id);
    let (texts, moves) = futures_util::future::try_join(texts, moves).await?;
    Ok(Sealed { texts, moves })
}

async fn open(tx: &mut Tx<'_>, row: &Row, sealed: Sealed) -> Result<Said, ApiError> {
    let mut keys = Keyring::default();
    let (mut content, mut attestation, mut answer, mut notes) = (None, None, None, Vec::new());
    for text in sealed.texts {
        let key = keys.of(tx, row.clinic_id, row.clinic_id, text.office_key_version).await?;
        let Some(step) = sealed.moves.iter().find(|step| step.number == text.number) else { continue };
        let Some(verb) = &step.verb else {
            content = Some(key.open_json(&place(text.id), &text.body).map_err(diesel::result::Error::from)?);
            attestation = text.attested_name.zip(text.attested_at).map(|(by, at)| OpinionAttestation { by, at });
            continue;
        };
        let mut note =
            |words| notes.push(Note { at: step.at, verb: verb.clone(), clinic: text.by_clinic, text: words });
        if ReferralVerb::parse(verb).is_some_and(store::closes) {
            let given: store::Answer =
                key.open_json(&place(text.id), &text.body).map_err(diesel::result::Error::from)?;
            given.note.clone().into_iter().for_each(note);
            answer = Some(given);
        } else {
            note(key.open_text(&place(text.id), &text.body).map_err(diesel::result::Error::from)?);
        }
    }
    Ok(Said { content: content.ok_or_else(ApiError::not_found)?, patient: None, notes, attestation, answer })
}

/// What it says, for the clinic that asks.
pub(in crate::referrals) async fn said(tx: &mut Tx<'_>, asked: NamesNobody<'_>) -> Result<Said, ApiError> {
    let sealed = read(tx.conn(), asked.0).await?;
    open(tx, asked.0, sealed).await
}

/// What it says, for the clinic that is asked, and that it was read. It takes no consent because it names nobody; the proof of that is
/// demanded in the place of a permit.
pub(in crate::referrals) async fn disclose(tx: &mut Tx<'_>, asked: NamesNobody<'_>) -> Result<Said, ApiError> {
    let row = asked.0;
    let event = Event::new(row.clinic_id, "referral.read").on(row.id);
    let sealed = audit::insert_beside(tx, &event, async |conn: &AsyncPgConnection| read(conn, row).await).await?;
    open(tx, row, sealed).await
}
