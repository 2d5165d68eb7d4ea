//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn threads() {
    check(read_page(include_bytes!("fixtures/threads.json"), AT), &["?"]);
}

#[test]
fn video() {
    check(read_page(include_bytes!("fixtures/video.json"), AT), &["?"]);
}
