//! What was shared, by this clinic and with it.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    ids::{AttachmentId, ReportId, ShareId},
    shares::{NewShare, Share, ShareList, ShareState},
};

/// Shares that the signed-in clinic sent or received.
///
/// ```no_run
/// use rapport_sdk::{Kind, contract::shares::ShareState};
///
/// # async fn example(south: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// for waiting in south.shares().inbox().state(ShareState::Delivered).send().await?.items {
///     match south.shares().get(waiting.id).await {
///         Ok(share) => drop(south.shares().acknowledge(share.id).await?),
///         Err(error) if matches!(error.kind(), Some(Kind::ConsentRevoked | Kind::ShareWithdrawn)) => {}
///         Err(error) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Shares {
    client: Client,
}

/// Marks the list of what came in, which can be narrowed by state.
#[derive(Debug, Clone, Copy)]
pub enum Inbox {}

impl Shares {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Shares the newest signed version of a report.
    ///
    /// # Errors
    /// Where the patient's consent does not carry it, whichever kind of the [gate](crate#the-gate) says no:
    /// [`Problem::categories`](crate::Problem::categories) has what a
    /// [`Kind::ConsentTooNarrow`](crate::Kind::ConsentTooNarrow) lacks.
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if the report is a draft: sign it.
    /// [`Kind::Validation`](crate::Kind::Validation) if the version lacks a section that is asked for, or the recipient
    /// is not there or is the own clinic; [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such report;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role shares none, and to a machine that writes in nobody's
    /// name.
    pub async fn create(&self, report_id: ReportId, share: &NewShare) -> Result<Share> {
        self.client.post(format!("/v1/reports/{report_id}/shares")).json(share).send().await
    }

    /// What went out of a report, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such report.
    pub fn of_report(&self, report_id: ReportId) -> List<ShareList> {
        List::new(self.client.get(format!("/v1/reports/{report_id}/shares")))
    }

    /// What came in, newest first, without its content.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `shares:read`. It discloses
    /// nothing, so that no consent is asked for.
    pub fn inbox(&self) -> List<ShareList, Inbox> {
        List::new(self.client.get("/v1/inbox"))
    }

    /// One share. To its recipient it comes with its content, and that is a disclosure on the record; to its sender
    /// without.
    ///
    /// # Errors
    /// To its recipient, whichever kind of the [gate](crate#the-gate) says no, and
    /// [`Kind::ShareWithdrawn`](crate::Kind::ShareWithdrawn) once the sender took it back;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to a recipient whose role reads none;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is neither to nor from this clinic, or is for a colleague.
    pub async fn get(&self, id: ShareId) -> Result<Share> {
        self.client.get(format!("/v1/shares/{id}")).send().await
    }

    /// The bytes of a file of a share, as its recipient. That is a disclosure on the record.
    ///
    /// # Errors
    /// As [`get`](Self::get) to a recipient; [`Kind::NotFound`](crate::Kind::NotFound) to its sender, who has the
    /// report's own, and if the share has no such file; [`Kind::Unavailable`](crate::Kind::Unavailable) while the
    /// storage is.
    pub async fn attachment(&self, id: ShareId, attachment_id: AttachmentId) -> Result<Vec<u8>> {
        self.client.get(format!("/v1/shares/{id}/attachments/{attachment_id}/content")).bytes().await
    }

    /// Tells the sender that it was read.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has not been opened, or was acknowledged
    /// already; [`Kind::ShareWithdrawn`](crate::Kind::ShareWithdrawn) once the sender took it back; whichever kind of
    /// the [gate](crate#the-gate) says no, as for a reading; [`Kind::NotFound`](crate::Kind::NotFound) if it is not
    /// addressed to the caller; [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role reads none.
    pub async fn acknowledge(&self, id: ShareId) -> Result<Share> {
        self.client.post(format!("/v1/shares/{id}/acknowledgement")).send().await
    }

    /// Takes a share back, as it was read. What the recipient has read already is on the record.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since, by being opened for one: [`get`](Self::get) it
    /// again. [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it was withdrawn already;
    /// [`Kind::NotFound`](crate::Kind::NotFound) to anybody but its sender; [`Kind::Forbidden`](crate::Kind::Forbidden)
    /// to whose role shares none.
    pub async fn withdraw(&self, share: &Share) -> Result<()> {
        self.client.delete(format!("/v1/shares/{}", share.id)).if_match(share.version).send_only().await
    }
}

impl List<ShareList, Inbox> {
    /// Those in a state.
    pub fn state(self, state: ShareState) -> Self {
        self.filter("state", word(&state))
    }
}
