//! A guest's page behind the link of a mail.

use super::loading::{settled, tables};
use chrono::TimeDelta;
use rapport_contract::{
    consents::{RecipientChoice, RevokeConsent},
    incidents::IncidentState,
    share_links::ShareLinkState,
    shares::{Share, ShareState},
};
use rapport_tests::{
    World,
    browser::Browser,
    people::{Clinic, asking_for, sharing_with},
};

const KIM: &str = "kim@guest.example.org";

async fn sent(north: &Clinic<'_>) -> (Share, String) {
    let patient = north.patient().await;
    let to_guest = RecipientChoice::guest("Kim Guest", KIM);
    north.consented(&patient, &asking_for(to_guest.clone())).await;
    let report = north.signed_report(&patient, None).await;
    let share = north.client().shares().create(report.id, &sharing_with(to_guest)).await.unwrap();
    (share, north.world.mailbox().link(KIM, 1).await)
}

/// Asks for a code, and reads it in the mail.
async fn get_code(browser: &Browser, world: &World) -> String {
    let codes = world.mailbox().to(KIM).iter().filter(|mail| mail.code().is_some()).count();
    browser.click("#send-code").await;
    let sent = browser.shows("#sent", "We sent a code to k…@guest.example.org. It works for 10 minutes.").await;
    assert!(!sent.contains(KIM), "whoever holds the link must not learn the address");
    world.mailbox().code(KIM, codes + 1).await
}

#[tokio::test]
async fn a_guest_reads_with_a_code_and_tells_the_sender_and_is_told_when_it_ends() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (share, link) = sent(&north).await;
    let shares = north.client().shares();

    browser.open(&link).await;
    browser.shows("#step-code", "Get a code").await;
    browser.has_no_barrier("share 1, before the code").await;
    let code = get_code(&browser, &world).await;
    browser.has_no_barrier("share 2, the code").await;
    browser.type_into("#code", if code == "000000" { "000001" } else { "000000" }).await;
    browser.click("#open").await;
    browser.shows("#message", "The code is wrong").await;
    assert_eq!(shares.get(share.id).await.unwrap().state, ShareState::Delivered);
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    let report = browser.shows("#report", "Objective measures").await;
    for text in ["Massage of back, neck and hips", "Finger-to-floor distance, lateral right", "better", "Goals"] {
        assert!(report.contains(text), "the page does not show {text:?}: {report}");
    }
    let bars = browser.run("return document.querySelectorAll('#report svg.bars rect').length", &[]).await;
    assert!(bars.as_u64().unwrap() > 2, "the measures are drawn");
    assert!(browser.text("#terms").await.contains("north (test)"));
    browser.shows("#cover-text", "Thank you for looking").await;
    let address = browser.run("return location.href", &[]).await;
    assert!(!address.as_str().unwrap().contains('#'), "the secret is gone");
    browser.has_no_barrier("share 3, the report").await;
    assert_eq!(shares.get(share.id).await.unwrap().state, ShareState::Opened);

    browser.click("#acknowledge").await;
    browser.shows("#message", "The sender sees that you have read it").await;
    browser.has_no_barrier("share 4, acknowledged").await;
    let seen = shares.get(share.id).await.unwrap();
    assert_eq!((seen.state, seen.link.as_ref().unwrap().openings), (ShareState::Acknowledged, 1));

    // Loaded again it shows nothing before a click; and once the sender has taken it back nothing after one.
    browser
        .open(&format!("{}/share/{}", world.url(), link.split_once('#').unwrap().0.rsplit_once('/').unwrap().1))
        .await;
    browser.click("#resume").await;
    browser.shows("#report", "Objective measures").await;
    shares.withdraw(&seen).await.unwrap();
    browser
        .open(&format!("{}/share/{}", world.url(), link.split_once('#').unwrap().0.rsplit_once('/').unwrap().1))
        .await;
    browser.click("#resume").await;
    browser.shows("#step-dead", "the sender takes back what was shared").await;
    assert_eq!(browser.text("#report").await, "");
    browser.has_no_barrier("share 5, withdrawn").await;
    browser.asked_only(world.url()).await;
}

