//! Generated posts as the bytes that networks send, after their public
//! documentation.

pub mod bluesky;
pub mod mastodon;
pub mod x;
