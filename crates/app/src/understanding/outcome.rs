//! What the held-out corrections of a question allow to say about what was taught.
//!
//! In: counts of [`HeadReport`]. Out: [`Outcome`]. Cost: constant.
//! Source: two proportions compared as if they came from different posts,
//! which asks for more than the paired test would: both methods judge the same
//! posts and mostly agree.
//! Limits: [`JUDGED_MIN`].

use super::corrections::HeadReport;

/// Fewer held-out corrections than this say nothing.
pub const JUDGED_MIN: u64 = 30;
/// Standard errors apart from which a difference is hardly chance (5 % two-sided).
const APART: f64 = 1.96;

/// What can be said of a question before and after the team taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Fewer than [`JUDGED_MIN`] corrections judge it.
    TooFew,
    /// The difference may be chance.
    Undecided,
    /// Better than before.
    Better,
    /// Worse than before.
    Worse,
}

impl Outcome {
    /// The word used in the API and in locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::Undecided => "undecided",
            Self::Better => "better",
            Self::Worse => "worse",
        }
    }
}

impl HeadReport {
    /// What can be said of this question.
    pub fn outcome(&self) -> Outcome {
        if self.judged < JUDGED_MIN {
            return Outcome::TooFew;
        }
        // Counts stay far below 2^52, so the divisions are exact enough.
        let share = |right: u64| right as f64 / self.judged as f64;
        let (before, after) = (share(self.right_before), share(self.right_after));
        let mean = f64::midpoint(before, after);
        let error = (2.0 * mean * (1.0 - mean) / self.judged as f64).sqrt();
        match after - before {
            apart if apart > APART * error => Outcome::Better,
            apart if -apart > APART * error => Outcome::Worse,
            _ => Outcome::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_corrections_and_small_differences_say_nothing() {
        let of = |judged, right_before, right_after| {
            HeadReport { head: "tone", judged, right_before, right_after }.outcome()
        };
        assert_eq!(of(12, 0, 12), Outcome::TooFew);
        assert_eq!(of(100, 60, 62), Outcome::Undecided);
        assert_eq!(of(100, 60, 85), Outcome::Better);
        assert_eq!(of(100, 85, 60), Outcome::Worse);
        assert_eq!(of(50, 50, 50), Outcome::Undecided);
    }
}
