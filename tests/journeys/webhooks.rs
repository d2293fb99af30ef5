//! Webhooks: an address is told of what it wants and may hear, signed, in order, until it has it; and no address is told that did
//! not ask for it, or where nobody may look.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

pub(crate) mod sink;
mod storm;

use crate::wire::call;
use chrono::TimeDelta;
use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use rapport_contract::{
    events::{Event, EventType},
    ids::WebhookId,
    members::Role,
    webhooks::{
        DeliveryState, DisabledBecause, MadeWebhook, NewWebhook, Webhook, WebhookDelivery, WebhookPatch, WebhookState,
    },
};
use rapport_sdk::{Kind, webhooks::verify_at};
use rapport_tests::{World, people::Clinic};
use serde_json::json;
use sink::{Mood, Sink, Told};
use std::{
    net::TcpListener,
    num::NonZeroUsize,
    time::{Duration, Instant},
};
use storm::count;
use uuid::Uuid;

/// How long a delivery may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// So many webhooks of one clinic are told at once, of so many reports.
const WEBHOOKS: usize = 10;
const SIGNED: usize = 8;

/// A world whose service may tell this sink.
async fn world_of(sink: &Sink) -> World {
    let origin = sink.origin.clone();
    World::with(move |config| {
        config.outbound_origins = vec![origin];
        config.webhook_timeout = Duration::from_secs(1);
    })
    .await
}

fn to(url: String, types: &[EventType]) -> NewWebhook {
    NewWebhook { url, types: types.to_vec() }
}

/// Waits until what `look` finds is there.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "it does not come to this: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn in_state(clinic: &Clinic<'_>, id: WebhookId, state: WebhookState) -> Webhook {
    until(&format!("{state:?}"), async || {
        Some(clinic.client().webhooks().get(id).await.unwrap()).filter(|webhook| webhook.state == state)
    })
    .await
}

/// A webhook of the clinic that is told already.
pub(crate) async fn active(clinic: &Clinic<'_>, sink: &Sink, types: &[EventType]) -> MadeWebhook {
    let made = clinic.client().webhooks().create(&to(sink.url(), types)).await.unwrap();
    assert_eq!(made.webhook.state, WebhookState::Pending);
    let webhook = in_state(clinic, made.webhook.id, WebhookState::Active).await;
    MadeWebhook { webhook, ..made }
}

async fn deliveries(clinic: &Clinic<'_>, id: WebhookId) -> Vec<WebhookDelivery> {
    clinic.client().webhooks().deliveries(id).limit(100).send().await.unwrap().items
}

/// The first delivery of the webhook once it is in this state.
async fn delivery(clinic: &Clinic<'_>, id: WebhookId, state: DeliveryState) -> WebhookDelivery {
    until(&format!("{state:?}"), async || {
        deliveries(clinic, id).await.into_iter().rev().find(|delivery| delivery.state == state)
    })
    .await
}

/// Whether a message verifies by this secret, at the time that it was signed for.
fn is_by(secret: &str, told: &Told) -> bool {
    let at = told.header("webhook-timestamp").unwrap().parse().unwrap();
    let at = chrono::DateTime::from_timestamp(at, 0).unwrap();
    verify_at(secret, |name| told.header(name), told.body.as_bytes(), at).is_ok()
}

