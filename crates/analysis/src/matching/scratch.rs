//! What one post fills, in memory that is kept from post to post.

use super::dictionary::Slot;
use super::program::Places;

/// Marks the end of a chain.
const END: u32 = u32::MAX;

/// Working memory of one thread. May serve several matchers in turn.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    pub(super) slots: Slots,
    pub(super) places: Places,
    /// Filled slots that bring candidates.
    pub(super) anchors: Vec<Slot>,
    /// For each query: the round in which it was last weighed.
    pub(super) weighed: Vec<u32>,
    pub(super) found: Vec<u32>,
    pub(super) ids: Vec<u64>,
}

impl Scratch {
    /// Forgets the last post and makes room for a matcher of this size.
    pub(super) fn begin(&mut self, slot_count: usize, query_count: usize) {
        if self.slots.state.len() < slot_count {
            self.slots.state.resize(slot_count, State::default());
        }
        if self.weighed.len() < query_count {
            self.weighed.resize(query_count, 0);
        }
        self.anchors.clear();
        self.found.clear();
        self.ids.clear();
        self.slots.seen.clear();
        self.slots.round = match self.slots.round.checked_add(1) {
            Some(round) => round,
            None => {
                self.slots.state.fill(State::default());
                self.weighed.fill(0);
                1
            }
        };
    }
}

/// Which slots the current post fills, and where.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    /// Number of the current post; a slot is filled when it bears it.
    pub(super) round: u32,
    state: Vec<State>,
    /// Positions with the index of the next one of the same slot.
    seen: Vec<(u32, u32)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    round: u32,
    first: u32,
    last: u32,
}

impl Slots {
    /// Fills a slot; true when it was empty.
    #[inline]
    pub(super) fn fill(&mut self, slot: Slot) -> bool {
        match self.state.get_mut(slot as usize) {
            Some(state) if state.round != self.round => {
                *state = State { round: self.round, first: END, last: END };
                true
            }
            _ => false,
        }
    }

    /// Notes a position of a filled slot; positions come in ascending order.
    pub(super) fn place(&mut self, slot: Slot, position: u32) {
        let Some(state) = self.state.get_mut(slot as usize) else { return };
        let index = super::dictionary::count(self.seen.len());
        match self.seen.get_mut(state.last as usize) {
            Some(before) if state.last != END => before.1 = index,
            _ => state.first = index,
        }
        state.last = index;
        self.seen.push((position, END));
    }

    /// True when the current post fills the slot.
    #[inline]
    pub(super) fn is_filled(&self, slot: Slot) -> bool {
        self.state.get(slot as usize).is_some_and(|state| state.round == self.round)
    }

    /// Positions of a slot in the current post, ascending.
    pub(super) fn positions(&self, slot: Slot) -> impl Iterator<Item = u32> + '_ {
        let first =
            self.state.get(slot as usize).filter(|state| state.round == self.round).map_or(END, |s| s.first);
        let mut next = first;
        std::iter::from_fn(move || {
            let &(position, after) = self.seen.get(next as usize)?;
            next = after;
            Some(position)
        })
    }
}
