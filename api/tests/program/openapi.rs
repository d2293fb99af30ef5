//! The committed description of the API.

use super::run::{end, rapport};
use std::{fs, path::Path};

#[test]
fn the_committed_openapi_document_is_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let printed = end(rapport(&["openapi"])).well().stdout;
    let committed = fs::read_to_string(file).unwrap_or_default();
    let differs = printed.lines().zip(committed.lines()).position(|(now, then)| now != then);
    let differs = differs.unwrap_or_else(|| printed.lines().count().min(committed.lines().count()));
    assert!(
        printed == committed,
        "openapi/openapi.json is not what the service serves, from line {} on:\n now: {}\nthen: {}\nReview the change as \
         one of the API, then: cargo run -- openapi > openapi/openapi.json",
        differs + 1,
        printed.lines().nth(differs).unwrap_or("(the end)"),
        committed.lines().nth(differs).unwrap_or("(the end)"),
    );
}
