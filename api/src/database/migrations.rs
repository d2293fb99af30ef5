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

/// Brings a database up to date and names the migrations that it ran. Needs Tokio's multi-thread runtime.
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
    use __diesel_schema_migrations as applied;
    let newest: Option<String> = applied::table.select(max(applied::version)).first(tx.conn()).await?;
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
    Ok(AsyncMigrationHarness::new(conn))
}
