//! Pictures: decoding, hashing, and the index of hashes beside a linear search.
//!
//! In: generated pictures as JPEG and random hashes with planted neighbours.
//! Out: times per picture and per look-up, memory per hash.
//! Cost: one minute and 1.1 GB of memory.

use super::machine::{Clock, Used};
use super::table::{Table, grouped};
use crate::eval::images::{changes::jpeg, pictures};
use analysis::images::{DISTANCE_MAX, Index, Picture, PictureHash};
use anyhow::{Result, ensure};
use image::imageops::{self, FilterType};
use std::hint::black_box;

/// Sizes of the pictures, pixels.
const SIZES: [(u32, u32); 3] = [(400, 300), (1_200, 900), (4_000, 3_000)];
/// Pictures of a size.
const PICTURES: u64 = 20;
/// Times that each is read.
const ROUNDS: usize = 3;
/// Hashes in the index.
const HASHES: [u64; 2] = [1_000_000, 10_000_000];
/// Look-ups of the index.
const LOOK_UPS: u64 = 200;
/// Look-ups of the linear search, which is slower.
const LINEAR_LOOK_UPS: u64 = 20;
/// Bits in which a planted neighbour differs.
const PLANTED_BITS: usize = 24;

/// Measures pictures and look-ups.
///
/// # Errors
/// Without `/proc`, or when a planted neighbour is not found.
pub fn measure() -> Result<Table> {
    let mut rows = Vec::new();
    for (width, height) in SIZES {
        rows.extend(measure_pictures(width, height)?);
    }
    for hashes in HASHES {
        rows.extend(measure_index(hashes)?);
    }
    Ok(Table {
        name: "images".to_owned(),
        title: "pictures: one thread".to_owned(),
        columns: vec!["step", "per CPU second", "ms each", "note"],
        rows,
        notes: vec![
            "The pictures are generated and the hashes random: real ones crowd more in some words."
                .to_owned(),
        ],
    })
}

fn row(step: String, count: u64, used: Used, note: String) -> Vec<String> {
    let each = used.cpu_s / count as f64;
    vec![step, grouped(1.0 / each), format!("{:.4}", 1e3 * each), note]
}

fn measure_pictures(width: u32, height: u32) -> Result<Vec<Vec<String>>> {
    let files = (0..PICTURES)
        .map(|number| {
            jpeg(&imageops::resize(&pictures::picture(number), width, height, FilterType::Triangle), 85)
        })
        .collect::<Result<Vec<_>>>()?;
    let bytes = files.iter().map(Vec::len).sum::<usize>() / files.len();
    let size = format!("{width}×{height}");
    let count = PICTURES * ROUNDS as u64;
    let clock = Clock::start()?;
    for file in files.iter().cycle().take(files.len() * ROUNDS) {
        black_box(Picture::decode(file)?.fingerprint());
    }
    let hashed = clock.used()?;
    let decoded = files.iter().map(|file| Ok(Picture::decode(file)?)).collect::<Result<Vec<Picture>>>()?;
    let clock = Clock::start()?;
    let mut variants = 0;
    for picture in decoded.iter().cycle().take(decoded.len() * ROUNDS) {
        variants += black_box(picture.query_variants()).len();
    }
    let queried = clock.used()?;
    Ok(vec![
        row(format!("decoding and hashing, {size}"), count, hashed, format!("JPEG of {} KB", bytes / 1_000)),
        row(
            format!("variants of a query, {size}"),
            count,
            queried,
            format!("{:.0} hashes", variants as f64 / count as f64),
        ),
    ])
}

/// Random hashes (SplitMix64).
struct Hashes(u64);

impl Hashes {
    fn next(&mut self) -> PictureHash {
        let mut bytes = [0; PictureHash::BYTES];
        for eight in bytes.chunks_exact_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            eight.copy_from_slice(&(mixed ^ mixed >> 31).to_le_bytes());
        }
        PictureHash::from_bytes(bytes)
    }
}

/// A hash with bits turned.
fn near(hash: PictureHash, seed: usize) -> PictureHash {
    let mut bytes = hash.to_bytes();
    for bit in (0..PLANTED_BITS).map(|at| (seed * 7 + at * 11) % 256) {
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    PictureHash::from_bytes(bytes)
}

fn measure_index(hashes: u64) -> Result<Vec<Vec<String>>> {
    let mut random = Hashes(5);
    let clock = Clock::start()?;
    let mut index = Index::default();
    index.extend((0..hashes).map(|key| (key, random.next())));
    let filled = clock.used()?;
    let mut random = Hashes(5);
    let known: Vec<PictureHash> = (0..hashes).map(|_| random.next()).collect();
    let place = |at: u64| at * (hashes / LOOK_UPS.max(LINEAR_LOOK_UPS));
    let query = |at: u64| near(known[place(at) as usize], at as usize);
    let clock = Clock::start()?;
    for at in 0..LOOK_UPS {
        let found = black_box(index.find(&query(at)));
        ensure!(
            found.first().map(|found| found.key) == Some(place(at)),
            "the planted neighbour is not found"
        );
    }
    let looked_up = clock.used()?;
    let clock = Clock::start()?;
    for at in 0..LINEAR_LOOK_UPS {
        let wanted = query(at);
        let found = (0_u64..).zip(&known).filter(|(_, hash)| hash.distance(&wanted) <= DISTANCE_MAX);
        ensure!(
            black_box(found.map(|(key, _)| key).collect::<Vec<_>>()) == [place(at)],
            "the search is wrong"
        );
    }
    let linear = clock.used()?;
    let size = grouped(hashes as f64);
    let memory = index.memory_bytes() as f64;
    let note = format!("{:.0} MiB, {:.0} bytes each", memory / 1_048_576.0, memory / hashes as f64);
    Ok(vec![
        row(format!("filling the index, {size}"), hashes, filled, note),
        row(format!("look-up among {size}"), LOOK_UPS, looked_up, String::new()),
        row(format!("linear search (peer) among {size}"), LINEAR_LOOK_UPS, linear, String::new()),
    ])
}
