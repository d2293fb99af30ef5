//! Each reading takes the patient's consent as it stands at that moment; every way in which it may fall short denies, with
//! its own reason, on the record, and without a word of the report.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use chrono::TimeDelta;
use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use rapport_contract::{
    audit::Outcome,
    consents::{Category, Consent, ConsentState, NewConsent, RecipientChoice, RevokeConsent},
    ids::PatientId,
    members::Role,
    patients::Patient,
    problem::Kind,
    reports::{Citation, NewReport, Report, ReportBody, ReportKind, Section},
    shares::{NewShare, Share},
};
use rapport_sdk::Client;
use rapport_tests::{
    World, cases,
    people::{Clinic, asking_for, sharing_with, wall_clock},
};
use reqwest::{Method, header::HeaderMap};
use serde_json::Value;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Changes the database past the service.
pub(crate) async fn execute(world: &World, sql: &str) {
    world.database().await.batch_execute(sql).await.expect(sql);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What a `select count(*)` counts.
pub(crate) async fn count(world: &World, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Count>(&mut world.database().await).await.expect(sql).count
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !is_so().await {
        assert!(start.elapsed() < Duration::from_secs(30), "still waiting for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until so many transactions wait for another one.
pub(crate) async fn waiting(world: &World, transactions: i64) {
    let waiting =
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    until("those who wait", async || count(world, waiting).await == transactions).await;
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Raw {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }

    /// The slug of the problem that it tells.
    pub(crate) fn slug(&self) -> String {
        let json = self.json();
        assert_eq!(json["status"], self.status, "{self:?}");
        json["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned()
    }

    /// The body without the one thing that differs from answer to answer.
    pub(crate) fn without_request_id(&self) -> (u16, String) {
        let id = self.json()["request_id"].as_str().unwrap().to_owned();
        (self.status, self.body.replace(&id, ""))
    }
}

/// A request as somebody who signed in would send it without the SDK.
pub(crate) async fn plain(world: &World, who: &Client, method: Method, path: &str) -> reqwest::RequestBuilder {
    let token = who.tokens().await.unwrap().access_token;
    world.http().request(method, format!("{}{path}", world.url())).bearer_auth(token.as_str())
}

/// What no answer that was refused may hold.
pub(crate) const CANARY: &str = "canary";

/// A complete report with a word of its own in each section and in each field: `canary-<section>`.
pub(crate) fn with_canaries() -> ReportBody {
    let mut body = cases::ankylosing_spondylitis();
    let treatment = body.treatment.as_mut().unwrap();
    treatment.what = "Massage, canary-treatment".into();
    treatment.why = "Chosen for canary-treatment".into();
    let schedule = body.schedule.as_mut().unwrap();
    schedule.frequency = "Weekly canary-schedule".into();
    schedule.duration = "Six canary-schedule".into();
    let goal = body.goals.first_mut().unwrap();
    goal.goal = "Walk canary-goals".into();
    goal.anticipated_outcome = Some("Runs canary-goals".into());
    body.measures.first_mut().unwrap().note = Some("By hand canary-measures".into());
    let prose = |section: &str| Some(format!("Prose canary-{section}").into());
    body.condition = prose("condition");
    body.summary = prose("summary");
    body.history = prose("history");
    body.reexamination = prose("reexamination");
    body.follow_up = prose("follow_up");
    body.co_management = prose("co_management");
    body.questions = prose("questions");
    body.citations = vec![Citation {
        text: "Paper canary-citations".to_owned(),
        doi: None,
        relevance: Some("Because canary-citations".to_owned()),
    }];
    body
}

/// A consent that covers the whole of [`with_canaries`].
pub(crate) fn asking_for_all(recipient: RecipientChoice) -> NewConsent {
    let mut request = asking_for(recipient);
    request.categories.push(Category::History);
    request
}

/// A signed report full of canaries.
pub(crate) async fn report_of(clinic: &Clinic<'_>, patient: &Patient, sensitive: Vec<Category>) -> Report {
    let new = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: with_canaries(),
        sensitive_categories: sensitive,
    };
    let draft = clinic.client().reports().draft(&new).await.unwrap();
    clinic.client().reports().sign(&draft).await.unwrap()
}

/// A share of the whole of it, under a consent that covers it.
async fn shared(from: &Clinic<'_>, to: RecipientChoice) -> (Patient, Consent, Share) {
    let patient = from.patient().await;
    let consent = from.consented(&patient, &asking_for_all(to.clone())).await;
    let report = report_of(from, &patient, Vec::new()).await;
    let share = from.client().shares().create(report.id, &sharing_with(to)).await.unwrap();
    (patient, consent, share)
}

/// A refused answer: its reason, and nothing of the report or the patient in it.
async fn refusal(answer: &Raw, patient: &Patient) -> (u16, String) {
    for told in [CANARY, patient.family_name.as_str(), "Casey", "1979", "N-"] {
        assert!(!answer.body.contains(told), "{told} is in {answer:?}");
    }
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    (answer.status, answer.slug())
}

/// The newest event of an action in the clinic's log.
async fn last_event(clinic: &Clinic<'_>, action: &str) -> (Outcome, Option<String>, Option<PatientId>, Option<Uuid>) {
    let events = clinic.client().audit().events().action(action).limit(1).send().await.unwrap();
    let event = events.items.into_iter().next().expect("an event");
    (event.outcome, event.reason, event.patient_id, event.object_id)
}

async fn read(world: &World, who: &Client, share: &Share) -> Raw {
    Raw::of(plain(world, who, Method::GET, &format!("/v1/shares/{}", share.id)).await).await
}

#[tokio::test]
async fn a_reading_takes_the_consent_as_it_stands_at_that_moment_and_tells_how_it_falls_short() {
    let world = World::start().await;
    let (north, south, east) = (world.clinic("north").await, world.clinic("south").await, world.clinic("east").await);
    let (patient, consent, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
    // The terms of a consent can't be changed through the service: this reaches past it and past the triggers.
    execute(&world, "create table kept as select * from consents").await;
    let elsewhere =
        format!(r#"[{{"kind":"clinic","practitioner_id":null,"clinic_id":"{}","name":"E","email":null}}]"#, east.id);
    let colleague = format!(
        r#"[{{"kind":"practitioner","practitioner_id":"{}","clinic_id":"{}","name":"S","email":null}}]"#,
        south.owner.id, south.id
    );
    let guest = r#"[{"kind":"guest","practitioner_id":null,"clinic_id":null,"name":"G","email":"g@example.org"}]"#;
    let cases = [
        ("it names another clinic", format!("recipients = '{elsewhere}'"), "recipient-not-named"),
        ("it names one practitioner and not the clinic", format!("recipients = '{colleague}'"), "recipient-not-named"),
        ("it names a guest", format!("recipients = '{guest}'"), "recipient-not-named"),
        ("it names nobody", "recipients = '[]'".to_owned(), "recipient-not-named"),
        ("it is for another purpose", "purpose = 'research'".to_owned(), "purpose-mismatch"),
        ("it ended", "expires_at = clock_timestamp()".to_owned(), "consent-expired"),
        ("it starts later", "starts_at = now() + interval '1 hour'".to_owned(), "consent-pending"),
        ("it was signed later", "signed_at = now() + interval '1 hour'".to_owned(), "consent-pending"),
        ("it is not signed", "state = 'pending'".to_owned(), "consent-pending"),
        ("it was refused", "state = 'declined'".to_owned(), "consent-missing"),
        ("it was replaced", "state = 'superseded'".to_owned(), "consent-missing"),
        ("it is another clinic's", format!("clinic_id = '{}'", east.id), "consent-missing"),
        ("it is another patient's", format!("patient_id = '{}'", east.id), "consent-missing"),
        ("it leaves out the history", "categories = '{progress_report}'".to_owned(), "consent-too-narrow"),
        ("it leaves out the report", "categories = '{treatment_plan,history}'".to_owned(), "consent-too-narrow"),
        ("it names no category", "categories = '{}'".to_owned(), "consent-too-narrow"),
        ("a category can't be read", "categories = '{progress_report,history,rubbish}'".to_owned(), "consent-missing"),
        ("a category is null", "categories = '{progress_report,history,unknown}'".to_owned(), "consent-missing"),
        ("the recipients can't be read", r#"recipients = '{"rubbish": 1}'"#.to_owned(), "consent-missing"),
        (
            "a recipient is of no known kind",
            format!("recipients = '{}'", elsewhere.replace("clinic\",\"p", "x\",\"p")),
            "consent-missing",
        ),
    ];
    for (what, change, slug) in cases {
        assert_eq!(read(&world, south.client(), &share).await.status, 200, "before: {what}");
        let id = consent.id;
        execute(&world, &format!("begin; set local session_replication_role = replica; update consents set {change} where id = '{id}'; commit")).await;
        let answer = read(&world, south.client(), &share).await;
        assert_eq!(refusal(&answer, &patient).await, (403, slug.to_owned()), "{what}");
        // The denial stands in the records of the clinic whose information it is.
        let event = last_event(&north, "share.read").await;
        assert_eq!(event, (Outcome::Denied, Some(slug.to_owned()), Some(patient.id), Some(share.id.uuid())), "{what}");
        // Acknowledging takes the same gate.
        let path = format!("/v1/shares/{}/acknowledgement", share.id);
        let answer = Raw::of(plain(&world, south.client(), Method::POST, &path).await).await;
        assert_eq!(refusal(&answer, &patient).await, (403, slug.to_owned()), "{what}");
        execute(
            &world,
            "begin; set local session_replication_role = replica; delete from consents;
             insert into consents select * from kept; commit",
        )
        .await;
    }
    let permitted = south.client().shares().get(share.id).await.unwrap();
    assert_eq!(permitted.content.unwrap().body, with_canaries());
    let (outcome, ..) = last_event(&north, "share.read").await;
    assert_eq!(outcome, Outcome::Permitted);
}

#[tokio::test]
async fn a_consent_that_cannot_be_read_denies_whatever_another_one_permits() {
    let world = World::start().await;
    let (north, south, east) = (world.clinic("north").await, world.clinic("south").await, world.clinic("east").await);
    let (patient, _, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
    let other = north.ask(&patient, &asking_for(RecipientChoice::clinic(east.id))).await;
    assert_eq!(read(&world, south.client(), &share).await.status, 200);
    execute(&world, &format!("begin; set local session_replication_role = replica; update consents set categories = '{{rubbish}}' where id = '{}'; commit", other.id)).await;
    assert_eq!(
        refusal(&read(&world, south.client(), &share).await, &patient).await,
        (403, "consent-missing".to_owned())
    );
}

#[tokio::test]
async fn the_date_and_a_revocation_end_the_reading_between_two_readings() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let recipient = RecipientChoice::clinic(south.id);
    let patient = north.patient().await;
    let address = patient.email.as_ref().unwrap().as_str();
    let short = NewConsent { expires_at: wall_clock() + TimeDelta::minutes(5), ..asking_for_all(recipient.clone()) };
    north.consented(&patient, &short).await;
    let report = report_of(&north, &patient, Vec::new()).await;
    let share = north.client().shares().create(report.id, &sharing_with(recipient.clone())).await.unwrap();
    let content = south.client().shares().get(share.id).await.unwrap().content.unwrap();
    assert_eq!(content.consent_expires_at, short.expires_at);
    world.travel(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    let answer = read(&world, south.client(), &share).await;
    assert_eq!(refusal(&answer, &patient).await, (403, "consent-expired".to_owned()));

    // A new consent opens the old share again: from its own beginning, and not before.
    let later = NewConsent {
        starts_at: Some(wall_clock() + TimeDelta::minutes(8)),
        expires_at: wall_clock() + TimeDelta::minutes(60),
        ..asking_for_all(recipient)
    };
    let later = north.ask(&patient, &later).await;
    world.mailbox().link(address, 2).await;
    let session = world.at_link(&patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
    let answer = read(&world, south.client(), &share).await;
    assert_eq!(refusal(&answer, &patient).await, (403, "consent-pending".to_owned()));
    world.travel(TimeDelta::minutes(3));
    assert_eq!(read(&world, south.client(), &share).await.status, 200);

    north.client().consents().revoke(later.id, &RevokeConsent::default()).await.unwrap();
    let answer = read(&world, south.client(), &share).await;
    assert_eq!(refusal(&answer, &patient).await, (403, "consent-revoked".to_owned()));
}

/// A newer consent for the same recipients and purpose says what holds now, however the purpose was spelled.
#[tokio::test]
async fn a_newer_narrower_consent_narrows_what_was_shared_under_the_older_one() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    for spelled in ["treatment", " Treatment "] {
        let (patient, wide, share) = shared(&north, RecipientChoice::clinic(south.id)).await;
        assert_eq!(read(&world, south.client(), &share).await.status, 200);
        let mut narrow = asking_for(RecipientChoice::clinic(south.id));
        narrow.purpose = spelled.to_owned();
        let address = patient.email.as_ref().unwrap().as_str();
        north.ask(&patient, &narrow).await;
        world.mailbox().link(address, 2).await;
        let session = world.at_link(&patient).await;
        session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
        let answer = read(&world, south.client(), &share).await;
        assert_eq!(refusal(&answer, &patient).await, (403, "consent-too-narrow".to_owned()), "{spelled:?}");
        assert_eq!(answer.json()["categories"], serde_json::json!(["history"]));
        let wide = north.client().consents().get(wide.id).await.unwrap();
        assert_eq!(wide.state, ConsentState::Superseded, "{spelled:?}");
        assert!(wide.superseded_by.is_some());
    }
}

/// Asks, and the patient answers as told; gives the patient and a signed report of the patient.
async fn with_consent(
    north: &Clinic<'_>,
    request: Option<NewConsent>,
    answer: Answer,
) -> (Patient, Option<Consent>, Report) {
    let patient = north.patient().await;
    let mut consent = None;
    if let Some(request) = request {
        let asked = north.ask(&patient, &request).await;
        let session = match answer {
            Answer::None => None,
            _ => Some(north.world.at_link(&patient).await),
        };
        if let Some(session) = session {
            match answer {
                Answer::Refuse => drop(session.refuse().await.unwrap()),
                _ => drop(session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap()),
            }
            if matches!(answer, Answer::Revoke) {
                session.revoke().await.unwrap();
            }
        }
        consent = Some(asked);
    }
    let report = report_of(north, &patient, Vec::new()).await;
    (patient, consent, report)
}

#[derive(Clone, Copy)]
enum Answer {
    None,
    Sign,
    Refuse,
    Revoke,
}

#[tokio::test]
async fn a_share_takes_the_gate_and_is_refused_with_the_reason_and_on_the_record() {
    let world = World::start().await;
    let (north, south, east) = (world.clinic("north").await, world.clinic("south").await, world.clinic("east").await);
    let colleague = south.member(Role::Practitioner).await;
    let to_south = || RecipientChoice::clinic(south.id);
    let to_owner = || RecipientChoice::practitioner(south.owner.id);
    let to_colleague = || RecipientChoice::practitioner(colleague.id);
    let asking = |change: fn(&mut NewConsent), recipient| {
        let mut request = asking_for_all(recipient);
        change(&mut request);
        Some(request)
    };
    // East has the same person as its own patient, who allowed everything: that is East's to share and not North's.
    let easts = east.patient().await;
    east.consented(&easts, &asking_for_all(to_south())).await;

    let later: fn(&mut NewConsent) = |request| request.starts_at = Some(wall_clock() + TimeDelta::hours(1));
    let same: fn(&mut NewConsent) = |_| {};
    let cases = [
        ("none was asked for", None, Answer::None, to_south(), Some("consent-missing")),
        ("not answered", asking(same, to_south()), Answer::None, to_south(), Some("consent-pending")),
        ("declined", asking(same, to_south()), Answer::Refuse, to_south(), Some("consent-missing")),
        ("revoked", asking(same, to_south()), Answer::Revoke, to_south(), Some("consent-revoked")),
        ("starts later", asking(later, to_south()), Answer::Sign, to_south(), Some("consent-pending")),
        (
            "names another clinic",
            asking(same, RecipientChoice::clinic(east.id)),
            Answer::Sign,
            to_south(),
            Some("recipient-not-named"),
        ),
        (
            "names one practitioner, shared with the clinic",
            asking(same, to_owner()),
            Answer::Sign,
            to_south(),
            Some("recipient-not-named"),
        ),
        (
            "names one practitioner, shared with a colleague",
            asking(same, to_owner()),
            Answer::Sign,
            to_colleague(),
            Some("recipient-not-named"),
        ),
        ("names that practitioner", asking(same, to_owner()), Answer::Sign, to_owner(), None),
        ("a clinic covers its practitioners", asking(same, to_south()), Answer::Sign, to_colleague(), None),
        (
            "without history",
            asking(|request| request.categories.retain(|category| *category != Category::History), to_south()),
            Answer::Sign,
            to_south(),
            Some("consent-too-narrow"),
        ),
        (
            "another purpose",
            asking(|request| request.purpose = "research".to_owned(), to_south()),
            Answer::Sign,
            to_south(),
            Some("purpose-mismatch"),
        ),
        (
            "the purpose in other letters",
            asking(|request| request.purpose = " TREATMENT ".to_owned(), to_south()),
            Answer::Sign,
            to_south(),
            None,
        ),
    ];
    for (what, request, answer, recipient, slug) in cases {
        let (patient, _, report) = with_consent(&north, request, answer).await;
        let path = format!("/v1/reports/{}/shares", report.id);
        let request = plain(&world, north.client(), Method::POST, &path).await.json(&sharing_with(recipient));
        let answer = Raw::of(request).await;
        let event = last_event(&north, "share.create").await;
        match slug {
            None => {
                assert_eq!(answer.status, 201, "{what}: {answer:?}");
                assert_eq!((event.0, event.2), (Outcome::Permitted, Some(patient.id)), "{what}");
            }
            Some(slug) => {
                assert_eq!(refusal(&answer, &patient).await, (403, slug.to_owned()), "{what}");
                let denied = (Outcome::Denied, Some(slug.to_owned()), Some(patient.id), Some(report.id.uuid()));
                assert_eq!(event, denied, "{what}");
                assert!(north.client().shares().of_report(report.id).send().await.unwrap().items.is_empty(), "{what}");
            }
        }
    }
    // One went to the clinic, one to its owner alone, one to the colleague alone.
    for who in [south.client(), &colleague.client] {
        assert_eq!(who.shares().inbox().limit(100).send().await.unwrap().items.len(), 2);
    }
}

#[tokio::test]
async fn a_question_that_lapsed_and_a_consent_that_ended_permit_no_share() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let request = || NewConsent {
        expires_at: wall_clock() + TimeDelta::minutes(5),
        ..asking_for_all(RecipientChoice::clinic(south.id))
    };
    let (_, asked, of_asked) = with_consent(&north, Some(request()), Answer::None).await;
    let (_, signed, of_signed) = with_consent(&north, Some(request()), Answer::Sign).await;
    world.travel(TimeDelta::minutes(5) + TimeDelta::seconds(1));
    let state =
        async |consent: Option<Consent>| north.client().consents().get(consent.unwrap().id).await.unwrap().state;
    assert_eq!((state(asked).await, state(signed).await), (ConsentState::Lapsed, ConsentState::Expired));
    for report in [of_asked, of_signed] {
        let share = sharing_with(RecipientChoice::clinic(south.id));
        let refused = north.client().shares().create(report.id, &share).await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::ConsentExpired));
    }
}

#[tokio::test]
async fn a_sensitive_category_is_covered_by_its_own_name_alone() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let mut everything_else = asking_for(RecipientChoice::clinic(south.id));
    everything_else.categories =
        Category::ALL.into_iter().filter(|category| *category != Category::SubstanceUse).collect();
    north.consented(&patient, &everything_else).await;
    let share = sharing_with(RecipientChoice::clinic(south.id));
    let report = report_of(&north, &patient, vec![Category::SubstanceUse, Category::MentalHealth]).await;
    let refused = north.client().shares().create(report.id, &share).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentTooNarrow));
    assert_eq!(refused.problem().unwrap().categories, Some(vec![Category::SubstanceUse]));
    // Cut to one harmless section, it is still a report that the author marked.
    let cut = NewShare { sections: Some(vec![Section::FollowUp]), ..share.clone() };
    let refused = north.client().shares().create(report.id, &cut).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentTooNarrow));
    let permitted = report_of(&north, &patient, vec![Category::MentalHealth]).await;
    north.client().shares().create(permitted.id, &share).await.unwrap();
}

