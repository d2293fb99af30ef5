//! What went astray, for owners and privacy officers.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    Sensitive,
    ids::IncidentId,
    incidents::{CloseIncident, Incident, IncidentList, IncidentState},
};

/// The incidents of the signed-in clinic.
///
/// ```no_run
/// use rapport_sdk::contract::incidents::IncidentState;
///
/// # async fn example(officer: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// for incident in officer.incidents().list().state(IncidentState::Open).send().await?.items {
///     officer.incidents().close(incident.id, "A wrong address; the patient was told.").await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Incidents {
    client: Client,
}

/// Marks the list of incidents, which can be narrowed by state.
#[derive(Debug, Clone, Copy)]
pub enum Astray {}

impl Incidents {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The clinic's incidents, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to who is neither owner nor privacy officer.
    pub fn list(&self) -> List<IncidentList, Astray> {
        List::new(self.client.get("/v1/incidents"))
    }

    /// One incident.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not of this clinic;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to who is neither owner nor privacy officer.
    pub async fn get(&self, id: IncidentId) -> Result<Incident> {
        self.client.get(format!("/v1/incidents/{id}")).send().await
    }

    /// Closes an incident, with a note of what was found and done.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is closed;
    /// [`Kind::Validation`](crate::Kind::Validation) if the note is blank or longer than 5000 characters;
    /// [`Kind::NotFound`](crate::Kind::NotFound) and [`Kind::Forbidden`](crate::Kind::Forbidden) as of
    /// [`get`](Self::get).
    pub async fn close(&self, id: IncidentId, note: impl Into<Sensitive<String>>) -> Result<Incident> {
        self.client.post(format!("/v1/incidents/{id}/closure")).json(&CloseIncident { note: note.into() }).send().await
    }
}

impl List<IncidentList, Astray> {
    /// Those in a state.
    pub fn state(self, state: IncidentState) -> Self {
        self.filter("state", word(&state))
    }
}
