//! The machines of a clinic: signing in by key and by secret, what they may, and how they end.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use crate::wire::{Answer, call};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::KeySize,
    signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk as LibraryJwk};
use rapport_api::identity::keys;
use rapport_contract::{
    api_clients::{ApiClientPatch, ApiClientState, Jwks, NewApiClient, Scope},
    audit::{ActorKind, Outcome},
    consents::{PaperForm, PaperSignature, RecipientChoice},
    ids::ApiClientId,
    members::Role,
    oauth::JWT_BEARER,
    patients::NewPatient,
    reports::{NewReport, ReportKind},
};
use rapport_sdk::{Client, KeyAlgorithm, Kind, Policy};
use rapport_tests::{
    World, cases, files,
    people::{Clinic, asking_for, sharing_with, wall_clock},
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use uuid::Uuid;

/// A client with a secret.
pub(crate) struct Machine {
    pub(crate) id: ApiClientId,
    pub(crate) secret: String,
}

fn new(name: &str, scopes: &[Scope]) -> NewApiClient {
    NewApiClient { name: name.to_owned(), scopes: scopes.to_vec(), jwks: None, jwks_uri: None, author_id: None }
}

/// A client of this clinic that writes in its owner's name.
pub(crate) async fn machine(clinic: &Clinic<'_>, scopes: &[Scope]) -> Machine {
    let request = NewApiClient { author_id: Some(clinic.owner.id), ..new("Practice software", scopes) };
    let client = clinic.client().api_clients().create(&request).await.unwrap();
    let made = clinic.client().api_clients().add_secret(client.id).await.unwrap();
    Machine { id: client.id, secret: made.client_secret.as_str().to_owned() }
}

/// The SDK as this client.
pub(crate) fn signed_in(world: &World, machine: &Machine) -> Client {
    let builder = Client::builder(world.url()).retries(Policy::NEVER);
    builder.client_credentials(machine.id, machine.secret.as_str()).build().unwrap()
}

async fn post_form(world: &World, path: &str, form: &[(&str, &str)]) -> Answer {
    let pairs = reqwest::Url::parse_with_params("http://form", form).unwrap();
    let body = pairs.query().unwrap_or_default().to_owned();
    call(world, "POST", path).header("content-type", "application/x-www-form-urlencoded").body(body).send().await
}

async fn by_secret(world: &World, machine: &Machine, more: &[(&str, &str)]) -> Answer {
    let id = machine.id.to_string();
    let own = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &machine.secret)];
    post_form(world, "/oauth/token", &[own.as_slice(), more].concat()).await
}

/// An access token of this client.
pub(crate) async fn token_of(world: &World, machine: &Machine) -> String {
    let answer = by_secret(world, machine, &[]).await;
    answer.json()["access_token"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
}

/// A private key and how others know it.
struct Key {
    pem: String,
    algorithm: Algorithm,
    named: KeyAlgorithm,
    jwk: Value,
    kid: String,
}

impl Key {
    fn new(algorithm: Algorithm, kid: &str) -> Self {
        let pem =
            |der: &[u8]| format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der));
        let (pem, named) = match algorithm {
            Algorithm::ES384 => {
                let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
                (pem(pair.to_pkcs8v1().unwrap().as_ref()), KeyAlgorithm::Es384)
            }
            Algorithm::RS384 => {
                let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
                let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
                (pem(der.as_ref()), KeyAlgorithm::Rs384)
            }
            _ => (keys::new_signing_key().unwrap(), KeyAlgorithm::EdDsa),
        };
        let mut key = Self { pem, algorithm, named, jwk: Value::Null, kid: kid.to_owned() };
        key.jwk = serde_json::to_value(LibraryJwk::from_encoding_key(&key.encoding(), algorithm).unwrap()).unwrap();
        key.jwk["kid"] = json!(kid);
        key
    }

    fn encoding(&self) -> EncodingKey {
        let pem = self.pem.as_bytes();
        match self.algorithm {
            Algorithm::ES384 => EncodingKey::from_ec_pem(pem).unwrap(),
            Algorithm::RS384 => EncodingKey::from_rsa_pem(pem).unwrap(),
            _ => EncodingKey::from_ed_pem(pem).unwrap(),
        }
    }

    fn jwks(&self) -> Jwks {
        serde_json::from_value(json!({"keys": [self.jwk]})).unwrap()
    }

    fn header(&self) -> Header {
        Header { kid: Some(self.kid.clone()), ..Header::new(self.algorithm) }
    }

    fn sign(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&self.header(), claims, &self.encoding()).unwrap()
    }
}

async fn by_key(clinic: &Clinic<'_>, key: &Key) -> ApiClientId {
    let request = NewApiClient { jwks: Some(key.jwks()), ..new("Practice software", &[Scope::PatientsRead]) };
    clinic.client().api_clients().create(&request).await.unwrap().id
}

