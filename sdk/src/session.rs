//! A signed-in session: its tokens, renewed in time and by one call at a time.

use crate::{Client, Error, Result, credentials::Credentials, retry::Repeat};
use rapport_contract::{
    Sensitive,
    identity::{Refresh, Tokens},
    oauth::{RevocationRequest, TokenResponse},
    problem::Kind,
};
use reqwest::{Method, header::HeaderValue};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// How long before its end an access token is renewed, so that none expires on its way.
const LEEWAY: Duration = Duration::from_secs(60);

/// Shared by every clone of a signed-in client. The lock is held for the whole of a refresh: that makes it single
/// flight, because whoever waits finds the new token when it gets the lock.
#[derive(Clone)]
pub(crate) struct Session(Arc<Mutex<State>>);

struct State {
    renewal: Renewal,
    /// `None` before a machine's first token.
    access: Option<HeaderValue>,
    renew_at: Instant,
    expires_at: Instant,
    /// Counts the refreshes, so that a token that was refused is told apart from the one that replaced it.
    generation: u64,
    /// Set once, when the service no longer takes the refresh token.
    ended: Option<Error>,
    /// When a refresh last failed for a passing reason, and how: whoever waited for it shares the outcome.
    failed: Option<(Instant, Error)>,
}

/// What the next access token is asked for with.
enum Renewal {
    /// A person's: each refresh token leads to the next.
    Tokens(Tokens),
    /// A machine's, and the token that it has now.
    Credentials(Credentials, Option<Sensitive<String>>),
}

/// The right to make one attempt.
pub(crate) struct Access {
    pub(crate) header: HeaderValue,
    pub(crate) generation: u64,
}

/// `Bearer <token>` that no log prints.
pub(crate) fn bearer(token: &str) -> Result<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {token}"))
        .map_err(|_| Error::unusable("the token holds characters that no token has"))?;
    header.set_sensitive(true);
    Ok(header)
}

impl State {
    fn new(tokens: Tokens, generation: u64) -> Result<Self> {
        let access = bearer(tokens.access_token.as_str())?;
        let now = Instant::now();
        let lifetime = Duration::from_secs(tokens.expires_in.into());
        // A token that lives shorter than the leeway would be renewed before each use.
        let leeway = LEEWAY.min(lifetime / 2);
        let expires_at = now + lifetime;
        Ok(Self {
            renewal: Renewal::Tokens(tokens),
            access: Some(access),
            renew_at: expires_at.checked_sub(leeway).unwrap_or(now),
            expires_at,
            generation,
            ended: None,
            failed: None,
        })
    }

    /// The next state of a machine.
    fn of_machine(credentials: Credentials, answer: TokenResponse, generation: u64) -> Result<Self> {
        let tokens = Tokens {
            access_token: answer.access_token.clone(),
            token_type: answer.token_type,
            expires_in: answer.expires_in,
            refresh_token: String::new().into(),
        };
        let renewal = Renewal::Credentials(credentials, Some(answer.access_token));
        Ok(Self { renewal, ..Self::new(tokens, generation)? })
    }

    fn access(&self) -> Result<Access> {
        let header = self.access.clone().ok_or_else(|| Error::unusable("there is no token yet"))?;
        Ok(Access { header, generation: self.generation })
    }
}

