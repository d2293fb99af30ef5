//! What leaves the service over HTTP: every section of every version carries a text of its own, and whoever is answered finds
//! that text exactly where the model says so.

use super::{
    generate::{self, Times},
    model::Model,
    postgres::{self, Rows},
    service,
    world::{Pair, Principal, Report, World},
};
use fastrand::Rng;
use rapport_contract::{
    members::Role,
    reports::{AmendReport, NewReport, Section},
};
use rapport_tests::{
    World as Service,
    people::{Clinic, wall_clock},
};
use reqwest::{Client, StatusCode};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Asks at least so many questions and tells how many were a yes.
pub(super) async fn compare(rng: &mut Rng, wanted: usize) -> Option<super::Tally> {
    let mut model = Model::start(&[])?;
    let service = Service::start().await;
    let mut rows = Rows::of(service.database_url()).await;
    let mut total = super::Tally::default();
    while total.pairs < wanted {
        let now = wall_clock().timestamp_micros();
        let (world, _) = generate::world(rng, super::FEW_CLINICS, Times::Around(now));
        let staged = Staged::new(&service, &mut rows, one_share_for_each(world)).await;
        let pairs = staged.questions(rng, now);
        let letters = model.ask(&staged.world, &pairs);
        total.pairs += pairs.len();
        total.allowed += letters.iter().filter(|letter| **letter == b'r').count();
        for (questions, letters) in pairs.chunks(Section::ALL.len()).zip(letters.chunks(Section::ALL.len())) {
            staged.check(questions, letters).await;
        }
    }
    Some(total)
}

/// Of several shares of one report with one clinic the first: then what is open of the report is what is open of the share.
fn one_share_for_each(mut world: World) -> World {
    let mut met = HashSet::new();
    world.shares.retain(|share| met.insert((share.report, share.recipient_clinic)));
    world
}

/// A world on a running service.
struct Staged {
    world: World,
    /// Under which id a report's texts were written.
    markers: HashMap<Uuid, Uuid>,
    tokens: HashMap<Principal, String>,
    http: Client,
    url: String,
}

impl Staged {
    /// Clinics, records and reports are made through the service, which alone can seal them; what the questions turn on, the
    /// other members, consents and shares, is written past it, because no service would write most of it.
    async fn new(service: &Service, rows: &mut Rows, mut world: World) -> Self {
        let mut ids: HashMap<Uuid, Uuid> = HashMap::new();
        let mut clinics = HashMap::new();
        let mut owners = HashMap::new();
        for id in &world.clinics {
            let clinic = service.clinic(&format!("c{}", service.number())).await;
            let is_owner = |member: &&super::world::Member| member.clinic == *id && member.role == Role::Owner;
            let owner = world.members.iter().find(is_owner).unwrap().id;
            ids.extend([(*id, clinic.id.uuid()), (owner, clinic.owner.id.uuid())]);
            clinics.insert(*id, clinic);
            owners.insert(*id, owner);
        }
        for report in &mut world.reports {
            report.author = owners[&report.clinic];
        }
        for share in &mut world.shares {
            share.sent_by = owners[&share.clinic];
        }
        for consent in &mut world.consents {
            consent.asked_by = owners[&consent.clinic];
        }
        for patient in &world.patients {
            ids.insert(patient.id, clinics[&patient.clinic].patient().await.id.into());
        }
        let mut markers = HashMap::new();
        for report in &world.reports {
            let made = write(&clinics[&report.clinic], report, ids[&report.patient]).await;
            markers.insert(made, report.id);
            ids.insert(report.id, made);
        }
        let world = world.renamed(&ids);
        let there: HashSet<Uuid> = clinics.values().map(|clinic| clinic.owner.id.uuid()).collect();
        rows.settle_beside(&world, &there).await;
        let mut tokens = HashMap::new();
        for principal in &world.principals {
            let member = world.member(*principal);
            tokens.insert(*principal, service.token(member.id.into(), member.clinic.into()).await);
        }
        Self { world, markers, tokens, http: service.http(), url: service.url().to_owned() }
    }

