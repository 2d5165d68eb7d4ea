//! How many edited posts are known again as copies, and how many different
//! posts are taken for copies.
//!
//! In: 3,030 Spanish posts from the labelled sets beside the repository
//! (UMSAB, then EmoEvent), each changed at random 1, 2, 3 and 5 times, in five
//! rounds (emoji,
//! address or mention put in; word dropped, exchanged with its neighbour,
//! replaced or appended; letter put in), and every pair of different posts.
//! The sets hold some copies: a post with a resemblance of 0.6 or more to an
//! earlier one is left out first (eight such pairs were read; all are copies
//! or one text filled in anew).
//! Out: rows for the table of `cargo xtask eval`. Beside the method as it
//! ships, index included, stand the resemblance that it estimates, SimHash of
//! 64 bits (Manku, Jain & Das Sarma 2007) and the same normalised text.
//! Intervals are Wilson's at 95 %. Cost: about half a minute.

use super::Line;
use analysis::copies::{
    Copies, JOIN_SIMILARITY_MIN, Placement, Signature, normalised, signature, similarity,
};
use anyhow::{Context, Result};
use sim::Random;
use std::collections::HashSet;
use std::path::Path;

/// Posts that are judged.
const POSTS: usize = 3_030;
/// Numbers of changes.
const CHANGES: [usize; 4] = [1, 2, 3, 5];
/// Times that each post is changed so.
const ROUNDS: usize = 5;
/// Shortest post that is changed, normalised characters.
const CHARS_MIN: usize = 15;
/// The resemblance of the yardstick.
const RESEMBLANCE_MIN: f64 = 0.4;
/// From this resemblance on, two posts of the sets are copies.
const COPY_RESEMBLANCE_MIN: f64 = 0.6;
const SEED: u64 = 7;

/// A text as the methods see it.
struct Seen {
    signature: Option<Signature>,
    /// Sorted hashes of its pieces of four letters.
    pieces: Vec<u64>,
    simhash: u64,
    plain: String,
}

impl Seen {
    fn of(text: &str) -> Self {
        let plain = normalised(text);
        let letters: Vec<u64> = plain.chars().map(|c| u64::from(u32::from(c))).collect();
        let mut pieces: Vec<u64> = letters
            .windows(4)
            .map(|run| Random::new(run.iter().fold(0, |sum: u64, letter| sum << 16 ^ letter)).next())
            .collect();
        pieces.sort_unstable();
        pieces.dedup();
        Self { signature: signature(text), simhash: simhash(&pieces), pieces, plain }
    }
}

/// Sixty-four votes of all pieces.
pub fn simhash(pieces: &[u64]) -> u64 {
    (0..64).fold(0, |hash, bit| {
        let votes = pieces.iter().filter(|piece| *piece >> bit & 1 == 1).count();
        hash | u64::from(2 * votes > pieces.len()) << bit
    })
}

