//! Phrases and distances of frequent words: the places of a word in a text as
//! the bits of one number, so that no place is looked at by itself.
//!
//! A document with a place from [`PLACES`] on is told apart ([`Found::long`])
//! and has to be looked at otherwise.

use super::IndexError;
use super::bits::{BLOCK_DOCS, Bits};
use super::places::Words;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;

/// Places that a mask holds.
const PLACES: u32 = u64::BITS;

/// What the masks tell.
pub(super) struct Found {
    /// Documents that match, but for those in `long`.
    pub docs: Bits,
    /// Documents of which the masks do not tell.
    pub long: Bits,
}

/// The documents where these terms stand at consecutive places.
pub(super) fn phrase_docs(words: &Words<'_>, terms: &[TermInfo]) -> Result<Found, IndexError> {
    let mut lists = terms.iter().map(|term| List::open(words, term)).collect::<Result<Vec<_>, _>>()?;
    let mut next = [0_u64; BLOCK_DOCS];
    Ok(in_blocks(words.max_doc, |start, masks, long| {
        for (number, list) in lists.iter_mut().enumerate() {
            if number == 0 {
                list.fill(start, masks, long);
                continue;
            }
            next.fill(0);
            list.fill(start, &mut next, long);
            masks.iter_mut().zip(&next).for_each(|(ends, starts)| *ends = *ends << 1 & starts);
        }
    }))
}

/// The documents where a term of the one side and a term of the other stand at
/// most `distance` places apart, not at the same.
pub(super) fn near_docs(
    words: &Words<'_>,
    left: &[TermInfo],
    right: &[TermInfo],
    distance: u32,
) -> Result<Found, IndexError> {
    let open = |terms: &[TermInfo]| -> Result<Vec<List>, IndexError> {
        terms.iter().map(|term| List::open(words, term)).collect()
    };
    let (mut left, mut right) = (open(left)?, open(right)?);
    let mut others = [0_u64; BLOCK_DOCS];
    Ok(in_blocks(words.max_doc, |start, masks, long| {
        left.iter_mut().for_each(|list| list.fill(start, masks, long));
        others.fill(0);
        right.iter_mut().for_each(|list| list.fill(start, &mut others, long));
        masks.iter_mut().zip(&others).for_each(|(ones, others)| *ones = around(*ones, distance) & others);
    }))
}

/// The places at most `distance` before or after one of these.
fn around(places: u64, distance: u32) -> u64 {
    let reach = distance.min(PLACES - 1);
    if reach == 0 {
        return 0;
    }
    let (mut after, mut before, mut filled) = (places << 1, places >> 1, 1);
    while filled < reach {
        let step = filled.min(reach - filled);
        after |= after << step;
        before |= before >> step;
        filled += step;
    }
    after | before
}

/// Documents whose mask is not empty after `fill` has set those of its block.
fn in_blocks(max_doc: u32, mut fill: impl FnMut(u32, &mut [u64; BLOCK_DOCS], &mut Bits)) -> Found {
    let mut long = Bits::none(max_doc);
    let mut found = Vec::with_capacity(max_doc.div_ceil(64) as usize);
    for start in (0..max_doc).step_by(BLOCK_DOCS) {
        let mut masks = [0; BLOCK_DOCS];
        fill(start, &mut masks, &mut long);
        let words = masks.chunks(64);
        found.extend(
            words.map(|masks| masks.iter().rev().fold(0, |word, mask| word << 1 | u64::from(*mask != 0))),
        );
    }
    found.truncate(max_doc.div_ceil(64) as usize);
    Found { docs: Bits::from_words(found, max_doc), long }
}

/// A posting list read from end to end.
struct List {
    postings: BlockSegmentPostings,
    reader: PositionReader,
    /// Positions of the term before this block of the list.
    before: u64,
    /// The document of the block that comes next, and its first position in `gaps`.
    at: usize,
    gap: usize,
    /// Positions of the block, each but the first of a document as the
    /// distance from the one before; empty when not yet read.
    gaps: Vec<u32>,
}

impl List {
    fn open(words: &Words<'_>, info: &TermInfo) -> Result<Self, IndexError> {
        let bytes = words.positions.read_bytes_slice(info.positions_range.clone())?;
        let option = IndexRecordOption::WithFreqsAndPositions;
        Ok(Self {
            postings: words.terms.read_block_postings_from_terminfo(info, option)?,
            reader: PositionReader::open(bytes)?,
            before: 0,
            at: 0,
            gap: 0,
            gaps: Vec::new(),
        })
    }

    /// Adds the places in the documents from `start` on; asked with rising blocks.
    fn fill(&mut self, start: u32, masks: &mut [u64; BLOCK_DOCS], long: &mut Bits) {
        while let Some(next) = self.postings.docs().get(self.at) {
            if *next - start >= BLOCK_DOCS as u32 {
                return;
            }
            if self.gaps.is_empty() {
                let all = self.postings.freqs().iter().map(|freq| *freq as usize).sum();
                self.gaps.resize(all, 0);
                self.reader.read(self.before, &mut self.gaps);
            }
            let (docs, freqs) = (self.postings.docs(), self.postings.freqs());
            let mut gaps = self.gaps.get(self.gap..).unwrap_or_default();
            for (doc, freq) in docs.iter().zip(freqs).skip(self.at) {
                let Some(mask) = masks.get_mut((doc - start) as usize) else { break };
                let Some((own, rest)) = gaps.split_at_checked(*freq as usize) else { return };
                let mut place = 0_u32;
                for gap in own {
                    place += gap;
                    // Zero when the place is past the mask.
                    *mask |= 1_u64.checked_shl(place).unwrap_or(0);
                }
                if place >= PLACES {
                    long.set(*doc);
                }
                gaps = rest;
                self.at += 1;
                self.gap += own.len();
            }
            if self.at >= self.postings.docs().len() {
                self.before += self.gaps.len() as u64;
                self.postings.advance();
                (self.at, self.gap) = (0, 0);
                self.gaps.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::around;

    #[test]
    fn reaches_both_ways() {
        assert_eq!(around(0b1000, 1), 0b1_0100);
        assert_eq!(around(0b1000, 3), 0b111_0111);
        assert_eq!(around(1 << 63 | 1, 2), 0b11 << 61 | 0b110);
        assert_eq!(around(1 << 20, 99), !(1 << 20));
        assert_eq!(around(5, 0), 0);
    }
}
