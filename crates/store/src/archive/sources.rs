//! Sources: what a workspace listens to, how each fares, and when it listened.
//!
//! In: setups, secrets, cursors, errors, heartbeats. Out: the same; secrets
//! only through [`Archive::load_source_secret`].
//! Errors: [`StoreError::Taken`] for a name in use, [`StoreError::Missing`].
//! Cost: one small transaction; a batch updates its source in its own.
//! Limits: [`SOURCE_ERROR_CHARS_MAX`] characters of an error are kept; a
//! silence of more than [`LISTENING_GAP_MS`] is a gap.

use super::Archive;
use super::records::{BatchOutcome, Stored, WriteBatch};
use crate::database::{self, integer};
use crate::error::StoreError;
use model::Timestamp;
use model::listening::{Keep, Source, SourceHealth, SourceSetup};
use model::time::MINUTE_MS;
use rusqlite::{Connection, OptionalExtension, Row};

/// A source that was silent for longer has a gap in its collection, milliseconds.
pub const LISTENING_GAP_MS: i64 = 2 * MINUTE_MS;
/// Longest error text kept of a source, characters.
pub const SOURCE_ERROR_CHARS_MAX: usize = 500;

/// A source to be added, or what becomes of one.
#[derive(Clone, Copy)]
pub struct NewSource<'a> {
    /// Its name, unique among those not removed.
    pub name: &'a str,
    /// What it reads.
    pub setup: &'a SourceSetup,
    /// Which posts are kept.
    pub keep: Keep,
    /// Password, token or key; stored apart from the setup. `None` leaves a
    /// source that is changed with the secret that it has.
    pub secret: Option<&'a str>,
}

/// A span of time of a source: listening, or a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The source.
    pub source: i64,
    /// Its start.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

const fn keep_name(keep: Keep) -> &'static str {
    match keep {
        Keep::Matching => "matching",
        Keep::All => "all",
    }
}

fn setup_text(setup: &SourceSetup) -> Result<String, StoreError> {
    serde_json::to_string(setup).map_err(|error| StoreError::invalid("source setup", error))
}

/// Never selects `secret` or `cursor`.
const COLUMNS: &str = "id, name, setup, keep, paused, secret IS NOT NULL";

/// A row before it is understood: setup and keep are text.
type SourceRow = (i64, String, String, String, bool, bool);

fn read(row: &Row<'_>) -> rusqlite::Result<SourceRow> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn decode((id, name, setup, keep, paused, has_secret): SourceRow) -> Result<Source, StoreError> {
    let setup = serde_json::from_str(&setup).map_err(|error| StoreError::corrupt("source", id, error))?;
    let keep = match keep.as_str() {
        "matching" => Keep::Matching,
        "all" => Keep::All,
        other => return Err(StoreError::corrupt("source", id, format!("«{other}» says not what to keep"))),
    };
    Ok(Source { id, name, setup, keep, paused, has_secret })
}

/// Fails with [`StoreError::Missing`] when no row was changed.
fn one(changed: usize, id: i64) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::missing("source", id)) } else { Ok(()) }
}

impl Archive {
    /// Adds a source and returns its number.
    ///
    /// # Errors
    /// [`StoreError::Taken`] for a name in use.
    pub fn insert_source(&self, source: &NewSource<'_>, at: Timestamp) -> Result<i64, StoreError> {
        let setup = setup_text(source.setup)?;
        self.database.write(|transaction| {
            transaction
                .execute(
                    "INSERT INTO source (name, setup, keep, secret, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                    (source.name, setup, keep_name(source.keep), source.secret, at.millis()),
                )
                .map_err(StoreError::taken("source name", source.name))?;
            Ok(transaction.last_insert_rowid())
        })
    }

    /// Changes a source, in one transaction with its secret if there is a new
    /// one. A setup that reads something else drops the cursor; any new setup or
    /// secret drops the waiting time.
    ///
    /// # Errors
    /// [`StoreError::Taken`], [`StoreError::Missing`].
    pub fn update_source(&self, id: i64, source: &NewSource<'_>) -> Result<(), StoreError> {
        let before = self.load_source(id)?;
        let keeps_cursor = before.setup.reads_the_same(source.setup);
        let keeps_waiting = before.setup == *source.setup && source.secret.is_none();
        let setup = setup_text(source.setup)?;
        let keep = keep_name(source.keep);
        self.database.write(|transaction| {
            let changed = transaction
                .execute(
                    "UPDATE source SET cursor = iif(?6, cursor, NULL), wait_until = iif(?7, wait_until, NULL),
                                       name = ?2, setup = ?3, keep = ?4, secret = ifnull(?5, secret)
                     WHERE id = ?1 AND removed_at IS NULL",
                    (id, source.name, setup, keep, source.secret, keeps_cursor, keeps_waiting),
                )
                .map_err(StoreError::taken("source name", source.name))?;
            one(changed, id)
        })
    }

