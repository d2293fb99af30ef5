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
use rapport_contract::patients::{NewPatient, Patient};
use uuid::Uuid;

pub(crate) use store::{Identity, Sealed, SealedIdentity, find, find_beside, identity_beside};

/// Adds a patient who is known from elsewhere to a clinic's own records. The record number is the other clinic's, and is left out.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn add(tx: &mut Tx<'_>, clinic: Uuid, known: Identity) -> Result<Uuid, ApiError> {
    let new = NewPatient {
        given_name: known.given_name.into(),
        family_name: known.family_name.into(),
        birth_date: known.birth_date.into(),
        mrn: None,
        email: known.email.map(Into::into),
        phone: known.phone.map(Into::into),
    };
    match store::insert(tx, clinic, &new).await? {
        store::Written::Done(patient) => Ok(patient.id.into()),
        store::Written::NumberTaken | store::Written::Stale => Err(ApiError::stale()),
    }
}

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
    let found = store::find_beside(tx.conn(), me.clinic_id, id).await?;
    reached(tx, me, found, right, event).await
}

/// The same with what was found of the patient already.
///
/// # Errors
/// `forbidden`, `not-found`
pub(crate) async fn reached(
    tx: &mut Tx<'_>,
    me: &Principal,
    found: Option<Sealed>,
    right: Right,
    event: Event,
) -> Result<Patient, ApiError> {
    me.require(tx, right, event.clone()).await?;
    match found {
        Some(found) => Ok(store::open(tx, found).await?),
        None => Err(audit::refuse_unknown(tx, event)),
    }
}
