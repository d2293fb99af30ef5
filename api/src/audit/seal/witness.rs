//! A file that checkpoints are appended to as they are signed. On a volume of its own it remembers what a rewritten database
//! would deny.

use anyhow::{Context, bail};
use rapport_contract::{
    audit::AuditCheckpoint,
    audit_log::{Checkpoint, merkle::Hash},
};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// An append-only file with a checkpoint in each line, as JSON.
pub struct Witness {
    file: File,
    last: Option<(u64, Hash)>,
}

impl Witness {
    /// Opens it, or makes it, for its owner only.
    ///
    /// # Errors
    /// If it can't be written, or its last line is none of ours.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .with_context(|| format!("the folder {} of the audit witness can't be made", folder.display()))?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("the audit witness {} can't be written", path.display()))?;
        if file.seek(SeekFrom::End(0))? > 0 {
            file.seek(SeekFrom::End(-1))?;
            let mut end = [0];
            file.read_exact(&mut end)?;
            if end != *b"\n" {
                // A power cut left half a line. It is ended, so that the next one stands alone; nothing is taken away.
                file.write_all(b"\n")?;
            }
        }
        file.seek(SeekFrom::Start(0))?;
        let mut last = None;
        for line in BufReader::new(&file).lines() {
            if let Ok(seen) = serde_json::from_str::<AuditCheckpoint>(&line?)
                && let Ok(checkpoint) = Checkpoint::read(&seen.note)
            {
                last = Some((checkpoint.size, checkpoint.root));
            }
        }
        Ok(Self { file, last })
    }

    /// The size of the newest checkpoint that it has seen.
    pub(super) fn size(&self) -> u64 {
        self.last.map_or(0, |(size, _)| size)
    }

    /// Appends a checkpoint, if it continues what was seen before.
    pub(super) fn append(&mut self, checkpoint: &Checkpoint, line: &AuditCheckpoint) -> anyhow::Result<()> {
        if let Some((size, root)) = self.last
            && checkpoint.previous_root != Some(root)
        {
            bail!(
                "the checkpoint of size {} does not follow the one of size {size} that the witness has seen: the log was \
                 rewritten; run `rapport audit verify`",
                checkpoint.size
            );
        }
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        self.last = Some((checkpoint.size, checkpoint.root));
        Ok(())
    }
}
