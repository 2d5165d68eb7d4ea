//! `/sources`: where posts come from and how each source fares.
//!
//! A secret is asked for and stored; it is never shown again.

mod form;
mod health;
mod kinds;

use super::confirm::Confirm;
use super::forms::{Faults, Fields, attempt, done_at, refused, shown};
use crate::components::{Choice, plain_line};
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, url_escape, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::Cause;
use ::app::listening::{SourceChange, SourceView, Window};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use axum::routing::{get, post};
use form::{change, form, insert, update};
use health::Fault;
use kinds::{FieldForm, Group, KINDS, Kind, Secret, Shape};
use model::listening::{Keep, Source, SourceSetup, WebhookMaker};
use model::time::DAY_MS;
use model::{Network, Permission, Timestamp};
use std::sync::Arc;

/// Days whose gaps are shown.
const GAP_DAYS: i64 = 7;
/// Most gaps listed of one source.
const GAPS_SHOWN: usize = 50;

/// The routes of the page.
pub fn routes() -> Vec<Route> {
    let read = Need::May(Permission::Read);
    let edit = Need::May(Permission::EditSources);
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, "/sources", read, "The sources and how they fare", get(list)),
        route(Method::POST, "/sources", edit, "Adds a source", post(insert)),
        route(Method::GET, "/sources/new", edit, "The kinds of source, or the form of one", get(choose)),
        route(Method::GET, "/sources/{id}", read, "One source", get(show)),
        route(Method::GET, "/sources/{id}/edit", edit, "The form to change a source", get(change)),
        route(Method::POST, "/sources/{id}/edit", edit, "Changes a source", post(update)),
        route(Method::POST, "/sources/{id}/pause", edit, "Pauses a source", post(pause)),
        route(Method::POST, "/sources/{id}/resume", edit, "Lets a source go on", post(resume)),
        route(Method::POST, "/sources/{id}/secret", edit, "Stores a new secret", post(change_secret)),
        route(Method::GET, "/sources/{id}/remove", edit, "Asks before removing a source", get(ask_remove)),
        route(Method::POST, "/sources/{id}/remove", edit, "Removes a source", post(remove)),
    ]
}

/// How a source fares, for the list and its own page.
struct Row {
    id: i64,
    name: String,
    network: Network,
    kind: String,
    state: &'static str,
    fault: Option<Fault>,
    waits: Option<String>,
    heard: Option<String>,
    heard_full: String,
    received: String,
    kept: String,
    rejected: String,
    rejects_href: String,
    posts_href: String,
    gaps: Option<String>,
    paused: bool,
}

fn row(view: &SourceView, gaps: &[Window], now: Timestamp, l: &Locale) -> Row {
    let (source, health) = (&view.source, &view.health);
    let state = health::state(source, health, now);
    let mine: Vec<&Window> = gaps.iter().filter(|gap| gap.source == source.id).collect();
    let lost: i64 = mine.iter().map(|gap| gap.to.millis().saturating_sub(gap.from.millis())).sum();
    let count = u64::try_from(mine.len()).unwrap_or(u64::MAX);
    let shown = matches!(state, "failing" | "late");
    Row {
        id: source.id,
        name: source.name.clone(),
        network: source.setup.network(),
        kind: Kind::of(&source.setup).map_or_else(String::new, |kind| l.word("source-kind", kind.name)),
        state,
        fault: health.last_error.as_deref().filter(|_| shown).map(|reason| health::fault(reason, l)),
        waits: health
            .wait_until
            .filter(|until| shown && *until > now)
            .map(|until| l.text_with("sources-waits", &[("time", l.date_time(until).into())])),
        heard: health.last_ok.map(|at| l.ago(at, now)),
        heard_full: health.last_ok.map(|at| l.date_time(at)).unwrap_or_default(),
        received: l.integer(health.received_count),
        kept: l.integer(health.kept_count),
        rejected: l.integer(health.rejected_count),
        rejects_href: format!("/rejects?origin=source:{}", source.id),
        posts_href: format!("/explorer?q={}", url_escape(&format!("source:{}", source.id))),
        gaps: (!mine.is_empty()).then(|| {
            l.text_with("sources-gaps", &[("count", count.into()), ("time", l.duration(lost).into())])
        }),
        paused: source.paused,
    }
}

