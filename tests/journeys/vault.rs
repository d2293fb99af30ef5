//! Encryption at rest, seen from beneath the service: what stands in the database, what becomes of it when it is moved, and
//! of what stood there before.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::wire::call;
use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rapport_api::database::{connect, roles};
use rapport_contract::{
    consents::RecipientChoice,
    identity::Tokens,
    ids::{ClinicId, MemberId, PatientId},
    patients::{NewPatient, PatientSearch},
    reports::ReportState,
    shares::{NewShare, Share},
};
use rapport_sdk::{Client, Kind};
use rapport_tests::{World, cases, cluster, people::asking_for};
use std::{collections::BTreeSet, fs, path::Path};

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut AsyncPgConnection, sql: &str) -> Vec<String> {
    let lines: Vec<Line> = diesel::sql_query(sql).load(conn).await.unwrap();
    lines.into_iter().map(|line| line.line).collect()
}

#[tokio::test]
async fn a_value_that_was_moved_opens_nowhere_and_shows_nobody_else() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (one, other, of_south) = (north.patient().await, north.patient().await, south.patient().await);
    let signed = north.signed_report(&one, None).await;
    let mut conn = world.database().await;
    conn.batch_execute("alter table report_versions disable trigger all; alter table patients disable trigger all")
        .await
        .unwrap();
    for (from, to, reader) in [(one.id, other.id, &north), (other.id, one.id, &north), (one.id, of_south.id, &south)] {
        let before =
            lines(&mut conn, &format!("select encode(identity, 'hex') as line from patients where id = '{to}'")).await;
        let moved = format!(
            "update patients set identity = (select identity from patients where id = '{from}') where id = '{to}'"
        );
        conn.batch_execute(&moved).await.unwrap();
        let error = reader.client().patients().get(to).await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::Internal), "{from} to {to}");
        let back = format!("update patients set identity = decode('{}', 'hex') where id = '{to}'", before[0]);
        conn.batch_execute(&back).await.unwrap();
        assert!(reader.client().patients().get(to).await.is_ok());
    }
    // A data key of another patient's does not open either, nor one that was cut short.
    for wrapped in [
        format!("(select wrapped from data_keys where subject_id = '{}')", other.id),
        "substr(wrapped, 1, length(wrapped) - 1)".to_owned(),
    ] {
        let change = format!("begin; update data_keys set wrapped = {wrapped} where subject_id = '{}'; commit", one.id);
        let kept = format!("select encode(wrapped, 'hex') as line from data_keys where subject_id = '{}'", one.id);
        let kept = lines(&mut conn, &kept).await.remove(0);
        conn.batch_execute(&change).await.unwrap();
        let answer = call(&world, "GET", &format!("/v1/patients/{}", one.id)).by(&north.owner).await.send().await;
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (500, "internal"));
        assert!(!format!("{answer:?}").contains("sealed"), "why is nobody's business: {answer:?}");
        let back = format!("update data_keys set wrapped = decode('{kept}', 'hex') where subject_id = '{}'", one.id);
        conn.batch_execute(&back).await.unwrap();
    }
    // What was signed is held against its hash, whoever sealed what stands there.
    let hash = format!("update report_versions set content_hash = repeat('0', 64) where report_id = '{}'", signed.id);
    conn.batch_execute(&hash).await.unwrap();
    assert_eq!(north.client().reports().get(signed.id).await.unwrap_err().kind(), Some(Kind::Internal));
}

#[tokio::test]
async fn every_sealed_column_is_rotated() {
    let url = tokio::task::spawn_blocking(cluster::new_database).await.unwrap();
    let mut conn = connect(&url).await.unwrap();
    // What is of bytes and neither a hash nor a key, in a table that names the version of a data key.
    let there: BTreeSet<String> = lines(
        &mut conn,
        "select c.table_name || '.' || c.column_name as line from information_schema.columns c where c.table_schema = 'public' \
         and c.udt_name = 'bytea' and c.column_name not like '%hash' and c.table_name in \
         (select conrelid::regclass::text from pg_constraint where conname like '%\\_data\\_key')",
    )
    .await
    .into_iter()
    .collect();
    let listed: BTreeSet<String> = rapport_api::keys::sealed_columns().into_iter().collect();
    assert_eq!(there, listed);
}

