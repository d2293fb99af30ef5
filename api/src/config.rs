//! Every setting, its flag and its variable. All mistakes are told at once, each in a line that says what to change.

use crate::{
    attachments::{Scanner, Storage},
    http::{
        address::{Proxies, ProxyHeader},
        cors::is_origin,
        limits::Budgets,
        outbound::development_origin,
        tls::{Certificate, TlsFiles},
    },
    identity::keys::KeyFiles,
};
use clap::Args;
use lettre::message::Mailbox;
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

/// The settings as they are given. They are read as text, so that one mistake does not hide the next.
#[derive(Debug, Clone, Args)]
pub struct Settings {
    /// Where to listen; port 0 picks a free one
    #[arg(long, env = "RAPPORT_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: String,
    /// Where to serve metrics (Prometheus); port 0 picks a free one
    #[arg(long, env = "RAPPORT_METRICS_LISTEN", default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    pub metrics_listen: String,
    /// Where people reach the service, for links in mail; http:// and the listening address if left out
    #[arg(long, env = "RAPPORT_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The folder for the private database, keys and mail; ./.rapport if left out, as root /var/lib/rapport
    #[arg(long, env = "RAPPORT_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// The Postgres to use (version 15 or later; also DATABASE_URL); a private one in the data folder if left out
    #[arg(long, env = "RAPPORT_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The Ed25519 key that signs access tokens, in PEM; made in the data folder if left out without a database URL
    #[arg(long, env = "RAPPORT_SIGNING_KEY_FILE", value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// At least 32 random bytes in base 64, the service's secret; made in the data folder if left out without a database URL
    #[arg(long, env = "RAPPORT_SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,
    /// The root keys that seal health information, the newest first, each 32 random bytes in base 64; made in the data folder
    /// if left out without a database URL. Keep a copy: without it nothing can be read any more
    #[arg(long, env = "RAPPORT_ROOT_KEY_FILE", value_name = "FILE")]
    pub root_key_file: Option<PathBuf>,
    /// The mail server, such as smtps://user:password@mail.example.org; without one each mail is a file in the data folder
    #[arg(long, env = "RAPPORT_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The sender of mail
    #[arg(long, env = "RAPPORT_MAIL_FROM", default_value = "Rapport <rapport@localhost>", value_name = "MAILBOX")]
    pub mail_from: String,
    /// How many seconds a webhook's address has for its answer
    #[arg(long, env = "RAPPORT_WEBHOOK_TIMEOUT", default_value = "15", value_name = "SECONDS")]
    pub webhook_timeout: String,
    /// For development and tests: origins on this machine that the service may fetch clients' keys from and deliver webhooks
    /// to, with commas between them, such as http://127.0.0.1:9000
    #[arg(long, env = "RAPPORT_OUTBOUND_ORIGINS", value_name = "ORIGINS")]
    pub outbound_origins: Option<String>,
    /// The file that the audit log's signed checkpoints are appended to, on another volume if possible;
    /// audit/checkpoints.jsonl in the data folder if left out
    #[arg(long, env = "RAPPORT_AUDIT_WITNESS_FILE", value_name = "FILE")]
    pub audit_witness_file: Option<PathBuf>,
    /// Where attachments and scanned forms are kept: a folder, or a bucket as s3://bucket/prefix, whose keys, region and
    /// endpoint come from AWS_* variables; attachments in the data folder if left out
    #[arg(long, env = "RAPPORT_ATTACHMENT_STORE", value_name = "FOLDER_OR_BUCKET")]
    pub attachment_store: Option<String>,
    /// How much of them a clinic may keep, in MiB
    #[arg(long, env = "RAPPORT_ATTACHMENT_QUOTA", default_value = "10240", value_name = "MIB")]
    pub attachment_quota: String,
    /// The virus scanner that each file has to pass, a clamd that speaks TCP; when it does not answer no file is taken.
    /// None if left out
    #[arg(long, env = "RAPPORT_ATTACHMENT_SCANNER", value_name = "HOST:PORT")]
    pub attachment_scanner: Option<String>,
    /// How many requests an account may send in a minute
    #[arg(long, env = "RAPPORT_RATE_LIMIT", default_value = "6000", value_name = "NUMBER")]
    pub rate_limit: String,
    /// How many requests an API client may send in a minute
    #[arg(long, env = "RAPPORT_CLIENT_RATE_LIMIT", default_value = "6000", value_name = "NUMBER")]
    pub client_rate_limit: String,
    /// How many requests all accounts and clients of a clinic may send in a minute
    #[arg(long, env = "RAPPORT_TENANT_RATE_LIMIT", default_value = "30000", value_name = "NUMBER")]
    pub tenant_rate_limit: String,
    /// How many requests may come to a link in a minute
    #[arg(long, env = "RAPPORT_LINK_RATE_LIMIT", default_value = "120", value_name = "NUMBER")]
    pub link_rate_limit: String,
    /// How many requests may come from an address in a minute without an account (of IPv6: from a /64)
    #[arg(long, env = "RAPPORT_ADDRESS_RATE_LIMIT", default_value = "3000", value_name = "NUMBER")]
    pub address_rate_limit: String,
    /// How many of these may be sign-ins or sign-ups
    #[arg(long, env = "RAPPORT_SIGN_IN_RATE_LIMIT", default_value = "120", value_name = "NUMBER")]
    pub sign_in_rate_limit: String,
    /// How many connections may be open at once; more wait to be accepted
    #[arg(long, env = "RAPPORT_MAX_CONNECTIONS", default_value = "4096", value_name = "NUMBER")]
    pub max_connections: String,
    /// The proxies whose word on the caller's address counts, such as 10.0.0.0/8,fd00::/8; none if left out
    #[arg(long, env = "RAPPORT_TRUSTED_PROXIES", default_value = "", value_name = "NETWORKS")]
    pub trusted_proxies: String,
    /// The header in which they say it: x-forwarded-for or forwarded; the other one is not read
    #[arg(long, env = "RAPPORT_PROXY_HEADER", default_value = "x-forwarded-for", value_name = "HEADER")]
    pub proxy_header: String,
    /// The origins whose pages may call the API from a browser, with commas between them, such as
    /// `https://app.example.org`; none if left out
    #[arg(long, env = "RAPPORT_CORS_ORIGINS", default_value = "", value_name = "ORIGINS")]
    pub cors_origins: String,
    /// The certificate for TLS and those that vouch for it, in PEM; read again on SIGHUP; plain HTTP if left out
    #[arg(long, env = "RAPPORT_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, in PEM
    #[arg(long, env = "RAPPORT_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Whether to serve plain HTTP beyond this machine without a trusted proxy: yes or no
    #[arg(long, env = "RAPPORT_INSECURE_HTTP", default_value = "no", value_name = "YES_OR_NO")]
    pub insecure_http: String,
    /// How many seconds to answer on after the end was asked for, with /readyz saying no, so that balancers notice
    #[arg(long, env = "RAPPORT_SHUTDOWN_DELAY", default_value = "0", value_name = "SECONDS")]
    pub shutdown_delay: String,
    /// How many threads serve; one per core if left out
    #[arg(long, env = "RAPPORT_WORKERS", value_name = "NUMBER")]
    pub workers: Option<String>,
    /// How many database connections each of them may open; 16 requests may wait for each, and more are told to come back
    #[arg(long, env = "RAPPORT_POOL_SIZE", default_value = "8", value_name = "NUMBER")]
    pub pool_size: String,
    /// What to log, such as info, debug or warn,rapport_api=debug
    #[arg(long, env = "RAPPORT_LOG", default_value = "info,actix_server=warn", value_name = "FILTER")]
    pub log: String,
    /// How to log: text or json
    #[arg(long, env = "RAPPORT_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub log_format: String,
}

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to serve metrics.
    pub metrics_listen: SocketAddr,
    /// Where people reach the service; the listening address if left out.
    pub public_url: Option<String>,
    /// The data folder.
    pub data_dir: PathBuf,
    /// The Postgres to use; a private one if left out.
    pub database_url: Option<String>,
    /// Where the keys are.
    pub keys: KeyFiles,
    /// The mail server.
    pub smtp_url: Option<String>,
    /// The sender of mail.
    pub mail_from: Mailbox,
    /// How long a webhook's address has for its answer.
    pub webhook_timeout: Duration,
    /// Origins on this machine that may be fetched from, in development.
    pub outbound_origins: Vec<String>,
    /// Where checkpoints of the audit log are appended.
    pub audit_witness_file: PathBuf,
    /// Where attachments are kept.
    pub attachment_store: Storage,
    /// How many bytes of them a clinic may keep.
    pub attachment_quota: i64,
    /// The virus scanner that they have to pass.
    pub attachment_scanner: Option<Scanner>,
    /// Requests a minute, of each kind of caller.
    pub budgets: Budgets,
    /// Connections open at once.
    pub max_connections: NonZeroUsize,
    /// The proxies that are believed.
    pub proxies: Proxies,
    /// The origins of pages that may call.
    pub cors_origins: Vec<String>,
    /// The certificate; plain HTTP without one.
    pub tls: Option<Arc<Certificate>>,
    /// How long to answer on after the end was asked for.
    pub shutdown_delay: Duration,
    /// Threads that serve.
    pub workers: NonZeroUsize,
    /// Connections for each of them.
    pub pool_size: NonZeroUsize,
    /// What to log.
    pub log: String,
    /// Whether to log as JSON.
    pub log_json: bool,
    /// Whether a database that could lose what it acknowledged is refused. Tests serve from a throw-away one.
    pub must_last: bool,
}

