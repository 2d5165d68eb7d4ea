//! Instants in UTC, to the millisecond.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, may be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// Milliseconds in one second.
pub const SECOND_MS: i64 = 1_000;
/// Milliseconds in one minute.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// Milliseconds in one hour.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Milliseconds in one day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// How far ahead of our clock a network's date may be before it is implausible.
pub const FUTURE_TOLERANCE_MS: i64 = 10 * MINUTE_MS;
/// No post of a network we read is older than this: 1990-01-01T00:00:00Z.
pub const OLDEST_PLAUSIBLE: Timestamp = Timestamp(631_152_000_000);

/// A date that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is not a date: write it like 2026-03-01T12:00:00Z")]
pub struct InvalidTime(pub String);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// From seconds since the Unix epoch, saturating.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND_MS))
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded towards the past.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND_MS)
    }

    /// This instant plus `millis`, saturating.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Reads RFC 3339 / ISO 8601 with an offset or `Z`; a date and time
    /// without offset, and a bare date, are taken as UTC.
    ///
    /// # Errors
    /// [`InvalidTime`] with the text when it is none of these.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let trimmed = text.trim();
        if let Ok(instant) = trimmed.parse::<jiff::Timestamp>() {
            return Ok(Self(instant.as_millisecond()));
        }
        let civil = trimmed
            .parse::<jiff::civil::DateTime>()
            .or_else(|_| trimmed.parse::<jiff::civil::Date>().map(|d| d.at(0, 0, 0, 0)));
        civil
            .ok()
            .and_then(|c| c.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|zoned| Self(zoned.timestamp().as_millisecond()))
            .ok_or_else(|| InvalidTime(text.chars().take(80).collect()))
    }

    /// True when a network could honestly have given this date to something
    /// that we received at `fetched_at` (network dates can be forged).
    pub fn is_plausible(self, fetched_at: Self) -> bool {
        self >= OLDEST_PLAUSIBLE && self <= fetched_at.plus(FUTURE_TOLERANCE_MS)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => instant.fmt(f),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_ways_networks_write_dates() {
        let noon = Timestamp::from_millis(1_772_366_400_000);
        for text in [
            "2026-03-01T12:00:00Z",
            "2026-03-01T13:00:00+01:00",
            "2026-03-01T12:00:00",
            "2026-03-01 12:00:00",
        ] {
            assert_eq!(Timestamp::parse(text), Ok(noon), "{text}");
        }
        assert_eq!(Timestamp::parse("2026-03-01").unwrap(), noon.plus(-12 * HOUR_MS));
        assert!(Timestamp::parse("mañana").is_err());
        assert_eq!(noon.to_string(), "2026-03-01T12:00:00Z");
    }

    #[test]
    fn forged_dates_are_implausible() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        assert!(now.is_plausible(now));
        assert!(!Timestamp::parse("0001-01-01T00:00:00Z").unwrap().is_plausible(now));
        assert!(!now.plus(HOUR_MS).is_plausible(now));
    }
}
