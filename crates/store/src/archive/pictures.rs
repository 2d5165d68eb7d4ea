//! What pictures of posts look like: their hashes, and what is still to be fetched.
//!
//! In: keys of posts with hashes of their pictures' addresses; what became of a
//! fetch. Out: what is due, hashes by number, what looks alike. The same
//! address is due once, however many posts show it, and what became of it
//! counts for all of them.
//! Errors: [`StoreError`].
//! Cost: one transaction per call, about 20 µs per picture.
//! Limits: [`PICTURES_PER_POST_MAX`], [`TRIES_MAX`], [`PICTURE_MATCHES_MAX`].
//! Nothing is left of a picture when its post goes: see `erase.rs`.
//! Length: one table and its questions, read together; half of it is documentation.

use super::records::PAGE_MAX;
use super::{Archive, audit};
use crate::database;
use crate::error::StoreError;
use model::{RecordKey, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// Most pictures of one post that are noted; networks allow four to twenty.
pub const PICTURES_PER_POST_MAX: usize = 10;
/// Times that a picture is asked for before it counts as failed.
pub const TRIES_MAX: u32 = 3;
/// Most matches kept of one picture.
pub const PICTURE_MATCHES_MAX: usize = 20;
/// The setting of [`Archive::fetches_pictures`].
const FETCH_PICTURES: &str = "fetch_pictures";
/// The setting of [`Archive::pictures_noted_upto`].
const NOTED_UPTO: &str = "pictures_noted_upto";
/// Bytes of a picture's hash.
const HASH_BYTES: usize = 32;

/// The hash of a picture's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressHash(pub [u8; 16]);

/// The pictures of one post, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostPictures {
    /// The post.
    pub key: RecordKey,
    /// Addresses; those past [`PICTURES_PER_POST_MAX`] are not noted.
    pub addresses: Vec<AddressHash>,
}

/// How far a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureState {
    /// It is still to be fetched.
    Waiting,
    /// Its hash is known.
    Hashed,
    /// Its hash is known and says little: it has hardly any detail.
    Plain,
    /// It could not be fetched or read.
    Failed,
}

impl PictureState {
    /// The word in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Hashed => "hashed",
            Self::Plain => "plain",
            Self::Failed => "failed",
        }
    }

    pub(super) fn read(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Hashed, Self::Plain, Self::Failed]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A picture to be fetched now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DuePicture {
    /// A post that shows it.
    pub record: i64,
    /// Which of that post's pictures it is, from 0.
    pub position: usize,
    /// Its address.
    pub address: AddressHash,
}

/// What became of a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureOutcome {
    /// It was fetched and read.
    Read {
        /// Its hash.
        hash: [u8; HASH_BYTES],
        /// Its detail, 0…100.
        quality: u8,
        /// Too little detail to be compared.
        plain: bool,
        /// Version of the method.
        version: u32,
    },
    /// It could not be fetched, and may be tried again.
    Retry {
        /// When.
        due_at: Timestamp,
    },
    /// It cannot be fetched or read.
    Failed,
}

/// A picture of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// Its number; rises in the order in which pictures were noted.
    pub id: i64,
    /// Its post as it is now.
    pub record: i64,
    /// Which of that post's pictures it is, from 0.
    pub position: usize,
    /// How far it is.
    pub state: PictureState,
    /// Its hash and detail, when it was read.
    pub hash: Option<([u8; HASH_BYTES], u8)>,
    /// When it was fetched.
    pub fetched_at: Option<Timestamp>,
}

/// Two pictures of which one looks like the other after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureMatch {
    /// The other picture.
    pub other: i64,
    /// Different bits.
    pub distance: u32,
    /// What was done to the picture that was fetched later, so that it looks
    /// like the other.
    pub variant: String,
    /// True when the other one is the one that was fetched later.
    pub reversed: bool,
}

/// Pictures by state, count each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PictureCounts {
    /// Still to be fetched.
    pub waiting: u64,
    /// With a hash.
    pub hashed: u64,
    /// With a hash that says little.
    pub plain: u64,
    /// That could not be fetched or read.
    pub failed: u64,
}

const COLUMNS: &str = "picture.id, record.id, position, state, hash, quality, picture.fetched_at
     FROM picture JOIN record ON record.key = picture.key";

