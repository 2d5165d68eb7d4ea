//! Groups as they are told: to a page, to a file, to somebody who wants to
//! repeat it.
//!
//! In: [`Observed`] and its [`Detection`]. Out: [`Report`], which serialises.
//! Errors: none. Cost: one pass over the actions per group.
//! Limits: [`MOMENTS_MAX`], [`OBJECTS_MAX`], [`MESSAGES_MAX`]; what is left out is counted.

pub(crate) mod accounts;
pub(crate) mod book;
pub(crate) mod facts;
mod held;
pub(crate) mod outside;
pub(crate) mod settings;
pub(crate) mod times;
pub(crate) mod views;

use crate::coordination::detect::{Basis, Copied, Detection, Found};
use crate::coordination::observed::{Observed, target_of};
use crate::coordination::report::accounts::{Crowd, member_views, signs_view};
use crate::coordination::report::book::{Book, Joint};
use crate::coordination::report::facts::{CARRIERS_MIN, Counted, Message, count};
use crate::coordination::report::held::held_back;
use crate::coordination::report::outside::Outside;
use crate::coordination::report::times::Times;
use crate::coordination::report::views::{
    BehaviourView, CopiedView, ExplanationView, GroupReport, MemberView, MessageView, Moment, MomentPost,
    NumberView, ObjectView, Report, StepView, TraceView,
};
use analysis::coordination::breakout::{Breakout, Interaction, breakout};
use analysis::coordination::explain::{counter_cap, explain};
use analysis::coordination::ladder::{GroupEvidence, steps, strength, word};
use analysis::coordination::measured::{Measured, Needs, Verdict};
use analysis::coordination::roles::examine;
use model::{Doubt, PostKind, Strength, Timestamp, Trace};
use std::collections::{BTreeMap, BTreeSet};

/// Moments shown side by side, of a group.
pub const MOMENTS_MAX: usize = 12;
/// Posts of one moment that are shown.
pub const MOMENT_POSTS_MAX: usize = 30;
/// Shared objects listed, of a group.
pub const OBJECTS_MAX: usize = 50;
/// Messages whose way out is followed, of a group.
pub const MESSAGES_MAX: usize = 10;

/// Name of the method.
pub const METHOD: &str = "coordination-timing-null";
/// Version of the method.
pub const METHOD_VERSION: u32 = 3;

/// Moments on one object, of [`CARRIERS_MIN`] members or more, that are more than the same minutes.
const OBJECT_MOMENTS_MIN: usize = 3;
/// Share of a group's ties that each account's own delay must not explain, for
/// more than «possible».
const BEYOND_HABIT_MIN: f64 = 0.5;

impl Report {
    /// Tells everything that was found.
    pub fn of(observed: &Observed, detection: &Detection) -> Self {
        let book = Book::of(observed, detection);
        let crowd = Crowd::of(observed);
        let mut told: Vec<(GroupReport, Vec<Message>)> =
            detection.groups.iter().map(|found| GroupReport::of(&book, &crowd, found)).collect();
        let mut unworthy = 0_u64;
        told.retain(|(group, _)| {
            let kept = group.strength > Strength::WeakSignal;
            unworthy += u64::from(!kept);
            kept
        });
        told.sort_by(|(one, _), (two, _)| {
            let size = two.members.len().cmp(&one.members.len());
            two.strength.cmp(&one.strength).then(size).then_with(|| one.id.cmp(&two.id))
        });
        let (mut groups, messages): (Vec<GroupReport>, Vec<Vec<Message>>) = told.into_iter().unzip();
        follow(&book, &mut groups, &messages);
        Self {
            method: METHOD.into(),
            method_version: METHOD_VERSION,
            posts: observed.posts.len() as u64,
            accounts: u64::from(observed.accounts.len()),
            left_out: observed.left_out,
            texts_compared: observed.texts_compared(),
            texts_beyond: observed.texts_beyond(),
            traces: detection.traces.clone(),
            groups,
            weak_signals: detection.weak.len() as u64 + unworthy,
        }
    }
}

