//! One consistent state of the index, opened for reading.

use super::IndexError;
use super::bits::Bits;
use super::order::Zones;
use super::rows::Rows;
use super::schema::{Fields, column};
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::columnar::{BytesColumn, Column, StrColumn};
use tantivy::directory::{CompositeFile, FileSlice};
use tantivy::index::{SegmentComponent, SegmentId};
use tantivy::{InvertedIndexReader, Searcher, SegmentReader, TantivyError};

/// Most remembered look-ups between a value and its number, per column and segment.
const MEMO_ENTRIES_MAX: usize = 16_384;

/// What identifies the content of a segment, deletions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SegmentKey {
    /// The segment.
    pub id: SegmentId,
    /// Changes with each deletion in it.
    pub deletions: Option<u64>,
}

/// A column of numbers with what is known of it as a whole.
pub(super) struct Numbers {
    column: Column<u64>,
    max_doc: u32,
    zones: OnceLock<Zones>,
    rows: OnceLock<Rows>,
}

impl Numbers {
    fn open(reader: &SegmentReader, name: &str) -> Result<Self, IndexError> {
        let column = open_numbers(reader, name)?;
        Ok(Self { column, max_doc: reader.max_doc(), zones: OnceLock::new(), rows: OnceLock::new() })
    }

    /// Documents of the segment.
    pub(super) const fn max_doc(&self) -> u32 {
        self.max_doc
    }

    /// Spans of the values; made when first asked for.
    pub(super) fn zones(&self) -> &Zones {
        self.zones.get_or_init(|| Zones::of(&self.column, self.max_doc))
    }

    /// Where the values stand; made when first asked for.
    pub(super) fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::of(&self.column, self.max_doc))
    }
}

impl Deref for Numbers {
    type Target = Column<u64>;
    fn deref(&self) -> &Column<u64> {
        &self.column
    }
}

/// A column of strings: numbers per document and the dictionary behind them.
pub(super) struct Strings {
    column: StrColumn,
    max_doc: u32,
    rows: OnceLock<Rows>,
    memo: Mutex<Memo>,
}

#[derive(Default)]
struct Memo {
    texts: HashMap<u64, String>,
    ordinals: HashMap<String, Option<u64>>,
}

impl Strings {
    fn open(reader: &SegmentReader, name: &str) -> Result<Self, IndexError> {
        let column = reader
            .fast_fields()
            .str(name)?
            .unwrap_or_else(|| StrColumn::wrap(BytesColumn::empty(reader.max_doc())));
        Ok(Self { column, max_doc: reader.max_doc(), rows: OnceLock::new(), memo: Mutex::default() })
    }

    /// Numbers per document.
    pub(super) fn ordinals(&self) -> &Column<u64> {
        self.column.ords()
    }

    /// Where the values stand; made when first asked for.
    pub(super) fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::of(self.ordinals(), self.max_doc))
    }

    /// Distinct values.
    pub(super) fn len(&self) -> usize {
        self.column.num_terms()
    }

    /// The number of a value in this segment; remembered.
    pub(super) fn ordinal_of(&self, text: &str) -> Result<Option<u64>, IndexError> {
        if let Some(known) = self.memo().ordinals.get(text) {
            return Ok(*known);
        }
        let ordinal = self.column.dictionary().term_ord(text)?;
        let mut memo = self.memo();
        if memo.ordinals.len() >= MEMO_ENTRIES_MAX {
            memo.ordinals.clear();
        }
        memo.ordinals.insert(text.to_owned(), ordinal);
        Ok(ordinal)
    }

    /// The value of a number; remembered.
    pub(super) fn text_of(&self, ordinal: u64) -> Result<String, IndexError> {
        if let Some(known) = self.memo().texts.get(&ordinal) {
            return Ok(known.clone());
        }
        let mut text = String::new();
        self.column.ord_to_str(ordinal, &mut text)?;
        let mut memo = self.memo();
        if memo.texts.len() >= MEMO_ENTRIES_MAX {
            memo.texts.clear();
        }
        memo.texts.insert(ordinal, text.clone());
        Ok(text)
    }

    fn memo(&self) -> std::sync::MutexGuard<'_, Memo> {
        // The maps stay whole whatever a panicking thread was doing.
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One segment with its columns and postings opened.
pub(super) struct SegmentView {
    pub key: SegmentKey,
    pub max_doc: u32,
    /// Documents that are not deleted; `None` when all live.
    pub alive: Option<Bits>,
    pub id: Column<u64>,
    pub time: Numbers,
    pub facts: Column<u64>,
    pub source: Numbers,
    pub tone_score: Numbers,
    pub followers: Numbers,
    pub engagement: Numbers,
    /// The post that began the cascade.
    pub cascade: Numbers,
    pub author: Strings,
    pub handle: Strings,
    /// Root of the thread of a reply.
    pub thread: Strings,
    pub country: Strings,
    pub hashtag: Strings,
    pub tagged: Strings,
    pub domain: Strings,
    pub link: Strings,
    pub text_terms: Arc<InvertedIndexReader>,
    pub hashtag_terms: Arc<InvertedIndexReader>,
    pub tagged_terms: Arc<InvertedIndexReader>,
    pub host_terms: Arc<InvertedIndexReader>,
    /// Positions of the words of texts.
    pub text_positions: FileSlice,
}

