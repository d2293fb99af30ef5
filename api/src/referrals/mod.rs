//! One clinic asks another to see a patient, and the loop does not close before a signed report has come back.
//!
//! `state.rs` is the whole protocol as one table. What a referral says passes the same gate as a report: the recipient reads
//! it under the patient's consent for `referral`, at the moment of reading and on record. It closes with a share of a signed
//! report to the sender, which passed the gate of the recipient's own consent.
//!
//! A second opinion is a referral that asks what the other clinic thinks. It closes with its answer, and by default it names nobody:
//! `opinions/mod.rs` tells how, and `safe_harbor/mod.rs` what is looked for.

mod clocks;
mod convert;
mod guests;
mod messages;
mod opinions;
mod policy;
pub mod routes;
mod safe_harbor;
mod state;
mod store;

pub(crate) use guests::{Claimant, SentToGuest, claim, decline, find_for_guest, read};
pub(crate) use routes::status;
pub(crate) use store::{Named, Row, basis_of_report_back};

pub use clocks::worker::run as keep_time;
