//! Row <-> gate <-> wire.

use super::store::{Named, PatientRow, Row};
use crate::{
    consents::{
        self,
        policy::{Permit, Recipient as GateRecipient},
    },
    http::ApiError,
    reports::{self, VersionRow},
};
use rapport_contract::{
    clinics::ClinicName,
    consents::{Category, Recipient, RecipientKind},
    reports::{Author, Section},
    shares::{Share, ShareState, SharedContent, SharedPatient},
};

/// What a recipient must know.
const NOTICE: &str = "Shared with the patient's consent, for the purpose named and for as long as the consent is in force. It may not be shared on through this service.";

/// A state by its name in the database.
pub(super) fn state_from(name: &str) -> ShareState {
    match name {
        "delivered" => ShareState::Delivered,
        "opened" => ShareState::Opened,
        "acknowledged" => ShareState::Acknowledged,
        "withdrawn" => ShareState::Withdrawn,
        _ => ShareState::Unknown,
    }
}

impl Row {
    /// Where it stands.
    pub(super) fn share_state(&self) -> ShareState {
        state_from(&self.state)
    }

    /// Who receives, as the gate is asked.
    pub(super) fn gate_recipient(&self) -> Result<GateRecipient, ApiError> {
        match (self.recipient_practitioner_id, self.recipient_clinic_id, &self.recipient_email) {
            (Some(id), Some(clinic), None) => Ok(GateRecipient::Practitioner { id, clinic }),
            (None, Some(id), None) => Ok(GateRecipient::Clinic { id }),
            (None, None, Some(email)) => Ok(consents::guest(email)),
            _ => Err(ApiError::internal(anyhow::anyhow!("a share has no recipient, or two"))),
        }
    }

    /// Whether its sender has taken it back.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.share_state() == ShareState::Withdrawn
    }

    /// Whether its recipient has read it.
    pub(crate) fn was_read(&self) -> bool {
        self.opened_at.is_some()
    }

    /// The consent categories that it takes. One that can't be read is never covered.
    pub(super) fn categories_needed(&self) -> Vec<Category> {
        self.categories.iter().map(|name| Category::parse(name).unwrap_or(Category::Unknown)).collect()
    }

    fn section_list(&self) -> Vec<Section> {
        self.sections.iter().map(|name| Section::parse(name).unwrap_or(Section::Unknown)).collect()
    }
}

/// The name of a state's column value.
pub(super) const fn state_name(state: ShareState) -> &'static str {
    match state {
        ShareState::Delivered => "delivered",
        ShareState::Opened => "opened",
        ShareState::Acknowledged => "acknowledged",
        ShareState::Withdrawn => "withdrawn",
        ShareState::Unknown => "unknown",
    }
}

/// The word of a recipient's column.
pub(super) const fn recipient_word(kind: RecipientKind) -> &'static str {
    match kind {
        RecipientKind::Practitioner => "practitioner",
        RecipientKind::Clinic => "clinic",
        RecipientKind::Guest => "guest",
        RecipientKind::Unknown => "unknown",
    }
}

/// A share without its content.
pub(super) fn into_wire((row, sender_clinic): Named) -> Share {
    Share {
        state: row.share_state(),
        sections: row.section_list(),
        kind: reports::kind_from(&row.kind),
        recipient: Recipient {
            kind: match row.recipient_kind.as_str() {
                "practitioner" => RecipientKind::Practitioner,
                "clinic" => RecipientKind::Clinic,
                "guest" => RecipientKind::Guest,
                _ => RecipientKind::Unknown,
            },
            practitioner_id: row.recipient_practitioner_id,
            clinic_id: row.recipient_clinic_id,
            name: row.recipient_name.into(),
            email: row.recipient_email.map(Into::into),
        },
        id: row.id,
        report_id: row.report_id,
        report_version: row.report_version,
        purpose: row.purpose,
        sender_clinic: ClinicName { id: row.clinic_id, name: sender_clinic },
        sent_by: Author { id: row.sent_by, name: row.sender_name, profession: row.sender_profession },
        delivered_at: row.delivered_at,
        opened_at: row.opened_at,
        acknowledged_at: row.acknowledged_at,
        withdrawn_at: row.withdrawn_at,
        version: row.version,
        link: None,
        content: None,
    }
}

/// What the recipient reads: the version cut to the share's sections.
pub(super) fn content(
    row: &Row,
    version: VersionRow,
    patient: PatientRow,
    permit: &Permit,
) -> Result<SharedContent, ApiError> {
    let body = reports::parse_body(&version.body)?;
    Ok(SharedContent {
        patient: SharedPatient {
            given_name: patient.given_name.into(),
            family_name: patient.family_name.into(),
            birth_date: patient.birth_date.into(),
        },
        body: reports::cut(body, &row.section_list()),
        signed_by: version.signer(),
        content_hash: version.content_hash,
        signed_at: version.signed_at,
        cover_letter: row.cover_letter.clone().map(Into::into),
        consent_expires_at: permit.until(),
        notice: NOTICE.to_owned(),
    })
}
