//! Emergency access: whose reports it opens, to whom and for how long, what it takes, and that nobody uses it unnoticed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use crate::{
    api_clients,
    identity::next_code,
    wire::{Answer, access_token, call},
};
use chrono::TimeDelta;
use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::future::join_all;
use rapport_contract::{
    Sensitive,
    api_clients::Scope,
    audit::Outcome,
    consents::RecipientChoice,
    emergency_access::{EmergencyAccess, EmergencyAccessState, EmergencyReason, Finding, ReviewState},
    ids::{PatientId, ReportId},
    members::Role,
    patients::Patient,
    reports::{AmendReport, NewReport, Report, ReportKind, ReportPatch},
};
use rapport_sdk::{Kind, totp_code_at};
use rapport_tests::{
    World, cases,
    people::{Clinic, Person, asking_for, sharing_with, wall_clock},
};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// An id that nobody has.
const NOBODY: Uuid = Uuid::from_u128(0x0199_0b5e_6c1f_7d39_8f38_0f3c_2f5f_7a12);
const WHY: &str = "The patient fainted at the desk";

/// A clinic with somebody of each role, and a patient with a signed report and a draft.
struct House<'w> {
    north: Clinic<'w>,
    staff: Person,
    officer: Person,
    patient: Patient,
    report: Report,
    draft: Report,
}

impl<'w> House<'w> {
    async fn new(world: &'w World) -> Self {
        let north = world.clinic("north").await;
        let (staff, officer) = (north.member(Role::Staff).await, north.member(Role::PrivacyOfficer).await);
        let patient = north.patient().await;
        let report = north.signed_report(&patient, None).await;
        let draft = north.client().reports().draft(&a_report(&patient)).await.unwrap();
        Self { north, staff, officer, patient, report, draft }
    }

    /// Staff opens the patient's reports.
    async fn open(&self) -> EmergencyAccess {
        open(&self.staff, self.patient.id).await
    }
}

fn a_report(patient: &Patient) -> NewReport {
    NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: cases::ankylosing_spondylitis(),
        sensitive_categories: Vec::new(),
    }
}

pub(crate) async fn open(who: &Person, patient: PatientId) -> EmergencyAccess {
    let reason = EmergencyReason::TreatmentEmergency;
    who.client.emergency_access().open(patient, reason, WHY, next_code(who)).await.unwrap()
}

/// As if no code of this person had been used, and the clock had been shifted so much: a code that is taken.
async fn another_code(world: &World, who: &Person, shift: TimeDelta) -> Sensitive<String> {
    let sql = format!("update members set totp_last_step = 0 where id = '{}'", who.id);
    world.database().await.batch_execute(&sql).await.unwrap();
    let at = u64::try_from((wall_clock() + shift).timestamp()).unwrap();
    totp_code_at(&who.totp, at).unwrap()
}

fn asked(code: &Sensitive<String>) -> Value {
    json!({"reason": "treatment_emergency", "explanation": WHY, "code": code})
}

/// Sends it as plain HTTP.
async fn post(world: &World, who: &Person, patient: PatientId, body: &Value) -> Answer {
    call(world, "POST", &format!("/v1/patients/{patient}/emergency_access")).by(who).await.json(body).send().await
}

