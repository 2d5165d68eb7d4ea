//! Hashes by their sixteen words: finds all within [`DISTANCE_MAX`] bits, and
//! most of those within [`LIKELY_DISTANCE_MAX`].
//!
//! In: keys and hashes. Out: [`Found`], nearest first.
//! Errors: none. Source: multi-index hashing (Norouzi, Punjani & Fleet, CVPR
//! 2012) with 16 words of 16 bits: of 31 different bits one word has at most
//! one, so that 17 probes per word find every match. Of 44 different bits one
//! word has at most one in 98 of 100 cases.
//! Cost: 105 bytes per hash; 10 million take 997 MiB. A look-up computes the
//! distance to about 272/65,536 of all hashes, and to those added last: they
//! lie unsorted until they are more than [`UNSORTED_MIN`] and a 32nd of all;
//! then all are sorted again (about 0.2 µs per hash).
//! Limits: [`ENTRIES_MAX`], [`FOUND_MAX`].

use super::{DISTANCE_MAX, LIKELY_DISTANCE_MAX, PictureHash};

/// Most matches returned by one look-up, the nearest.
pub const FOUND_MAX: usize = 1_000;
/// Most hashes in an index.
pub const ENTRIES_MAX: usize = 100_000_000;
/// Hashes that are searched one by one before they are sorted.
pub const UNSORTED_MIN: usize = 4_096;
/// A larger index is sorted again when this part of it is unsorted: a 32nd.
const UNSORTED_SHARE: usize = 32;
/// Hashes in one block of memory; blocks never move when the index grows.
const BLOCK: usize = 65_536;
/// The key of a removed entry.
const REMOVED: u64 = u64::MAX;
const SLOTS: usize = 16;
const VALUES: usize = 1 << 16;

/// A hash of the index near the one looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// As given to [`Index::insert`].
    pub key: u64,
    /// Different bits, 0…44.
    pub distance: u32,
}

impl Found {
    /// True within [`DISTANCE_MAX`]; otherwise it is only likely the same picture.
    pub const fn is_sure(&self) -> bool {
        self.distance <= DISTANCE_MAX
    }
}

/// A block of entries.
#[derive(Default)]
struct Block {
    hashes: Vec<PictureHash>,
    keys: Vec<u64>,
}

/// The sorted entries by one of their words.
#[derive(Default)]
struct Slot {
    /// Where the places of each value begin; one more at the end.
    starts: Vec<u32>,
    /// Places of entries in order of the value.
    places: Vec<u32>,
}

/// The hashes of many pictures.
#[derive(Default)]
pub struct Index {
    blocks: Vec<Block>,
    count: usize,
    removed: usize,
    slots: Vec<Slot>,
    /// Entries that the slots hold, the first ones.
    sorted: usize,
}

impl Index {
    /// Entries in it.
    pub fn len(&self) -> usize {
        self.count - self.removed
    }

    /// True when it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry; the same key may have several. False, and nothing is
    /// added, when the index is full. `u64::MAX` is not a key.
    pub fn insert(&mut self, key: u64, hash: PictureHash) -> bool {
        let added = self.push(key, hash);
        if self.count - self.sorted > UNSORTED_MIN.max(self.count / UNSORTED_SHARE) {
            self.sort();
        }
        added
    }

    /// Adds many and sorts once. About 0.3 µs each.
    pub fn extend(&mut self, entries: impl IntoIterator<Item = (u64, PictureHash)>) {
        for (key, hash) in entries {
            self.push(key, hash);
        }
        if self.count - self.sorted > UNSORTED_MIN {
            self.sort();
        }
    }

    fn push(&mut self, key: u64, hash: PictureHash) -> bool {
        if self.count >= ENTRIES_MAX || key == REMOVED {
            return false;
        }
        if self.count.is_multiple_of(BLOCK) && self.blocks.len() == self.count / BLOCK {
            self.blocks.push(Block::default());
        }
        let Some(block) = self.blocks.last_mut() else { return false };
        block.hashes.push(hash);
        block.keys.push(key);
        self.count += 1;
        true
    }

    /// Takes one entry out; false when it is not there.
    pub fn remove(&mut self, key: u64, hash: &PictureHash) -> bool {
        let candidates = self.sorted_under(0, hash.slots()[0]).iter().map(|place| *place as usize);
        let place = candidates
            .chain(self.sorted..self.count)
            .find(|place| self.entry(*place).is_some_and(|(at, known)| at == key && known == hash));
        let Some(place) = place else { return false };
        let Some(slot) =
            self.blocks.get_mut(place / BLOCK).and_then(|block| block.keys.get_mut(place % BLOCK))
        else {
            return false;
        };
        *slot = REMOVED;
        self.removed += 1;
        if self.removed > UNSORTED_MIN.max(self.count / UNSORTED_SHARE) {
            self.sort();
        }
        true
    }

