//! The patient's written permission, and the gate that every reading by somebody else passes.
//!
//! [`policy::decide`] is the gate: a pure function that alone can make a [`policy::Permit`]. `hold` reads the consents
//! that it decides over and keeps them from changing until the reading has committed.

mod convert;
mod gate;
pub mod policy;
pub mod routes;
pub mod state;
mod statement;
mod store;

pub(crate) use convert::{compared_address, compared_purpose, compared_recipients, denied, guest};
pub(crate) use gate::{Basis, Document, pass_gate, pass_gate_or_back, weigh};
pub(crate) use routes::{
    activate, categories_in_words, check_open, check_recipient, closed_meanwhile, comparable_address,
    comparable_purpose, resolve_other, revoke,
};
use statement::category_in_words;
pub(crate) use statement::purpose_in_words;
/// A consent's row, as far as the gate goes by it: the tests ask the gate about rows that they make.
#[doc(hidden)]
pub use store::Terms;
pub(crate) use store::{Asked, Held, Opened, Row, Signed, await_readings, decline, find, hold};
