//! Asking, signing on paper, revoking on the patient's word: the clinic's side of consent.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::gate::{Raw, count, plain};
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join;
use rapport_contract::{
    consents::{Consent, ConsentMethod, ConsentState, PaperForm, PaperSignature, RecipientChoice, RevokeConsent},
    members::Role,
    problem::Kind,
};
use rapport_tests::{
    World, files,
    people::{asking_for, wall_clock},
};
use reqwest::{Method, header::IF_MATCH};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let three = [chunk.first(), chunk.get(1), chunk.get(2)].map(|byte| byte.copied().unwrap_or_default());
        let number = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4_usize {
            let digit = (number >> (18 - 6 * place)) & 63;
            let is_there = place <= chunk.len();
            text.push(if is_there { char::from(DIGITS[digit as usize]) } else { '=' });
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn paper(media_type: &str, scan: &[u8]) -> PaperSignature {
    PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: wall_clock().date_naive(),
        attested: true,
        form: PaperForm { media_type: media_type.to_owned(), content: base64(scan).into() },
    }
}

/// The codes and places of the fields that an answer refuses.
fn refused(answer: &Raw) -> Vec<String> {
    assert_eq!((answer.status, answer.slug().as_str()), (422, "validation"), "{answer:?}");
    let errors = answer.json()["errors"].as_array().unwrap().clone();
    let word = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    errors.iter().map(|error| format!("{} {}", word(error, "pointer"), word(error, "code"))).collect()
}

#[tokio::test]
async fn a_signature_on_paper_takes_the_scan_the_attestation_and_the_version_that_was_read() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (staff, officer) = (north.member(Role::Staff).await, north.member(Role::PrivacyOfficer).await);
    let patient = north.patient().await;
    let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let path = format!("/v1/consents/{}/paper_signature", consent.id);
    let send = async |who, tag: Option<&str>, body: &Value| {
        let mut request = plain(&world, who, Method::POST, &path).await.json(body);
        if let Some(tag) = tag {
            request = request.header(IF_MATCH, tag);
        }
        Raw::of(request).await
    };
    let good = serde_json::to_value(paper("application/pdf", &files::pdf())).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let tag = format!("\"{}\"", consent.version);

    let cases = [
        (with("/attested", json!(false)), "/attested required"),
        (with("/signed_name", json!(" ")), "/signed_name required"),
        (with("/signed_on", json!("2999-01-01")), "/signed_on out_of_range"),
        (with("/form/content", json!(base64(&files::png()))), "/form/content wrong_type"),
        (with("/form/content", json!(base64(b"<html>"))), "/form/content wrong_type"),
        (with("/form/content", json!("not base 64!")), "/form/content invalid_base64"),
        (with("/form/content", json!("")), "/form/content invalid_base64"),
        (with("/form/media_type", json!("image/png")), "/form/content wrong_type"),
        (with("/form/media_type", json!("text/html")), "/form/media_type unknown_value"),
        (
            with("/form/content", json!(base64(&[files::pdf(), vec![b' '; 8 * 1024 * 1024]].concat()))),
            "/form/content too_large",
        ),
    ];
    for (body, refusal) in cases {
        let answer = send(&staff.client, Some(&tag), &body).await;
        assert_eq!(refused(&answer), [refusal]);
    }
    let huge = with("/form/content", json!("A".repeat(13 * 1024 * 1024)));
    let answer = send(&staff.client, Some(&tag), &huge).await;
    assert_eq!((answer.status, answer.slug()), (413, "content-too-large".to_owned()));

    let answer = send(&staff.client, None, &good).await;
    assert_eq!((answer.status, answer.slug()), (428, "precondition-required".to_owned()));
    for stale in ["\"0\"", "\"2\"", "W/\"1\"", "1"] {
        let answer = send(&staff.client, Some(stale), &good).await;
        assert_eq!((answer.status, answer.slug()), (412, "stale".to_owned()), "{stale}");
    }
    let answer = send(&officer.client, Some(&tag), &good).await;
    assert_eq!((answer.status, answer.slug()), (403, "forbidden".to_owned()));
    assert_eq!(send(south.client(), Some(&tag), &good).await.status, 404);
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Pending);

    let answer = send(&staff.client, Some(&tag), &good).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let signed: Consent = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(signed.state, ConsentState::Active);
    let signature = signed.signature.unwrap();
    assert_eq!((signature.method, signature.paper_form_hash), (ConsentMethod::Paper, Some(hex(&files::pdf()))));
    let kept = format!(
        "select count(*) from consent_forms where consent_id = '{}' and attested_by = '{}' and content is null",
        consent.id, staff.id
    );
    assert_eq!(count(&world, &kept).await, 1, "the scan is kept in the storage, with who attested it");
    for who in [&staff.client, &officer.client, north.client()] {
        assert_eq!(who.consents().form(consent.id).await.unwrap(), files::pdf(), "as it came");
    }
    assert_eq!(south.client().consents().form(consent.id).await.unwrap_err().kind(), Some(Kind::NotFound));
    let again = send(&staff.client, Some("\"2\""), &good).await;
    assert_eq!(
        (again.status, again.slug(), again.json()["allowed"].clone()),
        (409, "illegal-transition".to_owned(), json!(["revocation"]))
    );

    for (media_type, scan) in [("image/png", files::png()), ("image/jpeg", files::jpeg())] {
        let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
        let signed = staff.client.consents().record_paper_signature(&consent, &paper(media_type, &scan)).await.unwrap();
        assert_eq!(signed.state, ConsentState::Active);
    }
}

