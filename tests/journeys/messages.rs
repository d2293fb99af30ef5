//! What the two sides of a referral write to each other: through the gate, sealed, and each sees when the other has read it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::{
    gate::{Raw, count, execute, plain},
    referrals::{act, agreeing_to_all, asking, because, kind, referred, with},
};
use diesel_async::SimpleAsyncConnection;
use futures_util::{TryStreamExt, future::join_all};
use rapport_contract::{
    consents::{RecipientChoice, RevokeConsent},
    ids::ReferralId,
    members::Role,
    problem::Kind,
    referral_messages::ReferralMessage,
    referrals::{ReferralMove, ReferralReason, ReferralState, ReferralVerb},
};
use rapport_sdk::Client;
use rapport_tests::{
    World,
    people::{Clinic, sharing_with},
};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

const WORDS: &str = "canary: she can come on Tuesdays only";

async fn listed(client: &Client, referral: ReferralId) -> Vec<ReferralMessage> {
    client.referrals().messages(referral).send().await.unwrap().items
}

fn words(messages: &[ReferralMessage]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

async fn read_raw(world: &World, who: &Client, referral: ReferralId) -> Raw {
    Raw::of(plain(world, who, Method::GET, &format!("/v1/referrals/{referral}/messages")).await).await
}

#[tokio::test]
async fn each_side_writes_and_sees_who_of_the_other_was_the_first_to_read_it() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, sent) = referred(&north, &south).await;
    let (ours, theirs) = (north.client().referrals(), south.client().referrals());
    let first = ours.write(sent.id, WORDS).await.unwrap();
    assert_eq!((first.clinic_id, first.by.id, first.read_at), (north.id, north.owner.id, None));
    let unread = listed(north.client(), sent.id).await;
    assert_eq!(unread, std::slice::from_ref(&first), "the author's own reading is none");

    let second = theirs.write(sent.id, "  On Tuesday at nine, then?  ").await.unwrap();
    assert_eq!(second.text.as_str(), "On Tuesday at nine, then?");
    let read = listed(south.client(), sent.id).await;
    assert_eq!(words(&read), ["On Tuesday at nine, then?", WORDS], "newest first");
    assert_eq!((read[0].read_at, &read[0].read_by), (None, &None), "one's own");
    assert_eq!(read[1].read_by.as_ref().map(|by| by.id), Some(south.owner.id));

    // A later reader is not the first.
    let colleague = south.member(Role::Practitioner).await;
    assert_eq!(listed(&colleague.client, sent.id).await, read);
    let told = listed(north.client(), sent.id).await;
    assert_eq!((told[1].read_at, &told[1].read_by), (read[1].read_at, &read[1].read_by), "the author sees it");
    assert_eq!(told[0].read_by.as_ref().map(|by| by.name.as_str()), Some("Owner of north"));
    assert_eq!(listed(south.client(), sent.id).await, told);
    // Nothing of it moves the referral.
    let after = north.client().referrals().get(sent.id).await.unwrap();
    assert_eq!((after.state, after.version), (ReferralState::Sent, sent.version));

    // What left is accounted for, and the rest of it stands in the history.
    let events = north.client().audit().events().action("referral.read_messages").send().await.unwrap().items;
    assert_eq!(events.len(), 3, "three readings by the other side");
    assert!(events.iter().all(|event| event.consent_id.is_some() && event.patient_id == Some(patient.id)));
    let accounted = north.client().audit().disclosures(patient.id).send().await.unwrap().items;
    assert_eq!(accounted.len(), 3);
    for disclosure in accounted {
        assert_eq!((disclosure.referral_id, disclosure.share_id), (Some(sent.id), None));
        assert_eq!(disclosure.description, "messages about a referral");
    }
    let history = north.client().audit().sharing_history(patient.id).send().await.unwrap().items;
    let told: Vec<_> = history.iter().map(|entry| entry.in_words.as_str()).collect();
    for words in [
        "Owner of south (south (test)) wrote a message about the referral.",
        "Owner of south (south (test)) read messages about the referral.",
    ] {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
}

