//! A word of its own in every field of every operation of the document, and everywhere else where a careless caller could put
//! one: taken or refused, it is in the answer to whoever may read it, and in no error, no log, no metric, no address, not in
//! the record, and not in what Postgres writes down. A new operation, and a new field, is tried without anybody's doing.

use super::{
    Of, Operation,
    answers::{Answer, Request, Service},
    misuse::{doable, document},
    operations,
    stage::{Caller, Stage},
};
use crate::{canary::talkative_world, conventions::example, log};
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
use rapport_tests::{World, cluster};
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Begins each of the words, and nothing else in any test.
const WORD: &str = "zqwhispered";

/// What a caller could put where it does not belong.
const CARELESS: &[&str] = &[
    "accept",
    "accept-language",
    "baggage",
    "cookie",
    "forwarded",
    "idempotency-key",
    "if-none-match",
    "origin",
    "prefer",
    "referer",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-b3-traceid",
    "x-clinic-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-request-id",
];

/// The example of the document, with what the stage knows better: ids that lead somewhere.
fn filled(example: &Value, known: &Value) -> Value {
    match (example, known) {
        (Value::Object(example), Value::Object(known)) => {
            let mut all = example.clone();
            for (name, value) in known {
                let value = example.get(name).map_or_else(|| value.clone(), |example| filled(example, value));
                all.insert(name.clone(), value);
            }
            all.into()
        }
        (_, known) => known.clone(),
    }
}

/// Where texts stand in a body.
fn texts(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(place.to_owned()),
        Value::Object(members) => {
            for (name, member) in members {
                texts(member, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// The words for a place: as they are, and in the form that some fields have.
fn words(number: &mut u32) -> [String; 3] {
    *number += 1;
    [
        format!("{WORD}{number}"),
        format!("{WORD}{number}@example.org"),
        // What imitates a line of a log, or the end of a statement, is no better.
        format!("{WORD}{number}\n2026-01-01T00:00:00Z ERROR {WORD} '; select '{WORD}"),
    ]
}

struct Listener {
    heard: Vec<String>,
    taken: BTreeSet<String>,
    sent: u32,
}

impl Listener {
    /// An answer: only to whom it is due, and in its body alone, the word may come back.
    fn note(&mut self, what: &str, answer: &Answer, is_carried: bool) {
        self.sent += 1;
        if answer.is_success() {
            if is_carried {
                self.taken.insert(what.to_owned());
            }
        } else if answer.body.to_lowercase().contains(WORD) {
            self.heard.push(format!("the answer to {what}: {}", answer.body));
        }
        if answer.headers.to_lowercase().contains(WORD) {
            self.heard.push(format!("a header of the answer to {what}: {}", answer.headers));
        }
        if answer.status >= 500 {
            self.heard.push(format!("{what}: {answer:?}"));
        }
    }

    fn text(&mut self, what: &str, text: &str) {
        let text = text.to_lowercase();
        let mut lines = text.lines().filter(|line| line.contains(WORD));
        if let Some(line) = lines.next() {
            self.heard.push(format!("{} lines of {what}, such as {line:.300}", lines.count() + 1));
        }
    }
}

/// Sends a body with a word in each of its fields in turn: taken where the field takes it, refused where it does not.
async fn in_each_field(
    stage: &mut Stage<'_>,
    service: &Service,
    (operation, caller, of): (&Operation, Caller, Of),
    example: &Value,
    number: &mut u32,
    listener: &mut Listener,
) {
    let id = &operation.id;
    let known = stage.request(operation, caller, of).await.body.unwrap_or(json!({}));
    let mut places = Vec::new();
    texts(&filled(example, &known), "", &mut places);
    for place in places {
        for word in words(number) {
            // Not all that a body may hold it may hold at once, or twice: so with all the rest, and with what it takes.
            for rest in [example, &json!({})] {
                let mut request = stage.request(operation, caller, of).await;
                let mut body = filled(rest, request.body.as_ref().unwrap_or(&json!({})));
                if !put(&mut body, &place, &word) {
                    continue;
                }
                request.body = Some(body);
                let answer = service.ask(operation, &request).await;
                listener.note(&format!("{id}{place}"), &answer, true);
            }
        }
    }
}

/// Puts a text at a place, if that is there but for its last step.
fn put(body: &mut Value, place: &str, text: &str) -> bool {
    let (parent, name) = place.rsplit_once('/').unwrap_or_default();
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.insert(name.to_owned(), json!(text));
            true
        }
        Some(Value::Array(items)) => {
            let item = name.parse().ok().and_then(|index: usize| items.get_mut(index));
            item.map(|item| *item = json!(text)).is_some()
        }
        _ => false,
    }
}

/// Everything but the body.
async fn beside_the_body(
    stage: &mut Stage<'_>,
    service: &Service,
    document: &Value,
    (operation, caller, of): (&Operation, Caller, Of),
    number: &mut u32,
    listener: &mut Listener,
) {
    let id = &operation.id;
    for name in CARELESS {
        let [word, _, _] = words(number);
        let mut request = stage.request(operation, caller, of).await;
        // A short plain id is taken, returned and logged by intent: one that is not is replaced.
        let value = if *name == "x-request-id" { format!("{word} {word}") } else { word };
        let name: HeaderName = name.parse().unwrap();
        request.headers.append(name.clone(), HeaderValue::from_str(&value).unwrap());
        let mut answer = service.ask(operation, &request).await;
        // The cookies that we set are ours alone.
        answer.headers = answer.headers.replace("set-cookie", "");
        listener.note(&format!("{id} with {name}"), &answer, false);
    }
    let described = &document["paths"][&operation.path][operation.method.as_str().to_lowercase()];
    for parameter in described["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "query" {
            let [word, _, _] = words(number);
            let mut request = stage.request(operation, caller, of).await;
            request.query = Some(format!("{}={word}", parameter["name"].as_str().unwrap()));
            listener.note(&format!("{id}?{}", parameter["name"]), &service.ask(operation, &request).await, true);
        }
    }
    let mut request = stage.request(operation, caller, of).await;
    request.query = Some(format!("{WORD}={WORD}"));
    listener.note(&format!("{id} with a query"), &service.ask(operation, &request).await, false);
    let request = stage.request(operation, caller, of).await;
    let path = operation.path.replace('{', WORD).replace('}', "");
    let astray = Operation { path, ..operation.clone() };
    listener.note(&format!("{id} at another address"), &service.ask(&astray, &request).await, false);
    if let Some(form) = stage.request(operation, caller, of).await.form {
        let parameters: Vec<&str> =
            form.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name).collect();
        let more = ["scope", "client_assertion", "client_assertion_type", "token_type_hint", "resource"];
        for name in parameters.into_iter().chain(more) {
            let [word, _, _] = words(number);
            let mut pairs: Vec<String> =
                form.split('&').filter(|pair| !pair.starts_with(&format!("{name}="))).map(ToOwned::to_owned).collect();
            pairs.push(format!("{name}={word}"));
            let request = Request { form: Some(pairs.join("&")), ..stage.request(operation, caller, of).await };
            listener.note(&format!("{id} {name}"), &service.ask(operation, &request).await, true);
        }
    }
}

