//! A share over time with the interval that it lies in.

use super::scale::label_positions;
use super::series::{BOTTOM, HEIGHT, Plot, TOP};
use super::svg::{Anchor, Svg, number};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, POINTS_MAX, Width};
use crate::locale::Locale;
use std::fmt::Write as _;

/// One point in time.
#[derive(Debug, Clone, PartialEq)]
pub struct SharePoint {
    /// Its name in local form.
    pub label: String,
    /// The share, 0…1.
    pub share: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A share over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShareOverTime {
    /// Points in the order of time; at most [`POINTS_MAX`] are drawn.
    pub points: Vec<SharePoint>,
}

impl ShareOverTime {
    fn shown(&self) -> &[SharePoint] {
        self.points.get(..POINTS_MAX).unwrap_or(&self.points)
    }
}

/// The height of a share in the plot.
fn height_of(share: f64) -> f64 {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
}

fn axes(svg: &mut Svg, plot: &Plot, width: Width, points: &[SharePoint], l: &Locale) {
    for quarter in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let y = height_of(quarter);
        svg.line(if quarter > 0.0 { "grid" } else { "axis" }, (0.0, y), (plot.width, y));
        if quarter > 0.0 {
            svg.text("tick", 0.0, y - 4.0, Anchor::Start, &l.percent(quarter, 0));
        }
    }
    for index in label_positions(points.len(), if width == Width::Wide { 5 } else { 2 }) {
        let label = points.get(index).map_or("", |point| point.label.as_str());
        let (x, anchor) =
            if index == 0 { (0.0, Anchor::Start) } else { (plot.middle(index), Anchor::Middle) };
        svg.text("tick", x, HEIGHT - 8.0, anchor, label);
    }
}

impl Chart for ShareOverTime {
    fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    fn description(&self, l: &Locale) -> String {
        let (Some(first), Some(last)) = (self.shown().first(), self.shown().last()) else {
            return l.text("chart-empty");
        };
        l.text_with(
            "chart-interval-desc",
            &[
                ("from", first.label.as_str().into()),
                ("to", last.label.as_str().into()),
                ("share", l.percent(last.share, 0).into()),
                ("low", l.percent(last.low, 0).into()),
                ("high", l.percent(last.high, 0).into()),
            ],
        )
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let shown = self.shown();
        let plot = Plot { width: width.units(), max: 1, count: shown.len() };
        let mut svg = Svg::open(id, title, &self.description(l), width, HEIGHT);
        let (mut band, mut line) = (String::new(), String::new());
        for (index, point) in shown.iter().enumerate() {
            let letter = if index == 0 { 'M' } else { 'L' };
            let x = number(plot.middle(index));
            let _ = write!(band, "{letter}{x} {}", number(height_of(point.high)));
            let _ = write!(line, "{letter}{x} {}", number(height_of(point.share)));
        }
        for (index, point) in shown.iter().enumerate().rev() {
            let _ = write!(band, "L{} {}", number(plot.middle(index)), number(height_of(point.low)));
        }
        band.push('Z');
        svg.path("expected", &band);
        axes(&mut svg, &plot, width, shown, l);
        svg.path("line", &line);
        for (index, point) in shown.iter().enumerate() {
            if shown.len() < 40 {
                svg.circle("point", plot.middle(index), height_of(point.share), 3.0);
            }
            let reading = l.text_with(
                "chart-interval-point",
                &[
                    ("when", point.label.as_str().into()),
                    ("share", l.percent(point.share, 0).into()),
                    ("low", l.percent(point.low, 0).into()),
                    ("high", l.percent(point.high, 0).into()),
                ],
            );
            svg.hot_rect(plot.hot(index), &reading, None);
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let row = |point: &SharePoint| {
            let share = |value: f64| Cell::number(l.percent(value, 1));
            vec![Cell::text(&point.label), share(point.share), share(point.low), share(point.high)]
        };
        let names = ["chart-share", "chart-low", "chart-high"].map(|key| (l.text(key), true));
        let mut columns = vec![(l.text("chart-period"), false)];
        columns.extend(names);
        DataTable { columns, rows: self.shown().iter().map(row).collect() }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        vec![LegendEntry { class: "expected".to_owned(), text: l.text("chart-interval"), value: None }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn what_is_no_number_stays_on_the_ground() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let point = |share: f64| SharePoint { label: "1".to_owned(), share, low: 0.0, high: 2.0 };
        let chart = ShareOverTime { points: vec![point(0.5), point(f64::NAN)] };
        let drawing = chart.draw("x", "t", Width::Narrow, &l);
        assert!(!drawing.as_str().contains("NaN"), "{drawing}");
        assert_eq!(drawing.as_str().matches("class=\"hot\"").count(), 2);
        assert_eq!(height_of(2.0), TOP, "never above the plot");
    }
}
