//! One clinic asks another to see a patient, and the loop is not closed until a signed report has come back.

use crate::{
    Sensitive,
    clinics::ClinicName,
    consents::{Recipient, RecipientChoice},
    ids::{ClinicId, PatientId, ReferralId, ShareId},
    opinions::{NewOpinionSubject, OpinionAnswer, OpinionAttestation, OpinionSubject},
    page::Page,
    reports::Author,
    share_links::ShareLinkStatus,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What is asked of the other clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReferralKind {
    /// To see the patient.
    Referral,
    /// To say what it thinks.
    SecondOpinion,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Where a referral stands. Those marked with an asterisk are the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReferralState {
    /// Written, and with its sender still.
    Draft,
    /// In the recipient's list; nobody there has read it.
    Sent,
    /// The recipient has read it.
    Received,
    /// The recipient asked something before it answers.
    InformationRequested,
    /// The recipient takes the patient.
    Accepted,
    /// The recipient does not.*
    Declined,
    /// The recipient named somebody else.*
    Redirected,
    /// The recipient takes the patient, later.
    Waitlisted,
    /// There is an appointment.
    Scheduled,
    /// The patient did not come to it.
    NoShow,
    /// The patient is being treated.
    InCare,
    /// The sender asks to end it; the recipient has not answered.
    CancellationRequested,
    /// A signed report went back to the sender, or the opinion that was asked for.*
    Completed,
    /// Care ended early, with a signed report.*
    Discontinued,
    /// It was ended before care was.*
    Cancelled,
    /// Nobody answered in time.*
    Expired,
    /// It should not have been written.*
    EnteredInError,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

impl ReferralState {
    /// Every state.
    pub const ALL: [Self; 17] = [
        Self::Draft,
        Self::Sent,
        Self::Received,
        Self::InformationRequested,
        Self::Accepted,
        Self::Declined,
        Self::Redirected,
        Self::Waitlisted,
        Self::Scheduled,
        Self::NoShow,
        Self::InCare,
        Self::CancellationRequested,
        Self::Completed,
        Self::Discontinued,
        Self::Cancelled,
        Self::Expired,
        Self::EnteredInError,
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::InformationRequested => "information_requested",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Redirected => "redirected",
            Self::Waitlisted => "waitlisted",
            Self::Scheduled => "scheduled",
            Self::NoShow => "no_show",
            Self::InCare => "in_care",
            Self::CancellationRequested => "cancellation_requested",
            Self::Completed => "completed",
            Self::Discontinued => "discontinued",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::EnteredInError => "entered_in_error",
            Self::Unknown => "unknown",
        }
    }

    /// The state of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What somebody does with a referral. The names are those of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReferralVerb {
    /// The sender sends it.
    Send,
    /// The recipient takes the patient.
    Accept,
    /// The recipient does not, and says why.
    Decline,
    /// The recipient names somebody else.
    Redirect,
    /// The recipient asks something first.
    RequestInformation,
    /// The sender answers that.
    ProvideInformation,
    /// The recipient takes the patient later.
    Waitlist,
    /// The recipient makes an appointment, or another one.
    Schedule,
    /// The patient did not come.
    NoShow,
    /// The appointment will not be.
    CancelAppointment,
    /// The treatment begins.
    Start,
    /// A signed report has gone back, or the opinion goes back with it.
    Complete,
    /// Care ends early; a signed report has gone back.
    Discontinue,
    /// The sender ends it before anybody has accepted.
    Cancel,
    /// The sender asks to end it.
    RequestCancellation,
    /// The recipient agrees to that.
    ConfirmCancellation,
    /// The recipient does not; it goes on where it was.
    RefuseCancellation,
    /// The sender says that it should not have been written.
    EnterInError,
    /// One that this version does not know: `allowed` may name it, and nobody says it.
    #[serde(other)]
    Unknown,
}

impl ReferralVerb {
    /// Every verb.
    pub const ALL: [Self; 18] = [
        Self::Send,
        Self::Accept,
        Self::Decline,
        Self::Redirect,
        Self::RequestInformation,
        Self::ProvideInformation,
        Self::Waitlist,
        Self::Schedule,
        Self::NoShow,
        Self::CancelAppointment,
        Self::Start,
        Self::Complete,
        Self::Discontinue,
        Self::Cancel,
        Self::RequestCancellation,
        Self::ConfirmCancellation,
        Self::RefuseCancellation,
        Self::EnterInError,
    ];

    /// Its name on the wire and in the path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Redirect => "redirect",
            Self::RequestInformation => "request_information",
            Self::ProvideInformation => "provide_information",
            Self::Waitlist => "waitlist",
            Self::Schedule => "schedule",
            Self::NoShow => "no_show",
            Self::CancelAppointment => "cancel_appointment",
            Self::Start => "start",
            Self::Complete => "complete",
            Self::Discontinue => "discontinue",
            Self::Cancel => "cancel",
            Self::RequestCancellation => "request_cancellation",
            Self::ConfirmCancellation => "confirm_cancellation",
            Self::RefuseCancellation => "refuse_cancellation",
            Self::EnterInError => "enter_in_error",
            Self::Unknown => "unknown",
        }
    }

    /// The verb of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == name)
    }
}

