//! How a tokenizer turns a word into numbers of its vocabulary.
//!
//! In: a word. Out: numbers. Cost: linear (WordPiece, Unigram: times the longest
//! piece), quadratic in the word for BPE with a small constant.
//! Source: Schuster & Nakajima 2012 (WordPiece), Sennrich et al. 2016 (BPE),
//! Kudo 2018 (Unigram), in the form of Hugging Face *tokenizers*.
//! Limits: no sampling; vocabularies up to [`VOCABULARY_MAX`].

use super::{PART, kind, number, unsupported};
use crate::plugged::error::PluggedError;
use serde_json::Value;
use std::collections::HashMap;

/// Largest vocabulary.
pub const VOCABULARY_MAX: usize = 1_000_000;
/// Longest piece that is looked for, characters.
const PIECE_CHARS_MAX: usize = 64;
/// What an unknown character costs more than the rarest piece (as in SentencePiece).
const UNKNOWN_PENALTY: f64 = 10.0;

type Vocabulary = HashMap<String, u32>;

/// A model of pieces.
pub enum Pieces {
    /// Longest piece first.
    WordPiece {
        /// Numbers of the pieces.
        vocabulary: Vocabulary,
        /// What stands for a word that cannot be made.
        unknown: u32,
        /// What pieces inside a word begin with.
        prefix: String,
        /// Longer words are unknown, characters.
        word_max: usize,
    },
    /// Merges of neighbours in their learned order.
    Bpe(Bpe),
    /// The likeliest row of pieces.
    Unigram(Unigram),
    /// Whole words.
    Words {
        /// Numbers of the words.
        vocabulary: Vocabulary,
        /// What stands for others.
        unknown: u32,
    },
}

/// Byte-pair encoding.
pub struct Bpe {
    vocabulary: Vocabulary,
    /// Rank and result of each pair.
    merges: HashMap<(u32, u32), (u32, u32)>,
    unknown: Option<u32>,
    fuses_unknown: bool,
    falls_to_bytes: bool,
    whole_words: bool,
    prefix: String,
    suffix: String,
}

/// A unigram language model.
pub struct Unigram {
    vocabulary: HashMap<String, (u32, f64)>,
    unknown: Option<u32>,
    unknown_score: f64,
    longest: usize,
    falls_to_bytes: bool,
}

fn vocabulary_of(model: &Value) -> Result<Vocabulary, PluggedError> {
    let broken = || PluggedError::unreadable(PART, "its vocabulary is missing or broken");
    let entries = model["vocab"].as_object().ok_or_else(broken)?;
    if entries.len() > VOCABULARY_MAX {
        return Err(unsupported(format!("a vocabulary of {} pieces", entries.len())));
    }
    entries
        .iter()
        .map(|(piece, id)| Some((piece.clone(), number(id)?)))
        .collect::<Option<_>>()
        .ok_or_else(broken)
}

fn unknown_of(model: &Value, vocabulary: &Vocabulary) -> Result<u32, PluggedError> {
    let name = model["unk_token"].as_str().unwrap_or("[UNK]");
    vocabulary
        .get(name)
        .copied()
        .ok_or_else(|| PluggedError::unreadable(PART, format!("«{name}» is not in its vocabulary")))
}

impl Pieces {
    /// Reads the `model` of a `tokenizer.json`.
    pub fn parse(model: &Value) -> Result<Self, PluggedError> {
        match kind(model) {
            "WordPiece" => {
                let vocabulary = vocabulary_of(model)?;
                let unknown = unknown_of(model, &vocabulary)?;
                let prefix = model["continuing_subword_prefix"].as_str().unwrap_or("##").to_owned();
                let word_max =
                    model["max_input_chars_per_word"].as_u64().and_then(|max| usize::try_from(max).ok());
                Ok(Self::WordPiece { vocabulary, unknown, prefix, word_max: word_max.unwrap_or(100) })
            }
            "BPE" => Bpe::parse(model).map(Self::Bpe),
            "Unigram" => Unigram::parse(model).map(Self::Unigram),
            "WordLevel" => {
                let vocabulary = vocabulary_of(model)?;
                let unknown = unknown_of(model, &vocabulary)?;
                Ok(Self::Words { vocabulary, unknown })
            }
            // Old files leave the kind out; only merges tell BPE.
            "" if model.get("merges").is_some() => Bpe::parse(model).map(Self::Bpe),
            other => Err(unsupported(format!("the model «{other}»"))),
        }
    }

    /// The number of a piece.
    pub fn id(&self, piece: &str) -> Option<u32> {
        match self {
            Self::WordPiece { vocabulary, .. } | Self::Words { vocabulary, .. } => {
                vocabulary.get(piece).copied()
            }
            Self::Bpe(bpe) => bpe.vocabulary.get(piece).copied(),
            Self::Unigram(unigram) => unigram.vocabulary.get(piece).map(|(id, _)| *id),
        }
    }

