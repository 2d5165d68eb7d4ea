//! Counts by tone over time as stacked bars with patterns besides colour.

use super::scale::{coordinate, length_of, value_steps};
use super::series::{BOTTOM, HEIGHT, Plot, TOP};
use super::svg::{Rect, Svg};
use super::{Cell, Chart, DataTable, Drawing, LegendEntry, POINTS_MAX, Width};
use crate::locale::Locale;
use model::Tone;

/// From the axis upwards: what is against us stands on the ground line, where
/// heights compare best.
pub const TONE_ORDER: [Tone; 5] = [Tone::Negative, Tone::Mixed, Tone::Neutral, Tone::Positive, Tone::Unknown];

/// One bucket of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToneBucket {
    /// Name of the bucket in local form.
    pub label: String,
    /// Counts in the order of [`Tone::ALL`]; `None` when nothing was listening.
    pub counts: Option<[u64; 5]>,
    /// Address of the posts behind it.
    pub href: Option<String>,
}

/// Counts by tone over time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToneSeries {
    /// Buckets in the order of time; at most [`POINTS_MAX`] are drawn.
    pub buckets: Vec<ToneBucket>,
}

impl ToneBucket {
    fn of(&self, tone: Tone) -> u64 {
        self.counts.and_then(|counts| counts.get(usize::from(tone.code())).copied()).unwrap_or(0)
    }
    fn total(&self) -> Option<u64> {
        self.counts.map(|counts| counts.iter().fold(0, |sum: u64, count| sum.saturating_add(*count)))
    }
}

/// Class of a tone's colour.
pub fn tone_class(tone: Tone) -> String {
    format!("tone-{}", tone.name())
}

/// Defines the fill of each tone: colour and texture.
pub(super) fn define_tones(svg: &mut Svg) {
    for (texture, tone) in
        [(1, Tone::Negative), (5, Tone::Mixed), (0, Tone::Neutral), (2, Tone::Positive), (4, Tone::Unknown)]
    {
        svg.define_fill(tone.name(), &tone_class(tone), texture);
    }
}

impl ToneSeries {
    fn shown(&self) -> &[ToneBucket] {
        self.buckets.get(self.buckets.len().saturating_sub(POINTS_MAX)..).unwrap_or_default()
    }

    fn total_of(&self, tone: Tone) -> u64 {
        self.buckets.iter().fold(0, |sum: u64, bucket| sum.saturating_add(bucket.of(tone)))
    }
}

impl Chart for ToneSeries {
    fn is_empty(&self) -> bool {
        self.buckets.iter().all(|bucket| bucket.counts.is_none())
    }

    fn description(&self, l: &Locale) -> String {
        match (self.shown().first(), self.shown().last()) {
            (Some(first), Some(last)) => l.text_with(
                "chart-tones-desc",
                &[("from", first.label.as_str().into()), ("to", last.label.as_str().into())],
            ),
            _ => l.text("chart-empty"),
        }
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        let shown = self.shown();
        let highest = shown.iter().filter_map(ToneBucket::total).max().unwrap_or(0);
        let max = value_steps(highest).last().copied().unwrap_or(1);
        let plot = Plot { width: width.units(), max, count: shown.len() };
        let mut svg = Svg::open(id, title, &self.description(l), width, HEIGHT);
        svg.define_gap();
        define_tones(&mut svg);
        plot.gaps(&mut svg, |index| shown.get(index).is_some_and(|bucket| bucket.counts.is_none()));
        plot.axes(&mut svg, width, |index| shown.get(index).map_or("", |bucket| bucket.label.as_str()), l);
        let space = (plot.slot() * 0.18).min(6.0);
        let fills = TONE_ORDER.map(|tone| (tone, svg.fill(tone.name())));
        for (index, bucket) in shown.iter().enumerate() {
            let mut base = HEIGHT - BOTTOM;
            for (tone, fill) in &fills {
                let height = length_of(bucket.of(*tone), max, HEIGHT - TOP - BOTTOM);
                if height > 0.0 {
                    base -= height;
                    let area = Rect {
                        x: coordinate(index).mul_add(plot.slot(), space / 2.0),
                        y: base,
                        width: (plot.slot() - space).max(0.5),
                        height,
                    };
                    svg.rect("segment", area, Some(fill));
                }
            }
        }
        for (index, bucket) in shown.iter().enumerate() {
            let text = match bucket.total() {
                None => super::series::reading(None, &bucket.label, l),
                Some(_) => {
                    let parts = TONE_ORDER.iter().filter(|tone| bucket.of(**tone) > 0).map(|tone| {
                        format!("{} {}", l.word("tone", tone.name()), l.integer(bucket.of(*tone)))
                    });
                    let parts = parts.collect::<Vec<_>>().join(" · ");
                    l.text_with(
                        "chart-point",
                        &[("when", bucket.label.as_str().into()), ("value", parts.into())],
                    )
                }
            };
            svg.hot_rect(plot.hot(index), &text, bucket.href.as_deref());
        }
        svg.close()
    }

    fn table(&self, l: &Locale) -> DataTable {
        let mut columns = vec![(l.text("chart-period"), false)];
        columns.extend(TONE_ORDER.iter().map(|tone| (l.word("tone", tone.name()), true)));
        columns.push((l.text("chart-total"), true));
        let rows = self.shown().iter().map(|bucket| {
            let figure = |count: u64| match bucket.counts {
                Some(_) => Cell::number(l.integer(count)),
                None => Cell::number(l.text("chart-gap-cell")),
            };
            let mut row = vec![Cell::text(&bucket.label)];
            row.extend(TONE_ORDER.iter().map(|tone| figure(bucket.of(*tone))));
            row.push(figure(bucket.total().unwrap_or(0)).linked(bucket.href.as_deref()));
            row
        });
        DataTable { columns, rows: rows.collect() }
    }

    fn legend(&self, l: &Locale) -> Vec<LegendEntry> {
        let mut legend: Vec<LegendEntry> = TONE_ORDER
            .iter()
            .map(|tone| LegendEntry {
                class: tone_class(*tone),
                text: l.word("tone", tone.name()),
                value: Some(l.compact(self.total_of(*tone))),
            })
            .collect();
        if self.buckets.iter().any(|bucket| bucket.counts.is_none()) {
            legend.push(LegendEntry { class: "gap".to_owned(), text: l.text("chart-gap"), value: None });
        }
        legend
    }
}
