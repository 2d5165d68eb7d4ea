//! Files to records: what kind of file it is, its items, and their records.
//!
//! In: any readable file, plain, gzip or zstd: JSON lines, JSON lists, API
//! answers, Telegram exports, feeds, CSV, TSV, plain lines. Out: a [`Decoder`]
//! and the [`Items`] of the file in order; items can be decoded on other
//! threads. Errors: [`ImportError`] when the file as a whole cannot be read;
//! a [`Reject`] with line and reason for each item that cannot.
//! Cost: memory for one item and one read-ahead. Limits: see [`bytes`] for
//! unpacking, [`ITEM_BYTES_MAX`] per item, [`model::record::RECORD_BYTES_MAX`]
//! per record.

mod bytes;
mod encoding;
mod rows;
mod shape;
mod split;

pub use bytes::{SAMPLE_BYTES, UNPACKED_FREE_BYTES, UNPACKED_RATIO_MAX, ZSTD_WINDOW_LOG_MAX, unpacked};
pub use split::{ITEM_BYTES_MAX, QUOTED_LINES_MAX};

pub use crate::dates::EpochUnit;
use crate::{Arrival, Mapped, Readings};
use bytes::Window;
use model::listening::WebhookMaker;
use model::{Format, Lang, Network, Post, RawRecord, Reject, Timestamp};
use rows::Plan;
use shape::{Layout, Shape, detect, wrapper_keys};
use split::{Piece, SplitError, Splitter, Values};
use std::io::Read;
use std::sync::Arc;

/// How a file is to be read; the default detects everything.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The format of its records; `None` detects it.
    pub format: Option<Format>,
    /// Columns of a table: our field and their column (name, number from 1, or
    /// for JSON a path such as `user.screen_name`). `time_order` takes `dmy` or `mdy`.
    pub columns: Vec<(String, String)>,
    /// The network of rows that name none.
    pub network: Option<Network>,
    /// Declared language of rows that name none.
    pub language: Option<Lang>,
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Reading failed.
    #[error("cannot read {name}: {error}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system or the unpacker said.
        error: std::io::Error,
    },
    /// Nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// A kind of file that is not read.
    #[error("{name} is {what}: unpack it first")]
    Packed {
        /// The file.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// A table in which nothing is recognised as the words of a post.
    #[error("{name} has no column with the text; it has: {}. Name it with --map text=COLUMN (a name, or a number from 1)", columns.join(", "))]
    NoText {
        /// The file.
        name: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// The left side of a mapping is no field of ours.
    #[error("there is no field «{0}»; use one of {names}", names = field_names())]
    UnknownField(String),
    /// The right side of a mapping is no column of the file.
    #[error("there is no column «{column}»; the file has: {}", columns.join(", "))]
    UnknownColumn {
        /// The column asked for.
        column: String,
        /// Those that the file has.
        columns: Vec<String>,
    },
    /// `time_order` is neither of its two words.
    #[error("time_order is dmy or mdy, not «{0}»")]
    UnknownOrder(String),
}

/// The left sides that a mapping can have.
fn field_names() -> String {
    let names = crate::table::FIELDS.iter().map(|field| field.name);
    names.chain(std::iter::once("time_order")).collect::<Vec<_>>().join(", ")
}

/// One item as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawItem {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// Bytes of the file consumed so far, as it lies on disk.
    pub read_bytes: u64,
    /// The item.
    pub bytes: Vec<u8>,
}

/// Turns items into records and posts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Decoder {
    layout: Layout,
    plan: Option<Arc<Plan>>,
}

impl Decoder {
    /// The records of one item; empty when it holds no post (likes, follows,
    /// accounts by themselves). Pure. Cost: that of [`crate::map()`] per record.
    pub fn decode(&self, item: &RawItem, fetched_at: Timestamp) -> Vec<Result<(RawRecord, Post), Reject>> {
        let at = Arrival { line: item.line, fetched_at };
        let readings = self.read(&item.bytes, at);
        readings
            .into_iter()
            .filter_map(|reading| match reading {
                Ok((record, Mapped::Post(post))) => Some(Ok((record, *post))),
                Ok((_, Mapped::Account(_))) => None,
                Err(reject) => Some(Err(reject)),
            })
            .collect()
    }

    /// The format of the records that it makes.
    pub const fn format(&self) -> Format {
        match self.layout {
            Layout::Records(format) => format,
            Layout::Feed => Format::FeedEntry,
            Layout::Objects | Layout::Rows => Format::Table,
        }
    }

