//! Plain HTTP, for requests that the SDK would never send and headers that it does not show.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use rapport_tests::{World, people::Person};
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use serde_json::Value;
use std::{str::FromStr, sync::LazyLock};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The slug of a problem; empty if it is none.
    pub(crate) fn slug(&self) -> String {
        self.json()["type"].as_str().and_then(|kind| kind.strip_prefix("/problems/")).unwrap_or_default().to_owned()
    }

    /// Where a field was refused, and by which rule.
    pub(crate) fn refused(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }

    /// Status and body without what differs by design: the request's id.
    pub(crate) fn apart_from_the_request(&self) -> (u16, String) {
        let id = self.json()["request_id"].as_str().unwrap_or_default().to_owned();
        let text = if id.is_empty() { self.text.clone() } else { self.text.replace(&id, "") };
        (self.status.as_u16(), text)
    }
}

/// A request to be.
#[must_use]
pub(crate) struct Call(reqwest::RequestBuilder);

/// Starts a request.
pub(crate) fn call(world: &World, method: &str, path: &str) -> Call {
    // Made once, because reading its settings takes longer than most requests. It keeps no connection: each belongs to the
    // runtime of the test that opened it.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let builder = reqwest::Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0);
        builder.build().unwrap()
    });
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    Call(HTTP.request(method, format!("{}{path}", world.url())))
}

impl Call {
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) async fn by(self, person: &Person) -> Self {
        let token = access_token(person).await;
        self.bearer(&token)
    }

    /// Adds a header; a second one of the same name stands beside the first.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(HeaderName::from_str(name).unwrap(), HeaderValue::from_str(value).unwrap()))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        Self(self.0.json(body))
    }

    pub(crate) fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.body(body))
    }

    pub(crate) async fn send(self) -> Answer {
        self.try_send().await.unwrap()
    }

    pub(crate) async fn try_send(self) -> reqwest::Result<Answer> {
        let response = self.0.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, text: response.text().await? })
    }
}

/// A person's access token as it is now.
pub(crate) async fn access_token(person: &Person) -> String {
    person.client.tokens().await.unwrap().access_token.as_str().to_owned()
}
