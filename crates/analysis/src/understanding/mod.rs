//! What a text says and wants: tone, intents, urgency, offence, emotion.
//!
//! In: a text and its tokens; a [`Layer`] of a team's corrections if there is
//! one. Out: [`Understood`] (fast) or [`Explanation`] (every value with its
//! calibrated probability and the words that weighed).
//! Abstains for languages other than Spanish, Portuguese and English, for
//! texts without anything known, and for choices whose best probability stays
//! below the limit of its head.
//! Cost: about 12 µs per post of 100 characters beyond language and tokens; the
//! first text of a language reads its table (about 2 ms, 4 MiB).
//! Source: linear models over hashed words, pairs and letter n-grams (Wang and
//! Manning 2012) stacked on the lexicon and its rules; every head reads the
//! same features. Training, data and figures: `docs/models/understanding.md`.
//! Limits: see [`features`]; one language per text; irony without a sign,
//! world knowledge and threads are beyond it.

mod cues;
mod explain;
pub mod features;
pub mod heads;
mod letters;
mod recent;
pub mod table;
#[cfg(test)]
mod tests;

pub use explain::{Explanation, Judgement, Weighed, explain, explain_in};

use crate::learning::Layer;
use crate::sentiment;
use crate::wording::Wording;
use crate::{language, learning};
use cues::Cues;
use features::{Class, Origin};
use heads::{EMOTIONS, Head, LANES, OFFENCES, TONES};
use model::text::Tokens;
use model::understanding::{Emotion, Intent, Offence};
use model::{Lang, Tone, Understood};
use recent::Summing;
use std::sync::LazyLock;
use table::{Sums, Table};

/// Name of the method, stored beside what it says.
pub const METHOD: &str = "text-linear";
/// Version of the method; changes when an answer may change.
pub const METHOD_VERSION: u32 = 2;
/// Fewer known features than this are too little to say anything.
pub const KNOWN_FEATURES_MIN: u32 = 4;
/// The guess of the language is read, without being stated, from this score on.
pub const LANGUAGE_SCORE_MIN: f32 = 0.35;
/// Room for the signs of a text, which do not grow with it.
const FEATURES_AHEAD: usize = 128;
/// Features below which a text is not scaled further.
const SCALE_FEATURES_MIN: u32 = 24;

static SPANISH: LazyLock<Table<'static>> =
    LazyLock::new(|| read(include_bytes!("../../models/understanding-es.bin")));
static PORTUGUESE: LazyLock<Table<'static>> =
    LazyLock::new(|| read(include_bytes!("../../models/understanding-pt.bin")));
static ENGLISH: LazyLock<Table<'static>> =
    LazyLock::new(|| read(include_bytes!("../../models/understanding-en.bin")));

