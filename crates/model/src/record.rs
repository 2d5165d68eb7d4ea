//! Received data: the bytes of one item as a network or file sent them.

use crate::{NativeId, Network, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Largest record kept, bytes; a larger one is rejected with its reason.
pub const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:literal;)*) => {
        /// How the bytes of a record are to be read. The number is stored.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Format { $($(#[$doc])* #[serde(rename = $name)] $variant = $code,)* }

        impl Format {
            /// Every format.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used on the command line and in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The stored number.
            pub const fn code(self) -> u8 { self as u8 }

            /// The format of a stored number.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// The format of a word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|format| format.name() == text)
            }
        }

        impl fmt::Display for Format {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.name()) }
        }
    };
}

formats! {
    /// One Jetstream event, JSON.
    Jetstream = 1, "jetstream";
    /// One `app.bsky` post view, JSON.
    BlueskyPostView = 2, "bluesky-post-view";
    /// One Mastodon status, JSON; the record is `{"server":…,"status":…}` with the status verbatim.
    MastodonStatus = 3, "mastodon";
    /// One X API v2 post with what it refers to: `{"data":…,"includes":…}`, parts verbatim.
    XV2 = 4, "x-v2";
    /// One X (Twitter) v1.1 status, JSON.
    XV1 = 5, "x-v1";
    /// One Reddit thing (`t1`, `t3`), JSON.
    Reddit = 6, "reddit";
    /// One YouTube comment or comment thread, JSON.
    Youtube = 7, "youtube";
    /// One message of a Telegram Desktop export with its chat: `{"chat":…,"message":…}`.
    TelegramExport = 8, "telegram-export";
    /// One Telegram Bot API update, JSON.
    TelegramBot = 9, "telegram-bot";
    /// One entry of an RSS, Atom or JSON feed, normalised to our `feed entry` JSON.
    FeedEntry = 10, "feed";
    /// One row of a table: a JSON object of our field names, values verbatim.
    Table = 11, "table";
    /// One Nostr event, JSON.
    Nostr = 12, "nostr";
    /// One Matrix room event with its room: `{"server":…,"room_id":…,"event":…}`.
    Matrix = 13, "matrix";
    /// One Meta Graph webhook change, JSON.
    MetaGraph = 14, "meta-graph";
    /// One webhook body of a known maker (Ghost) or of the generic shape, JSON.
    Webhook = 15, "webhook";
    /// One profile of a Bluesky account, JSON.
    BlueskyProfile = 16, "bluesky-profile";
}

/// What a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RecordKind {
    /// A post.
    Post = 0,
    /// An account.
    Account = 1,
}

/// Bytes of a [`RecordKey`] that keep the order of the native identifiers.
const PLACE_BYTES: usize = 6;

/// The unique key of a record: six bytes that rise with the native identifier
/// where networks number by time, so that neighbours in time are neighbours in
/// an index, then ten bytes of SHA-256 over kind, network and identifier. Two
/// different items share a key with probability 2⁻⁸⁰ per pair or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey(pub [u8; 16]);

impl RecordKey {
    /// The key of an item.
    pub fn of(kind: RecordKind, network: Network, native_id: &NativeId) -> Self {
        let mut key = Self::former(kind, network, native_id).0;
        key.rotate_right(PLACE_BYTES);
        key.iter_mut().zip(place_of(native_id.as_str())).for_each(|(to, from)| *to = from);
        Self(key)
    }

    /// The key that databases of the first format used: the hash alone. What
    /// was buried under it stays buried.
    pub fn former(kind: RecordKind, network: Network, native_id: &NativeId) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([kind as u8, network.code()]);
        hasher.update(native_id.as_str().as_bytes());
        Self(first_16(hasher.finalize().as_slice()))
    }
}

/// The last part of an identifier as a number that keeps its order: digits as
/// the upper 48 bits of their number (snowflakes rise with time), anything else
/// by five bits of each of its first characters (so do AT Protocol's record keys).
fn place_of(native_id: &str) -> [u8; PLACE_BYTES] {
    let last = native_id.rsplit(['/', '#', ':']).next().unwrap_or(native_id);
    let number = match last.parse::<u64>() {
        Ok(number) => number,
        Err(_) => {
            let letters = last.bytes().chain(std::iter::repeat(0)).take(9);
            letters.fold(0_u64, |bits, letter| bits << 5 | u64::from(letter & 31)) << 19
        }
    };
    let mut place = [0; PLACE_BYTES];
    place.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    place
}

