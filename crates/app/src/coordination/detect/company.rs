//! Who of a suggested group is no member: who does not follow the others, and
//! whom they follow.
//!
//! In: a group and the part that did not suggest it. Out: accounts. Errors:
//! none. Cost: one pass over the actions on the group's objects.
//! Limits: where only members acted nothing is known, and nobody is left out.

use crate::coordination::detect::parts::{CORE, Part, Parts};
use crate::coordination::detect::{Basis, Copied, Found, Tie};
use analysis::coordination::following;
use model::Trace;
use std::collections::{BTreeMap, BTreeSet};

/// Highest p at which an account is taken to follow the others. Not low: that
/// the group acts together is confirmed apart, this asks of each who belongs.
pub const FOLLOWING_P_MAX: f64 = 0.05;
/// Share of the joint moments at which somebody is nearly always first.
pub const FIRST_SHARE_MIN: f64 = 0.7;

/// Accounts (rising) of a group that do not follow its others on the objects of
/// a part, more often than chance. Where choices suggested the group, slow
/// members are as many as quick ones: there only who was nearly always first.
pub fn strangers(group: &Found, seen: &[(Trace, Parts<'_>)], part: Part) -> Vec<u32> {
    let mut members = group.members.clone();
    members.sort_unstable();
    let orders = orders(&members, &group.ties);
    let is_stranger = |member: &u32, p: Option<f64>| {
        let led = || orders.get(member).is_some_and(Order::is_nearly_always_first);
        p.is_some_and(|p| p > FOLLOWING_P_MAX) && (group.basis == Basis::Timing || led())
    };
    let both = members.iter().zip(company(&members, seen, part));
    both.filter(|(member, p)| is_stranger(member, *p)).map(|(member, _)| *member).collect()
}

/// For each of some accounts (rising) the p at which it follows the others on
/// the objects of a part: the lowest of the traces, with as many tries counted;
/// `None` where no object could speak.
pub fn company(members: &[u32], seen: &[(Trace, Parts<'_>)], part: Part) -> Vec<Option<f64>> {
    let mut by_member: Vec<Vec<f64>> = vec![Vec::new(); members.len()];
    for (_, parts) in seen {
        let objects = parts.objects_of(part, members);
        let found = following(members, &objects.slices(), parts.settings.window_s);
        by_member.iter_mut().zip(found).for_each(|(all, one)| all.extend(one.p()));
    }
    let lowest = |p: &Vec<f64>| p.iter().copied().reduce(f64::min).map(|lowest| lowest * p.len() as f64);
    by_member.iter().map(lowest).collect()
}

/// How an account and its partners came, one after the other.
#[derive(Debug, Default)]
struct Order {
    partners: BTreeSet<u32>,
    first: u32,
    after: u32,
}

impl Order {
    fn is_nearly_always_first(&self) -> bool {
        self.first > 0 && f64::from(self.first) >= FIRST_SHARE_MIN * f64::from(self.first + self.after)
    }
}

/// The order of every account with these partners (rising).
fn orders(partners: &[u32], ties: &[Tie]) -> BTreeMap<u32, Order> {
    let mut orders: BTreeMap<u32, Order> = BTreeMap::new();
    for pair in ties.iter().map(|tie| tie.pair) {
        for (one, other, first, after) in
            [(pair.a, pair.b, pair.a_first, pair.b_first), (pair.b, pair.a, pair.b_first, pair.a_first)]
        {
            if partners.binary_search(&other).is_ok() {
                let order = orders.entry(one).or_default();
                order.partners.insert(other);
                order.first = order.first.saturating_add(first);
                order.after = order.after.saturating_add(after);
            }
        }
    }
    orders
}

/// Gives each group the accounts that its members copy: nearly always there
/// before several of them, and in no group.
pub fn attach_copied(groups: &mut [Found], led: &[Tie]) {
    let in_groups: BTreeSet<u32> = groups.iter().flat_map(|group| group.members.iter().copied()).collect();
    for group in groups {
        let mut members = group.members.clone();
        members.sort_unstable();
        group.copied = orders(&members, led)
            .into_iter()
            .filter(|(account, order)| {
                let is_several = order.partners.len() >= CORE as usize;
                is_several && order.is_nearly_always_first() && !in_groups.contains(account)
            })
            .map(|(account, order)| Copied {
                account,
                members: u32::try_from(order.partners.len()).unwrap_or(u32::MAX),
                first: order.first,
                after: order.after,
            })
            .collect();
    }
}

#[cfg(test)]
#[path = "company_tests.rs"]
mod tests;
