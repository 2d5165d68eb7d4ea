//! `atalaya images`: which files show the same picture.
//!
//! Videos are looked at by one frame per second, which `ffmpeg` writes when it
//! is installed; it gets no network and [`VIDEO_S_MAX`] seconds.

use crate::arguments::ImagesOptions;
use crate::output::ProgressLine;
use anyhow::{Context, Result, bail};
use app::understanding::{Judged, PICTURE_FILE_BYTES_MAX, PictureFiles, PictureGroup};
use model::Timestamp;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, UNIX_EPOCH};

/// Files that are taken from a folder.
const PICTURES: [&str; 6] = ["jpg", "jpeg", "jfif", "png", "gif", "webp"];
/// Videos by the end of their names.
const VIDEOS: [&str; 9] = ["mp4", "m4v", "mov", "webm", "mkv", "avi", "ogv", "3gp", "mpg"];
/// Most files of one run.
const FILES_MAX: usize = 1_000_000;
/// Folders below folders that are gone into.
const DEPTH_MAX: usize = 64;
/// Longest that a video is worked on, seconds.
const VIDEO_S_MAX: u64 = 120;
/// Most bytes of a video's frames.
const FRAMES_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Width to which wider frames are reduced, pixels.
const FRAME_WIDTH: u32 = 640;

/// What became of the files.
#[derive(Default)]
struct Tally {
    files: u64,
    plain: u64,
    failed: u64,
}

/// Groups the files and prints one line for each group (JSON) or member (CSV).
pub fn images(options: &ImagesOptions) -> Result<u8> {
    let mut files = Vec::new();
    for path in &options.files {
        let found = fs::metadata(path).with_context(|| path.display().to_string())?;
        if found.is_dir() { list_folder(path, 0, &mut files)? } else { files.push(path.clone()) }
    }
    let (mut pictures, mut tally, mut line) =
        (PictureFiles::default(), Tally::default(), ProgressLine::new());
    let count = files.len() as f64;
    for file in &files {
        tally.files += 1;
        let judged = if is_one_of(file, &VIDEOS) {
            add_video(&mut pictures, file, options.frames)
        } else {
            add_picture(&mut pictures, file)
        };
        line.show(tally.files, Some(tally.files as f64 / count));
        match judged {
            Ok(Judged::Compared | Judged::Repeated) => {}
            Ok(Judged::Plain) => {
                tally.plain += 1;
                line.clear();
                eprintln!("{}: too little detail to be compared", file.display());
            }
            Err(error) => {
                tally.failed += 1;
                line.clear();
                eprintln!("{}: {error:#}", file.display());
            }
        }
    }
    line.clear();
    let groups = pictures.into_groups();
    let mut out = BufWriter::new(std::io::stdout().lock());
    write_groups(&mut out, &groups, options.csv)?;
    out.flush()?;
    drop(out);
    eprintln!(
        "{} files, {} groups of the same picture; {} with too little detail, {} could not be read",
        tally.files,
        groups.len(),
        tally.plain,
        tally.failed
    );
    Ok(if tally.failed > 0 { crate::EXIT_SOME_REJECTED } else { crate::EXIT_OK })
}

/// Pictures and videos of a folder and those below it, by name; links to
/// folders are not followed.
fn list_folder(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEPTH_MAX {
        return Ok(());
    }
    let shown = || folder.display().to_string();
    let mut entries =
        fs::read_dir(folder).with_context(shown)?.collect::<Result<Vec<_>, _>>().with_context(shown)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type().with_context(shown)?);
        if kind.is_dir() {
            list_folder(&path, depth + 1, files)?;
        } else if is_one_of(&path, &PICTURES) || is_one_of(&path, &VIDEOS) {
            files.push(path);
        }
        if files.len() > FILES_MAX {
            bail!("more than {FILES_MAX} files: name smaller folders");
        }
    }
    Ok(())
}

fn is_one_of(path: &Path, ends: &[&str]) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    ends.contains(&end.as_str())
}

