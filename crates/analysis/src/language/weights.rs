//! The shipped weights: for each script, a table of features and one small
//! number per language.
//!
//! In: the bytes of `models/language.bin`. Out: [`Weights`], which adds up
//! what the features of a post say for each language.
//! Errors: [`WeightsError`] when the bytes are not a model.
//! Cost: reading builds a table of four bytes per slot (about 1 ms); a look-up
//! touches one slot and, when the feature is known, one row of 32 bytes.
//! Limits: [`LANES`] languages per script, 65,535 features per script.

use super::letters::Script;
use crate::rows::{BATCH, add_rows};

pub use crate::rows::LANES;

/// First bytes of a model.
pub const MAGIC: &[u8; 8] = b"ATLANG01";

/// Why bytes are not a model.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The bytes do not begin as a model does.
    #[error("not a language model: it does not begin with ATLANG01")]
    NotAModel,
    /// The bytes end before the table they announce.
    #[error("the language model ends {missing} bytes too early")]
    TooShort {
        /// Bytes that are missing.
        missing: usize,
    },
    /// A number is outside its limits.
    #[error("the language model announces {what} {value}, beyond its limit")]
    BeyondLimit {
        /// What is announced.
        what: &'static str,
        /// The number found.
        value: usize,
    },
}

/// The weights of one script.
#[derive(Debug)]
pub struct Table<'a> {
    script: u8,
    codes: Vec<[u8; 2]>,
    biases: [f32; LANES],
    scale: f32,
    width: usize,
    rows: &'a [u8],
    /// Open addressing; the upper bits of a key choose its first slot.
    slots: Vec<Slot>,
    shift: u32,
}

/// One place of the hash table; `row` counts from 1, 0 is empty.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u16,
    row: u16,
}

/// The weights of every script; without tables by default.
#[derive(Debug, Default)]
pub struct Weights<'a> {
    tables: Vec<Table<'a>>,
}

impl<'a> Weights<'a> {
    /// Reads a model.
    ///
    /// # Errors
    /// [`WeightsError`] when the bytes are not a whole model.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(WeightsError::NotAModel)?;
        let mut tables = Vec::new();
        while !rest.is_empty() {
            tables.push(parse_table(&mut rest)?);
        }
        Ok(Self { tables })
    }

    /// The table of a script, if its languages need one.
    pub fn table(&self, script: Script) -> Option<&Table<'a>> {
        self.tables.iter().find(|table| table.script == script as u8)
    }
}

impl Table<'_> {
    /// ISO 639-1 codes, in the order of the lanes.
    pub fn codes(&self) -> &[[u8; 2]] {
        &self.codes
    }

    /// What a language has before anything is read.
    pub fn biases(&self) -> &[f32; LANES] {
        &self.biases
    }

    /// Size of one step of a weight.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// The weights of a feature, one per language, in steps of [`Self::scale`].
    pub fn row(&self, key: u32) -> Option<&[u8]> {
        let row = self.number_of(key);
        let start = usize::from(row.checked_sub(1)?) * self.width;
        self.rows.get(start..start + self.width)
    }

    /// The number of the row of a feature, counted from 1; 0 when it has none.
    #[inline]
    fn number_of(&self, key: u32) -> u16 {
        let mask = self.slots.len() - 1;
        let mut at = (key >> self.shift) as usize;
        loop {
            // The mask keeps it within the slots.
            let slot = self.slots.get(at & mask).copied().unwrap_or_default();
            if slot.row == 0 || slot.tag == tag_of(key) {
                return slot.row;
            }
            at += 1;
        }
    }

    /// Adds the weights of features to `sums`, and gives how many it knows:
    /// first every look-up, then every row, so that the waits for memory overlap.
    pub fn add_all(&self, keys: &[u32], sums: &mut [i32; LANES]) -> u32 {
        let mut rows = [0_u16; BATCH];
        let mut known = 0;
        for keys in keys.chunks(BATCH) {
            let mut found = 0;
            for key in keys {
                let row = self.number_of(*key);
                if let Some(place) = rows.get_mut(found) {
                    *place = row;
                }
                // Written over by the next when there is no row: no branch to guess.
                found += usize::from(row != 0);
            }
            let starts = rows.iter().take(found).map(|row| (usize::from(*row) - 1) * self.width);
            if self.width == LANES {
                let rows = starts.filter_map(|start| self.rows.get(start..)?.first_chunk::<LANES>());
                add_rows(rows, sums);
            } else {
                for row in starts.filter_map(|start| self.rows.get(start..start + self.width)) {
                    sums.iter_mut().zip(row).for_each(|(sum, step)| *sum += i32::from(step.cast_signed()));
                }
            }
            // At most BATCH: exact.
            known += found as u32;
        }
        known
    }
}

/// The part of a key that its slot does not already say.
fn tag_of(key: u32) -> u16 {
    // The lower half: the slot comes from the upper bits.
    (key & 0xffff) as u16
}

fn parse_table<'a>(rest: &mut &'a [u8]) -> Result<Table<'a>, WeightsError> {
    let [script, languages] = take::<2>(rest)?;
    let count = usize::try_from(u32::from_le_bytes(take::<4>(rest)?)).unwrap_or(usize::MAX);
    let scale = f32::from_le_bytes(take::<4>(rest)?);
    let languages = usize::from(languages);
    if languages == 0 || languages > LANES {
        return Err(WeightsError::BeyondLimit { what: "languages", value: languages });
    }
    if count >= usize::from(u16::MAX) {
        return Err(WeightsError::BeyondLimit { what: "features", value: count });
    }
    let mut codes = Vec::with_capacity(languages);
    for _ in 0..languages {
        codes.push(take::<2>(rest)?);
    }
    let mut biases = [0.0; LANES];
    for bias in biases.iter_mut().take(languages) {
        *bias = f32::from_le_bytes(take::<4>(rest)?);
    }
    // At least two slots per feature and at most 2^16, so that slot and tag
    // together are the whole key.
    let bits = (count * 2).next_power_of_two().trailing_zeros().clamp(4, 16);
    let mut slots = vec![Slot::default(); 1 << bits];
    let shift = 32 - bits;
    for row in 1..=count {
        let key = u32::from_le_bytes(take::<4>(rest)?);
        // `count` is below 65,535.
        insert_slot(&mut slots, (key >> shift) as usize, Slot { tag: tag_of(key), row: row as u16 });
    }
    let width = languages.next_multiple_of(8);
    let rows = take_slice(rest, count * width)?;
    Ok(Table { script, codes, biases, scale, width, rows, slots, shift })
}

fn insert_slot(slots: &mut [Slot], wanted: usize, new: Slot) {
    let size = slots.len();
    for step in 0..size {
        let Some(slot) = slots.get_mut((wanted + step) & (size - 1)) else { return };
        if slot.row == 0 {
            *slot = new;
            return;
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], WeightsError> {
    let (head, tail) =
        rest.split_first_chunk::<N>().ok_or(WeightsError::TooShort { missing: N - rest.len().min(N) })?;
    *rest = tail;
    Ok(*head)
}

fn take_slice<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], WeightsError> {
    let (head, tail) =
        rest.split_at_checked(len).ok_or(WeightsError::TooShort { missing: len - rest.len().min(len) })?;
    *rest = tail;
    Ok(head)
}
