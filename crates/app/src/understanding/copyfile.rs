//! The copies within a plain file, without a workspace: for a pipe.
//!
//! In: JSON Lines or CSV with `text`, and if there are `id` and `time`; plain,
//! gzip or zstd. Out: groups of copies, and texts that hold passages of others.
//! Errors: [`AppError`] with the line.
//! Cost: a few µs a record; memory of the newest [`TEXTS_COMPARED`] records
//! (about 600 bytes each) and of the groups.
//! Limits: a copy is found among the newest [`TEXTS_COMPARED`] records before
//! it; passages among the first [`TEXTS_WITH_PASSAGES_MAX`] different texts.

use crate::AppError;
use analysis::copies::{Fragments, Groups};
use model::Timestamp;
use serde_json::Value;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

/// Newest records that a text is compared with.
pub const TEXTS_COMPARED: usize = 1_000_000;
/// Most members of a group that are listed by name.
pub const MEMBERS_LISTED_MAX: usize = 1_000;
/// Different texts whose passages are remembered.
pub const TEXTS_WITH_PASSAGES_MAX: usize = 100_000;
/// Characters of a text that are shown.
const EXCERPT_CHARS: usize = 200;
/// A text that holds this share of another is listed.
const SHARE_OF_KNOWN_MIN: f32 = 0.5;
/// Records between two looks at the progress.
const PROGRESS_RECORDS: u64 = 1_000;
/// Longest line or row of the input, bytes.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyFileOptions {
    /// List the members of each group.
    pub members: bool,
    /// Look for texts inside longer ones too.
    pub fragments: bool,
}

/// Records that say the same.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CopyGroup {
    /// Name of the first record, as the file has it; the line when it has none.
    pub first: Value,
    /// The beginning of its text.
    pub text: String,
    /// Records, the first included.
    pub size: u64,
    /// `exact` when all say the same once case, accents, punctuation,
    /// addresses, handles and emoji are left out, else `edited`.
    pub kind: &'static str,
    /// Records with the first's words, itself included.
    pub exact: u64,
    /// Records with other words.
    pub edited: u64,
    /// Lowest estimated similarity of a record to its nearest, 0…1.
    pub similarity_min: f32,
    /// Time of the earliest record, RFC 3339.
    pub earliest: Option<String>,
    /// Time of the latest record, RFC 3339.
    pub latest: Option<String>,
    /// Seconds between them.
    pub span_s: Option<i64>,
    /// Names of the records in the order of the file, if asked for, at most [`MEMBERS_LISTED_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Value>,
}

/// A record that holds a passage of an earlier one.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FileFragment {
    /// Name of the record.
    pub id: Value,
    /// Name of the earlier record.
    pub of: Value,
    /// About this share of the earlier record is in it.
    pub share_of_earlier: f32,
    /// About this share of it is in the earlier record.
    pub share: f32,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CopiesOfFile {
    /// Groups of two and more, the largest first.
    pub groups: Vec<CopyGroup>,
    /// Passages, if asked for, in the order of the file.
    pub fragments: Vec<FileFragment>,
    /// Records read.
    pub records: u64,
    /// Different texts whose passages were not remembered, being too many.
    pub passages_left_out: u64,
}

/// One record of the input.
#[derive(serde::Deserialize)]
struct CopyRecord {
    #[serde(default)]
    id: Option<Value>,
    text: String,
    #[serde(default, alias = "created_at", alias = "timestamp_ms")]
    time: Option<Value>,
}

/// What is kept of a record that may begin a group.
struct Kept {
    id: Value,
    excerpt: String,
}

/// Finds the copies of a file; `progress` hears the number of records read.
///
/// # Errors
/// [`AppError::Invalid`] with the line that cannot be read; [`AppError::File`]
/// when the file cannot; whatever `progress` gives.
pub fn find_copies(
    input: Box<dyn Read + Send>,
    options: CopyFileOptions,
    progress: &mut dyn FnMut(u64) -> Result<(), AppError>,
) -> Result<CopiesOfFile, AppError> {
    let mut search = Search::new(options);
    read_copy_records(input, &mut |id, text, time| {
        if search.groups.len().is_multiple_of(PROGRESS_RECORDS) {
            progress(search.groups.len())?;
        }
        search.add(id, text, time);
        Ok(())
    })?;
    Ok(search.finish())
}

/// A search that is going on.
struct Search {
    options: CopyFileOptions,
    groups: Groups<Kept>,
    members: HashMap<u64, Vec<Value>>,
    passages: Fragments,
    /// Names of the texts with passages, by their number.
    names: Vec<Value>,
    found: CopiesOfFile,
}

impl Search {
    fn new(options: CopyFileOptions) -> Self {
        Self {
            options,
            groups: Groups::new(TEXTS_COMPARED),
            members: HashMap::new(),
            passages: Fragments::default(),
            names: Vec::new(),
            found: CopiesOfFile::default(),
        }
    }

