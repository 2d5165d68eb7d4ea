//! Which accounts look as if one hand had made them: candidates, never groups.
//!
//! In: accounts with handle and day of creation, as far as known. Out: sets of
//! accounts with one name but for digits, or made within few days. Whether they
//! act together is to be asked of what they do, which had no part in this.
//! Errors: none; what is not known suggests nothing. Deterministic.
//! Cost: one look at each account, then O(n log n); 24 bytes an account.
//! Source: creation dates and names as common marks of false accounts, see
//! [`super::arrivals`] and [`super::names`]; a scan of counts with the year
//! around as population at risk, after Kulldorff 1997.
//! Limits: [`KIN_MAX`] accounts of a set (more are a wave of the whole network
//! or a common first name), [`NAMES_MAX`] and [`BURSTS_MAX`] sets.

use super::names::{STEM_CHARS_MIN, stem};
use super::tails::ln_poisson_tail;
use crate::hashing::hash_bytes;

/// Accounts of a set, at least: fewer share a name or a day by chance.
pub const KIN_MIN: usize = 5;
/// Accounts of a set, at most.
pub const KIN_MAX: usize = 400;
/// Sets by name, the longest names with the most accounts first.
pub const NAMES_MAX: usize = 500;
/// Sets by creation, the least likely first.
pub const BURSTS_MAX: usize = 100;
/// Lengths of a burst, days.
const BURST_DAYS: [i32; 3] = [1, 3, 7];
/// Days before and after a burst that say what is usual.
const AROUND_DAYS: i32 = 180;
/// Days beside a burst that say nothing: it may have no sharp edge.
const EDGE_DAYS: i32 = 7;
/// Highest chance of a burst, over all that were looked at.
const BURST_P_MAX: f64 = 0.01;
/// Keeps the hash of names apart from other hashes.
const NAME_SEED: u64 = 0x5851_f42d_4c95_7f2d;

/// What is known of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its number.
    pub account: u32,
    /// Its handle.
    pub handle: Option<String>,
    /// Day of creation, since 1970.
    pub day: Option<i32>,
}

/// The sets of look-alike accounts, each rising: by name, then by creation.
pub fn kin(accounts: impl Iterator<Item = Made>) -> Vec<Vec<u32>> {
    let (mut named, mut made) = (Vec::new(), Vec::new());
    for Made { account, handle, day } in accounts {
        made.extend(day.map(|day| (day, account)));
        let stem = handle.map(|handle| stem(&handle)).unwrap_or_default();
        let letters = stem.chars().count();
        if let (true, Ok(letters)) = (letters >= STEM_CHARS_MIN, u32::try_from(letters)) {
            named.push(Named { hash: hash_bytes(NAME_SEED, stem.as_bytes()), letters, account });
        }
    }
    let mut found = by_name(named);
    found.extend(by_creation(made));
    found
}

/// The name of an account without digits and signs at its end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    hash: u64,
    letters: u32,
    account: u32,
}

fn by_name(mut named: Vec<Named>) -> Vec<Vec<u32>> {
    named.sort_unstable();
    let families = named.chunk_by(|one, other| one.hash == other.hash);
    let mut families: Vec<&[Named]> =
        families.filter(|family| (KIN_MIN..=KIN_MAX).contains(&family.len())).collect();
    let weight =
        |family: &[Named]| family.first().map_or(0, |named| named.letters as usize * (family.len() - 1));
    families.sort_by(|one, two| weight(two).cmp(&weight(one)).then_with(|| one.cmp(two)));
    families.truncate(NAMES_MAX);
    families.into_iter().map(|family| family.iter().map(|named| named.account).collect()).collect()
}

/// A stretch of days in which more accounts were made than around it.
struct Burst {
    ln_p: f64,
    from: i32,
    days: i32,
}

