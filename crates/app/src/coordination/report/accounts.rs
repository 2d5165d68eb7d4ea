//! The accounts of a group, one by one, and what they share besides their acts.
//!
//! In: a [`Book`], what was counted of the group. Out: [`MemberView`]s with the
//! signs of each account, [`SignsView`] with the chance of each sign.
//! Errors: none; what is not known is no sign. Cost: one pass over all posts
//! and accounts once, then over the posts of the members.
//! Limits: signs of an account are weak and describe it; no word rests on them.
//! Of a picture only the address is compared; nobody loads it.

use crate::coordination::detect::Found;
use crate::coordination::detect::parts::key_of;
use crate::coordination::observed::Observed;
use crate::coordination::report::book::{Book, Joint};
use crate::coordination::report::facts::{Counted, Message, SIGN_LN_P_MAX, Signs, declares_itself};
use crate::coordination::report::numbers;
use crate::coordination::report::views::{
    BurstView, FamilyView, MemberSign, MemberSigns, MemberView, ReturnView, SignsView,
};
use analysis::coordination::accounts::{AccountFacts, account_signs};
use model::{Account, Trace};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Parts of the addresses of pictures that networks give to who chose none.
const DEFAULT_AVATARS: [&str; 4] =
    ["/avatars/original/missing.png", "default_profile_images", "default_avatar", "/img/avatar-default"];
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// What all accounts together say, for comparing one with them.
pub struct Crowd {
    /// Accounts by a hash of the address of their picture.
    avatars: HashMap<u64, u32>,
    /// Share of all posts in their commonest second of the minute.
    same_second: Option<f64>,
    /// The newest post, ms: the day on which ages are told.
    newest_ms: i64,
}

impl Crowd {
    /// Counts everybody.
    pub fn of(observed: &Observed) -> Self {
        let mut avatars: HashMap<u64, u32> = HashMap::new();
        for account in (0..observed.accounts.len()).filter_map(|number| observed.described(number)) {
            if let Some(url) = account.avatar_url.as_deref() {
                *avatars.entry(key_of(url)).or_default() += 1;
            }
        }
        let mut seconds = [0_u32; 60];
        let mut newest = 0;
        for post in observed.posts.iter() {
            // Below 60 by the remainder.
            seconds[(post.time % 60) as usize] += 1;
            newest = post.time.max(newest);
        }
        let most = seconds.iter().max().copied().unwrap_or(0);
        let all = observed.posts.len();
        Self {
            avatars,
            same_second: (all > 0).then(|| f64::from(most) / all as f64),
            newest_ms: i64::from(newest) * 1_000,
        }
    }

    fn facts<'b>(&self, account: Option<&'b Account>, times_s: &'b [i64]) -> AccountFacts<'b> {
        let avatar = account.and_then(|account| account.avatar_url.as_deref());
        let made = account.and_then(|account| account.created_at);
        AccountFacts {
            handle: account.and_then(|account| account.handle.as_deref()),
            age_days: made
                .and_then(|at| u32::try_from((self.newest_ms - at.millis()).div_euclid(DAY_MS)).ok()),
            default_avatar: avatar.map(|url| DEFAULT_AVATARS.iter().any(|part| url.contains(part))),
            avatar_twins: avatar
                .and_then(|url| self.avatars.get(&key_of(url)))
                .map(|owners| owners.saturating_sub(1)),
            followers: account.and_then(|account| account.followers.get()),
            following: account.and_then(|account| account.following.get()),
            posts: account.and_then(|account| account.posts.get()),
            times_s,
            crowd_same_second: self.same_second,
        }
    }
}

/// The members of a group, the most central first. `rising` are the same
/// accounts in the order in which their signs were counted.
pub fn member_views(
    book: &Book<'_>,
    crowd: &Crowd,
    found: &Found,
    rising: &[u32],
    counted: &Counted,
) -> Vec<MemberView> {
    // A pair may be tied in several traces and by both halves of the objects: it is one.
    let mut tied: HashMap<u32, BTreeSet<u32>> = HashMap::new();
    for pair in found.ties.iter().map(|tie| tie.pair) {
        if [pair.a, pair.b].iter().all(|one| rising.binary_search(one).is_ok()) {
            tied.entry(pair.a).or_default().insert(pair.b);
            tied.entry(pair.b).or_default().insert(pair.a);
        }
    }
    let mut joint = joint_posts(book, found, rising, &counted.messages);
    let view = |member: &u32| {
        let pairs = tied.get(member).map_or(0, |others| others.len() as u64);
        let joint_posts = joint.remove(member).map_or(0, |posts| posts.len() as u64);
        let signs = member_signs(book, crowd, *member, rising, &counted.signs);
        MemberView { pairs, joint_posts, signs, ..described(book, *member) }
    };
    found.members.iter().map(view).collect()
}

/// What is known of an account without the group.
fn described(book: &Book<'_>, member: u32) -> MemberView {
    let observed = book.observed;
    let newest = observed.described(member);
    let newest = newest.as_ref();
    let mut hours = [0; 24];
    let mut posts = 0;
    for post in book.posts_of(member) {
        // Below 24 by the remainder.
        hours[(post.time / 3_600 % 24) as usize] += 1;
        posts += 1;
    }
    let handles = observed.handles(member).map(|(handle, _)| handle).collect();
    MemberView {
        account: observed.accounts.name(member).to_owned(),
        handle: newest.and_then(|account| account.handle.clone()),
        name: newest.and_then(|account| account.name.clone()),
        created_at: newest.and_then(|account| account.created_at).map(|at| at.to_string()),
        followers: newest.and_then(|account| account.followers.get()),
        posts,
        pairs: 0,
        handles,
        hours,
        joint_posts: 0,
        declared: newest.map(declares_itself),
        signs: MemberSigns::default(),
    }
}

