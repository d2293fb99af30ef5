//! The protocol of a referral as a model, and the service beside it: random moves of both sides, in order and out of it, with the
//! service killed again and again. The model is written from the contract's table, by verb and in words; the service has
//! its own, by state and in Rust.

use super::{
    clinic::sign_up_and_in,
    durability::serve,
    run::{alone, folder, tell},
};
use rapport_sdk::{
    Client, Error, Kind, Policy, Timeouts,
    chrono::{NaiveDate, TimeDelta, Utc},
    contract::{
        consents::{Category, NewConsent, PaperForm, PaperSignature, RecipientChoice},
        ids::{PatientId, ReportId, ShareId},
        patients::{NewPatient, Patient},
        referrals::{NewReferral, Referral, ReferralMove, ReferralReason, ReferralState, ReferralVerb},
        reports::{Goal, Measure, NewReport, ReportBody, ReportKind, Schedule, Treatment},
        shares::NewShare,
    },
    uuid::Uuid,
};
use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// How many moves are tried in each sequence.
const MOVES: u32 = 30;
/// How many sequences go on at once.
const AT_ONCE: u32 = 8;
/// The service is killed once in so many sequences.
const A_KILL_IN: u32 = 150;

/// How many sequences: `RAPPORT_SEQUENCES=20000`. By default a size for every day.
#[expect(clippy::disallowed_methods, reason = "how thorough a test is to be is told by whoever runs it")]
fn sequences() -> u32 {
    std::env::var("RAPPORT_SEQUENCES").map_or(2_000, |asked| asked.parse().unwrap())
}

/// The contract's table: a verb, who may say it, from where, to where. `before` is where a cancellation was asked from.
const TABLE: &[(&str, char, &str, &str)] = &[
    ("send", 'S', "draft", "sent"),
    ("accept", 'R', "sent received", "accepted"),
    ("decline", 'R', "sent received", "declined"),
    ("redirect", 'R', "sent received", "redirected"),
    ("request_information", 'R', "sent received", "information_requested"),
    ("provide_information", 'S', "information_requested", "received"),
    ("waitlist", 'R', "accepted", "waitlisted"),
    ("schedule", 'R', "accepted waitlisted scheduled no_show", "scheduled"),
    ("no_show", 'R', "scheduled", "no_show"),
    ("cancel_appointment", 'R', "scheduled", "accepted"),
    ("start", 'R', "accepted scheduled", "in_care"),
    ("complete", 'R', "accepted scheduled in_care cancellation_requested", "completed"),
    ("discontinue", 'R', "in_care", "discontinued"),
    ("cancel", 'S', "draft sent received information_requested", "cancelled"),
    ("request_cancellation", 'S', "accepted waitlisted scheduled no_show in_care", "cancellation_requested"),
    ("confirm_cancellation", 'R', "cancellation_requested", "cancelled"),
    ("refuse_cancellation", 'R', "cancellation_requested", "before"),
    ("enter_in_error", 'S', "draft sent received", "entered_in_error"),
];

/// The verbs after which nothing comes.
const ENDING: [&str; 7] =
    ["decline", "redirect", "complete", "discontinue", "cancel", "confirm_cancellation", "enter_in_error"];

/// What the model knows of a referral.
struct Model {
    state: &'static str,
    before: &'static str,
    version: i32,
    /// Every state that it was in.
    path: Vec<&'static str>,
}

impl Model {
    fn new() -> Self {
        Self { state: "draft", before: "", version: 1, path: vec!["draft"] }
    }

    fn leads_to(&self, side: char, verb: &str) -> Option<&'static str> {
        let (_, _, _, to) = TABLE.iter().find(|(name, who, from, _)| {
            *name == verb && *who == side && from.split(' ').any(|state| state == self.state)
        })?;
        Some(if *to == "before" { self.before } else { to })
    }

    /// What was never sent does not exist for whom it would have been for.
    fn was_sent(&self) -> bool {
        self.path.contains(&"sent")
    }

    fn allowed(&self, side: char) -> Vec<&'static str> {
        TABLE.iter().map(|(verb, ..)| *verb).filter(|verb| self.leads_to(side, verb).is_some()).collect()
    }

    fn go(&mut self, to: &'static str) {
        self.before = if to == "cancellation_requested" { self.state } else { "" };
        self.state = to;
        self.version += 1;
        self.path.push(to);
    }
}

