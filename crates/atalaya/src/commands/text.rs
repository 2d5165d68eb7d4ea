//! `atalaya text`: analyses of a plain file.

use crate::arguments::{TextCommand, TextOptions};
use anyhow::{Context, Result};
use app::listening::{TextVerdict, read_text_records};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};

/// Judges each record of a file and prints one line for each.
pub fn text(command: &TextCommand) -> Result<u8> {
    match command {
        TextCommand::Language(options) => judge(options, TextVerdict::of_language),
        TextCommand::Sentiment(options) => judge(options, TextVerdict::of_sentiment),
    }
}

fn judge(options: &TextOptions, verdict: fn(serde_json::Value, &str) -> TextVerdict) -> Result<u8> {
    let input: Box<dyn Read> = if options.file.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(&options.file).with_context(|| options.file.display().to_string())?)
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut failed = None;
    if options.csv {
        writeln!(out, "id,label,score,reasons")?;
    }
    read_text_records(BufReader::new(input), &mut |id, text| {
        let verdict = verdict(id, text);
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
    let id = verdict.id.as_str().map_or_else(|| verdict.id.to_string(), str::to_owned);
    let score = verdict.score.map(|score| score.to_string()).unwrap_or_default();
    let reasons: Vec<String> =
        verdict.reasons.iter().map(|reason| format!("{} {:+.2}", reason.text, reason.weight)).collect();
    writeln!(out, "{},{},{score},{}", quoted(&id), verdict.label, quoted(&reasons.join("; ")))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