/// Everything that is wrong with the settings, a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

impl Settings {
    /// Checks them. `database_url` is the plain `DATABASE_URL` of the environment, `is_root` whether root runs the program.
    ///
    /// # Errors
    /// Every mistake.
    pub fn check(self, database_url: Option<String>, is_root: bool) -> Result<Config, Mistakes> {
        let mut mistakes = Vec::new();
        let listen = read(&mut mistakes, "--listen", &self.listen, "an address and a port, such as 127.0.0.1:8080");
        let metrics_listen = read(
            &mut mistakes,
            "--metrics-listen",
            &self.metrics_listen,
            "an address and a port, such as 127.0.0.1:9464",
        );
        let mail_from =
            read(&mut mistakes, "--mail-from", &self.mail_from, "a mailbox, such as Rapport <rapport@example.org>");
        let attachment_quota: Option<u32> =
            read(&mut mistakes, "--attachment-quota", &self.attachment_quota, "a number of MiB");
        let attachment_scanner = self.scanner(&mut mistakes);
        let budgets = self.budgets(&mut mistakes);
        let max_connections = read(&mut mistakes, "--max-connections", &self.max_connections, "a number from 1 up");
        let proxies = self.proxies(&mut mistakes);
        let cors_origins = self.origins(&mut mistakes);
        let shutdown_delay: Option<u32> =
            read(&mut mistakes, "--shutdown-delay", &self.shutdown_delay, "a number of seconds");
        let webhook_timeout: Option<u32> =
            read(&mut mistakes, "--webhook-timeout", &self.webhook_timeout, "a number of seconds from 1 to 30");
        if webhook_timeout.is_some_and(|seconds| !(1..=30).contains(&seconds)) {
            mistakes.push("--webhook-timeout: give a number of seconds from 1 to 30".to_owned());
        }
        let pool_size = read(&mut mistakes, "--pool-size", &self.pool_size, "a number from 1 up");
        let workers = match &self.workers {
            Some(workers) => read(&mut mistakes, "--workers", workers, "a number from 1 up"),
            None => Some(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)),
        };
        let origins = self.outbound_origins.iter().flat_map(|origins| origins.split(','));
        let outbound_origins: Option<Vec<String>> = origins.map(|origin| development_origin(origin.trim())).collect();
        if outbound_origins.is_none() {
            mistakes.push("--outbound-origins: give loopback origins, such as http://127.0.0.1:9000".to_owned());
        }
        let is_web = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        if self.public_url.as_ref().is_some_and(|url| !is_web(url)) {
            mistakes.push("--public-url: give an address that starts with https:// or http://".to_owned());
        }
        let tls = self.tls(&mut mistakes);
        if !matches!(self.insecure_http.as_str(), "yes" | "no") {
            mistakes.push("--insecure-http: give yes or no".to_owned());
        }
        let is_given = self.tls_certificate.is_some() || self.tls_key.is_some();
        let is_behind_a_proxy = !self.trusted_proxies.trim().is_empty();
        if listen.is_some_and(|listen: SocketAddr| !listen.ip().is_loopback())
            && !(is_given || is_behind_a_proxy || self.insecure_http == "yes")
        {
            mistakes.push("--listen: beyond this machine health information goes encrypted only: give --tls-certificate and --tls-key, or name what does TLS in front with --trusted-proxies, or allow plain HTTP with --insecure-http yes".to_owned());
        }
        if !matches!(self.log_format.as_str(), "text" | "json") {
            mistakes.push("--log-format: give text or json".to_owned());
        }
        if tracing_subscriber::EnvFilter::try_new(&self.log).is_err() {
            mistakes.push("--log: give a filter, such as info or warn,rapport_api=debug".to_owned());
        }
        if let Some(url) = &self.smtp_url
            && let Err(error) = crate::events::worker::Transport::smtp(url)
        {
            mistakes.push(format!("--smtp-url: {error}; give one such as smtps://user:password@mail.example.org"));
        }
        let database_url = self.database_url.or(database_url).filter(|url| !url.is_empty());
        let is_postgres = |url: &String| url.starts_with("postgres://") || url.starts_with("postgresql://");
        if database_url.as_ref().is_some_and(|url| !is_postgres(url)) {
            mistakes.push("DATABASE_URL: give an address that starts with postgres://".to_owned());
        }
        let keys = [&self.signing_key_file, &self.secret_key_file, &self.root_key_file];
        if database_url.is_some() && keys.iter().any(|key| key.is_none()) {
            mistakes.push("with a database of your own give its keys too: --signing-key-file (openssl genpkey -algorithm ed25519), --secret-key-file and --root-key-file (openssl rand -base64 32 for each)".to_owned());
        }
        let data_dir = self.data_dir.unwrap_or_else(|| if is_root { "/var/lib/rapport" } else { "./.rapport" }.into());
        let attachment_store = match &self.attachment_store {
            None => Storage::Folder(data_dir.join("attachments")),
            Some(text) => Storage::parse(text).unwrap_or_else(|| {
                mistakes.push("--attachment-store: give a folder, or a bucket such as s3://bucket/prefix".to_owned());
                Storage::Folder(PathBuf::new())
            }),
        };
        let in_data_dir = KeyFiles::under(&data_dir);
        let keys = KeyFiles {
            signing: self.signing_key_file.unwrap_or(in_data_dir.signing),
            secret: self.secret_key_file.unwrap_or(in_data_dir.secret),
            root: self.root_key_file.unwrap_or(in_data_dir.root),
        };
        match (listen, metrics_listen, mail_from, budgets, max_connections, shutdown_delay, pool_size, workers) {
            (
                Some(listen),
                Some(metrics_listen),
                Some(mail_from),
                Some(budgets),
                Some(max_connections),
                Some(shutdown_delay),
                Some(pool_size),
                Some(workers),
            ) if mistakes.is_empty() => Ok(Config {
                audit_witness_file: self
                    .audit_witness_file
                    .unwrap_or_else(|| data_dir.join("audit").join("checkpoints.jsonl")),
                outbound_origins: outbound_origins.unwrap_or_default(),
                listen,
                metrics_listen,
                public_url: self.public_url,
                data_dir,
                database_url,
                keys,
                smtp_url: self.smtp_url,
                mail_from,
                attachment_store,
                attachment_quota: i64::from(attachment_quota.unwrap_or_default()) * 1024 * 1024,
                attachment_scanner,
                budgets,
                max_connections,
                proxies,
                cors_origins,
                tls,
                webhook_timeout: Duration::from_secs(webhook_timeout.unwrap_or(15).into()),
                shutdown_delay: Duration::from_secs(shutdown_delay.into()),
                workers,
                pool_size,
                log: self.log,
                log_json: self.log_format == "json",
                must_last: true,
            }),
            _ => Err(Mistakes(mistakes)),
        }
    }

    fn budgets(&self, mistakes: &mut Vec<String>) -> Option<Budgets> {
        let mut budget = |flag, text: &str| read(mistakes, flag, text, "a number from 1 up");
        let account = budget("--rate-limit", &self.rate_limit);
        let client = budget("--client-rate-limit", &self.client_rate_limit);
        let tenant = budget("--tenant-rate-limit", &self.tenant_rate_limit);
        let link = budget("--link-rate-limit", &self.link_rate_limit);
        let address = budget("--address-rate-limit", &self.address_rate_limit);
        let sign_in = budget("--sign-in-rate-limit", &self.sign_in_rate_limit);
        Some(Budgets {
            account: account?,
            client: client?,
            tenant: tenant?,
            link: link?,
            address: address?,
            sign_in: sign_in?,
        })
    }

    fn scanner(&self, mistakes: &mut Vec<String>) -> Option<Scanner> {
        let address = self.attachment_scanner.as_ref()?;
        let is_address = address
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0));
        if !is_address {
            mistakes.push("--attachment-scanner: give a host and a port, such as 127.0.0.1:3310".to_owned());
        }
        Some(Scanner::at(address.clone()))
    }

    fn proxies(&self, mistakes: &mut Vec<String>) -> Proxies {
        let mut proxies = Proxies::none();
        for network in parts(&self.trusted_proxies) {
            // An address alone is a network of one.
            match network.parse().or_else(|_| network.parse::<IpAddr>().map(Into::into)) {
                Ok(network) => proxies.trusted.push(network),
                Err(_) => {
                    mistakes.push("--trusted-proxies: give networks, such as 10.0.0.0/8,fd00::/8".to_owned());
                    break;
                }
            }
        }
        match ProxyHeader::from_str(&self.proxy_header) {
            Ok(header) => proxies.header = header,
            Err(()) => mistakes.push("--proxy-header: give x-forwarded-for or forwarded".to_owned()),
        }
        proxies
    }

    fn origins(&self, mistakes: &mut Vec<String>) -> Vec<String> {
        let origins: Vec<String> = parts(&self.cors_origins).map(ToOwned::to_owned).collect();
        if !origins.iter().all(|origin| is_origin(origin)) {
            mistakes.push(
                "--cors-origins: give exact origins, such as https://app.example.org,http://localhost:3000".to_owned(),
            );
        }
        origins
    }

    fn tls(&self, mistakes: &mut Vec<String>) -> Option<Arc<Certificate>> {
        let (certificate, key) = match (&self.tls_certificate, &self.tls_key) {
            (None, None) => return None,
            (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
            (Some(_), None) => {
                mistakes.push("--tls-key: give the private key of the certificate too".to_owned());
                return None;
            }
            (None, Some(_)) => {
                mistakes.push("--tls-certificate: give the certificate of the key too".to_owned());
                return None;
            }
        };
        if self.public_url.as_ref().is_some_and(|url| url.starts_with("http://")) {
            mistakes.push("--public-url: with a certificate people reach the service by https://".to_owned());
        }
        match Certificate::read(TlsFiles { certificate, key }) {
            Ok(certificate) => Some(Arc::new(certificate)),
            Err(error) => {
                mistakes.push(format!("{error:#}"));
                None
            }
        }
    }
}

