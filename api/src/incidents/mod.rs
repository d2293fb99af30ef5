//! What went astray, until the clinic's privacy officer or owner has dealt with it.

mod convert;
pub mod routes;
mod store;

use crate::{
    audit::{self, Event},
    clinics,
    database::Tx,
    events::{letters, mail},
    http::ApiError,
    shares,
};

/// Opens an incident, because who received a share said that it was not meant for them, and tells the clinic's owners and
/// privacy officers that there is one.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn misdirected(tx: &mut Tx<'_>, share: &shares::Row) -> Result<(), ApiError> {
    let Some(incident) = store::open(tx, share).await? else { return Ok(()) };
    audit::record(tx, Event::new(share.clinic_id, "incident.open").on(incident).patient(share.patient_id)).await?;
    for guardian in clinics::guardians(tx, share.clinic_id).await? {
        mail::queue(tx, share.clinic_id, &guardian.email, letters::incident(&incident.to_string())).await?;
    }
    Ok(())
}
