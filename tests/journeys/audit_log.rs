//! The sealed log: proofs, checkpoints, and what is noticed when somebody with all rights in the database changes it.

use crate::wire::call;
use diesel_async::SimpleAsyncConnection;
use futures_util::TryStreamExt;
use rapport_api::{
    audit::seal::check::{self, Against},
    database::connect,
    server,
};
use rapport_contract::{audit::AuditEvent, audit_log::LogEvent, members::Role};
use rapport_sdk::{Kind, MemoryStore};
use rapport_tests::World;
use std::collections::BTreeSet;

/// Everything that a clinic may do in a database whose triggers stand in the way of others.
const WITHOUT_TRIGGERS: &str = "alter table audit_events disable trigger all; alter table audit_leaves disable trigger all; \
    alter table audit_nodes disable trigger all; alter table audit_checkpoints disable trigger all;";

#[tokio::test]
async fn every_event_of_a_clinic_is_proven_to_it_and_to_no_other() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    let practitioner = north.member(Role::Practitioner).await;
    world.sealed().await;
    let keys = north.client().audit().keys().await.unwrap();
    assert_eq!(keys.len(), 1);
    let log = north.client().audit().log(keys.clone(), MemoryStore::default());
    let events: Vec<AuditEvent> = north.client().audit().events().limit(100).stream().try_collect().await.unwrap();
    let own: Vec<_> = events.iter().filter(|event| event.action != "audit.read").collect();
    assert!(own.len() > 5);
    let mut places = BTreeSet::new();
    for event in &own {
        let proven = log.prove(event).await.unwrap();
        assert_eq!(proven.event.id, event.id);
        assert!(places.insert(proven.leaf_index), "no two events have one place");
        let elsewhere = south.client().audit().proof(event.id, None).await.unwrap_err();
        assert_eq!(elsewhere.kind(), Some(Kind::NotFound), "{event:?}");
    }
    let event = own[0];
    let forbidden = practitioner.client.audit().proof(event.id, None).await.unwrap_err();
    assert_eq!(forbidden.kind(), Some(Kind::Forbidden));
    let never = north.client().audit().proof(event.id, Some(1_000_000)).await.unwrap_err();
    assert_eq!(never.kind(), Some(Kind::NotFound), "there is no such checkpoint");

    // What a list says of an event is held against what was sealed.
    let told_otherwise = AuditEvent { action: "share.acknowledge".to_owned(), ..event.clone() };
    let error = log.prove(&told_otherwise).await.unwrap_err();
    assert!(error.audit_finding().unwrap().contains("what was sealed is not what is listed"), "{error}");
    // A key that was not trusted before proves nothing.
    let others = rapport_contract::audit_log::PublicKey::new([7; 32]);
    let error = north.client().audit().log(vec![others], MemoryStore::default()).newest().await.unwrap_err();
    assert!(error.audit_finding().is_some(), "{error}");
}

#[tokio::test]
async fn audit_reads_carry_the_newest_checkpoint_and_pages_of_them_connect() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    for _ in 0..3 {
        north.patient().await;
        world.sealed().await;
    }
    let answer = call(&world, "GET", "/v1/audit/checkpoints?limit=1").by(&north.owner).await.send().await;
    assert_eq!(answer.status, 200);
    let header = answer.header("rapport-checkpoint").unwrap();
    let note = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, header).unwrap();
    assert_eq!(answer.json()["items"][0]["note"], String::from_utf8(note).unwrap());

    let audit = north.client().audit();
    let checkpoints: Vec<_> = audit.checkpoints().limit(2).stream().try_collect().await.unwrap();
    assert!(checkpoints.len() >= 3);
    for pair in checkpoints.windows(2) {
        assert!(pair[0].size > pair[1].size && pair[0].sealed_at >= pair[1].sealed_at);
        assert_eq!(pair[0].previous_root.as_ref(), Some(&pair[1].root));
    }
    let log = audit.log(audit.keys().await.unwrap(), MemoryStore::default());
    for checkpoint in checkpoints.iter().rev().chain(&checkpoints) {
        log.see(&checkpoint.note).await.unwrap();
    }
    let newest = checkpoints[0].size;
    for (from, to) in [(0, 1), (2, 1), (1, newest + 1_000)] {
        assert_eq!(audit.consistency(from, to).await.unwrap_err().kind(), Some(Kind::Validation), "{from} {to}");
    }
    for path in ["/v1/audit/checkpoints", "/v1/audit/consistency?from=1&to=1"] {
        assert_eq!(call(&world, "GET", path).send().await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn who_kept_a_checkpoint_notices_a_log_that_was_rewritten_and_sealed_anew() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    north.patient().await;
    world.sealed().await;
    north.patient().await;
    world.sealed().await;
    let audit = north.client().audit();
    let log = audit.log(audit.keys().await.unwrap(), MemoryStore::default());
    let seen = log.newest().await.unwrap().unwrap();
    // The last stretch is taken off the tree, an event in it is changed, and the service seals it again with its own key.
    let mut conn = world.database().await;
    conn.batch_execute(&format!(
        "begin; {WITHOUT_TRIGGERS} \
         update audit_events set action = 'patient.read' where id = (select event_id from audit_leaves order by leaf_index desc limit 1); \
         delete from audit_checkpoints where size = {size}; \
         delete from audit_leaves where leaf_index >= (select max(size) from audit_checkpoints); \
         delete from audit_nodes where (position + 1) << level > (select max(size) from audit_checkpoints); commit;",
        size = seen.size
    ))
    .await
    .unwrap();
    world.sealed().await;
    let error = log.newest().await.unwrap_err();
    let finding = error.audit_finding().unwrap();
    assert!(finding.contains("does not begin with") || finding.contains("another root"), "{finding}");
}

#[tokio::test]
async fn a_transaction_that_commits_late_is_sealed_and_none_is_skipped() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    world.sealed().await;
    let insert = format!(
        "insert into audit_events (id, clinic_id, occurred_at, action, outcome, actor_kind, object_type, request_id) values \
         (gen_random_uuid(), '{}', now(), 'test.late', 'permitted', 'system', 'test', 'late')",
        north.id
    );
    let mut slow = world.database().await;
    slow.batch_execute(&format!("begin; {insert}")).await.unwrap();
    // These come later and commit earlier.
    let patient = north.patient().await;
    north.client().patients().get(patient.id).await.unwrap();
    let before = size(&world).await;
    for _ in 0..3 {
        world.service().signals.seal.notify_one();
        tokio::task::yield_now().await;
    }
    assert_eq!(size(&world).await, before, "nothing is sealed that something could still come before");
    slow.batch_execute("commit").await.unwrap();
    world.sealed().await;
    let report = check::database(&mut world.database().await, Against::default(), &mut |_, _| {}).await.unwrap();
    assert_eq!((report.findings, report.unsealed), (Vec::new(), 0));
    assert!(size(&world).await >= before + 3);
}

