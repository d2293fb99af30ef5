//! Files that go with a report: what is taken, what is refused, who gets them, and where they lie.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use crate::{
    emergency,
    gate::{Raw, asking_for_all, count, plain, until},
};
use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use image::GenericImageView;
use rapport_api::attachments::{Scanner, Storage};
use rapport_contract::{
    attachments::Attachment,
    audit::{ActorKind, AuditEvent, Outcome},
    consents::{Category, NewConsent, RecipientChoice, RevokeConsent},
    ids::AttachmentId,
    members::Role,
    patients::Patient,
    problem::Kind,
    reports::{AmendReport, NewReport, Report, ReportKind, Section},
    shares::{NewShare, ShareState},
};
use rapport_sdk::{Client, Error};
use rapport_tests::{
    World, cases, files,
    people::{Clinic, sharing_with},
};
use reqwest::{
    Method,
    header::{
        CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, RETRY_AFTER,
        X_CONTENT_TYPE_OPTIONS,
    },
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;

const TEXT: &[u8] = b"Forward bend: 4 in\nLeft: 16.5 in\n";

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn kind<T>(outcome: Result<T, Error>) -> Option<Kind> {
    outcome.err().and_then(|error| error.kind())
}

/// The stable word by which a file was refused.
fn code<T>(outcome: Result<T, Error>) -> String {
    let error = outcome.err().unwrap();
    let words: Vec<_> = error.field_errors().iter().map(|field| format!("{} {}", field.pointer, field.code)).collect();
    if words.is_empty() { format!("{:?}", error.kind()) } else { words.join(", ") }
}

async fn draft(clinic: &Clinic<'_>, patient: &Patient) -> Report {
    let (kind, body) = (ReportKind::ProgressReport, cases::ankylosing_spondylitis());
    let new = NewReport { patient_id: patient.id, kind, body, sensitive_categories: Vec::new() };
    clinic.client().reports().draft(&new).await.unwrap()
}

/// A consent that covers the files too.
fn asking_for_files(recipient: RecipientChoice) -> NewConsent {
    let mut request = asking_for_all(recipient);
    request.categories.push(Category::Attachments);
    request
}

/// A signed report with a file.
async fn signed_with_file(clinic: &Clinic<'_>, patient: &Patient) -> (Report, Attachment) {
    let draft = draft(clinic, patient).await;
    let file = clinic.client().attachments().add(draft.id, "Bends.txt", "text/plain", TEXT).await.unwrap();
    let draft = clinic.client().reports().get(draft.id).await.unwrap();
    (clinic.client().reports().sign(&draft).await.unwrap(), file)
}

async fn events(clinic: &Clinic<'_>, action: &str) -> Vec<AuditEvent> {
    clinic.client().audit().events().action(action).limit(100).send().await.unwrap().items
}

/// Every file below a folder.
fn objects(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() { found.extend(objects(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

async fn raw(world: &World, who: &Client, method: Method, path: &str) -> Raw {
    Raw::of(plain(world, who, method, path).await).await
}

#[tokio::test]
async fn a_file_is_signed_with_its_report_and_stays_as_it_was() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (sdk, reports) = (north.client().attachments(), north.client().reports());
    let patient = north.patient().await;
    let seen = draft(&north, &patient).await;
    let (text, pdf) = join(
        sdk.add(seen.id, "Bends.txt", "text/plain", TEXT),
        sdk.add(seen.id, "C:\\scans\\knee.v2.pdf", "application/pdf", &files::pdf()),
    )
    .await;
    let (text, pdf) = (text.unwrap(), pdf.unwrap());
    assert_eq!((text.file_name.as_str(), pdf.file_name.as_str()), ("Bends.txt", "knee_v2.pdf"));
    assert_eq!((text.media_type.as_str(), text.sha256.as_str()), ("text/plain", hex(TEXT).as_str()));
    assert_eq!((text.size, text.added_by, text.report_id), (TEXT.len() as i32, north.owner.id, seen.id));
    assert_eq!(text.versions, [0; 0]);
    assert_eq!(sdk.content(text.id).await.unwrap(), TEXT);
    assert_eq!(sdk.content(pdf.id).await.unwrap(), files::pdf());

    // Whoever read the report before the files came would sign what was not read.
    assert_eq!(kind(reports.sign(&seen).await), Some(Kind::Stale));
    let unwanted = sdk.add(seen.id, "x.png", "image/png", &files::png()).await.unwrap();
    sdk.delete(unwanted.id).await.unwrap();
    assert_eq!(kind(sdk.get(unwanted.id).await), Some(Kind::NotFound));
    assert_eq!(kind(sdk.content(unwanted.id).await), Some(Kind::NotFound));
    assert_eq!(kind(sdk.delete(unwanted.id).await), Some(Kind::NotFound));
    let signed = reports.sign(&reports.get(seen.id).await.unwrap()).await.unwrap();

    assert_eq!(sdk.get(text.id).await.unwrap(), Attachment { versions: vec![1], ..text.clone() });
    assert_eq!(kind(sdk.delete(text.id).await), Some(Kind::IllegalTransition));
    let late = sdk.add(signed.id, "Later.txt", "text/plain", b"Forward bend: 3 in\n").await.unwrap();
    let listed = sdk.of_report(signed.id).send().await.unwrap().items;
    let listed: Vec<_> = listed.iter().map(|file| (file.id, file.versions.as_slice())).collect();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0], (late.id, [].as_slice()));
    assert!(listed[1..].iter().all(|(_, versions)| *versions == [1]));

    let seen = reports.get(signed.id).await.unwrap();
    let body = cases::ankylosing_spondylitis();
    let amendment = AmendReport { reason: "A later measure".into(), body, sensitive_categories: None };
    reports.amend(&seen, &amendment).await.unwrap();
    assert_eq!(sdk.get(text.id).await.unwrap().versions, [1, 2]);
    assert_eq!(sdk.get(late.id).await.unwrap().versions, [2]);
    let mut conn = world.database().await;
    for change in [
        "update version_attachments set number = 3",
        "delete from version_attachments",
        "update attachments set size = 1",
    ] {
        diesel_async::SimpleAsyncConnection::batch_execute(&mut conn, change).await.unwrap_err();
    }
    for (action, times) in
        [("attachment.add", 4), ("attachment.read", 3), ("attachment.delete", 2), ("attachment.list", 1)]
    {
        assert_eq!(events(&north, action).await.len(), times, "{action}");
    }
}

#[tokio::test]
async fn a_file_is_handed_out_to_be_saved_and_not_shown() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let name = "Befund \"\u{202e}gpj.exe\u{e4}.txt";
    let file = north.client().attachments().add(report.id, name, "text/plain", TEXT).await.unwrap();
    assert_eq!(file.file_name.as_str(), "Befund _gpj_exe\u{e4}.txt");
    let answer = raw(&world, north.client(), Method::GET, &format!("/v1/attachments/{}/content", file.id)).await;
    let header = |name: HeaderName| answer.headers[&name].to_str().unwrap().to_owned();
    assert_eq!((answer.status, answer.body.as_bytes()), (200, TEXT));
    assert_eq!(header(CONTENT_TYPE), "text/plain; charset=utf-8");
    assert_eq!(header(CONTENT_DISPOSITION), "attachment; filename*=UTF-8''Befund%20_gpj_exe%C3%A4.txt");
    assert_eq!(header(X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(header(CACHE_CONTROL), "no-store");
    assert!(header(CONTENT_SECURITY_POLICY).starts_with("sandbox; default-src 'none'"));
    assert_eq!(header("cross-origin-resource-policy".parse().unwrap()), "same-origin");
}

/// What SAFEGUARDS T18 names, and its neighbours: refused, each by a word of its own.
#[tokio::test]
async fn what_is_not_what_it_says_or_does_something_when_it_is_opened_is_refused() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let sdk = north.client().attachments();
    let js = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>";
    let joined = |parts: &[&[u8]]| parts.concat();
    let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".as_slice();
    let zip_end = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice();
    let cases: Vec<(&str, &str, Vec<u8>, &str)> = vec![
        ("GIFAR", "image/png", joined(&[gif, b"PK\x03\x04", zip_end]), "wrong_type"),
        ("GIF as text", "text/plain", gif.to_vec(), "control_characters"),
        ("PE as PDF", "application/pdf", b"MZ\x90\0\x03".to_vec(), "wrong_type"),
        ("HTML as PNG", "image/png", b"<html><script>alert(1)</script>".to_vec(), "wrong_type"),
        ("HTML as text", "text/plain", b"<html><script>alert(1)</script>".to_vec(), "markup"),
        ("SVG as PNG", "image/png", b"<svg onload=alert(1)>".to_vec(), "wrong_type"),
        (
            "SVG as text",
            "text/plain",
            b"\n <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(),
            "markup",
        ),
        ("a script in a text", "text/plain", b"Notes\n<ScRiPt>alert(1)</sCrIpT>".to_vec(), "markup"),
        ("NUL in a text", "text/plain", b"a\0b".to_vec(), "control_characters"),
        ("escapes in a text", "text/plain", b"\x1b]0;owned\x07".to_vec(), "control_characters"),
        ("Latin-1", "text/plain", b"R\xfccken".to_vec(), "wrong_type"),
        ("a PDF as text", "text/plain", files::pdf(), "wrong_type"),
        ("a PDF behind a text", "text/plain", joined(&[b"Notes\n", &files::pdf()]), "two_types"),
        ("half a PDF", "application/pdf", files::pdf()[..60].to_vec(), "unreadable"),
        ("a PDF of nothing", "application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec(), "unreadable"),
        (
            "a PDF with a broken table",
            "application/pdf",
            String::from_utf8(files::pdf()).unwrap().replace("startxref\n", "startxref\n1").into_bytes(),
            "unreadable",
        ),
        ("a PDF and a ZIP", "application/pdf", joined(&[&files::pdf(), zip_end, b"\n%%EOF"]), "two_types"),
        ("a PDF and a page", "application/pdf", joined(&[&files::pdf(), b"<script>alert(1)</script>"]), "two_types"),
        ("bytes before a PDF", "application/pdf", joined(&[b"\n", &files::pdf()]), "wrong_type"),
        ("a PDF that runs a script", "application/pdf", files::pdf_with("/OpenAction 4 0 R", &[js]), "active_content"),
        (
            "the same, escaped",
            "application/pdf",
            files::pdf_with("/OpenAction 4 0 R", &["<< /S /J#61v#61Script /J#53 (x) >>"]),
            "active_content",
        ),
        (
            "a PDF that starts a program",
            "application/pdf",
            files::pdf_with("/OpenAction 4 0 R", &["<< /S /Launch /F (cmd.exe) >>"]),
            "active_content",
        ),
        (
            "a PDF that sends a form",
            "application/pdf",
            files::pdf_with("/OpenAction 4 0 R", &["<< /S /SubmitForm /F (http://example.org) >>"]),
            "active_content",
        ),
        (
            "a PDF with an action for each page",
            "application/pdf",
            files::pdf_with("/AA << /WC 4 0 R >>", &["<< /S /Named /N /Print >>"]),
            "active_content",
        ),
        (
            "a PDF that carries files",
            "application/pdf",
            files::pdf_with("/Names << /EmbeddedFiles << /Names [] >> >>", &[]),
            "active_content",
        ),
        (
            "a PDF with a form of XML",
            "application/pdf",
            files::pdf_with("/AcroForm << /XFA (x) >>", &[]),
            "active_content",
        ),
        ("half a PNG", "image/png", files::png()[..60].to_vec(), "unreadable"),
        ("half a JPEG", "image/jpeg", files::jpeg()[..40].to_vec(), "unreadable"),
        ("a JPEG as PNG", "image/png", files::jpeg(), "wrong_type"),
        ("a picture of gigabytes", "image/png", files::png_bomb(50_000), "too_many_pixels"),
        ("a picture of many points", "image/png", files::png_bomb(11_000), "too_many_pixels"),
        ("an archive", "application/zip", b"PK\x03\x04".to_vec(), "unknown_value"),
        ("a page by its name", "text/html", TEXT.to_vec(), "unknown_value"),
        ("nothing", "text/plain", Vec::new(), "invalid_base64"),
        ("too much", "text/plain", vec![b'a'; 8 * 1024 * 1024 + 1], "too_large"),
    ];
    let before = objects(&world.folder().join("attachments"));
    for (what, media_type, bytes, refused) in cases {
        let place = if refused == "unknown_value" { "/media_type" } else { "/content" };
        let outcome = sdk.add(report.id, "file", media_type, &bytes).await;
        assert!(outcome.is_err(), "{what} was taken");
        let told = code(outcome);
        assert_eq!(told, format!("{place} {refused}"), "{what}");
    }
    for name in ["", &"x".repeat(4096)] {
        assert_eq!(code(sdk.add(report.id, name, "text/plain", TEXT).await), "/file_name out_of_range");
    }
    assert_eq!(objects(&world.folder().join("attachments")), before, "nothing of it was kept");
    assert!(sdk.of_report(report.id).send().await.unwrap().items.is_empty());
}

#[tokio::test]
async fn of_an_image_only_the_picture_is_kept_the_right_way_up() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let sdk = north.client().attachments();
    let said = "Casey Sample, at 52.5200 N 13.4050 E";
    // As the camera was held: 6 is a quarter turn to the right.
    for (orientation, is_wide) in [(1, true), (3, true), (6, false), (8, false)] {
        let taken = files::jpeg_with_exif(orientation, said);
        assert!(taken.windows(said.len()).any(|window| window == said.as_bytes()), "the metadata are there at first");
        let file = sdk.add(report.id, "knee.jpg", "image/jpeg", &taken).await.unwrap();
        let kept = sdk.content(file.id).await.unwrap();
        assert_eq!((file.sha256, file.size), (hex(&kept), kept.len() as i32));
        for gone in [said.as_bytes(), b"Exif"] {
            assert!(!kept.windows(gone.len()).any(|window| window == gone));
        }
        let picture = image::load_from_memory(&kept).unwrap();
        assert_eq!(picture.dimensions(), if is_wide { (48, 16) } else { (16, 48) }, "{orientation}");
        let first = picture.get_pixel(4, 4).0;
        let is_red = first[0] > first[2];
        assert_eq!(is_red, matches!(orientation, 1 | 6), "{orientation}: {first:?}");
    }
    // Behind a picture and between its parts there is room for anything; none of it stays.
    let hidden = [files::png_with_text(said), b"PK\x03\x04 <script>alert(1)</script>".to_vec()].concat();
    let file = sdk.add(report.id, "x.png", "image/png", &hidden).await.unwrap();
    let kept = sdk.content(file.id).await.unwrap();
    for gone in [said.as_bytes(), b"<script>", b"tEXt"] {
        assert!(!kept.windows(gone.len()).any(|window| window == gone));
    }
    let (before, after) = (image::load_from_memory(&files::png()).unwrap(), image::load_from_memory(&kept).unwrap());
    assert_eq!(before.to_rgb8(), after.to_rgb8(), "and the picture is the same");
}

#[tokio::test]
async fn a_recipient_gets_the_files_of_the_shared_version_through_the_gate_and_on_record() {
    let world = World::start().await;
    let (north, south, west) = (world.clinic("north").await, world.clinic("south").await, world.clinic("west").await);
    let to_south = RecipientChoice::clinic(south.id);
    let patient = north.patient().await;
    let (report, file) = signed_with_file(&north, &patient).await;
    let shares = north.client().shares();

    // The files need a word of their own in the consent, and can be left out.
    north.consented(&patient, &asking_for_all(to_south.clone())).await;
    let refused = shares.create(report.id, &sharing_with(to_south.clone())).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentTooNarrow));
    assert_eq!(refused.problem().unwrap().categories.as_deref(), Some([Category::Attachments].as_slice()));
    let there = Section::ALL.into_iter().filter(|section| !matches!(section, Section::History));
    let body = serde_json::to_value(&report.body).unwrap();
    let there: Vec<_> = there.filter(|section| body.get(section.as_str()).is_some()).collect();
    let without = NewShare { sections: Some(there), ..sharing_with(to_south.clone()) };
    let without = shares.create(report.id, &without).await.unwrap();
    let content = south.client().shares().get(without.id).await.unwrap().content.unwrap();
    assert!(content.attachments.is_empty());
    assert_eq!(kind(south.client().shares().attachment(without.id, file.id).await), Some(Kind::NotFound));

    let consent = north.consented_on_paper(&patient, &asking_for_files(to_south.clone())).await;
    let with = shares.create(report.id, &sharing_with(to_south.clone())).await.unwrap();
    assert_eq!(with.sections.last(), Some(&Section::Attachments));
    // A file that came later, a file of another report, and one that nobody has, are no part of it.
    let late = north.client().attachments().add(report.id, "Later.txt", "text/plain", TEXT).await.unwrap();
    let (_, other) = signed_with_file(&north, &patient).await;
    let theirs = south.client().shares();
    for outside in [late.id, other.id, Uuid::from_u128(7).into()] {
        assert_eq!(kind(theirs.attachment(with.id, outside).await), Some(Kind::NotFound));
        assert_eq!(kind(south.client().attachments().content(outside).await), Some(Kind::NotFound));
    }
    assert_eq!(north.client().shares().get(with.id).await.unwrap().state, ShareState::Delivered);
    assert_eq!(theirs.attachment(with.id, file.id).await.unwrap(), TEXT);
    assert_eq!(north.client().shares().get(with.id).await.unwrap().state, ShareState::Opened, "it was read");
    let content = theirs.get(with.id).await.unwrap().content.unwrap();
    let [listed] = content.attachments.as_slice() else { panic!("{content:?}") };
    assert_eq!((listed.id, &listed.file_name, &listed.sha256), (file.id, &file.file_name, &file.sha256));
    let read = events(&north, "share.read_attachment").await;
    let read: Vec<_> = read.iter().filter(|event| event.outcome == Outcome::Permitted).collect();
    assert_eq!(read.len(), 1);
    assert_eq!((read[0].object_id, read[0].consent_id), (Some(with.id.uuid()), Some(consent.id)));
    let accounted = north.client().audit().disclosures(patient.id).send().await.unwrap().items;
    assert!(accounted.iter().any(|disclosure| disclosure.description.contains("a file that was signed with it")));
    let history = north.client().audit().sharing_history(patient.id).send().await.unwrap().items;
    assert!(history.iter().any(|entry| entry.in_words.as_str().ends_with("read a file of the progress report.")));

    // Nobody but the recipient, by whatever way, and it can't be passed on.
    for (who, what) in [(north.client(), "its sender"), (west.client(), "a stranger")] {
        assert_eq!(kind(who.shares().attachment(with.id, file.id).await), Some(Kind::NotFound), "{what}");
    }
    for who in [south.client(), west.client()] {
        assert_eq!(kind(who.attachments().get(file.id).await), Some(Kind::NotFound));
        assert_eq!(kind(who.attachments().delete(file.id).await), Some(Kind::NotFound));
        assert_eq!(kind(who.attachments().of_report(report.id).send().await), Some(Kind::NotFound));
        assert_eq!(kind(who.attachments().add(report.id, "x", "text/plain", TEXT).await), Some(Kind::NotFound));
    }
    // The ids that are nobody's answer the same bytes.
    let path = |id: AttachmentId| format!("/v1/attachments/{id}/content");
    let one = raw(&world, south.client(), Method::GET, &path(file.id)).await.without_request_id();
    let other = raw(&world, south.client(), Method::GET, &path(Uuid::from_u128(7).into())).await.without_request_id();
    assert_eq!(one, other);

    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    assert_eq!(kind(theirs.attachment(with.id, file.id).await), Some(Kind::ConsentRevoked));
    let denied = events(&north, "share.read_attachment").await.remove(0);
    assert_eq!((denied.outcome, denied.reason.as_deref()), (Outcome::Denied, Some("consent-revoked")));
}

