//! Whether a suspected group acts together on objects that did not suggest it.
//!
//! In: the members and all actions, by anybody, on held-out objects. Out: a
//! [`Confirmation`]. Errors: none.
//! Cost: members' actions · permutations, with a sort of the members of one
//! stretch each; at most [`DRAWS_MAX`] draws. Where a first look at
//! [`FIRST_LOOK`] permutations already says that nothing is there, it stops.
//! Source: permutation test with the times of an object dealt anew among all
//! who acted on it, which keeps what everybody chose and each object's own
//! burst; p with one added (Phipson and Smyth 2010). Times are dealt within
//! stretches only, short at the start of an object and longer behind, so that
//! people who are merely quicker than others are not taken for people who act
//! together (the interval jitter of spike trains, Amarasingham and others 2012):
//! of twelve fans three times as quick as others, 85 % of simulated groups had
//! p ≤ 0.01 when dealt over hours, 4 % when dealt over stretches, and planted
//! groups were found nearly as often.
//! Limits: an account counts with one act in a stretch, chosen by a hash, so
//! that one who never stops neither meets everybody nor thins out the times
//! that are dealt. Where nobody but members acted, dealing changes nothing and
//! the object says nothing ([`confirm`]), unless the delays of ordinary people
//! elsewhere stand in ([`confirm_against`], weaker: see there). Who acts within
//! a cell of a common signal, a notification say, acts together for this test.

use super::action::Action;
use super::dice::{Dice, mix};

/// Cells of the first stretch of an object.
const STRETCH_CELLS_FIRST: u32 = 8;
/// A stretch has so many times the cells of the one before ...
const STRETCH_GROWTH: u32 = 3;
/// ... up to so many cells ...
const STRETCH_CELLS_MAX: u32 = 24;
/// ... or so many seconds, whichever is longer.
pub const STRETCH_S_MAX: u32 = 3_600;
/// Permutations of the first look.
const FIRST_LOOK: u32 = 99;
/// As many of the first look that reach what was observed end the test.
const FIRST_LOOK_REACHED: u32 = 20;
/// Members' actions dealt, over all permutations; beyond, there are fewer permutations.
pub const DRAWS_MAX: u64 = 1 << 30;
/// Places of others that an object has at least when delays stand in; the
/// weight of the population in the pairs' own null.
const OTHERS_MIN: usize = 25;
/// Delays kept of one object, so that a viral one is not all there is.
const DELAYS_PER_OBJECT: usize = 64;
/// Delays kept in all.
const DELAYS_MAX: usize = 1 << 16;
/// Differences below this are rounding.
const ROUNDING: f64 = 1e-9;
/// Halvings of the range in which the best exponent of the bound is sought.
const HALVINGS: u32 = 60;
/// The exponent of the bound is sought up to here.
const EXPONENT_MAX: f64 = 64.0;
/// Less is not told apart.
const P_MIN: f64 = 1e-15;

/// What held-out objects say of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confirmation {
    /// Pairs of members within one time cell, over all objects that could speak,
    /// with one act of each in a stretch.
    pub observed: f64,
    /// Such pairs that times dealt at random give, in the mean.
    pub expected: f64,
    /// Probability of as great an excess without joint timing; 1 where no
    /// object could speak.
    ///
    /// The share of permutations that reach it, with one added to both sides.
    /// When none does, the smaller of that floor, 1 / (permutations + 1), and a
    /// Chernoff bound for the sum over stretches, which are dealt independently:
    /// there each counts with its own permutations and what was observed as
    /// one of them, so that one alone never says more than the floor.
    pub p: f64,
    /// Objects that could speak: two members or more, and others beside them.
    pub objects: u32,
}

impl Confirmation {
    /// `p`, or `None` where no object could speak, which is not the same as an
    /// object that says no.
    pub fn known_p(&self) -> Option<f64> {
        (self.objects > 0).then_some(self.p)
    }
}

/// How long after the first action ordinary people act, over many objects; rising.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delays(Vec<u32>);

