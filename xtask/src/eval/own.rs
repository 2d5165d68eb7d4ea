//! What ships on the project's own judging set, and its probabilities on own
//! posts that the training left out.
//!
//! In: `crates/analysis/corpus/judge.tsv` and
//! `crates/analysis/models/understanding-held-out.tsv`, which the training
//! writes. Out: [`Line`]s.

use super::{ERROR, Measure, error_line, f1};
use crate::eval::tfidf::TfIdf;
use crate::eval::{Line, with_interval};
use crate::root;
use crate::train::text::samples::{Post, read_posts, read_text};
use analysis::understanding::explain_in;
use analysis::understanding::heads::TONES;
use anyhow::Result;
use model::text::Tokens;
use model::understanding::{Intent, Understood};
use model::{Lang, Tone};

/// Intents, urgency and tone on the project's own judging set.
pub fn evaluate(lines: &mut Vec<Line>, skipped: &mut Vec<String>) -> Result<()> {
    let corpus = root().join("crates/analysis/corpus");
    let path = corpus.join("judge.tsv");
    if !path.exists() {
        skipped.push("the own judging set: crates/analysis/corpus/judge.tsv is not there".to_owned());
        return Ok(());
    }
    let text = read_text(&path)?;
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| header.iter().position(|one| *one == name);
    let posts: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let cell = |row: &[&'_ str], name: &str| {
        column(name).and_then(|at| row.get(at)).map_or("", |cell| *cell).to_owned()
    };
    let read: Vec<Understood> = posts
        .iter()
        .map(|row| {
            let text = cell(row, "text");
            let language = Lang::parse(&cell(row, "lang")).ok();
            analysis::understanding::understand_in(&text, &Tokens::of(&text), language, None)
        })
        .collect();
    let own = read_posts(&corpus)?;
    let set = "own judging set (two labellers)".to_owned();
    let (mut ours_all, mut plain_all, mut always_all) = (Vec::new(), Vec::new(), Vec::new());
    let names = [
        "complaint",
        "question",
        "request",
        "praise",
        "suggestion",
        "threat",
        "insult",
        "rumour",
        "scam",
        "spam",
    ];
    for (intent, name) in Intent::ALL.into_iter().zip(names) {
        let training: Vec<(usize, &str)> = own
            .iter()
            .map(|post: &Post| (usize::from(post.intents.contains(&intent)), post.text.as_str()))
            .collect();
        let peer = TfIdf::of(&training, 2);
        let truths: Vec<usize> = posts
            .iter()
            .map(|row| usize::from(cell(row, "intents").split(',').any(|one| one == name)))
            .collect();
        let ours: Vec<(usize, usize)> = truths
            .iter()
            .zip(&read)
            .map(|(truth, read)| (*truth, usize::from(read.intents.contains(intent))))
            .collect();
        let plain: Vec<(usize, usize)> = truths
            .iter()
            .zip(&posts)
            .map(|(truth, row)| (*truth, peer.class_of(&cell(row, "text"))))
            .collect();
        let (value, interval) = with_interval(ours.len(), |places| f1(&ours, places, 2, Measure::From(1)));
        let measure = name.to_owned();
        lines.push(Line {
            set: set.clone(),
            method: "Atalaya, as shipped: F1 of",
            measure,
            n: ours.len(),
            value,
            interval,
        });
        always_all.push(truths.iter().map(|truth| (*truth, 1)).collect::<Vec<_>>());
        ours_all.push(ours);
        plain_all.push(plain);
    }
    let never_all: Vec<Vec<(usize, usize)>> =
        always_all.iter().map(|pairs| pairs.iter().map(|(truth, _)| (*truth, 0)).collect()).collect();
    for (method, all) in [
        ("Atalaya, as shipped", &ours_all),
        ("TF-IDF and linear, trained on the own posts", &plain_all),
        ("always all ten", &always_all),
        ("never any", &never_all),
    ] {
        let (value, interval) = with_interval(posts.len(), |places| {
            all.iter().map(|pairs| f1(pairs, places, 2, Measure::From(1))).sum::<f64>() / all.len() as f64
        });
        lines.push(Line {
            set: set.clone(),
            method,
            measure: "mean F1 of ten intents".to_owned(),
            n: posts.len(),
            value,
            interval,
        });
    }
    let sure: Vec<(f64, f64, f64)> = posts
        .iter()
        .flat_map(|row| {
            let text = cell(row, "text");
            let language = Lang::parse(&cell(row, "lang")).ok();
            let told = explain_in(&text, &Tokens::of(&text), language, None);
            let labels = cell(row, "intents");
            told.intents
                .into_iter()
                .map(|one| {
                    let holds = labels.split(',').any(|label| label == one.value);
                    (f64::from(one.probability), f64::from(u8::from(holds)), 1.0)
                })
                .collect::<Vec<_>>()
        })
        .collect();
    lines.push(error_line(set.clone(), "Atalaya, as shipped", format!("intents: {ERROR}"), &sure));
    let off: Vec<(f64, f64)> = posts
        .iter()
        .zip(&read)
        .filter_map(|(row, read)| {
            Some((cell(row, "urgency").parse::<f64>().ok()?, f64::from(read.urgency_percent?) / 100.0))
        })
        .collect();
    let mean = off.iter().map(|(truth, _)| truth).sum::<f64>() / off.len().max(1) as f64;
    for (method, guess) in [("Atalaya, as shipped", None), ("always the mean", Some(mean))] {
        let (value, interval) = with_interval(off.len(), |places| {
            places.iter().map(|at| (off[*at].0 - guess.unwrap_or(off[*at].1)).abs()).sum::<f64>()
                / places.len().max(1) as f64
        });
        lines.push(Line {
            set: set.clone(),
            method,
            measure: "urgency: mean distance".to_owned(),
            n: off.len(),
            value,
            interval,
        });
    }
    let agreed: Vec<(usize, usize)> = posts
        .iter()
        .zip(&read)
        .filter(|(row, _)| cell(row, "tone_one") == cell(row, "tone_two"))
        .filter_map(|(row, read)| {
            let truth = Tone::parse(&cell(row, "tone_one"))?;
            let place = |tone: Tone| TONES.iter().position(|one| *one == tone);
            Some((
                place(truth).filter(|class| *class < 3)?,
                place(read.tone).filter(|class| *class < 3).unwrap_or(1),
            ))
        })
        .collect();
    let (value, interval) = with_interval(agreed.len(), |places| f1(&agreed, places, 3, Measure::Macro));
    let measure = "tone: macro-F1 of three, where the labellers agree".to_owned();
    lines.push(Line { set, method: "Atalaya, as shipped", measure, n: agreed.len(), value, interval });
    held_out(lines, skipped)
}

/// What the training measured on the posts that it left out.
fn held_out(lines: &mut Vec<Line>, skipped: &mut Vec<String>) -> Result<()> {
    let path = root().join("crates/analysis/models/understanding-held-out.tsv");
    if !path.exists() {
        skipped.push("held-out own posts: `cargo xtask train text` was not run".to_owned());
        return Ok(());
    }
    for line in read_text(&path)?.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [language, head, n, value] = columns.as_slice() else { continue };
        let value: f64 = value.parse()?;
        lines.push(Line {
            set: format!("own posts left out of training ({language})"),
            method: "Atalaya, as shipped",
            measure: format!("{head}: {ERROR}"),
            n: n.parse()?,
            value,
            interval: (value, value),
        });
    }
    Ok(())
}
