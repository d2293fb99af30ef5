//! New ids, in their one home.

use uuid::Uuid;

/// A new id (UUIDv7, RFC 9562): ordered by time, so that lists and indexes are too.
#[expect(clippy::disallowed_methods, reason = "the one home of new ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
