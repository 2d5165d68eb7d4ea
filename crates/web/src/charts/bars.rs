//! A ranked list with a bar beside each figure; it is its own table.

use super::Drawing;
use super::scale::length_of;
use super::svg::{Rect, Svg};

/// Most rows of one list.
pub const BARS_MAX: usize = 50;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// How often.
    pub count: u64,
    /// Address of the posts behind it.
    pub href: Option<String>,
    /// Class of the colour; `series-1` unless said otherwise.
    pub class: Option<String>,
}

/// A ranked list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bars {
    /// Rows in the order to show; at most [`BARS_MAX`] are shown.
    pub rows: Vec<Bar>,
}

impl Bars {
    /// The rows with their pictures: decorative bars, longest = full width.
    pub fn drawn(&self) -> Vec<(&Bar, Drawing)> {
        let max = self.rows.iter().map(|row| row.count).max().unwrap_or(0);
        self.rows.iter().take(BARS_MAX).map(|row| (row, bar(row, max))).collect()
    }
}

fn bar(row: &Bar, max: u64) -> Drawing {
    let mut svg = Svg::open_decorative("bar-svg", 100.0, 8.0, true);
    let length = length_of(row.count, max, 100.0);
    let class = format!("fill {}", row.class.as_deref().unwrap_or("series-1"));
    svg.rect("bar-ground", Rect { x: 0.0, y: 0.0, width: 100.0, height: 8.0 }, None);
    svg.rect(&class, Rect { x: 0.0, y: 0.0, width: length, height: 8.0 }, None);
    svg.close()
}
