//! What each role may do, in one table. The clinic's own records only: what others shared takes the gate besides.

use rapport_contract::members::Role;

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read patient records and search them.
    ReadPatients,
    /// Make and change patient records.
    WritePatients,
    /// Read consents.
    ReadConsents,
    /// Ask patients, record their signature on paper.
    AskConsents,
    /// Revoke on a patient's word.
    RevokeConsents,
    /// See which reports and shares there are, without their content.
    ListReports,
    /// Read the content of reports.
    ReadReports,
    /// Draft reports.
    WriteReports,
    /// Sign and amend reports.
    SignReports,
    /// Share signed reports, and withdraw shares.
    ShareReports,
    /// Read what other clinics shared.
    ReadShares,
    /// See who works in the clinic.
    ListMembers,
    /// Invite and end members.
    ManageMembers,
    /// Read the audit log.
    ReadAudit,
    /// Read the accounting of disclosures and the sharing history.
    ReadDisclosures,
    /// See what went astray, and close it.
    HandleIncidents,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 16] = [
        Self::ReadPatients,
        Self::WritePatients,
        Self::ReadConsents,
        Self::AskConsents,
        Self::RevokeConsents,
        Self::ListReports,
        Self::ReadReports,
        Self::WriteReports,
        Self::SignReports,
        Self::ShareReports,
        Self::ReadShares,
        Self::ListMembers,
        Self::ManageMembers,
        Self::ReadAudit,
        Self::ReadDisclosures,
        Self::HandleIncidents,
    ];

    /// Whether it takes a profession as well: a report stands under a professional's name.
    pub const fn needs_profession(self) -> bool {
        matches!(self, Self::SignReports)
    }
}

/// Whether the role has the right.
pub const fn may(role: Role, right: Right) -> bool {
    match role {
        Role::Owner => true,
        Role::Practitioner => !matches!(right, Right::ManageMembers | Right::ReadAudit | Right::HandleIncidents),
        Role::Staff => matches!(
            right,
            Right::ReadPatients
                | Right::WritePatients
                | Right::ReadConsents
                | Right::AskConsents
                | Right::RevokeConsents
                | Right::ListReports
                | Right::ListMembers
        ),
        Role::PrivacyOfficer => matches!(
            right,
            Right::ReadPatients
                | Right::ReadConsents
                | Right::RevokeConsents
                | Right::ListReports
                | Right::ListMembers
                | Right::ReadAudit
                | Right::ReadDisclosures
                | Right::HandleIncidents
        ),
        Role::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_practitioners_and_owners_see_clinical_content() {
        for right in
            [Right::ReadReports, Right::WriteReports, Right::SignReports, Right::ShareReports, Right::ReadShares]
        {
            assert!(may(Role::Owner, right) && may(Role::Practitioner, right), "{right:?}");
            assert!(!may(Role::Staff, right) && !may(Role::PrivacyOfficer, right), "{right:?}");
        }
    }

    #[test]
    fn a_role_that_is_not_known_may_nothing() {
        assert!(Right::ALL.into_iter().all(|right| !may(Role::Unknown, right)));
    }

    #[test]
    fn everybody_can_revoke_on_a_patients_word() {
        for role in [Role::Owner, Role::Practitioner, Role::Staff, Role::PrivacyOfficer] {
            assert!(may(role, Right::RevokeConsents), "{role:?}");
        }
    }
}
