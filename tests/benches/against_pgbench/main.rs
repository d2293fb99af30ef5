//! The service against `pgbench`: the same statements, on the same cluster, in the same run.
//!
//! It builds the release program, serves from a fresh data folder with the private, durable Postgres, and makes patients, consents
//! and shared reports. Then, for each scenario, it records what the service says, through a [`Tap`], makes a script of `pgbench`
//! from that, and proves that the script says the same: the run fails if statements, their order, the round trips that they travel
//! in, or how many rows each of them finds differ. After that the two are measured in turn, round by round, with as many
//! connections each. The service has the pool that it has by itself.
//!
//! With `--growth` it lets the database grow and measures what an operation costs at each size. With `--costs` it also tells what
//! each safeguard of a reading costs: the script with all of them, and without one at a time.
//!
//! What it prints are the medians and their ratio; what it writes is JSON in the target folder's `bench`. It speaks with nothing but
//! loopback and sockets, and whatever it started ends with it, also by Ctrl-C.

mod costs;
mod growth;
mod http;
mod pgbench;
mod report;
mod say;
mod scenarios;
mod script;
mod service;
mod values;
mod world;

use anyhow::{Context, Result, bail, ensure};
use costs::Cost;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use growth::Size;
use http::Connection;
use pgbench::{Length, Run, Script};
use rapport_tests::tap::{Tap, Transaction};
use report::{Outcome, Part, Sample};
use say::say;
use scenarios::{Requests, Scenario};
use script::Recording;
use service::{Cluster, Service, Start};
use std::{
    cell::Cell,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::signal::unix::{SignalKind, signal};
use world::World;

/// As many connections at most.
pub(crate) const MOST_CONNECTIONS: usize = 256;

const HELP: &str = "\
The service against pgbench, which says the same statements to the same Postgres.

cargo bench -p rapport-tests [-- OPTIONS]

  --reports LIST        how many shared reports there are: one size after the other, such as 10000,1000000 [10000]
  --connections LIST    how many clients there are at once, of each side [16,64]
  --only LIST           scenarios: read, machine, guest, create, share, search, move, feed, login [all]
  --rounds NUMBER       how often the two are measured in turn; what is told is the median [3]
  --seconds NUMBER      how long each of them is measured in a round [10]
  --quick               one round of three seconds
  --growth LIST         instead: what an operation costs at each of these sizes, such as 10000,100000,1000000,10000000;
                        draws tests/benches/growth.svg
  --costs               also: what each safeguard of a reading costs
  --pool-size NUMBER    database connections of each thread that serves [the service's default]
  --program FILE        a release build of the service to measure, instead of building it
  --unproved            goes on where the script says something else than the service, to compare two builds
  --help                this

A million reports take 6 GB of disk in the folder for temporary files, ten million 60 GB. Postgres 15 or later and its pgbench
have to be installed.
";

/// What to measure.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    rounds: usize,
    seconds: u64,
    reports: Vec<u64>,
    connections: Vec<usize>,
    growth: Vec<u64>,
    only: Vec<String>,
    program: Option<PathBuf>,
    pool_size: Option<usize>,
    is_unproved: bool,
    has_costs: bool,
}

fn list<T: std::str::FromStr>(value: &str) -> Result<Vec<T>>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let each = value.split(',').map(|each| each.trim().parse().with_context(|| format!("{each:?} in {value}")));
    each.collect()
}

