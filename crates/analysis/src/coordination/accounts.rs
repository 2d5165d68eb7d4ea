//! Signs of one account: weak priors and explanations, never a verdict.
//!
//! In: [`AccountFacts`]. Out: the signs found, each with its log-odds and the
//! numbers behind it, and their sum, which never weighs more than
//! [`TOTAL_LOG_ODDS_MAX`]. Errors: none; what is not known is no sign.
//! Cost: sorting the times of the account.
//! Source: Beskow and Carley 2018 (random handles), Chu et al. 2012 (regular
//! intervals), Cresci et al. 2016 (digital DNA).
//! Limits: the log-odds are conventions. Account signs do not travel between
//! campaigns: F1 of published detectors falls from above 0.95 to below 0.6 on
//! TwiBot-22. A group is never made of them; they only describe one.

use super::handles::{end_digits, surprise};
use super::measured::{Fact, Measured, Verdict};

/// The sum of all signs is cut at this, both ways.
pub const TOTAL_LOG_ODDS_MAX: f64 = 2.0;
/// Surprise of a random handle, nats per letter.
pub const HANDLE_SURPRISE_MIN: f64 = 3.5;
/// Digits at the end of a handle: more than a year has.
pub const END_DIGITS_MIN: f64 = 5.0;
/// Age of a young account, days, at most.
pub const YOUNG_DAYS_MAX: f64 = 30.0;
/// Age of an old account, days (five years).
pub const OLD_DAYS_MIN: f64 = 1_826.0;
/// Accounts followed per follower.
pub const FOLLOWING_PER_FOLLOWER_MIN: f64 = 10.0;
/// Accounts followed before that ratio means anything.
pub const FOLLOWING_MIN: u64 = 200;
/// Posts per day of life.
pub const POSTS_PER_DAY_MIN: f64 = 72.0;
/// Age before posts per day mean anything, days.
pub const AGE_FOR_PACE_MIN: u32 = 7;
/// Actions before their times are judged.
pub const ACTIONS_MIN: f64 = 100.0;
/// Days that the actions must span before the day's quiet hours are judged.
pub const DAYS_SPANNED_MIN: f64 = 14.0;
/// Longest quiet span of a sleepless account, hours, at most.
pub const QUIET_HOURS_MAX: f64 = 3.0;
/// Entropy of regular intervals, at most.
pub const INTERVAL_ENTROPY_MAX: f64 = 0.35;
/// Share of the actions in one second of the minute.
pub const SAME_SECOND_SHARE_MIN: f64 = 0.3;
/// That share over the crowd's: a network may round its times.
pub const SAME_SECOND_RATIO_MIN: f64 = 3.0;

const DAY_S: i64 = 86_400;
/// Doublings from a second to twelve days; longer intervals are of the last.
const INTERVAL_CLASSES: usize = 21;

/// What is known of an account; `None` where nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AccountFacts<'a> {
    /// Its handle.
    pub handle: Option<&'a str>,
    /// Days since it was made.
    pub age_days: Option<u32>,
    /// It has no picture of its own.
    pub default_avatar: Option<bool>,
    /// Other accounts with the same picture, count.
    pub avatar_twins: Option<u32>,
    /// Followers, count.
    pub followers: Option<u64>,
    /// Accounts followed, count.
    pub following: Option<u64>,
    /// Posts ever, count.
    pub posts: Option<u64>,
    /// Times of its own actions, seconds since 1970, in any order; not those of a schedule that a person set.
    pub times_s: &'a [i64],
    /// Share of the crowd's actions in their commonest second of the minute, 0…1.
    pub crowd_same_second: Option<f64>,
}

/// A kind of sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountSign {
    /// The letters of the handle are like random ones.
    RandomHandle,
    /// Many digits at the end of the handle.
    DigitTail,
    /// Made lately.
    Young,
    /// Made long ago: speaks for the account.
    Old,
    /// No picture of its own.
    DefaultAvatar,
    /// The picture of another account.
    SharedAvatar,
    /// Follows many, followed by few.
    FollowsMany,
    /// More posts than a person writes.
    ManyPosts,
    /// Acts at regular intervals.
    RegularIntervals,
    /// Never sleeps.
    Sleepless,
    /// Acts in the same second of the minute.
    SameSecond,
}

