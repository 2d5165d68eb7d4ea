//! Who works here, with which role.

use super::{page, tabs};
use crate::components::{Choice, Tab};
use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::{Language, Locale};
use crate::pages::confirm::Confirm;
use crate::pages::forms::{Faults, Fields, attempt, done_at, refused, shown};
use ::app::access::{Member, NewPerson, PASSWORD_CHARS_MIN};
use ::app::{AppError, Cause};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{Lang, Permission, Role};
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    let need = Need::May(Permission::EditPeople);
    let route = |method, path, summary, handler| Route { method, path, need, summary, handler };
    vec![
        route(Method::GET, "/settings/people", "The people of the workspace", get(list)),
        route(Method::POST, "/settings/people", "Adds a person", post(insert)),
        route(Method::POST, "/settings/people/{id}/role", "Changes a role", post(change_role)),
        route(
            Method::GET,
            "/settings/people/{id}/remove",
            "Asks before taking a person out",
            get(ask_remove),
        ),
        route(
            Method::POST,
            "/settings/people/{id}/remove",
            "Takes a person out of the workspace",
            post(remove),
        ),
    ]
}

struct Row {
    id: i64,
    name: String,
    email: String,
    role: Role,
    roles: Vec<Choice>,
    since: String,
    is_self: bool,
    error: String,
}

#[derive(Template)]
#[template(path = "settings/people.html")]
struct People {
    page: Page,
    l: Locale,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    roles: Vec<Choice>,
    duties: Vec<(String, String)>,
    name: String,
    email: String,
    languages: Vec<Choice>,
    password_hint: String,
    faults: Faults,
}

fn roles(chosen: Role, l: &Locale) -> Vec<Choice> {
    let of = |role: Role| Choice {
        value: role.name().to_owned(),
        label: l.word("role", role.name()),
        chosen: role == chosen,
    };
    Role::ALL.into_iter().map(of).collect()
}

/// `wrong` is the member whose role could not be changed.
async fn people(
    front: &Arc<Front>,
    visit: &Visit,
    fields: &Fields,
    faults: Faults,
    wrong: Option<i64>,
) -> Result<People, Error> {
    let members = members(front, visit).await?;
    let l = visit.l.clone();
    let chosen = Language::parse(fields.get("language")).unwrap_or(l.language());
    let languages = Language::ALL
        .into_iter()
        .map(|language| Choice {
            value: language.tag().to_owned(),
            label: l.word("language", language.tag()),
            chosen: language == chosen,
        })
        .collect();
    let row = |member: Member| Row {
        id: member.user.id,
        name: member.user.name,
        email: member.user.email,
        role: member.role,
        roles: roles(member.role, &l),
        since: l.date(member.user.created_at),
        is_self: Some(member.user.id) == visit.actor.user,
        error: if wrong == Some(member.user.id) {
            l.text("settings-error-administrator")
        } else {
            String::new()
        },
    };
    Ok(People {
        page: page(visit, "people"),
        tabs: tabs(visit, "people"),
        rows: members.into_iter().map(row).collect(),
        roles: roles(Role::parse(fields.get("role")).unwrap_or(Role::Agent), &l),
        duties: Role::ALL
            .into_iter()
            .map(|role| (l.word("role", role.name()), l.word("settings-duty", role.name())))
            .collect(),
        name: fields.get("name").to_owned(),
        email: fields.get("email").to_owned(),
        languages,
        password_hint: l.count("settings-password-hint", u64::try_from(PASSWORD_CHARS_MIN).unwrap_or(0)),
        faults,
        l,
    })
}

async fn members(front: &Arc<Front>, visit: &Visit) -> Result<Vec<Member>, Error> {
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    work(move || app.list_members(&actor, workspace)).await
}

async fn list(State(front): State<Arc<Front>>, visit: Visit) -> Result<Response, Error> {
    shown(&people(&front, &visit, &Fields::default(), Faults::default(), None).await?)
}

async fn insert(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let Some(role) = Role::parse(fields.get("role")) else { return Err(Error::new(Code::InvalidInput)) };
    let person = NewPerson {
        email: fields.trimmed("email").to_owned(),
        name: fields.trimmed("name").to_owned(),
        password: fields.get("password").to_owned(),
        locale: Lang::parse(fields.get("language")).unwrap_or(Lang::ES),
        role,
    };
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    match attempt(move || app.insert_member(&actor, workspace, &person)).await? {
        Ok(_) => Ok(done_at("/settings/people", "person-added")),
        Err(error) => {
            let faults = faults_of(&error, &visit.l).ok_or_else(|| Error::from(error))?;
            refused(&people(&front, &visit, &fields, faults, None).await?)
        }
    }
}

fn faults_of(error: &AppError, l: &Locale) -> Option<Faults> {
    let least = u64::try_from(PASSWORD_CHARS_MIN).unwrap_or(0);
    match error {
        AppError::Invalid { field: "email", .. } => {
            Some(Faults::one("email", l.text("settings-error-email")))
        }
        AppError::Invalid { field: "password", .. } => {
            Some(Faults::one("password", l.count("settings-error-password", least)))
        }
        AppError::Store(_) if error.cause() == Cause::Invalid => {
            Some(Faults::one("email", l.text("settings-error-email")))
        }
        _ => None,
    }
}

async fn change_role(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let Some(role) = Role::parse(fields.get("role")) else { return Err(Error::new(Code::InvalidInput)) };
    known(&front, &visit, id).await?;
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    match attempt(move || app.update_role(&actor, workspace, id, role)).await? {
        Ok(()) => Ok(done_at("/settings/people", "role-changed")),
        Err(AppError::Invalid { .. }) => {
            refused(&people(&front, &visit, &Fields::default(), Faults::default(), Some(id)).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// The member of this workspace with a number.
async fn known(front: &Arc<Front>, visit: &Visit, id: i64) -> Result<Member, Error> {
    let found = members(front, visit).await?.into_iter().find(|member| member.user.id == id);
    found.ok_or_else(|| Error::new(Code::NotFound))
}

async fn ask_remove(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    let member = known(&front, &visit, id).await?;
    let l = visit.l.clone();
    shown(&Confirm {
        page: visit.page(l.named("settings-person-remove-title", &member.user.name), Some(Room::Settings)),
        text: l.text("settings-person-remove-text"),
        points: Vec::new(),
        action: format!("/settings/people/{id}/remove"),
        fields: Vec::new(),
        yes: l.text("settings-person-remove"),
        back: "/settings/people".to_owned(),
        l,
    })
}

async fn remove(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Response, Error> {
    known(&front, &visit, id).await?;
    let (app, actor, workspace) = (Arc::clone(&front.app), visit.actor.clone(), visit.workspace.info().id);
    match attempt(move || app.remove_member(&actor, workspace, id)).await? {
        Ok(()) => Ok(done_at("/settings/people", "person-removed")),
        Err(AppError::Invalid { .. }) => {
            refused(&people(&front, &visit, &Fields::default(), Faults::default(), Some(id)).await?)
        }
        Err(error) => Err(error.into()),
    }
}
