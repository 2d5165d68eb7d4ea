//! What words read lately say: frequent words are looked up once, not letter
//! by letter.
//!
//! In: a padded word. Out: its sums, from memory or from the table; the answer
//! is the same either way. Cost: one look for a remembered word.
//! Limits: words of up to [`WORD_UNITS`] units, as many per thread as
//! [`Recent`] holds; longer ones are always added up.

use super::features::each_feature;
use super::letters::Script;
use super::weights::{LANES, Table};
use crate::recent::Recent;

/// Longest word that is remembered, UTF-16 units with its two edges.
const WORD_UNITS: usize = 14;
/// Keys that are looked up together: those of a remembered word, at most.
const KEYS: usize = 4 * WORD_UNITS + 1;

/// What a word says.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// Known features; a word has at most four per unit and itself.
    features: u16,
    /// A sum of fewer than 64 bytes fits.
    sums: [i16; LANES],
}

/// The words that this thread read lately.
#[derive(Debug)]
pub struct RecentWords(Recent<([u16; WORD_UNITS], Script), Said>);

impl RecentWords {
    /// Without words and without memory.
    pub const fn new() -> Self {
        Self(Recent::new())
    }

    /// Adds what a padded word of a script says to `total`.
    pub fn add(&mut self, word: &[u16], script: Script, table: &Table<'_>, total: &mut Total) {
        let mut units = [0; WORD_UNITS];
        let Some(fitting) = units.get_mut(..word.len()) else {
            let (sums, features) = sums_of(word, table);
            total.add(&sums, features);
            return;
        };
        fitting.copy_from_slice(word);
        let said = self.0.of((units, script), hash_of(&units), || {
            let (sums, features) = sums_of(word, table);
            // At most 4 · WORD_UNITS + 1 bytes each: both fit.
            Said { features: features as u16, sums: sums.map(|sum| sum as i16) }
        });
        total.add(&said.sums.map(i32::from), u32::from(said.features));
    }
}

/// Sums per language and the number of known features in them.
#[derive(Debug, Default)]
pub struct Total {
    /// What is said for each language, in steps.
    pub sums: [i32; LANES],
    /// Features that the table knows.
    pub features: u32,
}

impl Total {
    fn add(&mut self, sums: &[i32; LANES], features: u32) {
        self.sums.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        self.features += features;
    }
}

fn sums_of(word: &[u16], table: &Table<'_>) -> ([i32; LANES], u32) {
    let mut keys = [0; KEYS];
    let mut sums = [0; LANES];
    let (mut count, mut known) = (0, 0);
    each_feature(word, |feature| {
        if count == KEYS {
            known += table.add_all(&keys, &mut sums);
            count = 0;
        }
        // Below KEYS: emptied above.
        keys[count] = feature.key;
        count += 1;
    });
    known += table.add_all(keys.get(..count).unwrap_or_default(), &mut sums);
    (sums, known)
}

fn hash_of(units: &[u16; WORD_UNITS]) -> u64 {
    let hash = units.iter().fold(0_u64, |hash, unit| {
        (hash ^ u64::from(*unit)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    hash ^ (hash >> 32)
}
