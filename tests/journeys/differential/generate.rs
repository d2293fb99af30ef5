//! Worlds made by their types: mostly such as the service itself would make, each share with a consent aimed at it that is
//! then, more often than not, spoilt in one way. Times lie around a few moments: some random, some midnights, some at
//! which a clock is put forward or back.

use super::world::{Consent, Emergency, Member, Micros, Pair, Patient, Principal, Report, Share, Version, World};
use chrono::DateTime;
use fastrand::Rng;
use rapport_contract::{
    consents::Category,
    members::Role,
    reports::{ReportKind, Section},
};
use serde_json::{Value, json};
use std::{collections::HashSet, ops::RangeInclusive};
use uuid::Uuid;

const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const DAY: Micros = 86_400 * SECOND;

/// Midnights, beginnings and ends of daylight saving time, a leap day, and the last second of a year.
const EDGES: [&str; 12] = [
    "2026-11-24T00:00:00Z",
    "2026-11-24T05:00:00Z",
    "2027-01-01T00:00:00Z",
    "2026-12-31T23:59:59.999999Z",
    "2026-03-08T10:00:00Z",
    "2026-11-01T06:00:00Z",
    "2026-11-01T09:00:00Z",
    "2027-03-14T07:00:00Z",
    "2027-03-28T01:00:00Z",
    "2026-10-25T01:00:00Z",
    "2027-04-03T15:00:00Z",
    "2028-02-29T00:00:00Z",
];

/// Words whose capitals are not one letter for one, or depend on where they stand.
const PURPOSES: [&str; 8] = [
    "treatment",
    "care_coordination",
    "second_opinion",
    "Émile's second opinion",
    "Kostenübernahme, Straße",
    "ΟΔΟΣ ΟΔΟΣ'",
    "İstanbul",
    "the patient's  own request",
];

/// What a world is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    /// Times to the microsecond, around several moments: for answers that are told the time.
    Exact,
    /// Times of minutes around this one: for a service with a clock of its own.
    Around(Micros),
}

/// A world, and the times at which questions are asked in it.
pub(super) fn world(rng: &mut Rng, clinics: RangeInclusive<usize>, times: Times) -> (World, Vec<Micros>) {
    let moments: Vec<Micros> = match times {
        Times::Exact => (0..3).map(|_| moment(rng)).collect(),
        Times::Around(now) => vec![now],
    };
    let mut maker = Maker { rng, times, moments, world: World::default() };
    maker.people(clinics);
    maker.records();
    for index in 0..maker.world.reports.len() {
        maker.shares_of(index);
    }
    for patient in maker.world.patients.clone() {
        maker.stray_consents(&patient);
    }
    for member in maker.world.members.clone() {
        maker.emergencies_of(&member);
    }
    let asked = maker.asked();
    (maker.world, asked)
}

fn moment(rng: &mut Rng) -> Micros {
    if rng.bool() {
        return DateTime::parse_from_rfc3339(EDGES[rng.usize(..EDGES.len())]).unwrap().timestamp_micros();
    }
    DateTime::parse_from_rfc3339(EDGES[0]).unwrap().timestamp_micros() + rng.i64(0..400 * DAY)
}

/// A random id. Real ones begin with their time; nothing here orders by it.
fn id(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}

fn pick<T: Clone>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())].clone()
}

fn some<T: Copy>(rng: &mut Rng, from: &[T], chance: f64) -> Vec<T> {
    from.iter().copied().filter(|_| rng.f64() < chance).collect()
}

fn name(category: &Category) -> String {
    category.as_str().to_owned()
}

struct Maker<'r> {
    rng: &'r mut Rng,
    times: Times,
    moments: Vec<Micros>,
    world: World,
}

