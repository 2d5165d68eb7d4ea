//! Whether an account comes after the members of a group more often than chance.
//!
//! In: the members and everybody's actions, object by object. Out: for each
//! account asked about, in whose company it acted: how many members had acted
//! on the object within the window before, and as many by chance.
//! Errors: none. Cost: one pass over the actions.
//!
//! To be followed is no evidence, as anybody can follow anybody: only who was
//! there before counts, never who came after. Two in the same second count for
//! both. Whom a group copies is thereby no member, however surprising it is
//! that they meet; nor is who came across it by chance when it was suggested,
//! if that is asked of objects that did not suggest the group.
//! The null: what an account did on an object was done at the time of an act
//! there, drawn evenly among those of others and its own. An object on which
//! nobody but members acted says nothing.
//! Source: Chernoff 1952 for the sum over objects.
//! Limits: the first of a group whose accounts always act in the same order is
//! no member by this; somebody who is copied within the same second is.

use super::action::Action;
use std::collections::BTreeMap;

/// Members before an act that count: with more the moment is no other.
pub const COMPANY_MAX: usize = 3;
/// Exponents among which the best bound is sought.
const EXPONENTS: [f64; 10] = [0.125, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0];

/// In whose company an account acted, over objects.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Following {
    /// Members that had acted within the window before, at most
    /// [`COMPANY_MAX`] on an object, summed.
    pub observed: f64,
    /// As many were to be expected.
    pub expected: f64,
    /// Objects that could speak.
    pub objects: u32,
    /// Logarithm of the mean of e^(s·company), summed over objects, for each of
    /// [`EXPONENTS`].
    growth: [f64; EXPONENTS.len()],
}

impl Following {
    /// Bound on the probability of as much company by chance; `None` where no
    /// object could speak.
    pub fn p(&self) -> Option<f64> {
        let bounds = EXPONENTS.iter().zip(&self.growth).map(|(s, growth)| growth - s * self.observed);
        (self.objects > 0).then(|| bounds.fold(0.0, f64::min).exp())
    }

    /// Adds an object: the company of everybody's acts, and of its own.
    fn add(&mut self, drawn: &ByCompany, own: &ByCompany) {
        let all = f64::from(drawn.iter().sum::<u32>());
        let acts = i32::try_from(own.iter().sum::<u32>()).unwrap_or(i32::MAX);
        // The best of as many draws as there were acts.
        let (mut counted, mut below, mut mean) = (0, 0.0, 0.0);
        let mut powers = [0.0; EXPONENTS.len()];
        for (company, count) in drawn.iter().enumerate() {
            counted += count;
            let up_to = (f64::from(counted) / all).powi(acts);
            let (share, company) = (up_to - below, company as f64);
            below = up_to;
            mean += share * company;
            powers.iter_mut().zip(EXPONENTS).for_each(|(sum, s)| *sum += share * (s * company).exp());
        }
        self.observed += own.iter().rposition(|count| *count > 0).unwrap_or(0) as f64;
        self.expected += mean;
        self.growth.iter_mut().zip(powers).for_each(|(sum, power)| *sum += power.ln());
        self.objects = self.objects.saturating_add(1);
    }
}

/// Acts by company, from none to [`COMPANY_MAX`].
type ByCompany = [u32; COMPANY_MAX + 1];

/// In whose company each member acted, in the order of `members`, which are
/// rising. `actions_by_object` has one slice for each object with everybody's
/// actions on it, in the order of time.
pub fn following(members: &[u32], actions_by_object: &[&[Action]], window_s: u32) -> Vec<Following> {
    let mut found = vec![Following::default(); members.len()];
    for actions in actions_by_object {
        let mut others = ByCompany::default();
        let mut own: BTreeMap<usize, ByCompany> = BTreeMap::new();
        let mut before = Before { actions, members, window_s, present: BTreeMap::new(), entered: 0, left: 0 };
        for action in *actions {
            let member = members.binary_search(&action.account).ok();
            let company = before.company(action.time, member);
            let counts = match member {
                Some(place) => own.entry(place).or_default(),
                None => &mut others,
            };
            // Never more than COMPANY_MAX.
            counts[company] += 1;
        }
        if others.iter().all(|count| *count == 0) {
            continue;
        }
        for (place, counts) in own {
            let drawn = std::array::from_fn(|company| others[company] + counts[company]);
            if let Some(found) = found.get_mut(place) {
                found.add(&drawn, &counts);
            }
        }
    }
    found
}

/// The members that acted on an object within the window before a moment.
struct Before<'a> {
    /// Of the object, in the order of time.
    actions: &'a [Action],
    members: &'a [u32],
    window_s: u32,
    /// Acts of each member within the window, by its place.
    present: BTreeMap<usize, u32>,
    /// Actions that have come, and of these those that are past.
    entered: usize,
    left: usize,
}