#[tokio::test]
async fn a_revocation_is_told_in_plain_words_and_nothing_of_the_report_stays() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let to_guest = RecipientChoice::guest("Kim Guest", KIM);
    let consent = north.consented(&patient, &asking_for(to_guest.clone())).await;
    let report = north.signed_report(&patient, None).await;
    north.client().shares().create(report.id, &sharing_with(to_guest)).await.unwrap();

    browser.open(&world.mailbox().link(KIM, 1).await).await;
    let code = get_code(&browser, &world).await;
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    browser.shows("#step-denied", "has taken the permission back").await;
    assert_eq!(browser.text("#report").await, "");
    browser.has_no_barrier("share, revoked").await;
}

#[tokio::test]
async fn who_it_was_not_meant_for_says_so_with_two_clicks_and_without_reading() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (share, link) = sent(&north).await;

    browser.open(&link).await;
    browser.click("#misdirected").await;
    browser.shows("#misdirected-panel", "Close this link for good?").await;
    browser.has_no_barrier("share, not meant for me?").await;
    browser.click("#misdirected-back").await;
    assert_eq!(browser.focus().await.0, "misdirected", "the focus goes back to where it came from");
    assert!(north.client().incidents().list().send().await.unwrap().items.is_empty(), "one click is none");
    browser.click("#misdirected").await;
    browser.click("#misdirected-confirm").await;
    browser.shows("#step-reported", "the sender has been told").await;
    browser.has_no_barrier("share, reported").await;
    let incidents = north.client().incidents().list().state(IncidentState::Open).send().await.unwrap().items;
    assert_eq!(incidents.iter().map(|it| (it.share_id, it.was_read)).collect::<Vec<_>>(), [(Some(share.id), false)]);
    let seen = north.client().shares().get(share.id).await.unwrap();
    assert_eq!((seen.state, seen.link.unwrap().state), (ShareState::Delivered, ShareLinkState::Misdirected));
    browser.is_content_with(world.url()).await;
}

#[tokio::test]
async fn a_link_that_lapsed_says_what_to_do_and_sends_a_new_one() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (_, link) = sent(&north).await;
    world.travel(TimeDelta::days(8));
    browser.open(&link).await;
    browser.click("#send-code").await;
    browser.shows("#step-dead", "after seven days").await;
    browser.has_no_barrier("share, lapsed").await;
    browser.click("#renew").await;
    browser.shows("#step-renewed", "We sent it to k…@guest.example.org").await;
    browser.has_no_barrier("share, renewed").await;
    browser.open(&world.mailbox().link(KIM, 2).await).await;
    let code = get_code(&browser, &world).await;
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    browser.shows("#report", "Objective measures").await;

    browser.open(link.split_once('#').unwrap().0).await;
    browser.shows("#step-nolink", "We need the whole link").await;
    browser.has_no_barrier("share, cut link").await;
}

#[tokio::test]
async fn a_scanner_that_opens_a_guests_link_and_runs_its_scripts_changes_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let (_, link) = sent(&north).await;
    let (_, secret) = link.split_once('#').unwrap();
    let before = settled(&world).await;
    for name in ["shares", "share_links", "share_link_sessions", "incidents", "mails", "audit_events"] {
        assert!(before.iter().any(|table| table.name == name), "there is no table {name} to look at");
    }
    browser.open(&link).await;
    browser.shows("#step-code", "Get a code").await;
    browser.run("scrollTo(0, 10_000); dispatchEvent(new Event('blur')); dispatchEvent(new Event('focus'));", &[]).await;
    // Some submit the forms that they find: the page's own sends nothing without six digits.
    browser.run("for (const form of document.forms) form.requestSubmit();", &[]).await;
    let idle = "const done = arguments[0]; setTimeout(() => requestIdleCallback(() => done(true)), 1500);";
    browser.wait_for(idle).await;
    let requests = browser.requests().await;
    let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert!(paths.contains(&"/assets/share.js"), "the script did not run: {paths:?}");
    assert!(!paths.iter().any(|path| path.starts_with("/v1")), "the page asked by itself: {paths:?}");
    for request in &requests {
        assert!(!request.all.contains(secret), "the secret left the browser: {request:#?}");
    }
    assert_eq!(tables(&world).await, before);
    browser.is_content_with(world.url()).await;
}
