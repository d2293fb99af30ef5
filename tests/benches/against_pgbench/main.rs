//! The service against `pgbench`: the same statements, on the same cluster, in the same run.
//!
//! ```text
//! cargo bench -p rapport-tests --bench against_pgbench [-- --quick]
//! ```
//!
//! It builds the release program, serves from a fresh data folder with the private, durable Postgres, and makes 10,000
//! patients and as many shared reports as it is told. Then, for each scenario, it first proves that the service and the script of
//! `pgbench` say the same: both speak through a [`Tap`], and the run fails if statements, their order or the round
//! trips that they travel in differ. After that the two are measured in turn, round by round, with as many connections each.
//!
//! With `--costs` it also tells what each safeguard of a reading costs: the script with all of them, and without one at a time.
//!
//! What it prints are the medians and their ratio; what it writes is `against_pgbench.json` in the target folder's `bench`. It
//! speaks with nothing but loopback and sockets, and whatever it started ends with it, also by Ctrl-C.

mod costs;
mod http;
mod pgbench;
mod report;
mod scenarios;
mod service;
mod world;

use anyhow::{Context, Result, bail, ensure};
use costs::Cost;
use diesel_async::{AsyncConnection, AsyncPgConnection};
use http::{Chance, Connection};
use pgbench::{Length, Run};
use rapport_tests::tap::{Tap, Transaction};
use report::{Outcome, Sample};
use scenarios::{Requests, Scenario};
use service::{Cluster, Service, Start};
use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};
use tokio::signal::unix::{SignalKind, signal};
use world::World;

/// What to measure.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    rounds: usize,
    seconds: u64,
    reports: u64,
    connections: usize,
    scenario: Option<String>,
    program: Option<PathBuf>,
    is_unproved: bool,
    has_costs: bool,
}

