//! Where posts with a key in common are found: lines of one cache line each,
//! in which new entries take the place of old ones.
//!
//! In: keys of 64 mixed bits, slots. Out: the slots that were entered under a
//! key lately, at most [`KEY_ENTRIES`] of them, now and then one of another key.
//! Cost: one access to memory per key; 64 bytes per [`ENTRIES_PER_LINE`] entries.
//! Nothing is ever removed: who asks must look whether a slot still fits.

/// Entries of a line.
const LINE_ENTRIES: usize = 10;
/// Most posts that one key brings forward: its newest. What many posts have in
/// common finds no copy that rarer keys do not find as well.
pub(super) const KEY_ENTRIES: usize = 2;
/// Entries per line that a table is made for; what is above it is overwritten early.
pub(super) const ENTRIES_PER_LINE: usize = 10;

/// One cache line: entries with 16 bits of their key.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line {
    slots: [u32; LINE_ENTRIES],
    tags: [u16; LINE_ENTRIES],
    /// Entry that is written next.
    next: u32,
}

/// No slot.
const NONE: u32 = u32::MAX;
const EMPTY: Line = Line { slots: [NONE; LINE_ENTRIES], tags: [0; LINE_ENTRIES], next: 0 };

/// The lines.
#[derive(Debug, Default)]
pub(super) struct Table {
    lines: Vec<Line>,
}

impl Table {
    /// A table for so many entries.
    pub(super) fn for_entries(entries: usize) -> Self {
        Self { lines: vec![EMPTY; entries.div_ceil(ENTRIES_PER_LINE).max(1)] }
    }

    /// Bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>()
    }

    /// Enters a slot under a key: in the place of one of the key's own entries
    /// when it has [`KEY_ENTRIES`], else of the line's oldest entry.
    pub(super) fn enter(&mut self, key: u64, slot: u32) {
        let (at, tag) = (self.line_of(key), tag_of(key));
        let Some(line) = self.lines.get_mut(at) else { return };
        let turn = line.next as usize;
        let own = line
            .tags
            .iter()
            .zip(&line.slots)
            .filter(|(other, slot)| **other == tag && **slot != NONE)
            .count();
        let place = if own < KEY_ENTRIES {
            line.next = (line.next + 1) % LINE_ENTRIES as u32;
            turn
        } else {
            // The next one of its own after the turn: about the oldest.
            let after = (0..LINE_ENTRIES).map(|step| (turn + step) % LINE_ENTRIES);
            let place = after.into_iter().find(|place| line.tags.get(*place) == Some(&tag)).unwrap_or(turn);
            line.next = ((place + 1) % LINE_ENTRIES) as u32;
            place
        };
        if let (Some(place), Some(other)) = (line.slots.get_mut(place), line.tags.get_mut(place)) {
            (*place, *other) = (slot, tag);
        }
    }

    /// Appends the slots of a key and says whether it has all the entries that
    /// it may have: then there may have been more.
    pub(super) fn collect(&self, key: u64, found: &mut Vec<u32>) -> bool {
        let Some(line) = self.lines.get(self.line_of(key)) else { return false };
        let tag = tag_of(key);
        let before = found.len();
        for (other, slot) in line.tags.iter().zip(&line.slots) {
            if *other == tag && *slot != NONE {
                found.push(*slot);
            }
        }
        found.len() - before >= KEY_ENTRIES
    }

    /// Asks for the lines of keys before they are needed, so that the processor
    /// waits for several of them at once.
    #[inline]
    pub(super) fn touch(&self, keys: impl Iterator<Item = u64>) {
        let line = |key| self.lines.get(self.line_of(key)).map_or(0, |line| line.next);
        // The sum means nothing; without a use of it the reads would be left out.
        std::hint::black_box(keys.fold(0, |sum: u32, key| sum.wrapping_add(line(key))));
    }

    /// The line of a key: its high half scaled to their number.
    #[inline]
    fn line_of(&self, key: u64) -> usize {
        // Below the number of lines, which fits.
        (((key >> 32) * self.lines.len() as u64) >> 32) as usize
    }
}

/// The low bits, which [`Table::line_of`] does not use.
#[inline]
fn tag_of(key: u64) -> u16 {
    (key & 0xffff) as u16
}
