//! Row <-> gate <-> wire, and a denial as an answer.

use super::{
    policy::{Denial, Grant, Recipient as GateRecipient, Standing, Unreadable, is_same_purpose},
    store::{Opened, Row, Terms},
};
use crate::{
    http::{ApiError, validation::normalised_email},
    identity::secrets::sha256,
    vault::Index,
};
use chrono::{DateTime, Utc};
use rapport_contract::{
    Sensitive,
    consents::{Category, Consent, ConsentMethod, ConsentSignature, Recipient, RecipientKind},
    ids::{ClinicId, MemberId},
    problem::Kind,
};

impl TryFrom<Terms> for Grant {
    type Error = Unreadable;

    fn try_from(terms: Terms) -> Result<Self, Unreadable> {
        let standing = match terms.state.as_str() {
            "pending" => Standing::Pending,
            "active" => Standing::Signed,
            "revoked" => Standing::Revoked,
            "superseded" | "declined" => Standing::Gone,
            _ => return Err(Unreadable),
        };
        let recipients: Vec<Recipient> = serde_json::from_value(terms.recipients).map_err(|_| Unreadable)?;
        Ok(Self {
            id: terms.id,
            discloser: terms.clinic_id,
            standing,
            recipients: recipients.iter().map(named).collect::<Result<_, _>>()?,
            categories: categories(&terms.categories)?,
            purpose: terms.purpose,
            two_way: terms.two_way,
            signed_at: terms.signed_at,
            starts_at: terms.starts_at,
            expires_at: terms.expires_at,
        })
    }
}

fn named(recipient: &Recipient) -> Result<GateRecipient, Unreadable> {
    match (recipient.kind, recipient.practitioner_id, recipient.clinic_id, &recipient.email) {
        (RecipientKind::Practitioner, Some(id), Some(clinic), _) => {
            Ok(GateRecipient::Practitioner { id: id.into(), clinic: clinic.into() })
        }
        (RecipientKind::Clinic, _, Some(id), _) => Ok(GateRecipient::Clinic { id: id.into() }),
        (RecipientKind::Guest, _, _, Some(email)) => Ok(guest(email.as_str())),
        _ => Err(Unreadable),
    }
}

/// A guest as the gate knows one: by what stands for the address alone, whatever the name beside it.
pub(crate) fn guest(email: &str) -> GateRecipient {
    GateRecipient::Guest { address: sha256(normalised_email(email).as_bytes()) }
}

fn categories(names: &[String]) -> Result<Vec<Category>, Unreadable> {
    names.iter().map(|name| Category::parse(name).ok_or(Unreadable)).collect()
}

fn method(name: &str) -> ConsentMethod {
    match name {
        "link" => ConsentMethod::Link,
        "paper" => ConsentMethod::Paper,
        "word" => ConsentMethod::Word,
        _ => ConsentMethod::Unknown,
    }
}

/// Whom a consent names, apart from what they were called when it was written.
type Named = (Option<ClinicId>, Option<MemberId>, Option<String>);

fn identities(recipients: &serde_json::Value) -> Option<Vec<Named>> {
    let recipients: Vec<Recipient> = serde_json::from_value(recipients.clone()).ok()?;
    let identity = |recipient: Recipient| {
        (recipient.clinic_id, recipient.practitioner_id, recipient.email.map(Sensitive::into_inner))
    };
    let mut identities: Vec<_> = recipients.into_iter().map(identity).collect();
    identities.sort_unstable();
    Some(identities)
}

impl Row {
    /// Whether the newer one is for the same recipients and purpose. What can't be read is replaced by nothing.
    pub(super) fn is_replaced_by(&self, newer: &Self) -> bool {
        let whom = identities(&self.recipients);
        whom.is_some() && whom == identities(&newer.recipients) && is_same_purpose(&self.purpose, &newer.purpose)
    }

    /// The categories.
    pub(crate) fn categories(&self) -> Vec<Category> {
        self.categories.iter().map(|name| Category::parse(name).unwrap_or(Category::Unknown)).collect()
    }

