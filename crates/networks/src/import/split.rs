//! A file cut into items without ever holding it whole.
//!
//! In: a [`Window`]. Out: lines, rows of delimited text, or the elements of
//! JSON lists wherever they lie; or the whole document where only that makes
//! sense. Errors: rejects with the line on which the item begins; what follows
//! a broken item is still read. Limits: [`ITEM_BYTES_MAX`], [`QUOTED_LINES_MAX`].

use super::bytes::Window;
use model::record::REJECT_EXCERPT_BYTES_MAX;
use model::{Reason, Reject, RejectCause};

/// Largest item (a page of many posts, one line), bytes.
pub const ITEM_BYTES_MAX: usize = 32 * 1024 * 1024;
/// A quote in a table must close within this many lines.
pub const QUOTED_LINES_MAX: usize = 500;

/// An item with its line.
pub(super) struct Piece {
    pub line: u64,
    pub bytes: Vec<u8>,
}

/// How a file is cut.
#[derive(Debug)]
pub(super) enum Splitter {
    /// At each new line; blank lines are left out.
    Lines,
    /// At new lines outside quotes.
    Rows { delimiter: u8, quoted: bool },
    /// JSON values, one after the other or in lists.
    Values(Values),
    /// Not at all.
    Whole,
}

/// Where a walk through JSON stands.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Keys whose lists are taken apart; none: objects are items.
    pub keys: &'static [&'static str],
    /// Telegram: every item bears the chat that it stands in.
    pub with_chat: bool,
    levels: Vec<Level>,
}

#[derive(Debug)]
enum Level {
    /// A list; its objects are items, or are themselves taken apart.
    List { open_items: bool },
    /// An object that is taken apart, with its scalars of interest.
    Object { name: Vec<u8>, kind: Vec<u8>, id: Vec<u8> },
}

/// What a scan over one value found.
enum Scan {
    /// It ends before this offset.
    Ends(usize),
    /// The file ends within it.
    BreaksOff,
    /// It is longer than an item may be: so many bytes, already dropped.
    TooLong { bytes: usize, head: Vec<u8> },
}

/// Why a piece of a file is no item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum SplitError {
    #[error("it has {0} bytes, at most {ITEM_BYTES_MAX} are allowed")]
    TooLong(usize),
    #[error("a quote opens on this line and does not close within {QUOTED_LINES_MAX} lines")]
    OpenQuote,
    #[error("the JSON breaks off: a list or object is not closed")]
    NotClosed,
    #[error("this is no JSON object or list")]
    NotJson,
    #[error("the JSON breaks off inside this item")]
    BreaksOff,
    #[error("the JSON is broken from here on")]
    Broken,
    #[error("the file breaks off: {0}")]
    FileBreaksOff(String),
}

impl Reason for SplitError {
    fn cause(&self) -> Option<RejectCause> {
        Some(match self {
            Self::TooLong(bytes) => {
                RejectCause::new("too-large", vec![bytes.to_string(), ITEM_BYTES_MAX.to_string()])
            }
            Self::OpenQuote => RejectCause::new("open-quote", vec![QUOTED_LINES_MAX.to_string()]),
            Self::NotClosed | Self::BreaksOff => RejectCause::new("json-breaks-off", Vec::new()),
            Self::NotJson => RejectCause::new("not-json", Vec::new()),
            Self::Broken => RejectCause::new("json-broken", Vec::new()),
            Self::FileBreaksOff(why) => RejectCause::new("file-breaks-off", vec![why.clone()]),
        })
    }
}

impl Splitter {
    /// The next item; `None` at the end.
    pub(super) fn next(&mut self, window: &mut Window) -> Option<Result<Piece, Reject>> {
        match self {
            Self::Lines => next_line(window),
            Self::Rows { delimiter, quoted: true } => next_row(window, *delimiter),
            Self::Rows { .. } => next_line(window),
            Self::Values(values) => values.next(window),
            Self::Whole => next_whole(window),
        }
    }
}

fn too_long(line: u64, bytes: usize, head: &[u8]) -> Reject {
    Reject::new(line, SplitError::TooLong(bytes), head)
}

/// The offset of the next new line from `from` on; `Err` with the length when
/// there is none within [`ITEM_BYTES_MAX`].
fn find_newline(window: &mut Window, from: usize) -> Result<Option<usize>, usize> {
    let mut at = from;
    loop {
        let rest = window.bytes().get(at..).unwrap_or_default();
        if let Some(found) = rest.iter().position(|byte| *byte == b'\n') {
            return Ok(Some(at + found));
        }
        at = window.bytes().len().max(at);
        if at > ITEM_BYTES_MAX {
            return Err(at);
        }
        if !window.reach(at + 1) {
            return Ok(None);
        }
    }
}

/// Drops everything up to and with the next new line; the bytes dropped.
fn drop_line(window: &mut Window) -> usize {
    let mut dropped = 0;
    loop {
        let held = window.bytes().len();
        match window.bytes().iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                window.skip(end + 1);
                return dropped + end;
            }
            None => {
                window.skip(held);
                dropped += held;
                if !window.reach(1) {
                    return dropped;
                }
            }
        }
    }
}

