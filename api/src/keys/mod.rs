//! Rotating keys, sealing anew and shredding, while the service runs: the work behind `rapport keys`.
//!
//! It is done under a role of its own, `rapport_keeper`, by whoever administers the database; the service can't take that role
//! up. Each step is a transaction that leaves everything readable, so that a run that was killed goes on where it was. What
//! is done to a key is in the audit log.

mod adopt;
mod command;
mod inventory;
mod rotation;
mod store;

pub use adopt::run as adopt;
pub use command::{KeysCommand, run};

use crate::{
    database::{Db, Signals},
    vault::Vault,
};
use std::sync::Arc;

/// What `rapport keys rotate data` does, by an administrator's address, for tests that rotate beneath a service. Answers how many
/// patients and offices have a new key, and how many rows were sealed anew.
///
/// # Errors
/// Whatever the database answers.
#[doc(hidden)]
pub async fn rotate_data(url: &str, vault: &Arc<Vault>) -> anyhow::Result<(u64, u64)> {
    let db = Db::new(url, 1, Signals::default(), Arc::clone(vault))?;
    rotation::data(&db, &mut |_, _| {}).await.map_err(command::told)
}

/// Every sealed column, as `table.column`, for the test that compares them with the database.
#[doc(hidden)]
pub fn sealed_columns() -> Vec<String> {
    let of_table = |sealed: &inventory::Sealed| {
        let table = sealed.table;
        sealed.columns.iter().map(move |column| format!("{table}.{column}"))
    };
    inventory::SEALED.iter().flat_map(of_table).collect()
}
