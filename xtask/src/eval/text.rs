//! Tone, offence, emotion, complaints and scams on labelled posts.
//!
//! In: the labelled sets beside the repository, and the own judging set. Out:
//! [`Line`]s: what ships, the same method trained on the research split by
//! five-fold cross-validation, and their peers (always the commonest, word
//! list, TF-IDF with a linear classifier, also by five-fold cross-validation).
//! What ships was trained on none of these posts, but for the scam posts,
//! which therefore have no shipped line.
//! Cost: about two minutes in release.

use super::tfidf::TfIdf;
use super::{Line, data, with_interval};
use crate::root;
use crate::train::text::calibrate::error_of;
use crate::train::text::learner::{Learned, Settings};
use crate::train::text::samples::{
    Post, Sample, offence_of, read_posts, read_scam_posts, read_text,
};
use crate::train::text::{FOLDS, settings};
use analysis::understanding::heads::{EMOTIONS, Head, OFFENCES, TONES, Value};
use analysis::understanding::probabilities;
use analysis::wording::rude::{Rude, kind_of};
use anyhow::Result;
use model::text::Tokens;
use model::understanding::{Emotion, Intent, Offence, Understood};
use model::{Lang, Tone};
use std::path::Path;

/// Most that a rare class counts for more in the research split.
const CLASS_WEIGHT_MAX: f32 = 4.0;

/// What is measured.
#[derive(Clone, Copy)]
enum Measure {
    /// Mean F1 of all classes.
    Macro,
    /// F1 of the classes from this one on, taken together.
    From(usize),
}

/// A set of labelled posts and how to judge them.
struct Task {
    set: String,
    language: Lang,
    head: Head,
    classes: usize,
    measures: &'static [(&'static str, Measure)],
    posts: Vec<(usize, String)>,
}

/// Judges every set that is there.
///
/// # Errors
/// A set that is there cannot be read.
pub fn evaluate(lines: &mut Vec<Line>, skipped: &mut Vec<String>) -> Result<()> {
    for (language, folder) in [(Lang::ES, "spanish"), (Lang::PT, "portuguese"), (Lang::EN, "english")] {
        if let Some(task) = tone_task(language, folder, skipped)? {
            variants(&task, lines);
        }
    }
    if let Some(task) = offence_task(skipped)? {
        shipped(&task, lines, |read| offence_class(read.offence));
        by_list(&task, lines);
        variants(&task, lines);
    }
    for (language, code) in [(Lang::ES, "es"), (Lang::EN, "en")] {
        if let Some(task) = emotion_task(language, code, skipped)? {
            shipped(&task, lines, |read| emotion_class(read.emotion));
            variants(&task, lines);
        }
    }
    if let Some(task) = complaint_task(skipped)? {
        shipped(&task, lines, |read| usize::from(read.intents.contains(Intent::Complaint)));
        variants(&task, lines);
    }
    let folder = data("scam_posts");
    if folder.exists() {
        let posts =
            read_scam_posts(&folder)?.into_iter().map(|(text, scam)| (usize::from(scam), text)).collect();
        let task = Task {
            set: "scam posts, development part".to_owned(),
            language: Lang::EN,
            head: Head::Intent,
            classes: 2,
            measures: &[("F1 of scam", Measure::From(1))],
            posts,
        };
        variants(&task, lines);
    } else {
        skipped.push("scam posts: the folder is not there".to_owned());
    }
    evaluate_own(lines, skipped)
}

fn tone_task(language: Lang, folder: &str, skipped: &mut Vec<String>) -> Result<Option<Task>> {
    let base = data("sentiment_umsab").join(folder);
    if !base.exists() {
        skipped.push(format!("tone of the {folder} posts, research split: the folder is not there"));
        return Ok(None);
    }
    let mut posts = Vec::new();
    for part in ["train", "val"] {
        let texts = read_text(&base.join(format!("{part}_text.txt")))?;
        let labels = read_text(&base.join(format!("{part}_labels.txt")))?;
        for (label, text) in labels.lines().zip(texts.lines()) {
            posts.push((label.trim().parse()?, text.to_owned()));
        }
    }
    let set = format!("UMSAB {folder}, train and validation");
    Ok(Some(Task {
        set,
        language,
        head: Head::Tone,
        classes: 3,
        measures: &[("macro-F1", Measure::Macro)],
        posts,
    }))
}

/// The columns of a file with a header line, tab-separated.
fn rows(path: &Path, skipped: &mut Vec<String>, what: &str) -> Result<Option<Vec<Vec<String>>>> {
    if !path.exists() {
        skipped.push(format!("{what}: the file is not there"));
        return Ok(None);
    }
    let text = read_text(path)?;
    let rows = text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect());
    Ok(Some(rows.collect()))
}

