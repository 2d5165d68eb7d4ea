//! How strongly the evidence of a group speaks: four steps, each with what it asks.
//!
//! In: the traces in which a group is significant, the chance of its
//! confirmation on data that did not suggest it, signs in the accounts. Out: a
//! [`Strength`] and every [`Step`] with its numbers: what is missing is what
//! would change the word. Cost: none.
//! Source: conventions of this program; the figures of `xtask eval` say what
//! they are worth. Limits: words, no probability, until that is calibrated.

use super::measured::{Fact, Measured, Verdict};
use model::{Strength, Trace};

/// A group with a higher chance is not confirmed.
pub const CONFIRMED_P_MAX: f64 = 0.01;
/// A chance at most this is worth a second trace.
pub const LIKELY_P_MAX: f64 = 1e-4;
/// A chance at most this is needed for the strongest word.
pub const VERY_LIKELY_P_MAX: f64 = 1e-6;

/// Traces that stem from the same act count once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TraceKind {
    /// Reshares of the same posts, and reshares of one account's posts at once.
    Reshare,
    /// What is in a post: one copied post repeats text, link, picture and hashtags at once.
    Content,
    /// Replies.
    Reply,
    /// Follows.
    Follow,
    /// The moments alone; every other trace implies them.
    Moment,
}

impl TraceKind {
    /// The kind of a trace.
    pub const fn of(trace: Trace) -> Self {
        match trace {
            Trace::CoReshare | Trace::FastReshare => Self::Reshare,
            Trace::CoLink | Trace::CoHashtag | Trace::CoText | Trace::CoMedia => Self::Content,
            Trace::CoReply => Self::Reply,
            Trace::CoFollow => Self::Follow,
            Trace::Synchrony => Self::Moment,
        }
    }
}

/// How many different kinds of act a group's traces are; [`TraceKind::Moment`]
/// counts only alone.
pub fn trace_kinds(traces: &[Trace]) -> u32 {
    let mut seen: Vec<TraceKind> = traces.iter().map(|&trace| TraceKind::of(trace)).collect();
    seen.sort_unstable();
    seen.dedup();
    let without_moments = seen.iter().filter(|&&kind| kind != TraceKind::Moment).count();
    u32::try_from(without_moments.max(seen.len().min(1))).unwrap_or(u32::MAX)
}

/// What speaks for a group.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupEvidence {
    /// Traces in which the group is significant by itself.
    pub traces: Vec<Trace>,
    /// Chance of the confirmation; `None` when there were no data left for one.
    pub confirmation_p: Option<f64>,
    /// Signs that the accounts themselves share: creation burst, look-alike
    /// names, joint return, renames, pictures; `None` when nothing is known of them.
    pub identity_signs: Option<u32>,
}

/// One way to a step; any of them is enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The step it leads to.
    pub strength: Strength,
    /// What it asks.
    pub numbers: Vec<Measured>,
    /// Whether all of it is there.
    pub verdict: Verdict,
}

/// Every way to every step above [`Strength::WeakSignal`], rising.
pub fn steps(evidence: &GroupEvidence) -> Vec<Step> {
    let p_below = |limit| Measured::at_most(Fact::ConfirmationP, evidence.confirmation_p, limit);
    let kinds_from =
        |limit| Measured::at_least(Fact::TraceKinds, Some(f64::from(trace_kinds(&evidence.traces))), limit);
    let identity = Measured::at_least(Fact::IdentitySigns, evidence.identity_signs.map(f64::from), 1.0);
    let ways = [
        (Strength::Possible, vec![kinds_from(1.0), p_below(CONFIRMED_P_MAX)]),
        (Strength::Likely, vec![kinds_from(2.0), p_below(CONFIRMED_P_MAX)]),
        (Strength::Likely, vec![kinds_from(1.0), p_below(LIKELY_P_MAX)]),
        (Strength::VeryLikely, vec![kinds_from(2.0), p_below(VERY_LIKELY_P_MAX), identity]),
    ];
    ways.into_iter()
        .map(|(strength, numbers)| Step { strength, verdict: Verdict::of(&numbers), numbers })
        .collect()
}

/// The highest step whose evidence is there.
pub fn strength(evidence: &GroupEvidence) -> Strength {
    let held = steps(evidence).into_iter().filter(|step| step.verdict == Verdict::Holds);
    held.map(|step| step.strength).max().unwrap_or(Strength::WeakSignal)
}

/// The word for one behaviour of a group: never above what the group, the
/// behaviour's own evidence and the counter-evidence bear.
pub fn word(group: Strength, behaviour_cap: Strength, counter_cap: Strength) -> Strength {
    group.min(behaviour_cap).min(counter_cap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(traces: &[Trace], confirmation_p: Option<f64>, identity_signs: Option<u32>, expected: Strength) {
        let evidence = GroupEvidence { traces: traces.to_vec(), confirmation_p, identity_signs };
        assert_eq!(strength(&evidence), expected, "{evidence:?}");
    }

    const TWO: [Trace; 2] = [Trace::CoReshare, Trace::CoReply];

    #[test]
    fn the_four_words() {
        check(&[Trace::CoReshare], Some(0.005), None, Strength::Possible);
        check(&[Trace::CoReshare], Some(1e-4), None, Strength::Likely);
        check(&TWO, Some(0.005), None, Strength::Likely);
        check(&TWO, Some(1e-6), Some(1), Strength::VeryLikely);
    }

    #[test]
    fn nothing_is_shown_without_confirmation() {
        check(&TWO, None, Some(5), Strength::WeakSignal);
        check(&TWO, Some(0.2), Some(5), Strength::WeakSignal);
        check(&[], Some(1e-9), Some(5), Strength::WeakSignal);
        check(&TWO, Some(f64::NAN), Some(5), Strength::WeakSignal);
    }

    #[test]
    fn the_strongest_word_needs_all_three() {
        check(&TWO, Some(1e-6), None, Strength::Likely);
        check(&TWO, Some(1e-6), Some(0), Strength::Likely);
        check(&TWO, Some(2e-6), Some(1), Strength::Likely);
        check(&[Trace::CoReshare, Trace::FastReshare], Some(1e-9), Some(1), Strength::Likely);
    }

    #[test]
    fn one_copied_post_is_one_trace() {
        assert_eq!(trace_kinds(&[Trace::CoText, Trace::CoLink, Trace::CoMedia, Trace::Synchrony]), 1);
        assert_eq!(trace_kinds(&[Trace::Synchrony]), 1);
        assert_eq!(trace_kinds(&Trace::ALL), 4);
        assert_eq!(trace_kinds(&[]), 0);
    }

    #[test]
    fn the_weakest_part_gives_the_word() {
        assert_eq!(word(Strength::VeryLikely, Strength::Possible, Strength::Likely), Strength::Possible);
        assert_eq!(word(Strength::Likely, Strength::VeryLikely, Strength::WeakSignal), Strength::WeakSignal);
    }
}
