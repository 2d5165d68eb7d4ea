//! `atalaya text`: analyses of a plain file.

use crate::arguments::{SentimentOptions, TextCommand, TextOptions};
use anyhow::{Context, Result};
use app::listening::{TextAnalysis, TextVerdict, read_text_records};
use app::{ToneJudgement, ToneModel};
use model::sentiment::Reason;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Texts that a model sees at once.
const MODEL_BATCH: usize = 64;

/// Judges each record of a file and prints one line for each.
pub fn text(command: &TextCommand) -> Result<u8> {
    match command {
        TextCommand::Language(options) => judge(options, TextAnalysis::Language, &[]),
        TextCommand::Sentiment(SentimentOptions { file, model: Some(folder), .. }) => {
            judge_with_model(file, folder)
        }
        TextCommand::Sentiment(options) => judge(&options.file, TextAnalysis::Sentiment, &options.targets),
        TextCommand::Intent(options) => judge(options, TextAnalysis::Intent, &[]),
        TextCommand::Offence(options) => judge(options, TextAnalysis::Offence, &[]),
        TextCommand::Emotion(options) => judge(options, TextAnalysis::Emotion, &[]),
        TextCommand::Scam(options) => judge(options, TextAnalysis::Scam, &[]),
    }
}

fn open_input(options: &TextOptions) -> Result<BufReader<Box<dyn Read>>> {
    let input: Box<dyn Read> = if options.file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(&options.file).with_context(|| options.file.display().to_string())?)
    };
    Ok(BufReader::new(input))
}

/// As [`judge`], with a model of the user's own; each line names it and its version.
fn judge_with_model(options: &TextOptions, folder: &Path) -> Result<u8> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let model = ToneModel::open(folder, threads)?;
    let input = open_input(options)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    if options.csv {
        writeln!(out, "id,label,score,reasons,method,version")?;
    }
    let mut waiting: Vec<(serde_json::Value, String)> = Vec::with_capacity(MODEL_BATCH);
    let mut flush = |waiting: &mut Vec<(serde_json::Value, String)>| {
        let texts: Vec<&str> = waiting.iter().map(|(_, text)| text.as_str()).collect();
        let judgements = model.judge(&texts)?;
        for ((id, _), judgement) in waiting.drain(..).zip(&judgements) {
            write_judgement(&mut out, options.csv, id, judgement, model.has_tone()).map_err(|error| {
                failed = Some(error.kind());
                app::AppError::File { path: "standard output".to_owned(), error }
            })?;
        }
        Ok(())
    };
    read_text_records(input, &mut |id, text| {
        waiting.push((id, text.to_owned()));
        if waiting.len() == MODEL_BATCH { flush(&mut waiting) } else { Ok(()) }
    })
    .and_then(|()| flush(&mut waiting))
    .or_else(|error| if failed == Some(std::io::ErrorKind::BrokenPipe) { Ok(()) } else { Err(error) })?;
    out.flush()?;
    Ok(crate::EXIT_OK)
}

/// One line of a model's judgement: the tone, or its own label when its labels say none.
fn write_judgement(
    out: &mut impl Write,
    csv: bool,
    id: serde_json::Value,
    judgement: &ToneJudgement,
    has_tone: bool,
) -> std::io::Result<()> {
    let reasons = judgement
        .probabilities
        .iter()
        .map(|(label, weight)| Reason { text: label.clone(), weight: *weight })
        .collect();
    let likeliest = judgement.probabilities.first().map(|(_, probability)| *probability);
    let (label, score) = if has_tone {
        (judgement.tone.name().to_owned(), judgement.score)
    } else {
        (judgement.label.clone(), likeliest)
    };
    let verdict = TextVerdict { id, label, score, scores: Default::default(), reasons };
    if csv {
        write_csv_fields(out, &verdict)?;
        return writeln!(out, ",{},{}", quoted(&judgement.method), judgement.version);
    }
    let line = ModelLine { verdict, method: &judgement.method, version: &judgement.version };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

/// A verdict with the model behind it.
#[derive(serde::Serialize)]
struct ModelLine<'a> {
    #[serde(flatten)]
    verdict: TextVerdict,
    method: &'a str,
    version: &'a str,
}

fn judge(options: &TextOptions, analysis: TextAnalysis, targets: &[String]) -> Result<u8> {
    let input = open_input(options)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    if options.csv {
        writeln!(out, "id,label,score,reasons")?;
    }
    read_text_records(input, &mut |id, text| {
        let verdict = TextVerdict::of(analysis, id, text, targets)?;
        let written =
            if options.csv { write_csv(&mut out, &verdict) } else { write_json(&mut out, &verdict) };
        written.map_err(|error| {
            failed = Some(error.kind());
            app::AppError::File { path: "standard output".to_owned(), error }
        })
    })
    .or_else(|error| if failed == Some(std::io::ErrorKind::BrokenPipe) { Ok(()) } else { Err(error) })?;
    out.flush()?;
    Ok(crate::EXIT_OK)
}

fn write_json(out: &mut impl Write, verdict: &TextVerdict) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, verdict)?;
    out.write_all(b"\n")
}

fn write_csv(out: &mut impl Write, verdict: &TextVerdict) -> std::io::Result<()> {
    write_csv_fields(out, verdict)?;
    writeln!(out)
}

fn write_csv_fields(out: &mut impl Write, verdict: &TextVerdict) -> std::io::Result<()> {
    let id = verdict.id.as_str().map_or_else(|| verdict.id.to_string(), str::to_owned);
    let score = verdict.score.map(|score| score.to_string()).unwrap_or_default();
    let reasons: Vec<String> =
        verdict.reasons.iter().map(|reason| format!("{} {:+.2}", reason.text, reason.weight)).collect();
    write!(out, "{},{},{score},{}", quoted(&id), quoted(&verdict.label), quoted(&reasons.join("; ")))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
