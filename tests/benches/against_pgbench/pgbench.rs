//! `pgbench` with a script.

use crate::{
    http::Measured,
    service::{Cluster, LOGIN, Owned},
};
use anyhow::{Context, Result, ensure};
use std::{
    fs::{self, File},
    path::Path,
    process::Command,
    time::Duration,
};

/// A script and the values of its variables that stay the same for a run.
pub(crate) struct Script {
    /// The name of the file.
    pub(crate) name: String,
    /// What stands in it.
    pub(crate) text: String,
    /// Names and values.
    pub(crate) values: Vec<(String, String)>,
}

/// How long, with how many connections, under which number.
pub(crate) struct Run<'r> {
    /// The cluster.
    pub(crate) cluster: &'r Cluster,
    /// The folder with the socket: the cluster's own or a tap's.
    pub(crate) socket: &'r Path,
    /// A folder for what `pgbench` writes.
    pub(crate) folder: &'r Path,
    /// Connections.
    pub(crate) connections: usize,
    /// Seconds, or transactions when there is a tap.
    pub(crate) length: Length,
    /// Sets the ids that this run gives to new rows apart from those of all others.
    pub(crate) number: u64,
}

/// When a run ends.
pub(crate) enum Length {
    /// After this time.
    Seconds(u64),
    /// After so many transactions of each connection.
    Transactions(u32),
}

impl Run<'_> {
    /// Runs a script.
    pub(crate) async fn of(&self, script: &Script) -> Result<Measured> {
        let file = self.folder.join(&script.name);
        fs::write(&file, &script.text)?;
        let (said, complaints) = (self.folder.join("pgbench.out"), self.folder.join("pgbench.err"));
        let log = self.folder.join(format!("log-{}", self.number));
        let threads = if self.connections > 1 { "2" } else { "1" };
        let mut command = Command::new(self.cluster.programs.join("pgbench"));
        command
            .args(["-n", "-M", "prepared", "-j", threads, "-c", &self.connections.to_string()])
            .args(["-h".as_ref(), self.socket.as_os_str()])
            .args(["-p", "5432", "-U", LOGIN])
            .env("PGPASSWORD", &self.cluster.login_password)
            // One of ten, so that the writing of the log does not weigh.
            .args(["-l", "--sampling-rate=0.1"])
            .arg(format!("--log-prefix={}", log.display()));
        let patience = match self.length {
            Length::Seconds(seconds) => {
                command.args(["-T", &seconds.to_string()]);
                Duration::from_secs(seconds + 60)
            }
            Length::Transactions(count) => {
                command.args(["-t", &count.to_string()]);
                Duration::from_secs(60)
            }
        };
        // As an id of this time begins (RFC 9562, 5.7).
        let began = format!("{:012x}", crate::world::now().timestamp_millis());
        let (high, low) = began.split_at(8);
        command.args(["-D", "i=0", "-D", &format!("base={}", self.number * 1_000_000_000)]);
        command.args(["-D", &format!("began={high}-{low}-7000-8000-")]);
        for (name, value) in &script.values {
            command.args(["-D", &format!("{name}={value}")]);
        }
        command.arg("-f").arg(&file).arg("postgres").stdout(File::create(&said)?).stderr(File::create(&complaints)?);
        let mut pgbench = Owned::start(&mut command)?;
        let status = pgbench.ended(patience).await?;
        let output = fs::read_to_string(&said)?;
        let complaints = fs::read_to_string(&complaints)?;
        ensure!(status.success(), "pgbench failed at {}: {complaints}", script.name);
        let figure = |begin: &str| -> Option<f64> {
            let line = output.lines().find_map(|line| line.strip_prefix(begin))?;
            line.split(['/', ' ']).find(|word| !word.is_empty())?.parse().ok()
        };
        let failed = figure("number of failed transactions:").unwrap_or_default();
        ensure!(failed == 0.0, "{failed} transactions of {} failed", script.name);
        let per_second = figure("tps =").context("pgbench tells no rate")?;
        let count = figure("number of transactions actually processed:").context("pgbench tells no count")?;
        Ok(Measured::of(self.latencies()?, per_second, count as usize))
    }

    /// The durations that the run logged, in microseconds.
    fn latencies(&self) -> Result<Vec<f64>> {
        let mut micros = Vec::new();
        let prefix = format!("log-{}.", self.number);
        for entry in fs::read_dir(self.folder)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                let text = fs::read_to_string(entry.path())?;
                micros.extend(text.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok()));
                fs::remove_file(entry.path())?;
            }
        }
        Ok(micros)
    }
}