impl AccountSign {
    /// Every sign.
    pub const ALL: [Self; 11] = [
        Self::RandomHandle,
        Self::DigitTail,
        Self::Young,
        Self::Old,
        Self::DefaultAvatar,
        Self::SharedAvatar,
        Self::FollowsMany,
        Self::ManyPosts,
        Self::RegularIntervals,
        Self::Sleepless,
        Self::SameSecond,
    ];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RandomHandle => "random_handle",
            Self::DigitTail => "digit_tail",
            Self::Young => "young",
            Self::Old => "old",
            Self::DefaultAvatar => "default_avatar",
            Self::SharedAvatar => "shared_avatar",
            Self::FollowsMany => "follows_many",
            Self::ManyPosts => "many_posts",
            Self::RegularIntervals => "regular_intervals",
            Self::Sleepless => "sleepless",
            Self::SameSecond => "same_second",
        }
    }

    /// What it adds to the logarithm of the odds of automation or pretence.
    pub const fn log_odds(self) -> f64 {
        match self {
            Self::Old => -0.5,
            Self::DefaultAvatar | Self::FollowsMany => 0.4,
            Self::DigitTail | Self::Young | Self::ManyPosts => 0.5,
            Self::RegularIntervals => 0.6,
            Self::RandomHandle | Self::Sleepless | Self::SameSecond => 0.7,
            Self::SharedAvatar => 0.8,
        }
    }

    fn numbers(self, facts: &AccountFacts<'_>, times: &Times) -> Vec<Measured> {
        let flag = |flag: bool| if flag { 1.0 } else { 0.0 };
        let actions = Measured::at_least(Fact::Actions, Some(times.actions), ACTIONS_MIN);
        match self {
            Self::RandomHandle => {
                vec![Measured::at_least(
                    Fact::HandleSurprise,
                    facts.handle.and_then(surprise),
                    HANDLE_SURPRISE_MIN,
                )]
            }
            Self::DigitTail => {
                let digits = facts.handle.map(|handle| end_digits(handle) as f64);
                vec![Measured::at_least(Fact::HandleDigits, digits, END_DIGITS_MIN)]
            }
            Self::Young => {
                vec![Measured::at_most(Fact::AgeDays, facts.age_days.map(f64::from), YOUNG_DAYS_MAX)]
            }
            Self::Old => vec![Measured::at_least(Fact::AgeDays, facts.age_days.map(f64::from), OLD_DAYS_MIN)],
            Self::DefaultAvatar => {
                vec![Measured::at_least(Fact::DefaultAvatar, facts.default_avatar.map(flag), 1.0)]
            }
            Self::SharedAvatar => {
                // The network's own picture is that of many; it is the sign above.
                let twins = facts.avatar_twins.filter(|_| facts.default_avatar == Some(false));
                vec![Measured::at_least(Fact::AvatarTwins, twins.map(f64::from), 1.0)]
            }
            Self::FollowsMany => {
                let following = facts.following.filter(|&following| following >= FOLLOWING_MIN);
                let ratio = following.zip(facts.followers).map(|(following, followers)| {
                    // Who is followed by nobody is followed by less than one.
                    following as f64 / followers.max(1) as f64
                });
                vec![Measured::at_least(Fact::FollowingPerFollower, ratio, FOLLOWING_PER_FOLLOWER_MIN)]
            }
            Self::ManyPosts => {
                let age = facts.age_days.filter(|&days| days >= AGE_FOR_PACE_MIN);
                let pace = facts.posts.zip(age).map(|(posts, days)| posts as f64 / f64::from(days));
                vec![Measured::at_least(Fact::PostsPerDay, pace, POSTS_PER_DAY_MIN)]
            }
            Self::RegularIntervals => {
                vec![actions, Measured::at_most(Fact::IntervalEntropy, times.entropy, INTERVAL_ENTROPY_MAX)]
            }
            Self::Sleepless => vec![
                actions,
                Measured::at_least(Fact::DaysSpanned, Some(times.days), DAYS_SPANNED_MIN),
                Measured::at_most(Fact::QuietHours, times.quiet_hours, QUIET_HOURS_MAX),
            ],
            Self::SameSecond => {
                let crowd = facts.crowd_same_second.filter(|&share| share > 0.0);
                let ratio = times.same_second.zip(crowd).map(|(own, crowd)| own / crowd);
                vec![
                    actions,
                    Measured::at_least(Fact::SameSecondShare, times.same_second, SAME_SECOND_SHARE_MIN),
                    Measured::at_least(Fact::SameSecondRatio, ratio, SAME_SECOND_RATIO_MIN),
                ]
            }
        }
    }
}

