//! Every wrong way to ask, of every operation that can be asked so: the operations are those of the document, and each
//! wrong request differs in one thing from one that would have been done. What was refused has changed nothing: the right
//! request is done afterwards.

use super::{
    LINES, Of, Operation,
    answers::{Answer, Request, Service, path_of},
    operations,
    stage::{Caller, Stage},
};
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join_all;
use rapport_tests::World;
use reqwest::{
    Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, IF_MATCH},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// More than any route takes.
const TOO_LARGE: usize = 64 << 20;

/// An operation, and somebody who gets it done with something.
pub(super) struct Doable<'d> {
    pub(super) operation: &'d Operation,
    pub(super) caller: Caller,
    pub(super) of: Of,
    /// Whether it may be sent a body, and whether it has to be told the version that it changes.
    takes_body: bool,
    demands_version: bool,
    knows_version: bool,
}

fn at<'d>(document: &'d Value, operation: &Operation) -> &'d Value {
    &document["paths"][&operation.path][operation.method.as_str().to_lowercase()]
}

/// Each operation, with the first caller and object for which it succeeds.
pub(super) async fn doable<'d>(
    document: &Value,
    operations: &'d [Operation],
    stage: &mut Stage<'_>,
    service: &Service,
) -> Vec<Doable<'d>> {
    let mut all = Vec::new();
    for operation in operations.iter().filter(|operation| operation.tag != "service") {
        let (_, ofs) = LINES.iter().find(|(id, _)| *id == operation.id).unwrap();
        let mut found = None;
        // A patient's link is tried as the patient, and what a recipient does as the recipient.
        'search: for caller in Caller::ALL.into_iter().skip(1).chain([Caller::Nobody]) {
            for of in *ofs {
                let request = stage.request(operation, caller, *of).await;
                if service.ask(operation, &request).await.is_success() {
                    found = Some((caller, *of));
                    break 'search;
                }
            }
        }
        let (caller, of) = found.unwrap_or_else(|| panic!("nobody gets {} done", operation.id));
        let described = at(document, operation);
        let version = described["parameters"].as_array().into_iter().flatten();
        let version: Vec<_> = version.filter(|parameter| parameter["name"] == "If-Match").collect();
        all.push(Doable {
            operation,
            caller,
            of,
            takes_body: operation.method == Method::POST || described["requestBody"].is_object(),
            demands_version: version.iter().any(|parameter| parameter["required"] == true),
            knows_version: !version.is_empty(),
        });
    }
    assert!(all.len() > 60, "{}", all.len());
    all
}

pub(super) async fn document(service: &Service) -> Value {
    serde_json::from_str(&service.get("/openapi.json").await.body).unwrap()
}

/// Everything that differs from this body in one place, where no value of any field's type stands.
fn of_wrong_type(value: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                // A list in a list is of no field's type.
                let below = of_wrong_type(member).into_iter();
                for (place, fault) in below.chain([(String::new(), json!([[]]))]) {
                    let mut spoiled = members.clone();
                    spoiled.insert(name.clone(), fault);
                    all.push((format!("/{name}{place}"), spoiled.into()));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for (place, fault) in of_wrong_type(item).into_iter().chain([(String::new(), json!([[]]))]) {
                    let mut spoiled = items.clone();
                    spoiled[index] = fault;
                    all.push((format!("/{index}{place}"), spoiled.into()));
                }
            }
        }
        _ => {}
    }
    all
}

/// Everything that has a field too many, at any depth.
fn with_a_field_too_many(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("clinic_id".into(), json!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12"));
            if !members.contains_key("clinic_id") {
                all.push(more.into());
            }
            for (name, member) in members {
                for fault in with_a_field_too_many(member) {
                    let mut spoiled = members.clone();
                    spoiled.insert(name.clone(), fault);
                    all.push(spoiled.into());
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for fault in with_a_field_too_many(item) {
                    let mut spoiled = items.clone();
                    spoiled[index] = fault;
                    all.push(spoiled.into());
                }
            }
        }
        _ => {}
    }
    all
}

/// The request as bytes, up to its body.
fn head(operation: &Operation, request: &Request, more: &str) -> String {
    let path = path_of(operation, request);
    let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
    let mut head = format!("{} {path}{query} HTTP/1.1\r\nhost: localhost\r\n{more}", operation.method);
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    if request.form.is_some() {
        head.push_str("content-type: application/x-www-form-urlencoded\r\n");
    } else if operation.method != Method::GET && operation.method != Method::DELETE {
        head.push_str("content-type: application/json\r\n");
    }
    head
}

fn body(request: &Request) -> String {
    request.form.clone().or_else(|| request.body.as_ref().map(ToString::to_string)).unwrap_or_default()
}

