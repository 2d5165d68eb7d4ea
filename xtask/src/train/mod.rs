//! Trains the language model that `analysis::language` ships.
//!
//! In: a folder of unpacked packages (see `docs/models/language.md`). Out:
//! `language.bin`, the same bytes from the same folder on the same platform.
//! Errors: an [`anyhow::Error`] that names the file.
//! Cost: about one minute of one core in release, 400 MiB.
//! Source: multinomial logistic regression by AdaGrad (Duchi et al. 2011).
//! Limits: 32 languages per script.

mod corpora;
mod linear;
pub mod text;

use analysis::language::features::each_feature;
use analysis::language::letters::{Script, read_letters};
use analysis::language::weights::{LANES, MAGIC};
use anyhow::{Context, Result, ensure};
use corpora::Corpus;
use linear::Linear;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Words of the register of posts, written for this project.
const REGISTER: &str = include_str!("register.tsv");
/// Words that posts of every language hold and that must weigh for none.
const NEUTRAL: &str = "lol xd ok haha hahaha twitter facebook youtube video live follow blog google \
    iphone apple app online web mail wifi photo foto selfie top show star news radio tv pop rock dj \
    music festival party love wow jaja yes no please thanks sorry fuck shit omg madrid barcelona \
    paris london berlin amsterdam roma new york real messi obama justin bieber lady gaga one \
    direction harry john maria david laura";
/// Seeds of the three passes over made samples.
const SEEDS: [u64; 3] = [7, 11, 13];
/// A feature seen less often than this in the counting pass is dropped.
const MIN_SEEN: u32 = 6;
/// Features kept for the first training.
const MAX_CANDIDATES: usize = 300_000;
/// Share of weights that fit the eight bits; the rest is clipped.
const UNCLIPPED_SHARE: f64 = 0.9999;

/// The languages of one script.
struct Group {
    script: Script,
    languages: &'static [&'static str],
    /// Features that ship.
    rows: usize,
    /// Made samples per training pass.
    samples: usize,
}

const GROUPS: [Group; 4] = [
    Group {
        script: Script::Latin,
        languages: &[
            "es", "en", "pt", "fr", "de", "it", "nl", "ca", "gl", "eu", "ro", "pl", "sv", "da", "no", "fi",
            "cs", "sk", "hu", "tr", "id", "vi", "hr", "sl", "lt", "lv", "et", "sq", "tl", "is", "sw", "cy",
        ],
        rows: 38_000,
        samples: 1_000_000,
    },
    Group {
        script: Script::Cyrillic,
        languages: &["ru", "uk", "be", "bg", "mk", "sr"],
        rows: 3_000,
        samples: 150_000,
    },
    Group { script: Script::Arabic, languages: &["ar", "fa", "ur"], rows: 1_500, samples: 60_000 },
    Group { script: Script::Devanagari, languages: &["hi", "mr"], rows: 800, samples: 30_000 },
];

/// How often a language is drawn: about how much it matters to those who
/// listen to Spanish-speaking markets.
fn share_of(language: &str) -> u16 {
    match language {
        "es" => 10,
        "en" => 9,
        "pt" => 7,
        "fr" | "de" | "it" | "nl" => 6,
        "ca" | "gl" => 3,
        "eu" => 2,
        _ => 1,
    }
}

/// Trains every script's table and writes the model.
///
/// # Errors
/// A package of `root` is missing or unreadable, or `out` cannot be written.
pub fn train_language(root: &Path, out: &Path) -> Result<()> {
    let mut bytes = MAGIC.to_vec();
    for group in &GROUPS {
        let pools = read_pools(root, group)?;
        let trained = train_group(group, &pools);
        print_held_out(group, &pools, &trained);
        write_table(group, &trained, &mut bytes)?;
    }
    std::fs::write(out, &bytes).with_context(|| format!("writing {}", out.display()))?;
    println!("{} bytes in {}", bytes.len(), out.display());
    Ok(())
}

/// One language's text, ready to draw from.
struct Pool {
    sentences: Vec<Vec<String>>,
    held_out: Vec<Vec<String>>,
    words: Vec<String>,
    /// Running sums of the words' chances.
    cumulative: Vec<f64>,
    stopwords: Vec<String>,
    register: Vec<String>,
}