impl Delays {
    /// The delays of all but some accounts on each object; the first action of
    /// an object is its zero. At most 64 of one object, chosen at random.
    pub fn of(actions_by_object: &[&[Action]], without: &[u32]) -> Self {
        let mut delays = DelaysOf::without(without);
        actions_by_object.iter().for_each(|actions| delays.add(actions));
        delays.finish()
    }

    /// Where those of a stretch are.
    fn within(&self, stretch: Stretch) -> std::ops::Range<usize> {
        let end = stretch.begin.saturating_add(stretch.length);
        self.0.partition_point(|&delay| delay < stretch.begin)..self.0.partition_point(|&delay| delay < end)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// [`Delays`] object by object, for actions that are not in memory together.
pub struct DelaysOf {
    without: Vec<u32>,
    dice: Dice,
    delays: Vec<u32>,
}

impl DelaysOf {
    /// Those of all but some accounts.
    pub fn without(accounts: &[u32]) -> Self {
        Self { without: rising(accounts), dice: Dice::new(0), delays: Vec::new() }
    }

    /// Adds everybody's actions on an object.
    pub fn add(&mut self, actions: &[Action]) {
        let Some(first) = actions.iter().map(|action| action.time).min() else { return };
        let mut of_object: Vec<u32> = actions
            .iter()
            .filter(|action| self.without.binary_search(&action.account).is_err())
            .map(|action| action.time - first)
            .collect();
        self.dice.deal(&mut of_object, DELAYS_PER_OBJECT);
        self.delays.extend(of_object.into_iter().take(DELAYS_PER_OBJECT));
    }

    /// Chooses those that are kept.
    pub fn finish(mut self) -> Delays {
        self.dice.deal(&mut self.delays, DELAYS_MAX);
        self.delays.truncate(DELAYS_MAX);
        self.delays.sort_unstable();
        Delays(self.delays)
    }
}

/// Whether an object is kept back from the search for groups, to confirm them
/// with: half of all, by a hash of its key, whatever happens on it.
pub const fn held_out(object_key: u64) -> bool {
    mix(object_key ^ 0x4865_6c64_206f_7574) >> 63 == 1
}

/// Tests a group on objects that did not suggest it. `actions_by_object` has
/// one slice for each object with everybody's actions on it, in any order;
/// cells are `window_s` seconds long (1 at least), as for the pairs.
pub fn confirm(
    members: &[u32],
    actions_by_object: &[&[Action]],
    window_s: u32,
    permutations: u32,
    seed: u64,
) -> Confirmation {
    confirm_against(members, actions_by_object, &Delays::default(), window_s, permutations, seed)
}

/// As [`confirm`], but a stretch with fewer than 25 acts of others is filled up
/// to that with `delays`, so that a group cannot hide on objects that only
/// it touches.
///
/// Weaker: an object's own burst is then known only as far as others took
/// part. Fans who are the only ones to know their idol's posts and run to them
/// faster than people run to other things are confirmed too. Read it beside
/// [`confirm`], and take the delays from objects of the same kind.
pub fn confirm_against(
    members: &[u32],
    actions_by_object: &[&[Action]],
    delays: &Delays,
    window_s: u32,
    permutations: u32,
    seed: u64,
) -> Confirmation {
    let members = rising(members);
    let window_s = window_s.max(1);
    let by_object = actions_by_object.iter().map(|actions| places(actions, &members, delays, window_s));
    let by_object: Vec<Vec<Places>> = by_object.filter(|places| !places.is_empty()).collect();
    let objects = u32::try_from(by_object.len()).unwrap_or(u32::MAX);
    let stretches: Vec<Places> = by_object.into_iter().flatten().collect();
    let draws: u64 = stretches.iter().map(|stretch| stretch.members as u64).sum();
    if draws == 0 || permutations == 0 {
        return Confirmation { observed: 0.0, expected: 0.0, p: 1.0, objects: 0 };
    }
    let affordable = u32::try_from(DRAWS_MAX / draws).unwrap_or(u32::MAX).max(FIRST_LOOK);
    let permutations = permutations.min(affordable);
    let test = Test { stretches: &stretches, delays, window_s, seed, objects };
    if permutations > FIRST_LOOK {
        let first = test.deal(FIRST_LOOK);
        if first.reached >= FIRST_LOOK_REACHED {
            return first.confirmation;
        }
    }
    test.deal(permutations).confirmation
}

/// Numbers in order, each once.
fn rising(numbers: &[u32]) -> Vec<u32> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A span of time after the first act of an object, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    begin: u32,
    length: u32,
}

impl Stretch {
    /// The one that a delay is in.
    fn of(delay: u32, window_s: u32) -> Self {
        let length_max = window_s.saturating_mul(STRETCH_CELLS_MAX).max(STRETCH_S_MAX);
        let (mut begin, mut length) = (0, window_s.saturating_mul(STRETCH_CELLS_FIRST).min(length_max));
        while length < length_max && delay - begin >= length {
            begin += length;
            length = length.saturating_mul(STRETCH_GROWTH).min(length_max);
        }
        // From here on all are as long.
        Self { begin: begin + (delay - begin) / length * length, length }
    }
}

/// The places in time of one stretch of an object, to be dealt among those who acted.
struct Places {
    /// The cell of each place, members first; [`OPEN`] for one that a delay fills.
    cells: Vec<u32>,
    /// Places that members held.
    members: usize,
    /// The first act of the object.
    first: u32,
    stretch: Stretch,
    /// The delays that are within the stretch.
    delays: std::ops::Range<usize>,
}

/// A place without a time of its own.
const OPEN: u32 = u32::MAX;

/// The stretches of an object in which members met others, or open places.
fn places(actions: &[Action], members: &[u32], delays: &Delays, window_s: u32) -> Vec<Places> {
    let Some(first) = actions.iter().map(|action| action.time).min() else { return Vec::new() };
    // One act of each account in a stretch: the one with the least hash.
    let mut acts: Vec<(u32, bool, u32, u64, u32)> = actions
        .iter()
        .map(|&Action { time, account, .. }| {
            let begin = Stretch::of(time - first, window_s).begin;
            let is_other = members.binary_search(&account).is_err();
            (begin, is_other, account, mix(u64::from(account) << 32 | u64::from(time)), time)
        })
        .collect();
    acts.sort_unstable();
    acts.dedup_by_key(|act| (act.0, act.2));
    acts.chunk_by(|one, two| one.0 == two.0)
        .filter_map(|acts| {
            let stretch = Stretch::of(acts.first()?.0, window_s);
            let members = acts.iter().filter(|act| !act.1).count();
            let others = acts.len() - members;
            let mut cells: Vec<u32> = acts.iter().map(|act| (act.4 / window_s).min(OPEN - 1)).collect();
            if !delays.is_empty() {
                cells.resize(cells.len() + OTHERS_MIN.saturating_sub(others), OPEN);
            }
            let same_cell = cells.windows(2).all(|cells| cells.first() == cells.last());
            let can_speak = members >= 2 && cells.len() > members && !same_cell;
            can_speak.then(|| Places { cells, members, first, stretch, delays: delays.within(stretch) })
        })
        .collect()
}

/// What a number of permutations gave.
struct Dealt {
    confirmation: Confirmation,
    /// Permutations with an excess as great as observed.
    reached: u32,
}

/// The stretches of a test.
struct Test<'a> {
    stretches: &'a [Places],
    delays: &'a Delays,
    window_s: u32,
    seed: u64,
    /// Objects that the stretches are of.
    objects: u32,
}

