//! What a tokenizer does to a text before cutting it.
//!
//! In: a text. Out: the text as the model was trained on. Cost: linear.
//! Source: the normalisers of Hugging Face *tokenizers*; the character map of
//! SentencePiece is read as published (a double array of 32-bit units and the
//! replacements, each ended by a zero byte).
//! Limits: accents are all combining marks, not only those without width.

use super::{PART, kind, unsupported};
use crate::plugged::error::PluggedError;
use base64::Engine;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest group of a character and its marks that the map is asked for whole, bytes.
const GROUP_BYTES_MAX: usize = 5;
/// Longest text put in place of another, bytes.
const REPLACEMENT_BYTES_MAX: usize = 64;

/// One step.
pub enum Normal {
    /// That of BERT.
    Bert {
        /// Drop control characters, one kind of blank.
        cleans: bool,
        /// Blanks around ideographs.
        parts_ideographs: bool,
        /// Drop accents.
        strips: bool,
        /// Small letters.
        lowers: bool,
    },
    /// Small letters.
    Lower,
    /// Canonical composition.
    Nfc,
    /// Canonical decomposition.
    Nfd,
    /// Compatibility composition.
    Nfkc,
    /// Compatibility decomposition.
    Nfkd,
    /// Drop combining marks.
    StripAccents,
    /// Drop blanks at the ends.
    Strip {
        /// At the start.
        left: bool,
        /// At the end.
        right: bool,
    },
    /// One string for another.
    Replace {
        /// What is looked for.
        from: String,
        /// What takes its place.
        to: String,
    },
    /// Runs of two or more spaces become one string.
    ReplaceSpaces {
        /// What takes their place.
        to: String,
    },
    /// A string before the text.
    Prepend(String),
    /// The map of SentencePiece.
    Map(CharacterMap),
    /// Control characters go, other blanks become spaces.
    Nmt,
}

/// Reads a normaliser and what is in it.
pub fn parse(step: &Value, into: &mut Vec<Normal>) -> Result<(), PluggedError> {
    let flag = |name: &str, other: bool| step[name].as_bool().unwrap_or(other);
    let one = match kind(step) {
        "" => return Ok(()),
        "Sequence" => {
            // Depth is bounded by the reader of JSON.
            return step["normalizers"]
                .as_array()
                .into_iter()
                .flatten()
                .try_for_each(|inner| parse(inner, into));
        }
        "BertNormalizer" => {
            let lowers = flag("lowercase", true);
            Normal::Bert {
                cleans: flag("clean_text", true),
                parts_ideographs: flag("handle_chinese_chars", true),
                strips: flag("strip_accents", lowers),
                lowers,
            }
        }
        "Lowercase" => Normal::Lower,
        "NFC" => Normal::Nfc,
        "NFD" => Normal::Nfd,
        "NFKC" => Normal::Nfkc,
        "NFKD" => Normal::Nfkd,
        "StripAccents" => Normal::StripAccents,
        "Strip" => Normal::Strip { left: flag("strip_left", true), right: flag("strip_right", true) },
        "Nmt" => Normal::Nmt,
        "Prepend" => Normal::Prepend(text_of(&step["prepend"])?),
        "Replace" => replacement(step)?,
        "Precompiled" => Normal::Map(CharacterMap::parse(&step["precompiled_charsmap"])?),
        other => return Err(unsupported(format!("the normaliser «{other}»"))),
    };
    into.push(one);
    Ok(())
}

fn text_of(value: &Value) -> Result<String, PluggedError> {
    match value.as_str() {
        Some(text) if text.len() <= REPLACEMENT_BYTES_MAX => Ok(text.to_owned()),
        _ => Err(PluggedError::unreadable(PART, "a replacement is missing or too long")),
    }
}

fn replacement(step: &Value) -> Result<Normal, PluggedError> {
    let to = text_of(&step["content"])?;
    if let Some(from) = step["pattern"]["String"].as_str().filter(|from| !from.is_empty()) {
        return Ok(Normal::Replace { from: from.to_owned(), to });
    }
    match step["pattern"]["Regex"].as_str() {
        Some(" {2,}") => Ok(Normal::ReplaceSpaces { to }),
        Some(pattern) => Err(unsupported(format!("the replacement of «{pattern}»"))),
        None => Err(PluggedError::unreadable(PART, "a replacement has no pattern")),
    }
}

