//! How networks speak: one folder per network with its wire types, its mapping
//! to our nouns and its fixtures; file import; listening.
//!
//! In: bytes as networks and files send them. Out: [`model::RawRecord`]s with
//! the [`model::Post`] or [`model::Account`] that they describe.
//! Errors: one small enum per capability ([`MapError`], [`import::ImportError`]).
//! Mapping is pure; only the listening side opens connections.

pub mod bluesky;
pub mod feeds;
pub mod import;
pub mod listening;
pub mod mastodon;
pub mod matrix;
pub mod media;
pub mod meta;
pub mod nostr;
pub mod reddit;
pub mod table;
pub mod telegram;
pub mod webhook;
pub mod webhooks;
pub mod x;
pub mod youtube;

mod dates;
#[cfg(test)]
mod fixtures;
mod gather;
#[cfg(test)]
mod hostile;
mod map;
mod markup;
mod wire;

pub use map::{Arrival, MapError, Mapped, Readings, map, read_record};
