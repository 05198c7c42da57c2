//! The database: SQLite with write-ahead logging.
//!
//! One module a resource; SQL stands where it is used.

mod import;
mod tenants;

use sqlx::SqlitePool;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Acquire, SqlSafeStr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use import::{ImportError, Imported};

/// The database's file in the data directory.
pub const FILE_NAME: &str = "ringlet.db";

/// How long a request waits for a connection, and a statement for the write lock.
const WAIT: Duration = Duration::from_secs(5);

/// Why the database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory cannot be made.
    #[error("cannot create the data directory {}: {source}", path.display())]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The tables cannot be brought up to date.
    #[error("cannot bring the database up to date: {0}")]
    Migrate(#[from] MigrateError),
    /// A statement failed.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// A row holds what this version cannot read.
    #[error("tenant {tenant} has an unreadable {column} in the database: {reason}")]
    Unreadable {
        /// The tenant's id.
        tenant: String,
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the database in `data_dir`, making both where they do not exist, and brings its
    /// tables up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the directory or the file cannot be used.
    pub async fn open(data_dir: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(data_dir)
            .map_err(|source| StoreError::DataDir { path: data_dir.to_owned(), source })?;
        let path = data_dir.join(FILE_NAME);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(WAIT);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(WAIT)
            .connect_with(options)
            .await
            .map_err(|source| StoreError::Open { path, source })?;
        migrate(&pool).await?;
        Ok(Self { pool })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sql`] when it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Finishes what is under way and closes the file; later calls fail.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let tenants = Migration::new(
        1,
        "tenants".into(),
        MigrationType::Simple,
        include_str!("../../migrations/0001_tenants.sql").into_sql_str(),
        false,
    );
    let mut connection = pool.acquire().await?;
    Migrator::with_migrations(vec![tenants]).run(connection.acquire().await?).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_database_writes_ahead_and_survives_reopening() {
        let folder = tempfile::tempdir().expect("folder");
        let data_dir = folder.path().join("deep/data");
        for _ in 0..2 {
            let store = Store::open(&data_dir).await.expect("opens");
            let (mode,): (String,) =
                sqlx::query_as("PRAGMA journal_mode").fetch_one(&store.pool).await.expect("mode");
            assert_eq!(mode, "wal");
            store.close().await;
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_named() {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join(FILE_NAME), "not a database, but long enough to be one")
            .expect("written");
        let error = Store::open(folder.path()).await.expect_err("no database");
        assert!(error.to_string().contains(FILE_NAME), "{error}");
    }

    #[tokio::test]
    async fn a_closed_database_gives_no_sign_of_life() {
        let folder = tempfile::tempdir().expect("folder");
        let store = Store::open(folder.path()).await.expect("opens");
        store.ping().await.expect("alive");
        store.close().await;
        assert!(matches!(store.ping().await, Err(StoreError::Sql(_))));
    }
}
