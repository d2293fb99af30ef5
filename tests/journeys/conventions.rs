//! What holds for every endpoint, driven from the document that the service serves about itself.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use crate::{
    log,
    wire::{Answer, Call, access_token, call},
};
use futures_util::future::join_all;
use rapport_contract::{consents::RecipientChoice, members::Role, problem::Kind, webhooks::NewWebhook};
use rapport_tests::{
    World, cluster,
    people::{Clinic, asking_for},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

const NOBODY: &str = "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12";

/// One operation of the document.
struct Operation {
    id: String,
    method: String,
    /// With every parameter filled in by an id that nobody has.
    path: String,
    template: String,
    is_public: bool,
    query: Vec<String>,
    /// An example of its body; null if it takes none.
    example: Value,
}

async fn document(world: &World) -> Value {
    call(world, "GET", "/openapi.json").send().await.json()
}

fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// An example of a schema: its own, or one made of its parts.
pub(crate) fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolve(document, schema);
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[key].as_array() {
            let choice = choices.iter().find(|choice| choice["type"] != "null").unwrap();
            return example(document, choice);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap(),
        kind => kind,
    };
    match (kind.as_str().unwrap_or_default(), schema["format"].as_str()) {
        ("object", _) => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            properties.iter().map(|(name, property)| (name.clone(), example(document, property))).collect()
        }
        ("array", _) => json!([example(document, &schema["items"])]),
        ("string", Some("uuid")) => json!(NOBODY),
        ("string", Some("date")) => json!("1979-03-14"),
        ("string", Some("date-time")) => json!("2030-03-14T00:00:00Z"),
        ("string", Some("email")) => json!("somebody@example.org"),
        ("string", _) => json!("some words that are long enough"),
        ("integer", _) => json!(1),
        ("number", _) => json!(1.5),
        ("boolean", _) => json!(true),
        (other, _) => panic!("{other}: {schema}"),
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let path = template
                .replace("{id}", NOBODY)
                .replace("{secret_id}", NOBODY)
                .replace("{event_id}", NOBODY)
                .replace("{attachment_id}", NOBODY)
                .replace("{n}", "1")
                .replace("{number}", "1")
                .replace("{verb}", "accept")
                .replace("{slug}", "x")
                // What would go on as long as the token is good, is to say what there is and end.
                .replace("/v1/events/stream", "/v1/events/stream?seconds=0");
            assert!(!path.contains('{'), "{path}");
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let query = parameters.iter().filter(|parameter| parameter["in"] == "query");
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path,
                template: template.clone(),
                is_public: operation["security"].as_array().is_some_and(Vec::is_empty),
                query: query.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect(),
                example: if schema.is_null() { Value::Null } else { example(document, schema) },
            });
        }
    }
    assert!(operations.len() > 40, "{}", operations.len());
    operations
}

/// Every error has the one shape, names its request, and is not kept by anybody on the way.
fn assert_problem(answer: &Answer, what: &str) {
    let body = answer.json();
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}: {answer:?}");
    let kind = Kind::from_slug(&answer.slug()).unwrap_or_else(|| panic!("{what}: {}", answer.text));
    assert_eq!(kind.status(), answer.status.as_u16(), "{what}");
    assert_eq!((&body["status"], &body["title"]), (&json!(kind.status()), &json!(kind.title())), "{what}");
    assert!(!body["detail"].as_str().unwrap().is_empty(), "{what}");
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"), "{what}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    let known = ["type", "title", "status", "detail", "request_id", "errors", "allowed", "categories"];
    assert!(body.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{what}: {body}");
}

fn operation_call(world: &World, operation: &Operation, token: &str) -> Call {
    call(world, &operation.method, &operation.path).bearer(token).header("if-match", "*")
}

