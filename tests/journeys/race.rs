//! No reading commits after a revocation was acknowledged, and the lock on the patient's consents is what keeps it so.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::gate::{count, execute, until};
use futures_util::future::{join, join_all, join3};
use rapport_contract::{
    consents::{ConsentState, RecipientChoice, RevokeConsent},
    members::Role,
    patients::{Patient, PatientSearch},
    problem::Kind,
};
use rapport_sdk::{Client, Error, LinkSession};
use rapport_tests::{
    World,
    people::{asking_for, on_paper},
};
use std::{
    cell::{Cell, RefCell},
    num::NonZeroUsize,
    time::{Duration, Instant},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

/// What a race came to.
#[derive(Debug, Default)]
struct Race {
    revocations: u32,
    reads: Cell<u32>,
    refused_as_revoked: Cell<u32>,
    refused_as_pending: Cell<u32>,
    /// Readings that began after a revocation was acknowledged, and were answered with the content.
    late_answers: Cell<u32>,
    /// Readings that committed after the revocation of the consent that carried them, by the database's own record.
    late_commits: i64,
    /// Readings whose time on record is not before the revocation's.
    late_on_record: i64,
    latencies: RefCell<Vec<Duration>>,
    unexpected: RefCell<Vec<String>>,
}

impl Race {
    /// The rules, and which of them was broken.
    fn verdict(&self) -> Result<(), String> {
        let longest = self.latencies.borrow().iter().max().copied().unwrap_or_default();
        let rules = [
            (self.reads.get() > 0, "readers did read"),
            (self.refused_as_revoked.get() > 0, "readers were refused because the consent was revoked"),
            (self.revocations > 1, "there were revocations"),
            (self.unexpected.borrow().is_empty(), "every answer was a reading, a refusal or a lost race"),
            (self.late_answers.get() == 0, "no reading that began after an acknowledged revocation was answered"),
            (self.late_commits == 0, "no reading committed after the revocation"),
            (self.late_on_record == 0, "no reading is on record as later than the revocation"),
            (longest < Duration::from_secs(3), "readers keep no revocation waiting"),
        ];
        let broken: Vec<_> = rules.into_iter().filter(|(holds, _)| !holds).map(|(_, rule)| rule).collect();
        if broken.is_empty() { Ok(()) } else { Err(format!("broken: {broken:?}")) }
    }

    fn tell(&self, what: &str) {
        let mut latencies = self.latencies.borrow().clone();
        latencies.sort_unstable();
        eprintln!(
            "{what}: {} revocations, {} reads, {} refused as revoked, {} as pending; late: {} answers, {} commits, {} on \
             record; revocation p50 {:?} max {:?}; unexpected: {:?}",
            self.revocations,
            self.reads.get(),
            self.refused_as_revoked.get(),
            self.refused_as_pending.get(),
            self.late_answers.get(),
            self.late_commits,
            self.late_on_record,
            latencies.get(latencies.len() / 2),
            latencies.last(),
            self.unexpected.borrow(),
        );
    }
}

fn bump(counter: &Cell<u32>) {
    counter.set(counter.get() + 1);
}

/// Lets every reading take a moment between the gate's yes and its commit: where there is no lock, that is where it breaks.
async fn slow_readings_down(world: &World) {
    execute(
        world,
        "create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(0.05); return new; end $$;
         create trigger dawdle before insert on audit_events for each row
             when (new.action = 'share.read' and new.outcome = 'permitted') execute function dawdle();",
    )
    .await;
}

/// A session at the link of the patient's `number`th question.
async fn at_link(world: &World, patient: &Patient, number: usize) -> LinkSession {
    let address = patient.email.as_ref().unwrap().as_str();
    let link = world.mailbox().link(address, number).await;
    let link = world.nobody().consent_links().open_address(&link).unwrap();
    link.challenge().await.unwrap();
    let code = world.mailbox().code(address, number).await;
    link.session(*patient.birth_date.expose(), code).await.unwrap()
}

/// Readers read without pause, while a consent is signed and three race to revoke it, over and over.
async fn race(world: &World, length: Duration) -> Race {
    slow_readings_down(world).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let officer = north.member(Role::PrivacyOfficer).await;
    let colleague = south.member(Role::Practitioner).await;
    let (patient, first, _, share) = north.share_with(&south).await;
    north.client().consents().revoke(first.id, &RevokeConsent::default()).await.unwrap();

    let mut race = Race::default();
    let mut revocations = 0;
    // Odd while the last revocation stands acknowledged and no new signature has been begun.
    let (phase, is_over) = (Cell::new(1_u32), Cell::new(false));
    let read = async |client: &Client| {
        while !is_over.get() {
            let began_in = phase.get();
            match client.shares().get(share.id).await {
                Ok(_) => {
                    bump(&race.reads);
                    if began_in % 2 == 1 && phase.get() == began_in {
                        bump(&race.late_answers);
                    }
                }
                Err(error) => match error.kind() {
                    Some(Kind::ConsentRevoked) => bump(&race.refused_as_revoked),
                    Some(Kind::ConsentPending) => bump(&race.refused_as_pending),
                    _ => race.unexpected.borrow_mut().push(format!("a reading: {error}")),
                },
            }
        }
    };
    let readers = (0..8).map(|index| read(if index % 2 == 0 { south.client() } else { &colleague.client }));
    let revoke = async |revocation: Result<(), Error>, began: Instant| {
        race.latencies.borrow_mut().push(began.elapsed());
        match revocation {
            Ok(()) => {
                bump(&phase);
                1
            }
            Err(error) if error.kind() == Some(Kind::IllegalTransition) => 0,
            Err(error) => {
                race.unexpected.borrow_mut().push(format!("a revocation: {error}"));
                0
            }
        }
    };
    let cycles = async {
        let start = Instant::now();
        for number in 2.. {
            let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
            let session = at_link(world, &patient, number).await;
            let seen = session.get().await.unwrap();
            bump(&phase);
            session.sign(&seen, "Casey Sample").await.unwrap();
            let before = race.reads.get();
            until("readings under the new consent", async || race.reads.get() >= before + 4).await;

            let by_word = async |client: &Client| {
                let began = Instant::now();
                let outcome = client.consents().revoke(consent.id, &RevokeConsent::default()).await;
                revoke(outcome.map(drop), began).await
            };
            let at_link = async {
                let began = Instant::now();
                revoke(session.revoke().await.map(drop), began).await
            };
            let (one, two, three) = join3(by_word(north.client()), by_word(&officer.client), at_link).await;
            assert_eq!(one + two + three, 1, "of three revocations one wins: {:?}", race.unexpected.borrow());
            revocations += 1;
            if start.elapsed() > length {
                break;
            }
        }
        is_over.set(true);
    };
    join(join_all(readers), cycles).await;

    race.revocations = revocations;
    // Two facts that no client and no clock of the service's can colour: when the two transactions committed.
    race.late_commits = count(
        world,
        "select count(*) from audit_events reading join consents on consents.id = reading.consent_id
         where reading.action = 'share.read' and reading.outcome = 'permitted' and consents.state = 'revoked'
           and pg_xact_commit_timestamp(reading.xmin) >= pg_xact_commit_timestamp(consents.xmin)",
    )
    .await;
    race.late_on_record = count(
        world,
        "select count(*) from audit_events reading join consents on consents.id = reading.consent_id
         where reading.action = 'share.read' and reading.outcome = 'permitted' and reading.occurred_at >= consents.revoked_at",
    )
    .await;
    let on_record = count(
        world,
        "select count(*) from audit_events where action = 'share.read' and outcome = 'permitted'
           and pg_xact_commit_timestamp(xmin) is not null",
    )
    .await;
    assert_eq!(on_record, i64::from(race.reads.get()), "each reading is on record, with the time of its commit");
    race
}

#[tokio::test]
async fn no_reading_commits_after_an_acknowledged_revocation() {
    let world = World::start().await;
    let race = race(&world, Duration::from_secs(20)).await;
    race.tell("with the lock");
    assert_eq!(race.verdict(), Ok(()), "{race:?}");
}

#[tokio::test]
async fn without_the_lock_the_same_race_is_lost() {
    // On a busy machine there are too few revocations for one to be lost: then it is tried again.
    let mut lost = false;
    for _ in 0..5 {
        lost = lost || is_lost_without_the_lock().await;
    }
    assert!(lost);
}

async fn is_lost_without_the_lock() -> bool {
    let world = World::start().await;
    execute(
        &world,
        "create or replace function hold_consents_of(patient uuid, shift_ms bigint) returns timestamptz language plpgsql as
             $$ begin perform set_config('app.at', clock_timestamp()::text, true); return clock_timestamp(); end $$;
         -- The floor asks for the consent once more with the content itself: what is left to lose is the moment before the
         -- commit, which this makes longer.
         create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.02); return null; end $$;
         create constraint trigger linger after insert on audit_events deferrable initially deferred for each row
             when (new.action = 'share.read') execute function linger();",
    )
    .await;
    let race = race(&world, Duration::from_secs(6)).await;
    race.tell("without the lock");
    race.late_commits > 0 && race.verdict().is_err()
}

