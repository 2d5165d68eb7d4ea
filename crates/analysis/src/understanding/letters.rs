//! The features that a word has in itself: the whole of it, and its letters.
//!
//! In: a folded word and its hash. Out: 32-bit keys.
//! Cost: about one multiplication per letter and length; no allocation.
//! Limits: [`LETTERS_MAX`] letters make n-grams.

use super::features::Class;
use crate::hashing::{hash_step, head_of};

/// Letters of one word that make n-grams.
pub const LETTERS_MAX: usize = 32;
/// Lengths of letter n-grams, bytes.
const GRAMS: [usize; 3] = [3, 4, 5];
/// Room for a word with its edges, and for the widest read from its last letter.
const PADDED: usize = LETTERS_MAX + 10;

const WORD_SEED: u64 = 0x51;
const GRAM_SEED: u64 = 0x55;

/// The key of a hash.
#[inline]
pub(super) fn key(hash: u64) -> u32 {
    // The upper half: the best mixed bits. 0 marks a free slot.
    (hash >> 32) as u32 | 1
}

/// The hash of what is no word though it is written like one: `user` is not «user».
#[inline]
pub(super) fn hash_of_sign(hash: u64) -> u64 {
    hash_step(hash, WORD_SEED)
}

/// The key of a piece as a whole.
#[inline]
pub(super) fn whole_key(hash: u64) -> u32 {
    key(hash_step(hash, WORD_SEED))
}

/// Gives the key of a word and those of its letters: every n-gram of it with
/// its edges but the whole itself.
#[inline]
pub(super) fn each_own_key(form: &str, hash: u64, mut take: impl FnMut(u32, Class)) {
    take(whole_key(hash), Class::Word);
    let mut padded = [b' '; PADDED];
    let bytes = form.as_bytes();
    let len = bytes.len().min(LETTERS_MAX);
    for (to, from) in padded.iter_mut().skip(1).zip(bytes.iter().take(len)) {
        *to = *from;
    }
    let len = len + 2;
    for at in 0..len.saturating_sub(2) {
        let ahead = head_of(padded.get(at..).unwrap_or_default());
        for n in GRAMS {
            if at + n > len {
                break;
            }
            // n is at most 5: the shift stays below 64.
            let gram = ahead & ((1 << (8 * n)) - 1);
            take(key(hash_step(GRAM_SEED, gram)), Class::Gram);
        }
    }
}
