//! `/hooks/{workspace}/{id}`: signed webhooks that others send to us.
//!
//! In: the raw body and its headers. Out: 202 when it was taken, 401 when the
//! signature is wrong, 404 when there is no such webhook, 429 when its maker
//! sends too fast. The signature is the permission: there is no session here.
//! Limits: [`HOOK_BYTES_MAX`], and the rate of the API's calls per source.

use crate::errors::{Code, Error};
use crate::front::{Front, Need, Route};
use crate::pages::forms::{Fields, attempt};
use ::app::listening::Workspace;
use ::app::{Actor, AppError};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::routing::{get, post};
use model::listening::SourceSetup;
use std::sync::Arc;

/// Largest body of a webhook, bytes.
pub const HOOK_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The address.
const PATH: &str = "/hooks/{workspace}/{id}";

/// The routes of webhooks.
pub fn routes() -> Vec<Route> {
    let take = post(receive).layer(DefaultBodyLimit::max(HOOK_BYTES_MAX));
    let route =
        |method, summary, handler| Route { method, path: PATH, need: Need::Nothing, summary, handler };
    vec![
        route(Method::POST, "Takes a signed webhook", take),
        route(Method::GET, "Answers Meta's question whether the address is ours", get(verify)),
    ]
}

/// The webhook of an address, if there is one and it may be called now.
async fn find(front: &Arc<Front>, slug: &str, id: i64) -> Result<Arc<Workspace>, Error> {
    let (app, name) = (Arc::clone(&front.app), slug.to_owned());
    let found = attempt(move || {
        let workspace = app.workspace(&name)?;
        let sources = workspace.list_sources(&Actor::operator())?;
        let is_hook = |setup: &SourceSetup| matches!(setup, SourceSetup::Webhook { .. });
        let found = sources.iter().any(|view| view.source.id == id && is_hook(&view.source.setup));
        Ok(found.then_some(workspace))
    })
    .await?;
    // A name that cannot be one is as unknown as one that is not there.
    let Ok(Some(workspace)) = found else { return Err(Error::new(Code::NotFound)) };
    let key = format!("hook {slug} {id}");
    front.calls.take(&key, front.app.now()).map_err(Error::rate_limited)?;
    Ok(workspace)
}

async fn receive(
    State(front): State<Arc<Front>>,
    Path((slug, id)): Path<(String, i64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let workspace = find(&front, &slug, id).await?;
    let text = |name: &str, value: &axum::http::HeaderValue| {
        Some((name.to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers: Vec<(String, String)> =
        headers.iter().filter_map(|(name, value)| text(name.as_str(), value)).collect();
    let taken = attempt(move || workspace.receive_webhook(id, &headers, &body)).await?;
    match taken {
        Ok(_) => Ok(StatusCode::ACCEPTED),
        Err(AppError::Webhook(_)) => Err(Error::new(Code::Unauthorized)),
        Err(error) => Err(error.into()),
    }
}

async fn verify(
    State(front): State<Arc<Front>>,
    Path((slug, id)): Path<(String, i64)>,
    Query(query): Query<Fields>,
) -> Result<([(&'static str, &'static str); 1], String), Error> {
    let workspace = find(&front, &slug, id).await?;
    let answer = attempt(move || workspace.answer_challenge(id, query.pairs())).await??;
    Ok(([("content-type", "text/plain; charset=utf-8")], answer))
}
