//! Where words stand inside the documents of one segment: phrases, distances
//! and exact spellings.
//!
//! Candidates come from posting lists; only they are looked at word by word.
//! A term `spelling` (see [`super::schema`]) stands beside each word whose
//! spelling is not its folded form, so that a word spelled like its folded
//! form is a place of the word without such a neighbour.

use super::IndexError;
use super::bits::Bits;
use super::cursor::Cursor;
use super::masks;
use super::schema::{is_word_term, spelling_term, spellings_prefix};
use model::query::{Leaf, Word};
use tantivy::directory::FileSlice;
use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

/// Posting lists are read from end to end when at least one in so many of
/// their documents is a candidate.
const DENSE_RATIO: u64 = 24;

/// First and last position of a leaf in a text.
type Place = (u32, u32);

/// Adds the documents of a posting list.
pub(super) fn add_docs(
    terms: &InvertedIndexReader,
    info: &TermInfo,
    bits: &mut Bits,
) -> Result<(), IndexError> {
    let mut postings = terms.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    while !postings.docs().is_empty() {
        postings.docs().iter().for_each(|doc| bits.set(*doc));
        postings.advance();
    }
    Ok(())
}

/// Calls `visit` with every term that begins with `prefix`.
fn for_each_term(
    terms: &InvertedIndexReader,
    prefix: &[u8],
    mut visit: impl FnMut(&[u8], &TermInfo) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut stream = terms.terms().range().ge(prefix).into_stream()?;
    while let Some((term, info)) = stream.next() {
        if !term.starts_with(prefix) {
            break;
        }
        visit(term, info)?;
    }
    Ok(())
}

/// The words of one segment.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub terms: &'a InvertedIndexReader,
    pub positions: &'a FileSlice,
    pub max_doc: u32,
}

