//! From log-odds to probabilities that can be taken at their word.
//!
//! In: log-odds of posts that the learner did not see, with the right answers.
//! Out: a slope and an offset per lane (Platt 1999; one slope per choice with
//! an offset per value), thresholds, and the expected calibration error.
//! Cost: [`STEPS`] passes.

use super::learner::Row;
use super::samples::Sample;
use analysis::understanding::heads::{Head, LANES};
use analysis::understanding::probabilities;
use analysis::understanding::table::Calibration;

/// Passes of gradient descent.
const STEPS: usize = 400;
/// Step size of slopes and offsets.
const RATE: f32 = 0.5;
/// Bins of the expected calibration error.
const BINS: usize = 10;

/// A held-out post: its log-odds and its answers.
pub struct Held<'s> {
    /// Log-odds per lane.
    pub logits: Row,
    /// The post.
    pub sample: &'s Sample,
}

/// Slopes and offsets that make held-out posts most likely.
pub fn calibrate(held: &[Held<'_>]) -> Vec<Calibration> {
    let mut fitted = vec![Calibration { slope: 1.0, offset: 0.0 }; LANES];
    let mut totals = [1e-6_f32; LANES];
    for post in held {
        totals.iter_mut().zip(post.sample.weight).for_each(|(total, weight)| *total += weight);
    }
    for _ in 0..STEPS {
        let (mut slopes, mut offsets) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for post in held {
            let guess = probabilities(apply(&fitted, &post.logits));
            for lane in 0..LANES {
                let miss = (guess[lane] - post.sample.truth[lane]) * post.sample.weight[lane];
                slopes[lane] += miss * post.logits[lane] / totals[lane];
                offsets[lane] += miss / totals[lane];
            }
        }
        for head in Head::ALL {
            let lanes = head.lanes();
            let shared: f32 = lanes.clone().map(|lane| slopes[lane]).sum();
            for lane in lanes {
                // Lanes of a choice share their slope.
                let step = if head.is_choice() { shared } else { slopes[lane] };
                fitted[lane].slope = (fitted[lane].slope - RATE * 0.3 * step).clamp(0.05, 10.0);
                fitted[lane].offset -= RATE * offsets[lane];
            }
        }
    }
    fitted
}

/// Calibrated log-odds.
pub fn apply(calibrations: &[Calibration], logits: &Row) -> Row {
    let mut out = *logits;
    for (logit, fitted) in out.iter_mut().zip(calibrations) {
        *logit = *logit * fitted.slope + fitted.offset;
    }
    out
}

/// Expected calibration error of a head over held-out posts, 0…1: calibrated
/// on the even ones and judged on the odd ones, and the other way round.
pub fn expected_error(held: &[Held<'_>], head: Head) -> f64 {
    let mut pairs = Vec::new();
    for side in [0, 1] {
        let part = |keep: usize| {
            let posts = held.iter().enumerate().filter(move |(at, _)| at % 2 == keep);
            posts.map(|(_, post)| Held { logits: post.logits, sample: post.sample }).collect::<Vec<_>>()
        };
        let fitted = calibrate(&part(side));
        for post in part(1 - side) {
            let guess = probabilities(apply(&fitted, &post.logits));
            collect(&guess, post.sample, head, &mut pairs);
        }
    }
    error_of(&pairs)
}

/// Adds what a head says of a post with how sure it is and whether it is right:
/// the best value of a choice, each answer of the others.
pub fn collect(guess: &Row, sample: &Sample, head: Head, pairs: &mut Vec<(f64, f64, f64)>) {
    if head.is_choice() {
        let best = head.lanes().max_by(|a, b| guess[*a].total_cmp(&guess[*b])).unwrap_or(0);
        let weight = f64::from(sample.weight[best]);
        pairs.push((f64::from(guess[best]), f64::from(sample.truth[best]), weight));
        return;
    }
    for lane in head.lanes() {
        pairs.push((f64::from(guess[lane]), f64::from(sample.truth[lane]), f64::from(sample.weight[lane])));
    }
}

/// Mean distance between how sure and how often right, over [`BINS`] bins.
pub fn error_of(pairs: &[(f64, f64, f64)]) -> f64 {
    let mut bins = [(0.0, 0.0, 0.0); BINS];
    for (sure, right, weight) in pairs {
        // Probabilities: within the bins.
        let bin = &mut bins[((sure * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + sure * weight, bin.1 + right * weight, bin.2 + weight);
    }
    let all: f64 = bins.iter().map(|bin| bin.2).sum();
    bins.iter().map(|bin| (bin.0 - bin.1).abs()).sum::<f64>() / all.max(1e-9)
}

/// The probability from which a yes-or-no lane is best given (F1), never less
/// than one half: what is not more likely than not is not said.
pub fn best_limit(held: &[Held<'_>], calibrations: &[Calibration], lane: usize) -> f32 {
    let judged: Vec<(f32, bool)> = held
        .iter()
        .filter(|post| post.sample.weight[lane] > 0.0)
        .map(|post| (probabilities(apply(calibrations, &post.logits))[lane], post.sample.truth[lane] > 0.5))
        .collect();
    let f1 = |limit: f32| {
        let count =
            |keep: &dyn Fn(&(f32, bool)) -> bool| judged.iter().filter(|one| keep(one)).count() as f32;
        let both = count(&|(sure, truth)| *sure >= limit && *truth);
        let either = count(&|(sure, _)| *sure >= limit) + count(&|(_, truth)| *truth);
        2.0 * both / either.max(1.0)
    };
    let mut best = (0.5, f1(0.5));
    // Far from one half, a limit found on few posts is chance.
    for step in 11..=16_u8 {
        let limit = f32::from(step) * 0.05;
        if f1(limit) > best.1 + 0.002 {
            best = (limit, f1(limit));
        }
    }
    best.0
}
