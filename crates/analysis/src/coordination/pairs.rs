//! Pairs of accounts that act on the same objects in the same moments, and how
//! surprising each is.
//!
//! In: the actions of one trace, three times or more, in partitions that the
//! caller may keep on disk; a partition holds all actions of its objects. Out:
//! [`Pairs`], the same whatever the partitions, the order of actions and the memory.
//! [`PairScan::count`] sorts a partition in place, notes each object's own
//! rhythm and counts pairs roughly; [`PairScan::gather`] counts exactly those
//! that may have met often enough; [`PairScan::join`] sees, for these, every
//! object on which both acted. Where not all of these fit, the last two passes
//! are made again for the others, see [`PairScan::end_round`].
//! Errors: none; see [`Capped`].
//! Cost: at most `cell_accounts_max / 2` pairs per action in passes 1 and 2,
//! √(2·pairs) looks per action in pass 3. Memory besides the partition: 8 B per
//! object, 48 B per account; 1 to 2 B per action expected (512 MiB at most) and
//! about 120 B per candidate pair, or what is given to [`PairScan::within`].
//! Source: the null is described in `timing`, what is left of it when habits
//! are given in `pace`, the one for slow traces in `choice`, the cells in `cells`.
//! Limits: of generated groups of 25 that acted within 20 s, with a window of
//! 60 s, beside fandoms, recall was 1.00 at a participation of 0.3 in 60 objects,
//! 0.90 at 0.2, and 0.90 at 0.7 when they took 300 s; with habits given 0.87, 0.12
//! and 0.00.

use super::Action;
use super::candidates::{Candidates, Round, is_kept};
use super::cells::{Cell, CellPairs, Cells, objects, sort};
use super::choice::{ChoiceNull, Strata, choice};
use super::join::Join;
use super::pace::{Pace, UsualPace};
use super::pair::{Capped, Pair, Pairs};
use super::sketch::{COUNT_MAX, Sketch};
use super::timing::{CHANCE_UNIT, ObjectTiming, Timing, ln_tail};
use model::Trace;

/// Accounts of one cell, at most, before it is halved.
const CELL_ACCOUNTS_MAX: u32 = 60;
/// Objects on which a pair has met, at least.
const TOGETHER_MIN: u32 = 3;
/// Candidate pairs that are kept, at most.
const CANDIDATES_MAX: usize = 1 << 24;
/// Fewest candidate pairs of a round, however little memory there is.
const CANDIDATES_MIN: usize = 1 << 10;
/// Rough counts per action that is expected, so that few pairs share one.
const COUNTERS_PER_ACTION: u64 = 4;
/// The same where a candidate may cost a pass.
const COUNTERS_PER_ACTION_WITHIN: u64 = 64;
/// About what a candidate pair takes, bytes.
const CANDIDATE_BYTES: u64 = 120;
/// What the rough counts take of a given memory: one part in so many.
const SKETCH_SHARE: u64 = 4;
/// Pairs of one object that are collected before repeated ones are left out.
const REPEATED_PAIRS_MAX: usize = 1 << 20;

/// What makes two actions joint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairSettings {
    /// Length of a cell of time, s; at least 1.
    pub window_s: u32,
    /// Accounts of a cell above which it is halved; at least 2.
    pub cell_accounts_max: u32,
    /// Objects on which a pair must have met: 3, or 1 or 2 for small files.
    pub together_min: u32,
    /// What two accounts would choose in common by chance.
    pub choice_null: ChoiceNull,
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
        Self {
            window_s,
            cell_accounts_max: CELL_ACCOUNTS_MAX,
            together_min: TOGETHER_MIN,
            choice_null: ChoiceNull::Crowd,
        }
    }
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
/// then of `join`; then as [`Self::end_round`] says.
pub struct PairScan {
    settings: PairSettings,
    accounts: u32,
    cells: Cells,
    cell_pairs: CellPairs,
    doings: Vec<Doing>,
    objects: Vec<ObjectTiming>,
    /// The pairs asked about, until pass 2 has ended; `None`: those that meet often enough.
    asked: Option<Vec<u64>>,
    sketch: Option<Sketch>,
    candidates: Candidates,
    /// Pairs of an object that met in several cells.
    repeated: Vec<u64>,
    usual: UsualPace,
    /// Once pass 2 has ended for the first time.
    timing: Option<Timing>,
    join: Option<Join>,
    found: Vec<Pair>,
    /// Whether hopeless pairs are only counted.
    is_pruned: bool,
    hopeless: u64,
    capped: Capped,
    actions: u64,
}

impl PairScan {
    /// A scan for about so many actions; accounts and objects are numbered
    /// below `accounts` and `objects`.
    pub fn new(settings: PairSettings, actions_expected: u64, accounts: u32, objects: u32) -> Self {
        let sketch = Sketch::new(actions_expected.saturating_mul(COUNTERS_PER_ACTION), u64::MAX);
        Self::with(settings, accounts, objects, sketch, Candidates::new(CANDIDATES_MAX, CANDIDATES_MAX))
    }

    /// The same within about so many bytes, besides those that accounts and
    /// objects take; pairs that pass no rule are only counted.
    pub fn within(
        settings: PairSettings,
        actions_expected: u64,
        accounts: u32,
        objects: u32,
        memory: u64,
    ) -> Self {
        let counters = actions_expected.saturating_mul(COUNTERS_PER_ACTION_WITHIN);
        let sketch = Sketch::new(counters, memory / SKETCH_SHARE);
        let fits = (memory - memory / SKETCH_SHARE) / CANDIDATE_BYTES;
        let fits = usize::try_from(fits).unwrap_or(CANDIDATES_MAX).clamp(CANDIDATES_MIN, CANDIDATES_MAX);
        let candidates = Candidates::new(fits, CANDIDATES_MAX);
        Self { is_pruned: true, ..Self::with(settings, accounts, objects, sketch, candidates) }
    }

