//! Phrases of a lexicon, found in the words of a text.
//!
//! In: lexicon lines `pattern<TAB>tag[<TAB>weight]` and a text with its tokens.
//! Out: every place where a pattern stands, with its tag and weight.
//! Cost: one look into a table of 512 bytes per word, and a comparison for
//! each pattern that begins with the same four letters.
//! Limits: [`WORDS_READ_MAX`] words of a text; names of accounts and addresses
//! are not read; a pattern does not reach over the end of a sentence.
//!
//! A pattern is a row of parts with a blank between: a word in any spelling
//! (`transferencia`), several (`pagar|abonar`), endings in parentheses
//! (`premio(|s)`), the beginning of words (`estaf*`), a set that the lexicon
//! names in a line `@name<TAB>word|word` (`@su`), `#` a number, `$` an amount of
//! money (both also among alternatives), `~` up to three other words (`~5` up to five), and `?` at its end for
//! a part that may be missing.

mod pattern;
#[cfg(test)]
mod tests;

use model::text::{Token, Tokens};
use pattern::{ANY_LETTER, MONEY, NUMBER, Part, Pattern, Word, letter_bit};
use std::ops::Range;

/// Most words of a text that are read for phrases.
pub(crate) const WORDS_READ_MAX: usize = 4_000;
/// Most places that are told of one text.
pub(crate) const HITS_MAX: usize = 400;
/// Most words of a gap.
const GAP_WORDS_MAX: u8 = 9;
const BUCKETS: usize = 4_096;

/// One place where a phrase stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    /// What the lexicon says it is.
    pub(crate) tag: u8,
    /// How much it weighs.
    pub(crate) weight: f32,
    /// Its bytes in the text.
    pub(crate) bytes: Range<usize>,
    /// Its tokens, by ordinal.
    pub(crate) words: Range<usize>,
}

/// The phrases of one lexicon.
#[derive(Debug)]
pub(crate) struct Phrases {
    patterns: Vec<Pattern>,
    /// First words, grouped by bucket.
    firsts: Vec<First>,
    /// Where each bucket begins in `firsts`; one more than there are buckets.
    buckets: Vec<u32>,
    /// The patterns that each first word begins, in the order of `firsts`.
    starts: Vec<Start>,
    /// One bit per bucket that is not empty.
    filled: Vec<u64>,
    /// Patterns that begin with a number or an amount.
    number_starts: Vec<u32>,
}

/// A word that begins patterns.
#[derive(Debug)]
struct First {
    word: Word,
    /// Its places in `starts`.
    starts: Range<usize>,
}

/// A pattern that a word begins.
#[derive(Debug)]
struct Start {
    pattern: u32,
    /// The first letters that the next word of the pattern may have, one bit for each.
    next: u128,
    /// Words that may stand before that word.
    gap: u8,
}

