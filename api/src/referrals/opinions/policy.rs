//! What a second opinion takes, and how whom it is about is told in general terms. Pure rules.

use super::super::policy::Fault;
use chrono::{Datelike, NaiveDate};
use rapport_contract::{
    Sensitive,
    opinions::{NewOpinionSubject, Sex},
    referrals::{NewReferral, ReferralKind, ReferralMove, ReferralVerb},
};

/// Whoever is this old is told to be that or older (45 CFR 164.514(b)(2)(i)(C)).
const AGGREGATED_FROM: u32 = 90;

/// The states of the United States, the district and the territories.
const STATES: [&str; 56] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC", "PR", "GU", "VI", "AS", "MP",
];

/// Whether it names nobody: a second opinion does not, unless it is told to.
pub(in super::super) fn names_nobody(new: &NewReferral) -> bool {
    new.kind == ReferralKind::SecondOpinion && new.deidentified != Some(false)
}

/// What is wrong with the fields that the kinds take differently.
pub(in super::super) fn new_faults(new: &NewReferral, this_year: i32) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut refuse = |is_refused: bool, pointer, code, words| {
        if is_refused {
            faults.push((pointer, code, words));
        }
    };
    let is_opinion = new.kind == ReferralKind::SecondOpinion;
    let names_nobody = names_nobody(new);
    refuse(
        !is_opinion && new.kind != ReferralKind::Referral,
        "/kind",
        "unknown_value",
        "One of referral, second_opinion.",
    );
    refuse(
        !names_nobody && new.patient_id.is_none(),
        "/patient_id",
        "required",
        "This is about a patient of your clinic.",
    );
    refuse(
        !is_opinion && new.deidentified == Some(true),
        "/deidentified",
        "not_taken",
        "A referral names its patient.",
    );
    refuse(
        is_opinion && new.from_opinion.is_some(),
        "/from_opinion",
        "not_taken",
        "A referral may come of an opinion.",
    );
    if !names_nobody {
        refuse(new.about.is_some(), "/about", "not_taken", "The patient is named here.");
        refuse(new.attestation.is_some(), "/attestation", "not_taken", "The patient is named here.");
        return faults;
    }
    let attested = "True, by its author: to your knowledge nothing in it identifies the patient.";
    refuse(new.attestation != Some(true), "/attestation", "required", attested);
    refuse(!new.share_ids.is_empty(), "/share_ids", "not_taken", "A report names its patient.");
    if let Some(about) = &new.about {
        let age = about.age.as_ref().map(|age| *age.expose());
        refuse(age.is_some() && new.patient_id.is_some(), "/about/age", "not_taken", "It is taken from the record.");
        refuse(age.is_some_and(|age| age > 125), "/about/age", "out_of_range", "From 0 to 125.");
        let sex = about.sex.as_ref().map(|sex| *sex.expose());
        refuse(sex == Some(Sex::Unknown), "/about/sex", "unknown_value", "One of female, male, intersex.");
        let state = about.state.as_ref().map(Sensitive::as_str);
        let is_none = state.is_some_and(|state| !STATES.contains(&state));
        refuse(is_none, "/about/state", "unknown_value", "A state in two capital letters.");
        // A year that tells an age over 89 is not told.
        let onset = about.onset_year.as_ref().map(|year| *year.expose());
        let is_far = onset.is_some_and(|year| year > this_year || this_year - year >= AGGREGATED_FROM as i32);
        refuse(is_far, "/about/onset_year", "out_of_range", "A year of the last 89.");
    }
    faults
}

/// The verbs that lead to a patient are not open where there is none.
pub(in super::super) const fn is_open_to_nobody(verb: ReferralVerb) -> bool {
    use ReferralVerb as V;
    !matches!(verb, V::Waitlist | V::Schedule | V::NoShow | V::CancelAppointment | V::Start | V::Discontinue)
}

/// Which referral a verb is for, as far as these rules go.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Moved {
    pub(in super::super) is_opinion: bool,
    pub(in super::super) names_nobody: bool,
    pub(in super::super) by_sender: bool,
}

