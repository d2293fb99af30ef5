//! Mail: a row in the transaction of its cause. What is said in which letter stands in `letters.rs`.

use super::letters::Letter;
use crate::{
    database::{Tx, ids::new_id, schema::mails},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a mail says and to whom: sealed until it is sent, and forgotten then.
#[derive(Serialize, Deserialize)]
pub(crate) struct Message {
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
    /// The same as HTML. Mail that was queued by an earlier version has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) html: Option<String>,
}

fn place(mail: Uuid) -> Place {
    Place::new("mails", "letter", mail)
}

/// Queues a mail.
///
/// # Errors
/// Whatever the database answers.
pub async fn queue(tx: &mut Tx<'_>, clinic: Uuid, recipient: &str, letter: Letter) -> QueryResult<()> {
    let (id, now) = (new_id(), tx.now());
    let message = Message {
        recipient: recipient.to_owned(),
        subject: letter.subject().to_owned(),
        body: letter.text(),
        html: Some(letter.html()),
    };
    let office = vault::office(tx, clinic).await?;
    diesel::insert_into(mails::table)
        .values((
            mails::id.eq(id),
            mails::clinic_id.eq(clinic),
            mails::letter.eq(office.seal_json(&place(id), &message)?),
            mails::office_key_version.eq(office.version()),
            mails::created_at.eq(now),
            mails::next_attempt_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    tx.mail_was_queued();
    Ok(())
}

/// A mail that is due.
pub(super) struct Due {
    pub(super) id: Uuid,
    pub(super) message: Message,
    pub(super) created_at: DateTime<Utc>,
    attempts: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mails)]
struct Row {
    id: Uuid,
    clinic_id: Uuid,
    letter: Option<Vec<u8>>,
    office_key_version: Option<i32>,
    created_at: DateTime<Utc>,
    attempts: i32,
}

/// Takes mails that are due. They are not due again for a minute: if this worker dies with them, another one takes them.
pub(super) async fn take_due(tx: &mut Tx<'_>, most: i64) -> QueryResult<Vec<Due>> {
    let now = tx.now();
    let ids: Vec<Uuid> = mails::table
        .filter(mails::sent_at.is_null())
        .filter(mails::next_attempt_at.le(now))
        .order(mails::next_attempt_at)
        .limit(most)
        .select(mails::id)
        .for_update()
        .skip_locked()
        .load(tx.conn())
        .await?;
    let rows: Vec<Row> = diesel::update(mails::table.filter(mails::id.eq_any(ids)))
        .set((mails::next_attempt_at.eq(now + TimeDelta::minutes(1)), mails::attempts.eq(mails::attempts + 1)))
        .returning(Row::as_returning())
        .get_results(tx.conn())
        .await?;
    let mut offices = Keyring::default();
    let mut due = Vec::with_capacity(rows.len());
    for row in rows {
        let Some((letter, version)) = row.letter.as_deref().zip(row.office_key_version) else { continue };
        let office = offices.of(tx, row.clinic_id, row.clinic_id, version).await;
        match office.and_then(|office| Ok(office.open_json(&place(row.id), letter)?)) {
            Ok(message) => due.push(Due { id: row.id, message, created_at: row.created_at, attempts: row.attempts }),
            // One that does not open keeps no other one waiting.
            Err(error) => tracing::error!(mail = %row.id, error = %error, "a mail can't be opened"),
        }
    }
    Ok(due)
}

/// Notes that a mail has gone out, and forgets what it said: it may hold a link's secret or a code.
pub(super) async fn mark_sent(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(mails::table.find(id))
        .set((mails::sent_at.eq(now), mails::letter.eq(None::<Vec<u8>>), mails::office_key_version.eq(None::<i32>)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes that a mail could not be sent; it is tried again later, ever more rarely.
pub(super) async fn mark_failed(tx: &mut Tx<'_>, mail: &Due) -> QueryResult<()> {
    let wait = TimeDelta::seconds(30) * 2_i32.saturating_pow(mail.attempts.clamp(1, 12).unsigned_abs());
    let next = tx.now() + wait;
    diesel::update(mails::table.find(mail.id)).set(mails::next_attempt_at.eq(next)).execute(tx.conn()).await?;
    Ok(())
}
