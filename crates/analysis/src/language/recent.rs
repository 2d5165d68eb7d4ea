//! What words read lately say: frequent words are looked up once, not letter
//! by letter.
//!
//! In: a padded word. Out: its sums, from memory or from the table; the answer
//! is the same either way. Cost: one look of 96 bytes for a remembered word.
//! Limits: [`PLACES`] words of up to [`WORD_UNITS`] units per thread; longer
//! ones are always added up.

use super::features::each_feature;
use super::letters::Script;
use super::weights::{LANES, Sums, Table};

/// Longest word that is remembered, UTF-16 units with its two edges.
const WORD_UNITS: usize = 14;
/// Words remembered per thread; a power of two.
const PLACES: usize = 1 << 15;

/// A word and what it says.
#[derive(Debug, Clone, Copy)]
struct Remembered {
    units: [u16; WORD_UNITS],
    script: Option<Script>,
    /// Known features; a word has at most four per unit and itself.
    features: u16,
    /// A sum of fewer than 64 bytes fits.
    sums: [i16; LANES],
}

/// The words that this thread read lately.
#[derive(Debug)]
pub struct RecentWords {
    places: Vec<Remembered>,
}

impl Default for RecentWords {
    fn default() -> Self {
        let empty = Remembered { units: [0; WORD_UNITS], script: None, features: 0, sums: [0; LANES] };
        Self { places: vec![empty; PLACES] }
    }
}

impl RecentWords {
    /// Adds what a padded word of a script says to `total`.
    pub fn add(&mut self, word: &[u16], script: Script, table: &Table<'_>, total: &mut Total) {
        let mut units = [0; WORD_UNITS];
        let place = units
            .get_mut(..word.len())
            .map(|fitting| fitting.copy_from_slice(word))
            .and_then(|()| self.places.get_mut(place_of(&units)));
        let Some(place) = place else {
            let (sums, features) = sums_of(word, table);
            total.add(&sums, features);
            return;
        };
        if place.units != units || place.script != Some(script) {
            let (sums, features) = sums_of(word, table);
            // At most 4 · WORD_UNITS + 1 bytes each: both fit.
            *place = Remembered {
                units,
                script: Some(script),
                features: features as u16,
                sums: sums.map(|sum| sum as i16),
            };
        }
        total.add(&place.sums.map(i32::from), u32::from(place.features));
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
    let mut sums = Sums::default();
    each_feature(word, |feature| table.add(feature.key, &mut sums));
    sums.finish()
}

fn place_of(units: &[u16; WORD_UNITS]) -> usize {
    let hash = units.iter().fold(0_u64, |hash, unit| {
        (hash ^ u64::from(*unit)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    // The mask keeps it below PLACES.
    (hash ^ (hash >> 32)) as usize & (PLACES - 1)
}
