//! Trains the text models that `analysis::understanding` ships.
//!
//! In: the project's own posts and the sets beside the repository whose
//! licences let a model that ships be trained on them. Out:
//! `models/understanding-{es,pt,en}.bin`, the same bytes from the same files
//! on the same platform.
//! Errors: an [`anyhow::Error`] that names the file.
//! Cost: about 75 s of one core in release; folds run side by side.
//! Source: `learner.rs`, `calibrate.rs`; card in `docs/models/understanding.md`.

pub mod calibrate;
pub mod learner;
pub mod samples;

use analysis::understanding::heads::{Head, LANES, TONES};
use analysis::understanding::probabilities;
use analysis::understanding::table::{Calibration, MAGIC, ROWS_MAX};
use anyhow::{Context, Result, ensure};
use calibrate::{Held, apply, best_limit, calibrate, expected_error};
use learner::{Learned, Row, Settings};
use model::Lang;
use model::understanding::Intent;
use samples::{Post, Sample, intent_lane, read_posts, read_scam_posts, sms_samples, xed_samples};
use std::collections::BTreeMap;
use std::path::Path;

/// Parts of the cross-validation.
pub const FOLDS: usize = 5;
/// Features that ship per language: 36 bytes each.
const ROWS: usize = 90_000;
/// How much a post of another language counts: signs, links, names and many
/// words are shared.
const OTHER_LANGUAGE_WEIGHT: f32 = 0.4;
/// How much an emotion of a subtitle line counts.
const SUBTITLE_WEIGHT: f32 = 0.3;
/// How much an SMS counts.
const SMS_WEIGHT: f32 = 0.2;
/// How much a post of the scam set counts.
const SCAM_POST_WEIGHT: f32 = 0.3;
/// Most that a rare tone counts for more.
const TONE_WEIGHT_MAX: f32 = 1.6;
/// Least probability of a choice, per head, below which the method abstains.
const CHOICE_LIMITS: [(Head, f32); 3] = [(Head::Tone, 0.4), (Head::Offence, 0.45), (Head::Emotion, 0.5)];
/// How much the tone lexicon counts beside what was learned: the more, the
/// fewer own posts a language has. Chosen among 0 to 2.7 on the development
/// parts of UMSAB, where own posts alone would choose less.
fn trust_of(language: Lang) -> f32 {
    if language == Lang::ES { 1.0 } else { 5.0 / 3.0 }
}

/// Where the figures of the posts that were left out go, beside the models.
const HELD_OUT: &str = "understanding-held-out.tsv";
/// Share of weights of a lane that fit the eight bits; the rest is clipped.
const UNCLIPPED_SHARE: f64 = 0.9995;

/// How the shipped models are learned: found by cross-validation on the own posts.
pub fn settings() -> Settings {
    let mut lanes = [1.0; LANES];
    for (head, pace) in
        [(Head::Intent, 4.0), (Head::Offence, 4.0), (Head::Emotion, 2.0), (Head::Urgency, 2.0)]
    {
        head.lanes().for_each(|lane| lanes[lane] = pace);
    }
    Settings { paces: [1.0, 1.0, 0.7, 8.0, 8.0], lanes, ..Settings::default() }
}

/// Everything that one language is trained on.
pub struct Material {
    /// The own posts of the language.
    pub own: Vec<Sample>,
    /// Everything else.
    pub outside: Vec<Sample>,
    /// How much the tone lexicon counts.
    pub trust: f32,
}

