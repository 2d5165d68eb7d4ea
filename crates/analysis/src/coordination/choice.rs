//! How surprising it is that two accounts chose so many objects in common,
//! whatever the time.
//!
//! In: how popular all objects are; per account, its distinct objects by stratum
//! of popularity and how often others chose them; per pair, the objects on which
//! both acted. Out: the expected number and the logarithm of a bound on the
//! probability of as many or more, out of min(d, e) at most for accounts with d
//! and e objects. The bound is that of independent trials, which also covers
//! draws without replacement (Hoeffding 1963). Viral objects carry little, as
//! everybody has them.
//! The null depends on who makes an object popular, see [`ChoiceNull`].
//! Cost: constant per pair. Source: the idea of validating a projection by the
//! hypergeometric law (Tumminello et al. 2011), here stratified, or given each
//! account's own objects.
//! Limits: fans, customers and activists choose alike with no agreement at all:
//! this speaks of slow traces, where time says little, and never alone. A team
//! that makes most of all choices is its own chance.

use super::timing::ln_tail;

/// Strata of popularity.
const STRATA: usize = 10;

/// What two accounts would have in common by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChoiceNull {
    /// Objects are popular with a crowd. Within a stratum each account draws its
    /// number of objects with a probability proportional to their popularity S:
    /// μ = Σ d·e·ΣS(S−1)/(ΣS)². Who likes what is popular is not taken for one of many.
    #[default]
    Crowd,
    /// Teams are all there is, and make their objects as popular as they are: a
    /// stratum may hold one team's texts only, whose members then meet by its
    /// own chance. Here it is given what the one chose, and the other draws its
    /// objects in proportion to how often all but the one chose them: of T
    /// choices in all, d of them the one's, and A of others on these,
    /// μ = e·A/(T − d). It is asked both ways; the higher μ counts.
    Teams,
}

/// How popular the objects of each stratum are: choices, and ordered pairs of
/// accounts with the same choice. One whom nobody joined is popular with nobody.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strata {
    actors: [f64; STRATA],
    meetings: [f64; STRATA],
}

impl Strata {
    /// From the number of actors of every object.
    pub fn new(actors: impl Iterator<Item = u32>) -> Self {
        let mut strata = Self::default();
        for actors in actors.filter(|actors| *actors > 0) {
            // The stratum is below STRATA.
            strata.actors[stratum(actors)] += f64::from(actors);
            strata.meetings[stratum(actors)] += f64::from(actors) * (f64::from(actors) - 1.0);
        }
        strata
    }
}

/// The stratum of an object: each spans a factor of four.
fn stratum(actors: u32) -> usize {
    (actors.max(1).ilog2() as usize / 2).min(STRATA - 1)
}

/// What one account chose.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Choices {
    /// Distinct objects.
    by_stratum: [u32; STRATA],
    /// How often others chose these, summed.
    others: u64,
}

impl Choices {
    /// Notes an object on which so many accounts acted, this one among them.
    pub fn add(&mut self, actors: u32) {
        self.by_stratum[stratum(actors)] += 1; // Below STRATA.
        self.others += u64::from(actors.saturating_sub(1));
    }

    fn objects(&self) -> f64 {
        self.by_stratum.iter().copied().map(f64::from).sum()
    }
}

/// The expected number of common objects, and the logarithm of a bound on the
/// probability of `joint` or more.
pub(super) fn choice(
    null: ChoiceNull,
    strata: &Strata,
    one: &Choices,
    other: &Choices,
    joint: u32,
) -> (f64, f64) {
    let (expected, trials) = match null {
        ChoiceNull::Crowd => of_crowd(strata, one, other),
        ChoiceNull::Teams => of_teams(strata, one, other),
    };
    (expected, ln_tail(trials, f64::from(joint), expected))
}

/// The expected and the highest number within strata.
fn of_crowd(strata: &Strata, one: &Choices, other: &Choices) -> (f64, f64) {
    let (mut expected, mut trials) = (0.0, 0.0);
    let popularity = strata.actors.iter().zip(&strata.meetings);
    for ((&one, &other), (actors, meetings)) in one.by_stratum.iter().zip(&other.by_stratum).zip(popularity) {
        let possible = f64::from(one.min(other));
        if possible > 0.0 {
            expected += (f64::from(one) * f64::from(other) * meetings / (actors * actors)).min(possible);
            trials += possible;
        }
    }
    (expected, trials)
}

/// The expected and the highest number, given what each chose.
fn of_teams(strata: &Strata, one: &Choices, other: &Choices) -> (f64, f64) {
    let all: f64 = strata.actors.iter().sum();
    let (objects, other_objects) = (one.objects(), other.objects());
    let given = |given: &Choices, own: f64, drawn: f64| drawn * given.others as f64 / (all - own).max(1.0);
    let expected = given(one, objects, other_objects).max(given(other, other_objects, objects));
    let trials = objects.min(other_objects);
    (expected.min(trials), trials)
}
