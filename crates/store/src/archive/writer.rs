//! One transaction of records: what is news, what was there, what goes.
//!
//! In: a [`WriteBatch`]. Out: its [`BatchOutcome`]. The rules for one key stand
//! at the top of `records.rs`. Errors: [`StoreError`]. Cost: one look into the
//! key index and one insert per record.

use super::pack::{PackedRecord, author_key};
use super::records::{BatchOutcome, Origin, RETURN_AFTER_MS, Removal, Stored, WriteBatch, hex};
use super::{erase, groups};
use crate::error::StoreError;
use model::{PostKey, RecordKey, RecordKind, Timestamp};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction};

/// The prepared statements of one transaction.
pub(super) struct RecordWriter<'t> {
    transaction: &'t Transaction<'t>,
    insert: CachedStatement<'t>,
    find: CachedStatement<'t>,
    replace: CachedStatement<'t>,
    bury: CachedStatement<'t>,
    origin: Origin,
    /// Nothing was ever deleted or erased here: no need to look for it.
    nothing_buried: bool,
}

impl<'t> RecordWriter<'t> {
    pub(super) fn prepare(
        transaction: &'t Transaction<'t>,
        batch: &WriteBatch<'_>,
    ) -> Result<Self, StoreError> {
        let mut some_buried = transaction.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM tombstone) OR EXISTS (SELECT 1 FROM barred_author)",
        )?;
        Ok(Self {
            transaction,
            insert: transaction.prepare_cached(
                "INSERT INTO record (key, kind, network, native_id, format, source, import, fetched_at,
                                     body_hash, author, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (key) DO NOTHING",
            )?,
            find: transaction
                .prepare_cached("SELECT id, body_hash, fetched_at FROM record WHERE key = ?1")?,
            replace: transaction.prepare_cached("DELETE FROM record WHERE id = ?1")?,
            bury: transaction.prepare_cached("INSERT OR IGNORE INTO gone (id) VALUES (?1)")?,
            origin: batch.origin,
            nothing_buried: !some_buried.query_row([], |row| row.get::<_, bool>(0))?,
        })
    }

    pub(super) fn write(&mut self, batch: &WriteBatch<'_>) -> Result<BatchOutcome, StoreError> {
        // In the order of arrival, so that ids rise with it; keys mostly rise too.
        let mut stored = Vec::with_capacity(batch.incoming.len());
        for record in &batch.incoming {
            stored.push(self.record(record)?);
        }
        if stored.iter().any(|outcome| matches!(outcome, Stored::Changed { .. })) {
            erase::note_scrub_due(self.transaction, batch.at)?;
        }
        let mut gone = Vec::new();
        for removal in &batch.removals {
            let ids = match removal {
                Removal::Post(key) => {
                    let key = RecordKey::of(RecordKind::Post, key.network, &key.native_id);
                    self.find_existing(key)?.map(|existing| existing.id).into_iter().collect()
                }
                Removal::Alias(name) => match self.find_alias(name)? {
                    Some(key) => self.find_existing(key)?.map(|existing| existing.id).into_iter().collect(),
                    None => Vec::new(),
                },
                Removal::Account(key) => {
                    groups::forget_handle(self.transaction, author_key(key), batch.at)?;
                    erase::ids_by_author(self.transaction, author_key(key))?
                }
            };
            gone.extend(ids);
        }
        gone.sort_unstable();
        gone.dedup();
        erase::delete_rows(self.transaction, &gone, erase::DeletionReason::AtSource, None, batch.at)?;
        Ok(BatchOutcome { stored, gone })
    }

    fn record(&mut self, record: &PackedRecord) -> Result<Stored, StoreError> {
        if !self.nothing_buried && is_buried(self.transaction, record, self.origin)? {
            return Ok(Stored::Buried);
        }
        if let Some(id) = self.insert(record)? {
            return Ok(Stored::New(id));
        }
        let Some(existing) = self.find_existing(record.key)? else {
            return Err(StoreError::corrupt("record", hex(record.key), "its key is there and not there"));
        };
        if existing.body_hash == record.body_hash {
            return Ok(Stored::Same(existing.id));
        }
        if record.fetched_at < existing.fetched_at {
            return Ok(Stored::Stale(existing.id));
        }
        self.replace.execute([existing.id])?;
        self.bury.execute([existing.id])?;
        match self.insert(record)? {
            Some(new) => Ok(Stored::Changed { old: existing.id, new }),
            None => Err(StoreError::corrupt("record", existing.id, "its key is still there after deletion")),
        }
    }

    /// The id of the new row, `None` when the key is there.
    fn insert(&mut self, record: &PackedRecord) -> Result<Option<i64>, StoreError> {
        let (source, import) = self.origin.columns();
        let inserted = self.insert.execute((
            record.key.0.as_slice(),
            record.kind as u8,
            record.network.code(),
            record.native_id.as_str(),
            record.format.code(),
            source,
            import,
            record.fetched_at.millis(),
            record.body_hash.as_slice(),
            record.author.as_ref().map(|author| author.0.as_slice()),
            record.body.as_slice(),
        ))?;
        if inserted == 1
            && let Some(alias) = record.alias
        {
            let mut name = self
                .transaction
                .prepare_cached("INSERT OR REPLACE INTO alias (alias, key) VALUES (?1, ?2)")?;
            // `last_insert_rowid` stays: the table has no rowid.
            name.execute([alias.0.as_slice(), record.key.0.as_slice()])?;
        }
        Ok((inserted == 1).then(|| self.transaction.last_insert_rowid()))
    }

    fn find_alias(&self, name: &PostKey) -> Result<Option<RecordKey>, StoreError> {
        let alias = RecordKey::of(RecordKind::Post, name.network, &name.native_id);
        let former = RecordKey::former(RecordKind::Post, name.network, &name.native_id);
        let mut find = self.transaction.prepare_cached("SELECT key FROM alias WHERE alias IN (?1, ?2)")?;
        let names = [alias.0.as_slice(), former.0.as_slice()];
        let found = find.query_row(names, |row| row.get::<_, [u8; 16]>(0)).optional()?;
        Ok(found.map(RecordKey))
    }

    fn find_existing(&mut self, key: RecordKey) -> Result<Option<Existing>, StoreError> {
        let row = self.find.query_row([key.0.as_slice()], |row| {
            Ok(Existing {
                id: row.get(0)?,
                body_hash: row.get(1)?,
                fetched_at: Timestamp::from_millis(row.get(2)?),
            })
        });
        Ok(row.optional()?)
    }
}

