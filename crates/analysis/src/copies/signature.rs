//! A text in at most [`SIGNATURE_BYTES_MAX`] bytes, from which its similarity
//! to any other is estimated.

use super::letters::visit_letters;

/// Texts of fewer normalised characters are copies of one another only when
/// they are equal.
pub const CHARS_MIN: usize = 15;
/// Texts of fewer normalised characters are copies of none but equal ones; those
/// between may still be shortened copies of longer ones.
const CHARS_WITH_VALUES_MIN: usize = 12;
/// Set in the exact hash of texts shorter than [`CHARS_MIN`].
const SHORT: u64 = 1;
/// Fewest different pieces, about; «jajajajajaja» is compared whole.
const PIECES_MIN: u32 = 9;
/// Letters of a piece.
const PIECE_CHARS: u32 = 4;
/// Most letters of a text that are cut into pieces; the exact hash covers all.
const LETTERS_MAX: usize = 20_000;
/// Values of a signature.
pub(super) const VALUES: usize = 64;
/// Most bytes of a stored signature.
pub const SIGNATURE_BYTES_MAX: usize = EXACT_BYTES + VALUES;
/// Bytes of the hash of the whole text.
const EXACT_BYTES: usize = 8;
/// Share of values that two unrelated texts have in common by chance.
const CHANCE: f32 = 1.0 / 256.0;

/// What is remembered of a text for finding its copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    exact: u64,
    values: Option<[u8; VALUES]>,
}

impl Signature {
    /// The bytes to store: 8, or at most [`SIGNATURE_BYTES_MAX`].
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.exact.to_le_bytes().to_vec();
        bytes.extend(self.values.iter().flatten());
        bytes
    }

    /// The signature of stored bytes; `None` for bytes that are none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (exact, values) = bytes.split_first_chunk::<EXACT_BYTES>()?;
        let values = if values.is_empty() { None } else { Some(values.try_into().ok()?) };
        Some(Self { exact: u64::from_le_bytes(*exact), values })
    }

    /// The hash of the normalised text: equal for equal texts.
    pub const fn exact(&self) -> u64 {
        self.exact
    }

    /// True for texts shorter than [`CHARS_MIN`].
    pub(super) const fn is_short(&self) -> bool {
        self.exact & SHORT != 0
    }

    /// True for texts that are only compared whole.
    pub const fn is_exact_only(&self) -> bool {
        self.values.is_none()
    }

    /// The values, if the text was long enough.
    pub(super) const fn values(&self) -> Option<&[u8; VALUES]> {
        self.values.as_ref()
    }

    /// The signature of no text, like no other but that of the same number.
    pub(super) const fn alone(number: u64) -> Self {
        Self { exact: mixed(number ^ 0xa10e), values: None }
    }

    /// A signature of its parts.
    pub(super) const fn of_parts(exact: u64, values: Option<[u8; VALUES]>) -> Self {
        Self { exact, values }
    }
}

/// The signature of a text; `None` when it holds no letter and no digit.
pub fn signature(text: &str) -> Option<Signature> {
    let mut reading = Reading::new();
    visit_letters(text, &mut |_, letter| reading.add(letter));
    reading.finish()
}

/// Estimated resemblance of two texts, 0…1: the share of their pieces of four
/// letters that they have in common; 1 for equal normalised texts. Standard
/// error about 0.06.
pub fn similarity(a: &Signature, b: &Signature) -> f32 {
    if a.exact == b.exact && a.values == b.values {
        return 1.0;
    }
    match (&a.values, &b.values) {
        _ if a.is_short() && b.is_short() => 0.0,
        (Some(a), Some(b)) => of_equal(equal_values(a, b)),
        _ => 0.0,
    }
}

/// Number of values that are equal.
#[inline]
pub(super) fn equal_values(a: &[u8; VALUES], b: &[u8; VALUES]) -> u32 {
    // At most VALUES, which fits a byte: so the sum stays in narrow lanes.
    u32::from(a.iter().zip(b).map(|(a, b)| u8::from(a == b)).sum::<u8>())
}

/// The similarity that so many equal values speak for.
pub(super) fn of_equal(equal: u32) -> f32 {
    let share = f32::from(u8::try_from(equal).unwrap_or(u8::MAX)) / VALUES as f32;
    ((share - CHANCE) / (1.0 - CHANCE)).max(0.0)
}

