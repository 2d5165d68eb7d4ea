//! Sources with their health, imports, rejects, and records that programs push.

use super::view::Instant;
use super::{Answer, Asked, Listed, Named, Sent, created, invalid, page_size};
use crate::errors::{Code, Error};
use crate::front::{Call, Front, Need, Route, work};
use app::listening::{
    ImportOptions, ImportRun, ImportSource, IngestCounts, Origin, SourceView, StoredReject, Workspace,
};
use app::{Actor, AppError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{delete, get, patch, post};
use model::listening::{Keep, SourceHealth, SourceSetup};
use model::{Format, Network, Permission};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Most records of one push.
pub const PUSHED_RECORDS_MAX: usize = 5_000;
/// Largest body of one push, bytes.
pub const PUSHED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The routes.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = of_sources();
    routes.extend(of_records());
    routes
}

fn of_sources() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/api/v1/sources",
            need: Need::Token(Permission::Read),
            summary: "The sources with their health",
            handler: get(list),
        },
        Route {
            method: Method::POST,
            path: "/api/v1/sources",
            need: Need::Token(Permission::EditSources),
            summary: "Add a source; it starts within a second",
            handler: post(insert),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/sources/{id}",
            need: Need::Token(Permission::Read),
            summary: "One source with its health",
            handler: get(load),
        },
        Route {
            method: Method::PATCH,
            path: "/api/v1/sources/{id}",
            need: Need::Token(Permission::EditSources),
            summary: "Change a source: name, setup of the same kind, what is kept, pause, secret",
            handler: patch(update),
        },
        Route {
            method: Method::DELETE,
            path: "/api/v1/sources/{id}",
            need: Need::Token(Permission::EditSources),
            summary: "Remove a source; its posts stay",
            handler: delete(remove),
        },
    ]
}

fn of_records() -> Vec<Route> {
    vec![
        Route {
            method: Method::POST,
            path: "/api/v1/records",
            need: Need::Token(Permission::EditSources),
            summary: "Push posts as a JSON list of rows with our field names",
            handler: post(push).layer(DefaultBodyLimit::max(PUSHED_BYTES_MAX)),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/imports",
            need: Need::Token(Permission::Read),
            summary: "The newest imports, at most `limit`",
            handler: get(imports),
        },
        Route {
            method: Method::GET,
            path: "/api/v1/rejects",
            need: Need::Token(Permission::EditSources),
            summary: "Rejected items with line and reason, newest first",
            handler: get(rejects),
        },
    ]
}

#[derive(Serialize)]
struct SourceBody {
    id: i64,
    name: String,
    network: Network,
    setup: SourceSetup,
    keep: Keep,
    paused: bool,
    has_secret: bool,
    health: HealthBody,
}

#[derive(Serialize)]
struct HealthBody {
    last_ok_at: Option<Instant>,
    last_error_at: Option<Instant>,
    last_error: Option<String>,
    wait_until: Option<Instant>,
    received_count: u64,
    kept_count: u64,
    rejected_count: u64,
}

impl From<SourceHealth> for HealthBody {
    fn from(health: SourceHealth) -> Self {
        Self {
            last_ok_at: health.last_ok.map(Instant),
            last_error_at: health.last_error_at.map(Instant),
            last_error: health.last_error,
            wait_until: health.wait_until.map(Instant),
            received_count: health.received_count,
            kept_count: health.kept_count,
            rejected_count: health.rejected_count,
        }
    }
}

impl From<SourceView> for SourceBody {
    fn from(view: SourceView) -> Self {
        let source = view.source;
        Self {
            id: source.id,
            name: source.name,
            network: source.setup.network(),
            setup: source.setup,
            keep: source.keep,
            paused: source.paused,
            has_secret: source.has_secret,
            health: view.health.into(),
        }
    }
}

fn find(workspace: &Workspace, actor: &Actor, id: i64) -> Result<SourceView, AppError> {
    let found = workspace.list_sources(actor)?.into_iter().find(|view| view.source.id == id);
    found.ok_or_else(|| AppError::NotFound { what: "source", name: id.to_string() })
}

async fn list(call: Call) -> Answer<Json<Listed<SourceBody>>> {
    let views = work(move || call.workspace.list_sources(&call.actor)).await?;
    Ok(Listed::whole(views.into_iter().map(Into::into).collect()))
}

