//! Multinomial logistic regression over sparse features, learned one sample
//! at a time by AdaGrad.
//!
//! In: feature keys and the right class. Out: one weight per feature and class.
//! Errors: none; unknown keys are passed over. Cost: 64 multiplications per
//! known feature and sample.

use analysis::language::weights::LANES;
use std::collections::HashMap;

/// First step size of weights.
const RATE: f32 = 0.25;
/// First step size of biases.
const BIAS_RATE: f32 = 0.05;
/// Share of the step size that is gone at the end.
const DECAY: f32 = 0.9;
/// Pull of weights towards zero.
const RIDGE: f32 = 2e-6;
/// Share of AdaGrad's memory that is kept when features are dropped.
const KEPT_MEMORY: f32 = 0.2;
/// Samples with fewer known features teach nothing.
const MIN_FEATURES: usize = 3;

type Row = [f32; LANES];

/// The weights of one script while they are learned.
pub struct Linear {
    places: HashMap<u32, usize>,
    weights: Vec<Row>,
    memory: Vec<Row>,
    biases: Row,
    bias_memory: Row,
    classes: usize,
}

impl Linear {
    /// All weights zero.
    pub fn new(keys: impl Iterator<Item = u32>, classes: usize) -> Self {
        let mut places = HashMap::new();
        for key in keys {
            let next = places.len();
            places.entry(key).or_insert(next);
        }
        let rows = vec![[0.0; LANES]; places.len()];
        Self {
            places,
            weights: rows.clone(),
            memory: rows,
            biases: [0.0; LANES],
            bias_memory: [0.0; LANES],
            classes,
        }
    }

    /// The same weights for fewer features.
    pub fn narrowed(&self, keys: impl Iterator<Item = u32>) -> Self {
        let mut narrow = Self::new(keys, self.classes);
        for (key, &place) in &narrow.places {
            let Some(&old) = self.places.get(key) else { continue };
            // `place` and `old` come from the maps that sized these rows.
            narrow.weights[place] = self.weights[old];
            narrow.memory[place] = self.memory[old].map(|seen| seen * KEPT_MEMORY);
        }
        narrow.biases = self.biases;
        narrow.bias_memory = self.bias_memory;
        narrow
    }

    /// The biases, one per class.
    pub fn biases(&self) -> &Row {
        &self.biases
    }

    /// Keys and weights, in the order the keys were given.
    pub fn ordered_rows(&self) -> Vec<(u32, Row)> {
        let mut places: Vec<(usize, u32)> = self.places.iter().map(|(&key, &place)| (place, key)).collect();
        places.sort_unstable();
        places.into_iter().filter_map(|(place, key)| Some((key, *self.weights.get(place)?))).collect()
    }

    /// How far apart a feature drives the classes, weighted by `shares`.
    pub fn spread(&self, key: u32, shares: &[f32]) -> f32 {
        let Some(row) = self.places.get(&key).and_then(|&place| self.weights.get(place)) else { return 0.0 };
        let row = row.iter().take(self.classes);
        let mean = row.clone().sum::<f32>() / self.classes as f32;
        row.zip(shares).map(|(weight, share)| share * (weight - mean).powi(2)).sum::<f32>().sqrt()
    }

    /// The likeliest class; `None` with too few known features.
    pub fn guess(&self, keys: &[u32]) -> Option<usize> {
        let places = self.known(keys);
        if places.len() < MIN_FEATURES {
            return None;
        }
        let logits = self.logits(&places);
        logits.iter().take(self.classes).enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class)
    }

    /// One step towards `class`; `done_01` is the share of training behind.
    pub fn learn(&mut self, keys: &[u32], class: usize, done_01: f32) {
        let places = self.known(keys);
        if places.len() < MIN_FEATURES {
            return;
        }
        let mut slope = softmax(self.logits(&places), self.classes);
        slope[class] -= 1.0; // `class` is below `classes`, which is at most LANES.
        let pace = 1.0 - DECAY * done_01;
        let part = 1.0 / (places.len() as f32).sqrt();
        for ((bias, seen), step) in self.biases.iter_mut().zip(&mut self.bias_memory).zip(slope) {
            *seen += step * step;
            *bias -= BIAS_RATE * pace * step / (*seen + 1.0).sqrt();
        }
        for place in places {
            // Places come from `known`, within the rows.
            let (weights, memory) = (&mut self.weights[place], &mut self.memory[place]);
            for ((weight, seen), step) in weights.iter_mut().zip(memory).zip(slope) {
                let step = step * part + RIDGE * *weight;
                *seen += step * step;
                *weight -= RATE * pace * step / (*seen + 1e-3).sqrt();
            }
        }
    }

    fn known(&self, keys: &[u32]) -> Vec<usize> {
        keys.iter().filter_map(|key| self.places.get(key).copied()).collect()
    }

    fn logits(&self, places: &[usize]) -> Row {
        let mut sums = [0.0; LANES];
        for row in places.iter().filter_map(|&place| self.weights.get(place)) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += weight;
            }
        }
        let part = 1.0 / (places.len().max(1) as f32).sqrt();
        for (sum, bias) in sums.iter_mut().zip(&self.biases) {
            *sum = *sum * part + bias;
        }
        sums
    }
}

fn softmax(mut logits: Row, classes: usize) -> Row {
    let top = logits.iter().take(classes).copied().fold(f32::MIN, f32::max);
    let mut total = 0.0;
    for logit in logits.iter_mut().take(classes) {
        *logit = (*logit - top).exp();
        total += *logit;
    }
    for (place, logit) in logits.iter_mut().enumerate() {
        *logit = if place < classes { *logit / total } else { 0.0 };
    }
    logits
}