impl Phrases {
    /// Reads lexicons; `tag_of` gives the number of a tag. Lines that cannot
    /// be read are left out; a test of each lexicon asserts that there are none.
    pub(crate) fn read(files: &[&str], tag_of: fn(&str) -> Option<u8>) -> Self {
        let mut patterns = Vec::new();
        for file in files {
            patterns.extend(pattern::parse_lexicon(file, tag_of).into_iter().flatten());
        }
        let mut starts: Vec<(usize, Word, u32)> = Vec::new();
        let mut number_starts = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            match pattern.parts.first() {
                Some((Part::Words(words), _)) => {
                    if words.iter().any(|word| matches!(&*word.text, NUMBER | MONEY)) {
                        number_starts.push(index);
                    }
                    starts.extend(words.iter().map(|word| (bucket(&word.text), word.clone(), index)));
                }
                Some((Part::Number | Part::Money, _)) => number_starts.push(index),
                Some((Part::Gap(_), _)) | None => {}
            }
        }
        starts.sort_by(|(one_bucket, one, one_pattern), (bucket, word, pattern)| {
            (one_bucket, &one.text, one.prefix, one_pattern).cmp(&(bucket, &word.text, word.prefix, pattern))
        });
        let mut buckets = vec![0_u32; BUCKETS + 1];
        let mut filled = vec![0_u64; BUCKETS / 64];
        let mut firsts: Vec<First> = Vec::new();
        for (at, (bucket, word, _)) in starts.iter().enumerate() {
            match firsts.last_mut() {
                Some(first) if first.word == *word => first.starts.end = at + 1,
                _ => {
                    firsts.push(First { word: word.clone(), starts: at..at + 1 });
                    // bucket() is below BUCKETS.
                    buckets[bucket + 1] += 1;
                    filled[bucket / 64] |= 1 << (bucket % 64);
                }
            }
        }
        for index in 1..buckets.len() {
            buckets[index] += buckets[index - 1];
        }
        let starts = starts
            .into_iter()
            .map(|(_, _, pattern)| {
                let (next, gap) = patterns.get(pattern as usize).map_or((0, 0), Pattern::next_letters);
                Start { pattern, next, gap: gap.min(GAP_WORDS_MAX) }
            })
            .collect();
        Self { patterns, firsts, buckets, starts, filled, number_starts }
    }

    /// Every place where a phrase stands in `text`, in the order of the text;
    /// of equal starts the order of the lexicon.
    pub(crate) fn find(&self, text: &str, tokens: &Tokens) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut begun: Vec<&Start> = Vec::new();
        let has_names = may_hold_name(text);
        for (index, (folded, token)) in tokens.iter().enumerate().take(WORDS_READ_MAX) {
            if hits.len() >= HITS_MAX {
                break;
            }
            if folded.as_bytes().first().is_some_and(u8::is_ascii_digit) {
                for &pattern in &self.number_starts {
                    self.try_at(pattern, text, tokens, index, &mut hits);
                }
            }
            let bucket = bucket(folded);
            // bucket() is below BUCKETS, and `buckets` is one longer.
            if self.filled[bucket / 64] & (1 << (bucket % 64)) == 0 {
                continue;
            }
            let range = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
            let firsts = self.firsts.get(range).unwrap_or_default();
            begun.clear();
            for first in firsts.iter().filter(|first| first.word.is(folded)) {
                begun.extend(self.starts.get(first.starts.clone()).unwrap_or_default());
            }
            if begun.is_empty() || has_names && is_in_name(text, token) {
                continue;
            }
            // In the order of the lexicon.
            begun.sort_unstable_by_key(|start| start.pattern);
            let ahead = letters_ahead(tokens, index);
            for start in &begun {
                let next = ahead.get(usize::from(start.gap)).copied().unwrap_or(ANY_LETTER);
                if start.next & next != 0 || start.next == ANY_LETTER {
                    self.try_at(start.pattern, text, tokens, index, &mut hits);
                }
            }
        }
        hits
    }

    fn try_at(&self, pattern: u32, text: &str, tokens: &Tokens, index: usize, hits: &mut Vec<Hit>) {
        let Some(pattern) = self.patterns.get(pattern as usize) else { return };
        let reading = Reading { text, tokens };
        let Some(end) = reading.read(&pattern.parts, index, true) else { return };
        let (Some((_, first)), Some((_, last))) = (tokens.get(index), tokens.get(end.saturating_sub(1)))
        else {
            return;
        };
        hits.push(Hit {
            tag: pattern.tag,
            weight: pattern.weight,
            bytes: first.start as usize..(last.end as usize).max(first.end as usize),
            words: index..end,
        });
    }
}

/// The first letters of the word after `index`, of the two after it, and so on.
#[inline]
fn letters_ahead(tokens: &Tokens, index: usize) -> [u128; GAP_WORDS_MAX as usize + 1] {
    let mut ahead = [0; GAP_WORDS_MAX as usize + 1];
    let mut bits = 0;
    for (distance, letters) in ahead.iter_mut().enumerate() {
        bits |= tokens.get(index + 1 + distance).map_or(0, |(word, _)| letter_bit(word));
        *letters = bits;
    }
    ahead
}

/// The bucket of a word: of its first four bytes.
#[inline]
fn bucket(folded: &str) -> usize {
    let bytes = folded.as_bytes();
    let head = match bytes.first_chunk::<4>() {
        Some(head) => u32::from_le_bytes(*head),
        None => bytes.iter().rev().fold(0, |sum, &byte| sum << 8 | u32::from(byte)),
    };
    // The twelve high bits.
    (head.wrapping_mul(0x9e37_79b1) >> 20) as usize
}

/// A text against the parts of one pattern.
#[derive(Debug, Clone, Copy)]
struct Reading<'t> {
    text: &'t str,
    tokens: &'t Tokens,
}

