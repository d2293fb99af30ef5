//! The gate as the slices pass it: with the patient's consents held until the transaction ends, and a denial on record.

use super::{
    denied,
    policy::{Ask, Denial, Grant, Permit, Recipient, Unreadable, decide},
    store::{self, Held},
};
use crate::{
    audit::{self, Event},
    database::Tx,
    http::ApiError,
};
use rapport_contract::consents::Category;
use uuid::Uuid;

/// What passes the gate, apart from who asks.
pub(crate) struct Document<'d> {
    pub(crate) discloser: Uuid,
    pub(crate) patient: Uuid,
    pub(crate) recipient: Recipient,
    pub(crate) categories: &'d [Category],
    pub(crate) purpose: &'d str,
    /// The consents that it rests on, where they are not those of the discloser's own patient.
    pub(crate) basis: Option<Basis>,
}

/// A patient's record in the clinic that referred the patient, whose `two_way` consents let a report go back there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Basis {
    /// The clinic that referred.
    pub(crate) clinic: Uuid,
    /// Its record of the patient.
    pub(crate) patient: Uuid,
}

/// Passes the gate, holding the patient's consents until this transaction ends. A denial is recorded.
pub(crate) async fn pass_gate(tx: &mut Tx<'_>, document: &Document<'_>, event: Event) -> Result<Permit, ApiError> {
    let held = hold(tx, document).await?;
    weigh(tx, document, held, event).await
}

/// Passes the gate under the discloser's own consents or, where they do not permit it, under those of whoever referred the
/// patient, which `find` looks for. Says on which of them it rests. A denial tells the nearest miss, and is recorded.
pub(crate) async fn pass_gate_or_back(
    tx: &mut Tx<'_>,
    mut document: Document<'_>,
    event: Event,
    find: impl AsyncFnOnce(&mut Tx<'_>) -> Result<Option<Basis>, ApiError>,
) -> Result<(Permit, Option<Basis>), ApiError> {
    let held = hold(tx, &document).await?;
    let mut denial = match verdict(&document, held) {
        Ok(permit) => return Ok((permit, None)),
        Err(denial) => denial,
    };
    // What can't be read might be what forbids.
    if denial != Denial::Unreadable
        && let Some(basis) = find(tx).await?
    {
        document.basis = Some(basis);
        let held = hold(tx, &document).await?;
        match verdict(&document, held) {
            Ok(permit) => return Ok((permit, Some(basis))),
            Err(other) => denial = denial.max(other),
        }
    }
    Err(audit::refuse(tx, event, denied(denial)))
}

async fn hold(tx: &mut Tx<'_>, document: &Document<'_>) -> Result<Held, ApiError> {
    let (clinic, patient) = match document.basis {
        Some(basis) => (basis.clinic, basis.patient),
        None => (document.discloser, document.patient),
    };
    Ok(store::hold(tx, clinic, patient, async |_| Ok(())).await?.0)
}

/// The same over consents that are held already.
pub(crate) async fn weigh(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    held: Held,
    event: Event,
) -> Result<Permit, ApiError> {
    match verdict(document, held) {
        Ok(permit) => Ok(permit),
        Err(denial) => Err(audit::refuse(tx, event, denied(denial))),
    }
}

fn verdict(document: &Document<'_>, held: Held) -> Result<Permit, Denial> {
    let grants = held.consents.into_iter().map(TryInto::try_into);
    let grants: Vec<Result<Grant, Unreadable>> = match document.basis {
        None => grants.collect(),
        Some(_) => {
            let back = |grant: Result<Grant, Unreadable>| match grant {
                Ok(grant) => grant.back_from(document.discloser).map(Ok),
                Err(unreadable) => Some(Err(unreadable)),
            };
            grants.filter_map(back).collect()
        }
    };
    let ask = Ask {
        discloser: document.discloser,
        recipient: document.recipient,
        categories: document.categories,
        purpose: document.purpose,
        at: held.at,
    };
    decide(&ask, &grants)
}