#[tokio::test]
async fn a_guest_gets_the_files_at_the_link_and_not_after_a_withdrawal() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (kim, patient) = ("kim@guest.example.org", north.patient().await);
    let to_kim = RecipientChoice::guest("Kim Guest", kim);
    north.consented(&patient, &asking_for_files(to_kim.clone())).await;
    let (report, file) = signed_with_file(&north, &patient).await;
    let share = north.client().shares().create(report.id, &sharing_with(to_kim)).await.unwrap();
    let guest = world.as_guest(kim).await;
    let content = guest.get().await.unwrap().content.unwrap();
    assert_eq!(content.attachments[0].id, file.id);
    assert_eq!(guest.attachment(file.id).await.unwrap(), TEXT);
    let (_, other) = signed_with_file(&north, &patient).await;
    assert_eq!(kind(guest.attachment(other.id).await), Some(Kind::NotFound));
    let read = events(&north, "share.read_attachment").await;
    let who: Vec<_> = read.iter().map(|event| (event.actor_kind, event.outcome)).collect();
    assert_eq!(who, [(ActorKind::Guest, Outcome::Denied), (ActorKind::Guest, Outcome::Permitted)]);
    let share = north.client().shares().get(share.id).await.unwrap();
    north.client().shares().withdraw(&share).await.unwrap();
    assert_eq!(kind(guest.attachment(file.id).await), Some(Kind::NotFound), "the link ended");
}

