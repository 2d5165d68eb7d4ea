//! What is kept of the groups of a run besides their report: ties, messages by
//! which new posts are recognised, and the records behind every string.
//!
//! In: what was observed and found. Out: [`GroupKept`]s, [`Source`]s.
//! Cost: two passes over the actions, one over the posts.
//! Limits: [`MARKS_MAX`], [`TIES_MAX`], [`SOURCES_MAX`](crate::coordination::workspace::kept::SOURCES_MAX).

use crate::AppError;
use crate::coordination::detect::graph::weights;
use crate::coordination::detect::{Detection, Found};
use crate::coordination::observed::Observed;
use crate::coordination::report::facts::{CARRIERS_MIN, MESSAGE_TRACES};
use crate::coordination::report::views::{GroupReport, Report};
use crate::coordination::report::{id_of, label};
use crate::coordination::workspace::kept::{GroupKept, Mark, Source, TIES_MAX};
use crate::coordination::workspace::live::{MARKS_MAX, object_key, person_key};
use analysis::coordination::TraceEdge;
use analysis::coordination::breakout::AUDIENCE_MIN;
use model::Trace;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Posts of a text whose cascade is asked for, the newest.
const CASCADE_POSTS_MAX: usize = 20;

/// The rest about each group of a report, in its order. `records` holds the
/// record of each post; `cascades_of` tells the cascades of records.
pub(crate) fn gather(
    observed: &Observed,
    detection: &Detection,
    report: &Report,
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
    let mut groups: Vec<GroupKept> = report
        .groups
        .iter()
        .map(|group| GroupKept {
            ties: by_id.get(&group.id).map(|found| ties(observed, group, found)).unwrap_or_default(),
            places: Vec::new(),
            marks: Vec::new(),
            aims: aims(observed, group),
        })
        .collect();
    for trace in MESSAGE_TRACES.into_iter().chain([Trace::CoReshare]) {
        add_marks(observed, report, trace, records, &mut groups);
    }
    for group in &mut groups {
        // Those of most members first; the number was kept in `inside`.
        group.marks.sort_by_key(|mark| (std::cmp::Reverse(mark.inside), mark.key));
        group.marks.truncate(MARKS_MAX);
    }
    find_cascades(&mut groups, cascades_of)?;
    Ok(groups)
}

/// The ties of a group, between places in its list of members.
fn ties(observed: &Observed, group: &GroupReport, found: &Found) -> Vec<(u32, u32, f32)> {
    let place: HashMap<u32, u32> = (0_u32..)
        .zip(&group.members)
        .filter_map(|(at, member)| Some((observed.accounts.find(&member.account)?, at)))
        .collect();
    let edges: Vec<TraceEdge> = found
        .ties
        .iter()
        .filter_map(|tie| {
            let (a, b) = (*place.get(&tie.pair.a)?, *place.get(&tie.pair.b)?);
            Some(TraceEdge { a: a.min(b), b: a.max(b), trace: tie.trace, ln_p: tie.ln_p })
        })
        .collect();
    let mut ties: Vec<(u32, u32, f32)> =
        weights(&edges).into_iter().map(|((a, b), weight)| (a, b, weight)).collect();
    ties.sort_by(|one, two| two.2.total_cmp(&one.2).then((one.0, one.1).cmp(&(two.0, two.1))));
    ties.truncate(TIES_MAX);
    ties
}

/// The accounts behind the labels of patrons and targets.
fn aims(observed: &Observed, group: &GroupReport) -> Vec<String> {
    let wanted: BTreeSet<&str> =
        group.behaviours.iter().flat_map(|behaviour| &behaviour.toward).map(String::as_str).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let is_wanted = |account: &u32| wanted.contains(label(observed, *account).as_str());
    let found = (0..observed.accounts.len()).filter(is_wanted);
    found.map(|account| observed.accounts.name(account).to_owned()).collect()
}

