//! The console of those who work at a clinic, from the first sign-in on: made with the TypeScript client alone.

use crate::referrals::{referred, with};
use diesel_async::SimpleAsyncConnection;
use fantoccini::key::Key;
use rapport_contract::{
    attachments::Attachment,
    consents::ConsentState,
    ids::{PatientId, ReportId},
    patients::{Patient, PatientSearch},
    referrals::{ReferralState, ReferralVerb},
    reports::{AmendReport, NewReport, ReportKind},
    shares::ShareState,
};
use rapport_sdk::totp_code;
use rapport_tests::{
    World,
    browser::Browser,
    cases, files,
    people::{Clinic, PASSWORD},
};
use serde_json::json;
use std::fs;

/// Signs the owner of a clinic in at the page.
async fn sign_in(browser: &Browser, world: &World, clinic: &Clinic<'_>, there: &str) {
    // As if the code of this half minute had not been used.
    let unused = format!("update members set totp_last_step = 0 where id = '{}'", clinic.owner.id);
    world.database().await.batch_execute(&unused).await.unwrap();
    browser.is_there("#sign-in").await;
    browser.type_into("#email", &clinic.owner.email).await;
    browser.type_into("#password", PASSWORD).await;
    browser.click("#sign-in").await;
    browser.is_there("#code").await;
    browser.type_into("#code", totp_code(&clinic.owner.totp).unwrap().as_str()).await;
    browser.click("#verify").await;
    browser.is_there(there).await;
    browser.shows("#me", &clinic.name).await;
}

/// Clicks, and waits for what it leads to.
async fn go(browser: &Browser, click: &str, there: &str) {
    browser.click(click).await;
    browser.is_there(&format!("#main:not([aria-busy=true]) {there}")).await;
}

/// Presses a button by the keyboard: with the focus it comes out from under the bar that lies over the foot of a form.
async fn press(browser: &Browser, selector: &str) {
    browser.run("document.querySelector(arguments[0]).focus()", &[json!(selector)]).await;
    browser.press(Key::Enter).await;
}

async fn only_patient(clinic: &Clinic<'_>, family_name: &str) -> Patient {
    let search = PatientSearch { family_name: Some(family_name.into()), ..PatientSearch::default() };
    let mut found = clinic.client().patients().search(&search).send().await.unwrap().items;
    assert_eq!(found.len(), 1);
    found.remove(0)
}

async fn consent_state(clinic: &Clinic<'_>, patient: PatientId) -> ConsentState {
    clinic.client().consents().of_patient(patient).send().await.unwrap().items[0].state
}

