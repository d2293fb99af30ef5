//! A report as a document fit for print.

use crate::{clinics::Letterhead, http::ApiError, pages::Templates};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use minijinja::{Value, context};
use rapport_contract::{
    Sensitive,
    patients::Patient,
    reports::{Goal, Measure, Report, ReportBody, ReportKind},
};

/// The page. The template names what it expects; everything is text here, and the engine escapes it.
pub(super) fn render(
    templates: &Templates,
    clinic: &Letterhead,
    patient: &Patient,
    report: &Report,
    amendment_reason: Option<&str>,
) -> Result<String, ApiError> {
    let page = context! {
        report => context! {
            kind_title => match report.kind {
                ReportKind::TreatmentPlan => "Treatment plan",
                ReportKind::ProgressReport => "Progress report",
                ReportKind::Unknown => "Report",
            },
            reference => report.id.to_string(),
            is_draft => report.current_version.is_none(),
            version => report.current_version.map(|number| number.to_string()),
            amendment_reason,
            omitted => Vec::<String>::new(),
        },
        clinic => context! { name => &clinic.name, phone => &clinic.phone, address => &clinic.address },
        patient => patient_context(patient),
        body => body_context(&report.body),
        signature => report.signed_by.as_ref().zip(report.signed_at).map(|(signer, signed_at)| {
            let hash = report.content_hash.clone().unwrap_or_default();
            context! {
                name => &signer.name,
                profession => signer.profession.as_deref().map(in_words),
                signed_at => moment(signed_at),
                hash_short => hash.chars().take(12).collect::<String>(),
                hash,
            }
        }),
    };
    templates.render("report.html", &page)
}

fn patient_context(patient: &Patient) -> Value {
    let birth_date = *patient.birth_date.expose();
    let initial = |name: &Sensitive<String>| name.as_str().chars().next().map(|c| format!("{c}.")).unwrap_or_default();
    let record_number = patient.mrn.as_ref().map(Sensitive::as_str);
    let mut short =
        format!("{}{}, born {}", initial(&patient.given_name), initial(&patient.family_name), birth_date.year());
    if let Some(number) = record_number {
        short.push_str(&format!(", {number}"));
    }
    context! {
        name => format!("{} {}", patient.given_name.as_str(), patient.family_name.as_str()),
        birth_date => long_date(birth_date),
        record_number,
        short,
    }
}

fn body_context(body: &ReportBody) -> Value {
    let text = |value: &Option<Sensitive<String>>| value.as_ref().map(|value| value.as_str().to_owned());
    let number = |value: Option<u32>| value.map(|value| value.to_string());
    context! {
        summary => text(&body.summary),
        treatment => body.treatment.as_ref().map(|treatment| context! {
            what => treatment.what.as_str(), why => treatment.why.as_str(),
        }),
        schedule => body.schedule.as_ref().map(|schedule| context! {
            frequency => schedule.frequency.as_str(),
            duration => schedule.duration.as_str(),
            visits_planned => number(schedule.visits_planned),
            visits_attended => number(schedule.visits_attended),
            reexamination => schedule.reexamination_after_visits.map(|visits| format!("After {visits} visits")),
            ends_on => schedule.ends_on.map(long_date),
        }),
        goals => body.goals.iter().map(goal_context).collect::<Vec<_>>(),
        measures => body.measures.iter().map(measure_context).collect::<Vec<_>>(),
        condition => text(&body.condition),
        history => text(&body.history),
        reexamination => text(&body.reexamination),
        follow_up => text(&body.follow_up),
        co_management => text(&body.co_management),
        questions => text(&body.questions),
        citations => body.citations.iter().map(|citation| context! {
            text => &citation.text, doi => &citation.doi, relevance => &citation.relevance,
        }).collect::<Vec<_>>(),
    }
}

fn goal_context(goal: &Goal) -> Value {
    context! {
        goal => goal.goal.as_str(),
        anticipated_outcome => goal.anticipated_outcome.as_ref().map(Sensitive::as_str),
        measure => goal.measure.as_ref().map(Sensitive::as_str),
        target => goal.target.as_ref().map(|target| figure(*target.expose())),
        target_date => goal.target_date.map(long_date),
    }
}

fn measure_context(measure: &Measure) -> Value {
    let baseline = measure.baseline.as_ref().map(|value| *value.expose());
    let current = measure.current.as_ref().map(|value| *value.expose());
    let pair = baseline.zip(current);
    let change = pair.map(|(baseline, current)| current - baseline);
    let longest = baseline.unwrap_or_default().max(current.unwrap_or_default());
    let is_drawable = longest > 0.0 && pair.is_some_and(|(baseline, current)| baseline >= 0.0 && current >= 0.0);
    let bar = |value: Option<f64>| value.filter(|_| is_drawable).map(|value| value / longest * 100.0);
    context! {
        name => measure.name.as_str(),
        unit => &measure.unit,
        baseline => baseline.map(figure),
        baseline_on => measure.baseline_on.map(short_date),
        current => current.map(figure),
        current_on => measure.current_on.map(short_date),
        change => change.map(signed_figure),
        arrow => change.map(|change| if change > 0.0 { "up" } else if change < 0.0 { "down" } else { "level" }),
        verdict => change.and_then(|change| verdict(change, measure.higher_is_better)),
        bar_baseline => bar(baseline),
        bar_current => bar(current),
        note => measure.note.as_ref().map(Sensitive::as_str),
    }
}

/// What a change means, where the good direction is known. It compares two figures and claims no clinical importance.
fn verdict(change: f64, higher_is_better: Option<bool>) -> Option<&'static str> {
    if change == 0.0 {
        return Some("unchanged");
    }
    higher_is_better.map(|higher| if (change > 0.0) == higher { "better" } else { "worse" })
}

/// A figure with at most three decimals and no trailing zeros.
fn figure(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn signed_figure(change: f64) -> String {
    if change > 0.0 { format!("+{}", figure(change)) } else { figure(change) }
}

fn long_date(date: NaiveDate) -> String {
    date.format("%B %-d, %Y").to_string()
}

fn short_date(date: NaiveDate) -> String {
    date.format("%b %-d, %Y").to_string()
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%B %-d, %Y, %H:%M UTC").to_string()
}

fn in_words(profession: &str) -> String {
    profession.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_changes_have_their_sign() {
        assert_eq!((figure(0.75), figure(5.0), figure(13.5)), ("0.75".into(), "5".into(), "13.5".into()));
        assert_eq!((signed_figure(0.75 - 5.0), signed_figure(2.0)), ("-4.25".into(), "+2".into()));
    }

    #[test]
    fn a_change_is_better_only_in_the_good_direction() {
        assert_eq!(verdict(-4.25, Some(false)), Some("better"));
        assert_eq!(verdict(-4.25, Some(true)), Some("worse"));
        assert_eq!(verdict(0.0, Some(true)), Some("unchanged"));
        assert_eq!(verdict(1.0, None), None);
    }
}