fn claims(world: &World, client: ApiClientId) -> Value {
    let now = wall_clock().timestamp();
    json!({"iss": client, "sub": client, "aud": world.url(), "iat": now, "exp": now + 60,
        "jti": format!("assertion-{}", world.number())})
}

async fn assert_with(world: &World, assertion: &str) -> Answer {
    let form =
        [("grant_type", "client_credentials"), ("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
    post_form(world, "/oauth/token", &form).await
}

#[tokio::test]
async fn a_machine_does_what_its_scopes_grant_and_the_log_names_it() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let made = machine(&north, &[Scope::PatientsRead, Scope::PatientsWrite]).await;
    let software = signed_in(&world, &made);
    let person = NewPatient {
        given_name: "Casey".into(),
        family_name: "Sample".into(),
        birth_date: cases::birth_date().into(),
        mrn: None,
        email: None,
        phone: None,
    };
    let patient = software.patients().create(&person).await.unwrap();
    assert_eq!(software.patients().get(patient.id).await.unwrap().id, patient.id);
    for refused in [
        software.reports().list().send().await.err(),
        software.members().list().send().await.err(),
        software.api_clients().list().send().await.err(),
        software.audit().events().send().await.err(),
        software.auth().sessions().send().await.err(),
        software.auth().logout().await.err(),
        software.auth().end_all_sessions().await.err(),
        software.consents().ask(patient.id, &asking_for(RecipientChoice::clinic(north.id))).await.err(),
    ] {
        assert_eq!(refused.unwrap().kind(), Some(Kind::Forbidden));
    }
    let events = north.client().audit().events().limit(100).send().await.unwrap().items;
    let own: Vec<_> = events.iter().filter(|event| event.actor_kind == ActorKind::Client).collect();
    assert!(own.iter().all(|event| event.actor_id == Some(made.id.into()) && event.actor_clinic_id == Some(north.id)));
    let did =
        |action: &str, outcome: Outcome| own.iter().any(|event| event.action == action && event.outcome == outcome);
    assert!(did("api_client.token", Outcome::Permitted) && did("patient.create", Outcome::Permitted));
    assert!(did("report.list", Outcome::Denied) && did("session.end", Outcome::Denied));
}

#[tokio::test]
async fn each_kind_of_key_signs_its_machine_in() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    for algorithm in [Algorithm::ES384, Algorithm::RS384, Algorithm::EdDSA] {
        let key = Key::new(algorithm, "key-1");
        let id = by_key(&north, &key).await;
        let builder = Client::builder(world.url()).retries(Policy::NEVER);
        let software = builder.private_key(id, &key.pem, key.named, "key-1").unwrap().build().unwrap();
        assert_eq!(software.patients().get(patient.id).await.unwrap().id, patient.id, "{algorithm:?}");
        // What it has it can give back, and it gets another.
        software.auth().revoke().await.unwrap();
        assert_eq!(software.patients().get(patient.id).await.unwrap().id, patient.id, "{algorithm:?}");
        let answer = assert_with(&world, &key.sign(&claims(&world, id))).await.json();
        assert_eq!((answer["token_type"].as_str(), answer["expires_in"].as_u64()), (Some("Bearer"), Some(300)));
        assert_eq!((answer["scope"].as_str(), answer.get("refresh_token")), (Some("patients:read"), None));
    }
    assert!(Client::builder(world.url()).private_key(Uuid::nil().into(), "no key", KeyAlgorithm::EdDsa, "a").is_err());
}

#[tokio::test]
async fn an_assertion_is_good_once_however_many_use_it_at_once() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let key = Key::new(Algorithm::EdDSA, "key-1");
    let id = by_key(&north, &key).await;
    let assertion = key.sign(&claims(&world, id));
    let answers = join_all((0..64).map(|_| assert_with(&world, &assertion))).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.slug() == "invalid-client"));
    // The same jti from another client is another one.
    let other = by_key(&north, &key).await;
    let mut same_jti = claims(&world, id);
    assert_eq!(assert_with(&world, &key.sign(&same_jti)).await.status, 200);
    same_jti["iss"] = json!(other);
    same_jti["sub"] = json!(other);
    assert_eq!(assert_with(&world, &key.sign(&same_jti)).await.status, 200);
}

