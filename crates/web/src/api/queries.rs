//! Queries, streams and the brand handbook.

use super::view::{Instant, PostBody, posts};
use super::{Answer, Listed, Named, Sent, created};
use crate::front::{Call, Need, Route, work};
use app::listening::QueryVersion;
use axum::Json;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use model::Permission;
use model::handbook::BrandHandbook;
use model::listening::{Purpose, SavedQuery, Stream};
use serde::{Deserialize, Serialize};

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = of_queries();
    routes.extend(of_streams());
    routes
}

fn of_queries() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/queries",
            need: Need::Token(Permission::Read),
            summary: "The saved queries with the number of their mentions",
            handler: get(list),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/queries",
            need: Need::Token(Permission::EditQueries),
            summary: "Save a query; it applies to history at once",
            handler: post(insert),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/queries/preview",
            need: Need::Token(Permission::Read),
            summary: "Count and ten examples of an expression over history",
            handler: post(preview),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/queries/{id}",
            need: Need::Token(Permission::Read),
            summary: "One saved query",
            handler: get(load),
        },
        Route {
            method: Method::PUT,
            path: "/api/v1/queries/{id}",
            need: Need::Token(Permission::EditQueries),
            summary: "Change a query",
            handler: put(update),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/queries/{id}",
            need: Need::Token(Permission::EditQueries),
            summary: "Archive a query: it is no longer matched, its history stays",
            handler: delete(archive),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/queries/{id}/history",
            need: Need::Token(Permission::Read),
            summary: "What was changed in a query and by whom, newest first",
            handler: get(history),
        },
    ]
}

fn of_streams() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/streams",
            need: Need::Token(Permission::Read),
            summary: "The saved streams",
            handler: get(list_streams),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/streams",
            need: Need::Token(Permission::Label),
            summary: "Save a stream",
            handler: post(insert_stream),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/streams/{id}",
            need: Need::Token(Permission::Label),
            summary: "Remove a stream",
            handler: delete(remove_stream),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/handbook",
            need: Need::Token(Permission::Read),
            summary: "The brand handbook",
            handler: get(handbook),
        },
        Route {
            method: Method::PUT,
            path: "/api/v1/handbook",
            need: Need::Token(Permission::EditQueries),
            summary: "Write the brand handbook; saved queries stay as they are",
            handler: put(update_handbook),
        },
    ]
}

#[derive(Serialize)]
struct QueryBody {
    id: i64,
    name: String,
    purpose: Purpose,
    expression: String,
    version: u32,
    created_at: Instant,
}

impl From<SavedQuery> for QueryBody {
    fn from(query: SavedQuery) -> Self {
        Self {
            id: query.id,
            name: query.name,
            purpose: query.purpose,
            expression: query.expression,
            version: query.version,
            created_at: Instant(query.created_at),
        }
    }
}

#[derive(Serialize)]
struct QueryWithMentions {
    #[serde(flatten)]
    query: QueryBody,
    mentions_count: u64,
}

async fn list(call: Call) -> Answer<Json<Listed<QueryWithMentions>>> {
    let views = work(move || call.workspace.list_queries(&call.actor)).await?;
    let bodies = views
        .into_iter()
        .map(|view| QueryWithMentions { query: view.query.into(), mentions_count: view.mentions });
    Ok(Listed::whole(bodies.collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewQuery {
    name: String,
    purpose: Purpose,
    expression: String,
}

async fn insert(call: Call, Sent(new): Sent<NewQuery>) -> Answer<Response> {
    let query =
        work(move || call.workspace.insert_query(&call.actor, &new.name, new.purpose, &new.expression))
            .await?;
    Ok(created(format!("/api/v1/queries/{}", query.id), QueryBody::from(query)))
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<QueryBody>> {
    let query = work(move || call.workspace.load_query(&call.actor, id)).await?;
    Ok(Json(query.into()))
}

async fn update(call: Call, Named(id): Named<i64>, Sent(new): Sent<NewQuery>) -> Answer<Json<QueryBody>> {
    let query =
        work(move || call.workspace.update_query(&call.actor, id, &new.name, new.purpose, &new.expression))
            .await?;
    Ok(Json(query.into()))
}

async fn archive(call: Call, Named(id): Named<i64>) -> Answer<StatusCode> {
    work(move || call.workspace.archive_query(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct VersionBody {
    version: u32,
    name: String,
    purpose: Purpose,
    expression: String,
    changed_at: Instant,
    user: Option<i64>,
}

impl From<QueryVersion> for VersionBody {
    fn from(version: QueryVersion) -> Self {
        Self {
            version: version.version,
            name: version.name,
            purpose: version.purpose,
            expression: version.expression,
            changed_at: Instant(version.changed_at),
            user: version.by,
        }
    }
}

async fn history(call: Call, Named(id): Named<i64>) -> Answer<Json<Listed<VersionBody>>> {
    let versions = work(move || call.workspace.list_query_history(&call.actor, id)).await?;
    Ok(Listed::whole(versions.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    expression: String,
}

#[derive(Serialize)]
struct PreviewBody {
    total_count: u64,
    examples: Vec<PostBody>,
}

async fn preview(call: Call, Sent(draft): Sent<Draft>) -> Answer<Json<PreviewBody>> {
    let preview = work(move || call.workspace.preview(&call.actor, &draft.expression)).await?;
    Ok(Json(PreviewBody { total_count: preview.total, examples: posts(preview.examples) }))
}

async fn list_streams(call: Call) -> Answer<Json<Listed<Stream>>> {
    Ok(Listed::whole(work(move || call.workspace.list_streams(&call.actor)).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStream {
    name: String,
    expression: String,
}

async fn insert_stream(call: Call, Sent(new): Sent<NewStream>) -> Answer<Response> {
    let stream = work(move || call.workspace.insert_stream(&call.actor, &new.name, &new.expression)).await?;
    Ok(created(format!("/api/v1/streams/{}", stream.id), stream))
}

async fn remove_stream(call: Call, Named(id): Named<i64>) -> Answer<StatusCode> {
    work(move || call.workspace.remove_stream(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn handbook(call: Call) -> Answer<Json<BrandHandbook>> {
    Ok(Json(work(move || call.workspace.load_handbook(&call.actor)).await?))
}

async fn update_handbook(call: Call, Sent(new): Sent<BrandHandbook>) -> Answer<Json<BrandHandbook>> {
    let saved = work(move || {
        call.workspace.update_handbook(&call.actor, &new)?;
        call.workspace.load_handbook(&call.actor)
    });
    Ok(Json(saved.await?))
}
