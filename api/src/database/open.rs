//! A database to work on from the command line: one that was named, or the private one of a data folder, whether a service is
//! using it or not.

use super::{
    AsyncPgConnection, connect,
    embedded::{self, Cluster, Options},
};
use crate::identity::keys::KeyFiles;
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;

/// Where the database is.
#[derive(Args)]
pub struct At {
    /// The Postgres to work on (also DATABASE_URL); the private one in the data folder if left out
    #[arg(long, env = "RAPPORT_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database_url: Option<String>,
    /// The folder of the private database and its keys; ./.rapport if left out, as root /var/lib/rapport
    #[arg(long, env = "RAPPORT_DATA_DIR", value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

/// An open database.
pub struct Open {
    /// Its address, of who administers it.
    pub url: String,
    /// The data folder.
    pub data_dir: PathBuf,
    is_private: bool,
    cluster: Option<Cluster>,
    runtime: tokio::runtime::Runtime,
}

impl Open {
    /// Opens it. `database_url` is the plain `DATABASE_URL` of the environment.
    ///
    /// # Errors
    /// What to change.
    pub fn at(at: At, database_url: Option<String>, is_root: bool) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let data_dir = at.data_dir.unwrap_or_else(|| if is_root { "/var/lib/rapport" } else { "./.rapport" }.into());
        if let Some(url) = at.database_url.or(database_url).filter(|url| !url.is_empty()) {
            return Ok(Self { url, data_dir, is_private: false, cluster: None, runtime });
        }
        let folder = data_dir.join("postgres");
        if !folder.is_dir() {
            bail!(
                "{} holds no database; name its folder with --data-dir, or a database with --database-url",
                data_dir.display()
            );
        }
        if let Some(url) = embedded::running(&folder, "postgres")? {
            return Ok(Self { url, data_dir, is_private: true, cluster: None, runtime });
        }
        let cluster = Cluster::start(&folder, &Options::default(), &|_| {})?;
        Ok(Self { url: cluster.url("postgres"), data_dir, is_private: true, cluster: Some(cluster), runtime })
    }

    /// The keys beside a private database.
    pub fn own_keys(&self) -> Option<KeyFiles> {
        self.is_private.then(|| KeyFiles::under(&self.data_dir))
    }

    /// Runs work on its own.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Runs work on a connection.
    ///
    /// # Errors
    /// If the database can't be reached; whatever `work` answers.
    pub fn with<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.block_on(async {
            let mut conn = connect(&self.url).await.context("the database can't be reached")?;
            work(&mut conn).await
        })
    }

    /// Stops what was started for this.
    ///
    /// # Errors
    /// If the database does not stop.
    pub fn close(self) -> anyhow::Result<()> {
        self.cluster.map_or(Ok(()), |mut cluster| cluster.stop())
    }
}