/// A new consent that replaces an old one, and the revocation of that old one, each want both rows.
#[tokio::test]
async fn a_signature_that_replaces_a_consent_and_the_revocation_of_that_consent_both_get_an_answer() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let request = asking_for(RecipientChoice::clinic(south.id));
    let old = north.consented(&patient, &request).await;
    let new = north.ask(&patient, &request).await;
    // The signature stops for a moment once it has its own row and the lock.
    execute(
        &world,
        "create function pause() returns trigger language plpgsql as $$ begin perform pg_sleep(0.3); return new; end $$;
         create trigger b_pause before update of state on consents for each row
             when (new.state = 'active') execute function pause();",
    )
    .await;
    let sign = async { north.client().consents().record_paper_signature(&new, &on_paper()).await };
    let revoke = async {
        until("the signature has the lock", async || {
            count(&world, "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1 and granted")
                .await
                > 0
        })
        .await;
        north.client().consents().revoke(old.id, &RevokeConsent::default()).await
    };
    let (signed, revoked) = join(sign, revoke).await;
    assert_eq!(signed.unwrap().state, ConsentState::Active);
    match revoked {
        Ok(revoked) => assert_eq!(revoked.state, ConsentState::Revoked),
        Err(error) => assert_eq!(error.kind(), Some(Kind::IllegalTransition), "{error}"),
    }
}

