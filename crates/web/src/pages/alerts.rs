//! Alerts: what a rule noticed and nobody has taken note of yet, then what
//! somebody did; and their number as it changes, for the bar of every page.
//!
//! In: nothing, or `before` for older ones. Out: the page; server-sent events.
//! Errors: 404 for an alert that is not there.
//! Limits: [`OPEN_SHOWN`], [`SEEN_SHOWN`]; the rest is counted or a page away.
//! The stream tells a change at most every [`PAUSE_MS`] and ends with the server.

use super::addresses::address;
use super::cards::{author_href, card, post_href};
use super::coordination::{group_href, left_out};
use super::forms::{Fields, done_at, shown};
use crate::components::post_card::account_name;
use crate::components::{PostCard, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::alerts::{AlertGroup, AlertView, AlertsRequest};
use ::app::listening::PostView;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{StreamExt, stream};
use model::{Permission, Timestamp};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Address of the page.
pub const PATH: &str = "/alerts";
/// Open alerts of the page, the newest.
const OPEN_SHOWN: usize = 50;
/// Alerts of which somebody took note, of a page.
const SEEN_SHOWN: usize = 20;
/// Characters of a message in one line.
const LINE_CHARS: usize = 90;
/// Shortest time between two events, ms.
const PAUSE_MS: u64 = 1_000;

/// The routes.
pub fn routes() -> Vec<Route> {
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    let (read, label) = (Need::May(Permission::Read), Need::May(Permission::Label));
    vec![
        route(Method::GET, PATH, read, "Alerts, open ones first", get(list)),
        route(
            Method::GET,
            "/alerts/live",
            read,
            "How many alerts are open, as server-sent events",
            get(live),
        ),
        route(Method::POST, "/alerts/seen", label, "Takes note of every open alert up to one", post(see_all)),
        route(Method::POST, "/alerts/{id}/seen", label, "Takes note of an alert", post(see)),
    ]
}

/// The sentence of the bar; `None` while no alert is open.
pub fn bar(open: u64, l: &Locale) -> Option<String> {
    (open > 0).then(|| l.count("alerts-bar", open))
}

/// An alert in a line: what it says, and where it stands in the list.
pub(super) struct AlertLine {
    /// What it says.
    pub text: String,
    /// Its place on the page.
    pub href: String,
}

/// The newest open alert in a line.
pub(super) fn line(alert: &AlertView, now: Timestamp, l: &Locale) -> AlertLine {
    let when = l.ago(alert.at, now);
    let text = match alert.posts.first().map(excerpt).filter(|text| !text.is_empty()) {
        Some(text) => l.text_with("alerts-line", &[("text", text.into()), ("when", when.into())]),
        None => l.text_with("alerts-line-without", &[("when", when.into())]),
    };
    AlertLine { text, href: format!("{PATH}#alert-{}", alert.id) }
}

fn excerpt(post: &PostView) -> String {
    let line = plain_line(&post.post.full_text());
    if line.chars().count() <= LINE_CHARS {
        return line;
    }
    line.chars().take(LINE_CHARS).chain(['…']).collect()
}

/// One of the first who carried a message on.
struct AmplifierRow {
    name: String,
    href: String,
    followers: Option<String>,
    when: String,
    machine: String,
    post_href: String,
}

fn amplifier(view: &PostView, l: &Locale) -> AmplifierRow {
    let author = &view.post.author;
    AmplifierRow {
        name: account_name(author, l),
        href: author_href(&author.key.to_text()),
        followers: author.followers.get().map(|count| l.integer(count)),
        when: l.date_time(view.time),
        machine: l.machine_time(view.time),
        post_href: post_href(view.id),
    }
}

/// One alert.
struct AlertBox {
    id: i64,
    title: String,
    ago: String,
    when: String,
    machine: String,
    post: Option<PostCard>,
    trace: String,
    inside: String,
    outside: String,
    share: Option<String>,
    /// Accounts that are not counted as the audience, and why.
    left_out: Option<String>,
    amplifiers: Vec<AmplifierRow>,
    /// The groups that carried it: the card, when the last search found it, and what it is called.
    groups: Vec<(Option<String>, String)>,
    seen: Option<String>,
}

fn group_link(group: &AlertGroup, l: &Locale) -> (Option<String>, String) {
    match group.accounts {
        Some(count) => {
            let accounts = l.count("unit-accounts", count);
            (Some(group_href(&group.id)), l.text_with("alerts-group", &[("accounts", accounts.into())]))
        }
        None => (None, l.text_with("alerts-group-gone", &[("id", group.id.as_str().into())])),
    }
}

fn alert_box(alert: &AlertView, now: Timestamp, l: &Locale) -> AlertBox {
    let evidence = &alert.evidence;
    AlertBox {
        id: alert.id,
        title: match alert.groups.len() {
            0 | 1 => l.word("alert-rule", alert.rule),
            count => l.count("alerts-title-groups", count as u64),
        },
        ago: l.ago(alert.at, now),
        when: l.date_time(alert.at),
        machine: l.machine_time(alert.at),
        post: alert.posts.first().map(|post| card(post, now, l)),
        trace: l.word("trace", evidence.trace.name()),
        inside: l.integer(evidence.inside),
        outside: l.integer(evidence.outside),
        share: evidence.outside_share().map(|share| l.percent(share, 0)),
        amplifiers: alert.amplifiers.iter().map(|view| amplifier(view, l)).collect(),
        left_out: left_out(&evidence.left_out, l),
        groups: alert.groups.iter().map(|group| group_link(group, l)).collect(),
        seen: alert.seen.as_ref().map(|seen| {
            let told = [("by", plain_line(&seen.signed).into()), ("when", l.date_time(seen.at).into())];
            l.text_with("alerts-seen-by", &told)
        }),
    }
}

#[derive(Template)]
#[template(path = "alerts/list.html")]
struct List<'a> {
    page: &'a Page,
    l: &'a Locale,
    /// False on the pages of older ones.
    is_first: bool,
    open: Vec<AlertBox>,
    open_more: Option<String>,
    /// The newest open one and how many there are, when there are several.
    all: Option<(i64, String)>,
    seen: Vec<AlertBox>,
    older: Option<String>,
    may_see: bool,
}

