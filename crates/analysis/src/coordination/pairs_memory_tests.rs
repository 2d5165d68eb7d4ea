//! Pairs are the same whatever the memory.

use super::super::super::significance::{Rule, significant, significant_beyond_habit, significant_choices};
use super::super::{Candidates, PairScan, Pairs, Sketch};
use super::{Dice, MINUTE, crowd, dense, group, passes, scan};

#[test]
fn more_candidates_than_allowed_are_halved_alike_in_any_order() {
    let actions = dense(16);
    let limited = |partitions, at_once| {
        let candidates = Candidates::new(at_once, 500);
        let mut scan = PairScan::with(MINUTE, 80, 50, Sketch::new(16_000, u64::MAX), candidates);
        passes(&mut scan, &actions, partitions);
        scan.finish()
    };
    let whole = limited(1, 500);
    assert!(whole.capped.halvings > 0 && !whole.pairs.is_empty() && whole.pairs.len() <= 500);
    for (partitions, at_once) in [(7, 500), (1, 499), (3, 130), (1, 20)] {
        assert_eq!(limited(partitions, at_once), whole, "{at_once} at once");
    }
    let all = scan(MINUTE, &actions);
    assert!(whole.pairs.iter().all(|pair| all.pairs.contains(pair)), "what is kept is exact");
}

#[test]
fn pairs_are_the_same_however_many_fit_at_once() {
    let actions = dense(16);
    let all = scan(MINUTE, &actions);
    for at_once in [60, 700, 3_000] {
        let candidates = Candidates::new(at_once, 1 << 20);
        let mut bounded = PairScan::with(MINUTE, 80, 50, Sketch::new(4_000, 0), candidates);
        passes(&mut bounded, &actions, 3);
        assert_eq!(bounded.finish(), all, "{at_once} at once");
    }
    // What passes no rule is counted only.
    let mut bounded = PairScan::within(MINUTE, 4_000, 80, 50, 0);
    passes(&mut bounded, &actions, 1);
    let bounded = bounded.finish();
    assert_eq!(bounded.pairs.len() as u64 + bounded.hopeless, all.pairs.len() as u64);
    let passing = |pairs: &Pairs, rule: fn(&Pairs, Rule) -> Vec<usize>, of: Rule| -> Vec<(u32, u32)> {
        rule(pairs, of).iter().map(|place| (pairs.pairs[*place].a, pairs.pairs[*place].b)).collect()
    };
    for rule in [significant, significant_beyond_habit, significant_choices] {
        for of in [Rule::of(60), Rule::of(3_600)] {
            assert_eq!(passing(&bounded, rule, of), passing(&all, rule, of));
        }
    }
}

#[test]
fn a_sketch_that_is_far_too_small_changes_nothing() {
    let mut dice = Dice::new(18);
    let mut actions = crowd(&mut dice, 300, 300, 25, 1_000);
    actions.iter_mut().for_each(|action| action.time /= 20);
    actions.extend(group(&mut dice, 0..25, 60, 70));
    let expected = scan(MINUTE, &actions);
    // 2¹⁶ counters for some two million meetings.
    let mut scan = PairScan::new(MINUTE, 1, 1_000, 300);
    passes(&mut scan, &actions, 4);
    assert_eq!(scan.finish(), expected);
}
