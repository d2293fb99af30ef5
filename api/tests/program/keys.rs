//! `rapport keys`: each level is rotated while the service serves, a rotation that was killed goes on, and what was shredded is
//! gone.

use super::{
    clinic::sign_in_for_the_first_time,
    durability::{Record, everything_is_there_once, named, write},
    run::{Ended, Program, alone, end, folder, rapport, tell},
};
use rapport_sdk::{Client, Kind, Policy, Timeouts, contract::audit::ActorKind};
use std::{
    fs,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::task::JoinSet;

/// How often each of the longer rotations is killed.
const KILLS: u64 = 3;

fn keys(arguments: &[&str], folder: &Path) -> std::process::Command {
    let mut command = rapport(&[&["keys"], arguments].concat());
    command.arg("--data-dir").arg(folder);
    command
}

fn status(folder: &Path) -> String {
    end(keys(&["status"], folder)).well().stdout
}

/// Kills it ever later, and then lets it come to its end.
fn rotate(level: &str, folder: &Path) -> Ended {
    for kill in 1..=KILLS {
        let rotation = Program::start(keys(&["rotate", level], folder));
        std::thread::park_timeout(Duration::from_millis(60 * kill));
        rotation.kill_unless_ended();
    }
    end(keys(&["rotate", level], folder)).well()
}

fn root_keys(folder: &Path) -> usize {
    fs::read_to_string(folder.join("keys/root.key")).unwrap().lines().count()
}

/// Kills it ever later. Some of these come to their end before, and then the next is a rotation of its own: of each one, however
/// often it was killed, there is one new key.
fn rotate_root(folder: &Path) -> Ended {
    let mut before = root_keys(folder);
    let mut killed = 0;
    for kill in 1..=2 * KILLS {
        let rotation = Program::start(keys(&["rotate", "root"], folder));
        std::thread::park_timeout(Duration::from_millis(20 * kill));
        rotation.kill_unless_ended();
        let now = root_keys(folder);
        assert!(now <= before + 1, "a rotation of the root key that was killed adds no second one");
        if status(folder).contains("the rotation of root") {
            killed += 1;
        } else {
            before = now;
        }
    }
    tell(&format!("the rotation of the root key was interrupted {killed} times"));
    let ended = end(keys(&["rotate", "root"], folder)).well();
    assert_eq!(root_keys(folder), before + 1, "a rotation of the root key adds one, however often it was killed");
    ended
}

#[test]
fn each_level_is_rotated_while_the_service_serves_and_what_was_killed_goes_on() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // A key that is rotated away in the middle of a request is worth another try.
    let retries = Policy { attempts: 100, base: Duration::from_millis(20), cap: Duration::from_millis(200) };
    let patient = Timeouts { overall: Duration::from_secs(120), ..Timeouts::default() };
    let client = Client::builder(service.url()).retries(retries).timeouts(patient).build().unwrap();
    let clinic = runtime.block_on(sign_in_for_the_first_time(client));
    let record = Arc::new(Record::default());
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        writers.spawn_on(write(clinic.clone(), writer, Arc::clone(&record)), runtime.handle());
    }
    (0..5).for_each(|_| record.wait_for_load());

    let told = [rotate("data", folder.path()), rotate("clinics", folder.path()), rotate_root(folder.path())];
    told.iter().for_each(|told| tell(told.stdout.trim()));
    // Once more, so that what was written meanwhile has been rotated too.
    end(keys(&["rotate", "data"], folder.path())).well();
    record.wait_for_load();
    record.is_over.store(true, Ordering::SeqCst);
    runtime.block_on(async { while writers.join_next().await.transpose().unwrap().is_some() {} });

    let told = status(folder.path());
    assert!(
        told.contains("the newest: wraps 1 keys of clinics")
            && !told.contains("halfway")
            && !told.contains("has not ended"),
        "{told}"
    );
    end(keys(&["forget-root-keys"], folder.path())).well();
    assert_eq!(root_keys(folder.path()), 1);
    runtime.block_on(everything_is_there_once(&clinic, &record));
    service.stop().well();
    // Nothing of it hangs on what the service had in memory.
    let service = Program::serve(folder.path());
    service.stop().well();
    assert!(status(folder.path()).contains("1 clinics"));
}

#[test]
fn what_was_shredded_is_gone_and_the_log_still_verifies() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let clinic = runtime.block_on(sign_in_for_the_first_time(Client::builder(service.url()).build().unwrap()));
    let record = Record::default();
    let (gone, stays) = runtime.block_on(async {
        let gone = super::durability::one(&clinic, "Samplegone", &record).await.unwrap();
        (gone, super::durability::one(&clinic, "Samplestays", &record).await.unwrap())
    });
    // The bytes of files are outside of the database, and what opens them is in it.
    let attach =
        async |report| clinic.attachments().add(report, "a.txt", "text/plain", b"Forward 4 in").await.unwrap().id;
    let (file_gone, file_stays) = runtime.block_on(async { (attach(gone.id).await, attach(stays.id).await) });
    end(keys(&["rotate", "data"], folder.path())).well();
    let content = |file| runtime.block_on(clinic.attachments().content(file));
    assert_eq!(content(file_gone).unwrap(), b"Forward 4 in", "a rotation leaves files as they are");
    let patient = gone.patient_id.to_string();
    let refused = end(keys(&["shred", "--patient", &patient], folder.path()));
    assert!(refused.refused()[0].contains("--yes"), "{}", refused.stderr);
    runtime.block_on(async { assert!(clinic.patients().get(gone.patient_id).await.is_ok()) });

    end(keys(&["shred", "--patient", &patient, "--yes"], folder.path())).well();
    runtime.block_on(async {
        let refusals = [
            clinic.patients().get(gone.patient_id).await.err(),
            clinic.reports().get(gone.id).await.err(),
            clinic.reports().version(gone.id, 1).await.err(),
        ];
        let file = clinic.attachments().content(file_gone).await;
        assert_eq!(file.err().and_then(|refusal| refusal.kind()), Some(Kind::NotFound));
        assert_eq!(clinic.attachments().content(file_stays).await.unwrap(), b"Forward 4 in");
        for refusal in refusals {
            assert_eq!(refusal.and_then(|refusal| refusal.kind()), Some(Kind::NotFound));
        }
        assert!(named(&clinic, "Samplegone").await.is_empty());
        assert_eq!(named(&clinic, "Samplestays").await, [stays.patient_id]);
        assert!(clinic.reports().get(stays.id).await.is_ok());
        let events = clinic.audit().events().patient(gone.patient_id).send().await.unwrap();
        assert!(events.items.iter().any(|event| event.action == "key.shred" && event.actor_kind == ActorKind::System));
    });
    let again = end(keys(&["shred", "--patient", &patient, "--yes"], folder.path()));
    assert!(again.refused()[0].contains("there is no patient"), "{}", again.stderr);
    service.stop().well();
    let mut verify = rapport(&["audit", "verify", "--data-dir"]);
    verify.arg(folder.path());
    assert!(end(verify).well().stdout.contains("nothing was changed"));
}