impl Normal {
    /// The text after this step.
    pub fn apply(&self, text: String) -> String {
        match self {
            Self::Bert { cleans, parts_ideographs, strips, lowers } => {
                let mut text = text;
                if *cleans {
                    text = text.chars().filter(|c| !is_dropped(*c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
                }
                if *parts_ideographs && text.chars().any(is_ideograph) {
                    text = part_ideographs(&text);
                }
                if *strips {
                    text = text.nfd().filter(|c| !is_combining_mark(*c)).collect();
                }
                if *lowers { lower(&text) } else { text }
            }
            Self::Lower => lower(&text),
            Self::Nfc => text.nfc().collect(),
            Self::Nfd => text.nfd().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::Nfkd => text.nfkd().collect(),
            Self::StripAccents => text.chars().filter(|c| !is_combining_mark(*c)).collect(),
            Self::Strip { left, right } => {
                let kept = if *left { text.trim_start() } else { &text };
                (if *right { kept.trim_end() } else { kept }).to_owned()
            }
            Self::Replace { from, to } => text.replace(from, to),
            Self::ReplaceSpaces { to } => replace_spaces(&text, to),
            Self::Prepend(before) if text.is_empty() => before.clone(),
            Self::Prepend(before) => format!("{before}{text}"),
            Self::Map(map) => map.apply(&text),
            Self::Nmt => text
                .chars()
                .filter(|c| !matches!(*c, '\u{1}'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{8f}' | '\u{9f}'))
                .map(|c| match c {
                    '\t' | '\n' | '\u{c}' | '\r' | '\u{1680}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
                    | '\u{2581}' | '\u{feff}' | '\u{fffd}' => ' ',
                    other => other,
                })
                .collect(),
        }
    }
}

/// Small letters one by one: a final sigma is like any other.
fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn replace_spaces(text: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0_usize;
    for c in text.chars().chain(['\0']) {
        if c == ' ' {
            run += 1;
            continue;
        }
        match run {
            0 => {}
            1 => out.push(' '),
            _ => out.push_str(to),
        }
        run = 0;
        out.push(c);
    }
    out.pop();
    out
}

/// True of what BERT drops: control and format characters, private use.
fn is_dropped(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{fffd}' | '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' => {
            true
        }
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{e000}'..='\u{f8ff}' => true,
        other => other.is_control(),
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

fn part_ideographs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_ideograph(c) {
            out.extend([' ', c, ' ']);
        } else {
            out.push(c);
        }
    }
    out
}

/// The character map of SentencePiece.
pub struct CharacterMap {
    units: Vec<u32>,
    replacements: Vec<u8>,
}

impl CharacterMap {
    fn parse(value: &Value) -> Result<Self, PluggedError> {
        let broken = || PluggedError::unreadable(PART, "the map of characters is broken");
        let packed = value.as_str().ok_or_else(broken)?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed).map_err(|_| broken())?;
        let (head, rest) = bytes.split_first_chunk::<4>().ok_or_else(broken)?;
        let size = usize::try_from(u32::from_le_bytes(*head)).map_err(|_| broken())?;
        let (units, replacements) = rest.split_at_checked(size).ok_or_else(broken)?;
        let (units, []) = units.as_chunks::<4>() else { return Err(broken()) };
        let units = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Ok(Self { units, replacements: replacements.to_vec() })
    }

    /// What stands for the shortest entry that `group` begins with.
    fn replacement(&self, group: &str) -> Option<&str> {
        // The units of darts-clone: offset, label and leaf packed in 32 bits.
        let offset = |unit: u32| (unit >> 10) << ((unit & (1 << 9)) >> 6);
        let unit_at = |at: u32| usize::try_from(at).ok().and_then(|at| self.units.get(at)).copied();
        let mut at = offset(unit_at(0)?);
        for byte in group.bytes().take_while(|byte| *byte != 0) {
            at ^= u32::from(byte);
            let unit = unit_at(at)?;
            if unit & ((1 << 31) | 0xff) != u32::from(byte) {
                return None;
            }
            at ^= offset(unit);
            if (unit >> 8) & 1 == 1 {
                let start = usize::try_from(unit_at(at)? & 0x7fff_ffff).ok()?;
                let text = self.replacements.get(start..)?;
                let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
                return text
                    .get(..end.min(REPLACEMENT_BYTES_MAX))
                    .and_then(|text| std::str::from_utf8(text).ok());
            }
        }
        None
    }

    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut starts: Vec<usize> =
            text.char_indices().filter(|(_, c)| !is_combining_mark(*c)).map(|(at, _)| at).collect();
        if starts.first() != Some(&0) {
            starts.insert(0, 0);
        }
        starts.push(text.len());
        for pair in starts.windows(2) {
            let &[start, end] = pair else { continue };
            let group = text.get(start..end).unwrap_or_default();
            if group.len() <= GROUP_BYTES_MAX
                && let Some(replacement) = self.replacement(group)
            {
                out.push_str(replacement);
                continue;
            }
            for (at, c) in group.char_indices() {
                let one = group.get(at..at + c.len_utf8()).unwrap_or_default();
                out.push_str(self.replacement(one).unwrap_or(one));
            }
        }
        out
    }
}
