//! Import runs and rejects.
//!
//! In: a file's name, size and head; progress with each batch; items that could
//! not be taken. Out: runs to resume or to show; rejects, newest first.
//! Errors: [`StoreError::Missing`].
//! Cost: progress travels in the batch's own transaction.
//! A reject's column `reason` holds its English text; a reason with a code has
//! behind it, each after U+001F, the code and its arguments.
//! Limits: the newest [`REJECTS_MAX`] rejects of each origin are kept; all are counted.

use super::Archive;
use super::records::{BatchOutcome, Origin, PAGE_MAX, Stored, WriteBatch};
use crate::database::{self, integer, limit as sql_limit};
use crate::error::StoreError;
use model::{Reject, RejectCause, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// Most rejects kept of one source or import; the oldest go first.
pub const REJECTS_MAX: usize = 10_000;

/// A file to be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewImport<'a> {
    /// Its name, for people.
    pub name: &'a str,
    /// Its size, bytes; `None` for standard input.
    pub size_bytes: Option<u64>,
    /// Hash of its head: with the size it tells whether a file was begun before.
    pub head_hash: [u8; 16],
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportProgress {
    /// The last line that is stored or rejected, from 1.
    pub line: u64,
    /// Bytes of the (compressed) file read so far.
    pub read_bytes: u64,
}

/// What became of the items of an import, counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Items read.
    pub received: u64,
    /// Stored for the first time.
    pub new: u64,
    /// Replaced an older observation.
    pub changed: u64,
    /// Were there, byte for byte.
    pub same: u64,
    /// Older than what is there.
    pub stale: u64,
    /// Deleted or erased before.
    pub buried: u64,
    /// Could not be taken.
    pub rejected: u64,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Being read.
    Running,
    /// Read to its end.
    Done,
    /// Stopped half way; the same file goes on where it stopped.
    Interrupted,
}

impl ImportState {
    /// The word in the database and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Interrupted => "interrupted",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Interrupted].into_iter().find(|state| state.name() == text)
    }
}

/// One import of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Its number.
    pub id: i64,
    /// The file's name.
    pub name: String,
    /// The file's size, bytes; `None` for standard input.
    pub size_bytes: Option<u64>,
    /// Where it goes on.
    pub progress: ImportProgress,
    /// Where it stands.
    pub state: ImportState,
    /// What became of its items.
    pub counts: ImportCounts,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended or was interrupted.
    pub finished_at: Option<Timestamp>,
}

/// An item that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReject {
    /// Rises with each reject.
    pub id: i64,
    /// What brought it.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
    /// Line, reason and excerpt.
    pub reject: Reject,
}

const COLUMNS: &str = "id, name, size_bytes, line, read_bytes, state, received_count, new_count,
    changed_count, same_count, stale_count, buried_count, rejected_count, started_at, finished_at";

fn decode(row: &Row<'_>) -> Result<ImportRun, StoreError> {
    let id: i64 = row.get(0)?;
    let counted = |column: usize| -> Result<u64, StoreError> { database::count("import", row.get(column)?) };
    let size: Option<i64> = row.get(2)?;
    let state: String = row.get(5)?;
    Ok(ImportRun {
        id,
        name: row.get(1)?,
        size_bytes: size.map(|bytes| database::count("import", bytes)).transpose()?,
        progress: ImportProgress { line: counted(3)?, read_bytes: counted(4)? },
        state: ImportState::parse(&state)
            .ok_or_else(|| StoreError::corrupt("import", id, format!("there is no state «{state}»")))?,
        counts: ImportCounts {
            received: counted(6)?,
            new: counted(7)?,
            changed: counted(8)?,
            same: counted(9)?,
            stale: counted(10)?,
            buried: counted(11)?,
            rejected: counted(12)?,
        },
        started_at: Timestamp::from_millis(row.get(13)?),
        finished_at: row.get::<_, Option<i64>>(14)?.map(Timestamp::from_millis),
    })
}

fn load(connection: &Connection, id: i64) -> Result<ImportRun, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM import WHERE id = ?1"))?;
    let mut rows = statement.query([id])?;
    match rows.next()? {
        Some(row) => decode(row),
        None => Err(StoreError::missing("import", id)),
    }
}

