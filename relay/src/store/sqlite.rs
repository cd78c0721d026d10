//! The store in one file: SQLite in WAL, one thread that writes, a few connections that read.

mod alerts; // What arrives, and the trail.
mod cases; // Cases and their work.
mod methods; // The trait.
mod migrations; // The tables, by version.
mod moved; // Everything, out and in.
mod people; // Tenants, sources, settings, mappings, tokens.
mod reader; // Connections that read.
mod row; // Values to columns and back.
mod rules; // What a tenant chose, as each alert and each call needs it.
mod writer; // The thread that writes, in groups.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::watch;

use super::{Result, StoreError};
use crate::policy::Timing;
use reader::Readers;
use rules::TenantRules;
use writer::{OnFailure, Writer};

/// The store in one file. Cheap to clone.
#[derive(Clone)]
pub struct Sqlite {
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    rules: Arc<TenantRules>,
    revision: Arc<watch::Sender<u64>>,
}

/// When SQLite waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// At each commit: what was answered with 202 survives the loss of power.
    #[default]
    Full,
    /// At checkpoints: for the test that shows what FULL is for.
    Normal,
}

/// How a store is opened.
#[derive(Clone, Debug, Default)]
pub struct SqliteOptions {
    /// How long things take.
    pub timing: Timing,
    /// When SQLite waits for the disk.
    pub synchronous: Synchronous,
}

impl Sqlite {
    /// Opens the file, and makes it if it is not there, readable by its user only.
    ///
    /// # Errors
    /// The file cannot be opened, or was made by a later version.
    pub fn open(path: &Path, options: SqliteOptions) -> Result<Self> {
        make_private(path)?;
        let mut connection = Connection::open(path)?;
        prepare(&connection, options.synchronous)?;
        migrations::migrate(&mut connection)?;
        let writer = Writer::thread(connection)?;
        Ok(Self::of(
            writer,
            Readers::of_file(path.to_owned()),
            options.timing,
        ))
    }

    /// A store in memory, for tests and trials. It works in the thread of its caller.
    ///
    /// # Errors
    /// There is no memory.
    pub fn in_memory(timing: Timing) -> Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        steady(&connection)?;
        migrations::migrate(&mut connection)?;
        let writer = Writer::inline(connection);
        Ok(Self::of(writer, Readers::of_writer(), timing))
    }

    fn of(writer: Writer, readers: Readers, timing: Timing) -> Self {
        Self {
            writer: Arc::new(writer),
            readers: Arc::new(readers),
            rules: Arc::new(TenantRules::new(timing)),
            revision: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Runs this in the transaction of a group, and returns once it is on disk.
    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.run(OnFailure::TakesBackItself, job).await
    }

    /// Makes the disk full when the file has so many pages.
    #[cfg(test)]
    pub(super) async fn limit_pages(&self, most: i64) {
        let limited = self.write(move |it| Ok(it.pragma_update(None, "max_page_count", most)?));
        limited.await.expect("a limit");
    }

    /// Runs this on a connection that reads.
    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self.writer.read_inline(job) {
            Ok(result) => result,
            Err(job) => self.readers.run(job).await,
        }
    }
}

fn prepare(connection: &Connection, synchronous: Synchronous) -> Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Database(format!(
            "the file system does not allow a write-ahead log (journal mode {mode})"
        )));
    }
    let synchronous = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // 8 MiB of pages in memory; a log that grew in a rush is cut again.
    connection.pragma_update(None, "cache_size", -8_192)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    steady(connection)
}

/// Statements are planned once. Otherwise SQLite plans those anew whose plan might depend on a value, for each value.
fn steady(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// SQLite gives the log and its index the permissions of the database.
fn make_private(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let opened = options.open(path);
    opened.map_err(|error| {
        StoreError::Database(format!("{} cannot be opened: {error}", path.display()))
    })?;
    Ok(())
}

fn open_reader(path: &PathBuf) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    steady(&connection)?;
    Ok(connection)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