/// Tells what became of the messages of each group: whom it reached can be said
/// when every group is known.
fn follow(book: &Book<'_>, groups: &mut [GroupReport], messages: &[Vec<Message>]) {
    let outside = Outside::of(book.observed, groups, |_| true);
    for (place, (group, messages)) in groups.iter_mut().zip(messages).enumerate() {
        let found = group.members.iter().filter_map(|member| book.observed.accounts.find(&member.account));
        let mut members: Vec<u32> = found.collect();
        members.sort_unstable();
        let followed = messages.iter().map(|one| message(book, &outside, place, &members, *one));
        group.messages = followed.collect();
    }
}

impl GroupReport {
    /// The group without what became of its messages; and these.
    fn of(book: &Book<'_>, crowd: &Crowd, found: &Found) -> (Self, Vec<Message>) {
        let observed = book.observed;
        let mut members = found.members.clone();
        members.sort_unstable();
        let counted = count(book, found, &members);
        let evidence = GroupEvidence {
            traces: found.traces_confirmed(),
            confirmation_p: (!found.confirmations.is_empty()).then(|| found.p()),
            identity_signs: counted.signs.count,
        };
        let counters = explain(&counted.around);
        let cap = counter_cap(&counters);
        let moments = moments(book, found, &members, &counted);
        let (reached, habit) = (strength(&evidence), habit_cap(found, &moments));
        let strength = reached.min(cap).min(habit);
        let held_back = held_back(found, cap, habit, reached);
        let is_open = |strength: Strength| held_back.as_ref().is_none_or(|held| strength <= held.at_most);
        let (shown, not_shown): (Vec<_>, Vec<_>) =
            examine(&counted.facts).into_iter().partition(|examined| examined.verdict == Verdict::Holds);
        let told = |examined: &analysis::coordination::roles::Examined| BehaviourView {
            behaviour: examined.behaviour,
            strength: word(strength, examined.cap, cap),
            toward: examined.toward.iter().map(|account| label(observed, *account)).collect(),
            numbers: numbers(&examined.numbers),
        };
        let posts = members.iter().flat_map(|member| book.posts_of(*member)).map(|post| post.time);
        let Times { hours, days, hourly } = Times::of(posts);
        let members_told = member_views(book, crowd, found, &members, &counted);
        let group = Self {
            id: id_of(observed, &members),
            strength,
            basis: basis_name(found.basis).into(),
            p: found.p(),
            density: tied_share(&members_told),
            stability: found.stability,
            traces: traces(found),
            members: members_told,
            copied: found.copied.iter().map(|one| copied_view(observed, *one)).collect(),
            behaviours: shown.iter().map(told).collect(),
            not_shown: not_shown.iter().map(told).collect(),
            explanations: counters
                .iter()
                .map(|found| ExplanationView {
                    explanation: found.explanation,
                    verdict: verdict_name(found.verdict).into(),
                    numbers: numbers(&found.numbers),
                })
                .collect(),
            steps: steps(&evidence)
                .into_iter()
                .filter(|step| step.verdict != Verdict::Holds && is_open(step.strength))
                .map(|step| StepView { strength: step.strength, numbers: numbers(&step.numbers) })
                .collect(),
            held_back,
            signs: signs_view(observed, &members, &counted.signs),
            moments,
            objects: objects(book, &members, &counted.messages),
            objects_left_out: counted.messages.len().saturating_sub(OBJECTS_MAX) as u64,
            hours,
            days,
            hourly,
            messages: Vec::new(),
        };
        (group, counted.messages.into_iter().take(MESSAGES_MAX).collect())
    }
}

