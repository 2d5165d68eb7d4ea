//! Checks of the house that the compiler cannot make.

use crate::root;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Longest Rust file, lines, unless its first lines say `Length:` and why.
const FILE_LINES_MAX: usize = 500;

/// Words that may stand in one room only, with that room.
const KEPT_IN_ONE_ROOM: &[(&str, &str, &str)] = &[
    ("rusqlite::", "crates/store", "only `store` speaks SQL"),
    ("tantivy::", "crates/store", "only `store` knows the index"),
    ("reqwest::", "crates/networks", "only `networks` opens outgoing connections"),
    ("tokio_tungstenite::connect", "crates/networks", "only `networks` opens outgoing connections"),
    ("std::env::var", "crates/atalaya", "only `atalaya` reads the environment"),
    ("askama::", "crates/web", "only `web` emits HTML"),
];

/// Rooms in which a kept word is looked for.
const ROOMS: &[&str] = &["model", "analysis", "networks", "store", "app", "web", "sim", "atalaya"];

/// Words that `analysis` must not hold: it has no clock, randomness or I/O.
const NOT_IN_ANALYSIS: &[&str] =
    &["std::time", "std::fs", "std::net", "SystemTime", "Instant::now", "rand::", "tokio::"];

/// Runs every check and lists all faults at once.
pub fn check() -> Result<()> {
    let mut faults = Vec::new();
    check_edges(&mut faults)?;
    for file in rust_files(&root().join("crates"))?.into_iter().chain(rust_files(&root().join("xtask"))?) {
        check_file(&file, &mut faults)?;
    }
    check_locales(&mut faults)?;
    if faults.is_empty() {
        println!("tidy: edges, rooms, lengths and locales are in order");
        return Ok(());
    }
    for fault in &faults {
        eprintln!("tidy: {fault}");
    }
    bail!("{} faults", faults.len())
}

/// The edges of ARCHITECTURE.md against those of the manifests.
fn check_edges(faults: &mut Vec<String>) -> Result<()> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md"))?;
    let block = page
        .split("```edges\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .context("ARCHITECTURE.md has no ```edges block")?;
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let (room, used) = line.split_once(':').context("an edge line reads `room: rooms`")?;
        let written: BTreeSet<&str> = used.split_whitespace().collect();
        let manifest = fs::read_to_string(root().join("crates").join(room).join("Cargo.toml"))?;
        let found = internal_dependencies(&manifest);
        if written != found {
            faults.push(format!("{room} uses {found:?}, ARCHITECTURE.md says {written:?}"));
        }
    }
    Ok(())
}

/// Rooms named under `[dependencies]` of a manifest.
fn internal_dependencies(manifest: &str) -> BTreeSet<&str> {
    manifest
        .split("[dependencies]")
        .nth(1)
        .unwrap_or_default()
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| ROOMS.contains(name))
        .collect()
}

fn check_file(file: &Path, faults: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let shown = file.strip_prefix(root())?.display().to_string();
    let lines = text.lines().count();
    let excused = text.lines().take(15).any(|line| line.contains("Length:"));
    if lines > FILE_LINES_MAX && !excused {
        faults.push(format!("{shown} has {lines} lines: split it, or say why after `Length:` at its top"));
    }
    if shown.starts_with("xtask") {
        return Ok(());
    }
    let tests_only = shown.contains("/tests/") || shown.ends_with("tests.rs");
    for (word, room, why) in KEPT_IN_ONE_ROOM {
        if text.contains(word) && !shown.starts_with(room) && !tests_only {
            faults.push(format!("{shown} holds `{word}`: {why}"));
        }
    }
    if shown.starts_with("crates/analysis/src") && !tests_only {
        for word in NOT_IN_ANALYSIS.iter().filter(|word| text.contains(**word)) {
            faults.push(format!("{shown} holds `{word}`: analysis has no clock, randomness or I/O"));
        }
    }
    for word in ["todo!(", "unimplemented!(", "#[ignore"] {
        if text.contains(word) {
            faults.push(format!("{shown} holds `{word}`"));
        }
    }
    Ok(())
}

/// Both languages have the same files.
fn check_locales(faults: &mut Vec<String>) -> Result<()> {
    let names = |lang: &str| -> Result<BTreeSet<String>> {
        let folder = root().join("locales").join(lang);
        Ok(fs::read_dir(folder)?
            .filter_map(|entry| entry.ok().and_then(|entry| entry.file_name().into_string().ok()))
            .collect())
    };
    let (es, en) = (names("es")?, names("en")?);
    for name in es.symmetric_difference(&en) {
        faults.push(format!("locales: {name} is there in one language only"));
    }
    Ok(())
}

/// Every Rust file under a folder, in order.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
