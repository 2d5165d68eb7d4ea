//! Groups that the accounts themselves suggest: one name with differences, or
//! made within few days. Groups that take part too seldom for any pair to stand
//! out are seen this way, because the accounts are few and are asked as one.
//!
//! In: accounts in no group, with handle and day of creation. Out: groups that
//! what they did confirms: one half of the objects says who of a set follows
//! the others, the other half whether those act together; then the halves
//! change places. Every set that is tried counts as a test.
//! Errors: those of `progress`. Cost: one pass over the actions, one over those
//! on the objects of each set, and a scan of the pairs of what was confirmed.
//! Limits: those of [`analysis::coordination::kin`]; who of a
//! set belongs together is asked of objects that others touch as well.

use crate::AppError;
use crate::coordination::detect::company::company;
use crate::coordination::detect::parts::{Part, Parts};
use crate::coordination::detect::{Basis, CONFIRMED_P_MAX, Found, Search, confirmations};
use crate::coordination::observed::Observed;
use crate::coordination::observed::people::Newest;
use analysis::coordination::kin::{Made, kin};
use analysis::coordination::{Confirmation, MEMBERS_MIN};
use model::Trace;
use model::time::DAY_MS;
use std::collections::{BTreeMap, BTreeSet};

/// Highest p at which an account of a set is taken to follow the others, on the
/// half that chooses: not low, as those who are taken are tested together, and
/// each again, on the other half.
const CHOSEN_P_MAX: f64 = 0.3;
/// The same on the half that confirms.
const MEMBER_P_MAX: f64 = 0.2;
/// Highest p of a pair that is told as a tie: the group is the evidence.
const TIE_P_MAX: f64 = 0.05;

/// The half that says who of a set belongs together, and the one that asks whether they do.
const HALVES: [(Part, Part); 2] = [(Part::First, Part::Second), (Part::Second, Part::First)];

/// What one half gave.
struct Half {
    members: BTreeSet<u32>,
    confirmations: BTreeMap<Trace, Confirmation>,
}

impl Search<'_> {
    /// Adds the groups that look-alike accounts turn out to be.
    pub(super) fn by_kin(&mut self, observed: &Observed) -> Result<(), AppError> {
        let sets = sets(observed, &self.taken());
        if sets.is_empty() {
            return Ok(());
        }
        let mut suspected: Vec<u32> = sets.concat();
        suspected.sort_unstable();
        suspected.dedup();
        self.seen.iter().for_each(|(_, parts)| parts.suspect(&suspected));
        let mut chosen = Vec::new();
        for set in &sets {
            (self.progress)((self.done / (3 * self.seen.len()) as f32).min(1.0))?;
            chosen.push(HALVES.map(|(chooses, _)| followers(set, self.seen, chooses, CHOSEN_P_MAX)));
        }
        // What chose had no part in what is tested: sets that nobody is chosen of are no test.
        let is_tested = |members: &&Vec<u32>| members.len() >= MEMBERS_MIN;
        let tests = chosen.iter().flatten().filter(is_tested).count();
        let mut found: Vec<Found> =
            chosen.into_iter().filter_map(|halves| confirmed(halves, self.seen, tests)).collect();
        // An account may be of several sets: the surest has it.
        found.sort_by(|one, two| one.p().total_cmp(&two.p()).then_with(|| one.members.cmp(&two.members)));
        let mut taken = BTreeSet::new();
        for group in &mut found {
            group.members.retain(|member| taken.insert(*member));
        }
        found.retain(|group| group.members.len() >= MEMBERS_MIN);
        self.tie(&mut found);
        self.detection.groups.extend(found);
        Ok(())
    }

    /// Gives some groups the pairs of their members that met more often than chance.
    fn tie(&self, groups: &mut [Found]) {
        let pairs_of = |group: &Found| {
            let mut members = group.members.clone();
            members.sort_unstable();
            let after = |at: usize| members.get(at + 1..).unwrap_or_default().to_vec();
            let pairs = members.iter().enumerate();
            pairs.flat_map(|(at, one)| after(at).into_iter().map(|other| (*one, other))).collect::<Vec<_>>()
        };
        let all: Vec<(u32, u32)> = groups.iter().flat_map(pairs_of).collect();
        if all.is_empty() {
            return;
        }
        let group_of: BTreeMap<u32, usize> = (0..)
            .zip(groups.iter())
            .flat_map(|(at, group)| group.members.iter().map(move |member| (*member, at)))
            .collect();
        for (_, parts) in self.seen {
            for tie in parts.ties_of(&all, self.accounts, TIE_P_MAX) {
                let group = group_of.get(&tie.pair.a).and_then(|at| groups.get_mut(*at));
                group.into_iter().for_each(|group| group.ties.push(tie));
            }
        }
        for group in groups {
            let mut ties_of: BTreeMap<u32, u32> = BTreeMap::new();
            let tied: BTreeSet<(u32, u32)> = group.ties.iter().map(|tie| (tie.pair.a, tie.pair.b)).collect();
            for account in tied.iter().flat_map(|(a, b)| [*a, *b]) {
                *ties_of.entry(account).or_default() += 1;
            }
            let ties = |member: &u32| ties_of.get(member).copied().unwrap_or(0);
            group.members.sort_by(|one, two| ties(two).cmp(&ties(one)).then(one.cmp(two)));
        }
    }
}