impl Settings {
    fn read() -> Result<Self> {
        let mut settings = Self {
            rounds: 3,
            seconds: 10,
            reports: 10_000,
            connections: 16,
            scenario: None,
            program: None,
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
                "--reports" => settings.reports = value()?.parse()?,
                "--connections" => settings.connections = value()?.parse()?,
                "--only" => settings.scenario = Some(value()?),
                // To compare two builds.
                "--unproved" => settings.is_unproved = true,
                "--costs" => settings.has_costs = true,
                "--program" => settings.program = Some(value()?.into()),
                _ => bail!(
                    "{flag} is not known; there are --rounds, --seconds, --reports, --connections, --only read|create|search, --program, --unproved, --costs, --quick"
                ),
            }
        }
        ensure!((1..=20).contains(&settings.rounds), "--rounds is 1 to 20");
        // A token has a minute to live at least when a run begins.
        ensure!((1..=45).contains(&settings.seconds), "--seconds is 1 to 45");
        ensure!((1..=10_000_000).contains(&settings.reports), "--reports is 1 to 10000000");
        ensure!((1..=64).contains(&settings.connections), "--connections is 1 to 64");
        Ok(settings)
    }

    fn scenarios(&self) -> Vec<Scenario> {
        let is_asked =
            |scenario: &Scenario| self.scenario.as_ref().is_none_or(|name| scenario.name().starts_with(name.as_str()));
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
    let settings = Settings::read()?;
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

fn say(line: &str) {
    eprintln!("bench: {line}");
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
    let bench = Bench::start(&program, folder.path(), settings).await?;
    let outcomes = bench.measure(settings).await;
    let (outcomes, memory, starts, costs) = outcomes?;
    // Cargo puts this program into `<target>/<profile>/deps`.
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(3).context("the target folder")?;
    let file = target.join("bench/against_pgbench.json");
    report::tell(settings, &outcomes, &memory, &starts, &costs, &file)
}

fn open_to_all() -> std::fs::Permissions {
    std::fs::Permissions::from_mode(0o755)
}

/// Everything that runs.
struct Bench {
    program: PathBuf,
    folder: PathBuf,
    address: String,
    world: World,
    service: Option<Service>,
    cluster: Cluster,
}

/// The resident memory of the service, in MiB.
#[derive(Debug, Default)]
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
        let world =
            world::make(&address, (&mut database, &cluster.url()), &data.join("keys/root.key"), settings.reports, &say)
                .await?;
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Ok(Self { program, folder, address, world, service: Some(service), cluster })
    }

    async fn measure(mut self, settings: &Settings) -> Result<(Vec<Outcome>, Memory, Vec<FirstAnswer>, Vec<Cost>)> {
        let mut database = AsyncPgConnection::establish(&self.cluster.url()).await?;
        let north = world::who(&mut database, "North").await?;
        let south = world::who(&mut database, "South").await?;
        drop(database);
        let mut outcomes = Vec::new();
        for scenario in settings.scenarios() {
            let script = scenarios::script(scenario, &self.world, &north, &south)?;
            let proved = self.prove(scenario, &script, settings.is_unproved).await?;
            outcomes.push((scenario, script, Outcome::new(scenario, &proved)));
        }
        let mut starts = Vec::new();
        for _ in 0..settings.rounds.min(3) {
            let again = self.start_again(settings).await?;
            starts.push(again);
        }
        let mut memory = Memory { idle: service::memory(self.id()?)?.0, ..Memory::default() };
        let mut number = 10;
        for round in 0..=settings.rounds {
            for (scenario, script, outcome) in &mut outcomes {
                // The first is to warm both up.
                let seconds = if round == 0 { 2 } else { settings.seconds };
                let run = Run {
                    cluster: &self.cluster,
                    socket: &self.cluster.socket,
                    folder: &self.folder,
                    connections: settings.connections,
                    length: Length::Seconds(seconds),
                    number,
                };
                let postgres = self.cluster.cpu_seconds()?;
                let theirs = run.of(script).await?;
                let theirs =
                    Sample { postgres: self.cluster.cpu_seconds()? - postgres, service: 0.0, measured: theirs };
                let ours = self.ours(*scenario, settings.connections, seconds, number).await?;
                number += 1;
                let now = service::memory(self.id()?)?;
                memory.under_load = memory.under_load.max(now.0);
                memory.highest = now.1;
                if round > 0 {
                    say(&format!(
                        "round {round}, {}: pgbench {:.0}/s, service {:.0}/s",
                        scenario.name(),
                        theirs.measured.per_second,
                        ours.measured.per_second
                    ));
                    outcome.rounds.push((theirs, ours));
                }
            }
        }
        let costs = if settings.has_costs { self.costs(settings, &north, &south).await? } else { Vec::new() };
        self.stop().await?;
        Ok((outcomes.into_iter().map(|(_, _, outcome)| outcome).collect(), memory, starts, costs))
    }

    /// Lets the script of the reading run with all safeguards, and without one at a time, in turn.
    async fn costs(&self, settings: &Settings, north: &world::Who, south: &world::Who) -> Result<Vec<Cost>> {
        let mut database = AsyncPgConnection::establish(&self.cluster.url()).await?;
        costs::make_free_role(&mut database, service::LOGIN).await?;
        drop(database);
        let whole = scenarios::script(Scenario::Read, &self.world, north, south)?;
        let mut number = 100;
        let mut all = Vec::new();
        for safeguard in costs::SAFEGUARDS {
            let without = safeguard.out_of(&whole)?;
            let mut cost = Cost { name: safeguard.name, rounds: Vec::new() };
            for _ in 0..settings.rounds {
                let mut samples = Vec::new();
                for script in [&whole, &without] {
                    number += 1;
                    let run = Run {
                        cluster: &self.cluster,
                        socket: &self.cluster.socket,
                        folder: &self.folder,
                        connections: settings.connections,
                        length: Length::Seconds(settings.seconds.min(5)),
                        number,
                    };
                    let postgres = self.cluster.cpu_seconds()?;
                    let measured = run.of(script).await?;
                    samples.push(Sample { postgres: self.cluster.cpu_seconds()? - postgres, service: 0.0, measured });
                }
                cost.rounds.extend(<[Sample; 2]>::try_from(samples).ok().map(|[with, without]| (with, without)));
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

    /// Measures the service under load.
    async fn ours(&self, scenario: Scenario, connections: usize, seconds: u64, number: u64) -> Result<Sample> {
        let requests = self.requests(scenario, number).await?;
        let (postgres, service) = (self.cluster.cpu_seconds()?, service::cpu_seconds(self.id()?)?);
        let duration = Duration::from_secs(seconds);
        let measured = http::load(&self.address, connections, duration, &requests, Requests::act).await?;
        Ok(Sample {
            postgres: self.cluster.cpu_seconds()? - postgres,
            service: service::cpu_seconds(self.id()?)? - service,
            measured,
        })
    }

    async fn requests(&self, scenario: Scenario, number: u64) -> Result<Requests> {
        let mut tokens = Vec::new();
        if scenario == Scenario::Read {
            for client in &self.world.south {
                tokens.push(world::token(client).await?);
            }
        } else {
            tokens.push(world::token(&self.world.north).await?);
        }
        Requests::new(scenario, self.world.shares, &tokens, number)
    }

    /// Lets the service and the script speak through a tap, one after the other, and compares what they said.
    async fn prove(&self, scenario: Scenario, script: &pgbench::Script, is_unproved: bool) -> Result<Vec<Transaction>> {
        let folder = self.folder.join(format!("tap-{}", script.name));
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
            pool_size: None,
        };
        let tapped = start.run().await?;
        let requests = self.requests(scenario, 1).await?;
        let mut connection = Connection::open(&tapped.address).await?;
        let mut chance = Chance::new(1);
        // The first ones prepare.
        for _ in 0..3 {
            requests.act(0, &mut connection, &mut chance).await?;
        }
        tap.passed.take("app.clinic_id");
        requests.act(0, &mut connection, &mut chance).await?;
        drop(connection);
        tapped.stop().await?;
        let ours = tap.passed.take("app.clinic_id");
        ensure!(ours.len() == scenario.transactions(), "{} took {} transactions", scenario.name(), ours.len());

        let run = Run {
            cluster: &self.cluster,
            socket: &tap.folder,
            folder: &self.folder,
            connections: 1,
            length: Length::Transactions(4),
            // Below those of the measured runs.
            number: 1 + scenario as u64,
        };
        run.of(script).await?;
        let mut theirs = tap.passed.take("app.clinic_id");
        let theirs = theirs.split_off(theirs.len().saturating_sub(scenario.transactions()));
        let shapes = |side: &[Transaction]| side.iter().map(Transaction::shape).collect::<Vec<_>>();
        if shapes(&ours) != shapes(&theirs) {
            let told = report::difference(&shapes(&ours), &shapes(&theirs));
            let told = format!("{}: the service and {} do not say the same\n{told}", scenario.name(), script.name);
            ensure!(is_unproved, told);
            say(&told);
        } else {
            say(&format!("{}: the service and {} say the same", scenario.name(), script.name));
        }
        Ok(ours)
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
    // As many connections to the database as `pgbench` has, over all threads that serve.
    let threads = std::thread::available_parallelism()?.get();
    let pool_size = Some(settings.connections.div_ceil(threads));
    Start { program, data: &data, listen, database_url: None, keys: &keys, pool_size }.run().await
}