/// The parts of a list with commas.
fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn read<T: FromStr>(mistakes: &mut Vec<String>, flag: &str, text: &str, expected: &str) -> Option<T> {
    let value = text.parse().ok();
    if value.is_none() {
        mistakes.push(format!("{flag}: give {expected}"));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(arguments: &[&str]) -> Settings {
        Command::parse_from([&["rapport"], arguments].concat()).settings
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let wrong =
            settings(&["--listen", "here", "--rate-limit", "0", "--log-format", "xml", "--public-url", "ftp://x"]);
        let mistakes = wrong.check(Some("mysql://x".into()), false).unwrap_err();
        let flags: Vec<&str> = mistakes.0.iter().filter_map(|line| line.split(':').next()).collect();
        assert_eq!(flags[..5], ["--listen", "--rate-limit", "--public-url", "--log-format", "DATABASE_URL"]);
        assert!(mistakes.0[5].starts_with("with a database of your own"));
    }

    #[test]
    fn beyond_this_machine_plain_http_takes_a_word_that_allows_it() {
        let refused = settings(&["--listen", "0.0.0.0:8080"]).check(None, false).unwrap_err();
        assert_eq!(refused.0.len(), 1, "{refused}");
        assert!(refused.0[0].starts_with("--listen: ") && refused.0[0].contains("--insecure-http yes"), "{refused}");
        for allowed in [["--insecure-http", "yes"], ["--trusted-proxies", "10.0.0.1, fd00::/8"]] {
            settings(&[&["--listen", "[::]:8080"], allowed.as_slice()].concat()).check(None, false).unwrap();
        }
        settings(&["--listen", "[::1]:8080"]).check(None, false).unwrap();
    }

    #[test]
    fn origins_are_exact_and_never_all() {
        let with = |origins: &str| settings(&["--cors-origins", origins]).check(None, false);
        let taken = with("https://app.example.org, http://localhost:3000").unwrap();
        assert_eq!(taken.cors_origins, ["https://app.example.org", "http://localhost:3000"]);
        for refused in [
            "*",
            "https://*",
            "null",
            "app.example.org",
            "https://app.example.org/",
            "HTTPS://app.example.org",
            "https://a@example.org",
            "ftp://example.org",
        ] {
            assert!(with(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn certificate_and_key_come_together() {
        for (flag, told) in [("--tls-certificate", "--tls-key: "), ("--tls-key", "--tls-certificate: ")] {
            let mistakes = settings(&[flag, "some.pem"]).check(None, false).unwrap_err();
            assert!(mistakes.0[0].starts_with(told), "{mistakes}");
        }
    }

    #[test]
    fn the_data_folder_is_roots_own_place_or_here() {
        assert_eq!(settings(&[]).check(None, true).unwrap().data_dir, PathBuf::from("/var/lib/rapport"));
        assert_eq!(settings(&[]).check(None, false).unwrap().data_dir, PathBuf::from("./.rapport"));
    }
}