#[derive(Template)]
#[template(path = "sources/list.html")]
struct List {
    page: Page,
    l: Locale,
    rows: Vec<Row>,
    may_edit: bool,
}

async fn load(front: &Front, visit: &Visit) -> Result<(Vec<SourceView>, Vec<Window>, Timestamp), Error> {
    let (workspace, actor, now) = (Arc::clone(&visit.workspace), visit.actor.clone(), front.app.now());
    work(move || {
        let gaps = workspace.list_gaps(&actor, now.plus(-GAP_DAYS * DAY_MS), now)?;
        Ok((workspace.list_sources(&actor)?, gaps, now))
    })
    .await
}

async fn list(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    let (views, gaps, now) = load(&front, &visit).await?;
    let l = visit.l.clone();
    let mut rows: Vec<Row> = views.iter().map(|view| row(view, &gaps, now, &l)).collect();
    // What needs a person stands first.
    rows.sort_by_key(|row| match row.state {
        "failing" => 0,
        "late" => 1,
        _ => 2,
    });
    let page = visit.page(l.text("sources-title"), Some(Room::Sources));
    shown(&List { page, l, rows, may_edit: visit.actor.may(Permission::EditSources) })
}

/// A kind on the page that offers them.
struct Offer {
    name: &'static str,
    network: Network,
    title: String,
    about: String,
}

#[derive(Template)]
#[template(path = "sources/choose.html")]
struct Choose {
    page: Page,
    l: Locale,
    groups: Vec<(String, String, Vec<Offer>)>,
}

async fn choose(visit: Visit, Query(query): Query<Fields>) -> Result<Response, Error> {
    let l = visit.l.clone();
    if let Some(kind) = Kind::parse(query.get("kind")) {
        return shown(&form(&visit, kind, &query, Faults::default()));
    }
    let offers = |group: Group| {
        let of = |kind: Kind| Offer {
            name: kind.name,
            network: kind.network,
            title: l.word("source-kind", kind.name),
            about: l.word("source-about", kind.name),
        };
        KINDS.into_iter().filter(|kind| kind.group == group).map(of).collect()
    };
    let groups = Group::ALL
        .into_iter()
        .map(|group| {
            let lead = l.text(&format!("source-group-{}-lead", group.name()));
            (l.word("source-group", group.name()), lead, offers(group))
        })
        .collect();
    shown(&Choose { page: visit.page(l.text("sources-new"), Some(Room::Sources)), l, groups })
}

#[derive(Template)]
#[template(path = "sources/show.html")]
struct Show {
    page: Page,
    l: Locale,
    row: Row,
    about: String,
    settings: Vec<(String, String)>,
    keep: String,
    has_secret: bool,
    takes_secret: bool,
    secret_hint: String,
    secret_error: String,
    webhook: Option<WebhookView>,
    gaps: Vec<(String, String)>,
    may_edit: bool,
}

/// Where a webhook's maker sends to, and how to tell it.
struct WebhookView {
    address: String,
    how: String,
}

async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    shown(&source_page(&front, &visit, id, &headers, String::new()).await?)
}

async fn source_page(
    front: &Front,
    visit: &Visit,
    id: i64,
    headers: &HeaderMap,
    secret_error: String,
) -> Result<Show, Error> {
    let (views, gaps, now) = load(front, visit).await?;
    let view = views.iter().find(|view| view.source.id == id).ok_or_else(|| Error::new(Code::NotFound))?;
    let l = visit.l.clone();
    let source = &view.source;
    let kind = Kind::of(&source.setup).ok_or_else(|| Error::internal(&"a source of no kind"))?;
    let mine = gaps.iter().filter(|gap| gap.source == id).rev().take(GAPS_SHOWN);
    let title = l.named("sources-show-title", &plain_line(&source.name));
    Ok(Show {
        page: visit.page(title, Some(Room::Sources)),
        row: row(view, &gaps, now, &l),
        about: l.word("source-about", kind.name),
        settings: settings_of(&source.setup, &kind, &l),
        keep: l.word("sources-keep", if source.keep == Keep::All { "all" } else { "matching" }),
        has_secret: source.has_secret,
        takes_secret: kind.secret != Secret::No,
        secret_hint: l.find(&format!("source-secret-{}", kind.name)).unwrap_or_default(),
        secret_error,
        webhook: webhook_view(front, visit, id, &source.setup, headers),
        gaps: mine
            .map(|gap| (l.date_time(gap.from), l.duration(gap.to.millis().saturating_sub(gap.from.millis()))))
            .collect(),
        may_edit: visit.actor.may(Permission::EditSources),
        l,
    })
}

