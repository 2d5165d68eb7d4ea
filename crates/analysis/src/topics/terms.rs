//! The words, hashtags and expressions of a text, as numbers to count.

use super::TOKENS_READ_MAX;
use super::plain::{Plain, is_stop, read_plain};
use crate::hashing::{hash_bytes, hash_step};
use model::text::Tokens;

/// Words of the longest expression.
pub(super) const WORDS_MAX: usize = 3;
/// Least letters of a word that is no abbreviation in capitals.
const LETTERS_MIN: usize = 3;
/// Keeps words and hashtags apart.
const WORD_SEED: u64 = 1;
const HASHTAG_SEED: u64 = 2;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// One word.
    Word,
    /// Two or three words in a row.
    Phrase,
    /// A hashtag.
    Hashtag,
}

/// A term where it stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    /// Hash of kind and folded words. Two terms that share a hash by chance
    /// (about one in 10⁸ texts) would be counted together.
    pub key: u64,
    pub kind: Kind,
    /// First and last token, as places in the list of plain words.
    pub first: usize,
    pub last: usize,
}

/// Reads texts into terms; reuse one value, it keeps its memory.
#[derive(Debug, Default)]
pub(super) struct TermReader {
    pub tokens: Tokens,
    pub plain: Vec<Plain>,
    pub terms: Vec<Term>,
    /// Of each plain word: hash, and whether it can begin or end a term.
    words: Vec<(u64, bool)>,
}

impl TermReader {
    /// The terms of a text, in its order, repetitions included.
    pub fn read(&mut self, text: &str) -> &[Term] {
        self.tokens.read(text);
        read_plain(text, &self.tokens, TOKENS_READ_MAX, &mut self.plain);
        self.terms.clear();
        self.words.clear();
        for plain in &self.plain {
            let folded = self.tokens.get(plain.index).map_or("", |(folded, _)| folded);
            let seed = if plain.compound { HASHTAG_SEED } else { WORD_SEED };
            self.words.push((hash_bytes(seed, folded.as_bytes()), says_something(folded)));
        }
        for at in 0..self.plain.len() {
            self.push_terms(text, at);
        }
        &self.terms
    }

    /// The terms that begin at one word.
    fn push_terms(&mut self, text: &str, at: usize) {
        let (Some(plain), Some(&(hash, telling))) = (self.plain.get(at), self.words.get(at)) else { return };
        if plain.hashtag && telling {
            let folded = self.tokens.get(plain.index).map_or("", |(folded, _)| folded);
            let key = hash_bytes(HASHTAG_SEED, folded.as_bytes());
            self.terms.push(Term { key, kind: Kind::Hashtag, first: at, last: at });
        }
        if plain.compound || !telling {
            return;
        }
        let source = text.get(plain.start..plain.end).unwrap_or_default();
        let mut lettered = has_letters(source);
        if lettered && is_word(source) {
            self.terms.push(Term { key: hash, kind: Kind::Word, first: at, last: at });
        }
        let (mut key, mut words, mut next) = (hash, 1, at + 1);
        while words < WORDS_MAX
            && let (Some(plain), Some(&(hash, telling))) = (self.plain.get(next), self.words.get(next))
        {
            // A whole hashtag stands before its parts and is none of the words.
            if plain.compound {
                next += 1;
                continue;
            }
            if !plain.joined {
                return;
            }
            words += 1;
            key = hash_step(key, hash);
            let source = text.get(plain.start..plain.end).unwrap_or_default();
            lettered |= has_letters(source);
            if telling && lettered {
                self.terms.push(Term { key, kind: Kind::Phrase, first: at, last: next });
            }
            next += 1;
        }
    }

    /// The folded words of a term of the text that was read last.
    pub fn folded(&self, term: &Term) -> Vec<String> {
        let places = self.plain.get(term.first..=term.last).unwrap_or_default();
        let wanted = places.iter().filter(|plain| term.kind == Kind::Hashtag || !plain.compound);
        wanted.filter_map(|plain| self.tokens.get(plain.index)).map(|(folded, _)| folded.to_owned()).collect()
    }

    /// A term as it stands in the text that was read last.
    pub fn spelling<'a>(&self, text: &'a str, term: &Term) -> &'a str {
        let start = self.plain.get(term.first).map_or(0, |plain| plain.start);
        let end = self.plain.get(term.last).map_or(0, |plain| plain.end);
        text.get(start..end).unwrap_or_default()
    }
}

/// False for words that neither begin nor end a term.
fn says_something(folded: &str) -> bool {
    let long = folded.chars().nth(1).is_some();
    long && folded.chars().any(char::is_alphanumeric) && !is_stop(folded)
}

fn has_letters(source: &str) -> bool {
    source.chars().any(char::is_alphabetic)
}

/// True for a word that can stand alone: three letters, or an abbreviation.
fn is_word(source: &str) -> bool {
    source.chars().nth(LETTERS_MIN - 1).is_some() || source.chars().all(char::is_uppercase)
}
