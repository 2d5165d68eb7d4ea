//! Pictures: decoded or refused within the limits, twice the same.
#![no_main]

use analysis::images::{PIXELS_MAX, Picture};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(picture) = Picture::decode(bytes) else { return };
    assert!(u64::from(picture.width()) * u64::from(picture.height()) <= PIXELS_MAX);
    let again = Picture::decode(bytes).expect("it was decoded before");
    assert_eq!(picture.fingerprint(), again.fingerprint());
    assert_eq!(picture.query_variants(), again.query_variants());
});