#[tokio::test]
async fn whoever_may_not_read_reports_sees_neither_files_nor_their_names() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (report, file) = signed_with_file(&north, &north.patient().await).await;
    for role in [Role::Staff, Role::PrivacyOfficer] {
        let who = north.member(role).await.client.attachments();
        assert_eq!(kind(who.add(report.id, "x", "text/plain", TEXT).await), Some(Kind::Forbidden), "{role:?}");
        assert_eq!(kind(who.of_report(report.id).send().await), Some(Kind::Forbidden), "{role:?}");
        assert_eq!(kind(who.get(file.id).await), Some(Kind::Forbidden), "{role:?}");
        assert_eq!(kind(who.content(file.id).await), Some(Kind::Forbidden), "{role:?}");
        assert_eq!(kind(who.delete(file.id).await), Some(Kind::Forbidden), "{role:?}");
    }
    let practitioner = north.member(Role::Practitioner).await.client.attachments();
    assert_eq!(practitioner.content(file.id).await.unwrap(), TEXT);
    let refused = events(&north, "attachment.read").await;
    assert_eq!(refused.iter().filter(|event| event.outcome == Outcome::Denied).count(), 2);
    assert_eq!(
        events(&north, "attachment.add").await.iter().filter(|event| event.outcome == Outcome::Denied).count(),
        2
    );
}

