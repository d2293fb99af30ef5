//! The gate (45 CFR 164.508): facts in, verdict out. No clock, no I/O.
//!
//! A reading is permitted if one consent covers it whole: given to this discloser, naming this recipient, for this
//! purpose, signed, begun, not ended, not revoked, and wide enough. Two consents never add up to one. A consent that can't
//! be read denies everything: it might be the one that forbids.

use chrono::{DateTime, Utc};
use rapport_contract::consents::Category;
use uuid::Uuid;

/// What is asked of the gate.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// The clinic that discloses.
    pub discloser: Uuid,
    /// Who would receive.
    pub recipient: Recipient,
    /// The categories of what would be read.
    pub categories: &'a [Category],
    /// What for.
    pub purpose: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who receives, or is named to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// One practitioner, working in a clinic.
    Practitioner {
        /// The practitioner.
        id: Uuid,
        /// The practitioner's clinic.
        clinic: Uuid,
    },
    /// A clinic and its practitioners.
    Clinic {
        /// The clinic.
        id: Uuid,
    },
    /// Somebody without an account. No clinic and no practitioner is meant by it.
    Guest {
        /// SHA-256 of what stands for the e-mail address: a keyed hash of it, trimmed and in small letters.
        address: [u8; 32],
    },
}

impl Recipient {
    /// Whether a consent that names `self` covers `other`: a clinic covers its practitioners, a practitioner and a guest
    /// nobody else.
    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Practitioner { id, .. }, Self::Practitioner { id: other, .. }) => id == other,
            (Self::Clinic { id }, Self::Clinic { id: other } | Self::Practitioner { clinic: other, .. }) => id == other,
            (Self::Guest { address }, Self::Guest { address: other }) => address == other,
            _ => false,
        }
    }
}

/// How far a consent has come, apart from the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Asked, not answered.
    Pending,
    /// Signed.
    Signed,
    /// Taken back.
    Revoked,
    /// Refused, or replaced by another one: as if it were not there.
    Gone,
}

/// What a consent says, as far as the gate has to know.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The consent.
    pub id: Uuid,
    /// The clinic that may disclose.
    pub discloser: Uuid,
    /// How far it has come.
    pub standing: Standing,
    /// Who may receive.
    pub recipients: Vec<Recipient>,
    /// What may be shared.
    pub categories: Vec<Category>,
    /// What for.
    pub purpose: String,
    /// Whether who receives may report back to the discloser.
    pub two_way: bool,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// From when, where that is not the signature.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when; the moment itself is outside.
    pub expires_at: DateTime<Utc>,
}

impl Grant {
    /// What it says of reports back to the clinic that asked for it, from a clinic that it names or whose practitioner it names.
    /// `None` if it says nothing of that.
    pub(super) fn back_from(self, clinic: Uuid) -> Option<Self> {
        let is_named = self.recipients.iter().any(|named| match *named {
            Recipient::Clinic { id } | Recipient::Practitioner { clinic: id, .. } => id == clinic,
            Recipient::Guest { .. } => false,
        });
        let asked = Recipient::Clinic { id: self.discloser };
        (self.two_way && is_named).then(|| Self { discloser: clinic, recipients: vec![asked], ..self })
    }
}

/// A consent of which some part can't be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Proof that the gate said yes. Only [`decide`] can make one, and the functions that disclose demand it.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    consent: Uuid,
    until: DateTime<Utc>,
}

impl Permit {
    /// The consent that carries it.
    pub fn consent(&self) -> Uuid {
        self.consent
    }

    /// When that consent ends.
    pub fn until(&self) -> DateTime<Utc> {
        self.until
    }
}

/// Why not. In the order of how near it came to a yes: of many consents the nearest miss is told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denial {
    /// There is none for this discloser.
    Missing,
    /// None names this recipient.
    RecipientNotNamed,
    /// None that does is for this purpose.
    PurposeMismatch,
    /// It has ended by its date.
    Expired,
    /// It was taken back.
    Revoked,
    /// It is not signed, or starts later.
    Pending,
    /// It does not cover these categories.
    TooNarrow(Vec<Category>),
    /// One of them can't be read.
    Unreadable,
}

/// The gate.
///
/// # Errors
/// The nearest miss.
pub fn decide(ask: &Ask<'_>, consents: &[Result<Grant, Unreadable>]) -> Result<Permit, Denial> {
    let mut permit = None;
    let mut nearest = Denial::Missing;
    for consent in consents {
        // Deny wins over permit: what can't be read may be what forbids, so it does.
        let grant = consent.as_ref().map_err(|_| Denial::Unreadable)?;
        match weigh(ask, grant) {
            Ok(found) => permit = permit.or(Some(found)),
            Err(miss) => nearest = nearest.max(miss),
        }
    }
    permit.ok_or(nearest)
}

fn weigh(ask: &Ask<'_>, grant: &Grant) -> Result<Permit, Denial> {
    if grant.discloser != ask.discloser || grant.standing == Standing::Gone {
        return Err(Denial::Missing);
    }
    if !grant.recipients.iter().any(|named| named.covers(ask.recipient)) {
        return Err(Denial::RecipientNotNamed);
    }
    if !is_same_purpose(&grant.purpose, ask.purpose) {
        return Err(Denial::PurposeMismatch);
    }
    if grant.standing == Standing::Revoked {
        return Err(Denial::Revoked);
    }
    if ask.at >= grant.expires_at {
        return Err(Denial::Expired);
    }
    let has_begun = grant.signed_at.is_some_and(|at| at <= ask.at) && grant.starts_at.is_none_or(|at| at <= ask.at);
    if grant.standing == Standing::Pending || !has_begun {
        return Err(Denial::Pending);
    }
    let lacking = lacking(&grant.categories, ask.categories);
    if !lacking.is_empty() {
        return Err(Denial::TooNarrow(lacking));
    }
    Ok(Permit { consent: grant.id, until: grant.expires_at })
}

/// Purposes are the same whatever their case and the blanks around them.
pub(super) fn is_same_purpose(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn lacking(granted: &[Category], needed: &[Category]) -> Vec<Category> {
    let mut lacking: Vec<Category> = needed.iter().copied().filter(|category| !covers(granted, *category)).collect();
    lacking.sort_unstable();
    lacking.dedup();
    lacking
}

/// A category is covered by itself. The measures are one of the four parts of every plan and report, so whoever agreed to
/// those agreed to them; nothing else implies anything, least of all a sensitive category.
fn covers(granted: &[Category], needed: Category) -> bool {
    match needed {
        Category::Unknown => false,
        Category::OutcomeMeasures => granted.iter().any(|category| {
            matches!(category, Category::OutcomeMeasures | Category::TreatmentPlan | Category::ProgressReport)
        }),
        _ => granted.contains(&needed),
    }
}

#[cfg(test)]
mod tests;
