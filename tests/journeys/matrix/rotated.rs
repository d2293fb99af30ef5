//! What could be read before every data key was replaced is read after it, whatever it is: the operations are those of the
//! document, the columns those of the database.

use super::{
    answers::Service,
    misuse::{doable, document},
    operations,
    stage::Stage,
};
use diesel::sql_types::BigInt;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use rapport_tests::World;
use reqwest::Method;
use serde_json::json;

/// Sealed columns that may hold nothing here: a mail that was sent keeps no letter, and only scans from before there was a storage
/// are in the database.
const EMPTY: &[&str] = &["consent_forms.content", "mails.letter"];

async fn number(conn: &mut AsyncPgConnection, sql: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<BigInt>(&format!("({sql})"))).get_result(conn).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_read_is_read_word_for_word_after_every_data_key_was_replaced() {
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let doable = doable(&document, &operations, &mut stage, &service).await;
    let revokes = doable.iter().find(|doable| doable.operation.id == "revoke_consent").unwrap();
    let mut request = stage.request(revokes.operation, revokes.caller, revokes.of).await;
    request.body = Some(json!({"note": "By phone, on a Tuesday"}));
    assert!(service.ask(revokes.operation, &request).await.is_success());
    // The stage sets itself for a request: all of them are made before the first is sent.
    let mut requests = Vec::new();
    for doable in doable.iter().filter(|doable| doable.operation.method == Method::GET) {
        requests.push((doable.operation, stage.request(doable.operation, doable.caller, doable.of).await));
    }
    let mut before = Vec::new();
    for (operation, request) in requests {
        // What changes by itself, such as the log, does so between two readings too.
        let once = service.ask(operation, &request).await;
        let again = service.ask(operation, &request).await;
        assert!(once.is_success() && again.is_success(), "{}: {once:?}, {again:?}", operation.id);
        // The log is sealed every few seconds, and nothing in it by the vault.
        if once.body == again.body && operation.tag != "audit" {
            before.push((operation, request, again.body));
        }
    }
    assert!(before.len() >= 25, "{} operations read the same twice", before.len());

    let mut conn = world.database().await;
    for column in rapport_api::keys::sealed_columns() {
        let (table, name) = column.split_once('.').unwrap();
        let held = number(&mut conn, &format!("select count({name}) from {table}")).await;
        assert!(held > 0 || EMPTY.contains(&column.as_str()), "nothing is sealed in {column}");
    }
    let oldest =
        "select min(version)::bigint from data_keys where subject_id <> '00000000-0000-0000-0000-000000000000'";
    assert_eq!(number(&mut conn, oldest).await, 1);
    let (subjects, rows) = rapport_api::keys::rotate_data(world.database_url(), &world.vault()).await.unwrap();
    assert!(subjects > 0 && rows > subjects, "{subjects} subjects, {rows} rows");
    assert_eq!(number(&mut conn, oldest).await, 2, "nothing hangs on a key of before");

    let mut faults = Vec::new();
    for (operation, request, body) in before {
        let now = service.ask(operation, &request).await;
        if now.body != body {
            faults.push(format!("{}: {} {}\nand before\n{body}", operation.id, now.status, now.body));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // Second factors are sealed as well.
    let asks = doable.iter().find(|doable| doable.operation.id == "open_emergency_access").unwrap();
    let request = stage.request(asks.operation, asks.caller, asks.of).await;
    assert!(service.ask(asks.operation, &request).await.is_success(), "a second factor does not open any more");
}