impl Reading<'_> {
    /// The ordinal after the last token when the parts stand at `index`.
    fn read(&self, parts: &[(Part, bool)], index: usize, first: bool) -> Option<usize> {
        let Some(((part, optional), rest)) = parts.split_first() else { return Some(index) };
        let after = if let Part::Gap(most) = part {
            return self.read_gap(*most, rest, index);
        } else if first || self.is_joined(index) {
            self.read_part(part, index)
        } else {
            None
        };
        after
            .and_then(|after| self.read(rest, after, false))
            .or_else(|| if *optional && !first { self.read(rest, index, false) } else { None })
    }

    fn read_gap(&self, most: u8, rest: &[(Part, bool)], index: usize) -> Option<usize> {
        for skipped in 0..=usize::from(most.min(GAP_WORDS_MAX)) {
            if let Some(end) = self.read(rest, index + skipped, false) {
                return Some(end);
            }
            if !self.is_joined(index + skipped) {
                return None;
            }
        }
        None
    }

    /// The ordinal after one part that stands at `index`.
    fn read_part(&self, part: &Part, index: usize) -> Option<usize> {
        let (folded, token) = self.tokens.get(index)?;
        match part {
            Part::Words(words) => {
                if !words.iter().any(|word| word.is(folded)) {
                    return words.iter().find_map(|word| match &*word.text {
                        NUMBER => read_number(self.text, self.tokens, index),
                        MONEY => read_money(self.text, self.tokens, index),
                        _ => None,
                    });
                }
                let next = index + 1;
                // The whole of a hashtag of several words stands before its parts.
                let has_parts = token.hashtag
                    && self.tokens.get(next).is_some_and(|(_, after)| after.position == token.position);
                (!has_parts).then_some(next)
            }
            Part::Number => read_number(self.text, self.tokens, index),
            Part::Money => read_money(self.text, self.tokens, index),
            Part::Gap(_) => None,
        }
    }

    /// True when no sentence ends between a token and the one before it.
    fn is_joined(&self, index: usize) -> bool {
        let (Some((_, before)), Some((_, here))) =
            (index.checked_sub(1).and_then(|i| self.tokens.get(i)), self.tokens.get(index))
        else {
            return false;
        };
        let between = self.text.get(before.end as usize..here.start as usize).unwrap_or_default();
        between.len() <= 1 && !matches!(between, "\n" | "?" | "!")
            || !between.chars().any(|c| matches!(c, '.' | '!' | '?' | '¿' | '¡' | ';' | '…' | '\n'))
    }
}

/// The ordinal after a number that stands at `index`: `1,99`, `50.000`.
fn read_number(text: &str, tokens: &Tokens, index: usize) -> Option<usize> {
    let is_digits = |folded: &str| folded.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let (folded, mut last) = tokens.get(index)?;
    is_digits(folded).then_some(())?;
    let mut next = index + 1;
    while let Some((folded, token)) = tokens.get(next)
        && is_digits(folded)
        && text
            .get(last.end as usize..token.start as usize)
            .is_some_and(|between| matches!(between, "." | "," | "'" | "’"))
    {
        last = token;
        next += 1;
    }
    Some(next)
}

/// Words that name a currency, or a thing counted like one.
const CURRENCIES: [&str; 62] = [
    "usd",
    "us",
    "eur",
    "euro",
    "euros",
    "dolar",
    "dolares",
    "dls",
    "peso",
    "pesos",
    "mxn",
    "ars",
    "cop",
    "clp",
    "sol",
    "soles",
    "pen",
    "bs",
    "bolivares",
    "bolivianos",
    "bolos",
    "quetzales",
    "lempiras",
    "colones",
    "balboas",
    "cordobas",
    "guaranies",
    "gs",
    "lucas",
    "luca",
    "palos",
    "pavos",
    "mangos",
    "usdt",
    "usdc",
    "btc",
    "eth",
    "sol",
    "bnb",
    "bitcoin",
    "bitcoins",
    "reais",
    "real",
    "brl",
    "pounds",
    "pound",
    "gbp",
    "dollar",
    "dollars",
    "bucks",
    "verdes",
    "lana",
    "rd",
    "cents",
    "centavos",
    "quid",
    "varos",
    "barras",
    "rs",
    "cup",
    "mlc",
    "naira",
];
/// Words between a number and its currency.
const MAGNITUDES: [&str; 12] =
    ["mil", "millon", "millones", "mm", "k", "mn", "milhao", "milhoes", "million", "thousand", "m", "de"];
