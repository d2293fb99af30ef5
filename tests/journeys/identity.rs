//! Signing up, signing in with two factors, tokens, sessions.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use crate::wire::{Answer, access_token, call};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use futures_util::future::join_all;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use rapport_contract::{Sensitive, audit::Outcome, members::Role};
use rapport_sdk::{Kind, SecondFactor, totp_code, totp_code_at};
use rapport_tests::{
    World,
    people::{PASSWORD, Person, wall_clock},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashSet},
    time::{Duration, Instant},
};

fn sign_up() -> Value {
    json!({
        "clinic": {"name": "North (test)", "phone": "555-0100", "address": "1 Example Street", "npi": "1234567893"},
        "owner": {"name": "Ada Example", "email": "ada@north.example.org", "password": PASSWORD,
                  "profession": "massage_therapist", "npi": "1234567893"}
    })
}

/// The code of the step after the one that signed in first, so that no test waits for half a minute.
pub(crate) fn next_code(person: &Person) -> Sensitive<String> {
    let at = u64::try_from(wall_clock().timestamp()).unwrap() + 30;
    totp_code_at(&person.totp, at).unwrap()
}

async fn mfa_token(world: &World, email: &str) -> String {
    let answer =
        call(world, "POST", "/v1/auth/login").json(&json!({"email": email, "password": PASSWORD})).send().await;
    let answer = answer.json();
    let token = answer["mfa_token"].as_str().or(answer["mfa_enrolment_token"].as_str());
    token.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn verify(world: &World, token: &str, code: &str) -> Answer {
    call(world, "POST", "/v1/auth/mfa/verify").bearer(token).json(&json!({"code": code})).send().await
}

async fn refresh(world: &World, token: &str) -> Answer {
    call(world, "POST", "/v1/auth/refresh").json(&json!({"refresh_token": token})).send().await
}

async fn refresh_token(person: &Person) -> String {
    person.client.tokens().await.unwrap().refresh_token.as_str().to_owned()
}

async fn me(world: &World, token: &str) -> StatusCode {
    call(world, "GET", "/v1/auth/sessions").bearer(token).send().await.status
}

#[tokio::test]
async fn every_field_of_a_sign_up_is_checked() {
    let world = World::start().await;
    let long = |length| Value::from("x".repeat(length));
    let cases = [
        ("/clinic/name", json!(""), "required"),
        ("/clinic/name", json!("  "), "required"),
        ("/clinic/name", long(201), "too_long"),
        ("/clinic/name", json!("two\nlines"), "invalid_characters"),
        ("/clinic/name", json!(7), "invalid_type"),
        ("/clinic/name", Value::Null, "invalid_type"),
        ("/clinic/phone", long(41), "too_long"),
        ("/clinic/phone", json!([]), "invalid_type"),
        ("/clinic/address", long(301), "too_long"),
        ("/clinic/address", json!({}), "invalid_type"),
        ("/clinic/npi", json!("1234567890"), "invalid_npi"),
        ("/clinic/npi", json!("123"), "invalid_npi"),
        ("/clinic/npi", json!(1_234_567_893), "invalid_type"),
        ("/owner/name", json!(" "), "required"),
        ("/owner/name", long(201), "too_long"),
        ("/owner/name", json!("A\u{0}da"), "invalid_characters"),
        ("/owner/name", json!(true), "invalid_type"),
        ("/owner/email", json!("ada"), "invalid_email"),
        ("/owner/email", json!("ada@"), "invalid_email"),
        ("/owner/email", json!("a@b@c.example.org"), "invalid_email"),
        ("/owner/email", json!("ada@north.example.org\nBcc: x@example.org"), "invalid_email"),
        ("/owner/email", json!(format!("{}@example.org", "x".repeat(250))), "invalid_email"),
        ("/owner/email", json!(1), "invalid_type"),
        ("/owner/password", json!("fourteen chars"), "password_length"),
        ("/owner/password", long(1025), "password_length"),
        ("/owner/password", json!(["x"]), "invalid_type"),
        ("/owner/profession", json!(""), "required"),
        ("/owner/profession", long(81), "too_long"),
        ("/owner/profession", json!(1.5), "invalid_type"),
        ("/owner/npi", json!("2234567890"), "invalid_npi"),
        ("/owner/npi", json!("１２３４５６７８９３"), "invalid_npi"),
        ("/owner/npi", json!(false), "invalid_type"),
        ("/clinic", json!("North"), "invalid_type"),
        ("/owner", json!("Ada"), "invalid_type"),
    ];
    for (pointer, value, code) in cases {
        let mut body = sign_up();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let answer = call(&world, "POST", "/v1/clinics").json(&body).send().await;
        assert_eq!(answer.status, 422, "{pointer} {value}: {}", answer.text);
        let refused = answer.refused();
        assert!(refused.contains(&(pointer.to_owned(), code.to_owned())), "{pointer} {value}: {refused:?}");
    }
    for (place, name) in
        [("", "clinic"), ("", "owner"), ("/clinic", "name"), ("/owner", "email"), ("/owner", "password")]
    {
        let mut body = sign_up();
        body.pointer_mut(place).unwrap().as_object_mut().unwrap().remove(name);
        let answer = call(&world, "POST", "/v1/clinics").json(&body).send().await;
        assert_eq!(answer.refused(), [(format!("{place}/{name}"), "required".to_owned())], "{}", answer.text);
    }
    for place in ["", "/clinic", "/owner"] {
        let mut body = sign_up();
        body.pointer_mut(place).unwrap()["tenant_id"] = json!("x");
        let answer = call(&world, "POST", "/v1/clinics").json(&body).send().await;
        assert_eq!(answer.status, 422);
        let [(pointer, code)] = &answer.refused()[..] else { panic!("{}", answer.text) };
        assert!(pointer.starts_with(place) && code == "unknown_field", "{place}: {pointer} {code}");
    }
    // All at once, so that a form shows them together.
    let mut body = sign_up();
    body["clinic"]["name"] = json!("");
    body["owner"]["password"] = json!("short");
    let answer = call(&world, "POST", "/v1/clinics").json(&body).send().await;
    assert_eq!(answer.refused().len(), 2, "{}", answer.text);
    // Nothing of all that made a clinic.
    assert_eq!(call(&world, "POST", "/v1/clinics").json(&sign_up()).send().await.status, 201);
}

#[tokio::test]
async fn an_address_signs_up_once_however_it_is_written() {
    let world = World::start().await;
    assert_eq!(call(&world, "POST", "/v1/clinics").json(&sign_up()).send().await.status, 201);
    for email in ["ada@north.example.org", "ADA@North.Example.org", " ada@north.example.org "] {
        let mut body = sign_up();
        body["owner"]["email"] = json!(email);
        let answer = call(&world, "POST", "/v1/clinics").json(&body).send().await;
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (409, "conflict"), "{email}");
        assert!(!answer.text.to_lowercase().contains("ada@"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_bytes() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let login = async |email: &str, password: &str| {
        call(&world, "POST", "/v1/auth/login").json(&json!({"email": email, "password": password})).send().await
    };
    let wrong = login(&clinic.owner.email, "not the right password").await;
    assert_eq!((wrong.status.as_u16(), wrong.slug().as_str()), (401, "invalid-credentials"));
    for (email, password) in [
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("not an address", PASSWORD),
        (clinic.owner.email.as_str(), ""),
        ("ada\u{0}@example.org", PASSWORD),
        (&"x".repeat(10_000), PASSWORD),
    ] {
        let other = login(email, password).await;
        assert_eq!(wrong.apart_from_the_request(), other.apart_from_the_request(), "{:?}", email.get(..20));
    }
}

#[tokio::test]
async fn a_code_of_the_authenticator_works_once() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let owner = &clinic.owner;
    let used = totp_code(&owner.totp).unwrap();
    let token = mfa_token(&world, &owner.email).await;
    let again = verify(&world, &token, used.as_str()).await;
    assert_eq!((again.status.as_u16(), again.slug().as_str()), (401, "verification-failed"));

    let code = next_code(owner);
    let other_token = mfa_token(&world, &owner.email).await;
    let both = join_all([&token, &other_token].map(|token| verify(&world, token, code.as_str()))).await;
    let mut statuses: Vec<u16> = both.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401], "of two at once with one code, one signs in");
}

