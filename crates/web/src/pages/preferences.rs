//! Theme, language and workspace of the reader, from the menu of every page.
//!
//! In: one form with `theme`, `language` or `workspace`, and `next`.
//! Out: cookies, and the language of the user's account when signed in.
//! Errors: [`Error`]; values that mean nothing change nothing.

use super::addresses::own_path;
use super::forms::Fields;
use crate::errors::Error;
use crate::front::{Front, Need, Route, WORKSPACE, work};
use crate::layout::Theme;
use crate::locale::Language;
use crate::security::cookies;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use model::Lang;
use std::sync::Arc;

/// How long the browser keeps a preference, seconds.
const COOKIE_S: u64 = 400 * 24 * 3_600;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![Route {
        method: Method::POST,
        path: "/preferences",
        need: Need::Nothing,
        summary: "Theme, language or workspace of the reader",
        handler: post(submit),
    }]
}

/// Remembers what was chosen and goes back.
async fn submit(
    State(front): State<Arc<Front>>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Result<Response, Error> {
    let https = front.site.https;
    let mut response = Redirect::to(own_path(fields.trimmed("next"))).into_response();
    let mut remember = |name: &str, value: &str| {
        if let Some(cookie) = cookies::build(name, value, Some(COOKIE_S), https) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    };
    if let Some(theme) = Theme::ALL.into_iter().find(|theme| theme.name() == fields.trimmed("theme")) {
        remember(cookies::THEME, theme.name());
    }
    // The guard lets through only workspaces of the reader, whatever stands here.
    if !fields.trimmed("workspace").is_empty() {
        remember(WORKSPACE, fields.trimmed("workspace"));
    }
    if let Some(language) =
        Language::ALL.into_iter().find(|language| language.tag() == fields.trimmed("language"))
    {
        remember(cookies::LANGUAGE, language.tag());
        let locale = match language {
            Language::Es => Lang::ES,
            Language::En => Lang::EN,
        };
        if let Some(secret) = cookies::find(&headers, cookies::SESSION, https).map(str::to_owned) {
            let app = Arc::clone(&front.app);
            work(move || match app.find_session(&secret)? {
                Some(logged) => app.update_self(logged.user.id, &logged.user.name, locale),
                None => Ok(()),
            })
            .await?;
        }
    }
    Ok(response)
}