/// The strongest word that the accounts' own habits leave. Where others' delays
/// stood in, or each account's own habit explains the meetings, a call that all
/// of them hear is as good an explanation; where they met in nothing but the
/// same moments there is then nothing to show.
fn habit_cap(found: &Found, moments: &[Moment]) -> Strength {
    let only_moments = found.ties.iter().all(|tie| tie.trace == Trace::Synchrony);
    let on_object =
        |moment: &&Moment| moment.trace != Trace::Synchrony && moment.members as usize >= CARRIERS_MIN;
    match found.basis {
        Basis::Timing if found.beyond_habit_share() >= BEYOND_HABIT_MIN => Strength::VeryLikely,
        Basis::Timing | Basis::Kin
            if only_moments && moments.iter().filter(on_object).count() < OBJECT_MOMENTS_MIN =>
        {
            Strength::WeakSignal
        }
        _ => Strength::Possible,
    }
}

/// Share of the pairs of members that are tied.
fn tied_share(members: &[MemberView]) -> f32 {
    let ends: u64 = members.iter().map(|member| member.pairs).sum();
    let all = members.len() * members.len().saturating_sub(1);
    (ends as f64 / all.max(1) as f64) as f32
}

fn copied_view(observed: &Observed, copied: Copied) -> CopiedView {
    let Copied { account, members, first, after } = copied;
    let name = observed.accounts.name(account).to_owned();
    CopiedView { account: name, handle: observed.handle(account), members, first, after }
}

/// `timing`, `kin` or `choice`.
pub(crate) fn basis_name(basis: Basis) -> &'static str {
    match basis {
        Basis::Timing => "timing",
        Basis::Kin => "kin",
        Basis::Choice => "choice",
    }
}

/// `fails`, `holds`, `not_known`.
fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Fails => "fails",
        Verdict::NotKnown => "not_known",
    }
}

fn numbers(measured: &[Measured]) -> Vec<NumberView> {
    let told = |one: &Measured| NumberView {
        fact: one.fact.name().into(),
        value: one.value,
        at_least: if let Needs::AtLeast(limit) = one.needs { Some(limit) } else { None },
        at_most: if let Needs::AtMost(limit) = one.needs { Some(limit) } else { None },
        met: one.is_met(),
    };
    measured.iter().map(told).collect()
}

/// Sixteen hexadecimal digits of the members' names.
pub(crate) fn id_of(observed: &Observed, members: &[u32]) -> String {
    let mut names: Vec<&str> = members.iter().map(|member| observed.accounts.name(*member)).collect();
    names.sort_unstable();
    let hash = crate::coordination::detect::parts::key_of(&names.join("\n"));
    format!("{hash:016x}")
}

/// The handle of an account, or its name in the data.
pub(crate) fn label(observed: &Observed, account: u32) -> String {
    let handle = observed.handle(account);
    handle.map_or_else(|| observed.accounts.name(account).to_owned(), |handle| format!("@{handle}"))
}

fn time_text(time_s: u32) -> String {
    Timestamp::from_millis(i64::from(time_s) * 1_000).to_string()
}

fn traces(found: &Found) -> Vec<TraceView> {
    let mut views: BTreeMap<Trace, TraceView> = BTreeMap::new();
    // A pair that both halves of the objects suggest is one.
    let mut pairs: BTreeMap<Trace, BTreeSet<(u32, u32)>> = BTreeMap::new();
    let empty = |trace| TraceView {
        trace,
        pairs: 0,
        together: 0,
        expected: 0.0,
        confirmed_observed: None,
        confirmed_expected: None,
        confirmed_p: None,
    };
    for tie in &found.ties {
        let view = views.entry(tie.trace).or_insert_with(|| empty(tie.trace));
        pairs.entry(tie.trace).or_default().insert((tie.pair.a, tie.pair.b));
        view.together += u64::from(tie.pair.together);
        view.expected += f64::from(tie.pair.expected);
    }
    for (trace, confirmation) in &found.confirmations {
        let view = views.entry(*trace).or_insert_with(|| empty(*trace));
        view.confirmed_observed = Some(confirmation.observed);
        view.confirmed_expected = Some(confirmation.expected);
        view.confirmed_p = Some(confirmation.p);
    }
    for (trace, view) in &mut views {
        view.pairs = pairs.get(trace).map_or(0, |pairs| pairs.len() as u64);
    }
    views.into_values().collect()
}

