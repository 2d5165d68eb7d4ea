//! How a database is made and brought up to date.
//!
//! In: a connection and the numbered SQL files of its kind. Out: the newest format.
//! Errors: [`StoreError::Newer`], [`StoreError::ChangedMigration`], [`StoreError::Foreign`].
//! Limits: a file that was once released is never edited; its checksum is stored
//! in every database and compared at each start.

use crate::database;
use crate::error::StoreError;
use model::{NativeId, Network, RecordKey, RecordKind, Timestamp};
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The numbered SQL files of one kind of database.
pub(crate) struct MigrationSet {
    /// Written into the file's header, so that the kinds are told apart.
    pub(crate) application_id: i32,
    /// The kind, for messages.
    pub(crate) kind: &'static str,
    /// The files, the first is number 1.
    pub(crate) steps: &'static [&'static str],
}

/// `instance.db`: people, sessions, workspaces.
pub(crate) const INSTANCE: MigrationSet = MigrationSet {
    application_id: 0x4174_4901,
    kind: "instance",
    steps: &[include_str!("instance/0001_people.sql")],
};

/// `workspace.db`: what was received and decided.
pub(crate) const ARCHIVE: MigrationSet = MigrationSet {
    application_id: 0x4174_4102,
    kind: "workspace",
    steps: &[
        include_str!("archive/0001_listening.sql"),
        include_str!("archive/0002_ordered_keys.sql"),
        include_str!("archive/0003_corrections.sql"),
        include_str!("archive/0004_answers.sql"),
        include_str!("archive/0005_pictures.sql"),
        include_str!("archive/0006_group_decisions.sql"),
        include_str!("archive/0007_alerts.sql"),
    ],
};

impl MigrationSet {
    /// The newest format.
    fn newest(&self) -> i64 {
        i64::try_from(self.steps.len()).unwrap_or(i64::MAX)
    }
}

/// The SHA-256 of a migration, as stored.
fn checksum(step: &str) -> Vec<u8> {
    Sha256::digest(step.as_bytes()).to_vec()
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
}

/// Refuses an existing file that is no database of ours before anything is
/// written to it.
pub(crate) fn refuse_foreign(path: &Path, set: &MigrationSet) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    let connection = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 && pragma(&connection, "application_id")? != i64::from(set.application_id) {
        return Err(StoreError::Foreign { path: path.to_owned(), expected: set.kind });
    }
    let found = pragma(&connection, "user_version")?;
    if found > set.newest() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: set.newest() });
    }
    Ok(())
}

/// Brings the database to the newest format in one transaction. An existing
/// database is copied first, to `before-migration-N.db` beside it, where N is
/// the first migration that it lacked.
pub(crate) fn apply(
    connection: &mut Connection,
    path: &Path,
    set: &MigrationSet,
    at: Timestamp,
) -> Result<(), StoreError> {
    let before = pragma(connection, "user_version")?;
    if before > 0 {
        compare(connection, path, set, before)?;
        if before == set.newest() {
            return Ok(());
        }
        let next = before.saturating_add(1);
        let copy = path.with_file_name(format!("before-migration-{next}.db"));
        database::copy(connection, &copy)?;
        tracing::info!(copy = %copy.display(), "copied the database before its migration");
    }
    add_record_key(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have been faster between the look and the lock.
    let done = pragma(&transaction, "user_version")?;
    if done == 0 {
        transaction.execute_batch(&format!(
            "PRAGMA application_id = {};
             CREATE TABLE migration (
                 number INTEGER PRIMARY KEY, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL
             ) STRICT;",
            set.application_id
        ))?;
    }
    for (number, step) in (1_i64..).zip(set.steps).filter(|(number, _)| *number > done) {
        transaction.execute_batch(step)?;
        transaction.execute(
            "INSERT INTO migration (number, checksum, applied_at) VALUES (?1, ?2, ?3)",
            (number, checksum(step), at.millis()),
        )?;
    }
    transaction.execute_batch(&format!("PRAGMA user_version = {}", set.newest()))?;
    transaction.commit()?;
    Ok(())
}

/// `record_key(kind, network, native_id)` for the files that need it.
fn add_record_key(connection: &Connection) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("record_key", 3, flags, |row| {
        let invalid = |what: &str| rusqlite::Error::UserFunctionError(format!("no such {what}").into());
        let kind = match row.get::<u8>(0)? {
            0 => RecordKind::Post,
            1 => RecordKind::Account,
            _ => return Err(invalid("kind")),
        };
        let network = Network::from_code(row.get(1)?).ok_or_else(|| invalid("network"))?;
        let native_id = NativeId::parse(&row.get::<String>(2)?).map_err(|_| invalid("identifier"))?;
        Ok(RecordKey::of(kind, network, &native_id).0.to_vec())
    })?;
    Ok(())
}

/// Compares the migrations applied to a database with those of this program.
fn compare(connection: &Connection, path: &Path, set: &MigrationSet, applied: i64) -> Result<(), StoreError> {
    for (number, step) in (1_i64..=applied).zip(set.steps) {
        let stored: Option<Vec<u8>> = connection
            .query_row("SELECT checksum FROM migration WHERE number = ?1", [number], |row| row.get(0))
            .optional()?;
        if stored != Some(checksum(step)) {
            return Err(StoreError::ChangedMigration { path: path.to_owned(), number });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
