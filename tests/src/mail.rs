//! The mail that a service wrote to its folder, as a person would read it.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

/// How long a mail may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of `.eml` files.
pub struct Mailbox(PathBuf);

/// One mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The file's name, in the order of sending.
    pub name: String,
    /// Whom it is to.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// The same as HTML, for whoever reads it so.
    pub html: String,
}

impl Mail {
    /// The link that stands on a line of its own.
    pub fn link(&self) -> Option<&str> {
        self.body.lines().map(str::trim).find(|line| line.starts_with("http") && !line.contains(' '))
    }

    /// The six digits that stand on a line of their own.
    pub fn code(&self) -> Option<&str> {
        self.body.lines().map(str::trim).find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// The part of a mail of this type; of a mail without parts, its text. The HTML is quoted-printable (RFC 2045, 6.7).
fn part(body: &str, kind: &str) -> String {
    let Some(boundary) = body.lines().next().filter(|line| line.starts_with("--")) else {
        return if kind == "text/plain" { body.to_owned() } else { String::new() };
    };
    let found = body.split(boundary).filter_map(|part| part.split_once("\n\n")).find(|(head, _)| head.contains(kind));
    let (head, text) = found.unwrap_or_default();
    if !head.contains("quoted-printable") {
        return text.to_owned();
    }
    let mut decoded = String::new();
    let mut pieces = text.split('=');
    decoded.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match (piece.strip_prefix('\n'), piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (Some(next_line), _) => decoded.push_str(next_line),
            (None, Some(byte)) => {
                decoded.push(char::from(byte));
                decoded.push_str(piece.get(2..).unwrap_or_default());
            }
            (None, None) => decoded.push_str(piece),
        }
    }
    decoded
}

impl Mailbox {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Every mail so far, oldest first.
    pub fn all(&self) -> Vec<Mail> {
        let mut mails: Vec<Mail> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "eml"))
            .filter_map(|entry| {
                let text = fs::read_to_string(entry.path()).ok()?.replace("\r\n", "\n");
                let (head, body) = text.split_once("\n\n")?;
                let header = |name: &str| {
                    head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
                };
                Some(Mail {
                    name: entry.file_name().to_string_lossy().into_owned(),
                    to: header("To:"),
                    subject: header("Subject:"),
                    body: part(body, "text/plain"),
                    html: part(body, "text/html"),
                })
            })
            .collect();
        mails.sort_by(|one, other| one.name.cmp(&other.name));
        mails
    }

    /// Mails to this address so far, oldest first.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.all().into_iter().filter(|mail| mail.to.contains(address)).collect()
    }

    /// Waits until this address has `count` mails with what `find` looks for, and gives the newest one's.
    async fn nth(&self, address: &str, count: usize, find: impl Fn(&Mail) -> Option<String>) -> String {
        let start = Instant::now();
        loop {
            let found: Vec<String> = self.to(address).iter().filter_map(&find).collect();
            match found.last() {
                Some(last) if found.len() >= count => return last.clone(),
                _ if start.elapsed() > PATIENCE => panic!("no such mail to {address}; there are: {:#?}", self.all()),
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// The newest link sent to this address, once there are `count` of them.
    pub async fn link(&self, address: &str, count: usize) -> String {
        self.nth(address, count, |mail| mail.link().map(ToOwned::to_owned)).await
    }

    /// The newest code sent to this address, once there are `count` of them.
    pub async fn code(&self, address: &str, count: usize) -> String {
        self.nth(address, count, |mail| mail.code().map(ToOwned::to_owned)).await
    }
}
