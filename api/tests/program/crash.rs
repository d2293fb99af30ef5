//! What a crash tells and leaves behind: where it was, and nothing of what was at hand.

use super::run::{Postgres, Program, alone, folder};
use std::{
    fs,
    process::{Command, Output},
    thread,
};

/// Says that this process is the one that panics, and in which form it logs.
const PANICS: &str = "RAPPORT_TEST_PANICS";
/// What must not be told.
const WORD: &str = "zqquoted";

/// This very test, run once more in a process of its own, whose panics are its own too.
fn panicking(form: &str) -> Output {
    let name = "crash::a_panic_tells_where_it_was_and_quotes_nothing";
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", name, "--nocapture"]).env(PANICS, form).env("RUST_BACKTRACE", "1").output().unwrap()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the process is told by its environment that it is the one that panics")]
fn a_panic_tells_where_it_was_and_quotes_nothing() {
    if let Ok(form) = std::env::var(PANICS) {
        rapport_api::log::keep_crashes_silent();
        if form != "before the log" {
            rapport_api::log::init("trace", form == "json").unwrap();
        }
        let text = format!("{WORD} é");
        // Cuts a letter in two: the message quotes the text.
        let cut = WORD.len() + 2;
        assert!(thread::spawn(move || text.split_at(cut).0.len()).join().is_err());
        return;
    }
    for form in ["text", "json", "before the log"] {
        let Output { status, stdout, stderr } = panicking(form);
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert!(status.success(), "{form}: {stdout}{stderr}");
        assert!(stderr.contains("a panic") && stderr.contains("crash.rs:"), "{form}: it is told where: {stderr}");
        assert!(!stdout.contains(WORD) && !stderr.contains(WORD), "{form}: {stdout}{stderr}");
    }
}

#[test]
fn no_crash_leaves_an_image_of_the_memory() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    for pid in [service.pid().as_raw(), Postgres::of(folder.path()).pid] {
        let limits = fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
        let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
        assert_eq!(core.split_whitespace().take(2).collect::<Vec<_>>(), ["0", "0"], "{pid}: {core}");
    }
    service.stop().well();
}
