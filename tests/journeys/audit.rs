//! The record of who did what: an event for every act and every denial, and no act without its event.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails loudly")]

use crate::wire::{Answer, access_token, call};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::TryStreamExt;
use rapport_contract::{
    audit::{ActorKind, AuditEvent, Outcome},
    consents::{PaperForm, PaperSignature, RecipientChoice},
    members::{Invite, Role},
    patients::{PatientPatch, PatientSearch},
    practitioners::PractitionerPatch,
    reports::{AmendReport, NewReport, ReportKind, ReportPatch},
};
use rapport_sdk::{Client, Kind};
use rapport_tests::{
    World, cases, files,
    people::{PASSWORD, asking_for, sharing_with, wall_clock},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// An id that nobody has.
const NOBODY: Uuid = Uuid::from_u128(0x0199_0b5e_6c1f_7d39_8f38_0f3c_2f5f_7a12);

/// The whole log as a clinic sees it, oldest first.
async fn log(client: &Client, limit: u32) -> Vec<AuditEvent> {
    let mut events: Vec<AuditEvent> = client.audit().events().limit(limit).stream().try_collect().await.unwrap();
    events.reverse();
    events
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one line for each operation, in one order")]
async fn every_act_and_every_denial_leaves_one_event() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let staff = north.member(Role::Staff).await;
    let sdk = north.client();
    let before = log(sdk, 100).await.len() + 1;
    let (patients, consents, reports, shares) = (sdk.patients(), sdk.consents(), sdk.reports(), sdk.shares());

    let patient = north.patient().await;
    patients.get(patient.id).await.unwrap();
    let head = call(&world, "HEAD", &format!("/v1/patients/{}", patient.id)).by(&north.owner).await.send().await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    let change = PatientPatch { phone: Some(Some("555-0112".into())), ..PatientPatch::default() };
    let patient = patients.update(&patient, &change).await.unwrap();
    patients.search(&PatientSearch { family_name: Some("s".into()), ..PatientSearch::default() }).send().await.unwrap();
    patients.get(NOBODY.into()).await.unwrap_err();
    south.client().patients().get(patient.id).await.unwrap_err();

    let ask = asking_for(RecipientChoice::clinic(south.id));
    let consent = north.ask(&patient, &ask).await;
    consents.of_patient(patient.id).send().await.unwrap();
    consents.get(consent.id).await.unwrap();
    consents.get(NOBODY.into()).await.unwrap_err();

    let new = NewReport {
        patient_id: patient.id,
        kind: ReportKind::ProgressReport,
        body: cases::ankylosing_spondylitis(),
        sensitive_categories: Vec::new(),
    };
    let draft = reports.draft(&new).await.unwrap();
    reports.list().send().await.unwrap();
    reports.get(draft.id).await.unwrap();
    let draft = reports.update(&draft, &ReportPatch::default()).await.unwrap();
    let report = reports.sign(&draft).await.unwrap();
    let amendment = AmendReport { reason: "A number".into(), body: new.body.clone(), sensitive_categories: None };
    let report = reports.amend(&report, &amendment).await.unwrap();
    reports.versions(report.id).send().await.unwrap();
    reports.version(report.id, 1).await.unwrap();
    reports.document_html(report.id).await.unwrap();
    reports.get(NOBODY.into()).await.unwrap_err();
    reports.version(report.id, 9).await.unwrap_err();

    let send = sharing_with(RecipientChoice::clinic(south.id));
    shares.create(report.id, &send).await.unwrap_err();
    let address = patient.email.as_ref().unwrap().as_str();
    let link = world.nobody().consent_links().open_address(&world.mailbox().link(address, 1).await).unwrap();
    link.challenge().await.unwrap();
    let code = world.mailbox().code(address, 1).await;
    link.session(cases::birth_date().succ_opt().unwrap(), code.as_str()).await.unwrap_err();
    let session = link.session(cases::birth_date(), code.as_str()).await.unwrap();
    let seen = session.get().await.unwrap();
    session.sign(&seen, "Casey Sample").await.unwrap();

    let share = shares.create(report.id, &send).await.unwrap();
    shares.of_report(report.id).send().await.unwrap();
    shares.get(share.id).await.unwrap();
    shares.get(NOBODY.into()).await.unwrap_err();
    south.client().shares().inbox().send().await.unwrap();
    south.client().shares().get(share.id).await.unwrap();
    south.client().shares().acknowledge(share.id).await.unwrap();
    sdk.audit().disclosures(patient.id).send().await.unwrap();
    sdk.audit().sharing_history(patient.id).send().await.unwrap();
    let share = shares.get(share.id).await.unwrap();
    shares.withdraw(&share).await.unwrap();
    south.client().shares().get(share.id).await.unwrap_err();
    consents.revoke(consent.id, &Default::default()).await.unwrap();
    shares.create(report.id, &send).await.unwrap_err();

    let paper = PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: wall_clock().date_naive(),
        attested: true,
        form: PaperForm { media_type: "application/pdf".to_owned(), content: files::scan().into() },
    };
    for _ in 0..2 {
        let consent = north.ask(&patient, &ask).await;
        consents.record_paper_signature(&consent, &paper).await.unwrap();
    }

    let refused = &staff.client;
    refused.reports().get(report.id).await.unwrap_err();
    refused.reports().draft(&new).await.unwrap_err();
    refused.shares().create(report.id, &send).await.unwrap_err();
    refused.audit().events().send().await.unwrap_err();
    refused.audit().disclosures(patient.id).send().await.unwrap_err();
    let invite = Invite {
        name: "Bo Example".into(),
        email: "bo@north.example.org".into(),
        role: Role::Staff,
        profession: None,
        npi: None,
    };
    refused.members().invite(&invite).await.unwrap_err();
    let member = sdk.members().invite(&invite).await.unwrap();
    sdk.members().end(&member).await.unwrap();
    let me = sdk.practitioners().me().await.unwrap();
    sdk.practitioners().update_me(&me, &PractitionerPatch::default()).await.unwrap();
    let twice = json!({"given_name": "Casey", "family_name": "Twice", "birth_date": "1979-03-14"});
    for _ in 0..2 {
        let request = call(&world, "POST", "/v1/patients").by(&north.owner).await.header("idempotency-key", "k");
        assert_eq!(request.json(&twice).send().await.status, 201);
    }

    let expected = "
        patient.create, patient.read, patient.read, patient.update, patient.search, patient.read!not-found,
        consent.ask, consent.list, consent.read, consent.read!not-found,
        report.create, report.list, report.read, report.update, report.sign, report.amend, report.list_versions,
        report.read, report.document, report.read!not-found, report.read!not-found,
        share.create!consent-pending,
        consent_link.challenge, consent_link.open!verification-failed, consent_link.open, consent.read, consent.sign,
        share.create, share.list, share.status, share.read!not-found, share.read, share.acknowledge,
        disclosures.read, sharing_history.read, share.status, share.withdraw, share.read!share-withdrawn,
        consent.revoke, share.create!consent-revoked,
        consent.ask, consent.record_paper, consent.ask, consent.supersede, consent.record_paper,
        report.read!forbidden, report.create!forbidden, share.create!forbidden, audit.read!forbidden,
        disclosures.read!forbidden, member.invite!forbidden,
        member.invite, member.end, practitioner.update, patient.create, answer.replay";
    let expected: Vec<&str> = expected.split(',').map(str::trim).collect();
    let events = log(sdk, 100).await;
    let events = &events[before..];
    let told: Vec<String> = events
        .iter()
        .map(|event| match (event.outcome, &event.reason) {
            (Outcome::Permitted, None) => event.action.clone(),
            (Outcome::Denied, Some(reason)) => format!("{}!{reason}", event.action),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, expected);

    // Who, in whose records, about whom.
    let of = |action: &str| events.iter().find(|event| event.action == action && event.reason.is_none()).unwrap();
    let read = of("share.read");
    assert_eq!(
        (read.actor_kind, read.actor_id, read.actor_clinic_id),
        (ActorKind::Member, Some(south.owner.id.uuid()), Some(south.id))
    );
    assert_eq!(
        (read.object_id, read.patient_id, read.consent_id),
        (Some(share.id.uuid()), Some(patient.id), Some(consent.id))
    );
    let signed = of("consent.sign");
    assert_eq!((signed.actor_kind, signed.actor_id, signed.consent_id), (ActorKind::Patient, None, Some(consent.id)));
    let head_id = head.header("x-request-id").unwrap();
    assert_eq!(events.iter().filter(|event| event.request_id == head_id).count(), 1, "a HEAD is a reading too");

    // The same in small pages, and narrowed.
    let count = events.len() + before + 1;
    assert_eq!(log(sdk, 7).await.len(), count, "and each page of it is an event that comes after it");
    let narrowed = sdk.audit().events().patient(patient.id).action("share.read").send().await.unwrap().items;
    assert_eq!(narrowed.len(), 2);
    assert!(sdk.audit().events().action("nothing").send().await.unwrap().items.is_empty());

    // The other clinic sees what its own people did, and nothing else of this one.
    let theirs = log(south.client(), 100).await;
    let foreign: Vec<&str> =
        theirs.iter().filter(|event| event.patient_id == Some(patient.id)).map(|event| event.action.as_str()).collect();
    assert_eq!(foreign, ["patient.read", "share.read", "share.acknowledge", "share.read"]);

    // Ids and words of a closed list: no names, no numbers, no clinical values.
    let mut text = format!("{}{}", json!(events), json!(theirs));
    // An id is random, and a time is what it is: by chance either may hold the digits of a telephone or of a year.
    for event in events.iter().chain(&theirs) {
        let ids = [
            event.actor_id,
            event.actor_clinic_id.map(Into::into),
            event.object_id,
            event.patient_id.map(Into::into),
            event.consent_id.map(Into::into),
        ];
        let ids = ids.into_iter().flatten().chain([event.id.uuid()]).map(|id| id.to_string());
        for chance in ids.chain([event.request_id.clone(), json!(event.occurred_at).as_str().unwrap().to_owned()]) {
            text = text.replace(&chance, "");
        }
    }
    for canary in ["Casey", "Sample", "Twice", "example.org", "N-", "555-", "1979", "Owner", "pondyl", "Massage", "Bo "]
    {
        assert!(!text.contains(canary), "{canary}");
    }
}

#[tokio::test]
async fn the_log_is_read_by_owner_and_privacy_officer_only() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    for (role, reads_log, reads_disclosures) in [
        (Role::Practitioner, false, true),
        (Role::Staff, false, false),
        (Role::PrivacyOfficer, true, true),
        (Role::Owner, true, true),
    ] {
        let person = north.member(role).await;
        let kind = |error: Option<rapport_sdk::Error>| error.and_then(|error| error.kind());
        let expected = |is_allowed: bool| (!is_allowed).then_some(Kind::Forbidden);
        let audit = person.client.audit();
        assert_eq!(kind(audit.events().send().await.err()), expected(reads_log), "{role:?}");
        assert_eq!(kind(audit.disclosures(patient.id).send().await.err()), expected(reads_disclosures), "{role:?}");
        assert_eq!(kind(audit.sharing_history(patient.id).send().await.err()), expected(reads_disclosures), "{role:?}");
    }
}

