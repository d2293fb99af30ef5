//! A guest's page behind the link to a referral.

use super::loading::{settled, tables};
use crate::referrals::{act, agreeing_to_all, asking, with};
use rapport_contract::{
    consents::{RecipientChoice, RevokeConsent},
    referrals::{ReferralReason, ReferralState, ReferralVerb},
};
use rapport_tests::{World, browser::Browser};

const KIM: &str = "kim@guest.example.org";

/// Asks for a code, and reads it in the mail.
async fn get_code(browser: &Browser, world: &World) -> String {
    let codes = world.mailbox().to(KIM).iter().filter(|mail| mail.code().is_some()).count();
    browser.click("#send-code").await;
    browser.shows("#sent", "We sent a code to k…@guest.example.org. It works for 10 minutes.").await;
    world.mailbox().code(KIM, codes + 1).await
}

#[tokio::test]
async fn a_guest_reads_a_referral_with_a_code_and_declines_it_and_loading_the_page_changes_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let to_guest = RecipientChoice::guest("Kim Guest", KIM);
    let consent = north.consented(&patient, &agreeing_to_all(to_guest.clone())).await;
    let draft = north.client().referrals().create(&asking(patient.id, to_guest)).await.unwrap();
    let sent = act(north.client(), &draft, ReferralVerb::Send, with()).await;
    let link = world.mailbox().link(KIM, 1).await;

    let before = settled(&world).await;
    browser.open(&link).await;
    browser.shows("#step-code", "Get a code").await;
    browser.has_no_barrier("referral 1, before the code").await;
    assert_eq!(tables(&world).await, before, "loading it");
    let code = get_code(&browser, &world).await;
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    let asked = browser.shows("#asked", "Manual treatment before imaging").await;
    assert!(asked.contains("Low back stiffness of six months"), "{asked}");
    assert!(browser.text("#terms").await.contains(patient.family_name.as_str()));
    let address = browser.run("return location.href", &[]).await;
    assert!(!address.as_str().unwrap().contains('#'), "the secret is gone");
    browser.has_no_barrier("referral 2, read").await;
    let now = async || north.client().referrals().get(sent.id).await.unwrap();
    assert_eq!(now().await.state, ReferralState::Received);

    browser.click("#decline").await;
    browser.shows("#decline-panel", "Tell the sender that you can’t?").await;
    browser.has_no_barrier("referral 3, about to decline").await;
    browser.click("#decline-confirm").await;
    browser.shows("#step-declined", "Thank you for telling").await;
    assert_eq!(browser.text("#asked").await, "", "nothing of it stays in the page");
    browser.has_no_barrier("referral 4, declined").await;
    let declined = north.client().referrals().timeline(sent.id).await.unwrap().items.pop().unwrap();
    assert_eq!((declined.to, declined.reason), (ReferralState::Declined, Some(ReferralReason::NoCapacity)));
    browser.asked_only(world.url()).await;
    north.client().consents().revoke(consent.id, &RevokeConsent::default()).await.unwrap();
}
