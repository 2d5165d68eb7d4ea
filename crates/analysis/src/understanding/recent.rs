//! The sums of a text, with those of frequent words remembered: a word is
//! added up letter by letter once, not each time it is read.
//!
//! In: the features of a text as they come. Out: the sums of their weights,
//! the same as if every key had been looked up.
//! Cost: one look for a remembered word.
//! Limits: words of up to [`WORD_BYTES`] bytes, as many per thread as
//! [`Recent`] holds; longer ones are always added up.

use super::features::{Class, Origin, Taker};
use super::heads::LANES;
use super::letters::each_own_key;
use super::table::{Sums, Table};
use crate::recent::Recent;
use model::Lang;
use std::cell::RefCell;

/// Longest word that is remembered, bytes.
const WORD_BYTES: usize = 24;
/// Features of such a word and of its letters, at most.
const FEATURES: usize = 3 * WORD_BYTES + 1;

/// What a word says.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// Features of the word and of its letters.
    features: u8,
    /// Those that the table knows.
    known: u8,
    sums: [i16; LANES],
}

thread_local! {
    /// Words of the shipped models; they change the time of an answer, never the answer.
    static RECENT: RefCell<Recent<([u8; WORD_BYTES], Lang), Said>> = const { RefCell::new(Recent::new()) };
}

/// Adds up the weights of the features of one text.
#[derive(Debug)]
pub(super) struct Summing<'t> {
    table: &'t Table<'t>,
    language: Lang,
    /// Features that are looked up together, see [`Table::add_all`].
    keys: Vec<u32>,
    sums: Sums,
}

impl<'t> Summing<'t> {
    /// For a text of a language and the shipped table of it.
    pub(super) fn new(language: Lang, table: &'t Table<'t>, keys_expected: usize) -> Self {
        Self { table, language, keys: Vec::with_capacity(keys_expected), sums: Sums::default() }
    }

    /// The sums of what was taken.
    pub(super) fn finish(mut self) -> Sums {
        self.table.add_all(&self.keys, &mut self.sums);
        self.sums
    }

    /// Adds up a word of at most [`WORD_BYTES`] letter by letter.
    fn read(&self, form: &str, hash: u64) -> Said {
        let mut keys = [0; FEATURES];
        let mut places = keys.iter_mut();
        each_own_key(form, hash, |key, _| {
            if let Some(place) = places.next() {
                *place = key;
            }
        });
        let features = FEATURES - places.len();
        let mut sums = Sums::default();
        self.table.add_all(keys.get(..features).unwrap_or_default(), &mut sums);
        // FEATURES weights of one byte: all of it fits.
        let lanes = sums.lanes.map(|sum| sum as i16);
        Said { features: features as u8, known: sums.known as u8, sums: lanes }
    }
}

impl Taker for Summing<'_> {
    #[inline]
    fn take(&mut self, key: u32, _: Origin, _: Class) {
        self.keys.push(key);
    }

    #[inline]
    fn word(&mut self, form: &str, hash: u64, most: usize) -> Option<usize> {
        let mut fitting = [0; WORD_BYTES];
        fitting.get_mut(..form.len())?.copy_from_slice(form.as_bytes());
        let said = RECENT.with_borrow_mut(|recent| {
            recent.of((fitting, self.language), hash >> 40, || self.read(form, hash))
        });
        let features = usize::from(said.features);
        (features <= most).then(|| {
            self.sums.add_many(&said.sums, u32::from(said.features), u32::from(said.known));
            features
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::{FEATURES_MAX, each_feature};
    use super::super::table_of;
    use super::*;
    use crate::sentiment;
    use crate::understanding::cues::Cues;
    use crate::wording::Wording;
    use model::text::Tokens;

    /// Sums of a text, remembered and looked up key by key.
    fn both(text: &str, language: Lang) -> [Sums; 2] {
        let table = table_of(language).unwrap();
        let tokens = Tokens::of(text);
        let evidence = sentiment::evidence(text, &tokens, Some(language));
        let wording = Wording::of(text, &tokens, Some(language));
        let cues = Cues::of(text, &tokens, language);
        let mut summing = Summing::new(language, table, 0);
        each_feature(&wording, &evidence, &cues, &mut summing);
        let mut plain = Sums::default();
        each_feature(&wording, &evidence, &cues, &mut |key, _: Origin, _: Class| table.add(key, &mut plain));
        [summing.finish(), plain]
    }

    #[test]
    fn what_is_remembered_says_the_same() {
        let long = "anticonstitucionalísimamente hola ".repeat(3);
        // More features than count: where the last words fall differs by their length.
        let endless: String = (0..2_000).map(|n| format!("palabra{n} ")).collect();
        for text in ["", "no tengo señal, no tengo señal 😡", "é a dor que não passa", &long, &endless]
        {
            for language in [Lang::ES, Lang::PT, Lang::EN] {
                for round in 0..2 {
                    let [remembered, plain] = both(text, language);
                    assert_eq!(remembered, plain, "{language} {round} {text:.40}");
                    assert!(plain.features as usize <= FEATURES_MAX);
                }
            }
        }
    }
}
