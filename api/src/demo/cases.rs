//! Facts of four published case reports, as a practitioner would enter them. Names, dates of birth, addresses and record
//! numbers are not in the sources; those here are fictitious. Where a source gives no figure, there is none.

use chrono::NaiveDate;
use rapport_contract::{
    Sensitive,
    patients::NewPatient,
    reports::{Citation, Goal, Measure, ReportBody, Schedule, Treatment},
};

fn patient(given: &str, family: &str, born: NaiveDate, number: &str, tag: &str) -> NewPatient {
    NewPatient {
        given_name: given.into(),
        family_name: family.into(),
        birth_date: born.into(),
        mrn: Some(format!("{number}-{tag}").into()),
        email: Some(format!("{}.{tag}@patients.example.org", given.to_lowercase()).into()),
        phone: Some("555-0111".into()),
    }
}

fn measure(name: &str, unit: &str, baseline: f64, current: f64, higher_is_better: bool) -> Measure {
    Measure {
        name: name.into(),
        unit: Some(unit.to_owned()),
        baseline: Some(Sensitive::new(baseline)),
        current: Some(Sensitive::new(current)),
        baseline_on: None,
        current_on: None,
        higher_is_better: Some(higher_is_better),
        note: None,
    }
}

/// Case A's patient, a man of 63.
pub(super) fn patient_a(tag: &str) -> NewPatient {
    patient("Casey", "Sample", NaiveDate::from_ymd_opt(1963, 4, 17).unwrap_or_default(), "N-1001", tag)
}