/// Opens a column of numbers; one that no document has is empty.
pub(super) fn open_numbers(reader: &SegmentReader, name: &str) -> Result<Column<u64>, IndexError> {
    let column = reader.fast_fields().column_opt::<u64>(name)?;
    Ok(column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
}

/// The part of the file of positions that belongs to the texts.
fn open_positions(reader: &SegmentReader, fields: &Fields) -> Result<FileSlice, IndexError> {
    let file = reader.open_read(SegmentComponent::Positions).map_err(TantivyError::from)?;
    Ok(CompositeFile::open(&file)?.open_read(fields.text).unwrap_or_else(FileSlice::empty))
}

impl SegmentView {
    fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, IndexError> {
        let max_doc = reader.max_doc();
        let alive = reader.alive_bitset().map(|alive| {
            let mut bits = Bits::none(max_doc);
            alive.iter_alive().for_each(|doc| bits.set(doc));
            bits
        });
        let view = Self {
            key: key_of(reader),
            max_doc,
            alive,
            id: open_numbers(reader, column::ID)?,
            time: Numbers::open(reader, column::TIME)?,
            facts: open_numbers(reader, column::FACTS)?,
            source: Numbers::open(reader, column::SOURCE)?,
            tone_score: Numbers::open(reader, column::TONE_SCORE)?,
            followers: Numbers::open(reader, column::FOLLOWERS)?,
            engagement: Numbers::open(reader, column::ENGAGEMENT)?,
            cascade: Numbers::open(reader, column::CASCADE)?,
            author: Strings::open(reader, column::AUTHOR)?,
            handle: Strings::open(reader, column::HANDLE)?,
            thread: Strings::open(reader, column::THREAD)?,
            country: Strings::open(reader, column::COUNTRY)?,
            hashtag: Strings::open(reader, column::HASHTAG)?,
            tagged: Strings::open(reader, column::TAGGED)?,
            domain: Strings::open(reader, column::DOMAIN)?,
            link: Strings::open(reader, column::LINK)?,
            text_terms: reader.inverted_index(fields.text)?,
            hashtag_terms: reader.inverted_index(fields.hashtag)?,
            tagged_terms: reader.inverted_index(fields.tagged)?,
            host_terms: reader.inverted_index(fields.host)?,
            text_positions: open_positions(reader, fields)?,
        };
        let full = [&view.id, &view.time.column, &view.facts, &view.source.column];
        if full.iter().any(|numbers| numbers.values.num_vals() != max_doc) {
            return Err(IndexError::Damaged("a column does not cover every post".to_owned()));
        }
        Ok(view)
    }

    /// Removes deleted documents from a set.
    pub(super) fn keep_alive(&self, bits: &mut Bits) {
        if let Some(alive) = &self.alive {
            bits.and(alive);
        }
    }

    /// Documents that are not deleted.
    pub(super) fn alive_count(&self) -> u64 {
        self.alive.as_ref().map_or(u64::from(self.max_doc), Bits::count)
    }
}

fn key_of(reader: &SegmentReader) -> SegmentKey {
    SegmentKey { id: reader.segment_id(), deletions: reader.delete_opstamp() }
}

/// Every segment of one state, largest first.
pub(super) struct View {
    pub segments: Vec<Arc<SegmentView>>,
}

impl View {
    /// Opens the state that `searcher` shows; segments that `before` has open are taken over.
    pub(super) fn open(
        searcher: &Searcher,
        fields: &Fields,
        before: Option<&Self>,
    ) -> Result<Self, IndexError> {
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let key = key_of(reader);
            let known =
                before.and_then(|view| view.segments.iter().find(|segment| segment.key == key)).cloned();
            segments.push(match known {
                Some(segment) => segment,
                None => Arc::new(SegmentView::open(reader, fields)?),
            });
        }
        segments.sort_by_key(|segment| std::cmp::Reverse(segment.max_doc));
        Ok(Self { segments })
    }
}
