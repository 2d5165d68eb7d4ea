//! What speaks against counting an account outside a group as somebody whom a
//! message of the group reached.
//!
//! In: what was observed and the groups found in it. Out: a [`Doubt`] for an
//! account on a message. Errors: none. Cost: one pass over the posts; then the
//! description of an account that did nothing else.
//! Source: the audit of campaigns, [`analysis::coordination::audit`].
//! Limits: an account is inactive only where its network told how many posts it
//! ever wrote, and when the account was made.

use crate::coordination::observed::Observed;
use crate::coordination::report::views::GroupReport;
use analysis::coordination::audit::{Engager, INACTIVE_DAYS};
use analysis::coordination::breakout::doubt_of;
use model::time::DAY_MS;
use model::{Account, Doubt, Strength, Timestamp};
use std::collections::{HashMap, HashSet};

/// The groups, as those outside each see them.
pub(crate) struct Outside<'a> {
    observed: &'a Observed,
    /// The word of the group of each member.
    members: HashMap<u32, Strength>,
    /// Accounts that each group copies, in the order of the groups.
    copied: Vec<HashSet<u32>>,
    /// Posts of each account.
    posts: Vec<u32>,
}

impl<'a> Outside<'a> {
    /// Of the groups of a report; members of one that is not `accused` count as anybody.
    pub(crate) fn of(
        observed: &'a Observed,
        groups: &[GroupReport],
        accused: impl Fn(&GroupReport) -> bool,
    ) -> Self {
        let find = |name: &String| observed.accounts.find(name);
        let copied = |group: &GroupReport| group.copied.iter().filter_map(|one| find(&one.account)).collect();
        let mut members = HashMap::new();
        for group in groups.iter().filter(|group| accused(group)) {
            let own = group.members.iter().filter_map(|member| find(&member.account));
            members.extend(own.map(|account| (account, group.strength)));
        }
        let mut posts = vec![0_u32; observed.accounts.len() as usize];
        for post in observed.posts.iter() {
            if let Some(count) = posts.get_mut(post.account as usize) {
                *count += 1; // Of all posts, which are fewer than 2^32.
            }
        }
        Self { observed, members, copied: groups.iter().map(copied).collect(), posts }
    }

    /// What speaks against an account outside a group, by the place of the
    /// group, that did so many things with one message, the last at that moment.
    pub(crate) fn doubt(&self, place: usize, account: u32, acts: u32, at: Timestamp) -> Option<Doubt> {
        let engager = Engager {
            interactions: acts,
            group: self.members.get(&account).copied(),
            quiet_days: self.quiet_days(account, acts, at),
        };
        doubt_of(&engager, self.copied.get(place).is_some_and(|copied| copied.contains(&account)))
    }

    fn quiet_days(&self, account: u32, acts: u32, at: Timestamp) -> Option<u32> {
        if self.posts.get(account as usize).is_some_and(|posts| *posts > acts) {
            return Some(0);
        }
        quiet_days(&self.observed.described(account)?, acts, at)
    }
}

/// Days in which an account did nothing but so many things with one message, as
/// far as its network tells; `None` when it is not known to be inactive.
pub(crate) fn quiet_days(account: &Account, acts: u32, at: Timestamp) -> Option<u32> {
    let only_this = account.posts.get().is_some_and(|written| written <= u64::from(acts));
    let age_ms = at.millis().saturating_sub(account.created_at?.millis());
    let days = u32::try_from(age_ms / DAY_MS).ok()?;
    Some(days).filter(|days| only_this && *days >= INACTIVE_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Known, NativeId, Network};

    #[test]
    fn only_an_old_account_that_wrote_nothing_else_is_quiet() {
        let at = Timestamp::from_millis(1_750_000_000_000);
        let quiet = |written: Option<u64>, days: Option<i64>, acts| {
            let mut account = Account::bare(Network::X, NativeId::parse("1").unwrap());
            if let Some(written) = written {
                account.posts = Known::Value(written);
            }
            account.created_at = days.map(|days| at.plus(-days * DAY_MS));
            quiet_days(&account, acts, at)
        };
        assert_eq!(quiet(Some(1), Some(400), 1), Some(400));
        assert_eq!(quiet(Some(2), Some(400), 2), Some(400));
        assert_eq!(quiet(Some(2), Some(400), 1), None, "it wrote something else");
        assert_eq!(quiet(Some(1), Some(89), 1), None, "it is new");
        assert_eq!(quiet(None, Some(400), 1), None, "missing is not zero");
        assert_eq!(quiet(Some(1), None, 1), None);
        assert_eq!(quiet(Some(1), Some(-5), 1), None, "made after it wrote: a forged date");
    }
}