/// The sets of look-alike accounts that are in no group (`taken`, rising).
fn sets(observed: &Observed, taken: &[u32]) -> Vec<Vec<u32>> {
    let free = (0..observed.accounts.len()).filter(|account| taken.binary_search(account).is_err());
    let made = |account: u32| {
        let Newest { created_at, handle } = observed.newest(account);
        let day = created_at.and_then(|at| i32::try_from(at.millis().div_euclid(DAY_MS)).ok());
        Made { account, handle, day }
    };
    kin(free.map(made))
}

/// The group that those chosen by either half of a set turn out to be, if the
/// other half confirms it; `tests` are all that are made.
fn confirmed(chosen: [Vec<u32>; 2], seen: &[(Trace, Parts<'_>)], tests: usize) -> Option<Found> {
    let halves: Vec<Half> = chosen
        .into_iter()
        .zip(HALVES)
        .filter_map(|(members, (_, confirms))| half(&members, seen, confirms, tests))
        .collect();
    let members: BTreeSet<u32> = halves.iter().flat_map(|half| half.members.iter().copied()).collect();
    let in_all = members.iter().filter(|one| halves.iter().all(|half| half.members.contains(one))).count();
    let stability = if halves.len() == HALVES.len() { in_all as f32 / members.len() as f32 } else { 0.0 };
    let mut confirmations: BTreeMap<Trace, Confirmation> = BTreeMap::new();
    for (trace, found) in halves.into_iter().flat_map(|half| half.confirmations) {
        let best = confirmations.entry(trace).or_insert(found);
        if found.p < best.p {
            *best = found;
        }
    }
    (!members.is_empty()).then(|| Found {
        basis: Basis::Kin,
        members: members.into_iter().collect(),
        ties: Vec::new(),
        stability,
        confirmations,
        copied: Vec::new(),
    })
}

/// What a half says of those whom the other chose.
fn half(members: &[u32], seen: &[(Trace, Parts<'_>)], confirms: Part, tests: usize) -> Option<Half> {
    if members.len() < MEMBERS_MIN {
        return None;
    }
    let mut confirmations = confirmations(members, seen, confirms, Basis::Kin);
    for found in confirmations.values_mut() {
        found.p = (found.p * tests as f64).min(1.0);
    }
    let tries = confirmations.len() as f64;
    confirmations.values().any(|found| found.p * tries <= CONFIRMED_P_MAX).then_some(())?;
    let members: BTreeSet<u32> = followers(members, seen, confirms, MEMBER_P_MAX).into_iter().collect();
    (members.len() >= MEMBERS_MIN).then_some(Half { members, confirmations })
}

/// Those of some accounts (rising) that follow the others on the objects of a part.
fn followers(members: &[u32], seen: &[(Trace, Parts<'_>)], part: Part, p_max: f64) -> Vec<u32> {
    let both = members.iter().zip(company(members, seen, part));
    both.filter(|(_, p)| p.is_some_and(|p| p <= p_max)).map(|(member, _)| *member).collect()
}