/// What somebody is told, once it has been sent.
async fn mail_of(world: &World, address: &str) -> String {
    for _ in 0..500 {
        let told = world.mailbox().to(address).into_iter().find(|mail| mail.subject == "Emergency access was used");
        match told {
            Some(mail) => return mail.body,
            None => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("{address} was not told")
}

async fn kind_of_reading(who: &Person, report: ReportId) -> Option<Kind> {
    who.client.reports().get(report).await.err().map(|error| error.kind().unwrap())
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn line(conn: &mut AsyncPgConnection, sql: &str) -> String {
    let line = diesel::sql_query(format!("select ({sql})::text as line")).get_result::<Line>(conn).await;
    line.unwrap_or_else(|error| panic!("{sql}: {error}")).line
}

async fn count(conn: &mut AsyncPgConnection) -> String {
    line(conn, "select count(*) from emergency_accesses").await
}

#[tokio::test]
async fn in_an_emergency_one_patients_reports_are_read_for_an_hour_and_every_reading_is_on_record() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let House { north, staff, officer, patient, report, draft } = &house;
    let other_patient = north.patient().await;
    let other = north.signed_report(&other_patient, None).await;
    let colleague = north.member(Role::Staff).await;
    assert_eq!(kind_of_reading(staff, report.id).await, Some(Kind::Forbidden));

    let access = house.open().await;
    assert_eq!((access.member_id, access.patient_id), (staff.id, patient.id));
    assert_eq!((access.reason, access.explanation.as_str()), (EmergencyReason::TreatmentEmergency, WHY));
    assert_eq!(access.ends_at - access.started_at, TimeDelta::minutes(60));
    assert!(access.is_active && access.review.state == ReviewState::Open && access.review.has_reviewer);

    let reports = staff.client.reports();
    assert_eq!(reports.get(report.id).await.unwrap().body, report.body);
    assert_eq!(reports.version(report.id, 1).await.unwrap().body, report.body);
    assert_eq!(reports.versions(report.id).send().await.unwrap().items.len(), 1);
    assert!(reports.document_html(report.id).await.unwrap().contains("Sample"));
    assert_eq!(reports.get(draft.id).await.unwrap().body, draft.body);
    let listed = reports.list().patient(patient.id).send().await.unwrap().items;
    assert!(listed.iter().any(|each| each.id == draft.id), "a draft can be found");

    // Of this patient, by this member, and reading alone.
    for id in [other.id, NOBODY.into()] {
        assert_eq!(kind_of_reading(staff, id).await, Some(Kind::Forbidden));
    }
    for who in [&colleague, officer] {
        assert_eq!(kind_of_reading(who, report.id).await, Some(Kind::Forbidden));
    }
    let amendment = AmendReport { reason: "More".into(), body: report.body.clone(), sensitive_categories: None };
    let south = world.clinic("south").await;
    let share = sharing_with(RecipientChoice::clinic(south.id));
    for refused in [
        reports.update(draft, &ReportPatch::default()).await.err(),
        reports.sign(draft).await.err(),
        reports.amend(report, &amendment).await.err(),
        reports.draft(&a_report(patient)).await.err(),
        staff.client.shares().create(report.id, &share).await.err(),
    ] {
        assert_eq!(refused.unwrap().kind(), Some(Kind::Forbidden));
    }

    // A minute before its end it is open, and after the hour it is over.
    world.travel(TimeDelta::minutes(58));
    reports.get(report.id).await.unwrap();
    world.travel(TimeDelta::minutes(2));
    // The access token lives by the wall clock; the session ends after hours.
    assert_eq!(kind_of_reading(staff, report.id).await, Some(Kind::Forbidden));
    assert_eq!(kind_of_reading(staff, draft.id).await, Some(Kind::Forbidden));

    let emergencies = officer.client.emergency_access();
    let over = emergencies.get(access.id).await.unwrap();
    assert_eq!((over.is_active, over.readings, over.ended_at), (false, 6, None));
    assert!(emergencies.list().state(EmergencyAccessState::Active).send().await.unwrap().items.is_empty());
    let readings = emergencies.readings(&over).send().await.unwrap().items;
    let mut actions: Vec<_> = readings.iter().map(|event| event.action.as_str()).collect();
    actions.reverse();
    let expected =
        ["report.read", "report.read", "report.list_versions", "report.document", "report.read", "report.read"];
    assert_eq!(actions, expected);
    for event in &readings {
        assert_eq!((event.outcome, event.actor_id), (Outcome::Permitted, Some(staff.id.uuid())));
        assert_eq!((event.patient_id, event.reason.as_deref()), (Some(patient.id), Some("emergency-access")));
    }
    let opened = officer.client.audit().events().action("emergency_access.open").send().await.unwrap().items;
    assert_eq!(opened.len(), 1);
    assert_eq!((opened[0].object_id, opened[0].patient_id), (Some(access.id.uuid()), Some(patient.id)));
    // Whoever reads because of their role reads on no other ground.
    north.client().reports().get(report.id).await.unwrap();
    let by_owner = officer.client.audit().events().actor(north.owner.id).action("report.read").send().await.unwrap();
    assert!(by_owner.items.iter().all(|event| event.reason.is_none()));
}

#[tokio::test]
async fn emergency_access_opens_nothing_that_another_clinic_shared() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let south = world.clinic("south").await;
    let (theirs, _, report, share) = south.share_with(&house.north).await;
    let before = house.staff.client.shares().get(share.id).await.unwrap_err();
    house.open().await;
    let refused = house.staff.client.shares().get(share.id).await.unwrap_err();
    assert_eq!((before.kind(), refused.kind()), (Some(Kind::Forbidden), Some(Kind::Forbidden)));
    assert_eq!(kind_of_reading(&house.staff, report.id).await, Some(Kind::Forbidden));
    // The other clinic's patient is not there, as one that nobody has is not: the same bytes.
    let code = another_code(&world, &house.staff, TimeDelta::zero()).await;
    let answers = [
        post(&world, &house.staff, theirs.id, &asked(&code)).await.apart_from_the_request(),
        post(&world, &house.staff, NOBODY.into(), &asked(&code)).await.apart_from_the_request(),
    ];
    assert_eq!(answers[0].0, 404);
    assert_eq!(answers[0], answers[1]);
    // Nobody looked at the code for that: it is good still.
    let patient = house.north.patient().await;
    assert_eq!(post(&world, &house.staff, patient.id, &asked(&code)).await.status, 201);
}

#[tokio::test]
async fn who_reads_anyway_and_who_is_no_person_gets_none() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let practitioner = house.north.member(Role::Practitioner).await;
    for who in [&house.north.owner, &practitioner] {
        let answer = post(&world, who, house.patient.id, &asked(&next_code(who))).await;
        assert_eq!((answer.status.as_u16(), answer.slug()), (403, "forbidden".to_owned()));
    }
    let machine = api_clients::machine(&house.north, &Scope::ALL).await;
    let token = api_clients::token_of(&world, &machine).await;
    let access = open(&house.officer, house.patient.id).await;
    let path = format!("/v1/patients/{}/emergency_access", house.patient.id);
    let body = asked(&"000000".into());
    for (method, path, body) in [
        ("POST", path, body),
        ("POST", format!("/v1/emergency_access/{}/end", access.id), json!({})),
        ("POST", format!("/v1/emergency_access/{}/review", access.id), json!({"finding": "justified", "note": "No"})),
    ] {
        let call = call(&world, method, &path).bearer(&token).header("if-match", "*").json(&body).send().await;
        assert_eq!((call.status.as_u16(), call.slug()), (403, "forbidden".to_owned()), "{path}");
    }
    for path in ["/v1/emergency_access".to_owned(), format!("/v1/emergency_access/{}", access.id)] {
        assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.slug(), "forbidden", "{path}");
    }
}

