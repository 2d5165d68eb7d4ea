//! Retention, erasure of an account, rebuild, backup, exports.

use super::{page, tabs};
use crate::components::{Tab, plain_line};
use crate::errors::{Code, Error};
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::confirm::Confirm;
use crate::pages::exports::progress_of;
use crate::pages::forms::{Faults, Fields, done_at, refused, shown};
use ::app::Actor;
use ::app::AppError;
use ::app::listening::{ErasureReport, ExploreRequest, RebuildProgress, Task, TaskState, Workspace};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{AccountKey, Permission};
use std::sync::Arc;

/// Longest retention that the form takes, days.
const RETENTION_DAYS_MAX: u32 = 36_500;

pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::EditData);
    let route = |method, path, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, "/settings/data", "Retention, erasure, rebuild, backup", get(show)),
        route(Method::POST, "/settings/data/retention", "Changes how long posts are kept", post(retention)),
        route(Method::GET, "/settings/data/erase", "Says what an erasure would remove", get(ask_erase)),
        route(Method::POST, "/settings/data/erase", "Erases an account", post(erase)),
        route(Method::GET, "/settings/data/erasures", "How far erasures are", get(erasures)),
        route(Method::GET, "/settings/data/rebuild", "Asks before a rebuild", get(ask_rebuild)),
        route(Method::POST, "/settings/data/rebuild", "Rebuilds everything derived", post(rebuild)),
        route(Method::GET, "/settings/data/progress", "How far the rebuild is", get(progress)),
    ]
}

/// How far the rebuild is, for the page.
struct Rebuild {
    done: u64,
    total: u64,
    share: String,
}

fn rebuild_view(progress: Option<RebuildProgress>, l: &Locale) -> Option<Rebuild> {
    let progress = progress?;
    let (done, total, share) = progress_of(progress.done, progress.total, l);
    Some(Rebuild { done, total, share })
}

#[derive(Template)]
#[template(path = "settings/data.html")]
struct Data {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    posts: String,
    days: String,
    folder: String,
    account: String,
    rebuild: Option<Rebuild>,
    erasures: Erasures,
    faults: Faults,
}

/// The erasures since the program started.
struct Erasures {
    rows: Vec<Erasure>,
    /// One waits or runs: ask again.
    busy: bool,
}

/// An erasure, without the name of the account.
struct Erasure {
    id: u64,
    begun: String,
    progress: Option<(u64, u64, String)>,
    failure: Option<String>,
    /// What was removed; empty before its end.
    points: Vec<String>,
}

impl Erasures {
    fn of(tasks: &[Task], l: &Locale) -> Self {
        let row = |task: &Task| {
            let mut row = Erasure {
                id: task.id,
                begun: l.date_time(task.begun_at),
                progress: None,
                failure: None,
                points: Vec::new(),
            };
            match &task.state {
                TaskState::Waiting | TaskState::Exported { .. } => {}
                TaskState::Running { done, total } => row.progress = Some(progress_of(*done, *total, l)),
                TaskState::Failed(reason) => row.failure = Some(reason.clone()),
                TaskState::Erased(report) => row.points = points(report, l),
            }
            row
        };
        Self {
            rows: tasks.iter().map(row).collect(),
            busy: tasks.iter().any(|task| task.state.is_unfinished()),
        }
    }
}

/// What an erasure removed.
fn points(report: &ErasureReport, l: &Locale) -> Vec<String> {
    let count = |key: &str, count: usize| l.count(key, u64::try_from(count).unwrap_or(u64::MAX));
    vec![
        count("settings-erased-records", report.records),
        count("settings-erased-rejects", report.rejects),
        count("settings-erased-exports", report.exports),
        l.text("settings-erased-backups"),
    ]
}

#[derive(Template)]
#[template(path = "settings/erasures.html")]
struct ErasuresAlone {
    l: Locale,
    erasures: Erasures,
}

#[derive(Template)]
#[template(path = "settings/progress.html")]
struct Progress {
    l: Locale,
    rebuild: Option<Rebuild>,
}

async fn data(visit: &Visit, fields: &Fields, faults: Faults) -> Result<Data, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (days, running, tasks, posts) = work(move || {
        let (days, running) = (workspace.retention_days(&actor)?, workspace.rebuild_progress(&actor)?);
        Ok((days, running, workspace.list_erasure_tasks(&actor)?, workspace.posts()))
    })
    .await?;
    let l = visit.l.clone();
    let stored = days.map(|days| days.to_string()).unwrap_or_default();
    Ok(Data {
        page: page(visit, "data"),
        tabs: tabs(visit, "data"),
        posts: l.count("unit-posts", posts),
        days: if fields.has("days") { fields.get("days").to_owned() } else { stored },
        folder: visit.workspace.folder().display().to_string(),
        account: fields.get("account").to_owned(),
        rebuild: rebuild_view(running, &l),
        erasures: Erasures::of(&tasks, &l),
        faults,
        l,
    })
}

