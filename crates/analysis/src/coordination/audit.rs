//! How much of a campaign's engagement is organic, coordinated or inactive.
//!
//! In: the accounts that engaged with a campaign, each with its interactions
//! and what is known of it. Out: shares of accounts and of interactions with
//! 95 % intervals, and how far they would move if all that is unknown were
//! organic or coordinated. Errors: none. Cost: one pass.
//! Source: Wilson 1927; ratio estimator of cluster sampling (Cochran 1977,
//! chapter 6), turned into an effective number for Wilson's interval.
//! Limits: the intervals take the accounts as a random sample of those that
//! engage; they do not hold the errors of the method that found the groups.

use super::measured::{Interval, Z_95};
use model::Strength;

/// Days without a sign of its own after which an account is inactive.
pub const INACTIVE_DAYS: u32 = 90;
/// Accounts below which no share is given.
pub const ACCOUNTS_MIN: u32 = 30;

/// One account that engaged with the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Engager {
    /// Its interactions with the campaign, count, at least one.
    pub interactions: u32,
    /// Word of the strongest group it belongs to; `None` when it belongs to none.
    pub group: Option<Strength>,
    /// Days since it last did anything outside the campaign; `None` when unknown.
    pub quiet_days: Option<u32>,
}

/// What an engager is counted as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EngagerClass {
    /// No sign of coordination, and a life outside the campaign.
    Organic,
    /// Member of a group that is at least possible.
    Coordinated,
    /// No sign of life outside the campaign for [`INACTIVE_DAYS`].
    Inactive,
    /// Too little is known.
    Unknown,
}

impl EngagerClass {
    /// Every class, in the order of [`Audit::classes`].
    pub const ALL: [Self; 4] = [Self::Organic, Self::Coordinated, Self::Inactive, Self::Unknown];

    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organic => "organic",
            Self::Coordinated => "coordinated",
            Self::Inactive => "inactive",
            Self::Unknown => "unknown",
        }
    }

    /// The class of an engager. A weak signal is no group.
    pub fn of(engager: &Engager) -> Self {
        if engager.group.is_some_and(|strength| strength >= Strength::Possible) {
            return Self::Coordinated;
        }
        match engager.quiet_days {
            Some(days) if days >= INACTIVE_DAYS => Self::Inactive,
            Some(_) => Self::Organic,
            None => Self::Unknown,
        }
    }
}

/// One class among the engagers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassShare {
    /// Which.
    pub class: EngagerClass,
    /// Accounts, count.
    pub accounts: u64,
    /// Their interactions, count.
    pub interactions: u64,
    /// Share of the accounts; `None` below [`ACCOUNTS_MIN`] accounts.
    pub share_of_accounts: Option<Interval>,
    /// Share of the interactions, whose interval takes each account's as one draw.
    pub share_of_interactions: Option<Interval>,
    /// Share of the interactions if all that is unknown were of this class.
    pub share_at_most: Option<f64>,
}

/// Who is behind a campaign's engagement.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Accounts, count.
    pub accounts: u64,
    /// Interactions, count.
    pub interactions: u64,
    /// Each class, in the order of [`EngagerClass::ALL`].
    pub classes: Vec<ClassShare>,
}

/// Audits the engagers of a campaign.
pub fn audit(engagers: &[Engager]) -> Audit {
    let interactions: u64 = engagers.iter().map(|one| u64::from(one.interactions)).sum();
    let unknown = sum_of(engagers, EngagerClass::Unknown);
    let accounts = engagers.len() as u64;
    let enough = accounts >= u64::from(ACCOUNTS_MIN) && interactions > 0;
    let classes = EngagerClass::ALL
        .into_iter()
        .map(|class| {
            let own = engagers.iter().filter(|one| EngagerClass::of(one) == class).count() as u64;
            let done = sum_of(engagers, class);
            let at_most = if class == EngagerClass::Unknown { done } else { done + unknown };
            ClassShare {
                class,
                accounts: own,
                interactions: done,
                share_of_accounts: Interval::wilson(own as f64, accounts as f64).filter(|_| enough),
                share_of_interactions: of_interactions(engagers, class).filter(|_| enough),
                share_at_most: enough.then(|| at_most as f64 / interactions as f64),
            }
        })
        .collect();
    Audit { accounts, interactions, classes }
}

fn sum_of(engagers: &[Engager], class: EngagerClass) -> u64 {
    engagers.iter().filter(|one| EngagerClass::of(one) == class).map(|one| u64::from(one.interactions)).sum()
}

