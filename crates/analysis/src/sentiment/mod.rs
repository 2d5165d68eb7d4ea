//! The tone of a post: lexicon and rules, and above them a learned model, for
//! Spanish, Portuguese and English.
//!
//! In: a text, its tokens and its language. Out: a [`Tone`], a score −1…1 and,
//! when asked, the words that weighed.
//! [`score`] and [`explain`] give the tone of [`crate::understanding`], which
//! stacks the learned weights on the rules; [`rules_score`] is the rules alone.
//! Abstains ([`Tone::Unknown`], no score) for any other or no language (unless
//! the post is emoji only) and when no tone is likely enough. The rules alone
//! abstain when nothing weighed and too little was understood to call it
//! neutral ([`KNOWN_WORDS_MIN`], [`KNOWN_SHARE_MIN`]), and when praise stands
//! beside a sign of irony.
//! Cost: rules about 2 µs per post of twenty words, no allocation; the model
//! about 5 µs more.
//! Source: lexicons named in `lexicons/*.tsv`; rules after SO-CAL and VADER,
//! see `rules.rs`; model card in `docs/models/understanding.md`.
//! Limits: irony without a sign, world knowledge and who is meant are beyond it.

mod lexicon;
mod rules;
#[cfg(test)]
mod tests;

use crate::understanding;
use lexicon::{is_read, lexicon_of};
use model::sentiment::Reason;
use model::text::Tokens;
use model::{Lang, Sentiment, Tone};
pub(crate) use rules::Evidence;
use rules::weigh;

/// Name of the method, for the record beside every tone.
pub const METHOD: &str = "lexicon-linear";
/// Version of the method; tones of another version are computed again.
pub const METHOD_VERSION: u32 = 3;

/// Fewest known words for calling a text without evidence neutral.
pub const KNOWN_WORDS_MIN: u32 = 3;
/// Least share of known words for calling a text without evidence neutral.
pub const KNOWN_SHARE_MIN: f32 = 0.3;
/// Most reasons given, the strongest.
pub const REASONS_MAX: usize = 12;
/// Longest reason, characters.
pub const REASON_CHARS_MAX: usize = 80;

/// Evidence at which the score is 0.58: about two plain words.
const HALF_WAY_SQUARE: f32 = 0.5;
/// Scores nearer to zero are neutral.
const TONE_SCORE_MIN: f32 = 0.25;
/// Least evidence on both sides of a mixed tone.
const MIXED_EVIDENCE_MIN: f32 = 0.5;
/// Least share of the weaker side in the stronger one for a mixed tone.
const MIXED_SHARE_MIN: f32 = 0.6;
/// What laughter adds to a text without complaint: less than a tone by itself.
const LAUGHTER: f32 = 0.1;
/// What each of at most [`EXCLAMATIONS_MAX`] exclamation marks adds, as a share.
const EXCLAMATION_SHARE: f32 = 0.05;
/// Most exclamation marks that count.
const EXCLAMATIONS_MAX: u32 = 4;

/// Tone and score of a text; the score is `None` when the method abstains.
/// `tokens` must be those of `text`.
pub fn score(text: &str, tokens: &Tokens, language: Option<Lang>) -> (Tone, Option<f32>) {
    let understood = understanding::understand_in(text, tokens, language, None);
    (understood.tone, understood.tone_score)
}

/// As [`score`], with the words that weighed as they stand in the text,
/// strongest first, and the rules that bore on the whole.
pub fn explain(text: &str, tokens: &Tokens, language: Option<Lang>) -> Sentiment {
    let explanation = understanding::explain_in(text, tokens, language, None);
    let Some(judgement) = explanation.tone else { return rules_explain(text, tokens, language) };
    let reasons = judgement.reasons.into_iter();
    Sentiment {
        tone: explanation.understood.tone,
        score: explanation.understood.tone_score,
        reasons: reasons.map(|one| Reason { text: one.text, weight: one.weight }).collect(),
    }
}

/// Tone and score by lexicon and rules alone.
pub fn rules_score(text: &str, tokens: &Tokens, language: Option<Lang>) -> (Tone, Option<f32>) {
    if !is_read(language) && has_words(tokens) {
        return (Tone::Unknown, None);
    }
    judge(&weigh(text, tokens, lexicon_of(language), &mut |_, _| {}))
}

