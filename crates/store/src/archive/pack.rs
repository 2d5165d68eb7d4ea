//! Compression of records: zstd level 1 with a dictionary that ships in the
//! program and was made from generated text only, so that erasing every row of
//! an account leaves nothing of it behind.
//!
//! In: a [`RawRecord`]. Out: a [`PackedRecord`], ready to be inserted.
//! Errors: [`StoreError::Invalid`] for a record that is too large.
//! Cost: about 5 µs per record of 1 KB on one core, on any thread.
//! Source: RFC 8878 (Zstandard).
//! Limits: [`RECORD_BYTES_MAX`] per record. A shipped dictionary is never
//! replaced: a better one gets the next number and both stay in the program.

use crate::error::StoreError;
use model::record::RECORD_BYTES_MAX;
use model::{AccountKey, Format, NativeId, Network, RawRecord, RecordKey, RecordKind, Timestamp};
use std::cell::RefCell;
use std::sync::OnceLock;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::CParameter;

/// First byte of a body that is stored as it came.
const PLAIN: u8 = 0;
/// First byte of a body compressed with the first dictionary.
const RECORDS_1: u8 = 1;
/// The first dictionary.
static RECORDS_1_DICTIONARY: &[u8] = include_bytes!("../../dictionaries/records-1.zdict");
/// zstd level: higher ones cost three times the time for a few percent.
const LEVEL: i32 = 1;

/// A record ready to be inserted: hashed and compressed. Built only by [`pack`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedRecord {
    pub(super) key: RecordKey,
    pub(super) kind: RecordKind,
    pub(super) network: Network,
    pub(super) native_id: NativeId,
    pub(super) format: Format,
    pub(super) fetched_at: Timestamp,
    pub(super) body_hash: [u8; 16],
    /// Key of the author's account record; erasure finds the author's records by it.
    pub(super) author: Option<RecordKey>,
    /// Key of another name under which a deletion may call it.
    pub(super) alias: Option<RecordKey>,
    /// A header byte and what it says.
    pub(super) body: Vec<u8>,
}

impl PackedRecord {
    /// The unique key of the record.
    pub fn key(&self) -> RecordKey {
        self.key
    }

    /// Gives the record another name under which a deletion may call it
    /// ([`super::Removal::Alias`]).
    #[must_use]
    pub fn with_alias(mut self, name: &NativeId) -> Self {
        self.alias = Some(RecordKey::of(self.kind, self.network, name));
        self
    }

    /// Bytes that the body takes in the database.
    pub fn packed_bytes(&self) -> usize {
        self.body.len()
    }
}

/// The key under which an account is known: that of its own record.
pub(super) fn author_key(account: &AccountKey) -> RecordKey {
    RecordKey::of(RecordKind::Account, account.network, &account.native_id)
}

/// Hashes and compresses a record; runs on any thread. `author` is who wrote
/// it (a record of kind account is its own author).
///
/// # Errors
/// [`StoreError::Invalid`] when the body has more than [`RECORD_BYTES_MAX`] bytes.
pub fn pack(record: &RawRecord, author: Option<&AccountKey>) -> Result<PackedRecord, StoreError> {
    if record.body.len() > RECORD_BYTES_MAX {
        let reason = format!("{} bytes, at most {RECORD_BYTES_MAX} are allowed", record.body.len());
        return Err(StoreError::invalid("record", reason));
    }
    let key = record.key();
    let author = match record.kind {
        RecordKind::Account => Some(key),
        RecordKind::Post => author.map(author_key),
    };
    Ok(PackedRecord {
        key,
        kind: record.kind,
        network: record.network,
        native_id: record.native_id.clone(),
        format: record.format,
        fetched_at: record.fetched_at,
        body_hash: record.body_hash(),
        author,
        alias: None,
        body: compress(&record.body),
    })
}

thread_local! {
    /// One context per thread: making one costs more than compressing a post.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(compressor().ok());
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = RefCell::new(decompressor().ok());
}

