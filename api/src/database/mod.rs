//! The only way to SQL: [`Db::tenant`] for somebody who signed in, [`Db::system`] for work that says why it is nobody's.
//!
//! Both open one transaction, take the database's clock in it, commit on `Ok` and roll back on `Err`; a refusal that was
//! put on record ([`ApiError::is_recorded`]) commits too, because the record is all that it wrote.

pub mod embedded;
pub mod floor;
pub mod ids;
pub mod migrations;
pub mod open;
pub mod prepare;
pub mod prepared;
pub mod progress;
pub mod roles;
pub mod schema;
pub mod transaction_id;

use crate::{
    audit::Origin,
    http::problem::ApiError,
    identity::{self, Actor, Principal},
    vault::Vault,
};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::{ConnectionError, QueryResult};
pub use diesel_async::AsyncPgConnection;
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, TransactionManager,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod},
};
use futures_util::future::{LocalBoxFuture, join, try_join_all};
use roles::Kind;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

type Pool = diesel_async::pooled_connection::deadpool::Pool<AsyncPgConnection>;

diesel::define_sql_function! {
    /// The time now, not the transaction's start: a transaction may have waited for a lock.
    fn clock_timestamp() -> diesel::sql_types::Timestamptz;
}

diesel::define_sql_function! {
    /// Takes a lock that ends with the transaction, if nobody holds it.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// What every service process shares: how to wake the mail worker, and how far tests have shifted the clock.
#[derive(Clone, Default)]
pub struct Signals {
    /// Notified when a transaction that queued mail has committed.
    pub mail: Arc<Notify>,
    /// Notified when a transaction that published events has committed.
    pub events: Arc<Notify>,
    /// Notified by who wants the audit log sealed now and not in some seconds.
    pub seal: Arc<Notify>,
    /// Notified by who wants the storage swept now and not within the hour.
    pub sweep: Arc<Notify>,
    /// Notified by who wants what is due dealt with now and not in some seconds.
    pub clocks: Arc<Notify>,
    counted: Arc<Notify>,
    is_ending: Arc<AtomicBool>,
    shift_ms: Arc<AtomicI64>,
}

impl Signals {
    /// Lets the service believe that it is later. Tests travel in time by it; nothing else calls it.
    #[doc(hidden)]
    pub fn shift_clock(&self, by: TimeDelta) {
        self.shift_ms.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// Wakes whoever follows events: some more were counted.
    pub fn events_were_counted(&self) {
        self.counted.notify_waiters();
    }

    /// Waits until events were counted, or for a second, since another service may have done it; and at most until `until`. This is
    /// the one place that knows how services hear of each other's events.
    pub async fn event_was_counted(&self, until: tokio::time::Instant) {
        let at_most = until.min(tokio::time::Instant::now() + Duration::from_secs(1));
        tokio::time::timeout_at(at_most, self.counted.notified()).await.ok();
    }

    /// Ends what would go on by itself: streams.
    pub fn end(&self) {
        AtomicBool::store(&self.is_ending, true, Ordering::SeqCst);
        self.counted.notify_waiters();
    }

    /// Whether the service is about to end.
    pub fn is_ending(&self) -> bool {
        AtomicBool::load(&self.is_ending, Ordering::SeqCst)
    }

    fn shifted(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + TimeDelta::milliseconds(AtomicI64::load(&self.shift_ms, Ordering::SeqCst))
    }
}

/// Work that no signed-in person asked for, and why it may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Signing up, signing in, refreshing.
    SignIn,
    /// A patient at this consent link.
    ConsentLink(Uuid),
    /// A guest at this link to a share.
    ShareLink(Uuid),
    /// A guest at this link to a referral.
    ReferralLink(Uuid),
    /// Sending mail.
    Mail,
    /// Counting events and taking up their deliveries.
    Events,
    /// Delivering to this webhook of this clinic, within the clinic's reach.
    Webhook {
        /// The clinic.
        clinic: Uuid,
        /// The webhook.
        webhook: Uuid,
    },
    /// Reminding of referrals, and ending what nobody answered.
    Clocks,
    /// Forgetting what has lapsed.
    Housekeeping,
    /// Telling whether the service can serve.
    Health,
    /// Sealing the audit log.
    Seal,
    /// Rotating and shredding keys. The service itself can't take this up.
    Keys,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::ConsentLink(_) => "consent-link",
            Self::ShareLink(_) => "share-link",
            Self::ReferralLink(_) => "referral-link",
            Self::Mail => "mail",
            Self::Events => "events",
            Self::Webhook { .. } => "webhook",
            Self::Clocks => "clocks",
            Self::Housekeeping => "housekeeping",
            Self::Health => "health",
            Self::Seal => "seal",
            Self::Keys => "keys",
        }
    }

    /// Whose rights such work takes up.
    const fn kind(self) -> Kind {
        match self {
            Self::SignIn => Kind::SignIn,
            Self::ConsentLink(_) | Self::ShareLink(_) | Self::ReferralLink(_) => Kind::Link,
            Self::Mail | Self::Events | Self::Clocks | Self::Housekeeping | Self::Health => Kind::Worker,
            Self::Webhook { .. } => Kind::Tenant,
            Self::Seal => Kind::Sealer,
            Self::Keys => Kind::Keeper,
        }
    }

    /// What the floor has to know of it.
    fn context(self) -> Vec<(&'static str, Uuid)> {
        match self {
            Self::ConsentLink(link) | Self::ShareLink(link) | Self::ReferralLink(link) => vec![("app.link_id", link)],
            // The webhook is nobody's member: what takes a person is closed to it.
            Self::Webhook { clinic, webhook } => vec![("app.clinic_id", clinic), ("app.member_id", webhook)],
            _ => Vec::new(),
        }
    }
}