#[tokio::test]
async fn it_takes_a_reason_an_explanation_and_a_code() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let code = next_code(&house.staff);
    for (field, value, rule) in [
        ("reason", json!("curiosity"), "unknown_value"),
        ("reason", json!(1), "invalid_type"),
        ("explanation", json!("  "), "required"),
        ("explanation", json!("x".repeat(2001)), "too_long"),
        ("explanation", json!("a\u{0}b"), "invalid_characters"),
        ("explanation", Value::Null, "invalid_type"),
        ("code", json!(""), "invalid_code"),
        ("code", json!("12345"), "invalid_code"),
        ("code", json!("１２３４５６"), "invalid_code"),
        ("code", json!(123_456), "invalid_type"),
        ("minutes", json!(600), "unknown_field"),
    ] {
        let mut body = asked(&code);
        body[field] = value.clone();
        let answer = post(&world, &house.staff, house.patient.id, &body).await;
        assert_eq!(answer.refused(), [(format!("/{field}"), rule.to_owned())], "{field} {value}: {}", answer.text);
    }
    for field in ["reason", "explanation", "code"] {
        let mut body = asked(&code);
        body.as_object_mut().unwrap().remove(field);
        let answer = post(&world, &house.staff, house.patient.id, &body).await;
        assert_eq!(answer.refused(), [(format!("/{field}"), "required".to_owned())], "{}", answer.text);
    }
    assert_eq!(post(&world, &house.staff, house.patient.id, &asked(&code)).await.status, 201);
    // No second one while it is open; and no code is used up by asking.
    let code = another_code(&world, &house.staff, TimeDelta::zero()).await;
    let answer = post(&world, &house.staff, house.patient.id, &asked(&code)).await;
    assert_eq!((answer.status.as_u16(), answer.slug()), (409, "conflict".to_owned()));
    let other = house.north.patient().await;
    assert_eq!(post(&world, &house.staff, other.id, &asked(&code)).await.status, 201);
    // The list takes the states that there are.
    let list = call(&world, "GET", "/v1/emergency_access?state=open").by(&house.officer).await.send().await;
    assert_eq!(list.refused(), [("state".to_owned(), "unknown_value".to_owned())]);
}