/// A broken model says nothing; a test proves that the shipped ones are whole.
fn read(bytes: &'static [u8]) -> Table<'static> {
    Table::parse(bytes).unwrap_or_default()
}

/// The shipped table of a language that is read.
pub fn table_of(language: Lang) -> Option<&'static Table<'static>> {
    match language {
        Lang::ES => Some(&SPANISH),
        Lang::PT => Some(&PORTUGUESE),
        Lang::EN => Some(&ENGLISH),
        _ => None,
    }
}

/// What a text says and wants, without reasons; `tokens` must be its own.
///
/// Method: [`METHOD`]. Cost: language detection and about 12 µs per 100 characters.
pub fn understand(text: &str, tokens: &Tokens, layer: Option<&Layer>) -> Understood {
    let verdict = language::detect(text);
    Understood { language: verdict.language, ..understand_in(text, tokens, read_as(&verdict), layer) }
}

/// As [`understand`], for a text whose language is known.
pub fn understand_in(
    text: &str,
    tokens: &Tokens,
    language: Option<Lang>,
    layer: Option<&Layer>,
) -> Understood {
    let Some((reading, table)) = language.and_then(|lang| Some((lang, table_of(lang)?))) else {
        // Emoji speak in every language.
        let (tone, tone_score) = sentiment::rules_score(text, tokens, language);
        return Understood { language, tone, tone_score, ..Understood::default() };
    };
    let evidence = sentiment::evidence(text, tokens, Some(reading));
    let wording = Wording::of(text, tokens, Some(reading));
    let cues = Cues::of(text, tokens, reading);
    let keys_expected = (text.len() + FEATURES_AHEAD).min(features::FEATURES_MAX);
    let (mut sums, moved) = match layer {
        None => {
            let mut summing = Summing::new(reading, table, keys_expected);
            features::each_feature(&wording, &evidence, &cues, &mut summing);
            (summing.finish(), None)
        }
        Some(layer) => {
            let mut moved = learning::Moves::new(layer, reading);
            let mut keys = Vec::with_capacity(keys_expected);
            features::each_feature(&wording, &evidence, &cues, &mut |key, _: Origin, _: Class| {
                moved.add(key);
                keys.push(key);
            });
            let mut sums = Sums::default();
            table.add_all(&keys, &mut sums);
            (sums, Some(moved))
        }
    };
    let likely =
        Likely::of(table, &features::prior(&evidence), &mut sums, moved.as_ref().map(learning::Moves::sums));
    Understood { language: Some(reading), ..likely.settle(table, &sums) }
}

/// The language in which a text is read: the stated one or a fair guess.
fn read_as(verdict: &language::LanguageVerdict) -> Option<Lang> {
    verdict.language.or(verdict.best.filter(|_| verdict.score_01 >= LANGUAGE_SCORE_MIN))
}

/// The keys of all features of a text, in the order in which they come.
///
/// Cost: as [`understand_in`] without the sums.
/// Returns what the lexicon says before anything learned, nats per lane.
pub fn keys_of(text: &str, tokens: &Tokens, language: Lang, keys: &mut Vec<u32>) -> [f32; LANES] {
    keys.clear();
    each_key(text, tokens, language, |key, _| keys.push(key))
}

/// Gives the key and kind of every feature of a text, in the order in which they come.
///
/// Cost: as [`understand_in`] without the sums.
/// Returns what the lexicon says before anything learned, nats per lane.
pub fn each_key(
    text: &str,
    tokens: &Tokens,
    language: Lang,
    mut take: impl FnMut(u32, features::Class),
) -> [f32; LANES] {
    let evidence = sentiment::evidence(text, tokens, Some(language));
    let wording = Wording::of(text, tokens, Some(language));
    let cues = Cues::of(text, tokens, language);
    features::each_feature(&wording, &evidence, &cues, &mut |key, _: Origin, class| take(key, class));
    features::prior(&evidence)
}

/// What a sum of weights is multiplied by: longer texts have more features.
pub fn scale_of(features: u32) -> f32 {
    // Features are at most FEATURES_MAX: exact.
    1.0 / (features.max(SCALE_FEATURES_MIN) as f32).sqrt()
}

/// Probabilities per lane: of each value of a choice, of yes for the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likely(pub(crate) [f32; LANES]);

impl Likely {
    /// From what the lexicon says, sums of weights and what a layer adds.
    fn of(table: &Table<'_>, prior: &[f32; LANES], sums: &mut Sums, moved: Option<[f32; LANES]>) -> Self {
        let scale = scale_of(sums.features);
        let mut logits = table.biases;
        logits.iter_mut().zip(prior).for_each(|(logit, said)| *logit += said * table.trust);
        let steps = &sums.lanes;
        for ((logit, step), size) in logits.iter_mut().zip(steps).zip(&table.scales) {
            // Sums stay below 2^21: exact in f32.
            *logit += *step as f32 * size * scale;
        }
        if let Some(moved) = moved {
            for (logit, more) in logits.iter_mut().zip(moved) {
                *logit += (more * scale).clamp(-learning::LOGIT_MAX, learning::LOGIT_MAX);
            }
        }
        for (logit, calibration) in logits.iter_mut().zip(&table.calibrations) {
            *logit = *logit * calibration.slope + calibration.offset;
        }
        Self(probabilities(logits))
    }

    /// Probability of a lane.
    pub(crate) fn lane(&self, lane: usize) -> f32 {
        self.0.get(lane).copied().unwrap_or(0.0)
    }

    /// The likeliest value of a choice: its place in the head and its probability.
    pub(crate) fn best(&self, head: Head) -> (usize, f32) {
        let mut best = (0, f32::NEG_INFINITY);
        for (at, lane) in head.lanes().enumerate() {
            if self.lane(lane) > best.1 {
                best = (at, self.lane(lane));
            }
        }
        best
    }

    /// Urgency in hundredths: the expectation over its four limits.
    pub(crate) fn urgency_percent(&self) -> u8 {
        let mut above = 1.0_f32;
        let mut sum = 0.0;
        for lane in Head::Urgency.lanes() {
            above = above.min(self.lane(lane));
            sum += above;
        }
        // Between 0 and 100.
        (sum * 25.0).round().clamp(0.0, 100.0) as u8
    }

    /// The values that are given.
    fn settle(&self, table: &Table<'_>, sums: &Sums) -> Understood {
        if sums.known < KNOWN_FEATURES_MIN {
            return Understood::default();
        }
        let given = |head: Head| {
            let (at, probability) = self.best(head);
            let limit = table.limits.get(head.lanes().start).copied().unwrap_or(0.0);
            (probability >= limit).then_some(at)
        };
        let [negative, _, positive, _] = TONES.map(|tone| self.lane(lane_of_tone(tone)));
        let tone = given(Head::Tone).and_then(|at| TONES.get(at)).copied();
        let intents = Intent::ALL.into_iter().filter(|intent| {
            let lane = Head::Intent.lanes().start + *intent as usize;
            self.lane(lane) >= table.limits.get(lane).copied().unwrap_or(1.0)
        });
        Understood {
            language: None,
            tone: tone.unwrap_or(Tone::Unknown),
            tone_score: tone.map(|_| positive - negative),
            intents: intents.collect(),
            urgency_percent: Some(self.urgency_percent()),
            offence: given(Head::Offence)
                .and_then(|at| OFFENCES.get(at))
                .copied()
                .unwrap_or(Offence::Unknown),
            emotion: given(Head::Emotion)
                .and_then(|at| EMOTIONS.get(at))
                .copied()
                .unwrap_or(Emotion::Unknown),
        }
    }
}

fn lane_of_tone(tone: Tone) -> usize {
    TONES.iter().position(|one| *one == tone).unwrap_or(0)
}

/// Softmax within each choice, the logistic function elsewhere.
pub fn probabilities(logits: [f32; LANES]) -> [f32; LANES] {
    let mut out = [0.0; LANES];
    for head in Head::ALL {
        let lanes = head.lanes();
        let (Some(from), Some(to)) = (logits.get(lanes.clone()), out.get_mut(lanes)) else { continue };
        if head.is_choice() {
            let top = from.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = from.iter().map(|logit| (logit - top).exp()).sum();
            to.iter_mut().zip(from).for_each(|(to, logit)| *to = (logit - top).exp() / total);
        } else {
            to.iter_mut().zip(from).for_each(|(to, logit)| *to = 1.0 / (1.0 + (-logit).exp()));
        }
    }
    out
}
