//! Pages to read: what a problem means, a report's document, the documentation of the API.

use rapport_tests::{World, browser::Browser};
use serde_json::Value;

#[tokio::test]
async fn problem_pages_and_documents_can_be_read_by_everybody() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let report = north.signed_report(&patient, None).await;

    browser.open(&format!("{}/problems/consent-revoked", world.url())).await;
    browser.shows("h1", "revoked").await;
    browser.has_no_barrier("a problem's page").await;

    let token = north.client().tokens().await.unwrap().access_token;
    browser.send_header("Authorization", &format!("Bearer {}", token.expose())).await;
    browser.open(&format!("{}/v1/reports/{}/document", world.url(), report.id)).await;
    browser.shows("h1", "Progress report").await;
    browser.shows("main", "Massage of back, neck and hips").await;
    browser.shows("main", "Finger-to-floor distance, lateral right").await;
    browser.has_no_barrier("a report's document").await;
    browser.is_content_with(world.url()).await;
}

#[tokio::test]
async fn the_documentation_lists_every_operation_without_help_from_elsewhere() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let document: Value =
        world.http().get(format!("{}/openapi.json", world.url())).send().await.unwrap().json().await.unwrap();
    let items = ["paths", "webhooks"].iter().flat_map(|section| document[section].as_object().unwrap().values());
    let expected: usize = items.map(|item| item.as_object().unwrap().len()).sum();

    browser.open(&format!("{}/docs/", world.url())).await;
    browser.shows(".opblock", "/").await;
    browser.shows("body", "/v1/consent_links/{id}/signature").await;
    let listed = browser.run("return document.querySelectorAll('.opblock').length", &[]).await;
    assert_eq!(listed, expected);
    browser.is_content_with(world.url()).await;
}
