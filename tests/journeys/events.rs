//! What happens is told to whom it concerns, in order, with ids and nothing else, and nobody who follows misses any of it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::{api_clients, wire::access_token, wire::call};
use diesel_async::SimpleAsyncConnection;
use futures_util::TryStreamExt;
use rapport_contract::{
    api_clients::Scope,
    consents::{Category, RecipientChoice, RevokeConsent},
    events::{Event, EventObjectType, EventType},
    ids::{ClinicId, PatientId},
    members::Role,
    referrals::{NewReferral, ReferralMove, ReferralReason, ReferralVerb},
};
use rapport_sdk::{Client, Kind, Policy};
use rapport_tests::{
    World,
    people::{Clinic, asking_for, sharing_with},
};
use serde_json::Value;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long an event may take to be counted.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events of a client, once there are so many.
async fn told(client: &Client, count: usize) -> Vec<Event> {
    let start = Instant::now();
    loop {
        let events: Vec<Event> = client.events().list().limit(100).stream().try_collect().await.unwrap();
        if events.len() >= count {
            return events;
        }
        assert!(start.elapsed() < PATIENCE, "{count} events were not told: {events:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn types(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

/// The SDK as a machine of this clinic.
async fn machine(world: &World, clinic: &Clinic<'_>, scopes: &[Scope]) -> Client {
    let made = api_clients::machine(clinic, scopes).await;
    let builder = Client::builder(world.url()).retries(Policy::NEVER);
    builder.client_credentials(made.id, made.secret.as_str()).build().unwrap()
}

fn referral(patient: PatientId, to: ClinicId) -> NewReferral {
    let reason = "Manual treatment before imaging";
    NewReferral::of_patient(patient, RecipientChoice::clinic(to), "Low back stiffness", reason)
}

#[tokio::test]
async fn both_sides_hear_of_a_share_and_each_of_its_own_and_a_third_clinic_of_nothing() {
    let world = World::start().await;
    let (north, south, west) = (world.clinic("north").await, world.clinic("south").await, world.clinic("west").await);
    let (patient, consent, report, share) = north.share_with(&south).await;
    south.client().shares().get(share.id).await.unwrap();
    south.client().shares().get(share.id).await.unwrap();
    south.client().shares().acknowledge(share.id).await.unwrap();
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    // Nothing of the second patient went to South: it hears of neither question nor answer.
    let other = north.patient().await;
    north.consented(&other, &asking_for(RecipientChoice::clinic(south.id))).await;
    let seen = north.client().shares().get(share.id).await.unwrap();
    north.client().shares().withdraw(&seen).await.unwrap();

    let of_north = told(north.client(), 8).await;
    assert_eq!(
        types(&of_north),
        [
            "consent.activated",
            "report.signed",
            "share.delivered",
            "share.opened",
            "share.acknowledged",
            "consent.revoked",
            "consent.activated",
            "share.withdrawn",
        ]
    );
    assert_eq!(of_north.iter().map(|event| event.sequence).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    let objects: Vec<_> = of_north.iter().map(|event| (event.object.kind, event.object.id)).collect();
    assert_eq!(objects[0], (EventObjectType::Consent, consent.id.uuid()));
    assert_eq!(objects[1], (EventObjectType::Report, report.id.uuid()));
    assert!(objects[2..5].iter().all(|object| *object == (EventObjectType::Share, share.id.into())));
    let versions: Vec<_> = of_north[2..5].iter().map(|event| event.object.version).collect();
    assert_eq!(versions, [1, 2, 3], "each with the version that it left");
    assert_eq!(of_north[1].object.version, north.client().reports().get(report.id).await.unwrap().version);

    let of_south = told(south.client(), 5).await;
    assert_eq!(
        types(&of_south),
        ["share.delivered", "share.opened", "share.acknowledged", "consent.revoked", "share.withdrawn"]
    );
    assert!(of_south.iter().all(|event| !of_north.iter().any(|other| other.id == event.id)), "each has its own");
    assert_eq!(told(west.client(), 0).await, []);

    // An event is ids, words of a list and times, and nothing else.
    let raw = call(&world, "GET", "/v1/events").by(&north.owner).await.send().await.text;
    for secret in [patient.family_name.as_str(), "Casey", "treatment", "example.org"] {
        assert!(!raw.contains(secret), "{secret}");
    }
    let raw: Value = serde_json::from_str(&raw).unwrap();
    for event in raw["items"].as_array().unwrap() {
        let keys: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "object", "occurred_at", "sequence", "type"]);
        let keys: Vec<_> = event["object"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["id", "type", "version"]);
    }
}

#[tokio::test]
async fn both_sides_hear_of_a_referral_from_the_moment_it_was_sent() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let mut asked = asking_for(RecipientChoice::clinic(south.id));
    asked.categories.push(Category::Referral);
    north.consented(&patient, &asked).await;
    let referrals = north.client().referrals();
    let kept = referrals.create(&referral(patient.id, south.id)).await.unwrap();
    let because = ReferralMove { reason: Some(ReferralReason::Mistaken), ..ReferralMove::default() };
    referrals.act(&kept, ReferralVerb::EnterInError, &because).await.unwrap();
    let draft = referrals.create(&referral(patient.id, south.id)).await.unwrap();
    referrals.act(&draft, ReferralVerb::Send, &ReferralMove::default()).await.unwrap();
    let read = south.client().referrals().get(draft.id).await.unwrap();
    south.client().referrals().act(&read, ReferralVerb::Accept, &ReferralMove::default()).await.unwrap();

    let of_north = told(north.client(), 7).await;
    assert_eq!(
        types(&of_north)[1..],
        [
            "referral.draft",
            "referral.entered_in_error",
            "referral.draft",
            "referral.sent",
            "referral.received",
            "referral.accepted",
        ]
    );
    let of_south = told(south.client(), 3).await;
    assert_eq!(types(&of_south), ["referral.sent", "referral.received", "referral.accepted"]);
    assert!(of_south.iter().all(|event| event.object.id == draft.id));
    // Whoever was referred to hears of what the patient decides.
    let consents = north.client().consents().of_patient(patient.id).send().await.unwrap().items;
    north.client().consents().revoke(consents[0].id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(told(south.client(), 4).await[3].kind, EventType::ConsentRevoked);
}

#[tokio::test]
async fn everybody_hears_of_what_they_may_list_and_of_nothing_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let ada = south.member(Role::Practitioner).await;
    let (_, _, report, _) = north.share_with(&south).await;
    let patient = north.client().reports().get(report.id).await.unwrap().patient_id;
    let consents = north.client().consents().of_patient(patient).send().await.unwrap().items;
    north.client().consents().revoke(consents[0].id, &RevokeConsent::default()).await.unwrap();
    // To one person alone.
    let other = north.patient().await;
    north.consented(&other, &asking_for(RecipientChoice::practitioner(ada.id))).await;
    let report = north.signed_report(&other, None).await;
    let personal =
        north.client().shares().create(report.id, &sharing_with(RecipientChoice::practitioner(ada.id))).await.unwrap();

    let of_ada = told(&ada.client, 3).await;
    assert_eq!(types(&of_ada), ["share.delivered", "consent.revoked", "share.delivered"]);
    assert_eq!(of_ada[2].object.id, personal.id);
    let of_owner = told(south.client(), 2).await;
    assert_eq!(types(&of_owner), ["share.delivered", "consent.revoked"], "what is for Ada is for her");

    let staff = north.member(Role::Staff).await;
    assert_eq!(told(&staff.client, 7).await.len(), 7);
    let all = machine(&world, &north, &[Scope::EventsRead, Scope::SharesRead]).await;
    assert_eq!(types(&told(&all, 2).await), ["share.delivered"; 2]);
    let consents = machine(&world, &north, &[Scope::EventsRead, Scope::ConsentsRead]).await;
    assert_eq!(types(&told(&consents, 3).await), ["consent.activated", "consent.revoked", "consent.activated"]);
    let nothing = machine(&world, &north, &[Scope::EventsRead, Scope::PatientsRead]).await;
    assert_eq!(told(&nothing, 0).await, []);
    let without = machine(&world, &north, &[Scope::SharesRead]).await;
    let refused = without.events().list().send().await.err().and_then(|error| error.kind());
    assert_eq!(refused, Some(Kind::Forbidden));
}

#[tokio::test]
async fn a_list_goes_on_where_it_was_left_and_holds_what_was_asked_for() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    for _ in 0..3 {
        north.share_with(&south).await;
    }
    let all = told(north.client(), 9).await;
    let mut paged: Vec<Event> = Vec::new();
    let mut cursor = None;
    loop {
        let list = north.client().events().list().limit(2);
        let list = match &cursor {
            Some(cursor) => list.cursor(cursor),
            None => list,
        };
        let page = list.send().await.unwrap();
        paged.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(paged, all);
    let later: Vec<_> = north.client().events().list().after(all[4].sequence).send().await.unwrap().items;
    assert_eq!(later, all[5..]);
    let signed = north.client().events().list().kind(EventType::ReportSigned).limit(2).stream();
    let signed: Vec<Event> = signed.try_collect().await.unwrap();
    assert_eq!(types(&signed), ["report.signed"; 3]);
    for (query, pointer) in
        [("type=share.lost", "type"), ("type=", "type"), ("after=-1", "after"), ("limit=0", "limit")]
    {
        let answer = call(&world, "GET", &format!("/v1/events?{query}")).by(&north.owner).await.send().await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.refused()[0].0, pointer, "{query}");
    }
}