/// The objects of a trace that several members of a group acted on.
fn add_marks(observed: &Observed, report: &Report, trace: Trace, records: &[i64], groups: &mut [GroupKept]) {
    let Some(seen) = observed.traces.get(&trace) else { return };
    let mut group_of: HashMap<u32, usize> = HashMap::new();
    for (at, group) in report.groups.iter().enumerate() {
        let members = group.members.iter().filter_map(|member| observed.accounts.find(&member.account));
        group_of.extend(members.map(|member| (member, at)));
    }
    let mut carriers: BTreeMap<(u32, usize), BTreeSet<u32>> = BTreeMap::new();
    for action in &seen.actions {
        if let Some(group) = group_of.get(&action.account) {
            carriers.entry((action.object, *group)).or_default().insert(action.account);
        }
    }
    carriers.retain(|_, carriers| carriers.len() >= CARRIERS_MIN);
    let wanted: HashSet<u32> = carriers.keys().map(|(object, _)| *object).collect();
    let mut actions: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, action) in seen.actions.iter().enumerate().filter(|(_, action)| wanted.contains(&action.object))
    {
        actions.entry(action.object).or_default().push(at);
    }
    for ((object, group), members) in carriers {
        let own = actions.get(&object).map(Vec::as_slice).unwrap_or_default();
        if let Some(group) = groups.get_mut(group) {
            group.marks.push(mark(observed, trace, object, own, &members, records));
        }
    }
}

/// One message. `actions` are the places of what everybody did with it.
fn mark(
    observed: &Observed,
    trace: Trace,
    object: u32,
    actions: &[usize],
    members: &BTreeSet<u32>,
    records: &[i64],
) -> Mark {
    let seen = observed.traces.get(&trace);
    let name = seen.map_or("", |seen| seen.objects.name(object));
    let acted = || {
        actions.iter().filter_map(|at| {
            let seen = seen?;
            let post = *seen.posts.get(*at)?;
            Some((seen.actions.get(*at)?, observed.posts.get(post as usize)?, *records.get(post as usize)?))
        })
    };
    // A number is a text: it has no name but its words.
    let is_text = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let worded = acted().filter(|(_, post, _)| !post.excerpt.is_empty());
    let first = worded.min_by_key(|(action, ..)| **action).map(|(_, post, _)| post.excerpt.to_string());
    let shown = first.filter(|_| is_text).unwrap_or_else(|| name.to_owned());
    let accounts: BTreeSet<u32> = acted().map(|(action, ..)| action.account).collect();
    let outside: Vec<u32> = accounts
        .iter()
        .filter(|account| !members.contains(account))
        .map(|account| person_key(observed.accounts.name(*account)))
        .collect();
    let mut newest: Vec<i64> = acted().map(|(.., record)| record).collect();
    newest.sort_unstable_by(|one, two| two.cmp(one));
    newest.truncate(CASCADE_POSTS_MAX);
    Mark {
        trace,
        key: object_key(trace, &shown),
        object: shown,
        accounts: u32::try_from(accounts.len()).unwrap_or(u32::MAX),
        // The newest record for now: `find_cascades` asks for its cascade.
        cascade: newest.first().copied().filter(|_| is_text),
        inside: u32::try_from(members.len()).unwrap_or(u32::MAX),
        people: ((outside.len() as f64) < AUDIENCE_MIN).then_some(outside),
    }
}

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
    for (number, seen) in (0_u32..).zip(&observed.described) {
        let newest = seen.newest.as_ref();
        let label = label(observed, number);
        let name = observed.accounts.name(number);
        let handles = seen.handles.iter().map(|(handle, _)| handle.as_ref());
        let told = newest.into_iter().flat_map(|one| one.handle.iter().chain(&one.name)).map(String::as_str);
        let mut own: Vec<String> = handles
            .chain(told)
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
        if let Some(source) = sources.get_mut(post.id.as_ref()) {
            source.add(post.time, *record);
        }
        if let Some(source) = sources.get_mut(post.excerpt.as_ref()) {
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
        let names: HashMap<u32, &str> = (0..seen.objects.len())
            .map(|object| (object, seen.objects.name(object)))
            .filter(|(_, name)| sources.contains_key(*name))
            .collect();
        for (action, post) in seen.actions.iter().zip(&seen.posts) {
            let source = names.get(&action.object).and_then(|name| sources.get_mut(*name));
            if let (Some(source), Some(record)) = (source, records.get(*post as usize)) {
                source.add(action.time, *record);
            }
        }
    }
    sources.retain(|_, source| !source.ids.is_empty());
    sources
}