fn objects(book: &Book<'_>, members: &[u32], messages: &[Message]) -> Vec<ObjectView> {
    let told = |message: &Message| {
        let actions = book.actions_on(message.trace, message.object);
        let mut others: Vec<u32> = actions
            .iter()
            .map(|joint| joint.action.account)
            .filter(|account| members.binary_search(account).is_err())
            .collect();
        others.sort_unstable();
        others.dedup();
        ObjectView {
            trace: message.trace,
            object: object_name(book, members, &actions, message.trace, message.object),
            members: message.members,
            others: others.len() as u64,
        }
    };
    messages.iter().take(OBJECTS_MAX).map(told).collect()
}

/// The words of the first of some members (rising) that has any: what others
/// wrote before is not theirs.
fn first_words(book: &Book<'_>, members: &[u32], actions: &[Joint]) -> Option<String> {
    let own = actions.iter().filter(|joint| members.binary_search(&joint.action.account).is_ok());
    own.map(|joint| book.excerpt(joint)).find(|text| !text.is_empty())
}

/// The object as a person knows it: the words of a text, not its number.
fn object_name(book: &Book<'_>, members: &[u32], actions: &[Joint], trace: Trace, object: u32) -> String {
    let seen = book.observed.traces.get(&trace);
    let name = seen.map(|seen| seen.objects.name(object)).unwrap_or_default();
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    match trace {
        Trace::CoText | Trace::CoReshare if is_number => first_words(book, members, actions).unwrap_or(name),
        Trace::CoReply => target_of(&name).to_owned(),
        _ => name,
    }
}

/// The joint moments of a group, the densest first.
fn moments(book: &Book<'_>, found: &Found, members: &[u32], counted: &Counted) -> Vec<Moment> {
    let mut traces: Vec<Trace> = found.ties.iter().map(|tie| tie.trace).collect();
    traces.extend(counted.messages.iter().map(|message| message.trace));
    traces.sort_unstable();
    traces.dedup();
    let mut found_moments: Vec<Moment> = Vec::new();
    for trace in traces {
        let mut objects: Vec<u32> =
            book.actions_of(trace, members).iter().map(|joint| joint.action.object).collect();
        objects.sort_unstable();
        objects.dedup();
        let window = analysis::coordination::PairSettings::of(trace).window_s;
        for object in objects {
            let actions = book.actions_on(trace, object);
            let Some(moment) = densest(&actions, members, window) else { continue };
            found_moments.push(told_moment(book, members, (trace, object), &actions, moment));
            if found_moments.len() >= 4 * MOMENTS_MAX {
                keep_best(&mut found_moments);
            }
        }
    }
    keep_best(&mut found_moments);
    found_moments
}

fn keep_best(moments: &mut Vec<Moment>) {
    moments.sort_by_key(|moment| (std::cmp::Reverse(moment.members), moment.seconds));
    moments.truncate(MOMENTS_MAX);
}

