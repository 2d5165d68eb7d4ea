//! Exact counts of the pairs that a sketch let through, as many at once as fit.
//!
//! In: the same pairs as numbers, one by one, in each of some rounds. Out: those
//! that came by often enough, each in one round. A round takes the pairs of a
//! stretch of hashes; one that holds too many is halved, and again until they
//! fit, and the rest is for the rounds that follow. Together they keep so many;
//! past that the pairs with the higher hashes are left out, by halves: what is
//! kept depends on which pairs there are, not on the order in which they came,
//! nor on how many fit at once.
//! Cost: amortised O(log n) per pair; 16 B per pair at once and as much to merge.

use crate::hashing::hash_step;

/// Pairs that are collected before they are sorted, at least.
const BUFFER_MIN: usize = 1 << 20;
const SEED: u64 = 0x8f14_e45f_ceea_167a;

/// Pairs and how often each came by.
pub(super) struct Candidates {
    /// Pairs of a round, and of all rounds, at most.
    at_once: usize,
    kept_max: usize,
    /// The stretch of this round: its first hash, and the logarithm of its length.
    from: u64,
    length_log2: u32,
    /// Rising by pair.
    kept: Vec<(u64, u32)>,
    buffer: Vec<u64>,
    /// Pairs of the rounds that ended.
    before: usize,
    /// Pairs at the end of the first 2^k hashes, by k, as far as a round ended there.
    ends: Vec<(u32, usize)>,
}

/// What a round gave.
pub(super) struct Round {
    /// Pairs that came by often enough, rising.
    pub pairs: Vec<u64>,
    /// Whether there are pairs that are for another round.
    pub is_more: bool,
}

impl Candidates {
    pub fn new(at_once: usize, kept_max: usize) -> Self {
        Self {
            at_once: at_once.min(kept_max),
            kept_max,
            from: 0,
            length_log2: u64::BITS,
            kept: Vec::new(),
            buffer: Vec::new(),
            before: 0,
            ends: Vec::new(),
        }
    }

    /// Counts a pair once more.
    #[inline]
    pub fn add(&mut self, pair: u64) {
        if self.length_log2 < u64::BITS && !self.is_in(pair) {
            return;
        }
        self.buffer.push(pair);
        if self.buffer.len() >= BUFFER_MIN.min(self.at_once.max(1)).max(self.kept.len()) {
            self.merge();
        }
    }

    /// Whether a pair is of this round.
    fn is_in(&self, pair: u64) -> bool {
        let (hash, past) = (hash_of(pair), hash_of(pair).wrapping_sub(self.from));
        hash >= self.from && past.checked_shr(self.length_log2).unwrap_or(0) == 0
    }

    /// Ends a round and begins the next one.
    pub fn end_round(&mut self, times: u32) -> Round {
        self.merge();
        let kept = std::mem::take(&mut self.kept);
        self.buffer = Vec::new();
        self.before += kept.len();
        let length = 1_u64.checked_shl(self.length_log2);
        let end = length.and_then(|length| self.from.checked_add(length));
        if let Some(end) = end.filter(|end| end.is_power_of_two()) {
            self.ends.push((end.ilog2(), self.before));
        }
        // One round that takes as many as all together has nothing to follow.
        let is_more = end.is_some() && self.before <= self.kept_max && self.at_once < self.kept_max;
        self.from = end.unwrap_or(0);
        let often = kept.into_iter().filter(|(_, count)| *count >= times);
        Round { pairs: often.map(|(pair, _)| pair).collect(), is_more }
    }

    /// How often the pairs had to be halved for all rounds together, once they ended.
    pub fn halvings(&self) -> u32 {
        if self.at_once >= self.kept_max {
            return u64::BITS - self.length_log2;
        }
        if self.before <= self.kept_max {
            return 0;
        }
        let fits = self.ends.iter().rev().find(|(_, pairs)| *pairs <= self.kept_max);
        u64::BITS - fits.map_or(0, |(log2, _)| *log2)
    }

    fn merge(&mut self) {
        self.buffer.sort_unstable();
        let mut merged = Vec::with_capacity(self.kept.len() + self.buffer.len() / 2);
        let mut old = self.kept.iter().copied().peekable();
        for run in self.buffer.chunk_by(|left, right| left == right) {
            let Some(&pair) = run.first() else { continue };
            while let Some(before) = old.next_if(|(kept, _)| *kept < pair) {
                merged.push(before);
            }
            let counted = old.next_if(|(kept, _)| *kept == pair).map_or(0, |(_, count)| count);
            merged.push((pair, counted.saturating_add(u32::try_from(run.len()).unwrap_or(u32::MAX))));
        }
        merged.extend(old);
        self.kept = merged;
        self.buffer.clear();
        while self.kept.len() > self.at_once && self.length_log2 > 0 {
            self.length_log2 -= 1;
            let kept = std::mem::take(&mut self.kept);
            self.kept = kept.into_iter().filter(|(pair, _)| self.is_in(*pair)).collect();
        }
    }
}

/// Whether a pair is kept after so many halvings.
pub(super) fn is_kept(pair: u64, halvings: u32) -> bool {
    hash_of(pair).leading_zeros() >= halvings
}

fn hash_of(pair: u64) -> u64 {
    hash_step(SEED, pair)
}
