//! The SQL of guests' links, to shares and to referrals, and of the sessions that they open.

use super::state::{Facts, state};
use crate::{
    database::{
        Tx,
        ids::new_id,
        prepared::Prepare,
        schema::{share_link_sessions, share_links},
    },
    links::{self, KeptCode, NewSession},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use rapport_contract::share_links::ShareLinkState;
use uuid::Uuid;

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    /// A share.
    Share(Uuid),
    /// A referral.
    Referral(Uuid),
}

impl Leads {
    /// The share, and the referral.
    fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Share(id) => (Some(id), None),
            Self::Referral(id) => (None, Some(id)),
        }
    }
}

/// A link as a row.
#[derive(Clone, Queryable, Selectable, Insertable)]
// None is written as NULL: with DEFAULT in its place Diesel would prepare the statement anew on every call.
#[diesel(table_name = share_links, treat_none_as_default_value = false)]
pub(crate) struct Link {
    pub(crate) id: Uuid,
    pub(crate) clinic_id: Uuid,
    pub(crate) share_id: Option<Uuid>,
    pub(crate) referral_id: Option<Uuid>,
    pub(crate) number: i32,
    pub(crate) secret_hash: Vec<u8>,
    pub(crate) tries_left: i32,
    pub(crate) openings: i32,
    pub(crate) opened_at: Option<DateTime<Utc>>,
    code_hash: Option<Vec<u8>>,
    code_expires_at: Option<DateTime<Utc>>,
    pub(crate) codes_sent: i32,
    code_sent_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) ended_at: Option<DateTime<Utc>>,
    pub(crate) ended_by: Option<String>,
}

impl Link {
    /// What it leads to.
    pub(crate) fn leads(&self) -> Leads {
        self.referral_id.map_or_else(|| Leads::Share(self.share_id.unwrap_or_default()), Leads::Referral)
    }

    pub(crate) fn code(&self) -> KeptCode {
        KeptCode { hash: self.code_hash.clone(), expires_at: self.code_expires_at, sent_at: self.code_sent_at }
    }

    /// What it is good for now.
    pub(crate) fn state(&self, is_withdrawn: bool, now: DateTime<Utc>) -> ShareLinkState {
        let facts = Facts {
            ended_by: self.ended_by.as_deref(),
            is_withdrawn,
            tries_left: self.tries_left,
            openings: self.openings,
            expires_at: self.expires_at,
        };
        state(facts, now)
    }
}

/// Keeps a new link. It is put together here and not read back: a guest who asks for a new link does not see it, but by mail.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    (clinic, leads): (Uuid, Leads),
    number: i32,
    secret_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> QueryResult<Link> {
    let (share_id, referral_id) = leads.ids();
    let link = Link {
        id: new_id(),
        clinic_id: clinic,
        share_id,
        referral_id,
        number,
        secret_hash: secret_hash.to_vec(),
        tries_left: links::TRIES,
        openings: 0,
        opened_at: None,
        code_hash: None,
        code_expires_at: None,
        codes_sent: 0,
        code_sent_at: None,
        created_at: tx.now(),
        expires_at,
        ended_at: None,
        ended_by: None,
    };
    diesel::insert_into(share_links::table).values(&link).execute(tx.conn()).await?;
    Ok(link)
}

/// Finds a link in whatever state, and locks it: of many tries at once each counts, and whoever ends it waits for the
/// reading that goes on.
pub(crate) async fn find(tx: &mut Tx<'_>, id: Uuid) -> QueryResult<Option<Link>> {
    share_links::table.find(id).select(Link::as_select()).for_update().first(tx.conn()).await.optional()
}

/// Every link of these shares, the newest of each first.
pub(crate) async fn of_shares(tx: &mut Tx<'_>, clinic: Uuid, shares: &[Uuid]) -> QueryResult<Vec<Link>> {
    share_links::table
        .filter(share_links::clinic_id.eq(clinic))
        .filter(share_links::share_id.assume_not_null().eq_any(shares))
        .order((share_links::share_id, share_links::number.desc()))
        .select(Link::as_select())
        .load(tx.conn())
        .await
}

