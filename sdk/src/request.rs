//! One request, and the one path on which everything is sent.

use crate::{
    Client, Error, Result,
    error::{Cause, Circumstances, unreadable},
    retry::{Attempt, Outcome, Repeat},
    session::{Access, bearer},
};
use chrono::{DateTime, Utc};
use rapport_contract::problem::{Kind, Problem};
use reqwest::{
    Method, StatusCode, Url,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH, RETRY_AFTER, USER_AGENT,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};
use tracing::{Instrument, field};
use uuid::Uuid;

/// The largest answer that is read: nothing the service sends comes near it.
const MAX_ANSWER: usize = 16 * 1024 * 1024;
/// For how long the service gives the same successor for a refresh token, with some of it left for the way there.
const REFRESH_WINDOW: Duration = Duration::from_secs(9);
/// Short enough for a second refresh to fall into the window.
const REFRESH_ATTEMPT: Duration = Duration::from_secs(4);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request of your own making, for what has no method here yet. It is sent like every other one: signed in, in time,
/// repeated where that is safe.
///
/// ```no_run
/// # async fn example(client: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// use rapport_sdk::{Method, contract::page::DEFAULT_LIMIT};
/// let events: serde_json::Value =
///     client.request(Method::GET, "/v1/events").query("limit", DEFAULT_LIMIT).send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    right: Right,
    repeat: Repeat,
    /// Whether a POST gets an idempotency key.
    is_keyed: bool,
    /// The first thing that can't be sent as asked, told by `send`.
    mistake: Option<Error>,
}

/// By what right it is made.
#[derive(Clone)]
enum Right {
    /// The client's session, if it has one.
    Session,
    /// A header that is fixed, or none.
    Fixed(Option<HeaderValue>),
}

