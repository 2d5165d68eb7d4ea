//! Records of a fixed length, and strings, in the order in which they came.
//!
//! In: records, strings. Out: the same by number or place; the records of
//! several logs in one order ([`merged`]). Errors: those of [`store::spool`],
//! told by its room. Cost: as there; 128 KiB for each log that is read in turn.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::marker::PhantomData;
use std::sync::Arc;
use store::spool::{Spool, SpoolRoom};

/// Bytes that are read at once when records are visited in turn.
const READ_BYTES: usize = 64 * 1024;

/// A record of a fixed length.
pub trait Record: Copy {
    /// As bytes.
    type Bytes: AsRef<[u8]> + AsMut<[u8]> + Default;
    /// Writes it.
    fn to_bytes(&self) -> Self::Bytes;
    /// Reads it back.
    fn of(bytes: &[u8]) -> Self;
}

/// The `place`-th four bytes as a number.
pub fn number(bytes: &[u8], place: usize) -> u32 {
    let four = bytes.get(place * 4..place * 4 + 4).and_then(|four| four.try_into().ok());
    u32::from_le_bytes(four.unwrap_or_default())
}

/// Numbers as bytes.
pub fn bytes_of<const N: usize, const B: usize>(numbers: [u32; N]) -> [u8; B] {
    let mut bytes = [0; B];
    for (four, number) in bytes.chunks_exact_mut(4).zip(numbers) {
        four.copy_from_slice(&number.to_le_bytes());
    }
    bytes
}

impl Record for u32 {
    type Bytes = [u8; 4];
    fn to_bytes(&self) -> Self::Bytes {
        self.to_le_bytes()
    }
    fn of(bytes: &[u8]) -> Self {
        number(bytes, 0)
    }
}

/// Records by number.
#[derive(Debug)]
pub struct Log<T> {
    spool: Spool,
    length: usize,
    record: PhantomData<T>,
}

impl<T: Record> Log<T> {
    /// An empty one.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        let length = T::Bytes::default().as_ref().len().max(1);
        Self { spool: Spool::new(room), length, record: PhantomData }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.spool.len() / self.length as u64
    }

    /// Adds one.
    pub fn push(&mut self, record: &T) {
        self.spool.push(record.to_bytes().as_ref());
    }

    /// One by its number.
    pub fn get(&self, number: u64) -> Option<T> {
        let mut bytes = T::Bytes::default();
        let place = number.checked_mul(self.length as u64)?;
        self.spool.read(place, bytes.as_mut()).then(|| T::of(bytes.as_ref()))
    }

    /// Those of a range of numbers, added to `into`.
    pub fn read(&self, range: std::ops::Range<u64>, into: &mut Vec<T>) {
        let mut bytes = Vec::new();
        let mut from = range.start;
        let end = range.end.min(self.len());
        // What is read is meant to fit in memory.
        into.reserve_exact(usize::try_from(end.saturating_sub(from)).unwrap_or(0));
        while from < end {
            let count = (end - from).min((READ_BYTES / self.length).max(1) as u64);
            // At most READ_BYTES, or one record.
            bytes.resize(count as usize * self.length, 0);
            self.spool.read(from * self.length as u64, &mut bytes);
            into.extend(bytes.chunks_exact(self.length).map(T::of));
            from += count;
        }
    }

    /// All of them, in turn.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        let step = (READ_BYTES / self.length).max(1) as u64;
        let starts = (0..self.len()).step_by(usize::try_from(step).unwrap_or(1));
        starts.flat_map(move |from| {
            let mut some = Vec::new();
            self.read(from..from.saturating_add(step), &mut some);
            some
        })
    }
}

/// The records of logs that each rise, rising. Cost: O(log k) a record of k logs.
pub fn merged<T: Record + Ord>(logs: &[Log<T>]) -> impl Iterator<Item = T> + '_ {
    let mut rest: Vec<_> = logs.iter().map(Log::iter).collect();
    let mut heads: BinaryHeap<Reverse<(T, usize)>> =
        (0..).zip(&mut rest).filter_map(|(log, rest)| Some(Reverse((rest.next()?, log)))).collect();
    std::iter::from_fn(move || {
        let mut head = heads.peek_mut()?;
        let Reverse((lowest, log)) = *head;
        match rest.get_mut(log).and_then(Iterator::next) {
            Some(next) => *head = Reverse((next, log)),
            None => {
                std::collections::binary_heap::PeekMut::pop(head);
            }
        }
        Some(lowest)
    })
}

/// Where a string is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Its first byte.
    pub at: u64,
    /// Its bytes.
    pub length: u32,
}

impl Record for Place {
    type Bytes = [u8; 12];
    fn to_bytes(&self) -> [u8; 12] {
        bytes_of([(self.at & u64::from(u32::MAX)) as u32, (self.at >> 32) as u32, self.length])
    }
    fn of(bytes: &[u8]) -> Self {
        let at = u64::from(number(bytes, 0)) | u64::from(number(bytes, 1)) << 32;
        Self { at, length: number(bytes, 2) }
    }
}

/// Strings by place.
#[derive(Debug)]
pub struct Texts(Spool);

impl Texts {
    /// None yet.
    pub fn new(room: &Arc<SpoolRoom>) -> Self {
        Self(Spool::new(room))
    }

    /// Adds one; of a string of more than 4 GiB nothing is kept.
    pub fn push(&mut self, text: &str) -> Place {
        match u32::try_from(text.len()) {
            Ok(length) => Place { at: self.0.push(text.as_bytes()), length },
            Err(_) => Place::default(),
        }
    }

    /// The string at a place that was told.
    pub fn get(&self, place: Place) -> String {
        let mut bytes = vec![0; place.length as usize];
        self.0.read(place.at, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_strings_are_read_back_with_and_without_files() {
        let folder = tempfile::tempdir().unwrap();
        for limit in [u64::MAX, 0] {
            let room = SpoolRoom::open(folder.path(), limit).unwrap();
            let (mut log, mut texts) = (Log::new(&room), Texts::new(&room));
            let told = |at: u32| format!("texto {at} ñ");
            for at in 0..20_000 {
                log.push(&texts.push(&told(at)));
            }
            assert_eq!(log.len(), 20_000);
            assert_eq!(room.spilled() > 0, limit == 0);
            let one = |at: u32| texts.get(log.get(u64::from(at)).unwrap());
            assert!([0, 1, 9_999, 19_999].into_iter().all(|at| one(at) == told(at)));
            assert!(log.get(20_000).is_none());
            assert!(log.iter().map(|place| texts.get(place)).eq((0..20_000).map(told)));
            let mut some = Vec::new();
            log.read(100..103, &mut some);
            assert_eq!(
                some.iter().map(|place| texts.get(*place)).collect::<Vec<_>>(),
                [100, 101, 102].map(told)
            );
            room.check().unwrap();
        }
    }
}