#[tokio::test]
async fn five_wrong_codes_end_the_attempt() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let token = mfa_token(&world, &clinic.owner.email).await;
    let code = next_code(&clinic.owner);
    let wrong = if code.as_str() == "000000" { "000001" } else { "000000" };
    for given in [wrong, "", "12345", "1234567", "abcdef"] {
        let answer = verify(&world, &token, given).await;
        assert_eq!(answer.slug(), "verification-failed", "{given:?}");
    }
    let answer = verify(&world, &token, code.as_str()).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (401, "unauthenticated"), "even with the right code");
    // Another attempt, at the right time, is free to succeed; but not after its ten minutes.
    let token = mfa_token(&world, &clinic.owner.email).await;
    world.travel(TimeDelta::minutes(10));
    assert_eq!(verify(&world, &token, code.as_str()).await.slug(), "unauthenticated");
}

#[tokio::test]
async fn wrong_codes_are_counted_for_the_account_whichever_sign_in_they_were_for() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let code = next_code(&clinic.owner);
    let wrong = if code.as_str() == "000000" { "000001" } else { "000000" };
    for _ in 0..4 {
        let token = mfa_token(&world, &clinic.owner.email).await;
        for _ in 0..5 {
            assert_eq!(verify(&world, &token, wrong).await.slug(), "verification-failed");
        }
    }
    let token = mfa_token(&world, &clinic.owner.email).await;
    let answer = verify(&world, &token, code.as_str()).await;
    assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (429, "rate-limited"), "even with the right code");
    // Ten minutes later they are forgotten.
    world.travel(TimeDelta::minutes(11));
    let token = mfa_token(&world, &clinic.owner.email).await;
    let later = u64::try_from((wall_clock() + TimeDelta::minutes(11)).timestamp()).unwrap();
    let code = totp_code_at(&clinic.owner.totp, later).unwrap();
    assert_eq!(verify(&world, &token, code.as_str()).await.status, 200);
}

