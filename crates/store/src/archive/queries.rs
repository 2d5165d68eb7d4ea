//! Saved queries with their history, and saved streams.
//!
//! In: names and expressions (checked by the caller: they parse). Out: the same.
//! Errors: [`StoreError::Taken`] for a name in use, [`StoreError::Missing`].
//! Cost: one small transaction. A query is archived, never deleted: what was
//! found by it can be explained later.

use super::Archive;
use crate::error::StoreError;
use model::Timestamp;
use model::listening::{Purpose, SavedQuery, Stream};
use rusqlite::{Connection, OptionalExtension, Row};

/// What a person says about a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewQuery<'a> {
    /// Its name, unique among those not archived.
    pub name: &'a str,
    /// Why it exists.
    pub purpose: Purpose,
    /// The expression; it parses.
    pub expression: &'a str,
}

/// A state that a query was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryVersion {
    /// The version; rises with each change of the expression only.
    pub version: u32,
    /// The name at that time.
    pub name: String,
    /// The purpose at that time.
    pub purpose: Purpose,
    /// The expression.
    pub expression: String,
    /// Since when.
    pub changed_at: Timestamp,
    /// Who changed it; `None` is the program or its command line.
    pub by: Option<i64>,
}

fn purpose(id: i64, text: &str) -> Result<Purpose, StoreError> {
    Purpose::parse(text)
        .ok_or_else(|| StoreError::corrupt("query", id, format!("there is no purpose «{text}»")))
}

/// A query and its purpose as text.
fn read(row: &Row<'_>) -> rusqlite::Result<(SavedQuery, String)> {
    let query = SavedQuery {
        id: row.get(0)?,
        name: row.get(1)?,
        purpose: Purpose::Topic,
        expression: row.get(3)?,
        version: row.get(4)?,
        created_at: Timestamp::from_millis(row.get(5)?),
    };
    Ok((query, row.get(2)?))
}

fn decode((query, text): (SavedQuery, String)) -> Result<SavedQuery, StoreError> {
    Ok(SavedQuery { purpose: purpose(query.id, &text)?, ..query })
}

const COLUMNS: &str = "id, name, purpose, expression, version, created_at";

fn load(connection: &Connection, id: i64) -> Result<SavedQuery, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM query WHERE id = ?1");
    let row = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
    decode(row.ok_or_else(|| StoreError::missing("query", id))?)
}

fn record_history(
    connection: &Connection,
    query: &SavedQuery,
    by: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO query_history (query, version, name, purpose, expression, at, user)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (query.id, query.version, &query.name, query.purpose.name(), &query.expression, at.millis(), by),
    )?;
    Ok(())
}

impl Archive {
    /// Saves a query at version 1.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a query that is not archived has the name.
    pub fn insert_query(
        &self,
        query: &NewQuery<'_>,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<SavedQuery, StoreError> {
        self.database.write(|transaction| {
            transaction
                .execute(
                    "INSERT INTO query (name, purpose, expression, created_at, user)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    (query.name, query.purpose.name(), query.expression, at.millis(), by),
                )
                .map_err(StoreError::taken("query name", query.name))?;
            let saved = load(transaction, transaction.last_insert_rowid())?;
            record_history(transaction, &saved, by, at)?;
            Ok(saved)
        })
    }

    /// Changes a query; the version rises when the expression changes.
    ///
    /// # Errors
    /// [`StoreError::Taken`], [`StoreError::Missing`] (also when it is archived).
    pub fn update_query(
        &self,
        id: i64,
        query: &NewQuery<'_>,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<SavedQuery, StoreError> {
        self.database.write(|transaction| {
            let changed = transaction
                .execute(
                    "UPDATE query SET name = ?2, purpose = ?3, expression = ?4,
                                      version = version + (expression <> ?4)
                     WHERE id = ?1 AND archived_at IS NULL",
                    (id, query.name, query.purpose.name(), query.expression),
                )
                .map_err(StoreError::taken("query name", query.name))?;
            if changed == 0 {
                return Err(StoreError::missing("query", id));
            }
            let saved = load(transaction, id)?;
            record_history(transaction, &saved, by, at)?;
            Ok(saved)
        })
    }