impl Material {
    /// Reads it.
    ///
    /// # Errors
    /// A set is missing or unreadable.
    pub fn read(posts: &[Post], data: &Path, language: Lang) -> Result<Self> {
        let mut own: Vec<Sample> =
            posts.iter().filter(|post| post.language == language).map(Post::sample).collect();
        ensure!(!own.is_empty(), "no own posts in {language}");
        even_out(&mut own);
        let mut outside: Vec<Sample> = posts
            .iter()
            .filter(|post| post.language != language)
            .map(|post| {
                let mut sample = Post { language, ..post.clone() }.sample();
                sample.weight.iter_mut().for_each(|weight| *weight *= OTHER_LANGUAGE_WEIGHT);
                sample
            })
            .collect();
        outside.extend(xed_samples(&data.join("emotion_xed"), language, SUBTITLE_WEIGHT)?);
        if language == Lang::EN {
            outside.extend(sms_samples(&data.join("sms_spam/SMSSpamCollection.csv.zst"), SMS_WEIGHT)?);
            outside.extend(read_scam_posts(&data.join("scam_posts"))?.into_iter().map(|(text, scam)| {
                let value = analysis::understanding::heads::Value::Intent(Intent::Scam, scam);
                Sample::of(&text, Lang::EN).with(value, SCAM_POST_WEIGHT)
            }));
        }
        Ok(Self { own, outside, trust: trust_of(language) })
    }

    /// Log-odds of every own post by a model that did not see it, with what
    /// the lexicon says.
    pub fn held_out(&self, settings: Settings) -> Vec<Held<'_>> {
        let one = &|fold: usize| {
            let seen: Vec<&Sample> = self
                .own
                .iter()
                .enumerate()
                .filter(|(at, _)| at % FOLDS != fold)
                .map(|(_, sample)| sample)
                .chain(&self.outside)
                .collect();
            let learned = Learned::of(&seen, settings);
            let left_out = self.own.iter().enumerate().filter(|(at, _)| at % FOLDS == fold);
            left_out
                .map(|(at, sample)| {
                    let mut logits = learned.logits(sample);
                    logits.iter_mut().zip(sample.prior).for_each(|(logit, said)| *logit += said * self.trust);
                    (at, Held { logits, sample })
                })
                .collect::<Vec<_>>()
        };
        // Folds know nothing of each other: the same numbers on any number of threads.
        let mut held: Vec<(usize, Held<'_>)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..FOLDS).map(|fold| scope.spawn(move || one(fold))).collect();
            // `train_text` refuses to go on when a fold is missing.
            workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect()
        });
        held.sort_unstable_by_key(|(at, _)| *at);
        held.into_iter().map(|(_, held)| held).collect()
    }
}

/// Weighs tones so that negative, neutral and positive posts count alike:
/// nobody knows how often each comes in a user's stream.
fn even_out(own: &mut [Sample]) {
    let mut counts = [0.0_f32; TONES.len()];
    for sample in own.iter() {
        counts.iter_mut().zip(sample.truth).for_each(|(count, truth)| *count += truth);
    }
    let even = counts.iter().take(3).sum::<f32>() / 3.0;
    for sample in own {
        let tone = sample.truth.iter().take(TONES.len()).position(|truth| *truth > 0.0).unwrap_or(0);
        let more = (even / counts[tone].max(1.0)).min(TONE_WEIGHT_MAX);
        Head::Tone.lanes().for_each(|lane| sample.weight[lane] *= more);
    }
}

/// Trains every language's table and writes the models.
///
/// # Errors
/// A set is missing or unreadable, or a model cannot be written.
pub fn train_text(corpus: &Path, data: &Path, models: &Path) -> Result<()> {
    let posts = read_posts(corpus)?;
    let mut errors = "language\thead\tposts\texpected calibration error\n".to_owned();
    for language in [Lang::ES, Lang::PT, Lang::EN] {
        let material = Material::read(&posts, data, language)?;
        let held = material.held_out(settings());
        ensure!(held.len() == material.own.len(), "a fold of the cross-validation broke");
        let calibrations = calibrate(&held);
        let limits = limits_of(&held, &calibrations);
        let all: Vec<&Sample> = material.own.iter().chain(&material.outside).collect();
        let learned = Learned::of(&all, settings());
        let bytes = table_bytes(&learned, material.trust, &calibrations, &limits)?;
        let out = models.join(format!("understanding-{language}.bin"));
        std::fs::write(&out, &bytes).with_context(|| format!("writing {}", out.display()))?;
        println!(
            "{language}: {} own posts, {} others, {} features found, {} bytes",
            material.own.len(),
            material.outside.len(),
            learned.len(),
            bytes.len()
        );
        let own: Vec<&Post> = posts.iter().filter(|post| post.language == language).collect();
        print_countries(&own, &held, &calibrations);
        for head in Head::ALL {
            let (name, error) = (head.name(), expected_error(&held, head));
            println!("  {name}: expected calibration error {error:.3}");
            errors.push_str(&format!("{language}\t{name}\t{}\t{error:.4}\n", held.len()));
        }
    }
    std::fs::write(models.join(HELD_OUT), errors).with_context(|| HELD_OUT.to_owned())
}

