//! Runs the program, listens to what it says, and ends it.

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use std::{
    fs::{self, Permissions},
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long anything may take. Generous: a first start may have to fetch Postgres, and a machine may be busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// The program with these arguments, and no setting of whoever runs the tests.
pub(crate) fn rapport(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rapport"));
    for (name, _) in std::env::vars_os() {
        let is_ours = name.to_str().is_some_and(|name| name.starts_with("RAPPORT_") || name == "DATABASE_URL");
        if is_ours {
            command.env_remove(name);
        }
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

/// A data folder. As root, Postgres runs as a user of its own, who must be able to walk there.
pub(crate) fn folder() -> TempDir {
    let open = Permissions::from_mode(0o755);
    tempfile::Builder::new().prefix("rapport-program-").permissions(open).tempdir().unwrap()
}

/// One at a time: each of these starts a Postgres, and one of them measures.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells a person something even where the test passes, when its output is kept back.
pub(crate) fn tell(line: &str) {
    writeln!(std::io::stderr(), "{line}").ok();
}

/// What a run that ended left.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Demands that it went well, and shows everything if it did not.
    pub(crate) fn well(self) -> Self {
        assert!(self.status.success(), "{}\n{}{}", self.status, self.stdout, self.stderr);
        self
    }

    /// Demands that it was refused, and gives the lines that say why.
    pub(crate) fn refused(&self) -> Vec<&str> {
        assert_eq!(self.status.code(), Some(1), "{}\n{}{}", self.status, self.stdout, self.stderr);
        self.stderr.lines().collect()
    }
}

/// Runs it to its end.
pub(crate) fn end(command: Command) -> Ended {
    Program::start(command).ends()
}

/// The program while it runs. It is killed when dropped.
pub(crate) struct Program {
    pid: Pid,
    began: Instant,
    said: Arc<Mutex<[String; 2]>>,
    lines: mpsc::Receiver<String>,
    ended: mpsc::Receiver<ExitStatus>,
    has_ended: bool,
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let pid = Pid::from_raw(child.id().try_into().unwrap());
        let said = Arc::new(Mutex::new([String::new(), String::new()]));
        let (line, lines) = mpsc::channel();
        let readers = [
            read(child.stdout.take().unwrap(), 0, Arc::clone(&said), line.clone()),
            read(child.stderr.take().unwrap(), 1, Arc::clone(&said), line),
        ];
        let (end, ended) = mpsc::channel();
        thread::spawn(move || {
            let status = child.wait().unwrap();
            readers.into_iter().for_each(|reader| reader.join().unwrap());
            end.send(status).ok();
        });
        Self { pid, began, said, lines, ended, has_ended: false }
    }

    /// `serve` on a folder, once it answers.
    pub(crate) fn serve(folder: &Path) -> Self {
        let mut command = rapport(&["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--data-dir").arg(folder);
        let program = Self::start(command);
        program.url();
        program
    }

    /// The first line, on either stream, that begins like this; what follows the beginning.
    pub(crate) fn line(&self, beginning: &str) -> String {
        let deadline = self.began + PATIENCE;
        // The lines up to now, then those to come.
        let find = || {
            let said = self.said.lock().unwrap();
            said.iter().flat_map(|text| text.lines()).find_map(|line| line.strip_prefix(beginning)).map(str::to_owned)
        };
        loop {
            if let Some(rest) = find() {
                return rest;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if self.lines.recv_timeout(left).is_err() {
                return find().unwrap_or_else(|| panic!("no line `{beginning}...`. It said:\n{}", self.all()));
            }
        }
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.line("listening on http://"))
    }

    /// How long it has been running.
    pub(crate) fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// What it has said so far.
    pub(crate) fn all(&self) -> String {
        self.said.lock().unwrap().concat()
    }

    /// Its process.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid, signal).unwrap();
    }

    /// Asks it to end, as a service manager does.
    pub(crate) fn stop(self) -> Ended {
        self.signal(Signal::SIGTERM);
        self.ends()
    }

    /// Kills it, so that it can do nothing about it.
    pub(crate) fn kill(self) {
        self.signal(Signal::SIGKILL);
        self.ends();
    }

    /// The same where it may have come to its end by itself.
    pub(crate) fn kill_unless_ended(self) {
        kill(self.pid, Signal::SIGKILL).ok();
        self.ends();
    }

    /// Waits for its end.
    pub(crate) fn ends(mut self) -> Ended {
        let Ok(status) = self.ended.recv_timeout(PATIENCE) else {
            panic!("it does not end. It said:\n{}", self.all());
        };
        self.has_ended = true;
        let [stdout, stderr] = std::mem::take(&mut *self.said.lock().unwrap());
        Ended { status, stdout, stderr }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !self.has_ended && self.ended.try_recv().is_err() {
            kill(self.pid, Signal::SIGKILL).ok();
        }
    }
}

fn read(
    stream: impl Read + Send + 'static,
    which: usize,
    said: Arc<Mutex<[String; 2]>>,
    tell: mpsc::Sender<String>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            said.lock().unwrap()[which].extend([line.as_str(), "\n"]);
            // Nobody may be waiting any more.
            tell.send(line).ok();
        }
    })
}

/// The private Postgres of a data folder.
pub(crate) struct Postgres {
    data: PathBuf,
    pub(crate) pid: i32,
}

impl Postgres {
    /// The one that runs now.
    pub(crate) fn of(folder: &Path) -> Self {
        let data = folder.join("postgres/pgdata");
        let file = fs::read_to_string(data.join("postmaster.pid")).unwrap();
        let pid = file.lines().next().and_then(|line| line.trim().parse().ok());
        Self { data, pid: pid.unwrap_or_else(|| panic!("no process id in {file:?}")) }
    }

    pub(crate) fn kill(&self) {
        kill(Pid::from_raw(self.pid), Signal::SIGKILL).unwrap();
    }

    /// Waits until it is gone in good order: no process, no lock file.
    pub(crate) fn is_gone(&self) {
        let lock = self.data.join("postmaster.pid");
        until(&format!("Postgres {} is gone", self.pid), || !lives(self.pid) && !lock.exists());
    }
}

/// Waits for something to become true.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "still not so: {what}");
        thread::yield_now();
        thread::park_timeout(Duration::from_millis(10));
    }
}

/// Whether a process lives. One that has ended but that nobody has asked about counts as gone: in a container there
/// may be nobody who asks.
fn lives(pid: i32) -> bool {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        return stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z'));
    }
    // Signal 0 only asks.
    kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH)
}
