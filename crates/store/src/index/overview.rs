//! Everything that the overview tells, counted in one pass per segment.
//!
//! In: the documents that match. Out: a [`Partial`] per segment (remembered,
//! as segments never change) and their sum as [`Overview`].
//! Cost: about 60 to 100 ns per matching post and core the first time, then the sum.

use super::IndexError;
use super::bits::{BLOCK_DOCS, Bits};
use super::counts::{self, Counter, Named, Tally, most_frequent};
use super::request::{Counted, Hit, Overview, Series, TOP_N_MAX, ToneCounts, Top, TopAuthor, TopAuthors};
use super::schema::{LANGUAGES, NETWORK_TONES, PackedFacts, from_column, language_of};
use super::segment::{SegmentView, Strings};
use super::volume::{Volume, add_tones, to_hours};
use model::query::Has;
use model::{Network, PostKind, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

/// The greatest few by value, then time, then id (times and ids as column values).
#[derive(Debug, Clone, Default)]
pub(super) struct Greatest(BinaryHeap<Reverse<(u64, u64, u64)>>);

impl Greatest {
    /// Offers a post; its id is read only when it may stay.
    fn offer(&mut self, value: u64, time: u64, id: impl FnOnce() -> u64) {
        if self.0.len() >= TOP_N_MAX {
            if self.0.peek().is_some_and(|Reverse((low, at, _))| (value, time) < (*low, *at)) {
                return;
            }
            self.0.push(Reverse((value, time, id())));
            self.0.pop();
        } else {
            self.0.push(Reverse((value, time, id())));
        }
    }

    fn merged<'a>(parts: impl Iterator<Item = &'a Self>, len: usize) -> Vec<Hit> {
        let mut all: Vec<(u64, u64, u64)> =
            parts.flat_map(|part| part.0.iter().map(|Reverse(entry)| *entry)).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.truncate(len);
        let hit =
            |(_, time, id)| Hit { id: from_column(id), time: Timestamp::from_millis(from_column(time)) };
        all.into_iter().map(hit).collect()
    }
}

/// What one segment adds to an overview.
#[derive(Debug, Clone)]
pub(super) struct Partial {
    total: u64,
    /// Oldest and newest time, as column values.
    span: Option<(u64, u64)>,
    volume: Volume,
    network_tones: Vec<u32>,
    languages: Vec<u32>,
    kinds: [u32; 4],
    sources: BTreeMap<u64, u64>,
    implausible: u64,
    country_missing: u64,
    engagement_total: u64,
    engagement_missing: u64,
    questions_total: u64,
    questions_newest: Greatest,
    questions_engagement: Greatest,
    top_posts: Greatest,
    authors: Tally,
    countries: Tally,
    hashtags: Tally,
    domains: Tally,
    links: Tally,
    tagged: Tally,
}

impl Partial {
    /// Memory, bytes.
    pub(super) fn bytes(&self) -> usize {
        let lists =
            [&self.authors, &self.countries, &self.hashtags, &self.domains, &self.links, &self.tagged];
        lists.iter().map(|counts| counts.bytes()).sum::<usize>()
            + self.volume.bytes()
            + (self.network_tones.len() + self.languages.len()) * 4
            + TOP_N_MAX * 72
            + size_of::<Self>()
    }

    /// Counts the matching documents of a segment.
    pub(super) fn of(segment: &SegmentView, docs: &Bits) -> Self {
        let total = docs.count();
        let counter = |strings: &Strings| Counter::new(strings.len(), total, false);
        let mut partial = Pass {
            segment,
            total,
            span: None,
            volume: Volume::new(segment.time.min_value(), segment.time.max_value()),
            network_tones: vec![0; NETWORK_TONES],
            languages: vec![0; LANGUAGES],
            kinds: [0; 4],
            sources: BTreeMap::new(),
            source: (0, 0),
            implausible: 0,
            engagement_total: 0,
            engagement_missing: 0,
            questions_total: 0,
            questions_newest: Greatest::default(),
            questions_engagement: Greatest::default(),
            top_posts: Greatest::default(),
            authors: Counter::new(segment.author.len(), total, true),
            countries: counter(&segment.country),
            with_country: 0,
            hashtags: counter(&segment.hashtag),
            domains: counter(&segment.domain),
            links: counter(&segment.link),
            tagged: counter(&segment.tagged),
            numbers: [0; BLOCK_DOCS],
            times: [0; BLOCK_DOCS],
            facts: [0; BLOCK_DOCS],
            optional: [None; BLOCK_DOCS],
            rows: Vec::new(),
            row_docs: Vec::new(),
        };
        docs.for_each_block(|block| partial.read(block));
        partial.finish()
    }
}

