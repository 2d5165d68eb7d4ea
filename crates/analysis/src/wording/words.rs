//! How words are drawn out, laughed, shouted and disguised.
//!
//! In: a folded word. Out: its plain form, or what it is.
//! Cost: a pass over the word; allocation only where something is shortened.

use super::Flags;
use super::disguise::unmask;
use unicode_normalization::char::is_combining_mark;

/// Most characters in capitals that are looked at in one word.
const CAPITALS_CHARS_MAX: usize = 64;
/// Least letters of a word whose capitals mean something.
const CAPITALS_CHARS_MIN: usize = 3;

/// `u1f4a9`: an emoji without a name.
pub(super) fn is_code(name: &str) -> bool {
    name.strip_prefix('u').is_some_and(|hex| {
        (3..=6).contains(&hex.len())
            && u32::from_str_radix(hex, 16)
                .ok()
                .and_then(char::from_u32)
                .is_some_and(|c| c >= super::CODE_MIN)
    })
}

/// True for a word in capitals.
pub(super) fn is_capitals(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        && word.chars().take(CAPITALS_CHARS_MAX).all(|c| !c.is_lowercase())
        && word.chars().nth(CAPITALS_CHARS_MIN - 1).is_some()
}

/// True when a letter stands three times in a row.
#[inline]
pub(super) fn has_triple(folded: &str) -> bool {
    folded.as_bytes().windows(3).any(|three| matches!(three, [a, b, c] if a == b && b == c))
}

/// Rounds of [`plain_form`]: each may open the way for the other step.
const PLAIN_ROUNDS: usize = 4;

/// A word without disguise and with drawn-out letters shortened.
pub(super) fn plain_form(folded: &str, flags: &mut Flags) -> String {
    let mut word = folded.to_owned();
    for _ in 0..PLAIN_ROUNDS {
        let mut next = squeezed(&word);
        // `℀`, `🄐`: folding may leave signs within a word.
        next.retain(char::is_alphanumeric);
        let letters = next.trim_start_matches(is_combining_mark);
        if letters.len() < next.len() {
            next = letters.to_owned();
        }
        // `㌶`: what would be several words in its plain form keeps the first.
        if let Some(first) = next.chars().next().filter(|_| next.chars().any(stands_alone)) {
            next = first.to_string();
        }
        if let Some(plain) = unmask(&next) {
            flags.add(Flags::DISGUISED);
            next = plain;
        }
        if next == word {
            break;
        }
        word = next;
    }
    word
}

/// Letters that are words of their own to the tokens.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}' | '\u{0e00}'..='\u{0e7f}')
}

/// A word with drawn-out letters shortened: to one at its end and for `a`,
/// `i`, `u`, to two elsewhere.
fn squeezed(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let mut run = 1_usize;
        while chars.next_if_eq(&c).is_some() {
            run += 1;
        }
        let kept = match run {
            1 | 2 => run,
            _ if chars.peek().is_none() || matches!(c, 'a' | 'i' | 'u') => 1,
            _ => 2,
        };
        out.extend(std::iter::repeat_n(c, kept));
    }
    out
}

/// `jajaja`, `jsjsjs`, `hahaha`, `kkkk`, `rsrs`, `huehue`, `lol` and the like.
pub(super) fn is_laughter(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let made_of = |letters: &[u8]| bytes.iter().all(|byte| letters.contains(byte));
    let count = |letter: u8| bytes.iter().filter(|byte| **byte == letter).count();
    match bytes {
        b"lol" | b"lmao" | b"lmfao" | b"rofl" | b"haha" | b"jaja" | b"rs" => true,
        [b'x', b'd', rest @ ..] => rest.iter().all(|byte| matches!(byte, b'd' | b'x')),
        [b'k', b'k', b'k', ..] => made_of(b"k"),
        [b'j' | b'a' | b'e', ..] if bytes.len() >= 4 => made_of(b"jaeioushkd") && count(b'j') >= 2,
        [b'h', ..] if bytes.len() >= 4 => made_of(b"haeiou") && count(b'h') >= 2,
        [b'r', b's', b'r', ..] => made_of(b"rs"),
        [b'l', b'o', b'l', ..] => made_of(b"lo"),
        _ => false,
    }
}
