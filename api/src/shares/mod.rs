//! A signed version goes to another clinic, and every reading of it passes the gate at the moment of reading.
//!
//! No permit, no report: `store::disclose` takes a [`crate::consents::policy::Permit`]. No record, no report: it inserts
//! the audit event in the transaction that reads.

mod convert;
mod reading;
pub mod routes;
mod state;
mod store;

pub(crate) use reading::{acknowledge, event_of, pass_again, read, read_attachment};
pub(crate) use store::{Addressed, Envelope, Named, Row, To, find_for_guest, sent_to};
