//! What was observed, by account and by object, for counting one group at a time.
//!
//! In: [`Observed`]. Out: look-ups. Cost: one pass and sort; 8 bytes a post and
//! 12 an action.

use crate::coordination::observed::{Observed, Seen, TraceSeen};
use analysis::coordination::{Action, Graph, leiden};
use model::Trace;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Density at which circles are told apart.
const CIRCLE_RESOLUTION: f32 = 0.01;

/// An action with the post behind it.
pub struct Joint<'a> {
    /// The action.
    pub action: Action,
    /// The post.
    pub post: &'a Seen,
}

/// [`Observed`], by account and by object.
pub struct Book<'a> {
    /// What it is about.
    pub observed: &'a Observed,
    /// Numbers of posts, by account.
    by_account: Vec<u32>,
    /// Where each account's posts begin in `by_account`; one more at the end.
    account_starts: Vec<usize>,
    /// Numbers of actions, by object, then time.
    by_object: BTreeMap<Trace, Vec<u32>>,
    circles: OnceCell<Vec<u32>>,
}

impl<'a> Book<'a> {
    /// Orders what was observed.
    pub fn of(observed: &'a Observed) -> Self {
        let mut by_account: Vec<u32> = (0..).take(observed.posts.len()).collect();
        let account_of =
            |post: &u32| observed.posts.get(*post as usize).map_or(u32::MAX, |post| post.account);
        by_account.sort_by_key(account_of);
        let account_starts = (0..=observed.accounts.len())
            .map(|account| by_account.partition_point(|post| account_of(post) < account))
            .collect();
        let by_object = observed
            .traces
            .iter()
            .map(|(trace, seen)| {
                let mut numbers: Vec<u32> = (0..).take(seen.actions.len()).collect();
                numbers.sort_by_key(|number| seen.actions.get(*number as usize).copied());
                (*trace, numbers)
            })
            .collect();
        Self { observed, by_account, account_starts, by_object, circles: OnceCell::new() }
    }

    /// The circle of each account: people who answer and reshare each other.
    pub fn circles(&self) -> &[u32] {
        self.circles.get_or_init(|| {
            let edges: Vec<(u32, u32, f32)> = self
                .observed
                .posts
                .iter()
                .filter_map(|post| Some((post.account, post.answers.or(post.shares)?, 1.0)))
                .filter(|(one, other, _)| one != other)
                .collect();
            leiden(&Graph::from_edges(self.observed.accounts.len(), &edges), CIRCLE_RESOLUTION, 0)
        })
    }

    /// The posts of an account, in the order of arrival.
    pub fn posts_of(&self, account: u32) -> impl Iterator<Item = &'a Seen> + '_ {
        let start = self.account_starts.get(account as usize).copied().unwrap_or(0);
        let end = self.account_starts.get(account as usize + 1).copied().unwrap_or(start);
        let numbers = self.by_account.get(start..end).unwrap_or_default();
        numbers.iter().filter_map(|number| self.observed.posts.get(*number as usize))
    }

    /// What everybody did with an object, by time.
    pub fn actions_on(&self, trace: Trace, object: u32) -> Vec<Joint<'a>> {
        let Some((numbers, seen)) = self.by_object.get(&trace).zip(self.observed.traces.get(&trace)) else {
            return Vec::new();
        };
        let object_of = |number: &u32| seen.actions.get(*number as usize).map_or(u32::MAX, |a| a.object);
        let start = numbers.partition_point(|number| object_of(number) < object);
        let these = numbers.get(start..).unwrap_or_default().iter();
        these
            .take_while(|number| object_of(number) == object)
            .filter_map(|number| self.joint(seen, *number))
            .collect()
    }

    /// What some accounts (rising) did, in the order of arrival.
    pub fn actions_of(&self, trace: Trace, accounts: &[u32]) -> Vec<Joint<'a>> {
        let Some(seen) = self.observed.traces.get(&trace) else { return Vec::new() };
        (0..)
            .take(seen.actions.len())
            .filter(|number: &u32| {
                let action = seen.actions.get(*number as usize);
                action.is_some_and(|action| accounts.binary_search(&action.account).is_ok())
            })
            .filter_map(|number| self.joint(seen, number))
            .collect()
    }

    fn joint(&self, seen: &'a TraceSeen, number: u32) -> Option<Joint<'a>> {
        let action = *seen.actions.get(number as usize)?;
        let post = self.observed.posts.get(*seen.posts.get(number as usize)? as usize)?;
        Some(Joint { action, post })
    }
}
