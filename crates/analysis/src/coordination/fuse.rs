//! One line between two accounts out of what each trace says about them.
//!
//! In: pairs with the p of a trace. Out: the pairs that enough speaks for, with
//! the vector of traces and one p. Errors: none; a p that is no number is left
//! out. Cost: a sort of the edges, and a microsecond for each pair of several.
//! Source: Fisher's combination with Brown's (1975) effective degrees of
//! freedom; covariances by Kost and McDermott 2002.
//! Limits: how far two traces depend on each other is assumed
//! ([`correlation`]), not measured: only pairs worth a look come here, and
//! among those everything is correlated. A fused p orders pairs and shows how
//! much was found; whether a group is shown is for [`super::confirm()`].

use super::tails::{ln_chi_squared_tail, ln_gamma};
use model::Trace;

/// ln 1e-6: one trace at this or less keeps a pair.
pub const LN_P_ONE_TRACE: f32 = -13.815_51;
/// ln 1e-3: two independent traces at this or less keep a pair.
pub const LN_P_TWO_TRACES: f32 = -6.907_755;
/// ln 1e-300: less is not told apart.
const LN_P_MIN: f32 = -690.775_5;
/// ln 1e-12: a pair with this or less has weight 1.
const LN_P_FULL_WEIGHT: f32 = -27.631_02;
/// Correlation of two traces that one act may leave together.
const CORRELATION_KIN: f64 = 0.7;
/// Correlation of other traces: who is active at the same hours meets in each.
const CORRELATION_OTHER: f64 = 0.25;

/// What one trace says about a pair of accounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TraceEdge {
    /// One account.
    pub a: u32,
    /// The other; the order does not matter.
    pub b: u32,
    /// The kind of joint action.
    pub trace: Trace,
    /// Natural logarithm of its p, at most 0.
    pub ln_p: f32,
}

/// A pair of accounts that enough speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct FusedEdge {
    /// The account with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Each trace found for the pair and the logarithm of its p, by trace.
    pub traces: Vec<(Trace, f32)>,
    /// Natural logarithm of the p of all together: Brown's combination, times
    /// the number of ways to choose as many of the traces that were given.
    pub ln_p: f32,
}

impl FusedEdge {
    /// Weight for a graph, above 0 up to 1: the p on a logarithmic scale that
    /// ends at 1e-12, so that a few overwhelming pairs do not hide the others.
    pub fn weight(&self) -> f32 {
        (self.ln_p / LN_P_FULL_WEIGHT).clamp(0.01, 1.0)
    }
}

/// How far the p of two traces depend on each other when nothing is joint,
/// 0..1, as assumed.
///
/// Link, text, hashtags and picture of a post are one act, and so are a reshare
/// and a fast reshare; being active in the same moments follows from any.
pub fn correlation(one: Trace, two: Trace) -> f64 {
    let act = |trace| match trace {
        Trace::CoLink | Trace::CoHashtag | Trace::CoText | Trace::CoMedia => 0,
        Trace::CoReshare | Trace::FastReshare => 1,
        Trace::CoReply => 2,
        Trace::CoFollow => 3,
        Trace::Synchrony => 4,
    };
    if one == two {
        1.0
    } else if act(one) == act(two) || one == Trace::Synchrony || two == Trace::Synchrony {
        CORRELATION_KIN
    } else {
        CORRELATION_OTHER
    }
}

