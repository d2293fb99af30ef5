//! Joining a clinic through the mail's link.

use rapport_contract::members::{Invite, Role};
use rapport_tests::{
    World,
    browser::Browser,
    people::{PASSWORD, first_sign_in},
};

#[tokio::test]
async fn a_member_joins_by_the_link_in_the_mail_and_signs_in() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let email = "jordan@north.example.org";
    let invite = Invite {
        name: "Jordan Example".into(),
        email: email.into(),
        role: Role::Practitioner,
        profession: Some("massage_therapist".to_owned()),
        npi: None,
    };
    north.client().members().invite(&invite).await.unwrap();
    let link = world.mailbox().link(email, 1).await;
    let (page, secret) = link.split_once('#').unwrap();

    browser.open(&link).await;
    browser.shows("#step-join", "Choose a password").await;
    browser.has_no_barrier("join 1, choose a password").await;
    browser.type_into("#password", "too short").await;
    browser.click("#join").await;
    browser.shows("#password-error", "Use at least 15 characters").await;
    browser.has_no_barrier("join 2, too short").await;
    browser.run("document.querySelector('#password').value = '';", &[]).await;
    browser.type_into("#password", PASSWORD).await;
    browser.click("#join").await;
    browser.shows("#title-done", "Welcome, Jordan Example").await;
    browser.shows("#done-who", email).await;
    browser.has_no_barrier("join 3, welcome").await;
    assert_eq!(browser.run("return location.href", &[]).await, page, "the token is gone");
    browser.is_content_with(world.url()).await;

    let (client, _) = first_sign_in(&world, email).await;
    assert_eq!(client.practitioners().me().await.unwrap().name, "Jordan Example");

    // The link works once.
    browser.open(&link).await;
    browser.type_into("#password", PASSWORD).await;
    browser.click("#join").await;
    browser.shows("#step-dead", "This invitation does not work any more").await;
    browser.has_no_barrier("join, used before").await;
    browser.open(page).await;
    browser.shows("#step-nolink", "We need the whole link").await;
    browser.has_no_barrier("join, cut link").await;
    for request in browser.requests().await {
        assert!(!request.url.as_str().contains(secret), "the token in an address: {}", request.url);
    }
}
