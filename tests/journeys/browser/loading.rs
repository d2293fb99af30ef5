//! Mail scanners open links, and run the scripts behind them.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl;
use rapport_contract::consents::RecipientChoice;
use rapport_tests::{World, browser::Browser, people::asking_for};
use reqwest::Method;
use std::time::{Duration, Instant};

/// A table, how many rows it has, and a digest of all that stands in them.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
pub(super) struct Table {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Text)]
    content: String,
}

/// Every table of the service.
pub(super) async fn tables(world: &World) -> Vec<Table> {
    let mut database = world.database().await;
    let query = "select relname::text as name, (xpath('/row/content/text()', query_to_xml(format(\
        'select count(*) || '' rows, '' || coalesce(md5(string_agg(t::text, ''|'' order by t::text)), ''none'') as content \
        from %I as t', relname), false, true, '')))[1]::text as content \
        from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname";
    sql_query(query).load(&mut database).await.unwrap()
}

/// The tables once every mail is out and every event is sealed, and what notes that.
pub(super) async fn settled(world: &World) -> Vec<Table> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = Text)]
        waiting: String,
    }
    let start = Instant::now();
    loop {
        let mut database = world.database().await;
        let waiting: Waiting = sql_query("select count(*)::text as waiting from mails where sent_at is null")
            .get_result(&mut database)
            .await
            .unwrap();
        if waiting.waiting == "0" {
            // What was recorded so far is sealed within seconds, whatever a visitor does.
            world.sealed().await;
            return tables(world).await;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{} mails do not go out", waiting.waiting);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn loading_a_link_changes_nothing() {
    let Some(browser) = Browser::start().await else { return };
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let patient = north.patient().await;
    north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let link = world.mailbox().link(patient.email.as_ref().unwrap().as_str(), 1).await;
    let (page, secret) = link.split_once('#').unwrap();
    let before = settled(&world).await;
    for name in ["consents", "consent_links", "consent_link_sessions", "mails", "audit_events"] {
        assert!(before.iter().any(|table| table.name == name), "there is no table {name} to look at");
    }
    assert!(before.iter().any(|table| table.name == "consents" && table.content.starts_with("1 rows")), "{before:#?}");

    for method in [Method::GET, Method::HEAD] {
        for _ in 0..20 {
            let answer = world.http().request(method.clone(), page).send().await.unwrap();
            assert!(answer.status().is_success());
            assert!(answer.headers().get("set-cookie").is_none());
        }
    }
    assert_eq!(tables(&world).await, before);

    browser.open(&link).await;
    browser.shows("#step-code", "Get a code").await;
    // What a scanner may do besides: scroll, look at it from the side, come back, read it for a while.
    browser.run("scrollTo(0, 10_000); dispatchEvent(new Event('blur')); dispatchEvent(new Event('focus'));", &[]).await;
    browser.run("document.dispatchEvent(new Event('visibilitychange'));", &[]).await;
    let idle = "const done = arguments[0]; setTimeout(() => requestIdleCallback(() => done(true)), 1500);";
    browser.wait_for(idle).await;

    let requests = browser.requests().await;
    let paths: Vec<&str> = requests.iter().map(|request| request.url.path()).collect();
    assert!(paths.contains(&"/assets/consent.js"), "the script did not run: {paths:?}");
    assert!(!paths.iter().any(|path| path.starts_with("/v1")), "the page asked by itself: {paths:?}");
    for request in &requests {
        assert!(!request.all.contains(secret), "the secret left the browser: {request:#?}");
    }
    browser.is_content_with(world.url()).await;
    assert_eq!(tables(&world).await, before);
}
