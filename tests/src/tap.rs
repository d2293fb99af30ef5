//! A socket between a client and Postgres that notes which statements pass, with which values, and in how many round trips.
//! From what it noted of the service the benchmark makes the script of `pgbench`, and proves that both say the same; a test
//! counts by it what a request takes.

use anyhow::{Context, Result};
use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream, unix::OwnedReadHalf, unix::OwnedWriteHalf},
    task::JoinSet,
};

/// A value that came with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The type's OID, as the client or else the server gave it.
    pub oid: u32,
    /// Whether the value is in the binary format.
    pub is_binary: bool,
    /// The value; none is `NULL`.
    pub value: Option<Vec<u8>>,
}

/// A statement that passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// The number of the round trip that it travelled in, from 1.
    pub trip: usize,
    /// Its text.
    pub sql: String,
    /// What stands for `$1` and those after it.
    pub parameters: Vec<Parameter>,
    /// What the server said of it when it was done, such as `SELECT 20`.
    pub answer: String,
}

/// What a client sent between `BEGIN` and `COMMIT`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transaction {
    /// In the order in which they passed.
    pub statements: Vec<Statement>,
    /// Those that were parsed and planned anew, because the client had not prepared them before.
    pub parsed: Vec<String>,
}

impl Transaction {
    /// How many times the client waited.
    pub fn round_trips(&self) -> usize {
        self.statements.last().map_or(0, |last| last.trip)
    }

    /// Which statements travelled together. A round trip that only prepares is left out: it is counted, but no script can be
    /// made to repeat it.
    pub fn trips(&self) -> Vec<Vec<&Statement>> {
        let together = self.statements.chunk_by(|one, next| one.trip == next.trip);
        together.map(|statements| statements.iter().collect()).collect()
    }

    /// Which statements travelled together, without their values.
    pub fn shape(&self) -> Vec<(usize, String)> {
        let numbered = self.trips().into_iter().enumerate();
        numbered
            .flat_map(|(trip, together)| together.into_iter().map(move |it| (trip + 1, normalised(&it.sql))))
            .collect()
    }
}

/// A part of a statement's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'s> {
    /// What stands there.
    Text(&'s str),
    /// `$1` and those after it, from 0.
    Parameter(usize),
    /// An id between apostrophes.
    Id(&'s str),
}

/// A statement's parts. What stands between apostrophes is text, unless it is an id.
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
        let (piece, length) = if let Some(quoted) = rest.strip_prefix('\'') {
            let value = quoted.split('\'').next().unwrap_or_default();
            (is_id(value).then_some(Piece::Id(value)), (value.len() + 2).min(rest.len()))
        } else if let Some(number) = rest.strip_prefix('$').filter(|rest| digits(rest) > 0) {
            let number: Option<usize> = number.get(..digits(number)).and_then(|number| number.parse().ok());
            let index = number.and_then(|number| number.checked_sub(1));
            (index.map(Piece::Parameter), 1 + rest.get(1..).map_or(0, digits))
        } else {
            (None, rest.chars().next().map_or(1, char::len_utf8))
        };
        if let Some(piece) = piece {
            pieces.extend(sql.get(start..at).filter(|text| !text.is_empty()).map(Piece::Text));
            pieces.push(piece);
            start = at + length;
        }
        at += length;
    }
    pieces.extend(sql.get(start..).filter(|text| !text.is_empty()).map(Piece::Text));
    pieces
}

