//! What one caller can take from the others: budgets, delayed sign-ins, what is slow, large, deep or ambiguous.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use crate::wire::{Answer, access_token, call};
use chrono::TimeDelta;
use diesel_async::SimpleAsyncConnection;
use futures_util::future::join_all;
use rapport_api::http::address::{Proxies, ProxyHeader};
use rapport_tests::{
    World,
    people::{PASSWORD, Person, wall_clock},
};
use serde_json::{Value, json};
use std::{
    num::{NonZeroU32, NonZeroUsize},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use uuid::Uuid;

/// A world behind a proxy that is trusted, so that a test can come from any address.
async fn proxied() -> World {
    World::with(|config| {
        config.proxies = Proxies { trusted: vec!["127.0.0.1/32".parse().unwrap()], header: ProxyHeader::XForwardedFor };
    })
    .await
}

/// Tries to sign in from an address.
async fn log_in(world: &World, from: &str, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    call(world, "POST", "/v1/auth/login").header("x-forwarded-for", from).json(&body).send().await
}

fn retry_after(answer: &Answer) -> i64 {
    answer.header("retry-after").unwrap().parse().unwrap()
}

/// The second factor, with the code of a step that was not used yet.
async fn finish(world: &World, from: &str, person: &Person, answer: &Answer, step: u64) -> Answer {
    let at = u64::try_from(wall_clock().timestamp()).unwrap() + 30 * step;
    let code = rapport_sdk::totp_code_at(&person.totp, at).unwrap();
    let token = answer.json()["mfa_token"].as_str().unwrap().to_owned();
    let verify = call(world, "POST", "/v1/auth/mfa/verify").bearer(&token).header("x-forwarded-for", from);
    verify.json(&json!({"code": code.as_str()})).send().await
}

#[tokio::test]
async fn failed_sign_ins_wait_longer_and_longer_and_only_where_they_come_from() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let email = &north.owner.email;
    for _ in 0..5 {
        assert_eq!(log_in(&world, "203.0.113.1", email, "a wrong password for once").await.status, 401);
    }
    // Even the right password has to wait, so that a guess is worth nothing in the meantime.
    let first = log_in(&world, "203.0.113.1", email, PASSWORD).await;
    assert_eq!((first.status.as_u16(), first.slug().as_str()), (429, "rate-limited"));
    assert!((1..=2).contains(&retry_after(&first)), "{first:?}");
    // Somebody else, elsewhere, does not.
    assert_eq!(log_in(&world, "203.0.113.2", email, PASSWORD).await.status, 200);
    // When the time has come one try is taken, and if it fails the next wait is longer.
    world.travel(TimeDelta::seconds(2));
    assert_eq!(log_in(&world, "203.0.113.1", email, "a wrong password for once").await.status, 401);
    assert!((3..=4).contains(&retry_after(&log_in(&world, "203.0.113.1", email, PASSWORD).await)));
    world.travel(TimeDelta::seconds(4));
    assert_eq!(log_in(&world, "203.0.113.1", email, PASSWORD).await.status, 200);
    // The password alone forgives nothing: it takes both factors.
    world.travel(TimeDelta::seconds(8));
    assert_eq!(log_in(&world, "203.0.113.1", email, "a wrong password for once").await.status, 401);
    assert_eq!(log_in(&world, "203.0.113.1", email, PASSWORD).await.status, 429);
}

