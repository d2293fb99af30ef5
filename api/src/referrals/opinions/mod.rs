//! A second opinion names nobody: what is told of the patient is general, what is written was looked through, and it takes no consent.
//!
//! Two proofs stand for that. [`NamesNobody`] is of a referral that leads to no patient, and what reads one without a consent
//! demands it. [`Words`] are sealed only where [`super::safe_harbor`] found nothing in them, to the letter. The sender may say
//! of which of its patients it is; that stays in a table that no other clinic reads. An opinion that names its patient
//! passes the gate like any referral.

pub(super) mod policy;
pub(super) mod store;

use super::{
    safe_harbor::{self, Cleared, Known},
    store::{Answer, Content, Named, Row},
};
use crate::{
    clinics,
    database::Tx,
    http::{ApiError, validation::Check},
    identity::Principal,
    patients,
};
use chrono::Datelike;
use rapport_contract::{
    Sensitive,
    opinions::{OpinionAnswer, OpinionSubject, Sex},
    patients::Patient,
    problem::Span,
    referrals::{NewReferral, ReferralMove, ReferralVerb},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most findings that one answer tells.
const MOST_FINDINGS: usize = 100;

/// A referral that leads to no patient.
#[derive(Clone, Copy)]
pub(super) struct NamesNobody<'r>(&'r Row);

impl Row {
    /// Whether it asks what the other clinic thinks.
    pub(super) fn is_opinion(&self) -> bool {
        self.kind == "second_opinion"
    }

    /// The proof that it leads to no patient.
    pub(super) fn names_nobody(&self) -> Option<NamesNobody<'_>> {
        (self.is_opinion() && self.patient_id.is_none()).then_some(NamesNobody(self))
    }

    /// Whether a verb is for a referral like this one.
    pub(super) fn takes(&self, verb: ReferralVerb) -> bool {
        self.names_nobody().is_none() || policy::is_open_to_nobody(verb)
    }
}

/// Whom it is about, as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sex: Option<Sex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    onset_year: Option<i32>,
}

impl From<About> for OpinionSubject {
    fn from(about: About) -> Self {
        Self {
            age: about.age.map(Into::into),
            sex: about.sex.map(Into::into),
            state: about.state.map(Into::into),
            onset_year: about.onset_year.map(Into::into),
        }
    }
}

/// Words in which nothing identifies anybody, as they are sealed, and who attested that.
pub(super) struct Words {
    body: Vec<u8>,
    attested_by: Option<(Uuid, String)>,
}

/// What can't be written can't be kept.
fn written(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(ApiError::internal)
}

/// Looks through texts, each at its place in the request. Every finding is told; nothing of a text is.
struct Looking {
    known: Known,
    this_year: i32,
    check: Check,
    findings: usize,
}

impl Looking {
    /// With what is known of the two clinics, and of the patient where it is the clinic's own.
    async fn with(tx: &mut Tx<'_>, clinics: [Uuid; 2], patient: Option<&Patient>) -> Result<Self, ApiError> {
        let mut known = Known::default();
        if let Some(patient) = patient {
            known.person(patient.given_name.as_str(), patient.family_name.as_str());
            if let Some(number) = &patient.mrn {
                known.record_number(number.as_str());
            }
            if let Some(email) = &patient.email {
                known.email(email.as_str());
            }
            if let Some(phone) = &patient.phone {
                known.phone(phone.as_str());
            }
        }
        for clinic in clinics {
            if let Some(clinic) = clinics::letterhead(tx, clinic).await? {
                known.clinic(&clinic.name);
                if let Some(address) = &clinic.address {
                    known.address(address);
                }
                if let Some(phone) = &clinic.phone {
                    known.phone(phone);
                }
            }
        }
        Ok(Self { known, this_year: tx.now().year(), check: Check::new(), findings: 0 })
    }

    fn at(&mut self, pointer: &str, text: &Sensitive<String>) -> Option<Cleared> {
        let findings = match safe_harbor::clear(text.as_str(), &self.known, self.this_year) {
            Ok(cleared) => return Some(cleared),
            Err(findings) => findings,
        };
        for found in findings {
            self.findings += 1;
            if self.findings <= MOST_FINDINGS {
                let span = Span { start: found.start, end: found.end };
                let words = format!("Characters {} to {} {}", found.start, found.end, found.kind.advice());
                self.check.refuse_part(pointer, found.kind.as_str(), words, span);
            }
        }
        None
    }

    fn each(&mut self, pointer: &str, texts: &[Sensitive<String>]) -> Vec<Cleared> {
        texts.iter().enumerate().filter_map(|(index, text)| self.at(&format!("{pointer}/{index}"), text)).collect()
    }