/// As [`rules_score`], with the words that weighed.
pub fn rules_explain(text: &str, tokens: &Tokens, language: Option<Lang>) -> Sentiment {
    if !is_read(language) && has_words(tokens) {
        return Sentiment { tone: Tone::Unknown, score: None, reasons: Vec::new() };
    }
    let mut pieces = Vec::new();
    let evidence =
        weigh(text, tokens, lexicon_of(language), &mut |bytes, weight| pieces.push((bytes, weight)));
    pieces.sort_by(|(_, one), (_, other)| other.abs().total_cmp(&one.abs()));
    pieces.truncate(REASONS_MAX);
    let mut reasons: Vec<Reason> = pieces
        .into_iter()
        .map(|(bytes, weight)| Reason {
            text: text.get(bytes).unwrap_or_default().chars().take(REASON_CHARS_MAX).collect(),
            weight,
        })
        .collect();
    if evidence.ironies > 0 {
        reasons.push(Reason { text: "rule: irony".to_owned(), weight: 0.0 });
    }
    if evidence.laughs > 0 {
        let weight = if is_complaint(&evidence) { 0.0 } else { LAUGHTER };
        reasons.push(Reason { text: "rule: laughter".to_owned(), weight });
    }
    if evidence.denial > 0.0 {
        reasons.push(Reason { text: "rule: negation".to_owned(), weight: -evidence.denial });
    }
    let (tone, score) = judge(&evidence);
    Sentiment { tone, score, reasons }
}

/// What the lexicon and its rules find in a text.
pub(crate) fn evidence(text: &str, tokens: &Tokens, language: Option<Lang>) -> Evidence {
    weigh(text, tokens, lexicon_of(language), &mut |_, _| {})
}

/// As [`evidence`]; `note` hears of each piece: its bytes and its weight.
pub(crate) fn evidence_with(
    text: &str,
    tokens: &Tokens,
    language: Option<Lang>,
    note: &mut impl FnMut(std::ops::Range<usize>, f32),
) -> Evidence {
    weigh(text, tokens, lexicon_of(language), note)
}

/// True when any token is a word rather than an emoji or a number.
fn has_words(tokens: &Tokens) -> bool {
    tokens.iter().any(|(folded, _)| folded.starts_with(char::is_alphabetic))
}

fn is_complaint(evidence: &Evidence) -> bool {
    evidence.negative > evidence.positive
}

/// The tone that the evidence speaks for.
fn judge(evidence: &Evidence) -> (Tone, Option<f32>) {
    let weighed = evidence.hits > 0 || evidence.laughs > 0;
    if !weighed && !is_understood(evidence) {
        return (Tone::Unknown, None);
    }
    let (score, positive, negative) = balance(evidence);
    if evidence.ironies > 0 && positive > negative {
        return (Tone::Unknown, None);
    }
    let weaker = positive.min(negative);
    let mixed = weaker >= MIXED_EVIDENCE_MIN && weaker >= MIXED_SHARE_MIN * positive.max(negative);
    let tone = if mixed {
        Tone::Mixed
    } else if score >= TONE_SCORE_MIN {
        Tone::Positive
    } else if score <= -TONE_SCORE_MIN {
        Tone::Negative
    } else {
        Tone::Neutral
    };
    (tone, Some(score))
}

/// Score −1…1, and what is in favour and against.
fn balance(evidence: &Evidence) -> (f32, f32, f32) {
    let laughter = if evidence.laughs > 0 && !is_complaint(evidence) { LAUGHTER } else { 0.0 };
    let (positive, negative) = (evidence.positive + laughter, evidence.negative + evidence.denial);
    // At most EXCLAMATIONS_MAX, so exact.
    let marks = f32::from(u8::try_from(evidence.exclamations.min(EXCLAMATIONS_MAX)).unwrap_or(0));
    let sum = (positive - negative) * (1.0 + EXCLAMATION_SHARE * marks);
    (sum / (sum * sum + HALF_WAY_SQUARE).sqrt(), positive, negative)
}

impl Evidence {
    /// Score −1…1 of what is in favour and against.
    pub(crate) fn balance(&self) -> f32 {
        balance(self).0
    }
}

/// True when enough was understood to say that nothing weighs.
fn is_understood(evidence: &Evidence) -> bool {
    // Counts are at most TOKENS_MAX, so exact.
    let share = |count: u32| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    evidence.known >= KNOWN_WORDS_MIN && share(evidence.known) >= KNOWN_SHARE_MIN * share(evidence.words)
}
