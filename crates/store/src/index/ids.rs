//! Finding posts by record id, for labels and deletions.

use super::bits::{BLOCK_DOCS, Bits};
use super::schema::{column, to_column};
use super::segment::open_numbers;
use std::sync::Arc;
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Widest span of ids for which a table with one bit per id is made.
const TABLE_IDS_MAX: u64 = 1 << 26;

/// A set of record ids, as column values.
#[derive(Debug, Clone)]
pub(super) struct IdSet {
    sorted: Vec<u64>,
    table: Option<Bits>,
}

impl IdSet {
    pub(super) fn new(ids: &[i64]) -> Self {
        let mut sorted: Vec<u64> = ids.iter().copied().map(to_column).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let span = sorted.first().zip(sorted.last()).map_or(0, |(first, last)| last - first);
        // A table pays when many ids are asked for in a narrow span.
        let table = (sorted.len() > 64 && span < TABLE_IDS_MAX).then(|| {
            let first = sorted.first().copied().unwrap_or(0);
            // span < 2^26, so the casts are lossless.
            let mut bits = Bits::none(span as u32 + 1);
            sorted.iter().for_each(|id| bits.set((id - first) as u32));
            bits
        });
        Self { sorted, table }
    }

    fn contains(&self, id: u64) -> bool {
        match (&self.table, self.sorted.first()) {
            (Some(table), Some(first)) => id
                .checked_sub(*first)
                .and_then(|offset| u32::try_from(offset).ok())
                .is_some_and(|offset| table.contains(offset)),
            _ => self.sorted.binary_search(&id).is_ok(),
        }
    }

    /// The documents of a segment that have one of the ids. Cost: a scan of
    /// the id column, unless no id lies in its range.
    pub(super) fn docs(&self, ids: &Column<u64>, max_doc: u32) -> Bits {
        let mut bits = Bits::none(max_doc);
        let (low, high) = (ids.min_value(), ids.max_value());
        let from = self.sorted.partition_point(|id| *id < low);
        if self.sorted.get(from).is_none_or(|id| *id > high) {
            return bits;
        }
        let mut buffer = [0; BLOCK_DOCS];
        let mut start = 0;
        while start < max_doc {
            let len = (max_doc - start).min(BLOCK_DOCS as u32);
            let Some(values) = buffer.get_mut(..len as usize) else { break };
            ids.values.get_range(u64::from(start), values);
            for (doc, id) in (start..).zip(values.iter()) {
                if self.contains(*id) {
                    bits.set(doc);
                }
            }
            start += len;
        }
        bits
    }
}

/// Matches the documents of given record ids: how posts are deleted without a
/// term for every id.
#[derive(Debug, Clone)]
pub(super) struct IdsQuery(pub Arc<IdSet>);

impl Query for IdsQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for IdsQuery {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let ids = open_numbers(reader, column::ID)
            .map_err(|error| TantivyError::InternalError(error.to_string()))?;
        Ok(Box::new(FoundDocs::new(self.0.docs(&ids, reader.max_doc()).iter().collect())))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("record id", 1.0))
    }
}

/// Documents found beforehand.
struct FoundDocs {
    docs: Vec<DocId>,
    at: usize,
}

impl FoundDocs {
    fn new(docs: Vec<DocId>) -> Self {
        Self { docs, at: 0 }
    }
}

impl DocSet for FoundDocs {
    fn advance(&mut self) -> DocId {
        self.at = self.at.saturating_add(1);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.docs.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for FoundDocs {
    fn score(&mut self) -> Score {
        1.0
    }
}
