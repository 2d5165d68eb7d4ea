//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn ghost() {
    check(read_body(WebhookMaker::Ghost, include_bytes!("fixtures/ghost.json"), AT), &["?"]);
}

#[test]
fn generic() {
    check(read_body(WebhookMaker::Generic, include_bytes!("fixtures/generic.json"), AT), &["?"]);
}
