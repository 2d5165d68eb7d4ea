//! The scam check: a pasted message and the signs in it, for a citizen.
//!
//! In: a message. Out: the signs with the words that betray them, and where
//! the archive saw the same text. Nothing of it is kept.
//! Errors: the form again with what to correct.

use super::cards::post_href;
use super::forms::{Faults, Fields, refused, shown};
use super::scam_signs::{ScamBox, scam_box};
use crate::components::plain_line;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::AppError;
use ::app::understanding::{MESSAGE_CHARS_MAX, ScamCheck};
use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/scam-check";

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "Form of the scam check",
            handler: get(ask),
        },
        Route {
            method: Method::POST,
            path: PATH,
            need: Need::May(Permission::Read),
            summary: "Checks a message for the signs of a scam",
            handler: post(check),
        },
    ]
}

/// Where the archive saw the same text first.
struct Seen {
    href: String,
    text: String,
}

#[derive(Template)]
#[template(path = "scam_check/check.html")]
struct Check<'a> {
    page: &'a Page,
    l: &'a Locale,
    text: &'a str,
    problems: Faults,
    found: Option<ScamBox>,
    seen: Option<Seen>,
}

fn template<'a>(page: &'a Page, l: &'a Locale, text: &'a str, found: Option<&ScamCheck>) -> Check<'a> {
    let seen = found.and_then(|found| found.seen.as_ref()).map(|first| {
        let author = plain_line(first.post.author.label());
        let told = [("when", l.date_time(first.time).into()), ("author", author.into())];
        Seen { href: post_href(first.id), text: l.text_with("scam-check-seen", &told) }
    });
    Check { page, l, text, problems: Faults::default(), found: found.map(|found| scam_box(found, l)), seen }
}

/// The form, with the text of a post when one is named.
async fn ask(
    State(_front): State<Arc<Front>>,
    visit: Visit,
    Query(fields): Query<Fields>,
) -> Result<Response, Error> {
    let mut text = String::new();
    if let Some(id) = fields.number::<i64>("post") {
        let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
        text = work(move || workspace.load_post(&actor, id)).await?.view.post.full_text().into_owned();
    }
    let page = visit.page(visit.l.text("scam-check-title"), Some(Room::ScamCheck));
    shown(&template(&page, &visit.l, &text, None))
}

async fn check(visit: Visit, Form(fields): Form<Fields>) -> Result<Response, Error> {
    let text = fields.get("text").to_owned();
    let (workspace, actor, asked) = (Arc::clone(&visit.workspace), visit.actor.clone(), text.clone());
    let found = work(move || match workspace.check_scam(&actor, &asked) {
        Err(AppError::Invalid { .. }) => Ok(None),
        other => other.map(Some),
    })
    .await?;
    let page = visit.page(visit.l.text("scam-check-title"), Some(Room::ScamCheck));
    let mut template = template(&page, &visit.l, &text, found.as_ref());
    if found.is_some() {
        return shown(&template);
    }
    template.problems.add("text", visit.l.count("scam-check-length", MESSAGE_CHARS_MAX as u64));
    refused(&template)
}
