//! What one segment adds to an overview, counted in one pass over its matching posts.
//!
//! Sums of more than half of a segment are those of the whole segment less
//! those of the rest, so that at most half of it is read anew.
//! Cost: about 30 ns per post read and core.

use super::bits::{BLOCK_DOCS, Bits};
use super::counts::{Counter, Tally};
use super::order::{Place, first_places};
use super::request::Order;
use super::rows::Rows;
use super::schema::{LANGUAGES, NETWORK_TONES, PackedFacts};
use super::segment::{SegmentView, Strings};
use super::volume::Volume;
use super::wants::Wants;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use tantivy::columnar::Column;

/// The columns of strings of which the most frequent values are told:
/// authors, countries, hashtags, domains, links, tagged accounts.
pub(super) const LISTS: usize = 6;

/// The columns of [`LISTS`].
pub(super) fn lists(segment: &SegmentView) -> [&Strings; LISTS] {
    [&segment.author, &segment.country, &segment.hashtag, &segment.domain, &segment.link, &segment.tagged]
}

/// Numbers that add up.
#[derive(Debug)]
pub(super) struct Sums {
    pub total: u64,
    pub volume: Volume,
    pub network_tones: Vec<u32>,
    pub languages: Vec<u32>,
    pub kinds: [u32; 4],
    pub wants: Wants,
    pub sources: BTreeMap<u64, u64>,
    pub implausible: u64,
    pub with_country: u64,
    pub engagement_total: u128,
    pub engagement_known: u64,
    pub tallies: [Tally; LISTS],
}

/// What one segment adds to an overview.
#[derive(Debug)]
pub(super) struct Partial {
    pub sums: Sums,
    /// Oldest and newest time, as column values.
    pub span: Option<(u64, u64)>,
    pub questions_total: u64,
    pub questions_newest: Vec<Place>,
    pub questions_engagement: Vec<Place>,
    pub top_posts: Vec<Place>,
    docs: Bits,
    /// Most followers + 1 by number of the author, where asked; 0: never known.
    peaks: Mutex<HashMap<u64, u64>>,
}

impl Partial {
    /// From the sums of the matching documents and which of them hold a
    /// question; lists have at most `len` entries.
    pub(super) fn of(segment: &SegmentView, docs: Bits, questions: &Bits, sums: Sums, len: usize) -> Self {
        let first = |docs: &Bits, order| {
            let mut places = first_places(segment, docs, order, len, None);
            places.retain(|(unknown, ..)| !unknown);
            places
        };
        let end = |order| first_places(segment, &docs, order, 1, None).first().map(|(_, _, time, _)| *time);
        Self {
            // Times of the newest are sorted falling.
            span: end(Order::Oldest).zip(end(Order::Newest).map(|time| !time)),
            questions_total: questions.count(),
            questions_newest: first(questions, Order::Newest),
            questions_engagement: first(questions, Order::Engagement),
            top_posts: first(&docs, Order::Engagement),
            sums,
            docs,
            peaks: Mutex::default(),
        }
    }

    /// Memory, bytes.
    pub(super) fn bytes(&self) -> usize {
        let lists = self.questions_newest.len() + self.questions_engagement.len() + self.top_posts.len();
        self.sums.bytes() + self.docs.bytes() + lists * size_of::<Place>() + size_of::<Self>()
    }

    /// The most followers + 1 that each of these authors has on a matching
    /// post, 0 when never known; remembered. Cost: one pass over the authors
    /// of the matching posts.
    pub(super) fn peaks(&self, segment: &SegmentView, authors: &[u64]) -> Vec<u64> {
        // The table stays whole whatever a panicking thread was doing.
        let known = || self.peaks.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown: Vec<u64> = {
            let known = known();
            authors.iter().copied().filter(|author| !known.contains_key(author)).collect()
        };
        if !unknown.is_empty() {
            let found = self.read_peaks(segment, &unknown);
            known()
                .extend(unknown.into_iter().map(|author| (author, found.get(&author).copied().unwrap_or(0))));
        }
        let known = known();
        authors.iter().map(|author| known.get(author).copied().unwrap_or(0)).collect()
    }

