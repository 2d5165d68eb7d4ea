//! How long to wait after a failure.
//!
//! In: the error, the caller's seed. Out: milliseconds. Pure.
//! Source: exponential back-off with jitter; `Retry-After` after RFC 9110 §10.2.3.
//! Limits: [`BACKOFF_MS_MIN`], [`BACKOFF_MS_MAX`], [`RETRY_AFTER_MS_MAX`].

use super::FetchError;
use model::Timestamp;

/// Wait after the first failure, ms, before jitter.
pub const BACKOFF_MS_MIN: u64 = 1_000;
/// Longest wait of our own, ms.
pub const BACKOFF_MS_MAX: u64 = 15 * 60 * 1_000;
/// Longest wait that a source may impose, ms; daily quotas fit.
pub const RETRY_AFTER_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// Random extra on top of a source's own wait, ms, so that sources do not come back together.
const RETRY_AFTER_SPREAD_MS: u64 = 1_000;

/// The waits of one source: doubling, each cut by up to a half by a seeded
/// jitter, until [`Self::reset`].
#[derive(Debug, Clone)]
pub struct Backoff {
    seed: u64,
    failures: u32,
    drawn: u64,
}

impl Backoff {
    /// Starts without failures; equal seeds give equal waits.
    pub const fn new(seed: u64) -> Self {
        Self { seed, failures: 0, drawn: 0 }
    }

    /// The wait after one more failure, ms: never shorter than the source's
    /// own `Retry-After` (cut to [`RETRY_AFTER_MS_MAX`]).
    pub fn wait_ms(&mut self, error: &FetchError) -> u64 {
        let doubled = BACKOFF_MS_MIN.saturating_mul(1 << self.failures.min(20)).min(BACKOFF_MS_MAX);
        self.failures = self.failures.saturating_add(1);
        let draw = self.draw();
        if let FetchError::RateLimited { retry_after_ms: Some(asked) } = error {
            return (*asked).min(RETRY_AFTER_MS_MAX) + draw % RETRY_AFTER_SPREAD_MS;
        }
        if error.needs_person() {
            return BACKOFF_MS_MAX;
        }
        doubled / 2 + draw % (doubled / 2 + 1)
    }

    /// Forgets the failures: the source answered well.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }

    /// `SplitMix64` (Steele, Lea and Flood 2014).
    fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.seed.wrapping_add(self.drawn);
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

/// Reads `Retry-After` (seconds or HTTP date) or a network's own reset header
/// (seconds, Unix seconds or ISO date); ms from `now`, `None` when none is there.
pub(crate) fn retry_after_ms<'a>(header: impl Fn(&str) -> Option<&'a str>, now: Timestamp) -> Option<u64> {
    const NAMES: [&str; 4] = ["retry-after", "x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"];
    NAMES.iter().filter_map(|name| header(name)).find_map(|text| wait_of(text.trim(), now))
}

/// A number above this is an instant in Unix seconds, not a wait.
const UNIX_SECONDS_MIN: f64 = 1_000_000_000.0;

fn wait_of(text: &str, now: Timestamp) -> Option<u64> {
    let until = |at: Timestamp| u64::try_from(at.millis().saturating_sub(now.millis())).unwrap_or(0);
    if let Ok(number) = text.parse::<f64>() {
        if !number.is_finite() || number < 0.0 {
            return None;
        }
        // Both fit an i64: headers beyond the year 9999 are refused here.
        if number >= UNIX_SECONDS_MIN {
            return (number < 253_402_300_800.0)
                .then(|| until(Timestamp::from_seconds(number.ceil() as i64)));
        }
        return Some((number * 1_000.0).ceil() as u64);
    }
    if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
        return Some(until(Timestamp::from_millis(date.timestamp().as_millisecond())));
    }
    Timestamp::parse(text).ok().map(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_bounds_and_repeat_with_the_seed() {
        let error = FetchError::Unreachable("x".into());
        let waits = |seed| {
            let mut backoff = Backoff::new(seed);
            (0..30).map(|_| backoff.wait_ms(&error)).collect::<Vec<_>>()
        };
        let first = waits(7);
        assert_eq!(first, waits(7));
        assert_ne!(first, waits(8));
        for (failures, wait) in first.iter().enumerate() {
            let doubled = (BACKOFF_MS_MIN << failures.min(20)).min(BACKOFF_MS_MAX);
            assert!(*wait >= doubled / 2 && *wait <= doubled, "{failures}: {wait}");
        }
        let mut backoff = Backoff::new(7);
        for _ in 0..9 {
            backoff.wait_ms(&error);
        }
        backoff.reset();
        assert!(backoff.wait_ms(&error) <= BACKOFF_MS_MIN);
    }

    #[test]
    fn the_wish_of_the_source_is_never_undercut() {
        let mut backoff = Backoff::new(1);
        let asked = FetchError::RateLimited { retry_after_ms: Some(284_000) };
        let wait = backoff.wait_ms(&asked);
        assert!((284_000..285_000).contains(&wait), "{wait}");
        let absurd = FetchError::RateLimited { retry_after_ms: Some(u64::MAX) };
        assert!(backoff.wait_ms(&absurd) < RETRY_AFTER_MS_MAX + 1_000);
    }

    #[test]
    fn reads_every_way_to_say_wait() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").unwrap();
        let cases = [
            ("retry-after", "120", Some(120_000)),
            ("retry-after", "Sun, 01 Mar 2026 12:00:30 GMT", Some(30_000)),
            ("retry-after", "Sun, 01 Mar 2026 11:00:00 GMT", Some(0)),
            ("x-rate-limit-reset", "1772366460", Some(60_000)),
            ("x-ratelimit-reset", "2026-03-01T12:05:00.000Z", Some(300_000)),
            ("x-ratelimit-reset", "33.5", Some(33_500)),
            ("retry-after", "-4", None),
            ("retry-after", "1e300", None),
            ("retry-after", "soon", None),
            ("other", "1", None),
        ];
        for (name, value, expected) in cases {
            let got = retry_after_ms(|asked| (asked == name).then_some(value), now);
            assert_eq!(got, expected, "{name}: {value}");
        }
    }
}