#[tokio::test]
async fn an_emergency_opens_the_files_of_its_patient_to_be_read_and_nothing_else() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let (report, file) = signed_with_file(&north, &patient).await;
    let (other, elsewhere) = signed_with_file(&north, &north.patient().await).await;
    let staff = north.member(Role::Staff).await;
    emergency::open(&staff, patient.id).await;
    let sdk = staff.client.attachments();
    assert_eq!(sdk.of_report(report.id).send().await.unwrap().items.len(), 1);
    assert_eq!(sdk.get(file.id).await.unwrap().versions, [1]);
    assert_eq!(sdk.content(file.id).await.unwrap(), TEXT);
    let read = events(&north, "attachment.read").await;
    assert_eq!((read[0].outcome, read[0].reason.as_deref()), (Outcome::Permitted, Some("emergency-access")));
    assert_eq!(kind(sdk.content(elsewhere.id).await), Some(Kind::Forbidden));
    assert_eq!(kind(sdk.of_report(other.id).send().await), Some(Kind::Forbidden));
    assert_eq!(kind(sdk.add(report.id, "x", "text/plain", TEXT).await), Some(Kind::Forbidden));
    assert_eq!(kind(sdk.delete(file.id).await), Some(Kind::Forbidden));
    world.travel(TimeDelta::minutes(61));
    assert_eq!(kind(sdk.content(file.id).await), Some(Kind::Forbidden));
}