    fn read_peaks(&self, segment: &SegmentView, authors: &[u64]) -> HashMap<u64, u64> {
        let mut wanted = Bits::none(u32::try_from(segment.author.len()).unwrap_or(u32::MAX));
        // Numbers of a dictionary are below 2^32: a segment has fewer documents.
        authors.iter().for_each(|author| wanted.set(*author as u32));
        let mut found = HashMap::new();
        let mut reading = Reading::default();
        for_each_block(&self.docs, segment.max_doc, |at, block| {
            reading.read(segment.author.ordinals(), || segment.author.rows(), at, block);
            for (doc, author) in reading.owners.iter().zip(&reading.values) {
                if wanted.contains(*author as u32)
                    && let Some(followers) = segment.followers.first(*doc)
                {
                    let peak: &mut u64 = found.entry(*author).or_default();
                    *peak = followers.saturating_add(1).max(*peak);
                }
            }
        });
        found
    }
}

/// At least one in so many documents makes a set dense: its blocks are those
/// of the segment, else they are packed.
const DENSE_RATIO: u64 = 16;

/// A set of documents and the number of one of its blocks.
type At<'a> = Option<(&'a Bits, usize)>;

/// Calls `visit` with the documents of a set in blocks of at most
/// [`BLOCK_DOCS`], none empty; in a dense set with the number of each.
fn for_each_block(docs: &Bits, max_doc: u32, mut visit: impl FnMut(At<'_>, &[u32])) {
    if docs.count() * DENSE_RATIO < u64::from(max_doc) {
        return docs.for_each_block(|block| visit(None, block));
    }
    let mut block = Vec::with_capacity(BLOCK_DOCS);
    for number in 0..docs.blocks() {
        docs.read_block(number, &mut block);
        if !block.is_empty() {
            visit(Some((docs, number)), &block);
        }
    }
}

/// The values of a block of a column.
#[derive(Default)]
struct Reading {
    owners: Vec<u32>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl Reading {
    /// `rows` are those of the column; asked only for a dense set.
    fn read<'r>(&mut self, column: &Column<u64>, rows: impl FnOnce() -> &'r Rows, at: At<'_>, block: &[u32]) {
        self.owners.clear();
        self.rows.clear();
        match at {
            Some((docs, number)) => rows().read_block(docs, number, &mut self.owners, &mut self.rows),
            None => column.row_ids_for_docs(block, &mut self.owners, &mut self.rows),
        }
        self.values.resize(self.rows.len(), 0);
        if !self.rows.is_empty() {
            column.values.get_vals(&self.rows, &mut self.values);
        }
    }
}

impl Sums {
    /// Counts documents.
    pub(super) fn of(segment: &SegmentView, docs: &Bits) -> Self {
        let total = docs.count();
        let mut pass = Pass {
            segment,
            volume: Volume::new(segment.time.min_value(), segment.time.max_value()),
            network_tones: vec![0; NETWORK_TONES],
            languages: vec![0; LANGUAGES],
            kinds: [0; 4],
            wants: Wants::default(),
            sources: BTreeMap::new(),
            source: (0, 0),
            implausible: 0,
            with_country: 0,
            engagement_total: 0,
            engagement_known: 0,
            counters: lists(segment).map(|strings| Counter::new(strings.len(), total)),
            numbers: [0; BLOCK_DOCS],
            facts: [0; BLOCK_DOCS],
            reading: Reading::default(),
        };
        for_each_block(docs, segment.max_doc, |at, block| pass.read(at, block));
        pass.finish(total)
    }

    /// These less those of some of the same documents.
    pub(super) fn minus(&self, part: &Self) -> Self {
        let less = |one: &[u32], other: &[u32]| one.iter().zip(other).map(|(a, b)| a - b).collect();
        let mut kinds = self.kinds;
        kinds.iter_mut().zip(part.kinds).for_each(|(a, b)| *a -= b);
        let mut sources = self.sources.clone();
        for (source, posts) in &part.sources {
            sources.entry(*source).and_modify(|sum| *sum -= posts);
        }
        sources.retain(|_, posts| *posts > 0);
        let mut pairs = self.tallies.iter().zip(&part.tallies);
        Self {
            total: self.total - part.total,
            volume: self.volume.minus(&part.volume),
            network_tones: less(&self.network_tones, &part.network_tones),
            languages: less(&self.languages, &part.languages),
            kinds,
            wants: self.wants.minus(&part.wants),
            sources,
            implausible: self.implausible - part.implausible,
            with_country: self.with_country - part.with_country,
            engagement_total: self.engagement_total - part.engagement_total,
            engagement_known: self.engagement_known - part.engagement_known,
            // There are as many pairs as entries.
            tallies: std::array::from_fn(|_| pairs.next().map(|(a, b)| a.minus(b)).unwrap_or_default()),
        }
    }

    fn bytes(&self) -> usize {
        self.tallies.iter().map(Tally::bytes).sum::<usize>()
            + self.volume.bytes()
            + (self.network_tones.len() + self.languages.len()) * size_of::<u32>()
    }
}

/// Counters while a segment is read, and buffers for one block.
struct Pass<'a> {
    segment: &'a SegmentView,
    volume: Volume,
    network_tones: Vec<u32>,
    languages: Vec<u32>,
    kinds: [u32; 4],
    wants: Wants,
    sources: BTreeMap<u64, u64>,
    /// The source read last and its posts not yet in `sources`.
    source: (u64, u64),
    implausible: u64,
    with_country: u64,
    engagement_total: u128,
    engagement_known: u64,
    counters: [Counter; LISTS],
    numbers: [u64; BLOCK_DOCS],
    facts: [u64; BLOCK_DOCS],
    reading: Reading,
}