/// What is wrong with what came with a verb, once it is known what for.
pub(in super::super) fn move_faults(moved: Moved, verb: ReferralVerb, given: &ReferralMove) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut refuse = |is_refused: bool, pointer, code, words| {
        if is_refused {
            faults.push((pointer, code, words));
        }
    };
    let closes = matches!(verb, ReferralVerb::Complete | ReferralVerb::Discontinue);
    let (share, answer) = (given.share_id.is_some(), given.answer.is_some());
    refuse(!moved.is_opinion && answer, "/answer", "not_taken", "A referral closes with a report.");
    refuse(!moved.is_opinion && closes && !share, "/share_id", "required", "A referral closes with a report.");
    refuse(moved.is_opinion && share, "/share_id", "not_taken", "A second opinion closes with its answer.");
    refuse(moved.is_opinion && closes && !answer, "/answer", "required", "A second opinion closes with its answer.");
    refuse(moved.names_nobody && given.patient_id.is_some(), "/patient_id", "not_taken", "This names no patient.");
    let attests = moved.names_nobody && moved.by_sender && given.note.is_some();
    let words = "True: to your knowledge nothing in the note identifies the patient.";
    refuse(attests && given.attestation != Some(true), "/attestation", "required", words);
    let not_taken = "Only what the sender says where nobody is named is attested.";
    refuse(!attests && given.attestation.is_some(), "/attestation", "not_taken", not_taken);
    faults
}

/// The age in full years on a day.
pub(in super::super) fn age_on(birth: NaiveDate, day: NaiveDate) -> u32 {
    let is_before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    u32::try_from(day.year() - birth.year() - i32::from(is_before_birthday)).unwrap_or(0)
}

/// An age as it may be told.
pub(in super::super) fn general_age(years: u32) -> String {
    if years >= AGGREGATED_FROM { format!("{AGGREGATED_FROM} or older") } else { years.to_string() }
}

