//! Tables of shares in the four columns of CooRTweet, in and out, and its edges.
//!
//! In: a table with [`SHARE_COLUMNS`]. Out: [`ShareTable`]; the same columns
//! again; edges in the columns of CooRTweet's network.
//! Errors: [`ShareTableError`] with the line when the table as a whole cannot
//! be read; a row that cannot be is counted, and the first keep their reason.
//! Cost: one pass; what is kept whole takes 24 B a row and each identifier once.
//! Source: Righetti and Balluff, CooRTweet 2 (R package).
//! Limits: [`ROWS_MAX`], [`crate::coordination::file::rows::ROW_BYTES_MAX`].

use super::Names;
use crate::coordination::file::SHARE_COLUMNS;
use crate::coordination::file::rows::Rows;
use crate::coordination::file::sharetime::{millis_of, unit_of};
use crate::spreadsheet::{defused, plain};
use analysis::coordination::coortweet::{JointEdge, Share};
use networks::import::EpochUnit;
use std::collections::VecDeque;
use std::io::{BufReader, Read, Write};

/// Most rows of a table of shares.
pub const ROWS_MAX: usize = 200_000_000;
/// First rows that tell the unit of the times.
const SAMPLE_ROWS: usize = 200;
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
        "line {line}: there is no column «{column}»; it has {found}. A table of shares needs object_id, account_id, content_id and timestamp_share; name them where they are called otherwise, as in --map object_id=url"
    )]
    NoColumn {
        /// The line of the header.
        line: u64,
        /// The first column that is missing.
        column: String,
        /// The columns there are.
        found: String,
    },
    /// The header names a column twice.
    #[error("line {line}: the column «{column}» is there twice")]
    TwoColumns {
        /// The line of the header.
        line: u64,
        /// The column.
        column: String,
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
    /// More than [`ROWS_MAX`] rows.
    #[error("line {line}: more than {ROWS_MAX} rows; cut the table by time")]
    TooMany {
        /// The line of the first row too many.
        line: u64,
    },
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
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
    let Rejected { rejects, rejected } = each_share(input, &SHARE_COLUMNS, &mut |row| {
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
/// any others; commas, semicolons or tabs; plain, gzip or zstd. `columns` is what
/// the file calls each of [`SHARE_COLUMNS`]. Times are seconds (with at most
/// three decimals), milliseconds or microseconds since 1970, all alike, or
/// RFC 3339. `visit` says why it does not take a row, or whether to go on.
///
/// # Errors
/// [`ShareTableError`] when the table as a whole cannot be read; a row that
/// cannot be is counted, and the first ones keep their line and reason.
pub fn each_share(
    input: Box<dyn Read + Send>,
    columns: &[&str; 4],
    visit: &mut dyn FnMut(ShareRow<'_>) -> Result<bool, String>,
) -> Result<Rejected, ShareTableError> {
    let mut rows = Rows::new(BufReader::new(networks::import::unpacked(input)?));
    let (header_line, header) = rows.next()?.unwrap_or((1, Ok(String::new())));
    let header = header.unwrap_or_default();
    let marks = [',', ';', '\t'];
    // The mark that parts the header into the most columns.
    let mark = marks.into_iter().max_by_key(|mark| header.matches(*mark).count()).unwrap_or(',');
    let mark = u8::try_from(mark).unwrap_or(b',');
    rows.part_by(mark);
    let mut parser = csv::ReaderBuilder::new();
    parser.has_headers(false).flexible(true).delimiter(mark);
    let header = fields(&parser, &header).unwrap_or_default();
    let places = places_of(&header, header_line, columns)?;
    // The first rows tell the unit of the times, and are then read as all others.
    let mut first = VecDeque::new();
    while first.len() < SAMPLE_ROWS
        && let Some((line, row)) = rows.next()?
    {
        first.push_back((line, row.and_then(|row| fields(&parser, &row))));
    }
    let [.., time_at] = places;
    let sample = first.iter().filter_map(|(_, row)| row.as_ref().ok()?.get(time_at));
    let unit = unit_of(sample);
    let mut found = Rejected::default();
    let mut taken = 0;
    loop {
        let next = match first.pop_front() {
            Some(row) => Some(row),
            None => rows.next()?.map(|(line, row)| (line, row.and_then(|row| fields(&parser, &row)))),
        };
        let Some((line, row)) = next else { break };
        if row.as_ref().is_ok_and(|row| row.len() < 2 && row.iter().all(|cell| cell.trim().is_empty())) {
            continue;
        }
        if taken >= ROWS_MAX {
            return Err(ShareTableError::TooMany { line });
        }
        match row.and_then(|row| visit(share_row(&row, places, unit)?)) {
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

/// Where the four columns are.
fn places_of(
    header: &csv::StringRecord,
    line: u64,
    columns: &[&str; 4],
) -> Result<[usize; 4], ShareTableError> {
    let mut places = [0; 4];
    for (place, column) in places.iter_mut().zip(columns) {
        let mut at = header.iter().enumerate().filter(|(_, name)| is_column(name, column)).map(|(at, _)| at);
        *place = at.next().ok_or_else(|| ShareTableError::NoColumn {
            line,
            column: (*column).to_owned(),
            found: header.iter().map(str::trim).collect::<Vec<_>>().join(", ").chars().take(200).collect(),
        })?;
        if at.next().is_some() {
            return Err(ShareTableError::TwoColumns { line, column: (*column).to_owned() });
        }
    }
    Ok(places)
}

/// Whether a name of a header is that of a column, in any writing. `id_user` is
/// what older versions of CooRTweet called the account.
pub(super) fn is_column(name: &str, column: &str) -> bool {
    let folded = networks::table::fold_name;
    let (name, wanted) = (folded(name), folded(column));
    name == wanted || (column == "account_id" && name == "iduser")
}

fn fields(parser: &csv::ReaderBuilder, row: &str) -> Result<csv::StringRecord, String> {
    let mut record = csv::StringRecord::new();
    match parser.from_reader(row.as_bytes()).read_record(&mut record) {
        Ok(_) => Ok(record),
        Err(error) => Err(error.to_string()),
    }
}

fn share_row(row: &csv::StringRecord, places: [usize; 4], unit: EpochUnit) -> Result<ShareRow<'_>, String> {
    let [object_at, account_at, content_at, time_at] = places;
    let field = |place: usize, column: &str| match row.get(place).map(str::trim) {
        Some("") | None => Err(format!("there is no {column}")),
        Some(text) => Ok(text),
    };
    let name = |place: usize, column: &str| field(place, column).map(plain);
    let (object, account) = (name(object_at, "object_id")?, name(account_at, "account_id")?);
    let content = name(content_at, "content_id")?;
    let time_ms = millis_of(field(time_at, "timestamp_share")?, unit)?;
    Ok(ShareRow { object, account, content, time_ms })
}

/// Writes CooRTweet's four columns. Times are seconds, with thousandths only
/// where there are any; a name that a spreadsheet would run is [`defused`].
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
        let [object, account, content] = [row.object, row.account, row.content].map(defused);
        Ok(self.0.write_record([&*object, &*account, &*content, &time])?)
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
        let ends = ends.map(defused);
        let numbers = numbers.iter().map(String::as_str);
        writer.write_record(ends.iter().map(|end| &**end).chain(numbers))?;
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
