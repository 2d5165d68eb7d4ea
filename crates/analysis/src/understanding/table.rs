//! The shipped weights of one language: a table of features and one small
//! number per lane.
//!
//! In: the bytes of `models/understanding-*.bin`. Out: [`Table`].
//! Errors: [`TableError`] when the bytes are not a model.
//! Cost: reading fills one slot of four bytes per feature, twice over (about
//! 1 ms); a look-up touches one slot and, when the feature is known, one row
//! of 32 bytes.
//! Limits: [`ROWS_MAX`] features.

use super::heads::LANES;
use crate::rows::{BATCH, add_rows};

/// First bytes of a model.
pub const MAGIC: &[u8; 8] = b"ATTEXT01";
/// Most features of one language.
pub const ROWS_MAX: usize = (1 << 17) - 1;
/// Bits of the slot number.
const SLOT_BITS: u32 = 18;
/// Bits of a slot that hold the row; the others hold the rest of the key.
const ROW_BITS: u32 = 32 - (32 - SLOT_BITS);

/// Bits of a key that a small table of known keys looks at: 128 KiB stay near.
const KNOWN_BITS: u32 = 20;

/// Why bytes are not a model.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The bytes do not begin as a model does.
    #[error("not a text model: it does not begin with ATTEXT01")]
    NotAModel,
    /// The bytes end before the table they announce.
    #[error("the text model ends too early")]
    TooShort,
    /// More features than a table holds.
    #[error("the text model announces {0} features, at most {ROWS_MAX} fit")]
    TooManyRows(usize),
}

/// What makes a probability of a sum: `slope · x + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// Factor of the sum.
    pub slope: f32,
    /// Added afterwards.
    pub offset: f32,
}

/// The weights of one language.
#[derive(Debug, Default)]
pub struct Table<'a> {
    /// Size of one step of a weight, per lane.
    pub scales: [f32; LANES],
    /// What a lane has before anything is read.
    pub biases: [f32; LANES],
    /// How much the lexicon counts beside what was learned: a factor of its nats.
    pub trust: f32,
    /// How sums become probabilities, per lane.
    pub calibrations: Vec<Calibration>,
    /// Probability from which a lane is given (yes-or-no heads), or below which
    /// the method abstains (choices), per lane.
    pub limits: [f32; LANES],
    rows: &'a [u8],
    slots: Vec<u32>,
    /// One bit per value of the upper [`KNOWN_BITS`] bits of a key.
    known: Vec<u64>,
}

/// Sums of weights per lane, in steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// One per lane.
    pub lanes: [i32; LANES],
    /// Features given, known or not.
    pub features: u32,
    /// Features that the table knows.
    pub known: u32,
}

impl Sums {
    /// Adds the sum of several rows, some of which may be unknown.
    #[inline]
    pub fn add_many(&mut self, rows: &[i16; LANES], features: u32, known: u32) {
        for (lane, sum) in self.lanes.iter_mut().zip(rows) {
            *lane += i32::from(*sum);
        }
        self.features += features;
        self.known += known;
    }
}

