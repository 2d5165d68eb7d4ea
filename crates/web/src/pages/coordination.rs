//! Coordinated networks: the list of groups, the run that finds them, and the
//! pages below: the evidence card of a group, the audit of a campaign, the map.
//!
//! In: what the last run found. Out: the pages. Errors: [`Error`].
//! Limits: those of the work room; what was capped is said.

mod account;
mod audit;
mod charted;
mod decision;
mod earlier;
mod evidence;
mod files;
mod group;
mod map;
mod told;

pub(super) use evidence::left_out;
pub use told::group_href;

use super::forms::{done_at, shown};
use crate::components::plain_line;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::coordination::{CoordinationView, DetectionState, KnownGroup, TraceReport};
use askama::Template;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{GroupDecision, Permission, Timestamp, Trace};
use std::sync::Arc;
use told::{Signed, Word};

/// Address of the list.
pub const PATH: &str = "/coordination";
/// Members named in the list, of a group.
const NAMED: usize = 4;

/// The routes.
pub fn routes() -> Vec<Route> {
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    let (read, label) = (Need::May(Permission::Read), Need::May(Permission::Label));
    let mut routes = vec![
        route(Method::GET, PATH, read, "Groups of accounts that act as one", get(list)),
        route(Method::GET, "/coordination/run", read, "How far the search for groups is", get(progress)),
        route(Method::POST, "/coordination/run", label, "Searches for groups now", post(run)),
        route(Method::POST, "/coordination/run/stop", label, "Stops the search for groups", post(stop)),
    ];
    routes.extend(group::routes());
    routes.extend(account::routes());
    routes.extend(decision::routes());
    routes.extend(files::routes());
    routes.extend(audit::routes());
    routes.extend(map::routes());
    routes
}

/// One group of the list.
struct Row {
    href: String,
    word: Word,
    headline: String,
    does: Vec<(Word, String)>,
    named: String,
    newest: Option<String>,
    reach: (&'static str, &'static str),
    since_run: Option<String>,
    decision: Option<Signed>,
}

fn row(group: &KnownGroup, now: Timestamp, l: &Locale) -> Row {
    let report = &group.report;
    let names = report.members.iter().take(NAMED).map(|member| plain_line(group::name_of(member)));
    let mut named: Vec<String> = names.collect();
    if report.members.len() > NAMED {
        named.push("…".to_owned());
    }
    Row {
        href: group_href(&report.id),
        word: Word::of(report.strength, l),
        headline: told::headline(report, l),
        does: report
            .behaviours
            .iter()
            .map(|view| told::behaviour(view, l))
            .map(|told| (told.word, format!("{}: {}", told.name, lower_first(&told.does))))
            .collect(),
        named: named.join(", "),
        newest: newest(group, now, l),
        reach: reach(group),
        since_run: evidence::since_run(group, l),
        decision: group.decision.as_ref().map(|view| told::signed(view, l)),
    }
}

/// The sentence after a colon.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The newest act: what came since the run, else the last day of the run's.
fn newest(group: &KnownGroup, now: Timestamp, l: &Locale) -> Option<String> {
    if let Some(at) = group.live.newest {
        return Some(l.ago(at, now));
    }
    let (day, _) = group.report.days.last()?;
    Some(l.date(charted::noon_of(*day, l)))
}

/// How far its messages came: a kind of badge and a locale key.
fn reach(group: &KnownGroup) -> (&'static str, &'static str) {
    let has = |circle: &str| group.report.messages.iter().any(|message| message.circle == circle);
    if !group.live.crossed.is_empty() {
        ("danger", "coordination-crossed-live")
    } else if has("audience") {
        ("danger", "coordination-crossed")
    } else if has("mixed") {
        ("warning", "coordination-mixed")
    } else if has("own_circle") {
        ("ok", "coordination-inside")
    } else {
        ("plain", "coordination-unknown-reach")
    }
}

/// What one trace gave.
struct TraceRow {
    name: String,
    window: String,
    /// Head of the column, count.
    cells: [(String, String); 6],
}

fn trace_row((trace, report): (&Trace, &TraceReport), l: &Locale) -> TraceRow {
    let counts = [
        ("coordination-actions", report.actions),
        ("coordination-objects", report.objects),
        ("coordination-accounts", report.accounts),
        ("coordination-pairs-tested", report.pairs_tested),
        ("coordination-pairs-found", report.pairs_significant),
        ("coordination-capped-head", report.capped_actions),
    ];
    TraceRow {
        name: l.word("trace-short", trace.name()),
        window: l.duration(i64::from(report.window_s) * 1_000),
        cells: counts.map(|(head, count)| (l.text(head), l.integer(count))),
    }
}

