//! Row <-> wire, the canonical form of a body, and cutting a body to sections.

use super::store::{AuthorRow, ReportRow, SummaryRow, Version};
use crate::{http::ApiError, identity::secrets::sha256_hex};
use rapport_contract::{
    consents::Category,
    reports::{
        Author, Report, ReportBody, ReportKind, ReportState, ReportSummary, ReportVersion, ReportVersionSummary,
        Section,
    },
};

pub(crate) fn kind_from(name: &str) -> ReportKind {
    match name {
        "treatment_plan" => ReportKind::TreatmentPlan,
        "progress_report" => ReportKind::ProgressReport,
        _ => ReportKind::Unknown,
    }
}

pub(super) const fn kind_name(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::TreatmentPlan => "treatment_plan",
        ReportKind::ProgressReport => "progress_report",
        ReportKind::Unknown => "unknown",
    }
}

fn state_from(name: &str) -> ReportState {
    match name {
        "draft" => ReportState::Draft,
        "signed" => ReportState::Signed,
        _ => ReportState::Unknown,
    }
}

pub(super) fn sensitive_from(names: &[String]) -> Vec<Category> {
    names.iter().map(|name| Category::parse(name).unwrap_or(Category::Unknown)).collect()
}

/// A body in canonical JSON (RFC 8785) and the SHA-256 of that in hex: whoever has the body can check the hash.
pub(crate) fn canonical(body: &ReportBody) -> Result<(String, String), ApiError> {
    let text = serde_json_canonicalizer::to_string(body).map_err(ApiError::internal)?;
    let hash = sha256_hex(text.as_bytes());
    Ok((text, hash))
}

/// A body as it was stored.
pub(crate) fn parse_body(text: &str) -> Result<ReportBody, ApiError> {
    // The parser's sentence may quote what it could not read, so it is not kept.
    serde_json::from_str(text).map_err(|_| ApiError::internal(anyhow::anyhow!("a stored report body can't be read")))
}

/// The sections that a body has.
pub fn sections_of(body: &ReportBody) -> Vec<Section> {
    Section::ALL.into_iter().filter(|section| has(body, *section)).collect()
}

fn has(body: &ReportBody, section: Section) -> bool {
    match section {
        Section::Treatment => body.treatment.is_some(),
        Section::Schedule => body.schedule.is_some(),
        Section::Goals => !body.goals.is_empty(),
        Section::Measures => !body.measures.is_empty(),
        Section::Condition => body.condition.is_some(),
        Section::Summary => body.summary.is_some(),
        Section::History => body.history.is_some(),
        Section::Reexamination => body.reexamination.is_some(),
        Section::FollowUp => body.follow_up.is_some(),
        Section::CoManagement => body.co_management.is_some(),
        Section::Questions => body.questions.is_some(),
        Section::Citations => !body.citations.is_empty(),
        // Files are none of the body's.
        Section::Attachments | Section::Unknown => false,
    }
}

/// The body with these sections and nothing else.
pub fn cut(body: ReportBody, sections: &[Section]) -> ReportBody {
    let keeps = |section| sections.contains(&section);
    ReportBody {
        treatment: body.treatment.filter(|_| keeps(Section::Treatment)),
        schedule: body.schedule.filter(|_| keeps(Section::Schedule)),
        goals: if keeps(Section::Goals) { body.goals } else { Vec::new() },
        measures: if keeps(Section::Measures) { body.measures } else { Vec::new() },
        condition: body.condition.filter(|_| keeps(Section::Condition)),
        summary: body.summary.filter(|_| keeps(Section::Summary)),
        history: body.history.filter(|_| keeps(Section::History)),
        reexamination: body.reexamination.filter(|_| keeps(Section::Reexamination)),
        follow_up: body.follow_up.filter(|_| keeps(Section::FollowUp)),
        co_management: body.co_management.filter(|_| keeps(Section::CoManagement)),
        questions: body.questions.filter(|_| keeps(Section::Questions)),
        citations: if keeps(Section::Citations) { body.citations } else { Vec::new() },
    }
}

