//! A clinic's own patient records: searched without names in addresses, changed as they were read, seen by nobody else.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::wire::call;
use chrono::{NaiveDate, TimeDelta};
use rapport_contract::{
    ids::PatientId,
    members::Role,
    patients::{NewPatient, Patient, PatientPatch, PatientSearch},
};
use rapport_sdk::Kind;
use rapport_tests::{
    World,
    people::{Clinic, wall_clock},
};
use serde_json::{Value, json};
use std::collections::HashSet;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn named(family_name: &str) -> NewPatient {
    NewPatient {
        given_name: "Casey".into(),
        family_name: family_name.into(),
        birth_date: day(1979, 3, 14).into(),
        mrn: None,
        email: None,
        phone: None,
    }
}

async fn add(clinic: &Clinic<'_>, family_name: &str) -> Patient {
    clinic.client().patients().create(&named(family_name)).await.unwrap()
}

async fn found(clinic: &Clinic<'_>, search: &PatientSearch) -> Vec<String> {
    let found = clinic.client().patients().search(search).limit(100).send().await.unwrap().items;
    found.iter().map(|patient| patient.family_name.as_str().to_owned()).collect()
}

fn by_name(letters: &str) -> PatientSearch {
    PatientSearch { family_name: Some(letters.into()), ..PatientSearch::default() }
}

#[tokio::test]
async fn a_family_name_is_found_by_its_first_letters_whatever_their_case_and_accents() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    for name in ["Núñez", "nunes", "NUNN", "Nu%ez", "Nu_ez", "Nu\\ez", "O'Brien", "Łoś", "李", "Xunez"] {
        add(&clinic, name).await;
    }
    for (letters, expected) in [
        ("nun", vec!["nunes", "Núñez", "NUNN"]),
        ("NÚÑ", vec!["nunes", "Núñez", "NUNN"]),
        ("nun\u{303}ez", vec!["Núñez"]),
        (" núñez ", vec!["Núñez"]),
        ("unez", vec![]),
        ("%", vec![]),
        ("_", vec![]),
        ("n%", vec![]),
        ("nu%", vec!["Nu%ez"]),
        ("nu_", vec!["Nu_ez"]),
        ("nu\\", vec!["Nu\\ez"]),
        ("o'b", vec!["O'Brien"]),
        ("ło", vec!["Łoś"]),
        ("李", vec!["李"]),
        ("' OR 1=1 --", vec![]),
    ] {
        let mut names = found(&clinic, &by_name(letters)).await;
        let mut expected = expected.clone();
        names.sort();
        expected.sort_unstable();
        assert_eq!(names, expected, "{letters:?}");
    }
    // A changed name is found by the new one.
    let patient = add(&clinic, "Before").await;
    let patch = PatientPatch { family_name: Some("Äfter".into()), ..PatientPatch::default() };
    clinic.client().patients().update(&patient, &patch).await.unwrap();
    assert_eq!(found(&clinic, &by_name("after")).await, ["Äfter"]);
    assert_eq!(found(&clinic, &by_name("before")).await, [""; 0]);
}

#[tokio::test]
async fn everything_that_is_searched_for_must_match() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let people = [("Sample", 1960, Some("N-1")), ("Sample", 1970, Some("N-10")), ("Other", 1960, None)];
    for (name, year, mrn) in people {
        let new = NewPatient { birth_date: day(year, 1, 2).into(), mrn: mrn.map(Into::into), ..named(name) };
        clinic.client().patients().create(&new).await.unwrap();
    }
    let search = |name: Option<&str>, year: Option<i32>, mrn: Option<&str>| PatientSearch {
        family_name: name.map(Into::into),
        birth_date: year.map(|year| day(year, 1, 2).into()),
        mrn: mrn.map(Into::into),
    };
    for (query, count) in [
        (search(None, Some(1960), None), 2),
        (search(None, None, Some("N-1")), 1),
        (search(None, None, Some("N-")), 0),
        (search(None, None, Some("n-1")), 0),
        (search(Some("sam"), None, None), 2),
        (search(Some("sam"), Some(1960), None), 1),
        (search(Some("sam"), Some(1960), Some("N-1")), 1),
        (search(Some("sam"), Some(1960), Some("N-10")), 0),
        (search(Some("oth"), Some(1970), None), 0),
    ] {
        assert_eq!(found(&clinic, &query).await.len(), count, "{query:?}");
    }
    let nothing = clinic.client().patients().search(&PatientSearch::default()).send().await.unwrap_err();
    assert_eq!(nothing.kind(), Some(Kind::Validation));
    for (body, pointer) in [
        (json!({"birth_date": "14.03.1979"}), "/birth_date"),
        (json!({"birth_date": "1979-02-30"}), "/birth_date"),
        (json!({"family_name": ""}), "/family_name"),
        (json!({"family_name": 5}), "/family_name"),
        (json!({"mrn": "x".repeat(65)}), "/mrn"),
    ] {
        let answer = call(&world, "POST", "/v1/patients/search").by(&clinic.owner).await.json(&body).send().await;
        assert_eq!((answer.status.as_u16(), answer.refused()[0].0.as_str()), (422, pointer), "{body}");
    }
}

