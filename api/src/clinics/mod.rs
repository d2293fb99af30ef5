//! A clinic signs up, and brings its people in by invitation.

pub mod routes;
mod store;

pub(crate) use store::{Guardian, Letterhead, guardians, letterhead, letterhead_beside};