async fn size(world: &World) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Size {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        size: i64,
    }
    let query = diesel::sql_query("select count(*) as size from audit_leaves");
    let rows: Vec<Size> = diesel_async::RunQueryDsl::load(query, &mut world.database().await).await.unwrap();
    rows[0].size
}

#[tokio::test]
async fn the_leaf_is_the_hash_of_every_column_that_the_database_has() {
    let world = World::start().await;
    #[derive(diesel::QueryableByName)]
    struct Column {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let query = diesel::sql_query(
        "select column_name::text as name from information_schema.columns where table_name = 'audit_events'",
    );
    let rows: Vec<Column> = diesel_async::RunQueryDsl::load(query, &mut world.database().await).await.unwrap();
    let there: BTreeSet<String> = rows.into_iter().map(|row| row.name).collect();
    assert_eq!(
        there,
        LogEvent::COLUMNS.map(ToOwned::to_owned).into(),
        "a column that is not sealed can be changed unseen"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn services_that_share_a_database_make_one_log_and_each_keeps_a_witness_of_it() {
    // The same keys: two services of one installation.
    let folder = tempfile::tempdir().unwrap();
    let keys = server::make_keys(folder.path()).unwrap();
    let (of_one, of_other) = (keys.clone(), keys);
    let (seen_by_one, seen_by_other) = (folder.path().join("one.jsonl"), folder.path().join("other.jsonl"));
    let (to_one, to_other) = (seen_by_one.clone(), seen_by_other.clone());
    let world = World::with(move |config| (config.keys, config.audit_witness_file) = (of_one, to_one)).await;
    let url = world.database_url().to_owned();
    let on = move || World::on(url, |config| (config.keys, config.audit_witness_file) = (of_other, to_other));
    let other = tokio::task::spawn_blocking(on).await.unwrap();
    let (north, south) = (world.clinic("north").await, other.clinic("south").await);
    for round in 0..10 {
        let busy = async {
            for _ in 0..3 {
                world.service().signals.seal.notify_one();
                other.service().signals.seal.notify_one();
                tokio::join!(north.patient(), south.patient());
            }
        };
        busy.await;
        if round % 3 == 0 {
            world.sealed().await;
        }
    }
    world.sealed().await;
    other.sealed().await;
    let url = world.database_url().to_owned();
    drop((world, other));
    for witness in [seen_by_one, seen_by_other] {
        let mut against = Against::default();
        against.read_witness(&witness).unwrap();
        assert!(!against.witness.is_empty());
        let report = check::database(&mut connect(&url).await.unwrap(), against, &mut |_, _| {}).await.unwrap();
        assert_eq!((report.findings, report.unsealed), (Vec::new(), 0));
        assert!(report.witnessed > 0);
    }
    let mut conn = connect(&url).await.unwrap();
    let report = check::database(&mut conn, Against::default(), &mut |_, _| {}).await.unwrap();
    assert!(report.entries > 60 && report.checkpoints > 1, "{} {}", report.entries, report.checkpoints);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_does_not_start_before_the_time_of_the_last_seal_nor_on_a_log_that_was_changed() {
    for (change, why) in [
        ("update audit_checkpoints set sealed_at = now() + interval '1 hour'", "set the clock right"),
        (
            "update audit_events set outcome = 'denied' where action = 'patient.create'",
            "was changed after it was sealed",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let keys = server::make_keys(folder.path()).unwrap();
        let same = keys.clone();
        let world = World::with(|config| config.keys = same).await;
        let north = world.clinic("north").await;
        north.patient().await;
        world.sealed().await;
        let url = world.database_url().to_owned();
        drop(world);
        let mut conn = connect(&url).await.unwrap();
        conn.batch_execute(&format!("begin; {WITHOUT_TRIGGERS} {change}; commit")).await.unwrap();
        let started = tokio::task::spawn_blocking(move || drop(World::on(url, |config| config.keys = keys))).await;
        let Err(refused) = started else { panic!("it started after: {change}") };
        let told = refused.into_panic().downcast::<String>().unwrap();
        assert!(told.contains(why), "{told}");
    }
}