fn by_creation(mut made: Vec<(i32, u32)>) -> Vec<Vec<u32>> {
    made.sort_unstable();
    let (Some(&(first, _)), Some(&(last, _))) = (made.first(), made.last()) else { return Vec::new() };
    let within = |from: i32, end: i32| {
        let until = |day: i32| made.partition_point(|(made, _)| *made < day);
        until(from)..until(end).max(until(from))
    };
    let mut starts: Vec<i32> = made.iter().map(|(day, _)| *day).collect();
    starts.dedup();
    let looked_at = (starts.len() * BURST_DAYS.len()) as f64;
    let mut bursts = Vec::new();
    for &from in &starts {
        for days in BURST_DAYS {
            let end = from.saturating_add(days);
            let then = within(from, end).len();
            if !(KIN_MIN..=KIN_MAX).contains(&then) {
                continue;
            }
            // So many days beside it: before the first account and after the last nothing is known.
            let wider = |by: i32| (from.saturating_sub(by).max(first), end.saturating_add(by).min(last));
            let (near, far) = (wider(EDGE_DAYS), wider(AROUND_DAYS));
            let beside = f64::from(far.1) - f64::from(far.0) - (f64::from(near.1) - f64::from(near.0));
            // One is added: of a year in which nobody came nothing is certain.
            let around = 1 + within(far.0, far.1).len() - within(near.0, near.1).len();
            let usual = around as f64 / beside.max(1.0) * f64::from(days);
            let ln_p = ln_poisson_tail(then, usual) + looked_at.ln();
            if ln_p <= BURST_P_MAX.ln() {
                bursts.push(Burst { ln_p, from, days });
            }
        }
    }
    bursts.sort_by(|one, two| one.ln_p.total_cmp(&two.ln_p).then(one.from.cmp(&two.from)));
    let mut found: Vec<(i32, i32)> = Vec::new();
    for Burst { from, days, .. } in bursts {
        let end = from.saturating_add(days);
        let is_apart = |(start, past): &(i32, i32)| end <= *start || *past <= from;
        if found.len() < BURSTS_MAX && found.iter().all(is_apart) {
            found.push((from, end));
        }
    }
    let accounts = |(from, end): (i32, i32)| {
        let within = made.get(within(from, end)).unwrap_or_default();
        let mut accounts: Vec<u32> = within.iter().map(|(_, account)| *account).collect();
        accounts.sort_unstable();
        accounts
    };
    found.into_iter().map(accounts).collect()
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    /// `count` accounts made on days spread over ten years, from number `first`.
    fn crowd(first: u32, count: u32) -> Vec<Made> {
        let mut dice = Dice::new(3);
        let day = |dice: &mut Dice| i32::try_from(10_000 + dice.below(3_650)).unwrap();
        (first..first + count)
            .map(|account| Made { account, handle: None, day: Some(day(&mut dice)) })
            .collect()
    }

    #[test]
    fn one_name_with_numbers_is_a_set() {
        let handles: Vec<String> = (0..30).map(|number| format!("VozDelPueblo{number:02}")).collect();
        let mut accounts: Vec<Made> = (0..)
            .zip(&handles)
            .map(|(account, handle)| Made { account, handle: Some(handle.into()), day: None })
            .collect();
        let others = ["ana1", "ana2", "ana3", "ana4", "ana5", "ana6", "marta_1", "marta_2", "soledad"];
        accounts.extend((100..).zip(others).map(|(account, handle)| Made {
            account,
            handle: Some(handle.into()),
            day: None,
        }));
        let found = kin(accounts.iter().cloned());
        assert_eq!(found, [(0..30).collect::<Vec<u32>>()], "three letters and two of a name are nothing");
    }

    #[test]
    fn a_burst_is_a_set_and_a_steady_stream_is_none() {
        let mut accounts = crowd(0, 20_000);
        assert!(kin(accounts.iter().cloned()).is_empty(), "chance");
        accounts.extend((0..25).map(|one| {
            let day = 12_000 + i32::try_from(one % 3).unwrap();
            Made { account: 30_000 + one, handle: None, day: Some(day) }
        }));
        let found = kin(accounts.iter().cloned());
        assert_eq!(found.len(), 1, "{found:?}");
        let planted = found[0].iter().filter(|one| **one >= 30_000).count();
        assert!(planted == 25 && found[0].len() < 60, "{found:?}");
    }

    #[test]
    fn a_wave_of_the_network_is_no_set() {
        let mut accounts = crowd(0, 2_000);
        accounts.extend((0..500).map(|one| Made { account: 5_000 + one, handle: None, day: Some(11_000) }));
        assert!(kin(accounts.into_iter()).is_empty());
    }

    #[test]
    fn of_nothing_and_of_the_ends_of_time_nothing_comes() {
        assert!(kin([].into_iter()).is_empty());
        let ends = [i32::MIN, i32::MAX, i32::MAX - 1, 0];
        let accounts: Vec<Made> = (0..40)
            .map(|one| Made { account: one, handle: None, day: Some(ends[one as usize % 4]) })
            .collect();
        assert!(kin(accounts.into_iter()).iter().all(|set| set.len() >= KIN_MIN));
    }
}
