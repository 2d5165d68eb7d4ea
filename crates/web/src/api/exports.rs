//! Exports: posts as CSV or Parquet files with a manifest.

use super::view::Instant;
use super::{Answer, Listed, Named, Sent, created};
use crate::download;
use crate::front::{Call, Need, Route, work};
use app::AppError;
use app::listening::{ExportFile, ExportFormat};
use axum::Json;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::Permission;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/exports",
            need: Need::Token(Permission::Export),
            summary: "The exports still held",
            handler: get(list),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/exports",
            need: Need::Token(Permission::Export),
            summary: "Export the posts that match; answers when the file is complete",
            handler: post(insert),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/exports/{id}",
            need: Need::Token(Permission::Export),
            summary: "One export still held",
            handler: get(load),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/exports/{id}/file",
            need: Need::Token(Permission::Export),
            summary: "The file of an export",
            handler: get(file),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/exports/{id}/manifest",
            need: Need::Token(Permission::Export),
            summary: "What an export holds: expression, rows, columns, hash, methods",
            handler: get(manifest),
        },
    ]
}

#[derive(Serialize)]
struct ExportBody {
    id: i64,
    file_name: String,
    created_at: Instant,
    expires_at: Instant,
    user: Option<i64>,
    file: String,
    manifest: String,
}

impl From<ExportFile> for ExportBody {
    fn from(export: ExportFile) -> Self {
        Self {
            id: export.id,
            file: format!("/api/v1/exports/{}/file", export.id),
            manifest: format!("/api/v1/exports/{}/manifest", export.id),
            file_name: export.file_name,
            created_at: Instant(export.created_at),
            expires_at: Instant(export.expires_at),
            user: export.by,
        }
    }
}

fn find(call: &Call, id: i64) -> Result<ExportFile, AppError> {
    let found = call.workspace.list_exports(&call.actor)?.into_iter().find(|export| export.id == id);
    found.ok_or_else(|| AppError::NotFound { what: "export", name: id.to_string() })
}

async fn list(call: Call) -> Answer<Json<Listed<ExportBody>>> {
    let exports = work(move || call.workspace.list_exports(&call.actor)).await?;
    Ok(Listed::whole(exports.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewExport {
    #[serde(default)]
    q: String,
    format: ExportFormat,
}

async fn insert(call: Call, Sent(new): Sent<NewExport>) -> Answer<Response> {
    let export = work(move || {
        let report = call.workspace.export(&call.actor, &new.q, new.format, &mut |_| {})?;
        find(&call, report.id)
    })
    .await?;
    Ok(created(format!("/api/v1/exports/{}", export.id), ExportBody::from(export)))
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<ExportBody>> {
    Ok(Json(work(move || find(&call, id)).await?.into()))
}

async fn file(call: Call, Named(id): Named<i64>) -> Answer<Response> {
    let path = work(move || call.workspace.find_export(&call.actor, id)).await?;
    let is_csv = path.extension().is_some_and(|extension| extension == "csv");
    let media_type = if is_csv { "text/csv; charset=utf-8" } else { "application/vnd.apache.parquet" };
    download::file(&path, media_type).await
}

async fn manifest(call: Call, Named(id): Named<i64>) -> Answer<Response> {
    let path = work(move || call.workspace.find_export(&call.actor, id)).await?;
    let path = PathBuf::from(format!("{}.manifest.json", path.display()));
    download::file(&path, "application/json").await
}
