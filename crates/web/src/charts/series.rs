//! A count over time as an area, with the usual range and gaps in collection.

use super::scale::{coordinate, label_positions, length_of, value_steps};
use super::svg::{Anchor, Rect, Svg, number};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, POINTS_MAX, Width};
use crate::locale::Locale;
use std::fmt::Write as _;

/// One bucket of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Name of the bucket in local form, e.g. `3 mar` or `14:00`.
    pub label: String,
    /// Count; `None` when nothing was listening: drawn as a gap.
    pub value: Option<u64>,
    /// What is usual here, low and high; `None` when not known.
    pub expected: Option<(u64, u64)>,
    /// Address of the posts behind it.
    pub href: Option<String>,
}

/// Counts over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeSeries {
    /// Buckets in the order of time; at most [`POINTS_MAX`] are drawn.
    pub buckets: Vec<Bucket>,
}

/// Height of the view box, units.
pub(super) const HEIGHT: f64 = 230.0;
pub(super) const TOP: f64 = 22.0;
pub(super) const BOTTOM: f64 = 26.0;

/// The plot area below value labels and above time labels.
pub(super) struct Plot {
    pub width: f64,
    pub max: u64,
    pub count: usize,
}

impl Plot {
    pub fn slot(&self) -> f64 {
        self.width / coordinate(self.count.max(1))
    }
    pub fn x(&self, index: usize) -> f64 {
        self.slot() * coordinate(index)
    }
    pub fn middle(&self, index: usize) -> f64 {
        self.x(index) + self.slot() / 2.0
    }
    pub fn y(&self, value: u64) -> f64 {
        HEIGHT - BOTTOM - length_of(value, self.max, HEIGHT - TOP - BOTTOM)
    }

    /// Grid lines with their values above them, and time labels below.
    pub fn axes<'a>(&self, svg: &mut Svg, width: Width, labels: impl Fn(usize) -> &'a str, l: &Locale) {
        for value in value_steps(self.max) {
            let y = self.y(value);
            svg.line(if value == 0 { "axis" } else { "grid" }, (0.0, y), (self.width, y));
            if value > 0 {
                svg.text("tick", 0.0, y - 4.0, Anchor::Start, &l.axis(value));
            }
        }
        let room = if width == Width::Wide { 8 } else { 4 };
        for index in label_positions(self.count, room) {
            let (x, anchor) = if index == 0 && self.count > 1 {
                (0.0, Anchor::Start)
            } else if self.middle(index) + 24.0 > self.width {
                (self.width, Anchor::End)
            } else {
                (self.middle(index), Anchor::Middle)
            };
            svg.text("tick", x, HEIGHT - 8.0, anchor, labels(index));
        }
    }

    /// Hatched areas over the buckets without collection, joined.
    pub fn gaps(&self, svg: &mut Svg, missing: impl Fn(usize) -> bool) {
        let fill = svg.fill("gap");
        for run in runs(self.count, missing) {
            let area = Rect {
                x: self.x(run.start),
                y: TOP,
                width: self.slot() * coordinate(run.len()),
                height: HEIGHT - TOP - BOTTOM,
            };
            svg.rect("gap", area, Some(&fill));
        }
    }

    pub fn hot(&self, index: usize) -> Rect {
        Rect { x: self.x(index), y: TOP, width: self.slot(), height: HEIGHT - TOP - BOTTOM }
    }
}

/// Maximal runs of positions for which `belongs` is true.
pub(super) fn runs(count: usize, belongs: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for index in 0..=count {
        match (start, index < count && belongs(index)) {
            (None, true) => start = Some(index),
            (Some(from), false) => {
                found.push(from..index);
                start = None;
            }
            _ => {}
        }
    }
    found
}

impl TimeSeries {
    fn shown(&self) -> &[Bucket] {
        self.buckets.get(self.buckets.len().saturating_sub(POINTS_MAX)..).unwrap_or_default()
    }

    fn band(&self, plot: &Plot) -> String {
        let shown = self.shown();
        let mut d = String::new();
        let known = |index: usize| shown.get(index).is_some_and(|bucket| bucket.expected.is_some());
        for run in runs(shown.len(), known) {
            let edge = |index: usize| shown.get(index).and_then(|bucket| bucket.expected).unwrap_or((0, 0));
            for (step, index) in run.clone().enumerate() {
                let letter = if step == 0 { 'M' } else { 'L' };
                let y = plot.y(edge(index).1);
                let _ = write!(d, "{letter}{} {}", number(plot.middle(index)), number(y));
            }
            for index in run.rev() {
                let _ = write!(d, "L{} {}", number(plot.middle(index)), number(plot.y(edge(index).0)));
            }
            d.push('Z');
        }
        d
    }
}