#[tokio::test]
async fn an_authenticator_that_is_enrolled_can_not_be_replaced() {
    let world = World::start().await;
    let body = sign_up();
    assert_eq!(call(&world, "POST", "/v1/clinics").json(&body).send().await.status, 201);
    let email = body["owner"]["email"].as_str().unwrap();
    let SecondFactor::Enrol(enrolment) = world.nobody().sign_in(email, PASSWORD).await.unwrap() else { panic!() };
    let token = mfa_token(&world, email).await;
    let before = verify(&world, &token, "123456").await;
    assert_eq!(before.slug(), "verification-failed", "no authenticator yet");
    let secret = enrolment.enrol().await.unwrap().secret;
    enrolment.verify(totp_code(&secret).unwrap()).await.unwrap();
    // The other attempt holds an enrolment token still.
    let late = call(&world, "POST", "/v1/auth/mfa/enrol").bearer(&token).send().await;
    assert_eq!((late.status.as_u16(), late.slug().as_str()), (401, "unauthenticated"));
    // And one that is for verifying enrols nothing.
    let token = mfa_token(&world, email).await;
    let refused = call(&world, "POST", "/v1/auth/mfa/enrol").bearer(&token).send().await;
    assert_eq!(refused.apart_from_the_request(), late.apart_from_the_request());
}

#[tokio::test]
async fn a_token_of_one_kind_opens_nothing_that_takes_another() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let access = access_token(&clinic.owner).await;
    let refreshing = refresh_token(&clinic.owner).await;
    let mfa = mfa_token(&world, &clinic.owner.email).await;
    let mut bodies = BTreeSet::new();
    for token in [&mfa, &refreshing] {
        for (method, path) in [
            ("GET", "/v1/auth/sessions"),
            ("POST", "/v1/auth/logout"),
            ("GET", "/v1/members"),
            ("GET", "/v1/reports"),
            ("GET", "/v1/audit_events"),
            ("POST", "/v1/patients/search"),
        ] {
            let answer = call(&world, method, path).bearer(token).send().await;
            assert_eq!(answer.status, 401, "{method} {path}");
            bodies.insert(answer.apart_from_the_request());
        }
    }
    for token in [&access, &refreshing] {
        bodies.insert(call(&world, "POST", "/v1/auth/mfa/enrol").bearer(token).send().await.apart_from_the_request());
        bodies.insert(verify(&world, token, "123456").await.apart_from_the_request());
    }
    for token in [&access, &mfa] {
        bodies.insert(refresh(&world, token).await.apart_from_the_request());
    }
    bodies.insert(call(&world, "GET", "/v1/auth/sessions").send().await.apart_from_the_request());
    assert_eq!(bodies.len(), 1, "one body for all: {bodies:#?}");
    assert_eq!(bodies.first().unwrap().0, 401);
}

