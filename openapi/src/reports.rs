//! Treatment plans and progress reports: drafts, signed versions, amendments.

#[cfg(feature = "openapi")]
use crate::consents::SensitiveCategory;
use crate::{
    Sensitive,
    consents::Category,
    ids::{MemberId, PatientId, ReportId},
    page::Page,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReportKind {
    /// What is going to be done.
    TreatmentPlan,
    /// How it is going.
    ProgressReport,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// A report's content. Four parts are required to sign: `treatment`, `schedule`, `goals`, `measures`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "treatment": {"what": "Swedish strokes, muscle stripping and myofascial release to the lumbar region",
                  "why": "Chosen for chronic low-back pain"},
    "schedule": {"frequency": "Once a week", "duration": "6 weeks", "visits_planned": 6, "visits_attended": 4},
    "goals": [{"goal": "Walk further with less pain", "anticipated_outcome": "Rides his bicycle again",
               "measure": "Oswestry sections improved"}],
    "measures": [{"name": "Oswestry sections improved", "unit": "of 10 sections", "baseline": 0.0, "current": 9.0,
                  "higher_is_better": true}],
    "condition": "Chronic low-back pain", "follow_up": "Monthly maintenance"
})))]
pub struct ReportBody {
    /// The treatment, and why this one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub treatment: Option<Treatment>,
    /// Frequency and duration.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub schedule: Option<Schedule>,
    /// Specific goals and anticipated outcomes, each tied to a measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub goals: Vec<Goal>,
    /// Objective measures with baseline and current values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub measures: Vec<Measure>,
    /// The complaint or condition that is treated, attributed to who diagnosed it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub condition: Option<Sensitive<String>>,
    /// Three lines for a busy reader.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub summary: Option<Sensitive<String>>,
    /// The patient's history, in brief.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub history: Option<Sensitive<String>>,
    /// Findings at re-examination.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub reexamination: Option<Sensitive<String>>,
    /// Suggestions for future care and follow-up arrangements.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub follow_up: Option<Sensitive<String>>,
    /// Who does what, where several clinics treat.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub co_management: Option<Sensitive<String>>,
    /// Questions to the reader.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 20000))]
    pub questions: Option<Sensitive<String>>,
    /// Literature that the treatment rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 20))]
    pub citations: Vec<Citation>,
}

/// The first part: what is done, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Treatment {
    /// What is done.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 20000))]
    pub what: Sensitive<String>,
    /// Why this treatment for this patient.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 20000))]
    pub why: Sensitive<String>,
}

/// The second part: how often and how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// How often, such as "Once a week".
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 1000))]
    pub frequency: Sensitive<String>,
    /// How long, such as "6 weeks".
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 1000))]
    pub duration: Sensitive<String>,
    /// Visits planned.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, maximum = 1000))]
    pub visits_planned: Option<u32>,
    /// Visits attended so far.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, maximum = 1000))]
    pub visits_attended: Option<u32>,
    /// After how many visits the patient is examined again.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, maximum = 1000))]
    pub reexamination_after_visits: Option<u32>,
    /// When the plan ends.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub ends_on: Option<NaiveDate>,
}

/// The third part: a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Goal {
    /// The goal.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 2000))]
    pub goal: Sensitive<String>,
    /// What is expected to come of it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 2000))]
    pub anticipated_outcome: Option<Sensitive<String>>,
    /// The `name` of the measure that tells whether it is reached.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 200))]
    pub measure: Option<Sensitive<String>>,
    /// The value to reach, in the measure's unit.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, nullable = false))]
    pub target: Option<Sensitive<f64>>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub target_date: Option<NaiveDate>,
}

/// The fourth part: an objective measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measure {
    /// What is measured, such as "Stiffness intensity (VAS)". Unique within the report.
    #[cfg_attr(feature = "openapi", schema(value_type = String, max_length = 200))]
    pub name: Sensitive<String>,
    /// The unit, such as "0-10", "in" or "%".
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 60))]
    pub unit: Option<String>,
    /// The value at the start.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, nullable = false))]
    pub baseline: Option<Sensitive<f64>>,
    /// The value now.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = f64, nullable = false))]
    pub current: Option<Sensitive<f64>>,
    /// When the baseline was taken.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub baseline_on: Option<NaiveDate>,
    /// When the current value was taken.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub current_on: Option<NaiveDate>,
    /// Which direction is good.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub higher_is_better: Option<bool>,
    /// What the figures do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, nullable = false, max_length = 2000))]
    pub note: Option<Sensitive<String>>,
}

