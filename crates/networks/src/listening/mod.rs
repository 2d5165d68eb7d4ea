//! Live sources: one contract for streams and polls of every network.
//!
//! In: a [`SourceSetup`], its secret and the cursor that was stored last.
//! Out: [`Batch`]es of records as received with their mapping, deletions,
//! rejects, and the cursor to store in the same transaction.
//! Errors: [`FetchError`] per call, after which the listener stays usable and
//! resumes where it was; [`SetupError`] when it cannot be made at all.
//! Cost: at most [`BATCH_ITEMS_MAX`] items or [`SWEEP_PAGES_MAX`] pages in
//! memory per source.
//! Source: `docs/network-spec.md` is this contract in words.
//! Limits: all constants of this module; every network's own file adds its page sizes.

mod address;
mod backoff;
mod client;
mod collector;
mod error;
mod open;
mod poll;
mod seen;
mod socket;
mod sse;

pub use address::{AllowRule, InvalidRule};
pub use backoff::{BACKOFF_MS_MAX, BACKOFF_MS_MIN, Backoff, RETRY_AFTER_MS_MAX};
pub use client::{Client, ClientSettings};
pub use error::{FetchError, SetupError};
pub use open::open;

pub(crate) use backoff::retry_after_ms;
pub(crate) use client::{Answer, Request, now};
pub(crate) use collector::Collector;
pub(crate) use poll::{Pace, Poll, PollListener, Rhythm};
pub(crate) use seen::SeenIds;
pub(crate) use socket::{Frame, Link, Socket, SocketListener, Wire};
pub(crate) use sse::EventReader;

use crate::Mapped;
use model::{AccountKey, Network, PostKey, RawRecord, Reject};
use std::future::Future;
use std::pin::Pin;

/// Most records in one batch of a stream.
pub const BATCH_ITEMS_MAX: usize = 1_000;
/// Longest wait of a stream for a batch to fill once it holds something, ms.
pub const BATCH_WAIT_MS: u64 = 500;
/// A stream without news returns an empty batch after this, ms: the source is alive.
pub const HEARTBEAT_MS: u64 = 15_000;
/// A connection on which nothing arrives, not even the answer to a ping, is dead after this, ms.
pub const SILENCE_MS_MAX: u64 = 60_000;
/// A stream that said nothing is pinged after this, ms.
pub const PING_MS: u64 = 20_000;
/// Largest message of a stream, bytes; the AT Protocol allows 5,000,000.
pub const MESSAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest answer to a request, bytes after decompression.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Most pages asked for in one sweep of a poll.
pub const SWEEP_PAGES_MAX: usize = 10;
/// Most redirects followed for one request.
pub const REDIRECTS_MAX: usize = 5;
/// Longest wait for a connection, ms.
pub const CONNECT_MS_MAX: u64 = 10_000;
/// Longest wait for a whole answer, ms.
pub const ANSWER_MS_MAX: u64 = 45_000;

/// What one call of [`Listener::next`] brought; may be empty (a heartbeat).
///
/// Store records, deletions, rejects and cursor in one transaction, and call
/// `next` again only after it: some networks (Telegram) forget at their side
/// what the next call acknowledges.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Items in the order of arrival, with their mapping.
    pub records: Vec<(RawRecord, Mapped)>,
    /// What the source says is gone, to be applied after `records`.
    pub deletions: Vec<Deletion>,
    /// What could not be taken.
    pub rejects: Vec<Reject>,
    /// Where to resume after this batch; `None`: keep the cursor stored before.
    pub cursor: Option<String>,
    /// What people should know about the source's completeness.
    pub notices: Vec<Notice>,
}

impl Batch {
    /// True when it brings nothing but, perhaps, a cursor.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
            && self.deletions.is_empty()
            && self.rejects.is_empty()
            && self.notices.is_empty()
    }
}

/// Something that the source says is gone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Deletion {
    /// One post, by the word of the server that holds it.
    Post(PostKey),
    /// One post, only if the kept post was written by this account: the
    /// network lets anybody ask (Nostr).
    PostBy {
        /// The post.
        post: PostKey,
        /// Who asked.
        author: AccountKey,
    },
    /// One post that only its server's own number names (a Mastodon stream
    /// deleting what it sent before we were started): the record whose body
    /// has this server and this status id.
    Local {
        /// The network.
        network: Network,
        /// The server, `https://host`.
        server: String,
        /// Its number there.
        local_id: String,
    },
    /// An account with all its posts.
    Account(AccountKey),
}

/// Something about the completeness of what a source delivers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The source no longer has what came after our cursor, or had more than
    /// one sweep takes: posts are missing before this batch.
    Gap(String),
    /// The source works in a lesser way (no streaming: polled instead).
    Degraded(String),
}

/// The future of one batch; dropping it loses nothing.
pub type NextBatch<'a> = Pin<Box<dyn Future<Output = Result<Batch, FetchError>> + Send + 'a>>;

/// One live source.
pub trait Listener: Send {
    /// The next batch. Streams: when [`BATCH_ITEMS_MAX`] items are there,
    /// [`BATCH_WAIT_MS`] after the first, or empty after [`HEARTBEAT_MS`].
    /// Polls: waits until the source may be asked again, then asks.
    ///
    /// After an error wait as [`Backoff`] says and call again: it reconnects
    /// from the last cursor. Wants a tokio runtime with time and net.
    ///
    /// # Errors
    /// [`FetchError`]; outside data that cannot be read is a [`Reject`] instead.
    fn next(&mut self) -> NextBatch<'_>;
}

#[cfg(test)]
mod tests;
