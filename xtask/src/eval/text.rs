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
use crate::train::text::calibrate::{Held, apply, calibrate, error_of};
use crate::train::text::learner::{Learned, Row, Settings};
use crate::train::text::samples::{Sample, offence_of, read_scam_posts, read_text};
use crate::train::text::{FOLDS, settings};
use analysis::understanding::heads::{EMOTIONS, Head, OFFENCES, TONES, Value};
use analysis::understanding::table::Calibration;
use analysis::understanding::{explain_in, probabilities};
use analysis::wording::rude::{Rude, kind_of};
use anyhow::{Result, anyhow};
use model::Lang;
use model::text::Tokens;
use model::understanding::{Emotion, Intent, Offence, Understood};
use std::path::Path;

/// Most that a rare class counts for more in the research split.
const CLASS_WEIGHT_MAX: f32 = 4.0;

#[path = "decide.rs"]
mod decide;
#[path = "own.rs"]
mod own;

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
            shipped_error(&task, lines);
            variants(&task, lines)?;
        }
    }
    if let Some(task) = offence_task(skipped)? {
        shipped(&task, lines, |read| offence_class(read.offence));
        shipped_error(&task, lines);
        by_list(&task, lines);
        variants(&task, lines)?;
    }
    for (language, code) in [(Lang::ES, "es"), (Lang::EN, "en")] {
        if let Some(task) = emotion_task(language, code, skipped)? {
            shipped(&task, lines, |read| emotion_class(read.emotion));
            shipped_error(&task, lines);
            variants(&task, lines)?;
        }
    }
    if let Some(task) = complaint_task(skipped)? {
        shipped(&task, lines, |read| usize::from(read.intents.contains(Intent::Complaint)));
        shipped_error(&task, lines);
        variants(&task, lines)?;
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
        variants(&task, lines)?;
    } else {
        skipped.push("scam posts: the folder is not there".to_owned());
    }
    own::evaluate(lines, skipped)
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
        report_one(task, lines, method, name, *measure, pairs);
    }
}

