//! Every problem that is answered is one that the document lists for its operation: held over all that the services of this
//! process have answered to whomever, as each [`World`](crate::World) ends.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

/// Of each operation, the kinds that the document lists.
type Kinds = BTreeMap<(String, String), BTreeSet<String>>;

static LISTED: LazyLock<Kinds> = LazyLock::new(|| {
    let document = rapport_api::openapi::document().expect("the document");
    let mut kinds = Kinds::new();
    for (path, item) in document.get("paths").and_then(Value::as_object).expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let listed = operation["responses"].as_object().into_iter().flat_map(|responses| responses.values());
            let listed = listed.flat_map(|response| kinds_in(&document, response)).collect();
            kinds.insert((method.to_uppercase(), path.clone()), listed);
        }
    }
    kinds
});

fn kinds_in(document: &Value, response: &Value) -> Vec<String> {
    let to = response["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
    let response = to.and_then(|to| document.pointer(to)).unwrap_or(response);
    let examples = response.pointer("/content/application~1problem+json/examples").and_then(Value::as_object);
    examples.into_iter().flat_map(|examples| examples.keys().cloned()).collect()
}

/// What was answered, by what the metrics count.
fn answered(metrics: &str) -> impl Iterator<Item = ((String, String), String)> {
    let lines = metrics.lines().filter(|line| line.starts_with("rapport_http_problems_total{"));
    lines.filter_map(|line| {
        let mut words = line.split('"').skip(1).step_by(2).map(ToOwned::to_owned);
        let (method, route, kind) = (words.next()?, words.next()?, words.next()?);
        // HEAD is a GET whose body is left out.
        let method = if method == "HEAD" { "GET".to_owned() } else { method };
        Some(((method, route), kind))
    })
}

/// The problems that were answered by operations whose description does not list them.
fn unlisted(listed: &Kinds, metrics: &str) -> Vec<String> {
    let is_unlisted =
        |operation: &(String, String), kind: &String| listed.get(operation).is_some_and(|kinds| !kinds.contains(kind));
    let found = answered(metrics).filter(|(operation, kind)| is_unlisted(operation, kind));
    found.map(|((method, path), kind)| format!("{method} {path} answers {kind}")).collect()
}

/// The problems that are listed and that nobody has been answered.
fn never_answered(listed: &Kinds, metrics: &str) -> Vec<String> {
    let answered: BTreeSet<_> = answered(metrics).collect();
    let all = listed.iter().flat_map(|(operation, kinds)| kinds.iter().map(move |kind| (operation, kind)));
    let never = all.filter(|(operation, kind)| !answered.contains(&((*operation).clone(), (*kind).clone())));
    never.map(|((method, path), kind)| format!("{method} {path} {kind}\n")).collect()
}

fn metrics(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

/// Fails if anybody was answered a problem that its operation does not list. With `RAPPORT_NEVER_ANSWERED` set to a file, what is
/// listed and was not answered until now is written there.
pub(crate) fn check(address: SocketAddr) {
    // A service that a test has broken tells nothing. Those that come after it in this process tell of it too.
    let Ok(metrics) = metrics(address) else { return };
    if let Some(file) = std::env::var_os("RAPPORT_NEVER_ANSWERED") {
        std::fs::write(file, never_answered(&LISTED, &metrics).concat()).expect("a file");
    }
    // The metrics are of all services of this process. Each fault is told once, by the first who sees it.
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut unlisted = unlisted(&LISTED, &metrics);
    unlisted.retain(|fault| TOLD.lock().unwrap_or_else(PoisonError::into_inner).insert(fault.clone()));
    assert!(unlisted.is_empty(), "the document does not list (api/src/openapi/problems.rs):\n{}", unlisted.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(method: &str, route: &str, kind: &str) -> String {
        format!("rapport_http_problems_total{{method=\"{method}\",route=\"{route}\",problem=\"{kind}\"}} 1\n")
    }

    #[test]
    fn a_kind_that_the_document_does_not_list_for_the_operation_is_found() {
        let metrics = [
            counted("GET", "/v1/practitioners", "unauthenticated"),
            counted("GET", "/v1/practitioners", "forbidden"),
            counted("HEAD", "/healthz", "not-found"),
            counted("DELETE", "/healthz", "method-not-allowed"),
        ];
        let found = unlisted(&LISTED, &metrics.concat());
        assert_eq!(found, ["GET /v1/practitioners answers forbidden", "GET /healthz answers not-found"]);
        assert!(LISTED.len() > 100 && LISTED.values().all(|kinds| kinds.contains("internal")));
        let never = never_answered(&LISTED, &metrics.concat());
        assert!(never.contains(&"GET /healthz internal\n".to_owned()));
        assert!(!never.contains(&"GET /v1/practitioners unauthenticated\n".to_owned()));
    }
}
