//! Very many events to an address that fails, hangs and lies, from services that end in the middle of it.

use super::{
    Line, PATIENCE, active,
    sink::{Mood, Sink, Told},
    until,
};
use chrono::TimeDelta;
use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use rapport_contract::events::{Event, EventType};
use rapport_tests::World;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How many events there are: `RAPPORT_EVENTS=10000` for the whole of it.
#[expect(clippy::disallowed_methods, reason = "how thorough a test is to be is told by whoever runs it")]
fn how_many() -> usize {
    std::env::var("RAPPORT_EVENTS").map_or(300, |count| count.parse().unwrap())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub(super) async fn count(world: &World, sql: &str) -> i64 {
    let found: Count = diesel::sql_query(sql).get_result(&mut world.database().await).await.unwrap();
    found.count
}

/// What the address has taken: said a yes to, in the order in which it did.
type Taken = Arc<Mutex<Vec<Event>>>;

/// Of five messages one is refused, one is hung up on, one is left hanging now and then, and one is lied to.
fn moody(taken: &Taken) -> impl FnMut(&Told) -> Mood + Send + 'static {
    let taken = Arc::clone(taken);
    move |told: &Told| {
        let yes = |taken: &Taken| {
            taken.lock().unwrap().push(serde_json::from_str(&told.body).unwrap());
        };
        match told.number % 29 {
            1 | 11 => Mood::Answer(500),
            3 => Mood::Answer(429),
            5 => Mood::HangUp,
            7 => Mood::Raw("SSH-2.0-nobody\r\n\r\n".to_owned()),
            13 => {
                Mood::Raw("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned())
            }
            17 if told.number % 290 == 17 => Mood::Hang(Duration::from_millis(1500)),
            19 => {
                yes(&taken);
                // A yes with a body that never comes.
                Mood::Raw("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nx".to_owned())
            }
            _ => {
                yes(&taken);
                Mood::Answer(200)
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_is_delivered_at_least_once_and_in_order_whatever_the_address_and_the_services_do() {
    let taken: Taken = Arc::default();
    let sink = Sink::start(moody(&taken));
    let world = super::world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ShareOpened]).await;
    let mut objects = Vec::new();
    for _ in 0..6 {
        objects.push(north.share_with(&south).await.3.id);
    }
    let (events, clinic) = (how_many(), north.id);
    // Copies of those shares, so that there is something to hear of; then events of them in turns.
    let many = (events / 5).max(6);
    let copies = format!(
        "insert into shares select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).* \
         from shares s, generate_series(1, {}) where s.id = '{}'",
        many - objects.len(),
        objects[0]
    );
    let mut conn = world.database().await;
    conn.batch_execute(&copies).await.unwrap();
    let write = format!(
        "insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) \
         select gen_random_uuid(), '{clinic}', 'share.opened', 'share', s.id, 1 + n / {many}, now() \
         from generate_series(0, {}) n join (select id, row_number() over (order by id) - 1 as number from shares \
         where clinic_id = '{clinic}') s on s.number = n % {many} order by n",
        events - 1
    );
    conn.batch_execute(&write).await.unwrap();

    // Beside the first service others come and go: each ends wherever it happens to be.
    let (url, keys) = (world.database_url().to_owned(), world.folder().to_owned());
    let origin = sink.origin.clone();
    let started = Instant::now();
    let mut passing: Option<World> = None;
    let mut ended = 0;
    loop {
        let open = "select count(*) from webhook_deliveries where state <> 'delivered'";
        let uncounted = "select count(*) from events where sequence is null";
        if count(&world, uncounted).await == 0 && count(&world, open).await == 0 {
            break;
        }
        let patience = PATIENCE + Duration::from_millis(40) * u32::try_from(events).unwrap();
        assert!(started.elapsed() < patience, "{} are open", count(&world, open).await);
        tokio::time::sleep(Duration::from_millis(100)).await;
        // What waits is due again, and what an ended service had taken up is taken up by another one.
        world.travel(TimeDelta::seconds(61));
        let (url, keys, origin, gone) = (url.clone(), keys.clone(), origin.clone(), passing.take());
        ended += usize::from(gone.is_some());
        let shift = TimeDelta::seconds(61);
        passing = tokio::task::spawn_blocking(move || {
            drop(gone);
            let other = World::on(url, |config| {
                config.keys = rapport_api::server::make_keys(&keys).unwrap();
                config.outbound_origins = vec![origin];
                config.webhook_timeout = Duration::from_secs(1);
            });
            other.travel(shift);
            Some(other)
        })
        .await
        .unwrap();
    }
    let last = passing.take();
    tokio::task::spawn_blocking(move || drop(last)).await.unwrap();
    assert!(ended > 0, "no service has ended in the middle of it");

    let taken = taken.lock().unwrap().clone();
    let ids: BTreeSet<Uuid> = taken.iter().map(|event| event.id.uuid()).collect();
    let all = format!("select id::text as line from events where clinic_id = '{clinic}' and kind = 'share.opened'");
    let all: Vec<Line> = diesel::sql_query(all).load(&mut conn).await.unwrap();
    let all: BTreeSet<Uuid> = all.into_iter().map(|line| line.line.parse().unwrap()).collect();
    assert_eq!(all.len(), events);
    assert_eq!(all.difference(&ids).count(), 0, "each was taken at least once");
    // Whatever was told again: of one object nothing was ever told before what came before it.
    let mut told: BTreeMap<Uuid, i64> = BTreeMap::new();
    for message in sink.events() {
        let event: Event = serde_json::from_str(&message.body).unwrap();
        let last = told.entry(event.object.id).or_default();
        assert!(event.sequence >= *last, "{event:?} after {last}");
        *last = event.sequence;
    }
    println!("{events} events, {} messages, {} taken, {ended} services ended", sink.events().len(), taken.len());

    // And none after the right has ended.
    let before = sink.events().len();
    let gone = format!("update members set state = 'ended' where id = '{}'", north.owner.id);
    conn.batch_execute(&gone).await.unwrap();
    conn.batch_execute(&write).await.unwrap();
    world.service().signals.events.notify_one();
    let disabled = format!("select count(*) from webhooks where id = '{}' and state = 'disabled'", made.webhook.id);
    until("disabled", async || (count(&world, &disabled).await == 1).then_some(())).await;
    assert_eq!(sink.events().len(), before);
}