/// The age to tell: that of the record, or what was given.
pub(in super::super) fn age(
    record: Option<NaiveDate>,
    about: Option<&NewOpinionSubject>,
    today: NaiveDate,
) -> Option<u32> {
    record.map(|birth| age_on(birth, today)).or_else(|| about?.age.as_ref().map(|age| *age.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rapport_contract::{consents::RecipientChoice, opinions::OpinionAnswer, referrals::Urgency};
    use uuid::Uuid;

    fn opinion() -> NewReferral {
        NewReferral {
            kind: ReferralKind::SecondOpinion,
            patient_id: None,
            deidentified: None,
            about: None,
            attestation: Some(true),
            from_opinion: None,
            recipient: RecipientChoice::clinic(Uuid::nil()),
            urgency: Urgency::Routine,
            condition: "Low back stiffness".into(),
            reason: "Massage alone has not helped".into(),
            question: None,
            requested_services: Vec::new(),
            share_ids: Vec::new(),
        }
    }

    fn told(faults: &[Fault]) -> String {
        faults.iter().map(|(pointer, code, _)| format!("{pointer} {code}")).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn an_opinion_names_nobody_unless_it_is_told_to_and_a_referral_always_names_its_patient() {
        let new = |change: fn(&mut NewReferral)| {
            let mut new = opinion();
            change(&mut new);
            (names_nobody(&new), told(&new_faults(&new, 2026)))
        };
        let id = Uuid::nil;
        assert_eq!(new(|_| ()), (true, String::new()));
        assert_eq!(new(|new| new.patient_id = Some(Uuid::nil().into())), (true, String::new()), "the sender's own");
        assert_eq!(new(|new| new.attestation = None).1, "/attestation required");
        assert_eq!(new(|new| new.attestation = Some(false)).1, "/attestation required");
        assert_eq!(new(|new| new.share_ids.push(Uuid::nil().into())).1, "/share_ids not_taken");
        assert_eq!(new(|new| new.from_opinion = Some(Uuid::nil().into())).1, "/from_opinion not_taken");
        let named = |new: &mut NewReferral| {
            (new.deidentified, new.attestation) = (Some(false), None);
        };
        let identified =
            NewReferral { deidentified: Some(false), attestation: None, patient_id: Some(id().into()), ..opinion() };
        assert_eq!(told(&new_faults(&identified, 2026)), "");
        assert_eq!(new(named), (false, "/patient_id required".to_owned()));
        let referral = NewReferral { kind: ReferralKind::Referral, ..identified };
        assert!(!names_nobody(&referral));
        assert_eq!(told(&new_faults(&referral, 2026)), "");
        let referral = NewReferral { deidentified: Some(true), attestation: Some(true), patient_id: None, ..referral };
        assert_eq!(
            told(&new_faults(&referral, 2026)),
            "/patient_id required, /deidentified not_taken, /attestation not_taken"
        );
    }

    #[test]
    fn whom_it_is_about_is_told_in_general_terms() {
        let about =
            |about: NewOpinionSubject| told(&new_faults(&NewReferral { about: Some(about), ..opinion() }, 2026));
        let none = NewOpinionSubject::default;
        assert_eq!(
            about(NewOpinionSubject { age: Some(47.into()), state: Some("OR".to_owned().into()), ..none() }),
            ""
        );
        assert_eq!(about(NewOpinionSubject { age: Some(126.into()), ..none() }), "/about/age out_of_range");
        for place in ["Portland", "97214", "or", ""] {
            let state = NewOpinionSubject { state: Some(place.to_owned().into()), ..none() };
            assert_eq!(about(state), "/about/state unknown_value", "{place}");
        }
        for (year, expected) in
            [(2027, "/about/onset_year out_of_range"), (2026, ""), (1937, ""), (1936, "/about/onset_year out_of_range")]
        {
            assert_eq!(about(NewOpinionSubject { onset_year: Some(year.into()), ..none() }), expected, "{year}");
        }
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        assert_eq!(age_on(day(1936, 11, 28), day(2026, 11, 27)), 89);
        assert_eq!(age_on(day(1936, 11, 27), day(2026, 11, 27)), 90);
        assert_eq!(age_on(day(2024, 2, 29), day(2025, 2, 28)), 0);
        assert_eq!(age_on(day(2027, 1, 1), day(2026, 1, 1)), 0, "a date of birth to come");
        assert_eq!([0, 47, 89].map(general_age), ["0", "47", "89"]);
        assert_eq!([90, 93, 110].map(general_age), ["90 or older"; 3]);
    }

    #[test]
    fn an_opinion_closes_with_its_answer_and_a_referral_with_a_report() {
        use ReferralVerb as V;
        let answer = OpinionAnswer { assessment: "It fits".into(), suggestions: Vec::new(), red_flags: Vec::new() };
        let answered = ReferralMove { answer: Some(answer), ..ReferralMove::default() };
        let reported = ReferralMove { share_id: Some(Uuid::nil().into()), ..ReferralMove::default() };
        let of = |is_opinion, names_nobody, by_sender| Moved { is_opinion, names_nobody, by_sender };
        let opinion = of(true, true, false);
        assert_eq!(told(&move_faults(opinion, V::Complete, &answered)), "");
        assert_eq!(told(&move_faults(opinion, V::Complete, &reported)), "/share_id not_taken, /answer required");
        let referral = of(false, false, false);
        assert_eq!(told(&move_faults(referral, V::Complete, &reported)), "");
        assert_eq!(told(&move_faults(referral, V::Complete, &answered)), "/answer not_taken, /share_id required");
        let noted = |attestation| ReferralMove { note: Some("None".into()), attestation, ..ReferralMove::default() };
        for (moved, attestation, expected) in [
            (of(true, true, true), Some(true), ""),
            (of(true, true, true), Some(false), "/attestation required"),
            (of(true, true, true), None, "/attestation required"),
            (of(true, true, false), None, ""),
            (of(true, true, false), Some(true), "/attestation not_taken"),
            (of(true, false, true), None, ""),
            (of(true, false, true), Some(true), "/attestation not_taken"),
        ] {
            assert_eq!(told(&move_faults(moved, V::ProvideInformation, &noted(attestation))), expected, "{moved:?}");
        }
        let linking = ReferralMove { patient_id: Some(Uuid::nil().into()), ..ReferralMove::default() };
        assert_eq!(told(&move_faults(of(true, true, false), V::Accept, &linking)), "/patient_id not_taken");
        assert_eq!(told(&move_faults(of(true, false, false), V::Accept, &linking)), "");
    }
}
