//! What users of the SDK can name, a line each, in `public-api.txt`: since the release that stands in its first line, `+` is
//! new and `-` is gone. So a change of it is seen in review, and what breaks its users takes a version that says so.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails loudly")]

use std::{collections::BTreeSet, fs, path::Path, process::Command};

const SDK: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn what_users_can_name_changes_in_review_and_breaks_with_a_version_only() {
    let file = Path::new(SDK).join("public-api.txt");
    let accept = std::env::var_os("RAPPORT_ACCEPT_API");
    let committed = fs::read_to_string(&file).unwrap_or_default();
    let now = listing();

    let (release, released) = if accept.as_ref().is_some_and(|what| what == "release") {
        (VERSION, now.clone())
    } else {
        let (release, lines) = committed.split_once('\n').expect("a release and what it had");
        let then = lines.lines().filter(|line| !line.starts_with('+'));
        (release, then.map(|line| line[2..].to_owned()).collect())
    };
    let mut all: Vec<_> = released.union(&now).map(String::as_str).collect();
    all.sort_by_key(|line| (subject(line), *line));
    let mut table = format!("{release}\n");
    let mut broken = String::new();
    for line in all {
        let (mark, breaks) = match (released.contains(line), now.contains(line)) {
            (true, true) => (' ', false),
            (true, false) => ('-', true),
            _ => ('+', narrows(line, &released)),
        };
        table += &format!("{mark} {line}\n");
        if breaks {
            broken += &format!("{mark} {line}\n");
        }
    }
    assert!(
        broken.is_empty() || compatible(release) != compatible(VERSION),
        "That breaks users of {release}:\n{broken}Leave what was there, deprecated if it has to go, or raise the version in \
         Cargo.toml so that they see it: the second number before 1.0, the first one from then on."
    );
    if accept.is_some() {
        return fs::write(&file, &table).unwrap();
    }
    let (lines, known): (BTreeSet<_>, BTreeSet<_>) = (table.lines().collect(), committed.lines().collect());
    let gone = known.difference(&lines).map(|line| format!("then {line}\n"));
    let differences: String = lines.difference(&known).map(|line| format!("now  {line}\n")).chain(gone).collect();
    assert!(
        table == committed,
        "What users of the SDK can name is not what sdk/public-api.txt says:\n{differences}If that is meant: \
         RAPPORT_ACCEPT_API=1 cargo test -p rapport-sdk --test public_api, and have the file reviewed."
    );
}

/// All of it, of the SDK and of the contract that it hands on. What any type has, and how derived functions are called, is left out.
fn listing() -> BTreeSet<String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let documented = Command::new(env!("CARGO"))
        .args(["doc", "--quiet", "--locked", "--no-deps", "--package", "rapport-contract", "--package", "rapport-sdk"])
        .args(["--features", "rapport-sdk/testing", "--target-dir"])
        .arg(target)
        .env("RUSTDOC", Path::new(SDK).join("tests/rustdoc.sh"))
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .current_dir(SDK)
        .status();
    assert!(documented.unwrap().success());
    let mut listing = BTreeSet::new();
    for name in ["rapport_contract", "rapport_sdk"] {
        let all = public_api::Builder::from_rustdoc_json(target.join("doc").join(name).with_extension("json"))
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true);
        let lines = |builder: public_api::Builder| {
            let api =
                builder.build().expect("Rust 1.95, or in sdk/Cargo.toml the public-api for the Rust that is here");
            api.into_items().map(|item| item.to_string()).collect::<Vec<_>>()
        };
        listing.extend(lines(all.clone().omit_auto_derived_impls(true)));
        let derived = lines(all).into_iter();
        listing.extend(derived.filter(|line| line.starts_with("impl") && !line.contains("::StructuralPartialEq ")));
    }
    listing
}

/// What a line is about, so that a type stands beside what it implements.
fn subject(line: &str) -> &str {
    let implementor = line.starts_with("impl").then(|| line.split_once(" for ")).flatten();
    implementor.map_or_else(|| &line[line.find("rapport_").unwrap_or(0)..], |(_, implementor)| implementor)
}

/// Whether a new line is a field, a variant or an item of what users may have built, matched or implemented in full: a type or
/// trait that was released and is not `#[non_exhaustive]`.
fn narrows(line: &str, released: &BTreeSet<String>) -> bool {
    let path = subject(line).split([' ', '(', '<']).next().unwrap_or_default().trim_end_matches(':');
    let owner = path.rsplit_once("::").map_or("", |(owner, _)| owner);
    let kinds: &[_] = if line.starts_with("pub rapport_") { &["struct", "enum"] } else { &["trait"] };
    kinds.iter().map(|kind| format!("pub {kind} {owner}")).any(|whole| {
        let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '(', '<']) || rest.starts_with(": ");
        released.iter().any(|then| then.strip_prefix(&whole).is_some_and(ends))
    })
}

/// What versions share that one may be put in the place of another: `0.1` of 0.1.2, `1` of 1.2.3.
fn compatible(version: &str) -> Vec<&str> {
    version.split('.').take(if version.starts_with("0.") { 2 } else { 1 }).collect()
}