#[tokio::test]
async fn an_address_that_wants_it_is_told_and_what_it_is_told_is_signed_both_ways() {
    let sink = Sink::start(|_| Mood::Answer(204));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    let made = active(&south, &sink, &[EventType::ShareDelivered]).await;
    let asked = sink.all()[0].clone();
    assert!(asked.body.contains("webhook.challenge") && is_by(made.secret.secret.as_str(), &asked));
    let (_, _, _, share) = north.share_with(&south).await;
    let told = until("told", async || sink.events().into_iter().next()).await;
    let event: Event = serde_json::from_str(&told.body).unwrap();
    assert_eq!((event.kind, event.object.id, event.object.version), (EventType::ShareDelivered, share.id.uuid(), 1));
    assert_eq!(told.header("webhook-id"), Some(event.id.to_string().as_str()));
    assert_eq!(told.header("content-type"), Some("application/json"));
    assert_eq!(told.header("authorization"), None);

    let (secret, public) = (made.secret.secret.as_str(), made.secret.public_key.as_str());
    assert!(is_by(secret, &told) && is_by(public, &told));
    let mut other = told.clone();
    other.body = other.body.replace("\"version\":1", "\"version\":2");
    assert!(!is_by(secret, &other) && !is_by(public, &other));
    // The specification's own library agrees.
    let library = standardwebhooks::Webhook::new(secret).unwrap();
    let at = told.header("webhook-timestamp").unwrap().parse().unwrap();
    let signed = library.sign(told.header("webhook-id").unwrap(), at, told.body.as_bytes()).unwrap();
    assert!(told.header("webhook-signature").unwrap().split(' ').any(|signature| signature == signed));

    let listed = delivery(&south, made.webhook.id, DeliveryState::Delivered).await;
    assert_eq!((listed.event, listed.attempts, listed.last_status), (event, 1, Some(204)));
    assert_eq!(deliveries(&south, made.webhook.id).await.len(), 1, "of the types that it takes, and from then on");
}

#[tokio::test]
async fn a_secret_takes_the_place_of_another_without_a_message_that_nobody_can_verify() {
    let sink = Sink::start(|_| Mood::Answer(200));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ShareDelivered]).await;
    let webhooks = north.client().webhooks();
    let (first, second) = (made.secret, webhooks.add_secret(made.webhook.id).await.unwrap());
    let refused = webhooks.add_secret(made.webhook.id).await.err().and_then(|error| error.kind());
    assert_eq!(refused, Some(Kind::IllegalTransition), "two at a time");
    let ends: Vec<_> = webhooks.get(made.webhook.id).await.unwrap().secrets;
    assert!(ends[0].ends_at.is_some() && ends[1].ends_at.is_none() && ends[0].id == first.id);

    let signs = async |number: usize| {
        north.share_with(&south).await;
        let told = until("told", async || sink.events().get(number).cloned()).await;
        let by = |secret: &str| is_by(secret, &told);
        [by(first.secret.as_str()), by(&first.public_key), by(second.secret.as_str()), by(&second.public_key)]
    };
    assert_eq!(signs(0).await, [true; 4], "for a day whoever has either believes it");
    let a_day_later = "update webhook_secrets set ends_at = now() where ends_at < now() + interval '24 hours'";
    world.database().await.batch_execute(a_day_later).await.unwrap();
    assert_eq!(signs(1).await, [false, false, true, true]);
    // One that leaked is ended at once, but never the last one.
    let third = webhooks.add_secret(made.webhook.id).await.unwrap();
    webhooks.end_secret(made.webhook.id, second.id).await.unwrap();
    let refused = webhooks.end_secret(made.webhook.id, third.id).await.err().and_then(|error| error.kind());
    assert_eq!(refused, Some(Kind::IllegalTransition));
    north.share_with(&south).await;
    let told = until("told", async || sink.events().get(2).cloned()).await;
    assert!(is_by(third.secret.as_str(), &told) && !is_by(second.secret.as_str(), &told));
}

#[tokio::test]
async fn an_address_that_does_not_say_that_it_wants_this_is_told_nothing() {
    let sink = Sink::start(|_| Mood::Answer(200)).without_echo();
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = north.client().webhooks().create(&to(sink.url(), &[])).await.unwrap();
    north.share_with(&south).await;
    for asked in 1..=5 {
        until("asked", async || (sink.all().len() >= asked).then_some(())).await;
        world.travel(TimeDelta::minutes(30));
    }
    let webhook = in_state(&north, made.webhook.id, WebhookState::Disabled).await;
    assert_eq!(webhook.disabled_because, Some(DisabledBecause::Unverified));
    assert_eq!((sink.events().len(), sink.all().len()), (0, 5));
    assert_eq!(deliveries(&north, made.webhook.id).await, []);
    // Another address is asked anew, and the one before not any more.
    let other = Sink::start(|_| Mood::Answer(200));
    let refused = call(&world, "PATCH", &format!("/v1/webhooks/{}", webhook.id)).by(&north.owner).await;
    let refused = refused.header("if-match", "*").json(&json!({"url": other.url()})).send().await;
    assert_eq!(refused.refused(), [("/url".to_owned(), "invalid_uri".to_owned())], "an origin that nobody named");
    sink.echo();
    let patch = WebhookPatch { url: Some(format!("{}?again", sink.url())), ..WebhookPatch::default() };
    north.client().webhooks().update(&webhook, &patch).await.unwrap();
    in_state(&north, webhook.id, WebhookState::Active).await;
}

