//! The same answer as [`super::understand`], with the words that weighed.
//!
//! In: a text, its tokens, a layer. Out: [`Explanation`].
//! Cost: about ten times the fast path; both add the same whole numbers, so
//! they agree exactly. What a team's layer moved is in the reasons too.

use super::cues::{self, Cues, Place};
use super::features::{Class, Origin, each_feature, prior};
use super::heads::{EMOTIONS, Head, LANES, OFFENCES, TONES};
use super::table::{Sums, Table};
use super::{Likely, learning, read_as, scale_of, table_of, understand_in};
use crate::language;
use crate::learning::Layer;
use crate::sentiment;
use crate::wording::{Wording, rude};
use model::text::Tokens;
use model::understanding::Intent;
use model::{Lang, Understood};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most reasons per judgement, the strongest.
pub const REASONS_MAX: usize = 10;
/// Longest reason, characters.
pub const REASON_CHARS_MAX: usize = 80;
/// Weaker reasons are left out, nats.
pub const REASON_WEIGHT_MIN: f32 = 0.05;

/// Something in the text that weighed.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The words as they stand in the text; a rule or sign as `rule: name`.
    pub text: String,
    /// Bytes of the words in the text; `None` for a rule or sign.
    pub place: Option<Range<usize>>,
    /// How much it moved the log-odds of the value, nats; against it below 0.
    pub weight: f32,
}

/// One value with its probability and what weighed for and against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Whose question it answers.
    pub head: Head,
    /// The value, in the word of files, API and locale keys.
    pub value: &'static str,
    /// Calibrated probability of the value, 0…1; for urgency the value itself.
    pub probability: f32,
    /// True when the method gives this value; false when it abstains or says no.
    pub given: bool,
    /// Strongest first, at most [`REASONS_MAX`].
    pub reasons: Vec<Weighed>,
    /// The other values of a choice with their probabilities, likeliest first.
    pub others: Vec<(&'static str, f32)>,
}

/// Everything of a text, with reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The same as the fast path gives.
    pub understood: Understood,
    /// The language in which the text was read, stated or not.
    pub read_as: Option<Lang>,
    /// Tone; `None` when no model reads the language.
    pub tone: Option<Judgement>,
    /// All ten intents, likeliest first; empty when no model reads the language.
    pub intents: Vec<Judgement>,
    /// Urgency: `probability` is its expectation 0…1.
    pub urgency: Option<Judgement>,
    /// Offence.
    pub offence: Option<Judgement>,
    /// Emotion.
    pub emotion: Option<Judgement>,
}

/// What a text says and wants, with reasons; `tokens` must be its own.
pub fn explain(text: &str, tokens: &Tokens, layer: Option<&Layer>) -> Explanation {
    let verdict = language::detect(text);
    let mut explanation = explain_in(text, tokens, read_as(&verdict), layer);
    explanation.understood.language = verdict.language;
    explanation
}