/// Joins the traces of each pair and keeps the pairs with one trace at 1e-6 or
/// less, or two that are not left by one act at 1e-3 or less. In the order of
/// the accounts.
///
/// A pair that comes twice with one trace (of two windows, say) counts with
/// the smaller p.
pub fn fuse(edges: &[TraceEdge]) -> Vec<FusedEdge> {
    let mut rows: Vec<(u32, u32, Trace, f32)> = edges
        .iter()
        .filter(|edge| edge.a != edge.b && !edge.ln_p.is_nan())
        .map(|edge| (edge.a.min(edge.b), edge.a.max(edge.b), edge.trace, edge.ln_p.clamp(LN_P_MIN, 0.0)))
        .collect();
    rows.sort_unstable_by(|one, two| {
        (one.0, one.1, one.2).cmp(&(two.0, two.1, two.2)).then(one.3.total_cmp(&two.3))
    });
    rows.dedup_by_key(|row| (row.0, row.1, row.2));
    let given = Trace::ALL.into_iter().filter(|trace| rows.iter().any(|row| row.2 == *trace)).count();
    rows.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1))
        .filter_map(|rows| {
            let &(a, b, ..) = rows.first()?;
            let traces: Vec<(Trace, f32)> = rows.iter().map(|row| (row.2, row.3)).collect();
            if !is_enough(&traces) {
                return None;
            }
            let ln_p = combine(&traces) + ln_choices(given, traces.len());
            Some(FusedEdge { a, b, traces, ln_p: ln_p.clamp(f64::from(LN_P_MIN), 0.0) as f32 })
        })
        .collect()
}

/// Whether the traces of a pair keep it.
fn is_enough(traces: &[(Trace, f32)]) -> bool {
    let one = traces.iter().any(|trace| trace.1 <= LN_P_ONE_TRACE);
    let good: Vec<Trace> =
        traces.iter().filter(|trace| trace.1 <= LN_P_TWO_TRACES).map(|trace| trace.0).collect();
    let apart = |one: Trace| good.iter().any(|&two| correlation(one, two) < CORRELATION_KIN);
    one || good.iter().any(|&trace| apart(trace))
}

/// Logarithm of the p of all traces of a pair together.
fn combine(traces: &[(Trace, f32)]) -> f64 {
    let sum: f64 = traces.iter().map(|trace| f64::from(trace.1)).sum();
    if traces.len() < 2 {
        return sum;
    }
    let count = traces.len() as f64;
    let mut variance = 4.0 * count;
    for (at, one) in traces.iter().enumerate() {
        for two in traces.iter().skip(at + 1) {
            let r = correlation(one.0, two.0);
            variance += 2.0 * r * (3.263 + r * (0.710 + r * 0.027));
        }
    }
    let scale = variance / (4.0 * count);
    ln_chi_squared_tail(2.0 * count / scale, -2.0 * sum / scale)
}

