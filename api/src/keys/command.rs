//! `rapport keys`: what there is, rotating each level, and shredding.

use super::{rotation, store};
use crate::{
    database::{
        Db, Signals,
        open::{At, Open},
        progress::Progress,
    },
    http::ApiError,
    identity::keys::new_secret,
    vault::{
        Vault,
        ring::{self, Ring},
    },
};
use anyhow::{Context, anyhow, bail, ensure};
use chrono::SecondsFormat;
use clap::{Args, Subcommand, ValueEnum};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use uuid::Uuid;

/// What to do with the keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Tell which keys there are, and how old
    Status(Keys),
    /// Replace the keys of one level, while the service runs
    #[command(
        long_about = "Replace the keys of one level, while the service runs.\n\nroot: makes a root key, puts it first into the file of root keys, and wraps every clinic's keys with it; the older ones stay in the file until `forget-root-keys`. With a file per machine, put the new file on every machine first.\nclinics: makes each clinic a new key, and wraps its data keys with it.\ndata: makes each patient and each clinic's office a new data key, and seals everything anew.\n\nEach step leaves everything readable. A run that was interrupted goes on where it was: give the same command again."
    )]
    Rotate(Rotate),
    /// Take the root keys out of the file that wrap nothing any more
    #[command(
        long_about = "Take the root keys out of the file that wrap nothing any more. Wait a minute after a rotation: a service that was making a clinic's key may have used the one before. Backups of the database that are older than the rotation can't be read without the keys that are taken out."
    )]
    ForgetRootKeys(Keys),
    /// Destroy a patient's keys: nothing about the patient can be read any more, in no copy and no backup
    Shred(Shred),
}

/// Where database and root keys are.
#[derive(Args)]
pub struct Keys {
    #[command(flatten)]
    at: At,
    /// The file of root keys; keys/root.key in the data folder if left out
    #[arg(long, env = "RAPPORT_ROOT_KEY_FILE", value_name = "FILE")]
    root_key_file: Option<PathBuf>,
}

/// Which level to rotate.
#[derive(Args)]
pub struct Rotate {
    /// The level
    level: Level,
    #[command(flatten)]
    keys: Keys,
}

/// A level of keys.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    /// The root key
    Root,
    /// The clinics' keys
    Clinics,
    /// The data keys, and all that they seal
    Data,
}

/// Whose keys to destroy.
#[derive(Args)]
pub struct Shred {
    /// The patient's id
    #[arg(long, value_name = "ID")]
    patient: Uuid,
    /// Do it. It can't be undone
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    keys: Keys,
}

/// What a command works with.
struct Desk {
    open: Open,
    path: PathBuf,
    db: Db,
}

impl Keys {
    fn open(self, database_url: Option<String>, is_root: bool) -> anyhow::Result<Desk> {
        let open = Open::at(self.at, database_url, is_root)?;
        let path = match self.root_key_file.or_else(|| Some(open.own_keys()?.root)) {
            Some(path) => path,
            None => bail!("name the file of root keys with --root-key-file"),
        };
        let vault = Arc::new(Vault::new(Arc::new(Ring::open(&path)?)));
        let db = Db::new(&open.url, 2, Signals::default(), vault)?;
        Ok(Desk { open, path, db })
    }
}

/// Does it. `database_url` is the plain `DATABASE_URL` of the environment.
///
/// # Errors
/// What to change.
pub fn run(
    command: KeysCommand,
    database_url: Option<String>,
    is_root: bool,
    print: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    match command {
        KeysCommand::Status(keys) => {
            let desk = keys.open(database_url, is_root)?;
            let told = desk.open.block_on(status(&desk))?;
            told.iter().for_each(|line| print(line));
            desk.close()
        }
        KeysCommand::Rotate(rotate) => {
            let desk = rotate.keys.open(database_url, is_root)?;
            let told = desk.open.block_on(desk.rotate(rotate.level))?;
            print(&told);
            desk.close()
        }
        KeysCommand::ForgetRootKeys(keys) => {
            let desk = keys.open(database_url, is_root)?;
            let told = desk.open.block_on(forget_root_keys(&desk))?;
            print(&told);
            desk.close()
        }
        KeysCommand::Shred(shred) => {
            ensure!(
                shred.yes,
                "this destroys everything about patient {} for ever; give --yes if that is meant",
                shred.patient
            );
            let desk = shred.keys.open(database_url, is_root)?;
            desk.open.block_on(destroy(&desk, shred.patient))?;
            print(&format!("the keys of patient {} are destroyed", shred.patient));
            desk.close()
        }
    }
}

/// An answer of the service's own as a line for a terminal, with its cause.
pub(super) fn told(error: ApiError) -> anyhow::Error {
    let cause = error.cause();
    match cause {
        Some(cause) => anyhow!("{cause}"),
        None => anyhow!("{error}"),
    }
}

