//! The tokenizer of a plugged model, read of its `tokenizer.json`.
//!
//! In: the bytes of the file; then texts. Out: the numbers that the model was
//! trained on, with its opening and closing marks. Errors: [`PluggedError`]
//! naming the kind that is not built. Cost: about 1 µs per token; memory of the
//! vocabulary. Source: the documented format of Hugging Face *tokenizers*.
//! Limits: the first [`TEXT_CHARS_MAX`] characters of a text; marks for pairs
//! of texts are not used; patterns of `Split` other than plain strings and that
//! of GPT-2 are refused rather than guessed.

mod normal;
mod pieces;
mod punctuation;
mod split;

use super::error::PluggedError;
use normal::Normal;
use pieces::Pieces;
use serde_json::Value;
use split::Split;
use std::collections::HashMap;

/// Characters of a text that are read; more never fits into a model.
pub const TEXT_CHARS_MAX: usize = 8_192;
/// Most added tokens.
const ADDED_MAX: usize = 2_000;
/// Most steps of a normaliser or splitter.
const STEPS_MAX: usize = 64;
/// Most marks before or after a text.
const MARKS_MAX: usize = 8;
/// How this part is called in errors.
pub(super) const PART: &str = "tokenizer.json";

/// A tokenizer ready to encode.
pub struct Tokenizer {
    added: Vec<Added>,
    normal: Vec<Normal>,
    split: Vec<Split>,
    pieces: Pieces,
    before: Vec<u32>,
    after: Vec<u32>,
    /// The number that fills short rows.
    pub padding: Option<u32>,
    /// The longest row that the file asks for, marks included.
    pub length: Option<usize>,
}

/// A token that stands for itself wherever it is written.
struct Added {
    content: String,
    id: u32,
    takes_left: bool,
    takes_right: bool,
}

impl Tokenizer {
    /// Reads a `tokenizer.json`.
    pub fn parse(bytes: &[u8]) -> Result<Self, PluggedError> {
        let file: Value = serde_json::from_slice(bytes)
            .map_err(|error| PluggedError::unreadable(PART, error.to_string()))?;
        let added = added_tokens(&file)?;
        let mut normal = Vec::new();
        normal::parse(&file["normalizer"], &mut normal)?;
        let mut split = Vec::new();
        split::parse(&file["pre_tokenizer"], &mut split)?;
        if normal.len() > STEPS_MAX || split.len() > STEPS_MAX {
            return Err(unsupported("more steps than any tokenizer has"));
        }
        let pieces = Pieces::parse(&file["model"])?;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        marks(&file["post_processor"], &mut before, &mut after)?;
        if before.len() > MARKS_MAX || after.len() > MARKS_MAX {
            return Err(unsupported("more marks around a text than any model has"));
        }
        let padding = number(&file["padding"]["pad_id"]).or_else(|| {
            ["[PAD]", "<pad>"].iter().find_map(|name| {
                added.iter().find(|token| token.content == *name).map(|token| token.id).or(pieces.id(name))
            })
        });
        let length =
            file["truncation"]["max_length"].as_u64().and_then(|length| usize::try_from(length).ok());
        Ok(Self { added, normal, split, pieces, before, after, padding, length })
    }