fn time_of(file: &Path) -> Option<Timestamp> {
    let since = fs::metadata(file).ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp::from_millis)
}

fn add_picture(pictures: &mut PictureFiles, file: &Path) -> Result<Judged> {
    // One byte more than is taken, so that a larger file is told as such.
    let limit = u64::try_from(PICTURE_FILE_BYTES_MAX)?.saturating_add(1);
    let mut bytes = Vec::new();
    File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    Ok(pictures.add(&file.display().to_string(), None, time_of(file), &bytes)?)
}

fn add_video(pictures: &mut PictureFiles, file: &Path, frames: u32) -> Result<Judged> {
    File::open(file)?;
    let bytes = frames_of(file, frames)?;
    let (name, time) = (file.display().to_string(), time_of(file));
    let mut best = None;
    for (second, frame) in (0_u32..).zip(split_frames(&bytes)) {
        match pictures.add(&name, Some(second), time, frame)? {
            Judged::Plain => best = best.or(Some(Judged::Plain)),
            other => best = Some(other),
        }
    }
    best.context("ffmpeg found no picture in it")
}

/// One frame per second as JPEG files, one behind the other.
fn frames_of(file: &Path, frames: u32) -> Result<Vec<u8>> {
    // A name that looks like an option or an address stays a file.
    let mut input = OsString::from("file:");
    input.push(fs::canonicalize(file)?);
    let spawned = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "quiet", "-protocol_whitelist", "file", "-i"])
        .arg(input)
        .args(["-an", "-sn", "-vf", &format!("fps=1,scale='min({FRAME_WIDTH},iw)':-2")])
        .args(["-frames:v", &frames.to_string(), "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "3", "-"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("videos need ffmpeg, which is not on the PATH: install it, or leave videos out")
        }
        Err(error) => return Err(error).context("ffmpeg cannot be started"),
    };
    let stdout = child.stdout.take().context("ffmpeg has no output")?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(FRAMES_BYTES_MAX).read_to_end(&mut bytes);
        // The receiver goes away when the time is over.
        let _ = sender.send(read.map(|_| bytes));
    });
    let received = receiver.recv_timeout(Duration::from_secs(VIDEO_S_MAX));
    if received.is_err() {
        child.kill()?;
    }
    let status = child.wait()?;
    let bytes = received.map_err(|_| anyhow::anyhow!("ffmpeg took more than {VIDEO_S_MAX} s"))??;
    if bytes.is_empty() && !status.success() {
        bail!("ffmpeg cannot read it");
    }
    Ok(bytes)
}

/// The JPEG files in a row of them. Inside the data of one, the byte before an
/// end mark is always stuffed, so that the mark is unambiguous (ITU-T T.81 B.1.1.5).
fn split_frames(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut frames, mut rest) = (Vec::new(), bytes);
    while let Some(end) = rest.windows(2).position(|pair| pair == [0xff, 0xd9]) {
        let (frame, behind) = rest.split_at(end + 2);
        frames.push(frame);
        rest = behind;
    }
    frames
}

fn write_groups(out: &mut impl Write, groups: &[PictureGroup], csv: bool) -> Result<()> {
    if csv {
        writeln!(out, "group,file,second,time,distance,sure,transformation,first")?;
    }
    for (number, group) in (1..).zip(groups) {
        if !csv {
            // Through a text: a writer that is closed must stay an I/O error.
            writeln!(out, "{}", serde_json::to_string(group)?)?;
            continue;
        }
        for member in &group.members {
            let cells = [
                format!("{number}"),
                quoted(&member.file),
                member.second.map(|second| second.to_string()).unwrap_or_default(),
                member.time.clone().unwrap_or_default(),
                member.distance.to_string(),
                member.sure.to_string(),
                member.transformation.to_owned(),
                quoted(&group.first),
            ];
            writeln!(out, "{}", cells.join(","))?;
        }
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
