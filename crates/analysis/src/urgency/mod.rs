//! How fast somebody should look at a post, by phrases and rules, for Spanish,
//! Portuguese and English.
//!
//! In: a text, its tokens and its language. Out: hundredths 0…100 and, when
//! asked, the reasons (danger, deadline, outage, legal, press, health,
//! children) with the words as they stand.
//! Abstains (`None`) for any other or no language.
//! Cost: about 2 µs per post of twenty words.
//! Source: lexicons written for Atalaya (`lexicons/urgency_*.tsv`), rules below.
//! Limits: what is dangerous without a word for it, and whose danger it is
//! (news from far away), are beyond it; the text model weighs [`Signals`] with
//! the rest of the words.
//!
//! Features for a model: [`signals`] gives the bits of the reasons, how near a
//! time is and how much the writer presses, without allocating a reason.

mod rules;
#[cfg(test)]
mod tests;

use crate::phrases::Phrases;
use model::sentiment::Reason;
use model::text::Tokens;
use model::{Lang, UrgencyReason};
use std::ops::Range;
use std::sync::LazyLock;

/// Name of the method, for the record beside every value.
pub const METHOD: &str = "urgency-rules";
/// Version of the method; values of another version are computed again.
pub const METHOD_VERSION: u32 = 1;
/// Most reasons given, the strongest.
pub const REASONS_MAX: usize = 12;
/// Longest reason, characters.
pub const REASON_CHARS_MAX: usize = 80;

/// How near a time is that the text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum Nearness {
    /// No time is named.
    #[default]
    None,
    /// Within some days.
    Days,
    /// Today or tomorrow.
    Day,
    /// Within hours.
    Hours,
    /// At this moment.
    Now,
}

/// What the rules found, as numbers for a model; the default is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals {
    /// One bit per [`UrgencyReason`], in the order of its list.
    pub reasons: u8,
    /// The nearest time named.
    pub nearness: Nearness,
    /// How much the writer presses (`¡ayuda!`, `por favor ya`), 0…3.
    pub pressure: u8,
    /// Hundredths 0…100; `None` when the method abstains.
    pub percent: Option<u8>,
}

impl Signals {
    /// True when a reason was found.
    pub const fn has(self, reason: UrgencyReason) -> bool {
        self.reasons & (1 << reason as u8) != 0
    }
}

/// How urgent a text is and why.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assessment {
    /// Hundredths 0…100; `None` when the method abstains.
    pub percent: Option<u8>,
    /// The reasons with the words as they stand in the text, strongest first;
    /// the weight is what they add, 0…1.
    pub reasons: Vec<(UrgencyReason, Reason)>,
}

static SPANISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/urgency_es.tsv")], rules::tag_of));
static PORTUGUESE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/urgency_pt.tsv")], rules::tag_of));
static ENGLISH: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(&[include_str!("../../lexicons/urgency_en.tsv")], rules::tag_of));

fn phrases_of(language: Option<Lang>) -> Option<&'static Phrases> {
    match language {
        Some(Lang::ES) => Some(&SPANISH),
        Some(Lang::PT) => Some(&PORTUGUESE),
        Some(Lang::EN) => Some(&ENGLISH),
        _ => None,
    }
}

/// What bears on the urgency of a text. `tokens` must be those of `text`.
pub fn signals(text: &str, tokens: &Tokens, language: Option<Lang>) -> Signals {
    let Some(phrases) = phrases_of(language) else { return Signals::default() };
    rules::weigh(text, tokens, phrases).signals()
}

/// Where the phrases stand that are reasons, with their weights.
pub(crate) fn places(text: &str, tokens: &Tokens, language: Option<Lang>) -> Vec<(Range<usize>, f32)> {
    let Some(phrases) = phrases_of(language) else { return Vec::new() };
    let hits = rules::weigh(text, tokens, phrases).hits;
    hits.into_iter().map(|hit| (hit.bytes, hit.weight)).collect()
}

/// As [`signals`], with the reasons in the words of the text.
pub fn assess(text: &str, tokens: &Tokens, language: Option<Lang>) -> Assessment {
    let Some(phrases) = phrases_of(language) else { return Assessment::default() };
    let weighed = rules::weigh(text, tokens, phrases);
    let mut found: Vec<_> =
        weighed.hits.iter().filter_map(|hit| Some((rules::reason_of(hit.tag)?, hit))).collect();
    found.sort_by(|(_, one), (_, other)| {
        other.weight.total_cmp(&one.weight).then(one.bytes.start.cmp(&other.bytes.start))
    });
    found.truncate(REASONS_MAX);
    let reasons = found
        .into_iter()
        .map(|(reason, hit)| {
            let words = text.get(hit.bytes.clone()).unwrap_or_default();
            (reason, Reason { text: words.chars().take(REASON_CHARS_MAX).collect(), weight: hit.weight })
        })
        .collect();
    Assessment { percent: weighed.signals().percent, reasons }
}