impl Archive {
    /// Begins an import, or takes up the interrupted one of the same file
    /// (same head and size): go on after its `progress.line` then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn begin_import(&self, import: &NewImport<'_>, at: Timestamp) -> Result<ImportRun, StoreError> {
        let size = import.size_bytes.map(integer);
        self.database.write(|transaction| {
            let interrupted: Option<i64> = transaction
                .query_row(
                    "SELECT id FROM import WHERE head_hash = ?1 AND size_bytes IS ?2 AND state = 'interrupted'
                     ORDER BY id DESC LIMIT 1",
                    (import.head_hash.as_slice(), size),
                    |row| row.get(0),
                )
                .optional()?;
            let id = match interrupted {
                Some(id) => {
                    transaction.execute(
                        "UPDATE import SET state = 'running', name = ?2, finished_at = NULL WHERE id = ?1",
                        (id, import.name),
                    )?;
                    id
                }
                None => {
                    transaction.execute(
                        "INSERT INTO import (name, size_bytes, head_hash, state, started_at)
                         VALUES (?1, ?2, ?3, 'running', ?4)",
                        (import.name, size, import.head_hash.as_slice(), at.millis()),
                    )?;
                    transaction.last_insert_rowid()
                }
            };
            load(transaction, id)
        })
    }

    /// Notes that an import read its file to the end.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn finish_import(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.end_import(id, ImportState::Done, at)
    }

    /// Notes that an import stopped half way.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn interrupt_import(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.end_import(id, ImportState::Interrupted, at)
    }

    fn end_import(&self, id: i64, state: ImportState, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE import SET state = ?2, finished_at = ?3 WHERE id = ?1";
            match transaction.execute(sql, (id, state.name(), at.millis()))? {
                0 => Err(StoreError::missing("import", id)),
                _ => Ok(()),
            }
        })
    }

    /// Notes at the start of the program that imports which were running when
    /// it died are interrupted. Returns how many.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn interrupt_running_imports(&self, at: Timestamp) -> Result<usize, StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE import SET state = 'interrupted', finished_at = ?1 WHERE state = 'running'";
            Ok(transaction.execute(sql, [at.millis()])?)
        })
    }

    /// One import.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_import(&self, id: i64) -> Result<ImportRun, StoreError> {
        self.database.read(|connection| load(connection, id))
    }

    /// Imports, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_imports(&self, limit: usize) -> Result<Vec<ImportRun>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM import ORDER BY id DESC LIMIT ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query([sql_limit(limit.min(PAGE_MAX))])?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next()? {
                runs.push(decode(row)?);
            }
            Ok(runs)
        })
    }

    /// Rejects, newest first, of one origin or of all, those before the reject
    /// `before_id` if given, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_rejects(
        &self,
        origin: Option<Origin>,
        before_id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredReject>, StoreError> {
        let (clause, number) = match origin {
            None => ("?1 IS NULL", None),
            Some(Origin::Source(id)) => ("source = ?1", Some(id)),
            Some(Origin::Import(id)) => ("import = ?1", Some(id)),
        };
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT id, source, import, at, line, reason, excerpt FROM reject
                 WHERE {clause} AND id < ?2 ORDER BY id DESC LIMIT ?3"
            ))?;
            let page = (number, before_id.unwrap_or(i64::MAX), sql_limit(limit.min(PAGE_MAX)));
            let mut rows = statement.query(page)?;
            let mut rejects = Vec::new();
            while let Some(row) = rows.next()? {
                let id: i64 = row.get(0)?;
                let origin = Origin::of_columns(row.get(1)?, row.get(2)?);
                let line = database::count("reject", row.get(4)?)?;
                rejects.push(StoredReject {
                    id,
                    origin: origin.ok_or_else(|| StoreError::corrupt("reject", id, "it has no origin"))?,
                    at: Timestamp::from_millis(row.get(3)?),
                    reject: read_reject(line, &row.get::<_, String>(5)?, row.get(6)?),
                });
            }
            Ok(rejects)
        })
    }

    /// Rejects of an origin ever counted, also those no longer kept.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn count_rejects(&self, origin: Origin) -> Result<u64, StoreError> {
        let (sql, what, id) = match origin {
            Origin::Source(id) => ("SELECT rejected_count FROM source WHERE id = ?1", "source", id),
            Origin::Import(id) => ("SELECT rejected_count FROM import WHERE id = ?1", "import", id),
        };
        self.database.read(|connection| {
            let count = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            database::count("reject", count.ok_or_else(|| StoreError::missing(what, id))?)
        })
    }
}

/// What stands between the parts of the column `reason` (ASCII: unit separator).
const PART: char = '\u{1f}';

/// Text, code and arguments of a reject as its column holds them.
fn reason_column(reject: &Reject) -> String {
    let plain = |text: &str| text.replace(PART, " ");
    let mut column = plain(&reject.reason);
    if let Some(cause) = &reject.cause {
        for part in std::iter::once(&cause.code).chain(&cause.arguments) {
            column.push(PART);
            column.push_str(&plain(part));
        }
    }
    column
}