/// A side of a referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReferralSide {
    /// The clinic that refers.
    Sender,
    /// The clinic that is referred to.
    Recipient,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How soon the patient should be seen. The clinic that refers sets the times that go with each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Urgency {
    /// In its turn.
    Routine,
    /// Before others.
    Urgent,
    /// At once. For what threatens life, call an ambulance: no message is read in time.
    Emergent,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Why a referral was declined, redirected, cancelled, or ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum ReferralReason {
    /// It is not what the recipient does.
    OutOfScope,
    /// The recipient has no room.
    NoCapacity,
    /// The patient's plan does not pay there.
    Insurance,
    /// What was asked for did not come.
    MissingInformation,
    /// The recipient should not treat this patient, for whatever reason of its own.
    Conflict,
    /// The patient does not want it.
    PatientDeclined,
    /// The patient can't be reached.
    Unreachable,
    /// It is not needed any more.
    NoLongerNeeded,
    /// It was for another patient, or twice there.
    Mistaken,
    /// Something else, which the note tells.
    Other,
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Writes a referral, or asks for a second opinion. It stays a draft until it is sent.
///
/// A second opinion names nobody unless it is told otherwise: the recipient gets no patient, `condition`, `reason`, `question` and
/// `requested_services` are looked through for identifiers, the author attests that nothing else identifies, and it goes
/// without consent. With `deidentified: false` it passes as a referral does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "kind": "referral", "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18",
    "recipient": {"clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"},
    "urgency": "routine", "condition": "Low back stiffness of six months, worse in the morning",
    "reason": "Manual treatment before imaging is considered",
    "question": "Is a course of six visits worth trying?", "requested_services": ["Evaluation", "Massage therapy"]
})))]
pub struct NewReferral {
    /// What is asked.
    pub kind: ReferralKind,
    /// The patient, of the sender's own records. An opinion that names nobody does without; where it has one, that stays with the
    /// sender: the age is taken from the record, and what is known from there is found in the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub patient_id: Option<PatientId>,
    /// A second opinion: whether it names nobody; `true` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deidentified: Option<bool>,
    /// An opinion that names nobody: whom it is about, in general terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<NewOpinionSubject>,
    /// An opinion that names nobody: `true`, by a person, that to the author's knowledge nothing in it identifies the patient, alone or
    /// with what else is known (45 CFR 164.514(b)(2)(ii)). Who said so and when is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<bool>,
    /// A referral: the second opinion of this clinic that it comes of. Its recipient is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub from_opinion: Option<ReferralId>,
    /// A clinic, a practitioner, or, of a referral, somebody who has no account.
    pub recipient: RecipientChoice,
    /// How soon.
    pub urgency: Urgency,
    /// What the patient has, in the sender's words.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 2000))]
    pub condition: Sensitive<String>,
    /// Why the patient is referred.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 2000))]
    pub reason: Sensitive<String>,
    /// What the sender wants to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 2000))]
    pub question: Option<Sensitive<String>>,
    /// What is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>, max_items = 20))]
    pub requested_services: Vec<Sensitive<String>>,
    /// Shares of reports to the same recipient that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Uuid>, max_items = 20))]
    pub share_ids: Vec<ShareId>,
}