    fn read(&self, bytes: &[u8], at: Arrival) -> Readings {
        match self.layout {
            Layout::Feed => crate::feeds::read_feed(bytes, None, at),
            Layout::Objects | Layout::Rows => vec![self.read_row(bytes, at)],
            Layout::Records(format) => read_page(format, bytes, at),
        }
    }

    fn read_row(&self, bytes: &[u8], at: Arrival) -> Result<(RawRecord, Mapped), Reject> {
        // A table always has its plan; without one there is nothing to read.
        let Some(plan) = &self.plan else { return Err(Reject::new(at.line, "no columns are known", bytes)) };
        let body = match self.layout {
            Layout::Rows => plan.record_of_row(bytes),
            _ => plan.record_of_object(bytes),
        };
        let body = body.map_err(|reason| Reject::new(at.line, reason, bytes))?;
        crate::table::read_row(body, Format::Table, plan.network, at)
            .map_err(|reject| reject.with_excerpt(bytes))
    }
}

/// One item of a known format: a record or a page of them.
fn read_page(format: Format, bytes: &[u8], at: Arrival) -> Readings {
    match format {
        Format::Jetstream => crate::bluesky::read_event(bytes, at),
        Format::BlueskyPostView => crate::bluesky::read_views(bytes, at),
        Format::BlueskyProfile => crate::bluesky::read_profile(bytes, at),
        Format::MastodonStatus => crate::mastodon::read_statuses("", bytes, at),
        Format::XV2 => crate::x::read_v2(bytes, at),
        Format::XV1 => crate::x::read_v1(bytes, at),
        Format::Reddit => crate::reddit::read_listing(bytes, at),
        Format::Youtube => crate::youtube::read_page(bytes, at),
        Format::TelegramExport => crate::telegram::read_message(bytes, at),
        Format::TelegramBot => crate::telegram::read_update(bytes, at),
        Format::Nostr => crate::nostr::read_event(bytes, at),
        Format::Matrix => crate::matrix::read_envelope(bytes, at),
        Format::MetaGraph => crate::meta::read_webhook(bytes, at),
        Format::Webhook if crate::webhook::is_ghost(bytes) => {
            crate::webhook::read_body(WebhookMaker::Ghost, bytes, at)
        }
        Format::Webhook => crate::webhook::read_body(WebhookMaker::Generic, bytes, at),
        Format::FeedEntry => crate::feeds::read_entry(bytes, at),
        Format::Table => vec![crate::table::read_row(bytes.to_vec(), format, Network::File, at)],
    }
}

/// The items of a file, in order.
pub struct Items {
    window: Window,
    splitter: Splitter,
}

impl Items {
    /// Bytes of the file consumed so far, as it lies on disk.
    pub fn read_bytes(&self) -> u64 {
        self.window.read_bytes()
    }
}

impl Iterator for Items {
    type Item = Result<RawItem, Reject>;

    /// The next item, or the reject of what stands in its place. Reads on as
    /// far as the item reaches. Cost: one pass over its bytes.
    fn next(&mut self) -> Option<Self::Item> {
        match self.splitter.next(&mut self.window) {
            Some(Ok(Piece { line, bytes })) => {
                Some(Ok(RawItem { line, read_bytes: self.window.read_bytes(), bytes }))
            }
            Some(Err(reject)) => Some(Err(reject)),
            None => {
                let line = self.window.line;
                self.window
                    .take_failure()
                    .map(|why| Err(Reject::new(line, SplitError::FileBreaksOff(why), &[])))
            }
        }
    }
}

/// Opens a file: unpacks it, finds out what it is and how it is cut. `name` is
/// for messages.
///
/// # Errors
/// [`ImportError`] when the file as a whole cannot be read.
pub fn open(
    name: &str,
    input: Box<dyn Read + Send>,
    options: &ImportOptions,
) -> Result<(Decoder, Items), ImportError> {
    let unreadable = |error| ImportError::Unreadable { name: name.to_owned(), error };
    let mut window = Window::open(input).map_err(unreadable)?;
    let sample: Vec<u8> = window.bytes().iter().take(SAMPLE_BYTES).copied().collect();
    if sample.iter().all(u8::is_ascii_whitespace) {
        if let Some(why) = window.take_failure() {
            return Err(unreadable(std::io::Error::other(why)));
        }
        return Err(ImportError::Empty(name.to_owned()));
    }
    if let Some(what) = packed(&sample) {
        return Err(ImportError::Packed { name: name.to_owned(), what });
    }
    let first = sample.iter().find(|byte| !byte.is_ascii_whitespace()).copied();
    let (decoder, splitter) = match first {
        Some(b'{' | b'[') => of_json(name, &sample, options)?,
        Some(b'<') if options.format.is_none_or(|format| format == Format::FeedEntry) && is_xml(&sample) => {
            (Decoder { layout: Layout::Feed, plan: None }, Splitter::Whole)
        }
        _ => of_rows(name, &sample, options)?,
    };
    let mut items = Items { window, splitter };
    if decoder.plan.as_ref().is_some_and(|plan| plan.has_header) {
        // The header is the first row.
        let _ = items.splitter.next(&mut items.window);
    }
    Ok((decoder, items))
}