/// Chronic low-back pain. Allen, Int J Ther Massage Bodywork 2016;9(3):27-30.
pub(super) fn report_a() -> ReportBody {
    let improved = Measure {
        note: Some(
            "Lifting heavy objects unchanged; the greatest changes in walking and in changing degrees of pain.".into(),
        ),
        ..measure("Oswestry (ODI): sections better than at the first visit", "of 10 sections", 0.0, 9.0, true)
    };
    ReportBody {
        condition: Some("Chronic, mainly lumbar pain. Diagnosed by his physicians: osteoarthritis, scoliosis, spinal stenosis, degenerative disc disease.".into()),
        summary: Some("Four massages in 20 days. Nine of ten sections of the Oswestry index are better. He asks to go on with monthly maintenance.".into()),
        treatment: Some(Treatment {
            what: "Swedish strokes (effleurage, petrissage, friction), muscle stripping and myofascial release".into(),
            why: "Chosen for chronic pain".into(),
        }),
        schedule: Some(Schedule {
            frequency: "Planned once a week; given 4 massages in 20 days".into(),
            duration: "6 visits, re-evaluation after the sixth, then monthly maintenance".into(),
            visits_planned: Some(6),
            visits_attended: Some(4),
            reexamination_after_visits: Some(6),
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "The patient's own goal: to need less of the pain medication that his physician prescribes".into(),
            anticipated_outcome: Some("Less pain in daily activities".into()),
            measure: Some("Oswestry (ODI): sections better than at the first visit".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![improved],
        history: Some("Former construction worker, referred for massage therapy. His prescribed medication left him lethargic and disoriented, by his own account.".into()),
        follow_up: Some("Monthly maintenance. He reports that he takes less pain medication and rode his bicycle for the first time in years. Decisions on medication stay with his physician.".into()),
        citations: vec![Citation {
            text: "Allen. Int J Ther Massage Bodywork 2016;9(3):27-30".to_owned(),
            doi: Some("10.3822/ijtmb.v9i3.267".to_owned()),
            relevance: Some("The published case that these figures are from".to_owned()),
        }],
        ..ReportBody::default()
    }
}

/// Case B's patient, a woman of 47.
pub(super) fn patient_b(tag: &str) -> NewPatient {
    patient("Robin", "Specimen", NaiveDate::from_ymd_opt(1979, 3, 14).unwrap_or_default(), "N-1002", tag)
}

/// Ankylosing spondylitis. Int J Ther Massage Bodywork 2011;4(1).
pub(super) fn report_b() -> ReportBody {
    let lower = |name: &str, unit: &str, baseline, current| measure(name, unit, baseline, current, false);
    ReportBody {
        condition: Some("Ankylosing spondylitis, diagnosed 11 months before by her physician".into()),
        summary: Some("Seven massages in 28 days. Every measure is lower than at the first visit; lower is better in all of them.".into()),
        treatment: Some(Treatment { what: "Massage".into(), why: "Chosen for pain, stiffness and fatigue".into() }),
        schedule: Some(Schedule {
            frequency: "7 massages".into(),
            duration: "28 days".into(),
            visits_planned: None,
            visits_attended: Some(7),
            reexamination_after_visits: None,
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "Less stiffness".into(),
            anticipated_outcome: Some("Stiffness milder and shorter".into()),
            measure: Some("Stiffness intensity (VAS)".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![
            lower("Stiffness intensity (VAS)", "0-10", 5.0, 0.75),
            lower("Duration of stiffness", "as recorded", 3.5, 1.2),
            lower("General pain", "0-10", 4.0, 1.0),
            lower("Fatigue", "0-10", 5.0, 1.5),
            lower("Finger-to-floor distance, forward", "in", 6.0, 4.0),
            lower("Finger-to-floor distance, lateral left", "in", 21.0, 16.5),
            lower("Finger-to-floor distance, lateral right", "in", 20.5, 13.5),
        ],
        citations: vec![Citation {
            text: "The effects of massage on pain, stiffness, and fatigue levels associated with ankylosing spondylitis: a case study. Int J Ther Massage Bodywork 2011;4(1)".to_owned(),
            doi: None,
            relevance: Some("The published case that these figures are from".to_owned()),
        }],
        ..ReportBody::default()
    }
}

/// Case C's first patient, of 46.
pub(super) fn patient_c(tag: &str) -> NewPatient {
    patient("Lou", "Sample", NaiveDate::from_ymd_opt(1980, 9, 2).unwrap_or_default(), "S-2001", tag)
}

/// Case D's patient, a woman of 56.
pub(super) fn patient_d(tag: &str) -> NewPatient {
    patient("Robin", "Specimen", NaiveDate::from_ymd_opt(1970, 6, 21).unwrap_or_default(), "N-1003", tag)
}

/// Chronic cervical pain. Thompson et al., Int J Ther Massage Bodywork.
pub(super) fn report_c() -> ReportBody {
    ReportBody {
        condition: Some("Neck pain for more than five years, limited range of motion, stiffness, bad sleep".into()),
        summary: Some("Eight treatments. Less pain, more range of motion in every direction; sleeps better, by the patient's own account.".into()),
        treatment: Some(Treatment {
            what: "Massage therapy of the neck, about 20 minutes each time".into(),
            why: "Chosen for chronic cervical pain with stiffness".into(),
        }),
        schedule: Some(Schedule {
            frequency: "About twice a week".into(),
            duration: "Eight treatments".into(),
            visits_planned: Some(8),
            visits_attended: Some(8),
            reexamination_after_visits: Some(8),
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "Less pain and more range of motion of the neck".into(),
            anticipated_outcome: Some("More flexion, extension, rotation and side-bending".into()),
            measure: Some("Cervical directions of motion with more range than at the first visit".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![measure(
            "Cervical directions of motion with more range than at the first visit",
            "of 4 directions",
            0.0,
            4.0,
            true,
        )],
        questions: Some("Is imaging still wanted?".into()),
        citations: vec![Citation {
            text: "Thompson et al. A novel massage therapy technique for management of chronic cervical pain: a case series. Int J Ther Massage Bodywork".to_owned(),
            doi: None,
            relevance: Some("The published cases that these facts are from".to_owned()),
        }],
        ..ReportBody::default()
    }
}
