//! Actions of one object, cut into cells of time.
//!
//! In: actions, sorted by [`sort`]. Out: per object its [`Cell`]s in order of
//! time, and per cell the pairs to look at.
//! A cell with too many accounts is halved in time until it fits or lasts one
//! second; such a second is *over*, and each of its accounts is paired only with
//! the nearest ones of a ring ordered by a hash of the account. The same crowd
//! thus gives the same pairs on every object, so accounts that always act in the
//! same second are seen however many they are, and throw-away accounts that fill
//! the second have to outnumber a group several times before they hide it.
//! Where cells begin differs from object to object: nobody can stay apart by
//! acting on both sides of the full minute.
//! Cost: sorting takes O(n log n) in place; at most `accounts_max / 2` pairs per
//! action, whatever the input.

use super::Action;
use crate::hashing::hash_step;

/// Runs of actions that are sorted by comparison, at most.
const SORT_BY_COMPARISON_MAX: usize = 1 << 14;
/// Bits of the object's number by which a run is parted at once.
const DIGIT_BITS: u32 = 8;
const DIGITS: usize = 1 << DIGIT_BITS;
/// Actions among which the distinct accounts are found by looking at all.
const FEW: usize = 8;
/// A cell with so many times the accounts allowed is a crowd.
const CROWD: usize = 10;
/// Accounts with which one of a crowd is paired, on either side of the ring.
const NEIGHBOURS_MIN: usize = 3;
/// Keeps the hash of where cells begin apart from other hashes.
const PHASE_SEED: u64 = 0x9ae1_6a3b_2f90_404f;
/// Keeps the hash of the ring apart from other hashes.
const RING_SEED: u64 = 0xc3a5_c85c_97cb_3127;

/// Sorts by object, then time, in place; the order of equal ones is open.
pub(super) fn sort(actions: &mut [Action]) {
    if actions.is_sorted_by_key(key) {
        return;
    }
    let highest = actions.iter().map(|action| action.object).max().unwrap_or(0);
    sort_by_digits(actions, u32::BITS - highest.leading_zeros());
}

fn key(action: &Action) -> u64 {
    u64::from(action.object) << 32 | u64::from(action.time)
}

/// American flag sort (McIlroy, Bostic & McIlroy 1993) by the highest of the
/// `bits` lowest bits of the object, until runs are short.
fn sort_by_digits(actions: &mut [Action], bits: u32) {
    if actions.len() <= SORT_BY_COMPARISON_MAX || bits == 0 {
        actions.sort_unstable_by_key(key);
        return;
    }
    let shift = bits.saturating_sub(DIGIT_BITS);
    let digit_of = |action: &Action| (action.object >> shift) as usize & (DIGITS - 1);
    let mut ends = [0; DIGITS];
    for action in actions.iter() {
        ends[digit_of(action)] += 1;
    }
    let mut heads = [0; DIGITS];
    let mut total = 0;
    for (head, end) in heads.iter_mut().zip(&mut ends) {
        *head = total;
        total += *end;
        *end = total;
    }
    // Digits are below DIGITS by the mask, and heads stay below ends ≤ len.
    for digit in 0..DIGITS {
        while heads[digit] < ends[digit] {
            let mut action = actions[heads[digit]];
            loop {
                let place = digit_of(&action);
                if place == digit {
                    break;
                }
                std::mem::swap(&mut actions[heads[place]], &mut action);
                heads[place] += 1;
            }
            actions[heads[digit]] = action;
            heads[digit] += 1;
        }
    }
    let mut rest = actions;
    let mut done = 0;
    for end in ends {
        let (run, after) = rest.split_at_mut(end - done);
        sort_by_digits(run, shift);
        rest = after;
        done = end;
    }
}

/// The runs of one object each, of sorted actions.
pub(super) fn objects(actions: &[Action]) -> impl Iterator<Item = &[Action]> {
    actions.chunk_by(|left, right| left.object == right.object)
}

/// What happened to one object in one stretch of time.
pub(super) struct Cell<'a> {
    /// Rising in time.
    pub actions: &'a [Action],
    /// Every account once, rising; only those below the number announced.
    pub accounts: &'a [u32],
    /// More accounts than allowed in one second.
    pub is_over: bool,
}

/// Cuts objects into cells.
pub(super) struct Cells {
    window_s: u32,
    accounts_max: usize,
    /// Per account the last count in which it was seen.
    seen: Vec<u64>,
    counts: u64,
    accounts: Vec<u32>,
}

impl Cells {
    /// For accounts numbered below `accounts`.
    pub fn new(window_s: u32, accounts_max: u32, accounts: u32) -> Self {
        Self {
            window_s: window_s.max(1),
            accounts_max: accounts_max.max(2) as usize,
            seen: vec![0; accounts as usize],
            counts: 0,
            accounts: Vec::new(),
        }
    }

