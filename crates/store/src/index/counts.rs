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
const DENSE_RATIO: usize = 64;
/// Posts per value that are told apart when the most frequent are sought.
const HISTOGRAM: usize = 256;

/// Posts per value number.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Counts {
    /// One entry per value of the dictionary.
    Dense(Vec<u32>),
    /// Values that occur with their posts, by number.
    Sparse(Vec<(u32, u32)>),
}

/// Counts as documents are read.
pub(super) enum Counter {
    Dense(Vec<u32>),
    Seen(Vec<u32>),
}

impl Counter {
    /// For a dictionary of `values`, of which `docs` documents will be read.
    pub(super) fn new(values: usize, docs: u64) -> Self {
        let few = usize::try_from(docs).unwrap_or(usize::MAX) < values / DENSE_RATIO;
        if few { Self::Seen(Vec::new()) } else { Self::Dense(vec![0; values]) }
    }

    /// One more document for each of these values.
    pub(super) fn add(&mut self, ordinals: &[u64]) {
        // Dictionaries hold fewer than 2^32 values: a segment has fewer documents.
        match self {
            Self::Dense(posts) => {
                for ordinal in ordinals {
                    if let Some(count) = posts.get_mut(*ordinal as usize) {
                        *count += 1;
                    }
                }
            }
            Self::Seen(list) => list.extend(ordinals.iter().map(|ordinal| *ordinal as u32)),
        }
    }

    /// The finished counts, in the smaller of the two forms.
    pub(super) fn finish(self) -> Tally {
        Tally::of(self.counts())
    }

    fn counts(self) -> Counts {
        match self {
            Self::Dense(posts) => Counts::smaller(posts),
            Self::Seen(mut seen) => {
                seen.sort_unstable();
                let runs = seen.chunk_by(|one, other| one == other);
                // Runs are not empty and shorter than 2^32.
                Counts::Sparse(runs.map(|run| (run[0], run.len() as u32)).collect())
            }
        }
    }
}

impl Counts {
    fn smaller(posts: Vec<u32>) -> Self {
        let used = posts.iter().filter(|count| **count > 0).count();
        if used >= posts.len() / 4 {
            return Self::Dense(posts);
        }
        let mut list = Vec::with_capacity(used);
        list.extend((0..).zip(&posts).filter(|(_, count)| **count > 0).map(|(at, count)| (at, *count)));
        Self::Sparse(list)
    }

    /// Memory, bytes.
    fn bytes(&self) -> usize {
        match self {
            Self::Dense(posts) => posts.len() * 4,
            Self::Sparse(list) => list.len() * 8,
        }
    }

    /// Values that occur with their posts, by number.
    fn for_each(&self, mut visit: impl FnMut(u32, u32)) {
        match self {
            Self::Dense(posts) => {
                (0..).zip(posts).filter(|(_, count)| **count > 0).for_each(|(at, count)| visit(at, *count));
            }
            Self::Sparse(list) => list.iter().for_each(|(at, count)| visit(*at, *count)),
        }
    }

    /// Posts of a value.
    fn get(&self, ordinal: u64) -> u32 {
        match self {
            Self::Dense(posts) => {
                posts.get(usize::try_from(ordinal).unwrap_or(usize::MAX)).copied().unwrap_or(0)
            }
            Self::Sparse(list) => list
                .binary_search_by_key(&ordinal, |(number, _)| u64::from(*number))
                .ok()
                .and_then(|at| list.get(at))
                .map_or(0, |(_, posts)| *posts),
        }
    }

    /// These less those of some of the same documents.
    fn minus(&self, part: &Self) -> Self {
        match self {
            Self::Dense(posts) => {
                let mut posts = posts.clone();
                part.for_each(|ordinal, less| {
                    if let Some(count) = posts.get_mut(ordinal as usize) {
                        *count -= less;
                    }
                });
                Self::smaller(posts)
            }
            Self::Sparse(list) => {
                let rest = list.iter().map(|(at, count)| (*at, count - part.get(u64::from(*at))));
                Self::Sparse(rest.filter(|(_, count)| *count > 0).collect())
            }
        }
    }

