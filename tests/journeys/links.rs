//! A patient at a link: what opens it, what ends it, and what can be done there.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use crate::gate::{Raw, count, until, waiting};
use chrono::{NaiveDate, TimeDelta};
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join3;
use rapport_contract::{
    consents::{Consent, ConsentMethod, ConsentState, NewConsent, RecipientChoice, RevokeConsent},
    patients::Patient,
    problem::Kind,
};
use rapport_sdk::LinkSession;
use rapport_tests::{
    World, cases,
    people::{Clinic, asking_for, wall_clock},
};
use reqwest::{Method, header};
use serde_json::{Value, json};
use uuid::Uuid;

/// A link as it stood in the mail.
struct Link {
    patient: Patient,
    consent: Consent,
    address: String,
    id: String,
    secret: String,
}

async fn asked(north: &Clinic<'_>, request: &NewConsent) -> Link {
    let patient = north.patient().await;
    let consent = north.ask(&patient, request).await;
    let address = north.world.mailbox().link(patient.email.as_ref().unwrap().as_str(), 1).await;
    let (page, secret) = address.split_once('#').unwrap();
    let (id, secret) = (page.rsplit_once('/').unwrap().1.to_owned(), secret.to_owned());
    Link { patient, consent, id, secret, address }
}

impl Link {
    fn email(&self) -> &str {
        self.patient.email.as_ref().unwrap().as_str()
    }

    async fn post(&self, world: &World, of_link: &str, body: &Value) -> Raw {
        let address = format!("{}/v1/consent_links/{}/{of_link}", world.url(), self.id);
        Raw::of(world.http().post(address).json(body)).await
    }

    async fn challenge(&self, world: &World) -> Raw {
        self.post(world, "challenge", &json!({"secret": self.secret})).await
    }

    /// Asks for the `number`th code and reads it.
    async fn code(&self, world: &World, number: usize) -> String {
        let answer = self.challenge(world).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        world.mailbox().code(self.email(), number).await
    }

    async fn open(&self, world: &World, birth_date: NaiveDate, code: &str) -> Raw {
        let body = json!({"secret": self.secret, "birth_date": birth_date, "code": code});
        self.post(world, "session", &body).await
    }

    /// Does it as the page would: with the cookie, and the token if it is given.
    async fn go(&self, world: &World, method: Method, of_link: &str, cookie: &str, csrf: Option<&str>) -> Raw {
        let address = format!("{}/v1/consent_links/{}{of_link}", world.url(), self.id);
        let mut request = world.http().request(method, address).header(header::COOKIE, cookie);
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        Raw::of(request).await
    }
}

/// The cookie of an opened session as a browser sends it back, and the anti-CSRF token.
fn session_of(answer: &Raw) -> (String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (cookie, answer.json()["csrf_token"].as_str().unwrap().to_owned())
}

