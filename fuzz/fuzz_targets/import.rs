//! Whole files: items or rejects; every record maps again to the same post.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Timestamp;
use networks::Mapped;
use networks::import::{ImportOptions, open};
use std::io::Cursor;

/// Items looked at; a small file cannot hold more that are new.
const ITEMS_MAX: usize = 2_000;

fuzz_target!(|bytes: &[u8]| {
    let options = ImportOptions::default();
    let Ok((decoder, items)) = open("input", Box::new(Cursor::new(bytes.to_vec())), &options) else { return };
    for item in items.take(ITEMS_MAX).flatten() {
        for (record, post) in
            decoder.decode(&item, Timestamp::from_millis(1_772_409_600_000)).into_iter().flatten()
        {
            assert_eq!(networks::map(&record), Ok(Mapped::Post(Box::new(post))));
        }
    }
});
