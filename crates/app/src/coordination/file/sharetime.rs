//! The times of a table of shares: seconds, milliseconds or microseconds since
//! 1970, the same for all rows, or dates with their own.
//!
//! In: the texts of its first rows, then each text. Out: milliseconds.
//! Errors: what is wrong with a text. Source: the digits that count as each
//! unit are those of [`EpochUnit::of_digits`], as for an import.
//! Limits: where numbers are milliseconds or microseconds, what lies before
//! [`OLDEST_PLAUSIBLE`] is no time: it is a number of something else.

use model::Timestamp;
use model::time::OLDEST_PLAUSIBLE;
use networks::import::EpochUnit;

/// Seconds from 1970 beyond which nothing is a time; they have no more digits
/// than [`EpochUnit::of_digits`] takes for seconds.
const SECONDS_MAX: i64 = 99_999_999_999;

/// The unit of most of some texts; seconds where no number tells it.
pub fn unit_of<'a>(texts: impl Iterator<Item = &'a str>) -> EpochUnit {
    let mut votes = [(EpochUnit::Seconds, 0_u32), (EpochUnit::Millis, 0), (EpochUnit::Micros, 0)];
    for unit in texts.filter_map(|text| unit_of_one(text.trim())) {
        votes.iter_mut().filter(|(of, _)| *of == unit).for_each(|(_, count)| *count += 1);
    }
    // Of equals the first: seconds before milliseconds.
    let best = votes.iter().rev().max_by_key(|(_, count)| *count);
    best.map_or(EpochUnit::Seconds, |(unit, _)| *unit)
}

/// The unit that a number's digits tell; `None` for other texts.
fn unit_of_one(text: &str) -> Option<EpochUnit> {
    let (digits, _) = number(text)?;
    EpochUnit::of_digits(digits.trim_start_matches('-').len())
}

/// A number's digits with its sign, and its decimals.
fn number(text: &str) -> Option<(&str, &str)> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!digits.is_empty() && is_number(digits) && is_number(decimals)).then_some((whole, decimals))
}

/// A time as milliseconds: a number in `unit`, or RFC 3339. Of a second
/// nothing is kept beyond milliseconds.
///
/// # Errors
/// What is wrong with it.
pub fn millis_of(text: &str, unit: EpochUnit) -> Result<i64, String> {
    let shown = || text.chars().take(40).collect::<String>();
    let wrong = || {
        format!(
            "timestamp_share «{}» is neither a number of seconds, milliseconds or microseconds since 1970 nor a date like 2026-03-01T12:00:00Z",
            shown()
        )
    };
    let in_range = |millis: i64| {
        let is_time = (-SECONDS_MAX..=SECONDS_MAX).contains(&millis.div_euclid(1_000));
        if is_time { Ok(millis) } else { Err(wrong()) }
    };
    let Some((whole, decimals)) = number(text) else {
        return Timestamp::parse(text).map_err(|_| wrong()).and_then(|at| in_range(at.millis()));
    };
    if let Some(other) = unit_of_one(text).filter(|other| *other != unit) {
        return Err(format!(
            "timestamp_share «{}» is in {}, most of the first rows are in {}: give all rows the same unit",
            shown(),
            other.name(),
            unit.name()
        ));
    }
    let count: i64 = whole.parse().map_err(|_| wrong())?;
    let millis = match unit {
        EpochUnit::Seconds => {
            // R writes 1.5e9 for no time at all.
            let thousandths: i64 =
                format!("{decimals:0<3}").get(..3).and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
            let thousandths = if whole.starts_with('-') { -thousandths } else { thousandths };
            count.checked_mul(1_000).and_then(|millis| millis.checked_add(thousandths)).ok_or_else(wrong)?
        }
        EpochUnit::Millis => count,
        EpochUnit::Micros => count.div_euclid(1_000),
    };
    if unit != EpochUnit::Seconds && Timestamp::from_millis(millis) < OLDEST_PLAUSIBLE {
        return Err(format!(
            "timestamp_share «{}» as {} lies before 1990: is it a number of seconds since 1970?",
            shown(),
            unit.name()
        ));
    }
    in_range(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        use EpochUnit::{Micros, Millis, Seconds};
        for (unit, text, expected) in [
            (Seconds, "1623881091", Some(1_623_881_091_000)),
            (Seconds, "1623881091.25", Some(1_623_881_091_250)),
            (Seconds, "-1.5", Some(-1_500)),
            (Seconds, "-0.5", Some(-500)),
            (Seconds, "0.0009", Some(0)),
            (Seconds, "2026-03-01T12:00:00Z", Some(1_772_366_400_000)),
            (Seconds, "9999-01-01T00:00:00Z", None),
            (Seconds, "99999999999999999999", None),
            (Seconds, "9223372036854775807", None),
            (Seconds, "1e9", None),
            (Seconds, ".", None),
            (Seconds, "-", None),
            (Seconds, "1.2.3", None),
            (Seconds, "1623881091250", None),
            (Millis, "1623881091250", Some(1_623_881_091_250)),
            (Millis, "1623881091", None),
            (Millis, "2026-03-01T12:00:00Z", Some(1_772_366_400_000)),
            // Seconds of the year 9942, or a day of 1977.
            (Millis, "251600000000", None),
            (Millis, "5", None),
            (Micros, "1623881091250000", Some(1_623_881_091_250)),
            (Micros, "100001600000000", None),
        ] {
            assert_eq!(millis_of(text, unit).ok(), expected, "{text}");
        }
    }

    #[test]
    fn most_of_the_first_rows_tell_the_unit() {
        for (texts, expected) in [
            (vec!["1623881091", "1623881091.5", "1623881091000"], EpochUnit::Seconds),
            (vec!["1623881091", "1623881091000", "1623881092000", "ayer"], EpochUnit::Millis),
            (vec!["1623881091000000"], EpochUnit::Micros),
            (vec!["1623881091", "1623881091000"], EpochUnit::Seconds),
            (vec!["5", "2026-03-01T12:00:00Z", ""], EpochUnit::Seconds),
            (vec![], EpochUnit::Seconds),
        ] {
            assert_eq!(unit_of(texts.iter().copied()), expected, "{texts:?}");
        }
    }
}
