//! Pairs against a slow oracle, against chance, and against bad input.

use super::super::cells::{Cells, objects, sort};
use super::super::choice::ChoiceNull;
use super::super::dice::Dice;
use super::super::significance::{Rule, copied, significant, significant_beyond_habit, significant_choices};
use super::{Action, PairScan, PairSettings, Pairs};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[path = "pairs_choice_tests.rs"]
mod choice;
#[path = "pairs_memory_tests.rs"]
mod memory;

const MINUTE: PairSettings =
    PairSettings { window_s: 60, cell_accounts_max: 60, together_min: 3, choice_null: ChoiceNull::Crowd };
const DAY_S: u32 = 86_400;

fn act(object: u32, time: u32, account: u32) -> Action {
    Action { object, time, account }
}

/// Scans in so many partitions, by object.
fn scan_in(settings: PairSettings, actions: &[Action], partitions: u32) -> Pairs {
    let accounts = actions.iter().map(|action| action.account + 1).max().unwrap_or(0);
    let objects = actions.iter().map(|action| action.object + 1).max().unwrap_or(0);
    let mut scan = PairScan::new(settings, actions.len() as u64, accounts, objects);
    passes(&mut scan, actions, partitions);
    scan.finish()
}

fn passes(scan: &mut PairScan, actions: &[Action], partitions: u32) {
    let mut parts: Vec<Vec<Action>> = (0..partitions)
        .map(|part| actions.iter().copied().filter(|action| action.object % partitions == part).collect())
        .collect();
    parts.iter_mut().for_each(|part| scan.count(part));
    loop {
        parts.iter().for_each(|part| scan.gather(part));
        parts.iter().for_each(|part| scan.join(part));
        if !scan.end_round() {
            return;
        }
    }
}

fn scan(settings: PairSettings, actions: &[Action]) -> Pairs {
    scan_in(settings, actions, 1)
}

/// Accounts with `k` or more partners among themselves.
fn core(pairs: &Pairs, chosen: &[usize], k: usize) -> BTreeSet<u32> {
    let mut partners: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for pair in chosen.iter().map(|place| &pairs.pairs[*place]) {
        partners.entry(pair.a).or_default().insert(pair.b);
        partners.entry(pair.b).or_default().insert(pair.a);
    }
    while let Some(weak) = partners.iter().find(|(_, list)| list.len() < k).map(|(account, _)| *account) {
        for partner in partners.remove(&weak).unwrap() {
            partners.get_mut(&partner).unwrap().remove(&weak);
        }
    }
    partners.into_keys().collect()
}

fn found(pairs: &Pairs) -> BTreeSet<u32> {
    core(pairs, &significant(pairs, Rule::of(60)), 3)
}

/// Every object gets `each` actions by accounts of `from..to`, over two days.
fn crowd(dice: &mut Dice, objects: u32, each: u32, from: u32, to: u32) -> Vec<Action> {
    let actions = (0..objects).flat_map(|object| (0..each).map(move |_| object));
    actions.map(|object| act(object, dice.below(2 * DAY_S), from + dice.below(to - from))).collect()
}

/// Accounts act within 20 s on each object with a chance in percent.
fn group(dice: &mut Dice, accounts: std::ops::Range<u32>, objects: u32, percent: u32) -> Vec<Action> {
    let mut actions = Vec::new();
    for object in 0..objects {
        let start = dice.below(2 * DAY_S);
        for account in accounts.clone() {
            if dice.below(100) < percent {
                actions.push(act(object, start + dice.below(20), account));
            }
        }
    }
    actions
}

/// Per pair: objects on which both acted, on which they met, and who was first.
fn oracle(settings: PairSettings, actions: &[Action], accounts: u32) -> HashMap<(u32, u32), [u32; 4]> {
    let mut sorted = actions.to_vec();
    sort(&mut sorted);
    let mut cells = Cells::new(settings.window_s, settings.cell_accounts_max, accounts);
    let mut out: HashMap<(u32, u32), [u32; 4]> = HashMap::new();
    for object in objects(&sorted) {
        let actors: BTreeSet<u32> = object.iter().map(|action| action.account).collect();
        let mut met: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
        cells.visit(object, &mut |cell| {
            let first = |account| cell.actions.iter().find(|action| action.account == account).unwrap().time;
            for &a in cell.accounts {
                for &b in cell.accounts.iter().filter(|b| **b > a) {
                    met.entry((a, b)).or_insert((first(a), first(b)));
                }
            }
        });
        for &a in &actors {
            for &b in actors.range(a + 1..) {
                let seen = out.entry((a, b)).or_default();
                seen[0] += 1;
                if let Some((of_a, of_b)) = met.get(&(a, b)) {
                    seen[1] += 1;
                    seen[2] += u32::from(of_a < of_b);
                    seen[3] += u32::from(of_b < of_a);
                }
            }
        }
    }
    out
}

