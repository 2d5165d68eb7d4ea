//! Coordinated groups in use: how long until a new post of a group is counted,
//! and what a search takes in how much memory.
//!
//! Live: a workspace with a generated world is searched for groups; then 1,000
//! posts a second arrive as from a listener, one of every [`BATCH_POSTS`] by a
//! member of one group, while the tick of the running server is called and a
//! reader asks for the group every [`LOOK_MS`]. From the call of `receive` to the
//! answer that has counted the post.
//! Memory: the posts of the import benchmark from their files, as
//! `atalaya coordination detect` reads them, with less and more memory, a process
//! of its own each.

use super::import::{import, new_workspace};
use super::machine::{Clock, peak_mib, reset_peak};
use super::table::{Table, grouped, quantile};
use super::{folder, posts};
use anyhow::{Context, Result, ensure};
use app::Actor;
use app::coordination::{
    DetectSettings, DetectionRequest, KnownGroup, Observed, Report, detect, observe_file,
};
use app::listening::{ImportOptions, Workspace};
use model::listening::{Keep, SourceSetup};
use model::{Timestamp, Trace};
use networks::listening::Batch;
use sim::coordination::{CoordinationSettings, CoordinationWorld, coordination};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Cursor, Write};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Posts a second.
const RATE: u64 = 1_000;
/// Seconds of the stream.
const SECONDS: u64 = 30;
/// Posts of one batch, the first of them by a member of the group.
const BATCH_POSTS: u64 = 100;
/// Time between two ticks, as in the running server, ms.
const TICK_MS: u64 = 250;
/// Time between two looks at the group, ms.
const LOOK_MS: u64 = 20;
/// Events of the world in the workspace.
const EVENTS: u32 = 100_000;
/// Longest wait for the last post, s.
const WAIT_S: f64 = 60.0;
/// Memory of the searches, MiB.
const MEMORY_MIB: [u64; 4] = [128, 640, 1_024, 1 << 20];
/// The argument of the processes that search.
pub const SEARCH: &str = "groups-search";

/// Measures the stream; the budget is five seconds.
///
/// # Errors
/// When no group is found, or a post is not counted.
pub fn live() -> Result<Table> {
    let (app, workspace) = new_workspace(&folder().join("groups"))?;
    let world = world();
    let file = folder().join("groups.jsonl");
    write_world(&world, &file)?;
    import(&workspace, &file)?;
    workspace.flush()?;
    workspace.detect_coordination_now(&Actor::operator(), &DetectionRequest::default())?;
    let view = workspace.coordination(&Actor::operator())?.context("the run is kept")?;
    let group =
        view.groups.iter().max_by_key(|group| group.report.members.len()).context("no group was found")?;
    let setup = SourceSetup::BlueskyJetstream { endpoint: "wss://jetstream.example/subscribe".into() };
    let source = workspace.insert_source(&app, &Actor::operator(), "stream", &setup, Keep::All, None)?;
    let batches = batches(&world, group)?;
    let (ended, before, own) = (AtomicBool::new(false), group.live.posts, batches.len());
    reset_peak()?;
    let clock = Clock::start()?;
    let started = Instant::now();
    let (sent, seen) = std::thread::scope(|scope| -> Result<_> {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(TICK_MS));
                if let Err(error) = workspace.tick() {
                    eprintln!("bench: {error}");
                }
            }
        });
        let watcher = scope.spawn(|| watch(&workspace, &group.report.id, before, own, started));
        let sent = send(&workspace, source, batches, started);
        let seen = watcher.join().map_err(|_| anyhow::anyhow!("the watcher ended badly"));
        ended.store(true, Ordering::Relaxed);
        Ok((sent?, seen??))
    })?;
    let used = clock.used()?;
    let mut waits: Vec<f64> = sent.iter().zip(&seen).map(|(sent, seen)| seen - sent).collect();
    waits.sort_unstable_by(f64::total_cmp);
    let ms = |share| format!("{:.0}", quantile(&waits, share) * 1_000.0);
    Ok(Table {
        name: "groups-live".to_owned(),
        title: format!(
            "groups: {RATE} posts a second for {SECONDS} s, {} groups followed, milliseconds until a post of one is counted",
            view.groups.len()
        ),
        columns: vec![
            "what",
            "posts of the group",
            "p50",
            "p99",
            "max",
            "CPU s per second",
            "peak resident MiB",
        ],
        rows: vec![vec![
            "Atalaya".to_owned(),
            waits.len().to_string(),
            ms(0.5),
            ms(0.99),
            ms(1.0),
            format!("{:.2}", used.cpu_s / used.wall_s),
            format!("{:.0}", peak_mib()?),
        ]],
        notes: vec![format!("The group is asked for every {LOOK_MS} ms: as much of the wait is the asking.")],
    })
}