fn is_id(value: &str) -> bool {
    value.len() == 36 && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// A statement without its values: parameters and ids are `?`, and so is what a script computes in their place by a
/// function of the schema `bench`. The type that one of them is said to have belongs to it.
fn normalised(sql: &str) -> String {
    let text = sql.trim_end_matches(';').split_whitespace().collect::<Vec<_>>().join(" ");
    let mut marked = String::new();
    for piece in pieces(&text) {
        match piece {
            Piece::Text(text) => marked.push_str(text),
            Piece::Parameter(_) | Piece::Id(_) => marked.push('?'),
        }
    }
    let mut out = String::new();
    let mut rest = marked.as_str();
    while let Some(c) = rest.chars().next() {
        let computed = rest.strip_prefix("bench.").and_then(after_brackets);
        if let Some(after) = computed.or_else(|| rest.strip_prefix('?')) {
            out.push('?');
            rest = without_type(after);
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// What comes after a function's arguments.
fn after_brackets(call: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in call.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return call.get(at + 1..),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn without_type(rest: &str) -> &str {
    rest.strip_prefix("::").map_or(rest, |named| {
        named.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').trim_start_matches("[]")
    })
}

/// A statement that a client has prepared.
#[derive(Clone, Default)]
struct Prepared {
    sql: String,
    oids: Vec<u32>,
}

/// What is known of one connection.
#[derive(Default)]
struct Noted {
    /// Prepared statements by their names.
    prepared: HashMap<String, Prepared>,
    /// Those whose parameters the server has been asked about and has not described yet.
    described: VecDeque<String>,
    /// Of each statement that the server has not done yet, whether it belongs to the open transaction.
    undone: VecDeque<bool>,
    /// Answers that are still to come, of those that end a round trip.
    outstanding: usize,
    /// Whether messages were sent that nothing has asked the answer of yet.
    in_burst: bool,
    trip: usize,
    open: Option<Transaction>,
    /// How many statements of the open transaction are done.
    done: usize,
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
        all.into_iter().filter(|passed| passed.statements.iter().any(|it| it.sql.contains(having))).collect()
    }
}

/// Reads a message's fields one after the other (PostgreSQL's documentation, 55.7).
struct Fields<'m>(&'m [u8]);

impl<'m> Fields<'m> {
    fn bytes(&mut self, count: usize) -> &'m [u8] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn short(&mut self) -> u16 {
        self.bytes(2).try_into().map_or(0, u16::from_be_bytes)
    }

    fn long(&mut self) -> i32 {
        self.bytes(4).try_into().map_or(0, i32::from_be_bytes)
    }

    fn text(&mut self) -> String {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let text = String::from_utf8_lossy(self.bytes(length)).into_owned();
        self.bytes(1);
        text
    }

    fn oids(&mut self) -> Vec<u32> {
        (0..self.short()).map(|_| self.long().cast_unsigned()).collect()
    }
}

impl Noted {
    fn client_says(&mut self, kind: u8, body: &[u8]) {
        if !self.in_burst && self.outstanding == 0 {
            self.trip += 1;
        }
        self.in_burst = !matches!(kind, b'Q' | b'S');
        let mut fields = Fields(body);
        match kind {
            b'Q' => {
                self.outstanding += 1;
                let text = fields.text();
                text.split(';').map(str::trim).filter(|sql| !sql.is_empty()).for_each(|sql| self.says(sql, Vec::new()));
            }
            b'S' => self.outstanding += 1,
            b'P' => {
                let (name, sql, oids) = (fields.text(), fields.text(), fields.oids());
                if let Some(open) = &mut self.open {
                    open.parsed.push(sql.clone());
                }
                self.prepared.insert(name, Prepared { sql, oids });
            }
            b'D' if fields.bytes(1) == b"S" => self.described.push_back(fields.text()),
            b'B' => {
                let (_portal, name) = (fields.text(), fields.text());
                let Prepared { sql, oids } = self.prepared.get(&name).cloned().unwrap_or_default();
                let formats: Vec<u16> = (0..fields.short()).map(|_| fields.short()).collect();
                let parameters = (0..usize::from(fields.short())).map(|index| {
                    let length = usize::try_from(fields.long()).ok();
                    // One format for each, or one for all, or none: then all are text.
                    let format = formats.get(index).or(formats.first().filter(|_| formats.len() == 1));
                    Parameter {
                        oid: oids.get(index).copied().unwrap_or_default(),
                        is_binary: format == Some(&1),
                        value: length.map(|length| fields.bytes(length).to_vec()),
                    }
                });
                let parameters = parameters.collect();
                self.says(&sql, parameters);
            }
            _ => {}
        }
    }

    fn says(&mut self, sql: &str, parameters: Vec<Parameter>) {
        if sql.starts_with("BEGIN") {
            self.trip = 1;
            self.done = 0;
            self.undone.clear();
            self.open = Some(Transaction::default());
        }
        let trip = self.trip;
        if let Some(open) = &mut self.open {
            open.statements.push(Statement { trip, sql: sql.to_owned(), parameters, answer: String::new() });
        }
        self.undone.push_back(self.open.is_some());
    }

    fn server_says(&mut self, kind: u8, body: &[u8], passed: &Passed) {
        let mut fields = Fields(body);
        match kind {
            b'Z' => {
                self.outstanding = self.outstanding.saturating_sub(1);
                // After a failure the rest of what was sent is not done.
                if self.outstanding == 0 {
                    self.undone.clear();
                }
            }
            b't' => {
                let described = self.described.pop_front();
                if let Some(prepared) = described.and_then(|name| self.prepared.get_mut(&name)) {
                    prepared.oids = fields.oids();
                }
            }
            b'C' if self.undone.pop_front() == Some(true) => self.is_done(fields.text(), passed),
            _ => {}
        }
    }

    fn is_done(&mut self, answer: String, passed: &Passed) {
        let (is_committed, is_over) = (answer == "COMMIT", answer == "ROLLBACK");
        if let Some(statement) = self.open.as_mut().and_then(|open| open.statements.get_mut(self.done)) {
            statement.answer = answer;
        }
        self.done += 1;
        if is_committed {
            passed.lock().extend(self.open.take());
        } else if is_over {
            self.open = None;
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
    let up = copy(from_client, to_server, true, |kind, body| note().client_says(kind, body));
    let down = copy(from_server, to_client, false, |kind, body| note().server_says(kind, body, &passed));
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

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01990000-0000-7000-8000-000000000007";

    #[test]
    fn a_statement_falls_into_text_parameters_and_ids() {
        let sql = format!("SELECT set_config('app.at', '{ID}', $2), '$1 is text' FROM t WHERE a = $12");
        let text = Piece::Text;
        let expected = [
            text("SELECT set_config('app.at', "),
            Piece::Id(ID),
            text(", "),
            Piece::Parameter(1),
            text("), '$1 is text' FROM t WHERE a = "),
            Piece::Parameter(11),
        ];
        assert_eq!(pieces(&sql), expected);
    }

    #[test]
    fn a_statement_and_the_one_made_of_it_have_one_shape() {
        let said = format!("SELECT f($1, '{ID}') FROM t WHERE b = $2 AND c = ANY($3) AND d::text = 'x'");
        let made = "SELECT f(bench.id($1)::uuid, bench.id($2)::text) FROM t WHERE b = $3::int8 AND \
                    c = ANY(bench.ids(bench.id($4), $5::uuid)::uuid[]) AND d::text = 'x';";
        assert_eq!(normalised(&said), "SELECT f(?, ?) FROM t WHERE b = ? AND c = ANY(?) AND d::text = 'x'");
        assert_eq!(normalised(made), normalised(&said));
        assert_ne!(normalised(&said), normalised(&said.replace("b = $2", "b > $2")));
    }
}
