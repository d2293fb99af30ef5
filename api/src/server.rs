//! The service as a whole: database, keys, workers, listeners, on a thread and runtime of its own.

use crate::{
    api_clients::RemoteKeys,
    app::{self, Shared},
    attachments::{self, Files},
    audit::seal::{self, SealKey, Witness},
    config::Config,
    database::{
        Db, Signals,
        embedded::{Cluster, Options},
        floor, prepare,
    },
    events::{
        PublicUrl, Streams, deliver,
        webhooks::Courier,
        worker::{self, Transport},
    },
    http::{Outbound, conventions::Edge, limits::Limits},
    identity::{
        keys::{KeyFiles, Keys},
        passwords::Passwords,
        secrets::Secrets,
        tokens::TokenKeys,
    },
    keys,
    pages::Templates,
    referrals,
    service::Stopping,
    vault::{Vault, ring::Ring},
};
use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{self, Data},
};
use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
#[cfg(target_os = "linux")]
use nix::sys::socket::{setsockopt, sockopt};
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, mpsc},
    thread::JoinHandle,
    time::Duration,
};

/// How long requests may take to finish when the service stops, in seconds.
const DRAIN_SECONDS: u64 = 10;
/// How long the head of a request or a TLS handshake may take: a connection that says nothing holds its place no longer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long whoever is sent an answer may take nothing of it, in milliseconds: a connection that is not read holds its place no
/// longer. The operating system sees to it, where it can.
#[cfg(target_os = "linux")]
const STALLED: u32 = 20_000;
/// Connections that the operating system keeps until one of ours is free.
const BACKLOG: u32 = 1024;

/// A running service. It stops when it is dropped.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it serves metrics.
    pub metrics_address: SocketAddr,
    /// Whether it speaks TLS there.
    pub is_tls: bool,
    /// Where people reach it.
    pub public_url: String,
    /// Where mail is written, unless a mail server takes it.
    pub mail_dir: Option<PathBuf>,
    /// Its database.
    pub database_url: String,
    /// Wake-ups and the clock's shift.
    pub signals: Signals,
    handles: Vec<ServerHandle>,
    stopping: Stopping,
    shutdown_delay: Duration,
    thread: Option<JoinHandle<()>>,
    // Dropped last: the database outlives what uses it.
    cluster: Option<Cluster>,
}

/// Starts the service and comes back when it answers. `say` gets what a person at a terminal should read.
///
/// # Errors
/// In one line, what to change.
pub fn start(config: &Config, say: &dyn Fn(&str)) -> anyhow::Result<Running> {
    // A port that is taken is told at once, and not after a database has been fetched, made and started.
    bind(config.listen, "--listen")?;
    bind(config.metrics_listen, "--metrics-listen")?;
    let (database_url, cluster) = match &config.database_url {
        Some(url) => (url.clone(), None),
        None => {
            let connections = most_connections(config).to_string();
            let options = Options { settings: vec![("max_connections".to_owned(), connections)], ..Options::default() };
            let cluster = Cluster::start(&config.data_dir.join("postgres"), &options, say)?;
            config.keys.make_missing()?;
            (cluster.url("postgres"), Some(cluster))
        }
    };
    start_on(config, database_url, cluster)
}

/// As many connections as all threads that serve may open, and a hundred, which is Postgres's own default, for the service's own
/// work and for whoever looks after the database.
fn most_connections(config: &Config) -> usize {
    config.workers.get().saturating_mul(config.pool_size.get()).saturating_add(100)
}

