//! The 256 bits of a picture.

use std::fmt;

/// Bits in sixteen words of sixteen; most bits are equal in pictures that look
/// the same. Written as 64 hexadecimal digits, highest bit first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PictureHash([u64; 4]);

impl PictureHash {
    /// Bytes of the stored form.
    pub const BYTES: usize = 32;

    pub(super) const fn from_words(words: [u64; 4]) -> Self {
        Self(words)
    }

    /// From the stored form.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let mut words = [0; 4];
        for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = eight.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        }
        Self(words)
    }

    /// The stored form, lowest bit first.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        for (eight, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            eight.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Reads the 64 hexadecimal digits back; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * Self::BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut words = [0; 4];
        for (place, word) in words.iter_mut().rev().enumerate() {
            *word = u64::from_str_radix(text.get(16 * place..16 * place + 16)?, 16).ok()?;
        }
        Some(Self(words))
    }

    /// Bits in which two hashes differ, 0…256; unrelated pictures are near 128.
    #[inline]
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// The sixteen words.
    #[inline]
    pub(super) fn slots(&self) -> [u16; 16] {
        let mut slots = [0; 16];
        for (four, word) in slots.chunks_exact_mut(4).zip(self.0) {
            for (at, slot) in (0_u32..).zip(four) {
                *slot = (word >> (16 * at) & 0xffff) as u16;
            }
        }
        slots
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|word| write!(f, "{word:016x}"))
    }
}

impl fmt::Debug for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PictureHash({self})")
    }
}
