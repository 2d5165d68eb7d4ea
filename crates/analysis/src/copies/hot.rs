//! The hot index: which cascade a new post joins.
//!
//! In: ids with signatures, in the order of arrival. Out: [`Placement`].
//! Cost: about 300 bytes a post at the limit and a few µs a post, whatever is
//! posted: a key brings forward its two newest posts at most.
//! Limits: posts over the limit push out the oldest; the table doubles until
//! the limit is reached, which takes about 1.5 µs per post held each time.
//! Keys that many posts share bring forward no older copy; rarer keys do.

use super::signature::{BANDS, Keys, Signature, equal_values, keys_of, of_equal, similarity};
use super::slots::{GONE, Slots};
use super::table::Table;
use super::{FIRST_SIMILARITY_MIN, JOIN_SIMILARITY_MIN};
use std::collections::{HashMap, HashSet};

/// Keys of a post: one of the whole text and one of each band.
const KEYS: usize = BANDS + 1;
/// Posts that the first table is made for.
const POSTS_MIN: usize = 1 << 12;
/// A table is made anew for so many times the posts there are.
const GROWTH: usize = 2;
/// Most posts of an index: slots are 32 bits, and lines times half a key stay within 64.
const LIMIT_MAX: usize = 1 << 30;
/// An exact copy is not entered anew while the last one that was is among
/// this share of the newest posts.
const YOUNG_SHARE: usize = 8;
/// Most candidates whose cascades are asked whether the post fits in.
const JOINS_MAX: usize = 8;
/// Cascades without hot posts are swept out every time so many posts came,
/// as a share of the limit.
const SWEEP_SHARE: u64 = 8;

/// Where a post belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Id of the post that began the cascade; its own when it is the first.
    pub cascade: i64,
    /// The most similar hot post and the estimated similarity, if it reaches
    /// [`JOIN_SIMILARITY_MIN`]; the one with the lowest id among equals.
    pub nearest: Option<(i64, f32)>,
}

/// What an index has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopiesCounts {
    /// Posts placed.
    pub placed: u64,
    /// Posts that were compared with placed ones.
    pub compared: u64,
    /// Keys under which there may have been more posts than were compared.
    pub capped: u64,
    /// Posts that were alike another but not the first of its cascade, and began their own.
    pub kept_apart: u64,
}

/// The first post of a cascade that has several.
#[derive(Debug)]
struct First {
    signature: Signature,
    /// Number of the last placement that joined.
    joined_at: u64,
}

/// The hot posts and the way to those that are alike.
#[derive(Debug)]
pub struct Copies {
    limit: usize,
    slots: Slots,
    table: Table,
    /// Posts that the table is made for; 0 while posts are loaded.
    table_posts: usize,
    firsts: HashMap<i64, First>,
    clock: u64,
    swept_at: u64,
    counts: CopiesCounts,
    found: Vec<u32>,
    ranked: Vec<(u32, i64, u32)>,
}

impl Copies {
    /// An empty index of at most so many posts (1 at least). Memory grows with the posts.
    pub fn new(limit_posts: usize) -> Self {
        Self {
            limit: limit_posts.clamp(1, LIMIT_MAX),
            slots: Slots::default(),
            table: Table::default(),
            table_posts: 0,
            firsts: HashMap::new(),
            clock: 0,
            swept_at: 0,
            counts: CopiesCounts::default(),
            found: Vec::new(),
            ranked: Vec::new(),
        }
    }

    /// Hot posts, removed ones that are not yet overwritten included.
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// True when nothing is hot.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the index takes.
    pub fn memory_bytes(&self) -> usize {
        let first = size_of::<(i64, First)>() + 1;
        self.slots.bytes() + self.table.bytes() + self.firsts.capacity() * first * 8 / 7
    }

    /// What it has seen since it was made.
    pub const fn counts(&self) -> CopiesCounts {
        self.counts
    }

