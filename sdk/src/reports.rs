//! Treatment plans and progress reports.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    ids::{PatientId, ReportId},
    reports::{AmendReport, NewReport, Report, ReportList, ReportPatch, ReportState, ReportVersion, ReportVersionList},
};
use reqwest::header::{ACCEPT, HeaderValue};

/// The reports of the signed-in clinic.
///
/// ```no_run
/// use rapport_sdk::{Kind, contract::reports::{NewReport, ReportBody, ReportKind}};
///
/// # async fn example(
/// #     north: rapport_sdk::Client, patient: rapport_sdk::ids::PatientId, body: ReportBody,
/// # ) -> rapport_sdk::Result<()> {
/// let draft = north.reports().draft(&NewReport::new(patient, ReportKind::TreatmentPlan, body)).await?;
/// match north.reports().sign(&draft).await {
///     Ok(report) => println!("version {:?}", report.current_version),
///     Err(error) if error.kind() == Some(Kind::ReportIncomplete) => {
///         for missing in error.field_errors() {
///             println!("{}: {}", missing.pointer, missing.message);
///         }
///     }
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Reports {
    client: Client,
}

impl Reports {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a draft, which may be incomplete.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such patient;
    /// [`Kind::Validation`](crate::Kind::Validation) names each field that is too long or of no known value: what is
    /// merely missing is no error before it is [signed](Self::sign). [`Kind::Forbidden`](crate::Kind::Forbidden) to
    /// whose role writes no reports, and to a machine that writes in nobody's name.
    pub async fn draft(&self, report: &NewReport) -> Result<Report> {
        self.client.post("/v1/reports").json(report).send().await
    }

    /// The reports, newest first, without their content.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `reports:read`.
    pub fn list(&self) -> List<ReportList> {
        List::new(self.client.get("/v1/reports"))
    }

    /// One report.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role reads no reports, unless an [emergency
    /// access](crate::EmergencyAccesses) opens this patient's.
    pub async fn get(&self, id: ReportId) -> Result<Report> {
        self.client.get(format!("/v1/reports/{id}")).send().await
    }

    /// Changes a draft as it was read.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is signed: [`amend`](Self::amend) it.
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since, by a file that was added for one: read it again.
    /// [`Kind::Validation`](crate::Kind::Validation) as of [`draft`](Self::draft);
    /// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role writes no
    /// reports.
    pub async fn update(&self, report: &Report, patch: &ReportPatch) -> Result<Report> {
        self.client.patch(format!("/v1/reports/{}", report.id)).if_match(report.version).json(patch).send().await
    }

    /// Signs a draft as it was read, which freezes it.
    ///
    /// # Errors
    /// [`Kind::ReportIncomplete`](crate::Kind::ReportIncomplete), with each missing part among the
    /// [`field_errors`](crate::Error::field_errors); [`Kind::Stale`](crate::Kind::Stale) if it was changed since, so
    /// that nobody signs what they have not read; [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is
    /// signed; [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role
    /// signs none, to who has no profession, and to machines.
    pub async fn sign(&self, report: &Report) -> Result<Report> {
        self.client.post(format!("/v1/reports/{}/signature", report.id)).if_match(report.version).send().await
    }

    /// Changes a signed report by a new version, signed at once.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is a draft: [`update`](Self::update) and
    /// [`sign`](Self::sign) it. [`Kind::ReportIncomplete`](crate::Kind::ReportIncomplete),
    /// [`Kind::Stale`](crate::Kind::Stale), [`Kind::NotFound`](crate::Kind::NotFound) and
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`sign`](Self::sign);
    /// [`Kind::Validation`](crate::Kind::Validation) if the reason is blank, or as of [`draft`](Self::draft).
    pub async fn amend(&self, report: &Report, amendment: &AmendReport) -> Result<Report> {
        self.client
            .post(format!("/v1/reports/{}/amendments", report.id))
            .if_match(report.version)
            .json(amendment)
            .send()
            .await
    }

    /// The signed versions of a report, newest first, without their content.
    ///
    /// # Errors
    /// When it is read: as [`get`](Self::get).
    pub fn versions(&self, id: ReportId) -> List<ReportVersionList> {
        List::new(self.client.get(format!("/v1/reports/{id}/versions")))
    }

    /// One signed version; they count from 1.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the report has no such version, or as [`get`](Self::get).
    pub async fn version(&self, id: ReportId, number: i32) -> Result<ReportVersion> {
        self.client.get(format!("/v1/reports/{id}/versions/{number}")).send().await
    }

    /// The report as a page to read or print. It is full of health information: keep it out of caches and logs.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn document_html(&self, id: ReportId) -> Result<String> {
        self.client
            .get(format!("/v1/reports/{id}/document"))
            // A problem is told as JSON, whatever the document would have been.
            .header(ACCEPT, HeaderValue::from_static("text/html, application/problem+json;q=0.5"))
            .text()
            .await
    }
}

impl List<ReportList> {
    /// Those about a patient.
    pub fn patient(self, id: PatientId) -> Self {
        self.filter("patient_id", id)
    }

    /// Those in a state.
    pub fn state(self, state: ReportState) -> Self {
        self.filter("state", word(&state))
    }
}
