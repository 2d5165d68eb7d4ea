//! Remembered answers per segment: segments never change, so what matched in
//! one stays true until it is merged away.
//!
//! Limits: [`CACHE_BYTES_MAX`]; the least recently used go first.

use super::bits::Bits;
use super::pass::Partial;
use super::segment::SegmentKey;
use model::query::Expr;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// Most memory for remembered answers, bytes.
pub const CACHE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Segments smaller than this are asked anew each time.
pub(super) const CACHE_DOCS_MIN: u32 = if cfg!(test) { 4 } else { 4_096 };
/// Guessed size of an expression and its place in the table, bytes.
const ENTRY_BYTES: usize = 1_024;

/// An expression with its hash, made once per question.
#[derive(Debug, Clone)]
pub(super) struct HashedExpr {
    pub expr: Arc<Expr>,
    hash: u64,
}

impl HashedExpr {
    pub(super) fn new(expr: &Expr) -> Self {
        let mut hasher = DefaultHasher::new();
        expr.hash(&mut hasher);
        Self { expr: Arc::new(expr.clone()), hash: hasher.finish() }
    }
}

/// What an answer depends on besides the expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// All documents that match, deleted ones included.
    Docs,
    /// The part of an overview with lists of `len`; times as column values,
    /// `from` included, `to` not.
    Overview { from: u64, to: Option<u64>, len: usize },
}

/// A remembered answer.
#[derive(Clone)]
pub(super) enum Answer {
    Docs(Arc<Bits>),
    Overview(Arc<Partial>),
}

impl Answer {
    fn bytes(&self) -> usize {
        match self {
            Self::Docs(bits) => bits.bytes(),
            Self::Overview(partial) => partial.bytes(),
        }
    }
}

type Key = (u64, SegmentKey, Question);

struct Entry {
    expr: Arc<Expr>,
    answer: Answer,
    bytes: usize,
    used: u64,
}

#[derive(Default)]
struct Table {
    entries: HashMap<Key, Entry>,
    bytes: usize,
    clock: u64,
}

/// The remembered answers of one index.
#[derive(Default)]
pub(super) struct Cache(Mutex<Table>);

fn key_of(expr: &HashedExpr, segment: SegmentKey, question: Question) -> Key {
    // Which documents match does not depend on deletions.
    let segment = match question {
        Question::Docs => SegmentKey { deletions: None, ..segment },
        Question::Overview { .. } => segment,
    };
    (expr.hash, segment, question)
}

impl Cache {
    fn table(&self) -> std::sync::MutexGuard<'_, Table> {
        // A panicking reader leaves at worst a wrong byte count behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer, if it is remembered.
    pub(super) fn find(&self, expr: &HashedExpr, segment: SegmentKey, question: Question) -> Option<Answer> {
        let mut table = self.table();
        table.clock += 1;
        let clock = table.clock;
        let entry = table.entries.get_mut(&key_of(expr, segment, question))?;
        if entry.expr != expr.expr {
            return None;
        }
        entry.used = clock;
        Some(entry.answer.clone())
    }

    /// Remembers an answer.
    pub(super) fn insert(&self, expr: &HashedExpr, segment: SegmentKey, question: Question, answer: Answer) {
        let bytes = answer.bytes() + ENTRY_BYTES;
        if bytes > CACHE_BYTES_MAX / 4 {
            return;
        }
        let mut table = self.table();
        table.clock += 1;
        let entry = Entry { expr: Arc::clone(&expr.expr), answer, bytes, used: table.clock };
        let replaced = table.entries.insert(key_of(expr, segment, question), entry);
        table.bytes = table.bytes + bytes - replaced.map_or(0, |old| old.bytes);
        if table.bytes > CACHE_BYTES_MAX {
            table.shrink();
        }
    }

    /// Forgets segments that are gone.
    pub(super) fn retain(&self, segments: impl Iterator<Item = SegmentKey>) {
        let alive: HashSet<SegmentKey> =
            segments.flat_map(|key| [key, SegmentKey { deletions: None, ..key }]).collect();
        let mut table = self.table();
        table.entries.retain(|(_, segment, _), _| alive.contains(segment));
        table.bytes = table.entries.values().map(|entry| entry.bytes).sum();
    }
}

impl Table {
    /// Drops the longest unused until an eighth is free.
    fn shrink(&mut self) {
        let mut by_age: Vec<(u64, Key)> =
            self.entries.iter().map(|(key, entry)| (entry.used, *key)).collect();
        by_age.sort_unstable_by_key(|(used, _)| *used);
        for (_, key) in by_age {
            if self.bytes <= CACHE_BYTES_MAX / 8 * 7 {
                break;
            }
            if let Some(entry) = self.entries.remove(&key) {
                self.bytes -= entry.bytes;
            }
        }
    }
}