#[tokio::test]
async fn a_clinic_keeps_as_much_as_it_may_and_not_a_byte_more_however_many_ask_at_once() {
    let world = World::with(|config| config.attachment_quota = 10_000).await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let report = draft(&north, &north.patient().await).await;
    let sdk = north.client().attachments();
    let text = vec![b'a'; 1_500];
    let all = join_all((0..12).map(|_| sdk.add(report.id, "a.txt", "text/plain", &text))).await;
    let (kept, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    assert_eq!(kept.len(), 6, "6 times 1,500 bytes are what fits in 10,000");
    for refused in refused {
        let refused = refused.unwrap_err();
        assert_eq!((refused.status(), refused.kind()), (Some(413), Some(Kind::QuotaExceeded)));
    }
    let used = format!("select bytes as count from attachment_usage where clinic_id = '{}'", north.id);
    assert_eq!(count(&world, &used).await, 9_000);
    // What another clinic keeps is its own affair, and what is taken away makes room.
    let elsewhere = draft(&south, &south.patient().await).await;
    south.client().attachments().add(elsewhere.id, "a.txt", "text/plain", &text).await.unwrap();
    let files: Vec<Attachment> = kept.into_iter().map(Result::unwrap).collect();
    let (one, other) = join(sdk.delete(files[0].id), sdk.delete(files[0].id)).await;
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(count(&world, &used).await, 7_500, "counted once");
    sdk.add(report.id, "a.txt", "text/plain", &text).await.unwrap();
    assert_eq!(
        events(&north, "attachment.add").await.iter().filter(|event| event.outcome == Outcome::Denied).count(),
        6
    );
}

#[tokio::test]
async fn the_same_request_twice_adds_one_file() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let body = json!({"file_name": "a.txt", "media_type": "text/plain", "content": "Zm9yd2FyZA=="});
    let path = format!("/v1/reports/{}/attachments", report.id);
    let send = async |body: &Value| {
        let request = plain(&world, north.client(), Method::POST, &path).await;
        Raw::of(request.header("idempotency-key", "k").json(body)).await
    };
    let answers = join_all((0..6).map(|_| send(&body))).await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)), "{answers:?}");
    let again = send(&body).await;
    assert_eq!((again.status, again.headers["idempotency-replayed"].to_str().unwrap()), (201, "true"));
    let listed = north.client().attachments().of_report(report.id).send().await.unwrap().items;
    assert_eq!((listed.len(), again.json()["id"].as_str().unwrap()), (1, listed[0].id.to_string().as_str()));
    let other = send(&json!({"file_name": "b.txt", "media_type": "text/plain", "content": "Zm9yd2FyZA=="})).await;
    assert_eq!((other.status, other.slug()), (422, "idempotency-key-reused".to_owned()));
}

