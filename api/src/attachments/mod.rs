//! Files that go with a report, and the scans of consents that were signed on paper.
//!
//! **What comes in** is known by its content: its first bytes, and a parser that reads it to the end (`policy`, `inspect`).
//! Images are written anew without any metadata; documents that do something by themselves are refused; a virus scanner is
//! asked where there is one. All that runs beside the workers, a few files at a time.
//!
//! **Where it is kept.** The bytes go to the object storage, each file sealed by a key of its own; that key, sealed with the
//! patient's, stands in the file's row. No transaction waits for the storage: the object is written first, under a random
//! name, and then the row; an object that has got no row after a day is swept away. A reading commits its record first, and
//! then the bytes are fetched.
//!
//! **What of it leaves.** A signature fixes which files belong to the version. A share with the section `attachments` takes
//! a consent that covers them and holds those of its version; each file takes a reading of its own, through the gate
//! ([`crate::shares`]).

mod convert;
mod files;
mod inspect;
mod objects;
mod policy;
pub mod routes;
mod scanner;
mod store;

pub use files::{Files, sweep};
pub(crate) use files::{Kept, Offer, ToRead};
pub use objects::Place as Storage;
pub(crate) use routes::{count, handed_out, served};
pub use scanner::Scanner;
pub(crate) use store::{Details, Shared, beside, disclose, freeze, is_with_version};
