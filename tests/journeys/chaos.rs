//! The SDK on a bad line: what is between it and the service drops requests, loses and cuts answers, delays, hangs, and sends
//! requests twice. Nothing happens twice, no call outlives its deadline, and what was told is so.
//!
//! `RAPPORT_CALLS=10000` says how many calls there are; by default a number for every day.

use chrono::NaiveDate;
use fastrand::Rng;
use rapport_contract::patients::{NewPatient, Patient, PatientPatch, PatientSearch};
use rapport_sdk::{Client, Kind, Policy, Timeouts};
use rapport_tests::World;
use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// So many go on at once.
const AT_ONCE: usize = 16;
const TIMEOUTS: Timeouts =
    Timeouts { connect: Duration::from_secs(1), attempt: Duration::from_secs(2), overall: Duration::from_secs(12) };
/// What a busy machine may add to a deadline.
const SLACK: Duration = Duration::from_secs(2);

#[expect(clippy::disallowed_methods, reason = "how thorough a test is to be is told by whoever runs it")]
fn calls() -> usize {
    std::env::var("RAPPORT_CALLS").map_or(1_500, |asked| asked.parse().unwrap())
}

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Passes,
    /// It never arrives.
    Dropped,
    /// It arrives, and the answer never comes.
    Lost,
    /// The answer breaks off.
    Cut,
    Delayed,
    /// Nothing comes and nobody hangs up.
    Hangs,
    /// It arrives twice at once.
    Twice,
    /// It arrives once more after it was answered.
    AndAgain,
}

fn fate(random: &mut Rng) -> Fate {
    match random.u8(..100) {
        0..8 => Fate::Dropped,
        8..16 => Fate::Lost,
        16..24 => Fate::Cut,
        24..32 => Fate::Delayed,
        32..34 => Fate::Hangs,
        34..42 => Fate::Twice,
        42..48 => Fate::AndAgain,
        _ => Fate::Passes,
    }
}

type Fates = Arc<Mutex<BTreeMap<Fate, u32>>>;

/// Stands between a client and the service, one request on each connection. Gives its address.
#[expect(clippy::disallowed_methods, reason = "the line is no part of the service")]
async fn bad_line(to: String, seed: u64, fates: Fates) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut random = Rng::with_seed(seed);
        while let Ok((connection, _)) = listener.accept().await {
            let fate = fate(&mut random);
            let (to, fates, share) = (to.clone(), Arc::clone(&fates), random.f64());
            tokio::spawn(async move { carry(connection, &to, fate, share, &fates).await });
        }
    });
    address
}

async fn carry(mut connection: TcpStream, to: &str, fate: Fate, share: f64, fates: &Fates) -> io::Result<()> {
    let request = whole_request(&mut connection).await?;
    *fates.lock().unwrap().entry(fate).or_insert(0) += 1;
    match fate {
        Fate::Dropped => return Ok(()),
        Fate::Hangs => {
            tokio::time::sleep(TIMEOUTS.overall).await;
            return Ok(());
        }
        Fate::Delayed => tokio::time::sleep(Duration::from_secs_f64(share * 0.2)).await,
        _ => {}
    }
    let answer = match fate {
        Fate::Twice => {
            let (one, _) = tokio::join!(ask(to, &request), ask(to, &request));
            one?
        }
        _ => ask(to, &request).await?,
    };
    let told = match fate {
        Fate::Lost => 0,
        Fate::Cut => (answer.len() as f64 * share) as usize,
        _ => answer.len(),
    };
    connection.write_all(&answer[..told]).await?;
    if fate == Fate::AndAgain {
        ask(to, &request).await?;
    }
    Ok(())
}

