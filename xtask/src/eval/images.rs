//! How many changed pictures are known again, and how many strangers are taken
//! for each other.
//!
//! In: 500 generated pictures (`images/pictures.rs`) and, where they are
//! at hand, free photographs in [`PHOTOGRAPHS`]; each changed in 20 ways
//! (`images/changes.rs`). Out: rows for the table of `cargo xtask eval`.
//! Beside the method as it ships stand its hash alone, the difference hash of
//! 64 bits and the comparison of bytes. Intervals are Wilson's at 95 %.
//! Cost: about two minutes of two cores.

pub mod changes;
pub mod pictures;

use super::Line;
use analysis::images::{Index, Picture, Variant};
use anyhow::Result;
use changes::{CHANGES, jpeg};
use image::imageops::{self, FilterType};
use image::{RgbImage, load_from_memory};
use pictures::PER_KIND;
use std::collections::BTreeSet;
use std::path::Path;

/// Where photographs are looked for, below the repository. They are never
/// committed; `docs/manual/imagenes.md` says how to fetch some.
pub const PHOTOGRAPHS: &str = "target/eval/photographs";
/// Most photographs that are judged.
const PHOTOGRAPHS_MAX: usize = 500;
/// Longest side at which a photograph is judged, pixels.
const PHOTOGRAPH_SIDE: u32 = 800;
/// Shortest side of a photograph that is judged, pixels.
const PHOTOGRAPH_SIDE_MIN: u32 = 128;
/// Quality of the original's JPEG.
const ORIGINAL_QUALITY: u8 = 92;
/// Largest distance of two difference hashes of the same picture, as is usual.
const DIFFERENCE_MAX: u32 = 8;
/// The methods: as it ships with what it calls sure, with what it calls likely
/// too, and the peers.
const METHODS: [&str; 5] = [
    "Atalaya, sure (31 bits or fewer)",
    "Atalaya, sure or likely (44 bits or fewer)",
    "Atalaya, its hash alone (31 bits or fewer)",
    "difference hash, 64 bits (8 or fewer)",
    "the same bytes",
];

/// The rows of all sets, and what was skipped because it is not at hand.
///
/// # Errors
/// When a picture cannot be read or encoded.
pub fn evaluate(root: &Path) -> Result<(Vec<Line>, Vec<String>)> {
    let mut skipped = Vec::new();
    let generated: Vec<RgbImage> = (0..5 * PER_KIND).map(pictures::picture).collect();
    let mut rows = judge("generated pictures (programs, no photographs)", &generated)?;
    let folder = root.join(PHOTOGRAPHS);
    let photographs = read_photographs(&folder)?;
    if photographs.is_empty() {
        skipped.push(format!("pictures: no photographs in {PHOTOGRAPHS}"));
    } else {
        rows.extend(judge("free photographs", &photographs)?);
    }
    Ok((rows, skipped))
}

fn read_photographs(folder: &Path) -> Result<Vec<RgbImage>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    paths.sort_by_key(std::fs::DirEntry::path);
    let mut photographs = Vec::new();
    for entry in paths.into_iter().take(PHOTOGRAPHS_MAX) {
        let bytes = std::fs::read(entry.path())?;
        let picture = match load_from_memory(&bytes) {
            Ok(picture) => picture.to_rgb8(),
            Err(error) => {
                println!("SKIPPED (counted): {}: {error}", entry.path().display());
                continue;
            }
        };
        let (longest, shortest) =
            (picture.width().max(picture.height()), picture.width().min(picture.height()));
        if shortest < PHOTOGRAPH_SIDE_MIN {
            println!("SKIPPED (counted): {}: too small", entry.path().display());
            continue;
        }
        photographs.push(if longest > PHOTOGRAPH_SIDE {
            let side = |length: u32| (length * PHOTOGRAPH_SIDE / longest).max(1);
            imageops::resize(&picture, side(picture.width()), side(picture.height()), FilterType::CatmullRom)
        } else {
            picture
        });
    }
    Ok(photographs)
}

/// What is kept of an original.
struct Original {
    bytes: Vec<u8>,
    difference: u64,
}

/// What one query found, per method: its own original or not, and how many strangers.
#[derive(Default, Clone, Copy)]
struct Outcome {
    own: [bool; METHODS.len()],
    strangers: [usize; METHODS.len()],
}

