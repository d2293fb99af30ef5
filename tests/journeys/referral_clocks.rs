//! Clocks: what is due when, who is told, what lapses, and how a clinic's loops have closed.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::referrals::{act, agreeing_to_all, asking, because, kind, referred, saying, with};
use diesel_async::SimpleAsyncConnection;
use rapport_contract::{
    consents::RecipientChoice,
    ids::ReferralId,
    members::Role,
    problem::Kind,
    referral_times::{SetReferralTimes, UrgencyTimes},
    referrals::{
        NewReferral, Referral, ReferralMove, ReferralReason, ReferralSide, ReferralState, ReferralVerb, Urgency,
    },
};
use rapport_sdk::{Client, chrono::TimeDelta};
use rapport_tests::{World, mail::Mail, people::sharing_with};
use std::time::{Duration, Instant};

const WAITS: &str = "A referral waits for you";
const OVERDUE: &str = "A referral is overdue";
const LAPSED: &str = "A referral has lapsed";

/// Lets hours go by for one referral. Sessions would not outlive the days that a clock takes.
async fn hours_later(world: &World, referral: ReferralId, hours: i64) {
    let columns = ["due_at", "report_due_at", "expires_at", "remind_at", "answered_at", "scheduled_at"];
    let set: Vec<String> =
        columns.iter().map(|column| format!("{column} = {column} - interval '{hours} hours'")).collect();
    let sent = format!(
        "set session_replication_role = replica;
         update referral_clocks set {} where referral_id = '{referral}';
         update referrals set sent_at = sent_at - interval '{hours} hours' where id = '{referral}'",
        set.join(", ")
    );
    world.database().await.batch_execute(&sent).await.unwrap();
    world.service().signals.clocks.notify_one();
}

