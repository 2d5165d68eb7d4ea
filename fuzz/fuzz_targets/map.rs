//! Records of every format: mapped or refused, twice the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::{Format, NativeId, Network, RawRecord, RecordKind, Timestamp};

fuzz_target!(|bytes: &[u8]| {
    let Some((letter, body)) = bytes.split_first() else { return };
    let Some(format) = Format::from_code(letter.wrapping_sub(b'a').wrapping_add(1)) else { return };
    for kind in [RecordKind::Post, RecordKind::Account] {
        let record = RawRecord {
            kind,
            network: Network::File,
            native_id: NativeId::parse("x").expect("a plain identifier"),
            format,
            fetched_at: Timestamp::from_millis(1_772_409_600_000),
            body: body.to_vec(),
        };
        assert_eq!(networks::map(&record), networks::map(&record));
    }
});
