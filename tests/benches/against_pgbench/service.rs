//! The program under test: built, started, asked what it takes, and stopped again.

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use rapport_api::identity::{keys::KeyFiles, secrets::Secrets};
use secrecy::ExposeSecret;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

/// How long a first start may take: it makes the cluster.
const START_PATIENCE: Duration = Duration::from_secs(120);
/// How long the service may take to let requests finish and to stop Postgres.
const STOP_PATIENCE: Duration = Duration::from_secs(40);

/// A process of ours. It ends when this is dropped, by its own id.
pub(crate) struct Owned(Child);

impl Owned {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        Ok(Self(command.stdin(Stdio::null()).spawn().with_context(|| format!("starting {name}"))?))
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits for its end without holding up the runtime, so that Ctrl-C is heard meanwhile.
    pub(crate) async fn ended(&mut self, patience: Duration) -> Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            ensure!(began.elapsed() < patience, "process {} takes longer than {patience:?}", self.0.id());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn interrupt(&self) {
        if let Ok(id) = i32::try_from(self.0.id()) {
            // It may have ended by itself.
            kill(Pid::from_raw(id), Signal::SIGTERM).ok();
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(None)) {
            return;
        }
        self.interrupt();
        let began = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) {
            if began.elapsed() > STOP_PATIENCE {
                self.0.kill().ok();
                self.0.wait().ok();
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Builds the release program and tells where it is. `CARGO_TARGET_DIR` reaches cargo by the environment.
pub(crate) async fn build() -> Result<PathBuf> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "build",
            "--release",
            "-p",
            "rapport-api",
            "--bin",
            "rapport",
            "--message-format=json-render-diagnostics",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().context("starting cargo")?;
    let output = child.stdout.take().context("cargo's output")?;
    let mut cargo = Owned(child);
    let reader = std::thread::spawn(move || -> Option<PathBuf> {
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        let messages = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
        // Cargo knows best where it put the program.
        messages.filter_map(|message| message.get("executable")?.as_str().map(PathBuf::from)).last()
    });
    let status = cargo.ended(Duration::from_secs(3600)).await?;
    ensure!(status.success(), "the release program could not be built");
    reader.join().ok().flatten().context("cargo did not tell where the program is")
}

/// How to start the service.
pub(crate) struct Start<'s> {
    /// The program.
    pub(crate) program: &'s Path,
    /// The data folder.
    pub(crate) data: &'s Path,
    /// Where to listen.
    pub(crate) listen: &'s str,
    /// A database to use instead of one's own.
    pub(crate) database_url: Option<&'s str>,
    /// Where the keys are.
    pub(crate) keys: &'s Path,
    /// Connections to the database for each thread that serves.
    pub(crate) pool_size: Option<usize>,
}

/// A running service.
pub(crate) struct Service {
    process: Owned,
    /// Where it listens.
    pub(crate) address: String,
}

impl Start<'_> {
    /// Starts it and comes back when it says that it listens.
    pub(crate) async fn run(&self) -> Result<Service> {
        let mut command = Command::new(self.program);
        let log = File::create(self.data.join("service.log")).context("the service's log")?;
        command.args(["serve", "--metrics-listen", "127.0.0.1:0", "--log", "off", "--rate-limit", "1000000000"]);
        let budgets = ["client", "tenant", "address", "sign-in", "link"];
        for budget in budgets.map(|who| format!("--{who}-rate-limit")) {
            command.args([budget.as_str(), "1000000000"]);
        }
        // The issuer of tokens: the same for each service of this run, wherever it listens.
        command.args(["--public-url", "http://rapport.invalid", "--listen", self.listen, "--data-dir"]).arg(self.data);
        command.arg("--signing-key-file").arg(self.keys.join("signing.pem"));
        command.arg("--secret-key-file").arg(self.keys.join("secret.key"));
        command.arg("--root-key-file").arg(self.keys.join("root.key"));
        for (name, _) in std::env::vars_os() {
            // Nobody's settings but these.
            if name.to_string_lossy().starts_with("RAPPORT_") || name == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        if let Some(url) = self.database_url {
            command.env("DATABASE_URL", url);
        }
        if let Some(size) = self.pool_size {
            command.args(["--pool-size", &size.to_string()]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().context("starting the service")?;
        let output = child.stdout.take().context("the service's output")?;
        let mut process = Owned(child);
        let (tell, told) = mpsc::channel();
        // Reads on to the end, so that the service never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("listening on http://") {
                    tell.send(address.to_owned()).ok();
                }
            }
        });
        let began = Instant::now();
        while began.elapsed() < START_PATIENCE {
            if let Ok(address) = told.try_recv() {
                return Ok(Service { process, address });
            }
            if process.0.try_wait()?.is_some() {
                let said = fs::read_to_string(self.data.join("service.log")).unwrap_or_default();
                bail!("the service did not start:\n{said}");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the service does not say where it listens")
    }
}

impl Service {
    /// Stops it, and its database with it.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.process.interrupt();
        let status = self.process.ended(STOP_PATIENCE).await?;
        ensure!(status.success(), "the service ended with {status}");
        Ok(())
    }

