//! Files into a workspace with everything on, beside SQLite with FTS5 alone.
//!
//! Counted: reading, splitting, parsing, the unique and durable record,
//! language, tone, 100 queries, index, last commit. Not counted: generation.

use super::machine::{Clock, bytes_below, peak_mib, reset_peak};
use super::posts::{self, PostFiles};
use super::table::{Table, grouped};
use super::{expressions, folder, fts};
use anyhow::{Result, ensure};
use app::access::{FirstVisit, NewPerson};
use app::listening::{ImportOptions, ImportSource, Workspace};
use app::{Actor, App, Settings};
use model::handbook::{Brand, BrandHandbook};
use model::listening::Purpose;
use model::{Lang, Role};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Queries that are on during an import.
const QUERIES: usize = 100;
/// Most frequent words that no query asks for.
const STOP_WORDS: usize = 30;
/// Posts from which the words of these queries are taken.
const SAMPLE_POSTS: usize = 20_000;

/// The folder of the archive with this many posts.
pub fn archive_folder(posts: u64) -> PathBuf {
    folder().join(format!("archive-{posts}"))
}

/// A new program with one empty workspace and [`QUERIES`] queries.
pub fn new_workspace(data: &Path) -> Result<(Arc<App>, Arc<Workspace>)> {
    if data.exists() {
        fs::remove_dir_all(data)?;
    }
    let app = App::open(Settings::new(data))?;
    let (_, slug) = app.set_up(&FirstVisit {
        administrator: NewPerson {
            email: "bench@example.org".into(),
            name: "Bench".into(),
            password: "a password of the benchmark".into(),
            locale: Lang::ES,
            role: Role::Administrator,
        },
        workspace: "Bench".into(),
        time_zone: "America/Panama".into(),
        locale: Lang::ES,
        handbook: BrandHandbook {
            brand: Brand { names: vec!["Café Acme".into()], handles: vec!["CafeAcme".into()] },
            ..BrandHandbook::default()
        },
    })?;
    let workspace = app.workspace(&slug)?;
    let texts: Vec<String> =
        posts::stream(SAMPLE_POSTS as u64).take(SAMPLE_POSTS).map(|made| made.text).collect();
    for (number, expression) in expressions::generate(&texts, QUERIES, STOP_WORDS).iter().enumerate() {
        workspace.insert_query(&Actor::operator(), &format!("q{number}"), Purpose::Topic, expression)?;
    }
    Ok((app, workspace))
}

/// Reads a file into a workspace; the number of new records.
pub fn import(workspace: &Workspace, path: &Path) -> Result<u64> {
    let source = ImportSource {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        size_bytes: Some(fs::metadata(path)?.len()),
        input: Box::new(File::open(path)?),
    };
    let (_, counts) = workspace.import(
        &Actor::operator(),
        source,
        &ImportOptions::default(),
        &AtomicBool::new(false),
        &mut |_| {},
    )?;
    ensure!(counts.rejected == 0, "{} generated posts were rejected", counts.rejected);
    Ok(counts.new)
}

/// Imports this many posts twice: into Atalaya and into SQLite with FTS5.
///
/// # Errors
/// When a post is missing afterwards or the disk fails.
pub fn measure(posts: u64) -> Result<Table> {
    let files = posts::files(&folder(), posts)?;
    let ours = measure_ours(posts, &files)?;
    let peer = measure_peer(posts, &files)?;
    Ok(Table {
        name: format!("import-{posts}"),
        title: format!("import: {} posts", grouped(posts as f64)),
        columns: vec![
            "program",
            "posts/s (wall)",
            "posts per CPU second",
            "wall s",
            "CPU s",
            "peak resident MiB",
            "database B/post",
            "index B/post",
        ],
        rows: vec![ours, peer],
        notes: vec![
            "The peer keeps plain columns and an FTS5 index of the same texts, in the same durable \
             transactions; it parses no wire format, keeps no bytes as received, and derives and \
             matches nothing."
                .to_owned(),
        ],
    })
}

fn measure_ours(posts: u64, files: &PostFiles) -> Result<Vec<String>> {
    let data = archive_folder(posts);
    let (app, workspace) = new_workspace(&data)?;
    reset_peak()?;
    let clock = Clock::start()?;
    let mut new = 0;
    for file in &files.wire {
        let started = std::time::Instant::now();
        let records = import(&workspace, file)?;
        new += records;
        eprintln!(
            "bench: {} {:.0} posts/s",
            file.file_name().unwrap_or_default().to_string_lossy(),
            records as f64 / started.elapsed().as_secs_f64()
        );
    }
    let used = clock.used()?;
    let peak = peak_mib()?;
    ensure!(new == posts, "{new} of {posts} posts are new records");
    let place = workspace.folder().to_owned();
    drop(workspace);
    drop(app);
    // Closing moved SQLite's log into the database.
    let index = bytes_below(&place.join("index"))?;
    let database = bytes_below(&place)? - index;
    fs::write(data.join("done"), "")?;
    let per = |bytes: u64| format!("{:.0}", bytes as f64 / posts as f64);
    Ok(vec![
        "Atalaya, everything on".to_owned(),
        grouped(posts as f64 / used.wall_s),
        grouped(posts as f64 / used.cpu_s),
        format!("{:.1}", used.wall_s),
        format!("{:.1}", used.cpu_s),
        format!("{peak:.0}"),
        per(database),
        per(index),
    ])
}

fn measure_peer(posts: u64, files: &PostFiles) -> Result<Vec<String>> {
    let path = fts::database(posts);
    reset_peak()?;
    let clock = Clock::start()?;
    let count = fts::build(&path, &files.plain)?;
    let used = clock.used()?;
    ensure!(count == posts, "the peer holds {count} of {posts} posts");
    let bytes = bytes_below(&path)? as f64 / posts as f64;
    Ok(vec![
        "SQLite + FTS5 alone".to_owned(),
        grouped(posts as f64 / used.wall_s),
        grouped(posts as f64 / used.cpu_s),
        format!("{:.1}", used.wall_s),
        format!("{:.1}", used.cpu_s),
        format!("{:.0}", peak_mib()?),
        format!("{bytes:.0} with index"),
        "–".to_owned(),
    ])
}
