//! How well the tone toward a named target is told.
//!
//! In: posts of the own corpus whose column 10 names targets with their tone
//! (`Name=negative;Other=positive`). Out: rows for the table of `cargo xtask
//! eval`: accuracy over the targets of each language, and over those posts
//! whose targets differ in tone, beside the tone of the whole post and beside
//! the most frequent tone. An unknown tone counts as neutral, because the
//! labels know no «unknown». Intervals are Wilson's at 95 %. Cost: about a second.
//! Limits: the model of the whole tone has seen these posts, so that both
//! figures are higher than on new ones; the judging set names no targets.

use super::Line;
use analysis::{sentiment, target};
use anyhow::{Context, Result};
use model::text::Tokens;
use model::{Lang, Tone};
use std::fs;
use std::path::Path;

/// Columns of a labelled post.
const COLUMNS: usize = 11;
const COLUMN_LANGUAGE: usize = 1;
const COLUMN_TARGETS: usize = 9;
const COLUMN_TEXT: usize = 10;
/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.96;

/// What is known and guessed of one target of one post.
struct Judged {
    language: String,
    truth: Tone,
    target: Tone,
    whole: Tone,
    /// True when the targets of its post differ in tone.
    differs: bool,
}

/// Judges the corpus below `root`; the second list names
/// what was not there.
///
/// # Errors
/// When a file that is there cannot be read.
pub fn evaluate(root: &Path) -> Result<(Vec<Line>, Vec<String>)> {
    let folder = root.join("crates/analysis/corpus");
    let mut skipped = Vec::new();
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .collect();
    paths.sort();
    let mut judged = Vec::new();
    for path in paths.iter().filter(|path| path.file_stem().is_some_and(|stem| stem != "judge")) {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        text.lines().for_each(|line| judge_post(line, &mut judged));
    }
    if judged.is_empty() {
        skipped.push("tone toward a target: no targets in the own corpus".to_owned());
    }
    Ok((rows_of("own corpus", &judged), skipped))
}

fn judge_post(line: &str, judged: &mut Vec<Judged>) {
    let fields: Vec<&str> = line.split('\t').collect();
    if fields.len() != COLUMNS {
        return;
    }
    // Checked above.
    let (language, text) = (fields[COLUMN_LANGUAGE], fields[COLUMN_TEXT]);
    let labels: Vec<(&str, Tone)> = fields[COLUMN_TARGETS]
        .split(';')
        .filter_map(|pair| pair.rsplit_once('='))
        .filter_map(|(name, tone)| Some((name, Tone::parse(tone)?)))
        .collect();
    let differs = labels.iter().any(|(_, tone)| labels.first().is_some_and(|(_, first)| tone != first));
    let tokens = Tokens::of(text);
    let lang = Lang::parse(language).ok();
    for (name, truth) in labels {
        let found = target::explain(text, &tokens, lang, &[name.to_owned()]);
        let whole = plain(sentiment::score(text, &tokens, lang).0);
        let target = plain(found.map_or(Tone::Unknown, |found| found.sentiment.tone));
        judged.push(Judged { language: language.to_owned(), truth, target, whole, differs });
    }
}

/// The labels know no «unknown».
fn plain(tone: Tone) -> Tone {
    if tone == Tone::Unknown { Tone::Neutral } else { tone }
}

fn rows_of(set: &str, judged: &[Judged]) -> Vec<Line> {
    let mut languages: Vec<&str> = judged.iter().map(|one| one.language.as_str()).collect();
    languages.sort_unstable();
    languages.dedup();
    let mut rows = Vec::new();
    for language in languages {
        let all: Vec<&Judged> = judged.iter().filter(|one| one.language == language).collect();
        let differing: Vec<&Judged> = all.iter().copied().filter(|one| one.differs).collect();
        for (part, list) in [("", all), (", targets that differ in tone", differing)] {
            if list.is_empty() {
                continue;
            }
            let set = format!("targets in {language}, {set}{part}");
            let count = |tone: Tone| list.iter().filter(|one| one.truth == tone).count();
            let frequent = Tone::ALL.into_iter().max_by_key(|tone| count(*tone)).unwrap_or_default();
            let mut add = |method, right: &dyn Fn(&Judged) -> bool| {
                let right = list.iter().filter(|one| right(one)).count();
                rows.push(row(set.clone(), method, right, list.len()));
            };
            add("Atalaya", &|one| one.target == one.truth);
            add("tone of the whole post", &|one| one.whole == one.truth);
            add("always the most frequent", &|one| one.truth == frequent);
        }
    }
    rows
}

fn row(set: String, method: &'static str, right: usize, n: usize) -> Line {
    let (count, share) = (n as f64, right as f64 / n as f64);
    let middle = (share + Z * Z / (2.0 * count)) / (1.0 + Z * Z / count);
    let half =
        Z / (1.0 + Z * Z / count) * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
    let interval = (middle - half, middle + half);
    Line { set, method, measure: "accuracy".to_owned(), n, value: share, interval }
}
