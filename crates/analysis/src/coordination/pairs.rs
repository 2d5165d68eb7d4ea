//! Pairs of accounts that act on the same objects in the same moments, and how
//! surprising each is.
//!
//! In: the actions of one trace, three times, in partitions that the caller may
//! keep on disk; a partition holds all actions of its objects. Out: [`Pairs`],
//! the same whatever the partitions and the order of actions.
//! [`PairScan::count`] sorts a partition in place, notes each object's own
//! rhythm and counts pairs roughly; [`PairScan::gather`] counts exactly those
//! that may have met often enough; [`PairScan::join`] sees, for these, every
//! object on which both acted.
//! Errors: none; what was capped or left out is counted in [`Capped`].
//! Cost: at most `cell_accounts_max / 2` pairs per action in passes 1 and 2,
//! √(2·pairs) looks per action in pass 3. Memory besides the partition: 1 to 2 B
//! per action expected (512 MiB at most), 8 B per object, 48 B per account,
//! about 120 B per candidate pair.
//! Source: the null is described in `timing`, what is left of it when habits
//! are given in `pace`, the one for slow traces in `choice`, the cells in `cells`.
//! Limits: of generated groups of 25 that acted within 20 s, with a window of
//! 60 s, beside fandoms, recall was 1.00 at a participation of 0.3 in 60 objects,
//! 0.90 at 0.2, and 0.90 at 0.7 when they took 300 s; with habits given 0.87, 0.12
//! and 0.00.

use super::Action;
use super::candidates::Candidates;
use super::cells::{Cell, CellPairs, Cells, objects, sort};
use super::choice::{Strata, choice};
use super::join::Join;
use super::pace::{Pace, UsualPace};
use super::sketch::{COUNT_MAX, Sketch};
use super::timing::{CHANCE_UNIT, ObjectTiming, Timing, ln_tail};
use model::Trace;

/// Accounts of one cell, at most, before it is halved.
const CELL_ACCOUNTS_MAX: u32 = 60;
/// Objects on which a pair has met, at least.
const TOGETHER_MIN: u32 = 3;
/// Candidate pairs that are kept, at most.
const CANDIDATES_MAX: usize = 1 << 24;
/// Pairs of one object that are collected before repeated ones are left out.
const REPEATED_PAIRS_MAX: usize = 1 << 20;

/// What makes two actions joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairSettings {
    /// Length of a cell of time, s; at least 1.
    pub window_s: u32,
    /// Accounts of a cell above which it is halved; at least 2.
    pub cell_accounts_max: u32,
    /// Objects on which a pair must have met: 3, or 2 for small files.
    pub together_min: u32,
}

impl PairSettings {
    /// The settings for a trace.
    pub fn of(trace: Trace) -> Self {
        let window_s = match trace {
            Trace::FastReshare => 10,
            Trace::CoReshare | Trace::Synchrony => 60,
            Trace::CoLink | Trace::CoText | Trace::CoMedia => 300,
            Trace::CoReply => 600,
            Trace::CoFollow => 3_600,
            Trace::CoHashtag => 86_400,
        };
        Self { window_s, cell_accounts_max: CELL_ACCOUNTS_MAX, together_min: TOGETHER_MIN }
    }
}

/// Two accounts and their joint action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The lower account.
    pub a: u32,
    /// The higher account.
    pub b: u32,
    /// Objects on which both acted in one cell of time (X).
    pub together: u32,
    /// Objects on which both acted (J).
    pub joint: u32,
    /// Objects on which they would have met by chance.
    pub expected: f32,
    /// Logarithm of a bound on the probability to meet so often by chance.
    pub ln_p: f32,
    /// Of `together`, those where `a` was there at least a second before `b`.
    pub a_first: u32,
    /// Of `together`, those where `b` was there at least a second before `a`.
    pub b_first: u32,
    /// Of `joint`, those on which both acted equally soon after the first action.
    pub alike: u32,
    /// Of `alike`, those on which they would have met by chance.
    pub alike_expected: f32,
    /// Logarithm of a bound on the probability to meet so often by chance, the
    /// delay of each given: small only where habit does not explain it.
    pub alike_ln_p: f32,
    /// Objects that both would have chosen by chance.
    pub choice_expected: f32,
    /// Logarithm of a bound on the probability to choose so many in common.
    pub choice_ln_p: f32,
}

