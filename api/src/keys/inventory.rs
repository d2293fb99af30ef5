//! Every sealed column: what a rotation seals anew. A test compares it with the database.

/// Whose data key a row's values take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The patient that this column names.
    Patient(&'static str),
    /// The clinic's office.
    Office,
}

/// The sealed columns of a table that share a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sealed {
    pub(super) table: &'static str,
    /// What tells a row from the others, and its number, where it takes one.
    pub(super) id: &'static str,
    pub(super) number: Option<&'static str>,
    pub(super) subject: Subject,
    /// The version of the key.
    pub(super) version: &'static str,
    pub(super) columns: &'static [&'static str],
}

const fn of_patient(table: &'static str, columns: &'static [&'static str]) -> Sealed {
    Sealed { table, id: "id", number: None, subject: Subject::Patient("patient_id"), version: "key_version", columns }
}

const fn of_office(table: &'static str, version: &'static str, columns: &'static [&'static str]) -> Sealed {
    Sealed { table, id: "id", number: None, subject: Subject::Office, version, columns }
}

/// All of them.
pub(super) const SEALED: &[Sealed] = &[
    Sealed { subject: Subject::Patient("id"), ..of_patient("patients", &["identity"]) },
    of_patient("consents", &["terms", "signature", "revocation"]),
    of_patient("reports", &["draft"]),
    Sealed { id: "report_id", number: Some("number"), ..of_patient("report_versions", &["body", "amendment_reason"]) },
    of_patient("shares", &["letter"]),
    of_patient("incidents", &["note"]),
    of_patient("attachments", &["details"]),
    Sealed { id: "consent_id", ..of_patient("consent_forms", &["content", "details"]) },
    of_patient("emergency_accesses", &["explanation", "note"]),
    of_patient("referral_texts", &["body"]),
    of_office("opinion_texts", "office_key_version", &["body"]),
    of_patient("referral_messages", &["body"]),
    of_office("shares", "office_key_version", &["envelope"]),
    of_office("referrals", "office_key_version", &["envelope"]),
    of_office("mails", "office_key_version", &["letter"]),
    of_office("members", "totp_key_version", &["totp_secret"]),
    of_office("webhook_secrets", "office_key_version", &["secret"]),
];
