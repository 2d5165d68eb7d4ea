//! The words that weigh, one table per language.
//!
//! In: the lexicons embedded in the program. Out: what a word or a phrase of
//! up to four words does. Cost: read once, about 5 ms per language; then one
//! probe per word.
//! Source: each file names its own in its first lines.
//! Limits: folded forms only, so that `papá` and `papa` are one word;
//! what is written for Atalaya goes before what a package says.

use crate::hashing::{hash_bytes, hash_step};
use model::Lang;
use model::text::{Tokens, fold};
use std::sync::LazyLock;

/// Most words of a phrase.
pub(super) const PHRASE_WORDS_MAX: usize = 4;

/// What a word or phrase does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Effect {
    /// Begins phrases but does nothing alone.
    None,
    /// Understood, without tone.
    Known,
    /// Pulls the tone, −1…1.
    Polar(f32),
    /// Pulls the tone wherever it stands; not a word.
    Emoji(f32),
    /// Turns what follows around.
    Negates,
    /// Strengthens what follows.
    Boosts,
    /// Weakens what follows.
    Damps,
    /// What follows counts more.
    But,
    /// As [`Self::But`]; at the start of a sentence, what follows the clause counts more.
    Though,
    /// Suggests that the words do not mean what they say.
    Irony,
}

/// The words of one language together with the emoji.
#[derive(Debug)]
pub(super) struct Lexicon {
    /// Open addressing, at most half full; `None` is a free place.
    places: Vec<Option<Entry>>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    effect: Effect,
    begins_phrases: bool,
}

const EMOJI: &str = include_str!("../../lexicons/emoji.tsv");
static SPANISH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(
        SPANISH_ENDINGS,
        &[include_str!("../../lexicons/es_own.tsv"), include_str!("../../lexicons/es.tsv")],
    )
});
static PORTUGUESE: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(
        PORTUGUESE_ENDINGS,
        &[include_str!("../../lexicons/pt_own.tsv"), include_str!("../../lexicons/pt.tsv")],
    )
});
static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(
        ENGLISH_ENDINGS,
        &[include_str!("../../lexicons/en_own.tsv"), include_str!("../../lexicons/en.tsv")],
    )
});
static ONLY_EMOJI: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(&[], &[]));

/// What `/name` at the end of a pattern stands for.
type Endings = &'static [(&'static str, &'static [&'static str])];

const SPANISH_ENDINGS: Endings = &[
    ("o", &["o", "a", "os", "as"]),
    ("s", &["", "s"]),
    ("es", &["", "es"]),
    (
        "ar",
        &[
            "ar", "o", "a", "as", "amos", "an", "e", "es", "en", "emos", "ado", "ada", "ados", "adas",
            "ando", "aba", "aban", "aron", "aste", "arme", "arte", "arse", "aria",
        ],
    ),
    (
        "er",
        &[
            "er", "o", "e", "es", "emos", "en", "a", "an", "i", "io", "imos", "ieron", "ido", "ida", "idos",
            "iendo", "ia", "ian",
        ],
    ),
    (
        "ir",
        &[
            "ir", "o", "e", "es", "imos", "en", "a", "an", "i", "io", "ieron", "ido", "ida", "iendo", "ia",
            "ian",
        ],
    ),
];
const PORTUGUESE_ENDINGS: Endings = &[
    ("o", &["o", "a", "os", "as"]),
    ("s", &["", "s"]),
    ("es", &["", "es"]),
    (
        "ar",
        &[
            "ar", "o", "a", "as", "amos", "am", "e", "em", "ei", "ou", "aram", "ado", "ada", "ados", "adas",
            "ando", "ava", "avam", "aria",
        ],
    ),
    (
        "er",
        &[
            "er", "o", "e", "es", "emos", "em", "a", "am", "i", "eu", "eram", "ido", "ida", "endo", "ia",
            "iam",
        ],
    ),
    (
        "ir",
        &[
            "ir", "o", "e", "es", "imos", "em", "a", "am", "i", "iu", "iram", "ido", "ida", "indo", "ia",
            "iam",
        ],
    ),
];
const ENGLISH_ENDINGS: Endings =
    &[("s", &["", "s"]), ("v", &["", "s", "ed", "ing"]), ("e", &["e", "es", "ed", "ing"])];

