//! The counts about one group on which rules rest: whom it answers and
//! reshares, what it carries, what surrounds it, what its accounts share.
//!
//! In: a [`Book`] and the members. Out: [`GroupFacts`], [`Surroundings`],
//! [`Signs`]. What the data cannot tell is `None`, never zero.
//! Cost: one pass over the actions of each trace.

use crate::coordination::detect::Found;
use crate::coordination::observed::target_of;
use crate::coordination::report::book::{Book, Everybody, Joint};
use analysis::coordination::arrivals::{Burst, Return, creation_burst, joint_return};
use analysis::coordination::calls::{is_call, is_outlet, is_raffle};
use analysis::coordination::explain::Surroundings;
use analysis::coordination::names::{HandleSeen, NameFamily, Renames, look_alikes, renames};
use analysis::coordination::roles::{GroupFacts, MessageFacts, ReplyFacts, ReshareFacts, Toward, WatchFacts};
use model::{Account, PostKind, Timestamp, Trace};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Traces whose objects are messages.
pub const MESSAGE_TRACES: [Trace; 4] = [Trace::CoLink, Trace::CoHashtag, Trace::CoText, Trace::CoMedia];
/// Members that must carry an object for it to be a message of the group.
pub const CARRIERS_MIN: usize = 3;
/// Posts outside the joint actions that make a life of its own.
pub const OWN_POSTS_MIN: usize = 20;
/// Share of an account's posts outside the joint actions that makes it so.
pub const OWN_SHARE_MIN: f64 = 0.5;
/// Crowd accounts that names and creation dates are compared with.
pub(super) const CROWD_MAX: usize = 50_000;
/// Shuffles of the test of joint returns.
const SHUFFLES: u32 = 499;
/// Logarithm of the p at which a sign in the accounts counts (0.01).
pub const SIGN_LN_P_MAX: f64 = -4.605_17;
/// Seconds of a day and of an hour.
const DAY_S: u32 = 86_400;
/// Seconds of an hour.
const HOUR_S: u32 = 3_600;

/// What the accounts of a group share besides their acts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Signs {
    /// Made within few days.
    pub created: Option<Burst>,
    /// Back from silence together.
    pub returned: Option<Return>,
    /// Look-alike handles.
    pub families: Vec<NameFamily>,
    /// Changed handles.
    pub renames: Renames,
    /// Signs that count; `None` when nothing is known of the accounts.
    pub count: Option<u32>,
}

/// A message of a group: an object that several members carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// Distinct members that carried it.
    pub members: u32,
    /// Its trace.
    pub trace: Trace,
    /// Its number in the trace.
    pub object: u32,
}

/// One group, counted.
pub struct Counted {
    /// For the rules about what it does.
    pub facts: GroupFacts,
    /// For the innocent explanations.
    pub around: Surroundings,
    /// For the ladder.
    pub signs: Signs,
    /// Its messages, of all traces with objects of their own, most members first.
    pub messages: Vec<Message>,
}

/// Counts one group. `members` are the accounts of `found`, rising.
pub fn count(book: &Book<'_>, found: &Found, members: &[u32]) -> Counted {
    let messages = messages(book, members);
    // Acting in the same moments is confirmed over all acts together, of which
    // these are a part: few days of replies say less alone.
    let ln_p = |traces: &[Trace]| {
        let is_asked = |trace: &Trace| traces.contains(trace) || *trace == Trace::Synchrony;
        let lowest = found.confirmations.iter().filter(|(trace, _)| is_asked(trace));
        lowest.map(|(_, confirmation)| confirmation.p.ln()).reduce(f64::min)
    };
    let facts = GroupFacts {
        replies: replies(book, members, ln_p(&[Trace::CoReply])),
        reshares: reshares(book, members, ln_p(&[Trace::CoReshare, Trace::FastReshare])),
        messages: carried(book, members, &messages, ln_p(&MESSAGE_TRACES)),
        watching: None,
    };
    let signs = signs(book, members);
    let facts = GroupFacts { watching: watching(book, members, &signs), ..facts };
    Counted { around: surroundings(book, members, &messages, &facts), signs, facts, messages }
}