/// The head of the answer to these bytes, followed by one more piece after the other until there is one.
async fn raw(world: &World, head: &str, piece: &[u8]) -> String {
    let stream = TcpStream::connect(world.service().address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    to.write_all(head.as_bytes()).await.unwrap();
    let send = async {
        let mut sent = 0;
        while !piece.is_empty() && sent < TOO_LARGE && to.write_all(piece).await.is_ok() {
            sent += piece.len();
        }
        // Whoever has said all that it wants to say waits for the answer.
        std::future::pending::<()>().await;
    };
    let read = async {
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&answer).contains("\r\n\r\n") {
            match from.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&buffer[..count]),
            }
        }
        String::from_utf8_lossy(&answer).into_owned()
    };
    tokio::select! {
        () = send => String::new(),
        answer = read => answer,
    }
}

/// The refusal that is due, or what was answered instead.
fn refused_as(answer: &Answer, status: u16, slug: &str, what: &str, faults: &mut Vec<String>) {
    if (answer.status, answer.slug.as_deref()) != (status, Some(slug)) {
        faults.push(format!("{what}: {answer:?}"));
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_body_is_refused_by_every_operation_and_changes_nothing() {
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let mut faults = Vec::new();
    let mut asked = 0;
    for doable in doable(&document, &operations, &mut stage, &service).await.iter().filter(|doable| doable.takes_body) {
        let (operation, id) = (doable.operation, &doable.operation.id);
        let right = stage.request(operation, doable.caller, doable.of).await;
        let mut ask = async |change: &dyn Fn(&mut Request)| {
            let mut wrong = right.clone();
            change(&mut wrong);
            asked += 1;
            service.ask(operation, &wrong).await
        };
        // What may be sent a form is OAuth's, and speaks its own language of errors besides ours.
        if right.form.is_none() {
            let body = right.body.clone().unwrap_or(json!({}));
            for (place, wrong) in of_wrong_type(&body) {
                let answer = ask(&|request| request.body = Some(wrong.clone())).await;
                refused_as(&answer, 422, "validation", &format!("{id}: {place} of a wrong type"), &mut faults);
            }
            for wrong in with_a_field_too_many(&body) {
                let answer = ask(&|request| request.body = Some(wrong.clone())).await;
                refused_as(&answer, 422, "validation", &format!("{id}: {wrong}"), &mut faults);
                if !answer.body.contains("unknown_field") && !answer.body.contains("one_of") {
                    faults.push(format!("{id}: {wrong}: {answer:?}"));
                }
            }
            for wrong in [json!([]), json!("x"), json!(1), json!(null), json!(true)] {
                let answer = ask(&|request| request.body = Some(wrong.clone())).await;
                refused_as(&answer, 422, "validation", &format!("{id}: {wrong}"), &mut faults);
            }
            for wrong in ["{", "{'a': 1}", "{} {}", "\u{feff}{}", "\u{0}"] {
                let answer = ask(&|request| {
                    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                    request.text = Some(wrong.to_owned());
                })
                .await;
                refused_as(&answer, 400, "bad-request", &format!("{id}: {wrong:?}"), &mut faults);
            }
            for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
                let answer = ask(&|request| {
                    request.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
                    request.text = Some(body.to_string());
                })
                .await;
                refused_as(&answer, 415, "unsupported-media-type", &format!("{id}: {kind}"), &mut faults);
            }
        }
        for encoding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
            let answer = ask(&|request| {
                request.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            })
            .await;
            refused_as(&answer, 415, "unsupported-media-type", &format!("{id}: {encoding}"), &mut faults);
        }
        // Announced: refused before a byte of it is sent. Not announced: refused when it has become too much.
        let head = head(operation, &right, "");
        let announced = format!("{head}content-length: {TOO_LARGE}\r\n\r\n");
        let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n");
        let piece = format!("{:x}\r\n{}\r\n", 1 << 18, "x".repeat(1 << 18));
        for (how, head, piece) in [("announced", announced, ""), ("in pieces", chunked, &piece)] {
            asked += 1;
            let answer = raw(&world, &head, piece.as_bytes()).await;
            if !answer.starts_with("HTTP/1.1 413") || !answer.to_lowercase().contains("application/problem+json") {
                faults.push(format!("{id}: too large, {how}: {answer}"));
            }
        }
        let answer = service.ask(operation, &right).await;
        if !answer.is_success() {
            faults.push(format!("{id}: after all that was refused the right request is not done: {answer:?}"));
        }
    }
    eprintln!("{asked} wrong bodies");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(asked > 1000, "{asked}");
}

