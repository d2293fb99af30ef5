//! What was shared, by this clinic and with it.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    ids::{AttachmentId, ReportId, ShareId},
    shares::{NewShare, Share, ShareList, ShareState},
};

/// Shares that the signed-in clinic sent or received.
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
    /// [`Kind::ConsentMissing`](crate::Kind::ConsentMissing), [`Kind::ConsentPending`](crate::Kind::ConsentPending),
    /// [`Kind::ConsentExpired`](crate::Kind::ConsentExpired), [`Kind::ConsentRevoked`](crate::Kind::ConsentRevoked),
    /// [`Kind::RecipientNotNamed`](crate::Kind::RecipientNotNamed),
    /// [`Kind::PurposeMismatch`](crate::Kind::PurposeMismatch) or
    /// [`Kind::ConsentTooNarrow`](crate::Kind::ConsentTooNarrow) where the patient's consent does not carry it;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if the report is a draft.
    pub async fn create(&self, report_id: ReportId, share: &NewShare) -> Result<Share> {
        self.client.post(format!("/v1/reports/{report_id}/shares")).json(share).send().await
    }

    /// What went out of a report, newest first.
    pub fn of_report(&self, report_id: ReportId) -> List<ShareList> {
        List::new(self.client.get(format!("/v1/reports/{report_id}/shares")))
    }

    /// What came in, newest first, without its content.
    pub fn inbox(&self) -> List<ShareList, Inbox> {
        List::new(self.client.get("/v1/inbox"))
    }

    /// One share. To its recipient it comes with its content, and that is a disclosure on the record; to its sender
    /// without.
    ///
    /// # Errors
    /// [`Kind::ConsentRevoked`](crate::Kind::ConsentRevoked), [`Kind::ConsentExpired`](crate::Kind::ConsentExpired) and
    /// the like once the consent no longer carries it; [`Kind::ShareWithdrawn`](crate::Kind::ShareWithdrawn);
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is neither to nor from this clinic.
    pub async fn get(&self, id: ShareId) -> Result<Share> {
        self.client.get(format!("/v1/shares/{id}")).send().await
    }

    /// The bytes of a file of a share, as its recipient. That is a disclosure on the record.
    ///
    /// # Errors
    /// As [`Self::get`]; [`Kind::NotFound`](crate::Kind::NotFound) if the share has no such file.
    pub async fn attachment(&self, id: ShareId, attachment_id: AttachmentId) -> Result<Vec<u8>> {
        self.client.get(format!("/v1/shares/{id}/attachments/{attachment_id}/content")).bytes().await
    }

    /// Tells the sender that it was read.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has not been opened or was withdrawn.
    pub async fn acknowledge(&self, id: ShareId) -> Result<Share> {
        self.client.post(format!("/v1/shares/{id}/acknowledgement")).send().await
    }

    /// Takes a share back, as it was read. What the recipient has read already is on the record.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since, by being opened for one;
    /// [`Kind::NotFound`](crate::Kind::NotFound) to anybody but its sender.
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
