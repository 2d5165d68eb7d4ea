//! Names of objects as small numbers, in the order in which they are first seen.
//!
//! In: names. Out: numbers; the name of a number, from a spool. Errors: those
//! of the spool's room. Cost: a table of names up to its share of the room, see
//! [`names_at_once`]. A full one is set aside, in order, and a name that comes
//! again later gets a second number: [`Objects::close`] finds these and tells
//! what number each had first. Besides an eighth of a byte an object, and 4
//! bytes for each number while the tables are joined.
//! Limits: those of [`crate::coordination::observed::names`].

use crate::coordination::detect::parts::key_of;
use crate::coordination::observed::log::{Log, Place, Texts, merged};
use crate::coordination::observed::names::{NAMES_MAX, Numbers, Print, Sighted, names_at_once};
use analysis::coordination::held_out;
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Answers to yes or no, by number.
#[derive(Debug, Clone, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// Adds one.
    pub fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(u64::BITS) {
            self.words.push(0);
        }
        self.len += 1;
        if bit {
            self.set(self.len - 1);
        }
    }

    /// Makes one of them true.
    pub fn set(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut((number / u64::BITS) as usize) {
            *word |= 1 << (number % u64::BITS);
        }
    }

    /// One of them; false past the end.
    pub fn get(&self, number: u32) -> bool {
        self.words
            .get((number / u64::BITS) as usize)
            .is_some_and(|word| word >> (number % u64::BITS) & 1 == 1)
    }

    /// How many there are.
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// What they take, bytes.
    pub fn resident(&self) -> u64 {
        self.words.capacity() as u64 * 8
    }
}

/// Names of objects and their numbers.
#[derive(Debug)]
pub struct Objects {
    room: Arc<SpoolRoom>,
    /// Those that were seen since the last table was set aside.
    numbers: Numbers,
    at_once: usize,
    /// Tables that were, each rising.
    aside: Vec<Log<Sighted>>,
    texts: Texts,
    places: Log<Place>,
    /// By number: whether it is of the half that confirms first.
    held_out: Bits,
}

impl Objects {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        Self {
            numbers: Numbers::default(),
            at_once: names_at_once(room),
            aside: Vec::new(),
            texts: Texts::new(room),
            places: Log::new(room),
            held_out: Bits::default(),
            room: Arc::clone(room),
        }
    }

    /// A number of a name, a new one if it was not seen lately; `None` only
    /// beyond 4 billion.
    pub fn number(&mut self, name: &str) -> Option<u32> {
        let print = Print::of(name);
        if let Some(known) = self.numbers.find(print) {
            return Some(known);
        }
        if self.numbers.len() >= self.at_once {
            self.set_aside();
        }
        let number = Some(self.len()).filter(|next| *next < NAMES_MAX)?;
        self.numbers.give(print, number);
        self.places.push(&self.texts.push(name));
        self.held_out.push(held_out(key_of(name)));
        Some(number)
    }

    fn set_aside(&mut self) {
        let mut log = Log::new(&self.room);
        self.numbers.take_rising().iter().for_each(|sighted| log.push(sighted));
        self.aside.push(log);
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
        self.held_out.get(number)
    }

    /// How many numbers there are; once closed, how many names.
    pub const fn len(&self) -> u32 {
        self.held_out.len()
    }

    /// About what is in memory, bytes.
    pub fn resident(&self) -> u64 {
        self.numbers.resident() + self.held_out.resident()
    }

    /// Gives every name one number, in the order in which they were first seen.
    /// By number until now, the number from now on; empty when all stay.
    pub fn close(&mut self) -> Vec<u32> {
        if self.aside.is_empty() {
            self.numbers = Numbers::default();
            return Vec::new();
        }
        self.set_aside();
        self.numbers = Numbers::default();
        let aside = std::mem::take(&mut self.aside);
        let mut numbers: Vec<u32> = (0..self.len()).collect();
        let mut first: Option<Sighted> = None;
        for sighted in merged(&aside) {
            match first {
                Some(first) if first.print == sighted.print => {
                    if let Some(number) = numbers.get_mut(sighted.number as usize) {
                        *number = first.number;
                    }
                }
                _ => first = Some(sighted),
            }
        }
        drop(aside);
        let places = std::mem::replace(&mut self.places, Log::new(&self.room));
        let half = std::mem::take(&mut self.held_out);
        for (before, place) in (0_u32..).zip(places.iter()) {
            let first = numbers.get(before as usize).copied().unwrap_or(before);
            let number = if first == before {
                self.places.push(&place);
                self.held_out.push(half.get(before));
                self.len() - 1
            } else {
                // The first one came before, so it has its number.
                numbers.get(first as usize).copied().unwrap_or(first)
            };
            if let Some(one) = numbers.get_mut(before as usize) {
                *one = number;
            }
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of names, one after the other, as they are once all are there.
    fn numbers(room: &Arc<SpoolRoom>, names: &[String]) -> (Vec<u32>, Vec<(u32, String)>, Vec<bool>) {
        let mut objects = Objects::new(room);
        let given: Vec<u32> = names.iter().map(|name| objects.number(name).unwrap()).collect();
        let closed = objects.close();
        let number = |one: u32| closed.get(one as usize).copied().unwrap_or(one);
        let half = (0..objects.len()).map(|one| objects.is_held_out(one)).collect();
        (given.into_iter().map(number).collect(), objects.iter().collect(), half)
    }

    #[test]
    fn a_name_has_the_number_of_its_first_sight_however_little_fits() {
        let folder = tempfile::tempdir().unwrap();
        // Some come again at once, some after thousands of others.
        let names: Vec<String> = (0..20_000_u32)
            .map(|at| match at % 3 {
                0 => format!("ñ{}", at % 7),
                1 => format!("{at}"),
                _ => format!("{}", at.wrapping_mul(2_654_435_761) % 5_000),
            })
            .collect();
        let whole = numbers(&SpoolRoom::memory(), &names);
        assert!(whole.0.iter().zip(&names).all(|(number, name)| whole.1[*number as usize].1 == *name));
        assert!(whole.2.contains(&true) && whole.2.contains(&false));
        let small = SpoolRoom::open(folder.path(), 0).unwrap();
        assert!(names_at_once(&small) < 2_000, "or nothing is set aside");
        assert!(numbers(&small, &names) == whole);
        small.check().unwrap();
    }

    #[test]
    fn bits_are_what_was_pushed_and_set() {
        let mut bits = Bits::default();
        (0..200).for_each(|at| bits.push(at % 3 == 0));
        bits.set(100);
        let expected = |at: u32| at < 200 && (at % 3 == 0 || at == 100);
        assert!((0..300).all(|at| bits.get(at) == expected(at)));
        assert_eq!(bits.len(), 200);
    }
}
