//! Log-in and sign-out.
//!
//! In: e-mail and password. Out: the session cookie and the page that was
//! asked for, if it is one of ours. Errors: the form again (401, which of the
//! two is wrong is not said; 429 after [`crate::front::LOGIN_BURST`] tries).

use super::addresses::own_path;
use super::forms::Fields;
use super::welcome;
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visitor, WORKSPACE, work};
use crate::layout::Page;
use crate::locale::Locale;
use crate::security::cookies;
use ::app::AppError;
use askama::Template;
use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use std::net::SocketAddr;
use std::sync::Arc;

/// Address of the page.
pub const PATH: &str = "/login";
/// How long the browser keeps the session cookie, seconds; the session itself
/// ends as the work room says.
const COOKIE_S: u64 = 14 * 24 * 3_600;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: PATH,
            need: Need::Nothing,
            summary: "Log-in form",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: PATH,
            need: Need::Nothing,
            summary: "Logs in",
            handler: post(submit),
        },
        Route {
            method: Method::POST,
            path: "/sign-out",
            need: Need::Nothing,
            summary: "Ends the session",
            handler: post(sign_out),
        },
    ]
}

#[derive(Template)]
#[template(path = "login/login.html")]
struct Login<'a> {
    page: &'a Page,
    l: &'a Locale,
    email: &'a str,
    to: &'a str,
    problem: &'a str,
}

fn render(visitor: &Visitor, email: &str, to: &str, problem: &str) -> Result<String, Error> {
    let l = &visitor.l;
    let mut page = visitor.page(l.text("login-title"));
    PATH.clone_into(&mut page.path);
    Ok(Login { page: &page, l, email, to, problem }.render()?)
}

/// Shows the form; leads on when somebody is signed in or nobody exists yet.
async fn show(
    State(front): State<Arc<Front>>,
    visitor: Visitor,
    Query(fields): Query<Fields>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let to = own_path(fields.trimmed("to"));
    let session = cookies::find(&headers, cookies::SESSION, front.site.https).map(str::to_owned);
    let app = Arc::clone(&front.app);
    let (new, known) = work(move || {
        let known = session.map(|secret| app.find_session(&secret)).transpose()?.flatten().is_some();
        Ok((app.needs_set_up()?, known))
    })
    .await?;
    if new {
        return Ok(Redirect::to(welcome::PATH).into_response());
    }
    if known {
        return Ok(Redirect::to(to).into_response());
    }
    let html = render(&visitor, "", to, "")?;
    Ok(visitor.remember(Html(html).into_response(), front.site.https))
}

/// Logs in.
async fn submit(
    State(front): State<Arc<Front>>,
    visitor: Visitor,
    extensions: Extensions,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let (email, to) = (fields.trimmed("email").to_owned(), own_path(fields.trimmed("to")));
    let address =
        extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string()).unwrap_or_default();
    let key = format!("{address} {}", email.to_lowercase());
    let l = &visitor.l;
    let again = |status: StatusCode, problem: String| -> Result<Response, Error> {
        let html = render(&visitor, &email, to, &problem)?;
        Ok(visitor.remember((status, Html(html)).into_response(), front.site.https))
    };
    if let Err(wait_ms) = front.logins.take(&key, front.app.now()) {
        let seconds = wait_ms.div_ceil(1_000);
        let mut response = again(StatusCode::TOO_MANY_REQUESTS, l.count("login-wait", seconds))?;
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        return Ok(response);
    }
    let app = Arc::clone(&front.app);
    let (login, password) = (email.clone(), fields.get("password").to_owned());
    match work(move || Ok(app.log_in(&login, &password))).await? {
        Ok(secret) => {
            front.logins.forget(&key);
            Ok(signed_in(&secret, to, front.site.https))
        }
        Err(AppError::WrongLogin) => again(StatusCode::UNAUTHORIZED, l.text("login-wrong")),
        Err(error) => Err(error.into()),
    }
}

/// Sends the browser on with its session.
pub(super) fn signed_in(secret: &str, to: &str, https: bool) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Some(cookie) = cookies::build(cookies::SESSION, secret, Some(COOKIE_S), https) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Ends the session.
async fn sign_out(State(front): State<Arc<Front>>, headers: HeaderMap) -> Result<Response, Error> {
    let https = front.site.https;
    if let Some(secret) = cookies::find(&headers, cookies::SESSION, https).map(str::to_owned) {
        let app = Arc::clone(&front.app);
        work(move || app.log_out(&secret)).await?;
    }
    let mut response = Redirect::to(PATH).into_response();
    for name in [cookies::SESSION, WORKSPACE] {
        if let Some(cookie) = cookies::build(name, "", Some(0), https) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}