async fn load(call: Call, Named(id): Named<i64>) -> Answer<Json<SourceBody>> {
    Ok(Json(work(move || find(&call.workspace, &call.actor, id)).await?.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSource {
    name: String,
    setup: SourceSetup,
    keep: Keep,
    /// Written, never read back.
    secret: Option<String>,
}

async fn insert(State(front): State<Arc<Front>>, call: Call, Sent(new): Sent<NewSource>) -> Answer<Response> {
    let view = work(move || {
        let secret = new.secret.as_deref();
        let id =
            call.workspace.insert_source(&front.app, &call.actor, &new.name, &new.setup, new.keep, secret)?;
        // The scopes of a token need not include reading.
        let reader = Actor { scopes: None, ..call.actor };
        find(&call.workspace, &reader, id)
    })
    .await?;
    Ok(created(format!("/api/v1/sources/{}", view.source.id), SourceBody::from(view)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceChange {
    paused: Option<bool>,
    name: Option<String>,
    /// Of the same kind as before.
    setup: Option<SourceSetup>,
    keep: Option<Keep>,
    /// Written, never read back; empty takes it away.
    secret: Option<String>,
}

async fn update(
    State(front): State<Arc<Front>>,
    call: Call,
    Named(id): Named<i64>,
    Sent(change): Sent<SourceChange>,
) -> Answer<Json<SourceBody>> {
    let view = work(move || {
        if let Some(secret) = change.secret.as_deref().map(str::trim) {
            let secret = (!secret.is_empty()).then_some(secret);
            call.workspace.update_source_secret(&call.actor, id, secret)?;
        }
        if change.name.is_some() || change.setup.is_some() || change.keep.is_some() {
            let change = app::listening::SourceChange {
                name: change.name.as_deref(),
                setup: change.setup.as_ref(),
                keep: change.keep,
                secret: None,
            };
            call.workspace.update_source(&front.app, &call.actor, id, &change)?;
        }
        if let Some(paused) = change.paused {
            call.workspace.pause_source(&call.actor, id, paused)?;
        }
        let reader = Actor { scopes: None, ..call.actor };
        find(&call.workspace, &reader, id)
    });
    Ok(Json(view.await?.into()))
}

async fn remove(call: Call, Named(id): Named<i64>) -> Answer<StatusCode> {
    work(move || call.workspace.remove_source(&call.actor, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct Pushed {
    import: i64,
    #[serde(flatten)]
    counts: CountsBody,
}

/// What became of items, count each.
#[derive(Serialize)]
struct CountsBody {
    received_count: u64,
    new_count: u64,
    changed_count: u64,
    same_count: u64,
    stale_count: u64,
    rejected_count: u64,
}

impl From<IngestCounts> for CountsBody {
    fn from(counts: IngestCounts) -> Self {
        Self {
            received_count: counts.received + counts.rejected,
            new_count: counts.new,
            changed_count: counts.changed,
            same_count: counts.same,
            stale_count: counts.stale,
            rejected_count: counts.rejected,
        }
    }
}

/// Rows are checked for being objects here, and read by the same code as a
/// file of rows; one that cannot be read is a reject and stops nothing.
async fn push(call: Call, body: Bytes) -> Answer<Json<Pushed>> {
    let rows: Vec<&RawValue> = serde_json::from_slice(&body)
        .map_err(|error| Error::new(Code::BadRequest).because(error.to_string()))?;
    if rows.is_empty() || rows.len() > PUSHED_RECORDS_MAX {
        return Err(invalid("records", format!("send 1 to {PUSHED_RECORDS_MAX} records")));
    }
    if rows.iter().any(|row| !row.get().starts_with('{')) {
        return Err(invalid("records", "every record is an object with our field names"));
    }
    let (run, counts) = work(move || {
        let source = ImportSource {
            name: "API".to_owned(),
            size_bytes: u64::try_from(body.len()).ok(),
            input: Box::new(Cursor::new(body)),
        };
        let options = ImportOptions { format: Some(Format::Table), ..ImportOptions::default() };
        call.workspace.import(&call.actor, source, &options, &AtomicBool::new(false), &mut |_| {})
    })
    .await?;
    Ok(Json(Pushed { import: run.id, counts: counts.into() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Newest {
    limit: Option<usize>,
}

#[derive(Serialize)]
struct ImportBody {
    id: i64,
    name: String,
    state: &'static str,
    size_bytes: Option<u64>,
    read_bytes: u64,
    read_lines_count: u64,
    started_at: Instant,
    finished_at: Option<Instant>,
    #[serde(flatten)]
    counts: CountsBody,
}

impl From<ImportRun> for ImportBody {
    fn from(run: ImportRun) -> Self {
        Self {
            id: run.id,
            name: run.name,
            state: run.state.name(),
            size_bytes: run.size_bytes,
            read_bytes: run.progress.read_bytes,
            read_lines_count: run.progress.line,
            started_at: Instant(run.started_at),
            finished_at: run.finished_at.map(Instant),
            counts: CountsBody {
                received_count: run.counts.received,
                new_count: run.counts.new,
                changed_count: run.counts.changed,
                same_count: run.counts.same,
                stale_count: run.counts.stale + run.counts.buried,
                rejected_count: run.counts.rejected,
            },
        }
    }
}

async fn imports(call: Call, Asked(asked): Asked<Newest>) -> Answer<Json<Listed<ImportBody>>> {
    let limit = page_size(asked.limit)?;
    let runs = work(move || call.workspace.list_imports(&call.actor, limit)).await?;
    Ok(Listed::whole(runs.into_iter().map(Into::into).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RejectsOf {
    source: Option<i64>,
    import: Option<i64>,
    limit: Option<usize>,
    after: Option<i64>,
}

#[derive(Serialize)]
struct RejectBody {
    id: i64,
    source: Option<i64>,
    import: Option<i64>,
    at: Instant,
    line: u64,
    reason: String,
    excerpt: String,
}

impl From<StoredReject> for RejectBody {
    fn from(stored: StoredReject) -> Self {
        let (source, import) = match stored.origin {
            Origin::Source(id) => (Some(id), None),
            Origin::Import(id) => (None, Some(id)),
        };
        Self {
            id: stored.id,
            source,
            import,
            at: Instant(stored.at),
            line: stored.reject.line,
            reason: stored.reject.reason,
            excerpt: stored.reject.excerpt,
        }
    }
}

async fn rejects(call: Call, Asked(asked): Asked<RejectsOf>) -> Answer<Json<Listed<RejectBody>>> {
    let origin = match (asked.source, asked.import) {
        (None, None) => None,
        (Some(id), None) => Some(Origin::Source(id)),
        (None, Some(id)) => Some(Origin::Import(id)),
        (Some(_), Some(_)) => return Err(invalid("import", "give `source` or `import`, not both")),
    };
    let limit = page_size(asked.limit)?;
    let found =
        work(move || call.workspace.list_rejects(&call.actor, origin, asked.after, limit + 1)).await?;
    Ok(Listed::cut(found.into_iter().map(RejectBody::from).collect(), limit, |reject| reject.id))
}
