//! The conventions of every endpoint: one shape of error, pages, entity tags, idempotency keys, limits, request ids.

pub mod address;
pub mod body;
pub mod conventions;
pub mod cors;
pub mod etag;
pub mod idempotency;
pub mod limits;
pub mod outbound;
pub mod paging;
pub mod problem;
pub mod reply;
pub mod request_id;
pub mod routes;
pub mod tls;
pub mod validation;

pub use address::Block;
pub use body::{Body, Form, Posted};
pub use etag::IfMatch;
pub use outbound::Outbound;
pub use paging::{Cursor, PageRequest};
pub use problem::ApiError;
pub use reply::Reply;
pub use request_id::RequestId;
pub use routes::Routes;
