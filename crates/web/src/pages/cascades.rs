//! Cascades of copies: the list of what is said again and again, and one cascade.
//!
//! In: filters as in the explorer; the number of a cascade. Out: the pages.
//! Errors: 404 when none of the posts of a cascade is there.

use super::addresses::address;
use super::cards::{author_href, card, cards, post_href};
use super::filters::{Filters, Period};
use super::forms::Fields;
use super::overview::Figures;
use super::post::Fact;
use super::query_problem::QueryProblem;
use crate::components::{Choice, PostCard, Stat, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::AppError;
use ::app::understanding::{CASCADES_MAX, CascadePage, CascadeView, Change};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::Html;
use axum::routing::get;
use model::{Network, Permission, Timestamp};
use std::sync::Arc;

/// Address of the list.
pub const PATH: &str = "/cascades";
/// Most changes of a text that a page shows.
const MUTATIONS_MAX: usize = 20;
/// Most members that a page shows; all of them are in the explorer.
const MEMBERS_SHOWN: usize = 30;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "What is said again and again",
            handler: get(list),
        },
        Route {
            method: Method::GET,
            path: "/cascades/{id}",
            need: Need::May(Permission::Read),
            summary: "One cascade of copies",
            handler: get(show),
        },
    ]
}

/// The page of a cascade.
pub fn cascade_href(cascade: i64) -> String {
    format!("{PATH}/{cascade}")
}

/// One line of the list.
struct Row {
    href: String,
    posts_href: String,
    times: String,
    in_all: String,
    first: PostCard,
}

#[derive(Template)]
#[template(path = "cascades/list.html")]
struct List<'a> {
    page: &'a Page,
    l: &'a Locale,
    q: &'a str,
    periods: Vec<Choice>,
    problem: Option<QueryProblem>,
    rows: Vec<Row>,
}

async fn list(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Html<String>, Error> {
    let now = front.app.now();
    let l = &visit.l;
    let filters = Filters::read(&fields, Period::Month, "all");
    let span = filters.span(now, l);
    let (workspace, actor, words) = (Arc::clone(&visit.workspace), visit.actor.clone(), filters.q.clone());
    let found = work(move || match workspace.cascades(&actor, &words, span, CASCADES_MAX) {
        Err(AppError::Query(error)) => Ok(Err(error)),
        other => other.map(Ok),
    })
    .await?;
    let (rows, problem) = match found {
        Ok(views) => (views.iter().map(|view| row(view, now, l)).collect(), None),
        Err(error) => (Vec::new(), Some(QueryProblem::new(&filters.q, &error, l))),
    };
    let periods = Period::ALL
        .into_iter()
        .filter(|period| *period != Period::Custom)
        .map(|period| Choice {
            value: period.name().to_owned(),
            label: l.word("period", period.name()),
            chosen: period == filters.period,
        })
        .collect();
    let page = visit.page(l.text("cascades-title"), Some(Room::Cascades));
    Ok(Html(List { page: &page, l, q: &filters.q, periods, problem, rows }.render()?))
}

fn row(view: &CascadeView, now: Timestamp, l: &Locale) -> Row {
    let (posts, total) = (l.count("unit-posts", view.posts), l.count("unit-posts", view.total));
    let span = l.duration(view.last.millis() - view.first.time.millis());
    Row {
        href: cascade_href(view.cascade),
        posts_href: address("/explorer", &[("q", &members(view.cascade)), ("period", "all")]),
        times: l.text_with("cascades-times", &[("posts", posts.into())]),
        in_all: l.text_with("cascades-in-all", &[("posts", total.into()), ("span", span.into())]),
        first: card(&view.first, now, l),
    }
}

fn members(cascade: i64) -> String {
    format!("cascade:{cascade}")
}

/// Where it appeared on one network first.
struct First {
    network: Network,
    when: String,
    author: String,
    author_href: String,
    post_href: String,
    after: Option<String>,
}

/// One changed text.
struct Changed {
    post_href: String,
    parent_href: String,
    when: String,
    alike: String,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "cascades/show.html")]
