//! The SQL of links and of the sessions that they open.

use crate::{
    consents,
    database::{
        Tx,
        ids::new_id,
        prepared::Prepare,
        schema::{consent_link_sessions, consent_links},
    },
    links::{self, KeptCode, NewSession},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// A link that still has a try left.
#[derive(Queryable, Selectable)]
#[diesel(table_name = consent_links)]
pub(super) struct Link {
    pub(super) id: Uuid,
    pub(super) clinic_id: Uuid,
    pub(super) consent_id: Uuid,
    pub(super) secret_hash: Vec<u8>,
    code_hash: Option<Vec<u8>>,
    code_expires_at: Option<DateTime<Utc>>,
    code_sent_at: Option<DateTime<Utc>>,
}

impl Link {
    pub(super) fn code(&self) -> KeptCode {
        KeptCode { hash: self.code_hash.clone(), expires_at: self.code_expires_at, sent_at: self.code_sent_at }
    }
}

pub(super) async fn insert(tx: &mut Tx<'_>, consent: &consents::Row, secret_hash: &[u8]) -> QueryResult<Uuid> {
    use consent_links as columns;
    let (id, now) = (new_id(), tx.now());
    diesel::insert_into(consent_links::table)
        .values((
            columns::id.eq(id),
            columns::clinic_id.eq(consent.clinic_id),
            columns::consent_id.eq(consent.id),
            columns::patient_id.eq(consent.patient_id),
            columns::secret_hash.eq(secret_hash),
            columns::created_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(id)
}

/// Finds a link with tries left, and locks it: of many wrong tries at once each counts.
pub(super) async fn find_alive(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<Link>> {
    consent_links::table
        .find(id)
        .filter(consent_links::tries_left.gt(0))
        .select(Link::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()
}

/// Keeps the code that is being sent.
pub(super) async fn keep_code(tx: &mut Tx<'_>, link: &Link, code: &KeptCode) -> QueryResult<()> {
    diesel::update(consent_links::table.find(link.id))
        .set((
            consent_links::code_hash.eq(code.hash.as_ref()),
            consent_links::code_expires_at.eq(code.expires_at),
            consent_links::code_sent_at.eq(code.sent_at),
            consent_links::codes_sent.eq(consent_links::codes_sent + 1),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn count_wrong_try(tx: &mut Tx<'_>, link: &Link) -> QueryResult<()> {
    diesel::update(consent_links::table.find(link.id))
        .set(consent_links::tries_left.eq(consent_links::tries_left - 1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Opens a session: the code is used up, and the wrong tries before it are forgiven.
pub(super) async fn open_session(tx: &mut Tx<'_>, link: &Link, session: &NewSession) -> QueryResult<()> {
    use consent_link_sessions as columns;
    let now = tx.now();
    diesel::update(consent_links::table.find(link.id))
        .set((
            consent_links::code_hash.eq(None::<Vec<u8>>),
            consent_links::code_expires_at.eq(None::<DateTime<Utc>>),
            consent_links::tries_left.eq(links::TRIES),
        ))
        .execute(tx.conn())
        .await?;
    diesel::insert_into(consent_link_sessions::table)
        .values((
            columns::hash.eq(session.hash()),
            columns::link_id.eq(link.id),
            columns::csrf_hash.eq(session.csrf_hash()),
            columns::expires_at.eq(links::ends_at(now)),
            columns::last_seen_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Finds the consent of a live session of this link, and notes that it was seen: clinic, consent, CSRF hash.
pub(super) async fn resume(tx: &mut Tx<'_>, link: Uuid, hash: &[u8]) -> QueryResult<Option<(Uuid, Uuid, Vec<u8>)>> {
    let now = tx.now();
    let live = consent_link_sessions::table
        .find(hash)
        .filter(consent_link_sessions::link_id.eq(link))
        .filter(consent_link_sessions::expires_at.gt(now))
        .filter(consent_link_sessions::last_seen_at.gt(links::idle_since(now)));
    let csrf_hash = diesel::update(live)
        .set(consent_link_sessions::last_seen_at.eq(now))
        .returning(consent_link_sessions::csrf_hash)
        .prepared()
        .get_result::<Vec<u8>>(tx.conn())
        .await
        .optional()?;
    let Some(csrf_hash) = csrf_hash else { return Ok(None) };
    let owner = consent_links::table
        .find(link)
        .filter(consent_links::tries_left.gt(0))
        .select((consent_links::clinic_id, consent_links::consent_id))
        .first::<(Uuid, Uuid)>(tx.conn())
        .await
        .optional()?;
    Ok(owner.map(|(clinic, consent)| (clinic, consent, csrf_hash)))
}