impl Maker<'_> {
    fn chance(&mut self, of: f64) -> bool {
        self.rng.f64() < of
    }

    /// The times at which something is asked: the moments, and the microseconds beside them.
    fn asked(&mut self) -> Vec<Micros> {
        match self.times {
            Times::Around(now) => vec![now],
            Times::Exact => {
                let mut asked = self.moments.clone();
                for moment in self.moments.clone() {
                    asked.push(moment + self.rng.i64(-2..=2));
                }
                asked
            }
        }
    }

    fn near(&mut self) -> Micros {
        let moment = pick(self.rng, &self.moments);
        match self.times {
            Times::Exact => moment + self.rng.i64(-2..=2),
            Times::Around(_) => moment + pick(self.rng, &[-1, 1]) * self.rng.i64(30 * 60 * SECOND..DAY),
        }
    }

    fn long_before(&mut self) -> Micros {
        self.moments.iter().min().unwrap() - self.rng.i64(DAY..400 * DAY)
    }

    fn long_after(&mut self) -> Micros {
        self.moments.iter().max().unwrap() + self.rng.i64(DAY..400 * DAY)
    }

    fn people(&mut self, clinics: RangeInclusive<usize>) {
        for _ in 0..self.rng.usize(clinics) {
            let clinic = id(self.rng);
            self.world.clinics.push(clinic);
            self.member(clinic, Role::Owner, "active");
            for _ in 0..self.rng.usize(1..=4) {
                let role = pick(
                    self.rng,
                    &[Role::Practitioner, Role::Practitioner, Role::Practitioner, Role::Staff, Role::PrivacyOfficer],
                );
                let state = pick(self.rng, &["active", "active", "active", "active", "active", "ended", "invited"]);
                self.member(clinic, role, state);
            }
        }
    }

    fn member(&mut self, clinic: Uuid, role: Role, state: &str) {
        let id = id(self.rng);
        self.world.members.push(Member { id, clinic, role, state: state.to_owned() });
        self.world.principals.push(Principal { member: id });
    }

    /// Somebody who writes reports in this clinic.
    fn author(&mut self, clinic: Uuid) -> Uuid {
        let writes = |member: &&Member| {
            member.clinic == clinic
                && matches!(member.role, Role::Owner | Role::Practitioner)
                && member.state != "invited"
        };
        let authors: Vec<Uuid> = self.world.members.iter().filter(writes).map(|member| member.id).collect();
        pick(self.rng, &authors)
    }

    fn records(&mut self) {
        for clinic in self.world.clinics.clone() {
            for _ in 0..self.rng.usize(1..=3) {
                let patient = id(self.rng);
                self.world.patients.push(Patient { id: patient, clinic });
                for _ in 0..self.rng.usize(1..=2) {
                    let report = self.report(clinic, patient);
                    self.world.reports.push(report);
                }
            }
        }
    }

    fn report(&mut self, clinic: Uuid, patient: Uuid) -> Report {
        let is_draft = self.chance(0.15);
        let versions = if is_draft { 0 } else { self.rng.i32(1..=3) };
        Report {
            id: id(self.rng),
            clinic,
            patient,
            kind: pick(self.rng, &[ReportKind::TreatmentPlan, ReportKind::ProgressReport]),
            author: self.author(clinic),
            draft: is_draft.then(|| some(self.rng, &Section::ALL, 0.6)),
            versions: (1..=versions).map(|number| self.version(number)).collect(),
        }
    }

    /// A signed version has the four parts that are required to sign, and some of the rest.
    fn version(&mut self, number: i32) -> Version {
        let (parts, rest) = Section::ALL.split_at(4);
        let sensitive = [Category::MentalHealth, Category::SubstanceUse, Category::ReproductiveHealth];
        let labels = if self.chance(0.4) { some(self.rng, &sensitive, 0.5) } else { Vec::new() };
        Version {
            number,
            sections: parts.iter().copied().chain(some(self.rng, rest, 0.5)).collect(),
            sensitive: labels,
        }
    }

    fn shares_of(&mut self, index: usize) {
        let report = self.world.reports[index].clone();
        if report.versions.is_empty() {
            return;
        }
        for _ in 0..self.rng.usize(0..=4) {
            let share = self.share(&report);
            // Several consents may be aimed at one share: then one of them has to carry it alone.
            for _ in 0..pick(self.rng, &[0, 1, 1, 1, 2]) {
                let mut consent = self.aimed_at(&share, &report);
                self.spoil(&mut consent, &share);
                self.world.consents.push(consent);
            }
            self.world.shares.push(share);
        }
    }

    fn share(&mut self, report: &Report) -> Share {
        let version = pick(self.rng, &report.versions);
        let others: Vec<Member> =
            self.world.members.iter().filter(|member| member.clinic != report.clinic).cloned().collect();
        let recipient = pick(self.rng, &others);
        let to_one = self.chance(0.5);
        let mut sections = match self.rng.u8(..10) {
            0..3 => version.sections.clone(),
            3 | 4 => vec![Section::Measures],
            5 | 6 => vec![Section::History, Section::Measures],
            _ => some(self.rng, &version.sections, 0.5),
        };
        sections.retain(|section| version.sections.contains(section));
        if sections.is_empty() {
            sections = vec![version.sections[0]];
        }
        if self.chance(0.1) {
            // The service writes no such row; were there one, it would show nothing that the version does not have.
            sections.extend(Section::ALL.into_iter().find(|section| !version.sections.contains(section)));
        }
        let state = pick(self.rng, &["delivered", "opened", "acknowledged", "delivered", "opened", "withdrawn"]);
        Share {
            id: id(self.rng),
            clinic: report.clinic,
            patient: report.patient,
            report: report.id,
            version: version.number,
            recipient_clinic: recipient.clinic,
            recipient_practitioner: to_one.then_some(recipient.id),
            sections,
            purpose: self.purpose(),
            sent_by: report.author,
            state: state.to_owned(),
        }
    }

    /// A purpose as the service would keep it: without blanks around it.
    fn purpose(&mut self) -> String {
        if self.chance(0.6) { PURPOSES[0].to_owned() } else { pick(self.rng, &PURPOSES).to_owned() }
    }

    fn written_otherwise(&mut self, purpose: &str) -> String {
        let cased = match self.rng.u8(..4) {
            0 => purpose.to_uppercase(),
            1 => purpose.to_lowercase(),
            _ => purpose.to_owned(),
        };
        let blank = pick(self.rng, &["", "", " ", "  ", "\u{a0}"]);
        format!("{blank}{cased}{blank}")
    }

    /// A consent in force that covers the share, just so.
    fn aimed_at(&mut self, share: &Share, report: &Report) -> Consent {
        let version = report.versions.iter().find(|version| version.number == share.version).unwrap();
        let kind = match report.kind {
            ReportKind::TreatmentPlan => Category::TreatmentPlan,
            _ => Category::ProgressReport,
        };
        let mut categories = vec![kind];
        if share.sections.contains(&Section::History) {
            categories.push(Category::History);
        }
        categories.extend(&version.sensitive);
        categories.extend(some(self.rng, &Category::ALL, 0.1));
        categories.sort_unstable();
        categories.dedup();
        let to_clinic = share.recipient_practitioner.is_none() || self.chance(0.4);
        let mut recipients = vec![if to_clinic {
            named_clinic(share.recipient_clinic)
        } else {
            named_practitioner(share.recipient_practitioner.unwrap_or_default(), share.recipient_clinic)
        }];
        if self.chance(0.3) {
            recipients.push(self.anybody());
        }
        self.rng.shuffle(&mut recipients);
        let signed_at = self.long_before();
        let starts_at = self.chance(0.3).then(|| self.long_before());
        let expires_at = self.long_after();
        Consent {
            id: id(self.rng),
            clinic: share.clinic,
            patient: share.patient,
            state: "active".to_owned(),
            recipients: Value::Array(recipients),
            categories: categories.iter().map(name).collect(),
            purpose: self.written_otherwise(&share.purpose),
            two_way: self.rng.bool(),
            asked_by: share.sent_by,
            lapses_at: signed_at + 14 * DAY,
            signed_at: Some(signed_at),
            starts_at,
            expires_at,
            revoked_at: None,
        }
    }

    fn anybody(&mut self) -> Value {
        match self.rng.u8(..3) {
            0 => named_clinic(pick(self.rng, &self.world.clinics)),
            1 => {
                let member = pick(self.rng, &self.world.members);
                named_practitioner(member.id, member.clinic)
            }
            _ => json!({"kind": "guest", "practitioner_id": null, "clinic_id": null, "name": "Dr. Away (demo)",
                        "email": "away@example.org"}),
        }
    }

    /// Makes it fall short in one way, or bring its beginning or end close to the moment; or leaves it as it is.
    fn spoil(&mut self, consent: &mut Consent, share: &Share) {
        let is_small = share.sections.iter().all(|section| matches!(section, Section::Measures | Section::History));
        if is_small && self.chance(0.4) {
            // What would do for a small share is one of several categories: now it is one, and now none of them.
            let kinds =
                [Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures].map(|each| name(&each));
            consent.categories.retain(|each| !kinds.contains(each));
            consent.categories.push(name(&pick(self.rng, &[Category::Referral, Category::OutcomeMeasures])));
            return;
        }
        match self.rng.u8(..24) {
            0..3 => consent.expires_at = self.near(),
            3 => consent.starts_at = Some(self.near()),
            4 => consent.signed_at = Some(self.near()),
            5 => {
                // It begins before it is signed.
                consent.signed_at = Some(self.near());
                consent.starts_at = Some(self.long_before());
            }
            6 => {
                consent.state = "revoked".to_owned();
                consent.revoked_at = Some(self.near());
            }
            7 => {
                consent.state = pick(self.rng, &["superseded", "declined", "pending"]).to_owned();
                if consent.state != "superseded" {
                    consent.signed_at = None;
                    consent.lapses_at = self.near();
                }
            }
            8 if share.sections.contains(&Section::History) => consent.categories.retain(|each| each != "history"),
            8..10 => {
                let gone = self.rng.usize(..consent.categories.len());
                consent.categories.remove(gone);
                if self.rng.bool() || consent.categories.is_empty() {
                    consent.categories.push(pick(self.rng, &Category::ALL).as_str().to_owned());
                    consent.categories.sort_unstable();
                    consent.categories.dedup();
                }
            }
            10 => {
                // No sensitive one, and no kind.
                consent.categories = some(self.rng, &Category::ALL[2..6], 0.3).iter().map(name).collect();
            }
            11 => consent.categories.retain(|each| !Category::parse(each).is_some_and(Category::is_sensitive)),
            12..14 => consent.purpose = self.other_purpose(&share.purpose),
            14 => {
                // A colleague of the addressee, or the addressee where the clinic is addressed.
                let there: Vec<Uuid> = self
                    .world
                    .members
                    .iter()
                    .filter(|member| member.clinic == share.recipient_clinic)
                    .map(|member| member.id)
                    .collect();
                let one = pick(self.rng, &there);
                consent.recipients = json!([named_practitioner(one, share.recipient_clinic)]);
            }
            15 => consent.recipients = json!([self.anybody()]),
            _ => {}
        }
    }

    fn other_purpose(&mut self, purpose: &str) -> String {
        match self.rng.u8(..4) {
            0 => purpose.replace('ß', "ss") + "s",
            1 => format!("{purpose} too"),
            2 => purpose.replacen(' ', "  ", 1).replace('_', " "),
            _ => self.purpose(),
        }
    }

    /// Consents for nothing that was shared, and now and then one that can't be read.
    fn stray_consents(&mut self, patient: &Patient) {
        let asked_by = self.author(patient.clinic);
        for _ in 0..self.rng.usize(0..=2) {
            let (signed_at, expires_at) = (self.long_before(), self.near());
            let recipients = json!([self.anybody()]);
            let mut consent = Consent {
                id: id(self.rng),
                clinic: patient.clinic,
                patient: patient.id,
                state: pick(self.rng, &["active", "active", "revoked", "superseded"]).to_owned(),
                recipients,
                categories: some(self.rng, &Category::ALL, 0.4).iter().map(name).collect(),
                purpose: self.purpose(),
                two_way: self.rng.bool(),
                asked_by,
                lapses_at: signed_at + 14 * DAY,
                signed_at: Some(signed_at),
                starts_at: None,
                expires_at,
                revoked_at: None,
            };
            if consent.state == "revoked" {
                consent.revoked_at = Some(self.near());
            }
            if self.chance(0.06) {
                self.garble(&mut consent);
            }
            self.world.consents.push(consent);
        }
    }

    /// Those whose role does not read have use for one; now and then somebody has one and does not need it.
    fn emergencies_of(&mut self, member: &Member) {
        let has_use = matches!(member.role, Role::Staff | Role::PrivacyOfficer);
        let of_clinic = |patient: &&Patient| patient.clinic == member.clinic;
        let patients: Vec<Uuid> = self.world.patients.iter().filter(of_clinic).map(|patient| patient.id).collect();
        let most = if has_use { 4 } else { 1 };
        for _ in 0..self.rng.usize(0..=most) {
            let (started_at, ends_at, ended_at) = self.hour();
            self.world.emergencies.push(Emergency {
                id: id(self.rng),
                clinic: member.clinic,
                member: member.id,
                patient: pick(self.rng, &patients),
                started_at,
                ends_at,
                ended_at,
            });
        }
    }

    /// An hour around a moment, of which it holds the beginning, the end, or the middle; or that was cut short there.
    fn hour(&mut self) -> (Micros, Micros, Option<Micros>) {
        let moment = match self.times {
            Times::Exact => pick(self.rng, &self.moments) + self.rng.i64(-2..=2),
            // Some minutes to either side: time goes on while the service is asked.
            Times::Around(now) => now + pick(self.rng, &[-1, 1]) * self.rng.i64(5 * MINUTE..25 * MINUTE),
        };
        let before = match self.rng.u8(..8) {
            0 | 1 => 0,
            2 | 3 => 60 * MINUTE,
            _ => self.rng.i64(10 * MINUTE..50 * MINUTE),
        };
        let started_at = moment - before;
        let ended_at = (before > 0 && self.chance(0.3)).then_some(moment);
        (started_at, started_at + 60 * MINUTE, ended_at)
    }

    fn garble(&mut self, consent: &mut Consent) {
        let clinic = pick(self.rng, &self.world.clinics);
        match self.rng.u8(..10) {
            0 => consent.categories.push("genetic_information".to_owned()),
            1 => consent.categories.push("Progress_Report".to_owned()),
            2 => consent.recipients = json!([{"kind": "insurer", "clinic_id": clinic, "name": "An insurer (demo)"}]),
            3 => consent.recipients = json!([{"kind": "clinic", "clinic_id": "somewhere", "name": "Somewhere (demo)"}]),
            4 => consent.recipients = json!([{"kind": "clinic", "clinic_id": null, "name": "Nowhere (demo)"}]),
            5 => consent.recipients = json!([{"kind": "practitioner", "clinic_id": clinic, "name": "Nobody (demo)"}]),
            6 => consent.recipients = json!({"kind": "clinic", "clinic_id": clinic, "name": "No list (demo)"}),
            7 => consent.recipients = json!([{"kind": "clinic", "clinic_id": clinic}]),
            8 => consent.recipients = json!([{"kind": "guest", "email": null, "name": "No address (demo)"}]),
            _ => consent.recipients = json!("everybody"),
        }
    }
}

