//! `/queries`: what the team listens for, and the desk where it is written.
//!
//! While one writes, the page shows count and examples over history. Without
//! script the button «try» does the same.

use super::cards::cards;
use super::confirm::Confirm;
use super::forms::{Faults, Fields, attempt, done_at, refused, shown};
use super::query_problem::QueryProblem;
use crate::components::{Choice, PostCard};
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, url_escape, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{Preview, QueryVersion};
use ::app::{AppError, Cause};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use model::listening::{Purpose, SavedQuery};
use std::collections::HashMap;
use std::sync::Arc;

/// Longest expression shown in the list, characters.
const EXPRESSION_CHARS_SHOWN: usize = 160;

/// The routes of the page.
pub fn routes() -> Vec<Route> {
    let read = Need::May(Permission::Read);
    let edit = Need::May(Permission::EditQueries);
    let route = |method, path, need, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, "/queries", read, "The queries with their mentions", get(list)),
        route(Method::POST, "/queries", edit, "Saves a new query", post(insert)),
        route(Method::GET, "/queries/new", edit, "The form for a new query", get(write)),
        route(Method::GET, "/queries/preview", read, "Count and examples of an expression", get(preview)),
        route(Method::GET, "/queries/{id}", read, "One query with its history", get(show)),
        route(Method::POST, "/queries/{id}", edit, "Changes a query", post(update)),
        route(Method::GET, "/queries/{id}/archive", edit, "Asks before archiving", get(ask_archive)),
        route(Method::POST, "/queries/{id}/archive", edit, "Archives a query", post(archive)),
    ]
}

/// A query in the list.
struct Row {
    id: i64,
    name: String,
    expression: String,
    mentions: String,
    mentions_href: String,
    version: String,
}

/// The queries of one purpose.
struct Group {
    purpose: Purpose,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "queries/list.html")]
struct List {
    page: Page,
    l: Locale,
    groups: Vec<Group>,
    may_edit: bool,
}

async fn list(visit: Visit) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let views = work(move || workspace.list_queries(&actor)).await?;
    let l = visit.l.clone();
    let mut groups = Vec::new();
    for purpose in Purpose::ALL {
        let rows: Vec<Row> = views
            .iter()
            .filter(|view| view.query.purpose == purpose)
            .map(|view| Row {
                id: view.query.id,
                name: view.query.name.clone(),
                expression: shortened(&view.query.expression),
                mentions: l.count("unit-mentions", view.mentions),
                mentions_href: explorer(&view.query.expression),
                version: l.integer(u64::from(view.query.version)),
            })
            .collect();
        if !rows.is_empty() {
            groups.push(Group { purpose, rows });
        }
    }
    let page = visit.page(l.text("queries-title"), Some(Room::Queries));
    shown(&List { page, l, groups, may_edit: visit.actor.may(Permission::EditQueries) })
}

fn explorer(expression: &str) -> String {
    format!("/explorer?q={}", url_escape(expression))
}

fn shortened(expression: &str) -> String {
    let mut text: String = expression.chars().take(EXPRESSION_CHARS_SHOWN).collect();
    if text.len() < expression.len() {
        text.push('…');
    }
    text
}

/// Count and examples, or what is wrong; nothing for an empty expression.
#[derive(Default)]
struct Trial {
    total: Option<String>,
    href: String,
    examples: Vec<PostCard>,
    problem: Option<QueryProblem>,
}

