//! What the answers of a plugged model mean.
//!
//! In: `config.json` (`id2label`, `max_position_embeddings`, `problem_type`) and
//! perhaps `atalaya.json`. Out: names, probabilities, tones. Cost: nothing.
//! Limits: names of tones in Spanish, Portuguese and English; others through
//! `atalaya.json`.

use super::error::PluggedError;
use model::Tone;
use serde_json::Value;

/// Most labels.
pub const LABELS_MAX: usize = 1_000;
/// Longest name of a label, characters.
const NAME_CHARS_MAX: usize = 80;
/// Least probability of a tone that is stated.
pub const TONE_PROBABILITY_MIN: f32 = 0.5;
/// How this part is called in errors.
pub const PART: &str = "config.json";

/// The names of the labels and what each says of tone.
pub struct Labels {
    /// In the order of the answer.
    pub names: Vec<String>,
    /// Tone and value of each label; `None` for what says no tone.
    tones: Vec<Option<(Tone, f32)>>,
    mapping: Option<Value>,
    several_at_once: bool,
    /// Longest row of the model.
    pub length: Option<usize>,
    /// The number that fills short rows.
    pub padding: Option<u32>,
}

impl Labels {
    /// Reads `config.json` and `atalaya.json`.
    pub fn parse(config: &[u8], mapping: Option<&[u8]>) -> Result<Self, PluggedError> {
        let config: Value = serde_json::from_slice(config)
            .map_err(|error| PluggedError::unreadable(PART, error.to_string()))?;
        let mapping = mapping
            .map(|bytes| {
                serde_json::from_slice::<Value>(bytes)
                    .map_err(|error| PluggedError::Mapping { reason: error.to_string() })
            })
            .transpose()?;
        let padding = config["pad_token_id"].as_u64().and_then(|id| u32::try_from(id).ok());
        let positions = config["max_position_embeddings"].as_u64().and_then(|max| usize::try_from(max).ok());
        let family = config["model_type"].as_str().unwrap_or_default();
        // This family counts its positions from the one after the padding's.
        let is_offset = family.contains("roberta") || matches!(family, "camembert" | "mpnet" | "longformer");
        let offset =
            if is_offset { usize::try_from(padding.unwrap_or(1)).unwrap_or(1).saturating_add(1) } else { 0 };
        Ok(Self {
            names: names_of(&config)?,
            tones: Vec::new(),
            mapping,
            several_at_once: config["problem_type"] == "multi_label_classification",
            length: positions.filter(|max| *max > 0).map(|max| max.saturating_sub(offset)),
            padding,
        })
    }

    /// Takes the width of the answer: names that are missing are `LABEL_0`….
    pub fn settle(&mut self, answered: usize) -> Result<(), PluggedError> {
        if self.names.is_empty() {
            self.names = (0..answered.min(LABELS_MAX)).map(|number| format!("LABEL_{number}")).collect();
        }
        if self.names.len() != answered {
            return Err(PluggedError::Labels { named: self.names.len(), answered });
        }
        if answered < 2 && !self.several_at_once {
            return Err(PluggedError::Unsupported {
                part: PART,
                what: "a single number as an answer".to_owned(),
                advice: "use a classifier with at least two labels",
            });
        }
        self.tones = match &self.mapping {
            Some(mapping) => mapped(&self.names, mapping)?,
            None => known(&self.names),
        };
        Ok(())
    }

    /// True when at least two labels say different tones.
    pub fn has_tone(&self) -> bool {
        let mut tones = self.tones.iter().flatten().map(|(tone, _)| *tone);
        let first = tones.next();
        tones.any(|tone| Some(tone) != first)
    }

    /// Probabilities of raw answers.
    pub fn probabilities(&self, logits: &[f32]) -> Result<Vec<f32>, PluggedError> {
        if logits.len() != self.names.len() {
            return Err(PluggedError::Labels { named: self.names.len(), answered: logits.len() });
        }
        if logits.iter().any(|logit| !logit.is_finite()) {
            return Err(PluggedError::run("its answer is no number; the file may be damaged"));
        }
        if self.several_at_once {
            return Ok(logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())).collect());
        }
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f32> = logits.iter().map(|logit| (logit - highest).exp()).collect();
        let sum: f32 = powers.iter().sum();
        Ok(powers.into_iter().map(|power| power / sum).collect())
    }

    /// Tone and score of probabilities.
    pub fn tone_of(&self, probabilities: &[f32]) -> (Tone, Option<f32>) {
        if !self.has_tone() {
            return (Tone::Unknown, None);
        }
        let told: Vec<(Tone, f32, f32)> = self
            .tones
            .iter()
            .zip(probabilities)
            .filter_map(|(tone, probability)| tone.map(|(tone, value)| (tone, value, *probability)))
            .collect();
        let share = |of: Tone| {
            told.iter().filter(|(tone, ..)| *tone == of).map(|(.., probability)| probability).sum::<f32>()
        };
        let all: f32 = told.iter().map(|(.., probability)| probability).sum();
        let best = [Tone::Negative, Tone::Neutral, Tone::Positive, Tone::Mixed]
            .into_iter()
            .map(|tone| (tone, share(tone)))
            .max_by(|(_, one), (_, other)| one.total_cmp(other));
        match best {
            Some((tone, probability)) if probability >= TONE_PROBABILITY_MIN && all > 0.0 => {
                let score = told.iter().map(|(_, value, probability)| value * probability).sum::<f32>() / all;
                (tone, Some(score.clamp(-1.0, 1.0)))
            }
            _ => (Tone::Unknown, None),
        }
    }
}

