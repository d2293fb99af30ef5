//! The demo's patients read their mail where the service writes it.

use anyhow::bail;
use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The folder of `.eml` files.
pub(super) struct Mailbox(pub(super) PathBuf);

impl Mailbox {
    /// The newest link to this address, on a line of its own.
    pub(super) async fn link(&self, address: &str) -> anyhow::Result<String> {
        self.newest(address, |line| line.starts_with("http") && !line.contains(' '), 1).await
    }

    /// How many codes have come to this address.
    pub(super) fn codes(&self, address: &str) -> usize {
        self.lines(address, is_code).len()
    }

    /// The newest of this many codes to this address: six digits on a line of their own.
    pub(super) async fn code(&self, address: &str, count: usize) -> anyhow::Result<String> {
        self.newest(address, is_code, count).await
    }

    async fn newest(&self, address: &str, is_wanted: fn(&str) -> bool, count: usize) -> anyhow::Result<String> {
        let asked_at = Instant::now();
        loop {
            let mut found = self.lines(address, is_wanted);
            if found.len() >= count
                && let Some(newest) = found.pop()
            {
                return Ok(newest);
            }
            if asked_at.elapsed() > PATIENCE {
                bail!("no mail to {address} came into {} within {} s", self.0.display(), PATIENCE.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The wanted lines of all mails to this address, oldest first.
    fn lines(&self, address: &str, is_wanted: fn(&str) -> bool) -> Vec<String> {
        let mut paths: Vec<PathBuf> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
            .collect();
        paths.sort();
        let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
        let to_address =
            texts.filter(|text| text.lines().any(|line| line.starts_with("To:") && line.contains(address)));
        to_address
            .flat_map(|text| {
                text.lines().map(|line| line.trim().to_owned()).filter(|line| is_wanted(line)).collect::<Vec<_>>()
            })
            .collect()
    }
}

fn is_code(line: &str) -> bool {
    line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit())
}