impl Trial {
    async fn of(front: &Arc<Front>, visit: &Visit, expression: &str) -> Result<Self, Error> {
        if expression.trim().is_empty() {
            return Ok(Self::default());
        }
        let (workspace, actor, text) =
            (Arc::clone(&visit.workspace), visit.actor.clone(), expression.to_owned());
        match attempt(move || workspace.preview(&actor, &text)).await? {
            Ok(found) => Ok(Self::found(&found, expression, front, &visit.l)),
            Err(AppError::Query(error)) => {
                Ok(Self { problem: Some(QueryProblem::new(expression, &error, &visit.l)), ..Self::default() })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn found(found: &Preview, expression: &str, front: &Front, l: &Locale) -> Self {
        Self {
            total: Some(l.count("unit-mentions", found.total)),
            href: explorer(expression),
            examples: cards(&found.examples, front.app.now(), l),
            problem: None,
        }
    }
}

#[derive(Template)]
#[template(path = "queries/trial.html")]
struct TrialFragment {
    l: Locale,
    trial: Trial,
}

#[derive(Template)]
#[template(path = "queries/trial_page.html")]
struct TrialPage {
    page: Page,
    l: Locale,
    trial: Trial,
}

async fn preview(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(query): Query<Fields>,
) -> Result<Response, Error> {
    let trial = Trial::of(&front, &visit, query.get("expression")).await?;
    let l = visit.l.clone();
    if visit.fragment {
        return shown(&TrialFragment { l, trial });
    }
    let page = visit.page(l.text("queries-trial-title"), Some(Room::Queries));
    shown(&TrialPage { page, l, trial })
}

/// One line of the help: an expression and the key of what it finds.
struct Example {
    code: &'static str,
    text: String,
    href: String,
}

/// The whole query language by example; `queries-help-<key>` says what it finds.
const EXAMPLES: [(&str, &str); 24] = [
    ("words", "cafetería entrega"),
    ("or", "entrega OR envío OR despacho"),
    ("not", "entrega NOT sorteo"),
    ("minus", "entrega -sorteo"),
    ("group", "(entrega OR envío) (tarde OR demora)"),
    ("phrase", "\"sin agua\""),
    ("exact", "\"=Así\""),
    ("near", "entrega NEAR/5 tarde"),
    ("prefix", "cafeter*"),
    ("hashtag", "#PanamáSinAgua"),
    ("to", "@cafebayano"),
    ("author", "author:prensacom"),
    ("thread", "thread:\"bluesky:at://did:plc:abc/app.bsky.feed.post/1\""),
    ("network", "network:mastodon"),
    ("lang", "lang:es"),
    ("domain", "domain:prensa.com"),
    ("country", "country:PA"),
    ("followers", "followers:>1000"),
    ("engagement", "engagement:10..99"),
    ("has", "has:image"),
    ("is", "is:reply"),
    ("tone", "tone:negative"),
    ("label", "label:\"por responder\""),
    ("dates", "since:2026-03-01 until:2026-03-07"),
];

fn examples(l: &Locale) -> Vec<Example> {
    let of = |(key, code): (&str, &'static str)| Example {
        code,
        text: l.word("queries-help", key),
        href: explorer(code),
    };
    EXAMPLES.into_iter().map(of).collect()
}

/// A state that the query was in.
struct Version {
    version: String,
    name: String,
    expression: String,
    when: String,
    by: String,
}

fn versions(history: Vec<QueryVersion>, names: &HashMap<i64, String>, l: &Locale) -> Vec<Version> {
    let by = |id: Option<i64>| match id {
        None => l.text("by-program"),
        Some(id) => names.get(&id).cloned().unwrap_or_else(|| l.text("by-former")),
    };
    let of = |v: QueryVersion| Version {
        version: l.integer(u64::from(v.version)),
        name: v.name,
        expression: v.expression,
        when: l.date_time(v.changed_at),
        by: by(v.by),
    };
    history.into_iter().map(of).collect()
}

#[derive(Template)]
#[template(path = "queries/edit.html")]
struct Edit {
    page: Page,
    l: Locale,
    /// The query that is changed; `None` for a new one.
    id: Option<i64>,
    name: String,
    expression: String,
    purposes: Vec<Choice>,
    faults: Faults,
    trial: Trial,
    examples: Vec<Example>,
    versions: Vec<Version>,
    may_edit: bool,
}

/// What stands in the form.
struct Draft {
    id: Option<i64>,
    name: String,
    purpose: Purpose,
    expression: String,
}

impl Draft {
    fn of_fields(id: Option<i64>, fields: &Fields) -> Self {
        let expression = if fields.has("expression") { fields.get("expression") } else { fields.get("q") };
        Self {
            id,
            name: fields.get("name").to_owned(),
            purpose: Purpose::parse(fields.get("purpose")).unwrap_or(Purpose::Topic),
            // Browsers send line ends as CR LF; the caret counts one.
            expression: expression.replace("\r\n", "\n"),
        }
    }

    async fn page(self, front: &Arc<Front>, visit: &Visit, faults: Faults) -> Result<Edit, Error> {
        let l = visit.l.clone();
        let trial = Trial::of(front, visit, &self.expression).await?;
        let versions = match self.id {
            None => Vec::new(),
            Some(id) => {
                let (app, workspace, actor) =
                    (Arc::clone(&front.app), Arc::clone(&visit.workspace), visit.actor.clone());
                let (history, names) = work(move || {
                    let names = app.list_names(&actor, workspace.info().id)?;
                    Ok((workspace.list_query_history(&actor, id)?, names))
                })
                .await?;
                versions(history, &names, &l)
            }
        };
        let title = if self.id.is_some() { "queries-edit-title" } else { "queries-new-title" };
        Ok(Edit {
            page: visit.page(l.text(title), Some(Room::Queries)),
            id: self.id,
            name: self.name,
            expression: self.expression,
            purposes: purposes(self.purpose, &l),
            faults,
            trial,
            examples: examples(&l),
            versions,
            may_edit: visit.actor.may(Permission::EditQueries),
            l,
        })
    }
}

fn purposes(chosen: Purpose, l: &Locale) -> Vec<Choice> {
    let of = |purpose: Purpose| Choice {
        value: purpose.name().to_owned(),
        label: l.word("purpose", purpose.name()),
        chosen: purpose == chosen,
    };
    Purpose::ALL.into_iter().map(of).collect()
}

async fn write(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Query(query): Query<Fields>,
) -> Result<Response, Error> {
    shown(&Draft::of_fields(None, &query).page(&front, &visit, Faults::default()).await?)
}

async fn show(State(front): State<Arc<Front>>, visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let query = load(&visit, id).await?;
    let draft =
        Draft { id: Some(id), name: query.name, purpose: query.purpose, expression: query.expression };
    shown(&draft.page(&front, &visit, Faults::default()).await?)
}

async fn load(visit: &Visit, id: i64) -> Result<SavedQuery, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.load_query(&actor, id)).await
}

async fn insert(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(form): Form<Fields>,
) -> Result<Response, Error> {
    save(&front, &visit, None, &form).await
}

async fn update(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(form): Form<Fields>,
) -> Result<Response, Error> {
    save(&front, &visit, Some(id), &form).await
}

/// Saves the form, or shows it again: with the trial when «try» was pressed,
/// with what is wrong when it cannot be saved.
async fn save(front: &Arc<Front>, visit: &Visit, id: Option<i64>, form: &Fields) -> Result<Response, Error> {
    let draft = Draft::of_fields(id, form);
    if form.has("try") {
        return shown(&draft.page(front, visit, Faults::default()).await?);
    }
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (name, purpose, expression) = (draft.name.clone(), draft.purpose, draft.expression.clone());
    let saved = attempt(move || match id {
        None => workspace.insert_query(&actor, &name, purpose, &expression),
        Some(id) => workspace.update_query(&actor, id, &name, purpose, &expression),
    })
    .await?;
    match saved {
        Ok(query) => Ok(done_at(&format!("/queries/{}", query.id), "query-saved")),
        Err(error) => {
            let faults = faults_of(&error, &draft.expression, &visit.l).ok_or_else(|| Error::from(error))?;
            refused(&draft.page(front, visit, faults).await?)
        }
    }
}

/// What of an error the form can show; `None` for everything else.
fn faults_of(error: &AppError, expression: &str, l: &Locale) -> Option<Faults> {
    match error {
        AppError::Query(error) => {
            Some(Faults::one("expression", QueryProblem::new(expression, error, l).text))
        }
        AppError::Invalid { field: "name", .. } => Some(Faults::one("name", l.text("queries-error-name"))),
        AppError::Store(_) if error.cause() == Cause::Taken => {
            Some(Faults::one("name", l.text("queries-error-taken")))
        }
        AppError::Store(_) if error.cause() == Cause::Invalid => {
            Some(Faults::one("name", l.text("queries-error-name")))
        }
        _ => None,
    }
}

async fn ask_archive(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let query = load(&visit, id).await?;
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit.page(l.named("queries-archive-title", &query.name), Some(Room::Queries)),
        text: l.text("queries-archive-text"),
        points: Vec::new(),
        action: format!("/queries/{id}/archive"),
        fields: Vec::new(),
        yes: l.text("queries-archive"),
        back: format!("/queries/{id}"),
        l,
    })
}

async fn archive(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    match attempt(move || workspace.archive_query(&actor, id)).await? {
        Ok(()) => Ok(done_at("/queries", "query-archived")),
        Err(error) if error.cause() == Cause::Missing => Err(Error::new(Code::NotFound)),
        Err(error) => Err(error.into()),
    }
}
