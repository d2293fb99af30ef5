//! `rapport audit`: checks the log, or exports it for somebody else to check.

use super::{
    SealKey,
    check::{self, Against},
    log::Report,
};
use crate::{
    database::{
        self,
        embedded::{Cluster, Options},
    },
    identity::keys::KeyFiles,
};
use anyhow::{Context, bail, ensure};
use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use rapport_contract::audit_log::PublicKey;
use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

/// How many findings are told one by one.
const TOLD: usize = 100;

/// What to do with the log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check that the audit log is as it was sealed
    #[command(
        long_about = "Check that the audit log is as it was sealed.\n\nEvery event is hashed again and compared with its leaf, every signed root with the entries, every checkpoint with the one before it, and all of them with what a witness has seen. Each finding names the entry and says what is wrong with it. The exit code is 1 if there is one.\n\nThe database's URL may be an auditor's: only tables of the audit log are read. With --export nothing but files is needed, and no credentials of the service."
    )]
    Verify(Verify),
    /// Write the audit log to a file that `verify --export` checks without the database
    Export(Export),
}

/// Where the log is.
#[derive(Args)]
struct At {
    /// The Postgres to read (also DATABASE_URL); the private one in the data folder if left out
    #[arg(long, env = "RAPPORT_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The folder of the private database and its keys; ./.rapport if left out, as root /var/lib/rapport
    #[arg(long, env = "RAPPORT_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

/// What to check, and against what.
#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    at: At,
    /// An export to check in the place of a database
    #[arg(long, value_name = "FILE", conflicts_with_all = ["database_url", "data_dir"])]
    export: Option<PathBuf>,
    /// Checkpoints that a witness kept, such as audit/checkpoints.jsonl of the data folder: what was cut off or rewritten since
    /// is found by these
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// A public key that may have signed: `x` of the key in /.well-known/jwks.json whose use is audit-checkpoint, or a
    /// signed-note verifier key. Can be given more than once
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
}

/// Where to write.
#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    at: At,
    /// The file to write; it must not be there yet
    file: PathBuf,
}

/// Does it. `database_url` is the plain `DATABASE_URL` of the environment.
///
/// # Errors
/// What to change, or that something in the log is wrong, which `print` has told before.
pub fn run(
    command: AuditCommand,
    database_url: Option<String>,
    is_root: bool,
    print: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify(verify) => run_verify(verify, database_url, is_root, print),
        AuditCommand::Export(export) => {
            let mut progress = Progress::new("exporting");
            let open = Open::at(export.at, database_url, is_root)?;
            let entries = open.with(async |conn| {
                check::export(conn, &export.file, &mut |done, total| progress.show(done, total)).await
            })?;
            progress.clear();
            print(&format!("wrote {entries} entries to {}", export.file.display()));
            open.close()
        }
    }
}

fn run_verify(
    verify: Verify,
    database_url: Option<String>,
    is_root: bool,
    print: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    let mut against = Against::default();
    for key in &verify.key {
        let key = PublicKey::parse(key);
        against.keys.push(key.context("--key: give the x of the key in /.well-known/jwks.json, 43 characters")?);
    }
    if let Some(path) = &verify.checkpoints {
        against.read_witness(path)?;
    }
    let mut progress = Progress::new("checking");
    let report = match &verify.export {
        Some(path) => check::exported(path, against, &mut |done, total| progress.show(done, total))?,
        None => {
            let open = Open::at(verify.at, database_url, is_root)?;
            if against.keys.is_empty() {
                against.keys.extend(open.own_key());
            }
            let report = open.with(async |conn| {
                check::database(conn, against, &mut |done, total| progress.show(done, total)).await
            })?;
            open.close()?;
            report
        }
    };
    progress.clear();
    tell(&report, print);
    ensure!(report.findings.is_empty(), "the audit log is not as it was sealed");
    Ok(())
}

fn tell(report: &Report, print: &mut dyn FnMut(&str)) {
    for finding in report.findings.iter().take(TOLD) {
        print(&finding.to_string());
    }
    if report.findings.len() > TOLD {
        print(&format!("and {} more", report.findings.len() - TOLD));
    }
    print(&format!(
        "checked {} entries and {} checkpoints, {} of them against a witness: {}",
        report.entries,
        report.checkpoints,
        report.witnessed,
        match report.findings.len() {
            0 => "nothing was changed".to_owned(),
            1 => "1 finding".to_owned(),
            count => format!("{count} findings"),
        }
    ));
    if let Some(since) = report.unsealed_since {
        let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
        print(&format!("{} events since {since} are not sealed yet, and nothing can be said of them", report.unsealed));
    }
    for note in &report.notes {
        print(note);
    }
    if !report.untrusted_keys.is_empty() {
        print(&format!(
            "the signatures were checked against the keys that the log itself names ({}); who can write the database can write \
             a key too: give the published one with --key",
            report.untrusted_keys.join(", ")
        ));
    }
}

/// A database to read from, and the private cluster that it may be.
struct Open {
    url: String,
    data_dir: PathBuf,
    cluster: Option<Cluster>,
    runtime: tokio::runtime::Runtime,
}

impl Open {
    fn at(at: At, database_url: Option<String>, is_root: bool) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let data_dir = at.data_dir.unwrap_or_else(|| if is_root { "/var/lib/rapport" } else { "./.rapport" }.into());
        let (url, cluster) = match at.database_url.or(database_url).filter(|url| !url.is_empty()) {
            Some(url) => (url, None),
            None => {
                let folder = data_dir.join("postgres");
                if !folder.is_dir() {
                    bail!(
                        "{} holds no database; name its folder with --data-dir, or a database with --database-url",
                        data_dir.display()
                    );
                }
                let cluster = Cluster::start(&folder, &Options::default(), &|_| {})?;
                (cluster.url("postgres"), Some(cluster))
            }
        };
        Ok(Self { url, data_dir, cluster, runtime })
    }

    /// The key of the service whose folder this is.
    fn own_key(&self) -> Option<PublicKey> {
        self.cluster.as_ref()?;
        let keys = KeyFiles::under(&self.data_dir).read().ok()?;
        Some(SealKey::derive(&keys.secret).ok()?.public().clone())
    }

    fn with<T>(
        &self,
        work: impl AsyncFnOnce(&mut database::AsyncPgConnection) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.runtime.block_on(async {
            let mut conn = database::connect(&self.url).await.context("the database can't be reached")?;
            work(&mut conn).await
        })
    }

    fn close(self) -> anyhow::Result<()> {
        self.cluster.map_or(Ok(()), |mut cluster| cluster.stop())
    }
}

/// A line that says how far it is, where somebody watches.
struct Progress {
    what: &'static str,
    is_watched: bool,
    shown: u64,
}

impl Progress {
    fn new(what: &'static str) -> Self {
        Self { what, is_watched: std::io::stderr().is_terminal(), shown: u64::MAX }
    }

    fn show(&mut self, done: u64, total: u64) {
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100).min(100);
        if self.is_watched && percent != self.shown {
            self.shown = percent;
            let bar = "#".repeat(usize::try_from(percent / 4).unwrap_or(0));
            write!(std::io::stderr(), "\r{} [{bar:<25}] {percent:>3} %", self.what).ok();
        }
    }

    fn clear(&self) {
        if self.is_watched && self.shown != u64::MAX {
            write!(std::io::stderr(), "\r{:60}\r", "").ok();
        }
    }
}
