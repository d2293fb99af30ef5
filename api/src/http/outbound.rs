//! The one way out: reading from an address that somebody outside of the service has given us, and sending to it.
//!
//! Such an address is an attempt to make us knock at our own back door until the opposite is shown (OWASP API7:2023). So:
//! https at the standard port and a name, never a number; every address that the name leads to is held against
//! [`is_global`] by the resolver that the connection itself uses, so that nothing can be looked up twice and answered
//! differently; no redirect, no proxy, no cookie; a deadline, a largest answer, and so many at a time.

use anyhow::{Context, ensure};
use futures_util::StreamExt;
use reqwest::{
    Client, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{AGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName},
    redirect,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::Semaphore, time::timeout};

/// The longest address that is read, in bytes.
const LONGEST: usize = 500;
/// From the wait for a turn to the last byte.
const DEADLINE: Duration = Duration::from_secs(5);
/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// So many at a time; who waits longer than the deadline is turned away.
const AT_A_TIME: usize = 16;

/// Reads from addresses that were given to us.
pub struct Outbound {
    http: Client,
    turns: Semaphore,
    deadline: Duration,
    development: Vec<String>,
}

/// What an address answered.
#[derive(Debug)]
pub struct Fetched {
    /// The body.
    pub body: Vec<u8>,
    /// How long it may be kept (RFC 9111, 5.2.2.1), if it says so.
    pub max_age: Option<Duration>,
}

/// What an address answered to what it was sent.
#[derive(Debug)]
pub struct Answered {
    /// The status, whatever it is: a redirection is not followed.
    pub status: u16,
    /// The start of the body.
    pub body: Vec<u8>,
}

impl Outbound {
    /// With the system's names. `development` are origins on this machine that may be read all the same.
    ///
    /// # Errors
    /// If no client can be made.
    pub fn new(development: Vec<String>) -> anyhow::Result<Self> {
        Self::patient(development, DEADLINE, AT_A_TIME)
    }

    /// The same with another deadline, and so many at a time.
    ///
    /// # Errors
    /// If no client can be made.
    pub fn patient(development: Vec<String>, deadline: Duration, at_a_time: usize) -> anyhow::Result<Self> {
        Self::resolving(Arc::new(SystemNames), development, deadline, at_a_time)
    }

    fn resolving(
        names: Arc<dyn Resolve>,
        development: Vec<String>,
        deadline: Duration,
        at_a_time: usize,
    ) -> anyhow::Result<Self> {
        let builder = || {
            Client::builder()
                .dns_resolver(Arc::new(GlobalOnly(Arc::clone(&names))))
                .https_only(development.is_empty())
                .redirect(redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .http1_only()
                .connect_timeout(CONNECT)
                .timeout(deadline)
                // A connection that is kept would outlive the check of its address.
                .pool_max_idle_per_host(0)
                .user_agent("rapport")
        };
        // On a machine without any certificate authority nobody is trusted, and everything else works.
        let http = builder().build().or_else(|_| builder().tls_certs_only([]).build()).context("outbound requests")?;
        Ok(Self { http, turns: Semaphore::new(at_a_time), deadline, development })
    }

    /// The address, if it may be read from, as far as its text tells: nothing is looked up and nobody is asked.
    pub fn address(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST)?;
        // In the form that it is read in, so that nobody can read it in another way. A slash at the end may be left out.
        let is_normal = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        if !is_normal || !is_plain {
            return None;
        }
        if self.development.contains(&url.origin().ascii_serialization()) {
            return Some(url);
        }
        let is_standard = url.scheme() == "https" && url.port().is_none();
        (is_standard && url.domain().is_some_and(is_public_name)).then_some(url)
    }

    /// Reads at most `limit` bytes of JSON from there.
    ///
    /// # Errors
    /// If the address may not be read from, does not answer 200 in time, or answers more.
    pub async fn get(&self, address: &str, limit: usize) -> anyhow::Result<Fetched> {
        let url = self.address(address).context("the address may not be read from")?;
        timeout(self.deadline, self.fetch(url, limit)).await.context("no answer in time")?
    }

    async fn fetch(&self, url: Url, limit: usize) -> anyhow::Result<Fetched> {
        let _turn = self.turns.acquire().await?;
        let answer = self.http.get(url).header("accept", "application/json").send().await?;
        ensure!(answer.status() == StatusCode::OK, "it answered {}", answer.status());
        ensure!(!answer.headers().contains_key(CONTENT_ENCODING), "it answered in an encoding");
        ensure!(answer.content_length().is_none_or(|length| length <= limit as u64), "it announced too much");
        let max_age = max_age(answer.headers());
        let mut body = Vec::new();
        let mut chunks = answer.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk?;
            ensure!(body.len() + chunk.len() <= limit, "it sent too much");
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { body, max_age })
    }
}