impl Request {
    pub(crate) fn new(client: Client, method: Method, path: String) -> Self {
        let repeat = match method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE | Method::POST => {
                Repeat::Freely
            }
            _ => Repeat::Unapplied,
        };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            client,
            method,
            path,
            query: Vec::new(),
            headers,
            body: None,
            right: Right::Session,
            repeat,
            is_keyed: true,
            mistake: None,
        }
    }

    /// Adds a query parameter. Health information never goes here: addresses are logged on the way.
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets the body.
    ///
    /// # Errors
    /// Told when it is sent: what can't be written as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => {
                self.body = Some(bytes);
                self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
            Err(_) => self.mistaken("the body can't be written as JSON"),
        }
        self
    }

    /// Sets the body as a form.
    pub(crate) fn form<T: Serialize>(mut self, body: &T) -> Self {
        match serde_urlencoded::to_string(body) {
            Ok(text) => {
                self.body = Some(text.into_bytes());
                let form = HeaderValue::from_static("application/x-www-form-urlencoded");
                self.headers.insert(CONTENT_TYPE, form);
            }
            Err(_) => self.mistaken("the body can't be written as a form"),
        }
        self
    }

    /// Makes the change only if the object still has this `version`.
    ///
    /// # Errors
    /// Told when it is sent: [`Kind::Stale`](crate::Kind::Stale) if it has another one by now.
    pub fn if_match(self, version: i32) -> Self {
        let etag = format!("\"{version}\"");
        self.text_header(IF_MATCH, &etag, "the version can't be sent")
    }

    /// Uses this idempotency key for the POST instead of a fresh one: for an intent that you keep yourself and may send
    /// again after a restart.
    ///
    /// # Errors
    /// Told when it is sent: characters that no header takes, and [`Kind::Validation`](crate::Kind::Validation) if it
    /// is empty or longer than 255; [`Kind::IdempotencyKeyReused`](crate::Kind::IdempotencyKeyReused) if it came before
    /// with another body or to another address; [`Kind::IdempotencyInProgress`](crate::Kind::IdempotencyInProgress)
    /// while that one runs.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.text_header(IDEMPOTENCY_KEY, key, "the idempotency key holds characters that no header takes")
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn text_header(mut self, name: HeaderName, value: &str, mistake: &'static str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => self.mistaken(mistake),
        }
        self
    }

    fn mistaken(&mut self, what: &'static str) {
        self.mistake.get_or_insert_with(|| Error::unusable(what));
    }

    /// Made by nobody, whether the client is signed in or not.
    pub(crate) fn anonymous(mut self) -> Self {
        self.right = Right::Fixed(None);
        self
    }

    /// Made by the right of this token.
    pub(crate) fn bearer(mut self, token: &str) -> Self {
        match bearer(token) {
            Ok(header) => self.right = Right::Fixed(Some(header)),
            Err(error) => {
                self.mistake.get_or_insert(error);
            }
        }
        self
    }

    /// Carries no idempotency key, and bears as much repetition as `repeat` says.
    pub(crate) fn unkeyed(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self.is_keyed = false;
        self
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// Whatever kind the service refuses it for. Without a kind: no answer in time, an answer that is not a `T`, or a
    /// request that can't be sent as it was made, a path of another host for one.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T> {
        self.execute().await?.json()
    }

    /// Sends it; the answer has no body, or none of interest.
    ///
    /// # Errors
    /// As [`send`](Self::send), except that an answer may be anything.
    pub async fn send_only(self) -> Result<()> {
        self.execute().await.map(drop)
    }

    /// Sends it and reads the answer as text.
    ///
    /// # Errors
    /// As [`send`](Self::send); without a kind, if the answer is not UTF-8.
    pub async fn text(self) -> Result<String> {
        self.execute().await?.text()
    }

    /// Sends it and takes the answer as it is.
    ///
    /// # Errors
    /// As [`send_only`](Self::send_only).
    pub async fn bytes(mut self) -> Result<Vec<u8>> {
        // A problem is told as JSON, whatever the bytes would have been.
        self.headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        Ok(self.execute().await?.body)
    }

    /// The same as [`execute`](Self::execute) with its type erased: a refresh is a request within a request.
    pub(crate) fn boxed_execute(self) -> Pin<Box<dyn Future<Output = Result<Answer>> + Send>> {
        Box::pin(self.execute())
    }

    pub(crate) async fn execute(self) -> Result<Answer> {
        let prepared = self.prepare()?;
        let overall = self.client.timeouts().overall;
        let is_retryable = self.is_harmless_twice();
        let span = tracing::debug_span!(
            "rapport.call",
            http.request.method = self.method.as_str(),
            url.template = template(&self.path),
            http.response.status_code = field::Empty,
            rapport.request_id = field::Empty,
            rapport.problem = field::Empty,
        );
        let attempts = self.attempts(&prepared, Instant::now() + overall).instrument(span.clone());
        let outcome = match tokio::time::timeout(overall, attempts).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::timed_out(is_retryable)),
        };
        match &outcome {
            Ok(answer) => {
                span.record("http.response.status_code", answer.status.as_u16());
                span.record("rapport.request_id", answer.circumstances(false).request_id);
            }
            Err(error) => {
                span.record("http.response.status_code", error.status());
                span.record("rapport.request_id", error.request_id());
                span.record("rapport.problem", error.kind().map(|kind| kind.slug()));
            }
        }
        outcome
    }

    /// Sends it once, and hands out the answer as it comes.
    pub(crate) async fn open(self) -> Result<Opened> {
        let prepared = self.prepare()?;
        let mut refused = None;
        loop {
            let access = self.access(refused).await?;
            let mut attempt = prepared.try_clone().ok_or_else(|| Error::unusable("the body can't be sent again"))?;
            let generation = access.as_ref().map(|access| access.generation);
            if let Some(access) = access {
                attempt.headers_mut().insert(AUTHORIZATION, access.header);
            }
            // For the head alone: what comes after it takes as long as it takes.
            let begun = tokio::time::timeout(self.client.timeouts().attempt, self.client.http().execute(attempt)).await;
            let ended = match begun {
                Err(_) => return Err(Error::timed_out(true)),
                Ok(Ok(response)) if response.status().is_success() => return Ok(Opened(response)),
                Ok(response) => self.client.ended(response).await,
            };
            if refused.is_none() && generation.is_some() && ended.kind() == Some(Kind::Unauthenticated) {
                refused = generation;
                continue;
            }
            let is_transient = ended.outcome().is_transient();
            ended.into_result(is_transient)?;
            return Err(Error::unusable("an answer that is none"));
        }
    }

    /// Everything that is the same for each attempt, the idempotency key above all.
    fn prepare(&self) -> Result<reqwest::Request> {
        if let Some(mistake) = &self.mistake {
            return Err(mistake.clone());
        }
        let mut url = self.client.address(&self.path)?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut prepared = reqwest::Request::new(self.method.clone(), url);
        let headers = prepared.headers_mut();
        headers.insert(USER_AGENT, self.client.user_agent());
        headers.extend(self.headers.clone());
        if self.is_keyed && self.method == Method::POST && !headers.contains_key(IDEMPOTENCY_KEY) {
            let key = HeaderValue::from_str(&Uuid::new_v4().to_string())
                .map_err(|_| Error::unusable("no idempotency key could be made"))?;
            headers.insert(IDEMPOTENCY_KEY, key);
        }
        *prepared.body_mut() = self.body.clone().map(Into::into);
        Ok(prepared)
    }

    async fn attempts(&self, prepared: &reqwest::Request, deadline: Instant) -> Result<Answer> {
        let started_at = Instant::now();
        let mut number = 1;
        let mut may_have_happened = false;
        let mut refused = None;
        loop {
            let access = self.access(refused).await?;
            let mut attempt = prepared.try_clone().ok_or_else(|| Error::unusable("the body can't be sent again"))?;
            let mut generation = None;
            if let Some(Access { header, generation: of_header }) = access {
                attempt.headers_mut().insert(AUTHORIZATION, header);
                generation = Some(of_header);
            }
            *attempt.timeout_mut() = Some(self.attempt_timeout(deadline));

            let ended = self.client.once(attempt).await;

            // The token was fine by our clock and not by the service's: once a call, a new one is tried. A request
            // that was refused at the door has done nothing, so any method may go again.
            let is_session = matches!(self.right, Right::Session);
            if is_session && refused.is_none() && generation.is_some() && ended.kind() == Some(Kind::Unauthenticated) {
                refused = generation;
                continue;
            }

            let outcome = ended.outcome();
            let left = self.time_left(started_at, deadline);
            let retry_after = ended.retry_after();
            let attempt = Attempt { number, repeat: self.repeat, outcome, retry_after };
            may_have_happened |= outcome.may_have_happened();
            match self.client.policy().next(&attempt, left, jitter()) {
                Some(wait) => {
                    tracing::debug!(attempt = number, wait_ms = wait.as_millis(), "it is tried again");
                    tokio::time::sleep(wait).await;
                }
                None => {
                    let is_safe = self.is_harmless_twice() || !may_have_happened;
                    return ended.into_result(is_safe && outcome.is_transient());
                }
            }
            number += 1;
        }
    }

    async fn access(&self, refused: Option<u64>) -> Result<Option<Access>> {
        match &self.right {
            Right::Fixed(header) => Ok(header.clone().map(|header| Access { header, generation: 0 })),
            Right::Session => match self.client.session() {
                Some(session) => session.access(self.client.anonymous(), refused).await.map(Some),
                None => Ok(None),
            },
        }
    }

    fn attempt_timeout(&self, deadline: Instant) -> Duration {
        let left = deadline.saturating_duration_since(Instant::now());
        let own = match self.repeat {
            Repeat::LostAnswer => self.client.timeouts().attempt.min(REFRESH_ATTEMPT),
            Repeat::Freely | Repeat::Unapplied => self.client.timeouts().attempt,
        };
        own.min(left)
    }

    fn time_left(&self, started_at: Instant, deadline: Instant) -> Duration {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.repeat {
            // Past the window the old token counts as stolen, and the whole session ends.
            Repeat::LostAnswer => left.min(REFRESH_WINDOW.saturating_sub(started_at.elapsed())),
            Repeat::Freely | Repeat::Unapplied => left,
        }
    }

    /// Whether the caller can make the same call again without doing the work twice.
    fn is_harmless_twice(&self) -> bool {
        // With a key made here it can't: the next call would have another one.
        let has_own_key = self.headers.contains_key(IDEMPOTENCY_KEY);
        let needs_no_key = !self.is_keyed && self.repeat != Repeat::Unapplied;
        self.method.is_idempotent() || has_own_key || needs_no_key
    }
}

