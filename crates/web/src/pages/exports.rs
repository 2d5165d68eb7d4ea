//! Exports: posts taken out as CSV or Parquet, each with its manifest.
//!
//! In: an expression and a format. Out: what is being written, the list of
//! files still held, the files. Errors: [`Error`]. Limits: those of the work room.

use super::forms::{Fields, shown};
use crate::components::plain_line;
use crate::errors::{Code, Error};
use crate::front::{Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::{ExportFile, ExportFormat, TaskState, TaskWork};
use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
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
        Route {
            method: Method::GET,
            path: "/exports",
            need,
            summary: "Exports still held",
            handler: get(show),
        },
        Route {
            method: Method::GET,
            path: "/exports/list",
            need,
            summary: "The list of exports alone",
            handler: get(list_alone),
        },
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

/// An export that waits, runs or failed.
struct Task {
    id: u64,
    expression: String,
    begun: String,
    progress: Option<(u64, u64, String)>,
    failure: Option<String>,
}

/// The exports of the moment.
struct Held {
    exports: Vec<ExportFile>,
    tasks: Vec<Task>,
    /// Something waits or runs: ask again.
    busy: bool,
}

impl Held {
    async fn load(visit: &Visit) -> Result<Self, Error> {
        let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
        // The tasks first: what ends in between is in the list then.
        let (tasks, mut exports) =
            work(move || Ok((workspace.list_export_tasks(&actor)?, workspace.list_exports(&actor)?))).await?;
        exports.sort_by_key(|export| std::cmp::Reverse((export.created_at, export.id)));
        let busy = tasks.iter().any(|task| task.state.is_unfinished());
        Ok(Self { exports, tasks: tasks.iter().filter_map(|task| row(task, &visit.l)).collect(), busy })
    }
}

/// The row of a task; `None` when its export is in the list.
fn row(task: &::app::listening::Task, l: &Locale) -> Option<Task> {
    let TaskWork::Export { expression, .. } = &task.work else { return None };
    let (progress, failure) = match &task.state {
        TaskState::Waiting => (None, None),
        TaskState::Running { done, total } => (Some(progress_of(*done, *total, l)), None),
        TaskState::Failed(reason) => (None, Some(reason.clone())),
        TaskState::Exported { .. } | TaskState::Erased(_) => return None,
    };
    let expression =
        if expression.is_empty() { l.text("exports-everything") } else { plain_line(expression) };
    Some(Task { id: task.id, expression, begun: l.date_time(task.begun_at), progress, failure })
}

/// How much is done, of how much, and its share in words.
pub(super) fn progress_of(done: u64, total: u64, l: &Locale) -> (u64, u64, String) {
    let total = total.max(1);
    // Only for the eye; both numbers are far below 2⁵³.
    #[allow(clippy::cast_precision_loss)]
    let share = done.min(total) as f64 / total as f64;
    (done.min(total), total, l.percent(share, 0))
}

#[derive(Template)]
#[template(path = "explorer/exports.html")]
struct Exports {
    page: Page,
    l: Locale,
    held: Held,
}

#[derive(Template)]
#[template(path = "explorer/exports_list.html")]
struct List {
    page: Page,
    l: Locale,
    held: Held,
}

/// Begins an export and shows it in the list.
async fn export(visit: Visit, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let format = match fields.trimmed("format") {
        "csv" => ExportFormat::Csv,
        "parquet" => ExportFormat::Parquet,
        _ => return Err(Error::new(Code::InvalidInput).because("format: csv or parquet")),
    };
    let expression = fields.trimmed("expression").to_owned();
    let (workspace, actor) = (visit.workspace, visit.actor);
    work(move || workspace.begin_export(actor, &expression, format)).await?;
    Ok(Redirect::to("/exports?done=export-begun"))
}

fn frame(visit: &Visit) -> Page {
    visit.page(visit.l.text("exports-title"), Some(Room::Explorer))
}

/// Shows what runs and the files still held, the newest first.
async fn show(visit: Visit) -> Result<Response, Error> {
    shown(&Exports { held: Held::load(&visit).await?, page: frame(&visit), l: visit.l })
}

async fn list_alone(visit: Visit) -> Result<Response, Error> {
    if !visit.fragment {
        return show(visit).await;
    }
    shown(&List { held: Held::load(&visit).await?, page: frame(&visit), l: visit.l })
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
