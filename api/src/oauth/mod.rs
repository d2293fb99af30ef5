//! Signing the clinics' machines in (RFC 6749, 4.4), by a key (RFC 7523, SMART Backend Services) or by a secret, and taking
//! tokens back (RFC 7009). There is no refresh token: a machine asks again.
//!
//! A failure here is a problem like everywhere, with the two members of RFC 6749, 5.2 (`error`, `error_description`) as its
//! extension members: one body for both kinds of reader.

mod assertion;
pub mod routes;
