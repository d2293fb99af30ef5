//! The settings: mistakes, and help.

use super::run::{end, folder, rapport};
use clap::Args;
use rapport_api::config::Settings;

#[test]
fn all_mistakes_are_told_at_once_a_line_each() {
    let folder = folder();
    let mut serve = rapport(&["serve", "--listen", "here", "--pool-size", "none", "--log-format", "xml"]);
    serve
        .env("RAPPORT_DATA_DIR", folder.path())
        .env("RAPPORT_METRICS_LISTEN", "there")
        .env("RAPPORT_MAIL_FROM", "nobody")
        .env("RAPPORT_RATE_LIMIT", "0")
        .env("RAPPORT_CLIENT_RATE_LIMIT", "")
        .env("RAPPORT_TENANT_RATE_LIMIT", "-1")
        .env("RAPPORT_LINK_RATE_LIMIT", "many")
        .env("RAPPORT_ADDRESS_RATE_LIMIT", "0")
        .env("RAPPORT_SIGN_IN_RATE_LIMIT", "1.5")
        .env("RAPPORT_MAX_CONNECTIONS", "0")
        .env("RAPPORT_TRUSTED_PROXIES", "10.0.0.0/33")
        .env("RAPPORT_PROXY_HEADER", "via")
        .env("RAPPORT_CORS_ORIGINS", "*")
        .env("RAPPORT_TLS_KEY", "key.pem")
        .env("RAPPORT_INSECURE_HTTP", "perhaps")
        .env("RAPPORT_SHUTDOWN_DELAY", "soon")
        .env("RAPPORT_WORKERS", "-1")
        .env("RAPPORT_PUBLIC_URL", "ftp://example.org")
        .env("RAPPORT_SMTP_URL", "mail.example.org")
        .env("RAPPORT_LOG", "a=b=c")
        .env("DATABASE_URL", "mysql://example.org");
    let refused = end(serve);
    let lines = refused.refused();
    for setting in [
        "--listen",
        "--metrics-listen",
        "--mail-from",
        "--rate-limit",
        "--client-rate-limit",
        "--tenant-rate-limit",
        "--link-rate-limit",
        "--address-rate-limit",
        "--sign-in-rate-limit",
        "--max-connections",
        "--trusted-proxies",
        "--proxy-header",
        "--cors-origins",
        "--tls-certificate",
        "--insecure-http",
        "--shutdown-delay",
        "--pool-size",
        "--workers",
        "--public-url",
        "--log-format",
        "--log",
        "--smtp-url",
        "DATABASE_URL",
    ] {
        let about = format!("rapport: {setting}: ");
        assert_eq!(lines.iter().filter(|line| line.starts_with(&about)).count(), 1, "{setting} in {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.contains("--signing-key-file")), "{lines:#?}");
    assert_eq!(lines.len(), 24, "a line each: {lines:#?}");
    assert_eq!(refused.stdout, "");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "nothing was made");
}

#[test]
fn the_help_of_each_command_lists_every_setting_with_its_variable() {
    let every = Settings::augment_args(clap::Command::new("every"));
    for command in ["serve", "demo", "migrate"] {
        let help = end(rapport(&[command, "--help"])).well().stdout;
        for setting in every.get_arguments() {
            let flag = format!("--{}", setting.get_long().unwrap());
            let variable = setting.get_env().unwrap().to_str().unwrap();
            assert_eq!(variable, format!("RAPPORT_{}", flag[2..].replace('-', "_").to_uppercase()));
            assert!(help.contains(&format!("{flag} <")), "`{command} --help` does not list {flag}:\n{help}");
            assert!(
                help.contains(&format!("[env: {variable}")),
                "`{command} --help` does not list {variable}:\n{help}"
            );
        }
    }
}

#[test]
fn the_help_shows_no_secret() {
    let mut help = rapport(&["serve", "--help"]);
    help.env("RAPPORT_SMTP_URL", "smtps://rapport:quillfeather@mail.example.org")
        .env("RAPPORT_DATABASE_URL", "postgres://rapport:quillfeather@db.example.org/rapport");
    assert!(!end(help).well().stdout.contains("quillfeather"));
}

#[test]
fn an_unknown_flag_is_refused() {
    let refused = end(rapport(&["serve", "--lisden", "127.0.0.1:0"]));
    assert!(!refused.status.success());
    assert!(refused.stderr.contains("--listen"), "it says what was meant: {}", refused.stderr);
}
