//! Mail: a row in the transaction of its cause. No mail holds health information, not even that there is a patient: it
//! says that there is something to read, and where.

use crate::{
    database::{Tx, ids::new_id, schema::mails},
    vault::{self, Keyring, Place},
};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A subject and a plain text.
pub struct Letter {
    subject: &'static str,
    body: String,
}

/// Invites a person into a clinic. The link stands on a line of its own.
pub fn invitation(link: &str, days: i64) -> Letter {
    Letter {
        subject: "You are invited to Rapport",
        body: format!(
            "Hello,\n\nyour clinic invites you to its account at Rapport. Open this link to choose a password:\n\n\
             {link}\n\nThe link works once and for {days} days. If you did not expect it, you need not do anything.\n"
        ),
    }
}

/// Asks a patient for consent. The link stands on a line of its own.
pub fn consent_request(clinic: &str, link: &str) -> Letter {
    Letter {
        subject: "Your clinic asks for your permission",
        body: format!(
            "Hello,\n\n{clinic} asks for your permission to share some information. Nothing is shared unless you sign, and \
             you can say no. Open this link to read what it is about:\n\n{link}\n\nKeep this mail: by the same link you can \
             take your permission back at any time, without giving a reason.\n"
        ),
    }
}

/// Sends a guest a link. The link stands on a line of its own.
pub fn share_link(clinic: &str, link: &str, days: i64) -> Letter {
    Letter {
        subject: "A confidential message for you",
        body: format!(
            "Hello,\n\n{clinic} has something confidential for you. Open this link to read it; we will send a code to this \
             address to make sure that it is you:\n\n{link}\n\nThe link works for {days} days at most. If you did not \
             expect it, open it and say that it was not meant for you, or ignore it. Do not pass it on.\n"
        ),
    }
}

/// Tells those who guard a clinic's records that something went astray.
pub fn incident(reference: &str) -> Letter {
    Letter {
        subject: "Something went astray",
        body: format!(
            "Hello,\n\nsomebody who was sent a link by your clinic says that it was not meant for them. The link was ended \
             at once. Please sign in and look at this incident:\n\n{reference}\n\nIt stays open until you close it.\n"
        ),
    }
}

/// Tells a clinic's owners that nothing is delivered to a webhook any more.
pub fn webhook_disabled(reference: &str) -> Letter {
    Letter {
        subject: "A webhook was disabled",
        body: format!(
            "Hello,\n\nnothing is delivered to one of your clinic's webhooks any more: its address does not take it, or who \
             authorised it may not any more. Please sign in and look at this webhook:\n\n{reference}\n\nWhat waits is kept, and \
             is delivered once the address has been asked again.\n"
        ),
    }
}

/// Tells those who guard a clinic's records that somebody read in an emergency what their role does not read.
pub fn emergency_access(reference: &str) -> Letter {
    Letter {
        subject: "Emergency access was used",
        body: format!(
            "Hello,\n\nsomebody in your clinic has just used emergency access. Please sign in and look at it; you can end it \
             at once:\n\n{reference}\n\nIt ends by itself after an hour. Its review stays open until somebody other than \
             who used it closes it.\n"
        ),
    }
}

/// Tells somebody that it is their turn. That a referral is about a patient goes without saying, and is not said.
pub fn referral_waits(reference: &str) -> Letter {
    Letter {
        subject: "A referral waits for you",
        body: format!("Hello,\n\na referral waits for your answer. Please sign in and look at it:\n\n{reference}\n"),
    }
}

/// Tells both sides that something is past due.
pub fn referral_overdue(reference: &str) -> Letter {
    Letter {
        subject: "A referral is overdue",
        body: format!(
            "Hello,\n\nthe next step of a referral is past due. Please sign in and look at it:\n\n{reference}\n\nThis is told \
             to both clinics, and again every week until the step is done.\n"
        ),
    }
}

/// Tells both sides that nobody answered.
pub fn referral_lapsed(reference: &str) -> Letter {
    Letter {
        subject: "A referral has lapsed",
        body: format!(
            "Hello,\n\na referral was not accepted in time and has lapsed:\n\n{reference}\n\nThis is told to both clinics. If \
             it is still wanted, it has to be sent anew.\n"
        ),
    }
}

/// A one-time code. The six digits stand on a line of their own.
pub fn one_time_code(code: &str, minutes: i64) -> Letter {
    Letter {
        subject: "Your code",
        body: format!(
            "Hello,\n\nsomebody who has your link asked for a code. This is it:\n\n{code}\n\nIt works once and for {minutes} \
             minutes. If it was not you, do not give it to anybody.\n"
        ),
    }
}

/// What a mail says and to whom: sealed until it is sent, and forgotten then.
#[derive(Serialize, Deserialize)]
pub(crate) struct Message {
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) body: String,
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
    let message = Message { recipient: recipient.to_owned(), subject: letter.subject.to_owned(), body: letter.body };
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
