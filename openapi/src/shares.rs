//! A signed version on its way to somebody else, cut to what the consent covers.

use crate::{
    Sensitive,
    attachments::SharedAttachment,
    clinics::ClinicName,
    consents::{Recipient, RecipientChoice},
    ids::{ReportId, ShareId},
    page::Page,
    reports::{Author, ReportBody, ReportKind, Section},
    share_links::ShareLinkStatus,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Shares the newest signed version of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "recipient": {"clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"},
    "sections": ["treatment", "schedule", "goals", "measures", "follow_up"],
    "purpose": "treatment", "cover_letter": "Thank you for looking at how our shared patient is doing."
})))]
pub struct NewShare {
    /// A practitioner, a clinic, or a guest by name and e-mail address, who is sent a link.
    pub recipient: RecipientChoice,
    /// Which sections; all that the version has, its `attachments` among them, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 13))]
    pub sections: Option<Vec<Section>>,
    /// What for; one that the patient agreed to.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub purpose: String,
    /// Why it is sent, in a few words to the reader. It is read through the gate like the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 5000))]
    pub cover_letter: Option<Sensitive<String>>,
}

impl NewShare {
    /// The whole version, to whom and what for; the purpose must be that of a consent.
    pub fn new(recipient: RecipientChoice, purpose: impl Into<String>) -> Self {
        Self { recipient, sections: None, purpose: purpose.into(), cover_letter: None }
    }

    /// These sections alone.
    #[must_use]
    pub fn sections(mut self, sections: impl Into<Vec<Section>>) -> Self {
        self.sections = Some(sections.into());
        self
    }

    /// With this letter.
    #[must_use]
    pub fn cover_letter(mut self, text: impl Into<Sensitive<String>>) -> Self {
        self.cover_letter = Some(text.into());
        self
    }
}

/// Where a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ShareState {
    /// It is in the recipient's inbox.
    Delivered,
    /// The recipient has read it.
    Opened,
    /// The recipient has said so.
    Acknowledged,
    /// The sender has taken it back.
    Withdrawn,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A share. Who reads it as its recipient finds `content`; who sent it sees how far it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "report_version": 1,
    "kind": "progress_report", "state": "delivered", "sections": ["treatment", "schedule", "goals", "measures"],
    "purpose": "treatment", "delivered_at": "2026-11-23T09:30:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Share {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ShareId,
    /// The report.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub report_id: ReportId,
    /// The number of the signed version that it holds.
    pub report_version: i32,
    /// What the report is.
    pub kind: ReportKind,
    /// Where the share stands.
    pub state: ShareState,
    /// Who receives.
    pub recipient: Recipient,
    /// Which sections it is cut to.
    pub sections: Vec<Section>,
    /// What for.
    pub purpose: String,
    /// The clinic that sent it.
    pub sender_clinic: ClinicName,
    /// The practitioner who sent it.
    pub sent_by: Author,
    /// When it was sent.
    pub delivered_at: DateTime<Utc>,
    /// When the recipient first read it.
    pub opened_at: Option<DateTime<Utc>>,
    /// When the recipient acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When the sender withdrew it.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
    /// How the link to a guest fares. Only for the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub link: Option<ShareLinkStatus>,
    /// What was shared. Only for the recipient, and only through the gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content: Option<SharedContent>,
}

/// What a recipient reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SharedContent {
    /// The patient.
    pub patient: SharedPatient,
    /// The report, cut to the share's sections.
    pub body: ReportBody,
    /// The files that were signed with it, where the share has the section `attachments`.
    #[serde(default)]
    pub attachments: Vec<SharedAttachment>,
    /// SHA-256 of the whole version's body in canonical JSON (RFC 8785), in hex.
    pub content_hash: String,
    /// Who signed it.
    pub signed_by: Author,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// Why it was sent.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub cover_letter: Option<Sensitive<String>>,
    /// Until when the patient's consent runs, as it stands.
    pub consent_expires_at: DateTime<Utc>,
    /// What the recipient must know: it may not be shared on.
    pub notice: String,
}

/// The patient, as far as a recipient has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SharedPatient {
    /// Given names.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub given_name: Sensitive<String>,
    /// Family name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub family_name: Sensitive<String>,
    /// Date of birth.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date"))]
    pub birth_date: Sensitive<NaiveDate>,
}

/// A page of shares. It holds no health information and no patient's name: that takes a reading through the gate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ShareList {
    /// The shares, newest first, without `content`.
    pub items: Vec<Share>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ShareList {
    type Item = Share;
    fn into_parts(self) -> (Vec<Share>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