/// Counters while a segment is read, and buffers for one block.
struct Pass<'a> {
    segment: &'a SegmentView,
    total: u64,
    span: Option<(u64, u64)>,
    volume: Volume,
    network_tones: Vec<u32>,
    languages: Vec<u32>,
    kinds: [u32; 4],
    sources: BTreeMap<u64, u64>,
    /// The source read last and its posts not yet in `sources`.
    source: (u64, u64),
    implausible: u64,
    engagement_total: u64,
    engagement_missing: u64,
    questions_total: u64,
    questions_newest: Greatest,
    questions_engagement: Greatest,
    top_posts: Greatest,
    authors: Counter,
    countries: Counter,
    with_country: u64,
    hashtags: Counter,
    domains: Counter,
    links: Counter,
    tagged: Counter,
    numbers: [u64; BLOCK_DOCS],
    times: [u64; BLOCK_DOCS],
    facts: [u64; BLOCK_DOCS],
    optional: [Option<u64>; BLOCK_DOCS],
    rows: Vec<u32>,
    row_docs: Vec<u32>,
}

impl Pass<'_> {
    /// Reads one block, column by column. A block has at most [`BLOCK_DOCS`]
    /// documents, so the slices below are in bounds.
    fn read(&mut self, block: &[u32]) {
        let len = block.len().min(BLOCK_DOCS);
        self.segment.time.values.get_vals(block, &mut self.times[..len]);
        self.segment.facts.values.get_vals(block, &mut self.facts[..len]);
        self.read_facts(block);
        self.read_engagement(block);
        self.read_sources(block);
        self.read_authors(block);
        let segment = self.segment;
        self.with_country +=
            read_strings(&segment.country, block, &mut self.countries, &mut self.rows, &mut self.row_docs);
        for (strings, counter) in [
            (&segment.hashtag, &mut self.hashtags),
            (&segment.domain, &mut self.domains),
            (&segment.link, &mut self.links),
            (&segment.tagged, &mut self.tagged),
        ] {
            read_strings(strings, block, counter, &mut self.rows, &mut self.row_docs);
        }
    }

    fn read_facts(&mut self, block: &[u32]) {
        for ((doc, time), facts) in block.iter().zip(&self.times).zip(&self.facts) {
            let facts = PackedFacts(*facts);
            // The indices are masked to the lengths of the tables.
            self.network_tones[facts.network_tone()] += 1;
            self.languages[facts.language_index()] += 1;
            self.kinds[facts.kind_index()] += 1;
            self.implausible += u64::from(!facts.time_plausible());
            self.volume.add(*time, facts.tone_index());
            self.span =
                Some(self.span.map_or((*time, *time), |(low, high)| (low.min(*time), high.max(*time))));
            if facts.has(Has::Question) {
                self.questions_total += 1;
                self.questions_newest.offer(*time, *time, || self.segment.id.values.get_val(*doc));
            }
        }
    }

    fn read_engagement(&mut self, block: &[u32]) {
        let known = &mut self.optional[..block.len().min(BLOCK_DOCS)];
        known.fill(None);
        self.segment.engagement.first_vals(block, known);
        for ((doc, value), (time, facts)) in block.iter().zip(known).zip(self.times.iter().zip(&self.facts)) {
            let Some(value) = *value else {
                self.engagement_missing += 1;
                continue;
            };
            self.engagement_total = self.engagement_total.saturating_add(value);
            let id = || self.segment.id.values.get_val(*doc);
            self.top_posts.offer(value, *time, id);
            if PackedFacts(*facts).has(Has::Question) {
                self.questions_engagement.offer(value, *time, id);
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

    fn read_authors(&mut self, block: &[u32]) {
        let len = block.len().min(BLOCK_DOCS);
        let ordinals = self.segment.author.ordinals();
        let known = &mut self.optional[..len];
        known.fill(None);
        self.segment.followers.first_vals(block, known);
        if ordinals.get_cardinality().is_full() {
            let numbers = &mut self.numbers[..len];
            ordinals.values.get_vals(block, numbers);
            for (ordinal, followers) in numbers.iter().zip(known) {
                self.authors.add(*ordinal, followers.map_or(0, |count| count.saturating_add(1)));
            }
        } else {
            for (doc, followers) in block.iter().zip(known) {
                for ordinal in ordinals.values_for_doc(*doc) {
                    self.authors.add(ordinal, followers.map_or(0, |count| count.saturating_add(1)));
                }
            }
        }
    }

    fn finish(mut self) -> Partial {
        let (source, posts) = self.source;
        if posts > 0 {
            *self.sources.entry(source).or_default() += posts;
        }
        self.sources.retain(|_, posts| *posts > 0);
        Partial {
            total: self.total,
            span: self.span,
            volume: self.volume,
            network_tones: self.network_tones,
            languages: self.languages,
            kinds: self.kinds,
            sources: self.sources,
            implausible: self.implausible,
            country_missing: self.total - self.with_country,
            engagement_total: self.engagement_total,
            engagement_missing: self.engagement_missing,
            questions_total: self.questions_total,
            questions_newest: self.questions_newest,
            questions_engagement: self.questions_engagement,
            top_posts: self.top_posts,
            authors: self.authors.finish(),
            countries: self.countries.finish(),
            hashtags: self.hashtags.finish(),
            domains: self.domains.finish(),
            links: self.links.finish(),
            tagged: self.tagged.finish(),
        }
    }
}

/// Counts the values of a block and says how many there were.
fn read_strings(
    strings: &Strings,
    block: &[u32],
    counter: &mut Counter,
    rows: &mut Vec<u32>,
    row_docs: &mut Vec<u32>,
) -> u64 {
    let ordinals = strings.ordinals();
    if ordinals.values.num_vals() == 0 {
        return 0;
    }
    rows.clear();
    row_docs.clear();
    ordinals.row_ids_for_docs(block, row_docs, rows);
    for row in rows.iter() {
        counter.add(ordinals.values.get_val(*row), 0);
    }
    rows.len() as u64
}

/// The sum over all segments.
pub(super) fn sum(parts: &[Part<'_>], top_n: usize) -> Result<Overview, IndexError> {
    let mut overview = Overview::default();
    let mut hours = BTreeMap::new();
    let mut network_tones = [[0_u64; 5]; NETWORK_TONES / 8];
    let mut languages = [0_u64; LANGUAGES];
    let mut kinds = [0_u64; 4];
    let mut sources: BTreeMap<u64, u64> = BTreeMap::new();
    let mut span: Option<(u64, u64)> = None;
    for Part { partial: part, .. } in parts {
        overview.total += part.total;
        overview.engagement_total = overview.engagement_total.saturating_add(part.engagement_total);
        overview.engagement_missing += part.engagement_missing;
        overview.time_implausible += part.implausible;
        overview.country_missing += part.country_missing;
        overview.questions_total += part.questions_total;
        span = match (span, part.span) {
            (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
            (one, other) => one.or(other),
        };
        part.volume.add_to(&mut hours);
        let (rows, _) = part.network_tones.as_chunks::<8>();
        network_tones.iter_mut().zip(rows).for_each(|(total, tones)| add_tones(total, tones));
        languages.iter_mut().zip(&part.languages).for_each(|(total, posts)| *total += u64::from(*posts));
        kinds.iter_mut().zip(&part.kinds).for_each(|(total, posts)| *total += u64::from(*posts));
        part.sources.iter().for_each(|(source, posts)| *sources.entry(*source).or_default() += posts);
    }
    let instant = |time| Timestamp::from_millis(from_column(time));
    overview.span = span.map(|(low, high)| (instant(low), instant(high)));
    overview.hours = to_hours(hours);
    for (code, tones) in (0_u8..).zip(network_tones) {
        if let Some(network) = Network::from_code(code).filter(|_| tones.iter().any(|posts| *posts > 0)) {
            let tones = ToneCounts(tones);
            overview.networks.push((network, tones.total()));
            overview.network_tones.push((network, tones));
            overview.tones.0.iter_mut().zip(tones.0).for_each(|(total, posts)| *total += posts);
        }
    }
    overview.networks.sort_by_key(|(_, posts)| Reverse(*posts));
    overview.network_tones.sort_by_key(|(_, tones)| Reverse(tones.total()));
    overview.languages = (0..)
        .zip(languages)
        .filter(|(_, posts)| *posts > 0)
        .map(|(index, posts)| (language_of(index), posts))
        .collect();
    overview.languages.sort_by_key(|(_, posts)| Reverse(*posts));
    overview.kinds = PostKind::ALL.into_iter().zip(kinds).filter(|(_, posts)| *posts > 0).collect();
    overview.kinds.sort_by_key(|(_, posts)| Reverse(*posts));
    overview.sources = sources.into_iter().map(|(source, posts)| (from_column(source), posts)).collect();
    overview.sources.sort_by_key(|(_, posts)| Reverse(*posts));
    overview.questions_newest =
        Greatest::merged(parts.iter().map(|part| &part.partial.questions_newest), top_n);
    overview.questions_engagement =
        Greatest::merged(parts.iter().map(|part| &part.partial.questions_engagement), top_n);
    overview.top_posts = Greatest::merged(parts.iter().map(|part| &part.partial.top_posts), top_n);
    add_tops(&mut overview, parts, top_n)?;
    Ok(overview)
}

/// The columns of strings of which the most frequent values are told.
const LISTS: usize = 6;

/// A segment with what it adds, and the values it names for each list.
pub(super) struct Part<'a> {
    pub segment: &'a SegmentView,
    pub partial: Arc<Partial>,
    named: [Named; LISTS],
}

impl<'a> Part<'a> {
    /// Looks up the texts of the most frequent values, for lists of `top_n`.
    pub(super) fn new(
        segment: &'a SegmentView,
        partial: Arc<Partial>,
        top_n: usize,
    ) -> Result<Self, IndexError> {
        let mut named: [Named; LISTS] = Default::default();
        for ((strings, tally), named) in lists(segment, &partial).into_iter().zip(&mut named) {
            *named = tally.named(strings, top_n)?;
        }
        Ok(Self { segment, partial, named })
    }
}

/// Every list of a segment: authors, countries, hashtags, domains, links, tagged accounts.
fn lists<'a>(segment: &'a SegmentView, partial: &'a Partial) -> [(&'a Strings, &'a Tally); LISTS] {
    [
        (&segment.author, &partial.authors),
        (&segment.country, &partial.countries),
        (&segment.hashtag, &partial.hashtags),
        (&segment.domain, &partial.domains),
        (&segment.link, &partial.links),
        (&segment.tagged, &partial.tagged),
    ]
}

fn add_tops(overview: &mut Overview, parts: &[Part<'_>], top_n: usize) -> Result<(), IndexError> {
    let mut columns: [Vec<counts::Part<'_>>; LISTS] = Default::default();
    for part in parts {
        let lists = lists(part.segment, &part.partial).into_iter().zip(&part.named);
        for (column, ((strings, tally), named)) in columns.iter_mut().zip(lists) {
            column.push(counts::Part { strings, tally, named });
        }
    }
    let [authors, countries, hashtags, domains, links, tagged] = &columns;
    let (entries, exact) = most_frequent(authors, top_n)?;
    let author = |one: counts::Ranked| TopAuthor {
        key: one.value,
        posts: one.posts,
        followers_max: one.peak.checked_sub(1),
    };
    overview.authors = TopAuthors { entries: entries.into_iter().map(author).collect(), exact };
    let top = |column: &[counts::Part<'_>]| {
        let (entries, exact) = most_frequent(column, top_n)?;
        let entries = entries.into_iter().map(|one| Counted { value: one.value, posts: one.posts }).collect();
        Ok::<Top, IndexError>(Top { entries, exact })
    };
    overview.countries = top(countries)?;
    overview.hashtags = top(hashtags)?;
    overview.domains = top(domains)?;
    overview.links = top(links)?;
    overview.tagged = top(tagged)?;
    Ok(())
}

/// Volume and tones alone, for comparisons.
pub(super) struct VolumePartial {
    volume: Volume,
    tones: [u32; 8],
}

impl VolumePartial {
    /// Counts the matching documents of a segment.
    pub(super) fn of(segment: &SegmentView, docs: &Bits) -> Self {
        let mut volume = Volume::new(segment.time.min_value(), segment.time.max_value());
        let mut tones = [0; 8];
        let mut times = [0; BLOCK_DOCS];
        let mut facts = [0; BLOCK_DOCS];
        docs.for_each_block(|block| {
            // A block has at most BLOCK_DOCS documents.
            let len = block.len().min(BLOCK_DOCS);
            segment.time.values.get_vals(block, &mut times[..len]);
            segment.facts.values.get_vals(block, &mut facts[..len]);
            for (time, facts) in times.iter().zip(&facts).take(len) {
                let tone = PackedFacts(*facts).tone_index();
                volume.add(*time, tone);
                tones[tone] += 1;
            }
        });
        Self { volume, tones }
    }
}

/// The sum over all segments.
pub(super) fn sum_volume(parts: impl Iterator<Item = VolumePartial>) -> Series {
    let mut series = Series::default();
    let mut hours = BTreeMap::new();
    for part in parts {
        part.volume.add_to(&mut hours);
        add_tones(&mut series.tones.0, &part.tones);
    }
    series.total = series.tones.total();
    series.hours = to_hours(hours);
    series
}
