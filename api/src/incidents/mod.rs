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
    share_links::Leads,
};
use uuid::Uuid;

/// What went astray.
pub(crate) struct Astray {
    pub(crate) clinic: Uuid,
    pub(crate) patient: Uuid,
    pub(crate) leads: Leads,
    pub(crate) was_read: bool,
}

/// Opens an incident, because who received a share or a referral said that it was not meant for them, and tells the clinic's
/// owners and privacy officers that there is one.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn misdirected(tx: &mut Tx<'_>, astray: &Astray) -> Result<(), ApiError> {
    let Some(incident) = store::open(tx, astray).await? else { return Ok(()) };
    audit::record(tx, Event::new(astray.clinic, "incident.open").on(incident).patient(astray.patient));
    for guardian in clinics::guardians(tx, astray.clinic).await? {
        mail::queue(tx, astray.clinic, &guardian.email, letters::incident(&incident.to_string())).await?;
    }
    Ok(())
}