/// Signs and short words that stand before an amount.
const SIGNS_BEFORE: [&str; 12] = ["$", "€", "£", "₡", "₲", "S/", "S/.", "Bs", "B/.", "Q", "L", "₿"];

/// The ordinal after an amount of money that stands at `index`.
fn read_money(text: &str, tokens: &Tokens, index: usize) -> Option<usize> {
    let (folded, token) = tokens.get(index)?;
    let is_currency = |word: &str| CURRENCIES.contains(&word);
    if is_glued_amount(folded) {
        return Some(index + 1);
    }
    if is_currency(folded) || matches!(folded, "q" | "l" | "s" | "b" | "r" | "rd" | "c") {
        let after = read_number(text, tokens, index + 1)?;
        let (_, number) = tokens.get(index + 1)?;
        let between = text.get(token.end as usize..number.start as usize).unwrap_or_default();
        return between.chars().all(|c| matches!(c, ' ' | '$' | '/' | '.')).then_some(after);
    }
    let mut next = read_number(text, tokens, index)?;
    let before = text.get(..token.start as usize).unwrap_or_default().trim_end_matches(' ');
    let mut found = SIGNS_BEFORE.iter().any(|sign| before.ends_with(sign));
    let number_end = tokens.get(next - 1).map_or(0, |(_, last)| last.end as usize);
    let after = text.get(number_end..).unwrap_or_default().trim_start_matches(' ');
    found |= after.starts_with(['€', '$', '£', '₡', '₲']);
    let mut ahead = next;
    while ahead < next + 2 && tokens.get(ahead).is_some_and(|(word, _)| MAGNITUDES.contains(&word)) {
        ahead += 1;
    }
    if tokens.get(ahead).is_some_and(|(word, _)| is_currency(word)) {
        found = true;
        next = ahead + 1;
    } else if tokens
        .get(next)
        .is_some_and(|(word, _)| matches!(word, "mil" | "k" | "millones" | "lucas" | "palos"))
    {
        found = true;
        next += 1;
    }
    found.then_some(next)
}

/// `100usdt`, `q350`, `50k`: an amount in one word.
fn is_glued_amount(folded: &str) -> bool {
    let letters = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    if letters.len() < folded.len() {
        return letters == "k" || letters == "mil" || letters.len() > 1 && CURRENCIES.contains(&letters);
    }
    let digits = folded.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let sign = folded.strip_suffix(digits).unwrap_or_default();
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && matches!(sign, "q" | "l" | "bs" | "s" | "rd" | "us" | "c" | "usd" | "eur" | "rs")
}

/// Most characters of a name or address that are looked at around a word.
const NAME_CHARS_MAX: usize = 80;

/// False for a text in which [`is_in_name`] holds for no word.
fn may_hold_name(text: &str) -> bool {
    text.contains(['@', '＠'])
        || text.as_bytes().windows(2).any(|pair| matches!(pair, [b'.', next] if !next.is_ascii_whitespace()))
}

/// True for a word within the name of an account (`@banco_x`) or an address
/// written without `http` (`premios.example/x`).
pub(crate) fn is_in_name(text: &str, token: &Token) -> bool {
    let before = text.get(..token.start as usize).unwrap_or_default().chars().rev().take(NAME_CHARS_MAX);
    let mut last = 'a';
    let mut is_address = false;
    for c in before.take_while(|c| !c.is_whitespace() && !matches!(c, '(' | '"' | '«' | '¿' | '¡' | ',')) {
        if matches!(c, '@' | '＠') {
            return true;
        }
        is_address |=
            c == '.' && last.is_ascii_lowercase() || c == '/' && last.is_ascii_lowercase() && is_address;
        last = c;
    }
    let after = text.get(token.end as usize..).unwrap_or_default().chars().take(NAME_CHARS_MAX);
    let mut after_dot = false;
    for c in after.take_while(|c| !c.is_whitespace() && !matches!(c, ')' | '"' | '»' | ',' | '!' | '?')) {
        is_address |= after_dot && c.is_ascii_lowercase();
        after_dot = c == '.';
    }
    is_address
}

/// The lines of a lexicon that cannot be read; for the tests of each.
#[cfg(test)]
pub(crate) fn unread_lines(file: &str, tag_of: fn(&str) -> Option<u8>) -> Vec<String> {
    pattern::unread_lines(file, tag_of)
}
