//! More than the service can do, or something slow at one of its ends: a reading of a shared report goes on as before.
//!
//! Each test times the same readings alone and beside a load, on whatever machine it runs: the bounds are ratios, wide enough
//! for a machine with other things to do, and far below what a reading takes that waits behind the load.

use crate::{
    webhooks::{
        active,
        sink::{Mood, Sink},
    },
    wire::{Answer, access_token, call},
};
use diesel_async::SimpleAsyncConnection;
use rapport_api::audit::seal::check;
use rapport_contract::{events::EventType, ids::PatientId};
use rapport_tests::{World, people::Clinic};
use serde_json::json;
use std::{
    num::NonZeroUsize,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Handle,
    sync::{Mutex, MutexGuard},
    task::JoinSet,
    time::{sleep, timeout},
};

/// So many readings are timed alone, before and after, and at least as many beside the load.
const READINGS: usize = 80;
/// A reading beside a load takes at most so many times as long as alone, and [`MARGIN`]: it shares two cores with the load,
/// and waits for nothing else.
const FACTOR: u32 = 4;
/// What a busy machine may add to any of them.
const MARGIN: Duration = Duration::from_millis(40);
/// The longest that any of them may take: it waits for no address, no sender and no reader.
const LONGEST: Duration = Duration::from_secs(3);
/// How long a load may take to get going, and to have done enough.
const PATIENCE: Duration = Duration::from_secs(60);

/// A shared report, of whom it is, and who reads it.
struct Reading {
    world: Arc<World>,
    patient: PatientId,
    token: String,
    path: String,
}

impl Reading {
    async fn once(&self) -> (Answer, Duration) {
        let began = Instant::now();
        let answer = call(&self.world, "GET", &self.path).bearer(&self.token).send().await;
        (answer, began.elapsed())
    }

    /// The times of readings one after the other, all of which are answered, for as long as this says.
    async fn times(&self, go_on: impl Fn(usize) -> bool) -> Vec<Duration> {
        let mut times = Vec::new();
        while go_on(times.len()) {
            let (answer, took) = self.once().await;
            assert_eq!(answer.status, 200, "{answer:?}");
            times.push(took);
        }
        times.sort_unstable();
        times
    }

    /// Times readings alone and beside the load, which is under way by then and does at least so much meanwhile.
    async fn are_not_slowed_by(&self, name: &str, load: &Load, enough: usize, mut tasks: JoinSet<()>) {
        // What is read for the first time is slower, and statements are prepared meanwhile.
        self.times(|done| done < 10).await;
        let began = Instant::now();
        let alone = |done| done < READINGS;
        let before = self.times(alone).await;
        load.begin();
        while load.done() == 0 {
            assert!(began.elapsed() < PATIENCE, "{name} does not begin");
            sleep(Duration::from_millis(5)).await;
        }
        let (at_first, began) = (load.done(), Instant::now());
        let is_enough = || load.done() - at_first >= enough;
        let beside = self.times(|done| done < READINGS || (!is_enough() && began.elapsed() < PATIENCE)).await;
        let (done, took) = (load.done() - at_first, began.elapsed());
        load.end();
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
        let after = self.times(alone).await;
        let alone = median(&before).max(median(&after));
        let longest = *beside.last().unwrap();
        eprintln!(
            "{name}: {done} in {took:.1?}; a reading took {alone:.1?} alone and {:.1?} beside it, of {} the longest {longest:.1?}",
            median(&beside),
            beside.len(),
        );
        assert!(done >= enough, "{name}: {done}");
        assert!(median(&beside) <= alone * FACTOR + MARGIN, "{name}: {:?} beside {alone:?}", median(&beside));
        assert!(longest <= LONGEST, "{name}: {longest:?}");
    }
}

fn median(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}

/// Waits for the turn of a test: it would take the load of another one for what a reading meets alone.
async fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    TURN.lock().await
}

/// What goes on beside the readings.
#[derive(Default)]
struct Load {
    has_begun: AtomicBool,
    is_over: AtomicBool,
    done: AtomicUsize,
}

impl Load {
    fn begin(&self) {
        self.has_begun.store(true, Ordering::SeqCst);
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::SeqCst);
    }

    /// Notes that something of it was done.
    fn count(&self) {
        self.done.fetch_add(1, Ordering::SeqCst);
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    /// Whether it goes on; waits for its beginning.
    async fn goes_on(&self) -> bool {
        while !self.has_begun.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(5)).await;
        }
        !self.is_over.load(Ordering::SeqCst)
    }
}