fn offence_task(skipped: &mut Vec<String>) -> Result<Option<Task>> {
    let Some(rows) = rows(&data("offendes/training_set.tsv.zst"), skipped, "offence of OffendES")? else {
        return Ok(None);
    };
    let posts = rows
        .into_iter()
        .filter_map(|row| Some((offence_class(offence_of(row.last()?)?), row.get(1)?.clone())));
    Ok(Some(Task {
        set: "OffendES, training part".to_owned(),
        language: Lang::ES,
        head: Head::Offence,
        classes: OFFENCES.len(),
        measures: &[("macro-F1 of four", Measure::Macro), ("F1 of offensive", Measure::From(2))],
        posts: posts.collect(),
    }))
}

fn emotion_task(language: Lang, code: &str, skipped: &mut Vec<String>) -> Result<Option<Task>> {
    let path = data(&format!("emoevent/{code}_train.tsv.zst"));
    let Some(rows) = rows(&path, skipped, &format!("emotion of EmoEvent {code}"))? else { return Ok(None) };
    let posts = rows
        .into_iter()
        .filter_map(|row| Some((emotion_class(Emotion::parse(row.get(4)?)?), row.get(2)?.clone())));
    Ok(Some(Task {
        set: format!("EmoEvent {code}, training part"),
        language,
        head: Head::Emotion,
        classes: EMOTIONS.len(),
        measures: &[("macro-F1 of seven", Measure::Macro)],
        posts: posts.collect(),
    }))
}

/// Lines `id,text,label,domain`, the text quoted where it has commas.
fn complaint_task(skipped: &mut Vec<String>) -> Result<Option<Task>> {
    let path = data("complaints/complaints_dev.csv");
    if !path.exists() {
        skipped.push("complaints: the file is not there".to_owned());
        return Ok(None);
    }
    let posts = read_text(&path)?
        .lines()
        .filter_map(|line| {
            let (rest, _domain) = line.split_once(',')?.1.rsplit_once(',')?;
            let (text, label) = rest.rsplit_once(',')?;
            Some((label.parse().ok()?, text.trim_matches('"').replace("\"\"", "\"")))
        })
        .collect();
    Ok(Some(Task {
        set: "complaints (ACL 2019), development part".to_owned(),
        language: Lang::EN,
        head: Head::Intent,
        classes: 2,
        measures: &[("macro-F1", Measure::Macro)],
        posts,
    }))
}

fn report(task: &Task, lines: &mut Vec<Line>, method: &'static str, pairs: &[(usize, usize)]) {
    for (name, measure) in task.measures {
        let (value, interval) =
            with_interval(pairs.len(), |places| f1(pairs, places, task.classes, *measure));
        lines.push(Line { set: task.set.clone(), method, measure: (*name).to_owned(), n: pairs.len(), value, interval });
    }
}

fn f1(pairs: &[(usize, usize)], places: &[usize], classes: usize, measure: Measure) -> f64 {
    let (classes, class_of): (usize, &dyn Fn(usize) -> usize) = match measure {
        Measure::Macro => (classes, &|class| class),
        Measure::From(first) => (2, &move |class| usize::from(class >= first)),
    };
    let mut counts = vec![(0.0, 0.0); classes];
    for place in places {
        // Places are those of the pairs, classes below their number.
        let (truth, guess) = pairs[*place];
        let (truth, guess) = (class_of(truth), class_of(guess));
        counts[truth].1 += 1.0;
        counts[guess].1 += 1.0;
        counts[truth].0 += f64::from(u8::from(truth == guess));
    }
    let f1 = |(both, either): &(f64, f64)| 2.0 * both / f64::max(*either, 1.0);
    match measure {
        Measure::Macro => counts.iter().map(f1).sum::<f64>() / counts.len() as f64,
        Measure::From(_) => counts.get(1).map_or(0.0, f1),
    }
}

/// What ships, as a user gets it; an abstention counts as the first class.
fn shipped(task: &Task, lines: &mut Vec<Line>, class: impl Fn(&Understood) -> usize) {
    let pairs: Vec<(usize, usize)> = task
        .posts
        .iter()
        .map(|(truth, text)| {
            let tokens = Tokens::of(text);
            let read = analysis::understanding::understand_in(text, &tokens, Some(task.language), None);
            (*truth, class(&read))
        })
        .collect();
    report(task, lines, "Atalaya, as shipped", &pairs);
}