#[tokio::test]
async fn of_a_signature_on_paper_and_one_at_the_link_at_once_one_counts() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    for _ in 0..3 {
        let patient = north.patient().await;
        let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
        let session = world.at_link(&patient).await;
        let seen = session.get().await.unwrap();
        let form = paper("application/pdf", &files::pdf());
        let on_paper = north.client().consents();
        let (link, paper) =
            join(session.sign(&seen, "Casey Sample"), on_paper.record_paper_signature(&consent, &form)).await;
        assert_ne!(link.is_ok(), paper.is_ok(), "{link:?} {paper:?}");
        let refused = link.err().or(paper.err()).unwrap();
        assert!(matches!(refused.kind(), Some(Kind::Stale | Kind::IllegalTransition)), "{refused}");
        let signed = format!(
            "select count(*) from audit_events where consent_id = '{}' and outcome = 'permitted' and action in ('consent.sign', 'consent.record_paper')",
            consent.id
        );
        assert_eq!(count(&world, &signed).await, 1);
    }
}

#[tokio::test]
async fn everybody_of_the_clinic_and_nobody_else_revokes_on_the_patients_word() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let people = [
        north.member(Role::Staff).await,
        north.member(Role::PrivacyOfficer).await,
        north.member(Role::Practitioner).await,
    ];
    let patient = north.patient().await;
    for person in &people {
        let asked = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
        let consent = north
            .client()
            .consents()
            .record_paper_signature(&asked, &paper("application/pdf", &files::pdf()))
            .await
            .unwrap();
        let stranger = south.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap_err();
        assert_eq!(stranger.kind(), Some(Kind::NotFound));
        assert_eq!(south.client().consents().get(consent.id).await.unwrap_err().kind(), Some(Kind::NotFound));
        // A version may be named, and then it counts; without one nothing stands in the way.
        let path = format!("/v1/consents/{}/revocation", consent.id);
        let stale = plain(&world, &person.client, Method::POST, &path).await.header(IF_MATCH, "\"1\"");
        assert_eq!(Raw::of(stale).await.status, 412);
        let bare = Raw::of(plain(&world, &person.client, Method::POST, &path).await).await;
        assert_eq!(bare.status, 200, "without a body and without a version: {bare:?}");
        let revoked = north.client().consents().get(consent.id).await.unwrap();
        assert_eq!((revoked.state, revoked.revocation_method), (ConsentState::Revoked, Some(ConsentMethod::Word)));
        let again = person.client.consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap_err();
        assert_eq!(again.problem().unwrap().allowed.as_deref(), Some([].as_slice()));
    }
}

#[tokio::test]
async fn the_text_and_the_terms_of_a_consent_never_change_and_an_end_is_an_end() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let consent = north.consented(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    assert_eq!(consent.statement_hash, hex(consent.statement.as_str().as_bytes()));
    // The service does not do it; whatever else might is refused by the database.
    let id = consent.id;
    let mut database = world.database().await;
    for change in [
        "statement = statement || ' and more'",
        "statement_hash = 'x'",
        "statement_version = 'x'",
        "recipients = '[]'",
        "categories = '{history}'",
        "purpose = 'research'",
        "two_way = true",
        "starts_at = now()",
        "expires_at = expires_at + interval '1 day'",
    ] {
        let refused = database.batch_execute(&format!("update consents set {change} where id = '{id}'")).await;
        assert!(refused.is_err(), "{change}");
    }
    north.client().consents().revoke(id, &RevokeConsent { note: Some("By telephone".into()) }).await.unwrap();
    for state in ["active", "pending"] {
        let change = format!("update consents set state = '{state}', revoked_at = null where id = '{id}'");
        assert!(database.batch_execute(&change).await.is_err(), "{state}");
    }
    let now = north.client().consents().get(id).await.unwrap();
    assert_eq!((now.state, now.statement), (ConsentState::Revoked, consent.statement));
}