/// The database as it was before there was a vault, with a clinic in it. The migrations' own files make it.
async fn before_the_vault(url: &str) -> Vec<(String, String)> {
    let mut conn = connect(url).await.unwrap();
    roles::become_owner(&mut conn).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    conn.batch_execute("create table __diesel_schema_migrations (version varchar(50) primary key, run_on timestamp not null default now())")
        .await
        .unwrap();
    let mut done = Vec::new();
    for name in names.into_iter().map(|name| name.into_string().unwrap()) {
        if name.ends_with(".md") {
            continue;
        }
        if name.contains("vault") {
            break;
        }
        let sql = fs::read_to_string(folder.join(&name).join("up.sql")).unwrap();
        conn.batch_execute(&format!("begin; {sql}; commit")).await.unwrap();
        let version: String = name.split('_').next().unwrap().replace('-', "");
        conn.batch_execute(&format!("insert into __diesel_schema_migrations (version) values ('{version}')"))
            .await
            .unwrap();
        done.push((name, version));
    }
    done
}

async fn signed_in(world: &World, member: MemberId, clinic: ClinicId) -> Client {
    let access_token = world.token(member, clinic).await.into();
    world
        .nobody()
        .resume(Tokens { access_token, token_type: "Bearer".to_owned(), refresh_token: "none".into(), expires_in: 300 })
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stood_there_before_the_vault_is_sealed_at_the_next_start_and_nothing_is_lost() {
    let url = tokio::task::spawn_blocking(cluster::new_empty_database).await.unwrap();
    assert!(before_the_vault(&url).await.len() >= 8);
    let mut conn = connect(&url).await.unwrap();
    let [clinic, other, owner, reader, patient, report, consent, share, guest] =
        std::array::from_fn(|_| rapport_api::database::ids::new_id());
    let body = r#"{"condition":"Lumbar pain (before)"}"#;
    let hash = rapport_api::identity::secrets::sha256_hex(body.as_bytes());
    let text = "Statement (before)";
    let text_hash = rapport_api::identity::secrets::sha256_hex(text.as_bytes());
    // As whoever administers it: a superuser stands above the floor.
    conn.batch_execute(&format!(
        "insert into clinics (id, name, created_at) values ('{clinic}', 'North (test)', now()), ('{other}', 'South (test)', now());
         insert into members (id, clinic_id, name, email, role, state, profession, password_hash, totp_secret, totp_confirmed_at, created_at, updated_at)
             values ('{owner}', '{clinic}', 'Ada Example', 'ada@north.example.org', 'owner', 'active', 'massage_therapist', 'none', '\\x0102', now(), now(), now()),
                    ('{reader}', '{other}', 'Sam Example', 'sam@south.example.org', 'owner', 'active', 'physician', 'none', null, null, now(), now());
         insert into patients (id, clinic_id, given_name, family_name, family_key, birth_date, mrn, email, created_at, updated_at)
             values ('{patient}', '{clinic}', 'Casey', 'Beforehand', 'beforehand', '1953-04-17', 'N-1', 'casey@patients.example.org', now(), now());
         insert into reports (id, clinic_id, patient_id, kind, state, author_id, current_version, signed_at, created_at, updated_at)
             values ('{report}', '{clinic}', '{patient}', 'progress_report', 'signed', '{owner}', 1, now(), now(), now());
         insert into report_versions (report_id, number, clinic_id, kind, body, content_hash, sensitive, signed_by, signer_name, signed_at)
             values ('{report}', 1, '{clinic}', 'progress_report', '{body}', '{hash}', '{{}}', '{owner}', 'Ada Example', now());
         insert into consents (id, clinic_id, patient_id, state, recipients, categories, purpose, two_way, expires_at, asked_by, asked_at, lapses_at,
                 statement, statement_hash, statement_version, signed_at, signature_method, signed_name)
             values ('{consent}', '{clinic}', '{patient}', 'active', jsonb_build_array(
                 jsonb_build_object('kind', 'clinic', 'clinic_id', '{other}', 'name', 'South (test)'),
                 jsonb_build_object('kind', 'guest', 'name', 'Lee Guest', 'email', 'lee@guests.example.org')), '{{progress_report}}',
                 'Before the match', false, now() + interval '1 year', '{owner}', now(), now() + interval '14 days',
                 '{text}', '{text_hash}', 'test', now(), 'link', 'Casey Beforehand');
         insert into shares (id, clinic_id, report_id, report_version, patient_id, kind, recipient_kind, recipient_clinic_id, recipient_name, recipient_email,
                 sections, categories, purpose, cover_letter, sent_by, sender_name, state, delivered_at)
             values ('{share}', '{clinic}', '{report}', 1, '{patient}', 'progress_report', 'clinic', '{other}', 'South (test)', null, '{{condition}}',
                 '{{progress_report}}', 'before the match', 'Letter (before)', '{owner}', 'Ada Example', 'delivered', now()),
                 ('{guest}', '{clinic}', '{report}', 1, '{patient}', 'progress_report', 'guest', null, 'Lee Guest', 'lee@guests.example.org', '{{condition}}',
                 '{{progress_report}}', 'before the match', null, '{owner}', 'Ada Example', 'delivered', now());
         insert into consent_forms (consent_id, clinic_id, media_type, content, attested_by, recorded_at)
             values ('{consent}', '{clinic}', 'image/png', 'Scan (before)', '{owner}', now());
         insert into mails (id, clinic_id, recipient, subject, body, created_at, next_attempt_at)
             values (gen_random_uuid(), '{clinic}', 'casey@patients.example.org', 'Before', E'Hello,\n\nhttps://rapport.example.org/consent/1#before\n', now(), now())"
    ))
    .await
    .unwrap();

    let started = url.clone();
    let world = tokio::task::spawn_blocking(move || World::on(started, |_| {})).await.unwrap();
    let north = signed_in(&world, owner.into(), clinic.into()).await;
    let found =
        north.patients().search(&PatientSearch { family_name: Some("before".into()), ..PatientSearch::default() });
    let found = found.send().await.unwrap().items;
    assert_eq!((found.len(), found[0].id, found[0].given_name.as_str()), (1, PatientId::new(patient), "Casey"));
    let by_number = north.patients().search(&PatientSearch { mrn: Some("N-1".into()), ..PatientSearch::default() });
    assert_eq!(by_number.send().await.unwrap().items.len(), 1);
    let same_number = NewPatient {
        given_name: "Robin".into(),
        family_name: "Later".into(),
        birth_date: cases::birth_date().into(),
        mrn: Some("N-1".into()),
        email: None,
        phone: None,
    };
    assert_eq!(north.patients().create(&same_number).await.unwrap_err().kind(), Some(Kind::Conflict));
    let kept = north.reports().get(report.into()).await.unwrap();
    assert_eq!((kept.state, kept.content_hash.as_deref()), (ReportState::Signed, Some(hash.as_str())));
    let asked = north.consents().get(consent.into()).await.unwrap();
    assert_eq!((asked.statement.as_str(), asked.statement_hash.as_str()), (text, text_hash.as_str()));
    assert_eq!(asked.signature.unwrap().signed_name.as_str(), "Casey Beforehand");
    assert_eq!((asked.purpose.as_str(), asked.recipients.len()), ("Before the match", 2));
    // The gate compares what was written then with what is written now.
    let read = signed_in(&world, reader.into(), other.into()).await.shares().get(share.into()).await.unwrap();
    let content = read.content.unwrap();
    assert_eq!(content.cover_letter.unwrap().as_str(), "Letter (before)");
    assert_eq!((content.patient.family_name.as_str(), read.purpose.as_str()), ("Beforehand", "before the match"));
    let sent = north.shares().get(guest.into()).await.unwrap();
    assert_eq!(sent.recipient.email.unwrap().as_str(), "lee@guests.example.org");
    assert!(world.mailbox().link("casey@patients.example.org", 1).await.ends_with("#before"), "queued mail goes out");

    assert_eq!(north.consents().form(consent.into()).await.unwrap(), b"Scan (before)");
    let scan =
        "select count(*)::text as line from consent_forms where position('before' in encode(content, 'escape')) > 0";
    assert_eq!(lines(&mut conn, scan).await, ["0"]);
    let left = lines(&mut conn, "select version::text as line from data_keys where version = 0").await;
    assert_eq!(left, [""; 0], "nothing is left unsealed");
    let consents = lines(&mut conn, "select recipients::text || purpose as line from consents").await.concat();
    let shares =
        lines(&mut conn, "select recipient_name || coalesce(recipient_email, '') || purpose as line from shares")
            .await
            .concat();
    for told in ["Lee", "lee@", "match"] {
        assert!(!consents.contains(told) && !shares.contains(told), "{told}: {consents} {shares}");
    }
}

#[tokio::test]
async fn a_guest_and_a_purpose_of_ones_own_words_are_named_to_whom_they_concern_only() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let recipient = RecipientChoice::guest("Lee Guest", "Lee@Guests.example.org");
    let mut asked = asking_for(recipient.clone());
    asked.purpose = "  Preparing the Marathon ".to_owned();
    let consent = north.consented(&patient, &asked).await;
    assert_eq!(consent.purpose, "Preparing the Marathon");
    let signed = north.signed_report(&patient, None).await;
    let new = NewShare { recipient, sections: None, purpose: "preparing the marathon".to_owned(), cover_letter: None };
    let share: Share = north.client().shares().create(signed.id, &new).await.unwrap();
    assert_eq!(share.purpose, "preparing the marathon");
    assert_eq!(share.recipient.name.as_str(), "Lee Guest");
    let mut conn = world.database().await;
    let stored = lines(
        &mut conn,
        "select recipients::text || purpose as line from consents union all \
         select recipient_name || recipient_email || purpose from shares",
    )
    .await
    .concat()
    .to_lowercase();
    for told in ["lee", "guests.example.org", "marathon"] {
        assert!(!stored.contains(told), "{told}: {stored}");
    }
}
