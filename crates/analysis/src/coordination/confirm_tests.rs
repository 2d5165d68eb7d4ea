use super::*;

/// Actions of `objects` objects. On each, some of the `members` act, together
/// within `together_s` with probability `discipline`, else like the others;
/// `others` accounts act too. Ordinary people act within a burst of an hour
/// that thins out.
struct World {
    members: Vec<u32>,
    others: u32,
    objects: u32,
    participation: f64,
    discipline: f64,
    together_s: u32,
}

impl World {
    fn actions(&self, seed: u64) -> Vec<Vec<Action>> {
        let mut dice = Dice::new(seed);
        let delay = |dice: &mut Dice| (dice.unit().powi(2) * 3_600.0) as u32;
        (0..self.objects)
            .map(|object| {
                let start = 100_000 * (object + 1) + dice.below(5_000);
                let moment = start + delay(&mut dice);
                let mut actions = Vec::new();
                for &account in &self.members {
                    if dice.unit() < self.participation {
                        let joint = dice.unit() < self.discipline;
                        let joint_time = moment + dice.below(self.together_s.max(1));
                        let time = if joint { joint_time } else { start + delay(&mut dice) };
                        actions.push(Action { object, time, account });
                    }
                }
                for _ in 0..self.others {
                    let account = 10_000 + dice.below(50_000);
                    actions.push(Action { object, time: start + delay(&mut dice), account });
                }
                actions
            })
            .collect()
    }

    fn confirm(&self, permutations: u32, seed: u64) -> Confirmation {
        let actions = self.actions(seed);
        confirm(&self.members, &slices(&actions), 60, permutations, seed)
    }
}

fn slices(actions: &[Vec<Action>]) -> Vec<&[Action]> {
    actions.iter().map(Vec::as_slice).collect()
}

fn world() -> World {
    World {
        members: (0..12).collect(),
        others: 40,
        objects: 15,
        participation: 0.7,
        discipline: 0.6,
        together_s: 30,
    }
}

#[test]
fn a_planted_group_is_confirmed() {
    let found = world().confirm(199, 1);
    assert!(found.p <= 1e-6, "{found:?}");
    assert!(found.observed > 3.0 * found.expected, "{found:?}");
    assert_eq!(found.objects, 15);
}

#[test]
fn fans_of_the_same_objects_are_not() {
    let fans = World { discipline: 0.0, participation: 0.95, ..world() };
    let confirmed = (0..20).filter(|&seed| fans.confirm(199, seed).p <= 0.01).count();
    assert!(confirmed <= 1, "{confirmed} of 20");
}

#[test]
fn fans_who_are_quicker_than_others_are_not() {
    // Three times as quick, on every object.
    let confirmed = (0..40)
        .filter(|&seed| {
            let mut actions = World { discipline: 0.0, ..world() }.actions(seed);
            for actions in &mut actions {
                let first = actions.iter().map(|action| action.time).min().unwrap();
                let fans = actions.iter_mut().filter(|action| action.account < 12);
                fans.for_each(|fan| fan.time = first + (fan.time - first) / 3);
            }
            confirm(&world().members, &slices(&actions), 60, 199, seed).p <= 0.01
        })
        .count();
    assert!(confirmed <= 3, "{confirmed} of 40");
}

#[test]
fn stretches_grow_and_then_do_not() {
    let stretch = |delay| Stretch::of(delay, 60);
    assert_eq!(stretch(479), Stretch { begin: 0, length: 480 });
    assert_eq!(stretch(480), Stretch { begin: 480, length: 1_440 });
    assert_eq!(stretch(1_920), Stretch { begin: 1_920, length: 3_600 });
    assert_eq!(stretch(1_920 + 3 * 3_600), Stretch { begin: 1_920 + 3 * 3_600, length: 3_600 });
    // The begin of a stretch is in it, however long cells are and however late it is.
    for (delay, window_s) in [(u32::MAX, 1), (u32::MAX, u32::MAX), (1_000_000, 86_400), (0, 300)] {
        let found = Stretch::of(delay, window_s);
        assert!(found.begin <= delay && delay - found.begin <= found.length);
        assert_eq!(Stretch::of(found.begin, window_s), found);
    }
}

