//! Groups that come back under other names: what a group has in common with earlier ones.
//!
//! In: the [`Print`] of a group and of earlier groups. Out: those that it
//! resembles, with a score and each number that matched.
//! Errors: none. Cost: one walk over both sorted lists per earlier group.
//! Source: overlap coefficient (Szymkiewicz–Simpson); popular objects weigh
//! 1/ln(5 + popularity) (Hooi et al. 2016, FRAUDAR).
//! Limits: the score orders; it is no probability. Without shared accounts two
//! groups are at most alike in their ways, whatever the score.

use super::measured::{Fact, Measured};
use super::names::shared_names;

/// Score from which a group is shown beside an earlier one.
pub const SCORE_MIN: f64 = 0.3;
/// Weight of shared accounts: they are the same accounts, whatever their names.
pub const MEMBERS_WEIGHT: f64 = 1.0;
/// Weight of shared objects.
pub const OBJECTS_WEIGHT: f64 = 0.6;
/// Weight of look-alike names.
pub const NAMES_WEIGHT: f64 = 0.5;
/// Weight of shared patrons and targets.
pub const AIMS_WEIGHT: f64 = 0.3;
/// Items of a kind that a group needs to be compared by it.
pub const ITEMS_MIN: usize = 3;
/// Shared accounts that make it the same group.
pub const SAME_MEMBERS_MIN: f64 = 0.5;

/// What a group left behind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Print {
    /// Keys of its accounts, by native id, in any order.
    pub members: Vec<u64>,
    /// Keys of what it shared, each with the number of accounts that ever did.
    pub objects: Vec<(u64, u32)>,
    /// Handles of its accounts.
    pub handles: Vec<String>,
    /// Keys of its patrons and targets.
    pub aims: Vec<u64>,
}

/// In which sense a group came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// At least half of the smaller group's accounts are in both.
    SameAccounts,
    /// Some accounts are in both.
    SharedAccounts,
    /// No account is in both; ways, names or aims are alike.
    SameWays,
}

impl Likeness {
    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SameAccounts => "same_accounts",
            Self::SharedAccounts => "shared_accounts",
            Self::SameWays => "same_ways",
        }
    }
}

/// An earlier group that resembles the present one.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// Index of the earlier group.
    pub earlier: u32,
    /// 0…1, for ordering.
    pub score: f64,
    /// In which sense.
    pub likeness: Likeness,
    /// Share of the smaller side that is in both, by kind; not known where
    /// either side has too few.
    pub numbers: Vec<Measured>,
}

/// The earlier groups that a group resembles, the most alike first.
pub fn remember(now: &Print, earlier: &[Print]) -> Vec<Remembered> {
    let mut found: Vec<Remembered> = (0u32..)
        .zip(earlier)
        .map(|(number, before)| compare(now, before, number))
        .filter(|remembered| remembered.score >= SCORE_MIN)
        .collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.earlier.cmp(&other.earlier)));
    found
}

fn compare(now: &Print, before: &Print, earlier: u32) -> Remembered {
    let members = overlap(&weighed(&now.members), &weighed(&before.members), ITEMS_MIN);
    let objects = overlap(&by_rarity(&now.objects), &by_rarity(&before.objects), ITEMS_MIN);
    let names = alike(&now.handles, &before.handles);
    // One patron is enough to have the same one.
    let aims = overlap(&weighed(&now.aims), &weighed(&before.aims), 1);
    let kinds = [
        (Fact::SameMembers, members, MEMBERS_WEIGHT),
        (Fact::SameObjects, objects, OBJECTS_WEIGHT),
        (Fact::SameNames, names, NAMES_WEIGHT),
        (Fact::SameAims, aims, AIMS_WEIGHT),
    ];
    let different: f64 = kinds.iter().map(|(_, share, weight)| 1.0 - weight * share.unwrap_or(0.0)).product();
    let likeness = match members {
        Some(share) if share >= SAME_MEMBERS_MIN => Likeness::SameAccounts,
        Some(share) if share > 0.0 => Likeness::SharedAccounts,
        _ => Likeness::SameWays,
    };
    let numbers = kinds.iter().map(|(fact, share, _)| Measured::shown(*fact, *share)).collect();
    Remembered { earlier, score: 1.0 - different, likeness, numbers }
}

/// Sorted, each once, all of the same weight.
fn weighed(keys: &[u64]) -> Vec<(u64, f64)> {
    let mut keys: Vec<(u64, f64)> = keys.iter().map(|&key| (key, 1.0)).collect();
    keys.sort_unstable_by_key(|(key, _)| *key);
    keys.dedup_by_key(|(key, _)| *key);
    keys
}