impl Words<'_> {
    /// The documents that match a leaf. Inside `within` the answer is exact,
    /// outside it may be anything.
    pub(super) fn leaf_docs(&self, leaf: &Leaf, within: Option<&Bits>) -> Result<Bits, IndexError> {
        let candidates = self.candidates(leaf)?;
        match leaf {
            Leaf::Word(Word { folded, exact: Some(exact) }) if folded == exact => {
                // Only where another spelling stands too, places have to be looked at.
                let mut sure = candidates;
                let mut doubtful = self.other_spellings(folded)?;
                doubtful.and(&sure);
                sure.and_not(&doubtful);
                let leaf = std::slice::from_ref(leaf);
                sure.or(&self.checked(doubtful, within, &[leaf], |places| !places.is_empty())?);
                Ok(sure)
            }
            Leaf::Word(_) | Leaf::Prefix(_) => Ok(candidates),
            Leaf::Phrase(words) => {
                let terms =
                    words.iter().map(|word| self.own_term(word)).collect::<Result<Option<Vec<_>>, _>>()?;
                let leaf = std::slice::from_ref(leaf);
                let Some(terms) = terms.filter(|terms| is_dense(&candidates, terms)) else {
                    return self.checked(candidates, within, &[leaf], |places| !places.is_empty());
                };
                let mut found = masks::phrase_docs(self, &terms)?;
                found.docs.and_not(&found.long);
                found.long.and(&candidates);
                found.docs.or(&self.checked(found.long, within, &[leaf], |places| !places.is_empty())?);
                Ok(found.docs)
            }
        }
    }

    /// The documents where the two sides stand at most `distance` apart, as [`Self::leaf_docs`].
    pub(super) fn near_docs(
        &self,
        left: &[Leaf],
        right: &[Leaf],
        distance: u32,
        within: Option<&Bits>,
    ) -> Result<Bits, IndexError> {
        let mut candidates = self.any_candidates(left)?;
        candidates.and(&self.any_candidates(right)?);
        let mut others = Vec::new();
        let mut ends = Vec::new();
        let mut found = Bits::none(self.max_doc);
        if let (Some(left), Some(right)) = (self.own_terms(left)?, self.own_terms(right)?)
            && is_dense(&candidates, &left)
            && is_dense(&candidates, &right)
        {
            let masked = masks::near_docs(self, &left, &right, distance)?;
            found = masked.docs;
            found.and_not(&masked.long);
            candidates.and(&masked.long);
        }
        let candidates = restricted(candidates, within);
        let mut sides = self.open_sides(&[left, right], &candidates)?;
        let mut ones = Vec::new();
        for doc in candidates.iter() {
            ones.clear();
            others.clear();
            if let [one, other] = sides.as_mut_slice() {
                one.iter_mut().for_each(|stand| stand.places(doc, &mut ones));
                other.iter_mut().for_each(|stand| stand.places(doc, &mut others));
            }
            ends.clear();
            ends.extend(others.iter().map(|(_, last)| *last));
            ends.sort_unstable();
            others.sort_unstable();
            if ones.iter().any(|place| has_neighbour(*place, &others, &ends, distance)) {
                found.set(doc);
            }
        }
        Ok(found)
    }

    /// Documents that may match: all that do, and perhaps more.
    fn candidates(&self, leaf: &Leaf) -> Result<Bits, IndexError> {
        match leaf {
            Leaf::Word(word) => self.word_candidates(word),
            Leaf::Prefix(prefix) => {
                let mut bits = Bits::none(self.max_doc);
                for_each_term(self.terms, prefix.as_bytes(), |term, info| {
                    if is_word_term(term) { add_docs(self.terms, info, &mut bits) } else { Ok(()) }
                })?;
                Ok(bits)
            }
            Leaf::Phrase(words) => {
                let mut rest = words.iter();
                let mut bits = match rest.next() {
                    Some(first) => self.word_candidates(first)?,
                    None => Bits::none(self.max_doc),
                };
                for word in rest {
                    if bits.is_empty() {
                        break;
                    }
                    bits.and(&self.word_candidates(word)?);
                }
                Ok(bits)
            }
        }
    }

    /// The documents where a word stands in a spelling other than its folded form.
    fn other_spellings(&self, folded: &str) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.max_doc);
        for_each_term(self.terms, spellings_prefix(folded).as_bytes(), |_, info| {
            add_docs(self.terms, info, &mut bits)
        })?;
        Ok(bits)
    }

    fn any_candidates(&self, leaves: &[Leaf]) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.max_doc);
        for leaf in leaves {
            bits.or(&self.candidates(leaf)?);
        }
        Ok(bits)
    }

    /// The term of which every place is one of the word and no other is; `None`
    /// when there is no such term.
    fn own_term(&self, word: &Word) -> Result<Option<TermInfo>, IndexError> {
        Ok(match &word.exact {
            Some(exact) if *exact == word.folded => None,
            Some(exact) => self.terms.terms().get(spelling_term(&word.folded, exact))?,
            None => self.terms.terms().get(&word.folded)?,
        })
    }

    /// As [`Self::own_term`] for alternatives that are words.
    fn own_terms(&self, leaves: &[Leaf]) -> Result<Option<Vec<TermInfo>>, IndexError> {
        let term = |leaf: &Leaf| match leaf {
            Leaf::Word(word) => self.own_term(word),
            Leaf::Phrase(_) | Leaf::Prefix(_) => Ok(None),
        };
        leaves.iter().map(term).collect()
    }

    fn word_candidates(&self, word: &Word) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.max_doc);
        let info = match &word.exact {
            Some(exact) if *exact != word.folded => {
                self.terms.terms().get(spelling_term(&word.folded, exact))?
            }
            _ => self.terms.terms().get(&word.folded)?,
        };
        if let Some(info) = info {
            add_docs(self.terms, &info, &mut bits)?;
        }
        Ok(bits)
    }

    /// Those of the candidates whose places pass.
    fn checked(
        &self,
        candidates: Bits,
        within: Option<&Bits>,
        sides: &[&[Leaf]],
        passes: impl Fn(&[Place]) -> bool,
    ) -> Result<Bits, IndexError> {
        let candidates = restricted(candidates, within);
        let mut stands = self.open_sides(sides, &candidates)?;
        let mut found = Bits::none(self.max_doc);
        let mut places = Vec::new();
        for doc in candidates.iter() {
            places.clear();
            stands.iter_mut().flatten().for_each(|stand| stand.places(doc, &mut places));
            if passes(&places) {
                found.set(doc);
            }
        }
        Ok(found)
    }

    fn open_sides(&self, sides: &[&[Leaf]], candidates: &Bits) -> Result<Vec<Vec<Stand>>, IndexError> {
        sides
            .iter()
            .map(|leaves| leaves.iter().map(|leaf| self.open_leaf(leaf, candidates)).collect())
            .collect()
    }

    fn open_leaf(&self, leaf: &Leaf, candidates: &Bits) -> Result<Stand, IndexError> {
        let asked = candidates.count();
        let spots = match leaf {
            Leaf::Word(word) => vec![self.open_word(word, asked)?],
            Leaf::Phrase(words) => {
                words.iter().map(|word| self.open_word(word, asked)).collect::<Result<_, IndexError>>()?
            }
            Leaf::Prefix(prefix) => vec![self.open_prefix(prefix, candidates)?],
        };
        Ok(Stand { spots, first: Vec::new(), next: Vec::new(), spare: Vec::new() })
    }

    /// For a number of documents to be asked about.
    fn open_word(&self, word: &Word, asked: u64) -> Result<Spot, IndexError> {
        let open = |info: &TermInfo| Cursor::open(self, info, asked);
        let find = |term: &str| -> Result<Option<Cursor>, IndexError> {
            self.terms.terms().get(term)?.map(|info| open(&info)).transpose()
        };
        let spot = match &word.exact {
            Some(exact) if *exact != word.folded => {
                find(&spelling_term(&word.folded, exact))?.map_or(Spot::Nowhere, Spot::Word)
            }
            Some(_) => match find(&word.folded)? {
                None => Spot::Nowhere,
                Some(all) => {
                    let mut others = Vec::new();
                    for_each_term(self.terms, spellings_prefix(&word.folded).as_bytes(), |_, info| {
                        others.push(open(info)?);
                        Ok(())
                    })?;
                    Spot::Plain { all, others }
                }
            },
            None => find(&word.folded)?.map_or(Spot::Nowhere, Spot::Word),
        };
        Ok(spot)
    }

    /// The places of every word with a prefix, in the candidates only. Memory:
    /// 8 bytes per place.
    fn open_prefix(&self, prefix: &str, candidates: &Bits) -> Result<Spot, IndexError> {
        let mut pairs = Vec::new();
        let mut positions = Vec::new();
        for_each_term(self.terms, prefix.as_bytes(), |term, info| {
            if !is_word_term(term) {
                return Ok(());
            }
            let mut postings =
                self.terms.read_postings_from_terminfo(info, IndexRecordOption::WithFreqsAndPositions)?;
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if candidates.contains(doc) {
                    postings.positions(&mut positions);
                    pairs.extend(positions.iter().map(|position| (doc, *position)));
                }
                postings.advance();
            }
            Ok(())
        })?;
        pairs.sort_unstable();
        Ok(Spot::Listed { pairs, at: 0 })
    }
}

