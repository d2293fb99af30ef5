//! Rotating keys, sealing anew and shredding, while the service runs: the work behind `rapport keys`.
//!
//! It is done under a role of its own, `rapport_keeper`, by whoever administers the database; the service can't take that role
//! up. Each step is a transaction that leaves everything readable, so that a run that was killed goes on where it was. What
//! is done to a key is in the audit log.

pub mod adopt;
pub mod command;
mod inventory;
mod rotation;
mod store;