/// A request as it stands, after which the service hangs up.
async fn whole_request(connection: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let head = loop {
        if connection.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = request.windows(4).position(|end| end == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8_lossy(&request[..head]).to_lowercase();
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
    while request.len() < head + 4 + length {
        if connection.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    request.splice(head..head, *b"\r\nconnection: close");
    Ok(request)
}

async fn ask(to: &str, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut service = TcpStream::connect(to).await?;
    service.write_all(request).await?;
    let mut answer = Vec::new();
    service.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// What became of the calls of one task.
#[derive(Default)]
struct Told {
    /// The family names that were sent, and the record that was answered.
    made: BTreeMap<String, Option<Patient>>,
    /// Changes of the telephone number that were answered: of which record, and how often.
    changed: u32,
    failed: u32,
    longest: Duration,
}

/// A number in letters: what a name is made of.
fn letters(mut number: usize) -> String {
    let mut name = String::from("Line");
    for _ in 0..6 {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    name
}

async fn calls_of(client: Client, task: usize, count: usize) -> Told {
    let mut told = Told::default();
    let mut random = Rng::with_seed(u64::try_from(task).unwrap());
    let mut last: Option<Patient> = None;
    for number in 0..count {
        let began = Instant::now();
        let outcome = match (random.u8(..4), last.clone()) {
            (0, Some(patient)) => client.patients().get(patient.id).await.map(|read| last = Some(read)),
            (1, Some(patient)) => {
                let patch =
                    PatientPatch { phone: Some(Some(format!("555-{number:04}").into())), ..PatientPatch::default() };
                client.patients().update(&patient, &patch).await.map(|changed| {
                    assert_eq!(changed.version, patient.version + 1, "a change is made once");
                    told.changed += 1;
                    last = Some(changed);
                })
            }
            _ => {
                let name = letters(task * count + number);
                let new = NewPatient::new("Casey", name.as_str(), NaiveDate::from_ymd_opt(1953, 4, 17).unwrap());
                let made = client.patients().create(&new).await;
                told.made.insert(name, made.as_ref().ok().cloned());
                made.map(|patient| last = Some(patient))
            }
        };
        told.longest = told.longest.max(began.elapsed());
        if let Err(error) = outcome {
            told.failed += 1;
            // Either the line failed it, or the change of an earlier call arrived whose answer did not.
            let is_of_the_line = error.kind().is_none() || error.kind() == Some(Kind::Stale);
            assert!(is_of_the_line, "{error}");
            if let Some(patient) = last.take() {
                last = client.patients().get(patient.id).await.ok();
            }
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_line_that_drops_cuts_delays_and_repeats_nothing_happens_twice_and_no_call_outlives_its_deadline() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let fates = Fates::default();
    let seed = 7;
    let line = bad_line(world.url().trim_start_matches("http://").to_owned(), seed, Arc::clone(&fates)).await;
    let policy = Policy { attempts: 8, base: Duration::from_millis(5), cap: Duration::from_millis(50) };
    let client = Client::builder(line).timeouts(TIMEOUTS).retries(policy).build().unwrap();
    let client = client.resume(north.client().tokens().await.unwrap()).unwrap();

    let count = calls() / AT_ONCE;
    let mut tasks = JoinSet::new();
    for task in 0..AT_ONCE {
        tasks.spawn(calls_of(client.clone(), task, count));
    }
    let mut all = Vec::new();
    while let Some(told) = tasks.join_next().await {
        all.push(told.expect("no task panics"));
    }

    let longest = all.iter().map(|told| told.longest).max().unwrap();
    assert!(longest < TIMEOUTS.overall + SLACK, "a call took {longest:?}");
    // By a good line: what was answered is there, once, and what was not is there once or not at all. The session of the bad
    // line has gone on with the tokens; this one is another.
    let reader = north.member(rapport_contract::members::Role::Owner).await.client;
    let (mut made, mut unknown) = (0, 0);
    for (name, answered) in all.iter().flat_map(|told| &told.made) {
        let search = PatientSearch { family_name: Some(name.as_str().into()), ..PatientSearch::default() };
        let found = reader.patients().search(&search).send().await.unwrap().items;
        match answered {
            Some(patient) => {
                assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [patient.id], "{name}, seed {seed}");
                made += 1;
            }
            None => {
                assert!(found.len() <= 1, "{name} is there {} times, seed {seed}", found.len());
                unknown += 1;
            }
        }
    }
    let (changed, failed) =
        (all.iter().map(|told| told.changed).sum::<u32>(), all.iter().map(|told| told.failed).sum::<u32>());
    let fates = fates.lock().unwrap();
    eprintln!(
        "{} calls, {failed} failed in the end; {made} made, {unknown} not known, {changed} changes; the longest {longest:?}; {fates:?}",
        count * AT_ONCE
    );
    assert_eq!(fates.len(), 8, "{fates:?}");
    assert!(made > count * AT_ONCE / 4 && changed > 50, "{made} {changed}");
}
