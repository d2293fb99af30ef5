//! Facts of published case reports, as a practitioner would enter them. Names and dates of birth are made up.

use chrono::NaiveDate;
use rapport_contract::{
    Sensitive,
    reports::{Citation, Goal, Measure, ReportBody, Schedule, Treatment},
};

/// A date of birth that fits the age in no case: it is fictitious.
pub fn birth_date() -> NaiveDate {
    NaiveDate::from_ymd_opt(1979, 3, 14).unwrap()
}

fn measure(name: &str, unit: &str, baseline: f64, current: f64) -> Measure {
    Measure {
        name: name.into(),
        unit: Some(unit.to_owned()),
        baseline: Some(Sensitive::new(baseline)),
        current: Some(Sensitive::new(current)),
        baseline_on: None,
        current_on: None,
        higher_is_better: Some(false),
        note: None,
    }
}

/// Ankylosing spondylitis: 7 massages in 28 days (Int J Ther Massage Bodywork 2011;4(1)). A complete progress report.
pub fn ankylosing_spondylitis() -> ReportBody {
    ReportBody {
        treatment: Some(Treatment {
            what: "Massage of back, neck and hips".into(),
            why: "Chosen for pain, stiffness and fatigue".into(),
        }),
        schedule: Some(Schedule {
            frequency: "7 massages".into(),
            duration: "28 days".into(),
            visits_planned: Some(7),
            visits_attended: Some(7),
            reexamination_after_visits: None,
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "Less stiffness on waking".into(),
            anticipated_outcome: Some("Stiffness shorter and milder".into()),
            measure: Some("Stiffness intensity (VAS)".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![
            measure("Stiffness intensity (VAS)", "0-10", 5.0, 0.75),
            measure("Duration of stiffness", "hours", 3.5, 1.2),
            measure("General pain", "0-10", 4.0, 1.0),
            measure("Fatigue", "0-10", 5.0, 1.5),
            measure("Finger-to-floor distance, forward", "in", 6.0, 4.0),
            measure("Finger-to-floor distance, lateral left", "in", 21.0, 16.5),
            measure("Finger-to-floor distance, lateral right", "in", 20.5, 13.5),
        ],
        condition: Some("Ankylosing spondylitis, diagnosed 11 months before by her physician".into()),
        summary: Some("Less pain, stiffness and fatigue after 7 massages in 28 days.".into()),
        citations: vec![Citation {
            text: "Int J Ther Massage Bodywork 2011;4(1)".to_owned(),
            doi: None,
            relevance: Some("The published case".to_owned()),
        }],
        ..ReportBody::default()
    }
}
