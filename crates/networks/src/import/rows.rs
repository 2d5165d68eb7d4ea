//! Rows of tables: delimiters, headers, columns, and rows to records.
//!
//! In: the first bytes of a table, what the user said of its columns. Out: a
//! [`Plan`] that turns a row into the bytes of a record.
//! A numeric date such as 03/04/2018 can be read in two ways. The order is
//! taken from `time_order`, else from the dates among the first bytes of the
//! file that can only be read in one way; without either, each row with such a
//! date is rejected, and the others are taken.

use super::encoding::{decode_sample, from_windows_1252};
use super::{ImportError, ImportOptions};
use crate::MapError;
use crate::dates::{DateOrder, NumericDate};
use crate::table::{Field, find_field, is_of_twitter, match_columns};
use model::{Network, Reason, RejectCause};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Delimiters that are tried, the surest first.
const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];
/// Rows that are looked at to find the delimiter and the order of dates.
const SAMPLE_ROWS_MAX: usize = 200;

/// How delimited text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// `None`: every line is one field.
    pub delimiter: Option<u8>,
    /// Quotes enclose fields.
    pub quoted: bool,
}

/// How a row becomes a record.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub dialect: Dialect,
    /// Our field and its column (rows) or key path (objects).
    columns: Vec<(&'static Field, Column)>,
    /// Fields that a row must have; `None` for objects.
    width: Option<usize>,
    /// Rows begin with a header.
    pub has_header: bool,
    order: Option<DateOrder>,
    language: Option<model::Lang>,
    /// Network of rows that name none.
    pub network: Network,
    /// Bytes that are not UTF-8 are read as Windows-1252.
    western: bool,
}

/// Where a field's value is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Position(usize),
    Key(String),
}

/// Finds delimiter and quoting: the pair with which most rows of `sample`
/// have as many fields as the first, of those the one with most fields.
pub(super) fn sniff(sample: &str) -> Dialect {
    let mut best: Option<(usize, usize, Dialect)> = None;
    for delimiter in DELIMITERS {
        for quoted in [true, false] {
            let dialect = Dialect { delimiter: Some(delimiter), quoted };
            let widths: Vec<usize> =
                sample_rows(sample, dialect).iter().map(|row| fields(row, dialect).len()).collect();
            let Some(first) = widths.first().copied().filter(|width| *width > 1) else { continue };
            let agreeing = widths.iter().filter(|width| **width == first).count();
            let share = agreeing * 100 / widths.len().max(1);
            if share >= 50 && best.is_none_or(|(s, w, _)| (share, first) > (s, w)) {
                best = Some((share, first, dialect));
            }
        }
    }
    best.map_or(Dialect { delimiter: None, quoted: false }, |(_, _, dialect)| dialect)
}

/// The whole rows of a sample; the last one, likely cut, is left out.
fn sample_rows(sample: &str, dialect: Dialect) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut rest = sample;
    while rows.len() < SAMPLE_ROWS_MAX {
        let Some(end) = row_end(rest, dialect) else { break };
        let (row, after) = rest.split_at(end);
        rest = after;
        let row = row.trim_end_matches(['\n', '\r']);
        if !row.trim().is_empty() {
            rows.push(row);
        }
    }
    if rows.is_empty() && !rest.trim().is_empty() {
        rows.push(rest.trim_end_matches(['\n', '\r']));
    }
    rows
}

/// Where the first row ends, behind its new line.
fn row_end(text: &str, dialect: Dialect) -> Option<usize> {
    if !dialect.quoted {
        return text.find('\n').map(|at| at + 1);
    }
    let (mut quoted, mut field_start) = (false, true);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' if quoted => quoted = false,
            // A second quote directly after a closing one opens it again.
            b'"' if field_start || text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'"') => quoted = true,
            b'\n' if !quoted => return Some(at + 1),
            _ => {}
        }
        field_start = !quoted && Some(byte) == dialect.delimiter;
    }
    None
}

