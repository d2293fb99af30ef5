//! Row -> wire.

use super::store::{Found, Shared};
use rapport_contract::attachments::{Attachment, SharedAttachment};

impl Found {
    pub(super) fn into_wire(self) -> Attachment {
        Attachment {
            id: self.row.id.into(),
            report_id: self.row.report_id.into(),
            file_name: self.details.file_name.into(),
            media_type: self.row.media_type,
            size: self.row.size,
            sha256: self.row.sha256,
            added_by: self.row.added_by.into(),
            added_at: self.row.added_at,
            versions: self.versions,
        }
    }
}

impl Shared {
    /// As its recipient sees it.
    pub(crate) fn into_wire(self) -> SharedAttachment {
        let Self(found) = self;
        SharedAttachment {
            id: found.row.id.into(),
            file_name: found.details.file_name.into(),
            media_type: found.row.media_type,
            size: found.row.size,
            sha256: found.row.sha256,
        }
    }
}