#[tokio::test]
async fn of_many_refreshes_of_one_token_all_get_the_same_successor() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let first = refresh_token(&clinic.owner).await;
    let answers = join_all((0..64).map(|_| refresh(&world, &first))).await;
    let successors: HashSet<String> = answers
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.json()["refresh_token"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(successors.len(), 1, "one lineage");
    let second = successors.into_iter().next().unwrap();
    assert_ne!(second, first);
    world.travel(TimeDelta::seconds(5));
    assert_eq!(refresh(&world, &first).await.json()["refresh_token"], second.as_str(), "within the grace");
    let third = refresh(&world, &second).await;
    assert_ne!(third.json()["refresh_token"], second.as_str(), "it rotates");
    assert_eq!(me(&world, third.json()["access_token"].as_str().unwrap()).await, 200);
}

#[tokio::test]
async fn a_refresh_token_used_again_after_the_grace_ends_its_session_on_record() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let stolen = refresh_token(&clinic.owner).await;
    let code = next_code(&clinic.owner);
    let elsewhere = verify(&world, &mfa_token(&world, &clinic.owner.email).await, code.as_str()).await.json();
    let renewed = refresh(&world, &stolen).await.json();
    world.travel(TimeDelta::seconds(11));
    let reuse = refresh(&world, &stolen).await;
    assert_eq!((reuse.status.as_u16(), reuse.slug().as_str()), (401, "unauthenticated"));
    assert_eq!(me(&world, renewed["access_token"].as_str().unwrap()).await, 401, "the thief's or ours: both end");
    assert_eq!(refresh(&world, renewed["refresh_token"].as_str().unwrap()).await.status, 401);
    // The other session of the same person lives, and sees what happened.
    let survivor = elsewhere["access_token"].as_str().unwrap();
    let events = call(&world, "GET", "/v1/audit_events?action=session.refresh_reuse").bearer(survivor).send().await;
    let events = events.json();
    assert_eq!(events["items"].as_array().unwrap().len(), 1, "{events}");
    assert_eq!(events["items"][0]["outcome"], "denied");
}

#[tokio::test]
async fn a_session_ends_after_fifteen_idle_minutes_and_after_twelve_hours() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let idle = refresh_token(&clinic.owner).await;
    let code = next_code(&clinic.owner);
    let busy = verify(&world, &mfa_token(&world, &clinic.owner.email).await, code.as_str()).await.json();
    let mut busy =
        (busy["access_token"].as_str().unwrap().to_owned(), busy["refresh_token"].as_str().unwrap().to_owned());
    let mut gone = TimeDelta::zero();
    while gone < TimeDelta::hours(12) - TimeDelta::minutes(14) {
        world.travel(TimeDelta::minutes(14));
        gone += TimeDelta::minutes(14);
        let answer = refresh(&world, &busy.1).await;
        assert_eq!(answer.status, 200, "after {gone}: {}", answer.text);
        let answer = answer.json();
        busy =
            (answer["access_token"].as_str().unwrap().to_owned(), answer["refresh_token"].as_str().unwrap().to_owned());
        if gone == TimeDelta::minutes(28) {
            assert_eq!(refresh(&world, &idle).await.status, 401, "idle for more than 15 minutes");
        }
    }
    assert_eq!(me(&world, &busy.0).await, 200);
    world.travel(TimeDelta::hours(12) - gone);
    assert_eq!(me(&world, &busy.0).await, 401, "the access token is dead with its session");
    assert_eq!(refresh(&world, &busy.1).await.status, 401, "however busy it was");
}

#[tokio::test]
async fn what_ends_a_session_ends_its_access_tokens_at_once() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let member = clinic.member(Role::Staff).await;
    let tokens = async |person: &Person| {
        let tokens = person.client.tokens().await.unwrap();
        (tokens.access_token.as_str().to_owned(), tokens.refresh_token.as_str().to_owned())
    };
    let is_dead = async |(access, refreshing): &(String, String)| {
        me(&world, access).await == 401 && refresh(&world, refreshing).await.status == 401
    };

    // Somebody else's session is not there to be ended.
    let sessions = clinic.client().auth().sessions().send().await.unwrap().items;
    let [only] = &sessions[..] else { panic!("{sessions:?}") };
    assert!(only.is_current);
    let theirs = call(&world, "DELETE", &format!("/v1/auth/sessions/{}", only.id)).by(&member).await.send().await;
    let nobodys = call(&world, "DELETE", "/v1/auth/sessions/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12").by(&member).await;
    assert_eq!(theirs.apart_from_the_request(), nobodys.send().await.apart_from_the_request());
    assert_eq!(theirs.status, 404);

    let first = tokens(&clinic.owner).await;
    let verification = world.nobody().sign_in(clinic.owner.email.as_str(), PASSWORD).await.unwrap();
    let second = verification.verify(next_code(&clinic.owner)).await.unwrap();
    clinic.client().auth().logout().await.unwrap();
    assert!(is_dead(&first).await, "signed out");
    let sessions = second.auth().sessions().send().await.unwrap().items;
    assert_eq!(sessions.len(), 1, "the other one lives");

    // A membership that ends.
    let theirs = tokens(&member).await;
    assert_eq!(me(&world, &theirs.0).await, 200);
    let list = second.members().list().send().await.unwrap().items;
    let listed = list.iter().find(|listed| listed.id == member.id).unwrap();
    second.members().end(listed).await.unwrap();
    assert!(is_dead(&theirs).await, "the membership ended");
    let again = world.nobody().sign_in(member.email.as_str(), PASSWORD).await.unwrap_err();
    assert_eq!(again.kind(), Some(Kind::InvalidCredentials));

    // All at once.
    let tokens = second.tokens().await.unwrap();
    let last = (tokens.access_token.as_str().to_owned(), tokens.refresh_token.as_str().to_owned());
    second.auth().end_all_sessions().await.unwrap();
    assert!(is_dead(&last).await, "all sessions ended");
}