/// A reference to literature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Citation {
    /// The reference as printed.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub text: String,
    /// The digital object identifier, such as `10.3822/ijtmb.v9i3.267`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            nullable = false,
            max_length = 200,
            pattern = r"^10\.[^\s\u0000-\u001f\u007f-\u009f]*/[^\s\u0000-\u001f\u007f-\u009f]*$"
        )
    )]
    pub doi: Option<String>,
    /// Why it matters here.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 1000))]
    pub relevance: Option<String>,
}

/// A part of a report that a share can be cut to: the names of [`ReportBody`]'s fields, and the files that were signed with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Section {
    /// `treatment`
    Treatment,
    /// `schedule`
    Schedule,
    /// `goals`
    Goals,
    /// `measures`
    Measures,
    /// `condition`
    Condition,
    /// `summary`
    Summary,
    /// `history`
    History,
    /// `reexamination`
    Reexamination,
    /// `follow_up`
    FollowUp,
    /// `co_management`
    CoManagement,
    /// `questions`
    Questions,
    /// `citations`
    Citations,
    /// `attachments`: the files that were signed with the version.
    Attachments,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl Section {
    /// Every section of a body, in the order of a report. `attachments` is none of a body.
    pub const ALL: [Self; 12] = [
        Self::Treatment,
        Self::Schedule,
        Self::Goals,
        Self::Measures,
        Self::Condition,
        Self::Summary,
        Self::History,
        Self::Reexamination,
        Self::FollowUp,
        Self::CoManagement,
        Self::Questions,
        Self::Citations,
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Schedule => "schedule",
            Self::Goals => "goals",
            Self::Measures => "measures",
            Self::Condition => "condition",
            Self::Summary => "summary",
            Self::History => "history",
            Self::Reexamination => "reexamination",
            Self::FollowUp => "follow_up",
            Self::CoManagement => "co_management",
            Self::Questions => "questions",
            Self::Citations => "citations",
            Self::Attachments => "attachments",
            Self::Unknown => "unknown",
        }
    }

    /// The section of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Attachments]).find(|section| section.as_str() == name)
    }
}

/// A new draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12", "kind": "progress_report",
    "body": {"treatment": {"what": "Swedish massage", "why": "Chosen for stiffness"},
             "schedule": {"frequency": "Twice a week", "duration": "28 days", "visits_attended": 7},
             "goals": [{"goal": "Less morning stiffness", "measure": "Stiffness intensity (VAS)"}],
             "measures": [{"name": "Stiffness intensity (VAS)", "unit": "0-10", "baseline": 5.0, "current": 0.75,
                           "higher_is_better": false}]}
})))]
pub struct NewReport {
    /// The patient it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// What it is.
    pub kind: ReportKind,
    /// Its content so far; a draft may be incomplete.
    #[serde(default)]
    pub body: ReportBody,
    /// Which sensitive categories it touches: `mental_health`, `substance_use`, `reproductive_health`. A share of it then
    /// needs a consent that names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SensitiveCategory>))]
    pub sensitive_categories: Vec<Category>,
}

impl NewReport {
    /// A draft, which may be incomplete, and touches no sensitive category.
    pub fn new(patient_id: PatientId, kind: ReportKind, body: ReportBody) -> Self {
        Self { patient_id, kind, body, sensitive_categories: Vec::new() }
    }

    /// Touches these categories, which nothing else implies.
    #[must_use]
    pub fn touching(mut self, categories: impl Into<Vec<Category>>) -> Self {
        self.sensitive_categories = categories.into();
        self
    }
}

/// A change of a draft; a field left out stays, `body` is replaced as a whole.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "body": {"treatment": {"what": "Swedish massage", "why": "Chosen for stiffness"}}
})))]
pub struct ReportPatch {
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub kind: Option<ReportKind>,
    /// Its content.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub body: Option<ReportBody>,
    /// Which sensitive categories it touches.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::patch::given")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, value_type = Option<Vec<SensitiveCategory>>))]
    pub sensitive_categories: Option<Vec<Category>>,
}

