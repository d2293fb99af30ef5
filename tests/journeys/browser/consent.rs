//! The patient's page behind the link of a mail.

use chrono::{NaiveDate, TimeDelta};
use fantoccini::key::Key;
use rapport_contract::{
    consents::{ConsentMethod, ConsentState, RecipientChoice},
    patients::Patient,
    problem::Kind,
};
use rapport_sdk::{Client, SecondFactor, totp_code_at};
use rapport_tests::{
    World,
    browser::Browser,
    people::{Clinic, PASSWORD, asking_for, sharing_with, wall_clock},
};

/// Where the mails of a patient go.
fn address(patient: &Patient) -> &str {
    patient.email.as_ref().unwrap().as_str()
}

/// A date as somebody types it into the browser's field.
fn typed(date: NaiveDate) -> String {
    date.format("%m%d%Y").to_string()
}

/// Asks for a code, and reads it in the mail.
async fn get_code(browser: &Browser, world: &World, patient: &Patient) -> String {
    let codes = world.mailbox().to(address(patient)).iter().filter(|mail| mail.code().is_some()).count();
    browser.click("#send-code").await;
    let sent = browser.shows("#sent", "We sent a code to c…@patients.example.org. It works for 10 minutes.").await;
    assert!(!sent.contains(address(patient)), "whoever holds the link must not learn the address");
    world.mailbox().code(address(patient), codes + 1).await
}

/// Opens the link of the newest mail and shows who it is, up to the statement.
async fn enter(browser: &Browser, world: &World, patient: &Patient) {
    browser.open(&world.mailbox().link(address(patient), 1).await).await;
    let code = get_code(browser, world, patient).await;
    browser.type_into("#birth-date", &typed(*patient.birth_date.expose())).await;
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    browser.shows("#terms", "Who receives").await;
}

/// The owner, after the sessions of a while ago have ended.
async fn signed_in_again(clinic: &Clinic<'_>, later: TimeDelta) -> Client {
    let owner = &clinic.owner;
    let SecondFactor::Verify(verification) = clinic.world.nobody().sign_in(&*owner.email, PASSWORD).await.unwrap()
    else {
        panic!("the authenticator is forgotten")
    };
    let then = (wall_clock() + later).timestamp().unsigned_abs();
    verification.verify(totp_code_at(&owner.totp, then).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_patient_signs_at_the_link_and_revokes_there_with_two_clicks() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let report = north.signed_report(&patient, None).await;

    browser.open(&world.mailbox().link(address(&patient), 1).await).await;
    browser.has_no_barrier("consent 1, before the code").await;
    let code = get_code(&browser, &world, &patient).await;
    browser.has_no_barrier("consent 2, date of birth and code").await;
    browser.type_into("#birth-date", &typed(*patient.birth_date.expose())).await;
    browser.type_into("#code", &code).await;
    browser.click("#open").await;

    let terms = browser.shows("#terms", "Who receives").await;
    for term in
        ["south (test)", "north (test)", "Treatment plans", "rogress reports", "treatment", "Until", "your time"]
    {
        assert!(terms.contains(term), "the page does not say {term:?}: {terms}");
    }
    let year = consent.expires_at.format("%Y").to_string();
    assert!(terms.contains(&year), "until when? {terms}");
    assert_eq!(
        browser.text("#statement").await.trim(),
        consent.statement.expose().trim(),
        "the text to sign, as it is kept"
    );
    assert_eq!(browser.text("#state").await, "Waiting for your answer");
    assert_eq!(
        browser.run("return location.href", &[]).await.as_str().unwrap().split_once('#'),
        None,
        "the secret is gone"
    );
    browser.has_no_barrier("consent 3, the question").await;

    browser.click("#sign").await;
    browser.shows("#signed-name-error", "Type your full name").await;
    browser.has_no_barrier("consent 3, without a name").await;
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Pending);
    browser.type_into("#signed-name", "Casey Sample").await;
    browser.click("#sign").await;
    browser.shows("#message", "Your signature has been saved").await;
    assert_eq!(browser.text("#state").await, "In force");
    browser.has_no_barrier("consent 4, signed").await;

    let signed = north.client().consents().get(consent.id).await.unwrap();
    assert_eq!(signed.state, ConsentState::Active);
    assert_eq!(signed.signature.unwrap().method, ConsentMethod::Link);
    let share =
        north.client().shares().create(report.id, &sharing_with(RecipientChoice::clinic(south.id))).await.unwrap();
    assert!(south.client().shares().get(share.id).await.unwrap().content.is_some());

    // Weeks later, from the same mail.
    let later = TimeDelta::days(20);
    world.travel(later);
    let (north, south) = (signed_in_again(&north, later).await, signed_in_again(&south, later).await);
    assert!(south.shares().get(share.id).await.unwrap().content.is_some());
    enter(&browser, &world, &patient).await;
    assert_eq!(browser.text("#state").await, "In force");
    browser.click("#revoke").await;
    browser.shows("#revoke-panel", "Revoke this permission now?").await;
    browser.has_no_barrier("consent 5, revoke?").await;
    browser.click("#revoke-back").await;
    assert_eq!(browser.text("#revoke-panel").await, "");
    assert_eq!(north.consents().get(consent.id).await.unwrap().state, ConsentState::Active, "one click is none");
    browser.click("#revoke").await;
    browser.click("#revoke-confirm").await;
    browser.shows("#message", "The permission has ended").await;
    assert_eq!(browser.text("#state").await, "Revoked");
    assert!(browser.text("#terms").await.contains("Done by you, at this link."));
    browser.has_no_barrier("consent 6, revoked").await;

    let revoked = north.consents().get(consent.id).await.unwrap();
    assert_eq!(revoked.state, ConsentState::Revoked);
    assert_eq!(revoked.revocation_method, Some(ConsentMethod::Link));
    let refused = south.shares().get(share.id).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentRevoked));
    browser.is_content_with(world.url()).await;
}

