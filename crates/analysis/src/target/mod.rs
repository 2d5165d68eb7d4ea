//! The tone of a text toward something that it names.
//!
//! In: a text, its tokens, its language and the names of the target (names,
//! spellings, handles, hashtags). Out: the tone of what is said about the
//! target and where it is named; `None` when it is not named.
//! Abstains ([`Tone::Unknown`]) in a language that it cannot read and where
//! nothing said about the target weighs.
//! Cost: about 1 µs for a post of twenty words that does not name the target;
//! that of three or four times [`crate::sentiment`] for one that does.
//! Source: what is said in the clause with the name; comparison patterns after
//! Jindal and Liu (2006, "Mining comparative sentences and relations"); tone by
//! [`crate::sentiment`] on parts of the text.
//! Limits: pronouns that stand for the target and world knowledge are beyond
//! it; of two targets in one clause without a comparison both get its tone.

mod clauses;
mod compare;
mod places;
#[cfg(test)]
mod tests;

pub use places::Names;

use crate::sentiment;
use clauses::{Clause, clauses_of, is_divided};
use model::sentiment::Reason;
use model::text::Tokens;
use model::{Lang, Sentiment, Tone};
use std::ops::Range;

/// Name of the method, for the record beside every tone.
pub const METHOD: &str = "clause-rules";
/// Version of the method; tones of another version are computed again.
pub const METHOD_VERSION: u32 = 1;
/// Most names of one target that are looked for.
pub const NAMES_MAX: usize = 200;
/// Most places of a target that are read in one text.
pub const PLACES_MAX: usize = 32;

/// What is left of the tone of the other side of a contrast, turned around.
const CONTRAST: f32 = -0.6;
/// Score of a comparison that speaks for or against the target.
const COMPARED_SCORE: f32 = 0.6;

/// The tone toward a target and the places where it is named.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetTone {
    /// Tone, score and the words that weighed, strongest first.
    pub sentiment: Sentiment,
    /// Bytes of each place that names the target, in the order of the text.
    pub places: Vec<Range<usize>>,
}

/// The tone toward the target with these `names` (a handle or hashtag with or
/// without its sign); `None` when the text names none of them.
/// `tokens` must be those of `text`. For many texts, make [`Names`] once and
/// call [`explain_named`].
pub fn explain(text: &str, tokens: &Tokens, language: Option<Lang>, names: &[String]) -> Option<TargetTone> {
    explain_named(text, tokens, language, &Names::of(names))
}

/// As [`explain`], with names made before.
pub fn explain_named(
    text: &str,
    tokens: &Tokens,
    language: Option<Lang>,
    names: &Names,
) -> Option<TargetTone> {
    let places = names.places(text, tokens);
    if places.is_empty() {
        return None;
    }
    let sentiment = judge(text, tokens, language, &places);
    Some(TargetTone { sentiment, places })
}

fn judge(text: &str, tokens: &Tokens, language: Option<Lang>, places: &[Range<usize>]) -> Sentiment {
    let compared: Vec<Reason> =
        places.iter().filter_map(|place| compare::find(text, tokens, place)).collect();
    if let Some(strongest) = compared.first() {
        let sum: f32 = compared.iter().map(|reason| reason.weight).sum();
        let tone = if sum > 0.0 { Tone::Positive } else { Tone::Negative };
        let score = if strongest.weight > 0.0 { COMPARED_SCORE } else { -COMPARED_SCORE };
        return Sentiment { tone, score: Some(score), reasons: compared };
    }
    // The words of a name say nothing of its tone: «Banco Mejor».
    let masked = mask(text, places);
    let tone_of = |part: &str| sentiment::explain(part, &Tokens::of(part), language);
    let clauses = clauses_of(text, tokens, places);
    if clauses.len() == 1 || !is_divided(text, tokens, places) {
        return tone_of(&masked);
    }
    let part_of = |clause: &Clause| tone_of(masked.get(clause.bytes.clone()).unwrap_or_default());
    let own: Vec<Sentiment> =
        clauses.iter().filter(|clause| clause.is_own).map(part_of).filter(|part| weighs(part.tone)).collect();
    if !own.is_empty() {
        return join(own);
    }
    let others: Vec<Sentiment> = clauses
        .iter()
        .filter(|clause| !clause.is_own && clause.has_topic)
        .map(part_of)
        .filter(|part| weighs(part.tone))
        .collect();
    // Who is addressed with a handle hears the whole.
    let is_addressed =
        places.iter().any(|place| text.get(..place.start).is_some_and(|head| head.ends_with(['@', '＠'])));
    let is_topic = clauses.iter().any(|clause| clause.is_own && clause.has_topic);
    if others.is_empty() || is_addressed || !is_topic { tone_of(&masked) } else { turn_around(join(others)) }
}

/// What is said against one in a contrast speaks for the other, with less weight.
fn turn_around(other: Sentiment) -> Sentiment {
    let tone = match other.tone {
        Tone::Negative => Tone::Positive,
        Tone::Positive => Tone::Negative,
        tone => tone,
    };
    let mut reasons = vec![Reason { text: "rule: contrast".to_owned(), weight: 0.0 }];
    reasons.extend(
        other.reasons.into_iter().map(|reason| Reason { weight: reason.weight * CONTRAST, ..reason }),
    );
    Sentiment { tone, score: other.score.map(|score| score * CONTRAST), reasons }
}

/// The text with blanks in the place of the names; every other byte stays where it is.
fn mask(text: &str, places: &[Range<usize>]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for place in places {
        masked.push_str(text.get(at..place.start).unwrap_or_default());
        masked.extend(std::iter::repeat_n(' ', place.len()));
        at = place.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

fn weighs(tone: Tone) -> bool {
    matches!(tone, Tone::Negative | Tone::Positive | Tone::Mixed)
}

/// One tone of several clauses.
fn join(mut parts: Vec<Sentiment>) -> Sentiment {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let first = parts.first().map_or(Tone::Unknown, |part| part.tone);
    let tone = if parts.iter().all(|part| part.tone == first) { first } else { Tone::Mixed };
    // At most PLACES_MAX, so exact.
    let count = f32::from(u8::try_from(parts.len()).unwrap_or(u8::MAX));
    let sum: f32 = parts.iter().filter_map(|part| part.score).sum();
    let mut reasons: Vec<Reason> = parts.into_iter().flat_map(|part| part.reasons).collect();
    reasons.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    reasons.truncate(sentiment::REASONS_MAX);
    Sentiment { tone, score: Some(sum / count), reasons }
}
