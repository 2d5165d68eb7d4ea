//! How often each value of a column of strings occurs, and the most frequent
//! values over several segments whose numbers differ.

use super::IndexError;
use super::request::TOP_N_MAX;
use super::segment::Strings;
use std::collections::HashMap;

/// Values of each segment that are looked at for one entry of a list.
const CANDIDATES_PER_ENTRY: usize = 2;
/// Most values looked up in every segment for one list.
const CANDIDATES_MAX: usize = 400;
/// A count for each value of a dictionary is kept when at least one document
/// in so many values is read; else only the values seen are sorted.
const DENSE_RATIO: usize = 16;

/// Posts per value number, with the greatest followers + 1 where asked (0: never known).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Counts {
    /// One entry per value of the dictionary.
    Dense { posts: Vec<u32>, peaks: Vec<u64> },
    /// Values that occur: number, posts, peak; by number.
    Sparse(Vec<(u32, u32, u64)>),
}

/// Counts as documents are read.
pub(super) enum Counter {
    Dense { posts: Vec<u32>, peaks: Vec<u64> },
    Seen(Vec<(u32, u64)>),
}

impl Counter {
    /// For a dictionary of `values`, of which `docs` documents will be read.
    pub(super) fn new(values: usize, docs: u64, peaks: bool) -> Self {
        if usize::try_from(docs).unwrap_or(usize::MAX) < values / DENSE_RATIO {
            return Self::Seen(Vec::new());
        }
        Self::Dense { posts: vec![0; values], peaks: if peaks { vec![0; values] } else { Vec::new() } }
    }

    /// One more document with this value.
    pub(super) fn add(&mut self, ordinal: u64, peak: u64) {
        // Dictionaries hold fewer than 2^32 values: a segment has fewer documents.
        let ordinal = ordinal as u32;
        match self {
            Self::Dense { posts, peaks } => {
                if let Some(count) = posts.get_mut(ordinal as usize) {
                    *count += 1;
                }
                if let Some(highest) = peaks.get_mut(ordinal as usize) {
                    *highest = peak.max(*highest);
                }
            }
            Self::Seen(list) => list.push((ordinal, peak)),
        }
    }

    /// The finished counts, in the smaller of the two forms.
    pub(super) fn finish(self) -> Tally {
        Tally::of(self.counts())
    }

    fn counts(self) -> Counts {
        match self {
            Self::Dense { posts, peaks } => {
                let used = posts.iter().filter(|count| **count > 0).count();
                if used >= posts.len() / 4 {
                    return Counts::Dense { posts, peaks };
                }
                let mut list = Vec::with_capacity(used);
                for (ordinal, count) in (0..).zip(&posts).filter(|(_, count)| **count > 0) {
                    list.push((ordinal, *count, peaks.get(ordinal as usize).copied().unwrap_or(0)));
                }
                Counts::Sparse(list)
            }
            Self::Seen(mut seen) => {
                seen.sort_unstable();
                let mut list: Vec<(u32, u32, u64)> = Vec::new();
                for (ordinal, peak) in seen {
                    match list.last_mut() {
                        Some((last, count, highest)) if *last == ordinal => {
                            *count += 1;
                            *highest = peak.max(*highest);
                        }
                        _ => list.push((ordinal, 1, peak)),
                    }
                }
                Counts::Sparse(list)
            }
        }
    }
}

impl Counts {
    /// Memory, bytes.
    fn bytes(&self) -> usize {
        match self {
            Self::Dense { posts, peaks } => posts.len() * 4 + peaks.len() * 8,
            Self::Sparse(list) => list.len() * 16,
        }
    }

    /// Posts and peak of a value.
    fn get(&self, ordinal: u64) -> (u32, u64) {
        match self {
            Self::Dense { posts, peaks } => {
                let at = usize::try_from(ordinal).unwrap_or(usize::MAX);
                (posts.get(at).copied().unwrap_or(0), peaks.get(at).copied().unwrap_or(0))
            }
            Self::Sparse(list) => list
                .binary_search_by_key(&ordinal, |(number, _, _)| u64::from(*number))
                .ok()
                .and_then(|at| list.get(at))
                .map_or((0, 0), |(_, posts, peak)| (*posts, *peak)),
        }
    }

    /// The `len` values with most posts, and the most that any other has.
    fn most(&self, len: usize) -> (Vec<(u32, u32)>, u32) {
        // Posts first, then the lower number, so that the choice is always the same.
        let rank = |posts: u32, ordinal: u32| u64::from(posts) << 32 | u64::from(u32::MAX - ordinal);
        let mut ranks: Vec<u64> = match self {
            Self::Dense { posts, .. } => (0..)
                .zip(posts)
                .filter(|(_, count)| **count > 0)
                .map(|(at, count)| rank(*count, at))
                .collect(),
            Self::Sparse(list) => list.iter().map(|(ordinal, count, _)| rank(*count, *ordinal)).collect(),
        };
        let mut rest = 0;
        if ranks.len() > len {
            let (_, next, _) = ranks.select_nth_unstable_by(len, |a, b| b.cmp(a));
            rest = (*next >> 32) as u32;
            ranks.truncate(len);
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        (ranks.into_iter().map(|rank| (u32::MAX - rank as u32, (rank >> 32) as u32)).collect(), rest)
    }
}

/// The finished counts of one column in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    counts: Counts,
    /// The values with most posts: number and posts, falling.
    most: Vec<(u32, u32)>,
    /// The most posts that any value outside `most` has.
    rest: u32,
}

