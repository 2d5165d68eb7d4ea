//! Exports: posts taken out as CSV or Parquet, each with its manifest.
//!
//! In: an expression and a format. Out: the list of files still held, the
//! files. Errors: [`Error`]. Limits: those of the work room.

use crate::errors::{Code, Error};
use super::forms::Fields;
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{ExportFile, ExportFormat};
use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Method, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream;
use model::Permission;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncReadExt;

/// Bytes sent at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The routes.
pub fn routes() -> Vec<Route> {
    let need = Need::May(Permission::Export);
    vec![
        Route {
            method: Method::POST,
            path: "/explorer/export",
            need,
            summary: "Exports the posts of a search",
            handler: post(export),
        },
        Route { method: Method::GET, path: "/exports", need, summary: "Exports still held", handler: get(show) },
        Route {
            method: Method::GET,
            path: "/exports/{id}",
            need,
            summary: "The file of an export",
            handler: get(|visit: Visit, Path(id): Path<i64>| download(visit, id, false)),
        },
        Route {
            method: Method::GET,
            path: "/exports/{id}/manifest",
            need,
            summary: "The manifest of an export",
            handler: get(|visit: Visit, Path(id): Path<i64>| download(visit, id, true)),
        },
    ]
}

#[derive(Template)]
#[template(path = "explorer/exports.html")]
struct Exports<'a> {
    page: &'a Page,
    l: &'a Locale,
    exports: &'a [ExportFile],
}

/// Makes an export and shows it in the list.
async fn export(visit: Visit, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let format = match fields.trimmed("format") {
        "csv" => ExportFormat::Csv,
        "parquet" => ExportFormat::Parquet,
        _ => return Err(Error::new(Code::InvalidInput).because("format: csv or parquet")),
    };
    let expression = fields.trimmed("expression").to_owned();
    let (workspace, actor) = (visit.workspace, visit.actor);
    work(move || workspace.export(&actor, &expression, format, &mut |_| {})).await?;
    Ok(Redirect::to("/exports?done=export"))
}

/// Shows the files still held, the newest first.
async fn show(visit: Visit) -> Result<Html<String>, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let mut exports = work(move || workspace.list_exports(&actor)).await?;
    exports.sort_by_key(|export| std::cmp::Reverse((export.created_at, export.id)));
    let page = visit.page(visit.l.text("exports-title"), Some(Room::Explorer));
    Ok(Html(Exports { page: &page, l: &visit.l, exports: &exports }.render()?))
}

/// Sends a file as a download.
async fn download(visit: Visit, id: i64, manifest: bool) -> Result<Response, Error> {
    let (workspace, actor) = (visit.workspace, visit.actor);
    let file = work(move || workspace.find_export(&actor, id)).await?;
    let path = if manifest { PathBuf::from(format!("{}.manifest.json", file.display())) } else { file };
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("export").to_owned();
    let mime = match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/vnd.apache.parquet",
    };
    let opened = tokio::fs::File::open(&path).await.map_err(|error| Error::internal(&error))?;
    let chunks = stream::unfold(opened, |mut file| async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        match file.read(&mut chunk).await {
            Ok(0) => None,
            Ok(read) => {
                chunk.truncate(read);
                Some((Ok(chunk), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let mut response = Body::from_stream(chunks).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
