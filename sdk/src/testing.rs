//! A service for tests of your own, behind the feature `testing`: it listens on a port of its own and answers every operation of
//! the service by the same OpenAPI document, with the example that stands there, until you say otherwise.
//!
//! It keeps nothing and decides nothing: what your code makes of an answer is what such a test shows. Where the service itself
//! has to decide, run `rapport serve` beside your tests; it brings its own database.
//!
//! ```
//! use rapport_sdk::{Kind, testing::{Answer, Server}, ids::{ReportId, ShareId}, uuid::Uuid};
//!
//! # #[tokio::main]
//! # async fn main() -> rapport_sdk::Result<()> {
//! let server = Server::start().await;
//! let south = server.client();
//!
//! // By its example, under the id that was asked for.
//! let id = ShareId::new(Uuid::from_u128(7));
//! assert_eq!(south.shares().get(id).await?.id, id);
//!
//! // The patient revokes.
//! server.answer("get_share", Answer::problem(Kind::ConsentRevoked)).await;
//! let refused = south.shares().get(id).await.unwrap_err();
//! assert_eq!(refused.kind(), Some(Kind::ConsentRevoked));
//!
//! let asked = server.asked().await;
//! assert_eq!(asked.iter().map(|asked| asked.operation.as_str()).collect::<Vec<_>>(), ["get_share", "get_share"]);
//! # Ok(())
//! # }
//! ```

#![expect(clippy::indexing_slicing, reason = "of a JSON value it gives null, and never panics")]

use crate::{Client, Kind, Policy};
use rapport_contract::{DOCUMENT, identity::Tokens};
use serde::Serialize;
use serde_json::{Value, json};
use std::{sync::LazyLock, time::Duration};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// One operation of the document.
#[derive(Debug)]
struct Operation {
    id: String,
    method: String,
    /// The parts of its path; those in braces stand for anything.
    parts: Vec<String>,
    status: u16,
    media_type: Option<String>,
    example: Value,
    /// Whether it takes a person's or a machine's access token.
    is_signed_in: bool,
    /// Whether it demands `If-Match`.
    is_conditional: bool,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let each = paths.iter().flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |it| (path, it)));
    each.map(|(path, (method, operation))| operation_of(path, method, operation)).collect()
});

fn operation_of(path: &str, method: &str, operation: &Value) -> Operation {
    let success = operation["responses"].as_object().into_iter().flatten().find(|(status, _)| status.starts_with('2'));
    let (status, answer) =
        success.map_or((200, &Value::Null), |(status, answer)| (status.parse().unwrap_or(200), answer));
    let content = answer["content"].as_object().and_then(|content| content.iter().next());
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    Operation {
        id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
        method: method.to_uppercase(),
        parts: path.split('/').map(ToOwned::to_owned).collect(),
        status,
        media_type: content.map(|(media_type, _)| media_type.clone()),
        example: content.map(|(_, content)| content["example"].clone()).unwrap_or_default(),
        is_signed_in: operation["security"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|scheme| scheme.get("bearer").is_some()),
        is_conditional: parameters.into_iter().any(|it| it["name"] == "If-Match" && it["required"] == true),
    }
}

impl Operation {
    fn of(request: &Request) -> Option<&'static Self> {
        let parts: Vec<&str> = request.url.path().split('/').collect();
        let fits = |operation: &&Self| operation.method == request.method.as_str() && operation.fits(&parts);
        // `/me` is no id: the one that stands there word by word comes first.
        OPERATIONS.iter().filter(fits).min_by_key(|operation| operation.unknown().count())
    }

    fn unknown(&self) -> impl Iterator<Item = &String> {
        self.parts.iter().filter(|part| part.starts_with('{'))
    }

    fn fits(&self, parts: &[&str]) -> bool {
        let fits = |(own, part): (&String, &&str)| own.starts_with('{') || own == part;
        self.parts.len() == parts.len() && self.parts.iter().zip(parts).all(fits)
    }

    /// Its example, under the id that the request names if it is about one object.
    fn example(&self, request: &Request) -> Value {
        let mut example = self.example.clone();
        let named =
            request.url.path().split('/').nth(3).filter(|_| self.parts.get(3).is_some_and(|part| part == "{id}"));
        let is_the_object = self.parts.len() == 4 || self.status == 200;
        if let (Some(id), Some(of)) = (named, example.get_mut("id").filter(|_| is_the_object)) {
            *of = id.into();
        }
        example
    }
}

/// An answer that you choose.
#[derive(Debug, Clone)]
pub struct Answer(ResponseTemplate);

