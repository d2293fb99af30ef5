//! From the address that was given to one that the service may serve by.

use super::{connect, migrations, roles};
use crate::identity::secrets::Secrets;
use anyhow::{Context, ensure};

/// A database that is up to date, and the address of its service role.
pub struct Ready {
    /// The migrations that ran, by name.
    pub applied: Vec<String>,
    /// Whether the address that was given is an administrator's.
    pub may_administer: bool,
    /// An address to serve by: of a role that owns nothing and bypasses nothing.
    pub service_url: String,
}

/// Gets the database ready. An administrator's address brings it up to date and makes the login role of the service; a service
/// role's is taken as it is, and the database must be up to date. Needs Tokio's multi-thread runtime.
///
/// # Errors
/// In one line, what to change.
pub async fn run(url: &str, secrets: &Secrets) -> anyhow::Result<Ready> {
    let mut conn = connect(url)
        .await
        .context("the database can't be reached; give the address of one that runs in DATABASE_URL")?;
    let may_administer = roles::may_administer(&mut conn).await?;
    drop(conn);
    if may_administer {
        let applied = migrations::run(url).await?;
        let service_url = roles::admit(url, secrets).await?;
        return Ok(Ready { applied, may_administer, service_url });
    }
    ensure!(
        migrations::are_current_at(url).await?,
        "the database is not up to date; run `rapport migrate` with an administrator's address in DATABASE_URL"
    );
    Ok(Ready { applied: Vec::new(), may_administer, service_url: url.to_owned() })
}