fn named_clinic(id: Uuid) -> Value {
    json!({"kind": "clinic", "practitioner_id": null, "clinic_id": id, "name": "A clinic (demo)", "email": null})
}

fn named_practitioner(id: Uuid, clinic: Uuid) -> Value {
    json!({"kind": "practitioner", "practitioner_id": id, "clinic_id": clinic, "name": "Somebody (demo)", "email": null})
}

/// Questions about a world: each principal at one or two of the times, about everything near it, which is its own clinic's
/// and what was shared with its clinic, and about some of the rest.
pub(super) fn questions(rng: &mut Rng, world: &World, times: &[Micros]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (index, principal) in world.principals.iter().enumerate() {
        let member = world.member(*principal);
        let has_emergency = |patient: Uuid| {
            let of_member = |access: &&Emergency| access.member == member.id;
            member.state == "active"
                && world.emergencies.iter().filter(of_member).any(|access| access.patient == patient)
        };
        // Whoever reads nothing anyway is asked about less.
        let weight = match (member.role, member.state.as_str()) {
            (Role::Owner | Role::Practitioner, "active") => 1.0,
            _ => 0.1,
        };
        for at in rng.choose_multiple(times.iter().copied(), 2.min(times.len())) {
            for (place, report) in world.reports.iter().enumerate() {
                let mut came_in = world
                    .shares
                    .iter()
                    .filter(|share| share.report == report.id && share.recipient_clinic == member.clinic)
                    .peekable();
                let rest = match (report.clinic == member.clinic, came_in.peek().is_some()) {
                    (true, _) => 0.4,
                    (_, true) => 0.1,
                    _ => 0.002,
                };
                let shown: HashSet<Section> = came_in.flat_map(|share| share.sections.iter().copied()).collect();
                let weight = if has_emergency(report.patient) { 1.0 } else { weight };
                for section in Section::ALL {
                    let chance = if shown.contains(&section) { 1.0 } else { rest };
                    if rng.f64() < chance * weight {
                        pairs.push(Pair(index, place, section, at));
                    }
                }
            }
        }
    }
    pairs
}
