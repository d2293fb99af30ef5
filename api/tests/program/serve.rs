//! `serve` and `migrate`, and what a data folder goes through.

use super::{
    clinic::Clinic,
    run::{Postgres, Program, alone, end, folder, rapport, tell},
};
use nix::sys::signal::Signal;
use rapport_api::{
    database::embedded::{Cluster, Options},
    identity::keys::KeyFiles,
};
use rapport_sdk::reqwest;
use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::Path, process::Command, time::Duration};

/// How long the first answer may take where the data folder exists. The promise for a release build is 3 seconds; this
/// is a debug build, beside other tests.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn status(url: String) -> u16 {
    reqwest::get(url).await.unwrap().status().as_u16()
}

fn is_ready(program: &Program) {
    assert_eq!(status(format!("{}/readyz", program.url())), 200, "{}", program.all());
}

fn command(command: &str, folder: &Path) -> Command {
    let mut command = rapport(&[command]);
    command.arg("--data-dir").arg(folder);
    command
}

#[test]
fn serve_makes_what_it_needs_and_leaves_nothing_running() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    is_ready(&service);
    assert_eq!(status(service.line("metrics on ")), 200);
    for key in ["signing.pem", "secret.key"] {
        let mode = fs::metadata(folder.path().join("keys").join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key} is for its owner alone");
    }
    let postgres = Postgres::of(folder.path());
    service.stop().well();
    postgres.is_gone();

    // Ctrl-C is as good.
    let service = Program::serve(folder.path());
    let postgres = Postgres::of(folder.path());
    service.signal(Signal::SIGINT);
    service.ends().well();
    postgres.is_gone();
}

#[test]
fn the_private_database_has_room_for_the_connections_of_all_threads_that_serve() {
    let _alone = alone();
    let folder = folder();
    let mut serve = command("serve", folder.path());
    serve.args(["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--workers", "12", "--pool-size", "10"]);
    let service = Program::start(serve);
    is_ready(&service);
    let options = fs::read_to_string(folder.path().join("postgres/pgdata/postmaster.opts")).unwrap();
    assert!(options.contains("max_connections=220"), "{options}");
    service.stop().well();
}

#[test]
fn data_survives_a_restart_and_the_first_answer_comes_soon() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let north = Clinic::sign_up(&service.url());
    service.stop().well();

    let service = Program::serve(folder.path());
    is_ready(&service);
    let taken = service.age();
    tell(&format!("the first answer on an existing data folder came after {} ms", taken.as_millis()));
    north.finds_its_patient(&service.url());
    assert!(taken < FIRST_ANSWER, "the first answer took {taken:?}");
    service.stop().well();
}

#[test]
fn a_killed_service_goes_on_with_its_data_at_once_and_leaves_no_database_behind() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let north = Clinic::sign_up(&service.url());
    let first = Postgres::of(folder.path());
    service.kill();

    let service = Program::serve(folder.path());
    north.finds_its_patient(&service.url());
    let second = Postgres::of(folder.path());
    service.kill();
    first.is_gone();
    second.is_gone();
}

#[test]
fn data_survives_the_death_of_service_and_database() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let north = Clinic::sign_up(&service.url());
    let postgres = Postgres::of(folder.path());
    service.signal(Signal::SIGKILL);
    postgres.kill();
    service.ends();

    let service = Program::serve(folder.path());
    north.finds_its_patient(&service.url());
    service.stop().well();
}

#[test]
fn a_second_service_on_a_folder_says_that_it_is_taken() {
    let _alone = alone();
    let folder = folder();
    let first = Program::serve(folder.path());
    let second = end(command("serve", folder.path()));
    let lines = second.refused();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("is in use by another rapport process"), "{lines:?}");
    assert!(lines[0].contains("--data-dir"), "it says what to change: {lines:?}");
    is_ready(&first);
    first.stop().well();
}

#[test]
fn a_taken_port_is_told_in_a_line_before_anything_is_made() {
    let folder = folder();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    for [taken, free] in [["--listen", "--metrics-listen"], ["--metrics-listen", "--listen"]] {
        let mut serve = command("serve", folder.path());
        serve.args([taken, &address, free, "127.0.0.1:0"]);
        let refused = end(serve);
        let lines = refused.refused();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(&format!("with {taken}:")), "it says what to change: {lines:?}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing was made");
}

#[test]
fn migrate_brings_a_database_up_to_date_once() {
    let _alone = alone();
    let folder = folder();
    let first = end(command("migrate", folder.path())).well();
    assert!(first.stdout.starts_with("applied "), "{}", first.stdout);
    let second = end(command("migrate", folder.path())).well();
    assert_eq!(second.stdout, "the database is up to date\n");
}

#[test]
fn a_database_of_ones_own_needs_keys_of_ones_own() {
    let _alone = alone();
    let folder = folder();
    let options = Options::default();
    let mut cluster = Cluster::start(&folder.path().join("theirs"), &options, &|line| tell(line)).unwrap();
    let serve = || {
        let mut serve = command("serve", &folder.path().join("ours"));
        serve.args(["--listen", "127.0.0.1:0"]).env("DATABASE_URL", cluster.url("postgres"));
        serve
    };

    let refused = end(serve());
    let lines = refused.refused();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("openssl genpkey -algorithm ed25519"), "it says how to make them: {lines:?}");
    assert!(lines[0].contains("openssl rand -base64 32"), "it says how to make them: {lines:?}");
    assert!(!lines[0].contains(cluster.password()));

    let keys = KeyFiles::under(&folder.path().join("given"));
    keys.make_missing().unwrap();
    let mut with_keys = serve();
    with_keys
        .env("RAPPORT_SIGNING_KEY_FILE", &keys.signing)
        .env("RAPPORT_SECRET_KEY_FILE", &keys.secret)
        .env("RAPPORT_ROOT_KEY_FILE", &keys.root);
    let service = Program::start(with_keys);
    is_ready(&service);
    Clinic::sign_up(&service.url());
    service.stop().well();
    assert!(!folder.path().join("ours/postgres").exists(), "it starts no Postgres of its own");
    cluster.stop().unwrap();
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let folder = folder();
    let keys = KeyFiles::under(folder.path());
    keys.make_missing().unwrap();
    let nobody_listens = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut serve = command("serve", folder.path());
    serve
        .args(["--listen", "127.0.0.1:0"])
        .env("DATABASE_URL", format!("postgres://somebody:quillfeather@{nobody_listens}/rapport"))
        .env("RAPPORT_SIGNING_KEY_FILE", &keys.signing)
        .env("RAPPORT_SECRET_KEY_FILE", &keys.secret)
        .env("RAPPORT_ROOT_KEY_FILE", &keys.root);
    let refused = end(serve);
    let lines = refused.refused();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("DATABASE_URL"), "it says what to change: {lines:?}");
    assert!(!refused.stderr.contains("quillfeather"), "{lines:?}");
}
