//! Rapport: a practitioner sends a treatment plan or progress report to another clinic with the patient's permission.
//!
//! This is the first file to read. The house has a thin kernel that knows no domain noun, and a folder for each capability.
//!
//! **The kernel.** [`database`] is the only way to SQL: a transaction for somebody who signed in, or for work that says why
//! it is nobody's. [`http`] holds the conventions of every endpoint. [`identity`] finds out who is calling. [`audit`]
//! records what was done, in the transaction that does it. [`events`] holds what leaves besides answers. [`log`] says what
//! may be written down of all that. [`vault`] seals what names or describes a patient. [`links`] is what the links of patients and guests have in common.
//!
//! **The slices.** [`clinics`], [`api_clients`], [`oauth`], [`practitioners`], [`patients`], [`consents`],
//! [`consent_links`], [`reports`], [`attachments`], [`shares`], [`share_links`], [`referrals`], [`referral_links`], [`incidents`],
//! [`emergency_access`], [`disclosures`]. Each has the same few files:
//! `routes.rs` (read, decide, write), `policy.rs` and `state.rs` (pure rules), `store.rs` (all the SQL of the slice),
//! `convert.rs` (row, domain, wire). `store` is private to its slice.
//!
//! **From the command line.** [`keys`] rotates what the vault seals with, [`audit::seal`] checks the log, [`demo`] walks the main job.
//!
//! **Who may: three locks.** *Who* is an [`identity::Actor`] in a handler's signature; a handler without one is public. *May*
//! is a pure policy whose proof the disclosing function demands: [`consents::policy::decide`] alone makes a
//! [`consents::policy::Permit`]. Every reading of a share passes it again at the moment of reading, holding the patient's
//! consents, and is recorded in the same transaction.
//!
//! One door stands beside: in an emergency a member whose role does not read reports reads those of one patient of the own
//! clinic for an hour ([`emergency_access`]). It opens nothing that another clinic shared, and it is never silent.
//!
//! **Beyond one machine.** The service keeps no state of its own but the counters of its rate limits: any number of them
//! serve one database.

pub mod api_clients;
pub mod app;
pub mod attachments;
pub mod audit;
pub mod clinics;
pub mod config;
pub mod consent_links;
pub mod consents;
pub mod database;
pub mod demo;
pub mod disclosures;
pub mod emergency_access;
pub mod events;
pub mod http;
pub mod identity;
pub mod incidents;
pub mod keys;
pub mod links;
pub mod log;
pub mod oauth;
pub mod openapi;
pub mod pages;
pub mod patients;
pub mod practitioners;
pub mod referral_links;
pub mod referrals;
pub mod reports;
pub mod server;
pub mod service;
pub mod share_links;
pub mod shares;
pub mod vault;