    /// The `len` values with most posts, equal ones by number, and the most
    /// that any other has.
    fn most(&self, len: usize) -> (Vec<(u32, u32)>, u32) {
        // How many values have so many posts, or at least as many as the last entry says.
        let mut values_with = [0_usize; HISTOGRAM];
        let bucket = |count: u32| (count as usize).min(HISTOGRAM - 1);
        self.for_each(|_, count| values_with[bucket(count)] += 1);
        let mut least = HISTOGRAM - 1;
        let mut above = values_with[least];
        while above <= len && least > 1 {
            least -= 1;
            above += values_with[least];
        }
        // Of the values in the lowest bucket the first by number will do,
        // unless it is the last bucket, which holds different counts.
        let mut spare = (least < HISTOGRAM - 1).then(|| (len + 1).saturating_sub(above - values_with[least]));
        let mut best: Vec<(u32, u32)> = Vec::new();
        self.for_each(|ordinal, count| {
            let low = bucket(count) == least;
            if low && let Some(spare) = &mut spare {
                if *spare == 0 {
                    return;
                }
                *spare -= 1;
            }
            if low || bucket(count) > least {
                best.push((ordinal, count));
            }
        });
        best.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let rest = best.get(len).map_or(0, |(_, posts)| *posts);
        best.truncate(len);
        (best, rest)
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

impl Default for Tally {
    fn default() -> Self {
        Self::of(Counts::Sparse(Vec::new()))
    }
}

impl Tally {
    fn of(counts: Counts) -> Self {
        let (most, rest) = counts.most(TOP_N_MAX * CANDIDATES_PER_ENTRY);
        Self { counts, most, rest }
    }

    /// These less those of some of the same documents.
    pub(super) fn minus(&self, part: &Self) -> Self {
        Self::of(self.counts.minus(&part.counts))
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

/// A value with its posts over all segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranked {
    pub value: String,
    pub posts: u64,
}

/// Posts that a value is known to have and could have at most.
#[derive(Debug, Default)]
struct Bounds {
    known: u64,
    /// What the segments that name it leave to values they do not name.
    named_rest: u64,
    /// The segments that name it, rising.
    named_by: Vec<usize>,
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
    for (number, part) in parts.iter().enumerate() {
        for (value, posts) in &part.named.values {
            let bounds = seen.entry(value).or_default();
            bounds.known += posts;
            bounds.named_rest += part.named.rest;
            bounds.named_by.push(number);
        }
    }
    let unnamed: u64 = parts.iter().map(|part| part.named.rest).sum();
    let mut known: Vec<u64> = seen.values().map(|bounds| bounds.known).collect();
    known.sort_unstable_by(|a, b| b.cmp(a));
    let least = len.checked_sub(1).and_then(|last| known.get(last)).copied().unwrap_or(0);
    // A value that cannot reach the least known count of the list is left out.
    let mut candidates: Vec<(u64, &str, Bounds)> = seen
        .into_iter()
        .map(|(value, bounds)| (bounds.known + unnamed - bounds.named_rest, value, bounds))
        .filter(|(most, ..)| *most >= least)
        .collect();
    candidates.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let kept = CANDIDATES_MAX.max(len);
    let dropped = candidates.get(kept).map_or(0, |(most, ..)| *most);
    candidates.truncate(kept);
    let mut ranked = Vec::with_capacity(candidates.len());
    for (_, value, bounds) in candidates {
        let mut posts = bounds.known;
        for (number, part) in parts.iter().enumerate() {
            // A segment that names all its values has none of those it does not name.
            if part.named.rest == 0 || bounds.named_by.binary_search(&number).is_ok() {
                continue;
            }
            if let Some(ordinal) = part.strings.ordinal_of(value)? {
                posts += u64::from(part.tally.counts.get(ordinal));
            }
        }
        ranked.push(Ranked { value: value.to_owned(), posts });
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
            let mut counter = Counter::new(1_000, docs);
            counter.add(&ordinals);
            counter.counts()
        };
        let (few, many) = (count(1), count(1_000));
        assert_eq!(few, many);
        assert_eq!((few.get(3), few.get(2)), (3, 0));
        assert_eq!(few.most(2), (vec![(3, 3), (1, 2)], 1));
        let dense = Counts::Dense(vec![0, 2, 0, 3]);
        assert_eq!(dense.most(1), (vec![(3, 3)], 2));
        assert_eq!(dense.minus(&Counts::Sparse(vec![(3, 2)])), Counts::Dense(vec![0, 2, 0, 1]));
        assert_eq!(few.minus(&Counts::Sparse(vec![(1, 2), (3, 1)])), Counts::Sparse(vec![(3, 2), (7, 1)]));
    }

    #[test]
    fn the_most_frequent_are_those_of_a_sorted_list() {
        let counts = |scale: u32| (0..3_000_u32).map(move |at| at.wrapping_mul(2_654_435_761) % scale);
        for scale in [2, 5, 300, 5_000] {
            let mut sorted: Vec<(u32, u32)> =
                (0..).zip(counts(scale)).filter(|(_, count)| *count > 0).collect();
            sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            for len in [1, 10, 700, 3_000] {
                let (most, rest) = Counts::Dense(counts(scale).collect()).most(len);
                assert_eq!(most, sorted[..len.min(sorted.len())]);
                assert_eq!(rest, sorted.get(len).map_or(0, |(_, count)| *count));
            }
        }
    }
}