#[tokio::test]
async fn a_page_marks_what_is_on_it_and_of_many_readers_at_once_one_is_the_first() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;
    for number in 0..5 {
        north.client().referrals().write(sent.id, format!("Message {number}")).await.unwrap();
    }
    let page = south.client().referrals().messages(sent.id).limit(2).send().await.unwrap();
    assert_eq!(words(&page.items), ["Message 4", "Message 3"]);
    assert!(page.next_cursor.is_some());
    let told = listed(north.client(), sent.id).await;
    let arrived: Vec<_> = told.iter().map(|message| message.read_at.is_some()).collect();
    assert_eq!(arrived, [true, true, false, false, false]);

    let (one, other) = (south.member(Role::Practitioner).await, south.member(Role::Practitioner).await);
    let readings = (0..8).map(|number| listed(if number % 2 == 0 { &one.client } else { &other.client }, sent.id));
    let readings = join_all(readings).await;
    assert!(readings.iter().all(|reading| *reading == readings[0]), "all of them are told of the same first one");
    let all: Vec<_> = south.client().referrals().messages(sent.id).limit(2).stream().try_collect().await.unwrap();
    assert_eq!(words(&all), ["Message 4", "Message 3", "Message 2", "Message 1", "Message 0"]);
    assert!(all.iter().all(|message| message.read_at.is_some()));
}

#[tokio::test]
async fn after_a_revocation_nothing_is_read_or_written_and_not_one_byte_leaves() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let to_south = RecipientChoice::clinic(south.id);
    let consent = north.consented(&patient, &agreeing_to_all(to_south.clone())).await;
    let draft = north.client().referrals().create(&asking(patient.id, to_south)).await.unwrap();
    act(north.client(), &draft, ReferralVerb::Send, with()).await;
    north.client().referrals().write(draft.id, WORDS).await.unwrap();
    assert!(read_raw(&world, south.client(), draft.id).await.body.contains(WORDS));
    let unread = north.client().referrals().write(draft.id, "canary: one more").await.unwrap();

    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    let answer = read_raw(&world, south.client(), draft.id).await;
    assert_eq!((answer.status, answer.slug()), (403, "consent-revoked".to_owned()));
    for told in ["canary", patient.family_name.as_str(), "Owner of north"] {
        assert!(!answer.body.contains(told), "{told} is in {answer:?}");
    }
    for client in [north.client(), south.client()] {
        assert_eq!(kind(client.referrals().write(draft.id, WORDS).await), Some(Kind::ConsentRevoked));
    }
    // Its own records the sender reads all the same, and what was refused was no reading.
    let own = listed(north.client(), draft.id).await;
    assert_eq!((own.len(), own[0].id, own[0].read_at), (2, unread.id, None));
    let refused = north.client().audit().events().action("referral.read_messages").limit(1).send().await.unwrap();
    assert_eq!(refused.items[0].reason.as_deref(), Some("consent-revoked"));
    let history = north.client().audit().sharing_history(patient.id).limit(5).send().await.unwrap().items;
    let told = "tried to read messages about a referral and was refused: consent revoked.";
    assert!(history.iter().any(|entry| entry.in_words.as_str().ends_with(told)));
}