/// Logarithm of the number of ways to choose `chosen` of `given`.
fn ln_choices(given: usize, chosen: usize) -> f64 {
    let ln_factorial = |n: usize| ln_gamma(n as f64 + 1.0);
    ln_factorial(given) - ln_factorial(chosen) - ln_factorial(given.saturating_sub(chosen))
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    fn edge(a: u32, b: u32, trace: Trace, p: f64) -> TraceEdge {
        TraceEdge { a, b, trace, ln_p: p.ln() as f32 }
    }

    /// A normal variable (Box and Muller).
    fn normal(dice: &mut Dice) -> f64 {
        let (one, two) = (1.0 - dice.unit(), dice.unit());
        (-2.0 * one.ln()).sqrt() * (2.0 * std::f64::consts::PI * two).cos()
    }

    /// Upper tail of a normal variable.
    fn tail(z: f64) -> f64 {
        let half = ln_chi_squared_tail(1.0, z * z).exp() / 2.0;
        if z > 0.0 { half } else { 1.0 - half }
    }

    /// Shares of `trials` in which Brown's and Fisher's p are at most `level`,
    /// when nothing is joint and the traces have the assumed correlation.
    fn false_shares(traces: &[Trace], common: f64, level: f64, trials: u32) -> (f64, f64) {
        let mut dice = Dice::new(11);
        let (mut brown, mut fisher) = (0, 0);
        for _ in 0..trials {
            let shared = normal(&mut dice);
            let found: Vec<(Trace, f32)> = traces
                .iter()
                .map(|&trace| {
                    let z = common.sqrt() * shared + (1.0 - common).sqrt() * normal(&mut dice);
                    (trace, tail(z).ln() as f32)
                })
                .collect();
            let sum: f64 = found.iter().map(|trace| f64::from(trace.1)).sum();
            brown += u32::from(combine(&found) <= level.ln());
            fisher += u32::from(ln_chi_squared_tail(2.0 * traces.len() as f64, -2.0 * sum) <= level.ln());
        }
        (f64::from(brown) / f64::from(trials), f64::from(fisher) / f64::from(trials))
    }

    #[test]
    fn browns_p_keeps_its_word_where_fishers_does_not() {
        let kin = [Trace::CoLink, Trace::CoHashtag, Trace::CoText, Trace::CoMedia];
        let (brown, fisher) = false_shares(&kin, CORRELATION_KIN, 0.01, 20_000);
        // 0.01 expected, standard error 0.0007; the shape is approximate.
        assert!((0.006..0.016).contains(&brown), "Brown {brown}");
        assert!(fisher > 0.03, "Fisher {fisher}");
        let other = [Trace::CoReshare, Trace::CoReply, Trace::CoFollow];
        let (brown, _) = false_shares(&other, CORRELATION_OTHER, 0.01, 20_000);
        assert!((0.006..0.016).contains(&brown), "Brown {brown}");
    }

    #[test]
    fn one_strong_or_two_independent_traces_keep_a_pair() {
        let kept = fuse(&[
            edge(1, 0, Trace::CoReshare, 0.9e-6),
            edge(2, 3, Trace::CoReshare, 1e-5),
            edge(4, 5, Trace::CoReshare, 0.9e-3),
            edge(5, 4, Trace::CoReply, 0.9e-3),
            edge(6, 7, Trace::CoLink, 1e-5),
            edge(6, 7, Trace::CoText, 1e-5),
            edge(8, 9, Trace::CoReshare, 0.9e-3),
            edge(8, 9, Trace::CoReply, 2e-3),
        ]);
        let pairs: Vec<_> = kept.iter().map(|edge| (edge.a, edge.b)).collect();
        assert_eq!(pairs, [(0, 1), (4, 5)], "link and text of one post are one act");
        assert_eq!(kept[1].traces.len(), 2);
    }

    #[test]
    fn more_traces_say_more_and_kin_says_less() {
        let of = |other: Trace, p: f64| {
            let edges = [
                edge(0, 1, Trace::CoText, 1e-7),
                edge(0, 1, other, p),
                // Three traces are given in each case.
                edge(2, 3, Trace::CoLink, 1e-7),
                edge(2, 3, Trace::CoReply, 1e-7),
            ];
            fuse(&edges)[0].ln_p
        };
        assert!(of(Trace::CoReply, 1e-6) < of(Trace::CoLink, 1e-6));
        assert!(of(Trace::CoReply, 1e-6) < of(Trace::CoReply, 1e-2));
        assert!(of(Trace::CoReply, 1e-6) < (1e-7f64.ln()) as f32);
    }

    #[test]
    fn looking_at_more_traces_is_paid_for() {
        let alone = fuse(&[edge(0, 1, Trace::CoText, 1e-8)])[0].ln_p;
        let among = fuse(&[edge(0, 1, Trace::CoText, 1e-8), edge(0, 2, Trace::CoReply, 0.5)])[0].ln_p;
        assert!((alone - 1e-8f64.ln() as f32).abs() < 1e-4);
        assert!((among - 2e-8f64.ln() as f32).abs() < 1e-4);
    }

    #[test]
    fn odd_input_is_bounded() {
        let odd = |ln_p| TraceEdge { a: 1, b: 2, trace: Trace::CoText, ln_p };
        assert!(fuse(&[odd(f32::NAN), odd(3.0)]).is_empty());
        assert!(fuse(&[TraceEdge { a: 1, b: 1, trace: Trace::CoText, ln_p: -99.0 }]).is_empty());
        let kept = fuse(&[odd(f32::NEG_INFINITY), odd(-20.0)]);
        assert_eq!((kept.len(), kept[0].ln_p, kept[0].weight()), (1, LN_P_MIN, 1.0));
    }
}