async fn show(visit: Visit) -> Result<Response, Error> {
    shown(&data(&visit, &Fields::default(), Faults::default()).await?)
}

async fn progress(visit: Visit) -> Result<Response, Error> {
    if !visit.fragment {
        return show(visit).await;
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let running = work(move || workspace.rebuild_progress(&actor)).await?;
    shown(&Progress { rebuild: rebuild_view(running, &visit.l), l: visit.l })
}

async fn retention(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let text = fields.trimmed("days");
    let days: Option<u32> = fields.number("days");
    let wrong = !text.is_empty() && !days.is_some_and(|days| (1..=RETENTION_DAYS_MAX).contains(&days));
    if wrong {
        let faults = Faults::one("days", visit.l.text("settings-error-days"));
        return refused(&data(&visit, &fields, faults).await?);
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.update_retention(&actor, days)).await?;
    Ok(done_at("/settings/data", "retention-changed"))
}

/// The account of a key, or of a handle that posts of ours carry.
fn find_account(
    workspace: &Workspace,
    actor: &Actor,
    text: &str,
) -> Result<Option<(AccountKey, u64)>, AppError> {
    let text = text.trim().trim_start_matches('@');
    if text.is_empty() || text.contains('"') {
        return Ok(None);
    }
    let request =
        ExploreRequest { expression: format!("author:\"{text}\""), limit: 1, ..ExploreRequest::default() };
    let found = match workspace.explore(actor, &request) {
        Ok(found) => found,
        Err(AppError::Query(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    match (AccountKey::parse(text), found.posts.into_iter().next()) {
        (Some(key), _) => Ok(Some((key, found.total))),
        (None, Some(view)) => {
            // A handle may be in use on several networks: count this account only.
            let key = view.post.author.key;
            let expression = format!("author:\"{}\"", key.to_text().replace('"', ""));
            let request = ExploreRequest { expression, limit: 1, ..ExploreRequest::default() };
            let total = workspace.explore(actor, &request)?.total;
            Ok(Some((key, total)))
        }
        (None, None) => Ok(None),
    }
}

async fn ask_erase(visit: Visit, Query(query): Query<Fields>) -> Result<Response, Error> {
    let (workspace, actor, text) =
        (Arc::clone(&visit.workspace), visit.actor.clone(), query.get("account").to_owned());
    let found = work(move || find_account(&workspace, &actor, &text)).await?;
    let l = visit.l.clone();
    let Some((key, posts)) = found else {
        let faults = Faults::one("account", l.text("settings-error-account"));
        return refused(&data(&visit, &query, faults).await?);
    };
    let bar = query.has("bar");
    let name = plain_line(&key.to_text());
    let mut points = vec![
        l.count("settings-erase-posts", posts),
        l.text("settings-erase-rejects"),
        l.text("settings-erase-exports"),
        l.text("settings-erase-backups"),
    ];
    points.push(l.text(if bar { "settings-erase-bar-on" } else { "settings-erase-bar-off" }));
    let mut fields = vec![("account", key.to_text())];
    if bar {
        fields.push(("bar", "1".to_owned()));
    }
    shown(&Confirm {
        page: visit.page(l.named("settings-erase-title", &name), Some(Room::Settings)),
        text: l.text("settings-erase-text"),
        points,
        action: "/settings/data/erase".to_owned(),
        fields,
        yes: l.text("settings-erase-yes"),
        back: "/settings/data".to_owned(),
        l,
    })
}

async fn erase(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let Some(key) = AccountKey::parse(fields.trimmed("account")) else {
        return Err(Error::new(Code::InvalidInput));
    };
    let bar = fields.has("bar");
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.begin_erasure(actor, key, bar)).await?;
    Ok(done_at("/settings/data", "erasure-begun"))
}

async fn erasures(visit: Visit) -> Result<Response, Error> {
    if !visit.fragment {
        return show(visit).await;
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let tasks = work(move || workspace.list_erasure_tasks(&actor)).await?;
    shown(&ErasuresAlone { erasures: Erasures::of(&tasks, &visit.l), l: visit.l })
}

async fn ask_rebuild(visit: Visit) -> Result<Response, Error> {
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit.page(l.text("settings-rebuild-title"), Some(Room::Settings)),
        text: l.text("settings-rebuild-text"),
        points: Vec::new(),
        action: "/settings/data/rebuild".to_owned(),
        fields: Vec::new(),
        yes: l.text("settings-rebuild-yes"),
        back: "/settings/data".to_owned(),
        l,
    })
}

async fn rebuild(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.begin_rebuild(actor)).await?;
    Ok(done_at("/settings/data", "rebuild-begun"))
}
