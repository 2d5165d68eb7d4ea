//! When posts were written: by hour of the day, by day, and hour by hour, all UTC.
//!
//! In: seconds since 1970. Out: [`Times`]. Errors: none. Cost: one pass.
//! Whoever shows days of another clock counts them from the hours.

use std::collections::BTreeMap;

/// Seconds of an hour.
const HOUR_S: u32 = 3_600;
/// Hours of a day.
const DAY_HOURS: u32 = 24;

/// Posts over time.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// By hour of the day.
    pub hours: [u32; 24],
    /// By day since 1970.
    pub days: Vec<(i32, u32)>,
    /// By hour since 1970.
    pub hourly: Vec<(u32, u32)>,
}

impl Times {
    /// Counts posts.
    pub(crate) fn of(seconds: impl Iterator<Item = u32>) -> Self {
        let mut hourly: BTreeMap<u32, u32> = BTreeMap::new();
        for second in seconds {
            *hourly.entry(second / HOUR_S).or_default() += 1;
        }
        let mut hours = [0; 24];
        let mut days: BTreeMap<i32, u32> = BTreeMap::new();
        for (hour, count) in &hourly {
            // Below 24 by the remainder; days of u32 seconds fit.
            hours[(hour % DAY_HOURS) as usize] += count;
            *days.entry((hour / DAY_HOURS) as i32).or_default() += count;
        }
        Self { hours, days: days.into_iter().collect(), hourly: hourly.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_post_is_counted_once_in_each() {
        let told = Times::of([0, 3_599, 3_600, 86_400 + 7_200].into_iter());
        assert_eq!(told.hourly, [(0, 2), (1, 1), (26, 1)]);
        assert_eq!(told.days, [(0, 3), (1, 1)]);
        assert_eq!(told.hours[..3], [2, 1, 1]);
        assert_eq!(told.hours.iter().sum::<u32>(), 4);
    }
}
