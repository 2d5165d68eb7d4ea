//! What a plain file shows of joint action, without a workspace.
//!
//! In: anything that `atalaya import` reads, or a table of bare shares with
//! CooRTweet's four columns; plain, gzip or zstd. Out: [`Observed`].
//! Errors: [`AppError`] when the file as a whole cannot be read; lines that
//! cannot are counted. Cost: one pass, row by row; see [`Observed`].

pub(crate) mod audit;
pub(crate) mod coortweet;
pub(crate) mod evidence;
pub(crate) mod graphfile;
mod rows;
pub(crate) mod sharetable;
mod sharetime;

use crate::AppError;
use crate::coordination::file::sharetable::{
    RowReject, ShareRow, ShareTable, ShareTableError, ShareWriter, each_share, is_column,
};
use crate::coordination::observed::Observed;
use crate::coordination::observed::acts::Act;
use crate::coordination::observed::names::Names;
use analysis::coordination::coortweet::Share;
use model::{Post, Timestamp, Trace};
use networks::import::{ImportError, ImportOptions, RawItem};
use std::io::{BufRead, BufReader, Cursor, Read, Write};

/// Items between two looks at the progress.
const PROGRESS_ITEMS: u64 = 1_000;
/// Characters of a header that are shown.
const HEADER_CHARS_SHOWN: usize = 200;
/// Most bytes of a first line that are looked at.
const HEADER_BYTES_MAX: u64 = 64 * 1024;
/// The columns of a table of bare shares, in CooRTweet's words.
pub const SHARE_COLUMNS: [&str; 4] = ["object_id", "account_id", "content_id", "timestamp_share"];

/// Items of which it is said why they are not looked at; all are counted.
pub const REJECTS_NAMED_MAX: usize = 10;

/// How a file was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct FileSeen {
    /// Posts or shares taken.
    pub taken: u64,
    /// Items that could not be read.
    pub rejected: u64,
    /// Posts that were read and have no time that can be used.
    pub left_out: u64,
    /// The first of both, at most [`REJECTS_NAMED_MAX`].
    pub named: Vec<RowReject>,
    /// True for a table of bare shares.
    pub bare: bool,
}

impl FileSeen {
    fn name(&mut self, line: u64, reason: impl FnOnce() -> String) {
        if self.named.len() < REJECTS_NAMED_MAX {
            self.named.push(RowReject { line, reason: reason() });
        }
    }
}

/// Reads a file into `observed`. Bare shares are actions of `bare_trace`.
/// `progress` hears the items read.
///
/// # Errors
/// [`AppError`] when the file cannot be read; whatever `progress` gives.
pub fn observe_file(
    observed: &mut Observed,
    name: &str,
    input: Box<dyn Read + Send>,
    options: &ImportOptions,
    bare_trace: Trace,
    progress: &mut dyn FnMut(u64) -> Result<(), AppError>,
) -> Result<FileSeen, AppError> {
    let unreadable = |error| AppError::File { path: name.to_owned(), error };
    let mut plain = BufReader::new(networks::import::unpacked(input).map_err(unreadable)?);
    let mut header = Vec::new();
    (&mut plain).take(HEADER_BYTES_MAX).read_until(b'\n', &mut header).map_err(unreadable)?;
    let columns = share_columns(options, &header)?;
    let whole = Box::new(Cursor::new(header).chain(plain));
    if let Some(columns) = columns {
        return observe_shares(observed, name, whole, &columns, bare_trace, progress);
    }
    let mut seen = FileSeen::default();
    let (decoder, items) = networks::import::open(name, whole, options).map_err(explained)?;
    for (count, item) in (0_u64..).zip(items) {
        if count.is_multiple_of(PROGRESS_ITEMS) {
            progress(count)?;
            observed.check()?;
        }
        let line = item.as_ref().map_or(0, |item| item.line);
        let decoded = match item.as_ref().map(|item: &RawItem| decoder.decode(item, NEVER_FETCHED)) {
            Ok(decoded) => decoded,
            Err(reject) => vec![Err(reject.clone())],
        };
        for post in decoded {
            match post {
                Ok((_, post)) => observe_post(observed, &post, line, &mut seen),
                Err(reject) => {
                    seen.rejected += 1;
                    seen.name(reject.line, || reject.reason.clone());
                }
            }
        }
    }
    Ok(seen)
}

fn observe_post(observed: &mut Observed, post: &Post, line: u64, seen: &mut FileSeen) {
    let before = observed.left_out;
    observed.add_post(post);
    if observed.left_out == before {
        seen.taken += 1;
        return;
    }
    seen.left_out += 1;
    seen.name(line, || match post.created_at {
        Some(at) => format!("its time, {at}, is not within 1970 and 2106"),
        None => "it has no time".to_owned(),
    });
}

/// What the file calls the columns of a table of bare shares; `None` when it is none.
fn share_columns(options: &ImportOptions, header: &[u8]) -> Result<Option<[String; 4]>, AppError> {
    let of_shares = |field: &str| SHARE_COLUMNS.iter().position(|column| *column == field.trim());
    let mut columns = SHARE_COLUMNS.map(str::to_owned);
    let (mut mapped, mut others) = (0, None);
    for (field, column) in &options.columns {
        match of_shares(field).and_then(|at| columns.get_mut(at)) {
            Some(place) => {
                column.trim().clone_into(place);
                mapped += 1;
            }
            None => others = Some(field.trim()),
        }
    }
    match (mapped, others) {
        (0, None) => Ok(is_share_table(header).then_some(columns)),
        (0, Some(_)) => Ok(None),
        (_, None) => Ok(Some(columns)),
        (_, Some(other)) => Err(AppError::invalid(
            "map",
            format!(
                "«{other}» is no field of a table of shares; these are {}. Without them the fields of posts can be named",
                SHARE_COLUMNS.join(", ")
            ),
        )),
    }
}

