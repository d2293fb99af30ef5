//! Files of a share in a browser: saved, and never shown or run.

use rapport_contract::{
    consents::{Category, RecipientChoice},
    reports::{NewReport, ReportKind},
};
use rapport_tests::{
    World,
    browser::Browser,
    cases, files,
    people::{asking_for, sharing_with},
};
use serde_json::json;

const KIM: &str = "kim@guest.example.org";
/// What each of the files would do if it were run.
const RUN: &str = "window.ran = true; document.title = 'ran';";

#[tokio::test]
async fn no_file_that_is_kept_runs_or_asks_for_anything_in_a_browser() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let mut consent = asking_for(RecipientChoice::guest("Kim Guest", KIM));
    consent.categories.push(Category::Attachments);
    north.consented(&patient, &consent).await;
    let (kind, body) = (ReportKind::ProgressReport, cases::ankylosing_spondylitis());
    let new = NewReport { patient_id: patient.id, kind, body, sensitive_categories: Vec::new() };
    let draft = north.client().reports().draft(&new).await.unwrap();
    let markup = format!("<script>{RUN}</script>");
    let link =
        "<< /Type /Annot /Subtype /Link /Rect [0 0 72 72] /A << /S /URI /URI (https://elsewhere.example.org/) >> >>";
    for (name, media_type, bytes) in [
        ("notes.html", "text/plain", RUN.as_bytes().to_vec()),
        ("photo.svg.jpg", "image/jpeg", files::jpeg_with_exif(1, &markup)),
        ("drawing.png", "image/png", [files::png_with_text(&markup), markup.clone().into_bytes()].concat()),
        ("scan.pdf", "application/pdf", files::pdf_with("", &[link])),
    ] {
        north.client().attachments().add(draft.id, name, media_type, &bytes).await.expect(name);
    }
    let draft = north.client().reports().get(draft.id).await.unwrap();
    let report = north.client().reports().sign(&draft).await.unwrap();
    let to_guest = sharing_with(RecipientChoice::guest("Kim Guest", KIM));
    north.client().shares().create(report.id, &to_guest).await.unwrap();

    browser.open(&world.mailbox().link(KIM, 1).await).await;
    browser.click("#send-code").await;
    browser.shows("#sent", "We sent a code").await;
    let code = world.mailbox().code(KIM, 1).await;
    browser.type_into("#code", &code).await;
    browser.click("#open").await;
    let listed = browser.shows("#files", "scan.pdf").await;
    for name in ["notes_html.txt", "photo_svg.jpg", "drawing.png"] {
        assert!(listed.contains(name), "{listed}");
    }
    browser.has_no_barrier("share, with files").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());

    let links = browser.run("return [...document.querySelectorAll('#files a')].map((link) => link.href)", &[]).await;
    let links: Vec<String> = serde_json::from_value(links).unwrap();
    assert_eq!(links.len(), 4);
    for address in &links {
        // Opened as if it were a page, and taken in as if it were a script, a frame, a picture or a style.
        let open = "location.href = arguments[0];
            const made = (name, member) => {
              const element = document.createElement(name);
              element[member] = arguments[0];
              document.head.append(element);
              return new Promise((done) => { element.onload = element.onerror = done; setTimeout(done, 1000); });
            };
            return Promise.all([made('script', 'src'), made('iframe', 'src')]).then(() => true);";
        assert_eq!(browser.run(open, &[json!(address)]).await, json!(true));
        let state = browser
            .run("return [typeof window.ran, document.title === 'ran', !!document.querySelector('#files')]", &[]);
        assert_eq!(state.await, json!(["undefined", false, true]), "{address}");
    }
    let asked = browser.requests().await;
    for address in &links {
        assert!(asked.iter().any(|request| request.url.as_str() == address), "{address} was opened");
    }
    browser.asked_only(world.url()).await;
    let read = north.client().audit().events().action("share.read_attachment").limit(100).send().await.unwrap();
    assert!(read.items.len() >= links.len(), "each opening is on record");
}
