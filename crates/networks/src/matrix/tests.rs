//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn reply() {
    check(read_event("https://example.org", "!room:example.org", include_bytes!("fixtures/reply.json"), AT), &["?"]);
}

#[test]
fn edit() {
    check(read_event("https://example.org", "!room:example.org", include_bytes!("fixtures/edit.json"), AT), &["?"]);
}
