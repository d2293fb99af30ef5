//! What a session at any link is made of: a cookie, and a token against forgery for each change.

use crate::{Client, Error, Request, Result, retry::Repeat};
use rapport_contract::{Sensitive, consent_links::LinkSession as Opened};
use reqwest::{
    Method, Url,
    header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE},
};
use serde::Serialize;
use uuid::Uuid;

const CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");

/// The id and the secret of a link as it stands in a mail.
pub(crate) fn parts(address: &str) -> Option<(Uuid, Sensitive<String>)> {
    let url = Url::parse(address).ok()?;
    let id = url.path_segments()?.next_back()?.parse().ok()?;
    let secret = url.fragment().filter(|secret| !secret.is_empty())?;
    Some((id, secret.into()))
}

/// An open session at one link.
#[derive(Debug, Clone)]
pub(crate) struct AtLink {
    client: Client,
    path: String,
    cookie: HeaderValue,
    csrf: HeaderValue,
}

impl AtLink {
    /// Opens one at the link of this path.
    pub(crate) async fn open(client: &Client, path: String, proof: &impl Serialize) -> Result<Self> {
        let answer = client
            .post(format!("{path}/session"))
            .json(proof)
            // Each try counts, and the code works once.
            .unkeyed(Repeat::Unapplied)
            .execute()
            .await?;
        let opened: Opened = answer.json()?;
        let cookie = cookie(answer.headers()).ok_or_else(|| Error::unusable("the service opened no session"))?;
        let mut csrf = HeaderValue::from_str(opened.csrf_token.as_str())
            .map_err(|_| Error::unusable("the service's anti-forgery token can't be sent back"))?;
        csrf.set_sensitive(true);
        Ok(Self { client: client.clone(), path, cookie, csrf })
    }

    /// A request within the session.
    pub(crate) fn request(&self, method: Method, of_link: &str) -> Request {
        let changes = method != Method::GET;
        let request =
            self.client.request(method, format!("{}{of_link}", self.path)).header(COOKIE, self.cookie.clone());
        if changes { request.header(CSRF_TOKEN, self.csrf.clone()) } else { request }
    }
}

/// The `Cookie` header that gives back what was set.
fn cookie(headers: &HeaderMap) -> Option<HeaderValue> {
    let set = headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs: Vec<&str> = set.filter_map(|cookie| cookie.split(';').next()).map(str::trim).collect();
    let mut header = HeaderValue::from_str(&pairs.join("; ")).ok().filter(|header| !header.is_empty())?;
    header.set_sensitive(true);
    Some(header)
}
