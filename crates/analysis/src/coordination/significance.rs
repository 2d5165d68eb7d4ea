//! Which pairs are too surprising to be chance, and whom a pair speaks against.
//!
//! In: pairs with the logarithm of their p, and a rule. Out: the places of those
//! that pass. Cost: O(n log n).
//! Source: Benjamini & Hochberg 1995; not testing what cannot pass after Tarone
//! 1990.

use super::pair::{Pair, Pairs};

/// Longest window at which a fixed p is safe; fans come back beyond it.
const FIXED_WINDOW_S_MAX: u32 = 60;
/// The fixed p.
const FIXED_P: f64 = 1e-3;
/// The share of false pairs that is accepted otherwise.
const FDR_Q: f64 = 0.01;
/// No rule lets a higher p pass: the logarithm of [`FDR_Q`], and a little.
pub(super) const HOPELESS_LN_P: f64 = -4.6;

/// When a pair is significant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// p at most this. To be followed by a 3-core: single pairs by chance remain.
    Fixed {
        /// Highest p, 0–1.
        p: f64,
    },
    /// At most this share of false pairs among those that pass, of all pairs
    /// that could have passed ([`Pairs::testable`]).
    Fdr {
        /// Expected share of false ones, 0–1.
        q: f64,
    },
}

impl Rule {
    /// The rule for a window of so many seconds: a fixed p for short ones, a
    /// share of false pairs for long ones.
    pub fn of(window_s: u32) -> Self {
        if window_s <= FIXED_WINDOW_S_MAX { Self::Fixed { p: FIXED_P } } else { Self::Fdr { q: FDR_Q } }
    }
}

/// The places of the pairs whose timing passes, rising.
pub fn significant(pairs: &Pairs, rule: Rule) -> Vec<usize> {
    passing(pairs.pairs.iter().map(|pair| pair.ln_p), tests(pairs), rule)
}

/// The places of the pairs whose timing passes even when the delay of each
/// account is given, rising. A group of which hardly a pair is here may be
/// people whom a notification calls, or one that always acts at once.
pub fn significant_beyond_habit(pairs: &Pairs, rule: Rule) -> Vec<usize> {
    passing(pairs.pairs.iter().map(|pair| pair.alike_ln_p), tests(pairs), rule)
}

/// The places of the pairs whose choice of objects passes, rising.
pub fn significant_choices(pairs: &Pairs, rule: Rule) -> Vec<usize> {
    passing(pairs.pairs.iter().map(|pair| pair.choice_ln_p), tests(pairs), rule)
}

/// Pairs that could pass, or were looked at.
fn tests(pairs: &Pairs) -> u64 {
    pairs.testable.max(pairs.pairs.len() as u64 + pairs.hopeless)
}

/// The places of the values that pass, of so many tests, of which those that
/// are not given have p = 1.
pub fn passing(ln_p: impl ExactSizeIterator<Item = f32> + Clone, tests: u64, rule: Rule) -> Vec<usize> {
    let highest = match rule {
        Rule::Fixed { p } => p.ln(),
        Rule::Fdr { q } => {
            let mut sorted: Vec<f32> = ln_p.clone().collect();
            sorted.sort_unstable_by(f32::total_cmp);
            let step = q.ln() - (tests.max(sorted.len() as u64).max(1) as f64).ln();
            let passes = |(place, p): &(usize, &f32)| f64::from(**p) <= step + ((place + 1) as f64).ln();
            sorted.iter().enumerate().rev().find(passes).map_or(f64::NEG_INFINITY, |(_, p)| f64::from(*p))
        }
    };
    let places = ln_p.enumerate().filter(|(_, p)| f64::from(*p) <= highest);
    places.map(|(place, _)| place).collect()
}

/// Accounts, rising, against which none of the chosen pairs speaks: others
/// acted right after them, which anybody can do to anybody. They are no members
/// of a group on this evidence.
///
/// A group whose accounts always act in the same order loses its first this
/// way, and no more.
pub fn copied(pairs: &[Pair], chosen: &[usize]) -> Vec<u32> {
    let chosen = || chosen.iter().filter_map(|place| pairs.get(*place));
    let mut sides: Vec<(u32, bool)> = chosen()
        .flat_map(|pair| [pair.a, pair.b].map(|account| (account, pair.implicates(account))))
        .collect();
    sides.sort_unstable();
    let accounts = sides.chunk_by(|left, right| left.0 == right.0);
    let is_copied = |side: &&[(u32, bool)]| side.iter().all(|(_, is_against)| !is_against);
    accounts.filter(is_copied).filter_map(|side| side.first()).map(|(account, _)| *account).collect()
}

#[cfg(test)]
mod tests {
    use super::super::pairs::PairSettings;
    use super::{Rule, passing};
    use model::Trace;

    #[test]
    fn rules_choose_as_in_the_paper() {
        // The fifteen p of Benjamini & Hochberg 1995, section 3.1: q 0.05 takes four.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
            0.6528, 0.7590, 1.0,
        ];
        let ln_p: Vec<f32> = p.iter().map(|p: &f64| p.ln() as f32).collect();
        assert_eq!(passing(ln_p.iter().copied(), 15, Rule::Fdr { q: 0.05 }), [0, 1, 2, 3]);
        assert_eq!(
            passing(ln_p.iter().copied(), 150, Rule::Fdr { q: 0.05 }),
            [0, 1],
            "more tests, fewer pass"
        );
        assert_eq!(passing(ln_p.iter().copied(), 15, Rule::Fixed { p: 0.02 }), [0, 1, 2, 3]);
        assert_eq!(Rule::of(60), Rule::Fixed { p: 1e-3 });
        assert_eq!(Rule::of(PairSettings::of(Trace::CoLink).window_s), Rule::Fdr { q: 0.01 });
    }
}