#[tokio::test]
async fn a_code_opens_once_and_after_five_wrong_ones_none_does_for_a_while() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let (staff, patient) = (&house.staff, house.patient.id);
    let other = house.north.patient().await.id;
    let code = next_code(staff);
    assert_eq!(post(&world, staff, patient, &asked(&code)).await.status, 201);
    // The same for another patient, and at signing in.
    let again = post(&world, staff, other, &asked(&code)).await;
    assert_eq!((again.status.as_u16(), again.slug()), (401, "verification-failed".to_owned()));
    let verification =
        match world.nobody().sign_in(staff.email.as_str(), rapport_tests::people::PASSWORD).await.unwrap() {
            rapport_sdk::SecondFactor::Verify(verification) => verification,
            rapport_sdk::SecondFactor::Enrol(_) => panic!("enrolled"),
        };
    assert_eq!(verification.verify(code.as_str()).await.unwrap_err().kind(), Some(Kind::VerificationFailed));
    for _ in 0..4 {
        let wrong = post(&world, staff, other, &asked(&"000000".into())).await;
        assert_eq!(wrong.slug(), "verification-failed");
    }
    // The right one is not looked at any more, in a new session either.
    let code = another_code(&world, staff, TimeDelta::zero()).await;
    let refused = post(&world, staff, other, &asked(&code)).await;
    assert_eq!((refused.status.as_u16(), refused.slug()), (429, "rate-limited".to_owned()));
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=601).contains(&wait), "{wait}");
    let token = world.token(staff.id, house.north.id).await;
    let path = format!("/v1/patients/{other}/emergency_access");
    assert_eq!(call(&world, "POST", &path).bearer(&token).json(&asked(&code)).send().await.status, 429);
    // A colleague is not kept out by it.
    let colleague = &house.officer;
    assert_eq!(post(&world, colleague, other, &asked(&next_code(colleague))).await.status, 201);

    let denied = house.officer.client.audit().events().action("emergency_access.open").actor(staff.id);
    let denied = denied.reason("verification-failed").send().await.unwrap().items;
    assert_eq!(denied.len(), 5);
    assert!(denied.iter().all(|event| event.patient_id == Some(other) && event.outcome == Outcome::Denied));

    let shift = TimeDelta::seconds(wait);
    world.travel(shift);
    let code = another_code(&world, staff, shift).await;
    assert_eq!(post(&world, staff, other, &asked(&code)).await.status, 201);
    // What was counted within the session is no challenge that could be answered, and right ones make it forgotten.
    let left = line(&mut world.database().await, "select count(*) from mfa_challenges where purpose = 'step_up'").await;
    assert_eq!(left, "0");
}

#[tokio::test]
async fn of_many_at_once_one_opens() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let code = next_code(&house.staff);
    let body = asked(&code);
    let answers = join_all((0..4).map(|_| post(&world, &house.staff, house.patient.id, &body))).await;
    let opened = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(opened, 1, "{answers:?}");
    assert_eq!(count(&mut world.database().await).await, "1");
    // Two codes that are both good, one after the other: the second finds it open.
    let patient = house.north.patient().await.id;
    let now = another_code(&world, &house.officer, TimeDelta::zero()).await;
    let later = another_code(&world, &house.officer, TimeDelta::seconds(30)).await;
    let [one, other] = [asked(&now), asked(&later)];
    let answers = futures_util::future::join(
        post(&world, &house.officer, patient, &one),
        post(&world, &house.officer, patient, &other),
    );
    let answers: [Answer; 2] = answers.await.into();
    let opened = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(opened, 1, "{answers:?}");
}

#[tokio::test]
async fn the_same_request_sent_again_brings_the_same_answer_and_takes_no_second_code() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let mut conn = world.database().await;
    let newest = line(&mut conn, "select max(id::text) from mails").await;
    let told = &format!("select count(*) from mails where id > '{newest}'");
    let body = asked(&next_code(&house.staff));
    let path = format!("/v1/patients/{}/emergency_access", house.patient.id);
    let mut answers = Vec::new();
    for _ in 0..2 {
        let call = call(&world, "POST", &path).by(&house.staff).await.header("idempotency-key", "once").json(&body);
        answers.push(call.send().await);
    }
    assert_eq!((answers[0].status.as_u16(), answers[1].status.as_u16()), (201, 201), "{answers:?}");
    assert_eq!(answers[1].header("idempotency-replayed"), Some("true"));
    assert_eq!(answers[0].text, answers[1].text);
    assert_eq!(count(&mut world.database().await).await, "1");
    assert_eq!(house.officer.client.emergency_access().list().send().await.unwrap().items.len(), 1);
    assert_eq!(line(&mut conn, told).await, "2", "owner and privacy officer, once");
}

