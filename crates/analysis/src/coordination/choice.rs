//! How surprising it is that two accounts chose so many objects in common,
//! whatever the time.
//!
//! In: per account, its distinct objects by stratum of popularity; per stratum,
//! how popular its objects are; per pair, the objects on which both acted. Out:
//! the expected number and the logarithm of a bound on the probability of as
//! many or more.
//! The null: within a stratum each account draws its number of objects with a
//! probability proportional to their popularity, so that a pair has
//! μ = Σ d·e·ΣS²/(ΣS)² in common, out of at most Σ min(d, e). The bound is that
//! of independent trials, which also covers draws without replacement
//! (Hoeffding 1963). Viral objects carry little, as everybody has them.
//! Cost: constant per pair. Source: the idea of validating a projection by the
//! hypergeometric law (Tumminello et al. 2011), here stratified.
//! Limits: fans, customers and activists choose alike with no agreement at all:
//! this speaks of slow traces, where time says little, and never alone.

use super::timing::ln_tail;

/// Strata of popularity.
pub(super) const STRATA: usize = 10;

/// Objects by stratum.
pub(super) type ByStratum = [u32; STRATA];

/// How popular the objects of each stratum are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strata {
    actors: [f64; STRATA],
    squares: [f64; STRATA],
}

impl Strata {
    /// From the number of actors of every object.
    pub fn new(actors: impl Iterator<Item = u32>) -> Self {
        let mut strata = Self::default();
        for actors in actors.filter(|actors| *actors > 0) {
            // The stratum is below STRATA.
            strata.actors[stratum(actors)] += f64::from(actors);
            strata.squares[stratum(actors)] += f64::from(actors).powi(2);
        }
        strata
    }
}

/// The stratum of an object: each spans a factor of four.
pub(super) fn stratum(actors: u32) -> usize {
    (actors.max(1).ilog2() as usize / 2).min(STRATA - 1)
}

/// The expected number of common objects, and the logarithm of a bound on the
/// probability of `joint` or more.
pub(super) fn choice(strata: &Strata, one: &ByStratum, other: &ByStratum, joint: u32) -> (f64, f64) {
    let (mut expected, mut trials) = (0.0, 0.0);
    let popularity = strata.actors.iter().zip(&strata.squares);
    for ((&one, &other), (actors, squares)) in one.iter().zip(other).zip(popularity) {
        let possible = f64::from(one.min(other));
        if possible > 0.0 {
            expected += (f64::from(one) * f64::from(other) * squares / (actors * actors)).min(possible);
            trials += possible;
        }
    }
    (expected, ln_tail(trials, f64::from(joint), expected))
}
