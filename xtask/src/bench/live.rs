//! A live stream of 1,000 posts a second: how long until each is searchable.
//!
//! One thread receives batches of [`BATCH_POSTS`] as a listener would, one
//! calls the tick of the running server, one waits for arrivals and looks the
//! newest of them up by its own word before it counts. From the call of
//! `receive` to the answer of that search.

use super::import::new_workspace;
use super::machine::{Clock, peak_mib, reset_peak};
use super::table::{Table, quantile};
use super::{folder, posts};
use anyhow::{Context, Result, ensure};
use app::listening::{ExploreRequest, Workspace};
use app::{Actor, App};
use model::Timestamp;
use model::listening::{Keep, SourceSetup};
use networks::listening::Batch;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Posts a second.
const RATE: u64 = 1_000;
/// Seconds of the stream.
const SECONDS: u64 = 30;
/// Posts of one batch.
const BATCH_POSTS: u64 = 100;
/// Time between two ticks, as in the running server, ms.
const TICK_MS: u64 = 250;

/// Streams and measures; the peer is the budget of two seconds.
///
/// # Errors
/// When a post does not become searchable.
pub fn measure() -> Result<Table> {
    let (app, workspace) = new_workspace(&folder().join("live"))?;
    let source = add_source(&app, &workspace)?;
    let batches = batches()?;
    let arrivals = workspace.subscribe();
    let ended = AtomicBool::new(false);
    reset_peak()?;
    let clock = Clock::start()?;
    let started = Instant::now();
    let (sent, mut waits) = std::thread::scope(|scope| -> Result<_> {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(TICK_MS));
                if let Err(error) = workspace.tick() {
                    eprintln!("bench: {error}");
                }
            }
        });
        let watcher = scope.spawn(|| watch(&workspace, arrivals, started));
        let sent = send(&workspace, source, batches, started);
        let seen = watcher.join().map_err(|_| anyhow::anyhow!("the watcher ended badly"));
        ended.store(true, Ordering::Relaxed);
        let (sent, seen) = (sent?, seen??);
        let waits: Vec<f64> = seen
            .iter()
            .map(|(ordinal, at)| at - sent.get((ordinal / BATCH_POSTS) as usize).copied().unwrap_or(f64::NAN))
            .collect();
        Ok((sent, waits))
    })?;
    let used = clock.used()?;
    ensure!(waits.len() as u64 == RATE * SECONDS, "{} posts were announced", waits.len());
    waits.sort_unstable_by(f64::total_cmp);
    let lag = sent.iter().enumerate().map(|(place, at)| at - due(place)).fold(0.0, f64::max);
    let ms = |share| format!("{:.0}", quantile(&waits, share) * 1_000.0);
    Ok(Table {
        name: "live".to_owned(),
        title: format!(
            "live: {RATE} posts a second for {SECONDS} s, milliseconds from receipt to searchable"
        ),
        columns: vec!["program", "p50", "p99", "max", "CPU s per second", "peak resident MiB"],
        rows: vec![vec![
            "Atalaya".to_owned(),
            ms(0.5),
            ms(0.99),
            ms(1.0),
            format!("{:.2}", used.cpu_s / used.wall_s),
            format!("{:.0}", peak_mib()?),
        ]],
        notes: vec![format!("The latest batch was received {:.0} ms after it was due.", lag * 1_000.0)],
    })
}

fn add_source(app: &App, workspace: &Workspace) -> Result<i64> {
    let setup = SourceSetup::BlueskyJetstream { endpoint: "wss://jetstream.example/subscribe".into() };
    Ok(workspace.insert_source(app, &Actor::operator(), "stream", &setup, Keep::All, None)?)
}

/// The stream, mapped beforehand as its listener would.
fn batches() -> Result<Vec<Batch>> {
    let mut batches = Vec::new();
    let mut batch = Batch::default();
    for mut made in posts::stream(RATE * SECONDS).take((RATE * SECONDS) as usize) {
        made.text.push_str(&format!(" x{}x", made.ordinal));
        let event = serde_json::to_vec(&sim::wire::bluesky::jetstream_event(&made))?;
        let (decoder, items) = networks::import::open(
            "stream",
            Box::new(std::io::Cursor::new(event)),
            &networks::import::ImportOptions::default(),
        )?;
        for item in items {
            let item = item.map_err(|reject| anyhow::anyhow!("{reject:?}"))?;
            for decoded in decoder.decode(&item, Timestamp::from_millis(made.time.millis())) {
                let (raw, _) = decoded.map_err(|reject| anyhow::anyhow!("{reject:?}"))?;
                let mapped = networks::map(&raw)?;
                batch.records.push((raw, mapped));
            }
        }
        if batch.records.len() as u64 == BATCH_POSTS {
            batches.push(std::mem::take(&mut batch));
        }
    }
    Ok(batches)
}

/// Second at which a batch is due.
fn due(place: usize) -> f64 {
    place as f64 * BATCH_POSTS as f64 / RATE as f64
}

/// Receives every batch when it is due: the second at which each call began.
fn send(workspace: &Workspace, source: i64, batches: Vec<Batch>, started: Instant) -> Result<Vec<f64>> {
    let mut sent = Vec::with_capacity(batches.len());
    for (place, batch) in batches.into_iter().enumerate() {
        let wait = due(place) - started.elapsed().as_secs_f64();
        if wait > 0.0 {
            std::thread::sleep(Duration::from_secs_f64(wait));
        }
        sent.push(started.elapsed().as_secs_f64());
        workspace.receive(source, Keep::All, batch)?;
    }
    Ok(sent)
}

/// Ordinals of the posts with the second at which each was found by a search.
fn watch(
    workspace: &Workspace,
    mut arrivals: tokio::sync::broadcast::Receiver<Arc<Vec<app::listening::Arrived>>>,
    started: Instant,
) -> Result<Vec<(u64, f64)>> {
    let mut seen = Vec::new();
    while (seen.len() as u64) < RATE * SECONDS {
        let arrived = arrivals.blocking_recv().context("the stream of arrivals ended")?;
        let ordinals: Vec<u64> = arrived
            .iter()
            .filter_map(|post| post.derived.text.rsplit(' ').next()?.trim_matches('x').parse().ok())
            .collect();
        let newest = ordinals.last().context("an announcement without posts")?;
        let request =
            ExploreRequest { expression: format!("x{newest}x"), limit: 1, ..ExploreRequest::default() };
        let found = workspace.explore(&Actor::operator(), &request)?;
        ensure!(found.total == 1, "post {newest} was announced and is not found");
        let now = started.elapsed().as_secs_f64();
        seen.extend(ordinals.into_iter().map(|ordinal| (ordinal, now)));
    }
    Ok(seen)
}