/// The fields of a setup with their values, for reading.
fn settings_of(setup: &SourceSetup, kind: &Kind, l: &Locale) -> Vec<(String, String)> {
    let shown = |(field, value): (&FieldForm, String)| {
        let value =
            if matches!(field.shape, Shape::Choice(_)) { l.word("source-choice", &value) } else { value };
        (l.word("source-field", field.name), value)
    };
    values_of(setup, kind).into_iter().filter(|(_, value)| !value.is_empty()).map(shown).collect()
}

/// The fields of a setup with their values as a form holds them.
fn values_of<'k>(setup: &SourceSetup, kind: &'k Kind) -> Vec<(&'k FieldForm, String)> {
    let value = serde_json::to_value(setup).unwrap_or_default();
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(list) => {
            list.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let of = |field: &'k FieldForm| {
        let found = match field.name {
            "timeline" => value.get("timeline").and_then(|timeline| timeline.get("of")),
            "what" => value.get("timeline").and_then(|timeline| timeline.get("what")),
            name => value.get(name),
        };
        (field, found.map(text).unwrap_or_default())
    };
    kind.fields.iter().map(of).collect()
}

fn webhook_view(
    front: &Front,
    visit: &Visit,
    id: i64,
    setup: &SourceSetup,
    headers: &HeaderMap,
) -> Option<WebhookView> {
    let SourceSetup::Webhook { maker } = setup else { return None };
    let how = match maker {
        WebhookMaker::Generic => "generic",
        WebhookMaker::Ghost => "ghost",
        WebhookMaker::Meta => "meta",
    };
    let scheme = if front.site.https { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    let slug = visit.workspace.info().slug.as_str();
    Some(WebhookView {
        address: format!("{scheme}://{host}/hooks/{slug}/{id}"),
        how: visit.l.word("sources-webhook", how),
    })
}

async fn pause(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    set_paused(&visit, id, true).await
}

async fn resume(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    set_paused(&visit, id, false).await
}

async fn set_paused(visit: &Visit, id: i64, paused: bool) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.pause_source(&actor, id, paused)).await?;
    Ok(done_at(&format!("/sources/{id}"), if paused { "source-paused" } else { "source-resumed" }))
}

async fn change_secret(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let secret = fields.trimmed("secret").to_owned();
    if secret.is_empty() {
        let error = visit.l.text("source-error-secret");
        return refused(&source_page(&front, &visit, id, &headers, error).await?);
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.update_source_secret(&actor, id, Some(&secret))).await?;
    Ok(done_at(&format!("/sources/{id}"), "source-secret"))
}

async fn ask_remove(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let (views, _, _) = load(&front, &visit).await?;
    let view = views.iter().find(|view| view.source.id == id).ok_or_else(|| Error::new(Code::NotFound))?;
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit
            .page(l.named("sources-remove-title", &plain_line(&view.source.name)), Some(Room::Sources)),
        text: l.text("sources-remove-text"),
        points: vec![
            l.text("sources-remove-posts"),
            l.text("sources-remove-secret"),
            l.text("sources-remove-pause"),
        ],
        action: format!("/sources/{id}/remove"),
        fields: Vec::new(),
        yes: l.text("sources-remove"),
        back: format!("/sources/{id}"),
        l,
    })
}

async fn remove(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    match attempt(move || workspace.remove_source(&actor, id)).await? {
        Ok(()) => Ok(done_at("/sources", "source-removed")),
        Err(error) if error.cause() == Cause::Missing => Err(Error::new(Code::NotFound)),
        Err(error) => Err(error.into()),
    }
}
