//! Clocks: whose turn it is, when it is due, who is told, and what lapses because nobody answered.
//!
//! The clinic that refers sets the times of each urgency; a referral keeps those of the moment when it was sent. The moves
//! turn the clock in their own transactions; a worker sends reminders and ends what nobody answered, once however many
//! services there are.

pub(super) mod policy;
pub(super) mod routes;
pub(super) mod store;
pub(super) mod worker;