#[tokio::test]
async fn every_way_to_fail_to_prove_oneself_is_the_same_answer() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (key, other) = (Key::new(Algorithm::ES384, "key-1"), Key::new(Algorithm::ES384, "key-1"));
    let id = by_key(&north, &key).await;
    let souths = by_key(&south, &other).await;
    let good = claims(&world, id);
    let now = wall_clock().timestamp();
    let changed = |name: &str, value: Value| {
        let mut claims = claims(&world, id);
        claims[name] = value;
        key.sign(&claims)
    };
    let lacking = |name: &str| {
        let mut claims = claims(&world, id);
        claims.as_object_mut().unwrap().remove(name);
        key.sign(&claims)
    };
    let headed = |change: &dyn Fn(&mut Header)| {
        let mut header = key.header();
        change(&mut header);
        jsonwebtoken::encode(&header, &claims(&world, id), &key.encoding()).unwrap()
    };
    let token_endpoint = format!("{}/oauth/token", world.url());
    let mut assertions = vec![
        ("another key", other.sign(&good)),
        ("another clinic's client", changed("iss", json!(souths))),
        ("another subject", changed("sub", json!(souths))),
        ("nobody", changed("iss", json!(Uuid::nil()))),
        ("the token endpoint as audience", changed("aud", json!(token_endpoint))),
        ("a list as audience", changed("aud", json!([world.url()]))),
        ("two audiences", changed("aud", json!([world.url(), "https://other.example.org"]))),
        ("another audience", changed("aud", json!("https://other.example.org"))),
        ("our audience with a slash", changed("aud", json!(format!("{}/", world.url())))),
        ("expired", changed("exp", json!(now - 11))),
        ("too long-lived", changed("exp", json!(now + 330))),
        ("a text as end", changed("exp", json!((now + 60).to_string()))),
        ("a fraction as end", changed("exp", json!(now as f64 + 60.5))),
        ("a huge end", changed("exp", json!(u64::MAX))),
        ("a negative end", changed("exp", json!(-1))),
        ("begins later", changed("nbf", json!(now + 60))),
        ("a text as beginning", changed("nbf", json!("0"))),
        ("made later", changed("iat", json!(now + 60))),
        ("a text as making", changed("iat", json!("0"))),
        ("an empty id", changed("jti", json!(""))),
        ("a long id", changed("jti", json!("x".repeat(256)))),
        ("a number as id", changed("jti", json!(7))),
        ("no header", "e30.e30.e30".to_owned()),
        ("a word", "assertion".to_owned()),
        ("larger than 4 KiB", changed("more", json!("x".repeat(4096)))),
        ("another kid", headed(&|header| header.kid = Some("key-2".to_owned()))),
        ("a path as kid", headed(&|header| header.kid = Some("../../key-1".to_owned()))),
        ("no kid", headed(&|header| header.kid = None)),
        ("another type", headed(&|header| header.typ = Some("at+jwt".to_owned()))),
        ("no type", headed(&|header| header.typ = None)),
        ("a key that comes along", headed(&|header| header.jwk = serde_json::from_value(other.jwk.clone()).ok())),
        ("the address of a key", headed(&|header| header.jku = Some("https://keys.example.org".to_owned()))),
        ("the address of a chain", headed(&|header| header.x5u = Some("https://keys.example.org".to_owned()))),
        ("a condition", headed(&|header| header.crit = Some(vec!["exp".to_owned()]))),
        ("another one's algorithm", Key::new(Algorithm::EdDSA, "key-1").sign(&good)),
    ];
    for name in ["iss", "sub", "aud", "exp", "jti"] {
        assertions.push((name, lacking(name)));
    }
    let mut answers = Vec::new();
    for (name, assertion) in &assertions {
        answers.push(((*name).to_owned(), assert_with(&world, assertion).await));
    }
    let made = machine(&north, &[Scope::PatientsRead]).await;
    let of_south = machine(&south, &[Scope::PatientsRead]).await;
    for (name, client, secret) in [
        ("a wrong secret", made.id.to_string(), "x".repeat(43)),
        ("an empty secret", made.id.to_string(), String::new()),
        ("the secret of another", made.id.to_string(), of_south.secret.clone()),
        ("a client that is none", Uuid::nil().to_string(), made.secret.clone()),
        ("a name and no id", "software".to_owned(), made.secret.clone()),
        ("a client without secrets", id.to_string(), made.secret.clone()),
    ] {
        let grant = ("grant_type", "client_credentials");
        let form = [grant, ("client_id", client.as_str()), ("client_secret", secret.as_str())];
        answers.push((name.to_owned(), post_form(&world, "/oauth/token", &form).await));
        let basic = format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")));
        let answer = call(&world, "POST", "/oauth/token").header("authorization", &basic);
        let answer = answer.header("content-type", "application/x-www-form-urlencoded");
        answers.push((format!("{name}, Basic"), answer.body("grant_type=client_credentials").send().await));
    }
    let nothing = post_form(&world, "/oauth/token", &[("grant_type", "client_credentials")]).await;
    for (name, answer) in &answers {
        assert_eq!(answer.apart_from_the_request(), nothing.apart_from_the_request(), "{name}");
        assert_eq!(
            (answer.header("cache-control"), answer.header("www-authenticate")),
            (Some("no-store"), Some("Basic"))
        );
    }
    let body = nothing.json();
    assert_eq!((nothing.status.as_u16(), body["error"].as_str()), (401, Some("invalid_client")), "{body}");
    assert_eq!(body["error_description"], body["detail"]);
    // And the check can fail: an assertion as it should be signs in.
    assert_eq!(assert_with(&world, &key.sign(&good)).await.status, 200);
    let typed = headed(&|header| header.typ = Some("client-authentication+jwt".to_owned()));
    assert_eq!(assert_with(&world, &typed).await.status, 200);
}

