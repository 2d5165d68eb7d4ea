//! API tokens: made with a list of permissions, shown once, revoked.

use super::{page, tabs};
use crate::components::{Choice, Tab};
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::pages::confirm::Confirm;
use crate::pages::forms::{Faults, Fields, attempt, done_at, refused, shown};
use ::app::AppError;
use ::app::access::{NewToken, Token};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use model::time::DAY_MS;
use std::collections::HashMap;
use std::sync::Arc;

/// How long a token may be valid, days; empty for ever.
const DAYS: [&str; 4] = ["30", "90", "365", ""];

pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Read);
    let route = |method, path, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, "/settings/tokens", "The API tokens", get(list)),
        route(Method::POST, "/settings/tokens", "Makes an API token", post(insert)),
        route(Method::GET, "/settings/tokens/{id}/revoke", "Asks before revoking a token", get(ask_revoke)),
        route(Method::POST, "/settings/tokens/{id}/revoke", "Revokes a token", post(revoke)),
    ]
}

struct Row {
    id: i64,
    name: String,
    owner: String,
    scopes: Vec<String>,
    made: String,
    ends: String,
    used: Option<String>,
}

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct Tokens {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// The secret of the token just made; it is shown on this answer only.
    secret: Option<String>,
    name: String,
    scopes: Vec<Choice>,
    days: Vec<Choice>,
    faults: Faults,
}

async fn tokens(
    front: &Arc<Front>,
    visit: &Visit,
    fields: &Fields,
    faults: Faults,
    secret: Option<String>,
) -> Result<Tokens, Error> {
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    let (found, names) =
        work(move || Ok((app.list_tokens(&actor, workspace)?, app.list_names(&actor, workspace)?))).await?;
    let l = visit.l.clone();
    let scopes = Permission::ALL
        .into_iter()
        .filter(|permission| visit.actor.may(*permission))
        .map(|permission| Choice {
            value: permission.name().to_owned(),
            label: l.word("permission", permission.name()),
            chosen: fields.all("scope").any(|scope| scope == permission.name()),
        })
        .collect();
    let chosen = if fields.has("days") { fields.get("days") } else { "90" };
    let days = DAYS
        .into_iter()
        .map(|days| Choice {
            value: days.to_owned(),
            label: days.parse().map_or_else(
                |_| l.text("settings-token-forever"),
                |count: u64| l.count("settings-days", count),
            ),
            chosen: days == chosen,
        })
        .collect();
    Ok(Tokens {
        page: page(visit, "tokens"),
        tabs: tabs(visit, "tokens"),
        rows: found.into_iter().map(|token| row(token, &names, &l)).collect(),
        secret,
        name: fields.get("name").to_owned(),
        scopes,
        days,
        faults,
        l,
    })
}

fn row(token: Token, names: &HashMap<i64, String>, l: &Locale) -> Row {
    Row {
        id: token.id,
        name: token.name,
        owner: names.get(&token.user).cloned().unwrap_or_else(|| l.text("by-former")),
        scopes: token.scopes.iter().map(|scope| l.word("permission", scope.name())).collect(),
        made: l.date(token.created_at),
        ends: token.expires_at.map_or_else(|| l.text("settings-token-forever"), |at| l.date(at)),
        used: token.last_used_at.map(|at| l.date_time(at)),
    }
}

async fn list(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    shown(&tokens(&front, &visit, &Fields::default(), Faults::default(), None).await?)
}

async fn insert(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let mut faults = Faults::default();
    if fields.trimmed("name").is_empty() {
        faults.add("name", visit.l.text("settings-error-token-name"));
    }
    let scopes: Vec<Permission> = fields.all("scope").filter_map(Permission::parse).collect();
    if scopes.is_empty() {
        faults.add("scope", visit.l.text("settings-error-token-scope"));
    }
    if !faults.is_empty() {
        return refused(&tokens(&front, &visit, &fields, faults, None).await?);
    }
    let days: Option<i64> = fields.number("days").filter(|days| (1..=3_650).contains(days));
    let token = NewToken {
        name: fields.trimmed("name").to_owned(),
        scopes,
        expires_at: days.map(|days| front.app.now().plus(days * DAY_MS)),
    };
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    match attempt(move || app.insert_token(&actor, workspace, &token)).await? {
        // Not redirected: the secret must be in this answer and nowhere else.
        Ok(secret) => {
            shown(&tokens(&front, &visit, &Fields::default(), Faults::default(), Some(secret)).await?)
        }
        Err(AppError::Invalid { .. }) => {
            let faults = Faults::one("name", visit.l.text("settings-error-token-name"));
            refused(&tokens(&front, &visit, &fields, faults, None).await?)
        }
        Err(error) if error.cause() == ::app::Cause::Invalid => {
            let faults = Faults::one("name", visit.l.text("settings-error-token-name"));
            refused(&tokens(&front, &visit, &fields, faults, None).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn ask_revoke(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    let found =
        work(move || app.list_tokens(&actor, workspace)).await?.into_iter().find(|token| token.id == id);
    let token = found.ok_or_else(|| Error::new(Code::NotFound))?;
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit.page(l.named("settings-token-revoke-title", &token.name), Some(Room::Settings)),
        text: l.text("settings-token-revoke-text"),
        points: Vec::new(),
        action: format!("/settings/tokens/{id}/revoke"),
        fields: Vec::new(),
        yes: l.text("settings-token-revoke"),
        back: "/settings/tokens".to_owned(),
        l,
    })
}

async fn revoke(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    work(move || app.remove_token(&actor, workspace, id)).await?;
    Ok(done_at("/settings/tokens", "token-revoked"))
}
