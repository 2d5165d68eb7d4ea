//! The actions of one trace: taken as they come, then ordered by object.
//!
//! In: actions with the post behind each. Out: the same by object and time, all
//! of an object together, whole objects in stretches that fit in memory.
//! Errors: those of the spool's room. Cost: taking is a copy; ordering reads
//! everything twice and writes it once, or thrice and twice where it does not
//! fit in [`BLOCK_SHARE`] of the room; 4 bytes an object in memory once in order.

use crate::coordination::observed::log::{Log, Record, bytes_of, number};
use crate::coordination::observed::objects::Objects;
use analysis::coordination::Action;
use std::sync::Arc;
use store::spool::SpoolRoom;

/// What looking for pairs takes of the memory of a search: one part in so many.
pub(super) const PAIRS_SHARE: u64 = 4;
/// Share of the room's memory that is ordered or looked at at once.
const BLOCK_SHARE: u64 = 16;
/// Actions that are ordered or looked at at once, at least and at most.
const BLOCK_ACTIONS: (u64, u64) = (1 << 10, 1 << 23);
/// Stretches into which actions are parted, about: each may be a file.
const STRETCHES: u64 = 128;
/// Bytes of an action.
const ACT_BYTES: u64 = 16;

/// An action and the number of the post behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Act {
    /// The action.
    pub action: Action,
    /// The post.
    pub post: u32,
}

impl Record for Act {
    type Bytes = [u8; ACT_BYTES as usize];
    fn to_bytes(&self) -> Self::Bytes {
        let Action { object, time, account } = self.action;
        bytes_of([object, time, account, self.post])
    }
    fn of(bytes: &[u8]) -> Self {
        let [object, time, account, post] = [0, 1, 2, 3].map(|place| number(bytes, place));
        Self { action: Action { object, time, account }, post }
    }
}

/// The actions of one trace.
#[derive(Debug)]
pub struct TraceSeen {
    room: Arc<SpoolRoom>,
    /// Names of the objects.
    pub objects: Objects,
    /// By object where its actions begin, once in order.
    starts: Vec<u32>,
    /// In the order of arrival, then by object, time, account and post.
    acts: Log<Act>,
}