    /// Takes up a post whose cascade is known, in any order, before the first
    /// [`place`](Self::place); then the lowest ids leave when there are too many.
    pub fn insert(&mut self, id: i64, cascade: i64, signature: &Signature) {
        if self.table_posts > 0 {
            let keys = keys_of(signature);
            self.push(id, cascade, signature, keys.iter());
            return;
        }
        // Room for a quarter more, so that the lowest are dropped seldom.
        if self.slots.len() >= self.limit.saturating_add(self.limit / 4).min(LIMIT_MAX) {
            self.slots.sort(self.limit);
        }
        self.slots.push(usize::MAX, id, cascade, signature);
    }

    /// Finds the cascade of a new post and takes it up. Ids are expected to rise.
    pub fn place(&mut self, id: i64, signature: &Signature) -> Placement {
        self.settle();
        self.clock += 1;
        self.counts.placed += 1;
        let keys = keys_of(signature);
        let twin = self.twin(id, signature, &keys);
        let (placement, enters) = match twin {
            Some((slot, other)) => {
                let cascade = self.cascade_of(slot).unwrap_or(other);
                self.join(cascade, signature);
                let old = self.slots.age(slot as usize) > self.limit / YOUNG_SHARE;
                (Placement { cascade, nearest: Some((other, 1.0)) }, old)
            }
            None => (self.place_by_bands(id, signature, &keys), true),
        };
        let keys = if enters { keys.iter() } else { Keys::NONE.iter() };
        self.push(id, placement.cascade, signature, keys);
        placement
    }

    /// The hot post that is most like a text, other than `except`, with the
    /// estimated similarity. Nothing is taken up. Cost: as [`place`](Self::place).
    pub fn nearest(&mut self, signature: &Signature, except: Option<i64>) -> Option<(i64, f32)> {
        self.settle();
        let except = except.unwrap_or(i64::MIN);
        let keys = keys_of(signature);
        if let Some((_, other)) = self.twin(except, signature, &keys) {
            return Some((other, 1.0));
        }
        self.rank(except, signature, &keys);
        self.ranked.first().map(|(_, other, equal)| (*other, of_equal(*equal)))
    }

    /// Removes a post. Cost: a look at every id.
    pub fn remove(&mut self, id: i64) {
        self.remove_all(&HashSet::from([id]));
    }

    /// Removes posts. Cost: a look at every id, however many are removed.
    pub fn remove_all(&mut self, ids: &HashSet<i64>) {
        let slots: Vec<u32> = (0..)
            .zip(self.slots.ids.iter())
            .filter(|(_, id)| ids.contains(id))
            .map(|(slot, _)| slot)
            .collect();
        for slot in slots {
            self.remove_slot(slot);
        }
        for id in ids {
            self.firsts.remove(id);
        }
    }

    /// Ends the loading: posts in order, and a table.
    fn settle(&mut self) {
        if self.table_posts == 0 {
            self.slots.sort(self.limit);
            self.make_table();
        }
    }

    fn remove_slot(&mut self, slot: u32) {
        let Some(signature) = self.slots.signature(slot) else { return };
        self.slots.clear(slot);
        if self.table_posts == 0 {
            return;
        }
        // Its exact copies may have been entered through it alone.
        let twin = (0..).zip(self.slots.exact.iter()).find(|(_, exact)| **exact == signature.exact());
        if let Some((twin, _)) = twin {
            keys_of(&signature).iter().for_each(|key| self.table.enter(key, twin));
        }
    }

    /// Makes the table for the posts there are and some more, and enters them.
    fn make_table(&mut self) {
        let posts = self.slots.len();
        self.table_posts = (posts * GROWTH).max(POSTS_MIN).min(self.limit);
        // The old one is given back before the new one is taken.
        self.table = Table::default();
        self.table = Table::for_entries(self.table_posts * KEYS);
        // The number of slots fits u32. From the oldest on: the newest stay.
        for at in 0..posts as u32 {
            let slot = self.slots.nth(at);
            if let Some(signature) = self.slots.signature(slot) {
                let keys = keys_of(&signature);
                self.table.touch(keys.iter());
                keys.iter().for_each(|key| self.table.enter(key, slot));
            }
        }
    }

