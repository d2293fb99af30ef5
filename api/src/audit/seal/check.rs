//! Checking the log end to end, in the database or from an export; and exporting it.

use super::{
    log::{Entry, Item, Report, SealedCheckpoint, Verifier},
    store,
};
use crate::database::AsyncPgConnection;
use anyhow::{Context, bail};
use rapport_contract::{
    audit::AuditCheckpoint,
    audit_log::{Checkpoint, LogEvent, PublicKey},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// What to check against, besides the log itself.
#[derive(Debug, Clone, Default)]
pub struct Against {
    /// The keys that may have signed. Without one the signatures are checked against the keys that the log names.
    pub keys: Vec<PublicKey>,
    /// The lines of a witness file.
    pub witness: Vec<String>,
}

impl Against {
    /// Reads a witness file.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn read_witness(&mut self, path: &Path) -> anyhow::Result<()> {
        let file = File::open(path).with_context(|| format!("the witness {} can't be read", path.display()))?;
        self.witness = BufReader::new(file).lines().collect::<Result<_, _>>()?;
        Ok(())
    }

    fn verifier(self) -> Verifier {
        let mut verifier = Verifier::new(self.keys);
        for (number, line) in (1..).zip(&self.witness) {
            match serde_json::from_str::<AuditCheckpoint>(line) {
                Ok(seen) => verifier.witness(number, &seen.note),
                Err(error) if error.is_eof() => {
                    verifier.note(format!("line {number} of the witness was cut off, as by a power cut"));
                }
                // A line that is no checkpoint is told as one that nobody signed.
                Err(_) => verifier.witness(number, line),
            }
        }
        verifier
    }
}

/// Checks the log in a database: every leaf against its event, every root, signature and date, the chain of checkpoints, the
/// stored subtrees, and what is not sealed. It reads tables of the audit log only, all of them as of one moment.
///
/// # Errors
/// If the database does not answer, or holds something that can't be read at all.
pub async fn database(
    conn: &mut AsyncPgConnection,
    against: Against,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<Report> {
    store::hold_still(conn).await?;
    let report = current(conn, against, progress).await;
    store::let_go(conn).await?;
    report
}

/// The same within the transaction that is open.
///
/// # Errors
/// If the database does not answer, or holds something that can't be read at all.
pub async fn current(
    conn: &mut AsyncPgConnection,
    against: Against,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<Report> {
    let mut verifier = against.verifier();
    let total = u64::try_from(store::count(conn).await?)?;
    let mut done = 0;
    store::read(conn, 0, |item| {
        if matches!(item, Item::Entry(_)) {
            done += 1;
            progress(done, total);
        }
        verifier.item(item);
        Ok(())
    })
    .await?;
    Ok(verifier.finish())
}

/// A line of an export.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Entry(Box<Entry>),
    Checkpoint(AuditCheckpoint),
    /// A checkpoint that is none, by its size.
    Malformed(i64),
    Unsealed(Box<LogEvent>),
    /// How many lines there are before this one: an export that was cut off does not pass for a short log.
    End(u64),
}

/// Writes the log to a new file, for its owner only: entries, checkpoints and what is not sealed, a line of JSON each.
/// Answers how many entries it wrote.
///
/// # Errors
/// If the file is there already or can't be written, or the database does not answer.
pub async fn export(
    conn: &mut AsyncPgConnection,
    path: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> anyhow::Result<u64> {
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let file = file.with_context(|| format!("{} can't be made", path.display()))?;
    let mut out = BufWriter::new(file);
    store::hold_still(conn).await?;
    let total = u64::try_from(store::count(conn).await?)?;
    let (mut entries, mut lines) = (0, 0);
    let written = store::read(conn, 0, |item| {
        let line = match item {
            Item::Entry(entry) => {
                entries += 1;
                progress(entries, total);
                Line::Entry(Box::new(entry))
            }
            Item::Checkpoint(Ok(sealed)) => Line::Checkpoint(sealed.into()),
            Item::Checkpoint(Err(unreadable)) => Line::Malformed(unreadable.size),
            Item::Unsealed(event) => Line::Unsealed(Box::new(event)),
            // They follow from the entries.
            Item::Nodes(_) | Item::NodeCount(_) => return Ok(()),
        };
        lines += 1;
        write_line(&mut out, &line)
    })
    .await;
    store::let_go(conn).await?;
    written?;
    write_line(&mut out, &Line::End(lines))?;
    out.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    Ok(entries)
}

fn write_line(out: &mut impl Write, line: &Line) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}

/// Checks an export, without the database and without the service's credentials.
///
/// # Errors
/// If it can't be read, or is no export.
pub fn exported(path: &Path, against: Against, progress: &mut dyn FnMut(u64, u64)) -> anyhow::Result<Report> {
    let file = File::open(path).with_context(|| format!("the export {} can't be read", path.display()))?;
    let total = file.metadata()?.len();
    let mut verifier = against.verifier();
    let (mut lines, mut bytes) = (0, 0);
    for line in BufReader::new(file).lines() {
        let line = line?;
        bytes += u64::try_from(line.len())? + 1;
        progress(bytes, total);
        let number = lines + 1;
        let line: Line = serde_json::from_str(&line)
            .with_context(|| format!("line {number} of the export is not one of an export"))?;
        match line {
            Line::Entry(entry) => verifier.item(Item::Entry(*entry)),
            Line::Checkpoint(checkpoint) => verifier.item(Item::Checkpoint(read_back(&checkpoint))),
            Line::Malformed(size) => verifier.item(Item::Checkpoint(Err(super::log::Unreadable { size }))),
            Line::Unsealed(event) => verifier.item(Item::Unsealed(*event)),
            Line::End(count) if count == lines => return Ok(verifier.finish()),
            Line::End(count) => {
                bail!("the export had {count} lines and has {lines}: it was changed since it was written")
            }
        }
        lines += 1;
    }
    bail!("the export was cut off: its last line is missing")
}

fn read_back(line: &AuditCheckpoint) -> Result<SealedCheckpoint, super::log::Unreadable> {
    let unreadable = super::log::Unreadable { size: line.size.try_into().unwrap_or(i64::MAX) };
    let checkpoint = Checkpoint::read(&line.note).map_err(|_| unreadable)?;
    let key = PublicKey::parse(&line.public_key).ok_or(unreadable)?;
    Ok(SealedCheckpoint { checkpoint, key, note: line.note.clone() })
}
