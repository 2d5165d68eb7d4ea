//! What is kept of the groups of a run besides their report: ties, messages by
//! which new posts are recognised, and the records behind every string.
//!
//! In: what was observed and found. Out: [`GroupKept`]s, [`Source`]s.
//! Cost: two passes over the actions, two over the posts and one over the accounts.
//! Limits: [`MARKS_MAX`], [`TIES_MAX`], [`SOURCES_MAX`](crate::coordination::workspace::kept::SOURCES_MAX).

use crate::AppError;
use crate::coordination::detect::graph::weights;
use crate::coordination::detect::{Detection, Found};
use crate::coordination::observed::Observed;
use crate::coordination::observed::acts::Act;
use crate::coordination::observed::posts::Seen;
use crate::coordination::report::facts::{CARRIERS_MIN, MESSAGE_TRACES};
use crate::coordination::report::outside::Outside;
use crate::coordination::report::views::{GroupReport, MemberView, Report};
use crate::coordination::report::{id_of, label};
use crate::coordination::workspace::acts::keep;
use crate::coordination::workspace::kept::{GroupKept, Mark, Source, TIES_MAX, TieKept};
use crate::coordination::workspace::live::{MARKS_MAX, object_key, person_key};
use crate::coordination::workspace::reach::{Act as Reached, Reach, carries};
use analysis::coordination::breakout::{Interaction, Spread};
use analysis::coordination::{Action, TraceEdge};
use model::{Doubt, NativeId, PostKey, RecordKey, RecordKind, Timestamp, Trace};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Posts of a text whose cascade is asked for, the newest.
const CASCADE_POSTS_MAX: usize = 20;

/// The rest about each group of a report, in its order. `records` holds the
/// record of each post; `cascades_of` tells the cascades of records.
/// Members of a `dismissed` group are an audience as anybody is.
pub(crate) fn gather(
    observed: &Observed,
    detection: &Detection,
    report: &Report,
    dismissed: &HashSet<String>,
    records: &[i64],
    cascades_of: impl Fn(&[i64]) -> Result<HashMap<i64, i64>, AppError>,
) -> Result<Vec<GroupKept>, AppError> {
    let by_id: HashMap<String, &Found> = detection
        .groups
        .iter()
        .map(|found| {
            let mut members = found.members.clone();
            members.sort_unstable();
            (id_of(observed, &members), found)
        })
        .collect();
    let labelled = labelled(observed, report);
    let mut groups: Vec<GroupKept> = report
        .groups
        .iter()
        .zip(keep(observed, report, records))
        .map(|(group, acts)| {
            let found = by_id.get(&group.id);
            let (ties, grounds) = found.map(|found| ties(observed, group, found)).unwrap_or_default();
            GroupKept {
                ties,
                grounds,
                acts,
                places: Vec::new(),
                marks: Vec::new(),
                aims: aims(observed, &labelled, group),
            }
        })
        .collect();
    let outside = Outside::of(observed, &report.groups, |group| !dismissed.contains(&group.id));
    let from = Gathering { observed, outside, records };
    for trace in MESSAGE_TRACES.into_iter().chain([Trace::CoReshare]) {
        from.add_marks(report, trace, &mut groups);
    }
    for group in &mut groups {
        // Those of most members first; the number was kept in `inside`.
        group.marks.sort_by_key(|mark| (std::cmp::Reverse(mark.inside), mark.key));
        group.marks.truncate(MARKS_MAX);
    }
    find_cascades(&mut groups, cascades_of)?;
    Ok(groups)
}

