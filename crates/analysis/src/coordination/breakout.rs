//! Whether a message has left its own circle: who interacts with it, over time.
//!
//! In: [`Interaction`]s with one message in order of time. Out: the share from
//! outside over time, the moment at which it reached an audience, its weekly
//! trend, and the first who carried it out. Errors: none.
//! Cost: a hash look-up per interaction; memory of the distinct accounts.
//! Source: conventions of this program.
//! Limits: an audience is made of accounts that nothing speaks against
//! ([`Doubt`]); that nothing does is no proof of a person. Shares, curve and
//! trend are of interactions, whoever they are from.

use super::audit::{Engager, EngagerClass};
use super::measured::Interval;
use model::{Doubt, LeftOut};
use std::collections::HashMap;

/// Accounts outside that nothing speaks against, at which a message has reached an audience.
pub const AUDIENCE_MIN: u64 = 20;
/// Share from outside below which a group talks to itself.
pub const OWN_CIRCLE_SHARE: f64 = 0.05;
/// Interactions before anything is said.
pub const INTERACTIONS_MIN: u64 = 20;
/// Points of the curve, at most.
pub const POINTS_MAX: usize = 48;
/// First amplifiers that are listed.
pub const AMPLIFIERS_MAX: usize = 20;
/// Distinct accounts that are told apart; later ones only count as interactions.
pub const ACCOUNTS_MAX: usize = 1_000_000;
/// Weeks that a trend needs.
pub const WEEKS_MIN: usize = 3;
/// Interactions that a week needs to count for the trend.
pub const WEEK_INTERACTIONS_MIN: u32 = 10;
const WEEK_MS: i64 = 7 * 24 * 3_600_000;

/// One account interacted with the message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interaction {
    /// Who.
    pub account: u32,
    /// When, milliseconds.
    pub time_ms: i64,
    /// It belongs to the group.
    pub is_member: bool,
    /// It carries the message on (a reshare or a quotation), not only reacts.
    pub carries: bool,
    /// What speaks against counting it as the audience; see [`doubt_of`].
    pub doubt: Option<Doubt>,
    /// Its followers.
    pub followers: Option<u64>,
}

/// What speaks against counting an account outside as the audience of a
/// group's message: what the audit of campaigns says of it, and that the group
/// copies it.
pub fn doubt_of(engager: &Engager, is_copied: bool) -> Option<Doubt> {
    match EngagerClass::of(engager) {
        EngagerClass::Coordinated => Some(Doubt::Coordinated),
        _ if is_copied => Some(Doubt::Copied),
        EngagerClass::Inactive => Some(Doubt::Inactive),
        EngagerClass::Organic | EngagerClass::Unknown => None,
    }
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Circle {
    /// Fewer than [`INTERACTIONS_MIN`] interactions: nothing is said.
    TooFew,
    /// Less than [`OWN_CIRCLE_SHARE`] from outside.
    Own,
    /// Some from outside, no audience.
    Mixed,
    /// [`AUDIENCE_MIN`] accounts from outside that nothing speaks against.
    Audience,
}

impl Circle {
    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::Own => "own_circle",
            Self::Mixed => "mixed",
            Self::Audience => "audience",
        }
    }
}

/// Counts of one message, kept up to date with each interaction.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    inside: u64,
    outside: u64,
    /// What speaks against each distinct account outside.
    accounts: HashMap<u32, Option<Doubt>>,
    audience: u64,
    crossed_ms: Option<i64>,
    audience_on_record: bool,
}

impl Spread {
    /// Adds an interaction. True when the message reaches an audience with it;
    /// once true, never again.
    pub fn record(&mut self, interaction: &Interaction) -> bool {
        if interaction.is_member {
            self.inside += 1;
        } else {
            self.outside += 1;
            self.meet(interaction);
        }
        let crosses = self.circle() == Circle::Audience && !self.audience_on_record;
        if crosses {
            self.audience_on_record = true;
            self.crossed_ms = Some(interaction.time_ms);
        }
        crosses
    }

