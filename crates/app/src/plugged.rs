//! A tone model of the operator's own, read from a folder.
//!
//! In: a folder with `model.onnx`, `tokenizer.json`, `config.json` and perhaps
//! `atalaya.json`. Out: tones that carry the name and the version of the model.
//! Errors: [`AppError::Invalid`] naming the file and what to do.
//! Cost: reading the folder once; a judgement costs what the model costs, far
//! too much for the stream, so it judges posts on their pages and files.
//! Nothing is downloaded, and no file of the folder is run as a program.

use crate::AppError;
use analysis::plugged::{
    CONFIG_BYTES_MAX, MODEL_BYTES_MAX, Plugged, PluggedError, PluggedParts, TOKENIZER_BYTES_MAX,
};
use model::Tone;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of the digest that are the version: enough to tell models apart.
const VERSION_BYTES: usize = 8;
/// What `config check` asks a model.
const SAMPLE: &str = "El servicio es muy malo, nadie responde.";
/// The field in errors.
const FIELD: &str = "tone_model";

/// A tone model with its name and version.
#[derive(Debug)]
pub struct ToneModel {
    plugged: Plugged,
    method: String,
    version: String,
}

/// What a tone model says of one text.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ToneJudgement {
    /// The likeliest label, as the model names it.
    pub label: String,
    /// Its tone; unknown when no tone is likely enough or the labels say none.
    pub tone: Tone,
    /// −1…1; `None` when the tone is unknown.
    pub score: Option<f32>,
    /// Every label with its probability, likeliest first.
    pub probabilities: Vec<(String, f32)>,
    /// `onnx:` and the name of the folder.
    pub method: String,
    /// The first digits of the SHA-256 of the files.
    pub version: String,
}

impl ToneModel {
    /// Reads a folder and asks the model once; `threads` are used for each call.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a file is missing, broken or not supported.
    pub fn open(folder: &Path, threads: usize) -> Result<Self, AppError> {
        let named = std::path::absolute(folder).map_err(|error| AppError::file(folder, error))?;
        let name =
            named.file_name().map_or_else(|| "model".to_owned(), |name| name.to_string_lossy().into_owned());
        let parts = PluggedParts {
            model: read_part(folder, "model.onnx", MODEL_BYTES_MAX)?,
            tokenizer: read_part(folder, "tokenizer.json", TOKENIZER_BYTES_MAX)?,
            config: read_part(folder, "config.json", CONFIG_BYTES_MAX)?,
            mapping: match folder.join("atalaya.json").exists() {
                true => Some(read_part(folder, "atalaya.json", CONFIG_BYTES_MAX)?),
                false => None,
            },
            threads,
        };
        let version = version_of(&parts);
        let plugged = Plugged::load(parts).map_err(|error| refused(folder, &error))?;
        Ok(Self { plugged, method: format!("onnx:{name}"), version })
    }

    /// `onnx:` and the name of the folder.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The first digits of the SHA-256 of the files.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The names of the labels.
    pub fn labels(&self) -> &[String] {
        self.plugged.labels()
    }

    /// True when its labels speak of tone.
    pub fn has_tone(&self) -> bool {
        self.plugged.has_tone()
    }

    /// Judges texts, in order.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the model fails or more than
    /// [`analysis::plugged::TEXTS_MAX`] texts come at once.
    pub fn judge(&self, texts: &[&str]) -> Result<Vec<ToneJudgement>, AppError> {
        let answers =
            self.plugged.classify(texts).map_err(|error| AppError::invalid(FIELD, error.to_string()))?;
        Ok(answers.into_iter().map(|answer| self.judgement(&answer)).collect())
    }

    fn judgement(&self, answer: &[f32]) -> ToneJudgement {
        let (tone, score) = self.plugged.tone_of(answer);
        let mut probabilities: Vec<(String, f32)> =
            self.labels().iter().cloned().zip(answer.iter().copied()).collect();
        probabilities.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        ToneJudgement {
            label: probabilities.first().map(|(label, _)| label.clone()).unwrap_or_default(),
            tone,
            score,
            probabilities,
            method: self.method.clone(),
            version: self.version.clone(),
        }
    }

    /// What the model says of a sample sentence, for `config check`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the model fails.
    pub fn try_out(&self) -> Result<(&'static str, ToneJudgement), AppError> {
        let mut answers = self.judge(&[SAMPLE])?;
        let answer = answers.pop().ok_or_else(|| AppError::invalid(FIELD, "the model gave no answer"))?;
        Ok((SAMPLE, answer))
    }
}

/// Reads a file of the folder, at most one byte more than is taken.
fn read_part(folder: &Path, name: &str, max: usize) -> Result<Vec<u8>, AppError> {
    let path = folder.join(name);
    let file = File::open(&path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            let need = "the folder needs model.onnx, tokenizer.json and config.json";
            return AppError::invalid(FIELD, format!("{} is missing; {need}", path.display()));
        }
        AppError::file(&path, error)
    })?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|error| AppError::file(&path, error))?;
    Ok(bytes)
}

fn refused(folder: &Path, error: &PluggedError) -> AppError {
    AppError::invalid(FIELD, format!("{}: {error}", folder.display()))
}

/// The digest of the files, each with its length before it.
fn version_of(parts: &PluggedParts) -> String {
    let mut digest = Sha256::new();
    for bytes in
        [&parts.model, &parts.tokenizer, &parts.config, parts.mapping.as_ref().unwrap_or(&Vec::new())]
    {
        digest.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
        digest.update(bytes);
    }
    digest.finalize().iter().take(VERSION_BYTES).fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../analysis/tests/plugged").join(name)
    }

    #[test]
    fn a_folder_becomes_a_model_with_method_and_version() {
        let model = ToneModel::open(&fixture("attention"), 1).unwrap();
        assert_eq!(model.method(), "onnx:attention");
        assert_eq!(model.version().len(), 2 * VERSION_BYTES);
        assert_ne!(model.version(), ToneModel::open(&fixture("quantised"), 1).unwrap().version());
        let (_, answer) = model.try_out().unwrap();
        assert_eq!(answer.label, answer.probabilities[0].0);
        assert!((answer.probabilities.iter().map(|(_, p)| p).sum::<f32>() - 1.0).abs() < 1e-5);
        assert_eq!(model.judge(&["a", "b", "c"]).unwrap().len(), 3);
    }

    #[test]
    fn a_folder_without_a_file_is_told_which() {
        let folder = tempfile::tempdir().unwrap();
        let error = ToneModel::open(folder.path(), 1).unwrap_err().to_string();
        assert!(error.contains("model.onnx is missing"), "{error}");
        std::fs::write(folder.path().join("model.onnx"), b"\x08\x08").unwrap();
        let error = ToneModel::open(folder.path(), 1).unwrap_err().to_string();
        assert!(error.contains("tokenizer.json is missing"), "{error}");
    }
}
