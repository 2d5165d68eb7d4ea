//! The analyses on a plain file, without a workspace: for a pipe.
//!
//! In: JSON Lines or CSV with `id` and `text`. Out: one verdict per record
//! with `id`, `label`, `score` and `reasons`. Errors: [`AppError`] with the line.
//! Cost: that of the method; memory of one record.

use super::derive::{explain_language, explain_sentiment};
use crate::AppError;
use model::sentiment::Reason;
use std::io::BufRead;

/// One record of the input.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct TextRecord {
    /// Its name, copied to the output; the line number when the input has none.
    #[serde(default)]
    pub id: Option<serde_json::Value>,
    /// The text to judge.
    pub text: String,
}

/// One line of the output.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TextVerdict {
    /// The record's id.
    pub id: serde_json::Value,
    /// The class; `unknown` when the method abstains.
    pub label: String,
    /// The score of the class.
    pub score: Option<f32>,
    /// What weighed, strongest first.
    pub reasons: Vec<Reason>,
}

impl TextVerdict {
    /// The language of a record.
    pub fn of_language(id: serde_json::Value, text: &str) -> Self {
        let statement = explain_language(text).value;
        let label = statement.language.map_or_else(|| "unknown".to_owned(), |lang| lang.as_str().to_owned());
        Self { id, label, score: Some(statement.score_01), reasons: statement.reasons }
    }

    /// The tone of a record.
    pub fn of_sentiment(id: serde_json::Value, text: &str) -> Self {
        let language = explain_language(text).value.language;
        let sentiment = explain_sentiment(text, language).value;
        Self {
            id,
            label: sentiment.tone.name().to_owned(),
            score: sentiment.score,
            reasons: sentiment.reasons,
        }
    }
}

/// Calls `visit` with each record of a JSON Lines or CSV input, in order.
///
/// # Errors
/// [`AppError::Invalid`] with the line that cannot be read.
pub fn read_text_records(
    mut input: impl BufRead,
    visit: &mut dyn FnMut(serde_json::Value, &str) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let head = input.fill_buf().map_err(|error| AppError::File { path: "input".to_owned(), error })?;
    let is_json = head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if is_json { read_json_lines(input, visit) } else { read_csv(input, visit) }
}

fn read_json_lines(
    input: impl BufRead,
    visit: &mut dyn FnMut(serde_json::Value, &str) -> Result<(), AppError>,
) -> Result<(), AppError> {
    for (number, line) in (1_u64..).zip(input.lines()) {
        let line = line.map_err(|error| AppError::invalid("line", format!("line {number}: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let record: TextRecord = serde_json::from_str(&line).map_err(|error| {
            AppError::invalid("line", format!("line {number}: {error}; write {{\"id\":…,\"text\":…}}"))
        })?;
        visit(record.id.unwrap_or_else(|| number.into()), &record.text)?;
    }
    Ok(())
}

fn read_csv(
    input: impl BufRead,
    visit: &mut dyn FnMut(serde_json::Value, &str) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let unreadable = |error: csv::Error| AppError::invalid("line", error.to_string());
    let headers = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let text = column("text").ok_or_else(|| {
        AppError::invalid("text", "the input needs a column «text», or JSON lines with a field «text»")
    })?;
    let id = column("id");
    for (number, row) in (2_u64..).zip(reader.records()) {
        let row = row.map_err(unreadable)?;
        let name = match id.and_then(|id| row.get(id)) {
            Some(id) => id.into(),
            None => number.into(),
        };
        visit(name, row.get(text).unwrap_or_default())?;
    }
    Ok(())
}
