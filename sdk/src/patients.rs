//! A clinic's own patient records.

use crate::{Client, List, Result, retry::Repeat};
use rapport_contract::{
    ids::PatientId,
    patients::{NewPatient, Patient, PatientList, PatientPatch, PatientSearch},
};

/// The patients of the signed-in clinic. No other clinic ever sees one.
///
/// ```no_run
/// use rapport_sdk::contract::patients::{NewPatient, PatientSearch};
///
/// # async fn example(north: rapport_sdk::Client, born: rapport_sdk::chrono::NaiveDate) -> rapport_sdk::Result<()> {
/// let casey = NewPatient::new("Casey", "Sample", born).email("casey@example.org").mrn("A-17");
/// let patient = north.patients().create(&casey).await?;
/// let search = PatientSearch { family_name: Some("Sam".into()), ..PatientSearch::default() };
/// let found = north.patients().search(&search).send().await?.items;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Patients {
    client: Client,
}

impl Patients {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a record.
    ///
    /// # Errors
    /// [`Kind::Conflict`](crate::Kind::Conflict) if another patient of the clinic has this record number;
    /// [`Kind::Validation`](crate::Kind::Validation) names each field that is refused;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to privacy officers.
    pub async fn create(&self, patient: &NewPatient) -> Result<Patient> {
        self.client.post("/v1/patients").json(patient).send().await
    }

    /// One record.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient, also after its key was destroyed.
    pub async fn get(&self, id: PatientId) -> Result<Patient> {
        self.client.get(format!("/v1/patients/{id}")).send().await
    }

    /// Changes a record as it was read.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since: read it again, look at what changed, and repeat.
    /// [`Kind::Conflict`](crate::Kind::Conflict), [`Kind::Validation`](crate::Kind::Validation) and
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`create`](Self::create);
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient.
    pub async fn update(&self, patient: &Patient, patch: &PatientPatch) -> Result<Patient> {
        self.client.patch(format!("/v1/patients/{}", patient.id)).if_match(patient.version).json(patch).send().await
    }

    /// Looks for patients. What is looked for travels in the body, never in an address.
    ///
    /// # Errors
    /// When it is read: [`Kind::Validation`](crate::Kind::Validation) if nothing is looked for. Nobody found is no
    /// error but an empty page.
    pub fn search(&self, search: &PatientSearch) -> List<PatientList> {
        // It only reads, so that it needs no key to be repeated.
        List::new(self.client.post("/v1/patients/search").json(search).unkeyed(Repeat::Freely))
    }
}
