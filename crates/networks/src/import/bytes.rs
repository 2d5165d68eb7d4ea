//! The bytes of a file: unpacked within limits, as UTF-8 where it was UTF-16,
//! with a look ahead.
//!
//! In: any reader. Out: [`Window`], a sliding window over the plain bytes that
//! knows its line. Limits: [`UNPACKED_RATIO_MAX`], [`UNPACKED_FREE_BYTES`],
//! [`ZSTD_WINDOW_LOG_MAX`].

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A compressed file may unpack to this many times its size …
pub const UNPACKED_RATIO_MAX: u64 = 300;
/// … once it has unpacked to more than this, bytes.
pub const UNPACKED_FREE_BYTES: u64 = 64 * 1024 * 1024;
/// Largest window that a zstd file may ask for: 2 to this power, 128 MiB.
pub const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Bytes looked at to find out what a file is.
pub const SAMPLE_BYTES: usize = 64 * 1024;
/// Bytes read at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// Counts what was read of the file as it lies on disk.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(u64::try_from(read).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops a decompression bomb.
struct Bounded<R> {
    inner: R,
    unpacked: u64,
    packed: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.unpacked = self.unpacked.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let packed = self.packed.load(Ordering::Relaxed).max(1);
        if self.unpacked > UNPACKED_FREE_BYTES && self.unpacked / packed > UNPACKED_RATIO_MAX {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it unpacks to more than {UNPACKED_RATIO_MAX} times its size: a decompression bomb"),
            ));
        }
        Ok(read)
    }
}

/// UTF-16 to UTF-8, a lone surrogate as U+FFFD.
struct Utf16<R> {
    inner: R,
    little_endian: bool,
    ready: Vec<u8>,
    at: usize,
    half: Option<u8>,
    high: Option<u16>,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    fn refill(&mut self) -> io::Result<()> {
        let mut raw = vec![0; CHUNK_BYTES];
        let read = self.inner.read(&mut raw)?;
        self.ended = read == 0;
        self.ready.clear();
        self.at = 0;
        let mut units = Vec::with_capacity(read / 2 + 2);
        units.extend(self.high.take());
        for &byte in raw.iter().take(read) {
            match self.half.take() {
                None => self.half = Some(byte),
                Some(first) if self.little_endian => units.push(u16::from_le_bytes([first, byte])),
                Some(first) => units.push(u16::from_be_bytes([first, byte])),
            }
        }
        if !self.ended && units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            self.high = units.pop();
        }
        let mut buffer = [0; 4];
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.ready.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.ready.len() && !self.ended {
            self.refill()?;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

/// The plain bytes of a file, whose bytes as they lie on disk are counted.
fn plain(input: Box<dyn Read + Send>, count: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
    let counted = Counted { inner: input, count: Arc::clone(count) };
    let (head, rest) = take_head(Box::new(counted))?;
    let packed = Arc::clone(count);
    let reader: Box<dyn Read + Send> = if head.starts_with(&[0x1F, 0x8B]) {
        Box::new(Bounded { inner: flate2::read::MultiGzDecoder::new(rest), unpacked: 0, packed })
    } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
        let mut inner = zstd::stream::read::Decoder::new(rest)?;
        inner.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
        Box::new(Bounded { inner, unpacked: 0, packed })
    } else {
        rest
    };
    let (head, rest) = take_head(reader)?;
    let little_endian = head.starts_with(&[0xFF, 0xFE]);
    if !little_endian && !head.starts_with(&[0xFE, 0xFF]) {
        return Ok(rest);
    }
    Ok(Box::new(Utf16 {
        inner: rest,
        little_endian,
        ready: vec![],
        at: 0,
        half: None,
        high: None,
        ended: false,
    }))
}

/// The plain bytes of a file that may be packed (gzip, zstd) or UTF-16, with
/// the limits of an import; a byte order mark of UTF-8 is left out.
///
/// # Errors
/// When its first bytes cannot be read.
pub fn unpacked(input: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (head, mut rest) = take_head(plain(input, &Arc::default())?)?;
    if head.starts_with(&[0xEF, 0xBB, 0xBF]) {
        rest.read_exact(&mut [0; 3])?;
    }
    Ok(rest)
}

/// A sliding window over the plain bytes of a file.
pub(super) struct Window {
    reader: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Why reading stopped early.
    failure: Option<String>,
    /// Line of the first byte of the window, from 1.
    pub line: u64,
}

impl Window {
    /// Unpacks and converts as the first bytes say.
    pub(super) fn open(input: Box<dyn Read + Send>) -> io::Result<Self> {
        let count = Arc::new(AtomicU64::new(0));
        let reader = plain(input, &count)?;
        let mut window =
            Self { reader, count, buffer: Vec::new(), start: 0, ended: false, failure: None, line: 1 };
        window.reach(SAMPLE_BYTES);
        if window.bytes().starts_with(&[0xEF, 0xBB, 0xBF]) {
            window.start += 3;
        }
        Ok(window)
    }

    /// Bytes of the file consumed so far, as it lies on disk.
    pub(super) fn read_bytes(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// What is in the window.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads until the window has `len` bytes or the file ends; true in the first case.
    pub(super) fn reach(&mut self, len: usize) -> bool {
        while self.bytes().len() < len && !self.ended {
            if self.start > 0 && self.start >= self.buffer.len() / 2 {
                self.buffer.drain(..self.start);
                self.start = 0;
            }
            let filled = self.buffer.len();
            self.buffer.resize(filled + CHUNK_BYTES, 0);
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            let read = match self.reader.read(room) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    self.buffer.truncate(filled);
                    continue;
                }
                Err(error) => {
                    self.failure = Some(error.to_string());
                    0
                }
            };
            self.ended |= read == 0;
            self.buffer.truncate(filled + read);
        }
        self.bytes().len() >= len
    }

    /// The byte at `at`, reading on if needed.
    pub(super) fn byte(&mut self, at: usize) -> Option<u8> {
        if at >= self.bytes().len() && !self.reach(at + 1) {
            return None;
        }
        self.bytes().get(at).copied()
    }

    /// Takes `len` bytes off the front and counts their lines.
    pub(super) fn take(&mut self, len: usize) -> Vec<u8> {
        let taken = self.bytes().get(..len).unwrap_or_default().to_vec();
        self.skip(len);
        taken
    }

    /// Drops `len` bytes off the front and counts their lines.
    pub(super) fn skip(&mut self, len: usize) {
        let newlines = self.bytes().iter().take(len).filter(|byte| **byte == b'\n').count();
        self.line += u64::try_from(newlines).unwrap_or_default();
        self.start = (self.start + len).min(self.buffer.len());
    }

    /// Why reading stopped early, once.
    pub(super) fn take_failure(&mut self) -> Option<String> {
        self.failure.take()
    }
}

/// The first four bytes, and a reader that gives everything again.
fn take_head(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut head = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut head)?;
    let again = io::Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(again)))
}
