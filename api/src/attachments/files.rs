//! A file's way in, out and away.

use super::{
    inspect,
    objects::{Listed, Objects, Place},
    policy::{self, Refused, Type},
    scanner::Scanner,
    store,
};
use crate::{
    audit::Origin,
    database::{Db, Reason, Signals, ids::new_id},
    http::{ApiError, validation::Check},
    identity::secrets::sha256_hex,
    vault::FileKey,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use rapport_contract::problem::{FieldError, Kind};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The largest file, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;
/// The largest that an image may become by being written anew, in bytes.
const LARGEST_KEPT: usize = 12 * 1024 * 1024;
/// So many files are looked into at a time: what one of them costs is bounded, and so is what all of them do.
const AT_A_TIME: usize = 2;
/// How long a file waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a caller is to wait when the storage or the scanner does not answer, in seconds.
const RETRY_AFTER: u64 = 30;
/// How old an object without a row is when it is swept away, in hours: no request takes that long.
const SWEPT_AFTER: i64 = 24;
/// How often is swept.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);

/// The storage, the scanner, and how much a clinic may keep. Shared by all workers.
pub struct Files {
    objects: Objects,
    scanner: Option<Scanner>,
    turns: Arc<Semaphore>,
    pub(super) quota: i64,
}

/// A file as it was sent, decoded: nobody has looked into it.
pub(crate) struct Offer {
    at: &'static str,
    kind: Type,
    bytes: Vec<u8>,
}

/// A file that was looked into and lies in the storage. It counts once a row names it.
pub(crate) struct Kept {
    pub(crate) object: Uuid,
    pub(super) kind: Type,
    pub(crate) size: i32,
    pub(crate) sha256: String,
    pub(crate) key: FileKey,
}

impl Kept {
    /// What it is.
    pub(crate) fn media_type(&self) -> &'static str {
        self.kind.media_type()
    }
}

/// A file that may be read: its reading is on record.
pub(crate) struct ToRead {
    pub(crate) clinic: Uuid,
    pub(crate) object: Uuid,
    pub(crate) key: FileKey,
    pub(crate) media_type: String,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
}

impl Offer {
    /// Reads what was sent; `at` is the JSON pointer of the object that holds `media_type` and `content`.
    pub(crate) fn read(
        check: &mut Check,
        at: &'static str,
        media_type: &str,
        content: &str,
        is_form: bool,
    ) -> Option<Self> {
        let kind = Type::parse(media_type).filter(|kind| !is_form || *kind != Type::Text);
        let types = match is_form {
            true => "One of application/pdf, image/png, image/jpeg.",
            false => "One of application/pdf, image/png, image/jpeg, text/plain.",
        };
        check.ensure(kind.is_some(), format!("{at}/media_type"), "unknown_value", types);
        let bytes = STANDARD.decode(content).unwrap_or_default();
        check.ensure(!bytes.is_empty(), format!("{at}/content"), "invalid_base64", "Send the file in base 64.");
        let fits = bytes.len() <= LARGEST;
        check.ensure(fits, format!("{at}/content"), "too_large", "A file has at most 8 MiB.");
        let kind = kind.filter(|_| fits && !bytes.is_empty())?;
        let begins_right = policy::by_magic(&bytes) == kind;
        check.ensure(begins_right, format!("{at}/content"), Refused::WrongType.code(), Refused::WrongType.message());
        begins_right.then_some(Self { at, kind, bytes })
    }

    fn refuse(&self, code: &str, message: &str) -> ApiError {
        let pointer = format!("{}/content", self.at);
        ApiError::validation(vec![FieldError {
            pointer,
            code: code.to_owned(),
            message: message.to_owned(),
            span: None,
        }])
    }
}

fn unavailable(error: anyhow::Error) -> ApiError {
    let text = "The file can't be taken or read now. Nothing was changed; try again later.";
    ApiError::new(Kind::Unavailable, text).retry_after(RETRY_AFTER).because(error)
}

impl Files {
    /// Opens the storage.
    ///
    /// # Errors
    /// In one line, what to change.
    pub fn open(place: &Place, scanner: Option<Scanner>, quota: i64) -> anyhow::Result<Self> {
        Ok(Self { objects: Objects::open(place)?, scanner, turns: Arc::new(Semaphore::new(AT_A_TIME)), quota })
    }

