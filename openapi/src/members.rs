//! The people of a clinic.

use crate::{Sensitive, ids::MemberId, page::Page};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Role {
    /// Runs the clinic; does what a practitioner does, invites and ends members, reads the audit log.
    Owner,
    /// Writes, signs and shares reports, reads what was shared, asks patients for consent.
    Practitioner,
    /// Front desk: patients and consents, never the content of a report.
    Staff,
    /// Reads the audit log and the accounting of disclosures, revokes on a patient's word.
    PrivacyOfficer,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Invites a person into the clinic, by mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "name": "Bo Example", "email": "bo@north.example.org", "role": "practitioner", "profession": "massage_therapist"
})))]
pub struct Invite {
    /// The person's name.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub name: Sensitive<String>,
    /// Where the invitation goes, and the address to sign in with later.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "email", min_length = 1, max_length = 254))]
    pub email: Sensitive<String>,
    /// What the person may do.
    pub role: Role,
    /// The profession; required of a practitioner.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub profession: Option<String>,
    /// The person's National Provider Identifier, ten digits.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[12][0-9]{9}$"))]
    pub npi: Option<String>,
}

impl Invite {
    /// Somebody who does not treat. Who does needs a [profession](Self::profession).
    pub fn new(name: impl Into<Sensitive<String>>, email: impl Into<Sensitive<String>>, role: Role) -> Self {
        Self { name: name.into(), email: email.into(), role, profession: None, npi: None }
    }

    /// Whoever treats has one.
    #[must_use]
    pub fn profession(mut self, profession: impl Into<String>) -> Self {
        self.profession = Some(profession.into());
        self
    }

    /// The National Provider Identifier.
    #[must_use]
    pub fn npi(mut self, npi: impl Into<String>) -> Self {
        self.npi = Some(npi.into());
        self
    }
}

/// Accepts an invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "token": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5", "password": "another long enough sentence"
})))]
pub struct AcceptInvitation {
    /// What stands behind the `#` of the invitation's link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub token: Sensitive<String>,
    /// The password to sign in with: at least 15 characters.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "password", min_length = 15, max_length = 1024))]
    pub password: Sensitive<String>,
}

/// Where a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum MemberState {
    /// The invitation is out.
    Invited,
    /// The person can sign in.
    Active,
    /// The person can't sign in any more.
    Ended,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A person of a clinic. The id is the practitioner's id too, where the person has a profession.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11", "name": "Robin Example", "email": "robin@north.example.org",
    "role": "owner", "state": "active", "profession": "Massage therapist", "created_at": "2026-11-23T09:00:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Member {
    /// The id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: MemberId,
    /// The name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: Sensitive<String>,
    /// The address that signs in.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub email: Sensitive<String>,
    /// What the person may do.
    pub role: Role,
    /// The profession.
    pub profession: Option<String>,
    /// Where the membership stands.
    pub state: MemberState,
    /// When the person was invited or signed up.
    pub created_at: DateTime<Utc>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A page of members.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct MemberList {
    /// The members, newest first.
    pub items: Vec<Member>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for MemberList {
    type Item = Member;
    fn into_parts(self) -> (Vec<Member>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
