//! One SQLite file: how it is opened, written, read, copied and checked.
//!
//! In: a path and its migrations. Out: [`Database`], one writer and a few readers.
//! Errors: [`StoreError`].
//! Cost: a write is one `fsync` of the write-ahead log; reads never wait for writes.
//! Source: <https://sqlite.org/wal.html>, <https://sqlite.org/pragma.html>.
//! Limits: [`READERS_MAX`] reads at once; the next one waits for its turn.

use crate::error::StoreError;
use crate::migrations::{self, MigrationSet};
use model::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most reads of one database at the same time.
pub const READERS_MAX: usize = 4;
/// How long a call waits for another program's lock, milliseconds.
pub const BUSY_WAIT_MS: u64 = 10_000;
/// Page cache of the writer, KiB. It holds the hot part of the key index.
pub const WRITER_CACHE_KIB: u32 = 64 * 1024;
/// Page cache of each reader, KiB.
pub const READER_CACHE_KIB: u32 = 8 * 1024;
/// Part of the file that readers map into memory, bytes. Mapped pages count as
/// resident memory, hence no more.
pub const READER_MMAP_BYTES: u64 = 128 * 1024 * 1024;
/// Pages in the write-ahead log before it is moved into the database: 128 MiB.
/// The key index is hit at random, so a longer log writes each of its pages
/// fewer times: 83,000 rows/s in batches of 20,000, against 70,000 with 32 MiB.
pub const WAL_PAGES: u32 = 32 * 1024;
/// The log file is cut to this after it was moved, bytes.
pub const WAL_BYTES_KEPT: u64 = 128 * 1024 * 1024;
/// Prepared statements kept per connection.
const STATEMENTS_KEPT: usize = 96;
/// Findings of an integrity check that are reported.
const FINDINGS_MAX: usize = 5;

/// A database file with one writer and [`READERS_MAX`] readers.
pub(crate) struct Database {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    returned: Condvar,
}

/// Who uses a connection.
#[derive(Clone, Copy)]
enum Use {
    Write,
    Read,
    Copy,
}

/// Takes a lock; a panic elsewhere rolled its transaction back, so the
/// connection behind a poisoned lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A count as SQLite stores it.
pub(crate) fn integer(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A page size or limit as SQLite takes it.
pub(crate) fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A stored count.
pub(crate) fn count(what: &'static str, stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::corrupt(what, "count", format!("{stored} is negative")))
}

/// Makes a folder, and those above it, that only our user can read.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::folder(folder))
}

fn connect(path: &Path, purpose: Use) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if matches!(purpose, Use::Write) {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_millis(BUSY_WAIT_MS))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    match purpose {
        // auto_vacuum only takes effect before the first table, and before WAL.
        // synchronous=FULL: a commit is on the disk before it is acknowledged,
        // so that neither kill -9 nor a power cut loses it.
        Use::Write => connection.execute_batch(&format!(
            "PRAGMA auto_vacuum = INCREMENTAL;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -{WRITER_CACHE_KIB};
             PRAGMA wal_autocheckpoint = {WAL_PAGES};
             PRAGMA journal_size_limit = {WAL_BYTES_KEPT};"
        ))?,
        Use::Read => connection.execute_batch(&format!(
            "PRAGMA query_only = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -{READER_CACHE_KIB};
             PRAGMA mmap_size = {READER_MMAP_BYTES};"
        ))?,
        Use::Copy => connection.execute_batch("PRAGMA trusted_schema = OFF;")?,
    }
    Ok(connection)
}

