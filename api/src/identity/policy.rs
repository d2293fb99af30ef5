//! What each role and each scope may do, in two tables. The clinic's own records only: what others shared takes the gate
//! besides.

use rapport_contract::{api_clients::Scope, members::Role};

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read patient records and search them.
    ReadPatients,
    /// Make and change patient records.
    WritePatients,
    /// Read consents.
    ReadConsents,
    /// Ask patients.
    AskConsents,
    /// Attest that a patient signed on paper.
    RecordSignatures,
    /// Revoke on a patient's word.
    RevokeConsents,
    /// See which reports there are, without their content.
    ListReports,
    /// Read the content of reports.
    ReadReports,
    /// Draft reports.
    WriteReports,
    /// Sign and amend reports.
    SignReports,
    /// Share signed reports, and withdraw shares.
    ShareReports,
    /// See which shares went out and came in, without their content.
    ListShares,
    /// Read what other clinics shared.
    ReadShares,
    /// Tell other clinics that what they shared was read.
    AcknowledgeShares,
    /// See which referrals went out and came in, without what they say.
    ListReferrals,
    /// Read what referrals say.
    ReadReferrals,
    /// Write referrals, send them, and take them back.
    WriteReferrals,
    /// Write to the other side of a referral.
    WriteMessages,
    /// Answer referrals that came in, and treat.
    AnswerReferrals,
    /// Make appointments for referrals that came in.
    ScheduleReferrals,
    /// Set how soon the clinic's referrals are to be answered.
    SetReferralTimes,
    /// See who works in the clinic.
    ListMembers,
    /// Invite and end members.
    ManageMembers,
    /// Make, change and end the clinic's API clients.
    ManageClients,
    /// See and end one's own sessions: those of people who signed in.
    OwnSessions,
    /// Read the audit log.
    ReadAudit,
    /// Read the accounting of disclosures and the sharing history.
    ReadDisclosures,
    /// See what went astray, and close it.
    HandleIncidents,
    /// Read in an emergency what the role does not read: who reads it anyway has no need of that.
    OpenEmergencyAccess,
    /// See what others read in an emergency, end it, and review it.
    ReviewEmergencyAccess,
    /// Follow what happens, of the objects that one may list.
    ReadEvents,
    /// Make, change and end the clinic's webhooks.
    ManageWebhooks,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 32] = [
        Self::ReadPatients,
        Self::WritePatients,
        Self::ReadConsents,
        Self::AskConsents,
        Self::RecordSignatures,
        Self::RevokeConsents,
        Self::ListReports,
        Self::ReadReports,
        Self::WriteReports,
        Self::SignReports,
        Self::ShareReports,
        Self::ListShares,
        Self::ReadShares,
        Self::AcknowledgeShares,
        Self::ListReferrals,
        Self::ReadReferrals,
        Self::WriteReferrals,
        Self::WriteMessages,
        Self::AnswerReferrals,
        Self::ScheduleReferrals,
        Self::SetReferralTimes,
        Self::ListMembers,
        Self::ManageMembers,
        Self::ManageClients,
        Self::OwnSessions,
        Self::ReadAudit,
        Self::ReadDisclosures,
        Self::HandleIncidents,
        Self::OpenEmergencyAccess,
        Self::ReviewEmergencyAccess,
        Self::ReadEvents,
        Self::ManageWebhooks,
    ];

    /// Whether it takes a profession as well: a report stands under a professional's name.
    pub const fn needs_profession(self) -> bool {
        matches!(self, Self::SignReports)
    }

    /// Whether what is written stands under a member's name, whoever writes it.
    pub const fn needs_author(self) -> bool {
        matches!(
            self,
            Self::AskConsents | Self::WriteReports | Self::ShareReports | Self::WriteReferrals | Self::WriteMessages
        )
    }
}

/// Whether the role has the right.
pub const fn may(role: Role, right: Right) -> bool {
    match role {
        Role::Owner => !matches!(right, Right::OpenEmergencyAccess),
        Role::Practitioner => !matches!(
            right,
            Right::ManageMembers
                | Right::ManageClients
                | Right::ManageWebhooks
                | Right::SetReferralTimes
                | Right::ReadAudit
                | Right::HandleIncidents
                | Right::OpenEmergencyAccess
                | Right::ReviewEmergencyAccess
        ),
        Role::Staff => matches!(
            right,
            Right::ReadPatients
                | Right::WritePatients
                | Right::ReadConsents
                | Right::AskConsents
                | Right::RecordSignatures
                | Right::RevokeConsents
                | Right::ListReports
                | Right::ListShares
                | Right::ListReferrals
                | Right::ScheduleReferrals
                | Right::ListMembers
                | Right::OwnSessions
                | Right::OpenEmergencyAccess
                | Right::ReadEvents
        ),
        Role::PrivacyOfficer => matches!(
            right,
            Right::ReadPatients
                | Right::ReadConsents
                | Right::RevokeConsents
                | Right::ListReports
                | Right::ListShares
                | Right::ListReferrals
                | Right::ListMembers
                | Right::OwnSessions
                | Right::ReadAudit
                | Right::ReadDisclosures
                | Right::HandleIncidents
                | Right::OpenEmergencyAccess
                | Right::ReviewEmergencyAccess
                | Right::ReadEvents
        ),
        Role::Unknown => false,
    }
}