#[tokio::test]
async fn a_request_for_a_token_is_read_as_rfc_6749_says() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let made = machine(&north, &[Scope::PatientsRead, Scope::ReportsRead]).await;
    for (scope, expected) in [
        ("patients:read", Ok("patients:read")),
        ("reports:read patients:read", Ok("patients:read reports:read")),
        ("patients:read audit:read", Ok("patients:read")),
        ("", Err("invalid_scope")),
        ("audit:read", Err("invalid_scope")),
        ("patients:read everything", Err("invalid_scope")),
        ("PATIENTS:READ", Err("invalid_scope")),
    ] {
        let answer = by_secret(&world, &made, &[("scope", scope)]).await;
        let body = answer.json();
        match expected {
            Ok(granted) => assert_eq!(body["scope"].as_str(), Some(granted), "{scope}: {body}"),
            Err(error) => {
                assert_eq!((answer.status.as_u16(), body["error"].as_str()), (400, Some(error)), "{scope}: {body}");
                assert_eq!(answer.slug(), "invalid-scope");
            }
        }
    }
    let (id, secret) = (made.id.to_string(), made.secret.as_str());
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let own = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let form = "application/x-www-form-urlencoded";
    for (name, address, kind, authorization, body, expected) in [
        ("as it should be", "", form, "", own.clone(), (200, "")),
        ("with a charset", "", "application/x-www-form-urlencoded; charset=utf-8", "", own.clone(), (200, "")),
        ("with what is not known", "", form, "", format!("{own}&resource=x"), (200, "")),
        ("by Basic", "", form, basic.as_str(), "grant_type=client_credentials".to_owned(), (200, "")),
        ("a Bearer header proves no client", "", form, "Bearer x", own.clone(), (200, "")),
        ("in the address", &*format!("?{own}"), form, "", own.clone(), (400, "invalid_request")),
        ("in two ways", "", form, basic.as_str(), own.clone(), (400, "invalid_request")),
        ("twice", "", form, "", format!("{own}&client_id={id}"), (400, "invalid_request")),
        ("without a grant", "", form, "", own.replace("grant_type", "grant"), (400, "invalid_request")),
        ("another grant", "", form, "", own.replace("client_credentials", "password"), (400, "unsupported_grant_type")),
        (
            "a refresh",
            "",
            form,
            "",
            "grant_type=refresh_token&refresh_token=x".to_owned(),
            (400, "unsupported_grant_type"),
        ),
        (
            "Basic of another",
            "",
            form,
            basic.as_str(),
            format!("grant_type=client_credentials&client_id={}", Uuid::nil()),
            (401, "invalid_client"),
        ),
        (
            "as JSON",
            "",
            "application/json",
            "",
            json!({"grant_type": "client_credentials"}).to_string(),
            (415, "invalid_request"),
        ),
        ("no UTF-8", "", form, "", format!("{own}&scope=%ff"), (400, "invalid_scope")),
    ] {
        let mut request = call(&world, "POST", &format!("/oauth/token{address}")).header("content-type", kind);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        let answer = request.body(body).send().await;
        let error = answer.json()["error"].as_str().unwrap_or_default().to_owned();
        assert_eq!((answer.status.as_u16(), error.as_str()), expected, "{name}: {}", answer.text);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{name}");
    }
    let large = call(&world, "POST", "/oauth/token").header("content-type", form).body("x".repeat(20_000)).send().await;
    assert_eq!(large.slug(), "content-too-large");
    let wrong_type = [("grant_type", "client_credentials"), ("client_assertion_type", "x"), ("client_assertion", "y")];
    assert_eq!(post_form(&world, "/oauth/token", &wrong_type).await.json()["error"], "invalid_request");
}

