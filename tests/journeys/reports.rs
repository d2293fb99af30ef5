//! Drafts, signatures, amendments, versions, and the document.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::gate::{Raw, plain, with_canaries};
use futures_util::{TryStreamExt, future::join};
use rapport_contract::{
    patients::NewPatient,
    problem::Kind,
    reports::{AmendReport, Citation, Goal, NewReport, Report, ReportBody, ReportKind, ReportPatch, ReportState},
};
use rapport_sdk::Error;
use rapport_tests::{World, cases, people::Clinic};
use reqwest::{
    Method,
    header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, IF_MATCH},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn kind<T>(refused: &Result<T, Error>) -> Option<Kind> {
    refused.as_ref().err().and_then(Error::kind)
}

async fn draft(clinic: &Clinic<'_>, body: ReportBody) -> Report {
    let patient = clinic.patient().await;
    let kind = ReportKind::ProgressReport;
    let new = NewReport { patient_id: patient.id, kind, body, sensitive_categories: Vec::new() };
    clinic.client().reports().draft(&new).await.unwrap()
}

#[tokio::test]
async fn a_signature_names_each_part_that_is_missing() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let whole = cases::ankylosing_spondylitis;
    let change = |change: fn(&mut ReportBody)| {
        let mut body = whole();
        change(&mut body);
        body
    };
    let cases: [(ReportBody, &[&str]); 8] = [
        (ReportBody::default(), &["/body/treatment", "/body/schedule", "/body/goals", "/body/measures"]),
        (change(|body| body.treatment = None), &["/body/treatment"]),
        (change(|body| body.treatment.as_mut().unwrap().why = " ".into()), &["/body/treatment/why"]),
        (change(|body| body.schedule.as_mut().unwrap().duration = "".into()), &["/body/schedule/duration"]),
        (change(|body| body.goals.clear()), &["/body/goals"]),
        (change(|body| body.goals[0].measure = Some("Another".into())), &["/body/goals/0/measure"]),
        (change(|body| body.measures.clear()), &["/body/goals/0/measure", "/body/measures"]),
        (change(|body| body.measures[1].current = None), &["/body/measures/1/current"]),
    ];
    for (body, missing) in cases {
        let draft = draft(&north, body).await;
        let refused = north.client().reports().sign(&draft).await.unwrap_err();
        assert_eq!((refused.status(), refused.kind()), (Some(422), Some(Kind::ReportIncomplete)));
        let named: Vec<_> = refused.field_errors().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(named, missing);
        assert_eq!(north.client().reports().get(draft.id).await.unwrap(), draft, "nothing was changed");
    }
}

#[tokio::test]
async fn a_draft_is_changed_as_it_was_read_and_what_is_signed_by_amendments_only() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let reports = north.client().reports();
    let draft = draft(&north, ReportBody::default()).await;
    let path = format!("/v1/reports/{}", draft.id);
    let patch = ReportPatch { body: Some(cases::ankylosing_spondylitis()), ..ReportPatch::default() };
    let send = async |method: Method, of: &str, tag: Option<&str>, body: Value| {
        let mut request = plain(&world, north.client(), method, &format!("{path}{of}")).await.json(&body);
        if let Some(tag) = tag {
            request = request.header(IF_MATCH, tag);
        }
        let answer = Raw::of(request).await;
        (answer.status, answer.slug())
    };
    let amendment = || json!({"reason": "R", "body": cases::ankylosing_spondylitis()});
    for (method, of, body) in [
        (Method::PATCH, "", serde_json::to_value(&patch).unwrap()),
        (Method::POST, "/signature", json!({})),
        (Method::POST, "/amendments", amendment()),
    ] {
        let missing = send(method.clone(), of, None, body.clone()).await;
        assert_eq!(missing, (428, "precondition-required".to_owned()), "{of}");
        assert_eq!(send(method, of, Some("\"7\""), body).await, (412, "stale".to_owned()), "{of}");
    }
    let changed = reports.update(&draft, &patch).await.unwrap();
    assert_eq!((changed.version, &changed.body), (2, patch.body.as_ref().unwrap()));
    assert_eq!(kind(&reports.update(&draft, &patch).await), Some(Kind::Stale));
    assert_eq!(kind(&reports.sign(&draft).await), Some(Kind::Stale));
    assert_eq!(kind(&south.client().reports().update(&changed, &patch).await), Some(Kind::NotFound));
    assert_eq!(kind(&south.client().reports().sign(&changed).await), Some(Kind::NotFound));
    let early = reports.amend(&changed, &serde_json::from_value(amendment()).unwrap()).await;
    assert_eq!(kind(&early), Some(Kind::IllegalTransition));

    let signed = reports.sign(&changed).await.unwrap();
    assert_eq!((signed.state, signed.current_version), (ReportState::Signed, Some(1)));
    let late = reports.update(&signed, &patch).await;
    assert_eq!(late.unwrap_err().problem().unwrap().allowed, Some(vec!["amendments".to_owned(), "shares".to_owned()]));
    assert_eq!(kind(&reports.sign(&signed).await), Some(Kind::IllegalTransition));
}

