//! The harness: a [`World`] in which people of clinics and patients act, each through the SDK over HTTP.
//!
//! One Postgres for the test run, migrated once; every world has a database of its own, cloned from that, and a service of
//! its own on a free port, on its own threads. Nothing is shared between two tests but the cluster.
#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a harness fails loudly")]

pub mod browser;
pub mod cases;
pub mod cluster;
pub mod files;
pub mod mail;
pub mod people;
mod problems;
pub mod tap;

use cluster::new_database;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use mail::Mailbox;
use people::Clinic;
use rapport_api::{
    attachments::Storage,
    config::Config,
    database::Signals,
    http::{address::Proxies, limits::Budgets},
    identity::{secrets::Secrets, tokens::TokenKeys},
    server::{self, Running},
    vault::{Vault, ring::Ring},
};
use rapport_contract::ids::{ClinicId, MemberId, PatientId};
use rapport_sdk::Client;
use std::{
    net::{Ipv4Addr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

/// A service with a database of its own, and the people in it.
pub struct World {
    running: Option<Running>,
    folder: TempDir,
    database_url: String,
    counter: AtomicU32,
}

impl World {
    /// Starts one.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts one with other settings.
    pub async fn with(change: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        tokio::task::spawn_blocking(move || {
            let database_url = new_database();
            Self::on(database_url, change)
        })
        .await
        .expect("a world starts")
    }

    /// Starts one on a database that exists already. Blocking.
    pub fn on(database_url: String, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            metrics_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            data_dir: folder.path().to_owned(),
            database_url: Some(database_url.clone()),
            keys: server::make_keys(folder.path()).expect("keys"),
            smtp_url: None,
            mail_from: "Rapport <rapport@localhost>".parse().expect("a mailbox"),
            outbound_origins: Vec::new(),
            webhook_timeout: Duration::from_secs(15),
            audit_witness_file: folder.path().join("audit/checkpoints.jsonl"),
            attachment_store: Storage::Folder(folder.path().join("attachments")),
            attachment_quota: 64 * 1024 * 1024,
            attachment_scanner: None,
            budgets: Budgets::all(NonZeroU32::new(1_000_000).expect("not zero")),
            max_connections: NonZeroUsize::new(4096).expect("not zero"),
            proxies: Proxies::none(),
            cors_origins: Vec::new(),
            tls: None,
            shutdown_delay: Duration::ZERO,
            workers: NonZeroUsize::new(2).expect("not zero"),
            pool_size: NonZeroUsize::new(6).expect("not zero"),
            log: "warn".to_owned(),
            log_json: false,
            must_last: false,
        };
        change(&mut config);
        let running = server::start_on(&config, database_url.clone(), None).expect("the service starts");
        Self { running: Some(running), folder, database_url, counter: AtomicU32::new(0) }
    }

    /// The service.
    pub fn service(&self) -> &Running {
        self.running.as_ref().expect("the service runs")
    }

    /// Where the service is reached, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.service().public_url
    }

    /// Where the metrics are served.
    pub fn metrics_url(&self) -> String {
        format!("http://{}/metrics", self.service().metrics_address)
    }

    /// Its data folder, with its keys.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The database behind it.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The vault of the service, for tests that work beneath it.
    pub fn vault(&self) -> Arc<Vault> {
        let files = rapport_api::identity::keys::KeyFiles::under(self.folder.path());
        Arc::new(Vault::new(Arc::new(Ring::open(&files.root).expect("the service has root keys"))))
    }

    /// What is derived from the service's secret.
    pub fn secrets(&self) -> Secrets {
        let keys = rapport_api::identity::keys::KeyFiles::under(self.folder.path()).read().expect("keys");
        Secrets::derive(&keys.secret).expect("a secret")
    }

    /// A connection to the database, past the service: for what a test has to see or to break.
    pub async fn database(&self) -> diesel_async::AsyncPgConnection {
        rapport_api::database::connect(&self.database_url).await.expect("the database answers")
    }

    /// Runs a statement beneath the service, as a member of a clinic would: under the tenant's role and the rules of the floor.
    /// How many rows it found or changed; nothing of it is kept.
    ///
    /// # Errors
    /// Postgres's refusal.
    pub async fn beneath(&self, clinic: ClinicId, member: MemberId, sql: &str) -> Result<usize, String> {
        let mut conn = self.database().await;
        conn.batch_execute(&as_member(clinic, member)).await.expect("a transaction of the tenant's");
        let found = diesel::sql_query(sql).execute(&mut conn).await;
        conn.batch_execute("rollback").await.expect("the end of it");
        found.map_err(|error| error.to_string())
    }

    /// How many rows of each table the database lets the work at a link of this patient see.
    pub async fn beneath_link<const N: usize>(&self, link: &str, patient: PatientId, tables: [&str; N]) -> [usize; N] {
        let mut conn = self.database().await;
        let begin = format!(
            "begin; set local role rapport_link; select set_config('app.link_id', '{link}', true); \
             select hold_consents_of('{patient}', 0)"
        );
        conn.batch_execute(&begin).await.expect("a transaction of the link's");
        let mut seen = [0; N];
        for (number, table) in seen.iter_mut().zip(tables) {
            *number = diesel::sql_query(format!("select from {table}")).execute(&mut conn).await.expect(table);
        }
        conn.batch_execute("rollback").await.expect("the end of it");
        seen
    }

    /// The private key that signs the service's access tokens, for tests that forge what it would not sign.
    pub fn signing_key(&self) -> String {
        let files = rapport_api::identity::keys::KeyFiles::under(self.folder.path());
        std::fs::read_to_string(files.signing).expect("the service has a key")
    }

    /// Lets the service believe that it is later.
    pub fn travel(&self, by: chrono::TimeDelta) {
        self.service().signals.shift_clock(by);
    }

    /// An access token of this member, whatever the member's state, with a session that is an hour from its end.
    pub async fn token(&self, member: MemberId, clinic: ClinicId) -> String {
        let session = rapport_api::database::ids::new_id();
        let now = people::wall_clock();
        diesel::sql_query(
            "insert into sessions (id, clinic_id, member_id, created_at, refreshed_at, expires_at)
             values ($1, $2, $3, $4, $4, $5)",
        )
        .bind::<diesel::sql_types::Uuid, _>(session)
        .bind::<diesel::sql_types::Uuid, _>(clinic.uuid())
        .bind::<diesel::sql_types::Uuid, _>(member.uuid())
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .bind::<diesel::sql_types::Timestamptz, _>(now + chrono::TimeDelta::hours(1))
        .execute(&mut self.database().await)
        .await
        .expect("a session");
        let keys = server::make_keys(self.folder.path()).and_then(|files| files.read()).expect("keys");
        let keys = TokenKeys::from_pem(&keys.signing_pem, self.url().to_owned()).expect("a signing key");
        keys.sign(member.into(), clinic.into(), session).expect("a token").into_inner()
    }

    /// Waits until everything in the audit log is sealed, with the newest checkpoint over it.
    pub async fn sealed(&self) {
        seal(&self.database_url, &self.service().signals).await;
    }

    /// The mail that the service wrote.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::new(self.folder.path().join("mail"))
    }

    /// Somebody who has not signed in. Never repeats a request by itself: a test sees each answer.
    pub fn nobody(&self) -> Client {
        Client::builder(self.url()).retries(rapport_sdk::Policy::NEVER).build().expect("a client")
    }

    /// A plain HTTP client, for requests that the SDK would never send.
    pub fn http(&self) -> reqwest::Client {
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
    }

    /// A number that this world has not given before.
    pub fn number(&self) -> u32 {
        self.counter.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Signs a clinic up; its owner is signed in.
    pub async fn clinic(&self, name: &str) -> Clinic<'_> {
        Clinic::sign_up(self, name).await
    }
}

