//! A clinic's own patient records, and how to find one without a name in an address.

mod name;
pub mod routes;
mod store;

use crate::{
    audit::{self, Event},
    database::Tx,
    http::ApiError,
    identity::{Principal, policy::Right},
};
use rapport_contract::patients::Patient;
use uuid::Uuid;

pub(crate) use store::{Identity, find, identity_beside};

/// The patient, if the principal may do this with patients and the record is of the own clinic. Refusals are recorded.
///
/// # Errors
/// `forbidden`, `not-found`
pub(crate) async fn reach(
    tx: &mut Tx<'_>,
    me: &Principal,
    id: Uuid,
    right: Right,
    event: Event,
) -> Result<Patient, ApiError> {
    me.require(tx, right, event.clone()).await?;
    match store::find(tx, me.clinic_id, id).await? {
        Some(patient) => Ok(patient),
        None => Err(audit::refuse_unknown(tx, event).await),
    }
}