fn other_code(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

fn not_born() -> NaiveDate {
    cases::birth_date().succ_opt().unwrap()
}

async fn clinics(world: &World) -> (Clinic<'_>, NewConsent) {
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    (north, asking_for(RecipientChoice::clinic(south.id)))
}

#[tokio::test]
async fn loading_a_page_fifty_times_changes_nothing() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let page = link.address.split_once('#').unwrap().0;
    let everything =
        "select (select count(*) from consent_links where tries_left = 5 and codes_sent = 0 and code_hash is null)
        + 10 * (select count(*) from consents where state = 'pending' and version = 1)
        + 100 * (select count(*) from consent_link_sessions) + 1000 * (select count(*) from audit_events)
        + 1000000 * (select count(*) from mails) as count";
    let before = count(&world, everything).await;
    for _ in 0..50 {
        for method in [Method::GET, Method::HEAD] {
            let answer = Raw::of(world.http().request(method.clone(), page)).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            let api = format!("{}/v1/consent_links/{}", world.url(), link.id);
            assert_eq!(Raw::of(world.http().request(method, api)).await.status, 401);
        }
    }
    assert_eq!(count(&world, everything).await, before);
    let session = world.at_link(&link.patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
}

#[tokio::test]
async fn every_link_that_leads_nowhere_answers_the_same_404() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let short = NewConsent { expires_at: wall_clock() + TimeDelta::minutes(12), ..request.clone() };

    let mut live = asked(&north, &request).await;
    live.secret = "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5".to_owned();
    let mut unknown = asked(&north, &request).await;
    unknown.id = Uuid::from_u128(7).to_string();
    let mut malformed = asked(&north, &request).await;
    malformed.id = "rubbish".to_owned();
    let declined = asked(&north, &request).await;
    world.at_link(&declined.patient).await.refuse().await.unwrap();
    let revoked = asked(&north, &request).await;
    let session = world.at_link(&revoked.patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
    session.revoke().await.unwrap();
    let dead = asked(&north, &request).await;
    for _ in 0..5 {
        dead.open(&world, cases::birth_date(), "000000").await;
    }
    let lapsed = asked(&north, &short).await;
    let expired = asked(&north, &short).await;
    let session = world.at_link(&expired.patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
    world.travel(TimeDelta::minutes(12) + TimeDelta::seconds(1));

    let mut answers = Vec::new();
    for (what, link) in [
        ("a wrong secret", &live),
        ("an unknown link", &unknown),
        ("an id that is none", &malformed),
        ("declined", &declined),
        ("revoked", &revoked),
        ("five wrong tries", &dead),
        ("lapsed", &lapsed),
        ("expired", &expired),
    ] {
        answers.push((what, link.challenge(&world).await.without_request_id()));
        answers.push((what, link.open(&world, cases::birth_date(), "123456").await.without_request_id()));
    }
    let (_, first) = answers.first().cloned().expect("answers");
    assert_eq!(first.0, 404);
    for (what, answer) in answers {
        assert_eq!(answer, first, "{what}");
    }
}

#[tokio::test]
async fn five_wrong_tries_kill_a_link_and_its_sessions_and_do_not_tell_which_fact_was_wrong() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let first = link.code(&world, 1).await;
    let (cookie, _) = session_of(&link.open(&world, cases::birth_date(), &first).await);
    assert_eq!(link.go(&world, Method::GET, "", &cookie, None).await.status, 200);

    let code = link.code(&world, 2).await;
    let wrong_date = link.open(&world, not_born(), &code).await;
    let wrong_code = link.open(&world, cases::birth_date(), other_code(&code)).await;
    assert_eq!(wrong_date.without_request_id(), wrong_code.without_request_id());
    assert_eq!((wrong_date.status, wrong_date.slug()), (401, "verification-failed".to_owned()));
    for _ in 0..3 {
        assert_eq!(link.open(&world, not_born(), &code).await.status, 401);
    }
    assert_eq!(link.open(&world, cases::birth_date(), &code).await.status, 404, "the sixth, with the right facts");
    assert_eq!(link.challenge(&world).await.status, 404);
    assert_eq!(link.go(&world, Method::GET, "", &cookie, None).await.status, 401, "nor does an open session live on");
    let denied = north.client().audit().events().action("consent_link.open").send().await.unwrap();
    let reasons: Vec<_> = denied.items.iter().filter_map(|event| event.reason.as_deref()).collect();
    assert_eq!(reasons, ["verification-failed"; 5]);
}

#[tokio::test]
async fn of_many_wrong_tries_at_once_five_count() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let code = link.code(&world, 1).await;
    let tries = (0..20).map(|_| link.open(&world, not_born(), &code));
    let mut statuses: Vec<_> = futures_util::future::join_all(tries).await.into_iter().map(|raw| raw.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [[401; 5].as_slice(), [404; 15].as_slice()].concat());
}

#[tokio::test]
async fn a_code_works_once_for_ten_minutes_and_a_newer_one_replaces_it() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let birth_date = cases::birth_date();
    let code = link.code(&world, 1).await;
    let again = link.challenge(&world).await;
    assert_eq!((again.status, again.slug()), (429, "rate-limited".to_owned()), "a second click sends no second mail");
    assert!(again.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(link.open(&world, birth_date, &code).await.status, 200);
    assert_eq!(link.open(&world, birth_date, &code).await.status, 401, "used");

    let older = link.code(&world, 2).await;
    world.travel(TimeDelta::seconds(6));
    let newer = link.code(&world, 3).await;
    if older != newer {
        assert_eq!(link.open(&world, birth_date, &older).await.status, 401, "replaced");
    }
    assert_eq!(link.open(&world, birth_date, &newer).await.status, 200);

    let late = link.code(&world, 4).await;
    world.travel(TimeDelta::minutes(10));
    assert_eq!(link.open(&world, birth_date, &late).await.status, 401, "ten minutes are over");
    let in_time = link.code(&world, 5).await;
    world.travel(TimeDelta::minutes(9));
    assert_eq!(link.open(&world, birth_date, &in_time).await.status, 200);
}