#[tokio::test]
async fn declining_takes_a_second_click_and_ends_the_request() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;

    enter(&browser, &world, &patient).await;
    browser.click("#decline").await;
    browser.shows("#decline-panel", "Decline this request?").await;
    browser.has_no_barrier("consent, decline?").await;
    browser.click("#decline-back").await;
    assert_eq!(browser.focus().await.0, "decline", "the focus goes back to where it came from");
    assert_eq!(
        north.client().consents().get(consent.id).await.unwrap().state,
        ConsentState::Pending,
        "one click is none"
    );
    browser.click("#decline").await;
    browser.click("#decline-confirm").await;
    browser.shows("#message", "Your answer has been saved").await;
    assert_eq!(browser.text("#state").await, "Declined");
    assert_eq!(browser.text("#do-sign").await, "");
    browser.has_no_barrier("consent, declined").await;
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Declined);
    browser.is_content_with(world.url()).await;
}

#[tokio::test]
async fn the_keyboard_alone_is_enough_to_sign() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    let consent = north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;

    browser.open(&world.mailbox().link(address(&patient), 1).await).await;
    browser.tab_to("send-code").await;
    browser.press(Key::Enter).await;
    browser.shows("#sent", "We sent a code").await;
    assert_eq!(browser.focus().await.0, "title-open", "a screen reader goes on at the new step");
    let code = world.mailbox().code(address(&patient), 1).await;
    browser.tab_to("birth-date").await;
    browser.keys(&typed(*patient.birth_date.expose())).await;
    browser.tab_to("code").await;
    browser.keys(&code).await;
    browser.press(Key::Enter).await;
    browser.shows("#terms", "Who receives").await;
    browser.tab_to("signed-name").await;
    browser.keys("Casey Sample").await;
    browser.tab_to("sign").await;
    browser.press(Key::Enter).await;
    browser.shows("#message", "Your signature has been saved").await;
    assert_eq!(browser.text("#state").await, "In force");
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Active);

    browser.tab_to("revoke").await;
    browser.press(Key::Enter).await;
    browser.shows("#revoke-panel", "Revoke this permission now?").await;
    browser.tab_to("revoke-confirm").await;
    browser.press(Key::Space).await;
    browser.shows("#message", "The permission has ended").await;
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Revoked);
    browser.is_content_with(world.url()).await;
}

#[tokio::test]
async fn a_wrong_date_or_code_is_told_alike_and_the_fifth_ends_the_link() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let right_date = *patient.birth_date.expose();
    let wrong_date = right_date.succ_opt().unwrap();

    browser.open(&world.mailbox().link(address(&patient), 1).await).await;
    let right_code = get_code(&browser, &world, &patient).await;
    let wrong_code = if right_code == "000000" { "000001" } else { "000000" };

    // What can't be right isn't sent, and costs no try.
    browser.click("#open").await;
    browser.shows("#birth-date-error", "Enter your date of birth").await;
    browser.shows("#code-error", "Enter the six digits").await;
    browser.has_no_barrier("consent 2, left empty").await;

    let mut told = Vec::new();
    for (date, code) in [(wrong_date, right_code.as_str()), (right_date, wrong_code)] {
        browser.type_into("#birth-date", &typed(date)).await;
        browser.type_into("#code", code).await;
        browser.click("#open").await;
        told.push(browser.shows("#message", "is wrong").await);
        assert_eq!(browser.run("return document.querySelector('#code').value", &[]).await, "");
    }
    assert_eq!(told[0], told[1], "which of the two was wrong is nobody's business");
    browser.has_no_barrier("consent 2, wrong").await;
    for _ in 0..3 {
        browser.type_into("#code", wrong_code).await;
        browser.click("#open").await;
        browser.shows("#message", "is wrong").await;
    }
    browser.type_into("#code", &right_code).await;
    browser.click("#open").await;
    browser.shows("#step-dead", "This link").await;
    browser.has_no_barrier("consent, dead link").await;

    // The refusals themselves stand in the console; nothing else does.
    let complaints = browser.complaints().await;
    let (refused, other): (Vec<_>, Vec<_>) =
        complaints.into_iter().partition(|line| line.contains("/session - Failed to load resource"));
    assert_eq!(other, Vec::<String>::new());
    assert_eq!(refused.len(), 6, "{refused:#?}");
    browser.asked_only(world.url()).await;
}

#[tokio::test]
async fn a_cut_or_unknown_link_says_what_to_do() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    north.ask(&patient, &asking_for(RecipientChoice::clinic(north.id))).await;
    let link = world.mailbox().link(address(&patient), 1).await;
    let (page, secret) = link.split_once('#').unwrap();

    browser.open(page).await;
    browser.shows("#step-nolink", "We need the whole link").await;
    browser.has_no_barrier("consent, cut link").await;
    // The whole link pasted over it, in the same tab, is as good as a new one.
    browser.run("location.hash = arguments[0];", &[secret.into()]).await;
    browser.shows("#step-code", "Get a code").await;
    browser.is_content_with(world.url()).await;

    browser.open(&format!("{page}#{}", secret.replace(&secret[..4], "aaaa"))).await;
    browser.click("#send-code").await;
    let dead = browser.shows("#step-dead", "This link").await;
    browser.open(&format!("{}/consent/01990b5e-6c1f-7d39-8f38-0f3c2f5f7a13#{secret}", world.url())).await;
    browser.click("#send-code").await;
    assert_eq!(
        browser.shows("#step-dead", "This link").await,
        dead,
        "a wrong link tells nobody that there is a right one"
    );
}
