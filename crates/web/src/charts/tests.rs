use super::*;
use crate::locale::{Language, Numbers};

fn l() -> Locale {
    Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC)
}

fn bucket(label: &str, value: Option<u64>) -> Bucket {
    Bucket { label: label.to_owned(), value, expected: None, href: None }
}

const HOSTILE: &str = "</title><script>alert(1)</script>\" onload='x' &\u{0}\u{202e}";

/// Every rule that a drawing must keep, whatever is in it.
fn check(drawing: &Drawing) -> String {
    let svg = drawing.to_string();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
    for forbidden in ["<script", "style=", "onload='", "NaN", "inf", "href=\"javascript", "<a "] {
        assert!(!svg.contains(forbidden), "{forbidden} in {svg}");
    }
    let opened = svg.matches('<').count();
    assert_eq!(opened, svg.matches('>').count());
    assert!(!svg.contains('\u{0}'));
    svg
}

fn drawings(chart: &impl Chart) -> Vec<String> {
    Width::ALL.iter().map(|width| check(&chart.draw("c1", HOSTILE, *width, &l()))).collect()
}

#[test]
fn a_gap_is_hatched_and_breaks_the_line() {
    let values = [Some(3), Some(4), None, None, Some(0), Some(9)];
    let series = TimeSeries { buckets: values.into_iter().map(|value| bucket("d", value)).collect() };
    for svg in drawings(&series) {
        assert_eq!(svg.matches(r#"class="gap""#).count(), 1, "one joined gap");
        let line = svg.split(r#"class="line" d=""#).nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(line.matches('M').count(), 2, "the line starts anew after the gap: {line}");
        assert_eq!(line.matches('L').count(), 2);
    }
    let table = series.table(&l());
    assert_eq!(table.rows[2][1].text, "sin datos");
    assert_eq!(table.rows[4][1].text, "0");
    assert!(series.description(&l()).contains("Un tramo sin recolección"));
    assert!(series.legend(&l()).iter().any(|entry| entry.class == "gap"));
}

#[test]
fn nothing_one_point_and_huge_values_are_drawn() {
    assert!(TimeSeries::default().is_empty());
    drawings(&TimeSeries::default());
    let single = TimeSeries { buckets: vec![bucket("hoy", Some(5))] };
    assert!(drawings(&single).iter().all(|svg| svg.contains(r#"class="point""#)));
    let huge = TimeSeries { buckets: vec![bucket("a", Some(u64::MAX)), bucket("b", Some(0))] };
    drawings(&huge);
    let zeros = TimeSeries { buckets: vec![bucket("a", Some(0)); 3] };
    assert!(!zeros.is_empty(), "zero is a value");
    drawings(&zeros);
    let long = TimeSeries { buckets: vec![bucket("a", Some(1)); POINTS_MAX + 500] };
    assert_eq!(long.table(&l()).rows.len(), POINTS_MAX);
}

#[test]
fn the_usual_range_is_a_band() {
    let mut series = TimeSeries { buckets: vec![bucket("a", Some(5)), bucket("b", Some(7))] };
    for bucket in &mut series.buckets {
        bucket.expected = Some((2, 9));
    }
    assert!(drawings(&series).iter().all(|svg| svg.contains(r#"class="expected" d="M"#)));
}

#[test]
fn hostile_labels_are_inert_everywhere() {
    let hostile = Some(HOSTILE.to_owned());
    let buckets = vec![Bucket { href: hostile.clone(), ..bucket(HOSTILE, Some(1)) }];
    drawings(&TimeSeries { buckets });
    let tones = vec![ToneBucket { label: HOSTILE.to_owned(), counts: Some([1; 5]), href: hostile.clone() }];
    drawings(&ToneSeries { buckets: tones });
    drawings(&ShareOfVoice {
        slices: vec![Slice { name: HOSTILE.to_owned(), count: 3, href: hostile.clone() }],
    });
    let bars = Bars {
        rows: vec![Bar { label: HOSTILE.to_owned(), count: 1, href: hostile.clone(), class: hostile }],
    };
    for (_, drawing) in bars.drawn() {
        check(&drawing);
    }
}

#[test]
fn tones_stack_to_their_sum() {
    let series = ToneSeries {
        buckets: vec![
            ToneBucket { label: "a".to_owned(), counts: Some([1, 2, 3, 4, 0]), href: None },
            ToneBucket { label: "b".to_owned(), counts: None, href: None },
        ],
    };
    for svg in drawings(&series) {
        assert_eq!(svg.matches(r#"class="segment""#).count(), 4, "no rectangle for zero");
        assert_eq!(svg.matches(r#"class="gap""#).count(), 1);
    }
    let table = series.table(&l());
    let texts: Vec<&str> = table.rows[0].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(texts, ["a", "2", "0", "3", "4", "1", "10"]);
    assert!(table.rows[1][1..].iter().all(|cell| cell.text == "sin datos"));
}

#[test]
fn heat_levels_cover_their_range() {
    let mut map = HeatMap::default();
    assert!(map.is_empty());
    drawings(&map);
    map.cells[0] = std::array::from_fn(|hour| Some(hour as u64 * 10));
    for svg in drawings(&map) {
        for level in 0..=heat::LEVELS {
            assert!(svg.contains(&format!(r#"heat-{level}""#)), "level {level}");
        }
    }
    assert!(map.description(&l()).contains("lunes, 23:00 (230)"));
    assert_eq!(map.table(&l()).rows.len(), 24);
    map.cells = [[Some(u64::MAX); 24]; 7];
    drawings(&map);
}

#[test]
fn shares_are_of_what_is_shown() {
    let slice = |name: &str, count| Slice { name: name.to_owned(), count, href: None };
    let share = ShareOfVoice { slices: vec![slice("a", 1), slice("b", 3)] };
    drawings(&share);
    assert_eq!(share.table(&l()).rows[1][2].text, "75.0\u{a0}%");
    let none = ShareOfVoice { slices: vec![slice("a", 0)] };
    assert!(none.is_empty());
    assert_eq!(none.table(&l()).rows[0][2].text, "—");
    drawings(&none);
}

#[test]
fn a_sparkline_needs_no_data() {
    check(&Sparkline::default().draw());
    let svg = check(&Sparkline { values: vec![Some(1), None, Some(u64::MAX)] }.draw());
    assert_eq!(svg.matches("spark-gap").count(), 1);
}
