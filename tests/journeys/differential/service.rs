//! What the service's own rules answer, called as its handlers call them: the role's right, or an emergency; whom a share is addressed to,
//! that it was not withdrawn, the gate over the patient's consents, the cut.

use super::world::{Consent, Emergency, Micros, Principal, Report, Seen, Share, World};
use chrono::{DateTime, Utc};
use rapport_api::{
    consents::{
        Terms,
        policy::{Ask, Grant, Recipient, Unreadable, decide},
    },
    emergency_access::policy as emergency,
    identity::policy::{Right, may},
    reports::{categories_needed, cut, sections_of},
};
use rapport_contract::{
    Sensitive,
    reports::{Citation, Goal, Measure, ReportBody, Schedule, Section, Treatment},
};

pub(super) fn seen(world: &World, principal: Principal, at: Micros) -> Seen {
    let member = world.member(principal);
    let mut seen = Seen::new();
    if member.state != "active" {
        return seen;
    }
    if may(member.role, Right::ReadReports) {
        for report in world.reports.iter().filter(|report| report.clinic == member.clinic) {
            seen.extend(own(report).into_iter().map(|section| (report.id, section)));
        }
    }
    if !may(member.role, Right::ReadReports) {
        let accesses: Vec<emergency::Terms> = world.emergencies.iter().map(emergency_terms).collect();
        for report in world.reports.iter().filter(|report| report.clinic == member.clinic) {
            let ask =
                emergency::Ask { clinic: member.clinic, member: member.id, patient: report.patient, at: time(at) };
            if emergency::decide(&ask, &accesses).is_some() {
                seen.extend(own(report).into_iter().map(|section| (report.id, section)));
            }
        }
    }
    if may(member.role, Right::ReadShares) {
        let is_for_me = |share: &&Share| {
            share.recipient_clinic == member.clinic && share.recipient_practitioner.is_none_or(|id| id == member.id)
        };
        for share in world.shares.iter().filter(is_for_me) {
            let report = world.report(share.report);
            if share.clinic != member.clinic && passes(world, share, report, at) {
                seen.extend(shown(share, report).into_iter().map(|section| (report.id, section)));
            }
        }
    }
    seen
}

/// All that a report of the own clinic holds: the draft, and every signed version.
fn own(report: &Report) -> Vec<Section> {
    let held = report.draft.iter().chain(report.versions.iter().map(|version| &version.sections));
    held.flat_map(|sections| sections_of(&body(sections, &|_| String::new()))).collect()
}

fn shown(share: &Share, report: &Report) -> Vec<Section> {
    let version = report.versions.iter().find(|version| version.number == share.version).unwrap();
    sections_of(&cut(body(&version.sections, &|_| String::new()), &share.sections))
}

fn passes(world: &World, share: &Share, report: &Report, at: Micros) -> bool {
    if share.state == "withdrawn" {
        return false;
    }
    let version = report.versions.iter().find(|version| version.number == share.version).unwrap();
    let of_patient = |consent: &&Consent| consent.clinic == share.clinic && consent.patient == share.patient;
    let grants: Vec<Result<Grant, Unreadable>> =
        world.consents.iter().filter(of_patient).map(|consent| terms(consent).try_into()).collect();
    let recipient = match share.recipient_practitioner {
        Some(id) => Recipient::Practitioner { id, clinic: share.recipient_clinic },
        None => Recipient::Clinic { id: share.recipient_clinic },
    };
    let ask = Ask {
        discloser: share.clinic,
        recipient,
        categories: &categories_needed(report.kind, &share.sections, &version.sensitive),
        purpose: &share.purpose,
        at: time(at),
    };
    decide(&ask, &grants).is_ok()
}

fn terms(consent: &Consent) -> Terms {
    Terms {
        id: consent.id,
        clinic_id: consent.clinic,
        state: consent.state.clone(),
        recipients: consent.recipients.clone(),
        categories: consent.categories.clone(),
        purpose: consent.purpose.clone(),
        two_way: consent.two_way,
        signed_at: consent.signed_at.map(time),
        starts_at: consent.starts_at.map(time),
        expires_at: time(consent.expires_at),
    }
}

fn emergency_terms(access: &Emergency) -> emergency::Terms {
    emergency::Terms {
        clinic: access.clinic,
        member: access.member,
        patient: access.patient,
        started_at: time(access.started_at),
        ends_at: time(access.ends_at),
        ended_at: access.ended_at.map(time),
    }
}

pub(super) fn time(at: Micros) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap()
}

/// The goal names its measure, so the name of a measure is not the measure's alone.
const MEASURE: &str = "Stiffness (VAS)";

/// A body with these sections, each with a text of its own.
pub(super) fn body(sections: &[Section], text: &dyn Fn(Section) -> String) -> ReportBody {
    let has = |section| sections.contains(&section);
    let prose = |section| has(section).then(|| Sensitive::from(text(section)));
    ReportBody {
        treatment: has(Section::Treatment)
            .then(|| Treatment { what: text(Section::Treatment).into(), why: "Chosen for stiffness".into() }),
        schedule: has(Section::Schedule).then(|| Schedule {
            frequency: text(Section::Schedule).into(),
            duration: "4 weeks".into(),
            visits_planned: None,
            visits_attended: None,
            reexamination_after_visits: None,
            ends_on: None,
        }),
        goals: has(Section::Goals)
            .then(|| Goal {
                goal: text(Section::Goals).into(),
                anticipated_outcome: None,
                measure: Some(MEASURE.into()),
                target: None,
                target_date: None,
            })
            .into_iter()
            .collect(),
        measures: has(Section::Measures)
            .then(|| Measure {
                name: MEASURE.into(),
                unit: None,
                baseline: Some(5.0.into()),
                current: Some(1.5.into()),
                baseline_on: None,
                current_on: None,
                higher_is_better: None,
                note: Some(text(Section::Measures).into()),
            })
            .into_iter()
            .collect(),
        condition: prose(Section::Condition),
        summary: prose(Section::Summary),
        history: prose(Section::History),
        reexamination: prose(Section::Reexamination),
        follow_up: prose(Section::FollowUp),
        co_management: prose(Section::CoManagement),
        questions: prose(Section::Questions),
        citations: has(Section::Citations)
            .then(|| Citation { text: text(Section::Citations), doi: None, relevance: None })
            .into_iter()
            .collect(),
    }
}