    /// All sections of every report that is near to a principal, and of some that are not.
    fn questions(&self, rng: &mut Rng, now: i64) -> Vec<Pair> {
        let asked = generate::questions(rng, &self.world, &[now]);
        let mut near: Vec<(usize, usize)> =
            asked.iter().map(|Pair(principal, report, ..)| (*principal, *report)).collect();
        near.dedup();
        near.into_iter()
            .flat_map(|(principal, report)| Section::ALL.map(|section| Pair(principal, report, section, now)))
            .collect()
    }

    /// One principal and one report: everything that could show it is asked for.
    async fn check(&self, questions: &[Pair], letters: &[u8]) {
        let Pair(principal, report, ..) = questions[0];
        let principal = self.world.principals[principal];
        let report = &self.world.reports[report];
        let is_own = self.world.member(principal).clinic == report.clinic;
        let mut addresses = vec![format!("/v1/reports/{}", report.id)];
        for version in &report.versions {
            addresses.push(format!("/v1/reports/{}/versions/{}", report.id, version.number));
        }
        let mut found = HashSet::new();
        for address in &addresses {
            let (status, text) = self.get(principal, address).await;
            let shown = self.shown(report, &text);
            assert!(is_own || shown.is_empty(), "{principal:?} {address} of another clinic: {status} {shown:?}");
            found.extend(shown.into_iter().map(|(_, section)| section));
        }
        let mut is_refused = false;
        for share in self.world.shares.iter().filter(|share| share.report == report.id) {
            let (status, text) = self.get(principal, &format!("/v1/shares/{}", share.id)).await;
            is_refused |= status == StatusCode::FORBIDDEN;
            for (version, section) in self.shown(report, &text) {
                assert_eq!(version, share.version, "{principal:?} sees another version than share {} holds", share.id);
                assert!(!is_own, "{principal:?} sent share {} and sees content in it", share.id);
                found.insert(section);
            }
        }
        for (Pair(_, _, section, _), letter) in questions.iter().zip(letters) {
            let is_there = found.contains(section);
            assert_eq!(
                is_there,
                *letter == b'r',
                "{principal:?} {} of report {}: the model says {:?}",
                section.as_str(),
                report.id,
                char::from(*letter)
            );
        }
        if letters.contains(&b'c') && !letters.contains(&b'r') {
            assert!(is_refused, "{principal:?} report {}: what was addressed and is not covered is refused", report.id);
        }
        if letters.contains(&b'n') {
            let (status, _) = self.get(principal, &addresses[0]).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{principal:?} is nobody");
        }
    }

    async fn get(&self, principal: Principal, address: &str) -> (StatusCode, String) {
        let request = self.http.get(format!("{}{address}", self.url)).bearer_auth(&self.tokens[&principal]);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        assert!(!status.is_server_error(), "{address}: {status}");
        (status, answer.text().await.unwrap())
    }

    /// Which sections of which version (0 is the draft) an answer shows.
    fn shown(&self, report: &Report, text: &str) -> Vec<(i32, Section)> {
        let marker = self.markers[&report.id];
        let numbers = 0..=report.versions.len();
        let all = numbers.flat_map(|number| Section::ALL.map(|section| (i32::try_from(number).unwrap(), section)));
        all.filter(|(number, section)| text.contains(&postgres::canary(marker, *number, *section))).collect()
    }
}

/// Writes and signs a report through the service.
async fn write(clinic: &Clinic<'_>, report: &Report, patient: Uuid) -> Uuid {
    let body = |number: i32, sections: &[Section]| {
        let text = |section| postgres::canary(report.id, number, section);
        service::body(sections, &text)
    };
    let reports = clinic.client().reports();
    let (sections, sensitive) = match (report.draft.as_ref(), report.versions.first()) {
        (Some(sections), _) => (body(0, sections), Vec::new()),
        (None, first) => {
            let first = first.unwrap();
            (body(first.number, &first.sections), first.sensitive.clone())
        }
    };
    let new =
        NewReport { patient_id: patient.into(), kind: report.kind, body: sections, sensitive_categories: sensitive };
    let mut written = reports.draft(&new).await.unwrap();
    for (index, version) in report.versions.iter().enumerate() {
        written = if index == 0 {
            reports.sign(&written).await.unwrap()
        } else {
            let amendment = AmendReport {
                reason: "More is known now".into(),
                body: body(version.number, &version.sections),
                sensitive_categories: Some(version.sensitive.clone()),
            };
            reports.amend(&written, &amendment).await.unwrap()
        };
    }
    written.id.into()
}