    /// A scan that says of some pairs only, the lower account first, how
    /// surprising they are, however seldom they met.
    pub fn of_pairs(settings: PairSettings, accounts: u32, objects: u32, pairs: &[(u32, u32)]) -> Self {
        let known = pairs.iter().filter(|(low, high)| low < high && *high < accounts);
        let mut asked: Vec<u64> = known.map(|(low, high)| u64::from(*low) << 32 | u64::from(*high)).collect();
        asked.sort_unstable();
        asked.dedup();
        let settings = PairSettings { together_min: 0, ..settings };
        let scan = Self::with(settings, accounts, objects, Sketch::new(0, 0), Candidates::new(0, 0));
        Self { asked: Some(asked), ..scan }
    }

    fn with(
        settings: PairSettings,
        accounts: u32,
        objects: u32,
        sketch: Sketch,
        candidates: Candidates,
    ) -> Self {
        Self {
            settings,
            accounts,
            cells: Cells::new(settings.window_s, settings.cell_accounts_max, accounts),
            cell_pairs: CellPairs::new(settings.cell_accounts_max),
            doings: vec![Doing::default(); accounts as usize],
            objects: vec![ObjectTiming::default(); objects as usize],
            asked: None,
            sketch: Some(sketch),
            candidates,
            repeated: Vec::new(),
            usual: UsualPace::default(),
            timing: None,
            join: None,
            found: Vec::new(),
            is_pruned: false,
            hopeless: 0,
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
        let is_asked = self.asked.is_some();
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
            if !is_asked {
                visit_pairs(&cell, cell_pairs, (doings, stamp), repeated, &mut add);
            }
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
        let Self { cells, cell_pairs, candidates, repeated, doings, usual, objects: records, timing, .. } =
            self;
        let is_asked = self.asked.is_some();
        let timing = timing.as_ref();
        let actors = |object: u32| match timing {
            Some(timing) => timing.actors(object),
            None => records.get(object as usize).map_or(0, |record| record.actors),
        };
        let often = u8::try_from(self.settings.together_min).unwrap_or(COUNT_MAX).min(COUNT_MAX);
        let mut add = |pair| {
            if sketch.count(pair) >= often {
                candidates.add(pair);
            }
        };
        for object in objects(partition).filter(|object| object.len() > 1) {
            let Some(&Action { object: number, time: first, .. }) = object.first() else { continue };
            let actors = actors(number);
            if actors < 2 {
                continue;
            }
            if object.len() > actors as usize {
                for action in object {
                    if let Some(doing) = doings.get_mut(action.account as usize) {
                        doing.note(number + 1);
                    }
                }
            }
            let mut pace = Pace::default();
            cells.visit(object, &mut |cell| {
                pace.add(&cell, first, self.settings.window_s);
                if !is_asked {
                    visit_pairs(&cell, cell_pairs, (doings, number + 1), repeated, &mut add);
                }
            });
            flush(repeated, &mut add);
            if timing.is_none() {
                usual.add(&pace);
            }
        }
    }

    /// Pass 3: for the pairs found, the objects on which both acted.
    pub fn join(&mut self, partition: &[Action]) {
        self.start_join();
        let Self { join: Some(join), timing: Some(timing), cells, .. } = self else { return };
        for object in objects(partition) {
            if object.first().is_some_and(|action| timing.actors(action.object) > 0) {
                join.add(object, cells, timing);
            }
        }
    }

    /// Ends pass 2.
    fn start_join(&mut self) {
        if self.join.is_some() {
            return;
        }
        let round = match self.asked.take() {
            Some(pairs) => Round { pairs, is_more: false },
            None => self.candidates.end_round(self.settings.together_min),
        };
        if !round.is_more {
            self.sketch = None;
        }
        self.timing.get_or_insert_with(|| Timing::new(std::mem::take(&mut self.objects)));
        self.join = Some(Join::new(round.pairs, self.accounts, self.settings.window_s, self.usual));
    }

    /// Ends pass 3. True when not all pairs fitted in memory: all of `gather`
    /// and all of `join` are then to be done again for others.
    pub fn end_round(&mut self) -> bool {
        self.start_join();
        let Self { join: Some(join), timing: Some(timing), .. } = self else { return false };
        let strata = Strata::new(timing.all_actors());
        let together_min = self.settings.together_min;
        for (a, b, seen, of_a, of_b) in join.finish().filter(|(_, _, seen, ..)| seen.together >= together_min)
        {
            let expected = seen.expected as f64 / CHANCE_UNIT;
            let alike_expected = seen.alike_expected as f64 / CHANCE_UNIT;
            let (choice_expected, choice_ln_p) =
                choice(self.settings.choice_null, &strata, of_a, of_b, seen.joint);
            let pair = Pair {
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
            };
            if self.is_pruned && pair.is_hopeless() {
                self.hopeless += 1;
            } else {
                self.found.push(pair);
            }
        }
        self.join = None;
        self.sketch.is_some()
    }

    /// The pairs that met on `together_min` objects or more.
    pub fn finish(mut self) -> Pairs {
        if self.join.is_some() || self.timing.is_none() {
            self.end_round();
        }
        let Some(timing) = self.timing.take() else { return Pairs::default() };
        self.capped.halvings = self.candidates.halvings();
        let halvings = self.capped.halvings;
        let mut pairs = std::mem::take(&mut self.found);
        pairs.retain(|pair| is_kept(u64::from(pair.a) << 32 | u64::from(pair.b), halvings));
        pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        Pairs {
            pairs,
            hopeless: self.hopeless,
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
