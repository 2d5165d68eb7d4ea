//! Who calls, the people of the workspace, their tokens, and the server's health.

use super::view::Instant;
use super::{Answer, Listed, Named, Sent, created, instant};
use crate::front::{Call, Front, Need, Route, work};
use app::AppError;
use app::access::{Member, NewPerson, NewToken, Token};
use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, patch, post};
use model::{Lang, Permission, Role};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route {
            method: Method::GET,
            path: "/api/v1/health",
            need: Need::Nothing,
            summary: "Whether the server answers, and its version",
            handler: get(health),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/me",
            need: Need::Token(Permission::Read),
            summary: "Whom the token belongs to, where, and what it may do",
            handler: get(me),
        },
    ];
    routes.extend(of_people());
    routes.extend(of_tokens());
    routes
}

fn of_people() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/people",
            need: Need::Token(Permission::EditPeople),
            summary: "The people of the workspace",
            handler: get(list_people),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/people",
            need: Need::Token(Permission::EditPeople),
            summary: "Add a person; one who is known by the e-mail only gets the role",
            handler: post(insert_person),
        },
        Route {
            method: Method::PATCH,
            path: "/api/v1/people/{id}",
            need: Need::Token(Permission::EditPeople),
            summary: "Change the role of a person",
            handler: patch(update_person),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/people/{id}",
            need: Need::Token(Permission::EditPeople),
            summary: "Take a person out of the workspace",
            handler: delete(remove_person),
        },
    ]
}

fn of_tokens() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/tokens",
            need: Need::Token(Permission::EditPeople),
            summary: "The tokens of the workspace, without their secrets",
            handler: get(list_tokens),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/tokens",
            need: Need::Token(Permission::EditPeople),
            summary: "Make a token; its secret is shown once",
            handler: post(insert_token),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/tokens/{id}",
            need: Need::Token(Permission::EditPeople),
            summary: "Revoke a token",
            handler: delete(remove_token),
        },
    ]
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
}

async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

#[derive(Serialize)]
struct Me {
    user: Option<i64>,
    name: String,
    role: Role,
    permissions: Vec<Permission>,
    workspace: WorkspaceBody,
}

#[derive(Serialize)]
struct WorkspaceBody {
    slug: String,
    name: String,
    time_zone: String,
    locale: Lang,
    posts_count: u64,
}

async fn me(call: Call) -> Json<Me> {
    let info = call.workspace.info();
    Json(Me {
        user: call.actor.user,
        role: call.actor.role,
        permissions: Permission::ALL.into_iter().filter(|permission| call.actor.may(*permission)).collect(),
        workspace: WorkspaceBody {
            slug: info.slug.as_str().to_owned(),
            name: info.name.clone(),
            time_zone: info.time_zone.clone(),
            locale: info.locale,
            posts_count: call.workspace.posts(),
        },
        name: call.actor.name,
    })
}

#[derive(Serialize)]
struct PersonBody {
    id: i64,
    email: String,
    name: String,
    locale: Lang,
    role: Role,
    disabled: bool,
    created_at: Instant,
}

impl From<Member> for PersonBody {
    fn from(member: Member) -> Self {
        Self {
            id: member.user.id,
            email: member.user.email,
            name: member.user.name,
            locale: member.user.locale,
            role: member.role,
            disabled: member.user.disabled,
            created_at: Instant(member.user.created_at),
        }
    }
}

/// A member by number.
fn find(front: &Front, call: &Call, id: i64) -> Result<Member, AppError> {
    let members = front.app.list_members(&call.actor, call.workspace.info().id)?;
    let found = members.into_iter().find(|member| member.user.id == id);
    found.ok_or_else(|| AppError::NotFound { what: "person", name: id.to_string() })
}

async fn list_people(State(front): State<Arc<Front>>, call: Call) -> Answer<Json<Listed<PersonBody>>> {
    let members = work(move || front.app.list_members(&call.actor, call.workspace.info().id)).await?;
    Ok(Listed::whole(members.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonToAdd {
    email: String,
    #[serde(default)]
    name: String,
    /// First password, written and never read back.
    password: String,
    locale: Lang,
    role: Role,
}

async fn insert_person(
    State(front): State<Arc<Front>>,
    call: Call,
    Sent(new): Sent<PersonToAdd>,
) -> Answer<Response> {
    let member = work(move || {
        let PersonToAdd { email, name, password, locale, role } = new;
        let person = NewPerson { email, name, password, locale, role };
        let id = front.app.insert_member(&call.actor, call.workspace.info().id, &person)?;
        find(&front, &call, id)
    })
    .await?;
    Ok(created(format!("/api/v1/people/{}", member.user.id), PersonBody::from(member)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleChange {
    role: Role,
}

async fn update_person(
    State(front): State<Arc<Front>>,
    call: Call,
    Named(id): Named<i64>,
    Sent(change): Sent<RoleChange>,
) -> Answer<Json<PersonBody>> {
    let member = work(move || {
        // Only those who are there already: adding has its own address.
        find(&front, &call, id)?;
        front.app.update_role(&call.actor, call.workspace.info().id, id, change.role)?;
        find(&front, &call, id)
    });
    Ok(Json(member.await?.into()))
}

async fn remove_person(
    State(front): State<Arc<Front>>,
    call: Call,
    Named(id): Named<i64>,
) -> Answer<StatusCode> {
    work(move || {
        find(&front, &call, id)?;
        front.app.remove_member(&call.actor, call.workspace.info().id, id)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct TokenBody {
    id: i64,
    name: String,
    user: i64,
    scopes: Vec<Permission>,
    created_at: Instant,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

impl From<Token> for TokenBody {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            user: token.user,
            scopes: token.scopes,
            created_at: Instant(token.created_at),
            expires_at: token.expires_at.map(Instant),
            last_used_at: token.last_used_at.map(Instant),
        }
    }
}

async fn list_tokens(State(front): State<Arc<Front>>, call: Call) -> Answer<Json<Listed<TokenBody>>> {
    let tokens = work(move || front.app.list_tokens(&call.actor, call.workspace.info().id)).await?;
    Ok(Listed::whole(tokens.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenToMake {
    name: String,
    scopes: Vec<Permission>,
    expires_at: Option<String>,
}

#[derive(Serialize)]
struct MadeToken {
    name: String,
    /// Shown here and never again.
    secret: String,
}

async fn insert_token(
    State(front): State<Arc<Front>>,
    call: Call,
    Sent(new): Sent<TokenToMake>,
) -> Answer<Response> {
    let expires_at = new.expires_at.as_deref().map(|text| instant("expires_at", text)).transpose()?;
    let token = NewToken { name: new.name, scopes: new.scopes, expires_at };
    let made = work(move || {
        let secret = front.app.insert_token(&call.actor, call.workspace.info().id, &token)?;
        Ok(MadeToken { name: token.name, secret })
    })
    .await?;
    Ok(created("/api/v1/tokens".to_owned(), made))
}

async fn remove_token(
    State(front): State<Arc<Front>>,
    call: Call,
    Named(id): Named<i64>,
) -> Answer<StatusCode> {
    work(move || front.app.remove_token(&call.actor, call.workspace.info().id, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