#[tokio::test]
async fn a_patient_is_told_in_plain_words_what_left_to_whom() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, consent, _, share) = north.share_with(&south).await;
    south.client().shares().get(share.id).await.unwrap();
    world.at_link(&patient).await.revoke().await.unwrap();
    south.client().shares().get(share.id).await.unwrap_err();

    let disclosures = north.client().audit().disclosures(patient.id).send().await.unwrap().items;
    let [told] = &disclosures[..] else { panic!("{disclosures:?}") };
    assert_eq!(told.recipient_name.as_str(), "Owner of south");
    assert_eq!(told.recipient_clinic.as_deref(), Some("south (test)"));
    assert_eq!(told.recipient_address.as_deref(), Some("1 Example Street, Springfield"));
    assert!(told.description.starts_with("progress report, version 1: treatment, schedule"), "{}", told.description);
    assert_eq!((told.purpose.as_str(), told.basis.as_str(), told.is_required), ("treatment", "authorization", false));
    assert_eq!((told.consent_id, told.share_id), (Some(consent.id), Some(share.id)));

    // The accounting goes back six years, and no further; a shorter period can be asked for.
    let today = wall_clock().date_naive();
    let accounting = || north.client().audit().disclosures(patient.id);
    let in_time = accounting().from(today - chrono::Months::new(72)).until(today).send().await.unwrap();
    assert_eq!(in_time.items.len(), 1);
    assert!(accounting().until(today.pred_opt().unwrap()).send().await.unwrap().items.is_empty());
    for wrong in [
        accounting().from(today - chrono::Months::new(73)),
        accounting().from(today).until(today - chrono::Days::new(1)),
    ] {
        assert_eq!(wrong.send().await.unwrap_err().kind(), Some(Kind::Validation));
    }

    let history = north.client().audit().sharing_history(patient.id);
    let mut lines: Vec<String> =
        history.limit(2).stream().map_ok(|entry| entry.in_words.as_str().to_owned()).try_collect().await.unwrap();
    lines.reverse();
    assert_eq!(
        lines,
        [
            "Owner of north (north (test)) asked for permission to share.",
            "You gave permission to share, by signing.",
            "Owner of north (north (test)) sent a progress report to south (test), for: treatment.",
            "Owner of south (south (test)) read the progress report.",
            "You took the permission back.",
            "Owner of south (south (test)) tried to read what had been shared and was refused: consent revoked.",
        ]
    );
}