/// A table in which nothing is recognised may be one of shares or of posts.
fn explained(error: ImportError) -> AppError {
    let ImportError::NoText { name, columns } = error else { return error.into() };
    let found: String = columns.join(", ").chars().take(HEADER_CHARS_SHOWN).collect();
    AppError::invalid(
        "file",
        format!(
            "{name} is read neither as a table of shares nor as posts. It begins with the columns {found}. \
             A table of shares has {}: say what they are called with --map object_id=COLUMN and so on. \
             A table of posts has text, author and time at least: --map text=COLUMN --map author=COLUMN --map time=COLUMN",
            SHARE_COLUMNS.join(", ")
        ),
    )
}

/// Reads a table of bare shares, row by row.
fn observe_shares(
    observed: &mut Observed,
    name: &str,
    table: Box<dyn Read + Send>,
    columns: &[String; 4],
    trace: Trace,
    progress: &mut dyn FnMut(u64) -> Result<(), AppError>,
) -> Result<FileSeen, AppError> {
    let mut taken = 0;
    let mut stopped = None;
    let columns = columns.each_ref().map(String::as_str);
    let read = each_share(table, &columns, &mut |row| {
        let time_s = row.time_ms.div_euclid(1_000);
        if u32::try_from(time_s).is_err() {
            let at = Timestamp::from_millis(row.time_ms);
            return Err(format!("its time, {at}, is not within 1970 and 2106"));
        }
        observed.add_row(trace, row.account, row.object, row.content, time_s);
        taken += 1;
        if taken % PROGRESS_ITEMS == 0 {
            stopped = progress(taken).and_then(|()| observed.check()).err();
        }
        Ok(stopped.is_none())
    });
    if let Some(error) = stopped {
        return Err(error);
    }
    let found = read.map_err(|error| in_file(name, &error))?;
    progress(taken)?;
    let named = found.rejects.into_iter().take(REJECTS_NAMED_MAX).collect();
    Ok(FileSeen { taken, rejected: found.rejected, left_out: 0, named, bare: true })
}

/// Stands for the time of receipt, which the posts of a file do not have.
const NEVER_FETCHED: Timestamp = Timestamp::from_millis(0);

fn in_file(name: &str, error: &ShareTableError) -> AppError {
    AppError::invalid("file", format!("{name}: {error}"))
}

/// Whether a first line names the columns of a table of bare shares.
fn is_share_table(header: &[u8]) -> bool {
    let header = String::from_utf8_lossy(header);
    let columns: Vec<&str> =
        header.split([',', '\t', ';']).map(|name| name.trim().trim_matches('"')).collect();
    SHARE_COLUMNS.iter().all(|wanted| columns.iter().any(|name| is_column(name, wanted)))
}

/// Writes the actions of a trace as shares, in CooRTweet's four columns: a post
/// is a content. Rows come by object, then time.
///
/// # Errors
/// [`ShareTableError::Table`] when writing fails.
pub fn write_shares_of(
    observed: &Observed,
    trace: Trace,
    out: &mut dyn Write,
) -> Result<(), ShareTableError> {
    let mut writer = ShareWriter::new(out)?;
    let Some(seen) = observed.traces.get(&trace) else { return writer.finish() };
    let mut object = (None, String::new());
    for Act { action, post } in seen.iter() {
        if object.0 != Some(action.object) {
            object = (Some(action.object), seen.objects.name(action.object));
        }
        let content = observed.posts.get(post).map(|post| observed.posts.id(&post)).unwrap_or_default();
        writer.write(&ShareRow {
            object: &object.1,
            account: observed.accounts.name(action.account),
            content: native_id(&content),
            time_ms: i64::from(action.time) * 1_000,
        })?;
    }
    writer.finish()
}

/// The name of a post within its network or file.
fn native_id(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, native)| native)
}

/// Rows between two looks at the memory they take.
const MEMORY_ROWS: usize = 1 << 14;
/// What a row takes while pairs are looked for, bytes.
const ROW_BYTES: u64 = 40;

/// The actions of a trace as shares, in CooRTweet's words: a post is a content.
/// Everything is in memory. The second value is what that takes, bytes.
///
/// # Errors
/// [`AppError::Invalid`] when it does not fit in the memory of the search.
pub fn shares_of(observed: &Observed, trace: Trace) -> Result<(ShareTable, u64), AppError> {
    let mut table = ShareTable { accounts: observed.accounts.clone(), ..ShareTable::default() };
    let Some(seen) = observed.traces.get(&trace) else { return Ok((table, 0)) };
    let mut identifiers = Names::default();
    let taken = |shares: &[Share], identifiers: &Names| {
        let rows = shares.len() as u64 * ROW_BYTES;
        let bytes = rows + identifiers.resident() + observed.accounts.resident();
        observed.make_room(bytes, shares.len() as u64, seen.len()).map(|()| bytes)
    };
    for Act { action, post } in seen.iter() {
        let content = observed.posts.get(post).map(|post| observed.posts.id(&post)).unwrap_or_default();
        let content = native_id(&content);
        let object = seen.objects.name(action.object);
        let numbers = identifiers.number(&object).zip(identifiers.number(content));
        if let Some((object, content)) = numbers {
            let time_ms = i64::from(action.time) * 1_000;
            table.shares.push(Share { object, account: action.account, content, time_ms });
        }
        if table.shares.len().is_multiple_of(MEMORY_ROWS) {
            taken(&table.shares, &identifiers)?;
        }
    }
    let bytes = taken(&table.shares, &identifiers)?;
    table.identifiers = identifiers;
    Ok((table, bytes))
}
