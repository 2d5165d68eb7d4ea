//! Tests of a workspace's archive, each in a folder of its own.

mod alerts;
mod bad_days;
mod decided;
mod pictures;
mod records;

use super::imports::REJECTS_MAX;
use super::records::RETURN_AFTER_MS;
use super::sources::LISTENING_GAP_MS;
use super::*;
use crate::StoreError;
use model::handbook::BrandHandbook;
use model::listening::{Keep, Purpose, SourceSetup};
use model::time::MINUTE_MS;
use model::{
    AccountKey, Format, NativeId, Network, PostKey, RawRecord, RecordKey, RecordKind, Reject, Timestamp,
};
use serde_json::json;
use std::path::Path;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp::from_millis(1_772_366_400_000);

/// A workspace in a folder of its own, with one source.
struct Bench {
    folder: TempDir,
    archive: Archive,
    source: i64,
}

fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path(), NOW).unwrap();
    let setup = SourceSetup::Feed { url: "https://example.org/feed".to_owned() };
    let source = NewSource { name: "prensa", setup: &setup, keep: Keep::All, secret: Some("s3cr3t-token") };
    let source = archive.insert_source(&source, NOW).unwrap();
    Bench { folder, archive, source }
}

fn account(name: &str) -> AccountKey {
    AccountKey { network: Network::Bluesky, native_id: NativeId::parse(name).unwrap() }
}

fn post_key(id: &str) -> PostKey {
    PostKey { network: Network::Bluesky, native_id: NativeId::parse(id).unwrap() }
}

fn raw(id: &str, text: &str, fetched_at: Timestamp) -> RawRecord {
    RawRecord {
        kind: RecordKind::Post,
        network: Network::Bluesky,
        native_id: NativeId::parse(id).unwrap(),
        format: Format::Jetstream,
        fetched_at,
        body: format!(r#"{{"kind":"commit","text":"{text}"}}"#).into_bytes(),
    }
}

fn packed(id: &str, text: &str, fetched_at: Timestamp) -> PackedRecord {
    pack(&raw(id, text, fetched_at), Some(&account("did:plc:ana"))).unwrap()
}

fn key(id: &str) -> RecordKey {
    RecordKey::of(RecordKind::Post, Network::Bluesky, &NativeId::parse(id).unwrap())
}

impl Bench {
    fn batch(&self) -> WriteBatch<'static> {
        WriteBatch::empty(Origin::Source(self.source), NOW)
    }

    fn store(&self, records: &[PackedRecord]) -> Vec<Stored> {
        let batch = WriteBatch { incoming: records.iter().collect(), ..self.batch() };
        self.archive.record_batch(&batch).unwrap().stored
    }

    /// Everything that a batch may change, to compare before and after.
    fn state(&self) -> (u64, Vec<i64>, Option<String>, String, usize, Vec<Window>) {
        let a = &self.archive;
        (
            a.count_records().unwrap(),
            a.gone(100).unwrap(),
            a.load_source_cursor(self.source).unwrap(),
            format!("{:?}", a.load_source_health(self.source).unwrap()),
            a.list_rejects(None, None, 100).unwrap().len(),
            a.list_windows(Timestamp::from_millis(0), NOW).unwrap(),
        )
    }
}