#[tokio::test]
async fn what_no_route_takes_is_answered_in_the_one_shape() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/patients/",
        "/v1/patients/x/y/z",
        "/v2/patients",
        "/v1//patients",
        "/metrics",
        "/.env",
        "/problems/nothing",
    ] {
        let answer = call(&world, "GET", path).bearer(&token).send().await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert_problem(&answer, path);
    }
    let document = document(&world).await;
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations(&document) {
        known.entry(operation.path.clone()).or_default().insert(operation.method.clone());
        // What is said without a token says nothing of what there is.
        if !operation.is_public {
            let answer = call(&world, &operation.method, &operation.path).send().await;
            assert_eq!(answer.status, 401, "{}", operation.id);
            assert_problem(&answer, &operation.id);
        }
    }
    for (path, methods) in &known {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
            if methods.contains(method)
                || (path.ends_with("/search") || path.ends_with("/me") || path.ends_with("/accept"))
            {
                continue;
            }
            let what = format!("{method} {path}");
            let answer = call(&world, method, path).bearer(&token).send().await;
            assert_eq!(answer.status, 405, "{what}: {}", answer.text);
            assert_problem(&answer, &what);
            let allow: BTreeSet<String> = answer.header("allow").unwrap().split(", ").map(ToOwned::to_owned).collect();
            assert!(methods.is_subset(&allow), "{what}: {allow:?}");
            assert!(!allow.contains(method), "{what}: {allow:?}");
        }
    }
}

/// Whether a schema takes `null`.
fn takes_null(document: &Value, schema: &Value) -> bool {
    let is_null = |kind: &Value| kind == "null";
    let schema = resolve(document, schema);
    is_null(&schema["type"])
        || schema["type"].as_array().is_some_and(|kinds| kinds.iter().any(is_null))
        || schema["oneOf"].as_array().is_some_and(|parts| parts.iter().any(|part| takes_null(document, part)))
}

#[tokio::test]
async fn null_is_taken_where_the_document_says_so_and_nowhere_else() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let document = document(&world).await;
    let (mut taken, mut refused) = (0, 0);
    for operation in operations(&document).iter().filter(|operation| operation.example.is_object()) {
        let method = operation.method.to_lowercase();
        let body =
            &document["paths"][&operation.template][&method]["requestBody"]["content"]["application/json"]["schema"];
        for (name, schema) in resolve(&document, body)["properties"].as_object().into_iter().flatten() {
            let mut with_null = operation.example.clone();
            with_null[name] = Value::Null;
            let answer = operation_call(&world, operation, &token).json(&with_null).send().await;
            let pointer = format!("/{name}");
            let is_no_value = answer.status == 422
                && answer.refused().iter().any(|(at, code)| *at == pointer && code == "invalid_type");
            if answer.status == 401 {
                // At a link it takes a session first.
                continue;
            }
            let told = format!("{} {name}: {}", operation.id, answer.text);
            assert_eq!(is_no_value, !takes_null(&document, schema), "{told}");
            if is_no_value { refused += 1 } else { taken += 1 }
        }
    }
    assert!(taken > 15 && refused > 40, "{taken} taken, {refused} refused");
}

#[tokio::test]
async fn every_body_is_read_strictly_on_every_route() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let document = document(&world).await;
    let operations: Vec<Operation> =
        operations(&document).into_iter().filter(|operation| !operation.example.is_null()).collect();
    assert!(operations.len() > 15, "{}", operations.len());
    for operation in &operations {
        let id = &operation.id;
        // What takes a patient's or a guest's cookie is refused for the lack of it, and never reads a body.
        let is_link = operation_call(&world, operation, &token).json(&operation.example).send().await;
        if operation.template.contains("_links/") && is_link.status == 401 {
            continue;
        }
        let json_type = |request: Call| request.header("content-type", "application/json");
        for broken in ["{", "", "}", "{\"a\":}", "[1,]", "{} {}", "nul", "\u{feff}{}", "{'a': 1}"] {
            let answer = json_type(operation_call(&world, operation, &token)).body(broken).send().await;
            // A POST may leave out all that is optional; a change of nothing is none.
            let is_left_out = broken.is_empty() && operation.method == "POST";
            let expected = if is_left_out { 422 } else { 400 };
            let has_all_optional = is_left_out && answer.status != 422;
            assert!(has_all_optional || answer.status.as_u16() == expected, "{id} {broken:?}: {}", answer.text);
            if answer.status.is_client_error() {
                assert_problem(&answer, id);
            }
            assert!(!answer.status.is_server_error(), "{id} {broken:?}");
        }
        for other in [json!([]), json!("x"), json!(1), json!(null), json!(true)] {
            let answer = operation_call(&world, operation, &token).json(&other).send().await;
            assert_eq!(answer.status, 422, "{id} {other}: {}", answer.text);
            assert_problem(&answer, id);
        }
        let mut with_more = operation.example.clone();
        with_more["clinic_id"] = json!(NOBODY);
        let answer = operation_call(&world, operation, &token).json(&with_more).send().await;
        assert_eq!(answer.status, 422, "{id}: no request names its own clinic: {}", answer.text);
        assert_eq!(answer.refused()[0].1, "unknown_field", "{id}: {}", answer.text);

        let typed =
            operation_call(&world, operation, &token).header("content-type", "text/plain").body("{}").send().await;
        assert_eq!(typed.slug(), "unsupported-media-type", "{id}: {}", typed.text);
        let form = operation_call(&world, operation, &token)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("a=1");
        assert_eq!(form.send().await.slug(), "unsupported-media-type", "{id}");
        for encoding in ["gzip", "deflate", "br", "zstd", "x"] {
            let packed = operation_call(&world, operation, &token).header("content-encoding", encoding);
            let packed = packed.json(&operation.example).send().await;
            assert_eq!(packed.slug(), "unsupported-media-type", "{id} {encoding}: {}", packed.text);
            assert_problem(&packed, id);
        }
    }
    // Where no body is read, it does not matter how it is packed.
    let unread =
        call(&world, "GET", "/v1/practitioners/me").bearer(&token).header("content-encoding", "gzip").send().await;
    assert_eq!(unread.status, 200, "{}", unread.text);
}