/// Bands of a signature; posts with one in common are compared.
pub(super) const BANDS: usize = 24;
/// Values of a band.
const ROWS: usize = 3;
/// Bands that lie side by side; the others take each value of theirs from another third.
const BANDS_ABREAST: usize = VALUES / ROWS;

/// The keys of a signature: that of the whole text first, then its bands.
pub(super) struct Keys {
    list: [u64; BANDS + 1],
    len: usize,
}

impl Keys {
    /// No keys.
    pub(super) const NONE: Self = Self { list: [0; BANDS + 1], len: 0 };

    /// The key of the whole text.
    pub(super) const fn exact(&self) -> u64 {
        self.list[0]
    }

    /// Every key.
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.list.into_iter().take(self.len)
    }

    /// The keys of the bands, if there are any.
    pub(super) fn bands(&self) -> impl Iterator<Item = u64> {
        self.iter().skip(1)
    }
}

/// The keys under which a text is found.
pub(super) fn keys_of(signature: &Signature) -> Keys {
    let mut keys = Keys { list: [mixed(signature.exact); BANDS + 1], len: 1 };
    if let Some(values) = &signature.values {
        let value = |at: usize| values.get(at).copied().map_or(0, u64::from);
        for (key, band) in keys.list.iter_mut().skip(1).zip(0..BANDS) {
            let (start, step) =
                if band < BANDS_ABREAST { (band * ROWS, 1) } else { (band - BANDS_ABREAST, BANDS_ABREAST) };
            let rows = (0..ROWS).map(|row| value(start + row * step));
            // The number of a band fits.
            *key = mixed(rows.fold(band as u64 + 1, |sum, value| sum << 8 | value));
        }
        keys.len = BANDS + 1;
    }
    keys
}

/// Multipliers of the hash functions, odd.
const fn multipliers(mut state: u64) -> [u16; VALUES] {
    let mut list = [0; VALUES];
    let mut at = 0;
    while at < VALUES {
        state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        list[at] = (state >> 40) as u16 | 1;
        at += 1;
    }
    list
}

const LEFT: [u16; VALUES] = multipliers(1);
const RIGHT: [u16; VALUES] = multipliers(0x5eed);

/// Mixes 64 bits (the finish of splitmix64, Steele et al. 2014).
const fn mixed(state: u64) -> u64 {
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

/// A text that is being read.
struct Reading {
    exact: u64,
    letters: usize,
    /// The last four letters, 16 bits each.
    window: u64,
    best: [u16; VALUES],
    /// One bit per piece seen, by hash: tells how many differ.
    seen: [u64; 4],
}

impl Reading {
    const fn new() -> Self {
        Self { exact: 0, letters: 0, window: 0, best: [0; VALUES], seen: [0; 4] }
    }

    #[inline]
    fn add(&mut self, letter: char) {
        let code = u64::from(u32::from(letter));
        self.exact = (self.exact.rotate_left(5) ^ code).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.letters += 1;
        // Letters beyond the basic plane lose their high bits: the exact hash has them.
        self.window = self.window << 16 | code & 0xffff;
        if self.letters >= PIECE_CHARS as usize && self.letters <= LETTERS_MAX {
            self.add_piece(self.window);
        }
    }

    fn add_piece(&mut self, piece: u64) {
        let hash = mixed(piece);
        let bit = hash >> 56;
        if let Some(word) = self.seen.get_mut((bit >> 6) as usize) {
            *word |= 1 << (bit & 63);
        }
        let (x, y) = (hash as u16, (hash >> 16) as u16);
        for ((best, left), right) in self.best.iter_mut().zip(&LEFT).zip(&RIGHT) {
            *best = (*best).max(x.wrapping_mul(*left) ^ y.wrapping_mul(*right));
        }
    }

    fn finish(self) -> Option<Signature> {
        if self.letters == 0 {
            return None;
        }
        let short = if self.letters < CHARS_MIN { SHORT } else { 0 };
        let exact = mixed(self.exact ^ self.letters as u64) & !SHORT | short;
        let pieces: u32 = self.seen.iter().map(|word| word.count_ones()).sum();
        let values = (self.letters >= CHARS_WITH_VALUES_MIN && pieces >= PIECES_MIN)
            .then(|| self.best.map(|value| value as u8));
        Some(Signature { exact, values })
    }
}