#[tokio::test]
async fn many_tries_at_once_are_counted_like_one_after_the_other() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let tries = (0..24).map(|_| log_in(&world, "203.0.113.1", &north.owner.email, "a wrong password for once"));
    let answers = join_all(tries).await;
    let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(401), of(429)), (5, 19), "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_outsider_who_guesses_from_everywhere_keeps_nobody_out_who_was_here_before() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let (owner, email) = (&north.owner, &north.owner.email);
    let signed_in =
        finish(&world, "198.51.100.7", owner, &log_in(&world, "198.51.100.7", email, PASSWORD).await, 1).await;
    assert_eq!(signed_in.status, 200);
    let cookie = signed_in.header("set-cookie").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    for number in 0..20 {
        let from = format!("203.0.113.{number}");
        assert_eq!(log_in(&world, &from, email, "a wrong password for once").await.status, 401, "{from}");
    }
    // Who was never here has to wait, wherever they come from.
    assert_eq!(log_in(&world, "192.0.2.1", email, PASSWORD).await.status, 429);
    // Who signed in from this address before, or with this browser wherever it is by now, has not.
    assert_eq!(log_in(&world, "198.51.100.7", email, PASSWORD).await.status, 200);
    let by_device = async |from: &str, cookie: &str| {
        let body = json!({"email": email, "password": PASSWORD});
        let request = call(&world, "POST", "/v1/auth/login").header("x-forwarded-for", from);
        request.header("cookie", cookie).json(&body).send().await
    };
    assert_eq!(by_device("192.0.2.2", &cookie).await.status, 200);
    // A cookie that we never gave is none.
    assert_eq!(by_device("192.0.2.3", &format!("rapport_device={}", "A".repeat(43))).await.status, 429);
    // Both factors from there end the matter for everybody.
    let answer = log_in(&world, "198.51.100.7", email, PASSWORD).await;
    world.travel(TimeDelta::seconds(60));
    assert_eq!(finish(&world, "198.51.100.7", owner, &answer, 3).await.status, 200);
    assert_eq!(log_in(&world, "192.0.2.1", email, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn an_account_takes_no_more_than_a_hundred_failures_in_a_row() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let email = &north.owner.email;
    let mut taken = 0;
    for number in 0..110 {
        // The harness may be the first known source; these are none.
        let from = format!("203.0.113.{number}");
        match log_in(&world, &from, email, "a wrong password for once").await.status.as_u16() {
            401 => taken += 1,
            status => assert_eq!(status, 429),
        }
        world.travel(TimeDelta::minutes(15));
    }
    assert_eq!(taken, 100);
    assert_eq!(log_in(&world, "192.0.2.1", email, PASSWORD).await.status, 429);
    world.travel(TimeDelta::hours(24));
    assert_eq!(log_in(&world, "192.0.2.1", email, PASSWORD).await.status, 200);
}

#[tokio::test]
async fn accounts_that_are_not_there_answer_as_those_that_are() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let ended = north.member(rapport_contract::members::Role::Staff).await;
    let members = north.client().members().list().send().await.unwrap().items;
    north.client().members().end(members.iter().find(|member| member.id == ended.id).unwrap()).await.unwrap();
    let emails = [north.owner.email.clone(), ended.email, "nobody@example.org".to_owned()];
    let mut seen: Vec<Vec<(u16, String)>> = Vec::new();
    for (index, email) in emails.iter().enumerate() {
        let from = format!("203.0.113.{index}");
        let mut answers = Vec::new();
        for _ in 0..7 {
            let answer = log_in(&world, &from, email, "a wrong password for once").await;
            let (status, text) = answer.apart_from_the_request();
            // The seconds that are left differ by when they are asked for.
            let text = text.replace(char::is_numeric, "");
            assert_eq!(answer.header("retry-after").is_some(), status == 429);
            answers.push((status, text));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 429, 429]);
    assert!(seen.iter().all(|answers| *answers == seen[0]), "{seen:#?}");
}

/// Welch's t of two samples.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let moments = |sample: &[f64]| {
        let count = f64::from(u32::try_from(sample.len()).unwrap());
        let mean = sample.iter().sum::<f64>() / count;
        let variance = sample.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        (mean, variance / count)
    };
    let ((mean_one, error_one), (mean_other, error_other)) = (moments(one), moments(other));
    (mean_one - mean_other) / (error_one + error_other).sqrt()
}

fn median(sample: &[f64]) -> f64 {
    let mut sorted = sample.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "how many pairs is a wish of whoever runs this test")]
