//! Files that go with a report.

use crate::{Client, List, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use rapport_contract::{
    Sensitive,
    attachments::{Attachment, AttachmentList, NewAttachment},
    ids::{AttachmentId, ReportId},
};

/// The files of the signed-in clinic's reports.
///
/// ```no_run
/// # async fn example(
/// #     north: rapport_sdk::Client, report: rapport_sdk::contract::reports::Report, scan: Vec<u8>,
/// # ) -> rapport_sdk::Result<()> {
/// let file = north.attachments().add(report.id, "range-of-motion.pdf", "application/pdf", &scan).await?;
/// println!("{} bytes, {}", file.size, file.sha256);
/// // The report counts as changed: read it again, and sign it with the file.
/// let report = north.reports().sign(&north.reports().get(report.id).await?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Attachments {
    client: Client,
}

impl Attachments {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Adds a file to a report: PDF, PNG, JPEG or plain text, at most 8 MiB. It is signed with the next version; the report
    /// counts as changed, so read it again before you sign it.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) if it is not of its type, does something when it is opened,
    /// carries a virus or is too large, told by the [code](crate::FieldError::code) of `/content`;
    /// [`Kind::QuotaExceeded`](crate::Kind::QuotaExceeded) if the clinic's room for files is used up;
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) as long as it can't be scanned or stored;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such report;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role writes no reports.
    pub async fn add(
        &self,
        report_id: ReportId,
        file_name: impl Into<Sensitive<String>>,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<Attachment> {
        let (media_type, content) = (media_type.to_owned(), STANDARD.encode(bytes).into());
        let new = NewAttachment { file_name: file_name.into(), media_type, content };
        self.client.post(format!("/v1/reports/{report_id}/attachments")).json(&new).send().await
    }

    /// The files of a report, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such report;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role reads no reports, unless an [emergency
    /// access](crate::EmergencyAccesses) opens this patient's.
    pub fn of_report(&self, report_id: ReportId) -> List<AttachmentList> {
        List::new(self.client.get(format!("/v1/reports/{report_id}/attachments")))
    }

    /// What a file is, without its bytes.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`of_report`](Self::of_report).
    pub async fn get(&self, id: AttachmentId) -> Result<Attachment> {
        self.client.get(format!("/v1/attachments/{id}")).send().await
    }

    /// The bytes of a file. They are health information: keep them out of caches and logs.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) as of [`of_report`](Self::of_report);
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) while the storage is. The reading is on record by then all the
    /// same.
    pub async fn content(&self, id: AttachmentId) -> Result<Vec<u8>> {
        self.client.get(format!("/v1/attachments/{id}/content")).bytes().await
    }

    /// Takes a file away that was not signed.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if a signed version holds it, for good;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not this clinic's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role writes no reports.
    pub async fn delete(&self, id: AttachmentId) -> Result<()> {
        self.client.delete(format!("/v1/attachments/{id}")).send_only().await
    }
}