impl fmt::Debug for Request {
    /// Neither the query nor the body: both may be about a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// A path for a trace: which ids stand in it is nobody's business there.
fn template(path: &str) -> String {
    let of = |part: &str| {
        if part.bytes().any(|byte| byte.is_ascii_digit()) && part != "v1" { "{id}" } else { part }.to_owned()
    };
    path.split('?').next().unwrap_or_default().split('/').map(of).collect::<Vec<_>>().join("/")
}

/// A random number in `[0, 1)`, out of the one source of randomness that is here anyway.
fn jitter() -> f64 {
    let [.., a, b, c, d] = Uuid::new_v4().into_bytes();
    f64::from(u32::from_be_bytes([a, b, c, d])) / (f64::from(u32::MAX) + 1.0)
}

/// A success whose body comes piece by piece.
pub(crate) struct Opened(reqwest::Response);

impl Opened {
    /// The next piece; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> reqwest::Result<Option<Vec<u8>>> {
        Ok(self.0.chunk().await?.map(|chunk| chunk.to_vec()))
    }
}

/// A complete answer, a success or not.
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| Error::new(unreadable(&error), self.circumstances(false)))
    }

    fn text(self) -> Result<String> {
        let circumstances = self.circumstances(false);
        String::from_utf8(self.body)
            .map_err(|_| Error::new(Cause::Unreadable("the answer is not text".to_owned()), circumstances))
    }

    /// The problem that it tells, if it is one.
    fn problem(&self) -> Option<Box<Problem>> {
        if self.status.is_success() { None } else { serde_json::from_slice(&self.body).ok() }
    }

    fn circumstances(&self, is_retryable: bool) -> Circumstances {
        let request_id = self.headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(ToOwned::to_owned);
        Circumstances { status: Some(self.status), request_id, retry_after: retry_after(&self.headers), is_retryable }
    }
}

