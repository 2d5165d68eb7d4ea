//! Labelled posts as the learner wants them.
//!
//! In: the project's own posts (`crates/analysis/corpus/*.tsv`) and the sets
//! whose licences let what ships be trained on them. Out: [`Sample`]s, with a
//! right answer and a weight per lane.
//! Errors: a file that is there but is not what its name says.

use analysis::understanding::each_key;
use analysis::understanding::features::Class;
use analysis::understanding::heads::{Head, LANES, Value};
use anyhow::{Context, Result, bail, ensure};
use model::text::Tokens;
use model::understanding::{Emotion, Intent, Offence};
use model::{Lang, Tone};
use std::path::Path;

/// One post for the learner.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Feature keys and their kinds, in the order in which they come.
    pub keys: Vec<(u32, Class)>,
    /// What the lexicon says before anything learned, nats per lane.
    pub prior: [f32; LANES],
    /// The right answer per lane, 0…1.
    pub truth: [f32; LANES],
    /// How much each lane counts; 0 where nothing is known.
    pub weight: [f32; LANES],
}

impl Sample {
    /// A post without any answer.
    pub fn of(text: &str, language: Lang) -> Self {
        let mut keys = Vec::new();
        let prior = each_key(text, &Tokens::of(text), language, |key, class| keys.push((key, class)));
        Self { keys, prior, truth: [0.0; LANES], weight: [0.0; LANES] }
    }

    /// Adds an answer.
    pub fn with(mut self, value: Value, weight: f32) -> Self {
        value.each_lane(|lane, holds| {
            // Lanes come from the heads: below LANES.
            self.truth[lane] = f32::from(u8::from(holds));
            self.weight[lane] = weight;
        });
        self
    }
}

/// One of the project's own posts.
#[derive(Debug, Clone)]
pub struct Post {
    /// Its language.
    pub language: Lang,
    /// Country of the writer, two letters.
    pub country: String,
    /// Tone.
    pub tone: Tone,
    /// Intents.
    pub intents: Vec<Intent>,
    /// Urgency, hundredths.
    pub urgency_percent: u8,
    /// Offence.
    pub offence: Offence,
    /// Emotion.
    pub emotion: Emotion,
    /// The text.
    pub text: String,
}

impl Post {
    /// Reads one line of eleven columns.
    ///
    /// # Errors
    /// A column that is not what it must be.
    pub fn parse(line: &str) -> Result<Self> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [id, lang, country, tone, intents, urgency, _, offence, emotion, _, text] = columns.as_slice()
        else {
            bail!("{} columns instead of 11: {line}", columns.len());
        };
        let intents = intents.split(',').filter(|name| !matches!(*name, "-" | ""));
        Ok(Self {
            language: Lang::parse(lang)?,
            country: (*country).to_owned(),
            tone: Tone::parse(tone).with_context(|| format!("{id}: tone {tone}"))?,
            intents: intents
                .map(|name| Intent::parse(name).with_context(|| format!("{id}: intent {name}")))
                .collect::<Result<_>>()?,
            // 0 to 1 in quarters.
            urgency_percent: (urgency.parse::<f32>().with_context(|| (*id).to_owned())? * 100.0) as u8,
            offence: offence_of(offence).with_context(|| format!("{id}: offence {offence}"))?,
            emotion: Emotion::parse(emotion).with_context(|| format!("{id}: emotion {emotion}"))?,
            text: (*text).to_owned(),
        })
    }

    /// The post with all its answers.
    pub fn sample(&self) -> Sample {
        let sample = Sample::of(&self.text, self.language)
            .with(Value::Tone(self.tone), 1.0)
            .with(Value::Urgency(self.urgency_percent), 1.0)
            .with(Value::Offence(self.offence), 1.0)
            .with(Value::Emotion(self.emotion), 1.0);
        Intent::ALL.into_iter().fold(sample, |sample, intent| {
            sample.with(Value::Intent(intent, self.intents.contains(&intent)), 1.0)
        })
    }
}

/// The offence of a label of LABELS and of OffendES.
pub fn offence_of(label: &str) -> Option<Offence> {
    Some(match label.trim() {
        "NO" => Offence::None,
        "NOE" => Offence::Swearing,
        "OFP" => Offence::Person,
        "OFG" => Offence::Group,
        _ => return None,
    })
}

