//! Counts by hour and weekday as a heat map.

use super::scale::{coordinate, length_of};
use super::svg::{Anchor, Rect, Svg};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, Width};
use crate::locale::Locale;

/// Steps of colour for counts above zero.
pub const LEVELS: u8 = 5;

/// Hours × weekdays in the workspace's time zone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeatMap {
    /// Seven rows from Monday, each with 24 hours; `None` when nothing was
    /// listening in that hour of any week.
    pub cells: [[Option<u64>; 24]; 7],
    /// Addresses of the posts behind each cell.
    pub hrefs: [[Option<String>; 24]; 7],
}

impl HeatMap {
    /// The busiest cell: weekday 1…7, hour, count; the first one of equals.
    fn busiest(&self) -> Option<(u8, usize, u64)> {
        let mut best: Option<(u8, usize, u64)> = None;
        for (weekday, row) in (1_u8..).zip(&self.cells) {
            for (hour, count) in row.iter().enumerate() {
                if let Some(count) = count
                    && best.is_none_or(|(_, _, most)| *count > most)
                {
                    best = Some((weekday, hour, *count));
                }
            }
        }
        best
    }
}

/// Colour step of a count: 0 for none, else 1…[`LEVELS`].
fn level(count: u64, max: u64) -> u8 {
    if count == 0 || max == 0 {
        return 0;
    }
    let scaled = u128::from(count) * u128::from(LEVELS);
    u8::try_from(scaled.div_ceil(u128::from(max))).unwrap_or(LEVELS).clamp(1, LEVELS)
}

impl Chart for HeatMap {
    fn is_empty(&self) -> bool {
        self.busiest().is_none_or(|(_, _, count)| count == 0)
    }

    fn description(&self, l: &Locale) -> String {
        match self.busiest() {
            Some((weekday, hour, count)) if count > 0 => l.text_with(
                "chart-heat-desc",
                &[
                    ("day", l.weekday_long(weekday).into()),
                    ("hour", hour.into()),
                    ("max", l.integer(count).into()),
                ],
            ),
            _ => l.text("chart-empty"),
        }
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let (left, top, row) = (34.0, 20.0, 26.0);
        let column = (width.units() - left) / 24.0;
        let height = length_of(7, 1, row) + top + 2.0;
        let mut svg = Svg::open(id, title, &self.description(l), width, height);
        svg.define_gap();
        let gap = svg.fill("gap");
        let max = self.busiest().map_or(0, |(_, _, count)| count);
        let every = if width == Width::Wide { 3 } else { 6 };
        for hour in (0..24).step_by(every) {
            let x = coordinate(hour).mul_add(column, left);
            svg.text("tick", x, top - 7.0, Anchor::Start, &format!("{hour:02}"));
        }
        for ((weekday, counts), hrefs) in (1_u8..).zip(&self.cells).zip(&self.hrefs) {
            let y = f64::from(weekday - 1).mul_add(row, top);
            svg.text("tick", 0.0, y + 17.0, Anchor::Start, &l.weekday_short(weekday));
            for ((hour, count), href) in counts.iter().enumerate().zip(hrefs) {
                let area = Rect {
                    x: coordinate(hour).mul_add(column, left),
                    y,
                    width: column - 2.0,
                    height: row - 2.0,
                };
                match count {
                    Some(count) => svg.rect(&format!("heat heat-{}", level(*count, max)), area, None),
                    None => svg.rect("heat", area, Some(&gap)),
                }
                let when = format!("{} {hour:02}:00", l.weekday_short(weekday));
                svg.hot_rect(area, &super::series::reading(*count, &when, l), href.as_deref());
            }
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let mut columns = vec![(l.text("chart-hour"), false)];
        columns.extend((1..=7).map(|weekday| (l.weekday_short(weekday), true)));
        let rows = (0..24).map(|hour| {
            let mut row = vec![Cell::text(format!("{hour:02}:00"))];
            row.extend(self.cells.iter().zip(&self.hrefs).map(|(counts, hrefs)| {
                match counts.get(hour).copied().flatten() {
                    Some(count) => {
                        Cell::number(l.integer(count)).linked(hrefs.get(hour).and_then(Option::as_deref))
                    }
                    None => Cell::number(l.text("chart-gap-cell")),
                }
            }));
            row
        });
        DataTable { columns, rows: rows.collect() }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        let mut legend: Vec<LegendEntry> = (0..=LEVELS)
            .map(|level| LegendEntry {
                class: format!("heat-{level}"),
                text: match level {
                    0 => l.text("chart-heat-less"),
                    LEVELS => l.text("chart-heat-more"),
                    _ => String::new(),
                },
                value: None,
            })
            .collect();
        if self.cells.iter().flatten().any(Option::is_none) {
            legend.push(LegendEntry { class: "gap".to_owned(), text: l.text("chart-gap"), value: None });
        }
        legend
    }
}