#[tokio::test]
async fn anybody_can_verify_an_access_token_with_the_published_keys() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let token = access_token(&clinic.owner).await;
    let answer = call(&world, "GET", "/.well-known/jwks.json").send().await;
    assert!(!answer.text.contains("\"d\""), "the private half stays home: {}", answer.text);
    let keys: JwkSet = serde_json::from_str(&answer.text).unwrap();
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
    let key = keys.find(header.kid.as_deref().unwrap()).expect("the key that signed is published");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["rapport-api"]);
    validation.set_issuer(&[world.url()]);
    let claims =
        jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims;
    let seconds = |name: &str| claims[name].as_i64().unwrap();
    assert!((1..=300).contains(&(seconds("exp") - seconds("iat"))), "{claims}");
    assert_eq!(claims["sub"], clinic.owner.id.to_string());
    let text = claims.to_string();
    assert!(!text.contains("Owner") && !text.contains("example.org"), "no names in a token: {text}");
}

#[tokio::test]
async fn every_forged_token_gets_the_same_401() {
    use std::sync::{Arc, Mutex};
    let keys = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&keys);
    let world = World::with(move |config| *seen.lock().unwrap() = Some(config.keys.signing.clone())).await;
    let clinic = world.clinic("north").await;
    let good = access_token(&clinic.owner).await;
    let pem = std::fs::read(keys.lock().unwrap().take().unwrap()).unwrap();
    let (ours, theirs) = (EncodingKey::from_ed_pem(&pem).unwrap(), other_key());

    let header = jsonwebtoken::decode_header(&good).unwrap();
    let payload = good.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let now = wall_clock().timestamp();
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let without = |name: &str| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    let sign = |header: &Header, claims: &Value, key: &EncodingKey| jsonwebtoken::encode(header, claims, key).unwrap();
    let typed = |typ: Option<&str>| Header { typ: typ.map(ToOwned::to_owned), ..header.clone() };
    let raw = |header: Value| format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(header.to_string()));
    let jwks = call(&world, "GET", "/.well-known/jwks.json").send().await.json();
    let public = URL_SAFE_NO_PAD.decode(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
    let mut hs256 = header.clone();
    hs256.alg = Algorithm::HS256;
    let mut embedded = header.clone();
    embedded.jwk = Some(jsonwebtoken::jwk::Jwk::from_encoding_key(&theirs, Algorithm::EdDSA).unwrap());
    let flipped = {
        let (head, signature) = good.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[7] ^= 1;
        format!("{head}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let swapped = {
        let parts: Vec<&str> = good.split('.').collect();
        let claims = with("cid", json!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13"));
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2])
    };
    assert_eq!(me(&world, &sign(&header, &claims, &ours)).await, 200, "what follows is refused for its fault alone");

    let forged = [
        ("alg none", raw(json!({"alg": "none", "typ": "at+jwt"}))),
        ("alg None", raw(json!({"alg": "None", "typ": "at+jwt", "kid": header.kid}))),
        ("HS256 with the public key", sign(&hs256, &claims, &EncodingKey::from_secret(&public))),
        (
            "HS256 with the key's text",
            sign(&hs256, &claims, &EncodingKey::from_secret(jwks["keys"][0]["x"].as_str().unwrap().as_bytes())),
        ),
        ("another's key", sign(&header, &claims, &theirs)),
        ("another's key, embedded", sign(&embedded, &claims, &theirs)),
        ("unknown kid", sign(&Header { kid: Some("other".into()), ..header.clone() }, &claims, &ours)),
        ("no kid", sign(&Header { kid: None, ..header.clone() }, &claims, &ours)),
        ("typ JWT", sign(&typed(Some("JWT")), &claims, &ours)),
        ("no typ", sign(&typed(None), &claims, &ours)),
        ("another issuer", sign(&header, &with("iss", json!("https://other.example.org")), &ours)),
        ("another audience", sign(&header, &with("aud", json!("other")), &ours)),
        ("no audience", sign(&header, &without("aud"), &ours)),
        ("no expiry", sign(&header, &without("exp"), &ours)),
        ("expired", sign(&header, &with("exp", json!(now - 60)), &ours)),
        ("not yet", sign(&header, &with("nbf", json!(now + 120)), &ours)),
        ("no session", sign(&header, &without("sid"), &ours)),
        ("a session of nobody", sign(&header, &with("sid", json!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10")), &ours)),
        ("another clinic", sign(&header, &with("cid", json!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13")), &ours)),
        ("another member", sign(&header, &with("sub", json!("01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13")), &ours)),
        ("a bit flipped", flipped),
        ("claims swapped", swapped),
        ("signature cut off", good.rsplit_once('.').unwrap().0.to_owned()),
        ("something appended", format!("{good}x")),
        ("empty", String::new()),
        ("no token", "x".to_owned()),
        ("100 kB", "x".repeat(100_000)),
    ];
    let unsigned = call(&world, "GET", "/v1/auth/sessions").send().await;
    assert_eq!((unsigned.status.as_u16(), unsigned.header("www-authenticate")), (401, Some("Bearer")));
    let expected = unsigned.apart_from_the_request();
    for (fault, token) in &forged {
        let answer = call(&world, "GET", "/v1/auth/sessions").bearer(token).send().await;
        assert_eq!(answer.apart_from_the_request(), expected, "{fault}");
    }
    let twice = call(&world, "GET", "/v1/auth/sessions").bearer(&good).bearer(&good).send().await;
    assert_eq!(twice.apart_from_the_request(), expected, "two Authorization headers");
    let basic = call(&world, "GET", "/v1/auth/sessions").header("authorization", &format!("Basic {good}")).send().await;
    assert_eq!(basic.apart_from_the_request(), expected, "another scheme");
    let in_query = call(&world, "GET", &format!("/v1/practitioners/me?access_token={good}")).send().await;
    assert_eq!(in_query.status, 401, "a token in an address counts for nothing");
    assert_eq!(me(&world, &good).await, 200);
}

fn other_key() -> EncodingKey {
    EncodingKey::from_ed_pem(rapport_api::identity::keys::new_signing_key().unwrap().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_token_larger_than_any_head_is_refused_without_an_answer_to_it() {
    let world = World::start().await;
    let answer = call(&world, "GET", "/v1/auth/sessions").bearer(&"x".repeat(1_000_000)).try_send().await;
    // The head is cut off by the server long before its end: it may hang up while we still send.
    if let Ok(answer) = answer {
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    assert_eq!(call(&world, "GET", "/healthz").send().await.status, 200, "and lives on");
}

#[tokio::test]
async fn a_flood_of_sign_ins_is_bounded_and_slows_nothing_else() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let token = access_token(&clinic.owner).await;
    let email = clinic.owner.email.clone();
    // Five for an account, which takes no more at once, and the others for none.
    let flood = join_all((0..60).map(|number| {
        let email = if number < 5 { email.clone() } else { format!("nobody{number}@example.org") };
        call(&world, "POST", "/v1/auth/login")
            .json(&json!({"email": email, "password": "not the right password"}))
            .send()
    }));
    let others = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..10 {
            let started = Instant::now();
            assert_eq!(me(&world, &token).await, 200);
            slowest = slowest.max(started.elapsed());
        }
        slowest
    };
    let (answers, slowest) = tokio::join!(flood, others);
    for answer in &answers {
        match answer.status.as_u16() {
            401 => assert_eq!(answer.slug(), "invalid-credentials"),
            503 => assert!(
                answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok()),
                "{answer:?}"
            ),
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert!(answers.iter().any(|answer| answer.status == 503), "60 at once are more than may wait");
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
    let events = clinic.client().audit().events().action("session.password").send().await.unwrap().items;
    let refused = events.iter().filter(|event| event.outcome == Outcome::Denied).count();
    assert!(refused > 0, "each wrong password is on record");
}