#[tokio::test]
async fn the_clinics_owners_and_privacy_officers_are_told_at_once_and_the_mail_says_nothing_of_the_patient() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let access = house.open().await;
    mail_of(&world, &house.north.owner.email).await;
    let mail = mail_of(&world, &house.officer.email).await;
    assert!(mail.contains(&access.id.to_string()), "{mail}");
    for secret in [WHY, "Casey", "Sample", &house.patient.id.to_string(), &house.staff.email] {
        assert!(!mail.contains(secret), "{mail}");
    }
    let metrics = world.http().get(world.metrics_url()).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("rapport_emergency_accesses_total{reason=\"treatment_emergency\"}"), "{metrics}");
}

#[tokio::test]
async fn what_cannot_be_recorded_or_told_is_not_given() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let mut admin = world.database().await;
    for (take, give) in [
        ("revoke insert on audit_events from rapport_tenant", "grant insert on audit_events to rapport_tenant"),
        ("revoke insert on mails from rapport_tenant", "grant insert on mails to rapport_tenant"),
    ] {
        admin.batch_execute(take).await.unwrap();
        let code = another_code(&world, &house.staff, TimeDelta::zero()).await;
        let answer = post(&world, &house.staff, house.patient.id, &asked(&code)).await;
        assert_eq!(answer.status, 500, "{take}: {}", answer.text);
        admin.batch_execute(give).await.unwrap();
        assert_eq!(count(&mut admin).await, "0", "{take}");
        assert_eq!(kind_of_reading(&house.staff, house.report.id).await, Some(Kind::Forbidden), "{take}");
    }
    let nobody = format!(
        "update members set state = 'ended' where clinic_id = '{}' and role in ('owner', 'privacy_officer')",
        house.north.id
    );
    admin.batch_execute(&nobody).await.unwrap();
    let code = another_code(&world, &house.staff, TimeDelta::zero()).await;
    let answer = post(&world, &house.staff, house.patient.id, &asked(&code)).await;
    assert_eq!((answer.status.as_u16(), count(&mut admin).await.as_str()), (409, "0"), "{}", answer.text);
    admin.batch_execute(&nobody.replace("'ended'", "'active'")).await.unwrap();

    // And no reading without its record: nothing of it leaves.
    house.open_with(&world).await;
    house.staff.client.reports().get(house.report.id).await.unwrap();
    admin.batch_execute("revoke insert on audit_events from rapport_tenant").await.unwrap();
    assert_eq!(kind_of_reading(&house.staff, house.report.id).await, Some(Kind::Internal));
}

impl House<'_> {
    async fn open_with(&self, world: &World) -> EmergencyAccess {
        let code = another_code(world, &self.staff, TimeDelta::zero()).await;
        let reason = EmergencyReason::TreatmentEmergency;
        self.staff.client.emergency_access().open(self.patient.id, reason, WHY, code).await.unwrap()
    }
}