#[tokio::test]
async fn a_wrong_field_is_named_by_its_pointer_however_deep() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let report = |body: Value| json!({"patient_id": patient.id, "kind": "progress_report", "body": body});
    let consent = |recipients: Value| json!({"recipients": recipients, "categories": ["progress_report"], "purpose": "treatment", "expires_at": "2030-01-01T00:00:00Z"});
    let asks = format!("/v1/patients/{}/consents", patient.id);
    for (path, body, pointer, code) in [
        ("/v1/reports", report(json!({"treatment": {"what": 7, "why": "x"}})), "/body/treatment/what", "invalid_type"),
        ("/v1/reports", report(json!({"treatment": {"what": "x"}})), "/body/treatment/why", "required"),
        ("/v1/reports", report(json!({"goals": [{"goal": "x"}, {"goal": []}]})), "/body/goals/1/goal", "invalid_type"),
        (
            "/v1/reports",
            report(json!({"measures": [{"name": "x", "baseline": "5"}]})),
            "/body/measures/0/baseline",
            "invalid_type",
        ),
        (
            "/v1/reports",
            report(json!({"measures": [{"name": "x", "baseline_on": "5"}]})),
            "/body/measures/0/baseline_on",
            "invalid",
        ),
        (
            "/v1/reports",
            report(json!({"schedule": {"frequency": "x", "duration": "x", "visits_planned": -1}})),
            "/body/schedule/visits_planned",
            "invalid_type",
        ),
        (
            "/v1/reports",
            report(json!({"schedule": {"frequency": "x", "duration": "x", "visits_planned": 1001}})),
            "/body/schedule/visits_planned",
            "out_of_range",
        ),
        (
            "/v1/reports",
            report(json!({"measures": [{"name": "x"}, {"name": "X "}]})),
            "/body/measures/1/name",
            "duplicate",
        ),
        (
            "/v1/reports",
            report(json!({"citations": [{"text": "x", "doi": "x"}]})),
            "/body/citations/0/doi",
            "invalid_doi",
        ),
        (
            "/v1/reports",
            report(json!({"citations": [{"text": "x", "doi": "10.\u{f}/w"}]})),
            "/body/citations/0/doi",
            "invalid_doi",
        ),
        ("/v1/reports", json!({"patient_id": "x", "kind": "progress_report"}), "/patient_id", "invalid"),
        ("/v1/reports", json!({"patient_id": patient.id, "kind": 5}), "/kind", "invalid_type"),
        ("/v1/reports", json!({"patient_id": patient.id, "kind": "letter"}), "/kind", "unknown_value"),
        (&asks, consent(json!([{"clinic_id": 5}])), "/recipients/0/clinic_id", "invalid_type"),
        (&asks, consent(json!([{"email": "a@example.org"}])), "/recipients/0/name", "required"),
        (&asks, consent(json!([{}])), "/recipients/0", "one_of"),
        (&asks, consent(json!({})), "/recipients", "invalid_type"),
    ] {
        let answer = call(&world, "POST", path).by(&north.owner).await.json(&body).send().await;
        assert_eq!(answer.status, 422, "{pointer}: {}", answer.text);
        assert!(answer.refused().contains(&(pointer.to_owned(), code.to_owned())), "{pointer}: {}", answer.text);
    }
    for (path, body, place) in [
        ("/v1/reports", report(json!({"goals": [{"goal": "x", "color": 1}]})), "/body/goals/0"),
        (asks.as_str(), consent(json!([{"clinic_id": NOBODY, "tenant": 1}])), "/recipients/0"),
    ] {
        let answer = call(&world, "POST", path).by(&north.owner).await.json(&body).send().await;
        let [(pointer, code)] = &answer.refused()[..] else { panic!("{}", answer.text) };
        assert!(pointer.starts_with(place) && code == "unknown_field", "{pointer} {code}");
    }
}