/// Both clinics, and what is the same in all sequences.
#[derive(Clone)]
struct Play {
    north: Client,
    south: Client,
    norths_id: Uuid,
    souths_id: Uuid,
    patient: PatientId,
    /// South's own record of the patient.
    record: PatientId,
    report: ReportId,
}

/// How often what happened.
#[derive(Default)]
struct Tally {
    done: AtomicU32,
    illegal: AtomicU32,
    stale: AtomicU32,
    invalid: AtomicU32,
    unseen: AtomicU32,
    readings: AtomicU32,
    closed: AtomicU32,
    sequences: AtomicU32,
}

fn count(counter: &AtomicU32) {
    counter.fetch_add(1, Ordering::SeqCst);
}

#[test]
fn whatever_both_sides_try_a_referral_goes_where_the_table_says_and_nowhere_else() {
    let _alone = alone();
    let folder = folder();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut service = serve(folder.path(), &address);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stubborn = Policy { attempts: 10_000, base: Duration::from_millis(40), cap: Duration::from_millis(400) };
    let patient = Timeouts { overall: Duration::from_secs(180), ..Timeouts::default() };
    let builder = || Client::builder(service.url()).retries(stubborn).timeouts(patient).build().unwrap();
    let play = runtime.block_on(set(builder(), builder()));

    let (sequences, tally) = (sequences(), Arc::new(Tally::default()));
    let mut players = JoinSet::new();
    for player in 0..AT_ONCE {
        let (play, tally) = (play.clone(), Arc::clone(&tally));
        let own = (0..sequences).filter(move |number| number % AT_ONCE == player);
        players.spawn_on(
            async move {
                for number in own {
                    sequence(&play, &tally, u64::from(number)).await;
                    count(&tally.sequences);
                }
            },
            runtime.handle(),
        );
    }
    let mut kills = 0;
    loop {
        let so_far = tally.sequences.load(Ordering::SeqCst);
        if so_far >= sequences || players.is_empty() {
            break;
        }
        if so_far >= (kills + 1) * A_KILL_IN {
            service.kill();
            service = serve(folder.path(), &address);
            kills += 1;
        }
        std::thread::park_timeout(Duration::from_millis(50));
        // A player that failed ends the play.
        while let Some(ended) = players.try_join_next() {
            ended.unwrap();
        }
    }
    runtime.block_on(async { while players.join_next().await.transpose().unwrap().is_some() {} });
    let told = |counter: &AtomicU32| counter.load(Ordering::SeqCst);
    tell(&format!(
        "{sequences} sequences, {kills} kills: {} moves done, {} readings, {} refused as not in the table, {} as stale, {} as \
         wrong, {} as unseen; {} closed with a report",
        told(&tally.done),
        told(&tally.readings),
        told(&tally.illegal),
        told(&tally.stale),
        told(&tally.invalid),
        told(&tally.unseen),
        told(&tally.closed)
    ));
    for counter in [&tally.done, &tally.illegal, &tally.stale, &tally.invalid, &tally.unseen, &tally.closed] {
        assert!(told(counter) > 0, "not everything was tried");
    }
    service.stop().well();
}

/// Two clinics, a patient of the first who agrees to everything and to reports back, and the second's own record and report.
async fn set(north: Client, south: Client) -> Play {
    let (north, norths_id) = sign_up_and_in(north, "ada@north.example.org").await;
    let (south, souths_id) = sign_up_and_in(south, "sam@south.example.org").await;
    let patient = north.patients().create(&casey()).await.unwrap();
    agree(&north, &patient, souths_id).await;
    let record = south.patients().create(&casey()).await.unwrap();
    agree(&south, &record, norths_id).await;
    let draft = NewReport {
        patient_id: record.id,
        kind: ReportKind::ProgressReport,
        body: body(),
        sensitive_categories: Vec::new(),
    };
    let draft = south.reports().draft(&draft).await.unwrap();
    let report = south.reports().sign(&draft).await.unwrap().id;
    Play { north, south, norths_id, souths_id, patient: patient.id, record: record.id, report }
}