/// `id2label`, in the order of its numbers; empty when there is none.
fn names_of(config: &Value) -> Result<Vec<String>, PluggedError> {
    let broken = || PluggedError::unreadable(PART, "id2label must name every number from 0 once");
    let Some(named) = config.get("id2label").filter(|named| !named.is_null()) else { return Ok(Vec::new()) };
    let mut names: Vec<(usize, String)> = named
        .as_object()
        .ok_or_else(broken)?
        .iter()
        .map(|(id, name)| {
            // Some exports name a label by a number.
            let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
            Some((id.parse().ok()?, name.chars().take(NAME_CHARS_MAX).collect()))
        })
        .collect::<Option<_>>()
        .ok_or_else(broken)?;
    names.sort();
    if names.len() > LABELS_MAX || names.iter().enumerate().any(|(place, (id, _))| place != *id) {
        return Err(broken());
    }
    Ok(names.into_iter().map(|(_, name)| name).collect())
}

/// The tones that `atalaya.json` gives.
fn mapped(names: &[String], mapping: &Value) -> Result<Vec<Option<(Tone, f32)>>, PluggedError> {
    let refuse = |reason: String| PluggedError::Mapping { reason };
    let given = mapping["tone"]
        .as_object()
        .ok_or_else(|| refuse("write {\"tone\": {\"LABEL_0\": \"negative\", …}}".to_owned()))?;
    if let Some(stranger) = given.keys().find(|label| !names.contains(label)) {
        return Err(refuse(format!("«{stranger}» is no label of the model; it has {}", names.join(", "))));
    }
    names
        .iter()
        .map(|name| {
            let Some(word) = given.get(name) else { return Ok(None) };
            let tone = word.as_str().and_then(Tone::parse).filter(|tone| *tone != Tone::Unknown);
            tone.map(|tone| Some((tone, value_of(tone)))).ok_or_else(|| {
                refuse(format!("the tone of «{name}» must be negative, neutral, positive or mixed"))
            })
        })
        .collect()
}

fn value_of(tone: Tone) -> f32 {
    match tone {
        Tone::Negative => -1.0,
        Tone::Positive => 1.0,
        Tone::Unknown | Tone::Neutral | Tone::Mixed => 0.0,
    }
}

/// The tones that common names have: all labels must be understood, or none is.
fn known(names: &[String]) -> Vec<Option<(Tone, f32)>> {
    let plain: Vec<String> =
        names.iter().map(|name| name.trim().to_lowercase().replace(['_', '-'], " ")).collect();
    let are_numbered = plain.iter().enumerate().all(|(place, name)| *name == format!("label {place}"));
    if are_numbered {
        // The habit of published models: from negative to positive.
        return match names.len() {
            2 => vec![Some((Tone::Negative, -1.0)), Some((Tone::Positive, 1.0))],
            3 => vec![Some((Tone::Negative, -1.0)), Some((Tone::Neutral, 0.0)), Some((Tone::Positive, 1.0))],
            _ => vec![None; names.len()],
        };
    }
    let tones: Vec<Option<(Tone, f32)>> = plain.iter().map(|name| known_word(name)).collect();
    if tones.iter().all(Option::is_some) { tones } else { vec![None; names.len()] }
}

/// The tone of a label's name in small letters.
fn known_word(name: &str) -> Option<(Tone, f32)> {
    let stars = [" stars", " star", " estrellas", " estrella"].iter().find_map(|end| name.strip_suffix(end));
    if let Some(stars) = stars {
        return Some(match stars {
            "1" => (Tone::Negative, -1.0),
            "2" => (Tone::Negative, -0.5),
            "3" => (Tone::Neutral, 0.0),
            "4" => (Tone::Positive, 0.5),
            "5" => (Tone::Positive, 1.0),
            _ => return None,
        });
    }
    Some(match name {
        "very negative" | "muy negativo" | "muito negativo" | "n+" => (Tone::Negative, -1.0),
        "neg" | "n" | "negative" | "negativo" | "negativa" => (Tone::Negative, -1.0),
        "neu" | "neutral" | "neutro" | "neutra" | "none" => (Tone::Neutral, 0.0),
        "pos" | "p" | "positive" | "positivo" | "positiva" => (Tone::Positive, 1.0),
        "very positive" | "muy positivo" | "muito positivo" | "p+" => (Tone::Positive, 1.0),
        "mixed" | "mixto" | "misto" | "mix" => (Tone::Mixed, 0.0),
        _ => return None,
    })
}
