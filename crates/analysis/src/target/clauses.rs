//! The clauses that name a target.
//!
//! A clause ends where a sentence ends, before a word that turns (`pero`), and
//! at a comma or `y` after which the target or another name comes soon: «la
//! comida de diez, el camarero un borde», «X me ayudó, Y nunca contestó».

use model::text::{Token, Tokens};
use std::ops::Range;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    /// Its bytes.
    pub(super) bytes: Range<usize>,
    /// True when it names the target.
    pub(super) is_own: bool,
    /// True when the target, or another name and not the target, stands among
    /// its first words: what it speaks of.
    pub(super) has_topic: bool,
}

/// Words that set what follows against what came before.
const TURNS: [&str; 16] = [
    "pero", "mas", "aunque", "mientras", "cambio", "sino", "embargo", "but", "although", "though", "while",
    "whereas", "however", "porem", "embora", "enquanto",
];
/// Words that may join two clauses.
const JOINS: [&str; 4] = ["y", "and", "e", "que"];
/// First words of a clause among which its topic stands.
const TOPIC_WORDS: usize = 4;
/// Words after a comma within which a name begins a clause of its own.
const NAME_WORDS: usize = 3;

/// The clauses of a text, in its order.
pub(super) fn clauses_of(text: &str, tokens: &Tokens, places: &[Range<usize>]) -> Vec<Clause> {
    let mut borders = vec![0];
    let is_part = is_part(text, places);
    let mut before = 0;
    for (index, (folded, token)) in tokens.iter().enumerate() {
        let start = token.start as usize;
        let between = text.get(before..start).unwrap_or_default();
        let sentence = between.len() > 1 && between.contains(['.', '!', '?', '\n', ';', '…', '🙌']);
        let pause = between.contains([',', ':', '—', '–', '(']) || JOINS.contains(&folded);
        let here = index + usize::from(JOINS.contains(&folded));
        if sentence
            || TURNS.contains(&folded)
            || pause
                && index > 0
                && (names_soon(text, tokens, here, places) || is_part && begins_part(tokens, here))
        {
            borders.push(start);
        }
        before = (token.end as usize).max(before);
    }
    borders.push(text.len());
    borders.dedup();
    let mut clauses: Vec<Clause> = Vec::new();
    for pair in borders.windows(2) {
        let [start, end] = *pair else { continue };
        let is_own = places.iter().any(|place| place.start < end && start < place.end);
        let words = tokens.iter().map(|(_, token)| token).skip_while(|token| (token.start as usize) < start);
        let mut was_name = false;
        let has_topic =
            words.take(TOPIC_WORDS).take_while(|token| (token.start as usize) < end).any(|token| {
                let two_names = was_name && is_name(text, token);
                was_name = is_name(text, token);
                let at = token.start as usize;
                if is_own {
                    places.iter().any(|place| place.contains(&at))
                } else {
                    two_names || is_other(text, token, places)
                }
            });
        clauses.push(Clause { bytes: start..end, is_own, has_topic });
    }
    clauses
}

/// True when the target or another name begins within [`NAME_WORDS`] words of `index`.
fn names_soon(text: &str, tokens: &Tokens, index: usize, places: &[Range<usize>]) -> bool {
    (index..index + NAME_WORDS).any(|at| {
        tokens.get(at).is_some_and(|(_, token)| {
            places.iter().any(|place| place.start == token.start as usize) || is_name(text, token)
        })
    })
}

/// True for a word with a capital that is not all capitals.
fn is_name(text: &str, token: &Token) -> bool {
    let word = text.get(token.start as usize..token.end as usize).unwrap_or_default();
    word.starts_with(char::is_uppercase) && word.chars().nth(1).is_some_and(char::is_lowercase)
        || text.get(..token.start as usize).is_some_and(|head| head.ends_with('@'))
}

/// True when the text speaks of something else too: it turns, has another
/// name, or the target is a part of a whole (`la batería`).
pub(super) fn is_divided(text: &str, tokens: &Tokens, places: &[Range<usize>]) -> bool {
    if is_part(text, places) {
        return true;
    }
    tokens.iter().any(|(folded, token)| TURNS.contains(&folded) || is_other(text, token, places))
}

/// True for a target without a capital: a part of a whole, such as `la batería`.
fn is_part(text: &str, places: &[Range<usize>]) -> bool {
    places.iter().all(|place| text.get(place.clone()).is_some_and(|name| !name.contains(char::is_uppercase)))
}

/// True for an article, with which another part is named.
fn begins_part(tokens: &Tokens, index: usize) -> bool {
    tokens.get(index).is_some_and(|(word, _)| {
        matches!(word, "el" | "la" | "los" | "las" | "the" | "o" | "a" | "os" | "as" | "my" | "mi" | "su")
    })
}

/// True for a name that is not the target's; the first word of a sentence may
/// have its capital from that.
fn is_other(text: &str, token: &Token, places: &[Range<usize>]) -> bool {
    let start = token.start as usize;
    let own = places.iter().any(|place| place.start <= start && start < place.end);
    if own || token.hashtag || !is_name(text, token) {
        return false;
    }
    let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '¿', '¡', '«', '"', '\'', '(']);
    !before.is_empty() && !before.ends_with(['.', '!', '?', '\n', '…', ':'])
}
