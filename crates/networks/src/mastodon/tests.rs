//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn status() {
    check(read_statuses("https://tuiter.rocks", include_bytes!("fixtures/status.json"), AT), &["?"]);
}

#[test]
fn a_reblog_is_two_records() {
    check(read_statuses("https://tuiter.rocks", include_bytes!("fixtures/reblog.json"), AT), &["?"]);
}

#[test]
fn notifications() {
    check(read_statuses("", include_bytes!("fixtures/notification.json"), AT), &["?"]);
}