/// Changes a signed report: a new version, signed at once by who sends it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "reason": "Corrected the finger-to-floor distance",
    "body": {"treatment": {"what": "Swedish massage", "why": "Chosen for stiffness"},
             "schedule": {"frequency": "Twice a week", "duration": "28 days", "visits_attended": 7},
             "goals": [{"goal": "Bend forward further", "measure": "Finger-to-floor distance, forward"}],
             "measures": [{"name": "Finger-to-floor distance, forward", "unit": "in", "baseline": 6.0, "current": 4.0,
                           "higher_is_better": false}]}
})))]
pub struct AmendReport {
    /// Why it is amended.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 2000))]
    pub reason: Sensitive<String>,
    /// The whole content of the new version.
    pub body: ReportBody,
    /// Which sensitive categories it touches; as before, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<SensitiveCategory>>))]
    pub sensitive_categories: Option<Vec<Category>>,
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReportState {
    /// Can be changed, can't be shared.
    Draft,
    /// Has a signed version; can be amended and shared.
    Signed,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// The person who wrote or signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11", "name": "Robin Example", "profession": "Massage therapist"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Author {
    /// The practitioner's id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The profession.
    pub profession: Option<String>,
}

/// A report of one's own clinic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
    "kind": "progress_report", "state": "draft", "sensitive_categories": [], "created_at": "2026-11-23T09:00:00Z",
    "updated_at": "2026-11-23T09:00:00Z", "version": 1
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Report {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ReportId,
    /// The patient it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// What it is.
    pub kind: ReportKind,
    /// Where it stands.
    pub state: ReportState,
    /// The content: of the draft, or of the newest signed version.
    pub body: ReportBody,
    /// Which sensitive categories it touches.
    pub sensitive_categories: Vec<Category>,
    /// Who wrote it.
    pub author: Author,
    /// The number of the newest signed version, from 1.
    pub current_version: Option<i32>,
    /// SHA-256 of that version's body in canonical JSON (RFC 8785), in hex.
    pub content_hash: Option<String>,
    /// Who signed that version.
    pub signed_by: Option<Author>,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When the draft was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
}

/// A report in a list: everything but its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
    "kind": "progress_report", "state": "signed", "author_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a11",
    "created_at": "2026-11-23T09:00:00Z", "updated_at": "2026-11-23T09:20:00Z", "current_version": 1,
    "signed_at": "2026-11-23T09:20:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReportSummary {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ReportId,
    /// The patient it is about.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub patient_id: PatientId,
    /// What it is.
    pub kind: ReportKind,
    /// Where it stands.
    pub state: ReportState,
    /// Who wrote it.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub author_id: MemberId,
    /// The number of the newest signed version.
    pub current_version: Option<i32>,
    /// When that version was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// When the draft was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A page of reports.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReportList {
    /// The reports, newest first.
    pub items: Vec<ReportSummary>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ReportList {
    type Item = ReportSummary;
    fn into_parts(self) -> (Vec<ReportSummary>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A signed version. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "report_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "number": 1, "kind": "progress_report", "sensitive_categories": [],
    "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "signed_at": "2026-11-23T09:20:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReportVersion {
    /// The report.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub report_id: ReportId,
    /// The version's number, from 1.
    pub number: i32,
    /// What it is.
    pub kind: ReportKind,
    /// The content as signed.
    pub body: ReportBody,
    /// Which sensitive categories it touches.
    pub sensitive_categories: Vec<Category>,
    /// SHA-256 of the body in canonical JSON (RFC 8785), in hex.
    pub content_hash: String,
    /// Who signed.
    pub signed_by: Author,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// Why the version before was amended.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub amendment_reason: Option<Sensitive<String>>,
}

/// A signed version in a list: everything but its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "number": 1, "content_hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "signed_at": "2026-11-23T09:20:00Z"
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReportVersionSummary {
    /// The version's number, from 1.
    pub number: i32,
    /// SHA-256 of the body in canonical JSON (RFC 8785), in hex.
    pub content_hash: String,
    /// Who signed.
    pub signed_by: Author,
    /// When.
    pub signed_at: DateTime<Utc>,
}

/// A page of versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReportVersionList {
    /// The versions, newest first.
    pub items: Vec<ReportVersionSummary>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ReportVersionList {
    type Item = ReportVersionSummary;
    fn into_parts(self) -> (Vec<ReportVersionSummary>, Option<String>) {
        (self.items, self.next_cursor)
    }
}
