//! What is measured: each scenario as a client of the service does it, and as a script of `pgbench`.

use crate::{
    http::{Chance, Connection},
    pgbench::Script,
    world::{self, FAMILIES, PATIENTS, Who, World},
};
use anyhow::{Context, Result, ensure};
use rapport_sdk::contract::reports::{NewReport, ReportKind};
use std::cell::Cell;

/// The three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// A recipient reads a share that was opened before.
    Read,
    /// A practitioner drafts a report and signs it: two requests.
    Write,
    /// A practitioner looks for patients by a family name that 20 of them have.
    Search,
}

impl Scenario {
    /// In the order in which they run.
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Search];

    /// As the table names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read a shared report",
            Self::Write => "create and sign a report",
            Self::Search => "search 10,000 patients",
        }
    }

    /// How many transactions an operation takes.
    pub(crate) fn transactions(self) -> usize {
        if self == Self::Write { 2 } else { 1 }
    }
}

/// What the requests of all scenarios need.
pub(crate) struct Requests {
    scenario: Scenario,
    shares: u64,
    /// The headers of who sends them; clients of several sessions take turns.
    headers: Vec<String>,
    report: String,
    run: u64,
    sent: Cell<u64>,
}

impl Requests {
    /// With these tokens. `run` sets its idempotency keys apart from those of other runs.
    pub(crate) fn new(scenario: Scenario, shares: u64, tokens: &[String], run: u64) -> Result<Self> {
        // The SDK's own way to write it.
        let template = NewReport {
            patient_id: rapport_sdk::uuid::Uuid::nil().into(),
            kind: ReportKind::ProgressReport,
            body: world::body(),
            sensitive_categories: vec![],
        };
        let headers = tokens
            .iter()
            .map(|token| format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n"))
            .collect();
        Ok(Self { scenario, shares, headers, report: serde_json::to_string(&template)?, run, sent: Cell::new(0) })
    }

    fn next(&self) -> u64 {
        self.sent.set(self.sent.get() + 1);
        (1 << 39) + self.run * 10_000_000 + self.sent.get()
    }

    /// One operation.
    pub(crate) async fn act(&self, client: usize, connection: &mut Connection, chance: &mut Chance) -> Result<()> {
        let headers = self.headers.get(client % self.headers.len()).context("nobody is signed in")?;
        match self.scenario {
            Scenario::Read => {
                let path = format!("/v1/shares/{}", world::id(chance.up_to(self.shares)));
                let answer = connection.send("GET", &path, headers, "").await?;
                ensure!(answer.status == 200, "a reading was answered {}", answer.status);
                ensure!(answer.body.len() > 1500, "a reading brought no report");
            }
            Scenario::Write => {
                let patient = world::id(chance.up_to(PATIENTS));
                let body = self.report.replace("00000000-0000-0000-0000-000000000000", &patient);
                let keyed = format!("{headers}idempotency-key: {}\r\n", world::id(self.next()));
                let answer = connection.send("POST", "/v1/reports", &keyed, &body).await?;
                ensure!(answer.status == 201, "a draft was answered {}", answer.status);
                let place = answer.header("location").context("a draft without a place")?.to_owned();
                let keyed = format!("{headers}if-match: \"1\"\r\nidempotency-key: {}\r\n", world::id(self.next()));
                let answer = connection.send("POST", &format!("{place}/signature"), &keyed, "").await?;
                ensure!(answer.status == 200, "a signature was answered {}", answer.status);
            }
            Scenario::Search => {
                let name = format!("{{\"family_name\":\"Family{:04}\"}}", chance.up_to(FAMILIES));
                let answer = connection.send("POST", "/v1/patients/search", headers, &name).await?;
                ensure!(answer.status == 200, "a search was answered {}", answer.status);
                ensure!(answer.body.len() > 2000, "a search found too few");
            }
        }
        Ok(())
    }
}

/// The script of a scenario, with what its variables stand for.
pub(crate) fn script(scenario: Scenario, world: &World, north: &Who, south: &Who) -> Result<Script> {
    let who = if scenario == Scenario::Read { south } else { north };
    let texts = |pairs: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    // What has no value here, such as `:none`, is NULL.
    let mut values = vec![
        ("clinic", who.clinic.to_string()),
        ("member", who.member.to_string()),
        ("session", who.session.to_string()),
        ("request", rapport_sdk::uuid::Uuid::nil().to_string()),
    ];
    values.extend(texts(&[
        ("one", "1"),
        ("now", "2026-01-01T00:00:00Z"),
        ("permitted", "permitted"),
        ("actor", "member"),
    ]));
    let (name, text) = match scenario {
        Scenario::Read => {
            values.extend(texts(&[("action", "share.read"), ("kind", "share"), ("no_shift", "0")]));
            values.push(("sender", north.clinic.to_string()));
            values.push(("shares", world.shares.to_string()));
            ("read_share.sql", include_str!("read_share.sql"))
        }
        Scenario::Write => {
            let report = &world.report;
            values.extend(texts(&[("create", "report.create"), ("sign", "report.sign"), ("kind", "report")]));
            values.extend(texts(&[("report_kind", "progress_report"), ("draft", "draft"), ("signed", "signed")]));
            values.extend(texts(&[("no_names", "{}"), ("status", "200"), ("event", "report.signed"), ("two", "2")]));
            values.push(("patients", PATIENTS.to_string()));
            // As long as what is sealed.
            let sealed = |text: String| format!("\\x01{}", "5a".repeat(text.len() + 28));
            values.push(("body", sealed(serde_json::to_string(&report.body)?)));
            values.push(("answer", sealed(serde_json::to_string(report)?)));
            values.push(("hash", report.content_hash.clone().context("the report is signed")?));
            values.push(("name", report.author.name.clone()));
            values.push(("profession", report.author.profession.clone().unwrap_or_default()));
            values.push(("fingerprint", format!("\\x{}", "5a".repeat(32))));
            values.push(("path", format!("/v1/reports/{}", world::id(0))));
            ("create_and_sign.sql", include_str!("create_and_sign.sql"))
        }
        Scenario::Search => {
            values.extend(texts(&[("action", "patient.search"), ("kind", "patient"), ("rows", "26")]));
            values.push(("families", FAMILIES.to_string()));
            ("search_patients.sql", include_str!("search_patients.sql"))
        }
    };
    Ok(Script { name, text: text.to_owned(), values })
}
