//! The vault of a service: its root keys, and the clinics' keys that it has unwrapped.

use super::{
    cipher::{Error, Key},
    index::Index,
    root::{RootKeys, Wrapped},
};
use quick_cache::sync::Cache;
use std::sync::Arc;
use uuid::Uuid;

/// Keys of clinics that are kept unwrapped. A key never changes, only what it wraps, so that one that was kept can't be stale;
/// what lets a clinic's data be shredded or read is in the database and is asked each time.
const KEPT: usize = 10_000;

/// The root keys, and the clinics' keys that were unwrapped. Shared by all of a service's workers.
pub struct Vault {
    root: Arc<dyn RootKeys>,
    clinics: Cache<(Uuid, i32), Arc<Key>>,
    indexes: Cache<Uuid, Arc<Index>>,
}

impl Vault {
    /// With these root keys.
    pub fn new(root: Arc<dyn RootKeys>) -> Self {
        Self { root, clinics: Cache::new(KEPT), indexes: Cache::new(KEPT) }
    }

    /// The root keys.
    pub fn root(&self) -> &dyn RootKeys {
        self.root.as_ref()
    }

    pub(super) fn kept_key(&self, clinic: Uuid, version: i32) -> Option<Arc<Key>> {
        self.clinics.get(&(clinic, version))
    }

    pub(super) fn keep_key(&self, clinic: Uuid, version: i32, key: Key) -> Arc<Key> {
        let key = Arc::new(key);
        self.clinics.insert((clinic, version), Arc::clone(&key));
        key
    }

    pub(super) fn kept_index(&self, clinic: Uuid) -> Option<Arc<Index>> {
        self.indexes.get(&clinic)
    }

    pub(super) fn keep_index(&self, clinic: Uuid, index: Index) -> Arc<Index> {
        let index = Arc::new(index);
        self.indexes.insert(clinic, Arc::clone(&index));
        index
    }

    /// Unwraps a clinic's key.
    pub(super) async fn unwrap(&self, clinic: Uuid, version: i32, wrapped: &Wrapped) -> Result<Key, Error> {
        Key::new(&self.root.unwrap(&context_of_clinic(clinic, version), wrapped).await?)
    }
}

/// What the wrapped key of a clinic is bound to.
pub(super) fn context_of_clinic(clinic: Uuid, version: i32) -> Vec<u8> {
    let mut context = b"rapport/clinic-key/1\0".to_vec();
    context.extend_from_slice(clinic.as_bytes());
    context.extend_from_slice(&version.to_be_bytes());
    context
}

/// What the wrapped data key of a subject is bound to.
pub(super) fn context_of_subject(clinic: Uuid, subject: Uuid, version: i32) -> Vec<u8> {
    let mut context = b"rapport/data-key/1\0".to_vec();
    context.extend_from_slice(clinic.as_bytes());
    context.extend_from_slice(subject.as_bytes());
    context.extend_from_slice(&version.to_be_bytes());
    context
}