impl NewReferral {
    /// A referral of a patient: routine, without a question.
    pub fn of_patient(
        patient: impl Into<PatientId>,
        recipient: RecipientChoice,
        condition: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            kind: ReferralKind::Referral,
            patient_id: Some(patient.into()),
            deidentified: None,
            about: None,
            attestation: None,
            from_opinion: None,
            recipient,
            urgency: Urgency::Routine,
            condition: condition.into().into(),
            reason: reason.into().into(),
            question: None,
            requested_services: Vec::new(),
            share_ids: Vec::new(),
        }
    }

    /// As urgent as this.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Self {
        self.urgency = urgency;
        self
    }

    /// With this question.
    #[must_use]
    pub fn question(mut self, question: impl Into<Sensitive<String>>) -> Self {
        self.question = Some(question.into());
        self
    }

    /// For these services.
    #[must_use]
    pub fn services<S: Into<Sensitive<String>>>(mut self, services: impl IntoIterator<Item = S>) -> Self {
        self.requested_services = services.into_iter().map(Into::into).collect();
        self
    }

    /// With these shares of the patient's reports to the same recipient.
    #[must_use]
    pub fn shares(mut self, ids: impl Into<Vec<ShareId>>) -> Self {
        self.share_ids = ids.into();
        self
    }

    /// A second opinion that names nobody: routine, and without the attestation that it takes.
    pub fn second_opinion(
        recipient: RecipientChoice,
        condition: impl Into<String>,
        reason: impl Into<String>,
        question: impl Into<String>,
    ) -> Self {
        Self {
            kind: ReferralKind::SecondOpinion,
            patient_id: None,
            question: Some(question.into().into()),
            ..Self::of_patient(PatientId::new(uuid::Uuid::nil()), recipient, condition, reason)
        }
    }
}

/// What goes with a verb. Each takes its own, and refuses what it does not take.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "reason": "no_capacity", "note": "We could see the patient in three months at the earliest."
})))]
pub struct ReferralMove {
    /// Why, in a word: `decline`, `cancel`, `request_cancellation`, `discontinue` and `enter_in_error` need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReferralReason>,
    /// In words, to the other side: with every verb; `request_information` and `provide_information` need it, and the reason
    /// `other` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 2000))]
    pub note: Option<Sensitive<String>>,
    /// `schedule`: when the appointment is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_at: Option<DateTime<Utc>>,
    /// `redirect`: a practitioner or a clinic of the directory to ask instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<RecipientChoice>,
    /// `accept`: the recipient's own record of the patient, if it has one; else one is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub patient_id: Option<PatientId>,
    /// `complete` and `discontinue` of a referral: the share of a signed report with the sender that closes the loop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub share_id: Option<ShareId>,
    /// `complete` and `discontinue` of a second opinion: the answer, in the place of a report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<OpinionAnswer>,
    /// With what the sender says in an opinion that names nobody: `true`, that nothing in it identifies the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<bool>,
}

/// The patient, and how to reach the patient: whoever accepts makes an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferredPatient {
    /// Given names.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub given_name: Sensitive<String>,
    /// Family name.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub family_name: Sensitive<String>,
    /// Date of birth.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date"))]
    pub birth_date: Sensitive<NaiveDate>,
    /// E-mail address.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub email: Option<Sensitive<String>>,
    /// Phone number.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub phone: Option<Sensitive<String>>,
}

/// What somebody said with a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralNote {
    /// When.
    pub at: DateTime<Utc>,
    /// With which move.
    pub verb: ReferralVerb,
    /// The clinic that it comes from.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub clinic_id: ClinicId,
    /// The words.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub text: Sensitive<String>,
}

/// What a referral says. For its sender, and for the recipient through the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralContent {
    /// The patient; `null` in an opinion that names nobody.
    pub patient: Option<ReferredPatient>,
    /// Whom an opinion that names nobody is about, in general terms.
    #[serde(default)]
    pub about: Option<OpinionSubject>,
    /// Who attested that nothing in it identifies the patient, of an opinion that names nobody.
    #[serde(default)]
    pub attestation: Option<OpinionAttestation>,
    /// What the patient has.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub condition: Sensitive<String>,
    /// Why the patient is referred.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub reason: Sensitive<String>,
    /// What the sender wants to know.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub question: Option<Sensitive<String>>,
    /// What is asked for.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub requested_services: Vec<Sensitive<String>>,
    /// The shares that go with it; each is read through the gate by itself.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Uuid>))]
    pub share_ids: Vec<ShareId>,
    /// What either side said with its moves, the first one first.
    pub notes: Vec<ReferralNote>,
    /// The answer that closed a second opinion.
    #[serde(default)]
    pub answer: Option<OpinionAnswer>,
    /// Until when the patient's consent runs, as it stands. `null` for the sender, and where there is none to ask for.
    pub consent_expires_at: Option<DateTime<Utc>>,
}