#[tokio::test]
async fn secrets_rotate_two_at_a_time_and_are_shown_once() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let clients = north.client().api_clients();
    let made = machine(&north, &[Scope::PatientsRead]).await;
    let answers = join_all((0..8).map(|_| clients.add_secret(made.id))).await;
    let second: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect();
    assert_eq!(second.len(), 1, "one was good already, and two are the most");
    assert!(
        answers.iter().filter_map(|answer| answer.as_ref().err()).all(|e| e.kind() == Some(Kind::IllegalTransition))
    );
    let second = Machine { id: made.id, secret: second[0].client_secret.as_str().to_owned() };
    assert_eq!(second.secret.len(), 43, "256 bits in base64url");
    for good in [&made, &second] {
        assert_eq!(by_secret(&world, good, &[]).await.status, 200);
    }
    let seen = clients.get(made.id).await.unwrap();
    assert_eq!(seen.secrets.len(), 2);
    let shown = call(&world, "GET", &format!("/v1/api_clients/{}", made.id)).by(&north.owner).await.send().await;
    assert!(!shown.text.contains(&made.secret) && !shown.text.contains(&second.secret));
    clients.end_secret(made.id, seen.secrets[0].id).await.unwrap();
    assert_eq!(by_secret(&world, &made, &[]).await.slug(), "invalid-client");
    assert_eq!(by_secret(&world, &second, &[]).await.status, 200);
    let again = clients.end_secret(made.id, seen.secrets[0].id).await.unwrap_err();
    assert_eq!(again.kind(), Some(Kind::NotFound));
    clients.add_secret(made.id).await.unwrap();
    // Only the owner, and only of the own clinic.
    let practitioner = north.member(Role::Practitioner).await;
    let south = world.clinic("south").await;
    let refused = practitioner.client.api_clients().add_secret(made.id).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::Forbidden));
    for error in [
        south.client().api_clients().add_secret(made.id).await.err(),
        south.client().api_clients().get(made.id).await.err(),
        south.client().api_clients().end(&seen).await.err(),
        south.client().api_clients().end_secret(made.id, seen.secrets[1].id).await.err(),
    ] {
        assert_eq!(error.unwrap().kind(), Some(Kind::NotFound));
    }
}

#[tokio::test]
async fn what_an_owner_changes_or_ends_holds_for_tokens_that_were_made_before() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let clients = north.client().api_clients();
    let made = machine(&north, &[Scope::PatientsRead, Scope::ReportsRead]).await;
    let token = token_of(&world, &made).await;
    let reports = async || call(&world, "GET", "/v1/reports").bearer(&token).send().await.status.as_u16();
    assert_eq!(reports().await, 200);
    let seen = clients.get(made.id).await.unwrap();
    let narrower = ApiClientPatch { scopes: Some(vec![Scope::PatientsRead]), ..ApiClientPatch::default() };
    let changed = clients.update(&seen, &narrower).await.unwrap();
    assert_eq!(reports().await, 403);
    assert_eq!(clients.update(&seen, &narrower).await.unwrap_err().kind(), Some(Kind::Stale));
    let wider = ApiClientPatch { scopes: Some(Scope::ALL.to_vec()), ..ApiClientPatch::default() };
    let changed = clients.update(&changed, &wider).await.unwrap();
    assert_eq!(reports().await, 200, "the token was made for it");
    let audit = call(&world, "GET", "/v1/audit_events").bearer(&token).send().await;
    assert_eq!(audit.status, 403, "and for no more");
    // Of two who end it at once one does.
    let ended = join_all((0..4).map(|_| clients.end(&changed))).await;
    assert_eq!(ended.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(reports().await, 401);
    assert_eq!(by_secret(&world, &made, &[]).await.slug(), "invalid-client");
    let gone = clients.get(made.id).await.unwrap();
    assert_eq!((gone.state, gone.secrets.len()), (ApiClientState::Ended, 0));
    for error in [
        clients.update(&gone, &narrower).await.err(),
        clients.end(&gone).await.err(),
        clients.add_secret(made.id).await.err(),
    ] {
        assert_eq!(error.unwrap().kind(), Some(Kind::IllegalTransition));
    }
}

