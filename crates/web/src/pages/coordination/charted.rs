//! What a group did over time, and how old its accounts are, as charts.
//!
//! In: days and hours of a report, dates of accounts, the way out of a
//! message. Out: [`ChartFrame`]s. Cost: linear in the days.
//! Limits: [`DAYS_AS_DAYS`]; above it a column is a month.

use crate::charts::{Cell, Chart, Column, Columns, DataTable, Drawing, ShareOverTime, SharePoint, Width};
use crate::components::ChartFrame;
use crate::locale::Locale;
use ::app::coordination::{GroupReport, MessageView};
use model::Timestamp;
use model::time::DAY_MS;

/// Most days that a chart shows one by one.
pub const DAYS_AS_DAYS: i32 = 400;
/// Dates of creation that are listed; the picture has all of them.
const CREATIONS_LISTED_MAX: usize = 20;
/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;
/// From this span on a point is named by its day.
const TWO_DAYS_MS: i64 = 2 * DAY_MS;

/// Noon of a day since 1970 on the reader's clock: an instant of that date.
pub fn noon_of(day: i32, l: &Locale) -> Timestamp {
    let noon = Timestamp::from_millis(i64::from(day) * DAY_MS + DAY_MS / 2);
    noon.plus(-offset_s(noon, l) * 1_000)
}

/// Seconds that the reader's clock is ahead of UTC.
fn offset_s(at: Timestamp, l: &Locale) -> i64 {
    l.zoned(at).map_or(0, |zoned| i64::from(zoned.offset().seconds()))
}

/// The name of the reader's clock: that of the workspace.
pub fn zone(l: &Locale) -> String {
    l.zone().iana_name().unwrap_or("UTC").to_owned()
}

/// A text that names that clock.
pub fn on_clock(key: &str, l: &Locale) -> String {
    l.text_with(key, &[("zone", zone(l).into())])
}

/// The day of an instant since 1970, on the reader's clock.
fn day_of(at: Timestamp, l: &Locale) -> i32 {
    let local_ms = at.millis().saturating_add(offset_s(at, l) * 1_000);
    i32::try_from(local_ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX)
}

/// Counts by day or month from the first to the last, those without any too.
fn by_date(days: &[(i32, u64)], l: &Locale) -> Vec<(String, u64)> {
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return Vec::new() };
    let by_month = last.saturating_sub(*first) > DAYS_AS_DAYS;
    let mut dates: Vec<(String, u64)> = Vec::new();
    let mut counts = days.iter().peekable();
    for day in *first..=*last {
        let at = noon_of(day, l);
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
    over_time(["group-timeline", "group-timeline"], &report.hourly, &report.days, l)
}

/// Posts over time, of an id and a title: by day of the reader's clock, counted
/// from hours since 1970; by day of UTC where these are not known or the zone is
/// no whole hours away. The title says which.
pub fn over_time(
    [id, title]: [&str; 2],
    hourly: &[(u32, u32)],
    utc_days: &[(i32, u32)],
    l: &Locale,
) -> ChartFrame {
    let instant = |hour: u32| Timestamp::from_millis(i64::from(hour) * HOUR_MS);
    let is_whole = |(hour, _): &(u32, u32)| offset_s(instant(*hour), l) % (HOUR_MS / 1_000) == 0;
    let is_local = !hourly.is_empty() && hourly.iter().all(is_whole);
    let mut days: Vec<(i32, u64)> = if is_local {
        hourly.iter().map(|(hour, count)| (day_of(instant(*hour), l), u64::from(*count))).collect()
    } else {
        utc_days.iter().map(|(day, count)| (*day, u64::from(*count))).collect()
    };
    days.sort_unstable_by_key(|(day, _)| *day);
    let zone = if is_local { zone(l) } else { "UTC".to_owned() };
    let title = l.text_with(title, &[("zone", zone.into())]);
    let column = |(label, count)| Column { label, counts: vec![count] };
    let columns = by_date(&days, l).into_iter().map(column).collect();
    let chart = Columns { parts: vec![l.text("group-posts")], columns };
    ChartFrame::new(id, title, &chart, l)
}

/// Posts of the members by hour of the day.
pub fn hours(report: &GroupReport, l: &Locale) -> ChartFrame {
    by_hour("group-hours", &report.hours, report.days.last().map(|(day, _)| noon_of(*day, l)), l)
}