impl Test<'_> {
    /// Deals the times of each stretch `permutations` times.
    fn deal(&self, permutations: u32) -> Dealt {
        let draws = permutations as usize + 1;
        // The observed order first, then the permutations.
        let mut excess = vec![0f64; draws];
        let mut spread: Vec<Values> = Vec::with_capacity(self.stretches.len());
        let (mut observed, mut expected) = (0.0, 0.0);
        let (mut held, mut pairs) = (Vec::new(), Vec::with_capacity(draws));
        for (number, stretch) in (0u64..).zip(self.stretches) {
            let mut dice = Dice::new(self.seed ^ mix(number));
            let mut cells = stretch.cells.clone();
            pairs.clear();
            pairs.push(self.pairs(stretch, &cells, &mut dice, &mut held));
            for _ in 0..permutations {
                dice.deal(&mut cells, stretch.members);
                pairs.push(self.pairs(stretch, &cells, &mut dice, &mut held));
            }
            // With the observed order as one of them, no order is special.
            let mean = pairs.iter().sum::<u64>() as f64 / draws as f64;
            observed += pairs.first().map_or(0.0, |&pairs| pairs as f64);
            expected += mean;
            for (sum, &pairs) in excess.iter_mut().zip(&pairs) {
                *sum += (pairs as f64 - mean).max(0.0);
            }
            spread.push(Values::of(&mut pairs, mean));
        }
        let target = excess.first().copied().unwrap_or(0.0);
        let reached = excess.iter().skip(1).filter(|&&sum| sum >= target - ROUNDING).count() as u32;
        let floor = f64::from(reached + 1) / draws as f64;
        let p = if reached == 0 { floor.min(chernoff(&spread, target)).max(P_MIN) } else { floor };
        Dealt { confirmation: Confirmation { observed, expected, p, objects: self.objects }, reached }
    }

    /// Pairs of members within a cell, for members on the first places.
    fn pairs(&self, stretch: &Places, cells: &[u32], dice: &mut Dice, held: &mut Vec<u32>) -> u64 {
        held.clear();
        let cell = |&cell: &u32| if cell == OPEN { self.open_cell(stretch, dice) } else { cell };
        held.extend(cells.iter().take(stretch.members).map(cell));
        held.sort_unstable();
        let runs = held.chunk_by(|one, two| one == two);
        runs.map(|run| run.len() as u64 * (run.len() as u64 - 1) / 2).sum()
    }

    /// A cell after a delay of ordinary people.
    fn open_cell(&self, places: &Places, dice: &mut Dice) -> u32 {
        let delays = self.delays.0.get(places.delays.clone()).unwrap_or_default();
        let count = u32::try_from(delays.len()).unwrap_or(u32::MAX);
        let delay = match delays.get(dice.below(count) as usize) {
            Some(&delay) => delay,
            // Nobody is known to act so late: any time of the stretch.
            None => places.stretch.begin.saturating_add(dice.below(places.stretch.length)),
        };
        places.first.saturating_add(delay) / self.window_s
    }
}