impl Before<'_> {
    /// Members present at `time`, which never goes back, without the one asking.
    fn company(&mut self, time: u32, member: Option<usize>) -> usize {
        let place = |action: &Action| self.members.binary_search(&action.account).ok();
        while let Some(next) = self.actions.get(self.entered).filter(|next| next.time <= time) {
            self.entered += 1;
            if let Some(place) = place(next) {
                *self.present.entry(place).or_default() += 1;
            }
        }
        let since = time.saturating_sub(self.window_s);
        while let Some(past) = self.actions.get(self.left).filter(|past| past.time < since) {
            self.left += 1;
            if let Some(place) = place(past)
                && let Some(acts) = self.present.get_mut(&place)
            {
                *acts -= 1; // It came in before.
                if *acts == 0 {
                    self.present.remove(&place);
                }
            }
        }
        let itself = member.is_some_and(|member| self.present.contains_key(&member));
        (self.present.len() - usize::from(itself)).min(COMPANY_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    const HOUR_S: u32 = 3_600;
    /// The highest p that makes a member, in these tests.
    const P_MAX: f64 = 0.01;

    /// Of each object, an hour with 200 acts of others and those that `joint` gives.
    fn hours(count: u32, joint: impl Fn(&mut Dice, u32) -> Vec<(u32, u32)>) -> Vec<Vec<Action>> {
        let mut dice = Dice::new(5);
        (0..count)
            .map(|object| {
                let others = (0..200).map(|_| (1_000 + dice.below(500), dice.below(HOUR_S)));
                let mut acts: Vec<(u32, u32)> = others.collect();
                let moment = 60 + dice.below(HOUR_S - 240);
                acts.extend(joint(&mut dice, moment));
                let mut acts: Vec<Action> =
                    acts.into_iter().map(|(account, time)| Action { object, time, account }).collect();
                acts.sort_unstable();
                acts
            })
            .collect()
    }

    fn p_of(members: &[u32], hours: &[Vec<Action>]) -> Vec<f64> {
        let slices: Vec<&[Action]> = hours.iter().map(Vec::as_slice).collect();
        following(members, &slices, 60).iter().map(|one| one.p().unwrap()).collect()
    }

    #[test]
    fn who_is_followed_is_none_of_those_who_follow() {
        // 1 acts when it likes, 2 to 9 come 3 to 40 s later, in any order.
        let hours = hours(20, |dice, moment| {
            let copies = (2..10).map(|copier| (copier, moment + 3 + dice.below(37)));
            copies.chain([(1, moment)]).collect()
        });
        let p = p_of(&(1..10).collect::<Vec<_>>(), &hours);
        assert_eq!(p[0], 1.0, "nobody was there before");
        assert!(p[1..].iter().all(|p| *p < 1e-6), "{p:?}");
    }

    #[test]
    fn in_a_fixed_order_only_the_first_is_not_told() {
        let hours = hours(20, |_, moment| (0..8).map(|account| (account, moment + 3 * account)).collect());
        let p = p_of(&(0..8).collect::<Vec<_>>(), &hours);
        assert!(p[0] > P_MAX && p[1..].iter().all(|p| *p < P_MAX), "{p:?}");
    }

    #[test]
    fn the_same_second_counts_for_both() {
        let hours = hours(10, |_, moment| (0..4).map(|account| (account, moment)).collect());
        assert!(p_of(&[0, 1, 2, 3], &hours).iter().all(|p| *p < 1e-6));
    }

    #[test]
    fn who_only_acts_in_the_same_hours_is_not_a_follower() {
        let mut below = 0;
        for seed in 0..200 {
            let mut own = Dice::new(1_000 + seed);
            let mut hours = hours(12, |dice, moment| {
                (1..9).map(|account| (account, moment + dice.below(60))).collect::<Vec<_>>()
            });
            for (object, hour) in (0..).zip(&mut hours) {
                // Several acts in an hour are several chances.
                let acts = (0..3).map(|_| Action { object, time: own.below(HOUR_S), account: 0 });
                hour.extend(acts.collect::<Vec<_>>());
                hour.sort_unstable();
            }
            below += u32::from(p_of(&(0..9).collect::<Vec<_>>(), &hours)[0] <= 0.05);
        }
        assert!(below <= 10, "{below} of 200 at 5 %");
    }

    #[test]
    fn objects_without_others_say_nothing() {
        let act = |time, account| Action { object: 0, time, account };
        let alone = [act(1, 0), act(2, 1), act(3, 2)];
        assert_eq!(following(&[0, 1, 2], &[&alone], 60)[2].p(), None);
        assert_eq!(following(&[], &[], 60), []);
        let late = [act(1, 0), act(61, 1), act(62, 9), act(200, 2)];
        let found = following(&[0, 1, 2], &[&late], 60);
        let company: Vec<f64> = found.iter().map(|one| one.observed).collect();
        assert_eq!(company, [0.0, 1.0, 0.0], "the window ends with its last second");
    }
}
