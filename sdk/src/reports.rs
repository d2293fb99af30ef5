//! Treatment plans and progress reports.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    ids::{PatientId, ReportId},
    reports::{AmendReport, NewReport, Report, ReportList, ReportPatch, ReportState, ReportVersion, ReportVersionList},
};
use reqwest::header::{ACCEPT, HeaderValue};

/// The reports of the signed-in clinic.
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
    /// [`Kind::Validation`](crate::Kind::Validation).
    pub async fn draft(&self, report: &NewReport) -> Result<Report> {
        self.client.post("/v1/reports").json(report).send().await
    }

    /// The reports, newest first, without their content.
    pub fn list(&self) -> List<ReportList> {
        List::new(self.client.get("/v1/reports"))
    }

    /// One report.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's.
    pub async fn get(&self, id: ReportId) -> Result<Report> {
        self.client.get(format!("/v1/reports/{id}")).send().await
    }

    /// Changes a draft as it was read.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is signed;
    /// [`Kind::Stale`](crate::Kind::Stale); [`Kind::Validation`](crate::Kind::Validation).
    pub async fn update(&self, report: &Report, patch: &ReportPatch) -> Result<Report> {
        self.client.patch(format!("/v1/reports/{}", report.id)).if_match(report.version).json(patch).send().await
    }

    /// Signs a draft as it was read, which freezes it.
    ///
    /// # Errors
    /// [`Kind::ReportIncomplete`](crate::Kind::ReportIncomplete), with each missing part among the
    /// [`field_errors`](crate::Error::field_errors); [`Kind::Stale`](crate::Kind::Stale);
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is signed.
    pub async fn sign(&self, report: &Report) -> Result<Report> {
        self.client.post(format!("/v1/reports/{}/signature", report.id)).if_match(report.version).send().await
    }

    /// Changes a signed report by a new version, signed at once.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it is a draft;
    /// [`Kind::ReportIncomplete`](crate::Kind::ReportIncomplete); [`Kind::Stale`](crate::Kind::Stale).
    pub async fn amend(&self, report: &Report, amendment: &AmendReport) -> Result<Report> {
        self.client
            .post(format!("/v1/reports/{}/amendments", report.id))
            .if_match(report.version)
            .json(amendment)
            .send()
            .await
    }

    /// The signed versions of a report, newest first, without their content.
    pub fn versions(&self, id: ReportId) -> List<ReportVersionList> {
        List::new(self.client.get(format!("/v1/reports/{id}/versions")))
    }

    /// One signed version; they count from 1.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if there is none.
    pub async fn version(&self, id: ReportId, number: i32) -> Result<ReportVersion> {
        self.client.get(format!("/v1/reports/{id}/versions/{number}")).send().await
    }

    /// The report as a page to read or print. It is full of health information: keep it out of caches and logs.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's.
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
