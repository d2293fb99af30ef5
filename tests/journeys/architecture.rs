//! The rules that keep the house comfortable, held over the text of the sources.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The folders of the thin kernel, and what each may use of the others. The one knot is meant: the database opens no
/// transaction without knowing for whom ([`rapport_api::identity`]) and what to write down ([`rapport_api::audit`]), and
/// its errors are the answers of [`rapport_api::http`].
const KERNEL: &[(&str, &[&str])] = &[
    ("audit", &["database", "http", "identity"]),
    ("database", &["audit", "http", "identity", "vault"]),
    ("events", &["audit", "database", "http", "identity", "vault"]),
    ("http", &["audit", "database", "identity", "vault"]),
    ("identity", &["audit", "database", "http", "vault"]),
    ("links", &["audit", "database", "events", "http", "identity"]),
    ("vault", &["database"]),
];
/// The capabilities.
const SLICES: &[&str] = &[
    "api_clients",
    "attachments",
    "clinics",
    "consent_links",
    "consents",
    "disclosures",
    "emergency_access",
    "oauth",
    "incidents",
    "keys",
    "patients",
    "practitioners",
    "referral_links",
    "referrals",
    "reports",
    "service",
    "share_links",
    "shares",
];
/// What pure rules may use.
const PURE: &[&str] = &["chrono", "rapport_contract", "std", "super", "thiserror", "uuid"];
/// Where Diesel may be besides `store.rs` files and `database/`, and why.
const TABLES_OF_THE_KERNEL: &[(&str, &str)] = &[
    ("events/mail.rs", "owns the table of mail"),
    ("http/idempotency.rs", "owns the table of stored answers"),
    ("http/problem.rs", "turns the database's errors into answers, once for all"),
    ("vault/cipher.rs", "lets a store pass on that something does not open"),
];
/// Where actix may be besides `routes.rs` files, `http/` and `pages/`, and why.
const KNOWS_THE_FRAMEWORK: &[(&str, &str)] = &[
    ("app.rs", "is the application"),
    ("events/worker.rs", "runs beside the application"),
    ("identity/mod.rs", "has the extractors"),
    ("links/mod.rs", "has the extractors of a link's visitor and session, and makes the cookie"),
    ("openapi.rs", "collects the routes"),
    ("server.rs", "starts it"),
    ("service/mod.rs", "has two routes and nothing else"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every file below, whose name ends so, sorted; what is built is left out.
fn files(below: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![below.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            let is_ours = !name.starts_with('.') && !matches!(name.as_str(), "target" | "node_modules");
            if path.is_dir() && is_ours {
                folders.push(path);
            } else if is_ours && ends.iter().any(|end| name.ends_with(end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A file of the service, without comments and without its tests.
struct Source {
    path: String,
    code: String,
}

impl Source {
    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(&format!("{folder}/"))
    }

    fn names(&self, word: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(word).any(|(at, _)| {
            let (before, after) = (&self.code[..at], &self.code[at + word.len()..]);
            !before.ends_with(is_part) && !after.starts_with(is_part)
        })
    }

    /// Every path that a `use` brings in, written out, and every `crate::` path in the code.
    fn paths(&self) -> BTreeSet<Vec<String>> {
        let mut paths = BTreeSet::new();
        for (at, _) in self.code.match_indices("use ") {
            let before = self.code[..at].rsplit('\n').next().unwrap_or_default().trim();
            let starts = matches!(before, "" | "pub" | "pub(crate)" | "pub(super)");
            if starts && let Some(end) = self.code[at..].find(';') {
                write_out(&[], &self.code[at + 4..at + end], &mut paths);
            }
        }
        for (at, _) in self.code.match_indices("crate::") {
            let path: String =
                self.code[at..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            paths.insert(path.trim_end_matches(':').split("::").map(ToOwned::to_owned).collect());
        }
        paths
    }
}

/// `a::{b, c::d}` is `a::b` and `a::c::d`.
fn write_out(before: &[String], tree: &str, paths: &mut BTreeSet<Vec<String>>) {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut branches = Vec::new();
    for (at, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&tree[start..]);
    for branch in branches.into_iter().map(str::trim).filter(|branch| !branch.is_empty()) {
        let (head, rest) = branch.split_once('{').unwrap_or((branch, ""));
        let mut path = before.to_vec();
        path.extend(head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(ToOwned::to_owned));
        match rest.rsplit_once('}') {
            Some((inner, _)) => write_out(&path, inner, paths),
            None => {
                paths.insert(path);
            }
        }
    }
}

fn sources() -> Vec<Source> {
    let service = root().join("api/src");
    let mut sources = Vec::new();
    for file in files(&service, &[".rs"]) {
        let path = file.strip_prefix(&service).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        if !path.ends_with("/tests.rs") {
            sources.push(Source { path, code });
        }
    }
    assert!(sources.len() > 50, "the sources were not found: {}", service.display());
    sources
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_folder_of_the_service_is_of_the_kernel_or_a_slice() {
    let folders: BTreeSet<String> = sources()
        .iter()
        .filter_map(|source| source.path.split_once('/').map(|(folder, _)| folder.to_owned()))
        .collect();
    let known =
        KERNEL.iter().map(|(folder, _)| *folder).chain(SLICES.iter().copied()).chain(["demo", "openapi", "pages"]);
    assert_eq!(folders, known.map(ToOwned::to_owned).collect(), "a new folder takes a decision, here");
}

#[test]
fn pure_rules_use_the_language_time_ids_and_the_contract_alone() {
    let mut faults = Vec::new();
    let pure: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.path.ends_with("/policy.rs") || source.path.ends_with("/state.rs"))
        .collect();
    assert!(pure.len() >= 4);
    for source in pure {
        for path in source.paths() {
            // A type of the file itself is no module.
            let is_type = path[0].starts_with(char::is_uppercase);
            if !is_type && !PURE.contains(&path[0].as_str()) {
                faults.push(format!("{} uses {}", source.path, path.join("::")));
            }
        }
        // A crate can be named without being imported.
        for word in ["diesel", "actix_web", "tokio", "serde_json", "async"] {
            if source.names(word) {
                faults.push(format!("{} names {word}", source.path));
            }
        }
        for call in ["crate::", "::now("] {
            if source.code.contains(call) {
                faults.push(format!("{} says {call}", source.path));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn sql_stands_in_stores_and_in_the_tables_of_the_kernel() {
    let sources = sources();
    let mut faults = Vec::new();
    for source in &sources {
        let is_home = source.is_in("database") || source.path.ends_with("/store.rs");
        let is_named = TABLES_OF_THE_KERNEL.iter().any(|(path, _)| *path == source.path);
        let uses = ["diesel", "diesel_async", "diesel_migrations"].into_iter().any(|name| source.names(name));
        if uses && !is_home && !is_named {
            faults.push(format!("{} uses Diesel", source.path));
        }
        if is_named && !uses {
            faults.push(format!("{} has left Diesel: take it off the list", source.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_framework_stands_at_the_edge() {
    let mut faults = Vec::new();
    for source in sources() {
        let is_edge = source.is_in("http") || source.is_in("pages") || source.path.ends_with("/routes.rs");
        let is_named = KNOWS_THE_FRAMEWORK.iter().any(|(path, _)| *path == source.path);
        let uses = source.names("actix_web");
        if uses && !is_edge && !is_named {
            faults.push(format!("{} uses actix", source.path));
        }
        if is_named && !uses {
            faults.push(format!("{} has left actix: take it off the list", source.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn the_kernel_knows_no_slice_and_of_itself_only_what_is_listed() {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for source in sources() {
        let Some((folder, may)) = KERNEL.iter().find(|(folder, _)| source.is_in(folder)) else { continue };
        for path in source.paths().iter().filter(|path| path[0] == "crate" && path.len() > 1) {
            let other = path[1].as_str();
            if other != *folder && !may.contains(&other) {
                faults.push(format!("{} uses {}", source.path, path.join("::")));
            }
            used.insert((*folder, other.to_owned()));
        }
    }
    for (folder, may) in KERNEL {
        for other in *may {
            if !used.contains(&(*folder, (*other).to_owned())) {
                faults.push(format!("{folder} does not need {other} any more: take it off the list"));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn a_slice_is_used_through_its_front_door() {
    let mut faults = Vec::new();
    for source in sources() {
        // What is private in mod.rs the compiler keeps private; so only these three may be more than that.
        if let Some(slice) = source.path.strip_suffix("/mod.rs").filter(|slice| SLICES.contains(slice)) {
            for line in source.code.lines().map(str::trim).filter(|line| line.starts_with("pub")) {
                let is_module = line.split_whitespace().any(|word| word == "mod");
                let is_open = ["pub mod policy;", "pub mod routes;", "pub mod state;"].contains(&line);
                if is_module && !is_open {
                    faults.push(format!("{slice} opens: {line}"));
                }
            }
        }
        for path in source.paths().iter().filter(|path| path[0] == "crate" && path.len() > 2) {
            let (slice, inner) = (path[1].as_str(), path[2].as_str());
            let is_own = source.is_in(slice);
            let is_private = matches!(inner, "convert" | "document" | "routes" | "statement" | "store");
            if SLICES.contains(&slice) && is_private && !is_own && source.path != "app.rs" {
                faults.push(format!("{} uses {}", source.path, path.join("::")));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn a_file_that_a_text_names_exists() {
    let root = root();
    let mut faults = Vec::new();
    for file in files(&root, &[".rs", ".md"]) {
        let text = fs::read_to_string(&file).unwrap();
        let is_source = file.extension().is_some_and(|extension| extension == "rs");
        let prose = text.lines().filter(|line| !is_source || line.trim_start().starts_with("//!"));
        for word in prose.flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let is_path = word.contains('/')
                && [".rs", ".md", ".sql", ".json", ".toml", ".html", ".yml", ".txt"]
                    .iter()
                    .any(|end| word.ends_with(end))
                && !word.contains(['<', '{', '*', ' ', ':'])
                && !word.starts_with('/');
            let own_crate = file.ancestors().find(|folder| folder.join("Cargo.toml").exists()).unwrap();
            let places = [root.as_path(), &root.join("api/src"), own_crate, file.parent().unwrap()].map(Path::to_owned);
            if is_path && !places.iter().any(|place| place.join(word).exists()) {
                faults.push(format!("{} names {word}", file.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert_none(&faults);
}

/// Statements that have been made of this work and are not true, or that nobody can stand behind.
#[test]
fn no_text_of_the_product_claims_what_is_not_so() {
    let root = root();
    let mut faults = Vec::new();
    let folders =
        ["api/src", "openapi", "sdk", "migrations", "docs", "README.md", "SECURITY.md"].map(|folder| root.join(folder));
    let texts = folders.iter().flat_map(|place| match place.is_file() {
        true => vec![place.clone()],
        false => files(place, &[".rs", ".md", ".html", ".js", ".json", ".sql", ".txt"]),
    });
    for file in texts {
        let text = fs::read_to_string(&file).unwrap().to_lowercase();
        // A sentence may go on in the next line.
        let text = text.replace("///", " ").replace("//!", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        for claim in ["85 %", "85%", "85 percent", "85\u{a0}%", "legally required to open"] {
            if text.contains(claim) {
                faults.push(format!("{} claims: {claim}", file.display()));
            }
        }
        for sentence in text.split(['.', ';', '|', '"']) {
            if sentence.contains("massage") && sentence.contains("diagnos") {
                faults.push(format!("{} lets a massage therapist diagnose: {sentence}", file.display()));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn no_test_is_switched_off_and_no_macro_is_our_own() {
    let root = root();
    let mut faults = Vec::new();
    for file in files(&root, &[".rs"]) {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(&root).unwrap().display();
        if text.contains(concat!("#[", "ignore")) {
            faults.push(format!("{path} switches a test off"));
        }
        let is_of_tests = file.starts_with(root.join("tests"));
        if text.contains(concat!("macro_", "rules!")) && !is_of_tests {
            faults.push(format!("{path} has a macro of its own"));
        }
    }
    assert_none(&faults);
}