fn excerpt(window: &Window) -> Vec<u8> {
    window.bytes().iter().take(REJECT_EXCERPT_BYTES_MAX).copied().collect()
}

fn trim_end(mut bytes: Vec<u8>) -> Vec<u8> {
    while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        bytes.pop();
    }
    bytes
}

fn next_line(window: &mut Window) -> Option<Result<Piece, Reject>> {
    loop {
        if !window.reach(1) {
            return None;
        }
        let line = window.line;
        let end = match find_newline(window, 0) {
            Ok(Some(end)) => end + 1,
            Ok(None) => window.bytes().len(),
            Err(_) => {
                let head = excerpt(window);
                return Some(Err(too_long(line, drop_line(window), &head)));
            }
        };
        let bytes = trim_end(window.take(end));
        if !bytes.iter().all(u8::is_ascii_whitespace) {
            return Some(Ok(Piece { line, bytes }));
        }
    }
}

fn next_row(window: &mut Window, delimiter: u8) -> Option<Result<Piece, Reject>> {
    loop {
        if !window.reach(1) {
            return None;
        }
        let line = window.line;
        match scan_row(window, delimiter) {
            Some(end) => {
                let bytes = trim_end(window.take(end));
                if !bytes.iter().all(u8::is_ascii_whitespace) || bytes.contains(&delimiter) {
                    return Some(Ok(Piece { line, bytes }));
                }
            }
            None => {
                let head = excerpt(window);
                let head = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
                drop_line(window);
                return Some(Err(Reject::new(line, SplitError::OpenQuote, head)));
            }
        }
    }
}

/// Where the row at the front ends; `None` when a quote in it never closes.
fn scan_row(window: &mut Window, delimiter: u8) -> Option<usize> {
    let (mut at, mut quoted, mut field_start, mut lines) = (0, false, true, 0);
    while let Some(byte) = window.byte(at) {
        at += 1;
        if quoted {
            match byte {
                b'"' if window.byte(at) == Some(b'"') => at += 1,
                b'"' => quoted = false,
                b'\n' => {
                    lines += 1;
                    if lines > QUOTED_LINES_MAX || at > ITEM_BYTES_MAX {
                        return None;
                    }
                }
                _ => {}
            }
        } else if byte == b'\n' {
            return Some(at);
        } else if byte == b'"' && field_start {
            quoted = true;
        }
        field_start = !quoted && byte == delimiter;
        if at > ITEM_BYTES_MAX {
            return None;
        }
    }
    (!quoted).then_some(at)
}

fn next_whole(window: &mut Window) -> Option<Result<Piece, Reject>> {
    if !window.reach(1) {
        return None;
    }
    let line = window.line;
    if window.reach(ITEM_BYTES_MAX + 1) {
        let head = excerpt(window);
        let mut dropped = 0;
        while window.reach(1) {
            let held = window.bytes().len();
            window.skip(held);
            dropped += held;
        }
        return Some(Err(too_long(line, dropped, &head)));
    }
    let len = window.bytes().len();
    Some(Ok(Piece { line, bytes: window.take(len) }))
}

/// Scans the JSON value at the front of the window.
fn scan_value(window: &mut Window) -> Scan {
    let (mut at, mut depth, mut in_text, mut dropped) = (0_usize, 0_usize, false, 0_usize);
    let mut head = Vec::new();
    loop {
        if at > ITEM_BYTES_MAX {
            if head.is_empty() {
                head = excerpt(window);
            }
            window.skip(at);
            dropped += at;
            at = 0;
        }
        let Some(byte) = window.byte(at) else {
            let scalar_ends = depth == 0 && !in_text && at > 0;
            return if scalar_ends { Scan::Ends(at) } else { Scan::BreaksOff };
        };
        if in_text {
            match byte {
                b'\\' => at += 1,
                b'"' => in_text = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => return Scan::Ends(at),
                b'}' | b']' => depth -= 1,
                b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return Scan::Ends(at),
                _ => {}
            }
        }
        at += 1;
        let closed = depth == 0 && !in_text && matches!(byte, b'}' | b']' | b'"');
        if closed && dropped > 0 {
            window.skip(at);
            return Scan::TooLong { bytes: dropped + at, head };
        }
        if closed {
            return Scan::Ends(at);
        }
    }
}