#[test]
fn p_is_uniform_when_nothing_is_joint() {
    let nothing = World { discipline: 0.0, members: (0..8).collect(), objects: 8, others: 25, ..world() };
    let mut found: Vec<f64> = (0..200).map(|seed| nothing.confirm(99, 1_000 + seed).p).collect();
    found.sort_by(f64::total_cmp);
    let distance = (1..)
        .zip(&found)
        .map(|(rank, p)| (f64::from(rank) / 200.0 - p).abs().max((p - f64::from(rank - 1) / 200.0).abs()))
        .fold(0.0, f64::max);
    // Kolmogorov and Smirnov at the level 0.01, and the grain of 1 / 100.
    assert!(distance < 1.63 / 200f64.sqrt() + 0.01, "{distance}");
}

#[test]
fn small_p_is_as_rare_as_it_says() {
    // Where the bound takes over: at 19 permutations the floor is 0.05.
    let nothing = World { discipline: 0.0, members: (0..6).collect(), objects: 6, others: 12, ..world() };
    let found: Vec<f64> = (0..1_500).map(|seed| nothing.confirm(19, 9_000 + seed).p).collect();
    for (level, most) in [(0.05, 110), (0.01, 25), (0.001, 6)] {
        let reached = found.iter().filter(|&&p| p <= level).count();
        assert!(reached <= most, "{reached} of 1,500 at {level}");
    }
}

#[test]
fn everybody_at_the_same_second_says_nothing() {
    let mut actions = world().actions(1);
    actions.iter_mut().flatten().for_each(|action| action.time = 1_700_000_000);
    let found = confirm(&world().members, &slices(&actions), 60, 199, 1);
    assert_eq!((found.p, found.objects, found.known_p()), (1.0, 0, None));
    // Nor when each object has its own forged second.
    let mut actions = world().actions(1);
    actions.iter_mut().flatten().for_each(|action| action.time = action.object * 1_000);
    assert_eq!(confirm(&world().members, &slices(&actions), 60, 199, 1).p, 1.0);
}

#[test]
fn a_burst_of_everybody_is_not_the_group() {
    // News: all act within two minutes, members and others alike.
    let mut actions = world().actions(4);
    let mut dice = Dice::new(4);
    actions.iter_mut().flatten().for_each(|action| action.time = action.object * 10_000 + dice.below(120));
    assert!(confirm(&world().members, &slices(&actions), 60, 199, 1).p > 0.01);
}

/// Ten objects on which each of some accounts acts as often as said, at any
/// second of an hour.
fn restless(accounts: &[(u32, u32)]) -> Vec<Vec<Action>> {
    let mut dice = Dice::new(5);
    let act = |(object, account, dice): (u32, u32, &mut Dice)| Action {
        object,
        time: object * 100_000 + dice.below(3_600),
        account,
    };
    (0..10)
        .map(|object| {
            let times = |&(account, count): &(u32, u32)| std::iter::repeat_n(account, count as usize);
            accounts.iter().flat_map(times).map(|account| act((object, account, &mut dice))).collect()
        })
        .collect()
}

#[test]
fn one_member_who_never_stops_meets_nobody_by_that() {
    let others: Vec<(u32, u32)> = (100..130).map(|account| (account, 1)).collect();
    let busy: Vec<(u32, u32)> = [(0, 300), (1, 1), (2, 1), (3, 300)].into_iter().chain(others).collect();
    let found = confirm(&[0, 1, 2, 3], &slices(&restless(&busy)), 60, 199, 1);
    assert!(found.p > 0.05, "{found:?}");
}

