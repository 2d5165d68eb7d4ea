//! The plain peer: TF-IDF of words and letters with a linear classifier.
//!
//! In: texts with a class. Out: the class of other texts.
//! Source: sublinear term frequency times smoothed inverse document frequency
//! over words 1–2 and letters 3–5 of lower-cased words, unit length; softmax
//! regression by AdaGrad. No lexicon, no normalisation of our own.
//! Limits: [`CLASSES_MAX`] classes.

use crate::train::Chance;
use std::collections::HashMap;

/// Most classes.
pub const CLASSES_MAX: usize = 8;
const ROUNDS: usize = 15;
const RATE: f32 = 0.1;

type Row = [f32; CLASSES_MAX];

/// A trained peer.
pub struct TfIdf {
    places: HashMap<String, (usize, f32)>,
    weights: Vec<Row>,
    biases: Row,
    classes: usize,
}

impl TfIdf {
    /// Learns labelled texts.
    pub fn of(posts: &[(usize, &str)], classes: usize) -> Self {
        let counted: Vec<HashMap<String, f32>> = posts.iter().map(|(_, text)| counts(text)).collect();
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for post in &counted {
            post.keys().for_each(|term| *seen.entry(term).or_default() += 1);
        }
        let mut terms: Vec<(&str, u32)> = seen.into_iter().filter(|(_, times)| *times >= 2).collect();
        terms.sort_unstable();
        let all = posts.len() as f32;
        let places: HashMap<String, (usize, f32)> = terms
            .iter()
            .enumerate()
            .map(|(place, (term, times))| {
                ((*term).to_owned(), (place, ((1.0 + all) / (1.0 + *times as f32)).ln() + 1.0))
            })
            .collect();
        let mut peer = Self {
            weights: vec![[0.0; CLASSES_MAX]; places.len()],
            places,
            biases: [0.0; CLASSES_MAX],
            classes,
        };
        let vectors: Vec<Vec<(usize, f32)>> = counted.iter().map(|post| peer.vector(post)).collect();
        peer.learn(posts, &vectors);
        peer
    }

    /// The likeliest class of a text.
    pub fn class_of(&self, text: &str) -> usize {
        let sums = self.sums(&self.vector(&counts(text)));
        (0..self.classes).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0)
    }

    /// Probability of every class.
    pub fn probabilities_of(&self, text: &str) -> Vec<f32> {
        let all = self.softmax(&self.sums(&self.vector(&counts(text))));
        all.into_iter().take(self.classes).collect()
    }

    fn learn(&mut self, posts: &[(usize, &str)], vectors: &[Vec<(usize, f32)>]) {
        let mut memory = vec![[1e-4_f32; CLASSES_MAX]; self.weights.len()];
        let mut order: Vec<usize> = (0..posts.len()).collect();
        let mut chance = Chance(9);
        for round in 0..ROUNDS {
            for at in (1..order.len()).rev() {
                order.swap(at, chance.below(at + 1));
            }
            let rate = RATE * (1.0 - 0.9 * round as f32 / ROUNDS as f32);
            for &at in &order {
                // Places of `posts`, which `vectors` follows; classes are below CLASSES_MAX.
                let mut slope = self.softmax(&self.sums(&vectors[at]));
                slope[posts[at].0] -= 1.0;
                for (bias, step) in self.biases.iter_mut().zip(slope) {
                    *bias -= 0.02 * step;
                }
                for (place, value) in &vectors[at] {
                    let rows = self.weights[*place].iter_mut().zip(&mut memory[*place]).zip(slope);
                    for ((weight, seen), step) in rows {
                        let step = step * value;
                        *seen += step * step;
                        *weight -= rate * step / seen.sqrt();
                    }
                }
            }
        }
    }

    fn vector(&self, counts: &HashMap<String, f32>) -> Vec<(usize, f32)> {
        let mut vector: Vec<(usize, f32)> = counts
            .iter()
            .filter_map(|(term, times)| {
                self.places.get(term).map(|(place, idf)| (*place, (1.0 + times.ln()) * idf))
            })
            .collect();
        vector.sort_unstable_by_key(|(place, _)| *place);
        let length = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-6);
        vector.iter_mut().for_each(|(_, value)| *value /= length);
        vector
    }

    fn sums(&self, vector: &[(usize, f32)]) -> Row {
        let mut sums = self.biases;
        for (place, value) in vector {
            sums.iter_mut().zip(self.weights[*place]).for_each(|(sum, weight)| *sum += weight * value);
        }
        sums
    }

    fn softmax(&self, sums: &Row) -> Row {
        let top = sums.iter().take(self.classes).copied().fold(f32::NEG_INFINITY, f32::max);
        let mut out = [0.0; CLASSES_MAX];
        out.iter_mut().zip(sums).take(self.classes).for_each(|(out, sum)| *out = (sum - top).exp());
        let total: f32 = out.iter().sum();
        out.map(|one| one / total)
    }
}

/// How often each term is in a text.
fn counts(text: &str) -> HashMap<String, f32> {
    let mut counts: HashMap<String, f32> = HashMap::new();
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for (at, word) in words.iter().enumerate() {
        *counts.entry((*word).to_owned()).or_default() += 1.0;
        if let Some(next) = words.get(at + 1) {
            *counts.entry(format!("{word} {next}")).or_default() += 1.0;
        }
        let padded: Vec<char> = std::iter::once('_').chain(word.chars()).chain(['_']).collect();
        for n in 3..=5 {
            for gram in padded.windows(n) {
                *counts.entry(gram.iter().collect()).or_default() += 1.0;
            }
        }
    }
    counts
}