/// The actions of members within a window that hold the most members: indices, rising.
fn densest(actions: &[Joint], members: &[u32], window_s: u32) -> Option<Vec<usize>> {
    let own: Vec<usize> = (0..actions.len())
        .filter(|at| {
            actions.get(*at).is_some_and(|joint| members.binary_search(&joint.action.account).is_ok())
        })
        .collect();
    let time = |at: &usize| actions.get(*at).map_or(0, |joint| joint.action.time);
    let distinct = |part: &[usize]| {
        let mut accounts: Vec<u32> =
            part.iter().filter_map(|at| actions.get(*at)).map(|joint| joint.action.account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts.len()
    };
    let windows = own.iter().enumerate().map(|(from, at)| {
        let end = own.partition_point(|other| time(other) <= time(at).saturating_add(window_s));
        own.get(from..end).unwrap_or_default()
    });
    let best = windows.max_by_key(|part| (distinct(part), std::cmp::Reverse(part.len())))?;
    (distinct(best) > 1).then(|| best.to_vec())
}

fn told_moment(
    book: &Book<'_>,
    members: &[u32],
    (trace, object): (Trace, u32),
    actions: &[Joint],
    own: Vec<usize>,
) -> Moment {
    let joints: Vec<&Joint> = own.iter().filter_map(|at| actions.get(*at)).collect();
    let first = joints.first().map_or(0, |joint| joint.action.time);
    let last = joints.last().map_or(0, |joint| joint.action.time);
    let mut accounts: Vec<u32> = joints.iter().map(|joint| joint.action.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let within = |joint: &&Joint| (first..=last).contains(&joint.action.time);
    let others =
        actions.iter().filter(within).filter(|joint| accounts.binary_search(&joint.action.account).is_err());
    Moment {
        trace,
        object: object_name(book, members, actions, trace, object),
        members: accounts.len() as u32,
        seconds: last - first,
        others: others.count() as u32,
        posts: joints
            .iter()
            .take(MOMENT_POSTS_MAX)
            .map(|joint| MomentPost {
                id: book.post_id(joint),
                account: label(book.observed, joint.action.account),
                key: book.observed.accounts.name(joint.action.account).to_owned(),
                time: time_text(joint.action.time),
                after_s: joint.action.time - first,
                text: book.excerpt(joint),
            })
            .collect(),
    }
}

fn message(
    book: &Book<'_>,
    outside: &Outside<'_>,
    place: usize,
    members: &[u32],
    message: Message,
) -> MessageView {
    let actions = book.actions_on(message.trace, message.object);
    let followers = |account: u32| book.observed.described(account)?.followers.get();
    // Of each account outside: how often it acted, when last, and then what speaks against it.
    let mut others: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for action in actions.iter().map(|joint| joint.action) {
        if members.binary_search(&action.account).is_err() {
            let (acts, last) = others.entry(action.account).or_default();
            (*acts, *last) = (*acts + 1, (*last).max(action.time));
        }
    }
    let at_s = |time_s: u32| Timestamp::from_millis(i64::from(time_s) * 1_000);
    let doubts: BTreeMap<u32, Doubt> = others
        .into_iter()
        .filter_map(|(account, (acts, last))| {
            Some((account, outside.doubt(place, account, acts, at_s(last))?))
        })
        .collect();
    let interactions: Vec<Interaction> = actions
        .iter()
        .map(|joint| Interaction {
            account: joint.action.account,
            time_ms: i64::from(joint.action.time) * 1_000,
            is_member: members.binary_search(&joint.action.account).is_ok(),
            carries: book.post(joint).is_some_and(|post| post.kind != PostKind::Reply),
            doubt: doubts.get(&joint.action.account).copied(),
            followers: followers(joint.action.account),
        })
        .collect();
    let Breakout { circle, inside, outside, left_out, crossed_ms, points, amplifiers, .. } =
        breakout(&interactions);
    let at = |time_ms: i64| Timestamp::from_millis(time_ms).to_string();
    MessageView {
        trace: message.trace,
        object: object_name(book, members, &actions, message.trace, message.object),
        text: first_words(book, members, &actions).unwrap_or_default(),
        circle: circle.name().into(),
        inside,
        outside,
        left_out,
        crossed_at: crossed_ms.map(at),
        curve: points
            .iter()
            .map(|point| {
                let share = point.outside_so_far;
                (at(point.from_ms), point.inside, point.outside, [share.share, share.low, share.high])
            })
            .collect(),
        amplifiers: amplifiers
            .iter()
            .map(|one| (label(book.observed, one.account), at(one.time_ms), one.outside_after))
            .collect(),
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
