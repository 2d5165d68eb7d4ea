//! What a search of files found, written to its folder and told.

use super::folder::{Folder, MANIFEST};
use super::reading::{FileRead, Input};
use super::{COORTWEET_WINDOW_S, InputOptions, PARTICIPATION, held_back};
use crate::output::{print_json, print_line};
use anyhow::Result;
use app::coordination::{
    CoorTweetFound, DetectSettings, Detection, GroupReport, MemberView, Report, RunSettings, graph_of,
    write_actions, write_edges, write_gexf, write_graphml, write_members, write_shares_of,
};
use model::Trace;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

/// Accounts of a group that are named in its line.
const NAMED_MAX: usize = 8;

/// What a third party needs to know of the files.
#[derive(Serialize)]
struct Manifest<'a, S> {
    #[serde(flatten)]
    settings: S,
    /// What was read.
    input: &'a [FileRead],
    /// What the files do not say by themselves.
    notes: &'a [&'static str],
    /// By name what is in it; all that the run wrote.
    files: BTreeMap<String, &'static str>,
}

/// What to know before comparing or repeating.
const NOTES: [&str; 3] = [
    "A search in the shares of one trace alone has another baseline than this one: what the same accounts did in other traces, and what they say of themselves, is not in that file. The groups are the same or fewer, and a word may be lower.",
    "edges.csv has one row for each pair and trace; where both halves of the objects tie the pair, the counts are their sums and ln_p is the lower of the two.",
    "A cell that a spreadsheet would run as a formula has a leading '; reading a table of shares takes it away again.",
];

/// What CooRTweet's rule was asked for.
#[derive(Serialize)]
struct CoorTweetSettings {
    method: &'static str,
    window_s: u32,
    participation_min: u32,
}

/// Writes everything that was found.
pub fn write_found(
    input: &Input,
    detection: &Detection,
    report: &Report,
    settings: &DetectSettings,
    folder: &Folder,
) -> Result<()> {
    let observed = &input.observed;
    folder.begin()?;
    let mut files = BTreeMap::new();
    let mut write = |name: &str, holds: &'static str, to: &mut dyn FnMut(&mut dyn Write) -> Result<()>| {
        let mut out = folder.create(name)?;
        to(&mut out)?;
        out.flush()?;
        files.insert(name.to_owned(), holds);
        Ok::<(), anyhow::Error>(())
    };
    write("groups.json", "the groups with all their evidence", &mut |out| {
        Ok(serde_json::to_writer_pretty(out, report)?)
    })?;
    write("members.csv", "the accounts of each group", &mut |out| Ok(write_members(report, out)?))?;
    write("edges.csv", "the pairs that tie each group, one row for each pair and trace", &mut |out| {
        Ok(write_edges(observed, detection, report, out)?)
    })?;
    write("actions.csv", "everybody's acts on the objects on which two of a group acted", &mut |out| {
        Ok(write_actions(observed, report, out)?)
    })?;
    for trace in report.traces.keys() {
        let name = format!("shares-{}.csv", trace.name());
        write(&name, "all acts of this trace in CooRTweet's four columns", &mut |out| {
            Ok(write_shares_of(observed, *trace, out)?)
        })?;
    }
    let graph = graph_of(observed, detection, report);
    write("graph.gexf", "the groups as a graph, GEXF 1.3", &mut |out| Ok(write_gexf(&graph, out)?))?;
    write("graph.graphml", "the same as GraphML", &mut |out| Ok(write_graphml(&graph, out)?))?;
    write_manifest(folder, RunSettings::of(report, settings), input, &NOTES, files)
}

fn write_manifest(
    folder: &Folder,
    settings: impl Serialize,
    input: &Input,
    notes: &[&'static str],
    mut files: BTreeMap<String, &'static str>,
) -> Result<()> {
    files.insert(MANIFEST.to_owned(), "this list, with the settings of the run and what was read");
    let mut out = folder.create(MANIFEST)?;
    serde_json::to_writer_pretty(&mut out, &Manifest { settings, input: &input.files, notes, files })?;
    Ok(out.flush()?)
}

/// Tells what was found: a report in JSON, or a line or two for each group.
pub fn tell_found(report: &Report, folder: &Folder, json: bool) -> Result<()> {
    if json {
        return print_json(report);
    }
    for group in &report.groups {
        print_line(&line_of(group))?;
        print_line(&format!("  {}", names_of(group)))?;
    }
    print_line(&format!(
        "{}, {} not shown; all of it is in {}",
        counted(report.groups.len() as u64, "group", "groups"),
        counted(report.weak_signals, "weak signal", "weak signals"),
        folder.told()
    ))
}

/// A number with its noun.
pub fn counted(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn line_of(group: &GroupReport) -> String {
    let does: Vec<&str> = group.behaviours.iter().map(|found| found.behaviour.name()).collect();
    format!(
        "{} {}{}: {}, {}, p {:.1e}",
        group.id,
        group.strength.name(),
        held_back(group),
        counted(group.members.len() as u64, "account", "accounts"),
        if does.is_empty() { "coordinated".to_owned() } else { does.join(", ") },
        group.p,
    )
}

/// The accounts, by handle where one is known.
fn names_of(group: &GroupReport) -> String {
    let name = |member: &MemberView| {
        let name =
            member.handle.as_ref().map_or_else(|| member.account.clone(), |handle| format!("@{handle}"));
        // A terminal obeys characters of control.
        name.chars().filter(|letter| !letter.is_control()).collect::<String>()
    };
    let mut names: Vec<String> = group.members.iter().take(NAMED_MAX).map(name).collect();
    let more = group.members.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

/// Exactly CooRTweet's pairs, edges and weights.
pub fn write_coortweet(input: &Input, options: &InputOptions, folder: &Folder, json: bool) -> Result<()> {
    let window_s = options.window.unwrap_or(COORTWEET_WINDOW_S);
    let participation_min = options.min_participation.unwrap_or(PARTICIPATION);
    folder.begin()?;
    let mut files = BTreeMap::new();
    let wanted = |trace: &&Trace| options.traces.is_empty() || options.traces.contains(trace);
    for trace in input.observed.traces.keys().filter(wanted) {
        let found = CoorTweetFound::of(&input.observed, *trace, window_s, participation_min)?;
        let name = format!("coortweet-{}.csv", trace.name());
        let mut out: BufWriter<_> = folder.create(&name)?;
        found.write(&mut out)?;
        out.flush()?;
        files.insert(name, "the edges of this trace in the columns of CooRTweet's network");
        let (pairs, accounts, edges) = (found.pairs, found.accounts, found.edges.len());
        if json {
            let told =
                serde_json::json!({"trace": trace, "pairs": pairs, "accounts": accounts, "edges": edges});
            print_json(&told)?;
        } else {
            print_line(&format!(
                "{}: {pairs} pairs of shares, {accounts} accounts, {edges} edges",
                trace.name()
            ))?;
        }
    }
    let settings = CoorTweetSettings { method: "coortweet", window_s, participation_min };
    let notes = NOTES.get(2..).unwrap_or_default();
    write_manifest(folder, settings, input, notes, files)
}
