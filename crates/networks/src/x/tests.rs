//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn v2_page() {
    check(read_v2(include_bytes!("fixtures/v2_page.json"), AT), &["?"]);
}

#[test]
fn v1_status() {
    check(read_v1(include_bytes!("fixtures/v1_status.json"), AT), &["?"]);
}

#[test]
fn v1_search() {
    check(read_v1(include_bytes!("fixtures/v1_search.json"), AT), &["?"]);
}
