//! Which word the habits of accounts leave.

use super::*;
use crate::coordination::detect::Tie;
use analysis::coordination::Pair;

fn tie(trace: Trace, beyond_habit: bool) -> Tie {
    let pair = Pair {
        a: 0,
        b: 1,
        together: 3,
        joint: 3,
        expected: 0.1,
        ln_p: -9.0,
        a_first: 1,
        b_first: 2,
        alike: 3,
        alike_expected: 0.1,
        alike_ln_p: -9.0,
        choice_expected: 0.1,
        choice_ln_p: -9.0,
    };
    Tie { trace, pair, ln_p: -9.0, beyond_habit }
}

fn found(basis: Basis, ties: Vec<Tie>) -> Found {
    Found {
        basis,
        members: vec![0, 1, 2],
        ties,
        density: 1.0,
        stability: 1.0,
        confirmations: BTreeMap::new(),
        copied: Vec::new(),
    }
}

fn moment(trace: Trace, members: u32) -> Moment {
    Moment { trace, object: String::new(), members, seconds: 9, others: 0, posts: Vec::new() }
}

#[test]
fn the_same_minutes_alone_are_shown_only_with_joint_objects() {
    let habit = || found(Basis::Timing, vec![tie(Trace::Synchrony, false)]);
    let minutes = vec![moment(Trace::Synchrony, 9); 5];
    assert_eq!(habit_cap(&habit(), &minutes), Strength::WeakSignal);
    let of = |count, members| vec![moment(Trace::CoHashtag, members); count];
    assert_eq!(habit_cap(&habit(), &of(3, 3)), Strength::Possible);
    assert_eq!(habit_cap(&habit(), &of(2, 3)), Strength::WeakSignal, "two may be chance");
    assert_eq!(habit_cap(&habit(), &of(5, 2)), Strength::WeakSignal, "and two people");
    let beyond = found(Basis::Timing, vec![tie(Trace::Synchrony, true)]);
    assert_eq!(habit_cap(&beyond, &[]), Strength::VeryLikely);
    let chosen = found(Basis::Choice, vec![tie(Trace::CoLink, false)]);
    assert_eq!(habit_cap(&chosen, &[]), Strength::Possible);
    // Who reshares at once does so by habit: that says nothing of the other traces.
    let fast =
        vec![tie(Trace::CoReshare, true), tie(Trace::FastReshare, false), tie(Trace::FastReshare, false)];
    assert_eq!(habit_cap(&found(Basis::Timing, fast), &[]), Strength::VeryLikely);
}