/// The words of a language, or only the emoji for a language that has none.
pub(super) fn lexicon_of(language: Option<Lang>) -> &'static Lexicon {
    match language {
        Some(Lang::ES) => &SPANISH,
        Some(Lang::PT) => &PORTUGUESE,
        Some(Lang::EN) => &ENGLISH,
        _ => &ONLY_EMOJI,
    }
}

/// True for a language whose words are known.
pub(super) fn is_read(language: Option<Lang>) -> bool {
    matches!(language, Some(Lang::ES | Lang::PT | Lang::EN))
}

/// One line of a lexicon: the pattern and its effect; `None` for a comment.
fn parse_line(line: &str) -> Option<(&str, Effect)> {
    let (pattern, value) = line.split_once('\t').filter(|_| !line.starts_with('#'))?;
    let effect = match value.trim() {
        "neg" => Effect::Negates,
        "boost" => Effect::Boosts,
        "damp" => Effect::Damps,
        "but" => Effect::But,
        "though" => Effect::Though,
        "irony" => Effect::Irony,
        "known" => Effect::Known,
        number => Effect::Polar(number.parse().ok()?),
    };
    Some((pattern, effect))
}

/// Every form of a pattern such as `pésim/o`; an unknown ending gives none.
fn forms<'a>(pattern: &'a str, endings: Endings) -> impl Iterator<Item = String> + use<'a> {
    let (stem, list) = match pattern.split_once('/') {
        None => (pattern, &[""][..]),
        Some((stem, name)) => {
            (stem, endings.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, list)| list))
        }
    };
    list.iter().map(move |ending| fold(&format!("{stem}{ending}")))
}

impl Lexicon {
    /// Reads lexicons; earlier ones go before later ones, and within one a
    /// word in full goes before a pattern.
    fn read(endings: Endings, files: &[&str]) -> Self {
        let lines: usize = files.iter().map(|file| file.lines().count()).sum();
        let mut lexicon = Self { places: vec![None; (lines * 4 + 1_024).next_power_of_two()], count: 0 };
        for file in files {
            for full in [true, false] {
                let entries =
                    file.lines().filter_map(parse_line).filter(|(pattern, _)| pattern.contains('/') != full);
                for (pattern, effect) in entries {
                    forms(pattern, endings).for_each(|form| lexicon.insert(&form, effect));
                }
            }
        }
        for (emoji, effect) in EMOJI.lines().filter_map(parse_line) {
            let effect = if let Effect::Polar(value) = effect { Effect::Emoji(value) } else { effect };
            lexicon.insert(&fold(emoji), effect);
        }
        lexicon
    }

    /// Adds a word or phrase unless it is there.
    fn insert(&mut self, form: &str, effect: Effect) {
        let mut words = form.split(' ');
        let Some(first) = words.next() else { return };
        let first_hash = hash_word(first);
        let hash = words.fold(first_hash, |hash, word| hash_step(hash, hash_word(word)));
        if hash != first_hash {
            self.entry(first_hash).begins_phrases = true;
        }
        let entry = self.entry(hash);
        if entry.effect == Effect::None {
            entry.effect = effect;
        }
    }

    /// The entry with this hash, made if need be.
    fn entry(&mut self, hash: u64) -> &mut Entry {
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let at = self.place(hash);
        // `place` stays below the length.
        let place = &mut self.places[at];
        self.count += usize::from(place.is_none());
        place.get_or_insert(Entry { hash, effect: Effect::None, begins_phrases: false })
    }

    fn grow(&mut self) {
        let larger = vec![None; self.places.len() * 2];
        for entry in std::mem::replace(&mut self.places, larger).into_iter().flatten() {
            // `place` stays below the length.
            let at = self.place(entry.hash);
            self.places[at] = Some(entry);
        }
    }

