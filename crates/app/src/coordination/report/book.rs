//! What was observed, by account and by object, for counting one group at a time.
//!
//! In: [`Observed`] and the groups found in it. Out: look-ups. Cost: one pass
//! over the actions; 16 bytes for each of a member.
//! What others did is read where it is kept, object by object.

use crate::coordination::detect::Detection;
use crate::coordination::observed::Observed;
use crate::coordination::observed::acts::Act;
use crate::coordination::observed::people::Newest;
use crate::coordination::observed::posts::Seen;
use crate::coordination::report::facts::CROWD_MAX;
use analysis::coordination::{Action, Graph, leiden};
use model::Trace;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// Density at which circles are told apart.
const CIRCLE_RESOLUTION: f32 = 0.01;
/// Seconds of an hour.
const HOUR_S: u32 = 3_600;

/// An action with the post behind it.
#[derive(Debug, Clone, Copy)]
pub struct Joint {
    /// The action.
    pub action: Action,
    /// The number of the post.
    pub number: u32,
}

/// What everybody's posts come to.
#[derive(Debug, Default)]
pub struct Everybody {
    /// Posts by hour since 1970.
    pub by_hour: HashMap<u32, u32>,
    /// Posts whose words were judged.
    pub judged: u32,
    /// Of these, insults.
    pub insults: u32,
}

impl Everybody {
    /// Counts posts.
    pub fn of(posts: impl Iterator<Item = Seen>) -> Self {
        let mut all = Self::default();
        for post in posts {
            *all.by_hour.entry(post.time / HOUR_S).or_default() += 1;
            all.judged += u32::from(post.insult.is_some());
            all.insults += u32::from(post.insult == Some(true));
        }
        all
    }
}

/// [`Observed`], by account and by object.
pub struct Book<'a> {
    /// What it is about.
    pub observed: &'a Observed,
    /// What members of groups did, by account.
    of_members: BTreeMap<Trace, Vec<Act>>,
    circles: OnceCell<Vec<u32>>,
    everybody: OnceCell<Everybody>,
    /// Of the accounts with the lowest numbers.
    newest: OnceCell<Vec<Newest>>,
    /// Members of the largest group.
    members_max: usize,
}

impl<'a> Book<'a> {
    /// Orders what was observed.
    pub fn of(observed: &'a Observed, detection: &Detection) -> Self {
        let mut members: Vec<u32> =
            detection.groups.iter().flat_map(|found| found.members.iter().copied()).collect();
        members.sort_unstable();
        let of_members = observed
            .traces
            .iter()
            .map(|(trace, seen)| {
                let is_members = |act: &Act| members.binary_search(&act.action.account).is_ok();
                let mut acts: Vec<Act> = seen.iter().filter(is_members).collect();
                acts.sort_by_key(|act| (act.action.account, act.post));
                (*trace, acts)
            })
            .collect();
        Self {
            observed,
            of_members,
            circles: OnceCell::new(),
            everybody: OnceCell::new(),
            newest: OnceCell::new(),
            members_max: detection.groups.iter().map(|found| found.members.len()).max().unwrap_or(0),
        }
    }

    /// The circle of each account: people who answer and reshare each other.
    pub fn circles(&self) -> &[u32] {
        self.circles.get_or_init(|| {
            let posts = self.observed.posts.iter();
            let edges: Vec<(u32, u32, f32)> = posts
                .filter_map(|post| Some((post.account, post.answers.or(post.shares)?, 1.0)))
                .filter(|(one, other, _)| one != other)
                .collect();
            leiden(&Graph::from_edges(self.observed.accounts.len(), &edges), CIRCLE_RESOLUTION, 0)
        })
    }

    /// What everybody's posts come to.
    pub fn everybody(&self) -> &Everybody {
        self.everybody.get_or_init(|| Everybody::of(self.observed.posts.iter()))
    }

    /// The newest descriptions of the first accounts: so many that [`CROWD_MAX`]
    /// are there beside any group.
    pub fn newest(&self) -> &[Newest] {
        self.newest.get_or_init(|| {
            let numbers = (0..self.observed.accounts.len()).take(CROWD_MAX.saturating_add(self.members_max));
            numbers.map(|account| self.observed.newest(account)).collect()
        })
    }

    /// The posts of an account, in the order of arrival.
    pub fn posts_of(&self, account: u32) -> impl Iterator<Item = Seen> + '_ {
        self.observed.posts.of_account(account)
    }

    /// The post behind an action.
    pub fn post(&self, joint: &Joint) -> Option<Seen> {
        self.observed.posts.get(joint.number)
    }

    /// The name of the post behind an action.
    pub fn post_id(&self, joint: &Joint) -> String {
        self.post(joint).map(|post| self.observed.posts.id(&post)).unwrap_or_default()
    }

    /// The beginning of its text.
    pub fn excerpt(&self, joint: &Joint) -> String {
        self.post(joint).map(|post| self.observed.posts.excerpt(&post)).unwrap_or_default()
    }

    /// What everybody did with an object, by time.
    pub fn actions_on(&self, trace: Trace, object: u32) -> Vec<Joint> {
        let acts = self.observed.traces.get(&trace).map(|seen| seen.of_object(object));
        acts.unwrap_or_default().into_iter().map(joint).collect()
    }

    /// What some accounts (rising) of groups did, by account, then in the order of arrival.
    pub fn actions_of(&self, trace: Trace, accounts: &[u32]) -> Vec<Joint> {
        let acts = self.of_members.get(&trace).map(Vec::as_slice).unwrap_or_default();
        let of_account = |account: &u32| {
            let start = acts.partition_point(|act| act.action.account < *account);
            let end = acts.partition_point(|act| act.action.account <= *account);
            acts.get(start..end).unwrap_or_default()
        };
        accounts.iter().flat_map(of_account).copied().map(joint).collect()
    }
}

fn joint(act: Act) -> Joint {
    Joint { action: act.action, number: act.post }
}
