//! The client, and how one is made.

use crate::{
    ApiClients, Attachments, Audit, Auth, ConsentLinks, Consents, EmergencyAccesses, Error, Events, Incidents,
    KeyAlgorithm, Members, Patients, Policy, Practitioners, ReferralLinks, Referrals, Reports, Request, Result,
    SecondFactor, ShareLinks, Shares, Webhooks,
    credentials::Credentials,
    session::Session,
    sign_in::{self, totp_code},
};
use rapport_contract::{
    Sensitive,
    api_clients::Scope,
    clinics::{SignUp, SignedUp},
    identity::Tokens,
    ids::ApiClientId,
};
use reqwest::{Method, Url, header::HeaderValue, redirect};
use std::{fmt, sync::Arc, time::Duration};

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// One attempt, from its start to the last byte of its answer.
    pub attempt: Duration,
    /// A call with all its attempts, the waits between them and a refresh of the tokens.
    pub overall: Duration,
}

impl Default for Timeouts {
    /// 10 seconds, 30 seconds and 60 seconds.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), attempt: Duration::from_secs(30), overall: Duration::from_secs(60) }
    }
}

/// Makes a [`Client`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct Builder {
    base_url: String,
    timeouts: Timeouts,
    policy: Policy,
    user_agent: String,
    http: Option<reqwest::Client>,
    plain_http: bool,
    credentials: Option<Credentials>,
}

