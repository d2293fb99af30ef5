//! The gate as the slices pass it: with the patient's consents held until the transaction ends, and a denial on record.

use super::{
    denied,
    policy::{Ask, Permit, Recipient, decide},
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
}

/// Passes the gate, holding the patient's consents until this transaction ends. A denial is recorded.
pub(crate) async fn pass_gate(tx: &mut Tx<'_>, document: &Document<'_>, event: Event) -> Result<Permit, ApiError> {
    let (held, ()) = store::hold(tx, document.discloser, document.patient, async |_| Ok(())).await?;
    weigh(tx, document, held, event).await
}

/// The same over consents that are held already.
pub(crate) async fn weigh(
    tx: &mut Tx<'_>,
    document: &Document<'_>,
    held: Held,
    event: Event,
) -> Result<Permit, ApiError> {
    let grants: Vec<_> = held.consents.into_iter().map(TryInto::try_into).collect();
    let ask = Ask {
        discloser: document.discloser,
        recipient: document.recipient,
        categories: document.categories,
        purpose: document.purpose,
        at: held.at,
    };
    match decide(&ask, &grants) {
        Ok(permit) => Ok(permit),
        Err(denial) => Err(audit::refuse(tx, event, denied(denial)).await),
    }
}