impl Archive {
    /// True when pictures of posts are fetched; false unless people say so.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn fetches_pictures(&self) -> Result<bool, StoreError> {
        self.database.read(|connection| Ok(audit::load_setting(connection, FETCH_PICTURES)?.is_some()))
    }

    /// Begins with the posts that arrive from now on, or ends and forgets what waits.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn update_fetches_pictures(&self, fetch: bool) -> Result<(), StoreError> {
        self.database.write(|transaction| {
            if fetch {
                transaction.execute(
                    "INSERT OR IGNORE INTO setting (name, value) VALUES (?1, 'yes')",
                    [FETCH_PICTURES],
                )?;
                let newest = "SELECT CAST(ifnull(max(id), 0) AS TEXT) FROM record";
                let sql = format!("INSERT OR IGNORE INTO setting (name, value) VALUES (?1, ({newest}))");
                transaction.execute(&sql, [NOTED_UPTO])?;
            } else {
                transaction
                    .execute("DELETE FROM setting WHERE name IN (?1, ?2)", [FETCH_PICTURES, NOTED_UPTO])?;
                transaction.execute("DELETE FROM picture WHERE state = 'waiting'", [])?;
            }
            Ok(())
        })
    }

    /// The record up to which the pictures of posts are noted; `None` when
    /// pictures are not fetched.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the number cannot be read back.
    pub fn pictures_noted_upto(&self) -> Result<Option<i64>, StoreError> {
        self.database.read(|connection| {
            let text = audit::load_setting(connection, NOTED_UPTO)?;
            text.map(|text| audit::setting_number(NOTED_UPTO, &text)).transpose()
        })
    }

    /// Notes the pictures of posts and how far the records were read for them.
    /// A picture whose address is known gets what is known of it; one that an
    /// edit replaced or removed is forgotten. Does nothing when pictures are
    /// not fetched (any more). Returns the numbers of pictures that have a hash already.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn note_pictures(
        &self,
        posts: &[PostPictures],
        upto: i64,
        at: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        self.database.write(|transaction| {
            let sql = "UPDATE setting SET value = ?2 WHERE name = ?1";
            let mut known = Vec::new();
            if transaction.execute(sql, (NOTED_UPTO, upto.to_string()))? == 0 {
                return Ok(known);
            }
            for post in posts {
                note_post(transaction, post, at, &mut known)?;
            }
            Ok(known)
        })
    }

    /// Pictures to be fetched, one per address, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn due_pictures(&self, at: Timestamp, limit: usize) -> Result<Vec<DuePicture>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT record.id, position, address FROM picture JOIN record ON record.key = picture.key
                 WHERE state = 'waiting' AND due_at <= ?1 ORDER BY picture.id DESC LIMIT ?2",
            )?;
            // Posts that show the same picture tend to come together.
            let rows = statement.query_map((at.millis(), database::limit(limit.min(PAGE_MAX))), |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?))
            })?;
            let mut due = Vec::new();
            for row in rows {
                let (record, position, address) = row?;
                let position = position_of(record, position)?;
                due.push(DuePicture { record, position, address: AddressHash(address) });
            }
            let mut seen = std::collections::HashSet::new();
            due.retain(|picture| seen.insert(picture.address));
            Ok(due)
        })
    }

    /// Notes what became of an address for every waiting picture that has it.
    /// Returns their numbers when they have a hash now, lowest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn record_picture(
        &self,
        address: AddressHash,
        outcome: &PictureOutcome,
        at: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        self.database.write(|transaction| match outcome {
            PictureOutcome::Read { hash, quality, plain, version } => {
                let mut statement = transaction.prepare_cached(
                    "UPDATE picture SET state = ?2, hash = ?3, quality = ?4, version = ?5, fetched_at = ?6
                     WHERE address = ?1 AND state = 'waiting' RETURNING id",
                )?;
                let state = if *plain { PictureState::Plain } else { PictureState::Hashed };
                let values =
                    (address.0.as_slice(), state.name(), hash.as_slice(), quality, version, at.millis());
                let mut ids: Vec<i64> =
                    statement.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?;
                ids.sort_unstable();
                Ok(if *plain { Vec::new() } else { ids })
            }
            PictureOutcome::Retry { due_at } => {
                let mut statement = transaction.prepare_cached(
                    "UPDATE picture SET tries = tries + 1, due_at = ?2,
                                        state = iif(tries + 1 >= ?3, 'failed', 'waiting')
                     WHERE address = ?1 AND state = 'waiting'",
                )?;
                statement.execute((address.0.as_slice(), due_at.millis(), TRIES_MAX))?;
                Ok(Vec::new())
            }
            PictureOutcome::Failed => {
                let sql = "UPDATE picture SET state = 'failed' WHERE address = ?1 AND state = 'waiting'";
                transaction.prepare_cached(sql)?.execute([address.0.as_slice()])?;
                Ok(Vec::new())
            }
        })
    }

    /// Hashes of a version after a number, lowest first, at most `limit`; those
    /// of pictures without detail are left out.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn picture_hashes_after(
        &self,
        id: i64,
        version: u32,
        limit: usize,
    ) -> Result<Vec<(i64, [u8; HASH_BYTES])>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, hash FROM picture WHERE id > ?1 AND state = 'hashed' AND version = ?2
                 ORDER BY id LIMIT ?3",
            )?;
            let rows = statement.query_map((id, version, database::limit(limit.min(PAGE_MAX))), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Pictures by number in the order asked; those that are gone are left out.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a stored row cannot be read back.
    pub fn load_pictures(&self, ids: &[i64]) -> Result<Vec<StoredPicture>, StoreError> {
        self.database.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {COLUMNS} WHERE picture.id = ?1"))?;
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(row) = statement.query_row([id], PictureRow::read).optional()? {
                    found.push(row.decode()?);
                }
            }
            Ok(found)
        })
    }

    /// The pictures of a post in their order.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a stored row cannot be read back.
    pub fn pictures_of_record(&self, record: i64) -> Result<Vec<StoredPicture>, StoreError> {
        self.database.read(|connection| {
            let sql = format!("SELECT {COLUMNS} WHERE record.id = ?1 ORDER BY position");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([record], PictureRow::read)?;
            rows.map(|row| row?.decode()).collect()
        })
    }

    /// Keeps the nearest [`PICTURE_MATCHES_MAX`] matches of a picture; pictures
    /// that are gone are passed over.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn record_picture_matches(&self, picture: i64, matches: &[PictureMatch]) -> Result<(), StoreError> {
        if matches.is_empty() {
            return Ok(());
        }
        self.database.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT OR REPLACE INTO picture_match (picture, other, distance, variant)
                 SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM picture WHERE id = ?1)
                                         AND EXISTS (SELECT 1 FROM picture WHERE id = ?2)",
            )?;
            for found in matches.iter().take(PICTURE_MATCHES_MAX) {
                statement.execute((picture, found.other, found.distance, &found.variant))?;
            }
            Ok(())
        })
    }

    /// The matches kept of a picture, and of others with it, nearest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn picture_matches(&self, picture: i64) -> Result<Vec<PictureMatch>, StoreError> {
        self.database.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT other, distance, variant, 0 FROM picture_match WHERE picture = ?1
                 UNION ALL SELECT picture, distance, variant, 1 FROM picture_match WHERE other = ?1
                 ORDER BY 2, 1 LIMIT ?2",
            )?;
            let rows = statement.query_map((picture, database::limit(PAGE_MAX)), |row| {
                Ok(PictureMatch {
                    other: row.get(0)?,
                    distance: row.get(1)?,
                    variant: row.get(2)?,
                    reversed: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

/// Brings the pictures of one post to what it shows now.
fn note_post(
    connection: &Connection,
    post: &PostPictures,
    at: Timestamp,
    known: &mut Vec<i64>,
) -> Result<(), StoreError> {
    let addresses = post.addresses.iter().take(PICTURES_PER_POST_MAX);
    let count = i64::try_from(addresses.len()).unwrap_or(i64::MAX);
    connection
        .prepare_cached("DELETE FROM picture WHERE key = ?1 AND position >= ?2")?
        .execute((post.key.0.as_slice(), count))?;
    let mut replaced = connection
        .prepare_cached("DELETE FROM picture WHERE key = ?1 AND position = ?2 AND address <> ?3")?;
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO picture (key, position, address, state, due_at) VALUES (?1, ?2, ?3, 'waiting', ?4)",
    )?;
    let mut copy = connection.prepare_cached(
        "UPDATE picture SET (state, hash, quality, version, fetched_at) =
             (SELECT state, hash, quality, version, fetched_at FROM picture
              WHERE address = ?2 AND state IN ('hashed', 'plain') LIMIT 1)
         WHERE id = ?1 AND EXISTS (SELECT 1 FROM picture WHERE address = ?2 AND state IN ('hashed', 'plain'))
         RETURNING id, state = 'hashed'",
    )?;
    for (position, address) in (0_i64..).zip(addresses) {
        replaced.execute((post.key.0.as_slice(), position, address.0.as_slice()))?;
        let added = insert.execute((post.key.0.as_slice(), position, address.0.as_slice(), at.millis()))?;
        if added == 0 {
            continue;
        }
        let id = connection.last_insert_rowid();
        let copied: Option<(i64, bool)> =
            copy.query_row((id, address.0.as_slice()), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        known.extend(copied.filter(|(_, hashed)| *hashed).map(|(id, _)| id));
    }
    Ok(())
}

/// Removes the pictures of a record that goes.
pub(super) fn delete_of_key(connection: &Connection, key: &[u8]) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM picture WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// A stored position.
fn position_of(id: i64, stored: i64) -> Result<usize, StoreError> {
    usize::try_from(stored)
        .map_err(|_| StoreError::corrupt("picture", id, format!("its position is {stored}")))
}

/// A row before it is understood.
struct PictureRow {
    id: i64,
    record: i64,
    position: i64,
    state: String,
    hash: Option<[u8; HASH_BYTES]>,
    quality: Option<u8>,
    fetched_at: Option<i64>,
}

impl PictureRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            record: row.get(1)?,
            position: row.get(2)?,
            state: row.get(3)?,
            hash: row.get(4)?,
            quality: row.get(5)?,
            fetched_at: row.get(6)?,
        })
    }

    fn decode(self) -> Result<StoredPicture, StoreError> {
        let state = PictureState::read(&self.state).ok_or_else(|| {
            StoreError::corrupt("picture", self.id, format!("there is no state {}", self.state))
        })?;
        Ok(StoredPicture {
            id: self.id,
            record: self.record,
            position: position_of(self.id, self.position)?,
            state,
            hash: self.hash.zip(self.quality),
            fetched_at: self.fetched_at.map(Timestamp::from_millis),
        })
    }
}