fn casey() -> NewPatient {
    NewPatient {
        given_name: "Casey".into(),
        family_name: "Sample".into(),
        birth_date: NaiveDate::from_ymd_opt(1963, 4, 17).unwrap().into(),
        mrn: None,
        email: None,
        phone: Some("555-0111".into()),
    }
}

/// The patient agrees on paper.
#[expect(clippy::disallowed_methods, reason = "a patient signs on a day")]
async fn agree(clinic: &Client, patient: &Patient, to: Uuid) {
    let asked = NewConsent {
        recipients: vec![RecipientChoice::clinic(to)],
        categories: vec![Category::Referral, Category::ProgressReport, Category::OutcomeMeasures],
        purpose: "treatment".to_owned(),
        starts_at: None,
        expires_at: Utc::now() + TimeDelta::days(30),
        two_way: false,
    };
    let asked = clinic.consents().ask(patient.id, &asked).await.unwrap();
    let dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";
    let signature = PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: Utc::now().date_naive(),
        attested: true,
        form: PaperForm { media_type: "image/png".to_owned(), content: dot.into() },
    };
    clinic.consents().record_paper_signature(&asked, &signature).await.unwrap();
}

/// What the verb takes, right or with something left out that it needs.
fn given(play: &Play, verb: &str, share: Option<ShareId>, is_right: bool) -> ReferralMove {
    let mut given = ReferralMove::default();
    match verb {
        "decline" | "cancel" | "request_cancellation" | "enter_in_error" => {
            given.reason = Some(ReferralReason::Mistaken)
        }
        "discontinue" => (given.reason, given.share_id) = (Some(ReferralReason::PatientDeclined), share),
        "complete" => given.share_id = share,
        "request_information" | "provide_information" => given.note = Some("Since when?".into()),
        "schedule" => {
            given.appointment_at =
                NaiveDate::from_ymd_opt(2030, 1, 2).and_then(|day| day.and_hms_opt(9, 0, 0)).map(|at| at.and_utc())
        }
        "redirect" => given.instead = Some(RecipientChoice::clinic(play.norths_id)),
        "accept" => given.patient_id = Some(play.record),
        _ => {}
    }
    if is_right {
        return given;
    }
    // Every verb refuses what belongs to another one.
    match verb {
        "schedule" => given.share_id = Some(ShareId::new(play.report.uuid())),
        _ => {
            given.appointment_at =
                NaiveDate::from_ymd_opt(2030, 1, 2).and_then(|day| day.and_hms_opt(9, 0, 0)).map(|at| at.and_utc())
        }
    }
    given
}