impl TraceSeen {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let (objects, acts) = (Objects::new(room), Log::new(room));
        Self { room: Arc::clone(room), objects, starts: Vec::new(), acts }
    }

    /// Takes an action; beyond 4 billion of one trace nothing is taken.
    pub fn act(&mut self, object: &str, account: u32, time: u32, post: u32) {
        if self.len() >= u64::from(u32::MAX) {
            return;
        }
        let Some(object) = self.objects.number(object) else { return };
        self.acts.push(&Act { action: Action { object, time, account }, post });
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.acts.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What looking for pairs may take of the memory of the search, bytes.
    pub fn memory_for_pairs(&self) -> u64 {
        self.room.limit() / PAIRS_SHARE
    }

    /// About what its tables take, bytes.
    pub fn resident(&self) -> u64 {
        self.starts.capacity() as u64 * 4 + self.objects.resident()
    }

    /// Orders the actions; to be called once, when all are there.
    pub fn close(&mut self) {
        let numbers = self.objects.close();
        let object_of = |act: &Act| {
            let object = act.action.object;
            numbers.get(object as usize).copied().unwrap_or(object)
        };
        self.starts = vec![0; self.objects.len() as usize + 1];
        for act in self.acts.iter() {
            if let Some(count) = self.starts.get_mut(object_of(&act) as usize) {
                *count += 1;
            }
        }
        let mut begin = 0;
        for start in &mut self.starts {
            // The sum is that of all actions, which are fewer than 2^32.
            (begin, *start) = (begin + *start, begin);
        }
        let stretches = self.stretches();
        let arrived = std::mem::replace(&mut self.acts, Log::new(&self.room));
        let mut block: Vec<Act> = Vec::new();
        if stretches.len() <= 1 {
            arrived.read(0..arrived.len(), &mut block);
            drop(arrived);
            block.iter_mut().for_each(|act| act.action.object = object_of(act));
            block.sort_unstable();
            block.iter().for_each(|act| self.acts.push(act));
            return;
        }
        // Each into the file of its stretch of objects, then one stretch after the other.
        let mut parts: Vec<Log<Act>> = stretches.iter().map(|_| Log::new(&self.room)).collect();
        for mut act in arrived.iter() {
            act.action.object = object_of(&act);
            let part = stretches.partition_point(|stretch| stretch.end <= act.action.object);
            if let Some(part) = parts.get_mut(part) {
                part.push(&act);
            }
        }
        drop((arrived, numbers));
        for part in parts {
            block.clear();
            part.read(0..part.len(), &mut block);
            drop(part);
            block.sort_unstable();
            block.iter().for_each(|act| self.acts.push(act));
        }
    }

    /// Objects whose actions are together at most as many as fit, one at least.
    fn stretches(&self) -> Vec<std::ops::Range<u32>> {
        let fits = (self.room.limit() / BLOCK_SHARE / ACT_BYTES).clamp(BLOCK_ACTIONS.0, BLOCK_ACTIONS.1);
        let fits = fits.max(self.len() / STRETCHES);
        let mut stretches = Vec::new();
        let objects = self.objects.len();
        let mut from = 0;
        while from < objects {
            let begin = u64::from(self.start(from));
            let past = self.starts.partition_point(|start| u64::from(*start) <= begin + fits);
            // `past` counts the starts, of which the last but one of those that fit ends the stretch.
            let end = u32::try_from(past.saturating_sub(1)).unwrap_or(objects).clamp(from + 1, objects);
            stretches.push(from..end);
            from = end;
        }
        stretches
    }

    fn start(&self, object: u32) -> u32 {
        let last = self.starts.last().copied().unwrap_or(0);
        self.starts.get(object as usize).copied().unwrap_or(last)
    }

    /// What everybody did with an object, by time.
    pub fn of_object(&self, object: u32) -> Vec<Act> {
        let mut acts = Vec::new();
        self.acts.read(self.range(&(object..object.saturating_add(1))), &mut acts);
        acts
    }

    /// Actions on an object.
    pub fn count_on(&self, object: u32) -> u32 {
        self.start(object.saturating_add(1)) - self.start(object)
    }

    fn range(&self, objects: &std::ops::Range<u32>) -> std::ops::Range<u64> {
        u64::from(self.start(objects.start))..u64::from(self.start(objects.end))
    }

    /// All actions by object, time, account and post, in turn.
    pub fn iter(&self) -> impl Iterator<Item = Act> + '_ {
        self.acts.iter()
    }

    /// Visits all actions, whole objects at a time, as many as fit.
    pub fn each_block(&self, visit: &mut dyn FnMut(&[Act])) {
        let mut block = Vec::new();
        for stretch in self.stretches() {
            block.clear();
            self.acts.read(self.range(&stretch), &mut block);
            visit(&block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_same_however_little_fits() {
        let folder = tempfile::tempdir().unwrap();
        let mut orders = Vec::new();
        for limit in [u64::MAX, 200_000, 0] {
            let room = SpoolRoom::open(folder.path(), limit).unwrap();
            let mut seen = TraceSeen::new(&room);
            for at in 0..30_000_u32 {
                let mixed = at.wrapping_mul(2_654_435_761);
                // One object holds a third of all, more than a block.
                let object = if mixed % 3 == 0 { 0 } else { mixed / 3 % 700 };
                seen.act(&format!("o{object}"), mixed % 91, mixed / 7 % 1_000, at);
            }
            seen.close();
            let all: Vec<Act> = seen.iter().collect();
            assert!(all.is_sorted() && all.len() == 30_000);
            let mut blocks = 0;
            let mut last = None;
            let mut together = Vec::new();
            seen.each_block(&mut |block| {
                blocks += 1;
                assert_ne!(block.first().map(|act| act.action.object), last, "whole objects");
                last = block.last().map(|act| act.action.object);
                together.extend_from_slice(block);
            });
            assert_eq!(together, all);
            assert_eq!(blocks > 1, limit < u64::MAX, "{limit}");
            let objects = 0..seen.objects.len();
            let by_object: Vec<Act> = objects.flat_map(|object| seen.of_object(object)).collect();
            assert_eq!(by_object, all);
            assert_eq!(seen.count_on(1) as usize, seen.of_object(1).len());
            room.check().unwrap();
            orders.push(all);
        }
        assert!(orders.windows(2).all(|two| two[0] == two[1]));
    }
}
