//! What the two sides write to each other, from the sending on for as long as a referral's words are open.
//!
//! A message is a word of the referral: it is sealed with the same key, and whom the referral is for reads it through the same
//! gate, on record. Neither side writes without a consent in force. A referral that closed with a report is still open: a
//! question about the report belongs here; one that came to nothing is not. Reading is a write: the first reading on the other
//! side stands with the message, and its author sees it.

mod convert;
pub(super) mod routes;
mod store;
