//! Treatment plans and progress reports: a draft that can change, signed versions that can't.

mod convert;
mod document;
mod policy;
pub mod routes;
mod store;

pub(crate) use convert::parse_body;
#[doc(hidden)]
pub use convert::{cut, sections_of};
#[doc(hidden)]
pub use policy::categories_needed;
pub(crate) use routes::{reach_report, reach_report_to_read};
pub(crate) use store::{
    Version, hold, open_version, report_beside, sealed_version_beside, signed_version_with_files, touch,
};

/// A report's kind, in its column's words.
pub(crate) use convert::kind_from;