/// The ties of a group, between places in its list of members, and what they rest on.
fn ties(observed: &Observed, group: &GroupReport, found: &Found) -> (Vec<(u32, u32, f32)>, Vec<TieKept>) {
    let place: HashMap<u32, u32> = (0_u32..)
        .zip(&group.members)
        .filter_map(|(at, member)| Some((observed.accounts.find(&member.account)?, at)))
        .collect();
    let mut grounds: Vec<TieKept> = found
        .ties
        .iter()
        .filter_map(|tie| {
            let (a, b) = (*place.get(&tie.pair.a)?, *place.get(&tie.pair.b)?);
            Some(TieKept {
                a: a.min(b),
                b: a.max(b),
                trace: tie.trace,
                together: tie.pair.together,
                expected: tie.pair.expected,
                joint: tie.pair.joint,
                ln_p: tie.ln_p,
                beyond_habit: tie.beyond_habit,
            })
        })
        .collect();
    // A pair that both halves of the objects suggest stands there twice.
    grounds.sort_by(|one, two| {
        let key = |tie: &TieKept| (tie.a, tie.b, tie.trace);
        key(one).cmp(&key(two)).then(one.ln_p.total_cmp(&two.ln_p))
    });
    let edges: Vec<TraceEdge> = grounds
        .iter()
        .map(|tie| TraceEdge { a: tie.a, b: tie.b, trace: tie.trace, ln_p: tie.ln_p })
        .collect();
    let mut ties: Vec<(u32, u32, f32)> =
        weights(&edges).into_iter().map(|((a, b), weight)| (a, b, weight)).collect();
    ties.sort_by(|one, two| two.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(two.0, two.1))));
    ties.truncate(TIES_MAX);
    let kept: HashSet<(u32, u32)> = ties.iter().map(|(a, b, _)| (*a, *b)).collect();
    grounds.retain(|tie| kept.contains(&(tie.a, tie.b)));
    (ties, grounds)
}

/// Whose each label of a patron or target is, by rising number.
fn labelled(observed: &Observed, report: &Report) -> HashMap<String, Vec<u32>> {
    let behaviours = report.groups.iter().flat_map(|group| &group.behaviours);
    let mut wanted: HashMap<String, Vec<u32>> =
        behaviours.flat_map(|behaviour| &behaviour.toward).map(|label| (label.clone(), Vec::new())).collect();
    if !wanted.is_empty() {
        for account in 0..observed.accounts.len() {
            if let Some(accounts) = wanted.get_mut(&label(observed, account)) {
                accounts.push(account);
            }
        }
    }
    wanted
}

/// The accounts behind the labels of patrons and targets.
fn aims(observed: &Observed, labelled: &HashMap<String, Vec<u32>>, group: &GroupReport) -> Vec<String> {
    let wanted: BTreeSet<&String> = group.behaviours.iter().flat_map(|behaviour| &behaviour.toward).collect();
    let found: BTreeSet<u32> =
        wanted.into_iter().filter_map(|label| labelled.get(label)).flatten().copied().collect();
    found.into_iter().map(|account| observed.accounts.name(account).to_owned()).collect()
}

/// What marks are made of.
struct Gathering<'a> {
    observed: &'a Observed,
    outside: Outside<'a>,
    /// The record of each post.
    records: &'a [i64],
}

