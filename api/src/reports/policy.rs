//! What a signature needs, and which consent categories a document takes. Pure rules.

use rapport_contract::{
    Sensitive,
    consents::Category,
    problem::FieldError,
    reports::{ReportBody, ReportKind, Section},
};

/// What stands between a body and a signature: each of the four parts that is missing or incomplete. A progress report
/// needs current values too; a plan starts from its baselines.
pub(super) fn missing_parts(kind: ReportKind, body: &ReportBody) -> Vec<FieldError> {
    let mut missing = Vec::new();
    let mut need = |is_there: bool, pointer: String, message: &str| {
        if !is_there {
            missing.push(FieldError { pointer, code: "required".to_owned(), message: message.to_owned(), span: None });
        }
    };
    match &body.treatment {
        None => need(false, "/body/treatment".into(), "The treatment: what is done, and why."),
        Some(treatment) => {
            need(is_written(&treatment.what), "/body/treatment/what".into(), "What is done.");
            need(is_written(&treatment.why), "/body/treatment/why".into(), "Why this treatment for this patient.");
        }
    }
    match &body.schedule {
        None => need(false, "/body/schedule".into(), "The schedule: frequency and duration."),
        Some(schedule) => {
            need(is_written(&schedule.frequency), "/body/schedule/frequency".into(), "How often.");
            need(is_written(&schedule.duration), "/body/schedule/duration".into(), "How long.");
        }
    }
    need(!body.goals.is_empty(), "/body/goals".into(), "At least one specific goal with its anticipated outcome.");
    for (index, goal) in body.goals.iter().enumerate() {
        need(is_written(&goal.goal), format!("/body/goals/{index}/goal"), "The goal.");
        let tied = goal
            .measure
            .as_ref()
            .is_some_and(|name| body.measures.iter().any(|measure| is_same_name(&measure.name, name)));
        need(
            tied,
            format!("/body/goals/{index}/measure"),
            "The name of one of the measures, by which the goal is told to be reached.",
        );
    }
    need(!body.measures.is_empty(), "/body/measures".into(), "At least one objective measure.");
    for (index, measure) in body.measures.iter().enumerate() {
        need(is_written(&measure.name), format!("/body/measures/{index}/name"), "What is measured.");
        need(measure.baseline.is_some(), format!("/body/measures/{index}/baseline"), "The value at the start.");
        let is_current = measure.current.is_some() || kind == ReportKind::TreatmentPlan;
        need(is_current, format!("/body/measures/{index}/current"), "The value now.");
    }
    missing
}

fn is_written(text: &Sensitive<String>) -> bool {
    !text.as_str().trim().is_empty()
}

/// Names are the same whatever their case and the blanks around them.
pub(super) fn is_same_name(one: &Sensitive<String>, other: &Sensitive<String>) -> bool {
    one.as_str().trim().to_lowercase() == other.as_str().trim().to_lowercase()
}

/// The consent categories that these sections of a report take: the kind's own, the history's, the measures' and the files'
/// where those go out, and whatever sensitive category the author named.
pub fn categories_needed(kind: ReportKind, sections: &[Section], sensitive: &[Category]) -> Vec<Category> {
    let mut needed: Vec<Category> = sections
        .iter()
        .map(|section| match section {
            Section::Measures => Category::OutcomeMeasures,
            Section::History => Category::History,
            Section::Attachments => Category::Attachments,
            Section::Unknown => Category::Unknown,
            _ => match kind {
                ReportKind::TreatmentPlan => Category::TreatmentPlan,
                ReportKind::ProgressReport => Category::ProgressReport,
                ReportKind::Unknown => Category::Unknown,
            },
        })
        .chain(sensitive.iter().copied())
        .collect();
    needed.sort_unstable();
    needed.dedup();
    needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use rapport_contract::reports::{Goal, Measure, Schedule, Treatment};

    fn complete() -> ReportBody {
        ReportBody {
            treatment: Some(Treatment { what: "Massage".into(), why: "Chosen for stiffness".into() }),
            schedule: Some(Schedule {
                frequency: "Weekly".into(),
                duration: "6 weeks".into(),
                visits_planned: None,
                visits_attended: None,
                reexamination_after_visits: None,
                ends_on: None,
            }),
            goals: vec![Goal {
                goal: "Less stiffness".into(),
                anticipated_outcome: None,
                measure: Some(" stiffness (vas)".into()),
                target: None,
                target_date: None,
            }],
            measures: vec![Measure {
                name: "Stiffness (VAS)".into(),
                unit: None,
                baseline: Some(Sensitive::new(5.0)),
                current: Some(Sensitive::new(0.75)),
                baseline_on: None,
                current_on: None,
                higher_is_better: Some(false),
                note: None,
            }],
            ..ReportBody::default()
        }
    }

    fn pointers(kind: ReportKind, body: &ReportBody) -> Vec<String> {
        missing_parts(kind, body).into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn a_signature_names_each_of_the_four_parts_that_is_missing() {
        assert!(pointers(ReportKind::ProgressReport, &complete()).is_empty());
        assert_eq!(
            pointers(ReportKind::ProgressReport, &ReportBody::default()),
            ["/body/treatment", "/body/schedule", "/body/goals", "/body/measures"]
        );
    }

    #[test]
    fn a_goal_is_tied_to_a_measure_of_the_report() {
        let mut body = complete();
        body.goals[0].measure = Some("Something else".into());
        assert_eq!(pointers(ReportKind::ProgressReport, &body), ["/body/goals/0/measure"]);
        body.goals[0].measure = None;
        assert_eq!(pointers(ReportKind::ProgressReport, &body), ["/body/goals/0/measure"]);
    }

    #[test]
    fn a_progress_report_needs_current_values_and_a_plan_does_not() {
        let mut body = complete();
        body.measures[0].current = None;
        assert_eq!(pointers(ReportKind::ProgressReport, &body), ["/body/measures/0/current"]);
        assert!(pointers(ReportKind::TreatmentPlan, &body).is_empty());
        body.measures[0].baseline = None;
        assert_eq!(pointers(ReportKind::TreatmentPlan, &body), ["/body/measures/0/baseline"]);
    }

    #[test]
    fn the_sections_tell_which_categories_a_share_takes() {
        let needed = |sections: &[Section]| categories_needed(ReportKind::ProgressReport, sections, &[]);
        assert_eq!(needed(&[Section::Treatment, Section::FollowUp]), [Category::ProgressReport]);
        assert_eq!(needed(&[Section::Measures]), [Category::OutcomeMeasures]);
        assert_eq!(needed(&[Section::Attachments]), [Category::Attachments]);
        assert_eq!(needed(&[Section::Goals, Section::History]), [Category::ProgressReport, Category::History]);
        assert_eq!(
            categories_needed(ReportKind::TreatmentPlan, &[Section::Goals], &[Category::MentalHealth]),
            [Category::TreatmentPlan, Category::MentalHealth]
        );
    }
}
