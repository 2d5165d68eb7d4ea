//! Passages that texts share: a known text inside a longer one, chain messages.
//!
//! In: texts. Out: [`Fragment`] for each known text that shares a long passage
//! ([`Fragments`]), and the passages themselves ([`shared_passages`]).
//! Errors: none. Cost: one pass over a text and one look-up for every four or
//! five letters; about 7 bytes per letter of a known text.
//! Source: winnowing, Schleimer, Wilkerson & Aiken 2003.
//! Limits: a passage of [`PASSAGE_LETTERS_MIN`] letters is found; the first
//! [`FRAGMENT_LETTERS_MAX`] letters of a text count; a passage that more than
//! [`KNOWN_PER_MARK_MAX`] texts hold is found in the first of them.

use super::letters::visit_letters;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

/// Letters and spaces of a passage that is reported.
pub const PASSAGE_LETTERS_MIN: usize = 40;
/// Most letters of a text that are read.
pub const FRAGMENT_LETTERS_MAX: usize = 100_000;
/// Most known texts that one mark leads to.
pub const KNOWN_PER_MARK_MAX: usize = 16;
/// Letters of a mark.
const MARK_LETTERS: usize = 16;
/// Of so many marks in a row one at least is kept; every run of
/// `MARK_LETTERS + WINDOW - 1` letters holds one.
const WINDOW: usize = 8;
/// Places at which a passage is tried.
const PLACES_PER_MARK_MAX: usize = 16;

/// A known text that shares a passage with another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fragment {
    /// Id of the known text.
    pub known: i64,
    /// About this share of the known text is in the other, 0…1.
    pub share_of_known: f32,
    /// About this share of the other text is in the known one, 0…1.
    pub share_of_text: f32,
}

/// A run of letters that two texts have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Bytes of the first text.
    pub first: Range<usize>,
    /// Bytes of the second text.
    pub second: Range<usize>,
}

/// Letters with the bytes at which they begin.
struct Letters {
    list: Vec<(char, usize)>,
    end: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let (mut list, mut end) = (Vec::new(), text.len());
        visit_letters(text, &mut |at, letter| match list.len() {
            0..FRAGMENT_LETTERS_MAX => list.push((letter, at)),
            FRAGMENT_LETTERS_MAX => end = end.min(at),
            _ => {}
        });
        Self { list, end }
    }

    /// A hash of each run of [`MARK_LETTERS`] letters.
    fn hashes(&self) -> impl Iterator<Item = u64> {
        self.list.windows(MARK_LETTERS).map(|run| {
            run.iter().fold(0, |sum: u64, (letter, _)| {
                (sum.rotate_left(5) ^ u64::from(u32::from(*letter))).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            })
        })
    }

    /// The marks that winnowing keeps: hash and number of the first letter.
    fn marks(&self) -> Vec<(u64, usize)> {
        let mut marks: Vec<(u64, usize)> = Vec::new();
        // Rising hashes of the window; the least one stands first.
        let mut window: VecDeque<(u64, usize)> = VecDeque::new();
        let runs = self.list.len().saturating_sub(MARK_LETTERS - 1);
        for (at, hash) in self.hashes().enumerate() {
            while window.back().is_some_and(|(other, _)| *other > hash) {
                window.pop_back();
            }
            window.push_back((hash, at));
            while window.front().is_some_and(|(_, other)| other + WINDOW <= at) {
                window.pop_front();
            }
            let is_full = at + 1 >= WINDOW.min(runs);
            if let Some(least) = window.front().copied().filter(|_| is_full)
                && marks.last() != Some(&least)
            {
                marks.push(least);
            }
        }
        marks
    }

    /// The bytes of some letters.
    fn bytes(&self, letters: Range<usize>) -> Range<usize> {
        let start = self.list.get(letters.start).map_or(self.end, |(_, at)| *at);
        let end = self.list.get(letters.end).map_or(self.end, |(_, at)| *at);
        start..end
    }
}

/// A text whose passages are known.
#[derive(Debug)]
struct Known {
    id: i64,
    marks: usize,
}