async fn sequence(play: &Play, tally: &Tally, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut model = Model::new();
    let to = RecipientChoice::clinic(play.souths_id);
    let new = NewReferral::of_patient(play.patient, to, "Low back stiffness", "Manual treatment before imaging");
    let mut seen: Referral = play.north.referrals().create(&new).await.unwrap();
    let id = seen.id;
    let no_share = ShareId::new(play.report.uuid());
    // One of before it was accepted closes nothing.
    let mut share = None;
    for step in 0..MOVES {
        let side = if random.bool() { 'S' } else { 'R' };
        let client = if side == 'S' { &play.north } else { &play.south };
        let told = format!("seed {seed}, move {step}, {side} in {}", model.state);
        if random.u8(..) < 12 {
            let read = client.referrals().get(id).await;
            if side == 'R' && !model.was_sent() {
                assert_eq!(read.unwrap_err().kind(), Some(Kind::NotFound), "{told}");
                continue;
            }
            if side == 'R' && model.state == "sent" {
                model.go("received");
            }
            agrees(&read.unwrap(), &model, side, &told);
            count(&tally.readings);
            continue;
        }
        let allowed = model.allowed(side);
        let verb = if !allowed.is_empty() && random.u8(..) < 190 {
            // What ends it comes last, or most sequences would be over soon.
            let goes_on: Vec<_> = allowed.iter().copied().filter(|verb| !ENDING.contains(verb)).collect();
            let among = if goes_on.is_empty() || random.u8(..) < 25 { &allowed } else { &goes_on };
            among[random.usize(..among.len())]
        } else {
            TABLE[random.usize(..TABLE.len())].0
        };
        let is_right = random.u8(..) < 235;
        let is_current = random.u8(..) < 235;
        let to = model.leads_to(side, verb);
        let closes = matches!(verb, "complete" | "discontinue");
        if closes && to.is_some() && share.is_none() {
            let to = NewShare {
                recipient: RecipientChoice::clinic(play.norths_id),
                sections: None,
                purpose: "treatment".to_owned(),
                cover_letter: None,
            };
            share = Some(play.south.shares().create(play.report, &to).await.unwrap().id);
        }
        let given = given(play, verb, share.or(Some(no_share)), is_right);
        seen.version = if is_current { model.version } else { model.version - 1 };
        let verb_of_path = ReferralVerb::parse(verb).unwrap();
        let outcome = client.referrals().act(&seen, verb_of_path, &given).await;
        let told = format!("{told}: {verb}");
        let kind = |outcome: Result<Referral, Error>| outcome.err().and_then(|error| error.kind());
        if !is_right {
            assert_eq!(kind(outcome), Some(Kind::Validation), "{told}");
            count(&tally.invalid);
        } else if side == 'R' && !model.was_sent() {
            assert_eq!(kind(outcome), Some(Kind::NotFound), "{told}");
            count(&tally.unseen);
        } else if !is_current {
            assert_eq!(kind(outcome), Some(Kind::Stale), "{told}");
            count(&tally.stale);
        } else if let Some(to) = to {
            model.go(to);
            agrees(&outcome.unwrap_or_else(|error| panic!("{told}: {error}")), &model, side, &told);
            count(&tally.done);
            if closes {
                count(&tally.closed);
            }
        } else {
            let Err(error) = outcome else { panic!("{told} was done") };
            assert_eq!(error.kind(), Some(Kind::IllegalTransition), "{told}: {error}");
            let open = error.problem().and_then(|problem| problem.allowed.clone()).unwrap_or_default();
            assert_eq!(open, allowed, "{told}");
            count(&tally.illegal);
        }
    }
    let moves = play.north.referrals().timeline(id).await.unwrap().items;
    let path: Vec<&str> = moves.iter().map(|step| step.to.as_str()).collect();
    assert_eq!(path, model.path, "seed {seed}");
    agrees(&play.north.referrals().get(id).await.unwrap(), &model, 'S', &format!("seed {seed}, in the end"));
}

fn agrees(referral: &Referral, model: &Model, side: char, told: &str) {
    assert_eq!(referral.state, ReferralState::parse(model.state).unwrap(), "{told}");
    assert_eq!(referral.version, model.version, "{told}");
    let allowed: Vec<&str> = referral.allowed.iter().map(|verb| verb.as_str()).collect();
    assert_eq!(allowed, model.allowed(side), "{told}");
}

/// The four parts that a signature needs.
fn body() -> ReportBody {
    ReportBody {
        treatment: Some(Treatment { what: "Massage of the lower back".into(), why: "Chosen for chronic pain".into() }),
        schedule: Some(Schedule {
            frequency: "Once a week".into(),
            duration: "Six visits".into(),
            visits_planned: None,
            visits_attended: None,
            reexamination_after_visits: None,
            ends_on: None,
        }),
        goals: vec![Goal {
            goal: "To walk for half an hour".into(),
            anticipated_outcome: None,
            measure: Some("Minutes walked".into()),
            target: None,
            target_date: None,
        }],
        measures: vec![Measure {
            name: "Minutes walked".into(),
            unit: Some("min".to_owned()),
            baseline: Some(10.0.into()),
            current: Some(20.0.into()),
            baseline_on: None,
            current_on: None,
            higher_is_better: Some(true),
            note: None,
        }],
        ..ReportBody::default()
    }
}
