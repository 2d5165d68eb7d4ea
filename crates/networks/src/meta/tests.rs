//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn page() {
    check(read_webhook(include_bytes!("fixtures/page.json"), AT), &["?"]);
}

#[test]
fn instagram() {
    check(read_webhook(include_bytes!("fixtures/instagram.json"), AT), &["?"]);
}