impl Gathering<'_> {
    /// The objects of a trace that several members of a group acted on.
    fn add_marks(&self, report: &Report, trace: Trace, groups: &mut [GroupKept]) {
        let Some(seen) = self.observed.traces.get(&trace) else { return };
        let mut group_of: HashMap<u32, usize> = HashMap::new();
        for (at, group) in report.groups.iter().enumerate() {
            let find = |member: &MemberView| self.observed.accounts.find(&member.account);
            group_of.extend(group.members.iter().filter_map(find).map(|member| (member, at)));
        }
        let mut carriers: BTreeMap<(u32, usize), BTreeSet<u32>> = BTreeMap::new();
        for Act { action, .. } in seen.iter() {
            if let Some(group) = group_of.get(&action.account) {
                carriers.entry((action.object, *group)).or_default().insert(action.account);
            }
        }
        carriers.retain(|_, carriers| carriers.len() >= CARRIERS_MIN);
        for ((object, place), members) in carriers {
            if let Some(group) = groups.get_mut(place) {
                group.marks.push(self.mark(trace, object, place, &members));
            }
        }
    }

    /// One message of the group at a place.
    fn mark(&self, trace: Trace, object: u32, place: usize, members: &BTreeSet<u32>) -> Mark {
        let posts = &self.observed.posts;
        let seen = self.observed.traces.get(&trace);
        let name = seen.map(|seen| seen.objects.name(object)).unwrap_or_default();
        let acts = seen.map(|seen| seen.of_object(object)).unwrap_or_default();
        let acted: Vec<Acted> = acts
            .iter()
            .filter_map(|act| Some((act.action, posts.get(act.post)?, *self.records.get(act.post as usize)?)))
            .collect();
        // A number is a text: it has no name but its words.
        let is_text = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        // Acts come in the order of time.
        let texts = || {
            let text = |(action, post, _): &Acted| (action.account, posts.excerpt(post));
            acted.iter().map(text).filter(|(_, text)| !text.is_empty())
        };
        // New posts are recognised by anybody's first words, and it is called by a member's.
        let words = || texts().map(|(_, text)| text).next();
        let own_words = || texts().find(|(account, _)| members.contains(account)).map(|(_, text)| text);
        let shared = (trace == Trace::CoReshare).then_some(name.as_str());
        let (reach, audience) = self.reach(&acted, place, members, shared);
        let known_by = if is_text { words().unwrap_or_else(|| name.clone()) } else { name.clone() };
        let shown = if is_text { own_words().unwrap_or(name) } else { name };
        let accounts: BTreeSet<u32> = acted.iter().map(|(action, ..)| action.account).collect();
        let mut newest: Vec<i64> = acted.iter().map(|(.., record)| *record).collect();
        newest.sort_unstable_by(|one, two| two.cmp(one));
        newest.truncate(CASCADE_POSTS_MAX);
        Mark {
            trace,
            key: object_key(trace, &known_by),
            object: shown,
            accounts: u32::try_from(accounts.len()).unwrap_or(u32::MAX),
            // The newest record for now: `find_cascades` asks for its cascade.
            cascade: newest.first().copied().filter(|_| is_text),
            inside: u32::try_from(members.len()).unwrap_or(u32::MAX),
            people: reach.crossed_at.is_none().then_some(audience),
            reach,
        }
    }

    /// How far a message has come: what everybody did with it, in the order of
    /// time; and the accounts outside that nothing speaks against, hashed.
    fn reach(
        &self,
        acted: &[Acted],
        place: usize,
        members: &BTreeSet<u32>,
        shared: Option<&str>,
    ) -> (Reach, Vec<u32>) {
        let observed = self.observed;
        let (mut reach, mut spread) = (Reach::default(), Spread::default());
        let key_of = |key: PostKey| RecordKey::of(RecordKind::Post, key.network, &key.native_id);
        // A reshare has no words: the message is the post that they share.
        let network = acted.first().and_then(|(_, post, _)| PostKey::parse(&observed.posts.id(post)));
        let original = shared.zip(network).and_then(|(id, PostKey { network, .. })| {
            Some(PostKey { network, native_id: NativeId::parse(id).ok()? })
        });
        reach.posts.extend(original.map(key_of));
        // How often each account acted, and when last.
        let mut done: HashMap<u32, (u32, u32)> = HashMap::new();
        for (action, ..) in acted {
            let (acts, last) = done.entry(action.account).or_default();
            (*acts, *last) = (*acts + 1, (*last).max(action.time));
        }
        let at = |time_s: u32| Timestamp::from_millis(i64::from(time_s) * 1_000);
        // Asked once for each account, and of no more than it takes to cross.
        let mut doubts: BTreeMap<u32, Option<Doubt>> = BTreeMap::new();
        for (action, post, _) in acted {
            let account = action.account;
            let is_member = members.contains(&account);
            let doubt = if is_member {
                None
            } else {
                let (acts, last) = done.get(&account).copied().unwrap_or_default();
                *doubts.entry(account).or_insert_with(|| self.outside.doubt(place, account, acts, at(last)))
            };
            let post_key = PostKey::parse(&observed.posts.id(post));
            let (carries, time_ms) = (carries(post.kind), i64::from(action.time) * 1_000);
            let name = observed.accounts.name(account);
            reach.add(&Reached { key: post_key.map(key_of), account: name, is_member, doubt, carries });
            let followers = None;
            if spread.record(&Interaction { account, time_ms, is_member, carries, doubt, followers }) {
                reach.crossed_at = Some(at(action.time));
                break;
            }
        }
        let counted = doubts.iter().filter(|(_, doubt)| doubt.is_none());
        (reach, counted.map(|(account, _)| person_key(observed.accounts.name(*account))).collect())
    }
}