/// Starts the service on a database that runs already. Tests do.
///
/// # Errors
/// In one line, what to change.
pub fn start_on(config: &Config, database_url: String, cluster: Option<Cluster>) -> anyhow::Result<Running> {
    let listener = bind(config.listen, "--listen")?;
    let metrics_listener = bind(config.metrics_listen, "--metrics-listen")?;
    let (address, metrics_address) = (listener.local_addr()?, metrics_listener.local_addr()?);
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    let mail_dir = config.data_dir.join("mail");
    let transport = match &config.smtp_url {
        Some(url) => Transport::smtp(url)?,
        None => Transport::folder(mail_dir.clone())?,
    };
    let keys = config.keys.read()?;
    let sealing = Sealing { key: SealKey::derive(&keys.secret)?, witness: Witness::open(&config.audit_witness_file)? };
    let vault = Arc::new(Vault::new(Arc::new(Ring::open(&config.keys.root)?)));
    let shared = shared(config, &keys, &sealing.key, vault, &database_url, &public_url)?;
    let signals = shared.signals.clone();
    let stopping = shared.stopping.as_ref().clone();

    let (started, is_started) = mpsc::channel();
    let worker_config = config.clone();
    let thread = std::thread::Builder::new().name("rapport".to_owned()).spawn(move || {
        let outcome = runtime().and_then(|runtime| {
            runtime.block_on(run(shared, worker_config, [listener, metrics_listener], transport, sealing, &started))
        });
        if let Err(error) = outcome {
            // Whoever waits for the start gets it; afterwards nobody does, and it goes to the log.
            if let Err(mpsc::SendError(Err(error))) = started.send(Err(error)) {
                tracing::error!(error = format!("{error:#}"), "the service has ended");
            }
        }
    })?;
    let handles = is_started.recv().context("the service ended before it had started")??;
    Ok(Running {
        address,
        metrics_address,
        is_tls: config.tls.is_some(),
        public_url,
        mail_dir: config.smtp_url.is_none().then_some(mail_dir),
        database_url,
        signals,
        handles,
        stopping,
        shutdown_delay: config.shutdown_delay,
        thread: Some(thread),
        cluster,
    })
}

fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address);
    let listener = listener.with_context(|| format!("{address} can't be listened on; give another one with {flag}"))?;
    // Connections have from the listener what it has (tcp(7)).
    #[cfg(target_os = "linux")]
    setsockopt(&listener, sockopt::TcpUserTimeout, &STALLED).context("how long a connection may stall can't be set")?;
    Ok(listener)
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    // Migrations and the mail worker run here; requests are served on threads of their own.
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

fn shared(
    config: &Config,
    keys: &Keys,
    seal_key: &SealKey,
    vault: Arc<Vault>,
    database_url: &str,
    public_url: &str,
) -> anyhow::Result<Shared> {
    let secrets = Arc::new(Secrets::derive(&keys.secret)?);
    let url = PublicUrl::new(public_url);
    Ok(Shared {
        database_url: database_url.to_owned(),
        pool_size: config.pool_size.get(),
        signals: Signals::default(),
        vault,
        tokens: Data::new(TokenKeys::from_pem(&keys.signing_pem, url.as_str().to_owned())?.publishing(seal_key.jwk())),
        passwords: Data::new(Passwords::new(Arc::clone(&secrets))?),
        secrets: Data::from(secrets),
        limits: Data::new(Limits::new(config.budgets)),
        edge: Data::new(Edge { proxies: config.proxies.clone(), is_https: url.is_https() }),
        cors_origins: config.cors_origins.clone(),
        stopping: Data::new(Stopping::default()),
        public_url: Data::new(url),
        remote_keys: Data::new(RemoteKeys::new(Outbound::new(config.outbound_origins.clone())?)),
        files: Data::new(Files::open(
            &config.attachment_store,
            config.attachment_scanner.clone(),
            config.attachment_quota,
        )?),
        courier: Data::new(Courier::new(config.outbound_origins.clone(), config.webhook_timeout)?),
        streams: Data::new(Streams::default()),
        templates: Data::new(Templates::new()?),
    })
}

/// What the audit log is sealed with.
struct Sealing {
    key: SealKey,
    witness: Witness,
}

type Started = mpsc::Sender<anyhow::Result<Vec<ServerHandle>>>;

