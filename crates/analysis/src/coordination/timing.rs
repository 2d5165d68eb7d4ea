//! How surprising it is that two accounts acted together so often, given which
//! objects both chose and when everybody acted on them.
//!
//! In: per object, how many accounts acted and how often two of them met in a
//! cell; per pair, the objects J on which both acted and the number X of those
//! where they met. Out: the expected X and the logarithm of a bound on the
//! probability of X or more.
//!
//! The null: same interests, independent timing. If the times of an object's
//! actions were dealt anew among its accounts, a pair would meet with the
//! probability r = Σ s(s−1) / (K² − Σ n²), where s counts the accounts of a
//! cell, n the cells of an account and K = Σ n. For accounts that act once this
//! is Q/(S(S−1)). An account with n cells meets one with m at most n·m times as
//! likely. r is drawn towards the population's: π = (S·r + κ·π₀)/(S + κ).
//! Tail: P ≤ exp(−|J|·KL(X/|J| ‖ mean π)), for a sum of independent trials with
//! different chances (Hoeffding 1956, 1963).
//! Conditioning on J takes out shared interest (fans, activists, customers);
//! r takes out the burst of each object (news, push notifications); κ stops a
//! network that has an obscure object to itself from being its own baseline.
//! Cost: constant per object and pair; 8 B per object.
//!
//! Limits. What this null cannot separate:
//! - *Habit from agreement.* Accounts that all act in the first minute because
//!   a notification told them so look like accounts that one hand moves. What
//!   is left when such a habit is given is told apart, see `pace`.
//! - *A large network on its own objects.* Where nearly all of an object's
//!   accounts belong to it and there are many more than κ, meeting is what the
//!   object's own record predicts. The choice of such objects tells them apart.
//! - *The copied from the copier.* One that always acts seconds after another
//!   makes the pair as surprising as two that agreed. Only the order differs:
//!   the copied one is always first. See `Pair::leader` and `copied`. Two that
//!   act in the same second, and times that the author could forge, have no
//!   order to rely on.

/// Actors at which an object's own record weighs as much as the population's.
const ACTORS_OF_PRIOR: f64 = 25.0;
/// Lowest chance to meet: a record of few actions proves nothing rarer.
const CHANCE_MIN: f64 = 1e-6;
/// Highest chance to meet. Not lower: where all times are the same, meeting
/// must not become surprising by being repeated.
const CHANCE_MAX: f64 = 1.0 - 1e-6;
/// One, in the unit of [`Timing::chance`] sums.
pub(super) const CHANCE_UNIT: f64 = (1_u64 << 32) as f64;

/// The record of one object.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ObjectTiming {
    /// Accounts that acted on it.
    pub actors: u32,
    /// How probable it is that two of its account's cells are the same one.
    pub rate: f32,
}

impl ObjectTiming {
    /// From the number of actors, ordered pairs that met (Σ s(s−1)), cells of
    /// accounts (K) and the sum of their squares by account (Σ n²).
    pub fn of(actors: u32, met: u64, cells: u64, squares: u64) -> Self {
        let possible = (cells as f64).mul_add(cells as f64, -(squares as f64));
        let rate = if possible > 0.0 { (met as f64 / possible).min(1.0) } else { 0.0 };
        Self { actors, rate: rate as f32 }
    }
}

/// The records of all objects and what is usual.
pub(super) struct Timing {
    objects: Vec<ObjectTiming>,
    usual: f64,
}

impl Timing {
    /// From the record of every object, by number.
    pub fn new(objects: Vec<ObjectTiming>) -> Self {
        let (mut sum, mut weights) = (0.0, 0.0);
        for object in objects.iter().filter(|object| object.actors > 1) {
            let weight = own_weight(object.actors);
            sum += weight * f64::from(object.rate);
            weights += weight;
        }
        Self { objects, usual: if weights > 0.0 { sum / weights } else { 0.0 } }
    }

    /// The accounts that acted on each object, by number.
    pub fn all_actors(&self) -> impl Iterator<Item = u32> {
        self.objects.iter().map(|object| object.actors)
    }

    /// The accounts that acted on an object.
    pub fn actors(&self, object: u32) -> u32 {
        self.objects.get(object as usize).map_or(0, |object| object.actors)
    }

    /// How probable it is that a cell of one and a cell of another account of
    /// the object are the same.
    pub fn chance(&self, object: u32) -> f64 {
        let Some(object) = self.objects.get(object as usize) else { return CHANCE_MAX };
        let weight = own_weight(object.actors);
        (weight * f64::from(object.rate) + (1.0 - weight) * self.usual).clamp(CHANCE_MIN, CHANCE_MAX)
    }
}

fn own_weight(actors: u32) -> f64 {
    f64::from(actors) / (f64::from(actors) + ACTORS_OF_PRIOR)
}

/// The chance to meet of accounts with so many cells, as a whole number of
/// which [`CHANCE_UNIT`] is one: such sums do not depend on their order.
pub(super) fn chance_of_cells(chance: f64, cells: u16, other_cells: u16) -> u64 {
    let chance = (chance * f64::from(cells) * f64::from(other_cells)).min(CHANCE_MAX);
    // Between zero and 2³².
    (chance * CHANCE_UNIT) as u64
}

/// The logarithm of a bound on the probability that `observed` or more of
/// `trials` independent trials succeed, when `expected` do on average; 0 when
/// no more are observed than expected.
pub fn ln_tail(trials: f64, observed: f64, expected: f64) -> f64 {
    let expected = expected.max(trials * CHANCE_MIN);
    if !(trials > 0.0 && observed > expected) {
        return 0.0;
    }
    let (share, mean) = ((observed / trials).min(1.0), (expected / trials).min(CHANCE_MAX));
    let failing = if share < 1.0 { (1.0 - share) * ((1.0 - share) / (1.0 - mean)).ln() } else { 0.0 };
    (-trials * (share * (share / mean).ln() + failing)).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::ln_tail;

    #[test]
    fn the_bound_is_above_the_binomial_tail() {
        for (trials, mean) in [(10_u32, 0.1_f64), (40, 0.02), (200, 0.4)] {
            for observed in 1..=trials {
                let mut tail = 0.0;
                for count in observed..=trials {
                    let ways: f64 = (0..count).map(|k| f64::from(trials - k) / f64::from(k + 1)).product();
                    let others = (1.0 - mean).powi(i32::try_from(trials - count).unwrap());
                    tail += ways * mean.powi(i32::try_from(count).unwrap()) * others;
                }
                let bound = ln_tail(f64::from(trials), f64::from(observed), f64::from(trials) * mean);
                assert!(
                    bound >= tail.ln() - 1e-9,
                    "{observed} of {trials} at {mean}: {bound} < {}",
                    tail.ln()
                );
            }
        }
        assert_eq!(ln_tail(0.0, 0.0, 0.0), 0.0);
        assert!(ln_tail(5.0, 5.0, 0.0).is_finite());
    }
}