/// An archive that must be unpacked first.
fn packed(sample: &[u8]) -> Option<&'static str> {
    if sample.starts_with(b"PK\x03\x04") {
        Some("a zip archive")
    } else if sample.get(257..262) == Some(b"ustar") {
        Some("a tar archive")
    } else if sample.starts_with(b"BZh") {
        Some("packed with bzip2")
    } else if sample.starts_with(b"\xFD7zXZ") {
        Some("packed with xz")
    } else {
        None
    }
}

fn is_xml(sample: &[u8]) -> bool {
    let head = String::from_utf8_lossy(sample);
    ["<?xml", "<rss", "<feed", "<rdf:RDF", "<!--"].iter().any(|start| head.trim_start().starts_with(start))
}

fn of_json(name: &str, sample: &[u8], options: &ImportOptions) -> Result<(Decoder, Splitter), ImportError> {
    let shape = Shape::of(sample);
    let layout = match options.format {
        Some(Format::Table) => Layout::Objects,
        Some(Format::FeedEntry) if shape.has("items") => Layout::Feed,
        Some(format) => Layout::Records(format),
        None if !options.columns.is_empty() => Layout::Objects,
        None if shape.has("version") && shape.has("items") => Layout::Feed,
        None => detect(&shape),
    };
    let splitter = if is_lines(sample) && !is_wrapped_chat(&shape, layout) {
        Splitter::Lines
    } else if layout == Layout::Feed {
        Splitter::Whole
    } else {
        let keys = wrapper_keys(&shape, layout);
        let with_chat = layout == Layout::Records(Format::TelegramExport) && !keys.is_empty();
        Splitter::Values(Values::new(keys, with_chat))
    };
    let plan = match layout {
        Layout::Objects => {
            Some(Arc::new(Plan::of_objects(name, &object_keys(&shape, &splitter), sample, options)?))
        }
        _ => None,
    };
    Ok((Decoder { layout, plan }, splitter))
}

/// The keys of the objects that are rows.
fn object_keys(shape: &Shape, splitter: &Splitter) -> Vec<String> {
    let Splitter::Values(Values { keys, .. }) = splitter else { return shape.top_keys() };
    let mut inner: Vec<String> = keys.iter().flat_map(|key| shape.keys_under(&format!("{key}[]."))).collect();
    inner.dedup();
    if inner.is_empty() { shape.top_keys() } else { inner }
}

/// A Telegram export in one line must still be taken apart.
fn is_wrapped_chat(shape: &Shape, layout: Layout) -> bool {
    layout == Layout::Records(Format::TelegramExport) && (shape.has("messages") || shape.has("chats.list"))
}

/// True when the lines of a sample are JSON values by themselves: most of those
/// that begin like one are whole.
fn is_lines(sample: &[u8]) -> bool {
    let mut lines: Vec<&[u8]> = sample.split(|byte| *byte == b'\n').collect();
    if lines.len() < 2 && sample.len() >= SAMPLE_BYTES {
        return false;
    }
    // The last line is cut where the sample ends.
    if sample.len() >= SAMPLE_BYTES {
        lines.pop();
    }
    let filled = lines.iter().map(|line| line.trim_ascii()).filter(|line| !line.is_empty()).take(50);
    let (mut whole, mut other) = (0, 0);
    for line in filled {
        let object = line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
        if object { whole += 1 } else { other += 1 }
    }
    whole > 0 && whole >= other
}

fn of_rows(name: &str, sample: &[u8], options: &ImportOptions) -> Result<(Decoder, Splitter), ImportError> {
    let plan = Plan::of_rows(name, sample, options)?;
    let splitter = match plan.dialect.delimiter {
        Some(delimiter) => Splitter::Rows { delimiter, quoted: plan.dialect.quoted },
        None => Splitter::Lines,
    };
    Ok((Decoder { layout: Layout::Rows, plan: Some(Arc::new(plan)) }, splitter))
}

#[cfg(test)]
mod tests;
