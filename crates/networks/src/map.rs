//! From the bytes of a record to a post or an account.
//!
//! In: a [`RawRecord`], or a page as a network sends it. Out: [`Mapped`], or
//! [`Readings`] for a page. Errors: [`MapError`], the words of a reject.
//! Cost: about 3 µs per record of 700 bytes on the typed paths (Jetstream,
//! Mastodon, X, tables). Limits: [`model::record::RECORD_BYTES_MAX`] per record.

use crate::dates::DateError;
use model::ids::NATIVE_ID_BYTES_MAX;
use model::record::RECORD_BYTES_MAX;
use model::{
    Account, Format, InvalidId, NativeId, Network, Post, RawRecord, Reason, RecordKind, Reject, RejectCause,
    Timestamp,
};

/// What a record describes, in our shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// A post with its author.
    Post(Box<Post>),
    /// An account by itself.
    Account(Box<Account>),
}

/// Why the bytes of an item are not a post or account that can be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// The bytes are not text.
    #[error("not valid UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// The bytes are not the JSON that the format promises.
    #[error("not a record of the format {format}: {reason}")]
    Unreadable {
        /// What it should have been.
        format: Format,
        /// What the reader stumbled over.
        reason: String,
    },
    /// A date that is none, or that can be read in two ways.
    #[error("not a record of the format table: {0}")]
    Date(DateError),
    /// A part without which there is no post.
    #[error("it has no {0}")]
    Lacks(&'static str),
    /// The identifier cannot be used.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Larger than a record may be.
    #[error("it has {0} bytes, at most {RECORD_BYTES_MAX} are allowed")]
    TooLarge(usize),
    /// Something else than a post or an account; the word says what.
    #[error("a {0} is neither a post nor an account")]
    Other(String),
}

impl Reason for MapError {
    fn cause(&self) -> Option<RejectCause> {
        Some(match self {
            Self::NotUtf8(at) => RejectCause::new("not-utf8", vec![at.to_string()]),
            Self::Unreadable { format, reason } => {
                RejectCause::new("unreadable", vec![format.name().to_owned(), reason.clone()])
            }
            Self::Date(error) => return error.cause(),
            Self::Lacks(part) if part.contains(' ') => RejectCause::new("lacks-content", Vec::new()),
            Self::Lacks(part) => RejectCause::new("lacks", vec![(*part).to_owned()]),
            Self::Id(InvalidId::Empty) => RejectCause::new("id-empty", Vec::new()),
            Self::Id(InvalidId::TooLong(bytes)) => {
                RejectCause::new("id-too-long", vec![bytes.to_string(), NATIVE_ID_BYTES_MAX.to_string()])
            }
            Self::Id(InvalidId::Control) => RejectCause::new("id-control", Vec::new()),
            Self::TooLarge(bytes) => {
                RejectCause::new("too-large", vec![bytes.to_string(), RECORD_BYTES_MAX.to_string()])
            }
            Self::Other(what) => RejectCause::new("other-kind", vec![what.clone()]),
        })
    }
}

/// A reason that one reader alone has: its code, its particulars, its text.
pub(crate) struct OwnReason(pub &'static str, pub Vec<String>, pub String);

impl std::fmt::Display for OwnReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.2)
    }
}

impl Reason for OwnReason {
    fn cause(&self) -> Option<RejectCause> {
        Some(RejectCause::new(self.0, self.1.clone()))
    }
}

/// The reason for a message of a stream that is larger than is read.
pub(crate) fn too_large(what: &str, size: impl std::fmt::Display, max: usize) -> OwnReason {
    let text = format!("{what} of {size} bytes, at most {max} are read");
    OwnReason("too-large", vec![size.to_string(), max.to_string()], text)
}

/// Where an item stood and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Line of a file from 1, or ordinal in a stream.
    pub line: u64,
    /// When we received it.
    pub fetched_at: Timestamp,
}

/// What one item or page held: each record with its mapping, or why not.
/// Empty for items that are neither (likes, follows, service messages).
pub type Readings = Vec<Result<(RawRecord, Mapped), Reject>>;

