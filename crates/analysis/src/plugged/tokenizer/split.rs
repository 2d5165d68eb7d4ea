//! How a tokenizer cuts a text into words.
//!
//! In: pieces of text. Out: smaller ones. Cost: linear.
//! Source: the pre-tokenizers of Hugging Face *tokenizers*; the pattern of
//! GPT-2 is written out by hand.
//! Limits: letters are those of Rust's tables, which differ from the pattern's
//! only in rare scripts.

use super::punctuation::is_punctuation;
use super::{PART, kind, unsupported};
use crate::plugged::error::PluggedError;
use serde_json::Value;
use unicode_normalization::char::is_combining_mark;

/// The pattern that byte-level tokenizers cut with.
const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

/// One step.
pub enum Split {
    /// At blanks, and punctuation by itself.
    Bert,
    /// Runs of word characters and runs of other signs.
    Whitespace,
    /// At blanks.
    Blanks,
    /// The pattern of GPT-2, without changing bytes.
    Gpt2,
    /// Bytes as printable characters.
    Bytes {
        /// A blank before a text that has none.
        prepends: bool,
        /// Cut with the pattern first.
        cuts: bool,
    },
    /// Blanks as visible marks that words begin with.
    Meta {
        /// The mark.
        mark: char,
        /// When one stands before the text.
        prepends: Prepends,
        /// Cut before each mark.
        cuts: bool,
    },
    /// Punctuation by itself.
    Punctuation,
    /// Numbers by themselves.
    Digits {
        /// Each digit by itself.
        each: bool,
    },
    /// At a string.
    At {
        /// The string.
        text: String,
        /// It goes.
        removed: bool,
    },
}

/// When a mark is put before a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Prepends {
    /// Before every piece.
    Always,
    /// Only at the start of the whole text.
    First,
    /// Nowhere.
    Never,
}

/// Reads a pre-tokenizer and what is in it.
pub fn parse(step: &Value, into: &mut Vec<Split>) -> Result<(), PluggedError> {
    let flag = |name: &str, other: bool| step[name].as_bool().unwrap_or(other);
    let one = match kind(step) {
        "" => return Ok(()),
        "Sequence" => {
            // Depth is bounded by the reader of JSON.
            return step["pretokenizers"]
                .as_array()
                .into_iter()
                .flatten()
                .try_for_each(|inner| parse(inner, into));
        }
        "BertPreTokenizer" => Split::Bert,
        "Whitespace" => Split::Whitespace,
        "WhitespaceSplit" => Split::Blanks,
        "ByteLevel" => {
            Split::Bytes { prepends: flag("add_prefix_space", true), cuts: flag("use_regex", true) }
        }
        "Metaspace" => Split::Meta {
            mark: step["replacement"].as_str().and_then(|mark| mark.chars().next()).unwrap_or('▁'),
            prepends: match step["prepend_scheme"].as_str() {
                Some("always") => Prepends::Always,
                Some("first") => Prepends::First,
                Some("never") => Prepends::Never,
                _ if flag("add_prefix_space", true) => Prepends::Always,
                _ => Prepends::Never,
            },
            cuts: flag("split", true),
        },
        "Punctuation" if matches!(step["behavior"].as_str(), None | Some("Isolated")) => Split::Punctuation,
        "Digits" => Split::Digits { each: flag("individual_digits", false) },
        "Split" => pattern(step)?,
        other => return Err(unsupported(format!("the pre-tokenizer «{other}»"))),
    };
    into.push(one);
    Ok(())
}

fn pattern(step: &Value) -> Result<Split, PluggedError> {
    let behaviour = step["behavior"].as_str().unwrap_or_default();
    let inverted = step["invert"].as_bool().unwrap_or(false);
    if let Some(text) = step["pattern"]["String"].as_str().filter(|text| !text.is_empty())
        && !inverted
        && matches!(behaviour, "Removed" | "Isolated")
    {
        return Ok(Split::At { text: text.to_owned(), removed: behaviour == "Removed" });
    }
    match step["pattern"]["Regex"].as_str() {
        Some(GPT2) if behaviour == "Isolated" || inverted => Ok(Split::Gpt2),
        Some(pattern) => Err(unsupported(format!("a split at «{pattern}»"))),
        None => Err(PluggedError::unreadable(PART, "a split has no pattern that is understood")),
    }
}

