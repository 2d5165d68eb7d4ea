//! The audit, and the small things that people decide about a workspace: brand
//! handbook, settings, exports still held.
//!
//! In and out: these values. Errors: [`StoreError`]. Cost: one small transaction.
//! Limits: the audit only grows; the database refuses to change or delete it.
//! Its details hold numbers and names of ours, never a post's or author's text.

use super::Archive;
use super::records::PAGE_MAX;
use crate::database::limit as sql_limit;
use crate::error::StoreError;
use model::Timestamp;
use model::handbook::BrandHandbook;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::fmt::Display;
use std::str::FromStr;

/// The setting of [`Settings::retention_days`].
const RETENTION_DAYS: &str = "retention_days";

/// Who decided what, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Rises with each entry.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` is the program itself or its command line.
    pub by: Option<i64>,
    /// What, such as `query.update`.
    pub what: String,
    /// Its particulars, a JSON object.
    pub details: Value,
}

/// What a workspace decides about its data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Posts older than this are deleted, days; `None` keeps them for ever.
    pub retention_days: Option<u32>,
}

/// A file that people took out and that the program still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its number.
    pub id: i64,
    /// Its name in the workspace's `exports` folder.
    pub file_name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is to be deleted.
    pub expires_at: Timestamp,
    /// Who asked for it.
    pub by: Option<i64>,
}

impl Archive {
    /// Adds an entry to the audit.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn record_audit(
        &self,
        by: Option<i64>,
        what: &str,
        details: &Value,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.database.write(|transaction| insert(transaction, by, what, details, at))
    }

    /// Entries of the audit, newest first, those before the entry `before_id`
    /// if given, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when an entry cannot be read back.
    pub fn list_audit(&self, before_id: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
        self.database.read(|connection| list(connection, "audit", before_id, limit))
    }

    /// The brand handbook and its version; the empty one has version 0.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it cannot be read back.
    pub fn load_handbook(&self) -> Result<(BrandHandbook, u32), StoreError> {
        self.database.read(|connection| {
            let row: Option<(u32, String)> = connection
                .query_row("SELECT version, body FROM handbook ORDER BY version DESC LIMIT 1", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let Some((version, body)) = row else { return Ok((BrandHandbook::default(), 0)) };
            let handbook = serde_json::from_str(&body)
                .map_err(|error| StoreError::corrupt("handbook, version", version, error))?;
            Ok((handbook, version))
        })
    }

    /// Stores a new version of the handbook and returns its number; the former ones stay.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn update_handbook(
        &self,
        handbook: &BrandHandbook,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<u32, StoreError> {
        let body = serde_json::to_string(handbook).map_err(|e| StoreError::invalid("handbook", e))?;
        self.database.write(|transaction| {
            Ok(transaction.query_row(
                "INSERT INTO handbook (version, body, at, user)
                 VALUES ((SELECT ifnull(max(version), 0) + 1 FROM handbook), ?1, ?2, ?3)
                 RETURNING version",
                (body, at.millis(), by),
                |row| row.get(0),
            )?)
        })
    }

    /// The workspace's settings.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when one cannot be read back.
    pub fn load_settings(&self) -> Result<Settings, StoreError> {
        self.database.read(|connection| {
            let days = load_setting(connection, RETENTION_DAYS)?;
            let retention_days = days.map(|text| setting_number(RETENTION_DAYS, &text)).transpose()?;
            Ok(Settings { retention_days })
        })
    }

    /// Stores the workspace's settings.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn update_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            match settings.retention_days {
                Some(days) => transaction.execute(
                    "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                    (RETENTION_DAYS, days.to_string()),
                )?,
                None => transaction.execute("DELETE FROM setting WHERE name = ?1", [RETENTION_DAYS])?,
            };
            Ok(())
        })
    }

    /// Notes an export file that is about to be written, and returns its number.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a file of that name is held.
    pub fn insert_export(
        &self,
        file_name: &str,
        expires_at: Timestamp,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        self.database.write(|transaction| {
            transaction
                .execute(
                    "INSERT INTO export (file_name, created_at, expires_at, user) VALUES (?1, ?2, ?3, ?4)",
                    (file_name, at.millis(), expires_at.millis(), by),
                )
                .map_err(StoreError::taken("export", file_name))?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// The exports still held, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_exports(&self) -> Result<Vec<ExportFile>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, file_name, created_at, expires_at, user FROM export ORDER BY id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(ExportFile {
                    id: row.get(0)?,
                    file_name: row.get(1)?,
                    created_at: Timestamp::from_millis(row.get(2)?),
                    expires_at: Timestamp::from_millis(row.get(3)?),
                    by: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Forgets an export whose file was deleted.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn remove_export(&self, id: i64) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            match transaction.execute("DELETE FROM export WHERE id = ?1", [id])? {
                0 => Err(StoreError::missing("export", id)),
                _ => Ok(()),
            }
        })
    }
}

/// The stored text of a setting.
pub(crate) fn load_setting(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// A setting that is a number.
pub(super) fn setting_number<T>(name: &'static str, text: &str) -> Result<T, StoreError>
where
    T: FromStr<Err: Display>,
{
    text.parse().map_err(|error: T::Err| StoreError::corrupt("setting", name, error.to_string()))
}

/// Adds an entry to a workspace's audit inside a transaction.
pub(super) fn insert(
    connection: &Connection,
    by: Option<i64>,
    what: &str,
    details: &Value,
    at: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO audit (at, user, what, details) VALUES (?1, ?2, ?3, ?4)")?
        .execute((at.millis(), by, what, details.to_string()))?;
    Ok(())
}

/// Entries of an append-only table, newest first.
pub(crate) fn list(
    connection: &Connection,
    table: &'static str,
    before_id: Option<i64>,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, at, user, what, details FROM {table} WHERE id < ?1 ORDER BY id DESC LIMIT ?2"
    ))?;
    let page = (before_id.unwrap_or(i64::MAX), sql_limit(limit.min(PAGE_MAX)));
    let rows = statement.query_map(page, read)?;
    rows.map(|row| {
        let (entry, details) = row?;
        let details = serde_json::from_str(&details)
            .map_err(|error| StoreError::corrupt("audit entry", entry.id, error))?;
        Ok(AuditEntry { details, ..entry })
    })
    .collect()
}

/// An entry and its details as text.
fn read(row: &Row<'_>) -> rusqlite::Result<(AuditEntry, String)> {
    let entry = AuditEntry {
        id: row.get(0)?,
        at: Timestamp::from_millis(row.get(1)?),
        by: row.get(2)?,
        what: row.get(3)?,
        details: Value::Null,
    };
    Ok((entry, row.get(4)?))
}
