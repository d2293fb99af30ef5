//! What people entrust to the service stands in its answers to those who may read it, and nowhere else: a word of its own
//! in every field, carried through everything that one does, then looked for where nothing of it may be.

use crate::{
    identity::next_code,
    log,
    wire::{access_token, call},
};
use diesel_async::SimpleAsyncConnection;
use rapport_contract::{
    consents::{Category, RecipientChoice, RevokeConsent},
    emergency_access::{EmergencyReason, Finding},
    members::Role,
    opinions::OpinionAnswer,
    patients::{NewPatient, PatientSearch},
    referrals::{NewReferral, ReferralMove, ReferralVerb},
    reports::{AmendReport, NewReport, ReportBody, ReportKind},
    shares::NewShare,
};
use rapport_tests::{World, cases, cluster, people::asking_for};
use serde_json::{Value, json};
use std::process::Command;

/// Begins each of the words, and nothing else in any test.
const CANARY: &str = "zqcarried";

struct Words(u32);

impl Words {
    fn next(&mut self) -> String {
        self.0 += 1;
        format!("{CANARY}{}", self.0)
    }

    /// The same report with a word in each text.
    fn fill_every_text(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.next(),
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill_every_text(item)),
            Value::Object(members) => {
                // These have a form of their own.
                let texts = members.iter_mut().filter(|(name, _)| !name.ends_with("_on") && *name != "doi");
                texts.for_each(|(_, member)| self.fill_every_text(member));
            }
            _ => {}
        }
    }

    fn body(&mut self) -> ReportBody {
        let mut body = serde_json::to_value(cases::ankylosing_spondylitis()).unwrap();
        for text in ["condition", "summary", "history", "reexamination", "follow_up", "co_management", "questions"] {
            body[text] = json!("");
        }
        self.fill_every_text(&mut body);
        // A goal is told to be reached by one of the measures.
        let measure = body["measures"][0]["name"].clone();
        for goal in body["goals"].as_array_mut().unwrap() {
            goal["measure"] = measure.clone();
        }
        serde_json::from_value(body).unwrap()
    }
}

/// A world whose Postgres is asked to log each statement with its duration, which brings values along unless it is told
/// otherwise.
pub(crate) async fn talkative_world() -> World {
    let url = tokio::task::spawn_blocking(cluster::new_database).await.unwrap();
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
    let mut conn = rapport_api::database::connect(&url).await.unwrap();
    conn.batch_execute(&format!("alter database {name} set log_min_duration_statement = 0")).await.unwrap();
    drop(conn);
    tokio::task::spawn_blocking(move || World::on(url, |_| {})).await.unwrap()
}