/// A referral. Lists hold it without `content`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a24", "kind": "referral", "state": "sent", "urgency": "routine",
    "allowed": ["cancel", "enter_in_error"], "patient_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12",
    "content": {"condition": "Low back stiffness of six months, worse in the morning",
        "reason": "Manual treatment before imaging is considered", "question": "Is a course of six visits worth trying?",
        "requested_services": ["Evaluation"], "share_ids": [], "notes": []},
    "created_at": "2026-11-23T09:00:00Z", "sent_at": "2026-11-23T09:05:00Z", "awaits": "recipient",
    "due_at": "2026-11-25T09:05:00Z", "expires_at": "2026-12-23T09:05:00Z", "overdue": false, "version": 2
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct Referral {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(value_type = Uuid))]
    pub id: ReferralId,
    /// What is asked.
    pub kind: ReferralKind,
    /// Whether it names nobody: it tells the recipient of no patient, and takes no consent.
    #[serde(default)]
    pub deidentified: bool,
    /// The second opinion that it comes of. For its sender alone.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub from_opinion: Option<ReferralId>,
    /// Where it stands.
    pub state: ReferralState,
    /// How soon.
    pub urgency: Urgency,
    /// The verbs that are open to the caller now.
    pub allowed: Vec<ReferralVerb>,
    /// The clinic that refers.
    pub sender_clinic: ClinicName,
    /// The practitioner who refers.
    pub sent_by: Author,
    /// Who is asked.
    pub recipient: Recipient,
    /// Whom the recipient named in its place, where it did.
    #[serde(default)]
    pub instead: Option<Recipient>,
    /// The caller's own record of the patient: the sender's, and the recipient's once it has accepted.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub patient_id: Option<PatientId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the recipient first read it.
    pub received_at: Option<DateTime<Utc>>,
    /// When the recipient accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the appointment is.
    pub appointment_at: Option<DateTime<Utc>>,
    /// When the treatment began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it came to its last state.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the recipient first answered.
    #[serde(default)]
    pub answered_at: Option<DateTime<Utc>>,
    /// When an appointment was first made.
    #[serde(default)]
    pub scheduled_at: Option<DateTime<Utc>>,
    /// Whose turn it is; `null` for a draft, and once it is over.
    #[serde(default)]
    pub awaits: Option<ReferralSide>,
    /// When the answer, or once it was accepted the report, is due.
    #[serde(default)]
    pub due_at: Option<DateTime<Utc>>,
    /// Whether that has passed.
    #[serde(default)]
    pub overdue: bool,
    /// When it lapses if nobody has accepted it by then.
    #[serde(default)]
    pub expires_at: Option<DateTime<Utc>>,
    /// The share of the report that closed it.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub closing_share_id: Option<ShareId>,
    /// Counts the changes; the `ETag` is this number in quotes.
    pub version: i32,
    /// Of a referral to a guest, for its sender: how the newest link fares. Lists do without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub link: Option<ShareLinkStatus>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub content: Option<ReferralContent>,
}

/// A page of referrals. It holds no health information and no patient's name: that takes a reading.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralList {
    /// The referrals, newest first, without `content`.
    pub items: Vec<Referral>,
    /// Where the next page starts.
    pub next_cursor: Option<String>,
}

impl Page for ReferralList {
    type Item = Referral;
    fn into_parts(self) -> (Vec<Referral>, Option<String>) {
        (self.items, self.next_cursor)
    }
}

/// A move of a referral. What was said with it stands in the referral's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "from": "received", "to": "accepted", "verb": "accept", "at": "2026-11-24T08:10:00Z",
    "clinic_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13", "by": {"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a14", "name": "Jordan Sample", "profession": "Family physician"}
})))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralTransition {
    /// From where; `null` when it was written.
    pub from: Option<ReferralState>,
    /// To where.
    pub to: ReferralState,
    /// By which verb; `null` when it was written, first read, or its time was up.
    pub verb: Option<ReferralVerb>,
    /// When.
    pub at: DateTime<Utc>,
    /// The clinic whose member it was; `null` for the clock.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub clinic_id: Option<ClinicId>,
    /// Who it was.
    pub by: Option<Author>,
    /// Why, in a word.
    pub reason: Option<ReferralReason>,
}

/// What became of a referral, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub struct ReferralTimeline {
    /// Its moves, the first one first.
    pub items: Vec<ReferralTransition>,
}
