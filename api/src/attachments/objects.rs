//! The object storage: a folder, or a bucket. It holds sealed bytes under random names, and knows nothing of anybody.

use anyhow::Context;
use futures_util::{StreamExt, TryStreamExt};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path, prefix::PrefixStore,
};
use std::{fs, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long one request to a bucket may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Where the bytes of attachments are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket that speaks S3, below a prefix.
    Bucket {
        /// The bucket.
        name: String,
        /// The prefix; may be empty.
        prefix: String,
    },
}

impl Place {
    /// Reads `s3://bucket/prefix`, or a folder.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once("://") {
            Some(("s3", rest)) => {
                let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
                let prefix = prefix.trim_matches('/').to_owned();
                (name.len() >= 3 && name.chars().all(is_name)).then(|| Self::Bucket { name: name.to_owned(), prefix })
            }
            Some(_) => None,
            None => (!text.is_empty()).then(|| Self::Folder(text.into())),
        }
    }
}

/// The storage.
#[derive(Clone)]
pub(super) struct Objects(Arc<dyn ObjectStore>);

/// An object without a row, perhaps.
pub(super) struct Listed {
    pub(super) clinic: Uuid,
    pub(super) id: Uuid,
}

fn path(clinic: Uuid, id: Uuid) -> Path {
    Path::from(format!("{clinic}/{id}"))
}

impl Objects {
    /// Opens it. Nothing is asked of a bucket yet.
    pub(super) fn open(place: &Place) -> anyhow::Result<Self> {
        match place {
            Place::Folder(folder) => {
                fs::DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(folder)
                    .with_context(|| format!("the folder for attachments {} can't be made", folder.display()))?;
                let store = LocalFileSystem::new_with_prefix(folder)
                    .with_context(|| format!("the folder for attachments {} can't be used", folder.display()))?
                    // A row must never outlive its bytes in a power cut.
                    .with_fsync(true);
                Ok(Self(Arc::new(store)))
            }
            Place::Bucket { name, prefix } => {
                let retry = RetryConfig { max_retries: 2, retry_timeout: DEADLINE, ..RetryConfig::default() };
                let client = ClientOptions::new().with_timeout(DEADLINE).with_connect_timeout(Duration::from_secs(5));
                // Keys, region and endpoint come from the environment, by the names that AWS gives them.
                let store = AmazonS3Builder::from_env()
                    .with_bucket_name(name)
                    .with_retry(retry)
                    .with_client_options(client)
                    .build()
                    .context("--attachment-store: the bucket can't be used")?;
                Ok(Self(Arc::new(PrefixStore::new(store, prefix.as_str()))))
            }
        }
    }

    pub(super) async fn put(&self, clinic: Uuid, id: Uuid, sealed: Vec<u8>) -> anyhow::Result<()> {
        self.0.put(&path(clinic, id), PutPayload::from(sealed)).await.context("writing an attachment")?;
        Ok(())
    }

    pub(super) async fn get(&self, clinic: Uuid, id: Uuid) -> anyhow::Result<Vec<u8>> {
        let found = self.0.get(&path(clinic, id)).await.context("reading an attachment")?;
        Ok(found.bytes().await.context("reading an attachment")?.into())
    }

    pub(super) async fn delete(&self, object: &Listed) -> anyhow::Result<()> {
        match self.0.delete(&path(object.clinic, object.id)).await {
            // Another service was faster.
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error).context("sweeping"),
        }
    }

    /// The objects that were written before this time, in portions.
    pub(super) async fn older_than(
        &self,
        time: chrono::DateTime<chrono::Utc>,
        mut each: impl AsyncFnMut(Vec<Listed>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let old = self
            .0
            .list(None)
            .try_filter_map(async |found| Ok(listed(&found.location).filter(|_| found.last_modified < time)));
        let mut portions = std::pin::pin!(old.chunks(500));
        while let Some(portion) = portions.next().await {
            each(portion.into_iter().collect::<Result<_, _>>().context("listing the storage")?).await?;
        }
        Ok(())
    }
}

/// What the path of one of our own objects names.
fn listed(path: &Path) -> Option<Listed> {
    let (clinic, id) = path.as_ref().split_once('/')?;
    Some(Listed { clinic: clinic.parse().ok()?, id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let bucket = |name: &str, prefix: &str| Some(Place::Bucket { name: name.into(), prefix: prefix.into() });
        assert_eq!(Place::parse("/srv/files"), Some(Place::Folder("/srv/files".into())));
        assert_eq!(Place::parse("s3://north-files"), bucket("north-files", ""));
        assert_eq!(Place::parse("s3://north-files/rapport/live/"), bucket("north-files", "rapport/live"));
        for wrong in ["", "s3://", "s3://A_B", "gs://files", "https://files.example.org"] {
            assert_eq!(Place::parse(wrong), None, "{wrong}");
        }
    }
}
