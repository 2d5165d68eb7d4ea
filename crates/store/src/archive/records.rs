//! Records: what networks and files sent, byte for byte.
//!
//! In: batches of packed records with the deletions, rejects, cursor and
//! progress that belong to them. Out: records by id, by key, in order of arrival.
//! Errors: [`StoreError`]; a failed batch leaves nothing behind.
//! Cost: one `fsync` per batch; one look into the key index per record.
//! Limits: [`PAGE_MAX`] records per page.
//!
//! The rules for one key: the same body is [`Stored::Same`]; another body
//! fetched no earlier replaces the row by one with a new id
//! ([`Stored::Changed`], the old id goes to `gone`); another body fetched earlier
//! is [`Stored::Stale`]. A deleted item is [`Stored::Buried`] unless a source
//! (never an import) still shows it more than [`RETURN_AFTER_MS`] after its
//! deletion: then it was published again. What a person erased never returns.

use super::imports::{self, ImportProgress};
use super::pack::{self, PackedRecord};
use super::writer::RecordWriter;
use super::{Archive, sources};
use crate::database::limit as sql_limit;
use crate::error::StoreError;
use model::time::MINUTE_MS;
use model::{
    AccountKey, Format, NativeId, Network, PostKey, RawRecord, RecordKey, RecordKind, Reject, Timestamp,
};
use rusqlite::{OptionalExtension, Row};

/// Most rows of one page of a list.
pub const PAGE_MAX: usize = 10_000;
/// A copy of a deleted item that a source delivers within this time of the
/// deletion is taken for a late one, milliseconds.
pub const RETURN_AFTER_MS: i64 = 5 * MINUTE_MS;

/// What brought a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A source of the workspace, by its number.
    Source(i64),
    /// An import run, by its number.
    Import(i64),
}

impl Origin {
    /// The two columns `source` and `import`.
    pub(super) fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Source(id) => (Some(id), None),
            Self::Import(id) => (None, Some(id)),
        }
    }

    /// From the two columns; the table's CHECK allows nothing else.
    pub(super) fn of_columns(source: Option<i64>, import: Option<i64>) -> Option<Self> {
        match (source, import) {
            (Some(id), None) => Some(Self::Source(id)),
            (None, Some(id)) => Some(Self::Import(id)),
            _ => None,
        }
    }
}

/// Something that its network deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal<'a> {
    /// One post.
    Post(&'a PostKey),
    /// One post under its other name (see [`PackedRecord::with_alias`]).
    Alias(&'a PostKey),
    /// An account with all its posts.
    Account(&'a AccountKey),
}

/// What is stored together or not at all.
#[derive(Debug, Clone)]
pub struct WriteBatch<'a> {
    /// What brought it.
    pub origin: Origin,
    /// Now.
    pub at: Timestamp,
    /// Records to keep.
    pub incoming: Vec<&'a PackedRecord>,
    /// Deletions at the source; applied after `incoming`.
    pub removals: Vec<Removal<'a>>,
    /// Items that could not be taken.
    pub rejects: &'a [Reject],
    /// Items received, also those that no query matched, count.
    pub received_count: u64,
    /// Where a source goes on after this batch.
    pub cursor: Option<&'a str>,
    /// Where an import goes on after this batch.
    pub progress: Option<ImportProgress>,
}

impl WriteBatch<'_> {
    /// A batch with nothing in it.
    pub fn empty(origin: Origin, at: Timestamp) -> Self {
        Self {
            origin,
            at,
            incoming: Vec::new(),
            removals: Vec::new(),
            rejects: &[],
            received_count: 0,
            cursor: None,
            progress: None,
        }
    }
}

/// What became of one incoming record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was not there; its id.
    New(i64),
    /// It replaced an older observation.
    Changed {
        /// The id that is gone.
        old: i64,
        /// Its id.
        new: i64,
    },
    /// The same bytes were there under this id.
    Same(i64),
    /// Something newer is there under this id.
    Stale(i64),
    /// It was deleted or erased before; nothing was stored.
    Buried,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatchOutcome {
    /// One per incoming record, in their order.
    pub stored: Vec<Stored>,
    /// Ids that the removals took away.
    pub gone: Vec<i64>,
}

/// A record with its place in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its number; a change gives it a new one.
    pub id: i64,
    /// What brought it.
    pub origin: Origin,
    /// As received.
    pub raw: RawRecord,
}

impl Archive {
    /// Stores one batch; see [`Archive::record_batches`].
    ///
    /// # Errors
    /// As there.
    pub fn record_batch(&self, batch: &WriteBatch<'_>) -> Result<BatchOutcome, StoreError> {
        let mut outcomes = self.record_batches(std::slice::from_ref(batch))?;
        Ok(outcomes.pop().unwrap_or_default())
    }