#[tokio::test]
async fn a_token_is_taken_back_by_whom_it_was_made_for() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (made, other) = (machine(&north, &[Scope::PatientsRead]).await, machine(&north, &[Scope::PatientsRead]).await);
    let (token, second) = (token_of(&world, &made).await, token_of(&world, &made).await);
    let search = async |token: &str| {
        let request = call(&world, "POST", "/v1/patients/search").bearer(token);
        request.json(&json!({"family_name": "Sample"})).send().await.status.as_u16()
    };
    let revoke = async |token: &str, machine: Option<&Machine>| {
        let id = machine.map(|machine| machine.id.to_string()).unwrap_or_default();
        let mut form = vec![("token", token), ("token_type_hint", "refresh_token")];
        if let Some(machine) = machine {
            form.extend([("client_id", id.as_str()), ("client_secret", machine.secret.as_str())]);
        }
        let answer = post_form(&world, "/oauth/revoke", &form).await;
        (answer.status.as_u16(), answer.json()["error"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(revoke(&token, None).await, (401, "invalid_client".to_owned()));
    assert_eq!(revoke(&token, Some(&other)).await, (400, "unauthorized_client".to_owned()));
    let wrong = Machine { id: made.id, secret: "x".repeat(43) };
    assert_eq!(revoke(&token, Some(&wrong)).await, (401, "invalid_client".to_owned()));
    assert_eq!(search(&token).await, 200);
    for _ in 0..2 {
        assert_eq!(revoke(&token, Some(&made)).await.0, 200);
        assert_eq!(search(&token).await, 401);
    }
    assert_eq!(search(&second).await, 200, "the other one is as good as before");

    let person = north.member(Role::Staff).await;
    let tokens = person.client.tokens().await.unwrap();
    for (unknown, machine) in [("unknown", None), ("unknown", Some(&made)), ("", None)] {
        assert_eq!(revoke(unknown, machine).await.0, 200, "{unknown}");
    }
    assert_eq!(revoke(tokens.refresh_token.as_str(), None).await.0, 200);
    let access = call(&world, "GET", "/v1/auth/sessions").bearer(tokens.access_token.as_str()).send().await;
    assert_eq!(access.status, 401, "the session has ended");
    let person = north.member(Role::Staff).await;
    person.client.auth().revoke().await.unwrap();
    assert!(person.client.tokens().await.is_none());
}

#[tokio::test]
async fn what_a_machine_writes_stands_in_its_author_s_name_and_it_signs_nothing() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let author = north.member(Role::Practitioner).await;
    let scopes =
        [Scope::ReportsWrite, Scope::ReportsRead, Scope::ConsentsWrite, Scope::ConsentsRead, Scope::SharesWrite];
    let clients = north.client().api_clients();
    let request = NewApiClient { author_id: Some(author.id), ..new("Practice software", &scopes) };
    let client = clients.create(&request).await.unwrap();
    let secret = clients.add_secret(client.id).await.unwrap().client_secret;
    let software = signed_in(&world, &Machine { id: client.id, secret: secret.as_str().to_owned() });

    let patient = north.patient().await;
    let draft = |patient_id| NewReport {
        patient_id,
        kind: ReportKind::ProgressReport,
        body: cases::ankylosing_spondylitis(),
        sensitive_categories: Vec::new(),
    };
    let report = software.reports().draft(&draft(patient.id)).await.unwrap();
    assert_eq!(report.author.id, author.id);
    assert_eq!(software.reports().sign(&report).await.unwrap_err().kind(), Some(Kind::Forbidden));
    let asked = software.consents().ask(patient.id, &asking_for(RecipientChoice::clinic(south.id))).await.unwrap();
    assert_eq!(asked.asked_by, author.id);
    let paper = PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: wall_clock().date_naive(),
        attested: true,
        form: PaperForm { media_type: "application/pdf".to_owned(), content: files::scan().into() },
    };
    let attested = software.consents().record_paper_signature(&asked, &paper).await.unwrap_err();
    assert_eq!(attested.kind(), Some(Kind::Forbidden));
    let session = world.at_link(&patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
    let signed = author.client.reports().sign(&report).await.unwrap();
    let share = software.shares().create(signed.id, &sharing_with(RecipientChoice::clinic(south.id))).await.unwrap();
    assert_eq!(share.sent_by.id, author.id);

    // The author's right is one of its conditions: nobody gets further by a machine than without.
    let seen = clients.get(client.id).await.unwrap();
    let staff = north.member(Role::Staff).await;
    let by_staff = ApiClientPatch { author_id: Some(Some(staff.id)), ..ApiClientPatch::default() };
    let seen = clients.update(&seen, &by_staff).await.unwrap();
    let forbidden = software.reports().draft(&draft(patient.id)).await.unwrap_err();
    assert_eq!(forbidden.kind(), Some(Kind::Forbidden));
    let by_author = ApiClientPatch { author_id: Some(Some(author.id)), ..ApiClientPatch::default() };
    let seen = clients.update(&seen, &by_author).await.unwrap();
    software.reports().draft(&draft(patient.id)).await.unwrap();
    let members = north.client().members().list().send().await.unwrap().items;
    north.client().members().end(members.iter().find(|member| member.id == author.id).unwrap()).await.unwrap();
    let forbidden = software.reports().draft(&draft(patient.id)).await.unwrap_err();
    assert_eq!(forbidden.kind(), Some(Kind::Forbidden), "the author's membership has ended");
    let by_nobody = ApiClientPatch { author_id: Some(Some(south.owner.id)), ..ApiClientPatch::default() };
    let refused = clients.update(&seen, &by_nobody).await.unwrap_err();
    assert_eq!(refused.field_errors()[0].pointer, "/author_id");
    // To revoke takes no name: nothing may stand in the way of a no.
    software.consents().revoke(asked.id, &Default::default()).await.unwrap();
}

#[tokio::test]
async fn a_machine_reads_what_came_in_for_its_clinic_and_nothing_that_is_for_one_person() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let software = signed_in(&world, &machine(&south, &[Scope::SharesRead, Scope::SharesWrite]).await);
    let (patient, _, report, for_clinic) = north.share_with(&south).await;
    let to_owner = RecipientChoice::practitioner(south.owner.id);
    let for_person = north.client().shares().create(report.id, &sharing_with(to_owner)).await.unwrap();

    let inbox = software.shares().inbox().send().await.unwrap().items;
    assert_eq!(inbox.iter().map(|share| share.id).collect::<Vec<_>>(), [for_clinic.id]);
    assert!(software.shares().get(for_clinic.id).await.unwrap().content.is_some());
    software.shares().acknowledge(for_clinic.id).await.unwrap();
    for error in
        [software.shares().get(for_person.id).await.err(), software.shares().acknowledge(for_person.id).await.err()]
    {
        assert_eq!(error.unwrap().kind(), Some(Kind::NotFound));
    }
    let disclosed = north.client().audit().disclosures(patient.id).send().await.unwrap().items;
    assert_eq!(disclosed[0].recipient_name.as_str(), "south (test)", "the clinic received, by a machine");
    let told = north.client().audit().sharing_history(patient.id).send().await.unwrap().items;
    assert!(told.iter().any(|entry| entry.in_words.as_str().starts_with("A system of south (test) read")), "{told:?}");
    // Reading does not acknowledge.
    let reader = signed_in(&world, &machine(&south, &[Scope::SharesRead]).await);
    let refused = reader.shares().acknowledge(for_clinic.id).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::Forbidden));
}

