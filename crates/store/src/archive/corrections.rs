//! What people say that a post is, where the method said otherwise.
//!
//! In: a record id, a question and its answer, both as words. Out: the
//! corrections in their order. Nothing is overwritten: a later correction of
//! the same question counts instead of the earlier, and an undone one stays in the list.
//! Errors: [`StoreError::Invalid`] for words that are too long.
//! Cost: one durable transaction each.
//! Limits: [`CORRECTION_WORD_BYTES_MAX`], [`CORRECTIONS_READ_MAX`].

use super::Archive;
use super::records::PAGE_MAX;
use crate::database;
use crate::error::StoreError;
use model::{RecordKey, Timestamp};
use rusqlite::{OptionalExtension, Row};

/// Longest question or answer, bytes.
pub const CORRECTION_WORD_BYTES_MAX: usize = 64;
/// Most corrections read at once; the newest.
pub const CORRECTIONS_READ_MAX: usize = 20_000;

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCorrection {
    /// Its number; rises with time.
    pub id: i64,
    /// The post as it is now; `None` when it is gone.
    pub record: Option<i64>,
    /// The key of the post.
    pub key: RecordKey,
    /// The question: `tone`, `intent` …
    pub head: String,
    /// The answer.
    pub value: String,
    /// When.
    pub at: Timestamp,
    /// Who; `None` is the command line.
    pub by: Option<i64>,
    /// It judges the method and never teaches it.
    pub held_out: bool,
    /// When it was taken back, and by whom.
    pub undone: Option<(Timestamp, Option<i64>)>,
}

/// A correction to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewCorrection<'a> {
    /// The post.
    pub record: i64,
    /// The question.
    pub head: &'a str,
    /// The answer.
    pub value: &'a str,
    /// It judges the method and never teaches it.
    pub held_out: bool,
    /// Who.
    pub by: Option<i64>,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "correction.id, record.id, correction.key, head, value, at, user, held_out, undone_at, \
     undone_by FROM correction LEFT JOIN record ON record.key = correction.key";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredCorrection> {
    let undone_at: Option<i64> = row.get(8)?;
    let undone_by = row.get(9)?;
    Ok(StoredCorrection {
        id: row.get(0)?,
        record: row.get(1)?,
        key: RecordKey(row.get(2)?),
        head: row.get(3)?,
        value: row.get(4)?,
        at: Timestamp::from_millis(row.get(5)?),
        by: row.get(6)?,
        held_out: row.get(7)?,
        undone: undone_at.map(|at| (Timestamp::from_millis(at), undone_by)),
    })
}

impl Archive {
    /// Keeps a correction; its number, or `None` when the post is gone.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a long question or answer.
    pub fn insert_correction(&self, new: &NewCorrection<'_>) -> Result<Option<i64>, StoreError> {
        for (what, word) in [("head", new.head), ("value", new.value)] {
            if word.is_empty() || word.len() > CORRECTION_WORD_BYTES_MAX {
                let reason = format!("{} bytes; write 1 to {CORRECTION_WORD_BYTES_MAX}", word.len());
                return Err(StoreError::invalid(what, reason));
            }
        }
        self.database.write(|transaction| {
            let inserted = transaction.execute(
                "INSERT INTO correction (key, head, value, at, user, held_out)
                 SELECT key, ?2, ?3, ?4, ?5, ?6 FROM record WHERE id = ?1",
                (new.record, new.head, new.value, new.at.millis(), new.by, new.held_out),
            )?;
            Ok((inserted == 1).then(|| transaction.last_insert_rowid()))
        })
    }

    /// Takes a correction back; the correction as it stood, `None` when there
    /// is none or it was taken back before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn undo_correction(
        &self,
        id: i64,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<Option<StoredCorrection>, StoreError> {
        self.database.write(|transaction| {
            let found = transaction
                .query_row(
                    &format!("SELECT {COLUMNS} WHERE correction.id = ?1 AND undone_at IS NULL"),
                    [id],
                    read,
                )
                .optional()?;
            transaction.execute(
                "UPDATE correction SET undone_at = ?2, undone_by = ?3 WHERE id = ?1 AND undone_at IS NULL",
                (id, at.millis(), by),
            )?;
            Ok(found)
        })
    }

    /// The corrections of a post that stand, in their order.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn corrections_of(&self, record: i64) -> Result<Vec<StoredCorrection>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE record.id = ?1 AND undone_at IS NULL ORDER BY correction.id"
            ))?;
            let rows = statement.query_map([record], read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Corrections, undone ones included, newest first, at most `limit`
    /// ([`PAGE_MAX`]), those below `before` when given.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_corrections(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<StoredCorrection>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE correction.id < ?1 ORDER BY correction.id DESC LIMIT ?2"
            ))?;
            let limit = database::limit(limit.min(PAGE_MAX));
            let rows = statement.query_map((before.unwrap_or(i64::MAX), limit), read)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The corrections that count, in their order, at most the newest [`CORRECTIONS_READ_MAX`].
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn standing_corrections(&self) -> Result<Vec<StoredCorrection>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE undone_at IS NULL ORDER BY correction.id DESC LIMIT ?1"
            ))?;
            let rows = statement.query_map([database::limit(CORRECTIONS_READ_MAX)], read)?;
            let mut list: Vec<StoredCorrection> = rows.collect::<Result<_, _>>()?;
            list.reverse();
            Ok(list)
        })
    }
}
