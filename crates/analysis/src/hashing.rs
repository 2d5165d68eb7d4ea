//! A fast hash that is the same everywhere and always.
//!
//! In: bytes. Out: 64 bits whose high bits are the best mixed. Not meant
//! against an adversary who chooses the entries of a table.
//! Cost: one multiplication per eight bytes.

/// An odd number without pattern: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of some bytes; `seed` keeps kinds apart.
#[inline]
pub(crate) fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = seed ^ (bytes.len() as u64) << 8;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        state = hash_step(state, head_of(chunk));
    }
    hash_step(state, head_of(chunks.remainder()))
}

/// Adds eight bytes to a hash.
#[inline]
pub(crate) fn hash_step(state: u64, chunk: u64) -> u64 {
    let mixed = (state.rotate_left(23) ^ chunk).wrapping_mul(MIX);
    (mixed ^ mixed >> 32).wrapping_mul(MIX)
}

/// The first eight bytes as a number, zero where there are fewer.
#[inline]
pub(crate) fn head_of(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte)),
    }
}