/// The subjects of what an address was told about a referral, once there are so many.
async fn told(world: &World, address: &str, referral: ReferralId, count: usize) -> Vec<String> {
    let start = Instant::now();
    loop {
        let about = |mail: &Mail| mail.body.contains(&referral.to_string());
        let subjects: Vec<String> =
            world.mailbox().to(address).into_iter().filter(about).map(|mail| mail.subject).collect();
        if subjects.len() >= count {
            return subjects;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{address} was told {subjects:?}");
        world.service().signals.clocks.notify_one();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn overdue(client: &Client) -> Vec<ReferralId> {
    client.referrals().list().overdue().send().await.unwrap().items.iter().map(|referral| referral.id).collect()
}

async fn in_state(client: &Client, id: ReferralId, state: ReferralState) -> Referral {
    let start = Instant::now();
    loop {
        let now = client.referrals().get(id).await.unwrap();
        if now.state == state {
            return now;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "it is {:?}", now.state);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn whose_turn_it_is_is_told_at_once_before_it_is_due_and_when_it_is_late() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;
    let (norths, souths) = (north.owner.email.as_str().to_owned(), south.owner.email.as_str().to_owned());
    assert_eq!(sent.awaits, Some(ReferralSide::Recipient));
    let span = sent.due_at.unwrap() - sent.sent_at.unwrap();
    assert_eq!((span, sent.overdue), (TimeDelta::hours(72), false));
    assert_eq!(told(&world, &souths, sent.id, 1).await, [WAITS]);

    hours_later(&world, sent.id, 55).await;
    assert_eq!(told(&world, &souths, sent.id, 2).await, [WAITS, WAITS]);
    assert!(overdue(north.client()).await.is_empty() && overdue(south.client()).await.is_empty());
    let waited_for = world.mailbox().to(&norths).iter().any(|mail| mail.body.contains(&sent.id.to_string()));
    assert!(!waited_for, "who waits is not told before it is late");

    hours_later(&world, sent.id, 18).await;
    assert_eq!(told(&world, &souths, sent.id, 3).await, [WAITS, WAITS, OVERDUE]);
    assert_eq!(told(&world, &norths, sent.id, 1).await, [OVERDUE]);
    assert_eq!(overdue(north.client()).await, [sent.id]);
    assert_eq!(overdue(south.client()).await, [sent.id]);
    assert!(south.client().referrals().get(sent.id).await.unwrap().overdue);
    // Again in a week, and not before.
    hours_later(&world, sent.id, 24 * 7).await;
    assert_eq!(told(&world, &norths, sent.id, 2).await, [OVERDUE, OVERDUE]);

    // A question turns the clock to the sender, and the answer turns it back.
    let asked = act(south.client(), &sent, ReferralVerb::RequestInformation, saying("Was there a fall?")).await;
    assert_eq!((asked.awaits, asked.overdue), (Some(ReferralSide::Sender), false));
    assert!(asked.answered_at.is_some());
    assert_eq!(told(&world, &norths, sent.id, 3).await.last().map(String::as_str), Some(WAITS));
    assert!(overdue(north.client()).await.is_empty());
    act(north.client(), &sent, ReferralVerb::ProvideInformation, saying("None.")).await;
    let accepted = act(south.client(), &sent, ReferralVerb::Accept, with()).await;
    assert_eq!(accepted.answered_at.map(|at| at.timestamp()), asked.answered_at.map(|at| at.timestamp()));
    let to_report = accepted.due_at.unwrap() - accepted.accepted_at.unwrap();
    assert_eq!((to_report, accepted.expires_at), (TimeDelta::days(60), None));
    // No mail says more than that there is something.
    let mails: Vec<Mail> = world.mailbox().all();
    for mail in mails.iter().filter(|mail| mail.body.contains(&sent.id.to_string())) {
        assert!(!mail.body.contains("stiffness") && !mail.body.contains("Sample"), "{}", mail.body);
    }
}

#[tokio::test]
async fn what_nobody_answers_lapses_once_however_many_services_there_are() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let mut referrals = Vec::new();
    for _ in 0..5 {
        referrals.push(referred(&north, &south).await.1);
    }
    let (url, keys) = (world.database_url().to_owned(), rapport_api::identity::keys::KeyFiles::under(world.folder()));
    let other = tokio::task::spawn_blocking(move || World::on(url, |config| config.keys = keys)).await.unwrap();
    let all = "update referral_clocks set expires_at = now() - interval '1 second'";
    world.database().await.batch_execute(all).await.unwrap();
    world.service().signals.clocks.notify_one();
    other.service().signals.clocks.notify_one();
    for sent in &referrals {
        let over = in_state(south.client(), sent.id, ReferralState::Expired).await;
        assert!(over.content.is_none() && over.allowed.is_empty() && over.closed_at.is_some(), "{over:?}");
        assert_eq!((over.awaits, over.due_at, over.expires_at), (None, None, None));
        let moves = north.client().referrals().timeline(sent.id).await.unwrap().items;
        let last = moves.last().unwrap();
        assert_eq!(moves.iter().filter(|step| step.to == ReferralState::Expired).count(), 1);
        assert!(last.verb.is_none() && last.by.is_none() && last.clinic_id.is_none());
        let late = south.client().referrals().act(&over, ReferralVerb::Accept, &with()).await;
        assert_eq!(kind(late), Some(Kind::IllegalTransition));
        let audited = north.client().audit().events().action("referral.expire").send().await.unwrap().items;
        assert_eq!(audited.iter().filter(|event| event.object_id == Some(sent.id.into())).count(), 1);
        // Mail is written by either service, to a folder of its own.
        let in_both = |address: &str| -> usize {
            [&world, &other]
                .iter()
                .flat_map(|world| world.mailbox().to(address))
                .filter(|mail| mail.subject == LAPSED && mail.body.contains(&sent.id.to_string()))
                .count()
        };
        for address in [north.owner.email.as_str(), south.owner.email.as_str()] {
            let start = Instant::now();
            while in_both(address) == 0 {
                assert!(start.elapsed() < Duration::from_secs(30), "{address} was not told");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert_eq!(in_both(address), 1);
        }
    }
}

#[tokio::test]
async fn a_clinic_sets_its_times_and_what_was_sent_keeps_those_of_then() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, before) = referred(&north, &south).await;
    let seen = north.client().referrals().times().await.unwrap();
    assert_eq!((seen.version, seen.routine.answer_hours), (0, 72));
    let quick = UrgencyTimes { answer_hours: 2, report_days: 7, expiry_days: 1 };
    let set = SetReferralTimes { routine: quick, urgent: quick, emergent: quick };
    let now = north.client().referrals().set_times(&seen, &set).await.unwrap();
    assert_eq!((now.version, now.routine), (1, quick));
    assert_eq!(north.client().referrals().times().await.unwrap(), now);
    let again = SetReferralTimes { emergent: UrgencyTimes { answer_hours: 1, ..quick }, ..set };
    let now = north.client().referrals().set_times(&now, &again).await.unwrap();
    assert_eq!((now.version, now.emergent.answer_hours), (2, 1));
    assert_eq!(kind(north.client().referrals().set_times(&seen, &set).await), Some(Kind::Stale));
    let (_, after) = referred(&north, &south).await;
    assert_eq!(after.due_at.unwrap() - after.sent_at.unwrap(), TimeDelta::hours(2));
    assert_eq!(after.expires_at.unwrap() - after.sent_at.unwrap(), TimeDelta::days(1));
    let kept = north.client().referrals().get(before.id).await.unwrap();
    assert_eq!(kept.due_at.unwrap() - kept.sent_at.unwrap(), TimeDelta::hours(72));
    let accepted = act(south.client(), &before, ReferralVerb::Accept, with()).await;
    assert_eq!(accepted.due_at.unwrap() - accepted.accepted_at.unwrap(), TimeDelta::days(60));
    // Another clinic's are its own.
    assert_eq!(south.client().referrals().times().await.unwrap().version, 0);

    let odd = SetReferralTimes { urgent: UrgencyTimes { answer_hours: 0, report_days: 7, expiry_days: 400 }, ..set };
    let refused = north.client().referrals().set_times(&now, &odd).await.unwrap_err();
    let pointers: Vec<_> = refused.problem().unwrap().errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/urgent/answer_hours", "/urgent/expiry_days"]);
    let desk = north.member(Role::Staff).await;
    assert_eq!(kind(desk.client.referrals().set_times(&now, &set).await), Some(Kind::Forbidden));
    assert_eq!(desk.client.referrals().times().await.unwrap().version, 2);
}

#[tokio::test]
async fn a_clinic_sees_how_many_of_its_loops_closed_and_how_long_they_took() {
    use ReferralVerb as V;
    let world = World::start().await;
    let (north, south, west) = (world.clinic("north").await, world.clinic("south").await, world.clinic("west").await);
    // One that closes with a report, after two days to the answer and five to the report.
    let (_, closed) = referred(&north, &south).await;
    hours_later(&world, closed.id, 48).await;
    let accepted = act(south.client(), &closed, V::Accept, with()).await;
    hours_later(&world, closed.id, 72).await;
    let record = south.client().patients().get(accepted.patient_id.unwrap()).await.unwrap();
    south.consented_on_paper(&record, &agreeing_to_all(RecipientChoice::clinic(north.id))).await;
    let report = south.signed_report(&record, None).await;
    let share =
        south.client().shares().create(report.id, &sharing_with(RecipientChoice::clinic(north.id))).await.unwrap();
    act(south.client(), &closed, V::Complete, ReferralMove { share_id: Some(share.id), ..with() }).await;
    // One declined, one late, one cancelled, one from elsewhere, and a draft, which is nobody's business.
    let (_, declined) = referred(&north, &south).await;
    act(south.client(), &declined, V::Decline, because(ReferralReason::NoCapacity)).await;
    let (_, late) = referred(&north, &west).await;
    hours_later(&world, late.id, 100).await;
    let (_, cancelled) = referred(&north, &west).await;
    act(north.client(), &cancelled, V::Cancel, because(ReferralReason::NoLongerNeeded)).await;
    referred(&west, &north).await;
    let patient = north.patient().await;
    let draft = NewReferral { urgency: Urgency::Urgent, ..asking(patient.id, RecipientChoice::clinic(west.id)) };
    north.client().referrals().create(&draft).await.unwrap();

    let summary = north.client().referrals().summary(30).await.unwrap();
    let sent = &summary.sent;
    assert_eq!((sent.sent, sent.received, sent.answered, sent.accepted, sent.reported), (4, 2, 2, 1, 1));
    assert_eq!((sent.turned_down, sent.cancelled, sent.expired, sent.open, sent.overdue), (1, 1, 0, 1, 1));
    // Of two answers, after two days and at once, half way between.
    assert!((sent.median_days_to_answer.unwrap() - 1.0).abs() < 0.1, "{sent:?}");
    assert!((sent.median_days_to_report.unwrap() - 5.0).abs() < 0.1, "{sent:?}");
    assert_eq!((summary.received.sent, summary.received.open), (1, 1));
    let partners: Vec<_> = summary
        .partners
        .iter()
        .map(|partner| {
            let count = |figures: &Option<rapport_contract::referral_times::ReferralFigures>| {
                figures.as_ref().map(|figures| figures.sent)
            };
            (partner.clinic.id, count(&partner.sent), count(&partner.received))
        })
        .collect();
    assert_eq!(partners, [(west.id, Some(2), Some(1)), (south.id, Some(2), None)]);
    let of_south = south.client().referrals().summary(30).await.unwrap();
    assert_eq!((of_south.received.sent, of_south.received.reported, of_south.sent.sent), (2, 1, 0));
    assert_eq!(of_south.sent.median_days_to_answer, None);
    let empty = north.client().referrals().summary(1).await.unwrap();
    assert_eq!(empty.sent.sent, 2, "what was sent before is not counted");
    assert_eq!(kind(north.client().referrals().summary(0).await), Some(Kind::Validation));
}
