//! `/import`: files into the archive, and what became of them.
//!
//! An upload goes straight to a file of the workspace and is imported in the
//! background; the list says how far. Without script the page is loaded again.
//! Limits: [`UPLOAD_BYTES_MAX`] per request, [`FILES_MAX`] files.

use super::forms::{Faults, Fields, attempt, done_at, refused, shown};
use crate::components::Choice;
use crate::errors::{Code, Error};
use crate::front::{Need, Route, Visit, url_escape, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use crate::security::UPLOAD_BYTES_MAX;
use ::app::AppError;
use ::app::listening::{ImportError, ImportFailure, ImportOptions, ImportRun, ImportState, Upload};
use askama::Template;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use model::{Format, Lang, Network, Permission};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Most files of one upload.
pub const FILES_MAX: usize = 20;
/// Longest value of a field beside the files, bytes.
const FIELD_BYTES_MAX: usize = 8 * 1024;
/// Imports shown.
const SHOWN: usize = 100;
/// Longest file name kept, characters.
const NAME_CHARS_MAX: usize = 200;

/// The routes of the page.
pub fn routes() -> Vec<Route> {
    let need = Need::May(Permission::EditSources);
    let route = |method, path, summary, handler| Route { method, path, need, summary, handler };
    let upload = post(receive).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    vec![
        route(Method::GET, "/import", "The imports and the form for a new one", get(list)),
        route(Method::POST, "/import", "Takes files and imports them in the background", upload),
        route(Method::GET, "/import/list", "The list of imports alone", get(list_alone)),
        route(Method::POST, "/import/{id}/stop", "Interrupts a running import", post(stop)),
    ]
}

/// One import in the list.
struct Row {
    id: i64,
    name: String,
    state: &'static str,
    started: String,
    finished: Option<String>,
    read: u64,
    size: Option<u64>,
    share: String,
    received: String,
    new: String,
    changed: String,
    same: String,
    rejected: String,
    posts_href: String,
    rejects_href: String,
    /// Why it failed, in English.
    failure: Option<String>,
}

impl Row {
    fn of(run: &ImportRun, failures: &[ImportFailure], l: &Locale) -> Self {
        let failed = failures.iter().find(|failure| failure.import == Some(run.id));
        let counts = &run.counts;
        let size = run.size_bytes.filter(|size| *size > 0);
        // Only for the eye; both numbers are far below 2⁵³.
        #[allow(clippy::cast_precision_loss)]
        let share = size.map(|size| l.percent((run.progress.read_bytes.min(size) as f64) / (size as f64), 0));
        Self {
            id: run.id,
            name: run.name.clone(),
            state: run.state.name(),
            started: l.date_time(run.started_at),
            finished: run.finished_at.map(|at| l.date_time(at)),
            read: run.progress.read_bytes,
            size,
            share: share.unwrap_or_else(|| l.bytes(run.progress.read_bytes)),
            received: l.integer(counts.received),
            new: l.integer(counts.new),
            changed: l.integer(counts.changed),
            same: l.integer(counts.same + counts.stale + counts.buried),
            rejected: l.integer(counts.rejected),
            posts_href: format!("/explorer?q={}", url_escape(&format!("source:-{}", run.id))),
            rejects_href: format!("/rejects?origin=import:{}", run.id),
            failure: failed
                .filter(|_| run.state == ImportState::Interrupted)
                .map(|failure| failure.reason.clone()),
        }
    }
}

/// The imports of the moment.
struct Runs {
    rows: Vec<Row>,
    waiting: Vec<String>,
    /// Files whose import never began, and why.
    unread: Vec<ImportFailure>,
    /// Something runs or waits: ask again.
    busy: bool,
}

async fn runs(visit: &Visit) -> Result<Runs, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let (found, waiting, failures) = work(move || {
        let waiting = workspace.list_waiting_uploads(&actor)?;
        Ok((workspace.list_imports(&actor, SHOWN)?, waiting, workspace.list_import_failures(&actor)?))
    })
    .await?;
    let busy = !waiting.is_empty() || found.iter().any(|run| run.state == ImportState::Running);
    let rows = found.iter().map(|run| Row::of(run, &failures, &visit.l)).collect();
    let unread = failures.into_iter().filter(|failure| failure.import.is_none()).collect();
    Ok(Runs { rows, waiting, unread, busy })
}