impl Answer {
    /// A success that holds this. If it has a `version`, it carries the `ETag` of it.
    pub fn of(body: &impl Serialize) -> Self {
        Self::with_status(200, &serde_json::to_value(body).unwrap_or_default())
    }

    /// A problem of this kind, with the status that it has.
    pub fn problem(kind: Kind) -> Self {
        Self(problem(kind))
    }

    /// The same with a wait before it.
    #[must_use = "this is another answer"]
    pub fn after(self, wait: Duration) -> Self {
        Self(self.0.set_delay(wait))
    }

    /// The same, which asks to be left alone for so many seconds.
    #[must_use = "this is another answer"]
    pub fn retry_after(self, seconds: u64) -> Self {
        Self(self.0.insert_header("retry-after", seconds.to_string()))
    }

    fn with_status(status: u16, body: &Value) -> Self {
        let answer = ResponseTemplate::new(status).insert_header("x-request-id", "a-test").set_body_json(body);
        Self(match body["version"].as_i64() {
            Some(version) => answer.insert_header("etag", format!("\"{version}\"")),
            None => answer,
        })
    }
}

fn problem(kind: Kind) -> ResponseTemplate {
    let body = json!({"type": format!("/problems/{}", kind.slug()), "title": kind.title(), "status": kind.status(),
        "detail": kind.explanation(), "request_id": "a-test"});
    ResponseTemplate::new(kind.status()).set_body_raw(body.to_string(), "application/problem+json")
}

/// What was asked.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Asked {
    /// The `operationId` of the document, such as `sign_report`; empty if it is none.
    pub operation: String,
    /// The path, with its query.
    pub path: String,
    /// The body, if it was JSON.
    pub body: Value,
    /// Its idempotency key: the same in each attempt of one call.
    pub idempotency_key: Option<String>,
}

/// The service for tests. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    server: MockServer,
}

impl Server {
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// If there is none, or outside of a runtime of tokio.
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        Mock::given(Any).respond_with(ByDocument).with_priority(u8::MAX).mount(&server).await;
        Self { server }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// A client of it that is signed in, and waits a few milliseconds between attempts.
    pub fn client(&self) -> Client {
        let tokens = Tokens {
            access_token: "an-access-token".into(),
            token_type: "Bearer".to_owned(),
            expires_in: 300,
            refresh_token: "a-refresh-token".into(),
        };
        let policy = Policy { base: Duration::from_millis(2), cap: Duration::from_millis(5), ..Policy::default() };
        let client = Client::builder(self.url()).retries(policy).build().and_then(|client| client.resume(tokens));
        client.unwrap_or_else(|error| unreachable!("an address of this machine and tokens of our own: {error}"))
    }

    /// Answers this operation so from now on; what was said of it last counts.
    ///
    /// # Panics
    /// If the document has no operation of this `operationId`.
    pub async fn answer(&self, operation: &str, answer: Answer) {
        self.answer_times(operation, answer, None).await;
    }

    /// Answers it so the next time, and then as before.
    ///
    /// # Panics
    /// If the document has no operation of this `operationId`.
    pub async fn answer_once(&self, operation: &str, answer: Answer) {
        self.answer_times(operation, answer, Some(1)).await;
    }

    async fn answer_times(&self, operation: &str, answer: Answer, times: Option<u64>) {
        let known = OPERATIONS.iter().find(|known| known.id == operation);
        assert!(known.is_some(), "the document has no operation {operation:?}");
        let priority = if times.is_some() { 1 } else { 2 };
        let mock = Mock::given(Is(operation.to_owned())).respond_with(Chosen(answer.0)).with_priority(priority);
        match times {
            Some(times) => mock.up_to_n_times(times).mount(&self.server).await,
            None => mock.mount(&self.server).await,
        }
    }

    /// All that it was asked so far, in order.
    pub async fn asked(&self) -> Vec<Asked> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let asked = |request: &Request| Asked {
            operation: Operation::of(request).map(|operation| operation.id.clone()).unwrap_or_default(),
            path: match request.url.query() {
                Some(query) => format!("{}?{query}", request.url.path()),
                None => request.url.path().to_owned(),
            },
            body: serde_json::from_slice(&request.body).unwrap_or_default(),
            idempotency_key: header(request, "idempotency-key"),
        };
        requests.iter().map(asked).collect()
    }
}

fn header(request: &Request, name: &str) -> Option<String> {
    Some(request.headers.get(name)?.to_str().ok()?.to_owned())
}