#[tokio::test]
async fn of_two_signatures_or_amendments_at_once_one_wins() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let reports = north.client().reports();
    for _ in 0..5 {
        let draft = draft(&north, cases::ankylosing_spondylitis()).await;
        let (one, other) = join(reports.sign(&draft), reports.sign(&draft)).await;
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        let lost = kind(&one).or(kind(&other));
        assert!(matches!(lost, Some(Kind::Stale | Kind::IllegalTransition)), "{lost:?}");

        let signed = one.or(other).unwrap();
        let amendment = |reason: &str| AmendReport {
            reason: reason.into(),
            body: cases::ankylosing_spondylitis(),
            sensitive_categories: None,
        };
        let (first, second) = (amendment("One"), amendment("Other"));
        let (one, other) = join(reports.amend(&signed, &first), reports.amend(&signed, &second)).await;
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        assert_eq!(kind(&one).or(kind(&other)), Some(Kind::Stale));
        let versions = reports.versions(draft.id).send().await.unwrap();
        assert_eq!(versions.items.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    }
}

/// The hash of a body as it was served, by RFC 8785.
fn hash_of(body: &Value) -> String {
    let canonical = serde_json_canonicalizer::to_vec(body).unwrap();
    Sha256::digest(canonical).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn whoever_has_a_version_can_check_its_hash_and_no_version_ever_changes() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let reports = north.client().reports();
    let mut body = with_canaries();
    body.summary = Some("Ü \u{1F600} \"quoted\" \\ \u{2028} line\nbreak\ttab / é e\u{301}".into());
    body.measures[0].baseline = Some(1e21.into());
    body.measures[0].current = Some(0.000_000_1.into());
    body.measures[1].baseline = Some(0.1.into());
    let draft = draft(&north, body).await;
    let mut report = reports.sign(&draft).await.unwrap();
    for number in 2..=7 {
        let mut body = report.body.clone();
        body.summary = Some(format!("Version {number}").into());
        let reason = format!("Because {number}").into();
        report = reports.amend(&report, &AmendReport { reason, body, sensitive_categories: None }).await.unwrap();
    }
    let served = async |number: i32| {
        let path = format!("/v1/reports/{}/versions/{number}", draft.id);
        Raw::of(plain(&world, north.client(), Method::GET, &path).await).await
    };
    for number in 1..=7 {
        let version = served(number).await.json();
        assert_eq!(version["content_hash"], hash_of(&version["body"]), "version {number}");
    }
    let first = reports.version(draft.id, 1).await.unwrap();
    assert_eq!((first.body, first.amendment_reason), (draft.body.clone(), None));
    let last = reports.version(draft.id, 7).await.unwrap();
    assert_eq!(last.amendment_reason.unwrap().as_str(), "Because 7");
    for number in [0, 8, -1] {
        assert_eq!(served(number).await.status, 404, "{number}");
    }
    let pages = reports.versions(draft.id).limit(3);
    let numbers: Vec<i32> = pages.clone().stream().map_ok(|version| version.number).try_collect().await.unwrap();
    assert_eq!(numbers, [7, 6, 5, 4, 3, 2, 1]);
    let page = pages.clone().send().await.unwrap();
    assert_eq!(page.items.len(), 3);
    let next = pages.cursor(page.next_cursor.unwrap()).send().await.unwrap();
    assert_eq!(next.items[0].number, 4);
    // The shared content carries the same hash: it is of the whole version, which the recipient may see a part of.
    let whole = serde_json::to_value(&report.body).unwrap();
    assert_eq!(report.content_hash, Some(hash_of(&whole)));
}

const EVIL: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}";

