//! Deletion that reaches every copy: rows, free pages, the write-ahead log,
//! copies made before a migration; and copies that are wanted: backups.
//!
//! In: ids, an account, or a text. Out: the ids that are gone (also queued for
//! the index, see [`Archive::gone`]).
//! Errors: [`StoreError`].
//! Cost: stated per call; [`Archive::scrub`] rewrites the database.
//! Limits: blocks that the file gave back to the disk, and backups that were
//! taken elsewhere, are beyond the program's reach.

use super::pack::author_key;
use super::{Archive, alerts, audit, groups, pictures};
use crate::database::Database;
use crate::error::StoreError;
use model::text::fold;
use model::{AccountKey, RecordKey, Timestamp};
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;
use std::path::Path;

/// Pages given back to the disk by one call of [`Archive::shrink`].
pub const SHRINK_PAGES_MAX: u32 = 64 * 1024;
/// The setting that says since when deleted text may be in free pages.
const SCRUB_DUE: &str = "scrub_due";

/// Why records go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeletionReason {
    /// Their network deleted them.
    AtSource,
    /// They are older than the workspace keeps posts. No tombstone is left:
    /// what is older than that is not taken to begin with.
    Retention,
    /// A person asked for it; they never come back.
    Erasure,
}

impl DeletionReason {
    /// The word in the audit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AtSource => "at_source",
            Self::Retention => "retention",
            Self::Erasure => "erasure",
        }
    }
}

impl Archive {
    /// Deletes records with their labels; the audit keeps the counts, no text.
    /// Returns how many there were. Cost: one transaction, about 20 µs per record.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn delete_records(
        &self,
        ids: &[i64],
        reason: DeletionReason,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<usize, StoreError> {
        self.database.write(|transaction| delete_rows(transaction, ids, reason, by, at))
    }

    /// The ids of everything that an account wrote, and of its own record.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn find_ids_by_author(&self, account: &AccountKey) -> Result<Vec<i64>, StoreError> {
        self.database.read(|connection| ids_by_author(connection, author_key(account)))
    }

    /// Erases everything that an account wrote, and its own record. With `bar`
    /// nothing of it is taken again (a hash of the account stays for that).
    /// Call [`Archive::scrub`] once rows, rejects and index are done.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn delete_by_author(
        &self,
        account: &AccountKey,
        bar: bool,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let author = author_key(account);
        self.database.write(|transaction| {
            let ids = ids_by_author(transaction, author)?;
            delete_rows(transaction, &ids, DeletionReason::Erasure, by, at)?;
            groups::forget_account(transaction, author)?;
            if bar {
                transaction.execute(
                    "INSERT OR IGNORE INTO barred_author (author, at) VALUES (?1, ?2)",
                    (author.0.as_slice(), at.millis()),
                )?;
            }
            Ok(ids)
        })
    }

    /// Deletes rejects whose reason or excerpt holds `text`, compared folded:
    /// the handle or the identifier of an erased account. Returns how many.
    /// Time: linear in the rejects kept.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when nothing is left of the text after folding.
    pub fn delete_rejects_containing(&self, text: &str, at: Timestamp) -> Result<usize, StoreError> {
        let wanted = fold(text.trim());
        if wanted.trim().is_empty() {
            return Err(StoreError::invalid("text to erase", "it holds no letter or digit"));
        }
        self.database.write(|transaction| {
            let mut found = Vec::new();
            let mut statement = transaction.prepare("SELECT id, reason, excerpt FROM reject")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (reason, excerpt): (String, String) = (row.get(1)?, row.get(2)?);
                if fold(&reason).contains(&wanted) || fold(&excerpt).contains(&wanted) {
                    found.push(row.get::<_, i64>(0)?);
                }
            }
            let mut delete = transaction.prepare("DELETE FROM reject WHERE id = ?1")?;
            for id in &found {
                delete.execute([id])?;
            }
            if !found.is_empty() {
                note_scrub_due(transaction, at)?;
            }
            Ok(found.len())
        })
    }

    /// Since when deleted text may still be in free pages or in the log; `None`
    /// when there is none. Call [`Archive::scrub`] at once after an erasure, and
    /// at a quiet hour otherwise; ask at each start.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn scrub_due(&self) -> Result<Option<Timestamp>, StoreError> {
        self.database.read(|connection| {
            let since = audit::load_setting(connection, SCRUB_DUE)?;
            since.map(|text| audit::setting_number(SCRUB_DUE, &text).map(Timestamp::from_millis)).transpose()
        })
    }

    /// Makes erased bytes leave the folder's files: rewrites the database
    /// without its free space, empties the write-ahead log, and removes copies
    /// made before a migration. Waits until no one reads.
    /// Time and disk: linear in the database, about as much space again while it runs.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program reads the database;
    /// [`StoreError::Full`] when there is no room for the rewrite. It stays due then.
    pub fn scrub(&self) -> Result<(), StoreError> {
        self.database.alone(|connection| {
            // secure_delete zeroes what is deleted, but a page that SQLite
            // rearranged may hold older copies of a cell; a rewrite holds none.
            connection.execute_batch("VACUUM")?;
            Database::checkpoint(connection)
        })?;
        self.remove_migration_copies()?;
        self.database.write(|transaction| {
            transaction.execute("DELETE FROM setting WHERE name = ?1", [SCRUB_DUE])?;
            Ok(())
        })
    }

    fn remove_migration_copies(&self) -> Result<(), StoreError> {
        let entries = std::fs::read_dir(&self.folder).map_err(StoreError::folder(&self.folder))?;
        for entry in entries {
            let path = entry.map_err(StoreError::folder(&self.folder))?.path();
            let is_copy = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
                name.starts_with("before-migration-") && (name.ends_with(".db") || name.ends_with(".partial"))
            });
            if is_copy {
                std::fs::remove_file(&path).map_err(StoreError::folder(&path))?;
            }
        }
        Ok(())
    }

    /// Gives free space back to the disk after retention, at most
    /// [`SHRINK_PAGES_MAX`] pages per call, and empties the write-ahead log.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program reads the database.
    pub fn shrink(&self) -> Result<(), StoreError> {
        self.database.alone(|connection| {
            let mut statement =
                connection.prepare(&format!("PRAGMA incremental_vacuum({SHRINK_PAGES_MAX})"))?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Database::checkpoint(connection)
        })
    }

    /// Writes a complete copy of this moment to a file; sources go on meanwhile.
    /// The copy is itself a workspace database. Time: linear.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Folder`].
    pub fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        self.database.copy_to(path)
    }

    /// Reads the whole database and compares its indexes. Time: linear.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first findings.
    pub fn check(&self) -> Result<(), StoreError> {
        self.database.check()
    }
}