/// True when reading the lists of all terms from end to end pays.
fn is_dense(candidates: &Bits, terms: &[TermInfo]) -> bool {
    let listed: u64 = terms.iter().map(|term| u64::from(term.doc_freq)).sum();
    candidates.count().saturating_mul(DENSE_RATIO) >= listed
}

fn restricted(mut bits: Bits, within: Option<&Bits>) -> Bits {
    if let Some(within) = within {
        bits.and(within);
    }
    bits
}

/// True when a place of the other side begins at most `distance` after the end
/// of this one, or ends at most `distance` before its start. `others` and
/// `ends` (their ends) are sorted.
fn has_neighbour((first, last): Place, others: &[Place], ends: &[u32], distance: u32) -> bool {
    let after = others.get(others.partition_point(|(start, _)| *start <= last));
    if after.is_some_and(|(start, _)| start - last <= distance) {
        return true;
    }
    let before = ends.partition_point(|end| *end < first).checked_sub(1).and_then(|index| ends.get(index));
    before.is_some_and(|end| first - end <= distance)
}

/// Where one word of a leaf stands; asked with rising documents.
enum Spot {
    /// The segment does not know the word.
    Nowhere,
    /// Every place of a term.
    Word(Cursor),
    /// The places of a word that no other spelling takes.
    Plain { all: Cursor, others: Vec<Cursor> },
    /// Places found beforehand, sorted.
    Listed { pairs: Vec<(u32, u32)>, at: usize },
}

impl Spot {
    /// Replaces `out` by the places in a document, rising.
    fn positions(&mut self, doc: u32, out: &mut Vec<u32>, spare: &mut Vec<u32>) {
        match self {
            Self::Nowhere => out.clear(),
            Self::Word(cursor) => cursor.positions(doc, out),
            Self::Plain { all, others } => {
                all.positions(doc, out);
                for other in others {
                    if out.is_empty() {
                        break;
                    }
                    other.positions(doc, spare);
                    remove_each_once(out, spare);
                }
            }
            Self::Listed { pairs, at } => {
                out.clear();
                while pairs.get(*at).is_some_and(|(listed, _)| *listed < doc) {
                    *at += 1;
                }
                let same =
                    pairs.get(*at..).unwrap_or_default().iter().take_while(|(listed, _)| *listed == doc);
                out.extend(same.map(|(_, position)| *position));
            }
        }
    }
}

/// Takes each of `gone` out of `list` once (both sorted): a hashtag and its
/// first part may be the same word at the same place in two spellings.
fn remove_each_once(list: &mut Vec<u32>, gone: &[u32]) {
    let mut gone = gone.iter().peekable();
    list.retain(|position| {
        while gone.next_if(|taken| **taken < *position).is_some() {}
        gone.next_if(|taken| **taken == *position).is_none()
    });
}

/// The places of one leaf.
struct Stand {
    spots: Vec<Spot>,
    first: Vec<u32>,
    next: Vec<u32>,
    spare: Vec<u32>,
}

impl Stand {
    /// Appends the places of the leaf in a document.
    fn places(&mut self, doc: u32, out: &mut Vec<Place>) {
        let Self { spots, first, next, spare } = self;
        let Some((head, rest)) = spots.split_first_mut() else { return };
        head.positions(doc, first, spare);
        let mut reach = 0;
        for spot in rest {
            if first.is_empty() {
                return;
            }
            reach += 1;
            spot.positions(doc, next, spare);
            first.retain(|position| next.binary_search(&(position + reach)).is_ok());
        }
        out.extend(first.iter().map(|position| (*position, position + reach)));
    }
}