/// One sentence in this many is kept out of training.
const HELD_OUT_EVERY: usize = 20;
/// Flattens the chances of words, so that rare words are learned too.
const WORD_POWER: f64 = 0.7;

fn read_pools(root: &Path, group: &Group) -> Result<Vec<Pool>> {
    let mut corpora = corpora::read(root, REGISTER, group.languages)?;
    let mut pools = Vec::new();
    for language in group.languages {
        let corpus = corpora.remove(*language).with_context(|| format!("no text of {language}"))?;
        ensure!(!corpus.words.is_empty(), "no words of {language}");
        pools.push(pool_of(corpus));
    }
    Ok(pools)
}

fn pool_of(corpus: Corpus) -> Pool {
    let mut sentences = Vec::new();
    let mut held_out = Vec::new();
    for (place, sentence) in corpus.sentences.iter().enumerate() {
        let words: Vec<String> = sentence.split_whitespace().map(str::to_owned).collect();
        if place % HELD_OUT_EVERY == 7 { held_out.push(words) } else { sentences.push(words) }
    }
    let mut sum = 0.0;
    let mut cumulative = Vec::new();
    for (_, chance) in &corpus.words {
        sum += chance.powf(WORD_POWER);
        cumulative.push(sum);
    }
    let words = corpus.words.into_iter().map(|(word, _)| word).collect();
    Pool { sentences, held_out, words, cumulative, stopwords: corpus.stopwords, register: corpus.register }
}

/// SplitMix64 (Steele et al. 2014): small, seeded, the same everywhere.
pub struct Chance(pub u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to below 1.
    fn unit(&mut self) -> f64 {
        // 53 bits are exact in f64.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 0 to below `end`; 0 for 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    fn pick<'a>(&mut self, words: &'a [String]) -> &'a str {
        words.get(self.below(words.len())).map_or("", String::as_str)
    }
}

/// A made post: a piece of a sentence, or words drawn by their chances, with
/// some words of the register, some that belong to no language, and sometimes
/// without accents.
fn draw_post(chance: &mut Chance, pool: &Pool, neutral: &[String], latin: bool) -> String {
    let from_sentence = chance.unit() < 0.55;
    let length = 2 + chance.below(14);
    let mut words: Vec<String> = match pool.sentences.get(chance.below(pool.sentences.len())) {
        Some(sentence) if from_sentence => {
            let start = chance.below(sentence.len().saturating_sub(length) + 1);
            sentence.iter().skip(start).take(length).cloned().collect()
        }
        _ => (0..length).map(|_| draw_word(chance, pool).to_owned()).collect(),
    };
    if latin && chance.unit() < 0.3 && !pool.register.is_empty() {
        words.insert(chance.below(words.len() + 1), chance.pick(&pool.register).to_owned());
    }
    if latin && chance.unit() < 0.3 {
        for _ in 0..=chance.below(3) {
            words.insert(chance.below(words.len() + 1), chance.pick(neutral).to_owned());
        }
    }
    let text = words.join(" ");
    if latin && chance.unit() < 0.15 { text.chars().map(without_accent).collect() } else { text }
}

fn draw_word<'a>(chance: &mut Chance, pool: &'a Pool) -> &'a str {
    let kind = chance.unit();
    if kind < 0.12 && !pool.stopwords.is_empty() {
        return chance.pick(&pool.stopwords);
    }
    if kind < 0.25 && !pool.register.is_empty() {
        return chance.pick(&pool.register);
    }
    let point = chance.unit() * pool.cumulative.last().copied().unwrap_or(0.0);
    let place = pool.cumulative.partition_point(|&sum| sum < point);
    pool.words.get(place.min(pool.words.len() - 1)).map_or("", String::as_str)
}

fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        other => other,
    }
}

fn read_keys(text: &str, script: Script, keys: &mut Vec<u32>) {
    keys.clear();
    for word in read_letters(text, false).padded_words(script) {
        each_feature(word, |feature| keys.push(feature.key));
    }
}

