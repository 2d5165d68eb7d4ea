//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn rss() {
    check(read_feed(include_bytes!("fixtures/rss.xml"), Some("https://www.nacion.example/rss"), AT), &["?"]);
}

#[test]
fn atom() {
    check(read_feed(include_bytes!("fixtures/atom.xml"), None, AT), &["?"]);
}

#[test]
fn json_feed() {
    check(read_feed(include_bytes!("fixtures/feed.json"), None, AT), &["?"]);
}