/// The excess of one stretch over its draws: values and their shares.
struct Values(Vec<(f64, f64)>);

impl Values {
    /// Of the pairs of all draws, which are put in order.
    fn of(pairs: &mut [u64], mean: f64) -> Self {
        let count = pairs.len() as f64;
        pairs.sort_unstable();
        let share = |run: &[u64]| {
            let value = run.first().map_or(0.0, |&pairs| (pairs as f64 - mean).max(0.0));
            (value, run.len() as f64 / count)
        };
        Self(pairs.chunk_by(|one, two| one == two).map(share).collect())
    }

    /// Logarithm of the mean of e^(s·value), and its slope in `s`.
    fn growth(&self, s: f64) -> (f64, f64) {
        let top = self.0.iter().map(|value| value.0).fold(0.0, f64::max);
        let (mut sum, mut slope) = (0.0, 0.0);
        for &(value, share) in &self.0 {
            let term = share * (s * (value - top)).exp();
            sum += term;
            slope += value * term;
        }
        (s * top + sum.ln(), slope / sum)
    }
}

/// Bound on the probability that independent values add up to `target` or more:
/// the least of e^(-s·target) · Π mean of e^(s·value), over s from 0.
fn chernoff(objects: &[Values], target: f64) -> f64 {
    let at = |s: f64| {
        objects
            .iter()
            .map(|values| values.growth(s))
            .fold((-s * target, -target), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    // Convex in s: the least value is where the slope turns.
    let (mut low, mut high) = (0.0, EXPONENT_MAX);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if at(middle).1 < 0.0 { low = middle } else { high = middle }
    }
    at(low).0.min(0.0).exp()
}

#[cfg(test)]
#[path = "confirm_tests.rs"]
mod tests;