fn evil_body() -> ReportBody {
    let mut body = with_canaries();
    let evil = || Some(EVIL.into());
    let treatment = body.treatment.as_mut().unwrap();
    (treatment.what, treatment.why) = (EVIL.into(), EVIL.into());
    let schedule = body.schedule.as_mut().unwrap();
    (schedule.frequency, schedule.duration) = (EVIL.into(), EVIL.into());
    let measure = body.measures.first_mut().unwrap();
    measure.name = EVIL.into();
    measure.unit = Some(EVIL.chars().take(60).collect());
    measure.note = evil();
    body.goals = vec![Goal {
        goal: EVIL.into(),
        anticipated_outcome: evil(),
        measure: evil(),
        target: Some(4.0.into()),
        target_date: None,
    }];
    for prose in [
        &mut body.condition,
        &mut body.summary,
        &mut body.history,
        &mut body.reexamination,
        &mut body.follow_up,
        &mut body.co_management,
        &mut body.questions,
    ] {
        *prose = evil();
    }
    body.citations = vec![Citation {
        text: EVIL.to_owned(),
        doi: Some("10.1/<script>alert(1)</script>".to_owned()),
        relevance: Some(EVIL.to_owned()),
    }];
    body
}

#[tokio::test]
async fn a_document_escapes_whatever_stands_in_a_report() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let new = NewPatient {
        given_name: "<script>alert(1)</script>".into(),
        family_name: "<b>Sample</b>".into(),
        birth_date: cases::birth_date().into(),
        mrn: Some("<i>7</i>".into()),
        email: None,
        phone: None,
    };
    let patient = north.client().patients().create(&new).await.unwrap();
    let report = north.signed_report(&patient, Some(evil_body())).await;
    let path = format!("/v1/reports/{}/document", report.id);
    let answer = Raw::of(plain(&world, north.client(), Method::GET, &path).await).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
    assert_eq!(answer.headers["cache-control"], "no-store");
    let html = answer.body;
    for raw in ["<script", "<img", "<b>", "<i>", "onerror=alert(1)>", ">49<"] {
        assert!(!html.contains(raw), "{raw} is in the document");
    }
    let escaped = html.matches("&lt;script&gt;alert(1)").count();
    assert!(escaped >= 20, "each of them is there as text: {escaped}");
}

#[tokio::test]
async fn a_document_says_what_it_is_and_shows_measures_in_their_units() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let draft = draft(&north, cases::ankylosing_spondylitis()).await;
    let banner = "DRAFT - not signed.";
    let html = north.client().reports().document_html(draft.id).await.unwrap();
    assert!(html.contains(banner) && html.contains("Not signed."));
    let report = north.client().reports().sign(&draft).await.unwrap();
    let html = north.client().reports().document_html(draft.id).await.unwrap();
    assert!(!html.contains(banner));
    assert!(html.contains(report.content_hash.as_deref().unwrap()));
    // The finger-to-floor distance went down by 4.5 inches, which is better: inches, and neither points nor per cent.
    let row = html.split("<tr>").find(|row| row.contains("lateral left")).unwrap();
    for cell in ["data-label=\"Unit\">in<", ">21<", ">16.5<", ">-4.5<", "better"] {
        assert!(row.contains(cell), "{cell} is not in {row}");
    }
    assert!(!row.contains("points") && !row.contains('%'), "{row}");

    let path = format!("/v1/reports/{}/document", report.id);
    let accepting = async |accept: &str| {
        Raw::of(plain(&world, north.client(), Method::GET, &path).await.header(ACCEPT, accept)).await
    };
    for accept in ["application/pdf", "image/png", "text/html;q=0", "application/json, application/pdf"] {
        let answer = accepting(accept).await;
        assert_eq!((answer.status, answer.slug()), (406, "not-acceptable".to_owned()), "{accept}");
    }
    for accept in ["text/html", "*/*", "text/*;q=0.5", "application/pdf, text/html;q=0.1"] {
        assert_eq!(accepting(accept).await.status, 200, "{accept}");
    }
    assert_eq!(kind(&south.client().reports().document_html(report.id).await), Some(Kind::NotFound));
    assert_eq!(kind(&north.client().reports().document_html(Uuid::from_u128(7).into()).await), Some(Kind::NotFound));
}

#[tokio::test]
async fn an_amended_document_says_that_it_is_amended_and_why() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let draft = draft(&north, cases::ankylosing_spondylitis()).await;
    let signed = north.client().reports().sign(&draft).await.unwrap();
    let reason = "The distance was <wrong>".into();
    let amendment = AmendReport { reason, body: signed.body.clone(), sensitive_categories: None };
    north.client().reports().amend(&signed, &amendment).await.unwrap();
    let html = north.client().reports().document_html(draft.id).await.unwrap();
    assert!(html.contains("This version amends an earlier one."));
    assert!(html.contains("The distance was &lt;wrong&gt;"));
    assert!(html.contains("version 2"));
}