#[tokio::test]
async fn an_address_that_is_gone_is_left_alone_and_told_what_waits_once_it_is_back() {
    let sink = Sink::start(|_| Mood::Answer(410));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ReportSigned]).await;
    north.share_with(&south).await;
    let webhook = in_state(&north, made.webhook.id, WebhookState::Disabled).await;
    assert_eq!(webhook.disabled_because, Some(DisabledBecause::Gone));
    let mail = until("a mail", async || world.mailbox().to(&north.owner.email).pop()).await;
    assert_eq!(mail.subject, "A webhook was disabled");
    assert!(mail.body.contains(&webhook.id.to_string()) && !mail.body.contains(&sink.origin));
    assert_eq!(sink.events().len(), 1);
    world.travel(TimeDelta::minutes(5));
    north.share_with(&south).await;
    assert_eq!(sink.events().len(), 1, "nobody knocks there any more");

    sink.in_mood(|_| Mood::Answer(200));
    north.client().webhooks().challenge(webhook.id).await.unwrap();
    in_state(&north, webhook.id, WebhookState::Active).await;
    let waited = delivery(&north, webhook.id, DeliveryState::Delivered).await;
    assert_eq!(waited.event.kind, EventType::ReportSigned);
    assert_eq!(deliveries(&north, webhook.id).await.len(), 1, "what happened meanwhile is read at /v1/events");
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn state_of(world: &World, webhook: WebhookId) -> String {
    let sql = format!("select concat_ws(', ', state, disabled_because) as line from webhooks where id = '{webhook}'");
    diesel::sql_query(sql).get_result::<Line>(&mut world.database().await).await.unwrap().line
}

/// Waits until nothing is being tried: what is settled after a journey in time waits from its end on. What is being tried is due
/// again when its lease ends, 13 seconds after it was taken up, where an address has a second.
async fn settled(world: &World, webhook: WebhookId) {
    let sql = format!(
        "select count(*)::text as line from webhook_deliveries where webhook_id = '{webhook}' and state = 'pending' \
         and next_attempt_at = last_attempt_at + interval '13 seconds'"
    );
    let mut conn = world.database().await;
    until("settled", async || {
        let tried: Line = diesel::sql_query(&sql).get_result(&mut conn).await.unwrap();
        (tried.line == "0").then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_address_that_fails_is_tried_ever_more_rarely_and_given_up_after_three_days() {
    let sink = Sink::start(|_| Mood::Answer(503));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ReportSigned]).await;
    let id = made.webhook.id;
    north.share_with(&south).await;
    let mut hours = 0;
    let state = loop {
        settled(&world, id).await;
        let tried = sink.events().len();
        world.travel(TimeDelta::hours(6) + TimeDelta::minutes(1));
        hours += 6;
        assert!(hours < 100, "it is never given up");
        // No session lasts for days: it is looked at from beneath.
        let state = until("tried", async || {
            let state = state_of(&world, id).await;
            (state != "active" || sink.events().len() > tried).then_some(state)
        })
        .await;
        if state != "active" {
            break state;
        }
    };
    assert!((66..=84).contains(&hours), "{hours}");
    assert_eq!(state, "disabled, failing");
    until("a mail", async || world.mailbox().to(&north.owner.email).pop()).await;
    // Each try has the same id, and a signature of its own time.
    let told = sink.events();
    assert!(told.iter().all(|message| message.header("webhook-id") == told[0].header("webhook-id")));
    assert!(told.last().unwrap().header("webhook-timestamp") > told[0].header("webhook-timestamp"));
}

#[tokio::test]
async fn a_delivery_can_be_sent_again_and_is_the_same() {
    let sink = Sink::start(|_| Mood::Answer(200));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ReportSigned]).await;
    north.share_with(&south).await;
    let first = delivery(&north, made.webhook.id, DeliveryState::Delivered).await;
    let again = north.client().webhooks().resend(made.webhook.id, first.event.id).await.unwrap();
    assert_eq!(again.event, first.event);
    until("told twice", async || (sink.events().len() == 2).then_some(())).await;
    let told = sink.events();
    assert_eq!((&told[0].body, told[0].header("webhook-id")), (&told[1].body, told[1].header("webhook-id")));
    let unknown = north.client().webhooks().resend(made.webhook.id, Uuid::nil().into()).await.err();
    assert_eq!(unknown.and_then(|error| error.kind()), Some(Kind::NotFound));
    let theirs = south.client().webhooks().resend(made.webhook.id, first.event.id).await.err();
    assert_eq!(theirs.and_then(|error| error.kind()), Some(Kind::NotFound));
    // What has ended is told nothing more, whoever asks.
    let webhook = north.client().webhooks().get(made.webhook.id).await.unwrap();
    north.client().webhooks().end(&webhook).await.unwrap();
    let refused = north.client().webhooks().resend(made.webhook.id, first.event.id).await.err();
    assert_eq!(refused.and_then(|error| error.kind()), Some(Kind::IllegalTransition));
    north.share_with(&south).await;
    world.service().signals.events.notify_one();
    until("counted", async || {
        let events = north.client().events().list().kind(EventType::ReportSigned).send().await.unwrap().items;
        (events.len() == 2).then_some(())
    })
    .await;
    assert_eq!((sink.events().len(), deliveries(&north, made.webhook.id).await.len()), (2, 1));
}