#[tokio::test]
async fn beneath_the_service_there_is_none_without_its_record_and_none_that_is_open_undeclared() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let access = house.open().await;
    let (clinic, staff, patient) = (house.north.id, house.staff.id, house.patient.id);
    let mut conn = world.database().await;
    let as_staff = format!(
        "begin; set local role rapport_tenant; select set_config('app.clinic_id', '{clinic}', true), \
         set_config('app.member_id', '{staff}', true)"
    );
    let insert = format!(
        "insert into emergency_accesses (id, clinic_id, member_id, patient_id, reason, explanation, key_version, started_at, \
         ends_at) values (gen_random_uuid(), '{clinic}', '{staff}', '{patient}', 'other', '', 1, now(), \
         now() + interval '1 hour')"
    );
    conn.batch_execute(&as_staff).await.unwrap();
    conn.batch_execute(&insert).await.unwrap();
    let error = conn.batch_execute("commit").await.unwrap_err().to_string();
    assert_eq!(error, "an emergency access without its record");
    conn.batch_execute("rollback").await.ok();

    // An ordinary transaction sees what it always saw; one that declares an emergency sees this patient's.
    let visible = "select (select count(*) from report_versions) || ' ' || (select count(*) from reports where draft is not null)";
    conn.batch_execute(&as_staff).await.unwrap();
    assert_eq!(line(&mut conn, visible).await, "0 0");
    conn.batch_execute("select hold_emergency_accesses(0)").await.unwrap();
    assert_eq!(line(&mut conn, visible).await, "1 1");
    conn.batch_execute("rollback").await.unwrap();
    conn.batch_execute(&as_staff).await.unwrap();
    assert_eq!(line(&mut conn, visible).await, "0 0", "the next transaction has to declare its own");
    conn.batch_execute("select hold_emergency_accesses(3600000)").await.unwrap();
    assert_eq!(line(&mut conn, visible).await, "0 0", "an hour later it is over");
    conn.batch_execute("rollback").await.unwrap();

    let id = access.id;
    for (change, told) in [
        ("ends_at = ends_at + interval '1 second'", "the terms of an emergency access never change"),
        ("member_id = gen_random_uuid()", "the terms of an emergency access never change"),
        ("patient_id = gen_random_uuid()", "the terms of an emergency access never change"),
        ("explanation = ''", "the terms of an emergency access never change"),
        ("key_version = 0", "the terms of an emergency access never change"),
        ("reason = 'safety'", "the terms of an emergency access never change"),
        ("started_at = started_at - interval '1 second'", "the terms of an emergency access never change"),
    ] {
        let sql = format!("update emergency_accesses set {change} where id = '{id}'");
        assert_eq!(conn.batch_execute(&sql).await.unwrap_err().to_string(), told, "{change}");
    }
    let own = format!(
        "update emergency_accesses set finding = 'justified', note = '', reviewed_at = now(), reviewed_by = member_id \
         where id = '{id}'"
    );
    let error = conn.batch_execute(&own).await.unwrap_err().to_string();
    assert!(error.contains("nobody_reviews_their_own"), "{error}");
    for sql in ["delete from emergency_accesses", "truncate emergency_accesses"] {
        let error = conn.batch_execute(sql).await.unwrap_err().to_string();
        assert_eq!(error, "emergency_accesses is append-only", "{sql}");
    }
    // Whoever rotates keys seals anew what is sealed, and changes nothing besides.
    let keeping = "begin; set local role rapport_keeper; update emergency_accesses set";
    conn.batch_execute(&format!("{keeping} explanation = '\\x01', key_version = 1; rollback")).await.unwrap();
    for change in ["reason = 'other'", "ends_at = now()", "finding = 'justified'", "ended_at = now()"] {
        let error = conn.batch_execute(&format!("{keeping} {change}")).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{change}: {error}");
        conn.batch_execute("rollback").await.unwrap();
    }
    let longer = insert.replace("1 hour", "61 minutes");
    assert!(conn.batch_execute(&longer).await.unwrap_err().to_string().contains("check constraint"));
}

#[tokio::test]
async fn who_used_it_or_a_guardian_ends_it_and_then_nothing_is_read_under_it() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let (staff, officer) = (&house.staff, &house.officer);
    let colleague = house.north.member(Role::Staff).await;
    let practitioner = house.north.member(Role::Practitioner).await;
    let east = world.clinic("east").await;
    for by in [staff, officer, &house.north.owner] {
        let access = house.open_with(&world).await;
        staff.client.reports().get(house.report.id).await.unwrap();
        for (who, kind) in
            [(&colleague, Kind::NotFound), (&practitioner, Kind::Forbidden), (&east.owner, Kind::NotFound)]
        {
            let emergencies = who.client.emergency_access();
            assert_eq!(emergencies.end(access.id).await.unwrap_err().kind(), Some(kind));
            assert_eq!(emergencies.get(access.id).await.unwrap_err().kind(), Some(kind));
        }
        let stale = call(&world, "POST", &format!("/v1/emergency_access/{}/end", access.id)).by(by).await;
        assert_eq!(stale.header("if-match", "\"7\"").json(&json!({})).send().await.status, 412);
        let ended = by.client.emergency_access().end(access.id).await.unwrap();
        assert_eq!((ended.is_active, ended.ended_by, ended.readings), (false, Some(by.id), 1));
        assert_eq!(kind_of_reading(staff, house.report.id).await, Some(Kind::Forbidden));
        let again = by.client.emergency_access().end(access.id).await.unwrap_err();
        assert_eq!(again.kind(), Some(Kind::IllegalTransition));
    }
    assert_eq!(officer.client.emergency_access().list().send().await.unwrap().items.len(), 3);
    assert!(east.client().emergency_access().list().send().await.unwrap().items.is_empty());
    for who in [staff, &practitioner] {
        let refused = who.client.emergency_access().list().send().await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::Forbidden));
    }
    let missing = officer.client.emergency_access().end(NOBODY.into()).await.unwrap_err();
    assert_eq!(missing.kind(), Some(Kind::NotFound));
}