    fn meet(&mut self, interaction: &Interaction) {
        if self.accounts.contains_key(&interaction.account) || self.accounts.len() >= ACCOUNTS_MAX {
            return;
        }
        self.audience += u64::from(interaction.doubt.is_none());
        self.accounts.insert(interaction.account, interaction.doubt);
    }

    /// Accounts outside that nothing speaks against.
    pub const fn audience(&self) -> u64 {
        self.audience
    }

    /// Accounts outside that are not counted as the audience.
    pub fn left_out(&self) -> LeftOut {
        LeftOut::of(self.accounts.values().copied().flatten())
    }

    /// How far the message has come.
    pub fn circle(&self) -> Circle {
        let all = self.inside + self.outside;
        if all < INTERACTIONS_MIN {
            Circle::TooFew
        } else if self.audience >= AUDIENCE_MIN {
            Circle::Audience
        } else if (self.outside as f64) < OWN_CIRCLE_SHARE * all as f64 {
            Circle::Own
        } else {
            Circle::Mixed
        }
    }
}

/// One stretch of time of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpreadPoint {
    /// Beginning, milliseconds.
    pub from_ms: i64,
    /// Interactions of members in it.
    pub inside: u32,
    /// Others in it.
    pub outside: u32,
    /// Share of others among all up to its end, with interval.
    pub outside_so_far: Interval,
}

/// One of the first who carried the message out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amplifier {
    /// Who.
    pub account: u32,
    /// When, milliseconds.
    pub time_ms: i64,
    /// Followers, if known.
    pub followers: Option<u64>,
    /// Interactions from outside that came later; after it, not because of it.
    pub outside_after: u64,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakout {
    /// How far it has come.
    pub circle: Circle,
    /// Interactions of members.
    pub inside: u64,
    /// Others.
    pub outside: u64,
    /// Accounts outside that nothing speaks against, count.
    pub audience: u64,
    /// Accounts outside that are not counted as the audience.
    pub left_out: LeftOut,
    /// When it reached an audience.
    pub crossed_ms: Option<i64>,
    /// The curve, at most [`POINTS_MAX`] points.
    pub points: Vec<SpreadPoint>,
    /// Change of the weekly share from outside per week; `None` with too few weeks.
    pub weekly_slope: Option<f64>,
    /// The first who carried it out, at most [`AMPLIFIERS_MAX`].
    pub amplifiers: Vec<Amplifier>,
}

/// Follows a message. The interactions are put in order of time first.
pub fn breakout(interactions: &[Interaction]) -> Breakout {
    let mut ordered = interactions.to_vec();
    ordered.sort_by_key(|one| (one.time_ms, one.account, one.is_member, one.carries));
    let mut spread = Spread::default();
    for interaction in &ordered {
        spread.record(interaction);
    }
    Breakout {
        circle: spread.circle(),
        inside: spread.inside,
        outside: spread.outside,
        audience: spread.audience(),
        left_out: spread.left_out(),
        crossed_ms: spread.crossed_ms,
        points: points(&ordered),
        weekly_slope: weekly_slope(&ordered),
        amplifiers: amplifiers(&ordered),
    }
}

/// Inside and outside by stretches of `step_ms` since the first; empty stretches are left out.
fn stretches(ordered: &[Interaction], step_ms: i64) -> Vec<(i64, u32, u32)> {
    let first = ordered.first().map_or(0, |one| one.time_ms);
    let number = |one: &Interaction| one.time_ms.saturating_sub(first) / step_ms;
    ordered
        .chunk_by(|one, other| number(one) == number(other))
        .map(|run| {
            let inside = run.iter().filter(|one| one.is_member).count();
            let count = |items| u32::try_from(items).unwrap_or(u32::MAX);
            (run.first().map_or(0, number), count(inside), count(run.len() - inside))
        })
        .collect()
}