#[tokio::test]
async fn what_is_entrusted_to_the_service_is_in_no_log_no_metric_and_no_mail() {
    log::listen();
    let world = talkative_world().await;
    let mut words = Words(0);
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let new = NewPatient {
        given_name: words.next().into(),
        family_name: words.next().into(),
        birth_date: cases::birth_date().into(),
        mrn: Some(words.next().into()),
        email: Some(format!("{}@patients.example.org", words.next()).into()),
        phone: Some("555-0111".into()),
    };
    let mut patient = north.client().patients().create(&new).await.unwrap();
    patient.email.clone_from(&new.email);
    for search in [
        PatientSearch { family_name: new.family_name.as_str().get(..9).map(Into::into), ..PatientSearch::default() },
        PatientSearch { mrn: new.mrn.clone(), ..PatientSearch::default() },
    ] {
        assert_eq!(north.client().patients().search(&search).send().await.unwrap().items.len(), 1);
    }
    // The same record number again: the database itself refuses, and says what it refused to whoever reads its log.
    assert!(north.client().patients().create(&new).await.is_err());

    let mut consent = asking_for(RecipientChoice::clinic(south.id));
    consent.purpose = words.next();
    consent.categories.extend([Category::History, Category::Attachments]);
    let asked = north.client().consents().ask(patient.id, &consent).await.unwrap();
    let session = world.at_link(&patient).await;
    let seen = session.get().await.unwrap();
    session.sign(&seen, words.next()).await.unwrap();

    let draft = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: words.body(),
        sensitive_categories: Vec::new(),
    };
    let draft = north.client().reports().draft(&draft).await.unwrap();
    let file_name = format!("{}.txt", words.next());
    let file = words.next();
    let attachments = north.client().attachments();
    let attached = attachments.add(draft.id, file_name.as_str(), "text/plain", file.as_bytes()).await.unwrap();
    assert_eq!(attached.file_name.as_str(), file_name);
    assert_eq!(attachments.content(attached.id).await.unwrap(), file.as_bytes());
    // What is refused, and what the name of it is, stays nowhere either.
    let refused = format!("<script>{}</script>", words.next());
    assert!(attachments.add(draft.id, words.next(), "text/plain", refused.as_bytes()).await.is_err());
    let draft = north.client().reports().get(draft.id).await.unwrap();
    let signed = north.client().reports().sign(&draft).await.unwrap();
    let amendment = AmendReport { reason: words.next().into(), body: words.body(), sensitive_categories: None };
    let amended = north.client().reports().amend(&signed, &amendment).await.unwrap();
    let share = NewShare {
        recipient: RecipientChoice::clinic(south.id),
        sections: None,
        purpose: consent.purpose.clone(),
        cover_letter: Some(words.next().into()),
    };
    let share = north.client().shares().create(amended.id, &share).await.unwrap();
    let read = south.client().shares().get(share.id).await.unwrap();
    assert!(serde_json::to_string(&read).unwrap().contains(CANARY), "whoever may read it does");
    // An opinion that names nobody is entrusted as well; and what is refused for naming somebody stays nowhere.
    let to_south = RecipientChoice::clinic(south.id);
    let opinion = NewReferral {
        patient_id: Some(patient.id),
        attestation: Some(true),
        requested_services: vec![words.next().into()],
        ..NewReferral::second_opinion(to_south, words.next(), words.next(), words.next())
    };
    let naming = NewReferral { question: new.mrn.clone(), ..opinion.clone() };
    let refusal = north.client().referrals().create(&naming).await.unwrap_err();
    assert!(!format!("{refusal:?} {refusal} {:?}", refusal.problem()).contains(CANARY), "{refusal:?}");
    let opinion = north.client().referrals().create(&opinion).await.unwrap();
    let note = ReferralMove { note: Some(words.next().into()), attestation: Some(true), ..ReferralMove::default() };
    north.client().referrals().act(&opinion, ReferralVerb::Send, &note).await.unwrap();
    let seen = south.client().referrals().get(opinion.id).await.unwrap();
    let seen = south.client().referrals().act(&seen, ReferralVerb::Accept, &ReferralMove::default()).await.unwrap();
    let answer = OpinionAnswer {
        assessment: words.next().into(),
        suggestions: vec![words.next().into()],
        red_flags: vec![words.next().into()],
    };
    south.client().referrals().answer(&seen, answer).await.unwrap();
    let answered = north.client().referrals().get(opinion.id).await.unwrap();
    assert!(serde_json::to_string(&answered.content).unwrap().contains(CANARY), "whoever may read it does");
    assert_eq!(read.content.as_ref().unwrap().attachments[0].file_name.as_str(), file_name);
    assert_eq!(south.client().shares().attachment(share.id, attached.id).await.unwrap(), file.as_bytes());
    north.client().reports().document_html(amended.id).await.unwrap();
    north.client().audit().sharing_history(patient.id).send().await.unwrap();
    north.client().audit().disclosures(patient.id).send().await.unwrap();
    let events = north.client().audit().events().patient(patient.id).send().await.unwrap();
    assert!(!serde_json::to_string(&events).unwrap().contains(CANARY), "the record names nobody");

    let (staff, officer) = (north.member(Role::Staff).await, north.member(Role::PrivacyOfficer).await);
    let code = next_code(&staff);
    let emergencies = staff.client.emergency_access();
    let access = emergencies.open(patient.id, EmergencyReason::Safety, words.next(), code).await.unwrap();
    staff.client.reports().get(amended.id).await.unwrap();
    let access = emergencies.end(access.id).await.unwrap();
    let reviews = officer.client.emergency_access();
    let reviewed = reviews.review(&access, Finding::Justified, words.next()).await.unwrap();
    assert!(serde_json::to_string(&reviewed).unwrap().contains(CANARY), "whoever may read it does");

    // Where a careless client puts it, it is refused and does not stay either.
    let token = access_token(&north.owner).await;
    for path in ["/v1/patients/zqcarried0", "/v1/reports?cursor=zqcarried0", "/zqcarried0?zqcarried0=zqcarried0"] {
        let careless = call(&world, "GET", path).bearer(&token).header("zqcarried0", "zqcarried0");
        let careless = careless.header("x-request-id", "zqcarried0 with a blank").header("user-agent", "zqcarried0");
        let answer = careless.header("referer", "https://example.org/zqcarried0").send().await;
        assert!(answer.status.is_client_error(), "{path}");
        assert!(!format!("{answer:?}").contains(CANARY), "{path}: {answer:?}");
    }
    let note = RevokeConsent { note: Some(words.next().into()) };
    north.client().consents().revoke(asked.id, &note).await.unwrap();
    let refusal = south.client().shares().get(share.id).await.unwrap_err();
    assert!(!format!("{refusal:?} {refusal}").contains(CANARY), "{refusal:?}");
    assert!(words.0 > 50, "{} words", words.0);

    let metrics = world.http().get(world.metrics_url()).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("rapport_http_requests_total"));
    assert_silent("the metrics", &metrics);
    let log = log::heard();
    assert!(log.contains("request_id"), "the service's log is heard");
    assert_silent("the service's log", &log);
    // Its own address is all that a mail holds of anybody.
    let address = new.email.unwrap();
    for mail in world.mailbox().all() {
        assert_silent("a mail", &format!("{mail:?}").replace(address.as_str(), ""));
    }
    let dump = dump(world.database_url());
    assert!(dump.contains("COPY public.patients") && dump.len() > 10_000, "the database was dumped");
    assert_silent("a dump of the database", &dump);
    let log = std::fs::read_to_string(cluster::postgres_log())
        .unwrap_or_else(|error| panic!("{error}: {:?}", cluster::postgres_log()))
        .to_lowercase();
    assert!(log.contains("duration:") && log.contains("insert into"), "Postgres logs the statements of this world");
    assert_silent("Postgres's log", &log);
}

/// What whoever steals the database has: all of its rows, and what stands in its columns of bytes as text too.
fn dump(url: &str) -> String {
    let program = cluster::programs().join("pg_dump");
    let program = if program.exists() { program } else { "pg_dump".into() };
    let output = Command::new(program).args(["--data-only", "--dbname", url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let of_bytes = text.split("\\\\x").skip(1).map(|rest| {
        let hex = rest.split(|letter: char| !letter.is_ascii_hexdigit()).next().unwrap_or_default();
        let bytes =
            hex.as_bytes().chunks(2).filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        String::from_utf8_lossy(&bytes.collect::<Vec<_>>()).into_owned()
    });
    let of_bytes: Vec<String> = of_bytes.collect();
    assert!(of_bytes.len() > 20, "columns of bytes were found");
    text + &of_bytes.join("\n")
}

fn assert_silent(what: &str, text: &str) {
    let lines: Vec<&str> = text.lines().filter(|line| line.to_lowercase().contains(CANARY)).collect();
    assert!(lines.is_empty(), "{what}: {} lines, such as {:?}", lines.len(), lines.first());
}