/// A connection from the pool. Whoever went away in the middle of a transaction leaves it open: then the connection is closed at
/// once, which ends the transaction and its locks, and does not wait in the pool for its next borrower.
struct Borrowed(Option<deadpool::managed::Object<AsyncDieselConnectionManager<AsyncPgConnection>>>);

impl Borrowed {
    fn conn(&mut self) -> Result<&mut AsyncPgConnection, ApiError> {
        let missing = || ApiError::internal(anyhow::anyhow!("the connection was given back already"));
        self.0.as_deref_mut().ok_or_else(missing)
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Some(mut conn) = self.0.take()
            && AnsiTransactionManager::is_broken_transaction_manager(&mut *conn)
        {
            drop(deadpool::managed::Object::take(conn));
        }
    }
}

/// How many requests may wait for each connection. A request has one for a few milliseconds, so whoever waits behind so many others
/// still waits for less than half a second; whoever comes after them is told at once to come back.
const WAITING_PER_CONNECTION: usize = 16;

/// A pool of connections. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool,
    most_waiting: usize,
    signals: Signals,
    vault: Arc<Vault>,
}

/// One open transaction. Only [`Db`] makes one.
pub struct Tx<'c> {
    conn: &'c mut AsyncPgConnection,
    signals: &'c Signals,
    vault: &'c Vault,
    now: DateTime<Utc>,
    origin: Origin,
    last: Vec<Write>,
    after: After,
}

/// A write that nothing else in its transaction asks for.
type Write = Box<dyn for<'c> FnOnce(&'c AsyncPgConnection) -> LocalBoxFuture<'c, QueryResult<usize>>>;

/// Whom to wake after the commit.
#[derive(Clone, Copy, Default)]
struct After {
    mail: bool,
    events: bool,
}

impl<'c> Tx<'c> {
    /// The time of every decision in this transaction, by the database's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Moves the time of decisions on, after a wait for a lock, to what the database's clock said when it ended.
    pub fn waited_until(&mut self, at: DateTime<Utc>) {
        self.now = self.signals.shifted(at);
    }

    /// The same with a time that the database has shifted already.
    pub fn decides_at(&mut self, at: DateTime<Utc>) {
        self.now = at;
    }

    /// How far the clock is shifted, in milliseconds; zero but in tests.
    pub fn clock_shift(&self) -> i64 {
        AtomicI64::load(&self.signals.shift_ms, Ordering::SeqCst)
    }

