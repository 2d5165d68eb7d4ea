//! `cargo xtask bench`: how fast and how large, each beside a peer in the same run.
//!
//! In: names of benchmarks and a number of posts. Out: tables on the terminal
//! and as JSON in `target/bench/`. Generated posts and archives are kept there
//! and used again; `rm -r target/bench` forgets them.
//! Cost: minutes; the disk needs about 6 KB per post.
//! Limits: times on a machine that others use are noisy, so processor seconds
//! (user and system of the whole process) stand beside the wall.

mod coordination;
mod copies;
mod correction;
mod duckdb;
mod expressions;
mod fts;
mod groups;
mod images;
mod import;
mod live;
mod machine;
mod matching;
mod posts;
mod queries;
mod table;
mod text;
mod topics;

use crate::root;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// Posts of a benchmark unless told otherwise.
const POSTS: u64 = 1_000_000;
/// Every benchmark, in the order of a full run.
const NAMES: &[&str] = &[
    "import",
    "queries",
    "matching",
    "live",
    "text",
    "copies",
    "images",
    "correction",
    "topics",
    "coordination",
    "groups",
    "groups-memory",
];

/// Runs the benchmarks that are named, or all.
///
/// # Errors
/// When a name is unknown, the disk cannot be used or a result is wrong.
pub fn run(arguments: &[String]) -> Result<()> {
    if let [what, mebibytes, posts] = arguments
        && what == groups::SEARCH
    {
        return groups::search(mebibytes.parse()?, posts.parse()?);
    }
    let mut posts = POSTS;
    let mut names = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--posts" {
            posts = arguments.next().context("write a number after --posts")?.replace('_', "").parse()?;
        } else if NAMES.contains(&argument.as_str()) {
            names.push(argument.as_str());
        } else {
            bail!("there is no benchmark «{argument}»: use one of {}", NAMES.join(", "));
        }
    }
    if names.is_empty() {
        names.extend(NAMES);
    }
    std::fs::create_dir_all(folder())?;
    for name in names {
        let table = match name {
            "import" => import::measure(posts)?,
            "queries" => queries::measure(posts)?,
            "matching" => matching::measure()?,
            "live" => live::measure()?,
            "copies" => copies::measure(posts)?,
            "images" => images::measure()?,
            "topics" => topics::measure(posts)?,
            "coordination" => coordination::measure(posts)?,
            "groups" => groups::live()?,
            "groups-memory" => groups::memory(posts)?,
            "correction" => correction::measure(posts)?,
            _ => text::measure()?,
        };
        table.publish(&folder())?;
    }
    Ok(())
}

/// Where everything that benchmarks make is kept.
fn folder() -> PathBuf {
    root().join("target").join("bench")
}