#[tokio::test]
async fn only_the_two_sides_and_of_them_those_who_treat_write_and_read() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let addressed = south.member(Role::Practitioner).await;
    let to = RecipientChoice::practitioner(addressed.id);
    let patient = north.patient().await;
    north.consented(&patient, &agreeing_to_all(to.clone())).await;
    let draft = north.client().referrals().create(&asking(patient.id, to)).await.unwrap();
    let refusals = async |client: &Client| {
        let read = kind(client.referrals().messages(draft.id).send().await);
        (read, kind(client.referrals().write(draft.id, WORDS).await))
    };
    let (nothing, forbidden) = (Some(Kind::NotFound), Some(Kind::Forbidden));
    assert_eq!(refusals(&addressed.client).await, (nothing, nothing), "a draft is its sender's");
    assert_eq!(refusals(north.client()).await, (None, Some(Kind::IllegalTransition)), "nobody would read it");
    act(north.client(), &draft, ReferralVerb::Send, with()).await;
    north.client().referrals().write(draft.id, WORDS).await.unwrap();

    assert_eq!(refusals(west.client()).await, (nothing, nothing));
    let missing = read_raw(&world, west.client(), Uuid::nil().into()).await.without_request_id();
    assert_eq!(read_raw(&world, west.client(), draft.id).await.without_request_id(), missing);
    assert_eq!(refusals(south.client()).await, (nothing, nothing), "it is for one practitioner alone");
    for clinic in [&north, &south] {
        for role in [Role::Staff, Role::PrivacyOfficer] {
            assert_eq!(refusals(&clinic.member(role).await.client).await, (forbidden, forbidden), "{role:?}");
        }
    }
    assert_eq!(words(&listed(&addressed.client, draft.id).await), [WORDS]);
}

#[tokio::test]
async fn it_goes_on_after_a_report_and_ends_where_the_referral_came_to_nothing() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;
    north.client().referrals().write(sent.id, WORDS).await.unwrap();
    act(south.client(), &sent, ReferralVerb::Decline, because(ReferralReason::NoCapacity)).await;
    for client in [north.client(), south.client()] {
        let refused = client.referrals().write(sent.id, "Too late").await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::IllegalTransition));
    }
    let answer = read_raw(&world, south.client(), sent.id).await;
    assert_eq!((answer.status, answer.slug()), (409, "illegal-transition".to_owned()));
    assert!(!answer.body.contains("canary"), "{answer:?}");
    assert_eq!(words(&listed(north.client(), sent.id).await), [WORDS]);

    let (_, sent) = referred(&north, &south).await;
    let accepted = act(south.client(), &sent, ReferralVerb::Accept, with()).await;
    let own = south.client().patients().get(accepted.patient_id.unwrap()).await.unwrap();
    south.consented_on_paper(&own, &agreeing_to_all(RecipientChoice::clinic(north.id))).await;
    let report = south.signed_report(&own, None).await;
    let to_north = sharing_with(RecipientChoice::clinic(north.id));
    let share = south.client().shares().create(report.id, &to_north).await.unwrap();
    let closing = ReferralMove { share_id: Some(share.id), ..with() };
    let closed = act(south.client(), &sent, ReferralVerb::Complete, closing).await;
    assert_eq!(closed.state, ReferralState::Completed);
    north.client().referrals().write(sent.id, "What does the second measure mean?").await.unwrap();
    south.client().referrals().write(sent.id, "How far she bends.").await.unwrap();
    let said = ["How far she bends.", "What does the second measure mean?"];
    assert_eq!(words(&listed(south.client(), sent.id).await), said);
    assert_eq!(words(&listed(north.client(), sent.id).await), said);
}

#[tokio::test]
async fn a_message_sent_twice_is_one_and_what_is_no_message_is_refused_and_loses_nothing() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;
    let path = format!("/v1/referrals/{}/messages", sent.id);
    let write = async |key: &str, body: serde_json::Value| {
        let request = plain(&world, north.client(), Method::POST, &path).await.header("idempotency-key", key);
        Raw::of(request.json(&body)).await
    };
    let answers = join_all((0..6).map(|_| write("once", json!({"text": WORDS})))).await;
    for answer in &answers {
        assert!([201, 409].contains(&answer.status), "{answer:?}");
    }
    let again = write("once", json!({"text": WORDS})).await;
    assert_eq!((again.status, again.headers["idempotency-replayed"].to_str().unwrap()), (201, "true"));
    assert_eq!(write("once", json!({"text": "other"})).await.slug(), "idempotency-key-reused");
    for (body, code) in [
        (json!({"text": "x".repeat(5001)}), "too_long"),
        (json!({"text": " \n "}), "required"),
        (json!({}), "required"),
        (json!({"text": 7}), "invalid_type"),
        (json!({"text": WORDS, "to": "south"}), "unknown_field"),
    ] {
        let answer = write("wrong", body).await;
        assert_eq!((answer.status, answer.json()["errors"][0]["code"].as_str()), (422, Some(code)), "{answer:?}");
    }
    assert_eq!(write("large", json!({"text": "x".repeat(300 * 1024)})).await.status, 413);
    assert_eq!(words(&listed(south.client(), sent.id).await), [WORDS]);
    let longest = "ü".repeat(5000);
    north.client().referrals().write(sent.id, longest.as_str()).await.unwrap();
    assert_eq!(listed(south.client(), sent.id).await[0].text.as_str(), longest);
}