    /// What unlocks the keys that this transaction reads.
    pub fn vault(&self) -> &'c Vault {
        self.vault
    }

    /// Who acts, as the audit log names it.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Names who acts, once that is known: a person who signs in is nobody until the password fits.
    pub fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// The connection, for `store.rs` files.
    pub fn conn(&mut self) -> &mut AsyncPgConnection {
        self.conn
    }

    /// Writes this last, before the commit: with whatever else is written last in one round trip, in the order in which they
    /// came here. Nothing else in this transaction may ask for it. If one of them fails, all of it fails.
    pub fn write_last<W>(&mut self, write: W)
    where
        W: for<'w> FnOnce(&'w AsyncPgConnection) -> LocalBoxFuture<'w, QueryResult<usize>> + 'static,
    {
        self.last.push(Box::new(write));
    }

    /// Remembers to wake the mail worker after the commit.
    pub fn mail_was_queued(&mut self) {
        self.after.mail = true;
    }

    /// Remembers to wake who counts events after the commit.
    pub fn event_was_published(&mut self) {
        self.after.events = true;
    }
}

impl Db {
    /// A pool for this database. It connects when it is first asked to.
    ///
    /// # Errors
    /// If the pool can't be built.
    pub fn new(url: &str, size: usize, signals: Signals, vault: Arc<Vault>) -> anyhow::Result<Self> {
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        // No query at checkout; a connection with an open or broken transaction is dropped all the same.
        config.recycling_method = RecyclingMethod::Fast;
        let pool = Pool::builder(AsyncDieselConnectionManager::new_with_config(url, config))
            .max_size(size)
            .runtime(deadpool::Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(5)))
            .build()?;
        Ok(Self { pool, most_waiting: usize::MAX, signals, vault })
    }

    /// The same for answering requests: no queue without end. What looks after itself may wait for its turn.
    #[must_use]
    pub fn for_requests(mut self) -> Self {
        self.most_waiting = self.pool.status().max_size.saturating_mul(WAITING_PER_CONNECTION);
        self
    }

    async fn borrow(&self, may_wait: bool) -> Result<Borrowed, ApiError> {
        if !may_wait && self.pool.status().waiting >= self.most_waiting {
            return Err(ApiError::unavailable(1).because(anyhow::anyhow!("too many requests wait for the database")));
        }
        Ok(Borrowed(Some(self.pool.get().await?)))
    }

    /// Runs `work` in one transaction of the actor's clinic, after reading from the database that the session is alive
    /// and the membership in force, or the client and its token (45 CFR 164.312(a)(1)): a signature is necessary, not
    /// sufficient.
    ///
    /// # Errors
    /// `unauthenticated` if session, membership, client or token ended; `unavailable` if the database is; whatever `work` answers.
    pub async fn tenant<T>(
        &self,
        actor: &Actor,
        work: impl AsyncFnOnce(&mut Tx<'_>, &Principal) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.tenant_beside(actor, async |_| Ok(()), async |tx, me, ()| work(tx, me).await).await
    }

    /// The same with something that is read in the round trip that reads who calls. It reaches `work` only if the caller is
    /// alive, and reads nothing but what the caller's clinic may read.
    ///
    /// # Errors
    /// Those of [`Db::tenant`], and whatever the database answers.
    pub async fn tenant_beside<B, T>(
        &self,
        actor: &Actor,
        beside: impl AsyncFnOnce(&AsyncPgConnection) -> QueryResult<B>,
        work: impl AsyncFnOnce(&mut Tx<'_>, &Principal, B) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let mut borrowed = self.borrow(false).await?;
        let conn = borrowed.conn()?;
        // Of a machine that is the client's id: it is nobody's member's, so that what takes a person is closed to it.
        let ids = [("app.clinic_id", actor.clinic), ("app.member_id", actor.id())];
        begin(conn, Kind::Tenant, &ids, "").await?;
        let shared: &AsyncPgConnection = conn;
        let (live, read) = join(identity::live(shared, actor), beside(shared)).await;
        let begun = live.and_then(|live| {
            let now = self.signals.shifted(live.read_at);
            Ok((now, live.at(now)?, read?))
        });
        let (now, principal, read) = match begun {
            Ok(begun) => begun,
            Err(error) => return self.end(conn, Err(error), Vec::new(), After::default()).await,
        };
        let origin = Origin::of(&principal, &actor.request);
        self.run(conn, now, origin, async |tx| work(tx, &principal, read).await).await
    }

    /// Runs `work` of the system itself in one transaction.
    ///
    /// # Errors
    /// `unavailable` if the database is; whatever `work` answers.
    pub async fn system<T>(
        &self,
        reason: Reason,
        origin: Origin,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        // A service with much to do is well: a balancer that took it out would leave that to the others.
        let mut borrowed = self.borrow(reason == Reason::Health).await?;
        let conn = borrowed.conn()?;
        begin(conn, reason.kind(), &reason.context(), reason.as_str()).await?;
        match read_clock(conn).await {
            Ok(read_at) => self.run(conn, self.signals.shifted(read_at), origin, work).await,
            Err(error) => self.end(conn, Err(error.into()), Vec::new(), After::default()).await,
        }
    }

    async fn run<T>(
        &self,
        conn: &mut AsyncPgConnection,
        now: DateTime<Utc>,
        origin: Origin,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let (signals, vault) = (&self.signals, self.vault.as_ref());
        let mut tx = Tx { conn: &mut *conn, signals, vault, now, origin, last: Vec::new(), after: After::default() };
        let outcome = work(&mut tx).await;
        let (last, after) = (tx.last, tx.after);
        self.end(conn, outcome, last, after).await
    }

    async fn end<T>(
        &self,
        conn: &mut AsyncPgConnection,
        mut outcome: Result<T, ApiError>,
        last: Vec<Write>,
        after: After,
    ) -> Result<T, ApiError> {
        if outcome.as_ref().err().is_none_or(ApiError::is_recorded) {
            let shared: &AsyncPgConnection = conn;
            let written = try_join_all(last.into_iter().map(|write| write(shared))).await;
            match written {
                Ok(_) => {
                    AnsiTransactionManager::commit_transaction(conn).await?;
                    if after.mail {
                        self.signals.mail.notify_one();
                    }
                    if after.events {
                        self.signals.events.notify_one();
                    }
                    return outcome;
                }
                // No record, no answer, and no refusal either.
                Err(error) => outcome = Err(error.into()),
            }
        }
        // A failed rollback marks the connection broken, and the pool drops it.
        AnsiTransactionManager::rollback_transaction(conn).await.ok();
        outcome
    }
}

/// `BEGIN`, the role and the context in one message that Diesel's transaction manager sends, so that it knows of the transaction
/// and a dropped request can't hand its tenant to the next borrower. Everything is local to the transaction. The values
/// are UUIDs and words of ours, so they can't carry SQL.
async fn begin(conn: &mut AsyncPgConnection, kind: Kind, ids: &[(&str, Uuid)], reason: &str) -> Result<(), ApiError> {
    let mut sql = format!(
        "BEGIN; SELECT set_config('role', '{}', true), set_config('statement_timeout', '5s', true), \
         set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '5s', true)",
        kind.role(),
    );
    for (name, id) in ids {
        sql.push_str(&format!(", set_config('{name}', '{id}', true)"));
    }
    if !reason.is_empty() {
        sql.push_str(&format!(", set_config('app.reason', '{reason}', true)"));
    }
    AnsiTransactionManager::begin_transaction_sql(conn, &sql).await?;
    Ok(())
}

async fn read_clock(conn: &mut AsyncPgConnection) -> diesel::QueryResult<DateTime<Utc>> {
    use diesel_async::RunQueryDsl;
    diesel::select(clock_timestamp()).get_result(conn).await
}

/// Opens a connection of its own, for start-up work.
///
/// # Errors
/// If the database can't be reached.
pub async fn connect(url: &str) -> Result<AsyncPgConnection, ConnectionError> {
    AsyncPgConnection::establish(url).await
}