/// Posts by hour of the day on the workspace's clock as it stood at the last
/// of them; on UTC's where the zone is no whole hours away.
pub fn by_hour(id: &str, counts: &[u32; 24], last: Option<Timestamp>, l: &Locale) -> ChartFrame {
    let seconds = i32::try_from(offset_s(last.unwrap_or_default(), l)).unwrap_or(0);
    let whole = seconds % 3_600 == 0;
    let shift = if whole { seconds / 3_600 } else { 0 };
    let zone = if whole { zone(l) } else { "UTC".to_owned() };
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
        known.filter_map(|text| Timestamp::parse(text).ok()).map(|at| (day_of(at, l), 1)).collect();
    days.sort_unstable();
    let unknown = report.members.len().saturating_sub(days.len()) as u64;
    let column = |(label, count)| Column { label, counts: vec![count] };
    let columns = by_date(&days, l).into_iter().map(column).collect();
    let chart = Creations(Columns { parts: vec![l.text("coordination-members")], columns });
    (ChartFrame::new("group-created", on_clock("group-created", l), &chart, l), unknown)
}

/// Accounts by the date of their creation. The picture shows the dates without
/// any too; the table lists the first dates with some.
struct Creations(Columns);

impl Chart for Creations {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn description(&self, l: &Locale) -> String {
        self.0.description(l)
    }

    fn draw(&self, id: &str, title: &str, width: Width, l: &Locale) -> Drawing {
        self.0.draw(id, title, width, l)
    }

    fn table(&self, l: &Locale) -> DataTable {
        let some = |column: &&Column| column.counts.iter().any(|count| *count > 0);
        let mut dates: Vec<&Column> = self.0.columns.iter().filter(some).collect();
        let rest = dates.split_off(dates.len().min(CREATIONS_LISTED_MAX));
        let listed = Columns { parts: self.0.parts.clone(), columns: dates.into_iter().cloned().collect() };
        let mut table = listed.table(l);
        if !rest.is_empty() {
            let accounts = rest.iter().flat_map(|column| &column.counts).sum();
            let more = l.count("group-created-more", rest.len() as u64);
            table.rows.push(vec![Cell::text(more), Cell::number(l.integer(accounts))]);
        }
        table
    }
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
        ChartFrame::new(&format!("message-{number}-counts"), on_clock("group-message-counts", l), &counts, l),
        ChartFrame::new(&format!("message-{number}-share"), on_clock("group-message-share", l), &share, l),
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
        let far = jiff::tz::TimeZone::get("Pacific/Auckland").unwrap();
        let far = Locale::new(Language::Es, Numbers::CommaPoint, far);
        assert_eq!(
            by_date(&[(20_000, 2)], &far).first().unwrap().0,
            days.first().unwrap().0,
            "the same date"
        );
        let span = by_date(&[(-20_000, 1), (49_000, 1)], &l);
        assert_eq!(span.iter().map(|(_, count)| count).sum::<u64>(), 2);
    }

    #[test]
    fn the_table_of_creations_lists_dates_with_some() {
        let l = Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::UTC);
        let column = |day: u64| Column { label: day.to_string(), counts: vec![u64::from(day % 3 == 0) * 2] };
        let chart = |days| {
            Creations(Columns { parts: vec!["x".to_owned()], columns: (0..days).map(column).collect() })
        };
        let rows = chart(118).table(&l).rows;
        assert_eq!(rows.len(), CREATIONS_LISTED_MAX + 1);
        assert!(rows.iter().all(|row| row.get(1).unwrap().text != "0"));
        let last = rows.last().unwrap();
        // Forty dates have some: of twenty of them the accounts are summed.
        assert_eq!(
            (last.first().unwrap().text.as_str(), last.get(1).unwrap().text.as_str()),
            ("20 fechas más", "40")
        );
        assert_eq!(chart(9).table(&l).rows.len(), 3);
    }

    #[test]
    fn days_are_those_of_the_clock_that_the_title_names() {
        let locale = |zone: &str| {
            Locale::new(Language::Es, Numbers::CommaPoint, jiff::tz::TimeZone::get(zone).unwrap())
        };
        // 3 in the morning of day 20,000 in UTC, and noon.
        let (hourly, days) = ([(480_003, 4), (480_012, 1)], [(20_000, 5)]);
        let told = |zone: &str| {
            let l = locale(zone);
            let frame = over_time(["t", "group-timeline"], &hourly, &days, &l);
            (frame.title.clone(), day_of(Timestamp::from_millis(480_003 * HOUR_MS), &l))
        };
        let (panama, kolkata) = (told("America/Panama"), told("Asia/Kolkata"));
        assert!(panama.0.contains("(America/Panama)") && panama.1 == 19_999, "{panama:?}");
        assert!(kolkata.0.contains("(UTC)"), "no whole hours away: {kolkata:?}");
        let old = over_time(["t", "group-timeline"], &[], &days, &locale("America/Panama"));
        assert!(old.title.contains("(UTC)"), "{}", old.title);
    }
}