impl Settings {
    /// What was asked for; nothing if it was for help.
    fn read() -> Result<Option<Self>> {
        let mut settings = Self {
            rounds: 3,
            seconds: 10,
            reports: vec![10_000],
            connections: vec![16, 64],
            growth: Vec::new(),
            only: Vec::new(),
            program: None,
            pool_size: None,
            is_unproved: false,
            has_costs: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(flag) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{flag} takes a value"));
            match flag.as_str() {
                // Cargo adds it.
                "--bench" => {}
                "--quick" => (settings.rounds, settings.seconds) = (1, 3),
                "--rounds" => settings.rounds = value()?.parse()?,
                "--seconds" => settings.seconds = value()?.parse()?,
                "--reports" => settings.reports = list(&value()?)?,
                "--connections" => settings.connections = list(&value()?)?,
                "--growth" => settings.growth = list(&value()?)?,
                "--only" => settings.only = list(&value()?)?,
                "--unproved" => settings.is_unproved = true,
                "--costs" => settings.has_costs = true,
                "--pool-size" => settings.pool_size = Some(value()?.parse()?),
                "--program" => settings.program = Some(value()?.into()),
                "--help" | "-h" => return Ok(None),
                _ => bail!("{flag} is not known; --help tells what is"),
            }
        }
        ensure!((1..=20).contains(&settings.rounds), "--rounds is 1 to 20");
        // A token has a minute to live at least when a run begins.
        ensure!((1..=45).contains(&settings.seconds), "--seconds is 1 to 45");
        for sizes in [&mut settings.reports, &mut settings.growth] {
            sizes.sort_unstable();
            let most = world::SEALED * world::STRIDE;
            let is_size = |size: &u64| {
                (1..=world::SEALED).contains(size) || (*size <= most && size.is_multiple_of(world::SEALED))
            };
            ensure!(sizes.iter().all(is_size), "reports are 1 to 10000, or a multiple of that up to {most}");
            ensure!(
                sizes.iter().rev().skip(1).all(|size| *size >= world::SEALED),
                "only the largest number of reports may be below 10000"
            );
        }
        let is_possible = |connections: &usize| (1..=MOST_CONNECTIONS).contains(connections);
        ensure!(settings.connections.iter().all(is_possible), "--connections are 1 to {MOST_CONNECTIONS}");
        ensure!(!settings.scenarios().is_empty(), "--only names no scenario; --help tells which there are");
        Ok(Some(settings))
    }

    fn scenarios(&self) -> Vec<Scenario> {
        let is_asked =
            |scenario: &Scenario| self.only.is_empty() || self.only.iter().any(|word| word == scenario.word());
        Scenario::ALL.into_iter().filter(is_asked).collect()
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let Some(settings) = Settings::read()? else {
        print!("{HELP}");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let tasks = tokio::task::LocalSet::new();
    let asked_to_end = async {
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
        }
    };
    // Dropping the work ends what it started.
    tasks.block_on(&runtime, async {
        tokio::select! {
            done = work(&settings) => done,
            asked = asked_to_end => asked.map_err(Into::into).and_then(|()| bail!("interrupted")),
        }
    })
}

async fn work(settings: &Settings) -> Result<()> {
    let program = match &settings.program {
        Some(program) => program.clone(),
        None => {
            say("building the release program ...");
            service::build().await?
        }
    };
    // Postgres, which root runs as another user, must be able to enter.
    let folder = tempfile::Builder::new().prefix("rapport-bench-").permissions(open_to_all()).tempdir()?;
    // Cargo puts this program into `<target>/<profile>/deps`.
    let own = std::env::current_exe()?;
    let figures = own.ancestors().nth(3).context("the target folder")?.join("bench");
    std::fs::create_dir_all(&figures)?;
    let mut bench = Bench::start(&program, folder.path(), settings).await?;
    let told = if settings.growth.is_empty() {
        bench.compare(settings, &figures.join("against_pgbench.json")).await
    } else {
        bench.growth(settings, &figures.join("growth.json")).await
    };
    bench.stop().await?;
    told
}

fn open_to_all() -> std::fs::Permissions {
    std::fs::Permissions::from_mode(0o755)
}

/// A scenario, its script, if there is one, and what the service was heard to say.
type Proved = (Scenario, Option<Script>, Vec<Transaction>);

/// Everything that runs.
struct Bench {
    program: PathBuf,
    folder: PathBuf,
    address: String,
    world: World,
    service: Option<Service>,
    cluster: Cluster,
    /// How many runs there were: each has a number.
    runs: Cell<u64>,
}

/// The resident memory of the service, in MiB.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Memory {
    idle: f64,
    under_load: f64,
    highest: f64,
}

/// How long it took after `serve` on a data folder that was used before, in milliseconds.
#[derive(Debug, Default, Clone)]
pub(crate) struct FirstAnswer {
    ready: f64,
    authorised: f64,
}

