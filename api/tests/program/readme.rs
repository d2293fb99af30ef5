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

/// The example that the README sends people to, built with the tests of the workspace; where only these here were asked for, it is
/// built now.
fn example() -> PathBuf {
    let folder = Path::new(env!("CARGO_BIN_EXE_rapport")).parent().unwrap();
    let example = folder.join("examples/share_a_progress_report");
    if !example.exists() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--locked", "-p", "rapport-sdk", "--example", "share_a_progress_report"]);
        assert!(cargo.current_dir(root()).status().unwrap().success());
    }
    example
}

#[test]
fn the_example_of_the_sdk_walks_from_sign_up_to_revocation() {
    let _alone = alone();
    let folder = folder();
    let service = Program::serve(folder.path());
    let ran = Command::new(example()).arg(service.url()).arg(folder.path().join("mail")).output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains("revoked"), "{stdout}");
    service.stop().well();
}

#[test]
fn every_promise_of_the_readme_names_a_test_that_exists() {
    let mut sources = String::new();
    for folder in ["api", "openapi", "sdk", "tests"] {
        read_into(&mut sources, &root().join(folder));
    }
    let readme = readme();
    let promises = readme.split("## What it promises").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let tests: Vec<&str> =
        promises.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2).collect();
    assert!(tests.len() >= 8, "{tests:?}");
    for test in tests {
        assert!(sources.contains(&format!("fn {test}(")), "there is no test {test}");
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