    /// All entries within [`DISTANCE_MAX`] bits and most of those within
    /// [`LIKELY_DISTANCE_MAX`], nearest first, equal ones in order of their
    /// keys; at most [`FOUND_MAX`].
    pub fn find(&self, hash: &PictureHash) -> Vec<Found> {
        let mut places: Vec<(u32, usize)> = Vec::new();
        let mut look = |place: usize| {
            if let Some((key, known)) = self.entry(place) {
                let distance = known.distance(hash);
                if distance <= LIKELY_DISTANCE_MAX && key != REMOVED {
                    places.push((distance, place));
                }
            }
        };
        for (slot, word) in hash.slots().into_iter().enumerate() {
            let near = std::iter::once(word).chain((0..16).map(|bit| word ^ 1 << bit));
            for place in near.flat_map(|word| self.sorted_under(slot, word)) {
                look(*place as usize);
            }
        }
        for place in self.sorted..self.count {
            look(place);
        }
        places.sort_unstable();
        places.dedup();
        let mut found: Vec<Found> = places
            .into_iter()
            .filter_map(|(distance, place)| self.entry(place).map(|(key, _)| Found { key, distance }))
            .collect();
        found.sort_by_key(|found| (found.distance, found.key));
        found.truncate(FOUND_MAX);
        found
    }

    /// The nearest entry; of equally near ones that with the lowest key.
    pub fn nearest(&self, hash: &PictureHash) -> Option<Found> {
        self.find(hash).into_iter().next()
    }

    /// The sure match with the lowest key: the first appearance when keys rise
    /// with time.
    pub fn earliest(&self, hash: &PictureHash) -> Option<Found> {
        self.find(hash).into_iter().filter(Found::is_sure).min_by_key(|found| found.key)
    }

    /// Memory that it holds, bytes.
    pub fn memory_bytes(&self) -> usize {
        let blocks: usize = self
            .blocks
            .iter()
            .map(|block| {
                block.hashes.capacity() * size_of::<PictureHash>() + block.keys.capacity() * size_of::<u64>()
            })
            .sum();
        let slots: usize = self
            .slots
            .iter()
            .map(|slot| (slot.starts.capacity() + slot.places.capacity()) * size_of::<u32>())
            .sum();
        blocks + slots
    }

    fn entry(&self, place: usize) -> Option<(u64, &PictureHash)> {
        let block = self.blocks.get(place / BLOCK)?;
        Some((*block.keys.get(place % BLOCK)?, block.hashes.get(place % BLOCK)?))
    }

    /// Places of the sorted entries with this word in this slot.
    fn sorted_under(&self, slot: usize, word: u16) -> &[u32] {
        let word = usize::from(word);
        self.slots
            .get(slot)
            .and_then(|slot| {
                let (from, to) = (*slot.starts.get(word)? as usize, *slot.starts.get(word + 1)? as usize);
                slot.places.get(from..to)
            })
            .unwrap_or_default()
    }

    /// Drops what was removed and sorts all entries into the slots.
    fn sort(&mut self) {
        if self.removed > 0 {
            let kept: Vec<Block> = std::mem::take(&mut self.blocks);
            (self.count, self.removed, self.sorted) = (0, 0, 0);
            for block in kept {
                for (key, hash) in block.keys.into_iter().zip(block.hashes) {
                    self.push(key, hash);
                }
            }
        }
        self.slots.resize_with(SLOTS, Slot::default);
        for (at, slot) in self.slots.iter_mut().enumerate() {
            slot.fill(at, self.count, &self.blocks);
        }
        self.sorted = self.count;
    }
}

impl Slot {
    /// Counting sort of all entries by their word `at`; equal ones keep their order.
    fn fill(&mut self, at: usize, count: usize, blocks: &[Block]) {
        let hashes = || blocks.iter().flat_map(|block| &block.hashes);
        // `at` is below the number of words.
        let word = |hash: &PictureHash| usize::from(hash.slots().get(at).copied().unwrap_or_default());
        self.starts.clear();
        self.starts.resize(VALUES + 1, 0);
        for hash in hashes() {
            if let Some(start) = self.starts.get_mut(word(hash) + 1) {
                *start += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        self.places.clear();
        self.places.reserve_exact(count);
        self.places.resize(count, 0);
        // Filling moves each start to the next one; they are moved back below.
        for (place, hash) in (0_u32..).zip(hashes()) {
            if let Some(start) = self.starts.get_mut(word(hash)) {
                if let Some(slot) = self.places.get_mut(*start as usize) {
                    *slot = place;
                }
                *start += 1;
            }
        }
        self.starts.rotate_right(1);
        if let Some(first) = self.starts.first_mut() {
            *first = 0;
        }
    }
}