impl Session {
    pub(crate) fn new(tokens: Tokens) -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(State::new(tokens, 0)?))))
    }

    /// A machine's; its first token is asked for with the first call.
    pub(crate) fn of_machine(credentials: Credentials) -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(State {
            renewal: Renewal::Credentials(credentials, None),
            access: None,
            renew_at: now,
            expires_at: now,
            generation: 0,
            ended: None,
            failed: None,
        })))
    }

    /// What takes back the token that is in use, if there is one.
    pub(crate) async fn revocation(&self, audience: &str) -> Result<Option<RevocationRequest>> {
        let state = self.0.lock().await;
        match &state.renewal {
            _ if state.ended.is_some() => Ok(None),
            Renewal::Tokens(tokens) => {
                let token = tokens.refresh_token.clone();
                Ok(Some(RevocationRequest { token, ..RevocationRequest::default() }))
            }
            Renewal::Credentials(_, None) => Ok(None),
            Renewal::Credentials(credentials, Some(token)) => credentials.revocation(audience, token.clone()).map(Some),
        }
    }

    /// What was in use has been taken back.
    pub(crate) async fn revoked(&self) {
        let mut state = self.0.lock().await;
        match &mut state.renewal {
            Renewal::Tokens(_) => {
                state.ended.get_or_insert_with(Error::signed_out);
            }
            Renewal::Credentials(_, token) => {
                *token = None;
                state.access = None;
                state.renew_at = Instant::now();
                state.expires_at = state.renew_at;
            }
        }
    }

    /// The tokens as they are now, once a running refresh is through; `None` after the end of the session, and to a machine.
    pub(crate) async fn tokens(&self) -> Option<Tokens> {
        let state = self.0.lock().await;
        if state.ended.is_some() {
            return None;
        }
        let Renewal::Tokens(tokens) = &state.renewal else { return None };
        let left = state.expires_at.saturating_duration_since(Instant::now()).as_secs();
        Some(Tokens { expires_in: u32::try_from(left).unwrap_or(u32::MAX), ..tokens.clone() })
    }

    /// Ends it on this side.
    pub(crate) async fn end(&self) {
        self.0.lock().await.ended.get_or_insert_with(Error::signed_out);
    }

    /// A header that the service should take. `refused` is the generation that it has just answered 401 to.
    pub(crate) async fn access(&self, anonymous: Client, refused: Option<u64>) -> Result<Access> {
        let asked_at = Instant::now();
        let state = Arc::clone(&self.0).lock_owned().await;
        if let Some(ended) = &state.ended {
            return Err(ended.clone());
        }
        if refused != Some(state.generation) && Instant::now() < state.renew_at {
            return state.access();
        }
        if let Some((failed_at, error)) = &state.failed
            && *failed_at >= asked_at
        {
            return Err(error.clone());
        }
        // A task of its own: a caller who goes away must not take the successor of the refresh token along.
        match tokio::spawn(refresh(anonymous, state, refused)).await {
            Ok(access) => access,
            Err(_) => Err(Error::unusable("the refresh was cut short by the end of the runtime")),
        }
    }
}

async fn refresh(anonymous: Client, mut state: OwnedMutexGuard<State>, refused: Option<u64>) -> Result<Access> {
    let error = match renewed(anonymous, &state).await {
        Ok(renewed) => {
            *state = renewed;
            return state.access();
        }
        Err(error) => error,
    };
    // A refused refresh token stays refused. A machine may be let in again: by a key that is published later, for one.
    let is_person = matches!(state.renewal, Renewal::Tokens(_));
    let is_over = is_person && error.status().is_some_and(|status| (400..500).contains(&status) && status != 429);
    if is_over {
        let ended = if error.kind() == Some(Kind::Unauthenticated) { error } else { Error::signed_out() };
        state.ended = Some(ended.clone());
        return Err(ended);
    }
    // The old token has some time left yet; better used than refused.
    if refused != Some(state.generation) && Instant::now() < state.expires_at {
        return state.access();
    }
    state.failed = Some((Instant::now(), error.clone()));
    Err(error)
}