impl Outbound {
    /// Sends JSON there, and reads at most `limit` bytes of the answer; what comes after them is not waited for.
    ///
    /// # Errors
    /// If nothing may be sent to the address, or it does not answer in time.
    pub async fn post(
        &self,
        address: &str,
        headers: &[(&'static str, String)],
        body: String,
        limit: usize,
    ) -> anyhow::Result<Answered> {
        let url = self.address(address).context("nothing may be sent to the address")?;
        timeout(self.deadline, self.send(url, headers, body, limit)).await.context("no answer in time")?
    }

    async fn send(
        &self,
        url: Url,
        headers: &[(&'static str, String)],
        body: String,
        limit: usize,
    ) -> anyhow::Result<Answered> {
        let _turn = self.turns.acquire().await?;
        let mut request = self.http.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.body(body).send().await?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        let mut chunks = answer.bytes_stream();
        while body.len() < limit {
            let Some(chunk) = chunks.next().await else { break };
            body.extend(chunk?.iter().take(limit - body.len()));
        }
        Ok(Answered { status, body })
    }
}

/// An origin that may be read in development: `http` or `https` to a loopback address, with nothing behind the port.
pub fn development_origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_loopback = match url.host_str()?.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => false,
    };
    let origin = url.origin().ascii_serialization();
    (is_loopback && origin == text.trim_end_matches('/')).then_some(origin)
}

/// A name of the public kind: two labels or more of letters, digits and hyphens, no dot at the end, and not this machine's.
fn is_public_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let ends_in_letter = name.ends_with(|c: char| c.is_ascii_lowercase());
    let is_local = name.ends_with(".localhost") || name.ends_with(".local") || name.ends_with(".internal");
    name.contains('.') && name.split('.').all(is_label) && ends_in_letter && !is_local
}

/// `max-age` without what has passed of it; nothing at all where it must not be kept.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let control = text(CACHE_CONTROL)?.to_ascii_lowercase();
    let mut directives = control.split(',').map(str::trim);
    if directives.clone().any(|directive| directive == "no-store" || directive.starts_with("no-cache")) {
        return Some(Duration::ZERO);
    }
    let seconds: u64 = directives.find_map(|directive| directive.strip_prefix("max-age="))?.parse().ok()?;
    let age = text(AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    Some(Duration::from_secs(seconds.saturating_sub(age)))
}

/// The system's resolver.
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect::<Vec<_>>();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Lets only addresses of the public internet through.
struct GlobalOnly(Arc<dyn Resolve>);

impl Resolve for GlobalOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.0.resolve(name);
        Box::pin(async move {
            let global: Vec<SocketAddr> = found.await?.filter(|found| is_global(found.ip())).collect();
            if global.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(global.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is of the public internet: none of the special-purpose registries of RFC 6890, no multicast, and
/// nothing that carries another address inside (mapped, 6to4, Teredo, NAT64).
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    let special = [
        ([0, 0, 0, 0], 8),       // this network
        ([10, 0, 0, 0], 8),      // private
        ([100, 64, 0, 0], 10),   // shared by a carrier
        ([127, 0, 0, 0], 8),     // loopback
        ([169, 254, 0, 0], 16),  // link-local, and the metadata of clouds
        ([172, 16, 0, 0], 12),   // private
        ([192, 0, 0, 0], 24),    // protocol assignments
        ([192, 0, 2, 0], 24),    // documentation
        ([192, 31, 196, 0], 24), // AS112
        ([192, 52, 193, 0], 24), // AMT
        ([192, 88, 99, 0], 24),  // 6to4 relays
        ([192, 168, 0, 0], 16),  // private
        ([192, 175, 48, 0], 24), // AS112
        ([198, 18, 0, 0], 15),   // benchmarks
        ([198, 51, 100, 0], 24), // documentation
        ([203, 0, 113, 0], 24),  // documentation
        ([224, 0, 0, 0], 4),     // multicast
        ([240, 0, 0, 0], 4),     // reserved, and broadcast
    ];
    let bits = u32::from(address);
    !special.into_iter().any(|(network, length)| (bits ^ u32::from(Ipv4Addr::from(network))) >> (32 - length) == 0)
}

fn is_global_v6(address: Ipv6Addr) -> bool {
    // Of 2000::/3, the only part in use: all others, loopback and mapped addresses among them, are not public.
    let special: [(u128, u32); 5] = [
        (0x2001 << 112, 23),          // protocol assignments, Teredo among them
        (0x2001_0db8 << 96, 32),      // documentation
        (0x2002 << 112, 16),          // 6to4
        (0x2620_004f_8000 << 80, 48), // AS112
        (0x3fff << 112, 20),          // documentation
    ];
    let bits = u128::from(address);
    bits >> 125 == 1 && !special.into_iter().any(|(network, length)| (bits ^ network) >> (128 - length) == 0)
}

#[cfg(test)]
mod tests;
