//! The one way in which a report leaves: through the gate, on record, to a practitioner and to a guest alike.

use super::{
    convert::{content, into_wire, state_name},
    state::{self, Side, Verb},
    store::{self, Named, Row},
};
use crate::{
    attachments::ToRead,
    audit::{self, Event},
    consents::{self, Document, policy::Permit},
    database::Tx,
    http::ApiError,
};
use rapport_contract::{
    problem::Kind,
    shares::{Share, ShareState},
};
use uuid::Uuid;

/// The event of something that a recipient does: it stands in the discloser's records.
pub(crate) fn event_of(row: &Row, action: &'static str) -> Event {
    Event::new(row.clinic_id, action).on(row.id).patient(row.patient_id)
}

/// Refuses what was withdrawn, and what consent no longer covers.
pub(crate) async fn pass_again(tx: &mut Tx<'_>, row: &Row, action: &'static str) -> Result<Permit, ApiError> {
    let event = event_of(row, action);
    // Read once the consents are held: a withdrawal waits for that too, so that none is acknowledged before this commits.
    let (held, state) = store::hold(tx, row).await?;
    if state.is_none_or(|state| state == ShareState::Withdrawn) {
        let refusal = ApiError::new(Kind::ShareWithdrawn, "The sender has withdrawn this share.");
        return Err(audit::refuse(tx, event, refusal));
    }
    let categories = row.categories_needed();
    let document = Document {
        discloser: row.clinic_id,
        patient: row.patient_id,
        recipient: row.gate_recipient()?,
        categories: &categories,
        purpose: &row.purpose,
        basis: row.basis(),
    };
    consents::weigh(tx, &document, held, event).await
}

/// Reads a share as its recipient: the consent is checked now, the reading is recorded, and only then is there content.
pub(crate) async fn read(tx: &mut Tx<'_>, share: Named) -> Result<Share, ApiError> {
    let permit = pass_again(tx, &share.row, "share.read").await?;
    let disclosed = store::disclose(tx, &share.row, &permit).await?;
    let content = content(&share.row, disclosed, &permit)?;
    let share = match share.row.share_state() {
        ShareState::Delivered => opened(tx, share).await?,
        _ => share,
    };
    Ok(Share { content: Some(content), ..into_wire(share) })
}

/// Reads a file of a share as its recipient. The record is in this transaction; the bytes are fetched once it has committed.
pub(crate) async fn read_attachment(tx: &mut Tx<'_>, share: Named, attachment: Uuid) -> Result<ToRead, ApiError> {
    let row = &share.row;
    let permit = pass_again(tx, row, "share.read_attachment").await?;
    let event = event_of(row, "share.read_attachment").consent(permit.consent());
    let files = store::attachments(tx, row, &permit).await?;
    let Some(file) = files.into_iter().find(|file| file.id() == attachment) else {
        return Err(audit::refuse_unknown(tx, event));
    };
    audit::record(tx, event);
    if row.share_state() == ShareState::Delivered {
        opened(tx, share).await?;
    }
    Ok(file.to_read()?)
}

/// The share as the first reading leaves it. Of two first readings at once one opens it; the other sees what it became.
async fn opened(tx: &mut Tx<'_>, share: Named) -> Result<Named, ApiError> {
    if let Some(opened) = store::open(tx, &share.row).await? {
        return Ok(share.moved(opened));
    }
    let now = store::find(tx, share.row.clinic_id, share.row.id).await?;
    Ok(now.unwrap_or(share))
}

/// Acknowledges a share that passed the gate again, as its recipient.
pub(crate) async fn acknowledge(tx: &mut Tx<'_>, seen: Named) -> Result<Share, ApiError> {
    let to = check_open(&seen.row, Side::Recipient, Verb::Acknowledge)?;
    let row = store::advance(tx, &seen.row, to).await?.ok_or_else(ApiError::stale)?;
    audit::record(tx, event_of(&row, "share.acknowledge"));
    Ok(into_wire(seen.moved(row)))
}

/// The state that a verb leads to, or a refusal that names the verbs that are open.
pub(super) fn check_open(row: &Row, side: Side, verb: Verb) -> Result<&'static str, ApiError> {
    let state = row.share_state();
    match state::next(state, side, verb) {
        Ok(to) => Ok(state_name(to)),
        Err(allowed) => Err(ApiError::illegal_transition(format!("The share is {}.", state_name(state)), allowed)),
    }
}