    /// Adds the numbers of a word.
    pub fn encode(&self, word: &str, row: &mut Vec<u32>) {
        match self {
            Self::WordPiece { vocabulary, unknown, prefix, word_max } => {
                let start = row.len();
                if word.chars().count() > *word_max || !word_pieces(word, vocabulary, prefix, row) {
                    row.truncate(start);
                    row.push(*unknown);
                }
            }
            Self::Words { vocabulary, unknown } => {
                row.push(vocabulary.get(word).copied().unwrap_or(*unknown))
            }
            Self::Bpe(bpe) => bpe.encode(word, row),
            Self::Unigram(unigram) => unigram.encode(word, row),
        }
    }
}

/// False when the word cannot be made of pieces.
fn word_pieces(word: &str, vocabulary: &Vocabulary, prefix: &str, row: &mut Vec<u32>) -> bool {
    let mut start = 0;
    let mut piece = String::new();
    while start < word.len() {
        let rest = word.get(start..).unwrap_or_default();
        let mut ends: Vec<usize> =
            rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(PIECE_CHARS_MAX).collect();
        let found = loop {
            let Some(end) = ends.pop() else { return false };
            piece.clear();
            if start > 0 {
                piece.push_str(prefix);
            }
            piece.push_str(rest.get(..end).unwrap_or_default());
            if let Some(id) = vocabulary.get(&piece) {
                break (end, *id);
            }
        };
        row.push(found.1);
        start += found.0;
    }
    true
}

/// The piece that stands for a byte.
fn byte_piece(byte: u8) -> String {
    format!("<0x{byte:02X}>")
}

impl Bpe {
    fn parse(model: &Value) -> Result<Self, PluggedError> {
        let vocabulary = vocabulary_of(model)?;
        let prefix = model["continuing_subword_prefix"].as_str().unwrap_or_default().to_owned();
        let rules =
            model["merges"].as_array().ok_or_else(|| PluggedError::unreadable(PART, "it has no merges"))?;
        if rules.len() > VOCABULARY_MAX {
            return Err(unsupported(format!("{} merges", rules.len())));
        }
        let mut merges = HashMap::with_capacity(rules.len());
        for (rank, rule) in (0_u32..).zip(rules) {
            let pair = match rule {
                Value::String(text) => text.split_once(' '),
                other => other[0].as_str().zip(other[1].as_str()),
            };
            let merged = pair.and_then(|(left, right)| {
                let tail = right.strip_prefix(prefix.as_str()).unwrap_or(right);
                let result = vocabulary.get(&format!("{left}{tail}"))?;
                Some(((*vocabulary.get(left)?, *vocabulary.get(right)?), (rank, *result)))
            });
            let (pair, result) = merged.ok_or_else(|| {
                PluggedError::unreadable(PART, format!("merge {rank} is not in its vocabulary"))
            })?;
            merges.insert(pair, result);
        }
        let flag = |name: &str| model[name].as_bool().unwrap_or(false);
        Ok(Self {
            unknown: model["unk_token"].as_str().and_then(|name| vocabulary.get(name)).copied(),
            fuses_unknown: flag("fuse_unk"),
            falls_to_bytes: flag("byte_fallback"),
            whole_words: flag("ignore_merges"),
            suffix: model["end_of_word_suffix"].as_str().unwrap_or_default().to_owned(),
            vocabulary,
            merges,
            prefix,
        })
    }

    fn encode(&self, word: &str, row: &mut Vec<u32>) {
        if self.whole_words
            && let Some(id) = self.vocabulary.get(word)
        {
            row.push(*id);
            return;
        }
        let mut ids = self.characters(word);
        let rank = |ids: &[u32], at: usize| match ids.get(at..at + 2) {
            Some(&[left, right]) => self.merges.get(&(left, right)).copied(),
            _ => None,
        };
        let mut ranks: Vec<Option<(u32, u32)>> = (0..ids.len()).map(|at| rank(&ids, at)).collect();
        // The first of the lowest rank; every round removes one number.
        while let Some((at, (_, merged))) = ranks
            .iter()
            .enumerate()
            .filter_map(|(at, rank)| rank.map(|rank| (at, rank)))
            .min_by_key(|(_, rank)| rank.0)
        {
            ids.remove(at + 1);
            ranks.remove(at + 1);
            if let Some(id) = ids.get_mut(at) {
                *id = merged;
            }
            for place in at.saturating_sub(1)..=at {
                let fresh = rank(&ids, place);
                if let Some(old) = ranks.get_mut(place) {
                    *old = fresh;
                }
            }
        }
        row.append(&mut ids);
    }

