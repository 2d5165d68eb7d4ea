//! The files of `atalaya coordination`, read: what was left out is counted and
//! named, and a file of which hardly anything can be used is refused.

use super::InputOptions;
use crate::output::ProgressLine;
use anyhow::{Context, Result, anyhow, bail};
use app::coordination::{FileSeen, Observed, observe_file};
use app::listening::ImportOptions;
use model::{Network, Trace};
use serde::Serialize;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Of so many items of a file one must be of use, or nothing is said of it.
const USED_SHARE: u64 = 2;

/// A file as it was read, for the manifest.
#[derive(Debug, Serialize)]
pub struct FileRead {
    /// Its name as given.
    pub name: String,
    /// What was taken and what was not.
    #[serde(flatten)]
    pub seen: FileSeen,
}

/// All files.
pub struct Input {
    /// What they show.
    pub observed: Observed,
    /// How each was read.
    pub files: Vec<FileRead>,
}

impl Input {
    /// The exit code: whether everything was of use.
    pub fn exit(&self) -> u8 {
        let unused: u64 = self.files.iter().map(|file| file.seen.rejected + file.seen.left_out).sum();
        if unused > 0 { crate::EXIT_SOME_REJECTED } else { crate::EXIT_OK }
    }

    /// True when no file has words, only shares.
    pub fn is_bare(&self) -> bool {
        self.files.iter().all(|file| file.seen.bare)
    }
}

/// Reads all files.
pub fn read(mut observed: Observed, input: &InputOptions) -> Result<Input> {
    let options = options_of(input)?;
    let bare = input.traces.first().copied().unwrap_or(Trace::CoReshare);
    let mut line = ProgressLine::new();
    let mut files: Vec<FileRead> = Vec::new();
    for file in &input.files {
        let name =
            if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
        let before: u64 = files.iter().map(|file| file.seen.taken).sum();
        let seen = observe_file(&mut observed, &name, open(file)?, &options, bare, &mut |items| {
            line.show(before + items, None);
            Ok(())
        });
        line.clear();
        let seen = seen?;
        refuse_unusable(&name, &seen)?;
        tell_unused(&name, &seen);
        files.push(FileRead { name, seen });
    }
    observed.close();
    observed.check()?;
    tell(&observed, &files);
    Ok(Input { observed, files })
}

fn options_of(input: &InputOptions) -> Result<ImportOptions> {
    let mut options = ImportOptions::default();
    for pair in &input.map {
        let Some((field, column)) = pair.split_once('=') else {
            bail!("--map {pair}: write FIELD=COLUMN, such as author=user_screen_name");
        };
        options.columns.push((field.to_owned(), column.to_owned()));
    }
    options.network = input.network.as_deref().map(Network::parse).transpose()?;
    Ok(options)
}

fn open(file: &Path) -> Result<Box<dyn Read + Send>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    let name = file.display();
    if file.is_dir() {
        bail!("{name} is a folder: name the files in it");
    }
    match File::open(file) {
        Ok(input) => Ok(Box::new(input)),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(anyhow!(
            "there is no file {name}: check its name, which begins at the folder that you are in"
        )),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Err(anyhow!("{name} may not be read by you: give yourself the right (chmod u+r), or copy it"))
        }
        Err(error) => Err(error).with_context(|| format!("{name} cannot be opened")),
    }
}

/// Nothing is said of groups where hardly anything was read: it would seem that there are none.
fn refuse_unusable(name: &str, seen: &FileSeen) -> Result<()> {
    let unused = seen.rejected + seen.left_out;
    let all = seen.taken + unused;
    if all == 0 {
        bail!("{name} has no rows behind its header, or nothing that is a post: there is nothing to look at");
    }
    if seen.taken > 0 && seen.taken.saturating_mul(USED_SHARE) >= all {
        return Ok(());
    }
    let (mapped, fields) =
        if seen.bare { ("timestamp_share", "a time") } else { ("time", "an author and a time") };
    bail!(
        "{name}: only {} of {all} rows can be used, too few to say anything of groups. Each needs {fields}.\n{}\
         Mend these rows, or say which column it is, as in --map {mapped}=COLUMN",
        seen.taken,
        reasons(seen)
    )
}

fn reasons(seen: &FileSeen) -> String {
    let unused = seen.rejected + seen.left_out;
    let mut text: String =
        seen.named.iter().map(|one| format!("  line {}: {}\n", one.line, one.reason)).collect();
    let more = unused.saturating_sub(seen.named.len() as u64);
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

fn tell_unused(name: &str, seen: &FileSeen) {
    if seen.rejected + seen.left_out > 0 {
        let FileSeen { taken, rejected, left_out, .. } = seen;
        eprint!(
            "{name}: {taken} used, {rejected} rejected, {left_out} without a time that can be used\n{}",
            reasons(seen)
        );
    }
}

fn tell(observed: &Observed, files: &[FileRead]) {
    let sum = |of: fn(&FileSeen) -> u64| files.iter().map(|file| of(&file.seen)).sum::<u64>();
    let filed = match observed.spilled() >> 20 {
        0 => String::new(),
        mebibytes => format!(", {mebibytes} MiB in temporary files"),
    };
    let (taken, rejected, left_out) =
        (sum(|seen| seen.taken), sum(|seen| seen.rejected), sum(|seen| seen.left_out));
    eprintln!("{taken} read, {rejected} rejected, {left_out} without author or time{filed}");
    if observed.texts_beyond() > 0 {
        let (beyond, compared) = (observed.texts_beyond(), observed.texts_compared());
        eprintln!("{beyond} texts were compared with the newest {compared} only: more memory compares more");
    }
}