/// What limits left out; to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capped {
    /// Cells of one second with more accounts than allowed: each of these is
    /// paired with a fixed number of others only.
    pub cells: u64,
    /// Accounts in these cells, summed.
    pub actions: u64,
    /// Objects with such a cell.
    pub objects: u64,
    /// How often the number of candidate pairs was halved to fit.
    pub halvings: u32,
    /// Actions left out, as their account or object is not below the announced number.
    pub unknown: u64,
}

/// The pairs that met often enough, rising by account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// Rising by `a`, then `b`.
    pub pairs: Vec<Pair>,
    /// What was left out.
    pub capped: Capped,
    /// Accounts that acted.
    pub accounts: u64,
    /// Objects acted on.
    pub objects: u64,
    /// Actions seen.
    pub actions: u64,
    /// Pairs that could have met often enough, at most: the number of tests.
    pub testable: u64,
}

/// What an account did, in pass 1.
#[derive(Debug, Clone, Copy, Default)]
struct Doing {
    /// The last object, plus one.
    object: u32,
    /// Cells of that object.
    cells: u32,
    /// Distinct objects.
    objects: u32,
    /// The last object on which it acted more than once, plus one.
    again: u32,
}

impl Doing {
    /// Notes an action in a run of those on one object; whether it is the first.
    fn note(&mut self, stamp: u32) -> bool {
        if self.object == stamp {
            self.again = stamp;
            return false;
        }
        self.object = stamp;
        self.cells = 0;
        true
    }
}

/// Three passes over the same partitions: all of `count`, then of `gather`,
/// then of `join`.
pub struct PairScan {
    settings: PairSettings,
    accounts: u32,
    cells: Cells,
    cell_pairs: CellPairs,
    doings: Vec<Doing>,
    objects: Vec<ObjectTiming>,
    sketch: Option<Sketch>,
    candidates: Candidates,
    /// Pairs of an object that met in several cells.
    repeated: Vec<u64>,
    usual: UsualPace,
    join: Option<(Join, Timing)>,
    capped: Capped,
    actions: u64,
}

impl PairScan {
    /// A scan for about so many actions; accounts and objects are numbered
    /// below `accounts` and `objects`.
    pub fn new(settings: PairSettings, actions_expected: u64, accounts: u32, objects: u32) -> Self {
        Self::with_candidates_max(settings, actions_expected, accounts, objects, CANDIDATES_MAX)
    }

    fn with_candidates_max(
        settings: PairSettings,
        actions_expected: u64,
        accounts: u32,
        objects: u32,
        candidates_max: usize,
    ) -> Self {
        Self {
            settings,
            accounts,
            cells: Cells::new(settings.window_s, settings.cell_accounts_max, accounts),
            cell_pairs: CellPairs::new(settings.cell_accounts_max),
            doings: vec![Doing::default(); accounts as usize],
            objects: vec![ObjectTiming::default(); objects as usize],
            sketch: Some(Sketch::new(actions_expected)),
            candidates: Candidates::new(candidates_max),
            repeated: Vec::new(),
            usual: UsualPace::default(),
            join: None,
            capped: Capped::default(),
            actions: 0,
        }
    }

    /// Pass 1: sorts a partition by object and time, and counts.
    pub fn count(&mut self, partition: &mut [Action]) {
        sort(partition);
        for object in objects(partition) {
            self.count_object(object);
        }
    }

