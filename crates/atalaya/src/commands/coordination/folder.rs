//! The folder that a search of files writes: new or empty, or that of an
//! earlier run, of which exactly the files go that its manifest lists.

use anyhow::{Context, Result, anyhow, bail};
use model::Trace;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// The file that lists the others, written last.
pub const MANIFEST: &str = "manifest.json";
/// Most bytes of a manifest that are read.
const MANIFEST_BYTES_MAX: u64 = 4 << 20;
/// What a run writes beside the tables of each trace.
const NAMES: [&str; 7] =
    ["groups.json", MANIFEST, "members.csv", "edges.csv", "actions.csv", "graph.gexf", "graph.graphml"];

/// Where a run writes.
pub struct Folder {
    path: PathBuf,
    /// Files of an earlier run that go.
    earlier: BTreeSet<String>,
}

impl Folder {
    /// Checks a folder before anything is searched; nothing is changed yet.
    pub fn check(path: &Path, overwrite: bool) -> Result<Self> {
        let mut folder = Self { path: path.to_owned(), earlier: BTreeSet::new() };
        let told = path.display();
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                bail!("--out {told} is a file, or lies below one: name a folder")
            }
            Err(error) => return Err(advised(error, path)),
        };
        let mut present = BTreeSet::new();
        for entry in entries {
            present.insert(entry?.file_name().to_string_lossy().into_owned());
        }
        if present.is_empty() {
            return Ok(folder);
        }
        if !overwrite {
            bail!(
                "the folder {told} is not empty, and files of two runs would lie side by side: name another \
                 with --out, or replace the files of the earlier run with --overwrite"
            );
        }
        folder.earlier = listed(&path.join(MANIFEST)).with_context(|| {
            format!("--overwrite replaces the files that {MANIFEST} lists, and {told} has none that can be read: name another folder")
        })?;
        if let Some(other) = present.iter().find(|name| is_ours(name) && !folder.earlier.contains(*name)) {
            bail!(
                "{other} in {told} is not of the earlier run, and would be mixed up with the new files: move it away, or name another folder"
            );
        }
        Ok(folder)
    }

    /// Makes the folder and takes the files of the earlier run away.
    pub fn begin(&self) -> Result<()> {
        fs::create_dir_all(&self.path).map_err(|error| advised(error, &self.path))?;
        // The list goes last: what is left of a run that was cut off can still be replaced.
        let rest = self.earlier.iter().filter(|name| *name != MANIFEST);
        for name in rest.map(String::as_str).chain(self.earlier.get(MANIFEST).map(String::as_str)) {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(advised(error, &path)),
            }
        }
        Ok(())
    }

    /// A new file in it.
    pub fn create(&self, name: &str) -> Result<BufWriter<File>> {
        let path = self.path.join(name);
        let file = File::create_new(&path).map_err(|error| advised(error, &path))?;
        Ok(BufWriter::new(file))
    }

    /// Its name, for telling.
    pub fn told(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}

/// What to do about a file or folder that cannot be written.
fn advised(error: std::io::Error, path: &Path) -> anyhow::Error {
    let told = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            anyhow!("{told} may not be written by you: name another folder with --out")
        }
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            anyhow!("{told} is there already: name another folder with --out")
        }
        ErrorKind::StorageFull => {
            anyhow!("there is no room for {told}: make room, or name another disk with --out")
        }
        _ => anyhow::Error::new(error).context(format!("{told} cannot be written")),
    }
}

/// A name that a run gives to one of its files, and no path.
fn is_ours(name: &str) -> bool {
    let of_trace = |prefix: &str| {
        let trace = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".csv"));
        trace.is_some_and(|trace| Trace::parse(trace).is_some())
    };
    NAMES.contains(&name) || of_trace("shares-") || of_trace("coortweet-")
}

/// The files that a manifest lists, itself included.
fn listed(manifest: &Path) -> Result<BTreeSet<String>> {
    let mut text = Vec::new();
    File::open(manifest)?.take(MANIFEST_BYTES_MAX).read_to_end(&mut text)?;
    let read: Value = serde_json::from_slice(&text)?;
    let files = read.get("files").and_then(Value::as_object).context("it lists no files")?;
    let mut names: BTreeSet<String> = files.keys().filter(|name| is_ours(name)).cloned().collect();
    names.insert(MANIFEST.to_owned());
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_a_run_are_ours() {
        for (name, expected) in [
            ("edges.csv", true),
            ("shares-co_link.csv", true),
            ("coortweet-co_reshare.csv", true),
            ("shares-../x.csv", false),
            ("../edges.csv", false),
            ("notas.txt", false),
            ("shares-otra.csv", false),
        ] {
            assert_eq!(is_ours(name), expected, "{name}");
        }
    }
}
