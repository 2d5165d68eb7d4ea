//! The features of a word: its letter n-grams and itself, as 32-bit hashes.
//!
//! In: one folded word between spaces. Out: hashes of its 2- to 4-grams (with
//! the edges of the word), of its letters outside a–z, and of the whole word.
//! Cost: about four hashes per letter, no allocation.
//! Source: hashed n-gram features after Cavnar & Trenkle 1994 and Weinberger
//! et al. 2009.

use super::letters::SPACE;

/// Longest n-gram, edges included.
pub const MAX_GRAM: usize = 4;
/// Shortest word that is also a feature of its own (shorter ones are n-grams).
const MIN_WORD: usize = 3;

const GRAM_MIX: u64 = 0x9e37_79b9_7f4a_7c15;
const WORD_MIX: u64 = 0xff51_afd7_ed55_8ccd;

/// A feature: its hash and the units it was made of (with edges).
#[derive(Debug, Clone, Copy)]
pub struct Feature<'a> {
    /// Hash under which the model knows it; never 0.
    pub key: u32,
    /// The units hashed, for showing to a person.
    pub units: &'a [u16],
}

/// Gives every feature of one padded word to `take`, in a fixed order.
pub fn each_feature<'a>(padded: &'a [u16], mut take: impl FnMut(Feature<'a>)) {
    let mut packed = 0_u64;
    for (at, &unit) in padded.iter().enumerate() {
        packed = (packed << 16) | u64::from(unit);
        let end = at + 1;
        if unit >= 0x80 {
            take(Feature { key: mix(u64::from(unit), GRAM_MIX), units: slice(padded, at, end) });
        }
        if at >= 1 {
            take(Feature { key: mix(packed & 0xffff_ffff, GRAM_MIX), units: slice(padded, at - 1, end) });
        }
        if at >= 2 {
            take(Feature {
                key: mix(packed & 0xffff_ffff_ffff, GRAM_MIX),
                units: slice(padded, at - 2, end),
            });
        }
        if at >= 3 {
            take(Feature { key: mix(packed, GRAM_MIX), units: slice(padded, at - 3, end) });
        }
    }
    if padded.len() >= MIN_WORD + 2 {
        let hash = padded.iter().filter(|&&unit| unit != SPACE).fold(0x5_1ed2_u64, |hash, &unit| {
            (hash ^ u64::from(unit)).wrapping_mul(WORD_MIX).rotate_left(23)
        });
        take(Feature { key: mix(hash, WORD_MIX), units: padded });
    }
}

fn slice(units: &[u16], from: usize, to: usize) -> &[u16] {
    units.get(from..to).unwrap_or(&[])
}

/// Spreads a packed n-gram over 32 bits; never 0, which marks an empty slot.
fn mix(packed: u64, factor: u64) -> u32 {
    let spread = (packed ^ (packed >> 29)).wrapping_mul(factor);
    // The upper half of the product: the best mixed bits.
    (((spread ^ (spread >> 31)).wrapping_mul(GRAM_MIX)) >> 32) as u32 | 1
}