async fn list(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let before: Option<i64> = fields.number("before");
    let (open, all_open, mut seen) = work(move || {
        let open = AlertsRequest { open: Some(true), before: None, limit: OPEN_SHOWN };
        let open = if before.is_none() { workspace.list_alerts(&actor, &open)? } else { Vec::new() };
        let seen = AlertsRequest { open: Some(false), before, limit: SEEN_SHOWN + 1 };
        Ok((open, workspace.open_alerts(&actor)?, workspace.list_alerts(&actor, &seen)?))
    })
    .await?;
    let (l, now) = (&visit.l, front.app.now());
    let more = seen.len() > SEEN_SHOWN;
    seen.truncate(SEEN_SHOWN);
    let last = seen.last().filter(|_| more).map(|alert| alert.id.to_string());
    let boxes = |alerts: &[AlertView]| alerts.iter().map(|alert| alert_box(alert, now, l)).collect();
    let page = visit.page(l.text("alerts-title"), Some(Room::Alerts));
    shown(&List {
        page: &page,
        l,
        is_first: before.is_none(),
        open_more: (all_open > open.len() as u64 && before.is_none())
            .then(|| l.text_with("alerts-open-more", &[("all", all_open.into())])),
        all: open
            .first()
            .filter(|_| all_open > 1)
            .map(|newest| (newest.id, l.count("alerts-see-all", all_open))),
        open: boxes(&open),
        seen: boxes(&seen),
        older: last.map(|id| address(PATH, &[("before", &id)])),
        may_see: visit.actor.may(Permission::Label),
    })
}

/// Takes note of an alert; who did so first stays.
async fn see(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.see_alert(&actor, id)).await?;
    Ok(done_at(PATH, "alert-seen"))
}

/// Takes note of all that were open when the page was made.
async fn see_all(visit: Visit, Form(form): Form<Fields>) -> Result<Response, Error> {
    let upto: i64 = form.number("upto").unwrap_or(0);
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.see_alerts(&actor, upto)).await?;
    Ok(done_at(PATH, "alerts-seen"))
}

/// The number of open alerts now, and again with every change.
async fn live(State(front): State<Arc<Front>>, visit: Visit) -> Result<impl IntoResponse, Error> {
    let told = visit.workspace.watch_alerts(&visit.actor)?;
    let l = visit.l.clone();
    let events = stream::unfold((told, false), move |(mut told, paused): (watch::Receiver<u64>, bool)| {
        let l = l.clone();
        async move {
            if paused {
                tokio::time::sleep(Duration::from_millis(PAUSE_MS)).await;
                told.changed().await.ok()?;
            }
            let open = *told.borrow_and_update();
            let event = match bar(open, &l) {
                Some(text) => Event::default().event("alerts").data(text),
                None => Event::default().event("none").data("0"),
            };
            Some((Ok::<_, Infallible>(event), (told, true)))
        }
    });
    let events = events.take_until(Box::pin(front.closing()));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}