    /// How it was revoked.
    pub(crate) fn revocation_method(&self) -> Option<ConsentMethod> {
        self.revocation_method.as_deref().map(method)
    }
}

impl Opened {
    /// As the clinic that asked sees it at this time.
    pub(super) fn into_wire(self, now: DateTime<Utc>) -> Consent {
        let Self { row, asked, signed_name, .. } = self;
        let signature = match (&row.signed_at, signed_name, &row.signature_method) {
            (Some(signed_at), Some(name), Some(by)) => Some(ConsentSignature {
                method: method(by),
                signed_name: name.into(),
                signed_at: *signed_at,
                paper_signed_on: row.paper_signed_on,
                paper_form_hash: row.paper_form_hash.clone(),
            }),
            _ => None,
        };
        Consent {
            id: row.id.into(),
            patient_id: row.patient_id.into(),
            state: row.state_at(now),
            recipients: asked.recipients,
            categories: row.categories(),
            revocation_method: row.revocation_method(),
            purpose: asked.purpose,
            starts_at: row.starts_at,
            expires_at: row.expires_at,
            two_way: row.two_way,
            asked_at: row.asked_at,
            asked_by: row.asked_by.into(),
            lapses_at: row.lapses_at,
            statement: asked.statement.into(),
            statement_hash: asked.statement_hash,
            statement_version: row.statement_version,
            signature,
            revoked_at: row.revoked_at,
            superseded_by: row.superseded_by.map(Into::into),
            version: row.version,
        }
    }
}

/// The purposes that have words of their own: they stand in the clear.
const COMMON_PURPOSES: &[&str] = &["treatment", "care_coordination", "second_opinion", "patient_request"];

/// A purpose as the gate compares it: a common one by its word, one in the clinic's own words by a keyed hash.
pub(crate) fn compared_purpose(index: &Index, purpose: &str) -> String {
    let word = purpose.trim().to_lowercase();
    if COMMON_PURPOSES.contains(&word.as_str()) { word } else { index.purpose(&word) }
}

/// A guest's address as the gate compares it: by a keyed hash.
pub(crate) fn compared_address(index: &Index, address: &str) -> String {
    index.address(&normalised_email(address))
}

/// Recipients as the gate compares them: ids, the names of who has an account, and of guests a keyed hash of the address alone.
pub(crate) fn compared_recipients(
    index: &Index,
    recipients: &[Recipient],
) -> Result<serde_json::Value, serde_json::Error> {
    let compared = recipients.iter().cloned().map(|recipient| match &recipient.email {
        None => recipient,
        Some(email) => {
            Recipient { name: "".into(), email: Some(compared_address(index, email.as_str()).into()), ..recipient }
        }
    });
    serde_json::to_value(compared.collect::<Vec<_>>())
}

/// The answer to what the gate denies.
pub(crate) fn denied(denial: Denial) -> ApiError {
    match denial {
        Denial::Missing => {
            ApiError::new(Kind::ConsentMissing, "The patient has given no consent that could carry this.")
        }
        Denial::RecipientNotNamed => {
            ApiError::new(Kind::RecipientNotNamed, "The patient's consent does not name this recipient.")
        }
        Denial::PurposeMismatch => {
            ApiError::new(Kind::PurposeMismatch, "The patient's consent is for another purpose.")
        }
        Denial::Expired => ApiError::new(Kind::ConsentExpired, "The patient's consent has ended by its date."),
        Denial::Revoked => ApiError::new(Kind::ConsentRevoked, "The patient has revoked the consent."),
        Denial::Pending => ApiError::new(Kind::ConsentPending, "The patient's consent is not in force yet."),
        Denial::TooNarrow(lacking) => {
            let names: Vec<_> = lacking.iter().map(|category| category.as_str()).collect();
            ApiError::new(
                Kind::ConsentTooNarrow,
                format!("The patient's consent does not cover: {}.", names.join(", ")),
            )
            .lacking(lacking)
        }
        Denial::Unreadable => {
            tracing::error!("a consent can't be read; everything that rests on the patient's consents is denied");
            ApiError::new(Kind::ConsentMissing, "The patient's consents can't be read, so nothing is permitted.")
        }
    }
}