/// Whom the members follow, by the circles in which people answer and reshare each other.
fn watching(book: &Book<'_>, members: &[u32], signs: &Signs) -> Option<WatchFacts> {
    let seen = book.observed.traces.get(&Trace::CoFollow)?;
    let mut followed: BTreeMap<u32, u32> = BTreeMap::new();
    let mut from: BTreeSet<u32> = BTreeSet::new();
    let mut inside: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut follows_of: BTreeMap<u32, u32> = BTreeMap::new();
    for joint in book.actions_of(Trace::CoFollow, members) {
        from.insert(joint.action.account);
        *follows_of.entry(joint.action.account).or_default() += 1;
        let Some(account) = book.observed.accounts.find(&seen.objects.name(joint.action.object)) else {
            continue;
        };
        *followed.entry(account).or_default() += 1;
        if is_member(members, account) {
            inside.insert((joint.action.account, account));
        }
    }
    if from.is_empty() {
        return None;
    }
    let circles = book.circles();
    let mut by_circle: BTreeMap<u32, u32> = circles.iter().map(|circle| (*circle, 0)).collect();
    for (account, follows) in &followed {
        if let Some(circle) = circles.get(*account as usize) {
            *by_circle.entry(*circle).or_default() += follows;
        }
    }
    let most = by_circle.iter().max_by_key(|(_, follows)| **follows).map(|(circle, _)| *circle);
    let target = followed
        .iter()
        .filter(|(account, _)| circles.get(**account as usize).copied() == most)
        .max_by_key(|(account, follows)| (**follows, std::cmp::Reverse(**account)))
        .map(|(account, _)| *account);
    let mut own_posts: Vec<u64> =
        members.iter().filter_map(|member| book.observed.described(*member)?.posts.get()).collect();
    own_posts.sort_unstable();
    let mutual = inside.iter().filter(|(one, other)| one < other && inside.contains(&(*other, *one))).count();
    let pairs = members.len() * (members.len() - 1) / 2;
    let arrivals = [signs.created.map(|burst| burst.ln_p), signs.returned.as_ref().map(|back| back.p.ln())];
    Some(WatchFacts {
        follows_by_community: by_circle.into_values().collect(),
        target,
        members: from.len() as u32,
        own_posts_median: own_posts.get(own_posts.len() / 2).map(|posts| *posts as f64),
        own_posts_per_follow: own_posts_per_follow(book, &follows_of),
        mutual_links: (pairs > 0).then(|| mutual as f64 / pairs as f64),
        arrival_ln_p: arrivals.into_iter().flatten().reduce(f64::min),
        kin_confirmed: false,
    })
}

