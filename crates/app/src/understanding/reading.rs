//! What one text says and wants, with method, probability and the words that weighed.
//!
//! In: a text, what the team taught, the brand handbook. Out: a [`Reading`]
//! that pages and the API show as it is. Cost: about a millisecond.

use super::corrections::Taught;
use crate::listening::Judgement;
use analysis::understanding as text_model;
use model::handbook::BrandHandbook;
use model::sentiment::Reason;
use model::text::Tokens;
use model::{Lang, Sentiment};

/// One answer of a method.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Answer {
    /// The question: `tone`, `intent`, `urgency`, `offence`, `emotion`.
    pub head: &'static str,
    /// The answer in the words of files and locale keys.
    pub value: &'static str,
    /// Calibrated probability 0…1; for urgency the urgency itself.
    pub probability: f32,
    /// False where the method abstains or says no.
    pub given: bool,
    /// What weighed, strongest first; weights are nats.
    pub reasons: Vec<Reason>,
    /// The other answers of a choice with their probabilities.
    pub others: Vec<(&'static str, f32)>,
}

/// Tone toward a brand that the text names.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TargetReading {
    /// The main name of the brand.
    pub target: String,
    /// True for our own brand, false for a competitor.
    pub own: bool,
    /// Tone, score and words.
    pub sentiment: Sentiment,
}

/// A reason for urgency, by rule.
#[derive(Debug, Clone, serde::Serialize)]
pub struct UrgencyNote {
    /// Why, in the words of locale keys.
    pub reason: &'static str,
    /// The words as they stand.
    pub words: Reason,
}

/// What a text says and wants.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Reading {
    /// The language in which it was read; `None` when no model reads it.
    pub read_as: Option<Lang>,
    /// The answers: tone, urgency, offence, emotion, then the intents, likeliest first.
    pub answers: Judgement<Vec<Answer>>,
    /// Why it is urgent.
    pub urgency_reasons: Judgement<Vec<UrgencyNote>>,
    /// Tone toward our brand and its competitors, where they are named.
    pub targets: Judgement<Vec<TargetReading>>,
}

impl Reading {
    /// Reads a text. `targets` are names with whether they are ours.
    pub(crate) fn of(text: &str, taught: &Taught, targets: &[(Vec<String>, bool)]) -> Self {
        let tokens = Tokens::of(text);
        let explained = text_model::explain(text, &tokens, taught.layer());
        let read_as = explained.read_as;
        let single = [explained.tone, explained.urgency, explained.offence, explained.emotion];
        let answers = single.into_iter().flatten().chain(explained.intents).map(answer).collect();
        let urgency = analysis::urgency::assess(text, &tokens, read_as);
        let named = targets.iter().filter_map(|(names, own)| {
            let found = analysis::target::explain(text, &tokens, read_as, names)?;
            Some(TargetReading { target: names.first()?.clone(), own: *own, sentiment: found.sentiment })
        });
        Self {
            read_as,
            answers: Judgement {
                value: answers,
                method: text_model::METHOD,
                version: text_model::METHOD_VERSION,
            },
            urgency_reasons: Judgement {
                value: urgency
                    .reasons
                    .into_iter()
                    .map(|(reason, words)| UrgencyNote { reason: reason.name(), words })
                    .collect(),
                method: analysis::urgency::METHOD,
                version: analysis::urgency::METHOD_VERSION,
            },
            targets: Judgement {
                value: named.collect(),
                method: analysis::target::METHOD,
                version: analysis::target::METHOD_VERSION,
            },
        }
    }
}

fn answer(judgement: text_model::Judgement) -> Answer {
    Answer {
        head: judgement.head.name(),
        value: judgement.value,
        probability: judgement.probability,
        given: judgement.given,
        reasons: judgement
            .reasons
            .into_iter()
            .map(|weighed| Reason { text: weighed.text, weight: weighed.weight })
            .collect(),
        others: judgement.others,
    }
}

/// The brands of a handbook as targets: names and handles, and whether they are ours.
pub(crate) fn targets_of(handbook: &BrandHandbook) -> Vec<(Vec<String>, bool)> {
    let names = |brand: &model::handbook::Brand| -> Vec<String> {
        brand.names.iter().chain(&brand.handles).cloned().collect()
    };
    std::iter::once((names(&handbook.brand), true))
        .chain(handbook.competitors.iter().map(|brand| (names(brand), false)))
        .filter(|(names, _)| !names.is_empty())
        .collect()
}
