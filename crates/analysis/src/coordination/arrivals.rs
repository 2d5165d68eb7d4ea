//! Whether members came together: created in one burst, or back from one silence.
//!
//! In: days of creation of the members and of the crowd; days on which each
//! member was active. Out: the most surprising stretch, with what was seen,
//! what was expected and the chance of as much.
//! Errors: none; `None` where too little is known.
//! Cost: O(n log n) for bursts; permutations × active days for returns.
//! Source: Kulldorff 1997 (scan of a count against the population at risk),
//! with Bonferroni over the stretches looked at; shuffled gaps for returns.
//! Limits: a network's own burst of new accounts (a news event, a new app in a
//! shop) is in the crowd only if the crowd was drawn from the same network.

use super::dice::Dice;

/// Stretches that are looked at, days.
pub const BURST_DAYS: [i32; 5] = [1, 3, 7, 14, 30];
/// Members with a known date before anything is said.
pub const MEMBERS_MIN: usize = 5;
/// Members that make a burst.
pub const BURST_MEMBERS_MIN: usize = 3;
/// Accounts of the crowd with a known date before anything is said.
pub const CROWD_MIN: usize = 100;
/// A silence lasts this long, days.
pub const SILENCE_DAYS: i32 = 60;
/// Members are back together within this time, days.
pub const RETURN_DAYS: i32 = 7;
/// Share of the members that have to be back.
pub const RETURN_SHARE_MIN: f64 = 0.7;
/// Active days of a member that are looked at, the latest.
pub const ACTIVE_DAYS_MAX: usize = 1_000;
/// Shuffles of the gaps, at most.
pub const SHUFFLES_MAX: u32 = 9_999;

/// Many members created within few days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// First day, since 1970.
    pub from_day: i32,
    /// Days it lasts.
    pub days: i32,
    /// Members created then, count.
    pub members: u32,
    /// As many would be expected if crowd and members were one, the first included.
    pub expected: f64,
    /// Logarithm of the chance of as many, in the best of all stretches.
    pub ln_p: f64,
}

/// The most surprising burst of creation days (since 1970) of a group, given
/// the creation days of the crowd it lives in, the members not among them.
/// `None` where too little is known, or nowhere three members came together.
pub fn creation_burst(members: &[i32], crowd: &[i32]) -> Option<Burst> {
    if members.len() < MEMBERS_MIN || crowd.len() < CROWD_MIN {
        return None;
    }
    let (mut members, mut crowd) = (members.to_vec(), crowd.to_vec());
    members.sort_unstable();
    crowd.sort_unstable();
    // The best stretch of a length begins on the day of some member.
    let mut starts = members.clone();
    starts.dedup();
    let looked_at = (members.len() * BURST_DAYS.len()) as f64;
    let mut best: Option<Burst> = None;
    for &from_day in &starts {
        for days in BURST_DAYS {
            let within = count_within(&members, from_day, days);
            if within < BURST_MEMBERS_MIN {
                continue;
            }
            // One member gave the stretch its first day: the others are the surprise,
            // as if they had been drawn from the crowd and themselves together.
            let (others, drawn) = (within - 1, members.len() - 1);
            let (all, then) = (crowd.len() + drawn, count_within(&crowd, from_day, days) + others);
            let expected = 1.0 + then as f64 / all as f64 * drawn as f64;
            let ln_p = (ln_draw_tail(others, drawn, then, all) + looked_at.ln()).min(0.0);
            if best.is_none_or(|best| ln_p < best.ln_p) {
                let members = u32::try_from(within).unwrap_or(u32::MAX);
                best = Some(Burst { from_day, days, members, expected, ln_p });
            }
        }
    }
    best
}

fn count_within(sorted: &[i32], from: i32, days: i32) -> usize {
    let end = from.saturating_add(days);
    sorted.partition_point(|&day| day < end) - sorted.partition_point(|&day| day < from)
}

/// Logarithm of the chance that `drawn` of `all` hold at least `seen` of the
/// `marked` ones (hypergeometric). Nothing is drawn beyond what there is.
pub(super) fn ln_draw_tail(seen: usize, drawn: usize, marked: usize, all: usize) -> f64 {
    let (drawn, marked) = (drawn.min(all), marked.min(all));
    let least = (drawn + marked).saturating_sub(all);
    if seen <= least {
        return 0.0;
    }
    let most = drawn.min(marked);
    if seen > most {
        return f64::NEG_INFINITY;
    }
    let ln_choose = |n: usize, k: usize| {
        let ln_factorial = |n: usize| super::tails::ln_gamma(n as f64 + 1.0);
        ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
    };
    // With `least <= k <= most` no difference is negative.
    let ln_at = |k: usize| ln_choose(marked, k) + ln_choose(all - marked, drawn - k) - ln_choose(all, drawn);
    // From one term to the next the factor falls.
    let (mut term, mut sum) = (1.0, 1.0);
    for k in seen..most {
        let up = (marked - k) as f64 * (drawn - k) as f64;
        term *= up / ((k + 1) as f64 * (all + k + 1 - marked - drawn) as f64);
        sum += term;
        if term < sum * 1e-16 {
            break;
        }
    }
    (ln_at(seen) + sum.ln()).min(0.0)
}