#[tokio::test]
async fn a_session_ends_after_fifteen_idle_minutes_and_after_an_hour_at_most() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let session = world.at_link(&link.patient).await;
    for _ in 0..4 {
        session.get().await.unwrap();
        world.travel(TimeDelta::minutes(14));
    }
    session.get().await.unwrap();
    world.travel(TimeDelta::minutes(4));
    assert_eq!(session.get().await.unwrap_err().kind(), Some(Kind::Unauthenticated), "an hour");

    let idle = world.at_link(&link.patient).await;
    idle.get().await.unwrap();
    world.travel(TimeDelta::minutes(15));
    assert_eq!(idle.get().await.unwrap_err().kind(), Some(Kind::Unauthenticated), "idle");
    assert_eq!(idle.refuse().await.unwrap_err().kind(), Some(Kind::Unauthenticated));
}

#[tokio::test]
async fn a_session_is_for_one_link_and_a_change_needs_its_token_besides_the_cookie() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let (one, other) = (asked(&north, &request).await, asked(&north, &request).await);
    let code = one.code(&world, 1).await;
    let opened = one.open(&world, cases::birth_date(), &code).await;
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap();
    for attribute in ["HttpOnly", "SameSite=Strict", &format!("Path=/v1/consent_links/{}", one.id)] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} is not in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(opened.headers[header::CACHE_CONTROL], "no-store");
    let (cookie, csrf) = session_of(&opened);
    let hash = one.consent.statement_hash.as_str();

    assert_eq!(one.go(&world, Method::GET, "", &cookie, None).await.status, 200);
    for of_link in ["/refusal", "/revocation"] {
        for token in [None, Some("wrong"), Some(cookie.as_str())] {
            let answer = one.go(&world, Method::POST, of_link, &cookie, token).await;
            assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()), "{of_link}");
        }
    }
    let sign = async |csrf: &str, cookie: &str| {
        let address = format!("{}/v1/consent_links/{}/signature", world.url(), one.id);
        let body = json!({"signed_name": "Casey Sample", "statement_hash": hash});
        let request = world.http().post(address).header("x-csrf-token", csrf).header(header::COOKIE, cookie);
        Raw::of(request.json(&body)).await
    };
    assert_eq!(sign("wrong", &cookie).await.status, 403);
    assert_eq!(sign(&csrf, "rapport_consent=wrong").await.status, 401);
    assert_eq!(sign(&csrf, "").await.status, 401);
    for (method, of_link) in [(Method::GET, ""), (Method::POST, "/refusal"), (Method::POST, "/revocation")] {
        let answer = other.go(&world, method, of_link, &cookie, Some(&csrf)).await;
        assert_eq!(answer.status, 401, "another link's: {of_link}");
    }
    assert_eq!(north.client().consents().get(one.consent.id).await.unwrap().state, ConsentState::Pending);
    assert_eq!(sign(&csrf, &cookie).await.status, 200);
}

#[tokio::test]
async fn neither_secret_nor_code_nor_session_is_in_the_database_in_the_clear() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    assert!(link.secret.len() >= 32, "a secret that can't be guessed");
    let code = link.code(&world, 1).await;
    let opened = link.open(&world, cases::birth_date(), &code).await;
    let (cookie, csrf) = session_of(&opened);
    let unused = link.code(&world, 2).await;
    until("the mail is sent", async || count(&world, "select count(*) from mails where sent_at is null").await == 0)
        .await;
    let token = cookie.split_once('=').unwrap().1;
    // Of each table each row as text, and the bytes of a text as Postgres would print them.
    let tables =
        ["consent_links", "consent_link_sessions", "mails", "consents", "audit_events", "idempotency_keys", "patients"];
    for table in tables {
        for secret in [&link.secret, &code, &unused, token, &csrf] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            let sql = if secret.len() == 6 {
                // Six digits turn up by chance within ids and times: only as a value of their own do they tell anything.
                format!("select count(*) from {table} t, jsonb_each_text(to_jsonb(t)) as field
                    where field.value in ('{secret}', '\\x{hex}') or (field.key = 'body' and field.value like '%{secret}%')")
            } else {
                format!("select count(*) from {table} t where t::text like '%{secret}%' or t::text like '%{hex}%'")
            };
            assert_eq!(count(&world, &sql).await, 0, "in {table}");
        }
    }
}