#[tokio::test]
async fn nothing_is_told_by_the_right_of_somebody_who_has_it_no_more() {
    let sink = Sink::start(|_| Mood::Answer(200));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let second = north.member(Role::Owner).await;
    let made = second.client.webhooks().create(&to(sink.url(), &[EventType::ReportSigned])).await.unwrap();
    let id = made.webhook.id;
    in_state(&north, id, WebhookState::Active).await;
    let members = north.client().members().list().send().await.unwrap().items;
    let member = members.into_iter().find(|member| member.id == second.id).unwrap();
    north.client().members().end(&member).await.unwrap();
    north.share_with(&south).await;
    let webhook = in_state(&north, id, WebhookState::Disabled).await;
    assert_eq!(webhook.disabled_because, Some(DisabledBecause::Unauthorised));
    assert_eq!(sink.events().len(), 0);
    // Another owner takes it over, and what waits is told.
    let taken = north.client().webhooks().challenge(id).await.unwrap();
    assert_eq!(taken.authorised_by, north.owner.id);
    world.travel(TimeDelta::minutes(2));
    delivery(&north, id, DeliveryState::Delivered).await;
}

/// What is addressed to a person alone is nothing for an address of the clinic.
#[tokio::test]
async fn what_is_out_of_its_reach_is_not_told_and_not_lost_either() {
    let sink = Sink::start(|_| Mood::Answer(200));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&south, &sink, &[]).await;
    let patient = north.patient().await;
    let ada = rapport_contract::consents::RecipientChoice::practitioner(south.owner.id);
    north.consented(&patient, &rapport_tests::people::asking_for(ada.clone())).await;
    let report = north.signed_report(&patient, None).await;
    north.client().shares().create(report.id, &rapport_tests::people::sharing_with(ada)).await.unwrap();
    let refused = delivery(&south, made.webhook.id, DeliveryState::Refused).await;
    assert_eq!(refused.event.kind, EventType::ShareDelivered);
    north.share_with(&south).await;
    delivery(&south, made.webhook.id, DeliveryState::Delivered).await;
    assert_eq!(sink.events().len(), 1);
}

