//! A chart with its heading, legend and table twin.

use crate::charts::{Chart, DataTable, Drawing, LegendEntry, Width};
use crate::locale::Locale;

/// Everything that `templates/components/charts.html` shows of a chart.
#[derive(Debug, Clone)]
pub struct ChartFrame {
    /// Unique in the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The same in a sentence.
    pub description: String,
    /// For wide and narrow columns; empty when there is nothing to draw.
    pub drawings: Vec<Drawing>,
    /// What the colours mean.
    pub legend: Vec<LegendEntry>,
    /// The same data.
    pub table: DataTable,
}

impl ChartFrame {
    /// Draws a chart for both widths. `id` is unique in the page and made of
    /// letters, digits and `-`.
    pub fn new(id: &str, title: impl Into<String>, chart: &impl Chart, l: &Locale) -> Self {
        let title = title.into();
        let empty = chart.is_empty();
        let drawings = if empty {
            Vec::new()
        } else {
            Width::ALL.map(|width| chart.draw(id, &title, width, l)).to_vec()
        };
        Self {
            id: id.to_owned(),
            description: chart.description(l),
            legend: if empty { Vec::new() } else { chart.legend(l) },
            table: if empty { DataTable::default() } else { chart.table(l) },
            drawings,
            title,
        }
    }
}
