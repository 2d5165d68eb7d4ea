//! Tables of shares in the four columns of CooRTweet, in and out, and its edges.
//!
//! In: a table with [`SHARE_COLUMNS`]. Out: [`ShareTable`]; the same columns
//! again; edges in the columns of CooRTweet's network.
//! Errors: [`ShareTableError`] with the line when the table as a whole cannot
//! be read; a row that cannot be is counted, and the first keep their reason.
//! Cost: one pass; what is kept whole takes 24 B a row and each identifier once.
//! Source: Righetti and Balluff, CooRTweet 2 (R package).
//! Limits: [`ROWS_MAX`], [`ROW_BYTES_MAX`].

use super::Names;
use crate::coordination::file::SHARE_COLUMNS;
use analysis::coordination::coortweet::{JointEdge, Share};
use model::Timestamp;
use std::io::{BufRead, BufReader, Read, Write};

/// Most rows of a table of shares.
pub const ROWS_MAX: usize = 200_000_000;
/// Longest row, bytes; a quote that never closes ends here.
pub const ROW_BYTES_MAX: usize = 64 * 1024;
/// Rejected rows of which the reason is kept; all are counted.
pub const REJECTS_LISTED_MAX: usize = 100;

/// Why a table of shares was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum ShareTableError {
    /// Reading or writing failed.
    #[error("the table cannot be read or written: {0}")]
    Broken(#[from] std::io::Error),
    /// A table cannot be written.
    #[error("the table cannot be written: {0}")]
    Table(#[from] csv::Error),
    /// The header lacks a column.
    #[error(
        "line {line}: there is no column «{column}»; the table needs object_id, account_id, content_id and timestamp_share"
    )]
    NoColumn {
        /// The line of the header.
        line: u64,
        /// The first column that is missing.
        column: &'static str,
    },
    /// The header names a column twice.
    #[error("line {line}: the column «{column}» is there twice")]
    TwoColumns {
        /// The line of the header.
        line: u64,
        /// The column.
        column: &'static str,
    },
    /// No row can be read.
    #[error("none of the {rows} rows can be read; the first one, line {line}: {reason}")]
    NoRow {
        /// Rows there are.
        rows: u64,
        /// The line of the first.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A row is longer than [`ROW_BYTES_MAX`].
    #[error("line {line}: the row is longer than {ROW_BYTES_MAX} bytes; is there a quote that never closes?")]
    TooLong {
        /// The line on which it begins.
        line: u64,
    },
    /// More than [`ROWS_MAX`] rows.
    #[error("line {line}: more than {ROWS_MAX} rows; cut the table by time")]
    TooMany {
        /// The line of the first row too many.
        line: u64,
    },
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReject {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// A table of shares, read.
#[derive(Debug, Clone, Default)]
pub struct ShareTable {
    /// The rows, with accounts and identifiers as numbers.
    pub shares: Vec<Share>,
    /// Names of the accounts.
    pub accounts: Names,
    /// Identifiers of objects and contents, in one numbering.
    pub identifiers: Names,
    /// The first rows that could not be read, at most [`REJECTS_LISTED_MAX`].
    pub rejects: Vec<RowReject>,
    /// Rows that could not be read, count.
    pub rejected: u64,
}

/// A row as it stands in a table.
#[derive(Debug, Clone, Copy)]
pub struct ShareRow<'a> {
    /// What was shared.
    pub object: &'a str,
    /// Who did.
    pub account: &'a str,
    /// In which post.
    pub content: &'a str,
    /// When, ms.
    pub time_ms: i64,
}

/// The rows of a table that could not be read.
#[derive(Debug, Clone, Default)]
pub struct Rejected {
    /// The first of them, at most [`REJECTS_LISTED_MAX`].
    pub rejects: Vec<RowReject>,
    /// All of them, count.
    pub rejected: u64,
}

/// Reads CooRTweet's four columns into memory; see [`each_share`].
///
/// # Errors
/// As [`each_share`].
pub fn read_shares(input: Box<dyn Read + Send>) -> Result<ShareTable, ShareTableError> {
    let mut table = ShareTable::default();
    let Rejected { rejects, rejected } = each_share(input, &mut |row| {
        let full = || "there are more identifiers than can be numbered".to_owned();
        let share = Share {
            object: table.identifiers.number(row.object).ok_or_else(full)?,
            account: table.accounts.number(row.account).ok_or_else(full)?,
            content: table.identifiers.number(row.content).ok_or_else(full)?,
            time_ms: row.time_ms,
        };
        table.shares.push(share);
        Ok(true)
    })?;
    Ok(ShareTable { rejects, rejected, ..table })
}

/// Visits the rows of a table with CooRTweet's four columns in any order, beside
/// any others; commas, semicolons or tabs; plain, gzip or zstd. Times are seconds
/// since 1970 with at most three decimals, or RFC 3339. `visit` says why it does
/// not take a row, or whether to go on.
///
/// # Errors
/// [`ShareTableError`] when the table as a whole cannot be read; a row that
/// cannot be is counted, and the first ones keep their line and reason.
pub fn each_share(
    input: Box<dyn Read + Send>,
    visit: &mut dyn FnMut(ShareRow<'_>) -> Result<bool, String>,
) -> Result<Rejected, ShareTableError> {
    let mut rows = Rows { input: BufReader::new(networks::import::unpacked(input)?), next_line: 1 };
    let (header_line, header) = rows.next()?.unwrap_or((1, String::new()));
    let marks = [',', ';', '\t'];
    // The mark that parts the header into the most columns.
    let mark = marks.into_iter().max_by_key(|mark| header.matches(*mark).count()).unwrap_or(',');
    let mut parser = csv::ReaderBuilder::new();
    parser.has_headers(false).flexible(true).delimiter(u8::try_from(mark).unwrap_or(b','));
    let header = fields(&parser, &header).unwrap_or_default();
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(SHARE_COLUMNS) {
        let mut at = header.iter().enumerate().filter(|(_, name)| is_column(name, column)).map(|(at, _)| at);
        *place = at.next().ok_or(ShareTableError::NoColumn { line: header_line, column })?;
        if at.next().is_some() {
            return Err(ShareTableError::TwoColumns { line: header_line, column });
        }
    }
    let mut found = Rejected::default();
    let mut taken = 0;
    while let Some((line, row)) = rows.next()? {
        if row.trim().is_empty() {
            continue;
        }
        if taken >= ROWS_MAX {
            return Err(ShareTableError::TooMany { line });
        }
        let read = fields(&parser, &row).and_then(|row| visit(share_row(&row, places)?));
        match read {
            Ok(goes_on) => {
                taken += 1;
                if !goes_on {
                    break;
                }
            }
            Err(reason) => {
                found.rejected += 1;
                if found.rejects.len() < REJECTS_LISTED_MAX {
                    found.rejects.push(RowReject { line, reason });
                }
            }
        }
    }
    match found.rejects.first() {
        Some(first) if taken == 0 => Err(ShareTableError::NoRow {
            rows: found.rejected,
            line: first.line,
            reason: first.reason.clone(),
        }),
        _ => Ok(found),
    }
}

/// `id_user` is what older versions of CooRTweet called the account.
fn is_column(name: &str, column: &str) -> bool {
    let name = name.trim_start_matches('\u{feff}').trim();
    name == column || (column == "account_id" && name == "id_user")
}

fn fields(parser: &csv::ReaderBuilder, row: &str) -> Result<csv::StringRecord, String> {
    let mut record = csv::StringRecord::new();
    match parser.from_reader(row.as_bytes()).read_record(&mut record) {
        Ok(_) => Ok(record),
        Err(error) => Err(error.to_string()),
    }
}

fn share_row(row: &csv::StringRecord, places: [usize; 4]) -> Result<ShareRow<'_>, String> {
    let [object_at, account_at, content_at, time_at] = places;
    let field = |place: usize, column: &str| match row.get(place).map(str::trim) {
        Some("") | None => Err(format!("there is no {column}")),
        Some(text) => Ok(text),
    };
    let (object, account) = (field(object_at, "object_id")?, field(account_at, "account_id")?);
    let content = field(content_at, "content_id")?;
    let time_ms = millis_of(field(time_at, "timestamp_share")?)?;
    Ok(ShareRow { object, account, content, time_ms })
}

/// Seconds with decimals, or RFC 3339, as milliseconds.
fn millis_of(text: &str) -> Result<i64, String> {
    let wrong = || {
        let shown: String = text.chars().take(40).collect();
        format!(
            "timestamp_share «{shown}» is neither seconds since 1970 nor a date like 2026-03-01T12:00:00Z"
        )
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let (is_negative, digits) = whole.strip_prefix('-').map_or((false, whole), |digits| (true, digits));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || !is_number(digits) || !is_number(decimals) {
        return Timestamp::parse(text).map(Timestamp::millis).map_err(|_| wrong());
    }
    // Beyond milliseconds nothing is kept; R writes 1.5e9 for no time at all.
    let thousandths: i64 =
        format!("{decimals:0<3}").get(..3).and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
    let seconds: i64 = digits.parse().map_err(|_| wrong())?;
    let millis =
        seconds.checked_mul(1_000).and_then(|millis| millis.checked_add(thousandths)).ok_or_else(wrong)?;
    Ok(if is_negative { -millis } else { millis })
}

/// Rows of a table: lines, joined while a quote is open.
struct Rows<R> {
    input: R,
    next_line: u64,
}

impl<R: BufRead> Rows<R> {
    /// The next row and the line on which it begins; bytes that are no UTF-8 become U+FFFD.
    fn next(&mut self) -> Result<Option<(u64, String)>, ShareTableError> {
        let line = self.next_line;
        let mut row = Vec::new();
        loop {
            let limit = ROW_BYTES_MAX + 1 - row.len().min(ROW_BYTES_MAX);
            let read = (&mut self.input).take(limit as u64).read_until(b'\n', &mut row)?;
            if row.len() > ROW_BYTES_MAX {
                return Err(ShareTableError::TooLong { line });
            }
            self.next_line += u64::from(row.ends_with(b"\n") && read > 0);
            let is_open = row.iter().filter(|&&byte| byte == b'"').count() % 2 == 1;
            if read == 0 || !is_open {
                break;
            }
        }
        Ok((!row.is_empty()).then(|| (line, String::from_utf8_lossy(&row).into_owned())))
    }
}

/// Writes CooRTweet's four columns. Times are seconds, with thousandths only
/// where there are any.
pub struct ShareWriter<'a>(csv::Writer<&'a mut dyn Write>);

impl<'a> ShareWriter<'a> {
    /// Begins with the header.
    ///
    /// # Errors
    /// [`ShareTableError::Table`] when writing fails.
    pub fn new(out: &'a mut dyn Write) -> Result<Self, ShareTableError> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(SHARE_COLUMNS)?;
        Ok(Self(writer))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`ShareTableError::Table`] when writing fails.
    pub fn write(&mut self, row: &ShareRow<'_>) -> Result<(), ShareTableError> {
        let (sign, millis) = (if row.time_ms < 0 { "-" } else { "" }, row.time_ms.unsigned_abs());
        let (seconds, rest) = (millis / 1_000, millis % 1_000);
        let time = if rest == 0 { format!("{sign}{seconds}") } else { format!("{sign}{seconds}.{rest:03}") };
        Ok(self.0.write_record([row.object, row.account, row.content, &time])?)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// [`ShareTableError::Broken`] when writing fails.
    pub fn finish(mut self) -> Result<(), ShareTableError> {
        Ok(self.0.flush()?)
    }
}

/// Writes shares; see [`ShareWriter`].
///
/// # Errors
/// [`ShareTableError`] when writing fails.
pub fn write_shares(table: &ShareTable, out: &mut dyn Write) -> Result<(), ShareTableError> {
    let mut writer = ShareWriter::new(out)?;
    for share in &table.shares {
        writer.write(&ShareRow {
            object: table.identifiers.name(share.object),
            account: table.accounts.name(share.account),
            content: table.identifiers.name(share.content),
            time_ms: share.time_ms,
        })?;
    }
    writer.finish()
}

/// Writes edges in the columns of CooRTweet's network.
///
/// `heavy` tells of each edge whether it is heavier than the chosen quantile.
///
/// # Errors
/// [`ShareTableError::Table`] when writing fails.
pub fn write_joint_edges(
    edges: &[JointEdge],
    heavy: &[bool],
    accounts: &Names,
    out: &mut dyn Write,
) -> Result<(), ShareTableError> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(EDGE_COLUMNS)?;
    for (edge, heavy) in edges.iter().zip(heavy) {
        let mut ends = [accounts.name(edge.a), accounts.name(edge.b)];
        ends.sort_unstable();
        let numbers = [
            edge.weight.to_string(),
            (edge.delta_ms_mean / 1_000.0).to_string(),
            edge.contents_older.to_string(),
            edge.contents_newer.to_string(),
            edge.symmetry().to_string(),
            u8::from(*heavy).to_string(),
        ];
        writer.write_record(ends.into_iter().chain(numbers.iter().map(String::as_str)))?;
    }
    writer.flush()?;
    Ok(())
}

/// The columns of CooRTweet's network.
pub const EDGE_COLUMNS: [&str; 8] = [
    "from",
    "to",
    "weight",
    "avg_time_delta",
    "n_content_id",
    "n_content_id_y",
    "edge_symmetry_score",
    "weight_threshold",
];

#[cfg(test)]
#[path = "sharetable_tests.rs"]
mod tests;