    fn count_object(&mut self, object: &[Action]) {
        self.actions += object.len() as u64;
        let Some(number) = object.first().map(|action| action.object) else { return };
        if number as usize >= self.objects.len() {
            self.capped.unknown += object.len() as u64;
            return;
        }
        let (actors, known) = self.count_actors(object, number);
        self.capped.unknown += (object.len() - known) as u64;
        let (mut met, mut cells_sum, mut squares) = (0_u64, 0_u64, 0_u64);
        let over_before = self.capped.cells;
        let is_repeated = known > actors as usize;
        let Self { cells, cell_pairs, doings, sketch, repeated, capped, .. } = self;
        let stamp = number + 1; // Below the number of objects, so not the last u32.
        let mut add = |pair| {
            if let Some(sketch) = sketch {
                sketch.add(pair);
            }
        };
        cells.visit(object, &mut |cell| {
            let accounts = cell.accounts.len() as u64;
            met += accounts * (accounts - 1);
            cells_sum += accounts;
            if is_repeated {
                squares += squares_added(doings, cell.accounts);
            }
            if cell.is_over {
                capped.cells += 1;
                capped.actions += accounts;
            }
            visit_pairs(&cell, cell_pairs, (doings, stamp), repeated, &mut add);
        });
        flush(repeated, &mut add);
        self.capped.objects += u64::from(self.capped.cells > over_before);
        let squares = if is_repeated { squares } else { cells_sum };
        if let Some(timing) = self.objects.get_mut(number as usize) {
            *timing = ObjectTiming::of(actors, met, cells_sum, squares);
        }
    }

    /// The distinct accounts of an object, and its actions by known accounts.
    fn count_actors(&mut self, object: &[Action], number: u32) -> (u32, usize) {
        let (mut actors, mut known) = (0, 0);
        for action in object {
            let Some(doing) = self.doings.get_mut(action.account as usize) else { continue };
            known += 1;
            if doing.note(number + 1) {
                doing.objects = doing.objects.saturating_add(1);
                actors += 1;
            }
        }
        (actors, known)
    }

    /// Pass 2: counts exactly the pairs that may have met often enough.
    pub fn gather(&mut self, partition: &[Action]) {
        let Some(sketch) = &self.sketch else { return };
        let Self { cells, cell_pairs, candidates, repeated, doings, usual, .. } = self;
        let often = u8::try_from(self.settings.together_min).unwrap_or(COUNT_MAX).min(COUNT_MAX);
        let mut add = |pair| {
            if sketch.count(pair) >= often {
                candidates.add(pair);
            }
        };
        for object in objects(partition).filter(|object| object.len() > 1) {
            let Some(&Action { object: number, time: first, .. }) = object.first() else { continue };
            let Some(timing) = self.objects.get(number as usize).filter(|timing| timing.actors > 1) else {
                continue;
            };
            if object.len() > timing.actors as usize {
                for action in object {
                    if let Some(doing) = doings.get_mut(action.account as usize) {
                        doing.note(number + 1);
                    }
                }
            }
            let mut pace = Pace::default();
            cells.visit(object, &mut |cell| {
                pace.add(&cell, first, self.settings.window_s);
                visit_pairs(&cell, cell_pairs, (doings, number + 1), repeated, &mut add);
            });
            flush(repeated, &mut add);
            usual.add(&pace);
        }
    }

    /// Pass 3: for the pairs found, the objects on which both acted.
    pub fn join(&mut self, partition: &[Action]) {
        self.start_join();
        let Self { join: Some((join, timing)), cells, .. } = self else { return };
        for object in objects(partition) {
            if object.first().is_some_and(|action| timing.actors(action.object) > 0) {
                join.add(object, cells, timing);
            }
        }
    }

    /// Ends pass 2: lets go of what only the first passes need.
    fn start_join(&mut self) {
        if self.join.is_some() {
            return;
        }
        self.sketch = None;
        let candidates = std::mem::replace(&mut self.candidates, Candidates::new(0));
        let (pairs, halvings) = candidates.finish(self.settings.together_min);
        self.capped.halvings = halvings;
        let timing = Timing::new(std::mem::take(&mut self.objects));
        self.join = Some((Join::new(pairs, self.accounts, self.settings.window_s, self.usual), timing));
    }

