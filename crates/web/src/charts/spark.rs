//! A line as small as a word, beside the figure that it explains.

use super::Drawing;
use super::scale::{coordinate, length_of};
use super::series::runs;
use super::svg::{Rect, Svg, number};
use std::fmt::Write as _;

/// Most points of a sparkline.
pub const SPARK_POINTS_MAX: usize = 200;

/// Counts over time; `None` where nothing was listening.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sparkline {
    /// Values in the order of time; the last [`SPARK_POINTS_MAX`] are drawn.
    pub values: Vec<Option<u64>>,
}

impl Sparkline {
    /// A decorative picture, 120 × 28; the figure beside it carries the meaning.
    pub fn draw(&self) -> Drawing {
        let (width, height) = (120.0, 28.0);
        let mut svg = Svg::open_decorative("spark", width, height, false);
        let from = self.values.len().saturating_sub(SPARK_POINTS_MAX);
        let values = self.values.get(from..).unwrap_or_default();
        let max = values.iter().flatten().max().copied().unwrap_or(0);
        let slot = width / coordinate(values.len().max(1));
        let y = |value: u64| height - 3.0 - length_of(value, max, height - 6.0);
        let value = |index: usize| values.get(index).copied().flatten();
        for run in runs(values.len(), |index| value(index).is_none()) {
            let x = coordinate(run.start) * slot;
            let area = Rect { x, y: 2.0, width: coordinate(run.len()) * slot, height: height - 4.0 };
            svg.rect("spark-gap", area, None);
        }
        let mut d = String::new();
        let mut end = None;
        for run in runs(values.len(), |index| value(index).is_some()) {
            for (step, index) in run.enumerate() {
                let at = (coordinate(index).mul_add(slot, slot / 2.0), y(value(index).unwrap_or(0)));
                let _ = write!(d, "{}{} {}", if step == 0 { 'M' } else { 'L' }, number(at.0), number(at.1));
                end = Some(at);
            }
        }
        svg.path("spark-line", &d);
        if let Some((x, y)) = end {
            svg.circle("spark-end", x.min(width - 3.0), y, 2.5);
        }
        svg.close()
    }
}