fn pairs() -> u32 {
    std::env::var("RAPPORT_TIMING_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(60)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refused_sign_in_does_not_tell_whether_there_is_an_account() {
    let world = proxied().await;
    let north = world.clinic("north").await;
    let pairs = pairs();
    let [mut known, mut unknown] = [Vec::new(), Vec::new()];
    for number in 0..pairs {
        // From a new address each time, and later each time, so that none is delayed.
        world.travel(TimeDelta::hours(25));
        let from = format!("10.{}.{}.1", number / 256, number % 256);
        let strangers = format!("nobody{number}@north.example.org");
        let mut both = [(north.owner.email.as_str(), &mut known), (strangers.as_str(), &mut unknown)];
        // The first of a pair may find the caches colder.
        both.rotate_left(usize::try_from(number % 2).unwrap());
        for (email, sample) in both {
            let began = Instant::now();
            let answer = log_in(&world, &from, email, "a wrong password for once").await;
            sample.push(began.elapsed().as_secs_f64() * 1e3);
            assert_eq!(answer.status, 401);
        }
    }
    let (of_known, of_unknown) = (median(&known), median(&unknown));
    let (t, apart) = (welch(&known, &unknown), (of_known - of_unknown).abs() / of_unknown);
    eprintln!(
        "{pairs} pairs: median {of_known:.2} ms known, {of_unknown:.2} ms unknown, {:.1} % apart, t = {t:.2}",
        apart * 100.0
    );
    // On a busy machine single times scatter: the bound on the medians is wide, and that of the whole run is in the documents.
    let bound = if pairs >= 1000 { 0.05 } else { 0.25 };
    assert!(apart < bound, "medians {:.1} % apart", apart * 100.0);
    assert!(t.abs() < 4.5, "t = {t:.2}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_does_not_slow_a_reading_and_is_told_when_to_come_back() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let patient = north.patient().await;
    let token = access_token(&north.owner).await;
    let path = format!("/v1/patients/{}", patient.id);
    let flood = join_all((0..120).map(|number| {
        let body = json!({"email": format!("nobody{number}@example.org"), "password": "a wrong password for once"});
        call(&world, "POST", "/v1/auth/login").json(&body).send()
    }));
    let readings = async {
        let mut slowest = Duration::ZERO;
        for _ in 0..40 {
            let began = Instant::now();
            assert_eq!(call(&world, "GET", &path).bearer(&token).send().await.status, 200);
            slowest = slowest.max(began.elapsed());
        }
        slowest
    };
    let (answers, slowest) = tokio::join!(flood, readings);
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty(), "the queue is bounded");
    assert!(busy.iter().all(|answer| answer.header("retry-after").is_some()));
    assert!(answers.iter().all(|answer| matches!(answer.status.as_u16(), 401 | 503)));
    eprintln!(
        "of 120 sign-ins at once {} were told to come back; the slowest of 40 readings took {slowest:?}",
        busy.len()
    );
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    // Being sent away is no failure.
    let again = json!({"email": north.owner.email, "password": PASSWORD});
    assert_eq!(call(&world, "POST", "/v1/auth/login").json(&again).send().await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_database_has_no_room_for_is_told_at_once_to_come_back_and_who_waits_is_served() {
    let world = World::with(|config| {
        config.workers = NonZeroUsize::MIN;
        config.pool_size = NonZeroUsize::new(2).unwrap();
    })
    .await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, _, _, share) = north.share_with(&south).await;
    let token = access_token(&south.owner).await;
    let path = format!("/v1/shares/{}", share.id);
    // Nobody reads of this patient until the lock is given back: the first two hold the connections, 32 wait for those.
    let mut lock = world.database().await;
    lock.batch_execute(&format!("begin; select await_readings_of('{}')", patient.id)).await.unwrap();
    let refused = AtomicUsize::new(0);
    let readings = join_all((0..60).map(|_| async {
        let began = Instant::now();
        let answer = call(&world, "GET", &path).bearer(&token).send().await;
        refused.fetch_add(usize::from(answer.status == 503), Ordering::SeqCst);
        (answer, began.elapsed())
    }));
    let release = async {
        // Less than those who hold a connection wait for the lock.
        for _ in 0..80 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if refused.load(Ordering::SeqCst) >= 20 {
                break;
            }
        }
        // A full queue is no reason to take the service out: its readiness waits its turn.
        let is_ready = call(&world, "GET", "/readyz").send();
        let release = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            lock.batch_execute("rollback").await.unwrap();
        };
        tokio::join!(is_ready, release).0
    };
    let (answers, is_ready) = tokio::join!(readings, release);
    assert_eq!(is_ready.status, 200, "{is_ready:?}");
    let (served, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|(answer, _)| answer.status == 200);
    // The first two may be opening their connections when the others are counted.
    assert!(served.len() >= 32 && !refused.is_empty(), "{} were served", served.len());
    for (answer, took) in refused {
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("1")), "{answer:?}");
        assert!(*took < Duration::from_secs(2), "at once, and not after {took:?}");
    }
}