/// The ratio of the class's interactions with the interval of a cluster sample.
fn of_interactions(engagers: &[Engager], class: EngagerClass) -> Option<Interval> {
    let n = engagers.len() as f64;
    let all: f64 = engagers.iter().map(|one| f64::from(one.interactions)).sum();
    let ratio = sum_of(engagers, class) as f64 / all;
    let squares: f64 = engagers
        .iter()
        .map(|one| {
            let own = if EngagerClass::of(one) == class { 1.0 } else { 0.0 };
            (f64::from(one.interactions) * (own - ratio)).powi(2)
        })
        .sum();
    let variance = n / (n - 1.0) * squares / (all * all);
    // As many independent interactions as would vary as much. When all or none
    // are of the class nothing varies: then what the sizes alone leave (Kish).
    let sizes: f64 = engagers.iter().map(|one| f64::from(one.interactions).powi(2)).sum();
    let kish = all * all / sizes;
    let effective = if variance > 0.0 { (ratio * (1.0 - ratio) / variance).min(n) } else { kish };
    let effective = effective.max(Z_95.recip());
    Interval::wilson(ratio * effective, effective)
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    fn engager(interactions: u32, group: Option<Strength>, quiet_days: Option<u32>) -> Engager {
        Engager { interactions, group, quiet_days }
    }

    fn share(audit: &Audit, class: EngagerClass) -> ClassShare {
        *audit.classes.iter().find(|one| one.class == class).unwrap()
    }

    #[test]
    fn classes() {
        let class = |group, days| EngagerClass::of(&engager(1, group, days));
        assert_eq!(class(Some(Strength::Possible), None), EngagerClass::Coordinated);
        assert_eq!(class(Some(Strength::WeakSignal), Some(0)), EngagerClass::Organic);
        assert_eq!(class(Some(Strength::WeakSignal), None), EngagerClass::Unknown);
        assert_eq!(class(None, Some(90)), EngagerClass::Inactive);
        assert_eq!(class(None, Some(89)), EngagerClass::Organic);
    }

    #[test]
    fn shares_of_accounts_and_of_interactions_differ() {
        let mut engagers = vec![engager(1, None, Some(1)); 80];
        engagers.extend(vec![engager(20, Some(Strength::Likely), Some(1)); 20]);
        let found = audit(&engagers);
        assert_eq!((found.accounts, found.interactions), (100, 480));
        let coordinated = share(&found, EngagerClass::Coordinated);
        assert_eq!(coordinated.share_of_accounts.unwrap().share, 0.2);
        let interval = coordinated.share_of_interactions.unwrap();
        assert!((interval.share - 400.0 / 480.0).abs() < 1e-12, "{interval:?}");
        // Twenty accounts, not four hundred interactions, say how sure this is.
        assert!(interval.high - interval.low > 0.1, "{interval:?}");
    }

    #[test]
    fn the_unknown_is_neither() {
        let mut engagers = vec![engager(1, None, None); 40];
        engagers.extend(vec![engager(1, None, Some(3)); 40]);
        engagers.extend(vec![engager(1, Some(Strength::Likely), None); 20]);
        let found = audit(&engagers);
        assert_eq!(share(&found, EngagerClass::Organic).share_at_most, Some(0.8));
        assert_eq!(share(&found, EngagerClass::Coordinated).share_at_most, Some(0.6));
        assert_eq!(share(&found, EngagerClass::Unknown).share_at_most, Some(0.4));
    }

    #[test]
    fn of_few_or_none_no_share_is_given() {
        for engagers in [vec![], vec![engager(1, None, Some(1)); 29], vec![engager(0, None, Some(1)); 50]] {
            let found = audit(&engagers);
            assert!(found.classes.iter().all(|one| one.share_of_accounts.is_none()));
            assert!(found.classes.iter().all(|one| one.share_of_interactions.is_none()));
        }
    }

    #[test]
    fn nobody_coordinated_still_has_an_upper_end() {
        let found = audit(&vec![engager(2, None, Some(1)); 50]);
        let interval = share(&found, EngagerClass::Coordinated).share_of_interactions.unwrap();
        assert!(interval.share == 0.0 && (0.05..0.1).contains(&interval.high), "{interval:?}");
        // One account did nearly everything: that nothing was coordinated says little.
        let mut engagers = vec![engager(1, None, Some(1)); 40];
        engagers.push(engager(10_000, None, Some(1)));
        let interval = share(&audit(&engagers), EngagerClass::Coordinated).share_of_interactions.unwrap();
        assert!(interval.high > 0.7, "{interval:?}");
    }

    /// The interval holds the truth in about 95 of 100 samples of uneven accounts.
    #[test]
    fn the_interval_covers() {
        let mut dice = Dice::new(11);
        let (mut covered, mut covered_naively) = (0, 0);
        for _ in 0..400 {
            // Coordinated accounts (30 %) do 5 interactions on average, others 2.
            let engagers: Vec<_> = (0..200)
                .map(|_| {
                    let is_coordinated = dice.unit() < 0.3;
                    let done = 1 + if is_coordinated { dice.below(9) } else { dice.below(3) };
                    engager(done, is_coordinated.then_some(Strength::Likely), Some(1))
                })
                .collect();
            let truth = 0.3 * 5.0 / (0.3 * 5.0 + 0.7 * 2.0);
            let found = audit(&engagers);
            let coordinated = share(&found, EngagerClass::Coordinated);
            let interval = coordinated.share_of_interactions.unwrap();
            let naive = Interval::wilson(coordinated.interactions as f64, found.interactions as f64).unwrap();
            covered += u32::from(interval.low <= truth && truth <= interval.high);
            covered_naively += u32::from(naive.low <= truth && truth <= naive.high);
        }
        assert!((370..=392).contains(&covered), "{covered} of 400, naively {covered_naively}");
        assert!(covered_naively < 340, "{covered_naively} of 400");
    }
}