impl Values {
    /// A walk that takes the lists of `keys` apart.
    pub(super) fn new(keys: &'static [&'static str], with_chat: bool) -> Self {
        Self { keys, with_chat, levels: Vec::new() }
    }

    fn next(&mut self, window: &mut Window) -> Option<Result<Piece, Reject>> {
        loop {
            while window.byte(0).is_some_and(|b| b.is_ascii_whitespace() || b == b',') {
                window.skip(1);
            }
            let Some(byte) = window.byte(0) else {
                let open = !self.levels.is_empty();
                self.levels.clear();
                return open.then(|| Err(Reject::new(window.line, SplitError::NotClosed, &[])));
            };
            match (self.levels.last(), byte) {
                (Some(Level::List { .. }), b']') | (Some(Level::Object { .. }), b'}') => {
                    self.levels.pop();
                    window.skip(1);
                }
                (Some(Level::Object { .. }), b'"') => {
                    if let Some(outcome) = self.member(window) {
                        return Some(outcome);
                    }
                }
                (Some(Level::Object { .. }), _) => return Some(Err(self.broken(window))),
                (None | Some(Level::List { .. }), b'[') => {
                    self.open(window, Level::List { open_items: false })
                }
                (Some(Level::List { open_items: true }), b'{') => self.open(window, Level::object()),
                (None, b'{') if !self.keys.is_empty() => self.open(window, Level::object()),
                (None, b'{') | (Some(Level::List { .. }), _) => return Some(self.item(window)),
                (None, _) => {
                    let (line, head) = (window.line, excerpt(window));
                    let head = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
                    drop_line(window);
                    return Some(Err(Reject::new(line, SplitError::NotJson, head)));
                }
            }
        }
    }

    fn open(&mut self, window: &mut Window, level: Level) {
        window.skip(1);
        self.levels.push(level);
    }

    /// One member of an object that is taken apart; `Some` only for a reject.
    fn member(&mut self, window: &mut Window) -> Option<Result<Piece, Reject>> {
        let Scan::Ends(end) = scan_value(window) else { return Some(Err(self.broken(window))) };
        let key = window.take(end);
        let key = key.get(1..key.len().saturating_sub(1)).unwrap_or_default().to_vec();
        while window.byte(0).is_some_and(|b| b.is_ascii_whitespace()) {
            window.skip(1);
        }
        if window.byte(0) != Some(b':') {
            return Some(Err(self.broken(window)));
        }
        window.skip(1);
        while window.byte(0).is_some_and(|b| b.is_ascii_whitespace()) {
            window.skip(1);
        }
        let known = self.keys.iter().any(|name| name.as_bytes() == key);
        match window.byte(0) {
            Some(b'[') if known => {
                self.open(window, Level::List { open_items: key == b"list" });
                return None;
            }
            Some(b'{') if known => {
                self.open(window, Level::object());
                return None;
            }
            Some(_) => {}
            None => return Some(Err(self.broken(window))),
        }
        let line = window.line;
        match scan_value(window) {
            Scan::Ends(0) | Scan::BreaksOff => Some(Err(self.broken(window))),
            Scan::Ends(end) => {
                let value = window.take(end);
                if let Some(Level::Object { name, kind, id }) = self.levels.last_mut()
                    && value.len() <= REJECT_EXCERPT_BYTES_MAX
                {
                    match key.as_slice() {
                        b"name" => *name = value,
                        b"type" => *kind = value,
                        b"id" => *id = value,
                        _ => {}
                    }
                }
                None
            }
            Scan::TooLong { bytes, head } => Some(Err(too_long(line, bytes, &head))),
        }
    }

    fn item(&mut self, window: &mut Window) -> Result<Piece, Reject> {
        let line = window.line;
        match scan_value(window) {
            Scan::Ends(0) | Scan::BreaksOff => Err(self.broken(window)),
            Scan::Ends(end) => {
                let bytes = window.take(end);
                Ok(Piece { line, bytes: if self.with_chat { self.in_chat(&bytes) } else { bytes } })
            }
            Scan::TooLong { bytes, head } => Err(too_long(line, bytes, &head)),
        }
    }

    /// A message with the chat that it stands in.
    fn in_chat(&self, message: &[u8]) -> Vec<u8> {
        let Some(Level::Object { name, kind, id }) =
            self.levels.iter().rev().find(|level| matches!(level, Level::Object { .. }))
        else {
            return message.to_vec();
        };
        let mut bytes = b"{\"chat\":{".to_vec();
        let parts = [("name", name), ("type", kind), ("id", id)];
        let mut first = true;
        for (key, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            if !first {
                bytes.push(b',');
            }
            first = false;
            bytes.extend_from_slice(format!("\"{key}\":").as_bytes());
            bytes.extend_from_slice(value);
        }
        bytes.extend_from_slice(b"},\"message\":");
        bytes.extend_from_slice(message);
        bytes.push(b'}');
        bytes
    }

    /// A reject of what the window holds; reading goes on behind the line, at the top.
    fn broken(&mut self, window: &mut Window) -> Reject {
        let (line, head) = (window.line, excerpt(window));
        let ends = !window.reach(head.len() + 1) && window.bytes().len() == head.len();
        let reason = if ends { SplitError::BreaksOff } else { SplitError::Broken };
        while window.reach(1) {
            let held = window.bytes().len();
            window.skip(held);
        }
        self.levels.clear();
        Reject::new(line, reason, &head)
    }
}

impl Level {
    const fn object() -> Self {
        Self::Object { name: Vec::new(), kind: Vec::new(), id: Vec::new() }
    }
}