#[tokio::test]
async fn the_log_can_not_be_changed() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let before = log(north.client(), 100).await;
    let mut conn = world.database().await;
    for change in [
        "update audit_events set outcome = 'permitted'",
        "update audit_events set actor_id = null where false",
        "delete from audit_events",
        "truncate audit_events",
    ] {
        let error = conn.batch_execute(change).await.unwrap_err().to_string();
        assert!(error.contains("append-only"), "{change}: {error}");
    }
    assert_eq!(log(north.client(), 100).await[..before.len()], before[..]);
}

/// How many rows each table has, and the hash of what stands in them. Mail is delivered meanwhile: it is counted only; and the
/// log is sealed, which is left out.
async fn contents(world: &World) -> Vec<(String, String)> {
    #[derive(diesel::QueryableByName)]
    struct Text {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    let mut conn = world.database().await;
    let tables = "select tablename::text as text from pg_tables where schemaname = 'public' order by 1";
    let tables: Vec<Text> = diesel::sql_query(tables).load(&mut conn).await.unwrap();
    let mut contents = Vec::new();
    for Text { text: table } in tables {
        // The sealer goes on by itself, and a sign-in is counted before it is known what comes of it.
        let beside = ["audit_checkpoints", "audit_leaves", "audit_nodes", "sign_in_failures"];
        if beside.contains(&table.as_str()) {
            continue;
        }
        let hash = if table == "mails" { "''" } else { "coalesce(md5(string_agg(t::text, '' order by t::text)), '')" };
        let query = format!("select count(*) || ' ' || {hash} as text from {table} t");
        let [Text { text }] = &diesel::sql_query(query).load(&mut conn).await.unwrap()[..] else { panic!() };
        contents.push((table, text.clone()));
    }
    contents
}

#[tokio::test]
async fn where_nothing_can_be_recorded_nothing_is_read_or_done() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, consent, report, share) = north.share_with(&south).await;
    south.client().shares().get(share.id).await.unwrap();
    let asked = north.ask(&patient, &asking_for(RecipientChoice::practitioner(south.owner.id))).await;
    let address = patient.email.as_ref().unwrap().as_str();
    let link = world.mailbox().link(address, 2).await;
    let (link, secret) = link.rsplit_once('/').unwrap().1.split_once('#').unwrap();
    let replayed = json!({"given_name": "Casey", "family_name": "Twice", "birth_date": "1979-03-14"});
    let (ours, theirs) = (access_token(&north.owner).await, access_token(&south.owner).await);
    let first = call(&world, "POST", "/v1/patients").bearer(&ours).header("idempotency-key", "k").json(&replayed);
    assert_eq!(first.send().await.status, 201);
    let mut conn = world.database().await;
    let fault =
        "create function no_log() returns trigger language plpgsql as $$ begin raise exception 'no log'; end $$;
        create trigger no_log before insert on audit_events for each row execute function no_log();";
    conn.batch_execute(fault).await.unwrap();
    let before = contents(&world).await;

    let (id, body) = (patient.id, json!(cases::ankylosing_spondylitis()));
    let form = json!({"signed_name": "C", "signed_on": wall_clock().date_naive(), "attested": true,
        "form": {"media_type": "application/pdf", "content": files::scan()}});
    let ops: Vec<(&str, String, Option<Value>)> = vec![
        ("GET", format!("/v1/patients/{id}"), None),
        ("HEAD", format!("/v1/patients/{id}"), None),
        ("PATCH", format!("/v1/patients/{id}"), Some(json!({"phone": "555-0199"}))),
        (
            "POST",
            "/v1/patients".to_owned(),
            Some(json!({"given_name": "C", "family_name": "New", "birth_date": "1979-03-14"})),
        ),
        ("POST", "/v1/patients".to_owned(), Some(replayed)),
        ("POST", "/v1/patients/search".to_owned(), Some(json!({"family_name": "s"}))),
        ("GET", format!("/v1/patients/{NOBODY}"), None),
        ("GET", format!("/v1/patients/{id}/consents"), None),
        ("POST", format!("/v1/patients/{id}/consents"), Some(json!(asking_for(RecipientChoice::clinic(south.id))))),
        ("GET", format!("/v1/consents/{}", consent.id), None),
        ("POST", format!("/v1/consents/{}/revocation", consent.id), Some(json!({}))),
        ("POST", format!("/v1/consents/{}/paper_signature", asked.id), Some(form)),
        ("GET", "/v1/reports".to_owned(), None),
        ("POST", "/v1/reports".to_owned(), Some(json!({"patient_id": id, "kind": "progress_report", "body": body}))),
        ("GET", format!("/v1/reports/{}", report.id), None),
        ("GET", format!("/v1/reports/{}/versions", report.id), None),
        ("GET", format!("/v1/reports/{}/versions/1", report.id), None),
        ("GET", format!("/v1/reports/{}/document", report.id), None),
        ("POST", format!("/v1/reports/{}/amendments", report.id), Some(json!({"reason": "x", "body": body}))),
        ("GET", format!("/v1/reports/{}/shares", report.id), None),
        (
            "POST",
            format!("/v1/reports/{}/shares", report.id),
            Some(json!(sharing_with(RecipientChoice::clinic(south.id)))),
        ),
        ("GET", format!("/v1/shares/{}", share.id), None),
        ("DELETE", format!("/v1/shares/{}", share.id), None),
        ("GET", "/v1/audit_events".to_owned(), None),
        ("GET", format!("/v1/patients/{id}/disclosures"), None),
        ("GET", format!("/v1/patients/{id}/sharing_history"), None),
        ("POST", "/v1/auth/logout".to_owned(), None),
        ("POST", "/v1/auth/login".to_owned(), Some(json!({"email": north.owner.email, "password": PASSWORD}))),
        ("POST", format!("/v1/consent_links/{link}/challenge"), Some(json!({"secret": secret}))),
    ];
    let check = |answer: &Answer, what: &str| {
        assert_eq!(answer.status, 500, "{what}: {}", answer.text);
        for canary in ["Casey", "Sample", "pondyl", "no log", "trigger"] {
            assert!(!answer.text.contains(canary), "{what}: {}", answer.text);
        }
    };
    for (method, path, body) in &ops {
        let request = call(&world, method, path).bearer(&ours).header("accept", "*/*").header("if-match", "*");
        let request = if *path == "/v1/patients" { request.header("idempotency-key", "k") } else { request };
        let is_other_intent = body.as_ref().is_some_and(|body| body["family_name"] == "New");
        let request = if is_other_intent { call(&world, method, path).bearer(&ours) } else { request };
        let request = if let Some(body) = body { request.json(body) } else { request };
        check(&request.send().await, &format!("{method} {path}"));
    }
    for (method, path) in [
        ("GET", format!("/v1/shares/{}", share.id)),
        ("GET", "/v1/inbox".to_owned()),
        ("POST", format!("/v1/shares/{}/acknowledgement", share.id)),
    ] {
        check(&call(&world, method, &path).bearer(&theirs).send().await, &format!("{method} {path}"));
    }
    assert_eq!(contents(&world).await, before, "nothing was done");
    conn.batch_execute("drop trigger no_log on audit_events").await.unwrap();
    let content = south.client().shares().get(share.id).await.unwrap().content;
    assert!(content.is_some(), "and with a log all is as it was");
}
