//! What was acknowledged is there, and there once, and what was read is on record: under load, the service and its database are
//! killed again and again, and clients repeat with their keys whatever they got no answer to.

use super::{
    clinic::sign_in_for_the_first_time,
    run::{Postgres, Program, alone, folder, rapport, tell, until},
};
use futures_util::TryStreamExt;
use rapport_sdk::{
    Client, Policy, Result, Timeouts,
    chrono::NaiveDate,
    contract::{
        ids::PatientId,
        patients::{NewPatient, Patient, PatientSearch},
        reports::{Goal, Measure, NewReport, Report, ReportBody, ReportKind, ReportState, Schedule, Treatment},
    },
};
use std::{
    collections::{HashMap, HashSet},
    net::TcpListener,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const WRITERS: u32 = 6;
/// A call goes on through several deaths in a row.
const PATIENCE: Duration = Duration::from_secs(180);

/// How often each is killed: `RAPPORT_KILLS=200,50` for the service and the database. By default a size for every day.
#[expect(clippy::disallowed_methods, reason = "how thorough a test is to be is told by whoever runs it")]
fn kills() -> (u32, u32) {
    let Ok(asked) = std::env::var("RAPPORT_KILLS") else { return (20, 5) };
    let numbers = asked.split_once(',').and_then(|(one, other)| Some((one.parse().ok()?, other.parse().ok()?)));
    numbers.unwrap_or_else(|| panic!("RAPPORT_KILLS wants two numbers, such as 200,50: {asked:?}"))
}

#[test]
fn no_acknowledged_write_is_lost_none_happens_twice_and_each_reading_is_on_record() {
    let _alone = alone();
    let folder = folder();
    // The clients find the next service at the same address.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut service = serve(folder.path(), &address);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stubborn = Policy { attempts: 10_000, base: Duration::from_millis(40), cap: Duration::from_millis(400) };
    let patient = Timeouts { overall: PATIENCE, ..Timeouts::default() };
    let builder = Client::builder(service.url()).retries(stubborn).timeouts(patient);
    let clinic = runtime.block_on(sign_in_for_the_first_time(builder.build().unwrap()));

    let record = Arc::new(Record::default());
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn_on(write(clinic.clone(), writer, Arc::clone(&record)), runtime.handle());
    }
    let (services, databases) = kills();
    for kill in 0..services + databases {
        record.wait_for_load();
        // Not at the same moment of a request's life each time.
        std::thread::park_timeout(Duration::from_millis(u64::from(kill * 37 % 90)));
        // The deaths of the database are spread among those of the service.
        let is_database = (kill + 1) * databases / (services + databases) > kill * databases / (services + databases);
        if is_database {
            Postgres::of(folder.path()).kill();
        }
        service.kill();
        service = serve(folder.path(), &address);
    }
    record.is_over.store(true, Ordering::SeqCst);
    runtime.block_on(async { while writers.join_next().await.transpose().unwrap().is_some() {} });
    runtime.block_on(each_reading_is_on_record(&clinic, &record));
    runtime.block_on(everything_is_there_once(&clinic, &record));
    service.stop().well();
}

pub(crate) fn serve(folder: &Path, address: &str) -> Program {
    let mut command = rapport(&["serve", "--listen", address, "--metrics-listen", "127.0.0.1:0"]);
    // How much one may ask for is not what is shown here.
    command.args(["--rate-limit", "1000000", "--tenant-rate-limit", "1000000"]);
    command.args(["--log", "error", "--data-dir"]).arg(folder);
    let program = Program::start(command);
    program.url();
    program
}

/// What the service said that it did.
#[derive(Default)]
pub(crate) struct Record {
    /// By the family name, which no two have.
    pub(crate) patients: Mutex<HashMap<String, PatientId>>,
    pub(crate) reports: Mutex<Vec<Report>>,
    /// Names of patients of whom the answer never came.
    unknown: Mutex<Vec<String>>,
    /// The requests whose reading was answered, be it in part.
    reads: Mutex<Vec<String>>,
    pub(crate) is_over: AtomicBool,
}

impl Record {
    /// Waits until every writer is at work again: a kill of an idle service shows nothing.
    pub(crate) fn wait_for_load(&self) {
        let done = || self.patients.lock().unwrap().len();
        let enough = done() + WRITERS as usize;
        until("the writers go on", || done() >= enough);
    }
}

pub(crate) async fn write(clinic: Client, writer: u32, record: Arc<Record>) {
    let mut number = 0;
    while !record.is_over.load(Ordering::SeqCst) {
        number += 1;
        let name = format!("Sample{}", letters(writer * 100_000 + number));
        match one(&clinic, &name, &record).await {
            Ok(signed) => {
                if let Some(request) = read(&clinic, &signed).await {
                    record.reads.lock().unwrap().push(request);
                }
                record.reports.lock().unwrap().push(signed);
            }
            Err(error) if error.kind().is_none() => record.unknown.lock().unwrap().push(name),
            Err(error) => panic!("{name}: {error}"),
        }
    }
}

