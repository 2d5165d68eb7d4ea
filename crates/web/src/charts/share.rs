//! Share of voice: one bar, one part per query.

use super::scale::{length_of, ratio};
use super::svg::{Anchor, Rect, Svg};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, Width};
use crate::locale::Locale;

/// Most parts that the bar shows; colours beyond would repeat.
pub const SLICES_MAX: usize = 6;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Name of the query or brand.
    pub name: String,
    /// Its mentions.
    pub count: u64,
    /// Address of the posts behind it.
    pub href: Option<String>,
}

/// Mentions of the chosen queries as parts of their sum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShareOfVoice {
    /// Parts in the order to show, our own first; at most [`SLICES_MAX`] are shown.
    pub slices: Vec<Slice>,
}

impl ShareOfVoice {
    fn shown(&self) -> &[Slice] {
        self.slices.get(..SLICES_MAX.min(self.slices.len())).unwrap_or_default()
    }
    fn total(&self) -> u64 {
        self.shown().iter().fold(0, |sum: u64, slice| sum.saturating_add(slice.count))
    }
    fn share(&self, slice: &Slice, l: &Locale) -> String {
        ratio(slice.count, self.total()).map_or_else(|| "—".to_owned(), |share| l.percent(share, 1))
    }
}

impl Chart for ShareOfVoice {
    fn is_empty(&self) -> bool {
        self.total() == 0
    }

    fn description(&self, l: &Locale) -> String {
        match self.shown().iter().max_by_key(|slice| slice.count) {
            Some(most) if most.count > 0 => l.text_with(
                "chart-share-desc",
                &[("name", most.name.as_str().into()), ("share", self.share(most, l).into())],
            ),
            _ => l.text("chart-empty"),
        }
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let height = 44.0;
        let mut svg = Svg::open(id, title, &self.description(l), width, height);
        for index in 0..self.shown().len() {
            svg.define_fill(&format!("s{index}"), &format!("series-{}", index + 1), index);
        }
        let total = self.total();
        let mut x = 0.0;
        for (index, slice) in self.shown().iter().enumerate() {
            let length = length_of(slice.count, total, width.units());
            let area = Rect { x, y: 0.0, width: (length - 2.0).max(0.5), height };
            let fill = svg.fill(&format!("s{index}"));
            svg.rect("segment", area, Some(&fill));
            if length > 58.0 {
                let plate = Rect { x: x + 6.0, y: 11.0, width: 46.0, height: 22.0 };
                svg.rect("plate", plate, None);
                svg.text("plate-text", x + 29.0, 26.5, Anchor::Middle, &self.share(slice, l));
            }
            let reading = format!("{}: {} ({})", slice.name, self.share(slice, l), l.integer(slice.count));
            svg.hot_rect(area, &reading, slice.href.as_deref());
            x += length;
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let rows = self.shown().iter().map(|slice| {
            vec![
                Cell::text(&slice.name),
                Cell::number(l.integer(slice.count)).linked(slice.href.as_deref()),
                Cell::number(self.share(slice, l)),
            ]
        });
        DataTable {
            columns: vec![
                (l.text("chart-name"), false),
                (l.text("chart-value"), true),
                (l.text("chart-share"), true),
            ],
            rows: rows.collect(),
        }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        let entry = |(index, slice): (usize, &Slice)| LegendEntry {
            class: format!("series-{}", index + 1),
            text: slice.name.clone(),
            value: Some(self.share(slice, l)),
        };
        self.shown().iter().enumerate().map(entry).collect()
    }
}