/// Serves keys, and counts how often it was asked.
struct KeyServer {
    origin: String,
    body: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl KeyServer {
    fn start(cache_control: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (body, asked) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let (answer, count) = (Arc::clone(&body), Arc::clone(&asked));
        // It ends with the process of the tests.
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let Ok(mut connection) = connection else { return };
                count.fetch_add(1, Ordering::SeqCst);
                let read = connection.read(&mut [0; 4096]);
                if !read.is_ok_and(|count| count > 0) {
                    continue;
                }
                let body = answer.lock().unwrap().clone();
                let status = if body.is_empty() { "503 Busy" } else { "200 OK" };
                let head =
                    format!("HTTP/1.1 {status}\r\ncache-control: {cache_control}\r\ncontent-length: {}", body.len());
                connection.write_all(format!("{head}\r\nconnection: close\r\n\r\n{body}").as_bytes()).ok();
            }
        });
        Self { origin, body, asked }
    }

    fn publish(&self, keys: &[&Key]) {
        let keys: Vec<&Value> = keys.iter().map(|key| &key.jwk).collect();
        *self.body.lock().unwrap() = json!({ "keys": keys }).to_string();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn keys_at_an_address_are_fetched_once_and_rotate_there() {
    let server = KeyServer::start("max-age=600");
    let origin = server.origin.clone();
    let world = World::with(move |config| config.outbound_origins = vec![origin]).await;
    let north = world.clinic("north").await;
    let jwks_uri = Some(format!("{}/jwks", server.origin));
    let request = NewApiClient { jwks_uri, ..new("Practice software", &[Scope::PatientsRead]) };
    let id = north.client().api_clients().create(&request).await.unwrap().id;
    assert_eq!(server.asked(), 0, "nobody is asked before it is needed");
    let (first, second) = (Key::new(Algorithm::ES384, "key-1"), Key::new(Algorithm::EdDSA, "key-2"));
    let sign_in = async |key: &Key| assert_with(&world, &key.sign(&claims(&world, id))).await.status.as_u16();

    // What can't be fetched is not asked for again at once.
    for _ in 0..3 {
        assert_eq!(sign_in(&first).await, 401);
    }
    assert_eq!(server.asked(), 1);
    server.publish(&[&first]);
    world.travel(TimeDelta::seconds(11));
    let many = join_all((0..16).map(|_| sign_in(&first))).await;
    assert_eq!(many, [200; 16]);
    assert_eq!(server.asked(), 2, "16 at once share one look");
    // A key that is new there is looked for, and one that is gone is gone when what was said of it is over.
    server.publish(&[&second]);
    assert_eq!(sign_in(&second).await, 401, "it was looked for moments ago");
    world.travel(TimeDelta::seconds(11));
    assert_eq!(sign_in(&second).await, 200);
    assert_eq!(sign_in(&first).await, 401);
    assert_eq!(server.asked(), 3);
    server.body.lock().unwrap().clear();
    world.travel(TimeDelta::seconds(500));
    assert_eq!(sign_in(&second).await, 200, "it is kept as long as it was said to");
    world.travel(TimeDelta::seconds(101));
    assert_eq!(sign_in(&second).await, 401, "and no longer");
    assert_eq!(server.asked(), 4);
}

#[tokio::test]
async fn no_client_is_made_whose_keys_are_where_nobody_may_look() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let key = Key::new(Algorithm::ES384, "key-1");
    let mut body = json!({"name": "Software", "scopes": ["patients:read"], "jwks_uri": ""});
    for address in [
        "",
        "jwks",
        "http://software.example.org/jwks",
        "https://127.0.0.1/jwks",
        "https://2130706433/jwks",
        "https://0x7f.1/jwks",
        "https://[::1]/jwks",
        "https://[::ffff:169.254.169.254]/jwks",
        "https://localhost/jwks",
        "https://user@software.example.org/jwks",
        "https://software.example.org:8443/jwks",
        "https://software.example.org/jwks#a",
        "https://software/jwks",
        "file:///etc/passwd",
    ] {
        body["jwks_uri"] = json!(address);
        let answer = call(&world, "POST", "/v1/api_clients").by(&north.owner).await.json(&body).send().await;
        assert_eq!(
            answer.refused(),
            [("/jwks_uri".to_owned(), "invalid_uri".to_owned())],
            "{address}: {}",
            answer.text
        );
    }
    let mut set = json!({"keys": [key.jwk]});
    let weak = json!({"kty": "EC", "crv": "P-256", "kid": "a", "x": "AA", "y": "AA"});
    let mut private = key.jwk.clone();
    private["d"] = json!("AAAA");
    for (field, value, refused) in [
        ("name", json!(""), ("/name", "required")),
        ("name", json!("x".repeat(201)), ("/name", "too_long")),
        ("scopes", json!([]), ("/scopes", "required")),
        ("scopes", json!(["patients:read", "everything"]), ("/scopes/1", "unknown_value")),
        ("scopes", json!("patients:read"), ("/scopes", "invalid_type")),
        ("jwks", json!({"keys": []}), ("/jwks/keys", "out_of_range")),
        ("jwks", json!({"keys": [weak]}), ("/jwks/keys/0", "unsupported_key")),
        ("jwks", json!({"keys": [private]}), ("/jwks/keys/0/d", "unknown_field")),
        ("jwks", json!({"keys": [key.jwk, key.jwk]}), ("/jwks/keys/1/kid", "duplicate")),
        ("author_id", json!(Uuid::nil()), ("/author_id", "unknown_member")),
        ("clinic_id", json!(Uuid::nil()), ("/clinic_id", "unknown_field")),
    ] {
        let mut body = json!({"name": "Software", "scopes": ["patients:read"]});
        body[field] = value;
        let answer = call(&world, "POST", "/v1/api_clients").by(&north.owner).await.json(&body).send().await;
        let refused = [(refused.0.to_owned(), refused.1.to_owned())];
        assert_eq!(answer.refused(), refused, "{field}: {}", answer.text);
    }
    set["keys"][0]["use"] = json!("sig");
    let body = json!({"name": "Software", "scopes": ["patients:read"], "jwks": set,
        "jwks_uri": "https://software.example.org/jwks"});
    let answer = call(&world, "POST", "/v1/api_clients").by(&north.owner).await.json(&body).send().await;
    assert_eq!(answer.refused(), [("/jwks_uri".to_owned(), "one_of".to_owned())]);
}

#[tokio::test]
async fn what_a_client_needs_to_know_is_where_the_standards_say() {
    let world = World::start().await;
    let read = async |path: &str| call(&world, "GET", path).send().await.json();
    let server = read("/.well-known/oauth-authorization-server").await;
    assert_eq!(server, read("/.well-known/smart-configuration").await);
    assert_eq!(server["issuer"], world.url());
    for name in ["token_endpoint", "revocation_endpoint", "jwks_uri"] {
        let address = server[name].as_str().unwrap();
        let path = address.strip_prefix(world.url()).expect(address);
        let method = if name == "jwks_uri" { "GET" } else { "POST" };
        assert!(![404, 405].contains(&call(&world, method, path).send().await.status.as_u16()), "{address}");
    }
    assert_eq!(server["grant_types_supported"], json!(["client_credentials"]));
    let scopes = server["scopes_supported"].as_array().unwrap();
    assert_eq!(scopes.len(), Scope::ALL.len());
    // The pages of the kinds of problems are there.
    for slug in ["invalid-client", "invalid-scope", "unsupported-grant-type"] {
        assert_eq!(call(&world, "GET", &format!("/problems/{slug}")).send().await.status, 200, "{slug}");
    }
}
