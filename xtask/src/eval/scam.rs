//! How well scams are told by the ten signs, and urgency by its reasons.
//!
//! In: the corpus and the judging set beside the method; SMS spam (CC BY 4.0)
//! and posts about crypto money (MIT) beside the repository. Out: rows for the
//! table of `cargo xtask eval`: precision, recall and F1 of the verdict
//! «probable» (and of «suspicious» or worse), beside a list of words and beside
//! calling everything a scam; F1 of each reason of urgency.
//! Intervals are Wilson's at 95 % for precision and recall, none for F1 (it is
//! given as its own value). Cost: about two seconds.
//! Limits: SMS spam is advertising as much as fraud, and the labels of the
//! crypto posts call each order to a bot that makes a coin a scam; the signs
//! do not aim at either.

use super::Line;
use analysis::scam::{ScamContext, Verdict, check};
use analysis::urgency;
use anyhow::{Context, Result};
use model::text::Tokens;
use model::{Lang, UrgencyReason};
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Words of the list that stands beside.
const WORDS: [&str; 24] = [
    "gratis",
    "premio",
    "ganaste",
    "gana",
    "bitcoin",
    "inversión",
    "clave",
    "código",
    "whatsapp",
    "dólares",
    "prêmio",
    "grátis",
    "senha",
    "pix",
    "free",
    "prize",
    "win",
    "claim",
    "urgent",
    "airdrop",
    "giveaway",
    "guaranteed",
    "investment",
    "congratulations",
];
/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.96;

/// A labelled text.
struct Labelled {
    language: Lang,
    text: String,
    is_scam: bool,
}

/// Judges every set below `root`; the second list names what was not there.
///
/// # Errors
/// When a file that is there cannot be read.
pub fn evaluate(root: &Path) -> Result<(Vec<Line>, Vec<String>)> {
    let mut rows = Vec::new();
    let mut skipped = Vec::new();
    let corpus = root.join("crates/analysis/corpus");
    for (set, wanted) in [("own corpus", false), ("judging set", true)] {
        let posts = read_corpus(&corpus, wanted)?;
        for (language, name) in [(Lang::ES, "es"), (Lang::PT, "pt"), (Lang::EN, "en")] {
            let list: Vec<&Labelled> =
                posts.iter().map(|(post, _)| post).filter(|post| post.language == language).collect();
            rows.extend(judge_scams(&format!("scams in {name}, {set}"), &list));
            let list: Vec<&(Labelled, String)> =
                posts.iter().filter(|(post, _)| post.language == language).collect();
            rows.extend(judge_reasons(&format!("urgency in {name}, {set}"), &list));
        }
    }
    for (set, posts) in
        [("SMS spam, en", read_sms(root)), ("crypto posts, en, development part", read_posts(root))]
    {
        match posts? {
            Some(posts) => rows.extend(judge_scams(set, &posts.iter().collect::<Vec<_>>())),
            None => skipped.push(format!("scams: {set} is not there")),
        }
    }
    Ok((rows, skipped))
}

/// The posts with their reasons of urgency.
fn read_corpus(folder: &Path, judge: bool) -> Result<Vec<(Labelled, String)>> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem == "judge") == judge)
        .collect();
    paths.sort();
    let mut posts = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let header: Vec<&str> = text.lines().next().unwrap_or_default().split('\t').collect();
        let read = |line: &str| if judge { read_judged(&header, line) } else { read_labelled(line) };
        posts.extend(text.lines().skip(usize::from(judge)).filter_map(read));
    }
    Ok(posts)
}

/// A post of the corpus: eleven columns without a header.
fn read_labelled(line: &str) -> Option<(Labelled, String)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [_, language, _, _, intents, _, reasons, _, _, _, text] = *fields else { return None };
    Some((labelled(language, intents, text)?, reasons.to_owned()))
}

/// A post of the judging set; its reasons are those that both labellers named.
fn read_judged(header: &[&str], line: &str) -> Option<(Labelled, String)> {
    let fields: Vec<&str> = line.split('\t').collect();
    let cell = |name: &str| fields.get(header.iter().position(|one| *one == name)?).copied();
    let (one, two) = (cell("reasons_one")?, cell("reasons_two")?);
    let both: Vec<&str> =
        one.split(',').filter(|reason| two.split(',').any(|other| other == *reason)).collect();
    Some((labelled(cell("lang")?, cell("intents")?, cell("text")?)?, both.join(",")))
}

fn labelled(language: &str, intents: &str, text: &str) -> Option<Labelled> {
    let is_scam = intents.split(',').any(|intent| intent == "scam");
    Some(Labelled { language: Lang::parse(language).ok()?, text: text.to_owned(), is_scam })
}

fn read_sms(root: &Path) -> Result<Option<Vec<Labelled>>> {
    let Some(bytes) = read_zstd(&root.join("../shared/data/sms_spam/SMSSpamCollection.csv.zst"))? else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().filter_map(|line| line.split_once(','));
    let labelled =
        lines.filter(|(label, _)| matches!(*label, "ham" | "spam")).map(|(label, text)| Labelled {
            language: Lang::EN,
            text: text.trim_end_matches(',').trim_matches('"').to_owned(),
            is_scam: label == "spam",
        });
    Ok(Some(labelled.collect()))
}

