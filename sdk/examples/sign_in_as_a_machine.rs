//! A clinic's own software signs in by itself, reads what its scopes grant, and meets what they don't. Everybody in it is made up.
//! It takes the same arguments as `share_a_progress_report`.
#![expect(clippy::disallowed_methods, reason = "a program of its own: its settings, clock and ids are nobody else's")]

mod support;

use anyhow::{Context, bail};
use rapport_sdk::{
    Client, Error, Policy, Timeouts,
    chrono::NaiveDate,
    contract::{
        api_clients::{NewApiClient, Scope},
        patients::{NewPatient, PatientSearch},
    },
};
use std::time::Duration;
use support::Setting;

/// What a program does with an error: which it is, what to quote, and whether another try may help.
fn tell(error: &Error) -> String {
    let kind = error.kind().map_or("no answer", |kind| kind.slug());
    let again = if error.is_retryable() { "try again" } else { "another try does not help" };
    format!("{kind}, request {}: {again}", error.request_id().unwrap_or("unknown"))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let setting = Setting::new("sign-in-as-a-machine")?;
    let (north, _) = setting.join("North Massage Therapy (example)", "Ada Example", "ada").await?;
    let birth_date = NaiveDate::from_ymd_opt(1953, 4, 17).context("a date")?;
    let patient = north.patients().create(&NewPatient::new("Casey", "Sample", birth_date)).await?;

    // The owner makes it; the secret is shown this once.
    let new = NewApiClient::new("Practice software", [Scope::PatientsRead]);
    let made = north.api_clients().create(&new).await?;
    let secret = north.api_clients().add_secret(made.id).await?;
    println!("1. The owner made an API client with the scopes {:?}.", made.scopes);

    // Nothing is sent before the first call; its token is renewed in time.
    let software = Client::builder(north.base_url())
        .user_agent("practice-software/1.0")
        .client_credentials(made.id, secret.client_secret)
        .timeouts(Timeouts { overall: Duration::from_secs(20), ..Timeouts::default() })
        .retries(Policy::default())
        .build()?;
    let search = PatientSearch { family_name: Some("sam".into()), ..PatientSearch::default() };
    let found = software.patients().search(&search).send().await?;
    println!("2. It found {} patient.", found.items.len());

    // What it was not granted is refused, and the refusal is on record.
    match software.patients().create(&NewPatient::new("Robin", "Sample", birth_date)).await {
        Err(error) => println!("3. It may not write: {}", tell(&error)),
        Ok(_) => bail!("a machine wrote what it had no scope for"),
    }

    let seen = north.api_clients().get(made.id).await?;
    north.api_clients().end(&seen).await?;
    match software.patients().get(patient.id).await {
        Err(error) => println!("4. The owner ended it, and it is out at once: {}", tell(&error)),
        Ok(_) => bail!("a machine read after it was ended"),
    }
    Ok(())
}