/// A patient is taken on, and a report about the patient is written and signed.
pub(crate) async fn one(clinic: &Client, name: &str, record: &Record) -> Result<Report> {
    let patient: Patient = clinic.patients().create(&new_patient(name)).await?;
    record.patients.lock().unwrap().insert(name.to_owned(), patient.id);
    let draft = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: body(),
        sensitive_categories: Vec::new(),
    };
    let draft = clinic.reports().draft(&draft).await?;
    clinic.reports().sign(&draft).await
}

/// Reads a report by one request that nobody repeats, and tells its id if as much as the first line of an answer came.
async fn read(clinic: &Client, report: &Report) -> Option<String> {
    let id = format!("read-{}", report.id);
    let token = clinic.tokens().await?.access_token;
    let address = clinic.base_url().trim_start_matches("http://").trim_end_matches('/');
    let mut line = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "GET /v1/reports/{} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\nx-request-id: {id}\r\nconnection: close\r\n\r\n",
        report.id,
        token.as_str()
    );
    line.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    // Cut off in the middle, it has left all the same.
    line.read_to_end(&mut answer).await.ok();
    answer.starts_with(b"HTTP/1.1 200").then_some(id)
}

/// No answer without a durable record (45 CFR 164.312(b)).
async fn each_reading_is_on_record(clinic: &Client, record: &Record) {
    let reads = std::mem::take(&mut *record.reads.lock().unwrap());
    tell(&format!("{} readings were answered", reads.len()));
    assert!(reads.len() > 10, "there were readings");
    let events = clinic.audit().events().action("report.read").limit(100).stream();
    let recorded: HashSet<_> = events.map_ok(|event| event.request_id).try_collect().await.unwrap();
    let missing: Vec<_> = reads.iter().filter(|read| !recorded.contains(*read)).collect();
    assert!(missing.is_empty(), "answered and not on record: {missing:?}");
}

pub(crate) async fn everything_is_there_once(clinic: &Client, record: &Record) {
    let patients = record.patients.lock().unwrap().clone();
    let reports = std::mem::take(&mut *record.reports.lock().unwrap());
    let unknown = std::mem::take(&mut *record.unknown.lock().unwrap());
    tell(&format!(
        "{} patients and {} signed reports were acknowledged, {} answers never came",
        patients.len(),
        reports.len(),
        unknown.len()
    ));
    assert!(reports.len() > 10, "there was load");
    for (name, id) in &patients {
        assert_eq!(named(clinic, name).await, [*id], "{name} is there, once");
    }
    for name in &unknown {
        assert!(named(clinic, name).await.len() <= 1, "{name} happened at most once");
    }
    for report in &reports {
        let kept = clinic.reports().get(report.id).await.unwrap();
        assert_eq!(kept.state, ReportState::Signed);
        assert_eq!(clinic.reports().versions(report.id).send().await.unwrap().items.len(), 1, "signed once");
        let of_patient = clinic.reports().list().patient(report.patient_id).send().await.unwrap().items;
        assert_eq!(of_patient.len(), 1, "written once");
    }
}

pub(crate) async fn named(clinic: &Client, name: &str) -> Vec<PatientId> {
    let search = PatientSearch { family_name: Some(name.into()), ..PatientSearch::default() };
    clinic.patients().search(&search).send().await.unwrap().items.iter().map(|patient| patient.id).collect()
}

/// A number in letters, all of one length: no name begins another one.
pub(crate) fn letters(number: u32) -> String {
    format!("{number:07}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

fn new_patient(name: &str) -> NewPatient {
    NewPatient {
        given_name: "Casey".into(),
        family_name: name.into(),
        birth_date: NaiveDate::from_ymd_opt(1963, 4, 17).unwrap().into(),
        mrn: None,
        email: None,
        phone: None,
    }
}

/// The four parts that a signature needs.
fn body() -> ReportBody {
    ReportBody {
        treatment: Some(Treatment { what: "Massage of the lower back".into(), why: "Chosen for chronic pain".into() }),
        schedule: Some(Schedule {
            frequency: "Once a week".into(),
            duration: "Six visits".into(),
            visits_planned: Some(6),
            visits_attended: Some(4),
            reexamination_after_visits: None,
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "To walk for half an hour".into(),
            anticipated_outcome: None,
            measure: Some("Minutes walked".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![Measure {
            name: "Minutes walked".into(),
            unit: Some("min".to_owned()),
            baseline: Some(10.0.into()),
            current: Some(20.0.into()),
            baseline_on: None,
            current_on: None,
            higher_is_better: Some(true),
            note: None,
        }],
        ..ReportBody::default()
    }
}