fn read_posts(root: &Path) -> Result<Option<Vec<Labelled>>> {
    let folder = root.join("../shared/data/scam_posts");
    let Some(bytes) = read_zstd(&folder.join("posts_dev.jsonl.zst"))? else { return Ok(None) };
    let labels = fs::read_to_string(folder.join("labels_dev.tsv")).context("labels_dev.tsv")?;
    let labels: HashMap<&str, bool> = labels
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t').skip(1);
            Some((fields.next()?, fields.next()? == "1"))
        })
        .collect();
    let mut posts = Vec::new();
    for line in String::from_utf8(bytes)?.lines() {
        let post: serde_json::Value = serde_json::from_str(line)?;
        let id = post["id"].as_str().unwrap_or_default();
        if let (Some(is_scam), Some(text)) = (labels.get(id), post["text"].as_str()) {
            posts.push(Labelled { language: Lang::EN, text: text.to_owned(), is_scam: *is_scam });
        }
    }
    Ok(Some(posts))
}

fn read_zstd(path: &Path) -> Result<Option<Vec<u8>>> {
    if !path.exists() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    zstd::Decoder::new(fs::File::open(path)?)?.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn judge_scams(set: &str, posts: &[&Labelled]) -> Vec<Line> {
    let verdicts: Vec<Verdict> = posts
        .iter()
        .map(|post| {
            check(&post.text, &Tokens::of(&post.text), Some(post.language), &ScamContext::default()).verdict
        })
        .collect();
    let listed: Vec<bool> = posts
        .iter()
        .map(|post| {
            let lower = post.text.to_lowercase();
            WORDS.iter().any(|word| lower.contains(word))
        })
        .collect();
    let truth: Vec<bool> = posts.iter().map(|post| post.is_scam).collect();
    let probable: Vec<bool> = verdicts.iter().map(|verdict| *verdict == Verdict::Probable).collect();
    let suspicious: Vec<bool> = verdicts.iter().map(|verdict| *verdict >= Verdict::Suspicious).collect();
    let mut rows = Vec::new();
    if truth.iter().any(|one| *one) {
        rows.extend(rows_of(set, "Atalaya, probable", &truth, &probable));
        rows.extend(rows_of(set, "Atalaya, suspicious or worse", &truth, &suspicious));
        rows.extend(rows_of(set, "list of words", &truth, &listed));
        rows.extend(rows_of(set, "always a scam", &truth, &vec![true; truth.len()]));
    }
    rows
}

fn judge_reasons(set: &str, posts: &[&(Labelled, String)]) -> Vec<Line> {
    let signals: Vec<urgency::Signals> = posts
        .iter()
        .map(|(post, _)| urgency::signals(&post.text, &Tokens::of(&post.text), Some(post.language)))
        .collect();
    let mut rows = Vec::new();
    for reason in UrgencyReason::ALL {
        let truth: Vec<bool> =
            posts.iter().map(|(_, reasons)| reasons.split(',').any(|one| one == reason.name())).collect();
        let guess: Vec<bool> = signals.iter().map(|signals| signals.has(reason)).collect();
        if truth.iter().any(|one| *one) {
            let set = format!("{set}: {}", reason.name());
            rows.extend(rows_of(&set, "Atalaya, reasons", &truth, &guess).pop());
            rows.extend(rows_of(&set, "always", &truth, &vec![true; truth.len()]).pop());
        }
    }
    rows
}

/// Precision, recall and F1, in this order.
fn rows_of(set: &str, method: &'static str, truth: &[bool], guess: &[bool]) -> Vec<Line> {
    let both = truth.iter().zip(guess).filter(|(truth, guess)| **truth && **guess).count();
    let (true_ones, guessed) =
        (truth.iter().filter(|one| **one).count(), guess.iter().filter(|one| **one).count());
    let f1 = 2.0 * both as f64 / (true_ones + guessed).max(1) as f64;
    let row = |measure: &str, n: usize, value: f64, interval| Line {
        set: set.to_owned(),
        method,
        measure: measure.to_owned(),
        n,
        value,
        interval,
    };
    let share = |n: usize| both as f64 / n.max(1) as f64;
    vec![
        row("precision", guessed, share(guessed), wilson(both, guessed)),
        row("recall", true_ones, share(true_ones), wilson(both, true_ones)),
        row("F1", truth.len(), f1, (f1, f1)),
    ]
}

/// The 95 % interval of a share.
fn wilson(right: usize, n: usize) -> (f64, f64) {
    if n == 0 {
        return (0.0, 1.0);
    }
    let (count, share) = (n as f64, right as f64 / n as f64);
    let middle = (share + Z * Z / (2.0 * count)) / (1.0 + Z * Z / count);
    let half =
        Z / (1.0 + Z * Z / count) * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
    (middle - half, middle + half)
}
