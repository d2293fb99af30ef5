//! A referral to somebody without an account: read at a link, declined there, or taken up by who has signed up since.
//!
//! The consent names a guest's address, and so does the gate, also after the claim: whoever claims has the link's secret and a
//! code that went to that address, which is the proof that the guest is this practitioner now. From then on the referral is the
//! practitioner's alone, and every reading of it still rests on the consent for that address and on no other.

mod store;

use super::{
    convert::{content, reason_word, seen_from},
    policy,
    routes::{event_of, pass},
    state::{self, Move, Side},
    store::Named,
};
use crate::{audit, database::Tx, http::ApiError};
use chrono::{DateTime, Utc};
use rapport_contract::{
    consents::{Recipient, RecipientKind},
    referrals::{Referral, ReferralReason, ReferralState, ReferralVerb},
};

pub(crate) use store::{Claimant, Guest, SentToGuest, find_for_guest};
pub(super) use store::{seal, unsealed};

/// A guest, as everybody sees one who may.
pub(super) fn recipient(guest: Option<&Guest>) -> Recipient {
    Recipient {
        kind: RecipientKind::Guest,
        practitioner_id: None,
        clinic_id: None,
        name: guest.map_or("", Guest::name).into(),
        email: guest.map(|guest| guest.email().into()),
    }
}

impl Named {
    /// Where a guest's links go.
    pub(crate) fn guest_address(&self) -> Option<&str> {
        self.guest.as_ref().map(Guest::email)
    }
}

impl super::store::Row {
    /// Whether it is for a guest, or was before that guest took it up.
    pub(crate) fn went_to_a_guest(&self) -> bool {
        self.guest_address.is_some()
    }

    /// Whether a guest can still read and answer it.
    pub(crate) fn waits_for_a_guest(&self) -> bool {
        let is_open = matches!(self.standing().state, ReferralState::Sent | ReferralState::Received);
        is_open && self.guest_address.is_some() && self.recipient_clinic_id.is_none()
    }

    /// Whether whom it was for has declined it.
    pub(crate) fn is_declined(&self) -> bool {
        self.standing().state == ReferralState::Declined
    }

    /// Whether it was read.
    pub(crate) fn was_read(&self) -> bool {
        self.received_at.is_some()
    }

    /// Whether this practitioner has taken it up.
    pub(crate) fn is_claimed_by(&self, claimant: &Claimant) -> bool {
        (self.recipient_clinic_id, self.recipient_practitioner_id) == (Some(claimant.clinic), Some(claimant.id))
    }
}

/// The verbs of a guest: all others take an account.
fn allowed(named: &Named) -> Vec<ReferralVerb> {
    if named.row.waits_for_a_guest() { vec![ReferralVerb::Decline] } else { Vec::new() }
}

fn as_guest(named: Named, now: DateTime<Utc>) -> Referral {
    let allowed = allowed(&named);
    seen_from(named, Side::Recipient, allowed, now)
}

/// Reads a referral as its guest: the consent is checked now, the reading is recorded, and only then is there an answer. The
/// first reading tells the sender that it was received.
pub(crate) async fn read(tx: &mut Tx<'_>, named: Named) -> Result<Referral, ApiError> {
    let row = named.row.clone();
    let permit = pass(tx, &row, event_of(&row, "referral.read")).await?;
    let said = super::store::disclose(tx, &row, &permit).await?;
    let named = match state::next(row.standing(), Side::Recipient, Move::FirstReading) {
        // Taken back meanwhile: then there is nothing to read, and nothing was read.
        Ok(to) => store::advance(tx, &named, to, None, None).await?.ok_or_else(ApiError::not_found)?,
        Err(_) => named,
    };
    Ok(Referral { content: Some(content(said, &row, Some(permit.until()))), ..as_guest(named, tx.now()) })
}

/// Declines a referral as its guest. To say no discloses nothing.
pub(crate) async fn decline(tx: &mut Tx<'_>, seen: Named, reason: ReferralReason) -> Result<Referral, ApiError> {
    let verb = ReferralVerb::Decline;
    let row = &seen.row;
    let to = state::next(row.standing(), Side::Recipient, Move::Verb(verb)).map_err(|_| {
        let allowed = allowed(&seen).iter().map(|verb| verb.as_str()).collect();
        ApiError::illegal_transition(format!("The referral is {}.", row.state.replace('_', " ")), allowed)
    })?;
    let moved = store::advance(tx, &seen, to, Some(verb), Some(reason_word(reason))).await?;
    // Whoever has a session at its link is the only one to read it there: it was taken back, or its time is up.
    let moved = moved.ok_or_else(|| ApiError::illegal_transition("The referral is not open any more.", Vec::new()))?;
    audit::record(tx, event_of(&moved.row, policy::action(verb)));
    Ok(as_guest(moved, tx.now()))
}

/// Makes a guest's referral this practitioner's.
pub(crate) async fn claim(tx: &mut Tx<'_>, seen: &Named, claimant: &Claimant) -> Result<(), ApiError> {
    let row = store::claim(tx, &seen.row, claimant).await?.ok_or_else(ApiError::not_found)?;
    audit::record(tx, event_of(&row, "referral.claim"));
    Ok(())
}