/// Written so that the index on the first bytes is used.
pub(super) const IDS_BY_AUTHOR: &str =
    "SELECT id FROM record WHERE substr(author, 1, 4) = substr(?1, 1, 4) AND author = ?1 ORDER BY id";

/// The ids of an author's records, lowest first.
pub(super) fn ids_by_author(connection: &Connection, author: RecordKey) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(IDS_BY_AUTHOR)?;
    let ids = statement.query_map([author.0.as_slice()], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Deletes rows and labels, queues the ids for the index, leaves tombstones and
/// an audit entry. Returns how many rows there were.
pub(super) fn delete_rows(
    connection: &Connection,
    ids: &[i64],
    reason: DeletionReason,
    by: Option<i64>,
    at: Timestamp,
) -> Result<usize, StoreError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut delete = connection.prepare_cached("DELETE FROM record WHERE id = ?1 RETURNING key")?;
    let mut queue = connection.prepare_cached("INSERT OR IGNORE INTO gone (id) VALUES (?1)")?;
    let mut unlabel = connection.prepare_cached("DELETE FROM label WHERE key = ?1")?;
    let mut forget = connection.prepare_cached("DELETE FROM correction WHERE key = ?1")?;
    let mut entomb = connection.prepare_cached(
        "INSERT INTO tombstone (key, deleted_at, erased) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET deleted_at = max(deleted_at, excluded.deleted_at),
                                         erased = max(erased, excluded.erased)",
    )?;
    let (mut records, mut labels) = (0_usize, 0_usize);
    for id in ids {
        let key: Option<[u8; 16]> = delete.query_row([id], |row| row.get(0)).optional()?;
        let Some(key) = key else { continue };
        records += 1;
        queue.execute([id])?;
        labels += unlabel.execute([key.as_slice()])?;
        forget.execute([key.as_slice()])?;
        pictures::delete_of_key(connection, &key)?;
        alerts::forget_record(connection, &key)?;
        if reason != DeletionReason::Retention {
            entomb.execute((key.as_slice(), at.millis(), reason == DeletionReason::Erasure))?;
        }
    }
    if records > 0 {
        let details = json!({ "reason": reason.name(), "records": records, "labels": labels });
        audit::insert(connection, by, "records.delete", &details, at)?;
        note_scrub_due(connection, at)?;
    }
    Ok(records)
}

/// Notes that deleted or replaced text may be in free pages from now on.
pub(super) fn note_scrub_due(connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ?2)")?
        .execute((SCRUB_DUE, at.millis().to_string()))?;
    Ok(())
}