    /// The place of a hash: its own or the free one where it belongs.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut at = usize::try_from(hash >> 40).unwrap_or(0) & mask;
        while let Some(Some(entry)) = self.places.get(at)
            && entry.hash != hash
        {
            at = (at + 1) & mask;
        }
        at
    }

    #[inline]
    fn find(&self, hash: u64) -> Option<&Entry> {
        self.places.get(self.place(hash))?.as_ref()
    }

    /// What one word does, if it is known.
    #[inline]
    pub(super) fn effect_of(&self, folded: &str) -> Option<Effect> {
        self.find(hash_word(folded)).map(|entry| entry.effect).filter(|effect| *effect != Effect::None)
    }

    /// What the longest phrase does that begins at a token, with its number
    /// of tokens; punctuation ends a phrase.
    pub(super) fn longest(&self, text: &str, tokens: &Tokens, index: usize) -> Option<(Effect, usize)> {
        let (folded, token) = tokens.get(index)?;
        let mut hash = hash_word(folded);
        let entry = self.find(hash)?;
        let mut best = Some((entry.effect, 1)).filter(|(effect, _)| *effect != Effect::None);
        if !entry.begins_phrases {
            return best;
        }
        let mut end = token.end;
        for len in 2..=PHRASE_WORDS_MAX {
            let Some((folded, next)) = tokens.get(index + len - 1) else { break };
            let between = text.get(end as usize..next.start as usize).unwrap_or_default();
            if !between.chars().all(|c| matches!(c, ' ' | '\'' | '’')) {
                break;
            }
            hash = hash_step(hash, hash_word(folded));
            if let Some(entry) = self.find(hash).filter(|entry| entry.effect != Effect::None) {
                best = Some((entry.effect, len));
            }
            end = next.end;
        }
        best
    }
}

#[inline]
fn hash_word(word: &str) -> u64 {
    hash_bytes(0, word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Every line is read, every ending is known, no word is listed twice with
    /// two effects, and no two words share a hash.
    #[test]
    fn lexicons_are_sound() {
        let files: [(&str, Endings); 7] = [
            (include_str!("../../lexicons/es.tsv"), SPANISH_ENDINGS),
            (include_str!("../../lexicons/es_own.tsv"), SPANISH_ENDINGS),
            (include_str!("../../lexicons/pt.tsv"), PORTUGUESE_ENDINGS),
            (include_str!("../../lexicons/pt_own.tsv"), PORTUGUESE_ENDINGS),
            (include_str!("../../lexicons/en.tsv"), ENGLISH_ENDINGS),
            (include_str!("../../lexicons/en_own.tsv"), ENGLISH_ENDINGS),
            (EMOJI, &[]),
        ];
        let mut hashes: BTreeMap<u64, String> = BTreeMap::new();
        for (file, endings) in files {
            let mut full: BTreeMap<String, Effect> = BTreeMap::new();
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                let (pattern, effect) = parse_line(line).unwrap_or_else(|| panic!("not read: {line:?}"));
                if let Effect::Polar(value) = effect {
                    assert!((-1.0..=1.0).contains(&value), "{line:?}");
                }
                assert!(forms(pattern, endings).next().is_some(), "unknown ending: {line:?}");
                assert!(pattern.split(' ').count() <= PHRASE_WORDS_MAX, "{line:?}");
                for form in forms(pattern, endings) {
                    let hash = form.split(' ').map(hash_word).reduce(hash_step).unwrap();
                    assert_eq!(hashes.entry(hash).or_insert_with(|| form.clone()), &form);
                    if !pattern.contains('/') {
                        let before = *full.entry(form).or_insert(effect);
                        assert_eq!(before, effect, "listed twice: {line:?}");
                    }
                }
            }
        }
        assert!(hashes.len() > 8_000);
    }

    #[test]
    fn the_longest_phrase_wins_and_punctuation_ends_it() {
        let check = |text: &str, expect: Option<(Effect, usize)>| {
            assert_eq!(SPANISH.longest(text, &Tokens::of(text), 0), expect, "{text}");
        };
        check("no sirve para nada", Some((Effect::Polar(-0.9), 4)));
        check("no sirve ya", Some((Effect::Polar(-0.7), 2)));
        check("no, sirve", Some((Effect::Negates, 1)));
        check("pésimas", Some((Effect::Polar(-0.9), 1)));
        check("xyz", None);
        let english = "don't worry";
        assert_eq!(ENGLISH.longest(english, &Tokens::of(english), 0), Some((Effect::Negates, 2)));
    }
}
