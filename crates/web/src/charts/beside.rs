//! Small decorative pictures beside figures: observed against expected, a
//! share with its interval, moments on a line. The figures stand in words next
//! to each of them.

use super::Drawing;
use super::svg::{Rect, Svg};

/// Width of the pictures, view-box units.
const WIDTH: f64 = 100.0;

/// Two bars, one above the other: what was observed, and what was expected.
pub fn observed_expected(observed: f64, expected: f64, max: f64) -> Drawing {
    let mut svg = Svg::open_decorative("pair-svg", WIDTH, 12.0, true);
    svg.rect("fill series-1", bar(0.0, length(observed, max)), None);
    svg.rect("fill series-6", bar(7.0, length(expected, max)), None);
    svg.close()
}

fn bar(y: f64, width: f64) -> Rect {
    Rect { x: 0.0, y, width, height: 5.0 }
}

/// At least a hair, so that a small number is not nothing.
fn length(value: f64, max: f64) -> f64 {
    if !(value > 0.0 && max > 0.0) {
        return 0.0;
    }
    (value / max).clamp(0.004, 1.0) * WIDTH
}

/// A share as a mark within the interval that it lies in, 0…1.
pub fn share_interval(share: f64, low: f64, high: f64) -> Drawing {
    let mut svg = Svg::open_decorative("range-svg", WIDTH, 10.0, true);
    let at = |value: f64| if value.is_finite() { value.clamp(0.0, 1.0) * WIDTH } else { 0.0 };
    svg.rect("bar-ground", Rect { x: 0.0, y: 3.0, width: WIDTH, height: 4.0 }, None);
    svg.rect(
        "fill series-1 range",
        Rect { x: at(low), y: 3.0, width: at(high) - at(low), height: 4.0 },
        None,
    );
    svg.rect("fill series-1", Rect { x: (at(share) - 0.5).max(0.0), y: 0.0, width: 1.0, height: 10.0 }, None);
    svg.close()
}

/// Moments on a line from the first to the last: seconds after the first.
pub fn strip(after_s: &[u32], span_s: u32) -> Drawing {
    const LONG: f64 = 600.0;
    const END: f64 = 8.0;
    let mut svg = Svg::open_decorative("strip-svg", LONG, 20.0, false);
    svg.line("axis", (END, 10.0), (LONG - END, 10.0));
    for after in after_s {
        let share = if span_s == 0 { 0.5 } else { f64::from(*after) / f64::from(span_s) };
        svg.circle("strip-point", share.min(1.0).mul_add(LONG - 2.0 * END, END), 10.0, 5.0);
    }
    svg.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_picture() {
        let pair = observed_expected(400.0, f64::NAN, 100.0);
        assert!(pair.as_str().contains(r#"width="100""#) && pair.as_str().contains(r#"width="0""#), "{pair}");
        assert!(!share_interval(f64::NAN, -1.0, 9.0).as_str().contains("NaN"));
        assert_eq!(strip(&[0, 5, 90], 10).as_str().matches("<circle").count(), 3);
        assert!(strip(&[0, 90], 10).as_str().contains(r#"cx="592""#), "beyond the end is at the end");
    }
}