impl Version {
    /// Who signed.
    pub(crate) fn signer(&self) -> Author {
        Author { id: self.signed_by.into(), name: self.signer_name.clone(), profession: self.signer_profession.clone() }
    }

    pub(super) fn into_wire(self) -> Result<ReportVersion, ApiError> {
        Ok(ReportVersion {
            report_id: self.report_id.into(),
            number: self.number,
            kind: kind_from(&self.kind),
            body: parse_body(&self.body)?,
            sensitive_categories: sensitive_from(&self.sensitive),
            signed_by: self.signer(),
            content_hash: self.content_hash,
            signed_at: self.signed_at,
            amendment_reason: self.amendment_reason.map(Into::into),
        })
    }
}

impl From<SummaryRow> for ReportVersionSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            number: row.number,
            signed_by: Author { id: row.signed_by.into(), name: row.signer_name, profession: row.signer_profession },
            content_hash: row.content_hash,
            signed_at: row.signed_at,
        }
    }
}

/// What a report says: the draft in canonical form, or its newest signed version.
pub(super) enum Content {
    Draft(String),
    Signed(Box<Version>),
}

impl Content {
    fn text(&self) -> &str {
        match self {
            Self::Draft(text) => text,
            Self::Signed(version) => &version.body,
        }
    }

    fn version(&self) -> Option<&Version> {
        match self {
            Self::Draft(_) => None,
            Self::Signed(version) => Some(version),
        }
    }

    /// Why the newest version was signed after the first one.
    pub(super) fn amendment_reason(&self) -> Option<&str> {
        self.version()?.amendment_reason.as_deref()
    }
}

impl From<AuthorRow> for Author {
    fn from(row: AuthorRow) -> Self {
        Self { id: row.id.into(), name: row.name, profession: row.profession }
    }
}

/// A report with its author and what it says.
pub(super) fn into_report(row: ReportRow, author: AuthorRow, content: &Content) -> Result<Report, ApiError> {
    let version = content.version();
    let body = parse_body(content.text())?;
    Ok(Report {
        id: row.id.into(),
        patient_id: row.patient_id.into(),
        kind: kind_from(&row.kind),
        state: state_from(&row.state),
        body,
        sensitive_categories: sensitive_from(&row.sensitive),
        author: author.into(),
        current_version: row.current_version,
        signed_by: version.map(Version::signer),
        signed_at: row.signed_at,
        content_hash: version.map(|version| version.content_hash.clone()),
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    })
}

impl From<ReportRow> for ReportSummary {
    fn from(row: ReportRow) -> Self {
        Self {
            id: row.id.into(),
            patient_id: row.patient_id.into(),
            kind: kind_from(&row.kind),
            state: state_from(&row.state),
            author_id: row.author_id.into(),
            current_version: row.current_version,
            signed_at: row.signed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_its_sections_and_nothing_else() {
        let body = ReportBody {
            condition: Some("canary condition".into()),
            history: Some("canary history".into()),
            questions: Some("canary questions".into()),
            ..ReportBody::default()
        };
        let cut = cut(body.clone(), &[Section::Condition]);
        let text = serde_json::to_string(&cut).unwrap();
        assert!(
            text.contains("canary condition") && !text.contains("canary history") && !text.contains("questions"),
            "{text}"
        );
        assert_eq!(sections_of(&body), [Section::Condition, Section::History, Section::Questions]);
        assert_eq!(sections_of(&cut), [Section::Condition]);
    }

    #[test]
    fn the_hash_is_of_the_canonical_form() {
        // RFC 8785: members by name, numbers in their shortest form.
        let body: ReportBody = serde_json::from_str(
            r#"{"measures": [{"name": "b", "baseline": 5.0, "current": 0.75}], "condition": "a"}"#,
        )
        .unwrap();
        let (text, hash) = canonical(&body).unwrap();
        assert_eq!(text, r#"{"condition":"a","measures":[{"baseline":5,"current":0.75,"name":"b"}]}"#);
        assert_eq!(hash, sha256_hex(text.as_bytes()));
        assert_eq!(canonical(&parse_body(&text).unwrap()).unwrap().1, hash);
    }
}
