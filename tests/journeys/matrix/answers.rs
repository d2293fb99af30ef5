//! Asking over plain HTTP, and what comes back.

use super::Operation;
use rapport_tests::World;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;
use uuid::Uuid;

/// What is sent, apart from where to.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// Stands in the path.
    pub(super) id: Option<Uuid>,
    /// Stands in the path behind it.
    pub(super) second_id: Option<Uuid>,
    /// Who sends it: bearer token, or cookie and anti-CSRF token.
    pub(super) headers: HeaderMap,
    /// Stands behind the path.
    pub(super) query: Option<String>,
    /// What is sent.
    pub(super) body: Option<Value>,
    /// What is sent as a form instead.
    pub(super) form: Option<String>,
    /// What is sent instead of both, as it is.
    pub(super) text: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// Of a refusal, its kind.
    pub(super) slug: Option<String>,
    /// The body as it came.
    pub(super) body: String,
    /// The headers, a line each.
    pub(super) headers: String,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// As the table shows it. The three refusals that everybody knows go by their number.
    pub(super) fn in_short(&self) -> String {
        match (self.status, self.slug.as_deref()) {
            (200..300, _) => "✓".to_owned(),
            (401, Some("unauthenticated")) | (403, Some("forbidden")) | (404, Some("not-found")) => {
                self.status.to_string()
            }
            (status, slug) => format!("{status} {}", slug.unwrap_or("?")),
        }
    }
}

/// The operation's path, with what the request puts into it.
pub(super) fn path_of(operation: &Operation, request: &Request) -> String {
    let id = request.id.unwrap_or_default().to_string();
    let second = request.second_id.unwrap_or_default().to_string();
    let path = operation.path.replace("{id}", &id).replace("{secret_id}", &second);
    path.replace("{attachment_id}", &second)
        .replace("{event_id}", &second)
        .replace("{number}", "1")
        .replace("{verb}", "accept")
}

/// The service under test.
pub(super) struct Service {
    http: reqwest::Client,
    url: String,
}

impl Service {
    pub(super) fn of(world: &World) -> Self {
        Self { http: world.http(), url: world.url().to_owned() }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        answer(self.http.get(format!("{}{path}", self.url))).await
    }

    pub(super) async fn ask(&self, operation: &Operation, request: &Request) -> Answer {
        let path = path_of(operation, request);
        let query = request.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        // One request id for all: whatever then differs between two answers is of our making.
        let mut sent = self
            .http
            .request(operation.method.clone(), format!("{}{path}{query}", self.url))
            .header("x-request-id", "matrix")
            .headers(request.headers.clone());
        if let Some(body) = &request.body {
            sent = sent.json(body);
        }
        if let Some(text) = &request.text {
            sent = sent.body(text.clone());
        }
        if let Some(form) = &request.form {
            sent = sent.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.clone());
        }
        answer(sent).await
    }
}

async fn answer(sent: reqwest::RequestBuilder) -> Answer {
    let answer = sent.send().await.unwrap();
    let status = answer.status().as_u16();
    let headers =
        answer.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect::<Vec<_>>().join("\n");
    let body = answer.text().await.unwrap();
    let problem = if status < 400 { Value::Null } else { serde_json::from_str(&body).unwrap_or_default() };
    let slug = problem["type"].as_str().map(|kind| kind.trim_start_matches("/problems/").to_owned());
    Answer { status, slug, body, headers }
}