#[tokio::test]
async fn the_main_job_is_done_by_hand_from_the_first_patient_to_the_acknowledgement() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);

    browser.open(&format!("{}/app", world.url())).await;
    browser.is_there("#sign-in").await;
    browser.has_no_barrier("console 01, sign in").await;
    sign_in(&browser, &world, &north, "#inbox").await;
    browser.has_no_barrier("console 02, inbox, empty").await;

    go(&browser, "#nav-patients", "#family-name").await;
    browser.click("#add-patient").await;
    browser.is_there("#new-given-name").await;
    for (field, text) in [
        ("#new-given-name", "Casey"),
        ("#new-family-name", "Byhand"),
        ("#new-birth-date", "04171953"),
        ("#new-email", "casey.byhand@patients.example.org"),
    ] {
        browser.type_into(field, text).await;
    }
    browser.has_no_barrier("console 03, a new patient").await;
    go(&browser, "#new-patient", "#patient").await;
    browser.has_no_barrier("console 04, a patient").await;
    let patient = only_patient(&north, "byhand").await;

    go(&browser, "#write-report", "#treatment-what").await;
    browser.click("#save-draft").await;
    browser.shows("#saved", "Draft, saved").await;
    // A draft may be incomplete; what is signed may not.
    browser.click("#sign-report").await;
    browser.is_there("#confirm-yes").await;
    browser.click("#confirm-yes").await;
    browser.is_there(".problem[data-problem=report-incomplete]").await;
    browser.has_no_barrier("console 05, an incomplete report").await;
    for (field, text) in [
        ("#summary", "Six visits: less stiff in the morning, and she can stand for longer."),
        ("#treatment-what", "Massage of the lower back"),
        ("#treatment-why", "To ease the stiffness of the morning"),
        ("#frequency", "Once a week"),
        ("#duration", "Six weeks"),
        ("[data-test=measure-0-name]", "Pain (NPRS)"),
        ("[data-test=measure-0-unit]", "0-10"),
        ("[data-test=measure-0-baseline]", "7"),
        ("[data-test=measure-0-current]", "3"),
        ("[data-test=goal-0-goal]", "Stand for an hour"),
        ("[data-test=goal-0-measure]", "Pain (NPRS)"),
        ("[data-test=goal-0-target]", "2"),
    ] {
        browser.type_into(field, text).await;
    }
    browser.click("#sign-report").await;
    browser.is_there("#confirm-yes").await;
    browser.has_no_barrier("console 06, sign it?").await;
    go(&browser, "#confirm-yes", "#own-report").await;
    browser.has_no_barrier("console 07, a signed report").await;

    // Nobody asked the patient: the gate says so, and what to do.
    go(&browser, "#share-report", "#recipient-search").await;
    browser.type_into("#recipient-search", "south").await;
    browser.is_there("[data-test=recipient-option][data-kind=clinic]").await;
    browser.click("[data-test=recipient-option][data-kind=clinic]").await;
    browser.click("#share").await;
    browser.is_there("#gate[data-reason=consent-missing]").await;
    browser.has_no_barrier("console 08, the gate is closed").await;
    go(&browser, "#ask-for-it", "#until").await;
    browser.has_no_barrier("console 09, asking the patient").await;
    go(&browser, "#ask", "#consent[data-state=pending]").await;
    browser.has_no_barrier("console 10, asked").await;
    assert_eq!(consent_state(&north, patient.id).await, ConsentState::Pending);
    let at_link = world.at_link(&patient).await;
    let asked = at_link.get().await.unwrap();
    at_link.sign(&asked, "Casey Byhand").await.unwrap();
    assert_eq!(consent_state(&north, patient.id).await, ConsentState::Active);

    let report = north.client().reports().list().patient(patient.id).send().await.unwrap().items[0].id;
    browser.run(&format!("location.hash = '#/share-report/{report}'"), &[]).await;
    browser.is_there("#recipient-search").await;
    browser.type_into("#recipient-search", "south").await;
    browser.is_there("[data-test=recipient-option][data-kind=clinic]").await;
    browser.click("[data-test=recipient-option][data-kind=clinic]").await;
    browser.type_into("#cover-letter", "Thank you for looking at our shared patient.").await;
    go(&browser, "#share", "#own-report").await;
    browser.is_there("[data-test=sent-share][data-state=delivered]").await;
    browser.has_no_barrier("console 11, shared").await;

    // Over there it is read, which is a record, and acknowledged.
    browser.click("#sign-out").await;
    sign_in(&browser, &world, &south, "#inbox").await;
    browser.is_there("[data-test=share][data-state=delivered]").await;
    browser.has_no_barrier("console 12, inbox").await;
    go(&browser, "[data-test=share] a", "#report").await;
    browser.shows("#report", "To ease the stiffness of the morning").await;
    browser.shows("#cover", "Thank you for looking").await;
    browser.has_no_barrier("console 13, reading").await;
    browser.click("#acknowledge").await;
    browser.is_there("#share[data-state=acknowledged]").await;
    let share = south.client().shares().inbox().send().await.unwrap().items[0].state;
    assert_eq!(share, ShareState::Acknowledged);

    browser.click("#sign-out").await;
    sign_in(&browser, &world, &north, "#inbox").await;
    browser.run(&format!("location.hash = '#/history/{}'", patient.id), &[]).await;
    browser.is_there("[data-test=disclosure]").await;
    browser.shows("#disclosures", &south.name).await;
    browser.has_no_barrier("console 14, who read it").await;

    // Nothing of a patient in an address or a title.
    for request in browser.requests().await {
        let address = request.url.as_str().to_lowercase();
        assert!(!["byhand", "casey", "1953"].iter().any(|word| address.contains(word)), "{address}");
    }
    let title = browser.run("return document.title", &[]).await.to_string();
    assert!(!title.contains("Byhand"), "{title}");
    browser.asked_only(world.url()).await;
}