/// Texts whose passages are found in others.
#[derive(Debug, Default)]
pub struct Fragments {
    known: Vec<Known>,
    /// Number of the first known text with a mark.
    first: HashMap<u64, u32>,
    /// Numbers of the others, for the few marks that several have.
    others: HashMap<u64, Vec<u32>>,
}

impl Fragments {
    /// Known texts.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// True when no text is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Remembers a text. One that is shorter than [`PASSAGE_LETTERS_MIN`] is
    /// left out, and false is given back.
    pub fn insert(&mut self, id: i64, text: &str) -> bool {
        let letters = Letters::of(text);
        let Ok(number) = u32::try_from(self.known.len()) else { return false };
        if letters.list.len() < PASSAGE_LETTERS_MIN {
            return false;
        }
        let marks: HashSet<u64> = letters.marks().into_iter().map(|(hash, _)| hash).collect();
        self.known.push(Known { id, marks: marks.len() });
        for mark in marks {
            match self.first.entry(mark) {
                Entry::Vacant(place) => {
                    place.insert(number);
                }
                Entry::Occupied(_) => {
                    let list = self.others.entry(mark).or_default();
                    if list.len() + 1 < KNOWN_PER_MARK_MAX {
                        list.push(number);
                    }
                }
            }
        }
        true
    }

    /// The known texts that share a passage with a text, the one of which most
    /// is in it first; equal ones by rising id. The text itself is found too
    /// when it is known.
    pub fn find(&self, text: &str) -> Vec<Fragment> {
        let letters = Letters::of(text);
        let marks = letters.marks();
        // For each known text: letters in common, where they end, its marks that were met.
        let mut met: HashMap<u32, (usize, usize, HashSet<u64>)> = HashMap::new();
        for (mark, at) in &marks {
            let others = self.others.get(mark).into_iter().flatten();
            for number in self.first.get(mark).into_iter().chain(others) {
                let (covered, end, own) = met.entry(*number).or_default();
                *covered += at + MARK_LETTERS - (*at).max(*end);
                *end = at + MARK_LETTERS;
                own.insert(*mark);
            }
        }
        let ratio = |part: usize, whole: usize| (part as f32 / whole.max(1) as f32).min(1.0);
        let mut found: Vec<Fragment> = met
            .into_iter()
            .filter(|(_, (covered, ..))| *covered >= PASSAGE_LETTERS_MIN - WINDOW)
            .filter_map(|(number, (covered, _, own))| {
                let known = self.known.get(number as usize)?;
                Some(Fragment {
                    known: known.id,
                    share_of_known: ratio(own.len(), known.marks),
                    share_of_text: ratio(covered, letters.list.len()),
                })
            })
            .collect();
        found.sort_by(|a, b| b.share_of_known.total_cmp(&a.share_of_known).then(a.known.cmp(&b.known)));
        found
    }
}

/// The runs of at least [`PASSAGE_LETTERS_MIN`] letters that two texts have in
/// common, in the order of the first; case, accents, punctuation, addresses
/// and handles do not count. A run may be found in the second text only once.
/// Cost: one pass over both, and a comparison at up to 16 places per run.
pub fn shared_passages(first: &str, second: &str) -> Vec<Passage> {
    let (one, other) = (Letters::of(first), Letters::of(second));
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, hash) in other.hashes().enumerate() {
        let list = places.entry(hash).or_default();
        if list.len() < PLACES_PER_MARK_MAX {
            list.push(at);
        }
    }
    let run_len = |at: usize, place: usize| {
        let left = one.list.iter().skip(at).map(|(letter, _)| letter);
        left.zip(other.list.iter().skip(place)).take_while(|(letter, (other, _))| *letter == other).count()
    };
    let mut passages = Vec::new();
    let mut next = 0;
    for (at, hash) in one.hashes().enumerate() {
        if at < next {
            continue;
        }
        let tried = places.get(&hash).into_iter().flatten();
        // The longest run; the earliest place among equals.
        let best = tried.map(|place| (run_len(at, *place), std::cmp::Reverse(*place))).max();
        if let Some((len, std::cmp::Reverse(place))) = best.filter(|(len, _)| *len >= PASSAGE_LETTERS_MIN) {
            passages
                .push(Passage { first: one.bytes(at..at + len), second: other.bytes(place..place + len) });
            next = at + len;
        }
    }
    passages
}
