//! Asks a virus scanner, if there is one (`--attachment-scanner`). It fails closed: what could not be scanned is not taken.

use anyhow::{Context, bail};
use clamav_client::tokio::{Tcp, scan_buffer};
use std::time::Duration;

/// How long a scan may take, from the connection to the verdict.
const DEADLINE: Duration = Duration::from_secs(20);
/// How much of a file is sent at a time, in bytes.
const CHUNK: usize = 64 * 1024;

/// A clamd that speaks TCP, as everything that understands its `INSTREAM` does.
#[derive(Debug, Clone)]
pub struct Scanner {
    address: String,
}

impl Scanner {
    /// At this host and port.
    pub fn at(address: String) -> Self {
        Self { address }
    }

    /// Whether nothing is found.
    ///
    /// # Errors
    /// If the scanner does not say.
    pub(super) async fn is_clean(&self, bytes: &[u8]) -> anyhow::Result<bool> {
        let scan = scan_buffer(bytes, Tcp { host_address: self.address.as_str() }, Some(CHUNK));
        let answer = tokio::time::timeout(DEADLINE, scan).await.context("the scanner does not answer in time")??;
        // `stream: OK`, `stream: Eicar-Signature FOUND`, or anything else, which is no verdict.
        let answer = answer.trim_ascii_end();
        let answer = answer.strip_suffix(b"\0").unwrap_or(answer);
        if answer == b"stream: OK" {
            Ok(true)
        } else if answer.starts_with(b"stream: ") && answer.ends_with(b" FOUND") {
            Ok(false)
        } else {
            bail!("the scanner gives no verdict");
        }
    }
}
