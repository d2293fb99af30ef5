//! Encryption at rest (45 CFR 164.312(a)(2)(iv)): whoever has the disk, a dump or a backup has no name and no report.
//!
//! **Three levels.** A root key, which is never in the database, wraps a key for each clinic; that wraps the data keys of
//! the clinic's subjects: one for each patient, one for the clinic's office (what is about no patient, such as mail), one for
//! its index. Data keys seal values by AES-256-GCM. What stands where goes into the associated data, so that a value that is
//! moved to another row, column, patient or clinic opens nowhere.
//!
//! **Searching.** An [`Index`] makes keyed tokens of what is looked for: equal texts have equal tokens within one column of
//! one clinic, and without the key nobody can try texts against them.
//!
//! **Changing keys.** Every row with sealed columns names the version of its data key, and a foreign key sees to it that no
//! sealed value outlives its key. A row is written under the newest version; what is added to it later takes the row's own.
//! Each level can be rotated while the service runs (`rapport keys`), and a data key can be shredded: what it sealed is gone
//! then, wherever it was copied to.

mod cipher;
mod clinics;
mod index;
pub mod ring;
pub mod root;
mod store;

pub use cipher::{DataKey, Error, Place};
pub(crate) use cipher::{FileKey, brought_over, open_once, seal_once};
pub use clinics::Vault;
pub use index::Index;
pub use root::Wrapped;
pub(crate) use store::{
    KeyRow, Keyring, has_keys, index_of, make, make_clinic_key, make_for_clinic, make_for_subject, newest,
    newest_beside, newest_clinic_key, of_version, office, rewrapped, unlock, unlock_unless_shredded, wrapped_anew,
};