/// The state after a token that has just been made.
async fn renewed(anonymous: Client, state: &State) -> Result<State> {
    let generation = state.generation.wrapping_add(1);
    match &state.renewal {
        Renewal::Tokens(tokens) => {
            let request = Refresh { refresh_token: tokens.refresh_token.clone() };
            let post = anonymous.request(Method::POST, "/v1/auth/refresh").json(&request);
            let answer = post.unkeyed(Repeat::LostAnswer).boxed_execute().await?;
            State::new(answer.json()?, generation)
        }
        Renewal::Credentials(credentials, _) => {
            let request = credentials.token_request(anonymous.base_url())?;
            // An assertion is good once: one that may have arrived is not sent again.
            let post = anonymous.request(Method::POST, "/oauth/token").form(&request);
            let answer = post.unkeyed(Repeat::Unapplied).boxed_execute().await?;
            State::of_machine(credentials.clone(), answer.json()?, generation)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Kind, Method, Policy,
        fake::{Fake, Reply, json, problem, tokens},
    };
    use std::time::Instant;

    fn next_tokens(name: &str) -> Reply {
        json(200, serde_json::to_string(&tokens(name, 300)).unwrap())
    }

    #[tokio::test]
    async fn many_calls_at_once_share_one_refresh() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/refresh" => next_tokens("second"),
            _ if asked.header("authorization") == Some("Bearer access-second") => json(200, "{}"),
            _ => problem(401, "unauthenticated"),
        })
        .await;
        let client = fake.signed_in(0);
        let calls = (0..20).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.request(Method::GET, "/v1/inbox").send_only().await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
        let refreshes: Vec<_> = fake.asked().into_iter().filter(|asked| asked.path == "/v1/auth/refresh").collect();
        assert_eq!(refreshes.len(), 1);
        assert_eq!(refreshes[0].body, r#"{"refresh_token":"refresh-first"}"#);
        assert_eq!(refreshes[0].header("authorization"), None);
        assert_eq!(client.tokens().await.unwrap().refresh_token.as_str(), "refresh-second");
    }

    #[tokio::test]
    async fn a_token_that_is_refused_is_refreshed_once_and_the_call_is_made_again() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/refresh" => next_tokens("second"),
            _ if asked.header("authorization") == Some("Bearer access-second") => json(200, "{}"),
            _ => problem(401, "unauthenticated"),
        })
        .await;
        let client = fake.signed_in(300);
        client.request(Method::PATCH, "/v1/practitioners/me").send_only().await.unwrap();
        let paths: Vec<_> = fake.asked().into_iter().map(|asked| asked.path).collect();
        assert_eq!(paths, ["/v1/practitioners/me", "/v1/auth/refresh", "/v1/practitioners/me"]);
    }

    #[tokio::test]
    async fn a_second_refusal_is_given_to_the_caller() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/refresh" => next_tokens("second"),
            _ => problem(401, "unauthenticated"),
        })
        .await;
        let error = fake.signed_in(300).request(Method::GET, "/v1/inbox").send_only().await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::Unauthenticated));
        assert_eq!(fake.asked().len(), 3);
    }

    #[tokio::test]
    async fn after_a_refused_refresh_the_session_is_over_without_asking_again() {
        let fake = Fake::start(|_, _| problem(401, "unauthenticated")).await;
        let client = fake.signed_in(0);
        for _ in 0..3 {
            let error = client.request(Method::GET, "/v1/inbox").send_only().await.unwrap_err();
            assert_eq!(error.kind(), Some(Kind::Unauthenticated));
        }
        assert_eq!(fake.asked().len(), 1);
        assert!(client.tokens().await.is_none());
    }

    #[tokio::test]
    async fn a_lost_answer_to_a_refresh_is_asked_for_again_with_the_same_token() {
        let fake = Fake::start(|number, asked| match (number, asked.path.as_str()) {
            (1, _) => Reply::HangUp,
            (_, "/v1/auth/refresh") => next_tokens("second"),
            _ => json(200, "{}"),
        })
        .await;
        fake.signed_in(0).request(Method::GET, "/v1/inbox").send_only().await.unwrap();
        let asked = fake.asked();
        assert_eq!(asked[0].body, asked[1].body);
        assert_eq!(asked.len(), 3);
    }

    #[tokio::test]
    async fn a_refresh_that_fails_for_a_passing_reason_leaves_a_living_token_in_use() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/refresh" => problem(503, "unavailable"),
            _ => json(200, "{}"),
        })
        .await;
        let client = fake.signed_in(300);
        client.session().unwrap().0.lock().await.renew_at = Instant::now();
        client.request(Method::GET, "/v1/inbox").send_only().await.unwrap();
        let dead = fake.signed_in(0).request(Method::GET, "/v1/inbox").send_only().await.unwrap_err();
        assert_eq!(dead.kind(), Some(Kind::Unavailable));
        assert!(dead.is_retryable());
    }

    #[tokio::test]
    async fn a_caller_who_goes_away_does_not_take_the_new_tokens_along() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/refresh" => next_tokens("second"),
            _ => json(200, "{}"),
        })
        .await;
        let client = fake.signed_in(0);
        let call = tokio::spawn({
            let client = client.clone();
            async move { client.request(Method::GET, "/v1/inbox").send_only().await }
        });
        while fake.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        call.abort();
        assert_eq!(client.tokens().await.unwrap().refresh_token.as_str(), "refresh-second");
    }

    fn machine(fake: &Fake) -> crate::Client {
        let id = uuid::Uuid::from_u128(7);
        crate::Client::builder(&fake.base).retries(Policy::NEVER).client_credentials(id.into(), "s").build().unwrap()
    }

    fn machine_token(name: &str, expires_in: u32) -> Reply {
        let token = format!(
            r#"{{"access_token": "access-{name}", "token_type": "Bearer", "expires_in": {expires_in}, "scope": "a"}}"#
        );
        json(200, token)
    }

    #[tokio::test]
    async fn a_machine_signs_in_with_its_first_call_and_again_when_its_token_nears_its_end() {
        let fake = Fake::start(|number, asked| match asked.path.as_str() {
            "/oauth/token" => machine_token(&number.to_string(), if number == 1 { 0 } else { 300 }),
            _ => json(200, "{}"),
        })
        .await;
        let client = machine(&fake);
        assert!(fake.asked().is_empty() && client.tokens().await.is_none());
        for _ in 0..3 {
            client.request(Method::GET, "/v1/inbox").send_only().await.unwrap();
        }
        let asked = fake.asked();
        let paths: Vec<_> = asked.iter().map(|asked| asked.path.as_str()).collect();
        assert_eq!(paths, ["/oauth/token", "/v1/inbox", "/oauth/token", "/v1/inbox", "/v1/inbox"]);
        let form = "grant_type=client_credentials&client_id=00000000-0000-0000-0000-000000000007&client_secret=s";
        assert_eq!(asked[0].body, form);
        assert_eq!(asked[4].header("authorization"), Some("Bearer access-3"));
        assert_eq!(asked[0].header("authorization"), None);
    }

    #[tokio::test]
    async fn a_machine_that_was_refused_may_be_let_in_later() {
        let fake = Fake::start(|number, asked| match asked.path.as_str() {
            "/oauth/token" if number == 1 => problem(401, "invalid-client"),
            "/oauth/token" => machine_token("second", 300),
            _ => json(200, "{}"),
        })
        .await;
        let client = machine(&fake);
        let error = client.request(Method::GET, "/v1/inbox").send_only().await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::InvalidClient));
        client.request(Method::GET, "/v1/inbox").send_only().await.unwrap();
    }

    #[tokio::test]
    async fn what_was_taken_back_is_not_used_again() {
        let fake = Fake::start(|number, asked| match asked.path.as_str() {
            "/oauth/token" => machine_token(&number.to_string(), 300),
            _ => json(200, "{}"),
        })
        .await;
        let client = machine(&fake);
        client.auth().revoke().await.unwrap();
        assert!(fake.asked().is_empty(), "there was nothing to take back");
        for _ in 0..2 {
            client.request(Method::GET, "/v1/inbox").send_only().await.unwrap();
            client.auth().revoke().await.unwrap();
        }
        let paths: Vec<_> = fake.asked().into_iter().map(|asked| asked.path).collect();
        assert_eq!(paths, ["/oauth/token", "/v1/inbox", "/oauth/revoke"].repeat(2));
        let person = fake.signed_in(300);
        person.auth().revoke().await.unwrap();
        assert!(fake.asked().last().unwrap().body.starts_with("token=refresh-first"));
        assert!(person.tokens().await.is_none());
    }

    #[tokio::test]
    async fn signing_out_ends_the_session_for_every_clone() {
        let fake = Fake::start(|_, _| Reply::Say(204, String::new(), String::new())).await;
        let client = fake.signed_in(300);
        let clone = client.clone();
        client.auth().logout().await.unwrap();
        let error = clone.auth().logout().await.unwrap_err();
        assert_eq!(error.kind(), Some(Kind::Unauthenticated));
        assert_eq!(fake.asked().len(), 1);
    }

    #[tokio::test]
    async fn nothing_prints_a_token() {
        let fake = Fake::start(|_, _| json(200, "{}")).await;
        let client = crate::Client::builder(&fake.base).retries(Policy::NEVER).build().unwrap();
        let client = client.resume(tokens("first", 300)).unwrap();
        let request = client.request(Method::POST, "/v1/reports").bearer("access-first").json("private");
        let printed = format!("{client:?} {request:?} {:?} {:?}", client.reports(), client.tokens().await);
        assert!(!printed.contains("first") && !printed.contains("private"), "{printed}");
    }
}