impl Tally {
    fn of(counts: Counts) -> Self {
        let (most, rest) = counts.most(TOP_N_MAX * CANDIDATES_PER_ENTRY);
        Self { counts, most, rest }
    }

    /// Memory, bytes.
    pub(super) fn bytes(&self) -> usize {
        self.counts.bytes() + self.most.len() * 8
    }

    /// The most frequent values by their text, for a list of `len` entries.
    pub(super) fn named(&self, strings: &Strings, len: usize) -> Result<Named, IndexError> {
        let len = len.saturating_mul(CANDIDATES_PER_ENTRY);
        let values = self.most.iter().take(len);
        let text =
            |(ordinal, posts): &(u32, u32)| Ok((strings.text_of(u64::from(*ordinal))?, u64::from(*posts)));
        let rest = self.most.get(len).map_or(self.rest, |(_, posts)| *posts);
        Ok(Named { values: values.map(text).collect::<Result<_, IndexError>>()?, rest: u64::from(rest) })
    }
}

/// The values that a segment names for a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    values: Vec<(String, u64)>,
    /// The most posts that any value not named has.
    rest: u64,
}

/// One column of one segment for [`most_frequent`].
pub(super) struct Part<'a> {
    pub strings: &'a Strings,
    pub tally: &'a Tally,
    pub named: &'a Named,
}

/// A value with its posts and peak over all segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranked {
    pub value: String,
    pub posts: u64,
    pub peak: u64,
}

/// Posts that a value is known to have and could have at most.
#[derive(Debug, Clone, Copy, Default)]
struct Bounds {
    known: u64,
    /// What the segments that name it leave to values they do not name.
    named_rest: u64,
}

/// The `len` values with most posts over several segments, falling by posts,
/// equal posts by value; false when one may be missing from the tail.
///
/// Each segment names its most frequent values; those that may belong to the
/// list are counted exactly in every segment. A value named by none has at
/// most the sum of what each segment leaves unnamed, which tells whether the
/// list is complete (the threshold idea of R. Fagin, A. Lotem and M. Naor, 2003).
pub(super) fn most_frequent(parts: &[Part<'_>], len: usize) -> Result<(Vec<Ranked>, bool), IndexError> {
    let mut seen: HashMap<&str, Bounds> = HashMap::new();
    for (value, posts, rest) in parts.iter().flat_map(|part| {
        part.named.values.iter().map(|(value, posts)| (value.as_str(), *posts, part.named.rest))
    }) {
        let bounds = seen.entry(value).or_default();
        bounds.known += posts;
        bounds.named_rest += rest;
    }
    let unnamed: u64 = parts.iter().map(|part| part.named.rest).sum();
    let mut known: Vec<u64> = seen.values().map(|bounds| bounds.known).collect();
    known.sort_unstable_by(|a, b| b.cmp(a));
    let least = len.checked_sub(1).and_then(|last| known.get(last)).copied().unwrap_or(0);
    // A value that cannot reach the least known count of the list is left out.
    let mut candidates: Vec<(u64, &str)> = seen
        .into_iter()
        .map(|(value, bounds)| (bounds.known + unnamed - bounds.named_rest, value))
        .filter(|(most, _)| *most >= least)
        .collect();
    candidates.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let kept = CANDIDATES_MAX.max(len);
    let dropped = candidates.get(kept).map_or(0, |(most, _)| *most);
    candidates.truncate(kept);
    let mut ranked = Vec::with_capacity(candidates.len());
    for (_, value) in candidates {
        let mut total = Ranked { value: value.to_owned(), posts: 0, peak: 0 };
        for part in parts {
            if let Some(ordinal) = part.strings.ordinal_of(value)? {
                let (posts, peak) = part.tally.counts.get(ordinal);
                total.posts += u64::from(posts);
                total.peak = total.peak.max(peak);
            }
        }
        ranked.push(total);
    }
    ranked.sort_unstable_by(|a, b| b.posts.cmp(&a.posts).then_with(|| a.value.cmp(&b.value)));
    ranked.truncate(len);
    let bound = unnamed.max(dropped);
    // One segment names its most frequent values in the very order of the list.
    let complete = parts.len() < 2 || bound == 0 || ranked.last().is_some_and(|last| last.posts > bound);
    Ok((ranked, complete))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_count_alike() {
        let ordinals = [3_u64, 1, 3, 7, 3, 1];
        let count = |docs: u64| {
            let mut counter = Counter::new(100, docs, true);
            ordinals.iter().for_each(|ordinal| counter.add(*ordinal, ordinal * 10));
            counter.counts()
        };
        let (few, many) = (count(1), count(1_000));
        assert_eq!(few, many);
        assert_eq!((few.get(3), few.get(2)), ((3, 30), (0, 0)));
        assert_eq!(few.most(2), (vec![(3, 3), (1, 2)], 1));
        let dense = Counts::Dense { posts: vec![0, 2, 0, 3], peaks: Vec::new() };
        assert_eq!(dense.most(1), (vec![(3, 3)], 2));
    }
}
