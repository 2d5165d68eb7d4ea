//! Names as small numbers, given in the order in which they are first seen.
//!
//! In: names. Out: numbers; the name of a number, from memory ([`Names`]) or
//! from a spool ([`Objects`]). Errors: those of the spool's room.
//! Cost: about 35 bytes a name for finding it again, and the name itself where
//! it is in memory. Limits: two names are one when 96 bits of their hashes are
//! the same, which with keys drawn at each start nobody can bring about.

use crate::coordination::detect::parts::key_of;
use crate::coordination::observed::log::{Log, Place, Texts};
use analysis::coordination::held_out;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};
use std::sync::{Arc, OnceLock};
use store::spool::SpoolRoom;

/// Distinct names, at most; the rest is not numbered.
const NAMES_MAX: usize = u32::MAX as usize - 1;

/// What a name is recognised by while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Print([u32; 3]);

impl Print {
    fn of(name: &str) -> Self {
        static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
        let [one, other] = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
        let (one, other) = (one.hash_one(name), other.hash_one(name));
        // The halves of the one, and the lower half of the other.
        Self([(one >> 32) as u32, one as u32, other as u32])
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
struct Hashed(u64);

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

/// Numbers of names that can be anywhere.
#[derive(Debug, Clone, Default)]
pub struct Numbers(HashMap<Print, u32, BuildHasherDefault<Hashed>>);

impl Numbers {
    /// The number that a name was given.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.0.get(&Print::of(name)).copied()
    }

    /// About what they take, bytes.
    pub fn resident(&self) -> u64 {
        // A seventh of the places stays empty, and each has a byte besides.
        self.0.capacity() as u64 * 8 / 7 * (size_of::<(Print, u32)>() as u64 + 1)
    }

    /// Gives a name a number, in place of the one that it had.
    pub fn give(&mut self, name: &str, number: u32) {
        self.0.insert(Print::of(name), number);
    }

    /// The number of a name, the next one if it was never seen, and whether it is new;
    /// `None` only beyond 4 billion names.
    fn number(&mut self, name: &str) -> Option<(u32, bool)> {
        let next = self.0.len();
        let print = Print::of(name);
        if let Some(known) = self.0.get(&print) {
            return Some((*known, false));
        }
        let number = u32::try_from(next).ok().filter(|_| next < NAMES_MAX)?;
        self.0.insert(print, number);
        Some((number, true))
    }
}

/// Names and their numbers, in memory.
#[derive(Debug, Clone, Default)]
pub struct Names {
    numbers: Numbers,
    /// All names, one behind the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Names {
    /// The number of a name, a new one if it was never seen; `None` only beyond 4 billion names.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        let (number, is_new) = self.numbers.number(name)?;
        if is_new {
            self.text.push_str(name);
            self.ends.push(self.text.len());
        }
        Some(number)
    }

    /// The number of a name that was seen.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.find(name)
    }

    /// About what they take, bytes.
    pub fn resident(&self) -> u64 {
        self.numbers.resident() + self.text.capacity() as u64 + self.ends.capacity() as u64 * 8
    }

    /// The name of a number; empty for a number never given.
    pub fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(number).copied());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        // Never more than NAMES_MAX.
        self.ends.len() as u32
    }
}

/// Names of objects and their numbers, the names in a spool.
#[derive(Debug)]
pub struct Objects {
    numbers: Numbers,
    texts: Texts,
    places: Log<Place>,
    /// By number: whether it is of the half that confirms first.
    held_out: Vec<bool>,
}

impl Objects {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let (texts, places) = (Texts::new(room), Log::new(room));
        Self { numbers: Numbers::default(), texts, places, held_out: Vec::new() }
    }

    /// The number of a name, a new one if it was never seen; `None` only beyond 4 billion names.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        let (number, is_new) = self.numbers.number(name)?;
        if is_new {
            self.places.push(&self.texts.push(name));
            self.held_out.push(held_out(key_of(name)));
        }
        Some(number)
    }

    /// The name of a number; empty for a number never given.
    pub fn name(&self, number: u32) -> String {
        self.places.get(u64::from(number)).map(|place| self.texts.get(place)).unwrap_or_default()
    }

    /// Every name with its number, in turn.
    pub fn iter(&self) -> impl Iterator<Item = (u32, String)> + '_ {
        (0..).zip(self.places.iter().map(|place| self.texts.get(place)))
    }

    /// Which half of the objects one is in, by a hash of its name.
    pub fn is_held_out(&self, number: u32) -> bool {
        self.held_out.get(number as usize).copied().unwrap_or(false)
    }

    /// How many there are.
    pub fn len(&self) -> u32 {
        // Never more than NAMES_MAX.
        self.held_out.len() as u32
    }

    /// About what is in memory whatever the room's limit, bytes.
    pub fn resident(&self) -> u64 {
        self.numbers.resident() + self.held_out.capacity() as u64
    }

    /// Names are not asked for their numbers any more.
    pub fn close(&mut self) {
        self.numbers = Numbers::default();
        self.held_out.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_numbers_of_their_first_sight() {
        let mut names = Names::default();
        let mut objects = Objects::new(&SpoolRoom::memory());
        for (name, number) in [("b", 0), ("", 1), ("añ", 2), ("b", 0), ("a", 3), ("", 1)] {
            assert_eq!((names.number(name), objects.number(name)), (Some(number), Some(number)));
            assert_eq!((names.name(number), objects.name(number)), (name, name.to_owned()));
        }
        assert_eq!((names.len(), objects.len()), (4, 4));
        assert_eq!((names.find("añ"), names.find("c")), (Some(2), None));
        assert_eq!((names.name(4), objects.name(4)), ("", String::new()));
        let all: Vec<String> = objects.iter().map(|(_, name)| name).collect();
        assert_eq!(all, ["b", "", "añ", "a"]);
    }
}
