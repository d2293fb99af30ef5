//! What leaves the service besides answers: written in the transaction of its cause, delivered by a worker.
//!
//! An event says that something happened, with ids and never with health information. `publish` writes it in the transaction
//! of the change, for each clinic that hears of it. It is read at `/v1/events`, followed at `/v1/events/stream`, and told to the
//! clinic's webhooks; each time anew as far as the object is within reach and its kind may be listed.

pub mod letters;
pub mod mail;
mod policy;
pub mod routes;
mod store;
mod stream;
pub mod webhooks;
pub mod worker;

use crate::identity::{Principal, policy::Right};
use policy::Reach;
use rapport_contract::events::{EventObjectType, EventType};
pub(crate) use store::publish;
pub use stream::Streams;
use uuid::Uuid;
pub(crate) use webhooks::deliver::run as deliver;

/// Something that happened to an object, and the object's version after that.
pub struct Happened {
    /// What.
    pub kind: EventType,
    /// To what.
    pub object: Uuid,
    /// Its version now.
    pub version: i32,
}

/// The right that lists objects of this kind.
const fn right_to_list(kind: EventObjectType) -> Option<Right> {
    Some(match kind {
        EventObjectType::Consent => Right::ReadConsents,
        EventObjectType::Report => Right::ListReports,
        EventObjectType::Share => Right::ListShares,
        EventObjectType::Referral => Right::ListReferrals,
        EventObjectType::Incident => Right::HandleIncidents,
        EventObjectType::EmergencyAccess => Right::ReviewEmergencyAccess,
        EventObjectType::Unknown => return None,
    })
}

/// Of which objects' events a principal hears.
fn reach_of(me: &Principal) -> Reach {
    Reach::of(|kind| right_to_list(kind).is_some_and(|right| me.may(right)))
}

/// The address that people reach the service by, for links.
#[derive(Debug, Clone)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// An address without a slash at its end.
    pub fn new(url: &str) -> Self {
        Self(url.trim_end_matches('/').to_owned())
    }

    /// The address of a path.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Whether people reach it by TLS, and cookies may insist on that.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The issuer of access tokens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
