//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn update() {
    check(read_update(include_bytes!("fixtures/update.json"), AT), &["?"]);
}