fn points(ordered: &[Interaction]) -> Vec<SpreadPoint> {
    let (Some(first), Some(last)) = (ordered.first(), ordered.last()) else { return Vec::new() };
    let steps = i64::try_from(POINTS_MAX).unwrap_or(1);
    // One more than an even part, so that the last instant falls into the last stretch.
    let step_ms = last.time_ms.saturating_sub(first.time_ms) / steps + 1;
    let (mut outside_sum, mut sum) = (0.0, 0.0);
    stretches(ordered, step_ms)
        .into_iter()
        .filter_map(|(number, inside, outside)| {
            outside_sum += f64::from(outside);
            sum += f64::from(inside) + f64::from(outside);
            let from_ms = first.time_ms.saturating_add(number.saturating_mul(step_ms));
            let outside_so_far = Interval::wilson(outside_sum, sum)?;
            Some(SpreadPoint { from_ms, inside, outside, outside_so_far })
        })
        .collect()
}

/// Least squares over the weeks with enough interactions.
fn weekly_slope(ordered: &[Interaction]) -> Option<f64> {
    let weeks: Vec<(f64, f64)> = stretches(ordered, WEEK_MS)
        .into_iter()
        .filter(|(_, inside, outside)| inside.saturating_add(*outside) >= WEEK_INTERACTIONS_MIN)
        .map(|(week, inside, outside)| {
            (week as f64, f64::from(outside) / (f64::from(inside) + f64::from(outside)))
        })
        .collect();
    if weeks.len() < WEEKS_MIN {
        return None;
    }
    let n = weeks.len() as f64;
    let mean_week = weeks.iter().map(|week| week.0).sum::<f64>() / n;
    let mean_share = weeks.iter().map(|week| week.1).sum::<f64>() / n;
    let together: f64 = weeks.iter().map(|(week, share)| (week - mean_week) * (share - mean_share)).sum();
    // Above zero: at least three different weeks.
    let alone: f64 = weeks.iter().map(|(week, _)| (week - mean_week).powi(2)).sum();
    Some(together / alone)
}

