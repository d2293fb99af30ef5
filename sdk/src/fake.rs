//! A service for tests: it listens on a port of its own, answers as the test says, and keeps what it was asked.

use crate::{Client, Policy};
use rapport_contract::identity::Tokens;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(is, _)| is == name).map(|(_, value)| value.as_str())
    }
}

/// How it answers.
pub(crate) enum Reply {
    /// With a status, extra header lines, and a body.
    Say(u16, String, String),
    /// It reads the request and hangs up.
    HangUp,
    /// It reads the request and keeps the caller waiting for good.
    Silence,
}

pub(crate) fn json(status: u16, body: impl ToString) -> Reply {
    Reply::Say(status, "content-type: application/json\r\n".to_owned(), body.to_string())
}

pub(crate) fn problem(status: u16, slug: &str) -> Reply {
    let body = serde_json::json!({
        "type": format!("/problems/{slug}"), "title": "Title", "status": status, "detail": "Detail.",
        "request_id": "request-1"
    });
    Reply::Say(status, "content-type: application/problem+json\r\n".to_owned(), body.to_string())
}

pub(crate) struct Fake {
    pub(crate) base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Fake {
    /// Starts it. `answer` gets the number of the request, from 1, and the request.
    pub(crate) async fn start(answer: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(answer);
        tokio::spawn({
            let asked = Arc::clone(&asked);
            async move {
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    tokio::spawn(serve(stream, Arc::clone(&asked), Arc::clone(&answer)));
                }
            }
        });
        Self { base, asked }
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// A client of it that does not wait long between attempts.
    pub(crate) fn client(&self) -> Client {
        let policy = Policy { attempts: 4, base: Duration::from_millis(2), cap: Duration::from_millis(5) };
        Client::builder(&self.base).retries(policy).build().unwrap()
    }

    /// The same, signed in with an access token that has this many seconds left.
    pub(crate) fn signed_in(&self, expires_in: u32) -> Client {
        self.client().resume(tokens("first", expires_in)).unwrap()
    }
}

pub(crate) fn tokens(name: &str, expires_in: u32) -> Tokens {
    Tokens {
        access_token: format!("access-{name}").into(),
        token_type: "Bearer".to_owned(),
        expires_in,
        refresh_token: format!("refresh-{name}").into(),
    }
}

async fn serve(
    stream: TcpStream,
    asked: Arc<Mutex<Vec<Asked>>>,
    answer: Arc<impl Fn(usize, &Asked) -> Reply>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut request = Asked { method, path, headers, body: String::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    request.body = String::from_utf8(body).unwrap();
    let number = {
        let mut asked = asked.lock().unwrap();
        asked.push(request.clone());
        asked.len()
    };
    match answer(number, &request) {
        Reply::Say(status, headers, body) => {
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).await.ok()
        }
        Reply::HangUp => Some(()),
        Reply::Silence => std::future::pending().await,
    }
}
