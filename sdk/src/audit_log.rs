//! Checking the audit log from outside: signatures, proofs, and that it was only ever added to.

use crate::{Audit, Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use rapport_contract::{
    audit::AuditEvent,
    audit_log::{
        Checkpoint, LogEvent, PublicKey,
        merkle::{Hash, verify_consistency, verify_inclusion},
    },
};
use std::{
    fmt, fs,
    io::{self, ErrorKind, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

/// Where the newest checkpoint is kept that was seen. What is kept here is what makes a rewritten log visible, so it should
/// outlive the process.
pub trait CheckpointStore: Send + Sync {
    /// What was kept last, if anything.
    ///
    /// # Errors
    /// If it can't be read. What is not there is no error but `None`, and then the log is trusted anew.
    fn load(&self) -> io::Result<Option<String>>;

    /// Keeps it in the place of what was kept before.
    ///
    /// # Errors
    /// If it can't be written. Then what was kept before must still be there.
    fn save(&self, note: &str) -> io::Result<()>;
}

/// Keeps the checkpoint for as long as the process lives.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Option<String>>);

impl CheckpointStore for MemoryStore {
    fn load(&self) -> io::Result<Option<String>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, note: &str) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(note.to_owned());
        Ok(())
    }
}

/// Keeps the checkpoint in a file.
#[derive(Debug, Clone)]
pub struct FileStore(PathBuf);

impl FileStore {
    /// In this file; its folder must be there.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl CheckpointStore for FileStore {
    fn load(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(&self.0) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn save(&self, note: &str) -> io::Result<()> {
        // Written aside and renamed: half a checkpoint would look like a forged one.
        let mut aside = self.0.clone().into_os_string();
        aside.push(".new");
        let mut file = fs::File::create(&aside)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(&aside, &self.0)
    }
}

/// An event with its proof, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenEvent {
    /// The event, with everything that was sealed of it.
    pub event: LogEvent,
    /// Its place in the log, from 0.
    pub leaf_index: u64,
    /// The checkpoint that it was proven against.
    pub checkpoint: Checkpoint,
}

/// The audit log as somebody sees it who does not take the service's word for it.
///
/// ```no_run
/// # async fn example(client: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// use rapport_sdk::{FileStore, contract::audit_log::PublicKey};
/// let key = PublicKey::parse("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").expect("a key");
/// let log = client.audit().log(vec![key], FileStore::new("rapport.checkpoint"));
/// let events = client.audit().events().action("share.read").send().await?;
/// for event in &events.items {
///     println!("{} is entry {}", event.id, log.prove(event).await?.leaf_index);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AuditLog {
    audit: Audit,
    keys: Vec<PublicKey>,
    store: Arc<dyn CheckpointStore>,
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditLog").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl AuditLog {
    pub(crate) fn new(audit: Audit, keys: Vec<PublicKey>, store: impl CheckpointStore + 'static) -> Self {
        Self { audit, keys, store: Arc::new(store) }
    }

    /// The newest checkpoint: signed, and of a log that continues what was seen before. It is kept. `None` if nothing has been
    /// sealed yet.
    ///
    /// # Errors
    /// With an [`audit_finding`](Error::audit_finding) if the log does not check out: a signature by none of the keys,
    /// a log that does not continue the one that was seen, or one that is empty and was not. Without a kind, and with
    /// the store's own error as its [source](std::error::Error::source), if the checkpoint can't be read or kept.
    pub async fn newest(&self) -> Result<Option<Checkpoint>> {
        let newest = self.audit.checkpoints().limit(1).send().await?.items.pop();
        match newest {
            Some(newest) => self.see(&newest.note).await.map(Some),
            None if self.seen()?.is_some() => Err(Error::untrue("it is empty, and was not before".to_owned())),
            None => Ok(None),
        }
    }

    /// Checks a checkpoint that came from anywhere, and keeps it if it is newer than the one that is kept.
    ///
    /// # Errors
    /// As [`newest`](Self::newest). To check it against one that is kept takes a proof of the service,
    /// [`Audit::consistency`].
    pub async fn see(&self, note: &str) -> Result<Checkpoint> {
        let checkpoint = Checkpoint::verify(note, &self.keys)
            .map_err(|invalid| Error::untrue(format!("of a checkpoint that the service sent: {invalid}")))?;
        let Some(kept) = self.seen()? else {
            self.store.save(note).map_err(Error::not_kept)?;
            return Ok(checkpoint);
        };
        if kept.origin != checkpoint.origin {
            return Err(Error::untrue(format!("it is {}, and was {} before", checkpoint.origin, kept.origin)));
        }
        let (older, newer) = if kept.size <= checkpoint.size { (&kept, &checkpoint) } else { (&checkpoint, &kept) };
        let proof = if older.size == newer.size {
            Vec::new()
        } else {
            hashes(&self.audit.consistency(older.size, newer.size).await?.hashes)?
        };
        verify_consistency(older.size, newer.size, &older.root, &newer.root, &proof).map_err(|mismatch| {
            Error::untrue(format!(
                "the log of {} entries does not begin with the log of {} entries that was seen before: {mismatch}",
                newer.size, older.size
            ))
        })?;
        if newer.sealed_at < older.sealed_at {
            return Err(Error::untrue(format!(
                "the checkpoint of size {} is dated before that of size {}",
                newer.size, older.size
            )));
        }
        if checkpoint.size > kept.size {
            self.store.save(note).map_err(Error::not_kept)?;
        }
        Ok(checkpoint)
    }

    /// Proves that an event is in the log as it was listed.
    ///
    /// # Errors
    /// With an [`audit_finding`](Error::audit_finding) if what was sealed is not what is listed, or its proof does not
    /// lead to the checkpoint; else as [`newest`](Self::newest), and what [`Audit::proof`] answers:
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) if the event is too new.
    pub async fn prove(&self, event: &AuditEvent) -> Result<ProvenEvent> {
        let proof = self.audit.proof(event.id, None).await?;
        let checkpoint = self.see(&proof.checkpoint.note).await?;
        let differs = |what: &str| Error::untrue(format!("event {}: {what}", event.id));
        if !is_listed_as(event, &proof.event) {
            return Err(differs("what was sealed is not what is listed"));
        }
        let leaf = proof.event.leaf(proof.encoding);
        let leaf = leaf.ok_or_else(|| differs("it is in an encoding that this version does not know"))?;
        let hashes = hashes(&proof.hashes)?;
        verify_inclusion(&leaf, proof.leaf_index, checkpoint.size, &hashes, &checkpoint.root)
            .map_err(|mismatch| differs(&format!("its proof does not hold: {mismatch}")))?;
        Ok(ProvenEvent { event: proof.event, leaf_index: proof.leaf_index, checkpoint })
    }

    fn seen(&self) -> Result<Option<Checkpoint>> {
        let Some(note) = self.store.load().map_err(Error::not_kept)? else { return Ok(None) };
        let kept = Checkpoint::verify(&note, &self.keys);
        kept.map(Some).map_err(|invalid| Error::untrue(format!("of the checkpoint that is kept: {invalid}")))
    }
}

/// Whether everything that a list tells of an event is what was sealed.
fn is_listed_as(listed: &AuditEvent, sealed: &LogEvent) -> bool {
    let (Ok(listed), Ok(sealed)) = (serde_json::to_value(listed), serde_json::to_value(sealed)) else { return false };
    let Some(listed) = listed.as_object() else { return false };
    // A word that this version does not know can't be compared; the leaf holds it all the same.
    listed.iter().all(|(column, value)| value == "unknown" || sealed.get(column) == Some(value))
}

fn hashes(texts: &[String]) -> Result<Vec<Hash>> {
    let hashes: Option<Vec<Hash>> =
        texts.iter().map(|text| STANDARD.decode(text).ok().and_then(|hash| hash.try_into().ok())).collect();
    hashes.ok_or_else(|| Error::untrue("a proof holds what is no SHA-256".to_owned()))
}