#[test]
fn a_flood_of_others_does_not_frame_a_burst() {
    // Fans who come within five minutes, and one who acts all day long to make that look rare.
    let mut dice = Dice::new(6);
    let actions: Vec<Vec<Action>> = (0..10)
        .map(|object| {
            let fans = (0..40).map(|account| (account, dice.below(300))).collect::<Vec<_>>();
            let flood = (0..1_400).map(|minute| (999, minute * 60));
            let act = |(account, time)| Action { object, time: object * 100_000 + time, account };
            fans.into_iter().chain(flood).map(act).collect()
        })
        .collect();
    let found = confirm(&(0..10).collect::<Vec<_>>(), &slices(&actions), 60, 199, 1);
    assert!(found.p > 0.01, "{found:?}");
}

#[test]
fn replies_to_one_target_over_weeks_are_told_apart_by_stretch() {
    // One object, a joint visit of six members every day, others at any time.
    let mut dice = Dice::new(7);
    let mut actions = Vec::new();
    for day in 0..20u32 {
        let moment = day * 86_400 + dice.below(80_000);
        actions.extend((0..6).map(|account| Action { object: 0, time: moment + dice.below(30), account }));
        let other = (0..60).map(|_| (100 + dice.below(5_000), dice.below(86_400))).collect::<Vec<_>>();
        actions.extend(other.into_iter().map(|(account, time)| Action {
            object: 0,
            time: day * 86_400 + time,
            account,
        }));
    }
    let found = confirm(&[0, 1, 2, 3, 4, 5], &[&actions], 600, 199, 1);
    assert!(found.p <= 1e-6 && found.objects == 1, "{found:?}");
}

#[test]
fn objects_of_their_own_speak_only_against_the_delays_of_others() {
    let own = World { others: 0, ..world() };
    let actions = own.actions(6);
    let alone = confirm(&own.members, &slices(&actions), 60, 199, 1);
    assert_eq!((alone.p, alone.objects), (1.0, 0));
    let public = World { members: Vec::new(), ..world() }.actions(7);
    let delays = Delays::of(&slices(&public), &own.members);
    let against = confirm_against(&own.members, &slices(&actions), &delays, 60, 199, 1);
    assert!(against.p <= 1e-6, "{against:?}");
    // People who come to their own objects as others do to theirs are not confirmed.
    let friends = World { others: 0, discipline: 0.0, ..world() };
    let confirmed = (0..20)
        .filter(|&seed| {
            let actions = friends.actions(seed);
            confirm_against(&friends.members, &slices(&actions), &delays, 60, 199, seed).p <= 0.01
        })
        .count();
    assert!(confirmed <= 2, "{confirmed} of 20");
}

#[test]
fn nothing_to_test_is_p_one() {
    assert_eq!(confirm(&[], &[], 60, 999, 1).p, 1.0);
    let actions = world().actions(1);
    assert_eq!(confirm(&[], &slices(&actions), 60, 999, 1).p, 1.0);
    assert_eq!(confirm(&world().members, &slices(&actions), 60, 0, 1).p, 1.0);
    assert!(confirm(&world().members, &slices(&actions), 0, 99, 1).p <= 1.0);
    assert!(Delays::of(&[], &[]).is_empty());
}

#[test]
fn the_order_of_actions_does_not_matter() {
    let mut actions = world().actions(3);
    let one = confirm(&world().members, &slices(&actions), 60, 99, 8);
    actions.iter_mut().for_each(|actions| actions.reverse());
    assert_eq!(confirm(&world().members, &slices(&actions), 60, 99, 8), one);
}

#[test]
fn about_half_of_the_objects_are_held_out() {
    let held = (0..10_000u64).filter(|&key| held_out(key)).count();
    assert!((4_800..5_200).contains(&held), "{held}");
    let spaced = (0..10_000u64).filter(|&key| held_out(key << 32)).count();
    assert!((4_800..5_200).contains(&spaced), "{spaced}");
}
