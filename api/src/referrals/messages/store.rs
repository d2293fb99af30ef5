//! The SQL of messages, and the one function that discloses them.

use crate::{
    audit::{self, Event},
    consents::policy::Permit,
    database::{Tx, ids::new_id, schema::referral_messages},
    events::{self, Happened},
    http::PageRequest,
    identity::Person,
    referrals::store::{By, Row as Referral},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_contract::events::EventType;
use uuid::Uuid;

/// A message as a row.
#[derive(Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = referral_messages, treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    clinic_id: Uuid,
    patient_id: Uuid,
    referral_id: Uuid,
    pub(super) by_clinic: Uuid,
    pub(super) by_id: Uuid,
    pub(super) by_name: String,
    pub(super) by_profession: Option<String>,
    pub(super) written_at: DateTime<Utc>,
    body: Vec<u8>,
    key_version: i32,
    pub(super) read_at: Option<DateTime<Utc>>,
    pub(super) read_by: Option<Uuid>,
    pub(super) read_by_name: Option<String>,
    pub(super) read_by_profession: Option<String>,
}

/// A message, opened.
pub(super) struct Message {
    pub(super) row: Row,
    pub(super) text: String,
}

fn place(message: Uuid) -> Place {
    Place::new("referral_messages", "body", message)
}

/// Keeps a message, sealed with the key of the sender's patient, whichever side it is from.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    referral: &Referral,
    by_clinic: Uuid,
    author: &Person,
    text: &str,
) -> QueryResult<Message> {
    let id = new_id();
    // What names nobody takes no messages.
    let patient = referral.patient_id.ok_or(diesel::result::Error::NotFound)?;
    let key = vault::newest(tx, referral.clinic_id, patient).await?;
    let key = key.ok_or(diesel::result::Error::NotFound)?;
    let row = Row {
        id,
        clinic_id: referral.clinic_id,
        patient_id: patient,
        referral_id: referral.id,
        by_clinic,
        by_id: author.id,
        by_name: author.name.clone(),
        by_profession: author.profession.clone(),
        written_at: tx.now(),
        body: key.seal(&place(id), text.as_bytes())?,
        key_version: key.version(),
        read_at: None,
        read_by: None,
        read_by_name: None,
        read_by_profession: None,
    };
    diesel::insert_into(referral_messages::table).values(&row).execute(tx.conn()).await?;
    let happened = Happened { kind: EventType::ReferralMessage, object: referral.id, version: referral.version };
    let audience = std::iter::once(referral.clinic_id).chain(referral.recipient_clinic_id);
    events::publish(tx, happened, audience);
    Ok(Message { row, text: text.to_owned() })
}

/// A message before it is read: whose it is, and whether the other side has read it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = referral_messages)]
pub(super) struct Outline {
    pub(super) id: Uuid,
    pub(super) by_clinic: Uuid,
    pub(super) read_at: Option<DateTime<Utc>>,
}

/// The messages of a referral, newest first, without a word of them.
pub(super) async fn page(tx: &mut Tx<'_>, referral: &Referral, page: &PageRequest) -> QueryResult<Vec<Outline>> {
    let mut query = referral_messages::table
        .filter(referral_messages::clinic_id.eq(referral.clinic_id))
        .filter(referral_messages::referral_id.eq(referral.id))
        .select(Outline::as_select())
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(referral_messages::id.lt(after.0));
    }
    query.order(referral_messages::id.desc()).limit(page.rows()).load(tx.conn()).await
}

/// Notes the first reading of what the other side wrote. Of two readers at once one is the first.
pub(super) async fn mark_read(tx: &mut Tx<'_>, referral: &Referral, ids: &[Uuid], by: &By) -> QueryResult<()> {
    let now = tx.now();
    let unread = referral_messages::table
        .filter(referral_messages::clinic_id.eq(referral.clinic_id))
        .filter(referral_messages::id.eq_any(ids))
        .filter(referral_messages::by_clinic.ne(by.clinic))
        .filter(referral_messages::read_at.is_null());
    diesel::update(unread)
        .set((
            referral_messages::read_at.eq(now),
            referral_messages::read_by.eq(by.id),
            referral_messages::read_by_name.eq(by.name.as_deref()),
            referral_messages::read_by_profession.eq(by.profession.as_deref()),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn rows(conn: &AsyncPgConnection, referral: &Referral, ids: &[Uuid]) -> QueryResult<Vec<Row>> {
    referral_messages::table
        .filter(referral_messages::clinic_id.eq(referral.clinic_id))
        .filter(referral_messages::id.eq_any(ids))
        .order(referral_messages::id.desc())
        .select(Row::as_select())
        .load(&mut &*conn)
        .await
}

async fn open(tx: &mut Tx<'_>, rows: Vec<Row>) -> QueryResult<Vec<Message>> {
    let mut keys = Keyring::default();
    let mut messages = Vec::with_capacity(rows.len());
    for row in rows {
        let key = keys.of(tx, row.clinic_id, row.patient_id, row.key_version).await?;
        let text = key.open_text(&place(row.id), &row.body)?;
        messages.push(Message { row, text });
    }
    Ok(messages)
}

/// The words of these messages, for the clinic whose referral it is.
pub(super) async fn said(tx: &mut Tx<'_>, referral: &Referral, ids: &[Uuid]) -> QueryResult<Vec<Message>> {
    let rows = rows(tx.conn(), referral, ids).await?;
    open(tx, rows).await
}

/// The words of these messages, for the clinic that the referral is for, and that they were read: the record travels with the
/// reading. No permit, no call; no record, no answer.
pub(super) async fn disclose(
    tx: &mut Tx<'_>,
    referral: &Referral,
    ids: &[Uuid],
    permit: &Permit,
) -> QueryResult<Vec<Message>> {
    let event =
        Event::new(referral.clinic_id, "referral.read_messages").on(referral.id).patient_if(referral.patient_id);
    let event = event.consent(permit.consent());
    let read = async |conn: &AsyncPgConnection| rows(conn, referral, ids).await;
    let rows = audit::insert_beside(tx, &event, read).await?;
    open(tx, rows).await
}
