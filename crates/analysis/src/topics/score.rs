//! How much more a word is used now than before.

/// Share of all words that the prior weighs as much as.
const PRIOR_SHARE: f64 = 0.1;

/// What was counted of everything on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    /// Words by author, each once, of the recent texts.
    pub recent: f64,
    /// The same of the texts before.
    pub before: f64,
}

impl Totals {
    /// Log-odds of a word now against before in standard deviations: log-odds
    /// with an informative Dirichlet prior, equations 15, 16 and 22 of Monroe,
    /// Colaresi & Quinn 2008; the prior is the word's own share of both sides.
    pub(super) fn z(self, recent: u32, before: u32) -> f64 {
        let (y, x) = (f64::from(recent), f64::from(before));
        let all = self.recent + self.before;
        if all <= 0.0 || y + x <= 0.0 {
            return 0.0;
        }
        let strength = PRIOR_SHARE * all;
        let prior = strength * (y + x) / all;
        // A word cannot be used more often than all words: keep the rest above zero.
        let rest = |total: f64, own: f64| (total + strength - own - prior).max(0.5);
        let odds = ((y + prior) / rest(self.recent, y)).ln() - ((x + prior) / rest(self.before, x)).ln();
        odds / (1.0 / (y + prior) + 1.0 / (x + prior)).sqrt()
    }
}

/// Times as frequent as before, by share of the texts; `None` when it was not
/// there before.
pub(super) fn growth(recent: u32, recent_of: usize, before: u32, before_of: usize) -> Option<f64> {
    // Counts of texts stay far below 2^52.
    let share = |count: u32, of: usize| f64::from(count) / of as f64;
    (before > 0 && recent_of > 0 && before_of > 0)
        .then(|| share(recent, recent_of) / share(before, before_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVEN: Totals = Totals { recent: 10_000.0, before: 10_000.0 };

    #[test]
    fn what_is_used_alike_scores_nothing_and_what_is_new_scores_by_its_weight() {
        assert!(EVEN.z(50, 50).abs() < 1e-9);
        assert!(EVEN.z(5, 50) < -2.0);
        let z: Vec<f64> = [3, 8, 20, 80].into_iter().map(|count| EVEN.z(count, 0)).collect();
        assert!(z.windows(2).all(|pair| pair[0] < pair[1]), "{z:?}");
        assert!(z[0] < 1.5 && z[3] > 5.0, "{z:?}");
        assert!(EVEN.z(40, 10) < EVEN.z(40, 0));
    }

    #[test]
    fn a_side_without_words_scores_nothing() {
        assert_eq!(Totals { recent: 0.0, before: 0.0 }.z(0, 0), 0.0);
        assert!(Totals { recent: 3.0, before: 0.0 }.z(3, 0).is_finite());
    }

    #[test]
    fn growth_of_something_new_is_not_a_number() {
        assert_eq!(growth(8, 100, 0, 400), None);
        assert_eq!(growth(8, 100, 8, 400), Some(4.0));
    }
}