#[derive(Template)]
#[template(path = "import/list.html")]
struct Fragment {
    page: Page,
    l: Locale,
    runs: Runs,
}

#[derive(Template)]
#[template(path = "import/page.html")]
struct Import {
    page: Page,
    l: Locale,
    runs: Runs,
    formats: Vec<Choice>,
    networks: Vec<Choice>,
    languages: Vec<Choice>,
    map: String,
    faults: Faults,
    limit: String,
}

async fn import_page(visit: &Visit, fields: &Fields, faults: Faults) -> Result<Import, Error> {
    let l = visit.l.clone();
    let detect = |chosen: &str| Choice {
        value: String::new(),
        label: l.text("import-detect"),
        chosen: chosen.is_empty(),
    };
    let choice = |value: &str, label: String, chosen: &str| Choice {
        value: value.to_owned(),
        label,
        chosen: value == chosen,
    };
    let (format, network, language) = (fields.get("format"), fields.get("network"), fields.get("language"));
    let formats = Format::ALL.iter().map(|f| choice(f.name(), l.word("import-format", f.name()), format));
    let networks = Network::ALL.iter().map(|n| choice(n.name(), l.word("network", n.name()), network));
    let languages = ["es", "en", "pt"].map(|code| choice(code, l.word("import-language", code), language));
    Ok(Import {
        page: visit.page(l.text("import-title"), Some(Room::Import)),
        runs: runs(visit).await?,
        formats: std::iter::once(detect(format)).chain(formats).collect(),
        networks: std::iter::once(detect(network)).chain(networks).collect(),
        languages: std::iter::once(detect(language)).chain(languages).collect(),
        map: fields.get("map").to_owned(),
        faults,
        limit: l.bytes(UPLOAD_BYTES_MAX as u64),
        l,
    })
}

async fn list(visit: Visit) -> Result<Response, Error> {
    shown(&import_page(&visit, &Fields::default(), Faults::default()).await?)
}

async fn list_alone(visit: Visit) -> Result<Response, Error> {
    if !visit.fragment {
        return list(visit).await;
    }
    let l = visit.l.clone();
    shown(&Fragment {
        page: visit.page(l.text("import-title"), Some(Room::Import)),
        runs: runs(&visit).await?,
        l,
    })
}

/// What a request brought.
#[derive(Default)]
struct Sent {
    uploads: Vec<Upload>,
    pairs: Vec<(String, String)>,
}

impl Sent {
    /// Removes the files, when they will not be imported.
    async fn discard(&self) {
        for upload in &self.uploads {
            if let Err(error) = tokio::fs::remove_file(&upload.path).await {
                tracing::warn!(%error, "an upload could not be removed; the next start does it");
            }
        }
    }
}

async fn receive(visit: Visit, mut parts: Multipart) -> Result<Response, Error> {
    let mut sent = Sent::default();
    if let Err(error) = read_parts(&visit, &mut parts, &mut sent).await {
        sent.discard().await;
        return Err(error);
    }
    let fields = Fields::of(std::mem::take(&mut sent.pairs));
    match begin(&visit, &sent, &fields).await {
        Ok(Ok(())) => Ok(done_at("/import", "import-begun")),
        Ok(Err(faults)) => {
            sent.discard().await;
            refused(&import_page(&visit, &fields, faults).await?)
        }
        Err(error) => {
            sent.discard().await;
            Err(error)
        }
    }
}