/// The last run, told.
struct Last {
    when: String,
    looked: Vec<String>,
    weak: Option<String>,
    traces: Vec<TraceRow>,
    rows: Vec<Row>,
    dismissed: Vec<Row>,
    dismissed_title: String,
}

fn last(view: &CoordinationView, now: Timestamp, l: &Locale) -> Last {
    let (posts, accounts) = (l.count("unit-posts", view.posts), l.count("unit-accounts", view.accounts));
    let mut looked = vec![
        l.text_with("coordination-looked", &[("posts", posts.into()), ("accounts", accounts.into())]),
        l.text_with("coordination-since", &[("when", l.date_time(view.since).into())]),
    ];
    let capped: u64 = view.traces.values().map(|trace| trace.capped_cells).sum();
    let told = [
        ("coordination-left-out", view.left_out.saturating_sub(view.over_limit)),
        ("coordination-over-limit", view.over_limit),
        ("coordination-groups-left-out", view.groups_left_out),
        ("coordination-texts-beyond", view.texts_beyond),
        ("coordination-capped", capped),
    ];
    looked.extend(told.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| l.count(key, count)));
    if [capped, view.over_limit, view.groups_left_out, view.texts_beyond].iter().all(|count| *count == 0) {
        looked.push(l.text("coordination-not-capped"));
    }
    let is_dismissed = |group: &&KnownGroup| {
        group.decision.as_ref().is_some_and(|decision| decision.decision == GroupDecision::Dismissed)
    };
    let (dismissed, open): (Vec<_>, Vec<_>) = view.groups.iter().partition(is_dismissed);
    Last {
        when: l.text_with("coordination-last-run", &[("when", l.date_time(view.run_at).into())]),
        looked,
        weak: (view.weak_signals > 0).then(|| l.count("coordination-weak", view.weak_signals)),
        traces: view.traces.iter().map(|trace| trace_row(trace, l)).collect(),
        rows: open.into_iter().map(|group| row(group, now, l)).collect(),
        dismissed_title: l.count("coordination-dismissed-groups", dismissed.len() as u64),
        dismissed: dismissed.into_iter().map(|group| row(group, now, l)).collect(),
    }
}

/// How far the search is.
struct Running {
    busy: bool,
    failed: bool,
    progress: Option<(u64, u64, String)>,
    may_run: bool,
}

/// Steps of the progress bar.
const STEPS: u64 = 100;

fn running(state: &DetectionState, visit: &Visit) -> Running {
    // A share between 0 and 1: at most the steps.
    let step = |share: f32| (share.clamp(0.0, 1.0) * STEPS as f32) as u64;
    let progress = state.running.map(|at| super::exports::progress_of(step(at.share), STEPS, &visit.l));
    Running {
        busy: progress.is_some(),
        failed: progress.is_none() && state.failed.is_some(),
        progress,
        may_run: visit.actor.may(Permission::Label),
    }
}

#[derive(Template)]
#[template(path = "coordination/list.html")]
struct List<'a> {
    page: &'a Page,
    l: &'a Locale,
    running: Running,
    last: Option<Last>,
}

async fn list(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (state, view) =
        work(move || Ok((workspace.detection_state(&actor)?, workspace.coordination(&actor)?))).await?;
    let l = &visit.l;
    let page = visit.page(l.text("coordination-title"), Some(Room::Coordination));
    let last = view.map(|view| last(&view, front.app.now(), l));
    shown(&List { page: &page, l, running: running(&state, &visit), last })
}

#[derive(Template)]
#[template(path = "coordination/running.html")]
struct Progress<'a> {
    page: &'a Page,
    l: &'a Locale,
    running: Running,
}

/// The progress alone; once there is none, the browser is sent to the list.
async fn progress(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    if !visit.fragment {
        return list(State(front), visit).await;
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let state = work(move || workspace.detection_state(&actor)).await?;
    let running = running(&state, &visit);
    let page = visit.page(visit.l.text("coordination-title"), Some(Room::Coordination));
    let is_over = !running.busy;
    let mut response = shown(&Progress { page: &page, l: &visit.l, running })?;
    if is_over {
        response.headers_mut().insert("hx-refresh", axum::http::HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Begins a run; one that is running already is not begun again.
async fn run(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.detect_coordination(&actor)).await?;
    Ok(done_at(PATH, "coordination-begun"))
}

/// Stops the run in progress; what was found before stays.
async fn stop(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.stop_detection(&actor)).await?;
    Ok(done_at(PATH, "coordination-stopped"))
}
