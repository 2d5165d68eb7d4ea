//! Generated posts with their truth, as files.

use model::Timestamp;
use sim::wire::{bluesky, mastodon};
use sim::{Made, World, WorldSettings};

/// The first instant of the generated worlds.
pub fn start() -> Timestamp {
    Timestamp::parse("2025-06-02T12:00:00Z").unwrap()
}

/// The first posts of a world, one every second or so.
pub fn made(seed: u64, count: usize) -> Vec<Made> {
    World::new(WorldSettings::new(seed, start(), 1_000.0)).take(count).collect()
}

/// A post like another with its own words, author and time.
pub fn saying(like: &Made, ordinal: u64, author: u64, text: &str) -> Made {
    let mut new = like.clone();
    new.ordinal = ordinal;
    new.author.ordinal = author;
    new.author.handle = format!("persona{author}");
    new.text = text.to_owned();
    new.hashtags.clear();
    new.link = None;
    new.shape = sim::Shape::Original;
    new
}

/// As Jetstream events, one a line.
pub fn jetstream(made: &[Made]) -> Vec<u8> {
    lines(made.iter().map(bluesky::jetstream_event))
}

/// As Mastodon statuses, one a line.
pub fn statuses(made: &[Made]) -> Vec<u8> {
    lines(made.iter().map(mastodon::status))
}

/// Values as JSON lines.
pub fn lines(values: impl Iterator<Item = serde_json::Value>) -> Vec<u8> {
    values.fold(Vec::new(), |mut out, value| {
        serde_json::to_writer(&mut out, &value).unwrap();
        out.push(b'\n');
        out
    })
}

/// The identifiers that the posts have on Bluesky, sorted.
pub fn uris<'a>(made: impl IntoIterator<Item = &'a Made>) -> Vec<String> {
    let mut uris: Vec<String> =
        made.into_iter().map(|made| bluesky::uri(&made.author, made.ordinal)).collect();
    uris.sort_unstable();
    uris
}
