//! What the requests that a clinic's day is made of take of the database: how many statements, in how many round trips, and none
//! that is parsed anew. A figure here changes with the code on purpose, or it tells of a regression.

use crate::{
    api_clients::{machine, signed_in},
    guests::as_sent_to_a_guest,
    referrals::{act, referred, with},
};
use rapport_contract::{
    api_clients::Scope,
    consents::RecipientChoice,
    patients::PatientSearch,
    referrals::ReferralVerb,
    reports::{NewReport, ReportKind},
};
use rapport_tests::{World, cases, cluster::new_database, people::sharing_with, tap::Tap};
use std::{num::NonZeroUsize, path::PathBuf};

/// As often each request is made: the service's one connection has prepared what it needs by then.
const TIMES: usize = 6;

/// What a request took: its name, transactions, statements, round trips, and how many statements were parsed anew.
type Taken = (&'static str, usize, usize, usize, usize);

/// A request made some times; what the last one took.
async fn taken<T>(tap: &Tap, name: &'static str, context: &str, mut request: impl AsyncFnMut(usize) -> T) -> Taken {
    for time in 1..TIMES {
        request(time).await;
    }
    drop(tap.passed.take(""));
    request(0).await;
    let passed = tap.passed.take(context);
    for sql in passed.iter().flat_map(|it| &it.parsed) {
        println!("{name} parsed anew: {sql}");
    }
    let sum = |figure: fn(&rapport_tests::tap::Transaction) -> usize| passed.iter().map(figure).sum::<usize>();
    (name, passed.len(), sum(|it| it.statements.len()), sum(|it| it.round_trips()), sum(|it| it.parsed.len()))
}

#[tokio::test]
async fn the_requests_of_a_day_take_the_statements_and_round_trips_that_stand_here() {
    let folder = tempfile::tempdir().unwrap();
    let url = tokio::task::spawn_blocking(new_database).await.unwrap();
    let (before, host) = url.split_once('@').unwrap();
    let (host, database) = host.split_once('/').unwrap();
    let tap = Tap::listen(folder.path(), &PathBuf::from(host.replace("%2F", "/"))).unwrap();
    let tapped = format!("{before}@{}/{database}", folder.path().to_string_lossy().replace('/', "%2F"));
    let world = tokio::task::spawn_blocking(move || {
        World::on(tapped, |config| {
            config.workers = NonZeroUsize::MIN;
            config.pool_size = NonZeroUsize::MIN;
        })
    });
    let world = world.await.unwrap();
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, _, report, share) = north.share_with(&south).await;
    let software = signed_in(&world, &machine(&south, &[Scope::SharesRead]).await);
    let guest = as_sent_to_a_guest(&north).await;
    let mut referrals = Vec::new();
    for _ in 0..TIMES {
        referrals.push(referred(&north, &south).await.1);
    }
    let mut drafts = Vec::new();
    let new = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: cases::ankylosing_spondylitis(),
        sensitive_categories: Vec::new(),
    };
    let named = PatientSearch { family_name: Some(patient.family_name.clone()), ..PatientSearch::default() };
    let to_south = sharing_with(RecipientChoice::clinic(south.id));
    let (own, link) = ("app.clinic_id", "app.link_id");
    let measured = [
        taken(&tap, "read a shared report", own, async |_| south.client().shares().get(share.id).await.unwrap()).await,
        taken(&tap, "the same as a machine", own, async |_| software.shares().get(share.id).await.unwrap()).await,
        taken(&tap, "the same as a guest", link, async |_| guest.get().await.unwrap()).await,
        taken(&tap, "list the inbox", own, async |_| south.client().shares().inbox().send().await.unwrap()).await,
        taken(&tap, "draft a report", own, async |_| drafts.push(north.client().reports().draft(&new).await.unwrap()))
            .await,
        taken(&tap, "sign a report", own, async |time| north.client().reports().sign(&drafts[time]).await.unwrap())
            .await,
        taken(&tap, "share a report", own, async |_| {
            north.client().shares().create(report.id, &to_south).await.unwrap()
        })
        .await,
        taken(&tap, "find a patient", own, async |_| north.client().patients().search(&named).send().await.unwrap())
            .await,
        taken(&tap, "read a referral", own, async |_| south.client().referrals().get(referrals[0].id).await.unwrap())
            .await,
        taken(&tap, "read and accept a referral", own, async |time| {
            act(south.client(), &referrals[time], ReferralVerb::Accept, with()).await
        })
        .await,
        taken(&tap, "read the feed of events", own, async |_| north.client().events().list().send().await.unwrap())
            .await,
    ];
    let written = [
        ("read a shared report", 1, 11, 5, 0),
        ("the same as a machine", 1, 11, 5, 0),
        ("the same as a guest", 1, 14, 9, 0),
        ("list the inbox", 1, 6, 5, 0),
        ("draft a report", 1, 11, 4, 0),
        ("sign a report", 1, 15, 6, 0),
        ("share a report", 1, 19, 8, 0),
        ("find a patient", 1, 6, 4, 0),
        ("read a referral", 1, 12, 7, 0),
        // Accepting makes a patient, with as many tokens to find it by as the name has letters: the statement is as long.
        ("read and accept a referral", 2, 38, 23, 1),
        ("read the feed of events", 1, 6, 5, 0),
    ];
    assert_eq!(measured, written);
}
