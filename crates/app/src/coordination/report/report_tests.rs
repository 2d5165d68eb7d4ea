//! Which word the habits of accounts leave.

use super::*;
use crate::coordination::detect::Tie;
use crate::coordination::report::views::HeldBack;
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

#[test]
fn what_holds_a_word_down_is_told_with_what_would_lift_it() {
    let none = held_back(&found(Basis::Timing, vec![tie(Trace::CoLink, true)]), top(), top(), top());
    assert_eq!(none, None);
    let habit = found(
        Basis::Timing,
        vec![tie(Trace::CoLink, true), tie(Trace::CoText, false), tie(Trace::CoText, false)],
    );
    assert_eq!(habit_cap(&habit, &[]), Strength::Possible);
    let held = held_back(&habit, top(), Strength::Possible, Strength::Likely).unwrap();
    assert_eq!(
        (held.at_most, held.otherwise, held.by),
        (Strength::Possible, Strength::Likely, vec![HeldBack::Habit])
    );
    let number = &held.numbers[0];
    assert_eq!((number.met, number.at_least), (Some(false), Some(BEYOND_HABIT_MIN)));
    assert!(number.value.is_some_and(|share| (share - 1.0 / 3.0).abs() < 1e-9));
    let chosen = found(Basis::Choice, vec![tie(Trace::CoLink, false)]);
    let held = held_back(&chosen, Strength::Possible, Strength::Possible, top()).unwrap();
    assert_eq!((held.by, held.numbers), (vec![HeldBack::Basis, HeldBack::Explanation], Vec::new()));
    let explained = found(Basis::Timing, vec![tie(Trace::CoLink, true)]);
    let held = held_back(&explained, Strength::Possible, top(), top()).unwrap();
    assert_eq!((held.by, held.at_most), (vec![HeldBack::Explanation], Strength::Possible));
}

fn top() -> Strength {
    Strength::VeryLikely
}

#[test]
fn a_pair_is_one_in_however_many_traces_and_halves() {
    let twice = vec![tie(Trace::CoLink, true), tie(Trace::CoLink, true), tie(Trace::CoText, true)];
    let told = traces(&found(Basis::Timing, twice));
    assert_eq!(told.iter().map(|view| (view.pairs, view.together)).collect::<Vec<_>>(), [(1, 6), (1, 3)]);
}