    /// What was cleared, if all of it was.
    fn done<T>(self, cleared: Option<T>) -> Result<T, ApiError> {
        self.check.done()?;
        cleared.ok_or_else(ApiError::not_found)
    }
}

fn all(texts: Vec<Cleared>) -> Vec<String> {
    texts.into_iter().map(Cleared::into_inner).collect()
}

/// What is asked, once nothing in it identifies anybody. A person attests it.
pub(super) async fn ask(
    tx: &mut Tx<'_>,
    me: &Principal,
    new: &NewReferral,
    patient: Option<&Patient>,
    recipient: Uuid,
) -> Result<Words, ApiError> {
    let person = me.person()?;
    let mut looking = Looking::with(tx, [me.clinic_id, recipient], patient).await?;
    let (condition, reason) = (looking.at("/condition", &new.condition), looking.at("/reason", &new.reason));
    let question = new.question.as_ref().and_then(|question| looking.at("/question", question));
    let requested_services = looking.each("/requested_services", &new.requested_services);
    let (condition, reason) = looking.done(condition.zip(reason))?;
    let about = new.about.as_ref();
    let age = policy::age(patient.map(|patient| *patient.birth_date.expose()), about, tx.now().date_naive());
    let content = Content {
        condition: condition.into_inner(),
        reason: reason.into_inner(),
        question: question.map(Cleared::into_inner),
        requested_services: all(requested_services),
        about: Some(About {
            age: age.map(policy::general_age),
            sex: about.and_then(|about| about.sex.as_ref()).map(|sex| *sex.expose()),
            state: about.and_then(|about| about.state.as_ref()).map(|state| state.as_str().to_owned()),
            onset_year: about.and_then(|about| about.onset_year.as_ref()).map(|year| *year.expose()),
        }),
    };
    Ok(Words { body: written(&content)?, attested_by: Some((person.id, person.name.clone())) })
}

/// What is said with a move, once nothing in it identifies anybody. The sender's is attested by a person.
pub(super) async fn say(
    tx: &mut Tx<'_>,
    me: &Principal,
    seen: &Named,
    given: &ReferralMove,
) -> Result<Option<Words>, ApiError> {
    if given.note.is_none() && given.answer.is_none() {
        return Ok(None);
    }
    let patient = match seen.tie.patient_id {
        Some(patient) => patients::find(tx, me.clinic_id, patient).await?,
        None => None,
    };
    // An opinion is given by a clinic that has an account.
    let recipient = seen.row.recipient_clinic_id.ok_or_else(ApiError::not_found)?;
    let clinics = [seen.row.clinic_id, recipient];
    let mut looking = Looking::with(tx, clinics, patient.as_ref()).await?;
    let note = given.note.as_ref().and_then(|note| looking.at("/note", note));
    let body = match &given.answer {
        None => looking.done(note)?.into_inner().into_bytes(),
        Some(answer) => {
            let assessment = looking.at("/answer/assessment", &answer.assessment);
            let suggestions = looking.each("/answer/suggestions", &answer.suggestions);
            let red_flags = looking.each("/answer/red_flags", &answer.red_flags);
            let assessment = looking.done(assessment)?.into_inner();
            let note = note.map(Cleared::into_inner);
            written(&Answer { assessment, suggestions: all(suggestions), red_flags: all(red_flags), note })?
        }
    };
    let by_sender = me.clinic_id == seen.row.clinic_id;
    let attested_by = if by_sender { Some(me.person().map(|person| (person.id, person.name.clone()))?) } else { None };
    Ok(Some(Words { body, attested_by }))
}

/// The answer to an opinion that names its patient, as it is sealed.
pub(super) fn answer(answer: &OpinionAnswer, note: Option<&str>) -> Result<String, ApiError> {
    let words = |texts: &[Sensitive<String>]| texts.iter().map(|text| text.as_str().to_owned()).collect();
    let answer = Answer {
        assessment: answer.assessment.as_str().to_owned(),
        suggestions: words(&answer.suggestions),
        red_flags: words(&answer.red_flags),
        note: note.map(ToOwned::to_owned),
    };
    serde_json::to_string(&answer).map_err(ApiError::internal)
}

/// Notes what is too long or blank in an answer.
pub(super) fn check_answer(check: &mut Check, answer: &OpinionAnswer) {
    check.text("/answer/assessment", answer.assessment.as_str(), 4000);
    for (pointer, texts) in [("/answer/suggestions", &answer.suggestions), ("/answer/red_flags", &answer.red_flags)] {
        check.ensure(texts.len() <= 20, pointer, "too_many", "At most 20.");
        for (index, text) in texts.iter().enumerate() {
            check.text(format!("{pointer}/{index}"), text.as_str(), 1000);
        }
    }
}
