//! Makes the dictionary with which records are compressed, from generated text only.
//!
//! In: nothing but the [`templates`] and [`words`]. Out:
//! `crates/store/dictionaries/records-1.zdict`, the same bytes each time with
//! the same zstd version. No real post may ever enter: a dictionary ships in
//! every copy of the program, and no erasure reaches it.
//! Cost: about ten seconds and 200 MB.
//! Source: the public API documentation of each network for the field names;
//! RFC 8878 for the format of the dictionary.
//! Limits: a shipped dictionary is never replaced. A better one is written to
//! `records-2.zdict`, and `store` keeps both.

mod templates;
mod words;

use anyhow::{Context, Result};
use std::path::Path;
use templates::TEMPLATES;
use words::{FIRST_NAMES, HASHTAGS, HOSTS, LANGUAGES, LAST_NAMES, Language};

/// Size of the dictionary, bytes (zstd's own recommendation: 110 KiB).
const DICTIONARY_BYTES: usize = 110 * 1024;
/// Generated records to learn from, count.
const SAMPLES: u64 = 24_000;
/// Where the dictionary lives in the repository.
pub const DICTIONARY_PATH: &str = "crates/store/dictionaries/records-1.zdict";

/// Writes the dictionary below `root`, the repository's folder.
///
/// # Errors
/// When zstd cannot learn from the samples or the file cannot be written.
pub fn train_dictionary(root: &Path) -> Result<()> {
    let samples: Vec<Vec<u8>> = (0..SAMPLES).map(|seed| sample(seed).into_bytes()).collect();
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY_BYTES).context("zstd learned nothing")?;
    let path = root.join(DICTIONARY_PATH);
    std::fs::write(&path, &dictionary).with_context(|| path.display().to_string())?;
    println!("{}: {} bytes from {SAMPLES} generated records", path.display(), dictionary.len());
    Ok(())
}

/// One generated record: the template is chosen by the seed, and so is all in it.
pub fn sample(seed: u64) -> String {
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let (_, template) = chance.weighted(TEMPLATES);
    let language = chance.pick(LANGUAGES);
    let mut out = String::with_capacity(2_048);
    for (place, part) in template.split('¤').enumerate() {
        if place % 2 == 0 { out.push_str(part) } else { fill(part, language, &mut chance, &mut out) }
    }
    out
}

/// SplitMix64: a small generator whose numbers never change.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end` (which is at least 1).
    fn below(&mut self, end: usize) -> usize {
        // The remainder is below `end`, so it fits.
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// One of a list; none is empty.
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let place = self.below(list.len());
        list[place] // `below` stays under the length
    }

    fn weighted<'a>(&mut self, list: &'a [(usize, &'a str)]) -> &'a (usize, &'a str) {
        let mut place = self.below(list.iter().map(|(weight, _)| weight).sum());
        for entry in list {
            if place < entry.0 {
                return entry;
            }
            place -= entry.0;
        }
        &list[0] // the sum of the weights is above `place`, so this is not reached
    }

    fn letters(&mut self, count: usize, alphabet: &[u8], out: &mut String) {
        for _ in 0..count {
            out.push(char::from(self.pick(alphabet)));
        }
    }
}

/// Writes what stands for one mark of a template.
fn fill(mark: &str, language: &Language, chance: &mut Chance, out: &mut String) {
    let (kind, size) = mark.split_at(1);
    let size: usize = size.parse().unwrap_or(0);
    match kind {
        "n" => chance.letters(size, b"0123456789", out),
        "b" => chance.letters(size, b"abcdefghijklmnopqrstuvwxyz234567", out),
        "x" => chance.letters(size, b"0123456789abcdef", out),
        "i" => chance.letters(size, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", out),
        "c" => {
            let digits = chance.below(4) + 1;
            out.push_str(&chance.below(10_usize.pow(u32::try_from(digits).unwrap_or(1))).to_string());
        }
        "t" => out.push_str(&iso_time(chance)),
        "T" => out.push_str(&twitter_time(chance)),
        "w" => out.push_str(&handle(chance)),
        "N" => out.push_str(&format!("{} {}", chance.pick(FIRST_NAMES), chance.pick(LAST_NAMES))),
        "l" => out.push_str(language.code),
        "h" => out.push_str(chance.pick(HASHTAGS)),
        "u" => out.push_str(&link(chance)),
        "s" => text(language, chance, out),
        "B" => out.push_str(chance.pick(&["true", "false", "false", "false"])),
        other => unreachable!("a template holds the unknown mark {other}"),
    }
}

fn iso_time(chance: &mut Chance) -> String {
    format!(
        "202{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        chance.below(4) + 4,
        chance.below(12) + 1,
        chance.below(28) + 1,
        chance.below(24),
        chance.below(60),
        chance.below(60),
        chance.below(1_000)
    )
}

fn twitter_time(chance: &mut Chance) -> String {
    let day = chance.pick(&["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
    let month =
        chance.pick(&["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]);
    format!(
        "{day} {month} {:02} {:02}:{:02}:{:02} +0000 20{}",
        chance.below(28) + 1,
        chance.below(24),
        chance.below(60),
        chance.below(60),
        chance.below(18) + 10
    )
}

fn handle(chance: &mut Chance) -> String {
    let first = chance.pick(FIRST_NAMES).to_lowercase();
    let last = chance.pick(LAST_NAMES).to_lowercase();
    let plain: String = format!("{first}{last}").chars().filter(char::is_ascii_alphanumeric).collect();
    if chance.below(2) == 0 { plain } else { format!("{plain}{}", chance.below(1_000)) }
}

fn link(chance: &mut Chance) -> String {
    let host = chance.pick(HOSTS);
    let words = (0..3).map(|_| chance.pick(HASHTAGS)).collect::<Vec<_>>().join("-").to_lowercase();
    format!("https://{host}/{words}-{}", chance.below(100_000))
}

/// One to four sentences, sometimes with a hashtag, a link or an address.
fn text(language: &Language, chance: &mut Chance, out: &mut String) {
    for place in 0..=chance.below(4) {
        if place > 0 {
            out.push_str(chance.pick(&[" ", " ", "\\n", "\\n\\n"]));
        }
        out.push_str(chance.pick(language.openings));
        out.push(' ');
        out.push_str(chance.pick(language.subjects));
        out.push(' ');
        out.push_str(chance.pick(language.verbs));
        out.push(' ');
        out.push_str(chance.pick(language.endings));
        out.push_str(chance.pick(&[".", ".", "!", "?", "...", " 😂", " 🙌", " 😡", " 👏", " 🔥"]));
    }
    match chance.below(5) {
        0 => out.push_str(&format!(" #{}", chance.pick(HASHTAGS))),
        1 => out.push_str(&format!(" {}", link(chance))),
        2 => out.push_str(&format!(" @{}", handle(chance))),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_record_and_no_mark_stays() {
        for seed in 0..2_000 {
            let record = sample(seed);
            assert_eq!(record, sample(seed));
            assert!(!record.contains('¤'), "{record}");
            assert!(record.starts_with('{') && record.ends_with('}'), "{record}");
        }
    }
}
