//! Counts side by side as columns, each stacked of one or more parts.

use super::scale::{coordinate, length_of, value_steps};
use super::series::{BOTTOM, HEIGHT, Plot, TOP};
use super::svg::{Rect, Svg};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, POINTS_MAX, Width};
use crate::locale::Locale;

/// Most parts of a column; colours beyond would repeat.
pub const PARTS_MAX: usize = 6;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it stands for, in local form.
    pub label: String,
    /// Counts, one for each part, from the ground up.
    pub counts: Vec<u64>,
}

impl Column {
    fn total(&self) -> u64 {
        self.counts.iter().copied().fold(0, u64::saturating_add)
    }
}

/// Columns of the same parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// Names of the parts; at most [`PARTS_MAX`] are drawn.
    pub parts: Vec<String>,
    /// Columns in the order to show; at most [`POINTS_MAX`] are drawn.
    pub columns: Vec<Column>,
}

impl Columns {
    fn shown(&self) -> &[Column] {
        self.columns.get(..POINTS_MAX).unwrap_or(&self.columns)
    }

    fn reading(&self, column: &Column, l: &Locale) -> String {
        let counts: Vec<String> = if let [count] = column.counts.as_slice() {
            vec![l.integer(*count)]
        } else {
            let told = |(name, count): (&String, &u64)| format!("{name} {}", l.integer(*count));
            self.parts.iter().zip(&column.counts).map(told).collect()
        };
        let label = column.label.as_str().into();
        l.text_with("chart-point", &[("when", label), ("value", counts.join(" · ").into())])
    }
}

impl Chart for Columns {
    fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.total() == 0)
    }

    fn description(&self, l: &Locale) -> String {
        let shown = self.shown();
        let highest = shown.iter().max_by_key(|column| column.total());
        let (Some(first), Some(last), Some(top)) = (shown.first(), shown.last(), highest) else {
            return l.text("chart-empty");
        };
        l.text_with(
            "chart-columns-desc",
            &[
                ("from", first.label.as_str().into()),
                ("to", last.label.as_str().into()),
                ("max", l.integer(top.total()).into()),
                ("when", top.label.as_str().into()),
            ],
        )
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let shown = self.shown();
        let highest = shown.iter().map(Column::total).max().unwrap_or(0);
        let max = value_steps(highest).last().copied().unwrap_or(1);
        let plot = Plot { width: width.units(), max, count: shown.len() };
        let mut svg = Svg::open(id, title, &self.description(l), width, HEIGHT);
        for part in 0..self.parts.len().min(PARTS_MAX) {
            svg.define_fill(&format!("part-{part}"), &format!("series-{}", part + 1), part);
        }
        plot.axes(&mut svg, width, |index| shown.get(index).map_or("", |column| column.label.as_str()), l);
        let gap = if plot.slot() > 4.0 { 1.0 } else { 0.0 };
        for (index, column) in shown.iter().enumerate() {
            let mut ground = HEIGHT - BOTTOM;
            for (part, count) in
                column.counts.iter().take(PARTS_MAX).enumerate().filter(|(_, count)| **count > 0)
            {
                let height = length_of(*count, max, HEIGHT - TOP - BOTTOM);
                ground -= height;
                let area = Rect { x: plot.x(index) + gap, y: ground, width: plot.slot() - 2.0 * gap, height };
                let fill = svg.fill(&format!("part-{part}"));
                svg.rect("column", area, Some(&fill));
            }
        }
        for (index, column) in shown.iter().enumerate() {
            let area = Rect { x: coordinate(index) * plot.slot(), ..plot.hot(index) };
            svg.hot_rect(area, &self.reading(column, l), None);
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let mut columns = vec![(l.text("chart-name"), false)];
        columns.extend(self.parts.iter().map(|name| (name.clone(), true)));
        let row = |column: &Column| {
            let mut row = vec![Cell::text(&column.label)];
            row.extend(column.counts.iter().map(|count| Cell::number(l.integer(*count))));
            row
        };
        DataTable { columns, rows: self.shown().iter().map(row).collect() }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        if self.parts.len() < 2 {
            return Vec::new();
        }
        let total = |part: usize| self.columns.iter().filter_map(|column| column.counts.get(part)).sum();
        let entry = |(part, name): (usize, &String)| LegendEntry {
            class: format!("series-{}", part + 1),
            text: name.clone(),
            value: Some(l.integer(total(part))),
        };
        self.parts.iter().take(PARTS_MAX).enumerate().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn parts_stand_on_one_another_and_nothing_is_lost_in_the_table() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let column =
            |label: &str, counts: [u64; 2]| Column { label: label.to_owned(), counts: counts.to_vec() };
        let chart = Columns {
            parts: vec!["a".to_owned(), "<b>".to_owned()],
            columns: vec![column("1", [3, 1]), column("2", [0, 0])],
        };
        let drawing = chart.draw("x", "t", Width::Wide, &l);
        assert_eq!(drawing.as_str().matches("class=\"column\"").count(), 2, "{drawing}");
        assert!(!drawing.as_str().contains("<b>"), "escaped");
        assert_eq!(chart.table(&l).rows.len(), 2);
        let totals: Vec<_> = chart.legend(&l).into_iter().filter_map(|entry| entry.value).collect();
        assert_eq!(totals, ["3", "1"]);
        assert!(Columns { columns: vec![column("2", [0, 0])], ..chart }.is_empty());
    }
}
