//! The 16×16 lowest frequencies of a sample without the constant ones, and
//! their hash.

use super::grid::{SAMPLE_SIDE, Sample};
use super::hash::PictureHash;
use std::sync::LazyLock;

/// Frequencies kept in each direction: 1…16.
pub(super) const FREQUENCIES: usize = 16;
const COUNT: usize = FREQUENCIES * FREQUENCIES;

/// `[frequency][place]` of the cosine transform (DCT-II), scaled.
static COSINES: LazyLock<[[f32; SAMPLE_SIDE]; FREQUENCIES]> = LazyLock::new(|| {
    let side = SAMPLE_SIDE as f64;
    std::array::from_fn(|frequency| {
        std::array::from_fn(|place| {
            let angle = std::f64::consts::PI / (2.0 * side) * (frequency + 1) as f64 * (2 * place + 1) as f64;
            // Rounded once, from double precision.
            ((2.0 / side).sqrt() * angle.cos()) as f32
        })
    })
});

/// Strengths of the frequencies, `[vertical][horizontal]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frequencies([[f32; FREQUENCIES]; FREQUENCIES]);

impl Frequencies {
    /// Transforms a sample. 82,000 multiplications, about 15 µs.
    pub fn of(sample: &Sample) -> Self {
        let cosines = &*COSINES;
        let mut vertical = [[0.0_f32; SAMPLE_SIDE]; FREQUENCIES];
        for (line, weights) in vertical.iter_mut().zip(cosines) {
            for (row, weight) in sample.chunks_exact(SAMPLE_SIDE).zip(weights) {
                for (sum, cell) in line.iter_mut().zip(row) {
                    *sum += weight * cell;
                }
            }
        }
        Self(std::array::from_fn(|down| {
            std::array::from_fn(|along| {
                // Both indices run over the length of the arrays.
                vertical[down].iter().zip(&cosines[along]).map(|(a, b)| a * b).sum()
            })
        }))
    }

    /// Those of the picture with rows and columns changed.
    pub fn transposed(&self) -> Self {
        Self(std::array::from_fn(|down| std::array::from_fn(|along| self.0[along][down])))
    }

    /// Those of the picture with left and right changed: odd frequencies change sign.
    pub fn mirrored(&self) -> Self {
        Self(
            self.0.map(|line| {
                std::array::from_fn(|along| if along % 2 == 0 { -line[along] } else { line[along] })
            }),
        )
    }

    /// Those of the picture with top and bottom changed.
    pub fn upside_down(&self) -> Self {
        Self(std::array::from_fn(
            |down| if down % 2 == 0 { self.0[down].map(|value| -value) } else { self.0[down] },
        ))
    }

    /// One bit per frequency: stronger than the median or not.
    pub fn hash(&self) -> PictureHash {
        let mut sorted: [f32; COUNT] = [0.0; COUNT];
        for (slot, value) in sorted.iter_mut().zip(self.0.iter().flatten()) {
            *slot = *value;
        }
        let (_, median, _) = sorted.select_nth_unstable_by(COUNT / 2 - 1, f32::total_cmp);
        let median = *median;
        let mut words = [0_u64; 4];
        for (word, values) in words.iter_mut().zip(self.0.chunks_exact(4)) {
            for (bit, value) in values.iter().flatten().enumerate() {
                *word |= u64::from(*value > median) << bit;
            }
        }
        PictureHash::from_words(words)
    }
}
