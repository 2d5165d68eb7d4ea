//! How soon after an object's first action accounts act, and how often they
//! meet when they are equally soon.
//!
//! In: the cells of objects. Out: per object and band of delay, how probable it
//! is that two accounts of the band met. A pair's second p asks only about the
//! objects on which both were equally soon, and takes their delays as given: it
//! is what is left when accounts that are always among the first (a
//! notification, a habit) are expected to be so again.
//! Cost: constant per cell.
//! Limits: a group that always acts in the first minute leaves nothing here: it
//! cannot be told from people whom a notification calls.

use super::cells::Cell;

/// Bands of delay: one window, then up to 4, 16, 64, 256 windows, then all.
pub(super) const BANDS: usize = 6;
/// Cells of accounts at which a band's own record weighs as much as the usual.
const CELLS_OF_PRIOR: f64 = 25.0;
/// One, in whole numbers: their sums do not depend on the order.
const UNIT: f64 = (1_u64 << 32) as f64;

/// What happened to one object, by band.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// Cells of accounts.
    cells: [u64; BANDS],
    /// Ordered pairs that met.
    met: [u64; BANDS],
}

impl Pace {
    /// Adds a cell of an object whose first action was at `first`; its band.
    pub fn add(&mut self, cell: &Cell<'_>, first: u32, window_s: u32) -> usize {
        let time = cell.actions.first().map_or(first, |action| action.time);
        let windows = time.saturating_sub(first) / window_s.max(1);
        let band = windows.checked_ilog2().map_or(0, |log| (log as usize / 2 + 1).min(BANDS - 1));
        let accounts = cell.accounts.len() as u64;
        // The band is below BANDS.
        self.cells[band] += accounts;
        self.met[band] += accounts * accounts.saturating_sub(1);
        band
    }

    /// How probable it is that two cells of a band are the same.
    pub fn chances(&self, usual: &UsualPace) -> [f64; BANDS] {
        std::array::from_fn(|band| {
            let (rate, weight) = self.rate(band);
            weight * rate + (1.0 - weight) * usual.rate(band)
        })
    }

    /// The share that met, and its weight, 0–1.
    fn rate(&self, band: usize) -> (f64, f64) {
        let cells = self.cells[band] as f64; // Below BANDS, as all callers' are.
        let possible = cells * (cells - 1.0);
        let rate = if possible > 0.0 { self.met[band] as f64 / possible } else { 0.0 };
        (rate, if possible > 0.0 { cells / (cells + CELLS_OF_PRIOR) } else { 0.0 })
    }
}

/// What is usual in each band.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UsualPace {
    sums: [u128; BANDS],
    weights: [u128; BANDS],
}

impl UsualPace {
    /// Adds an object.
    pub fn add(&mut self, pace: &Pace) {
        for band in 0..BANDS {
            let (rate, weight) = pace.rate(band);
            // Both are between zero and 2³².
            self.sums[band] += u128::from((rate * weight * UNIT) as u64);
            self.weights[band] += u128::from((weight * UNIT) as u64);
        }
    }

    fn rate(&self, band: usize) -> f64 {
        self.sums[band] as f64 / self.weights[band].max(1) as f64
    }
}