/// What the service says before it looks at anything: who it is, and what the change depends on.
fn refusal(operation: &Operation, request: &Request) -> Option<Kind> {
    if operation.is_signed_in && header(request, "authorization").is_none() {
        return Some(Kind::Unauthenticated);
    }
    (operation.is_conditional && header(request, "if-match").is_none()).then_some(Kind::PreconditionRequired)
}

struct Any;

impl Match for Any {
    fn matches(&self, _: &Request) -> bool {
        true
    }
}

struct Is(String);

impl Match for Is {
    fn matches(&self, request: &Request) -> bool {
        Operation::of(request).is_some_and(|operation| operation.id == self.0)
    }
}

/// As you chose, for who may ask.
struct Chosen(ResponseTemplate);

impl Respond for Chosen {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let refused = Operation::of(request).and_then(|operation| refusal(operation, request));
        refused.map_or_else(|| self.0.clone(), problem)
    }
}

struct ByDocument;

impl Respond for ByDocument {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Some(operation) = Operation::of(request) else { return problem(Kind::NotFound) };
        if let Some(kind) = refusal(operation, request) {
            return problem(kind);
        }
        let example = operation.example(request);
        match operation.media_type.as_deref() {
            Some("application/json") => Answer::with_status(operation.status, &example).0,
            Some(media_type) => ResponseTemplate::new(operation.status)
                .set_body_raw(example.as_str().unwrap_or_default().as_bytes().to_vec(), media_type),
            None => ResponseTemplate::new(operation.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, OPERATIONS, Server};
    use crate::{Client, Kind};
    use futures_util::TryStreamExt;
    use rapport_contract::{ids::PatientId, patients::PatientPatch};
    use std::time::Duration;
    use uuid::Uuid;

    #[tokio::test]
    async fn every_handle_reads_the_example_that_the_document_has_for_it() {
        assert!(OPERATIONS.len() > 90, "{}", OPERATIONS.len());
        let server = Server::start().await;
        let client = server.client();
        let id = Uuid::from_u128(7);
        client.patients().get(id.into()).await.unwrap();
        client.consents().get(id.into()).await.unwrap();
        client.reports().get(id.into()).await.unwrap();
        client.shares().get(id.into()).await.unwrap();
        client.referrals().get(id.into()).await.unwrap();
        client.referrals().timeline(id.into()).await.unwrap();
        client.incidents().get(id.into()).await.unwrap();
        client.webhooks().get(id.into()).await.unwrap();
        client.api_clients().get(id.into()).await.unwrap();
        client.practitioners().me().await.unwrap();
        client.attachments().content(id.into()).await.unwrap();
        let inbox: Vec<_> = client.shares().inbox().stream().try_collect().await.unwrap();
        assert_eq!(inbox.len(), 1);
    }

    #[tokio::test]
    async fn what_was_read_is_changed_and_carries_its_version() {
        let server = Server::start().await;
        let client = server.client();
        let patient = client.patients().get(PatientId::new(Uuid::from_u128(7))).await.unwrap();
        client.patients().update(&patient, &PatientPatch::default()).await.unwrap();
        // Without it, it is refused as by the service.
        let path = format!("/v1/patients/{}", patient.id);
        let refused = client.request(crate::Method::PATCH, path).json(&PatientPatch::default()).send_only().await;
        assert_eq!(refused.unwrap_err().kind(), Some(Kind::PreconditionRequired));
        let nobody = Client::builder(server.url()).build().unwrap();
        let refused = nobody.patients().get(patient.id).await.unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::Unauthenticated));
    }

    #[tokio::test]
    async fn an_answer_of_your_own_comes_once_or_always() {
        let server = Server::start().await;
        let client = server.client();
        server.answer_once("create_patient", Answer::problem(Kind::Unavailable).retry_after(0)).await;
        let person = serde_json::json!({"given_name": "Casey", "family_name": "Sample", "birth_date": "1953-04-17"});
        client.patients().create(&serde_json::from_value(person).unwrap()).await.unwrap();
        let asked = server.asked().await;
        assert_eq!((asked.len(), asked[0].operation.as_str()), (2, "create_patient"));
        assert!(asked[0].idempotency_key.is_some() && asked[0].idempotency_key == asked[1].idempotency_key);
        assert_eq!(asked[1].body["family_name"], "Sample");
        server.answer("get_patient", Answer::problem(Kind::NotFound).after(Duration::from_millis(1))).await;
        let id = PatientId::new(Uuid::from_u128(7));
        for _ in 0..2 {
            assert_eq!(client.patients().get(id).await.unwrap_err().kind(), Some(Kind::NotFound));
        }
    }
}