/// What decides whether an incoming record is news.
struct Existing {
    id: i64,
    body_hash: [u8; 16],
    fetched_at: Timestamp,
}

/// True when the record was deleted or erased and must not come back; lifts the
/// tombstone of one that was published again.
fn is_buried(transaction: &Connection, record: &PackedRecord, origin: Origin) -> Result<bool, StoreError> {
    if let Some(author) = record.author {
        let mut barred = transaction.prepare_cached("SELECT 1 FROM barred_author WHERE author = ?1")?;
        if barred.exists([author.0.as_slice()])? {
            return Ok(true);
        }
    }
    let former = RecordKey::former(record.kind, record.network, &record.native_id);
    let keys = [record.key.0.as_slice(), former.0.as_slice()];
    let mut find =
        transaction.prepare_cached("SELECT deleted_at, erased FROM tombstone WHERE key IN (?1, ?2)")?;
    let tombstone = find
        .query_row(keys, |row| Ok((Timestamp::from_millis(row.get(0)?), row.get::<_, bool>(1)?)))
        .optional()?;
    let Some((deleted_at, erased)) = tombstone else { return Ok(false) };
    let published_again = matches!(origin, Origin::Source(_))
        && !erased
        && record.fetched_at > deleted_at.plus(RETURN_AFTER_MS);
    if published_again {
        let mut lift = transaction.prepare_cached("DELETE FROM tombstone WHERE key IN (?1, ?2)")?;
        lift.execute(keys)?;
    }
    Ok(!published_again)
}
