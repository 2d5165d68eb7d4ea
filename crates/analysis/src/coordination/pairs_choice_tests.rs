//! What two accounts choose in common, against chance.

use super::{MINUTE, act, scan};
use crate::coordination::choice::ChoiceNull;
use crate::coordination::dice::Dice;
use crate::coordination::pairs::PairSettings;
use crate::coordination::significance::{Rule, significant_choices};

#[test]
fn independent_choices_stay_below_their_p() {
    let mut dice = Dice::new(20);
    // 60 accounts choose among 2,000 objects, the first of which everybody has.
    let mut actions = Vec::new();
    for account in 0..60 {
        for _ in 0..50 + account * 5 {
            let share = f64::from(dice.below(1 << 24)) / f64::from(1 << 24);
            actions.push(act((share.powi(3) * 2_000.0) as u32, 0, account));
        }
    }
    for choice_null in [ChoiceNull::Crowd, ChoiceNull::Teams] {
        let pairs = scan(PairSettings { together_min: 2, choice_null, ..MINUTE }, &actions);
        assert!(pairs.pairs.len() > 1_000);
        let passed = significant_choices(&pairs, Rule::Fixed { p: 0.01 }).len();
        assert!(passed * 100 <= 60 * 59 / 2, "{choice_null:?}: {passed}");
        let (joint, expected) = pairs.pairs.iter().fold((0.0, 0.0), |sum, pair| {
            (sum.0 + f64::from(pair.joint), sum.1 + f64::from(pair.choice_expected))
        });
        let ratio = expected / joint;
        assert!((0.8..1.25).contains(&ratio), "{choice_null:?}: {expected} expected, {joint} seen");
    }
}

#[test]
fn a_team_alone_with_its_objects_is_not_its_own_chance() {
    let mut dice = Dice::new(21);
    let mut actions = Vec::new();
    // Twenty accounts have each half of forty objects that nobody else has.
    for account in 0..20 {
        actions.extend((0..40).filter(|_| dice.unit() < 0.5).map(|object| act(object, 0, account)));
    }
    // Others choose at random, some of them the same viral objects again and again.
    actions.extend((0..6_000).map(|_| act(40 + dice.below(20_000), 0, 20 + dice.below(80))));
    actions.extend((0..3_000).map(|_| act(20_040 + dice.below(60), 0, 20 + dice.below(80))));
    let passing = |choice_null| {
        let settings = PairSettings { cell_accounts_max: 200, together_min: 1, choice_null, ..MINUTE };
        let pairs = scan(settings, &actions);
        let passed = significant_choices(&pairs, Rule::Fdr { q: 0.01 });
        let of_team = passed.iter().filter(|place| pairs.pairs[**place].b < 20).count();
        (of_team, passed.len() - of_team)
    };
    let (of_team, of_others) = passing(ChoiceNull::Teams);
    assert!(of_team >= 150 && of_others <= 2, "{of_team} of 190 pairs of the team, {of_others} of others");
    // Among objects as popular as its own the team has nobody to be compared with.
    let (of_team, _) = passing(ChoiceNull::Crowd);
    assert!(of_team <= 19, "{of_team} of 190 pairs of the team");
}
