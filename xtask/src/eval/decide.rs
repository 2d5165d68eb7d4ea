//! From probabilities to classes, where the measure is no mere count of the right.
//!
//! In: a probability per class of every post. Out: a class per post. What is
//! added to each class, or from where on a yes is a yes, is chosen on the
//! posts of the other folds, for our method and its peer alike.
//! Cost: some hundred looks at every post.

use super::{FOLDS, Measure, Task, f1};

/// Steps in which what is added to a class is sought, nats.
const STEPS: [f32; 4] = [0.8, 0.4, 0.2, 0.1];

/// Truth and class of every post.
pub fn by_other_folds(task: &Task, measure: Measure, likely: &[Vec<f32>]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = task.posts.iter().map(|(truth, _)| (*truth, 0)).collect();
    for fold in 0..FOLDS {
        let others: Vec<usize> = (0..likely.len()).filter(|at| at % FOLDS != fold).collect();
        let class_of: Box<dyn Fn(usize) -> usize> = match measure {
            Measure::From(first) => {
                let limit = best_limit(task, measure, first, likely, &others);
                Box::new(move |at| from(first, &likely[at], limit))
            }
            Measure::Macro if task.classes == 2 => {
                let limit = best_limit(task, measure, 1, likely, &others);
                Box::new(move |at| from(1, &likely[at], limit))
            }
            Measure::Macro => {
                let added = best_added(task, measure, likely, &others);
                Box::new(move |at| likeliest(&likely[at], &added))
            }
        };
        (0..likely.len()).filter(|at| at % FOLDS == fold).for_each(|at| pairs[at].1 = class_of(at));
    }
    pairs
}

/// The class `first` when it and those after it are likely enough together.
fn from(first: usize, likely: &[f32], limit: f32) -> usize {
    if likely.iter().skip(first).sum::<f32>() >= limit { first } else { 0 }
}

fn likeliest(likely: &[f32], added: &[f32]) -> usize {
    let value = |class: usize| likely[class].max(1e-9).ln() + added[class];
    (0..likely.len()).max_by(|a, b| value(*a).total_cmp(&value(*b))).unwrap_or(0)
}

fn value_of(task: &Task, measure: Measure, others: &[usize], class_of: impl Fn(usize) -> usize) -> f64 {
    let pairs: Vec<(usize, usize)> = others.iter().map(|at| (task.posts[*at].0, class_of(*at))).collect();
    f1(&pairs, &(0..pairs.len()).collect::<Vec<_>>(), task.classes, measure)
}

fn best_limit(task: &Task, measure: Measure, first: usize, likely: &[Vec<f32>], others: &[usize]) -> f32 {
    let mut best = (0.5, f64::MIN);
    for step in 8..=32_u8 {
        let limit = f32::from(step) * 0.025;
        let value = value_of(task, measure, others, |at| from(first, &likely[at], limit));
        if value > best.1 {
            best = (limit, value);
        }
    }
    best.0
}

fn best_added(task: &Task, measure: Measure, likely: &[Vec<f32>], others: &[usize]) -> Vec<f32> {
    let value = |added: &[f32]| value_of(task, measure, others, |at| likeliest(&likely[at], added));
    let mut added = vec![0.0_f32; task.classes];
    let mut best = value(&added);
    for step in STEPS {
        for class in 1..task.classes {
            for side in [-step, step] {
                loop {
                    let mut next = added.clone();
                    next[class] += side;
                    let found = value(&next);
                    if found <= best {
                        break;
                    }
                    (best, added) = (found, next);
                }
            }
        }
    }
    added
}