/// Sends a request as bytes, and leaves after a while without having read anything.
async fn send_and_leave(world: &World, who: &Client, line: &str, header: &str, body: &str, after: Duration) {
    let token = who.tokens().await.unwrap().access_token;
    let mut stream = TcpStream::connect(world.service().address).await.unwrap();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\n{header}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        token.as_str(),
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(after).await;
    // A reset, as when the machine at the other end is gone: a mere goodbye lets the service finish its answer.
    stream.set_zero_linger().unwrap();
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_leaves_no_half_row_and_no_clinic_behind_in_the_pool() {
    let world = World::with(|config| {
        // Few connections, so that each is borrowed again by somebody else at once.
        config.workers = NonZeroUsize::MIN;
        config.pool_size = NonZeroUsize::new(3).unwrap();
    })
    .await;
    let (north, south, east) = (world.clinic("north").await, world.clinic("south").await, world.clinic("east").await);
    let (norths, consent, _, share) = north.share_with(&south).await;
    let easts = east.patient().await;
    slow_readings_down(&world).await;
    execute(
        &world,
        "create trigger dawdle before insert on patients for each row when (new.mrn_token is not null) execute function dawdle()",
    )
    .await;
    let leave = async |number: u32| {
        // Each leaves at another moment of the request: this is no wait for anything.
        let after = Duration::from_millis(u64::from(number * 7 % 90));
        if number.is_multiple_of(2) {
            let body = serde_json::json!({"given_name": "Gone", "family_name": "Example", "birth_date": "1970-01-01",
                "mrn": format!("gone-{number}")});
            let key = format!("idempotency-key: gone-{number}");
            send_and_leave(&world, north.client(), "POST /v1/patients", &key, &body.to_string(), after).await;
        } else {
            send_and_leave(&world, south.client(), &format!("GET /v1/shares/{}", share.id), "accept: */*", "", after)
                .await;
        }
        // The others' answers are their own all the while.
        if number.is_multiple_of(10) {
            assert_eq!(east.client().patients().get(easts.id).await.unwrap(), easts);
            let stranger = east.client().patients().get(norths.id).await.unwrap_err();
            assert_eq!(stranger.kind(), Some(Kind::NotFound));
        }
    };
    for round in 0..50 {
        join_all((0..4).map(|index| leave(round * 4 + index))).await;
    }

    let open = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'";
    until("every transaction has ended", async || count(&world, open).await == 0).await;
    for _ in 0..20 {
        let search = PatientSearch { family_name: Some("S".into()), ..PatientSearch::default() };
        let (one, two, three) = (north.client().patients(), south.client().patients(), east.client().patients());
        let (one, two, three) =
            join3(one.search(&search).send(), two.search(&search).send(), three.search(&search).send()).await;
        assert_eq!(one.unwrap().items, std::slice::from_ref(&norths));
        assert!(two.unwrap().items.is_empty());
        assert_eq!(three.unwrap().items, std::slice::from_ref(&easts));
    }
    let gone = &format!("patients.id not in ('{}', '{}')", norths.id, easts.id);
    let whole = &format!(
        "select count(*) from patients join audit_events on object_id = patients.id and action = 'patient.create'
        join idempotency_keys on idempotency_keys.location = '/v1/patients/' || patients.id where {gone}"
    );
    let rows = &format!("select count(*) from patients where {gone}");
    let keys = &format!(
        "select count(*) from idempotency_keys where scope = '{}' and location like '/v1/patients/%'
         and location <> '/v1/patients/{}'",
        north.owner.id, norths.id
    );
    let (whole, rows, keys) = (count(&world, whole).await, count(&world, rows).await, count(&world, keys).await);
    eprintln!("of 100 patients whose clinic did not wait for the answer {rows} are there");
    assert!((1..100).contains(&rows), "some were cut off, and some were not: {rows}");
    assert_eq!((whole, keys), (rows, rows), "each has its record and its key, or nothing of it is there");
    let elsewhere = format!("select count(*) from patients where {gone} and clinic_id <> '{}'", north.id);
    assert_eq!(count(&world, &elsewhere).await, 0);
    // No reading that nobody waited for holds the consent any more.
    let revoked = north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(revoked.state, ConsentState::Revoked);
}
