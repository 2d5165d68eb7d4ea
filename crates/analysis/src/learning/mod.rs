//! What a team teaches: a layer of small changes above the shipped weights.
//!
//! In: corrections in their order. Out: [`Layer`], the same from the same list;
//! the shipped weights stay as they are, so a correction is undone by building
//! the layer again without it.
//! Errors: none; a correction of a language without a model, or that says
//! «unknown», teaches nothing.
//! Cost: about 50 µs per correction; 20 bytes per feature and lane touched.
//! Source: AROW (Crammer, Kulesza and Dredze 2009), diagonal, one binary
//! problem per lane, r = [`AROW_R`]; it is robust against single wrong labels.
//! Limits: [`CORRECTIONS_MAX`] corrections; a layer moves no lane of a text by
//! more than [`LOGIT_MAX`] nats. Where several people correct, no one's weight
//! exceeds the larger of [`FREE_WEIGHT`] and [`SHARE_MAX`] of all that was
//! learned before. Two people who contradict each other about one text count
//! half each ([`CONFLICT_WEIGHT`]).

#[cfg(test)]
mod tests;

use crate::hashing::hash_bytes;
use crate::understanding::heads::{LANES, Value};
use crate::understanding::{keys_of, scale_of, table_of};
use model::Lang;
use model::text::{Tokens, fold};
use std::collections::{BTreeMap, HashMap};

/// Name of the method.
pub const METHOD: &str = "arow-layer";
/// Version of the method.
pub const METHOD_VERSION: u32 = 1;
/// Most corrections of one layer; the newest count.
pub const CORRECTIONS_MAX: usize = 20_000;
/// Most that a layer moves one lane of one text, nats.
pub const LOGIT_MAX: f32 = 8.0;
/// How reluctantly AROW moves.
pub const AROW_R: f32 = 1.0;
/// Total weight that each person has before the share counts.
pub const FREE_WEIGHT: f32 = 20.0;
/// Largest share of one person in what several people teach, 0…1.
pub const SHARE_MAX: f32 = 0.5;
/// What a correction counts that another person contradicts.
pub const CONFLICT_WEIGHT: f32 = 0.5;
/// Most weight of one correction.
pub const WEIGHT_MAX: f32 = 4.0;

/// One correction: what somebody says that a text is.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// The text as it stands.
    pub text: String,
    /// Its language.
    pub language: Lang,
    /// What it is.
    pub value: Value,
    /// Who says so; the same number for the same person.
    pub person: u64,
    /// How much it counts, 0…[`WEIGHT_MAX`]; 1 for a plain correction.
    pub weight: f32,
}

/// What came of one more correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    /// It counts now.
    Added,
    /// It changes what earlier ones count; nothing was done: build the layer
    /// again with [`Layer::of`].
    BuildAgain,
}

/// What a team taught.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    rows: HashMap<(u16, u32), Box<Row>>,
    /// One bit per value of 16 bits of a key: most features are not in a layer.
    seen: Vec<u64>,
    /// Weight that counted, per person.
    persons: BTreeMap<u64, f32>,
    /// What each person said of each text and question.
    said: BTreeMap<(u64, u16), Vec<(u64, Value)>>,
    corrections: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    deltas: [f32; LANES],
    variances: [f32; LANES],
}

impl Default for Row {
    fn default() -> Self {
        Self { deltas: [0.0; LANES], variances: [1.0; LANES] }
    }
}

/// Words of the bit set: 2^16 bits.
const SEEN_WORDS: usize = 1 << 10;

impl Layer {
    /// The layer of a list of corrections, in their order.
    ///
    /// Cost: about 50 µs per correction.
    pub fn of(corrections: &[Correction]) -> Self {
        let from = corrections.len().saturating_sub(CORRECTIONS_MAX);
        let corrections = corrections.get(from..).unwrap_or_default();
        let mut layer = Self::default();
        for correction in corrections {
            layer.hear(correction);
        }
        for correction in corrections {
            layer.apply(correction);
        }
        layer
    }

    /// Adds one correction to those of the list that made this layer.
    ///
    /// Cost: about 50 µs.
    pub fn learn(&mut self, correction: &Correction) -> Learned {
        let people_before = self.people();
        let mut after = self.said.get(&question_of(correction)).cloned().unwrap_or_default();
        after.push((correction.person, correction.value));
        let contradicted = contradicts(&after);
        let second_person = people_before == 1 && !self.persons.contains_key(&correction.person);
        if contradicted || second_person || self.corrections >= CORRECTIONS_MAX {
            return Learned::BuildAgain;
        }
        self.hear(correction);
        self.apply(correction);
        Learned::Added
    }

    /// Corrections that made it.
    pub fn len(&self) -> usize {
        self.corrections
    }

    /// True when nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Weight that counts per person.
    pub fn weights(&self) -> impl Iterator<Item = (u64, f32)> {
        self.persons.iter().map(|(person, weight)| (*person, *weight))
    }

    /// Texts and questions about which people contradict each other.
    pub fn conflicts(&self) -> usize {
        self.said.values().filter(|said| contradicts(said)).count()
    }

    /// What it adds to a feature, per lane.
    pub(crate) fn row(&self, language: Lang, key: u32) -> Option<&[f32; LANES]> {
        if !self.may_hold(key) {
            return None;
        }
        self.rows.get(&(language.code(), key)).map(|row| &row.deltas)
    }

