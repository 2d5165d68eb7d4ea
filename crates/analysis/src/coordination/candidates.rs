//! Exact counts of the pairs that a sketch let through.
//!
//! In: pairs as numbers, one by one. Out: those that came by often enough,
//! rising. When there are more than [`Candidates`] may keep, the half of them
//! with the higher hash is left out, and again until they fit: what is kept
//! depends on which pairs there are, not on the order in which they came.
//! Cost: amortised O(log n) per pair; 16 B per pair kept and as much to merge.

use crate::hashing::hash_step;

/// Pairs that are collected before they are sorted, at least.
const BUFFER_MIN: usize = 1 << 20;
const SEED: u64 = 0x8f14_e45f_ceea_167a;

/// Pairs and how often each came by.
pub(super) struct Candidates {
    kept_max: usize,
    /// Rising by pair.
    kept: Vec<(u64, u32)>,
    buffer: Vec<u64>,
    halvings: u32,
}

impl Candidates {
    pub fn new(kept_max: usize) -> Self {
        Self { kept_max, kept: Vec::new(), buffer: Vec::new(), halvings: 0 }
    }

    /// Counts a pair once more.
    #[inline]
    pub fn add(&mut self, pair: u64) {
        if self.halvings > 0 && !is_kept(pair, self.halvings) {
            return;
        }
        self.buffer.push(pair);
        if self.buffer.len() >= BUFFER_MIN.max(self.kept.len()) {
            self.merge();
        }
    }

    /// The pairs that came by at least `times`, rising, and how often their
    /// number was halved.
    pub fn finish(mut self, times: u32) -> (Vec<u64>, u32) {
        self.merge();
        let often = self.kept.iter().filter(|(_, count)| *count >= times);
        (often.map(|(pair, _)| *pair).collect(), self.halvings)
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
        while self.kept.len() > self.kept_max {
            self.halvings += 1;
            let halvings = self.halvings;
            self.kept.retain(|(pair, _)| is_kept(*pair, halvings));
        }
    }
}

fn is_kept(pair: u64, halvings: u32) -> bool {
    hash_step(SEED, pair).leading_zeros() >= halvings
}
