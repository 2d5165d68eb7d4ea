//! Saved streams: searches of the explorer with a name.
//!
//! In: a name and an expression. Out: the list, each leading to the explorer.
//! Errors: the form again with what to correct.

use super::addresses::address;
use super::forms::{Faults, Fields};
use super::query_problem::QueryProblem;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::AppError;
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::Permission;
use model::listening::Stream;
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/streams";

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "Saved streams",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: PATH,
            need: Need::May(Permission::Label),
            summary: "Saves a stream",
            handler: post(insert),
        },
        Route {
            method: Method::POST,
            path: "/streams/{id}/remove",
            need: Need::May(Permission::Label),
            summary: "Removes a stream",
            handler: post(remove),
        },
    ]
}

#[derive(Template)]
#[template(path = "streams/streams.html")]
struct Streams<'a> {
    page: &'a Page,
    l: &'a Locale,
    streams: &'a [Stream],
    may_edit: bool,
    name: &'a str,
    expression: &'a str,
    problems: &'a Faults,
    query_problem: Option<&'a QueryProblem>,
}

impl Streams<'_> {
    fn href(&self, stream: &Stream) -> String {
        address("/explorer", &[("q", &stream.expression)])
    }
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    expression: String,
    problems: Faults,
    query_problem: Option<QueryProblem>,
}

async fn render(visit: &Visit, typed: &Typed) -> Result<String, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let streams = work(move || workspace.list_streams(&actor)).await?;
    let page = visit.page(visit.l.text("streams-title"), Some(Room::Streams));
    let template = Streams {
        page: &page,
        l: &visit.l,
        streams: &streams,
        may_edit: visit.actor.may(Permission::Label),
        name: &typed.name,
        expression: &typed.expression,
        problems: &typed.problems,
        query_problem: typed.query_problem.as_ref(),
    };
    Ok(template.render()?)
}

/// Shows the list.
async fn show(visit: Visit) -> Result<Html<String>, Error> {
    Ok(Html(render(&visit, &Typed::default()).await?))
}

/// Saves a stream.
async fn insert(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let (name, expression) = (fields.trimmed("name").to_owned(), fields.trimmed("expression").to_owned());
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let mut typed = Typed { name: name.clone(), expression: expression.clone(), ..Typed::default() };
    match work(move || Ok(workspace.insert_stream(&actor, &name, &expression))).await? {
        Ok(_) => return Ok(Redirect::to("/streams?done=stream-saved").into_response()),
        Err(AppError::Query(error)) => {
            let problem = QueryProblem::new(&typed.expression, &error, &visit.l);
            typed.problems.add("expression", problem.text.clone());
            typed.query_problem = Some(problem);
        }
        Err(AppError::Invalid { field: "name", .. }) => {
            typed.problems.add("name", visit.l.text("streams-error-name"));
        }
        Err(error) => return Err(error.into()),
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(render(&visit, &typed).await?)).into_response())
}

/// Removes a stream.
async fn remove(State(_): State<Arc<Front>>, visit: Visit, Path(id): Path<i64>) -> Result<Redirect, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    work(move || workspace.remove_stream(&actor, id)).await?;
    Ok(Redirect::to("/streams?done=stream-removed"))
}
