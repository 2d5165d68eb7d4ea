//! What a group did over time, and how old its accounts are, as charts.
//!
//! In: days and hours of a report, dates of accounts, the way out of a
//! message. Out: [`ChartFrame`]s. Cost: linear in the days.
//! Limits: [`DAYS_AS_DAYS`]; above it a column is a month.

use crate::charts::{Column, Columns, ShareOverTime, SharePoint};
use crate::components::ChartFrame;
use crate::locale::Locale;
use ::app::coordination::{GroupReport, MessageView};
use model::Timestamp;
use model::time::DAY_MS;

/// Most days that a chart shows one by one.
pub const DAYS_AS_DAYS: i32 = 400;
/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;
/// From this span on a point is named by its day.
const TWO_DAYS_MS: i64 = 2 * DAY_MS;

/// Noon of a day since 1970 in UTC: the same date in nearly every time zone.
pub fn noon_of(day: i32) -> Timestamp {
    Timestamp::from_millis(i64::from(day) * DAY_MS + DAY_MS / 2)
}

/// The day of an instant since 1970, UTC.
fn day_of(at: Timestamp) -> i32 {
    i32::try_from(at.millis().div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Counts by day or month from the first to the last, those without any too.
fn by_date(days: &[(i32, u64)], l: &Locale) -> Vec<(String, u64)> {
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return Vec::new() };
    let by_month = last.saturating_sub(*first) > DAYS_AS_DAYS;
    let mut dates: Vec<(String, u64)> = Vec::new();
    let mut counts = days.iter().peekable();
    for day in *first..=*last {
        let at = noon_of(day);
        let label = if by_month { l.month(at) } else { l.day(at) };
        if dates.last().is_none_or(|(newest, _)| *newest != label) {
            dates.push((label, 0));
        }
        while let Some((_, count)) = counts.next_if(|(at, _)| *at <= day) {
            if let Some((_, sum)) = dates.last_mut() {
                *sum += count;
            }
        }
    }
    dates
}

/// Posts of the members over time.
pub fn timeline(report: &GroupReport, l: &Locale) -> ChartFrame {
    over_time("group-timeline", l.text("group-timeline"), &report.days, l)
}

/// Posts over time: days since 1970 with their counts.
pub fn over_time(id: &str, title: String, days: &[(i32, u32)], l: &Locale) -> ChartFrame {
    let days: Vec<(i32, u64)> = days.iter().map(|(day, count)| (*day, u64::from(*count))).collect();
    let column = |(label, count)| Column { label, counts: vec![count] };
    let columns = by_date(&days, l).into_iter().map(column).collect();
    let chart = Columns { parts: vec![l.text("group-posts")], columns };
    ChartFrame::new(id, title, &chart, l)
}

/// Posts of the members by hour of the day.
pub fn hours(report: &GroupReport, l: &Locale) -> ChartFrame {
    by_hour("group-hours", &report.hours, report.days.last().map(|(day, _)| noon_of(*day)), l)
}

/// Posts by hour of the day on the workspace's clock as it stood at the last
/// of them; on UTC's where the zone is no whole hours away.
pub fn by_hour(id: &str, counts: &[u32; 24], last: Option<Timestamp>, l: &Locale) -> ChartFrame {
    let seconds = l.zoned(last.unwrap_or_default()).map_or(0, |zoned| zoned.offset().seconds());
    let whole = seconds % 3_600 == 0;
    let shift = if whole { seconds / 3_600 } else { 0 };
    let zone = if whole { l.zone().iana_name() } else { None }.unwrap_or("UTC");
    let columns = (0_i32..24).map(|hour| {
        let utc = usize::try_from((hour - shift).rem_euclid(24)).unwrap_or(0);
        let count = counts.get(utc).map_or(0, |count| u64::from(*count));
        Column { label: format!("{hour:02}:00"), counts: vec![count] }
    });
    let chart = Columns { parts: vec![l.text("group-posts")], columns: columns.collect() };
    ChartFrame::new(id, l.text_with("group-hours", &[("zone", zone.into())]), &chart, l)
}

/// When the accounts were created, and how many of them nobody knows it of.
pub fn creations(report: &GroupReport, l: &Locale) -> (ChartFrame, u64) {
    let known = report.members.iter().filter_map(|member| member.created_at.as_deref());
    let mut days: Vec<(i32, u64)> =
        known.filter_map(|text| Timestamp::parse(text).ok()).map(|at| (day_of(at), 1)).collect();
    days.sort_unstable();
    let unknown = report.members.len().saturating_sub(days.len()) as u64;
    let column = |(label, count)| Column { label, counts: vec![count] };
    let columns = by_date(&days, l).into_iter().map(column).collect();
    let chart = Columns { parts: vec![l.text("coordination-members")], columns };
    (ChartFrame::new("group-created", l.text("group-created"), &chart, l), unknown)
}

/// The way of a message out of its circle: counts, and the share of others.
pub fn way_out(number: usize, message: &MessageView, l: &Locale) -> [ChartFrame; 2] {
    let at = |text: &str| Timestamp::parse(text).ok();
    let ends =
        [message.curve.first(), message.curve.last()].map(|point| point.and_then(|point| at(&point.0)));
    let span_ms = if let [Some(first), Some(last)] = ends { last.millis() - first.millis() } else { 0 };
    let told = |at: Timestamp| match span_ms {
        0..HOUR_MS => format!("{}:{:02}", l.clock(at), at.millis().div_euclid(1_000).rem_euclid(60)),
        HOUR_MS..TWO_DAYS_MS => l.clock(at),
        _ => l.day(at),
    };
    let label = |text: &str| at(text).map_or_else(String::new, told);
    let columns = message.curve.iter().map(|(from, inside, outside, _)| Column {
        label: label(from),
        counts: vec![u64::from(*inside), u64::from(*outside)],
    });
    let parts = ["group-message-inside", "group-message-outside"].map(|key| l.text(key)).to_vec();
    let counts = Columns { parts, columns: columns.collect() };
    let points = message.curve.iter().map(|(from, _, _, [share, low, high])| SharePoint {
        label: label(from),
        share: *share,
        low: *low,
        high: *high,
    });
    let share = ShareOverTime { points: points.collect() };
    [
        ChartFrame::new(&format!("message-{number}-counts"), l.text("group-message-counts"), &counts, l),
        ChartFrame::new(&format!("message-{number}-share"), l.text("group-message-share"), &share, l),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::{Language, Numbers};

    #[test]
    fn empty_days_are_drawn_and_long_spans_become_months() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let days = by_date(&[(20_000, 2), (20_002, 5)], &l);
        assert_eq!(days.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 0, 5]);
        let months = by_date(&[(20_000, 2), (20_000, 1), (20_500, 5)], &l);
        assert_eq!(
            (months.len(), months.first().unwrap().1, months.last().unwrap().1),
            (17, 3, 5),
            "{months:?}"
        );
        assert!(by_date(&[], &l).is_empty());
        let span = by_date(&[(-20_000, 1), (49_000, 1)], &l);
        assert_eq!(span.iter().map(|(_, count)| count).sum::<u64>(), 2);
    }
}
