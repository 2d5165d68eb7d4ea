//! What was worked out for frequent keys, remembered: the answer is the same
//! as working it out again, only sooner.
//!
//! In: a key and its hash. Out: the value, from memory or from the caller.
//! Cost: two looks at most, side by side; about 100 bytes a place.
//! Limits: [`PLACES`] keys. A key that came once gives way first: two keys
//! share a hash, and only the second of them is replaced.

/// Keys remembered; a power of two.
pub(crate) const PLACES: usize = 1 << 15;

/// A key and what it says; `None` while nothing was remembered here.
type Place<K, V> = Option<(K, V)>;

/// The keys that were asked for lately.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    /// Pairs of the key that came again and the newest one.
    pairs: Vec<[Place<K, V>; 2]>,
}

impl<K: Copy + Eq, V: Copy> Recent<K, V> {
    /// Without keys and without memory.
    pub(crate) const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// The value of a key; `work_out` is called when it is not remembered.
    /// The lowest bits of `hash` must be well mixed.
    #[inline]
    pub(crate) fn of(&mut self, key: K, hash: u64, work_out: impl FnOnce() -> V) -> V {
        if self.pairs.is_empty() {
            self.pairs.resize(PLACES / 2, [None, None]);
        }
        // The mask keeps it below PLACES / 2.
        let Some([kept, newest]) = self.pairs.get_mut(hash as usize & (PLACES / 2 - 1)) else {
            return work_out();
        };
        if let Some((known, value)) = kept
            && *known == key
        {
            return *value;
        }
        if let Some((known, value)) = newest
            && *known == key
        {
            let value = *value;
            std::mem::swap(kept, newest);
            return value;
        }
        let value = work_out();
        *newest = Some((key, value));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_came_again_outlives_those_that_come_once() {
        let mut recent = Recent::new();
        let mut worked_out = 0;
        // One place for all: only the second pair of eyes tells them apart.
        for key in [1, 1, 2, 1, 3, 1, 4, 1, 4, 4, 1] {
            let value = recent.of(key, 7, || {
                worked_out += 1;
                key * 10
            });
            assert_eq!(value, key * 10);
        }
        // 1, 2, 3 and 4 once each; 1 is pushed out by the 4 that came again, and comes back.
        assert_eq!(worked_out, 4);
    }
}
