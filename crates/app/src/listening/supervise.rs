//! Sources, run by the server.
//!
//! One task per source: open at the stored cursor, take a batch, write it,
//! take the next; a failure waits as the source or the back-off says. A batch
//! is durable before the next is asked for, so nothing is lost and a queue
//! cannot grow. Limits: [`SUPERVISE_MS`], [`TICK_MS`].

use super::workspace::Workspace;
use crate::{App, AppError};
use model::listening::{Keep, Source, SourceSetup};
use model::time::HOUR_MS;
use model::{Network, Timestamp};
use networks::bluesky::profiles::{PROFILES_MAX, fetch_profiles};
use networks::listening::{BACKOFF_MS_MAX, Backoff, FetchError};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often the supervisor looks for new, changed and paused sources, ms.
const SUPERVISE_MS: u64 = 1_000;
/// How often received posts are checked for becoming visible, ms.
const TICK_MS: u64 = 200;
/// How often retention is applied, ms.
const RETENTION_MS: i64 = HOUR_MS;

/// A running source and what it was started with.
struct Running {
    config: Source,
    had_secret: Option<String>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Runs the sources of all workspaces until `shutdown` says so, makes live
/// posts visible and applies retention. Every started task has ended on return.
pub async fn run_sources(app: Arc<App>, mut shutdown: watch::Receiver<bool>) {
    let ticker = tokio::task::spawn_blocking({
        let (app, shutdown) = (Arc::clone(&app), shutdown.clone());
        move || tick_all(&app, &shutdown)
    });
    let mut running: HashMap<(String, i64), Running> = HashMap::new();
    while !*shutdown.borrow() {
        supervise(&app, &mut running);
        tokio::select! {
            _ = shutdown.changed() => {}
            () = tokio::time::sleep(Duration::from_millis(SUPERVISE_MS)) => {}
        }
    }
    for workspace in app.open_workspaces() {
        workspace.stop_imports();
    }
    for source in running.values() {
        let _ = source.stop.send(true);
    }
    for (_, source) in running {
        if let Err(error) = source.task.await {
            tracing::error!(%error, "a source ended badly");
        }
    }
    if let Err(error) = ticker.await {
        tracing::error!(%error, "the ticker ended badly");
    }
}

/// Starts what should run and does not, stops what should not and does.
fn supervise(app: &Arc<App>, running: &mut HashMap<(String, i64), Running>) {
    running.retain(|_, source| !source.task.is_finished());
    let mut wanted = HashMap::new();
    for workspace in app.open_workspaces() {
        let slug = workspace.info().slug.as_str().to_owned();
        match workspace.archive().list_sources() {
            Ok(sources) => {
                for source in sources
                    .into_iter()
                    .filter(|s| !s.paused && !matches!(s.setup, SourceSetup::Webhook { .. }))
                {
                    wanted.insert((slug.clone(), source.id), (Arc::clone(&workspace), source));
                }
            }
            Err(error) => tracing::error!(workspace = slug, %error, "cannot list the sources"),
        }
    }
    for (key, source) in running.iter() {
        let same = wanted.get(key).is_some_and(|(workspace, config)| {
            *config == source.config
                && workspace.archive().load_source_secret(config.id).ok() == Some(source.had_secret.clone())
        });
        if !same {
            // It ends soon; the next round starts it again if it should run.
            let _ = source.stop.send(true);
        }
    }
    for (key, (workspace, config)) in wanted {
        if running.contains_key(&key) {
            continue;
        }
        let Ok(secret) = workspace.archive().load_source_secret(config.id) else { continue };
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(listen(Arc::clone(app), workspace, config.clone(), secret.clone(), stopped));
        running.insert(key, Running { config, had_secret: secret, stop, task });
    }
}

/// One source, from its stored cursor until it is stopped.
async fn listen(
    app: Arc<App>,
    workspace: Arc<Workspace>,
    source: Source,
    secret: Option<String>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut backoff = Backoff::new(source.id.unsigned_abs());
    let opened =
        workspace.archive().load_source_cursor(source.id).map_err(AppError::from).and_then(|cursor| {
            Ok(networks::listening::open(&source.setup, secret.as_deref(), cursor.as_deref(), app.client())?)
        });
    let mut listener = match opened {
        Ok(listener) => listener,
        Err(error) => {
            note_error(&workspace, source.id, &error.to_string(), None);
            let _ = stopped.changed().await;
            return;
        }
    };
    loop {
        let next = tokio::select! {
            _ = stopped.changed() => return,
            next = listener.next() => next,
        };
        let wait_ms = match next {
            Ok(batch) => {
                let (to, keep) = (Arc::clone(&workspace), source.keep);
                // Not interrupted: a batch that was taken is written.
                match tokio::task::spawn_blocking(move || to.receive(source.id, keep, batch)).await {
                    Ok(Ok(_)) => {
                        backoff.reset();
                        name_authors(&app, &workspace, &source).await;
                        continue;
                    }
                    Ok(Err(error)) => {
                        // The listener has moved on, the archive has not: start
                        // again from the stored cursor.
                        tracing::error!(source = source.id, %error, "a batch could not be stored");
                        note_error(&workspace, source.id, &error.to_string(), None);
                        wait(&mut stopped, backoff.wait_ms(&FetchError::Unreachable(String::new()))).await;
                        return;
                    }
                    Err(error) => {
                        tracing::error!(source = source.id, %error, "storing a batch failed");
                        return;
                    }
                }
            }
            Err(error) => {
                let wait_ms = if error.needs_person() { BACKOFF_MS_MAX } else { backoff.wait_ms(&error) };
                tracing::warn!(source = source.id, %error, wait_ms, "a source failed");
                let until = i64::try_from(wait_ms).ok().map(|ms| app.now().plus(ms));
                note_error(&workspace, source.id, &error.to_string(), until);
                wait_ms
            }
        };
        if wait(&mut stopped, wait_ms).await {
            return;
        }
    }
}

/// Asks for the names of authors that the stream told by identifier only. A
/// failure costs nothing but the names, so it is only logged.
async fn name_authors(app: &Arc<App>, workspace: &Arc<Workspace>, source: &Source) {
    let (Some(service), Network::Bluesky) = (&app.settings().bluesky_profiles, source.setup.network()) else {
        return;
    };
    let nameless = match workspace.take_nameless(Network::Bluesky, PROFILES_MAX) {
        Ok(nameless) if !nameless.is_empty() => nameless,
        _ => return,
    };
    match fetch_profiles(app.client(), service, &nameless).await {
        Ok(profiles) => {
            let (to, id) = (Arc::clone(workspace), source.id);
            let stored = tokio::task::spawn_blocking(move || to.receive(id, Keep::All, profiles)).await;
            if let Ok(Err(error)) = stored {
                tracing::warn!(source = id, %error, "the names of authors could not be stored");
            }
        }
        Err(error) => tracing::info!(source = source.id, %error, "the names of authors could not be fetched"),
    }
}

/// Waits; true when the source was stopped meanwhile.
async fn wait(stopped: &mut watch::Receiver<bool>, wait_ms: u64) -> bool {
    tokio::select! {
        _ = stopped.changed() => true,
        () = tokio::time::sleep(Duration::from_millis(wait_ms)) => false,
    }
}

fn note_error(workspace: &Workspace, source: i64, text: &str, until: Option<Timestamp>) {
    let now = workspace.settings().now();
    if let Err(error) = workspace.archive().record_source_error(source, text, until, now) {
        tracing::error!(source, %error, "the failure of a source could not be noted");
    }
}

/// Makes live posts visible and applies retention, on a thread of its own.
fn tick_all(app: &App, shutdown: &watch::Receiver<bool>) {
    let mut retention_at: Option<Timestamp> = None;
    while !*shutdown.borrow() {
        for workspace in app.open_workspaces() {
            if let Err(error) = workspace.tick() {
                tracing::error!(workspace = workspace.info().slug.as_str(), %error, "the index cannot commit");
            }
        }
        let now = app.now();
        let due =
            retention_at.is_none_or(|last| !(0..RETENTION_MS).contains(&(now.millis() - last.millis())));
        if due {
            retention_at = Some(now);
            for workspace in app.open_workspaces() {
                if let Err(error) = workspace.apply_retention() {
                    tracing::error!(workspace = workspace.info().slug.as_str(), %error, "retention failed");
                }
                if let Err(error) = workspace.scrub_if_due() {
                    tracing::error!(workspace = workspace.info().slug.as_str(), %error, "deleted text is still on the disk; the next round tries again");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(TICK_MS));
    }
    for workspace in app.open_workspaces() {
        if let Err(error) = workspace.flush() {
            tracing::error!(%error, "the last posts are not in the index yet; they will be at the next start");
        }
    }
}
