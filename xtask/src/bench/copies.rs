//! Near-copies at the size of a hot index, beside an exact hash and SimHash.
//!
//! The posts are those of [`posts::stream`]; one in ten is replaced by a
//! changed copy (1, 2, 3 or 5 changes) of a post before it: half of them of
//! one of the last 10,000, half of one of the first 10,000. A planted copy is
//! found when it joins the cascade of its original, or has as its nearest one
//! that is no less similar than the original. Processor seconds are read
//! between batches, so making the posts does not count. Memory is the growth
//! of the process from the empty index to the end, at its peak.
//! The peers: a map from the hash of the normalised text, and four tables of
//! SimHash, 64 bits, 3 or fewer (Manku, Jain & Das Sarma 2007).

use super::machine::{Clock, peak_mib, reset_peak};
use super::posts;
use super::table::{Table, grouped};
use crate::eval::copies::{change_text, simhash};
use analysis::copies::{Copies, Signature, normalised, signature};
use anyhow::Result;
use sim::Random;
use std::collections::HashMap;

/// Posts between two looks at the clock.
const BATCH: usize = 100_000;
/// Posts of which copies are made: so many of the first, so many of the last.
const ORIGINALS: usize = 10_000;
/// One post in so many is a planted copy.
const PLANTED_EVERY: u64 = 10;
/// Numbers of changes.
const CHANGES: [usize; 4] = [1, 2, 3, 5];
/// Most posts that the peer with tables gets: its tables hold four entries a post.
const SIMHASH_POSTS_MAX: u64 = 1_000_000;
const SEED: u64 = 11;

/// A post and, when it was planted, its original, the number of changes and
/// whether the original is one of the first.
struct Planted {
    text: String,
    of: Option<(i64, usize, bool)>,
}

/// The stream with its planted copies.
struct Planter<I> {
    posts: I,
    random: Random,
    first: Vec<(i64, String)>,
    last: Vec<(i64, String)>,
    made: i64,
}

impl<I: Iterator<Item = sim::Made>> Planter<I> {
    fn next(&mut self) -> Option<Planted> {
        let id = self.made;
        self.made += 1;
        let made = self.posts.next()?;
        if self.first.len() == ORIGINALS && self.random.chance(1.0 / PLANTED_EVERY as f64) {
            let is_old = self.random.chance(0.5);
            let (of, text) = self.random.pick(if is_old { &self.first } else { &self.last }).clone();
            let changes = *self.random.pick(&CHANGES);
            let words: Vec<&str> = made.text.split_whitespace().collect();
            let text = change_text(&text, changes, &words, &mut self.random);
            return Some(Planted { text, of: Some((of, changes, is_old)) });
        }
        if self.first.len() < ORIGINALS {
            self.first.push((id, made.text.clone()));
            self.last.push((id, made.text.clone()));
        } else {
            self.last[id as usize % ORIGINALS] = (id, made.text.clone());
        }
        Some(Planted { text: made.text, of: None })
    }
}

/// What a method says of a post: its cascade, and the similarity of the nearest.
type Said = (i64, Option<f32>);

/// What one method did.
#[derive(Default)]
struct Outcome {
    cpu_s: f64,
    mib: f64,
    /// Planted and found, by number of changes, of the last and of the first posts.
    planted: HashMap<(usize, bool), (u64, u64)>,
    joined: u64,
    /// Cascades and signatures of the originals there are now.
    originals: HashMap<i64, (i64, Option<Signature>)>,
}

impl Outcome {
    fn note(&mut self, id: i64, post: &Planted, (cascade, similarity): Said) {
        self.joined += u64::from(cascade != id);
        let Some((original, changes, is_old)) = post.of else {
            // The originals are the first and the last ones.
            if id >= 2 * ORIGINALS as i64 {
                self.originals.remove(&(id - ORIGINALS as i64));
            }
            self.originals.insert(id, (cascade, signature(&post.text)));
            return;
        };
        let (planted, found) = self.planted.entry((changes, is_old)).or_default();
        *planted += 1;
        let Some((of, first)) = self.originals.get(&original) else { return };
        let as_near = || {
            let (first, copy) = (first.as_ref()?, signature(&post.text)?);
            Some(similarity? >= analysis::copies::similarity(first, &copy))
        };
        *found += u64::from(*of == cascade || as_near() == Some(true));
    }

    fn row(&self, method: &str, posts: u64) -> Vec<String> {
        let recall = |is_old: bool| {
            let share = |changes: &usize| {
                let (planted, found) = self.planted.get(&(*changes, is_old)).copied().unwrap_or((0, 0));
                format!("{:.3}", found as f64 / planted.max(1) as f64)
            };
            CHANGES.iter().map(share).collect::<Vec<_>>().join(" / ")
        };
        vec![
            method.to_owned(),
            grouped(posts as f64 / self.cpu_s),
            format!("{:.2}", self.cpu_s * 1e6 / posts as f64),
            grouped(self.mib),
            format!("{:.0}", self.mib * 1_048_576.0 / posts as f64),
            recall(false),
            recall(true),
            format!("{:.1} %", 100.0 * self.joined as f64 / posts as f64),
        ]
    }
}