    /// Marks around every text.
    pub fn marks(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// The row of a text, at most `length` numbers, marks included.
    pub fn encode(&self, text: &str, length: usize) -> Vec<u32> {
        let end = text.char_indices().nth(TEXT_CHARS_MAX).map_or(text.len(), |(at, _)| at);
        let text = text.get(..end).unwrap_or_default();
        let room = length.saturating_sub(self.marks());
        let mut row = self.before.clone();
        let limit = row.len() + room;
        let mut rest = text;
        let mut is_first = true;
        while row.len() < limit {
            let Some((at, token)) = self.next_added(rest) else {
                self.encode_plain(rest, is_first, &mut row);
                break;
            };
            let (plain, after) = rest.split_at(at);
            let plain = if token.takes_left { plain.trim_end() } else { plain };
            self.encode_plain(plain, is_first, &mut row);
            row.push(token.id);
            rest = after.get(token.content.len()..).unwrap_or_default();
            rest = if token.takes_right { rest.trim_start() } else { rest };
            is_first = false;
        }
        row.truncate(limit);
        row.extend_from_slice(&self.after);
        row
    }

    /// The first added token of a text; of two at one place the longer.
    fn next_added(&self, text: &str) -> Option<(usize, &Added)> {
        self.added
            .iter()
            .filter_map(|token| text.find(&token.content).map(|at| (at, token)))
            .min_by_key(|(at, token)| (*at, std::cmp::Reverse(token.content.len())))
    }

    fn encode_plain(&self, text: &str, is_first: bool, row: &mut Vec<u32>) {
        let mut text = text.to_owned();
        for step in &self.normal {
            text = step.apply(text);
        }
        if text.is_empty() {
            return;
        }
        let mut words = vec![text];
        for step in &self.split {
            words = step.apply(words, is_first);
        }
        for word in words.iter().filter(|word| !word.is_empty()) {
            self.pieces.encode(word, row);
        }
    }
}

fn unsupported(what: impl Into<String>) -> PluggedError {
    PluggedError::Unsupported {
        part: PART,
        what: what.into(),
        advice: "save the model with a fast tokenizer of the BERT, RoBERTa or XLM-R family",
    }
}

/// The kind of a part of the file.
fn kind(value: &Value) -> &str {
    value["type"].as_str().unwrap_or_default()
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

fn added_tokens(file: &Value) -> Result<Vec<Added>, PluggedError> {
    let Some(list) = file["added_tokens"].as_array() else { return Ok(Vec::new()) };
    if list.len() > ADDED_MAX {
        return Err(unsupported(format!("{} added tokens", list.len())));
    }
    list.iter()
        .map(|token| {
            let content = token["content"].as_str().filter(|content| !content.is_empty());
            match (content, number(&token["id"])) {
                (Some(content), Some(id)) => Ok(Added {
                    content: content.to_owned(),
                    id,
                    takes_left: token["lstrip"].as_bool().unwrap_or(false),
                    takes_right: token["rstrip"].as_bool().unwrap_or(false),
                }),
                _ => Err(PluggedError::unreadable(PART, "an added token has no content or no id")),
            }
        })
        .collect()
}

/// Collects the numbers that stand before and after a single text.
fn marks(step: &Value, before: &mut Vec<u32>, after: &mut Vec<u32>) -> Result<(), PluggedError> {
    match kind(step) {
        "" | "ByteLevel" => Ok(()),
        "Sequence" => step["processors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|inner| kind(inner) != "Sequence")
            .try_for_each(|inner| marks(inner, before, after)),
        "BertProcessing" | "RobertaProcessing" => {
            let both = number(&step["cls"][1]).zip(number(&step["sep"][1]));
            let (opening, closing) =
                both.ok_or_else(|| PluggedError::unreadable(PART, "its marks have no numbers"))?;
            before.push(opening);
            after.push(closing);
            Ok(())
        }
        "TemplateProcessing" => template_marks(step, before, after),
        other => Err(unsupported(format!("the post-processor «{other}»"))),
    }
}

fn template_marks(step: &Value, before: &mut Vec<u32>, after: &mut Vec<u32>) -> Result<(), PluggedError> {
    let ids: HashMap<&str, &Value> = step["special_tokens"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, token)| (name.as_str(), &token["ids"]))
        .collect();
    let mut target = before;
    let mut rest = Some(after);
    for part in step["single"].as_array().into_iter().flatten() {
        if part.get("Sequence").is_some() {
            match rest.take() {
                Some(after) => target = after,
                None => return Err(unsupported("a text that is repeated in its template")),
            }
            continue;
        }
        let name = part["SpecialToken"]["id"].as_str().unwrap_or_default();
        let numbers = ids.get(name).and_then(|ids| ids.as_array());
        for id in numbers
            .ok_or_else(|| PluggedError::unreadable(PART, format!("the mark «{name}» has no number")))?
        {
            target.push(number(id).ok_or_else(|| PluggedError::unreadable(PART, "a mark is not a number"))?);
        }
    }
    Ok(())
}