/// Few accounts, few objects, short time: many meet, also over and again.
fn dense(seed: u64) -> Vec<Action> {
    let mut dice = Dice::new(seed);
    (0..4_000).map(|_| act(dice.below(50), dice.below(2_000), dice.below(80))).collect()
}

#[test]
fn counts_what_the_oracle_counts() {
    for cell_accounts_max in [60, 4] {
        let settings = PairSettings { cell_accounts_max, ..MINUTE };
        let actions = dense(2);
        let pairs = scan(settings, &actions);
        let truth = oracle(settings, &actions, 80);
        assert!(pairs.pairs.len() > 100);
        for pair in &pairs.pairs {
            let seen = [pair.joint, pair.together, pair.a_first, pair.b_first];
            assert_eq!(seen, truth[&(pair.a, pair.b)], "{} and {}", pair.a, pair.b);
            assert!((pair.together..=pair.joint).contains(&pair.alike), "who meets is equally soon");
        }
        let testable = truth.values().filter(|seen| seen[0] >= 3).count() as u64;
        assert!(pairs.testable >= testable && pairs.testable <= 80 * 79 / 2, "{testable} could have passed");
        let often = truth.values().filter(|seen| seen[1] >= 3).count();
        if cell_accounts_max == 60 {
            assert_eq!((often, pairs.capped.cells), (pairs.pairs.len(), 0), "none is missed");
        }
    }
}

#[test]
fn partitions_and_order_change_nothing() {
    let actions = dense(3);
    let whole = scan(MINUTE, &actions);
    assert!(!whole.pairs.is_empty());
    let mut reversed = actions.clone();
    reversed.reverse();
    for partitions in [1, 2, 7, 50] {
        assert_eq!(scan_in(MINUTE, &actions, partitions), whole);
        assert_eq!(scan_in(MINUTE, &reversed, partitions), whole);
    }
}

#[test]
fn an_account_counts_once_in_a_cell() {
    let mut actions = Vec::new();
    for object in 0..5 {
        actions.extend((0..9).map(|_| act(object, 1_000, 0)));
        actions.push(act(object, 1_000, 1));
    }
    let pairs = scan(MINUTE, &actions);
    assert_eq!(pairs.pairs.len(), 1);
    assert_eq!((pairs.pairs[0].together, pairs.pairs[0].joint), (5, 5));
}

#[test]
fn a_planted_group_is_found_and_nobody_else() {
    let mut dice = Dice::new(4);
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    actions.extend(group(&mut dice, 0..25, 60, 70));
    let pairs = scan(MINUTE, &actions);
    assert_eq!(found(&pairs), (0..25).collect());
    let by_rate = core(&pairs, &significant(&pairs, Rule::Fdr { q: 0.01 }), 3);
    assert_eq!(by_rate, (0..25).collect());
    let beyond_habit = core(&pairs, &significant_beyond_habit(&pairs, Rule::of(60)), 3);
    assert_eq!(beyond_habit, (0..25).collect());
}

#[test]
fn a_group_with_little_in_common_is_not_found() {
    let mut dice = Dice::new(5);
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    actions.extend(group(&mut dice, 0..25, 60, 10));
    assert!(found(&scan(MINUTE, &actions)).len() < 5, "the documented limit");
}

/// Fans: 150 accounts share most of what their idol posts, most of them in the
/// first hour, beside few others.
fn fans(dice: &mut Dice, objects: u32) -> Vec<Action> {
    let mut actions = crowd(dice, objects, 20, 150, 1_000);
    for object in 0..objects {
        for account in 0..150 {
            if dice.below(100) < 60 {
                let hurry = dice.below(60) + 1;
                actions.push(act(object, 1_000 + dice.below(3_600) * 4 / hurry, account));
            }
        }
    }
    actions
}

#[test]
fn fans_choose_alike_but_do_not_act_as_one() {
    let mut dice = Dice::new(6);
    let mut actions = fans(&mut dice, 100);
    // Others who act elsewhere as much, so that the fans' choice is a choice.
    actions
        .extend((0..60_000).map(|_| act(100 + dice.below(500), dice.below(DAY_S), 150 + dice.below(2_850))));
    let pairs = scan(MINUTE, &actions);
    let by_choice = core(&pairs, &significant_choices(&pairs, Rule::Fdr { q: 0.01 }), 3);
    assert!(by_choice.len() > 140, "the null of choices takes all fans for one: {}", by_choice.len());
    assert_eq!(found(&pairs).len(), 0);
}

