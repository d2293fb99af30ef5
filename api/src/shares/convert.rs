//! Row <-> gate <-> wire.

use super::store::{Disclosed, Envelope, Named, Row};
use crate::{
    attachments::Shared,
    consents::{
        self,
        policy::{Permit, Recipient as GateRecipient},
    },
    http::ApiError,
    reports,
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

/// A kind of recipient by its column's word.
pub(super) fn recipient_kind(word: &str) -> RecipientKind {
    match word {
        "practitioner" => RecipientKind::Practitioner,
        "clinic" => RecipientKind::Clinic,
        "guest" => RecipientKind::Guest,
        _ => RecipientKind::Unknown,
    }
}

impl Row {
    /// Whether it went to somebody without an account.
    pub(crate) fn is_for_a_guest(&self) -> bool {
        self.recipient_email.is_some()
    }
}

impl Named {
    /// What for, as the sender wrote it.
    pub(crate) fn purpose(&self) -> &str {
        self.envelope.as_ref().map_or(&self.row.purpose, |envelope| &envelope.purpose)
    }

    /// Whom it is for.
    pub(crate) fn recipient_name(&self) -> &str {
        let guest = self.envelope.as_ref().and_then(|envelope| envelope.recipient_name.as_deref());
        guest.unwrap_or(&self.row.recipient_name)
    }

    /// A guest's address.
    pub(crate) fn guest_address(&self) -> Option<&str> {
        self.envelope.as_ref()?.recipient_email.as_deref()
    }

    /// Who receives.
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient {
            kind: recipient_kind(&self.row.recipient_kind),
            practitioner_id: self.row.recipient_practitioner_id.map(Into::into),
            clinic_id: self.row.recipient_clinic_id.map(Into::into),
            name: self.recipient_name().into(),
            email: self.guest_address().map(Into::into),
        }
    }

    /// The same share, moved on.
    pub(super) fn moved(self, row: Row) -> Self {
        Self { row, ..self }
    }
}

/// What of a share is not for everybody, if there is anything: a guest, or a purpose that the gate's word does not tell.
pub(super) fn envelope(purpose: &str, compared: &str, recipient: &Recipient) -> Option<Envelope> {
    let guest = recipient.email.as_ref();
    (guest.is_some() || purpose != compared).then(|| Envelope {
        purpose: purpose.to_owned(),
        recipient_name: guest.map(|_| recipient.name.as_str().to_owned()),
        recipient_email: guest.map(|email| email.as_str().to_owned()),
    })
}

/// A share without its content.
pub(super) fn into_wire(share: Named) -> Share {
    let (recipient, purpose) = (share.recipient(), share.purpose().to_owned());
    let Named { row, clinic, .. } = share;
    Share {
        state: row.share_state(),
        sections: row.section_list(),
        kind: reports::kind_from(&row.kind),
        recipient,
        id: row.id.into(),
        report_id: row.report_id.into(),
        report_version: row.report_version,
        purpose,
        sender_clinic: ClinicName { id: row.clinic_id.into(), name: clinic },
        sent_by: Author { id: row.sent_by.into(), name: row.sender_name, profession: row.sender_profession },
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
pub(super) fn content(row: &Row, disclosed: Disclosed, permit: &Permit) -> Result<SharedContent, ApiError> {
    let Disclosed { version, patient, letter, attachments } = disclosed;
    let body = reports::parse_body(&version.body)?;
    Ok(SharedContent {
        patient: SharedPatient {
            given_name: patient.given_name.into(),
            family_name: patient.family_name.into(),
            birth_date: patient.birth_date.into(),
        },
        body: reports::cut(body, &row.section_list()),
        attachments: attachments.into_iter().map(Shared::into_wire).collect(),
        signed_by: version.signer(),
        content_hash: version.content_hash,
        signed_at: version.signed_at,
        cover_letter: letter.map(Into::into),
        consent_expires_at: permit.until(),
        notice: NOTICE.to_owned(),
    })
}
