//! Events outlive the service: it is killed again and again while a clinic works, and the clinic's webhook is told of
//! everything all the same.

use super::{
    clinic::sign_in_for_the_first_time,
    durability::{Record, write},
    run::{Program, alone, folder, rapport, tell, until},
};
use rapport_sdk::{
    Client, Policy, Timeouts,
    contract::{
        events::{Event, EventType},
        webhooks::{NewWebhook, WebhookState},
    },
    uuid::Uuid,
    webhooks::{echo, verify},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex, atomic::Ordering},
    time::Duration,
};
use tokio::task::JoinSet;

const KILLS: u64 = 6;

/// What an address was told: each message with its headers.
type Told = Arc<Mutex<Vec<(BTreeMap<String, String>, Vec<u8>)>>>;

/// An address that wants everything.
fn address(told: &Told) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let told = Arc::clone(told);
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            // Whoever is killed in the middle of a message says it again.
            take(connection.unwrap(), &told);
        }
    });
    origin
}

fn take(mut connection: TcpStream, told: &Told) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<_, _> = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    connection.read_exact(&mut body).ok()?;
    let answer = echo(&body).unwrap_or_else(|| {
        told.lock().unwrap().push((headers, body));
        String::new()
    });
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}", answer.len());
    connection.write_all(answer.as_bytes()).ok()
}

fn serve(folder: &Path, listen: &str, origin: &str) -> Program {
    let mut command = rapport(&["serve", "--listen", listen, "--metrics-listen", "127.0.0.1:0", "--log", "error"]);
    command.args(["--webhook-timeout", "1", "--outbound-origins", origin, "--data-dir"]).arg(folder);
    let program = Program::start(command);
    program.url();
    program
}

#[test]
fn a_webhook_is_told_of_everything_however_often_the_service_is_killed() {
    let _alone = alone();
    let folder = folder();
    let told: Told = Arc::default();
    let origin = address(&told);
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut service = serve(folder.path(), &listen, &origin);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stubborn = Policy { attempts: 10_000, base: Duration::from_millis(40), cap: Duration::from_millis(400) };
    let patient = Timeouts { overall: Duration::from_secs(180), ..Timeouts::default() };
    let nobody = Client::builder(service.url()).retries(stubborn).timeouts(patient).build().unwrap();
    let clinic = runtime.block_on(sign_in_for_the_first_time(nobody));
    let new = NewWebhook { url: format!("{origin}/hook"), types: vec![EventType::ReportSigned] };
    let made = runtime.block_on(clinic.webhooks().create(&new)).unwrap();
    until("the address is known to want this", || {
        let webhook = runtime.block_on(clinic.webhooks().get(made.webhook.id)).unwrap();
        webhook.state == WebhookState::Active
    });

    let record = Arc::new(Record::default());
    let mut writers = JoinSet::new();
    for writer in 0..3 {
        writers.spawn_on(write(clinic.clone(), writer, Arc::clone(&record)), runtime.handle());
    }
    for kill in 0..KILLS {
        record.wait_for_load();
        // Not at the same moment of a delivery's life each time.
        std::thread::park_timeout(Duration::from_millis(kill * 53 % 190));
        service.kill();
        service = serve(folder.path(), &listen, &origin);
    }
    record.is_over.store(true, Ordering::SeqCst);
    runtime.block_on(async { while writers.join_next().await.transpose().unwrap().is_some() {} });

    let signed: BTreeSet<Uuid> = record.reports.lock().unwrap().iter().map(|report| report.id.uuid()).collect();
    assert!(signed.len() > 10, "there was load");
    let event = |body: &[u8]| -> Event { serde_json::from_slice(body).unwrap() };
    until("the webhook was told of each", || {
        let told = told.lock().unwrap();
        let objects: BTreeSet<Uuid> = told.iter().map(|(_, body)| event(body).object.id).collect();
        signed.is_subset(&objects)
    });
    let told = told.lock().unwrap().clone();
    for (headers, body) in &told {
        let header = |name: &str| headers.get(name).map(String::as_str);
        // Minutes may have passed since.
        if verify(made.secret.secret.as_str(), header, body) != Ok(()) {
            assert_eq!(verify(&made.secret.public_key, header, body), Err(rapport_sdk::webhooks::NotVerified::Time));
        }
        assert_eq!(header("webhook-id"), Some(event(body).id.to_string().as_str()));
    }
    // The numbers have no gap, whoever has counted.
    let last = told.iter().map(|(_, body)| event(body).sequence).max().unwrap();
    let numbers: BTreeSet<i64> = told.iter().map(|(_, body)| event(body).sequence).collect();
    assert_eq!(numbers, (1..=last).collect());
    tell(&format!("{} reports signed, {} messages, {KILLS} kills", signed.len(), told.len()));
    service.stop().well();
}
