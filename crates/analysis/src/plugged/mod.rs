//! A classifier of the user's own, an ONNX transformer run on this machine's processor.
//!
//! In: the bytes of `model.onnx`, `tokenizer.json`, `config.json` and, where
//! the names of its labels say no tone, `atalaya.json`; then texts. Out: the
//! probability of each label per text, and a [`Tone`] where the labels have one.
//! Errors: [`PluggedError`], which says what is missing and what to do; a broken
//! file never ends the program.
//! Cost: that of the model: posts of 30 tokens and one core, six layers of 384
//! 220/s (390/s in eight bits), twelve of 768 30/s. Memory: twice the file while
//! loading.
//! Source: the engine is the crate `rten`; the tokenizer is read by ourselves.
//! Limits: sequence classifiers with the inputs `input_ids`, `attention_mask`,
//! `token_type_ids` and `position_ids`; the operators of encoders; no loops,
//! so the time of a call is bounded by its tokens; weights within the file.

mod engine;
mod error;
mod guard;
mod labels;
#[cfg(test)]
mod tests;
mod tokenizer;

use engine::Network;
pub use engine::ROW_TOKENS_MAX;
pub use error::PluggedError;
use labels::Labels;
use model::Tone;
use tokenizer::Tokenizer;

/// Largest model, bytes.
pub const MODEL_BYTES_MAX: usize = 1 << 30;
/// Largest `tokenizer.json`, bytes.
pub const TOKENIZER_BYTES_MAX: usize = 64 << 20;
/// Largest `config.json` or `atalaya.json`, bytes.
pub const CONFIG_BYTES_MAX: usize = 4 << 20;
/// Most texts in one call.
pub const TEXTS_MAX: usize = 10_000;
/// Most rows that the model sees at once.
const BATCH_ROWS_MAX: usize = 16;
/// Most tokens that the model sees at once, padding included.
const BATCH_TOKENS_MAX: usize = 2_048;
/// What every model is asked once when it is loaded.
const TRIAL: &str = "Atalaya: ¿responde?";

/// The files of a model.
#[derive(Debug, Default)]
pub struct PluggedParts {
    /// `model.onnx`.
    pub model: Vec<u8>,
    /// `tokenizer.json`.
    pub tokenizer: Vec<u8>,
    /// `config.json`.
    pub config: Vec<u8>,
    /// `atalaya.json`, when there is one: `{"tone": {"LABEL_0": "negative"}}`.
    pub mapping: Option<Vec<u8>>,
    /// Threads to work with; zero is one.
    pub threads: usize,
}

/// A model that answered once.
pub struct Plugged {
    network: Network,
    tokenizer: Tokenizer,
    labels: Labels,
    length: usize,
    padding: u32,
}

impl std::fmt::Debug for Plugged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugged")
            .field("labels", &self.labels())
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Plugged {
    /// Reads the files and asks the model once.
    ///
    /// # Errors
    /// [`PluggedError`] when a file is broken, too large or asks for what is
    /// not supported, when labels and answer differ, or when the model fails.
    pub fn load(parts: PluggedParts) -> Result<Self, PluggedError> {
        let sizes = [
            ("model.onnx", parts.model.len(), MODEL_BYTES_MAX),
            (tokenizer::PART, parts.tokenizer.len(), TOKENIZER_BYTES_MAX),
            (labels::PART, parts.config.len(), CONFIG_BYTES_MAX),
            ("atalaya.json", parts.mapping.as_ref().map_or(0, Vec::len), CONFIG_BYTES_MAX),
        ];
        if let Some((part, bytes, max)) = sizes.into_iter().find(|(_, bytes, max)| bytes > max) {
            return Err(PluggedError::TooLarge { part, bytes, max });
        }
        let mut labels = Labels::parse(&parts.config, parts.mapping.as_deref())?;
        let tokenizer = Tokenizer::parse(&parts.tokenizer)?;
        let network = Network::load(parts.model, parts.threads)?;
        let length = [tokenizer.length, labels.length].into_iter().flatten().fold(ROW_TOKENS_MAX, usize::min);
        if length <= tokenizer.marks() {
            return Err(PluggedError::unreadable(
                labels::PART,
                "its greatest length leaves no room for a text",
            ));
        }
        let padding = tokenizer.padding.or(labels.padding).unwrap_or(0);
        let trial = network.answer(&[tokenizer.encode(TRIAL, length)], padding)?;
        labels.settle(trial.first().map_or(0, Vec::len))?;
        let plugged = Self { network, tokenizer, labels, length, padding };
        plugged.classify(&[TRIAL])?;
        Ok(plugged)
    }

    /// The names of the labels, in the order of the probabilities.
    pub fn labels(&self) -> &[String] {
        &self.labels.names
    }

    /// Longest row of tokens that the model sees; the rest of a text is not read.
    pub fn length(&self) -> usize {
        self.length
    }

    /// True when the labels speak of tone.
    pub fn has_tone(&self) -> bool {
        self.labels.has_tone()
    }

    /// The probability of each label for each text, in order. They sum to one,
    /// unless `config.json` says that several labels hold at once.
    ///
    /// # Errors
    /// [`PluggedError::TooMany`] above [`TEXTS_MAX`]; [`PluggedError::Run`] when
    /// the model fails or answers no numbers.
    pub fn classify(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, PluggedError> {
        if texts.len() > TEXTS_MAX {
            return Err(PluggedError::TooMany { texts: texts.len(), max: TEXTS_MAX });
        }
        let mut rows: Vec<(usize, Vec<u32>)> =
            texts.iter().map(|text| self.tokenizer.encode(text, self.length)).enumerate().collect();
        // Rows of one length waste nothing on padding.
        rows.sort_by_key(|(_, row)| row.len());
        let mut answers = vec![Vec::new(); texts.len()];
        let mut rest = rows.as_mut_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at_mut(batch_size(rest));
            rest = after;
            let numbers: Vec<Vec<u32>> = batch.iter_mut().map(|(_, row)| std::mem::take(row)).collect();
            let logits = self.network.answer(&numbers, self.padding)?;
            for ((place, _), logits) in batch.iter().zip(logits) {
                if let Some(answer) = answers.get_mut(*place) {
                    *answer = self.labels.probabilities(&logits)?;
                }
            }
        }
        Ok(answers)
    }

    /// Tone and score −1…1 of one text's probabilities; unknown when no tone has
    /// 0.5 or the labels say no tone.
    pub fn tone_of(&self, probabilities: &[f32]) -> (Tone, Option<f32>) {
        self.labels.tone_of(probabilities)
    }
}

/// How many of these rows, sorted by length, go into one call of the model; at least one.
fn batch_size(rows: &[(usize, Vec<u32>)]) -> usize {
    let fits = |count: usize, row: &[u32]| row.len() * count <= BATCH_TOKENS_MAX && count <= BATCH_ROWS_MAX;
    rows.iter().enumerate().take_while(|(at, (_, row))| fits(at + 1, row)).count().max(1)
}