impl Pass<'_> {
    /// Reads one block, column by column. A block has at most [`BLOCK_DOCS`]
    /// documents, so the slices below are in bounds.
    fn read(&mut self, at: At<'_>, block: &[u32]) {
        let len = block.len().min(BLOCK_DOCS);
        self.segment.time.values.get_vals(block, &mut self.numbers[..len]);
        self.segment.facts.values.get_vals(block, &mut self.facts[..len]);
        for (time, facts) in self.numbers[..len].iter().zip(&self.facts) {
            let facts = PackedFacts(*facts);
            // The indices are masked to the lengths of the tables.
            self.network_tones[facts.network_tone()] += 1;
            self.languages[facts.language_index()] += 1;
            self.kinds[facts.kind_index()] += 1;
            self.wants.add(facts);
            self.implausible += u64::from(!facts.time_plausible());
            self.volume.add(*time, facts.tone_index());
        }
        self.read_sources(block);
        self.read_engagement(at, block);
        for (list, (strings, counter)) in lists(self.segment).iter().zip(&mut self.counters).enumerate() {
            self.reading.read(strings.ordinals(), || strings.rows(), at, block);
            counter.add(&self.reading.values);
            if list == 1 {
                self.with_country += self.reading.values.len() as u64;
            }
        }
    }

    fn read_sources(&mut self, block: &[u32]) {
        let column = &self.segment.source;
        if column.min_value() == column.max_value() {
            self.source = (column.min_value(), self.source.1 + block.len() as u64);
            return;
        }
        let numbers = &mut self.numbers[..block.len().min(BLOCK_DOCS)];
        column.values.get_vals(block, numbers);
        for number in numbers {
            if *number != self.source.0 {
                let (source, posts) = std::mem::replace(&mut self.source, (*number, 0));
                *self.sources.entry(source).or_default() += posts;
            }
            self.source.1 += 1;
        }
    }

    fn read_engagement(&mut self, at: At<'_>, block: &[u32]) {
        let engagement = &self.segment.engagement;
        self.reading.read(engagement, || engagement.rows(), at, block);
        let values = &self.reading.values;
        self.engagement_known += values.len() as u64;
        self.engagement_total += values.iter().map(|value| u128::from(*value)).sum::<u128>();
    }

    fn finish(mut self, total: u64) -> Sums {
        let (source, posts) = self.source;
        *self.sources.entry(source).or_default() += posts;
        self.sources.retain(|_, posts| *posts > 0);
        Sums {
            total,
            volume: self.volume,
            network_tones: self.network_tones,
            languages: self.languages,
            kinds: self.kinds,
            wants: self.wants,
            sources: self.sources,
            implausible: self.implausible,
            with_country: self.with_country,
            engagement_total: self.engagement_total,
            engagement_known: self.engagement_known,
            tallies: self.counters.map(Counter::finish),
        }
    }
}
