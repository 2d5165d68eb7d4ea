//! From an expression to the documents of a segment that match it, with the
//! meaning of [`model::query::matches`].

use super::IndexError;
use super::bits::{BLOCK_DOCS, Bits};
use super::cache::{Answer, CACHE_DOCS_MIN, Cache, HashedExpr, Question};
use super::ids::IdSet;
use super::places::{Words, add_docs};
use super::request::Labels;
use super::rows::Rows;
use super::schema::{FactsTest, term_of, to_column};
use super::segment::{Numbers, SegmentView, Strings};
use model::query::{Expr, Field, Leaf};
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::InvertedIndexReader;
use tantivy::columnar::Column;

/// A column is scanned whole unless the candidates are fewer than one in this many documents.
const SCAN_RATIO: u64 = 24;

/// An expression made ready to be asked of many segments.
pub(super) struct Prepared {
    pub hashed: HashedExpr,
    labels: HashMap<String, IdSet>,
    has_labels: bool,
}

impl Prepared {
    pub(super) fn new(expr: &Expr, labels: &Labels) -> Self {
        let asked = expr.labels();
        let has_labels = !asked.is_empty();
        let labels = asked
            .into_iter()
            .filter_map(|label| labels.get(label).map(|ids| (label.to_owned(), IdSet::new(ids))))
            .collect();
        Self { hashed: HashedExpr::new(expr), labels, has_labels }
    }

    /// True when answers depend on nothing but the segment.
    pub(super) fn is_lasting(&self) -> bool {
        !self.has_labels
    }

    /// The documents of a segment that match, without deleted ones.
    pub(super) fn docs(&self, segment: &SegmentView, cache: &Cache) -> Result<Bits, IndexError> {
        let mut bits = if *self.hashed.expr == Expr::All {
            Bits::all(segment.max_doc)
        } else if self.is_lasting() && segment.max_doc >= CACHE_DOCS_MIN {
            match cache.find(&self.hashed, segment.key, Question::Docs) {
                Some(Answer::Docs(bits)) => (*bits).clone(),
                _ => {
                    let bits = Arc::new(self.evaluator(segment, cache).docs(&self.hashed.expr, None)?);
                    cache.insert(&self.hashed, segment.key, Question::Docs, Answer::Docs(Arc::clone(&bits)));
                    (*bits).clone()
                }
            }
        } else {
            self.evaluator(segment, cache).docs(&self.hashed.expr, segment.alive.as_ref())?
        };
        segment.keep_alive(&mut bits);
        Ok(bits)
    }

    fn evaluator<'a>(&'a self, segment: &'a SegmentView, cache: &'a Cache) -> Evaluator<'a> {
        Evaluator {
            segment,
            words: Words {
                terms: &segment.text_terms,
                positions: &segment.text_positions,
                max_doc: segment.max_doc,
            },
            labels: &self.labels,
            cache,
        }
    }
}

struct Evaluator<'a> {
    segment: &'a SegmentView,
    words: Words<'a>,
    labels: &'a HashMap<String, IdSet>,
    cache: &'a Cache,
}