impl Desk {
    fn close(self) -> anyhow::Result<()> {
        drop(self.db);
        self.open.close()
    }

    async fn rotate(&self, level: Level) -> anyhow::Result<String> {
        let progress = Progress::new(match level {
            Level::Root => "wrapping the clinics' keys",
            Level::Clinics => "wrapping data keys",
            Level::Data => "sealing anew",
        });
        let mut show = |done, total| progress.show(done, total);
        let done = match level {
            Level::Root => {
                let rotation = rotation::begin_root(&self.db).await.map_err(told)?;
                // One that was interrupted may have put its key there already.
                let newest = ring::lines(&self.path)?.into_iter().next().map(|(name, _)| name);
                if newest == rotation.root_before {
                    add_root_key(&self.path)?;
                }
                let clinics = rotation::root(&self.db, &rotation, &mut show).await.map_err(told)?;
                format!("the keys of {clinics} clinics are wrapped by the newest root key")
            }
            Level::Clinics => {
                let clinics = rotation::clinics(&self.db, &mut show).await.map_err(told)?;
                format!("{clinics} clinics have a new key")
            }
            Level::Data => {
                let (subjects, rows) = rotation::data(&self.db, &mut show).await.map_err(told)?;
                format!("{subjects} patients and offices have a new key, {rows} rows were sealed anew")
            }
        };
        progress.clear();
        Ok(done)
    }
}

async fn status(desk: &Desk) -> anyhow::Result<Vec<String>> {
    let lines = ring::lines(&desk.path)?;
    let read = rotation::step(&desk.db, async |tx| {
        Ok((store::roots(tx).await?, store::totals(tx).await?, store::unfinished(tx).await?))
    });
    let (roots, totals, unfinished) = read.await.map_err(told)?;
    let mut report = Vec::new();
    for (place, (name, _)) in lines.iter().enumerate() {
        let wraps = roots.iter().find(|(root, _)| root == name).map_or(0, |(_, count)| *count);
        let newest = if place == 0 { ", the newest" } else { "" };
        report.push(format!("root key {name}{newest}: wraps {wraps} keys of clinics"));
    }
    for (name, count) in roots.iter().filter(|(root, _)| lines.iter().all(|(name, _)| name != root)) {
        report
            .push(format!("root key {name} is not in the file, and wraps {count} keys of clinics: they can't be read"));
    }
    report.push(format!("{} clinics, {} patients and offices with keys", totals.clinics, totals.subjects));
    if let Some(oldest) = totals.oldest {
        report.push(format!("the oldest data key in use is of {}", oldest.to_rfc3339_opts(SecondsFormat::Secs, true)));
    }
    if totals.shredded > 0 {
        report.push(format!("{} of them were shredded", totals.shredded));
    }
    if totals.halfway > 0 {
        report.push(format!("{} of them are halfway through a rotation", totals.halfway));
    }
    for (level, began) in unfinished {
        // The commands speak of all clinics, the database of what a rotation is of.
        let level = if level == "clinic" { "clinics" } else { &level };
        let began = began.to_rfc3339_opts(SecondsFormat::Secs, true);
        report.push(format!(
            "the rotation of {level} that began at {began} has not ended: unless it runs, `rapport keys rotate {level}` goes on with it"
        ));
    }
    Ok(report)
}

async fn destroy(desk: &Desk, patient: Uuid) -> anyhow::Result<()> {
    let clinic = rotation::step(&desk.db, async |tx| Ok(store::clinic_of(tx, patient).await?)).await.map_err(told)?;
    let clinic = clinic.with_context(|| format!("there is no patient {patient} with keys"))?;
    rotation::step(&desk.db, async |tx| store::shred(tx, clinic, patient).await).await.map_err(told)
}

async fn forget_root_keys(desk: &Desk) -> anyhow::Result<String> {
    let roots = rotation::step(&desk.db, async |tx| Ok(store::roots(tx).await?)).await.map_err(told)?;
    let lines = ring::lines(&desk.path)?;
    let mut kept = Vec::new();
    for (place, (name, line)) in lines.iter().enumerate() {
        if place == 0 || roots.iter().any(|(root, _)| root == name) {
            kept.push(line.as_str());
        }
    }
    ring::replace(&desk.path, &kept)?;
    Ok(match lines.len() - kept.len() {
        0 => "every root key in the file is in use".to_owned(),
        gone => format!("{gone} taken out of {}, {} kept", desk.path.display(), kept.len()),
    })
}

/// Puts a new root key first.
fn add_root_key(path: &Path) -> anyhow::Result<()> {
    let new = new_secret()?;
    let lines = ring::lines(path)?;
    let all: Vec<&str> = std::iter::once(new.trim()).chain(lines.iter().map(|(_, line)| line.as_str())).collect();
    ring::replace(path, &all)
}