/// Every link to a referral, the newest first.
pub(crate) async fn of_referral(tx: &mut Tx<'_>, clinic: Uuid, referral: Uuid) -> QueryResult<Vec<Link>> {
    share_links::table
        .filter(share_links::clinic_id.eq(clinic))
        .filter(share_links::referral_id.eq(referral))
        .order(share_links::number.desc())
        .select(Link::as_select())
        .load(tx.conn())
        .await
}

/// Keeps the code that is being sent.
pub(crate) async fn keep_code(tx: &mut Tx<'_>, link: &Link, code: &KeptCode) -> QueryResult<()> {
    diesel::update(share_links::table.find(link.id))
        .set((
            share_links::code_hash.eq(code.hash.as_ref()),
            share_links::code_expires_at.eq(code.expires_at),
            share_links::code_sent_at.eq(code.sent_at),
            share_links::codes_sent.eq(share_links::codes_sent + 1),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(crate) async fn count_wrong_try(tx: &mut Tx<'_>, link: &Link) -> QueryResult<()> {
    diesel::update(share_links::table.find(link.id))
        .set(share_links::tries_left.eq(share_links::tries_left - 1))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Opens a session: the code is used up, the opening counts, and the wrong tries before it are forgiven.
pub(crate) async fn open_session(tx: &mut Tx<'_>, link: &Link, session: &NewSession) -> QueryResult<()> {
    use share_link_sessions as columns;
    let now = tx.now();
    diesel::update(share_links::table.find(link.id))
        .set((
            share_links::code_hash.eq(None::<Vec<u8>>),
            share_links::code_expires_at.eq(None::<DateTime<Utc>>),
            share_links::tries_left.eq(links::TRIES),
            share_links::openings.eq(share_links::openings + 1),
            share_links::opened_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    diesel::insert_into(share_link_sessions::table)
        .values((
            columns::hash.eq(session.hash()),
            columns::clinic_id.eq(link.clinic_id),
            columns::link_id.eq(link.id),
            columns::csrf_hash.eq(session.csrf_hash()),
            columns::expires_at.eq(links::ends_at(now)),
            columns::last_seen_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes that a live session of this link was seen, and gives the hash of its anti-CSRF token.
pub(crate) async fn touch(tx: &mut Tx<'_>, link: &Link, session: &[u8]) -> QueryResult<Option<Vec<u8>>> {
    let now = tx.now();
    let live = share_link_sessions::table
        .find(session)
        .filter(share_link_sessions::clinic_id.eq(link.clinic_id))
        .filter(share_link_sessions::link_id.eq(link.id))
        .filter(share_link_sessions::expires_at.gt(now))
        .filter(share_link_sessions::last_seen_at.gt(links::idle_since(now)));
    diesel::update(live)
        .set(share_link_sessions::last_seen_at.eq(now))
        .returning(share_link_sessions::csrf_hash)
        .prepared()
        .get_result(tx.conn())
        .await
        .optional()
}

/// Ends a link, if nobody has.
pub(crate) async fn end(tx: &mut Tx<'_>, link: &Link, by: &'static str) -> QueryResult<()> {
    let now = tx.now();
    diesel::update(share_links::table.find(link.id).filter(share_links::ended_at.is_null()))
        .set((share_links::ended_at.eq(now), share_links::ended_by.eq(by)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Ends every link of a share, after the readings that go on at them.
pub(super) async fn end_all(tx: &mut Tx<'_>, clinic: Uuid, share: Uuid, by: &'static str) -> QueryResult<()> {
    let now = tx.now();
    let alive = share_links::table
        .filter(share_links::clinic_id.eq(clinic))
        .filter(share_links::share_id.eq(share))
        .filter(share_links::ended_at.is_null());
    diesel::update(alive).set((share_links::ended_at.eq(now), share_links::ended_by.eq(by))).execute(tx.conn()).await?;
    Ok(())
}