/// A sign that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SignFound {
    /// Which.
    pub sign: AccountSign,
    /// [`AccountSign::log_odds`].
    pub log_odds: f64,
    /// Each number beside its limit.
    pub numbers: Vec<Measured>,
}

/// The signs of an account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccountSigns {
    /// Those found, in the order of [`AccountSign::ALL`].
    pub found: Vec<SignFound>,
    /// Those of which nothing is known.
    pub not_known: Vec<AccountSign>,
    /// Sum of the log-odds, cut at ±[`TOTAL_LOG_ODDS_MAX`].
    pub total: f64,
}

/// Looks for every sign in an account.
pub fn account_signs(facts: &AccountFacts<'_>) -> AccountSigns {
    let times = Times::of(facts.times_s);
    let mut signs = AccountSigns::default();
    for sign in AccountSign::ALL {
        let numbers = sign.numbers(facts, &times);
        match Verdict::of(&numbers) {
            Verdict::Holds => signs.found.push(SignFound { sign, log_odds: sign.log_odds(), numbers }),
            Verdict::NotKnown => signs.not_known.push(sign),
            Verdict::Fails => {}
        }
    }
    let sum: f64 = signs.found.iter().map(|found| found.log_odds).sum();
    signs.total = sum.clamp(-TOTAL_LOG_ODDS_MAX, TOTAL_LOG_ODDS_MAX);
    signs
}

/// What the times of an account say together.
struct Times {
    actions: f64,
    /// From the first to the last.
    days: f64,
    quiet_hours: Option<f64>,
    /// Of the intervals by doublings, 0…1.
    entropy: Option<f64>,
    same_second: Option<f64>,
}

impl Times {
    fn of(times_s: &[i64]) -> Self {
        let mut times = times_s.to_vec();
        times.sort_unstable();
        let span = times.first().zip(times.last()).map_or(0, |(first, last)| last.saturating_sub(*first));
        Self {
            actions: times.len() as f64,
            days: span as f64 / DAY_S as f64,
            quiet_hours: quiet_hours(&times),
            entropy: interval_entropy(&times),
            same_second: same_second(&times),
        }
    }
}

/// Longest stretch of the day in which nothing ever happened, hours.
fn quiet_hours(times: &[i64]) -> Option<f64> {
    let mut moments: Vec<i64> = times.iter().map(|time| time.rem_euclid(DAY_S)).collect();
    moments.sort_unstable();
    let over_midnight = moments.first()? + DAY_S - moments.last()?;
    let within = moments.iter().zip(moments.iter().skip(1)).map(|(one, next)| next - one).max().unwrap_or(0);
    Some(over_midnight.max(within) as f64 / 3_600.0)
}

fn interval_entropy(sorted: &[i64]) -> Option<f64> {
    let mut classes = [0.0; INTERVAL_CLASSES];
    for (one, next) in sorted.iter().zip(sorted.iter().skip(1)) {
        let class = next.saturating_sub(*one).max(1).ilog2() as usize;
        if let Some(count) = classes.get_mut(class.min(INTERVAL_CLASSES - 1)) {
            *count += 1.0;
        }
    }
    let all: f64 = classes.iter().sum();
    let terms = classes.iter().filter(|&&count| count > 0.0).map(|count| count / all * (all / count).ln());
    (all > 0.0).then(|| terms.sum::<f64>() / (INTERVAL_CLASSES as f64).ln())
}

