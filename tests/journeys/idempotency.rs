//! `Idempotency-Key`: the same request sent twice has one effect, and the second answer is the first one's.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::wire::{Answer, call};
use chrono::TimeDelta;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use rapport_contract::{consents::RecipientChoice, members::Role, patients::PatientSearch};
use rapport_sdk::{Kind, totp_code_at};
use rapport_tests::{
    World, cases, files,
    people::{PASSWORD, Person, asking_for, sharing_with, wall_clock},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn post(world: &World, by: &Person, path: &str, key: &str, if_match: Option<&str>, body: &Value) -> Answer {
    let request = call(world, "POST", path).by(by).await.header("idempotency-key", key).json(body);
    if let Some(tag) = if_match { request.header("if-match", tag) } else { request }.send().await
}

fn patient(family_name: &str) -> Value {
    json!({"given_name": "Casey", "family_name": family_name, "birth_date": "1979-03-14"})
}

async fn count_named(person: &Person, family_name: &str) -> usize {
    let search = PatientSearch { family_name: Some(family_name.into()), ..PatientSearch::default() };
    person.client.patients().search(&search).limit(100).send().await.unwrap().items.len()
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// How often an answer is stored under this key of this person, past the service.
async fn stored_keys(world: &World, person: &Person, key: &str) -> i64 {
    let hash = world.secrets().answer_hash(person.id.uuid().as_bytes(), key).to_vec();
    let query = diesel::sql_query("select count(*) as count from idempotency_keys where scope = $1 and key_hash = $2");
    let query = query.bind::<diesel::sql_types::Uuid, _>(person.id.uuid()).bind::<diesel::sql_types::Binary, _>(hash);
    query.get_result::<Count>(&mut world.database().await).await.unwrap().count
}

#[tokio::test]
async fn every_post_repeated_with_its_key_gets_its_first_answer_again() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let owner = &north.owner;
    let casey = north.patient().await;
    north.consented(&casey, &asking_for(RecipientChoice::clinic(south.id))).await;
    let kim = north.patient().await;
    let revocable = north.consented(&kim, &asking_for(RecipientChoice::clinic(south.id))).await;
    let on_paper = north.ask(&casey, &asking_for(RecipientChoice::practitioner(south.owner.id))).await;
    let report = north.signed_report(&casey, None).await;
    let draft = json!({"patient_id": casey.id, "kind": "progress_report", "body": cases::ankylosing_spondylitis()});
    let made = post(&world, owner, "/v1/reports", "a-draft", None, &draft).await.json();
    let amended = north.signed_report(&casey, None).await;
    let amendment = json!({"reason": "A number was wrong", "body": cases::ankylosing_spondylitis()});
    let paper = json!({"signed_name": "Casey Sample", "signed_on": wall_clock().date_naive(), "attested": true,
        "form": {"media_type": "application/pdf", "content": files::scan()}});
    let share = json!(sharing_with(RecipientChoice::clinic(south.id)));
    let invite = json!({"name": "Bo Example", "email": "bo@north.example.org", "role": "staff"});
    let cases = [
        (201, "/v1/patients".to_owned(), None, patient("Twice")),
        (
            201,
            format!("/v1/patients/{}/consents", casey.id),
            None,
            json!(asking_for(RecipientChoice::clinic(south.id))),
        ),
        (201, "/v1/reports".to_owned(), None, draft),
        (200, format!("/v1/reports/{}/signature", made["id"].as_str().unwrap()), Some("\"1\"".to_owned()), json!({})),
        (201, format!("/v1/reports/{}/amendments", amended.id), Some(format!("\"{}\"", amended.version)), amendment),
        (201, format!("/v1/reports/{}/shares", report.id), None, share),
        (201, "/v1/members".to_owned(), None, invite),
        (
            200,
            format!("/v1/consents/{}/paper_signature", on_paper.id),
            Some(format!("\"{}\"", on_paper.version)),
            paper,
        ),
        (200, format!("/v1/consents/{}/revocation", revocable.id), None, json!({"note": "On the telephone"})),
    ];
    for (number, (status, path, if_match, body)) in cases.iter().enumerate() {
        let key = format!("key-{number}");
        let first = post(&world, owner, path, &key, if_match.as_deref(), body).await;
        assert_eq!(first.status.as_u16(), *status, "{path}: {}", first.text);
        assert_eq!(first.header("idempotency-replayed"), None, "{path}");
        assert!(first.header("etag").is_some(), "{path}");
        let again = post(&world, owner, path, &key, if_match.as_deref(), body).await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"), "{path}: {}", again.text);
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
        for header in ["etag", "location", "content-type", "cache-control"] {
            assert_eq!(again.header(header), first.header(header), "{path}");
        }
        assert_ne!(again.header("x-request-id"), first.header("x-request-id"), "each request has its own");
        // Another body, or another address.
        let mut other = body.clone();
        other["extra"] = json!(null);
        let refused = post(&world, owner, path, &key, if_match.as_deref(), &other).await;
        assert_eq!(refused.status, 422, "{path}");
        if *path == "/v1/patients" {
            let refused = post(&world, owner, path, &key, None, &patient("Other")).await;
            assert_eq!((refused.status.as_u16(), refused.slug().as_str()), (422, "idempotency-key-reused"));
            let refused = post(&world, owner, "/v1/patients/search", &key, None, &json!({"family_name": "x"})).await;
            assert_eq!((refused.status.as_u16(), refused.slug().as_str()), (422, "idempotency-key-reused"));
            let refused = post(&world, owner, "/v1/patients?x=1", &key, None, body).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
        }
    }
    assert_eq!(count_named(owner, "Twice").await, 1);
    world.mailbox().link("bo@north.example.org", 1).await;
    assert_eq!(world.mailbox().to("bo@north.example.org").len(), 1, "one invitation");
    let shares = north.client().shares().of_report(report.id).send().await.unwrap().items;
    assert_eq!(shares.len(), 1);
    assert_eq!(south.client().shares().inbox().send().await.unwrap().items.len(), 1);
    assert_eq!(north.client().reports().versions(amended.id).send().await.unwrap().items.len(), 2);
}

#[tokio::test]
async fn a_sign_up_repeated_makes_one_clinic() {
    let world = World::start().await;
    let body = json!({
        "clinic": {"name": "North (test)"},
        "owner": {"name": "Ada Example", "email": "ada@north.example.org", "password": PASSWORD, "profession": "x"}
    });
    let sign_up =
        async |body: &Value| call(&world, "POST", "/v1/clinics").header("idempotency-key", "k").json(body).send().await;
    let first = sign_up(&body).await;
    let again = sign_up(&body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "{}", again.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.text, first.text);
    let mut guess = body.clone();
    guess["owner"]["password"] = json!("another long enough sentence");
    assert_eq!(sign_up(&guess).await.slug(), "idempotency-key-reused", "who has the key alone learns nothing");
}

#[tokio::test]
async fn of_many_at_once_with_one_key_one_has_an_effect() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = crate::wire::access_token(&north.owner).await;
    let body = patient("Atonce");
    let answers = join_all((0..8).map(|_| {
        call(&world, "POST", "/v1/patients").bearer(&token).header("idempotency-key", "k").json(&body).send()
    }))
    .await;
    let mut made = 0;
    for answer in &answers {
        match answer.status.as_u16() {
            201 if answer.header("idempotency-replayed").is_some() => {}
            201 => made += 1,
            409 => {
                assert_eq!(answer.slug(), "idempotency-in-progress");
                assert!(answer.header("retry-after").is_some());
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(count_named(&north.owner, "Atonce").await, 1);
    let after = post(&world, &north.owner, "/v1/patients", "k", None, &body).await;
    assert_eq!((after.status.as_u16(), after.header("idempotency-replayed")), (201, Some("true")));
}

#[tokio::test]
async fn a_key_belongs_to_the_member_who_sent_it() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let colleague = north.member(Role::Practitioner).await;
    let mut ids = std::collections::HashSet::new();
    for person in [&north.owner, &colleague, &south.owner] {
        let answer = post(&world, person, "/v1/patients", "same", None, &patient("Shared")).await;
        assert_eq!(answer.header("idempotency-replayed"), None, "{}", answer.text);
        ids.insert(answer.json()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 3);
    assert_eq!((count_named(&north.owner, "Shared").await, count_named(&south.owner, "Shared").await), (2, 1));
}

#[tokio::test]
async fn a_replay_takes_the_right_again() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    // The membership ended.
    let member = north.member(Role::Practitioner).await;
    let first = post(&world, &member, "/v1/patients", "k", None, &patient("Gone")).await;
    assert_eq!(first.status, 201);
    let listed = north.client().members().list().send().await.unwrap().items;
    north.client().members().end(listed.iter().find(|listed| listed.id == member.id).unwrap()).await.unwrap();
    let replay = post(&world, &member, "/v1/patients", "k", None, &patient("Gone")).await;
    assert_eq!((replay.status.as_u16(), replay.slug().as_str()), (401, "unauthenticated"));
    assert!(!replay.text.contains("Gone"));

    // The role is a lesser one now.
    let member = north.member(Role::Practitioner).await;
    assert_eq!(post(&world, &member, "/v1/patients", "k", None, &patient("Lesser")).await.status, 201);
    let mut conn = world.database().await;
    diesel::sql_query("update members set role = 'privacy_officer' where id = $1")
        .bind::<diesel::sql_types::Uuid, _>(member.id.uuid())
        .execute(&mut conn)
        .await
        .unwrap();
    let replay = post(&world, &member, "/v1/patients", "k", None, &patient("Lesser")).await;
    assert_eq!((replay.status.as_u16(), replay.slug().as_str()), (403, "forbidden"));

    // The consent ended: an acknowledgement is not told again.
    let (casey, consent, _, share) = north.share_with(&south).await;
    south.client().shares().get(share.id).await.unwrap();
    let path = format!("/v1/shares/{}/acknowledgement", share.id);
    assert_eq!(post(&world, &south.owner, &path, "k", None, &json!({})).await.status, 200);
    north.client().consents().revoke(consent.id, &Default::default()).await.unwrap();
    let replay = post(&world, &south.owner, &path, "k", None, &json!({})).await;
    assert_eq!((replay.status.as_u16(), replay.slug().as_str()), (403, "consent-revoked"));
    assert_eq!(north.client().patients().get(casey.id).await.unwrap().id, casey.id);
}

/// Wakes the service's worker until its housekeeping has forgotten the key.
async fn wait_until_forgotten(world: &World, person: &Person, key: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        world.service().signals.mail.notify_one();
        let count = stored_keys(world, person, key).await;
        if count == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{count} of {key} are still stored");
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let body = patient("Nextday");
    let first = post(&world, &north.owner, "/v1/patients", "k", None, &body).await;
    assert_eq!(first.status, 201);
    assert_eq!(stored_keys(&world, &north.owner, "k").await, 1);
    let later = TimeDelta::hours(24) + TimeDelta::minutes(1);
    world.travel(later);
    wait_until_forgotten(&world, &north.owner, "k").await;

    let at = u64::try_from((wall_clock() + later).timestamp()).unwrap();
    let second_factor = world.nobody().sign_in(north.owner.email.as_str(), PASSWORD).await.unwrap();
    let client = second_factor.verify(totp_code_at(&north.owner.totp, at).unwrap()).await.unwrap();
    let again = client.request(Method::POST, "/v1/patients").idempotency_key("k").json(&body);
    let again: Value = again.send().await.unwrap();
    assert_ne!(again["id"], first.json()["id"], "a new intent");
}

#[tokio::test]
async fn what_failed_is_not_stored() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let numbered = |family_name: &str, mrn: &str| {
        let mut body = patient(family_name);
        body["mrn"] = json!(mrn);
        body
    };
    // Refused by a field.
    let mut wrong = patient("Mended");
    wrong["email"] = json!("no address");
    assert_eq!(post(&world, &north.owner, "/v1/patients", "field", None, &wrong).await.slug(), "validation");
    assert_eq!(post(&world, &north.owner, "/v1/patients", "field", None, &patient("Mended")).await.status, 201);
    // Refused by what exists.
    let first = post(&world, &north.owner, "/v1/patients", "one", None, &numbered("Holder", "N-1")).await;
    let taken = numbered("Later", "N-1");
    let refused = post(&world, &north.owner, "/v1/patients", "two", None, &taken).await;
    assert_eq!((refused.slug().as_str(), refused.header("idempotency-replayed")), ("conflict", None));
    assert_eq!(stored_keys(&world, &north.owner, "two").await, 0);
    let url = format!("/v1/patients/{}", first.json()["id"].as_str().unwrap());
    let freed = call(&world, "PATCH", &url).by(&north.owner).await.header("if-match", "*").json(&json!({"mrn": null}));
    assert_eq!(freed.send().await.status, 200);
    assert_eq!(post(&world, &north.owner, "/v1/patients", "two", None, &taken).await.status, 201, "the same key again");
    // Refused by the role.
    let officer = north.member(Role::PrivacyOfficer).await;
    assert_eq!(post(&world, &officer, "/v1/patients", "role", None, &patient("Never")).await.slug(), "forbidden");
    assert_eq!(stored_keys(&world, &officer, "role").await, 0);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let longest = "k".repeat(255);
    for (key, is_taken) in [
        (longest.as_str(), true),
        (&"k".repeat(256), false),
        ("", false),
        ("k y", true),
        ("k\ty", false),
        ("a/b?c=%20", true),
    ] {
        let answer = post(&world, &north.owner, "/v1/patients", key, None, &patient("Keyed")).await;
        if is_taken {
            assert_eq!(answer.status, 201, "{key:?}");
        } else {
            assert_eq!(answer.refused(), [("Idempotency-Key".to_owned(), "invalid_key".to_owned())], "{key:?}");
        }
    }
    let reused = north.client().request(Method::POST, "/v1/patients").idempotency_key(&longest);
    let error = reused.json(&patient("Another")).send_only().await.unwrap_err();
    assert_eq!(error.kind(), Some(Kind::IdempotencyKeyReused), "the SDK names it");
}