impl Bench {
    async fn start(program: &Path, folder: &Path, settings: &Settings) -> Result<Self> {
        let data = folder.join("data");
        std::fs::create_dir(&data)?;
        let began = Instant::now();
        let service = serve(program, folder, "127.0.0.1:0", settings).await?;
        say(&format!("serving from a new data folder after {:.1} s", began.elapsed().as_secs_f64()));
        let address = service.address.clone();
        let cluster = Cluster::of(&data)?;
        let mut database = AsyncPgConnection::establish(&cluster.url()).await?;
        say(&format!("the cluster runs with {}", world::durability(&mut database).await?));
        drop(database);
        let sizes = if settings.growth.is_empty() { &settings.reports } else { &settings.growth };
        let reports = sizes.iter().copied().min().context("a number of reports")?;
        let most = settings.connections.iter().copied().max().unwrap_or(1);
        let people = match (settings.scenarios().contains(&Scenario::Login), settings.growth.is_empty()) {
            (true, true) => most,
            (true, false) => growth::CONNECTIONS,
            (false, _) => 0,
        };
        let site = world::Site { address: &address, url: &cluster.url(), root_keys: &data.join("keys/root.key") };
        let world = world::make(&site, people, reports).await?;
        say(&format!("made the data of {} reports in {:.0} s", world.reports, began.elapsed().as_secs_f64()));
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Ok(Self { program, folder, address, world, service: Some(service), cluster, runs: Cell::new(0) })
    }

    fn next_run(&self) -> u64 {
        self.runs.set(self.runs.get() + 1);
        self.runs.get()
    }

    async fn database(&self) -> Result<AsyncPgConnection> {
        Ok(AsyncPgConnection::establish(&self.cluster.url()).await?)
    }

    /// Lets the database grow to so many reports.
    async fn grow(&mut self, reports: u64) -> Result<()> {
        if reports > self.world.reports {
            let began = Instant::now();
            let mut database = self.database().await?;
            self.world.grow(&mut database, reports).await?;
            say(&format!("made the data of {reports} reports in {:.0} s more", began.elapsed().as_secs_f64()));
        }
        Ok(())
    }

    /// Both in turn, at each size, with each number of connections.
    async fn compare(&mut self, settings: &Settings, file: &Path) -> Result<()> {
        let mut parts = Vec::new();
        let mut starts = Vec::new();
        let mut costs = Vec::new();
        for reports in &settings.reports {
            self.grow(*reports).await?;
            let mut scripts = Vec::new();
            for scenario in settings.scenarios() {
                let (script, proved) = match scenario.has_script() {
                    true => {
                        self.prove(scenario, settings.is_unproved).await.map(|(script, said)| (Some(script), said))?
                    }
                    false => (None, Vec::new()),
                };
                scripts.push((scenario, script, proved));
            }
            for connections in &settings.connections {
                for _ in 0..settings.rounds.min(3) {
                    let again = self.start_again(settings).await?;
                    starts.push((*reports, again));
                }
                let memory = Memory { idle: service::memory(self.id()?)?.0, ..Memory::default() };
                let outcomes = scripts.iter().map(|(scenario, _, proved)| Outcome::new(*scenario, proved)).collect();
                let mut part = Part { reports: *reports, connections: *connections, memory, outcomes };
                self.measure(settings, &mut part, &scripts).await?;
                parts.push(part);
            }
            // Nothing may be served after that.
            if settings.has_costs && settings.reports.last() == Some(reports) {
                let script = scripts.iter().find(|(scenario, ..)| *scenario == Scenario::Read);
                let script = script.and_then(|(_, script, _)| script.as_ref()).context("--costs takes the reading")?;
                costs = self.costs(settings, script).await?;
            }
        }
        report::tell(settings, &parts, &starts, &costs, file)
    }

    /// One scenario after the other, so that the memory after each is its own and that of those before it.
    async fn measure(&self, settings: &Settings, part: &mut Part, scripts: &[Proved]) -> Result<()> {
        for (outcome, (scenario, script, _)) in part.outcomes.iter_mut().zip(scripts) {
            for round in 0..=settings.rounds {
                // The first is to warm both up.
                let seconds = if round == 0 { 2 } else { settings.seconds };
                let theirs = match script {
                    Some(script) => Some(self.theirs(script, part.connections, seconds).await?),
                    None => None,
                };
                let ours = self.ours(*scenario, part.connections, seconds).await?;
                let (now, highest) = service::memory(self.id()?)?;
                outcome.resident = outcome.resident.max(now);
                part.memory.under_load = part.memory.under_load.max(now);
                part.memory.highest = highest;
                if round > 0 {
                    let pgbench = theirs
                        .as_ref()
                        .map_or_else(String::new, |theirs| format!("pgbench {:.0}/s, ", theirs.measured.per_second));
                    say(&format!(
                        "{} reports, {} connections, round {round}, {}: {pgbench}service {:.0}/s",
                        part.reports,
                        part.connections,
                        scenario.name(),
                        ours.measured.per_second
                    ));
                    outcome.rounds.push((theirs, ours));
                }
            }
        }
        Ok(())
    }

