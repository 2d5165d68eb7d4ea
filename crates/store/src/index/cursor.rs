//! The places of one term in the documents of a segment, asked with rising documents.

use super::IndexError;
use super::places::Words;
use tantivy::DocSet;
use tantivy::positions::PositionReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;

/// A posting list is read from end to end when at least one in so many of its
/// documents is asked about; else the engine leaps over what is between.
const WHOLE_RATIO: u64 = 16;
const WITH_PLACES: IndexRecordOption = IndexRecordOption::WithFreqsAndPositions;

/// The places of a term.
pub(super) enum Cursor {
    /// Leaps: about 60 ns per document asked about.
    Leaping(Box<SegmentPostings>),
    /// Reads block by block: about 3 ns per document of the list.
    Whole(Box<Whole>),
}

/// A posting list read block by block.
pub(super) struct Whole {
    postings: BlockSegmentPostings,
    reader: PositionReader,
    /// Positions of the term before this block.
    before: u64,
    /// The document of the block reached last.
    at: usize,
    /// Positions of the block, each but the first of a document as the
    /// distance from the one before; empty when not yet read.
    gaps: Vec<u32>,
    /// Where the positions of each document of the block begin, and the end.
    starts: Vec<usize>,
}

impl Cursor {
    /// For about `asked` documents.
    pub(super) fn open(words: &Words<'_>, info: &TermInfo, asked: u64) -> Result<Self, IndexError> {
        if asked.saturating_mul(WHOLE_RATIO) < u64::from(info.doc_freq) {
            let postings = words.terms.read_postings_from_terminfo(info, WITH_PLACES)?;
            return Ok(Self::Leaping(Box::new(postings)));
        }
        let bytes = words.positions.read_bytes_slice(info.positions_range.clone())?;
        Ok(Self::Whole(Box::new(Whole {
            postings: words.terms.read_block_postings_from_terminfo(info, WITH_PLACES)?,
            reader: PositionReader::open(bytes)?,
            before: 0,
            at: 0,
            gaps: Vec::new(),
            starts: Vec::new(),
        })))
    }

    /// Replaces `out` by the places in a document, rising.
    pub(super) fn positions(&mut self, doc: u32, out: &mut Vec<u32>) {
        match self {
            Self::Leaping(postings) => {
                out.clear();
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    postings.positions(out);
                }
            }
            Self::Whole(whole) => whole.positions(doc, out),
        }
    }
}

impl Whole {
    fn positions(&mut self, doc: u32, out: &mut Vec<u32>) {
        out.clear();
        while self.postings.docs().last().is_some_and(|last| *last < doc) {
            self.before += self.postings.freqs().iter().map(|freq| u64::from(*freq)).sum::<u64>();
            self.postings.advance();
            self.at = 0;
            self.gaps.clear();
        }
        let rest = self.postings.docs().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|listed| **listed < doc).count();
        if self.postings.docs().get(self.at) != Some(&doc) {
            return;
        }
        if self.gaps.is_empty() {
            self.read_block();
        }
        let Some([start, end]) = self.starts.get(self.at..self.at + 2) else { return };
        let mut place = 0;
        out.extend(self.gaps.get(*start..*end).unwrap_or_default().iter().map(|gap| {
            place += gap;
            place
        }));
    }

    fn read_block(&mut self) {
        self.starts.clear();
        let mut end = 0;
        self.starts.push(end);
        for freq in self.postings.freqs() {
            end += *freq as usize;
            self.starts.push(end);
        }
        self.gaps.resize(end, 0);
        self.reader.read(self.before, &mut self.gaps);
    }
}