impl Evaluator<'_> {
    /// The documents that match. Inside `within` the answer is exact, outside
    /// it may be anything: so costly parts look only where it matters.
    fn docs(&self, expr: &Expr, within: Option<&Bits>) -> Result<Bits, IndexError> {
        match expr {
            Expr::All => Ok(Bits::all(self.segment.max_doc)),
            Expr::Leaf(leaf @ Leaf::Prefix(_)) => self.remembered(expr, || self.words.leaf_docs(leaf, None)),
            Expr::Leaf(leaf) => self.words.leaf_docs(leaf, within),
            Expr::Near { left, right, distance } => self.words.near_docs(left, right, *distance, within),
            Expr::Field(field) => self.field_docs(expr, field, within),
            Expr::And(list) => self.all_of(list, within),
            Expr::Or(list) => {
                let mut bits = Bits::none(self.segment.max_doc);
                for item in list {
                    bits.or(&self.docs(item, within)?);
                }
                Ok(bits)
            }
            Expr::Not(inner) => {
                let mut bits = self.docs(inner, within)?;
                bits.invert();
                Ok(bits)
            }
        }
    }

    /// What a part of an expression asks of a segment and others will ask again.
    fn remembered(
        &self,
        expr: &Expr,
        ask: impl FnOnce() -> Result<Bits, IndexError>,
    ) -> Result<Bits, IndexError> {
        if self.segment.max_doc < CACHE_DOCS_MIN {
            return ask();
        }
        let hashed = HashedExpr::new(expr);
        if let Some(Answer::Docs(bits)) = self.cache.find(&hashed, self.segment.key, Question::Docs) {
            return Ok((*bits).clone());
        }
        let bits = ask()?;
        let answer = Answer::Docs(Arc::new(bits.clone()));
        self.cache.insert(&hashed, self.segment.key, Question::Docs, answer);
        Ok(bits)
    }

    /// Cheap members first; each next one looks only at what is left.
    fn all_of(&self, list: &[Expr], within: Option<&Bits>) -> Result<Bits, IndexError> {
        let mut members: Vec<&Expr> = list.iter().collect();
        members.sort_by_key(|member| cost_class(member));
        let mut left: Option<Bits> = within.cloned();
        for member in members {
            if left.as_ref().is_some_and(Bits::is_empty) {
                break;
            }
            let bits = self.docs(member, left.as_ref())?;
            match &mut left {
                Some(left) => left.and(&bits),
                None => left = Some(bits),
            }
        }
        Ok(left.unwrap_or_else(|| Bits::all(self.segment.max_doc)))
    }

    fn field_docs(&self, expr: &Expr, field: &Field, within: Option<&Bits>) -> Result<Bits, IndexError> {
        let segment = self.segment;
        match field {
            Field::Network(network) => self.facts_docs(expr, FactsTest::network(*network), within),
            Field::Lang(language) => self.facts_docs(expr, FactsTest::language(*language), within),
            Field::Tone(tone) => self.facts_docs(expr, FactsTest::tone(*tone), within),
            Field::Intent(intent) => self.facts_docs(expr, FactsTest::intent(*intent), within),
            Field::Urgency(range) => self.facts_docs(expr, FactsTest::urgency(*range), within),
            Field::Offence(offence) => self.facts_docs(expr, FactsTest::offence(*offence), within),
            Field::Emotion(emotion) => self.facts_docs(expr, FactsTest::emotion(*emotion), within),
            Field::Cascade(root) => {
                let value = to_column(*root);
                Ok(segment.cascade.range_docs(value, value, within))
            }
            Field::Link(link) => self.string_docs(&segment.link, link, within),
            Field::Is(kind) => self.facts_docs(expr, FactsTest::kind(*kind), within),
            Field::Has(has) => self.facts_docs(expr, FactsTest::has(*has), within),
            Field::Author(author) => {
                let mut bits = self.string_docs(&segment.handle, author, within)?;
                bits.or(&self.string_docs(&segment.author, author, within)?);
                Ok(bits)
            }
            Field::Thread(root) => self.string_docs(&segment.thread, root, within),
            Field::Country(country) => self.string_docs(&segment.country, country, within),
            Field::Hashtag(tag) => self.term_docs(&segment.hashtag_terms, &term_of(tag)),
            Field::To(handle) => self.term_docs(&segment.tagged_terms, &term_of(handle)),
            Field::Domain(domain) => self.term_docs(&segment.host_terms, &term_of(domain)),
            Field::Followers(range) => Ok(segment.followers.range_docs(range.min, range.max, within)),
            Field::Engagement(range) => Ok(segment.engagement.range_docs(range.min, range.max, within)),
            Field::Source(source) => {
                let value = to_column(*source);
                Ok(segment.source.range_docs(value, value, within))
            }
            Field::Since(start) => Ok(segment.time.range_docs(to_column(start.millis()), u64::MAX, within)),
            Field::Until(end) => Ok(match to_column(end.millis()).checked_sub(1) {
                Some(last) => segment.time.range_docs(0, last, within),
                None => Bits::none(segment.max_doc),
            }),
            Field::Label(label) => Ok(match self.labels.get(label) {
                Some(ids) => ids.docs(&segment.id, segment.max_doc),
                None => Bits::none(segment.max_doc),
            }),
        }
    }

    fn term_docs(&self, terms: &InvertedIndexReader, term: &str) -> Result<Bits, IndexError> {
        let mut bits = Bits::none(self.segment.max_doc);
        if let Some(info) = terms.terms().get(term.as_bytes())? {
            add_docs(terms, &info, &mut bits)?;
        }
        Ok(bits)
    }

    fn string_docs(&self, strings: &Strings, text: &str, within: Option<&Bits>) -> Result<Bits, IndexError> {
        Ok(match strings.ordinal_of(&term_of(text))? {
            Some(ordinal) => range_docs(strings.ordinals(), ordinal, ordinal, within, self.segment.max_doc),
            None => Bits::none(self.segment.max_doc),
        })
    }

    fn facts_docs(&self, expr: &Expr, test: FactsTest, within: Option<&Bits>) -> Result<Bits, IndexError> {
        if let Some(few) = few_candidates(within, self.segment.max_doc) {
            let column = &self.segment.facts.values;
            let mut bits = Bits::none(self.segment.max_doc);
            few.iter().filter(|doc| test.holds(column.get_val(*doc))).for_each(|doc| bits.set(doc));
            return Ok(bits);
        }
        self.remembered(expr, || Ok(self.facts_scan(test)))
    }

    fn facts_scan(&self, test: FactsTest) -> Bits {
        let (column, max_doc) = (&self.segment.facts, self.segment.max_doc);
        let mut words = Vec::with_capacity(max_doc.div_ceil(64) as usize);
        let mut buffer = [0; BLOCK_DOCS];
        let mut start = 0;
        while start < max_doc {
            let len = (max_doc - start).min(BLOCK_DOCS as u32);
            // len is at most the length of the buffer.
            let Some(values) = buffer.get_mut(..len as usize) else { break };
            column.values.get_range(u64::from(start), values);
            words.extend(values.chunks(64).map(|chunk| {
                chunk.iter().rev().fold(0, |word, facts| word << 1 | u64::from(test.holds(*facts)))
            }));
            start += len;
        }
        Bits::from_words(words, max_doc)
    }
}