/// `Retry-After`, in either of its forms (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?;
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => (DateTime::parse_from_rfc2822(value).ok()?.to_utc() - Utc::now()).to_std().ok(),
    }
}

/// How one attempt ended.
pub(crate) enum Ended {
    Answered { answer: Answer, problem: Option<Box<Problem>> },
    TooLarge(Circumstances),
    Failed(reqwest::Error),
}

impl Ended {
    fn kind(&self) -> Option<Kind> {
        match self {
            Self::Answered { problem, .. } => problem.as_ref()?.kind(),
            Self::TooLarge(_) | Self::Failed(_) => None,
        }
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Answered { answer, .. } => Outcome::Answered {
                status: answer.status.as_u16(),
                in_progress: self.kind() == Some(Kind::IdempotencyInProgress),
            },
            // It would be too large again.
            Self::TooLarge(circumstances) => {
                Outcome::Answered { status: circumstances.status.unwrap_or_default().as_u16(), in_progress: false }
            }
            Self::Failed(error) if error.is_connect() => Outcome::Unsent,
            Self::Failed(_) => Outcome::Lost,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Answered { answer, .. } => retry_after(&answer.headers),
            Self::TooLarge(_) | Self::Failed(_) => None,
        }
    }

    fn into_result(self, is_retryable: bool) -> Result<Answer> {
        match self {
            Self::Answered { answer, .. } if answer.status.is_success() => Ok(answer),
            Self::Answered { answer, problem } => {
                let cause = problem.map_or(Cause::NotAProblem, Cause::Problem);
                Err(Error::new(cause, answer.circumstances(is_retryable)))
            }
            Self::TooLarge(circumstances) => Err(Error::new(Cause::TooLarge, circumstances)),
            // The address is left out: it may hold what somebody looked for.
            Self::Failed(error) => Err(Error::new(
                Cause::Transport(error.without_url()),
                Circumstances { is_retryable, ..Circumstances::default() },
            )),
        }
    }
}