    /// Visits the cells of one object's actions, rising in time.
    pub fn visit(&mut self, object: &[Action], visit: &mut impl FnMut(Cell<'_>)) {
        let Some(first) = object.first() else { return };
        let window = u64::from(self.window_s);
        let phase = hash_step(PHASE_SEED, u64::from(first.object)) % window;
        let mut rest = object;
        while let Some(first) = rest.first() {
            let end = ((u64::from(first.time) + phase) / window + 1) * window - phase;
            let inside = rest.iter().position(|action| u64::from(action.time) >= end).unwrap_or(rest.len());
            let (cell, after) = rest.split_at(inside);
            self.halve(cell, end, self.window_s, visit);
            rest = after;
        }
    }

    /// Visits a stretch of `width` seconds before `end`, or its halves.
    fn halve(&mut self, actions: &[Action], end: u64, width: u32, visit: &mut impl FnMut(Cell<'_>)) {
        self.collect(actions, width > 1);
        let is_over = self.accounts.len() > self.accounts_max;
        if is_over && width > 1 {
            let half = width / 2;
            let middle = end.saturating_sub(u64::from(half));
            let (early, late) =
                actions.split_at(actions.partition_point(|action| u64::from(action.time) < middle));
            self.halve(early, middle, width - half, visit);
            self.halve(late, end, half, visit);
        } else if !self.accounts.is_empty() {
            self.accounts.sort_unstable();
            visit(Cell { actions, accounts: &self.accounts, is_over });
        }
    }

    /// The distinct accounts; as soon as they are too many it may stop.
    fn collect(&mut self, actions: &[Action], may_stop: bool) {
        self.accounts.clear();
        if actions.len() <= FEW {
            // Without looking into memory that is far away.
            for action in actions {
                if (action.account as usize) < self.seen.len() && !self.accounts.contains(&action.account) {
                    self.accounts.push(action.account);
                }
            }
            return;
        }
        self.counts += 1;
        for action in actions {
            let Some(seen) = self.seen.get_mut(action.account as usize) else { continue };
            if *seen != self.counts {
                *seen = self.counts;
                self.accounts.push(action.account);
                if may_stop && self.accounts.len() > self.accounts_max {
                    return;
                }
            }
        }
    }
}

/// The pairs of cells, the lower account first.
pub(super) struct CellPairs {
    accounts_max: usize,
    ring: Vec<u64>,
}

impl CellPairs {
    pub fn new(accounts_max: u32) -> Self {
        Self { accounts_max: accounts_max.max(2) as usize, ring: Vec::new() }
    }

    /// Visits the pairs of a cell as one number, the lower account above.
    pub fn visit(&mut self, cell: &Cell<'_>, mut visit: impl FnMut(u64)) {
        if cell.is_over {
            return self.visit_ring(cell.accounts, visit);
        }
        let mut rest = cell.accounts;
        while let Some((&low, above)) = rest.split_first() {
            for &high in above {
                visit(u64::from(low) << 32 | u64::from(high));
            }
            rest = above;
        }
    }

    /// Each with its next ones in the order of the hash: with half as many as a
    /// cell allows, which makes all pairs of a cell that is over by one, and with
    /// fewer where a whole crowd acts, lest its pairs crowd out all others.
    fn visit_ring(&mut self, accounts: &[u32], mut visit: impl FnMut(u64)) {
        let half = self.accounts_max / 2;
        let fair = half.saturating_mul(self.accounts_max).saturating_mul(CROWD) / accounts.len().max(1);
        let neighbours = fair.max(NEIGHBOURS_MIN).min(half);
        self.ring.clear();
        // The hash above, the account below: sorting brings the order of the ring.
        let hashed =
            |account: &u32| hash_step(RING_SEED, u64::from(*account)) >> 32 << 32 | u64::from(*account);
        self.ring.extend(accounts.iter().map(hashed));
        self.ring.sort_unstable();
        // The first ones again, so that the last have their neighbours.
        self.ring.extend_from_within(..neighbours);
        let account = |number: u64| number & u64::from(u32::MAX);
        for near in self.ring.windows(neighbours + 1) {
            let Some((&one, others)) = near.split_first() else { continue };
            for &other in others {
                let (one, other) = (account(one), account(other));
                visit(one.min(other) << 32 | one.max(other));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::{Action, CellPairs, Cells, sort};

    #[test]
    fn sorts_by_object_and_time() {
        let mut dice = Dice::new(1);
        let mut actions: Vec<Action> = (0..60_000)
            .map(|_| Action { object: dice.below(900).pow(2), time: dice.below(50), account: dice.below(9) })
            .collect();
        let mut expected = actions.clone();
        expected.sort_by_key(|action| (action.object, action.time));
        sort(&mut actions);
        let keys = |actions: &[Action]| actions.iter().map(|a| (a.object, a.time)).collect::<Vec<_>>();
        assert_eq!(keys(&actions), keys(&expected));
        actions.sort_unstable();
        expected.sort_unstable();
        assert_eq!(actions, expected, "nothing lost, nothing made");
    }

    #[test]
    fn a_full_second_pairs_each_account_with_a_fixed_number() {
        let actions: Vec<Action> = (0..600).map(|account| Action { object: 0, time: 9, account }).collect();
        let mut cells = Cells::new(60, 60, 1_000);
        let mut pairs = Vec::new();
        cells.visit(&actions, &mut |cell| {
            assert!(cell.is_over);
            CellPairs::new(60).visit(&cell, |pair| pairs.push(pair));
        });
        assert_eq!(pairs.len(), 600 * 30);
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), 600 * 30, "each pair once");
        assert!(pairs.iter().all(|pair| pair >> 32 < pair & 0xffff_ffff));
    }
}