/// The posts of each member on objects on which another member acted too, in
/// the traces that tie or confirm the group and those of its messages; moments
/// of activity only where no other trace ties it.
fn joint_posts(
    book: &Book<'_>,
    found: &Found,
    rising: &[u32],
    messages: &[Message],
) -> HashMap<u32, BTreeSet<String>> {
    let mut traces: BTreeSet<Trace> = found.ties.iter().map(|tie| tie.trace).collect();
    let is_tied_otherwise = traces.iter().any(|trace| *trace != Trace::Synchrony);
    traces.extend(found.confirmations.keys());
    traces.extend(messages.iter().map(|message| message.trace));
    if is_tied_otherwise {
        traces.remove(&Trace::Synchrony);
    }
    let mut joint: HashMap<u32, BTreeSet<String>> = HashMap::new();
    for trace in traces {
        let mut by_object: BTreeMap<u32, Vec<Joint>> = BTreeMap::new();
        for acted in book.actions_of(trace, rising) {
            by_object.entry(acted.action.object).or_default().push(acted);
        }
        for acts in by_object.values() {
            let first = acts.first().map(|act| act.action.account);
            if acts.iter().any(|act| Some(act.action.account) != first) {
                acts.iter().for_each(|act| {
                    joint.entry(act.action.account).or_default().insert(book.post_id(act));
                });
            }
        }
    }
    joint
}

fn member_signs(book: &Book<'_>, crowd: &Crowd, member: u32, rising: &[u32], signs: &Signs) -> MemberSigns {
    let account = book.observed.described(member);
    let account = account.as_ref();
    let times: Vec<i64> = book.posts_of(member).map(|post| i64::from(post.time)).collect();
    let own = account_signs(&crowd.facts(account, &times));
    let found = own.found.iter().map(|found| MemberSign {
        sign: found.sign.name().into(),
        log_odds: found.log_odds,
        numbers: numbers(&found.numbers),
    });
    MemberSigns {
        found: found.collect(),
        not_known: own.not_known.iter().map(|sign| sign.name().into()).collect(),
        total: own.total,
        takes_part: takes_part(account, member, rising, signs),
    }
}

/// The signs of the group that a member takes part in.
fn takes_part(
    account: Option<&Account>,
    member: u32,
    rising: &[u32],
    signs: &Signs,
) -> Vec<Cow<'static, str>> {
    let place = rising.binary_search(&member).ok().and_then(|place| u32::try_from(place).ok());
    let is_in = |places: &[u32]| place.is_some_and(|place| places.contains(&place));
    let made = account.and_then(|account| account.created_at).map(|at| at.millis().div_euclid(DAY_MS));
    let burst = signs.created.filter(|burst| burst.ln_p <= SIGN_LN_P_MAX);
    let in_burst = burst.zip(made).is_some_and(|(burst, day)| {
        let from = i64::from(burst.from_day);
        (from..from + i64::from(burst.days)).contains(&day)
    });
    let back = signs.returned.as_ref().is_some_and(|back| back.is_joint && is_in(&back.members));
    [
        ("created", in_burst),
        ("returned", back),
        ("look_alikes", signs.families.iter().any(|family| is_in(&family.members))),
        ("renamed", signs.renames.changed.iter().any(|(account, _)| *account == member)),
        ("passed", signs.renames.passed.iter().any(|(_, accounts)| accounts.contains(&member))),
    ]
    .into_iter()
    .filter(|(_, takes_part)| *takes_part)
    .map(|(name, _)| name.into())
    .collect()
}

/// What the accounts of a group share, with the chance of each sign.
pub fn signs_view(observed: &Observed, members: &[u32], signs: &Signs) -> SignsView {
    let account = |number: &u32| observed.accounts.name(*number).to_owned();
    SignsView {
        count: signs.count,
        created: signs.created.map(|burst| BurstView {
            from_day: burst.from_day,
            days: burst.days,
            members: burst.members,
            expected: burst.expected,
            p: burst.ln_p.exp(),
            counts: burst.ln_p <= SIGN_LN_P_MAX,
        }),
        returned: signs.returned.as_ref().filter(|back| back.is_joint).map(|back| ReturnView {
            from_day: back.from_day,
            members: back.members.len().min(members.len()) as u32,
            p: back.p,
            counts: back.p <= SIGN_LN_P_MAX.exp(),
        }),
        look_alikes: signs
            .families
            .iter()
            .map(|family| FamilyView {
                stem: family.stem.clone(),
                members: family.members.len() as u32,
                expected: family.expected,
                p: family.ln_p.map_or(1.0, f64::exp),
            })
            .collect(),
        renamed: signs
            .renames
            .changed
            .iter()
            .map(|(number, handles)| (account(number), handles.clone()))
            .collect(),
        passed: signs
            .renames
            .passed
            .iter()
            .map(|(handle, accounts)| (handle.clone(), accounts.iter().map(account).collect()))
            .collect(),
    }
}
