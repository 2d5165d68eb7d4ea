//! A bar to the right for what weighed for something, to the left for what weighed against.

use super::Drawing;
use super::svg::{Rect, Svg};

/// Half the width of the picture, view-box units.
const HALF: f64 = 50.0;

/// The bar of one weight; `max` is the strongest one beside it. Decorative:
/// the figure with its sign stands beside it.
pub fn weight_bar(weight: f32, max: f32) -> Drawing {
    let mut svg = Svg::open_decorative("weight-svg", 2.0 * HALF, 8.0, true);
    let share = if max > 0.0 { f64::from((weight.abs() / max).min(1.0)) } else { 0.0 };
    let width = share * HALF;
    let (class, x) =
        if weight < 0.0 { ("fill weight-bar-against", HALF - width) } else { ("fill weight-bar-for", HALF) };
    svg.rect("bar-ground", Rect { x: 0.0, y: 0.0, width: 2.0 * HALF, height: 8.0 }, None);
    svg.rect(class, Rect { x, y: 0.0, width, height: 8.0 }, None);
    svg.rect("weight-axis", Rect { x: HALF - 0.5, y: 0.0, width: 1.0, height: 8.0 }, None);
    svg.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_direction_and_stay_inside() {
        let against = weight_bar(-1.0, 2.0);
        assert!(against.as_str().contains("weight-bar-against") && against.as_str().contains(r#"x="25""#));
        let beyond = weight_bar(9.0, 2.0);
        assert!(beyond.as_str().contains("weight-bar-for") && beyond.as_str().contains(r#"width="50""#));
        assert!(weight_bar(0.0, 0.0).as_str().contains(r#"width="0""#));
    }
}