/// Sends bytes as they are, and reads until the answer's head is there.
async fn raw(world: &World, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.url().trim_start_matches("http://")).await.unwrap();
    stream.write_all(request).await.ok();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let limit = 256 * 1024;
    // Announced: refused before a byte of it is sent.
    for (path, length) in [("/v1/patients", limit + 1), ("/v1/patients", 1 << 40), ("/v1/auth/login", limit + 1)] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        let answer = raw(&world, head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{path} {length}: {answer}");
        assert!(answer.to_lowercase().contains("application/problem+json"), "{answer}");
    }
    // Not announced: refused when it has become too much.
    let chunk = "x".repeat(limit / 4);
    let mut chunked = format!(
        "POST /v1/patients HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    for _ in 0..5 {
        chunked.push_str(&format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    }
    let answer = raw(&world, chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // What fits the limit is read, and a scan may be larger than all else.
    let fits = json!({"family_name": "x".repeat(limit - 100)});
    let answer = call(&world, "POST", "/v1/patients/search").bearer(&token).json(&fits).send().await;
    assert_eq!(answer.refused(), [("/family_name".to_owned(), "too_long".to_owned())]);
    let scan = json!({"signed_name": "x", "signed_on": "2026-01-01", "attested": true,
        "form": {"media_type": "application/pdf", "content": "x".repeat(2 * limit)}});
    let path = format!("/v1/consents/{NOBODY}/paper_signature");
    let answer = call(&world, "POST", &path).bearer(&token).header("if-match", "*").json(&scan).send().await;
    assert_eq!(answer.status, 422, "read and found to be no base 64: {}", answer.text);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_the_same_404_however_it_is_written() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (owner, staff) = (access_token(&north.owner).await, access_token(&north.member(Role::Staff).await).await);
    let document = document(&world).await;
    for operation in operations(&document).iter().filter(|operation| operation.template.contains("{id}")) {
        // All that is there for an owner but this: owners read anyway.
        let token = if operation.id == "open_emergency_access" { &staff } else { &owner };
        let ask = async |id: &str| {
            let path = operation.template.replace("{id}", id).replace("{n}", "1").replace("{number}", "1");
            let request = call(&world, &operation.method, &path).bearer(token).header("if-match", "*");
            let request = if operation.example.is_null() { request } else { request.json(&operation.example) };
            request.send().await
        };
        let expected = ask(NOBODY).await;
        if expected.status != 404 {
            // A patient's cookie is missing, or the example itself is refused before anything is looked up.
            assert!(matches!(expected.status.as_u16(), 401 | 422), "{}: {}", operation.id, expected.text);
            continue;
        }
        for id in [
            "x",
            "0",
            "01990b5e",
            "%00",
            "%F0%9F%98%80",
            "'; drop table patients; --",
            "00000000-0000-0000-0000-000000000000",
        ] {
            let answer = ask(id).await;
            assert_eq!(answer.apart_from_the_request(), expected.apart_from_the_request(), "{} {id}", operation.id);
            assert_problem(&answer, &operation.id);
        }
    }
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused_on_every_list() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let report = north.signed_report(&patient, None).await;
    let south = world.clinic("south").await;
    let referral = crate::referrals::asking(patient.id, RecipientChoice::clinic(south.id));
    let referral = north.client().referrals().create(&referral).await.unwrap();
    let new = NewWebhook { url: "https://hook.invalid/".to_owned(), types: Vec::new() };
    let webhook = north.client().webhooks().create(&new).await.unwrap().webhook.id;
    let token = access_token(&north.owner).await;
    let document = document(&world).await;
    let mut lists = 0;
    for operation in operations(&document).iter().filter(|operation| operation.query.iter().any(|name| name == "limit"))
    {
        lists += 1;
        let id = match operation.template.split('/').nth(2) {
            Some("reports") => report.id.uuid(),
            Some("referrals") => referral.id.uuid(),
            Some("webhooks") => webhook.into(),
            _ => patient.id.uuid(),
        };
        let path = operation.template.replace("{id}", &id.to_string());
        let ask = async |query: &str| {
            let request = call(&world, &operation.method, &format!("{path}?{query}")).bearer(&token);
            let request =
                if operation.example.is_null() { request } else { request.json(&json!({"family_name": "s"})) };
            request.send().await
        };
        for (query, pointer) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("cursor=x", "cursor"),
            ("cursor=", "cursor"),
            ("cursor=%00", "cursor"),
            ("cursor=AAAA", "cursor"),
            ("limit=-1", ""),
            ("limit=abc", ""),
            ("limit=1&limit=2", ""),
            ("limit=99999999999", ""),
            ("colour=blue", ""),
        ] {
            let answer = ask(query).await;
            assert_eq!(answer.status, 422, "{} {query}: {}", operation.id, answer.text);
            assert_eq!(answer.refused()[0].0, pointer, "{} {query}: {}", operation.id, answer.text);
            assert_problem(&answer, &operation.id);
        }
        for query in ["limit=1", "limit=100", "cursor=AAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(ask(query).await.status, 200, "{} {query}", operation.id);
        }
        for name in operation.query.iter().filter(|name| !["limit", "cursor"].contains(&name.as_str())) {
            for value in ["%00", "%FF", "'", "%25", "", &"x".repeat(5000)] {
                let answer = ask(&format!("{name}={value}")).await;
                assert!(
                    matches!(answer.status.as_u16(), 200 | 422),
                    "{} {name}={value:.20}: {}",
                    operation.id,
                    answer.text
                );
            }
        }
    }
    assert!(lists >= 11, "{lists}");
}