/// One act on a message: the act, its post and the record of that.
type Acted = (Action, Seen, i64);

/// Replaces the record that stands for each text by its cascade.
fn find_cascades(
    groups: &mut [GroupKept],
    cascades_of: impl Fn(&[i64]) -> Result<HashMap<i64, i64>, AppError>,
) -> Result<(), AppError> {
    let marks = || groups.iter().flat_map(|group| &group.marks);
    let mut records: Vec<i64> = marks().filter_map(|mark| mark.cascade).collect();
    records.sort_unstable();
    records.dedup();
    let cascades = cascades_of(&records)?;
    for mark in groups.iter_mut().flat_map(|group| &mut group.marks) {
        mark.cascade = mark.cascade.and_then(|record| cascades.get(&record).copied());
    }
    Ok(())
}

/// The newest records in which each of some strings stands; a string that
/// stands in none is left out.
pub(crate) fn sources(
    observed: &Observed,
    records: &[i64],
    strings: &BTreeSet<String>,
) -> BTreeMap<String, Source> {
    let mut sources: BTreeMap<String, Source> =
        strings.iter().map(|text| (text.clone(), Source::default())).collect();
    let mut of_account: HashMap<u32, Vec<String>> = HashMap::new();
    for number in 0..observed.accounts.len() {
        let newest = observed.described(number);
        let label = label(observed, number);
        let name = observed.accounts.name(number);
        let handles: Vec<String> = observed.handles(number).map(|(handle, _)| handle).collect();
        let told = newest.iter().flat_map(|one| one.handle.iter().chain(&one.name));
        let mut own: Vec<String> = handles
            .iter()
            .chain(told)
            .map(String::as_str)
            .chain([name, label.as_str()])
            .filter(|text| sources.contains_key(*text))
            .map(str::to_owned)
            .collect();
        own.sort_unstable();
        own.dedup();
        if !own.is_empty() {
            of_account.insert(number, own);
        }
    }
    for (post, record) in observed.posts.iter().zip(records) {
        if let Some(source) = sources.get_mut(&observed.posts.id(&post)) {
            source.add(post.time, *record);
        }
        if let Some(source) = sources.get_mut(&observed.posts.excerpt(&post)) {
            source.is_text = true;
            source.add(post.time, *record);
        }
        for text in of_account.get(&post.account).into_iter().flatten() {
            if let Some(source) = sources.get_mut(text) {
                source.add(post.time, *record);
            }
        }
    }
    for seen in observed.traces.values() {
        let names: Vec<(u32, String)> =
            seen.objects.iter().filter(|(_, name)| sources.contains_key(name)).collect();
        for (object, name) in names {
            let Some(source) = sources.get_mut(&name) else { continue };
            for Act { action, post } in seen.of_object(object) {
                if let Some(record) = records.get(post as usize) {
                    source.add(action.time, *record);
                }
            }
        }
    }
    sources.retain(|_, source| !source.ids.is_empty());
    sources
}