    /// What an operation costs at each size.
    async fn growth(&mut self, settings: &Settings, file: &Path) -> Result<()> {
        let mut sizes = Vec::new();
        for reports in &settings.growth {
            self.grow(*reports).await?;
            self.start_again(settings).await?;
            let mut size = Size::new(*reports);
            for round in 0..=settings.rounds {
                for scenario in settings.scenarios() {
                    let seconds = if round == 0 { 2 } else { settings.seconds };
                    let ours = self.ours(scenario, growth::CONNECTIONS, seconds).await?;
                    if round > 0 {
                        say(&format!(
                            "{reports} reports, round {round}, {}: service {:.0} us, Postgres {:.0} us, p50 {:.2} ms",
                            scenario.name(),
                            ours.micros_of(ours.service),
                            ours.micros_of(ours.postgres),
                            ours.measured.p50 / 1e3
                        ));
                        size.add(scenario, ours);
                    }
                }
            }
            sizes.push(size);
            // What was measured is told, also where the next size does not fit.
            growth::tell(settings, &sizes, file)?;
        }
        Ok(())
    }

    /// Lets the script of the reading run with all safeguards, and without one at a time, in turn.
    async fn costs(&self, settings: &Settings, whole: &Script) -> Result<Vec<Cost>> {
        let mut database = self.database().await?;
        costs::make_free_role(&mut database, service::LOGIN).await?;
        drop(database);
        let connections = settings.connections.first().copied().unwrap_or(16);
        let mut all = Vec::new();
        for safeguard in costs::SAFEGUARDS {
            let without = safeguard.out_of(whole)?;
            let mut cost = Cost { name: safeguard.name, rounds: Vec::new() };
            for _ in 0..settings.rounds {
                let with = self.theirs(whole, connections, settings.seconds.min(5)).await?;
                cost.rounds.push((with, self.theirs(&without, connections, settings.seconds.min(5)).await?));
            }
            say(&format!("measured without {}", safeguard.name));
            all.push(cost);
        }
        Ok(all)
    }

    fn id(&self) -> Result<u32> {
        Ok(self.service.as_ref().context("the service is stopped")?.id())
    }

    async fn stop(&mut self) -> Result<()> {
        match self.service.take() {
            Some(service) => service.stop().await,
            None => Ok(()),
        }
    }

    /// Measures `pgbench`.
    async fn theirs(&self, script: &Script, connections: usize, seconds: u64) -> Result<Sample> {
        let run = Run {
            cluster: &self.cluster,
            socket: &self.cluster.socket,
            folder: &self.folder,
            connections,
            length: Length::Seconds(seconds),
            number: self.next_run(),
        };
        world::keep_guests(&mut self.database().await?).await?;
        let postgres = self.cluster.cpu_seconds()?;
        let measured = run.of(script).await?;
        Ok(Sample { postgres: self.cluster.cpu_seconds()? - postgres, service: 0.0, measured })
    }

    /// Measures the service under load.
    async fn ours(&self, scenario: Scenario, connections: usize, seconds: u64) -> Result<Sample> {
        let requests = self.requests(scenario, &self.address).await?;
        let (postgres, service) = (self.cluster.cpu_seconds()?, service::cpu_seconds(self.id()?)?);
        let duration = Duration::from_secs(seconds);
        let items = scenario.items(&self.world);
        let measured = http::load(&self.address, connections, duration, (&requests, items), Requests::act).await?;
        Ok(Sample {
            postgres: self.cluster.cpu_seconds()? - postgres,
            service: service::cpu_seconds(self.id()?)? - service,
            measured,
        })
    }