#[tokio::test]
async fn of_a_signature_and_a_deletion_at_once_the_version_holds_what_is_there() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (sdk, reports) = (north.client().attachments(), north.client().reports());
    let patient = north.patient().await;
    for _ in 0..6 {
        let report = draft(&north, &patient).await;
        let file = sdk.add(report.id, "a.txt", "text/plain", TEXT).await.unwrap();
        let seen = reports.get(report.id).await.unwrap();
        let (signed, deleted) = join(reports.sign(&seen), sdk.delete(file.id)).await;
        match (&signed, &deleted) {
            (Ok(_), Err(refused)) => {
                assert_eq!(refused.kind(), Some(Kind::IllegalTransition));
                assert_eq!(sdk.get(file.id).await.unwrap().versions, [1]);
            }
            (Err(refused), Ok(())) => {
                assert_eq!(refused.kind(), Some(Kind::Stale), "what was read is not what would be signed");
                assert_eq!(kind(sdk.get(file.id).await), Some(Kind::NotFound));
            }
            both => panic!("{both:?}"),
        }
    }
}

/// What a pretended clamd answers to each file, if it does.
async fn clamd(answer: impl Fn(&[u8]) -> Option<&'static str> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    #[expect(clippy::disallowed_methods, reason = "it lives as long as its test's runtime")]
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut file = Vec::new();
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut part = vec![0; length as usize];
                stream.read_exact(&mut part).await.unwrap();
                file.extend(part);
            }
            if let Some(answer) = answer(&file) {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    address
}

