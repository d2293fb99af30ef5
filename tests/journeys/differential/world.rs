//! A world: who works where, what was written, shared and agreed to. All of it is data, and goes to JSON and back.

use rapport_contract::{
    consents::Category,
    members::Role,
    reports::{ReportKind, Section},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A time in whole microseconds since 1970, which is what Postgres keeps.
pub(super) type Micros = i64;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct World {
    pub(super) clinics: Vec<Uuid>,
    pub(super) members: Vec<Member>,
    pub(super) patients: Vec<Patient>,
    pub(super) reports: Vec<Report>,
    pub(super) shares: Vec<Share>,
    pub(super) consents: Vec<Consent>,
    #[serde(default)]
    pub(super) emergencies: Vec<Emergency>,
    pub(super) principals: Vec<Principal>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
    pub(super) role: Role,
    pub(super) state: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Patient {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
}

/// `draft` are the sections of the draft, where the report is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
    pub(super) patient: Uuid,
    pub(super) kind: ReportKind,
    pub(super) author: Uuid,
    pub(super) draft: Option<Vec<Section>>,
    pub(super) versions: Vec<Version>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) number: i32,
    pub(super) sections: Vec<Section>,
    pub(super) sensitive: Vec<Category>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Share {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
    pub(super) patient: Uuid,
    pub(super) report: Uuid,
    pub(super) version: i32,
    pub(super) recipient_clinic: Uuid,
    pub(super) recipient_practitioner: Option<Uuid>,
    pub(super) sections: Vec<Section>,
    pub(super) purpose: String,
    pub(super) sent_by: Uuid,
    pub(super) state: String,
}

/// As its row stands: `recipients` and `categories` may be such as nobody can read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Consent {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
    pub(super) patient: Uuid,
    pub(super) state: String,
    pub(super) recipients: Value,
    pub(super) categories: Vec<String>,
    pub(super) purpose: String,
    pub(super) two_way: bool,
    pub(super) asked_by: Uuid,
    pub(super) lapses_at: Micros,
    pub(super) signed_at: Option<Micros>,
    pub(super) starts_at: Option<Micros>,
    pub(super) expires_at: Micros,
    pub(super) revoked_at: Option<Micros>,
}

/// Somebody's emergency access to a patient's reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Emergency {
    pub(super) id: Uuid,
    pub(super) clinic: Uuid,
    pub(super) member: Uuid,
    pub(super) patient: Uuid,
    pub(super) started_at: Micros,
    pub(super) ends_at: Micros,
    pub(super) ended_at: Option<Micros>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Principal {
    pub(super) member: Uuid,
}

/// One question: the places of a principal and a report in their lists, a section, a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Pair(pub(super) usize, pub(super) usize, pub(super) Section, pub(super) Micros);

/// What one principal sees at one time.
pub(super) type Seen = HashSet<(Uuid, Section)>;

impl World {
    pub(super) fn member(&self, principal: Principal) -> &Member {
        self.members.iter().find(|member| member.id == principal.member).unwrap()
    }

    pub(super) fn report(&self, id: Uuid) -> &Report {
        self.reports.iter().find(|report| report.id == id).unwrap()
    }

    /// The same world under other ids.
    pub(super) fn renamed(&self, ids: &HashMap<Uuid, Uuid>) -> Self {
        let mut text = serde_json::to_string(self).unwrap();
        for (from, to) in ids {
            text = text.replace(&from.to_string(), &to.to_string());
        }
        serde_json::from_str(&text).unwrap()
    }

    /// The ids of everything that can be dropped from a world.
    pub(super) fn entities(&self) -> Vec<Uuid> {
        let shares = self.shares.iter().map(|share| share.id);
        let consents = self.consents.iter().map(|consent| consent.id);
        let emergencies = self.emergencies.iter().map(|access| access.id);
        let reports = self.reports.iter().map(|report| report.id);
        let patients = self.patients.iter().map(|patient| patient.id);
        let members = self.members.iter().map(|member| member.id);
        shares
            .chain(consents)
            .chain(emergencies)
            .chain(reports)
            .chain(patients)
            .chain(members)
            .chain(self.clinics.iter().copied())
            .collect()
    }

    /// The world without these, and without what refers to them.
    pub(super) fn without(&self, gone: &HashSet<Uuid>) -> Self {
        let mut gone = gone.clone();
        let mut world = self.clone();
        let mut is_left = |id: Uuid, needed: &[Uuid]| {
            let is_left = !gone.contains(&id) && needed.iter().all(|id| !gone.contains(id));
            if !is_left {
                gone.insert(id);
            }
            is_left
        };
        world.clinics.retain(|id| is_left(*id, &[]));
        world.members.retain(|member| is_left(member.id, &[member.clinic]));
        world.patients.retain(|patient| is_left(patient.id, &[patient.clinic]));
        world.reports.retain(|report| is_left(report.id, &[report.clinic, report.patient, report.author]));
        world.consents.retain(|consent| is_left(consent.id, &[consent.clinic, consent.patient, consent.asked_by]));
        world.emergencies.retain(|access| is_left(access.id, &[access.clinic, access.member, access.patient]));
        world.shares.retain(|share| {
            is_left(share.id, &[share.clinic, share.report, share.recipient_clinic, share.sent_by])
                && share.recipient_practitioner.is_none_or(|id| is_left(share.id, &[id]))
        });
        world.principals.retain(|principal| !gone.contains(&principal.member));
        world
    }
}

impl Pair {
    /// The same question in a world that was cut down; none if what it is about is gone.
    pub(super) fn moved(self, from: &World, to: &World) -> Option<Self> {
        let Self(principal, report, section, at) = self;
        let principal = to.principals.iter().position(|each| *each == from.principals[principal])?;
        let report = to.reports.iter().position(|each| each.id == from.reports[report].id)?;
        Some(Self(principal, report, section, at))
    }
}
