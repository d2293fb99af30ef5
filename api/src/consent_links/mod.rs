//! The patient at a link: no account, no app, a secret in the fragment, a second fact and a code.
//!
//! A wrong secret, an unknown link, one that lapsed and one that is used up answer the same 404. Reading a page changes
//! nothing: every change takes a POST with the session's cookie and its anti-CSRF token.

pub mod routes;
mod store;

use crate::{
    consents::Row,
    database::Tx,
    events::{PublicUrl, letters, mail},
    http::ApiError,
    identity::secrets,
};
use rapport_contract::patients::Patient;
use secrecy::ExposeSecret;

/// Sends the patient a link to a consent, if the clinic has an address on file.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn send(
    tx: &mut Tx<'_>,
    consent: &Row,
    patient: &Patient,
    public_url: &PublicUrl,
) -> Result<(), ApiError> {
    let Some(email) = &patient.email else { return Ok(()) };
    let secret = secrets::token().map_err(ApiError::internal)?;
    let link = store::insert(tx, consent, &secrets::hash(secret.expose_secret())).await?;
    let clinic = crate::clinics::letterhead(tx, consent.clinic_id).await?.ok_or_else(ApiError::not_found)?;
    let address = public_url.join(&format!("/consent/{link}#{}", secret.expose_secret()));
    mail::queue(tx, consent.clinic_id, email.as_str(), letters::consent_request(&clinic.name, &address)).await?;
    Ok(())
}