    /// The process's id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// The cluster that a service runs in its data folder.
pub(crate) struct Cluster {
    /// The postmaster's process id.
    pub(crate) pid: u32,
    /// The folder with `pgbench`.
    pub(crate) programs: PathBuf,
    /// The folder with the socket.
    pub(crate) socket: PathBuf,
    /// The administrator's password.
    password: String,
    /// The password of the service's own role.
    pub(crate) login_password: String,
}

/// The role that administers the cluster.
const ADMINISTRATOR: &str = "rapport_admin";
/// The role that the service serves as.
pub(crate) const LOGIN: &str = "postgres_app";

impl Cluster {
    /// Finds it by what the postmaster writes about itself.
    pub(crate) fn of(data: &Path) -> Result<Self> {
        let root = data.join("postgres");
        let text = fs::read_to_string(root.join("pgdata/postmaster.pid")).context("the postmaster's own file")?;
        let lines: Vec<&str> = text.lines().collect();
        let pid: u32 = lines.first().context("no process id")?.trim().parse()?;
        let socket = PathBuf::from(lines.get(4).context("no socket folder")?);
        let password = fs::read_to_string(root.join("postgres.password"))?.trim().to_owned();
        let postgres = fs::read_link(format!("/proc/{pid}/exe"))?;
        let beside = postgres.parent().context("the programs' folder")?.to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let programs = std::iter::once(beside)
            .chain(std::env::split_paths(&path))
            .find(|folder| folder.join("pgbench").is_file())
            .context("there is no pgbench beside Postgres; it comes with PostgreSQL's own packages")?;
        let secret = KeyFiles::under(data).read()?.secret;
        let login_password = Secrets::derive(&secret)?.database_password(LOGIN).expose_secret().to_owned();
        Ok(Self { pid, programs, socket, password, login_password })
    }

    /// The administrator's address.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{ADMINISTRATOR}:{}@{}/postgres", self.password, host(&self.socket))
    }

    /// The service's own address, over a socket in this folder.
    pub(crate) fn service_url(&self, socket: &Path) -> String {
        format!("postgres://{LOGIN}:{}@{}/postgres", self.login_password, host(socket))
    }

    /// The processor time of the whole cluster, in seconds: the postmaster with the children that it has reaped, and those alive.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let mut ticks = 0;
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
            let Some(times) = Times::of(pid) else { continue };
            if pid == self.pid {
                ticks += times.own + times.reaped;
            } else if times.parent == self.pid {
                ticks += times.own;
            }
        }
        Ok(seconds(ticks))
    }
}

fn host(socket: &Path) -> String {
    socket.to_string_lossy().bytes().map(escaped).collect()
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A process's times in clock ticks.
struct Times {
    parent: u32,
    own: u64,
    reaped: u64,
}

impl Times {
    fn of(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name may hold blanks; what follows its closing bracket does not.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: u32::try_from(number(1)?).ok()?,
            own: number(11)? + number(12)?,
            reaped: number(13)? + number(14)?,
        })
    }
}

/// Linux tells times to programs in hundredths of a second on every machine that we run on (USER_HZ).
fn seconds(ticks: u64) -> f64 {
    ticks as f64 / 100.0
}

/// The processor time of a process, in seconds.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    Ok(seconds(Times::of(pid).context("no such process")?.own))
}

/// The resident memory of a process, now and at its highest, in MiB.
pub(crate) fn memory(pid: u32) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let of = |name: &str| -> Option<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
    };
    of("VmRSS:").zip(of("VmHWM:")).context("the process's memory")
}
