//! What left of a patient's information, to whom, and under which permission: the audit log as the patient may ask for it.
//!
//! The log itself is [`crate::audit`]'s and knows neither patients nor shares; the names are put to it here.

mod convert;
pub mod routes;
mod store;
