//! The tone of a post.

use serde::{Deserialize, Serialize};

/// The class of a sentiment; `Unknown` when the method abstains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Tone {
    /// The method abstains: too little evidence or a language it cannot read.
    #[default]
    Unknown = 0,
    /// Against, angry, disappointed.
    Negative = 1,
    /// Neither.
    Neutral = 2,
    /// In favour, pleased.
    Positive = 3,
    /// Clearly both.
    Mixed = 4,
}

impl Tone {
    /// Every tone in the order of the stored number.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Negative, Self::Neutral, Self::Positive, Self::Mixed];

    /// The word used in queries, files and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
            Self::Mixed => "mixed",
        }
    }

    /// The tone of a word, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.name().eq_ignore_ascii_case(text.trim()))
    }

    /// The stored number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The tone of a stored number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Tone of a text with the words that weighed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// The class.
    pub tone: Tone,
    /// −1 (wholly negative) … 1 (wholly positive); `None` when unknown.
    pub score: Option<f32>,
    /// What weighed, strongest first.
    pub reasons: Vec<Reason>,
}

/// One piece of a text that weighed in a judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The words as they stand in the text, or the name of a rule.
    pub text: String,
    /// Its weight, in the units of the method; the sign is its direction.
    pub weight: f32,
}