#[tokio::test]
async fn a_word_in_any_field_of_any_operation_is_in_no_error_log_metric_address_or_record() {
    log::listen();
    let world: World = talkative_world().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let mut listener = Listener { heard: Vec::new(), taken: BTreeSet::new(), sent: 0 };
    let mut number = 0;
    for doable in doable(&document, &operations, &mut stage, &service).await {
        let operation = doable.operation;
        stage.renew().await;
        let described = &document["paths"][&operation.path][operation.method.as_str().to_lowercase()];
        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        let example = if schema.is_null() { json!({}) } else { example(&document, schema) };
        // By who gets it done, by somebody of another clinic, and by nobody.
        for caller in BTreeSet::from([doable.caller as u8, Caller::Stranger as u8, Caller::Nobody as u8]) {
            let caller = Caller::ALL.into_iter().find(|known| *known as u8 == caller).unwrap();
            let who = (operation, caller, doable.of);
            if !schema.is_null() {
                in_each_field(&mut stage, &service, who, &example, &mut number, &mut listener).await;
            }
            if caller == doable.caller {
                beside_the_body(&mut stage, &service, &document, who, &mut number, &mut listener).await;
            }
        }
    }
    stage.mail_is_out().await;
    world.sealed().await;

    let metrics = world.http().get(world.metrics_url()).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("rapport_http_requests_total"));
    listener.text("the metrics", &metrics);
    let heard = log::heard();
    assert!(heard.contains("request_id"), "the service's log is heard");
    listener.text("the service's log", &heard);
    let postgres = std::fs::read_to_string(cluster::postgres_log()).unwrap();
    assert!(
        postgres.contains("duration:") && postgres.to_lowercase().contains("insert into"),
        "Postgres logs statements"
    );
    listener.text("Postgres's log", &postgres);
    let mut conn = world.database().await;
    // It is in the database, or this would be a test of nothing; and it is not in what is kept of who did what.
    for table in ["audit_events", "audit_leaves", "audit_checkpoints"] {
        let sql = format!("(select count(*) from {table} t where t::text ilike '%{WORD}%')");
        let found: i64 = diesel::select(diesel::dsl::sql::<BigInt>(&sql)).get_result(&mut conn).await.unwrap();
        if found > 0 {
            listener.heard.push(format!("{found} rows of {table}"));
        }
    }
    let witness = std::fs::read_to_string(world.folder().join("audit/checkpoints.jsonl")).unwrap_or_default();
    listener.text("the witness", &witness);
    eprintln!("{number} words in {} requests, taken in {} places", listener.sent, listener.taken.len());
    assert!(listener.heard.is_empty(), "{} places:\n{}", listener.heard.len(), listener.heard.join("\n"));
    // Texts of people are taken, or nothing was carried anywhere.
    for place in ["create_patient/family_name", "create_report/body/treatment/what", "share_report/cover_letter"] {
        assert!(listener.taken.contains(place), "{place} was never taken: {:?}", listener.taken);
    }
    assert!(listener.taken.len() > 50, "{:?}", listener.taken);
}