    /// Stores or drops a source's secret.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn update_source_secret(&self, id: i64, secret: Option<&str>) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE source SET secret = ?2, wait_until = NULL WHERE id = ?1 AND removed_at IS NULL";
            one(transaction.execute(sql, (id, secret))?, id)
        })
    }

    /// Switches a source off or on.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn update_source_paused(&self, id: i64, paused: bool) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE source SET paused = ?2 WHERE id = ?1 AND removed_at IS NULL";
            one(transaction.execute(sql, (id, paused))?, id)
        })
    }

    /// Takes a source out of use. Its secret and cursor go; its records, rejects
    /// and windows stay, and so does its number.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn remove_source(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE source SET removed_at = ?2, secret = NULL, cursor = NULL
                       WHERE id = ?1 AND removed_at IS NULL";
            one(transaction.execute(sql, (id, at.millis()))?, id)
        })
    }

    /// The sources in use, in the order in which they were added; no secrets.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row cannot be read back.
    pub fn list_sources(&self) -> Result<Vec<Source>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM source WHERE removed_at IS NULL ORDER BY id");
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([], read)?.map(|row| decode(row?)).collect()
        })
    }

    /// One source, also a removed one; no secret.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_source(&self, id: i64) -> Result<Source, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} FROM source WHERE id = ?1");
            let row = connection.prepare_cached(&sql)?.query_row([id], read).optional()?;
            decode(row.ok_or_else(|| StoreError::missing("source", id))?)
        })
    }

    /// The secret of a source, to open it with.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_source_secret(&self, id: i64) -> Result<Option<String>, StoreError> {
        self.source_text("SELECT secret FROM source WHERE id = ?1", id)
    }

    /// Where a source goes on; `None` before its first batch.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_source_cursor(&self, id: i64) -> Result<Option<String>, StoreError> {
        self.source_text("SELECT cursor FROM source WHERE id = ?1", id)
    }

    fn source_text(&self, sql: &str, id: i64) -> Result<Option<String>, StoreError> {
        self.database.read(|connection| {
            let row = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?;
            row.ok_or_else(|| StoreError::missing("source", id))
        })
    }

    /// How a source fares.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn load_source_health(&self, id: i64) -> Result<SourceHealth, StoreError> {
        let health = self.health("WHERE id = ?1", [id])?.pop();
        health.map(|(_, health)| health).ok_or_else(|| StoreError::missing("source", id))
    }

    /// How the sources in use fare, by their number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_source_health(&self) -> Result<Vec<(i64, SourceHealth)>, StoreError> {
        self.health("WHERE removed_at IS NULL ORDER BY id", [])
    }

    fn health<P: rusqlite::Params>(
        &self,
        rest: &str,
        params: P,
    ) -> Result<Vec<(i64, SourceHealth)>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT id, last_ok, last_error_at, last_error, wait_until,
                        received_count, kept_count, rejected_count FROM source {rest}"
            ))?;
            let mut rows = statement.query(params)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let time = |column: usize| -> Result<Option<Timestamp>, StoreError> {
                    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
                };
                let counted = |column: usize| -> Result<u64, StoreError> {
                    database::count("source", row.get(column)?)
                };
                let health = SourceHealth {
                    last_ok: time(1)?,
                    last_error_at: time(2)?,
                    last_error: row.get(3)?,
                    wait_until: time(4)?,
                    received_count: counted(5)?,
                    kept_count: counted(6)?,
                    rejected_count: counted(7)?,
                };
                found.push((row.get(0)?, health));
            }
            Ok(found)
        })
    }

    /// Notes that a source failed. `text` holds no secret; `wait_until` is when
    /// it is asked again.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn record_source_error(
        &self,
        id: i64,
        text: &str,
        wait_until: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let text: String = text.chars().take(SOURCE_ERROR_CHARS_MAX).collect();
        self.database.write(|transaction| {
            let sql = "UPDATE source SET last_error = ?2, last_error_at = ?3, wait_until = ?4 WHERE id = ?1";
            let changed =
                transaction.execute(sql, (id, text, at.millis(), wait_until.map(Timestamp::millis)))?;
            one(changed, id)
        })
    }

    /// A heartbeat: the source is listening now, even if nothing comes. Extends
    /// its last window, or opens one after a silence of [`LISTENING_GAP_MS`].
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub fn record_listening(&self, source: i64, at: Timestamp) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let mut known = transaction.prepare_cached("SELECT 1 FROM source WHERE id = ?1")?;
            if !known.exists([source])? {
                return Err(StoreError::missing("source", source));
            }
            extend_window(transaction, source, at)
        })
    }

    /// When sources listened, cut to the span asked for; in order of source and time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_windows(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Window>, StoreError> {
        self.database.read(|connection| windows(connection, from, to))
    }

    /// When a source was not listening although it existed, within the span
    /// asked for; in order of source and time. A silence that has lasted no
    /// longer than [`LISTENING_GAP_MS`] is none yet.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn list_gaps(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Window>, StoreError> {
        self.database.read(|connection| {
            let windows = windows(connection, from, to)?;
            let mut statement =
                connection.prepare_cached("SELECT id, created_at, removed_at FROM source ORDER BY id")?;
            let mut rows = statement.query([])?;
            let mut gaps = Vec::new();
            while let Some(row) = rows.next()? {
                let source: i64 = row.get(0)?;
                let begins = Timestamp::from_millis(row.get(1)?).max(from);
                let ends =
                    row.get::<_, Option<i64>>(2)?.map_or(to, |end| Timestamp::from_millis(end).min(to));
                let own = windows.iter().filter(|window| window.source == source);
                gaps.extend(gaps_between(source, begins, ends, own));
            }
            Ok(gaps)
        })
    }
}

