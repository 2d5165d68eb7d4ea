//! Rows of signed bytes, added up many lanes at once.
//!
//! In: rows of a model's weights. Out: their sums per lane, in steps.
//! Cost: four additions of the processor a row.
//! Limits: [`BATCH`] rows at a time.

/// Lanes of a row.
pub const LANES: usize = 32;
/// Rows whose sum surely fits 16 bits: 256 · 255 is below 65,536.
pub(crate) const BATCH: usize = 256;

/// Turns a signed byte into one counted from -128.
const OFFSET_BIT: u8 = 0x80;

/// Adds up to [`BATCH`] rows to the sums of their lanes.
#[inline]
pub(crate) fn add_rows<'r>(rows: impl Iterator<Item = &'r [u8; LANES]>, lanes: &mut [i32; LANES]) {
    // Narrow numbers of its own, each row counted from -128: the compiler keeps
    // them in the registers.
    let mut narrow = [0_u16; LANES];
    let mut offset = 0_i32;
    for row in rows {
        narrow = std::array::from_fn(|lane| narrow[lane].wrapping_add(u16::from(row[lane] ^ OFFSET_BIT)));
        offset += i32::from(OFFSET_BIT);
    }
    for (lane, sum) in lanes.iter_mut().zip(narrow) {
        *lane += i32::from(sum) - offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_signed_bytes() {
        let low = [0x80_u8; LANES];
        let high = [0x7f_u8; LANES];
        let mut steps = [0_u8; LANES];
        steps.iter_mut().zip(0_u8..).for_each(|(step, lane)| *step = lane.wrapping_mul(37));
        for rows in [vec![&low; BATCH], vec![&high; BATCH], vec![&steps, &low, &high], vec![]] {
            let mut lanes = [5; LANES];
            add_rows(rows.iter().copied(), &mut lanes);
            for (at, lane) in lanes.iter().enumerate() {
                let sum: i32 = rows.iter().map(|row| i32::from(row[at].cast_signed())).sum();
                assert_eq!(*lane, 5 + sum);
            }
        }
    }
}
