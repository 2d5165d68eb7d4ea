//! `atalaya import`.

use super::{Desk, operator};
use crate::arguments::ImportOptions as Options;
use crate::output::{ProgressLine, print_json, print_line};
use anyhow::{Context, Result, bail};
use app::listening::{ImportOptions, ImportSource, IngestCounts, Origin, Workspace};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rejects written to the file at once.
const REJECTS_PAGE: usize = 1_000;

/// Reads files into a workspace.
pub fn import(desk: &Desk, options: &Options) -> Result<u8> {
    let resolved = resolve(options)?;
    let (_app, workspace) = desk.open_workspace()?;
    let stop = Arc::new(AtomicBool::new(false));
    watch_interrupt(&stop)?;
    let mut rejected = 0;
    for file in &options.files {
        let counts = import_file(desk, &workspace, file, &resolved, options.rejects.as_deref(), &stop)
            .with_context(|| file.display().to_string())?;
        rejected += counts.rejected;
    }
    Ok(if rejected > 0 { crate::EXIT_SOME_REJECTED } else { crate::EXIT_OK })
}

fn resolve(options: &Options) -> Result<ImportOptions> {
    let mut resolved = ImportOptions::default();
    if let Some(format) = &options.format {
        resolved.format = Some(model::Format::parse(format).with_context(|| {
            let names: Vec<&str> = model::Format::ALL.iter().map(|format| format.name()).collect();
            format!("there is no format «{format}»; use one of {}", names.join(", "))
        })?);
    }
    for pair in &options.map {
        let Some((field, column)) = pair.split_once('=') else {
            bail!("--map {pair}: write FIELD=COLUMN, such as author=user_screen_name");
        };
        resolved.columns.push((field.to_owned(), column.to_owned()));
    }
    resolved.network = options.network.as_deref().map(model::Network::parse).transpose()?;
    resolved.language = options.language.as_deref().map(model::Lang::parse).transpose()?;
    Ok(resolved)
}

fn import_file(
    desk: &Desk,
    workspace: &Workspace,
    file: &Path,
    options: &ImportOptions,
    rejects: Option<&Path>,
    stop: &AtomicBool,
) -> Result<IngestCounts> {
    let source = open(file)?;
    let mut line = ProgressLine::new();
    let outcome = workspace.import(&operator(), source, options, stop, &mut |progress| {
        let share =
            progress.size_bytes.filter(|size| *size > 0).map(|size| progress.read_bytes as f64 / size as f64);
        line.show(progress.counts.received, share);
    });
    line.clear();
    let (run, counts) = outcome?;
    if let Some(path) = rejects {
        write_rejects(workspace, run.id, path)?;
    }
    if desk.json {
        print_json(&serde_json::json!({"file": file, "import": run.id, "counts": counts}))?;
    } else {
        print_line(&format!(
            "{}: {} received, {} new, {} changed, {} already there, {} older or deleted, {} rejected",
            file.display(),
            counts.received,
            counts.new,
            counts.changed,
            counts.same,
            counts.stale,
            counts.rejected
        ))?;
    }
    Ok(counts)
}

fn open(file: &Path) -> Result<ImportSource> {
    if file.as_os_str() == "-" {
        return Ok(ImportSource {
            name: "standard input".to_owned(),
            size_bytes: None,
            input: Box::new(std::io::stdin()),
        });
    }
    let input = File::open(file)?;
    let size = input.metadata()?;
    if size.is_dir() {
        bail!("this is a folder: name the files in it");
    }
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
    Ok(ImportSource { name, size_bytes: Some(size.len()), input: Box::new(input) })
}

/// Every kept reject of an import as JSON Lines, oldest first within a page.
fn write_rejects(workspace: &Workspace, import: i64, path: &Path) -> Result<()> {
    let mut out = std::io::BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
    let mut before = None;
    loop {
        let page = workspace.list_rejects(&operator(), Some(Origin::Import(import)), before, REJECTS_PAGE)?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        for reject in &page {
            serde_json::to_writer(&mut out, &reject.reject)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The first interrupt stops between two batches; what is durable stays.
fn watch_interrupt(stop: &Arc<AtomicBool>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let stop = Arc::clone(stop);
    std::thread::spawn(move || {
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            stop.store(true, Ordering::Relaxed);
        }
    });
    Ok(())
}