/// The candidates, when looking at each is cheaper than a scan.
fn few_candidates(within: Option<&Bits>, max_doc: u32) -> Option<&Bits> {
    within.filter(|within| within.count() * SCAN_RATIO < u64::from(max_doc))
}

/// The documents with a value from `min` to `max`; a missing value never is.
pub(super) fn range_docs(
    column: &Column<u64>,
    min: u64,
    max: u64,
    within: Option<&Bits>,
    max_doc: u32,
) -> Bits {
    let mut bits = Bits::none(max_doc);
    if column.values.num_vals() == 0 || min > max || column.max_value() < min || column.min_value() > max {
        return bits;
    }
    let full = column.values.num_vals() == max_doc && column.get_cardinality().is_full();
    if full && min <= column.min_value() && column.max_value() <= max {
        return Bits::all(max_doc);
    }
    if let Some(few) = few_candidates(within, max_doc) {
        let holds = |doc: &u32| column.values_for_doc(*doc).any(|value| (min..=max).contains(&value));
        few.iter().filter(holds).for_each(|doc| bits.set(doc));
        return bits;
    }
    let mut docs = Vec::new();
    column.get_docids_for_value_range(min..=max, 0..max_doc, &mut docs);
    docs.iter().for_each(|doc| bits.set(*doc));
    bits
}

impl Numbers {
    /// The documents with a value from `min` to `max`; a missing value never
    /// is. Inside `within` exact, outside it may be anything.
    pub(super) fn range_docs(&self, min: u64, max: u64, within: Option<&Bits>) -> Bits {
        let max_doc = self.max_doc();
        let outside =
            self.values.num_vals() == 0 || min > max || self.max_value() < min || self.min_value() > max;
        if outside {
            return Bits::none(max_doc);
        }
        if few_candidates(within, max_doc).is_some()
            || matches!(self.rows(), Rows::Some(some) if some.several())
        {
            return range_docs(self, min, max, within, max_doc);
        }
        let mut bits = Bits::none(max_doc);
        let all;
        let asked = match within {
            Some(within) => within,
            None => {
                all = Bits::all(max_doc);
                &all
            }
        };
        let (mut owners, mut rows) = (Vec::new(), Vec::new());
        let mut buffer = [0; BLOCK_DOCS];
        for block in 0..bits.blocks() {
            let Some((low, high)) = self.zones().span(block) else { continue };
            if high < min || max < low {
                continue;
            }
            if min <= low && high <= max && self.zones().is_full(block) {
                bits.set_block(block);
                continue;
            }
            self.rows().read_block(asked, block, &mut owners, &mut rows);
            // A block has at most BLOCK_DOCS rows: no document has several values here.
            let (Some(first), Some(values)) = (rows.first(), buffer.get_mut(..rows.len())) else { continue };
            if within.is_none() {
                // Rows of neighbours are neighbours.
                self.values.get_range(u64::from(*first), values);
            } else {
                self.values.get_vals(&rows, values);
            }
            for (doc, value) in owners.iter().zip(values.iter()) {
                if (min..=max).contains(value) {
                    bits.set(*doc);
                }
            }
        }
        bits
    }
}

/// 0 for posting lists, 1 for columns, 2 for places; the dearest member decides.
fn cost_class(expr: &Expr) -> u8 {
    match expr {
        Expr::All
        | Expr::Leaf(Leaf::Word(_))
        | Expr::Field(Field::Hashtag(_) | Field::To(_) | Field::Domain(_)) => 0,
        Expr::Leaf(Leaf::Prefix(_)) => 1,
        Expr::Field(_) => 2,
        Expr::Leaf(Leaf::Phrase(_)) | Expr::Near { .. } => 3,
        Expr::And(list) | Expr::Or(list) => list.iter().map(cost_class).max().unwrap_or(0),
        Expr::Not(inner) => cost_class(inner),
    }
}