#[tokio::test]
async fn a_redirection_is_a_failure_and_nobody_goes_there() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let there = elsewhere.local_addr().unwrap();
    let redirecting = move |status: u16| {
        Mood::Raw(format!(
            "HTTP/1.1 {status} See\r\nlocation: http://{there}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        ))
    };
    let sink = Sink::start(move |told: &Told| redirecting([301, 302, 303, 307, 308][told.number % 5]));
    let world = world_of(&sink).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let made = active(&north, &sink, &[EventType::ReportSigned]).await;
    north.share_with(&south).await;
    for tried in 1..=5 {
        until("tried", async || (sink.events().len() >= tried).then_some(())).await;
        settled(&world, made.webhook.id).await;
        world.travel(TimeDelta::minutes(10));
    }
    let pending = delivery(&north, made.webhook.id, DeliveryState::Pending).await;
    assert!(matches!(pending.last_status, Some(301..=308)), "{pending:?}");
    assert!(elsewhere.accept().is_err(), "somebody went there");
}

/// The list of spellings is held against the way out itself, with names that lead here and a count of who knocks
/// (`api/src/http/outbound/tests.rs`); here, that webhooks go that way and no other.
#[tokio::test]
async fn no_webhook_leads_where_nobody_may_look() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "0x7f.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "8.8.8.8",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "printer.local",
        "metadata.google.internal",
        "router",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "example.org.",
        "Example.org",
        "exam_ple.org",
        "",
    ];
    let mut spellings = Vec::new();
    for host in hosts {
        spellings.extend([
            format!("https://{host}/hook"),
            format!("http://{host}/hook"),
            format!("https://{host}:{port}/hook"),
            format!("http://{host}:{port}/hook"),
            format!("https://user@{host}/hook"),
            format!("https://example.org@{host}/hook"),
        ]);
    }
    for around in
        ["http://example.org/", "https://example.org:8443/", "https://example.org/#a", "ftp://example.org/", "hook"]
    {
        spellings.push(around.to_owned());
    }
    assert!(spellings.len() >= 200, "{}", spellings.len());
    for spelling in &spellings {
        let body = json!({"url": spelling});
        let answer = call(&world, "POST", "/v1/webhooks").by(&north.owner).await.json(&body).send().await;
        assert_eq!(answer.refused(), [("/url".to_owned(), "invalid_uri".to_owned())], "{spelling}: {}", answer.text);
    }
    // A name that leads nowhere is no different from one that leads somewhere and does not answer.
    let made = north.client().webhooks().create(&to("https://nowhere.invalid/hook".to_owned(), &[])).await.unwrap();
    assert_eq!((made.webhook.state, made.webhook.failing_since), (WebhookState::Pending, None));
    assert!(listener.accept().is_err(), "somebody knocked");
}

#[tokio::test]
async fn what_cannot_be_made_or_changed_says_why() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    for (body, pointer, code) in [
        (json!({}), "/url", "required"),
        (json!({"url": 7}), "/url", "invalid_type"),
        (json!({"url": "https://a.example.org/", "types": ["share.lost"]}), "/types/0", "unknown_value"),
        (json!({"url": "https://a.example.org/", "types": vec!["share.opened"; 101]}), "/types", "too_many"),
        (json!({"url": "https://a.example.org/", "secret": "mine"}), "/secret", "unknown_field"),
    ] {
        let answer = call(&world, "POST", "/v1/webhooks").by(&north.owner).await.json(&body).send().await;
        assert_eq!(answer.refused(), [(pointer.to_owned(), code.to_owned())], "{body}: {}", answer.text);
    }
    let url = |number: u32| format!("https://hook{number}.invalid/");
    let webhooks = north.client().webhooks();
    for number in 0..20 {
        webhooks.create(&to(url(number), &[])).await.unwrap();
    }
    let refused = webhooks.create(&to(url(20), &[])).await.err();
    assert_eq!(refused.and_then(|error| error.kind()), Some(Kind::IllegalTransition));
    let all = webhooks.list().limit(100).send().await.unwrap().items;
    assert_eq!(all.len(), 20);
    webhooks.end(&all[0]).await.unwrap();
    let stale = webhooks.end(&all[0]).await.err();
    assert_eq!(stale.and_then(|error| error.kind()), Some(Kind::Stale));
    let made = webhooks.create(&to(url(20), &[])).await.unwrap();
    assert_eq!(made.webhook.secrets.len(), 1);
    // A secret is shown once: nothing else that is answered holds it.
    let secret = made.secret.secret.as_str();
    for path in ["/v1/webhooks?limit=100".to_owned(), format!("/v1/webhooks/{}", made.webhook.id)] {
        let answer = call(&world, "GET", &path).by(&north.owner).await.send().await;
        assert!(answer.status.is_success() && !answer.text.contains(secret) && !answer.text.contains("whsec_"));
    }
}