/// The fields of one row.
pub(super) fn fields(row: &str, dialect: Dialect) -> Vec<Cow<'_, str>> {
    let Some(delimiter) = dialect.delimiter.map(char::from) else { return vec![Cow::Borrowed(row)] };
    if !dialect.quoted {
        return row.split(delimiter).map(Cow::Borrowed).collect();
    }
    let mut found = Vec::new();
    let mut rest = row;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(body) => quoted_field(body, delimiter),
            None => match rest.split_once(delimiter) {
                Some((field, after)) => (Cow::Borrowed(field), Some(after)),
                None => (Cow::Borrowed(rest), None),
            },
        };
        found.push(field);
        match after {
            Some(after) => rest = after,
            None => return found,
        }
    }
}

/// A field whose quote was just opened; text between the closing quote and the
/// delimiter belongs to it.
fn quoted_field(body: &str, delimiter: char) -> (Cow<'_, str>, Option<&str>) {
    let mut text = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('"') {
        text.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                text.push('"');
                rest = more;
            }
            None => {
                let (tail, after) = match after.split_once(delimiter) {
                    Some((tail, after)) => (tail, Some(after)),
                    None => (after, None),
                };
                text.push_str(tail);
                return (Cow::Owned(text), after);
            }
        }
    }
    text.push_str(rest);
    (Cow::Owned(text), None)
}

/// What the user said of the columns.
struct Wishes<'o> {
    columns: Vec<(&'static Field, &'o str)>,
    order: Option<DateOrder>,
}

fn wishes(options: &ImportOptions) -> Result<Wishes<'_>, ImportError> {
    let mut wishes = Wishes { columns: Vec::new(), order: None };
    for (field, column) in &options.columns {
        if field.trim() == "time_order" {
            let order = DateOrder::parse(column).ok_or_else(|| ImportError::UnknownOrder(column.clone()))?;
            wishes.order = Some(order);
            continue;
        }
        let field = find_field(field).ok_or_else(|| ImportError::UnknownField(field.clone()))?;
        wishes.columns.push((field, column.as_str()));
    }
    Ok(wishes)
}

/// Why a row gives no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RowError {
    #[error(transparent)]
    Map(MapError),
    #[error("it has {found} fields, the first row has {wanted}")]
    Width { found: usize, wanted: usize },
    #[error("not a JSON object: {0}")]
    NotAnObject(String),
}

impl Reason for RowError {
    fn cause(&self) -> Option<RejectCause> {
        match self {
            Self::Map(error) => error.cause(),
            Self::Width { found, wanted } => {
                Some(RejectCause::new("fields", vec![found.to_string(), wanted.to_string()]))
            }
            Self::NotAnObject(why) => Some(RejectCause::new("not-an-object", vec![why.clone()])),
        }
    }
}