/// Every post of a folder of TSV files, in the order of the file names.
///
/// # Errors
/// A file cannot be read or a line is not a post.
pub fn read_posts(folder: &Path) -> Result<Vec<Post>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "judge"))
        .collect();
    files.sort();
    ensure!(!files.is_empty(), "no corpus in {}", folder.display());
    let mut posts = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            posts.push(Post::parse(line).with_context(|| file.display().to_string())?);
        }
    }
    Ok(posts)
}

/// Reads a file that may be compressed (`.zst`); what is not UTF-8 is read as
/// Latin-1.
///
/// # Errors
/// The file cannot be read.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let bytes = if path.extension().is_some_and(|end| end == "zst") {
        zstd::decode_all(bytes.as_slice())?
    } else {
        bytes
    };
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| error.as_bytes().iter().map(|byte| char::from(*byte)).collect()))
}

/// Subtitle lines of XED with one emotion. Anger 1, anticipation 2, disgust 3,
/// fear 4, joy 5, sadness 6, surprise 7, trust 8, neutral 0.
///
/// # Errors
/// A file is missing.
pub fn xed_samples(folder: &Path, language: Lang, weight: f32) -> Result<Vec<Sample>> {
    let (file, neutral) = match language {
        Lang::ES => ("es-projections.tsv.zst", None),
        Lang::PT => ("pt-projections.tsv.zst", None),
        _ => ("en-annotated.tsv.zst", Some("neu_en.txt.zst")),
    };
    let mut samples = Vec::new();
    for line in read_text(&folder.join(file))?.lines() {
        let Some((text, labels)) = line.rsplit_once('\t') else { continue };
        let codes: Vec<u8> = labels.split(',').filter_map(|code| code.trim().parse().ok()).collect();
        if let [code] = codes.as_slice() {
            samples.push(Sample::of(text, language).with(Value::Emotion(emotion_of(*code)), weight));
        }
    }
    if let Some(file) = neutral {
        // As many neutral lines as of one emotion; all would drown the rest.
        for line in read_text(&folder.join(file))?.lines().step_by(NEUTRAL_LINES_STEP) {
            let Some((_, text)) = line.split_once('\t') else { continue };
            samples.push(Sample::of(text, language).with(Value::Emotion(Emotion::Others), weight));
        }
    }
    Ok(samples)
}

/// One neutral subtitle line in this many is used.
const NEUTRAL_LINES_STEP: usize = 4;

fn emotion_of(code: u8) -> Emotion {
    match code {
        1 => Emotion::Anger,
        3 => Emotion::Disgust,
        4 => Emotion::Fear,
        5 => Emotion::Joy,
        6 => Emotion::Sadness,
        7 => Emotion::Surprise,
        _ => Emotion::Others,
    }
}

/// SMS marked as spam or not, English.
///
/// # Errors
/// The file is missing.
pub fn sms_samples(path: &Path, weight: f32) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for line in read_text(path)?.lines().skip(1) {
        let Some((label, rest)) = line.split_once(',') else { continue };
        let text = rest.trim_end_matches(',').trim_matches('"').replace("\"\"", "\"");
        let sample = Sample::of(&text, Lang::EN);
        samples.push(match label {
            // Prizes and premium numbers: unasked, and most of it a fraud.
            "spam" => sample.with(Value::Intent(Intent::Spam, true), weight),
            "ham" => sample
                .with(Value::Intent(Intent::Spam, false), weight)
                .with(Value::Intent(Intent::Scam, false), weight),
            _ => continue,
        });
    }
    Ok(samples)
}

/// The posts of the scam set: text and whether it is a scam.
///
/// # Errors
/// A file is missing or a line is not JSON.
pub fn read_scam_posts(folder: &Path) -> Result<Vec<(String, bool)>> {
    let labels = read_text(&folder.join("labels_dev.tsv"))?;
    let scams: std::collections::HashMap<&str, bool> = labels
        .lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            Some((*columns.get(1)?, *columns.get(2)? == "1"))
        })
        .collect();
    let mut posts = Vec::new();
    for line in read_text(&folder.join("posts_dev.jsonl.zst"))?.lines() {
        let post: serde_json::Value = serde_json::from_str(line)?;
        let (Some(id), Some(text)) =
            (post.get("id").and_then(|id| id.as_str()), post.get("text").and_then(|t| t.as_str()))
        else {
            continue;
        };
        if let Some(scam) = scams.get(id) {
            posts.push((text.to_owned(), *scam));
        }
    }
    Ok(posts)
}

/// First lane of an intent.
pub fn intent_lane(intent: Intent) -> usize {
    Head::Intent.lanes().start + intent as usize
}