#[tokio::test]
async fn every_change_takes_the_version_that_was_seen_and_of_many_at_once_one_is_done() {
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let mut faults = Vec::new();
    let mut changes = 0;
    for doable in doable(&document, &operations, &mut stage, &service).await {
        let (operation, id) = (doable.operation, &doable.operation.id);
        if !doable.knows_version {
            // What changes an object under its own address has to know which version it changes.
            if matches!(operation.method, Method::PATCH | Method::PUT) {
                faults.push(format!("{id}: a change that is not told the version"));
            }
            continue;
        }
        changes += 1;
        let right = stage.request(operation, doable.caller, doable.of).await;
        let ask = async |tag: Option<&str>| {
            let mut request = right.clone();
            request.headers.remove(IF_MATCH);
            if let Some(tag) = tag {
                request.headers.insert(IF_MATCH, HeaderValue::from_str(tag).unwrap());
            }
            service.ask(operation, &request).await
        };
        if doable.demands_version {
            refused_as(&ask(None).await, 428, "precondition-required", &format!("{id}: no version"), &mut faults);
        }
        for tag in ["\"999999\"", "\"0\"", "W/\"1\"", "1", "\"x\"", "", "\"1\u{00e9}\""] {
            refused_as(&ask(Some(tag)).await, 412, "stale", &format!("{id}: {tag}"), &mut faults);
        }
        let (first, second, third, fourth) = {
            let once = || service.ask(operation, &right);
            let answers = join_all([once(), once(), once(), once()]).await;
            let [first, second, third, fourth] = <[Answer; 4]>::try_from(answers).unwrap();
            (first, second, third, fourth)
        };
        let answers = [first, second, third, fourth];
        let done = answers.iter().filter(|answer| answer.is_success()).count();
        let rest = answers.iter().filter(|answer| !answer.is_success());
        if doable.demands_version && done != 1 || done == 0 {
            faults.push(format!("{id}: {done} of four at once were done: {answers:?}"));
        }
        for answer in rest.filter(|answer| ![412, 409, 404].contains(&answer.status)) {
            faults.push(format!("{id}: one of four at once: {answer:?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert!(changes >= 12, "{changes}");
}

/// Tables in which rows come and go by themselves, and those that say what was asked and not what was done. A sign-in is
/// counted before it is known what comes of it.
const BY_THEMSELVES: &[&str] = &[
    "audit_checkpoints",
    "audit_events",
    "audit_leaves",
    "audit_nodes",
    "idempotency_keys",
    "mails",
    "sign_in_failures",
];

#[derive(diesel::QueryableByName)]
struct Rows {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

async fn rows(conn: &mut AsyncPgConnection) -> BTreeMap<String, i64> {
    // A wrong code within a session is kept as a challenge that nobody can answer: it says what was asked.
    let sql = "select relname::text as name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I as t \
               where to_jsonb(t) ->> ''purpose'' is distinct from ''step_up'''::text, relname), false, true, '')))[1]::text::bigint as count from pg_class \
               where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition";
    let rows: Vec<Rows> = diesel::sql_query(sql).load(conn).await.unwrap();
    let kept = rows.into_iter().filter(|row| !BY_THEMSELVES.contains(&row.name.as_str()));
    kept.map(|row| (row.name, row.count)).collect()
}

async fn number(conn: &mut AsyncPgConnection, sql: &str) -> i64 {
    diesel::select(diesel::dsl::sql::<BigInt>(&format!("({sql})"))).get_result(conn).await.unwrap()
}

fn difference(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
    let changed = after.iter().map(|(name, count)| (name.clone(), count - before[name]));
    changed.filter(|(_, change)| *change != 0).collect()
}

/// Sends the whole request, and is gone after a while without having read anything.
async fn send_and_leave(world: &World, bytes: &[u8], after: Duration) {
    let mut stream = TcpStream::connect(world.service().address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    tokio::time::sleep(after).await;
    // A reset, as when the machine at the other end is gone.
    stream.set_zero_linger().unwrap();
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_middle_of_any_operation_leaves_all_of_it_or_nothing() {
    const KEYS: &str = "select count(*) from idempotency_keys";
    const OPEN: &str = "select count(*) from pg_stat_activity where datname = current_database() \
                        and pid <> pg_backend_pid() and (state like 'idle in transaction%' or state = 'active')";
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let mut faults = Vec::new();
    let (mut done_already, mut keyed, mut waits) = (0, 0, Vec::new());
    let mut conn = world.database().await;
    // Nothing that lapses is forgotten meanwhile: it would be counted as done by somebody.
    conn.batch_execute("revoke delete on mfa_challenges, api_client_assertions from rapport_worker").await.unwrap();
    for doable in doable(&document, &operations, &mut stage, &service).await {
        let (operation, id) = (doable.operation, &doable.operation.id);
        stage.renew().await;
        // What one undisturbed request does.
        let whole = stage.request(operation, doable.caller, doable.of).await;
        let before = rows(&mut conn).await;
        assert!(service.ask(operation, &whole).await.is_success(), "{id}");
        let effect = difference(&before, &rows(&mut conn).await);
        for after in [0, 4, 12, 40].map(Duration::from_millis) {
            let mut request = stage.request(operation, doable.caller, doable.of).await;
            let before = rows(&mut conn).await;
            let keys = number(&mut conn, KEYS).await;
            let key = format!("{id}-{}", after.as_millis());
            if operation.method == Method::POST {
                request.headers.insert("idempotency-key", HeaderValue::from_str(&key).unwrap());
            }
            let body = body(&request);
            let bytes = format!("{}content-length: {}\r\n\r\n{body}", head(operation, &request, ""), body.len());
            send_and_leave(&world, bytes.as_bytes(), after).await;
            let start = Instant::now();
            while number(&mut conn, OPEN).await > 0 {
                assert!(start.elapsed() < Duration::from_secs(30), "{id}: a transaction stays open");
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            waits.push(start.elapsed());
            // At one time: whoever left at once may be served only now.
            conn.batch_execute("begin isolation level repeatable read").await.unwrap();
            let left = difference(&before, &rows(&mut conn).await);
            let was_stored = number(&mut conn, KEYS).await > keys;
            conn.batch_execute("commit").await.unwrap();
            if !left.is_empty() && left != effect {
                faults.push(format!("{id}, gone after {after:?}: {left:?} of {effect:?}"));
            }
            done_already += usize::from(!left.is_empty());
            if operation.method != Method::POST {
                continue;
            }
            // The client comes back with the same key: once in all.
            let again = service.ask(operation, &request).await;
            if again.is_success() && number(&mut conn, KEYS).await > keys {
                keyed += 1;
                let twice = difference(&before, &rows(&mut conn).await);
                if twice != effect {
                    faults.push(format!("{id}, asked again after {after:?}: {twice:?} and not {effect:?}"));
                }
                if !effect.is_empty() && was_stored == left.is_empty() {
                    faults.push(format!("{id}, gone after {after:?}: the key without the effect, or the other way"));
                }
            }
        }
    }
    waits.sort_unstable();
    let most = waits[waits.len() * 9 / 10];
    eprintln!("after nine of ten no transaction was open after {most:?}, after all after {:?}", waits.last());
    eprintln!("{done_already} were done although nobody waited, {keyed} asked again with their key");
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // Neither the next borrower of the connection nor a timeout of Postgres's was waited for.
    assert!(most < Duration::from_secs(1), "what nobody waits for holds its locks for {most:?}");
    assert!(done_already > 5 && keyed > 50, "{done_already} {keyed}");
}

/// What may be done again and again: it makes another one, sets what may be set, or looks something up.
const REPEATABLE: &[&str] = &[
    "add_attachment",
    "amend_report",
    "ask_consent",
    // By the same practitioner: the answer may have been lost.
    "claim_linked_referral",
    "challenge_webhook",
    "create_api_client",
    "create_patient",
    "create_referral",
    "set_referral_times",
    "create_report",
    "create_webhook",
    // Until its first code was accepted.
    "enrol_mfa",
    "log_in",
    // Within its grace, to the same successor.
    "refresh_tokens",
    "request_token",
    "resend_webhook_delivery",
    // Whatever is no token is taken back as well (RFC 7009, 2.2).
    "revoke_token",
    "search_patients",
    "share_report",
    "update_api_client",
    "update_own_entry",
    "update_patient",
    "update_report",
    "write_referral_message",
    "update_webhook",
];

#[tokio::test]
async fn what_was_done_once_and_for_all_is_refused_a_second_time() {
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document = document(&service).await;
    let operations = operations(&document);
    let mut faults = Vec::new();
    for doable in doable(&document, &operations, &mut stage, &service).await {
        let (operation, id) = (doable.operation, &doable.operation.id);
        if operation.method == Method::GET {
            continue;
        }
        let mut request = stage.request(operation, doable.caller, doable.of).await;
        assert!(service.ask(operation, &request).await.is_success(), "{id}");
        if doable.knows_version {
            request.headers.insert(IF_MATCH, HeaderValue::from_static("*"));
        }
        let again = service.ask(operation, &request).await;
        let is_as_meant = match REPEATABLE.contains(&id.as_str()) {
            true => again.is_success(),
            // The state does not allow it; or what it took, a code or a token or a link, is gone; or not so soon.
            false => [409, 401, 404, 429].contains(&again.status),
        };
        if !is_as_meant {
            faults.push(format!("{id}: {again:?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