impl Plan {
    /// The plan for delimited text that begins with `sample`.
    pub(super) fn of_rows(name: &str, sample: &[u8], options: &ImportOptions) -> Result<Self, ImportError> {
        let (text, western) = decode_sample(sample);
        let dialect = sniff(&text);
        let rows = sample_rows(&text, dialect);
        let header = rows.first().map(|row| fields(row, dialect)).unwrap_or_default();
        let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let wishes = wishes(options)?;
        let by_name = wishes.columns.iter().any(|(_, column)| names.contains(&column.trim()));
        let detected = match_columns(&names);
        let has_header =
            by_name || detected.iter().any(|(field, _)| bears_a_post(field.name)) && is_header(&names);
        let mut columns: Vec<(&'static Field, usize)> = Vec::new();
        for (field, column) in &wishes.columns {
            columns.push((field, position(&names, column, has_header)?));
        }
        if has_header {
            for (field, at) in detected {
                if !columns.iter().any(|(known, used)| known.name == field.name || *used == at) {
                    columns.push((field, at));
                }
            }
        }
        let body: Vec<Vec<Cow<'_, str>>> =
            rows.iter().skip(usize::from(has_header)).map(|row| fields(row, dialect)).collect();
        let values = |at: usize| body.iter().filter_map(move |row| row.get(at)).map(|value| value.as_ref());
        name_network(&mut columns, &names, &values);
        if !columns.iter().any(|(field, _)| bears_a_post(field.name)) {
            let columns = names.iter().map(|name| name.chars().take(40).collect()).collect();
            return Err(ImportError::NoText { name: name.to_owned(), columns });
        }
        let time = columns.iter().find(|(field, _)| field.name == "time").map(|(_, at)| *at);
        let order = wishes.order.or_else(|| time.and_then(|at| proven_order(values(at))));
        let twitter = has_header && is_of_twitter(&names);
        Ok(Self {
            dialect,
            columns: columns.into_iter().map(|(field, at)| (field, Column::Position(at))).collect(),
            width: Some(header.len()),
            has_header,
            order,
            language: options.language,
            network: options.network.unwrap_or(if twitter { Network::X } else { Network::File }),
            western,
        })
    }

    /// The plan for rows that are JSON objects with these keys.
    pub(super) fn of_objects(
        name: &str,
        keys: &[String],
        sample: &[u8],
        options: &ImportOptions,
    ) -> Result<Self, ImportError> {
        let names: Vec<&str> = keys.iter().map(String::as_str).collect();
        let wishes = wishes(options)?;
        let mut columns: Vec<(&'static Field, Column)> = Vec::new();
        for (field, column) in &wishes.columns {
            columns.push((field, Column::Key((*column).to_owned())));
        }
        for (field, at) in match_columns(&names) {
            let key = names.get(at).copied().unwrap_or_default();
            let used = |(known, column): &(&Field, Column)| {
                known.name == field.name || *column == Column::Key(key.to_owned())
            };
            if !columns.iter().any(used) {
                columns.push((field, Column::Key(key.to_owned())));
            }
        }
        if !columns.iter().any(|(field, _)| bears_a_post(field.name)) {
            return Err(ImportError::NoText { name: name.to_owned(), columns: keys.to_vec() });
        }
        let mut plan = Self {
            dialect: Dialect { delimiter: None, quoted: false },
            columns,
            width: None,
            has_header: false,
            order: wishes.order,
            language: options.language,
            network: options.network.unwrap_or(if is_of_twitter(&names) {
                Network::X
            } else {
                Network::File
            }),
            western: false,
        };
        if plan.order.is_none() {
            let lines = sample.split(|byte| *byte == b'\n').take(SAMPLE_ROWS_MAX);
            let times: Vec<String> = lines.filter_map(|line| plan.time_of(line)).collect();
            plan.order = proven_order(times.iter().map(String::as_str));
        }
        Ok(plan)
    }

    fn time_of(&self, line: &[u8]) -> Option<String> {
        let object: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_slice(line).ok()?;
        let (_, column) = self.columns.iter().find(|(field, _)| field.name == "time")?;
        let Column::Key(key) = column else { return None };
        serde_json::from_str(look_up(&object, key)?.get()).ok()
    }

    /// The bytes of the record of one delimited row.
    pub(super) fn record_of_row(&self, row: &[u8]) -> Result<Vec<u8>, RowError> {
        let text = match std::str::from_utf8(row) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if self.western => Cow::Owned(from_windows_1252(row)),
            Err(error) => return Err(RowError::Map(MapError::NotUtf8(error.valid_up_to()))),
        };
        let values = fields(&text, self.dialect);
        if let Some(width) = self.width.filter(|width| values.len() != *width) {
            return Err(RowError::Width { found: values.len(), wanted: width });
        }
        let mut record = Record::new();
        for (field, column) in &self.columns {
            let Column::Position(at) = column else { continue };
            if let Some(value) = values.get(*at).filter(|value| !value.trim().is_empty()) {
                record.text(field.name, value);
            }
        }
        Ok(self.finish(record))
    }

    /// The bytes of the record of one JSON object.
    pub(super) fn record_of_object(&self, item: &[u8]) -> Result<Vec<u8>, RowError> {
        let text =
            std::str::from_utf8(item).map_err(|e| RowError::Map(MapError::NotUtf8(e.valid_up_to())))?;
        let object: BTreeMap<Cow<'_, str>, &RawValue> =
            serde_json::from_str(text).map_err(|error| RowError::NotAnObject(error.to_string()))?;
        let mut record = Record::new();
        for (field, column) in &self.columns {
            let Column::Key(key) = column else { continue };
            let Some(raw) = look_up(&object, key).map(RawValue::get) else { continue };
            match raw.as_bytes().first() {
                Some(b'"') if raw != "\"\"" => record.raw(field.name, raw),
                Some(b'[') if raw.len() > 2 => record.raw(field.name, raw),
                Some(b'0'..=b'9' | b'-' | b't' | b'f') => record.text(field.name, raw),
                _ => {}
            }
        }
        Ok(self.finish(record))
    }

    fn finish(&self, mut record: Record) -> Vec<u8> {
        if let Some(order) = self.order.filter(|_| record.has("time")) {
            record.text("time_order", order.name());
        }
        if let Some(language) = self.language.filter(|_| !record.has("language")) {
            record.text("language", language.as_str());
        }
        record.finish()
    }
}

/// The JSON of a record while it is written.
struct Record {
    json: Vec<u8>,
    names: Vec<&'static str>,
}

impl Record {
    const fn new() -> Self {
        Self { json: Vec::new(), names: Vec::new() }
    }