fn amplifiers(ordered: &[Interaction]) -> Vec<Amplifier> {
    let mut outside_after = ordered.iter().filter(|one| !one.is_member).count() as u64;
    let mut found: Vec<Amplifier> = Vec::new();
    for one in ordered.iter().filter(|one| !one.is_member) {
        outside_after -= 1;
        if one.carries && one.doubt.is_none() && found.iter().all(|seen| seen.account != one.account) {
            let Interaction { account, time_ms, followers, .. } = *one;
            found.push(Amplifier { account, time_ms, followers, outside_after });
            if found.len() == AMPLIFIERS_MAX {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(account: u32, hour: i64, is_member: bool, doubt: Option<Doubt>) -> Interaction {
        let time_ms = hour * 3_600_000;
        Interaction { account, time_ms, is_member, carries: true, doubt, followers: None }
    }

    #[test]
    fn the_crossing_is_told_once_and_at_its_moment() {
        let mut spread = Spread::default();
        let mut crossed = Vec::new();
        for number in 0..60 {
            if spread.record(&act(number, i64::from(number), number < 20, None)) {
                crossed.push(number);
            }
        }
        assert_eq!(crossed, [39]);
        let all: Vec<_> = (0..60).map(|number| act(number, i64::from(number), number < 20, None)).collect();
        let found = breakout(&all);
        assert_eq!((found.circle, found.crossed_ms), (Circle::Audience, Some(39 * 3_600_000)));
        assert_eq!(found.amplifiers.first().map(|one| (one.account, one.outside_after)), Some((20, 39)));
        assert_eq!(found.amplifiers.len(), AMPLIFIERS_MAX);
    }

    #[test]
    fn the_order_given_does_not_matter() {
        let mut all: Vec<_> =
            (0..60).map(|number| act(number, i64::from(number % 7), number % 3 == 0, None)).collect();
        let found = breakout(&all);
        all.reverse();
        assert_eq!(breakout(&all), found);
    }

    #[test]
    fn few_and_own() {
        let few: Vec<_> = (0..19).map(|number| act(number, 0, false, None)).collect();
        assert_eq!(breakout(&few).circle, Circle::TooFew);
        let own: Vec<_> = (0..100).map(|number| act(number, 0, number > 3, None)).collect();
        assert_eq!(breakout(&own).circle, Circle::Own);
        let mixed: Vec<_> = (0..100).map(|number| act(number, 0, number > 9, None)).collect();
        assert_eq!(breakout(&mixed).circle, Circle::Mixed);
        assert_eq!(breakout(&[]).circle, Circle::TooFew);
        assert!(breakout(&[]).points.is_empty());
    }

    #[test]
    fn one_busy_outsider_is_no_audience() {
        let busy: Vec<_> = (0..100).map(|number| act(7, number, number < 10, None)).collect();
        let found = breakout(&busy);
        assert_eq!((found.audience, found.outside, found.circle), (1, 90, Circle::Mixed));
    }

    #[test]
    fn whom_something_speaks_against_is_counted_apart_and_the_share_stays() {
        let mut all: Vec<_> =
            (0..60).map(|number| act(number, i64::from(number), number < 20, None)).collect();
        let free = breakout(&all);
        for (number, one) in all.iter_mut().enumerate().skip(20) {
            one.doubt = Doubt::ALL.get(number % 4).copied();
        }
        let found = breakout(&all);
        assert_eq!((found.audience, found.circle), (10, Circle::Mixed));
        assert_eq!(found.left_out, LeftOut { coordinated: 10, copied: 10, inactive: 10 });
        assert_eq!((found.outside, &found.points), (free.outside, &free.points));
        assert!(found.amplifiers.iter().all(|one| one.account % 4 == 3), "{:?}", found.amplifiers);
        // Ten more that nothing speaks against, and it has its audience with the last of them.
        all.extend((60..70).map(|number| act(number, i64::from(number), false, None)));
        let found = breakout(&all);
        assert_eq!((found.circle, found.crossed_ms), (Circle::Audience, Some(69 * 3_600_000)));
    }

    #[test]
    fn what_speaks_against_an_account() {
        use model::Strength;
        let doubt = |group, quiet_days, is_copied| {
            doubt_of(&Engager { interactions: 1, group, quiet_days }, is_copied)
        };
        assert_eq!(doubt(Some(Strength::Possible), Some(0), true), Some(Doubt::Coordinated));
        assert_eq!(doubt(Some(Strength::WeakSignal), Some(0), false), None);
        assert_eq!(doubt(None, Some(400), true), Some(Doubt::Copied));
        assert_eq!(doubt(None, Some(90), false), Some(Doubt::Inactive));
        assert_eq!((doubt(None, Some(89), false), doubt(None, None, false)), (None, None));
    }

    #[test]
    fn the_trend_of_the_weeks() {
        let mut all = Vec::new();
        for week in 0..4i64 {
            for number in 0..10u32 {
                all.push(act(number, week * 168, i64::from(number) >= 2 * week, None));
            }
        }
        let slope = breakout(&all).weekly_slope.unwrap();
        assert!((slope - 0.2).abs() < 1e-9, "{slope}");
        assert_eq!(breakout(&all[..20]).weekly_slope, None);
    }

    #[test]
    fn the_curve_is_bounded_and_complete() {
        let all: Vec<_> =
            (0..1_000).map(|number| act(number, i64::from(number), number % 4 == 0, None)).collect();
        let found = breakout(&all);
        assert!(found.points.len() <= POINTS_MAX, "{}", found.points.len());
        assert_eq!(found.points.iter().map(|point| point.inside + point.outside).sum::<u32>(), 1_000);
        let last = found.points.last().unwrap().outside_so_far;
        assert!((last.share - 0.75).abs() < 1e-9 && last.low < 0.75 && last.high > 0.75);
        let forged = [act(1, i64::MIN / 3_600_000, false, None), act(2, i64::MAX / 3_600_000, false, None)];
        assert_eq!(breakout(&forged).outside, 2);
    }
}
