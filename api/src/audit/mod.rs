//! The record of who did what. An event commits with its act: no event, no act.

mod convert;
pub mod routes;
pub mod seal;
mod store;

use crate::{
    database::Tx,
    http::{ApiError, RequestId},
    identity::{Actor, Principal, Subject, Who},
};
use rapport_contract::problem::Kind;
use uuid::Uuid;

pub(crate) use convert::outcome;

/// Who acts, as the log names it.
#[derive(Debug, Clone)]
pub struct Origin {
    pub(crate) kind: &'static str,
    pub(crate) id: Option<Uuid>,
    pub(crate) clinic: Option<Uuid>,
    pub(crate) request_id: String,
}

impl Origin {
    /// A member or a client of a clinic.
    pub fn of(principal: &Principal, request: &RequestId) -> Self {
        Self {
            kind: match principal.who {
                Who::Member(_) => "member",
                Who::Client { .. } => "client",
            },
            id: Some(principal.id),
            clinic: Some(principal.clinic_id),
            request_id: request.as_str().to_owned(),
        }
    }

    /// A client that has just proved itself.
    pub fn client(client: Uuid, clinic: Uuid, request: &RequestId) -> Self {
        Self { kind: "client", id: Some(client), clinic: Some(clinic), request_id: request.as_str().to_owned() }
    }

    /// Nobody who has signed in.
    pub fn anonymous(request: &RequestId) -> Self {
        Self { kind: "anonymous", id: None, clinic: None, request_id: request.as_str().to_owned() }
    }

    /// A patient at a link.
    pub fn patient(request: &RequestId) -> Self {
        Self { kind: "patient", id: None, clinic: None, request_id: request.as_str().to_owned() }
    }

    /// A guest at a link to one share.
    pub fn guest(request: &RequestId) -> Self {
        Self { kind: "guest", id: None, clinic: None, request_id: request.as_str().to_owned() }
    }

    /// Who a valid token speaks for, where nobody looks it up because the act is refused.
    pub fn actor(actor: &Actor) -> Self {
        Self {
            kind: match actor.subject {
                Subject::Member { .. } => "member",
                Subject::Client { .. } => "client",
            },
            id: Some(actor.id()),
            clinic: Some(actor.clinic),
            request_id: actor.request.as_str().to_owned(),
        }
    }

    /// The service itself, within what is a clinic's.
    pub fn system_of(clinic: Uuid) -> Self {
        Self { clinic: Some(clinic), ..Self::system() }
    }

    /// The service itself.
    pub fn system() -> Self {
        Self { kind: "system", id: None, clinic: None, request_id: "system".to_owned() }
    }
}

/// What is recorded: ids and words of a closed list, never a clinical value or a name.
#[derive(Debug, Clone)]
pub struct Event {
    pub(crate) clinic: Uuid,
    pub(crate) action: &'static str,
    pub(crate) denied: Option<&'static str>,
    pub(crate) ground: Option<&'static str>,
    pub(crate) object_type: &'static str,
    pub(crate) object: Option<Uuid>,
    pub(crate) patient: Option<Uuid>,
    pub(crate) consent: Option<Uuid>,
}

impl Event {
    /// Something done in the records of `clinic`. The action's first word is the kind of its object.
    pub fn new(clinic: Uuid, action: &'static str) -> Self {
        let object_type = action.split_once('.').map_or(action, |(object, _)| object);
        Self { clinic, action, denied: None, ground: None, object_type, object: None, patient: None, consent: None }
    }

    /// To what.
    #[must_use]
    pub fn on(mut self, object: Uuid) -> Self {
        self.object = Some(object);
        self
    }

    /// Of which patient.
    #[must_use]
    pub fn patient(mut self, patient: Uuid) -> Self {
        self.patient = Some(patient);
        self
    }

    /// Of which patient, where it is of one.
    #[must_use]
    pub fn patient_if(mut self, patient: Option<Uuid>) -> Self {
        self.patient = patient;
        self
    }

    /// On what ground, where it is not the role.
    #[must_use]
    pub fn because(mut self, ground: &'static str) -> Self {
        self.ground = Some(ground);
        self
    }

    /// Under which consent.
    #[must_use]
    pub fn consent(mut self, consent: Uuid) -> Self {
        self.consent = Some(consent);
        self
    }
}

/// Records what was done. The record is written last, before the commit: if it can't be, the act does not happen either.
pub fn record(tx: &mut Tx<'_>, event: Event) {
    store::insert(tx, &event);
}

/// Records a refusal and gives it back, marked so that the record is kept.
pub fn refuse(tx: &mut Tx<'_>, mut event: Event, refusal: ApiError) -> ApiError {
    event.denied = Some(refusal.kind().slug());
    store::insert(tx, &event);
    refusal.recorded()
}

/// Records that something was looked for which is not there, or not the caller's: the answer does not tell which.
pub fn refuse_unknown(tx: &mut Tx<'_>, event: Event) -> ApiError {
    refuse(tx, event, ApiError::not_found())
}

/// Records what was done, and gives what the recorded statement read, in one round trip: the two are on their way to the
/// database together. Both are within the transaction, so neither counts without the other.
///
/// # Errors
/// Whatever the database answers.
pub(crate) use store::insert_beside;

impl Event {
    /// Passes a decision on, recording a refusal.
    ///
    /// # Errors
    /// The refusal.
    pub fn unless<T>(self, tx: &mut Tx<'_>, decision: Result<T, ApiError>) -> Result<T, ApiError> {
        match decision {
            Ok(value) => Ok(value),
            Err(refusal) if refusal.kind() == Kind::Internal => Err(refusal),
            Err(refusal) => Err(refuse(tx, self, refusal)),
        }
    }
}
