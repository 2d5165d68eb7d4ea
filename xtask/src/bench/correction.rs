//! How soon a correction counts: on the post, in a search, in the next text.
//!
//! Uses the archive of `import`, on a copy. The peer is
//! what one would do without a layer: compute the archive's index again
//! (measured by `import`, named in the notes).

use super::import::{self, archive_folder};
use super::table::{Table, quantile};
use anyhow::{Context, Result, ensure};
use app::listening::ExploreRequest;
use app::{Actor, App, Settings};
use std::time::Instant;

/// Corrections that are made, one after another.
const CORRECTIONS: usize = 60;

/// Measures corrections over an archive of so many posts.
///
/// # Errors
/// When there is no archive, or a correction does not count.
pub fn measure(posts: u64) -> Result<Table> {
    let from = archive_folder(posts);
    if !from.exists() {
        import::measure(posts)?;
    }
    let copy = super::folder().join("correction");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    copy_folder(&from, &copy)?;
    let app = App::open(Settings::new(&copy))?;
    let workspace = app.open_all()?.into_iter().next().context("the archive has no workspace")?;
    let actor = Actor::operator();
    let page = workspace.explore(
        &actor,
        &ExploreRequest {
            expression: "lang:es -intent:threat".to_owned(),
            limit: CORRECTIONS,
            ..ExploreRequest::default()
        },
    )?;
    ensure!(page.posts.len() == CORRECTIONS, "too few posts to correct");
    let (mut told, mut shown, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for view in &page.posts {
        let start = Instant::now();
        workspace.correct(&actor, view.id, "intent", "threat")?;
        told.push(millis(start));
        let post = workspace.load_post(&actor, view.id)?;
        shown.push(millis(start));
        ensure!(post.view.intents.contains(model::Intent::Threat), "the post shows the correction");
        let request = ExploreRequest {
            expression: "intent:threat".to_owned(),
            limit: 200,
            ..ExploreRequest::default()
        };
        let hits = workspace.explore(&actor, &request)?;
        found.push(millis(start));
        ensure!(hits.posts.iter().any(|hit| hit.id == view.id), "a search finds the correction");
    }
    let row = |name: &str, mut times: Vec<f64>| {
        times.sort_unstable_by(f64::total_cmp);
        vec![
            name.to_owned(),
            format!("{:.1}", quantile(&times, 0.5)),
            format!("{:.1}", quantile(&times, 0.99)),
        ]
    };
    Ok(Table {
        name: format!("correction-{posts}"),
        title: format!("a correction over {posts} posts, from the click"),
        columns: vec!["until", "p50 ms", "p99 ms"],
        rows: vec![
            row("it is durable, learned and in the index", told),
            row("the page of the post shows it", shown),
            row("a search finds the post by it", found),
        ],
        notes: vec![
            "Without a layer and single posts indexed anew, the whole archive would be read again: see `import`."
                .to_owned(),
        ],
    })
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