async fn illegal(answer: rapport_sdk::Result<impl Sized>) -> Vec<String> {
    let error = answer.err().expect("a refusal");
    assert_eq!(error.kind(), Some(Kind::IllegalTransition), "{error}");
    error.problem().unwrap().allowed.clone().expect("the verbs that are open")
}

#[tokio::test]
async fn a_patient_signs_once_and_only_the_text_that_was_read_and_revokes_later_at_the_same_link() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let session = world.at_link(&link.patient).await;
    let seen = session.get().await.unwrap();
    assert_eq!((&seen.statement, &seen.statement_hash), (&link.consent.statement, &link.consent.statement_hash));
    let mut other = seen.clone();
    other.statement_hash = "0".repeat(64);
    assert_eq!(session.sign(&other, "Casey Sample").await.unwrap_err().kind(), Some(Kind::Conflict));
    assert_eq!(session.sign(&seen, "  ").await.unwrap_err().kind(), Some(Kind::Validation));
    assert_eq!(illegal(session.revoke().await).await, ["signature", "refusal"]);
    assert_eq!(north.client().consents().get(link.consent.id).await.unwrap().state, ConsentState::Pending);

    assert_eq!(session.sign(&seen, "Casey Sample").await.unwrap().state, ConsentState::Active);
    assert_eq!(illegal(session.sign(&seen, "Casey Sample").await).await, ["revocation"]);
    assert_eq!(illegal(session.refuse().await).await, ["revocation"]);
    let signed = north.client().consents().get(link.consent.id).await.unwrap();
    let signature = signed.signature.expect("a signature");
    assert_eq!((signature.method, signature.signed_name.as_str()), (ConsentMethod::Link, "Casey Sample"));
    assert_eq!(signed.statement, seen.statement, "what was signed is what was read");

    // Days later, with a new code, at the same link.
    world.travel(TimeDelta::days(20));
    let later: LinkSession = world.at_link(&link.patient).await;
    let revoked = later.revoke().await.unwrap();
    assert_eq!((revoked.state, revoked.revocation_method), (ConsentState::Revoked, Some(ConsentMethod::Link)));
    assert!(illegal(later.revoke().await).await.is_empty());
    assert!(illegal(later.sign(&seen, "Casey Sample").await).await.is_empty());
}

#[tokio::test]
async fn of_two_answers_at_once_one_counts_and_the_other_is_told_what_is_open_now() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let (one, other) = (world.at_link(&link.patient).await, world.at_link(&link.patient).await);
    let seen = one.get().await.unwrap();
    // Both have found the question open, and wait to answer it.
    let mut holder = world.database().await;
    holder.batch_execute("begin; select from consents for no key update").await.unwrap();
    let refused = async {
        waiting(&world, 1).await;
        other.refuse().await
    };
    let release = async {
        waiting(&world, 2).await;
        holder.batch_execute("rollback").await.unwrap();
    };
    let (signed, refused, ()) = join3(one.sign(&seen, "Casey Sample"), refused, release).await;
    assert_eq!(signed.unwrap().state, ConsentState::Active);
    assert_eq!(illegal(refused).await, ["revocation"]);
}

#[tokio::test]
async fn a_patient_who_declines_has_answered() {
    let world = World::start().await;
    let (north, request) = clinics(&world).await;
    let link = asked(&north, &request).await;
    let session = world.at_link(&link.patient).await;
    let seen = session.get().await.unwrap();
    assert_eq!(session.refuse().await.unwrap().state, ConsentState::Declined);
    assert!(illegal(session.refuse().await).await.is_empty());
    assert!(illegal(session.sign(&seen, "Casey Sample").await).await.is_empty());
    assert!(illegal(session.revoke().await).await.is_empty());
    let revoked = north.client().consents().revoke(link.consent.id, &RevokeConsent::default()).await;
    assert!(illegal(revoked).await.is_empty());
    assert_eq!(north.client().consents().get(link.consent.id).await.unwrap().state, ConsentState::Declined);
}