#[tokio::test]
async fn a_referral_is_moved_on_the_board_by_what_is_allowed_now() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, sent) = referred(&north, &south).await;

    browser.open(&format!("{}/app#/referrals", world.url())).await;
    sign_in(&browser, &world, &south, "#board").await;
    browser.is_there("[data-test=referral][data-state=sent]").await;
    browser.has_no_barrier("console 20, the board").await;
    go(&browser, "[data-test=referral] [data-test=open-referral]", "#referral[data-state=received]").await;
    browser.has_no_barrier("console 21, a referral").await;
    browser.click("#referral [data-verb=accept]").await;
    browser.is_there("#move-dialog #move-now").await;
    browser.has_no_barrier("console 22, accepting").await;
    browser.click("#move-now").await;
    browser.is_there("#referral[data-state=accepted]").await;
    assert_eq!(south.client().referrals().get(sent.id).await.unwrap().state, ReferralState::Accepted);

    // Somebody else was faster: the page says so, and shows what is there now.
    let seen = south.client().referrals().get(sent.id).await.unwrap();
    south.client().referrals().act(&seen, ReferralVerb::Start, &with()).await.unwrap();
    browser.click("#referral [data-verb=waitlist]").await;
    browser.is_there("#move-dialog #move-now").await;
    browser.click("#move-now").await;
    browser.is_there("#referral[data-state=in_care]").await;
    assert_eq!(south.client().referrals().get(sent.id).await.unwrap().state, ReferralState::InCare);
    browser.asked_only(world.url()).await;
}

async fn files_of(clinic: &Clinic<'_>, report: ReportId) -> Vec<Attachment> {
    clinic.client().attachments().of_report(report).send().await.unwrap().items
}

#[tokio::test]
async fn files_are_attached_by_hand_and_what_is_not_taken_is_said_in_words() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let (kind, body) = (ReportKind::ProgressReport, cases::ankylosing_spondylitis());
    let new = NewReport { patient_id: patient.id, kind, body, sensitive_categories: Vec::new() };
    let draft = north.client().reports().draft(&new).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };

    browser.open(&format!("{}/app#/drafts/{}", world.url(), draft.id)).await;
    sign_in(&browser, &world, &north, "#report-form-form").await;
    let two = [file("Range of motion.pdf", &files::pdf()), file("Posture.jpg", &files::jpeg())].join("\n");
    browser.type_into("#file", &two).await;
    let listed = browser.shows("#files", "Posture.jpg").await;
    assert!(listed.contains("Range of motion.pdf") && listed.contains("Not signed yet"), "{listed}");
    browser.is_there("#file:enabled").await;
    browser.has_no_barrier("console 30, files of a draft").await;

    // The service has a look at each: by its type, by its content; what is too large is not even sent.
    let refused = [
        (file("Scan.heic", b"heic"), "Scan.heic: its type is not taken"),
        (file("Notes.pdf", b"no document at all"), "Notes.pdf: it is not what its name says"),
        (file("Video.png", &vec![0; 9 * 1024 * 1024]), "Video.png: it has 9.0 MB. A file may have 8 MB."),
    ];
    browser.type_into("#file", &refused.each_ref().map(|(path, _)| path.as_str()).join("\n")).await;
    for (_, words) in &refused {
        browser.shows("#file-error", words).await;
    }
    assert_eq!(browser.attribute("#file", "aria-invalid").await.as_deref(), Some("true"));
    browser.has_no_barrier("console 31, files that are not taken").await;
    assert_eq!(files_of(&north, draft.id).await.len(), 2);

    // What was typed meanwhile goes on from the version that the files have made.
    browser.type_into("#duration", " and two more").await;
    browser.click("#save-draft").await;
    browser.shows("#saved", "Draft, saved").await;
    press(&browser, "[data-test=file]:first-child [data-test=take-out-file]").await;
    browser.is_there("#confirm-yes").await;
    browser.click("#confirm-yes").await;
    browser.is_there("[data-test=file]:only-child").await;
    assert_eq!(files_of(&north, draft.id).await.len(), 1);

    browser.click("#sign-report").await;
    browser.is_there("#confirm-yes").await;
    go(&browser, "#confirm-yes", "#own-report").await;
    browser.shows("#files", "signed with version 1").await;
    browser.type_into("#file", &file("Later.txt", b"Forward bend: 4 in")).await;
    browser.shows("#files", "Waits for an amendment").await;
    browser.is_there("#file:enabled").await;
    browser.has_no_barrier("console 32, a signed report with files").await;
    browser.click("[data-test=file]:last-child [data-test=save-file]").await;
    let kept = files_of(&north, draft.id).await;
    let signed = kept.iter().find(|file| !file.versions.is_empty()).unwrap();
    let address = format!("/v1/attachments/{}/content", signed.id);
    let start = std::time::Instant::now();
    while !browser.requests().await.iter().any(|request| request.url.path() == address) {
        assert!(start.elapsed().as_secs() < 30, "the file is not asked for");
    }
    browser.asked_only(world.url()).await;
}