/// A world that ended yesterday.
fn world() -> CoordinationWorld {
    let now = app::Settings::new(folder()).now();
    let mut settings = CoordinationSettings::new(5, now);
    settings.start = now.plus(-i64::from(settings.days + 1) * model::time::DAY_MS);
    settings.events = EVENTS;
    settings.accounts = EVENTS / 30;
    coordination(&settings)
}

fn write_world(world: &CoordinationWorld, file: &std::path::Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    let narrator = world.narrator();
    for line in world.events.iter().filter_map(|event| narrator.x_line(event)) {
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

/// The stream, mapped beforehand as its listener would.
fn batches(world: &CoordinationWorld, group: &KnownGroup) -> Result<Vec<Batch>> {
    let members: HashSet<&str> =
        group.report.members.iter().filter_map(|member| member.account.strip_prefix("x:")).collect();
    let narrator = world.narrator();
    let mut own = world
        .events
        .iter()
        .filter(|event| members.contains(world.native_account(event.account).as_str()))
        .filter_map(|event| Some((world.native_post(event.number), narrator.x_line(event)?.to_string())))
        .cycle();
    let mut crowd = posts::stream(RATE * SECONDS);
    let mut batches = Vec::new();
    for number in 0..RATE * SECONDS / BATCH_POSTS {
        let mut batch = Batch::default();
        let (id, line) = own.next().context("the group has posts")?;
        add(&mut batch, line.replace(&id, &format!("19{number:017}")).into_bytes())?;
        for made in crowd.by_ref().take(BATCH_POSTS as usize - 1) {
            add(&mut batch, serde_json::to_vec(&sim::wire::bluesky::jetstream_event(&made))?)?;
        }
        batches.push(batch);
    }
    Ok(batches)
}

fn add(batch: &mut Batch, line: Vec<u8>) -> Result<()> {
    let (decoder, items) =
        networks::import::open("stream.jsonl", Box::new(Cursor::new(line)), &ImportOptions::default())?;
    for item in items {
        let item = item.map_err(|reject| anyhow::anyhow!("{reject:?}"))?;
        for decoded in decoder.decode(&item, Timestamp::from_millis(0)) {
            let (raw, _) = decoded.map_err(|reject| anyhow::anyhow!("{reject:?}"))?;
            let mapped = networks::map(&raw)?;
            batch.records.push((raw, mapped));
        }
    }
    Ok(())
}

/// Receives every batch when it is due: the second at which each call began.
fn send(workspace: &Workspace, source: i64, batches: Vec<Batch>, started: Instant) -> Result<Vec<f64>> {
    let mut sent = Vec::with_capacity(batches.len());
    for (place, batch) in batches.into_iter().enumerate() {
        let wait = place as f64 * BATCH_POSTS as f64 / RATE as f64 - started.elapsed().as_secs_f64();
        if wait > 0.0 {
            std::thread::sleep(Duration::from_secs_f64(wait));
        }
        sent.push(started.elapsed().as_secs_f64());
        workspace.receive(source, Keep::All, batch)?;
    }
    Ok(sent)
}

/// The second at which each post of the group was counted.
fn watch(workspace: &Workspace, id: &str, before: u64, posts: usize, started: Instant) -> Result<Vec<f64>> {
    let mut seen = Vec::new();
    while seen.len() < posts {
        let counted = workspace.coordinated_group(&Actor::operator(), id)?.live.posts - before;
        let now = started.elapsed().as_secs_f64();
        ensure!(now < SECONDS as f64 + WAIT_S, "{} of {posts} posts were counted", seen.len());
        seen.resize(usize::try_from(counted)?.min(posts), now);
        std::thread::sleep(Duration::from_millis(LOOK_MS));
    }
    Ok(seen)
}

/// Measures searches of so many posts; what they find must be the same wherever
/// texts are compared with as many others.
///
/// # Errors
/// When a file cannot be read or the answers differ.
pub fn memory(posts: u64) -> Result<Table> {
    posts::files(&folder(), posts)?;
    let mut rows = Vec::new();
    let mut answers: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for mebibytes in MEMORY_MIB {
        let ran = Command::new(std::env::current_exe()?)
            .args(["bench", SEARCH, &mebibytes.to_string(), &posts.to_string()])
            .output()?;
        ensure!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let told = String::from_utf8(ran.stdout)?;
        let mut told: Vec<String> = told.trim().split('\t').map(str::to_owned).collect();
        let answer = told.pop().context("a search tells what it found")?;
        answers.entry(told.last().cloned().unwrap_or_default()).or_default().insert(answer);
        println!("{}", told.join(" | "));
        rows.push(told);
    }
    ensure!(
        answers.values().all(|same| same.len() == 1),
        "searches with different memory found different things"
    );
    Ok(Table {
        name: format!("groups-memory-{posts}"),
        title: format!("groups: a search over {} posts of files, by memory", grouped(posts as f64)),
        columns: vec![
            "memory",
            "CPU s",
            "wall s",
            "peak resident MiB",
            "in temporary files MiB",
            "actions",
            "accounts",
            "texts compared",
        ],
        rows,
        notes: vec![
            "The report is the same in every row with as many texts compared; the run fails otherwise."
                .to_owned(),
        ],
    })
}

/// One search, in a process of its own: a line for [`memory`].
///
/// # Errors
/// When a file cannot be read.
pub fn search(mebibytes: u64, posts: u64) -> Result<()> {
    let files = posts::files(&folder(), posts)?;
    reset_peak()?;
    let clock = Clock::start()?;
    let mut observed = Observed::bounded(&folder(), mebibytes << 20);
    for file in &files.wire {
        let name = file.display().to_string();
        let input = Box::new(File::open(file)?);
        observe_file(&mut observed, &name, input, &ImportOptions::default(), Trace::CoReshare, &mut |_| {
            Ok(())
        })?;
    }
    let reading = peak_mib()?;
    observed.close();
    let closing = peak_mib()?;
    let detection = detect(&observed, &DetectSettings::default(), &mut |_| observed.check())?;
    let looking = peak_mib()?;
    let report = Report::of(&observed, &detection);
    observed.check()?;
    let used = clock.used()?;
    eprintln!("peak MiB: reading {reading:.0}, ordering {closing:.0}, looking {looking:.0}");
    let actions: u64 = report.traces.values().map(|trace| trace.actions).sum();
    let memory = if mebibytes >= 1 << 20 { "all of it".to_owned() } else { format!("{mebibytes} MiB") };
    let answer = serde_json::to_string(&report)?;
    println!(
        "{memory}\t{:.1}\t{:.1}\t{:.0}\t{}\t{}\t{}\t{}\t{answer}",
        used.cpu_s,
        used.wall_s,
        peak_mib()?,
        observed.spilled() >> 20,
        grouped(actions as f64),
        grouped(report.accounts as f64),
        grouped(report.texts_compared as f64),
    );
    Ok(())
}