    /// Stores batches of several origins in one durable transaction: records,
    /// deletions, rejects, counters, cursors and progress together. When this
    /// returns `Ok` all of it survives a power cut; otherwise none is there.
    /// Cost: one `fsync`, plus about 6 µs per record. The key index is hit at
    /// random, so that a larger batch costs less per record: 46,000 rows/s in
    /// batches of 5,000, 83,000 in batches of 20,000.
    ///
    /// # Errors
    /// [`StoreError::Full`] when the disk is; [`StoreError::Missing`] for an
    /// origin that does not exist.
    pub fn record_batches(&self, batches: &[WriteBatch<'_>]) -> Result<Vec<BatchOutcome>, StoreError> {
        self.database.write(|transaction| {
            batches
                .iter()
                .map(|batch| {
                    let outcome = RecordWriter::prepare(transaction, batch)?.write(batch)?;
                    imports::insert_rejects(transaction, batch.origin, batch.rejects, batch.at)?;
                    match batch.origin {
                        Origin::Source(id) => sources::record_received(transaction, id, batch, &outcome)?,
                        Origin::Import(id) => imports::record_progress(transaction, id, batch, &outcome)?,
                    }
                    Ok(outcome)
                })
                .collect()
        })
    }

    /// The records of these ids in the order asked; ids that are gone are left out.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a stored row cannot be read back.
    pub fn load_records(&self, ids: &[i64]) -> Result<Vec<StoredRecord>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&select("WHERE id = ?1"))?;
            let mut records = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(row) = statement.query_row([id], StoredRow::read).optional()? {
                    records.push(row.decode()?);
                }
            }
            Ok(records)
        })
    }

    /// The record of a key.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the stored row cannot be read back.
    pub fn find_record(&self, key: RecordKey) -> Result<Option<StoredRecord>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&select("WHERE key = ?1"))?;
            let row = statement.query_row([key.0.as_slice()], StoredRow::read).optional()?;
            row.map(StoredRow::decode).transpose()
        })
    }

    /// The id of a key's record.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn find_record_id(&self, key: RecordKey) -> Result<Option<i64>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM record WHERE key = ?1")?;
            Ok(statement.query_row([key.0.as_slice()], |row| row.get(0)).optional()?)
        })
    }

    /// The records after an id, in order of arrival, at most `limit` and
    /// [`PAGE_MAX`]. Used to fill the index again.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a stored row cannot be read back.
    pub fn records_after(&self, id: i64, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(&select("WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
            let rows = statement.query_map((id, sql_limit(limit.min(PAGE_MAX))), StoredRow::read)?;
            rows.map(|row| row?.decode()).collect()
        })
    }

    /// The highest id of a record that is there now, 0 when there is none. An
    /// index that holds everything up to it lacks nothing.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn highest_record_id(&self) -> Result<i64, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT ifnull(max(id), 0) FROM record")?;
            Ok(statement.query_row([], |row| row.get(0))?)
        })
    }

    /// Records held now. Time: linear, about 0.1 s per million; the index counts faster.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_records(&self) -> Result<u64, StoreError> {
        self.database.read(|connection| {
            let count = connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?;
            crate::database::count("record", count)
        })
    }

    /// Ids that left the archive and that the index has not yet forgotten,
    /// lowest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn gone(&self, limit: usize) -> Result<Vec<i64>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT id FROM gone ORDER BY id LIMIT ?1")?;
            let ids = statement.query_map([sql_limit(limit)], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// Takes ids off the queue of [`Archive::gone`], once the index has
    /// committed their deletion.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn forget_gone(&self, ids: &[i64]) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached("DELETE FROM gone WHERE id = ?1")?;
            ids.iter().try_for_each(|id| statement.execute([id]).map(drop)).map_err(Into::into)
        })
    }
}

/// A key as text, for messages.
pub(super) fn hex(key: RecordKey) -> String {
    key.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The columns of a record in the order that [`StoredRow::read`] expects.
fn select(rest: &str) -> String {
    format!(
        "SELECT id, kind, network, native_id, format, source, import, fetched_at, body_hash, body
         FROM record {rest}"
    )
}

/// A row before it is understood.
struct StoredRow {
    id: i64,
    kind: u8,
    network: u8,
    native_id: String,
    format: u8,
    source: Option<i64>,
    import: Option<i64>,
    fetched_at: i64,
    body_hash: [u8; 16],
    body: Vec<u8>,
}

impl StoredRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            network: row.get(2)?,
            native_id: row.get(3)?,
            format: row.get(4)?,
            source: row.get(5)?,
            import: row.get(6)?,
            fetched_at: row.get(7)?,
            body_hash: row.get(8)?,
            body: row.get(9)?,
        })
    }

    fn decode(self) -> Result<StoredRecord, StoreError> {
        let corrupt = |reason: String| StoreError::corrupt("record", self.id, reason);
        let kind = match self.kind {
            0 => RecordKind::Post,
            1 => RecordKind::Account,
            other => return Err(corrupt(format!("there is no kind {other}"))),
        };
        let network = Network::from_code(self.network)
            .ok_or_else(|| corrupt(format!("there is no network {}", self.network)))?;
        let format = Format::from_code(self.format)
            .ok_or_else(|| corrupt(format!("there is no format {}", self.format)))?;
        let native_id = NativeId::parse(&self.native_id).map_err(|error| corrupt(error.to_string()))?;
        let origin = Origin::of_columns(self.source, self.import)
            .ok_or_else(|| corrupt("nothing says what brought it".to_owned()))?;
        let body = pack::unpack(&self.body).map_err(corrupt)?;
        let fetched_at = Timestamp::from_millis(self.fetched_at);
        let raw = RawRecord { kind, network, native_id, format, fetched_at, body };
        if raw.body_hash() != self.body_hash {
            return Err(corrupt("its bytes do not have the hash noted with them".to_owned()));
        }
        Ok(StoredRecord { id: self.id, origin, raw })
    }
}
