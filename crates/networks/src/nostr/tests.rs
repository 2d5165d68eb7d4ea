//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn note() {
    check(read_event(include_bytes!("fixtures/note.json"), AT), &["?"]);
}

#[test]
fn profile() {
    check(read_event(include_bytes!("fixtures/profile.json"), AT), &["?"]);
}
