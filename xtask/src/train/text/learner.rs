//! Many heads of one linear model, learned together one post at a time.
//!
//! In: [`Sample`]s. Out: [`Learned`], one weight per feature and lane.
//! Source: AdaGrad (Duchi, Hazan and Singer 2011), stopped early in place of a penalty;
//! softmax for choices, the logistic function for yes or no.
//! Cost: 64 multiplications per known feature, sample and round.
//! One thread and a fixed order: the same numbers from the same samples.

use super::samples::Sample;
use analysis::understanding::features::Class;
use analysis::understanding::heads::LANES;
use analysis::understanding::{probabilities, scale_of};
use std::collections::HashMap;

/// One row of weights.
pub type Row = [f32; LANES];

/// How the learner goes about it.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Passes over the samples.
    pub rounds: usize,
    /// First step size of weights.
    pub rate: f32,
    /// Pace of words, pairs, letter n-grams, signs and lexicon evidence.
    pub paces: [f32; 5],
    /// Pace of each lane.
    pub lanes: Row,
    /// Posts in which a feature must be to be learned.
    pub seen_min: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rounds: 12, rate: 0.1, paces: [1.0; 5], lanes: [1.0; LANES], seen_min: 2 }
    }
}

/// First step size of biases.
const BIAS_RATE: f32 = 0.05;
/// Share of the step size that is gone at the end.
const DECAY: f32 = 0.9;
/// What AdaGrad's memory starts from.
const MEMORY_START: f32 = 1e-3;

/// What was learned.
#[derive(Debug, Clone)]
pub struct Learned {
    places: HashMap<u32, u32>,
    keys: Vec<u32>,
    seen: Vec<u32>,
    /// Pace of each feature.
    paces: Vec<f32>,
    weights: Vec<Row>,
    /// One bias per lane.
    pub biases: Row,
}

impl Learned {
    /// Learns `samples`, each named by its place, in a shuffled order.
    pub fn of(samples: &[&Sample], settings: Settings) -> Self {
        let mut learned = Self::vocabulary(samples, settings);
        let known: Vec<Vec<u32>> = samples.iter().map(|sample| learned.known(&sample.keys)).collect();
        let mut memory = vec![[MEMORY_START; LANES]; learned.weights.len()];
        let mut bias_memory = [1.0_f32; LANES];
        let mut order: Vec<usize> = (0..samples.len()).collect();
        let mut chance = crate::train::Chance(5);
        let total = (settings.rounds * samples.len()).max(1) as f32;
        let mut done = 0_usize;
        for _ in 0..settings.rounds {
            for at in (1..order.len()).rev() {
                order.swap(at, chance.below(at + 1));
            }
            for &at in &order {
                let pace = 1.0 - DECAY * (done as f32 / total);
                done += 1;
                // `at` is a place in `samples` and in `known`, which has its length.
                learned.learn(samples[at], &known[at], settings, pace, &mut memory, &mut bias_memory);
            }
        }
        learned
    }

    fn vocabulary(samples: &[&Sample], settings: Settings) -> Self {
        let mut counts: HashMap<u32, (u32, Class)> = HashMap::new();
        let mut once: Vec<(u32, Class)> = Vec::new();
        for sample in samples {
            once.clear();
            once.extend_from_slice(&sample.keys);
            once.sort_unstable_by_key(|(key, _)| *key);
            once.dedup_by_key(|(key, _)| *key);
            for (key, class) in &once {
                counts.entry(*key).or_insert((0, *class)).0 += 1;
            }
        }
        let mut kept: Vec<(u32, (u32, Class))> =
            counts.into_iter().filter(|(_, (times, _))| *times >= settings.seen_min).collect();
        kept.sort_unstable_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
        Self {
            places: kept.iter().zip(0_u32..).map(|((key, _), place)| (*key, place)).collect(),
            keys: kept.iter().map(|(key, _)| *key).collect(),
            seen: kept.iter().map(|(_, (times, _))| *times).collect(),
            // A class is the ordinal of its pace.
            paces: kept.iter().map(|(_, (_, class))| settings.paces[*class as usize]).collect(),
            weights: vec![[0.0; LANES]; kept.len()],
            biases: [0.0; LANES],
        }
    }

    fn known(&self, keys: &[(u32, Class)]) -> Vec<u32> {
        keys.iter().filter_map(|(key, _)| self.places.get(key).copied()).collect()
    }

    /// Log-odds per lane from the known features of a text.
    fn sums(&self, known: &[u32], sample: &Sample) -> Row {
        let mut sums = [0.0; LANES];
        for row in known.iter().filter_map(|place| self.weights.get(*place as usize)) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += weight;
            }
        }
        let scale = scale_of(sample.keys.len() as u32);
        for (sum, bias) in sums.iter_mut().zip(&self.biases) {
            *sum = *sum * scale + bias;
        }
        sums
    }

    /// Log-odds per lane of a text.
    pub fn logits(&self, sample: &Sample) -> Row {
        self.sums(&self.known(&sample.keys), sample)
    }

    fn learn(
        &mut self,
        sample: &Sample,
        known: &[u32],
        settings: Settings,
        pace: f32,
        memory: &mut [Row],
        bias_memory: &mut Row,
    ) {
        let scale = scale_of(sample.keys.len() as u32);
        let mut slope = probabilities(self.sums(known, sample));
        for ((slope, truth), weight) in slope.iter_mut().zip(sample.truth).zip(sample.weight) {
            *slope = (*slope - truth) * weight;
        }
        for ((bias, seen), step) in self.biases.iter_mut().zip(bias_memory).zip(slope) {
            *seen += step * step;
            *bias -= BIAS_RATE * pace * step / seen.sqrt();
        }
        let rate = settings.rate * pace;
        for place in known {
            let place = *place as usize;
            // Places come from `known`, within the rows; memory has their length.
            let (weights, memory) = (&mut self.weights[place], &mut memory[place]);
            let rate = rate * self.paces[place];
            for (((weight, seen), step), pace) in
                weights.iter_mut().zip(memory).zip(slope).zip(settings.lanes)
            {
                let step = step * scale;
                *seen += step * step;
                *weight -= rate * pace * step / seen.sqrt();
            }
        }
    }

    /// Keys and weights of the features that matter most, the commonest first.
    pub fn strongest(&self, most: usize) -> Vec<(u32, Row)> {
        let mut ranked: Vec<(f32, usize)> = self
            .weights
            .iter()
            .enumerate()
            .map(|(place, row)| {
                let size: f32 = row.iter().map(|weight| weight * weight).sum();
                (size * self.seen.get(place).copied().unwrap_or(0) as f32, place)
            })
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(most);
        let mut places: Vec<usize> = ranked.into_iter().map(|(_, place)| place).collect();
        places.sort_unstable();
        places
            .into_iter()
            .filter_map(|place| Some((*self.keys.get(place)?, *self.weights.get(place)?)))
            .collect()
    }

    /// Number of features.
    pub fn len(&self) -> usize {
        self.keys.len()
    }
}