/// The first sixteen bytes of a longer digest.
fn first_16(digest: &[u8]) -> [u8; 16] {
    let mut head = [0; 16];
    head.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    head
}

/// One item as received, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// What it describes.
    pub kind: RecordKind,
    /// Its network.
    pub network: Network,
    /// The network's identifier of the item.
    pub native_id: NativeId,
    /// How to read the bytes.
    pub format: Format,
    /// When we received it.
    pub fetched_at: Timestamp,
    /// The bytes.
    pub body: Vec<u8>,
}

impl RawRecord {
    /// Its unique key.
    pub fn key(&self) -> RecordKey {
        RecordKey::of(self.kind, self.network, &self.native_id)
    }

    /// 16 bytes of SHA-256 of the body: equal bodies are the same observation.
    pub fn body_hash(&self) -> [u8; 16] {
        first_16(Sha256::digest(&self.body).as_slice())
    }
}

/// An item of outside data that could not be taken: counted and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Line (files, from 1) or ordinal (streams) of the item.
    pub line: u64,
    /// What was wrong, for a person, in English.
    pub reason: String,
    /// The same for programs and other languages; `None` when only the text says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<RejectCause>,
    /// The start of the item, at most [`REJECT_EXCERPT_BYTES_MAX`] bytes, lossy UTF-8.
    pub excerpt: String,
}

/// Why an item could not be taken: a word that stays, with its particulars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectCause {
    /// Lower-case words with hyphens, such as `too-large`; never changes its meaning.
    pub code: String,
    /// Numbers and names in it, in the order of the text.
    pub arguments: Vec<String>,
}

impl RejectCause {
    /// A cause with its particulars.
    pub fn new(code: &str, arguments: Vec<String>) -> Self {
        Self { code: code.to_owned(), arguments }
    }
}

/// A reason for a [`Reject`]: its text, and its cause where it has a code.
pub trait Reason: fmt::Display {
    /// The code with its particulars; `None` when only the text says it.
    fn cause(&self) -> Option<RejectCause> {
        None
    }
}

impl Reason for String {}
impl Reason for str {}
impl<T: Reason + ?Sized> Reason for &T {
    fn cause(&self) -> Option<RejectCause> {
        (**self).cause()
    }
}

/// Longest excerpt of a rejected item, bytes.
pub const REJECT_EXCERPT_BYTES_MAX: usize = 2_048;

impl Reject {
    /// A reject with its excerpt cut to size.
    pub fn new(line: u64, reason: impl Reason, item: &[u8]) -> Self {
        let cause = reason.cause();
        Self { line, reason: reason.to_string(), cause, excerpt: String::new() }.with_excerpt(item)
    }

    /// The same for the item as it stood in its file.
    #[must_use]
    pub fn with_excerpt(self, item: &[u8]) -> Self {
        let head = item.get(..item.len().min(REJECT_EXCERPT_BYTES_MAX)).unwrap_or_default();
        Self { excerpt: String::from_utf8_lossy(head).into_owned(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(network: Network, id: &str) -> RecordKey {
        RecordKey::of(RecordKind::Post, network, &NativeId::parse(id).unwrap())
    }

    #[test]
    fn keys_rise_with_the_time_in_identifiers() {
        for (network, earlier, later) in [
            (Network::X, "999999999999999999", "1754000000000000000"),
            (
                Network::Mastodon,
                "https://a.example/1/113000000000000000",
                "https://b.example/9/113000000999999999",
            ),
            (
                Network::Bluesky,
                "at://did:plc:zz/app.bsky.feed.post/3kabc",
                "at://did:plc:aa/app.bsky.feed.post/3lzzz",
            ),
        ] {
            assert!(key(network, earlier) < key(network, later), "{earlier} before {later}");
        }
    }

    #[test]
    fn keys_differ_by_network_and_kind() {
        assert_ne!(key(Network::X, "7"), key(Network::Reddit, "7"));
        let id = NativeId::parse("7").unwrap();
        let account = RecordKey::of(RecordKind::Account, Network::X, &id);
        assert_ne!(key(Network::X, "7"), account);
    }
}