impl Client {
    /// Sends one attempt and reads the whole of its answer, up to a limit.
    async fn once(&self, attempt: reqwest::Request) -> Ended {
        let response = self.http().execute(attempt).await;
        self.ended(response).await
    }

    /// Reads the whole of an answer, up to a limit.
    async fn ended(&self, response: reqwest::Result<reqwest::Response>) -> Ended {
        let mut response = match response {
            Ok(response) => response,
            Err(error) => return Ended::Failed(error),
        };
        let mut answer =
            Answer { status: response.status(), headers: std::mem::take(response.headers_mut()), body: Vec::new() };
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if answer.body.len() + chunk.len() > MAX_ANSWER => {
                    return Ended::TooLarge(answer.circumstances(false));
                }
                Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
                Ok(None) => {
                    let problem = answer.problem();
                    return Ended::Answered { answer, problem };
                }
                Err(error) => return Ended::Failed(error),
            }
        }
    }

    /// The address of a path of the service, and of nobody else.
    fn address(&self, path: &str) -> Result<Url> {
        let base = self.base();
        let joined = format!("{}{path}", base.as_str().trim_end_matches('/'));
        match Url::parse(&joined) {
            Ok(url) if path.starts_with('/') && url.origin() == base.origin() => Ok(url),
            _ => Err(Error::unusable("a path starts with `/` and stays with the service")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ANSWER, jitter, retry_after};
    use crate::{
        Client, Kind, Method, Timeouts,
        fake::{Fake, Reply, json, problem},
    };
    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn one_idempotency_key_is_made_before_the_first_attempt_and_kept() {
        let fake = Fake::start(|number, _| match number {
            1 => Reply::HangUp,
            2 => problem(409, "idempotency-in-progress"),
            3 => problem(503, "unavailable"),
            _ => json(201, "{}"),
        })
        .await;
        fake.client().request(Method::POST, "/v1/patients").json("body").send_only().await.unwrap();
        fake.client().request(Method::POST, "/v1/patients").json("body").send_only().await.unwrap();
        let asked = fake.asked();
        let keys: Vec<_> = asked.iter().map(|asked| asked.header("idempotency-key").unwrap()).collect();
        assert_eq!(keys.len(), 5);
        assert!(keys[..4].iter().all(|key| *key == keys[0]));
        assert_ne!(keys[4], keys[0], "another call is another intent");
        assert!(asked.iter().all(|asked| asked.body == "\"body\""), "no attempt goes without its body");
    }

    #[tokio::test]
    async fn a_key_of_your_own_is_used() {
        let fake = Fake::start(|_, _| json(201, "{}")).await;
        let request = fake.client().request(Method::POST, "/v1/patients").idempotency_key("mine");
        request.send_only().await.unwrap();
        assert_eq!(fake.asked()[0].header("idempotency-key"), Some("mine"));
    }

    #[tokio::test]
    async fn a_call_with_a_key_of_your_own_may_be_made_again() {
        let fake = Fake::start(|_, _| Reply::HangUp).await;
        let request = fake.client().request(Method::POST, "/v1/patients").idempotency_key("mine");
        assert!(request.send_only().await.unwrap_err().is_retryable());
    }

    #[tokio::test]
    async fn a_patch_whose_answer_was_lost_is_not_sent_again() {
        let fake = Fake::start(|_, _| Reply::HangUp).await;
        let request = fake.client().request(Method::PATCH, "/v1/practitioners/me").if_match(3);
        let error = request.send_only().await.unwrap_err();
        assert_eq!(fake.asked().len(), 1);
        assert_eq!(fake.asked()[0].header("if-match"), Some("\"3\""));
        assert!(!error.is_retryable(), "nobody knows whether it happened");
        assert_eq!((error.status(), error.kind()), (None, None));
    }

    #[tokio::test]
    async fn whether_a_failed_call_may_be_made_again_depends_on_what_may_have_happened() {
        let lost = Fake::start(|_, _| Reply::HangUp).await;
        let busy = Fake::start(|_, _| problem(503, "unavailable")).await;
        let lost_then_busy = Fake::start(|number, _| match number {
            1 => Reply::HangUp,
            _ => problem(503, "unavailable"),
        })
        .await;
        let refused = Fake::start(|_, _| problem(403, "consent-revoked")).await;
        for (fake, get, post, attempts) in [
            (lost, true, false, 4),
            (busy, true, true, 4),
            (lost_then_busy, true, false, 4),
            (refused, false, false, 1),
        ] {
            let error = fake.client().request(Method::POST, "/").send_only().await.unwrap_err();
            assert_eq!(error.is_retryable(), post, "POST: {error}");
            assert_eq!(fake.asked().len(), attempts, "{error}");
            let error = fake.client().request(Method::GET, "/").send_only().await.unwrap_err();
            assert_eq!(error.is_retryable(), get, "GET: {error}");
        }
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_an_error_to_try_again_later() {
        // A port that was free a moment ago.
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let client = Client::builder(format!("http://{address}")).retries(crate::Policy::NEVER).build().unwrap();
        let error = client.request(Method::POST, "/v1/patients").query("q", "marker").send_only().await.unwrap_err();
        assert!(error.is_retryable(), "it was never sent");
        let printed = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
        assert!(!printed.contains("marker"), "{printed}");
    }

    #[tokio::test]
    async fn a_problem_is_told_as_the_service_told_it() {
        let body = serde_json::json!({
            "type": "https://rapport.example.org/problems/validation", "title": "Fields were refused", "status": 422,
            "detail": "One field.", "request_id": "request-7",
            "errors": [{"pointer": "/birth_date", "code": "required", "message": "It is required."}]
        });
        let fake = Fake::start(move |_, _| Reply::Say(422, "retry-after: 7\r\n".to_owned(), body.to_string())).await;
        let error = fake.client().request(Method::GET, "/").send_only().await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::Validation));
        assert_eq!(error.status(), Some(422));
        assert_eq!(error.request_id(), Some("request-7"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.field_errors()[0].pointer, "/birth_date");
        assert!(!error.is_retryable());
        assert_eq!(error.to_string(), "Fields were refused: One field. [422 validation, request request-7]");
    }

    #[tokio::test]
    async fn no_error_quotes_a_body() {
        for (status, body) in [(200, r#"{"items": "marker"}"#), (200, "<marker>"), (500, "<marker>"), (302, "marker")] {
            let headers = "x-request-id: request-8\r\nlocation: http://127.0.0.1:1/\r\n";
            let fake = Fake::start(move |_, _| Reply::Say(status, headers.to_owned(), body.to_owned())).await;
            let error = fake.client().members().list().send().await.unwrap_err();
            let printed = format!("{error} {error:?}");
            assert!(!printed.contains("marker"), "{printed}");
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.request_id(), Some("request-8"));
            assert_eq!(error.kind(), None);
        }
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read_to_its_end() {
        let fake = Fake::start(|_, _| json(200, "0".repeat(MAX_ANSWER + 1))).await;
        let error = fake.client().request(Method::GET, "/").send_only().await.unwrap_err();
        assert_eq!(error.to_string(), "the answer is too large [200]");
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn one_deadline_holds_for_all_attempts() {
        let fake = Fake::start(|_, _| Reply::Silence).await;
        let timeouts = Timeouts {
            attempt: Duration::from_millis(150),
            overall: Duration::from_millis(400),
            ..Timeouts::default()
        };
        let policy = crate::Policy { attempts: 100, base: Duration::from_millis(1), cap: Duration::from_millis(1) };
        let client = Client::builder(&fake.base).timeouts(timeouts).retries(policy).build().unwrap();
        let started_at = Instant::now();
        let error = client.request(Method::GET, "/").send_only().await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error}");
        assert!(started_at.elapsed() >= Duration::from_millis(400));
        assert!(fake.asked().len() > 1, "an attempt that times out is followed by another");
    }

    #[tokio::test]
    async fn a_wait_that_would_go_past_the_deadline_gives_the_answer_at_once() {
        let fake = Fake::start(|_, _| Reply::Say(429, "retry-after: 3600\r\n".to_owned(), String::new())).await;
        let error = fake.client().request(Method::GET, "/").send_only().await.unwrap_err();
        assert_eq!(error.status(), Some(429));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn a_path_stays_with_the_service() {
        let fake = Fake::start(|_, _| json(200, "{}")).await;
        for path in ["", "v1", "@elsewhere.example.org/", ".example.org/", ":1/"] {
            let error = fake.client().request(Method::GET, path).send_only().await.unwrap_err();
            assert_eq!(error.status(), None, "{path}");
        }
        assert!(fake.asked().is_empty());
    }

    /// What a subscriber keeps of everything.
    #[derive(Clone, Default)]
    struct Kept(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_trace_tells_what_was_called_and_how_it_went_and_nothing_about_anybody() {
        use tracing::instrument::WithSubscriber;
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        let fake = Fake::start(|number, _| match number {
            1 => problem(503, "unavailable"),
            _ => problem(403, "consent-revoked"),
        })
        .await;
        let client = fake.signed_in(300);
        let id = "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10";
        let call = async {
            let request = client.request(Method::GET, format!("/v1/shares/{id}")).query("q", "Sample");
            request.json(&serde_json::json!({"family_name": "Sample"})).send_only().await.unwrap_err();
        };
        call.with_subscriber(subscriber).await;
        let told = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        for part in ["rapport.call", "GET", "/v1/shares/{id}", "403", "consent-revoked", "request-1", "tried again"] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
        for secret in [id, "Sample", "access-first"] {
            assert!(!told.contains(secret), "{secret} is in {told}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for base in ["https://rapport.example.org", "http://127.0.0.1:8080/", "http://localhost:1", "http://[::1]:1"] {
            assert!(Client::builder(base).build().is_ok(), "{base}");
        }
        for base in
            ["http://rapport.example.org", "ftp://localhost", "rapport", "https://a:b@localhost", "https://h/?q"]
        {
            assert!(Client::builder(base).build().is_err(), "{base}");
        }
        assert!(Client::builder("http://rapport.example.org").plain_http(true).build().is_ok());
    }

    #[test]
    fn retry_after_is_read_in_both_of_its_forms() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            retry_after(&headers)
        };
        let at = chrono::Utc::now() + chrono::TimeDelta::seconds(100);
        let date = read(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap().as_secs();
        assert_eq!(read("12"), Some(Duration::from_secs(12)));
        assert!((90..=100).contains(&date), "{date}");
        assert_eq!(read("Wed, 21 Oct 2015 07:28:00 GMT"), None);
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn jitter_is_a_part_of_one() {
        assert!((0..1000).map(|_| jitter()).all(|jitter| (0.0..1.0).contains(&jitter)));
    }

    #[test]
    fn calls_can_be_spawned() {
        fn spawnable<T: Send + 'static>(_: T) {}
        let client = Client::builder("http://localhost").build().unwrap();
        spawnable(client.request(Method::GET, "/").send_only());
        spawnable(client.members().list().stream());
        spawnable(client.shares().inbox().stream());
    }
}
