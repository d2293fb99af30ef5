//! What proves that the audit log was not changed: an append-only Merkle tree (RFC 9162, section 2.1) over the events, and
//! its signed roots.
//!
//! Everything here is pure. The service seals with it, the SDK and `rapport audit verify` check with it, and so can anybody
//! who writes the same from this description:
//!
//! * A leaf is an event with all of its columns, in the bytes of [`LogEvent::canonical`]. Each holds 122 random bits of its
//!   own, so that the hash of somebody else's event can't be undone by trying.
//! * The tree is that of Certificate Transparency: [`merkle`].
//! * A root is published as a checkpoint in the C2SP formats tlog-checkpoint and signed-note, signed with Ed25519:
//!   [`checkpoint`].

pub mod checkpoint;
mod event;
pub mod merkle;

pub use checkpoint::{Checkpoint, PublicKey};
pub use event::{ENCODING, LogEvent};