fn read_reject(line: u64, column: &str, excerpt: String) -> Reject {
    let mut parts = column.split(PART);
    let reason = parts.next().unwrap_or_default().to_owned();
    let code = parts.next();
    let cause = code.map(|code| RejectCause::new(code, parts.map(str::to_owned).collect()));
    Reject { line, reason, cause, excerpt }
}

/// Stores rejects in the batch's transaction and drops the oldest beyond
/// [`REJECTS_MAX`]; the counters are the origin's.
pub(super) fn insert_rejects(
    connection: &Connection,
    origin: Origin,
    rejects: &[Reject],
    at: Timestamp,
) -> Result<(), StoreError> {
    if rejects.is_empty() {
        return Ok(());
    }
    let (source, import) = origin.columns();
    let mut insert = connection.prepare_cached(
        "INSERT INTO reject (source, import, line, reason, excerpt, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let kept = rejects.get(rejects.len().saturating_sub(REJECTS_MAX)..).unwrap_or_default();
    for reject in kept {
        let line = integer(reject.line);
        let reason = reason_column(reject);
        let inserted = insert.execute((source, import, line, &reason, &reject.excerpt, at.millis()));
        inserted.map_err(|error| unknown_origin(origin, error))?;
    }
    let (column, id) = match origin {
        Origin::Source(id) => ("source", id),
        Origin::Import(id) => ("import", id),
    };
    let mut trim = connection.prepare_cached(&format!(
        "DELETE FROM reject WHERE {column} = ?1 AND id <= ifnull(
             (SELECT id FROM reject WHERE {column} = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2), 0)"
    ))?;
    trim.execute((id, sql_limit(REJECTS_MAX)))?;
    Ok(())
}

/// A broken reference to the origin means that there is no such origin.
fn unknown_origin(origin: Origin, error: rusqlite::Error) -> StoreError {
    let broken_reference = rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY;
    match (origin, error.sqlite_error()) {
        (Origin::Source(id), Some(failure)) if failure.extended_code == broken_reference => {
            StoreError::missing("source", id)
        }
        (Origin::Import(id), Some(failure)) if failure.extended_code == broken_reference => {
            StoreError::missing("import", id)
        }
        _ => error.into(),
    }
}

/// What a batch changes in its import, in the batch's transaction.
pub(super) fn record_progress(
    connection: &Connection,
    id: i64,
    batch: &WriteBatch<'_>,
    outcome: &BatchOutcome,
) -> Result<(), StoreError> {
    let tally = |matching: fn(&Stored) -> bool| {
        sql_limit(outcome.stored.iter().filter(|stored| matching(stored)).count())
    };
    let mut update = connection.prepare_cached(
        "UPDATE import SET line = ifnull(?2, line), read_bytes = ifnull(?3, read_bytes),
             received_count = received_count + ?4, new_count = new_count + ?5,
             changed_count = changed_count + ?6, same_count = same_count + ?7,
             stale_count = stale_count + ?8, buried_count = buried_count + ?9,
             rejected_count = rejected_count + ?10
         WHERE id = ?1",
    )?;
    let changed = update.execute((
        id,
        batch.progress.map(|progress| integer(progress.line)),
        batch.progress.map(|progress| integer(progress.read_bytes)),
        integer(batch.received_count),
        tally(|stored| matches!(stored, Stored::New(_))),
        tally(|stored| matches!(stored, Stored::Changed { .. })),
        tally(|stored| matches!(stored, Stored::Same(_))),
        tally(|stored| matches!(stored, Stored::Stale(_))),
        tally(|stored| matches!(stored, Stored::Buried)),
        sql_limit(batch.rejects.len()),
    ))?;
    if changed == 0 { Err(StoreError::missing("import", id)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_keeps_its_code_and_its_arguments() {
        for (reason, cause) in [
            ("a text alone", None),
            ("the text", Some(RejectCause::new("code", Vec::new()))),
            (
                "the text",
                Some(RejectCause::new("code", vec!["1".to_owned(), String::new(), "«a b»".to_owned()])),
            ),
        ] {
            let reject = Reject { line: 7, reason: reason.to_owned(), cause, excerpt: "x".to_owned() };
            let column = reason_column(&reject);
            assert!(column.starts_with(reason));
            assert_eq!(read_reject(7, &column, "x".to_owned()), reject);
        }
        let foreign = Reject {
            line: 1,
            reason: "a\u{1f}code".to_owned(),
            cause: Some(RejectCause::new("id", vec!["b\u{1f}c".to_owned()])),
            excerpt: String::new(),
        };
        let read = read_reject(1, &reason_column(&foreign), String::new());
        assert_eq!(read.reason, "a code");
        assert_eq!(read.cause, Some(RejectCause::new("id", vec!["b c".to_owned()])));
    }
}