impl Split {
    /// The pieces after this step; `is_first` when they begin the whole text.
    pub fn apply(&self, words: Vec<String>, is_first: bool) -> Vec<String> {
        let mut out = Vec::with_capacity(words.len() * 2);
        for (place, word) in words.into_iter().enumerate() {
            match self {
                Self::Bert => group(
                    &word,
                    |c| if is_punctuation(c) { Class::Alone } else { Class::of_blank(c) },
                    &mut out,
                ),
                Self::Whitespace => group(
                    &word,
                    |c| {
                        if is_word(c) {
                            Class::Run(0)
                        } else if c.is_whitespace() {
                            Class::Gone
                        } else {
                            Class::Run(1)
                        }
                    },
                    &mut out,
                ),
                Self::Blanks => group(&word, Class::of_blank, &mut out),
                Self::Punctuation => {
                    group(&word, |c| if is_punctuation(c) { Class::Alone } else { Class::Run(0) }, &mut out)
                }
                Self::Digits { each } => group(
                    &word,
                    |c| match (c.is_numeric(), each) {
                        (true, true) => Class::Alone,
                        (true, false) => Class::Run(1),
                        (false, _) => Class::Run(0),
                    },
                    &mut out,
                ),
                Self::Gpt2 => cut_gpt2(&word, &mut out),
                Self::Bytes { prepends, cuts } => {
                    let word = if *prepends && !word.starts_with(' ') { format!(" {word}") } else { word };
                    let mut parts = Vec::new();
                    if *cuts {
                        cut_gpt2(&word, &mut parts)
                    } else {
                        parts.push(word)
                    }
                    out.extend(parts.iter().map(|part| part.bytes().map(byte_char).collect::<String>()));
                }
                Self::Meta { mark, prepends, cuts } => {
                    let mut word: String = word.chars().map(|c| if c == ' ' { *mark } else { c }).collect();
                    let wanted = *prepends == Prepends::Always
                        || (*prepends == Prepends::First && is_first && place == 0);
                    if wanted && !word.starts_with(*mark) {
                        word.insert(0, *mark);
                    }
                    if *cuts { cut_before(&word, *mark, &mut out) } else { out.push(word) }
                }
                Self::At { text, removed } => {
                    for (number, part) in word.split(text.as_str()).enumerate() {
                        if number > 0 && !removed {
                            out.push(text.clone());
                        }
                        out.push(part.to_owned());
                    }
                }
            }
        }
        out
    }
}

/// What becomes of a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It goes.
    Gone,
    /// A piece of its own.
    Alone,
    /// With its like.
    Run(u8),
}

impl Class {
    fn of_blank(c: char) -> Self {
        if c.is_whitespace() { Self::Gone } else { Self::Run(0) }
    }
}

fn group(text: &str, class_of: impl Fn(char) -> Class, out: &mut Vec<String>) {
    let mut current = String::new();
    let mut class = Class::Gone;
    for c in text.chars() {
        let next = class_of(c);
        if (next != class || next == Class::Alone) && !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        class = next;
        if next != Class::Gone {
            current.push(c);
        }
    }
    if !current.is_empty() {
        out.push(current);
    }
}

fn cut_before(text: &str, mark: char, out: &mut Vec<String>) {
    let mut current = String::new();
    for c in text.chars() {
        if c == mark && !current.is_empty() {
            out.push(std::mem::take(&mut current));
        }
        current.push(c);
    }
    if !current.is_empty() {
        out.push(current);
    }
}

/// `\w`: letters, marks, digits and the underscore.
fn is_word(c: char) -> bool {
    c == '_' || c.is_alphabetic() || is_combining_mark(c) || c.is_numeric()
}

/// `\p{L}`: alphabetic, but no mark, no number and no circled letter.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && !is_combining_mark(c)
        && !c.is_numeric()
        && !matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}')
}

/// The kinds of signs in the pattern of GPT-2.
fn gpt2_class(c: char) -> u8 {
    if c.is_whitespace() {
        0
    } else if is_letter(c) {
        1
    } else if c.is_numeric() {
        2
    } else {
        3
    }
}

fn cut_gpt2(text: &str, out: &mut Vec<String>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end =
            match ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].iter().find(|end| rest.starts_with(**end)) {
                Some(ending) => ending.len(),
                None => gpt2_end(rest, first),
            };
        let (piece, after) = rest.split_at(end.max(first.len_utf8()));
        out.push(piece.to_owned());
        rest = after;
    }
}

/// Where the first piece of a text that is not empty ends.
fn gpt2_end(text: &str, first: char) -> usize {
    let run = |from: usize, class: u8| {
        let tail = text.get(from..).unwrap_or_default();
        from + tail.find(|c| gpt2_class(c) != class).unwrap_or(tail.len())
    };
    if gpt2_class(first) != 0 {
        return run(0, gpt2_class(first));
    }
    let second = text.chars().nth(1);
    if first == ' '
        && let Some(class) = second.map(gpt2_class).filter(|class| *class != 0)
    {
        return run(1, class);
    }
    let blanks = run(0, 0);
    if blanks == text.len() {
        return blanks;
    }
    // Blanks before a word leave their last one to it, unless they are but one.
    let last = text.get(..blanks).and_then(|run| run.char_indices().next_back()).map_or(0, |(at, _)| at);
    if last == 0 { blanks } else { last }
}

/// The printable character that stands for a byte.
pub fn byte_char(byte: u8) -> char {
    let code = match byte {
        b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff => u32::from(byte),
        0..=0x20 => 0x100 + u32::from(byte),
        0x7f..=0xa0 => 0x121 + u32::from(byte - 0x7f),
        0xad => 0x143,
    };
    char::from_u32(code).unwrap_or(' ')
}
