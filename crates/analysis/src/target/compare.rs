//! Comparisons and choices that speak for or against a target.

use model::sentiment::Reason;
use model::text::Tokens;
use std::ops::Range;

/// Words before and after the name that are looked at.
const WINDOW: usize = 5;

/// Words between a verb of choice and its second side, at most.
const CHOICE_WORDS: usize = 6;

/// What ends right before the name: the words, and for (1) or against (−1).
const BEFORE: [(&[&str], f32); 36] = [
    (&["mejor", "que"], -1.0),
    (&["mejores", "que"], -1.0),
    (&["peor", "que"], -1.0),
    (&["peores", "que"], -1.0),
    (&["better", "than"], -1.0),
    (&["worse", "than"], -1.0),
    (&["melhor", "que"], -1.0),
    (&["melhor", "do", "que"], -1.0),
    (&["pior", "que"], -1.0),
    (&["pior", "do", "que"], -1.0),
    (&["mas", "barato", "que"], -1.0),
    (&["cheaper", "than"], -1.0),
    (&["me", "quedo", "con"], 1.0),
    (&["me", "cambie", "a"], 1.0),
    (&["me", "pase", "a"], 1.0),
    (&["switched", "to"], 1.0),
    (&["switching", "to"], 1.0),
    (&["mudei", "para", "a"], 1.0),
    (&["antes", "que"], -1.0),
    (&["fueran", "como"], 1.0),
    (&["fuera", "como"], 1.0),
    (&["fuesen", "como"], 1.0),
    (&["aprendan", "de"], 1.0),
    (&["aprender", "de"], 1.0),
    (&["learn", "from"], 1.0),
    (&["fossem", "como"], 1.0),
    (&["me", "voy", "de"], -1.0),
    (&["me", "fui", "de"], -1.0),
    (&["adios"], -1.0),
    (&["chau"], -1.0),
    (&["boicot", "a"], -1.0),
    (&["boycott"], -1.0),
    (&["nunca", "mas"], -1.0),
    (&["never", "again"], -1.0),
    (&["gracias", "a"], 1.0),
    (&["thanks", "to"], 1.0),
];

/// What begins within a few words after the name.
const AFTER: [(&[&str], f32); 16] = [
    (&["mejor", "que"], 1.0),
    (&["mejores", "que"], 1.0),
    (&["better", "than"], 1.0),
    (&["melhor", "que"], 1.0),
    (&["melhor", "do", "que"], 1.0),
    (&["peor", "que"], -1.0),
    (&["worse", "than"], -1.0),
    (&["pior", "que"], -1.0),
    (&["pior", "do", "que"], -1.0),
    (&["le", "da", "mil", "vueltas"], 1.0),
    (&["les", "da", "mil", "vueltas"], 1.0),
    (&["supera", "a"], 1.0),
    (&["le", "gana", "a"], 1.0),
    (&["beats"], 1.0),
    (&["nunca", "mas"], -1.0),
    (&["never", "again"], -1.0),
];

/// A comparison or choice around one place, in the words of the text.
pub(super) fn find(text: &str, tokens: &Tokens, place: &Range<usize>) -> Option<Reason> {
    let first = tokens.iter().position(|(_, token)| token.start as usize >= place.start)?;
    let after =
        tokens.iter().position(|(_, token)| token.start as usize >= place.end).unwrap_or(tokens.len());
    let word = |at: usize| tokens.get(at).map(|(folded, _)| folded);
    let stands =
        |words: &[&str], at: usize| words.iter().enumerate().all(|(i, one)| word(at + i) == Some(one));
    let reason = |from: usize, count: usize, weight: f32| {
        let (_, begin) = tokens.get(from)?;
        let (_, end) = tokens.get(from + count - 1)?;
        let bytes = (begin.start as usize).min(place.start)..(end.end as usize).max(place.end);
        let words = text.get(bytes)?;
        // A comparison does not reach over the end of a sentence.
        let joined = !words.contains(['.', '!', '?', '\n', ';']);
        joined.then(|| Reason {
            text: words.chars().take(crate::sentiment::REASON_CHARS_MAX).collect(),
            weight,
        })
    };
    if let Some(weight) = choice(&word, first)
        && let Some(at) =
            (first.saturating_sub(CHOICE_WORDS)..first).find(|at| word(*at).is_some_and(is_choice))
    {
        return reason(at, 1, weight);
    }
    for (words, weight) in BEFORE {
        for skipped in 0..=1 {
            let Some(at) = first.checked_sub(words.len() + skipped) else { continue };
            let article = skipped == 0 || word(first - 1).is_some_and(is_article);
            if article && stands(words, at) {
                return reason(at, words.len(), weight);
            }
        }
    }
    AFTER.iter().find_map(|(words, weight)| {
        let at = (after..after + WINDOW).find(|at| stands(words, *at))?;
        reason(at, words.len(), *weight)
    })
}

/// `prefiero A a B`, `cambié A por B`: which side of a choice stands at `first`.
fn choice<'t>(word: &impl Fn(usize) -> Option<&'t str>, first: usize) -> Option<f32> {
    let begin = first.saturating_sub(CHOICE_WORDS);
    let at = (begin..first).rev().find(|at| word(*at).is_some_and(is_choice))?;
    let chosen =
        word(at).is_some_and(|word| !word.starts_with("cambi") && word != "swapped" && word != "troquei");
    // Right after the verb stands the first side; after `a`, `por`, `for` the second.
    if first == at + 1 || first == at + 2 && word(at + 1).is_some_and(is_article) {
        let exchanged = (first..first + CHOICE_WORDS)
            .any(|at| word(at).is_some_and(|word| matches!(word, "por" | "for")));
        return if chosen {
            Some(1.0)
        } else if exchanged {
            Some(-1.0)
        } else {
            None
        };
    }
    let joined = (first.saturating_sub(2)..first).find_map(word_of_choice(word))?;
    match (chosen, joined) {
        (true, true) => Some(-1.0),
        (false, false) => Some(1.0),
        _ => None,
    }
}

/// True for `a`, `antes`, `than`; false for `por`, `for`.
fn word_of_choice<'t>(word: &impl Fn(usize) -> Option<&'t str>) -> impl Fn(usize) -> Option<bool> {
    move |at| match word(at)? {
        "a" | "al" | "antes" | "que" | "to" | "over" | "than" => Some(true),
        "por" | "for" | "pela" | "pelo" => Some(false),
        _ => None,
    }
}

fn is_choice(word: &str) -> bool {
    matches!(
        word,
        "prefiero"
            | "preferimos"
            | "prefiro"
            | "prefer"
            | "cambie"
            | "cambio"
            | "cambiamos"
            | "swapped"
            | "troquei"
    )
}

fn is_article(word: &str) -> bool {
    matches!(word, "el" | "la" | "los" | "las" | "a" | "al" | "the" | "o" | "os" | "as" | "de" | "del")
}