fn judge(set: &str, pictures: &[RgbImage]) -> Result<Vec<Line>> {
    let mut index = Index::default();
    let mut originals = Vec::new();
    let mut plain = 0;
    for (key, picture) in (0_u64..).zip(pictures) {
        let bytes = jpeg(picture, ORIGINAL_QUALITY)?;
        let fingerprint = Picture::decode(&bytes)?.fingerprint();
        if fingerprint.is_plain() {
            plain += 1;
        } else {
            index.insert(key, fingerprint.hash);
        }
        originals.push(Original { difference: difference_hash(&load_from_memory(&bytes)?.to_rgb8()), bytes });
    }
    let per_change = CHANGES
        .iter()
        .map(|change| {
            let query = |number: usize| -> Result<Outcome> {
                let bytes = change.apply(&pictures[number], number as u64)?;
                outcome(&bytes, number, &index, &originals)
            };
            in_parallel(pictures.len(), &query)
        })
        .collect::<Result<Vec<Vec<Outcome>>>>()?;
    let mut rows = Vec::new();
    let n = pictures.len();
    rows.push(row(set, METHODS[0], "too little detail for a hash".to_owned(), plain, n));
    for (change, outcomes) in CHANGES.iter().zip(&per_change) {
        for (at, method) in METHODS.iter().enumerate() {
            let found = outcomes.iter().filter(|outcome| outcome.own[at]).count();
            let aim = if change.aimed { " (aim 0.95)" } else { "" };
            rows.push(row(set, method, format!("recall, {}{aim}", change.name), found, n));
        }
    }
    let queries = n * CHANGES.len();
    for (at, method) in METHODS.iter().enumerate() {
        let false_pairs = per_change.iter().flatten().map(|outcome| outcome.strangers[at]).sum();
        rows.push(row(set, method, "false pairs (aim 1e-6)".to_owned(), false_pairs, queries * (n - 1)));
    }
    Ok(rows)
}

fn outcome(bytes: &[u8], number: usize, index: &Index, originals: &[Original]) -> Result<Outcome> {
    let picture = Picture::decode(bytes)?;
    let mut outcome = Outcome::default();
    let (mut sure, mut likely, mut as_it_is) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for query in picture.query_variants() {
        for hit in index.find(&query.hash) {
            likely.insert(hit.key);
            if hit.is_sure() {
                sure.insert(hit.key);
                if query.variant == Variant::Same {
                    as_it_is.insert(hit.key);
                }
            }
        }
    }
    for (method, found) in [sure, likely, as_it_is].into_iter().enumerate() {
        note(&mut outcome, method, number, found.into_iter());
    }
    let difference = difference_hash(&load_from_memory(bytes)?.to_rgb8());
    let near = |original: &Original| (original.difference ^ difference).count_ones() <= DIFFERENCE_MAX;
    note(&mut outcome, 3, number, keys_where(originals, near));
    note(&mut outcome, 4, number, keys_where(originals, |original| original.bytes == bytes));
    Ok(outcome)
}

fn keys_where(originals: &[Original], wanted: impl Fn(&Original) -> bool) -> impl Iterator<Item = u64> {
    (0_u64..).zip(originals).filter(move |(_, original)| wanted(original)).map(|(key, _)| key)
}

fn note(outcome: &mut Outcome, method: usize, number: usize, found: impl Iterator<Item = u64>) {
    for key in found {
        if key == number as u64 {
            outcome.own[method] = true;
        } else {
            outcome.strangers[method] += 1;
        }
    }
}

/// Answers for 0…n on as many threads as there are, in order.
fn in_parallel(n: usize, query: &(impl Fn(usize) -> Result<Outcome> + Sync)) -> Result<Vec<Outcome>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let share = n.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n)
            .step_by(share)
            .map(|from| {
                scope.spawn(move || (from..n.min(from + share)).map(query).collect::<Result<Vec<Outcome>>>())
            })
            .collect();
        let mut all = Vec::with_capacity(n);
        for worker in workers {
            let part = worker.join().map_err(|_| anyhow::anyhow!("a thread of the evaluation broke"))?;
            all.extend(part?);
        }
        Ok(all)
    })
}

/// Sixty-four bits: brighter than the neighbour at the right or not.
fn difference_hash(picture: &RgbImage) -> u64 {
    let small = imageops::grayscale(&imageops::resize(picture, 9, 8, FilterType::Triangle));
    let mut hash = 0;
    for y in 0..8 {
        for x in 0..8 {
            hash = hash << 1 | u64::from(small.get_pixel(x, y).0 > small.get_pixel(x + 1, y).0);
        }
    }
    hash
}

fn row(set: &str, method: &'static str, measure: String, count: usize, n: usize) -> Line {
    Line {
        set: set.to_owned(),
        method,
        measure,
        n,
        value: count as f64 / n.max(1) as f64,
        interval: wilson(count, n),
    }
}

/// The interval of a share (Wilson 1927), 95 %.
fn wilson(count: usize, n: usize) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let (n, share) = (n.max(1) as f64, count as f64 / n.max(1) as f64);
    let middle = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - half) / whole).max(0.0), ((middle + half) / whole).min(1.0))
}