#[tokio::test]
async fn a_file_passes_the_scanner_or_is_not_taken() {
    let found = clamd(|file| {
        let is_test = file.windows(5).any(|window| window == b"EICAR");
        match file {
            b"silent" => None,
            b"confused" => Some("stream: OKAY\0"),
            b"large" => Some("INSTREAM size limit exceeded. ERROR\0"),
            _ if is_test => Some("stream: Win.Test.EICAR_HDB-1 FOUND\0"),
            _ => Some("stream: OK\0"),
        }
    })
    .await;
    let world = World::with(move |config| config.attachment_scanner = Some(Scanner::at(found))).await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let sdk = north.client().attachments();
    sdk.add(report.id, "a.txt", "text/plain", TEXT).await.unwrap();
    assert_eq!(code(sdk.add(report.id, "a.txt", "text/plain", &files::eicar()).await), "/content malware");
    for no_verdict in [b"silent".as_slice(), b"confused", b"large"] {
        let refused = sdk.add(report.id, "a.txt", "text/plain", no_verdict).await.unwrap_err();
        assert_eq!((refused.kind(), refused.retry_after()), (Some(Kind::Unavailable), Some(Duration::from_secs(30))));
    }
    // A scan of a form goes the same way.
    let hidden = files::pdf_with("", &["(EICAR)"]);
    let consent =
        north.ask(&north.patient().await, &asking_for_all(RecipientChoice::guest("Kim", "k@example.org"))).await;
    let form = json!({"signed_name": "C", "signed_on": "2020-01-01", "attested": true,
        "form": {"media_type": "application/pdf", "content": base64(&hidden)}});
    let request =
        plain(&world, north.client(), Method::POST, &format!("/v1/consents/{}/paper_signature", consent.id)).await;
    let refused = Raw::of(request.header("if-match", "\"1\"").json(&form)).await;
    assert_eq!((refused.status, refused.json()["errors"][0]["code"].as_str()), (422, Some("malware")));
    assert_eq!(sdk.of_report(report.id).send().await.unwrap().items.len(), 1);
}

fn base64(bytes: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(bytes)
}

#[tokio::test]
async fn a_scanner_that_can_not_be_reached_closes_the_door() {
    // A port that was free a moment ago.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let world = World::with(move |config| config.attachment_scanner = Some(Scanner::at(nobody))).await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let body = json!({"file_name": "a.txt", "media_type": "text/plain", "content": base64(TEXT)});
    let request = plain(&world, north.client(), Method::POST, &format!("/v1/reports/{}/attachments", report.id)).await;
    let answer = Raw::of(request.json(&body)).await;
    assert_eq!((answer.status, answer.slug()), (503, "unavailable".to_owned()));
    assert_eq!(answer.headers[RETRY_AFTER], "30");
    assert!(objects(&world.folder().join("attachments")).is_empty());
}