fn report_one(
    task: &Task,
    lines: &mut Vec<Line>,
    method: &'static str,
    name: &str,
    measure: Measure,
    pairs: &[(usize, usize)],
) {
    let (value, interval) = with_interval(pairs.len(), |places| f1(pairs, places, task.classes, measure));
    lines.push(Line {
        set: task.set.clone(),
        method,
        measure: name.to_owned(),
        n: pairs.len(),
        value,
        interval,
    });
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

/// What one post of a part that was left out is told to be.
struct Told {
    at: usize,
    logits: Row,
    peer: Vec<f32>,
}

/// The same method and its peers, learned on the research split.
fn variants(task: &Task, lines: &mut Vec<Line>) -> Result<()> {
    let samples = weighed_samples(task);
    let mut told = by_folds(task, &samples)?;
    told.sort_unstable_by_key(|told| told.at);
    let ours = calibrated(task, &samples, &told);
    let plain: Vec<Vec<f32>> = told.iter().map(|told| told.peer.clone()).collect();
    let mut counts = vec![0_usize; task.classes];
    task.posts.iter().for_each(|(truth, _)| counts[*truth] += 1);
    let commonest = (0..task.classes).max_by_key(|class| counts[*class]).unwrap_or(0);
    for (method, likely) in [
        ("Atalaya's method, trained on this set (5-fold)", &ours),
        ("TF-IDF and linear, trained on this set (5-fold)", &plain),
    ] {
        for (name, measure) in task.measures {
            report_one(task, lines, method, name, *measure, &decide::by_other_folds(task, *measure, likely));
        }
    }
    let null: Vec<(usize, usize)> = task.posts.iter().map(|(truth, _)| (*truth, commonest)).collect();
    report(task, lines, "always the commonest", &null);
    report_error(task, lines, "Atalaya's method, trained on this set (5-fold)", &ours);
    Ok(())
}

/// Every post told by what did not see it, two folds at a time.
fn by_folds(task: &Task, samples: &[Sample]) -> Result<Vec<Told>> {
    let settings = Settings { lanes: Settings::default().lanes, ..settings() };
    let one = |fold: usize| -> Vec<Told> {
        let is_seen = |at: &usize| at % FOLDS != fold;
        let seen: Vec<&Sample> = (0..samples.len()).filter(is_seen).map(|at| &samples[at]).collect();
        let texts: Vec<(usize, &str)> = (0..samples.len())
            .filter(is_seen)
            .map(|at| (task.posts[at].0, task.posts[at].1.as_str()))
            .collect();
        let learned = Learned::of(&seen, settings);
        let peer = TfIdf::of(&texts, task.classes);
        (0..samples.len())
            .filter(|at| !is_seen(at))
            .map(|at| Told {
                at,
                logits: learned.logits(&samples[at]),
                peer: peer.probabilities_of(&task.posts[at].1),
            })
            .collect()
    };
    let mut told = Vec::new();
    for pair in (0..FOLDS).collect::<Vec<_>>().chunks(2) {
        std::thread::scope(|scope| {
            let workers: Vec<_> = pair.iter().map(|fold| scope.spawn(|| one(*fold))).collect();
            for worker in workers {
                told.extend(worker.join().map_err(|_| anyhow!("a thread of the evaluation broke"))?);
            }
            anyhow::Ok(())
        })?;
    }
    Ok(told)
}

/// Probability of every class, calibrated on posts of the other folds.
fn calibrated(task: &Task, samples: &[Sample], told: &[Told]) -> Vec<Vec<f32>> {
    let fitted: Vec<Vec<Calibration>> = (0..FOLDS)
        .map(|fold| {
            let others: Vec<&Told> = told.iter().filter(|told| told.at % FOLDS != fold).collect();
            let step = others.len().div_ceil(CALIBRATED_ON).max(1);
            let unweighed: Vec<Sample> = others
                .iter()
                .step_by(step)
                .map(|told| {
                    let mut sample = samples[told.at].clone();
                    sample.weight.iter_mut().for_each(|weight| *weight = weight.min(1.0).ceil());
                    sample
                })
                .collect();
            let held: Vec<Held<'_>> = others
                .iter()
                .step_by(step)
                .zip(&unweighed)
                .map(|(told, sample)| Held { logits: told.logits, sample })
                .collect();
            calibrate(&held)
        })
        .collect();
    told.iter()
        .map(|told| classes_of(task, &probabilities(apply(&fitted[told.at % FOLDS], &told.logits))))
        .collect()
}

/// Most posts that a calibration looks at.
const CALIBRATED_ON: usize = 3_000;

/// Probability of every class of a task from those of all lanes.
fn classes_of(task: &Task, likely: &Row) -> Vec<f32> {
    let start = task.head.lanes().start;
    if task.head == Head::Intent {
        let yes = likely[start + Intent::Complaint as usize];
        return vec![1.0 - yes, yes];
    }
    // Classes are the first lanes of the head; what the set does not know is left out.
    let all: f32 = (0..task.classes).map(|class| likely[start + class]).sum();
    (0..task.classes).map(|class| likely[start + class] / all.max(1e-9)).collect()
}

/// A line with the expected calibration error of the likeliest class.
fn report_error(task: &Task, lines: &mut Vec<Line>, method: &'static str, likely: &[Vec<f32>]) {
    let pairs: Vec<(f64, f64, f64)> = likely
        .iter()
        .zip(&task.posts)
        .map(|(likely, (truth, _))| {
            let best = (0..likely.len()).max_by(|a, b| likely[*a].total_cmp(&likely[*b])).unwrap_or(0);
            (f64::from(likely[best]), f64::from(u8::from(best == *truth)), 1.0)
        })
        .collect();
    lines.push(error_line(task.set.clone(), method, ERROR.to_owned(), &pairs));
}

/// Name of the measure.
const ERROR: &str = "expected calibration error (aim 0.05 or less)";

fn error_line(set: String, method: &'static str, measure: String, pairs: &[(f64, f64, f64)]) -> Line {
    let (value, interval) = with_interval(pairs.len(), |places| {
        error_of(&places.iter().map(|at| pairs[*at]).collect::<Vec<_>>())
    });
    Line { set, method, measure, n: pairs.len(), value, interval }
}

/// How far what ships may be taken at its word on a set.
fn shipped_error(task: &Task, lines: &mut Vec<Line>) {
    let names: Vec<&str> = match task.head {
        Head::Tone => TONES.iter().map(|one| one.name()).collect(),
        Head::Offence => OFFENCES.iter().map(|one| one.name()).collect(),
        Head::Emotion => EMOTIONS.iter().map(|one| one.name()).collect(),
        _ => Vec::new(),
    };
    let likely: Vec<Vec<f32>> = task
        .posts
        .iter()
        .map(|(_, text)| {
            let told = explain_in(text, &Tokens::of(text), Some(task.language), None);
            let choice = match task.head {
                Head::Tone => told.tone,
                Head::Offence => told.offence,
                Head::Emotion => told.emotion,
                _ => {
                    let complaint = told.intents.iter().find(|one| one.value == Intent::Complaint.name());
                    let yes = complaint.map_or(0.0, |one| one.probability);
                    return vec![1.0 - yes, yes];
                }
            };
            let said: Vec<(&str, f32)> = choice
                .into_iter()
                .flat_map(|one| [vec![(one.value, one.probability)], one.others].concat())
                .collect();
            let of =
                |name: &str| said.iter().find(|(one, _)| *one == name).map_or(0.0, |(_, likely)| *likely);
            let all: f32 = names.iter().take(task.classes).map(|name| of(name)).sum();
            names.iter().take(task.classes).map(|name| of(name) / all.max(1e-9)).collect()
        })
        .collect();
    report_error(task, lines, "Atalaya, as shipped", &likely);
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

/// Place of an offence among the lanes of its head.
fn offence_class(offence: Offence) -> usize {
    OFFENCES.iter().position(|one| *one == offence).unwrap_or(0)
}

/// Place of an emotion among the lanes of its head.
fn emotion_class(emotion: Emotion) -> usize {
    EMOTIONS.iter().position(|one| *one == emotion).unwrap_or(0)
}
