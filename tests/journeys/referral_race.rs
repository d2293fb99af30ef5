//! Many move the same referrals at once: each is moved once, and everybody else is told why not.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test fails loudly, and is told how large it is to be"
)]

use crate::referrals::{agreeing_to_all, asking};
use futures_util::future::join_all;
use rapport_contract::{
    consents::RecipientChoice,
    ids::ReferralId,
    referrals::{ReferralMove, ReferralState, ReferralVerb},
};
use rapport_tests::World;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Mutex};

/// Half of them are of the clinic that refers, half of the other one.
const CLIENTS: usize = 64;

/// How many referrals: `RAPPORT_RACED_REFERRALS=1000`. By default a size for every day.
fn referrals() -> usize {
    std::env::var("RAPPORT_RACED_REFERRALS").map_or(60, |asked| asked.parse().unwrap())
}

/// What the answers to the moves of one referral were, by status.
#[derive(Default)]
struct Outcome {
    won: Vec<(u16, String)>,
    lost: BTreeMap<u16, u32>,
    faults: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_move_the_same_referrals_at_once_one_wins_each_and_the_others_are_told() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let to_south = RecipientChoice::clinic(south.id);
    north.consented(&patient, &agreeing_to_all(to_south.clone())).await;
    let record = south.patient().await;
    let mut raced: Vec<(ReferralId, i32)> = Vec::new();
    for _ in 0..referrals() {
        let draft = north.client().referrals().create(&asking(patient.id, to_south.clone())).await.unwrap();
        let none = ReferralMove::default();
        let sent = north.client().referrals().act(&draft, ReferralVerb::Send, &none).await.unwrap();
        raced.push((sent.id, south.client().referrals().get(sent.id).await.unwrap().version));
    }
    let outcomes: Vec<Mutex<Outcome>> = raced.iter().map(|_| Mutex::default()).collect();
    let http = world.http();
    let race = async |client: usize| {
        let is_sender = client.is_multiple_of(2);
        let clinic = if is_sender { &north } else { &south };
        let mut token = String::new();
        let moves: [(&str, Value); 2] = if is_sender {
            [("cancel", json!({"reason": "no_longer_needed"})), ("enter_in_error", json!({"reason": "mistaken"}))]
        } else {
            [("accept", json!({"patient_id": record.id})), ("decline", json!({"reason": "no_capacity"}))]
        };
        for (index, (id, version)) in raced.iter().enumerate() {
            // The whole race takes longer than a token lives.
            if index.is_multiple_of(20) {
                token = world.token(clinic.owner.id, clinic.id).await;
            }
            let (verb, body) = &moves[(client / 2 + index) % 2];
            // Some say which version they saw, some do not care; neither moves what another one has moved.
            let tag = if client % 8 < 4 { format!("\"{version}\"") } else { "*".to_owned() };
            let url = format!("{}/v1/referrals/{id}/{verb}", world.url());
            let sent = http.post(url).bearer_auth(&token).header("if-match", tag).json(body).send().await.unwrap();
            let status = sent.status().as_u16();
            let answer: Value = sent.json().await.unwrap();
            let mut outcome = outcomes[index].lock().unwrap();
            match status {
                200 => outcome.won.push((status, answer["state"].as_str().unwrap().to_owned())),
                412 => *outcome.lost.entry(status).or_default() += 1,
                409 if answer["allowed"].is_array() => *outcome.lost.entry(status).or_default() += 1,
                _ => outcome.faults.push(format!("{verb}: {status} {answer}")),
            }
        }
    };
    join_all((0..CLIENTS).map(race)).await;

    let (mut lost, mut states) = (BTreeMap::new(), BTreeMap::new());
    for ((id, version), outcome) in raced.iter().zip(outcomes) {
        let outcome = outcome.into_inner().unwrap();
        assert!(outcome.faults.is_empty(), "{:?}", outcome.faults);
        assert_eq!(outcome.won.len(), 1, "{id} was moved by {:?}", outcome.won);
        assert_eq!(outcome.lost.values().sum::<u32>() as usize, CLIENTS - 1);
        for (status, count) in outcome.lost {
            *lost.entry(status).or_insert(0) += count;
        }
        let now = north.client().referrals().get(*id).await.unwrap();
        assert_eq!((now.state, now.version), (ReferralState::parse(&outcome.won[0].1).unwrap(), version + 1));
        let moves = north.client().referrals().timeline(*id).await.unwrap().items;
        assert_eq!(moves.len(), 4, "draft, sent, received, and what won");
        *states.entry(outcome.won[0].1.clone()).or_insert(0) += 1;
    }
    eprintln!("{} referrals by {CLIENTS} clients: won {states:?}, lost {lost:?}", raced.len());
    assert!(states.len() > 1, "more than one verb wins now and then: {states:?}");
}