#[tokio::test]
async fn pages_stay_whole_while_patients_are_added() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let mut first: HashSet<PatientId> = HashSet::new();
    // Equal names too: the page breaks between two of them.
    for name in ["Page A", "Page B", "Page B", "Page B", "Page C", "Page D", "Page D"] {
        first.insert(add(&clinic, name).await.id);
    }
    let (mut seen, mut names, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        let mut list = clinic.client().patients().search(&by_name("page")).limit(2);
        if let Some(cursor) = &cursor {
            list = list.cursor(cursor);
        }
        let page = list.send().await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|patient| patient.id));
        names.extend(page.items.iter().map(|patient| patient.family_name.as_str().to_owned()));
        // Newer than whatever the next page starts with.
        for name in ["Page A", "Page B", "Page D"] {
            if seen.len() < 12 {
                add(&clinic, name).await;
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let distinct: HashSet<PatientId> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len(), "nobody twice");
    assert!(first.is_subset(&distinct), "nobody of those who were there is missing");
    assert!(seen.iter().is_sorted_by(|one, next| one > next), "the newest record first: {names:?}");
}

#[tokio::test]
async fn another_clinic_never_sees_a_patient() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let new = NewPatient { mrn: Some("N-1".into()), ..named("Sample") };
    let patient = north.client().patients().create(&new).await.unwrap();
    for search in [
        by_name("sample"),
        PatientSearch { mrn: Some("N-1".into()), ..PatientSearch::default() },
        PatientSearch { birth_date: Some(day(1979, 3, 14).into()), ..PatientSearch::default() },
    ] {
        assert_eq!(found(&south, &search).await, [""; 0]);
        assert_eq!(found(&north, &search).await, ["Sample"]);
    }
    // The same number is free in each clinic.
    south.client().patients().create(&new).await.unwrap();

    let (theirs, nobodys) = (patient.id.to_string(), "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a12");
    let consent = json!({"recipients": [{"clinic_id": south.id}], "categories": ["progress_report"],
        "purpose": "treatment", "expires_at": wall_clock() + TimeDelta::days(1)});
    for (method, path, body) in [
        ("GET", "/v1/patients/{id}", None),
        ("HEAD", "/v1/patients/{id}", None),
        ("PATCH", "/v1/patients/{id}", Some(json!({"given_name": "X"}))),
        ("GET", "/v1/patients/{id}/consents", None),
        ("POST", "/v1/patients/{id}/consents", Some(consent)),
        ("GET", "/v1/patients/{id}/disclosures", None),
        ("GET", "/v1/patients/{id}/sharing_history", None),
    ] {
        let ask = async |id: &str| {
            let request = call(&world, method, &path.replace("{id}", id)).by(&south.owner).await;
            let request = request.header("if-match", "*");
            if let Some(body) = &body { request.json(body) } else { request }.send().await
        };
        let answer = ask(&theirs).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
        for other in [nobodys, "not-an-id", "01990b5e"] {
            assert_eq!(
                ask(other).await.apart_from_the_request(),
                answer.apart_from_the_request(),
                "{method} {path} {other}"
            );
        }
    }
    let draft = async |id: &str| {
        let body = json!({"patient_id": id, "kind": "progress_report"});
        call(&world, "POST", "/v1/reports").by(&south.owner).await.json(&body).send().await
    };
    assert_eq!(draft(&theirs).await.apart_from_the_request(), draft(nobodys).await.apart_from_the_request());
    assert_eq!(draft(&theirs).await.status, 404);
    assert_eq!(north.client().patients().get(patient.id).await.unwrap(), patient, "untouched");
}

#[tokio::test]
async fn a_record_number_is_given_once_in_a_clinic() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let numbered = |mrn: &str| NewPatient { mrn: Some(mrn.into()), ..named("Sample") };
    clinic.client().patients().create(&numbered("N-1")).await.unwrap();
    for taken in ["N-1", " N-1 "] {
        let error = clinic.client().patients().create(&numbered(taken)).await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::Conflict), "{taken:?}");
    }
    let other = clinic.client().patients().create(&numbered("N-2")).await.unwrap();
    let patch = PatientPatch { mrn: Some(Some("N-1".into())), ..PatientPatch::default() };
    let error = clinic.client().patients().update(&other, &patch).await.unwrap_err();
    assert_eq!(error.kind(), Some(Kind::Conflict));
    for _ in 0..2 {
        add(&clinic, "Without").await;
    }
    let log = std::fs::read_to_string(rapport_tests::cluster::postgres_log()).unwrap_or_default();
    assert!(!log.contains("N-1"), "the database's log names no number");
}