/// Sorted, each once, what everybody shared weighing little.
fn by_rarity(objects: &[(u64, u32)]) -> Vec<(u64, f64)> {
    let mut objects = objects.to_vec();
    objects.sort_unstable();
    objects.dedup_by_key(|(key, _)| *key);
    objects.into_iter().map(|(key, accounts)| (key, 1.0 / (5.0 + f64::from(accounts)).ln())).collect()
}

/// Weight that is in both, over the smaller weight; `None` when a side has fewer than `least`.
fn overlap(one: &[(u64, f64)], other: &[(u64, f64)], least: usize) -> Option<f64> {
    if one.len().min(other.len()) < least {
        return None;
    }
    let sum = |items: &[(u64, f64)]| items.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut rest = other.iter().peekable();
    let mut both = 0.0;
    for (key, weight) in one {
        while rest.next_if(|(before, _)| before < key).is_some() {}
        // The popularity may have grown since: the smaller weight counts.
        if let Some((_, then)) = rest.next_if(|(same, _)| same == key) {
            both += weight.min(*then);
        }
    }
    Some((both / sum(one).min(sum(other))).min(1.0))
}

fn alike(now: &[String], before: &[String]) -> Option<f64> {
    let less = now.len().min(before.len());
    if less < ITEMS_MIN {
        return None;
    }
    let now: Vec<&str> = now.iter().map(String::as_str).collect();
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    // The smaller of both directions: one name of many owners is one name.
    let shared = shared_names(&now, &before).min(shared_names(&before, &now));
    Some(shared as f64 / less as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(
        members: std::ops::Range<u64>,
        objects: std::ops::Range<u64>,
        names: &[&str],
        aims: &[u64],
    ) -> Print {
        Print {
            members: members.collect(),
            objects: objects.map(|key| (key, 10)).collect(),
            handles: names.iter().map(|&name| name.to_owned()).collect(),
            aims: aims.to_vec(),
        }
    }

    const NAMES: [&str; 3] = ["patriota_1", "patriota_2", "luz_del_sur"];

    #[test]
    fn the_same_accounts_under_other_names() {
        let now = print(0..10, 100..110, &["uno_nuevo", "dos_nuevos", "tres_nuevos"], &[]);
        let before = [print(50..60, 0..10, &NAMES, &[7]), print(3..20, 0..10, &NAMES, &[7])];
        let found = remember(&now, &before);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].earlier, found[0].likeness), (1, Likeness::SameAccounts));
        assert!((found[0].score - 0.7).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn other_accounts_with_the_same_ways_are_called_so() {
        let now = print(0..10, 0..10, &["Patriota77", "patriota78", "luz_del_sur2"], &[7]);
        let found = remember(&now, &[print(50..60, 2..12, &NAMES, &[7, 8])]);
        assert_eq!(found[0].likeness, Likeness::SameWays);
        let shares: Vec<_> = found[0].numbers.iter().map(|number| number.value.unwrap()).collect();
        assert!((shares[1] - 0.8).abs() < 1e-12, "{shares:?}");
        assert_eq!((shares[0], shares[2], shares[3]), (0.0, 1.0, 1.0));
    }

    #[test]
    fn strangers_and_a_shared_patron_alone_are_not_shown() {
        let now = print(0..10, 0..10, &NAMES, &[7]);
        assert!(
            remember(&now, &[print(50..60, 50..60, &["ana_bella", "pedro_p", "otro_mas"], &[9])]).is_empty()
        );
        let only_patron = print(50..60, 50..60, &["ana_bella", "pedro_p", "otro_mas"], &[7]);
        let found = remember(&now, &[only_patron]);
        assert!(found.iter().all(|one| one.score < 0.31), "{found:?}");
        assert!(remember(&now, &[]).is_empty());
        assert!(remember(&Print::default(), &[Print::default(), now]).is_empty());
    }

    #[test]
    fn what_everybody_shares_weighs_little() {
        let with = |popular: u32| {
            let mut one = print(0..5, 0..6, &[], &[]);
            let mut other = print(10..15, 20..26, &[], &[]);
            one.objects.extend((100..104).map(|key| (key, popular)));
            other.objects.extend((100..104).map(|key| (key, popular)));
            compare(&one, &other, 0).numbers[1].value.unwrap()
        };
        assert!(with(1_000_000) < 0.7 * with(3), "{} {}", with(1_000_000), with(3));
    }

    #[test]
    fn likeness_is_mutual() {
        let one = print(0..10, 0..10, &NAMES, &[7]);
        let other = print(4..30, 5..25, &["patriota_9", "luz_del_sur", "nadie_mas"], &[7, 8]);
        let (there, back) = (compare(&one, &other, 0), compare(&other, &one, 0));
        assert_eq!(there, back);
    }

    #[test]
    fn too_few_to_compare_is_not_known() {
        let few = Print { members: vec![1, 1, 1, 2], ..Print::default() };
        assert_eq!(compare(&few, &few, 0).numbers[0].value, None);
    }
}