    /// Looks into a file, has it scanned, and writes it to the storage. Nothing of it may be held in a transaction meanwhile.
    ///
    /// # Errors
    /// `validation` if it is not what it is said to be, or no file to take; `unavailable` if the scanner or the storage is.
    pub(crate) async fn take(&self, clinic: Uuid, offer: Offer) -> Result<Kept, ApiError> {
        if let Some(scanner) = &self.scanner {
            let is_clean = scanner.is_clean(&offer.bytes).await.map_err(unavailable)?;
            if !is_clean {
                return Err(offer.refuse("malware", "The virus scanner does not let this file pass."));
            }
        }
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(ApiError::unavailable(10)) };
        let (at, kind, bytes) = (offer.at, offer.kind, offer.bytes);
        // Whoever sent it may have gone: the turn ends with the work, and not with the wait for it.
        let looked = tokio::task::spawn_blocking(move || {
            let outcome = inspect::inspect(kind, bytes);
            drop(turn);
            outcome
        });
        let offer = Offer { at, kind, bytes: Vec::new() };
        let bytes = match looked.await.map_err(|_| Refused::Unreadable).and_then(|outcome| outcome) {
            Ok(bytes) if bytes.len() > LARGEST_KEPT => {
                return Err(offer.refuse("too_large", "The image takes too much room; send it smaller."));
            }
            Ok(bytes) => bytes,
            Err(refused) => return Err(offer.refuse(refused.code(), refused.message())),
        };
        let (object, key) = (new_id(), FileKey::new().map_err(ApiError::internal)?);
        let sealed = key.seal(clinic, object, &bytes).map_err(ApiError::internal)?;
        self.objects.put(clinic, object, sealed).await.map_err(unavailable)?;
        let size = i32::try_from(bytes.len()).map_err(ApiError::internal)?;
        Ok(Kept { object, kind, size, sha256: sha256_hex(&bytes), key })
    }

    /// Fetches a file, and holds it against its hash (45 CFR 164.312(c)(1)).
    ///
    /// # Errors
    /// `unavailable` if the storage is; `internal` if the file is not what was put there.
    pub(crate) async fn fetch(&self, file: &ToRead) -> Result<Zeroizing<Vec<u8>>, ApiError> {
        let sealed = self.objects.get(file.clinic, file.object).await.map_err(unavailable)?;
        let bytes = file.key.open(file.clinic, file.object, &sealed).map_err(ApiError::internal)?;
        if sha256_hex(&bytes) != file.sha256 {
            return Err(ApiError::internal(anyhow::anyhow!("an attachment is not what was put into the storage")));
        }
        Ok(bytes)
    }

    /// Deletes what has no row, in the folders of clinics that this database knows: what belongs to another one is not ours.
    async fn sweep_once(&self, db: &Db) -> anyhow::Result<usize> {
        let tell = |error: ApiError| anyhow::anyhow!("{error}");
        let system = || Origin::system();
        let now = db.system(Reason::Housekeeping, system(), async |tx| Ok(tx.now())).await.map_err(tell)?;
        let mut swept = 0;
        let each = async |portion: Vec<Listed>| {
            let ids: Vec<Uuid> = portion.iter().map(|object| object.id).collect();
            let clinics: Vec<Uuid> = portion.iter().map(|object| object.clinic).collect();
            let (named, known) = db
                .system(Reason::Housekeeping, system(), async |tx| Ok(store::named(tx, &ids, &clinics).await?))
                .await
                .map_err(tell)?;
            for object in portion {
                if known.contains(&object.clinic) && !named.contains(&object.id) {
                    self.objects.delete(&object).await?;
                    swept += 1;
                }
            }
            Ok(())
        };
        self.objects.older_than(now - TimeDelta::hours(SWEPT_AFTER), each).await?;
        Ok(swept)
    }
}

/// Sweeps until it is dropped. Any number of services can.
pub async fn sweep(db: Db, files: Arc<Files>, signals: Signals) {
    loop {
        match files.sweep_once(&db).await {
            Ok(swept) => tracing::debug!(swept, "the storage was swept"),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the storage could not be swept; it will be tried again");
            }
        }
        tokio::select! {
            () = signals.sweep.notified() => {}
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}