#[test]
fn chance_stays_below_its_p() {
    let (mut tested, mut passed) = (0, 0);
    for seed in 0..20 {
        let mut dice = Dice::new(100 + seed);
        // Everybody acts on half of the objects, each of which has its own rhythm.
        let mut actions = Vec::new();
        for object in 0..60 {
            let spread = 600 << dice.below(6);
            for account in (0..60).filter(|_| dice.below(100) < 50).collect::<Vec<_>>() {
                actions.push(act(object, dice.below(spread), account));
            }
        }
        let pairs = scan(PairSettings { together_min: 2, ..MINUTE }, &actions);
        tested += 60 * 59 / 2;
        passed += significant(&pairs, Rule::Fixed { p: 0.01 }).len();
    }
    assert!(passed * 100 <= tested, "{passed} of {tested}");
}

#[test]
fn one_object_shared_by_everyone_is_bounded_and_counted() {
    let mut dice = Dice::new(7);
    // All of them in the same ten seconds.
    let viral: Vec<Action> = (0..100_000).map(|account| act(0, dice.below(10), account)).collect();
    let pairs = scan(MINUTE, &viral);
    assert_eq!(pairs.pairs, []);
    assert_eq!((pairs.capped.cells, pairs.capped.actions, pairs.capped.objects), (10, 100_000, 1));
    assert_eq!(pairs.capped.halvings, 0, "a crowd's pairs do not crowd out others");
    // Beside it, a group is found as if it were not there.
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    actions.extend(group(&mut dice, 0..25, 60, 70));
    actions.extend((0..20_000).map(|account| act(60, account % 10, account)));
    assert_eq!(found(&scan(MINUTE, &actions)), (0..25).collect());
}

#[test]
fn a_hyperactive_account_meets_everybody_and_nobody() {
    let mut dice = Dice::new(8);
    let mut actions = crowd(&mut dice, 80, 100, 1, 120);
    // Account 0 acts on every object every minute for two days.
    for object in 0..80 {
        actions.extend((0..2 * 1_440).map(|minute| act(object, minute * 60 + dice.below(60), 0)));
    }
    let pairs = scan(MINUTE, &actions);
    let of_it: Vec<_> = pairs.pairs.iter().filter(|pair| pair.a == 0).collect();
    assert!(of_it.len() > 100, "it meets everybody: {}", of_it.len());
    assert!(of_it.iter().all(|pair| pair.ln_p > 1e-3_f32.ln()), "which is no surprise");
    assert_eq!(found(&pairs).len(), 0);
}

#[test]
fn identical_times_prove_nothing() {
    let mut dice = Dice::new(9);
    let mut actions = crowd(&mut dice, 500, 100, 0, 200);
    for action in &mut actions {
        action.time = 0;
    }
    let pairs = scan(MINUTE, &actions);
    assert!(pairs.pairs.len() > 10_000);
    assert_eq!(significant(&pairs, Rule::Fixed { p: 0.05 }), Vec::<usize>::new());
    // Days without an hour: everybody of a day acts «at midnight».
    for action in &mut actions {
        action.time = dice.below(5) * DAY_S;
    }
    assert_eq!(found(&scan(MINUTE, &actions)).len(), 0);
}

#[test]
fn a_million_accounts_with_one_action_make_no_pair() {
    let mut dice = Dice::new(10);
    let actions: Vec<Action> =
        (0..1_000_000).map(|account| act(dice.below(50_000), dice.below(DAY_S), account)).collect();
    let pairs = scan(MINUTE, &actions);
    assert_eq!((pairs.pairs.len(), pairs.accounts, pairs.testable), (0, 1_000_000, 0));
}

#[test]
fn one_who_is_copied_is_not_a_member() {
    let mut dice = Dice::new(11);
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    // Account 0 acts when it likes; 1..6 each come 3 to 30 s later.
    for object in 0..60 {
        let time = dice.below(2 * DAY_S);
        actions.push(act(object, time, 0));
        for copier in 1..6 {
            actions.push(act(object, time + 3 + dice.below(27), copier));
        }
    }
    let pairs = scan(MINUTE, &actions);
    let chosen = significant(&pairs, Rule::of(60));
    let of_copied: Vec<_> =
        chosen.iter().map(|place| &pairs.pairs[*place]).filter(|pair| pair.a == 0).collect();
    assert_eq!(of_copied.len(), 5, "time alone cannot tell the copied from the copier");
    assert!(
        of_copied
            .iter()
            .all(|pair| pair.leader() == Some(0) && !pair.implicates(0) && pair.implicates(pair.b))
    );
    assert_eq!(copied(&pairs.pairs, &chosen), [0], "but the order does");
    assert_eq!(core(&pairs, &chosen, 3), (0..6).collect());
}