    fn key(&mut self, name: &'static str) {
        self.json.push(if self.names.is_empty() { b'{' } else { b',' });
        self.names.push(name);
        self.json.push(b'"');
        self.json.extend_from_slice(name.as_bytes());
        self.json.extend_from_slice(b"\":");
    }

    fn text(&mut self, name: &'static str, value: &str) {
        self.key(name);
        // Writing a text into memory cannot fail.
        let _ = serde_json::to_writer(&mut self.json, value);
    }

    fn raw(&mut self, name: &'static str, value: &str) {
        self.key(name);
        self.json.extend_from_slice(value.as_bytes());
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn finish(mut self) -> Vec<u8> {
        if self.names.is_empty() {
            self.json.push(b'{');
        }
        self.json.push(b'}');
        self.json
    }
}

/// The value at a key, or along a path of keys with dots.
fn look_up<'a>(object: &BTreeMap<Cow<'a, str>, &'a RawValue>, path: &str) -> Option<&'a RawValue> {
    if let Some(raw) = object.get(path) {
        return Some(raw);
    }
    let (head, rest) = path.split_once('.')?;
    let inner: BTreeMap<Cow<'a, str>, &'a RawValue> = serde_json::from_str(object.get(head)?.get()).ok()?;
    look_up(&inner, rest)
}

/// True for fields of which one must be there.
fn bears_a_post(field: &str) -> bool {
    matches!(field, "text" | "title" | "shared" | "media")
}

/// True when a first row reads like names: no empty start, none long or numeric.
fn is_header(names: &[&str]) -> bool {
    names.iter().all(|name| name.len() < 100 && (name.is_empty() || name.parse::<f64>().is_err()))
        && !names.iter().all(|name| name.is_empty())
}

fn position(names: &[&str], column: &str, has_header: bool) -> Result<usize, ImportError> {
    let column = column.trim();
    let by_name = names.iter().position(|name| has_header && *name == column);
    let folded = || {
        names
            .iter()
            .position(|name| has_header && crate::table::fold_name(name) == crate::table::fold_name(column))
    };
    let by_number = || column.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
    by_name.or_else(by_number).or_else(folded).ok_or_else(|| ImportError::UnknownColumn {
        column: column.to_owned(),
        columns: names.iter().map(|name| name.chars().take(40).collect()).collect(),
    })
}

/// A column called media, source or the like that holds names of networks is
/// the network.
fn name_network<'v, I: Iterator<Item = &'v str>>(
    columns: &mut Vec<(&'static Field, usize)>,
    names: &[&str],
    values: &impl Fn(usize) -> I,
) {
    if columns.iter().any(|(field, _)| field.name == "network") {
        return;
    }
    let names_networks = |at: usize| {
        let mut seen = false;
        values(at).filter(|value| !value.trim().is_empty()).all(|value| {
            seen = true;
            Network::parse(value).is_ok()
        }) && seen
    };
    let candidate = names.iter().enumerate().position(|(at, name)| {
        matches!(
            crate::table::fold_name(name).as_str(),
            "media" | "source" | "fuente" | "medio" | "site" | "channel" | "canal"
        ) && names_networks(at)
    });
    if let (Some(at), Some(network)) = (candidate, find_field("network")) {
        columns.retain(|(_, used)| *used != at);
        columns.push((network, at));
    }
}

/// The order that the dates of a column prove; none when they prove nothing or both.
fn proven_order<'v>(values: impl Iterator<Item = &'v str>) -> Option<DateOrder> {
    let mut proven = values.filter_map(|value| NumericDate::parse(value)?.proves());
    let first = proven.next()?;
    proven.all(|order| order == first).then_some(first)
}
