//! How often pairs came by, roughly and never too low, in two bits a pair.
//!
//! In: pairs as numbers. Out: for each 0, 1, 2, or 3 for three and more; higher
//! than true where pairs share a counter, never lower.
//! Cost: one access to memory per pair. Source: a count-min sketch of one row
//! (Cormode & Muthukrishnan 2005) that stops counting at three.

use crate::hashing::hash_step;

/// The highest count that is told apart.
pub(super) const COUNT_MAX: u8 = 3;
const COUNTERS_PER_BYTE: u64 = 4;
/// Fewest counters, as a power of two.
const COUNTERS_LOG2_MIN: u32 = 16;
/// Most counters, as a power of two: 512 MiB.
const COUNTERS_LOG2_MAX: u32 = 31;
const SEED: u64 = 0xb492_b66f_be98_f273;

/// Counters of pairs.
pub(super) struct Sketch {
    counters: Vec<u8>,
    shift: u32,
}

impl Sketch {
    /// So many counters at least, if they fit in so many bytes.
    pub fn new(counters: u64, bytes_max: u64) -> Self {
        let wanted = counters.max(1);
        let fits = bytes_max.saturating_mul(COUNTERS_PER_BYTE).max(1).ilog2();
        let log2 = (u64::BITS - (wanted - 1).leading_zeros()).min(fits);
        let log2 = log2.clamp(COUNTERS_LOG2_MIN, COUNTERS_LOG2_MAX);
        Self { counters: vec![0; 1 << (log2 - 2)], shift: u64::BITS - log2 }
    }

    /// Counts a pair once more.
    #[inline]
    pub fn add(&mut self, pair: u64) {
        let (byte, bits) = self.place(pair);
        // The shift leaves log2 bits, of which all but two choose the byte.
        let counter = &mut self.counters[byte];
        if *counter >> bits & 3 < COUNT_MAX {
            *counter += 1 << bits;
        }
    }

    /// How often a pair came by, at most [`COUNT_MAX`].
    #[inline]
    pub fn count(&self, pair: u64) -> u8 {
        let (byte, bits) = self.place(pair);
        self.counters[byte] >> bits & 3
    }

    #[inline]
    fn place(&self, pair: u64) -> (usize, u32) {
        let number = hash_step(SEED, pair) >> self.shift;
        ((number >> 2) as usize, (number & 3) as u32 * 2)
    }
}
