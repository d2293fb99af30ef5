//! What was written before there was a vault: it is sealed before the service serves.
//!
//! The migration that brought the vault left it in the clear under the key of version 0, which is none. Each patient and each
//! office is one step, so that a start that was killed goes on where it was.

use super::{
    rotation::{one_subject, step},
    store::{self, Subject},
};
use crate::{
    consents,
    database::{Db, Signals, Tx},
    http::ApiError,
    patients, shares,
    vault::{self, Vault},
};
use std::sync::Arc;

/// Seals what nobody has sealed yet, by an administrator's address. `say` is told how much there is.
///
/// # Errors
/// If the database or the root keys can't be had; what was done stays done.
pub async fn run(url: &str, vault: &Arc<Vault>, say: &dyn Fn(&str)) -> anyhow::Result<()> {
    let db = Db::new(url, 1, Signals::default(), Arc::clone(vault))?;
    let tell = |error: ApiError| anyhow::anyhow!("what is not sealed yet can't be sealed: {error}");
    let count = step(&db, async |tx| Ok(store::count_unsealed(tx).await?)).await.map_err(tell)?;
    if count == 0 {
        return Ok(());
    }
    say(&format!("sealing what was there before: {count} patients and clinics ..."));
    loop {
        let unsealed = step(&db, async |tx| Ok(store::unsealed(tx).await?)).await.map_err(tell)?;
        if unsealed.is_empty() {
            return Ok(());
        }
        for subject in unsealed {
            one(&db, &subject).await.map_err(tell)?;
        }
    }
}

async fn one(db: &Db, subject: &Subject) -> Result<(), ApiError> {
    let now = step(db, async |tx| {
        if !vault::has_keys(tx, subject.clinic_id).await? {
            vault::make_for_clinic(tx, subject.clinic_id).await?;
        }
        if subject.subject_id == subject.clinic_id { office(tx, subject).await } else { patient(tx, subject).await }?;
        Ok(tx.now())
    })
    .await?;
    one_subject(db, subject, now).await?;
    Ok(())
}

fn plain(value: &[u8]) -> Result<&[u8], ApiError> {
    vault::brought_over(value).ok_or_else(|| ApiError::internal(vault::Error::Refused))
}

fn read<T: serde::de::DeserializeOwned>(value: &[u8]) -> Result<T, ApiError> {
    // The parser's sentence may quote what it could not read, so it is not kept.
    serde_json::from_slice(plain(value)?).map_err(|_| ApiError::internal(vault::Error::Refused))
}

/// By what a patient is found, and what the gate compares of the patient's consents.
async fn patient(tx: &mut Tx<'_>, subject: &Subject) -> Result<(), ApiError> {
    let index = vault::index_of(tx, subject.clinic_id).await?;
    for row in store::plain(tx, ("patients", "identity", "id", "key_version"), subject).await? {
        let identity: patients::Identity = read(&row.value)?;
        store::set_tokens(tx, subject, &identity.tokens(&index), identity.mrn_token(&index)).await?;
    }
    for row in store::plain(tx, ("consents", "terms", "patient_id", "key_version"), subject).await? {
        let asked: consents::Asked = read(&row.value)?;
        let recipients = consents::compared_recipients(&index, &asked.recipients).map_err(ApiError::internal)?;
        let purpose = consents::compared_purpose(&index, &asked.purpose);
        store::set_compared(tx, row.id, recipients, &purpose).await?;
    }
    Ok(())
}

/// What the gate compares of a clinic's shares.
async fn office(tx: &mut Tx<'_>, subject: &Subject) -> Result<(), ApiError> {
    let index = vault::index_of(tx, subject.clinic_id).await?;
    for row in store::plain(tx, ("shares", "envelope", "clinic_id", "office_key_version"), subject).await? {
        let envelope: shares::Envelope = read(&row.value)?;
        let purpose = consents::compared_purpose(&index, &envelope.purpose);
        let address = envelope.recipient_email.as_deref().map(|email| consents::compared_address(&index, email));
        let keeps_envelope = address.is_some() || purpose != envelope.purpose;
        store::set_addressed(tx, row.id, &purpose, address.as_deref(), keeps_envelope).await?;
    }
    Ok(())
}
