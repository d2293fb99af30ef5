//! Row <-> gate <-> wire, and a denial as an answer.

use super::{
    policy::{Denial, Grant, Recipient as GateRecipient, Standing, Unreadable, is_same_purpose},
    store::{Row, Terms},
};
use crate::{
    http::{ApiError, validation::normalised_email},
    identity::secrets::sha256,
};
use chrono::{DateTime, Utc};
use rapport_contract::{
    Sensitive,
    consents::{Category, Consent, ConsentMethod, ConsentSignature, Recipient, RecipientKind},
    problem::Kind,
};
use uuid::Uuid;

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
            signed_at: terms.signed_at,
            starts_at: terms.starts_at,
            expires_at: terms.expires_at,
        })
    }
}

fn named(recipient: &Recipient) -> Result<GateRecipient, Unreadable> {
    match (recipient.kind, recipient.practitioner_id, recipient.clinic_id, &recipient.email) {
        (RecipientKind::Practitioner, Some(id), Some(clinic), _) => Ok(GateRecipient::Practitioner { id, clinic }),
        (RecipientKind::Clinic, _, Some(id), _) => Ok(GateRecipient::Clinic { id }),
        (RecipientKind::Guest, _, _, Some(email)) => Ok(guest(email.as_str())),
        _ => Err(Unreadable),
    }
}

/// A guest as the gate knows one: by the address alone, however it is written and whatever the name beside it.
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
type Named = (Option<Uuid>, Option<Uuid>, Option<String>);

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

    /// The recipients as the patient was told them.
    pub(crate) fn recipients(&self) -> Result<Vec<Recipient>, ApiError> {
        serde_json::from_value(self.recipients.clone()).map_err(ApiError::internal)
    }

    /// The categories.
    pub(crate) fn categories(&self) -> Vec<Category> {
        self.categories.iter().map(|name| Category::parse(name).unwrap_or(Category::Unknown)).collect()
    }

    /// How it was revoked.
    pub(crate) fn revocation_method(&self) -> Option<ConsentMethod> {
        self.revocation_method.as_deref().map(method)
    }

    /// As the clinic that asked sees it at this time.
    pub(super) fn into_wire(self, now: DateTime<Utc>) -> Result<Consent, ApiError> {
        let signature = match (&self.signed_at, &self.signed_name, &self.signature_method) {
            (Some(signed_at), Some(name), Some(by)) => Some(ConsentSignature {
                method: method(by),
                signed_name: name.clone().into(),
                signed_at: *signed_at,
                paper_signed_on: self.paper_signed_on,
                paper_form_hash: self.paper_form_hash.clone(),
            }),
            _ => None,
        };
        Ok(Consent {
            id: self.id,
            patient_id: self.patient_id,
            state: self.state_at(now),
            recipients: self.recipients()?,
            categories: self.categories(),
            revocation_method: self.revocation_method(),
            purpose: self.purpose,
            starts_at: self.starts_at,
            expires_at: self.expires_at,
            two_way: self.two_way,
            asked_at: self.asked_at,
            asked_by: self.asked_by,
            lapses_at: self.lapses_at,
            statement: self.statement.into(),
            statement_hash: self.statement_hash,
            statement_version: self.statement_version,
            signature,
            revoked_at: self.revoked_at,
            superseded_by: self.superseded_by,
            version: self.version,
        })
    }
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