/// The rude words alone: a slur is a group's, an insult a person's.
fn by_list(task: &Task, lines: &mut Vec<Line>) {
    let pairs: Vec<(usize, usize)> = task
        .posts
        .iter()
        .map(|(truth, text)| {
            let kinds: Vec<Rude> = Tokens::of(text).iter().filter_map(|(word, _)| kind_of(word)).collect();
            let offence = if kinds.contains(&Rude::Slur) {
                Offence::Group
            } else if kinds.contains(&Rude::Insult) {
                Offence::Person
            } else if kinds.contains(&Rude::Swear) {
                Offence::Swearing
            } else {
                Offence::None
            };
            (*truth, offence_class(offence))
        })
        .collect();
    report(task, lines, "list of rude words", &pairs);
}

/// The same method and its peers, learned on the research split.
fn variants(task: &Task, lines: &mut Vec<Line>) {
    let samples = weighed_samples(task);
    let settings = Settings { lanes: Settings::default().lanes, ..settings() };
    let (mut ours, mut plain, mut sure) = (Vec::new(), Vec::new(), Vec::new());
    for fold in 0..FOLDS {
        let is_seen = |at: &usize| at % FOLDS != fold;
        let seen: Vec<&Sample> = (0..samples.len()).filter(is_seen).map(|at| &samples[at]).collect();
        let texts: Vec<(usize, &str)> = (0..samples.len())
            .filter(is_seen)
            .map(|at| (task.posts[at].0, task.posts[at].1.as_str()))
            .collect();
        let learned = Learned::of(&seen, settings);
        let peer = TfIdf::of(&texts, task.classes);
        for at in (0..samples.len()).filter(|at| !is_seen(at)) {
            let (truth, text) = &task.posts[at];
            let (class, probability) = class_of(task, &probabilities(learned.logits(&samples[at])));
            ours.push((*truth, class));
            sure.push((f64::from(probability), f64::from(u8::from(class == *truth)), 1.0));
            plain.push((*truth, peer.class_of(text)));
        }
    }
    report(task, lines, "Atalaya's method, trained on this set (5-fold)", &ours);
    report(task, lines, "TF-IDF and linear, trained on this set (5-fold)", &plain);
    let commonest =
        (0..task.classes).max_by_key(|class| ours.iter().filter(|(truth, _)| truth == class).count());
    let null: Vec<(usize, usize)> = ours.iter().map(|(truth, _)| (*truth, commonest.unwrap_or(0))).collect();
    report(task, lines, "always the commonest", &null);
    println!(
        "{}: expected calibration error of the 5-fold variant, uncalibrated {:.3}",
        task.set,
        error_of(&sure)
    );
}

/// Samples with rare classes weighed up.
fn weighed_samples(task: &Task) -> Vec<Sample> {
    let mut counts = vec![0.0_f32; task.classes];
    task.posts.iter().for_each(|(class, _)| counts[*class] += 1.0);
    let even = task.posts.len() as f32 / task.classes as f32;
    task.posts
        .iter()
        .map(|(class, text)| {
            let weight = (even / counts[*class].max(1.0)).sqrt().min(CLASS_WEIGHT_MAX);
            Sample::of(text, task.language).with(value_of(task, *class), weight)
        })
        .collect()
}

fn value_of(task: &Task, class: usize) -> Value {
    match task.head {
        Head::Tone => Value::Tone(TONES[class]),
        Head::Offence => Value::Offence(OFFENCES[class]),
        Head::Emotion => Value::Emotion(EMOTIONS[class]),
        _ => Value::Intent(Intent::Complaint, class == 1),
    }
}

/// The likeliest class and its probability.
fn class_of(task: &Task, likely: &[f32]) -> (usize, f32) {
    let start = task.head.lanes().start;
    if task.head == Head::Intent {
        let yes = likely[start + Intent::Complaint as usize];
        return if yes >= 0.5 { (1, yes) } else { (0, 1.0 - yes) };
    }
    let mut best = (0, 0.0);
    for class in 0..task.classes {
        // Classes are the first lanes of the head.
        if likely[start + class] > best.1 {
            best = (class, likely[start + class]);
        }
    }
    best
}

/// Intents, urgency and tone on the project's own judging set.
fn evaluate_own(lines: &mut Vec<Line>, skipped: &mut Vec<String>) -> Result<()> {
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
    let (mut ours_all, mut plain_all) = (Vec::new(), Vec::new());
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
        ours_all.push(ours);
        plain_all.push(plain);
    }
    for (method, all) in
        [("Atalaya, as shipped", &ours_all), ("TF-IDF and linear, trained on the own posts", &plain_all)]
    {
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
    Ok(())
}

/// Place of an offence among the lanes of its head.
fn offence_class(offence: Offence) -> usize {
    OFFENCES.iter().position(|one| *one == offence).unwrap_or(0)
}

/// Place of an emotion among the lanes of its head.
fn emotion_class(emotion: Emotion) -> usize {
    EMOTIONS.iter().position(|one| *one == emotion).unwrap_or(0)
}