    #[inline]
    fn may_hold(&self, key: u32) -> bool {
        let (word, bit) = seen_place(key);
        self.seen.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn people(&self) -> usize {
        self.persons.len()
    }

    /// Notes who says what, before anything is learned.
    fn hear(&mut self, correction: &Correction) {
        self.persons.entry(correction.person).or_insert(0.0);
        let said = self.said.entry(question_of(correction)).or_default();
        said.push((correction.person, correction.value));
    }

    /// Learns one correction that was heard.
    fn apply(&mut self, correction: &Correction) {
        self.corrections += 1;
        let weight = self.weight_of(correction);
        let Some(table) = table_of(correction.language) else { return };
        if weight <= 0.0 {
            return;
        }
        *self.persons.entry(correction.person).or_insert(0.0) += weight;
        let mut keys = Vec::new();
        let prior = keys_of(&correction.text, &Tokens::of(&correction.text), correction.language, &mut keys);
        let scale = scale_of(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        // Twice the same feature counts once here: AROW wants one value each.
        keys.sort_unstable();
        let mut sums = crate::understanding::table::Sums::default();
        keys.iter().for_each(|key| table.add(*key, &mut sums));
        let steps = sums.lanes;
        keys.dedup();
        let language = correction.language;
        correction.value.each_lane(|lane, holds| {
            let (Some(step), Some(size), Some(bias), Some(said)) =
                (steps.get(lane), table.scales.get(lane), table.biases.get(lane), prior.get(lane))
            else {
                return;
            };
            // Sums stay below 2^21: exact in f32.
            let base = *step as f32 * size * scale + bias + said * table.trust;
            self.step(&keys, language, lane, base, if holds { 1.0 } else { -1.0 }, scale, weight);
        });
    }

    /// One AROW step of one lane: margin at least 1 on the right side.
    #[allow(clippy::too_many_arguments, reason = "one formula with its variables")]
    fn step(
        &mut self,
        keys: &[u32],
        language: Lang,
        lane: usize,
        base: f32,
        side: f32,
        value: f32,
        weight: f32,
    ) {
        let code = language.code();
        let (mut moved, mut variance) = (0.0, 0.0);
        for key in keys {
            let row = self.rows.get(&(code, *key));
            moved += value * row.and_then(|row| row.deltas.get(lane)).copied().unwrap_or(0.0);
            variance += value * value * row.and_then(|row| row.variances.get(lane)).copied().unwrap_or(1.0);
        }
        let margin = side * (base + moved.clamp(-LOGIT_MAX, LOGIT_MAX));
        if margin >= 1.0 {
            return;
        }
        let beta = 1.0 / (variance + AROW_R / weight);
        let alpha = (1.0 - margin) * beta;
        for key in keys {
            if self.seen.is_empty() {
                self.seen = vec![0; SEEN_WORDS];
            }
            let (word, bit) = seen_place(*key);
            if let Some(bits) = self.seen.get_mut(word) {
                *bits |= bit;
            }
            let row = self.rows.entry((code, *key)).or_default();
            let (Some(delta), Some(variance)) = (row.deltas.get_mut(lane), row.variances.get_mut(lane))
            else {
                continue;
            };
            *delta += alpha * side * *variance * value;
            *variance -= beta * (*variance * value).powi(2);
        }
    }

    /// What a correction counts: halved in a conflict, capped per person.
    fn weight_of(&self, correction: &Correction) -> f32 {
        let conflict = self.said.get(&question_of(correction)).is_some_and(|said| contradicts(said));
        let stated = if correction.weight.is_finite() { correction.weight } else { 0.0 };
        let wanted = stated.clamp(0.0, WEIGHT_MAX) * if conflict { CONFLICT_WEIGHT } else { 1.0 };
        if self.people() < 2 {
            return wanted;
        }
        let own = self.persons.get(&correction.person).copied().unwrap_or(0.0);
        let all: f32 = self.persons.values().sum();
        // The most that keeps the person's share of everything.
        let room = (SHARE_MAX * (all - own) / (1.0 - SHARE_MAX)).max(FREE_WEIGHT) - own;
        wanted.min(room.max(0.0))
    }
}

/// True when two people's last words differ.
fn contradicts(said: &[(u64, Value)]) -> bool {
    let last: BTreeMap<u64, Value> = said.iter().copied().collect();
    let mut values = last.values();
    let first = values.next();
    values.any(|value| Some(value) != first)
}

/// The text and the question: each intent is one of its own.
fn question_of(correction: &Correction) -> (u64, u16) {
    let text = hash_bytes(0, fold(&correction.text).as_bytes());
    let head = correction.value.head() as u16;
    let intent = match correction.value {
        Value::Intent(intent, _) => 1 + intent as u16,
        _ => 0,
    };
    (text, head << 8 | intent)
}

#[inline]
fn seen_place(key: u32) -> (usize, u64) {
    let bits = key >> 16;
    ((bits >> 6) as usize, 1 << (bits & 63))
}

/// What a layer adds to the lanes of one text.
#[derive(Debug)]
pub(crate) struct Moves<'l> {
    layer: &'l Layer,
    language: Lang,
    sums: [f32; LANES],
}

impl<'l> Moves<'l> {
    /// Nothing yet.
    pub(crate) fn new(layer: &'l Layer, language: Lang) -> Self {
        Self { layer, language, sums: [0.0; LANES] }
    }

    /// Adds one feature.
    #[inline]
    pub(crate) fn add(&mut self, key: u32) {
        if let Some(row) = self.layer.row(self.language, key) {
            self.sums.iter_mut().zip(row).for_each(|(sum, delta)| *sum += delta);
        }
    }

    /// Sums per lane, not yet scaled.
    pub(crate) fn sums(&self) -> [f32; LANES] {
        self.sums
    }
}