    /// The pairs that met on `together_min` objects or more.
    pub fn finish(mut self) -> Pairs {
        self.start_join();
        let Some((join, timing)) = self.join.take() else { return Pairs::default() };
        let strata = Strata::new(timing.all_actors());
        let often = join.finish().filter(|(_, _, seen, _, _)| seen.together >= self.settings.together_min);
        let pairs = often.map(|(a, b, seen, of_a, of_b)| {
            let expected = seen.expected as f64 / CHANCE_UNIT;
            let alike_expected = seen.alike_expected as f64 / CHANCE_UNIT;
            let (choice_expected, choice_ln_p) = choice(&strata, of_a, of_b, seen.joint);
            Pair {
                a,
                b,
                together: seen.together,
                joint: seen.joint,
                expected: expected as f32,
                ln_p: ln_tail(f64::from(seen.joint), f64::from(seen.together), expected) as f32,
                alike: seen.alike,
                alike_expected: alike_expected as f32,
                alike_ln_p: ln_tail(f64::from(seen.alike), f64::from(seen.together), alike_expected) as f32,
                a_first: seen.low_first,
                b_first: seen.high_first,
                choice_expected: choice_expected as f32,
                choice_ln_p: choice_ln_p as f32,
            }
        });
        Pairs {
            pairs: pairs.collect(),
            capped: self.capped,
            accounts: self.doings.iter().filter(|doing| doing.objects > 0).count() as u64,
            objects: timing.all_actors().filter(|actors| *actors > 0).count() as u64,
            actions: self.actions,
            testable: self.testable(&timing),
        }
    }

    /// A pair needs `together_min` common objects: it has two accounts with as
    /// many, and takes as many of the pairs of accounts that objects hold.
    fn testable(&self, timing: &Timing) -> u64 {
        let least = u64::from(self.settings.together_min.max(1));
        let able = self.doings.iter().filter(|doing| u64::from(doing.objects) >= least).count() as u64;
        let of_object = |actors: u32| pairs_among(u64::from(actors));
        let of_objects = timing.all_actors().fold(0_u64, |sum, actors| sum.saturating_add(of_object(actors)));
        pairs_among(able).min(of_objects / least)
    }
}

fn pairs_among(accounts: u64) -> u64 {
    accounts.saturating_mul(accounts.saturating_sub(1)) / 2
}

/// By how much Σ n² grows when each of these accounts has one cell more.
fn squares_added(doings: &mut [Doing], accounts: &[u32]) -> u64 {
    let mut added = 0;
    for account in accounts {
        if let Some(doing) = doings.get_mut(*account as usize) {
            added += 2 * u64::from(doing.cells) + 1;
            doing.cells += 1;
        }
    }
    added
}

/// Gives the pairs of a cell to `add`, or to `repeated` when both accounts act
/// more than once on the object and so may meet again there.
#[inline]
fn visit_pairs(
    cell: &Cell<'_>,
    cell_pairs: &mut CellPairs,
    (doings, stamp): (&[Doing], u32),
    repeated: &mut Vec<u64>,
    add: &mut impl FnMut(u64),
) {
    if cell.accounts.len() < 2 {
        return;
    }
    let is_again = |account: u64| doings.get(account as usize).is_some_and(|doing| doing.again == stamp);
    let repeaters = cell.accounts.iter().filter(|account| is_again(u64::from(**account))).count();
    if repeaters < 2 {
        return cell_pairs.visit(cell, add);
    }
    cell_pairs.visit(cell, |pair| {
        if !(is_again(pair >> 32) && is_again(pair & u64::from(u32::MAX))) {
            return add(pair);
        }
        repeated.push(pair);
        if repeated.len() >= REPEATED_PAIRS_MAX {
            flush(repeated, add);
        }
    });
}

/// Gives each collected pair once.
fn flush(repeated: &mut Vec<u64>, add: &mut impl FnMut(u64)) {
    repeated.sort_unstable();
    repeated.dedup();
    repeated.drain(..).for_each(add);
}

#[cfg(test)]
#[path = "pairs_tests.rs"]
mod tests;
