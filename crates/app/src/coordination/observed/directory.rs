//! What names stand for, looked up for many names at once.
//!
//! In: names with two numbers each, then the names that are asked for, in turn.
//! Out: for each asked one that is known the numbers it was given last, in the
//! order of the questions. Errors: those of the spool's room.
//! Cost: 20 bytes an entry, 16 a question and 12 an answer in the spool; in
//! memory one table of a part of the names, see [`names_at_once`].
//! Limits: the first 4 billion questions; and those of
//! [`crate::coordination::observed::names`].

use crate::coordination::observed::log::{Log, Record, bytes_of, merged, number};
use crate::coordination::observed::names::{ByPrint, Print, Sighted, names_at_once};
use std::sync::Arc;
use store::spool::SpoolRoom;

/// Parts into which the names are parted, at most: each may be two files.
const PARTS_MAX: u64 = 64;
/// A table of entries is so many times one of names, about.
const ENTRY_PLACES: u64 = 2;

/// A name and what it stands for.
#[derive(Debug, Clone, Copy)]
struct Entry {
    name: Sighted,
    other: u32,
}

impl Record for Entry {
    type Bytes = [u8; 20];
    fn to_bytes(&self) -> Self::Bytes {
        let mut bytes = [0; 20];
        let (name, other) = bytes.split_at_mut(16);
        name.copy_from_slice(&self.name.to_bytes());
        other.copy_from_slice(&self.other.to_le_bytes());
        bytes
    }
    fn of(bytes: &[u8]) -> Self {
        Self { name: Sighted::of(bytes), other: number(bytes, 4) }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Which question, from 0.
    pub question: u32,
    /// What the name stands for.
    pub what: [u32; 2],
}

impl Record for Answer {
    type Bytes = [u8; 12];
    fn to_bytes(&self) -> Self::Bytes {
        bytes_of([self.question, self.what[0], self.what[1]])
    }
    fn of(bytes: &[u8]) -> Self {
        let [question, what @ ..] = [0, 1, 2].map(|place| number(bytes, place));
        Self { question, what }
    }
}

/// Names and what they stand for.
#[derive(Debug)]
pub struct Directory {
    room: Arc<SpoolRoom>,
    entries: Log<Entry>,
}

/// Answers in parts, each in the order of the questions.
pub struct Answers(Vec<Log<Answer>>);

impl Answers {
    /// All of them, in the order of the questions.
    pub fn iter(&self) -> impl Iterator<Item = Answer> + '_ {
        merged(&self.0)
    }
}

impl Directory {
    /// Without any.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        Self { room: Arc::clone(room), entries: Log::new(room) }
    }

    /// What a name stands for from now on.
    pub fn give(&mut self, name: &str, what: [u32; 2]) {
        let [number, other] = what;
        self.entries.push(&Entry { name: Sighted { print: Print::of(name), number }, other });
    }

    /// Looks up names, in turn.
    pub fn find_all(self, asked: impl Iterator<Item = Print>) -> Answers {
        let Self { room, entries } = self;
        let at_once = (names_at_once(&room) as u64 / ENTRY_PLACES).max(1);
        // Between 1 and PARTS_MAX.
        let count = entries.len().div_ceil(at_once).clamp(1, PARTS_MAX) as usize;
        let mut known: Vec<Log<Entry>> = (0..count).map(|_| Log::new(&room)).collect();
        for entry in entries.iter() {
            if let Some(part) = known.get_mut(entry.name.print.part(count)) {
                part.push(&entry);
            }
        }
        drop(entries);
        let mut questions: Vec<Log<Sighted>> = (0..count).map(|_| Log::new(&room)).collect();
        for (question, print) in (0_u32..u32::MAX).zip(asked) {
            if let Some(part) = questions.get_mut(print.part(count)) {
                part.push(&Sighted { print, number: question });
            }
        }
        let answered = known.into_iter().zip(questions).map(|(known, asked)| {
            let mut table: ByPrint<[u32; 2]> = ByPrint::default();
            table.extend(known.iter().map(|entry| (entry.name.print, [entry.name.number, entry.other])));
            drop(known);
            let mut answers = Log::new(&room);
            for Sighted { print, number } in asked.iter() {
                if let Some(what) = table.get(&print) {
                    answers.push(&Answer { question: number, what: *what });
                }
            }
            answers
        });
        Answers(answered.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_and_are_the_last_word_however_little_fits() {
        let folder = tempfile::tempdir().unwrap();
        for limit in [u64::MAX, 0] {
            let room = SpoolRoom::open(folder.path(), limit).unwrap();
            let mut directory = Directory::new(&room);
            for at in 0..9_000 {
                directory.give(&format!("n{}", at % 6_000), [at, at + 1]);
            }
            let asked = (0..8_000).map(|at| Print::of(&format!("n{}", at * 7 % 8_000)));
            let answers: Vec<Answer> = directory.find_all(asked).iter().collect();
            let expected = (0..8_000_u32).filter_map(|question| {
                let name = question * 7 % 8_000;
                let last = if name < 3_000 { name + 6_000 } else { name };
                (name < 6_000).then_some(Answer { question, what: [last, last + 1] })
            });
            assert!(answers.iter().copied().eq(expected), "{limit}");
            room.check().unwrap();
        }
    }
}
