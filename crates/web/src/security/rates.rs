//! How often somebody may try: a token bucket per key.
//!
//! In: a key (address and purpose, or account name) and the current instant.
//! Out: yes, or how long to wait.
//! Cost: one map look-up; memory is bounded by [`KEYS_MAX`].
//! Limits: forgets on restart; when the map is full, full buckets are dropped
//! first, and if none is full everybody new waits. That protects the memory
//! and the slow password check at the price of a stranger's patience.

use model::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Most keys remembered at a time.
pub const KEYS_MAX: usize = 20_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// Allows `burst` tries at once and one more every `refill_ms`.
#[derive(Debug)]
pub struct RateLimiter {
    burst: f64,
    refill_ms: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl RateLimiter {
    /// A limiter; both numbers are at least 1.
    pub fn new(burst: u32, refill_ms: u32) -> Self {
        Self {
            burst: f64::from(burst.max(1)),
            refill_ms: f64::from(refill_ms.max(1)),
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one token of `key`.
    ///
    /// # Errors
    /// The milliseconds to wait when there is none left.
    pub fn take(&self, key: &str, now: Timestamp) -> Result<(), u64> {
        // A poisoned lock only means that another thread stopped between two
        // simple writes; the numbers are still usable.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS_MAX && !buckets.contains_key(key) {
            buckets.retain(|_, bucket| self.refilled(*bucket, now) < self.burst);
            if buckets.len() >= KEYS_MAX {
                return Err(whole_ms(self.refill_ms));
            }
        }
        let fresh = Bucket { tokens: self.burst, at: now };
        let bucket = buckets.entry(key.to_owned()).or_insert(fresh);
        let tokens = self.refilled(*bucket, now);
        if tokens >= 1.0 {
            *bucket = Bucket { tokens: tokens - 1.0, at: now.max(bucket.at) };
            Ok(())
        } else {
            Err(whole_ms((1.0 - tokens) * self.refill_ms))
        }
    }

    /// Gives the key its full bucket back, after a success.
    pub fn forget(&self, key: &str) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    fn refilled(&self, bucket: Bucket, now: Timestamp) -> f64 {
        // A clock that jumps back gives nothing and takes nothing.
        let passed = now.millis().saturating_sub(bucket.at.millis()).clamp(0, i64::from(u32::MAX));
        let passed = f64::from(u32::try_from(passed).unwrap_or(u32::MAX));
        (bucket.tokens + passed / self.refill_ms).min(self.burst)
    }
}

/// Milliseconds, rounded up; the value is between 0 and 2³².
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole_ms(millis: f64) -> u64 {
    millis.max(0.0).ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_patience() {
        let limiter = RateLimiter::new(3, 1_000);
        let start = Timestamp::from_seconds(1_000);
        for _ in 0..3 {
            assert_eq!(limiter.take("a", start), Ok(()));
        }
        assert_eq!(limiter.take("a", start), Err(1_000));
        assert_eq!(limiter.take("b", start), Ok(()));
        assert_eq!(limiter.take("a", start.plus(-60_000)), Err(1_000), "a clock that jumps back");
        assert_eq!(limiter.take("a", start.plus(1_000)), Ok(()));
        assert_eq!(limiter.take("a", start.plus(1_500)), Err(500));
        limiter.forget("a");
        assert_eq!(limiter.take("a", start.plus(1_500)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let limiter = RateLimiter::new(2, 1_000);
        let start = Timestamp::from_seconds(0);
        for key in 0..KEYS_MAX {
            assert_eq!(limiter.take(&key.to_string(), start), Ok(()));
        }
        assert!(limiter.take("one more", start).is_err());
        assert_eq!(limiter.take("one more", start.plus(5_000)), Ok(()));
        assert!(limiter.buckets.lock().unwrap().len() <= KEYS_MAX);
    }
}
