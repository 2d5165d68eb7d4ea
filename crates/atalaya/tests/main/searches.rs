//! A search for groups over an archive dies at its marked points and anywhere:
//! nothing is lost, nothing is doubled, no temporary file stays, and the next
//! search finds what it would have found. Truth: a search that nobody stopped.

use crate::installation::{DEADLINE, Installation};
use app::Actor;
use app::alerts::AlertsRequest;
use app::coordination::CoordinationView;
use model::time::{DAY_MS, SECOND_MS};
use model::{Timestamp, Trace};
use serde_json::Value;
use sim::coordination::{CoordinationSettings, coordination};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Child;
use std::time::Instant;

/// With so little memory most of a search is in temporary files.
const SEARCH: [&str; 4] = ["coordination", "search", "--memory", "1MiB"];

/// Posts of the last days with planted groups.
fn world(now: Timestamp) -> String {
    let world = coordination(&CoordinationSettings::small(11, now.plus(-8 * DAY_MS)));
    let narrator = world.narrator();
    let lines = world.events.iter().filter_map(|event| narrator.x_line(event));
    lines.map(|value| format!("{value}\n")).collect()
}

fn now(place: &Installation) -> Timestamp {
    let (app, _workspace) = place.open();
    app.now()
}

fn view(place: &Installation) -> Option<CoordinationView> {
    let (_app, workspace) = place.open();
    workspace.coordination(&Actor::operator()).unwrap()
}

/// What was found, without the moment of the search.
fn found(place: &Installation) -> Option<Value> {
    let view = view(place)?;
    let groups: Vec<_> = view.groups.iter().map(|group| &group.report).collect();
    Some(serde_json::json!([view.posts, view.accounts, view.weak_signals, groups]))
}

/// The messages that alerts tell of; one that is told twice is in it twice.
fn alerts(place: &Installation) -> Vec<(u64, u64, u64)> {
    let (_app, workspace) = place.open();
    let all = AlertsRequest { open: None, before: None, limit: 200 };
    let told = workspace.list_alerts(&Actor::operator(), &all).unwrap();
    let mut told: Vec<_> = told
        .iter()
        .map(|alert| (alert.evidence.message, alert.evidence.inside, alert.evidence.outside))
        .collect();
    told.sort_unstable();
    told
}

fn temporary_files(place: &Installation) -> usize {
    fs::read_dir(place.workspace_folder().join("spool")).map_or(0, Iterator::count)
}

/// Kills a search as soon as it holds a temporary file; true when it did.
fn kill_when_it_spills(mut child: Child) -> bool {
    let open = format!("/proc/{}/fd", child.id());
    let start = Instant::now();
    let spills = || {
        let entries = fs::read_dir(&open).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| fs::read_link(entry.path()).ok())
            .any(|path| path.to_string_lossy().contains("/spool/"))
    };
    let mut spilt = false;
    while !spilt && start.elapsed() < DEADLINE && child.try_wait().unwrap().is_none() {
        spilt = spills();
        std::thread::yield_now();
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    spilt && !status.success()
}

#[test]
fn a_search_that_dies_anywhere_leaves_nothing_and_is_done_by_the_next() {
    let (whole, place) = (Installation::new(), Installation::new());
    let posts = world(now(&place));
    for one in [&whole, &place] {
        one.run(&["import", &one.file("mundo.jsonl", &posts)]).expect(0);
    }
    whole.run(&SEARCH).expect(0);
    let (truth, archive) = (found(&whole).expect("a search"), whole.ids());
    assert!(!truth[3].as_array().unwrap().is_empty(), "groups are found");

    assert!(kill_when_it_spills(place.command(&SEARCH).spawn().unwrap()), "it wrote no temporary file");
    assert_eq!((temporary_files(&place), found(&place)), (0, None));
    for point in ["search_observed:1", "search_detected:1", "search_audited:1"] {
        place.run_until(point, &SEARCH);
        assert_eq!((temporary_files(&place), found(&place)), (0, None), "{point}");
    }
    place.run_until("search_installed:1", &SEARCH);
    assert_eq!((temporary_files(&place), found(&place)), (0, Some(truth.clone())), "it was durable");
    // The one before stands while another dies.
    place.run_until("search_detected:1", &SEARCH);
    assert_eq!(found(&place), Some(truth.clone()));
    let told = place.run(&SEARCH).expect(0);
    assert_eq!(told.out.lines().count(), truth[3].as_array().unwrap().len(), "{}", told.out);
    assert_eq!((temporary_files(&place), found(&place)), (0, Some(truth)));
    assert_eq!((place.ids(), alerts(&place)), (archive, Vec::new()));
}

#[test]
fn what_crossed_is_told_once_though_the_search_died_before_it_told() {
    let (whole, place) = (Installation::new(), Installation::new());
    for one in [&whole, &place] {
        one.run(&SEARCH).expect(0);
        assert_eq!(found(one).unwrap()[3], serde_json::json!([]), "nothing is there yet");
    }
    let at = now(&place);
    let posts = world(at);
    whole.run(&["import", &whole.file("mundo.jsonl", &posts)]).expect(0);
    whole.run(&SEARCH).expect(0);
    let groups = view(&whole).unwrap().groups;
    let mut messages = groups.iter().flat_map(|group| &group.report.messages);
    let is_inside = |trace, circle: &str| trace == Trace::CoText && circle != "audience";
    let message = messages.find(|one| is_inside(one.trace, &one.circle)).expect("words of its own");
    let mut rows = "id,author,text,time\n".to_owned();
    for person in 0..30 {
        let time = at.plus(60 * SECOND_MS);
        writeln!(rows, "eco-{person:04},vecina{person},\"{}\",{time}", message.object).unwrap();
    }
    let told_by_post = alerts(&whole).len();
    whole.run(&["import", &whole.file("eco.csv", &rows)]).expect(0);
    assert!(alerts(&whole).len() > told_by_post, "the words reach an audience");

    // Here everything is there before any group is known.
    place.run(&["import", &place.file("mundo.jsonl", &posts)]).expect(0);
    place.run(&["import", &place.file("eco.csv", &rows)]).expect(0);
    place.run_until("search_installed:1", &SEARCH);
    let after = alerts(&place);
    assert!(!after.is_empty(), "told at the next start");
    let subjects: BTreeSet<u64> = after.iter().map(|(message, ..)| *message).collect();
    assert_eq!(subjects.len(), after.len(), "each once");
    place.run(&SEARCH).expect(0);
    assert_eq!(alerts(&place), after, "and by no later search again");
    assert_eq!(place.ids(), whole.ids());
}