/// Fewest posts of a country for a figure of its own.
const COUNTRY_POSTS_MIN: usize = 40;

/// Prints, per country, how often the tone of held-out posts is right and how
/// often a harmless post is taken for an offence against somebody.
fn print_countries(posts: &[&Post], held: &[Held<'_>], calibrations: &[Calibration]) {
    let mut countries: BTreeMap<&str, [f32; 4]> = BTreeMap::new();
    for (post, held) in posts.iter().zip(held) {
        let likely = probabilities(apply(calibrations, &held.logits));
        let best = |head: Head| {
            let lanes = head.lanes();
            lanes.max_by(|a, b| likely[*a].total_cmp(&likely[*b])).unwrap_or(0)
        };
        let offence = Head::Offence.lanes().start;
        let counts = countries.entry(post.country.as_str()).or_default();
        counts[0] += 1.0;
        counts[1] += held.sample.truth[best(Head::Tone)];
        if held.sample.truth[offence] > 0.0 {
            counts[2] += 1.0;
            // Person and group come after none and swearing.
            counts[3] += f32::from(u8::from(best(Head::Offence) >= offence + 2));
        }
    }
    for (country, [all, right, harmless, taken]) in countries {
        if all as usize >= COUNTRY_POSTS_MIN {
            let (right, taken) = (100.0 * right / all, 100.0 * taken / f32::max(harmless, 1.0));
            println!(
                "  {country}: {all} posts, tone right {right:.0} %, harmless taken for offence {taken:.1} %"
            );
        }
    }
}

/// From which probability each lane is given.
fn limits_of(held: &[Held<'_>], calibrations: &[Calibration]) -> Row {
    let mut limits = [0.5; LANES];
    for intent in Intent::ALL {
        let lane = intent_lane(intent);
        limits[lane] = best_limit(held, calibrations, lane);
    }
    for (head, limit) in CHOICE_LIMITS {
        head.lanes().for_each(|lane| limits[lane] = limit);
    }
    limits
}

/// A model as `Table::parse` reads it.
fn table_bytes(learned: &Learned, trust: f32, calibrations: &[Calibration], limits: &Row) -> Result<Vec<u8>> {
    let rows = learned.strongest(ROWS.min(ROWS_MAX));
    let mut scales = [1.0_f32; LANES];
    for (lane, scale) in scales.iter_mut().enumerate() {
        let mut sizes: Vec<f32> =
            rows.iter().map(|(_, row)| row[lane].abs()).filter(|size| *size > 0.0).collect();
        sizes.sort_unstable_by(f32::total_cmp);
        if let Some(top) = sizes.get((sizes.len() as f64 * UNCLIPPED_SHARE) as usize) {
            *scale = top / 127.0;
        }
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend(u32::try_from(rows.len())?.to_le_bytes());
    bytes.extend(trust.to_le_bytes());
    let slopes: Vec<f32> = calibrations.iter().map(|fitted| fitted.slope).collect();
    let offsets: Vec<f32> = calibrations.iter().map(|fitted| fitted.offset).collect();
    for lanes in [&scales[..], &learned.biases[..], &slopes, &offsets, &limits[..]] {
        bytes.extend(lanes.iter().flat_map(|number| number.to_le_bytes()));
    }
    bytes.extend(rows.iter().flat_map(|(key, _)| key.to_le_bytes()));
    for (_, row) in &rows {
        // Clamped to a byte.
        let steps = row.iter().zip(scales).map(|(w, scale)| (w / scale).round().clamp(-127.0, 127.0) as i8);
        bytes.extend(steps.map(i8::cast_unsigned));
    }
    Ok(bytes)
}