/// Gives `samples` made posts, as language and feature keys, to `learn`.
fn each_sample(
    group: &Group,
    pools: &[Pool],
    seed: u64,
    samples: usize,
    mut learn: impl FnMut(usize, usize, &[u32]),
) {
    let neutral: Vec<String> = NEUTRAL.split_whitespace().map(str::to_owned).collect();
    let order: Vec<usize> = group
        .languages
        .iter()
        .enumerate()
        .flat_map(|(lane, language)| vec![lane; usize::from(share_of(language))])
        .collect();
    let latin = group.script == Script::Latin;
    let mut chance = Chance(seed);
    let mut keys = Vec::new();
    for step in 0..samples {
        let lane = order.get(chance.below(order.len())).copied().unwrap_or(0);
        let Some(pool) = pools.get(lane) else { continue };
        read_keys(&draw_post(&mut chance, pool, &neutral, latin), group.script, &mut keys);
        learn(step, lane, &keys);
    }
}

fn train_group(group: &Group, pools: &[Pool]) -> Linear {
    let [count_seed, first_seed, second_seed] = SEEDS;
    let mut seen: HashMap<u32, u32> = HashMap::new();
    each_sample(group, pools, count_seed, group.samples / 2, |_, _, keys| {
        for key in keys {
            *seen.entry(*key).or_default() += 1;
        }
    });
    let mut candidates: Vec<(u32, u32)> = seen.into_iter().filter(|&(_, times)| times >= MIN_SEEN).collect();
    candidates.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    candidates.truncate(MAX_CANDIDATES);

    let mut wide = Linear::new(candidates.iter().map(|&(key, _)| key), group.languages.len());
    each_sample(group, pools, first_seed, group.samples, |step, lane, keys| {
        wide.learn(keys, lane, step as f32 / group.samples as f32);
    });
    let shares: Vec<f32> = group.languages.iter().map(|language| f32::from(share_of(language))).collect();
    let mut ranked: Vec<(f32, u32)> = candidates
        .iter()
        .map(|&(key, times)| ((times as f32).sqrt() * wide.spread(key, &shares), key))
        .collect();
    ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(group.rows);

    // The commonest first: rows that are read together lie together.
    let kept: HashSet<u32> = ranked.iter().map(|&(_, key)| key).collect();
    let mut narrow = wide.narrowed(candidates.iter().map(|&(key, _)| key).filter(|key| kept.contains(key)));
    each_sample(group, pools, second_seed, group.samples, |step, lane, keys| {
        narrow.learn(keys, lane, step as f32 / group.samples as f32);
    });
    narrow
}

fn print_held_out(group: &Group, pools: &[Pool], trained: &Linear) {
    let mut keys = Vec::new();
    for (lane, (language, pool)) in group.languages.iter().zip(pools).enumerate() {
        let (mut right, mut all) = (0_u32, 0_u32);
        for sentence in &pool.held_out {
            read_keys(&sentence.join(" "), group.script, &mut keys);
            if let Some(guess) = trained.guess(&keys) {
                all += 1;
                right += u32::from(guess == lane);
            }
        }
        println!("{language}: {right} of {all} held-out sentences right");
    }
}

/// Appends a table: script, languages, rows, scale, codes, biases, keys, weights.
fn write_table(group: &Group, trained: &Linear, bytes: &mut Vec<u8>) -> Result<()> {
    let lanes = group.languages.len();
    ensure!(lanes <= LANES, "more than {LANES} languages in one script");
    let rows = trained.ordered_rows();
    let mut sizes: Vec<f32> =
        rows.iter().flat_map(|(_, row)| row.iter().take(lanes).map(|w| w.abs())).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let top =
        sizes.get((sizes.len() as f64 * UNCLIPPED_SHARE) as usize - 1).copied().context("no weights")?;
    let scale = top / 127.0;
    bytes.extend([group.script as u8, u8::try_from(lanes)?]);
    bytes.extend(u32::try_from(rows.len())?.to_le_bytes());
    bytes.extend(scale.to_le_bytes());
    bytes.extend(group.languages.iter().flat_map(|language| language.bytes()));
    bytes.extend(trained.biases().iter().take(lanes).flat_map(|bias| bias.to_le_bytes()));
    bytes.extend(rows.iter().flat_map(|(key, _)| key.to_le_bytes()));
    for (_, row) in &rows {
        // Clamped to a byte; places beyond the last language pad the row to eight.
        let steps = row.iter().take(lanes).map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8);
        bytes.extend(steps.map(i8::cast_unsigned));
        bytes.extend(std::iter::repeat_n(0, lanes.next_multiple_of(8) - lanes));
    }
    Ok(())
}