#[tokio::test]
async fn addresses_links_clinics_and_sign_ins_have_budgets_of_their_own() {
    let budget = |number| NonZeroU32::new(number).unwrap();
    let world = World::with(move |config| {
        config.proxies = Proxies { trusted: vec!["127.0.0.1/32".parse().unwrap()], header: ProxyHeader::XForwardedFor };
        config.budgets.address = budget(40);
        config.budgets.sign_in = budget(20);
        config.budgets.link = budget(5);
        config.budgets.tenant = budget(60);
    })
    .await;
    let until_refused = async |ask: &dyn Fn() -> crate::wire::Call| {
        for count in 0..200_u32 {
            let answer = ask().send().await;
            if answer.status == 429 {
                assert_eq!(answer.slug(), "rate-limited");
                assert!((1..=60).contains(&retry_after(&answer)));
                return (count, answer.header("ratelimit").unwrap().split(';').next().unwrap().to_owned());
            }
        }
        (200, String::new())
    };
    let health = |from: &'static str| call(&world, "GET", "/healthz").header("x-forwarded-for", from);
    let (count, scope) = until_refused(&|| health("203.0.113.1")).await;
    assert!((40..=45).contains(&count) && scope == "\"address\"", "{count} {scope}");
    assert_eq!(health("203.0.113.2").send().await.status, 200, "another address");
    let six = |host: &str| format!("2001:db8:1:2::{host}");
    let (count, _) = until_refused(&|| call(&world, "GET", "/healthz").header("x-forwarded-for", &six("1"))).await;
    assert!((40..=45).contains(&count), "{count}");
    let neighbour = call(&world, "GET", "/healthz").header("x-forwarded-for", &six("ffff")).send().await;
    assert_eq!(neighbour.status, 429, "the same /64");

    // What is refused for its fields has been counted by then.
    let nothing = json!({});
    let sign_in = || call(&world, "POST", "/v1/auth/login").header("x-forwarded-for", "203.0.113.3").json(&nothing);
    let (count, scope) = until_refused(&sign_in).await;
    assert!((20..=22).contains(&count) && scope == "\"sign-in\"", "{count} {scope}");
    assert_eq!(health("203.0.113.3").send().await.status, 200, "all else goes on from there");

    let link = Uuid::from_u128(7);
    let ask = |from: &str| {
        let path = format!("/v1/consent_links/{link}/challenge");
        call(&world, "POST", &path).header("x-forwarded-for", from).json(&json!({"secret": "x"}))
    };
    let (count, scope) = until_refused(&|| ask("203.0.113.4")).await;
    assert!((5..=6).contains(&count) && scope == "\"link\"", "{count} {scope}");
    assert_eq!(ask("203.0.113.5").send().await.status, 429, "from elsewhere too: the link is what is guessed at");

    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let (count, scope) = until_refused(&|| call(&world, "GET", "/v1/practitioners/me").bearer(&token)).await;
    assert!((50..=65).contains(&count) && scope == "\"tenant\"", "{count} {scope}");
}

