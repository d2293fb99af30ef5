//! A small HTTP/1.1 client that keeps its connections and does nothing else.
//!
//! The load generator shares the machine's cores with the service and Postgres, as `pgbench` does with Postgres. A full
//! client (pools, header maps, futures by the dozen) takes as much of a core as the service itself, and its cost would be
//! measured as the service's. So requests are written as bytes, and of an answer only status, length and place are read.

use anyhow::{Context, Result, bail, ensure};
use futures_util::future::try_join_all;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    request: Vec<u8>,
}

/// The part of an answer that a scenario needs.
pub(crate) struct Answer<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: &'a str,
    /// The body.
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// A header's value, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Connection {
    /// Connects over loopback; nothing else is ever asked.
    pub(crate) async fn open(address: &str) -> Result<Self> {
        ensure!(address.starts_with("127.0.0.1:"), "{address} is not on loopback");
        let stream = TcpStream::connect(address).await.context("connecting to the service")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(16 * 1024), request: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Result<Answer<'_>> {
        use std::io::Write;
        self.request.clear();
        let length = body.len();
        write!(
            self.request,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\n{headers}content-length: {length}\r\n\r\n"
        )?;
        self.request.extend_from_slice(body.as_bytes());
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        let mut looked_at = 0;
        let head_ends = loop {
            ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "the service closed the connection");
            let unseen = self.answer.get(looked_at..).unwrap_or_default();
            if let Some(at) = unseen.windows(4).position(|four| four == b"\r\n\r\n") {
                break looked_at + at + 4;
            }
            looked_at = self.answer.len().saturating_sub(3);
        };
        let length = content_length(self.answer.get(..head_ends).unwrap_or_default())?;
        while self.answer.len() < head_ends + length {
            ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "the service cut its answer off");
        }
        let (head, body) = self.answer.split_at(head_ends);
        let head = std::str::from_utf8(head)?;
        let status = head.get(9..12).and_then(|code| code.parse().ok()).context("no status")?;
        Ok(Answer { status, head, body })
    }
}

fn content_length(head: &[u8]) -> Result<usize> {
    for line in std::str::from_utf8(head)?.lines() {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            return Ok(value.trim().parse()?);
        }
    }
    bail!("an answer without a length")
}

/// Enough chance to choose a row by (xorshift64).
pub(crate) struct Chance(u64);

impl Chance {
    /// Each seed its own sequence, the same in every run.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 1 to `most`.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most + 1
    }
}

/// What a run of load measured.
#[derive(Debug, Default, Clone)]
pub(crate) struct Measured {
    /// Operations a second.
    pub(crate) per_second: f64,
    /// Half were faster, in microseconds.
    pub p50: f64,
    /// 99 of 100 were faster, in microseconds.
    pub p99: f64,
    /// How many operations.
    pub(crate) count: usize,
}

impl Measured {
    /// From the duration of each operation, in microseconds.
    pub(crate) fn of(mut micros: Vec<f64>, per_second: f64, count: usize) -> Self {
        micros.sort_unstable_by(f64::total_cmp);
        let at = |share: usize| micros.get(micros.len() * share / 100).copied().unwrap_or_default();
        Self { per_second, p50: at(50), p99: at(99), count }
    }
}

/// One operation on a connection, with an item of so many, again and again on each of them until the time is over.
pub(crate) async fn load<S>(
    address: &str,
    connections: usize,
    duration: Duration,
    (scenario, items): (&S, u64),
    act: impl AsyncFn(&S, usize, &mut Connection, u64) -> Result<()>,
) -> Result<Measured> {
    let opened = try_join_all((0..connections).map(|_| Connection::open(address))).await?;
    let began = Instant::now();
    let until = began + duration;
    let act = &act;
    let clients = opened.into_iter().enumerate().map(|(number, mut connection)| async move {
        let mut chance = Chance::new(number as u64 + 1);
        let mut micros = Vec::with_capacity(64 * 1024);
        while Instant::now() < until {
            let sent = Instant::now();
            act(scenario, number, &mut connection, chance.up_to(items)).await?;
            micros.push(sent.elapsed().as_secs_f64() * 1e6);
        }
        anyhow::Ok(micros)
    });
    let micros: Vec<f64> = try_join_all(clients).await?.into_iter().flatten().collect();
    let count = micros.len();
    Ok(Measured::of(micros, count as f64 / began.elapsed().as_secs_f64(), count))
}
