//! Axis steps and positions.

/// Round values for a value axis from 0 to at least `max`: at most five steps
/// of 1, 2 or 5 times a power of ten, whole numbers only.
pub fn value_steps(max: u64) -> Vec<u64> {
    let max = max.max(1);
    let mut step = 1_u64;
    'found: loop {
        for factor in [1, 2, 5] {
            let candidate = step.saturating_mul(factor);
            if candidate.saturating_mul(4) >= max {
                step = candidate;
                break 'found;
            }
        }
        match step.checked_mul(10) {
            Some(next) => step = next,
            None => break,
        }
    }
    let mut steps = vec![0];
    let mut value = 0_u64;
    while value < max {
        match value.checked_add(step) {
            Some(next) => value = next,
            None => break,
        }
        steps.push(value);
    }
    steps
}

/// Which of `count` positions carry a label when at most `labels_max` fit:
/// evenly spaced from the first.
pub fn label_positions(count: usize, labels_max: usize) -> Vec<usize> {
    if count == 0 || labels_max == 0 {
        return Vec::new();
    }
    let step = count.div_ceil(labels_max).max(1);
    (0..count).step_by(step).collect()
}

/// A count as a length: `value` of `max` over `length` units. Counts above
/// 2⁵³ lose their last digits, far below what a pixel shows.
#[allow(clippy::cast_precision_loss)]
pub fn length_of(value: u64, max: u64, length: f64) -> f64 {
    if max == 0 { 0.0 } else { value as f64 / max as f64 * length }
}

/// A ratio of two counts 0…1; `None` when the whole is 0.
#[allow(clippy::cast_precision_loss)]
pub fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A position as a coordinate; charts hold at most a few thousand.
#[allow(clippy::cast_precision_loss)]
pub const fn coordinate(index: usize) -> f64 {
    index as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_cover_the_values() {
        assert_eq!(value_steps(0), [0, 1]);
        assert_eq!(value_steps(3), [0, 1, 2, 3]);
        assert_eq!(value_steps(1_234), [0, 500, 1_000, 1_500]);
        for max in [1, 7, 99, 100, 101, 5_000_000, u64::MAX / 3, u64::MAX] {
            let steps = value_steps(max);
            assert!(steps.len() <= 6, "{max}: {steps:?}");
            assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(*steps.last().unwrap() >= max || max > u64::MAX / 2, "{max}: {steps:?}");
        }
    }

    #[test]
    fn labels_never_exceed_the_room() {
        for count in 0..200 {
            for room in 0..12 {
                assert!(label_positions(count, room).len() <= room);
            }
        }
        assert_eq!(label_positions(7, 7), [0, 1, 2, 3, 4, 5, 6]);
    }
}