impl Builder {
    /// Sets how long things may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Sets how often a call is tried.
    pub fn retries(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets what the client says it is; put your program's name here.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Uses this HTTP client, for a proxy, a private certificate authority or another TLS. Switch redirects and its
    /// cookie store off; its connect timeout is its own.
    pub fn http(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Allows `http://` to another machine, for a network that encrypts by itself. Without this, only this machine may
    /// be spoken to in the clear.
    pub fn plain_http(mut self, is_allowed: bool) -> Self {
        self.plain_http = is_allowed;
        self
    }

    /// Signs in as an API client by its secret. Nothing is sent before the first call.
    pub fn client_credentials(mut self, client_id: ApiClientId, secret: impl Into<Sensitive<String>>) -> Self {
        self.credentials = Some(Credentials::secret(client_id, secret.into()));
        self
    }

    /// Signs in as an API client by its private key, in PEM, of which the service knows the public half as `kid`. The base
    /// address must be the one that the service calls itself by. Nothing is sent before the first call.
    ///
    /// # Errors
    /// Without a kind, if it is not a private key of this algorithm in PEM. The error does not quote it.
    pub fn private_key(
        mut self,
        client_id: ApiClientId,
        pem: impl AsRef<[u8]>,
        algorithm: KeyAlgorithm,
        kid: impl Into<String>,
    ) -> Result<Self> {
        self.credentials = Some(Credentials::key(client_id, pem.as_ref(), algorithm, kid.into())?);
        Ok(self)
    }

    /// Asks for these scopes of the API client and not for all.
    pub fn scopes(mut self, scopes: impl Into<Vec<Scope>>) -> Self {
        self.credentials = self.credentials.map(|credentials| credentials.for_scopes(scopes.into()));
        self
    }

    /// Makes the client; it is not signed in, unless by the credentials of an API client.
    ///
    /// # Errors
    /// Without a kind, if the address is not `https://host` (or `http://` to this machine, or where
    /// [`plain_http`](Self::plain_http) allows it), the user agent holds what no header takes, or TLS can't be set up.
    /// Nothing is sent, so that whether the service answers shows with the first call.
    pub fn build(self) -> Result<Client> {
        let base = Url::parse(&self.base_url).map_err(|_| Error::unusable("the base address is not an address"))?;
        let is_bare = base.query().is_none() && base.fragment().is_none();
        if !matches!(base.scheme(), "https" | "http")
            || !is_bare
            || !base.username().is_empty()
            || base.password().is_some()
        {
            return Err(Error::unusable("the base address has the form https://host"));
        }
        let is_plain = base.scheme() == "http";
        let is_local = is_local(&base);
        if is_plain && !is_local && !self.plain_http {
            return Err(Error::unusable("the base address must be https, except on this machine"));
        }
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::unusable("the user agent holds characters that no header takes"))?;
        let http = match self.http {
            Some(http) => http,
            None => {
                let mut builder = reqwest::Client::builder()
                    .connect_timeout(self.timeouts.connect)
                    .redirect(redirect::Policy::none())
                    .cookie_store(false)
                    .referer(false);
                if is_local {
                    // A proxy that the environment names can't reach this machine's own loopback.
                    builder = builder.no_proxy();
                }
                #[cfg(any(feature = "rustls", feature = "native-tls"))]
                if is_plain {
                    // No certificate is ever asked for: a machine without any must do.
                    builder = builder.tls_certs_only([]);
                }
                #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
                if !is_plain {
                    return Err(Error::unusable(
                        "https needs the feature `rustls` or `native-tls`, or a client of yours",
                    ));
                }
                builder.build().map_err(|_| Error::unusable("TLS can't be set up"))?
            }
        };
        let shared = Shared { http, base, timeouts: self.timeouts, policy: self.policy, user_agent };
        Ok(Client { shared: Arc::new(shared), session: self.credentials.map(Session::of_machine) })
    }
}

fn is_local(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<std::net::IpAddr>() {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

struct Shared {
    http: reqwest::Client,
    base: Url,
    timeouts: Timeouts,
    policy: Policy,
    user_agent: HeaderValue,
}

/// Speaks to one Rapport service, for one session or for nobody.
///
/// Cloning is cheap; clones share connections, and those of a signed-in client its session.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    session: Option<Session>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.shared.base.as_str())
            .field("is_signed_in", &self.session.is_some())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Starts a client for the service at this address, such as `https://rapport.example.org`.
    pub fn builder(base_url: impl Into<String>) -> Builder {
        Builder {
            base_url: base_url.into(),
            timeouts: Timeouts::default(),
            policy: Policy::default(),
            user_agent: concat!("rapport-sdk/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
            plain_http: false,
            credentials: None,
        }
    }

    /// Signs a clinic up, with its owner, who signs in next.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) names each field that is refused, a password of fewer than 15
    /// characters for one; [`Kind::Conflict`](crate::Kind::Conflict) if the e-mail address signs in already: sign in
    /// with it.
    pub async fn sign_up(&self, sign_up: &SignUp) -> Result<SignedUp> {
        self.request(Method::POST, "/v1/clinics").anonymous().json(sign_up).send().await
    }

    /// Proves the first factor; the second is what it gives back.
    ///
    /// # Errors
    /// [`Kind::InvalidCredentials`](crate::Kind::InvalidCredentials) if no account answers to this pair; which of the
    /// two is wrong is not told. [`Kind::RateLimited`](crate::Kind::RateLimited) after failures, for longer and longer:
    /// [`retry_after`](Error::retry_after) says until when, and no try before that is looked at.
    pub async fn sign_in(
        &self,
        email: impl Into<Sensitive<String>>,
        password: impl Into<Sensitive<String>>,
    ) -> Result<SecondFactor> {
        sign_in::first_factor(self.anonymous(), email.into(), password.into()).await
    }

    /// Signs in with both factors, for programs that keep the authenticator's secret (base 32) themselves.
    ///
    /// A code works once: a second sign-in of the same account within the same 30 seconds is refused.
    ///
    /// # Errors
    /// As [`sign_in`](Self::sign_in) and [`Verification::verify`](crate::Verification::verify). Without a kind, if the
    /// account has no authenticator yet, or the secret is not one.
    pub async fn sign_in_with_totp(
        &self,
        email: impl Into<Sensitive<String>>,
        password: impl Into<Sensitive<String>>,
        secret: &Sensitive<String>,
    ) -> Result<Self> {
        match self.sign_in(email, password).await? {
            SecondFactor::Verify(verification) => verification.verify(totp_code(secret)?).await,
            SecondFactor::Enrol(_) => Err(Error::unusable("the account has no authenticator yet: enrol one first")),
        }
    }

    /// A client of the session that these tokens belong to. If they were stored for a while, the first call finds the
    /// access token expired and refreshes it.
    ///
    /// A refresh token is good for one refresh: of two clients resumed from the same tokens, the later one ends the
    /// session.
    ///
    /// # Errors
    /// Without a kind, if the access token holds what no token has. Whether the service still takes them shows with the
    /// first call, as [`Kind::Unauthenticated`](crate::Kind::Unauthenticated).
    pub fn resume(&self, tokens: Tokens) -> Result<Self> {
        Ok(Self { shared: Arc::clone(&self.shared), session: Some(Session::new(tokens)?) })
    }

    /// The session's tokens as they are now, to be stored where nobody else reads; `None` if this client is not signed
    /// in (any more), or by the credentials of an API client.
    pub async fn tokens(&self) -> Option<Tokens> {
        self.session.as_ref()?.tokens().await
    }

    /// The address of the service.
    pub fn base_url(&self) -> &str {
        self.shared.base.as_str().trim_end_matches('/')
    }

    /// Sessions, and signing out.
    pub fn auth(&self) -> Auth {
        Auth::new(self.clone())
    }

    /// The machines of the signed-in clinic.
    pub fn api_clients(&self) -> ApiClients {
        ApiClients::new(self.clone())
    }

    /// The people of the signed-in clinic.
    pub fn members(&self) -> Members {
        Members::new(self.clone())
    }

    /// The directory of people who treat.
    pub fn practitioners(&self) -> Practitioners {
        Practitioners::new(self.clone())
    }

    /// The patients of the signed-in clinic.
    pub fn patients(&self) -> Patients {
        Patients::new(self.clone())
    }

    /// What patients allowed.
    pub fn consents(&self) -> Consents {
        Consents::new(self.clone())
    }

    /// The patient's side of consent: what is done at the link. It needs no signed-in client.
    pub fn consent_links(&self) -> ConsentLinks {
        ConsentLinks::new(self.anonymous())
    }

    /// A guest's side of a share: what is done at the link. It needs no signed-in client.
    pub fn share_links(&self) -> ShareLinks {
        ShareLinks::new(self.anonymous())
    }

    /// A guest's side of a referral: what is done at the link. Only taking it up needs a signed-in client.
    pub fn referral_links(&self) -> ReferralLinks {
        ReferralLinks::new(self.anonymous(), self.clone())
    }

    /// What went astray, for owners and privacy officers.
    pub fn incidents(&self) -> Incidents {
        Incidents::new(self.clone())
    }

    /// Reading in an emergency what one's role does not read.
    pub fn emergency_access(&self) -> EmergencyAccesses {
        EmergencyAccesses::new(self.clone())
    }

    /// What happened, and what happens.
    pub fn events(&self) -> Events {
        Events::new(self.clone())
    }

    /// Where the signed-in clinic wants to be told of it.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(self.clone())
    }

    /// Treatment plans and progress reports of the signed-in clinic.
    pub fn reports(&self) -> Reports {
        Reports::new(self.clone())
    }

    /// Files that go with a report.
    pub fn attachments(&self) -> Attachments {
        Attachments::new(self.clone())
    }

    /// What was shared, by this clinic and with it.
    pub fn shares(&self) -> Shares {
        Shares::new(self.clone())
    }

    /// Referrals, of this clinic to others and of others to it.
    pub fn referrals(&self) -> Referrals {
        Referrals::new(self.clone())
    }

    /// The record of who did what and of what left to whom.
    pub fn audit(&self) -> Audit {
        Audit::new(self.clone())
    }

    /// Starts a request of your own; the path begins with `/`.
    ///
    /// # Errors
    /// When it is sent: see [`Request::send`].
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        Request::new(self.clone(), method, path.into())
    }

    /// The same client without its session.
    pub(crate) fn anonymous(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), session: None }
    }

    pub(crate) fn get(&self, path: impl Into<String>) -> Request {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: impl Into<String>) -> Request {
        self.request(Method::POST, path)
    }

    pub(crate) fn put(&self, path: impl Into<String>) -> Request {
        self.request(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: impl Into<String>) -> Request {
        self.request(Method::PATCH, path)
    }

    pub(crate) fn delete(&self, path: impl Into<String>) -> Request {
        self.request(Method::DELETE, path)
    }

    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    pub(crate) fn base(&self) -> &Url {
        &self.shared.base
    }

    pub(crate) fn timeouts(&self) -> &Timeouts {
        &self.shared.timeouts
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.shared.policy
    }

    pub(crate) fn user_agent(&self) -> HeaderValue {
        self.shared.user_agent.clone()
    }
}
