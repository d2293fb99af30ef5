//! The machines of a clinic: made and ended by its owner, signed in by [`crate::oauth`].

mod convert;
mod keys;
mod remote_keys;
pub mod routes;
mod store;

pub(crate) use keys::{PublicKey, read_all};
pub(crate) use remote_keys::RemoteKeys;
pub(crate) use store::{SigningIn, has_secret, signing_in};