/// Gives each post of the stream to `place`, which names the cascade.
fn run(posts: u64, mut place: impl FnMut(i64, &str) -> Option<Said>) -> Result<Outcome> {
    let stream = posts::stream(posts);
    let mut planter =
        Planter { posts: stream, random: Random::new(SEED), first: Vec::new(), last: Vec::new(), made: 0 };
    let mut outcome = Outcome::default();
    let mut id = 0;
    let mut batch: Vec<Planted> = Vec::with_capacity(BATCH);
    let mut places = Vec::with_capacity(BATCH);
    let mut before = None;
    loop {
        batch.clear();
        batch.extend((0..BATCH.min((posts - id as u64) as usize)).map_while(|_| planter.next()));
        if batch.is_empty() {
            break;
        }
        if before.is_none() {
            // The posts of a batch take their pages before the memory is read.
            reset_peak()?;
            before = Some(peak_mib()?);
        }
        places.clear();
        let clock = Clock::start()?;
        places.extend((id..).zip(&batch).map(|(id, post)| place(id, &post.text)));
        outcome.cpu_s += clock.used()?.cpu_s;
        for (post, said) in batch.iter().zip(&places) {
            outcome.note(id, post, said.unwrap_or((id, None)));
            id += 1;
        }
    }
    outcome.mib = peak_mib()? - before.unwrap_or_default();
    Ok(outcome)
}

/// Measures ours and the peers.
///
/// # Errors
/// Without `/proc`.
pub fn measure(posts: u64) -> Result<Table> {
    let mut copies = Copies::new(posts as usize);
    let ours = run(posts, |id, text| {
        let placed = copies.place(id, &signature(text)?);
        Some((placed.cascade, placed.nearest.map(|(_, similarity)| similarity)))
    })?;
    let (counts, own_bytes) = (copies.counts(), copies.memory_bytes() as f64);
    drop(copies);
    let mut rows = vec![ours.row("Atalaya", posts)];

    let mut alone = 0_u64;
    let reading = run(posts.min(SIMHASH_POSTS_MAX), |_, text| {
        alone += u64::from(signature(text).is_some());
        None
    })?;
    let mut seen: HashMap<u64, i64> = HashMap::new();
    let exact = run(posts, |id, text| Some((*seen.entry(signature(text)?.exact()).or_insert(id), None)))?;
    drop(seen);
    rows.push(exact.row("hash of the normalised text", posts));

    let peer_posts = posts.min(SIMHASH_POSTS_MAX);
    let mut tables = SimHashTables::default();
    let peer = run(peer_posts, |id, text| Some((tables.place(id, text), None)))?;
    rows.push(
        peer.row(&format!("SimHash, 3 bits or fewer, {} posts", grouped(peer_posts as f64)), peer_posts),
    );
    Ok(Table {
        name: format!("copies-{posts}"),
        title: format!("near-copies: {} posts hot, one thread", grouped(posts as f64)),
        columns: vec![
            "method",
            "posts per CPU second",
            "µs per post",
            "MiB",
            "bytes per post",
            "recall after 1 / 2 / 3 / 5 changes, of the last 10,000",
            "of the first 10,000",
            "joined a cascade",
        ],
        rows,
        notes: vec![
            format!(
                "The signature alone takes {:.2} µs. A post was compared with {:.1} others; {:.1} of its keys \
                  had as many posts as they may bring forward; {} posts were kept apart by the first of \
                 a cascade. The index counts {:.0} bytes a post for itself; the benchmark's own notes and \
                 texts are about {:.0} MiB of each figure.",
                reading.cpu_s * 1e6 / alone.max(1) as f64,
                counts.compared as f64 / counts.placed.max(1) as f64,
                counts.capped as f64 / counts.placed.max(1) as f64,
                grouped(counts.kept_apart as f64),
                own_bytes / posts as f64,
                reading.mib,
            ),
            "Sentences of the generated world come from few templates, so many posts that were not planted \
             are copies of one another too."
                .to_owned(),
        ],
    })
}

/// Four tables by a quarter of the bits each: two hashes that differ in three
/// bits at most have a quarter in common.
#[derive(Default)]
struct SimHashTables {
    hashes: Vec<(u64, i64)>,
    tables: [HashMap<u16, Vec<u32>>; 4],
}

impl SimHashTables {
    fn place(&mut self, id: i64, text: &str) -> i64 {
        let letters: Vec<u64> = normalised(text).chars().map(|c| u64::from(u32::from(c))).collect();
        let pieces: Vec<u64> = letters
            .windows(4)
            .map(|run| Random::new(run.iter().fold(0, |sum: u64, letter| sum << 16 ^ letter)).next())
            .collect();
        let hash = simhash(&pieces);
        let quarters = [0, 16, 32, 48].map(|shift| (hash >> shift & 0xffff) as u16);
        let mut nearest: Option<(u32, i64)> = None;
        for (table, quarter) in self.tables.iter().zip(quarters) {
            for at in table.get(&quarter).into_iter().flatten() {
                let (other, cascade) = self.hashes[*at as usize];
                let bits = (hash ^ other).count_ones();
                if bits <= 3 && nearest.is_none_or(|(best, _)| bits < best) {
                    nearest = Some((bits, cascade));
                }
            }
        }
        let cascade = nearest.map_or(id, |(_, cascade)| cascade);
        for (table, quarter) in self.tables.iter_mut().zip(quarters) {
            table.entry(quarter).or_default().push(self.hashes.len() as u32);
        }
        self.hashes.push((hash, cascade));
        cascade
    }
}