struct Show<'a> {
    page: &'a Page,
    l: &'a Locale,
    tiles: Vec<Stat>,
    figures: Figures,
    firsts: Vec<First>,
    changed: Vec<Changed>,
    changed_more: bool,
    exact_copies: String,
    members: Vec<PostCard>,
    posts_href: String,
    shown: String,
    facts: Vec<Fact>,
}

async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(cascade): Path<i64>,
) -> Result<Html<String>, Error> {
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let found = work(move || workspace.load_cascade(&actor, cascade)).await?;
    let l = &visit.l;
    let filters = Filters { of: "all".to_owned(), q: members(cascade), ..Filters::everything() };
    let mut figures = Figures::of(&found.overview, &filters, &[], l);
    figures.tiles.clear();
    let page = visit.page(l.text("cascade-title"), Some(Room::Cascades));
    let shown = found.members.get(..MEMBERS_SHOWN).unwrap_or(&found.members);
    let template = Show {
        page: &page,
        l,
        tiles: tiles(&found, &filters, l),
        figures,
        firsts: firsts(&found, l),
        changed: changed(&found, l),
        changed_more: found.mutations.len() > MUTATIONS_MAX,
        exact_copies: l.count("cascade-exact-copies", found.exact_copies),
        members: cards(shown, now, l),
        posts_href: filters.explorer(),
        shown: l.count("unit-posts", shown.len() as u64),
        facts: speed_facts(&found, l),
    };
    Ok(Html(template.render()?))
}

fn tiles(found: &CascadePage, filters: &Filters, l: &Locale) -> Vec<Stat> {
    let tile = |key: &str, value: Option<String>, href: Option<String>| Stat {
        label: l.text(key),
        value,
        change: None,
        href,
        spark: None,
    };
    vec![
        tile("cascade-posts", Some(l.integer(found.overview.total)), Some(filters.explorer())),
        tile("cascade-networks", Some(l.integer(found.firsts.len() as u64)), None),
        tile("cascade-first-hour", found.speed.map(|speed| l.integer(speed.first_hour)), None),
        tile("cascade-half", found.speed.map(|speed| l.duration(speed.half_ms)), None),
    ]
}

fn speed_facts(found: &CascadePage, l: &Locale) -> Vec<Fact> {
    let peak = found.speed.map(|speed| {
        let posts = l.count("unit-posts", speed.peak_hour);
        format!("{posts} · {}", l.date_time(speed.peak_at))
    });
    let first = found.members.first().map(|view| l.date_time(view.time));
    let last = found.overview.span.to;
    vec![
        Fact::text(l.text("cascade-began"), first, l),
        Fact::text(l.text("cascade-last"), Some(l.date_time(last)), l),
        Fact::text(l.text("cascade-peak"), peak, l),
    ]
}

fn firsts(found: &CascadePage, l: &Locale) -> Vec<First> {
    let began = found.firsts.first().map(|first| first.post.time);
    found
        .firsts
        .iter()
        .map(|first| First {
            network: first.network,
            when: l.date_time(first.post.time),
            author: plain_line(first.post.post.author.label()),
            author_href: author_href(&first.post.post.author.key.to_text()),
            post_href: post_href(first.post.id),
            after: began
                .map(|began| first.post.time.millis() - began.millis())
                .filter(|after| *after > 0)
                .map(|after| l.duration(after)),
        })
        .collect()
}

fn changed(found: &CascadePage, l: &Locale) -> Vec<Changed> {
    let time_of = |id: i64| found.members.iter().find(|view| view.id == id).map(|view| view.time);
    found
        .mutations
        .iter()
        .take(MUTATIONS_MAX)
        .map(|mutation| Changed {
            post_href: post_href(mutation.child),
            parent_href: post_href(mutation.parent),
            when: time_of(mutation.child).map(|at| l.date_time(at)).unwrap_or_default(),
            alike: l.text_with(
                "cascade-alike",
                &[("share", l.percent(f64::from(mutation.similarity), 0).into())],
            ),
            changes: mutation.changes.clone(),
        })
        .collect()
}