/// A clinic that has shared a report with another one, and the readings of that by the other.
async fn shared<'w>(world: &'w Arc<World>) -> (Clinic<'w>, Reading) {
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, _, _, share) = north.share_with(&south).await;
    let (token, path) = (access_token(&south.owner).await, format!("/v1/shares/{}", share.id));
    (north, Reading { world: Arc::clone(world), patient: patient.id, token, path })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_does_not_slow_readings() {
    let _turn = turn().await;
    let world = Arc::new(World::start().await);
    let (_, reading) = shared(&world).await;
    let load = Arc::new(Load::default());
    let refused = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for number in 0..60 {
        let (world, load, refused) = (Arc::clone(&world), Arc::clone(&load), Arc::clone(&refused));
        tasks.spawn(async move {
            let mut tries = 0;
            while load.goes_on().await {
                // Each for an account of its own, so that none has to wait for having failed before.
                tries += 1;
                let email = format!("nobody{number}.{tries}@example.org");
                let body = json!({"email": email, "password": "a wrong password for once"});
                let answer = call(&world, "POST", "/v1/auth/login").json(&body).send().await;
                match answer.status.as_u16() {
                    401 => load.count(),
                    503 => {
                        assert!(answer.header("retry-after").is_some(), "{answer:?}");
                        refused.fetch_add(1, Ordering::SeqCst);
                        // Sooner than it was told.
                        sleep(Duration::from_millis(500)).await;
                    }
                    _ => panic!("{answer:?}"),
                }
            }
        });
    }
    reading.are_not_slowed_by("sign-ins", &load, 20, tasks).await;
    assert!(refused.load(Ordering::SeqCst) > 0, "more came than may wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_takes_messages_and_never_answers_slows_neither_readings_nor_other_addresses() {
    let _turn = turn().await;
    /// Of one webhook so many tries go on at a time.
    const OF_ONE: usize = 4;
    /// So many events, each of another share.
    const EVENTS: usize = 64;
    let (slow, quick) = (Sink::start(|_| Mood::Hang(PATIENCE)), Sink::start(|_| Mood::Answer(204)));
    let origins = vec![slow.origin.clone(), quick.origin.clone()];
    // The addresses have the 15 seconds that they always have: none is given up while this goes on.
    let world = Arc::new(World::with(|config| config.outbound_origins = origins).await);
    let (north, reading) = shared(&world).await;
    for _ in 0..4 {
        active(&north, &slow, &[EventType::ShareWithdrawn]).await;
    }
    active(&north, &quick, &[EventType::ShareWithdrawn]).await;
    let (load, quick) = (Arc::new(Load::default()), Arc::new(quick));
    let mut tasks = JoinSet::new();
    let (of_task, of_quick, told, clinic) = (Arc::clone(&load), Arc::clone(&quick), Arc::clone(&world), north.id);
    let share = reading.path.rsplit('/').next().unwrap().to_owned();
    tasks.spawn(async move {
        if of_task.goes_on().await {
            let write = format!(
                "with copies as (insert into shares select (jsonb_populate_record(s, jsonb_build_object('id', \
                 gen_random_uuid()))).* from shares s, generate_series(1, {EVENTS}) where s.id = '{share}' returning id) \
                 insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) \
                 select gen_random_uuid(), '{clinic}', 'share.withdrawn', 'share', id, 1, now() from copies"
            );
            told.database().await.batch_execute(&write).await.unwrap();
            told.service().signals.events.notify_one();
        }
        while of_task.goes_on().await {
            of_task.done.store(of_quick.events().len(), Ordering::SeqCst);
            sleep(Duration::from_millis(10)).await;
        }
    });
    reading.are_not_slowed_by("messages", &load, EVENTS / 2, tasks).await;
    assert_eq!(slow.events().len(), 4 * OF_ONE, "all that may be told at a time hang");
}

/// Reads lists from their first pages to their last, over and over.
async fn export_lists(world: Arc<World>, load: Arc<Load>, token: String, lists: [String; 2]) {
    for list in lists.iter().cycle() {
        let mut after = String::new();
        while load.goes_on().await {
            let answer = call(&world, "GET", &format!("{list}?limit=100{after}")).bearer(&token).send().await;
            assert_eq!(answer.status, 200, "{answer:?}");
            load.count();
            match answer.json()["next_cursor"].as_str() {
                Some(cursor) => after = format!("&cursor={cursor}"),
                None => break,
            }
        }
        if !load.goes_on().await {
            return;
        }
    }
}

/// Writes the whole audit log to a file, over and over, as `rapport audit export` does.
async fn export_log(world: Arc<World>, load: Arc<Load>, folder: PathBuf) {
    let mut conn = world.database().await;
    let mut number = 0;
    while load.goes_on().await {
        let file = folder.join(format!("log{number}.jsonl"));
        assert!(check::export(&mut conn, &file, &mut |_, _| {}).await.unwrap() >= 5_000);
        number += 1;
    }
    assert!(number > 0, "the log was not exported");
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_of_everything_that_a_clinic_has_do_not_slow_readings() {
    let _turn = turn().await;
    // One connection: whoever kept it would be waited for.
    let world = World::with(|config| {
        config.workers = NonZeroUsize::MIN;
        config.pool_size = NonZeroUsize::MIN;
    });
    let world = Arc::new(world.await);
    let (north, reading) = shared(&world).await;
    assert_eq!(reading.once().await.0.status, 200);
    let write = "insert into audit_events (id, clinic_id, occurred_at, action, outcome, actor_kind, actor_id, actor_clinic_id, \
                 object_type, object_id, patient_id, consent_id, request_id) select gen_random_uuid(), clinic_id, \
                 clock_timestamp(), action, outcome, actor_kind, actor_id, actor_clinic_id, object_type, object_id, \
                 patient_id, consent_id, 'again' from (select * from audit_events where action = 'share.read' limit 1) e, \
                 generate_series(1, 5000)";
    world.database().await.batch_execute(write).await.unwrap();
    world.sealed().await;
    let (load, folder) = (Arc::new(Load::default()), tempfile::tempdir().unwrap());
    let token = access_token(&north.owner).await;
    let mut tasks = JoinSet::new();
    let lists = ["/v1/audit_events".to_owned(), format!("/v1/patients/{}/disclosures", reading.patient)];
    tasks.spawn(export_lists(Arc::clone(&world), Arc::clone(&load), token, lists));
    let log = (Arc::clone(&world), Arc::clone(&load), folder.path().to_owned());
    // On a thread of its own, as it is a program of its own.
    tasks.spawn_blocking(move || Handle::current().block_on(export_log(log.0, log.1, log.2)));
    reading.are_not_slowed_by("pages of exports", &load, 30, tasks).await;
}

/// Sends what begins a request, and then a byte now and then for as long as it is waited for; a new one every 25 ms.
async fn send_slowly(world: Arc<World>, load: Arc<Load>) {
    let head =
        "POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{";
    let mut sending = JoinSet::new();
    while load.goes_on().await {
        for begun in ["GET /healthz HTTP/1.1\r\nHost: a\r\nX: ", head] {
            let address = world.service().address;
            sending.spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(begun.as_bytes()).await.unwrap();
                let mut byte = [0];
                // What is answered or ended is over.
                while timeout(Duration::from_millis(200), stream.read(&mut byte)).await.is_err() {
                    if stream.write_all(b" ").await.is_err() {
                        break;
                    }
                }
            });
            load.count();
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Asks for more than the buffers on the way hold, and reads a byte of it now and then.
async fn read_slowly(world: Arc<World>, load: Arc<Load>) {
    let mut stream = TcpStream::connect(world.service().address).await.unwrap();
    stream.write_all("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(12).as_bytes()).await.unwrap();
    let mut byte = [0];
    // Until it is cut off, for being this slow.
    while load.goes_on().await && stream.read(&mut byte).await.is_ok_and(|count| count == 1) {
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_senders_and_slow_readers_do_not_slow_readings() {
    let _turn = turn().await;
    // Room for those who are slow as long as they are waited for, and not for all who come while this goes on.
    let world = World::with(|config| config.max_connections = NonZeroUsize::new(440).unwrap()).await;
    let world = Arc::new(world);
    let (_, reading) = shared(&world).await;
    let load = Arc::new(Load::default());
    let mut tasks = JoinSet::new();
    tasks.spawn(send_slowly(Arc::clone(&world), Arc::clone(&load)));
    for _ in 0..40 {
        tasks.spawn(read_slowly(Arc::clone(&world), Arc::clone(&load)));
    }
    reading.are_not_slowed_by("slow senders", &load, 600, tasks).await;
}