#[tokio::test]
async fn leaving_out_what_the_consent_does_not_cover_permits_the_rest() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    north.consented(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let report = report_of(&north, &patient, Vec::new()).await;
    let whole = sharing_with(RecipientChoice::clinic(south.id));
    let refused = north.client().shares().create(report.id, &whole).await.unwrap_err();
    assert_eq!(refused.problem().unwrap().categories, Some(vec![Category::History]));
    let sections = Section::ALL.into_iter().filter(|section| *section != Section::History).collect();
    let share =
        north.client().shares().create(report.id, &NewShare { sections: Some(sections), ..whole }).await.unwrap();
    let answer = read(&world, south.client(), &share).await;
    assert!(answer.body.contains("canary-follow_up") && !answer.body.contains("canary-history"), "{answer:?}");
}

#[tokio::test]
async fn two_consents_never_add_up_to_one() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let mut history = asking_for(RecipientChoice::practitioner(south.owner.id));
    history.categories = vec![Category::History];
    north.consented(&patient, &history).await;
    north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    world.mailbox().link(patient.email.as_ref().unwrap().as_str(), 2).await;
    let session = world.at_link(&patient).await;
    session.sign(&session.get().await.unwrap(), "Casey Sample").await.unwrap();
    let report = report_of(&north, &patient, Vec::new()).await;
    let share = sharing_with(RecipientChoice::practitioner(south.owner.id));
    let refused = north.client().shares().create(report.id, &share).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentTooNarrow));
}