/// Maps a record by its format. Pure; accepts every record that this crate made.
///
/// # Errors
/// [`MapError`]; no bytes make it panic.
pub fn map(record: &RawRecord) -> Result<Mapped, MapError> {
    if record.body.len() > RECORD_BYTES_MAX {
        return Err(MapError::TooLarge(record.body.len()));
    }
    let text = std::str::from_utf8(&record.body).map_err(|e| MapError::NotUtf8(e.valid_up_to()))?;
    match record.format {
        Format::Jetstream => crate::bluesky::map_event(text),
        Format::BlueskyPostView => crate::bluesky::map_view(text),
        Format::BlueskyProfile => crate::bluesky::map_profile(text),
        Format::MastodonStatus => crate::mastodon::map_status(text),
        Format::XV2 => crate::x::map_v2(text),
        Format::XV1 => crate::x::map_v1(text),
        Format::Reddit => crate::reddit::map_thing(text),
        Format::Youtube => crate::youtube::map_comment(text),
        Format::TelegramExport => crate::telegram::map_message(text),
        Format::TelegramBot => crate::telegram::map_update(text),
        Format::FeedEntry => crate::feeds::map_entry(text),
        Format::Table => crate::table::map_row(text, record),
        Format::Nostr => crate::nostr::map_event(text),
        Format::Matrix => crate::matrix::map_event(text),
        Format::MetaGraph => crate::meta::map_change(text),
        Format::Webhook => crate::webhook::map_body(text, record),
    }
}

/// The value that `text` holds, or what is wrong with it.
pub(crate) fn parse_json<'a, T: serde::Deserialize<'a>>(
    format: Format,
    text: &'a str,
) -> Result<T, MapError> {
    serde_json::from_str(text).map_err(|error| unreadable(format, error))
}

/// The reader's complaint as a [`MapError`].
pub(crate) fn unreadable(format: Format, error: impl std::fmt::Display) -> MapError {
    MapError::Unreadable { format, reason: error.to_string() }
}

/// The text of a page, or a reject of it.
pub(crate) fn page_text(body: &[u8], at: Arrival) -> Result<&str, Reject> {
    std::str::from_utf8(body).map_err(|e| Reject::new(at.line, MapError::NotUtf8(e.valid_up_to()), body))
}

/// Reads one record into `readings`; what is neither post nor account is left out.
pub(crate) fn read_into(
    readings: &mut Readings,
    format: Format,
    network: Network,
    body: Vec<u8>,
    at: Arrival,
) {
    match try_record(format, network, body, at) {
        Ok(pair) => readings.push(Ok(pair)),
        Err((MapError::Other(_), _)) => {}
        Err((error, body)) => readings.push(Err(Reject::new(at.line, error, &body))),
    }
}

/// A record of `body` whose identity comes from its own mapping, or the reject.
/// Pure. Cost: that of [`map`].
pub fn read_record(
    format: Format,
    network: Network,
    body: Vec<u8>,
    at: Arrival,
) -> Result<(RawRecord, Mapped), Reject> {
    match try_record(format, network, body, at) {
        Ok(pair) => Ok(pair),
        Err((error, body)) => Err(Reject::new(at.line, error, &body)),
    }
}

/// As [`read_record`], for formats whose records bear their own identity.
fn try_record(
    format: Format,
    network: Network,
    body: Vec<u8>,
    at: Arrival,
) -> Result<(RawRecord, Mapped), (MapError, Vec<u8>)> {
    // The mapping of formats that take their identity from the envelope never
    // comes through here, so the placeholder is always replaced.
    let placeholder = match NativeId::parse("-") {
        Ok(id) => id,
        Err(error) => return Err((error.into(), body)),
    };
    let mut record = RawRecord {
        kind: RecordKind::Post,
        network,
        native_id: placeholder,
        format,
        fetched_at: at.fetched_at,
        body,
    };
    match map(&record) {
        Ok(mapped) => {
            match &mapped {
                Mapped::Post(post) => {
                    record.network = post.key.network;
                    record.native_id = post.key.native_id.clone();
                }
                Mapped::Account(account) => {
                    record.kind = RecordKind::Account;
                    record.network = account.key.network;
                    record.native_id = account.key.native_id.clone();
                }
            }
            Ok((record, mapped))
        }
        Err(error) => Err((error, record.body)),
    }
}
