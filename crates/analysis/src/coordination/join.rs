//! For known pairs: on how many objects both acted, on how many they met, and
//! who was first.
//!
//! In: candidate pairs, then the objects one by one. Out: sums per pair, and what
//! each account chose.
//! Cost: per object and account at most √(2·pairs) looks, as each pair is kept
//! with its account of fewer pairs; 24 B per account, 68 B more for those in a
//! pair, 64 B per pair.

use super::Action;
use super::cells::{Cell, Cells};
use super::choice::Choices;
use super::pace::{Pace, UsualPace};
use super::timing::{Timing, chance_of_cells};

/// What was seen of one pair.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// Objects on which they met.
    pub together: u32,
    /// Objects on which both acted.
    pub joint: u32,
    /// Objects on which they met and the lower account was there first.
    pub low_first: u32,
    /// The same for the higher account.
    pub high_first: u32,
    /// Sum of chances, as whole numbers.
    pub expected: u64,
    /// Objects on which both acted equally soon.
    pub alike: u32,
    /// Sum of the chances of these, delays given.
    pub alike_expected: u64,
    /// The object on which they met last, plus one.
    met_on: u32,
}

/// Where an account was last.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// Number of the cell.
    cell: u64,
    /// The object, plus one.
    object: u32,
    /// Cells of that object; no more than this type holds.
    cells: u16,
    /// Bands of delay of these cells, a bit each.
    bands: u16,
    /// When it first acted in the cell, s.
    time: u32,
    /// Its place among the accounts in pairs, plus one; 0 when in none.
    place: u32,
}

/// An account's partner and the place of their pair.
#[derive(Debug, Clone, Copy)]
struct Partner {
    account: u32,
    pair: u32,
}

/// The pairs and what was seen of them.
pub(super) struct Join {
    pairs: Vec<u64>,
    seen: Vec<Seen>,
    marks: Vec<Mark>,
    /// Per place of an account, where its partners begin.
    starts: Vec<u32>,
    partners: Vec<Partner>,
    choices: Vec<Choices>,
    cells: u64,
    window_s: u32,
    usual: UsualPace,
    /// The accounts in pairs of the current cell and object.
    in_cell: Vec<u32>,
    on_object: Vec<u32>,
}

fn accounts_of(pair: u64) -> (u32, u32) {
    ((pair >> 32) as u32, pair as u32) // The halves of the number.
}

