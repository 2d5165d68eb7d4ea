//! The posts of the benchmarks: a generated world with a wide vocabulary.
//!
//! In: a number of posts. Out: three wire files of about equal length
//! (Mastodon statuses, X API v2, Jetstream events), and the same posts as
//! plain columns for peers. Made once per number of posts.
//! The sentences of `sim` hold few different words, so each post gets 4 to 15
//! more, drawn by Zipf's law (exponent 1) from [`VOCABULARY`] made-up words of
//! one to three syllables: about twenty words a post. Deterministic.

use anyhow::Result;
use model::Timestamp;
use sim::{Made, Random, World, WorldSettings};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Made-up words.
pub const VOCABULARY: u64 = 200_000;
/// Accounts that write.
const ACCOUNTS: u64 = 200_000;
/// Days over which the posts are spread, on average.
const DAYS: f64 = 300.0;
/// 1 January 2025, ms.
const START_MS: i64 = 1_735_689_600_000;
const SEED: u64 = 20_260_301;
const SYLLABLES: u64 = 60;

/// The files of one number of posts.
pub struct PostFiles {
    /// Mastodon statuses, X API v2, Jetstream events, one item a line.
    pub wire: Vec<PathBuf>,
    /// The same posts, columns with tabs: id, time in ms, network, author,
    /// language, tone, engagement, domain, hashtag, text.
    pub plain: PathBuf,
}

/// An endless stream of posts over [`DAYS`] for this number.
pub fn stream(posts: u64) -> impl Iterator<Item = Made> {
    let gap_ms = DAYS * 86_400_000.0 / posts.max(1) as f64;
    let mut settings = WorldSettings::new(SEED, Timestamp::from_millis(START_MS), gap_ms);
    settings.accounts = ACCOUNTS;
    let mut random = Random::new(SEED ^ 0xb0b);
    World::new(settings).map(move |mut made| {
        for _ in 0..4 + random.below(12) {
            made.text.push(' ');
            made.text.push_str(&made_up_word(random.zipf(VOCABULARY)));
        }
        made
    })
}

/// The word of a frequency rank: its number in syllables, so that frequent
/// words are short and no two are equal.
pub fn made_up_word(rank: u64) -> String {
    let mut word = String::new();
    let mut rest = rank;
    loop {
        let syllable = (rest % SYLLABLES) as usize;
        // Twelve consonants and five vowels make sixty syllables.
        word.push(char::from(b"bcdfglmnprst"[syllable / 5]));
        word.push(char::from(b"aeiou"[syllable % 5]));
        rest /= SYLLABLES;
        if rest == 0 {
            return word;
        }
    }
}

/// The number of the network that post `ordinal` is on: index of [`PostFiles::wire`].
fn network_of(ordinal: u64) -> usize {
    (ordinal % 3) as usize
}

/// The files, made when they are not there.
///
/// # Errors
/// When the disk cannot be written.
pub fn files(folder: &Path, posts: u64) -> Result<PostFiles> {
    let folder = folder.join(format!("posts-{posts}"));
    let names = ["mastodon.jsonl", "x.jsonl", "jetstream.jsonl"];
    let made = PostFiles {
        wire: names.iter().map(|name| folder.join(name)).collect(),
        plain: folder.join("plain.tsv"),
    };
    let done = folder.join("done");
    if done.exists() {
        return Ok(made);
    }
    fs::create_dir_all(&folder)?;
    eprintln!("bench: generating {posts} posts");
    let create = |path: &Path| File::create(path).map(|file| BufWriter::with_capacity(1 << 20, file));
    let mut wire = made.wire.iter().map(|path| create(path)).collect::<Result<Vec<_>, _>>()?;
    let mut plain = create(&made.plain)?;
    for post in stream(posts).take(usize::try_from(posts)?) {
        let network = network_of(post.ordinal);
        let value = match network {
            0 => sim::wire::mastodon::status(&post),
            1 => sim::wire::x::v2(&post),
            _ => sim::wire::bluesky::jetstream_event(&post),
        };
        serde_json::to_writer(&mut wire[network], &value)?;
        wire[network].write_all(b"\n")?;
        write_plain(&mut plain, &post)?;
    }
    wire.iter_mut().try_for_each(Write::flush)?;
    plain.flush()?;
    fs::write(done, "")?;
    Ok(made)
}

fn write_plain(out: &mut impl Write, post: &Made) -> Result<()> {
    let domain = post.link.as_deref().and_then(|link| link.split('/').nth(2)).unwrap_or_default();
    writeln!(
        out,
        "{}\t{}\t{}\t{}\t{}\t{:?}\t{}\t{}\t{}\t{}",
        post.ordinal,
        post.time.millis(),
        network_of(post.ordinal),
        post.author.ordinal,
        post.truth.language,
        post.truth.tone,
        post.counts.iter().sum::<u64>(),
        domain,
        post.hashtags.first().map_or("", String::as_str),
        post.text.replace(['\t', '\n'], " "),
    )?;
    Ok(())
}