/// Median over accounts of what each said, per account that it followed;
/// `None` where nobody's posts were looked at: then silence is not known.
fn own_posts_per_follow(book: &Book<'_>, follows_of: &BTreeMap<u32, u32>) -> Option<f64> {
    let observed = book.observed;
    (0..observed.accounts.len()).find(|account| observed.described(*account).is_some())?;
    let said = |account: u32| {
        let own = book.posts_of(account).filter(|post| post.kind != PostKind::Reshare).count();
        // A follow stands among the posts, as the row that it came in.
        own.saturating_sub(follows_of.get(&account).map_or(0, |follows| *follows as usize))
    };
    let mut ratios: Vec<f64> =
        follows_of.iter().map(|(account, follows)| said(*account) as f64 / f64::from(*follows)).collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

fn is_member(members: &[u32], account: u32) -> bool {
    members.binary_search(&account).is_ok()
}

/// Objects that [`CARRIERS_MIN`] members acted on.
fn messages(book: &Book<'_>, members: &[u32]) -> Vec<Message> {
    let mut messages = Vec::new();
    for trace in MESSAGE_TRACES.into_iter().chain([Trace::CoReshare]) {
        let mut carriers: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for joint in book.actions_of(trace, members) {
            carriers.entry(joint.action.object).or_default().insert(joint.action.account);
        }
        let carried = carriers.into_iter().filter(|(_, carriers)| carriers.len() >= CARRIERS_MIN);
        messages.extend(carried.map(|(object, carriers)| Message {
            members: carriers.len() as u32,
            trace,
            object,
        }));
    }
    messages.sort_by(|one, two| two.cmp(one));
    messages
}

fn replies(book: &Book<'_>, members: &[u32], ln_p: Option<f64>) -> Option<ReplyFacts> {
    let seen = book.observed.traces.get(&Trace::CoReply)?;
    let mut targets: HashMap<u32, (Toward, BTreeSet<u32>)> = HashMap::new();
    let mut replies = 0_u32;
    for joint in book.actions_of(Trace::CoReply, members) {
        let target = seen.objects.name(joint.action.object);
        let account = book.observed.accounts.find(target_of(&target));
        if account.is_some_and(|account| is_member(members, account)) {
            continue;
        }
        replies += 1;
        // A target that wrote nothing here has no number: its answers are not known.
        let Some(account) = account else { continue };
        let none = Toward { account, actions: 0, members: 0, judged: 0, insults: 0, answers: Some(0) };
        let (toward, from) = targets.entry(account).or_insert((none, BTreeSet::new()));
        toward.actions += 1;
        let insult = book.post(&joint).and_then(|post| post.insult);
        toward.judged += u32::from(insult.is_some());
        toward.insults += u32::from(insult == Some(true));
        from.insert(joint.action.account);
    }
    let (all, own) = (book.everybody(), own_posts(book, members));
    let (judged_by_others, insults_by_others) = (all.judged - own.judged, all.insults - own.insults);
    let targets = targets
        .into_iter()
        .map(|(account, (toward, from))| {
            let answers = book.posts_of(account).filter(|post| {
                post.kind == PostKind::Reply && post.answers.is_some_and(|to| is_member(members, to))
            });
            Toward { members: from.len() as u32, answers: Some(answers.count() as u32), ..toward }
        })
        .collect();
    let base_rate =
        (judged_by_others > 0).then(|| f64::from(insults_by_others) / f64::from(judged_by_others));
    (replies > 0).then_some(ReplyFacts { targets, replies, base_rate, ln_p })
}

/// What the members' posts come to.
fn own_posts(book: &Book<'_>, members: &[u32]) -> Everybody {
    Everybody::of(members.iter().flat_map(|member| book.posts_of(*member)))
}

fn reshares(book: &Book<'_>, members: &[u32], ln_p: Option<f64>) -> Option<ReshareFacts> {
    let mut patrons: HashMap<u32, (u32, BTreeSet<u32>)> = HashMap::new();
    let mut reshares = 0_u32;
    for post in members.iter().flat_map(|member| book.posts_of(*member)) {
        if post.kind != PostKind::Reshare || post.shares == Some(post.account) {
            continue;
        }
        reshares += 1;
        if let Some(patron) = post.shares {
            let (actions, from) = patrons.entry(patron).or_default();
            *actions += 1;
            from.insert(post.account);
        }
    }
    let patrons = patrons.into_iter().map(|(account, (actions, from))| Toward {
        account,
        actions,
        members: from.len() as u32,
        judged: 0,
        insults: 0,
        answers: None,
    });
    let patrons: Vec<Toward> = patrons.collect();
    (reshares > 0).then_some(ReshareFacts { patrons, reshares, ln_p, collapsed_audience: None })
}

fn carried(
    book: &Book<'_>,
    members: &[u32],
    messages: &[Message],
    ln_p: Option<f64>,
) -> Option<MessageFacts> {
    let mut carriers: BTreeSet<u32> = BTreeSet::new();
    let mut posts_carrying: BTreeSet<String> = BTreeSet::new();
    let mut domains: BTreeSet<String> = BTreeSet::new();
    let mut carried = 0;
    for message in messages.iter().filter(|message| message.trace != Trace::CoReshare) {
        carried += 1;
        for joint in book.actions_on(message.trace, message.object) {
            if is_member(members, joint.action.account) {
                carriers.insert(joint.action.account);
                posts_carrying.insert(book.post_id(&joint));
            }
        }
        if message.trace == Trace::CoLink {
            domains.extend(
                book.observed
                    .traces
                    .get(&Trace::CoLink)
                    .map(|seen| domain_of(&seen.objects.name(message.object)).to_owned()),
            );
        }
    }
    let own = |post: &crate::coordination::observed::posts::Seen| post.kind != PostKind::Reshare;
    let posts = members.iter().map(|member| book.posts_of(*member).filter(own).count()).sum::<usize>();
    (posts > 0).then_some(MessageFacts {
        carried,
        members: carriers.len() as u32,
        posts: posts as u32,
        carrying: posts_carrying.len() as u32,
        sources: (!domains.is_empty()).then_some(domains.len() as u32),
        ln_p,
    })
}

/// The host of an object of [`Trace::CoLink`].
fn domain_of(link: &str) -> &str {
    link.split(['/', '?']).next().unwrap_or(link)
}

fn surroundings(book: &Book<'_>, members: &[u32], messages: &[Message], facts: &GroupFacts) -> Surroundings {
    let mut joint_posts: HashMap<String, Joint> = HashMap::new();
    let mut organic: BTreeSet<u32> = BTreeSet::new();
    let mut organic_together: BTreeSet<u32> = BTreeSet::new();
    for joints in messages.iter().map(|message| book.actions_on(message.trace, message.object)) {
        let times: Vec<u32> = joints
            .iter()
            .filter(|joint| is_member(members, joint.action.account))
            .map(|joint| joint.action.time)
            .collect();
        for joint in &joints {
            if is_member(members, joint.action.account) {
                joint_posts.insert(book.post_id(joint), *joint);
            } else {
                organic.insert(joint.action.account);
                let near = times.partition_point(|time| time + MOMENT_S < joint.action.time);
                if times.get(near).is_some_and(|time| *time <= joint.action.time + MOMENT_S) {
                    organic_together.insert(joint.action.account);
                }
            }
        }
    }
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let worded: Vec<String> =
        joint_posts.values().map(|joint| book.excerpt(joint)).filter(|text| !text.is_empty()).collect();
    let own_life = members.iter().filter(|member| {
        let (mut all, mut own) = (0_usize, 0_usize);
        for post in book.posts_of(**member) {
            all += 1;
            own += usize::from(!joint_posts.contains_key(&book.observed.posts.id(&post)));
        }
        own >= OWN_POSTS_MIN && own as f64 >= OWN_SHARE_MIN * all as f64
    });
    let described: Vec<Account> =
        members.iter().filter_map(|member| book.observed.described(*member)).collect();
    let declared = described.iter().filter(|account| declares_itself(account)).count();
    Surroundings {
        members: members.len() as u32,
        share_to_patrons: facts.reshares.as_ref().map(|reshares| {
            let mut actions: Vec<u32> = reshares.patrons.iter().map(|patron| patron.actions).collect();
            actions.sort_unstable_by(|one, two| two.cmp(one));
            f64::from(actions.iter().take(2).sum::<u32>()) / f64::from(reshares.reshares.max(1))
        }),
        own_life_share: share(own_life.count(), members.len()),
        declared: (!described.is_empty()).then_some(declared as u32),
        one_domain_share: one_domain_share(book, members),
        call_words_share: share(worded.iter().filter(|text| is_call(text)).count(), worded.len()),
        organic_carriers: Some(organic.len() as u32),
        raffle_words_share: share(worded.iter().filter(|text| is_raffle(text)).count(), worded.len()),
        organic_together: Some(organic_together.len() as u32),
        topic_volume_ratio: volume_ratio(book, members, joint_posts.values().map(|joint| joint.action.time)),
        broadcast_share: broadcast_share(joint_posts.values().map(|joint| joint.action.time)),
    }
}

/// Whether an account says that it is automated, an outlet or a desk.
pub fn declares_itself(account: &Account) -> bool {
    let said = [&account.name, &account.bio];
    account.automated == Some(true)
        || said.into_iter().flatten().any(|text| is_outlet(text))
        || account.handle.as_deref().is_some_and(|handle| is_outlet(&handle.replace('_', " ")))
}

/// Seconds around an action of a member within which others are «in the same moment».
const MOMENT_S: u32 = 60;

fn one_domain_share(book: &Book<'_>, members: &[u32]) -> Option<f64> {
    let seen = book.observed.traces.get(&Trace::CoLink)?;
    let mut domains: HashMap<String, u32> = HashMap::new();
    for joint in book.actions_of(Trace::CoLink, members) {
        let link = seen.objects.name(joint.action.object);
        *domains.entry(domain_of(&link).to_owned()).or_default() += 1;
    }
    let most = domains.values().max().copied()?;
    Some(f64::from(most) / f64::from(domains.values().sum::<u32>()))
}

/// Posts of others in the hours of the joint actions, over their mean per hour.
fn volume_ratio(book: &Book<'_>, members: &[u32], times: impl Iterator<Item = u32>) -> Option<f64> {
    let hours: BTreeSet<u32> = times.map(|time| time / HOUR_S).collect();
    let own = own_posts(book, members).by_hour;
    let of_others = |(hour, all): (&u32, &u32)| (*hour, all - own.get(hour).copied().unwrap_or(0));
    let others: HashMap<u32, u32> =
        book.everybody().by_hour.iter().map(of_others).filter(|(_, posts)| *posts > 0).collect();
    let (first, last) = (others.keys().min()?, others.keys().max()?);
    let usual = f64::from(others.values().sum::<u32>()) / f64::from(last - first + 1);
    let then: u32 = hours.iter().filter_map(|hour| others.get(hour)).sum();
    (!hours.is_empty() && usual > 0.0).then(|| f64::from(then) / hours.len() as f64 / usual)
}

/// Share of the joint actions in the commonest hour of the week, when they span
/// three weeks or more.
fn broadcast_share(times: impl Iterator<Item = u32>) -> Option<f64> {
    let mut slots: HashMap<u32, u32> = HashMap::new();
    let (mut first, mut last, mut all) = (u32::MAX, 0, 0_u32);
    for time in times {
        *slots.entry(time / HOUR_S % (24 * 7)).or_default() += 1;
        (first, last, all) = (first.min(time), last.max(time), all + 1);
    }
    let most = slots.values().max()?;
    (last - first >= 21 * DAY_S).then(|| f64::from(*most) / f64::from(all))
}

fn signs(book: &Book<'_>, members: &[u32]) -> Signs {
    let observed = book.observed;
    let crowd = || {
        let others = (0..).zip(book.newest()).filter(|(account, _)| !is_member(members, *account));
        others.map(|(_, newest)| newest).take(CROWD_MAX)
    };
    let day = |at: Timestamp| i32::try_from(at.millis().div_euclid(i64::from(DAY_S) * 1_000)).ok();
    let created_members: Vec<i32> =
        members.iter().filter_map(|member| day(observed.created_at(*member)?)).collect();
    let created_crowd: Vec<i32> = crowd().filter_map(|newest| day(newest.created_at?)).collect();
    let handles: Vec<String> =
        members.iter().map(|member| observed.handle(*member).unwrap_or_default()).collect();
    let handles: Vec<&str> = handles.iter().map(String::as_str).collect();
    let handles_known = handles.iter().any(|handle| !handle.is_empty());
    let crowd_handles: Vec<&str> = crowd().filter_map(|newest| newest.handle.as_deref()).collect();
    let seen: Vec<(u32, String, u32)> = members
        .iter()
        .flat_map(|member| observed.handles(*member).map(|(handle, at)| (*member, handle, at)))
        .collect();
    let history: Vec<HandleSeen<'_>> = seen
        .iter()
        .map(|(account, handle, at)| HandleSeen {
            account: *account,
            handle,
            time_ms: i64::from(*at) * 1_000,
        })
        .collect();
    let active: Vec<Vec<i32>> = members
        .iter()
        .map(|member| {
            let days: BTreeSet<i32> = book.posts_of(*member).map(|post| (post.time / DAY_S) as i32).collect();
            days.into_iter().collect()
        })
        .collect();
    let mut signs = Signs {
        created: creation_burst(&created_members, &created_crowd),
        returned: joint_return(&active, SHUFFLES, 0),
        families: if handles_known { look_alikes(&handles, &crowd_handles) } else { Vec::new() },
        renames: renames(&history),
        count: None,
    };
    signs.families.retain(|family| {
        family.members.len() >= CARRIERS_MIN && family.ln_p.is_some_and(|ln_p| ln_p <= SIGN_LN_P_MAX)
    });
    if handles_known || !created_members.is_empty() {
        let known = [
            signs.created.is_some_and(|burst| burst.ln_p <= SIGN_LN_P_MAX),
            signs.returned.as_ref().is_some_and(|back| back.is_joint && back.p <= SIGN_LN_P_MAX.exp()),
            !signs.families.is_empty(),
            !signs.renames.passed.is_empty() || signs.renames.changed.len() >= CARRIERS_MIN,
        ];
        signs.count = Some(known.iter().filter(|held| **held).count() as u32);
    }
    signs
}