fn resemblance(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while let (Some(one), Some(other)) = (a.get(i), b.get(j)) {
        common += usize::from(one == other);
        i += usize::from(one <= other);
        j += usize::from(other <= one);
    }
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

/// A way to say that two texts are copies of one another.
type Says = fn(&Seen, &Seen) -> bool;

const METHODS: [(&str, Says); 5] = [
    ("Atalaya, signatures", |a, b| match (&a.signature, &b.signature) {
        (Some(a), Some(b)) => similarity(a, b) >= JOIN_SIMILARITY_MIN,
        _ => false,
    }),
    ("exact resemblance ≥ 0.4, all pairs", |a, b| resemblance(&a.pieces, &b.pieces) >= RESEMBLANCE_MIN),
    ("SimHash, 64 bits, 3 or fewer", |a, b| (a.simhash ^ b.simhash).count_ones() <= 3),
    ("SimHash, 64 bits, 10 or fewer", |a, b| (a.simhash ^ b.simhash).count_ones() <= 10),
    ("the same normalised text", |a, b| a.plain == b.plain),
];

/// The rows, and what was skipped because it is not at hand.
///
/// # Errors
/// When a set that is there cannot be read.
pub fn evaluate(root: &Path) -> Result<(Vec<Line>, Vec<String>)> {
    let posts = read_posts(&root.join("../shared/data"))?;
    if posts.len() < POSTS {
        return Ok((
            Vec::new(),
            vec!["near-copies: the Spanish posts of UMSAB and EmoEvent are not there".to_owned()],
        ));
    }
    let seen: Vec<Seen> = posts.iter().map(|text| Seen::of(text)).collect();
    let changed: Vec<(usize, Vec<Seen>)> = changed_posts(&posts)
        .into_iter()
        .map(|(changes, texts)| (changes, texts.iter().map(|text| Seen::of(text)).collect()))
        .collect();
    let mut rows = Vec::new();
    for (changes, texts) in &changed {
        let found = texts.chunks(posts.len()).map(|round| recall_of_index(&seen, round)).sum();
        rows.push(row("Atalaya, index and signatures", recall_of(*changes), found, texts.len()));
    }
    for (method, says) in METHODS {
        for (changes, texts) in &changed {
            let found = seen.iter().cycle().zip(texts).filter(|(one, other)| says(one, other)).count();
            rows.push(row(method, recall_of(*changes), found, texts.len()));
        }
        let (mut wrong, mut pairs) = (0, 0);
        for (at, one) in seen.iter().enumerate() {
            let later = seen.get(at + 1..).unwrap_or_default();
            wrong += later.iter().filter(|other| says(one, other)).count();
            pairs += later.len();
        }
        rows.push(row(method, "pairs of different posts taken for copies".to_owned(), wrong, pairs));
    }
    Ok((rows, Vec::new()))
}

fn recall_of(changes: usize) -> String {
    format!("recall after {changes} {}", if changes == 1 { "change" } else { "changes" })
}

/// Changed posts that join the cascade of the post they come of, or whose
/// nearest post is that one.
fn recall_of_index(seen: &[Seen], changed: &[Seen]) -> usize {
    let mut copies = Copies::new(seen.len() + changed.len());
    // Ordinals of a few thousand posts.
    let mut place =
        |id: usize, one: &Seen| one.signature.as_ref().map(|signature| copies.place(id as i64, signature));
    let first: Vec<Option<Placement>> = seen.iter().enumerate().map(|(id, one)| place(id, one)).collect();
    let found = changed.iter().zip(first).enumerate().filter(|(at, (one, first))| {
        let (Some(placed), Some(first)) = (place(seen.len() + at, one), first) else { return false };
        placed.cascade == first.cascade || placed.nearest.is_some_and(|(id, _)| id == *at as i64)
    });
    found.count()
}

fn row(method: &'static str, measure: String, found: usize, n: usize) -> Line {
    let (value, count) = (found as f64 / n as f64, n as f64);
    // Wilson 1927, 95 %.
    let z = 1.96_f64;
    let middle = (value + z * z / (2.0 * count)) / (1.0 + z * z / count);
    let half =
        z / (1.0 + z * z / count) * (value * (1.0 - value) / count + z * z / (4.0 * count * count)).sqrt();
    Line {
        set: "3,030 Spanish posts, changed at random".to_owned(),
        method,
        measure,
        n,
        value,
        interval: ((middle - half).max(0.0), (middle + half).min(1.0)),
    }
}

/// Different posts that are long enough: those of UMSAB, then of EmoEvent.
fn read_posts(data: &Path) -> Result<Vec<String>> {
    let (umsab, emotions) = (data.join("sentiment_umsab/spanish"), data.join("emoevent/es_train.tsv.zst"));
    if !umsab.exists() || !emotions.exists() {
        return Ok(Vec::new());
    }
    let mut all = String::new();
    for part in ["train_text.txt", "val_text.txt"] {
        all.push_str(std::fs::read_to_string(umsab.join(part))?.trim_end());
        all.push('\n');
    }
    let table = zstd::decode_all(std::fs::File::open(&emotions)?).context("emoevent")?;
    for line in String::from_utf8_lossy(&table).lines().skip(1) {
        all.push_str(line.split('\t').nth(2).unwrap_or_default());
        all.push('\n');
    }
    let mut known = HashSet::new();
    let mut kept: Vec<(String, Seen)> = Vec::new();
    for text in all.lines() {
        let seen = Seen::of(text);
        let is_long = seen.plain.chars().count() >= CHARS_MIN;
        if kept.len() == POSTS || !is_long || !known.insert(seen.plain.clone()) {
            continue;
        }
        let is_copy =
            |(_, other): &(String, Seen)| resemblance(&other.pieces, &seen.pieces) >= COPY_RESEMBLANCE_MIN;
        if !kept.iter().any(is_copy) {
            kept.push((text.to_owned(), seen));
        }
    }
    Ok(kept.into_iter().map(|(text, _)| text).collect())
}

fn changed_posts(posts: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut random = Random::new(SEED);
    let words: Vec<&str> = posts
        .iter()
        .flat_map(|text| text.split_whitespace())
        .filter(|word| !word.starts_with('@') && !word.starts_with("http"))
        .collect();
    let mut change = |text: &String, changes| change_text(text, changes, &words, &mut random);
    let mut rounds =
        |changes| (0..ROUNDS * posts.len()).map(|at| change(&posts[at % posts.len()], changes)).collect();
    CHANGES.map(|changes| (changes, rounds(changes))).into()
}

/// A text with so many random changes; new words come from `words`.
pub fn change_text(text: &str, changes: usize, words: &[&str], random: &mut Random) -> String {
    let mut list: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    for _ in 0..changes {
        let at = random.below(list.len().max(1) as u64) as usize;
        let gap = random.below(list.len() as u64 + 1) as usize;
        match random.below(6) {
            0 => list.insert(gap, (*random.pick(&["😂", "https://t.co/AbC123", "@alguien"])).to_owned()),
            1 if list.len() > 1 => drop(list.remove(at)),
            2 if at + 1 < list.len() => list.swap(at, at + 1),
            3 if !list.is_empty() => list[at] = (*random.pick(words)).to_owned(),
            4 if !list.is_empty() => {
                let letters = list[at].chars().count() as u64;
                let after = random.below(letters + 1) as usize;
                let byte = list[at].char_indices().nth(after).map_or(list[at].len(), |(byte, _)| byte);
                list[at].insert(byte, char::from(b'a' + random.below(26) as u8));
            }
            _ => list.push((*random.pick(words)).to_owned()),
        }
    }
    list.join(" ")
}