    fn push(&mut self, id: i64, cascade: i64, signature: &Signature, keys: impl Iterator<Item = u64>) {
        if self.slots.len() >= self.table_posts && self.table_posts < self.limit {
            self.make_table();
        }
        let slot = self.slots.push(self.limit, id, cascade, signature);
        keys.for_each(|key| self.table.enter(key, slot));
        if self.clock - self.swept_at > self.limit as u64 / SWEEP_SHARE {
            self.swept_at = self.clock;
            let oldest = self.clock.saturating_sub(self.limit as u64);
            self.firsts.retain(|_, first| first.joined_at >= oldest);
        }
    }

    /// A hot post with the same normalised text.
    fn twin(&mut self, id: i64, signature: &Signature, keys: &Keys) -> Option<(u32, i64)> {
        self.found.clear();
        self.table.collect(keys.exact(), &mut self.found);
        let same = |slot: &u32| {
            let other = self.slots.id(*slot)?;
            let equal = other != id && self.slots.signature(*slot).as_ref() == Some(signature);
            equal.then_some((*slot, other))
        };
        self.found.iter().filter_map(same).min_by_key(|(_, other)| *other)
    }

    fn place_by_bands(&mut self, id: i64, signature: &Signature, keys: &Keys) -> Placement {
        let own = Placement { cascade: id, nearest: None };
        self.rank(id, signature, keys);
        let Some((_, nearest, equal)) = self.ranked.first().copied() else { return own };
        let nearest = Some((nearest, of_equal(equal)));
        for at in 0..self.ranked.len().min(JOINS_MAX) {
            let Some((slot, other, _)) = self.ranked.get(at).copied() else { break };
            let cascade = self.cascade_of(slot).unwrap_or(other);
            if self.fits(cascade, slot, signature) {
                return Placement { cascade, nearest };
            }
        }
        self.counts.kept_apart += 1;
        Placement { cascade: id, nearest }
    }

    /// Fills `ranked` with the hot posts that are similar enough: slot, id and
    /// equal values, the most similar first, equal ones by rising id.
    fn rank(&mut self, id: i64, signature: &Signature, keys: &Keys) {
        self.found.clear();
        self.ranked.clear();
        let Some(values) = signature.values() else { return };
        self.table.touch(keys.bands());
        for key in keys.bands() {
            self.counts.capped += u64::from(self.table.collect(key, &mut self.found));
        }
        self.found.sort_unstable();
        self.found.dedup();
        self.counts.compared += self.found.len() as u64;
        for slot in &self.found {
            let Some(others) = self.slots.values.get(*slot as usize) else { continue };
            let equal = equal_values(values, others);
            if of_equal(equal) >= JOIN_SIMILARITY_MIN
                && let Some(other) = self.slots.id(*slot)
                && other != id
                && !(signature.is_short() && self.slots.signature(*slot).is_none_or(|other| other.is_short()))
            {
                self.ranked.push((*slot, other, equal));
            }
        }
        self.ranked.sort_unstable_by_key(|(_, other, equal)| (std::cmp::Reverse(*equal), *other));
    }

    fn cascade_of(&self, slot: u32) -> Option<i64> {
        self.slots.cascades.get(slot as usize).copied().filter(|cascade| *cascade != GONE)
    }

    /// True when a text is similar enough to the first of a cascade to which
    /// the post of `slot` belongs; then it counts as joined.
    fn fits(&mut self, cascade: i64, slot: u32, signature: &Signature) -> bool {
        // Without its first post at hand the member that was found stands in.
        let first =
            self.firsts.get(&cascade).map(|first| first.signature).or_else(|| self.slots.signature(slot));
        let Some(first) = first else { return false };
        let fits = similarity(&first, signature) >= FIRST_SIMILARITY_MIN;
        if fits {
            self.join(cascade, &first);
        }
        fits
    }

    /// Notes that a post joined a cascade, whose first is like `first` if it is not known yet.
    fn join(&mut self, cascade: i64, first: &Signature) {
        let joined_at = self.clock;
        self.firsts.entry(cascade).or_insert_with(|| First { signature: *first, joined_at }).joined_at =
            joined_at;
    }
}