#[tokio::test]
async fn many_webhooks_at_once_do_not_wait_for_connections_that_they_hold_themselves() {
    let sink = Sink::start(|_| Mood::Answer(204));
    let origin = sink.origin.clone();
    let world = World::with(move |config| {
        config.outbound_origins = vec![origin];
        config.workers = NonZeroUsize::MIN;
        config.pool_size = NonZeroUsize::new(2).unwrap();
    })
    .await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    for _ in 0..WEBHOOKS {
        north.client().webhooks().create(&to(sink.url(), &[EventType::ReportSigned])).await.unwrap();
    }
    until("all want it", async || {
        let listed = north.client().webhooks().list().send().await.unwrap().items;
        listed.iter().all(|webhook| webhook.state == WebhookState::Active).then_some(())
    })
    .await;
    let start = Instant::now();
    for _ in 0..SIGNED {
        north.share_with(&south).await;
    }
    until("all are told", async || (sink.events().len() == WEBHOOKS * SIGNED).then_some(())).await;
    // Once all wait for each other, nothing goes on until the pool gives up.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// So many webhooks a clinic may have; so many of them have their turn at a time, and so many of all.
const ADDRESSES: usize = 20;
const OF_A_CLINIC: usize = 8;
const OF_ALL: usize = 16;

/// A world that may tell these, and waits for their answers as long as a test waits for anything.
async fn patient_world(origins: Vec<String>) -> World {
    World::with(move |config| {
        config.outbound_origins = origins;
        config.webhook_timeout = PATIENCE;
    })
    .await
}

#[tokio::test]
async fn a_clinic_whose_addresses_never_answer_holds_up_its_own_messages_and_nobody_elses() {
    let (slow, quick) = (Sink::start(|_| Mood::Hang(PATIENCE)), Sink::start(|_| Mood::Answer(204)));
    let world = patient_world(vec![slow.origin.clone(), quick.origin.clone()]).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (west, east) = (world.clinic("west").await, world.clinic("east").await);
    for clinic in [&west, &east] {
        clinic.share_with(&south).await;
    }
    for clinic in [&north, &west, &east] {
        for _ in 0..ADDRESSES {
            active(clinic, &slow, &[EventType::ReportSigned]).await;
        }
    }
    active(&south, &quick, &[EventType::ReportSigned]).await;
    north.share_with(&south).await;
    until("its turns are taken", async || (slow.events().len() >= OF_A_CLINIC).then_some(())).await;
    // What is due is looked for each second.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let start = Instant::now();
    south.share_with(&north).await;
    until("the other clinic is told", async || (quick.events().len() == 1).then_some(())).await;
    assert!(start.elapsed() < PATIENCE / 4, "{:?}", start.elapsed());
    assert_eq!(slow.events().len(), OF_A_CLINIC);
    // All at once, of two clinics that have no turn yet, there is more than there is room for.
    let again = format!(
        "insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) \
         select gen_random_uuid(), clinic_id, kind, object_type, object_id, object_version, now() from events \
         where kind = 'report.signed' and clinic_id in ('{}', '{}')",
        west.id, east.id
    );
    world.database().await.batch_execute(&again).await.unwrap();
    until("all turns are taken", async || (slow.events().len() >= OF_ALL).then_some(())).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(slow.events().len(), OF_ALL);
}

#[tokio::test]
async fn addresses_that_never_say_whether_they_want_this_hold_up_no_other_clinics() {
    // Whoever connects waits for somebody to listen.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (origin, quick) = (format!("http://{}", silent.local_addr().unwrap()), Sink::start(|_| Mood::Answer(204)));
    let world = patient_world(vec![origin.clone(), quick.origin.clone()]).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    for _ in 0..ADDRESSES {
        north.client().webhooks().create(&to(format!("{origin}/hook"), &[])).await.unwrap();
    }
    // What is due is looked for each second.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let start = Instant::now();
    active(&south, &quick, &[]).await;
    assert!(start.elapsed() < PATIENCE / 4, "{:?}", start.elapsed());
    let asked = format!("select sum(challenges) as count from webhooks where clinic_id = '{}'", north.id);
    assert_eq!(count(&world, &asked).await, i64::try_from(OF_A_CLINIC).unwrap());
}