/// Members that came back from silence together.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    /// First day of the return, since 1970.
    pub from_day: i32,
    /// Members that were silent for [`SILENCE_DAYS`] and came back within [`RETURN_DAYS`]; indices.
    pub members: Vec<u32>,
    /// Their share among all members with known days.
    pub share: f64,
    /// True at [`RETURN_SHARE_MIN`] or more.
    pub is_joint: bool,
    /// Chance of as many within as short a time if each member's gaps came in
    /// another order; at least 1/(shuffles + 1).
    pub p: f64,
}

/// The largest joint return of a group. `active_days`: for each member the days
/// (since 1970) on which it did anything, in any order.
pub fn joint_return(active_days: &[Vec<i32>], shuffles: u32, seed: u64) -> Option<Return> {
    let lives: Vec<Vec<i32>> =
        active_days.iter().map(|days| latest(days)).filter(|days| !days.is_empty()).collect();
    if lives.len() < MEMBERS_MIN {
        return None;
    }
    let returns = active_days.iter().zip(0u32..).flat_map(|(days, member)| {
        let days = latest(days);
        let back: Vec<(i32, u32)> = days.windows(2).filter_map(returned).map(|day| (day, member)).collect();
        back
    });
    let (from_day, members) = most_within(returns.collect())?;
    let shuffles = shuffles.clamp(1, SHUFFLES_MAX);
    let mut dice = Dice::new(seed);
    let mut as_many = 0u32;
    for _ in 0..shuffles {
        let shuffled =
            (0u32..).zip(&lives).flat_map(|(member, days)| shuffled_returns(days, member, &mut dice));
        let found = most_within(shuffled.collect()).map_or(0, |(_, found)| found.len());
        as_many += u32::from(found >= members.len());
    }
    let share = members.len() as f64 / lives.len() as f64;
    Some(Return {
        from_day,
        is_joint: share >= RETURN_SHARE_MIN,
        members,
        share,
        p: f64::from(as_many + 1) / f64::from(shuffles + 1),
    })
}

/// Different days, rising, the latest [`ACTIVE_DAYS_MAX`].
fn latest(days: &[i32]) -> Vec<i32> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let first = days.len().saturating_sub(ACTIVE_DAYS_MAX);
    days.split_off(first)
}

fn returned(pair: &[i32]) -> Option<i32> {
    let [before, after] = pair else { return None };
    (after.saturating_sub(*before) >= SILENCE_DAYS).then_some(*after)
}

fn shuffled_returns(days: &[i32], member: u32, dice: &mut Dice) -> Vec<(i32, u32)> {
    let mut gaps: Vec<i32> =
        days.windows(2).filter_map(|pair| Some(pair.get(1)?.saturating_sub(*pair.first()?))).collect();
    if gaps.iter().all(|&gap| gap < SILENCE_DAYS) {
        return Vec::new();
    }
    dice.shuffle(&mut gaps);
    let mut day = days.first().copied().unwrap_or(0);
    let mut returns = Vec::new();
    for gap in gaps {
        day = day.saturating_add(gap);
        if gap >= SILENCE_DAYS {
            returns.push((day, member));
        }
    }
    returns
}