#[tokio::test]
async fn what_a_caller_says_of_its_own_address_counts_for_nothing() {
    let world = World::with(|config| config.budgets.address = NonZeroU32::new(20).unwrap()).await;
    let mut last = 200;
    for number in 0..40 {
        let from = format!("203.0.113.{number}");
        let request = call(&world, "GET", "/healthz").header("x-forwarded-for", &from);
        last = request.header("forwarded", &format!("for={from}")).send().await.status.as_u16();
    }
    assert_eq!(last, 429, "the peer is no proxy that is trusted");
}

// --- Connections ------------------------------------------------------------------------------------------------------

async fn connect(world: &World) -> TcpStream {
    TcpStream::connect(world.service().address).await.unwrap()
}

/// Everything that comes until the connection ends, or for a while.
async fn rest(stream: &mut TcpStream, patience: Duration) -> (String, bool) {
    let mut bytes = Vec::new();
    let ended = timeout(patience, stream.read_to_end(&mut bytes)).await.is_ok();
    (String::from_utf8_lossy(&bytes).into_owned(), ended)
}

/// Requests that two readers might read differently. Each is followed by another one that must not be answered.
fn smuggled() -> Vec<(&'static str, String)> {
    let second = "GET /healthz HTTP/1.1\r\nHost: second\r\n\r\n";
    let post = |headers: &str, body: &str| {
        format!("POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n{body}")
    };
    let length = second.len();
    vec![
        ("both lengths", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", &format!("0\r\n\r\n{second}"))),
        (
            "both, the other way round",
            post(&format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n"), second),
        ),
        ("two different lengths", post(&format!("Content-Length: 0\r\nContent-Length: {length}\r\n"), second)),
        ("a list of lengths", post(&format!("Content-Length: 0, {length}\r\n"), second)),
        ("a signed length", post("Content-Length: +0\r\n", second)),
        ("a negative length", post("Content-Length: -1\r\n", second)),
        ("a length in hex", post("Content-Length: 0x0\r\n", second)),
        ("an encoding nobody knows", post("Transfer-Encoding: chunked, identity\r\n", &format!("0\r\n\r\n{second}"))),
        ("an unknown encoding", post("Transfer-Encoding: xchunked\r\n", &format!("0\r\n\r\n{second}"))),
        (
            "two encodings",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n", &format!("0\r\n\r\n{second}")),
        ),
        ("a folded header", post("Transfer-Encoding:\r\n chunked\r\n", &format!("0\r\n\r\n{second}"))),
        ("a space before the colon", post("Transfer-Encoding : chunked\r\n", &format!("0\r\n\r\n{second}"))),
        ("a space before the name", post(" Content-Length: 0\r\n", second)),
        ("a control character in a name", post("Content\u{b}-Length: 0\r\n", second)),
        ("a chunk of no number", post("Transfer-Encoding: chunked\r\n", &format!("x\r\n\r\n0\r\n\r\n{second}"))),
        ("a chunk of a huge number", post("Transfer-Encoding: chunked\r\n", &format!("fffffffffffffffff\r\n{second}"))),
        ("a signed chunk", post("Transfer-Encoding: chunked\r\n", &format!("-1\r\n\r\n{second}"))),
        ("a chunk that lies", post("Transfer-Encoding: chunked\r\n", &format!("1\r\n{{}}\r\n0\r\n\r\n{second}"))),
        (
            "an old protocol with chunks",
            format!("POST /v1/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{second}"),
        ),
        ("no version", format!("GET /healthz\r\n\r\n{second}")),
        ("a version of the future", format!("GET /healthz HTTP/3.7\r\nHost: a\r\n\r\n{second}")),
        ("a NUL in a header", format!("GET /healthz HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n{second}")),
        ("a carriage return in a header", format!("GET /healthz HTTP/1.1\r\nHost: a\rX: b\r\n\r\n{second}")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_can_be_read_in_two_ways_gets_one_answer_at_most() {
    let world = World::start().await;
    let answers = join_all(smuggled().into_iter().map(async |(name, bytes)| {
        let mut stream = connect(&world).await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        let (text, ended) = rest(&mut stream, Duration::from_secs(15)).await;
        (name, text, ended)
    }))
    .await;
    let mut faults = Vec::new();
    for (name, text, ended) in answers {
        let count = text.matches("HTTP/1.1 ").count();
        let is_refused = text.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.1 5");
        if count > 1 || !is_refused || !ended || text.contains("alive") {
            faults.push(format!("{name}: ended: {ended}\n{text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n---\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_too_long_or_too_slow_and_sockets_that_say_nothing_are_let_go() {
    let world = World::with(|config| {
        config.max_connections = NonZeroUsize::new(200).unwrap();
    })
    .await;
    let mut long = Vec::new();
    for head in [
        format!("GET /healthz HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
        format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(1 << 20)),
        format!("GET /healthz HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(1000)),
    ] {
        let mut stream = connect(&world).await;
        // It may be cut off while it is still being sent.
        stream.write_all(head.as_bytes()).await.ok();
        long.push(rest(&mut stream, Duration::from_secs(20)).await);
    }
    for (text, ended) in long {
        assert!(ended && (text.is_empty() || text.starts_with("HTTP/1.1 4")), "{ended}: {text}");
    }
    // A thousand that say nothing hold two hundred places, and not for long.
    let idle = join_all((0..1000).map(async |_| connect(&world).await)).await;
    let began = Instant::now();
    let mut stream = connect(&world).await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let (text, ended) = rest(&mut stream, Duration::from_secs(60)).await;
    assert!(ended && text.starts_with("HTTP/1.1 200"), "{text}");
    eprintln!("behind 1,000 idle sockets an answer took {:?}", began.elapsed());
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_is_not_waited_for() {
    let world = World::start().await;
    let trickling = (0..50).map(async |_| {
        let mut stream = connect(&world).await;
        let head =
            "POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        rest(&mut stream, Duration::from_secs(30)).await
    });
    let began = Instant::now();
    for (text, ended) in join_all(trickling).await {
        assert!(ended && text.starts_with("HTTP/1.1 400") && text.contains("too slowly"), "{ended}: {text}");
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
}

/// Told by the operating system, Linux's.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_taken_is_not_kept_for_ever() {
    let world = World::start().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(world.service().address).await.unwrap();
    // More than all buffers on the way hold.
    stream.write_all("GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20).as_bytes()).await.unwrap();
    let began = Instant::now();
    // A connection that is over is heard of by who sends something.
    while stream.write_all(b" ").await.is_ok() {
        assert!(began.elapsed() < Duration::from_secs(60), "it is kept");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(began.elapsed() > Duration::from_secs(10), "who is slow has some time: {:?}", began.elapsed());
}

#[tokio::test]
async fn deep_and_wide_bodies_are_refused_in_no_time() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let keys: String = (0..20_000).map(|number| format!("\"k{number}\":1,")).collect();
    let bodies = [
        "[".repeat(100_000),
        format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        "{\"a\":".repeat(40_000),
        format!("{{\"family_name\":{}1{}}}", "[".repeat(1_000), "]".repeat(1_000)),
        format!("{{{keys}\"last\":1}}"),
        format!("{{\"family_name\":{{{keys}\"last\":1}}}}"),
        format!("{{\"family_name\":\"{}\"}}", "\\u0000".repeat(40_000)),
    ];
    for body in bodies {
        let began = Instant::now();
        let request = call(&world, "POST", "/v1/patients").bearer(&token).header("content-type", "application/json");
        let answer = request.body(body).send().await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{answer:?}");
        assert!(answer.text.len() < 10_000, "{}", answer.text.len());
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    }
}

// --- What a browser is told -------------------------------------------------------------------------------------------

#[tokio::test]
async fn only_pages_of_named_origins_may_call_and_they_read_refusals_too() {
    let world = World::with(|config| config.cors_origins = vec!["https://app.example.org".to_owned()]).await;
    let north = world.clinic("north").await;
    let token = access_token(&north.owner).await;
    let preflight = |origin: &str, method: &str| {
        let request = call(&world, "OPTIONS", "/v1/patients").header("origin", origin);
        request
            .header("access-control-request-method", method)
            .header("access-control-request-headers", "authorization")
    };
    let allowed = preflight("https://app.example.org", "POST").send().await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example.org"));
    assert!(allowed.header("x-content-type-options").is_some(), "a preflight carries the headers of every answer");
    for (path, token) in [("/v1/patients/nothing", &token), ("/v1/practitioners/me", &String::new())] {
        let request = call(&world, "GET", path).bearer(token).header("origin", "https://app.example.org");
        let refused = request.send().await;
        assert!(refused.status.is_client_error());
        assert_eq!(refused.header("access-control-allow-origin"), Some("https://app.example.org"), "{path}");
        assert!(refused.header("vary").is_some_and(|vary| vary.to_lowercase().contains("origin")), "{refused:?}");
    }
    for other in ["https://evil.example.org", "https://app.example.org.evil.example", "http://app.example.org", "null"]
    {
        let answer = preflight(other, "POST").send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{other}");
        let answer = call(&world, "GET", "/v1/practitioners/me").bearer(&token).header("origin", other).send().await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{other}");
    }
    let closed = World::start().await;
    let request = call(&closed, "GET", "/healthz").header("origin", "https://app.example.org");
    assert_eq!(request.send().await.header("access-control-allow-origin"), None, "none by default");
}

/// What every answer says to a browser.
fn assert_hardened(what: &str, answer: &Answer, is_https: bool) {
    let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
    let policy = header("content-security-policy");
    for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
        assert!(policy.contains(directive), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe-eval") && !policy.contains('*'), "{what}: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(header(name), value, "{what}: {name}");
    }
    for device in ["camera=()", "microphone=()", "geolocation=()"] {
        assert!(header("permissions-policy").contains(device), "{what}");
    }
    let transport = answer.header("strict-transport-security");
    assert_eq!(transport.is_some(), is_https, "{what}: {transport:?}");
}

#[tokio::test]
async fn every_answer_of_every_kind_is_hardened() {
    for is_https in [false, true] {
        let world = World::with(move |config| {
            config.public_url = is_https.then(|| "https://rapport.example.org".to_owned());
        })
        .await;
        let at = world.service().url();
        let http = world.http();
        let document: Value = http.get(format!("{at}/openapi.json")).send().await.unwrap().json().await.unwrap();
        let mut asked = 0;
        let mut ask = async |method: &str, path: &str| {
            let method = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let response = http.request(method.clone(), format!("{at}{path}")).send().await.unwrap();
            let (status, headers) = (response.status(), response.headers().clone());
            let answer = Answer { status, headers, text: String::new() };
            assert_hardened(&format!("{method} {path} ({status})"), &answer, is_https);
            if path.starts_with("/v1") {
                assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
            }
            asked += 1;
        };
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                ask(method, path).await;
            }
        }
        let id = Uuid::from_u128(7);
        for path in [
            "/",
            "/docs",
            "/docs/",
            "/docs/swagger-ui.css",
            "/docs/nothing",
            "/openapi.json",
            "/problems/not-found",
            "/problems/nothing",
            "/nothing",
            "/%00",
            "//",
            &format!("/consent/{id}"),
            &format!("/join/{id}"),
        ] {
            for method in ["GET", "HEAD", "PUT", "OPTIONS"] {
                ask(method, path).await;
            }
        }
        assert!(asked > 80, "{asked}");
    }
}