#[test]
fn a_group_in_fixed_order_loses_only_its_first() {
    let mut dice = Dice::new(12);
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    for object in 0..60 {
        let time = dice.below(2 * DAY_S);
        actions.extend((0..25).map(|account| act(object, time + account, account)));
    }
    let pairs = scan(MINUTE, &actions);
    assert_eq!(copied(&pairs.pairs, &significant(&pairs, Rule::of(60))), [0]);
}

#[test]
fn flooding_a_second_does_not_hide_a_group() {
    let mut dice = Dice::new(13);
    let mut actions = crowd(&mut dice, 60, 300, 3_000, 6_000);
    // 25 accounts act in the same second, and with them 75 that change.
    for object in 0..60 {
        let time = dice.below(2 * DAY_S);
        actions.extend((0..25).map(|account| act(object, time, account)));
        actions.extend((0..75).map(|_| act(object, time, 25 + dice.below(2_975))));
    }
    let pairs = scan(MINUTE, &actions);
    assert!(pairs.capped.cells >= 60, "and it is counted: {:?}", pairs.capped);
    let found = found(&pairs);
    let members = found.range(..25).count();
    assert!(members >= 23, "{members} of 25");
    assert!(found.range(3_000..).next().is_none(), "nobody of the crowd: {found:?}");
}

#[test]
fn a_group_larger_than_a_cell_is_found() {
    let mut dice = Dice::new(14);
    let mut actions = crowd(&mut dice, 60, 900, 200, 3_000);
    for object in 0..60 {
        let time = dice.below(2 * DAY_S);
        actions.extend(
            (0..200)
                .filter(|_| dice.below(100) < 90)
                .collect::<Vec<_>>()
                .iter()
                .map(|a| act(object, time, *a)),
        );
    }
    let found = found(&scan(MINUTE, &actions));
    assert!(found.range(..200).count() >= 195 && found.range(200..).next().is_none(), "{}", found.len());
}

#[test]
fn acting_on_both_sides_of_the_minute_does_not_hide_a_group() {
    let mut dice = Dice::new(15);
    let mut actions = crowd(&mut dice, 60, 300, 25, 2_000);
    for object in 0..60 {
        let minute = 60 * (1 + dice.below(2 * 1_440));
        for account in 0..25 {
            actions.push(act(object, minute + (account % 2) * 5 - 3 + dice.below(3), account));
        }
    }
    let pairs = scan(MINUTE, &actions);
    assert_eq!(found(&pairs), (0..25).collect());
    let across = pairs.pairs.iter().find(|pair| (pair.a, pair.b) == (0, 1)).unwrap();
    assert!(across.together > 45, "{across:?}");
}

#[test]
fn numbers_that_were_not_announced_are_left_out_and_counted() {
    let actions = dense(17);
    let expected = scan(MINUTE, &actions);
    let mut more = actions.clone();
    more.extend([act(0, 5, 80), act(0, 6, u32::MAX), act(u32::MAX, 7, 0), act(50, u32::MAX, 1)]);
    let mut scan = PairScan::new(MINUTE, 4_000, 80, 50);
    passes(&mut scan, &more, 3);
    let pairs = scan.finish();
    assert_eq!((pairs.capped.unknown, pairs.actions), (4, expected.actions + 4));
    assert_eq!(pairs.pairs, expected.pairs);
    assert_eq!(PairScan::new(MINUTE, 0, 0, 0).finish(), Pairs::default());
}

#[test]
fn accounts_that_a_notification_calls_look_like_a_group() {
    // The documented limit: 40 who always act in the first minute, 300 who come
    // over two days. Who moves the 40 is not in the times.
    let mut dice = Dice::new(19);
    let mut actions = Vec::new();
    for object in 0..60 {
        let birth = dice.below(DAY_S);
        actions.extend(
            (0..40)
                .filter(|_| dice.below(100) < 60)
                .collect::<Vec<_>>()
                .iter()
                .map(|a| act(object, birth, *a)),
        );
        actions.iter_mut().rev().take(24).for_each(|action| action.time += dice.below(40));
        actions.extend((0..300).map(|_| act(object, birth + dice.below(2 * DAY_S), 40 + dice.below(2_000))));
    }
    let pairs = scan(MINUTE, &actions);
    let found = found(&pairs);
    assert!(found.range(..40).count() >= 38 && found.range(40..).next().is_none(), "{}", found.len());
    let beyond = core(&pairs, &significant_beyond_habit(&pairs, Rule::of(60)), 3);
    assert_eq!(beyond.len(), 0, "but their habit explains it");
}