/// The first stretch of [`RETURN_DAYS`] with the most members. Silences are far
/// longer than the stretch, so nobody returns twice in it.
fn most_within(mut returns: Vec<(i32, u32)>) -> Option<(i32, Vec<u32>)> {
    returns.sort_unstable();
    let (mut first, mut best) = (0, 0..0);
    for (last, (day, _)) in returns.iter().enumerate() {
        let is_before = |one: &(i32, u32)| day.saturating_sub(one.0) >= RETURN_DAYS;
        while returns.get(first).is_some_and(is_before) {
            first += 1;
        }
        if last + 1 - first > best.len() {
            best = first..last + 1;
        }
    }
    let stretch = returns.get(best)?;
    let mut members: Vec<u32> = stretch.iter().map(|(_, member)| *member).collect();
    members.sort_unstable();
    Some((stretch.first()?.0, members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_drawing() {
        let check = |(seen, drawn, marked, all), expected: f64| {
            let found = ln_draw_tail(seen, drawn, marked, all);
            assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} {expected}");
        };
        // Of 10 with 4 marked, 3 drawn: none with 20/120, all marked with 4/120.
        check((1, 3, 4, 10), (100f64 / 120.0).ln());
        check((3, 3, 4, 10), (4f64 / 120.0).ln());
        check((0, 3, 4, 10), 0.0);
        check((1, 3, 9, 10), 0.0);
        assert_eq!(ln_draw_tail(5, 3, 4, 10), f64::NEG_INFINITY);
        // Far in the tail, where probabilities vanish: all of 300 marked drawn, 300 of a million.
        assert!(ln_draw_tail(300, 300, 300, 1_000_000) < -2_000.0);
    }

    /// Days spread over ten years, as a crowd's.
    fn crowd(count: usize, seed: u64) -> Vec<i32> {
        let mut dice = Dice::new(seed);
        (0..count).map(|_| i32::try_from(dice.below(3_650)).unwrap()).collect()
    }

    #[test]
    fn a_burst_is_seen_and_dated() {
        let mut members = crowd(10, 1);
        members.extend([2_000, 2_000, 2_001, 2_001, 2_002]);
        let burst = creation_burst(&members, &crowd(2_000, 2)).unwrap();
        assert!((1_999..=2_001).contains(&burst.from_day) && burst.days <= 7, "{burst:?}");
        assert!(burst.members >= 5 && burst.expected < 1.2 && burst.ln_p < -6.0, "{burst:?}");
    }

    #[test]
    fn a_crowd_that_came_in_a_burst_explains_its_members() {
        let mut crowd = crowd(1_000, 3);
        crowd.extend(vec![2_000; 1_000]);
        let mut members = vec![2_000; 12];
        members.extend([10, 400, 900, 1_400, 1_800, 2_300, 2_700, 3_000, 3_100, 3_500]);
        assert!(creation_burst(&members, &crowd).unwrap().ln_p > -0.5);
    }

    #[test]
    fn random_groups_have_no_burst() {
        // Six in 200 come by chance with one in a hundred if the chance of each is 1 %.
        let crowd_of_all = crowd(5_000, 4);
        let false_ones = (0..200)
            .filter(|&seed| {
                creation_burst(&crowd(30, 100 + seed), &crowd_of_all)
                    .is_some_and(|burst| burst.ln_p < 0.01f64.ln())
            })
            .count();
        assert!(false_ones <= 5, "{false_ones} of 200 at 1 %");
    }

    #[test]
    fn too_little_is_not_judged() {
        assert_eq!(creation_burst(&[1, 2, 3, 4], &crowd(500, 1)), None);
        assert_eq!(creation_burst(&[1, 2, 3, 4, 5], &crowd(99, 1)), None);
        assert!(creation_burst(&[i32::MAX, i32::MIN, i32::MAX, 0, i32::MAX], &crowd(500, 1)).is_none());
        assert!(creation_burst(&[i32::MIN, i32::MIN, i32::MIN, 0, i32::MAX], &crowd(500, 1)).is_some());
    }

    /// Active every day of `days`, then silent, then for a month from `back`.
    fn sleeper(days: std::ops::Range<i32>, back: i32) -> Vec<i32> {
        days.chain(back..back + 30).collect()
    }

    #[test]
    fn sleepers_that_wake_together() {
        let mut lives: Vec<_> = (0..9).map(|one| sleeper(one * 40..one * 40 + 50, 800 + one % 4)).collect();
        lives.push((0..900).collect());
        let found = joint_return(&lives, 999, 5).unwrap();
        assert_eq!((found.from_day, found.members.len(), found.is_joint), (800, 9, true));
        assert_eq!((found.share, found.p), (0.9, 0.001));
    }

    #[test]
    fn everyone_sleeps_now_and_then() {
        let mut dice = Dice::new(8);
        let mut significant = 0;
        for seed in 0..50 {
            let lives: Vec<_> = (0..8)
                .map(|_| {
                    let mut day = 0;
                    let gap = |dice: &mut Dice| {
                        if dice.below(12) == 0 { 60 + dice.below(60) } else { 1 + dice.below(9) }
                    };
                    (0..40)
                        .map(|_| {
                            day += i32::try_from(gap(&mut dice)).unwrap();
                            day
                        })
                        .collect()
                })
                .collect();
            significant += u32::from(joint_return(&lives, 99, seed).is_some_and(|found| found.p <= 0.05));
        }
        assert!(significant <= 7, "{significant} of 50 at 5 %");
    }

    #[test]
    fn without_silence_there_is_no_return() {
        assert_eq!(joint_return(&vec![(0..100).collect(); 6], 99, 1), None);
        assert_eq!(joint_return(&vec![vec![0, 100]; 4], 99, 1), None);
        assert_eq!(joint_return(&[], 99, 1), None);
        assert!(joint_return(&vec![vec![i32::MIN, i32::MAX]; 5], 9, 1).is_some());
    }
}
