//! One throw-away Postgres for the test run, and databases cloned from a migrated template.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use rapport_api::database::{
    embedded::{Cluster, Options},
    migrations,
};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

const TEMPLATE: &str = "template_rapport";

struct Prepared {
    cluster: Cluster,
    made: Mutex<u32>,
}

/// The cluster. It stops with the test process: nobody has to remember it.
fn prepared() -> &'static Prepared {
    static PREPARED: OnceLock<Prepared> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("rapport-tests-{}", std::process::id()));
        remove_abandoned(&folder);
        let settings = [("max_connections", "400"), ("track_commit_timestamp", "on"), ("shared_buffers", "64MB")];
        let options = Options {
            durable: false,
            settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        };
        let cluster = Cluster::start(&folder, &options, &|line| eprintln!("{line}")).expect("a Postgres for the tests");
        run(async {
            execute(&cluster.url("postgres"), &format!("CREATE DATABASE {TEMPLATE}")).await;
            migrations::run(&cluster.url(TEMPLATE)).await.expect("the migrations apply");
        });
        Prepared { cluster, made: Mutex::new(0) }
    })
}

/// A database of its own for one world, migrated. Blocking.
pub fn new_database() -> String {
    let prepared = prepared();
    // One at a time: the template may have no other visitor while it is cloned.
    let mut made = prepared.made.lock().unwrap();
    *made += 1;
    let name = format!("world_{made}");
    let clone = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY WAL_LOG");
    run(execute(&prepared.cluster.url("postgres"), &clone));
    prepared.cluster.url(&name)
}

/// An empty database, without our schema. Blocking.
pub fn new_empty_database() -> String {
    let prepared = prepared();
    let mut made = prepared.made.lock().unwrap();
    *made += 1;
    let name = format!("empty_{made}");
    run(execute(&prepared.cluster.url("postgres"), &format!("CREATE DATABASE {name}")));
    prepared.cluster.url(&name)
}

/// A Postgres beside the one of the test run, for tests that need settings, or a log, of their own.
pub struct Own {
    cluster: Cluster,
    folder: PathBuf,
    /// A migrated database in it, as its administrator.
    pub url: String,
    /// Its log.
    pub log: PathBuf,
}

impl Own {
    /// Starts one. Blocking.
    pub fn start(name: &str, settings: &[(&str, &str)]) -> Self {
        // Within the folder of the test run: what a run leaves behind, the next one clears away.
        let folder = std::env::temp_dir().join(format!("rapport-tests-{}", std::process::id())).join(name);
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let options = Options { durable: false, settings };
        let cluster = Cluster::start(&folder, &options, &|line| eprintln!("{line}")).expect("a Postgres of its own");
        let url = cluster.url("own");
        run(async {
            execute(&cluster.url("postgres"), "CREATE DATABASE own").await;
            migrations::run(&url).await.expect("the migrations apply");
        });
        Self { cluster, url, log: folder.join("postgres.log"), folder }
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        self.cluster.stop().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Where Postgres's own log is.
pub fn postgres_log() -> PathBuf {
    std::env::temp_dir().join(format!("rapport-tests-{}", std::process::id())).join("postgres.log")
}

/// The folder with Postgres's programs.
pub fn programs() -> &'static Path {
    prepared().cluster.programs()
}

async fn execute(url: &str, sql: &str) {
    let mut conn = AsyncPgConnection::establish(url).await.expect("the database answers");
    conn.batch_execute(sql).await.expect(sql);
}

fn run<T: Send>(work: impl Future<Output = T> + Send) -> T {
    // On a thread of its own: this is called from within tests' runtimes.
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
                runtime.expect("a runtime").block_on(work)
            })
            .join()
            .expect("the work ends")
    })
}

/// Removes what earlier runs left behind; a run that lives is recognised by its process.
fn remove_abandoned(own: &Path) {
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix("rapport-tests-")) else { continue };
        let is_alive = Path::new("/proc").join(pid).exists();
        if path == own || !is_alive {
            std::fs::remove_dir_all(&path).ok();
        }
    }
}