    async fn requests(&self, scenario: Scenario, address: &str) -> Result<Requests<'_>> {
        Requests::new(scenario, &self.world, address, self.database().await?, self.next_run()).await
    }

    /// Records what the service says, through a tap; makes the script of it; lets the script speak through the tap too, and
    /// compares.
    async fn prove(&self, scenario: Scenario, is_unproved: bool) -> Result<(Script, Vec<Transaction>)> {
        let folder = self.folder.join(format!("tap-{}-{}", scenario.word(), self.world.reports));
        let data = folder.join("data");
        std::fs::create_dir_all(&data)?;
        let tap = Tap::listen(&folder, &self.cluster.socket)?;
        let url = self.cluster.service_url(&tap.folder);
        let keys = self.folder.join("data/keys");
        let start = Start {
            program: &self.program,
            data: &data,
            listen: "127.0.0.1:0",
            database_url: Some(&url),
            keys: &keys,
            // One that has prepared everything before it is listened to.
            pool_size: Some(1),
        };
        let tapped = start.run().await?;
        let requests = self.requests(scenario, &tapped.address).await?;
        let mut connection = Connection::open(&tapped.address).await?;
        let items = scenario.items(&self.world);
        let nth = |number: u64| number % items + 1;
        for number in 0..6 {
            requests.act(0, &mut connection, nth(number)).await?;
        }
        let two = [nth(6), nth(7)];
        tap.passed.take("");
        let at = world::now();
        requests.act(0, &mut connection, two[0]).await?;
        let first = tap.passed.take(scenario.context());
        requests.act(0, &mut connection, two[1]).await?;
        let second = tap.passed.take(scenario.context());
        drop(connection);
        tapped.stop().await?;
        ensure!(!first.is_empty(), "{} took no transaction", scenario.name());

        let item = scenario.item(&self.world, two, &mut self.database().await?).await?;
        let recording = Recording { said: [first, second], at };
        let script = script::derive(scenario.word(), &item, &recording)?;
        let run = Run {
            cluster: &self.cluster,
            socket: &tap.folder,
            folder: &self.folder,
            connections: 1,
            length: Length::Transactions(4),
            number: self.next_run(),
        };
        run.of(&script).await?;
        let mut theirs = tap.passed.take(scenario.context());
        let [ours, _] = &recording.said;
        let theirs = theirs.split_off(theirs.len().saturating_sub(ours.len()));
        let shapes = |side: &[Transaction]| side.iter().map(Transaction::shape).collect::<Vec<_>>();
        let is_same = match shapes(ours) == shapes(&theirs) {
            true => recording.check_answers(&theirs),
            false => Err(anyhow::anyhow!("\n{}", report::difference(&shapes(ours), &shapes(&theirs)))),
        };
        match is_same.with_context(|| format!("{}: the service and the script do not say the same", scenario.name())) {
            Ok(()) => say(&format!("{}: the service and the script say the same", scenario.name())),
            Err(told) if is_unproved => say(&format!("{told:#}")),
            Err(told) => return Err(told),
        }
        let [ours, _] = recording.said;
        Ok((script, ours))
    }

    /// Stops the service with its database, and starts it on the same data folder, until somebody gets an authorised answer.
    async fn start_again(&mut self, settings: &Settings) -> Result<FirstAnswer> {
        let token = world::token(&self.world.north).await?;
        let headers = format!("authorization: Bearer {token}\r\n");
        self.stop().await?;
        let began = Instant::now();
        let address = self.address.clone();
        self.service = Some(serve(&self.program, &self.folder, &address, settings).await?);
        let mut connection = Connection::open(&address).await?;
        let ready = connection.send("GET", "/readyz", "", "").await?.status;
        ensure!(ready == 200, "after its start the service answers /readyz with {ready}");
        let ready = began.elapsed().as_secs_f64() * 1e3;
        let path = format!("/v1/reports/{}", self.world.report.id);
        let status = connection.send("GET", &path, &headers, "").await?.status;
        ensure!(status == 200, "after its start the service answers {status}");
        let authorised = began.elapsed().as_secs_f64() * 1e3;
        self.cluster = Cluster::of(&self.folder.join("data"))?;
        Ok(FirstAnswer { ready, authorised })
    }
}

async fn serve(program: &Path, folder: &Path, listen: &str, settings: &Settings) -> Result<Service> {
    let data = folder.join("data");
    let keys = data.join("keys");
    Start { program, data: &data, listen, database_url: None, keys: &keys, pool_size: settings.pool_size }.run().await
}