#[tokio::test]
async fn the_storage_holds_sealed_bytes_that_open_in_their_own_place_alone() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let folder = world.folder().join("attachments");
    let sdk = north.client().attachments();
    let report = draft(&north, &north.patient().await).await;
    let one = sdk.add(report.id, "one.txt", "text/plain", TEXT).await.unwrap();
    let other = sdk.add(report.id, "other.txt", "text/plain", b"Something else entirely").await.unwrap();
    let there = objects(&folder);
    assert_eq!(there.len(), 2);
    for object in &there {
        let bytes = fs::read(object).unwrap();
        for plain in [b"Forward".as_slice(), b"entirely", b"one.txt"] {
            assert!(!bytes.windows(plain.len()).any(|window| window == plain));
        }
        assert!(!object.to_string_lossy().contains("one"), "names are sealed too");
    }
    let name = "select count(*) from attachments where position(convert_to('one.txt', 'UTF8') in details) > 0";
    assert_eq!(count(&world, name).await, 0);
    let at = |id: AttachmentId| folder.join(north.id.to_string()).join(id.to_string());
    let kept = fs::read(at(one.id)).unwrap();
    for wrong in [fs::read(at(other.id)).unwrap(), kept[..kept.len() - 1].to_vec(), Vec::new()] {
        fs::write(at(one.id), wrong).unwrap();
        assert_eq!(kind(sdk.content(one.id).await), Some(Kind::Internal));
    }
    fs::remove_file(at(one.id)).unwrap();
    assert_eq!(
        kind(sdk.content(one.id).await),
        Some(Kind::Unavailable),
        "a storage that is restored later brings it back"
    );
    fs::write(at(one.id), kept).unwrap();
    assert_eq!(sdk.content(one.id).await.unwrap(), TEXT);
}

#[tokio::test]
async fn what_has_no_row_is_swept_away_after_a_day_and_nothing_else() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let folder = world.folder().join("attachments");
    let sdk = north.client().attachments();
    let report = draft(&north, &north.patient().await).await;
    let kept = sdk.add(report.id, "a.txt", "text/plain", TEXT).await.unwrap();
    let gone = sdk.add(report.id, "b.txt", "text/plain", TEXT).await.unwrap();
    sdk.delete(gone.id).await.unwrap();
    // One whose sender left before it had a row; one of a clinic of another database; and what is none of ours.
    let orphan = folder.join(north.id.to_string()).join(Uuid::from_u128(7).to_string());
    let foreign = folder.join(Uuid::from_u128(8).to_string()).join(Uuid::from_u128(9).to_string());
    fs::create_dir_all(foreign.parent().unwrap()).unwrap();
    for stray in [&orphan, &foreign, &folder.join("notes.txt")] {
        fs::write(stray, "stray").unwrap();
    }
    world.service().signals.sweep.notify_one();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(objects(&folder).len(), 5, "it is too young to be swept");
    world.travel(TimeDelta::hours(25));
    until("the sweep", async || {
        world.service().signals.sweep.notify_one();
        objects(&folder).len() == 3
    })
    .await;
    assert!(foreign.exists() && folder.join("notes.txt").exists());
    assert!(folder.join(north.id.to_string()).join(kept.id.to_string()).exists());
}

#[tokio::test]
async fn a_sender_who_leaves_in_the_middle_leaves_no_row() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    let body = json!({"file_name": "a.txt", "media_type": "text/plain", "content": base64(&vec![b'a'; 3 << 20])});
    let path = format!("/v1/reports/{}/attachments", report.id);
    for patience in [1, 5, 20, 60, 150] {
        let request = plain(&world, north.client(), Method::POST, &path).await.json(&body);
        tokio::time::timeout(Duration::from_millis(patience), request.send()).await.ok();
    }
    // Whatever was done was done whole, and is done whole while some of it still goes on: each row has its event and counts.
    for _ in 0..20 {
        let whole = "select count(*) from (select \
            (select count(*) from attachments) = (select count(*) from audit_events where action = 'attachment.add') and \
            coalesce((select sum(size) from attachments), 0) = coalesce((select sum(bytes) from attachment_usage), 0) as it) \
            as whole where it";
        assert_eq!(count(&world, whole).await, 1);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for file in north.client().attachments().of_report(report.id).send().await.unwrap().items {
        assert_eq!(north.client().attachments().content(file.id).await.unwrap().len(), 3 << 20);
    }
}

#[tokio::test]
async fn a_storage_that_can_not_be_written_to_changes_nothing() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let report = draft(&north, &north.patient().await).await;
    // A file stands where the clinic's folder would be.
    fs::write(world.folder().join("attachments").join(north.id.to_string()), "in the way").unwrap();
    let refused = north.client().attachments().add(report.id, "a.txt", "text/plain", TEXT).await.unwrap_err();
    assert_eq!((refused.status(), refused.kind()), (Some(503), Some(Kind::Unavailable)));
    assert!(north.client().attachments().of_report(report.id).send().await.unwrap().items.is_empty());
    assert_eq!(north.client().reports().get(report.id).await.unwrap().version, report.version);
}

#[test]
fn the_folder_is_the_default_and_a_bucket_a_setting() {
    assert_eq!(
        Storage::parse("s3://north/files"),
        Some(Storage::Bucket { name: "north".into(), prefix: "files".into() })
    );
    assert_eq!(Storage::parse("/srv/files"), Some(Storage::Folder("/srv/files".into())));
}