async fn read_parts(visit: &Visit, parts: &mut Multipart, sent: &mut Sent) -> Result<(), Error> {
    while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(file_name) {
            Some(file) if !file.is_empty() => {
                if sent.uploads.len() >= FILES_MAX {
                    return Err(Error::new(Code::TooLarge));
                }
                let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
                let path = work(move || workspace.upload_path(&actor)).await?;
                sent.uploads.push(Upload { name: file, path: path.clone() });
                store(&mut part, path).await?;
            }
            Some(_) => {}
            None => {
                let mut text = Vec::new();
                while let Some(bytes) = part.chunk().await.map_err(|error| unreadable(&error))? {
                    text.extend_from_slice(&bytes);
                    if text.len() > FIELD_BYTES_MAX {
                        return Err(Error::new(Code::TooLarge));
                    }
                }
                sent.pairs.push((name, String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    Ok(())
}

/// Writes one part to a file as it arrives.
async fn store(part: &mut Field<'_>, path: PathBuf) -> Result<(), Error> {
    let wrong = |error: std::io::Error| Error::internal(&error);
    let mut file = tokio::fs::File::create_new(&path).await.map_err(wrong)?;
    while let Some(bytes) = part.chunk().await.map_err(|error| unreadable(&error))? {
        file.write_all(&bytes).await.map_err(wrong)?;
    }
    file.flush().await.map_err(wrong)
}

fn unreadable(error: &MultipartError) -> Error {
    match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => Error::new(Code::TooLarge),
        _ => Error::new(Code::BadRequest).because(error.body_text()),
    }
}

/// The last part of a name that a browser sent, on one line.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>().trim().to_owned()
}

/// Checks and starts the imports, or says what is wrong.
async fn begin(visit: &Visit, sent: &Sent, fields: &Fields) -> Result<Result<(), Faults>, Error> {
    let l = &visit.l;
    if sent.uploads.is_empty() {
        return Ok(Err(Faults::one("files", l.text("import-error-none"))));
    }
    let options = match options(fields, l) {
        Ok(options) => options,
        Err(faults) => return Ok(Err(faults)),
    };
    let (workspace, actor, uploads) =
        (Arc::clone(&visit.workspace), visit.actor.clone(), sent.uploads.clone());
    let begun = attempt(move || {
        for upload in &uploads {
            workspace.check_upload(&actor, upload, &options)?;
        }
        workspace.begin_uploads(actor, uploads, options)
    })
    .await?;
    match begun {
        Ok(()) => Ok(Ok(())),
        Err(AppError::Import(error)) => Ok(Err(import_faults(&error, l))),
        Err(error) => Err(error.into()),
    }
}

fn options(fields: &Fields, l: &Locale) -> Result<ImportOptions, Faults> {
    let mut columns = Vec::new();
    for pair in fields.get("map").split(['\n', ' ', ',']).map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((field, column)) = pair.split_once('=') else {
            return Err(Faults::one("map", l.text_with("import-error-map", &[("value", pair.into())])));
        };
        columns.push((field.trim().to_owned(), column.trim().to_owned()));
    }
    Ok(ImportOptions {
        format: Format::parse(fields.trimmed("format")),
        columns,
        network: Network::parse(fields.trimmed("network")).ok(),
        language: Lang::parse(fields.trimmed("language")).ok(),
    })
}

fn import_faults(error: &ImportError, l: &Locale) -> Faults {
    match error {
        ImportError::Unreadable { name, .. } => {
            Faults::one("files", l.named("import-error-unreadable", name))
        }
        ImportError::Empty(name) => Faults::one("files", l.named("import-error-empty", name)),
        ImportError::Packed { name, .. } => Faults::one("files", l.named("import-error-packed", name)),
        ImportError::NoText { name, columns } => Faults::one(
            "map",
            l.text_with(
                "import-error-no-text",
                &[("name", name.as_str().into()), ("columns", columns.join(", ").into())],
            ),
        ),
        ImportError::UnknownField(field) => Faults::one("map", l.named("import-error-field", field)),
        ImportError::UnknownColumn { column, columns } => Faults::one(
            "map",
            l.text_with(
                "import-error-column",
                &[("name", column.as_str().into()), ("columns", columns.join(", ").into())],
            ),
        ),
        ImportError::UnknownOrder(_) => Faults::one("map", l.text("import-error-order")),
    }
}

async fn stop(visit: Visit, Path(id): Path<i64>) -> Result<Response, Error> {
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    match attempt(move || workspace.stop_import(&actor, id)).await? {
        Ok(()) => Ok(done_at("/import", "import-stopped")),
        // It ended in between: the list says so.
        Err(AppError::NotFound { .. }) => Ok(done_at("/import", "import-over")),
        Err(error) => Err(error.into()),
    }
}