#[tokio::test]
async fn every_answer_carries_its_headers() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let document = document(&world).await;
    for operation in operations(&document) {
        let request = call(&world, &operation.method, &operation.path).header("x-request-id", "order-17");
        let request =
            if operation.id == "log_out" || operation.id == "end_sessions" { request } else { request.bearer(&token) };
        let answer = request.send().await;
        let what = &operation.id;
        assert_eq!(answer.header("x-request-id"), Some("order-17"), "{what}");
        assert!(answer.header("ratelimit").is_some_and(|value| value.contains(";r=")), "{what}: {answer:?}");
        assert!(answer.header("ratelimit-policy").is_some_and(|value| value.contains("q=1000000;w=60")), "{what}");
        if operation.path.starts_with("/v1") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
        }
        if operation.method == "GET" {
            let head = call(&world, "HEAD", &operation.path).bearer(&token).send().await;
            assert_eq!((head.status, head.text.as_str()), (answer.status, ""), "{what}");
            assert_eq!(head.header("content-type"), answer.header("content-type"), "{what}");
        }
    }
    let ask = async |name: &str, value: &str| {
        let answer = call(&world, "GET", "/v1/nothing").bearer(&token).header(name, value).send().await;
        assert_eq!(answer.json()["request_id"].as_str(), answer.header("x-request-id"));
        answer.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(ask("x-request-id", &"a".repeat(128)).await, "a".repeat(128));
    for replaced in ["", "a b", "<script>", "a\"b", "a/b", &"a".repeat(129)] {
        let id = ask("x-request-id", replaced).await;
        assert!(id != replaced && Uuid::parse_str(&id).is_ok(), "{replaced:?}: {id}");
    }
    for trace in ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-0-0-0", "rubbish", ""] {
        ask("traceparent", trace).await;
    }
    // The pages at the problems' addresses.
    for kind in Kind::ALL {
        let page =
            call(&world, "GET", &format!("/problems/{}", kind.slug())).header("accept", "text/html").send().await;
        assert_eq!(page.status, 200, "{kind:?}");
        assert!(page.header("content-type").unwrap().starts_with("text/html"), "{kind:?}");
        let title = kind.title().replace('\'', "&#x27;");
        assert!(page.text.contains(kind.title()) || page.text.contains(&title), "{kind:?}: {}", page.text);
        let listed = &document["components"]["examples"][kind.slug()]["value"];
        assert_eq!(listed["type"], format!("/problems/{}", kind.slug()), "{kind:?} stands in the document");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let world = World::with(|config| config.budgets.account = NonZeroU32::new(30).unwrap()).await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let mut left = Vec::new();
    let refused = loop {
        let answer = call(&world, "GET", "/v1/practitioners/me").bearer(&token).send().await;
        if answer.status != 200 {
            break answer;
        }
        assert_eq!(answer.header("ratelimit-policy"), Some("\"account\";q=30;w=60, \"tenant\";q=1000000;w=60"));
        let value = answer.header("ratelimit").unwrap();
        left.push(value.strip_prefix("\"account\";r=").unwrap().split(';').next().unwrap().parse::<u32>().unwrap());
        assert!(left.len() < 200, "no limit");
    };
    assert!(left.windows(2).all(|pair| pair[1] <= pair[0]), "{left:?}");
    assert_eq!(refused.slug(), "rate-limited");
    assert_problem(&refused, "429");
    assert!((1..=60).contains(&refused.header("retry-after").unwrap().parse::<u64>().unwrap()));
    assert_eq!(refused.header("ratelimit").unwrap().split(';').nth(1), Some("r=0"));
    // The address has a budget of its own, so that one who floods can't lock the others of the house out.
    assert_eq!(call(&world, "GET", "/healthz").send().await.status, 200);
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own_and_hold_no_ids() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    north.client().patients().get(patient.id).await.unwrap();
    call(&world, "PATIENTCANARY", "/v1/patients").by(&north.owner).await.send().await;
    call(&world, "GET", "/v1/canary-path").send().await;
    call(&world, "PUT", &format!("/v1/patients/{}", patient.id)).send().await;
    assert_eq!(call(&world, "GET", "/metrics").send().await.status, 404);
    let answer = world.http().get(world.metrics_url()).send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("rapport_http_requests_total{method=\"GET\",route=\"/v1/patients/{id}\",status=\"200\"}"),
        "{text}"
    );
    let problem =
        "rapport_http_problems_total{method=\"PUT\",route=\"/v1/patients/{id}\",problem=\"method-not-allowed\"}";
    assert!(text.contains(problem), "{text}");
    assert!(!text.contains(&patient.id.to_string()) && !text.to_lowercase().contains("canary"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let is_id = |part: &str| part.len() == 36 && Uuid::parse_str(part).is_ok();
        assert!(!line.split(['"', '/', ',']).any(is_id), "{line}");
    }
    for path in ["/", "/healthz", "/v1/patients"] {
        let url = world.metrics_url().replace("/metrics", path);
        assert_eq!(world.http().get(url).send().await.unwrap().status(), 404, "nothing else is served there");
    }
}