impl<'a> Table<'a> {
    /// Reads a model.
    ///
    /// # Errors
    /// [`TableError`] when the bytes are not a whole model.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, TableError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(TableError::NotAModel)?;
        let count = usize::try_from(u32::from_le_bytes(take(&mut rest)?)).unwrap_or(usize::MAX);
        if count > ROWS_MAX {
            return Err(TableError::TooManyRows(count));
        }
        let trust = f32::from_le_bytes(take(&mut rest)?);
        let scales = take_lanes(&mut rest)?;
        let biases = take_lanes(&mut rest)?;
        let slopes = take_lanes(&mut rest)?;
        let offsets = take_lanes(&mut rest)?;
        let limits = take_lanes(&mut rest)?;
        let mut slots = vec![0_u32; 1 << SLOT_BITS];
        let mut known = vec![0_u64; 1 << (KNOWN_BITS - 6)];
        for row in 1..=count {
            let key = u32::from_le_bytes(take(&mut rest)?);
            let bit = key >> (32 - KNOWN_BITS);
            if let Some(bits) = known.get_mut((bit >> 6) as usize) {
                *bits |= 1 << (bit & 63);
            }
            // `count` is at most ROWS_MAX, which has fewer than ROW_BITS bits.
            insert(&mut slots, key, row as u32);
        }
        let rows = rest.get(..count * LANES).ok_or(TableError::TooShort)?;
        let calibrations =
            slopes.iter().zip(offsets).map(|(slope, offset)| Calibration { slope: *slope, offset }).collect();
        Ok(Self { scales, biases, trust, calibrations, limits, rows, slots, known })
    }

    /// The weights of a feature, one per lane, in steps of [`Self::scales`].
    #[inline]
    pub fn row(&self, key: u32) -> Option<&[u8; LANES]> {
        self.row_at(self.row_of(key)?)
    }

    /// The number of the row of a feature.
    #[inline]
    fn row_of(&self, key: u32) -> Option<u32> {
        let mut at = first_slot(key);
        loop {
            let slot = *self.slots.get(at & ((1 << SLOT_BITS) - 1))?;
            if slot == 0 {
                return None;
            }
            if slot >> ROW_BITS == rest_of(key) {
                return Some((slot & ((1 << ROW_BITS) - 1)) - 1);
            }
            at += 1;
        }
    }

    /// Adds the weights of many features to `sums`: first every look-up, then
    /// every row, so that the waits for memory overlap.
    pub fn add_all(&self, keys: &[u32], sums: &mut Sums) {
        let mut rows = [0_u32; BATCH];
        for keys in keys.chunks(BATCH) {
            let mut found = 0;
            for key in keys {
                if self.may_know(*key)
                    && let Some(row) = self.row_of(*key)
                    && let Some(place) = rows.get_mut(found)
                {
                    *place = row;
                    found += 1;
                }
            }
            let rows = rows.iter().take(found).filter_map(|row| self.row_at(*row));
            add_rows(rows, &mut sums.lanes);
            // At most BATCH: exact.
            sums.features += keys.len() as u32;
            sums.known += found as u32;
        }
    }

    /// False for most keys that the table does not know.
    #[inline]
    fn may_know(&self, key: u32) -> bool {
        let bit = key >> (32 - KNOWN_BITS);
        self.known.get((bit >> 6) as usize).is_some_and(|bits| bits >> (bit & 63) & 1 != 0)
    }

    #[inline]
    fn row_at(&self, row: u32) -> Option<&[u8; LANES]> {
        self.rows.get(row as usize * LANES..)?.first_chunk::<LANES>()
    }

    /// Adds the weights of a feature to `sums`.
    #[inline]
    pub fn add(&self, key: u32, sums: &mut Sums) {
        sums.features += 1;
        if let Some(row) = self.row(key) {
            add_rows(std::iter::once(row), &mut sums.lanes);
            sums.known += 1;
        }
    }
}

#[inline]
fn first_slot(key: u32) -> usize {
    (key >> (32 - SLOT_BITS)) as usize
}

/// The bits of a key that its slot does not already say.
#[inline]
fn rest_of(key: u32) -> u32 {
    key & ((1 << (32 - SLOT_BITS)) - 1)
}

fn insert(slots: &mut [u32], key: u32, row: u32) {
    let mask = slots.len() - 1;
    let mut at = first_slot(key);
    // At most half of the slots are taken, so a free one comes.
    while let Some(slot) = slots.get_mut(at & mask) {
        if *slot == 0 {
            *slot = rest_of(key) << ROW_BITS | row;
            return;
        }
        at += 1;
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], TableError> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or(TableError::TooShort)?;
    *rest = tail;
    Ok(*head)
}

fn take_lanes(rest: &mut &[u8]) -> Result<[f32; LANES], TableError> {
    let mut lanes = [0.0; LANES];
    for lane in &mut lanes {
        *lane = f32::from_le_bytes(take(rest)?);
    }
    Ok(lanes)
}
