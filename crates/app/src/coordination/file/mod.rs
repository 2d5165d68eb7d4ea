//! What a plain file shows of joint action, without a workspace.
//!
//! In: anything that `atalaya import` reads, or a table of bare shares with
//! CooRTweet's four columns; plain, gzip or zstd. Out: [`Observed`].
//! Errors: [`AppError`] when the file as a whole cannot be read; lines that
//! cannot are counted. Cost: one pass, row by row; see [`Observed`].

pub(crate) mod audit;
pub(crate) mod coortweet;
pub(crate) mod graphfile;
pub(crate) mod sharetable;

use crate::AppError;
use crate::coordination::file::sharetable::{ShareRow, ShareTable, ShareTableError, ShareWriter, each_share};
use crate::coordination::observed::Observed;
use crate::coordination::observed::acts::Act;
use crate::coordination::observed::names::Names;
use analysis::coordination::coortweet::Share;
use model::{Timestamp, Trace};
use networks::import::{ImportOptions, RawItem};
use std::io::{BufRead, BufReader, Cursor, Read, Write};

/// Items between two looks at the progress.
const PROGRESS_ITEMS: u64 = 1_000;
/// Most bytes of a first line that are looked at.
const HEADER_BYTES_MAX: u64 = 64 * 1024;
/// The columns of a table of bare shares, in CooRTweet's words.
pub const SHARE_COLUMNS: [&str; 4] = ["object_id", "account_id", "content_id", "timestamp_share"];

/// How a file was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct FileSeen {
    /// Posts or shares taken.
    pub taken: u64,
    /// Items that could not be read.
    pub rejected: u64,
    /// True for a table of bare shares.
    pub bare: bool,
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
    let is_table = is_share_table(&header);
    let whole = Box::new(Cursor::new(header).chain(plain));
    if is_table {
        return observe_shares(observed, name, whole, bare_trace, progress);
    }
    let mut seen = FileSeen::default();
    let (decoder, items) = networks::import::open(name, whole, options)?;
    for (count, item) in (0_u64..).zip(items) {
        if count.is_multiple_of(PROGRESS_ITEMS) {
            progress(count)?;
            observed.check()?;
        }
        let decoded = item.as_ref().map(|item: &RawItem| decoder.decode(item, NEVER_FETCHED));
        let Ok(decoded) = decoded else {
            seen.rejected += 1;
            continue;
        };
        for post in decoded {
            match post {
                Ok((_, post)) => {
                    observed.add_post(&post);
                    seen.taken += 1;
                }
                Err(_) => seen.rejected += 1,
            }
        }
    }
    Ok(seen)
}

/// Reads a table of bare shares, row by row.
fn observe_shares(
    observed: &mut Observed,
    name: &str,
    table: Box<dyn Read + Send>,
    trace: Trace,
    progress: &mut dyn FnMut(u64) -> Result<(), AppError>,
) -> Result<FileSeen, AppError> {
    let mut taken = 0;
    let mut stopped = None;
    let read = each_share(table, &mut |row| {
        observed.add_row(trace, row.account, row.object, row.content, row.time_ms.div_euclid(1_000));
        taken += 1;
        if taken % PROGRESS_ITEMS == 0 {
            stopped = progress(taken).and_then(|()| observed.check()).err();
        }
        Ok(stopped.is_none())
    });
    if let Some(error) = stopped {
        return Err(error);
    }
    let rejected = read.map_err(|error| in_file(name, &error))?.rejected;
    progress(taken)?;
    Ok(FileSeen { taken, rejected, bare: true })
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
    SHARE_COLUMNS.iter().all(|wanted| columns.contains(wanted))
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

/// The actions of a trace as shares, in CooRTweet's words: a post is a content.
/// Everything is in memory.
pub fn shares_of(observed: &Observed, trace: Trace) -> ShareTable {
    let mut table = ShareTable { accounts: observed.accounts.clone(), ..ShareTable::default() };
    let Some(seen) = observed.traces.get(&trace) else { return table };
    let mut identifiers = Names::default();
    for Act { action, post } in seen.iter() {
        let content = observed.posts.get(post).map(|post| observed.posts.id(&post)).unwrap_or_default();
        let content = native_id(&content);
        let object = seen.objects.name(action.object);
        let numbers = identifiers.number(&object).zip(identifiers.number(content));
        if let Some((object, content)) = numbers {
            let time_ms = i64::from(action.time) * 1_000;
            table.shares.push(Share { object, account: action.account, content, time_ms });
        }
    }
    table.identifiers = identifiers;
    table
}
