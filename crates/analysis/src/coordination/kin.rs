//! Which accounts look as if one hand had made them: candidates, never groups.
//!
//! In: accounts with handle and day of creation, as far as known. Out: sets of
//! [`Kin`]: one name with differences, or made within few days. Whether they
//! act together is to be asked of what they do, which had no part in this.
//! Errors: none; what is not known suggests nothing. Deterministic.
//! Cost: O(n log n); 24 bytes an account.
//! Source: creation dates and names as common marks of false accounts, see
//! [`super::arrivals`] and [`super::names`]; a scan of counts with the year
//! around as population at risk, after Kulldorff 1997.
//! Limits: [`KIN_MAX`] accounts of a set (more are a wave of the whole network
//! or a common first name), [`NAMES_MAX`] and [`BURSTS_MAX`] sets.

use super::names::{STEM_CHARS_MIN, stem};
use super::tails::ln_poisson_tail;
use crate::hashing::hash_bytes;
use std::borrow::Cow;
use std::collections::HashMap;

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
pub struct Made<'a> {
    /// Its number.
    pub account: u32,
    /// Its handle.
    pub handle: Option<Cow<'a, str>>,
    /// Day of creation, since 1970.
    pub day: Option<i32>,
}

/// What accounts of a set have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Likeness {
    /// Their handles without digits and signs at the end.
    Name(String),
    /// The days within which they were made.
    Days {
        /// The first, since 1970.
        from: i32,
        /// How many.
        days: i32,
    },
}

/// Accounts that look alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kin {
    /// In what.
    pub likeness: Likeness,
    /// The accounts, rising.
    pub members: Vec<u32>,
}

/// The sets of look-alike accounts; what is known of them is asked for three times.
pub fn kin<'a>(accounts: impl Iterator<Item = Made<'a>> + Clone) -> Vec<Kin> {
    let mut found = by_name(accounts.clone());
    found.extend(by_creation(accounts));
    found
}

fn by_name<'a>(accounts: impl Iterator<Item = Made<'a>> + Clone) -> Vec<Kin> {
    let named = accounts.clone().filter_map(|made| {
        let stem = stem(&made.handle?);
        let letters = stem.chars().count();
        (letters >= STEM_CHARS_MIN).then(|| (hash_bytes(NAME_SEED, stem.as_bytes()), letters, made.account))
    });
    let mut named: Vec<(u64, u32, u32)> =
        named.map(|(hash, letters, account)| (hash, letters as u32, account)).collect();
    named.sort_unstable();
    let families = named.chunk_by(|one, other| one.0 == other.0);
    let mut families: Vec<&[(u64, u32, u32)]> =
        families.filter(|family| (KIN_MIN..=KIN_MAX).contains(&family.len())).collect();
    let weight = |family: &[(u64, u32, u32)]| {
        family.first().map_or(0, |(_, letters, _)| *letters as usize * (family.len() - 1))
    };
    families.sort_by(|one, two| weight(two).cmp(&weight(one)).then_with(|| one.cmp(two)));
    families.truncate(NAMES_MAX);
    // The hash was kept in place of the name: the first of each set has it.
    let first: HashMap<u32, usize> =
        (0..).zip(&families).filter_map(|(at, family)| Some((family.first()?.2, at))).collect();
    let mut found: Vec<Kin> = families
        .iter()
        .map(|family| {
            let members = family.iter().map(|(_, _, account)| *account).collect();
            Kin { likeness: Likeness::Name(String::new()), members }
        })
        .collect();
    for made in accounts {
        let kin = first.get(&made.account).and_then(|at| found.get_mut(*at));
        if let (Some(kin), Some(handle)) = (kin, made.handle) {
            kin.likeness = Likeness::Name(stem(&handle));
        }
    }
    found
}

/// A stretch of days in which more accounts were made than around it.
struct Burst {
    ln_p: f64,
    from: i32,
    days: i32,
}

fn by_creation<'a>(accounts: impl Iterator<Item = Made<'a>>) -> Vec<Kin> {
    let mut made: Vec<(i32, u32)> = accounts.filter_map(|made| Some((made.day?, made.account))).collect();
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
    let mut found: Vec<(i32, Kin)> = Vec::new();
    for Burst { from, days, .. } in bursts {
        let end = from.saturating_add(days);
        let is_apart = |(start, kin): &(i32, Kin)| {
            let Likeness::Days { days, .. } = kin.likeness else { return true };
            end <= *start || start.saturating_add(days) <= from
        };
        if found.len() == BURSTS_MAX || !found.iter().all(is_apart) {
            continue;
        }
        let mut members: Vec<u32> =
            made.get(within(from, end)).unwrap_or_default().iter().map(|(_, account)| *account).collect();
        members.sort_unstable();
        found.push((from, Kin { likeness: Likeness::Days { from, days }, members }));
    }
    found.into_iter().map(|(_, kin)| kin).collect()
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::*;

    /// `count` accounts made on days spread over ten years, from number `first`.
    fn crowd(first: u32, count: u32) -> Vec<Made<'static>> {
        let mut dice = Dice::new(3);
        let day = |dice: &mut Dice| i32::try_from(10_000 + dice.below(3_650)).unwrap();
        (first..first + count)
            .map(|account| Made { account, handle: None, day: Some(day(&mut dice)) })
            .collect()
    }

    #[test]
    fn one_name_with_numbers_is_a_set() {
        let handles: Vec<String> = (0..30).map(|number| format!("VozDelPueblo{number:02}")).collect();
        let mut accounts: Vec<Made<'_>> = (0..)
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
        assert_eq!(found.len(), 1, "three letters and two of a name are nothing: {found:?}");
        assert_eq!(found[0].likeness, Likeness::Name("vozdelpueblo".to_owned()));
        assert_eq!(found[0].members, (0..30).collect::<Vec<u32>>());
    }

    #[test]
    fn a_burst_is_a_set_and_a_steady_stream_is_none() {
        let mut accounts = crowd(0, 20_000);
        assert_eq!(kin(accounts.iter().cloned()), [], "chance");
        accounts.extend((0..25).map(|one| {
            let day = 12_000 + i32::try_from(one % 3).unwrap();
            Made { account: 30_000 + one, handle: None, day: Some(day) }
        }));
        let found = kin(accounts.iter().cloned());
        assert_eq!(found.len(), 1, "{found:?}");
        let planted = found[0].members.iter().filter(|one| **one >= 30_000).count();
        assert!(planted == 25 && found[0].members.len() < 60, "{found:?}");
    }

    #[test]
    fn a_wave_of_the_network_is_no_set() {
        let mut accounts = crowd(0, 2_000);
        accounts.extend((0..500).map(|one| Made { account: 5_000 + one, handle: None, day: Some(11_000) }));
        assert_eq!(kin(accounts.iter().cloned()), []);
    }

    #[test]
    fn of_nothing_and_of_the_ends_of_time_nothing_comes() {
        assert_eq!(kin([].into_iter()), []);
        let ends = [i32::MIN, i32::MAX, i32::MAX - 1, 0];
        let accounts: Vec<Made<'_>> = (0..40)
            .map(|one| Made { account: one, handle: None, day: Some(ends[one as usize % 4]) })
            .collect();
        assert!(kin(accounts.iter().cloned()).iter().all(|kin| kin.members.len() >= KIN_MIN));
    }
}