impl Chart for TimeSeries {
    fn is_empty(&self) -> bool {
        self.buckets.iter().all(|bucket| bucket.value.is_none())
    }

    fn description(&self, l: &Locale) -> String {
        let shown = self.shown();
        let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return l.text("chart-empty") };
        let Some(top) =
            shown.iter().filter(|bucket| bucket.value.is_some()).max_by_key(|bucket| bucket.value)
        else {
            return l.text("chart-empty");
        };
        let gaps = runs(shown.len(), |index| shown.get(index).is_some_and(|bucket| bucket.value.is_none()));
        l.text_with(
            "chart-series-desc",
            &[
                ("from", first.label.as_str().into()),
                ("to", last.label.as_str().into()),
                ("max", l.integer(top.value.unwrap_or(0)).into()),
                ("when", top.label.as_str().into()),
                ("gaps", gaps.len().into()),
            ],
        )
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let shown = self.shown();
        let highest = shown.iter().filter_map(|bucket| bucket.value).max().unwrap_or(0);
        let usual = shown.iter().filter_map(|bucket| bucket.expected).map(|range| range.1).max().unwrap_or(0);
        let max = value_steps(highest.max(usual)).last().copied().unwrap_or(1);
        let plot = Plot { width: width.units(), max, count: shown.len() };
        let mut svg = Svg::open(id, title, &self.description(l), width, HEIGHT);
        svg.define_gap();
        let value = |index: usize| shown.get(index).and_then(|bucket| bucket.value);
        svg.path("expected", &self.band(&plot));
        plot.gaps(&mut svg, |index| value(index).is_none());
        plot.axes(&mut svg, width, |index| shown.get(index).map_or("", |bucket| bucket.label.as_str()), l);
        let (mut line, mut area) = (String::new(), String::new());
        for run in runs(shown.len(), |index| value(index).is_some()) {
            let base = number(plot.y(0));
            let (first, last) = (plot.middle(run.start), plot.middle(run.end.saturating_sub(1)));
            let _ = write!(area, "M{} {base}", number(first));
            if run.len() == 1 {
                svg.circle("point", first, plot.y(value(run.start).unwrap_or(0)), 3.0);
            }
            for (step, index) in run.enumerate() {
                let (x, y) = (number(plot.middle(index)), number(plot.y(value(index).unwrap_or(0))));
                let _ = write!(line, "{}{x} {y}", if step == 0 { 'M' } else { 'L' });
                let _ = write!(area, "L{x} {y}");
            }
            let _ = write!(area, "L{} {base}Z", number(last));
        }
        svg.path("area", &area);
        svg.path("line", &line);
        for (index, bucket) in shown.iter().enumerate() {
            svg.hot_rect(plot.hot(index), &reading(bucket.value, &bucket.label, l), bucket.href.as_deref());
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let rows = self.shown().iter().map(|bucket| {
            let value = match bucket.value {
                Some(value) => Cell::number(l.integer(value)).linked(bucket.href.as_deref()),
                None => Cell::number(l.text("chart-gap-cell")),
            };
            vec![Cell::text(&bucket.label), value]
        });
        DataTable {
            columns: vec![(l.text("chart-period"), false), (l.text("chart-value"), true)],
            rows: rows.collect(),
        }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        let entry =
            |class: &str, key: &str| LegendEntry { class: class.to_owned(), text: l.text(key), value: None };
        let mut legend = Vec::new();
        if self.buckets.iter().any(|bucket| bucket.expected.is_some()) {
            legend.push(entry("expected", "chart-expected"));
        }
        if self.buckets.iter().any(|bucket| bucket.value.is_none()) {
            legend.push(entry("gap", "chart-gap"));
        }
        legend
    }
}

/// What a bucket says under the pointer.
pub(super) fn reading(value: Option<u64>, label: &str, l: &Locale) -> String {
    match value {
        Some(value) => {
            l.text_with("chart-point", &[("when", label.into()), ("value", l.integer(value).into())])
        }
        None => l.text_with("chart-point-gap", &[("when", label.into())]),
    }
}