#[tokio::test]
async fn a_review_stays_open_until_somebody_else_closes_it_and_nobody_reviews_their_own() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let (officer, owner) = (&house.officer, &house.north.owner);
    let access = open(officer, house.patient.id).await;
    officer.client.reports().get(house.report.id).await.unwrap();
    let path = format!("/v1/emergency_access/{}/review", access.id);
    let found = json!({"finding": "not_justified", "note": "There was time to ask."});
    let review = async |who: &Person, if_match: Option<&str>| {
        let mut call = call(&world, "POST", &path).by(who).await.json(&found);
        if let Some(version) = if_match {
            call = call.header("if-match", version);
        }
        let answer = call.send().await;
        (answer.status.as_u16(), answer.slug())
    };
    // As long as it is open there may be more to look at.
    let early = owner.client.emergency_access().review(&access, Finding::Justified, "Early").await.unwrap_err();
    assert_eq!(early.kind(), Some(Kind::IllegalTransition));
    let ended = officer.client.emergency_access().end(access.id).await.unwrap();
    let open_reviews = async || {
        let list = owner.client.emergency_access().list().state(EmergencyAccessState::OpenReview);
        list.send().await.unwrap().items.len()
    };
    assert_eq!(open_reviews().await, 1);

    let practitioner = house.north.member(Role::Practitioner).await;
    let east = world.clinic("east").await;
    assert_eq!(review(officer, Some("\"2\"")).await, (403, "forbidden".to_owned()));
    assert_eq!(review(&house.staff, Some("\"2\"")).await, (403, "forbidden".to_owned()));
    assert_eq!(review(&practitioner, Some("\"2\"")).await, (403, "forbidden".to_owned()));
    assert_eq!(review(&east.owner, Some("\"2\"")).await, (404, "not-found".to_owned()));
    assert_eq!(review(owner, None).await, (428, "precondition-required".to_owned()));
    assert_eq!(review(owner, Some("\"1\"")).await, (412, "stale".to_owned()));
    for (field, value, rule) in [
        ("finding", json!("unclear"), "unknown_value"),
        ("note", json!(" "), "required"),
        ("note", json!("x".repeat(5001)), "too_long"),
    ] {
        let mut body = found.clone();
        body[field] = value;
        let answer = call(&world, "POST", &path).by(owner).await.header("if-match", "*").json(&body).send().await;
        assert_eq!(answer.refused(), [(format!("/{field}"), rule.to_owned())]);
    }

    let reviews = owner.client.emergency_access();
    let closings =
        join_all((0..4).map(|_| reviews.review(&ended, Finding::NotJustified, "There was time to ask."))).await;
    assert_eq!(closings.iter().filter(|closing| closing.is_ok()).count(), 1, "{closings:?}");
    let closed = reviews.get(access.id).await.unwrap();
    assert_eq!((closed.review.state, closed.review.finding), (ReviewState::Closed, Some(Finding::NotJustified)));
    assert_eq!((closed.review.reviewed_by, closed.readings), (Some(owner.id), 1));
    assert_eq!(closed.review.note.as_ref().unwrap().as_str(), "There was time to ask.");
    assert_eq!(
        officer.client.emergency_access().get(access.id).await.unwrap(),
        closed,
        "who used it sees what was found"
    );
    let again = reviews.review(&closed, Finding::Justified, "Otherwise").await.unwrap_err();
    assert_eq!(again.kind(), Some(Kind::IllegalTransition));
    let sql = "update emergency_accesses set finding = 'justified'";
    let error = world.database().await.batch_execute(sql).await.unwrap_err().to_string();
    assert_eq!(error, "a review that was closed stays as it is");
    assert_eq!(open_reviews().await, 0);
    let closed = owner.client.emergency_access().list().state(EmergencyAccessState::Closed).send().await.unwrap();
    assert_eq!(closed.items.len(), 1);
}

#[tokio::test]
async fn where_nobody_else_could_review_it_the_review_stays_open_and_the_answer_says_so() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let alone = format!("update members set state = 'ended' where id = '{}'", house.north.owner.id);
    world.database().await.batch_execute(&alone).await.unwrap();
    let access = open(&house.officer, house.patient.id).await;
    assert!(!access.review.has_reviewer && access.review.state == ReviewState::Open);
    let emergencies = house.officer.client.emergency_access();
    let ended = emergencies.end(access.id).await.unwrap();
    assert!(!ended.review.has_reviewer);
    let own = emergencies.review(&ended, Finding::Justified, "My own").await.unwrap_err();
    assert_eq!(own.kind(), Some(Kind::Forbidden));
    house.north.member_by_sql(&world).await;
    assert!(emergencies.get(access.id).await.unwrap().review.has_reviewer, "as soon as there is somebody");
}