impl Join {
    /// For pairs of accounts below `accounts`.
    pub fn new(pairs: Vec<u64>, accounts: u32, window_s: u32, usual: UsualPace) -> Self {
        let mut marks = vec![Mark::default(); accounts as usize];
        // Accounts of pairs are below `accounts`: others were never paired.
        for &pair in &pairs {
            let (low, high) = accounts_of(pair);
            marks[low as usize].place += 1;
            marks[high as usize].place += 1;
        }
        let degrees: Vec<u32> = marks.iter().map(|mark| mark.place).collect();
        let mut places = 0;
        for mark in marks.iter_mut().filter(|mark| mark.place > 0) {
            places += 1;
            mark.place = places;
        }
        let keeper = |pair: u64| {
            let (low, high) = accounts_of(pair);
            if degrees[low as usize] <= degrees[high as usize] { (low, high) } else { (high, low) }
        };
        let mut starts = vec![0_u32; places as usize + 2];
        for &pair in &pairs {
            starts[marks[keeper(pair).0 as usize].place as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut partners = vec![Partner { account: 0, pair: 0 }; pairs.len()];
        let mut ends = starts.clone();
        for (place, &pair) in (0..).zip(&pairs) {
            let (one, other) = keeper(pair);
            let end = &mut ends[marks[one as usize].place as usize];
            partners[*end as usize] = Partner { account: other, pair: place };
            *end += 1;
        }
        Self {
            seen: vec![Seen::default(); pairs.len()],
            choices: vec![Choices::default(); places as usize],
            pairs,
            marks,
            starts,
            partners,
            cells: 0,
            window_s,
            usual,
            in_cell: Vec::new(),
            on_object: Vec::new(),
        }
    }

    /// Adds what happened to one object.
    pub fn add(&mut self, object: &[Action], cells: &mut Cells, timing: &Timing) {
        let Some(&Action { object: number, time: first, .. }) = object.first() else { return };
        let is_in_pair =
            |action: &Action| self.marks.get(action.account as usize).is_some_and(|mark| mark.place > 0);
        match object.iter().filter(|action| is_in_pair(action)).take(2).count() {
            0 => return,
            1 => return self.add_alone(object, timing.actors(number)),
            _ => {}
        }
        let stamp = number.wrapping_add(1);
        self.on_object.clear();
        let mut pace = Pace::default();
        cells.visit(object, &mut |cell| {
            let band = pace.add(&cell, first, self.window_s);
            self.meet(&cell, stamp, 1 << band);
        });
        let chance = timing.chance(number);
        let chances = pace.chances(&self.usual);
        let actors = timing.actors(number);
        let Self { marks, starts, partners, seen, choices, on_object, .. } = self;
        for &account in on_object.iter() {
            // Only accounts in pairs are here: their places and partners exist.
            let mark = marks[account as usize];
            choices[mark.place as usize - 1].add(actors);
            for partner in partners_of(mark.place, starts, partners) {
                let other = marks[partner.account as usize];
                if other.object == stamp {
                    let pair = &mut seen[partner.pair as usize];
                    pair.joint += 1;
                    pair.expected += chance_of_cells(chance, mark.cells, other.cells);
                    let bands = mark.bands & other.bands;
                    if bands > 0 {
                        // Being equally soon never makes it less probable to meet.
                        let common = (0..).zip(&chances).filter(|(band, _)| bands >> band & 1 == 1);
                        let alike = common.fold(chance, |most, (_, chance)| most.max(*chance));
                        pair.alike += 1;
                        pair.alike_expected += chance_of_cells(alike, mark.cells, other.cells);
                    }
                }
            }
        }
    }

    /// An object with one action of an account in a pair shows only its choice.
    fn add_alone(&mut self, object: &[Action], actors: u32) {
        for action in object {
            let place = self.marks.get(action.account as usize).map_or(0, |mark| mark.place as usize);
            if let Some(choices) = place.checked_sub(1).and_then(|place| self.choices.get_mut(place)) {
                choices.add(actors);
            }
        }
    }

    /// Marks who is in a cell and notes the pairs that meet there.
    fn meet(&mut self, cell: &Cell<'_>, stamp: u32, band: u16) {
        self.cells += 1;
        self.in_cell.clear();
        for action in cell.actions {
            let Some(mark) = self.marks.get_mut(action.account as usize).filter(|mark| mark.place > 0) else {
                continue;
            };
            if mark.object != stamp {
                mark.object = stamp;
                (mark.cells, mark.bands) = (0, 0);
                self.on_object.push(action.account);
            }
            if mark.cell != self.cells {
                mark.cell = self.cells;
                mark.cells = mark.cells.saturating_add(1);
                mark.bands |= band;
                mark.time = action.time;
                self.in_cell.push(action.account);
            }
        }
        if self.in_cell.len() < 2 {
            return;
        }
        let Self { marks, starts, partners, seen, in_cell, cells, .. } = self;
        for &account in in_cell.iter() {
            let mark = marks[account as usize];
            for partner in partners_of(mark.place, starts, partners) {
                let other = marks[partner.account as usize];
                let pair = &mut seen[partner.pair as usize];
                if other.cell == *cells && pair.met_on != stamp {
                    pair.met_on = stamp;
                    pair.together += 1;
                    let (low, high) = if account < partner.account { (mark, other) } else { (other, mark) };
                    pair.low_first += u32::from(low.time < high.time);
                    pair.high_first += u32::from(high.time < low.time);
                }
            }
        }
    }

    /// Each pair, rising: its accounts, what was seen, and what both chose.
    pub fn finish(&self) -> impl Iterator<Item = (u32, u32, &Seen, &Choices, &Choices)> {
        self.pairs.iter().zip(&self.seen).map(|(pair, seen)| {
            let (low, high) = accounts_of(*pair);
            // Both are in a pair, so they have places.
            let choices = |account: u32| &self.choices[self.marks[account as usize].place as usize - 1];
            (low, high, seen, choices(low), choices(high))
        })
    }
}

/// The partners kept with the account at a place.
fn partners_of<'a>(place: u32, starts: &[u32], partners: &'a [Partner]) -> &'a [Partner] {
    // There is a start for every place and one behind the last.
    &partners[starts[place as usize] as usize..starts[place as usize + 1] as usize]
}