/// As [`explain`], for a text whose language is known.
pub fn explain_in(text: &str, tokens: &Tokens, language: Option<Lang>, layer: Option<&Layer>) -> Explanation {
    let Some((reading, table)) = language.and_then(|lang| Some((lang, table_of(lang)?))) else {
        return Explanation {
            understood: understand_in(text, tokens, language, layer),
            read_as: language,
            tone: None,
            intents: Vec::new(),
            urgency: None,
            offence: None,
            emotion: None,
        };
    };
    let weighed = Weighing::of(text, tokens, reading, table, layer);
    let understood = Understood { language, ..weighed.likely.settle(table, &weighed.sums) };
    let (known, likely) = (weighed.sums.known >= super::KNOWN_FEATURES_MIN, weighed.likely);
    let mut intents: Vec<Judgement> = Intent::ALL
        .into_iter()
        .map(|intent| {
            let lane = Head::Intent.lanes().start + intent as usize;
            Judgement {
                head: Head::Intent,
                value: intent.name(),
                probability: likely.lane(lane),
                given: understood.intents.contains(intent),
                reasons: weighed.reasons(&[lane], &[]),
                others: Vec::new(),
            }
        })
        .collect();
    intents.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    let urgency = Judgement {
        head: Head::Urgency,
        value: Head::Urgency.name(),
        probability: f32::from(likely.urgency_percent()) / 100.0,
        given: known,
        reasons: weighed.reasons(&Head::Urgency.lanes().collect::<Vec<_>>(), &[]),
        others: Vec::new(),
    };
    let choice = |head: Head, names: &[&'static str], given: bool| {
        let (best, probability) = likely.best(head);
        let start = head.lanes().start;
        let rest: Vec<usize> = head.lanes().filter(|lane| *lane != start + best).collect();
        let mut others: Vec<(&'static str, f32)> = rest
            .iter()
            .map(|lane| (names.get(lane - start).copied().unwrap_or_default(), likely.lane(*lane)))
            .collect();
        others.sort_by(|one, other| other.1.total_cmp(&one.1));
        Judgement {
            head,
            value: names.get(best).copied().unwrap_or_default(),
            probability,
            given,
            reasons: weighed.reasons(&[start + best], &rest),
            others,
        }
    };
    let tone = choice(Head::Tone, &TONES.map(|one| one.name()), understood.tone != model::Tone::Unknown);
    let offence = choice(
        Head::Offence,
        &OFFENCES.map(|one| one.name()),
        understood.offence != model::understanding::Offence::Unknown,
    );
    let emotion = choice(
        Head::Emotion,
        &EMOTIONS.map(|one| one.name()),
        understood.emotion != model::understanding::Emotion::Unknown,
    );
    Explanation {
        understood,
        read_as: language,
        tone: Some(tone),
        intents,
        urgency: Some(urgency),
        offence: Some(offence),
        emotion: Some(emotion),
    }
}

/// What each part of a text adds to each lane.
struct Weighing<'t> {
    text: &'t str,
    wording: Wording,
    /// Lexicon pieces: bytes and weight.
    pieces: Vec<(Range<usize>, f32)>,
    /// Rude words: bytes, each alike.
    rude: Vec<(Range<usize>, f32)>,
    /// Phrases of urgency and of fraud, and of each intent.
    urgent: Vec<Place>,
    fraud: Vec<Place>,
    phrases: Vec<(u8, Place)>,
    sums: Sums,
    likely: Likely,
    /// Calibrated contributions, nats.
    parts: BTreeMap<Part, [f32; LANES]>,
}

/// [`Origin`] in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Piece(u32),
    Pair(u32),
    Lexicon,
    Rude,
    Urgency,
    Phrase(u8),
    Fraud,
    Sign(&'static str),
}

impl<'t> Weighing<'t> {
    fn of(text: &'t str, tokens: &Tokens, language: Lang, table: &Table<'_>, layer: Option<&Layer>) -> Self {
        let mut pieces = Vec::new();
        let evidence = sentiment::evidence_with(text, tokens, Some(language), &mut |bytes, weight| {
            pieces.push((bytes, weight));
        });
        let wording = Wording::of(text, tokens, Some(language));
        let mut sums = Sums::default();
        let mut moved = layer.map(|layer| learning::Moves::new(layer, language));
        let mut parts: BTreeMap<Part, [f32; LANES]> = BTreeMap::new();
        let cues = Cues::of(text, tokens, language);
        each_feature(&wording, &evidence, &cues, &mut |key, origin, _: Class| {
            table.add(key, &mut sums);
            if let Some(moved) = &mut moved {
                moved.add(key);
            }
            let row = table.row(key);
            let delta = layer.and_then(|layer| layer.row(language, key));
            if row.is_none() && delta.is_none() {
                return;
            }
            let part = match origin {
                Origin::Piece(at) => Part::Piece(at),
                Origin::Pair(at) => Part::Pair(at),
                Origin::Lexicon => Part::Lexicon,
                Origin::Rude => Part::Rude,
                Origin::Urgency => Part::Urgency,
                Origin::Phrase(intent) => Part::Phrase(intent),
                Origin::Fraud => Part::Fraud,
                Origin::Sign(name) => Part::Sign(name),
            };
            let lanes = parts.entry(part).or_insert([0.0; LANES]);
            if let Some(row) = row {
                for ((lane, step), size) in lanes.iter_mut().zip(row).zip(&table.scales) {
                    *lane += f32::from(step.cast_signed()) * size;
                }
            }
            if let Some(delta) = delta {
                lanes.iter_mut().zip(delta).for_each(|(lane, more)| *lane += more);
            }
        });
        let scale = scale_of(sums.features);
        let said = prior(&evidence);
        let lexicon = parts.entry(Part::Lexicon).or_insert([0.0; LANES]);
        lexicon.iter_mut().zip(said).for_each(|(lane, more)| *lane += more * table.trust / scale);
        for lanes in parts.values_mut() {
            for (lane, calibration) in lanes.iter_mut().zip(&table.calibrations) {
                *lane *= scale * calibration.slope;
            }
        }
        let likely = Likely::of(table, &said, &mut sums, moved.as_ref().map(learning::Moves::sums));
        let rude = rude_pieces(&wording);
        let (urgent, fraud, phrases) = cues::places(text, tokens, language);
        Self { text, wording, pieces, rude, urgent, fraud, phrases, sums, likely, parts }
    }