#[tokio::test]
async fn a_change_clears_what_is_null_and_leaves_what_is_left_out() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let new = NewPatient {
        mrn: Some("N-1".into()),
        email: Some("casey@patients.example.org".into()),
        phone: Some("555-0111".into()),
        ..named("Sample")
    };
    let patient = clinic.client().patients().create(&new).await.unwrap();
    assert_eq!(patient.version, 1);
    let url = format!("/v1/patients/{}", patient.id);
    let patch = async |body: Value, tag: &str| {
        call(&world, "PATCH", &url).by(&clinic.owner).await.header("if-match", tag).json(&body).send().await
    };
    let answer = patch(json!({"phone": null, "given_name": " Kim "}), "\"1\"").await;
    assert_eq!((answer.status.as_u16(), answer.header("etag")), (200, Some("\"2\"")));
    let body = answer.json();
    assert_eq!(
        (&body["phone"], &body["given_name"], &body["email"], &body["mrn"], &body["version"]),
        (&Value::Null, &json!("Kim"), &json!("casey@patients.example.org"), &json!("N-1"), &json!(2))
    );
    assert_eq!(patch(json!({}), "\"2\"").await.json()["email"], "casey@patients.example.org");

    // Every way not to have read the newest one.
    let missing = call(&world, "PATCH", &url).by(&clinic.owner).await.json(&json!({})).send().await;
    assert_eq!((missing.status.as_u16(), missing.slug().as_str()), (428, "precondition-required"));
    let version = clinic.client().patients().get(patient.id).await.unwrap().version;
    for stale in ["\"1\"", "\"99\"", "W/\"3\"", "3", "x", "\"1\", \"2\""] {
        let answer = patch(json!({"phone": "555-0112"}), stale).await;
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), (412, "stale"), "{stale} of {version}");
    }
    assert_eq!(patch(json!({"phone": "555-0112"}), "*").await.status, 200);
    // Of two at once one wins.
    let version = clinic.client().patients().get(patient.id).await.unwrap().version;
    let tag = format!("\"{version}\"");
    let (one, other) =
        tokio::join!(patch(json!({"phone": "555-0113"}), &tag), patch(json!({"phone": "555-0114"}), &tag));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_record_that_can_not_be_true_is_refused() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let in_a_week = (wall_clock() + TimeDelta::days(7)).date_naive();
    let good = json!({"given_name": "Casey", "family_name": "Sample", "birth_date": "1979-03-14"});
    let patient = add(&clinic, "Sample").await;
    for (name, value, code) in [
        ("birth_date", json!(in_a_week), "out_of_range"),
        ("birth_date", json!("1879-12-31"), "out_of_range"),
        ("birth_date", json!("+262142-01-01"), "out_of_range"),
        ("birth_date", json!("2001-02-29"), "invalid"),
        ("birth_date", json!("2001-02-01T00:00:00Z"), "invalid"),
        ("birth_date", json!(20_010_201), "invalid_type"),
        ("given_name", json!("\t"), "required"),
        ("given_name", json!("a\u{0}b"), "invalid_characters"),
        ("family_name", json!("x".repeat(201)), "too_long"),
        ("email", json!("casey"), "invalid_email"),
        ("phone", json!("5".repeat(41)), "too_long"),
        ("mrn", json!("N\n1"), "invalid_characters"),
        ("mrn", json!(""), "required"),
    ] {
        let mut body = good.clone();
        body[name] = value.clone();
        let made = call(&world, "POST", "/v1/patients").by(&clinic.owner).await.json(&body).send().await;
        assert_eq!(made.refused(), [(format!("/{name}"), code.to_owned())], "{name} {value}: {}", made.text);
        let change = call(&world, "PATCH", &format!("/v1/patients/{}", patient.id)).by(&clinic.owner).await;
        let changed = change.header("if-match", "*").json(&json!({name: value})).send().await;
        assert_eq!(changed.refused(), [(format!("/{name}"), code.to_owned())], "{name} {value}: {}", changed.text);
    }
    assert_eq!(clinic.client().patients().get(patient.id).await.unwrap(), patient);
}

#[tokio::test]
async fn each_role_does_with_patients_what_it_may() {
    let world = World::start().await;
    let clinic = world.clinic("north").await;
    let patient = add(&clinic, "Sample").await;
    for (role, reads, writes) in
        [(Role::Practitioner, true, true), (Role::Staff, true, true), (Role::PrivacyOfficer, true, false)]
    {
        let person = clinic.member(role).await;
        let patients = person.client.patients();
        let seen = patients.get(patient.id).await;
        assert_eq!(seen.is_ok(), reads, "{role:?}");
        assert_eq!(patients.search(&by_name("s")).send().await.is_ok(), reads, "{role:?}");
        let refused = |error: Option<rapport_sdk::Error>| error.and_then(|error| error.kind());
        let expected = (!writes).then_some(Kind::Forbidden);
        assert_eq!(refused(patients.create(&named("New")).await.err()), expected, "{role:?}");
        let change = patients.update(&seen.unwrap(), &PatientPatch::default()).await;
        assert_eq!(refused(change.err()), expected, "{role:?}");
    }
}
