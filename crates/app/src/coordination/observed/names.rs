//! Names as small numbers, given in the order in which they are first seen.
//!
//! In: names. Out: numbers; the name of a number. Errors: none.
//! Cost: 20 to 40 bytes a name for finding it again, and the name itself.
//! Limits: two names are one when 96 bits of their hashes are the same, which
//! with keys drawn at each start nobody can bring about.

use crate::coordination::observed::log::{Record, bytes_of, number};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};
use std::sync::OnceLock;
use store::spool::SpoolRoom;

/// Distinct names, at most; the rest is not numbered.
pub(super) const NAMES_MAX: u32 = u32::MAX - 1;
/// What one table takes of the memory of a search, at most: one part in so many.
const TABLE_SHARE: u64 = 16;
/// Places of a table, at least.
const PLACES_MIN: u64 = 1 << 10;
/// Bytes of a place: the name's print, its number, and a byte of the table.
const PLACE_BYTES: u64 = 17;

/// Names that a table may hold without growing past its share of a room.
pub(super) fn names_at_once(room: &SpoolRoom) -> usize {
    let places = (room.limit() / TABLE_SHARE / PLACE_BYTES).max(PLACES_MIN);
    // A table has a power of two places, of which an eighth stays empty.
    usize::try_from((1_u64 << places.ilog2()) / 8 * 7).unwrap_or(usize::MAX)
}

/// What a name is recognised by while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Print([u32; 3]);

impl Print {
    /// That of a name.
    pub fn of(name: &str) -> Self {
        static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
        let [one, other] = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
        let (one, other) = (one.hash_one(name), other.hash_one(name));
        // The halves of the one, and the lower half of the other.
        Self([(one >> 32) as u32, one as u32, other as u32])
    }
}

impl Print {
    /// Which of so many parts it belongs to, as even as a hash.
    pub(super) fn part(self, parts: usize) -> usize {
        let Self([high, ..]) = self;
        // Below the number of parts.
        ((u64::from(high) * parts as u64) >> 32) as usize
    }
}

/// A name that was seen, and a number of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighted {
    pub print: Print,
    pub number: u32,
}

impl Record for Sighted {
    type Bytes = [u8; 16];
    fn to_bytes(&self) -> Self::Bytes {
        let Print([one, two, three]) = self.print;
        bytes_of([one, two, three, self.number])
    }
    fn of(bytes: &[u8]) -> Self {
        let print = Print([0, 1, 2].map(|place| number(bytes, place)));
        Self { print, number: number(bytes, 3) }
    }
}

impl Hash for Print {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let [high, low, _] = self.0;
        state.write_u64(u64::from(high) << 32 | u64::from(low));
    }
}

/// Takes what is a hash already.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A table by name.
pub(super) type ByPrint<V> = HashMap<Print, V, BuildHasherDefault<Hashed>>;

/// Numbers of names that can be anywhere.
#[derive(Debug, Clone, Default)]
pub struct Numbers(ByPrint<u32>);

impl Numbers {
    /// The number that a name was given.
    pub(super) fn find(&self, print: Print) -> Option<u32> {
        self.0.get(&print).copied()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// About what they take, bytes.
    pub fn resident(&self) -> u64 {
        // An eighth of the places stays empty.
        self.0.capacity() as u64 * 8 / 7 * PLACE_BYTES
    }

    /// Gives a name a number, in place of the one that it had.
    pub(super) fn give(&mut self, print: Print, number: u32) {
        self.0.insert(print, number);
    }

    /// Takes all of them out, rising.
    pub(super) fn take_rising(&mut self) -> Vec<Sighted> {
        let mut all: Vec<Sighted> = self.0.drain().map(|(print, number)| Sighted { print, number }).collect();
        all.sort_unstable();
        all
    }
}

/// Names and their numbers, in memory.
#[derive(Debug, Clone, Default)]
pub struct Names {
    numbers: Numbers,
    /// All names, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Names {
    /// The number of a name, a new one if it was never seen; `None` only beyond
    /// 4 billion names, or 4 GiB of them.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        let print = Print::of(name);
        if let Some(known) = self.numbers.find(print) {
            return Some(known);
        }
        let number = Some(self.len()).filter(|next| *next < NAMES_MAX)?;
        let end = u32::try_from(self.text.len() + name.len()).ok()?;
        self.numbers.give(print, number);
        self.text.push_str(name);
        self.ends.push(end);
        Some(number)
    }

    /// The number of a name that was seen.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.find(Print::of(name))
    }

    /// About what they take, bytes.
    pub fn resident(&self) -> u64 {
        self.numbers.resident() + self.text.capacity() as u64 + self.ends.capacity() as u64 * 4
    }

    /// The name of a number; empty for a number never given.
    pub fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(number).copied());
        range.and_then(|(start, end)| self.text.get(start as usize..end as usize)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        // Never more than NAMES_MAX.
        self.ends.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_numbers_of_their_first_sight() {
        let mut names = Names::default();
        for (name, number) in [("b", 0), ("", 1), ("añ", 2), ("b", 0), ("a", 3), ("", 1)] {
            assert_eq!(names.number(name), Some(number));
            assert_eq!(names.name(number), name);
        }
        assert_eq!(names.len(), 4);
        assert_eq!((names.find("añ"), names.find("c")), (Some(2), None));
        assert_eq!(names.name(4), "");
    }

    #[test]
    fn a_table_keeps_to_its_share() {
        for limit in [128 << 20, 1 << 30, 5_000_000_000_u64] {
            let at_once = names_at_once(&SpoolRoom::beside(std::path::Path::new("."), limit));
            let mut numbers = Numbers::default();
            numbers.0.reserve(at_once);
            assert!(numbers.resident() <= limit / TABLE_SHARE, "{limit}");
            assert!(numbers.resident() * 2 > limit / TABLE_SHARE, "{limit}");
        }
    }
}
