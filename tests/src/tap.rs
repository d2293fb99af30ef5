//! A socket between a client and Postgres that notes which statements pass, and in how many round trips. By it the benchmark
//! proves that the service and the script of `pgbench` say the same, and a test counts what a request takes.

use anyhow::{Context, Result};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream, unix::OwnedReadHalf, unix::OwnedWriteHalf},
    task::JoinSet,
};

/// What a client sent between `BEGIN` and `COMMIT`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Each statement, with the number of the round trip that it travelled in.
    pub statements: Vec<(usize, String)>,
    /// Those that were parsed and planned anew, because the client had not prepared them before.
    pub parsed: Vec<String>,
}

impl Transaction {
    /// How many times the client waited.
    pub fn round_trips(&self) -> usize {
        self.statements.last().map_or(0, |(trip, _)| *trip)
    }

    /// Which statements travelled together, without their values. A round trip that only prepares is left out: it is
    /// counted, but no script can be made to repeat it.
    pub fn shape(&self) -> Vec<(usize, String)> {
        let (mut before, mut together) = (0, 0);
        let count = |(trip, sql): &(usize, String)| {
            together += usize::from(*trip != before);
            before = *trip;
            (together, normalised(sql))
        };
        self.statements.iter().map(count).collect()
    }
}

/// A statement without its values: parameters and ids are `?`, and so is what a script computes in their place by a
/// function of the schema `bench`.
fn normalised(sql: &str) -> String {
    let text = sql.trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let parameter = rest.strip_prefix('$').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        let id = rest.strip_prefix('\'').and_then(|rest| {
            let (value, rest) = rest.split_once('\'')?;
            (value.len() == 36 && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')).then_some(rest)
        });
        let computed = rest.strip_prefix("bench.").and_then(|rest| rest.split_once(')')).map(|(_, rest)| rest);
        if let Some(after) = parameter.or(id).or(computed) {
            out.push('?');
            rest = after;
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// What is known of one connection.
#[derive(Default)]
struct Noted {
    /// Prepared statements by their names.
    prepared: HashMap<String, String>,
    /// Answers that are still to come, of those that end a round trip.
    outstanding: usize,
    /// Whether messages were sent that nothing has asked the answer of yet.
    in_burst: bool,
    trip: usize,
    open: Option<Transaction>,
}

/// All transactions that passed, in the order of their ends.
#[derive(Clone, Default)]
pub struct Passed(Arc<Mutex<Vec<Transaction>>>);

impl Passed {
    fn lock(&self) -> MutexGuard<'_, Vec<Transaction>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes those that hold a text of this kind; the others are forgotten.
    pub fn take(&self, having: &str) -> Vec<Transaction> {
        let all = std::mem::take(&mut *self.lock());
        all.into_iter().filter(|passed| passed.statements.iter().any(|(_, sql)| sql.contains(having))).collect()
    }
}

impl Noted {
    fn client_says(&mut self, kind: u8, body: &[u8], passed: &Passed) {
        if !self.in_burst && self.outstanding == 0 {
            self.trip += 1;
        }
        self.in_burst = !matches!(kind, b'Q' | b'S');
        let mut texts = body.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
        let mut next = || texts.next().unwrap_or_default();
        match kind {
            b'Q' => {
                self.outstanding += 1;
                next().split(';').map(str::trim).filter(|sql| !sql.is_empty()).for_each(|sql| self.says(sql, passed));
            }
            b'S' => self.outstanding += 1,
            b'P' => {
                let (name, sql) = (next(), next());
                if let Some(open) = &mut self.open {
                    open.parsed.push(sql.clone());
                }
                self.prepared.insert(name, sql);
            }
            b'B' => {
                let (_portal, name) = (next(), next());
                let sql = self.prepared.get(&name).cloned().unwrap_or_default();
                self.says(&sql, passed);
            }
            _ => {}
        }
    }

    fn says(&mut self, sql: &str, passed: &Passed) {
        if sql.starts_with("BEGIN") {
            self.trip = 1;
            self.open = Some(Transaction::default());
        }
        let trip = self.trip;
        if let Some(open) = &mut self.open {
            open.statements.push((trip, sql.to_owned()));
        }
        if sql.starts_with("COMMIT") {
            passed.lock().extend(self.open.take());
        }
    }
}

/// Listens in a folder of its own until it is dropped.
pub struct Tap {
    /// The folder with the socket.
    pub folder: PathBuf,
    /// What has passed.
    pub passed: Passed,
    _task: JoinSet<()>,
}

impl Tap {
    /// Listens in `folder` for clients of the cluster whose socket is in `upstream`.
    pub fn listen(folder: &Path, upstream: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).context("a socket of our own")?;
        let passed = Passed::default();
        let (noting, upstream) = (passed.clone(), upstream.join(".s.PGSQL.5432"));
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (noting, upstream) = (noting.clone(), upstream.clone());
                connections.spawn(async move {
                    // A client that goes away is no failure of the tap; what it said is noted.
                    relay(client, &upstream, noting).await.ok();
                });
            }
        });
        Ok(Self { folder: folder.to_path_buf(), passed, _task: task })
    }
}

async fn relay(client: UnixStream, upstream: &Path, passed: Passed) -> Result<()> {
    let server = UnixStream::connect(upstream).await?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let noted = Mutex::new(Noted::default());
    let note = || noted.lock().unwrap_or_else(PoisonError::into_inner);
    let up = copy(from_client, to_server, true, |kind, body| note().client_says(kind, body, &passed));
    let down = copy(from_server, to_client, false, |kind, _| {
        if kind == b'Z' {
            let mut noted = note();
            noted.outstanding = noted.outstanding.saturating_sub(1);
        }
    });
    tokio::select! { ended = up => ended, ended = down => ended }
}

/// Passes messages on, telling of each before it goes. A client's first one has no kind.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    has_startup: bool,
    mut tell: impl FnMut(u8, &[u8]),
) -> Result<()> {
    let mut pending: Vec<u8> = Vec::new();
    let mut is_startup = has_startup;
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut chunk).await?;
        if count == 0 {
            return Ok(to.shutdown().await?);
        }
        let new = chunk.get(..count).unwrap_or_default();
        pending.extend_from_slice(new);
        loop {
            let head = usize::from(!is_startup);
            let Some(length) = pending.get(head..head + 4).and_then(|four| four.try_into().ok()) else { break };
            let end = head + usize::try_from(u32::from_be_bytes(length))?;
            let Some(body) = pending.get(head + 4..end) else { break };
            if !is_startup && let Some(kind) = pending.first() {
                tell(*kind, body);
            }
            is_startup = false;
            pending.drain(..end);
        }
        to.write_all(new).await?;
    }
}