#[tokio::test]
async fn a_signed_report_is_amended_by_hand_and_every_version_stays_to_be_read() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (_, _, report, _) = north.share_with(&south).await;

    browser.open(&format!("{}/app#/reports/{}", world.url(), report.id)).await;
    sign_in(&browser, &world, &north, "#own-report").await;
    go(&browser, "#amend-report", "#reason").await;
    browser.click("#sign-amendment").await;
    browser.is_there("#reason-error").await;
    browser.has_no_barrier("console 40, an amendment without a reason").await;
    browser.type_into("#reason", "Corrected how long it goes on").await;
    browser.type_into("#duration", ", then once a month").await;
    browser.click("#sign-amendment").await;
    browser.is_there("#confirm-yes").await;
    browser.has_no_barrier("console 41, sign the amendment?").await;
    go(&browser, "#confirm-yes", "#own-report").await;
    let why = browser.shows("#amendment", "Corrected how long it goes on").await;
    assert!(why.contains("Changed: Frequency and duration."), "{why}");
    browser.shows("#report", ", then once a month").await;
    browser.shows("#shares", "version 1, not the newest").await;
    browser.has_no_barrier("console 42, an amended report").await;
    let amended = north.client().reports().get(report.id).await.unwrap();
    assert_eq!(amended.current_version, Some(2));

    go(&browser, "[data-test=version]:last-child a", "#version[data-number='1']").await;
    browser.shows("#version", "the newest is version 2").await;
    assert!(!browser.text("#report").await.contains("once a month"), "what was signed stays");
    browser.has_no_barrier("console 43, the version before").await;

    // Somebody else was faster: nothing is overwritten, and what was typed is not lost unasked.
    browser.run(&format!("location.hash = '#/amend/{}'", report.id), &[]).await;
    browser.is_there("#main:not([aria-busy=true]) #reason").await;
    browser.type_into("#reason", "Too late").await;
    let other = AmendReport { reason: "Faster".into(), body: amended.body.clone(), sensitive_categories: None };
    north.client().reports().amend(&amended, &other).await.unwrap();
    browser.click("#sign-amendment").await;
    browser.is_there("#confirm-yes").await;
    browser.click("#confirm-yes").await;
    browser.is_there(".problem[data-problem=stale]").await;
    browser.has_no_barrier("console 44, somebody was faster").await;
    press(&browser, "#load-signed").await;
    browser.shows("#sign-amendment", "Sign version 4").await;
    assert_eq!(north.client().reports().get(report.id).await.unwrap().current_version, Some(3));
    browser.asked_only(world.url()).await;
}

#[tokio::test]
async fn what_comes_in_while_the_inbox_is_open_is_said_there_and_shown_when_asked_for() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);

    browser.open(&format!("{}/app", world.url())).await;
    sign_in(&browser, &world, &south, "#inbox").await;
    while !browser.requests().await.iter().any(|request| request.url.path() == "/v1/events/stream") {}
    north.share_with(&south).await;
    browser.is_there("#show-new").await;
    browser.has_no_barrier("console 50, something came in").await;
    go(&browser, "#show-new", "[data-test=share][data-state=delivered]").await;

    // The line ends with the view: what is told of elsewhere would be out of place.
    go(&browser, "#nav-patients", "#family-name").await;
    north.share_with(&south).await;
    go(&browser, "#nav-inbox", "[data-test=share]:nth-child(2)").await;
    assert_eq!(browser.text("#notice").await, "");
    browser.asked_only(world.url()).await;
}
