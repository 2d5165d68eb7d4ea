//! Rude words of Spanish, Portuguese and English.
//!
//! In: a folded word. Out: what kind of rude it is, if any.
//! Source: `lexicons/rude_*.tsv`, written for Atalaya; each entry names the
//! countries where it is rude. The three languages share one table, because
//! people swear in each other's. Cost: one probe per word.
//! Limits: whether a rude word offends depends on what stands around it; this
//! is evidence for the offence head, not a verdict.

use crate::hashing::{hash_bytes, hash_step};
use model::text::fold;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a rude word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rude {
    /// Offends nobody by itself.
    Swear,
    /// Said of a person, often in jest.
    Mild,
    /// Said of a person.
    Insult,
    /// Said of a group of people.
    Slur,
    /// A group of people that is often the aim; not rude by itself.
    Group,
    /// Wishes or announces harm.
    Harm,
}

/// Most words of a rude phrase.
pub(crate) const PHRASE_WORDS_MAX: usize = 6;

/// A rude word: its kind, and whether it often means something harmless.
pub(crate) type Found = (Rude, bool);

struct Table {
    /// Open addressing by the upper bits of the hash; 0 is free.
    places: Vec<(u64, Option<Found>)>,
    /// Rude single words in order, for disguises.
    words: Vec<&'static str>,
}

const FILES: [&str; 4] = [
    include_str!("../../lexicons/rude.tsv"),
    include_str!("../../lexicons/rude_es.tsv"),
    include_str!("../../lexicons/rude_pt.tsv"),
    include_str!("../../lexicons/rude_en.tsv"),
];
/// Slots: at least twice as many as entries.
const PLACES: usize = 16_384;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut entries: BTreeMap<String, Found> = BTreeMap::new();
    for file in FILES {
        for (form, found) in file.lines().filter_map(parse_line).flatten() {
            entries.entry(form).or_insert(found);
        }
    }
    let mut table = Table { places: vec![(0, None); PLACES], words: Vec::new() };
    for (form, found) in entries {
        let mut words = form.split(' ').map(|word| hash_bytes(0, word.as_bytes()));
        let first = words.next().unwrap_or_default();
        let mut hash = first;
        for word in words {
            table.insert(hash, None);
            hash = hash_step(hash, word);
        }
        table.insert(hash, Some(found));
        if !form.contains(' ') && matches!(found.0, Rude::Swear | Rude::Insult | Rude::Slur) {
            table.words.push(String::leak(form));
        }
    }
    table
});

/// The forms of a line with their kind; a pattern has no column of doubt.
fn parse_line(line: &str) -> Option<Vec<(String, Found)>> {
    let mut fields = line.split('\t').filter(|_| !line.starts_with('#'));
    let (pattern, kind) = (fields.next()?, fields.next()?);
    let rude = match kind {
        "swear" => Rude::Swear,
        "mild" => Rude::Mild,
        "insult" => Rude::Insult,
        "slur" => Rude::Slur,
        "group" => Rude::Group,
        "harm" => Rude::Harm,
        _ => return None,
    };
    let doubtful = fields.nth(2) == Some("yes");
    let (stem, endings): (&str, &[&str]) = match pattern.split_once('/') {
        None => (pattern, &[""]),
        Some((stem, "o")) => (stem, &["o", "a", "os", "as"]),
        Some((stem, "a")) => (stem, &["a", "as"]),
        Some((stem, "s")) => (stem, &["", "s"]),
        Some((stem, "es")) => (stem, &["", "es"]),
        Some(_) => return None,
    };
    Some(endings.iter().map(|ending| (fold(&format!("{stem}{ending}")), (rude, doubtful))).collect())
}

impl Table {
    fn insert(&mut self, hash: u64, found: Option<Found>) {
        let mut at = place_of(hash);
        while let Some(slot) = self.places.get_mut(at & (PLACES - 1)) {
            if slot.0 == 0 || slot.0 == hash {
                slot.0 = hash;
                slot.1 = slot.1.or(found);
                return;
            }
            at += 1;
        }
    }
}

fn place_of(hash: u64) -> usize {
    // 14 bits: below PLACES.
    (hash >> 50) as usize
}

/// A word or the beginning of a phrase: `None` unknown, `Some(None)` a phrase
/// may go on, `Some(Some(found))` it is rude.
#[inline]
pub(crate) fn look_up(hash: u64) -> Option<Option<Found>> {
    let mut at = place_of(hash);
    loop {
        let slot = TABLE.places.get(at & (PLACES - 1))?;
        if slot.0 == 0 {
            return None;
        }
        if slot.0 == hash {
            return Some(slot.1);
        }
        at += 1;
    }
}

/// The hash of a word as [`look_up`] wants it; words of a phrase are joined by
/// [`join_hash`].
#[inline]
pub(crate) fn word_hash(word: &str) -> u64 {
    hash_bytes(0, word.as_bytes())
}

/// The hash of a phrase with one more word.
#[inline]
pub(crate) fn join_hash(phrase: u64, word: u64) -> u64 {
    hash_step(phrase, word)
}

/// What kind of rude a folded word is.
pub fn kind_of(folded: &str) -> Option<Rude> {
    look_up(word_hash(folded)).flatten().map(|(rude, _)| rude)
}

/// True for a single rude word.
pub(super) fn is_rude(word: &str) -> bool {
    TABLE.words.binary_search(&word).is_ok()
}

/// The rude word that a word with `*` for hidden letters stands for: each star
/// is one letter. The first in the alphabet.
pub(super) fn is_rude_with_gap(word: &str) -> Option<&'static str> {
    if !word.contains('*') {
        let at = TABLE.words.binary_search(&word).ok()?;
        return TABLE.words.get(at).copied();
    }
    let first = word.get(..1).filter(|first| *first != "*")?;
    // Words are in the order of the alphabet: only those with this first letter.
    let from = TABLE.words.partition_point(|known| *known < first);
    let alike = TABLE.words.get(from..)?.iter().take_while(|known| known.starts_with(first));
    alike.copied().find(|known| fits(word, known))
}

/// True when the letters of `pattern` are those of `word`, a star for any one.
fn fits(pattern: &str, word: &str) -> bool {
    pattern.len() == word.len()
        && pattern.bytes().zip(word.bytes()).all(|(one, other)| one == b'*' || one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line is read; both tables have room.
    #[test]
    fn the_lists_are_sound() {
        for file in FILES {
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                assert!(parse_line(line).is_some(), "not read: {line:?}");
                assert!(line.split('\t').next().unwrap().split(' ').count() <= PHRASE_WORDS_MAX, "{line}");
            }
        }
        let used = TABLE.places.iter().filter(|place| place.0 != 0).count();
        assert!(used > 500 && used < PLACES / 2, "{used}");
    }

    #[test]
    fn tells_kinds_and_hidden_letters() {
        assert_eq!(kind_of("gilipollas"), Some(Rude::Insult));
        assert_eq!(kind_of("mierda"), Some(Rude::Swear));
        assert_eq!(kind_of("sudacas"), Some(Rude::Slur));
        assert_eq!(kind_of("mesa"), None);
        assert_eq!(is_rude_with_gap("p*ta"), Some("puta"));
        assert_eq!(is_rude_with_gap("mi**da"), Some("mierda"));
        assert_eq!(is_rude_with_gap("m*sa"), None);
    }
}
