//! The migrations, compiled in.

use super::Tx;
use anyhow::Context;
use diesel::{
    dsl::max,
    migration::{Migration, MigrationSource},
    pg::Pg,
    prelude::*,
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, HarnessWithOutput, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations");

/// Brings a database up to date, as its owner, and names the migrations that it ran. It takes an administrator's address, and
/// Tokio's multi-thread runtime.
///
/// # Errors
/// If the database can't be reached or a migration fails; those before it stay applied.
pub async fn run(url: &str) -> anyhow::Result<Vec<String>> {
    let mut harness = harness(url).await?;
    let done = harness.run_pending_migrations(MIGRATIONS).map_err(|e| anyhow::anyhow!("a migration failed: {e}"))?;
    Ok(done.iter().map(ToString::to_string).collect())
}

/// Takes every migration back. Only tests do.
///
/// # Errors
/// If the database can't be reached or a migration fails.
#[doc(hidden)]
pub async fn revert_all(url: &str) -> anyhow::Result<()> {
    let mut harness = harness(url).await?;
    HarnessWithOutput::new(&mut harness, std::io::sink())
        .revert_all_migrations(MIGRATIONS)
        .map_err(|e| anyhow::anyhow!("a migration could not be taken back: {e}"))?;
    Ok(())
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> Text,
        run_on -> Timestamp,
    }
}

/// Whether the newest migration that we know is applied.
///
/// # Errors
/// Whatever the database answers.
pub async fn are_current(tx: &mut Tx<'_>) -> QueryResult<bool> {
    are_current_on(tx.conn()).await
}

/// The same by an address of the service's own role.
///
/// # Errors
/// If the database can't be reached, or the role may not take up the service's work.
pub async fn are_current_at(url: &str) -> anyhow::Result<bool> {
    let mut conn = super::connect(url).await?;
    conn.batch_execute("SET ROLE rapport_worker")
        .await
        .context("the role in DATABASE_URL may not do the service's work; run `rapport migrate` as an administrator")?;
    // Where the table is missing, nothing is current.
    Ok(are_current_on(&mut conn).await.unwrap_or(false))
}

async fn are_current_on(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    use __diesel_schema_migrations as applied;
    let newest: Option<String> = applied::table.select(max(applied::version)).first(conn).await?;
    let known = MigrationSource::<Pg>::migrations(&MIGRATIONS).unwrap_or_default();
    let newest_known = known.iter().map(|migration| migration.name().version().to_string()).max();
    Ok(newest >= newest_known)
}

/// A connection that migrates. It waits for any other that does: two services may start at once.
async fn harness(url: &str) -> anyhow::Result<AsyncMigrationHarness<AsyncPgConnection>> {
    let mut conn = super::connect(url)
        .await
        .context("the database can't be reached; give the address of one that runs in DATABASE_URL")?;
    // Held by the connection, which ends with the harness.
    conn.batch_execute("SELECT pg_advisory_lock(7235421)").await.context("the lock for migrations")?;
    super::roles::become_owner(&mut conn).await?;
    Ok(AsyncMigrationHarness::new(conn))
}