/// Every body that differs from the example in one place.
fn faults(value: &Value, spoil: &dyn Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    let mut all = spoil(value);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                for fault in faults(member, spoil) {
                    let mut spoiled = members.clone();
                    spoiled.insert(name.clone(), fault);
                    all.push(spoiled.into());
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for fault in faults(item, spoil) {
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

/// A path that leads somewhere, so that faults get as deep as they can.
async fn real_paths(north: &Clinic<'_>, south: &Clinic<'_>) -> BTreeMap<&'static str, Uuid> {
    let (patient, consent, report, share) = north.share_with(south).await;
    let asked = north.ask(&patient, &asking_for(RecipientChoice::practitioner(south.owner.id))).await;
    let _ = consent;
    BTreeMap::from([
        ("/v1/patients/", patient.id.uuid()),
        ("/v1/consents/", asked.id.uuid()),
        ("/v1/reports/", report.id.uuid()),
        ("/v1/shares/", share.id.uuid()),
    ])
}

#[tokio::test]
async fn nothing_that_is_submitted_comes_back_in_an_error_or_stands_in_a_log() {
    log::listen();
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let paths = real_paths(&north, &south).await;
    let token = access_token(&north.owner).await;
    let document = document(&world).await;
    // The last one imitates the sentences of the parser.
    let canaries = ["zqcanaryzq", "x`zqcanaryzq`, expected zqcanaryzq at line", "\"zqcanaryzq\"\u{0}"];
    let spoil = move |value: &Value| -> Vec<Value> {
        let mut all: Vec<Value> = canaries.iter().map(|canary| json!(canary)).collect();
        all.push(json!(format!("zqcanaryzq{}", "x".repeat(30_000))));
        // A field that is not known is named by its pointer: there is no other way to name it.
        all.push(json!({"unknown_name": "zqcanaryzq"}));
        all.push(json!(["zqcanaryzq"]));
        all.extend([json!(7_777_777_777_777_i64), json!(-1), json!(1e300), json!(true), json!(null)]);
        all.extend([
            json!("-262143-01-01"),
            json!("-262143-01-01T00:00:00Z"),
            json!("+262142-01-01T00:00:00Z"),
            json!("\u{0}"),
        ]);
        if let Value::Object(members) = value {
            let mut more = members.clone();
            more.insert("unknown_name".into(), json!("zqcanaryzq"));
            all.push(more.into());
        }
        all
    };
    let (mut sent, mut refused) = (0, 0);
    for operation in operations(&document).iter().filter(|operation| !operation.example.is_null()) {
        let mut path = operation.path.clone();
        for (prefix, id) in &paths {
            if operation.template.starts_with(prefix) {
                path = operation.template.replace("{id}", &id.to_string());
            }
        }
        let mut example = operation.example.clone();
        if let Some(id) = example.pointer_mut("/patient_id") {
            *id = json!(paths["/v1/patients/"]);
        }
        if let Some(id) = example.pointer_mut("/recipient/clinic_id").filter(|id| id.is_string()) {
            *id = json!(south.id);
        }
        if let Some(id) = example.pointer_mut("/recipients/0/clinic_id").filter(|id| id.is_string()) {
            *id = json!(south.id);
        }
        // Some at once, but no more passwords than may wait to be hashed.
        for bodies in faults(&example, &spoil).chunks(8) {
            let answers = join_all(bodies.iter().map(|body| {
                let request = call(&world, &operation.method, &path).bearer(&token).header("if-match", "*");
                request.header("x-csrf-token", "zqcanaryzq").json(body).send()
            }));
            for (body, answer) in bodies.iter().zip(answers.await) {
                sent += 1;
                let short: String = body.to_string().chars().take(300).collect();
                assert!(!answer.status.is_server_error(), "{} {short}: {}", operation.id, answer.text);
                if answer.status.is_client_error() {
                    refused += 1;
                    assert_problem(&answer, &operation.id);
                    let told = format!("{} {:?}", answer.text, answer.headers).to_lowercase();
                    assert!(!told.contains("canary") && !told.contains("7777777"), "{} {short}: {told}", operation.id);
                }
            }
        }
    }
    for path in [
        "/v1/reports?state=zqcanaryzq",
        "/v1/inbox?zqcanaryzq=1",
        "/v1/patients/zqcanaryzq",
        "/v1/zqcanaryzq",
        "/v1/practitioners?accepting=zqcanaryzq",
        "/v1/audit_events?patient_id=zqcanaryzq",
        "/v1/members?cursor=zqcanaryzq",
    ] {
        let answer = call(&world, "GET", path).bearer(&token).header("accept", "zqcanaryzq").send().await;
        assert!(answer.status.is_client_error(), "{path}");
        assert!(!format!("{answer:?}").contains("canary"), "{path}: {answer:?}");
    }
    assert!(sent > 1000 && refused > 700, "{sent} sent, {refused} refused");
    let log = log::heard();
    assert!(log.contains("request_id"), "the service's log is heard");
    let lines: Vec<&str> = log.lines().filter(|line| line.to_lowercase().contains("zqcanary")).collect();
    assert!(lines.is_empty(), "{} lines, such as {:?}", lines.len(), &lines[..lines.len().min(3)]);
    let log = std::fs::read_to_string(cluster::postgres_log()).unwrap_or_default().to_lowercase();
    assert!(!log.contains("zqcanary"), "Postgres's log");
}