    /// What weighed for the mean of `lanes` against the mean of `rivals`.
    fn reasons(&self, lanes: &[usize], rivals: &[usize]) -> Vec<Weighed> {
        let mean = |weights: &[f32; LANES], lanes: &[usize]| {
            let sum: f32 = lanes.iter().filter_map(|lane| weights.get(*lane)).sum();
            // At most LANES lanes: exact.
            sum / lanes.len().max(1) as f32
        };
        let mut places: BTreeMap<(usize, usize), f32> = BTreeMap::new();
        let mut found: Vec<Weighed> = Vec::new();
        for (part, weights) in &self.parts {
            let weight = mean(weights, lanes) - mean(weights, rivals);
            match part {
                Part::Piece(at) => *places.entry(self.place(*at, *at)).or_default() += weight,
                Part::Pair(at) => *places.entry(self.place(*at, at.saturating_add(1))).or_default() += weight,
                Part::Lexicon => share(&mut places, &mut found, &self.pieces, weight, "tone words"),
                Part::Rude => share(&mut places, &mut found, &self.rude, weight, "rude words"),
                Part::Urgency => share(&mut places, &mut found, &self.urgent, weight, "urgent words"),
                Part::Fraud => share(&mut places, &mut found, &self.fraud, weight, "signs of fraud"),
                Part::Phrase(intent) => {
                    let of_intent = self.phrases.iter().filter(|(one, _)| one == intent);
                    let pieces: Vec<Place> = of_intent.map(|(_, place)| place.clone()).collect();
                    share(&mut places, &mut found, &pieces, weight, "phrases of it");
                }
                Part::Sign(name) => {
                    found.push(Weighed { text: format!("rule: {name}"), place: None, weight });
                }
            }
        }
        found.extend(places.into_iter().map(|((start, end), weight)| {
            let words = self.text.get(start..end).unwrap_or_default().trim();
            Weighed { text: words.chars().take(REASON_CHARS_MAX).collect(), place: Some(start..end), weight }
        }));
        found.retain(|reason| reason.weight.abs() >= REASON_WEIGHT_MIN && !reason.text.is_empty());
        found.sort_by(|one, other| {
            other.weight.abs().total_cmp(&one.weight.abs()).then_with(|| one.text.cmp(&other.text))
        });
        found.truncate(REASONS_MAX);
        found
    }

    /// Bytes from one piece to another.
    fn place(&self, from: u32, to: u32) -> (usize, usize) {
        let start = self.wording.get(from as usize).map_or(0, |(_, piece)| piece.start as usize);
        let end = self.wording.get(to as usize).map_or(start, |(_, piece)| piece.end as usize);
        (start, end)
    }
}

/// Spreads a weight over pieces by how much each says.
fn share(
    places: &mut BTreeMap<(usize, usize), f32>,
    found: &mut Vec<Weighed>,
    pieces: &[(Range<usize>, f32)],
    weight: f32,
    name: &str,
) {
    let total: f32 = pieces.iter().map(|(_, said)| said.abs()).sum();
    if total <= 0.0 {
        found.push(Weighed { text: format!("rule: no {name}"), place: None, weight });
        return;
    }
    for (place, said) in pieces {
        *places.entry((place.start, place.end)).or_default() += weight * said.abs() / total;
    }
}

fn rude_pieces(wording: &Wording) -> Vec<(Range<usize>, f32)> {
    let rude = wording.iter().filter(|(form, _)| rude::kind_of(form).is_some());
    rude.map(|(_, piece)| (piece.start as usize..piece.end as usize, 1.0)).collect()
}
