//! One clinic asks another to see a patient, and the loop does not close before a signed report has come back.
//!
//! `state.rs` is the whole protocol as one table. What a referral says passes the same gate as a report: the recipient reads
//! it under the patient's consent for `referral`, at the moment of reading and on record. It closes with a share of a signed
//! report to the sender, which passed the gate of the recipient's own consent.

mod clocks;
mod convert;
mod policy;
pub mod routes;
mod state;
mod store;

pub(crate) use store::basis_of_report_back;

pub use clocks::worker::run as keep_time;
