//! Gathers what arrives into the next batch, each identical arrival once.
//!
//! In: readings, deletions and rejects of one source. Out: [`Batch`].
//! Cost: O(1) per item plus a scan of the batch's deletions. Limits: [`RECENT_MAX`].

use super::{Batch, Deletion, Notice};
use crate::{Arrival, Readings};
use model::{PostKey, Reject, Timestamp};
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many recent arrivals a source remembers so that an overlap is not delivered twice.
pub(crate) const RECENT_MAX: usize = 20_000;

/// A bounded memory of what was seen: 8 bytes of hash each, oldest forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    order: VecDeque<u64>,
    seen: HashSet<u64>,
}

impl Recent {
    /// Remembers the thing; false when it was remembered already.
    pub(crate) fn remember(&mut self, thing: impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        thing.hash(&mut hasher);
        let mark = hasher.finish();
        if !self.seen.insert(mark) {
            return false;
        }
        self.order.push_back(mark);
        if self.order.len() > RECENT_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

/// The batch in the making. It outlives a dropped `next`, so nothing is lost.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    batch: Batch,
    recent: Recent,
    ordinal: u64,
}

impl Collector {
    /// The place of the next item in the stream.
    pub(crate) fn arrival(&mut self, fetched_at: Timestamp) -> Arrival {
        self.ordinal = self.ordinal.saturating_add(1);
        Arrival { line: self.ordinal, fetched_at }
    }

    /// Takes what a network's reader made of an item; returns how many of
    /// its records were not here lately.
    pub(crate) fn take(&mut self, readings: Readings) -> usize {
        let mut news = 0;
        for reading in readings {
            match reading {
                Ok((record, mapped)) => {
                    if !self.recent.remember((record.key().0, record.body_hash())) {
                        continue;
                    }
                    news += 1;
                    // Deleted and written again within one batch: the later word counts.
                    self.batch.deletions.retain(|deletion| {
                        !matches!(deletion, Deletion::Post(key)
                            if key.network == record.network && key.native_id == record.native_id)
                    });
                    self.batch.records.push((record, mapped));
                }
                Err(reject) => self.take_reject(reject),
            }
        }
        news
    }

    fn take_reject(&mut self, reject: Reject) {
        if self.recent.remember((&reject.reason, &reject.excerpt)) {
            self.batch.rejects.push(reject);
        }
    }

    /// Counts something that cannot be read, with its start.
    pub(crate) fn reject(&mut self, reason: impl model::Reason, item: &[u8]) {
        self.ordinal = self.ordinal.saturating_add(1);
        self.take_reject(Reject::new(self.ordinal, reason, item));
    }

    /// The source says that something is gone.
    pub(crate) fn delete(&mut self, deletion: Deletion) {
        self.batch.deletions.push(deletion);
    }

    /// The source says that a post is gone.
    pub(crate) fn delete_post(&mut self, key: PostKey) {
        self.delete(Deletion::Post(key));
    }

    /// Something about completeness, once per batch.
    pub(crate) fn notice(&mut self, notice: Notice) {
        if !self.batch.notices.contains(&notice) {
            self.batch.notices.push(notice);
        }
    }

    /// Items in the batch so far.
    pub(crate) fn len(&self) -> usize {
        self.batch.records.len() + self.batch.deletions.len() + self.batch.rejects.len()
    }

    /// True when there is nothing to deliver.
    pub(crate) fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    /// Hands the batch over and starts the next.
    pub(crate) fn finish(&mut self, cursor: Option<String>) -> Batch {
        let mut batch = std::mem::take(&mut self.batch);
        batch.cursor = cursor;
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_is_bounded_and_forgets_the_oldest() {
        let mut recent = Recent::default();
        for number in 0..=RECENT_MAX {
            assert!(recent.remember(number));
        }
        assert!(!recent.remember(RECENT_MAX));
        assert!(recent.remember(0), "the oldest is forgotten");
        assert_eq!(recent.order.len(), RECENT_MAX);
        assert_eq!(recent.seen.len(), RECENT_MAX);
    }

    #[test]
    fn the_same_garbage_is_counted_once() {
        let mut collector = Collector::default();
        collector.reject("not JSON", b"\0\xff");
        collector.reject("not JSON", b"\0\xff");
        assert_eq!(collector.finish(None).rejects.len(), 1);
    }
}
