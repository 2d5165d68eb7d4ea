//! Which documents have a value in a column, and in which rows it stands.
//!
//! The engine answers this for one document at a time; here a whole block is
//! answered from bits. Made when a column is first read as a whole.
//! Memory: 1.5 bits per document, and 4 bytes per document with values where
//! documents have several.

use super::bits::{BLOCK_DOCS, Bits};
use tantivy::columnar::{Cardinality, Column};

/// The rows of the values of each document.
#[derive(Debug)]
pub(super) enum Rows {
    /// Each document has one value: its row is its number.
    Full,
    /// Some documents have values.
    Some(SomeRows),
}

/// The documents with values, in the order of their rows.
#[derive(Debug)]
pub(super) struct SomeRows {
    has: Bits,
    /// Documents with values before each 64 documents.
    before: Vec<u32>,
    /// First row of each document with values and the end; `None` when each has one.
    starts: Option<Vec<u32>>,
}

impl Rows {
    /// Reads the place of every value of a column once.
    pub(super) fn of(column: &Column<u64>, max_doc: u32) -> Self {
        if column.get_cardinality() == Cardinality::Full {
            return Self::Full;
        }
        let mut has = Bits::none(max_doc);
        let mut starts = Vec::new();
        let (mut docs, mut found, mut rows) = (Vec::with_capacity(BLOCK_DOCS), Vec::new(), Vec::new());
        for start in (0..max_doc).step_by(BLOCK_DOCS) {
            docs.clear();
            docs.extend(start..max_doc.min(start.saturating_add(BLOCK_DOCS as u32)));
            found.clear();
            rows.clear();
            column.row_ids_for_docs(&docs, &mut found, &mut rows);
            let mut last = None;
            for (doc, row) in found.iter().zip(&rows) {
                if last != Some(*doc) {
                    has.set(*doc);
                    starts.push(*row);
                    last = Some(*doc);
                }
            }
        }
        let values = column.values.num_vals();
        let several = u32::try_from(starts.len()) != Ok(values);
        starts.push(values);
        let before = has
            .words()
            .iter()
            .scan(0, |sum, word| {
                let before = *sum;
                *sum += word.count_ones();
                Some(before)
            })
            .collect();
        Self::Some(SomeRows { has, before, starts: several.then_some(starts) })
    }

    /// Replaces `rows` by the rows of the values that documents of a block
    /// have, and `owners` by the document of each.
    pub(super) fn read_block(&self, docs: &Bits, block: usize, owners: &mut Vec<u32>, rows: &mut Vec<u32>) {
        match self {
            Self::Full => {
                docs.read_block(block, owners);
                rows.clone_from(owners);
            }
            Self::Some(some) => some.read_block(docs, block, owners, rows),
        }
    }
}

impl SomeRows {
    /// True when a document may have several values.
    pub(super) const fn several(&self) -> bool {
        self.starts.is_some()
    }

    fn read_block(&self, docs: &Bits, block: usize, owners: &mut Vec<u32>, rows: &mut Vec<u32>) {
        owners.clear();
        rows.clear();
        let words = docs.block_words(block).zip(self.has.block_words(block));
        for ((index, wanted), (_, has)) in words {
            let mut rest = wanted & has;
            if rest == 0 {
                continue;
            }
            let before = self.before.get(index as usize).copied().unwrap_or(0);
            while rest != 0 {
                let low = rest.trailing_zeros();
                rest &= rest - 1;
                let rank = before + (has & ((1 << low) - 1)).count_ones();
                let doc = index * 64 + low;
                match &self.starts {
                    None => {
                        owners.push(doc);
                        rows.push(rank);
                    }
                    Some(starts) => {
                        let at = rank as usize;
                        if let Some([start, end]) = starts.get(at..at + 2) {
                            for row in *start..*end {
                                owners.push(doc);
                                rows.push(row);
                            }
                        }
                    }
                }
            }
        }
    }
}