/// What lies in `[begins, ends]` outside of the windows (in order of time).
fn gaps_between<'a>(
    source: i64,
    begins: Timestamp,
    ends: Timestamp,
    windows: impl Iterator<Item = &'a Window>,
) -> Vec<Window> {
    let mut gaps = Vec::new();
    let mut reached = begins;
    for window in windows {
        gaps.push(Window { source, from: reached, to: window.from.min(ends) });
        reached = reached.max(window.to);
    }
    gaps.push(Window { source, from: reached, to: ends });
    gaps.retain(|gap| gap.to.millis().saturating_sub(gap.from.millis()) > LISTENING_GAP_MS);
    gaps
}

fn windows(connection: &Connection, from: Timestamp, to: Timestamp) -> Result<Vec<Window>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT source, max(from_at, ?1), min(to_at, ?2) FROM collection
         WHERE to_at >= ?1 AND from_at <= ?2 ORDER BY source, from_at",
    )?;
    let rows = statement.query_map((from.millis(), to.millis()), |row| {
        Ok(Window {
            source: row.get(0)?,
            from: Timestamp::from_millis(row.get(1)?),
            to: Timestamp::from_millis(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Extends a source's last window to `at`, or opens one. A clock that went back
/// changes nothing.
fn extend_window(connection: &Connection, source: i64, at: Timestamp) -> Result<(), StoreError> {
    let mut find = connection
        .prepare_cached("SELECT id, to_at FROM collection WHERE source = ?1 ORDER BY to_at DESC LIMIT 1")?;
    let last: Option<(i64, i64)> =
        find.query_row([source], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match last {
        Some((_, to)) if at.millis() <= to => Ok(()),
        Some((id, to)) if at.millis().saturating_sub(to) <= LISTENING_GAP_MS => {
            let mut extend = connection.prepare_cached("UPDATE collection SET to_at = ?2 WHERE id = ?1")?;
            extend.execute((id, at.millis()))?;
            Ok(())
        }
        _ => {
            let mut open = connection
                .prepare_cached("INSERT INTO collection (source, from_at, to_at) VALUES (?1, ?2, ?2)")?;
            open.execute((source, at.millis()))?;
            Ok(())
        }
    }
}

/// What a batch changes in its source, in the batch's transaction: cursor,
/// counters, health, window.
pub(super) fn record_received(
    connection: &Connection,
    id: i64,
    batch: &WriteBatch<'_>,
    outcome: &BatchOutcome,
) -> Result<(), StoreError> {
    let kept = outcome.stored.iter().filter(|s| matches!(s, Stored::New(_) | Stored::Changed { .. })).count();
    let rejected = batch.rejects.len();
    let mut update = connection.prepare_cached(
        "UPDATE source SET cursor = ifnull(?2, cursor), last_ok = ?3, wait_until = NULL,
                           received_count = received_count + ?4,
                           kept_count = kept_count + ?5,
                           rejected_count = rejected_count + ?6
         WHERE id = ?1",
    )?;
    let changed = update.execute((
        id,
        batch.cursor,
        batch.at.millis(),
        integer(batch.received_count),
        database::limit(kept),
        database::limit(rejected),
    ))?;
    one(changed, id)?;
    extend_window(connection, id, batch.at)
}
