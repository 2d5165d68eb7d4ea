//! Wire samples written after the public documentation.

use super::*;
use crate::fixtures::{AT, check};

#[test]
fn jetstream_post() {
    check(read_event(include_bytes!("fixtures/jetstream_post.json"), AT), &["?"]);
}

#[test]
fn jetstream_repost() {
    check(read_event(include_bytes!("fixtures/jetstream_repost.json"), AT), &["?"]);
}

#[test]
fn a_like_is_no_post() {
    check(read_event(include_bytes!("fixtures/jetstream_like.json"), AT), &[]);
}

#[test]
fn search() {
    check(read_views(include_bytes!("fixtures/search_posts.json"), AT), &["?"]);
}

#[test]
fn profile() {
    check(read_profile(include_bytes!("fixtures/profile.json"), AT), &["?"]);
}