impl Database {
    /// Opens a database, makes it when there is none, and brings it up to date
    /// (a copy named `before-migration-N.db` beside it comes first).
    pub(crate) fn open(path: &Path, migrations: &MigrationSet, at: Timestamp) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        let located = |error: StoreError| error.at(path);
        migrations::refuse_foreign(path, migrations).map_err(located)?;
        let mut writer = connect(path, Use::Write).map_err(located)?;
        migrations::apply(&mut writer, path, migrations, at).map_err(located)?;
        let readers = (0..READERS_MAX)
            .map(|_| connect(path, Use::Read))
            .collect::<Result<Vec<_>, _>>()
            .map_err(located)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(readers),
            returned: Condvar::new(),
        })
    }

    /// Runs one durable transaction: all of it is on the disk when this returns
    /// `Ok`, none of it otherwise.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = lock(&self.writer);
        let run = || -> Result<T, StoreError> {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        };
        run().map_err(|error| error.at(&self.path))
    }

    /// Runs reads on one of the readers; waits while all are in use.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let reader = Borrowed::take(self);
        match &reader.connection {
            Some(connection) => work(connection).map_err(|error| error.at(&self.path)),
            None => Err(StoreError::Busy { path: self.path.clone() }),
        }
    }

    /// Runs `work` on the writer outside a transaction while no reader is in use.
    pub(crate) fn alone<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let writer = lock(&self.writer);
        let mut readers = lock(&self.readers);
        while readers.len() < READERS_MAX {
            readers = self.returned.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
        work(&writer).map_err(|error| error.at(&self.path))
    }

    /// Moves the write-ahead log into the file and cuts it to nothing.
    pub(crate) fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 {
            return Ok(());
        }
        Err(StoreError::Database(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            Some("another program reads the database".to_owned()),
        )))
    }

    /// Writes a compact copy of this moment's contents to `to`. Writers go on
    /// meanwhile. The copy appears under its name only when it is complete and
    /// on the disk. Time: linear in the size of the database.
    pub(crate) fn copy_to(&self, to: &Path) -> Result<(), StoreError> {
        // A connection of its own: it may run for minutes, and readers may not write.
        connect(&self.path, Use::Copy)
            .and_then(|connection| copy(&connection, to))
            .map_err(|error| error.at(&self.path))
    }

    /// Reads the whole file and compares every index with its table.
    /// Time: linear in its size, minutes for tens of gigabytes.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let findings = self.read(|connection| {
            let mut findings = Vec::new();
            let sql = format!("PRAGMA integrity_check({FINDINGS_MAX})");
            let mut statement = connection.prepare(&sql)?;
            for finding in statement.query_map([], |row| row.get::<_, String>(0))? {
                findings.push(finding?);
            }
            findings.retain(|finding| finding != "ok");
            let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            if let Some(row) = rows.next()? {
                findings.push(format!("a row of {} points to nothing", row.get::<_, String>(0)?));
            }
            Ok(findings)
        })?;
        if findings.is_empty() {
            return Ok(());
        }
        Err(StoreError::Damaged { path: self.path.clone(), findings: findings.join("; ") })
    }
}

/// Copies with `VACUUM INTO`: unlike SQLite's backup interface it works on one
/// snapshot, so that a busy writer does not make it start again, and the copy
/// holds no freed pages.
pub(crate) fn copy(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        fs::remove_file(&partial).map_err(StoreError::folder(&partial))?;
    }
    let Some(name) = partial.to_str() else {
        return Err(StoreError::invalid("name of the copy", "it is not valid UTF-8"));
    };
    connection.execute("VACUUM INTO ?1", [name]).map_err(StoreError::from).map_err(|e| e.at(&partial))?;
    #[cfg(unix)]
    fs::set_permissions(&partial, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(StoreError::folder(&partial))?;
    File::open(&partial).and_then(|file| file.sync_all()).map_err(StoreError::folder(&partial))?;
    fs::rename(&partial, to).map_err(StoreError::folder(to))?;
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            File::open(folder).and_then(|handle| handle.sync_all()).map_err(StoreError::folder(folder))
        }
        _ => Ok(()),
    }
}

/// A reader on loan; it goes back when this is dropped.
struct Borrowed<'a> {
    database: &'a Database,
    connection: Option<Connection>,
}

impl<'a> Borrowed<'a> {
    fn take(database: &'a Database) -> Self {
        let mut readers = lock(&database.readers);
        loop {
            if let Some(connection) = readers.pop() {
                return Self { database, connection: Some(connection) };
            }
            readers = database.returned.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.database.readers).push(connection);
            // `alone` and `take` wait on the same condition.
            self.database.returned.notify_all();
        }
    }
}
