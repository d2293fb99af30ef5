//! `rapport audit`: checks the log, or exports it for somebody else to check.

use super::{
    SealKey,
    check::{self, Against},
    log::Report,
};
use crate::database::{
    open::{At, Open},
    progress::Progress,
};
use anyhow::{Context, ensure};
use chrono::SecondsFormat;
use clap::{Args, Subcommand};
use rapport_contract::audit_log::PublicKey;
use std::path::PathBuf;

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
            let progress = Progress::new("exporting");
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
    let progress = Progress::new("checking");
    let report = match &verify.export {
        Some(path) => check::exported(path, against, &mut |done, total| progress.show(done, total))?,
        None => {
            let open = Open::at(verify.at, database_url, is_root)?;
            if against.keys.is_empty() {
                against.keys.extend(own_key(&open));
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

/// The key of the service whose folder this is.
fn own_key(open: &Open) -> Option<PublicKey> {
    let keys = open.own_keys()?.read().ok()?;
    Some(SealKey::derive(&keys.secret).ok()?.public().clone())
}
