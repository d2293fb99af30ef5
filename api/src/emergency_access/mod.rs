//! Emergency access (45 CFR 164.312(a)(2)(ii)): a member whose role does not read reports reads those of one patient of the
//! own clinic, for an hour at most.
//!
//! It takes a reason and the second factor once more, and it can't be silent: the record of it and the mails to the clinic's
//! owners and privacy officers are of its own transaction. Its review stays open until one of them, and never who used it,
//! closes it. What other clinics shared stays behind the gate, and no machine comes by here.
//!
//! Each reading is in the audit log with the reason `emergency-access`. A member has at most one emergency access to a patient at a
//! time, so that member, patient and time tell which one a reading was under.

mod convert;
pub mod policy;
pub mod routes;
mod state;
mod store;

use crate::{
    database::Tx,
    http::ApiError,
    identity::{Principal, Who},
};
use policy::{Ask, Permit, Terms, decide};
use uuid::Uuid;

/// The reason by which the audit log knows a reading in an emergency.
pub(crate) const GROUND: &str = "emergency-access";

/// A member's emergency accesses, held against being ended until the transaction does.
pub(crate) struct Held<'p> {
    me: &'p Principal,
    at: chrono::DateTime<chrono::Utc>,
    accesses: Vec<Terms>,
}

/// Holds the emergency accesses of the principal. From here on the floor shows what they open.
///
/// # Errors
/// Whatever the database answers.
pub(crate) async fn hold<'p>(tx: &mut Tx<'_>, me: &'p Principal) -> Result<Held<'p>, ApiError> {
    let accesses = match me.who {
        Who::Member(_) => store::hold_of_member(tx, me.clinic_id, me.id).await?,
        Who::Client { .. } => Vec::new(),
    };
    Ok(Held { me, at: tx.now(), accesses })
}

impl Held<'_> {
    /// Whether one of them opens this patient's reports.
    pub(crate) fn permit(&self, patient: Uuid) -> Option<Permit> {
        decide(&Ask { clinic: self.me.clinic_id, member: self.me.id, patient, at: self.at }, &self.accesses)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.accesses.is_empty()
    }
}