/// Whether the scope grants the right to a machine. No scope grants what takes a person: to sign, to attest a signature on
/// paper, to manage people or machines.
pub const fn grants(scope: Scope, right: Right) -> bool {
    match scope {
        Scope::PatientsRead => matches!(right, Right::ReadPatients),
        Scope::PatientsWrite => matches!(right, Right::WritePatients),
        Scope::ConsentsRead => matches!(right, Right::ReadConsents),
        Scope::ConsentsWrite => matches!(right, Right::AskConsents | Right::RevokeConsents),
        Scope::ReportsRead => matches!(right, Right::ListReports | Right::ReadReports),
        Scope::ReportsWrite => matches!(right, Right::WriteReports),
        Scope::SharesRead => matches!(right, Right::ListShares | Right::ReadShares),
        Scope::SharesWrite => matches!(right, Right::ShareReports | Right::AcknowledgeShares),
        Scope::ReferralsRead => matches!(right, Right::ListReferrals | Right::ReadReferrals),
        Scope::ReferralsWrite => {
            matches!(
                right,
                Right::WriteReferrals | Right::WriteMessages | Right::AnswerReferrals | Right::ScheduleReferrals
            )
        }
        Scope::AuditRead => matches!(right, Right::ReadAudit | Right::ReadDisclosures),
        Scope::EventsRead => matches!(right, Right::ReadEvents),
        Scope::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_practitioners_and_owners_see_clinical_content() {
        for right in [
            Right::ReadReports,
            Right::WriteReports,
            Right::SignReports,
            Right::ShareReports,
            Right::ReadShares,
            Right::ReadReferrals,
            Right::WriteReferrals,
            Right::WriteMessages,
            Right::AnswerReferrals,
        ] {
            assert!(may(Role::Owner, right) && may(Role::Practitioner, right), "{right:?}");
            assert!(!may(Role::Staff, right) && !may(Role::PrivacyOfficer, right), "{right:?}");
        }
    }

    #[test]
    fn emergency_access_is_for_those_who_do_not_read_anyway() {
        for role in [Role::Owner, Role::Practitioner, Role::Staff, Role::PrivacyOfficer] {
            assert_ne!(may(role, Right::OpenEmergencyAccess), may(role, Right::ReadReports), "{role:?}");
        }
    }

    #[test]
    fn a_role_that_is_not_known_may_nothing() {
        assert!(Right::ALL.into_iter().all(|right| !may(Role::Unknown, right)));
    }

    #[test]
    fn no_scope_grants_what_takes_a_person() {
        for right in [
            Right::SignReports,
            Right::RecordSignatures,
            Right::ListMembers,
            Right::ManageMembers,
            Right::ManageClients,
            Right::ManageWebhooks,
            Right::SetReferralTimes,
            Right::OwnSessions,
            Right::HandleIncidents,
            Right::OpenEmergencyAccess,
            Right::ReviewEmergencyAccess,
        ] {
            assert!(Scope::ALL.into_iter().all(|scope| !grants(scope, right)), "{right:?}");
        }
        assert!(Right::ALL.into_iter().all(|right| !grants(Scope::Unknown, right)));
    }

    #[test]
    fn a_scope_to_read_changes_nothing() {
        let changes = [
            Right::WritePatients,
            Right::AskConsents,
            Right::RevokeConsents,
            Right::WriteReports,
            Right::ShareReports,
            Right::AcknowledgeShares,
            Right::WriteReferrals,
            Right::WriteMessages,
            Right::AnswerReferrals,
            Right::ScheduleReferrals,
        ];
        for scope in Scope::ALL.into_iter().filter(|scope| scope.as_str().ends_with(":read")) {
            assert!(changes.into_iter().all(|right| !grants(scope, right)), "{scope:?}");
        }
    }

    #[test]
    fn everybody_can_revoke_on_a_patients_word() {
        for role in [Role::Owner, Role::Practitioner, Role::Staff, Role::PrivacyOfficer] {
            assert!(may(role, Right::RevokeConsents), "{role:?}");
        }
    }
}
