//! What the README says is so.

use super::run::{Program, alone, folder};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Stand-ins, good for this README only, for two programs that a machine may lack.
const STAND_INS: [(&str, &str); 2] = [
    (
        "jq",
        "#!/usr/bin/env python3\nimport json, sys\nread = json.load(sys.stdin)\n\
         print(read[sys.argv[2][1:]] if sys.argv[1:] else json.dumps(read, indent=2))\n",
    ),
    (
        "oathtool",
        "#!/usr/bin/env python3\nimport base64, hmac, struct, sys, time\n\
         mac = hmac.digest(base64.b32decode(sys.argv[-1]), struct.pack('>Q', int(time.time()) // 30), 'sha1')\n\
         at = mac[-1] & 15\n\
         print('%06d' % ((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 10 ** 6))\n",
    ),
];

#[test]
fn the_first_call_of_the_readme_works_as_it_stands() {
    let readme = readme();
    let block = readme.split("```sh\n").find(|block| block.starts_with("rapport=http")).unwrap();
    let script = block.split("```").next().unwrap();

    let _alone = alone();
    let folder = folder();
    let service = Program::serve(&folder.path().join("data"));
    let tools = folder.path().join("tools");
    fs::create_dir(&tools).unwrap();
    for (name, text) in STAND_INS {
        fs::write(tools.join(name), text).unwrap();
        fs::set_permissions(tools.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    // Behind the machine's own, which come first.
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":");
    path.push(&tools);
    let script = script.replacen("http://127.0.0.1:8080", &service.url(), 1);
    let ran = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).env("PATH", path).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{stdout}{stderr}");
    assert_eq!(stdout.matches("\"given_name\": \"Casey\"").count(), 2, "taken on, and found again: {stdout}{stderr}");
    service.stop().well();
}

/// An example of the SDK, built with the tests of the workspace; where only these here were asked for, it is built now.
fn example(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_BIN_EXE_rapport")).parent().unwrap();
    let example = folder.join("examples").join(name);
    if !example.exists() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--locked", "-p", "rapport-sdk", "--example", name]);
        assert!(cargo.current_dir(root()).status().unwrap().success());
    }
    example
}

#[test]
fn the_examples_of_the_sdk_walk_to_their_ends() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    for (name, last) in [
        ("share_a_progress_report", "revoked"),
        ("close_a_referral", "6. North heard that it was completed."),
        ("sign_in_as_a_machine", "4. The owner ended it, and it is out at once: invalid-client"),
    ] {
        let ran = Command::new(example(name)).arg(service.url()).arg(folder.path().join("mail")).output().unwrap();
        let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.success(), "{name}: {stdout}{stderr}");
        assert!(stdout.contains(last), "{name}: {stdout}");
    }
    service.stop().well();
}

fn sources() -> String {
    let mut sources = String::new();
    for folder in ["api", "openapi", "sdk", "tests"] {
        read_into(&mut sources, &root().join(folder));
    }
    sources
}

/// The tests that a text names.
fn named(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2 && !name.contains(' ')).collect()
}

fn assert_exist(tests: &[&str]) {
    let sources = sources();
    let missing: Vec<_> = tests.iter().filter(|test| !sources.contains(&format!("fn {test}("))).collect();
    assert!(missing.is_empty(), "there are no such tests: {missing:#?}");
}

#[test]
fn every_promise_of_the_readme_names_a_test_that_exists() {
    let readme = readme();
    let promises = readme.split("## What it promises").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let tests = named(promises);
    assert!(tests.len() >= 8, "{tests:?}");
    assert_exist(&tests);
}

/// Beside others, the SDK claims nothing that no test shows.
#[test]
fn every_claim_of_the_sdks_table_names_a_test_that_exists() {
    let readme = fs::read_to_string(root().join("sdk/README.md")).unwrap();
    let (_, table) = readme.split_once("## Beside others").unwrap();
    let mut claims = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).skip(1) {
        let tests = named(row.split('|').nth(2).unwrap());
        assert!(!tests.is_empty(), "no test is named: {row}");
        claims.extend(tests);
    }
    assert!(claims.len() > 15, "{claims:?}");
    assert_exist(&claims);
}

#[test]
fn everything_that_security_md_says_we_do_names_a_test_that_exists() {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    assert_exist(&named(&text));
    for (section, rows) in [("Eight principles", 8), ("The threat model", 10), ("HIPAA", 12), ("OWASP", 10)] {
        let section = text.split("\n## ").find(|part| part.starts_with(section)).unwrap_or_else(|| panic!("{section}"));
        // Without the heads of the tables.
        let table: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).collect();
        let table: Vec<&str> =
            table.into_iter().filter(|line| !line.contains("---") && !line.ends_with("| test |")).collect();
        assert!(table.len() >= rows, "{} rows of {section:.20}", table.len());
        for row in table {
            assert!(!named(row).is_empty() || row.contains("*What is not covered*"), "no test shows it: {row}");
        }
    }
}

fn read_into(sources: &mut String, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_into(sources, &path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