fn compressor() -> std::io::Result<Compressor<'static>> {
    static PREPARED: OnceLock<EncoderDictionary<'static>> = OnceLock::new();
    let dictionary = PREPARED.get_or_init(|| EncoderDictionary::copy(RECORDS_1_DICTIONARY, LEVEL));
    let mut compressor = Compressor::with_prepared_dictionary(dictionary)?;
    // The header byte names the dictionary and the body hash checks the content.
    compressor.set_parameter(CParameter::DictIdFlag(false))?;
    compressor.set_parameter(CParameter::ChecksumFlag(false))?;
    Ok(compressor)
}

fn decompressor() -> std::io::Result<Decompressor<'static>> {
    static PREPARED: OnceLock<DecoderDictionary<'static>> = OnceLock::new();
    let dictionary = PREPARED.get_or_init(|| DecoderDictionary::copy(RECORDS_1_DICTIONARY));
    Decompressor::with_prepared_dictionary(dictionary)
}

/// A header byte and the compressed body, or the plain one where that is
/// shorter or zstd cannot be used.
fn compress(body: &[u8]) -> Vec<u8> {
    let compressed = COMPRESSOR.with_borrow_mut(|compressor| {
        let frame = compressor.as_mut()?.compress(body).ok()?;
        (frame.len() < body.len()).then(|| framed(RECORDS_1, &frame))
    });
    compressed.unwrap_or_else(|| framed(PLAIN, body))
}

/// A header byte and what it says.
fn framed(header: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_add(1));
    out.push(header);
    out.extend_from_slice(bytes);
    out
}

/// Gives the bytes back, and says why when it cannot.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    match packed.split_first() {
        Some((&PLAIN, body)) => Ok(body.to_vec()),
        Some((&RECORDS_1, frame)) => {
            let bytes = Decompressor::upper_bound(frame).filter(|bytes| *bytes <= RECORD_BYTES_MAX);
            let bytes = bytes.ok_or("its stored length is impossible")?;
            DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
                Some(decompressor) => decompressor.decompress(frame, bytes).map_err(|e| e.to_string()),
                None => Err("zstd could not load the dictionary".to_owned()),
            })
        }
        Some((dictionary, _)) => Err(format!("it needs dictionary {dictionary}, which this program lacks")),
        None => Err("it is empty".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_shipped_dictionary_never_changes() {
        // Rows in every installation need these very bytes: a better dictionary
        // gets the next number instead.
        let digest = Sha256::digest(RECORDS_1_DICTIONARY);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "fcb9c4d206b7b41dcabcca71a8b33801d08f8091d47d86ac6957a991fac2fe97");
        assert!(RECORDS_1_DICTIONARY.len() <= 112 * 1024);
    }

    #[test]
    fn a_row_of_the_first_release_is_still_read() {
        let packed = unhex(
            "0128b52ffd605d000d030033040dab550966b95625241e8de42a5d2e124f663442a4205a8896e6495a2e64f7d5479d4c25d24814027d3c1dce4693c15c362dc32c5710fc067cb5d0987ad1b400507fc73c675142df65bfbd52e037ecf6e3f1ee59e37a62173ba8d70e55d3f8",
        );
        assert_eq!(unpack(&packed).as_deref(), Ok(GOLDEN.as_bytes()));
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let mut frame = zstd::bulk::compress(&vec![0; RECORD_BYTES_MAX + 1], LEVEL).unwrap();
        frame.insert(0, RECORDS_1);
        assert_eq!(unpack(&frame), Err("its stored length is impossible".to_owned()));
    }

    #[test]
    fn generated_wire_bytes_shrink_to_less_than_half_of_plain_zstd() {
        let plain = zstd::bulk::compress(GOLDEN.as_bytes(), LEVEL).unwrap();
        let packed = compress(GOLDEN.as_bytes());
        assert!(packed.len() * 2 < plain.len(), "{} of {}", packed.len(), plain.len());
    }

    const GOLDEN: &str = r#"{"did":"did:plc:abcdefghijklmnopqrstuvwx","time_us":1772366400000000,"kind":"commit","commit":{"rev":"3laaaaaaaaaaa","operation":"create","collection":"app.bsky.feed.post","rkey":"3lbbbbbbbbbbb","record":{"$type":"app.bsky.feed.post","createdAt":"2026-03-01T12:00:00.000Z","langs":["es"],"text":"Otra vez sin agua en el barrio"},"cid":"bafyreiabc"}}"#;

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}
