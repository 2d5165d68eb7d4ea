//! Everything that the overview tells, summed over the segments.
//!
//! In: a [`Partial`] per segment (remembered, as segments never change). Out:
//! their sum as [`Overview`]. Cost: the texts of the most frequent values of
//! each segment, each found in about 5 µs the first time.

use super::IndexError;
use super::bits::{BLOCK_DOCS, Bits};
use super::counts::{self, Named, most_frequent};
use super::order::{Place, cursor_of};
use super::pass::{LISTS, Partial, lists};
use super::request::{Counted, Hit, Order, Overview, Series, ToneCounts, Top, TopAuthor, TopAuthors};
use super::schema::{LANGUAGES, NETWORK_TONES, PackedFacts, from_column, language_of};
use super::segment::SegmentView;
use super::volume::{Volume, add_tones, to_hours};
use super::wants::Wants;
use model::{Network, PostKind, Timestamp};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first few of all segments.
fn merged<'a>(parts: impl Iterator<Item = &'a Vec<Place>>, order: Order, len: usize) -> Vec<Hit> {
    let mut places: Vec<Place> = parts.flatten().copied().collect();
    places.sort_unstable();
    places.truncate(len);
    let cursors = places.into_iter().map(|place| cursor_of(order, place));
    cursors.map(|cursor| Hit { id: cursor.id, time: cursor.time }).collect()
}

/// The sum over all segments.
pub(super) fn sum(parts: &[Part<'_>], top_n: usize) -> Result<Overview, IndexError> {
    let mut overview = Overview::default();
    let mut hours = BTreeMap::new();
    let mut network_tones = [[0_u64; 5]; NETWORK_TONES / 8];
    let mut languages = [0_u64; LANGUAGES];
    let mut kinds = [0_u64; 4];
    let mut wants = Wants::default();
    let mut sources: BTreeMap<u64, u64> = BTreeMap::new();
    let mut span: Option<(u64, u64)> = None;
    let mut engagement = 0_u128;
    for Part { partial, .. } in parts {
        let part = &partial.sums;
        overview.total += part.total;
        engagement = engagement.saturating_add(part.engagement_total);
        overview.engagement_missing += part.total - part.engagement_known;
        overview.time_implausible += part.implausible;
        overview.country_missing += part.total - part.with_country;
        overview.questions_total += partial.questions_total;
        span = match (span, partial.span) {
            (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
            (one, other) => one.or(other),
        };
        part.volume.add_to(&mut hours);
        let (rows, _) = part.network_tones.as_chunks::<8>();
        network_tones.iter_mut().zip(rows).for_each(|(total, tones)| add_tones(total, tones));
        languages.iter_mut().zip(&part.languages).for_each(|(total, posts)| *total += u64::from(*posts));
        kinds.iter_mut().zip(&part.kinds).for_each(|(total, posts)| *total += u64::from(*posts));
        wants.merge(&part.wants);
        part.sources.iter().for_each(|(source, posts)| *sources.entry(*source).or_default() += posts);
    }
    overview.engagement_total = u64::try_from(engagement).unwrap_or(u64::MAX);
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
    wants.tell(&mut overview);
    overview.sources = sources.into_iter().map(|(source, posts)| (from_column(source), posts)).collect();
    overview.sources.sort_by_key(|(_, posts)| Reverse(*posts));
    let partials = || parts.iter().map(|part| &*part.partial);
    overview.questions_newest =
        merged(partials().map(|partial| &partial.questions_newest), Order::Newest, top_n);
    overview.questions_engagement =
        merged(partials().map(|partial| &partial.questions_engagement), Order::Engagement, top_n);
    overview.top_posts = merged(partials().map(|partial| &partial.top_posts), Order::Engagement, top_n);
    add_tops(&mut overview, parts, top_n)?;
    Ok(overview)
}

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
        for ((strings, tally), named) in lists(segment).iter().zip(&partial.sums.tallies).zip(&mut named) {
            *named = tally.named(strings, top_n)?;
        }
        Ok(Self { segment, partial, named })
    }
}

fn add_tops(overview: &mut Overview, parts: &[Part<'_>], top_n: usize) -> Result<(), IndexError> {
    let mut columns: [Vec<counts::Part<'_>>; LISTS] = Default::default();
    for part in parts {
        let lists = lists(part.segment).into_iter().zip(&part.partial.sums.tallies).zip(&part.named);
        for (column, ((strings, tally), named)) in columns.iter_mut().zip(lists) {
            column.push(counts::Part { strings, tally, named });
        }
    }
    let [authors, countries, hashtags, domains, links, tagged] = &columns;
    let (entries, exact) = most_frequent(authors, top_n)?;
    overview.authors = TopAuthors {
        entries: entries
            .into_iter()
            .map(|one| TopAuthor { key: one.value, posts: one.posts, followers_max: None })
            .collect(),
        exact,
    };
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

/// The most followers + 1 of each author on the list in one segment (0: never known).
pub(super) fn peaks(part: &Part<'_>, authors: &[TopAuthor]) -> Result<Vec<u64>, IndexError> {
    let strings = &part.segment.author;
    let numbers: Vec<Option<u64>> =
        authors.iter().map(|author| strings.ordinal_of(&author.key)).collect::<Result<_, _>>()?;
    let known: Vec<u64> = numbers.iter().flatten().copied().collect();
    let mut peaks = part.partial.peaks(part.segment, &known).into_iter();
    Ok(numbers.iter().map(|number| number.and_then(|_| peaks.next()).unwrap_or(0)).collect())
}

/// Sets the greatest number of followers of each author, from what each segment says.
pub(super) fn set_peaks(authors: &mut [TopAuthor], peaks: &[Vec<u64>]) {
    for (at, author) in authors.iter_mut().enumerate() {
        let most = peaks.iter().filter_map(|peaks| peaks.get(at)).max();
        author.followers_max = most.and_then(|peak| peak.checked_sub(1));
    }
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