#[tokio::test]
async fn beneath_the_service_too_messages_are_behind_the_gate_sealed_and_never_change() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let west = world.clinic("west").await;
    let (patient, sent) = referred(&north, &south).await;
    north.client().referrals().write(sent.id, WORDS).await.unwrap();
    let desk = south.member(Role::Staff).await;
    let all = "select * from referral_messages";
    let found = async |clinic: &Clinic<'_>, member, sql: &str| world.beneath(clinic.id, member, sql).await;
    assert_eq!(found(&north, north.owner.id, all).await, Ok(1));
    assert_eq!(found(&south, south.owner.id, all).await, Ok(1));
    assert_eq!(found(&south, desk.id, all).await, Ok(0), "the front desk");
    assert_eq!(found(&west, west.owner.id, all).await, Ok(0), "a third clinic");
    let mark = format!("update referral_messages set read_at = now(), read_by = '{}'", south.owner.id);
    assert_eq!(found(&north, north.owner.id, &mark).await, Ok(0), "its author's reading is none");
    assert_eq!(found(&south, desk.id, &mark).await, Ok(0));
    assert_eq!(found(&south, south.owner.id, &mark).await, Ok(1));
    let as_north = format!(
        "insert into referral_messages (id, clinic_id, patient_id, referral_id, by_clinic, by_id, by_name, written_at, body, \
         key_version) values ('{}', '{}', '{}', '{}', '{}', '{}', 'Owner of north', now(), '\\x01', 1)",
        Uuid::from_u128(7),
        north.id,
        patient.id,
        sent.id,
        north.id,
        north.owner.id
    );
    for (clinic, member) in [(&south, south.owner.id), (&west, west.owner.id)] {
        let refused = found(clinic, member, &as_north).await.unwrap_err();
        assert!(refused.contains("violates row-level security"), "in another clinic's name: {refused}");
    }
    let as_south = as_north.replace(
        &format!("'{}', '{}', 'Owner", north.id, north.owner.id),
        &format!("'{}', '{}', 'Owner", south.id, south.owner.id),
    );
    assert_eq!(found(&south, south.owner.id, &as_south).await, Ok(1));

    listed(south.client(), sent.id).await;
    let mut conn = world.database().await;
    for sql in [
        "update referral_messages set body = '\\x00'",
        "update referral_messages set by_name = 'Somebody'",
        "update referral_messages set read_at = now()",
        "update referral_messages set read_at = null, read_by = null, read_by_name = null",
        "delete from referral_messages",
    ] {
        let told = conn.batch_execute(sql).await.unwrap_err().to_string();
        assert_eq!(told, "referral_messages is append-only", "{sql}");
    }
    let clear = format!(
        "select count(*) from referral_messages m where m::text like '%canary%' or encode(body, 'escape') like '%{WORDS}%'"
    );
    assert_eq!(count(&world, &clear).await, 0, "sealed");

    let consents = "update consents set state = 'revoked', revoked_at = now(), revocation_method = 'word'";
    execute(&world, consents).await;
    assert_eq!(found(&south, south.owner.id, all).await, Ok(0), "after the revocation");
    assert!(found(&south, south.owner.id, &as_south).await.is_err(), "nor is anything written any more");
    assert_eq!(found(&north, north.owner.id, all).await, Ok(1));
}