/// Brings an owner back: nobody is there who could invite one.
trait Revive {
    async fn member_by_sql(&self, world: &World);
}

impl Revive for Clinic<'_> {
    async fn member_by_sql(&self, world: &World) {
        let sql = format!("update members set state = 'active' where id = '{}'", self.owner.id);
        world.database().await.batch_execute(&sql).await.unwrap();
    }
}

#[tokio::test]
async fn it_ends_with_the_session_and_with_the_membership() {
    let world = World::start().await;
    let house = House::new(&world).await;
    house.open().await;
    let path = format!("/v1/reports/{}", house.report.id);
    let token = access_token(&house.staff).await;
    assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 200);
    house.staff.client.auth().logout().await.unwrap();
    assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 401);
    // It is the member's, so that another session of the same member reads until it is over.
    let token = world.token(house.staff.id, house.north.id).await;
    assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 200);
    let members = house.north.client().members();
    let all = members.list().send().await.unwrap().items;
    members.end(all.iter().find(|member| member.id == house.staff.id).unwrap()).await.unwrap();
    assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 401);
    // The floor alone would not show it either.
    let mut conn = world.database().await;
    let as_staff = format!(
        "begin; set local role rapport_tenant; select set_config('app.clinic_id', '{}', true), \
         set_config('app.member_id', '{}', true), hold_emergency_accesses(0)",
        house.north.id, house.staff.id
    );
    conn.batch_execute(&as_staff).await.unwrap();
    assert_eq!(line(&mut conn, "select count(*) from report_versions").await, "0");
}

#[tokio::test]
async fn an_emergency_access_of_somebody_whose_membership_ended_meanwhile_opens_nothing() {
    let world = World::start().await;
    let house = House::new(&world).await;
    // The record of the patient is held, so that the request waits after its code was taken.
    let mut conn = world.database().await;
    let hold = format!("begin; select from patients where id = '{}' for update", house.patient.id);
    conn.batch_execute(&hold).await.unwrap();
    let token = access_token(&house.staff).await;
    let body = asked(&next_code(&house.staff));
    let path = format!("/v1/patients/{}/emergency_access", house.patient.id);
    let waiting = call(&world, "POST", &path).bearer(&token).json(&body).send();
    let end = async {
        let mut admin = world.database().await;
        // The code has been used, and the session is ended before the last step began or while it waits.
        for _ in 0..200 {
            let sql =
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
            if line(&mut admin, sql).await != "0" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let sql = format!("update members set state = 'ended' where id = '{}'", house.staff.id);
        admin.batch_execute(&sql).await.unwrap();
        conn.batch_execute("rollback").await.unwrap();
    };
    let (answer, ()) = futures_util::future::join(waiting, end).await;
    // It was asked for while the membership was in force, and so it is on record; it opens nothing any more.
    assert_eq!(answer.status, 201, "{}", answer.text);
    let path = format!("/v1/reports/{}", house.report.id);
    assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 401);
}

#[tokio::test]
async fn an_end_waits_for_a_reading_and_no_reading_comes_after_it() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let access = house.open().await;
    let path = format!("/v1/reports/{}", house.report.id);
    let token = access_token(&house.staff).await;
    let reading = async {
        let mut read = 0_u32;
        for _ in 0..40 {
            if call(&world, "GET", &path).bearer(&token).send().await.status != 200 {
                break;
            }
            read += 1;
        }
        read
    };
    let ending = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        house.officer.client.emergency_access().end(access.id).await.unwrap()
    };
    let (read, ended) = futures_util::future::join(reading, ending).await;
    let seen = house.officer.client.emergency_access().get(access.id).await.unwrap();
    assert_eq!((seen.readings, seen.ended_at), (read, ended.ended_at), "each reading is under it, to the last one");
}

#[tokio::test]
async fn a_consent_is_not_needed_for_it_and_none_is_made_by_it() {
    let world = World::start().await;
    let house = House::new(&world).await;
    let south = world.clinic("south").await;
    house.north.ask(&house.patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    house.open().await;
    let share = sharing_with(RecipientChoice::clinic(south.id));
    let refused = house.north.client().shares().create(house.report.id, &share).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentPending));
    assert_eq!(kind_of_reading(&south.owner, house.report.id).await, Some(Kind::NotFound));
}
