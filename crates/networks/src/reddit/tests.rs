//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn comments() {
    check(read_listing(include_bytes!("fixtures/comments.json"), AT), &["?"]);
}

#[test]
fn archive() {
    check(read_listing(include_bytes!("fixtures/archive.json"), AT), &["?"]);
}
