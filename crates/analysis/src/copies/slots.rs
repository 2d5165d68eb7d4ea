//! The hot posts, column by column, in the order in which they came.

use super::signature::{Signature, VALUES};

/// Posts of a chunk: columns grow without being moved.
const CHUNK: usize = 1 << 14;
/// In place of the id of a post that was removed.
pub(super) const GONE: i64 = i64::MIN;
/// Values of a post that is only compared whole.
const NO_VALUES: [u8; VALUES] = [0; VALUES];

/// One column.
#[derive(Debug)]
pub(super) struct Column<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Copy> Column<T> {
    pub(super) fn get(&self, slot: usize) -> Option<&T> {
        self.chunks.get(slot / CHUNK)?.get(slot % CHUNK)
    }

    fn set(&mut self, slot: usize, value: T) {
        if let Some(place) = self.chunks.get_mut(slot / CHUNK).and_then(|chunk| chunk.get_mut(slot % CHUNK)) {
            *place = value;
        }
    }

    fn push(&mut self, value: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(value);
        }
        self.len += 1;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// The column with its values in another order, some left out.
    fn reordered(&self, order: &[u32]) -> Self {
        let mut column = Self::default();
        for slot in order {
            if let Some(value) = self.get(*slot as usize) {
                column.push(*value);
            }
        }
        column
    }

    fn bytes(&self) -> usize {
        self.chunks.len() * CHUNK * size_of::<T>()
    }
}

/// The columns of the hot posts.
#[derive(Debug, Default)]
pub(super) struct Slots {
    pub(super) ids: Column<i64>,
    pub(super) cascades: Column<i64>,
    pub(super) exact: Column<u64>,
    pub(super) values: Column<[u8; VALUES]>,
    /// The slot of the oldest post.
    head: usize,
}

impl Slots {
    /// Slots in use.
    pub(super) const fn len(&self) -> usize {
        self.ids.len
    }

    /// Bytes of all columns.
    pub(super) fn bytes(&self) -> usize {
        self.ids.bytes() + self.cascades.bytes() + self.exact.bytes() + self.values.bytes()
    }

    /// Adds a post, in the place of the oldest once there are `limit`; says where.
    pub(super) fn push(&mut self, limit: usize, id: i64, cascade: i64, signature: &Signature) -> u32 {
        let values = signature.values().copied().unwrap_or(NO_VALUES);
        let slot = if self.len() < limit {
            self.ids.push(id);
            self.cascades.push(cascade);
            self.exact.push(signature.exact());
            self.values.push(values);
            self.len() - 1
        } else {
            let slot = self.head;
            self.ids.set(slot, id);
            self.cascades.set(slot, cascade);
            self.exact.set(slot, signature.exact());
            self.values.set(slot, values);
            self.head = (slot + 1) % self.len();
            slot
        };
        // The limit fits u32.
        slot as u32
    }

    /// Posts that came after the one in this slot.
    pub(super) const fn age(&self, slot: usize) -> usize {
        (self.head + self.len() - 1 - slot) % self.len()
    }

    /// The slot of the post that came as the `at`-th of those that are hot.
    pub(super) const fn nth(&self, at: u32) -> u32 {
        // Slots fit u32.
        ((self.head + at as usize) % self.len()) as u32
    }

    /// The id in a slot, unless it is empty.
    pub(super) fn id(&self, slot: u32) -> Option<i64> {
        self.ids.get(slot as usize).copied().filter(|id| *id != GONE)
    }

    /// The signature in a slot, unless it is empty.
    pub(super) fn signature(&self, slot: u32) -> Option<Signature> {
        self.id(slot)?;
        let values = self.values.get(slot as usize)?;
        let exact = *self.exact.get(slot as usize)?;
        Some(Signature::of_parts(exact, (*values != NO_VALUES).then_some(*values)))
    }

    /// Forgets what is in a slot.
    pub(super) fn clear(&mut self, slot: u32) {
        let slot = slot as usize;
        self.ids.set(slot, GONE);
        self.cascades.set(slot, GONE);
        self.exact.set(slot, 0);
        self.values.set(slot, NO_VALUES);
    }

    /// Puts the posts in rising order of id and keeps the last `limit`.
    pub(super) fn sort(&mut self, limit: usize) {
        let mut rising = true;
        let mut last = i64::MIN;
        for id in self.ids.iter() {
            rising &= *id >= last;
            last = *id;
        }
        if rising && self.len() <= limit && self.head == 0 {
            return;
        }
        // The number of slots fits u32.
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_by_key(|slot| self.ids.get(*slot as usize).copied());
        let order = order.get(order.len().saturating_sub(limit)..).unwrap_or_default();
        self.cascades = self.cascades.reordered(order);
        self.exact = self.exact.reordered(order);
        self.values = self.values.reordered(order);
        self.ids = self.ids.reordered(order);
        self.head = 0;
    }
}
