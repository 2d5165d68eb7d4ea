//! Letters in disguise: digits, signs and foreign letters in place of Latin ones.
//!
//! In: a folded word, or tokens with signs between them. Out: the plain word,
//! only when it is a known rude one (digits, signs), or when its letters are of
//! several alphabets.
//! Source: the letters that Unicode's confusables give for a–z, the common
//! ones, and digits as players write them (written for Atalaya).
//! Limits: [`JOINED_TOKENS_MAX`] tokens are joined at most.

use super::rude::{is_rude, is_rude_with_gap};
use model::text::{TOKEN_BYTES_MAX, Tokens};

/// Most tokens of one word that signs cut apart.
const JOINED_TOKENS_MAX: usize = 7;

/// The plain form of a word in disguise; `None` when it wears none.
pub(super) fn unmask(folded: &str) -> Option<String> {
    let has_latin = folded.bytes().any(|byte| byte.is_ascii_lowercase());
    let has_lookalike = folded.chars().any(|c| latin_of(c).is_some());
    if has_latin && has_lookalike {
        return Some(folded.chars().map(|c| latin_of(c).unwrap_or(c)).collect());
    }
    if has_latin && folded.bytes().any(|byte| byte.is_ascii_digit()) {
        let plain: String = folded.chars().map(letter_of_digit).collect();
        return is_rude(&plain).then_some(plain);
    }
    None
}

/// The rude word that begins at a token and goes on behind signs, the tokens it
/// takes and its end in the text.
pub(super) fn join(text: &str, tokens: &Tokens, index: usize) -> Option<(&'static str, usize, usize)> {
    let mut word = String::with_capacity(TOKEN_BYTES_MAX);
    let (folded, token) = tokens.get(index)?;
    word.extend(folded.chars().map(letter_of_digit));
    let mut end = token.end as usize;
    for used in 2..=JOINED_TOKENS_MAX {
        let (folded, next) = tokens.get(index + used - 1)?;
        let signs = text.get(end..next.start as usize)?;
        if signs.is_empty() || signs.len() > TOKEN_BYTES_MAX || word.len() > TOKEN_BYTES_MAX {
            return None;
        }
        for sign in signs.chars() {
            match sign {
                '@' => word.push('a'),
                '$' => word.push('s'),
                '!' => word.push('i'),
                '+' => word.push('t'),
                '*' => word.push('*'),
                // `p.u.t.a`: only single letters stand between dots.
                '.' | '-' if folded.len() == 1 => {}
                _ => return None,
            }
        }
        word.extend(folded.chars().map(letter_of_digit));
        end = next.end as usize;
        if let Some(known) = is_rude_with_gap(&word) {
            let more = text.get(end..).is_some_and(|rest| {
                rest.starts_with(['.', '-']) && rest.chars().nth(1).is_some_and(char::is_alphanumeric)
            });
            if !more {
                return Some((known, used, end));
            }
        }
    }
    None
}

fn letter_of_digit(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// The Latin letter that a folded letter of another alphabet looks like.
fn latin_of(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' | 'ɑ' => 'a',
        'ь' | 'в' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ı' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ǀ' => 'l',
        'м' => 'm',
        'ո' | 'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}
