//! The analyses on a plain file, without a workspace: for a pipe.
//!
//! In: JSON Lines or CSV with `id` and `text`. Out: one verdict per record
//! with `id`, `label`, `score`, `scores` and `reasons`. Errors: [`AppError`] with the line.
//! Cost: that of the method; memory of one record.

use super::derive::explain_language;
use crate::AppError;
use crate::understanding::check_message;
use analysis::understanding as text_model;
use model::Tone;
use model::sentiment::Reason;
use model::text::Tokens;
use std::collections::BTreeMap;
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
    /// The score: of the class, the tone −1…1, the urgency 0…1 or the sum of the signs.
    pub score: Option<f32>,
    /// Every value that was weighed with its probability or weight, 0…1.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub scores: BTreeMap<&'static str, f32>,
    /// What weighed, strongest first.
    pub reasons: Vec<Reason>,
}

impl TextVerdict {
    /// The language of a record.
    fn of_language(id: serde_json::Value, text: &str) -> Self {
        let statement = explain_language(text).value;
        let label = statement.language.map_or_else(|| "unknown".to_owned(), |lang| lang.as_str().to_owned());
        Self { score: Some(statement.score_01), reasons: statement.reasons, ..Self::bare(id, &label) }
    }

    /// An analysis of a record. `targets` are the names of what the tone is
    /// asked toward; without any it is that of the whole text.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the method cannot take the text.
    pub fn of(
        analysis: TextAnalysis,
        id: serde_json::Value,
        text: &str,
        targets: &[String],
    ) -> Result<Self, AppError> {
        match analysis {
            TextAnalysis::Language => Ok(Self::of_language(id, text)),
            TextAnalysis::Sentiment if !targets.is_empty() => Ok(Self::of_target(id, text, targets)),
            TextAnalysis::Scam => Self::of_scam(id, text),
            TextAnalysis::Intent => Ok(Self::of_intents(id, text)),
            TextAnalysis::Sentiment | TextAnalysis::Offence | TextAnalysis::Emotion => {
                Ok(Self::of_choice(analysis, id, text))
            }
        }
    }

    fn of_target(id: serde_json::Value, text: &str, targets: &[String]) -> Self {
        let tokens = Tokens::of(text);
        let verdict = analysis::language::detect(text);
        let found = analysis::target::explain(text, &tokens, verdict.language.or(verdict.best), targets);
        let Some(found) = found else { return Self::bare(id, "not named") };
        let sentiment = found.sentiment;
        Self { score: sentiment.score, reasons: sentiment.reasons, ..Self::bare(id, sentiment.tone.name()) }
    }

    /// Tone, offence or emotion: the likeliest value, or `unknown`.
    fn of_choice(analysis: TextAnalysis, id: serde_json::Value, text: &str) -> Self {
        let explained = text_model::explain(text, &Tokens::of(text), None);
        let judgement = match analysis {
            TextAnalysis::Offence => explained.offence,
            TextAnalysis::Emotion => explained.emotion,
            _ => explained.tone,
        };
        // Emoji have a tone in every language.
        let alone = explained.understood;
        let Some(judgement) = judgement else {
            let tone =
                if analysis == TextAnalysis::Sentiment { alone.tone.name() } else { Tone::Unknown.name() };
            return Self { score: alone.tone_score, ..Self::bare(id, tone) };
        };
        let label = if judgement.given { judgement.value } else { Tone::Unknown.name() };
        let score = match analysis {
            TextAnalysis::Sentiment => alone.tone_score,
            _ => Some(judgement.probability),
        };
        let mut scores: BTreeMap<&'static str, f32> = judgement.others.iter().copied().collect();
        scores.insert(judgement.value, judgement.probability);
        Self { score, scores, reasons: reasons_of(judgement.reasons), ..Self::bare(id, label) }
    }

    /// The intents that hold, joined by commas, or `none`; the score is the urgency 0…1.
    fn of_intents(id: serde_json::Value, text: &str) -> Self {
        let explained = text_model::explain(text, &Tokens::of(text), None);
        if explained.intents.is_empty() {
            return Self::bare(id, Tone::Unknown.name());
        }
        let names: Vec<&str> =
            explained.understood.intents.iter().map(model::understanding::Intent::name).collect();
        let label = if names.is_empty() { "none".to_owned() } else { names.join(",") };
        let given = explained.intents.iter().filter(|judgement| judgement.given);
        let reasons: Vec<text_model::Weighed> =
            given.flat_map(|judgement| judgement.reasons.clone()).collect();
        let mut scores: BTreeMap<&'static str, f32> =
            explained.intents.iter().map(|judgement| (judgement.value, judgement.probability)).collect();
        let urgency = explained.urgency.filter(|urgency| urgency.given).map(|urgency| urgency.probability);
        scores.extend(urgency.map(|urgency| ("urgency", urgency)));
        Self { score: urgency, scores, reasons: reasons_of(reasons), ..Self::bare(id, &label) }
    }

    fn of_scam(id: serde_json::Value, text: &str) -> Result<Self, AppError> {
        if text.trim().is_empty() {
            return Ok(Self::bare(id, Tone::Unknown.name()));
        }
        let check = check_message(text)?;
        let scores: BTreeMap<&'static str, f32> =
            check.signs.value.iter().map(|sign| (sign.sign, sign.weight)).collect();
        // From 0: the sum of nothing is −0.
        let weight = check.signs.value.iter().fold(0.0, |sum, sign| sum + sign.weight);
        let reasons = check.signs.value.into_iter().flat_map(|sign| sign.evidence).collect();
        Ok(Self { score: Some(weight), scores, reasons, ..Self::bare(id, check.verdict) })
    }

    fn bare(id: serde_json::Value, label: &str) -> Self {
        Self { id, label: label.to_owned(), score: None, scores: BTreeMap::new(), reasons: Vec::new() }
    }
}

/// What is asked of each text of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextAnalysis {
    /// Its language.
    Language,
    /// Its tone, or that toward a target.
    Sentiment,
    /// What its writer wants, and how urgent it is.
    Intent,
    /// Whether it offends.
    Offence,
    /// Its main emotion.
    Emotion,
    /// The signs of a scam.
    Scam,
}

fn reasons_of(mut weighed: Vec<text_model::Weighed>) -> Vec<Reason> {
    weighed.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    weighed.into_iter().map(|one| Reason { text: one.text, weight: one.weight }).collect()
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