async fn run(
    mut shared: Shared,
    config: Config,
    [listener, metrics_listener]: [TcpListener; 2],
    transport: Transport,
    sealing: Sealing,
    started: &Started,
) -> anyhow::Result<()> {
    let ready = prepare::run(&shared.database_url, &shared.secrets).await?;
    if !ready.applied.is_empty() {
        tracing::info!(applied = ready.applied.len(), "the database was brought up to date");
    }
    if ready.may_administer {
        keys::adopt(&shared.database_url, &shared.vault, &|line| tracing::info!("{line}")).await?;
    }
    // From here on nobody in this process knows the administrator's address.
    shared.database_url = ready.service_url;
    floor::check(&shared.database_url, config.must_last).await?;
    let db = Db::new(&shared.database_url, 2, shared.signals.clone(), Arc::clone(&shared.vault))?;
    seal::check_before_serving(&db, &sealing.key).await?;
    // Built once here, so that a setting that can't work is told and not found by a worker.
    app::app(&shared)?;
    let for_workers = shared.clone();
    let server = HttpServer::new(move || match app::app(&for_workers) {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a worker can't be built");
            std::process::exit(1)
        }
    })
    .workers(config.workers.get())
    .client_request_timeout(HEAD_TIMEOUT)
    .tls_handshake_timeout(HEAD_TIMEOUT)
    .keep_alive(Duration::from_secs(75))
    .backlog(BACKLOG)
    .max_connections(config.max_connections.get().div_ceil(config.workers.get()))
    .shutdown_timeout(DRAIN_SECONDS)
    .disable_signals();
    let server = match &config.tls {
        Some(certificate) => server.listen_rustls_0_23(listener, certificate.config()?)?,
        None => server.listen(listener)?,
    };
    let server = server.run();
    let recorder = recorder()?;
    let metrics = HttpServer::new(move || {
        App::new().app_data(Data::new(recorder.clone())).route("/metrics", web::get().to(render))
    })
    .workers(1)
    .disable_signals()
    .listen(metrics_listener)?
    .run();
    let sealer = seal::run(db.clone(), shared.signals.clone(), sealing.key, sealing.witness);
    let sweeper = attachments::sweep(db.clone(), shared.files.clone().into_inner(), shared.signals.clone());
    // Deliveries wait for one another, and nothing else waits for them.
    let of_couriers = Db::new(&shared.database_url, 4, shared.signals.clone(), Arc::clone(&shared.vault))?;
    let courier = deliver(of_couriers, shared.signals.clone(), shared.courier.clone().into_inner());
    let clocks = referrals::keep_time(db.clone(), shared.signals.clone());
    let worker = worker::run(db, shared.signals.clone(), shared.limits.clone(), transport, config.mail_from);
    let handles = vec![server.handle(), metrics.handle()];
    started.send(Ok(handles)).ok();
    tokio::select! {
        outcome = async { tokio::try_join!(server, metrics) } => { outcome?; }
        () = worker => {}
        () = sealer => {}
        () = sweeper => {}
        () = courier => {}
        () = clocks => {}
    }
    Ok(())
}

/// The process's metrics. A process has one recorder, however many services run in it.
fn recorder() -> anyhow::Result<PrometheusHandle> {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    match PrometheusBuilder::new().install_recorder() {
        Ok(handle) => Ok(RECORDER.get_or_init(|| handle).clone()),
        // Another thread was faster.
        Err(error) => RECORDER.get().cloned().with_context(|| format!("metrics: {error}")),
    }
}

async fn render(recorder: Data<PrometheusHandle>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(recorder.render())
}

impl Running {
    /// Lets requests finish, and stops; then the private database too.
    ///
    /// # Errors
    /// If the database does not stop.
    pub fn stop(mut self) -> anyhow::Result<()> {
        self.stop_serving();
        self.cluster.take().map_or(Ok(()), |mut cluster| cluster.stop())
    }

    /// The folder with the private database's programs.
    pub fn postgres_programs(&self) -> Option<&Path> {
        self.cluster.as_ref().map(Cluster::programs)
    }

    /// Where it answers, with its scheme.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.address)
    }

    fn stop_serving(&mut self) {
        self.stopping.begin();
        self.signals.end();
        if !self.handles.is_empty() && !self.shutdown_delay.is_zero() {
            std::thread::sleep(self.shutdown_delay);
        }
        let handles = std::mem::take(&mut self.handles);
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
            // On a thread of its own: this may be called where a runtime runs already.
            let stopping = std::thread::spawn(move || {
                runtime.block_on(async {
                    for handle in handles {
                        handle.stop(true).await;
                    }
                });
            });
            stopping.join().ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop_serving();
    }
}

/// Makes the keys of a service that runs on a given database but is no real one. Tests do.
///
/// # Errors
/// If a file can't be written.
#[doc(hidden)]
pub fn make_keys(data_dir: &Path) -> anyhow::Result<KeyFiles> {
    let files = KeyFiles::under(data_dir);
    files.make_missing()?;
    Ok(files)
}
