//! Charts: numbers in, SVG and a table of the same numbers out.
//!
//! In: buckets, rows or cells that a page has loaded, and the reader's locale.
//! Out: a [`Drawing`] for a wide and for a narrow column, with title,
//! description and patterns besides colour, and a [`DataTable`] of the same.
//! Errors: none; nothing to draw is said in words by the frame around it.
//! Cost: linear in the number of buckets; no chart draws more than
//! [`POINTS_MAX`] of them.
//! Limits: no inline style and no script, so a strict content policy holds;
//! positions and sizes are presentation attributes, colours are CSS classes.
//! Missing is drawn as a hatched gap, never as zero.

pub mod bars;
pub mod beside;
pub mod columns;
pub mod heat;
pub mod interval;
pub mod scale;
pub mod series;
pub mod share;
pub mod spark;
pub mod svg;
pub mod table;
pub mod tones;
pub mod weight;

pub use bars::{Bar, Bars};
pub use columns::{Column, Columns};
pub use heat::HeatMap;
pub use interval::{ShareOverTime, SharePoint};
pub use series::{Bucket, TimeSeries};
pub use share::{ShareOfVoice, Slice};
pub use spark::Sparkline;
pub use table::{Cell, DataTable};
pub use tones::{ToneBucket, ToneSeries};

use crate::locale::Locale;

/// Most buckets that one chart draws; more than pixels would not show more.
pub const POINTS_MAX: usize = 2_000;

/// For which column a chart is drawn; the text keeps its size, the plot its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 760 units, for a column of 34 rem or more.
    Wide,
    /// 340 units, for telephones and side columns.
    Narrow,
}

impl Width {
    /// Both, in the order in which they stand in the page.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    /// Width of the view box, units.
    pub const fn units(self) -> f64 {
        match self {
            Self::Wide => 760.0,
            Self::Narrow => 340.0,
        }
    }

    /// Class that shows the drawing in its column only.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Wide => "chart-wide",
            Self::Narrow => "chart-narrow",
        }
    }
}

/// A finished SVG element: escaped, without style or script.
#[derive(Debug, Clone, Default)]
pub struct Drawing(pub(crate) String);

impl Drawing {
    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Drawing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Drawing {}

/// One line of a legend: class of the swatch, text, and the value if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendEntry {
    /// Class such as `tone-negative` or `series-1`.
    pub class: String,
    /// What it stands for.
    pub text: String,
    /// Its total or share, in local form.
    pub value: Option<String>,
}

/// What every chart can do.
pub trait Chart {
    /// True when there is nothing to draw.
    fn is_empty(&self) -> bool;
    /// What the chart shows, in one sentence for people who do not see it.
    fn description(&self, l: &Locale) -> String;
    /// The picture; `id` is unique in the page, `title` names it.
    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing;
    /// The same data as a table.
    fn table(&self, l: &Locale) -> DataTable;
    /// What the colours mean; empty where one colour says it all.
    fn legend(&self, _l: &Locale) -> Vec<LegendEntry> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
