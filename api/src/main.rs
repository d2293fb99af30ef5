//! The command line of Rapport.

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use rapport_api::{
    audit::seal::command::{self, AuditCommand},
    config::{Config, Settings},
    database::{
        embedded::{Cluster, Options},
        prepare,
    },
    demo,
    http::tls::Certificate,
    identity::secrets::Secrets,
    keys::{self, KeysCommand},
    log, openapi, server,
    vault::{Vault, ring::Ring},
};
use std::{process::ExitCode, sync::Arc};
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{Signal, SignalKind, signal},
};

/// Rapport: treatment plans, progress reports and referrals between clinics, with the patient's consent as the gate.
#[derive(Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Start with `rapport demo`: it makes what it needs and shows what Rapport does."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    #[command(
        long_about = "Serve the API.\n\nWithout a database URL a private Postgres runs in the data folder and stops with the service; where none is installed, it is fetched first. The address is printed as `listening on http://...` once it answers. Ctrl-C or SIGTERM lets requests finish and stops."
    )]
    Serve(Serve),
    /// Serve, and walk the main job through the SDK, telling what each party saw
    #[command(
        long_about = "Serve, and walk the main job through the SDK over HTTP: a clinic signs a progress report, the patient gives permission, another clinic reads it, the patient revokes. Then it keeps serving and prints the demo's logins, links and the address of the documentation. The people are fictitious, the cases are published ones."
    )]
    Demo(Demo),
    /// Bring the database up to date and end
    Migrate(Serve),
    /// Check the audit log end to end, or export it
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Rotate the keys that seal health information, or destroy a patient's
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Print the OpenAPI document and end
    Openapi,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    settings: Settings,
}

#[derive(Args)]
struct Demo {
    /// End after the walk
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    settings: Settings,
}

fn main() -> ExitCode {
    log::keep_crashes_silent();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in format!("{error:#}").lines() {
                eprintln!("rapport: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Serve(serve) => {
            let config = ready(serve.settings)?;
            let running = server::start(&config, &say)?;
            let mut end = End::watch()?;
            announce(&running);
            end.wait_renewing(config.tls.as_deref());
            say("stopping: letting requests finish; once more stops at once");
            end.at_once_next_time();
            running.stop()
        }
        Command::Demo(args) => {
            let mut settings = args.settings;
            // The walk is what is to be read here; the log of each request would bury it.
            if settings.log == "info,actix_server=warn" {
                settings.log = "warn".to_owned();
            }
            // Two demos side by side, or one beside a service, are nobody's mistake.
            if settings.listen == "127.0.0.1:8080" && args.once {
                settings.listen = "127.0.0.1:0".to_owned();
            }
            let config = ready(settings)?;
            let running = server::start(&config, &say)?;
            let mut end = End::watch()?;
            announce(&running);
            let told = end.unless(demo::walk(&running, &mut |line| println!("{line}")));
            let told = told.context("stopped before the walk was over")??;
            if !args.once {
                println!("{}", told.invitation(&running));
                end.wait_renewing(config.tls.as_deref());
            }
            end.at_once_next_time();
            running.stop()
        }
        Command::Migrate(serve) => migrate(&ready(serve.settings)?),
        Command::Audit(audit) => {
            let is_root = nix::unistd::geteuid().is_root();
            command::run(audit, database_url(), is_root, &mut |line| println!("{line}"))
        }
        Command::Keys(keys) => {
            let is_root = nix::unistd::geteuid().is_root();
            keys::run(keys, database_url(), is_root, &mut |line| println!("{line}"))
        }
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&openapi::document()?)?);
            Ok(())
        }
    }
}

fn ready(settings: Settings) -> anyhow::Result<Config> {
    let config = settings.check(database_url(), nix::unistd::geteuid().is_root())?;
    log::init(&config.log, config.log_json)?;
    Ok(config)
}

#[expect(clippy::disallowed_methods, reason = "DATABASE_URL is a second name of a setting that clap reads by its own")]
fn database_url() -> Option<String> {
    std::env::var("DATABASE_URL").ok()
}

fn say(line: &str) {
    eprintln!("{line}");
}

fn announce(running: &server::Running) {
    println!("listening on {}", running.url());
    println!("metrics on http://{}/metrics", running.metrics_address);
    if let Some(folder) = &running.mail_dir {
        println!("mail is written to {}", folder.display());
    }
}

fn migrate(config: &Config) -> anyhow::Result<()> {
    let (url, cluster) = match &config.database_url {
        Some(url) => (url.clone(), None),
        None => {
            let cluster = Cluster::start(&config.data_dir.join("postgres"), &Options::default(), &say)?;
            config.keys.make_missing()?;
            (cluster.url("postgres"), Some(cluster))
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let secrets = Secrets::derive(&config.keys.read()?.secret)?;
    let vault = Arc::new(Vault::new(Arc::new(Ring::open(&config.keys.root)?)));
    let applied = runtime.block_on(async {
        let ready = prepare::run(&url, &secrets).await?;
        if ready.may_administer {
            keys::adopt(&url, &vault, &say).await?;
        }
        anyhow::Ok(ready.applied)
    })?;
    match applied.len() {
        0 => println!("the database is up to date"),
        count => println!("applied {count}: {}", applied.join(", ")),
    }
    cluster.map_or(Ok(()), |mut cluster| cluster.stop())
}

/// Ctrl-C and SIGTERM, watched for before the address is told: who reads the address may ask to end at once. SIGHUP asks to
/// read the certificate again.
struct End {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl End {
    fn watch() -> anyhow::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (interrupt, terminate, hang_up) = {
            let _registered_with = runtime.enter();
            (
                signal(SignalKind::interrupt()).context("waiting for Ctrl-C")?,
                signal(SignalKind::terminate()).context("waiting for SIGTERM")?,
                signal(SignalKind::hangup()).context("waiting for SIGHUP")?,
            )
        };
        Ok(Self { runtime, interrupt, terminate, hang_up })
    }

    /// Waits for the end, and reads the certificate again whenever that is asked for.
    fn wait_renewing(&mut self, certificate: Option<&Certificate>) {
        let Self { runtime, interrupt, terminate, hang_up } = self;
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => return,
                    _ = terminate.recv() => return,
                    _ = hang_up.recv() => match certificate.map(Certificate::reload) {
                        None => say("SIGHUP: there is no certificate to read again"),
                        Some(Ok(())) => say("the certificate was read again"),
                        Some(Err(error)) => say(&format!("the certificate stays as it was: {error:#}")),
                    },
                }
            }
        });
    }

    /// What `work` comes to, unless the end is asked for first.
    fn unless<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        self.runtime.block_on(async {
            tokio::select! {
                done = work => Some(done),
                _ = self.interrupt.recv() => None,
                _ = self.terminate.recv() => None,
            }
        })
    }

    /// Who asks a second time does not want to wait for requests.
    fn at_once_next_time(mut self) {
        std::thread::spawn(move || {
            self.unless(std::future::pending::<()>());
            say("stopping at once");
            std::process::exit(1)
        });
    }
}
