//! The directory: whom a patient's consent can name and a share can go to.

mod npi;
mod professions;
pub mod routes;
mod store;

pub(crate) use npi::check_npi;
pub(crate) use store::addressee;