    /// The numbers of the characters of a word, before any merge.
    fn characters(&self, word: &str) -> Vec<u32> {
        let mut ids = Vec::with_capacity(word.len());
        let mut was_unknown = false;
        for (at, c) in word.char_indices() {
            let mut piece = String::new();
            if at > 0 {
                piece.push_str(&self.prefix);
            }
            piece.push(c);
            if at + c.len_utf8() == word.len() {
                piece.push_str(&self.suffix);
            }
            if let Some(id) = self.vocabulary.get(&piece) {
                ids.push(*id);
                was_unknown = false;
                continue;
            }
            if self.falls_to_bytes
                && let Some(bytes) = piece
                    .bytes()
                    .map(|byte| self.vocabulary.get(&byte_piece(byte)).copied())
                    .collect::<Option<Vec<_>>>()
            {
                ids.extend(bytes);
                was_unknown = false;
                continue;
            }
            if let Some(unknown) = self.unknown
                && !(was_unknown && self.fuses_unknown)
            {
                ids.push(unknown);
            }
            was_unknown = true;
        }
        ids
    }
}

impl Unigram {
    fn parse(model: &Value) -> Result<Self, PluggedError> {
        let broken = || PluggedError::unreadable(PART, "its vocabulary is missing or broken");
        let entries = model["vocab"].as_array().ok_or_else(broken)?;
        if entries.len() > VOCABULARY_MAX {
            return Err(unsupported(format!("a vocabulary of {} pieces", entries.len())));
        }
        let mut vocabulary = HashMap::with_capacity(entries.len());
        let mut lowest = f64::INFINITY;
        let mut longest = 1;
        for (id, entry) in (0_u32..).zip(entries) {
            let (piece, score) = entry[0].as_str().zip(entry[1].as_f64()).ok_or_else(broken)?;
            lowest = lowest.min(score);
            longest = longest.max(piece.chars().count()).min(PIECE_CHARS_MAX);
            vocabulary.entry(piece.to_owned()).or_insert((id, score));
        }
        Ok(Self {
            unknown: number(&model["unk_id"]),
            unknown_score: if lowest.is_finite() { lowest - UNKNOWN_PENALTY } else { -UNKNOWN_PENALTY },
            longest,
            falls_to_bytes: model["byte_fallback"].as_bool().unwrap_or(false),
            vocabulary,
        })
    }

    fn encode(&self, word: &str, row: &mut Vec<u32>) {
        let bounds: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        // best[i]: score up to character i, where its last piece begins, its number.
        let mut best: Vec<Option<(f64, usize, Option<u32>)>> = vec![None; bounds.len()];
        if let Some(start) = best.first_mut() {
            *start = Some((0.0, 0, None));
        }
        for from in 0..bounds.len().saturating_sub(1) {
            let Some((score, ..)) = best.get(from).copied().flatten() else { continue };
            let mut has_single = false;
            for to in from + 1..=(from + self.longest).min(bounds.len() - 1) {
                let piece =
                    bounds.get(from).zip(bounds.get(to)).and_then(|(start, end)| word.get(*start..*end));
                let Some((id, weight)) = piece.and_then(|piece| self.vocabulary.get(piece)) else { continue };
                has_single |= to == from + 1;
                improve(&mut best, to, (score + weight, from, Some(*id)));
            }
            if !has_single {
                improve(&mut best, from + 1, (score + self.unknown_score, from, None));
            }
        }
        let mut path = Vec::new();
        let mut at = bounds.len() - 1;
        while at > 0 {
            let Some((_, from, id)) = best.get(at).copied().flatten() else { return };
            path.push((from, at, id));
            at = from;
        }
        self.emit(word, &bounds, path, row);
    }

    /// Adds the numbers of a path from its end; unknown characters side by side are one.
    fn emit(&self, word: &str, bounds: &[usize], path: Vec<(usize, usize, Option<u32>)>, row: &mut Vec<u32>) {
        let mut was_unknown = false;
        for (from, to, id) in path.into_iter().rev() {
            if let Some(id) = id {
                row.push(id);
                was_unknown = Some(id) == self.unknown;
                continue;
            }
            let text = bounds.get(from).zip(bounds.get(to)).and_then(|(start, end)| word.get(*start..*end));
            let bytes = text.filter(|_| self.falls_to_bytes).and_then(|text| {
                text.bytes()
                    .map(|byte| self.vocabulary.get(&byte_piece(byte)).map(|(id, _)| *id))
                    .collect::<Option<Vec<_>>>()
            });
            if let Some(bytes) = bytes {
                row.extend(bytes);
                continue;
            }
            if let Some(unknown) = self.unknown.filter(|_| !was_unknown) {
                row.push(unknown);
            }
            was_unknown = true;
        }
    }
}

fn improve(best: &mut [Option<(f64, usize, Option<u32>)>], at: usize, with: (f64, usize, Option<u32>)) {
    if let Some(place) = best.get_mut(at)
        && place.is_none_or(|(score, ..)| with.0 > score)
    {
        *place = Some(with);
    }
}
