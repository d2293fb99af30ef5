//! Files that go with a report: PDF, PNG, JPEG and plain text, known by what they hold and not by what they are called.

use crate::{
    Sensitive,
    ids::{AttachmentId, MemberId, ReportId},
    page::Page,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Adds a file to a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "file_name": "Range of motion.txt", "media_type": "text/plain", "content": "Rm9yd2FyZCA0IGluCg=="
})))]
pub struct NewAttachment {
    /// What it is called. It is kept without folders, control characters and marks that turn the direction of writing, and
    /// with the one extension of its type.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 255))]
    pub file_name: Sensitive<String>,
    /// `application/pdf`, `image/png`, `image/jpeg` or `text/plain`; the content must be of that type.
    #[cfg_attr(feature = "openapi", schema(pattern = "^(application/pdf|image/png|image/jpeg|text/plain)$"))]
    pub media_type: String,
    /// The file in base 64 (RFC 4648), at most 8 MiB decoded. Images are kept without any metadata.
    #[cfg_attr(feature = "openapi", schema(value_type = String, content_encoding = "base64"))]
    pub content: Sensitive<String>,
}

/// A file of a report. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a31", "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "file_name": "range-of-motion.pdf", "media_type": "application/pdf",
    "size": 48213, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "added_by": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11", "added_at": "2026-11-23T09:00:00Z", "versions": [1]
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Attachment {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: AttachmentId,
    /// The report.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub report_id: ReportId,
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub file_name: Sensitive<String>,
    /// What it is, by its content.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i32,
    /// SHA-256 of its bytes as they are handed out, in hex.
    pub sha256: String,
    /// The practitioner who added it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub added_by: MemberId,
    /// When.
    pub added_at: DateTime<Utc>,
    /// The signed versions that hold it. As long as there is none, it can be taken away.
    pub versions: Vec<i32>,
}

/// A page of attachments.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct AttachmentList {
    /// The attachments, newest first.
    pub items: Vec<Attachment>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for AttachmentList {
    type Item = Attachment;
    fn into_parts(self) -> (Vec<Attachment>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A file of a share, as its recipient sees it. Its bytes take a reading of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct SharedAttachment {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: AttachmentId,
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub file_name: Sensitive<String>,
    /// What it is, by its content.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i32,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}
