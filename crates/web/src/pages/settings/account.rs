//! One's own name and language.

use super::{page, tabs};
use crate::components::{Choice, Tab};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::Page;
use crate::locale::{Language, Locale};
use crate::pages::forms::{Faults, Fields, done_at, refused, shown};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{Lang, Permission};
use std::sync::Arc;

/// Longest name, characters.
const NAME_CHARS_MAX: usize = 120;

pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Read);
    let route =
        |method, summary, handler| Route { method, path: "/settings/account", need, summary, handler };
    vec![
        route(Method::GET, "One's own name and language", get(show)),
        route(Method::POST, "Changes one's own name and language", post(save)),
    ]
}

#[derive(Template)]
#[template(path = "settings/account.html")]
struct Account {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    email: String,
    role: String,
    name: String,
    languages: Vec<Choice>,
    faults: Faults,
}

fn account(visit: &Visit, name: &str, chosen: Language, faults: Faults) -> Account {
    let l = visit.l.clone();
    let choice = |language: Language| Choice {
        value: language.tag().to_owned(),
        label: l.word("language", language.tag()),
        chosen: language == chosen,
    };
    Account {
        page: page(visit, "account"),
        tabs: tabs(visit, "account"),
        email: visit.logged.user.email.clone(),
        role: l.word("role", visit.actor.role.name()),
        name: name.to_owned(),
        languages: Language::ALL.into_iter().map(choice).collect(),
        faults,
        l,
    }
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let chosen = Language::parse(visit.logged.user.locale.as_str()).unwrap_or(Language::Es);
    shown(&account(&visit, &visit.logged.user.name, chosen, Faults::default()))
}

async fn save(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let name = fields.trimmed("name").to_owned();
    let language = Language::parse(fields.get("language")).unwrap_or(Language::Es);
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let faults = Faults::one("name", visit.l.text("settings-error-name"));
        return refused(&account(&visit, &name, language, faults));
    }
    let (app, user) = (Arc::clone(&front.app), visit.logged.user.id);
    let locale = match language {
        Language::Es => Lang::ES,
        Language::En => Lang::EN,
    };
    work(move || app.update_self(user, &name, locale)).await?;
    Ok(done_at("/settings/account", "account-saved"))
}