/// Begins a transaction beneath the service as a member of a clinic: under the tenant's role, with what the floor has to know.
pub fn as_member(clinic: ClinicId, member: MemberId) -> String {
    format!(
        "begin; set local role rapport_tenant; select set_config('app.clinic_id', '{clinic}', true), \
         set_config('app.member_id', '{member}', true), set_config('app.at', clock_timestamp()::text, true)"
    )
}

/// Waits until every event of a database is sealed, by the service that has these signals.
async fn seal(database_url: &str, signals: &Signals) {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let mut conn = rapport_api::database::connect(database_url).await.expect("the database answers");
    let start = std::time::Instant::now();
    loop {
        // Another transaction of the cluster may run and hold the seal up: so it is asked for again.
        signals.seal.notify_one();
        let unsealed = "select count(*) from audit_events e where not exists \
                        (select from audit_leaves l where l.event_id = e.id)";
        let found: Vec<Count> = diesel_async::RunQueryDsl::load(diesel::sql_query(unsealed), &mut conn).await.unwrap();
        if found.iter().all(|found| found.count == 0) {
            return;
        }
        assert!(start.elapsed() < std::time::Duration::from_secs(60), "the log is not being sealed");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let metrics = running.metrics_address;
            if !std::thread::panicking() {
                problems::check(metrics);
            }
            running.stop().ok();
        }
    }
}