    /// Takes a query out of use; its name is free again.
    ///
    /// # Errors
    /// [`StoreError::Missing`] (also when it was archived before).
    pub fn archive_query(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE query SET archived_at = ?2 WHERE id = ?1 AND archived_at IS NULL";
            match transaction.execute(sql, (id, at.millis()))? {
                0 => Err(StoreError::missing("query", id)),
                _ => Ok(()),
            }
        })
    }

    /// The queries in use, in the order in which they were made.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_queries(&self) -> Result<Vec<SavedQuery>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM query WHERE archived_at IS NULL ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([], read)?.map(|row| decode(row?)).collect()
        })
    }

    /// One query, also an archived one.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_query(&self, id: i64) -> Result<SavedQuery, StoreError> {
        self.database.read(|connection| load(connection, id))
    }

    /// Every state of a query, oldest first, the present one last.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_query_history(&self, id: i64) -> Result<Vec<QueryVersion>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT version, name, purpose, expression, at, user FROM query_history
                 WHERE query = ?1 ORDER BY id",
            )?;
            let mut rows = statement.query([id])?;
            let mut versions = Vec::new();
            while let Some(row) = rows.next()? {
                let text: String = row.get(2)?;
                versions.push(QueryVersion {
                    version: row.get(0)?,
                    name: row.get(1)?,
                    purpose: purpose(id, &text)?,
                    expression: row.get(3)?,
                    changed_at: Timestamp::from_millis(row.get(4)?),
                    by: row.get(5)?,
                });
            }
            Ok(versions)
        })
    }

    /// Saves a stream.
    ///
    /// # Errors
    /// [`StoreError::Taken`] for a name in use.
    pub fn insert_stream(
        &self,
        name: &str,
        expression: &str,
        by: Option<i64>,
        at: Timestamp,
    ) -> Result<Stream, StoreError> {
        self.database.write(|transaction| {
            transaction
                .execute(
                    "INSERT INTO stream (name, expression, created_at, user) VALUES (?1, ?2, ?3, ?4)",
                    (name, expression, at.millis(), by),
                )
                .map_err(StoreError::taken("stream name", name))?;
            let id = transaction.last_insert_rowid();
            Ok(Stream { id, name: name.to_owned(), expression: expression.to_owned() })
        })
    }

    /// Changes a stream.
    ///
    /// # Errors
    /// [`StoreError::Taken`], [`StoreError::Missing`].
    pub fn update_stream(&self, id: i64, name: &str, expression: &str) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE stream SET name = ?2, expression = ?3 WHERE id = ?1";
            let changed = transaction.execute(sql, (id, name, expression));
            match changed.map_err(StoreError::taken("stream name", name))? {
                0 => Err(StoreError::missing("stream", id)),
                _ => Ok(()),
            }
        })
    }

    /// Deletes a stream.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn remove_stream(&self, id: i64) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            match transaction.execute("DELETE FROM stream WHERE id = ?1", [id])? {
                0 => Err(StoreError::missing("stream", id)),
                _ => Ok(()),
            }
        })
    }

    /// The streams in the order in which they were made.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_streams(&self) -> Result<Vec<Stream>, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, name, expression FROM stream ORDER BY id")?;
            Ok(statement.query_map([], read_stream)?.collect::<Result<_, _>>()?)
        })
    }

    /// One stream.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_stream(&self, id: i64) -> Result<Stream, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, name, expression FROM stream WHERE id = ?1")?;
            let stream = statement.query_row([id], read_stream).optional()?;
            stream.ok_or_else(|| StoreError::missing("stream", id))
        })
    }
}

fn read_stream(row: &Row<'_>) -> rusqlite::Result<Stream> {
    Ok(Stream { id: row.get(0)?, name: row.get(1)?, expression: row.get(2)? })
}