    fn add(&mut self, id: Value, text: &str, time: Option<Timestamp>) {
        let ordinal = self.groups.len();
        let excerpt = text.chars().take(EXCERPT_CHARS).collect();
        let membership = self.groups.add(Kept { id: id.clone(), excerpt }, text, time);
        if membership.group == ordinal {
            if self.options.fragments {
                self.add_passages(id, text);
            }
        } else if self.options.members {
            let list = self.members.entry(membership.group).or_default();
            if list.len() + 1 < MEMBERS_LISTED_MAX {
                list.push(id);
            }
        }
    }

    /// Notes the passages that a text shares with earlier ones of other groups.
    fn add_passages(&mut self, id: Value, text: &str) {
        for fragment in self.passages.find(text) {
            let of = usize::try_from(fragment.known).ok().and_then(|number| self.names.get(number));
            if let Some(of) = of.filter(|_| fragment.share_of_known >= SHARE_OF_KNOWN_MIN) {
                self.found.fragments.push(FileFragment {
                    id: id.clone(),
                    of: of.clone(),
                    share_of_earlier: fragment.share_of_known,
                    share: fragment.share_of_text,
                });
            }
        }
        if self.names.len() >= TEXTS_WITH_PASSAGES_MAX {
            self.found.passages_left_out += 1;
        } else if let Ok(number) = i64::try_from(self.names.len())
            && self.passages.insert(number, text)
        {
            self.names.push(id);
        }
    }

    fn finish(mut self) -> CopiesOfFile {
        self.found.records = self.groups.len();
        for group in self.groups.finish() {
            let mut members = Vec::new();
            if self.options.members {
                members.push(group.first.id.clone());
                members.extend(self.members.remove(&group.ordinal).unwrap_or_default());
            }
            self.found.groups.push(CopyGroup {
                size: group.size,
                kind: if group.edited() == 0 { "exact" } else { "edited" },
                exact: group.exact,
                edited: group.edited(),
                similarity_min: group.similarity_min,
                earliest: group.earliest.map(|time| time.to_string()),
                latest: group.latest.map(|time| time.to_string()),
                span_s: group.span_ms().map(|span| span / 1_000),
                first: group.first.id,
                text: group.first.excerpt,
                members,
            });
        }
        self.found
    }
}

/// Visits each record of an input: name, text, time.
type Visit<'a> = &'a mut dyn FnMut(Value, &str, Option<Timestamp>) -> Result<(), AppError>;

fn read_copy_records(input: Box<dyn Read + Send>, visit: Visit<'_>) -> Result<(), AppError> {
    let broken = |error| AppError::File { path: "input".to_owned(), error };
    let mut input = BufReader::new(networks::import::unpacked(input).map_err(broken)?);
    let head = input.fill_buf().map_err(broken)?;
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => read_json_lines(input, visit),
        Some(b'[') => Err(AppError::invalid("line", "line 1: write one JSON object a line, not a list")),
        Some(_) => read_csv(input, visit),
        None => Ok(()),
    }
}

fn read_json_lines(mut input: impl BufRead, visit: Visit<'_>) -> Result<(), AppError> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let invalid = |why: String| AppError::invalid("line", format!("line {number}: {why}"));
        let mut limited = input.by_ref().take(LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut line).map_err(|error| invalid(error.to_string()))?;
        if read == 0 {
            break;
        }
        if line.len() as u64 >= LINE_BYTES_MAX {
            return Err(invalid(format!("longer than {LINE_BYTES_MAX} bytes")));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let record: CopyRecord = serde_json::from_slice(&line)
            .map_err(|error| invalid(format!("{error}; write {{\"id\":…,\"text\":…}}")))?;
        let time = record.time.as_ref().map(time_of).transpose().map_err(invalid)?.flatten();
        visit(record.id.unwrap_or_else(|| number.into()), &record.text, time)?;
    }
    Ok(())
}

fn read_csv(input: impl Read, visit: Visit<'_>) -> Result<(), AppError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let unreadable = |error: csv::Error| AppError::invalid("line", error.to_string());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |names: &[&str]| {
        headers.iter().position(|header| names.iter().any(|name| header.trim().eq_ignore_ascii_case(name)))
    };
    let text = column(&["text"]).ok_or_else(|| {
        AppError::invalid("text", "the input needs a column «text», or JSON lines with a field «text»")
    })?;
    let (id, time) = (column(&["id"]), column(&["time", "created_at", "timestamp_ms"]));
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(unreadable)? {
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: Option<usize>| column.and_then(|column| row.get(column));
        let time = cell(time).map(|cell| time_of(&cell.into())).transpose();
        let time = time.map_err(|why| AppError::invalid("line", format!("line {line}: {why}")))?;
        let id = cell(id).map_or_else(|| line.into(), Value::from);
        visit(id, row.get(text).unwrap_or_default(), time.flatten())?;
    }
    Ok(())
}

/// A time as RFC 3339, or a number of milliseconds; an empty one is unknown.
fn time_of(value: &Value) -> Result<Option<Timestamp>, String> {
    let wrong = || format!("the time {value} is neither RFC 3339 nor milliseconds since 1970");
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(Timestamp::from_millis).map(Some).ok_or_else(wrong),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => match text.trim().parse() {
            Ok(millis) => Ok(Some(Timestamp::from_millis(millis))),
            Err(_) => Timestamp::parse(text).map(Some).map_err(|_| wrong()),
        },
        _ => Err(wrong()),
    }
}