/// What is committed late is counted late: whoever has read further meanwhile finds it behind that.
#[tokio::test]
async fn a_transaction_that_commits_late_is_not_passed_over() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, _, _, share) = north.share_with(&south).await;
    told(north.client(), 3).await;
    let mut slow = world.database().await;
    let (id, clinic) = (Uuid::from_u128(77), north.id);
    let write = format!(
        "begin; insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) values \
         ('{id}', '{clinic}', 'share.opened', 'share', '{}', 9, now())",
        share.id
    );
    slow.batch_execute(&write).await.unwrap();
    north.share_with(&south).await;
    let read = told(north.client(), 6).await;
    assert!(read.iter().all(|event| event.id != id));
    slow.batch_execute("commit").await.unwrap();
    world.service().signals.events.notify_one();
    let all = told(north.client(), 7).await;
    assert_eq!(all[..6], read[..], "what was counted keeps its number");
    assert_eq!((all[6].id.uuid(), all[6].sequence), (id, 7));
}

/// Reads a stream's first bytes until they hold this.
async fn read_until(response: &mut reqwest::Response, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        let chunk = tokio::time::timeout(PATIENCE, response.chunk()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{wanted} is not told: {text}")).unwrap();
        let chunk = chunk.unwrap_or_else(|| panic!("it ended: {text}"));
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text
}

async fn follow(world: &World, token: &str, query: &str, last: Option<i64>) -> reqwest::Response {
    let mut request = world.http().get(format!("{}/v1/events/stream{query}", world.url())).bearer_auth(token);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn whoever_follows_hears_of_it_as_it_happens_and_goes_on_where_the_line_was_cut() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    north.share_with(&south).await;
    let before = told(north.client(), 3).await;

    let mut following = Box::pin(north.client().events().follow().after(1).stream());
    assert_eq!(following.try_next().await.unwrap().unwrap(), before[1]);
    assert_eq!(following.try_next().await.unwrap().unwrap(), before[2]);
    let (_, _, _, share) = north.share_with(&south).await;
    let delivered = loop {
        let event = following.try_next().await.unwrap().unwrap();
        if event.kind == EventType::ShareDelivered {
            break event;
        }
    };
    assert_eq!(delivered.object.id, share.id);
    drop(following);
    south.client().shares().get(share.id).await.unwrap();
    let opened = told(north.client(), 7).await[6].clone();
    let mut again = Box::pin(north.client().events().follow().after(delivered.sequence).stream());
    assert_eq!(again.try_next().await.unwrap().unwrap(), opened);
    let mut opened_only = Box::pin(north.client().events().follow().after(0).kind(EventType::ShareOpened).stream());
    assert_eq!(opened_only.try_next().await.unwrap().unwrap(), opened);
    drop((again, opened_only));

    let token = access_token(&north.owner).await;
    let mut line = follow(&world, &token, "", Some(6)).await;
    assert_eq!(line.headers()["content-type"], "text/event-stream");
    assert_eq!(line.headers()["cache-control"], "no-store");
    let text = read_until(&mut line, "share.opened").await;
    assert!(text.starts_with("retry: 1000\nid: 6\n\nid: 7\ndata: {") && text.ends_with("}\n\n"), "{text}");
    let now = follow(&world, &token, "?seconds=0", None).await.text().await.unwrap();
    assert_eq!(now, "retry: 1000\nid: 7\n\n", "from now on, and not for long");
    let refused = call(&world, "GET", "/v1/events/stream?seconds=301").bearer(&token).send().await;
    assert_eq!(refused.refused()[0].0, "seconds");
    // Whoever lost the place is told so, and does not go on from now without what was missed.
    for damaged in ["", "x", "-1", "7.5", "9223372036854775808"] {
        let stream = call(&world, "GET", "/v1/events/stream?seconds=0").bearer(&token);
        let refused = stream.header("last-event-id", damaged).send().await;
        assert_eq!(refused.refused()[0].0, "Last-Event-ID", "{damaged:?}");
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_an_account_has_so_many() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let ada = north.member(Role::Practitioner).await;
    let token = access_token(&ada).await;
    let mut lines = Vec::new();
    for _ in 0..10 {
        let mut line = follow(&world, &token, "", None).await;
        read_until(&mut line, "retry").await;
        lines.push(line);
    }
    let more = call(&world, "GET", "/v1/events/stream").bearer(&token).send().await;
    assert_eq!((more.status.as_u16(), more.slug().as_str()), (429, "rate-limited"));
    assert!(more.header("retry-after").is_some());
    ada.client.auth().logout().await.unwrap();
    for mut line in lines {
        let end = async { while line.chunk().await.unwrap().is_some() {} };
        tokio::time::timeout(PATIENCE, end).await.unwrap();
    }
    let staff = north.member(Role::Staff).await;
    let mut line = follow(&world, &access_token(&staff).await, "", None).await;
    read_until(&mut line, "retry").await;
    let member = north.client().members().list().send().await.unwrap().items;
    let member = member.into_iter().find(|member| member.id == staff.id).unwrap();
    north.client().members().end(&member).await.unwrap();
    let end = async { while line.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(PATIENCE, end).await.unwrap();
}

/// Another clinic is told of nothing but what the two have in common, whatever the service would write.
#[tokio::test]
async fn beneath_the_service_nobody_tells_another_clinic_of_what_is_not_its_own() {
    let world = World::start().await;
    let (north, south, west) = (world.clinic("north").await, world.clinic("south").await, world.clinic("west").await);
    let (_, consent, report, share) = north.share_with(&south).await;
    let mut conn = world.database().await;
    let mut number = 100;
    let mut tell = async |kind: &str, object: Uuid, to: ClinicId| {
        number += 1;
        let object_type = kind.split('.').next().unwrap();
        let sql = format!(
            "begin; set local role rapport_tenant; set local app.clinic_id = '{}'; set local app.member_id = '{}'; \
             insert into events (id, clinic_id, kind, object_type, object_id, object_version, occurred_at) values \
             ('{}', '{to}', '{kind}', '{object_type}', '{object}', 1, now())",
            north.id,
            north.owner.id,
            Uuid::from_u128(number)
        );
        let outcome = conn.batch_execute(&sql).await;
        conn.batch_execute("rollback").await.unwrap();
        outcome.map_err(|error| error.to_string())
    };
    for (kind, object, to, is_allowed) in [
        ("share.opened", share.id.uuid(), south.id, true),
        ("share.opened", share.id.uuid(), west.id, false),
        ("share.opened", Uuid::nil(), south.id, false),
        ("consent.revoked", consent.id.uuid(), south.id, true),
        ("consent.revoked", consent.id.uuid(), west.id, false),
        ("report.signed", report.id.uuid(), north.id, true),
        ("report.signed", report.id.uuid(), south.id, false),
        ("incident.opened", share.id.uuid(), south.id, false),
    ] {
        let outcome = tell(kind, object, to).await;
        assert_eq!(outcome.is_ok(), is_allowed, "{kind} to {to}: {outcome:?}");
    }
    // And what was told is never told otherwise.
    for change in ["update events set kind = 'share.opened'", "delete from events", "truncate events cascade"] {
        let error = conn.batch_execute(change).await.unwrap_err().to_string();
        assert_eq!(error, "events is append-only", "{change}");
    }
}
