//! Dates and times in the reader's time zone.

use super::{Locale, Value};
use jiff::Zoned;
use model::Timestamp;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// From this age on a relative time becomes a date, days.
const AGO_DAYS_MAX: i64 = 7;

impl Locale {
    /// The instant on the reader's clock; outside years 1…9999 there is none.
    pub fn zoned(&self, instant: Timestamp) -> Option<Zoned> {
        let instant = jiff::Timestamp::from_millisecond(instant.millis()).ok()?;
        Some(instant.to_zoned(self.zone.clone()))
    }

    /// `3 mar 2026`.
    pub fn date(&self, instant: Timestamp) -> String {
        self.dated(instant, "date-medium", "month-short")
    }

    /// `martes, 3 de marzo de 2026`.
    pub fn date_long(&self, instant: Timestamp) -> String {
        self.dated(instant, "date-long", "month-long")
    }

    /// `3 mar`.
    pub fn day(&self, instant: Timestamp) -> String {
        self.dated(instant, "date-day", "month-short")
    }

    /// `mar 2026`.
    pub fn month(&self, instant: Timestamp) -> String {
        self.dated(instant, "date-month", "month-short")
    }

    /// `14:05`.
    pub fn clock(&self, instant: Timestamp) -> String {
        self.zoned(instant).map_or_else(dash, |at| format!("{:02}:{:02}", at.hour(), at.minute()))
    }

    /// `3 mar 2026, 14:05`.
    pub fn date_time(&self, instant: Timestamp) -> String {
        self.text_with(
            "date-time",
            &[("date", Value::from(self.date(instant))), ("time", Value::from(self.clock(instant)))],
        )
    }

    /// RFC 3339 in UTC, for `<time datetime>`.
    pub fn machine_time(&self, instant: Timestamp) -> String {
        instant.to_string()
    }

    /// `hace 5 min`, `ayer, 14:05`, `hace 3 días`; a date when it is a week old.
    pub fn ago(&self, instant: Timestamp, now: Timestamp) -> String {
        let age = now.millis().saturating_sub(instant.millis());
        let count = |key: &str, unit: i64| self.count(key, u64::try_from(age / unit).unwrap_or(0));
        let days = self.days_between(instant, now);
        match age {
            i64::MIN..-60_000 => self.text("ago-future"),
            -60_000..MINUTE_MS => self.text("ago-now"),
            MINUTE_MS..HOUR_MS => count("ago-minutes", MINUTE_MS),
            _ if days == 0 || age < 6 * HOUR_MS => count("ago-hours", HOUR_MS),
            _ if days == 1 => self.text_with("ago-yesterday", &[("time", Value::from(self.clock(instant)))]),
            _ if days < AGO_DAYS_MAX => self.count("ago-days", u64::try_from(days).unwrap_or(0)),
            _ => self.date(instant),
        }
    }

    /// A span of time with two units: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 días 4 h`.
    pub fn duration(&self, millis: i64) -> String {
        let millis = millis.max(0);
        let part = |name: &'static str, unit: i64, per: i64| (name, Value::from((millis / unit) % per));
        match millis {
            0..MINUTE_MS => self.count("duration-seconds", u64::try_from(millis / SECOND_MS).unwrap_or(0)),
            MINUTE_MS..HOUR_MS => self.text_with(
                "duration-minutes",
                &[part("minutes", MINUTE_MS, 60), part("seconds", SECOND_MS, 60)],
            ),
            HOUR_MS..DAY_MS => self
                .text_with("duration-hours", &[part("hours", HOUR_MS, 24), part("minutes", MINUTE_MS, 60)]),
            _ => {
                self.text_with("duration-days", &[part("days", DAY_MS, i64::MAX), part("hours", HOUR_MS, 24)])
            }
        }
    }

    /// `lun`…`dom`; 1 is Monday.
    pub fn weekday_short(&self, weekday: u8) -> String {
        self.text(&format!("weekday-short-{weekday}"))
    }

    /// `lunes`…`domingo`; 1 is Monday.
    pub fn weekday_long(&self, weekday: u8) -> String {
        self.text(&format!("weekday-long-{weekday}"))
    }

    fn days_between(&self, earlier: Timestamp, later: Timestamp) -> i64 {
        let (Some(from), Some(to)) = (self.zoned(earlier), self.zoned(later)) else { return i64::MAX };
        from.date().until(to.date()).map_or(i64::MAX, |span| i64::from(span.get_days()))
    }

    fn dated(&self, instant: Timestamp, key: &str, months: &str) -> String {
        let Some(at) = self.zoned(instant) else { return dash() };
        let weekday = at.weekday().to_monday_one_offset();
        self.text_with(
            key,
            &[
                // As texts: a year is not a quantity and takes no grouping sign.
                ("day", Value::from(at.day().to_string())),
                ("month", Value::from(self.text(&format!("{months}-{}", at.month())))),
                ("year", Value::from(at.year().to_string())),
                ("weekday", Value::from(self.text(&format!("weekday-long-{weekday}")))),
            ],
        )
    }
}

fn dash() -> String {
    "—".to_owned()
}