fn same_second(times: &[i64]) -> Option<f64> {
    let mut seconds = [0.0; 60];
    for time in times {
        // Below 60 by the remainder.
        if let Some(count) = seconds.get_mut(time.rem_euclid(60) as usize) {
            *count += 1.0;
        }
    }
    (!times.is_empty())
        .then(|| seconds.iter().fold(0.0, |most: f64, &count| most.max(count)) / times.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    fn found(facts: &AccountFacts<'_>) -> Vec<AccountSign> {
        account_signs(facts).found.iter().map(|found| found.sign).collect()
    }

    #[test]
    fn of_nothing_nothing_is_said() {
        let signs = account_signs(&AccountFacts::default());
        assert!(signs.found.is_empty(), "{signs:?}");
        assert_eq!(signs.total, 0.0);
    }

    #[test]
    fn each_limit() {
        let base = AccountFacts::default();
        let cases: [(AccountFacts<'_>, &[AccountSign]); 12] = [
            (AccountFacts { handle: Some("xqzvkwjhf"), ..base }, &[AccountSign::RandomHandle]),
            (AccountFacts { handle: Some("ana12345"), ..base }, &[AccountSign::DigitTail]),
            (AccountFacts { handle: Some("ana1987"), ..base }, &[]),
            (AccountFacts { age_days: Some(30), ..base }, &[AccountSign::Young]),
            (AccountFacts { age_days: Some(2_000), ..base }, &[AccountSign::Old]),
            (
                AccountFacts { default_avatar: Some(true), avatar_twins: Some(9), ..base },
                &[AccountSign::DefaultAvatar],
            ),
            (
                AccountFacts { default_avatar: Some(false), avatar_twins: Some(1), ..base },
                &[AccountSign::SharedAvatar],
            ),
            (
                AccountFacts { following: Some(2_000), followers: Some(0), ..base },
                &[AccountSign::FollowsMany],
            ),
            (AccountFacts { following: Some(50), followers: Some(0), ..base }, &[]),
            (AccountFacts { posts: Some(72_000), age_days: Some(1_000), ..base }, &[AccountSign::ManyPosts]),
            (AccountFacts { posts: Some(700), age_days: Some(2), ..base }, &[AccountSign::Young]),
            (AccountFacts { followers: Some(9), ..base }, &[]),
        ];
        for (facts, expected) in cases {
            assert_eq!(found(&facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn the_sum_is_capped_both_ways() {
        let times: Vec<i64> = (0..5_000).map(|number| number * 600).collect();
        let facts = AccountFacts {
            handle: Some("xqzvkwjhf84120984"),
            age_days: Some(20),
            default_avatar: Some(true),
            following: Some(5_000),
            followers: Some(3),
            posts: Some(90_000),
            times_s: &times,
            crowd_same_second: Some(0.02),
            ..AccountFacts::default()
        };
        let signs = account_signs(&facts);
        assert!(signs.found.len() >= 8, "{signs:?}");
        assert_eq!(signs.total, TOTAL_LOG_ODDS_MAX);
    }

    /// A person's times: bursts of a few actions in the waking hours of sixty days.
    fn person(seed: u64) -> Vec<i64> {
        let mut dice = Dice::new(seed);
        let mut times = Vec::new();
        for day in 0..60 {
            for _ in 0..2 {
                let mut time = day * DAY_S + 8 * 3_600 + i64::from(dice.below(14 * 3_600));
                for _ in 0..=dice.below(4) {
                    times.push(time);
                    let doublings = 3 + dice.below(8);
                    time += 5 + i64::from(dice.below(1 << doublings));
                }
            }
        }
        times
    }

    #[test]
    fn a_person_has_no_sign_in_time_and_a_clock_has_all() {
        for seed in 0..50 {
            let times = person(seed);
            let facts =
                AccountFacts { times_s: &times, crowd_same_second: Some(0.02), ..AccountFacts::default() };
            assert_eq!(found(&facts), [], "{seed}");
        }
        let clock: Vec<i64> = (0..3_000).map(|number| number * 600).collect();
        let facts =
            AccountFacts { times_s: &clock, crowd_same_second: Some(0.02), ..AccountFacts::default() };
        let expected = [AccountSign::RegularIntervals, AccountSign::Sleepless, AccountSign::SameSecond];
        assert_eq!(found(&facts), expected);
    }

    #[test]
    fn times_that_the_network_rounds_are_no_sign() {
        let rounded: Vec<i64> = person(1).iter().map(|time| time / 60 * 60).collect();
        let facts =
            AccountFacts { times_s: &rounded, crowd_same_second: Some(1.0), ..AccountFacts::default() };
        assert_eq!(found(&facts), []);
        // Nothing known of the crowd: not judged.
        let alone = AccountFacts { times_s: &rounded, ..AccountFacts::default() };
        assert!(account_signs(&alone).not_known.contains(&AccountSign::SameSecond));
    }

    #[test]
    fn few_or_forged_times_are_bounded() {
        let few: Vec<i64> = (0..99).map(|number| number * DAY_S).collect();
        assert_eq!(
            found(&AccountFacts { times_s: &few, crowd_same_second: Some(0.02), ..AccountFacts::default() }),
            []
        );
        let forged = [i64::MIN, i64::MAX, 0, 0];
        assert_eq!(found(&AccountFacts { times_s: &forged, ..AccountFacts::default() }), []);
    }
}
