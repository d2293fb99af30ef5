//! What crosses the wire: the types that the service answers with and that the SDK reads, a file per capability.
//!
//! # The compatibility promise
//! Within `/v1` a field, a path, a state or a problem slug may be added and is never renamed, removed or given
//! another meaning. Requests are strict: a field that the service does not know is refused, so that a typing error
//! is never mistaken for consent. Responses are for tolerant readers: an enum value that this version does not know
//! reads as `Unknown`, and an unknown field is passed over. So enums, and structs that are answered only, are
//! `#[non_exhaustive]` to all but the service, which makes them: what is added there breaks nobody who uses the SDK.
//!
//! Clinical and personal values are [`Sensitive`]: they serialise as they are and print as nothing.
#![warn(missing_docs)]

pub mod api_clients;
pub mod attachments;
pub mod audit;
pub mod audit_log;
pub mod clinics;
pub mod consent_links;
pub mod consents;
pub mod emergency_access;
pub mod events;
pub mod identity;
pub mod ids;
pub mod incidents;
pub mod members;
pub mod oauth;
pub mod opinions;
pub mod page;
pub mod patch;
pub mod patients;
pub mod practitioners;
pub mod problem;
pub mod referral_links;
pub mod referral_messages;
pub mod referral_times;
pub mod referrals;
pub mod reports;
pub mod sensitive;
pub mod share_links;
pub mod shares;
pub mod webhooks;

pub use ids::Id;
pub use sensitive::Sensitive;

/// The OpenAPI document of this version, as the service hands it out.
#[cfg(feature = "document")]
pub const DOCUMENT: &str = include_str!("../openapi.json");
